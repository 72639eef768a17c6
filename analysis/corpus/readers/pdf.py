"""PDF: a document is one article, for the page rules to take apart.

Text is taken with its positions (see `layout`), so that columns are read one after the other, words that were broken
at the end of a line are put together again, and running heads and page numbers are left out. Nothing is run, and no
link or attached file is opened. Scanned pages hold no text, and encrypted files do not give theirs: they are rejects.
"""

from __future__ import annotations

import binascii
import logging
import math
import re
import struct
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pypdf
from pypdf.errors import DependencyError, PyPdfError

from analysis.corpus.decoding import Unreadable, normal
from analysis.corpus.headlines import key, looks_like_site, site_suffix, without_suffix
from analysis.corpus.readers.columns import Item, as_text
from analysis.corpus.readers.layout import Fragment, Paragraph, read_layout, text_width
from analysis.corpus.readers.properties import told

MOST_PAGES = 400
MOST_OPERATIONS = 2_000_000  # drawing operations in a file; forms that call each other multiply them without end
MOST_CHARACTERS = 20_000_000
NAMED_HEADS = 20  # running heads that are told

_ERRORS = (
    PyPdfError,
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    MemoryError,
    NotImplementedError,
    OSError,
    RecursionError,
    TypeError,
    ValueError,
    binascii.Error,
    struct.error,
    zlib.error,
)
_URL = re.compile(r"https?://[^\s<>\"]+")


class _TooMuchError(Exception):
    """A page that draws without end. No error of the parser, so that nothing catches it on its way."""


def sniff(head: bytes, path: Path) -> bool:
    """Whether it begins as PDF does; some programs put a few bytes before that."""
    return b"%PDF-" in head[:1024]


def read(path: Path, *, encoding: str, keep: str | None = None) -> Iterator[Item]:
    """The document as one page, with the headline that its size marks, and the title and author that the file states.

    Running heads that were left out, and pages without text, are told in the notes. Raises Unreadable where the file
    is no PDF, is broken or encrypted, has more than 400 pages, or holds no text. ``encoding`` is not used.
    """
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # it logs what becomes a reason here
    try:
        with path.open("rb") as file:
            reader = _opened(file)
            pages = _fragments(reader)
            said = _said(reader)
    except FileNotFoundError:
        raise
    except _ERRORS as error:
        raise Unreadable(f"not PDF that can be read: {type(error).__name__}: {_line(error)}") from None
    if not any(fragments for fragments, _ in pages):
        raise Unreadable("no text in it: the pages are pictures (a scan), which must be turned into text first (OCR)")
    paragraphs, heads = read_layout(pages)
    page = normal("\n\n".join(paragraph.text for paragraph in paragraphs))
    item: Item = {"source_index": 0, "page": page, **said}
    headline = _headline(paragraphs, said.get("headline"))
    if headline:
        item["headline"] = headline
    url = next((match[0] for match in map(_URL.search, heads) if match), None)
    if url:
        item["url"] = url
    empty = [str(number) for number, (fragments, _) in enumerate(pages, start=1) if not fragments]
    item["notes"] += [("running-head", head) for head in heads[:NAMED_HEADS]]
    item["notes"] += [("pages-without-text", ", ".join(empty)[:200])] if empty else []
    yield item


def _line(error: BaseException) -> str:
    return " ".join(str(error).split())[:100]


def _opened(file: object) -> pypdf.PdfReader:
    """The file, decrypted where it needs no password. Raises Unreadable, or an error of the parser."""
    reader = pypdf.PdfReader(file, strict=False)
    if reader.is_encrypted:
        try:
            opened = reader.decrypt("")
        except (DependencyError, NotImplementedError):
            opened = 0
        if not opened:
            raise Unreadable("encrypted; save it without a password")
    if len(reader.pages) > MOST_PAGES:
        raise Unreadable(f"not read: {len(reader.pages)} pages, more than {MOST_PAGES}")
    return reader


def _said(reader: pypdf.PdfReader) -> dict[str, object]:
    """Title, author and date of the file as fields of an item; none where they cannot be read."""
    try:
        data = reader.metadata or {}
        values = {name: as_text(str(data.get(f"/{name}") or "")) for name in ("Title", "Author", "CreationDate")}
    except (*_ERRORS, Unreadable):
        return told(title=None, author=None, created=None)
    date = re.sub(r"^D:(\d{4})(\d\d)(\d\d).*", r"\1-\2-\3", values["CreationDate"] or "")
    return told(title=values["Title"], author=values["Author"], created=date)


def _fragments(reader: pypdf.PdfReader) -> list[tuple[list[Fragment], float]]:
    """For each page its pieces of text with their places, and its height; a page that is broken raises Unreadable."""
    done = [0, 0]  # operations and characters so far
    pages = []
    for number, page in enumerate(reader.pages, start=1):
        try:
            pages.append((_on_page(page, done), float(page.mediabox.height)))
        except _TooMuchError:
            raise Unreadable(f"not read: page {number} draws without end") from None
        except _ERRORS as error:
            raise Unreadable(f"page {number} cannot be read: {type(error).__name__}: {_line(error)}") from None
    return pages


def _on_page(page: pypdf.PageObject, done: list[int]) -> list[Fragment]:
    found: list[Fragment] = []
    fonts: dict[int, tuple[object, dict[str, float]]] = {}

    def count(*_: object) -> None:
        done[0] += 1
        if done[0] > MOST_OPERATIONS:
            raise _TooMuchError

    def take(text: str, outer: list[float], inner: list[float], font: Any, size: float) -> None:
        x = inner[4] * outer[0] + inner[5] * outer[2] + outer[4]
        y = inner[4] * outer[1] + inner[5] * outer[3] + outer[5]
        scale = math.hypot(inner[2] * outer[0] + inner[3] * outer[2], inner[2] * outer[1] + inner[3] * outer[3])
        # The call behind a piece of text tells where it ended.
        if not text.strip() and found and found[-1].right is None and abs(found[-1].y - y) < 1 and x > found[-1].x:
            found[-1] = found[-1]._replace(right=x)
        if not text.strip() or not all(map(math.isfinite, (x, y, scale))):
            return
        done[1] += len(text)
        if done[1] > MOST_CHARACTERS:
            raise _TooMuchError
        kind = abs(size * scale) or 1.0
        wide = text_width(text, fonts.setdefault(id(font), (font, _widths(font)))[1])
        found.append(Fragment(x, y, x + wide * kind if wide else None, kind, text))

    page.extract_text(visitor_operand_before=count, visitor_text=take)
    return found


def _widths(font: Any) -> dict[str, float]:
    """The widths of ASCII characters in a font, in sizes of type; none where its codes are not those of ASCII."""
    try:
        first, widths = int(font["/FirstChar"]), [float(width) for width in font["/Widths"]]
        unit = float(font["/FontMatrix"][0]) if "/FontMatrix" in font else 0.001
    except _ERRORS:
        return {}
    found = {chr(first + place): width * unit for place, width in enumerate(widths) if 32 <= first + place < 127}
    return {character: width for character, width in found.items() if 0.1 < width < 2}


def _headline(paragraphs: list[Paragraph], title: str | None) -> str | None:
    """The headline: what the file's title says, where it stands at the top; else the largest text of the first page."""
    top = [paragraph for paragraph in paragraphs if paragraph.page == 0][:20]
    titles = {key(title), key(without_suffix(title)) if site_suffix(title) else key(title)} if title else set()
    said = next((paragraph.text for paragraph in top if key(paragraph.text) in titles), None)
    if said:
        return said
    usual = max(paragraphs, key=lambda paragraph: len(paragraph.text)).size
    large = [paragraph for paragraph in top if paragraph.size > 1.25 * usual]
    large = [
        paragraph for paragraph in large if len(paragraph.text.split()) > 2 and not looks_like_site(paragraph.text)
    ]
    largest = max(large, key=lambda paragraph: paragraph.size, default=None)
    return largest.text if largest and len(largest.text) < 300 else None
