"""Dispersion beside Gries's five-part corpus, a plain implementation in loops, and its own bounds."""

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import sparse, stats

from analysis.comparison.dispersion import MEASURES, dispersion, dispersion_of_words
from analysis.study import UserError

parts = st.lists(st.tuples(st.integers(0, 9), st.integers(0, 40)), min_size=1, max_size=8).map(
    lambda rows: [(v, v + more) for v, more in rows]
)


def by_loops(counts, sizes):
    """Every measure of one word in plain Python."""
    kept = [(v, size) for v, size in zip(counts, sizes, strict=True) if size]
    counts, sizes = [v for v, _ in kept], [size for _, size in kept]
    f, n, whole = sum(counts), len(counts), sum(sizes)
    shares = [size / whole for size in sizes]

    def variation(values):
        mean = sum(values) / n
        return math.sqrt(sum((value - mean) ** 2 for value in values) / n) / mean

    dp = sum(abs(v / f - s) for v, s in zip(counts, shares, strict=True)) / 2
    return {
        "range": sum(v > 0 for v in counts),
        "variation": variation(counts),
        "juilland_d": 1 - variation([v / size for v, size in kept]) / math.sqrt(n - 1) if n > 1 else math.nan,
        "rosengren_s": sum(math.sqrt(s * v) for v, s in zip(counts, shares, strict=True)) ** 2 / f,
        "dp": dp,
        "dp_norm": dp / (1 - min(shares)) if n > 1 else math.nan,
        "kl_divergence": sum(v / f * math.log2(v / f / s) for v, s in zip(counts, shares, strict=True) if v),
    }


def test_the_five_part_corpus():
    counts = np.array([[1, 2, 0], [2, 2, 1], [3, 2, 0], [4, 2, 0], [5, 2, 0]])
    table = dispersion(counts, [9, 10, 10, 10, 11])
    assert table["n"].tolist() == [15, 10, 1]
    assert table["range"].tolist() == [5, 5, 1]
    a, b, q = table.to_dict("records")
    assert [round(a[name], 4) for name in MEASURES[1:]] == [0.4714, 0.7852, 0.9498, 0.18, 0.2195, 0.1370]
    assert (b["dp"], b["dp_norm"]) == pytest.approx((0.02, 0.024), abs=5e-4)
    assert (q["dp"], q["dp_norm"]) == pytest.approx((0.8, 0.976), abs=5e-4)
    # By hand: only in the second of five, all of it: D = 1 − (√4)/√4; S its share; log2 of 1/share.
    assert (q["juilland_d"], q["rosengren_s"], q["kl_divergence"]) == pytest.approx((0, 0.2, math.log2(5)))


@given(parts)
def test_every_measure_is_that_of_plain_loops(rows):
    counts, sizes = [v for v, _ in rows], [size for _, size in rows]
    table = dispersion(np.array(counts)[:, None], sizes)
    if not sum(counts):
        assert table.loc[0, "range"] == 0
        assert table.loc[0, list(MEASURES[1:])].isna().all()
        assert table.loc[0, "note"] == "stands nowhere"
        return
    wanted = by_loops(counts, sizes)
    assert table.loc[0, list(MEASURES)].astype(float).to_dict() == pytest.approx(wanted, nan_ok=True, abs=1e-9)
    assert (table.loc[0, "note"] is not np.nan) == (table.loc[0, list(MEASURES)].isna().any())


@given(parts)
def test_measures_stay_within_their_bounds(rows):
    row = dispersion(np.array([v for v, _ in rows])[:, None], [size for _, size in rows]).loc[0]
    for name, least, most in (("dp", 0, 1), ("dp_norm", 0, 1), ("juilland_d", -1e9, 1), ("rosengren_s", 0, 1)):
        assert np.isnan(row[name]) or least - 1e-9 <= row[name] <= most + 1e-9
    assert np.isnan(row["kl_divergence"]) or row["kl_divergence"] >= 0


def test_kl_divergence_is_the_entropy_of_scipy():
    counts, sizes = np.array([3, 0, 7, 1]), np.array([100, 50, 200, 10])
    wanted = stats.entropy(counts / 11, sizes / 360, base=2)
    assert dispersion(counts[:, None], sizes).loc[0, "kl_divergence"] == pytest.approx(wanted)


def test_sparse_counts_empty_parts_and_wrong_ones():
    counts = np.array([[1, 0], [0, 0], [2, 3]])
    dense, thin = dispersion(counts, [5, 0, 8]), dispersion(sparse.csr_array(counts), [5, 0, 8])
    pd.testing.assert_frame_equal(dense, thin)
    assert dense["n_parts"].tolist() == [2, 2]
    with pytest.raises(ValueError, match="counts have 3 parts, sizes 2"):
        dispersion(counts, [5, 8])
    with pytest.raises(ValueError, match="more often than it has words"):
        dispersion(counts, [5, 8, 2])
    one = dispersion(np.array([[4]]), [9])
    assert one.loc[0, "note"] == "one part: juilland_d and dp_norm undefined"
    assert one.loc[0, ["juilland_d", "dp_norm"]].isna().all()
    assert one.loc[0, ["rosengren_s", "dp", "kl_divergence"]].tolist() == pytest.approx([1, 0, 0])


@pytest.fixture
def coded():
    """Three articles of two outlets, and one without an outlet."""
    articles = pd.DataFrame({"article_id": ["1", "2", "3", "4"], "outlet": ["A", "A", "B", None]}).astype("str")
    word_counts = pd.DataFrame(
        [("1", "kiev", "own", 2), ("1", "kiev", "direct", 1), ("1", "the", "own", 7), ("2", "the", "own", 10),
         ("3", "kiev", "own", 1), ("3", "the", "own", 4), ("4", "kiev", "own", 9)],
        columns=["article_id", "word", "voice", "n"],
    )  # fmt: skip
    return word_counts, articles


def test_words_of_each_outlet_over_its_articles(coded):
    table = dispersion_of_words(*coded, by="outlet", min_count=1)
    rows = table.set_index(["level", "word"])
    assert table[["level", "word"]].to_numpy().tolist() == [["A", "the"], ["A", "kiev"], ["B", "the"], ["B", "kiev"]]
    assert rows.loc[("A", "kiev"), ["n", "articles", "n_parts", "range"]].tolist() == [3, 1, 2, 1]
    # Parts of 10 and 10 words, all three in the first.
    assert rows.loc[("A", "kiev"), ["dp", "dp_norm"]].tolist() == pytest.approx([0.5, 1])
    assert rows.loc[("B", "the"), "note"].startswith("one part")


def test_words_over_outlets_and_in_one_voice(coded):
    table = dispersion_of_words(*coded, parts="outlet", words=["Kiev", "nowhere"], voice="own").set_index("word")
    assert table.index.tolist() == ["kiev", "nowhere"]
    assert table.loc["kiev", ["n", "articles", "n_parts", "range"]].tolist() == [3, 2, 2, 2]
    # Two of 19 words (own voice) in A, one of 5 in B.
    assert table.loc["kiev", "dp"] == pytest.approx((abs(2 / 3 - 19 / 24) + abs(1 / 3 - 5 / 24)) / 2)
    assert table.loc["nowhere", "note"] == "stands nowhere"
    with pytest.raises(UserError, match="parts 'paper' is no column of articles; allowed: article_id, outlet"):
        dispersion_of_words(*coded, parts="paper")


@pytest.mark.parametrize("measure", MEASURES)
def test_a_measure_alone_is_that_of_all_together(measure):
    counts, sizes = np.array([[1, 2, 0], [3, 0, 0], [0, 5, 0]]), [9, 10, 30]
    alone, whole = dispersion(counts, sizes, measures=[measure]), dispersion(counts, sizes)
    pd.testing.assert_frame_equal(alone, whole[["n", "n_parts", measure, "note"]])
