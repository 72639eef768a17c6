"""Tables on disk: Parquet in the study's tables folder, each set with the key of what it was made from.

A key is a hash over the inputs and over the source code that made the tables, so that a changed article, codebook or
rule makes them stale and nothing else does.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import os
import tempfile
from collections.abc import Iterable
from pathlib import Path

import pandas as pd
import pyarrow as pa

from analysis import tables
from analysis.cells import escaped
from analysis.study import PACKAGE

_KEYS = "keys.json"


def hash_of(*parts: str | bytes | Path) -> str:
    """SHA-256 over strings, bytes and the content of files, each preceded by its length."""
    whole = hashlib.sha256()
    for part in parts:
        content = part.read_bytes() if isinstance(part, Path) else part.encode() if isinstance(part, str) else part
        whole.update(f"{len(content)}:".encode())
        whole.update(content)
    return whole.hexdigest()


def code_hash(*rooms: str) -> str:
    """The hash of the sources (.py, .yml) of some rooms of the package and of the files above them."""
    files = [*PACKAGE.glob("*.py")] if not rooms else [PACKAGE / "tables.py", PACKAGE / "study.py"]
    for room in rooms:
        files += [path for path in (PACKAGE / room).rglob("*") if path.suffix in (".py", ".yml")]
    return hash_of(*(part for path in sorted(files) for part in (path.relative_to(PACKAGE).as_posix(), path)))


def table_hash(table: pd.DataFrame) -> str:
    """A hash of a table's content: values and column names, whatever the chunks or the file it came from."""
    sums = pd.util.hash_pandas_object(table, index=False).to_numpy()
    return hash_of(",".join(table.columns), sums.tobytes())


def load(folder: Path, names: Iterable[str], key: str) -> dict[str, pd.DataFrame] | None:
    """The tables, if all are there under this key; else None."""
    names = list(names)
    keys = _keys(folder)
    if any(keys.get(name) != key or not (folder / f"{name}.parquet").is_file() for name in names):
        return None
    try:
        return {name: pd.read_parquet(folder / f"{name}.parquet") for name in names}
    except (pa.ArrowException, OSError):  # a file that a full disk or a killed run left broken is made again
        return None


def save(folder: Path, made: dict[str, pd.DataFrame], key: str) -> None:
    """Write the tables, each whole or not at all, then note their key."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, table in made.items():
        tables.validate(name, table)
        _replace(folder / f"{name}.parquet", lambda path, table=table: table.to_parquet(path, compression="zstd"))
    keys = json.dumps({**_keys(folder), **dict.fromkeys(made, key)}, indent=1, sort_keys=True)
    _replace(folder / _KEYS, lambda path: path.write_text(keys + "\n", encoding="utf-8"))


def _keys(folder: Path) -> dict[str, str]:
    try:
        return json.loads((folder / _KEYS).read_text(encoding="utf-8"))
    except (FileNotFoundError, json.JSONDecodeError):
        return {}


def _replace(path: Path, write) -> None:
    """Write beside, then rename: a reader never sees half a file, and two writers of the same bytes do no harm."""
    handle, beside = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    os.close(handle)
    try:
        write(Path(beside))
        Path(beside).chmod(0o644)
        Path(beside).replace(path)
    finally:
        Path(beside).unlink(missing_ok=True)


def to_bytes(table: pd.DataFrame, form: str) -> bytes:
    """A table as ``csv`` (UTF-8, LF), ``jsonl`` or ``parquet``; a moment without a time of day is written as a date.

    Spreadsheets open CSV, and run what looks like a formula: see `inert`. Parquet and JSON Lines hold texts unchanged.
    """
    if form == "parquet":
        sink = io.BytesIO()
        table.to_parquet(sink, compression="zstd")
        return sink.getvalue()
    moments = table.select_dtypes("datetime").columns
    table = table.assign(**{column: _iso(table[column]) for column in moments})
    if form == "csv":
        return _csv(inert(table))
    return table.to_json(orient="records", lines=True, force_ascii=False, double_precision=15).encode()


def _csv(table: pd.DataFrame) -> bytes:
    """Cells in quotation marks where they must be; all of them where one holds a carriage return, since Python's csv
    (before 3.13) leaves such a cell bare, and readers take what follows for a new row."""
    text = table.to_csv(index=False, lineterminator="\n")
    if "\r" in text:
        text = table.to_csv(index=False, lineterminator="\n", quoting=csv.QUOTE_ALL)
    return text.encode()


def inert(table: pd.DataFrame) -> pd.DataFrame:
    """A table for a spreadsheet: texts that one would run get an apostrophe before them (`analysis.cells`), column
    names too. Numbers are not touched."""
    table = table.rename(columns=_inert)
    texts = table.select_dtypes(exclude=["number", "bool", "datetime", "timedelta"]).columns
    return table.assign(**{column: table[column].map(_inert, na_action="ignore") for column in texts})


def _inert(value: object) -> object:
    return escaped(value) if isinstance(value, str) else value


def _iso(moments: pd.Series) -> pd.Series:
    """ISO 8601, the date alone where the clock stands at midnight."""
    days = moments.dt.strftime("%Y-%m-%d").astype("str")
    return days.where(moments.isna() | (moments == moments.dt.normalize()), moments.dt.strftime("%Y-%m-%dT%H:%M:%S"))
