"""Which hits are part of proper names: where a codebook's word may mean something else.

An ordinary word (its pattern is written small) is part of a name where it has a capital inside a sentence: *Security*
in *the Security Council*, *Trust* in *the National Trust*, *Grant* in *Hugh Grant*. Where a capital says nothing (first
in a sentence or a quotation, behind a colon) another word with a capital must stand directly behind it: *Great* in
*Great Britain*, but not in *Great losses*. Words for people (*Critic Ann Lee*) need a word for a body there (*Justice
Department*); a word for a nationality that describes a noun (*Terrible Russian losses*), a day or a month is none.

A pattern that is written with a capital looks for a name. It is part of a longer one where a further word of a name
stands beside it (*Post* in *Kyiv Post*) or before *of* (*Bank of Russia*); titles (*President Putin*), given names
(*Vladimir Putin*) and days are not such words.

Limits: bodies only; lines without small words are set in title case and tell nothing; a verb at the beginning of a
sentence with a name as its object (*Help Ukraine*) looks like a name.
"""

from __future__ import annotations

import numba
import numpy as np
import pandas as pd

from analysis.coding import characters, grammar
from analysis.coding.characters import HYPHEN, SLASH, SPACE
from analysis.coding.given import FEMALE, MALE, NO_PERSON, lexicon
from analysis.coding.scanning import decode
from analysis.coding.sentences import NEIGHBOURS
from analysis.coding.tokens import Tokens

(
    _CAPITAL,  # begins with a capital, and is not the pronoun I
    _TEXT,  # a small word that title case would write large: capitals beside it mean names
    _LINK,  # small inside names
    _OF,
    _THE,
    _DAY,  # a day or a month
    _PERSON,  # what somebody is: a title, a role
    _GIVEN,  # a given name
    _BODY,  # a word of names of bodies, places and things
    _NATION,  # what comes from somewhere
    _OPENER,  # begins sentences: no word of a name where it is the first
) = (1 << bit for bit in range(11))

_SMALL_IN_TITLES = lexicon(
    "a an the and or nor but of in on at to by for as off up out via per with from into over 's de la le du von van"
)
_LINKS = lexicon("of the and for on de la le du del von van der den bin ibn al el y &")
_DAYS = lexicon(
    """monday tuesday wednesday thursday friday saturday sunday january february march april june july august september
    october november december jan feb mar apr jun jul aug sep sept oct nov dec"""
)
_NATION_ENDS = ("ian", "ish", "ese", "ican", "raeli", "raqi", "stani", "ians", "icans")
_NATIONS = lexicon("french dutch german greek swiss thai afghan arab saudi turkish kurdish czech")


def in_names(found: pd.DataFrame, tokens: Tokens, gaps: np.ndarray, sentences: pd.DataFrame) -> np.ndarray:
    """bool, whether each hit is part of a proper name.

    Args:
        found: hits with pattern, first and beyond (tokens). gaps: what stands behind each token.
        sentences: of bodies only, with first_token and n_words, ascending; hits elsewhere are False.
    """
    result = np.zeros(len(found), np.bool_)
    first, beyond = found["first"].to_numpy(np.int64), found["beyond"].to_numpy(np.int64)
    starts = sentences["first_token"].to_numpy(np.int64)
    ends = starts + sentences["n_words"].to_numpy(np.int64)
    place = np.searchsorted(starts, first, side="right") - 1
    inside = np.flatnonzero(place >= 0)
    inside = inside[first[inside] < ends[place[inside]]]
    capital = np.zeros(len(tokens.raw), np.bool_)
    kinds = np.unique(tokens.types[first[inside]])
    capital[kinds] = [tokens.raw[kind][0].isupper() for kind in kinds.tolist()]
    rows = inside[capital[tokens.types[first[inside]]]]
    if not len(rows):
        return result
    result[rows] = _in_names(
        first[rows],
        beyond[rows],
        _named(found["pattern"].iloc[rows]),
        starts[place[rows]],
        ends[place[rows]],
        tokens.types,
        _flags(tokens, starts[place[rows]], ends[place[rows]]),
        gaps,
        tokens.byte_starts,
        tokens.byte_sizes,
        tokens.data,
        characters.class_table(),
    )
    return result


def _named(found: pd.Series) -> np.ndarray:
    """Whether each pattern has a word with a capital."""
    codes, known = pd.factorize(found)
    named = [any(word[0].isupper() for word in pattern.split()) for pattern in known]
    return np.array(named, np.bool_)[codes]


def _flags(tokens: Tokens, starts: np.ndarray, ends: np.ndarray) -> np.ndarray:
    """int32, what each raw type is; only the types of some sentences are looked at."""
    first, at = np.unique(starts, return_index=True)
    sizes = ends[at] - first
    inside = np.repeat(first - np.cumsum(sizes) + sizes, sizes) + np.arange(sizes.sum())
    flags = np.zeros(len(tokens.raw), np.int32)
    kinds = np.unique(tokens.types[inside])
    flags[kinds] = [_flags_of(tokens.raw[kind]) for kind in kinds.tolist()]
    return flags


def _flags_of(word: str) -> int:
    form = grammar.key(word)
    if not word[0].isupper() or form == "i" or form.startswith("i'"):
        links = (_LINK if form in _LINKS else 0) | (_OF if form == "of" else 0) | (_THE if form == "the" else 0)
        return links | (_TEXT if word[0].islower() and form not in _SMALL_IN_TITLES else 0)
    flags = _CAPITAL | (_DAY if form in _DAYS else 0)
    flags |= _PERSON if grammar.is_title(word) or grammar.is_role(form) else 0
    flags |= _BODY if form in NO_PERSON else 0
    flags |= _GIVEN if form in MALE or form in FEMALE else 0
    nation = form in _NATIONS or (len(form) > 5 and form.endswith(_NATION_ENDS))
    opener = grammar.closed_tag(form) or form.endswith("ly") or (form.endswith("ing") and len(form) > 6)
    return flags | (_NATION if nation else 0) | (_OPENER if opener else 0)


@numba.njit(nogil=True, cache=True)
def _in_names(first, beyond, named, starts, ends, types, flags, gaps, byte_starts, byte_sizes, data, table):
    """Whether each hit, in the sentence from ``starts`` to ``ends`` (tokens), is part of a name."""
    result = np.zeros(len(first), np.bool_)
    for hit in range(len(first)):
        low, high, start, end = first[hit], beyond[hit], starts[hit], ends[hit]
        capitals, small = 0, False
        for token in range(low, high):
            this = flags[types[token]]
            capitals += this & _CAPITAL != 0
            small |= this & (_CAPITAL | _LINK) == 0
        if small or not _has_text(types, flags, start, end):
            continue
        fresh = low == start or _opens(byte_starts[low], data, table)
        if not named[hit] and (not fresh or capitals > 1):
            result[hit] = True
            continue
        this = flags[types[high - 1]]
        behind = 0
        if high < end and _joined(high - 1, types, gaps, byte_starts, byte_sizes):
            behind = flags[types[high]]
        if behind & _NATION and not (
            high + 1 < end and _joined(high, types, gaps, byte_starts, byte_sizes) and flags[types[high + 1]] & _CAPITAL
        ):
            behind = 0
        if behind & _DAY:
            behind = 0
        if not named[hit]:
            if this & _PERSON:
                result[hit] = behind & _BODY != 0
            else:
                result[hit] = behind & _CAPITAL != 0 and this & _OPENER == 0
            continue
        result[hit] = (behind & _CAPITAL != 0 and behind & _PERSON == 0) or _extends_back(
            low, start, types, flags, gaps, byte_starts, byte_sizes
        )
    return result


@numba.njit(nogil=True, cache=True)
def _extends_back(low, start, types, flags, gaps, byte_starts, byte_sizes):
    """Whether a word of a name stands before token ``low``, directly or with *of* or *of the* between."""
    token = low - 1
    if token < start or not _joined(token, types, gaps, byte_starts, byte_sizes):
        return False
    if flags[types[token]] & _THE and token > start and flags[types[token - 1]] & _OF:
        token -= 1
    if flags[types[token]] & _OF:
        token -= 1
        if token < start or not _joined(token, types, gaps, byte_starts, byte_sizes):
            return False
    this = flags[types[token]]
    if this & _CAPITAL == 0 or this & (_PERSON | _GIVEN | _DAY):
        return False
    return token > start or this & _OPENER == 0


@numba.njit(nogil=True, cache=True)
def _has_text(types, flags, start, end):
    """Whether a sentence has a small word that title case would write large."""
    for token in range(start, end):  # noqa: SIM110 - numba has no any()
        if flags[types[token]] & _TEXT:
            return True
    return False


@numba.njit(nogil=True, cache=True)
def _joined(token, types, gaps, byte_starts, byte_sizes):
    """Whether one character, a space or a hyphen, parts a token from the next."""
    space = byte_starts[token + 1] - byte_starts[token] - byte_sizes[types[token]]
    return gaps[token] == NEIGHBOURS and space == 1


@numba.njit(nogil=True, cache=True)
def _opens(at, data, table):
    """Whether a mark that something begins behind stands before byte ``at``: a bracket, a quotation mark, a colon."""
    code, place = _before(at, data)
    kind = table[code]
    if kind == HYPHEN or kind == SLASH or code == 38:
        return False
    if kind != SPACE:
        return True
    code, _ = _before(place, data)
    return code == 58


@numba.njit(nogil=True, cache=True)
def _before(at, data):
    """The character that ends before byte ``at``, and its first byte."""
    place = at - 1
    while place > 0 and data[place] & 0xC0 == 0x80:
        place -= 1
    return (decode(data, place, at)[0], place) if place >= 0 else (np.int64(32), np.int64(0))
