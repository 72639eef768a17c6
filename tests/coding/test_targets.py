"""Sentiment by target: roles, clauses, speakers, and that every number is made of its evidence."""

import functools
import math
import re

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis import tables
from analysis.coding.codebook import Codebook, read_codebook
from analysis.coding.partition import code_partition
from analysis.coding.target_words import ROLES, evaluations
from analysis.study import shipped

ACTORS = Codebook.model_validate(
    {
        "name": "made",
        "version": "1.0",
        "variables": {
            "named": {
                "kind": "actor",
                "case": "sensitive",
                "categories": {
                    "Lee": ["Ann Lee", "Lee"],
                    "Hart": ["Bob Hart", "Hart"],
                    "Acme": ["Acme"],
                    "NATO": ["NATO"],
                },
            }
        },
    }
)
SCALE = Codebook.model_validate(
    {
        "name": "scale",
        "version": "1.0",
        "variables": {"tone": {"kind": "scale", "categories": {"positive": {"zig": 3.0}, "negative": {"zag": -3.0}}}},
    }
)
VADER = read_codebook(shipped("codebooks") / "vader.yml")


def targets(body: str, *books: Codebook, headline: str | None = None, deck: str | None = None) -> pd.DataFrame:
    """The table for one article."""
    articles = pd.DataFrame({"article_id": ["0" * 12], "headline": [headline], "deck": [deck], "body": [body]})
    return code_partition(articles.astype("str"), books or (VADER, ACTORS))["targets"]


def valence(body: str, actor: str, *books: Codebook) -> float:
    """The valence of the first naming of an actor."""
    table = targets(body, *books)
    return float(table.loc[table["actor"] == actor, "valence"].iloc[0])


def many(bodies: list[str], *books: Codebook) -> pd.DataFrame:
    """The table for some articles."""
    ids = [f"{number:012x}" for number in range(len(bodies))]
    articles = pd.DataFrame({"article_id": ids, "headline": None, "deck": None, "body": bodies})
    return code_partition(articles.astype("str"), books)["targets"]


CONSTRUCTIONS = [
    # The sentence, and the class of the first naming of Lee and of Hart; None: not asked.
    ("Bob Hart praised Ann Lee on Monday.", 1, None),
    ("Bob Hart criticized Ann Lee on Monday.", -1, 0),
    ("Ann Lee was criticized by Bob Hart on Monday.", -1, 0),
    ("Ann Lee, praised by the union, met Bob Hart.", 1, 0),
    ("Criticism of Ann Lee grew while Bob Hart travelled to Rome.", -1, 0),
    ("Ann Lee drew criticism from the union.", -1, None),
    ("Ann Lee's failure to act angered the union, officials told Bob Hart.", -1, 0),
    ("Ann Lee, who lied to the court, met Bob Hart.", -1, 0),
    ("Bob Hart blamed Ann Lee, whom the union despises.", -1, 0),
    ("The embattled senator, Ann Lee, met Bob Hart.", -1, 0),
    ("Ann Lee met the corrupt Bob Hart.", None, -1),
    ("Ann Lee is a hero.", 1, None),
    ("Ann Lee is not a racist.", 0, None),
    ("Ann Lee met Bob Hart in Rome.", 0, 0),
    ('Ann Lee said the budget of Bob Hart was "a disgrace".', 0, -1),
    ("“It was a terrible, shameful plan,” said Ann Lee.", 0, None),
    ("Voters trust Bob Hart more than Ann Lee.", -1, 1),
    ("Ann Lee won praise and support from the union.", 1, None),
    ("Ann Lee came to the Great Hall of Peace.", 0, None),  # words in a name do not count
]


@functools.cache
def coded_constructions() -> pd.DataFrame:
    """The table for all of them, one article each."""
    return many([body for body, _, _ in CONSTRUCTIONS], VADER, ACTORS)


@pytest.mark.parametrize("number", range(len(CONSTRUCTIONS)), ids=[body for body, _, _ in CONSTRUCTIONS])
def test_constructions(number: int) -> None:
    table = coded_constructions()
    own = table[table["article_id"] == f"{number:012x}"].drop_duplicates("actor").set_index("actor")["valence"]
    for actor, wanted in zip(("Lee", "Hart"), CONSTRUCTIONS[number][1:], strict=True):
        if wanted is not None:
            assert int(own[actor] >= 0.05) - int(own[actor] <= -0.05) == wanted


def test_a_sum_by_hand() -> None:
    # One word of 3 in the clause of its subject: all of it counts; then S' · S'² / (S'² + 1.085²), of blame 0.7².
    total = 3 * 9 / (9 + 1.085**2)
    assert valence("Ann Lee is zig.", "Lee", SCALE, ACTORS) == pytest.approx(total / math.sqrt(total**2 + 15))
    blame = -3 * 9 / (9 + 0.7**2)
    assert valence("Ann Lee is zag.", "Lee", SCALE, ACTORS) == pytest.approx(blame / math.sqrt(blame**2 + 15))
    # Two of the same; one of each: nothing.
    total = 6 * 36 / (36 + 1.085**2)
    assert valence("Ann Lee is zig and zig.", "Lee", SCALE, ACTORS) == pytest.approx(total / math.sqrt(total**2 + 15))
    assert valence("Ann Lee is zig and zag.", "Lee", SCALE, ACTORS) == 0


def test_a_grim_sentence_says_a_little_where_nothing_else_does() -> None:
    # All that is bad is what Lee says: .15 · .15 · -3 is less than .3, so 8 % of -9 is added.
    table = targets("Ann Lee said that the bridge is zag, the road is zag and the tunnel is zag.", SCALE, ACTORS)
    assert table["evidence"].iloc[0].count("zag") == 3
    assert table["valence"].iloc[0] < -0.05
    # Nothing of the kind for a good tone.
    assert valence("Ann Lee said that the bridge is zig.", "Lee", SCALE, ACTORS) < 0.05


def test_who_does_what_a_verb_in_ing_says() -> None:
    assert valence("Bob Hart blamed the union and praised Ann Lee for rescuing the town.", "Lee", VADER, ACTORS) > 0.05
    assert valence("Polls show Ann Lee trailing Bob Hart.", "Lee", VADER, ACTORS) < -0.05


def test_another_sentence_says_nothing() -> None:
    assert valence("Ann Lee came. It was zag.", "Lee", SCALE, ACTORS) == 0


def test_the_nearer_clause_says_more() -> None:
    own = valence("Ann Lee is zag.", "Lee", SCALE, ACTORS)
    other = valence("Ann Lee came to Rome, and the bridge is zag.", "Lee", SCALE, ACTORS)
    assert own < other < 0


def test_what_the_target_says_of_others_counts_little() -> None:
    of_lee = valence("The union said that Ann Lee is zag.", "Lee", SCALE, ACTORS)
    by_lee = valence("Ann Lee said that the union is zag.", "Lee", SCALE, ACTORS)
    assert of_lee < -0.3 < by_lee <= 0


def test_without_a_scale_nothing_is_known_but_the_rows_are_there() -> None:
    table = targets("Ann Lee praised Acme.", ACTORS)
    assert table["actor"].tolist() == ["Lee", "Acme"]
    assert table["valence"].isna().all()
    assert table["evidence"].isna().all()


def test_a_naming_alone_is_0_without_evidence() -> None:
    table = targets("Ann Lee met Bob Hart.")
    assert table["valence"].tolist() == [0, 0]
    assert table["evidence"].isna().all()


def test_headline_and_deck_have_rows() -> None:
    table = targets("Acme is zig.", SCALE, ACTORS, headline="Ann Lee is zag", deck="NATO waits")
    assert table[["actor", "where", "voice"]].to_numpy().tolist() == [
        ["Lee", "headline", "headline"],
        ["NATO", "deck", "headline"],
        ["Acme", "body", "own"],
    ]
    assert np.sign(table["valence"]).tolist() == [-1, 0, 1]
    assert table["sentence"].isna().tolist() == [True, True, False]


def test_speaker_and_voice_are_those_of_the_naming() -> None:
    table = targets("“Acme cheats,” said Ann Lee.")
    assert table.loc[table["actor"] == "Acme", ["voice", "speaker"]].to_numpy().tolist() == [["direct", "Lee"]]


def test_a_codebook_of_that_name_takes_the_place_of_the_shipped_one() -> None:
    scale = {"kind": "scale", "categories": {"positive": {"grokked": 3.0}}}
    own = Codebook.model_validate({"name": "evaluations", "version": "1.0", "variables": {"object": scale}})
    assert valence("Bob Hart grokked Ann Lee.", "Lee", SCALE, ACTORS, own) > 0.05
    assert valence("Bob Hart grokked Ann Lee.", "Hart", SCALE, ACTORS, own) == 0
    assert valence("Bob Hart praised Ann Lee.", "Lee", SCALE, ACTORS, own) == 0


def test_the_shipped_codebook_has_the_variables_that_the_rules_read() -> None:
    assert set(evaluations([]).variables) == {*ROLES, "opinion", "topic"}


def evidence_sum(evidence: str) -> float:
    """The sum of the amounts named."""
    return sum(float(amount) for amount in re.findall(r"\(([+-]\d+\.\d+)\)(?:;|$)", evidence))


PIECES = [
    *(
        "praised",
        "criticized",
        "was",
        "by",
        "corrupt",
        "failure",
        "of",
        "against",
        "hero",
        "not",
        "who",
        "that",
        "said",
    ),
    *("zig", "zag", "and", "but", "because", ",", "“", "”", ";", "—", "(", ")", "’s", "the", "she", "than", "as"),
    *("Lee", "Hart", "Acme", "NATO"),
]
WORDS = st.sampled_from(PIECES)


@settings(max_examples=10, deadline=None)
@given(st.lists(st.lists(WORDS, min_size=1, max_size=40), min_size=20, max_size=20))
def test_evidence_adds_up(texts: list[list[str]]) -> None:
    table = many([" ".join(pieces) + "." for pieces in texts], SCALE, ACTORS)
    tables.validate("targets", table)
    for row in table.itertuples():
        total = evidence_sum(row.evidence) if isinstance(row.evidence, str) else 0.0
        assert total / math.sqrt(total**2 + 15) == pytest.approx(row.valence, abs=0.002)


@settings(max_examples=10, deadline=None)
@given(st.lists(st.lists(st.one_of(st.text(max_size=12), WORDS), max_size=12).map(" ".join), min_size=1, max_size=20))
def test_any_text_goes_through(bodies: list[str]) -> None:
    table = many(bodies, VADER, ACTORS)
    assert table["valence"].between(-1, 1).all()
    for row in table.itertuples():
        assert bodies[int(row.article_id, 16)][row.start : row.end] == row.match


def test_no_article_gives_an_empty_table() -> None:
    assert targets("").empty
    assert many([], VADER, ACTORS).empty
