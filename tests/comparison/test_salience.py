"""Places and prominence on bodies of known lengths, by hand, and beside a slow count."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.comparison.salience import PLACES, places_of, prominence, share_in_place
from analysis.study import UserError

ARTICLES = pd.DataFrame({"article_id": list("abc"), "outlet": ["X", "X", "Y"]}).astype("str")
CATEGORIES = pd.DataFrame({"codebook": "book", "variable": "frame", "category": ["quarrel", "money"]})


def sentences(**words):
    rows = [(article, number, n) for article, of in words.items() for number, n in enumerate(of)]
    return pd.DataFrame(rows, columns=["article_id", "sentence", "n_words"]).astype({"article_id": "str"})


def mentions(*rows):
    """Hits from article, sentence (None: headline) and category."""
    table = pd.DataFrame(rows, columns=["article_id", "sentence", "category"]).assign(codebook="book", variable="frame")
    heads = table["sentence"].isna()
    table["where"] = np.where(heads, "headline", "body")
    table["voice"] = np.where(heads, "headline", "own")
    text = ["article_id", "category", "codebook", "variable", "where", "voice"]
    return table.astype({**dict.fromkeys(text, "str"), "sentence": "Int64"})


def words(**headlines):
    rows = [(article, "word", "headline", n) for article, n in headlines.items()]
    table = pd.DataFrame([*rows, ("a", "word", "own", 99)], columns=["article_id", "word", "voice", "n"])
    return table.astype({"article_id": "str", "word": "str", "voice": "str"})


@pytest.mark.parametrize(
    ("lengths", "first"),
    [
        ([10, 10, 10], 1),  # the second begins where a third is over
        ([9, 12, 9], 2),  # the second begins before it
        ([30, 1, 1], 1),  # a long lead is the first third
        ([1, 1, 1, 1, 1, 1], 2),
        ([1, 1, 1, 1, 1, 1, 1], 3),
        ([0, 5, 5, 5], 2),  # a sentence without a word
        ([10, 20], 0),
        ([30], 0),
        ([0, 0, 0], 0),
    ],
)
def test_the_first_third_is_what_begins_before_a_third_of_the_words(lengths, first):
    table = places_of(sentences(a=lengths))
    assert (table["place"] == "first third").sum() == first
    assert table["sentence"][table["place"] == "first third"].tolist() == list(range(first))
    assert len(table) == (len(lengths) if first else 0)


BODIES = sentences(a=[10] * 3, b=[10] * 6, c=[10, 10])
HITS = mentions(("a", 0, "quarrel"), ("a", 2, "quarrel"), ("b", 2, "quarrel"), ("b", None, "money"), ("c", 0, "money"))
HEADS = words(a=6, b=6, c=6)
TABLES = (HITS, BODIES, HEADS, ARTICLES)


def test_shares_of_articles_in_each_place():
    table = share_in_place(*TABLES, variable="frame", place="first third", categories=CATEGORIES)
    rows = table.set_index(["outlet", "category"])
    assert rows.loc[("X", "quarrel"), ["n", "total", "share"]].tolist() == [1, 2, 0.5]
    assert rows.loc[("X", "money"), ["n", "total"]].tolist() == [0, 2]
    assert "Y" not in set(table["outlet"]), "two sentences have no thirds"
    assert table.attrs["without_place"] == 1
    rest = share_in_place(*TABLES, variable="frame", place="rest", by=[], categories=CATEGORIES)
    assert rest["n"].tolist() == [2, 0]
    assert rest.attrs["where"] == ["the rest of bodies"]


def test_articles_without_a_headline_are_left_out_and_counted():
    table = share_in_place(HITS, BODIES, words(b=6, c=6), ARTICLES, variable="frame", place="headline", by=[])
    assert table.set_index("category").loc["money", ["n", "total"]].tolist() == [1, 2]
    assert table.set_index("category").loc["quarrel", "n"] == 0, "known from other places"
    assert table.attrs["without_place"] == 1


def test_prominence_by_hand():
    table = prominence(*TABLES, variable="frame", by=[], categories=CATEGORIES).set_index(["category", "place"])
    # a: 6 words in the headline, 10 in the first third, 20 in the rest; b: 6, 20 and 40; c has no thirds.
    row = table.loc[("quarrel", "first third")]
    assert row[["n", "hits", "n_articles", "n_groups"]].tolist() == [1, 3, 2, 2]
    assert row["expected"] == pytest.approx(2 * 10 / 36 + 20 / 66)
    assert row["ratio"] == pytest.approx(1 / (2 * 10 / 36 + 20 / 66))
    assert row["share"] / row["word_share"] == pytest.approx(row["ratio"])
    money = table.loc["money"]
    assert money["n"].to_dict() == {"headline": 1, "first third": 0, "rest": 0}
    assert money.loc["headline", "ratio"] == pytest.approx(66 / 6)
    assert money["low"].isna().all()


def test_spread_evenly_the_ratio_is_one_whatever_the_articles():
    rows = [(article, at, "quarrel") for article, n in (("a", 3), ("b", 6)) for at in range(n)]
    table = prominence(mentions(*rows), BODIES, words(), ARTICLES, variable="frame", by=[]).set_index("place")
    assert table.loc[["first third", "rest"], "ratio"].tolist() == pytest.approx([1, 1])
    assert np.isnan(table.loc["headline", "ratio"])
    assert table.loc["headline", "note"] == "no words there: ratio undefined"


hit = st.tuples(st.sampled_from("abc"), st.one_of(st.none(), st.integers(0, 2)), st.sampled_from(["quarrel", "money"]))


@settings(max_examples=40, deadline=None)
@given(st.lists(hit, max_size=15), st.lists(st.integers(0, 20), min_size=9, max_size=9), st.integers(0, 5))
def test_expected_hits_add_up_and_hits_are_all_counted(drawn, lengths, head):
    bodies = sentences(a=lengths[:3], b=lengths[3:6], c=lengths[6:])
    table = prominence(
        mentions(*drawn), bodies, words(a=head), ARTICLES, variable="frame", categories=CATEGORIES, replicates=10
    )
    long = {article for at, article in enumerate("abc") if sum(lengths[3 * at : 3 * at + 3])}
    for outlet, members in (("X", "ab"), ("Y", "c")):
        for category in ("quarrel", "money"):
            own = table[(table["outlet"] == outlet) & (table["category"] == category)]
            n = sum(one[0] in members and one[0] in long and one[2] == category for one in drawn)
            assert own["n"].sum() == n
            assert own["hits"].tolist() == [n] * 3
            assert own["expected"].sum() == pytest.approx(n)
            assert own["place"].tolist() == list(PLACES)
            known = own.dropna(subset=["low"])
            assert (known["low"] <= known["high"]).all()


def test_the_interval_of_a_ratio_over_articles():
    names = [f"{number:02d}" for number in range(30)]
    articles = pd.DataFrame({"article_id": names, "outlet": "X"}).astype("str")
    bodies = sentences(**dict.fromkeys(names, [10] * 3))
    hits = mentions(*((name, 0 if number % 3 else 2, "quarrel") for number, name in enumerate(names)))
    table = prominence(hits, bodies, words(), articles, variable="frame", replicates=4000).set_index("place")
    row = table.loc["first third"]
    assert row["ratio"] == pytest.approx(2)  # 20 hits, 10 expected
    drawn = np.random.default_rng(2).binomial(30, 2 / 3, 20000) / 10
    low, high = np.quantile(drawn, [0.025, 0.975])
    assert (row["low"], row["high"]) == pytest.approx((low, high), abs=0.11)


def test_all_or_none_in_a_place_has_no_interval():
    hits = mentions(("a", 0, "quarrel"), ("b", 0, "quarrel"))
    table = prominence(hits, BODIES, HEADS, ARTICLES, variable="frame", by=[]).set_index("place")
    assert table["low"].isna().all()
    assert table.loc["first third", "note"] == "never elsewhere: no interval"
    assert table.loc["rest", "note"] == "never there: no interval"


def test_nothing_has_the_columns_all_the_same():
    table = prominence(HITS[:0], BODIES, HEADS, ARTICLES, variable="frame", categories=CATEGORIES)
    assert table["hits"].sum() == 0
    assert table[["share", "ratio"]].isna().all(axis=None)
    empty = prominence(HITS, BODIES, HEADS, ARTICLES[:0], variable="frame", categories=CATEGORIES)
    assert empty.empty
    assert list(empty.columns) == list(table.columns)


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"place": "foot"}, "place is 'foot'; allowed: headline, first third, rest"),
        ({"place": "rest", "where": "body"}, "where 'body': the place says it"),
    ],
)
def test_what_is_not_there_is_refused_by_name(asked, said):
    with pytest.raises(UserError, match=said):
        share_in_place(*TABLES, variable="frame", **asked)
