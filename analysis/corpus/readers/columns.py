"""Records → items: which column is which, and values that are text.

Columns are found by their contract's name or a common other one, in any case; the contract's name wins.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any

from analysis.corpus.dates import order_of, parse_date
from analysis.corpus.decoding import Unreadable, normal, refuse_surrogates

Item = dict[str, Any]

FIELDS: dict[str, tuple[str, ...]] = {
    "outlet": ("outlet", "source", "publication", "publisher", "media_name", "site_name"),
    "published": ("published", "published_at", "date", "publish_date", "publication_date", "date_published", "pubdate"),
    "headline": ("headline", "title"),
    "deck": ("deck", "subtitle", "standfirst", "subheadline", "dek"),
    "byline": ("byline", "author", "authors"),
    "agency": ("agency",),
    "section": ("section", "section_name", "desk"),
    "credit": ("credit",),
    "disclosure": ("disclosure",),
    "url": ("url", "link"),
    "language": ("language", "lang"),
    "story": ("story",),
    "body": ("body", "text", "content", "full_text", "article_text"),
}


def find_columns(names: Iterable[object], told: Mapping[str, str] | None = None) -> dict[str, str]:
    """The contract's columns that are among ``names`` → the name they have there.

    ``told`` is the map of study.yml, our name → the file's; it wins over the common names. Raises Unreadable where it
    names a column that is not there, unless none of them is: then it is about other files.
    """
    names = [str(name) for name in names]
    given: dict[str, str] = {}
    for name in names:
        given.setdefault(_plain(name), name)
    found = _told(told, names, given) if told else {}
    taken = set(found.values())
    given = {plain: name for plain, name in given.items() if name not in taken}
    for field, aliases in FIELDS.items():
        if field in found:
            continue
        name = next((given[alias] for alias in aliases if alias in given), None)
        if name is not None:
            found[field] = name
    return found


def _plain(name: str) -> str:
    return name.strip().casefold().replace(" ", "_").replace("-", "_")


def _told(told: Mapping[str, str], names: list[str], given: Mapping[str, str]) -> dict[str, str]:
    stripped = {name.strip(): name for name in reversed(names)}
    found = {field: stripped.get(name.strip(), given.get(_plain(name))) for field, name in told.items()}
    missing = [field for field, name in found.items() if name is None]
    if missing and len(missing) < len(told):
        said = ", ".join(f"{field}: {told[field]}" for field in missing)
        raise Unreadable(f"no column as `columns` in study.yml says ({said}); columns here: {shown(names)}")
    return {} if missing else {field: name for field, name in found.items() if name is not None}


def shown(names: Iterable[object]) -> str:
    """The first columns of a file, for a reason."""
    return ", ".join(str(name)[:40] for name in list(names)[:20]) or "none"


def need_body(names: Iterable[object], told: Mapping[str, str] | None = None) -> dict[str, str]:
    """`find_columns`, but Unreadable, naming the columns that are there, where none of them is the body."""
    names = [str(name) for name in names]
    columns = find_columns(names, told)
    if "body" not in columns:
        raise Unreadable(f"no column 'body' (or {', '.join(FIELDS['body'][1:])}); columns here: {shown(names)}")
    return columns


def record(values: Mapping[str, Any], index: int, *, columns: Mapping[str, str], keep: str | None, where: str) -> Item:
    """One record as an item: text columns as text, ``published`` as a datetime, what cannot be used under ``notes``.

    ``where`` names the record in reasons, such as "line 3". A record without text in its body, or with text that is
    no Unicode, is an item with a reason.
    """
    body = values.get(columns["body"]) if "body" in columns else None
    if body is None or (isinstance(body, str) and not body.strip()) or body != body:
        return {"source_index": index, "reason": f"{where}: no body"}
    if not isinstance(body, str):
        return {"source_index": index, "reason": f"{where}: body is {_kind(body)}, not text"}
    item: Item = {"source_index": index, "notes": []}
    wanted = {field: name for field, name in columns.items() if field != "body"}
    if keep and keep not in FIELDS and keep in values:
        wanted[keep] = keep
    try:
        for field, name in wanted.items():
            _fill(item, field, values.get(name))
        refuse_surrogates(body)
    except Unreadable as error:
        return {"source_index": index, "reason": f"{where}: {error}"}
    item["body"] = normal(body)
    return item


def _fill(item: Item, field: str, value: object) -> None:
    """Put a value into its column, or into the notes where it cannot be used."""
    if field == "published":
        value = normal(value).strip() if isinstance(value, str) else value
        date = parse_date(value)
        if date is not None:
            item["published"] = date
            if order := order_of(value):
                item["order"] = order
            return
    text = as_text(value)
    if text is None and value is not None and value == value and value != "" and not isinstance(value, str):
        item["notes"].append((field, _kind(value)))
    elif text is not None and field == "published":
        item["notes"].append((field, text))
    elif text is not None:
        item[field] = text


def as_text(value: object, *, deepest: int = 4) -> str | None:
    """A value as text on one line, NFC; a list of texts joined by commas, an object by its ``name``; None if empty.

    What is nested more than ``deepest`` times counts for nothing.

    Raises Unreadable where the text is no Unicode.
    """
    if type(value) is str and len(value) <= _SHORT:
        return _known(value)
    if isinstance(value, Mapping):
        value = value.get("name")
    if isinstance(value, list | tuple):
        parts = [part for part in value if not isinstance(part, list)] if deepest else []
        value = ", ".join(text for text in (as_text(part, deepest=deepest - 1) for part in parts) if text)
    if isinstance(value, bool | float | dt.date) or (isinstance(value, int) and value.bit_length() < 10_000):
        value = str(value) if value == value else None
    return _one_line(value) if isinstance(value, str) else None


def _one_line(value: str) -> str | None:
    refuse_surrogates(value)
    return " ".join(normal(value).split()) or None


# Outlets and languages return in every row, and each value is asked for twice; no long text is held for that.
_SHORT = 200  # characters
_known = lru_cache(maxsize=1 << 10)(_one_line)


def _kind(value: object) -> str:
    names = {
        bool: "true or false",
        int: "a number",
        float: "a number",
        list: "a list",
        dict: "an object",
        bytes: "bytes",
    }
    return names.get(type(value), f"a {type(value).__name__}")
