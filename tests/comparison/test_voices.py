"""Who speaks: shares of words, of direct speech and of reporting verbs, counted by hand on a few quotations."""

import numpy as np
import pandas as pd
import pytest

from analysis.comparison.voices import NOBODY, cue_classes, how_quoted, who_speaks
from analysis.study import UserError


@pytest.fixture
def articles():
    return pd.DataFrame({"article_id": list("abcd"), "outlet": ["A", "A", "B", "B"]}).astype("str")


@pytest.fixture
def quotes():
    """Two outlets; in ``a`` four quoted words stand inside a reported clause that has six more."""
    rows = [
        ("a", 0, 0, 60, "indirect", "Roe", "said", "neutral", False, 6, 70),
        ("a", 1, 20, 40, "partial", "Roe", "said", "neutral", False, 4, 70),
        ("b", 0, 0, 30, "direct", "Poe", "claimed", "doubtful", False, 6, 32),
        ("b", 1, 40, 70, "direct", "Poe", "claimed", "doubtful", True, 4, 32),
        ("c", 0, 0, 30, "direct", "Roe", "noted", "supportive", False, 5, 32),
        ("c", 1, 40, 50, "term", None, None, None, False, 2, None),
        ("d", 0, 0, 30, "direct", None, None, None, False, 5, None),
    ]
    columns = ["article_id", "quote", "start", "end", "kind", "speaker", "cue", "cue_class", "continued", "n_words"]
    columns.append("cue_start")
    text = ["article_id", "kind", "speaker", "cue", "cue_class"]
    return pd.DataFrame(rows, columns=columns).astype(dict.fromkeys(text, "str"))


CATEGORIES = pd.DataFrame(
    {
        "codebook": "actors",
        "variable": "people",
        "kind": "actor",
        "category": ["Roe", "Poe"],
        "side": ["North", None],
    }
).astype({"side": "str"})


def values(table, *columns):
    return [tuple(row) for row in table[list(columns)].itertuples(index=False)]


def test_shares_of_quoted_words(quotes, articles):
    table = who_speaks(quotes, articles, replicates=50)
    # Most words first: Roe 15, Poe 10, nobody 5. The term is nobody's, and nested words count once.
    assert values(table, "outlet", "category", "n", "total") == [
        ("A", "Roe", 10, 20),
        ("A", "Poe", 10, 20),
        ("A", NOBODY, 0, 20),
        ("B", "Roe", 5, 10),
        ("B", "Poe", 0, 10),
        ("B", NOBODY, 5, 10),
    ]
    assert table["share"].tolist() == [0.5, 0.5, 0, 0.5, 0, 0.5]
    assert table["n_articles"].tolist() == [2] * 6


def test_the_least_are_others_and_voices_can_be_chosen(quotes, articles):
    table = who_speaks(quotes, articles, most=1, replicates=50)
    assert values(table.query("outlet == 'A'"), "category", "n") == [("Roe", 10), ("(others)", 10)]
    direct = who_speaks(quotes, articles, voice="direct", replicates=50).query("outlet == 'A'")
    assert values(direct, "category", "n") == [("Roe", 4), ("Poe", 10), (NOBODY, 0)]


def test_sides_come_from_the_actors(quotes, articles):
    table = who_speaks(quotes, articles, of="side", categories=CATEGORIES, replicates=50)
    assert values(table.query("outlet == 'A'"), "category", "n") == [("North", 10), ("(no side)", 10), (NOBODY, 0)]
    with pytest.raises(UserError, match=r"of 'side': sides come from a codebook of kind actor"):
        who_speaks(quotes, articles, of="side")
    with pytest.raises(UserError, match="of 'face' is none; allowed: speaker, side"):
        who_speaks(quotes, articles, of="face")


def test_who_is_quoted_and_who_only_reported(quotes, articles):
    table = how_quoted(quotes, articles, replicates=50)
    shares = table[table["category"] == "direct"].set_index("speaker")["share"]
    assert shares.to_dict() == {"Roe": pytest.approx(9 / 15), "Poe": 1, NOBODY: 1}
    assert table.attrs["by"] == ["speaker"]


def test_classes_of_verbs_by_side(quotes, articles):
    table = cue_classes(quotes, articles, of="speaker", replicates=50)
    row = table.set_index(["outlet", "speaker", "category"])
    # One verb introduces a quotation and what goes on from it, a clause and the words in marks inside it.
    assert row.loc[("A", "Poe", "doubtful"), ["n", "total"]].tolist() == [1, 1]
    assert row.loc[("A", "Roe", "neutral"), ["n", "total"]].tolist() == [1, 1]
    assert row.loc[("B", "Roe", "supportive"), "share"] == 1
    assert np.isnan(row.loc[("A", "Poe", "doubtful"), "low"]), "one article: no interval"
