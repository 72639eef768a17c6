"""What the commands write: tables and text to a file or to standard output, notes to standard error."""

from __future__ import annotations

import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd


class Format(StrEnum):
    """How a table is written."""

    csv = "csv"
    jsonl = "jsonl"
    parquet = "parquet"


def note(message: str) -> None:
    """A line for the reader, on standard error."""
    print(message, file=sys.stderr)


def write(table: pd.DataFrame, form: Format, out: Path | None) -> None:
    """A table to a file or to standard output."""
    from analysis.store import to_bytes

    _put_bytes(to_bytes(table, form.value), out)


def put(text: str, out: Path | None) -> None:
    """Text to a file or to standard output, in UTF-8 whatever the terminal says."""
    _put_bytes(text.encode(), out)


def _put_bytes(content: bytes, out: Path | None) -> None:
    if out is None:
        sys.stdout.buffer.write(content)
        sys.stdout.buffer.flush()
    else:
        out.parent.mkdir(parents=True, exist_ok=True)
        out.write_bytes(content)
