"""What can only be said of articles together: who copied whom, which sentences report the same, how quotations drift.

Every other part of coding looks at one article at a time. This part reads the coded articles of a whole study, and
keeps to pairs of articles worth looking at.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import numpy as np
import pandas as pd

from analysis import tables
from analysis.coding.codebook import Codebook
from analysis.coding.compared import NEEDED, compare_stories, parts_of
from analysis.coding.drift import loaded_book
from analysis.coding.partition import texts_of
from analysis.coding.pieces import Piece, pieces_of, read_some, with_texts
from analysis.coding.reuse import (
    LEAST,
    SHINGLE,
    THRESHOLD,
    Prints,
    copy_groups,
    find_copies,
    find_passages,
)
from analysis.coding.shingles import choose_window, fingerprints
from analysis.coding.stem_counts import StemCounts, count_stems, summed
from analysis.coding.stories import Leads, find_stories, read_leads
from analysis.coding.tokens import tokenise
from analysis.coding.voices import token_voices
from analysis.engine import HERE, gather
from analysis.engine_settings import Engine
from analysis.study import UserError

_TEXTS = ("headline", "deck", "body")


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
    window = choose_window(int(articles["n_words"].sum()))
    traces = gather(partial(_trace, window=window, n_texts=len(articles)), pieces, engine, verb="read")
    prints, leads, counts = ([trace[which] for trace in traces] for which in (0, 1, 2))
    del traces
    copies = find_copies(
        articles,
        prints=_given_up(prints),
        window=window,
        bodies=lambda wanted: read_some(pieces, wanted, ["body"])["body"],
    )
    # Who is grouped with whom matters to no story: both are found at a time.
    with ThreadPoolExecutor(1) as beside:
        grouped = beside.submit(_of_copies, articles, pieces, coded, copies)
        stories = find_stories(articles, copies=copies, leads=_given_up(leads))
        told = articles.assign(story=stories.to_numpy()).astype({"story": "str"})
        compared = compare_stories(told, pieces, coded, loaded_book(codebooks), summed(_given_up(counts)), engine)
        made = {
            "copies": copies,
            **grouped.result(),
            "stories": told[["article_id", "story"]].assign(given=articles["story"].notna()),
            **compared,
        }
    return {name: tables.validate(name, table, encoded=True).reset_index(drop=True) for name, table in made.items()}


def _of_copies(
    articles: pd.DataFrame, pieces: list[Piece], coded: Mapping[str, pd.DataFrame], copies: pd.DataFrame
) -> dict[str, pd.DataFrame]:
    """`_grouped` at the default threshold; of no texts more is read than of articles that stand in a pair."""
    paired = articles["article_id"].isin(pd.concat([copies["article_a"], copies["article_b"]])).to_numpy()
    quotes = _of(articles["article_id"][paired], coded, "quotes")
    return _grouped(with_texts(articles, pieces, paired, _TEXTS), quotes, copies, THRESHOLD)


def _given_up(parts: list) -> Iterator:
    """What is in a list, which is not held any longer."""
    while parts:
        yield parts.pop(0)


def _trace(piece: Piece, *, window: int, n_texts: int) -> tuple[Prints, Leads, StemCounts]:
    """What finding copies and stories, and comparing these, needs know of some articles."""
    articles = piece.read([*_TEXTS, "story"])
    tokens = tokenise(articles["body"])
    prints = fingerprints(tokens, SHINGLE, window=window, first=piece.start, n_texts=n_texts)
    return Prints(*prints), read_leads(articles[articles["story"].isna()]), count_stems(tokens)


def _of(ids: pd.Series, coded: Mapping[str, pd.DataFrame], name: str) -> pd.DataFrame:
    """What comparing needs of the rows of some articles."""
    wanted = pd.Index(ids)  # whose hash table is made once, unlike that of `isin`
    parts = parts_of(coded, name, NEEDED[name])
    return pd.concat([part[wanted.get_indexer(part["article_id"]) >= 0] for part in parts], ignore_index=True)


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
