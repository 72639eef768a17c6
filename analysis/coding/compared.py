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
from analysis.coding.alignment import align_sentences
from analysis.coding.codebook import Codebook
from analysis.coding.drift import find_changes, ranked
from analysis.coding.pieces import Piece
from analysis.coding.spills import Spill, spill
from analysis.coding.stem_counts import StemCounts
from analysis.engine import Show, Tasks, gather
from analysis.engine_settings import Engine

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
_SIDES = ("article_a", "article_b")
_SMALL = (*_SIDES, "sentence_a", "sentence_b")


def compare_stories(
    told: pd.DataFrame,
    pieces: Sequence[Piece],
    coded: Mapping[str, pd.DataFrame],
    loaded: Codebook,
    counts: StemCounts,
    engine: Engine,
    progress: Show | None = None,
) -> dict[str, pd.DataFrame]:
    """The tables *alignments* and *drifts*.

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
        order = np.argsort(batch, kind="stable")
        bounds = np.searchsorted(batch[order], np.arange(batch.max() + 2))

        def task(number: int) -> _Stories:
            places = order[bounds[number] : bounds[number + 1]]
            own = told[["article_id", "story"]].iloc[places].reset_index(drop=True)
            rows = {name: one.read(number) for name, one in put_by.items()}
            return _Stories(places, own.assign(body=rows.pop("bodies")["body"]), **rows)

        compare = partial(_compare, counts=counts, loaded=loaded)
        asked = {"verb": "compared", "sizes": np.diff(bounds).tolist(), "progress": progress}
        found = gather(compare, Tasks(task, len(bounds) - 1), engine, **asked)
    return {
        "alignments": _alignments(told["article_id"], [pairs for pairs, _ in found]),
        "drifts": ranked([changes for _, changes in found]),
    }


class _Stories(NamedTuple):
    """Articles of whole stories (article_id, story, body), their places in the study, and the rows of its tables that
    are theirs."""

    places: np.ndarray
    articles: pd.DataFrame
    sentences: pd.DataFrame
    quotes: pd.DataFrame
    mentions: pd.DataFrame


def _compare(stories: _Stories, *, counts: StemCounts, loaded: Codebook) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The rows of *alignments*, with places for articles, and of *drifts*, not ranked."""
    places, articles, sentences, quotes, mentions = stories
    pairs = align_sentences(articles, sentences)
    changes = find_changes(articles, sentences, quotes, pairs, mentions, loaded=loaded, counts=counts)
    known = pd.Index(articles["article_id"])
    sides = {name: places[known.get_indexer(pairs[name])] for name in _SIDES}
    return pairs.assign(**sides).astype(dict.fromkeys(_SMALL, "int32")), changes


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


def _alignments(ids: pd.Series, found: list[pd.DataFrame]) -> pd.DataFrame:
    """The table, of the pairs of all stories: in order of both sentences, propositions numbered as they come up.

    Put together column by column, and taken from what was ``found``, so that no more than a column is held twice.
    """
    sizes = np.cumsum([0, *(len(pairs) for pairs in found)])
    for pairs, size in zip(found, sizes.tolist(), strict=False):
        pairs["proposition"] += size

    def column(name: str) -> pd.Series:
        return pd.concat([pairs.pop(name) for pairs in found], ignore_index=True)

    first, sentence = column("article_a"), column("sentence_a")
    # All pairs of a sentence are of one story, and in order there.
    room = int(sentence.max()) + 1 if len(sentence) else 1
    order = np.argsort(first.to_numpy(np.int64) * room + sentence.to_numpy(), kind="stable")
    made = {"article_a": first.array.take(order), "sentence_a": sentence.array.take(order)}
    del first, sentence
    for name in list(found[0].columns):
        made[name] = column(name).array.take(order)
    names = pd.Index(pd.array(ids, dtype="str"))
    made |= {name: pd.Categorical.from_codes(made[name], names) for name in _SIDES}
    made |= {name: made[name].astype("int64") for name in _SMALL if name not in _SIDES}
    made["proposition"] = _renumbered(pd.Series(made["proposition"]))
    return pd.DataFrame(made, copy=False)


def _renumbered(numbers: pd.Series) -> pd.Series:
    """Whole numbers as they come up, 0 and on; missing ones stay missing."""
    codes = pd.Series(pd.factorize(numbers)[0], index=numbers.index, dtype="Int64")
    return codes.mask(numbers.isna())
