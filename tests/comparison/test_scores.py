"""Scores of keyness beside published values, hand-computed values, scipy, and plain arithmetic."""

import math
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from analysis.comparison import scores
from analysis.comparison.scoring import SCORES, score_counts
from analysis.study import UserError

# Where one side's rate is above the other's, the score is above 0 and below 0 with the sides changed.
SIGNED = ("log_likelihood", "g2", "chi2", "log_ratio", "log_ratio_walter", "lrc", "log_odds", "log_odds_z")
PRIOR = {"prior": 0.01, "prior_size": 94.37}


@st.composite
def tables(draw, least=0):
    """a, b, c, d of one word, with each side of at least one word."""
    size = st.integers(1, 10**7) | st.integers(1, 30)
    c, d = draw(size), draw(size)
    few = st.integers(0, 12)
    a, b = (min(one, draw(few | st.integers(0, one))) for one in (c, d))
    return max(a, least), max(b, least), c, d


def score(name, *counts):
    return getattr(scores, name)(*counts, **(PRIOR if name.startswith("log_odds") else {}))


def frame(*rows):
    return pd.DataFrame(rows, columns=["word", "n_target", "n_reference", "size_target", "size_reference"])


def test_values_of_a_word_in_two_corpora_of_like_size():
    counts = (52, 57, 50_000, 75_000)
    wanted = {"log_likelihood": 2.6517, "g2": 2.6541, "log_ratio": 0.4525, "percent_diff": 36.842, "bic": -9.084}
    for name, value in wanted.items():
        assert score(name, *counts) == pytest.approx(value, abs=5e-4), name


def test_values_of_a_word_that_leads():
    counts = (148, 54, 43_002, 108_539)
    wanted = {
        "log_likelihood": 174.3340, "g2": 174.6015, "log_ratio": 2.7903, "log_ratio_walter": 2.7819,
        "percent_diff": 591.775, "bic": 162.405, "log_odds": 1.93559, "log_odds_z": 12.1759, "chi2": 200.5544,
    }  # fmt: skip
    for name, value in wanted.items():
        assert score(name, *counts) == pytest.approx(value, abs=5e-4 if value > 3 else 5e-5), name
    assert scores.lrc(*counts, tests=1) == pytest.approx(2.3316, abs=5e-5)
    assert scores.lrc(*counts, tests=9_437) == pytest.approx(1.7760, abs=5e-5)


@pytest.mark.parametrize(
    ("n_target", "n_reference", "wanted"),
    [
        (944, 367, (10290.404741, 9.543111, 9.132239, 683.420927)),
        (94, 749, (489.763198, 5.193762, 4.381929, 34.898872)),
        (8, 0, (90.849659, 12.268768, 6.020852, 68.969414)),
    ],
)
def test_values_published_with_the_conservative_log_ratio(n_target, n_reference, wanted):
    counts = (n_target, n_reference, 1_177, 341_805)
    found = (
        scores.g2(*counts),
        scores.log_ratio_walter(*counts),
        scores.lrc(*counts, tests=20_109),
        scores.simple_maths(*counts, smoothing=100),
    )
    assert found == pytest.approx(wanted, abs=1e-6)


def test_forty_published_values(shared):
    path = shared / "data/keyness/keyness_golden.tsv"
    if not path.is_file():
        pytest.skip("../shared/data/keyness is not there")
    golden = pd.read_csv(path, sep="\t", keep_default_na=False)
    assert len(golden) == 40
    counts = golden[["n_target", "n_reference", "N_target", "N_reference"]].to_numpy().T
    for measure in ("chi2", "G2"):
        rows = (golden["measure"] == measure).to_numpy()
        assert rows.sum() >= 10
        found = getattr(scores, measure.lower())(*counts[:, rows], correction="auto")
        assert found == pytest.approx(golden.loc[rows, "published"].to_numpy(), abs=5e-4)
        assert found == pytest.approx(golden.loc[rows, "recomputed"].to_numpy(), abs=1e-6)


def test_chi2_and_g2_are_those_of_scipy():
    random = np.random.default_rng(1)
    for _ in range(200):
        c, d = random.integers(20, 3000, size=2)
        a, b = random.integers(1, 20, size=2)
        observed = [[a, b], [c - a, d - b]]
        sign = np.sign(a / c - b / d)
        for name, power in (("chi2", 1), ("g2", 0)):
            function = getattr(scores, name)
            for correction in ("none", "yates"):
                theirs = stats.chi2_contingency(observed, correction=correction == "yates", lambda_=power)
                # Yates' correction may take all of a difference; scipy then leaves the last bits.
                assert function(a, b, c, d, correction=correction) == pytest.approx(sign * theirs[0], abs=1e-9)
            few = stats.contingency.expected_freq(observed).min() < 5
            by_rule = function(a, b, c, d, correction="yates" if few else "none")
            assert function(a, b, c, d, correction="auto") == by_rule
        parts = np.array([c, d]) * (a + b) / (c + d)
        two = stats.power_divergence([a, b], parts, lambda_=0)[0]
        assert abs(scores.log_likelihood(a, b, c, d)) == pytest.approx(two, abs=1e-9)


def test_williams_by_hand():
    # q = 1 + (100/15 + 100/85 − 1)(100/40 + 100/60 − 1)/600
    q = 1 + (100 / 15 + 100 / 85 - 1) * (100 / 40 + 100 / 60 - 1) / 600
    for function in (scores.chi2, scores.g2):
        plain = function(10, 5, 40, 60, correction="none")
        assert function(10, 5, 40, 60, correction="williams") == pytest.approx(plain / q)
    with pytest.raises(ValueError, match=r"correction is 'bonferroni'; allowed: none, yates, williams, auto"):
        scores.chi2(1, 2, 3, 4, correction="bonferroni")


def test_ratios_by_hand():
    counts = (6, 3, 100, 200)
    assert scores.relative_risk(*counts) == pytest.approx(4)
    assert scores.percent_diff(*counts) == pytest.approx(300)
    assert scores.log_ratio(*counts) == pytest.approx(2)
    assert scores.odds_ratio(*counts) == pytest.approx((6 / 94) / (3 / 197))
    assert scores.simple_maths(*counts, smoothing=1) == pytest.approx(60_001 / 15_001)
    # A zero is .5: log2((.5/100)/(3/200)), log2((6/100)/(.5/200)).
    assert scores.log_ratio(0, 3, 100, 200) == pytest.approx(math.log2(1 / 3))
    assert scores.log_ratio(6, 0, 100, 200) == pytest.approx(math.log2(24))
    # ln[(6+2)/(100+50−6−2)] − ln[(3+2)/(200+50−3−2)]
    assert scores.log_odds(*counts, prior=2, prior_size=50) == pytest.approx(math.log(8 / 142) - math.log(5 / 245))
    z = (math.log(8 / 142) - math.log(5 / 245)) / math.sqrt(1 / 8 + 1 / 5)
    assert scores.log_odds_z(*counts, prior=2, prior_size=50) == pytest.approx(z)


def test_the_conservative_log_ratio_is_the_bound_of_an_exact_interval():
    share = stats.binomtest(148, 148 + 54).proportion_ci(confidence_level=0.95, method="exact").low
    wanted = math.log2(108_539 / 43_002 * share / (1 - share))
    assert scores.lrc(148, 54, 43_002, 108_539) == pytest.approx(wanted)
    # No interval of a word as rare as this keeps off 0.
    assert scores.lrc(2, 1, 1000, 1000) == 0


def exactly(a, b, c, d):
    """Two-sided p by whole numbers: tables no likelier than this one, over all."""
    ways = [math.comb(c, x) * math.comb(d, a + b - x) for x in range(a + b + 1)]
    return float(Fraction(sum(way for way in ways if way <= ways[a]), sum(ways)))


@settings(deadline=None)
@given(st.integers(1, 40), st.integers(1, 40), st.data())
def test_fisher_is_that_of_whole_numbers(c, d, data):
    a, b = data.draw(st.integers(0, c)), data.draw(st.integers(0, d))
    if a + b:
        assert scores.fisher_p(a, b, c, d) == pytest.approx(exactly(a, b, c, d), rel=1e-10)


@pytest.mark.parametrize("counts", [(30, 3, 900, 1100), (3, 90, 500, 4000), (12, 700, 5000, 90_000), (60, 0, 99, 99)])
def test_fisher_is_that_of_scipy(counts):
    a, b, c, d = counts
    assert scores.fisher_p(*counts) == pytest.approx(stats.fisher_exact([[a, b], [c - a, d - b]]).pvalue, rel=1e-9)


def test_fisher_of_a_large_corpus_is_that_of_chi2():
    # 50 million words; the normal approximation is good to three digits, and symmetric tables have the same p.
    counts = (500_300, 499_700, 25_000_000, 25_000_000)
    assert scores.fisher_p(*counts) == pytest.approx(
        stats.chi2.sf(scores.chi2(*counts, correction="yates"), 1), rel=0.01
    )
    assert scores.fisher_p(*counts) == scores.fisher_p(counts[1], counts[0], *counts[2:])


@given(tables(least=1))
def test_signed_scores_change_sign_with_the_sides(counts):
    a, b, c, d = counts
    for name in SIGNED:
        one, other = score(name, a, b, c, d), score(name, b, a, d, c)
        assert one == pytest.approx(-other, rel=1e-6, abs=1e-6, nan_ok=True), name
    for name in ("relative_risk", "odds_ratio", "simple_maths"):
        one, other = score(name, a, b, c, d), score(name, b, a, d, c)
        assert np.isnan(one) == np.isnan(other), name
        assert np.isnan(one) or one * other == pytest.approx(1), name


@given(tables())
def test_the_sign_is_that_of_the_difference_of_rates(counts):
    a, b, c, d = counts
    for name in ("log_likelihood", "g2", "chi2", "lrc"):
        value = score(name, a, b, c, d)
        assert np.isnan(value) or value == 0 or np.sign(value) == np.sign(a * d - b * c), name
        assert str(value) != "-0.0"
    assert a + b == 0 or scores.log_likelihood(a, b, c, d) == 0 or a * d != b * c


@given(tables(least=1))
def test_the_conservative_log_ratio_stays_between_0_and_the_log_ratio(counts):
    whole, bound = scores.log_ratio(*counts), scores.lrc(*counts, tests=100)
    assert 0 <= bound <= whole + 1e-9 or whole - 1e-9 <= bound <= 0


@given(st.lists(tables(), min_size=1, max_size=6))
def test_no_nan_without_a_note_and_no_infinity(rows):
    table = score_counts(frame(*[(f"w{number}", *row) for number, row in enumerate(rows)]))
    values = table[list(SCORES)]
    assert not np.isinf(values.to_numpy()).any()
    for row, note in zip(values.isna().to_numpy(), table["note"], strict=True):
        if row.all():
            assert note.endswith("no score is defined")
        elif row.any():
            assert note.endswith("undefined: " + ", ".join(np.array(SCORES)[row]))
        else:
            assert pd.isna(note) or "undefined" not in note


def test_notes_say_what_is_missing():
    table = score_counts(
        frame(("a", 3, 2, 10, 10), ("b", 3, 0, 10, 10), ("c", 0, 3, 10, 10), ("d", 0, 0, 10, 10), ("e", 3, 0, 10, 0),
              ("f", 10, 3, 10, 10), ("g", 10, 10, 10, 10))
    )  # fmt: skip
    assert pd.isna(table["note"][0])
    assert table["note"][1:].tolist() == [
        "0 in reference: log_ratio takes it as .5; undefined: percent_diff, relative_risk, odds_ratio",
        "0 in target: log_ratio takes it as .5",
        "in neither; no score is defined",
        "reference holds no words; no score is defined",
        "no other word in target; undefined: odds_ratio",
        "no other word in target; no other word in reference; undefined: g2, chi2, odds_ratio",
    ]


def test_the_table_has_every_score_and_nothing_else():
    given_counts = frame(("b", 148, 54, 43_002, 108_539), ("a", 52, 57, 50_000, 75_000)).assign(other=1)
    table = score_counts(given_counts)
    assert table.columns.tolist() == [*given_counts.columns[:5], *SCORES, "note"]
    assert table["word"].tolist() == ["b", "a"]
    assert table.loc[0, "lrc"] == pytest.approx(scores.lrc(148, 54, 43_002, 108_539, tests=2))
    assert table.attrs["tests"] == 2
    assert score_counts(given_counts, tests=1).loc[0, "lrc"] == pytest.approx(2.3316, abs=5e-5)
    monroe = score_counts(given_counts, types=9_437)
    assert (monroe.loc[0, "log_odds"], monroe.loc[0, "log_odds_z"]) == pytest.approx((1.93559, 12.1759), abs=5e-5)
    assert monroe.attrs["prior_size"] == pytest.approx(94.37)
    assert score_counts(given_counts.iloc[:0]).dtypes.equals(table.dtypes)
    assert given_counts.columns[-1] == "other", "the argument is not changed"


def test_sizes_may_be_given():
    counts = frame(("a", 6, 3, 0, 0)).drop(columns=["size_target", "size_reference"])
    table = score_counts(counts, size_target=100, size_reference=200)
    assert table.loc[0, "relative_risk"] == pytest.approx(4)
    with pytest.raises(UserError, match="size_target is given and also a column"):
        score_counts(frame(("a", 6, 3, 10, 10)), size_target=100)


def test_a_corpus_as_prior():
    prior = pd.Series({"a": 30, "b": 50, "z": 20})
    counts = frame(("a", 6, 3, 100, 200), ("new", 6, 0, 100, 200))
    table = score_counts(counts, prior=prior)
    assert table.loc[0, "log_odds"] == pytest.approx(scores.log_odds(6, 3, 100, 200, prior=30, prior_size=100))
    assert table.loc[1, ["log_odds", "log_odds_z"]].isna().all()
    assert "not in the prior" in table.loc[1, "note"]
    scaled = score_counts(counts, prior=prior, prior_size=10)
    assert scaled.loc[0, "log_odds_z"] == pytest.approx(scores.log_odds_z(6, 3, 100, 200, prior=3, prior_size=10))


@pytest.mark.parametrize(
    ("counts", "message"),
    [
        (frame(("a", 1, 1, 9, 9), ("b", -1, 1, 9, 9)), "row 2, word 'b', column n_target: -1; allowed: a whole number"),
        (frame(("a", 1, 10, 9, 9)), "row 1, word 'a', column n_reference: 10; allowed: at most size_reference, 9"),
        (frame(("a", 1.5, 1, 9, 9)), "column n_target: 1.5; allowed: a whole number of at least 0"),
        (frame(("a", 1, 1, 9, "many")), "column size_reference: many; allowed"),
        (frame(("a", 1, None, 9, 9)), "column n_reference: missing; allowed"),
        (frame(("a", float("inf"), 1, 9, 9)), "column n_target: inf; allowed"),
        (frame((None, 1, 1, 9, 9)), "row 1: word is missing"),
        (frame(("a", 1, 1, 9, 9)).drop(columns="size_target"), "no column 'size_target'; they have word, n_target"),
    ],
)
def test_wrong_counts_are_refused_with_row_and_column(counts, message):
    with pytest.raises(UserError) as raised:
        score_counts(counts)
    assert message in str(raised.value)
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize(
    ("setting", "message"),
    [
        ({"correction": "bonferroni"}, "correction is 'bonferroni'; allowed: none, yates, williams, auto"),
        ({"alpha": 1}, "alpha is 1; allowed: a number between 0 and 1"),
        ({"tests": 0}, "tests is 0; allowed: a number of at least 1"),
        ({"prior": 0}, "prior is 0; allowed: a number above 0, or counts of a corpus by word"),
        ({"prior": pd.Series([1, 2], index=["a", "a"])}, "prior: the word 'a' stands twice"),
        ({"prior": pd.Series([1, -2], index=["a", "b"])}, "prior: a count is below 0"),
        ({"smoothing": "much"}, "smoothing is 'much'; allowed: a number of at least 0"),
        ({"lamda": 1}, "lamda is no setting of a score; allowed: correction, g2_correction, tests"),
    ],
)
def test_wrong_settings_are_refused(setting, message):
    with pytest.raises(UserError) as raised:
        score_counts(frame(("a", 1, 1, 9, 9)), **setting)
    assert message in str(raised.value)
