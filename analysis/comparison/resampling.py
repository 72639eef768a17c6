"""Articles, not words, are the sample: bootstrap and permutation over articles, or over groups of copies.

Words of one article are not independent draws, so every interval and every test here resamples whole groups. A group
is an article; where copies of one agency text are known, it is all of them together.
"""

from __future__ import annotations

import hashlib
from typing import NamedTuple

import numpy as np

# A matrix of weights or of random keys never holds more numbers than this at a time (32 MB).
_CELLS = 4_000_000
# Up to so many distinct rows a multinomial is the quicker draw; beyond, drawing groups one by one is.
_FEW_ROWS = 1000


class Interval(NamedTuple):
    """Bounds of one or more ratios, and the replicates that had nothing to divide by (per ratio)."""

    low: np.ndarray
    high: np.ndarray
    left_out: np.ndarray


class Permutation(NamedTuple):
    """The observed difference, its two-sided p, and how many permutations counted."""

    difference: float
    p: float
    replicates: int


def generator(seed: int, level: str = "") -> np.random.Generator:
    """A random generator that depends on ``seed`` and the name of the level, and on nothing else.

    So the interval of one outlet stays the same, to the byte, whichever other outlets stand in the table.
    """
    name = np.frombuffer(hashlib.sha256(level.encode()).digest(), dtype=">u4")
    return np.random.default_rng([seed, *name.tolist()])


def ratio_interval(
    numerators: np.ndarray,
    denominators: np.ndarray,
    *,
    replicates: int = 2000,
    confidence: float = 0.95,
    seed: int = 0,
    level: str = "",
) -> Interval:
    """Percentile bootstrap interval of a ratio of sums, over groups.

    With groups g = 1 … G, a replicate draws G groups with replacement, that is weights
    w ~ Multinomial(G; 1/G, …, 1/G), and its statistic is Σ w_g·numerator_g / Σ w_g·denominator_g. The bounds are the
    (1 − confidence)/2 and 1 − (1 − confidence)/2 quantiles of the replicates.

    ``numerators`` is (groups) or (groups × ratios); ``denominators`` likewise, or one column for all ratios. Several
    ratios are drawn together, with the same weights. Replicates whose denominator is 0 are left out and counted.

    Limits: a percentile interval is too narrow for few groups (about ten is few), and has no width where all groups
    agree; it need not cover the observed ratio. Fewer than two groups with a denominator: NaN.

    Groups with the same counts are drawn together (a multinomial over the distinct rows), which has the same
    distribution, is quicker, and makes the result independent of the order of the groups.

    Source: Efron & Tibshirani 1993, An Introduction to the Bootstrap, ch. 13; Lijffijt et al. 2016 for texts as the
    unit of resampling.
    """
    top, bottom = _columns(numerators), _columns(denominators)
    if bottom.shape[1] not in (1, top.shape[1]) or len(bottom) != len(top):
        raise ValueError(
            f"denominators are {bottom.shape}, numerators {top.shape}: one row a group, one column or as many"
        )
    nothing = np.full(top.shape[1], np.nan)
    if np.count_nonzero((bottom > 0).any(axis=1)) < 2:
        return Interval(nothing, nothing.copy(), np.zeros(top.shape[1], dtype=np.int64))
    rows, counts = np.unique(np.hstack([top, bottom]), axis=0, return_counts=True)
    drawn = _weighted_sums(rows, counts, replicates=replicates, random=generator(seed, level))
    above, below = drawn[:, : top.shape[1]], drawn[:, top.shape[1] :]
    ratios = np.divide(above, below, out=np.full(above.shape, np.nan), where=below > 0)
    tail = (1 - confidence) / 2
    left_out = np.isnan(ratios).sum(axis=0)
    low, high = nothing, nothing.copy()
    some = left_out < replicates
    low[some], high[some] = np.nanquantile(ratios[:, some], [tail, 1 - tail], axis=0)
    return Interval(low, high, left_out)


def permutation_test(
    first: np.ndarray, second: np.ndarray, *, replicates: int = 9999, seed: int = 0, level: str = ""
) -> Permutation:
    """Two-sided permutation test of the difference between two ratios of sums, over groups.

    ``first`` and ``second`` have one row a group: numerator, denominator. The statistic is
    Σ numerators/Σ denominators of the first less that of the second. A permutation deals the groups out again, as many
    to each side as there were. With R permutations, the one-sided p is (as extreme or more + 1)/(R + 1); the smaller of
    both sides is doubled, at most 1.

    Permutations that leave one side without a denominator are left out; ``replicates`` of the result says how many
    counted. An undefined difference has p = NaN. The smallest p that can come out is 2/(R + 1).

    Limits: it tests that the two sides are exchangeable, so that a difference of spread alone may show too. A group
    that stands in both sides (a copy printed by both outlets) enters once on each.

    Source: Phipson & Smyth 2010 for the + 1; Bestgen 2014 for texts as the unit.
    """
    both = np.vstack([_pairs(first), _pairs(second)])
    size, n_first = len(both), len(first)
    totals = both.sum(axis=0)
    observed = float(_difference(both[:n_first].sum(axis=0)[None, :], totals)[0])
    if np.isnan(observed):
        return Permutation(observed, float("nan"), 0)
    random = generator(seed, level)
    batch = max(1, _CELLS // size)
    found = []
    for done in range(0, replicates, batch):
        keys = random.random((min(batch, replicates - done), size))
        dealt = np.argsort(keys, axis=1, kind="stable")[:, :n_first]
        found.append(_difference(both[dealt].sum(axis=1), totals))
    differences = np.concatenate(found) if found else np.empty(0)
    differences = differences[~np.isnan(differences)]
    # Ties come out unequal in the last bits; a tie counts against the difference.
    slack = 1e-12 * max(1.0, abs(observed))
    extreme = min(np.sum(differences >= observed - slack), np.sum(differences <= observed + slack))
    p = min(1.0, 2 * (int(extreme) + 1) / (len(differences) + 1))
    return Permutation(observed, p, len(differences))


def benjamini_hochberg(p: np.ndarray) -> np.ndarray:
    """Adjusted p values that hold the false discovery rate: min over j ≥ i of p_(j)·m/j, at most 1.

    m is the number of tests: p values that are NaN were no test, stay NaN and do not count.
    Source: Benjamini & Hochberg 1995.
    """
    given = np.asarray(p, dtype=float)
    if np.any((given < 0) | (given > 1)):
        raise ValueError("p values lie between 0 and 1")
    adjusted = np.full(given.shape, np.nan)
    tested = np.flatnonzero(~np.isnan(given))
    order = tested[np.argsort(given[tested], kind="stable")]
    scaled = given[order] * len(order) / np.arange(1, len(order) + 1)
    adjusted[order] = np.minimum(1.0, np.minimum.accumulate(scaled[::-1])[::-1])
    return adjusted


def _columns(values: np.ndarray) -> np.ndarray:
    array = np.asarray(values, dtype=float)
    return array[:, None] if array.ndim == 1 else array


def _pairs(values: np.ndarray) -> np.ndarray:
    array = np.asarray(values, dtype=float)
    if array.ndim != 2 or array.shape[1] != 2:
        raise ValueError(f"one row a group, with numerator and denominator; got the shape {array.shape}")
    return array


def _weighted_sums(rows: np.ndarray, counts: np.ndarray, *, replicates: int, random: np.random.Generator) -> np.ndarray:
    """Sums over groups drawn with replacement: one row a replicate. ``counts`` says how often each row stands."""
    groups = int(counts.sum())
    if len(rows) > _FEW_ROWS:
        row_of = np.repeat(np.arange(len(rows)), counts)
        draws = (row_of[random.integers(groups, size=groups)] for _ in range(replicates))
        return np.vstack([np.bincount(drawn, minlength=len(rows)) @ rows for drawn in draws])
    batch = max(1, _CELLS // len(rows))
    sums = [
        random.multinomial(groups, counts / groups, size=min(batch, replicates - done)) @ rows
        for done in range(0, replicates, batch)
    ]
    return np.vstack(sums)


def _difference(first: np.ndarray, totals: np.ndarray) -> np.ndarray:
    """Ratio of the first side less ratio of the rest, NaN where one has no denominator."""
    second = totals - first
    defined = (first[:, 1] > 0) & (second[:, 1] > 0)
    result = np.full(len(first), np.nan)
    result[defined] = first[defined, 0] / first[defined, 1] - second[defined, 0] / second[defined, 1]
    return result
