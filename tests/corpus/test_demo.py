"""The demo study: every article and every line of furniture that was planted is found."""

from __future__ import annotations

import pandas as pd
import pytest
import yaml

from analysis.corpus.articles import read_articles
from analysis.study import open_study, shipped


@pytest.fixture(scope="module")
def planted():
    return yaml.safe_load((shipped("studies") / "demo" / "planted.yml").read_text("utf-8"))


@pytest.fixture(scope="module")
def tables():
    return read_articles(open_study("demo"))


def said(value):
    return None if pd.isna(value) else value


def test_every_article_is_read(planted, tables):
    assert len(tables["rejects"]) == 0
    found = {
        (row.outlet, row.headline, row.published.date().isoformat(), row.source_file, len(row.body))
        for row in tables["articles"].itertuples()
    }
    assert found == {
        (entry["outlet"], entry["headline"], entry["published"], f"articles/{entry['file']}", entry["body_characters"])
        for entry in planted["articles"]
    }


def test_every_planted_line_is_cut_and_no_other(planted, tables):
    articles = tables["articles"].set_index("source_file")
    lines = tables["furniture"].sort_values("line", kind="stable").groupby("article_id")["text"].agg(list)
    for page in planted["furniture"]:
        row = articles.loc[f"articles/{page['file']}"]
        assert lines[row["article_id"]] == page["furniture"], page["file"]
        assert row["body"].startswith(page["first_words"])
        assert row["body"].endswith(page["last_words"])
        for part in ("headline", "deck", "byline", "disclosure"):
            assert said(row[part]) == page[part], (page["file"], part)


def test_the_agency_text_is_credited_in_all_its_printings(planted, tables):
    articles = tables["articles"].set_index(["outlet", "headline"])
    credited = [
        articles.loc[(copy["outlet"], copy["headline"]), "agency"] for copy in planted["agency_copy"]["articles"]
    ]
    assert credited == ["CP", "Continental Press", "Continental Press"]
    assert articles["agency"].notna().sum() == 3
