"""Five real pages against their hand coding, and real sentences against the rules."""

from __future__ import annotations

import csv
import json

import pandas as pd
import pytest

from analysis.corpus.articles import read_articles
from analysis.corpus.furniture import load_rules
from analysis.corpus.pages import read_page
from analysis.study import open_study


@pytest.fixture(scope="module")
def tables(shared):
    return read_articles(open_study(shared / "seeds"))


@pytest.mark.parametrize("number", range(5))
def test_pages_equal_their_hand_coding(shared, tables, number):
    gold = json.loads((shared / "gold" / "pages.json").read_text("utf-8"))[number]
    articles = tables["articles"]
    row = articles[articles["source_file"] == f"articles/{gold['file']}"].iloc[0]
    body = row["body"]
    assert row["headline"] == gold["headline"]
    assert (None if pd.isna(row["deck"]) else row["deck"]) == gold["deck"]
    assert (len(body), body.count("\n\n") + 1) == (gold["body_characters"], gold["paragraphs"])
    assert body.startswith(gold["first_words"])
    assert body.endswith(gold["last_words"])
    assert (None if pd.isna(row["disclosure"]) else row["disclosure"]) == gold["ai_disclosure"]
    if gold["source_credit"]:
        assert gold["source_credit"].endswith(row["agency"])
    cut = tables["furniture"].query("article_id == @row.article_id").sort_values("line", kind="stable")
    assert cut["text"].to_list() == [line.strip() for line in gold["furniture"]]


def test_all_five_are_articles(tables):
    assert (len(tables["articles"]), len(tables["rejects"])) == (5, 0)
    assert tables["articles"]["outlet"].to_list() == [
        "MillenniumPost",
        "AI digest",
        "Unnamed site",
        "RKS News",
        "Newsweek reprint",
    ]


def test_pages_read_the_same_without_their_manifest(shared):
    for gold in json.loads((shared / "gold" / "pages.json").read_text("utf-8")):
        page = read_page((shared / "seeds" / "articles" / gold["file"]).read_text("utf-8"))
        assert (page["headline"], page["deck"]) == (gold["headline"], gold["deck"])
        assert len(page["body"]) == gold["body_characters"]
        date = page["published"]
        assert (date.date().isoformat() if date else None) == gold["date_on_page"]
        assert page["outlet"] == ("MillenniumPost" if gold["file"].startswith("000") else None)


def test_no_sentence_of_real_news_is_furniture(shared):
    with (shared / "data" / "sentences" / "gum_news_sentences.tsv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    assert len(rows) > 700
    rules = load_rules()
    for zone in ("body", "records"):
        found = [(rule.name, row["sentence"]) for row in rows if (rule := rules.match(row["sentence"], zone))]
        # The collection keeps the credits of pictures as sentences of their own.
        assert [hit for hit in found if hit[0] != "caption" or ": " not in hit[1]] == []
