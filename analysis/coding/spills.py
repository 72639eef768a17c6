"""Rows put by in files, sorted into batches, and read again a batch at a time: what goes over a study is never held."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa

_PACKED = pa.ipc.IpcWriteOptions(compression="lz4")


class Spill:
    """Files, one for each table that is added, with a record batch for each batch that has rows in it, in order.

    Args:
        folder: where the files go; ``name``: how they begin.
    """

    def __init__(self, folder: Path, name: str) -> None:
        self._place, self._files, self._schema = folder / name, [], None
        self.there: list[np.ndarray] = []  # which batches are in each file

    def add(self, table: pd.DataFrame, batch: np.ndarray) -> None:
        """Put rows by. All tables have the same columns. ``batch`` of each row (-1: of none, left out)."""
        order = np.argsort(batch, kind="stable")[np.count_nonzero(batch < 0) :]
        rows = pa.Table.from_pandas(table, schema=self._schema, preserve_index=False)
        self._schema = rows.schema
        rows = rows.take(pa.array(order)).combine_chunks()
        batches, first = np.unique(batch[order], return_index=True)
        file = f"{self._place}-{len(self._files)}.arrow"
        with pa.ipc.new_file(file, self._schema, options=_PACKED) as writer:
            for begin, end in pairwise([*first.tolist(), len(order)]):
                writer.write_batch(rows.slice(begin, end - begin).combine_chunks().to_batches()[0])
        self._files.append(file)
        self.there.append(batches)

    def read(self, batch: int) -> pd.DataFrame:
        """The rows of a batch, in the order in which they came; at least one table was added."""
        found = []
        for file, there in zip(self._files, self.there, strict=True):
            place = int(np.searchsorted(there, batch))
            if place < len(there) and there[place] == batch:
                with pa.memory_map(file) as source:
                    found.append(pa.ipc.open_file(source).get_batch(place))
        return pa.Table.from_batches(found, self._schema).to_pandas()


def spill(parts: Iterable[tuple[pd.DataFrame, np.ndarray]], folder: Path, name: str) -> Spill:
    """Tables put by, at least one, each with the batch of each row."""
    put_by = Spill(folder, name)
    for table, batch in parts:
        put_by.add(table, batch)
    return put_by
