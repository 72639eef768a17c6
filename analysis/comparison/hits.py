"""What is asked of codebook hits: the levels that articles are compared by, and the hits of one variable in them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd

from analysis.comparison.selection import category_names, codebook_of, selected
from analysis.study import UserError
from analysis.tables import VOICES, WHERE


class Levels(NamedTuple):
    """The levels that articles are compared by.

    Attributes:
        codes: each article's level, by number. table: a row per level, sorted, with the columns compared by; articles
            without a value are a level of their own, the last. Compared by nothing, all articles are one level.
        labels: the levels' names, their parts joined by a point.
    """

    codes: np.ndarray
    table: pd.DataFrame
    labels: list[str]


class Hits(NamedTuple):
    """The hits of one variable that count.

    Attributes:
        table: rows of *mentions*, with ``row``: the place of their article in *articles*.
        codebook: the codebook that holds the variable. categories: its categories, in the codebook's order.
    """

    table: pd.DataFrame
    codebook: str
    categories: list[str]


def levels_in(articles: pd.DataFrame, by: str | Sequence[str]) -> Levels:
    """The levels of one or more columns of articles; none: one level. A UserError where one is no column."""
    columns = columns_of(by)
    for column in columns:
        if column not in articles.columns:
            raise UserError(f"by {column!r} is no column of articles; allowed: {', '.join(articles.columns)}")
    if not columns:
        return Levels(np.zeros(len(articles), np.int64), pd.DataFrame(index=range(1)), ["all"])
    codes = articles.groupby(columns, dropna=False, observed=True).ngroup().to_numpy()
    table = articles[columns].iloc[np.unique(codes, return_index=True)[1]].reset_index(drop=True)
    parts = (table[column].astype("str").fillna("(none)") for column in columns)
    return Levels(codes, table, [" · ".join(level) for level in zip(*parts, strict=True)])


def columns_of(by: str | Sequence[str]) -> list[str]:
    """One or more columns, as a list."""
    return [by] if isinstance(by, str) else list(by)


def groups_in(articles: pd.DataFrame, groups: pd.Series | None) -> np.ndarray:
    """Each article's copy group as a number; an article that ``groups`` (article_id → group) lacks is its own."""
    own = articles["article_id"]
    if own.duplicated().any():
        raise ValueError(f"articles: {own[own.duplicated()].iloc[0]} stands twice")
    named = own if groups is None else own.map(groups).where(own.isin(groups.index), own)
    return pd.factorize(named)[0]


def hits_in(
    mentions: pd.DataFrame,
    articles: pd.DataFrame,
    *,
    variable: str,
    codebook: str | None = None,
    voice: str | Sequence[str] | None = None,
    where: str | Sequence[str] | None = None,
    categories: pd.DataFrame | None = None,
) -> Hits:
    """The hits of a variable in some articles, voices and places; hits of other articles are left out.

    Options as in `rates`. Raises UserError where variable, codebook, voice or place is not there.
    """
    codebook = codebook_of(variable, codebook, mentions, categories)
    of_variable = mentions[(mentions["variable"] == variable) & (mentions["codebook"] == codebook)]
    names = category_names(of_variable, variable, codebook, categories)
    voices, places = selected("voice", voice, VOICES), selected("where", where, WHERE)
    row = pd.Index(articles["article_id"]).get_indexer(of_variable["article_id"])
    counts = (row >= 0) & of_variable["voice"].isin(voices) & of_variable["where"].isin(places)
    return Hits(of_variable.assign(row=row)[counts].reset_index(drop=True), codebook, names)
