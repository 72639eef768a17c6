"""Eight bytes of text at once, as one number: what makes the token loop faster than one that looks at each byte.

A number holds its first byte in its lowest eight bits (the processors of today; a machine of the other byte order would
still find the same words, in more steps).
"""

from __future__ import annotations

import sys

import numba
import numpy as np
from llvmlite import ir
from numba import types
from numba.extending import intrinsic

_LITTLE = sys.byteorder == "little"
_EACH = 0x0101010101010101
_HIGH = np.uint64(0x80 * _EACH)  # the highest bit of each byte
_LOW = np.uint64(0x7F * _EACH)
_SMALL = np.uint64(0x20 * _EACH)  # makes ASCII capitals small letters
_FROM_A = np.uint64((0x80 - ord("a")) * _EACH)  # added to a byte below 128, reaches its highest bit from a on
_PAST_Z = np.uint64((0x7F - ord("z")) * _EACH)  # and from the character behind z on


@intrinsic
def _load(typing, data, at):
    """The eight bytes from ``at`` on: one machine instruction, which array indexing has no way to ask for."""

    def generate(context, builder, signature, arguments):
        array = context.make_array(signature.args[0])(context, builder, arguments[0])
        place = builder.gep(array.data, [arguments[1]])
        number = builder.load(builder.bitcast(place, ir.IntType(64).as_pointer()))
        number.align = 1
        return number if _LITTLE else builder.bswap(number)

    return types.uint64(data, types.intp), generate


@intrinsic
def _zeros_below(typing, number):
    """How many bits are 0 below the lowest that is 1; 64 where none is."""

    def generate(context, builder, signature, arguments):
        return builder.cttz(arguments[0], ir.Constant(ir.IntType(1), 0))

    return types.uint64(types.uint64), generate


@numba.njit(nogil=True, cache=True, inline="always")
def load(data, at):
    """Bytes ``at`` to ``at + 7``; they must be there."""
    return _load(data, at)


@numba.njit(nogil=True, cache=True, inline="always")
def ascii_letters(eight):
    """How many of eight bytes, from the first on, are ASCII letters: 0 to 8."""
    small = (eight | _SMALL) & _LOW
    letters = (small + _FROM_A) & ~(small + _PAST_Z) & ~eight & _HIGH
    return np.int64(_zeros_below(letters ^ _HIGH) >> np.uint64(3))


@numba.njit(nogil=True, cache=True, inline="always")
def first_bytes(data, at, stop):
    """The first sixteen bytes from ``at`` to ``stop`` as two numbers, 0 where there are fewer."""
    one, two = np.uint64(0), np.uint64(0)
    size = stop - at
    if at + 16 <= len(data):
        one = load(data, at)
        if size <= 8:
            return one & (np.uint64(0xFFFFFFFFFFFFFFFF) >> np.uint64(64 - 8 * size)), two
        two = load(data, at + 8)
        if size < 16:
            two &= np.uint64(0xFFFFFFFFFFFFFFFF) >> np.uint64(128 - 8 * size)
        return one, two
    for place in range(min(size, 16)):
        byte = np.uint64(data[at + place])
        if place < 8:
            one |= byte << np.uint64(8 * place)
        else:
            two |= byte << np.uint64(8 * place - 64)
    return one, two
