"""Samestory: how do outlets word the same story?

The verbs that notebooks and the command line share. Each room of the package is imported when a verb needs it, so
that ``samestory --help`` does not wait for the token engine.

    >>> from analysis import code, open_study
    >>> study = open_study("demo")
    >>> tables = code(study)        # every coded table, by name
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from analysis.study import Study, UserError, open_study

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Study", "UserError", "code", "open_study", "read"]
__version__ = "0.1.0"

_READ = ("articles", "rejects", "furniture")


def read(study: Study) -> dict[str, pd.DataFrame]:
    """The tables *articles*, *rejects* and *furniture*: read from the sources, or from disk where nothing changed."""
    from analysis import store
    from analysis.coding.tokens import count_words
    from analysis.corpus.articles import read_articles, source_files

    files = source_files(study)
    manifest = [study.folder / study.manifest] if study.manifest else []
    settings = study.model_dump_json(include={"articles", "manifest", "compare", "language", "encoding"})
    key = store.hash_of(
        store.code_hash("corpus", "coding"),
        settings,
        *(os.path.relpath(path, study.folder) for path in files),
        *(path for path in [*files, *manifest] if path.is_file()),
    )
    made = store.load(study.tables_folder, _READ, key)
    if made is None:
        made = read_articles(study)
        made["articles"]["n_words"] = count_words(made["articles"]["body"])
        store.save(study.tables_folder, made, key)
        made = store.load(study.tables_folder, _READ, key)
    return made


def code(study: Study, *, workers: int = 1) -> dict[str, pd.DataFrame]:
    """Every table of a study by name: those of `read`, *categories*, and what its codebooks find in each article.

    Args:
        workers: processes to code with.

    Raises:
        UserError: a codebook is wrong, or no article could be read.
    """
    from analysis import engine, store, tables
    from analysis.coding.codebook import categories_table, read_codebooks
    from analysis.coding.partition import CODED, code_partition
    from analysis.study import shipped

    codebooks = read_codebooks(study)
    made = read(study)
    if made["articles"].empty:
        rejects = made["rejects"]
        first = f"; the first: {rejects['source_file'].iloc[0]}: {rejects['reason'].iloc[0]}" if len(rejects) else ""
        raise UserError(f"{study.folder}: no article could be read: {len(rejects)} items found, all rejected{first}")
    categories = categories_table(codebooks)
    key = store.hash_of(
        store.code_hash("coding"),
        shipped("codebooks") / "reporting-verbs.yml",  # the cues of quotations, where the study brings none
        store.table_hash(made["articles"][["article_id", "headline", "deck", "body"]]),
        store.table_hash(categories),
    )
    coded = store.load(study.tables_folder, ["categories", *CODED], key)
    if coded is None:
        import pandas as pd

        runs = engine.partitions(made["articles"])
        parts = list(engine.map_partitions(code_partition, runs, codebooks, workers=workers))
        coded = {name: pd.concat([part[name] for part in parts], ignore_index=True) for name in CODED}
        store.save(study.tables_folder, {"categories": categories, **coded}, key)
        coded = store.load(study.tables_folder, ["categories", *CODED], key)
    return {name: {**made, **coded}[name] for name in tables.TABLES}
