"""The texts of a study, read a piece at a time: what looks at all articles together never holds all of them."""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple

import pandas as pd

from analysis import store
from analysis.engine_settings import PARTITION


class Piece(NamedTuple):
    """Rows of *articles* from ``start`` to before ``stop``: in a file of a store, or here."""

    source: str | pd.DataFrame
    start: int
    stop: int

    def read(self, columns: Collection[str]) -> pd.DataFrame:
        """Some columns."""
        if isinstance(self.source, pd.DataFrame):
            return self.source[list(columns)]
        return store.read_rows(self.source, self.start, self.stop, columns).combine_chunks().to_pandas()


def pieces_of(source: str | pd.DataFrame, n: int) -> list[Piece]:
    """All ``n`` articles of a table, or of a file of a store, in order."""
    bounds = [(at, min(at + PARTITION, n)) for at in range(0, n, PARTITION)]
    if isinstance(source, pd.DataFrame):
        return [Piece(source.iloc[start:stop].reset_index(drop=True), start, stop) for start, stop in bounds]
    return [Piece(source, start, stop) for start, stop in bounds]
