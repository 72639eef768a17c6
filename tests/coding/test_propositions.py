"""Propositions from pairs: hand-made chains, the large case, and an independent count of what average linkage does."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis import tables
from analysis.coding import propositions as made
from analysis.coding.propositions import propositions, realign
from analysis.study import UserError


def groups(article, *pairs, threshold=0.5):
    left, right, similarity = (np.array(column) for column in zip(*pairs, strict=True))
    return propositions(left, right, similarity.astype(float), np.array(article), threshold=threshold).tolist()


def test_a_pair_is_a_proposition_and_a_lone_sentence_none():
    assert groups([0, 0, 1], (0, 2, 0.6)) == [0, -1, 0]
    assert groups([0, 1], (0, 1, 0.4)) == [-1, -1]


def test_numbers_follow_the_first_sentences():
    assert groups([0, 0, 1, 1], (0, 3, 0.9), (1, 2, 0.9)) == [0, 1, 1, 0]


def test_two_facts_in_one_sentence_do_not_make_them_one():
    # Sentence 0 reports both facts; 1 and 2 (one of another article each) the first, 3 and 4 the second.
    pairs = [(0, 1, 0.9), (0, 2, 0.9), (1, 2, 0.9), (0, 3, 0.5), (0, 4, 0.5), (3, 4, 0.9)]
    assert groups([0, 1, 2, 1, 2], *pairs) == [0, 0, 0, 1, 1]


def test_two_sentences_of_an_article_may_share_a_proposition():
    # 0 says at once what 1 and 2, of one article, say in two sentences.
    assert groups([0, 1, 1], (0, 1, 0.9), (0, 2, 0.8)) == [0, 0, 0]


def test_a_chain_of_weak_links_falls_apart():
    chain = [(at, at + 1, 0.55) for at in range(9)]
    found = groups(list(range(10)), *chain)
    assert max(found.count(number) for number in set(found) - {-1}) <= 3


def test_too_large_a_group_is_connected_by_surer_pairs(monkeypatch):
    monkeypatch.setattr(made, "LARGEST", 3)
    pairs = [(0, 1, 0.9), (1, 2, 0.51), (2, 3, 0.9)]
    assert groups([0, 1, 2, 3], *pairs) == [0, 0, 1, 1]


def alignments(*rows):
    table = pd.DataFrame(rows, columns=["article_a", "sentence_a", "article_b", "sentence_b", "similarity"])
    types = {"article_a": "str", "article_b": "str", "sentence_a": "int64", "sentence_b": "int64"}
    table = table.astype({**types, "similarity": "float64"})
    return table.assign(aligned=False, proposition=pd.array([pd.NA] * len(table), dtype="Int64"))


def test_realign():
    table = realign(alignments(("a", 0, "b", 1, 0.9), ("a", 0, "c", 2, 0.4), ("b", 1, "c", 2, 0.5)), threshold=0.5)
    tables.validate("alignments", table)
    assert table["aligned"].tolist() == [True, False, True]
    assert table["proposition"].tolist() == [0, pd.NA, 0]
    assert realign(alignments(), threshold=0.5).empty
    with pytest.raises(UserError, match="threshold is 0; allowed"):
        realign(alignments(), threshold=0)


@given(st.data())
def test_whatever_the_pairs(data):
    article = np.array(data.draw(st.lists(st.integers(0, 3), min_size=2, max_size=12)))
    every = [(i, j) for i in range(len(article)) for j in range(i) if article[i] != article[j]]
    chosen = data.draw(st.lists(st.sampled_from(every), unique=True)) if every else []
    similarity = np.array(data.draw(st.lists(st.floats(0, 1), min_size=len(chosen), max_size=len(chosen))))
    left, right = (np.array([pair[side] for pair in chosen], dtype=np.int64) for side in (0, 1))
    found = propositions(left, right, similarity, article, threshold=0.5)
    aligned = similarity >= 0.5
    touched = set(left[aligned]) | set(right[aligned])
    assert {row for row in range(len(article)) if found[row] >= 0} <= touched
    numbers = [number for number in found if number >= 0]
    assert sorted(set(numbers)) == list(range(len(set(numbers))))
    assert all(numbers.count(number) > 1 for number in numbers)
    reverse = propositions(right[::-1], left[::-1], similarity[::-1], article, threshold=0.5)
    assert reverse.tolist() == found.tolist()
