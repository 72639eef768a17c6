"""The token set ratio of pairs of texts, of which each text is split once.

It is that of rapidfuzz, ``fuzz.token_set_ratio``, after a rule of FuzzyWuzzy's: of the words of two texts, each once
and in order of spelling, those of both are put first; the likeness is then the largest of three. That function splits
and sorts both texts of each pair anew: where a text stands in many pairs, as in stories that many tell, half of its
time. What is left to rapidfuzz here is the distance of the words that only one of the two has.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

import numba
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from rapidfuzz import fuzz, process
from rapidfuzz.distance import Indel

_AT_ONCE = 1 << 16  # pairs whose words are spelled out at a time
# What rapidfuzz takes for a space in some strings only, by how they are held in memory; and what is no UTF-8.
_ODD = re.compile("[\x85\xa0\ud800-\udfff]")


def token_set_ratio(texts: Sequence[str], left: np.ndarray, right: np.ndarray) -> np.ndarray:
    """float64, from 0 to 100, how alike two of the texts (left, right: their places) are, of each pair."""
    odd = np.array([not text.isascii() and _ODD.search(text) is not None for text in texts], np.bool_)
    words = _words(["" if is_odd else text for text, is_odd in zip(texts, odd.tolist(), strict=True)])
    cuts = [*range(0, len(left), _AT_ONCE), len(left)]
    found = [np.zeros(0), *(_ratio(*words, left[low:high], right[low:high]) for low, high in pairwise(cuts))]
    ratio = np.concatenate(found)
    rest = np.flatnonzero(odd[left] | odd[right])
    sides = ([texts[place] for place in side[rest].tolist()] for side in (left, right))
    ratio[rest] = process.cpdist(*sides, scorer=fuzz.token_set_ratio, dtype=np.float64)
    return ratio


def _words(texts: Sequence[str]) -> tuple[np.ndarray, ...]:
    """The words of texts, each once a text: text i has ``words[bounds[i]:bounds[i + 1]]``, numbered in order of their
    spellings; and of each word the bytes and characters of its spelling: ``spelled``, ``offsets``, ``lengths``."""
    split = pc.utf8_split_whitespace(pa.array(texts, pa.large_string()))
    encoded = split.values.dictionary_encode()
    order = pc.sort_indices(encoded.dictionary)
    rank = np.empty(len(order), np.int64)
    rank[order.to_numpy()] = np.arange(len(order))
    known = encoded.dictionary.take(order)
    text = np.repeat(np.arange(len(texts)), np.diff(split.offsets.to_numpy()))
    places = np.sort(text * len(known) + rank[encoded.indices.to_numpy()])
    places = places[np.append(True, places[1:] != places[:-1])[: len(places)]]
    text, words = np.divmod(places, max(len(known), 1))
    lengths = pc.utf8_length(known).to_numpy().astype(np.int64)
    full = lengths[words] > 0  # where white space opens or closes a text it parts nothing from the rest
    text, words = text[full], words[full]
    _, offsets, spelled = known.buffers()
    offsets = np.frombuffer(offsets, np.int64)[: len(known) + 1]
    spelled = np.frombuffer(spelled, np.uint8) if spelled else np.zeros(0, np.uint8)
    return np.searchsorted(text, np.arange(len(texts) + 1)), words, lengths, offsets, spelled


def _ratio(bounds, words, lengths, offsets, spelled, left, right) -> np.ndarray:
    """`token_set_ratio` of some pairs. Lengths are of words joined by spaces."""
    whole, room = (np.concatenate(([0], np.cumsum(size[words] + 1)))[bounds] for size in (lengths, np.diff(offsets)))
    rooms = (np.empty(np.diff(room)[side].sum(), np.uint8) for side in (left, right))
    found = _alone(bounds, words, lengths, offsets, spelled, left, right, *rooms)
    own = [size for *_, size in found]
    alone = [
        pa.LargeStringArray.from_buffers(len(size), pa.py_buffer(ends), pa.py_buffer(data)).to_pylist()
        for data, ends, size in found
    ]
    both = np.diff(whole)[left] - own[0]  # with a space behind each word
    shares = both > 0
    sizes = [both + np.maximum(size - 1, 0) for size in own]
    distance = process.cpdist(*alone, scorer=Indel.distance, dtype=np.int64)
    ratios = [_normal(distance, sizes[0] + sizes[1])]
    ratios += [np.where(shares, _normal(size - both + 1, np.maximum(both - 1, 0) + size), 0.0) for size in sizes]
    ratio = np.maximum.reduce(ratios)
    ratio[shares & ((own[0] == 0) | (own[1] == 0))] = 100.0
    empty = np.diff(whole) == 0
    ratio[empty[left] | empty[right]] = 0.0
    return ratio


def _normal(distance: np.ndarray, size: np.ndarray) -> np.ndarray:
    """A distance as a likeness: 100 where there is none, of two texts of so many characters together."""
    return 100.0 - 100 * distance / np.maximum(size, 1)


@numba.njit(nogil=True, cache=True)
def _alone(bounds, words, lengths, offsets, spelled, left, right, data_left, data_right):
    """The words that the left text of each pair has and the right has not, and the other way round: joined by spaces,
    as UTF-8 bytes and where those of each pair begin; and how many characters they have, with a space behind each."""
    n = len(left)
    ends_left, ends_right = np.zeros(n + 1, np.int64), np.zeros(n + 1, np.int64)
    size_left, size_right = np.zeros(n, np.int64), np.zeros(n, np.int64)
    end_left, end_right = 0, 0
    for pair in range(n):
        one, other = bounds[left[pair]], bounds[right[pair]]
        last_one, last_other = bounds[left[pair] + 1], bounds[right[pair] + 1]
        while one < last_one or other < last_other:
            if one < last_one and other < last_other and words[one] == words[other]:
                one, other = one + 1, other + 1
            elif other == last_other or (one < last_one and words[one] < words[other]):
                end_left = _written(data_left, end_left, size_left[pair] > 0, spelled, offsets, words[one])
                size_left[pair] += lengths[words[one]] + 1
                one += 1
            else:
                end_right = _written(data_right, end_right, size_right[pair] > 0, spelled, offsets, words[other])
                size_right[pair] += lengths[words[other]] + 1
                other += 1
        ends_left[pair + 1], ends_right[pair + 1] = end_left, end_right
    return (data_left, ends_left, size_left), (data_right, ends_right, size_right)


@numba.njit(nogil=True, cache=True, inline="always")
def _written(data, end, goes_on, spelled, offsets, word):
    """Write a word behind what is written up to ``end``, and return where it ends."""
    if goes_on:
        data[end] = 32
        end += 1
    for at in range(offsets[word], offsets[word + 1]):
        data[end] = spelled[at]
        end += 1
    return end
