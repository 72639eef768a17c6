"""Words → types: each word of some texts is given the number of its spelling, numbers in order of coming.

A table by open addressing: a slot holds a part of the word's hash and its number, so that the table of a hundred
thousand words fits into a processor's cache, and the first sixteen bytes of each word stand in a list of their own. Of
a longer word, one in a hundred, the rest is compared with where it first stood.
"""

from __future__ import annotations

import numba
import numpy as np
import pyarrow as pa

from analysis.coding.eights import first_bytes

_BITS = np.uint64(32)
_NUMBER = np.uint64(0xFFFFFFFF)  # the lower half of a slot: number + 1; 0: the slot is free


def number_words(data: np.ndarray, starts: np.ndarray, lengths: np.ndarray) -> tuple[np.ndarray, pa.Array]:
    """int32, the type of each word that stands at some bytes of ``data``; and the types, as Arrow strings."""
    types = np.empty(len(starts), np.int32)
    slots = np.zeros(1 << 14, np.uint64)
    words, first, length = _room_for(slots)
    done = n_types = 0
    # The loop stops where the table is full: arrays that grow inside a numba loop make it four times slower.
    while True:
        done, n_types = _number(data, starts, lengths, types, slots, words, first, length, done, n_types)
        if done == len(starts):
            return types, _strings(data, first[:n_types], length[:n_types])
        slots = np.zeros(2 * len(slots), np.uint64)
        for old, new in zip((words, first, length), larger := _room_for(slots), strict=True):
            new[:n_types] = old
        words, first, length = larger
        _refill(slots, data, words, first, length, n_types)


def _room_for(slots: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Room for as many words as such a table may hold: their first sixteen bytes, where they first stood, lengths."""
    room = len(slots) * 5 // 8
    return np.empty((room, 2), np.uint64), np.empty(room, np.int64), np.empty(room, np.int32)


@numba.njit(nogil=True, cache=True)
def _number(data, starts, lengths, types, slots, words, first, length, word, n_types):
    """Go on from ``word``; the word at which the table is full, or the number of words; and the types so far."""
    mask = np.uint64(len(slots) - 1)
    while word < len(starts):
        at, size = starts[word], lengths[word]
        one, two = first_bytes(data, at, at + size)
        value = _hash(data, at, size, one, two)
        tag, slot = value >> _BITS, value & mask
        known = -1
        while slots[slot]:
            if slots[slot] >> _BITS == tag:
                known = np.int64(slots[slot] & _NUMBER) - 1
                if (
                    words[known, 0] == one
                    and words[known, 1] == two
                    and length[known] == size
                    and (size <= 16 or _same(data, first[known] + 16, at + 16, size - 16))
                ):
                    break
                known = -1
            slot = (slot + np.uint64(1)) & mask
        if known < 0:
            if n_types == len(first):
                break
            known = n_types
            words[known, 0], words[known, 1], first[known], length[known] = one, two, at, size
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
def _same(data, one, other, length):
    for step in range(length):  # noqa: SIM110 - numba has no all() over a generator
        if data[one + step] != data[other + step]:
            return False
    return True


@numba.njit(nogil=True, cache=True)
def _refill(slots, data, words, first, length, n_types):
    """Put the types known so far into a new table."""
    mask = np.uint64(len(slots) - 1)
    for known in range(n_types):
        value = _hash(data, first[known], length[known], words[known, 0], words[known, 1])
        slot = value & mask
        while slots[slot]:
            slot = (slot + np.uint64(1)) & mask
        slots[slot] = ((value >> _BITS) << _BITS) | np.uint64(known + 1)


def _strings(data: np.ndarray, first: np.ndarray, length: np.ndarray) -> pa.Array:
    """The strings that stand at some bytes of ``data``."""
    offsets = np.concatenate((np.zeros(1, np.int64), np.cumsum(length, dtype=np.int64)))
    whole = _copied(data, first, offsets)
    return pa.LargeStringArray.from_buffers(len(first), pa.py_buffer(offsets), pa.py_buffer(whole))


@numba.njit(nogil=True, cache=True)
def _copied(data, first, offsets):
    whole = np.empty(offsets[-1], np.uint8)
    for number in range(len(first)):
        at = first[number] - offsets[number]
        for place in range(offsets[number], offsets[number + 1]):
            whole[place] = data[at + place]
    return whole
