"""Sums over groups under many weightings at once: the work of bootstrap and permutation, as products of matrices.

A weighting gives every group a small whole number: how often a bootstrap replicate drew it, or (0 or 1) whether a
permutation dealt it to the target. A matrix of weightings is groups × weightings, uint8.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import numba
import numpy as np
from scipy import sparse

# Weightings made and used together. A row of them stays in the nearest cache; results depend on this number, since
# each batch has a random stream of its own.
BATCH = 256
_MOST_THREADS = 8


def drawn(random: np.random.Generator, groups: int, replicates: int) -> np.ndarray:
    """Bootstrap weights, groups × replicates: each column counts ``groups`` draws with replacement."""
    counts = np.zeros((replicates, groups), np.uint8)
    for row in counts:
        _count(random.integers(groups, size=groups, dtype=np.uint32), row)
    return np.ascontiguousarray(counts.T)


def dealt(random: np.random.Generator, groups: int, chosen: int, permutations: int) -> np.ndarray:
    """Labels, groups × permutations: in each column ``chosen`` groups have a 1, every choice of them alike likely."""
    labels = np.zeros((permutations, groups), np.uint8)
    few = min(chosen, groups - chosen)
    order = np.arange(groups)
    for row in labels:
        _deal(random.integers(1 << 32, size=few, dtype=np.uint32), order, row)
    return np.ascontiguousarray(labels.T if few == chosen else 1 - labels.T)


def weighted_sums(counts: sparse.csr_array, weights: np.ndarray) -> np.ndarray:
    """counts @ weights in whole numbers: rows × weightings.

    ``counts`` is rows × groups (a row is a word), ``weights`` groups × weightings. About ten times as fast as scipy's
    product: sums are kept in 16 bits as long as they cannot overflow.
    """
    out = np.zeros((counts.shape[0], weights.shape[1]), np.int64)
    if weights.size:
        data = counts.data.astype(np.int64, copy=False)
        _sums(counts.indptr, counts.indices, data, weights, int(weights.max()), out)
    return out


def batches(total: int) -> Iterator[tuple[int, int, int]]:
    """Number, begin and end of each batch of ``total`` weightings."""
    for number, begin in enumerate(range(0, total, BATCH)):
        yield number, begin, min(begin + BATCH, total)


def in_threads(work: Callable[[tuple[int, int, int]], object], total: int) -> list:
    """``work`` of each batch, in order of the batches, on the cores this process may use (numba and numpy let go)."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    with ThreadPoolExecutor(min(cores, _MOST_THREADS)) as pool:
        return list(pool.map(work, batches(total)))


@numba.njit(nogil=True, cache=True)
def _count(draws, row):
    for draw in draws:
        row[draw] += np.uint8(1)


@numba.njit(nogil=True, cache=True)
def _deal(random, order, row):
    """The first steps of a Fisher–Yates shuffle; ``order`` goes on from the permutation before."""
    groups = len(order)
    for at in range(len(random)):
        # A 32-bit number scaled to what is left: off by less than groups/2³² from all alike likely.
        other = at + np.int64((np.uint64(random[at]) * np.uint64(groups - at)) >> np.uint64(32))
        picked = order[other]
        order[other] = order[at]
        order[at] = picked
        row[picked] = np.uint8(1)


@numba.njit(nogil=True, cache=True)
def _sums(indptr, indices, data, weights, largest, out):
    width = weights.shape[1]
    near = np.zeros(width, np.uint16)
    for row in range(len(indptr) - 1):
        sums = out[row]
        used = 0
        for at in range(indptr[row], indptr[row + 1]):
            weight, n = weights[indices[at]], data[at]
            most = n * largest
            if most > 65535:
                for k in range(width):
                    sums[k] += n * weight[k]
                continue
            if used + most > 65535:
                for k in range(width):
                    sums[k] += near[k]
                    near[k] = 0
                used = 0
            used += most
            if n == 1:
                for k in range(width):
                    near[k] = np.uint16(near[k] + np.uint16(weight[k]))
            else:
                times = np.uint16(n)
                for k in range(width):
                    near[k] = np.uint16(near[k] + times * np.uint16(weight[k]))
        for k in range(width):
            sums[k] += near[k]
            near[k] = 0
