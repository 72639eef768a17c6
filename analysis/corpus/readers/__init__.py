"""One module a format, one interface: a path → its items, in order.

A reader is a function ``read(path, *, encoding, keep)`` that yields dicts, one for each item of the file. Each has
``source_index`` (from 0) and one of:

* ``page``: the text of an unstructured page, for the page rules to take apart (and ``headline`` where markup says it);
* ``body``: the text of a structured record, beside any of `columns.FIELDS`, the column ``keep``, and ``notes`` (pairs
  of column and text: what was printed there and could not be used);
* ``reason``: why the item cannot be read.

A reader raises `Unreadable` where a file holds nothing it can read, and OSError where it cannot be opened; `read_items`
makes an item with a reason of both. Nothing else that is in a file is an error.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from analysis.corpus.decoding import Unreadable
from analysis.corpus.readers import delimited, jsonlines, markdown, parquet, text
from analysis.corpus.readers.columns import Item

Reader = Callable[..., Iterator[Item]]


def _webpage(path: Path, *, encoding: str, keep: str | None) -> Iterator[Item]:
    from analysis.corpus.readers import webpage  # its parser takes a quarter of a second to load

    return webpage.read(path, encoding=encoding, keep=keep)


READERS: dict[str, Reader] = {
    ".txt": text.read,
    ".text": text.read,
    ".md": markdown.read,
    ".markdown": markdown.read,
    ".csv": delimited.read,
    ".tsv": delimited.read,
    ".jsonl": jsonlines.read,
    ".ndjson": jsonlines.read,
    ".parquet": parquet.read,
    ".html": _webpage,
    ".htm": _webpage,
    ".xhtml": _webpage,
}


def read_items(path: Path, *, encoding: str, keep: str | None = None) -> Iterator[Item]:
    """The items of a file by its suffix; ``keep`` names a column of records to keep beside the known ones.

    A file of an unknown suffix, or one that cannot be opened or decoded, is one item with a reason.
    """
    reader = READERS.get(path.suffix.lower())
    if reader is None:
        kind = f"{path.suffix} files are" if path.suffix else "files without a suffix are"
        yield {"source_index": 0, "reason": f"{kind} not read; readable are {', '.join(READERS)}"}
        return
    following = 0
    try:
        for item in reader(path, encoding=encoding, keep=keep):
            yield item
            following = item["source_index"] + 1
    except Unreadable as error:
        yield {"source_index": following, "reason": str(error)}
    except OSError as error:
        yield {"source_index": following, "reason": f"cannot be opened: {error.strerror or error}"}
