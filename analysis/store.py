"""Tables on disk: Parquet in the study's store, each with the key of what it was made from in its footer.

A key is a hash over the inputs and over the source code that made the tables, so that a changed article, codebook or
rule makes them stale and nothing else does.
"""

from __future__ import annotations

import csv
import hashlib
import io
import os
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from analysis import store_places as places
from analysis import tables
from analysis.cells import escaped
from analysis.study import PACKAGE

_KEY = b"samestory"
_GROUP = 2_500  # articles in a row group
_DICTIONARY = 1 << 26  # bytes of a column's different texts


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


def texts_hash(table: pa.Table) -> str:
    """A hash of an Arrow table of texts, numbers and moments: fast, and the same however it is cut into chunks."""
    whole = hashlib.sha256(f"{len(table)}".encode())
    for name, column in zip(table.column_names, table.columns, strict=True):
        whole.update(f"{name}:{column.null_count}:".encode())
        whole.update(column.is_null().to_numpy().tobytes())
        if pa.types.is_string(column.type) or pa.types.is_large_string(column.type):
            whole.update(pc.binary_length(column).fill_null(0).to_numpy().astype("int64").tobytes())
            for chunk in column.chunks:
                _add_text(whole, chunk.cast(pa.large_string()))
        else:
            whole.update(column.cast("int64").fill_null(0).to_numpy().tobytes())
    return whole.hexdigest()


def _add_text(whole: hashlib._Hash, chunk: pa.Array) -> None:
    """The bytes of a chunk's texts, one behind the other as they stand in memory (a missing one has none)."""
    _, offsets, data = chunk.buffers()
    if data is not None and len(chunk):
        ends = np.frombuffer(offsets, np.int64)[chunk.offset : chunk.offset + len(chunk) + 1]
        whole.update(memoryview(data)[ends[0] : ends[-1]])


def load(root: str | Path, names: Iterable[str], key: str) -> dict[str, pd.DataFrame] | None:
    """The tables, if all are there under this key; else None."""
    names = list(names)
    if any(rows(root, name, key) is None for name in names):
        return None
    try:
        return {name: read_table(places.join(root, f"{name}.parquet")) for name in names}
    except (pa.ArrowException, OSError):  # a file that a full disk or a killed run left broken is made again
        return None


def save(root: str | Path, made: dict[str, pd.DataFrame | Iterable[pd.DataFrame]], key: str) -> None:
    """Write the tables with their key, each whole or not at all, several at a time. A table may come in parts, of which
    one is held at a time."""
    for name, table in made.items():
        if isinstance(table, pd.DataFrame):
            tables.validate(name, table, encoded=True)
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        written = [
            pool.submit(_write, places.join(root, f"{name}.parquet"), _checked(name, table), key)
            for name, table in made.items()
        ]
        for each in written:
            each.result()


def _checked(name: str, table: pd.DataFrame | Iterable[pd.DataFrame]) -> Iterator[pd.DataFrame]:
    for part in [table] if isinstance(table, pd.DataFrame) else table:
        yield tables.validate(name, part, encoded=True)


def save_batches(
    root: str | Path,
    names: Sequence[str],
    batches: Iterable[dict[str, pd.DataFrame]],
    key: str,
    *,
    finish: Callable[[dict[str, pd.DataFrame]], dict[str, pd.DataFrame]] = lambda batch: batch,
) -> None:
    """Write tables that come in pieces (each has some rows of some of them, the last of all), so that no more than
    three pieces are in memory; all tables whole, or none. Meanwhile those before it are finished and written.

    Args:
        finish: what is left to do to a piece, in a thread of its own.
    """

    def write(left: Sequence[str], files: dict[str, Any]) -> None:
        if left:
            place = places.join(root, f"{left[0]}.parquet")
            places.put(place, lambda file: write(left[1:], {**files, left[0]: file}))
            return
        # Whatever ends this, the threads are done before a writer that they may be using is closed.
        with ExitStack() as stack, ThreadPoolExecutor(1) as writing, ThreadPoolExecutor(1) as finishing:
            writers: dict[str, pq.ParquetWriter] = {}

            def add(finished: Future[dict[str, pd.DataFrame]]) -> None:
                for name, table in finished.result().items():
                    tables.validate(name, table)
                    rows, options = _as_parquet(table, key)
                    if name not in writers:
                        writers[name] = stack.enter_context(_writer(files[name], rows.schema, options))
                    if len(rows):
                        writers[name].write_table(rows, row_group_size=_rows_together(rows))

            waiting: Future[None] | None = None
            for batch in batches:
                finished = finishing.submit(finish, batch)
                if waiting:
                    waiting.result()
                waiting = writing.submit(add, finished)
            if waiting:
                waiting.result()

    write(names, {})


def rows(root: str | Path, name: str, key: str | None = None) -> int | None:
    """How many rows a table has, from its file's footer; None where it is not there whole, or under another key."""
    found = _footer(places.join(root, f"{name}.parquet"))
    if found is None or (key is not None and (found.metadata or {}).get(_KEY) != key.encode()):
        return None
    return found.num_rows


def key_of(root: str | Path, name: str) -> str | None:
    """The key under which a table is there; None where it is not."""
    found = _footer(places.join(root, f"{name}.parquet"))
    return (found.metadata or {}).get(_KEY, b"").decode() or None if found else None


def _footer(place: str) -> pq.FileMetaData | None:
    try:
        with places.opened(place) as file:
            return pq.read_metadata(file)
    except (pa.ArrowException, OSError):
        return None


def write_table(place: str, table: pd.DataFrame, *, key: str = "") -> int:
    """Write a table as Parquet, with its key in the file's footer. Returns the number of bytes."""
    return _write(place, [table], key)


def _write(place: str, parts: Iterable[pd.DataFrame], key: str) -> int:
    """Write a table that comes in parts, the first of which is empty only if all are."""

    def write(file: Any) -> None:
        with ExitStack() as stack:
            writer = None
            for part in parts:
                rows, options = _as_parquet(part, key)
                if writer is None:
                    writer = stack.enter_context(_writer(file, rows.schema, options))
                writer.write_table(rows, row_group_size=_rows_together(rows))

    return places.put(place, write)


def _writer(file: Any, schema: pa.Schema, options: dict[str, Any]) -> pq.ParquetWriter:
    """A writer of rows of a schema. Where that is not stored as it is, its metadata are, which it would be without."""
    writer = pq.ParquetWriter(file, schema, **options)
    if not options.get("store_schema", True):
        writer.add_key_value_metadata(schema.metadata)
    return writer


def _as_parquet(table: pd.DataFrame, key: str) -> tuple[pa.Table, dict[str, Any]]:
    """A table with its key, and how it is written: texts that do not come twice are not worth a dictionary, and
    statistics, for which nothing asks, take as long as all the rest."""
    table = table if len(table) else tables.plain(table)  # a dictionary without a row has no type
    rows = pa.Table.from_pandas(table, preserve_index=False)
    # Categorical columns are written as the dictionaries they are, and read as text.
    read_as = pa.Schema.from_pandas(tables.plain(table.head(0)), preserve_index=False)
    often = [column for column in rows.column_names if column != "body"]
    options = {"compression": "zstd", "use_dictionary": often, "write_statistics": False}
    if _encoded(rows):
        options |= {"store_schema": False, "dictionary_pagesize_limit": _DICTIONARY}
        # Else the kind of a dictionary's numbers depends on how many there are, and parts of a table differ in it.
        numbered = pa.dictionary(pa.int32(), pa.large_string())
        rows = rows.cast(
            pa.schema([one.with_type(numbered) if pa.types.is_dictionary(one.type) else one for one in rows.schema])
        )
    return rows.replace_schema_metadata({**read_as.metadata, _KEY: key.encode()}), options


def _rows_together(rows: pa.Table) -> int | None:
    """The rows of a row group: articles are read again a few thousand at a time; a dictionary is written once."""
    return _GROUP if "body" in rows.column_names else max(len(rows), 1) if _encoded(rows) else None


def _encoded(rows: pa.Table) -> bool:
    return any(pa.types.is_dictionary(column.type) for column in rows.columns)


def read_table(place: str, *, columns: Collection[str] | None = None) -> pd.DataFrame:
    """A table, or some of its columns."""
    with places.opened(place) as file:
        return pd.read_parquet(file, columns=None if columns is None else list(columns))


def sums_of(place: str, by: Sequence[str], number: str) -> pd.DataFrame:
    """A column of whole numbers added up over the rows with the same texts in ``by``, in the order in which these first
    stand there. Texts are not made row by row, which is most of the time that reading a long table takes."""
    with places.opened(place) as file:
        rows = pq.ParquetFile(file, read_dictionary=list(by)).read(columns=[*by, number]).unify_dictionaries()
    texts = [rows[name].combine_chunks() for name in by]
    if not len(rows):
        return rows.to_pandas()[[*by, number]].astype(dict.fromkeys(by, "str"))
    shape = [len(text.dictionary) for text in texts]
    keys = np.ravel_multi_index([text.indices.to_numpy() for text in texts], shape)
    first = np.full(np.prod(shape), len(keys))
    first[keys[::-1]] = np.arange(len(keys))[::-1]
    sums = np.bincount(keys, weights=rows[number].to_numpy(), minlength=len(first)).astype(np.int64)
    found = np.argsort(first, kind="stable")[: np.count_nonzero(first < len(keys))]
    at = np.unravel_index(found, shape)
    named = {name: text.dictionary.take(pa.array(own)) for name, text, own in zip(by, texts, at, strict=True)}
    return pa.table({**named, number: sums[found]}).to_pandas()


def read_rows(place: str, start: int, stop: int, columns: Collection[str]) -> pa.Table:
    """The rows from ``start`` to before ``stop`` of some columns; no more of the file is read than the groups they are
    in."""
    with places.opened(place) as file:
        opened = pq.ParquetFile(file)
        sizes = [opened.metadata.row_group(number).num_rows for number in range(opened.num_row_groups)]
        begins = np.cumsum([0, *sizes])
        chosen = [at for at, size in enumerate(sizes) if begins[at] < stop and begins[at] + size > start]
        table = opened.read_row_groups(chosen, columns=list(columns))
        return table.slice(start - begins[chosen[0]] if chosen else 0, stop - start)


def read_of(place: str, ids: pa.Array, columns: Collection[str]) -> pa.Table:
    """Some columns, ``article_id`` among them, of the rows of some articles, in order: the ids, of which a file holds
    each once, are looked at before anything else is read."""
    with places.opened(place) as file:
        opened = pq.ParquetFile(file, read_dictionary=["article_id"])
        of = opened.read(columns=["article_id"])["article_id"]
        chosen = [pc.is_in(chunk.dictionary, value_set=ids).take(chunk.indices) for chunk in of.chunks]
        wanted = pa.chunked_array(chosen, pa.bool_())
        if not pc.any(wanted).as_py():
            return opened.schema_arrow.empty_table().select(list(columns))
        table = opened.read(columns=list(columns)).select(list(columns)).filter(wanted)
        at = table.column_names.index("article_id")
        return table.set_column(at, "article_id", table["article_id"].cast(pa.large_string()))


def columns_in(place: str) -> list[str]:
    """The columns of a table, from its file's footer."""
    with places.opened(place) as file:
        return pq.read_schema(file).names


def read_some(place: str, rows: Sequence[int], columns: Collection[str]) -> pa.Table:
    """Some rows of a table by their numbers, in that order; no more of the file is read than the groups they are in."""
    asked = np.asarray(rows, dtype=np.int64)
    with places.opened(place) as file:
        opened = pq.ParquetFile(file)
        sizes = [opened.metadata.row_group(number).num_rows for number in range(opened.num_row_groups)]
        begins = np.cumsum([0, *sizes])
        group = np.searchsorted(begins, asked, side="right") - 1
        chosen, order = np.unique(group), np.argsort(asked, kind="stable")
        # Group by group: what is not asked for is let go of at once.
        parts = [
            opened.read_row_group(one, columns=list(columns)).take(asked[order][group[order] == one] - begins[one])
            for one in chosen.tolist()
        ]
        found = pa.concat_tables(parts) if parts else opened.schema_arrow.empty_table().select(list(columns))
    return found.take(np.argsort(order, kind="stable"))


def batches(place: str, columns: Collection[str], *, size: int = 1000) -> Iterator[pa.Table]:
    """Some columns of a table, a few rows at a time."""
    with places.opened(place) as file:
        opened = pq.ParquetFile(file)
        # Arrow keeps the bytes of all groups that it is asked for at once until the last of them has been read.
        for group in range(opened.num_row_groups):
            for batch in opened.iter_batches(batch_size=size, row_groups=[group], columns=list(columns)):
                yield pa.Table.from_batches([batch])


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
