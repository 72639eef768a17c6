"""What can only be said of articles together: who copied whom, which sentences report the same, how quotations drift.

Every other part of coding looks at one article at a time. This part reads the coded articles of a whole study, and
keeps to pairs of articles worth looking at.
"""

from __future__ import annotations

import pickle
import tempfile
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd

from analysis import tables
from analysis.coding.codebook import Codebook
from analysis.coding.compared import compare_stories
from analysis.coding.copied import grouped
from analysis.coding.copy_tasks import compare_apart, group_apart
from analysis.coding.drift import loaded_book
from analysis.coding.in_parts import InParts
from analysis.coding.leads import Leads, read_leads
from analysis.coding.pieces import Piece, pieces_of
from analysis.coding.reuse import LEAST, SHINGLE, THRESHOLD, Prints, find_copies
from analysis.coding.shingles import choose_window, fingerprints
from analysis.coding.stem_counts import StemCounts, count_stems, summed
from analysis.coding.stories import find_stories
from analysis.coding.tokens import tokenise
from analysis.engine import HERE, Show, Tasks, outcomes
from analysis.engine_settings import Engine
from analysis.memory import give_back
from analysis.study import UserError


class Traces(NamedTuple):
    """What finding copies and stories, and comparing these, needs know of all articles, in files of ``folder``, and the
    articles themselves without texts, which are in ``pieces``."""

    articles: pd.DataFrame
    pieces: list[Piece]
    window: int
    folder: tempfile.TemporaryDirectory

    def each(self, name: str) -> Sequence[Any]:
        """``prints``, ``leads`` or ``counts``, piece by piece; nothing of it is held."""
        return Tasks(lambda place: _taken(self.folder, name, place), len(self.pieces))


class Found(NamedTuple):
    """What can be said of articles together before each is coded: the *copies* table, each article's story, and how
    often stems are there; of the articles, with ``told`` as the story of each, in ``pieces``."""

    articles: pd.DataFrame
    told: pd.DataFrame
    pieces: list[Piece]
    copies: pd.DataFrame
    counts: StemCounts


def code_together(
    articles: pd.DataFrame, coded: Mapping[str, pd.DataFrame], codebooks: Sequence[Codebook], *, engine: Engine = HERE
) -> dict[str, pd.DataFrame]:
    """The tables that `tables.TOGETHER` names.

    Args:
        articles: the *articles* table of the whole study. coded, codebooks, engine: as of `compare_found`.
    """
    found = find_together(read_traces(articles, engine=engine), engine)
    made = compare_found(found, coded, codebooks, engine=engine)
    return {name: table.whole() if isinstance(table, InParts) else table for name, table in made.items()}


def read_traces(
    articles: pd.DataFrame, *, texts: str | None = None, engine: Engine = HERE, progress: Show | None = None
) -> Traces:
    """The first step of `code_together`: all texts are looked through.

    Args:
        texts: the file of the store that holds headline, deck and body, where ``articles`` does not.
        engine: where articles are read. progress: told how far that is.
    """
    pieces = pieces_of(texts or articles, len(articles))
    articles = articles.drop(columns=list(tables.WHERE), errors="ignore")
    window = choose_window(int(articles["n_words"].sum()))
    folder = tempfile.TemporaryDirectory(prefix="samestory-")
    traces = Traces(articles, pieces, window, folder)
    trace = partial(_trace, window=window, n_texts=len(articles))
    asked = {"verb": "looked through", "sizes": [piece.stop - piece.start for piece in pieces], "progress": progress}
    for place, (prints, leads, counts) in outcomes(trace, pieces, engine, **asked):
        leads = leads.shelved(Path(folder.name) / f"rows-{place}.npz")
        for name, part in {"prints": prints, "leads": leads, "counts": counts}.items():
            with (Path(folder.name) / f"{name}-{place}").open("wb") as file:
                pickle.dump(part, file, pickle.HIGHEST_PROTOCOL)
    return traces


def _taken(folder: tempfile.TemporaryDirectory, name: str, place: int) -> Any:
    """What was put into a file of our own folder, which no other user may write to."""
    with (Path(folder.name) / f"{name}-{place}").open("rb") as file:
        return pickle.load(file)


def find_together(traces: Traces, engine: Engine = HERE) -> Found:
    """The second step: who copied whom, and which articles tell one story. The files of the traces are removed."""
    articles, pieces = traces.articles, traces.pieces
    with traces.folder:
        compare = partial(compare_apart, pieces=pieces, engine=engine)
        copies = find_copies(articles, prints=traces.each("prints"), window=traces.window, compare=compare)
        stories = find_stories(articles, copies=copies, leads=traces.each("leads"))
        counts = summed(traces.each("counts"))
    told = articles.assign(story=stories.to_numpy()).astype({"story": "str"})
    give_back()
    return Found(articles, told, pieces, copies, counts)


def compare_found(
    found: Found,
    coded: Mapping[str, pd.DataFrame],
    codebooks: Sequence[Codebook],
    *,
    engine: Engine = HERE,
    progress: Show | None = None,
) -> dict[str, pd.DataFrame | InParts]:
    """The last step: what needs to know what is coded of each article; *alignments* and *drifts* in parts, where there
    may be any.

    Args:
        coded: the study's mentions, sentences and quotes; where it has ``parts`` (see `analysis.lazy.Tables`), these
            are read partition by partition.
        codebooks: of these, one named ``loaded-words`` says which words are loaded (else the shipped one does).
        engine: where groups of copies and stories are looked at. progress: told how far that is.
    """
    articles, told, pieces, copies, counts = found

    def group() -> dict[str, pd.DataFrame]:
        made = group_apart(articles, copies, pieces=pieces, coded=coded, engine=engine)
        give_back()
        return made

    compare = partial(compare_stories, told, pieces, coded, loaded_book(codebooks), counts, engine, progress)
    if engine.way == "processes":  # each leaves a core without work while it sorts what its processes are to have
        with ThreadPoolExecutor(1) as beside:
            groups = beside.submit(group)
            stories, groups = compare(), groups.result()
    else:
        groups, stories = group(), compare()
    given = told[["article_id", "story"]].assign(given=articles["story"].notna())
    made = {"copies": copies, **groups, "stories": given, **stories}
    return {
        name: table if isinstance(table, InParts) else tables.validate(name, table, encoded=True).reset_index(drop=True)
        for name, table in made.items()
    }


def _trace(piece: Piece, *, window: int, n_texts: int) -> tuple[Prints, Leads, StemCounts]:
    """What finding copies and stories, and comparing these, needs know of some articles."""
    articles = piece.read([*tables.WHERE, "story"])
    tokens = tokenise(articles["body"])
    prints = fingerprints(tokens, SHINGLE, window=window, first=piece.start, n_texts=n_texts)
    return Prints(*prints), read_leads(articles[articles["story"].isna()]), count_stems(tokens)


def regroup(coded: dict[str, pd.DataFrame], *, threshold: float) -> dict[str, pd.DataFrame]:
    """A study's tables with its articles grouped at another threshold of containment.

    Returns ``coded`` with *copy_groups*, *passages*, *copied* and *added_words* made anew. A UserError where the
    threshold is below what *copies* keeps or above 1. Without the texts of the study only the default can be had.
    """
    if not LEAST <= threshold <= 1:
        raise UserError(f"threshold is {threshold}; allowed: {LEAST} to 1, a share of shingles")
    if threshold == THRESHOLD:
        return coded
    return {**coded, **grouped(coded["articles"], coded["quotes"], coded["copies"], threshold)}
