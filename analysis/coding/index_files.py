"""Indexes on disk: two Arrow files each, read by mapping them, so that what is not asked is not read.

``NAME.tokens.arrow`` has a row a text (types, starts and gaps, as lists), ``NAME.types.arrow`` a row a raw type (the
type as printed, its characters, how often it stands). They take about as much room as the texts.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa

from analysis import engine, store
from analysis.coding.index import Index, index_texts

PARTS = ("headline", "deck", "body")
_OF_TOKENS = ("types", "starts", "gaps")
# What decides how an index looks: a change of one of these files makes indexes stale.
_RULES = (
    *("characters.py", "tokens.py", "scanning.py", "eights.py", "interning.py"),
    *("sentences.py", "words.py", "index.py", "index_files.py"),
)


def kept_indexes(articles: pd.DataFrame, folder: Path, *, threads: int = 2) -> list[Index]:
    """The indexes of the partitions of a study's articles: from a folder, or made and written there.

    Args:
        articles: the *articles* table. folder: holds indexes and nothing else; those of other articles are removed.

    Returns:
        One index a partition, with headline, deck and body of each article as its three texts.
    """
    runs = engine.partitions(articles)
    names = [_name(run) for run in runs]
    with ThreadPoolExecutor(threads) as pool:
        indexes = list(pool.map(lambda run, name: _kept(run, folder, name), runs, names))
    for path in folder.glob("*.arrow"):
        if path.name.split(".")[0] not in names:
            path.unlink(missing_ok=True)
    return indexes


def _name(run: pd.DataFrame) -> str:
    """A name for what an index is made from. An article's id stands for its headline and body."""
    rules = store.hash_of(*(Path(__file__).parent / name for name in _RULES))
    return store.hash_of(rules, store.table_hash(run[["article_id", "deck"]]))[:16]


def _kept(run: pd.DataFrame, folder: Path, name: str) -> Index:
    try:
        return read_index(folder, name)
    except (FileNotFoundError, pa.ArrowInvalid):
        write_index(index_articles(run), folder, name)
        return read_index(folder, name)


def index_articles(articles: pd.DataFrame) -> Index:
    """The index of headline, deck and body of each article."""
    columns = [pa.array(articles[part], pa.large_string(), from_pandas=True) for part in PARTS]
    # Behind each other as columns, then in the order of the articles: the texts never become Python strings.
    n = len(articles)
    texts = pa.concat_arrays(columns).take(pa.array((np.arange(3)[None, :] * n + np.arange(n)[:, None]).ravel()))
    return index_texts(texts, parts=len(PARTS))


def write_index(index: Index, folder: Path, name: str) -> None:
    """Write an index as two files of a folder, each whole or not at all."""
    folder.mkdir(parents=True, exist_ok=True)
    bounds = pa.array(index.bounds)
    lists = [pa.LargeListArray.from_arrays(bounds, pa.array(getattr(index, column))) for column in _OF_TOKENS]
    types = [index.raw, pa.array(index.sizes), pa.array(index.counts)]
    # Types first: where the tokens are, all is there.
    _write(pa.record_batch(types, names=["raw", "size", "n"]), folder / f"{name}.types.arrow")
    tokens = pa.record_batch(lists, names=_OF_TOKENS).replace_schema_metadata({"parts": str(index.parts)})
    _write(tokens, folder / f"{name}.tokens.arrow")


def _write(batch: pa.RecordBatch, path: Path) -> None:
    """Write beside, then rename: a reader never sees half a file."""
    handle, beside = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    os.close(handle)
    try:
        with pa.OSFile(beside, "wb") as sink, pa.ipc.new_file(sink, batch.schema) as writer:
            writer.write_batch(batch)
        Path(beside).chmod(0o644)
        Path(beside).replace(path)
    finally:
        Path(beside).unlink(missing_ok=True)


def read_index(folder: Path, name: str) -> Index:
    """An index as it was written.

    Raises:
        FileNotFoundError, pyarrow.ArrowInvalid: it is not there, or no whole file.
    """
    tokens, types = _read(folder / f"{name}.tokens.arrow"), _read(folder / f"{name}.types.arrow")
    columns: Sequence[pa.LargeListArray] = [tokens.column(column) for column in _OF_TOKENS]
    return Index(
        **{name: lists.flatten().to_numpy() for name, lists in zip(_OF_TOKENS, columns, strict=True)},
        bounds=columns[0].offsets.to_numpy(),
        raw=types.column("raw"),
        sizes=types.column("size").to_numpy(),
        counts=types.column("n").to_numpy(),
        parts=int(tokens.schema.metadata[b"parts"]),
    )


def _read(path: Path) -> pa.RecordBatch:
    """The one batch of a file, mapped."""
    return pa.ipc.open_file(pa.memory_map(str(path))).get_batch(0)
