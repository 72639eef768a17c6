"""Bootstrap, permutation and adjustment, beside hand-computed values and independent implementations."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse, stats

from analysis.comparison import resampling, scores
from analysis.comparison.rank_sum import rank_sum_p, ranks_of
from analysis.comparison.resampling import (
    benjamini_hochberg,
    generator,
    permutation_test,
    ratio_interval,
    score_intervals,
    score_permutation,
)
from analysis.comparison.weights import BATCH, dealt, drawn, weighted_sums

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


def test_permutation_counts_and_names_the_difference():
    # Its p beside that of all deals: test_studentised.py.
    first, second = [(3, 3), (2, 3), (4, 5), (2, 2)], [(1, 3), (0, 2), (2, 5)]
    result = permutation_test(np.array(first), np.array(second), replicates=500)
    assert result.difference == pytest.approx(11 / 13 - 3 / 10)
    assert result.difference == pytest.approx(permuted_by_loops(first, second)[0])
    assert result.replicates == 500


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


def rate_difference(a, b, c, d):
    return a / c - b / d


def with_sizes(counts, sizes):
    """Words × groups with the sizes as last row."""
    return sparse.csr_array(np.vstack([counts, sizes]).astype(np.int64))


def bursty(seed, words=6, groups=40):
    """Counts and sizes of some groups, and which of them are the target."""
    random = np.random.default_rng(seed)
    sizes = random.integers(100, 600, size=groups)
    counts = random.poisson(random.gamma(0.5, 2, (words, groups)) * 0.01 * sizes)
    return counts, sizes, np.arange(groups) % 3 == 0


def test_weighted_sums_are_those_of_a_matrix_product():
    random = np.random.default_rng(2)
    # Some counts fit 16 bits together, some overflow on the way, some alone.
    counts = random.integers(0, 4, (5, 3000)) * np.array([[1], [50], [900], [40_000], [0]])
    weights = random.integers(0, 9, (3000, 37)).astype(np.uint8)
    found = weighted_sums(sparse.csr_array(counts), weights)
    assert (found == counts @ weights.astype(np.int64)).all()
    assert weighted_sums(sparse.csr_array((3, 0), dtype=np.int64), weights[:0]).tolist() == [[0] * 37] * 3


@given(st.integers(1, 30), st.integers(0, 30), st.integers(1, 5))
@settings(deadline=None)
def test_weights_draw_and_deal_as_many_as_there_are(groups, chosen, columns):
    random = np.random.default_rng(0)
    weights = drawn(random, groups, columns)
    assert weights.shape == (groups, columns)
    assert (weights.sum(axis=0) == groups).all()
    labels = dealt(random, groups, min(chosen, groups), columns)
    assert (labels.sum(axis=0) == min(chosen, groups)).all()
    assert set(np.unique(labels)) <= {0, 1}


def test_every_choice_of_groups_is_dealt_as_often():
    # Three of five: ten choices, 20,000 deals; and two of five, whose complement is dealt.
    for chosen in (3, 2):
        labels = dealt(np.random.default_rng(1), 5, chosen, 20_000)
        _, times = np.unique(labels.T, axis=0, return_counts=True)
        assert len(times) == 10
        assert stats.chisquare(times).pvalue > 0.001
    weights = drawn(np.random.default_rng(1), 4, 20_000)
    expected = stats.binom.pmf(np.arange(5), 4, 1 / 4) * 20_000
    assert stats.chisquare(np.bincount(weights[0], minlength=5), expected).pvalue > 0.001


def test_intervals_of_a_score_are_those_of_ratio_interval():
    # The rate in one level as a score: the reference does not matter.
    counts, sizes, _ = bursty(4)
    level = with_sizes(counts, sizes)
    options = {"replicates": 8000, "seed": 3}
    ours = score_intervals(lambda a, b, c, d: a / c, [level, level], [([0], [1])], **options)[0]
    theirs = ratio_interval(counts.T, sizes, **options)
    assert ours.low == pytest.approx(theirs.low, rel=0.06, abs=2e-4)
    assert ours.high == pytest.approx(theirs.high, rel=0.06, abs=2e-4)


def test_groups_on_both_sides_are_drawn_together():
    # One text printed on both sides: the rates are alike in every replicate, so that the interval has no width.
    counts, sizes, _ = bursty(5)
    level = with_sizes(counts, sizes)
    options = {"replicates": 300, "seed": 3}
    same = score_intervals(rate_difference, [level, level], [([0], [1])], **options)[0]
    assert (same.low == 0).all()
    assert (same.high == 0).all()
    apart = [with_sizes(counts * half, sizes * half) for half in (np.arange(40) % 2, 1 - np.arange(40) % 2)]
    other = score_intervals(rate_difference, apart, [([0], [1])], **options)[0]
    assert (other.low < other.high).all()


def test_contrasts_share_their_draws_and_need_two_groups_a_side():
    counts, sizes, _ = bursty(6)
    place = np.arange(40) % 4
    place[place == 3] = 2
    place[0] = 3
    levels = [with_sizes(counts * (place == one), sizes * (place == one)) for one in range(4)]
    options = {"replicates": BATCH + 10, "seed": 1}
    several = score_intervals(scores.log_ratio, levels, [([0], [1, 2, 3]), ([2], [0]), ([3], [0, 1, 2])], **options)
    merged = score_intervals(scores.log_ratio, [levels[0], sum(levels[1:])], [([0], [1])], **options)[0]
    assert several[0].low.tobytes() == merged.low.tobytes()
    assert several[0].high.tobytes() == merged.high.tobytes()
    assert np.isnan(several[2].low).all(), "one group in the target"
    assert not np.isnan(several[1].high).any()


def test_undefined_replicates_are_left_out_and_counted():
    # The word stands in one group of the reference of three, and one of the target of three.
    counts, sizes = np.array([[2, 0, 0, 1, 0, 0]]), np.full(6, 10)
    levels = [with_sizes(counts * half, sizes * half) for half in (np.arange(6) < 3, np.arange(6) >= 3)]
    interval = score_intervals(scores.relative_risk, levels, [([0], [1])], replicates=20_000, seed=1)[0]
    # Not drawn in six draws of six: (5/6)^6.
    assert interval.left_out[0] / 20_000 == pytest.approx((5 / 6) ** 6, abs=0.02)
    assert np.isfinite([interval.low[0], interval.high[0]]).all()


def test_score_permutation_is_that_of_all_ways_to_deal():
    first, second = [(3, 3), (2, 3), (4, 5), (2, 2)], [(1, 3), (0, 2), (2, 5)]
    both = np.array([*first, *second]).T
    _, exact = permuted_by_loops(first, second)
    found = score_permutation(rate_difference, with_sizes(*both), np.arange(7) < 4, permutations=20_000)
    assert found[0] == pytest.approx(exact, abs=0.01)


@settings(deadline=None, max_examples=40)
@given(st.lists(st.lists(st.integers(0, 4), min_size=6, max_size=6), min_size=1, max_size=4), st.integers(1, 5))
def test_a_permutation_p_is_never_below_what_can_come_out(rows, n_target):
    counts, sizes = np.array(rows), np.full(6, 20)
    found = score_permutation(scores.log_ratio, with_sizes(counts, sizes), np.arange(6) < n_target, permutations=99)
    for word, p in zip(counts, found, strict=True):
        if word.sum():
            assert 2 / 100 <= p <= 1
        else:
            assert np.isnan(p)


def test_an_undefined_permutation_counts_against_the_difference():
    # The word stands in one group: in most permutations the reference has none, and the ratio is undefined.
    counts, sizes = np.array([[5] + [0] * 9]), np.full(10, 50)
    chosen = np.arange(10) >= 5  # the group with the word is the reference's
    p = score_permutation(scores.relative_risk, with_sizes(counts, sizes), chosen, permutations=999)
    assert p[0] == 1


def test_score_permutation_depends_on_the_seed_alone():
    counts, sizes, chosen = bursty(8)
    whole = with_sizes(counts, sizes)
    options = {"permutations": 2 * BATCH + 7, "seed": 4}
    first = score_permutation(scores.log_ratio, whole, chosen, **options)
    assert first.tobytes() == score_permutation(scores.log_ratio, whole, chosen, **options).tobytes()
    # Words taken in parts have the same p as together.
    part = score_permutation(scores.log_ratio, whole[[2, -1]], chosen, **options)
    assert part[0] == first[2]
    other = score_permutation(scores.log_ratio, whole, chosen, permutations=2 * BATCH + 7, seed=5)
    assert (first != other).any()


@settings(deadline=None, max_examples=60)
@given(st.lists(st.tuples(st.integers(0, 4), st.sampled_from([50, 100, 200]), st.booleans()), min_size=2, max_size=15))
def test_rank_sum_is_that_of_scipy(rows):
    counts, sizes, chosen = (np.array(column) for column in zip(*rows, strict=True))
    found = rank_sum_p(ranks_of(sparse.csr_array(counts[None, :]), sizes), chosen)[0]
    rates = counts / sizes
    if not counts.any() or chosen.all() or not chosen.any():
        assert np.isnan(found)
    elif len(set(rates)) == 1:
        assert found == 1
    else:
        theirs = stats.mannwhitneyu(rates[chosen], rates[~chosen], method="asymptotic").pvalue
        assert found == pytest.approx(theirs)


def test_rank_sum_of_many_words_at_once():
    counts, sizes, chosen = bursty(9, words=30)
    counts[7] = 0
    found = rank_sum_p(ranks_of(sparse.csr_array(counts), sizes), chosen)
    for word, p in zip(counts, found, strict=True):
        if word.any():
            rates = word / sizes
            assert p == pytest.approx(stats.mannwhitneyu(rates[chosen], rates[~chosen], method="asymptotic").pvalue)
    assert np.isnan(found[7])


@pytest.mark.parametrize("step", [1.0, 0.5])
@pytest.mark.parametrize(("columns", "most"), [(1, 5), (4, 3), (30, 9)])
def test_whole_numbers_are_told_apart_as_others_are(columns, most, step):
    rows = np.random.default_rng(1).integers(0, most, (500, columns)) * step
    expected = np.unique(rows, axis=0, return_counts=True)
    for found, wanted in zip(resampling._distinct(rows), expected, strict=True):
        assert found.dtype == wanted.dtype and found.tobytes() == wanted.tobytes()


def test_many_different_groups_are_drawn_one_by_one():
    random = np.random.default_rng(2)
    rows = random.random((1500, 2))
    counts = random.integers(1, 40, 1500)
    found = resampling._weighted_sums(rows, counts, replicates=7, random=np.random.default_rng(3))
    again, row_of = np.random.default_rng(3), np.repeat(np.arange(1500), counts)
    for own in found:
        drawn = row_of[again.integers(len(row_of), size=len(row_of))]
        np.testing.assert_allclose(own, rows[drawn].sum(axis=0), rtol=1e-12)
