"""Bars with intervals: one bar per level divided in two, or one panel per category. ``figures`` draws with these."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Patch, Rectangle

from analysis.reporting import layout
from analysis.reporting.layout import BAR, COLOURS, FAINT, HATCHES, INK, LINE, MARGIN, PITCH, WIDTH

MOST_LEVELS, MOST_PANELS = 30, 24


def drawable(table: pd.DataFrame, levels: list) -> tuple[pd.DataFrame, list[str]]:
    """The rows to draw, with ``label`` (the level) and ``panel`` (the category), and what was left to the table.

    Categories that occur nowhere are left out; of more than 24 categories or 30 levels the most frequent are kept.
    """
    rows = table.assign(label=[layout.name_of(level) for level in levels])
    plain = (rows["category"] == rows["variable"]) | (len(set(rows["variable"])) == 1)
    named = rows["variable"] + ": " + rows["category"]
    rows["panel"] = [layout.name_of(name) for name in rows["category"].where(plain, named)]
    found = rows.groupby("panel", sort=False)["n"].sum()
    found = found[found > 0] if found.any() else found
    totals = rows.groupby("label", sort=False)["total"].max()
    panels, labels = found.nlargest(MOST_PANELS).index, totals.nlargest(MOST_LEVELS).index
    left_out = [
        f"{len(kept)} of {len(there)} {what} are drawn, the most frequent; all are in the table"
        for kept, there, what in ((panels, found, "categories"), (labels, totals, "rows"))
        if len(kept) < len(there)
    ]
    return rows[rows["panel"].isin(panels) & rows["label"].isin(labels)], left_out


def divides(rows: pd.DataFrame) -> bool:
    """Do two categories share out all choices of every level?"""
    if rows["panel"].nunique() != 2 or rows.attrs.get("measure", "share of choices") != "share of choices":
        return False
    counts = rows.groupby("label")["n"].sum()
    return bool((counts == rows.groupby("label")["total"].max()).all())


def divided_bars(rows: pd.DataFrame, *, title: str, foot: str) -> Axes:
    """One bar per level, divided in two; under it the interval of the first part."""
    first, second = rows["panel"].unique()
    one, two = (rows[rows["panel"] == panel].set_index("label") for panel in (first, second))
    left, lines = layout.left_margin([f"{name} ({total:,})" for name, total in one["total"].items()])
    tops, height = layout.rows_of(lines, 0.28)
    parts = [Patch(fc=COLOURS[i], ec="white", hatch=HATCHES[i], label=name) for i, name in enumerate((first, second))]
    keys = [*parts, *_keys(one, f"95 % interval of {first}")]
    axes = layout.canvas(height, left=left, title=title, keys=keys, foot=foot)
    inch = _one_is(axes, WIDTH - left - MARGIN - 0.04)
    layout.scale_marks(axes, ((0, "0"), (0.5, "50"), (1, "100 %")), 0, height)
    for top, name, words in zip(tops, one.index, lines, strict=True):
        middle = top + 0.085
        layout.name_row(axes, middle, words)
        if not one.loc[name, "total"]:
            layout.write(axes, 0.05 * inch, middle, "no choice", color=FAINT, style="italic")
            continue
        at = 0.0
        for number, part in enumerate((one.loc[name], two.loc[name])):
            paint = {"color": COLOURS[number], "edgecolor": "white", "linewidth": 0.5, "hatch": HATCHES[number]}
            axes.barh(middle, part["share"], left=at, height=0.14, **paint)
            _count_inside(axes, middle, part, number, inch)
            at += part["share"]
        _interval(axes, middle + 0.115, one.loc[name], "share", 0)
    return axes


def _count_inside(axes: Axes, middle: float, part: pd.Series, number: int, inch: float) -> None:
    """The count at the outer end of its part, on a plain ground, so that a hatch does not cross it."""
    if part["n"]:
        words = f"{part['n']:,}"
        room = (layout.width_of(words) + 0.08) * inch
        left = 1 - room if number else 0.0
        if HATCHES[number]:
            axes.add_patch(Rectangle((left, middle - 0.065), room, 0.13, fc=COLOURS[number], ec="none"))
        colour = "white" if number == 0 else INK
        layout.write(axes, left + room / 2, middle, words, ha="center", color=colour)


def panel_bars(
    rows: pd.DataFrame, value: str, *, title: str, foot: str, limit: float, marks: Sequence[tuple[float, str]]
) -> Axes:
    """One panel per category, side by side and in bands, all on one scale; in each, one bar per level."""
    panels = rows["panel"].unique().tolist()
    totals = rows.groupby("label", sort=False)["total"].max()
    left, lines = layout.left_margin([f"{name} ({total:,})" for name, total in totals.items()])
    tops, height = layout.rows_of(lines)
    across = _across(panels, WIDTH - left - MARGIN)
    pitch = (WIDTH - left - MARGIN) / across
    heads = [layout.wrap(panel, pitch - 0.08, weight="bold") for panel in panels]
    above = [max(map(len, heads[at : at + across])) * LINE + 0.06 for at in range(0, len(heads), across)]
    starts = np.cumsum([0, *(head + height + LINE + 0.1 for head in above)])
    keys = _keys(rows, "95 % interval")
    axes = layout.canvas(float(starts[-1]) - LINE - 0.1, left=left, title=title, keys=keys, foot=foot)
    inch = _one_is(axes, (pitch - max(layout.width_of(f"{n:,}") for n in rows["n"]) - 0.14) / limit)
    for number, panel in enumerate(panels):
        band, column = divmod(number, across)
        origin, top = column * pitch * inch, float(starts[band]) + above[band]
        axes.text(origin, top - 0.04, "\n".join(heads[number]), va="bottom", weight="bold", linespacing=1.1)
        layout.scale_marks(axes, marks, top, top + height, origin=origin)
        own = rows[rows["panel"] == panel].set_index("label")
        for name, start, words in zip(totals.index, tops, lines, strict=True):
            middle = top + start + PITCH / 2
            if column == 0:
                layout.name_row(axes, middle, words)
            if name in own.index:
                _bar(axes, middle, own.loc[name], value, origin, inch)
    return axes


def _across(panels: list[str], width: float) -> int:
    """How many panels stand side by side: up to three, as long as no word of a name has to be broken."""
    longest = max(layout.width_of(word, weight="bold") for panel in panels for word in panel.split())
    return next((n for n in {1: (1,), 2: (2,), 4: (2,)}.get(len(panels), (3, 2)) if longest <= width / n - 0.08), 1)


def _bar(axes: Axes, middle: float, row: pd.Series, value: str, origin: float, inch: float) -> None:
    if np.isnan(row[value]):
        layout.write(axes, origin + 0.04 * inch, middle, "–", color=FAINT)
        return
    axes.barh(middle, row[value], left=origin, height=0.11, color=BAR, edgecolor=INK, linewidth=0.4)
    _interval(axes, middle, row, value, origin)
    end = np.nanmax([row[value], row["high"]])
    layout.write(axes, origin + end + 0.06 * inch, middle, f"{row['n']:,}")


def _one_is(axes: Axes, inches: float) -> float:
    """Scale x so that 1 is so many inches wide; gives the width of an inch."""
    axes.set_xlim(0, axes.get_xlim()[1] / inches)
    return 1 / inches


def _interval(axes: Axes, middle: float, row: pd.Series, value: str, origin: float) -> None:
    """A whisker with caps; an open circle where there is no interval."""
    if np.isnan(row["low"]):
        axes.plot(origin + row[value], middle, "o", ms=3, mfc="white", mec=INK, mew=0.7, clip_on=False, zorder=4)
        return
    low, high = origin + row["low"], origin + row["high"]
    axes.plot([low, high], [middle] * 2, color=INK, lw=0.9, solid_capstyle="butt", clip_on=False, zorder=4)
    for end in (low, high):
        axes.plot([end] * 2, [middle - 0.028, middle + 0.028], color=INK, lw=0.9, clip_on=False, zorder=4)


def _keys(rows: pd.DataFrame, whisker: str) -> list[Artist]:
    """What the whisker and the open circle mean, as far as they are drawn."""
    defined = rows[rows["total"] > 0]
    keys: list[Artist] = []
    if defined["low"].notna().any():
        keys.append(Line2D([], [], color=INK, lw=0.9, marker="|", ms=4, label=whisker))
    if defined["low"].isna().any():
        one = rows.attrs.get("unit", "article")
        keys.append(
            Line2D([], [], ls="", marker="o", ms=3, mfc="white", mec=INK, mew=0.7, label=f"one {one}: no interval")
        )
    return keys
