"""What can only be said of articles together: who copied whom, which sentences report the same, how quotations drift.

Every other part of coding looks at one article at a time. This part reads the coded articles of a whole study, and
keeps to pairs of articles worth looking at.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial

import numpy as np
import pandas as pd

from analysis import tables
from analysis.coding.alignment import align_sentences
from analysis.coding.codebook import Codebook
from analysis.coding.drift import find_drifts, loaded_book
from analysis.coding.partition import texts_of
from analysis.coding.pieces import Piece, pieces_of, read_some, with_texts
from analysis.coding.renderings import count_stems, summed
from analysis.coding.reuse import (
    LEAST,
    SHINGLE,
    THRESHOLD,
    Prints,
    copy_groups,
    find_copies,
    find_passages,
    window_for,
)
from analysis.coding.shingles import fingerprints
from analysis.coding.stories import Leads, find_stories, read_leads
from analysis.coding.tokens import tokenise
from analysis.coding.voices import token_voices
from analysis.engine import HERE, Tasks, gather
from analysis.engine_settings import Engine
from analysis.study import UserError

_TEXTS = ("headline", "deck", "body")
# What comparing sentences and quotations needs of these tables.
_COMPARED = {
    "sentences": ("article_id", "sentence", "start", "end", "speaker"),
    "quotes": (
        "article_id", "quote", "start", "end", "kind", "continued", "speaker", "person_named", "cue_lemma", "cue_class",
    ),
    "mentions": ("article_id", "where", "start", "end", "match", "variable", "category"),
}  # fmt: skip


def code_together(
    articles: pd.DataFrame,
    coded: Mapping[str, pd.DataFrame],
    codebooks: Sequence[Codebook],
    *,
    texts: str | None = None,
    engine: Engine = HERE,
) -> dict[str, pd.DataFrame]:
    """The tables that `tables.TOGETHER` names.

    Args:
        articles: the *articles* table of the whole study. coded: its mentions, sentences and quotes; where it has
            ``parts`` (see `analysis.lazy.Tables`), these are read partition by partition.
        codebooks: of these, one named ``loaded-words`` says which words are loaded (else the shipped one does).
        texts: the file of the store that holds headline, deck and body, where ``articles`` does not.
        engine: where articles are read and stories compared.
    """
    pieces = pieces_of(texts or articles, len(articles))
    articles = articles.drop(columns=list(_TEXTS), errors="ignore")
    window = window_for(sum(int(piece.read(["body"])["body"].str.len().sum()) for piece in pieces))
    traces = gather(partial(_trace, window=window, n_texts=len(articles)), pieces, engine, verb="read")
    prints, leads = ([trace[which] for trace in traces] for which in (0, 1))
    del traces
    copies = find_copies(
        articles,
        prints=_given_up(prints),
        window=window,
        bodies=lambda wanted: read_some(pieces, wanted, ["body"])["body"],
    )
    stories = find_stories(articles, copies=copies, leads=_given_up(leads))
    paired = articles["article_id"].isin(pd.concat([copies["article_a"], copies["article_b"]])).to_numpy()
    quotes = _of(articles["article_id"][paired], coded, "quotes")
    grouped = _grouped(with_texts(articles, pieces, paired, _TEXTS), quotes, copies, THRESHOLD)
    told = articles.assign(story=articles["article_id"].map(stories).astype("str"))
    made = {
        "copies": copies,
        **grouped,
        "stories": told[["article_id", "story"]].assign(given=articles["story"].notna()),
        **_compared(told, pieces, coded, loaded_book(codebooks), engine),
    }
    return {name: tables.validate(name, table).reset_index(drop=True) for name, table in made.items()}


def _given_up(parts: list) -> Iterator:
    """What is in a list, which is not held any longer."""
    while parts:
        yield parts.pop(0)


def _trace(piece: Piece, *, window: int, n_texts: int) -> tuple[Prints, Leads]:
    """What finding copies and stories needs know of some articles."""
    articles = piece.read([*_TEXTS, "story"])
    prints = fingerprints(articles["body"], SHINGLE, window=window, first=piece.start, n_texts=n_texts)
    return Prints(*prints), read_leads(articles[articles["story"].isna()])


def _compared(
    told: pd.DataFrame, pieces: list[Piece], coded: Mapping[str, pd.DataFrame], loaded: Codebook, engine: Engine
) -> dict[str, pd.DataFrame]:
    """The tables *alignments* and *drifts*, of stories that several articles tell."""
    several = told["story"].duplicated(keep=False).to_numpy()
    if not several.any():
        return {name: tables.empty(name) for name in ("alignments", "drifts")}
    ids = told["article_id"]
    own = told[several].reset_index(drop=True)
    own = own.assign(body=read_some(pieces, several, ["body"])["body"])
    sentences, quotes, mentions = (_of(own["article_id"], coded, name) for name in ("sentences", "quotes", "mentions"))
    alignments = align_sentences(own, sentences, engine=engine)
    counts = partial(_count, ids, pieces, coded, engine)
    drifts = find_drifts(own, sentences, quotes, alignments, mentions, loaded=loaded, counts=counts, engine=engine)
    return {"alignments": alignments, "drifts": drifts}


def _of(ids: pd.Series, coded: Mapping[str, pd.DataFrame], name: str) -> pd.DataFrame:
    """What comparing needs of the rows of some articles."""
    wanted = pd.Index(ids)  # whose hash table is made once, unlike that of `isin`
    found = [part[wanted.get_indexer(part["article_id"]) >= 0] for part in _parts(coded, name, _COMPARED[name])]
    return pd.concat(found, ignore_index=True)


def _parts(coded: Mapping[str, pd.DataFrame], name: str, columns: Sequence[str]) -> Iterable[pd.DataFrame]:
    """Some columns of a table, partition by partition where it is kept so."""
    return coded.parts(name, columns) if hasattr(coded, "parts") else [coded[name][list(columns)]]


def _count(
    ids: pd.Series, pieces: list[Piece], coded: Mapping[str, pd.DataFrame], engine: Engine
) -> tuple[int, dict[str, int]]:
    """How many of all sentences have each stem."""
    place = pd.Index(ids)
    parts = _parts(coded, "sentences", ("article_id", "sentence", "start"))
    parts = [part.assign(article=place.get_indexer(part.pop("article_id"))) for part in parts]
    sentences = pd.concat(parts, ignore_index=True).sort_values(["article", "start"], kind="stable", ignore_index=True)
    bounds = np.searchsorted(sentences["article"], [0, *(piece.stop for piece in pieces)])

    def task(number: int) -> tuple[Piece, pd.DataFrame]:
        piece, rows = pieces[number], sentences.iloc[bounds[number] : bounds[number + 1]]
        return piece, rows.assign(article=rows["article"] - piece.start)

    return summed(gather(_count_piece, Tasks(task, len(pieces)), engine, verb="counted"))


def _count_piece(task: tuple[Piece, pd.DataFrame]) -> tuple[int, dict[str, int]]:
    piece, sentences = task
    return count_stems(piece.read(["body"])["body"].tolist(), sentences)


def regroup(coded: dict[str, pd.DataFrame], *, threshold: float) -> dict[str, pd.DataFrame]:
    """A study's tables with its articles grouped at another threshold of containment.

    Returns ``coded`` with *copy_groups*, *passages*, *copied* and *added_words* made anew. A UserError where the
    threshold is below what *copies* keeps or above 1. Without the texts of the study only the default can be had.
    """
    if not LEAST <= threshold <= 1:
        raise UserError(f"threshold is {threshold}; allowed: {LEAST} to 1, a share of shingles")
    if threshold == THRESHOLD:
        return coded
    return {**coded, **_grouped(coded["articles"], coded["quotes"], coded["copies"], threshold)}


def _grouped(
    articles: pd.DataFrame, quotes: pd.DataFrame, copies: pd.DataFrame, threshold: float
) -> dict[str, pd.DataFrame]:
    """The tables that depend on who is grouped with whom."""
    groups = copy_groups(articles, copies, threshold=threshold)
    passages = find_passages(articles, copies, groups)
    copied = copied_stretches(passages, groups, articles)
    added = added_words(articles, quotes, copied)
    return {"copy_groups": groups, "passages": passages, "copied": copied, "added_words": added}


def copied_stretches(passages: pd.DataFrame, groups: pd.DataFrame, articles: pd.DataFrame) -> pd.DataFrame:
    """Where the text of an article is not its own: article_id, start, end, in order and apart.

    The passages that it shares with others of its group, put together. The source of a group that credits nobody with
    the whole text owes nothing to its copies.
    """
    credited = set(articles.loc[articles["credit"] == "whole", "article_id"])
    owners = set(groups.loc[groups["role"] == "source", "article_id"]) - credited
    sides = [
        passages[[f"article_{side}", f"start_{side}", f"end_{side}"]].set_axis(["article_id", "start", "end"], axis=1)
        for side in "ab"
    ]
    runs = pd.concat(sides, ignore_index=True)
    runs = runs[~runs["article_id"].isin(owners)].sort_values(["article_id", "start", "end"], kind="stable")
    if runs.empty:
        return tables.empty("copied")
    # A run that begins before the furthest end so far goes on from it.
    furthest = runs.groupby("article_id")["end"].cummax().groupby(runs["article_id"]).shift(fill_value=-1)
    number = (runs["start"] > furthest).cumsum()
    joined = runs.groupby(number).agg(article_id=("article_id", "first"), start=("start", "min"), end=("end", "max"))
    return joined.reset_index(drop=True)


def added_words(articles: pd.DataFrame, quotes: pd.DataFrame, copied: pd.DataFrame) -> pd.DataFrame:
    """The words of each voice outside copied stretches (the table *added_words*), for articles that have such.

    Args:
        quotes, copied: the tables of these names; rows of quotes in order, the longer first.
    """
    own = articles[articles["article_id"].isin(copied["article_id"])].reset_index(drop=True)
    row = pd.Series(np.arange(len(own)), index=own["article_id"], dtype="int64")
    said = quotes[quotes["article_id"].isin(own["article_id"])]
    said = said.assign(text=said["article_id"].map(row).to_numpy(np.int64)).sort_values("text", kind="stable")
    tokens = tokenise(texts_of(own))
    voices, _ = token_voices(tokens, said)
    span = int(max(tokens.ends.max(initial=0), copied["end"].max() if len(copied) else 0)) + 1
    text = copied["article_id"].map(row).to_numpy(np.int64) * 3 + 2
    begins, ends = (np.sort(text * span + copied[side].to_numpy()) for side in ("start", "end"))
    place = tokens.texts * span + tokens.starts
    inside = np.searchsorted(begins, place, side="right") > np.searchsorted(ends, place, side="right")
    counted = (tokens.texts % 3 == 2) & ~inside
    key = tokens.texts[counted] // 3 * len(tables.VOICES) + voices[counted]
    keys, n = np.unique(key, return_counts=True)
    return pd.DataFrame(
        {
            "article_id": own["article_id"].array.take(keys // len(tables.VOICES)),
            "voice": pd.array(list(tables.VOICES), dtype="str").take(keys % len(tables.VOICES)),
            "n": n.astype(np.int64),
        }
    )
