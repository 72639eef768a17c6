"""Claims beside each other: what agrees, contradicts, cannot be compared or is missing, by hand on few sentences."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis import open_study, tables
from analysis.coding.numbers import find_numbers
from analysis.coding.sentences import sentence_bounds
from analysis.coding.tokens import tokenise
from analysis.comparison.quantities import RELATIONS, compare_numbers, number_claims
from analysis.corpus.articles import read_articles
from analysis.study import UserError, shipped


def numbers_in(bodies):
    """The table *numbers* of some bodies, the articles named a, b, c …"""
    ids = [chr(ord("a") + number) for number in range(len(bodies))]
    clock = pd.Series(["2024-06-14"] * len(bodies)).astype("datetime64[us]")
    articles = pd.DataFrame({"article_id": pd.array(ids, dtype="str"), "body": bodies, "published": clock})
    bounds, _ = sentence_bounds(tokenise(bodies))
    voice = pd.array(["own"] * len(bounds), dtype="str")
    owners = articles["article_id"].array.take(bounds["text"].to_numpy())
    return find_numbers(articles, bounds.assign(article_id=owners, voice=voice))


def aligned(*edges):
    """Alignments of ``a0 b0 .9`` (article, sentence, article, sentence, similarity), and its proposition."""
    rows = []
    for number, edge in enumerate(edges):
        one, other, similarity, *proposition = edge.split()
        held = float(similarity) >= 0.5
        group = (int(proposition[0]) if proposition else number) if held else None
        rows.append((one[0], int(one[1:]), other[0], int(other[1:]), float(similarity), held, group))
    columns = ["article_a", "sentence_a", "article_b", "sentence_b", "similarity", "aligned", "proposition"]
    table = pd.DataFrame(rows, columns=columns).astype({"article_a": "str", "article_b": "str", "proposition": "Int64"})
    return tables.validate("alignments", table)


def met(one, other, *edges):
    """The comparison of two bodies, each row as ``relation: text of a | text of b``."""
    table = compare_numbers(numbers_in([one, other]), aligned(*(edges or ["a0 b0 .9"])))
    return [
        f"{row.relation}: {'' if pd.isna(row.text_a) else row.text_a} | {'' if pd.isna(row.text_b) else row.text_b}"
        for row in table.itertuples()
    ]


PAIRS = {
    ("Crews shot down 87 drones.", "In all 87 drones were shot down."): ["agreement: 87 | 87"],
    ("Crews shot down 87 drones.", "In all 78 drones were shot down."): ["conflict: 87 | 78"],
    ("Crews shot down 87 drones.", "More than 80 drones were shot down."): ["agreement: 87 | 80"],
    ("Crews shot down 87 drones.", "More than 90 drones were shot down."): ["conflict: 87 | 90"],
    ("Crews shot down 87 drones.", "Up to 90 drones were shot down."): ["agreement: 87 | 90"],
    ("Crews shot down 87 drones.", "Fewer than 80 drones were shot down."): ["conflict: 87 | 80"],
    ("Crews shot down 87 drones.", "About 90 drones were shot down."): ["agreement: 87 | 90"],
    ("Crews shot down 87 drones.", "About 60 drones were shot down."): ["conflict: 87 | 60"],
    ("Crews shot down 87 drones.", "They shot down 90 drones."): ["conflict: 87 | 90"],
    ("Crews shot down 87 drones.", "They shot down dozens of drones."): ["agreement: 87 | dozens"],
    ("Crews shot down 87 drones.", "They shot down 80 to 90 drones."): ["agreement: 87 | 80–90"],
    ("Crews shot down 87 drones.", "They shot down 60 to 70 drones."): ["conflict: 87 | 60–70"],
    ("Crews shot down 87 drones.", "They shot down many drones."): ["absence: 87 | "],
    ("They shot down many drones.", "Crews shot down 87 drones."): ["absence:  | 87"],
    ("Some 700,000 people live there.", "It has 698,000 residents."): ["agreement: 700,000 | 698,000"],
    ("It has 700,000 people.", "A 700,000-person county."): ["agreement: 700,000 | 700,000"],
    ("It cost 1.5 million.", "It cost 1,512,000."): ["agreement: 1.5 million | 1,512,000"],
    ("It cost 1.5 million.", "It cost 1,712,000."): ["conflict: 1.5 million | 1,712,000"],
    ("The remains of 254 sailors came home.", "They sent home 254 bodies of sailors."): ["agreement: 254 | 254"],
    # By what is counted, not by place.
    ("It fired 14 missiles and 17 drones.", "It sent 17 drones and 14 missiles."): [
        "agreement: 14 | 14",
        "agreement: 17 | 17",
    ],
    ("It fired 14 missiles and 17 drones.", "It sent 17 missiles and 14 drones."): [
        "conflict: 14 | 17",
        "conflict: 17 | 14",
    ],
    ("Six people were hurt, and three women too.", "Three people were hurt, and six women too."): [
        "agreement: Six | six",
        "agreement: three | Three",
    ],
    ("Six people were hurt.", "Eight people were hurt."): ["conflict: Six | Eight"],
    ("Six people were hurt.", "Four women were hurt."): ["absence: Six | ", "absence:  | Four"],
    ("Two ports were shut.", "Two trains were late."): ["absence: Two | ", "absence:  | Two"],
    # Units.
    ("They marched 10 km.", "They marched 6.2 miles."): ["agreement: 10 km | 6.2 miles"],
    ("They marched 10 km.", "They marched 10 miles."): ["conflict: 10 km | 10 miles"],
    ("It lasted 24 hours.", "It lasted one day."): ["absence: 24 hours | "],
    ("It lasted 14 days.", "It lasted two weeks."): ["agreement: 14 days | two weeks"],
    ("It was 86 degrees Fahrenheit.", "It was 30 degrees Celsius."): [
        "agreement: 86 degrees Fahrenheit | 30 degrees Celsius"
    ],
    ("A loan of $5 million was paid.", "A loan of €5 million was paid."): ["incomparable: $5 million | €5 million"],
    ("A loan of $5 million was paid.", "A loan of $6 million was paid."): ["conflict: $5 million | $6 million"],
    ("Half of voters stayed away.", "Some 50% of voters stayed away."): ["agreement: Half | 50%"],
    ("A third of voters stayed away.", "Some 60% of voters stayed away."): ["conflict: A third | 60%"],
    ("Prices rose 10%.", "Prices rose 10.4%."): ["agreement: 10% | 10.4%"],
    ("Prices rose 10%.", "Prices rose 11%."): ["conflict: 10% | 11%"],
    # Dates.
    ("It was annexed in 2022.", "It was annexed in November 2022."): ["agreement: 2022 | November 2022"],
    ("It was annexed in 2022.", "It was annexed in 2014."): ["conflict: 2022 | 2014"],
    ("It was annexed in 2022.", "It was annexed in November."): ["incomparable: 2022 | November"],
    ("It was annexed in March.", "It was annexed in November."): ["conflict: March | November"],
    ("It was annexed in March.", "It was seized in November."): ["conflict: March | November"],
    ("He spoke on Friday.", "He spoke on June 14."): ["agreement: Friday | June 14"],
    ("He spoke on Friday.", "He spoke on Thursday."): ["conflict: Friday | Thursday"],
    ("It was annexed in 2022.", "It was founded in 1995."): ["absence: 2022 | ", "absence:  | 1995"],
    # Ranks.
    ("It was the third attack.", "It was the second attack."): ["conflict: third | second"],
}


@pytest.mark.parametrize("pair", PAIRS)
def test_two_sentences(pair):
    assert met(*pair) == PAIRS[pair]


def test_what_is_said_in_another_aligned_sentence_is_no_absence():
    one = "The army lost 14 drones and 17 boats."
    other = "The army lost 14 drones. It also lost 17 boats."
    assert met(one, other, "a0 b0 .9", "a0 b1 .8") == ["agreement: 14 | 14", "agreement: 17 | 17"]
    other = "The army lost 14 drones. It also lost 18 boats."
    assert met(one, other, "a0 b0 .9", "a0 b1 .8") == ["agreement: 14 | 14", "conflict: 17 | 18"]
    assert met(one, other, "a0 b0 .9", "a0 b1 .3") == ["agreement: 14 | 14", "absence: 17 | "]


def test_what_is_said_in_a_sentence_that_is_not_aligned_is_no_absence():
    one = "The army lost 14 drones."
    other = "The army lost many drones. It lost 14 drones, and 17 boats."
    assert met(one, other) == ["agreement: 14 | 14"]
    row = compare_numbers(numbers_in([one, other]), aligned("a0 b0 .9")).iloc[0]
    assert (row["sentence_b"], row["note"]) == (1, "in a sentence that is not aligned")
    # Another number of the same thing elsewhere may be of another event: no conflict.
    assert met("The army lost 15 drones.", other) == ["absence: 15 | "]


def test_an_event_that_both_date_is_dated_in_other_terms_elsewhere():
    one = "The islands were annexed in 2022. They voted, and were annexed in November."
    other = "The islands were annexed in 2022. They voted. The cape was annexed in 2014."
    edges = ("a0 b0 .9", "a1 b1 .9", "a1 b2 .2")
    assert met(one, other, *edges) == ["agreement: 2022 | 2022", "incomparable: November | 2022"]
    # Where the other year is that of no event they share, it says nothing about the month.
    assert met(one.replace("2022", "2014"), other, "a1 b1 .9") == ["absence: November | "]


def test_what_is_said_twice_agrees_twice():
    one = "All four regions are poor, and the four regions are cold."
    assert met(one, "The four regions are poor.") == ["agreement: four | four", "agreement: four | four"]


def test_the_columns_of_a_comparison():
    numbers = numbers_in(["Nothing. On Friday crews shot down 87 drones.", "Some 78 drones fell."])
    table = compare_numbers(numbers, aligned("a1 b0 .9 7", "a0 b0 .1"))
    assert table.columns.tolist() == [
        *("proposition", "article_a", "sentence_a", "text_a", "value_a", "date_a"),
        *("article_b", "sentence_b", "text_b", "value_b", "date_b", "kind", "unit", "what", "relation", "note"),
    ]
    first, second = table.to_dict("records")
    assert (first["text_a"], first["value_a"], first["text_b"], first["value_b"]) == ("87", 87, "78", 78)
    assert (first["relation"], first["what"], first["proposition"]) == ("conflict", "drone", 7)
    assert (second["date_a"], second["relation"], second["sentence_b"]) == ("2024-06-14", "absence", 0)
    assert np.isnan(second["value_b"])
    assert pd.isna(second["text_b"])


ARTICLES = pd.DataFrame({"article_id": list("abcd"), "outlet": ["North", "South", "East", None]}).astype("str")


def test_one_row_a_claim_over_all_outlets():
    bodies = ["Crews shot down 87 drones.", "They shot down 87 drones on Friday.", "Only 78 drones fell.", "87 drones."]
    edges = [f"{one}0 {other}0 .9 3" for one, other in ("ab", "ac", "ad", "bc", "bd", "cd")]
    table = number_claims(numbers_in(bodies), aligned(*edges), ARTICLES)
    assert table.astype(object).where(table.notna(), None).to_dict("records") == [
        {
            **{"proposition": 3, "kind": "quantity", "what": "drone", "values": "87 (North, South); 78 (East)"},
            **{"majority": "87", "n_majority": 2, "n": 3, "without": None, "n_without": 0, "conflict": True},
        },
        {
            **{"proposition": 3, "kind": "date", "what": "shoot", "values": "2024-06-14 (South)"},
            **{"majority": "2024-06-14", "n_majority": 1, "n": 1, "without": "East, North", "n_without": 2},
            "conflict": False,
        },
    ]


def test_an_unknown_column_is_named():
    with pytest.raises(UserError, match="by 'paper' is no column of articles; allowed: article_id, outlet"):
        number_claims(numbers_in(["x"]), aligned("a0 a0 .1"), ARTICLES, by="paper")


def test_nothing_aligned_is_nothing_compared():
    numbers = numbers_in(["Crews shot down 87 drones.", "Some 78 drones fell."])
    for alignments in (aligned("a0 b0 .1"), tables.empty("alignments")):
        assert compare_numbers(numbers, alignments).empty
        assert number_claims(numbers, alignments, ARTICLES).empty
    assert compare_numbers(numbers[:0], aligned("a0 b0 .9")).empty


SAID = st.sampled_from(
    [
        *("87 drones", "78 drones", "about 80 drones", "at least 85 drones", "14 boats", "10 km", "6 miles", "in 2022"),
        *(
            "in May 2022",
            "on Friday",
            "five men",
            "six women",
            "half of voters",
            "50% of voters",
            "$5 million",
            "a raid",
        ),
        "10 to 20 drones",
    ]
)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.lists(SAID, max_size=4), min_size=2, max_size=3), st.data())
def test_a_comparison_does_not_depend_on_which_side_is_first(parts, data):
    bodies = [". ".join(f"They saw {said}" for said in part) + "." for part in parts]
    numbers = numbers_in(bodies)
    pairs = [(one, other) for one in range(2) for other in range(2)]
    chosen = data.draw(st.lists(st.sampled_from(pairs), min_size=1, unique=True))
    table = compare_numbers(numbers, aligned(*(f"a{one} b{other} .9" for one, other in chosen)))
    turned = compare_numbers(numbers, aligned(*(f"b{other} a{one} .9" for one, other in chosen)))
    assert set(table["relation"]) <= set(RELATIONS)
    assert sorted(table["relation"]) == sorted(turned["relation"])
    # Every claim of an aligned sentence is in the table.
    for side, name in ((0, "a"), (1, "b")):
        sentences = {edge[side] for edge in chosen}
        claimed = numbers[(numbers["article_id"] == name) & numbers["sentence"].isin(sentences)]
        seen = " ".join(table[f"text_{name}"].dropna()) + " "
        assert all(text in seen for text in claimed["text"])


@pytest.fixture(scope="module")
def demo():
    """Articles and numbers of the demo, and every pair of sentences in which drones are counted, aligned by hand."""
    articles = read_articles(open_study("demo"))["articles"].reset_index(drop=True)
    bodies = articles["body"].tolist()
    bounds, _ = sentence_bounds(tokenise(bodies))
    owners = articles["article_id"].array.take(bounds["text"].to_numpy())
    voice = pd.array(["own"] * len(bounds), dtype="str")
    numbers = find_numbers(articles, bounds.assign(article_id=owners, voice=voice))
    planted = yaml.safe_load((shipped("studies") / "demo" / "planted.yml").read_text("utf-8"))["number"]
    return articles, numbers, planted


def test_the_planted_number_is_a_conflict(demo):
    articles, numbers, planted = demo
    places = []
    for entry in planted["values"]:
        row = articles[(articles["outlet"] == entry["outlet"]) & (articles["headline"] == entry["headline"])].iloc[0]
        hits = numbers[(numbers["article_id"] == row["article_id"]) & (numbers["what"] == "drone")]
        assert float(entry["value"]) in hits["value"].tolist(), entry
        places.append((row["article_id"], int(hits.loc[hits["value"] == entry["value"], "sentence"].iloc[0])))
    order = {article: place for place, article in enumerate(articles["article_id"])}
    places.sort(key=lambda place: order[place[0]])
    rows = [(*one, *other, 0.9, True, 0) for at, one in enumerate(places) for other in places[at + 1 :]]
    columns = ["article_a", "sentence_a", "article_b", "sentence_b", "similarity", "aligned", "proposition"]
    alignments = pd.DataFrame(rows, columns=columns).astype(
        {"article_a": "str", "article_b": "str", "proposition": "Int64"}
    )
    claims = number_claims(numbers, alignments, articles)
    odd = next(entry["outlet"] for entry in planted["values"] if entry["value"] != planted["true_to_the_reports"])
    first = claims.iloc[0]
    assert (first["what"], first["conflict"], first["n"], first["n_majority"]) == ("drone", True, 6, 5)
    assert first["majority"] == str(planted["true_to_the_reports"])
    assert first["values"].endswith(f"; 78 ({odd})")
    fought = compare_numbers(numbers, alignments).query("relation == 'conflict' and what == 'drone'")
    assert len(fought) == 5
    assert (fought[["value_a", "value_b"]].apply(set, axis=1) == {78.0, 87.0}).all()
