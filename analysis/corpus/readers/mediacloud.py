"""Media Cloud: a CSV of stories without their texts. A row is a story; its text is fetched elsewhere.

Columns are those of the old version (stories_id, publish_date, title, url, language, ap_syndicated, themes, media_id,
media_name, media_url, in topics more) and of the new one (id, indexed_date, language, media_name, media_url,
publish_date, title, url). Each story is an item with a reason, and with what is known of it as its ``stub``:
`analysis.corpus.stories.join_by_url` finds its text among the articles of the study's other sources.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from analysis.corpus.decoding import Unreadable
from analysis.corpus.readers.columns import Item, find_columns, record
from analysis.corpus.readers.delimited import open_table, read_rows
from analysis.corpus.readers.kinds import as_text

NO_TEXT = "no text for this story; give one with its url or id"
_IDS = ("stories_id", "id")
_OF_MEDIA_CLOUD = {"media_name", "url", "title", "publish_date"}


def sniff(head: bytes, path: Path) -> bool:
    """Whether the first line is a header of Media Cloud's columns, and none of a text."""
    header = next(read_rows(as_text(head).lstrip("\n")[:10_000]), (1, ""))[1]
    names = [] if isinstance(header, str) else [name.strip().casefold() for name in header]
    return set(names) >= _OF_MEDIA_CLOUD and not {*_IDS}.isdisjoint(names) and "body" not in find_columns(names)


def read(path: Path, *, encoding: str, keep: str | None = None) -> Iterator[Item]:
    """One item a story: a ``reason``, its ``headline``, and as ``stub`` its id, url and other columns, and ``notes``.

    A row that breaks the format, and a story that has neither id nor url, is an item with a reason alone. Raises
    Unreadable where the file is empty, binary, not in ``encoding``, or without rows.
    """
    names, rows = open_table(path, encoding)
    columns = {field: name for field, name in find_columns(names).items() if field != "body"}
    number = next((name for name in names if name.casefold() in _IDS), None)
    index = -1
    for index, (where, fields) in enumerate(rows):
        if isinstance(fields, str):
            yield {"source_index": index, "reason": f"{where}: {fields}"}
            continue
        values = {**dict(zip(names, fields, strict=True)), "body": NO_TEXT}
        story = record(values, index, columns={**columns, "body": "body"}, keep=keep, where=where)
        if "reason" in story:
            yield story
            continue
        stub = {name: value for name, value in story.items() if name not in ("source_index", "body")}
        stub["id"] = (values.get(number) or "").strip() if number else ""
        if not stub["id"] and not stub.get("url"):
            yield {"source_index": index, "reason": f"{where}: neither id nor url"}
            continue
        named = {"headline": stub["headline"]} if stub.get("headline") else {}
        yield {"source_index": index, "reason": f"{where}: {NO_TEXT}", **named, "stub": stub}
    if index < 0:
        raise Unreadable("no rows under the header")
