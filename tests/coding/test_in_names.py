"""Hits inside proper names: ordinary words with capitals, and names inside longer names."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.coding.codebook import Codebook, Variable
from analysis.coding.in_names import in_names
from analysis.coding.mentions import find_mentions
from analysis.coding.partition import code_partition
from analysis.coding.sentences import sentence_bounds
from analysis.coding.tokens import tokenise

# fmt: off
WORDS = [
    "great", "war*", "security", "united", "justice", "trust", "grant", "hope", "peace", "talks",
    "critic*", "support", "terrible", "good", "war crimes", "help", "killing", "bank", "sadly", "winner*",
]
# fmt: on
NAMES = ["Kyiv", "Putin", "Russia", "Ukraine", "Russian", "Britain"]
BOOK = Codebook(
    name="b",
    version="1.0.0",
    variables={
        "words": Variable(kind="presence", categories={"any": WORDS}),
        "names": Variable(kind="actor", categories={name: [name] for name in NAMES}),
    },
)


@pytest.fixture
def names(make_articles):
    """The matches of a body that are part of names, and those that are not."""

    def split(body):
        table = code_partition(make_articles(body), [BOOK])["mentions"]
        return table.loc[table["in_name"], "match"].tolist(), table.loc[~table["in_name"], "match"].tolist()

    return split


@pytest.mark.parametrize(
    ("body", "inside"),
    [
        ("They met at the Security Council yesterday.", ["Security"]),
        ("He flew to Great Yarmouth and back.", ["Great"]),
        ("The United Nations has spoken.", ["United"]),
        ("United Nations staff have left.", ["United"]),
        ("A case for the Department of Justice, they say.", ["Justice"]),
        ("Justice Department lawyers disagree.", ["Justice"]),
        ("Members of the National Trust voted.", ["Trust"]),
        ("The film with Hugh Grant won.", ["Grant"]),
        ("Comedy came from Bob Hope, who died.", ["Hope"]),
        ("Then Hope said nothing more.", ["Hope"]),
        ("Mr. Hope said nothing more.", ["Hope"]),
        ("Great Yarmouth is a port.", ["Great"]),
        ("War Crimes lawyers came.", ["War Crimes"]),
        ("He spoke of peace and Hope.", ["Hope"]),
        ("The “Great Lakes” freeze.", ["Great"]),
        ("It leans on the Bank of England for it.", ["Bank"]),
    ],
)
def test_ordinary_words_with_capitals_are_parts_of_names(names, body, inside):
    assert names(body)[0] == inside


@pytest.mark.parametrize(
    ("body", "outside"),
    [
        ("War is terrible.", ["War", "terrible"]),
        ("Great losses were feared.", ["Great"]),
        ("Good morning to you.", ["Good"]),
        ("He asked for security and hope.", ["security", "hope"]),
        ("She said: “War is no answer.”", ["War"]),
        ("She said: War is no answer.", ["War"]),
        ("“Hope dies last,” she said.", ["Hope"]),
        ("They left (War was near).", ["War"]),
        ("Terrible Serbian losses were feared.", ["Terrible"]),
        ("Critic Ann Lee wrote the play.", ["Critic"]),
        ("Winners Monday were few.", ["Winners"]),
        ("Killing Ann Lee was a mistake.", ["Killing"]),
        ("Sadly Ann Lee has left.", ["Sadly"]),
        ("Hope I can help.", ["Hope", "help"]),
        ("Trust in the Army Is Falling", ["Trust"]),
        ("THE WAR GOES ON", ["WAR"]),
        ("War Crimes", ["War Crimes"]),
        ("War crimes were seen.", ["War crimes"]),
    ],
)
def test_a_capital_that_says_nothing_makes_no_name(names, body, outside):
    assert names(body) == ([], outside)


@pytest.mark.parametrize(
    ("body", "inside", "outside"),
    [
        ("Support for Ukraine grows.", [], ["Support", "Ukraine"]),
        ("The mayor of Kyiv told the Kyiv Post so.", ["Kyiv"], ["Kyiv"]),
        ("The Bank of Russia and Russia agree.", ["Bank", "Russia"], ["Russia"]),
        ("President Putin met Vladimir Putin there.", [], ["Putin", "Putin"]),
        ("Putin saw the Putin Street sign.", ["Putin"], ["Putin"]),
        ("Meanwhile Putin left Russia Monday.", [], ["Putin", "Russia"]),
        ("Great Britain’s army and Britain’s navy came.", ["Great", "Britain"], ["Britain"]),
        ("Russian President Ann Lee met Russian troops.", [], ["Russian", "Russian"]),
        ("Russia and Ukraine are neighbours.", [], ["Russia", "Ukraine"]),
        ("Russia, Kyiv and Putin.", [], ["Russia", "Kyiv", "Putin"]),
    ],
)
def test_a_name_is_part_of_a_longer_one(names, body, inside, outside):
    assert names(body) == (inside, outside)


def test_headlines_and_decks_are_left_alone(make_articles):
    articles = make_articles(("The Security Council votes", "In the Security Council now", "The Security Council met."))
    table = code_partition(articles, [BOOK])["mentions"]
    assert table[["where", "in_name"]].to_numpy().tolist() == [["headline", False], ["deck", False], ["body", True]]


@given(st.lists(st.text(max_size=30) | st.sampled_from(["Great ", "Kyiv", "of ", "War", "“", " the "]), max_size=8))
@settings(max_examples=150, deadline=None)
def test_any_text_goes_through(pieces):
    tokens = tokenise(["".join(pieces), *pieces])
    sentences, gaps = sentence_bounds(tokens)
    found = find_mentions(tokens, gaps, [BOOK])
    inside = in_names(found, tokens, gaps, sentences)
    small = np.array([tokens.raw[kind].islower() for kind in tokens.types[found["first"]]], bool)
    assert not (inside & small).any()  # small letters are never part of a name
    alone = in_names(found, tokens, gaps, sentences[sentences["text"] == 0])
    assert np.array_equal(alone, inside & (found["first"] < tokens.bounds[1]))  # what stands elsewhere changes nothing
