"""The difference over its error: by hand, beside fractions over every deal, and its level where lengths differ."""

import itertools
from fractions import Fraction
from math import inf, sqrt

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse

from analysis.comparison import scores
from analysis.comparison.resampling import permutation_test, rate_permutation, score_permutation
from analysis.comparison.stratified import Units, permutation_p
from analysis.comparison.studentised import moments, of_sums, ratio_variance

GROUPS = [(3, 4), (0, 2), (1, 2), (5, 6), (0, 3), (1, 1), (2, 5), (0, 2)]


def statistic(first, second):
    """Written out in fractions: groups are (n, d)."""
    if not sum(d for _, d in first) or not sum(d for _, d in second):
        return None
    ratios, variance = [], Fraction(0)
    for side in (first, second):
        n, d = (sum(one[place] for one in side) for place in (0, 1))
        ratio = Fraction(n, d)
        ratios.append(ratio)
        variance += sum((one - ratio * of) ** 2 for one, of in side) / Fraction(d) ** 2
    difference = ratios[0] - ratios[1]
    if difference == 0:
        return 0.0
    if min(ratios) == 0 or max(ratios) == 1 or variance == 0:
        return inf if difference > 0 else -inf
    return float(difference) / sqrt(variance)


def exact_p(first, second):
    """The share of all deals that are as extreme, of the smaller side, doubled."""
    both = [*first, *second]
    observed = statistic(first, second)
    found = []
    for chosen in itertools.combinations(range(len(both)), len(first)):
        rest = [both[at] for at in range(len(both)) if at not in chosen]
        found.append(statistic([both[at] for at in chosen], rest))
    found = [one for one in found if one is not None]
    # Infinite values are equal to each other alone.
    above = sum(one == observed or one >= observed - 1e-9 for one in found)
    below = sum(one == observed or one <= observed + 1e-9 for one in found)
    return min(1, 2 * min(above, below) / len(found))


def ours(first, second):
    rows = moments(np.array([*first, *second], dtype=float))
    out = np.empty(1)
    of_sums(rows[: len(first)].sum(axis=0)[None, :], rows.sum(axis=0), out)
    return out[0]


def with_sizes(counts, sizes):
    return sparse.csr_array(np.vstack([counts, sizes]).astype(np.int64))


def test_by_hand():
    # 1/4: (1 − ½)² + (0 − ½)² over 4²; 1/6: (0 − ⅓)² + (1 − ⅔)² over 6².
    first, second = [(1, 2), (0, 2)], [(0, 2), (1, 4)]
    assert ratio_variance(1, 4, 1, 2, 8) == pytest.approx(1 / 32)
    assert ratio_variance(1, 6, 1, 4, 20) == pytest.approx(2 / 9 / 36)
    assert ours(first, second) == pytest.approx((1 / 4 - 1 / 6) / sqrt(1 / 32 + 1 / 162))
    assert ours(first, second) == pytest.approx(statistic(first, second))
    assert ours(second, first) == -ours(first, second)
    assert moments(np.array([[2.0, 3.0, 5.0]])).tolist() == [[2, 3, 5, 4, 9, 10, 15, 25]]


def test_groups_of_one_rate_have_no_variance_whatever_the_rounding():
    for size in (3, 7, 333_333):
        sizes = np.arange(1, 40) * size
        n = sizes // size
        assert ratio_variance(n.sum(), sizes.sum(), (n * n).sum(), (n * sizes).sum(), (sizes * sizes).sum()) == 0
    assert ratio_variance(5.0, 7.0, 25.0, 35.0, 49.0) == 0


def test_nothing_at_all_and_nothing_else_are_beyond_every_other_deal():
    assert ours([(0, 900), (0, 800)], [(0, 300), (2, 300)]) == ours([(0, 5)], [(0, 300), (2, 300)]) < -1e20
    assert ours([(2, 2), (1, 1)], [(0, 1), (2, 3)]) > 1e20
    assert ours([(1, 2), (2, 4)], [(1, 3), (2, 6)]) > 1e20, "each side of one rate"
    assert ours([(1, 2), (2, 4)], [(3, 6)]) == 0
    assert ours([(0, 2)], [(0, 3)]) == 0
    assert np.isnan(ours([(0, 0)], [(1, 2)]))


@settings(deadline=None, max_examples=200)
@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 40)), min_size=2, max_size=8), st.data())
def test_the_statistic_is_that_of_fractions(groups, data):
    place = data.draw(st.integers(1, len(groups) - 1))
    groups = [(min(n, d), d) for n, d in groups]
    wanted, found = statistic(groups[:place], groups[place:]), ours(groups[:place], groups[place:])
    if wanted is None:
        assert np.isnan(found)
    elif wanted in (inf, -inf):
        assert found * np.sign(wanted) > 1e20
    else:
        assert found == pytest.approx(wanted, rel=1e-6)


@pytest.mark.parametrize("n_first", [1, 3, 4])
def test_p_is_the_share_of_all_deals(n_first):
    first, second = GROUPS[:n_first], GROUPS[n_first:]
    exact = exact_p(first, second)
    rows = np.array(GROUPS, dtype=float)
    assert permutation_test(rows[:n_first], rows[n_first:], replicates=20_000).p == pytest.approx(exact, abs=0.02)
    words = np.vstack([rows[:, 0], np.roll(rows[:, 0], 3)])
    sizes = rows[:, 1] + 5
    chosen = np.arange(len(GROUPS)) < n_first
    found = rate_permutation(with_sizes(words, sizes), chosen, permutations=20_000)
    for word, p in zip(words, found, strict=True):
        pairs = [(int(n), int(d)) for n, d in zip(word, sizes, strict=True)]
        assert p == pytest.approx(exact_p(pairs[:n_first], pairs[n_first:]), abs=0.02)


def test_rate_permutation_is_permutation_test_of_each_word():
    random = np.random.default_rng(7)
    sizes = random.integers(100, 5000, size=40)  # products that need more than 16 bits
    words = random.poisson(random.gamma(0.5, 2, (6, 40)) * 0.01 * sizes)
    chosen = np.arange(40) % 3 == 0
    found = rate_permutation(with_sizes(words, sizes), chosen, permutations=20_000, seed=2)
    for word, p in zip(words, found, strict=True):
        pairs = np.column_stack([word, sizes])
        theirs = permutation_test(pairs[chosen], pairs[~chosen], replicates=20_000, seed=5).p
        assert p == pytest.approx(theirs, abs=0.025)


def test_undefined_words_and_sides_have_no_p():
    counts = with_sizes(np.array([[1, 0, 2, 1], [0, 0, 0, 0]]), [5, 6, 7, 8])
    found = rate_permutation(counts, np.array([True, True, False, False]), permutations=99)
    assert 0 < found[0] <= 1 and np.isnan(found[1])
    assert np.isnan(rate_permutation(counts, np.zeros(4, bool), permutations=99)).all()
    assert rate_permutation(counts[[-1]], np.arange(4) < 2, permutations=99).size == 0


def test_rate_permutation_depends_on_the_seed_alone():
    random = np.random.default_rng(8)
    sizes = random.integers(100, 600, size=40)
    counts = with_sizes(random.poisson(0.01 * np.tile(sizes, (6, 1))), sizes)
    chosen, options = np.arange(40) % 3 == 0, {"permutations": 519, "seed": 4}
    first = rate_permutation(counts, chosen, **options)
    assert first.tobytes() == rate_permutation(counts, chosen, **options).tobytes()
    assert rate_permutation(counts[[2, -1]], chosen, **options)[0] == first[2]
    assert (first != rate_permutation(counts, chosen, permutations=519, seed=5)).any()


def test_strata_of_one_against_one_are_turned_round():
    # Six stories, one article a side: of 2⁶ deals those whose weighted difference is as large.
    rows = [((3, 4), (1, 4)), ((2, 2), (1, 3)), ((0, 5), (1, 2)), ((4, 5), (2, 5)), ((1, 1), (0, 2)), ((2, 3), (2, 4))]
    flat = np.array([side for pair in rows for side in pair], dtype=float)
    units = Units(flat, np.repeat(np.arange(6), 2), np.arange(12) % 2 == 0)
    weights = [a[1] * b[1] / (a[1] + b[1]) for a, b in rows]
    parts = [w * (a[0] / a[1] - b[0] / b[1]) for w, (a, b) in zip(weights, rows, strict=True)]
    deals = np.array([np.dot(signs, parts) for signs in itertools.product([1, -1], repeat=6)])
    exact = 2 * min(np.mean(deals >= sum(parts) - 1e-12), np.mean(deals <= sum(parts) + 1e-12))
    assert permutation_p(units, permutations=20_000, seed=0, level="x")[0] == pytest.approx(exact, abs=0.01)


def unequal(n_long, n_short, rate, *, words=800, seed=0):
    """Words of equal rates that come in bursts, in articles of 900 and of 300 words; those in five articles or more."""
    random = np.random.default_rng(seed)
    sizes = np.repeat([900, 300], [n_long, n_short])
    n = random.poisson(random.gamma(0.5, 2, (words, len(sizes))) * rate * sizes)
    return n[(n > 0).sum(axis=1) >= 5], sizes, np.arange(len(sizes)) < n_long


@pytest.mark.parametrize("rate", [0.0005, 0.002])
def test_the_level_is_held_where_one_sides_articles_are_longer(rate):
    n, sizes, long = unequal(24, 120, rate)
    for chosen in (long, ~long):
        p = rate_permutation(with_sizes(n, sizes), chosen, permutations=399)
        assert 0.02 < np.mean(p < 0.05) < 0.09
    rows = np.vstack([n, sizes]).T.astype(float)
    p = permutation_p(Units(rows, np.zeros(144, np.int64), long), permutations=399, seed=0, level="x")
    assert 0.02 < np.mean(p < 0.05) < 0.09


def test_four_long_articles_against_forty_short_ones():
    # A bare difference, and a bare log ratio most of all, find what is not there.
    n, sizes, long = unequal(4, 40, 0.0005)
    counts, options = with_sizes(n, sizes), {"permutations": 399}
    bare = score_permutation(lambda a, b, c, d: a / c - b / d, counts, long, **options)
    log_ratio = score_permutation(scores.log_ratio, counts, long, **options)
    assert np.mean(bare < 0.05) > 0.15 and np.mean(log_ratio < 0.05) > 0.25
    assert np.mean(rate_permutation(counts, long, **options) < 0.05) < 0.09


def test_a_difference_is_found_also_where_lengths_differ():
    n, sizes, long = unequal(24, 120, 0.004)
    random = np.random.default_rng(1)
    n[:, long] += random.poisson(random.gamma(0.5, 2, n[:, long].shape) * 0.008 * 900)
    assert np.mean(rate_permutation(with_sizes(n, sizes), long, permutations=399) < 0.05) > 0.8
