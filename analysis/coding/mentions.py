"""Codebooks over tokens → mentions: which pattern stands where, the longest winning."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numba
import numpy as np
import pandas as pd

from analysis.coding import patterns
from analysis.coding.codebook import Codebook
from analysis.coding.tokens import Tokens


@dataclass(frozen=True)
class _Entry:
    """A pattern with its place: contest is the set of patterns of which the longest wins."""

    contest: int
    codebook: str
    variable: str
    category: str | None  # None: an exception
    pattern: str
    sensitive: bool


def find_mentions(tokens: Tokens, gaps: np.ndarray, codebooks: Sequence[Codebook]) -> pd.DataFrame:
    """Every mention of every category.

    Where matches overlap, the one of most tokens wins, then the one with most letters outside wildcards, then the
    earlier one, then the one named first. They compete within a variable; in a variable of kind presence within a
    category, so that one word can speak for two frames. Exceptions compete too, and win a tie.

    Returns:
        first, beyond (tokens), codebook, variable, category, pattern; in order of text, then codebook.
    """
    entries = _entries(codebooks)
    columns = ["codebook", "variable", "category", "pattern"]
    # A pattern that stands in several places is looked for once.
    asked = list(dict.fromkeys((entry.pattern, entry.sensitive) for entry in entries))
    hits = patterns.find(tokens, gaps, asked, patterns.Vocabulary(tokens))
    places = {key: place for place, key in enumerate(asked)}
    entry_of = np.array([places[entry.pattern, entry.sensitive] for entry in entries], np.int64)
    bounds, users = patterns.grouped(entry_of, np.arange(len(entries)), len(asked))
    counts = np.diff(bounds)[hits.pattern]
    which = np.repeat(np.arange(len(hits.first)), counts)
    offset = np.arange(len(which)) - np.repeat(np.cumsum(counts) - counts, counts)
    entry = users[bounds[hits.pattern[which]] + offset] if len(which) else which
    first, beyond = hits.first[which], hits.beyond[which]

    letters = np.array([sum(character not in "*? " for character in item.pattern) for item in entries], np.int64)
    counted = np.array([item.category is not None for item in entries], np.bool_)
    contest = np.array([item.contest for item in entries], np.int64)
    order = np.lexsort((entry, first, -letters[entry], counted[entry], first - beyond, contest[entry]))
    wins = _longest(first[order], beyond[order], contest[entry[order]], len(tokens.types))
    kept = order[wins]
    kept = kept[counted[entry[kept]]]
    kept = kept[np.lexsort((entry[kept], first[kept]))]
    table = pd.DataFrame({"first": first[kept], "beyond": beyond[kept]})
    for column in columns:
        values = pd.array([getattr(item, column) for item in entries], dtype="str")
        table[column] = values.take(entry[kept])
    return table


def _entries(codebooks: Sequence[Codebook]) -> list[_Entry]:
    """All patterns of all codebooks, exceptions once for each contest they stand in."""
    entries: list[_Entry] = []
    contest = -1
    for book in codebooks:
        for name, variable in book.variables.items():
            sensitive = variable.case == "sensitive"
            for place, (category, listed) in enumerate(variable.categories.items()):
                if place == 0 or variable.kind == "presence":
                    contest += 1
                    entries += [
                        _Entry(contest, book.name, name, None, pattern, sensitive) for pattern in variable.exceptions
                    ]
                entries += [_Entry(contest, book.name, name, category, pattern, sensitive) for pattern in listed]
    return entries


@numba.njit(nogil=True, cache=True)
def _longest(first, beyond, contest, n_tokens):
    """Which hits win, given in order of contest and of precedence within it: those that meet no taken token."""
    taken = np.full(n_tokens, -1, np.int64)
    wins = np.zeros(len(first), np.bool_)
    for hit in range(len(first)):
        free = True
        for token in range(first[hit], beyond[hit]):
            if taken[token] == contest[hit]:
                free = False
                break
        if free:
            taken[first[hit] : beyond[hit]] = contest[hit]
            wins[hit] = True
    return wins
