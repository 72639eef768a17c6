"""Whose words: voices of tokens, mentions and sentences, and labels inside reported clauses."""

import pytest

from analysis import tables
from analysis.coding.codebook import Codebook, Variable
from analysis.coding.kwic import kwic
from analysis.coding.partition import code_partition

BOOK = Codebook(
    name="b",
    version="1.0.0",
    variables={"v": Variable(kind="choice", categories={"seized": ["seize*", "illegally seize*"], "rain": ["rain*"]})},
)


def coded(make_articles, body):
    return code_partition(make_articles(("Rain", None, body)), [BOOK])


def test_every_mention_has_its_voice_and_speaker(make_articles):
    body = "It rains. Ann Lee said it rains “like rain.” “It rains a lot,” said Tom Park."
    found = coded(make_articles, body)["mentions"]
    assert found["voice"].tolist() == ["headline", "own", "indirect", "direct", "direct"]
    speakers = [None if speaker != speaker else speaker for speaker in found["speaker"]]
    assert speakers == [None, None, "Ann Lee", "Ann Lee", "Tom Park"]


def test_words_and_sentences_have_voices(make_articles):
    made = coded(make_articles, "It rains. Ann Lee said that it rains in all of Ely. “We go home now,” Mr. Lee said.")
    assert made["sentences"]["voice"].tolist() == ["own", "indirect", "direct"]
    assert made["sentences"]["speaker"].fillna("-").tolist() == ["-", "Ann Lee", "Ann Lee"]
    counts = made["word_counts"].groupby("voice")["n"].sum().to_dict()
    assert counts == {"headline": 1, "own": 2 + 4 + 3, "direct": 4, "indirect": 6}
    for name, table in made.items():
        tables.validate(name, table)


@pytest.mark.parametrize(
    ("clause", "expected"),
    [
        ("troops must leave the four towns seized by the army", True),
        ("troops must leave the seized towns", True),
        ("troops must leave all four seized towns", True),
        ("troops must leave its illegally seized towns", True),
        ("troops must leave the towns that the army seized in May", True),
        ("troops must leave the towns it seized", True),
        ("troops must leave Ely, which was illegally seized in May", True),
        ("the army has seized two towns", False),
        ("the army seized the towns", False),
        ("the towns were seized by the army", False),
        ("two towns were illegally seized", False),
    ],
)
def test_labels_inside_reported_clauses(make_articles, clause, expected):
    found = coded(make_articles, f"Ann Lee said that {clause}.")["mentions"].query("category == 'seized'")
    assert found["voice"].tolist() == ["indirect"]
    assert found["embedded"].tolist() == [expected]


def test_only_reported_clauses_hold_embedded_labels(make_articles):
    found = coded(make_articles, "The towns seized by the army are cold. “The seized towns,” he said, “are cold.”")
    assert not found["mentions"]["embedded"].any()


def test_kwic_knows_the_same_voices(make_articles):
    body = "It rains. Ann Lee said it rains “like rain.” “It rains a lot,” said Tom Park."
    articles = make_articles(body)
    quotes = code_partition(articles, [BOOK])["quotes"]
    assert kwic(articles, "rain*", quotes=quotes)["voice"].tolist() == ["own", "indirect", "direct", "direct"]
