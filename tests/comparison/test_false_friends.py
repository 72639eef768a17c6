"""Warnings on hand-made hits: each kind where it is due, with its numbers, and nowhere else."""

import numpy as np
import pandas as pd
import pytest

from analysis.comparison.false_friends import false_friends, patterns_in_use
from analysis.study import UserError

ARTICLES = pd.DataFrame({"article_id": list("abcd"), "outlet": ["X", "X", "Y", "Y"]}).astype("str")
CATEGORIES = pd.DataFrame(
    {
        "codebook": "book",
        "variable": ["frame", "frame", "who", "pick"],
        "category": ["safety", "money", "council", "word"],
        "kind": ["presence", "presence", "actor", "choice"],
        "n_patterns": [3, 2, 2, 2],
    }
)


def hits(pattern, articles, *, category="safety", variable="frame", names=0, valence=np.nan):
    """A hit in each of some articles; the first ``names`` of them inside names."""
    table = pd.DataFrame({"article_id": list(articles), "pattern": pattern, "match": pattern, "category": category})
    table = table.assign(codebook="book", variable=variable, where="body", in_name=np.arange(len(table)) < names)
    return table.assign(valence=valence).astype({"article_id": "str", "pattern": "str", "category": "str"})


def warned(*tables, **options):
    table = false_friends(pd.concat(tables, ignore_index=True), ARTICLES, CATEGORIES, **options)
    return {(row.pattern, row.warning): (row.n, row.total, row.share) for row in table.itertuples()}


def test_more_than_half_is_warned_of_and_half_is_not():
    assert warned(hits("guard", "abcd"), hits("safe", "acd")) == {("guard", "one pattern"): (4, 7, 4 / 7)}
    assert warned(hits("guard", "abc"), hits("safe", "acd")) == {}
    assert warned(hits("guard", "abc"), hits("safe", "acd"), dominant=0.4).keys() == {
        ("guard", "one pattern"),
        ("safe", "one pattern"),
    }


def test_few_hits_and_single_patterns_are_no_warning():
    assert warned(hits("guard", "abcd")) == {}
    assert warned(hits("guard", "abcd"), least_of_category=4) == {("guard", "one pattern"): (4, 4, 1)}
    single = CATEGORIES.assign(n_patterns=1)
    assert false_friends(hits("guard", "aabbcd"), ARTICLES, single).empty


def test_a_choice_and_an_actor_are_their_words():
    words = hits("word", "abcdab", category="word", variable="pick")
    assert warned(words) == {}
    assert warned(words, kinds=["choice"]) == {("word", "one pattern"): (6, 6, 1)}


def test_mostly_inside_names():
    mixed = hits("security", "abcd", names=3), hits("safe", "abcd"), hits("guard", "ab")
    assert warned(*mixed) == {("security", "inside names"): (3, 4, 0.75)}
    assert warned(hits("security", "abcd", names=2), hits("safe", "abcd")) == {}
    assert warned(hits("security", "a", names=1)) == {}
    # A pattern with a capital is meant as a name, and so is an actor.
    assert warned(hits("Security Council", "abcd", names=4), hits("safe", "abcd")) == {}
    assert warned(hits("council", "abcd", names=4, category="council", variable="who")) == {}


def test_hits_in_headlines_do_not_count_for_names():
    table = hits("security", "abcd", names=2)
    table.loc[2:, "where"] = "headline"
    assert warned(table, hits("safe", "abcd")) == {("security", "inside names"): (2, 2, 1)}


def test_one_article_and_one_text_in_copies():
    rest = hits("safe", "abcd"), hits("calm", "abcd")
    assert warned(hits("guard", "aaaaa"), *rest) == {("guard", "one text"): (5, 5, 1)}
    assert warned(hits("guard", "aaaa"), *rest) == {}
    copies = pd.Series({"a": "a", "c": "a"})
    assert warned(hits("guard", "aaccc"), *rest, groups=copies) == {("guard", "one text"): (5, 5, 1)}
    assert warned(hits("guard", "aaccc"), *rest) == {}


def test_one_level_alone_where_the_category_is_in_others_too():
    assert warned(hits("guard", "aabbb"), hits("safe", "abcd"), hits("calm", "ab")) == {
        ("guard", "one level"): (5, 5, 1)
    }
    assert warned(hits("guard", "aabbb"), hits("safe", "abab"), hits("calm", "ab")) == {}


def test_of_a_scale_the_share_is_of_what_is_added():
    strong, weak = hits("vile", "abc", valence=-3.0), hits("dull", "abcd", valence=-0.5)
    table = false_friends(pd.concat([strong, weak], ignore_index=True), ARTICLES)
    row = table.iloc[0]
    assert (row["pattern"], row["n"], row["total"], row["share"]) == ("vile", 3, 7, 9 / 11)
    assert row["reason"] == "gives 82 % of what its category adds (3 of 7 hits): the score is this pattern's"


def test_rows_stand_in_the_order_of_the_codebook_and_nothing_is_no_row():
    money, safety = hits("cost", "abcdabc", category="money"), hits("guard", "abcdabc")
    other = hits("price", "a", category="money"), hits("safe", "a")
    table = false_friends(pd.concat([money, *other, safety], ignore_index=True), ARTICLES, CATEGORIES)
    assert table["category"].tolist() == ["safety", "money"]
    none = false_friends(money[:0], ARTICLES, CATEGORIES)
    assert none.empty
    assert "reason" in none.columns


def test_hits_of_other_articles_are_left_out():
    strange = hits("guard", "zzzzzzzz")
    assert warned(strange, hits("safe", "abc"), hits("guard", "abc")) == {}


def test_limits_are_refused_by_name():
    with pytest.raises(UserError, match="dominant is 1; allowed: from 0 to below 1"):
        warned(hits("guard", "a"), dominant=1)
    with pytest.raises(UserError, match="least_in_one is 0"):
        warned(hits("guard", "a"), least_in_one=0)


def test_how_many_patterns_carry_a_category():
    table = patterns_in_use(pd.concat([hits("guard", "abcd"), hits("safe", "ab")]), CATEGORIES).set_index("category")
    assert table.loc["safety", ["n", "n_patterns", "patterns_hit", "top_pattern"]].tolist() == [6, 3, 2, "guard"]
    assert table.loc["safety", "top_share"] == 4 / 6
    assert table.loc["safety", "carried_by"] == 36 / 20
    assert table.loc["money", ["n", "patterns_hit"]].tolist() == [0, 0]
    assert np.isnan(table.loc["money", "carried_by"])
