"""Captions and findings of tests and of series: keyness, collocates, trends, specifications. All computed.

Captions are plain text, which `gallery.save_shown` escapes; findings are Markdown.
"""

from __future__ import annotations

import pandas as pd

from analysis.reporting.captions import escaped

SURE = 0.05


def keyness_caption(table: pd.DataFrame, *, target: str, by: str) -> str:
    """The caption of a figure of effects with intervals: sides, sizes, tests."""
    if table.empty:
        return ""
    said, first = table.attrs, table.iloc[0]
    return (
        f"Log ratio (Hardie) of {target} against all other levels of {by}: 1 is twice as often. "
        f"N = {first['size_target']:,} and {first['size_reference']:,} words; {len(table):,} items. Whiskers: 95 % "
        f"bootstrap intervals over copy groups ({said['replicates']:,} replicates, seed {said['seed']}); p by "
        f"{said['permutations']:,} permutations, adjusted for {said['tests']:,} tests (Benjamini–Hochberg)."
    )


def keyness_finding(table: pd.DataFrame, *, label: str = "word") -> str:
    """How many items stand out, by articles and by tokens, and the surest of them."""
    if table.empty:
        return "No item was frequent enough to be tested."
    sure = table[table["p_adjusted"] < SURE]
    first = f" The first: *{escaped(sure.iloc[0][label])}*." if len(sure) else ""
    naive = "" if "log_likelihood" not in table else _naive(table)
    return f"**{len(sure):,} of {len(table):,}** items differ at an adjusted p below .05, over articles.{first}{naive}"


def _naive(table: pd.DataFrame) -> str:
    beyond = (table["log_likelihood"].abs() > 3.84).sum()
    return f" Taken as independent words, {beyond:,} would (log-likelihood above 3.84)."


def trend_caption(table: pd.DataFrame, *, category: str, unit: str) -> str:
    """The caption of a series: what is divided by what, in which periods, how sure."""
    if table.empty:
        return ""
    said = table.attrs
    own = table[table["category"] == category]
    gaps = (own["note"] == "no article").sum()
    return (
        f"Share of {category} among the choices of {said['variable'].replace('_', ' ')}, by {unit}. "
        f"N = {own['total'].sum():,} choices; {gaps:,} of {len(own):,} points are gaps without an article. "
        f"Whiskers: 95 % bootstrap intervals over copy groups within a {unit} ({said['replicates']:,} replicates, "
        f"seed {said['seed']})."
    )


def change_finding(changes: pd.DataFrame, *, by: str) -> str:
    """Who changed, when, and how sure."""
    if changes.empty:
        return "Nobody makes this choice."
    found = changes[changes["changed"]]
    if found.empty:
        return f"No change was found at any of {len(changes):,} levels."
    parts = [
        f"**{escaped(row[by])}** {100 * row['share_before']:.0f} % → {100 * row['share_after']:.0f} % on "
        f"{row['date']:%d %B %Y} (between {row['low']:%d %B} and {row['high']:%d %B}, p = {row['p']:.3f})"
        for _, row in found.iterrows()
    ]
    return "Changed: " + "; ".join(parts) + "."


def specifications_caption(curve: pd.DataFrame, *, category: str, levels: list[str]) -> str:
    """The caption of a specification curve."""
    if curve.empty:
        return ""
    defined = curve["estimate"].notna().sum()
    effect = {"difference": "difference a − b", "coefficient": "difference coefficient (a − b)/(a + b)"}
    return (
        f"Specification curve: how far {levels[0]} and {levels[1]} are apart in {category}, "
        f"as {effect[curve.attrs['effect']]}, under all combinations of choices. N = {len(curve):,} "
        f"specifications, {defined:,} with an estimate. Whiskers: 95 % bootstrap intervals. The one of "
        "this report is marked."
    )


def specifications_finding(summary: pd.DataFrame) -> str:
    """What the specifications say together."""
    row = summary.iloc[0]
    if not row["defined"]:
        return "No specification has an estimate."
    return (
        f"**{100 * row['same_sign']:.0f} %** of {int(row['defined']):,} specifications have one sign; median "
        f"{row['median']:.2f}, from {row['lowest']:.2f} to {row['highest']:.2f}; the report's own "
        f"is {row['chosen']:.2f}."
    )
