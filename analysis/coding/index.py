"""An index: the tokens of some texts as numbers, for counting and for asking patterns without reading the texts again.

The texts of an index are the parts of articles (headline, deck and body; or bodies alone), in the order of the
articles. Each index has types of its own, so that partitions can be indexed anywhere and in any order; `merge` brings
the types of several together. `index_files` keeps them on disk.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import pairwise

import numba
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from scipy import sparse

from analysis.coding.sentences import sentence_bounds
from analysis.coding.tokens import fold_types, frozen, tokenise


@dataclass(frozen=True)
class Index:
    """The tokens of some texts, without the texts.

    Attributes:
        types: int32, a token's raw type. starts: int32, its first character in its text. gaps: uint8, what stands
        behind it (see `sentences`). bounds: int64, text i holds tokens ``bounds[i]`` to ``bounds[i + 1] - 1``.
        raw: Arrow strings, the raw types. sizes, counts: of each its characters, and how many tokens are of it.
        parts: texts of an article: text ``parts * i + k`` is part k of article i.
    """

    types: np.ndarray
    starts: np.ndarray
    gaps: np.ndarray
    bounds: np.ndarray
    raw: pa.Array
    sizes: np.ndarray
    counts: np.ndarray
    parts: int = 1

    @property
    def n_articles(self) -> int:
        """How many articles it is of."""
        return (len(self.bounds) - 1) // self.parts


def index_texts(texts: Sequence[str | None] | pd.Series | pa.Array, *, parts: int = 1) -> Index:
    """The index of some texts, ``parts`` to an article."""
    tokens = tokenise(texts)
    _, gaps = sentence_bounds(tokens)
    return Index(
        types=tokens.types.copy(),  # cut from room for many more
        starts=tokens.starts.copy(),
        gaps=gaps,
        bounds=tokens.bounds,
        raw=tokens.raw_strings,
        sizes=tokens.sizes,
        counts=np.bincount(tokens.types, minlength=len(tokens.raw_strings)),
        parts=parts,
    )


@dataclass(frozen=True)
class Merged:
    """The types of several indexes together.

    Attributes:
        raw, folded: lists, each type once, the folded ones in order. fold_of, counts: of each raw type its folded type,
        and how many tokens are of it.
        numbers: for each index, the place here of each of its raw types.
    """

    raw: list[str]
    folded: list[str]
    fold_of: np.ndarray
    counts: np.ndarray
    numbers: list[np.ndarray]


def merge(indexes: Sequence[Index]) -> Merged:
    """The types of some indexes as one vocabulary, whatever their order of types."""
    raw = pa.chunked_array([index.raw for index in indexes], pa.large_string()).combine_chunks().dictionary_encode()
    bounds = np.cumsum([0, *(len(index.raw) for index in indexes)])
    numbers = [raw.indices.to_numpy()[low:high] for low, high in pairwise(bounds)]
    counts = np.zeros(len(raw.dictionary), np.int64)
    for index, own in zip(indexes, numbers, strict=True):
        counts[own] += index.counts
    folded, fold_of = fold_types(raw.dictionary)
    order = pc.array_sort_indices(folded)
    rank = np.empty(len(order), np.int32)
    rank[order.to_numpy()] = np.arange(len(order), dtype=np.int32)
    return Merged(raw.dictionary.to_pylist(), folded.take(order).to_pylist(), rank[fold_of], counts, numbers)


def article_counts(indexes: Sequence[Index], merged: Merged, *, threads: int = 1) -> list[sparse.csr_array]:
    """How often each folded type stands in each article (all its parts): for each index articles × folded types.

    Columns follow ``merged.folded``, so that sums over the arrays, and ``scipy.sparse.vstack`` of them, are those of
    the whole corpus. Within a row types stand in the order in which the article first uses them (``sort_indices``
    sorts them).
    """
    n_folded = len(merged.folded)

    def counted(index: Index, numbers: np.ndarray) -> sparse.csr_array:
        bounds = np.ascontiguousarray(index.bounds[:: index.parts])
        columns, counts, begins = _count(frozen(index.types), bounds, merged.fold_of[numbers], n_folded)
        return sparse.csr_array((counts, columns, begins), shape=(index.n_articles, n_folded))

    with ThreadPoolExecutor(threads) as pool:
        return list(pool.map(counted, indexes, merged.numbers))


@numba.njit(nogil=True, cache=True)
def _count(types, bounds, fold_of, n_folded):
    """One article at a time: its types are counted in place, read out, and set back to zero."""
    n = np.zeros(n_folded, np.int32)
    columns, counts = np.empty(len(types), np.int32), np.empty(len(types), np.int32)
    begins = np.zeros(len(bounds), np.int64)
    at = 0
    for article in range(len(bounds) - 1):
        begin = at
        for token in range(bounds[article], bounds[article + 1]):
            folded = fold_of[types[token]]
            if n[folded] == 0:
                columns[at] = folded
                at += 1
            n[folded] += 1
        for place in range(begin, at):
            folded = columns[place]
            counts[place], n[folded] = n[folded], 0
        begins[article + 1] = at
    return columns[:at].copy(), counts[:at].copy(), begins
