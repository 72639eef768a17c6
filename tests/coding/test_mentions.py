"""Mentions: the longest match wins where categories compete, exceptions take places away, offsets are exact."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.coding.codebook import Codebook, Variable
from analysis.coding.mentions import _longest, longest_compiled
from analysis.coding.partition import code_partition


def book(kind="choice", name="test", **variable):
    """A codebook of one variable ``v``."""
    return Codebook(name=name, version="1.0.0", variables={"v": Variable(kind=kind, **variable)})


@pytest.fixture
def mentions(make_articles):
    """Mentions of some bodies under one codebook, as (category, match)."""

    def find(codebook, *bodies):
        table = code_partition(make_articles(*bodies), [codebook])["mentions"]
        return list(zip(table["category"], table["match"], strict=True))

    return find


def test_the_longest_match_wins_within_a_variable(mentions):
    annexation = book(categories={"annexed": ["annex*"], "illegally annexed": ["illegal* annex*", "annex* illegally"]})
    text = "They illegally annexed it, annexed illegally, the annexation, an illegal annexation."
    assert mentions(annexation, text) == [
        ("illegally annexed", "illegally annexed"),
        ("illegally annexed", "annexed illegally"),
        ("annexed", "annexation"),
        ("illegally annexed", "illegal annexation"),
    ]


def test_of_two_matches_of_one_length_the_more_literal_wins(mentions):
    assert mentions(book(categories={"any": ["annex*"], "noun": ["annexation"]}), "annexation") == [
        ("noun", "annexation")
    ]


def test_categories_of_kind_presence_do_not_compete(mentions):
    frames = book("presence", categories={"conflict": ["war", "war crime*"], "morality": ["war crime*"]})
    assert mentions(frames, "War crimes in the war") == [
        ("conflict", "War crimes"),
        ("morality", "War crimes"),
        ("conflict", "war"),
    ]


def test_exceptions_are_outside_the_envelope_of_variation(mentions):
    capital = book(categories={"Kyiv": ["Kyiv"], "Kiev": ["Kiev"]}, **{"except": ["chicken Kiev", "Dynamo Kiev"]})
    assert mentions(capital, "Kiev ate chicken Kiev; chicken in Kiev") == [("Kiev", "Kiev"), ("Kiev", "Kiev")]
    label = book("presence", categories={"war": ["war"]}, **{"except": ["cold war"]})
    assert mentions(label, "a cold war, a war") == [("war", "war")]
    longer = book(categories={"a": ["the cold war years"]}, **{"except": ["cold war"]})
    assert mentions(longer, "the cold war years") == [("a", "the cold war years")]


def test_columns_of_a_mention(make_articles):
    articles = make_articles(
        ("Kiev reacts", "What Kyiv says", "First words. In “Київ, or Kyiv”, they spoke."),
        (None, None, "Kiev’s answer."),
    )
    coded = code_partition(articles, [book(categories={"Kyiv": ["Kyiv"], "Kiev": ["Kiev"]})])
    table = coded["mentions"]
    assert table[["where", "category", "voice"]].to_numpy().tolist() == [
        ["headline", "Kiev", "headline"],
        ["deck", "Kyiv", "headline"],
        ["body", "Kyiv", "direct"],
        ["body", "Kiev", "own"],
    ]
    assert table["sentence"].isna().tolist() == [True, True, False, False]
    assert table["sentence"].dropna().tolist() == [1, 0]
    assert table["speaker"].isna().all()
    text = articles.set_index("article_id")
    for row in table.itertuples():
        assert text.loc[row.article_id, row.where][row.start : row.end] == row.match


def test_two_codebooks_with_one_variable_name_stay_apart(make_articles):
    books = [book(categories={"a": ["peace"]}), book(categories={"b": ["peace*"]}, name="other")]
    table = code_partition(make_articles("peace"), books)["mentions"]
    assert table[["codebook", "category"]].to_numpy().tolist() == [["test", "a"], ["other", "b"]]


def test_no_hits_give_an_empty_table_after_the_contract(make_articles):
    coded = code_partition(make_articles("nothing here"), [book(categories={"a": ["absent"]})])
    assert len(coded["mentions"]) == 0
    assert coded["mentions"]["start"].dtype == "int64"


@given(st.lists(st.tuples(st.integers(0, 2), st.integers(0, 12), st.integers(1, 4)), max_size=30))
def test_the_longest_win_in_the_same_way_compiled_and_not(hits):
    contest, first, size = np.array(sorted(hits), np.int64).reshape(-1, 3).T.copy()
    asked = first, first + size, contest
    assert longest_compiled()(*asked).tolist() == _longest(*asked).tolist()
