"""The table *drifts* of a study: put by story by story, and taken up in the rank of the whole.

What rows are ranked by is held, some forty bytes a row; the rows themselves, whose texts are many times that, are not.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from analysis import tables
from analysis.coding.drift import PLACES, WEIGHTS, rank
from analysis.coding.in_parts import InParts
from analysis.coding.spills import Spill

_BLOCK = 100_000  # rows that are put in order at a time


class Drifted(InParts):
    """The table in parts, each with the next rows in rank."""

    NAME = "drifts"

    def __init__(self, ids: pd.Series) -> None:
        super().__init__(ids)
        self._rows = Spill(self.folder, "rows")
        self._keys: dict[int, pd.DataFrame] = {}

    def add(self, batch: int, changes: pd.DataFrame) -> None:
        """Put by what `drift.find_changes` gives for a batch of whole stories; of equal rows that of the first batch is
        first."""
        if changes.empty:
            return
        small = dict.fromkeys((*PLACES, "utterance"), "int32")
        self._keys[batch] = changes[[*PLACES, "utterance", *WEIGHTS]].astype(small)
        self._rows.add(changes.drop(columns=list(WEIGHTS)), np.full(len(changes), batch))

    def parts(self) -> Iterator[pd.DataFrame]:
        """In rank, utterances numbered as they come up."""
        if not self._keys:
            return
        batches = sorted(self._keys)
        sizes = [len(self._keys[batch]) for batch in batches]
        order, utterance = self._ranked([self._keys.pop(batch) for batch in batches])
        at = np.empty(len(order), np.int64)
        at[order] = np.arange(len(order))
        blocks = Spill(self.folder, "blocks")
        for batch, own in zip(batches, np.split(at, np.cumsum(sizes)[:-1]), strict=True):
            blocks.add(self._rows.read(batch).assign(at=own), own // _BLOCK)
        names = pd.array(self.ids, dtype="str")
        for block, numbers in enumerate(np.split(utterance, np.arange(_BLOCK, len(order), _BLOCK))):
            rows = blocks.read(block).sort_values("at", ignore_index=True)
            ids = {name: names.take(rows[name].to_numpy()) for name in self.SIDES}
            yield rows.assign(**ids, utterance=numbers)[list(tables.TABLES["drifts"].columns)]

    def _ranked(self, keys: list[pd.DataFrame]) -> tuple[np.ndarray, np.ndarray]:
        """The order of all rows, and the number of each one's utterance in that order."""
        before = 0
        for own in keys:
            own["utterance"] += before
            before = int(own["utterance"].max()) + 1
        whole = pd.concat(keys, ignore_index=True)
        # Articles in order of their ids, as a table ranked by itself has them.
        by_id = np.empty(len(self.ids), np.int32)
        by_id[pc.sort_indices(pa.array(self.ids, pa.large_string())).to_numpy()] = np.arange(len(self.ids))
        order = rank(whole.assign(**{name: by_id[whole[name].to_numpy()] for name in self.SIDES}))
        return order, pd.factorize(whole["utterance"].to_numpy()[order])[0].astype(np.int64)
