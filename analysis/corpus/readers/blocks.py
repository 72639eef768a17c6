"""A page's tree → its blocks: what stands on lines of its own, in order, and what its markup says it is.

Hidden elements, scripts, forms' controls and the like give no text. What the markup sets apart from an article
(navigation, captions, related links, comments …) stays in the list, with the reason why it is apart, so that whoever
chooses the main text can see it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import yaml
from lxml.html import HtmlElement

HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")


def _any(words: str) -> str:
    return f"(?<![a-z])(?:{'|'.join(words.split(', '))})(?![a-z])"


_MARKUP = yaml.safe_load(Path(__file__).with_name("webpage.yml").read_text(encoding="utf-8"))
_NO_TEXT, _BLOCKS = frozenset(_MARKUP["silent"]), frozenset(_MARKUP["blocks"])
PARTS = frozenset(_MARKUP["parts"])
_APART, _ROLES = _MARKUP["tags"], _MARKUP["roles"]
_REASONS = tuple(_MARKUP["hints"])
_HINT = re.compile("|".join(f"(?P<g{n}>{_any(_MARKUP['hints'][name])})" for n, name in enumerate(_REASONS)), re.ASCII)
_UNSEEN, _BODY = re.compile(_any(_MARKUP["unseen"])), re.compile(_any(_MARKUP["body"]))
_HIDDEN_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden|mso-hide\s*:\s*all", re.IGNORECASE)
_JOINTS = re.compile(r"[^A-Za-z]+")
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_INVISIBLE = dict.fromkeys((0xAD, 0x200B, 0x2060, 0xFEFF))
_STOP = re.compile(r"[.!?…。！？।؟۔][\"'”’»›)\]]*$")
_WIDE = re.compile("[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]")

SURE = ("comments", "cookies")  # what a class may say of an element that holds much of the page's text
TOGETHER = ("related-stories", "caption", *SURE)  # what is apart however much it holds all together
ALL = 0.9  # of a page's good text: what holds more is not set apart at all
_QUOTED = ("blockquote", "table", "pre")  # what in a figure is part of the text
_BOXES = ("div", "section", "ol", "ul")
CARD = 100  # words of a teaser at most
SHARE = 0.4  # of a page's good text: what holds more is not set apart by a mere class, a form or a footer


class Block(NamedTuple):
    """Text on a line of its own.

    ``tag`` is the nearest block element's. ``words`` counts words (of scripts without spaces, two characters are
    one), ``links`` those in links. ``apart`` is why it is no article text by its markup (None: nothing says so);
    ``firm``: the reason is sure.
    """

    text: str
    tag: str
    element: HtmlElement
    words: int
    links: int
    apart: str | None = None
    firm: bool = False

    @property
    def linked(self) -> float:
        """Share of its words that stand in links."""
        return self.links / self.words if self.words else 0.0

    @property
    def good(self) -> bool:
        """Whether it reads like a paragraph of an article: a sentence or more, and no list of links."""
        long = self.words >= 20 or (self.words >= 8 and _STOP.search(self.text) is not None)
        return long and self.linked < 0.5 and self.tag not in HEADINGS


def count_words(text: str) -> int:
    """Words between spaces; of scripts without spaces, two characters are one."""
    if text.isascii():
        return len(text.split())
    wide = len(_WIDE.findall(text))
    return len(_WIDE.sub(" ", text).split()) + (wide + 1) // 2


def names_of(element: HtmlElement) -> str:
    """Class and id as words in lower case, each run of other characters as one space."""
    printed = f"{element.get('class') or ''} {element.get('id') or ''}"[:600]
    return _JOINTS.sub(" ", _CAMEL.sub(" ", printed)).lower().strip()


def is_marked_body(element: HtmlElement) -> bool:
    """Whether microdata, RDFa or the element's name says that it is the article's text."""
    said = (element.get(name) or "" for name in ("itemprop", "property", "name"))
    return element.tag != "meta" and "articlebody" in " ".join(said).lower()


def is_body(element: HtmlElement) -> bool:
    """Whether an element says of itself, by a mark or by its class, that it is the text of the article."""
    return is_marked_body(element) or _BODY.search(names_of(element)) is not None


def is_hidden(element: HtmlElement) -> bool:
    """Whether an element is not shown, by its attributes."""
    if element.get("hidden") is not None or _HIDDEN_STYLE.search(element.get("style") or ""):
        return True
    if (element.get("aria-hidden") or "").lower() == "true":
        # Where a notice of cookies is open, the page behind it is hidden from screen readers, but not from sight.
        return element.tag not in ("main", "article", "body") and not _holds_headline(element)
    return _UNSEEN.search(names_of(element)) is not None


def read_blocks(tree: HtmlElement, *, hidden: bool = False) -> list[Block]:
    """The blocks of a page in order. ``hidden``: hidden elements too."""
    blocks = list(_walk(tree, hidden))
    return _set_apart(blocks)


def _walk(tree: HtmlElement, hidden: bool) -> Iterator[Block]:
    """The blocks, nothing set apart. Each step is (element, leaving): no recursion, however deep."""
    held: list[tuple[str, bool]] = []
    steps: list[tuple[HtmlElement, bool]] = [(tree, False)]
    open_blocks: list[HtmlElement] = [tree]
    links = 0
    while steps:
        node, leaving = steps.pop()
        tag = node.tag if isinstance(node.tag, str) else ""
        block = tag in _BLOCKS or "-" in tag
        if leaving:
            if block:
                yield from _blocks_of(held, open_blocks.pop())
                held = []
            links -= tag == "a"
        elif tag == "br":
            held.append(("\n", False))
        elif tag and tag not in _NO_TEXT and (hidden or not is_hidden(node)):
            if block:
                yield from _blocks_of(held, open_blocks[-1])
                held = []
                open_blocks.append(node)
            links += tag == "a"
            if node.text:
                held.append((_flat(node.text, tag), links > 0))
            steps.append((node, True))
            steps.extend((child, False) for child in reversed(node))
            continue
        if node.tail and node is not tree:
            held.append((_flat(node.tail, open_blocks[-1].tag), links > 0))


def _flat(text: str, tag: str) -> str:
    """Text between tags: line ends mean nothing but in ``pre``."""
    text = text.translate(_INVISIBLE)
    return text if tag == "pre" else text.replace("\n", " ").replace("\r", " ")


def _blocks_of(held: list[tuple[str, bool]], element: HtmlElement) -> Iterator[Block]:
    """The paragraphs of a block: cut at two line breaks, and at one behind the end of a sentence."""
    parts: list[tuple[str, bool]] = []
    breaks = 0
    for text, link in held:
        for place, piece in enumerate(text.split("\n")):
            breaks += place > 0
            if not piece.strip():
                if parts and piece and not breaks:
                    parts.append((piece, link))
                continue
            if breaks and parts:
                if breaks > 1 or _STOP.search(parts[-1][0].rstrip()):
                    yield from _block(parts, element)
                    parts = []
                else:
                    parts.append((" ", False))
            breaks = 0
            parts.append((piece, link))
    yield from _block(parts, element)


def _block(parts: list[tuple[str, bool]], element: HtmlElement) -> Iterator[Block]:
    text = " ".join("".join(piece for piece, _ in parts).split())
    if text:
        links = sum(count_words(piece) for piece, link in parts if link)
        words = count_words(text)
        yield Block(text, element.tag, element, words, min(links, words))


def _set_apart(blocks: list[Block]) -> list[Block]:
    """The blocks with the reasons of those that the markup sets apart from an article."""
    cards = _cards(blocks)
    good: dict[HtmlElement, int] = {}
    for block in blocks:
        if block.good and block.element not in cards:
            for element in _upward(block.element):
                good[element] = good.get(element, 0) + block.words
    page = _Good(good, sum(block.words for block in blocks if block.good and block.element not in cards), {})
    for element, words in good.items():
        found = _hint_of(element)
        if found and not any(_hint_of(parent) == found for parent in element.iterancestors()):
            page.hinted[found] = page.hinted.get(found, 0) + words
    known: dict[HtmlElement, tuple[str, bool] | None] = dict.fromkeys(cards, ("related-stories", True))
    made = []
    for block in blocks:
        reason = _reason(block.element, known, page)
        made.append(block._replace(apart=reason[0], firm=reason[1]) if reason else block)
    return made


class _Good(NamedTuple):
    """Words in good paragraphs: below each element, on the whole page, and below all elements of a hint."""

    below: dict[HtmlElement, int]
    total: int
    hinted: dict[tuple[str, str], int]


def _hint_of(element: HtmlElement) -> tuple[str, str] | None:
    """What class and id hint at, and the words that do; None where they do not."""
    names = names_of(element) if element.tag not in ("article", "html", "body", "main", *HEADINGS) else ""
    match = _HINT.search(names) if names else None
    return (_REASONS[int(match.lastgroup[1:])], match[0]) if match and match.lastgroup else None


def _cards(blocks: list[Block]) -> set[HtmlElement]:
    """The elements of teasers: a linked title and a sentence or two below it, side by side with others of the kind."""
    titles = {block.element for block in blocks if block.words >= 3 and block.linked >= 0.9}
    held: dict[HtmlElement, list[Block]] = {}
    for block in blocks:
        for number, element in enumerate(_upward(block.element)):
            if number > 3 or element.tag in ("body", "html", "main"):
                break
            held.setdefault(element, []).append(block)
    found: dict[tuple[HtmlElement, str, str], list[HtmlElement]] = {}
    for element, inside in held.items():
        parent = element.getparent()
        first = next((number for number, block in enumerate(inside) if block.element in titles), None)
        if parent is None or first is None or first > 1 or not 2 <= len(inside) <= 6:
            continue
        if sum(block.words for block in inside) <= CARD and any(block.linked < 0.5 for block in inside[first + 1 :]):
            found.setdefault((parent, element.tag, element.get("class") or ""), []).append(element)
    return {
        block.element
        for elements in found.values()
        if len(elements) > 1
        for element in elements
        for block in held[element]
    }


def _upward(element: HtmlElement) -> Iterator[HtmlElement]:
    yield element
    yield from element.iterancestors()


def _reason(
    element: HtmlElement, known: dict[HtmlElement, tuple[str, bool] | None], page: _Good
) -> tuple[str, bool] | None:
    """Why an element, or one that it stands in, is no article text; and whether that is sure."""
    chain = []
    reason = None
    for parent in _upward(element):
        if parent in known:
            reason = known[parent]
            break
        chain.append(parent)
    for parent in reversed(chain):
        reason = reason or _own_reason(parent, page)
        known[parent] = reason
    return reason


def _own_reason(element: HtmlElement, page: _Good) -> tuple[str, bool] | None:
    """Why an element itself is no article text. One that holds much of the page's text is not apart by its class, nor
    is one of many of a class that hold much together."""
    tag = element.tag
    if tag in ("html", "body", "main") or is_marked_body(element):
        return None
    good = page.below.get(element, 0)
    much = good > SHARE * page.total
    reason = _APART.get(tag) or _ROLES.get((element.get("role") or "").lower())
    if tag == "figcaption" or (reason and not much):
        return reason, tag in ("nav", "figcaption", "footer", "dialog") or (reason == "aside" and not good)
    if tag == "figure" and not much and not any(element.find(f".//{inner}") is not None for inner in _QUOTED):
        return "caption", True
    found = _hint_of(element)
    if found is None:
        return None
    hint = found[0]
    if hint in SURE and good < ALL * page.total and tag in _BOXES and not _holds_headline(element):
        return hint, True
    common = hint not in TOGETHER and page.hinted.get(found, 0) > SHARE * page.total
    return None if much or common or is_body(element) else (hint, hint in ("caption", *SURE))


def _holds_headline(element: HtmlElement) -> bool:
    return next(element.iter("h1"), None) is not None
