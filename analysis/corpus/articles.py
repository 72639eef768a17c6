"""A study's sources → the articles, what was cut from their pages, what could not be read, and what each source holds.

Nothing is lost silently: items found = articles + rejects, and each reject has its reason. What the files hold goes
from the processes that read into a store on disk, and from there into the tables some thousand articles at a time.
"""

from __future__ import annotations

import hashlib
from array import array
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pandas as pd
import pyarrow as pa

from analysis.corpus.across import Item, outlet_names, settled, survey
from analysis.corpus.article import Row
from analysis.corpus.frames import Entry, encode
from analysis.corpus.furniture import CREDITS
from analysis.corpus.gathering import entries, gather
from analysis.corpus.kept import Kept, Lost
from analysis.corpus.limits import LIMITS, Limits
from analysis.corpus.manifest import Manifest, read_manifest
from analysis.corpus.outlets import read_outlets
from analysis.corpus.places import printable, roots, source_files, source_name
from analysis.corpus.reading import Job
from analysis.corpus.sources import Source, new_source, reject, source_row, state
from analysis.engine import Progress
from analysis.store import code_hash, hash_of
from analysis.study import Study, UserError
from analysis.tables import TABLES, empty

# Articles, rows of any other table, and bytes of text that are in memory at a time.
ARTICLES, ROWS, TEXT = 5_000, 100_000, 60_000_000
_COLUMNS = [column for column in TABLES["articles"].columns if column != "n_words"]
_ATTEMPTS = 3
_ID = 12  # hex digits


def read_articles(study: Study, **options) -> dict[str, pd.DataFrame]:
    """The tables of `read_batches` as a whole, for a study that memory can hold."""
    batches = list(read_batches(study, **options))
    return {
        name: pd.concat([batch[name] for batch in batches if name in batch], ignore_index=True) for name in batches[-1]
    }


def read_batches(
    study: Study,
    *,
    workers: int = 0,
    limits: Limits = LIMITS,
    kept: Kept | None = None,
    digests: Mapping[Path, str] | None = None,
    progress: Callable[[Progress], None] | None = None,
) -> Iterator[dict[str, pd.DataFrame]]:
    """Read every source of a study: tables ``articles`` (without n_words), ``rejects`` and ``furniture``, some thousand
    rows of them at a time, and with the last ones ``sources``.

    Columns and types are those of `analysis.tables.TABLES`; the manifest's other columns are added to ``articles``, as
    text. Rows are in the order of `source_files`, whatever reads them. An article of the same outlet, headline, body
    and day as an earlier one is a reject. In ``furniture``, line 0 is a value outside the text: a field that could not
    be used, a headline or deck that the manifest overrides, or what stood amid the text.

    Args:
        workers: processes to read with; 0 reads in this one, without limits of time and memory.
        kept: what earlier runs read, with ``digests`` of the files' contents; what is read is added to it.
        progress: called now and then.

    Raises UserError where a pattern of ``articles`` finds nothing, the manifest is wrong, or ``compare`` names no
    column.
    """
    files = source_files(study)
    manifest = read_manifest(study, files, roots(study))
    _check_credits(study, manifest)
    jobs = [_job(study, manifest, file) for file in files]
    name = outlet_names(read_outlets(study.outlets_path))
    store = kept if kept and digests else Kept(None)
    code = code_hash("corpus")
    contents = dict(zip((job.path for job in jobs), map((digests or {}).get, files), strict=True))
    lasting: set[str] | None = None

    def key_of(job: Job) -> str:
        content = contents[job.path] or f"the file {job.path}"
        return hash_of(code, content, Path(job.path).suffix.lower(), encode(job._replace(path="")))

    def items(bodies: bool, sources: list[Source] | None = None) -> Iterator[Item]:
        sources = [] if sources is None else sources
        for missing, reason in manifest.missing:
            sources.append(new_source(printable(missing), None))
            yield Item(sources[-1], {"index": 0, "reason": reason}, {})
        for file, keys in zip(files, gathered.keys, strict=True):
            held = entries(keys, store, limits, bodies=bodies)
            yield from _items(source_name(study, file), held, manifest.rows.get(file, {}), sources)

    try:
        for left in reversed(range(_ATTEMPTS)):
            try:
                gathered = gather(jobs, key_of, store, workers=workers, limits=limits, progress=progress)
                found = survey(items, name)
            except Lost:
                if not left:
                    raise
            else:
                break
        lasting = gathered.lasting
        sources: list[Source] = []
        yield from _batches(settled(items(True, sources), found, name), found.stated, sources, study, manifest)
    finally:
        store.close(lasting)


def _items(file: str, entries: Iterator[Entry], told: Row, sources: list[Source]) -> Iterator[Item]:
    """The articles and rejects of a file, in order; its parts are added to the sources."""
    source = None
    for entry in entries:
        if "part" in entry or source is None:
            name = f"{file}/{entry['part']}" if entry.get("part") else file
            source = new_source(name, entry.get("format"))
            sources.append(source)
        if "expected" in entry:
            state(source, entry["expected"])
        elif "index" in entry:
            yield Item(source, entry, told)


class _Batch(NamedTuple):
    """Rows of the tables while they are made."""

    articles: list[Row]
    rejects: list[Row]
    furniture: list[Row]

    @property
    def full(self) -> bool:
        return len(self.articles) >= ARTICLES or len(self.rejects) >= ROWS or len(self.furniture) >= ROWS


def _batches(
    items: Iterator[Item], stated: set[str], sources: list[Source], study: Study, manifest: Manifest
) -> Iterator[dict[str, pd.DataFrame]]:
    """The items as tables; the last ones with the table of the sources."""
    columns = [*_COLUMNS, *(column for column in manifest.columns if column not in _COLUMNS)]
    strange = study.compare not in columns and study.compare != "n_words"
    columns += [study.compare] if strange else []
    known, batch, size = _Known({}, array("i"), array("i"), array("q"), []), _Batch([], [], []), 0
    for item in items:
        size += _tell_apart(item, known, batch, item.source.name in stated)
        if strange and batch.articles:
            strange = batch.articles[-1].get(study.compare) is None
        if batch.full or size >= TEXT:
            yield _tables(batch, columns)
            batch, size = _Batch([], [], []), 0
    if strange:
        here = ", ".join(columns[:-1])
        raise UserError(f"{study.folder / 'study.yml'}: compare: no column {study.compare!r}; columns here: {here}")
    yield {**_tables(batch, columns), "sources": _table("sources", [source_row(source) for source in sources])}


def _tables(batch: _Batch, columns: list[str]) -> dict[str, pd.DataFrame]:
    return {
        "articles": _table("articles", batch.articles, columns),
        "rejects": _table("rejects", batch.rejects),
        "furniture": _table("furniture", batch.furniture),
    }


def _tell_apart(item: Item, known: _Known, batch: _Batch, stated: bool) -> int:
    """Add an item to the rows, with its id where it is an article; one that is there already is a reject. What its
    source holds is counted. Returns how long the text is."""
    source, entry, _ = item
    place = {"source_file": source.name, "source_index": entry["index"]}
    if "reason" in entry:
        batch.rejects.append({**place, "reason": entry["reason"]})
        reject(source, entry["reason"])
        if entry.get("language") and stated:
            source.found.append((entry.get("headline"), entry.get("number")))
        return 0
    article = {**entry["article"], **place}
    article["article_id"], first = _named(article, known)
    if stated:
        source.found.append((article.get("headline"), entry.get("number")))
    if first is not None:
        batch.rejects.append({**place, "reason": f"duplicate of {first}"})
        source.counts["duplicates"] += 1
        return 0
    batch.articles.append(article)
    batch.furniture.extend({"article_id": article["article_id"], **cut} for cut in entry["cuts"])
    source.counts["read"] += 1
    source.counts["undated"] += article.get("published") is None
    source.counts["outletless"] += article.get("outlet") is None
    return len(article["body"])


class _Known(NamedTuple):
    """The articles that are there: name (as a number) → number; of each its day (0: none), the number of its source
    in ``files``, and its place there."""

    names: dict[int, int]
    days: array
    sources: array
    places: array
    files: list[str]


def _named(article: Row, known: _Known) -> tuple[str, str | None]:
    """The id of an article; and where the article stands that first had it: the same outlet, headline and body on the
    same day.

    The day counts only where it tells two apart, so that an article keeps its id when a manifest comes to date it.
    """
    whole = hashlib.sha256(f"{article.get('outlet') or ''}\n{article.get('headline') or ''}\n".encode())
    whole.update(article["body"])
    published = article.get("published")
    day = published.toordinal() if published else 0
    name, new = whole.hexdigest()[:_ID], len(known.days)
    first = known.names.setdefault(int(name, 16), new)
    if first != new and 0 not in (day, known.days[first]) and day != known.days[first]:
        whole.update(f"\n{published.date()}".encode())
        name = whole.hexdigest()[:_ID]
        first = known.names.setdefault(int(name, 16), new)
    if first != new:
        return name, f"{known.files[known.sources[first]]} item {known.places[first]}"
    if known.files[-1:] != [article["source_file"]]:
        known.files.append(article["source_file"])
    known.days.append(day)
    known.sources.append(len(known.files) - 1)
    known.places.append(article["source_index"])
    return name, None


def _job(study: Study, manifest: Manifest, file: Path) -> Job:
    keep = None if study.compare in (*_COLUMNS, *manifest.columns) else study.compare
    return Job(str(file), manifest.rows.get(file, {}), study.encoding, keep, study.columns, study.language)


def _check_credits(study: Study, manifest: Manifest) -> None:
    for file, told in manifest.rows.items():
        if told.get("credit") not in (None, *CREDITS):
            name, allowed = source_name(study, file), ", ".join(CREDITS)
            raise UserError(f"{study.manifest}: {name}: credit is {told['credit']!r}; allowed: {allowed}")


def _table(name: str, rows: list[Row], columns: list[str] | None = None) -> pd.DataFrame:
    """Rows as a table with the contract's columns and types; columns beyond the contract are text."""
    types, said = _types(name), set().union(*rows)

    def column_of(column: str) -> pd.Series:
        values = [row.get(column) for row in rows] if column in said else [None] * len(rows)
        if column == "body":  # UTF-8, which needs not become text and UTF-8 again
            return pa.array(values, pa.large_string()).to_pandas().astype(types[column])
        return pd.Series(values, dtype=types.get(column, "str"))

    return pd.DataFrame({column: column_of(column) for column in columns or types})


@cache
def _types(name: str) -> dict[str, object]:
    """The contract's columns of a table → their types."""
    return empty(name).dtypes.to_dict()
