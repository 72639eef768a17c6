"""Copies looked at some at a time give the same tables as all at once."""

import random

import numpy as np
import pandas as pd
import pytest

from analysis import tables
from analysis.coding import compared, copied, copy_tasks, pieces
from analysis.coding.copy_tasks import compare_apart, group_apart
from analysis.coding.reuse import THRESHOLD, compare_pairs, find_copies
from analysis.engine import HERE
from analysis.engine_settings import Engine

N = 60


def study(seed):
    """Articles of which many print the beginning of an earlier one, in a random order of ids."""
    order = random.Random(seed)
    told: list[list[str]] = []
    for _ in range(N):
        own = [" ".join(f"w{order.randrange(4000)}" for _ in range(12)) + "." for _ in range(order.randint(3, 8))]
        printed = order.choice(told)[: order.choice([0, 4, 9])] if told else []
        told.append(printed + own)
    bodies = [" ".join(sentences) for sentences in told]
    bodies[7], bodies[8], bodies[9] = bodies[3], bodies[3], ""
    ids = [f"{number:012x}" for number in order.sample(range(10**9), N)]
    text = {"article_id": ids, "headline": "A head line", "deck": None, "body": bodies, "outlet": "A"}
    articles = pd.DataFrame({**text, "agency": None, "credit": None}).astype("str")
    articles.loc[order.sample(range(N), 5), "credit"] = "whole"
    published = pd.Timestamp("2024-06-14") + pd.to_timedelta([order.randrange(200) for _ in range(N)], unit="h")
    return articles.assign(published=published, n_words=articles["body"].str.split().str.len().astype("int64"))


def quotes_of(articles):
    """A quotation in each article, its first twenty characters."""
    n = len(articles)
    table = {"article_id": articles["article_id"], "quote": 0, "start": 0, "end": 20, "kind": "direct"}
    return pd.DataFrame(table).reindex(columns=list(compared.NEEDED["quotes"])).iloc[: n - 1]


@pytest.fixture(params=[1, 2])
def made(request, monkeypatch):
    monkeypatch.setattr(pieces, "PARTITION", 7)
    articles = study(request.param)
    return articles, pieces.pieces_of(articles, N), find_copies(articles)


@pytest.mark.parametrize("engine", [HERE, Engine(kind="processes", workers=2)])
def test_pairs_in_blocks_as_all_at_once(made, monkeypatch, engine):
    articles, parts, _ = made
    random_pairs = random.Random(3).sample([(a, b) for a in range(N) for b in range(a + 1, N) if 9 not in (a, b)], 400)
    pairs = np.array(random_pairs, np.int64)
    whole = compare_pairs(articles["body"], pairs, 5)
    monkeypatch.setattr(copy_tasks, "_BLOCK", 2)
    apart = compare_apart(pairs, 5, pieces=parts, engine=engine)
    assert (whole[:, 2] > 0).sum() > 20
    assert np.array_equal(apart, whole)
    assert compare_apart(pairs[:0], 5, pieces=parts, engine=engine).shape == (0, 8)


def test_what_a_comparison_says():
    bodies = pd.Series(["a b c d e a b c d e", "x a b c d e"], dtype="str")
    assert compare_pairs(bodies, np.array([[0, 1]]), 5).tolist() == [[5, 2, 1, 5, 0, 9, 2, 11]]


def test_groups_in_batches_as_all_at_once(made, monkeypatch):
    articles, parts, copies = made
    quotes = quotes_of(articles)
    whole = copied.grouped(articles, quotes, copies, THRESHOLD)
    assert all(len(table) > 15 for table in whole.values())
    assert (whole["copy_groups"].groupby("copy_group").size() > 1).sum() >= 2
    for batch in (1, 1_000):
        monkeypatch.setattr(compared, "BATCH", batch)
        bare = articles.drop(columns=list(tables.WHERE))
        apart = group_apart(bare, copies, pieces=parts, coded={"quotes": quotes}, engine=HERE)
        assert list(apart) == list(whole)
        for name, table in whole.items():
            pd.testing.assert_frame_equal(tables.plain(apart[name]), tables.plain(table))


def test_where_nobody_copied(made):
    articles, parts, copies = made
    bare = articles.drop(columns=list(tables.WHERE))
    quotes = quotes_of(articles)
    apart = group_apart(bare, copies.iloc[:0], pieces=parts, coded={"quotes": quotes}, engine=HERE)
    whole = copied.grouped(articles, quotes, copies.iloc[:0], THRESHOLD)
    pd.testing.assert_frame_equal(apart["copy_groups"], whole["copy_groups"])
    assert all(apart[name].empty for name in ("passages", "copied", "added_words"))
