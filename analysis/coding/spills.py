"""Rows put by in files, sorted into batches, and read again a batch at a time: what goes over a study is never held."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa

_PACKED = pa.ipc.IpcWriteOptions(compression="lz4")


class Spill(NamedTuple):
    """Files with one record batch for each batch that has rows in them, in order; and which batches these are."""

    files: list[Path]
    there: list[np.ndarray]
    schema: pa.Schema

    def read(self, batch: int) -> pd.DataFrame:
        """The rows of a batch, in the order in which they came."""
        found = []
        for file, there in zip(self.files, self.there, strict=True):
            place = int(np.searchsorted(there, batch))
            if place < len(there) and there[place] == batch:
                with pa.memory_map(str(file)) as source:
                    found.append(pa.ipc.open_file(source).get_batch(place))
        return pa.Table.from_batches(found, self.schema).to_pandas()


def spill(parts: Iterable[tuple[pd.DataFrame, np.ndarray]], folder: Path, name: str) -> Spill:
    """Put rows by.

    Args:
        parts: tables of the same columns, at least one, each with the batch of each row (-1: of none, left out).
        folder: where the files go; ``name``: how they begin.
    """
    files, there, schema = [], [], None
    for number, (table, batch) in enumerate(parts):
        order = np.argsort(batch, kind="stable")[np.count_nonzero(batch < 0) :]
        rows = pa.Table.from_pandas(table, schema=schema, preserve_index=False)
        schema = rows.schema
        rows = rows.take(pa.array(order)).combine_chunks()
        batches, first = np.unique(batch[order], return_index=True)
        file = folder / f"{name}-{number}.arrow"
        with pa.ipc.new_file(str(file), schema, options=_PACKED) as writer:
            for begin, end in pairwise([*first.tolist(), len(order)]):
                writer.write_batch(rows.slice(begin, end - begin).combine_chunks().to_batches()[0])
        files.append(file)
        there.append(batches)
    return Spill(files, there, schema)
