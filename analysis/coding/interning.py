"""Words → types: each word of some texts is given the number of its spelling, numbers in order of coming.

A table by open addressing: a slot holds a part of the word's hash and its number, so that the table of a hundred
thousand words fits into a processor's cache, and the first sixteen bytes of each word stand in a list of their own. Of
a longer word, one in a hundred, the rest is compared with its spelling.
"""

from __future__ import annotations

import numba
import numpy as np
import pyarrow as pa

from analysis.coding.eights import first_bytes

_BITS = np.uint64(32)
_AT_ONCE = 64  # words
_NUMBER = np.uint64(0xFFFFFFFF)  # the lower half of a slot: number + 1; 0: the slot is free


def number_words(data: np.ndarray, starts: np.ndarray, lengths: np.ndarray) -> tuple[np.ndarray, pa.Array]:
    """int32, the type of each word that stands at some bytes of ``data``; and the types, as Arrow strings."""
    types, numbering = np.empty(len(starts), np.int32), Numbering()
    numbering.number(data, starts, lengths, types)
    return types, numbering.strings()


class Numbering:
    """Spellings with their numbers, which grow with the words of one text after another; it keeps none of the texts."""

    def __init__(self) -> None:
        self._n = 0
        self._slots = np.zeros(1 << 14, np.uint64)
        self._words, self._offsets = _room_for(self._slots)
        self._spelled = np.empty(1 << 17, np.uint8)  # all spellings, one behind the other

    def __len__(self) -> int:
        return self._n

    def number(self, data: np.ndarray, starts: np.ndarray, lengths: np.ndarray, types: np.ndarray) -> None:
        """Write into ``types`` (int32) the type of each word that stands at some bytes of ``data``."""
        done = 0
        # The loop stops where there is no room: arrays that grow inside a numba loop make it four times slower.
        while True:
            done, self._n = _number(
                data, starts, lengths, types, self._slots, self._words, self._offsets, self._spelled, done, self._n
            )
            if done == len(starts):
                return
            if self._n == len(self._words):
                self._grow()
            else:
                needed = int(self._offsets[self._n]) + int(lengths[done])
                self._spelled = _larger(self._spelled, max(2 * len(self._spelled), needed))

    def strings(self, first: int = 0) -> pa.Array:
        """The spellings from one number on, as Arrow strings."""
        offsets = self._offsets[first : self._n + 1]
        spelled = self._spelled[offsets[0] : offsets[-1]].copy()
        return pa.LargeStringArray.from_buffers(
            self._n - first, pa.py_buffer(offsets - offsets[0]), pa.py_buffer(spelled)
        )

    def _grow(self) -> None:
        self._slots = np.zeros(2 * len(self._slots), np.uint64)
        words, offsets = _room_for(self._slots)
        words[: self._n], offsets[: self._n + 1] = self._words[: self._n], self._offsets[: self._n + 1]
        self._words, self._offsets = words, offsets
        _refill(self._slots, self._spelled, words, offsets, self._n)


def _room_for(slots: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Room for as many words as such a table may hold: their first sixteen bytes, and where their spellings begin."""
    room = len(slots) * 5 // 8
    return np.empty((room, 2), np.uint64), np.zeros(room + 1, np.int64)


def _larger(array: np.ndarray, size: int) -> np.ndarray:
    larger = np.empty(size, array.dtype)
    larger[: len(array)] = array
    return larger


@numba.njit(nogil=True, cache=True)
def _number(data, starts, lengths, types, slots, words, offsets, spelled, word, n_types):
    """Go on from ``word``; the word for which there is no room, or the number of words; and the types so far.

    Some words at a time: their slots are looked at before any is compared, so that the processor need not wait for one
    to come from memory before it asks for the next.
    """
    mask = np.uint64(len(slots) - 1)
    ones, twos = np.empty(_AT_ONCE, np.uint64), np.empty(_AT_ONCE, np.uint64)
    values, met = np.empty(_AT_ONCE, np.uint64), np.empty(_AT_ONCE, np.uint64)
    while word < len(starts):
        block = min(_AT_ONCE, len(starts) - word)
        for step in range(block):
            at, size = starts[word + step], lengths[word + step]
            one, two = first_bytes(data, at, at + size)
            ones[step], twos[step], values[step] = one, two, _hash(data, at, size, one, two)
        for step in range(block):
            met[step] = slots[values[step] & mask]
        for step in range(block):
            # A free slot asks for the last word, which is as good as any.
            met[step] = words[np.int64(met[step] & _NUMBER) - 1, 0]
        for step in range(block):
            at, size = starts[word], lengths[word]
            one, two, value = ones[step], twos[step], values[step]
            tag, slot = value >> _BITS, value & mask
            known = -1
            while slots[slot]:
                if slots[slot] >> _BITS == tag:
                    known = np.int64(slots[slot] & _NUMBER) - 1
                    # No word holds a zero byte: shorter ones are the same where these bytes are.
                    if (
                        words[known, 0] == one
                        and words[known, 1] == two
                        and (size <= 16 or _is_spelled(spelled, offsets[known], offsets[known + 1], data, at, size))
                    ):
                        break
                    known = -1
                slot = (slot + np.uint64(1)) & mask
            if known < 0:
                begin = offsets[n_types]
                if n_types == len(words) or begin + size > len(spelled):
                    return word, n_types
                known = n_types
                words[known, 0], words[known, 1], offsets[known + 1] = one, two, begin + size
                for place in range(size):
                    spelled[begin + place] = data[at + place]
                n_types += 1
                slots[slot] = (tag << _BITS) | np.uint64(n_types)
            types[word] = known
            word += 1
    return word, n_types


@numba.njit(nogil=True, cache=True, inline="always")
def _hash(data, at, size, one, two):
    """A hash of a word, given its first sixteen bytes as two numbers."""
    value = (one ^ (two * np.uint64(0xC2B2AE3D27D4EB4F))) + np.uint64(size)
    for place in range(at + 16, at + size):  # of a longer word also the rest (FNV-1a)
        value = (value ^ np.uint64(data[place])) * np.uint64(1099511628211)
    value *= np.uint64(0x9E3779B97F4A7C15)
    return value ^ (value >> _BITS)


@numba.njit(nogil=True, cache=True)
def _is_spelled(spelled, begin, end, data, at, size):
    """Whether a word of more than sixteen bytes is spelled so; its first sixteen are known to be the same."""
    if end - begin != size:
        return False
    for place in range(16, size):  # noqa: SIM110 - numba has no all() over a generator
        if spelled[begin + place] != data[at + place]:
            return False
    return True


@numba.njit(nogil=True, cache=True)
def _refill(slots, spelled, words, offsets, n_types):
    """Put the types known so far into a new table."""
    mask = np.uint64(len(slots) - 1)
    for known in range(n_types):
        size = offsets[known + 1] - offsets[known]
        value = _hash(spelled, offsets[known], size, words[known, 0], words[known, 1])
        slot = value & mask
        while slots[slot]:
            slot = (slot + np.uint64(1)) & mask
        slots[slot] = ((value >> _BITS) << _BITS) | np.uint64(known + 1)
