"""Counts per article agree with the measures that they stand for, article by article."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.comparison.per_article import KINDS, MEASURES, counts_per_article, levels_of
from analysis.comparison.rates import rate_per_1000_words, share_of_articles, share_of_choices, share_of_sentences
from analysis.study import UserError

IDS = list("abcde")
VOICE_SETS = [None, "all", "own", ["own", "indirect"], ["direct"]]
TAKES = {share_of_choices: [], share_of_articles: [], share_of_sentences: ["sentences"], rate_per_1000_words: ["words"]}

hits = st.lists(
    st.tuples(
        st.sampled_from([*IDS, "elsewhere"]),
        st.sampled_from(["Kyiv", "Kiev", "Kyyiv"]),
        st.sampled_from(["headline", "own", "direct", "indirect"]),
        st.integers(0, 2),
    ),
    max_size=25,
)


def mentions(rows):
    table = pd.DataFrame(rows, columns=["article_id", "category", "voice", "sentence"])
    table["where"] = np.where(table["voice"] == "headline", "headline", "body")
    table["sentence"] = table["sentence"].where(table["where"] == "body").astype("Int64")
    text = dict.fromkeys(["article_id", "category", "voice", "where"], "str")
    return table.astype(text).assign(codebook="book", variable="capital", speaker=None)


CATEGORIES = pd.DataFrame({"codebook": "book", "variable": "capital", "category": ["Kyyiv", "Kyiv", "Kiev"]})
ARTICLES = pd.DataFrame({"article_id": IDS, "outlet": list("XXYYZ")}, dtype="str")
SENTENCES = pd.DataFrame({"article_id": [*"aaabbcdddd", "elsewhere"], "sentence": 0}).astype({"article_id": "str"})
WORDS = pd.DataFrame(
    [(one, voice, 3 + 2 * place) for place, one in enumerate(IDS[:4]) for voice in ("headline", "own", "direct")],
    columns=["article_id", "voice", "n"],
).assign(word="w")


@settings(max_examples=25, deadline=None)
@given(hits, st.sampled_from(list(KINDS)), st.sampled_from(VOICE_SETS), st.sampled_from([None, "body"]))
def test_every_article_counts_as_its_measure_counts_it(rows, measure, voice, where):
    tables = {"mentions": mentions(rows), "articles": ARTICLES, "sentences": SENTENCES, "word_counts": WORDS}
    options = {"variable": "capital", "voice": voice, "categories": CATEGORIES}
    if measure is not share_of_sentences:
        options["where"] = where
    found = counts_per_article(measure, tables, **options)
    extra = {"sentences": [SENTENCES], "words": [WORDS]}
    given_tables = [tables["mentions"], *(one for name in TAKES[measure] for one in extra[name]), ARTICLES]
    expected = measure(*given_tables, by="article_id", replicates=1, **options)
    assert found.categories == ["Kyyiv", "Kyiv", "Kiev"]
    assert found.n.ravel().tolist() == expected["n"].tolist()
    assert np.repeat(found.totals, 3).tolist() == expected["total"].tolist()
    assert found.settings["voice"] == expected.attrs["voice"] and found.settings["where"] == expected.attrs["where"]


def test_groups_are_copy_groups_or_the_article_itself():
    tables = {"mentions": mentions([("a", "Kyiv", "own", 0)]), "articles": ARTICLES}
    groups = pd.Series({"a": "a", "c": "a", "elsewhere": "e"})
    found = counts_per_article(share_of_choices, tables, variable="capital", groups=groups)
    assert found.articles["group"].tolist() == ["a", "b", "a", "d", "e"]
    assert found.settings["unit"] == "copy group"
    assert "group" not in ARTICLES.columns


def test_weights_add_up():
    table = mentions([("a", "Kyiv", "own", 0), ("a", "Kyiv", "own", 1)]).assign(weight=[2, 5])
    found = counts_per_article(share_of_choices, {"mentions": table, "articles": ARTICLES}, variable="capital")
    assert found.n[0, 0] == 7 and found.totals.tolist() == [7, 0, 0, 0, 0]


def test_measures_are_known_by_name():
    assert MEASURES["rate per 1,000 words"] is rate_per_1000_words
    assert len(MEASURES) == len(KINDS) == 4


def test_levels_are_numbered_in_order_and_missing_ones_are_none():
    codes, levels = levels_of(pd.DataFrame({"outlet": ["Z", None, "A"]}, dtype="str"), "outlet")
    assert (codes.tolist(), levels) == ([1, -1, 0], ["A", "Z"])


@pytest.mark.parametrize(
    ("measure", "change", "options", "message"),
    [
        (len, {}, {}, "measure len is none; allowed: share_of_choices, share_of_articles"),
        (share_of_choices, {"mentions": None}, {}, "tables: 'mentions' is missing; there are articles"),
        (rate_per_1000_words, {}, {}, "tables: 'word_counts' is missing"),
        (share_of_sentences, {}, {"voice": "headline"}, "voice 'headline' has no sentences; allowed: own"),
        (share_of_sentences, {}, {"where": "deck"}, "where 'deck' has no sentences; allowed: body"),
        (share_of_choices, {}, {"voice": "loud"}, "voice 'loud' is none"),
        (share_of_choices, {}, {"codebook": "other"}, "codebook 'other' is not in use"),
    ],
)
def test_what_is_not_allowed_is_said_in_a_line(measure, change, options, message):
    tables = {"mentions": mentions([("a", "Kyiv", "own", 0)]), "articles": ARTICLES, **change}
    tables = {name: table for name, table in tables.items() if table is not None}
    with pytest.raises(UserError) as error:
        counts_per_article(measure, tables, variable="capital", **options)
    assert message in str(error.value) and "\n" not in str(error.value)


def test_words_of_headline_and_deck_are_counted_together():
    tables = {"mentions": mentions([("a", "Kyiv", "own", 0)]), "articles": ARTICLES, "word_counts": WORDS}
    with pytest.raises(UserError, match="where 'deck': words of headline and deck are counted together"):
        counts_per_article(rate_per_1000_words, tables, variable="capital", where="deck")
    headline = counts_per_article(rate_per_1000_words, tables, variable="capital", where=["headline", "deck"])
    assert headline.totals.tolist() == [3, 5, 7, 9, 0]


def test_an_article_that_stands_twice_is_an_error():
    tables = {"mentions": mentions([("a", "Kyiv", "own", 0)]), "articles": pd.concat([ARTICLES, ARTICLES[:1]])}
    with pytest.raises(ValueError, match="articles: a stands twice"):
        counts_per_article(share_of_choices, tables, variable="capital")


def test_a_column_that_is_not_there():
    with pytest.raises(UserError, match="by 'country' is no column of articles; allowed: article_id, outlet"):
        levels_of(ARTICLES, "country")
