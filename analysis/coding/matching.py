"""Patterns → where they match: compiled once for a vocabulary, then looked for in any tokens of it.

A pattern is looked for at its rarest word, so that ten thousand patterns cost little more than a few hundred: most
tokens are passed over after one look at their type.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numba
import numpy as np

from analysis.coding.patterns import parse, spellings
from analysis.coding.sentences import BOUND, NEIGHBOURS, PARTED
from analysis.coding.tokens import Tokens, frozen
from analysis.coding.vocabulary import Vocabulary

GAP_WORDS = 3
_TIGHT, _LOOSE, _MARKED = 0, 1, 2  # how a word follows the one before it


@dataclass(frozen=True)
class Hits:
    """Every place where a pattern matches, overlaps and all: first token, one past the last, which pattern."""

    first: np.ndarray
    beyond: np.ndarray
    pattern: np.ndarray


@dataclass(frozen=True)
class Compiled:
    """Patterns over a vocabulary. A *way* is a pattern written with spaces or hyphens, an *element* one of its words.

    Attributes:
        pattern, anchor: of each way its pattern, and which of its words is looked for first.
        element_bounds, element_of: the elements of type t are ``element_of[element_bounds[t]:element_bounds[t + 1]]``.
        way_bounds, way_of: in the same manner, the ways whose anchor is an element.
        word_bounds, words, follows: the elements of each way, and how each follows the one before it.
        befores: of each way, what `patterns.parse` says stands before each word.
        anchored: of each type, how many ways are looked for where it stands.
    """

    pattern: np.ndarray
    anchor: np.ndarray
    element_bounds: np.ndarray
    element_of: np.ndarray
    way_bounds: np.ndarray
    way_of: np.ndarray
    word_bounds: np.ndarray
    words: np.ndarray
    follows: np.ndarray
    befores: list[list[bool | str]]
    anchored: np.ndarray


def compile_patterns(patterns: Sequence[tuple[str, bool]], vocabulary: Vocabulary, counts: np.ndarray) -> Compiled:
    """Patterns (text, case-sensitive or not) as numbers of types.

    Args:
        counts: how often each raw type of the vocabulary stands in the tokens: patterns are looked for at rare ones.
    """
    elements: dict[tuple[str, bool], int] = {}
    ways: list[tuple[int, list[int], list[bool | str]]] = []
    for number, (pattern, sensitive) in enumerate(patterns):
        words = parse(pattern)
        if not vocabulary.may_begin(words[0][0], sensitive=sensitive):
            continue
        for way in spellings(words, vocabulary, sensitive=sensitive):
            ids = [elements.setdefault((word, sensitive), len(elements)) for word, _ in way]
            ways.append((number, ids, [before for _, before in way]))
    sets = [vocabulary.types_of(word, sensitive=sensitive) for word, sensitive in elements]
    set_of = np.repeat(np.arange(len(sets)), [len(types) for types in sets])
    members = np.concatenate(sets) if sets else np.zeros(0, np.int32)
    element_bounds, element_of = grouped(members, set_of, len(counts))
    met = np.bincount(set_of, weights=counts[members], minlength=len(sets)).tolist()
    anchors = [_anchor(ids, befores, met) for _, ids, befores in ways]
    anchor_elements = [ids[anchor] for (_, ids, _), anchor in zip(ways, anchors, strict=True)]
    way_bounds, way_of = grouped(np.array(anchor_elements, np.int64), np.arange(len(ways)), len(elements))
    anchored = np.bincount(members, weights=np.diff(way_bounds)[set_of], minlength=len(counts))
    return Compiled(
        pattern=np.array([number for number, _, _ in ways], np.int64),
        anchor=np.array(anchors, np.int64),
        element_bounds=element_bounds,
        element_of=element_of,
        way_bounds=way_bounds,
        way_of=way_of,
        word_bounds=np.cumsum([0, *(len(ids) for _, ids, _ in ways)]),
        words=np.array([element for _, ids, _ in ways for element in ids], np.int64),
        follows=np.array([_follows(before) for _, _, befores in ways for before in befores], np.uint8),
        befores=[befores for _, _, befores in ways],
        anchored=anchored.astype(np.int64),
    )


def _anchor(ids: list[int], befores: list[bool | str], met: list[float]) -> int:
    """The rarest of the words that stand at a known distance from the first: those before a gap."""
    known = befores.index(True) if True in befores else len(ids)
    return min(range(known), key=lambda place: met[ids[place]])


def _follows(before: bool | str) -> int:
    """How a word follows the one before it, as `_match` reads it."""
    return _LOOSE if before is True else _MARKED if before else _TIGHT


def find(tokens: Tokens, gaps: np.ndarray, patterns: Sequence[tuple[str, bool]], vocabulary: Vocabulary) -> Hits:
    """Every match of every pattern (text, case-sensitive or not).

    Args:
        gaps: what stands behind each token (see `sentences.sentence_bounds`).

    Returns:
        Hits in order of the first token, overlapping ones included.
    """
    compiled = compile_patterns(patterns, vocabulary, np.bincount(tokens.types, minlength=len(tokens.raw)))

    def between(token: int) -> bytes:
        return bytes(tokens.data[tokens.byte_ends[token - 1] : tokens.byte_starts[token]])

    return find_compiled(tokens.types, gaps, compiled, between=between)


def find_compiled(
    types: np.ndarray,
    gaps: np.ndarray,
    compiled: Compiled,
    *,
    between: Callable[[int], bytes],
    numbers: np.ndarray | None = None,
) -> Hits:
    """The same for patterns that have been compiled.

    Args:
        types: each token's type. between: what stands before a token; asked for patterns that hold marks.
        numbers: of each type, which one of the vocabulary it is; None: the types are those of the vocabulary.
    """
    if numbers is None:
        numbers = np.arange(len(compiled.anchored), dtype=np.int32)
    anchored = compiled.anchored[numbers]
    asked, most = anchored > 0, int(anchored.max(initial=0))
    types, gaps, numbers = frozen(types), frozen(gaps), frozen(numbers)
    parts, token = [], 0
    room = max(len(types) // 8, most, 1)
    while token < len(types) and len(compiled.pattern):
        token, *part = _find(
            types,
            gaps,
            numbers,
            asked,
            most,
            compiled.element_bounds,
            compiled.element_of,
            compiled.way_bounds,
            compiled.way_of,
            compiled.word_bounds,
            compiled.words,
            compiled.follows,
            compiled.anchor,
            token,
            room,
        )
        parts.append(part)
    nothing = np.zeros(0, np.int64)
    first, beyond, way = (np.concatenate(column) for column in zip(*parts, strict=True)) if parts else (nothing,) * 3
    kept = _with_their_marks(first, way, compiled.befores, between)
    first, beyond, way = first[kept], beyond[kept], way[kept]
    if compiled.anchor.any():
        order = np.argsort(first * max(len(compiled.pattern), 1) + way)
        first, beyond, way = first[order], beyond[order], way[order]
    return Hits(first, beyond, compiled.pattern[way])


def _with_their_marks(
    first: np.ndarray, way: np.ndarray, befores: list[list[bool | str]], between: Callable[[int], bytes]
) -> np.ndarray:
    """Whether the marks of each match stand in the text. Such patterns are few, so their matches are read one by one.

    Behind a gap of unknown width a mark is taken on trust.
    """
    kept = np.ones(len(first), np.bool_)
    marked = [any(isinstance(one, str) and one for one in before) and True not in before for before in befores]
    for hit in np.flatnonzero(np.array(marked, np.bool_)[way]):
        for place, mark in enumerate(befores[way[hit]]):
            if mark and between(first[hit] + place).split() != [mark.encode()]:
                kept[hit] = False
                break
    return kept


def grouped(keys: np.ndarray, values: np.ndarray, n: int) -> tuple[np.ndarray, np.ndarray]:
    """Values grouped by key (0 … n-1): row k is ``values[bounds[k]:bounds[k + 1]]``."""
    order = np.argsort(keys, kind="stable")
    return np.searchsorted(keys[order], np.arange(n + 1)), values[order]


@numba.njit(nogil=True, cache=True)
def _find(
    types, gaps, numbers, asked, most, element_bounds, element_of, way_bounds, way_of, word_bounds, words, follows,
    anchor, token, room,
):  # fmt: skip
    """Try every way at every token, from ``token`` on, that may be its anchor; stop where the room is full.

    ``asked``: whether a type is an anchor; ``most``: of how many ways at most.
    """
    first, beyond, found = np.empty(room, np.int64), np.empty(room, np.int64), np.empty(room, np.int64)
    n = 0
    while token < len(types) and n + most <= room:
        if not asked[types[token]]:
            token += 1
            continue
        this = numbers[types[token]]
        for place in range(element_bounds[this], element_bounds[this + 1]):
            element = element_of[place]
            for entry in range(way_bounds[element], way_bounds[element + 1]):
                way = way_of[entry]
                begin, end = token, token + 1
                if word_bounds[way + 1] - word_bounds[way] > 1:
                    begin -= anchor[way]
                    if begin < 0:
                        continue
                    end = _match(
                        types, gaps, numbers, element_bounds, element_of, words, follows, word_bounds[way],
                        word_bounds[way + 1], begin,
                    )  # fmt: skip
                if end > 0:
                    first[n], beyond[n], found[n] = begin, end, way
                    n += 1
        token += 1
    return token, first[:n].copy(), beyond[:n].copy(), found[:n].copy()


@numba.njit(nogil=True, cache=True)
def _match(types, gaps, numbers, element_bounds, element_of, words, follows, word, last, token):
    """One past the last token of the shortest match of words ``word`` to ``last - 1`` at ``token``; 0 for none.

    ``reached`` holds as bits the tokens (behind ``token``) where the words so far may end.
    """
    if not _is(numbers[types[token]], words[word], element_bounds, element_of):
        return 0
    reached = np.uint64(1)
    for at in range(word + 1, last):
        here = np.uint64(0)
        for offset in range(63):
            if reached >> np.uint64(offset) == 0:
                break
            if not (reached >> np.uint64(offset)) & np.uint64(1):
                continue
            place = token + offset
            if follows[at] != _LOOSE:
                if gaps[place] <= (PARTED if follows[at] == _MARKED else NEIGHBOURS) and _is(
                    numbers[types[place + 1]], words[at], element_bounds, element_of
                ):
                    here |= np.uint64(1) << np.uint64(offset + 1)
                continue
            for step in range(1, GAP_WORDS + 2):
                if offset + step > 62 or gaps[place + step - 1] == BOUND:
                    break
                if _is(numbers[types[place + step]], words[at], element_bounds, element_of):
                    here |= np.uint64(1) << np.uint64(offset + step)
        if here == 0:
            return 0
        reached = here
    offset = 0
    while not (reached >> np.uint64(offset)) & np.uint64(1):
        offset += 1
    return token + offset + 1


@numba.njit(nogil=True, cache=True, inline="always")
def _is(this, element, element_bounds, element_of):
    """Whether a type is one of an element's."""
    for place in range(element_bounds[this], element_bounds[this + 1]):  # noqa: SIM110 - numba has no any()
        if element_of[place] == element:
            return True
    return False
