"""Words at places that a table tells: no run of them may tell more than so many words of a text.

A mention says which words stand at which characters; so does the cue of a quotation, and a number. Each is a word or
two; side by side they spell the text: *Russian President Vladimir Putin* (an actor), *promised* (a cue), *Friday* (a
date). Here they are laid over the text as somebody would who wants it back. Where more than ``max_words`` words in a
row are covered, the words that make the run too long are withheld in every column that tells them; their places, codes
and counts stay. Numbers stay, being facts, and count as covered.

What remains to be guessed: a category that is named as its only word says that word wherever it stands.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

import pandas as pd

from analysis.tables import WHERE

WORD = re.compile(r"[^\W_]+")


class _Span(NamedTuple):
    """Characters that a row of a table tells; ``table`` None where they cannot be withheld."""

    start: int
    end: int
    table: str | None
    row: int


def too_long(tables: Mapping[str, pd.DataFrame], *, max_words: int) -> dict[str, set[int]]:
    """The rows whose placed words are to be withheld: table → positions of rows."""
    found: dict[str, set[int]] = {"mentions": set(), "targets": set(), "quotes": set()}
    spans: dict[tuple[str, str], list[_Span]] = {}
    for key, span in _spans(tables):
        spans.setdefault(key, []).append(span)
    texts = tables["articles"].set_index("article_id")[list(WHERE)]
    for (article, where), own in spans.items():
        text = texts.at[article, where]
        if isinstance(text, str):
            for span in _breaking(text, own, max_words):
                found[span.table].add(span.row)
    return found


def longest_run(tables: Mapping[str, pd.DataFrame], texts: pd.DataFrame) -> int:
    """The most words in a row of a text that placed words tell: what somebody could put together who has the tables.

    Args:
        tables: as they are to be shared; withheld words begin with ``#``. texts: the *articles* table with its texts.
    """
    spans: dict[tuple[str, str], list[_Span]] = {}
    for key, span in _spans(tables):
        spans.setdefault(key, []).append(span)
    parts = texts.set_index("article_id")[list(WHERE)]
    longest = 0
    for (article, where), own in spans.items():
        text = parts.at[article, where]
        for run in _runs(text, own) if isinstance(text, str) else ():
            longest = max(longest, len(run))
    return longest


def _spans(tables: Mapping[str, pd.DataFrame]) -> Iterator[tuple[tuple[str, str], _Span]]:
    """Every stretch that a row tells in clear, by article and part."""
    for name, columns in (("mentions", ("match", "pattern")), ("targets", ("match",))):
        table = tables[name]
        clear = ~table[columns[0]].str.startswith("#").fillna(False).astype(bool).to_numpy()
        rows = zip(table["article_id"], table["where"], table["start"], table["end"], clear, strict=True)
        for row, (article, where, start, end, told) in enumerate(rows):
            if told:
                yield (article, where), _Span(start, end, name, row)
    quotes = tables["quotes"]
    rows = zip(quotes["article_id"], quotes["cue_start"], quotes["cue_end"], quotes["cue"], strict=True)
    for row, (article, start, end, cue) in enumerate(rows):
        if isinstance(cue, str) and not cue.startswith("#") and not pd.isna(start):
            yield (article, "body"), _Span(int(start), int(end), "quotes", row)
    for article, start, end in tables["numbers"][["article_id", "start", "end"]].itertuples(index=False):
        yield (article, "body"), _Span(start, end, None, -1)


def _runs(text: str, spans: list[_Span]) -> Iterator[list[tuple[int, int]]]:
    """The words of a text that follow one another and are covered whole, run by run."""
    covered = bytearray(len(text))
    for span in spans:
        covered[span.start : span.end] = b"\1" * (span.end - span.start)
    run: list[tuple[int, int]] = []
    for word in WORD.finditer(text):
        if all(covered[word.start() : word.end()]):
            run.append(word.span())
        elif run:
            yield run
            run = []
    if run:
        yield run


def _breaking(text: str, spans: list[_Span], max_words: int) -> set[_Span]:
    """The spans to withhold so that no run is too long: from the left, those at the word that is one too many (or at
    the nearest before it whose words can be withheld)."""
    gone: set[_Span] = set()
    while True:
        left = [span for span in spans if span not in gone]
        long = [run for run in _runs(text, left) if len(run) > max_words]
        more: set[_Span] = set()
        for run in long:
            for start, end in reversed(run[: max_words + 1]):
                at = {span for span in left if span.table and span.start < end and span.end > start}
                if at:
                    more |= at
                    break
        if not more:
            return gone
        gone |= more
