"""Bytes of a page → its text, and its text → a tree, however broken either is.

A page whose markup is nested deeper than the parser goes is read without the elements that only nest; what is then
still too deep is read as its bare lines, so that no text is lost.
"""

from __future__ import annotations

import html
import re

from lxml import etree
from lxml.html import HtmlElement, HTMLParser

from analysis.corpus.decoding import Unreadable, decode, known_encoding, marked

MOST_BROKEN = 0.02  # share of characters that may be no text in the page's encoding

_CHARSET = re.compile(rb"<(?:meta|\?xml)\b[^>]{0,200}?(?:charset|encoding)\s*=\s*[\"']?\s*([\w.:-]+)", re.IGNORECASE)
_PROLOGUE = re.compile(r"\A\s*<\?xml[^>]{0,300}\?>")
_INLINE = re.compile(r"</?(?:span|font|b|i|u|em|strong|small|big|center|tt|strike|s|ins|label)\b[^<>]*>", re.IGNORECASE)
_NESTING = re.compile(
    r"</?(?:div|section|article|main|table|tbody|tr|td|ul|ol|li|dl|dd|dt|blockquote|form)\b[^<>]*>", re.I
)
_TAGS = re.compile(r"<[a-zA-Z/!?][^<>]*>")
_SILENTS = ("script", "style", "noscript", "template", "svg", "iframe")
_SILENT = re.compile(rf"<({'|'.join(_SILENTS)})\b", re.IGNORECASE)
_VAST = re.compile(r"<([a-zA-Z][a-zA-Z0-9-]*)\b[^<>]{20000,}>")  # pictures in attributes, and worse
_ENDS = {name: re.compile(f"</{name}", re.IGNORECASE) for name in _SILENTS}
# Text between two tags in pieces which the parser takes from large pages, too, cut between words.
_PIECE = re.compile(r"\S.{0,20000}(?!\S)|\S{1,20000}")
_FED = 1_000_000
_ENDING = re.compile(r"</(?:html|body)\s*>", re.IGNORECASE)
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


def page_text(data: bytes, *, encoding: str, charset: str | None = None) -> tuple[str, str | None]:
    """The text of a page, and a remark where a few of its bytes are none.

    By its byte-order mark; else as UTF-8, where it is that and not mere ASCII, whatever is declared (pages are often
    saved so by whoever fetched them); else by what a server said (``charset``), by what the page declares, or by
    ``encoding``. Raises Unreadable where it is empty, binary, or in none of these.
    """
    nuls = data.count(b"\x00")
    wide = marked(data) in ("utf-16", "utf-32")
    if nuls and not wide and nuls * 1000 < len(data):
        data = data.replace(b"\x00", b"")
    name = "utf-8" if is_utf8(data) else known(charset) or declared(data) or encoding
    try:
        return decode(data, name), None
    except Unreadable:
        if wide or b"\x00" in data or not data.lstrip().startswith(b"<"):
            raise
        text = data.decode(name, errors="replace")
        broken = text.count("\N{REPLACEMENT CHARACTER}")
        if not broken or broken > MOST_BROKEN * len(text):
            raise
    return decode(text.encode("utf-8"), "utf-8"), f"{broken} characters that are not {name}"


def is_utf8(data: bytes) -> bool:
    """Whether the bytes are UTF-8 with at least one character beyond ASCII."""
    if data.isascii():
        return False
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def declared(data: bytes) -> str | None:
    """The encoding that the page declares in its first 2,048 bytes, as browsers understand it; None if unknown."""
    match = _CHARSET.search(data[:2048])
    return known(match[1].decode("ascii")) if match else None


def known(charset: str | None) -> str | None:
    """The encoding that a declaration means, as browsers understand it; None if unknown."""
    name = known_encoding(charset)
    # A page declared as UTF-16 is none: the declaration itself was read in an ASCII encoding.
    return "utf-8" if name and name.startswith(("utf-16", "utf-32")) else name


def tree_of(text: str) -> HtmlElement | None:
    """The tree of a page or of a part of one; None where it holds nothing."""
    # The parser stops at </html>, but pages go on behind it.
    text = _ENDING.sub(" ", text)
    text = _VAST.sub(r"<\1>", _CONTROL.sub(" ", _PROLOGUE.sub("", text, count=1)))
    if "<" not in text:
        return None
    for made in (_as_it_is, _without_inline, _without_nesting, as_lines):
        tree, whole = _parse(made(text))
        if tree is not None and whole:
            return tree
    return tree


def _as_it_is(text: str) -> str:
    return text


def _without_inline(text: str) -> str:
    return _INLINE.sub("", text)


def _without_nesting(text: str) -> str:
    return _NESTING.sub("<p>", _without_inline(text))


def as_lines(text: str) -> str:
    """The page as bare paragraphs, between tags of any kind; of scripts and the like nothing."""
    parts, place = [], 0
    while match := _SILENT.search(text, place):
        parts.append(text[place : match.start()])
        end = _ENDS[match[1].lower()].search(text, match.end())
        place = end.start() if end else match.end()
        if end is None:  # never closed: then it is only a tag
            parts.append("<")
            break
    parts.append(text[place:])
    lines = (" ".join(html.unescape(line).split()) for line in _TAGS.sub("\n", "".join(parts)).split("\n"))
    pieces = (piece for line in lines for piece in _PIECE.findall(line))
    return f"<html><body>{''.join(f'<p>{html.escape(piece)}</p>' for piece in pieces)}</body></html>"


def _parse(text: str) -> tuple[HtmlElement | None, bool]:
    """The tree, and whether the parser went through to the end. Nothing is fetched."""
    parser = HTMLParser(no_network=True, huge_tree=False, remove_comments=True, remove_pis=True)
    try:
        # At once, the parser refuses more than ten million characters; piece by piece it takes them.
        for place in range(0, len(text), _FED):
            parser.feed(text[place : place + _FED])
        tree = parser.close()
    except (etree.LxmlError, ValueError, AssertionError):
        return None, False
    return tree, not any(entry.type_name == "ERR_RESOURCE_LIMIT" for entry in parser.feed_error_log)
