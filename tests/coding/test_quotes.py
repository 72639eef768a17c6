"""Quotations: every style of marks, apostrophes left alone, lost marks kept to their paragraph, no text refused."""

import json

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.coding.quotes import find_quotes, is_space
from analysis.coding.sentences import sentence_bounds
from analysis.coding.tokens import tokenise


def quotes_of(body):
    """Both tables for one body."""
    table, _ = sentence_bounds(tokenise([body]))
    return find_quotes([body], [table["start"].tolist()])


def contents(body):
    """What stands inside quotation marks."""
    return quotes_of(body)[0]["content"].tolist()


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("He called it “absurd.” She did not.", ["absurd."]),
        ('He called it "absurd" and "a sham," she said.', ["absurd", "a sham,"]),
        ("‘We go,’ he said. ‘It’s the soldiers’ war,’ she said.", ["We go,", "It’s the soldiers’ war,"]),
        ("'We go,' he said; it's the soldiers' war.", ["We go,"]),
        ("«Oui», dit-il. „Hallo“, sagte er. »Ja«, sagte sie.", ["Oui", "Hallo", "Ja"]),
        ("”Nej”, sa han.", ["Nej"]),
        ("彼は「はい」と言った。", ["はい"]),
        ("“He said ‘never’ twice,” she said.", ["He said ‘never’ twice,"]),
        ("“She said “never” twice,” he said.", ["She said “never” twice,"]),
        ("‘He said “never” twice,’ she said.", ["He said “never” twice,"]),
        ('He is 6\'2" tall; the board is 5" wide.', []),
        ("The ’90s, rock ’n’ roll, ’tis, the soldiers’ families", []),
        ("the “freezing”—of it (“or not”)", ["freezing", "or not"]),
        ("“”", []),
        ("no marks", []),
    ],
)
def test_styles_of_marks(body, expected):
    found, issues = quotes_of(body)
    assert found["content"].tolist() == expected
    assert issues.empty


def test_a_quotation_over_paragraphs_reopens_and_closes_once():
    found, issues = quotes_of("He said: “One.\n\n“Two.\n\n“Three.” Then he left.\n\n“Four.”")
    assert found["content"].tolist() == ["One.", "Two.", "Three.", "Four."]
    assert found["continued"].tolist() == [False, True, True, False]
    assert issues.empty


def test_a_lost_closing_mark_harms_its_paragraph_only():
    found, issues = quotes_of("He said: “It is over. He left.\n\nShe said “no” to that.")
    assert found["content"].tolist() == ["It is over. He left.", "no"]
    assert issues[["start", "mark"]].to_numpy().tolist() == [[9, "“"]]
    assert "taken to end with its paragraph" in issues["issue"][0]


def test_a_lost_closing_mark_before_another_quotation():
    found, issues = quotes_of("He said “it is over. Then he said “we go” and left.")
    assert found["content"].tolist() == ["it is over.", "we go"]
    assert "before the next opening mark" in issues["issue"][0]


def test_a_lost_opening_mark_takes_its_sentence():
    found, issues = quotes_of("First words.\n\nHe left. We will go”, she said. “Yes.”")
    assert found["content"].tolist() == ["We will go", "Yes."]
    assert issues["mark"].tolist() == ["”"]


def test_whole_sentences_are_direct_and_fragments_partial():
    found, _ = quotes_of("“We will all go,” he said of the “sham.”")
    assert found["kind"].tolist() == ["direct", "partial"]


@given(st.text(alphabet=st.sampled_from("ab S.,'’‘\"“”„«»\n(—5"), max_size=40) | st.text(max_size=60))
@settings(max_examples=500, deadline=None)
def test_any_text_goes_through_and_spans_never_overlap(body):
    found, issues = quotes_of(body)
    assert [body[start:end] for start, end in zip(found["start"], found["end"], strict=True)] == found[
        "content"
    ].tolist()
    assert (found["start"] < found["end"]).all()
    assert (found["start"].to_numpy()[1:] >= found["end"].to_numpy()[:-1]).all()
    assert found["quote"].tolist() == list(range(len(found)))
    assert all(body[start] == mark for start, mark in zip(issues["start"], issues["mark"], strict=True))
    assert not any("\n" in content for content in found["content"])


def test_hand_coded_quotations(shared):
    """All spans of the hand coding, and no other, in the pages that it covers."""
    pages = json.loads((shared / "gold/pages.json").read_text(encoding="utf-8"))
    coded = json.loads((shared / "gold/quotes.json").read_text(encoding="utf-8"))
    for file in {quote["file"] for quote in coded}:
        page = next(page for page in pages if page["file"] == file)
        text = (shared / "seeds/articles" / file).read_text(encoding="utf-8")
        body = text[text.index(page["first_words"]) : text.rindex(page["last_words"]) + len(page["last_words"])]
        assert contents(body) == [quote["text"] for quote in coded if quote["file"] == file]


def test_white_space_is_what_python_says() -> None:
    assert [code for code in range(0x110000) if is_space(code)] == [
        code for code in range(0x110000) if chr(code).isspace()
    ]


def test_a_body_by_itself_and_among_others() -> None:
    bodies = ["“We go,", "he said.”", "", "\n“No.”\n“And", "``Yes,'' he said.", "`", "'Tis so,' the officials' plan'"]
    bodies = bodies * 60  # more than are read at one time
    together = find_quotes(bodies, [[0]] * len(bodies))
    alone = [find_quotes([body], [[0]]) for body in bodies]
    for tables, both in zip(zip(*alone, strict=True), together, strict=True):
        parts = [table.assign(text=number) for number, table in enumerate(tables)]
        pd.testing.assert_frame_equal(pd.concat(parts, ignore_index=True), both)
