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
from analysis.coding.tokens import Tokens
from analysis.coding.word_alignment import forms_of, is_plain

_AT_ONCE = 8  # parts whose counts are added up at a time


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
    apart = np.append(True, tokens.starts[1:] != tokens.ends[:-1])[: len(tokens.types)]
    apart[tokens.bounds[:-1][tokens.bounds[:-1] < len(apart)]] = True
    clitic = is_clitic(tokens.raw_strings)
    owners = np.zeros(len(clitic), np.bool_)
    owners[tokens.types[:-1][clitic[tokens.types[1:]] & ~apart[1:]]] = True
    stems, alone, joined = _stems(tokens.raw_strings, owners)
    counts = _sentences_with(tokens.types, first, apart, clitic, alone, joined, len(stems))
    there = np.flatnonzero(counts)
    return StemCounts(len(bounds), stems.take(pa.array(there)), counts[there])


def summed(parts: Iterable[StemCounts]) -> StemCounts:
    """`count_stems` of parts of a study, added up, a few at a time."""
    known = [StemCounts(0, pa.array([], pa.large_string()), np.zeros(0, np.int64))]
    for part in parts:
        known.append(part)
        if len(known) > _AT_ONCE:
            known = [_added(known)]
    return _added(known)


def _added(parts: list[StemCounts]) -> StemCounts:
    encoded = pa.concat_arrays([part.stems for part in parts]).dictionary_encode()
    having = np.concatenate([part.having for part in parts])
    # Sums of floats, which are exact: there are fewer sentences than 2 to the power of 53.
    having = np.bincount(encoded.indices.to_numpy(), weights=having, minlength=len(encoded.dictionary))
    return StemCounts(sum(part.sentences for part in parts), encoded.dictionary, having.astype(np.int64))


def is_clitic(words: pa.Array) -> np.ndarray:
    """bool, whether each word begins with an apostrophe: right behind another it belongs to that."""
    first = pc.utf8_slice_codeunits(words, 0, 1)
    return pc.is_in(first, pa.array(["'", "’"], words.type)).to_numpy(zero_copy_only=False)


def with_clitic(words: pa.Array) -> pa.Array:
    """Each word with an *'s* behind it."""
    return pc.binary_join_element_wise(words, pa.scalar("'s", words.type), pa.scalar("", words.type))


def _stems(words: pa.Array, owners: np.ndarray) -> tuple[pa.Array, np.ndarray, np.ndarray]:
    """Stems, each once; and for each word the number of its stem, by itself and, of ``owners``, with a clitic behind
    it."""
    plain = is_plain(words)  # of a plain word a clitic does not change the stem
    own = forms_of(words, plain=plain).stems
    asked = pa.array(owners & ~plain)
    joined = pc.replace_with_mask(own, asked, forms_of(with_clitic(words.filter(asked))).stems)
    encoded = pa.concat_arrays([own, joined]).dictionary_encode()
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
