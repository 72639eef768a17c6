"""Draw values with their intervals as dots and whiskers, on one scale, which may go below 0. A table in, axes out.

One panel per category; in each, a row per level, and a dot per series (the apparent and the corrected value, say).
Series differ in colour and in marker, so that they differ in grey too.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from analysis.reporting import layout
from analysis.reporting.dots import require
from analysis.reporting.layout import COLOURS, FAINT, GRID, INK, LINE, MARGIN, PITCH, WIDTH

MOST_ROWS, MOST_PANELS = 30, 12
_MARKERS = "osD"
_LEAST = 0.62  # inches: the narrowest scale
_APART = 0.075  # inches between the dots of one row


def draw_whiskers(
    table: pd.DataFrame,
    *,
    value: str,
    row: str | Sequence[str],
    panel: str = "category",
    series: str | None = None,
    beside: str | None = "total",
    limits: tuple[float, float] | None = None,
    percent: bool = False,
    guides: Sequence[float] = (),
    title: str = "",
    foot: str = "",
) -> Axes:
    """Dots with whiskers, a panel per ``panel`` and a row per ``row``, in the table's order.

    Args:
        table: row, panel, value, low, high; one row a dot. row: a column, or several joined by a point.
        series: a column that tells the dots of one row apart (at most three).
        beside: a column of counts written at the right of each row; None: none. With a series that of the first.
        limits: the ends of the scale; None: from the values and intervals, with 0 inside. percent: values are shares.
        guides: values at which a dotted line stands, such as the least that is asked for.

    An open dot has no interval; a dash stands for what is undefined. Of more than 30 rows or 12 panels those with the
    largest counts are drawn, and the foot says so. Raises UserError where the table is empty or lacks a column.
    """
    columns = [row] if isinstance(row, str) else list(row)
    require(table, [*columns, panel, value, "low", "high", *filter(None, [series, beside])])
    names = table[columns].itertuples(index=False, name=None) if columns else ["all"] * len(table)
    rows = table.assign(label=[layout.name_of(name) for name in names])
    rows["head"] = [layout.name_of(name) for name in rows[panel]]
    rows, left_out = _most(rows, beside)
    kinds = rows[series].drop_duplicates().tolist() if series else [None]
    low, high = limits or _limits(rows[[value, "low", "high"]])
    with layout.style():
        heads, labels = rows["head"].unique().tolist(), rows["label"].unique().tolist()
        left, lines = layout.left_margin(labels)
        tops, height = layout.rows_of(lines, PITCH + _APART * (len(kinds) - 1))
        numbers = _numbers(rows, beside)
        room = max(map(layout.width_of, numbers.values()), default=0) + (0.1 if numbers else 0.03)
        across = _across(heads, WIDTH - left - MARGIN, room)
        pitch = (WIDTH - left - MARGIN + 0.1) / across
        wrapped = [layout.wrap(head, pitch - 0.1, weight="bold") for head in heads]
        above = [max(map(len, wrapped[at : at + across])) * LINE + 0.06 for at in range(0, len(heads), across)]
        starts = np.cumsum([0, *(head + height + LINE + 0.1 for head in above)])
        keys = _keys(rows, value, series, kinds)
        said = "\n".join(filter(None, [foot, *left_out]))
        axes = layout.canvas(float(starts[-1]) - LINE - 0.1, left=left, title=title, keys=keys, foot=said)
        inch = (pitch - 0.1 - room) / (high - low)
        middle = PITCH / 2 + _APART * (len(kinds) - 1) / 2
        for number, head in enumerate(heads):
            band, column = divmod(number, across)
            origin, top = column * pitch, float(starts[band]) + above[band]
            for line, words in enumerate(reversed(wrapped[number])):
                axes.text(origin, top - 0.06 - line * LINE, words, va="baseline", weight="bold")
            _scale(axes, origin - low * inch, _marks((low, high), inch, percent), inch, (top, top + height))
            for guide in guides:
                x = origin + (guide - low) * inch
                axes.plot([x] * 2, [top, top + height], color=INK, lw=0.7, ls=(0, (1, 1.5)), zorder=1, gid="guide")
            own = rows[rows["head"] == head]
            for label, start, words in zip(labels, tops, lines, strict=True):
                if column == 0:
                    layout.name_row(axes, top + start + middle, words)
                if (head, label) in numbers:
                    end = origin + pitch - 0.1
                    layout.write(axes, end, top + start + middle, numbers[head, label], ha="right", color=FAINT)
                for place, kind in enumerate(kinds):
                    here = own[(own["label"] == label) & ((own[series] == kind) if series else True)]
                    y = top + start + middle + (place - (len(kinds) - 1) / 2) * _APART
                    for _, one in here.iterrows():
                        _dot(axes, y, one, value, lambda at, o=origin: o + (np.clip(at, low, high) - low) * inch, place)
    return axes


def _most(rows: pd.DataFrame, beside: str | None) -> tuple[pd.DataFrame, list[str]]:
    """The rows to draw, in their order, and what is left to the table."""
    left_out = []
    for column, most, what in (("head", MOST_PANELS, "panels"), ("label", MOST_ROWS, "rows")):
        names = rows[column].drop_duplicates()
        if len(names) <= most:
            continue
        sums = rows.groupby(column, sort=False)[beside].sum().nlargest(most).index if beside else names[:most]
        rows = rows[rows[column].isin(sums)]
        left_out.append(f"{most} of {len(names)} {what} are drawn; all are in the table")
    return rows, left_out


def _limits(values: pd.DataFrame) -> tuple[float, float]:
    """Where the scale ends: round numbers outside all values and intervals, with 0 inside."""
    found = values.to_numpy(float)
    found = found[np.isfinite(found)]
    low, high = found.min(initial=0.0), found.max(initial=0.0)
    grain = layout.round_up(max(high - low, 1e-6) / 20)
    low, high = np.floor(low / grain + 1e-9) * grain, np.ceil(high / grain - 1e-9) * grain
    return (float(low), float(high)) if low < high else (-grain, grain)


def _marks(ends: tuple[float, float], inch: float, percent: bool) -> list[tuple[float, str]]:
    """Places and numbers on the scale: multiples of the smallest round step whose numbers have room.

    Where only one number would be left, steps of 3 and 4 are tried too.
    """
    power = 10.0 ** np.floor(np.log10(ends[1] - ends[0]))
    found: list[tuple[float, str]] = []
    for steps in ((0.1, 0.2, 0.5, 1, 2, 5), (0.3, 0.4, 3, 4)):
        for step in steps:
            marks = _multiples(ends, step * power, percent)
            if max((layout.width_of(words) for _, words in marks), default=0) + 0.05 <= step * power * inch:
                found = found if len(found) >= len(marks) else marks
                break
        if len(found) > 1:
            break
    return found


def _multiples(ends: tuple[float, float], step: float, percent: bool) -> list[tuple[float, str]]:
    places = np.arange(np.ceil(ends[0] / step - 1e-9), np.floor(ends[1] / step + 1e-9) + 1) * step
    return [(float(at), _mark(at, percent)) for at in places]


def _numbers(rows: pd.DataFrame, beside: str | None) -> dict[tuple[str, str], str]:
    """What is written at the right of each panel's rows."""
    if beside is None:
        return {}
    first = rows.drop_duplicates(["head", "label"])
    return {
        (one["head"], one["label"]): "" if pd.isna(one[beside]) else f"{int(one[beside]):,}"
        for _, one in first.iterrows()
    }


def _across(heads: list[str], width: float, room: float) -> int:
    """How many panels stand side by side: up to three, as long as the scale is not too narrow nor a word broken."""
    longest = max(layout.width_of(word, weight="bold") for head in heads for word in head.split())
    fits = [n for n in (3, 2) if width / n - 0.1 - room >= _LEAST and longest <= width / n - 0.1]
    return min(next(iter(fits), 1), len(heads))


def _scale(axes: Axes, zero: float, marks: list[tuple[float, str]], inch: float, ends: tuple[float, float]) -> None:
    """Marks with their numbers below, and a dark line at 0."""
    for at, words in marks:
        x, dark = zero + at * inch, abs(at) < 1e-9
        axes.plot([x] * 2, ends, color=INK if dark else GRID, lw=0.6 if dark else 0.5, zorder=0, clip_on=False)
        axes.text(x, ends[1] + 0.02, words, ha="center", va="top", color=FAINT)


def _mark(at: float, percent: bool) -> str:
    at = 0.0 if abs(at) < 1e-9 else at
    words = f"{100 * at:.4g}" if percent else f"{at:.4g}"
    words = words.replace("0.", ".", 1) if words.startswith(("0.", "-0.")) else words
    return words.replace("-", "−")


def _dot(axes: Axes, y: float, one: pd.Series, value: str, x, place: int) -> None:
    """A dot with its whisker; open where it has no interval, a dash where it is undefined."""
    if np.isnan(one[value]):
        layout.write(axes, x(0.0) + 0.03, y, "–", color=FAINT)
        return
    open_ = np.isnan(one["low"]) or np.isnan(one["high"])
    if not open_:
        low, high = x(one["low"]), x(one["high"])
        axes.plot([low, high], [y] * 2, color=INK, lw=0.9, solid_capstyle="butt", gid="interval", clip_on=False)
        for end in (low, high):
            axes.plot([end] * 2, [y - 0.028, y + 0.028], color=INK, lw=0.9, clip_on=False)
    colour = COLOURS[place]
    paint = {"mfc": "white" if open_ else colour, "mec": colour if open_ else INK, "mew": 0.8 if open_ else 0.4}
    axes.plot(x(one[value]), y, _MARKERS[place], ms=3.8, zorder=4, clip_on=False, gid="value", **paint)


def _keys(rows: pd.DataFrame, value: str, series: str | None, kinds: list) -> list[Artist]:
    """What the dots, the whisker and the open dot mean, as far as they are drawn."""
    keys: list[Artist] = []
    if series:
        bounded = rows[rows["low"].notna() & rows["high"].notna()]
        for place, kind in enumerate(kinds):
            some = (bounded[series] == kind).any()
            face = {"mfc": COLOURS[place], "mec": INK, "mew": 0.4}
            face = face if some else {"mfc": "white", "mec": COLOURS[place], "mew": 0.8}
            keys.append(Line2D([], [], ls="", ms=4, marker=_MARKERS[place], label=layout.name_of(kind), **face))
    known = rows[rows[value].notna()]
    bounded = known["low"].notna() & known["high"].notna()
    # A series that never has an interval is shown open in its own key.
    other = known[series].isin(known.loc[bounded, series]) if series else True
    if bounded.any():
        keys.append(Line2D([], [], color=INK, lw=0.9, marker="|", ms=4, label="95 % interval"))
    if (~bounded & other).any():
        keys.append(Line2D([], [], ls="", marker="o", ms=4, mfc="white", mec=INK, mew=0.7, label="open: no interval"))
    return keys
