"""Valences: hand-computed answers, a slow twin of the rules, nearness to VADER, bounds and order."""

import math
import random

import numpy as np
import pandas as pd
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from analysis.coding.codebook import Codebook, Variable, read_codebook
from analysis.coding.modifiers import ENGLISH, Modifiers
from analysis.coding.partition import code_partition
from analysis.coding.sentiment import modifiers_said, score
from analysis.study import UserError, shipped
from benchmarks.sentiment import analyzers, own_sentences, shared_sentences, valences

GOOD, BAD, NO = 1.9, -2.5, -1.2
WEIGHTS = {"positive": {"good": GOOD, "not bad": 1.0}, "negative": {"bad": BAD, "no": NO, "kind": -1.0}}


def book(name="b", language="en", **variable):
    """A codebook of one scale ``s``."""
    variable = {"kind": "scale", "categories": WEIGHTS, **variable}
    return Codebook(name=name, version="1.0.0", language=language, variables={"s": Variable(**variable)})


@pytest.fixture
def hits(make_articles):
    """The hits of a body and what each adds."""

    def find(body, codebook=None):
        table = code_partition(make_articles(body), [codebook or book()])["mentions"]
        return list(zip(table["match"], table["valence"].round(6).tolist(), strict=True))

    return find


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("It is good.", [("good", GOOD)]),
        ("It is not good.", [("good", GOOD * -0.74)]),
        ("It isn’t a good one.", [("good", GOOD * -0.74)]),
        ("Not one of them is good.", [("good", GOOD)]),  # out of reach
        ("It is not. Good for them.", [("Good", GOOD)]),  # another sentence
        ("It is very good.", [("good", GOOD + 0.293)]),
        ("It is very bad.", [("bad", BAD - 0.293)]),
        ("It is somewhat bad.", [("bad", BAD + 0.293)]),
        ("It is a very, say, good one.", [("good", GOOD + 0.293 * 0.95)]),
        ("A very old man’s good.", [("good", GOOD + 0.293 * 0.9)]),  # the clitic is no step
        ("It is not very good.", [("good", (GOOD + 0.293) * -0.74)]),  # from the hit backwards
        ("It is very rarely good.", [("good", GOOD * -0.74 - 0.293 * 0.95)]),
        ("It is never not good.", [("good", GOOD * 0.74**2)]),
        ("It is not only good.", [("good", GOOD)]),
        ("It is kind of good.", [("good", GOOD - 0.293), ("kind", 0.0)][::-1]),
        ("A kind man.", [("kind", -1.0)]),
        ("No good came.", [("No", 0.0), ("good", GOOD * -0.74)]),
        ("No one came. No.", [("No", 0.0), ("No", NO)]),  # `no one` is another word than `no`
        ("No, we are not good.", [("No", NO), ("good", GOOD * -0.74)]),  # `no` is too far away to turn
        ("She never looked so good.", [("good", GOOD + 0.293)]),
        ("She never said a bad word so good.", [("bad", BAD * -0.74), ("good", GOOD + 0.293)]),
        ("She never was bad so good.", [("bad", BAD), ("good", GOOD + 0.293)]),  # what stands in a gap counts
        ("The least good and at least good.", [("good", GOOD * -0.74), ("good", GOOD)]),
        ("Good but bad.", [("Good", GOOD / 2), ("bad", BAD * 1.5)]),
        ("Not old but good.", [("good", GOOD * 1.5)]),  # no negator reaches over `but`
        ("All but good.", [("good", GOOD)]),
        ("It is not bad.", [("not bad", 1.0)]),  # the negator belongs to the longer hit
        ("It is not bad or good.", [("not bad", 1.0), ("good", GOOD)]),
        ("It is never not bad.", [("not bad", -0.74)]),
        ("It is GOOD!!!", [("GOOD", GOOD)]),
    ],
)
def test_hits_after_their_modifiers(hits, body, expected):
    assert hits(body) == [(match, pytest.approx(valence, abs=1e-6)) for match, valence in expected]


def test_a_weight_never_passes_zero(hits):
    small = book(categories={"p": {"good": 0.1}, "n": {"bad": -0.1}, "z": {"so": 0.0}})
    assert hits("It is slightly good, and partly bad.", small) == [("good", 0.0), ("bad", 0.0)]
    assert hits("It is very so.", small) == [("so", 0.0)]


def test_exceptions_take_modifiers_with_them(hits):
    excepted = book(**{"except": ["not say"]})
    assert hits("They do not say good.") == [("good", pytest.approx(GOOD * -0.74))]
    assert hits("They do not say good.", excepted) == [("good", GOOD)]
    # A word that is a modifier itself stays one where its own hits are excepted.
    assert hits("Not good. No good.", book(categories={"p": {"good": GOOD}}, **{"except": ["no", "not"]})) == [
        ("good", pytest.approx(GOOD * -0.74)),
        ("good", pytest.approx(GOOD * -0.74)),
    ]


def test_a_variable_states_its_own_modifiers(hits):
    own = Modifiers(negators={"nicht": 1}, intensifiers={"sehr": 1.0}, contrast=["aber"], exceptions=["nicht nur"])
    german = book(language="de", categories={"p": {"gut": 2.0}}, modifiers=own)
    assert hits("Nicht gut. Nicht so gut. Sehr gut. Nicht nur gut. Gut, aber gut.", german) == [
        ("gut", -1.48),
        ("gut", 2.0),
        ("gut", 3.0),
        ("gut", 2.0),
        ("Gut", 1.0),
        ("gut", 3.0),
    ]


def test_languages_without_modifiers_have_none(hits):
    assert hits("Not good.", book(language="fr")) == [("good", GOOD)]
    assert hits("Not good.", book(modifiers={})) == [("good", GOOD)]
    assert book(language="fr").modifiers_of(book().variables["s"]) is None
    assert book().modifiers_of(book().variables["s"]) is ENGLISH


def test_it_is_said_which_modifiers_hold():
    frame = Codebook(name="f", version="1.0.0", variables={"v": Variable(kind="presence", categories={"a": ["bad"]})})
    own = book(modifiers={"negators": ["not", "no"], "contrast": ["but"]})
    assert modifiers_said([frame, book(language="fr"), own, book(modifiers={})]) == [
        "b.s: modifiers: none for language 'fr': weights stand as they are",
        "b.s: modifiers: its own: 2 negators, 1 contrast",
        "b.s: modifiers: none (its own): weights stand as they are",
    ]
    assert modifiers_said([book()])[0].startswith("b.s: modifiers: those of language 'en': ")


def test_the_hash_covers_modifiers():
    hashes = {
        codebook.hash
        for codebook in (
            book(),
            book(language="fr"),
            book(modifiers={"negators": ["not"]}),
            book(modifiers={"negators": {"not": 2}}),
        )
    }
    assert len(hashes) == 4
    assert book(language="fr").hash == book(language="de").hash == book(name="c", language="fr").hash


@pytest.mark.parametrize(
    ("modifiers", "said"),
    [
        ({"negators": ["not"], "contrast": ["Not"]}, "'Not' stands in negators and in contrast"),
        ({"negators": ["…not"]}, "negators: pattern '…not' begins with a gap"),
        ({"negators": {"not": 0}}, "greater than or equal to 1"),
        ({"intensifiers": {"very": float("nan")}}, "finite"),
        ({"boosters": {"very": 1.0}}, "boosters"),
    ],
)
def test_modifiers_that_cannot_be_are_refused(modifiers, said):
    with pytest.raises(ValidationError, match=said):
        book(modifiers=modifiers)


def test_modifiers_and_weights_belong_to_scales(tmp_path):
    with pytest.raises(ValidationError, match="modifiers go with kind scale only"):
        Variable(kind="presence", categories={"a": ["x"]}, modifiers={"negators": ["not"]})
    file = tmp_path / "b.yml"
    content = {"name": "b", "version": "1.0.0", "variables": {"s": {"kind": "scale", "categories": WEIGHTS}}}
    content["variables"]["s"]["modifiers"] = {"negators": ["not", "nicht mehr"], "except": ["not only"]}
    file.write_text(yaml.safe_dump(content), encoding="utf-8")
    assert read_codebook(file).variables["s"].modifiers.exceptions == ["not only"]
    content["variables"]["s"]["categories"] = {"p": {"good": float("inf")}}
    file.write_text(yaml.safe_dump(content), encoding="utf-8")
    with pytest.raises(UserError, match="finite"):
        read_codebook(file)


def test_sentences_are_made_of_their_hits(make_articles):
    other = book(name="other", categories={"p": {"bad": 1.0}})
    frame = Codebook(name="f", version="1.0.0", variables={"v": Variable(kind="presence", categories={"a": ["bad"]})})
    articles = make_articles(("Bad", "Good", "Good, good. Not here. Very bad."), (None, None, ""))
    coded = code_partition(articles, [frame, book(), other])
    total = 1.9 * 2
    assert coded["sentences"]["valence"].tolist() == pytest.approx(
        [total / math.sqrt(total**2 + 15), 0, -2.793 / math.sqrt(2.793**2 + 15)]
    )
    mentions = coded["mentions"]
    assert mentions.loc[mentions["codebook"] == "f", "valence"].isna().all()
    assert mentions.loc[mentions["where"] != "body", ["match", "codebook", "valence"]].dropna().to_numpy().tolist() == [
        ["Bad", "b", BAD],
        ["Bad", "other", 1.0],
        ["Good", "b", GOOD],
    ]
    # The other order gives the sentences the other scale, and every hit the valence it had.
    turned = code_partition(articles, [other, book(), frame])
    assert turned["sentences"]["valence"].tolist() == pytest.approx([0, 0, 1.293 / math.sqrt(1.293**2 + 15)])
    order = ["codebook", "where", "start"]
    pd.testing.assert_frame_equal(
        mentions.sort_values(order, ignore_index=True), turned["mentions"].sort_values(order, ignore_index=True)
    )
    assert code_partition(articles, [frame])["sentences"]["valence"].isna().all()


def test_score_gives_the_sentences_of_any_texts():
    two = Codebook(
        name="two",
        version="1.0.0",
        variables={
            "one": Variable(kind="scale", categories={"p": {"good": 1.0}}),
            "other": Variable(kind="scale", categories={"p": {"good": -1.0}}),
        },
    )
    table = score(["Good. So so.", None, "Good"], two)
    assert table[["text", "sentence", "start", "end", "n_words"]].to_numpy().tolist() == [
        [0, 0, 0, 5, 1],
        [0, 1, 6, 12, 2],
        [2, 0, 0, 4, 1],
    ]
    assert table["valence"].tolist() == [0.25, 0.0, 0.25]
    assert score(["Good"], two, "other")["valence"].tolist() == [-0.25]
    with pytest.raises(UserError, match="no variable 'tone' of kind scale; scales: one, other"):
        score(["Good"], two, "tone")


# A second implementation of the rules, over lists of words, to compare with. Its words are their own tokens.
TINY = Modifiers(
    negators={"not": 3, "no": 2, "least": 1},
    intensifiers={"very": 0.293, "less": -0.293, "kind of": -0.5},
    contrast=["but"],
    exceptions=["not only"],
)
SEQUENCES = {"not": 1, "no": 1, "least": 1, "very": 1, "less": 1, "kind of": 2, "but": 1, "not only": 2}


def slow(words):
    """(first word, valence) of each hit in a sentence of small words parted by spaces."""
    weights = {pattern: weight for listed in WEIGHTS.values() for pattern, weight in listed.items()}

    def spans(listed):
        found, taken = [], set()
        for size in (2, 1):
            for at in range(len(words) - size + 1):
                place = range(at, at + size)
                if " ".join(words[at : at + size]) in listed and not taken & set(place):
                    taken |= set(place)
                    found.append((at, at + size, " ".join(words[at : at + size])))
        return sorted(found)

    hits = spans(weights)
    modifiers = [
        span
        for span in spans(SEQUENCES)
        if not any(low <= span[0] and span[1] <= high and high - low > span[1] - span[0] for low, high, _ in hits)
    ]
    used, result = set(), []
    turn = next((low for low, _, pattern in modifiers if pattern == "but"), None)
    for low, _, pattern in hits:
        value = weights[pattern]
        for at in range(low - 1, max(low - 4, -1), -1):
            span = next((span for span in modifiers if span[1] == at + 1), None)
            if span is None:
                continue
            if span[2] == "but":
                break
            if low - at <= TINY.negators.get(span[2], 0):
                value *= -0.74
                used.add(span)
            elif span[2] in TINY.intensifiers:
                change = TINY.intensifiers[span[2]] * {1: 1, 2: 0.95, 3: 0.9}[low - at]
                value = math.copysign(max(abs(value) + change, 0), value)
                used.add(span)
        result.append(value if turn is None else value * (0.5 if low < turn else 1.5))
    for number, (low, high, _) in enumerate(hits):
        for span in modifiers:
            if span[0] <= low and high <= span[1] and (span[1] - span[0] > high - low or span in used):
                result[number] = 0.0
    return [(low, value) for (low, _, _), value in zip(hits, result, strict=True)]


def test_the_slow_twin_gives_the_same_valences(make_articles):
    draw = random.Random(6)
    known = ["good", "bad", "no", "kind", "of", "not", "only", "very", "less", "but", "least", "x"]
    bodies = [" ".join(draw.choices(known, k=draw.randint(1, 14))) for _ in range(1500)]
    articles = make_articles(*bodies)
    table = code_partition(articles, [book(modifiers=TINY)])["mentions"]
    found = dict.fromkeys(articles["article_id"], ())
    for row in table.itertuples():
        place = bodies[int(row.article_id, 16)][: row.start].count(" ")
        found[row.article_id] += ((place, pytest.approx(row.valence, abs=1e-9)),)
    assert list(found.values()) == [tuple(slow(body.split())) for body in bodies]


@given(st.lists(st.text(max_size=20) | st.sampled_from(["not ", "good ", "no ", " very bad", " but ", ". ", "’s "])))
@settings(max_examples=50, deadline=None)
def test_any_text_goes_through(pieces):
    table = score(["".join(pieces), None, *pieces], book())
    assert table["valence"].between(-1, 1).all()


def correlations(sentences):
    """With NLTK's VADER and with its authors' own."""
    ours = valences(sentences, read_codebook(shipped("codebooks") / "vader.yml"))
    theirs = [[one.polarity_scores(sentence)["compound"] for sentence in sentences] for one in analyzers().values()]
    return [np.corrcoef(ours, other)[0, 1] for other in theirs]


def test_near_to_vader_on_own_sentences():
    assert min(correlations([sentence for group in own_sentences().values() for sentence in group])) >= 0.9


def test_near_to_vader_on_the_fixture():
    sentences = shared_sentences()
    if not sentences:
        pytest.skip("../shared/data/sentences is not beside this checkout")
    assert min(correlations(sentences)) >= 0.97


def test_plain_words_are_as_in_vader():
    """Where no rule of ours differs, the compound is VADER's to its four decimals."""
    sentences = [
        "The book was good and the plot was not bad.",
        "It was a very happy and somewhat lonely winter.",
        "They were not really happy, but they had hope.",
        "The extremely brutal war wasn't won.",
        "He never hated them.",
    ]
    ours = valences(sentences, read_codebook(shipped("codebooks") / "vader.yml"))
    for one in analyzers().values():
        theirs = [one.polarity_scores(sentence)["compound"] for sentence in sentences]
        assert ours.round(4).tolist() == pytest.approx(theirs, abs=1e-4)
