"""A file of LexisNexis or Nexis Uni, whatever its container → blocks of text, each with what its layout tells.

A block is a paragraph: of TXT the lines between two blank ones, of HTML a ``<P>``, of DOCX and RTF a paragraph.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

from lxml import etree
from lxml import html as lxml_html

from analysis.corpus.decoding import Unreadable, normal
from analysis.corpus.readers.nexis_fields import Label, is_end, label, mark

WIDTH = 78  # characters at which the vendor's plain text is broken
_CENTRED = 4  # spaces before a centred line, at least
_SPACES = re.compile(r"[ \t\u00a0\u2002-\u200a\u202f\u3000]+")
_CONTROL = re.compile(r"[\x01-\x08\x0b-\x1f\x7f-\x9f]")  # all but tab, line end and NUL, which is a flaw
_FLAW = re.compile(r"[\x00\ud800-\udfff]")
_BLOCK_TAGS = frozenset(
    [
        "div",
        "p",
        "table",
        "tr",
        "ul",
        "ol",
        "li",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "blockquote",
        "center",
        "pre",
        "body",
        "html",
        "hr",
        "dl",
        "dt",
        "dd",
    ]
)
_SKIPPED_TAGS = frozenset(["style", "script", "title", "head", "img", "noscript", "object", "iframe"])


class Block(NamedTuple):
    """A paragraph. ``text`` has no outer spaces; ``\\n`` in it is a line break of the file.

    ``centred``: printed in the middle of the page (TXT and HTML only). ``gap``: an empty line stands above.
    ``joined``: belongs to the block above as the same unit of layout (HTML: the same DIV; else the same paragraph).
    ``named``: HTML marks its first words as a label.
    """

    text: str
    centred: bool = False
    gap: bool = True
    joined: bool = False
    named: bool = False


def decoded(data: bytes, encoding: str) -> str:
    """Text of a file, by its byte-order mark, else ``encoding``, else Windows-1252 where no byte speaks for UTF-8.

    Bytes that are none in a file of UTF-8 become half surrogates, by which `flaw` finds them: one broken byte costs
    one article, not the file. Raises Unreadable for an empty file.
    """
    if not data:
        raise Unreadable("empty file")
    for sign, name in (
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
    ):
        if data.startswith(sign):
            text = data[len(sign) :].decode(name, "surrogateescape" if name == "utf-8" else "replace")
            return text.replace("\r\n", "\n").replace("\r", "\n")
    try:
        text = data.decode(encoding)
    except UnicodeError:
        text = data.decode("utf-8", "surrogateescape")
        several = len(_FLAW.findall(text))
        if several > 1 and several == len(re.findall(rb"[\x80-\xff]", data)):  # not one character of UTF-8 in it
            text = data.decode("cp1252", "surrogateescape")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def flaw(texts: Iterable[str]) -> str | None:
    """What makes the text of a record unusable: a byte that is no character, or NUL; None where nothing does."""
    for text in texts:
        found = _FLAW.search(text)
        if found and found[0] == "\x00":
            return "not text (a NUL character)"
        if found:
            code = ord(found[0])
            what = f"byte 0x{code - 0xDC00:02x}" if 0xDC80 <= code <= 0xDCFF else "half a surrogate pair"
            return f"not text in the file's encoding ({what})"
    return None


def tidy(text: str) -> str:
    """``text`` with single spaces, no spaces at the ends of its lines, and none of their control characters; NFC."""
    lines = [_SPACES.sub(" ", line).strip() for line in normal(text).split("\n")]
    kept = "\n".join(lines).strip("\n")
    return _CONTROL.sub("", kept)


def from_paragraphs(paragraphs: Iterable[str]) -> list[Block]:
    """Blocks of the paragraphs of a word processor, a line each."""
    blocks: list[Block] = []
    gap = True
    for paragraph in paragraphs:
        joined = False
        for line in paragraph.split("\n"):
            text = tidy(line)
            if not text:
                gap = True
                continue
            blocks.append(Block(text, gap=gap, joined=joined))
            gap, joined = False, True
    return blocks


def from_lines(text: str) -> list[Block]:
    """Blocks of plain text: the lines between blank ones; a mark ("1 of 10 DOCUMENTS") and a label begin a new one."""
    blocks: list[Block] = []
    gathered: list[str] = []
    gap = True

    def finish() -> None:
        nonlocal gap
        if gathered:
            indent = len(gathered[0]) - len(gathered[0].lstrip(" \t"))
            kept = "\n".join(_SPACES.sub(" ", line).rstrip() for line in gathered)
            blocks.append(Block(kept.rstrip(), centred=indent >= _CENTRED, gap=gap))
            gathered.clear()
            gap = False

    within_labels = False
    for line in text.replace("\f", "\n\n").split("\n"):
        plain = line.strip().strip("\ufeff")
        if not plain:
            finish()
            gap, within_labels = True, False
            continue
        labelled = label(plain, capitals=True)
        if mark(plain) or is_end(plain) or (labelled and (within_labels or not gathered or labelled.field == "length")):
            finish()
        gathered.append(line.replace("\ufeff", ""))
        within_labels = within_labels or labelled is not None
        if mark(plain) or is_end(plain):
            finish()
    finish()
    return blocks


def unwrapped(blocks: list[Block]) -> list[str]:
    """The texts of plain-text blocks with the line breaks undone that the export made, the others kept.

    A break is the export's where the next word would not have fitted into the line above. How long lines could be is
    told by the longest of these blocks, or the vendor's width where they are few. A line that is indented where the
    one above was not begins a paragraph.
    """
    lines = [line for block in blocks if "\n" in block.text for line in block.text.split("\n")]
    longest = max((len(line.rstrip()) for line in lines if len(line) <= 100), default=0)
    width = longest if longest >= 60 or len(lines) > 12 else WIDTH
    return [_unwrapped(block.text.split("\n"), width) for block in blocks]


def _unwrapped(lines: list[str], width: int) -> str:
    pieces = [lines[0].strip()]
    for above, below in pairwise(lines):
        upper, lower = above.rstrip(), below.strip()
        indented = below[:1].isspace() and not above[:1].isspace()
        first = lower.split(maxsplit=1)[0] if lower else ""
        if len(upper) > width + 30 or len(upper) + 1 + len(first) <= 0.9 * width:
            pieces.append("\n")
        elif indented:
            pieces.append("\n\n")
        elif not (re.search(r"\w-$", upper) and lower[:1].isalnum()):
            pieces.append(" ")
        pieces.append(lower)
    return "".join(pieces)


def from_html(text: str) -> list[Block]:
    """Blocks of (a part of) an HTML export. Text outside of paragraphs is a block too; a row of a table is one.

    What the vendor's style classes mean must have been written into the markup by `told_styles`.
    """
    parser = lxml_html.HTMLParser(no_network=True, huge_tree=False, remove_comments=True, remove_pis=True)
    clean = _FLAW.sub("\ufffd", _CONTROL.sub(" ", text))
    try:
        root = lxml_html.document_fromstring(f"<html><body>{clean}</body></html>", parser=parser)
    except (etree.LxmlError, ValueError, AssertionError):
        return []
    return _Flow().blocks(root)


class _Flow:
    """One walk through a tree of HTML, without recursion, that cuts the text into blocks."""

    def __init__(self) -> None:
        self.found: list[Block] = []
        self.pieces: list[str] = []
        self.centred, self.named, self.joined = False, False, False
        self.row_cells = 0

    def blocks(self, root: etree._Element) -> list[Block]:
        walk = etree.iterwalk(root, events=("start", "end"))
        skipped = 0
        for event, element in walk:
            tag = element.tag if isinstance(element.tag, str) else ""
            if event == "start":
                skipped += tag in _SKIPPED_TAGS
                if not skipped:
                    self._enter(element, tag)
                    self._add(element.text)
            else:
                if not skipped and tag in _BLOCK_TAGS and tag != "tr" and not self.row_cells:
                    self._cut()
                if tag == "tr" and not skipped:
                    self.row_cells = 0
                    self._cut()
                if tag in ("div", "center"):
                    self.centred, self.joined = False, False
                skipped -= tag in _SKIPPED_TAGS
                if not skipped:
                    self._add(element.tail)
        self._cut()
        return self.found

    def _enter(self, element: etree._Element, tag: str) -> None:
        if tag == "br":
            self.pieces.append("\n")
        elif tag in ("td", "th"):
            self.row_cells += 1
            if self.row_cells > 1:
                self.pieces.append(" ")
        elif tag in _BLOCK_TAGS and not self.row_cells:
            self._cut()
            if tag == "div":
                self.joined = False
            if tag in ("div", "center") or (tag == "p" and element.get("align")):
                self.centred = element.get("align") == "center" or tag == "center"
        elif (tag in ("b", "strong") or element.get("data-bold")) and not "".join(self.pieces).strip():
            self.named = True

    def _add(self, text: str | None) -> None:
        if text:
            self.pieces.append(re.sub(r"[\s\u00a0]+", " ", text))

    def _cut(self) -> None:
        text = "".join(self.pieces)
        self.pieces.clear()
        for part in re.split(r"\n[ \n]*\n", text):
            kept = tidy(part)
            if kept:
                self.found.append(Block(kept, centred=self.centred, joined=self.joined, named=self.named))
                self.joined = True
        self.named = False


_RULE = re.compile(r"\.(?P<name>[\w-]{1,20})\s*\{(?P<style>[^{}]{0,500})\}")
_CLASS = re.compile(
    r"<(?P<tag>div|p|span)(?P<between>\s+)class\s*=\s*[\"']?\s*(?P<name>[\w-]{1,20})[\"']?", re.IGNORECASE
)


def told_styles(text: str) -> str:
    """HTML with what the vendor's classes mean written into the elements: ``align`` and ``data-bold``."""
    styles = {match["name"]: match["style"].lower() for match in _RULE.finditer(text)}
    centred = {name for name, style in styles.items() if re.search(r"text-align\s*:\s*center", style)}
    # The colour of the label is that of the text; hits of the search are bold too, but coloured.
    bold = {
        n for n, s in styles.items() if re.search(r"font-weight\s*:\s*bold", s) and not re.search(r"color\s*:\s*#c", s)
    }

    def attribute(match: re.Match[str]) -> str:
        tag, name = match["tag"].lower(), match["name"]
        if tag == "div":
            return f"<{tag} align={'center' if name in centred else 'left'}"
        return f"<{tag} data-bold=1" if tag == "span" and name in bold else f"<{tag}"

    return _CLASS.sub(attribute, text)


def rtf_or_docx(path: Path, data: bytes) -> tuple[list[Block], bool] | None:
    """Blocks of a file of a word processor, and whether it is whole; None where it is none.

    Raises Unreadable where it is one that cannot be read.
    """
    if data.startswith(b"PK\x03\x04"):
        from analysis.corpus.readers import docx

        document = docx.parse(path)
        return from_paragraphs(text for text, _ in document.paragraphs), document.whole
    if data.lstrip(b"\xef\xbb\xbf \t\r\n\x00")[:5] == b"{\\rtf":
        from analysis.corpus.readers.rtf import parse

        rtf = parse(data)
        return from_paragraphs(rtf.text.split("\n")), rtf.whole
    return None


def label_of(block: Block, *, capitals: bool) -> Label | None:
    """`label` of a block; in HTML, where bold type marks labels, also one that the table does not know."""
    found = label(block.text, capitals=capitals)
    if found is None and block.named:
        match = re.match(r"(?P<name>[^\W\d_][\w /-]{1,30}?)\s?:\s*(?P<value>.*)", block.text, re.DOTALL)
        if match and match["name"] == match["name"].upper():
            return Label("other", match["value"])
    return found
