"""Which article has changed: the hash of a corpus, its lines, and what is said of them."""

import json

import numpy as np
import pandas as pd
import pytest

from analysis.reporting import corpora


@pytest.fixture
def articles():
    """Four articles of two outlets, with a column of a manifest's own."""
    ids = [f"{number:012x}" for number in range(4)]
    table = pd.DataFrame(
        {
            "article_id": ids,
            "outlet": ["One", "One", "Two", None],
            "headline": ["First", "Second", "First", None],
            "deck": ["Under it", None, None, None],
            "body": ["Words. " * 9] * 4,
            "story": ["offer", "offer", "2024 found", "2024 found"],
            "url": [None] * 4,
            "country": ["x", "y", "x", "x"],
            "source_file": ["a", "b", "c", "d"],
        }
    ).astype("str")
    return table.assign(published=pd.to_datetime(["2024-06-14", "2024-06-15", None, None]), source_index=0, n_words=9)


def with_stories(articles):
    given = articles[["article_id"]].assign(given=articles["story"].isin(["offer", "another"]))
    return corpora.corpus_of({"articles": articles, "stories": given})


def at(articles, place, **values):
    """The articles with other values in one row."""
    changed = articles.copy()
    for name, value in values.items():
        changed.loc[place, name] = value
    return changed


def test_what_a_figure_could_depend_on_counts_and_nothing_else(articles):
    whole = with_stories(articles)
    assert len(whole.articles) == 4 and len(whole.sha256) == 64
    aside = articles.assign(source_file="z", source_index=3, url="https://x", n_words=8).iloc[::-1]
    assert with_stories(aside).sha256 == whole.sha256, "paths, places and order do not count"
    assert with_stories(articles.drop(columns="url").assign(agency=None)).sha256 == whole.sha256, "nothing is nothing"
    assert with_stories(at(articles, 3, story="otherwise found")).sha256 == whole.sha256
    others = {
        with_stories(at(articles, 0, **change)).sha256
        for change in (
            {"article_id": "f" * 12},
            {"outlet": "Three"},
            {"deck": "Over it"},
            {"deck": None},
            {"published": pd.Timestamp("2024-06-13")},
            {"country": "z"},
        )
    }
    assert with_stories(at(articles, 0, story="another")).sha256 not in {whole.sha256, *others}
    swapped = articles.assign(agency=articles["country"], country=None)
    assert len({whole.sha256, with_stories(swapped).sha256, with_stories(articles[:3]).sha256, *others}) == 9


def test_the_changed_article_is_named(articles):
    before = with_stories(articles)

    def said(changed):
        return list(corpora.differences(before, with_stories(changed)))

    assert said(articles) == []
    assert said(at(articles, 0, article_id="f" * 12, body="Other words.")) == [
        "One, 2024-06-14, article 000000000000 has changed (now ffffffffffff)"
    ]
    assert said(at(articles, 1, article_id="f" * 12, headline="Third")) == [
        "One, 2024-06-15, article 000000000001 has changed (now ffffffffffff)"
    ]
    assert said(at(articles, 2, country="z")) == ["Two, article 000000000002 has changed: country"]
    assert said(at(articles, 3, deck="New")) == ["article 000000000003 has changed: deck/byline/disclosure/correction"]
    assert said(articles[:3]) == ["article 000000000003 is no longer there"]
    more = pd.concat([articles, at(articles[:1], 0, article_id="e" * 12, outlet="New")])
    assert said(more) == ["New, 2024-06-14, article eeeeeeeeeeee is new"]
    assert said(articles.assign(country="z"))[3:] == ["1 more articles have changed"]


def test_lines_stand_beside_figures_once_and_hold_no_text(articles, tmp_path):
    corpus = with_stories(articles)
    assert corpora.read(tmp_path, corpus.sha256) is None
    corpora.keep(corpus, tmp_path)
    (file,) = (tmp_path / "inputs").iterdir()
    first = file.stat().st_mtime_ns
    corpora.keep(corpus, tmp_path)
    assert file.stat().st_mtime_ns == first
    text = file.read_text()
    assert "First" not in text and "Words" not in text and len(json.loads(text)["articles"]) == 4
    again = corpora.read(tmp_path, corpus.sha256)
    pd.testing.assert_frame_equal(again.articles, corpus.articles)
    assert again.columns == corpus.columns


def test_without_texts_the_hash_is_the_same(articles):
    bare = articles.drop(columns=["headline", "deck", "body", "url"])
    shared = bare.assign(printed=corpora.printed_hash(articles))
    assert with_stories(shared).sha256 == with_stories(articles).sha256 != with_stories(bare).sha256
    assert shared["printed"].dtype == np.uint64
