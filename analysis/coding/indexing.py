"""Texts → an index, and what is counted of one: the compiled loops, which asking patterns of an index does without."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from typing import TYPE_CHECKING

import numba
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from analysis.coding import characters
from analysis.coding.index import Index, Merged
from analysis.coding.interning import Numbering
from analysis.coding.scanning import most_words, write_words
from analysis.coding.sentences import read_bounds
from analysis.coding.tokens import bytes_of, frozen
from analysis.coding.words import flags_of

if TYPE_CHECKING:
    from scipy import sparse

Texts = Sequence[str | None] | pd.Series | pa.Array | pa.ChunkedArray
_AT_ONCE = 1 << 20  # bytes of text


def index_texts(texts: Texts, *, parts: int = 1) -> Index:
    """The index of some texts, ``parts`` to an article."""
    return index_runs([texts], parts=parts)


def index_runs(runs: Iterable[Texts], *, parts: int = 1) -> Index:
    """One index of several runs of texts, such as those that a generator reads: each is let go of before the next."""
    written = _Written()
    for run in runs:
        data, offsets = bytes_of(run)
        # A few articles at a time: what is made of them on the way to the index stays in the processor's cache.
        cuts = np.searchsorted(offsets, np.arange(offsets[0] + _AT_ONCE, offsets[-1], _AT_ONCE))
        for low, high in pairwise(np.unique([0, *cuts, len(offsets) - 1])):
            written.add(data, offsets[low : high + 1])
    return written.index(parts)


class _Written:
    """An index that grows, text by text."""

    def __init__(self) -> None:
        self._numbering = Numbering()
        self._n = 0
        self._types, self._starts, self._gaps = (np.empty(0, kind) for kind in (np.int32, np.int32, np.uint8))
        self._sizes, self._byte_sizes, self._flags = (np.empty(0, np.int32) for _ in range(3))  # of each type
        self._byte_starts, self._lengths = np.empty(0, np.int64), np.empty(0, np.int32)  # of the words of one call
        self._bounds = [np.zeros(1, np.int64)]

    def add(self, data: np.ndarray, offsets: np.ndarray) -> None:
        """Some texts more."""
        table, room = characters.class_table(), most_words(offsets)
        for column in (self._types, self._starts, self._gaps):
            _make_room(column, self._n + room)
        for column in (self._byte_starts, self._lengths):
            _make_room(column, room)
        starts = self._starts[self._n :]
        bounds = write_words(data, offsets, table, starts, self._byte_starts, self._lengths)
        own = slice(self._n, self._n + int(bounds[-1]))
        types, byte_starts, lengths = self._types[own], self._byte_starts[: bounds[-1]], self._lengths[: bounds[-1]]
        known = len(self._numbering)
        self._numbering.number(data, byte_starts, lengths, types)
        self._describe(self._numbering.strings(known), known)
        of_types = self._sizes, self._byte_sizes, self._flags
        self._gaps[own] = read_bounds(data, offsets, bounds, types, starts, byte_starts, *of_types, table)[0]
        self._bounds.append(bounds[1:] + self._n)
        self._n = own.stop

    def _describe(self, new: pa.Array, known: int) -> None:
        """Sizes and flags of the types behind those known."""
        found = pc.utf8_length(new), pc.binary_length(new), flags_of(new)
        for column, values in zip((self._sizes, self._byte_sizes, self._flags), found, strict=True):
            _make_room(column, known + len(new))
            column[known : known + len(new)] = values

    def index(self, parts: int) -> Index:
        """What has been written; nothing can be added any more."""
        for column in (self._types, self._starts, self._gaps):
            column.resize(self._n, refcheck=False)
        n_types = len(self._numbering)
        return Index(
            types=self._types,
            starts=self._starts,
            gaps=self._gaps,
            bounds=np.concatenate(self._bounds),
            raw=self._numbering.strings(),
            sizes=self._sizes[:n_types].copy(),
            counts=_tally(frozen(self._types), n_types),
            parts=parts,
        )


def _make_room(array: np.ndarray, size: int) -> None:
    """Make an array longer, where it stands, if it is shorter; there must be no view of it."""
    if len(array) < size:
        array.resize(max(size, len(array) * 5 // 4), refcheck=False)


@numba.njit(nogil=True, cache=True)
def _tally(types, n):
    """How often each type (0 … n-1) stands there."""
    counts = np.zeros(n, np.int64)
    for this in types:
        counts[this] += 1
    return counts


def article_counts(indexes: Sequence[Index], merged: Merged, *, threads: int = 1) -> list[sparse.csr_array]:
    """How often each folded type stands in each article (all its parts): for each index articles × folded types.

    Columns follow ``merged.folded``, so that sums over the arrays, and ``scipy.sparse.vstack`` of them, are those of
    the whole corpus. Within a row types stand in the order in which the article first uses them (``sort_indices``
    sorts them).
    """
    from scipy import sparse

    n_folded = len(merged.folded_strings)

    def counted(index: Index, numbers: np.ndarray) -> sparse.csr_array:
        bounds = np.ascontiguousarray(index.bounds[:: index.parts])
        # What is not written is never given memory.
        columns, counts = np.empty(len(index.types), np.int32), np.empty(len(index.types), np.int32)
        begins = _count(frozen(index.types), bounds, merged.fold_of[numbers], n_folded, columns, counts)
        for column in (columns, counts):
            column.resize(begins[-1], refcheck=False)
        if begins[-1] < 2**31:  # else scipy makes the columns as wide as these
            begins = begins.astype(np.int32)
        return sparse.csr_array((counts, columns, begins), shape=(index.n_articles, n_folded))

    with ThreadPoolExecutor(threads) as pool:
        return list(pool.map(counted, indexes, merged.numbers))


@numba.njit(nogil=True, cache=True)
def _count(types, bounds, fold_of, n_folded, columns, counts):
    """One article at a time: its types are counted in place, read out, and set back to zero."""
    n = np.zeros(n_folded, np.int32)
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
    return begins
