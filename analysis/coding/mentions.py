"""Codebooks over tokens → mentions: which pattern stands where, the longest winning."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

from analysis.coding import matching
from analysis.coding.matching import Hits
from analysis.coding.tokens import Tokens
from analysis.coding.vocabulary import Vocabulary

if TYPE_CHECKING:
    from analysis.coding.codebook import Codebook

NAMES = ("codebook", "variable", "category", "pattern")
_FEW = 5_000  # hits, of which Python decides as soon as compiled code is loaded


class Entry(NamedTuple):
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
        first, beyond (tokens), codebook, variable, category, pattern (categoricals); in order of text, then codebook.
    """
    entries = entries_of(codebooks)
    hits = matching.find(tokens, gaps, asked_of(entries), Vocabulary(tokens))
    first, beyond, entry = winners(hits, entries)
    return pd.DataFrame({"first": first, "beyond": beyond, **named(entries, entry)})


@dataclass(frozen=True)
class _Prepared:
    """What follows from entries alone: of each its letters, whether it is counted, its contest; and its names.

    asked: the patterns, each once; those who ask for pattern k are the entries ``users[bounds[k]:bounds[k + 1]]``.
    """

    asked: list[tuple[str, bool]]
    bounds: np.ndarray
    users: np.ndarray
    letters: np.ndarray
    counted: np.ndarray
    contest: np.ndarray
    names: dict[str, tuple[np.ndarray, np.ndarray]]


@lru_cache(maxsize=8)
def _prepared(entries: tuple[Entry, ...]) -> _Prepared:
    """The partitions of a corpus are asked the same thousands of patterns: that is thought through once."""
    places: dict[tuple[str, bool], int] = {}
    entry_of = [places.setdefault((entry.pattern, entry.sensitive), len(places)) for entry in entries]
    bounds, users = matching.grouped(np.array(entry_of, np.int64), np.arange(len(entries)), len(places))
    return _Prepared(
        asked=list(places),
        bounds=bounds,
        users=users,
        letters=np.array([sum(character not in "*? " for character in item.pattern) for item in entries], np.int64),
        counted=np.array([item.category is not None for item in entries], np.bool_),
        contest=np.array([item.contest for item in entries], np.int64),
        names={name: pd.factorize(np.array([getattr(item, name) for item in entries], object)) for name in NAMES},
    )


def named(entries: Sequence[Entry], entry: np.ndarray) -> dict[str, pd.Categorical]:
    """Codebook, variable, category and pattern of some entries."""
    names = _prepared(tuple(entries)).names
    return {
        name: pd.Categorical.from_codes(codes[entry], pd.Index(texts, dtype="str"))
        for name, (codes, texts) in names.items()
    }


def asked_of(entries: Sequence[Entry]) -> list[tuple[str, bool]]:
    """The patterns of some entries as `matching` takes them: one that stands in several places is looked for once."""
    return _prepared(tuple(entries)).asked


def winners(hits: Hits, entries: Sequence[Entry]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The hits that are mentions: first token, one past the last, and entry; in order of first token and entry.

    Args:
        hits: of the patterns `asked_of` the entries.
    """
    prepared = _prepared(tuple(entries))
    letters, counted, contest = prepared.letters, prepared.counted, prepared.contest
    begins = prepared.bounds[hits.pattern]
    counts = prepared.bounds[hits.pattern + 1] - begins
    which = np.repeat(np.arange(len(hits.first)), counts)
    offset = np.arange(len(which)) - np.repeat(np.cumsum(counts) - counts, counts)
    entry = prepared.users[begins[which] + offset] if len(which) else which
    first, beyond = hits.first[which], hits.beyond[which]
    # Most hits meet no other: they win without being compared.
    alone = _alone(first, beyond)
    met = np.flatnonzero(~alone)
    first_met, beyond_met, entry_met = first[met], beyond[met], entry[met]
    order = np.lexsort(
        (entry_met, first_met, -letters[entry_met], counted[entry_met], first_met - beyond_met, contest[entry_met])
    )
    met = met[order]
    wins = alone
    longest = _longest if len(met) < _FEW else longest_compiled()
    wins[met] = longest(*(span[order] for span in _closed_up(first_met, beyond_met)), contest[entry[met]])
    kept = np.flatnonzero(wins & counted[entry])
    kept = kept[np.lexsort((entry[kept], first[kept]))]
    return first[kept], beyond[kept], entry[kept]


def _alone(first: np.ndarray, beyond: np.ndarray) -> np.ndarray:
    """Whether a hit shares no token with another; hits in order of the first token."""
    free = np.ones(len(first) + 1, np.bool_)  # between the hits: whether none reaches over
    free[1:-1] = first[1:] >= np.maximum.accumulate(beyond)[:-1]
    return free[:-1] & free[1:]


def _closed_up(first: np.ndarray, beyond: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The same hits, in order of the first token, with the tokens that stand in none of them left out."""
    reached = np.concatenate((np.zeros(1, np.int64), np.maximum.accumulate(beyond)))[: len(first)]
    left_out = np.cumsum(np.maximum(first - reached, 0))
    return first - left_out, beyond - left_out


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


@cache
def longest_compiled() -> Callable[[np.ndarray, np.ndarray, np.ndarray], np.ndarray]:
    """`_longest`, compiled; loading the compiler takes longer than a few hits do without it."""
    import numba

    return numba.njit(nogil=True, cache=True)(_longest)


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
