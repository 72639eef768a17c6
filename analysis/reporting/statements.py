"""Captions and findings of what is said of articles together: copies, coverage, drifts, numbers. All computed."""

from __future__ import annotations

import pandas as pd

from analysis.reporting.captions import escaped
from analysis.texts import NOT_HERE


def copies_caption(matrix: pd.DataFrame, tables: dict[str, pd.DataFrame], *, least: float, threshold: float) -> str:
    """The caption of the heat map: what is divided by what, of how many, and from where on a pair counts as copied."""
    shown = len(set(matrix["article_row"]))
    return (
        f"Containment: the share of the row article's runs of 5 words that stand in the column article's body too. "
        f"N = {shown:,} of {len(tables['articles']):,} articles: those that share {100 * least:.0f} % or more with "
        f"another. From {100 * threshold:.0f} % on in either direction two articles are one copy group."
    )


def copies_finding(tables: dict[str, pd.DataFrame]) -> str:
    """How many articles are copies, in how many groups, and how many of them credit nobody."""
    groups = tables["copy_groups"].merge(tables["articles"][["article_id", "credit"]], on="article_id")
    sizes = groups.groupby("copy_group").size()
    several, copies = sizes[sizes > 1], groups[groups["role"] == "copy"]
    if copies.empty:
        return f"None of {len(groups):,} articles was found to be a copy of another."
    silent = copies["credit"].isna().sum()
    return (
        f"**{len(copies):,} of {len(groups):,}** articles are copies. Groups of two or more: {len(several):,}, with "
        f"{several.sum():,} articles. Copies that credit nobody: {silent:,}. An agency text printed once and not "
        "credited cannot be found."
    )


def own_words_caption(table: pd.DataFrame) -> str:
    """The caption of the share of own words."""
    said = table.attrs
    return (
        f"Share of own words, by {' and '.join(said['by'])}: words of bodies that no other article of the copy group "
        f"has, and that are not credited as a whole. N = {table['total'].sum():,} words in "
        f"{table['n_articles'].sum():,} articles. Whiskers: 95 % bootstrap intervals over copy groups "
        f"({said['replicates']:,} replicates, seed {said['seed']})."
    )


def coverage_caption(table: pd.DataFrame, *, least: int, threshold: float) -> str:
    """The caption of the matrix of propositions and levels of one story."""
    if table.empty:
        return ""
    rows = table.drop_duplicates("proposition")
    levels = len(table["level"].unique())
    return (
        f"Propositions that at least {least} of {levels} report, by who reports them. N = {len(rows):,} propositions "
        f"of the story {table['story'].iloc[0]!r}. Sentences count as reporting the same from a similarity of "
        f"{threshold:.2f} on; a square left open is as sure as that."
    )


def carried_caption(table: pd.DataFrame, *, least: int) -> str:
    """The caption of the shares of a story's propositions."""
    if table.empty:
        return ""
    said = table.attrs
    over = "stories" if table["note"].isna().all() else "propositions where a level has one story"
    return (
        f"Share of the propositions reported by at least {least} that each carries, over the stories in which it has "
        f"an article. N = {table['total'].max():,} propositions at most. Whiskers: 95 % bootstrap intervals over "
        f"{over} ({said['replicates']:,} replicates, seed {said['seed']})."
    )


def curve_caption(table: pd.DataFrame, *, least: int, threshold: float) -> str:
    """The caption of the curve over thresholds."""
    if table.empty:
        return ""
    counts = table.drop_duplicates("threshold")["propositions"]
    return (
        f"The share of propositions that each carries, at other thresholds of similarity ({threshold:.2f} is used "
        f"elsewhere). N = {counts.min():,} to {counts.max():,} propositions that at least {least} report."
    )


def matrix_finding(matrix: pd.DataFrame) -> str:
    """How many of a story's propositions everybody reports, and how many only so many as were asked for."""
    if matrix.empty:
        return "No proposition of a story was found in two."
    rows = matrix.drop_duplicates("proposition")
    everybody, fewest = (rows["k"] == rows["n_levels"]).sum(), rows["k"].min()
    return (
        f"Of **{len(rows):,}** propositions {everybody:,} are reported by all {rows['n_levels'].max():,}, "
        f"{(rows['k'] == fewest).sum():,} by {fewest:,} only."
    )


def coverage_finding(carried: pd.DataFrame, omitted: pd.DataFrame) -> str:
    """Who carries most and least, and how much is left out of how many."""
    if carried.empty:
        return "No story is reported by two, so nothing can be left out."
    high, low = carried.loc[carried["share"].idxmax()], carried.loc[carried["share"].idxmin()]
    parts = [
        f"**{escaped(row['level'])}** {100 * row['share']:.0f} % ({row['n']:,} of {row['total']:,})"
        for row in (high, low)
    ]
    spread = f"Most is carried by {parts[0]}, least by {parts[1]}." if len(carried) > 1 else f"Only {parts[0]}."
    sure = omitted["nearest"].fillna(0).lt(0.3).sum()
    return (
        f"{spread} {len(omitted):,} omissions in all; in {sure:,} of them no sentence of the outlet comes near "
        "(similarity under .3)."
    )


def drift_finding(drifts: pd.DataFrame) -> str:
    """How many renderings of one utterance differ, and what was replaced by or for a loaded word."""
    if drifts.empty:
        return "No utterance stands in two outlets."
    loaded, changed, moved = drifts[drifts["loaded"]], drifts["change"] > 0, drifts["moved"].notna()
    most = loaded.iloc[0] if len(loaded) else None
    told = most is not None and most["words_a"] != NOT_HERE
    said = f" First of them: *{escaped(most['words_a'])}* and *{escaped(most['words_b'])}*." if told else ""
    return (
        f"**{changed.sum():,} of {len(drifts):,}** pairs of renderings differ in words, {moved.sum():,} "
        f"stand in quotation marks on one side only, {len(loaded):,} differ by a loaded word.{said}"
    )


def numbers_finding(compared: pd.DataFrame) -> str:
    """How many claimed quantities agree, are absent or conflict."""
    if compared.empty:
        return "No number stands in sentences that are aligned."
    counts = compared["relation"].value_counts()
    said = ", ".join(f"{counts[name]:,} {name}" for name in counts.index)
    return f"Numbers and dates in aligned sentences: {escaped(said)}."
