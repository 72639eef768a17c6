"""Differences of two sides over strata (Mantel–Haenszel), under thousands of draws and deals of groups.

The kernels add up in a fixed order, so that results are the same to the byte on any machine and number of cores.
"""

from __future__ import annotations

from typing import NamedTuple

import numba
import numpy as np

from analysis.comparison.resampling import generator
from analysis.comparison.studentised import moments, over_error, ratio_variance
from analysis.comparison.weights import in_threads


class Units(NamedTuple):
    """What two sides have in each stratum: one row a group, stratum and side; sorted by stratum, side a first.

    Attributes:
        rows: units × (ratios + 1): the numerators, and the denominator last.
        stratum: the number of each unit's stratum, from 0, without gaps. in_a: whether the unit is of side a.
    """

    rows: np.ndarray
    stratum: np.ndarray
    in_a: np.ndarray


def standardised(units: Units) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Each stratum's part in the weighted ratios of both sides: strata × ratios for a and b, and the weights.

    The weight of a stratum is w = t_a·t_b/(t_a + t_b), t the denominators; its parts are w·n_a/t_a and w·n_b/t_b. The
    standardised ratios are Σ parts / Σ w, and their difference is that of Mantel & Haenszel. With one stratum they are
    the plain ratios.
    """
    strata = int(units.stratum.max(initial=-1)) + 1
    a, b = (_per_stratum(units, side, strata) for side in (units.in_a, ~units.in_a))
    weight = _divided(a[:, -1] * b[:, -1], a[:, -1] + b[:, -1])
    return (*(weight[:, None] * _divided(side[:, :-1], side[:, -1:]) for side in (a, b)), weight)


def permutation_p(units: Units, *, permutations: int, seed: int, level: str) -> np.ndarray:
    """Two-sided p of the standardised difference of each ratio; NaN where it is undefined or nothing is permuted.

    In each stratum the units are dealt out again, as many to each side as there were. The statistic is the difference
    over its standard error (see `studentised`): Σ w·(r_a − r_b) / √(Σ w²·(v_a + v_b)) over the strata, v the variance
    of a side's ratio over its units. One unit has no variance; where a stratum has one against one, (r_a − r_b)² stands
    for v_a + v_b, which a deal does not change. p is that of `resampling.permutation_test`:
    (exceeding + ties + 1)/(R + 1) of the smaller side, doubled, at most 1; permutations that leave the difference
    undefined are left out of R.
    """
    weight = standardised(units)[2]
    ratios = units.rows.shape[1] - 1
    if not weight.sum() > 0 or not permutations:
        return np.full(ratios, np.nan)
    bounds = np.flatnonzero(np.diff(units.stratum, prepend=-1, append=len(weight)))
    in_a = np.add.reduceat(units.in_a.astype(np.int64), bounds[:-1])
    rows = np.ascontiguousarray(moments(units.rows.astype(np.float64)))
    observed = np.empty((1, ratios))
    # Side a comes first in its stratum, and a draw of 0 leaves a unit where it is.
    _dealt(np.zeros((1, int(in_a.sum())), np.uint32), rows, bounds, in_a, observed)
    observed = observed[0]

    def work(batch: tuple[int, int, int]) -> np.ndarray:
        number, begin, end = batch
        random = generator(seed, f"{level}\x1fpermutation {number}")
        found = np.empty((end - begin, ratios))
        draws = random.integers(1 << 32, size=(end - begin, int(in_a.sum())), dtype=np.uint32)
        _dealt(draws, rows, bounds, in_a, found)
        return found

    found = np.concatenate(in_threads(work, permutations))
    found = found[~np.isnan(found[:, 0])]
    # Ties come out unequal in the last bits; a tie counts against the difference.
    slack = 1e-10 * np.maximum(1, np.abs(observed))
    extreme = np.minimum((found >= observed - slack).sum(axis=0), (found <= observed + slack).sum(axis=0))
    return np.minimum(1.0, 2 * (extreme + 1) / (len(found) + 1))


def drawn_sums(rows: np.ndarray, strata: np.ndarray, *, replicates: int, seed: int, level: str) -> np.ndarray:
    """Sums of rows drawn with replacement, in each stratum as many as it has: replicates × columns.

    ``strata`` is a number of each row's stratum. Rows are put in order of stratum and content first, so that the result
    does not depend on the order of the groups.
    """
    order = np.lexsort([*rows.T[::-1], strata])
    ordered = np.ascontiguousarray(rows[order], dtype=np.float64)
    bounds = np.flatnonzero(np.diff(strata[order], prepend=-1, append=-1))

    def work(batch: tuple[int, int, int]) -> np.ndarray:
        number, begin, end = batch
        random = generator(seed, f"{level}\x1fbootstrap {number}")
        found = np.zeros((end - begin, rows.shape[1]))
        _drawn(random.integers(1 << 32, size=(end - begin, len(rows)), dtype=np.uint32), ordered, bounds, found)
        return found

    return np.concatenate([np.empty((0, rows.shape[1])), *in_threads(work, replicates)])


def bounds_of(values: np.ndarray, confidence: float = 0.95) -> tuple[np.ndarray, np.ndarray]:
    """The percentile bounds of each column; undefined values are left out.

    Infinite values (something over nothing) have their place in the order; a bound that would be infinite is NaN.
    """
    tail = (1 - confidence) / 2
    low, high = np.full((2, values.shape[1]), np.nan)
    for column, missing in enumerate(np.isnan(values).sum(axis=0)):
        known = np.sort(values[:, column])[: len(values) - missing]
        if len(known):
            low[column], high[column] = (_quantile(known, one) for one in (tail, 1 - tail))
    return low, high


def _quantile(ordered: np.ndarray, at: float) -> float:
    """The quantile between the two nearest values; NaN where it is not finite."""
    place = at * (len(ordered) - 1)
    below, above = ordered[int(np.floor(place))], ordered[int(np.ceil(place))]
    if not np.isfinite(above):
        return float("nan")
    return float(below + (above - below) * (place - np.floor(place)))


def _per_stratum(units: Units, side: np.ndarray, strata: int) -> np.ndarray:
    sums = np.zeros((strata, units.rows.shape[1]))
    np.add.at(sums, units.stratum[side], units.rows[side])
    return sums


def _divided(above: np.ndarray, below: np.ndarray) -> np.ndarray:
    """above/below; 0 where there is nothing to divide by."""
    return np.divide(above, below, out=np.zeros(above.shape), where=below > 0)


@numba.njit(nogil=True, cache=True)
def _drawn(draws, rows, bounds, out):
    for one in range(len(draws)):
        for stratum in range(len(bounds) - 1):
            begin, size = bounds[stratum], np.uint64(bounds[stratum + 1] - bounds[stratum])
            for at in range(begin, bounds[stratum + 1]):
                # A 32-bit number scaled to the stratum's size.
                place = begin + np.int64((np.uint64(draws[one, at]) * size) >> np.uint64(32))
                for column in range(rows.shape[1]):
                    out[one, column] += rows[place, column]


@numba.njit(nogil=True, cache=True)
def _dealt(draws, rows, bounds, in_a, out):
    """The statistics of permutations; ``draws`` has a random number for each unit dealt to side a.

    ``rows`` are the `moments` of the units.
    """
    columns = rows.shape[1]
    ratios = (columns - 2) // 3
    order = np.arange(len(rows))
    side, whole, rest = np.zeros(columns), np.zeros((len(in_a), columns)), np.zeros(columns)
    for stratum in range(len(in_a)):
        for unit in range(bounds[stratum], bounds[stratum + 1]):
            for column in range(columns):
                whole[stratum, column] += rows[unit, column]
    values = np.zeros((3, ratios))
    for one in range(len(draws)):
        weights, draw = 0.0, 0
        values[:] = 0.0
        for stratum in range(len(in_a)):
            begin, end = bounds[stratum], bounds[stratum + 1]
            side[:] = 0.0
            # The first steps of a Fisher–Yates shuffle; ``order`` goes on from the permutation before.
            for at in range(begin, begin + in_a[stratum]):
                # A 32-bit number scaled to what is left.
                other = at + np.int64((np.uint64(draws[one, draw]) * np.uint64(end - at)) >> np.uint64(32))
                draw += 1
                picked = order[other]
                order[other] = order[at]
                order[at] = picked
                for column in range(columns):
                    side[column] += rows[picked, column]
            for column in range(columns):
                rest[column] = whole[stratum, column] - side[column]
            a, b = side[ratios], rest[ratios]
            if a <= 0 or b <= 0:
                continue
            weight = a * b / (a + b)
            weights += weight
            pair = in_a[stratum] == 1 and end - begin == 2
            for ratio in range(ratios):
                first, second = side[ratio] / a, rest[ratio] / b
                values[0, ratio] += weight * first
                values[1, ratio] += weight * second
                if pair:
                    variance = (first - second) ** 2
                else:
                    variance = 0.0
                    for of in (side, rest):
                        squares, products = of[ratios + 1 + ratio], of[2 * ratios + 1 + ratio]
                        variance += ratio_variance(of[ratio], of[ratios], squares, products, of[columns - 1])
                values[2, ratio] += weight * weight * variance
        for ratio in range(ratios):
            out[one, ratio] = np.nan
            if weights > 0:
                first, second = values[0, ratio] / weights, values[1, ratio] / weights
                out[one, ratio] = over_error(first, second, values[2, ratio] / (weights * weights))
