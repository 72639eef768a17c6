"""A study without its texts: a folder that others can run, cite and check, and from which no text can be read.

News texts belong to their publishers; what was counted in them does not. The folder is itself a study: its study.yml
names the coded tables in place of articles, and every notebook runs from it. What becomes of each column is decided in
`sharing_columns`; words, pairs and places are withheld where they would tell more than ``max_words`` words in a row
(`sharing_words`, `sharing_places`); at the end every file is searched for such a run (`sharing_check`).
"""

from __future__ import annotations

import re
import shutil
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

import pandas as pd

from analysis import store
from analysis.reporting import crate, sharing_check, sharing_places, sharing_study, sharing_words
from analysis.reporting.licences import licence_of
from analysis.reporting.sharing_columns import decision
from analysis.reporting.sharing_readme import readme
from analysis.study import Study, UserError
from analysis.tables import SHARED, TABLES
from analysis.texts import NOT_HERE, refuse_shared

# The columns of *articles* that hold words of an outlet, one after the other.
_OWN = ("headline", "deck", "body", "byline", "disclosure", "correction")
_LOADED = re.compile(r"(?<=: )(.*?)(?= \([^()]*\)(?:; |$))")
_DIGITS = re.compile(r"[0-9][0-9.,\u00a0]*[0-9]|[0-9]")


class Shared(NamedTuple):
    """What was written: the folder, and what was kept and withheld, in words."""

    folder: Path
    notes: list[str]


def share(
    study: Study,
    tables: Mapping[str, pd.DataFrame],
    out: Path,
    *,
    licence: str = "CC-BY-4.0",
    max_words: int = 5,
    k: int = 3,
    started: str | None = None,
) -> Shared:
    """Write a study without its texts into a new folder.

    Args:
        tables: its coded tables. out: the folder; it must be new or empty.
        licence: an SPDX name (see `licences`). max_words: words of an article that may stand in a row.
        k: articles, no copies of one another, that must have a word or a pair for it to keep its form.
        started: when this began, for the crate (see `crate.now`).

    Raises:
        UserError: an option is none that is allowed; the folder holds something; the study has no texts; or a run of
            more than ``max_words`` words of an article survives in a file, which is then named with its column. Nothing
            is left in ``out`` then.
    """
    licence = licence_of(licence)
    for name, value, least in (("--max-words", max_words, 1), ("--k", k, 2)):
        if value < least:
            raise UserError(f"{name} {value}: allowed: {least} or more")
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise UserError(f"--out {out}: there is something already; choose a new folder")
    refuse_shared(study, f"{study.name} cannot be shared again")
    out.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=f".{out.name}.", dir=out.resolve().parent) as scratch:
        folder = Path(scratch) / out.name
        runs = sharing_check.Runs(sharing_check.texts_in(tables["articles"], _OWN), length=max_words + 1)
        withhold = sharing_words.withholding(tables["articles"])
        made, notes = without_texts(study, tables, runs=runs, withhold=withhold, k=k)
        for name, table in made.items():
            store.write_table(str(folder / sharing_study.FOLDER / f"{name}.parquet"), table)
        notes += sharing_study.write_study(study, folder, runs=runs, withhold=withhold)
        said = {"licence": licence, "max_words": max_words, "k": k, "notes": notes}
        (folder / "README.md").write_text(readme(study, made, name=out.name, **said), encoding="utf-8")
        crate.write_crate(
            folder,
            study,
            made,
            command=f"samestory share {study.name}",
            started=started or crate.now(),
            description="The coded tables of a study without the texts of its articles.",
            settings={"max_words": max_words, "k": k},
            licence=licence,
        )
        _refuse_runs(folder, runs)
        if out.exists():
            out.rmdir()
        shutil.move(folder, out)
    return Shared(out, notes)


def _refuse_runs(folder: Path, runs: sharing_check.Runs) -> None:
    """Raise a UserError that names file and column where a run of an article's words survives."""
    found = sharing_check.surviving(folder, runs)
    if found:
        first = "; ".join(f"{one.file}, {one.place}: {one.words!r}" for one in found[:5])
        more = f" (and {len(found) - 5} more places)" if len(found) > 5 else ""
        raise UserError(f"not shared: {runs.length} words of an article in a row survive: {first}{more}")


def without_texts(
    study: Study,
    tables: Mapping[str, pd.DataFrame],
    *,
    runs: sharing_check.Runs,
    withhold: sharing_words.Withhold,
    k: int,
) -> tuple[dict[str, pd.DataFrame], list[str]]:
    """Every table of `tables.TABLES` and `tables.SHARED` as it may be shared, and what was withheld, in words.

    Args:
        runs: those of the articles that must not survive. withhold: what stands for withheld words. k: as in `share`.
    """
    articles, max_words = tables["articles"], runs.length - 1
    groups = tables["copy_groups"].set_index("article_id")["copy_group"]
    known = sharing_words.known_words(tables["word_counts"], groups, k=k)
    change = _changes(max_words, withhold, runs)
    made = {name: _changed(name, tables[name], study, change) for name in TABLES if name != "word_counts"}
    made["mentions"] = _by_variable(made["mentions"])
    made["numbers"] = made["numbers"].assign(text=_quantities(tables["numbers"], withhold))
    made["word_counts"] = sharing_words.withheld(tables["word_counts"], known, withhold)
    counted = {"k": k, "max_words": max_words, "withhold": withhold}
    made["phrase_counts"] = sharing_words.shared_phrases(articles, tables["quotes"], groups, **counted)
    made["neighbours"], made["nodes"] = sharing_words.shared_neighbours(dict(tables), known, withhold)
    made["same_words"] = sharing_words.same_words(tables, withhold)
    rows = sharing_places.too_long({**made, "articles": articles}, max_words=max_words)
    for name, which in rows.items():
        made[name] = _without_places(name, made[name], sorted(which), withhold)
    words, phrases = (made[name]["word"].drop_duplicates() for name in ("word_counts", "phrase_counts"))
    notes = [
        f"{(~_hashed(words)).sum():,} of {len(words):,} words keep their form, and {(~_hashed(phrases)).sum():,} of "
        f"{len(phrases):,} runs of two and three words; the others stand in fewer than {k} articles that are no copies "
        "of one another, or would join to longer runs, and are hashed",
        f"{sum(map(len, rows.values())):,} of {sum(len(made[name]) for name in rows):,} mentions, names and cues have "
        f"their words withheld, since with those beside them they would tell more than {max_words} words in a row",
    ]
    return {name: made[name] for name in (*TABLES, *SHARED)}, notes


def _hashed(words: pd.Series) -> pd.Series:
    return words.str.fullmatch(r"#[0-9a-f]{16}")


def _changed(
    name: str, table: pd.DataFrame, study: Study, change: dict[str, Callable[[pd.Series], pd.Series]]
) -> pd.DataFrame:
    """A table with each column of text as was decided for it."""
    texts = [column for column in table if isinstance(table[column].dtype, pd.StringDtype)]
    ways = {column: decision(name, column) for column in texts}
    if name == "articles":
        ways[study.compare] = "code"  # the scholar's levels, whatever they are called
    made = table.assign(**{column: change[way](table[column]) for column, way in ways.items() if way in change})
    made.attrs = {}
    return made


def _changes(
    max_words: int, withhold: sharing_words.Withhold, runs: sharing_check.Runs
) -> dict[str, Callable[[pd.Series], pd.Series]]:
    """What is done with the values of a column, by decision."""

    def short(value: str) -> str:
        return value if len(sharing_places.WORD.findall(value)) <= max_words else withhold(value.casefold())

    def loaded(value: str) -> str:
        return _LOADED.sub(lambda found: short(found[1]), value)

    def address(value: str) -> str:
        return f"{urlsplit(value).scheme}://{urlsplit(value).netloc}/" if runs.first_in(value) else value

    def file(value: str) -> str:
        return f"file-{withhold(value)[1:]}" if runs.first_in(value) else value

    def each(change: Callable[[str], str]) -> Callable[[pd.Series], pd.Series]:
        return lambda column: column.map({value: change(value) for value in column.dropna().unique()}).astype("str")

    return {
        "short": each(short),
        "placed": each(short),
        "loaded": each(loaded),
        "address": each(address),
        "file": each(file),
        "gone": lambda column: column.where(column.isna(), NOT_HERE).astype("str"),
        "masked": each(lambda value: " ".join("…" for _ in value.split())),
        "text": lambda column: pd.Series(pd.array([None] * len(column), dtype="str"), index=column.index),
    }


def _by_variable(mentions: pd.DataFrame) -> pd.DataFrame:
    """Mentions article by article, one variable after the other: in the order of the text their categories, read down
    the column, can spell it."""
    order = {article: place for place, article in enumerate(mentions["article_id"].unique())}
    keyed = mentions.assign(at=mentions["article_id"].map(order))
    ordered = keyed.sort_values(["at", "codebook", "variable"], kind="stable")
    return ordered.drop(columns="at").reset_index(drop=True)


def _quantities(numbers: pd.DataFrame, withhold: sharing_words.Withhold) -> pd.Series:
    """Quantities without words: the digits as printed, which tell how far they were rounded; else the value as digits,
    the date, or (of a date that is not known) a hash."""

    def quantity(text: str, value: float, date: object) -> str:
        if digits := _DIGITS.search(text):
            return digits[0]
        if isinstance(date, str):
            return date
        return withhold(f"number:{text.casefold()}") if pd.isna(value) else f"{abs(value):.0f}"

    rows = zip(numbers["text"], numbers["value"], numbers["date"], strict=True)
    return pd.Series(pd.array([quantity(*row) for row in rows], dtype="str"), index=numbers.index)


def _without_places(name: str, table: pd.DataFrame, rows: list[int], withhold: sharing_words.Withhold) -> pd.DataFrame:
    """The table with the words of some rows withheld, by hashes that keep apart what is not the same."""
    table = table.copy()
    for column in ("match", "pattern", "cue"):
        if column in table and rows:
            values = table[column].iloc[rows]
            hashes = [one if one.startswith("#") else withhold(f"{name}:{one.casefold()}") for one in values]
            table.iloc[rows, table.columns.get_loc(column)] = pd.array(hashes, dtype="str")
    return table
