"""In how many sentences of a study each stem stands: what a word that two renderings share is weighed by."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

import numba
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from analysis.coding.sentences import sentence_bounds
from analysis.coding.stems import stems_of
from analysis.coding.tokens import Tokens
from analysis.coding.word_alignment import form_of, is_plain


@dataclass(frozen=True)
class StemCounts:
    """How many sentences there are, and how many of them have each stem; of parts of a study these can be added up."""

    sentences: int
    stems: pa.Array
    having: np.ndarray

    def of(self, stems: Iterable[str]) -> np.ndarray:
        """int64, how many sentences have each of some stems."""
        return np.array([self._known.get(stem, 0) for stem in stems], np.int64)

    @cached_property
    def _known(self) -> dict[str, int]:
        return dict(zip(self.stems.to_pylist(), self.having.tolist(), strict=True))


def count_stems(tokens: Tokens) -> StemCounts:
    """The stems of the words of some texts (see `word_alignment.form_of`). A clitic belongs to the word before it."""
    bounds, _ = sentence_bounds(tokens)
    first = np.append(bounds["first_token"].to_numpy(), len(tokens.types))
    stems, alone, joined = _stems(tokens.raw_strings)
    is_clitic = pc.is_in(pc.utf8_slice_codeunits(tokens.raw_strings, 0, 1), pa.array(["'", "’"], pa.large_string()))
    apart = np.append(True, tokens.starts[1:] != tokens.ends[:-1])[: len(tokens.types)]
    apart[tokens.bounds[:-1][tokens.bounds[:-1] < len(apart)]] = True
    counts = _sentences_with(tokens.types, first, apart, np.asarray(is_clitic), alone, joined, len(stems))
    there = np.flatnonzero(counts)
    return StemCounts(len(bounds), stems.take(pa.array(there)), counts[there])


def summed(parts: Iterable[StemCounts]) -> StemCounts:
    """`count_stems` of parts of a study, added up."""
    parts = list(parts)
    stems = pa.chunked_array([part.stems for part in parts], pa.large_string())
    having = np.concatenate([np.zeros(0, np.int64), *(part.having for part in parts)])
    sums = pa.table({"stem": stems, "n": having}).group_by("stem").aggregate([("n", "sum")])
    sums = sums.combine_chunks()
    array = sums["stem"].combine_chunks() if sums.num_rows else pa.array([], pa.large_string())
    return StemCounts(sum(part.sentences for part in parts), array, sums["n_sum"].to_numpy())


def _stems(words: pa.Array) -> tuple[pa.Array, np.ndarray, np.ndarray]:
    """Stems, each once; and for each word the number of its stem, by itself and with a clitic behind it."""
    plain = is_plain(words)
    own = np.empty(len(words), object)
    own[plain] = stems_of(pc.ascii_lower(words.filter(pa.array(plain))).to_pylist())
    with_clitic = own.copy()
    odd = np.flatnonzero(~plain)
    for place, word in zip(odd.tolist(), words.take(pa.array(odd)).to_pylist(), strict=True):
        own[place], with_clitic[place] = form_of(word)[1], form_of(word + "'s")[1]
    encoded = pa.array(np.concatenate([own, with_clitic]), pa.large_string()).dictionary_encode()
    number = encoded.indices.to_numpy()
    return encoded.dictionary, number[: len(words)], number[len(words) :]


@numba.njit(nogil=True, cache=True)
def _sentences_with(types, first, apart, is_clitic, alone, joined, n_stems):
    """How many sentences have each stem. first: of each sentence the first token, and one past the last of all."""
    counts, latest = np.zeros(n_stems, np.int64), np.full(n_stems, -1)
    for sentence in range(len(first) - 1):
        for at in range(first[sentence], first[sentence + 1]):
            word = types[at]
            if is_clitic[word] and not apart[at]:
                continue
            behind = at + 1
            clitic = behind < len(types) and is_clitic[types[behind]] and not apart[behind]
            stem = joined[word] if clitic else alone[word]
            if latest[stem] != sentence:
                latest[stem] = sentence
                counts[stem] += 1
    return counts
