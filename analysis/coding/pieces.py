"""The texts of a study, read a piece at a time: what looks at all articles together never holds all of them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import NamedTuple

import numpy as np
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


def read_some(pieces: Sequence[Piece], wanted: np.ndarray, columns: Collection[str]) -> pd.DataFrame:
    """Some columns of some articles, in order; ``wanted``: bool, of all articles."""
    own = [(piece, wanted[piece.start : piece.stop]) for piece in pieces]
    found = [piece.read(columns)[rows] for piece, rows in own if rows.any()]
    if not found:
        return pd.DataFrame({name: pd.array([], dtype="str") for name in columns})
    return pd.concat(found, ignore_index=True)


def with_texts(
    articles: pd.DataFrame, pieces: Sequence[Piece], wanted: np.ndarray, columns: Collection[str]
) -> pd.DataFrame:
    """The articles with these texts of some of them; those of the others are missing."""
    found = read_some(pieces, wanted, columns)
    place = np.where(wanted, np.cumsum(wanted) - 1, -1)
    texts = {name: found[name].array.take(place, allow_fill=True) for name in columns}
    return articles.assign(**texts)
