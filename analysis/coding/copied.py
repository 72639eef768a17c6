"""What of an article is copied, and what its outlet added: tables that depend on who is grouped with whom."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis import tables
from analysis.coding.partition import texts_of
from analysis.coding.reuse import copy_groups, find_passages
from analysis.coding.tokens import tokenise
from analysis.coding.voices import token_voices


def grouped(
    articles: pd.DataFrame, quotes: pd.DataFrame, copies: pd.DataFrame, threshold: float
) -> dict[str, pd.DataFrame]:
    """*copy_groups*, *passages*, *copied* and *added_words* of articles that hold their texts.

    Args:
        articles, quotes, copies: the tables of these names. threshold: of `reuse.copy_groups`.
    """
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
