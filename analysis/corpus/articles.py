"""A study's sources → the articles, what was cut from their pages, what could not be read, and what each source holds.

Nothing is lost silently: items found = articles + rejects, and each reject has its reason.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from analysis.corpus.across import Item, with_dates, with_outlets, with_stories, without_repeated
from analysis.corpus.article import Row
from analysis.corpus.furniture import CREDITS
from analysis.corpus.kept import Kept
from analysis.corpus.limits import LIMITS, Limits
from analysis.corpus.manifest import Manifest, read_manifest
from analysis.corpus.outlets import read_outlets
from analysis.corpus.places import printable, roots, source_files, source_name
from analysis.corpus.pool import read_jobs, size_of
from analysis.corpus.reading import Entry, Job
from analysis.corpus.sources import Source, new_source, reject, source_row, state
from analysis.corpus.worker import encode
from analysis.engine import Progress
from analysis.store import code_hash, hash_of
from analysis.study import Study, UserError
from analysis.tables import TABLES, empty

_COLUMNS = [column for column in TABLES["articles"].columns if column != "n_words"]


def read_articles(
    study: Study,
    *,
    workers: int = 0,
    limits: Limits = LIMITS,
    kept: Kept | None = None,
    digests: Mapping[Path, str] | None = None,
    progress: Callable[[Progress], None] | None = None,
) -> dict[str, pd.DataFrame]:
    """Read every source of a study: tables ``articles`` (without n_words), ``rejects``, ``furniture`` and ``sources``.

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
    code = code_hash("corpus")
    keys = [_key(job, digests[file], code) for job, file in zip(jobs, files, strict=True)] if kept and digests else None
    sources: list[Source] = []
    items = [_missing(name, reason, sources) for name, reason in manifest.missing]
    for file, entries in zip(files, _read(jobs, keys, kept, workers, limits, progress), strict=True):
        items += _items(source_name(study, file), entries, manifest.rows.get(file, {}), sources)
    items = with_dates(with_stories(items))
    items = without_repeated(with_outlets(items, read_outlets(study.outlets_path)))
    made = _told_apart(items)
    columns = [*_COLUMNS, *(column for column in manifest.columns if column not in _COLUMNS)]
    return {
        "articles": _compared(_table("articles", made.articles, columns), study, made.articles),
        "rejects": _table("rejects", made.rejects),
        "furniture": _table("furniture", made.furniture),
        "sources": _table("sources", [source_row(source) for source in sources]),
    }


class _Made(NamedTuple):
    """Rows of the tables while they are made."""

    articles: list[Row]
    rejects: list[Row]
    furniture: list[Row]


def _read(
    jobs: list[Job],
    keys: list[str] | None,
    kept: Kept | None,
    workers: int,
    limits: Limits,
    progress: Callable[[Progress], None] | None,
) -> list[list[Entry]]:
    """What each file holds: from an earlier run where it is kept, else read now and kept."""
    found: list[list[Entry]] = [[] for _ in jobs]
    raw: dict[int, list[bytes]] = {}
    broken: set[int] = set()  # files that got stuck: not kept, since another time or machine may do better
    waiting = []
    for place in range(len(jobs)):
        frames = kept.get(keys[place]) if keys else None
        if frames is None:
            waiting.append(place)
        else:
            found[place] = [entry for frame in frames for entry in _decode(frame)]
    sizes = {place: size_of(jobs[place]) for place in waiting}
    size = sum(sizes.values())
    files, done, used = 0, 0, None
    try:
        for answer in read_jobs([jobs[place] for place in waiting], workers=workers, limits=limits):
            place = waiting[answer.job]
            if answer.frame is not None:
                found[place] += _decode(answer.frame)
                raw.setdefault(place, []).append(answer.frame)
                continue
            if answer.again:
                found[place], raw[place] = [], []
                broken.add(place)
                continue
            if answer.reason:
                found[place].append({"index": _following(found[place]), "reason": answer.reason})
            elif keys and place not in broken:
                kept.put(keys[place], raw.get(place, []))
            raw.pop(place, None)
            files, done = files + 1, done + sizes[place]
            if progress:
                progress(Progress(files, len(waiting), done, size))
        used = keys
    finally:
        if kept:
            kept.close(used)
    return found


def _decode(frame: bytes) -> list[Entry]:
    entries = json.loads(frame)
    for entry in entries:
        for said in (entry.get("article"), entry.get("stub")):
            if said and said.get("published"):
                said["published"] = dt.datetime.fromisoformat(said["published"])
    return entries


def _following(entries: list[Entry]) -> int:
    """The place in its part of an item behind all that were read."""
    last = -1
    for entry in entries:
        last = -1 if "part" in entry else max(last, entry.get("index", -1))
    return last + 1


def _missing(name: str, reason: str, sources: list[Source]) -> Item:
    """A file that the manifest names and that is not there."""
    sources.append(new_source(printable(name), None))
    return Item(sources[-1], {"index": 0, "reason": reason}, {})


def _items(file: str, entries: list[Entry], told: Row, sources: list[Source]) -> Iterator[Item]:
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


def _told_apart(items: list[Item]) -> _Made:
    """Ids for the articles; those that are there already are rejects. What each source holds is counted."""
    made = _Made([], [], [])
    first: dict[str, Row] = {}
    for source, entry, _ in items:
        place = {"source_file": source.name, "source_index": entry["index"]}
        if "reason" in entry:
            made.rejects.append({**place, "reason": entry["reason"]})
            reject(source, entry["reason"])
            if entry.get("language"):
                source.found.append((entry.get("headline"), entry.get("number")))
            continue
        article = {**entry["article"], **place}
        article["article_id"], known = _named(article, first)
        source.found.append((article.get("headline"), entry.get("number")))
        if known is not article:
            where = f"{known['source_file']} item {known['source_index']}"
            made.rejects.append({**place, "reason": f"duplicate of {where}"})
            source.counts["duplicates"] += 1
            continue
        made.articles.append(article)
        made.furniture.extend({"article_id": article["article_id"], **cut} for cut in entry["cuts"])
        source.counts["read"] += 1
        source.counts["undated"] += article.get("published") is None
        source.counts["outletless"] += article.get("outlet") is None
    return made


def _named(article: Row, first: dict[str, Row]) -> tuple[str, Row]:
    """The id of an article, and the article that first had it: the same outlet, headline and body on the same day.

    The day counts only where it tells two apart, so that an article keeps its id when a manifest comes to date it.
    """
    parts = [article.get("outlet") or "", article.get("headline") or "", article["body"]]
    name = _hash(parts)
    known = first.setdefault(name, article)
    if None not in (_day(known), _day(article)) and _day(known) != _day(article):
        name = _hash([*parts, str(_day(article))])
        known = first.setdefault(name, article)
    return name, known


def _hash(parts: list[str]) -> str:
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:12]


def _day(article: Row) -> dt.date | None:
    published = article.get("published")
    return published.date() if published else None


def _job(study: Study, manifest: Manifest, file: Path) -> Job:
    keep = None if study.compare in (*_COLUMNS, *manifest.columns) else study.compare
    return Job(str(file), manifest.rows.get(file, {}), study.encoding, keep, study.columns, study.language)


def _key(job: Job, digest: str, code: str) -> str:
    """What the content of a file, the code and the settings that read it come to."""
    return hash_of(code, digest, Path(job.path).suffix.lower(), encode(job._replace(path="")))


def _check_credits(study: Study, manifest: Manifest) -> None:
    for file, told in manifest.rows.items():
        if told.get("credit") not in (None, *CREDITS):
            name, allowed = source_name(study, file), ", ".join(CREDITS)
            raise UserError(f"{study.manifest}: {name}: credit is {told['credit']!r}; allowed: {allowed}")


def _table(name: str, rows: list[Row], columns: list[str] | None = None) -> pd.DataFrame:
    """Rows as a table with the contract's columns and types; columns beyond the contract are text."""
    types = empty(name).dtypes
    return pd.DataFrame(
        {
            column: pd.Series([row.get(column) for row in rows], dtype=types.get(column, "str"))
            for column in (columns or types.index)
        }
    )


def _compared(table: pd.DataFrame, study: Study, rows: list[Row]) -> pd.DataFrame:
    """The articles with the column that the study compares. Raises UserError where there is no such column."""
    if study.compare in table.columns or study.compare == "n_words":
        return table
    if any(row.get(study.compare) is not None for row in rows):
        return table.assign(**{study.compare: pd.Series([row.get(study.compare) for row in rows], dtype="str")})
    raise UserError(
        f"{study.folder / 'study.yml'}: compare: no column {study.compare!r}; columns here: {', '.join(table.columns)}"
    )
