"""The kernels beside slow ones: every deal counted, sums of draws bounded, quantiles with infinite values."""

import itertools

import numpy as np
import pytest

from analysis.comparison.resampling import permutation_test
from analysis.comparison.stratified import Units, bounds_of, drawn_sums, permutation_p, standardised

ROWS = np.array([[3, 4], [0, 2], [1, 2], [5, 6], [0, 3], [1, 1], [2, 5], [0, 2]], dtype=float)
ONE = Units(ROWS, np.zeros(8, np.int64), np.arange(8) < 3)
TWO = Units(ROWS, np.array([0, 0, 0, 0, 1, 1, 1, 1]), np.array([True, True, False, False, True, False, False, False]))


def statistic(rows, stratum, in_a):
    """Mantel and Haenszel's difference over its error, written out."""
    weights = parts = error = 0.0
    values = np.zeros(2)
    for one in set(stratum.tolist()):
        sides = [rows[(stratum == one) & side] for side in (in_a, ~in_a)]
        a, b = (side.sum(axis=0) for side in sides)
        if a[1] > 0 and b[1] > 0:
            weight = a[1] * b[1] / (a[1] + b[1])
            weights += weight
            values += weight * np.array([a[0] / a[1], b[0] / b[1]])
            parts += weight * (a[0] / a[1] - b[0] / b[1])
            for side, of in zip(sides, (a, b), strict=True):
                error += weight**2 * np.sum((side[:, 0] - of[0] / of[1] * side[:, 1]) ** 2) / of[1] ** 2
    if not weights:
        return np.nan
    if abs(parts) < 1e-12:
        return 0.0
    low, high = values.min() / weights, values.max() / weights
    beyond = low < 1e-12 or high > 1 - 1e-12 or error < 1e-12
    return np.sign(parts) * 1e30 if beyond else parts / np.sqrt(error)


def every_deal(units):
    """The statistics of all ways to deal the units within their strata."""
    places = [np.flatnonzero(units.stratum == one) for one in np.unique(units.stratum)]
    deals = [itertools.combinations(of, int(units.in_a[of].sum())) for of in places]
    for chosen in itertools.product(*(list(deal) for deal in deals)):
        in_a = np.zeros(len(units.rows), bool)
        in_a[list(itertools.chain(*chosen))] = True
        yield statistic(units.rows, units.stratum, in_a)


@pytest.mark.parametrize("units", [ONE, TWO])
def test_p_is_the_share_of_all_deals(units):
    observed, deals = statistic(*units), np.array(list(every_deal(units)))
    deals = deals[~np.isnan(deals)]
    exact = min(1, 2 * min(np.mean(deals >= observed - 1e-9), np.mean(deals <= observed + 1e-9)))
    p = permutation_p(units, permutations=9999, seed=0, level="x")
    assert p == pytest.approx([exact], abs=0.02)


def test_one_stratum_is_the_plain_test():
    ours = permutation_p(ONE, permutations=9999, seed=0, level="x")[0]
    other = permutation_test(ROWS[:3], ROWS[3:], replicates=9999)
    assert ours == pytest.approx(other.p, abs=0.02)
    a, b, weight = (one.sum(axis=0) for one in standardised(ONE))
    assert (a / weight - b / weight)[0] == pytest.approx(other.difference)


def test_several_ratios_are_tested_by_the_same_deals():
    rows = np.column_stack([ROWS[:, 0], ROWS[:, 1] - ROWS[:, 0], ROWS[:, 1]])
    p = permutation_p(Units(rows, *TWO[1:]), permutations=500, seed=1, level="x")
    assert p[0] == p[1]  # of a choice of two, one is the other turned round
    assert p[0] == permutation_p(TWO, permutations=500, seed=1, level="x")[0]


def test_standardised_by_hand():
    a, b, weight = standardised(TWO)
    # Stratum 0: 3/6 against 6/8; stratum 1: 0/3 against 3/8.
    assert weight.tolist() == [6 * 8 / 14, 3 * 8 / 11]
    assert a[:, 0] == pytest.approx(weight * [0.5, 0])
    assert b[:, 0] == pytest.approx(weight * [0.75, 0.375])


def test_deals_that_leave_a_side_empty_are_left_out():
    rows = np.array([[1, 1], [0, 0], [1, 2]], dtype=float)
    units = Units(rows, np.zeros(3, np.int64), np.array([True, False, False]))
    # Of three deals two count, 1 − ½ and ½ − 1: one of two is as large.
    assert permutation_p(units, permutations=4000, seed=0, level="x") == pytest.approx([1], abs=0.03)


def test_nothing_to_compare_is_undefined():
    rows = np.array([[1, 1], [0, 0]], dtype=float)
    units = Units(rows, np.zeros(2, np.int64), np.array([True, False]))
    assert np.isnan(permutation_p(units, permutations=9, seed=0, level="x")).all()
    assert np.isnan(permutation_p(ONE, permutations=0, seed=0, level="x")).all()
    assert np.isnan(permutation_p(Units(*(one[:0] for one in ONE)), permutations=9, seed=0, level="x")).all()


def test_draws_keep_strata_and_have_the_right_mean_and_variance():
    rows = np.array([[1, 0, 1], [2, 0, 1], [6, 0, 1], [0, 5, 1], [0, 7, 1]], dtype=float)
    strata = np.array([0, 0, 0, 3, 3])
    sums = drawn_sums(rows, strata, replicates=20000, seed=0, level="x")
    assert (sums[:, 2] == 5).all()
    assert set(sums[:, 1]) == {10, 12, 14}
    assert sums[:, 0].mean() == pytest.approx(9, abs=0.1)
    assert sums[:, 0].var() == pytest.approx(3 * np.var([1, 2, 6]), rel=0.05)
    assert np.mean(sums[:, 1] == 12) == pytest.approx(0.5, abs=0.02)


def test_draws_do_not_depend_on_the_order_of_rows():
    strata = np.array([0, 1] * 4)
    order = np.random.default_rng(0).permutation(8)
    one, two = (
        drawn_sums(rows, of, replicates=300, seed=2, level="x")
        for rows, of in ((ROWS, strata), (ROWS[order], strata[order]))
    )
    assert np.array_equal(one, two)
    assert not np.array_equal(one, drawn_sums(ROWS, strata, replicates=300, seed=3, level="x"))
    assert drawn_sums(ROWS, strata, replicates=0, seed=2, level="x").shape == (0, 2)


def test_bounds_are_numpys_where_all_is_finite():
    values = np.random.default_rng(0).normal(size=(101, 3))
    low, high = bounds_of(values)
    assert low == pytest.approx(np.quantile(values, 0.025, axis=0))
    assert high == pytest.approx(np.quantile(values, 0.975, axis=0))


def test_infinite_values_have_their_place_and_are_no_bound():
    values = np.array([1.0, 2, 3, 4, np.inf])[:, None]
    low, high = bounds_of(values)
    assert low[0] == pytest.approx(1.1) and np.isnan(high[0])
    many = np.concatenate([np.arange(1000.0), [np.inf] * 5])[:, None]
    assert bounds_of(many)[1][0] == pytest.approx(np.quantile(np.arange(1005.0), 0.975))


def test_undefined_values_are_left_out():
    low, high = bounds_of(np.array([[np.nan, np.nan], [2, np.nan], [4, np.nan]]))
    assert (low[0], high[0]) == (2.05, 3.95)
    assert np.isnan(low[1]) and np.isnan(high[1])
    assert np.isnan(bounds_of(np.empty((0, 1)))[0][0])
