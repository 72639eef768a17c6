"""Units: the stretches of a body that attribution reads, each with its string of tags.

A unit is a sentence, or several where a quotation reaches over their bounds (``“We go. Now,” he said.``). In its tags a
quotation is one letter, and the words inside it do not take part in the reporter's sentence.

All units of some bodies are read in one pass over integers (`read_lines`), and so are the rules that follow: no list
of a unit's places is ever made (those would be 4,000 objects an article). Words are asked for where a name is read.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numba
import numpy as np

from analysis.coding.grammar import NAME, QUOTE, TITLE, letters
from analysis.coding.spoken_names import Phrase, read_phrase
from analysis.coding.tokens import Tokens

_MARK_TAGS = {",": ",", ";": ";", ":": ":", "(": "(", "[": "(", ")": ")", "]": ")", "!": ".", "?": "."}
_Q, _N, _T, _S, _O, _ROLE, _COMMA, _STOP, _DASH, _OPEN, _CLOSE = (ord(tag) for tag in (QUOTE, NAME, TITLE, *"sor,.~()"))
_ASIDE, _BEFORE_ASIDE = letters("N#DjFopr~,KR"), letters("Nrj")
_LONGEST_ASIDE, _LONGEST_NAME = 8, 6


class Words(NamedTuple):
    """The raw types of the tokens: as printed, and the form for look-up (`grammar.key`)."""

    raw: list[str]
    forms: list[str]


@dataclass(slots=True)
class Unit:
    """One unit: its string of tags, and the form for look-up of the word at each place of it.

    low: its first place in `Lines`.
    """

    tags: str
    low: int
    _units: Units

    def form(self, place: int) -> str:
        """The form of the word at a place; empty for a mark or a quotation."""
        return self._units.form_at(self.low + place)


class Lines(NamedTuple):
    """The units of some bodies, as arrays.

    One row for each place: tags (uint8, an ASCII letter); kinds (int32: of a word its raw type, of the quotation of
    number q of its body ``-2 - q``, of a mark -1); starts, ends (int32, characters of the body).
    One row for each unit: bounds (its first place; one more than units), begins (first character), paragraphs (each of
    another number than those of other bodies).
    One row for each body: units (the number of its first unit; one more than bodies), bases (likewise its first
    character in codes, the code points of all bodies).
    """

    tags: np.ndarray
    kinds: np.ndarray
    starts: np.ndarray
    ends: np.ndarray
    bounds: np.ndarray
    begins: np.ndarray
    paragraphs: np.ndarray
    units: np.ndarray
    bases: np.ndarray
    codes: np.ndarray


class Units:
    """The words of some units: places are those of `Lines`. Few are looked at: no list of all is made."""

    def __init__(self, lines: Lines, words: Words) -> None:
        self._words = words
        self.paragraphs: list[int] = lines.paragraphs.tolist()
        self.starts, self.ends = memoryview(lines.starts), memoryview(lines.ends)
        self._kinds = memoryview(lines.kinds)
        self._tags = lines.tags.tobytes().decode("ascii")
        self._bounds = memoryview(lines.bounds)

    def __getitem__(self, number: int) -> Unit:
        low = self._bounds[number]
        return Unit(self._tags[low : self._bounds[number + 1]], low, self)

    def form_at(self, place: int) -> str:
        """The form of the word at a place; empty for a mark or a quotation."""
        kind = self._kinds[place]
        return self._words.forms[kind] if kind >= 0 else ""

    def tag_at(self, place: int) -> str:
        """The tag at a place."""
        return self._tags[place]

    def words_at(self, low: int, high: int) -> tuple[str, ...]:
        """The words as printed from a place to another, where no mark stands between."""
        raw = self._words.raw
        return tuple([raw[kind] for kind in self._kinds[low:high]])

    def phrase(self, low: int, high: int) -> Phrase:
        """What stands from a place to another; marks are left out."""
        kinds, tags = self._kinds[low:high].tolist(), self._tags[low:high]
        if min(kinds) < 0:
            tags = "".join(tag for kind, tag in zip(kinds, tags, strict=True) if kind >= 0)
        raw = self._words.raw
        return read_phrase(tuple([raw[kind] for kind in kinds if kind >= 0]), tags)


def read_lines(
    bodies: Sequence[str],
    tokens: Tokens,
    tags: tuple[np.ndarray, np.ndarray],
    sentences: tuple[np.ndarray, ...],
    quotes: tuple[np.ndarray, ...],
) -> Lines:
    """The units of some bodies.

    Args:
        tags: uint8, by raw type, inside a sentence and as its first word.
        sentences: of each body the first row and one past the last of the columns that follow: start, end (characters),
            first token, n_words. quotes: of each body the first row, and one past the last body's; start and end of
            the content of each quotation; in order, none overlapping.
    """
    # A code point for each character, so that offsets into bodies are offsets here.
    codes = np.frombuffer("".join(bodies).encode("utf-32-le", "surrogatepass"), np.uint32)
    bases = np.cumsum([0, *map(len, bodies)])
    arrays = _read(codes, bases, tokens.types, tokens.starts, tokens.sizes, *tags, *sentences, *quotes)
    return Lines(*arrays, bases, codes)


def name_runs(lines: Lines) -> tuple[np.ndarray, ...]:
    """Runs of capitals with the titles before them, as columns of `names.Run`."""
    return _name_runs(lines.tags, lines.bounds)


def _mark_table() -> np.ndarray:
    """uint8, the tag of each character of ASCII that is a mark by itself; 0 for others."""
    table = np.zeros(128, np.uint8)
    for mark, tag in _MARK_TAGS.items():
        table[ord(mark)] = ord(tag)
    return table


_MARKS = _mark_table()


@numba.njit(nogil=True, cache=True)
def _read(codes, bases, types, token_starts, sizes, tags, first_tags, low_rows, high_rows, s_starts, s_ends, s_first,
          s_words, q_rows, opened, closed):  # fmt: skip
    """The arrays of `Lines`."""
    n_words = 0
    for body in range(len(low_rows)):
        n_words += s_words[low_rows[body] : high_rows[body]].sum()
    room = n_words + len(codes) + 4 * (q_rows[-1] - q_rows[0]) + 1
    out, kinds = np.empty(room, np.uint8), np.empty(room, np.int32)
    starts, ends = np.empty(room, np.int32), np.empty(room, np.int32)
    n_sentences = (high_rows - low_rows).sum()
    bounds, begins = np.zeros(n_sentences + 1, np.int64), np.empty(n_sentences, np.int64)
    paragraphs = np.empty(n_sentences, np.int64)
    units = np.zeros(len(low_rows) + 1, np.int64)
    n, unit, paragraph = 0, 0, -1
    for body in range(len(low_rows)):
        text = codes[bases[body] : bases[body + 1]]
        row, last_row = low_rows[body], high_rows[body]
        first_quote, last_quote = q_rows[body], q_rows[body + 1]
        before = 0
        while row < last_row:
            start, end, token, beyond = s_starts[row], s_ends[row], s_first[row], s_first[row] + s_words[row]
            if row == low_rows[body] or (text[before:start] == 0x0A).any():
                paragraph += 1
            row += 1
            # Every quotation that begins in the unit must end in it.
            while row < last_row and _crosses(opened, closed, first_quote, last_quote, s_starts[row]):
                end, beyond = s_ends[row], s_first[row] + s_words[row]
                row += 1
            before = end
            # A quotation without a word (“…”) may stand between sentences; it belongs to none.
            quote = first_quote + np.searchsorted(opened[first_quote:last_quote], start - 1)
            high = first_quote + np.searchsorted(opened[first_quote:last_quote], end)
            low, at, fresh = n, start, True
            while token < beyond or quote < high:
                if quote < high and (token >= beyond or opened[quote] <= token_starts[token]):
                    begin, close = opened[quote], closed[quote]
                    n = _put_gap(text, at, begin, out, kinds, starts, ends, low, n)
                    out[n], kinds[n], starts[n], ends[n] = _Q, first_quote - 2 - quote, begin, close
                    n += 1
                    # A comma counts as if it stood behind the mark; a stop says that a sentence is over in the unit.
                    last = text[close - 1]
                    stopped = last == 0x2E or last == 0x21 or last == 0x3F
                    if last == 0x2C or (stopped and token < beyond):
                        out[n], kinds[n], starts[n], ends[n] = _STOP if stopped else _COMMA, -1, close, close
                        n += 1
                    at, quote, fresh = close, quote + 1, False
                    while token < beyond and token_starts[token] < close:
                        token += 1
                    continue
                if token_starts[token] - at > 1 or (token_starts[token] > at and text[at] != 0x20):
                    n = _put_gap(text, at, token_starts[token], out, kinds, starts, ends, low, n)
                kind = types[token]
                at = token_starts[token] + sizes[kind]
                out[n], kinds[n] = first_tags[kind] if fresh else tags[kind], kind
                starts[n], ends[n] = token_starts[token], at
                n += 1
                token, fresh = token + 1, False
            n = _put_gap(text, at, end, out, kinds, starts, ends, low, n)
            n = _drop_asides(out, kinds, starts, ends, low, n)
            begins[unit], paragraphs[unit] = start, paragraph
            unit += 1
            bounds[unit] = n
        units[body + 1] = unit
    return (
        out[:n].copy(), kinds[:n].copy(), starts[:n].copy(), ends[:n].copy(),
        bounds[: unit + 1].copy(), begins[:unit].copy(), paragraphs[:unit].copy(), units,
    )  # fmt: skip


@numba.njit(nogil=True, cache=True)
def _crosses(opened, closed, first, beyond, at):
    """Whether a quotation is open at a character where a sentence starts."""
    which = first + np.searchsorted(opened[first:beyond], at) - 1
    return which >= first and closed[which] > at


@numba.njit(nogil=True, cache=True)
def _put_gap(text, at, until, out, kinds, starts, ends, low, n):
    """Put the marks between two characters that matter behind the places of a unit; of like marks in a row the first.

    Returns one past the last place.
    """
    before = 0
    for here in range(at, until):
        mark = _mark_at(text, at, here, until)
        if mark == 0 or mark == before:
            continue
        before = mark
        # The single mark that closes a quotation is no possessive.
        closing = mark == _S and ((n > low and out[n - 1] == _Q) or (n - 1 > low and out[n - 2] == _Q))
        if closing or (mark == _COMMA and n > low and out[n - 1] == _COMMA):
            continue
        out[n], kinds[n], starts[n], ends[n] = mark, -1, here, here + 1
        n += 1
    return n


@numba.njit(nogil=True, cache=True)
def _mark_at(text, low, at, high):
    """The tag of a character of the gap from ``low`` to ``high``; 0 for none."""
    code = text[at]
    if code < 128 and _MARKS[code]:
        return _MARKS[code]
    if code == 0x2014 or code == 0x2013:
        return _DASH
    if code == 0x2026:
        return _STOP  # a period inside a unit is one of an abbreviation
    if code == 0x2D and ((at + 1 < high and text[at + 1] == 0x2D) or _alone(text, low, at, high)):
        return _DASH
    if at == low and (code == 0x27 or code == 0x2019) and (at + 1 == high or text[at + 1] == 0x20):
        return _S  # the officials’ plan
    return 0


@numba.njit(nogil=True, cache=True)
def _alone(text, low, at, high):
    """Whether a gap holds nothing but spaces and the mark at a character."""
    other = low
    while other < high and (other == at or text[other] == 0x20):
        other += 1
    return other == high


@numba.njit(nogil=True, cache=True)
def _drop_asides(out, kinds, starts, ends, low, n):
    """Take out a stop at the end, and what stands in brackets behind a name (D., Mass.): it parts name and verb.

    Returns one past the last place.
    """
    while n > low and out[n - 1] == _STOP:
        n -= 1
    at, kept = low, low
    while at < n:
        if out[at] == _OPEN and at > low and _BEFORE_ASIDE[out[at - 1]]:
            close = at + 1
            while close < n and close - at <= _LONGEST_ASIDE and _ASIDE[out[close]]:
                close += 1
            if close > at + 1 and close < n and out[close] == _CLOSE:
                at = close + 1
                continue
        out[kept], kinds[kept], starts[kept], ends[kept] = out[at], kinds[at], starts[at], ends[at]
        at, kept = at + 1, kept + 1
    return kept


@numba.njit(nogil=True, cache=True)
def _name_runs(tags, bounds):
    """See `name_runs`: titles, then one to six names."""
    units, lows, highs, begins = np.empty((4, len(tags)), np.int32)
    roles = np.empty(len(tags), np.bool_)
    n = 0
    for unit in range(len(bounds) - 1):
        first, beyond = bounds[unit], bounds[unit + 1]
        at = first
        while at < beyond:
            name = at
            while name < beyond and tags[name] == _T:
                name += 1
            high = name
            while high < beyond and high - name < _LONGEST_NAME and tags[high] == _N:
                high += 1
            if high > name:
                begin = _full_name(tags, at, name, high, first, beyond)
                units[n], lows[n], highs[n], begins[n] = unit, at, high, begin
                roles[n] = begin >= 0 and _has_role(tags, begin, high, first, beyond)
                n += 1
            at = max(high, at + 1)
    return units[:n], lows[:n], highs[:n], begins[:n], roles[:n]


@numba.njit(nogil=True, cache=True)
def _full_name(tags, low, name, high, first, beyond):
    """Where in a run of titles and names a full name, or the name behind a title, begins; -1 where it holds none."""
    titled = name > low
    if not titled and high - name > 1 and high < beyond and tags[high] == _T:
        return -1  # US Defense Secretary: what stands before a title is no name
    if not titled and name > first + 1 and tags[name - 1] == _O and (tags[name - 2] == _T or tags[name - 2] == _N):
        name += 1  # Secretary of State Ann Lee
    return name if high - name > 1 or (titled and high > name) else -1


@numba.njit(nogil=True, cache=True)
def _has_role(tags, low, high, first, beyond):
    """Whether a role stands before a run (spokesman Ann Lee) or opens the apposition behind it."""
    if low > first and tags[low - 1] == _ROLE:
        return True
    if high < beyond and tags[high] == _COMMA:
        for place in range(high + 1, min(high + 6, beyond)):
            if tags[place] == _ROLE:
                return True
    return False
