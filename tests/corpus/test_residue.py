"""Residue amid and below articles: what is cut, under which rule, and what stays."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.corpus.headlines import key, n_words
from analysis.corpus.lines import Line
from analysis.corpus.pages import read_page
from analysis.corpus.records import read_record
from analysis.corpus.residue import correction_of, repeats

HEADLINE = "Fishing talks end without a text"
ONE = "Ministers met in the northern port on Tuesday to settle the fishing row, officials said."
TWO = "The talks lasted nine hours and ended without a text, according to two people in the room."
THREE = "“We will meet again,” the minister said when she left the hall."


def web(*paragraphs, **options):
    return read_record("\n\n".join(paragraphs), headline=HEADLINE, web=True, **options)


@pytest.mark.parametrize(
    ("line", "rule"),
    [
        ("Advertisement", "advertisement"),
        ("Read more: Snow falls in May", "read-more"),
        ("Lesen Sie auch: Schnee im Mai", "read-more"),
        ("Читайте также: в мае выпал снег", "read-more"),
        ("Sign up for our newsletter to get the best of the coast every morning.", "newsletter"),
        ("CLICK HERE TO GET THE GULL APP", "newsletter"),
        ("Since you’re here, we have a small favour to ask.", "newsletter"),
        ("We use cookies to make this site work.", "cookies"),
        ("To continue reading, subscribe or log in.", "paywall"),
        (HEADLINE, "repeated-headline"),
    ],
)
def test_lines_amid_a_web_page(line, rule):
    read = web(ONE, line, TWO, THREE)
    assert read["body"] == "\n\n".join([ONE, TWO, THREE])
    assert read["furniture"] == [(3, line, rule)]


@pytest.mark.parametrize(
    ("line", "rule"),
    [
        ("Jane Doe is a staff writer at the Gull. Follow her on Twitter @janedoe.", "author-bio"),
        ("Jane Doe is the author of “Gulls”, published by the Harbour Press in May.", "author-bio"),
        ("You can find Jane Doe on Mastodon.", "author-bio"),
        ("Reach the reporter at jane.doe@gull.example.", "author-bio"),
        ("Jane Doe can be reached at jane.doe@gull.example or by phone.", "author-bio"),
        ("A version of this article appears in print on June 5, 2023, Section B, Page 3.", "print-note"),
        ("jd/jr (AFP, dpa)", "source-credit"),
        ("Our editors send out a letter each evening. You can sign up to receive it here.", "newsletter"),
        ("What do you think? Let us know in the comments below.", "comments"),
    ],
)
def test_lines_below_an_article(line, rule):
    for read in (web(ONE, TWO, line), read_page("\n\n".join([HEADLINE, ONE, TWO, line]))):
        assert read["body"] == "\n\n".join([ONE, TWO])
        assert [cut for _, _, cut in read["furniture"]] == [rule]


@pytest.mark.parametrize(
    "line",
    [
        "Jane Doe is a reporter who was arrested on Monday.",
        "The mayor can be reached by boat only.",
        "He is the author of his own misfortune.",
        "They follow the minister on foot.",
        "You have read the treaty, the minister told the court.",
        "To continue reading the bill aloud was an act of protest.",
        "A version of this story was told by every fisherman.",
        "Lire et écrire: that is what the school was for.",
    ],
)
def test_sentences_stay(line):
    assert web(ONE, line)["body"].endswith(line)
    assert web(ONE, line, TWO)["body"] == "\n\n".join([ONE, line, TWO])


def test_links_and_comments_below_a_web_page_go():
    read = web(ONE, TWO, "Related stories", "Snow falls in May", "A choir wins")
    assert read["body"] == f"{ONE}\n\n{TWO}"
    assert {rule for _, _, rule in read["furniture"]} == {"related-stories"}


def test_a_paragraph_that_returns_is_cut_once_everywhere():
    for read in (
        web(ONE, TWO, ONE, THREE),
        read_record("\n\n".join([ONE, TWO, ONE, THREE])),
        read_page("\n\n".join([HEADLINE, ONE, TWO, ONE, THREE])),
    ):
        assert read["body"] == "\n\n".join([ONE, TWO, THREE])
        assert [(text, rule) for _, text, rule in read["furniture"]] == [(ONE, "repeated-paragraph")]


def test_short_lines_may_return():
    read = web(ONE, "He did not.", TWO, "He did not.", THREE)
    assert read["body"].count("He did not.") == 2


def test_a_line_that_repeats_a_part_of_a_paragraph_goes_on_web_pages_only():
    pulled = "The talks lasted nine hours and ended without a text"
    assert web(ONE, pulled, TWO, THREE)["furniture"] == [(3, pulled, "pull-quote")]
    assert read_record("\n\n".join([ONE, pulled, TWO, THREE]))["furniture"] == []


def test_repeats_by_hand():
    lines = [Line(n, text) for n, text in enumerate([ONE, TWO, TWO.upper(), "He did not.", "He did not.", ONE])]
    assert repeats(lines, pulled=True) == {2: "repeated-paragraph", 5: "repeated-paragraph"}


@pytest.mark.parametrize(
    "note",
    [
        "Correction: The pier is 300 metres long, not 300 feet.",
        "Correction (June 4, 2024): The pier is 300 metres long, not 300 feet.",
        "CLARIFICATION: The council has 21 seats.",
        "This article was amended on 5 June 2024 to remove a reference to the old pier.",
        "This story has been corrected.",
        "An earlier version of this story said the vote was on Monday.",
        "Editor’s note: This story has been updated to clarify who voted.",
        "[Correction: the bench was found in May.]",
    ],
)
def test_corrections_stay_and_are_told_apart(note):
    for read in (
        web(ONE, TWO, note),
        web(note, ONE, TWO),
        read_record("\n\n".join([ONE, TWO, note])),
        read_page("\n\n".join([HEADLINE, ONE, TWO, note])),
    ):
        assert read["correction"] == note
        assert note in read["body"].split("\n\n")
        assert read["furniture"] == []


@pytest.mark.parametrize(
    "line",
    [
        "A correction is due.",
        "Correction of the course was needed, he said.",
        "An earlier version of the plan had foreseen a marina.",
        "The correction: nobody knew of it.",
    ],
)
def test_sentences_about_corrections_are_none(line):
    assert correction_of([ONE, line]) is None


def test_a_short_line_in_quotation_marks_that_a_paragraph_says_is_a_pull_quote():
    quote = "“Dust can be swept; debts cannot”"
    said = "“Dust can be swept; debts cannot,” said the owner of a bakery on the quay."
    assert web(ONE, quote, TWO, said)["furniture"] == [(3, quote, "pull-quote")]
    assert web(ONE, "“No, never.”", TWO, "“No, never.” That was all.")["furniture"] == []
    assert web(ONE, "Dust can be swept", TWO, said)["furniture"] == []


WORDS = ["gull", "Gull", "pier-", "“Vote", "—", "Ünder", "storm."]


@given(st.lists(st.lists(st.sampled_from(WORDS), min_size=1, max_size=14), max_size=8))
def test_paragraphs_that_return_are_those_with_the_same_letters(paragraphs):
    lines = [Line(number, " ".join(words)) for number, words in enumerate([*paragraphs, *paragraphs[:2]])]
    seen, slips = set(), []
    for line in lines:
        if n_words(line.text) >= (5 if line.text.startswith("“") else 8):
            if key(line.text) in seen and n_words(line.text) >= 10:
                slips.append(line.number)
            seen |= {key(line.text)} - {""}
    assert list(repeats(lines, pulled=False)) == slips


@given(st.text())
def test_a_key_is_letters_and_digits_in_small(text):
    assert key(text) == re.sub(r"[\W_]+", "", text).casefold()
