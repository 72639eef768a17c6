"""The table *alignments* of a study: pairs of sentences, put by story by story and taken up in order of articles."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from analysis.coding.in_parts import InParts
from analysis.coding.spills import Spill

SMALL = (*InParts.SIDES, "sentence_a", "sentence_b")  # whole numbers far below 2**31
_BLOCK = 50_000  # articles whose pairs are put in order at a time


class Aligned(InParts):
    """The table in parts, each with the pairs of the next articles."""

    NAME = "alignments"

    def __init__(self, ids: pd.Series) -> None:
        super().__init__(ids)
        self._pairs, self._propositions = Spill(self.folder, "pairs"), 0

    def add(self, pairs: pd.DataFrame) -> None:
        """Put by the pairs of whole stories: rows of *alignments*, propositions numbered from 0."""
        if pairs.empty:
            return
        numbers = pairs["proposition"]
        own = pairs.assign(proposition=numbers + self._propositions)
        self._propositions += int(numbers.max()) + 1 if numbers.notna().any() else 0
        self._pairs.add(own, pairs["article_a"].to_numpy() // _BLOCK)

    def parts(self) -> Iterator[pd.DataFrame]:
        """In order of both sentences, propositions numbered as they come up."""
        names = pd.Index(pd.array(self.ids, dtype="str"))
        number = np.full(self._propositions, -1, np.int64)
        for block in sorted(set().union(*(there.tolist() for there in self._pairs.there))):
            yield _named(_in_order(self._pairs.read(block), number), names)


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
    made = {name: pairs[name].astype("int64") for name in SMALL if name not in InParts.SIDES}
    for name in InParts.SIDES:
        there, codes = np.unique(pairs[name].to_numpy(), return_inverse=True)
        made[name] = pd.Categorical.from_codes(codes, names[there])
    return pairs.assign(**made)
