"""What notebooks ask of the texts, answered from the tables where a study comes without them.

Where the texts are there these functions count in them. Where they are not, they give what was counted before the study
was shared, and a UserError where that was not. `or_said` has the sentence for
what can only be shown with them.
"""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from analysis import tables as contracts
from analysis.coding import neighbours as near
from analysis.coding import together
from analysis.coding.numbers import enumeration_conflicts
from analysis.coding.phrases import phrase_counts
from analysis.reporting.sharing_words import WINDOW, frequent_patterns
from analysis.study import UserError
from analysis.texts import SENTENCE, has_texts


def or_said(otherwise: str, articles: pd.DataFrame) -> str:
    """What to say where there is nothing to show: that the texts are not included; where they are, ``otherwise``."""
    return otherwise if has_texts(articles) else SENTENCE


def labels(matrix: pd.DataFrame, articles: pd.DataFrame) -> pd.Series | None:
    """The words of each proposition of a matrix; None where there are none, so that its number is shown."""
    return matrix.groupby("proposition")["words"].first() if has_texts(articles) else None


def note(articles: pd.DataFrame) -> str:
    """A sentence for the head of a notebook; empty where the texts are there."""
    return "" if has_texts(articles) else "The texts of the articles are not included: what would show them says so."


def phrases(tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Runs of two and three words, as `coding.phrases.phrase_counts` gives them (rare ones hashed without texts)."""
    if has_texts(tables["articles"]):
        return phrase_counts(tables["articles"], quotes=tables["quotes"])
    return tables["phrase_counts"]


def nodes_of(tables: Mapping[str, pd.DataFrame]) -> list[str]:
    """The patterns that hit most often, cues apart: the most frequent first; ``the`` where nothing hit.

    Of a study without texts those whose neighbours were counted.
    """
    if has_texts(tables["articles"]):
        return frequent_patterns(tables["mentions"]) or ["the"]
    return list(tables["nodes"]["pattern"].unique()) or ["the"]


def neighbours(
    tables: Mapping[str, pd.DataFrame], node: str, *, window: int | None
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The words around a node and its places, as `coding.neighbours.neighbours` gives them.

    Raises a UserError, where there are no texts, for a node or a window that was not counted before the study was
    shared.
    """
    if has_texts(tables["articles"]):
        return near.neighbours(tables["articles"], node, window=window, quotes=tables["quotes"])
    words, nodes = tables["neighbours"], tables["nodes"]
    if window != WINDOW or node not in set(nodes["pattern"]):
        known = ", ".join(sorted(nodes["pattern"].unique())) or "none"
        raise UserError(
            f"node {node!r}, window {window}: the texts are not included; what stands beside a node was counted for "
            f"window {WINDOW} and nodes {known}"
        )
    return tuple(one[one["pattern"] == node].drop(columns="pattern") for one in (words, nodes))


def neighbours_in_sentences(tables: Mapping[str, pd.DataFrame], node: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    """`neighbours` in whole sentences; of a study without texts none at all."""
    if has_texts(tables["articles"]):
        return neighbours(tables, node, window=None)
    empty = {name: contracts.empty(name).drop(columns="pattern") for name in ("neighbours", "nodes")}
    return empty["neighbours"], empty["nodes"]


def kwic_with(articles: pd.DataFrame, node: str, word: str, **options: object) -> pd.DataFrame:
    """As `coding.neighbours.kwic_with`; without rows where there are no texts."""
    found = near.kwic_with(articles, node, word, **options)
    return found if has_texts(articles) else found[:0]


def regroup(tables: Mapping[str, pd.DataFrame], *, threshold: float) -> Mapping[str, pd.DataFrame]:
    """As `coding.together.regroup`; a UserError for another threshold than the default where there are no texts."""
    if threshold != together.THRESHOLD and not has_texts(tables["articles"]):
        raise UserError(f"threshold {threshold}: the texts are not included; allowed: {together.THRESHOLD}")
    return together.regroup(tables, threshold=threshold)


def enumerations(tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """As `coding.numbers.enumeration_conflicts`; without rows where there are no texts."""
    return enumeration_conflicts(tables["articles"], tables["sentences"])
