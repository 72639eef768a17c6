"""Shares and rates on tiny tables with answers worked out by hand, and properties that hold on any table."""

import itertools

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.comparison.rates import rate_per_1000_words, share_of_articles, share_of_choices, share_of_sentences
from analysis.study import UserError
from analysis.tables import VOICES


def articles(*outlets, **more):
    """Articles a, b, c … of these outlets."""
    return pd.DataFrame({"article_id": list("abcdefghij")[: len(outlets)], "outlet": outlets, **more}, dtype="str")


def mentions(*rows, codebook="war", variable="capital"):
    """Rows of article, category, voice[, sentence[, speaker]]; headline mentions stand in the headline."""
    columns = ["article_id", "category", "voice", "sentence", "speaker"]
    table = pd.DataFrame([[*row, *[None] * (5 - len(row))] for row in rows], columns=columns)
    table["where"] = np.where(table["voice"] == "headline", "headline", "body")
    table["sentence"] = table["sentence"].where(table["where"] == "body").astype("Int64")
    text = ["article_id", "category", "voice", "speaker", "where"]
    return table.astype(dict.fromkeys(text, "str")).assign(codebook=codebook, variable=variable)


def words(*rows):
    return pd.DataFrame(rows, columns=["article_id", "voice", "n"]).assign(word="w")


def only(table, **which):
    """The one row with these values."""
    for column, value in which.items():
        table = table[table[column] == value]
    assert len(table) == 1
    return table.iloc[0]


TWO = articles("X", "X", "Y")
HITS = mentions(
    ("a", "Kiev", "own", 0), ("a", "Kyiv", "direct", 1, "P"), ("b", "Kyiv", "own", 0), ("b", "Kyiv", "headline"),
    ("c", "Kiev", "own", 0), ("c", "Kiev", "own", 2),
)  # fmt: skip


def test_shares_by_hand():
    table = share_of_choices(HITS, TWO, variable="capital")
    assert list(table.columns) == ["outlet", "codebook", "variable", "category", "n", "total", "share", "low", "high",
                                   "n_articles", "n_groups", "note"]  # fmt: skip
    kiev = only(table, outlet="X", category="Kiev")
    assert (kiev["n"], kiev["total"], kiev["share"], kiev["n_articles"], kiev["n_groups"]) == (1, 4, 0.25, 2, 2)
    # Drawn: a twice ½, a and b ¼, b twice 0; each of the ends a quarter of replicates.
    assert (kiev["low"], kiev["high"]) == (0, 0.5)
    assert pd.isna(kiev["note"])
    alone = only(table, outlet="Y", category="Kiev")
    assert alone["share"] == 1 and np.isnan(alone["low"]) and np.isnan(alone["high"])
    assert alone["note"] == "one article: no interval"
    assert only(table, outlet="Y", category="Kyiv")["share"] == 0


def test_no_choice_is_undefined_not_zero():
    table = share_of_choices(HITS[HITS["article_id"] != "c"], TWO, variable="capital")
    kiev = only(table, outlet="Y", category="Kiev")
    assert (kiev["n"], kiev["total"], kiev["n_articles"]) == (0, 0, 0)
    assert np.isnan(kiev["share"]) and kiev["note"] == "no choice here: share undefined"


def test_articles_that_all_agree_have_an_interval_without_width_and_a_note():
    both = articles("X", "X")
    table = share_of_choices(mentions(("a", "Kyiv", "own", 0), ("b", "Kyiv", "own", 0)), both, variable="capital")
    kyiv = only(table, category="Kyiv")
    assert (kyiv["low"], kyiv["high"]) == (1, 1)
    assert "no width" in kyiv["note"]


def test_voice_selects_and_splits():
    own = share_of_choices(HITS, TWO, variable="capital", voice="own")
    assert only(own, outlet="X", category="Kiev")["share"] == 0.5
    headline = share_of_choices(HITS, TWO, variable="capital", where=["headline", "deck"])
    assert only(headline, outlet="X", category="Kyiv")["total"] == 1
    split = share_of_choices(HITS, TWO, variable="capital", by=["outlet", "voice"])
    assert list(split.loc[split["outlet"] == "X", "voice"].unique()) == list(VOICES)
    assert only(split, outlet="X", voice="direct", category="Kyiv")["n"] == 1
    assert only(split, outlet="X", voice="direct", category="Kyiv")["note"] == "one article: no interval"
    assert share_of_choices(HITS, TWO, variable="capital", voice="all").equals(
        share_of_choices(HITS, TWO, variable="capital")
    )
    alone = share_of_choices(HITS, TWO, variable="capital", by=["outlet", "voice"], voice=["own"])
    assert set(alone["voice"]) == {"own"}
    corner = share_of_choices(HITS, TWO, variable="capital", by=["where", "voice"])
    assert {("headline", "headline"), ("deck", "headline"), ("body", "own")} <= set(
        zip(corner["where"], corner["voice"], strict=True)
    )
    assert not ((corner["where"] == "headline") & (corner["voice"] == "own")).any()


def test_speakers_are_those_that_occur():
    table = share_of_choices(HITS, TWO, variable="capital", by=["outlet", "speaker"])
    assert only(table, outlet="X", speaker="P", category="Kyiv")["n"] == 1
    assert table.loc[table["speaker"].isna(), "outlet"].tolist() == ["X", "X", "Y", "Y"]


def test_no_split_and_several_columns():
    whole = share_of_choices(HITS, TWO, variable="capital", by=[])
    assert only(whole, category="Kiev")["share"] == 0.5
    country = TWO.assign(country=["P", "Q", "Q"])
    table = share_of_choices(HITS, country, variable="capital", by=["country", "outlet"])
    assert list(table.columns[:2]) == ["country", "outlet"]
    assert only(table, country="Q", outlet="X", category="Kyiv")["n"] == 2
    missing = share_of_choices(HITS, TWO.assign(outlet=["X", "X", None]), variable="capital")
    assert missing["outlet"].isna().sum() == 2


def test_articles_say_what_is_compared():
    table = share_of_choices(HITS, TWO[TWO["outlet"] == "X"], variable="capital")
    assert set(table["outlet"]) == {"X"} and table["n"].sum() == 4
    assert share_of_choices(HITS, TWO[:0], variable="capital").empty


def test_categories_that_nobody_chose_are_rows_in_the_codebooks_order():
    book = pd.DataFrame(
        {"codebook": "war", "variable": "capital", "category": ["Kyyiv", "Kyiv", "Kiev"], "kind": "choice"}
    )
    table = share_of_choices(HITS, TWO, variable="capital", categories=book)
    assert table.loc[table["outlet"] == "X", "category"].tolist() == ["Kyyiv", "Kyiv", "Kiev"]
    assert only(table, outlet="X", category="Kyyiv")["n"] == 0
    # The others' numbers do not move.
    without = share_of_choices(HITS, TWO, variable="capital")
    used = table[table["category"] != "Kyyiv"].sort_values(["outlet", "category"], ignore_index=True)
    pd.testing.assert_frame_equal(used, without, check_exact=True)


def test_copies_count_once_for_the_interval():
    three = articles("X", "X", "X")
    hits = mentions(("a", "Kiev", "own", 0), ("b", "Kiev", "own", 0), ("c", "Kyiv", "own", 0))
    one = share_of_choices(hits, three, variable="capital", groups=pd.Series("g", index=list("abc")))
    row = only(one, category="Kiev")
    assert (row["n_articles"], row["n_groups"], row["note"]) == (3, 1, "one copy group: no interval")
    # c is in no group and stands for itself.
    two = share_of_choices(hits, three, variable="capital", groups=pd.Series("g", index=list("ab")))
    assert only(two, category="Kiev")["n_groups"] == 2
    assert (only(two, category="Kiev")["low"], only(two, category="Kiev")["high"]) == (0, 1)


def test_rates_by_hand():
    counted = words(("a", "own", 150), ("a", "direct", 50), ("b", "own", 300), ("b", "headline", 10), ("c", "own", 400))
    table = rate_per_1000_words(HITS, counted, TWO, variable="capital")
    kyiv = only(table, outlet="X", category="Kyiv")
    assert (kyiv["n"], kyiv["total"], kyiv["n_articles"]) == (3, 510, 2)
    assert kyiv["rate"] == pytest.approx(3 / 510 * 1000)
    own = rate_per_1000_words(HITS, counted, TWO, variable="capital", voice="own")
    assert only(own, outlet="X", category="Kiev")["rate"] == pytest.approx(1000 / 450)
    body = rate_per_1000_words(HITS, counted, TWO, variable="capital", where="body")
    assert only(body, outlet="X", category="Kyiv")["rate"] == pytest.approx(2 / 500 * 1000)
    top = rate_per_1000_words(
        HITS, counted, TWO, variable="capital", where=["deck", "headline"], by=["outlet", "voice"]
    )
    assert only(top, outlet="X", voice="headline", category="Kyiv")["rate"] == pytest.approx(100)
    quoted = rate_per_1000_words(HITS, counted, TWO, variable="capital", by=["outlet", "voice"])
    # b quotes nobody and is still one of X's articles; but one article alone gives no interval.
    direct = only(quoted, outlet="X", voice="direct", category="Kyiv")
    assert (direct["rate"], direct["n_articles"], direct["note"]) == (20, 2, "one article: no interval")
    indirect = only(quoted, outlet="X", voice="indirect", category="Kyiv")
    assert np.isnan(indirect["rate"]) and indirect["note"] == "no words here: rate undefined"


def test_sentences_by_hand():
    body = pd.DataFrame({"article_id": list("aaabbccc"), "sentence": [0, 1, 2, 0, 1, 0, 1, 2]})
    hits = pd.concat([HITS, mentions(("a", "Kiev", "own", 0))])
    table = share_of_sentences(hits, body, TWO, variable="capital")
    # Twice in one sentence is one sentence; the headline has none.
    assert only(table, outlet="X", category="Kiev")["share"] == 1 / 5
    assert only(table, outlet="X", category="Kyiv")["share"] == 2 / 5
    assert only(table, outlet="Y", category="Kiev")["share"] == 2 / 3
    split = share_of_sentences(hits, body, TWO, variable="capital", by=["outlet", "voice"])
    assert set(split["voice"]) == {"own", "direct", "indirect"}
    assert only(split, outlet="X", voice="direct", category="Kyiv")["share"] == 1 / 5
    with pytest.raises(UserError, match="voice 'headline' has no sentences; allowed: own, direct, indirect"):
        share_of_sentences(hits, body, TWO, variable="capital", voice="headline")


def test_articles_by_hand():
    table = share_of_articles(HITS, TWO, variable="capital")
    assert only(table, outlet="X", category="Kyiv")["share"] == 1
    assert only(table, outlet="X", category="Kiev")["share"] == 0.5
    assert only(table, outlet="Y", category="Kyiv")["n_articles"] == 1
    own = share_of_articles(HITS, TWO, variable="capital", voice="own")
    assert only(own, outlet="X", category="Kyiv")["share"] == 0.5


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"variable": "captial"}, "variable 'captial' is in no codebook in use; allowed: capital"),
        ({"variable": "capital", "codebook": "peace"}, "codebook 'peace' is not in use; allowed: war"),
        ({"variable": "capital", "voice": "owm"}, "voice 'owm' is none; allowed: all, headline, own, direct, indirect"),
        ({"variable": "capital", "voice": []}, "voice is an empty list"),
        ({"variable": "capital", "where": ["bdy"]}, "where 'bdy' is none; allowed: all, headline, deck, body"),
        ({"variable": "capital", "by": "paper"}, "by 'paper' is no column of articles; allowed: article_id, outlet"),
        ({"variable": "capital", "replicates": 0}, "replicates is 0; allowed: a whole number of at least 1"),
    ],
)  # fmt: skip
def test_wrong_options_are_named_with_what_is_allowed(options, message):
    with pytest.raises(UserError) as error:
        share_of_choices(HITS, TWO, **options)
    assert message in str(error.value) and "\n" not in str(error.value)


def test_a_variable_of_two_codebooks_must_be_told_apart():
    both = pd.concat([HITS, HITS.assign(codebook="other")])
    with pytest.raises(UserError, match="in several codebooks; name one as codebook: other, war"):
        share_of_choices(both, TWO, variable="capital")
    assert share_of_choices(both, TWO, variable="capital", codebook="war")["n"].sum() == 6


def test_words_are_not_counted_by_speaker_nor_the_headline_without_the_deck():
    counted = words(("a", "own", 10))
    with pytest.raises(UserError, match="by 'speaker': words are not counted by speaker"):
        rate_per_1000_words(HITS, counted, TWO, variable="capital", by=["outlet", "speaker"])
    with pytest.raises(UserError, match="headline and deck are counted together"):
        rate_per_1000_words(HITS, counted, TWO, variable="capital", where="headline")
    with pytest.raises(UserError, match="table word_counts has no column 'voice'"):
        rate_per_1000_words(HITS, counted.drop(columns="voice"), TWO, variable="capital")
    with pytest.raises(ValueError, match="a stands twice"):
        share_of_choices(HITS, pd.concat([TWO, TWO]), variable="capital")


def test_what_was_asked_travels_with_the_table():
    asked = share_of_choices(HITS, TWO, variable="capital", voice="own", seed=3).attrs
    assert asked == {
        "measure": "share of choices",
        "codebook": "war",
        "variable": "capital",
        "by": ["outlet"],
        "voice": ["own"],
        "where": ["headline", "deck", "body"],
        "unit": "article",
        "replicates": 2000,
        "seed": 3,
    }


rows = st.lists(
    st.tuples(
        st.sampled_from("abcdefghij"),
        st.sampled_from(["Kyiv", "Kiev", "Kyyiv"]),
        st.sampled_from(VOICES),
        st.integers(0, 3),
    ),
    min_size=1,
    max_size=60,
)
outlets = st.lists(st.sampled_from(["X", "Y", "Z"]), min_size=10, max_size=10)


@settings(max_examples=60, deadline=None)
@given(rows, outlets)
def test_on_any_table_shares_sum_to_one_and_counts_are_kept(hits, names):
    found = mentions(*hits)
    table = share_of_choices(found, articles(*names), variable="capital", replicates=40)
    assert table["n"].sum() == len(hits)
    for _, level in table.groupby("outlet"):
        if level["total"].iloc[0]:
            assert level["share"].sum() == pytest.approx(1)
            assert level["n"].sum() == level["total"].iloc[0]
        else:
            assert level["share"].isna().all()
    inside = table.dropna(subset=["low"])
    assert ((inside["low"] >= 0) & (inside["low"] <= inside["high"]) & (inside["high"] <= 1)).all()
    assert (table["n_groups"] <= table["n_articles"]).all()


@settings(max_examples=40, deadline=None)
@given(rows, outlets, st.integers(0, 2**32))
def test_on_any_table_one_level_does_not_depend_on_the_others(hits, names, seed):
    found, known = mentions(*hits), articles(*names)
    book = pd.DataFrame({"codebook": "war", "variable": "capital", "category": ["Kyiv", "Kiev", "Kyyiv"]})
    options = {"variable": "capital", "replicates": 30, "seed": seed, "categories": book}
    whole = share_of_choices(found, known, **options)
    again = share_of_choices(found.sample(frac=1, random_state=1), known.sample(frac=1, random_state=2), **options)
    pd.testing.assert_frame_equal(whole, again, check_exact=True)
    for name in set(names):
        alone = share_of_choices(found, known[known["outlet"] == name], **options)
        pd.testing.assert_frame_equal(whole[whole["outlet"] == name].reset_index(drop=True), alone, check_exact=True)


@settings(max_examples=40, deadline=None)
@given(rows, outlets)
def test_on_any_table_the_counts_are_those_of_plain_loops(hits, names):
    found, known = mentions(*hits), articles(*names)
    body = pd.DataFrame(
        [(one, number) for one in "abcdefghij" for number in range(4)], columns=["article_id", "sentence"]
    )
    in_sentences = share_of_sentences(found, body, known, variable="capital", replicates=5)
    in_articles = share_of_articles(found, known, variable="capital", replicates=5)
    outlet_of = dict(zip("abcdefghij", names, strict=True))
    for outlet, category in itertools.product(set(names), {hit[1] for hit in hits}):
        own = [hit for hit in hits if outlet_of[hit[0]] == outlet and hit[1] == category]
        spoken = {(hit[0], hit[3]) for hit in own if hit[2] != "headline"}
        assert only(in_articles, outlet=outlet, category=category)["share"] == len(
            {hit[0] for hit in own}
        ) / names.count(outlet)
        assert only(in_sentences, outlet=outlet, category=category)["share"] == len(spoken) / (4 * names.count(outlet))
