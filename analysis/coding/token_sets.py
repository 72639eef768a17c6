"""The token set ratio of pairs of texts, of which each text is split once.

It is that of rapidfuzz, ``fuzz.token_set_ratio``, after a rule of FuzzyWuzzy's: of the words of two texts, each once
and in order of spelling, those of both are put first; the likeness is then the largest of three. That function splits
and sorts both texts of each pair anew: where a text stands in many pairs, as in stories that many tell, half of its
time. What is left to rapidfuzz here are texts in which it takes for a space what Arrow does not.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Sequence

import numba
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from rapidfuzz import fuzz, process

# What rapidfuzz takes for a space in some strings only, by how they are held in memory; and what is no UTF-8.
_ODD = re.compile("[\x85\xa0\ud800-\udfff]")


def token_set_ratio(texts: Sequence[str], left: np.ndarray, right: np.ndarray) -> np.ndarray:
    """float64, from 0 to 100, how alike two of the texts (left, right: their places) are, of each pair."""
    odd = np.array([not text.isascii() and _ODD.search(text) is not None for text in texts], np.bool_)
    ratio = _ratios(
        *_words(["" if is_odd else text for text, is_odd in zip(texts, odd.tolist(), strict=True)]), left, right
    )
    rest = np.flatnonzero(odd[left] | odd[right])
    sides = ([texts[place] for place in side[rest].tolist()] for side in (left, right))
    ratio[rest] = process.cpdist(*sides, scorer=fuzz.token_set_ratio, dtype=np.float64)
    return ratio


def _words(texts: Sequence[str]) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """The words of texts, each once a text: text i has ``words[bounds[i]:bounds[i + 1]]``, numbered in order of their
    spellings; and the letters of each, ``letters[offsets[word]:offsets[word + 1]]``: numbers from 1, since 0 is the
    space."""
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
    offsets = np.concatenate(([0], np.cumsum(pc.utf8_length(known).to_numpy().astype(np.int64))))
    full = np.diff(offsets)[words] > 0  # where white space opens or closes a text it parts nothing from the rest
    text, words = text[full], words[full]
    points = np.frombuffer("".join(known.to_pylist()).encode("utf-32-le"), np.uint32)
    there = np.zeros(sys.maxunicode + 1, np.bool_)
    there[points] = True
    letters = np.cumsum(there)[points]
    return np.searchsorted(text, np.arange(len(texts) + 1)), words, offsets, letters


@numba.njit(nogil=True, cache=True)
def _ratios(bounds, words, offsets, letters, left, right):
    """`token_set_ratio` of pairs of texts, as `_words` gives them."""
    longest = 0
    for text in range(len(bounds) - 1):
        size = 0
        for word in words[bounds[text] : bounds[text + 1]]:
            size += offsets[word + 1] - offsets[word] + 1
        longest = max(longest, size)
    one, other = np.empty(longest + 1, np.int64), np.empty(longest + 1, np.int64)
    n_letters = letters.max() + 1 if len(letters) else 1
    masks, rest = np.zeros((n_letters, longest // 64 + 1), np.uint64), np.empty(longest // 64 + 1, np.uint64)
    found = np.zeros(len(left))
    for pair in range(len(left)):
        n_both, n_one, n_other = _parted(bounds, words, offsets, letters, left[pair], right[pair], one, other)
        if n_both + n_one == 0 or n_both + n_other == 0:
            continue  # one of them is empty
        if n_both and (n_one == 0 or n_other == 0):
            found[pair] = 100.0
            continue
        # Lengths so far count a space behind each word, of which the last has none.
        in_order = _common(one[: max(n_one - 1, 0)], other[: max(n_other - 1, 0)], masks, rest)
        size_one, size_other = n_both + n_one - 1, n_both + n_other - 1
        found[pair] = _likeness(n_one + n_other - 2 - 2 * in_order, size_one + size_other)
        if n_both:
            found[pair] = max(found[pair], _likeness(n_one, n_both - 1 + size_one))
            found[pair] = max(found[pair], _likeness(n_other, n_both - 1 + size_other))
    return found


@numba.njit(nogil=True, cache=True, inline="always")
def _likeness(distance, size):
    """100 where there is no distance, of two texts of so many characters together."""
    return 100.0 - 100 * distance / max(size, 1)


@numba.njit(nogil=True, cache=True)
def _parted(bounds, words, offsets, letters, left, right, one, other):
    """The characters of the words that two texts share, and of those that each has alone, with a space behind each
    word; the latter are written to ``one`` and ``other``."""
    at, last = bounds[left], bounds[left + 1]
    beside, last_beside = bounds[right], bounds[right + 1]
    n_both, n_one, n_other = 0, 0, 0
    while at < last or beside < last_beside:
        if at < last and beside < last_beside and words[at] == words[beside]:
            n_both += offsets[words[at] + 1] - offsets[words[at]] + 1
            at, beside = at + 1, beside + 1
        elif beside == last_beside or (at < last and words[at] < words[beside]):
            n_one = _written(one, n_one, letters, offsets[words[at]], offsets[words[at] + 1])
            at += 1
        else:
            n_other = _written(other, n_other, letters, offsets[words[beside]], offsets[words[beside] + 1])
            beside += 1
    return n_both, n_one, n_other


@numba.njit(nogil=True, cache=True, inline="always")
def _written(text, end, letters, start, stop):
    """Write a word and a space behind what is written up to ``end``, and return where it ends."""
    for at in range(start, stop):
        text[end] = letters[at]
        end += 1
    text[end] = 0
    return end + 1


@numba.njit(nogil=True, cache=True)
def _common(one, other, masks, rest):
    """The length of the longest sequence of characters that both texts have in this order, with others between: 64
    characters of the shorter at a time (Hyyrö 2004).

    masks: zeros, a row a letter; they are so again afterwards. rest: room for as many as a row has.
    """
    if len(one) > len(other):
        one, other = other, one
    n = (len(one) + 63) // 64
    for at in range(len(one)):
        masks[one[at], at // 64] |= np.uint64(1) << np.uint64(at % 64)
    rest[:n] = ~np.uint64(0)
    for letter in other:
        carry = np.uint64(0)
        for block in range(n):
            before = rest[block]
            hit = before & masks[letter, block]
            total = before + hit
            more = total + carry
            carry = np.uint64(total < before) | np.uint64(more < total)
            rest[block] = more | (before - hit)
    for letter in one:
        masks[letter, :n] = 0
    length = 0
    for block in range(n):
        bits = ~rest[block]
        if block == n - 1 and len(one) % 64:
            bits &= (np.uint64(1) << np.uint64(len(one) % 64)) - np.uint64(1)
        while bits:
            bits &= bits - np.uint64(1)
            length += 1
    return length
