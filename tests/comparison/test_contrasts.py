"""Contrasts on counts that can be worked out by hand, beside scipy and every deal; and within stories."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from analysis.comparison.contrasts import cohens_h, contrasts, contrasts_within_stories
from analysis.comparison.rates import rate_per_1000_words, share_of_articles, share_of_choices, share_of_sentences
from analysis.comparison.resampling import benjamini_hochberg, permutation_test
from analysis.study import UserError

CATEGORIES = pd.DataFrame({"codebook": "book", "variable": "capital", "category": ["Kyiv", "Kiev"]})


def study(*cells):
    """Tables from (outlet, story, n of Kyiv, n of Kiev[, words]): one article a cell."""
    articles, mentions, words = [], [], []
    for number, (outlet, story, kyiv, kiev, *size) in enumerate(cells):
        name = f"{number:012x}"
        articles.append((name, outlet, story))
        words.append((name, "w", "own", *(size or [100])))
        for category, n in (("Kyiv", kyiv), ("Kiev", kiev)):
            mentions += [(name, "book", "capital", category, "body", 0, "own", None)] * int(n)
    columns = ["article_id", "codebook", "variable", "category", "where", "sentence", "voice", "speaker"]
    types = dict.fromkeys(["article_id", "codebook", "variable", "category", "where", "voice"], "str")
    return {
        "mentions": pd.DataFrame(mentions, columns=columns).astype(types),
        "articles": pd.DataFrame(articles, columns=["article_id", "outlet", "story"]).astype("str"),
        "word_counts": pd.DataFrame(words, columns=["article_id", "word", "voice", "n"]),
        "categories": CATEGORIES,
    }


def find(*cells, measure=share_of_choices, **options):
    options = {"variable": "capital", "replicates": 400, "permutations": 199, **options}
    return contrasts(measure, study(*cells), **options)


def only(table, **which):
    for column, value in which.items():
        table = table[table[column] == value]
    assert len(table) == 1
    return table.iloc[0]


CELLS = [
    ("A", "s", 3, 1), ("A", "s", 2, 0), ("A", "s", 1, 3), ("A", "s", 0, 0),
    ("B", "s", 0, 2), ("B", "s", 1, 3), ("B", "s", 1, 1),
]  # fmt: skip


def test_a_difference_of_shares_by_hand():
    row = only(find(*CELLS), category="Kyiv")
    assert (row["level_a"], row["level_b"]) == ("A", "B")
    assert (row["n_a"], row["total_a"], row["n_b"], row["total_b"]) == (6, 10, 2, 8)
    assert (row["value_a"], row["value_b"]) == (0.6, 0.25)
    assert row["difference"] == pytest.approx(0.35)
    assert row["low"] < 0.35 < row["high"]
    assert row["cohens_h"] == pytest.approx(2 * np.arcsin(np.sqrt(0.6)) - 2 * np.arcsin(0.5))
    assert row["ratio"] == pytest.approx(2.4) and row["ratio_low"] < 2.4
    assert np.isnan(row["ratio_high"])  # in 1 of 27 replicates B has nothing but the article without Kyiv
    # The article without a choice is none of the sample.
    assert (row["n_articles"], row["n_groups"]) == (6, 6)
    assert pd.isna(row["n_strata"]) and pd.isna(row["note"])


def test_columns():
    table = find(*CELLS)
    assert list(table.columns) == [
        "level_a", "level_b", "codebook", "variable", "category", "n_a", "total_a", "n_b", "total_b", "value_a",
        "value_b", "difference", "low", "high", "p", "p_adjusted", "cohens_h", "ratio", "ratio_low", "ratio_high",
        "n_articles", "n_groups", "n_strata", "note",
    ]  # fmt: skip
    assert table["category"].tolist() == ["Kyiv", "Kiev"]
    assert table["codebook"].tolist() == ["book", "book"]


def test_the_measures_that_are_compared():
    cells = [("A", "s", 3, 1, 200), ("A", "s", 0, 0, 300), ("B", "s", 1, 0, 250), ("B", "s", 0, 1, 250)]
    rate = only(find(*cells, measure=rate_per_1000_words), category="Kyiv")
    assert (rate["value_a"], rate["value_b"], rate["difference"], rate["ratio"]) == (6, 2, 4, 3)
    assert (rate["n_a"], rate["total_a"], rate["n_articles"]) == (3, 500, 4)
    assert np.isnan(rate["cohens_h"])
    articles = only(find(*cells, measure=share_of_articles), category="Kiev")
    assert (articles["value_a"], articles["value_b"], articles["cohens_h"]) == (0.5, 0.5, 0)
    tables = study(*cells)
    tables["sentences"] = pd.DataFrame({"article_id": tables["articles"]["article_id"].repeat(2)})
    sentences = contrasts(share_of_sentences, tables, variable="capital", replicates=9, permutations=9)
    assert only(sentences, category="Kyiv")["value_a"] == 0.25


def test_cohens_h():
    assert cohens_h(1.0, 0.0) == pytest.approx(np.pi)
    assert cohens_h(0.5, 0.25) == pytest.approx(np.pi / 6)  # π/2 less π/3
    assert np.isnan(cohens_h(np.nan, 0.25))


def test_p_is_that_of_permutation_test_and_of_scipy():
    random = np.random.default_rng(2)
    cells = [(outlet, "s", *random.integers(0, 4, 2)) for outlet in "AAAABBBBB"]
    rows = np.array([(a, a + b) for _, _, a, b in cells], dtype=float)
    in_a = np.array([outlet == "A" for outlet, *_ in cells]) & (rows[:, 1] > 0)
    in_b = ~np.array([outlet == "A" for outlet, *_ in cells]) & (rows[:, 1] > 0)
    p = only(find(*cells, permutations=9999), category="Kyiv")["p"]
    assert p == pytest.approx(permutation_test(rows[in_a], rows[in_b], replicates=9999).p, abs=0.03)

    def statistic(one, two):
        values, error = [], 0.0
        for side in (rows[one.astype(int)], rows[two.astype(int)]):
            n, total = side.sum(axis=0)
            values.append(n / total)
            error += np.sum((side[:, 0] - n / total * side[:, 1]) ** 2) / total**2
        difference = values[0] - values[1]
        beyond = min(values) == 0 or max(values) == 1
        return np.sign(difference) * 1e30 if beyond else difference / np.sqrt(error)

    exact = stats.permutation_test(
        (np.flatnonzero(in_a), np.flatnonzero(in_b)), statistic, n_resamples=np.inf, alternative="two-sided"
    )
    assert p == pytest.approx(exact.pvalue, abs=0.03)


def test_no_real_difference_has_flat_p():
    random = np.random.default_rng(4)
    cells = [
        (f"L{level:02d}", "s", *random.multinomial(random.integers(1, 5), [0.4, 0.6]))
        for level in range(16)
        for _ in range(8)
    ]
    table = find(*cells)
    p = table.loc[table["category"] == "Kyiv", "p"]
    assert len(p) == 120
    assert (p < 0.05).mean() < 0.11 and 0.3 < (p < 0.5).mean() < 0.7
    assert (table["p_adjusted"] < 0.05).sum() == 0


def test_p_adjusted_is_over_all_pairs_and_categories():
    table = find(*CELLS, ("C", "s", 5, 0), ("C", "s", 4, 1))
    assert len(table) == 3 * 2
    assert table["p_adjusted"].tolist() == benjamini_hochberg(table["p"].to_numpy()).tolist()
    assert table.attrs["tests"] == 6


def test_pairs():
    cells = [(outlet, "s", 1, 1) for outlet in ("C", "A", "B") for _ in range(2)]
    kyiv = find(*cells).query("category == 'Kyiv'")
    assert list(zip(kyiv["level_a"], kyiv["level_b"], strict=True)) == [("A", "B"), ("A", "C"), ("B", "C")]
    against = find(*cells, reference="B").query("category == 'Kyiv'")
    assert list(zip(against["level_a"], against["level_b"], strict=True)) == [("A", "B"), ("C", "B")]
    assert against.attrs["reference"] == "B"


def test_the_interval_is_that_of_two_samples():
    # A is always .5 and B all or nothing: replicates of B are 0, ½ and 1, a quarter of them at each end.
    row = only(find(("A", "s", 1, 1), ("A", "s", 1, 1), ("B", "s", 2, 0), ("B", "s", 0, 2)), category="Kyiv")
    assert (row["low"], row["high"]) == (-0.5, 0.5)
    assert row["ratio_low"] == 0.5 and np.isnan(row["ratio_high"])  # something over nothing
    # Variance of a mean of n draws beside the spread of replicates.
    random = np.random.default_rng(0)
    cells = [
        (outlet, "s", *random.multinomial(2, [share, 1 - share]))
        for outlet, share in zip("AB" * 60, [0.3, 0.6] * 60, strict=True)
    ]
    wide = only(find(*cells, replicates=4000), category="Kyiv")
    n = {outlet: np.array([kyiv / 2 for one, _, kyiv, _ in cells if one == outlet]) for outlet in "AB"}
    error = np.sqrt(sum(one.var() / len(one) for one in n.values()))
    assert wide["high"] - wide["low"] == pytest.approx(2 * 1.96 * error, rel=0.06)


def test_copies_in_both_levels_are_drawn_together():
    # Two agency texts, printed by both: whatever is drawn, A and B are alike.
    cells = [("A", "s", 3, 0), ("A", "s", 0, 2), ("B", "s", 3, 0), ("B", "s", 0, 2)]
    groups = pd.Series(["g", "h", "g", "h"], index=[f"{number:012x}" for number in range(4)])
    row = only(find(*cells, groups=groups), category="Kyiv")
    assert (row["difference"], row["low"], row["high"]) == (0, 0, 0)
    assert (row["n_articles"], row["n_groups"]) == (4, 2)
    assert row["note"] == "every copy group alike: the interval has no width and hides doubt"
    apart = only(find(*cells), category="Kyiv")
    assert apart["low"] < 0 < apart["high"]


def test_copies_in_one_level_are_one_observation():
    cells = [("A", "s", 1, 0)] * 6 + [("B", "s", 0, 1)] * 6
    groups = pd.Series("g", index=[f"{number:012x}" for number in range(6)])
    row = only(find(*cells, groups=groups, permutations=999), category="Kyiv")
    assert row["n_groups"] == 7 and row["p"] > 0.2
    assert row["note"] == "one copy group of A: no interval" and np.isnan(row["low"])
    assert only(find(*cells, permutations=999), category="Kyiv")["p"] < 0.02


def test_undefined_is_nan_with_a_note():
    table = find(("A", "s", 1, 1), ("A", "s", 2, 0), ("B", "s", 0, 0), ("C", "s", 0, 1))
    nothing = only(table, level_a="A", level_b="B", category="Kyiv")
    assert nothing["value_a"] == 0.75 and nothing["note"] == "B: no choice"
    assert nothing[["value_b", "difference", "low", "high", "p", "p_adjusted", "cohens_h", "ratio"]].isna().all()
    one = only(table, level_a="A", level_b="C", category="Kyiv")
    assert one["difference"] == 0.75 and np.isnan(one["low"]) and one["note"] == "one article of C: no interval"
    assert np.isnan(one["ratio"]) and np.isnan(one["ratio_low"])  # C never has it
    assert table.attrs["tests"] == 2
    assert only(find(("A", "s", 0, 0), ("B", "s", 0, 0)), category="Kyiv")["note"] == "A: no choice; B: no choice"


def test_levels_and_articles_that_are_left_out_are_counted():
    table = find(*CELLS, (None, "s", 5, 5), ("A", None, 9, 9), within="story")
    assert (table.attrs["without_level"], table.attrs["without_stratum"]) == (1, 1)
    assert only(table, category="Kyiv")["total_a"] == 10
    assert find(("A", "s", 1, 1)).empty


def test_without_permutations_there_is_no_test():
    table = find(*CELLS, permutations=0)
    assert table["p"].isna().all() and table.attrs["tests"] == 0 and table["low"].notna().all()


# Within stories.


def test_only_stories_that_both_report_count():
    tables = study(("A", "one", 3, 1), ("B", "one", 1, 3), ("A", "two", 0, 9), ("C", "two", 5, 0))
    table = contrasts_within_stories(tables["mentions"], tables["articles"], variable="capital")
    table = table.set_index(["level_a", "level_b", "category"])
    row = table.loc[("A", "B", "Kyiv")]
    assert (row["n_stories"], row["total_a"], row["total_b"]) == (1, 4, 4)
    assert row["difference"] == pytest.approx(0.5)
    assert np.isnan(row["low"])
    assert row["note"] == "one story: no interval"
    assert table.at[("A", "C", "Kyiv"), "difference"] == -1
    assert ("B", "C", "Kyiv") not in table.index
    assert table["difference"].abs().is_monotonic_decreasing


def test_a_story_in_which_one_has_no_choice_does_not_count():
    row = only(
        find(("A", "one", 3, 1), ("B", "one", 1, 3), ("A", "two", 4, 0), ("B", "two", 0, 0), within="story"),
        category="Kyiv",
    )
    assert (row["n_strata"], row["total_a"], row["difference"]) == (1, 4, 0.5)


def test_stories_weigh_by_the_smaller_side():
    # Story one: .75 − .25 = .5 with weight 4·4/8 = 2; story two: 1 − 0 = 1 with weight 1·2/3.
    cells = [("A", "one", 3, 1), ("B", "one", 1, 3), ("A", "two", 1, 0), ("B", "two", 0, 2)]
    row = only(find(*cells, within="story"), category="Kyiv")
    assert row["value_a"] == pytest.approx((2 * 0.75 + 2 / 3 * 1) / (2 + 2 / 3))
    assert row["value_b"] == pytest.approx((2 * 0.25 + 2 / 3 * 0) / (2 + 2 / 3))
    assert row["difference"] == pytest.approx((2 * 0.5 + 2 / 3 * 1) / (2 + 2 / 3))
    assert (row["low"], row["high"]) == (0.5, 1)
    assert (row["n_a"], row["total_a"], row["n_strata"]) == (4, 5, 2)


def test_the_choice_of_stories_is_held_fixed():
    # Over all stories A writes 10 of 15 Kyiv and B 5 of 15; within each story they write alike.
    cells = [("A", "one", 10, 0), ("B", "one", 5, 0), ("A", "two", 0, 5), ("B", "two", 0, 10)]
    assert (find(*cells, within="story")["difference"] == 0).all()
    assert only(find(*cells), category="Kyiv")["difference"] == pytest.approx(1 / 3)


def test_labels_are_dealt_within_stories():
    # In each of six stories A writes Kyiv and B Kiev: 2 of 2⁶ deals are as clear.
    cells = [cell for one in "abcdef" for cell in (("A", one, 1, 0), ("B", one, 0, 1))]
    row = only(find(*cells, within="story", permutations=9999), category="Kyiv")
    assert row["p"] == pytest.approx(2 / 64, abs=0.006)
    # Where stories decide and outlets do not, dealing across stories would find something only by chance.
    alike = [
        cell
        for one, n in zip("abcd", (1, 1, 0, 0), strict=True)
        for cell in (("A", one, n, 1 - n), ("B", one, n, 1 - n))
    ]
    assert only(find(*alike, within="story"), category="Kyiv")["p"] == 1


def test_articles_without_a_story_do_not_count():
    tables = study(("A", None, 3, 1), ("B", None, 1, 3))
    assert contrasts_within_stories(tables["mentions"], tables["articles"], variable="capital").empty


def test_within_any_column():
    cells = [("A", "one", 3, 1), ("B", "one", 1, 3), ("A", "two", 1, 0), ("B", "two", 0, 2)]
    tables = study(*cells)
    tables["articles"] = tables["articles"].rename(columns={"story": "topic"})
    options = {"variable": "capital", "replicates": 99, "permutations": 99}
    table = contrasts(share_of_choices, tables, within="topic", **options)
    same = contrasts(share_of_choices, study(*cells), within="story", **options)
    pd.testing.assert_frame_equal(table, same)


# The same to the byte, and errors.


@pytest.mark.parametrize("within", [None, "story"])
def test_same_input_same_table_in_any_order(within):
    random = np.random.default_rng(1)
    cells = [(outlet, story, *random.integers(0, 4, 2)) for outlet in "ABC" for story in "stuv" for _ in range(3)]
    tables = study(*cells)
    options = {"variable": "capital", "within": within, "replicates": 300, "permutations": 300, "seed": 9}
    one = contrasts(share_of_choices, tables, **options)
    turned = contrasts(
        share_of_choices, {**tables, **{name: tables[name][::-1] for name in ("mentions", "articles")}}, **options
    )
    pd.testing.assert_frame_equal(one, turned, check_exact=True)
    assert one.attrs == turned.attrs
    # What is said of a pair does not depend on which other levels are here.
    two = {**tables, "articles": tables["articles"].query("outlet != 'C'")}
    same = one.columns.drop("p_adjusted")
    pd.testing.assert_frame_equal(one[same][:2], contrasts(share_of_choices, two, **options)[same], check_exact=True)
    other = contrasts(share_of_choices, tables, **{**options, "seed": 10})
    assert not one["p"].equals(other["p"])


def test_turning_the_pair_round_turns_the_sign():
    table = find(*CELLS, reference="A")
    row, back = only(table, category="Kyiv"), only(find(*CELLS, reference="B"), category="Kyiv")
    assert row["difference"] == -back["difference"] and row["cohens_h"] == -back["cohens_h"]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"by": "story", "within": "story"}, "by 'story': contrasts are within it; allowed: any other column"),
        ({"by": "land"}, "by 'land' is no column of articles; allowed: article_id, outlet, story"),
        ({"within": "land"}, "within 'land' is no column of articles; allowed: article_id"),
        ({"reference": "Z"}, "reference 'Z' is no level; allowed: A, B"),
        ({"measure": len}, "measure len is none; allowed: share_of_choices"),
        ({"replicates": 0}, "replicates is 0; allowed: a whole number of at least 1"),
        ({"permutations": -1}, "permutations is -1; allowed: a whole number of at least 0"),
        ({"variable": "truce"}, "variable 'truce' is in no codebook in use"),
    ],
)
def test_what_is_not_allowed_is_said_in_a_line(options, message):
    with pytest.raises(UserError) as error:
        find(*CELLS, **options)
    assert message in str(error.value) and "\n" not in str(error.value)


def test_by_story_is_refused():
    tables = study(("A", "one", 1, 0))
    with pytest.raises(UserError, match="by 'story'"):
        contrasts_within_stories(tables["mentions"], tables["articles"], variable="capital", by="story")
