"""Lines and paragraphs: hard-wrapped text is joined, everything else is left as it stands."""

import textwrap

from analysis.corpus.lines import read_lines

ONE = (
    "The harbour was quiet when the ferry came in, and the mate who threw the rope said that he had never seen the "
    "long-awaited inspectors, nor anyone else, on the quay at that hour."
)
TWO = "Nobody had told the crew. They waited until four, drank the tea that was left and went home along the sea wall."


def texts(text):
    return [line.text for line in read_lines(text)]


def test_wrapped_text_is_joined_at_any_common_width():
    for width in (50, 66, 72, 80, 100):
        wrapped = "\n\n".join(textwrap.fill(text, width) for text in (ONE, TWO, ONE))
        assert texts(wrapped) == [ONE, TWO, ONE], width


def test_short_lines_above_wrapped_text_stay_lines():
    wrapped = f"{textwrap.fill(ONE, 70)}\n\n{textwrap.fill(TWO, 70)}"
    page = f"Harbour Notes\nBy Ann Poe\n4 June 2024\n\n{wrapped}\n\nShare\nPrint"
    assert texts(page) == ["Harbour Notes", "By Ann Poe", "4 June 2024", ONE, TWO, "Share", "Print"]
    assert [line.number for line in read_lines(page)][:4] == [1, 2, 3, 5]


def test_a_line_a_paragraph_is_not_joined():
    page = f"{ONE}\n{TWO}\nHe did not.\n{ONE}"
    assert texts(page) == [ONE, TWO, "He did not.", ONE]


def test_short_paragraphs_on_adjacent_lines_are_not_joined():
    lines = [
        "The ferry came in at four in the afternoon.",
        "Nobody had told the crew about the inspectors.",
        "They drank the tea that was left on the stove.",
        "Then they went home along the old sea wall.",
    ]
    assert texts("\n".join(lines)) == lines


def test_two_broken_lines_are_too_few_to_judge_by():
    lines = ["a line that goes on and on until it is", "broken here, once"]
    assert texts("\n".join(lines)) == lines


def test_spaces_and_invisible_marks_at_the_ends_go_and_nothing_else():
    assert texts("\ufeff  a  b\u00a0 \n\u200b\n \t\nc\u2028d\n") == ["a  b", "c\u2028d"]


def test_numbers_count_every_line():
    assert [(line.number, line.text) for line in read_lines("a\n\n\nb\nc")] == [(1, "a"), (4, "b"), (5, "c")]
