"""HTML of vendors' exports and e-mails → lines: a block of the page a line, cells of a table divided by tabs.

Nothing is fetched and nothing on the page is run; scripts, styles and what is hidden are no text.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from html import unescape

from lxml import etree, html
from lxml.html import HtmlElement

from analysis.corpus.decoding import Unreadable

LONGEST = 20_000_000  # characters of one article's markup

_BLOCKS = frozenset(
    re.findall(
        r"\w+",
        "address article aside blockquote body br caption center dd details div dl dt fieldset figcaption figure "
        "footer form h1 h2 h3 h4 h5 h6 header hr html li main nav ol option p pre section summary table tbody tfoot "
        "thead tr ul",
    )
)
_NO_TEXT = frozenset(
    re.findall(r"\w+", "script style head noscript template iframe object embed select button input svg title")
)
_HIDDEN = re.compile(r"(?:display\s*:\s*none|visibility\s*:\s*hidden|mso-hide\s*:\s*all)", re.IGNORECASE)
_SPACES = re.compile(r"[^\S\t\n]+")
_PROLOGUE = re.compile(r"\A\s*<\?xml[^>]{0,300}\?>")
_SWALLOWING = (
    *(
        (re.compile(rf"<{name}\b[^<>]{{0,2000}}>", re.IGNORECASE), re.compile(rf"</{name}\b", re.IGNORECASE))
        for name in ("script", "style", "title", "textarea", "iframe", "noembed", "noframes", "xmp")
    ),
    (re.compile(r"<!--"), re.compile(r"-->")),
)
_ENDS = re.compile(r"</(?:body|html)\s*>", re.IGNORECASE)


def tree_of(text: str) -> HtmlElement:
    """The markup as a tree. Raises Unreadable where it holds nothing, or is nested so deep that the parser gives up."""
    if len(text) > LONGEST:
        raise Unreadable(f"more than {LONGEST:,} characters of markup")
    text = _closed(_ENDS.sub(" ", _PROLOGUE.sub("", text)))  # of pages put one behind the other, all are read
    parser = html.HTMLParser(no_network=True, huge_tree=False, remove_comments=True, remove_pis=True)
    try:
        tree = html.document_fromstring(text, parser=parser, ensure_head_body=False)
    except (etree.LxmlError, ValueError, AssertionError) as error:
        raise Unreadable(f"the HTML parser fails on it: {str(error)[:80]}") from None
    if any(entry.type_name == "ERR_RESOURCE_LIMIT" for entry in parser.error_log):
        raise Unreadable("the markup is nested too deep, or holds a text beyond measure")
    return tree


def _closed(text: str) -> str:
    """Markup without the openings of scripts, styles and comments that have no end and would swallow the rest."""
    for opening, ending in _SWALLOWING:
        starts = [match.span() for match in opening.finditer(text)]
        ends = [match.start() for match in ending.finditer(text)] if starts else []
        following = [*(start for start, _ in starts[1:]), len(text)][: len(starts)]
        open_ones = []
        for (start, end), limit in zip(starts, following, strict=True):
            place = bisect_left(ends, end)
            if place == len(ends) or ends[place] > limit:
                open_ones.append((start, end))
        if open_ones:
            bounds = [0, *(place for span in open_ones for place in span), len(text)]
            text = "".join(text[start:end] for start, end in zip(bounds[::2], bounds[1::2], strict=True))
    return text


def lines_of(element: HtmlElement, *, without: frozenset[str] = frozenset(), rule: str = "") -> list[str]:
    """The text of an element, a block a line, without empty ones; elements of the names ``without`` left out.

    Cells that stand in a row are divided by tabs. In ``pre``, the lines are those of the text. ``rule`` is the line
    that stands for a ``hr``.
    """
    out: list[str] = []
    skipped = _NO_TEXT | without
    # Each step is (element, False) on the way in or (element, True) on the way out: no recursion, however deep.
    steps: list[tuple[HtmlElement, bool]] = [(element, False)]
    pres = 0
    while steps:
        node, leaving = steps.pop()
        tag = node.tag if isinstance(node.tag, str) else None
        if leaving:
            pres -= tag == "pre"
            out.append("\n" if tag in _BLOCKS else "\t" if tag in ("td", "th") else "")
            out.append(_flat(node.tail, pres) if node is not element else "")
            continue
        if (
            tag is None
            or (tag in skipped and not (tag in without and _holds_most(node, element)))
            or _HIDDEN.search(node.get("style") or "")
        ):
            out.append(_flat(node.tail, pres) if node is not element else "")
            continue
        pres += tag == "pre"
        out.append(f"\n{rule}" if tag == "hr" else "\n" if tag in _BLOCKS else "")
        out.append(_flat(node.text, pres))
        steps.append((node, True))
        steps.extend((child, False) for child in reversed(node))
    lines = (_SPACES.sub(" ", line).strip() for line in "".join(out).split("\n"))
    return [re.sub(r" ?\t[\t ]*", "\t", line) for line in lines if line]


def _holds_most(part: HtmlElement, whole: HtmlElement) -> bool:
    """Whether most of the text is in ``part``: a navigation that is never closed is none."""
    inside, everything = (sum(map(len, element.itertext())) for element in (part, whole))
    return inside > everything / 2


def lines_anyway(text: str, *, without: frozenset[str] = frozenset(), rule: str = "") -> list[str]:
    """`lines_of` the markup, by its tags alone where no parser gets through it."""
    try:
        return lines_of(tree_of(text), without=without, rule=rule)
    except Unreadable:
        text = re.sub(r"<(script|style|title)\b[^<>]{0,500}>.*?</\1\s*>", " ", text, flags=re.DOTALL | re.IGNORECASE)
        text = re.sub(
            r"<hr\b[^<>]{0,500}>", f"\n{rule}\n", _SPACES.sub(" ", text.replace("\n", " ")), flags=re.IGNORECASE
        )
        names = "|".join(sorted(_BLOCKS))
        text = re.sub(rf"</?(?:{names})\b[^<>]{{0,2000}}>", "\n", text, flags=re.IGNORECASE)
        text = unescape(re.sub(r"<[/!?a-zA-Z][^<>]{0,2000}>", "", text))
        return [line.strip() for line in text.split("\n") if line.strip()]


def _flat(text: str | None, pres: int) -> str:
    """Text between tags: line ends mean nothing but in ``pre``."""
    return "" if not text else text if pres else re.sub(r"[\t\n\r]", " ", text)


def text_of(element: HtmlElement) -> str:
    """The text of an element on one line."""
    return " ".join(" ".join(lines_of(element)).split())


def with_class(element: HtmlElement, name: str) -> list[HtmlElement]:
    """The elements below ``element`` that are of a class, in any case, in order."""
    wanted = name.casefold()
    return [found for found in element.iter() if wanted in (found.get("class") or "").casefold().split()]
