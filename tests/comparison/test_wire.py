"""The wire table on a hand-made agency text in three outlets, with the copies' own words beside it."""

import numpy as np
import pandas as pd
import pytest

from analysis.comparison import wire
from analysis.comparison.rates import rate_per_1000_words, share_of_articles, share_of_choices, share_of_sentences

# s: the agency's own site; c: a copy that adds a sentence; w: a copy that credits the whole text, source not here;
# o: an article of its own. Copied: characters 0 to 50 of c.
ARTICLES = pd.DataFrame(
    {
        "article_id": ["s", "c", "w", "o"],
        "outlet": ["Wire", "Copyist", "Reprint", "Own"],
        "credit": [None, None, "whole", None],
    }
).astype("str")
GROUPS = pd.DataFrame(
    {
        "article_id": ["s", "c", "w", "o"],
        "copy_group": ["s", "s", "w", "o"],
        "role": ["source", "copy", "copy", "original"],
        "outlet_added_words": pd.array([20, 10, None, 30], dtype="Int64"),
    }
).astype({"article_id": "str", "copy_group": "str", "role": "str"})
COPIED = pd.DataFrame({"article_id": ["c"], "start": [0], "end": [50]}).astype({"article_id": "str"})


def mention(article, category, start, where="body", sentence=0):
    return (article, "book", "name", category, where, sentence, start, start + 4, "own", None)


MENTIONS = pd.DataFrame(
    [
        mention("s", "Kyiv", 10),
        mention("c", "Kyiv", 10),  # copied
        mention("c", "Kiev", 60, sentence=1),  # the copyist's own
        mention("c", "Kiev", 3, where="headline", sentence=pd.NA),
        mention("w", "Kiev", 10),
        mention("o", "Kiev", 10),
    ],
    columns=["article_id", "codebook", "variable", "category", "where", "sentence", "start", "end", "voice", "speaker"],
).astype({"article_id": "str", "category": "str", "variable": "str", "codebook": "str", "where": "str", "voice": "str"})
SENTENCES = pd.DataFrame(
    [("s", 0, 0, 50), ("c", 0, 0, 52), ("c", 1, 53, 90), ("w", 0, 0, 50), ("o", 0, 0, 50)],
    columns=["article_id", "sentence", "start", "end"],
).astype({"article_id": "str"})
WORDS = pd.DataFrame(
    [
        ("s", "x", "own", 20),
        ("c", "x", "own", 30),
        ("c", "x", "headline", 5),
        ("w", "x", "own", 20),
        ("o", "x", "own", 30),
    ],
    columns=["article_id", "word", "voice", "n"],
).astype({"article_id": "str", "word": "str", "voice": "str"})
ADDED = pd.DataFrame({"article_id": ["c"], "voice": ["own"], "n": [10]}).astype({"article_id": "str", "voice": "str"})
QUOTES = pd.DataFrame({"article_id": ["c", "c", "s"], "start": [45, 60, 1], "end": [70, 80, 9]})
TABLES = {
    "articles": ARTICLES,
    "mentions": MENTIONS,
    "sentences": SENTENCES,
    "word_counts": WORDS,
    "quotes": QUOTES.astype({"article_id": "str"}),
    "copy_groups": GROUPS,
    "copied": COPIED,
    "added_words": ADDED,
}


def test_shares_four_ways():
    table = wire.wire_table(share_of_choices, TABLES, variable="name", by="outlet", where="body", replicates=10)
    found = table.set_index(["outlet", "category"])
    n = found[[f"n ({way})" for way in wire.WAYS]]
    assert n.loc["Copyist", "Kyiv"].tolist() == [1, 0, 0, 0]
    assert n.loc["Copyist", "Kiev"].tolist() == [1, 0, 0, 1]
    assert n.loc["Wire", "Kyiv"].tolist() == [1, 1, 1, 1]
    assert n.loc["Reprint", "Kiev"].tolist() == [1, 1, 0, 0]
    assert n.loc["Own", "Kiev"].tolist() == [1, 1, 1, 1]
    shares = found[[f"share ({way})" for way in wire.WAYS]]
    np.testing.assert_equal(shares.loc["Copyist", "Kiev"].tolist(), [0.5, np.nan, np.nan, 1.0])
    assert found.at[("Copyist", "Kiev"), "spread"] == 0.5
    assert found.at[("Reprint", "Kiev"), "spread"] == 0  # two ways define it, and agree


def test_headlines_are_the_outlets_own():
    table = wire.wire_table(share_of_articles, TABLES, variable="name", by="outlet", where="headline", replicates=10)
    (row,) = table[table["outlet"] == "Copyist"].to_dict("records")
    assert row["n (outlet-added text only)"] == 1


def test_words_and_sentences_are_those_of_added_text():
    added = wire.counted(TABLES, "outlet-added text only")
    rate = rate_per_1000_words(
        added["mentions"], added["word_counts"], added["articles"], variable="name", by="outlet", where="body"
    )
    row = rate.set_index(["outlet", "category"]).loc[("Copyist", "Kiev")]
    assert (row["n"], row["total"], row["rate"]) == (1, 10, 100)
    assert added["word_counts"].query("voice == 'headline'")["n"].tolist() == [5]
    sentences = share_of_sentences(added["mentions"], added["sentences"], added["articles"], variable="name")
    assert sentences.set_index(["outlet", "category"]).loc[("Copyist", "Kiev"), ["n", "total"]].tolist() == [1, 1]


def test_a_quotation_that_touches_copied_text_is_not_added():
    assert wire.counted(TABLES, "outlet-added text only")["quotes"]["start"].tolist() == [60, 1]


def test_one_per_group_keeps_the_source():
    assert wire.counted(TABLES, "one per copy group")["articles"]["article_id"].tolist() == ["s", "w", "o"]
    assert wire.counted(TABLES, "originals only")["articles"]["article_id"].tolist() == ["s", "o"]


def test_without_copies_all_ways_agree():
    groups = GROUPS.assign(copy_group=GROUPS["article_id"], role="original")
    groups["outlet_added_words"] = pd.array([20, 30, 20, 30], dtype="Int64")
    tables = {
        **TABLES,
        "articles": ARTICLES.assign(credit=pd.Series([None] * 4, dtype="str")),
        "copy_groups": groups,
        "copied": COPIED[:0],
        "added_words": ADDED[:0],
    }
    table = wire.wire_table(share_of_choices, tables, variable="name", by="outlet", replicates=10)
    assert (table["spread"] == 0).all()


def test_overlap_counts_characters_in_copied_stretches():
    copied = pd.DataFrame({"article_id": ["b", "b", "a"], "start": [0, 20, 5], "end": [10, 30, 6]})
    spans = pd.DataFrame(
        {"article_id": ["a", "b", "b", "b", "b", "c"], "start": [0, 0, 5, 10, 25, 0], "end": [9, 40, 25, 20, 26, 99]}
    )
    assert wire._overlap(spans, copied.sort_values(["article_id", "start"])).tolist() == [1, 20, 10, 0, 1, 0]
    assert wire._overlap(spans, copied).tolist() == [1, 20, 10, 0, 1, 0]
    assert wire._overlap(spans, copied[:0]).tolist() == [0] * 6
    assert wire._overlap(spans[:0], copied).tolist() == []


def test_wire_tables_puts_what_depends_on_the_way_first():
    variables = pd.DataFrame({"codebook": ["book"], "variable": ["name"], "mentions": [6]})
    table = wire.wire_tables(share_of_choices, TABLES, variables, by="outlet", replicates=10)
    assert table["spread"].is_monotonic_decreasing
    assert list(table.columns[:3]) == ["outlet", "variable", "category"]
    assert wire.wire_tables(share_of_choices, TABLES, variables[:0]).empty


def test_an_unknown_way_is_refused():
    with pytest.raises(ValueError, match="way is 'some'"):
        wire.counted(TABLES, "some")
