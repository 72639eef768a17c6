"""Articles, not words, are the sample: bootstrap and permutation over articles, or over groups of copies.

Words of one article are not independent draws, so every interval and every test here resamples whole groups. A group
is an article; where copies of one agency text are known, it is all of them together.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
from scipy import sparse

from analysis.comparison.studentised import moments, of_sums, of_words
from analysis.comparison.weights import dealt, drawn, in_threads, weighted_sums

# From n_target, n_reference, size_target, size_reference, as in `scores`: words × replicates, and sizes a row of them.
Score = Callable[[np.ndarray, np.ndarray, np.ndarray, np.ndarray], np.ndarray]

# A matrix of weights or of random keys never holds more numbers than this at a time (32 MB).
_CELLS = 4_000_000
# Up to so many distinct rows a multinomial is the quicker draw; beyond, drawing groups one by one is.
_FEW_ROWS = 1000
# Groups drawn one by one: so many at a time stay in the processor's memory.
_DRAWS = 50_000
# So many different rows of whole numbers are told apart by one number each.
_KEYS = 2.0**62


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
    if np.count_nonzero((bottom > 0).any(axis=1)) < 2:
        nothing = np.full(top.shape[1], np.nan)
        return Interval(nothing, nothing.copy(), np.zeros(top.shape[1], dtype=np.int64))
    rows, counts = _distinct(np.hstack([top, bottom]))
    drawn = _weighted_sums(rows, counts, replicates=replicates, random=generator(seed, level))
    above, below = drawn[:, : top.shape[1]], drawn[:, top.shape[1] :]
    ratios = np.divide(above, below, out=np.full(above.shape, np.nan), where=below > 0)
    tail = (1 - confidence) / 2
    return Interval(*_quantiles(ratios.T, [tail, 1 - tail]))


def permutation_test(
    first: np.ndarray, second: np.ndarray, *, replicates: int = 9999, seed: int = 0, level: str = ""
) -> Permutation:
    """Two-sided permutation test of the difference between two ratios of sums, over groups.

    ``first`` and ``second`` have one row a group: numerator, denominator. The difference is
    Σ numerators/Σ denominators of the first less that of the second; the statistic is the difference over its standard
    error over groups (see `studentised`). A permutation deals the groups out again, as many to each side as there were.
    With R permutations, the one-sided p is (as extreme or more + 1)/(R + 1); the smaller of both sides is doubled, at
    most 1.

    Permutations that leave one side without a denominator are left out; ``replicates`` of the result says how many
    counted. An undefined difference has p = NaN. The smallest p that can come out is 2/(R + 1).

    Limits: for few groups it tests that the two sides are exchangeable, for many that the ratios are equal. A group
    that stands in both sides (a copy printed by both outlets) enters once on each.

    Source: Phipson & Smyth 2010 for the + 1; Janssen 1997 and Chung & Romano 2013 for dividing by the error; Bestgen
    2014 for texts as the unit.
    """
    both = np.vstack([_pairs(first), _pairs(second)])
    size, n_first = len(both), len(first)
    rows = moments(both)
    totals = rows.sum(axis=0)

    def statistics(sums: np.ndarray) -> np.ndarray:
        found = np.empty(len(sums))
        of_sums(sums, totals, found)
        return found

    own, rest = both[:n_first].sum(axis=0), both[n_first:].sum(axis=0)
    if not (own[1] > 0 and rest[1] > 0):
        return Permutation(float("nan"), float("nan"), 0)
    difference = float(own[0] / own[1] - rest[0] / rest[1])
    observed = statistics(rows[:n_first].sum(axis=0)[None, :])[0]
    random = generator(seed, level)
    batch = max(1, _CELLS // size)
    found = []
    for done in range(0, replicates, batch):
        keys = random.random((min(batch, replicates - done), size))
        chosen = np.argsort(keys, axis=1, kind="stable")[:, :n_first]
        found.append(statistics(rows[chosen].sum(axis=1)))
    values = np.concatenate(found) if found else np.empty(0)
    values = values[~np.isnan(values)]
    # Ties come out unequal in the last bits; a tie counts against the difference.
    slack = 1e-10 * max(1.0, abs(observed))
    extreme = min(np.sum(values >= observed - slack), np.sum(values <= observed + slack))
    p = min(1.0, 2 * (int(extreme) + 1) / (len(values) + 1))
    return Permutation(difference, p, len(values))


def score_intervals(
    score: Score,
    levels: Sequence[sparse.csr_array],
    contrasts: Sequence[tuple[Sequence[int], Sequence[int]]],
    *,
    replicates: int = 2000,
    confidence: float = 0.95,
    seed: int = 0,
    level: str = "",
) -> list[Interval]:
    """Percentile bootstrap intervals of any score of many words, over groups.

    Args:
        score: from the counts and sizes of both sides; NaN where undefined.
        levels: for each level, such as an outlet, its counts: words × groups, and as last row the groups' sizes. All
            levels have the same groups in the same order, so that copies of one text in several outlets are drawn
            together.
        contrasts: for each, the levels (their places) that are the target, and those that are the reference.

    Returns:
        For each contrast an `Interval` with a bound per word. A replicate draws as many groups as there are, with
        replacement; where the score is undefined it is left out and counted. With fewer than two groups on a side the
        bounds are NaN.

    Limits: see `ratio_interval`. A level with few groups may be drawn not at all. The draws depend on the number of
    groups, hence on all levels given. Source: Efron & Tibshirani 1993, ch. 13; Lijffijt et al. 2016.
    """
    n_groups, n_words = levels[0].shape[1], levels[0].shape[0] - 1
    values = np.empty((len(contrasts), n_words, replicates))

    def work(batch: tuple[int, int, int]) -> None:
        number, begin, end = batch
        weights = drawn(generator(seed, f"{level}\x1fbootstrap {number}"), n_groups, end - begin)
        sums = [weighted_sums(counts, weights) for counts in levels]
        for place, (target, reference) in enumerate(contrasts):
            a, b = (sum(sums[one] for one in side) for side in (target, reference))
            values[place, :, begin:end] = score(a[:-1], b[:-1], a[-1], b[-1])

    in_threads(work, replicates)
    tail = (1 - confidence) / 2
    found = []
    for (target, reference), drawn_values in zip(contrasts, values, strict=True):
        low, high, left_out = _quantiles(drawn_values, [tail, 1 - tail])
        if min(_groups_in(levels, target), _groups_in(levels, reference)) < 2:
            low, high, left_out = np.full(n_words, np.nan), np.full(n_words, np.nan), np.zeros_like(left_out)
        found.append(Interval(low, high, left_out))
    return found


def score_permutation(
    score: Score,
    counts: sparse.csr_array,
    in_target: np.ndarray,
    *,
    permutations: int = 9999,
    seed: int = 0,
    level: str = "",
) -> np.ndarray:
    """Two-sided p of any signed score of many words, by permutation over groups.

    ``counts`` is words × groups with the groups' sizes as last row; ``in_target`` says which groups are the target, the
    others are the reference. A permutation deals the groups out again, as many to each side as there were; p is that
    of `permutation_test`: (exceeding + ties + 1)/(R + 1) of the smaller side, doubled, at most 1. A permutation in
    which the score is undefined counts as a tie. An undefined score has p = NaN.

    Limits: those of `permutation_test`; words in few groups have few different outcomes, so that p is too large rather
    than too small. Sources: Phipson & Smyth 2010; Lijffijt et al. 2016.
    """
    totals = np.asarray(counts.sum(axis=1), dtype=np.int64)[:, None]

    def scored(weights: np.ndarray) -> np.ndarray:
        a = weighted_sums(counts, weights)
        b = totals - a
        return score(a[:-1], b[:-1], a[-1], b[-1])

    return _permuted(scored, np.asarray(in_target, dtype=bool), permutations=permutations, seed=seed, level=level)


def rate_permutation(
    counts: sparse.csr_array, in_target: np.ndarray, *, permutations: int = 9999, seed: int = 0, level: str = ""
) -> np.ndarray:
    """Two-sided p of the difference of rates of many words, over its standard error, by permutation over groups.

    The rate of a side is Σ counts/Σ sizes, its variance Σ (count − rate·size)²/(Σ sizes)² over its groups (see
    `studentised`), so that the test holds its level also where one side's groups are the longer ones. Arguments, p and
    limits are those of `score_permutation`; the test is that of `permutation_test`. A word that stands nowhere, or a
    side without words, has p = NaN.

    Counts, their squares and their products with the sizes are summed as products of matrices, in whole numbers.
    Sources: Janssen 1997; Chung & Romano 2013; Phipson & Smyth 2010.
    """
    sizes = counts[[-1], :].toarray().astype(np.int64)
    n = counts[:-1].astype(np.int64).tocsr()
    squares, products = n.copy(), n.copy()
    squares.data, products.data = n.data**2, n.data * sizes[0, n.indices]
    stacked = sparse.vstack([n, squares, products, sparse.csr_array(np.vstack([sizes, sizes**2]))], format="csr")
    words = n.shape[0]
    whole = np.asarray(stacked.sum(axis=1), dtype=float)
    by_word = (whole[:words], np.full(words, whole[-2]), *np.split(whole[words:-2], 2), np.full(words, whole[-1]))
    totals = np.column_stack(by_word)

    def scored(weights: np.ndarray) -> np.ndarray:
        sums = weighted_sums(stacked, weights)
        found = np.empty((words, weights.shape[1]))
        of_words(sums[:words], sums[words : 2 * words], sums[2 * words : -2], sums[-2], sums[-1], totals, found)
        return found

    return _permuted(scored, np.asarray(in_target, dtype=bool), permutations=permutations, seed=seed, level=level)


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


def _permuted(
    scored: Callable[[np.ndarray], np.ndarray], chosen: np.ndarray, *, permutations: int, seed: int, level: str
) -> np.ndarray:
    """p of the words whose statistics ``scored`` gives for labels (groups × deals): words × deals, NaN as a tie."""
    observed = scored(chosen[:, None].astype(np.uint8))
    # Ties may come out unequal in the last bits.
    slack = 1e-10 * np.maximum(1, np.abs(observed))

    def work(batch: tuple[int, int, int]) -> np.ndarray:
        number, begin, end = batch
        random = generator(seed, f"{level}\x1fpermutation {number}")
        values = scored(dealt(random, len(chosen), int(chosen.sum()), end - begin))
        # By what they are not, so that an undefined value counts on both sides.
        return np.stack([np.sum(~(values < observed - slack), axis=1), np.sum(~(values > observed + slack), axis=1)])

    tails = sum(in_threads(work, permutations), start=np.zeros((2, len(observed)), np.int64))
    p = np.minimum(1.0, 2 * (tails.min(axis=0) + 1) / (permutations + 1))
    return np.where(np.isnan(observed[:, 0]), np.nan, p)


def _columns(values: np.ndarray) -> np.ndarray:
    array = np.asarray(values, dtype=float)
    return array[:, None] if array.ndim == 1 else array


def _pairs(values: np.ndarray) -> np.ndarray:
    array = np.asarray(values, dtype=float)
    if array.ndim != 2 or array.shape[1] != 2:
        raise ValueError(f"one row a group, with numerator and denominator; got the shape {array.shape}")
    return array


def _distinct(rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The different rows, sorted by their columns in turn, and how often each stands. Whole numbers take a tenth of the
    time that others take."""
    sizes = rows.max(axis=0) + 1
    if rows.min() < 0 or not np.prod(sizes) < _KEYS or np.any(rows % 1):
        return np.unique(rows, axis=0, return_counts=True)
    shape = tuple(sizes.astype(np.int64).tolist())
    keys, counts = np.unique(np.ravel_multi_index(rows.T.astype(np.int64), shape), return_counts=True)
    return np.column_stack(np.unravel_index(keys, shape)).astype(float), counts


def _weighted_sums(rows: np.ndarray, counts: np.ndarray, *, replicates: int, random: np.random.Generator) -> np.ndarray:
    """Sums over groups drawn with replacement: one row a replicate. ``counts`` says how often each row stands."""
    groups = int(counts.sum())
    if len(rows) > _FEW_ROWS:
        row_of = np.repeat(np.arange(len(rows)), counts)
        sums, batch = [], max(1, _DRAWS // groups)
        for done in range(0, replicates, batch):
            size = min(batch, replicates - done)
            draws = row_of[random.integers(groups, size=(size, groups))] + (np.arange(size) * len(rows))[:, None]
            weights = np.bincount(draws.ravel(), minlength=size * len(rows)).reshape(size, len(rows)).astype(float)
            sums += [own @ rows for own in weights]
        return np.vstack(sums)
    batch = max(1, _CELLS // len(rows))
    sums = [
        random.multinomial(groups, counts / groups, size=min(batch, replicates - done)) @ rows
        for done in range(0, replicates, batch)
    ]
    return np.vstack(sums)


def _groups_in(levels: Sequence[sparse.csr_array], side: Sequence[int]) -> int:
    """Groups with words in any of some levels."""
    return int(np.count_nonzero(sum(levels[one][[-1], :].toarray() for one in side)))


def _quantiles(values: np.ndarray, wanted: list[float]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Two quantiles of each row without its NaNs, and how many these are. Rows of NaN alone have none."""
    left_out = np.isnan(values).sum(axis=1)
    low, high = np.full((2, len(values)), np.nan)
    whole, some = left_out == 0, (left_out > 0) & (left_out < values.shape[1])
    if whole.any():
        low[whole], high[whole] = np.quantile(values[whole], wanted, axis=1)
    if some.any():
        low[some], high[some] = np.nanquantile(values[some], wanted, axis=1)
    return low, high, left_out
