"""Draw what runs along a line: trends with their gaps, events and changes, and the specification curve."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Patch, Rectangle

from analysis.reporting import layout
from analysis.reporting.dots import require
from analysis.reporting.layout import BAR, COLOURS, FAINT, GRID, INK, LINE, MARGIN, WIDTH
from analysis.reporting.timeline import draw_dates, draw_events, event_rows
from analysis.study import UserError

MOST_LEVELS = 8
MOST_SPECIFICATIONS = 150
NO_ARTICLE = "no article"  # the note of a gap, as comparison.trends writes it
_PANEL = 0.46  # inches: the height of a panel
_SPAN = {"day": pd.Timedelta(0), "week": pd.Timedelta(days=7), "month": pd.Timedelta(days=30)}
_CHANGE = COLOURS[4]
_CHOICES = ["voice", "headline", "copies", "min_words", "variant", "measure"]
_STROKE = ((0, -1), (0, 1))  # a marker: an upright stroke
_PALE = "#a9cfe6"
_MOST_WHISKERS = 60  # with more points the intervals make a band
_CURVE = 1.25  # inches: the height of the estimates


def draw_trend(
    table: pd.DataFrame,
    *,
    value: str | None = None,
    by: str | Sequence[str] | None = None,
    category: str,
    variable: str | None = None,
    events: Sequence[tuple[object, str]] = (),
    changes: pd.DataFrame | None = None,
    title: str = "",
) -> Axes:
    """One category over time: a panel per level on one scale of time, broken where nothing was observed.

    Args:
        table: of `comparison.trends.trend`. value: share or rate; None: the one it has. by: the columns of levels;
            None: as the table says (``attrs["by"]``). variable: where several have the category.
        events: (date, label); a dashed line through all panels. changes: of `comparison.changes.change_points`, with
            the same levels; those with ``changed`` are drawn, as a line with its interval shaded.

    A ring has no interval. Numbers (or columns, where there is no room) under a panel are the denominators. A tick on
    the baseline says that there was no article, a cross that there were articles, but nothing to share out. Weeks
    and months are drawn at their middle, events and changes on their day. At most `MOST_LEVELS` levels, those with
    the largest denominators.

    Raises UserError where the table has not this category, or it is not one row per level and period.
    """
    value = value or ("share" if "share" in table.columns else "rate")
    rows, left_out = _of_category(table, value, by, category, variable)
    levels = rows["level"].drop_duplicates().tolist()
    span = _SPAN.get(table.attrs.get("unit of time", "day"), pd.Timedelta(0))
    first, last = rows["period"].min(), rows["period"].max() + span
    limit = 1.0 if value == "share" else layout.round_up(np.nanmax([*rows["rate"], *rows["high"], 0.0]))
    events, outside = _inside(events, first, last)
    shown = _changes_of(changes, rows, by, table)
    per_cent = ", %" if value == "share" else ""
    measure = f"{table.attrs.get('measure', value)} of {category!r}{per_cent}"
    below = "of how many" if value == "share" else "words in all"
    with layout.style():
        left = MARGIN + layout.width_of(_mark(limit, value)) + 0.12
        width = WIDTH - left - MARGIN
        inner = width - 0.16
        length = max((last - first) / pd.Timedelta(days=1), 1e-9)
        alone = first == last

        def x(when: object) -> float:
            return 0.08 + inner * (0.5 if alone else (pd.Timestamp(when) - first) / pd.Timedelta(days=1) / length)

        most = rows["total"].max()
        ends = [x(period) for period in sorted(rows["period"].unique())]
        crowded = layout.width_of(f"{most:,}") > min(np.diff(ends), default=width) - 0.03
        scale = f" (columns, the highest {most:,})" if crowded else ""
        foot = [f"{measure}; below: {below}{scale}", *left_out, *outside]
        placed, above = event_rows([(x(when), words) for when, words in events], width)
        pitch = LINE + 0.045 + _PANEL + LINE + 0.075
        height = above + pitch * len(levels)
        keys = _trend_keys(rows, value, shown)
        axes = layout.canvas(height, left=left, title=title, keys=keys, foot="\n".join(foot), ticks=2 * LINE)
        draw_dates(axes, first, last, x, above, height, width)
        draw_events(axes, placed, height)
        for number, level in enumerate(levels):
            top = above + number * pitch
            own = rows[rows["level"] == level].sort_values("period")
            words = _bold(level, width)
            ground = {"fc": "white", "ec": "none", "pad": 0}
            axes.text(0, top + LINE, words, weight="bold", va="bottom", bbox=ground, zorder=1.5)
            base = top + LINE + 0.045 + _PANEL
            _value_marks(axes, base, limit, width, value)
            for change in shown[shown["level"] == level].itertuples():
                _change(axes, change, x, base, (first, last))
            at = np.array([x(period) for period in own["period"] + span / 2])
            _line(axes, at, own, value, base, limit)
            _denominators(axes, at, own["total"].to_numpy(), base, most if crowded else None)
    return axes


def _of_category(
    table: pd.DataFrame, value: str, by: str | Sequence[str] | None, category: str, variable: str | None
) -> tuple[pd.DataFrame, list[str]]:
    """The rows of one category with their ``level`` as a label, and what is left out."""
    columns = _columns(table, by)
    require(table, [*columns, "period", "category", value, "low", "high", "n", "total", "note"])
    rows = table[table["category"] == category]
    rows = rows if variable is None else rows[rows["variable"] == variable]
    if rows.empty:
        known = ", ".join(map(str, table["category"].unique()))
        raise UserError(f"category {category!r} is not in the table to draw; it has {known}")
    names = rows[columns].itertuples(index=False, name=None) if columns else ["all"] * len(rows)
    rows = rows.assign(level=[layout.name_of(name) for name in names])
    if rows.duplicated(["level", "period"]).any():
        raise UserError(f"category {category!r} has several rows for a level and period; choose by, or a variable")
    totals = rows.groupby("level", sort=False)["total"].sum()
    kept = totals.nlargest(MOST_LEVELS).index
    said = [f"{len(kept)} of {len(totals)} levels are drawn, those with most data; all are in the table"]
    return rows[rows["level"].isin(kept)], said if len(kept) < len(totals) else []


def _columns(table: pd.DataFrame, by: str | Sequence[str] | None) -> list[str]:
    by = table.attrs.get("by", "outlet") if by is None else by
    return [by] if isinstance(by, str) else list(by)


def _inside(
    events: Sequence[tuple[object, str]], first: pd.Timestamp, last: pd.Timestamp
) -> tuple[list[tuple[pd.Timestamp, str]], list[str]]:
    """The events between the first and the last day, in order, and how many are outside."""
    dated = sorted((pd.Timestamp(when).tz_localize(None).normalize(), str(words)) for when, words in events)
    inside = [(when, words) for when, words in dated if first <= when <= last]
    outside = len(dated) - len(inside)
    return inside, [f"{outside} of {len(dated)} events lie before or after these days"] if outside else []


def _changes_of(
    changes: pd.DataFrame | None, rows: pd.DataFrame, by: str | Sequence[str] | None, table: pd.DataFrame
) -> pd.DataFrame:
    """level, date, low, high of the changes of the levels drawn."""
    if changes is None or changes.empty:
        return pd.DataFrame(columns=["level", "date", "low", "high"])
    columns = _columns(table, by)
    require(changes, [*columns, "date", "low", "high", "changed"])
    named = changes.assign(level=[layout.name_of(one) for one in changes[columns].itertuples(index=False, name=None)])
    return named[named["changed"] & named["date"].notna() & named["level"].isin(rows["level"])]


def _trend_keys(rows: pd.DataFrame, value: str, changes: pd.DataFrame) -> list:
    """What the marks mean, as far as they are drawn."""
    bounded = rows["low"].notna() & rows["high"].notna()
    gap = rows["note"] == NO_ARTICLE
    keys: list = []
    if bounded.any():
        stroke = Line2D([], [], ls="", marker=_STROKE, ms=5, color=COLOURS[0], mew=1.1, label="95 % interval")
        band = rows["period"].nunique() > _MOST_WHISKERS
        keys.append(Patch(fc=_PALE, ec="none", label="95 % interval") if band else stroke)
    if (rows[value].notna() & ~bounded).any():
        ring = {"mfc": "white", "mec": COLOURS[0], "mew": 0.8}
        keys.append(Line2D([], [], ls="", marker="o", ms=3.2, label="no interval", **ring))
    if gap.any():
        keys.append(Line2D([], [], ls="", marker=_STROKE, ms=3, color=FAINT, mew=0.7, label="no article"))
    if (~gap & rows[value].isna()).any():
        keys.append(Line2D([], [], ls="", marker="x", ms=3, color=FAINT, mew=0.7, label="nothing to count in"))
    if len(changes):
        keys.append(Line2D([], [], color=_CHANGE, lw=1.4, label="change"))
        keys.append(Patch(fc="#f4d9cc", ec="#e6b096", lw=0.4, hatch="////", label="its 95 % interval"))
    return keys


def _mark(limit: float, value: str) -> str:
    return "100" if value == "share" else f"{limit:g}"


def _value_marks(axes: Axes, base: float, limit: float, width: float, value: str) -> None:
    for share, words in ((0, "0"), (0.5, ""), (1, _mark(limit, value))):
        colour = FAINT if share == 0 else GRID
        axes.plot([0, width], [base - share * _PANEL] * 2, color=colour, lw=0.5, zorder=0)
        layout.write(axes, -0.05, base - share * _PANEL, words, ha="right", color=FAINT)


def _line(axes: Axes, at: np.ndarray, own: pd.DataFrame, value: str, base: float, limit: float) -> None:
    """The line, broken where nothing is known, with whiskers; ticks and crosses for the gaps."""
    y, low, high = (base - own[name].to_numpy(float) / limit * _PANEL for name in (value, "low", "high"))
    axes.plot(at, y, color=COLOURS[0], lw=0.9, zorder=3, clip_on=False, gid="trend")
    sure = ~np.isnan(low) & ~np.isnan(high)
    if crowded := len(at) > _MOST_WHISKERS:
        axes.fill_between(at, high, low, fc=_PALE, ec="none", zorder=2, gid="band")
    paint = {"color": _PALE if crowded else COLOURS[0], "lw": 1.1, "gid": "interval"}
    axes.vlines(at[sure], high[sure], low[sure], zorder=2, **paint)
    ms = 1.6 if crowded else 3.0
    for which, face in ((sure, COLOURS[0]), (~sure, "white")):
        paint = {"mfc": face, "mec": COLOURS[0], "mew": 0.8, "ms": ms}
        axes.plot(at[which], y[which], "o", zorder=4, clip_on=False, gid="value", **paint)
    gap = (own["note"] == NO_ARTICLE).to_numpy()
    axes.vlines(at[gap], base - 0.035, base + 0.035, color=FAINT, lw=0.7, gid="gap")
    nothing = ~gap & np.isnan(y)
    axes.plot(at[nothing], [base] * nothing.sum(), "x", ms=3, color=FAINT, mew=0.7, clip_on=False, gid="nothing")


def _bold(words: str, width: float) -> str:
    """The words as far as they fit in one line of bold letters."""
    while words and layout.width_of(words, weight="bold") > width:
        words = words.rstrip("…")[:-1].rstrip() + "…"
    return words


def _denominators(axes: Axes, at: np.ndarray, totals: np.ndarray, base: float, most: int | None) -> None:
    """Numbers, or columns where ``most`` is the highest."""
    known = totals > 0
    ground = {"fc": "white", "ec": "none", "pad": 0}
    if most is None:
        for place, total in zip(at[known], totals[known], strict=True):
            axes.text(place, base + 0.05, f"{total:,}", ha="center", va="top", color=FAINT, bbox=ground, gid="total")
        return
    wide = min(0.06, 0.8 * np.diff(at).min())
    top = base + 0.045
    axes.vlines(at[known], top, top + totals[known] / most * 0.09, color=BAR, lw=72 * wide, gid="total")


def _change(axes: Axes, change: tuple, x, base: float, ends: tuple[pd.Timestamp, pd.Timestamp]) -> None:
    """A thick line at the date and its interval shaded, over the height of the panel."""
    if not pd.isna(change.low):
        low, high = (x(min(max(pd.Timestamp(one), ends[0]), ends[1])) for one in (change.low, change.high))
        wide = max(high - low, 0.02)
        shade = {"fc": "#f4d9cc", "ec": "#e6b096", "lw": 0, "hatch": "////", "zorder": 0.5, "gid": "change interval"}
        axes.add_patch(Rectangle(((low + high - wide) / 2, base - _PANEL), wide, _PANEL, **shade))
    axes.plot([x(change.date)] * 2, [base - _PANEL, base], color=_CHANGE, lw=1.4, zorder=2, gid="change")


def draw_specifications(curve: pd.DataFrame, *, title: str = "") -> Axes:
    """The specification curve: estimates with intervals, smallest first, and below which choices each made.

    Args:
        curve: of `comparison.specifications.specification_curve`. Of more than `MOST_SPECIFICATIONS` with an estimate
            an even sample is drawn, with the chosen one.

    A choice that has one value only has no row; the foot names it. Raises UserError where nothing has an estimate.
    """
    require(curve, [*_CHOICES, "estimate", "low", "high", "chosen"])
    known = curve[curve["estimate"].notna()].sort_values("estimate", kind="stable", ignore_index=True)
    if known.empty:
        raise UserError("the table to draw has no specification with an estimate")
    rows = known.loc[_sample(len(known), np.flatnonzero(known["chosen"]))].reset_index(drop=True)
    groups, fixed = _choices(curve)
    foot = _curve_foot(curve, len(known), len(rows), fixed)
    with layout.style():
        lines = [layout.clip(f"{option}", 1.1, 1)[0] for _, options in groups for option in options]
        heads = [name.replace("_", " ") for name, _ in groups]
        wide = [layout.width_of(line) + 0.06 for line in lines] + [
            layout.width_of(head, weight="bold") for head in heads
        ]
        left = max(MARGIN + max(wide, default=0) + 0.08, 0.5)
        below = sum(0.14 + 0.115 * len(options) + 0.03 for _, options in groups)
        keys = _curve_keys(rows)
        axes = layout.canvas(_CURVE + 0.06 + below, left=left, title=title, keys=keys, foot="\n".join(foot), ticks=0)
        width = WIDTH - left - MARGIN
        at = (np.arange(len(rows)) + 0.5) * width / len(rows)
        _estimates(axes, rows, at, width)
        top = _CURVE + 0.06
        for (name, options), head in zip(groups, heads, strict=True):
            layout.write(axes, -left + MARGIN, top + 0.06, head, weight="bold")
            top += 0.14
            for option in options:
                words = layout.clip(f"{option}", 1.1, 1)[0]
                layout.write(axes, -left + MARGIN + 0.06, top + 0.055, words)
                axes.plot([0, width], [top + 0.055] * 2, color=GRID, lw=0.4, zorder=0)
                _ticks(axes, at, (rows[name] == option).to_numpy(), rows["chosen"].to_numpy(bool), top, width)
                top += 0.115
            top += 0.03
        chosen = at[rows["chosen"].to_numpy(bool)]
        axes.vlines(chosen, 0, top, color=_CHANGE, lw=0.6, ls=(0, (2, 2)), zorder=1)
    return axes


def _sample(n: int, chosen: np.ndarray) -> np.ndarray:
    """At most `MOST_SPECIFICATIONS` places of ``n``, evenly apart; the nearest makes room for the chosen one."""
    if n <= MOST_SPECIFICATIONS:
        return np.arange(n)
    places = np.linspace(0, n - 1, MOST_SPECIFICATIONS).round().astype(int)
    for one in chosen:
        places[np.abs(places - one).argmin()] = one
    return np.unique(places)


def _choices(curve: pd.DataFrame) -> tuple[list[tuple[str, list]], list[str]]:
    """The options of each choice that varies, in the order that the table says, and the others in words."""
    groups, fixed = [], []
    for name in _CHOICES:
        there = curve[name].drop_duplicates().tolist()
        asked = [option for option in curve.attrs.get("options", {}).get(name, []) if option in there]
        options = [*asked, *(option for option in there if option not in asked)]
        if len(options) > 1:
            groups.append((name, options))
        else:
            fixed.append(f"{name.replace('_', ' ')} {options[0]}")
    return groups, fixed


def _curve_foot(curve: pd.DataFrame, known: int, drawn: int, fixed: list[str]) -> list[str]:
    said = curve.attrs
    foot = []
    if {"category", "level_a", "level_b"} <= set(said):
        effect = {"coefficient": "(a − b)/(a + b)", "difference": "a − b"}[said.get("effect", "coefficient")]
        foot += [f"{effect} of {said['category']!r}", f"a: {said['level_a']}; b: {said['level_b']}"]
    if fixed:
        foot.append(f"in all: {', '.join(fixed)}")
    if drawn < known:
        foot.append(f"{drawn} of {known:,} specifications are drawn, evenly spaced, with the chosen one")
    if known < len(curve):
        foot.append(f"{len(curve) - known:,} of {len(curve):,} specifications have no estimate")
    return foot


def _curve_keys(rows: pd.DataFrame) -> list:
    keys = []
    bounded = rows["low"].notna() & rows["high"].notna()
    if bounded.any():
        keys.append(Line2D([], [], ls="", marker=_STROKE, ms=5, color=_FAR, mew=0.9, label="95 % interval"))
    if not bounded.all():
        keys.append(Line2D([], [], ls="", marker="o", ms=3, mfc="white", mec=COLOURS[0], mew=0.7, label="no interval"))
    if rows["chosen"].any():
        keys.append(Line2D([], [], label="the chosen specification", **_DIAMOND))
    return keys


_FAR = "#9a9a9a"
_DIAMOND = {"ls": "", "marker": "D", "ms": 4, "mfc": _CHANGE, "mec": INK, "mew": 0.5}


def _estimates(axes: Axes, rows: pd.DataFrame, at: np.ndarray, width: float) -> None:
    """The upper panel, with marks of its scale and a line at 0."""
    found = rows[["estimate", "low", "high"]].to_numpy(float)
    low, high = min(np.nanmin(found), 0.0), max(np.nanmax(found), 0.0)
    step = layout.round_up(max(high - low, 1e-6) / 5)
    low, high = np.floor(low / step + 1e-9), np.ceil(high / step - 1e-9)
    y = lambda values: (high - values / step) / max(high - low, 1) * (_CURVE - 0.08) + 0.04  # noqa: E731
    for mark in np.arange(low, high + 1) * step:
        zero = abs(mark) < step / 2
        axes.plot([0, width], [y(mark)] * 2, color=INK if zero else GRID, lw=0.7 if zero else 0.5, zorder=0)
        layout.write(axes, -0.05, y(mark), f"{mark:.4g}".replace("-", "−"), ha="right", color=FAINT)
    estimate, below, above = (y(values) for values in found.T)
    sure = ~np.isnan(below) & ~np.isnan(above)
    thick = float(np.clip(width / len(rows) * 72 * 0.4, 0.5, 0.9))
    axes.vlines(at[sure], above[sure], below[sure], color=_FAR, lw=thick, zorder=2, gid="interval")
    chosen = rows["chosen"].to_numpy(bool)
    ms = float(np.clip(width / len(rows) * 72 * 0.8, 1.4, 3.2))
    for which, face in ((sure & ~chosen, COLOURS[0]), (~sure & ~chosen, "white")):
        paint = {"ls": "", "marker": "o", "ms": ms, "mfc": face, "mec": COLOURS[0], "mew": 0.5}
        axes.plot(at[which], estimate[which], zorder=3, clip_on=False, gid="estimate", **paint)
    axes.plot(at[chosen], estimate[chosen], zorder=4, clip_on=False, gid="chosen", **_DIAMOND)


def _ticks(axes: Axes, at: np.ndarray, which: np.ndarray, chosen: np.ndarray, top: float, width: float) -> None:
    """A stroke for each specification that has the option; that of the chosen one is coloured and thicker."""
    thick = float(np.clip(width / len(at) * 72 * 0.6, 0.5, 2.0))
    axes.vlines(at[which], top + 0.02, top + 0.09, color=INK, lw=thick, zorder=2, gid="choice")
    own = which & chosen
    axes.vlines(at[own], top + 0.005, top + 0.105, color=_CHANGE, lw=max(thick, 1.6), zorder=3, gid="chosen choice")
