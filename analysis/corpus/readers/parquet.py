"""Parquet: a row is one article."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import accumulate
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from analysis.corpus.decoding import Unreadable
from analysis.corpus.readers.columns import Item, need_body, record

ROWS = 1000  # read at once


def read(
    path: Path,
    *,
    encoding: str,
    keep: str | None = None,
    columns: dict[str, str] | None = None,
    part: tuple[int, int] | None = None,
) -> Iterator[Item]:
    """One item a row, a thousand rows in memory at a time; only the columns that are used are read.

    ``columns`` is the map of study.yml. Raises Unreadable where the file is no Parquet, has no rows, or has no body
    column. ``encoding`` is not used: text in Parquet is UTF-8. ``part``: of the rows.
    """
    try:
        with pq.ParquetFile(path) as file:
            names = file.schema_arrow.names
            found = need_body(names, columns)
            twice = next((name for name in found.values() if names.count(name) > 1), None)
            if twice:
                raise Unreadable(f"column {twice!r} stands twice in the file")
            wanted = [*found.values(), *([keep] if keep in names else [])]
            row, batches = (
                _part(file, wanted, *part) if part else (0, _batches(file, range(file.num_row_groups), wanted))
            )
            index = -1
            for batch in batches:
                read_columns = {name: _values(batch.column(name)) for name in dict.fromkeys(wanted)}
                for place in range(batch.num_rows):
                    index, row = index + 1, row + 1
                    values = {name: column[place] for name, column in read_columns.items()}
                    yield record(values, index, columns=found, keep=keep, where=f"row {row}")
    except FileNotFoundError:
        raise
    except (pa.ArrowException, OSError, ValueError) as error:
        raise Unreadable(f"not Parquet that can be read: {' '.join(str(error).split())[:120]}") from None
    if index < 0 and not (part and part[0]):
        raise Unreadable("no rows in the file")


def _part(file: pq.ParquetFile, columns: list[str], k: int, n: int) -> tuple[int, Iterator[pa.RecordBatch]]:
    """How many rows stand above a part of the rows, and some columns of the part; only its row groups are read."""
    begin, end = (file.metadata.num_rows * at // n for at in (k, k + 1))
    sizes = [file.metadata.row_group(group).num_rows for group in range(file.num_row_groups)]
    stops = list(accumulate(sizes))
    groups = [group for group, stop in enumerate(stops) if stop > begin and stop - sizes[group] < end]
    above = stops[groups[0]] - sizes[groups[0]] if groups else begin

    def batches(row: int) -> Iterator[pa.RecordBatch]:
        for batch in _batches(file, groups, columns):
            first = max(begin - row, 0)
            if first < batch.num_rows:
                yield batch.slice(first, end - row - first)
            row += batch.num_rows
            if row >= end:
                return

    return begin, batches(above) if groups and begin < end else iter(())


def _batches(file: pq.ParquetFile, groups: Iterable[int], columns: list[str]) -> Iterator[pa.RecordBatch]:
    """Some columns of row groups, one after the other: of all that it is asked for at once Arrow keeps the bytes."""
    for group in groups:
        yield from file.iter_batches(ROWS, row_groups=[group], columns=columns)


def _values(column: pa.Array) -> list[Any]:
    """The column as Python values; a value that is none (text that is no UTF-8, a year beyond 9999) becomes bytes."""
    try:
        return column.to_pylist()
    except (UnicodeDecodeError, ValueError, OverflowError):
        return [_value(scalar) for scalar in column]


def _value(scalar: pa.Scalar) -> Any:
    try:
        return scalar.as_py()
    except (UnicodeDecodeError, ValueError, OverflowError):
        return b""
