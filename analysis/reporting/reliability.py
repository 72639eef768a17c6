"""Draw how far coders agree, how right the machine is, and what shares are once its errors are taken out."""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes

from analysis.reporting.dots import require
from analysis.reporting.whiskers import draw_whiskers
from analysis.tables import TONES

TENTATIVE, ENOUGH = 0.667, 0.8  # Krippendorff's bounds for alpha
ALL = "all together"
_MEASURES = {"precision": ("tp", "fp"), "recall": ("tp", "fn"), "f1": ("tp", "fp", "fn")}


def draw_agreement(table: pd.DataFrame, *, title: str = "") -> Axes:
    """Krippendorff's alpha of each question, with dotted lines at .667 and .8.

    ``table``: of `comparison.reliability.agreement`, of one sample. Where tones are asked there is a row for each level
    of measurement.
    """
    require(table, ["category", "measurement", "alpha", "low", "high", "n_items"])
    several = len(table["measurement"].unique()) > 1
    rows = table.assign(panel="Krippendorff’s alpha", row=table["measurement"] if several else table["category"])
    values = table[["alpha", "low"]].min(axis=None)
    limits = (0.0 if pd.isna(values) else min(0.0, float(values)), 1.0)
    foot = "0: as by chance, 1: perfect; dotted: .667 and .8; at the right: items coded by two or more"
    options = {"beside": "n_items", "limits": limits, "guides": (TENTATIVE, ENOUGH), "title": title, "foot": foot}
    return draw_whiskers(rows, value="alpha", row="row", panel="panel", **options)


def draw_validity(table: pd.DataFrame, *, title: str = "") -> Axes:
    """Precision, recall and F1 with intervals: a panel each, a row for each category, or for each level compared.

    Args:
        table: of `comparison.accuracy.validity`, of one sample. With several levels their averages are drawn alone
            (of yes and no over all answers, of tones over the three classes).
    """
    require(table, ["category", "average", "level", "n_items", *_MEASURES])
    rows = rows_of(table)
    long = pd.concat([_measure(rows, name, parts) for name, parts in _MEASURES.items()], ignore_index=True)
    foot = "at the right: items that the machine (precision), people (recall) or either (F1) called so; whiskers: 95 %"
    options = {"beside": "items", "limits": (0.0, 1.0), "title": title, "foot": foot}
    return draw_whiskers(long, value="value", row="row", panel="panel", **options)


def draw_prevalence(table: pd.DataFrame, *, title: str = "") -> Axes:
    """The corrected share of each category, and the machine's beside it: a panel per category, a row per level.

    ``table``: of `comparison.prevalence.corrected_prevalence`.
    """
    require(table, ["category", "level", "apparent", "corrected", "low", "high", "total"])
    named = table.assign(row=table["level"].fillna(ALL))
    corrected = named.assign(value=named["corrected"], series="corrected")
    apparent = named.assign(value=named["apparent"], series="as the machine codes", low=float("nan"), high=float("nan"))
    order = pd.concat([corrected, apparent], ignore_index=True)
    foot = "share of units, %; at the right: units"
    return draw_whiskers(order, value="value", row="row", series="series", percent=True, title=title, foot=foot)


def rows_of(table: pd.DataFrame) -> pd.DataFrame:
    """The rows of a table of validity that a figure shows, with their name in ``row``."""
    if table["level"].notna().any():
        kind = average_of(table)
        return table[table["average"] == kind].assign(row=lambda own: own["level"])
    named = table[table["average"].isna()].assign(row=lambda own: own["category"])
    if len(named) < 2:
        return named
    averages = table[table["average"].notna()]
    return pd.concat([named, averages.assign(row="average: " + averages["average"])], ignore_index=True)


def average_of(table: pd.DataFrame) -> str:
    """The average that tells most: over answers (micro), or where each item has one of three tones over these (macro).

    Of tones every error is one too many and one too few, so that micro precision, recall and F1 are the same.
    """
    return "macro" if set(table["category"].dropna()) <= set(TONES) else "micro"


def _measure(rows: pd.DataFrame, name: str, parts: tuple[str, ...]) -> pd.DataFrame:
    """One measure as row, panel, value, low, high and items."""
    bounds = {"low": rows[f"{name}_low"], "high": rows[f"{name}_high"]}
    shown = rows[["row"]].assign(panel=name.capitalize(), value=rows[name], **bounds)
    return shown.assign(items=rows[list(parts)].sum(axis=1))
