"""Lines that stand in many articles of one outlet: cut where nothing but furniture does so, and only there."""

from __future__ import annotations

import random

from hypothesis import given
from hypothesis import strategies as st

from analysis.corpus.articles import read_articles
from analysis.corpus.repeated import cut_repeated
from analysis.study import open_study

FOLLOW = "Follow the Gull for the news of the coast, every morning on your phone."
MARK = "Gull Weekly – the paper of the coast"
BACKGROUND = "The pier was closed in February after a storm tore eleven planks from its northern end."


def bodies(n, *, below=(), above=(), seed=1):
    """``n`` bodies of three paragraphs of their own, and lines around them."""
    order = random.Random(seed)
    words = ["gull", "pier", "council", "harbour", "vote", "steel", "oak", "storm", "ferry", "mayor", "winter"]
    made = []
    for number in range(n):
        own = [f"{' '.join(order.choices(words, k=14)).capitalize()} {number} {place}." for place in range(3)]
        made.append("\n\n".join([*above, *own, *below]))
    return made


def cut(texts, outlet="Gull"):
    return cut_repeated([{"outlet": outlet, "body": text} for text in texts])


def test_a_line_at_the_foot_of_many_articles_is_cut():
    plain = bodies(5)
    assert cut(bodies(5, below=[MARK])) == [(body, [MARK]) for body in plain]


def test_several_lines_at_both_ends_are_cut_from_the_outside_inward():
    plain = bodies(4)
    found = cut(bodies(4, above=["THE GULL", "Coast desk"], below=[FOLLOW, MARK]))
    assert found == [(body, ["THE GULL", "Coast desk", FOLLOW, MARK]) for body in plain]


def test_boilerplate_is_cut_amid_the_article_too():
    texts = []
    for body in bodies(4):
        one, two, three = body.split("\n\n")
        texts.append("\n\n".join([one, FOLLOW, two, three]))
    assert cut(texts) == [(body, [FOLLOW]) for body in bodies(4)]


def test_a_sentence_of_background_stays_wherever_it_stands():
    for texts in (bodies(6, below=[BACKGROUND]), bodies(6, above=[BACKGROUND])):
        assert cut(texts) == [(text, []) for text in texts]


def test_a_subheading_amid_the_articles_stays():
    texts = [body.replace("\n\n", "\n\nWhat we know\n\n", 1) for body in bodies(6)]
    assert cut(texts) == [(text, []) for text in texts]


def test_copies_of_one_text_stay():
    text = bodies(1, below=[MARK])[0]
    versions = [f"{text}\n\n" + "Continental Press"] * 6
    assert cut(versions) == [(version, []) for version in versions]


def test_what_stands_in_two_articles_or_in_few_of_many_stays():
    for texts in (bodies(2, below=[MARK]), bodies(3, below=[MARK]) + bodies(17, seed=2)):
        assert cut(texts) == [(text, []) for text in texts]


def test_three_of_fifteen_are_enough():
    assert [lines for _, lines in cut(bodies(3, below=[MARK]) + bodies(12, seed=2))] == [[MARK]] * 3 + [[]] * 12


def test_quotations_stay():
    texts = bodies(5, below=["“Your vote counts,” he said."])
    assert cut(texts) == [(text, []) for text in texts]


def test_outlets_are_counted_apart_and_articles_without_one_are_left():
    texts = bodies(4, below=[MARK])
    mixed = [{"outlet": outlet, "body": text} for outlet, text in zip("ABCD", texts, strict=True)]
    assert cut_repeated(mixed) == [(text, []) for text in texts]
    assert cut(texts, outlet=None) == [(text, []) for text in texts]


def test_a_body_is_never_emptied():
    texts = [MARK] * 5 + [f"{MARK}\n\n{FOLLOW}"] * 5
    assert cut(texts) == [(text, []) for text in texts]


def test_the_order_of_articles_does_not_matter():
    texts = bodies(5, below=[MARK]) + bodies(9, seed=3)
    assert cut(texts[::-1]) == cut(texts)[::-1]


def test_nothing_of_the_demo_is_furniture_by_evidence():
    articles = read_articles(open_study("demo"))["articles"].to_dict("records")
    assert [lines for _, lines in cut_repeated(articles)] == [[]] * len(articles)


@given(st.lists(st.lists(st.sampled_from([MARK, FOLLOW, BACKGROUND, "A", "", "x y z."]), min_size=1), max_size=8))
def test_no_paragraph_is_lost_or_doubled(paragraphs):
    texts = ["\n\n".join(lines) for lines in paragraphs]
    for text, (body, lines) in zip(texts, cut(texts), strict=True):
        assert sorted([*body.split("\n\n"), *lines]) == sorted(text.split("\n\n"))
        assert body or not text
