"""A page's text → its lines, and hard-wrapped lines → paragraphs.

A paragraph is a line, or, in text that was broken at a width, the lines between two blank lines. Text counts as broken
at a width only where nearly every line break inside its blocks stands where the next word would no longer have fitted
and most of those lines do not end a sentence; every other line break is taken as the page's own.
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import NamedTuple

NARROWEST, WIDEST = 30, 120  # widths in characters at which text is broken by hand or by mail programs
ENOUGH = 3  # breaks to judge by

_ZERO_WIDTH = "\u200b\u2060\ufeff"
_STOP = re.compile(r"[.!?…:;。！？][\"'”’»)\]]*$")


class Line(NamedTuple):
    """A line or paragraph: the number of its first line on the page, from 1, and its text without outer spaces."""

    number: int
    text: str


def strip(text: str) -> str:
    """``text`` without white space and zero-width characters at its ends."""
    text = text.strip()
    return text if text.isascii() else text.strip(_ZERO_WIDTH).strip()


def ends_sentence(text: str) -> bool:
    """Whether ``text`` ends with a stop (or colon), closing quotation marks and brackets aside."""
    return _STOP.search(text) is not None


def read_lines(text: str) -> list[Line]:
    """The paragraphs of ``text`` in order, without the empty ones; hard-wrapped lines are joined by a space."""
    blocks: list[list[Line]] = [[]]
    for number, printed in enumerate(text.split("\n"), start=1):
        line = strip(printed)
        if line:
            blocks[-1].append(Line(number, line))
        elif blocks[-1]:
            blocks.append([])
    width = _wrapped_at(blocks)
    if width is None:
        return [line for block in blocks for line in block]
    return [line for block in blocks for line in _joined(block, width)]


def _wrapped_at(blocks: list[list[Line]]) -> int | None:
    """The width at which the text was broken; None where it was not, or where that is in doubt."""
    longest = max((len(line.text) for block in blocks if len(block) > 1 for line in block), default=0)
    if not NARROWEST <= longest <= WIDEST:
        return None
    # A line of less than half the width stands for itself: a name, a date, a label.
    pairs = (pair for block in blocks for pair in pairwise(block))
    breaks = [(above, below) for above, below in pairs if len(above.text) > longest / 2]
    full = sum(_is_full(above, below, longest) for above, below in breaks)
    ended = sum(ends_sentence(above.text) for above, below in breaks if _is_full(above, below, longest))
    return longest if full >= max(ENOUGH, 0.8 * len(breaks)) and ended < 0.5 * full else None


def _is_full(above: Line, below: Line, width: int) -> bool:
    """Whether the first word below would not have fitted into the line above, give or take a short word."""
    return len(above.text) + 1 + len(below.text.split(maxsplit=1)[0]) > 0.9 * width


def _joined(block: list[Line], width: int) -> list[Line]:
    """The lines of a block, those that were broken at ``width`` joined."""
    joined: list[tuple[int, list[str]]] = [(block[0].number, [block[0].text])] if block else []
    for above, below in pairwise(block):
        if not _is_full(above, below, width):
            joined.append((below.number, [below.text]))
            continue
        if not (re.search(r"\w-$", above.text) and below.text[0].isalnum()):  # else a compound, broken at its hyphen
            joined[-1][1].append(" ")
        joined[-1][1].append(below.text)
    return [Line(number, "".join(parts)) for number, parts in joined]
