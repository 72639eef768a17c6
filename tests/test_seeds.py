"""The five real pages beside the checkout: every part of each page, and the counts taken by hand."""

import json

import pytest

from analysis import code, open_study
from analysis.comparison.coverage import omissions, propositions, shared_propositions
from analysis.comparison.quantities import compare_numbers

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


def page_of(tables):
    """article_id → number of the page."""
    articles = tables["articles"].sort_values("source_file")
    return dict(zip(articles["article_id"], FILES, strict=True))


def drifts(tables, words):
    """The drifts that have some words on either side: page, words and marks of both."""
    page = page_of(tables)
    table = tables["drifts"]
    held = table["words_a"].str.contains(words, regex=False) | table["words_b"].str.contains(words, regex=False)
    columns = ["words_a", "words_b", "marks_a", "marks_b", "moved", "loaded", "speaker_a", "speaker_b"]
    return table[held].assign(a=table["article_a"].map(page), b=table["article_b"].map(page))[["a", "b", *columns]]


def test_one_sentence_in_four_wordings(tables):
    found = drifts(tables, "of history")
    assert {*found["a"], *found["b"]} == {"000", "001", "002", "003"}
    words = {*found["words_a"], *found["words_b"]}
    for phrase in ("turn this tragic page", "turning this tragic page", "this sad page", "this tragic period"):
        assert any(phrase in one.replace("of this sad", "this sad") for one in words), phrase


def test_a_loaded_word_comes_first(tables):
    first = tables["drifts"].iloc[0]
    assert {first["words_a"], first["words_b"]} == {"final resolution", "final solution"}
    assert first["loaded"]
    assert first["replacements"] == "resolution → solution"
    assert page_of(tables)[first["article_b"]] == "003"
    assert first["speaker_a"] == first["speaker_b"] == "Vladimir Putin"


@pytest.mark.parametrize("word", ["manipulative", "absurd"])
def test_what_one_quotes_another_says_without_marks(tables, word):
    found = drifts(tables, word)
    moved = found[(found["a"] == "000") & (found["b"] == "001")]
    assert len(moved) >= 1
    assert (moved["moved"] == "out").any()
    assert set(moved.loc[moved["moved"] == "out", "marks_b"]) <= {"none", "indirect"}


@pytest.fixture(scope="module")
def carried(tables):
    return propositions(tables["alignments"], tables["sentences"], tables["articles"], by="source_file")


def reporting(tables, carried, *parts):
    """Which pages report the propositions of the sentences that hold all of some words."""
    bodies = tables["articles"].set_index("article_id")["body"]
    sentences = tables["sentences"].assign(
        words=[bodies[row.article_id][row.start : row.end] for row in tables["sentences"].itertuples()]
    )
    for part in parts:
        sentences = sentences[sentences["words"].str.contains(part, regex=False)]
    assert len(sentences)
    numbers = carried.merge(sentences[["article_id", "sentence"]], on=["article_id", "sentence"])["proposition"]
    levels = carried.loc[carried["proposition"].isin(numbers), "article_id"].map(page_of(tables))
    return sorted(set(levels))


def test_who_leaves_out_what(tables, carried):
    assert len(tables["articles"]["story"].unique()) == 1
    assert reporting(tables, carried, "Lloyd Austin", "NATO") == ["000", "001", "003"]
    assert reporting(tables, carried, "Jens Stoltenberg") == ["000", "001", "003"]
    assert reporting(tables, carried, "254") == ["000", "001"]
    left_out = omissions(carried, tables["alignments"])
    assert set(left_out["n_levels"]) == {5}


def test_the_first_two_share_the_most(tables, carried):
    most = shared_propositions(carried).iloc[0]
    assert (most["level_a"][9:12], most["level_b"][9:12]) == ("000", "001")


def test_numbers_that_two_pages_claim(tables):
    page = page_of(tables)
    compared = compare_numbers(tables["numbers"], tables["alignments"])
    compared = compared.assign(a=compared["article_a"].map(page), b=compared["article_b"].map(page))
    one = compared[(compared["a"] == "000") & (compared["b"] == "001")]
    agreed = one[one["relation"] == "agreement"]
    assert {"87", "254", "2022", "February 2022"} <= set(agreed["text_a"])
    precision = one[one["relation"] == "incomparable"][["text_a", "text_b", "what"]].to_numpy().tolist()
    assert ["2022", "November", "annex"] in precision


def test_the_reprint_is_a_copy_of_somebody_who_is_not_here(tables):
    groups = tables["copy_groups"].assign(page=tables["copy_groups"]["article_id"].map(page_of(tables)))
    assert groups.set_index("page")["role"].to_dict() == {
        **dict.fromkeys(FILES[:4], "original"),
        "004": "copy",
    }
    assert groups.set_index("page")["outlet_added_words"].isna().to_dict() == {
        **dict.fromkeys(FILES[:4], False),
        "004": True,
    }
