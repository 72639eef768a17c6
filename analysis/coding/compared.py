"""Stories that several articles tell → which of their sentences report the same, and how quotations drift.

Stories do not depend on each other. They are compared some at a time, in tasks of the engine, and what a task needs is
put together when it is its turn: the rows of the study's tables are sorted into files first (`analysis.coding.spills`).
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd

from analysis import tables
from analysis.coding.aligned import SMALL, Aligned
from analysis.coding.alignment import align_sentences
from analysis.coding.codebook import Codebook
from analysis.coding.drift import find_changes
from analysis.coding.drifted import Drifted
from analysis.coding.in_parts import InParts
from analysis.coding.pieces import Piece
from analysis.coding.spills import Spill, spill
from analysis.coding.stem_counts import StemCounts
from analysis.engine import Show, Tasks, outcomes
from analysis.engine_settings import Engine
from analysis.memory import give_back

# Articles, more or less, whose stories are compared at a time: more of them, up to so many times, in studies that have
# enough for so many tasks, since what is known of a word is found out once a task.
BATCH, _TIMES, _TASKS = 1_000, 3, 8
# What comparing sentences and quotations needs of these tables.
NEEDED = {
    "sentences": ("article_id", "sentence", "start", "end", "speaker"),
    "quotes": (
        "article_id", "quote", "start", "end", "kind", "continued", "speaker", "person_named", "cue_lemma", "cue_class",
    ),
    "mentions": ("article_id", "where", "start", "end", "match", "variable", "category"),
}  # fmt: skip


def compare_stories(
    told: pd.DataFrame,
    pieces: Sequence[Piece],
    coded: Mapping[str, pd.DataFrame],
    loaded: Codebook,
    counts: StemCounts,
    engine: Engine,
    progress: Show | None = None,
) -> dict[str, pd.DataFrame | InParts]:
    """The tables *alignments* and *drifts*, in parts if there may be any.

    Args:
        told: article_id and story of all articles; without a story an article is compared with nobody. pieces: where
            their bodies are. coded: the study's sentences, quotes and mentions. loaded: words with a charge.
        counts: of the stems of all bodies.
    """
    batch = batches(told["story"])
    if not (batch >= 0).any():
        return {name: tables.empty(name) for name in ("alignments", "drifts")}
    with tempfile.TemporaryDirectory(prefix="samestory-") as folder:
        put_by = _put_by(told["article_id"], pieces, coded, batch, Path(folder))
        give_back()
        order = np.argsort(batch, kind="stable")
        bounds = np.searchsorted(batch[order], np.arange(batch.max() + 2))

        def task(number: int) -> _Stories:
            places = order[bounds[number] : bounds[number + 1]]
            own = told[["article_id", "story"]].iloc[places].reset_index(drop=True)
            rows = {name: one.read(number) for name, one in put_by.items()}
            return _Stories(places, own.assign(body=rows.pop("bodies")["body"]), **rows)

        compare = partial(_compare, counts=counts, loaded=loaded)
        asked = {"verb": "compared", "sizes": np.diff(bounds).tolist(), "progress": progress}
        aligned, drifted = Aligned(told["article_id"]), Drifted(told["article_id"])
        try:
            for place, (pairs, changes) in outcomes(compare, Tasks(task, len(bounds) - 1), engine, **asked):
                aligned.add(pairs)
                drifted.add(place, changes)
        except BaseException:
            aligned.drop()
            drifted.drop()
            raise
    return {"alignments": aligned, "drifts": drifted}


class _Stories(NamedTuple):
    """Articles of whole stories (article_id, story, body), their places in the study, and the rows of its tables that
    are theirs."""

    places: np.ndarray
    articles: pd.DataFrame
    sentences: pd.DataFrame
    quotes: pd.DataFrame
    mentions: pd.DataFrame


def _compare(stories: _Stories, *, counts: StemCounts, loaded: Codebook) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The rows of *alignments* and of *drifts*, not ranked, with places for articles."""
    places, articles, sentences, quotes, mentions = stories
    pairs = align_sentences(articles, sentences)
    changes = find_changes(articles, sentences, quotes, pairs, mentions, loaded=loaded, counts=counts)
    known = pd.Index(articles["article_id"])
    pairs, changes = (
        table.assign(**{name: places[known.get_indexer(table[name])] for name in InParts.SIDES})
        for table in (pairs, changes)
    )
    return pairs.astype(dict.fromkeys(SMALL, "int32")), changes


def batches(group: pd.Series | np.ndarray) -> np.ndarray:
    """For each article the batch of whole groups (stories) that it is looked at in; -1 where it is alone in its own."""
    codes = pd.factorize(group)[0]
    sizes = np.bincount(codes[codes >= 0], minlength=1)
    sizes[sizes == 1] = 0
    room = min(max(int(sizes.sum()) // _TASKS, BATCH), _TIMES * BATCH)
    batch = (np.cumsum(sizes) - sizes) // room
    # Numbers of batches follow each other: a story larger than a batch takes the place of several.
    batch[sizes > 0] = np.unique(batch[sizes > 0], return_inverse=True)[1]
    return np.where((codes >= 0) & (sizes[codes] > 0), batch[codes], -1)


def _put_by(
    ids: pd.Series, pieces: Sequence[Piece], coded: Mapping[str, pd.DataFrame], batch: np.ndarray, folder: Path
) -> dict[str, Spill]:
    """The bodies and the coded rows of stories, sorted by batch."""
    place = pd.Index(ids)  # whose hash table is made once

    def rows(name: str) -> Iterator[tuple[pd.DataFrame, np.ndarray]]:
        for part in parts_of(coded, name, NEEDED[name]):
            at = place.get_indexer(part["article_id"])
            yield part, np.where(at >= 0, batch[at], -1)

    bodies = ((piece.read(["body"]), batch[piece.start : piece.stop]) for piece in pieces)
    return {"bodies": spill(bodies, folder, "bodies"), **{name: spill(rows(name), folder, name) for name in NEEDED}}


def parts_of(coded: Mapping[str, pd.DataFrame], name: str, columns: Sequence[str]) -> Iterable[pd.DataFrame]:
    """Some columns of a table, partition by partition where it is kept so."""
    return coded.parts(name, columns) if hasattr(coded, "parts") else [coded[name][list(columns)]]
