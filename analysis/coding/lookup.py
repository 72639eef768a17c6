"""Codebooks over indexes: what `mentions` finds in texts, found without reading them. One question after another."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

from analysis.coding.index import Index, Merged
from analysis.coding.matching import Compiled, Hits, compile_patterns, find_compiled
from analysis.coding.mentions import asked_of, entries_of, named, winners
from analysis.coding.vocabulary import Vocabulary

if TYPE_CHECKING:
    from analysis.coding.codebook import Codebook

_AT_ONCE = 1 << 21  # tokens
_PLACE = ("article", "part", "start", "end")
Texts = Callable[[int, int], str]  # (number of an index, text in it) → the text


def look_up(
    indexes: Sequence[Index], merged: Merged | None, codebooks: Sequence[Codebook], *, texts: Texts | None = None,
    threads: int = 1,
) -> pd.DataFrame:  # fmt: skip
    """Every mention of every category, as `mentions.find_mentions` finds them.

    Args:
        indexes: of the partitions of a corpus. merged: their types (see `index.merge`); None: each index is asked by
            its own types, which is quicker where these are not needed for counts and patterns are few.
        texts: gives a text; needed where a pattern holds marks (``AT&T``), and asked for few texts only.
        threads: of which each takes one index after the other.

    Returns:
        article (its number over all indexes), part (of the article's texts), start, end (characters), codebook,
        variable, category, pattern (categoricals); in order of article, part and start.

    Raises:
        ValueError: a pattern holds marks, and no texts are given.
    """
    entries = entries_of(codebooks)
    pieces = _pieces(indexes)
    asked = asked_of(entries)

    with ThreadPoolExecutor(threads) as pool:
        if merged is None:
            compiled, numbers = list(pool.map(lambda index: _compiled(index, asked), indexes)), [None] * len(indexes)
        else:
            compiled = [compile_patterns(asked, Vocabulary(merged), merged.counts)] * len(indexes)
            numbers = merged.numbers

        def mentions(piece: _Piece) -> tuple[list[np.ndarray], np.ndarray]:
            hits = _find(piece, compiled[piece.number], numbers[piece.number], texts)
            first, beyond, entry = winners(hits, entries)
            return _places(piece.index, first, beyond), entry.astype(np.int32)

        found = list(pool.map(mentions, pieces))
    entry = np.concatenate([np.zeros(0, np.int32), *(own for _, own in found)])
    table = _table([piece.index for piece in pieces], [places for places, _ in found])
    return table.assign(**named(entries, entry))


def find_each(
    indexes: Sequence[Index], patterns: Sequence[tuple[str, bool]], *, texts: Texts | None = None, threads: int = 1,
) -> list[Hits]:  # fmt: skip
    """Every match of every pattern (text, case-sensitive or not), overlapping ones included, for each index."""

    def find(number: int) -> Hits:
        index = indexes[number]
        return _find(_Piece(number, 0, index), _compiled(index, patterns), None, texts)

    with ThreadPoolExecutor(threads) as pool:
        return list(pool.map(find, range(len(indexes))))


def _compiled(index: Index, patterns: Sequence[tuple[str, bool]]) -> Compiled:
    """Patterns over the types of one index."""
    return compile_patterns(patterns, Vocabulary(index, folded=index.forms), index.counts)


class _Piece(NamedTuple):
    """Some articles of an index, as an index of their own: the number of the whole, and their first text there."""

    number: int
    first_text: int
    index: Index


def _pieces(indexes: Sequence[Index]) -> list[_Piece]:
    """The indexes in pieces, so that what is found on the way to the mentions is held for a few articles at a time."""
    pieces = []
    for number, index in enumerate(indexes):
        bounds = index.bounds[:: index.parts]
        cuts = np.searchsorted(bounds, np.arange(_AT_ONCE, bounds[-1], _AT_ONCE))
        for low, high in pairwise(np.unique([0, *cuts, index.n_articles])):
            tokens, texts = slice(bounds[low], bounds[high]), slice(low * index.parts, high * index.parts + 1)
            own = {name: getattr(index, name)[tokens] for name in ("types", "starts", "gaps")}
            piece = replace(index, **own, bounds=index.bounds[texts] - bounds[low])
            pieces.append(_Piece(number, texts.start, piece))
    return pieces


def _find(piece: _Piece, compiled: Compiled, numbers: np.ndarray | None, texts: Texts | None) -> Hits:
    """The matches in a piece. ``numbers``: the place in the vocabulary of each of its types; None: it is their own."""
    index = piece.index

    def between(token: int) -> bytes:
        """The bytes before a token, back to the one before it."""
        if texts is None:
            raise ValueError("a pattern holds marks between its words; give texts to look for them")
        text = int(np.searchsorted(index.bounds, token, side="right")) - 1
        end = index.starts[token - 1] + index.sizes[index.types[token - 1]]
        whole = texts(piece.number, piece.first_text + text)
        return whole[end : index.starts[token]].encode("utf-8", "surrogatepass")

    return find_compiled(index.types, index.gaps, compiled, between=between, numbers=numbers)


def placed(indexes: Sequence[Index], spans: Sequence[tuple[np.ndarray, np.ndarray]]) -> pd.DataFrame:
    """Runs of tokens (first, one past the last) of each index as article, part, start and end."""
    return _table(indexes, [_places(index, *span) for index, span in zip(indexes, spans, strict=True)])


def _places(index: Index, first: np.ndarray, beyond: np.ndarray) -> list[np.ndarray]:
    """The same of one index, as arrays."""
    text = np.searchsorted(index.bounds, first, side="right") - 1
    last = beyond - 1
    end = index.starts[last] + index.sizes[index.types[last]]
    return [column.astype(np.int32) for column in (text // index.parts, text % index.parts, index.starts[first], end)]


def _table(indexes: Sequence[Index], places: Sequence[list[np.ndarray]]) -> pd.DataFrame:
    """Places in several indexes as one table, their articles numbered over all."""
    befores = np.cumsum([0, *(index.n_articles for index in indexes)], dtype=np.int32)
    for before, (article, *_) in zip(befores, places, strict=False):
        article += before
    nothing = [np.zeros(0, np.int32)] * len(_PLACE)
    columns = map(np.concatenate, zip(nothing, *places, strict=True))
    return pd.DataFrame(dict(zip(_PLACE, columns, strict=True)))
