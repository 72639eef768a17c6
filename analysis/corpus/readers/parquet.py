"""Parquet: a row is one article."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from analysis.corpus.decoding import Unreadable
from analysis.corpus.readers.columns import Item, need_body, record

ROWS = 1000  # read at once


def read(
    path: Path, *, encoding: str, keep: str | None = None, columns: dict[str, str] | None = None
) -> Iterator[Item]:
    """One item a row, a thousand rows in memory at a time; only the columns that are used are read.

    ``columns`` is the map of study.yml. Raises Unreadable where the file is no Parquet, has no rows, or has no body
    column. ``encoding`` is not used: text in Parquet is UTF-8.
    """
    try:
        with pq.ParquetFile(path) as file:
            names = file.schema_arrow.names
            found = need_body(names, columns)
            twice = next((name for name in found.values() if names.count(name) > 1), None)
            if twice:
                raise Unreadable(f"column {twice!r} stands twice in the file")
            wanted = [*found.values(), *([keep] if keep in names else [])]
            index = -1
            for batch in file.iter_batches(batch_size=ROWS, columns=wanted):
                read_columns = {name: _values(batch.column(name)) for name in dict.fromkeys(wanted)}
                for row in range(batch.num_rows):
                    index += 1
                    values = {name: column[row] for name, column in read_columns.items()}
                    yield record(values, index, columns=found, keep=keep, where=f"row {index + 1}")
    except FileNotFoundError:
        raise
    except (pa.ArrowException, OSError, ValueError) as error:
        raise Unreadable(f"not Parquet that can be read: {' '.join(str(error).split())[:120]}") from None
    if index < 0:
        raise Unreadable("no rows in the file")


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
