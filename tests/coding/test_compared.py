"""Stories compared some at a time give the same tables as all in one go."""

import tempfile

import pandas as pd
import pytest

from analysis import code, open_study, tables
from analysis.coding import compared
from analysis.coding.alignment import align_sentences
from analysis.coding.compared import compare_stories
from analysis.coding.drift import find_drifts, loaded_book
from analysis.coding.in_parts import InParts
from analysis.coding.pieces import pieces_of
from analysis.coding.stem_counts import count_stems
from analysis.coding.tokens import tokenise
from analysis.engine import HERE
from analysis.study import UserError


@pytest.fixture(scope="module")
def demo():
    return code(open_study("demo"))


def compare(demo, articles):
    counts = count_stems(tokenise(demo["articles"]["body"]))
    told = articles[["article_id", "story"]]
    made = compare_stories(told, pieces_of(articles, len(articles)), demo, loaded_book(), counts, HERE)
    made = {name: table.whole() if isinstance(table, InParts) else table for name, table in made.items()}
    return {name: tables.validate(name, table, encoded=True) for name, table in made.items()}


def test_batches_hold_whole_stories_and_leave_lone_articles_out(monkeypatch):
    monkeypatch.setattr(compared, "BATCH", 2)
    story = pd.Series(["a", "b", "a", None, "c", "b", "a", "d", "d", None], dtype="str")
    assert compared.batches(story).tolist() == [0, 1, 0, -1, -1, 1, 0, 2, 2, -1]


def test_in_batches_as_in_one(demo, monkeypatch):
    number = pd.Series(range(len(demo["articles"])))
    articles = demo["articles"].assign(story=("story " + (number % 5).astype("str")).where(number % 9 > 0))
    whole = compare(demo, articles)
    monkeypatch.setattr(compared, "BATCH", 1)
    apart = compare(demo, articles)
    assert len(set(compared.batches(articles["story"]))) == 6
    for name in ("alignments", "drifts"):
        assert len(whole[name]) > 10
        pd.testing.assert_frame_equal(apart[name], whole[name])


def test_as_the_tables_made_of_all_articles_at_once(demo):
    articles, names = demo["articles"], ("sentences", "quotes")
    pairs = align_sentences(articles, demo["sentences"])
    drifts = find_drifts(articles, *(demo[name] for name in names), pairs, demo["mentions"])
    made = compare(demo, articles)
    pd.testing.assert_frame_equal(tables.plain(made["alignments"]), pairs)
    pd.testing.assert_frame_equal(made["drifts"], drifts)


def test_what_fails_leaves_nothing_behind(demo, monkeypatch, tmp_path):
    def failing(*_, **__):
        raise KeyError("half way")

    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setattr(compared, "find_changes", failing)
    with pytest.raises(UserError, match="articles could not be compared: KeyError: 'half way'"):
        compare(demo, demo["articles"])
    assert list(tmp_path.iterdir()) == []


def test_no_story_of_several_articles_gives_empty_tables(demo):
    alone = demo["articles"].assign(story=demo["articles"]["article_id"])
    made = compare(demo, alone)
    for name, table in made.items():
        pd.testing.assert_frame_equal(table, tables.empty(name))
