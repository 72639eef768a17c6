"""The tables of a study by name, each loaded when it is first asked for."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar

import pandas as pd
import pyarrow as pa

from analysis import store, tables
from analysis.study import UserError

_Made = TypeVar("_Made")


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
        for part in self._each(lambda file: store.read_table(file, columns=asked)):
            if further:
                part = part.assign(**{self.joined[0]: self.joined[1](part)})
            yield part if columns is None else part[list(columns)]

    def sums(self, by: Sequence[str], number: str) -> Iterator[pd.DataFrame]:
        """File by file, a column of whole numbers added up over the rows with the same texts in ``by``."""
        return self._each(lambda file: store.sums_of(file, by, number))

    def _each(self, read: Callable[[str], pd.DataFrame]) -> Iterator[pd.DataFrame]:
        """What is read of each file. Raises UserError where one cannot be read."""
        for file in self.files:
            try:
                part = read(file)
            except (pa.ArrowException, OSError) as error:
                said = " ".join(str(error).split())[:200]
                raise UserError(f"{file}: cannot be read ({said}); delete it, and run samestory code") from None
            yield part


@dataclass(frozen=True)
class Parts:
    """A table in order, partition by partition, as often as one goes through it; nothing of it is held.

    ``columns``: some of them, in that order; None: all.
    """

    source: Stored | _WordSums | pd.DataFrame
    columns: tuple[str, ...] | None = None

    def __iter__(self) -> Iterator[pd.DataFrame]:
        if isinstance(self.source, pd.DataFrame):
            yield self.source if self.columns is None else self.source[list(self.columns)]
        else:
            yield from self.source.parts(self.columns)


@dataclass(frozen=True)
class _WordSums:
    """*word_counts* added up over words, when it is asked for."""

    source: Stored | pd.DataFrame

    @property
    def rows(self) -> int:
        return len(self.table)

    @cached_property
    def table(self) -> pd.DataFrame:
        # An article stands in one partition, so that no sum is cut in two.
        keys = ["article_id", "voice"]
        held = isinstance(self.source, pd.DataFrame)
        sums = (
            [self.source.groupby(keys, as_index=False, sort=False)["n"].sum()]
            if held
            else [*self.source.sums(keys, "n")]
        )
        whole = pd.concat(sums, ignore_index=True) if sums else tables.empty("word_counts")[[*keys, "n"]]
        return whole.assign(word=pd.array(["(all)"] * len(whole), dtype="str"))[["article_id", "word", "voice", "n"]]

    def parts(self, columns: Collection[str] | None) -> Iterator[pd.DataFrame]:
        yield self.table if columns is None else self.table[list(columns)]


class Tables(Mapping[str, pd.DataFrame]):
    """Name → table. A table that is in the store is loaded when it is first asked for, and then held.

    What is too large to be held is had in parts (`parts`) or in some columns; how many rows there are is known without
    loading anything (`rows`).
    """

    def __init__(self, sources: Mapping[str, Stored | _WordSums | pd.DataFrame]) -> None:
        self._sources = dict(sources)
        self._held: dict[str, pd.DataFrame] = {}
        self._made: dict[object, object] = {}

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

    def parts(self, name: str, columns: Collection[str] | None = None) -> Parts:
        """A table in order, partition by partition; nothing of it is held. ``columns``: some of them, in that order."""
        return Parts(self._sources[name], None if columns is None else tuple(columns))

    def with_word_sums(self) -> Tables:
        """The same tables, with *word_counts* summed over words: a row for each article and voice, word ``(all)``.

        For measures that need only how many words there are: the sums are made partition by partition, once, and are a
        thousandth of the table.
        """
        return Tables({**self._sources, "word_counts": _WordSums(self._sources["word_counts"])})

    def some(self, name: str, columns: Collection[str] | None = None) -> pd.DataFrame:
        """A table, or some of its columns, loaded now and not held."""
        found = list(self.parts(name, columns))
        if not found:
            return tables.empty(name) if columns is None else tables.empty(name)[list(columns)]
        return found[0] if len(found) == 1 else pd.concat(found, ignore_index=True)

    def of_articles(self, name: str, ids: pd.Series, columns: Sequence[str]) -> pd.DataFrame:
        """Some columns of a table's rows of some articles, in order; of what is in the store little else is read."""
        source = self._sources[name]
        if isinstance(source, pd.DataFrame):
            return source.loc[source["article_id"].isin(ids), list(columns)].reset_index(drop=True)
        files = source.files if len(ids) else ()
        found = [store.read_of(file, pa.array(ids, pa.large_string()), columns) for file in files]
        found = [rows.to_pandas() for rows in found if len(rows)]
        return pd.concat(found, ignore_index=True) if found else tables.empty(name)[list(columns)]

    def without_held(self) -> Tables:
        """The same tables, of which none is loaded yet."""
        return Tables(self._sources)

    def once(self, key: object, make: Callable[[], _Made]) -> _Made:
        """What follows from these tables alone, which do not change: made when it is first asked for under this key."""
        if key not in self._made:
            self._made[key] = make()
        return self._made[key]

    def stored(self, name: str) -> Stored:
        """Where a table is that is in the store."""
        return self._sources[name]


def once(tables: Mapping[str, pd.DataFrame], key: object, make: Callable[[], _Made]) -> _Made:
    """`Tables.once`; of tables in a plain dictionary, which anyone may change, it is made anew each time."""
    return tables.once(key, make) if isinstance(tables, Tables) else make()
