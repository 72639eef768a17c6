"""Pieces of text at places of a page → paragraphs in reading order.

1. Pieces on one height become a line, broken where a gap is wider than between words.
2. A column begins at a place where many lines begin and which few lines cross. Lines that cross it (a headline over two
   columns) divide the page into bands; a band's columns are read from left to right.
3. Lines at the top or foot that return on other pages, and page numbers, are no text.
4. Lines become paragraphs: a new one begins at a wider space, an indent, another size of type, or below a short line
   that ends a sentence. A paragraph may go on in the next column or page.
5. A hyphen at the end of a line is taken out where the word stands without it elsewhere in the document, and kept where
   it stands with it; where neither is there, it is kept between two words of the document, and taken out otherwise.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from itertools import pairwise
from statistics import median
from typing import NamedTuple

from analysis.corpus.lines import ends_sentence

WORD_GAP = 0.15  # of the type's size: more room than this between two pieces is a space
LINE_GAP = 0.8  # more room than this may be that between two columns
FEWEST_LINES = 4  # of a column
LONGEST_WORD = 60
MARGIN_LINES = 3  # at the top and foot of a page that may be running heads

# Widths of characters in sizes of type, about those of usual typefaces, where nothing tells how wide a piece is.
_WIDTHS = {
    **dict.fromkeys("ijlI.,:;'!|’‘ ", 0.27),
    **dict.fromkeys('tfr()[]-/"“”', 0.36),
    **dict.fromkeys("mwMW—@%", 0.83),
    **dict.fromkeys("ABCDEFGHKLNOPQRSTUVXYZ&", 0.67),
}
_USUAL_WIDTH = 0.52
_PAGE_NUMBER = re.compile(
    r"(?:page|seite|p\.|s\.)?\s*[-–—|]?\s*\d{1,4}\s*(?:(?:/|of|von|de|sur)\s*\d{1,4})?\s*[-–—|]?", re.IGNORECASE
)
_HYPHEN = re.compile(r"(?P<first>\w+)[-\u2010\u00ad]$")
_HYPHENS = ("-", "\u2010", "\u00ad")
_FIRST_WORD = re.compile(r"\w+")
_LIGATURES = str.maketrans({"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st"})
_WORD = re.compile(r"\w+(?:[-\u2010]\w+)*")


class Fragment(NamedTuple):
    """A piece of text: where it begins and ends (None: not known), the height of its foot, and its size of type."""

    x: float
    y: float
    right: float | None
    size: float
    text: str


class Line(NamedTuple):
    """A line, or the part of it that stands in one column; ``page`` counts from 0."""

    x: float
    right: float
    y: float
    size: float
    text: str
    page: int


class Type(NamedTuple):
    """How a document is set: its usual size of type, the step from line to line in such sizes, and whether paragraphs
    are told apart by indents rather than by room."""

    size: float
    leading: float
    indented: bool


class Paragraph(NamedTuple):
    """A paragraph, the size of its type, and the page on which it begins, from 0."""

    text: str
    size: float
    page: int


def read_layout(pages: list[tuple[list[Fragment], float]]) -> tuple[list[Paragraph], list[str]]:
    """The paragraphs of a document, from the pieces of each page and its height; and the running heads left out."""
    lines = [_lines(fragments, number) for number, (fragments, _) in enumerate(pages)]
    heads = _running_heads(lines)
    left_out = [line.text for page in lines for line in page if line in heads and not _is_number(line.text)]
    columns = [column for page in lines for column in _columns([line for line in page if line not in heads]) if column]
    return _paragraphs(columns), list(dict.fromkeys(left_out))


def _lines(fragments: list[Fragment], page: int) -> list[Line]:
    """The lines of a page from top to bottom, those on one height from left to right."""
    rows: list[list[Fragment]] = []
    for fragment in sorted(fragments, key=lambda piece: (-piece.y, piece.x)):
        last = rows[-1][0] if rows else None
        if last and abs(last.y - fragment.y) < 0.35 * min(last.size, fragment.size):
            rows[-1].append(fragment)
        else:
            rows.append([fragment])
    known = [piece for piece in fragments if piece.right is not None and len(piece.text) > 3]
    widths = [(piece.right - piece.x) / (piece.size * _width(piece.text)) for piece in known]
    scale = median(widths) if widths else 1.0
    starts = Counter(round(piece.x) for piece in fragments)
    often = {place for place, count in starts.items() if count >= max(FEWEST_LINES, len(rows) / 10)}
    return [line for row in rows for line in _in_row(sorted(row, key=lambda piece: piece.x), page, scale, often)]


def text_width(text: str, widths: dict[str, float]) -> float | None:
    """How wide a text is in sizes of type, by the widths of a font's characters; None where one of them is not known,
    or the sum is none that a text of that length could have."""
    if not all(character in widths for character in text):
        return None
    wide = sum(widths[character] for character in text)
    return wide if 0.6 < wide / _width(text) < 1.7 else None


def _width(text: str) -> float:
    """About how wide a text is, in sizes of type."""
    return sum(_WIDTHS.get(character, _USUAL_WIDTH) for character in text)


def _in_row(row: list[Fragment], page: int, scale: float, starts: set[int]) -> list[Line]:
    """The pieces on one height as lines. Where the end of a piece is not known, it is told from usual widths times
    ``scale``, and a column from ``starts``, the places where many lines of the page begin."""
    lines: list[Line] = []
    sure, spaced = True, False
    for piece in row:
        text = " ".join(piece.text.translate(_LIGATURES).split())
        right = piece.right if piece.right is not None else piece.x + scale * piece.size * _width(text)
        last = lines[-1] if lines else None
        gap = (piece.x - last.right) / max(piece.size, last.size) if last else 0
        if last is not None and last.text == text and abs(piece.x - last.x) < 1:
            continue  # printed twice, to look bold
        if last is None or gap > LINE_GAP or (not sure and round(piece.x) in starts):
            lines.append(Line(piece.x, right, piece.y, piece.size, text, page))
        else:
            space = " " if gap > WORD_GAP or spaced or piece.text[:1].isspace() else ""
            size = max(last.size, piece.size)
            lines[-1] = last._replace(text=last.text + space + text, right=max(last.right, right), size=size)
        sure, spaced = piece.right is not None, piece.text[-1:].isspace()
    return lines


def _is_number(text: str) -> bool:
    return _PAGE_NUMBER.fullmatch(text.strip()) is not None


def _running_heads(pages: list[list[Line]]) -> set[Line]:
    """Lines at the top and foot of pages that return on other pages but for their digits, and page numbers."""
    margins = []
    for lines in pages:
        heights = sorted({line.y for line in lines})
        edge = {*heights[:MARGIN_LINES], *heights[-MARGIN_LINES:]} if len(heights) > 2 * MARGIN_LINES else {*heights}
        outer = {*heights[:1], *heights[-1:]} if len(heights) > 2 else set()
        margins.append(([line for line in lines if line.y in edge], outer))
    seen = Counter(shape for edge, _ in margins for shape in {_shape(line) for line in edge})
    needed = max(2, len(pages) // 3)
    return {
        line
        for edge, outer in margins
        for line in edge
        if (seen[_shape(line)] >= needed and len(pages) > 1) or (line.y in outer and _is_number(line.text))
    }


def _shape(line: Line) -> tuple[str, int]:
    """What a running head has in common with itself on other pages: its text but for digits, and about its height."""
    return re.sub(r"\d+", "0", line.text.casefold()), round(line.y / 6)


def _columns(lines: list[Line]) -> list[list[Line]]:
    """The lines of a page in reading order, in groups that stand below each other."""
    place = _gutter(lines)
    if place is None:
        return [sorted(lines, key=lambda line: (-line.y, line.x))]
    across = sorted({line.y for line in lines if _crosses(line, place)})
    bands: dict[int, tuple[list[Line], list[Line], list[Line]]] = {}
    for line in lines:
        if _crosses(line, place):
            bands.setdefault(2 * bisect_left(across, line.y) + 1, ([], [], []))[0].append(line)
        else:
            bands.setdefault(2 * bisect_left(across, line.y), ([], [], []))[1 + (line.x >= place)].append(line)
    ordered: list[list[Line]] = []
    for _, (over, left, right) in sorted(bands.items(), reverse=True):
        # Lines that cross follow each other: as one group, they make paragraphs.
        if over and ordered and all(_crosses(line, place) for line in ordered[-1]):
            ordered[-1] += over
        elif over:
            ordered.append(over)
        ordered += [group for half in (left, right) if half for group in _columns(half)]
    return ordered


def _crosses(line: Line, place: float) -> bool:
    return line.x < place - 1 and line.right > place + 1


def _gutter(lines: list[Line]) -> float | None:
    """Where a second column begins; None where there is one column. Of several places, the one that fewest cross."""
    starts = Counter(round(line.x / 2) for line in lines)
    firsts, ends = sorted(line.x for line in lines), sorted(line.right for line in lines)
    found: list[tuple[int, float]] = []
    for start in starts:
        place = 2 * start - 1.5
        left, right = bisect_right(ends, place + 1), len(lines) - bisect_left(firsts, place)
        crossing = len(lines) - left - right
        fewest = min(left, right, starts[start] + starts[start + 1])
        if fewest >= FEWEST_LINES and crossing <= 0.6 * min(left, right):
            found.append((crossing, place))
    for _, place in sorted(found)[:20]:
        left_lines = [line for line in lines if line.right <= place + 1]
        right_lines = [line for line in lines if line.x >= place]
        wide = min(median(len(line.text) for line in half) for half in (left_lines, right_lines)) >= 8
        if wide and _beside(left_lines, right_lines) >= FEWEST_LINES - 1:
            return place
    return None


def _beside(left: list[Line], right: list[Line]) -> int:
    """How many lines on the right stand between the highest and the lowest on the left."""
    top, foot = max(line.y for line in left), min(line.y for line in left)
    return sum(foot - line.size <= line.y <= top + line.size for line in right)


def _paragraphs(columns: list[list[Line]]) -> list[Paragraph]:
    words = Counter(word.casefold() for column in columns for line in column for word in _WORD.findall(line.text))
    pairs = [pair for column in columns for pair in pairwise(column) if pair[0].y - pair[1].y > 1]
    lines = [line for column in columns for line in column]
    size = median(line.size for line in lines) if lines else 1.0
    page = Type(size, median(above.y - below.y for above, below in pairs) / size if pairs else 1.0, False)
    indents = sum(_is_indented(above, line, min(above.x, line.x)) for above, line in pairs)
    spaced = sum(_is_spaced(above, line, page) for above, line in pairs)
    page = page._replace(indented=indents > spaced)
    groups: list[list[Line]] = []
    full = False  # whether the last line fills its column
    for column in columns:
        left, right = min(line.x for line in column), max(line.right for line in column)
        for place, line in enumerate(column):
            last = groups[-1][-1] if groups else None
            if last is None:
                new = True
            elif place or _is_below(last, line, page):
                new = last.y - line.y > 1 and _begins(last, line, left, right, page)  # else of the same line
            else:
                new = not _goes_on(last, line, left, full, page)
            groups += [[line]] if new else []
            groups[-1] += [] if new else [line]
            full = line.right > right - 0.2 * (right - left)
    return [Paragraph(_joined(group, words), max(line.size for line in group), group[0].page) for group in groups]


def _is_below(above: Line, line: Line, page: Type) -> bool:
    """Whether a line stands right below another, though in another group of lines."""
    near = above.page == line.page and abs(above.x - line.x) < line.size
    return near and above.y - line.y > 1 and not _is_spaced(above, line, page)


def _is_spaced(above: Line, line: Line, page: Type) -> bool:
    """Whether there is more room between two lines than between those of a paragraph."""
    return above.y - line.y > 1.3 * page.leading * max(line.size, page.size)


def _is_indented(above: Line, line: Line, left: float) -> bool:
    return line.x > left + 0.7 * line.size and above.x < line.x - 0.5 * line.size and line.x < left + 6 * line.size


def _same_type(above: Line, line: Line) -> bool:
    return abs(above.size - line.size) <= 0.12 * max(above.size, line.size)


def _begins(above: Line, line: Line, left: float, right: float, page: Type) -> bool:
    """Whether a line begins a paragraph below the one above it in its column."""
    if not _same_type(above, line) or _is_spaced(above, line, page) or _is_indented(above, line, left):
        return True
    share = (above.right - left) / max(right - left, 1)
    if line.size > 1.2 * page.size:
        return False  # the lines of a headline are as long as they like
    return share < (0.8 if ends_sentence(above.text) and not page.indented else 0.6) and not _broken_word(above.text)


def _goes_on(last: Line, line: Line, left: float, full: bool, page: Type) -> bool:
    """Whether the first line of a column goes on with the paragraph of the column before."""
    if not _same_type(last, line) or line.x > left + 0.7 * line.size:
        return False
    if not ends_sentence(last.text):
        return full or line.text[:1].islower()
    return full and page.indented


def _joined(lines: list[Line], words: Counter[str]) -> str:
    """The lines of a paragraph as one, words that were broken put together."""
    pieces = [lines[0].text]
    for line in lines[1:]:
        above = pieces[-1]
        broken, following = _broken_word(above), _FIRST_WORD.match(line.text)
        if broken and following:
            kept = "-" if _is_compound(broken, following[0], above[-1], words) else ""
            pieces[-1] = above[:-1] + kept
        else:
            pieces.append(" ")
        pieces.append(line.text)
    return "".join(pieces).replace("\u00ad", "")


def _broken_word(text: str) -> str | None:
    """What stands before a hyphen at the end of a line; None where it does not end so."""
    match = _HYPHEN.search(text[-LONGEST_WORD:]) if text.endswith(_HYPHENS) else None
    return match["first"] if match else None


def _is_compound(first: str, second: str, hyphen: str, words: Counter[str]) -> bool:
    """Whether the hyphen between two halves at a line's end belongs to the word."""
    if hyphen == "\u00ad":
        return False
    if not second[0].islower() or not first[-1].isalpha():
        return True
    whole, divided = words[(first + second).casefold()], words[f"{first}-{second}".casefold()]
    if whole or divided:
        return divided > whole
    return words[first.casefold()] > 1 and words[second.casefold()] > 1
