"""Concordances: context cut at words, voices, and patterns that cannot match."""

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from pandas.testing import assert_frame_equal

from analysis import store
from analysis.coding import kwic as kwic_module
from analysis.coding.codebook import Codebook, Variable
from analysis.coding.index_files import index_articles, kept_indexes
from analysis.coding.kwic import OF_ARTICLES, PARTS, around, as_lines, kwic, texts_read
from analysis.coding.partition import code_partition
from analysis.study import UserError


@pytest.fixture
def articles(make_articles):
    return make_articles(("Kiev waits", None, "One two “Kiev” three.\n\nFour Kiev"), (None, None, "nothing"))


def test_words_on_either_side(articles):
    quotes = code_partition(articles, [])["quotes"]
    places = kwic(articles, "kiev", window=2, quotes=quotes)
    assert places[["where", "voice", "left", "match", "right"]].to_numpy().tolist() == [
        ["headline", "headline", "", "Kiev", "waits"],
        ["body", "direct", "One two “", "Kiev", "” three. Four"],
        ["body", "own", "three. Four", "Kiev", ""],
    ]
    assert [
        articles["body"][0][start:end] for start, end in zip(places["start"][1:], places["end"][1:], strict=True)
    ] == ["Kiev"] * 2
    assert places["outlet"].unique().tolist() == ["Outlet 0"]


def test_without_quotes_the_voice_in_a_body_is_not_known(articles):
    assert kwic(articles, "kiev")["voice"].isna().tolist() == [False, True, True]


def test_no_window_and_no_place(articles):
    assert kwic(articles, "kiev", window=0)["left"].tolist() == ["", "", ""]
    assert kwic(articles, "absent").empty
    assert as_lines(kwic(articles, "absent")) == []


def test_a_pattern_that_cannot_match_and_a_window_below_zero(articles):
    with pytest.raises(UserError, match="pattern 'a; b' can never match"):
        kwic(articles, "a; b")
    with pytest.raises(UserError, match="window is -1; allowed: 0 or more"):
        kwic(articles, "a", window=-1)


def test_mentions_in_context_keep_their_order(articles):
    variable = Variable(kind="choice", categories={"Kiev": ["Kiev"], "four": ["four"]})
    book = Codebook(name="b", version="1.0.0", variables={"v": variable})
    mentions = code_partition(articles, [book])["mentions"].iloc[::-1].reset_index(drop=True)
    shown = around(mentions, articles, window=1)
    assert shown[["left", "match", "right"]].to_numpy().tolist() == [
        ["Four", "Kiev", ""],
        ["three.", "Four", "Kiev"],
        ["two “", "Kiev", "” three"],
        ["", "Kiev", "waits"],
    ]
    assert shown[mentions.columns.tolist()].equals(mentions)


def test_indexes_of_the_articles_give_the_same(make_articles):
    texts = [("Kiev waits", None, "One “Kiev” and AT&T."), (None, "AT&T", ""), "Kiev, Kiev-born AT & T Kiev"]
    articles = make_articles(*texts)
    indexes = [index_articles(articles[:1]), index_articles(articles[1:1]), index_articles(articles[1:])]
    for pattern, n in (("Kiev*", 5), ("AT&T", 3), ("Kiev … AT", 2), ("Kiev born", 1), ("absent", 0)):
        places = kwic(articles, pattern, window=1)
        assert len(places) == n, pattern
        assert_frame_equal(kwic(articles, pattern, window=1, indexes=indexes), places)


def test_lines_align_the_matches(articles):
    lines = as_lines(kwic(articles, "kiev", window=2))
    assert len({line.index("[") for line in lines}) == 1


def test_texts_from_a_file_in_several_pieces_are_those_of_the_table(articles, tmp_path, monkeypatch):
    many = pd.concat([articles] * 5, ignore_index=True)
    store.write_table(tmp_path / "articles.parquet", many)
    monkeypatch.setattr(kwic_module, "_AT_ONCE", 3)
    asked = []

    def read(start, stop):
        asked.append(start)
        return store.read_rows(tmp_path / "articles.parquet", start, stop, PARTS)

    few = many[list(OF_ARTICLES)]
    indexes = kept_indexes(few, tmp_path / "index", read=read)
    assert asked == [0]
    for pattern in ("kiev", "one two", "two & kiev", "four"):
        found = kwic(few, pattern, window=2, indexes=indexes, texts=texts_read(read))
        assert_frame_equal(found, kwic(many, pattern, window=2))
    del asked[:]
    assert kwic(few, "absent", indexes=kept_indexes(few, tmp_path / "index", read=read), texts=texts_read(read)).empty
    assert asked == []  # nothing shown, nothing read


def test_articles_as_read_from_a_file_of_several_row_groups(articles, tmp_path):
    many = pd.concat([articles] * 5, ignore_index=True)
    many.to_parquet(tmp_path / "articles.parquet", row_group_size=3)
    back = pd.read_parquet(tmp_path / "articles.parquet")
    for read in (back, pa.Table.from_pandas(many).combine_chunks(), pq.read_table(tmp_path / "articles.parquet")):
        index, other = index_articles(read), index_articles(many)
        assert index.bounds.tolist() == other.bounds.tolist() and index.types.tolist() == other.types.tolist()
    assert_frame_equal(kwic(back, "kiev"), kwic(many, "kiev"))
