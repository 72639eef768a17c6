"""Codebooks over tokens → mentions: which pattern stands where, the longest winning."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numba
import numpy as np
import pandas as pd

from analysis.coding import matching
from analysis.coding.codebook import Codebook
from analysis.coding.matching import Hits
from analysis.coding.tokens import Tokens
from analysis.coding.vocabulary import Vocabulary


@dataclass(frozen=True)
class Entry:
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
    entries = entries_of(codebooks)
    hits = matching.find(tokens, gaps, asked_of(entries), Vocabulary(tokens))
    first, beyond, entry = winners(hits, entries)
    table = pd.DataFrame({"first": first, "beyond": beyond})
    for column in ("codebook", "variable", "category", "pattern"):
        values = pd.array([getattr(item, column) for item in entries], dtype="str")
        table[column] = values.take(entry)
    return table


def asked_of(entries: Sequence[Entry]) -> list[tuple[str, bool]]:
    """The patterns of some entries as `matching` takes them: one that stands in several places is looked for once."""
    return list(dict.fromkeys((entry.pattern, entry.sensitive) for entry in entries))


def winners(hits: Hits, entries: Sequence[Entry]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The hits that are mentions: first token, one past the last, and entry; in order of first token and entry.

    Args:
        hits: of the patterns `asked_of` the entries.
    """
    asked = asked_of(entries)
    places = {key: place for place, key in enumerate(asked)}
    entry_of = np.array([places[entry.pattern, entry.sensitive] for entry in entries], np.int64)
    bounds, users = matching.grouped(entry_of, np.arange(len(entries)), len(asked))
    counts = np.diff(bounds)[hits.pattern]
    which = np.repeat(np.arange(len(hits.first)), counts)
    offset = np.arange(len(which)) - np.repeat(np.cumsum(counts) - counts, counts)
    entry = users[bounds[hits.pattern[which]] + offset] if len(which) else which
    first, beyond = hits.first[which], hits.beyond[which]

    letters = np.array([sum(character not in "*? " for character in item.pattern) for item in entries], np.int64)
    counted = np.array([item.category is not None for item in entries], np.bool_)
    contest = np.array([item.contest for item in entries], np.int64)
    # Most hits meet no other: they win without being compared.
    alone = _alone(first, beyond)
    met = np.flatnonzero(~alone)
    first_met, beyond_met, entry_met = first[met], beyond[met], entry[met]
    order = np.lexsort(
        (entry_met, first_met, -letters[entry_met], counted[entry_met], first_met - beyond_met, contest[entry_met])
    )
    met = met[order]
    wins = alone
    wins[met] = _longest(first[met], beyond[met], contest[entry[met]])
    kept = np.flatnonzero(wins & counted[entry])
    kept = kept[np.lexsort((entry[kept], first[kept]))]
    return first[kept], beyond[kept], entry[kept]


def _alone(first: np.ndarray, beyond: np.ndarray) -> np.ndarray:
    """Whether a hit shares no token with another; hits in order of the first token."""
    free = np.ones(len(first) + 1, np.bool_)  # between the hits: whether none reaches over
    free[1:-1] = first[1:] >= np.maximum.accumulate(beyond)[:-1]
    return free[:-1] & free[1:]


def entries_of(codebooks: Sequence[Codebook]) -> list[Entry]:
    """All patterns of all codebooks, exceptions once for each contest they stand in."""
    entries: list[Entry] = []
    contest = -1
    for book in codebooks:
        for name, variable in book.variables.items():
            sensitive = variable.case == "sensitive"
            for place, (category, listed) in enumerate(variable.categories.items()):
                if place == 0 or variable.kind == "presence":
                    contest += 1
                    entries += [
                        Entry(contest, book.name, name, None, pattern, sensitive) for pattern in variable.exceptions
                    ]
                entries += [Entry(contest, book.name, name, category, pattern, sensitive) for pattern in listed]
    return entries


@numba.njit(nogil=True, cache=True)
def _longest(first, beyond, contest):
    """Which hits win, given in order of contest and of precedence within it: those that meet no taken token."""
    taken = np.full(beyond.max() if len(beyond) else 0, -1, np.int64)
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
