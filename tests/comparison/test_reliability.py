"""Do coders agree: Krippendorff's own matrix, a slow version beside ours, and ties."""

from itertools import permutations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.comparison.alpha import LEVELS, alpha_interval, krippendorff_alpha
from analysis.comparison.reliability import agreed, agreement, confusion, pairwise_agreement
from analysis.study import UserError
from analysis.tables import empty, validate

N = np.nan
# Krippendorff 2011, Computing Krippendorff's Alpha-Reliability: four observers, twelve units.
CANONICAL = [
    [1, 2, 3, 3, 2, 1, 4, 1, 2, N, N, N],
    [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, N, 3],
    [N, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, N],
    [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, N],
]


def slow_alpha(matrix, level):
    """Alpha from pairs of codes, one by one."""
    units = [[code for code in unit if code is not None] for unit in zip(*matrix, strict=True)]
    units = [unit for unit in units if len(unit) > 1]
    every = [code for unit in units for code in unit]

    def distance(c, k):
        if level == "nominal":
            return float(c != k)
        if level == "interval":
            return (c - k) ** 2
        if level == "ratio":
            return ((c - k) / (c + k)) ** 2 if c + k else 0.0
        low, high = min(c, k), max(c, k)
        between = sum(low <= code <= high for code in every)
        return (between - (every.count(c) + every.count(k)) / 2) ** 2 if c != k else 0.0

    n = len(every)
    expected = sum(distance(c, k) for c, k in permutations(every, 2)) / (n * (n - 1)) if n > 1 else 0
    if not expected:
        return N
    observed = sum(sum(distance(c, k) for c, k in permutations(unit, 2)) / (len(unit) - 1) for unit in units) / n
    return 1 - observed / expected


@pytest.mark.parametrize(("level", "alpha"), list(zip(LEVELS, (0.743, 0.815, 0.849, 0.797), strict=True)))
def test_alpha_of_the_canonical_matrix(level, alpha):
    assert krippendorff_alpha(CANONICAL, level=level) == pytest.approx(alpha, abs=5e-4)
    found = alpha_interval(CANONICAL, level=level, seed=1)
    assert found.alpha == krippendorff_alpha(CANONICAL, level=level)
    assert found.n_units == 11  # the twelfth has one code
    assert found.low < found.alpha < found.high


@settings(max_examples=80, deadline=None)
@given(
    st.integers(1, 6).flatmap(
        lambda units: st.lists(
            st.lists(st.one_of(st.none(), st.integers(0, 4)), min_size=units, max_size=units), min_size=1, max_size=4
        )
    ),
    st.sampled_from(LEVELS),
)
def test_alpha_is_that_of_the_slow_version(matrix, level):
    assert krippendorff_alpha(matrix, level=level) == pytest.approx(slow_alpha(matrix, level), nan_ok=True)


def test_alpha_of_words_and_where_it_is_undefined():
    assert krippendorff_alpha([["yes", "no", "no"], ["yes", "no", "yes"]]) == pytest.approx(1 - 5 * 2 / 18)
    assert np.isnan(krippendorff_alpha([["no", "no"], ["no", "no"]]))
    assert np.isnan(krippendorff_alpha([["no", None], [None, "yes"]]))
    assert np.isnan(krippendorff_alpha([[], []]))
    with pytest.raises(UserError, match="level 'ordered' is none"):
        krippendorff_alpha([[1], [1]], level="ordered")


def test_the_interval_of_alpha_covers_and_has_a_width():
    # Two coders of a trait of half the units, each wrong in 1 of 10: they agree in .82, and alpha is .64.
    held, random = 0, np.random.default_rng(5)
    for trial in range(100):
        truth = random.random(100) < 0.5
        codes = [np.where(random.random(100) < 0.1, ~truth, truth).astype(int) for _ in range(2)]
        found = alpha_interval(codes, replicates=500, seed=trial)
        held += found.low <= 0.64 <= found.high
    assert held >= 88
    perfect = alpha_interval([[0] * 10 + [1] * 10] * 2)
    # .025^(1/20) = .8316 of no disagreement; two codes drawn from 20 of each differ with .5128.
    assert (perfect.alpha, perfect.high) == (1, 1)
    assert perfect.low == pytest.approx(1 - (1 - 0.025 ** (1 / 20)) / (20 / 39))


def codings(rows):
    """The table *codings* from (item, coder, code)."""
    table = pd.DataFrame(rows, columns=["item", "coder", "code"]).assign(sample="abcdef", category="flood")
    return validate("codings", table[list(empty("codings").columns)].astype("str"))


THREE = codings(
    [(f"abcdef-{item}", coder, code) for coder, given in (("a", "yynny"), ("b", "yyyn-"), ("c", "ynyn-"))
     for item, letter in enumerate(given) if (code := {"y": "yes", "n": "no", "-": None}[letter]) or letter == "-"]
)  # fmt: skip


def test_agreement_of_three_coders():
    pairs = pairwise_agreement(THREE)
    assert pairs[["coder_a", "coder_b", "n_items", "agreement"]].to_numpy().tolist() == [
        ["a", "b", 4, 0.75],
        ["a", "c", 4, 0.5],
        ["b", "c", 4, 0.75],
    ]
    row = agreement(THREE).iloc[0]
    assert (row["n_coders"], row["n_items"]) == (3, 4)
    assert row["agreement"] == pytest.approx(2 / 3)
    assert row["alpha"] == pytest.approx(slow_alpha([list("yynn"), list("yyyn"), list("ynyn")], "nominal"))
    assert row["low"] < row["alpha"] < row["high"]


def test_tones_are_compared_at_three_levels_of_measurement():
    given_tones = {"a": ["negative", "neutral", "positive"], "b": ["negative", "positive", "positive"]}
    rows = [(f"abcdef-{n}", coder, code) for coder, tones in given_tones.items() for n, code in enumerate(tones)]
    table = agreement(codings(rows)).set_index("measurement")["alpha"]
    matrix = [[-1, 0, 1], [-1, 1, 1]]
    assert table.to_dict() == {
        level: pytest.approx(slow_alpha(matrix, level)) for level in ("nominal", "ordinal", "interval")
    }


def test_notes_say_where_there_is_nothing_to_compare():
    assert agreement(THREE[THREE["coder"] == "a"])["note"].item().startswith("one coder")
    same = codings([("abcdef-1", "a", "no"), ("abcdef-1", "b", "no")])
    row = agreement(same).iloc[0]
    assert np.isnan(row["alpha"])
    assert row["agreement"] == 1
    assert "the same" in row["note"]
    assert agreement(empty("codings")).empty


def test_the_majority_is_agreed_and_ties_are_left_out():
    table = agreed(THREE).set_index("item")
    assert [None if pd.isna(code) else code for code in table["code"]] == ["yes", "yes", "yes", "no", "yes"]
    assert table["n_codes"].tolist() == [3, 3, 3, 3, 1]
    assert table["n_alike"].tolist() == [3, 2, 2, 3, 1]
    two = agreed(THREE[THREE["coder"] != "c"]).set_index("item")
    assert two["tie"].tolist() == [False, False, True, False, False]
    assert two["code"].isna().tolist() == [False, False, True, False, False]


def test_an_adjudicator_decides_and_is_no_coder():
    more = codings([("abcdef-0", "judge", "no"), ("abcdef-2", "judge", "yes"), ("abcdef-9", "judge", "yes")])
    both = pd.concat([THREE[THREE["coder"] != "c"], more], ignore_index=True)
    table = agreed(both, adjudicator="judge").set_index("item")
    assert table["code"].to_dict() == {
        "abcdef-0": "no", "abcdef-1": "yes", "abcdef-2": "yes", "abcdef-3": "no", "abcdef-4": "yes", "abcdef-9": "yes",
    }  # fmt: skip
    assert table["adjudicated"].sum() == 3
    assert not table["tie"].any()
    assert agreement(both, adjudicator="judge")["n_coders"].item() == 2


def test_confusion_of_coders_and_of_the_machine():
    table = confusion(THREE)
    own = table[(table["coder_a"] == "a") & (table["coder_b"] == "b")].set_index(["code_a", "code_b"])["n"]
    assert own.to_dict() == {("yes", "yes"): 2, ("yes", "no"): 0, ("no", "yes"): 1, ("no", "no"): 1}
