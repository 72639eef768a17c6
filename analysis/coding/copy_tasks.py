"""Who copied whom, over a whole study: pairs of articles compared, and groups of copies put together, some at a time.

What is asked of pairs and of groups is said in `analysis.coding.reuse`. Pairs do not depend on each other, nor do
groups of copies: both are tasks of the engine, each of which is given the texts that it needs and no others.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd

from analysis import tables
from analysis.coding.compared import NEEDED, batches, parts_of
from analysis.coding.copied import grouped
from analysis.coding.pieces import Piece
from analysis.coding.reuse import THRESHOLD, compare_pairs, connected, copy_groups, reaches, rows_of
from analysis.coding.spills import spill
from analysis.engine import Tasks, gather
from analysis.engine_settings import Engine

_BLOCK = 4_000  # articles, more or less, whose pairs are compared at a time
_PAIRS = 100  # pairs take as long as one more article
_TEXTS = list(tables.WHERE)
_MADE = ("copy_groups", "passages", "copied", "added_words")


class _Block(NamedTuple):
    """Bodies, and pairs of them."""

    bodies: pd.Series
    pairs: np.ndarray


def compare_apart(pairs: np.ndarray, size: int, *, pieces: Sequence[Piece], engine: Engine) -> np.ndarray:
    """`reuse.compare_pairs` of rows of a study whose bodies are in ``pieces``."""
    if not len(pairs):
        return compare_pairs(pd.Series([], dtype="str"), pairs, size)
    another = np.append(True, pairs[1:, 0] != pairs[:-1, 0])
    block = np.cumsum(another * _PAIRS + 1) // (_BLOCK * _PAIRS)
    n = int(pairs.max()) + 1
    needed = np.unique(block[:, None] * n + pairs)
    of_block, row = needed // n, needed % n
    with tempfile.TemporaryDirectory(prefix="samestory-") as folder:
        bodies = spill(_taken(pieces, ["body"], of_block, row), Path(folder), "bodies")
        bounds = np.searchsorted(of_block, np.arange(block[-1] + 2))
        cuts = np.searchsorted(block, np.arange(block[-1] + 2))

        def task(number: int) -> _Block:
            own = row[bounds[number] : bounds[number + 1]]
            return _Block(bodies.read(number)["body"], np.searchsorted(own, pairs[cuts[number] : cuts[number + 1]]))

        found = gather(partial(_compare, size=size), Tasks(task, len(cuts) - 1), engine, verb="compared")
    return np.concatenate(found)


def _compare(block: _Block, *, size: int) -> np.ndarray:
    return compare_pairs(block.bodies, block.pairs, size)


def _taken(
    pieces: Sequence[Piece], columns: list[str], batch: np.ndarray, row: np.ndarray
) -> Iterator[tuple[pd.DataFrame, np.ndarray]]:
    """Some columns of articles (by row) that are wanted in batches, an article perhaps in several, piece by piece."""
    order = np.argsort(row, kind="stable")
    batch, row = batch[order], row[order]
    for piece in pieces:
        low, high = np.searchsorted(row, [piece.start, piece.stop])
        if low < high:
            yield piece.read(columns).iloc[row[low:high] - piece.start], batch[low:high]


class _Groups(NamedTuple):
    """Articles of whole groups of copies with their texts, their quotations, and the pairs among them."""

    articles: pd.DataFrame
    quotes: pd.DataFrame
    copies: pd.DataFrame


def group_apart(
    articles: pd.DataFrame,
    copies: pd.DataFrame,
    *,
    pieces: Sequence[Piece],
    coded: Mapping[str, pd.DataFrame],
    engine: Engine,
) -> dict[str, pd.DataFrame]:
    """`grouped` at the default threshold, of a study whose texts are in ``pieces``.

    Args:
        articles: without texts. copies: their *copies* table. coded: where the study's quotes are.
    """
    rows = rows_of(articles, copies)
    batch = batches(connected(rows[reaches(copies, THRESHOLD)], len(articles)))
    alone = copy_groups(articles[batch < 0].assign(body=""), copies.iloc[:0])
    if not (batch >= 0).any():
        return {**{name: tables.empty(name) for name in _MADE}, "copy_groups": alone}
    index = pd.Index(articles["article_id"])
    # A pair is of a batch that both are of; of no other pair are passages sought.
    pair_of = np.where(batch[rows[:, 0]] == batch[rows[:, 1]], batch[rows[:, 0]], -1)
    with tempfile.TemporaryDirectory(prefix="samestory-") as folder:
        inside = np.flatnonzero(batch >= 0)
        texts = spill(_taken(pieces, _TEXTS, batch[inside], inside), Path(folder), "texts")
        quotes = spill(_quotes_of(coded, index, batch), Path(folder), "quotes")

        def task(number: int) -> _Groups:
            own = articles[batch == number].reset_index(drop=True)
            return _Groups(
                own.assign(**texts.read(number)), quotes.read(number), copies[pair_of == number].reset_index(drop=True)
            )

        found = gather(_grouped, Tasks(task, int(batch.max()) + 1), engine, verb="grouped")
    return _together(found, alone, index, copies)


def _quotes_of(
    coded: Mapping[str, pd.DataFrame], index: pd.Index, batch: np.ndarray
) -> Iterator[tuple[pd.DataFrame, np.ndarray]]:
    for part in parts_of(coded, "quotes", NEEDED["quotes"]):
        at = index.get_indexer(part["article_id"])
        yield part, np.where(at >= 0, batch[at], -1)


def _grouped(groups: _Groups) -> dict[str, pd.DataFrame]:
    return grouped(groups.articles, groups.quotes, groups.copies, THRESHOLD)


def _together(
    found: list[dict[str, pd.DataFrame]], alone: pd.DataFrame, index: pd.Index, copies: pd.DataFrame
) -> dict[str, pd.DataFrame]:
    """The tables of all groups, in the order in which they would come of all articles at once."""
    made = {name: pd.concat([one[name] for one in found], ignore_index=True) for name in _MADE}
    made["copy_groups"] = pd.concat([made["copy_groups"], alone], ignore_index=True)
    n = len(index)
    sides = [index.get_indexer(copies[f"article_{side}"]) for side in "ab"]
    pairs = pd.Index(sides[0] * n + sides[1])
    a, b = (index.get_indexer(made["passages"][f"article_{side}"]) for side in "ab")
    first = {name: index.get_indexer(made[name]["article_id"]) for name in ("copy_groups", "added_words")}
    first["passages"] = pairs.get_indexer(a * n + b)
    for name, place in first.items():
        made[name] = made[name].iloc[np.argsort(place, kind="stable")]
    made["copied"] = made["copied"].sort_values(["article_id", "start"], kind="stable")
    return {name: table.reset_index(drop=True) for name, table in made.items()}
