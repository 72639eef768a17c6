"""Indexes on disk: three Arrow files each, read by mapping them, so that what is not asked is not read.

``NAME.tokens.arrow`` has a row a text (types, starts and gaps, as lists), ``NAME.types.arrow`` a row a raw type (the
type as printed, its characters, how often it stands), ``NAME.forms.arrow`` a row a folded type, in order (its raw
types, as a list). They take about as much room as the texts.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa

from analysis import engine_settings
from analysis.coding.index import Index
from analysis.coding.vocabulary import Forms

PARTS = ("headline", "deck", "body")
_OF_TOKENS = ("types", "starts", "gaps")
# What decides how an index looks: a change of one of these files makes indexes stale.
_RULES = (
    *("characters.py", "tokens.py", "scanning.py", "eights.py", "interning.py"),
    *("gaps.py", "sentences.py", "words.py", "index.py", "indexing.py", "index_files.py", "vocabulary.py"),
)


def kept_indexes(
    articles: pd.DataFrame,
    folder: Path,
    *,
    read: Callable[[int, int], pd.DataFrame | pa.Table] | None = None,
    threads: int = 2,
) -> list[Index]:
    """The indexes of the partitions of a study's articles: from a folder, or made and written there.

    Args:
        articles: the *articles* table; article_id and deck suffice where ``read`` gives the texts.
        folder: holds indexes and nothing else; those of other articles are removed.
        read: headline, deck and body of the articles from one row to before another: asked where there is no index yet.

    Returns:
        One index a partition, with headline, deck and body of each article as its three texts.
    """
    starts = range(0, max(len(articles), 1), engine_settings.PARTITION)
    runs = [(start, min(start + engine_settings.PARTITION, len(articles))) for start in starts]
    names = [_name(articles[start:stop]) for start, stop in runs]
    texts = read or (lambda start, stop: articles[start:stop])

    def kept(run: tuple[int, int], name: str) -> Index:
        try:
            return read_index(folder, name)
        except (FileNotFoundError, pa.ArrowInvalid):
            write_index(index_articles(texts(*run)), folder, name)
            return read_index(folder, name)

    with ThreadPoolExecutor(threads) as pool:
        indexes = list(pool.map(kept, runs, names))
    for path in folder.glob("*.arrow"):
        if path.name.split(".")[0] not in names:
            path.unlink(missing_ok=True)
    return indexes


def _name(run: pd.DataFrame) -> str:
    """A name for what an index is made from. An article's id stands for its headline and body."""
    from analysis import store  # to read an index it is not needed

    said = pa.Table.from_pandas(run[["article_id", "deck"]], preserve_index=False)
    return store.hash_of(_rules(), store.texts_hash(said))[:16]


@cache
def _rules() -> str:
    """The hash of the code that makes indexes."""
    from analysis import store

    return store.hash_of(*(Path(__file__).parent / name for name in _RULES))


def index_articles(articles: pd.DataFrame | pa.Table) -> Index:
    """The index of headline, deck and body of each article."""
    columns = [_strings(articles[part]) for part in PARTS]
    # Behind each other as columns, then in the order of the articles: the texts never become Python strings.
    n = len(articles)
    texts = pa.concat_arrays(columns).take(pa.array((np.arange(3)[None, :] * n + np.arange(n)[:, None]).ravel()))
    from analysis.coding.indexing import index_texts  # compiled loops, which are needed once

    return index_texts(texts, parts=len(PARTS))


def _strings(column: pd.Series | pa.ChunkedArray) -> pa.Array:
    """A column as one Arrow array; of a table read from a file it stands in several pieces."""
    if isinstance(column, pd.Series):
        column = pa.array(column, pa.large_string(), from_pandas=True)
    column = column.cast(pa.large_string())
    return column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column


def write_index(index: Index, folder: Path, name: str) -> None:
    """Write an index as three files of a folder, each whole or not at all."""
    folder.mkdir(parents=True, exist_ok=True)
    bounds = pa.array(index.bounds)
    lists = [pa.LargeListArray.from_arrays(bounds, pa.array(getattr(index, column))) for column in _OF_TOKENS]
    types = [index.raw, pa.array(index.sizes), pa.array(index.counts)]
    forms = [index.forms.strings, pa.LargeListArray.from_arrays(index.forms.bounds, index.forms.types)]
    # The tokens last: where they are, all is there.
    _write(pa.record_batch(types, names=["raw", "size", "n"]), folder / f"{name}.types.arrow")
    _write(pa.record_batch(forms, names=["form", "types"]), folder / f"{name}.forms.arrow")
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
    tokens, types, forms = (_read(folder / f"{name}.{kind}.arrow") for kind in ("tokens", "types", "forms"))
    types_of = forms.column("types")
    columns: Sequence[pa.LargeListArray] = [tokens.column(column) for column in _OF_TOKENS]
    return Index(
        **{name: lists.flatten().to_numpy() for name, lists in zip(_OF_TOKENS, columns, strict=True)},
        bounds=columns[0].offsets.to_numpy(),
        raw=types.column("raw"),
        sizes=types.column("size").to_numpy(),
        counts=types.column("n").to_numpy(),
        parts=int(tokens.schema.metadata[b"parts"]),
        forms_read=Forms(forms.column("form"), types_of.offsets.to_numpy(), types_of.flatten().to_numpy()),
    )


def _read(path: Path) -> pa.RecordBatch:
    """The one batch of a file, mapped."""
    return pa.ipc.open_file(pa.memory_map(str(path))).get_batch(0)
