"""Pairs of categories on hand-made sentences: counts and measures by hand, a slow count beside, what copies do."""

import itertools
import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.comparison.cooccurrence import STATISTICS, cooccurrence
from analysis.study import UserError

ARTICLES = pd.DataFrame({"article_id": list("abc"), "outlet": ["X", "X", "Y"]}).astype("str")
CATEGORIES = pd.DataFrame({"codebook": "book", "variable": "frame", "category": ["quarrel", "money", "duty"]})


def sentences(**counts):
    rows = [(article, number) for article, n in counts.items() for number in range(n)]
    return pd.DataFrame(rows, columns=["article_id", "sentence"]).astype({"article_id": "str"})


def mentions(*rows):
    """Hits from article, sentence (None: headline) and category; then start, variable and voice, if they matter."""
    made = []
    for number, (article, at, category, *more) in enumerate(rows):
        start, variable, voice = (*more, *(10 * number, "frame", "own")[len(more) :])
        where = "headline" if at is None else "body"
        made.append((article, at, category, start, start + 4, variable, "headline" if at is None else voice, where))
    columns = ["article_id", "sentence", "category", "start", "end", "variable", "voice", "where"]
    text = ["article_id", "category", "variable", "voice", "where"]
    table = pd.DataFrame(made, columns=columns).assign(codebook="book")
    return table.astype({**dict.fromkeys([*text, "codebook"], "str"), "sentence": "Int64"})


HITS = mentions(
    ("a", 0, "quarrel"),
    ("a", 0, "quarrel"),
    ("a", 0, "money"),
    ("a", 1, "money"),
    ("b", 0, "quarrel"),
    ("b", 0, "money"),
    ("b", 2, "duty"),
    ("c", 0, "quarrel"),
    ("c", None, "money"),
)
SENTENCES = sentences(a=4, b=4, c=2)


def pair(table, *names):
    return table.set_index(["category_a", "category_b"]).loc[names]


def test_counts_and_measures_by_hand():
    table = cooccurrence(HITS, SENTENCES, ARTICLES, variable="frame", categories=CATEGORIES)
    assert table[["category_a", "category_b"]].to_numpy().tolist() == [
        ["quarrel", "money"],
        ["quarrel", "duty"],
        ["money", "duty"],
    ]
    row = pair(table, "quarrel", "money")
    assert row[["n_a", "n_b", "n_ab", "n_same", "total"]].tolist() == [3, 3, 2, 0, 10]
    assert row["expected"] == 0.9
    assert row["jaccard"] == 2 / 4
    assert row["phi"] == pytest.approx((10 * 2 - 9) / (3 * 7))  # √(3·7·3·7)
    assert row["lift"] == pytest.approx(2 / 0.9)
    assert row["lift_within"] == pytest.approx(2 / (1 * 2 / 4 + 1 * 1 / 4))
    assert row["log_odds"] == pytest.approx(math.log(2.5 * 6.5 / (1.5 * 1.5)))


def test_in_articles_headlines_count_and_nothing_is_within():
    table = cooccurrence(HITS, SENTENCES, ARTICLES, variable="frame", unit="article", categories=CATEGORIES)
    row = pair(table, "quarrel", "money")
    assert row[["n_a", "n_b", "n_ab", "total", "jaccard"]].tolist() == [3, 3, 3, 3, 1]
    assert row[["phi", "log_odds", "lift_within"]].isna().all(), "both stand everywhere: nothing varies"
    assert row["lift"] == 1
    assert pair(table, "money", "duty")[["n_a", "n_b", "n_ab"]].tolist() == [3, 1, 1]


def test_by_level_and_by_voice():
    spoken = mentions(
        ("a", 0, "quarrel", 0, "frame", "own"),
        ("a", 0, "money", 10, "frame", "direct"),
        ("c", 1, "quarrel", 0, "frame", "direct"),
        ("c", 1, "money", 10, "frame", "direct"),
    )
    table = cooccurrence(spoken, SENTENCES, ARTICLES, variable="frame", by=["outlet", "voice"], categories=CATEGORIES)
    assert table["voice"].drop_duplicates().tolist() == ["own", "direct", "indirect"]
    rows = table[(table["category_a"] == "quarrel") & (table["category_b"] == "money")].set_index(["outlet", "voice"])
    assert rows["n_ab"].to_dict() == {
        ("X", "own"): 0,
        ("X", "direct"): 0,
        ("X", "indirect"): 0,
        ("Y", "own"): 0,
        ("Y", "direct"): 1,
        ("Y", "indirect"): 0,
    }
    assert rows["total"].tolist() == [8, 8, 8, 2, 2, 2]
    assert rows.loc[("X", "own"), ["n_a", "n_b"]].tolist() == [1, 0]
    whole = cooccurrence(spoken, SENTENCES, ARTICLES, variable="frame", categories=CATEGORIES)
    assert pair(whole, "quarrel", "money")["n_ab"] == 2, "in two voices, but in one sentence"
    own = cooccurrence(spoken, SENTENCES, ARTICLES, variable="frame", voice="own", categories=CATEGORIES)
    assert own["n_ab"].sum() == 0


def test_two_variables_and_the_same_words_in_both():
    hits = mentions(
        ("a", 0, "quarrel", 0, "frame"),
        ("a", 0, "ultimatum", 0, "label"),
        ("a", 1, "quarrel", 0, "frame"),
        ("a", 1, "ultimatum", 0, "label"),
        ("a", 1, "ultimatum", 20, "label"),
        ("b", 0, "quarrel", 0, "frame"),
        ("b", 0, "ultimatum", 4, "label"),  # touches, does not overlap
    )
    table = cooccurrence(hits, SENTENCES, ARTICLES, variable="frame", other="label")
    assert table[["category_a", "category_b", "n_ab", "n_same"]].to_numpy().tolist() == [
        ["quarrel", "ultimatum", 3, 1],
    ]
    assert table[["variable_a", "variable_b"]].to_numpy().tolist() == [["frame", "label"]]


def test_the_same_characters_of_headline_and_body_are_not_the_same_words():
    hits = mentions(("a", None, "quarrel", 0, "frame"), ("a", 0, "ultimatum", 0, "label"))
    table = cooccurrence(hits, SENTENCES, ARTICLES, variable="frame", other="label", unit="article")
    assert table[["n_ab", "n_same"]].to_numpy().tolist() == [[1, 0]]


hit = st.tuples(st.sampled_from("abc"), st.integers(0, 3), st.sampled_from(["quarrel", "money", "duty"]))


@settings(max_examples=50, deadline=None)
@given(st.lists(hit, max_size=20))
def test_counts_are_those_of_sets_of_sentences(drawn):
    hits = mentions(*drawn)
    units = sentences(a=4, b=4, c=4)
    table = cooccurrence(hits, units, ARTICLES, variable="frame", categories=CATEGORIES, replicates=20)
    found = {name: {(a, s) for a, s, category in drawn if category == name} for name in CATEGORIES["category"]}
    for (one, two), row in zip(itertools.combinations(found, 2), table.itertuples(), strict=True):
        a, b = found[one], found[two]
        assert (row.n_a, row.n_b, row.n_ab, row.total) == (len(a), len(b), len(a & b), 12)
        if a and b:
            assert row.jaccard == pytest.approx(len(a & b) / len(a | b))
            vectors = [[unit in side for unit in itertools.product("abc", range(4))] for side in (a, b)]
            if len(a) < 12 and len(b) < 12:
                assert row.phi == pytest.approx(np.corrcoef(vectors)[0, 1])
        else:
            assert math.isnan(row.jaccard)
            assert math.isnan(row.phi)
        for name in STATISTICS:
            low, high = getattr(row, f"{name}_low"), getattr(row, f"{name}_high")
            assert math.isnan(low) == math.isnan(high)
            assert math.isnan(low) or low <= high


def many(n):
    """Articles of two sentences; in every second one the two stand together, else apart."""
    names = [f"{number:03d}" for number in range(n)]
    rows = [(name, 0, "quarrel") for name in names]
    rows += [(name, number % 2, "money") for number, name in enumerate(names)]
    articles = pd.DataFrame({"article_id": names, "outlet": "X"}).astype("str")
    return mentions(*rows), sentences(**dict.fromkeys(names, 2)), articles


def test_the_interval_is_that_of_drawing_articles():
    hits, units, articles = many(40)
    table = cooccurrence(hits, units, articles, variable="frame", replicates=4000)
    row = table.iloc[0]
    assert (row["category_a"], row["n_ab"]) == ("money", 20)
    # Drawn with replacement, k ~ Binomial(40, ½) articles have the pair, and jaccard = k/(80 − k).
    drawn = np.random.default_rng(1).binomial(40, 0.5, 20000)
    low, high = np.quantile(drawn / (80 - drawn), [0.025, 0.975])
    assert row["jaccard_low"] == pytest.approx(low, abs=0.02)
    assert row["jaccard_high"] == pytest.approx(high, abs=0.02)


def test_order_of_articles_changes_nothing_and_copies_widen():
    hits, units, articles = many(12)
    table = cooccurrence(hits, units, articles, variable="frame")
    turned = cooccurrence(hits, units[::-1], articles[::-1].reset_index(drop=True), variable="frame")
    pd.testing.assert_frame_equal(table, turned)
    groups = pd.Series({name: str(number // 4 % 2) for number, name in enumerate(articles["article_id"])})
    copied = cooccurrence(hits, units, articles, variable="frame", groups=groups)
    assert copied["n_groups"].tolist() == [2]
    assert table.attrs["unit"] == "article"
    assert copied.attrs["unit"] == "copy group"


def test_what_has_no_interval_says_why():
    table = cooccurrence(HITS, SENTENCES, ARTICLES, variable="frame", categories=CATEGORIES)
    assert pair(table, "quarrel", "duty")[["phi_low", "phi_high"]].isna().all()
    assert pair(table, "quarrel", "duty")["note"] == "never together: no interval"
    alone = cooccurrence(HITS, SENTENCES, ARTICLES[:1], variable="frame", categories=CATEGORIES)
    assert alone["note"].tolist() == ["one article or group: no interval"] * 3
    lonely = mentions(("a", 0, "quarrel"), ("a", 0, "money"), ("b", 0, "quarrel"))
    table = cooccurrence(lonely, SENTENCES, ARTICLES, variable="frame", categories=CATEGORIES)
    assert pair(table, "quarrel", "money")["note"].startswith("one of the two stands in one article")
    assert pair(table, "quarrel", "money")[["jaccard_low", "lift_high"]].isna().all()
    assert pair(table, "quarrel", "duty")["note"] == "one of the two stands nowhere: undefined"


def test_nothing_and_no_articles_have_the_columns_all_the_same():
    table = cooccurrence(HITS[:0], SENTENCES, ARTICLES, variable="frame", by="outlet", categories=CATEGORIES)
    assert table["n_ab"].tolist() == [0] * 6
    empty = cooccurrence(HITS, SENTENCES, ARTICLES[:0], variable="frame", by="outlet", categories=CATEGORIES)
    assert empty.empty
    assert list(empty.columns) == list(table.columns)


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"unit": "page"}, "unit is 'page'; allowed: sentence, article"),
        ({"voice": "headline"}, "voice 'headline' has no sentences"),
        ({"by": "owner"}, "by 'owner' is no column of articles"),
        ({"other": "nobody"}, "variable 'nobody' is in no codebook in use"),
        ({"replicates": 0}, "replicates is 0"),
    ],
)
def test_what_is_not_there_is_refused_by_name(asked, said):
    with pytest.raises(UserError, match=said):
        cooccurrence(HITS, SENTENCES, ARTICLES, variable="frame", **asked)
