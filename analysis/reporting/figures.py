"""Draw result tables: shares, rates and counts, one journal column wide. A table in, axes out; nothing is computed.

Every figure shows the counts on its bars, the denominators beside the names, intervals as whiskers, and an open circle
where there is none. Colours are Okabe and Ito's, with hatches, so that they differ in grey and to the colour-blind.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb

from analysis.reporting import layout, panels
from analysis.reporting.layout import BAR, COLOURS, INK, LINE, MARGIN, PITCH, WIDTH
from analysis.study import UserError


def draw_shares(table: pd.DataFrame, *, by: str | Sequence[str] = "outlet", title: str = "") -> Axes:
    """Shares with intervals: the tables of ``share_of_choices``, ``share_of_articles`` and ``share_of_sentences``.

    Two categories that share out the choices are one divided bar per level, the interval of the first underneath;
    anything else is one panel per category. Categories that occur nowhere are left to the table. Of more than 30
    levels or 24 categories the most frequent are drawn, and the figure says so.

    Raises UserError where ``by`` is no column of the table, or the table is empty.
    """
    rows, left_out = panels.drawable(table, _levels(table, by, "share"))
    foot = "\n".join([_foot(table, "share"), *left_out])
    with layout.style():
        if panels.divides(rows):
            return panels.divided_bars(rows, title=title, foot=foot)
        marks = ((0, "0"), (0.5, ""), (1, "100"))
        return panels.panel_bars(rows, "share", title=title, foot=foot, limit=1.0, marks=marks)


def draw_rates(table: pd.DataFrame, *, by: str | Sequence[str] = "outlet", title: str = "") -> Axes:
    """Rates per 1,000 words with intervals (the table of ``rate_per_1000_words``): one panel per category.

    Raises UserError where ``by`` is no column of the table, or the table is empty.
    """
    rows, left_out = panels.drawable(table, _levels(table, by, "rate"))
    limit = layout.round_up(np.nanmax([*rows["rate"], *rows["high"], 0.0]))
    marks = ((0, "0"), (limit / 2, ""), (limit, f"{limit:g}"))
    foot = "\n".join([_foot(table, "rate"), *left_out])
    with layout.style():
        return panels.panel_bars(rows, "rate", title=title, foot=foot, limit=limit, marks=marks)


def draw_counts(
    table: pd.DataFrame, *, by: str | Sequence[str] = "outlet", n: str = "n", title: str = "", label: str = ""
) -> Axes:
    """Plain bars: how many of something each level has (column ``n``), the number at the bar, in the table's order."""
    levels = [layout.name_of(level) for level in _levels(table, by, n)][: panels.MOST_LEVELS]
    counts = table[n].head(panels.MOST_LEVELS).tolist()
    foot = [label, f"the first {len(counts)} of {len(table)} are drawn" if len(table) > len(counts) else ""]
    with layout.style():
        left, lines = layout.left_margin(levels)
        tops, height = layout.rows_of(lines)
        axes = layout.canvas(height, left=left, title=title, foot="\n".join(filter(None, foot)), ticks=0)
        room = WIDTH - left - MARGIN - max(layout.width_of(f"{count:,}") for count in counts) - 0.08
        axes.set_xlim(0, (WIDTH - left - MARGIN) / room * max(*counts, 1))
        for top, count, words in zip(tops, counts, lines, strict=True):
            axes.barh(top + PITCH / 2, count, height=0.11, color=BAR, edgecolor=INK, linewidth=0.4)
            layout.write(axes, count + 0.05 * max(*counts, 1) / room, top + PITCH / 2, f"{count:,}")
            layout.name_row(axes, top + PITCH / 2, words)
    return axes


def draw_calendar(
    table: pd.DataFrame, *, by: str = "outlet", when: str = "day", n: str = "n", title: str = "", label: str = ""
) -> Axes:
    """How many of something each level has in each period: a row per level, a field per period, numbers inside.

    ``table`` is long: one row per level and period, with the count in ``n``. Periods are drawn in their order, one
    beside the next, as the table has them: fill gaps with rows of 0 where they matter.
    """
    _levels(table, [by, when], n)
    counts = table.pivot_table(
        index=by, columns=when, values=n, aggfunc="sum", fill_value=0, dropna=False, observed=True
    )
    periods = [layout.name_of(period) for period in counts.columns]
    with layout.style():
        left, lines = layout.left_margin([layout.name_of(level) for level in counts.index])
        tops, height = layout.rows_of(lines)
        room = max(layout.width_of(period) for period in periods) + 0.06
        axes = layout.canvas(height, left=left, title=title, foot=label, ticks=room)
        field = min((WIDTH - left - MARGIN) / len(periods), 0.5)
        most = max(counts.to_numpy().max(), 1)
        for top, words, row in zip(tops, lines, counts.to_numpy(), strict=True):
            layout.name_row(axes, top + PITCH / 2, words)
            for place, count in enumerate(row):
                _field(axes, place * field, top + PITCH / 2, field, int(count), count / most)
        step = max(1, int(np.ceil(LINE / field)))
        for place in range(0, len(periods), step):
            axes.text((place + 0.5) * field, height + 0.04, periods[place], rotation=90, ha="center", va="top")
    return axes


def draw_spread(
    table: pd.DataFrame, *, value: str, by: str | Sequence[str] = "outlet", title: str = "", label: str = ""
) -> Axes:
    """One ring per row of the table (an article, say) along ``value``; a stroke marks each level's median."""
    rows = table.assign(label=[layout.name_of(level) for level in _levels(table, by, value)])
    medians = rows.groupby("label")[value].median()[: panels.MOST_LEVELS]
    sizes = rows["label"].value_counts()
    limit = layout.round_up(float(rows[value].max()))
    with layout.style():
        left, lines = layout.left_margin([f"{name} ({sizes[name]:,})" for name in medians.index])
        tops, height = layout.rows_of(lines)
        axes = layout.canvas(height, left=left, title=title, foot=label)
        axes.set_xlim(0, limit * (WIDTH - left - MARGIN) / (WIDTH - left - MARGIN - 0.12))
        layout.scale_marks(axes, [(at * limit, f"{at * limit:,g}") for at in (0, 0.5, 1)], 0, height)
        for top, words, (name, median) in zip(tops, lines, medians.items(), strict=True):
            layout.name_row(axes, top + PITCH / 2, words)
            values = rows.loc[rows["label"] == name, value]
            ring = {"marker": "o", "ms": 3.4, "mfc": "none", "mec": COLOURS[0], "mew": 0.7}
            axes.plot(values, [top + PITCH / 2] * len(values), ls="", clip_on=False, **ring)
            axes.plot([median] * 2, [top + 0.02, top + 0.145], color=INK, lw=1.6)
    return axes


def _field(axes: Axes, left: float, middle: float, width: float, count: int, strength: float) -> None:
    """One field of the calendar, darker the more it holds."""
    if not count:
        return
    red, green, blue = (1 - (1 - part) * (0.25 + 0.75 * strength) for part in to_rgb(BAR))
    axes.barh(middle, width, left=left, height=0.15, color=(red, green, blue), edgecolor="white", linewidth=0.6)
    if width >= layout.width_of(f"{count:,}") + 0.03:
        layout.write(axes, left + width / 2, middle, f"{count:,}", ha="center")


def _levels(table: pd.DataFrame, by: str | Sequence[str], value: str) -> list:
    """The level of each row: a value, or a tuple where there are several columns."""
    columns = [by] if isinstance(by, str) else list(by)
    for column in [*columns, value]:
        if column not in table.columns:
            raise UserError(f"{column!r} is no column of the table to draw; it has {', '.join(table.columns)}")
    if table.empty:
        raise UserError("the table to draw has no rows: nothing was found")
    return list(table[columns].itertuples(index=False, name=None)) if columns else ["all"] * len(table)


def _foot(table: pd.DataFrame, value: str) -> str:
    """What the numbers of a figure are."""
    measure = table.attrs.get("measure", {"share": "share of choices", "rate": "rate per 1,000 words"}[value])
    at_bar, in_brackets = {
        "share of choices": ("choices", "all choices"),
        "share of words of others": ("words", "all words of others"),
        "share of reporting verbs": ("verbs", "all reporting verbs"),
        "share of articles": ("articles with it", "all articles"),
        "share of sentences": ("sentences with it", "all sentences"),
        "rate per 1,000 words": ("mentions", "words"),
        "share of own words": ("own words", "all words"),
        "share of propositions": ("propositions carried", "those of its stories"),
    }[measure]
    percent = ", %" if value == "share" else ""
    return f"{measure}{percent}; at the bars: {at_bar}; in brackets: {in_brackets}"
