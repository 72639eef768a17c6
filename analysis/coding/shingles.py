"""Runs of words that articles share: shingles, fingerprints that find candidate pairs, and the exact comparison of two.

A shingle is a run of a few words (Broder 1997). It is known by a 64-bit hash of its folded words; that two different
shingles of a corpus share a hash is less likely than one in a thousand at 100 million words. The hash depends on the
words alone, not on a vocabulary, so that partitions read apart can be put together.

Fingerprints are some of an article's shingles, chosen by winnowing (Schleimer, Wilkerson and Aiken 2003): of every
window of w shingles the one with the least hash. Two articles choose alike where their words are alike: every shared
run of w + k - 1 words (k words a shingle) gives at least one shared fingerprint. MinHash with bands (rensa,
datasketch) estimates how alike whole texts are: where copies are cut, or stand inside other texts, it finds half of
them at most (benchmarks/copies.md).
"""

from __future__ import annotations

from collections import namedtuple
from typing import NamedTuple

import numba
import numpy as np
import pandas as pd
from scipy.sparse import coo_array

from analysis.coding.tokens import Tokens, tokenise
from analysis.engine import partitions

SHORT = 100  # shingles; all those of a shorter text are fingerprints: a brief may share few words with a long report
PRINTS = 24_000_000  # fingerprints wanted in all, 8 bytes each; fewer shingles than these are all fingerprints
WIDEST = 16  # the widest window: shared runs of 20 words are met in corpora of any size
MEETINGS = 250_000_000  # of two texts in one posting list, in all: about a second
COMMON = 100  # texts; what more of them share is a stock phrase, or stands in a text of which they share more
FEW = 2  # meetings which say nothing where all are common: of a million such pairs some hundred share .05
ROOM = 1_000_000  # candidate pairs found at a time
REPEATS = 100  # places of one shingle in a text where runs may begin; only a page of noughts has more


class Shingles(NamedTuple):
    """The shingles of a sequence of texts, in order.

    Attributes:
        hashes: uint64, one a word: the shingle that begins there (0 for the last words of a text, where none does).
        starts, ends: int32, first character of each word in its text, and one past its last.
        bounds: int64, text i holds words ``bounds[i]`` to ``bounds[i + 1] - 1``.
        size: words in a shingle.
    """

    hashes: np.ndarray
    starts: np.ndarray
    ends: np.ndarray
    bounds: np.ndarray
    size: int


def shingles_of(bodies: pd.Series, size: int) -> Shingles:
    """The shingles of texts, read a partition at a time. A text of fewer than ``size`` words has none."""
    bounds, parts = [np.zeros(1, np.int64)], []
    for run in partitions(bodies.to_frame("body")):
        tokens = tokenise(run["body"])
        parts.append((_hashed(tokens, size), tokens.starts, tokens.ends))
        bounds.append(tokens.bounds[1:] + bounds[-1][-1])
    return Shingles(*(np.concatenate(arrays) for arrays in zip(*parts, strict=True)), np.concatenate(bounds), size)


def _hashed(tokens: Tokens, size: int) -> np.ndarray:
    """uint64, one a token: the hash of the shingle that begins there."""
    # pandas' hash of text is SipHash with a fixed key over UTF-8: the same in every process and for every vocabulary.
    words = pd.util.hash_array(np.array(tokens.folded, dtype=object), categorize=False).astype(np.uint64)
    return _hash_shingles(tokens.types, words[tokens.fold_of], tokens.bounds, size)


def choose_window(words: int) -> int:
    """Shingles in a window of winnowing, such that about `PRINTS` of ``words`` are chosen: 2 in w + 1 are."""
    return min(max(-(-2 * words // PRINTS) - 1, 1), WIDEST)


def fingerprints(
    tokens: Tokens, size: int, *, window: int, first: int, n_texts: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """What a corpus need know of some of its texts in order to find candidate pairs.

    Args:
        tokens: of texts ``first``, ``first + 1``, … of a corpus of ``n_texts``. window: as of `choose_window`.

    Returns:
        uint64 keys, one a fingerprint: the high bits of its hash over the number of its text in the low ones; a uint64
        digest of each text, equal where two texts have the same shingles in the same order; and int64, its shingles.
    """
    counts = np.maximum(np.diff(tokens.bounds) - size + 1, 0)
    hashes, keys, digests = _hashed(tokens, size), np.empty(counts.sum(), np.uint64), np.empty(len(counts), np.uint64)
    mask = np.uint64((1 << _bits(n_texts)) - 1)
    n = _winnow(hashes, tokens.bounds, counts, window, first, mask, keys, digests)
    return keys[:n].copy(), digests, counts


def candidates(keys: np.ndarray, counts: np.ndarray, *, window: int, least: float) -> np.ndarray:
    """Pairs of texts that share enough fingerprints to be compared.

    Texts meet in posting lists, one a fingerprint. Lists are used whole up to the greatest length at which there are
    no more than `MEETINGS`; in a longer list only neighbours meet, so that texts that share nothing but the commonest
    phrases may be missed, while groups of copies stay connected. A pair is a candidate where it meets at ``least`` ×
    the shingles of the shorter × 1.5 / (w + 1): three quarters of what is to be expected where no list is too long.
    With wide windows that may be once or twice, as stock phrases make millions of pairs meet: up to `FEW` meetings of
    texts that are not `SHORT` count only if one of them is in a list of at most `COMMON` texts.

    Args:
        keys: all fingerprints, in order of texts; the array is used up. counts: shingles of each text, 0 for a text to
            be left out.
        window: as for `fingerprints`. least: containment of the shorter in the longer.

    Returns:
        int64 array of shape (pairs, 2), the earlier text first, in order of it.
    """
    bits = _bits(len(counts))
    mask = np.uint64((1 << bits) - 1)
    keys, begins = _lists(_sorted(keys, bits), mask, counts)
    lengths = np.bincount(np.diff(begins), minlength=2)
    numbers = np.arange(len(lengths))
    cap = int(np.searchsorted(np.cumsum(lengths * (numbers * (numbers - 1) // 2)), MEETINGS, side="right")) - 1
    entries = np.where(numbers <= cap, numbers, 2 * (numbers - 1)) * (numbers > 1)
    texts, ends, common = _posting_lists(keys, mask, begins, cap, int(lengths @ entries))
    of_text = coo_array((np.ones(len(texts), bool), (texts, np.arange(len(texts)))), (len(counts), len(texts))).tocsr()
    share, few = 1.5 * least / (window + 1), FEW if window > 1 else 0
    room = np.empty((max(ROOM, len(counts)), 2), np.int32)
    met, rarely = np.zeros((2, len(counts)), np.int32)
    touched, found, first = np.empty(len(counts), np.int32), [np.empty((0, 2), np.int64)], 0
    lists = texts, ends, common, of_text.indices, of_text.indptr
    while first < len(counts):
        first, n = _meet(*lists, counts, share, few, first, met, rarely, touched, room)
        found.append(room[:n].astype(np.int64))
    return np.concatenate(found)


def _bits(n_texts: int) -> int:
    """Bits that the numbers of texts take."""
    return max(n_texts - 1, 1).bit_length()


@numba.njit(nogil=True, cache=True, inline="always")
def _mix(value):
    """Spread every bit over all (the finaliser of SplitMix64)."""
    value = (value ^ (value >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    value = (value ^ (value >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return value ^ (value >> np.uint64(31))


@numba.njit(nogil=True, cache=True)
def _hash_shingles(types, words, bounds, size):
    """A polynomial of the words' hashes in order, mixed."""
    odd = np.uint64(0x9E3779B97F4A7C15)
    hashes = np.zeros(len(types), np.uint64)
    for text in range(len(bounds) - 1):
        for at in range(bounds[text], bounds[text + 1] - size + 1):
            value = np.uint64(0)
            for word in range(at, at + size):
                value = value * odd + words[types[word]]
            hashes[at] = _mix(value)
    return hashes


@numba.njit(nogil=True, cache=True)
def _winnow(hashes, bounds, counts, window, first, mask, keys, digests):
    """Fill ``keys`` and ``digests``; the number of keys. Of equal least hashes the last is chosen, as in the paper."""
    n = 0
    for text in range(len(counts)):
        digest = np.uint64(counts[text])
        width = 1 if counts[text] <= SHORT else window
        chosen = bounds[text] - 1
        for at in range(bounds[text], bounds[text] + counts[text]):
            digest = _mix(digest + hashes[at])
            begin = at - width + 1
            if begin < bounds[text]:
                continue
            if chosen < begin:
                chosen = begin
                for other in range(begin + 1, at + 1):
                    if hashes[other] <= hashes[chosen]:
                        chosen = other
            elif hashes[at] <= hashes[chosen]:
                chosen = at
            else:
                continue
            keys[n] = (hashes[chosen] & ~mask) | np.uint64(first + text)
            n += 1
        digests[text] = digest
    return n


@numba.njit(nogil=True, cache=True)
def _sorted(keys, bits):
    """Keys in order of what stands above the lowest ``bits``, equal ones as they came; five times np.sort's speed.

    The array that is given is one of the two that this takes."""
    other = np.empty_like(keys)
    for shift in range(bits, 64, 8):
        shift = np.uint64(shift)
        places = np.zeros(257, np.int64)
        for key in keys:
            places[((key >> shift) & np.uint64(255)) + np.uint64(1)] += 1
        places = np.cumsum(places)
        for key in keys:
            digit = (key >> shift) & np.uint64(255)
            other[places[digit]] = key
            places[digit] += 1
        keys, other = other, keys
    return keys


@numba.njit(nogil=True, cache=True)
def _lists(keys, mask, counts):
    """Sorted keys without repeated ones and those of texts left out, in place, and where each list begins in them."""
    begins = np.empty(len(keys) + 1, np.int64)
    n, kept = 0, 0
    for key in keys:
        if counts[key & mask] == 0 or (kept and keys[kept - 1] == key):
            continue
        if kept == 0 or keys[kept - 1] | mask != key | mask:
            begins[n] = kept
            n += 1
        keys[kept] = key
        kept += 1
    begins[n] = kept
    return keys[:kept], begins[: n + 1]


@numba.njit(nogil=True, cache=True)
def _posting_lists(keys, mask, begins, cap, entries):
    """Texts of all lists of two or more, end to end, and for each entry the end of its list and whether that is common.

    A list over ``cap`` becomes a list of two for each pair of neighbours in it.
    """
    texts, ends, common = np.empty(entries, np.int32), np.empty(entries, np.int32), np.empty(entries, np.bool_)
    n = 0
    for number in range(len(begins) - 1):
        begin, end = begins[number], begins[number + 1]
        was = n
        if 1 < end - begin <= cap:
            texts[n : n + end - begin] = (keys[begin:end] & mask).astype(np.int32)
            ends[n : n + end - begin] = n + end - begin
            n += end - begin
        elif end - begin > cap:
            for at in range(begin, end - 1):
                texts[n], texts[n + 1] = keys[at] & mask, keys[at + 1] & mask
                ends[n : n + 2] = n + 2
                n += 2
        common[was:n] = end - begin > COMMON
    return texts, ends, common


@numba.njit(nogil=True, cache=True)
def _meet(texts, ends, common, order, places, counts, share, few, first, met, rarely, touched, room):
    """Fill ``room`` with pairs from text ``first`` on; the text to go on from, and the number of pairs."""
    n = 0
    for text in range(first, len(counts)):
        n_touched = 0
        for place in range(places[text], places[text + 1]):
            at = order[place]
            for entry in range(at + 1, ends[at]):
                other = texts[entry]
                if met[other] == 0:
                    touched[n_touched] = other
                    n_touched += 1
                met[other] += 1
                rarely[other] += not common[at]
        if n + n_touched > len(room):
            met[touched[:n_touched]] = rarely[touched[:n_touched]] = 0
            return text, n
        for other in touched[:n_touched]:
            shorter = min(counts[text], counts[other])
            if met[other] >= share * shorter and (met[other] > few or rarely[other] or shorter <= SHORT):
                room[n, 0], room[n, 1] = text, other
                n += 1
            met[other] = rarely[other] = 0
    return len(counts), n


# What one text is looked up in. slots: the first place of a shingle, plus 1. later: for each place of a shingle its
# next place, plus 1. marks: 1 where a shingle may be, eight a slot; they turn away nineteen of twenty others without
# a branch. seen: the last pair that shared the shingle of a place. hits: room for places.
_Index = namedtuple("_Index", ["slots", "later", "marks", "seen", "hits"])


@numba.njit(nogil=True, cache=True)
def _index(bounds):
    """An index with room for the longest text."""
    n = 8
    for text in range(len(bounds) - 1):
        n = max(n, bounds[text + 1] - bounds[text])
    places = np.zeros(n, np.int32), np.zeros(32 * n, np.uint8), np.zeros(n, np.int64), np.zeros(n, np.int32)
    return _Index(np.zeros(4 * n, np.int32), places[0], places[1], places[2], places[3])


@numba.njit(nogil=True, cache=True, inline="always")
def _slot(index, found, value, mask):
    """The slot of a shingle, or the free one where it would stand."""
    slot = value & mask
    while index.slots[slot] and found[index.slots[slot] - 1] != value:
        slot = (slot + np.uint64(1)) & mask
    return slot


@numba.njit(nogil=True, cache=True)
def _enter(index, found):
    """Enter the shingles ``found`` in place of others; the mask of the slots used, and the different shingles."""
    size = 16
    while size < 2 * len(found):
        size *= 2
    mask, wide = np.uint64(size - 1), np.uint64(8 * size - 1)
    index.slots[:size] = 0
    index.marks[: 8 * size] = 0
    index.seen[: len(found)] = -1
    different = 0
    for back in range(len(found)):
        place = len(found) - 1 - back
        slot = _slot(index, found, found[place], mask)
        different += index.slots[slot] == 0
        index.later[place] = index.slots[slot]
        index.slots[slot] = place + 1
        index.marks[found[place] & wide] = 1
    return mask, different


@numba.njit(nogil=True, cache=True)
def _join(index, mask, one, other, size, pair, runs):
    """Different shingles that an indexed text shares with another, the words of their longest run and where it begins,
    and the number of runs, of which as many as there is room for are written to ``runs``.

    A run begins where the shingles before it differ, and goes on while the next ones are equal.
    """
    hits, wide = 0, np.uint64(8) * mask + np.uint64(7)
    for place in range(len(other)):
        index.hits[hits] = place
        hits += index.marks[other[place] & wide]
    shared, longest, at_one, at_other, n = 0, 0, 0, 0, 0
    for place in index.hits[:hits]:
        first = index.slots[_slot(index, one, other[place], mask)] - 1
        if first >= 0 and index.seen[first] != pair:
            index.seen[first] = pair
            shared += 1
        repeats = 0
        while first >= 0 and repeats < REPEATS:
            repeats += 1
            if not (first and place and one[first - 1] == other[place - 1]):
                end = min(len(one) - first, len(other) - place)
                length = 1
                while length < end and one[first + length] == other[place + length]:
                    length += 1
                words = length + size - 1
                if words > longest or (words == longest and first < at_one):
                    longest, at_one, at_other = words, first, place
                if n < len(runs):
                    runs[n, 0], runs[n, 1], runs[n, 2] = first, place, words
                n += 1
            first = index.later[first] - 1
    return shared, longest, at_one, at_other, n


@numba.njit(nogil=True, cache=True)
def hashes_of(shingles, text):
    """The shingles of one text, in order."""
    begin, end = shingles.bounds[text], shingles.bounds[text + 1]
    return shingles.hashes[begin : max(end - shingles.size + 1, begin)]


@numba.njit(nogil=True, cache=True)
def count_different(shingles):
    """int64, the different shingles of each text."""
    index = _index(shingles.bounds)
    counts = np.zeros(len(shingles.bounds) - 1, np.int64)
    for text in range(len(counts)):
        _, counts[text] = _enter(index, hashes_of(shingles, text))
    return counts


@numba.njit(nogil=True, cache=True)
def compare(shingles, pairs):
    """The exact comparison of pairs of texts: int64, shape (pairs, 2); those with one first text best kept together.

    Returns int64, shape (pairs, 4): different shingles in both; the words of the longest shared run (0 where nothing is
    shared); its first word in either text. Of runs of one length it is the earliest in the first text, then the second.
    """
    index, entered, mask = _index(shingles.bounds), -1, np.uint64(0)
    no_runs = np.empty((0, 3), np.int64)
    found = np.empty((len(pairs), 4), np.int64)
    for pair in range(len(pairs)):
        a, b = pairs[pair]
        one, other = hashes_of(shingles, a), hashes_of(shingles, b)
        if a != entered:
            mask, _ = _enter(index, one)
            entered = a
        shared, words, at_a, at_b, _ = _join(index, mask, one, other, shingles.size, pair, no_runs)
        found[pair, 0], found[pair, 1], found[pair, 2], found[pair, 3] = shared, words, at_a, at_b
    return found


@numba.njit(nogil=True, cache=True)
def shared_runs(shingles, a, b):
    """Every run that two texts share and that goes on in neither direction in both; they may overlap.

    Returns int64, shape (runs, 3): first word in a, first word in b, words.
    """
    one, other = hashes_of(shingles, a), hashes_of(shingles, b)
    index = _index(np.array([0, len(one), len(one) + len(other)]))
    mask, _ = _enter(index, one)
    runs = np.empty((64, 3), np.int64)
    while True:
        _, _, _, _, n = _join(index, mask, one, other, shingles.size, len(runs), runs)
        if n <= len(runs):
            return runs[:n]
        runs = np.empty((n, 3), np.int64)
