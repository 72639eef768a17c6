"""Bootstrap, permutation and adjustment, beside hand-computed values and independent implementations."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from analysis.comparison.resampling import benjamini_hochberg, generator, permutation_test, ratio_interval

counts = st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5)), min_size=2, max_size=12)


def by_loops(numerators, denominators, replicates, seed):
    """The same bootstrap in plain Python: draw groups one by one, add up, divide."""
    random = np.random.default_rng(seed)
    ratios = []
    for _ in range(replicates):
        top = bottom = 0
        for _ in numerators:
            drawn = int(random.integers(len(numerators)))
            top += numerators[drawn]
            bottom += denominators[drawn]
        if bottom:
            ratios.append(top / bottom)
    return np.quantile(ratios, [0.025, 0.975])


def test_two_groups_give_the_three_ratios_that_can_come_out():
    # Groups 1/1 and 0/3. Drawn: first twice (1/4 of replicates) 1; both 1/4; second twice 0.
    interval = ratio_interval(np.array([1, 0]), np.array([1, 3]), replicates=4000, confidence=0.5)
    # The quartiles of {0, 1/4, 1/4, 1}: the shares of the three values are .25, .5, .25.
    assert interval.low[0] in (0, 0.25)
    assert interval.high[0] in (0.25, 1)
    full = ratio_interval(np.array([1, 0]), np.array([1, 3]), replicates=4000)
    assert (full.low[0], full.high[0]) == (0, 1)


def test_the_interval_is_that_of_plain_loops():
    random = np.random.default_rng(3)
    bottom = random.integers(1, 12, size=40)
    top = random.binomial(bottom, 0.3)
    ours = ratio_interval(top, bottom, replicates=20_000, seed=1)
    theirs = by_loops(top.tolist(), bottom.tolist(), 4_000, seed=2)
    assert [ours.low[0], ours.high[0]] == pytest.approx(theirs, abs=0.012)


@pytest.mark.parametrize("groups", [30, 1500])  # few distinct rows; more than a multinomial takes
def test_the_interval_is_that_of_scipy(groups):
    random = np.random.default_rng(5)
    bottom = random.integers(100, 900, size=groups)
    top = random.binomial(bottom, 0.02)
    ours = ratio_interval(top, bottom, replicates=4000, seed=7)
    theirs = stats.bootstrap(
        (top, bottom), lambda a, b, axis: a.sum(axis) / b.sum(axis), paired=True, vectorized=True, n_resamples=4000,
        method="percentile", rng=np.random.default_rng(11),
    ).confidence_interval  # fmt: skip
    assert ours.low[0] == pytest.approx(theirs.low, rel=0.02)
    assert ours.high[0] == pytest.approx(theirs.high, rel=0.02)


def test_fewer_than_two_groups_have_no_interval():
    for top, bottom in (([1], [2]), ([1, 0, 0], [2, 0, 0]), ([], [])):
        interval = ratio_interval(np.array(top), np.array(bottom))
        assert np.isnan(interval.low).all() and np.isnan(interval.high).all()


def test_replicates_with_nothing_to_divide_by_are_left_out_and_counted():
    # Two of three groups have a denominator: a replicate holds neither with probability (1/3)³.
    interval = ratio_interval(np.array([1, 0, 0]), np.array([1, 1, 0]), replicates=27_000)
    assert interval.left_out[0] == pytest.approx(1000, rel=0.1)
    assert not np.isnan(interval.low[0])


def test_several_ratios_are_drawn_together_and_as_if_alone():
    top, bottom = np.array([[1, 2], [0, 4], [3, 0]]), np.array([3, 4, 3])
    both = ratio_interval(top, bottom)
    # Shares of two categories that exhaust the denominator mirror each other.
    assert both.low[0] == pytest.approx(1 - both.high[1])
    with pytest.raises(ValueError, match="one row a group"):
        ratio_interval(top, bottom[:2])


@given(counts, st.randoms(use_true_random=False))
def test_the_order_of_groups_does_not_matter(rows, random):
    shuffled = random.sample(rows, len(rows))
    results = [ratio_interval(*np.array(order).T, replicates=50, seed=4) for order in (rows, shuffled)]
    assert [bound.tobytes() for bound in results[0]] == [bound.tobytes() for bound in results[1]]


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5)), min_size=2, max_size=12))
def test_the_interval_of_shares_lies_between_the_smallest_and_the_largest_share(rows):
    top = np.array([min(pair) for pair in rows])
    bottom = np.array([max(pair) for pair in rows])
    interval = ratio_interval(top, bottom, replicates=100)
    if np.count_nonzero(bottom) < 2:
        assert np.isnan(interval.low[0])
        return
    shares = top[bottom > 0] / bottom[bottom > 0]
    # One ulp of a quantile's interpolation.
    assert shares.min() - 1e-12 <= interval.low[0] <= interval.high[0] <= shares.max() + 1e-12


def test_a_level_has_its_own_stream():
    draw = {level: generator(1, level).random() for level in ("A", "B", "")}
    assert len(set(draw.values())) == 3
    assert generator(1, "A").random() == draw["A"] != generator(2, "A").random()


def permuted_by_loops(first, second):
    """Every way to deal the groups out, in plain Python: the exact tails."""
    both = [*first, *second]
    observed = sum(a for a, _ in first) / sum(b for _, b in first) - sum(a for a, _ in second) / sum(
        b for _, b in second
    )
    found = []
    for chosen in itertools.combinations(range(len(both)), len(first)):
        left = [both[i] for i in chosen]
        right = [both[i] for i in range(len(both)) if i not in chosen]
        found.append(
            sum(a for a, _ in left) / sum(b for _, b in left) - sum(a for a, _ in right) / sum(b for _, b in right)
        )
    above = sum(value >= observed - 1e-12 for value in found) / len(found)
    below = sum(value <= observed + 1e-12 for value in found) / len(found)
    return observed, min(1, 2 * min(above, below))


def test_permutation_is_that_of_all_ways_to_deal():
    first, second = [(3, 3), (2, 3), (4, 5), (2, 2)], [(1, 3), (0, 2), (2, 5)]
    observed, exact = permuted_by_loops(first, second)
    result = permutation_test(np.array(first), np.array(second), replicates=20_000)
    assert result.difference == pytest.approx(11 / 13 - 3 / 10)
    assert result.difference == pytest.approx(observed)
    assert result.p == pytest.approx(exact, abs=0.01)
    assert result.replicates == 20_000


def test_permutation_counts_ties_against_the_difference():
    same = np.array([[1, 2], [1, 2]])
    assert permutation_test(same, same, replicates=99).p == 1
    assert np.isnan(permutation_test(same, np.array([[0, 0]])).p)
    # The smallest p: none as extreme but the observed, (0 + 1)/(R + 1), doubled.
    far = permutation_test(np.tile([1, 1], (12, 1)), np.tile([0, 1], (12, 1)), replicates=99)
    assert far.p == 2 / 100
    with pytest.raises(ValueError, match="numerator and denominator"):
        permutation_test(np.array([1, 2]), same)


def test_permutation_holds_its_level():
    # No real difference: p < .05 in about 5 % of 400 splits (binomial 3 sigma: .017 … .083).
    random = np.random.default_rng(9)
    hits = 0
    for number in range(400):
        words = random.integers(100, 400, size=24)
        rows = np.column_stack([random.binomial(words, 0.03), words])
        hits += permutation_test(rows[:12], rows[12:], replicates=199, seed=number).p < 0.05
    assert 0.017 <= hits / 400 <= 0.083


@settings(max_examples=50)
@given(st.lists(st.floats(0, 1), min_size=1, max_size=30))
def test_benjamini_hochberg_is_that_of_scipy(p):
    assert benjamini_hochberg(np.array(p)) == pytest.approx(stats.false_discovery_control(p))


def test_benjamini_hochberg_by_hand_and_without_tests():
    # .01·3/1 = .03, .02·3/2 = .03, .5·3/3 = .5; the NaN is no test.
    assert benjamini_hochberg(np.array([0.5, np.nan, 0.01, 0.02])) == pytest.approx(
        [0.5, np.nan, 0.03, 0.03], nan_ok=True
    )
    assert benjamini_hochberg(np.array([])).size == 0
    with pytest.raises(ValueError, match="between 0 and 1"):
        benjamini_hochberg(np.array([1.5]))
