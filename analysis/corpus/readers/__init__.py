"""One module a format, one interface: a path → its items, in order. Content tells the format before the suffix does.

A reader is a module with two functions.

``sniff(head: bytes, path: Path) -> bool``: whether a file whose first 64 KB are ``head`` is of this format. Cheap, and
it never raises; `kinds.as_text` turns the head into text. Not needed where `Format.sniffed` is False.

``read(path, *, encoding, keep)`` yields dicts, one for each item of the file. Each has ``source_index`` (from 0) and
one of:

* ``page``: the text of an unstructured page, for the page rules to take apart (and ``headline`` where markup says it);
* ``body``: the text of a structured record, beside any of `columns.FIELDS`, the column ``keep``, and ``notes`` (pairs
  of column and text: what was printed there and could not be used);
* ``reason``: why the item cannot be read (and ``headline``, where that much is known);
* ``expected``: what the file itself says it holds, ``{"count": 10, "by": "1 of 10 DOCUMENTS", "names": [headline, …]}``
  (``names`` may be missing). This is no item of its own: its ``source_index`` counts for nothing.

An item may have ``number``: its number as the source counts (from 1), by which missing ones are named; ``order``: how
its numeric date tells that the source writes them (`dates.order_of`); ``cuts``: (rule, text) of what stood amid the
body; and a ``page`` may have ``stated``: columns for where the page itself has none.

A reader raises `Unreadable` where a file holds nothing it can read, and OSError where it cannot be opened; `read_items`
makes an item with a reason of both. Nothing else that is in a file is an error.
"""

from __future__ import annotations

import stat
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import NamedTuple

from analysis.corpus.decoding import Unreadable
from analysis.corpus.limits import LIMITS, Limits, megabytes
from analysis.corpus.readers.columns import Item
from analysis.corpus.readers.kinds import HEAD, kind_of


class Format(NamedTuple):
    """A row of `FORMATS`.

    ``name`` is printed in the table *sources*; ``module`` stands in this folder, and is loaded when it is needed.
    ``kinds``: of `kinds.kind_of`, those it may be. ``suffixes``: read by it where no content tells. ``sniffed``: its
    ``sniff`` is asked; else the kind alone is enough. ``mapped``: its ``read`` takes ``columns``, the map of
    study.yml (our name → the file's). ``whole``: it takes the file into memory at once, so that it must be smaller.
    ``parted``: its ``read`` takes ``part``, (k, n) for the part k, from 0, of n of the file; it raises Unreadable where
    it could not read just what stands there in the whole file.
    """

    name: str
    module: str
    kinds: tuple[str, ...]
    suffixes: tuple[str, ...] = ()
    sniffed: bool = True
    mapped: bool = False
    whole: bool = True
    parted: bool = False


# Asked from top to bottom: the special before the general.
FORMATS: tuple[Format, ...] = (
    Format("Parquet", "parquet", ("parquet",), (".parquet",), sniffed=False, mapped=True, whole=False, parted=True),
    Format("e-mail", "eml", ("text",), (".eml", ".mbox")),
    Format("Factiva", "factiva", ("html", "xml", "rtf", "text")),
    Format("Europresse", "europresse", ("html", "xml")),
    Format("ProQuest", "proquest", ("text", "html", "xml", "rtf")),
    Format("LexisNexis, Nexis Uni", "nexis", ("text", "html", "docx", "rtf")),
    Format("DOCX", "docx", ("docx",), (".docx",), sniffed=False),
    Format("XLSX", "xlsx", ("xlsx",), (".xlsx",), sniffed=False, mapped=True),
    Format("RTF", "rtf", ("rtf",), (".rtf",), sniffed=False),
    Format("PDF", "pdf", ("pdf",), (".pdf",), sniffed=False),
    Format("WARC, ARC", "warc", ("warc", "gzip"), (".warc", ".arc"), whole=False),
    Format("JSON Lines", "jsonlines", ("text",), (".jsonl", ".ndjson"), mapped=True, parted=True),
    Format("Media Cloud", "mediacloud", ("text",)),
    Format("CSV", "delimited", ("text",), (".csv", ".tsv"), mapped=True, parted=True),
    Format("Markdown", "markdown", ("text",), (".md", ".markdown")),
    Format("web page", "webpage", ("html",), (".html", ".htm", ".xhtml"), sniffed=False),
    Format("plain text", "text", (), (".txt", ".text"), sniffed=False),
)
SUFFIXES: dict[str, Format] = {suffix: format for format in reversed(FORMATS) for suffix in format.suffixes}


def find_format(path: Path) -> tuple[str, Format | None]:
    """The kind of a file (see `kinds.kind_of`), and its format: by its content, else by its suffix, else None.

    Raises OSError, and Unreadable for what is no file.
    """
    if not stat.S_ISREG(path.stat().st_mode):
        raise Unreadable("not a file but a pipe, a device or the like")
    with path.open("rb") as file:
        head = file.read(HEAD)
    by_suffix = SUFFIXES.get(path.suffix.lower())
    kind = kind_of(head, path)
    for kinds in ((kind,), by_suffix.kinds if by_suffix and kind in ("text", "xml") else ()):
        for format in FORMATS:
            if set(kinds) & set(format.kinds) and (not format.sniffed or _sniffs(format, head, path)):
                return kind, format
    return kind, by_suffix


def _sniffs(format: Format, head: bytes, path: Path) -> bool:
    try:
        return module_of(format).sniff(head, path)
    except Exception:  # noqa: BLE001 (whatever the bytes are, the other readers are asked)
        return False


def module_of(format: Format) -> ModuleType:
    """The module of a format; some take a quarter of a second to load."""
    return import_module(f"analysis.corpus.readers.{format.module}")


def read_items(
    path: Path, *, encoding: str, keep: str | None = None, columns: dict[str, str] | None = None
) -> Iterator[Item]:
    """The items of a file that is no archive; ``keep`` names a column of records to keep beside the known ones.

    A file of an unknown format, or one that cannot be opened or decoded, is one item with a reason.
    """
    try:
        kind, format = find_format(path)
    except (Unreadable, OSError) as error:
        yield {"source_index": 0, "reason": _reason(error)}
        return
    if format is None:
        yield {"source_index": 0, "reason": unknown(path, kind)}
        return
    yield from items_of(path, format, encoding=encoding, keep=keep, columns=columns)


def items_of(
    path: Path,
    format: Format,
    *,
    encoding: str,
    keep: str | None = None,
    columns: dict[str, str] | None = None,
    limits: Limits = LIMITS,
    part: tuple[int, int] | None = None,
) -> Iterator[Item]:
    """The items of a file of a known format, or of a part of one; whatever its reader raises is the reason of a last
    item, which has ``ends``."""
    following = 0
    options = {"columns": columns} if columns and format.mapped else {}
    options |= {"part": part} if part else {}
    try:
        size, most = path.stat().st_size, limits.whole if format.whole else limits.file
        if size > most:
            raise Unreadable(f"too large: {megabytes(size)}; of this format at most {megabytes(most)} are read")
        for item in module_of(format).read(path, encoding=encoding, keep=keep, **options):
            yield item
            if "expected" not in item:
                following = item["source_index"] + 1
    except MemoryError:
        yield {"source_index": following, "reason": "takes too much memory; split the file", "ends": True}
    except Exception as error:  # noqa: BLE001 (no file may stop the reading of others)
        yield {"source_index": following, "reason": _reason(error, format), "ends": True}


def _reason(error: Exception, format: Format | None = None) -> str:
    if isinstance(error, Unreadable):
        return str(error)
    if isinstance(error, OSError) and error.errno is not None:
        return f"cannot be opened: {error.strerror or error}"
    said = " ".join(str(error).split())[:100]
    return f"the reader of {format.name if format else 'files'} fails on it: {type(error).__name__}: {said}"


def unknown(path: Path, kind: str) -> str:
    """The reason why a file of a format that nothing knows is not read."""
    if kind == "empty":
        return "empty file"
    named = f"{path.suffix} files are" if path.suffix else "files without a suffix are"
    return f"{named} not read; readable are {', '.join(dict.fromkeys([*SUFFIXES, '.zip', '.gz']))}"
