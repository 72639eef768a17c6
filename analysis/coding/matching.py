"""Patterns → where they match: compiled once for a vocabulary, then looked for in any tokens of it.

A pattern is looked for at its rarest word, so that ten thousand patterns cost little more than a few hundred: most
tokens are passed over after one look at their type.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np

from analysis.coding.gaps import BOUND, NEIGHBOURS, PARTED
from analysis.coding.patterns import parse, spellings
from analysis.coding.tokens import Tokens
from analysis.coding.vocabulary import Vocabulary

GAP_WORDS = 3
_TIGHT, _LOOSE, _MARKED = 0, 1, 2  # how a word follows the one before it
_AT_ONCE = 1 << 19  # tokens


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
        anchored: of each type, whether ways are looked for where it stands.
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

    @cached_property
    def sizes(self) -> np.ndarray:
        """The words of each way."""
        return np.diff(self.word_bounds)

    @cached_property
    def _pairs(self) -> np.ndarray:
        """Types and their elements as one number each, in order."""
        return _paired(np.repeat(np.arange(len(self.anchored)), np.diff(self.element_bounds)), self.element_of)

    def has(self, types: np.ndarray, elements: np.ndarray) -> np.ndarray:
        """Whether types are among those of elements."""
        found = self.element_bounds[types + 1] > self.element_bounds[types]  # most types are no pattern's
        asked = _paired(types[found], elements[found])
        place = np.minimum(np.searchsorted(self._pairs, asked), len(self._pairs) - 1)
        found[found] = self._pairs[place] == asked
        return found


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
    anchored = np.zeros(len(counts), np.bool_)
    anchored[members[np.diff(way_bounds)[set_of] > 0]] = True
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
        anchored=anchored,
    )


def _paired(types: np.ndarray, elements: np.ndarray) -> np.ndarray:
    """A type and an element as one number."""
    return types.astype(np.int64) << 32 | elements


def _anchor(ids: list[int], befores: list[bool | str], met: list[float]) -> int:
    """The rarest of the words that stand at a known distance from the first: those before a gap."""
    known = befores.index(True) if True in befores else len(ids)
    return min(range(known), key=lambda place: met[ids[place]])


def _follows(before: bool | str) -> int:
    """How a word follows the one before it, as `_next` reads it."""
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
    asked = compiled.anchored[numbers]
    nothing = np.zeros(0, np.int64)
    parts = [(nothing, nothing, nothing)]
    for low in range(0, len(types) if asked.any() else 0, _AT_ONCE):
        tokens = np.flatnonzero(asked[types[low : low + _AT_ONCE]]) + low
        parts.append(_found(_Words(types, gaps, numbers), compiled, tokens))
    first, beyond, way = (np.concatenate(column) for column in zip(*parts, strict=True))
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


class _Words(NamedTuple):
    """The tokens that are looked through; ``numbers``: of each type, which one of the vocabulary it is."""

    types: np.ndarray
    gaps: np.ndarray
    numbers: np.ndarray

    def at(self, tokens: np.ndarray) -> np.ndarray:
        """The types of some tokens, as the vocabulary numbers them."""
        return self.numbers[self.types[tokens]]


def _found(words: _Words, compiled: Compiled, tokens: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The matches of all ways that have their anchor at some tokens: first token, one past the last, and way."""
    own, place = spread(compiled.element_bounds, words.at(tokens))
    tokens, elements = tokens[own], compiled.element_of[place]
    own, place = spread(compiled.way_bounds, elements)
    way = compiled.way_of[place]
    first = tokens[own] - compiled.anchor[way]
    beyond = first + 1
    several = np.flatnonzero(compiled.sizes[way] > 1)
    beyond[several] = _ends(words, compiled, first[several], way[several])
    kept = beyond > 0
    return first[kept], beyond[kept], way[kept]


def _ends(words: _Words, compiled: Compiled, first: np.ndarray, way: np.ndarray) -> np.ndarray:
    """One past the last token of the shortest match of each way at its first token; 0 where there is none.

    All are followed side by side, word by word: ``own`` has their places, more than once where behind a gap several
    tokens may be the next word, and ``token`` the tokens where the words so far may end.
    """
    ends = np.zeros(len(first), np.int64)
    own = np.flatnonzero(first >= 0)
    token = first[own]
    for at in range(int(compiled.sizes[way].max(initial=0))):
        word = compiled.word_bounds[way[own]] + at
        if at:
            own, token, word = _next(words, own, token, word, compiled.follows[word])
        kept = compiled.anchor[way[own]] == at
        unknown = np.flatnonzero(~kept)
        kept[unknown] = compiled.has(words.at(token[unknown]), compiled.words[word[unknown]])
        own, token = own[kept], token[kept]
        own, token = _in_order(own, token)
        last = compiled.sizes[way[own]] == at + 1
        ends[own[last][::-1]] = token[last][::-1] + 1  # the nearest is written over the others
        own, token = own[~last], token[~last]
    return ends


def _next(
    words: _Words, own: np.ndarray, token: np.ndarray, word: np.ndarray, follows: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The tokens that may be the next word, with whose they are, and that word."""
    loose = follows == _LOOSE
    kept = words.gaps[token] <= np.where(loose | (follows == _MARKED), PARTED, NEIGHBOURS)
    own, token, word, loose = own[kept], token[kept] + 1, word[kept], loose[kept]
    found = [(own, token, word)]
    own, token, word = own[loose], token[loose], word[loose]
    for _ in range(GAP_WORDS if len(own) else 0):
        kept = words.gaps[token] != BOUND
        own, token, word = own[kept], token[kept] + 1, word[kept]
        found.append((own, token, word))
    return tuple(np.concatenate(column) for column in zip(*found, strict=True))


def _in_order(own: np.ndarray, token: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Tokens in the order of whose they are and of the text, each once."""
    if (own[1:] > own[:-1]).all():
        return own, token
    order = np.lexsort((token, own))
    own, token = own[order], token[order]
    new = np.append(True, (own[1:] != own[:-1]) | (token[1:] != token[:-1]))[: len(own)]
    return own[new], token[new]


def spread(bounds: np.ndarray, keys: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The rows of some keys in what is `grouped`, one behind the other: of each value its key's place among the keys,
    and its own place among the values."""
    begins = bounds[keys]
    counts = bounds[keys + 1] - begins
    own = np.repeat(np.arange(len(keys)), counts)
    return own, np.arange(len(own)) + (begins - np.cumsum(counts) + counts)[own]
