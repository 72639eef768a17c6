"""Units: the stretches of a body that attribution reads, each with its string of tags.

A unit is a sentence, or several where a quotation reaches over their bounds (``“We go. Now,” he said.``). In its tags a
quotation is one letter, and the words inside it do not take part in the reporter's sentence.
"""

from __future__ import annotations

import functools
import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from analysis.coding.grammar import QUOTE

_ASIDE = re.compile(r"(?<=[Nrj])\([N#DjFopr~,KR]{1,8}\)")
_GAP_TAGS = {",": ",", ";": ";", ":": ":", "—": "~", "–": "~", "(": "(", "[": "(", ")": ")", "]": ")"}


@dataclass(slots=True)
class Unit:
    """One unit. ``tags[k]`` is a word (``tokens[k]`` ≥ 0), a quotation (``-2 - number``) or a mark (-1).

    starts, ends: characters of each tag in the body. paragraph: number of the paragraph. start, end: of the unit.
    """

    tags: str
    tokens: list[int]
    starts: list[int]
    ends: list[int]
    paragraph: int
    start: int
    end: int

    def quotes(self) -> list[tuple[int, int]]:
        """Place in the tags and number of each quotation."""
        return [(place, -2 - token) for place, token in enumerate(self.tokens) if token < -1]


@dataclass(frozen=True)
class Words:
    """The words of one body: text, types, offsets, and by type the two tags and the form for look-up."""

    body: str
    types: list[int]
    starts: list[int]
    ends: list[int]
    tags: list[str]
    first_tags: list[str]
    forms: list[str]

    def form(self, token: int) -> str:
        """The form of a token for look-up (see `grammar.key`)."""
        return self.forms[self.types[token]]

    def text(self, token: int) -> str:
        """A token as printed."""
        return self.body[self.starts[token] : self.ends[token]]


def read_units(
    words: Words, sentences: Sequence[tuple[int, int, int, int]], quotes: Sequence[tuple[int, int]]
) -> list[Unit]:
    """The units of a body.

    Args:
        sentences: start, end (characters), first token, one past the last; in order.
        quotes: start and end of the content of each quotation; in order, none overlapping.
    """
    units: list[Unit] = []
    opened = [start for start, _ in quotes]
    paragraph, place, before = 0, 0, 0
    while place < len(sentences):
        start, end, first, beyond = sentences[place]
        if place and "\n" in words.body[before:start]:
            paragraph += 1
        place += 1
        # Every quotation that begins in the unit must end in it.
        while place < len(sentences) and _crosses(quotes, opened, sentences[place][0]):
            _, end, _, beyond = sentences[place]
            place += 1
        before = end
        low = bisect_left(opened, start - 1)
        high = bisect_left(opened, end)
        # A quotation without a word (“…”) may stand between sentences; it belongs to none.
        units.append(_unit(words, start, end, first, beyond, paragraph, quotes, low, high))
    return units


def _crosses(quotes: Sequence[tuple[int, int]], opened: list[int], at: int) -> bool:
    """Whether a quotation is open at a character where a sentence starts."""
    which = bisect_right(opened, at - 1) - 1
    return which >= 0 and quotes[which][1] > at


def _unit(
    words: Words,
    start: int,
    end: int,
    first: int,
    beyond: int,
    paragraph: int,
    quotes: Sequence[tuple[int, int]],
    low: int,
    high: int,
) -> Unit:
    tags: list[str] = []
    tokens: list[int] = []
    starts: list[int] = []
    ends: list[int] = []
    at, token, quote, fresh = start, first, low, True

    def put_gap(until: int) -> None:
        for mark, offset in _gap(words.body[at:until]):
            if mark == "s" and tags and QUOTE in tags[-2:]:
                continue  # the single mark that closes a quotation, no possessive
            if mark == "," and tags[-1:] == [","]:
                continue
            tags.append(mark)
            tokens.append(-1)
            starts.append(at + offset)
            ends.append(at + offset + 1)

    while token < beyond or quote < high:
        if quote < high and (token >= beyond or quotes[quote][0] <= words.starts[token]):
            begin, close = quotes[quote]
            put_gap(begin)
            tags.append(QUOTE)
            tokens.append(-2 - quote)
            starts.append(begin)
            ends.append(close)
            # A comma counts as if it stood behind the mark; a stop says that a sentence is over in the unit.
            last = words.body[close - 1]
            if last == "," or (last in ".!?" and token < beyond):
                tags.append("," if last == "," else ".")
                tokens.append(-1)
                starts.append(close)
                ends.append(close)
            at, quote, fresh = close, quote + 1, False
            token = max(token, bisect_left(words.starts, close, token, beyond))
            continue
        put_gap(words.starts[token])
        kind = words.types[token]
        tags.append(words.first_tags[kind] if fresh else words.tags[kind])
        tokens.append(token)
        starts.append(words.starts[token])
        at = words.ends[token]
        ends.append(at)
        token, fresh = token + 1, False
    put_gap(max(at, end))
    _drop_asides(tags, tokens, starts, ends)
    return Unit("".join(tags), tokens, starts, ends, paragraph, start, end)


def _drop_asides(tags: list[str], *columns: list[int]) -> None:
    """Take out a stop at the end, and what stands in brackets behind a name (D., Mass.): it parts name and verb."""
    while tags and tags[-1] == ".":
        for column in (tags, *columns):
            column.pop()
    for aside in reversed(list(_ASIDE.finditer("".join(tags))) if "(" in tags else ()):
        for column in (tags, *columns):
            del column[slice(*aside.span())]


@functools.lru_cache(maxsize=4096)
def _gap(gap: str) -> tuple[tuple[str, int], ...]:
    """The punctuation between two words that matters, and where it stands in the gap."""
    if gap in (" ", ""):
        return ()
    found: list[tuple[str, int]] = []
    for offset, mark in enumerate(gap):
        tag = _GAP_TAGS.get(mark)
        if tag is None and mark in "!?…":
            tag = "."  # a period inside a unit is one of an abbreviation
        elif mark == "-" and (gap[offset : offset + 2] == "--" or gap.strip(" ") == "-"):
            tag = "~"
        elif offset == 0 and mark in "'’" and gap[1:2] in (" ", ""):
            tag = "s"  # the officials’ plan
        if tag and not (found and found[-1][0] == tag):
            found.append((tag, offset))
    return tuple(found)
