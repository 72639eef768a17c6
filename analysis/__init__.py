"""Samestory: how do outlets word the same story?

The verbs that notebooks and the command line share. Each room of the package is imported when a verb needs it, so
that ``samestory --help`` does not wait for the token engine.

    >>> from analysis import code, open_study
    >>> study = open_study("demo")
    >>> tables = code(study)        # every coded table, by name
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from analysis.study import Study, UserError, open_study

if TYPE_CHECKING:
    import pandas as pd

    from analysis.corpus.pool import Progress

__all__ = ["Study", "UserError", "code", "open_study", "read"]
__version__ = "0.1.0"

_READ = ("articles", "rejects", "furniture", "sources")
# What articles say of themselves that decides who copied whom and which story they belong to.
_OF_TOGETHER = ["article_id", "outlet", "published", "agency", "credit", "story", "n_words"]


def read(
    study: Study, *, workers: int = 1, progress: Callable[[Progress], None] | None = None
) -> dict[str, pd.DataFrame]:
    """The tables *articles*, *rejects*, *furniture* and *sources*: read from the sources, or from disk where nothing
    changed. Of what did change, only files that are new or different are read again.

    Args:
        workers: processes to read with.
        progress: called now and then while files are read.
    """
    from analysis import store
    from analysis.corpus.kept import digest
    from analysis.corpus.places import source_files

    files = source_files(study)
    told = [study.folder / study.manifest] if study.manifest else []
    told += [study.outlets_path] if study.outlets_path else []
    settings = study.model_dump_json(
        include={"articles", "manifest", "columns", "outlets", "compare", "language", "encoding"}
    )
    digests = {path: digest(path) for path in files}
    key = store.hash_of(
        store.code_hash("corpus", "coding"),
        settings,
        *(os.fsencode(os.path.relpath(path, study.folder)) for path in files),
        *digests.values(),
        *(path for path in told if path.is_file()),
    )

    def read_all() -> dict[str, pd.DataFrame]:
        from analysis.coding.tokens import count_words
        from analysis.corpus.articles import read_articles
        from analysis.corpus.kept import Kept

        kept = Kept(study.tables_folder / "read.sqlite")
        found = read_articles(study, workers=workers, kept=kept, digests=digests, progress=progress)
        found["articles"]["n_words"] = count_words(found["articles"]["body"])
        return found

    return _kept(study, _READ, key, read_all)


def code(
    study: Study, *, workers: int = 1, progress: Callable[[Progress], None] | None = None
) -> dict[str, pd.DataFrame]:
    """Every table of a study by name: those of `read`, *categories*, and what its codebooks find in each article.

    Args:
        workers: processes to read and code with.
        progress: called now and then while files are read.

    Raises:
        UserError: a codebook is wrong, or no article could be read.
    """
    from analysis import store, tables
    from analysis.coding.codebook import categories_table, read_codebooks
    from analysis.study import shipped

    codebooks = read_codebooks(study)
    made = read(study, workers=workers, progress=progress)
    if made["articles"].empty:
        rejects = made["rejects"]
        first = f"; the first: {rejects['source_file'].iloc[0]}: {rejects['reason'].iloc[0]}" if len(rejects) else ""
        raise UserError(f"{study.folder}: no article could be read: {len(rejects)} items found, all rejected{first}")
    categories = categories_table(codebooks)
    key = store.hash_of(
        store.code_hash("coding"),
        # The cues of quotations and the words of judgement, where the study brings none.
        *(shipped("codebooks") / f"{name}.yml" for name in ("reporting-verbs", "evaluations")),
        store.table_hash(made["articles"][["article_id", "published", "headline", "deck", "body"]]),
        store.table_hash(categories),
    )
    each = _kept(
        study, ["categories", *tables.CODED], key, lambda: _code_each(made["articles"], codebooks, categories, workers)
    )
    loaded = shipped("codebooks") / "loaded-words.yml"
    together = store.hash_of(key, loaded, store.table_hash(made["articles"][_OF_TOGETHER]))
    across = _kept(study, tables.TOGETHER, together, lambda: _code_together(made["articles"], each, codebooks))
    coded = {**made, **each, **across, **_read_checks(study)}
    story = across["stories"].set_index("article_id")["story"]
    coded["articles"] = made["articles"].assign(story=made["articles"]["article_id"].map(story).astype("str"))
    return {name: coded[name] for name in tables.TABLES}


def _code_each(articles, codebooks, categories, workers) -> dict[str, pd.DataFrame]:
    """What is coded article by article."""
    import pandas as pd

    from analysis import engine, tables
    from analysis.coding.partition import code_partition

    runs = engine.partitions(articles)
    parts = list(engine.map_partitions(code_partition, runs, codebooks, workers=workers))
    return {
        "categories": categories,
        **{name: pd.concat([part[name] for part in parts], ignore_index=True) for name in tables.CODED},
    }


def _code_together(articles, coded, codebooks) -> dict[str, pd.DataFrame]:
    """What is coded over all articles. Imported here, since what it needs takes seconds to load."""
    from analysis.coding.together import code_together

    return code_together(articles, coded, codebooks)


def _read_checks(study: Study) -> dict[str, pd.DataFrame]:
    """What people coded of the study's samples: read anew each time, since sheets come in one by one."""
    from analysis import tables

    if not study.validation_folder.is_dir():
        return {name: tables.empty(name) for name in tables.CHECKED}
    from analysis.comparison.sheets import read_validation

    return dict(zip(tables.CHECKED, read_validation(study.validation_folder), strict=True))


def _kept(
    study: Study, names: Iterable[str], key: str, make: Callable[[], dict[str, pd.DataFrame]]
) -> dict[str, pd.DataFrame]:
    """Tables from disk where they stand there under this key; else made, and written."""
    from analysis import store

    found = store.load(study.tables_folder, names, key)
    if found is None:
        store.save(study.tables_folder, make(), key)
        found = store.load(study.tables_folder, names, key)
    return found
