"""Copies treated as copies: the same result four ways, side by side (the wire table).

Five outlets that print one agency text are one observation five times. Every measure takes copy groups as its unit of
resampling (`groups_of`); the wire table says what becomes of the result itself when copies count once, or not at all.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable

import numpy as np
import pandas as pd

WAYS = ("all articles", "one per copy group", "originals only", "outlet-added text only")


def groups_of(copy_groups: pd.DataFrame) -> pd.Series:
    """article_id → copy group: what `groups` of every measure takes."""
    return copy_groups.set_index("article_id")["copy_group"]


def wire_table(
    measure: Callable[..., pd.DataFrame],
    tables: dict[str, pd.DataFrame],
    *,
    value: str = "share",
    **options: object,
) -> pd.DataFrame:
    """What a measure gives for all articles, one per copy group, originals only, and outlet-added text only.

    Args:
        measure: of `comparison`; its positional arguments are coded tables by name (mentions, articles, …).
        tables: the coded tables. options: passed on to the measure; copy groups are given to it as ``groups``.
        value: the measure's column: share or rate.

    Returns:
        The columns compared by, category; for each way ``n (WAY)`` and ``share (WAY)`` (or rate); and ``spread``, the
        largest of the four less the smallest, NaN where fewer than two are defined. Rows without a mention in any
        way are left out.
    """
    return _wire_table(measure, _four_ways(measure, tables), groups_of(tables["copy_groups"]), value, **options)


def _four_ways(
    measure: Callable[..., pd.DataFrame], tables: dict[str, pd.DataFrame]
) -> dict[str, tuple[pd.DataFrame, ...]]:
    """For each way the coded tables that a measure takes, in order."""
    taken = _positional(measure)
    # Of a large study other tables are not even loaded.
    needed = {name: tables[name] for name in {*taken, "articles", "copy_groups", "copied", "added_words"}}
    given = {}
    for way in WAYS:
        chosen = counted(needed, way)
        given[way] = tuple(chosen[name] for name in taken)
    return given


def _wire_table(
    measure: Callable[..., pd.DataFrame],
    ways: dict[str, tuple[pd.DataFrame, ...]],
    groups: pd.Series,
    value: str,
    **options: object,
) -> pd.DataFrame:
    """`wire_table` from what counts each way."""
    table, keys = None, []
    for way, given in ways.items():
        measured = measure(*given, groups=groups, **options)
        keys = [*measured.attrs["by"], "category"]
        named = measured[[*keys, "n", value]].rename(columns={"n": f"n ({way})", value: f"{value} ({way})"})
        table = named if table is None else table.merge(named, on=keys, how="outer", sort=False)
    values = table[[f"{value} ({way})" for way in WAYS]]
    spread = (values.max(axis=1) - values.min(axis=1)).where(values.notna().sum(axis=1) > 1)
    counts = [f"n ({way})" for way in WAYS]
    table[counts] = table[counts].fillna(0).astype("int64")
    return table.assign(spread=spread)[table[counts].sum(axis=1) > 0].reset_index(drop=True)


def _positional(measure: Callable[..., pd.DataFrame]) -> list[str]:
    """The coded tables that a measure takes, in order."""
    parameters = inspect.signature(measure).parameters.values()
    return [one.name for one in parameters if one.kind is one.POSITIONAL_OR_KEYWORD]


def wire_tables(
    measure: Callable[..., pd.DataFrame],
    tables: dict[str, pd.DataFrame],
    variables: pd.DataFrame,
    *,
    value: str = "share",
    **options: object,
) -> pd.DataFrame:
    """`wire_table` for each variable with mentions, with the column ``variable`` before ``category``; the rows that
    depend most on the way first. ``variables``: codebook, variable, mentions."""
    found = variables[variables["mentions"] > 0]
    ways, groups = (_four_ways(measure, tables) if len(found) else {}), groups_of(tables["copy_groups"])
    parts = [
        _wire_table(measure, ways, groups, value, codebook=one.codebook, variable=one.variable, **options).assign(
            variable=one.variable
        )
        for one in found.itertuples()
    ]
    if not parts:
        return pd.DataFrame(columns=["variable", "category", "spread"]).astype({"spread": "float64"})
    whole = pd.concat(parts, ignore_index=True).sort_values("spread", ascending=False, kind="stable")
    front = list(whole.columns[: whole.columns.get_loc("category")])
    rest = [column for column in whole.columns if column not in (*front, "variable")]
    return whole[[*front, "variable", *rest]].reset_index(drop=True)


def counted(tables: dict[str, pd.DataFrame], way: str) -> dict[str, pd.DataFrame]:
    """The coded tables with what counts one way.

    * all articles: everything.
    * one per copy group: of each group its source alone.
    * originals only: articles that copy nobody and credit nobody with the whole text.
    * outlet-added text only: of copies only what no other article of the group has. Mentions, namings and quotations
      count where they do not touch a stretch of *copied*, sentences where less than half of them is copied, words as
      *added_words* counts them. A copy whose source is not here counts not at all; headline and deck are always the
      outlet's own.

    Every article left keeps its other rows, so that denominators are those of what counts.
    """
    if way not in WAYS:
        raise ValueError(f"way is {way!r}; allowed: {', '.join(WAYS)}")
    if way == WAYS[0]:
        return tables
    groups, articles = tables["copy_groups"], tables["articles"]
    whole = set(articles.loc[articles["credit"] == "whole", "article_id"])
    if way == WAYS[1]:
        kept = groups.loc[groups["article_id"] == groups["copy_group"], "article_id"]
    elif way == WAYS[2]:
        kept = groups.loc[(groups["role"] != "copy") & ~groups["article_id"].isin(whole), "article_id"]
    else:
        kept = groups.loc[groups["outlet_added_words"].notna(), "article_id"]
    chosen = {name: _of(table, kept) for name, table in tables.items()}
    return chosen if way != WAYS[3] else _added(chosen, tables)


def _of(table: pd.DataFrame, kept: pd.Series) -> pd.DataFrame:
    """The rows of some articles; tables that are not about single articles stay."""
    return table[table["article_id"].isin(kept)] if "article_id" in table.columns else table


def _added(chosen: dict[str, pd.DataFrame], tables: dict[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """The tables without what stands in shared passages."""
    copied, own = tables["copied"], dict(chosen)
    for name in {"mentions", "targets"} & own.keys():
        own[name] = _not_copied(chosen[name], copied)
    if "quotes" in own:
        own["quotes"] = own["quotes"][_overlap(own["quotes"], copied) == 0]
    if "sentences" in own:
        length = (own["sentences"]["end"] - own["sentences"]["start"]).to_numpy()
        own["sentences"] = own["sentences"][_overlap(own["sentences"], copied) * 2 < length]
    if "word_counts" in own:
        words, added = chosen["word_counts"], tables["added_words"].assign(word="(added)")
        added = added[added["article_id"].isin(chosen["articles"]["article_id"])]
        other = words[~words["article_id"].isin(copied["article_id"]) | (words["voice"] == "headline")]
        own["word_counts"] = pd.concat([other, added[other.columns]], ignore_index=True)
    return own


def _not_copied(table: pd.DataFrame, copied: pd.DataFrame) -> pd.DataFrame:
    """Rows of headline and deck, and those of the body that touch nothing copied."""
    return table[(table["where"] != "body").to_numpy() | (_overlap(table, copied) == 0)]


def _overlap(table: pd.DataFrame, copied: pd.DataFrame) -> np.ndarray:
    """How many characters of each row's stretch (start, end) lie in copied stretches of its article."""
    number = pd.Index(copied["article_id"].unique())
    span = int(max(copied["end"].max() if len(copied) else 0, table["end"].max() if len(table) else 0)) + 1
    article = number.get_indexer(table["article_id"])
    begins = number.get_indexer(copied["article_id"]) * span + copied["start"].to_numpy()
    lengths = (copied["end"] - copied["start"]).to_numpy()
    before = np.concatenate([[0], np.cumsum(lengths)])

    def covered(at: np.ndarray) -> np.ndarray:
        """Copied characters before each place."""
        place = np.searchsorted(begins, at, side="right")
        last = np.maximum(place - 1, 0)
        inside = np.minimum(at - begins[last], lengths[last]) if len(begins) else np.zeros(len(at), np.int64)
        return np.where(place > 0, before[last] + inside, 0)

    start, end = (article * span + table[column].to_numpy() for column in ("start", "end"))
    return np.where(article >= 0, covered(end) - covered(start), 0)
