"""The table *alignments* of a study, which may be larger than memory: put by story by story, taken up in order."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd

from analysis import tables
from analysis.coding.spills import Spill, spill

SIDES = ("article_a", "article_b")
SMALL = (*SIDES, "sentence_a", "sentence_b")  # whole numbers far below 2**31
_BLOCK = 50_000  # articles whose pairs are put in order at a time


class Aligned(NamedTuple):
    """The table in parts, each with the pairs of the next articles. It can be gone through once: its files go then."""

    ids: pd.Series
    folder: tempfile.TemporaryDirectory
    pairs: Spill
    propositions: int

    @classmethod
    def put_by(cls, ids: pd.Series, found: Iterable[pd.DataFrame]) -> Aligned:
        """The pairs of whole stories, some at a time, in any order.

        Args:
            ids: of all articles of the study. found: rows of *alignments*, with places in ``ids`` for articles and
                with propositions numbered from 0 in each.
        """
        folder, n = tempfile.TemporaryDirectory(prefix="samestory-"), 0

        def parts() -> Iterator[tuple[pd.DataFrame, np.ndarray]]:
            nonlocal n
            for pairs in found:
                own = pairs.assign(proposition=pairs["proposition"] + n)
                n += int(pairs["proposition"].max()) + 1 if pairs["proposition"].notna().any() else 0
                yield own, pairs["article_a"].to_numpy() // _BLOCK

        try:
            pairs = spill(parts(), Path(folder.name), "pairs")
            return cls(ids, folder, pairs, n)
        except BaseException:
            folder.cleanup()
            raise

    def __iter__(self) -> Iterator[pd.DataFrame]:
        """The parts, in order of both sentences, propositions numbered as they come up; an empty one if all are."""
        names, empty = pd.Index(pd.array(self.ids, dtype="str")), True
        number = np.full(self.propositions, -1, np.int64)
        with self.folder:
            for block in range(-(-len(names) // _BLOCK)):
                pairs = self.pairs.read(block)
                if len(pairs):
                    empty = False
                    yield _named(_in_order(pairs, number), names)
        if empty:
            yield tables.empty("alignments")

    def whole(self) -> pd.DataFrame:
        """All parts as one table."""
        return pd.concat([tables.plain(part) for part in self], ignore_index=True)


def _in_order(pairs: pd.DataFrame, number: np.ndarray) -> pd.DataFrame:
    """Pairs in order, their propositions numbered as they come up; ``number``: what those known already have (else -1),
    to which the new ones are added."""
    # All pairs of a sentence are of one story, and in order there.
    room = int(pairs["sentence_a"].max()) + 1
    order = np.argsort(pairs["article_a"].to_numpy(np.int64) * room + pairs["sentence_a"].to_numpy(), kind="stable")
    pairs = pairs.iloc[order].reset_index(drop=True)
    numbers = pairs["proposition"].copy()
    there = numbers.notna().to_numpy()
    old = numbers[there].to_numpy(np.int64)
    came = pd.unique(old)
    new = came[number[came] < 0]
    number[new] = number.max(initial=-1) + 1 + np.arange(len(new))
    numbers[there] = number[old]
    return pairs.assign(proposition=numbers)


def _named(pairs: pd.DataFrame, names: pd.Index) -> pd.DataFrame:
    """With ids for the places of articles: of those that there are, as categories."""
    made = {name: pairs[name].astype("int64") for name in SMALL if name not in SIDES}
    for name in SIDES:
        there, codes = np.unique(pairs[name].to_numpy(), return_inverse=True)
        made[name] = pd.Categorical.from_codes(codes, names[there])
    return pairs.assign(**made)
