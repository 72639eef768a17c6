"""Samestory: how do outlets word the same story?

The verbs that notebooks and the command line share. Each room of the package is imported when a verb needs it, so
that ``samestory --help`` does not wait for the token engine.

    >>> from analysis import code, open_study
    >>> study = open_study("demo")
    >>> tables = code(study)        # every coded table, by name
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from functools import cache, partial
from typing import TYPE_CHECKING

from analysis.study import Study, UserError, open_study

if TYPE_CHECKING:
    import pandas as pd

    from analysis.coding.codebook import Codebook
    from analysis.coding.together import Found, Traces
    from analysis.engine import Progress
    from analysis.engine_settings import Engine
    from analysis.lazy import Tables
    from analysis.parts import Part, Plan

__all__ = ["CodingFailed", "Study", "UserError", "code", "open_study", "read"]
__version__ = "0.1.0"

_READ = ("articles", "rejects", "furniture", "sources")
_MANY = 20_000_000  # bytes of sources, of which several partitions come


class CodingFailed(UserError):
    """Some partitions could not be coded; what was coded of the others is kept. ``failures``: a line for each."""

    def __init__(self, failures: Sequence[str], rows: dict[str, int]) -> None:
        super().__init__(f"{len(failures)} partitions could not be coded: {'; '.join(failures)}")
        self.failures, self.rows = list(failures), rows


def read(study: Study, *, workers: int | None = None, progress: Callable[[Progress], None] | None = None) -> Tables:
    """The tables *articles*, *rejects*, *furniture* and *sources*: read from the sources, or from disk where nothing
    changed. Of what did change, only files that are new or different are read again.

    Args:
        workers: processes to read with; default those of study.yml, else 1.
        progress: called now and then while files are read.
    """
    if study.shared:
        return _shared(study, _READ)
    return _read(study, workers, progress)


def _read(
    study: Study,
    workers: int | None,
    progress: Callable[[Progress], None] | None,
    begun: Callable[[], None] = lambda: None,
) -> Tables:
    """`read` of a study with texts; ``begun`` is called where much must be read."""
    from analysis import store
    from analysis.corpus.digests import digests_of
    from analysis.corpus.places import source_files

    files = source_files(study)
    told = [study.folder / study.manifest] if study.manifest else []
    told += [study.outlets_path] if study.outlets_path else []
    settings = study.model_dump_json(
        include={"articles", "manifest", "columns", "outlets", "compare", "language", "encoding"}
    )
    digests = digests_of(files, study.tables_folder / "digests.json")
    key = store.hash_of(
        store.code_hash("corpus", "coding"),
        settings,
        *(os.fsencode(os.path.relpath(path, study.folder)) for path in files),
        *digests.values(),
        *(path for path in told if path.is_file()),
    )

    def batches() -> Iterator[dict[str, pd.DataFrame]]:
        from analysis.corpus.articles import read_batches
        from analysis.corpus.kept import Kept

        kept = Kept(study.tables_folder / "read.sqlite")
        asked = {"workers": workers or study.engine.workers or 1, "progress": progress}
        return read_batches(study, kept=kept, digests=digests, **asked)

    def counted(batch: dict[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
        from analysis.coding.tokens import count_words

        articles = batch["articles"]
        return {**batch, "articles": articles.assign(n_words=count_words(articles["body"]))}

    if _missing(study, _READ, key):
        if sum(path.stat().st_size for path in files) > _MANY:
            begun()
        store.save_batches(study.store_place, _READ, batches(), key, finish=counted)
    return _stored(study, _READ, key)


def code(
    study: Study,
    *,
    workers: int | None = None,
    engine: Engine | None = None,
    progress: Callable[[Progress], None] | None = None,
) -> Tables:
    """Every table of a study by name: those of `read`, *categories*, and what its codebooks find in each article.

    A study that came without its texts has its tables as they came: nothing of them is coded again.
    The articles are coded in partitions; those that are coded already are not coded again. A table is loaded when it is
    first asked for.

    Args:
        workers: processes to read and code with. engine: how to code; default what study.yml says.
        progress: called now and then while files are read and articles coded.

    Raises:
        UserError: a codebook is wrong, no article could be read, or the processes or the cluster cannot be had.
        CodingFailed: some partitions could not be coded.
    """
    if study.shared:
        return _shared(study)
    from analysis import lazy, store, store_places, tables
    from analysis import parts as partitions
    from analysis.engine import prepare
    from analysis.study import shipped

    @cache
    def codebooks() -> list[Codebook]:
        from analysis.coding.codebook import read_codebooks  # not read at all where everything is coded

        return read_codebooks(study)

    def categories() -> dict[str, pd.DataFrame]:
        from analysis.coding.codebook import categories_table

        return {"categories": categories_table(codebooks())}

    asked = store.hash_of(
        partitions.coding_hash(), *(part for path in study.codebook_paths for part in (path.name, path))
    )
    listed = _kept(study, ["categories"], asked, categories)
    said = store.table_hash(listed["categories"])
    engine = (engine or study.engine).changed(workers=workers)
    made = _read(study, engine.workers, progress, partial(prepare, engine))
    if not made.rows("articles"):
        rejects = made["rejects"]
        first = f"; the first: {rejects['source_file'].iloc[0]}: {rejects['reason'].iloc[0]}" if len(rejects) else ""
        raise UserError(f"{study.folder}: no article could be read: {len(rejects)} items found, all rejected{first}")
    root = study.store_place
    if engine.way != "in-process" and not store_places.seen_by_others(root):
        raise UserError(f"{root}: only this process sees it; allowed there is engine kind in-process")
    plan = partitions.plan(root, said, engine.limits)
    loaded = shipped("codebooks") / "loaded-words.yml"
    together = store.hash_of(*(part.key for part in plan.parts), loaded, plan.told)
    texts = store_places.join(root, partitions.ARTICLES)
    wanted = _missing(study, tables.TOGETHER, together)
    with _found(partial(made.some, "articles", partitions.TOLD), texts, engine, progress, ahead=wanted) as found:
        each = _code_each(study, plan, codebooks, engine, progress)
        coded = {**_listed(made), **_listed(listed), **_of_parts(study, each)}

        def code_all() -> dict[str, pd.DataFrame]:
            from analysis.coding.together import compare_found

            return compare_found(found(), lazy.Tables(coded), codebooks(), engine=engine, progress=progress)

        across = _kept(study, tables.TOGETHER, together, code_all)
    coded |= {**_listed(across), **_read_checks(study)}
    coded["articles"] = replace(coded["articles"], joined=("story", _story_of(across)))
    return lazy.Tables({name: coded[name] for name in tables.TABLES})


@contextmanager
def _found(
    articles: Callable[[], pd.DataFrame],
    texts: str,
    engine: Engine,
    progress: Callable[[Progress], None] | None,
    *,
    ahead: bool,
) -> Iterator[Callable[[], Found]]:
    """What gives what `find_together` finds. Most of that is work for one core: where processes code each article, it
    is found meanwhile, if ``ahead``, that is, if it will be asked for."""

    def traces() -> Traces:
        from analysis.coding.together import read_traces  # what it needs takes seconds to load

        return read_traces(articles(), texts=texts, engine=engine, progress=progress)

    def find(traces: Traces) -> Found:
        from analysis.coding.together import find_together

        return find_together(traces, engine)

    if not ahead or engine.way != "processes":
        yield lambda: find(traces())
        return
    with ThreadPoolExecutor(1) as beside:
        yield beside.submit(find, traces()).result


def _code_each(
    study: Study,
    plan: Plan,
    codebooks: Callable[[], Sequence[Codebook]],
    engine: Engine,
    progress: Callable[[Progress], None] | None,
) -> dict[Part, dict[str, int]]:
    """Code article by article what is not coded yet: the partitions in order, with the rows of each of their tables."""
    from analysis import parts as partitions
    from analysis import store_places
    from analysis.engine import Progress, run

    root = study.store_place
    there = store_places.sizes(root)
    found = partitions.coded(root, plan.parts, there)
    left = [part for part in plan.parts if part not in found]
    sizes = [part.stop - part.start for part in left]
    asked = {"code": partitions.coding_hash(), "codebooks": codebooks() if left else ()}
    work = partial(partitions.code_part, root=root, **asked)
    failures, done = {}, 0
    for outcome in run(work, left, engine) if left else ():
        if outcome is not None:
            part, done = left[outcome.place], done + sizes[outcome.place]
            if outcome.reason is None:
                found[part] = outcome.result
            else:
                failures[part] = outcome.reason
        if progress:
            progress(Progress(done, sum(sizes), done, sum(sizes), "articles", "coded"))
    if failures:
        lines = [f"{part.said}: {failures[part]}" for part in plan.parts if part in failures]
        raise CodingFailed(lines, _sums(found))
    partitions.prune(root, plan.parts, there)
    return {part: found[part] for part in plan.parts}


def _sums(found: dict[Part, dict[str, int]]) -> dict[str, int]:
    """The rows of each table over partitions."""
    from analysis import tables

    return {name: sum(rows[name] for rows in found.values()) for name in tables.CODED}


def _of_parts(study: Study, each: dict[Part, dict[str, int]]) -> dict[str, object]:
    """The tables that are coded in partitions, where they are."""
    from analysis import lazy, store_places

    root = study.store_place
    return {
        name: lazy.Stored(name, [store_places.join(root, part.file(name)) for part in each], rows)
        for name, rows in _sums(each).items()
    }


def _listed(made: Tables) -> dict[str, object]:
    return {name: made.stored(name) for name in made}


def _story_of(across: Tables) -> Callable[[pd.DataFrame], pd.Series]:
    """A function that gives the story of each article of a table."""

    def story(articles: pd.DataFrame) -> pd.Series:
        return articles["article_id"].map(across["stories"].set_index("article_id")["story"]).astype("str")

    return story


def _read_checks(study: Study) -> dict[str, pd.DataFrame]:
    """What people coded of the study's samples: read anew each time, since sheets come in one by one."""
    from analysis import tables

    if not study.validation_folder.is_dir():
        return {name: tables.empty(name) for name in tables.CHECKED}
    from analysis.comparison.sheets import read_validation

    return dict(zip(tables.CHECKED, read_validation(study.validation_folder), strict=True))


def _missing(study: Study, names: Iterable[str], key: str) -> bool:
    """Whether any of these tables does not stand on disk under this key."""
    from analysis import store

    return any(store.rows(study.store_place, name, key) is None for name in names)


def _kept(study: Study, names: Iterable[str], key: str, make: Callable[[], dict[str, pd.DataFrame]]) -> Tables:
    """Tables from disk where they stand there under this key; else made, and written."""
    from analysis import store

    names = list(names)
    if _missing(study, names, key):
        store.save(study.store_place, make(), key)
    return _stored(study, names, key)


def _shared(study: Study, names: Iterable[str] | None = None) -> Tables:
    """The tables of a study that came without its texts, as they came."""
    from analysis import lazy, store, tables

    folder = study.shared_folder
    stored = {}
    for name in names or (*tables.TABLES, *tables.SHARED):
        rows = store.rows(folder, name)
        if rows is None:
            raise UserError(f"{folder / f'{name}.parquet'}: is not there or broken; a study without texts needs it")
        stored[name] = lazy.Stored(name, [str(folder / f"{name}.parquet")], rows)
    return lazy.Tables(stored)


def _stored(study: Study, names: Iterable[str], key: str) -> Tables:
    """Tables from disk."""
    from analysis import lazy, store, store_places

    root = study.store_place
    rows = {name: store.rows(root, name, key) for name in names}
    return lazy.Tables(
        {name: lazy.Stored(name, [store_places.join(root, f"{name}.parquet")], rows[name]) for name in names}
    )
