"""DOCX: a document is one article, for the page rules to take apart.

Read from its XML directly: the text of paragraphs, tables and text boxes in order. Headers, footers, footnotes,
comments, deleted and hidden text are no part of an article. Macros and links are not touched.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from lxml import etree

from analysis.corpus.decoding import Unreadable, normal
from analysis.corpus.readers import office
from analysis.corpus.readers.columns import Item
from analysis.corpus.readers.properties import told

_AS_TEXT = {"tab": "\t", "ptab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}
# What stands in a paragraph and is not of its text: properties, deleted text, and the second reading of a drawing.
_NO_TEXT = {"pPr", "rPr", "sdtPr", "sdtEndPr", "del", "moveFrom", "Fallback", "instrText", "delText"}
_HEADLINES = ("Title", "Heading 1")
NEAR_TOP = 12  # paragraphs among which a heading can be the article's headline


DOCUMENT = "word/document.xml"  # where Word, and nearly everybody, puts it


class Docx(NamedTuple):
    """(text, name of the style) of each paragraph in order, what the document says of itself, and whether it is whole.

    Empty paragraphs count too; tables are read cell by cell. Styles are named as Word shows them ("Normal", "Heading
    1", "Title"). A line break within a paragraph is ``\\n``.
    """

    paragraphs: list[tuple[str, str]]
    properties: dict[str, str]
    whole: bool


def sniff(head: bytes, path: Path) -> bool:
    """Whether the file is a ZIP container with a Word document in it."""
    if not head.startswith(b"PK\x03\x04"):
        return False
    if b"word/document" in head:
        return True
    try:
        with zipfile.ZipFile(path) as archive:
            return any(name.startswith("word/document") for name in archive.namelist())
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        return False


def read(path: Path, *, encoding: str, keep: str | None = None) -> Iterator[Item]:
    """The document as one page, with the headline that its styles mark, and the title and author of its properties.

    A file that breaks off is the page as far as it goes and, as a second item, a reason. Raises Unreadable where it is
    no DOCX, broken, out of bounds (see `office`), or without text. ``encoding`` is not used: XML says its own.
    """
    paragraphs, said, whole = parse(path)
    if not any(text.strip() for text, _ in paragraphs):
        raise Unreadable("no text in the document (a scan or pictures only?)")
    item: Item = {"source_index": 0, "page": "\n\n".join(text for text, _ in paragraphs)}
    item |= told(title=said.get("title"), author=said.get("creator"), created=said.get("created"))
    headline = _headline(paragraphs)
    yield item | ({"headline": headline} if headline else {})
    if not whole:
        yield {"source_index": 1, "reason": "the DOCX file breaks off, so text may be missing"}


def parse(source: Path | bytes) -> Docx:
    """A DOCX file. Raises Unreadable where it is none, is out of bounds, or breaks off before its text."""
    with office.opened(source, "DOCX", needed=DOCUMENT) as archive:
        whole = not isinstance(archive, office.Salvaged)
        return Docx(_paragraphs(archive), office.properties(archive), whole)


def _paragraphs(archive: zipfile.ZipFile) -> list[tuple[str, str]]:
    place = office.main_part(archive, DOCUMENT)
    root = office.xml(archive, place)
    if root is None:
        raise Unreadable(f"no DOCX: the container has no part {place[:60]}")
    body = next(root.iter("{*}body"), None)
    if body is None:
        raise Unreadable("no DOCX: the document has no body")
    names = _style_names(archive)
    found: list[tuple[str, str]] = []
    for paragraph in _inside(body):
        _add(paragraph, names, found)
    return found


def _inside(element: etree._Element) -> Iterator[etree._Element]:
    """The paragraphs below an element, in order, not those within other paragraphs."""
    for child in element:
        name = office.local(child)
        if name == "p":
            yield child
        elif name not in _NO_TEXT:
            yield from _inside(child)


def _add(paragraph: etree._Element, names: dict[str, str], found: list[tuple[str, str]]) -> None:
    """Put the paragraph's text into ``found``, and behind it that of the text boxes that hang on it."""
    pieces: list[str] = []
    boxes: list[etree._Element] = []
    _gather(paragraph, pieces, boxes)
    styled = next(paragraph.iterfind("./{*}pPr/{*}pStyle"), None)
    style = _attribute(styled, "val") if styled is not None else ""
    found.append((normal("".join(pieces)), names.get(style, style) or "Normal"))
    for box in boxes:
        for inner in _inside(box):
            _add(inner, names, found)


def _gather(element: etree._Element, pieces: list[str], boxes: list[etree._Element]) -> None:
    for child in element:
        name = office.local(child)
        if name == "t":
            pieces.append(child.text or "")
        elif name in _AS_TEXT:
            pieces.append(_AS_TEXT[name])
        elif name == "txbxContent":
            boxes.append(child)
        elif name not in _NO_TEXT and not (name == "r" and _is_hidden(child)):
            _gather(child, pieces, boxes)


def _is_hidden(run: etree._Element) -> bool:
    mark = next(run.iterfind("./{*}rPr/{*}vanish"), None)
    return mark is not None and _attribute(mark, "val") not in ("0", "false", "off")


def _attribute(element: etree._Element, name: str) -> str:
    return next((value for key, value in element.attrib.items() if key.rpartition("}")[2] == name), "")


def _style_names(archive: zipfile.ZipFile) -> dict[str, str]:
    """The styles' names by their ids; none where the part is missing or broken, since no text is lost by that."""
    try:
        root = office.xml(archive, "word/styles.xml")
    except Unreadable:
        return {}
    names = {}
    for style in root.iter("{*}style") if root is not None else ():
        name = next(style.iterfind("./{*}name"), None)
        if name is not None:
            shown = _attribute(name, "val")
            names[_attribute(style, "styleId")] = shown.title() if shown.startswith(("heading", "title")) else shown
    return names


def _headline(paragraphs: list[tuple[str, str]]) -> str | None:
    """The first paragraph near the top that is styled as title, else as first heading; None where there is none."""
    top = [(" ".join(text.split()), style) for text, style in paragraphs if text.strip()][:NEAR_TOP]
    found = (text for wanted in _HEADLINES for text, style in top if style == wanted and len(text.split()) > 1)
    return next(found, None)
