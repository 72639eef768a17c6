"""Lines that stand in many articles of one outlet: cut where nothing but furniture does so, and only there."""

from __future__ import annotations

import random

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from analysis.corpus.articles import read_articles
from analysis.corpus.line_keys import LONG, NOTHING, line_keys
from analysis.corpus.repeated import find_repeated, without
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


def cut_repeated(articles):
    """Of each article its body without furniture by evidence, and the lines cut."""
    texts = [article["body"] for article in articles]
    names = list(dict.fromkeys(article["outlet"] for article in articles if article.get("outlet")))
    outlets = [names.index(article["outlet"]) if article.get("outlet") else -1 for article in articles]
    keys = [line_keys(text) for text in texts]
    bounds = np.cumsum([0, *map(len, keys)])
    flat = np.array([name for each in keys for name in each], np.uint64)
    wanted = []

    def bodies(numbers):
        wanted.extend(numbers)
        return [(number, texts[number]) for number in numbers]

    found = find_repeated(np.array(outlets, int), flat, bounds, bodies)
    assert {*found} <= {*wanted}
    return [without(text, found[number]) if number in found else (text, []) for number, text in enumerate(texts)]


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


def test_texts_are_asked_for_only_where_lines_return():
    texts = bodies(5, below=[MARK]) + bodies(5, seed=2) + ["* * *\n\nHe left.", "He came."]
    keys = [line_keys(text) for text in texts]
    bounds = np.cumsum([0, *map(len, keys)])
    asked = []
    flat = np.array([name for each in keys for name in each], np.uint64)
    numbers = np.zeros(len(texts), int)
    find_repeated(numbers, flat, bounds, lambda wanted: asked.append(wanted) or [(n, texts[n]) for n in wanted])
    assert asked == [{0, 1, 2, 3, 4, 10}]
    assert find_repeated(numbers[5:10] - 1, flat, bounds, lambda wanted: 1 / 0) == {}


def test_keys_of_lines():
    long = "word " * 61
    assert line_keys(f"* * *\n\n{long}\n\n{'* ' * 61}") == [NOTHING, LONG, NOTHING]
    one, same, other = line_keys("Follow us!\n\nfollow US\n\nFollow me")
    assert one == same != other
    assert min(one, other) > LONG
