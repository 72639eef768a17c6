"""The tables of a study by name, each loaded when it is first asked for."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd
import pyarrow as pa

from analysis import store, tables
from analysis.study import UserError


@dataclass(frozen=True)
class Stored:
    """A table in a store: its files in order, and its rows in all.

    ``joined`` makes a further column from the others, given ``article_id`` among them.
    """

    name: str
    files: Sequence[str]
    rows: int
    joined: tuple[str, Callable[[pd.DataFrame], pd.Series]] | None = None

    def parts(self, columns: Collection[str] | None) -> Iterator[pd.DataFrame]:
        """The table file by file, or some of its columns."""
        further = self.joined and (columns is None or self.joined[0] in columns)
        asked = columns
        if further and columns is not None:
            asked = [*(column for column in columns if column != self.joined[0]), "article_id"]
            asked = list(dict.fromkeys(asked))
        for file in self.files:
            try:
                part = store.read_table(file, columns=asked)
            except (pa.ArrowException, OSError) as error:
                said = " ".join(str(error).split())[:200]
                raise UserError(f"{file}: cannot be read ({said}); delete it, and run samestory code") from None
            if further:
                part = part.assign(**{self.joined[0]: self.joined[1](part)})
            yield part if columns is None else part[list(columns)]


class Tables(Mapping[str, pd.DataFrame]):
    """Name → table. A table that is in the store is loaded when it is first asked for, and then held.

    What is too large to be held is had in parts (`parts`) or in some columns; how many rows there are is known without
    loading anything (`rows`).
    """

    def __init__(self, sources: Mapping[str, Stored | pd.DataFrame]) -> None:
        self._sources = dict(sources)
        self._held: dict[str, pd.DataFrame] = {}

    def __getitem__(self, name: str) -> pd.DataFrame:
        source = self._sources[name]
        if isinstance(source, pd.DataFrame):
            return source
        if name not in self._held:
            self._held[name] = self.some(name)
        return self._held[name]

    def __contains__(self, name: object) -> bool:
        return name in self._sources  # without loading it

    def __iter__(self) -> Iterator[str]:
        return iter(self._sources)

    def __len__(self) -> int:
        return len(self._sources)

    def __repr__(self) -> str:
        return f"Tables({', '.join(f'{name}: {self.rows(name):,}' for name in self)})"

    def rows(self, name: str) -> int:
        """How many rows a table has."""
        source = self._sources[name]
        return len(source) if isinstance(source, pd.DataFrame) else source.rows

    def parts(self, name: str, columns: Collection[str] | None = None) -> Iterator[pd.DataFrame]:
        """A table in order, partition by partition; nothing of it is held. ``columns``: some of them, in that order."""
        source = self._sources[name]
        if isinstance(source, pd.DataFrame):
            yield source if columns is None else source[list(columns)]
        else:
            yield from source.parts(columns)

    def some(self, name: str, columns: Collection[str] | None = None) -> pd.DataFrame:
        """A table, or some of its columns, loaded now and not held."""
        found = list(self.parts(name, columns))
        if not found:
            return tables.empty(name) if columns is None else tables.empty(name)[list(columns)]
        return found[0] if len(found) == 1 else pd.concat(found, ignore_index=True)

    def without_held(self) -> Tables:
        """The same tables, of which none is loaded yet."""
        return Tables(self._sources)

    def stored(self, name: str) -> Stored:
        """Where a table is that is in the store."""
        return self._sources[name]
