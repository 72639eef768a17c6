"""Coding in partitions: which there are, what of them is coded, and the function that codes one.

In the store, ``articles.parquet`` holds the articles; ``mentions/``, ``quotes/`` and so on hold a file for each
partition, named by its first row and its key; ``parts/`` holds, under the same name, how many rows and bytes these
files have, written last: a partition counts as coded when all its files are there with those sizes. The key is a hash
over the code, the codebooks and the articles of the partition.
"""

from __future__ import annotations

import gc
import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import TYPE_CHECKING, NamedTuple, TypeVar

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from analysis import store, tables
from analysis import store_places as places
from analysis.engine_settings import PARTITION, TEXT
from analysis.study import UserError, shipped

if TYPE_CHECKING:
    from analysis.coding.codebook import Codebook

ARTICLES = "articles.parquet"
_TEXTS = ("headline", "deck", "body")
_READ = ("article_id", "published", *_TEXTS)  # what coding knows of an article
# What articles say of themselves that decides who copied whom and which story they belong to.
TOLD = ["article_id", "outlet", "published", "agency", "credit", "story", "n_words"]
_PLAN = "parts/plan.json"
_STALE = "run samestory code again"


_Item = TypeVar("_Item")


class Part(NamedTuple):
    """A partition: rows of *articles* from ``start`` to before ``stop``, its key, the hash of its articles, and the ids
    of the first and the last of them."""

    start: int
    stop: int
    key: str
    articles: str
    first: str
    last: str

    @property
    def name(self) -> str:
        """What its files are called."""
        return f"{self.start:09}-{self.key[:24]}"

    def file(self, table: str) -> str:
        """The file of one of its tables, in the store."""
        return f"{table}/{self.name}.parquet"

    @property
    def said(self) -> str:
        """The partition in words."""
        return f"articles {self.start + 1:,} to {self.stop:,} ({self.first} to {self.last})"

    @property
    def marker(self) -> str:
        """The file that says what the others hold."""
        return f"parts/{self.name}.json"


class Plan(NamedTuple):
    """The partitions of a study in order, the most articles and bytes of text that were allowed in one, and the hash of
    the articles' columns `TOLD`."""

    parts: list[Part]
    limits: tuple[int, int]
    told: str


@cache
def coding_hash() -> str:
    """The hash of the code that codes an article, and of the words it brings where the study brings none."""
    words = (shipped("codebooks") / f"{name}.yml" for name in ("reporting-verbs", "evaluations"))
    return store.hash_of(store.code_hash("coding"), *words)


def plan(root: str, codebooks: str, limits: tuple[int, int] | None) -> Plan:
    """The partitions of the articles in a store: as they were before where that serves, else cut anew.

    Args:
        codebooks: a hash of what they say. limits: the most articles and bytes of text; None: as before, else the
            default.
    """
    key = store.hash_of(coding_hash(), codebooks, store.key_of(root, "articles") or "")
    known = _planned(root)
    before = known[1].limits if known else None
    if known and known[0] == key:
        finer = limits is None or all(was <= asked for was, asked in zip(before, limits, strict=True))
        if finer or len(coded(root, known[1].parts, places.sizes(root))) == len(known[1].parts):
            return known[1]
    limits = limits or before or (PARTITION, TEXT)
    told = store.table_hash(store.read_table(places.join(root, ARTICLES), columns=TOLD))
    made = Plan(_cut(root, codebooks, limits), limits, told)
    said = json.dumps({"key": key, **made._asdict()}, indent=0)
    places.put(places.join(root, _PLAN), lambda file: file.write(said.encode()))
    return made


def _planned(root: str) -> tuple[str, Plan] | None:
    """The last plan of a store and its key; None where there is none that can be read."""
    try:
        said = json.loads(places.get(places.join(root, _PLAN)))
        return said["key"], Plan([Part(*part) for part in said["parts"]], tuple(said["limits"]), said["told"])
    except (FileNotFoundError, ValueError, KeyError, TypeError):
        return None


def _cut(root: str, codebooks: str, limits: tuple[int, int]) -> list[Part]:
    """The articles cut into partitions, each as long as the limits allow; an article that is too long stands alone."""
    parts, begin = [], 0
    for run in _ahead(_runs(places.join(root, ARTICLES), limits)):
        digest = store.texts_hash(run)
        ids = run["article_id"]
        key = store.hash_of(coding_hash(), codebooks, digest)
        parts.append(Part(begin, begin + len(run), key, digest, ids[0].as_py(), ids[-1].as_py()))
        begin += len(run)
    return parts


def _ahead(items: Iterator[_Item]) -> Iterator[_Item]:
    """The same, of which the next is made in a thread while one is looked at."""
    with ThreadPoolExecutor(1) as thread:
        following = thread.submit(next, items, None)
        while (item := following.result()) is not None:
            following = thread.submit(next, items, None)
            yield item


def _runs(place: str, limits: tuple[int, int]) -> Iterator[pa.Table]:
    """The articles as runs within the limits, in order; no more than one run is held at a time."""
    held: list[pa.Table] = []
    articles, size = limits
    for batch in store.batches(place, _READ):
        sums = np.cumsum(sum(pc.binary_length(batch[name]).fill_null(0).to_numpy() for name in _TEXTS))
        at = 0
        while at < len(batch):
            before = sums[at - 1] if at else 0
            fit = min(int(np.searchsorted(sums, before + size, side="right")), at + articles)
            if fit > at or not held:
                fit = max(fit, at + 1)
                held.append(batch.slice(at, fit - at))
                articles, size, at = articles - (fit - at), size - int(sums[fit - 1] - before), fit
            if at < len(batch):
                yield pa.concat_tables(held)
                held, (articles, size) = [], limits
    if held:
        yield pa.concat_tables(held)


def coded(root: str, parts: Sequence[Part], there: Mapping[str, int]) -> dict[Part, dict[str, int]]:
    """The partitions that are coded, with the rows of each of their tables. ``there``: `places.sizes` of the store."""
    found = {}
    for part in parts:
        if part.marker in there:
            try:
                said = json.loads(places.get(places.join(root, part.marker)))
                whole = all(there.get(part.file(name)) == said["bytes"][name] for name in tables.CODED)
                rows = {name: int(said["rows"][name]) for name in tables.CODED}
            except (FileNotFoundError, ValueError, KeyError, TypeError):
                continue
            if whole:
                found[part] = rows
    return found


def code_part(part: Part, *, root: str, code: str, codebooks: Sequence[Codebook]) -> dict[str, int]:
    """Code a partition: its articles from the store, its tables into it. Returns the rows of each table.

    Args:
        code: the hash of the code that is to do it.

    Raises UserError where this is other code, or these are other articles, than the key says.
    """
    from analysis.coding.partition import code_encoded  # takes seconds to load: where all is coded, it is not

    if code != coding_hash():
        raise UserError("another version of Samestory runs here; all workers need the same")
    articles = store.read_rows(places.join(root, ARTICLES), part.start, part.stop, _READ)
    if store.texts_hash(articles) != part.articles:
        raise UserError(f"the articles were read anew meanwhile; {_STALE}")
    # What is there by now is no garbage: a collection, of which coding needs many, looks through the coding's own only.
    gc.freeze()
    try:
        made = code_encoded(articles.combine_chunks().to_pandas(), codebooks)
    finally:
        gc.unfreeze()
    rows = {name: len(made[name]) for name in tables.CODED}
    sizes = {name: store.write_table(places.join(root, part.file(name)), made[name]) for name in tables.CODED}
    said = json.dumps({"rows": rows, "bytes": sizes})
    places.put(places.join(root, part.marker), lambda file: file.write(said.encode()))
    return rows


def prune(root: str, parts: Collection[Part], there: Collection[str]) -> None:
    """Remove files of partitions that are not among these, and of tables that were once kept whole, from the store.

    Args:
        there: the files that stood there before these partitions were coded.
    """
    wanted = {part.marker for part in parts} | {part.file(name) for part in parts for name in tables.CODED} | {_PLAN}
    folders = {"parts", *tables.CODED}
    old = {f"{name}.parquet" for name in tables.CODED} | {"keys.json"}
    useless = [one for one in there if (one.split("/")[0] in folders and one not in wanted) or one in old]
    if useless:
        places.remove(root, useless)
