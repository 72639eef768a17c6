"""Quotation marks and what stands around each: whether it opens or closes by its place, whether it is an apostrophe.

All marks of some bodies are looked at together, as arrays; what a character is to a mark is found once a character.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence
from typing import NamedTuple

import numba
import numpy as np

# Families whose marks pair with each other; a family's marks nest in, but never close, another's.
_FAMILIES = ('"“”„‟', "'‘’‚‛", "«»‹›", "「」", "『』")
SINGLE = 2  # families are numbered from 1
_ALL = "".join(_FAMILIES)
_OPENS_BY_FORM, _CLOSES_BY_FORM = "“„‟«‹‘‚‛「『", "”»›’」』"
_BEFORE_OPENING = "([{—–-/¿¡…" + _ALL
_BEHIND_SINGLE = "[(…$£€" + _ALL
_CLOSES_SINGLE, _LATER_SINGLE = "'’‘", "'’‘‛"
_ANY_MARK = re.compile(f"[{_ALL}]")
# Words that begin with an apostrophe.
_ELIDED = re.compile(r"(?:\d\ds?|em|tis|twas|til|cause|bout|n|round|ere)\b", re.IGNORECASE)
# What a character beside a mark is.
_SPACE, _ALNUM, _DIGIT, _LOWER, _MAY_LEAD, _MAY_FOLLOW, _ENDS_PLURAL = (1 << bit for bit in range(7))
# What a mark is by its place and form. `TURNS`: opens where none is open, else closes; `INCHES`: stands behind a digit;
# `MAY_OPEN`, `MAY_CLOSE`: of single marks; `PLURAL`: may be the apostrophe of one (the officials' plan); `LATER`: a
# single mark that can close comes later in the paragraph, before another opens.
OPENS, CLOSES, TURNS, INCHES, MAY_OPEN, MAY_CLOSE, PLURAL, LATER = (1 << bit for bit in range(8))
_NEWLINE = ord("\n")


class Marks(NamedTuple):
    """Marks in order, as arrays: character, family, bits, and the paragraph around it (first character, one past)."""

    places: np.ndarray
    families: np.ndarray
    bits: np.ndarray
    begins: np.ndarray
    ends: np.ndarray


def find_marks(text: str, codes: np.ndarray) -> Marks:
    """The marks of a text whose first and last character is a line break; apostrophes inside words are left out.

    Args:
        codes: its code points, uint32.
    """
    places, families, begins, ends = _find(codes, _FAMILY_OF)
    before, behind, second = _kinds(codes[places - 1], codes[places + 1], codes[np.minimum(places + 2, len(codes) - 1)])
    single = families == SINGLE
    kept = ~(single & (before & behind & _ALNUM > 0))
    places, families, begins, ends, before, behind, second, single = (
        column[kept] for column in (places, families, begins, ends, before, behind, second, single)
    )
    mark = codes[places]
    leads = before & (_SPACE | _MAY_LEAD) > 0
    spaced, followed = before & _SPACE > 0, behind & _ALNUM > 0
    opens, closes = leads & (behind & _SPACE == 0), ~spaced & ~followed
    plain = opens != closes
    by_form = _is_one_of(mark, _OPENS_BY_FORM) & ~((mark == ord("“")) & ~opens)
    opening = np.where(plain, opens, by_form)
    closing = np.where(plain, closes, _is_one_of(mark, _CLOSES_BY_FORM))
    bits = np.select([opening, closing], [OPENS, CLOSES], TURNS)
    bits |= np.where((mark == ord('"')) & (before & _DIGIT > 0), INCHES, 0)
    # Single marks are more often apostrophes.
    in_place = single & leads & (behind & (_ALNUM | _MAY_FOLLOW) > 0)
    may_open = in_place & (mark != ord("’"))
    for at in np.flatnonzero(may_open).tolist():
        may_open[at] = _ELIDED.match(text, places[at] + 1) is None
    may_close = single & ~in_place & ~spaced & _is_one_of(mark, _CLOSES_SINGLE)
    plural = (before & _ENDS_PLURAL > 0) & (codes[places + 1] == ord(" ")) & (second & _LOWER > 0)
    bits = np.where(single, MAY_OPEN * may_open + MAY_CLOSE * may_close + PLURAL * plural, bits)
    ending = single & ~spaced & ~followed & _is_one_of(mark, _LATER_SINGLE)
    _put_later(bits, begins, ending, spaced & (mark == ord("‘")))
    return Marks(places, families, bits, begins, ends)


@numba.njit(nogil=True, cache=True)
def _find(codes, family_of):
    n = 0
    for code in codes:
        n += code < len(family_of) and family_of[code] > 0
    places, begins, ends = np.empty(n, np.int64), np.empty(n, np.int64), np.empty(n, np.int64)
    families = np.empty(n, np.uint8)
    n, first, begin = 0, 0, 0  # first: of the paragraph
    for at in range(len(codes)):
        code = codes[at]
        if code == _NEWLINE:
            ends[first:n] = at
            first, begin = n, at + 1
        elif code < len(family_of) and family_of[code]:
            places[n], families[n], begins[n] = at, family_of[code], begin
            n += 1
    return places, families, begins, ends


@numba.njit(nogil=True, cache=True)
def _put_later(bits, begins, ends_one, opens_one):
    """Put `LATER` to each mark behind which, in its paragraph, one can end a quotation before one opens another."""
    later = False
    for at in range(len(bits) - 1, -1, -1):
        if at + 1 < len(bits) and begins[at] != begins[at + 1]:
            later = False
        if later:
            bits[at] |= LATER
        if ends_one[at] or opens_one[at]:
            later = ends_one[at]


def _kinds(*columns: np.ndarray) -> list[np.ndarray]:
    """What the characters beside marks are, as bits."""
    codes, which = np.unique(np.concatenate(columns), return_inverse=True)
    bits = np.array([*map(_kind, codes.tolist()), 0], np.int64)
    return np.split(bits[which], len(columns))


@functools.cache
def _kind(code: int) -> int:
    character = chr(code)
    return (
        _SPACE * character.isspace()
        + _ALNUM * character.isalnum()
        + _DIGIT * character.isdigit()
        + _LOWER * character.islower()
        + _MAY_LEAD * (character in _BEFORE_OPENING)
        + _MAY_FOLLOW * (character in _BEHIND_SINGLE)
        + _ENDS_PLURAL * (character in "sS")
    )


def _is_one_of(codes: np.ndarray, marks: str) -> np.ndarray:
    return np.isin(codes, [ord(mark) for mark in marks])


def _family_table() -> np.ndarray:
    """uint8, the number of the family of each code point; 0: no mark."""
    table = np.zeros(max(map(ord, _ALL)) + 1, np.uint8)
    for number, marks in enumerate(_FAMILIES, 1):
        for mark in marks:
            table[ord(mark)] = number
    return table


_FAMILY_OF = _family_table()


def plain_marks(bodies: Sequence[str]) -> str:
    """The bodies, each as long as before, a line break between and around them, with marks made plain.

    Those of typewriters and of the Penn Treebank (`` '') become a mark and a space, outside the quotation, so that all
    offsets stay.
    """
    joined = "\n".join(["", *bodies, ""])
    if "`" in joined or "''" in joined:
        joined = "\n".join(["", *map(_plain, bodies), ""])
    return joined


def _plain(body: str) -> str:
    if _ANY_MARK.search(body) is None:
        return body  # nothing but backticks
    if "``" in body or "''" in body:
        body = body.replace("``", " “")
        body = re.sub(r"(?:(?<=\s)|^)''(?=\w)", " “", body)
        body = re.sub(r"''" if "“" in body else r"(?<!\d)''", "” ", body)
    return re.sub(r"(?<![\w`])`(?=\w)", "‘", body) if "`" in body else body
