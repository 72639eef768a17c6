"""The five real pages beside the checkout: every part of each page, and the counts taken by hand."""

import json

import pytest

from analysis import code, open_study

FILES = ["000", "001", "002", "003", "004"]


@pytest.fixture(scope="module")
def tables(shared, tmp_path_factory):
    """The coded tables of the five pages; nothing is written beside them."""
    folder = tmp_path_factory.mktemp("seeds")
    for name in ("articles", "articles.csv", "study.yml"):
        (folder / name).symlink_to(shared / "seeds" / name)
    return code(open_study(folder))


@pytest.fixture(scope="module")
def pages(shared):
    return json.loads((shared / "gold/pages.json").read_text(encoding="utf-8"))


def by_page(table, articles):
    """The rows of each page, in order of its number."""
    ids = articles.sort_values("source_file")["article_id"]
    return [table[table["article_id"] == article_id] for article_id in ids]


def test_page_parts_equal_the_hand_coding(tables, pages):
    articles = tables["articles"].sort_values("source_file")
    assert len(articles) == len(pages) == 5
    for row, page in zip(articles.itertuples(), pages, strict=True):
        assert row.source_file == f"articles/{page['file']}"
        assert row.headline == page["headline"]
        assert row.deck == page["deck"] or (page["deck"] is None and row.deck != row.deck)
        assert len(row.body) == page["body_characters"]
        assert len(row.body.split("\n\n")) == page["paragraphs"]
        assert row.body.startswith(page["first_words"])
        assert row.body.endswith(page["last_words"])
        assert row.disclosure == page["ai_disclosure"] or page["ai_disclosure"] is None
        assert str(row.published.date()) == "2024-06-14"


def test_furniture_lines_are_those_coded_by_hand(tables, pages):
    for cut, page in zip(by_page(tables["furniture"], tables["articles"]), pages, strict=True):
        listed = [line.strip().strip("\u00a0 ") for line in page["furniture"]]
        # The first print of a headline is the headline; hand coding lists each furniture text once.
        assert set(cut["text"]) | {page["headline"]} == set(listed) | {page["headline"]}


def count(tables, category, variable, where="body"):
    mentions = tables["mentions"].query("variable == @variable and category == @category and where == @where")
    return [len(rows) for rows in by_page(mentions, tables["articles"])]


def test_spellings_and_labels(tables):
    assert count(tables, "Kyiv", "capital") == [10, 3, 4, 0, 5]
    assert count(tables, "Kiev", "capital") == [0, 0, 0, 4, 1]
    assert count(tables, "Kyiv", "capital", "deck") == [0, 1, 0, 0, 0]
    assert count(tables, "Kyiv", "capital", "headline") == [0, 0, 1, 0, 0]
    assert count(tables, "Kiev", "capital", "headline") == [0, 0, 0, 1, 0]
    assert count(tables, "illegally annexed", "annexation") == [2, 1, 0, 2, 0]


def test_offsets_give_the_words(tables):
    parts = tables["articles"].set_index("article_id")
    for row in tables["mentions"].itertuples():
        assert parts.at[row.article_id, row.where][row.start : row.end] == row.match


def test_sentences_of_the_pages(tables):
    """The numbers were counted by hand; each sentence begins with a capital or a mark and ends with a stop."""
    parts = tables["articles"].set_index("article_id")
    assert [len(rows) for rows in by_page(tables["sentences"], tables["articles"])] == [35, 36, 11, 22, 17]
    for row in tables["sentences"].itertuples():
        text = parts.at[row.article_id, "body"][row.start : row.end]
        assert text[0].isupper() or text[0] in '“"'
        assert text[-1] in '.”"'


def test_lost_marks_are_recorded(tables):
    issues = [rows["mark"].tolist() for rows in by_page(tables["quote_issues"], tables["articles"])]
    assert issues == [[], [], [], ["”", "“"], []]
