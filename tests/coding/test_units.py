"""Units: the arrays against a slow reading of the same rules, character by character and with regular expressions."""

from __future__ import annotations

import re
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.coding import grammar
from analysis.coding.cue_places import cue_forms, find_cues
from analysis.coding.cues import cue_book
from analysis.coding.quotes import find_quotes
from analysis.coding.sentences import sentence_bounds
from analysis.coding.tokens import Tokens, tokenise
from analysis.coding.units import Lines, Units, Words, name_runs, read_lines
from analysis.coding.word_tags import forms_of

ASIDE = re.compile(r"(?<=[Nrj])\([N#DjFopr~,KR]{1,8}\)")
MARKS = {",": ",", ";": ";", ":": ":", "—": "~", "–": "~", "(": "(", "[": "(", ")": ")", "]": ")"} | dict.fromkeys(
    "!?…", "."
)
PIECES = (
    *(
        "“",
        "”",
        '"',
        "'",
        "’",
        ",",
        ".",
        "; ",
        ": ",
        " — ",
        " - ",
        "--",
        "(",
        ")",
        "[D.]",
        "!",
        "?",
        "…",
        "\n",
        " ",
        " ",
    ),
    *(
        "said ",
        "Ann Lee",
        " the mayor",
        "Mr. ",
        "claims ",
        "its ",
        "officials’ ",
        "Ohio",
        "Gov. ",
        "22 ",
        "Ώ",
        "日",
        "we go. ",
    ),
)


def read(body: str) -> tuple[Lines, Tokens, list[tuple[int, int]], list[tuple[int, ...]]]:
    tokens = tokenise([body])
    table, _ = sentence_bounds(tokens)
    quotes, _ = find_quotes([body], [table["start"].tolist()])
    book = cue_book([])
    inside, first = grammar.tags_of(tokens.raw, book.tags)
    columns = [table[name].to_numpy() for name in ("start", "end", "first_token", "n_words")]
    rows = (np.zeros(1, np.int64), np.full(1, len(table)))
    spans = (np.array([0, len(quotes)]), quotes["start"].to_numpy(), quotes["end"].to_numpy())
    lines = read_lines([body], tokens, (grammar.codes(inside), grammar.codes(first)), (*rows, *columns), spans)
    sentences = list(zip(*(column.tolist() for column in columns), strict=True))
    return lines, tokens, list(zip(quotes["start"].tolist(), quotes["end"].tolist(), strict=True)), sentences


def marks_of(gap: str) -> list[str]:
    found: list[str] = []
    for offset, mark in enumerate(gap):
        tag = MARKS.get(mark)
        if mark == "-" and (gap[offset : offset + 2] == "--" or gap.strip(" ") == "-"):
            tag = "~"
        if offset == 0 and mark in "'’" and gap[1:2] in (" ", ""):
            tag = "s"
        if tag and found[-1:] != [tag]:
            found.append(tag)
    return found


def slow(body: str, tokens: Tokens, quotes: list[tuple[int, int]], sentences: list[tuple[int, ...]]) -> list[str]:
    """The string of tags of each unit."""
    book = cue_book([])
    inside, at_start = grammar.tags_of(tokens.raw, book.tags)
    merged: list[list[int]] = []
    for start, end, first, size in sentences:
        if merged and any(opened < start < closed for opened, closed in quotes):
            merged[-1][1:4:2] = end, first + size
        else:
            merged.append([start, end, first, first + size])
    units = []
    for start, end, first, beyond in merged:
        events = [(begin, 0, close) for begin, close in quotes if start - 1 <= begin < end]
        held = [(low, high) for low, _, high in events]
        for token in range(first, beyond):
            at = int(tokens.starts[token])
            if not any(low <= at < high for low, high in held):
                events.append((at, 1, token))
        tags, here, fresh = "", start, True

        def with_gap(tags: str, gap: str) -> str:
            for mark in marks_of(gap):
                if not (mark == "s" and "Q" in tags[-2:]) and not (mark == "," and tags[-1:] == ","):
                    tags += mark
            return tags

        for at, is_word, what in sorted(events):
            tags = with_gap(tags, body[here:at])
            if is_word:
                kind = tokens.types[what]
                tags += (at_start if fresh else inside)[kind]
                here = int(tokens.ends[what])
            else:
                tags, here = tags + "Q", what
                last = body[what - 1]
                more = beyond > first and tokens.starts[beyond - 1] >= at  # words in it or behind it
                tags += "," if last == "," else "." if last in ".!?" and more else ""
            fresh = False
        tags = with_gap(tags, body[here : max(here, end)]).rstrip(".")
        units.append(ASIDE.sub("", tags))
    return units


@settings(max_examples=300, deadline=None)
@given(
    st.lists(st.sampled_from(PIECES), max_size=40).map("".join) | st.text(max_size=80).filter(lambda s: s.isprintable())
)
def test_arrays_hold_what_the_rules_say(body: str) -> None:
    lines, tokens, quotes, sentences = read(body)
    text = lines.tags.tobytes().decode("ascii")
    found = [text[low:high] for low, high in pairwise(lines.bounds.tolist())]
    assert found == slow(body, tokens, quotes, sentences)
    units, *places, begins, roles = (column.tolist() for column in name_runs(lines))
    runs, first = list(zip(units, *places, strict=True)), lines.bounds.tolist()
    expected = [
        (unit, first[unit] + run.start(), first[unit] + run.end(), *slow_name(tags, run))
        for unit, tags in enumerate(found)
        for run in re.finditer("T*N{1,6}", tags)
    ]
    assert runs == [run[:3] for run in expected]
    for begin, role, (unit, _, _, name, is_role) in zip(begins, roles, expected, strict=True):
        assert (begin - first[unit] if begin >= 0 else None) == name
        assert name is None or role == is_role


def slow_name(tags: str, run: re.Match[str]) -> tuple[int | None, bool]:
    """Where in a unit the name of a run begins, and whether a role stands beside it."""
    low, high = run.span()
    name = low + len(run[0]) - len(run[0].lstrip("T"))
    if name == low and high - name > 1 and tags[high : high + 1] == "T":
        return None, False
    if name == low and re.search("[TN]o$", tags[:name]):
        name += 1
    beside = tags[name - 1 : name] == "r" or re.match(",.{0,4}r", tags[high:]) is not None
    return (name, beside) if high - name > (0 if tags[low] == "T" else 1) else (None, False)


@pytest.mark.parametrize(
    ("body", "tags"),
    [
        ("“We go,” said Ann Lee, the mayor.", "Q,VNN,Dr"),
        ("“We go. Now!” he said.", "Q.HV"),
        ("Senator Ann Lee (D., Ohio) said so.", "TNNVL"),
        ("The officials’ plan — they said it — failed.", "Drsj~HVH~e"),
        ("Its claims were denied.", "DKXV"),
    ],
)
def test_tags(body: str, tags: str) -> None:
    lines, tokens, _, _ = read(body)
    forms = forms_of(tokens.raw_strings)
    find_cues(lines, cue_forms(forms, cue_book([])))
    units = Units(lines, Words(tokens.raw, forms.to_pylist()))
    unit = units[0]
    assert unit.tags == tags
    spans = [slice(units.starts[at], units.ends[at]) for at in range(len(tags))]
    words = {at: body[spans[at]] for at in range(len(tags)) if unit.form(at)}
    assert {at: units.words_at(at, at + 1) for at in words} == {at: (word,) for at, word in words.items()}
    phrase = units.phrase(0, len(tags))
    assert (phrase.words, phrase.tags) == (tuple(words.values()), "".join(tags[at] for at in words))
