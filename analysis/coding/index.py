"""An index: the tokens of some texts as numbers, for counting and for asking patterns without reading the texts again.

The texts of an index are the parts of articles (headline, deck and body; or bodies alone), in the order of the
articles. Each index has types of its own, so that partitions can be indexed anywhere and in any order; `merge` brings
the types of several together. `indexing` makes indexes, `index_files` keeps them on disk.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from analysis.coding.tokens import fold_types
from analysis.coding.vocabulary import Forms, forms_of


@dataclass(frozen=True)
class Index:
    """The tokens of some texts, without the texts.

    Attributes:
        types: int32, a token's raw type. starts: int32, its first character in its text. gaps: uint8, what stands
        behind it (see `sentences`). bounds: int64, text i holds tokens ``bounds[i]`` to ``bounds[i + 1] - 1``.
        raw: Arrow strings, the raw types. sizes, counts: of each its characters, and how many tokens are of it.
        parts: texts of an article: text ``parts * i + k`` is part k of article i.
        forms_read: the types by their folded forms, where a file has them; else `forms` finds them.
    """

    types: np.ndarray
    starts: np.ndarray
    gaps: np.ndarray
    bounds: np.ndarray
    raw: pa.Array
    sizes: np.ndarray
    counts: np.ndarray
    parts: int = 1
    forms_read: Forms | None = None

    @property
    def n_articles(self) -> int:
        """How many articles it is of."""
        return (len(self.bounds) - 1) // self.parts

    @property
    def raw_strings(self) -> pa.Array:
        """The raw types, under the name that `vocabulary` asks for."""
        return self.raw

    @cached_property
    def forms(self) -> Forms:
        """The raw types by their folded forms."""
        return self.forms_read or forms_of(*fold_types(self.raw))


@dataclass(frozen=True)
class Merged:
    """The types of several indexes together.

    Attributes:
        raw_strings, folded_strings: Arrow strings, each type once, the folded ones in order; `folded` has them as a
        list. fold_of, counts: of each raw type its folded type, and how many tokens are of it.
        numbers: for each index, the place here of each of its raw types.
    """

    raw_strings: pa.Array
    folded_strings: pa.Array
    fold_of: np.ndarray
    counts: np.ndarray
    numbers: list[np.ndarray]

    @cached_property
    def folded(self) -> list[str]:
        """The types as counted, in order."""
        return self.folded_strings.to_pylist()


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
    return Merged(raw.dictionary, folded.take(order), rank[fold_of], counts, numbers)
