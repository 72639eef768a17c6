"""Warnings before a score is believed: patterns that may not mean what their category says.

A false friend is a pattern whose hits look like evidence and are not: `Security` in `Security Council`, or one word of
the day that alone makes a frame. None of the warnings is an error; each says where to read before citing.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from analysis.comparison.hits import groups_in, levels_in
from analysis.comparison.per_article import check_whole
from analysis.study import UserError

WARNINGS = ("one pattern", "inside names", "one text", "one level")
_KEYS = ["codebook", "variable", "category"]
_COLUMNS = [*_KEYS, "pattern", "warning", "n", "total", "share", "n_articles", "reason"]


def false_friends(
    mentions: pd.DataFrame,
    articles: pd.DataFrame,
    categories: pd.DataFrame | None = None,
    *,
    variable: str | None = None,
    codebook: str | None = None,
    by: str = "outlet",
    kinds: Sequence[str] = ("presence", "scale"),
    groups: pd.Series | None = None,
    dominant: float = 0.5,
    in_names: float = 0.5,
    least_of_category: int = 5,
    least_in_names: int = 2,
    least_in_one: int = 5,
) -> pd.DataFrame:
    """Warnings about patterns, one row each, variable by variable in the order of *categories*.

    Args:
        mentions, articles, categories: the coded tables. Without *categories* a category's patterns are those that hit.
        variable, codebook: None: all of them.
        by: the column of articles that is compared. groups: article_id → copy group: copies are one text.
        kinds: of variables that are warned of as *one pattern* and *one level*. Where a category is a wording (choice)
            or a name (an actor), that one pattern gives it, or one outlet prints it, is what is measured.

    The warnings:

    * one pattern: it gives more than ``dominant`` of its category's hits (of a scale: of the sum of |valence|). Of
      categories with at least ``least_of_category`` hits and, in the codebook, two patterns or more.
    * inside names: more than ``in_names`` of its hits in bodies stand inside proper names, at least ``least_in_names``
      of them. Not of actors, nor of patterns with a capital letter: these are meant as names.
    * one text: all its hits, at least ``least_in_one``, stand in one article or in copies of one.
    * one level: all its hits, at least ``least_in_one``, stand in several texts of one level alone, while its category
      stands in others too: a difference between levels may be this word's.

    Returns:
        codebook, variable, category, pattern, warning, n (the hits that are warned of), total (what they are divided
        by: hits of the category, of the pattern in bodies, of the pattern), share (n / total; of a scale's one pattern
        the share of Σ|valence|), n_articles (in which the pattern stands), reason (one line).

    Limits: no warning is no proof: a word may be ambiguous in every text. The hits of a single pattern are to be read
    in their context, and a sample to be coded by people. Names are found by rules. Sources: Grimmer & Stewart 2013 and
    Muddiman, McGregor & Stroud 2019 for dictionaries that must be checked in the corpus they are used on; Gries 2008
    for words that stand in few texts.
    """
    for name, limit in (("dominant", dominant), ("in_names", in_names)):
        if not 0 <= limit < 1:
            raise UserError(f"{name} is {limit!r}; allowed: from 0 to below 1")
    check_whole(1, least_of_category=least_of_category, least_in_names=least_in_names, least_in_one=least_in_one)
    levels = levels_in(articles, by)
    row = pd.Index(articles["article_id"]).get_indexer(mentions["article_id"])
    kept = row >= 0
    for column, wanted in (("variable", variable), ("codebook", codebook)):
        kept &= np.full(len(mentions), True) if wanted is None else (mentions[column] == wanted).to_numpy()
    row = row[kept]
    hits = mentions[kept].reset_index(drop=True)
    hits = hits.assign(
        row=row,
        text=groups_in(articles, groups)[row],
        level=levels.codes[row],
        body=hits["where"] == "body",
        named=hits["in_name"] & (hits["where"] == "body"),
        weight=hits["valence"].abs(),
    )
    patterns = _counted(hits, [*_KEYS, "pattern"])
    whole = _counted(hits, _KEYS)[[*_KEYS, "n", "weight", "n_levels"]]
    patterns = patterns.merge(whole, on=_KEYS, suffixes=("", "_category"), validate="many_to_one")
    patterns = patterns.merge(_known(categories, patterns), on=_KEYS, how="left", validate="many_to_one")
    asked = patterns[patterns["kind"].isin(kinds) | patterns["kind"].isna()]
    found = [
        _one_pattern(asked, dominant, least_of_category),
        _inside_names(patterns[patterns["kind"] != "actor"], in_names, least_in_names),
        _one_text(patterns, least_in_one),
        _one_level(asked, least_in_one, by, levels.labels),
    ]
    table = pd.concat(found, ignore_index=True).sort_values(
        ["place", "pattern", "number"], kind="stable", ignore_index=True
    )
    types = dict.fromkeys([*_KEYS, "pattern", "warning", "reason"], "str")
    types |= {**dict.fromkeys(["n", "total", "n_articles"], "int64"), "share": "float64"}
    return table[_COLUMNS].astype(types)


def patterns_in_use(mentions: pd.DataFrame, categories: pd.DataFrame) -> pd.DataFrame:
    """How many patterns carry each category: one row per category of the codebooks, in their order.

    Returns:
        codebook, variable, category, n (hits), n_patterns (of the codebook), patterns_hit, top_pattern, top_share (its
        share of the hits), carried_by: 1/Σ p², p the patterns' shares: so many patterns with equal shares would be as
        concentrated; NaN without a hit. Source: Laakso & Taagepera 1979 (the inverse of Simpson's index).
    """
    counts = mentions.groupby([*_KEYS, "pattern"]).size().rename("k").reset_index()
    counts = counts.sort_values([*_KEYS, "k", "pattern"], ascending=[True, True, True, False, True], kind="stable")
    found = counts.assign(square=counts["k"] ** 2).groupby(_KEYS)
    table = found.agg(
        n=("k", "sum"), patterns_hit=("k", "size"), top_pattern=("pattern", "first"), most=("k", "first"),
        squares=("square", "sum"),
    ).reset_index()  # fmt: skip
    table = categories[[*_KEYS, "n_patterns"]].merge(table, on=_KEYS, how="left")
    table["top_share"] = table["most"] / table["n"]
    table["carried_by"] = table["n"] ** 2 / table["squares"]
    table = table.fillna({"n": 0, "patterns_hit": 0}).astype({"n": "int64", "patterns_hit": "int64"})
    return table[[*_KEYS, "n", "n_patterns", "patterns_hit", "top_pattern", "top_share", "carried_by"]]


def _counted(hits: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    """What is counted of the hits of each category, or of each pattern."""
    found = hits.groupby(keys)
    table = found.agg(
        n=("row", "size"),
        n_articles=("row", "nunique"),
        n_texts=("text", "nunique"),
        n_levels=("level", "nunique"),
        level=("level", "first"),
        in_body=("body", "sum"),
        named=("named", "sum"),
    )
    return table.join(found["weight"].sum(min_count=1)).reset_index()


def _known(categories: pd.DataFrame | None, patterns: pd.DataFrame) -> pd.DataFrame:
    """Of each category its place in the codebooks, how many patterns it has there, and its variable's kind."""
    if categories is None:
        counts = patterns.groupby(_KEYS).size().rename("n_patterns").reset_index()
        return counts.assign(place=range(len(counts)), kind=None)
    known = categories[[*_KEYS, "n_patterns", "kind"]].drop_duplicates(_KEYS)
    return known.assign(place=range(len(known)))


def _one_pattern(patterns: pd.DataFrame, dominant: float, least: int) -> pd.DataFrame:
    weighed = patterns["weight"].notna() & (patterns["weight_category"] > 0)
    share = (patterns["n"] / patterns["n_category"]).mask(weighed, patterns["weight"] / patterns["weight_category"])
    chosen = (share > dominant) & (patterns["n_category"] >= least) & ~(patterns["n_patterns"] < 2)
    rows = patterns.assign(total=patterns["n_category"], share=share)[chosen]
    reasons = [
        f"gives {100 * row.share:.0f} % of {'what its category adds' if row.weight == row.weight else 'its category'} "
        f"({row.n:,} of {row.total:,} hits): the score is this pattern's"
        for row in rows.itertuples()
    ]
    return _said(rows, WARNINGS[0], reasons)


def _inside_names(patterns: pd.DataFrame, in_names: float, least: int) -> pd.DataFrame:
    share = patterns["named"] / patterns["in_body"].where(patterns["in_body"] > 0)
    meant = patterns["pattern"] != patterns["pattern"].str.lower()
    chosen = (share > in_names) & (patterns["named"] >= least) & ~meant
    rows = patterns.assign(n=patterns["named"], total=patterns["in_body"], share=share)[chosen]
    reasons = [
        f"{row.n:,} of its {row.total:,} hits in bodies stand inside a proper name, which names and does not describe"
        for row in rows.itertuples()
    ]
    return _said(rows, WARNINGS[1], reasons)


def _one_text(patterns: pd.DataFrame, least: int) -> pd.DataFrame:
    chosen = (patterns["n_texts"] == 1) & (patterns["n"] >= least)
    rows = patterns.assign(total=patterns["n"], share=1.0)[chosen]
    reasons = [
        f"all {row.n:,} hits stand in "
        + ("one article" if row.n_articles == 1 else f"{row.n_articles:,} copies of one text")
        for row in rows.itertuples()
    ]
    return _said(rows, WARNINGS[2], reasons)


def _one_level(patterns: pd.DataFrame, least: int, by: str, labels: list[str]) -> pd.DataFrame:
    chosen = (patterns["n_levels"] == 1) & (patterns["n_levels_category"] > 1)
    chosen &= (patterns["n_texts"] > 1) & (patterns["n"] >= least)
    rows = patterns.assign(total=patterns["n"], share=1.0)[chosen]
    reasons = [
        f"all {row.n:,} hits stand in one {by} ({labels[row.level]}), in {row.n_articles:,} articles: its own word?"
        for row in rows.itertuples()
    ]
    return _said(rows, WARNINGS[3], reasons)


def _said(rows: pd.DataFrame, warning: str, reasons: list[str]) -> pd.DataFrame:
    return rows.assign(warning=warning, number=WARNINGS.index(warning), reason=pd.array(reasons, dtype="str"))
