"""Draw keyness: effects with their intervals, and frequency against effect. A table in, axes out.

Target and reference differ in colour and in marker (ring and square), so that they differ in grey too.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from analysis.reporting import layout
from analysis.reporting.layout import COLOURS, FAINT, GRID, HATCHES, INK, LINE, MARGIN, PITCH, WIDTH
from analysis.study import UserError

ALPHA = 0.05  # a word is sure where its adjusted p is below
COUNTS = ["n_target", "n_reference"]
_SIZES = ["size_target", "size_reference"]
_DISPERSIONS = ["dispersion_target", "dispersion_reference"]
_NO_SIDE = ("bic", "relative_risk", "odds_ratio", "simple_maths")  # 0 does not part target from reference
_MARKERS = "os"
_BARS = 0.42  # inches: dispersion from 0 to 1
_HIGH = 0.125  # inches: a line of text from its highest to its lowest letter
_WIDER = 1.05  # letters fitted to the pixels of a screen are up to so much wider than measured
_GAP = 0.045  # inches from a point to its label
_RADIUS = 0.025  # inches: a point with its edge


def require(table: pd.DataFrame, columns: Sequence[str]) -> None:
    """UserError where the table to draw lacks a column, or has no rows."""
    for column in columns:
        if column not in table.columns:
            raise UserError(f"{column!r} is no column of the table to draw; it has {', '.join(table.columns)}")
    if table.empty:
        raise UserError("the table to draw has no rows: nothing was found")


def draw_effects(
    table: pd.DataFrame, *, label: str = "word", value: str = "log_ratio", most: int = 15, title: str = ""
) -> Axes:
    """Effects with intervals: a row per word, counts and dispersion beside.

    Args:
        table: of `comparison.keyness`, of one target: ``label``, ``value``, n_target, n_reference; low and high,
            dispersion_target and dispersion_reference where it has them. Drawn in its order.
        value: a score that is above 0 for the target, below 0 for the reference.
        most: so many of each side are drawn: those with the largest |lrc|, then |log_likelihood|, as the table of
            keyness is sorted; without these columns the largest |value|.

    An open mark has no interval. The interval of a table is that of one score (``attrs["score"]``); others have none.
    Raises UserError where the table is empty, lacks a column, has several targets, or where ``value`` has no sides.
    """
    known = _of_one_target(table, label, value)
    strongest = _strongest(known, value)
    kept = [index for side in (1, -1) for index in strongest.index[np.sign(strongest[value]) == side][:most]]
    rows = known.loc[[index for index in known.index if index in set(kept)]]
    if rows.empty:
        raise UserError(f"the table to draw has no {value} above or below 0: nothing stands out")
    if {"low", "high"} <= set(rows.columns) and table.attrs.get("score", value) == value:
        rows = rows.assign(low=rows["low"].where(rows["high"].notna()), high=rows["high"].where(rows["low"].notna()))
    else:
        rows = rows.assign(low=np.nan, high=np.nan)
    beside = _DISPERSIONS if set(_DISPERSIONS) <= set(rows.columns) else []
    foot = [f"{_said(value)}; right: how often"]
    if beside:
        foot.append("dispersion: DPnorm, 0 spread evenly over articles, 1 in few")
    if len(rows) < len(table):
        foot.append(f"{len(rows)} of {len(table):,} rows are drawn, the strongest of each side")
    with layout.style():
        lines = [layout.clip(layout.name_of(name), 1.0, 2) for name in rows[label]]
        left = MARGIN + max(layout.width_of(line) for words in lines for line in words) + 0.08
        tops, height = layout.rows_of(lines)
        keys = [*_side_keys(table, rows[value]), *_interval_keys(rows)]
        axes = layout.canvas(height + LINE, left=left, title=title, keys=keys, foot="\n".join(foot))
        numbers = [max(layout.width_of(f"{n:,}") for n in rows[column]) for column in COUNTS]
        right = WIDTH - left - MARGIN - (_BARS + 0.1 if beside else 0)
        ends = (right - numbers[1] - 0.08, right)
        x = _scale(axes, rows, value, ends[0] - numbers[0] - 0.12, LINE, LINE + height)
        for number, (end, wide) in enumerate(zip(ends, numbers, strict=True)):
            at = end - min(wide, 0.06) / 2 - 0.01
            axes.plot(at, LINE / 2 - 0.02, _MARKERS[number], ms=3.8, mfc=COLOURS[number], mec=INK, mew=0.4)
        if beside:
            _frame(axes, right + 0.1, LINE, height)
        for top, words, (_, row) in zip(tops, lines, rows.iterrows(), strict=True):
            middle = LINE + top + PITCH / 2
            layout.name_row(axes, middle, words)
            _dot(axes, middle, row, value, x)
            for column, end in zip(COUNTS, ends, strict=True):
                layout.write(axes, end, middle, f"{row[column]:,}", ha="right", color=FAINT)
            for number, column in enumerate(beside):
                _dispersion(axes, right + 0.1, middle + (number - 0.5) * 0.058, row[column], number)
    return axes


def _of_one_target(table: pd.DataFrame, label: str, value: str) -> pd.DataFrame:
    """The rows with a finite value, numbered anew."""
    require(table, [label, value, *COUNTS])
    if value in _NO_SIDE:
        raise UserError(f"value {value!r} has no two sides of 0; allowed: log_ratio, lrc, log_odds and the like")
    targets = table["target"].unique() if "target" in table.columns else []
    if len(targets) > 1:
        raise UserError(f"the table to draw has several targets; choose the rows of one: {', '.join(targets)}")
    return table[np.isfinite(table[value].to_numpy(float))].reset_index(drop=True)


def _strongest(rows: pd.DataFrame, value: str) -> pd.DataFrame:
    """The rows by |lrc| and |log_likelihood|, or else by |value|; ties in the table's order."""
    by = [column for column in ("lrc", "log_likelihood") if column in rows.columns] or [value]
    order = np.lexsort([np.arange(len(rows)), *(-rows[column].abs() for column in reversed(by))])
    return rows.iloc[order]


def _said(value: str) -> str:
    """What the score is, in words."""
    units = {"log_ratio": "log ratio: 1 is twice as often, 2 four times", "lrc": "conservative log ratio (LRC)"}
    return units.get(value, value.replace("_", " "))


def _side_keys(table: pd.DataFrame, values: pd.Series) -> list[Line2D]:
    """The marks of the sides that are drawn, by name."""
    target = table.attrs.get("target", "the target")
    if "target" in table.columns:
        target = table["target"].iloc[0]
    others = table.attrs.get("reference", "the reference")
    if not isinstance(others, str):
        others = others[0] if len(others) == 1 else f"the {len(others)} others"
    keys = []
    for number, (side, name) in enumerate(((1, target), (-1, others))):
        if (np.sign(values) == side).any():
            paint = {"mfc": COLOURS[number], "mec": INK, "mew": 0.4, "ms": 4, "ls": ""}
            words = layout.clip(f"more in {layout.name_of(name)}", WIDTH - 2 * MARGIN - 0.4, 1)[0]
            keys.append(Line2D([], [], marker=_MARKERS[number], label=words, **paint))
    return keys


def _interval_keys(rows: pd.DataFrame) -> list[Line2D]:
    keys = []
    if rows["low"].notna().any():
        keys.append(Line2D([], [], color=INK, lw=0.9, marker="|", ms=4, label="95 % interval"))
    if rows["low"].isna().any():
        keys.append(Line2D([], [], ls="", marker="o", ms=4, mfc="white", mec=INK, mew=0.7, label="open: no interval"))
    return keys


def _scale(axes: Axes, rows: pd.DataFrame, value: str, width: float, top: float, bottom: float):
    """Marks and the line at 0; gives the place of a value in inches. Whiskers end where the scale does."""
    found = rows[[value, "low", "high"]].to_numpy(float)
    found = found[np.isfinite(found)]
    low, high = min(found.min(), 0.0), max(found.max(), 0.0)
    step = layout.round_up((high - low) / 5)
    low, high = np.floor(low / step + 1e-9) * step, np.ceil(high / step - 1e-9) * step
    x = lambda at: (np.clip(at, low, high) - low) / (high - low) * width  # noqa: E731
    marks = np.arange(round(low / step), round(high / step) + 1) * step
    every = 1 if len(marks) * 0.22 <= width else 2
    zero = round(-low / step)
    for number, at in enumerate(marks):
        axes.plot([x(at)] * 2, [top, bottom], color=INK if at == 0 else GRID, lw=0.7 if at == 0 else 0.5, zorder=0)
        if (number - zero) % every == 0:
            axes.text(x(at), bottom + 0.02, _number(at), ha="center", va="top", color=FAINT)
    return x


def _number(at: float) -> str:
    return f"{at:,.6g}".replace("-", "−")


def _dot(axes: Axes, middle: float, row: pd.Series, value: str, x) -> None:
    """The effect with its whisker; open where it has no interval."""
    side = int(row[value] < 0)
    open_ = np.isnan(row["low"])
    if not open_:
        low, high = x(row["low"]), x(row["high"])
        axes.plot([low, high], [middle] * 2, color=INK, lw=0.9, solid_capstyle="butt", gid="interval")
        for end in (low, high):
            axes.plot([end] * 2, [middle - 0.028, middle + 0.028], color=INK, lw=0.9)
    face, edge = ("white", COLOURS[side]) if open_ else (COLOURS[side], INK)
    paint = {"ms": 3.8, "mfc": face, "mec": edge, "mew": 0.8 if open_ else 0.4, "zorder": 4}
    axes.plot(x(row[value]), middle, _MARKERS[side], clip_on=False, gid="effect", **paint)


def _frame(axes: Axes, origin: float, top: float, height: float) -> None:
    """The head and the scale of the column of dispersions."""
    axes.text(origin + _BARS, top - 0.02, "dispersion", ha="right", va="bottom", color=FAINT)
    layout.scale_marks(axes, ((0, "0"), (_BARS / 2, ""), (_BARS, "1")), top, top + height, origin=origin)


def _dispersion(axes: Axes, origin: float, middle: float, value: float, number: int) -> None:
    if np.isnan(value):
        return
    paint = {"color": COLOURS[number], "edgecolor": INK, "linewidth": 0.3, "hatch": HATCHES[number] * 2}
    axes.barh(middle, value * _BARS, left=origin, height=0.052, gid="dispersion", **paint)


def draw_scatter(
    table: pd.DataFrame, *, label: str = "word", y: str = "log_ratio", most: int = 25, title: str = ""
) -> Axes:
    """Frequency (per million words of both sides, log scale) against effect; the most telling words named.

    Args:
        table: of `comparison.keyness`, of one target: ``label``, ``y``, n_target, n_reference, size_target,
            size_reference; p_adjusted, without which no point is sure.
        most: so many points are named: the sure ones first, then as in `draw_effects`. A name that finds no place
            beside its point, free of other names, of points and of the edge, is left out, and the foot says how many.

    A name a little off its point is joined to it by a line. Dark points have an adjusted p below .05. Raises UserError
    as `draw_effects` does.
    """
    known = _of_one_target(table, label, y)
    require(known, _SIZES)
    n, sizes = (known[columns].sum(axis=1) for columns in (COUNTS, _SIZES))
    known = known.assign(frequency=1e6 * n / sizes.where(sizes > 0))
    known = known[known["frequency"] > 0].reset_index(drop=True)
    require(known, [])
    sure = known["p_adjusted"] < ALPHA if "p_adjusted" in known.columns else pd.Series(False, index=known.index)
    order = _strongest(known, y).index
    told = [*order[sure[order]], *order[~sure[order]]][:most]
    with layout.style():
        keys = [
            Line2D([], [], label=words, **paint)
            for words, paint, there in zip(
                ("adjusted p < .05", "adjusted p ≥ .05, or none"), _PAINTS, (sure, ~sure), strict=True
            )
            if there.any()
        ]
        left, height = 0.36, 3.0
        width = WIDTH - left - MARGIN
        points = _places(known, y, width, height)
        names = [layout.clip(layout.name_of(name), 1.4, 1)[0] for name in known.loc[told, label]]
        found = _labels(points, told, names, width, height)
        foot = f"up: {_said(y)}\nacross: times per million words of both sides"
        if missing := sum(place is None for place in found):
            foot += f"\n{missing} of the {len(told)} most telling found no place for a name"
        axes = layout.canvas(height, left=left, title=title, keys=keys, foot=foot)
        _grid(axes, known, y, width, height)
        for paint, own in zip(_PAINTS, (sure, ~sure), strict=True):
            axes.plot(*points[own.to_numpy()].T, gid="points", **paint)
        for index, name, place in zip(told, names, found, strict=True):
            if place is not None:
                axes.plot(*_leader(points[index], place).T, color=FAINT, lw=0.4, zorder=2, gid="leader")
                side, end = ("right", place[2]) if place[2] < points[index, 0] else ("left", place[0])
                layout.write(axes, end, (place[1] + place[3]) / 2, name, ha=side, gid="name", zorder=5)
    return axes


_PAINTS = (
    {"ls": "", "marker": "o", "ms": 3.0, "mfc": COLOURS[0], "mec": INK, "mew": 0.3, "zorder": 4},
    {"ls": "", "marker": "o", "ms": 2.4, "mfc": "white", "mec": "#a0a0a0", "mew": 0.5, "zorder": 3},
)


def _span(values: pd.Series, room: float) -> tuple[float, float]:
    low, high = float(values.min()), float(values.max())
    edge = max(high - low, 0.5) * room
    return low - edge, high + edge


def _spans(rows: pd.DataFrame, y: str) -> tuple[tuple[float, float], tuple[float, float]]:
    """From where to where the scales go: log10 of the frequency, and the effect with 0."""
    return _span(np.log10(rows["frequency"]), 0.06), _span(pd.concat([rows[y], pd.Series([0.0])]), 0.06)


def _places(rows: pd.DataFrame, y: str, width: float, height: float) -> np.ndarray:
    """Points in inches, y downwards."""
    (left, right), (low, high) = _spans(rows, y)
    across = (np.log10(rows["frequency"]) - left) / (right - left) * width
    return np.column_stack([across, (high - rows[y]) / (high - low) * height])


def _grid(axes: Axes, rows: pd.DataFrame, y: str, width: float, height: float) -> None:
    """Marks at powers of ten (with 2 and 5 where there are fewer than two), and of the effect."""
    (left, right), (low, high) = _spans(rows, y)
    powers = range(int(np.floor(left)), int(np.ceil(right)) + 1)
    for steps in ((1,), (1, 2, 5), (1, 1.5, 2, 3, 4, 5, 6, 8)):
        marks = [step * 10.0**power for power in powers for step in steps if left <= np.log10(step) + power <= right]
        if len(marks) >= 2:
            break
    for mark in marks:
        at = (np.log10(mark) - left) / (right - left) * width
        axes.plot([at] * 2, [0, height], color=GRID, lw=0.5, zorder=0)
        words = _number(mark)
        half = layout.width_of(words) / 2
        axes.text(np.clip(at, half, width - half), height + 0.03, words, ha="center", va="top", color=FAINT)
    step = layout.round_up((high - low) / 8)
    for mark in np.arange(np.ceil(low / step), np.floor(high / step) + 1) * step:
        at = (high - mark) / (high - low) * height
        axes.plot([0, width], [at] * 2, color=INK if mark == 0 else GRID, lw=0.7 if mark == 0 else 0.5, zorder=0)
        layout.write(axes, -0.05, at, _number(mark), ha="right", color=FAINT)


def _labels(
    points: np.ndarray, told: list[int], names: list[str], width: float, height: float
) -> list[tuple[float, float, float, float] | None]:
    """A box (x0, y0, x1, y1) for each name, or None: the first free place around its point.

    Greedy, in the order given: free of the names placed before, of their lines, of all points, and inside the axes.
    """
    taken, hard, found = np.empty((0, 4)), points, []
    for index, name in zip(told, names, strict=True):
        place = None
        for box in _around(*points[index], _WIDER * layout.width_of(name)):
            if box[0] < 0 or box[1] < 0 or box[2] > width or box[3] > height:
                continue
            apart = (
                (taken[:, 2] <= box[0]) | (box[2] <= taken[:, 0]) | (taken[:, 3] <= box[1]) | (box[3] <= taken[:, 1])
            )
            line = _leader(points[index], box)
            free = apart.all() and not _within(hard, [box]).any() and not _within(line, taken).any()
            if free and not _passes(line, points):
                place = box
                taken, hard = np.vstack([taken, box]), np.vstack([hard, line[:-1]])
                break
        found.append(place)
    return found


def _within(points: np.ndarray, boxes: Sequence) -> np.ndarray:
    """Which points (rows) touch which boxes (columns)."""
    x0, y0, x1, y1 = np.reshape(boxes, (-1, 4)).T
    x, y = points[:, :1], points[:, 1:]
    return (x > x0 - _RADIUS) & (x < x1 + _RADIUS) & (y > y0 - _RADIUS) & (y < y1 + _RADIUS)


def _passes(line: np.ndarray, points: np.ndarray) -> bool:
    """Does a line from a point to its name touch another point?"""
    if len(line) == 1:
        return False
    others = points[np.hypot(*(points - line[0]).T) > 1e-9]
    return bool((np.hypot(*(others[:, None] - line[None, 1:]).transpose(2, 0, 1)) < _RADIUS).any())


def _leader(point: np.ndarray, box: tuple[float, float, float, float]) -> np.ndarray:
    """Places on the line from a point to the nearest edge of its name; the point alone where the name is beside it."""
    near = np.array([np.clip(point[0], box[0], box[2]), np.clip(point[1], box[1], box[3])])
    long = np.hypot(*(near - point))
    return point[None, :] if long < 2 * _GAP else point + np.linspace(0, 1, 12)[:, None] * (near - point)


def _around(x: float, y: float, long: float) -> Iterator[tuple[float, float, float, float]]:
    """Boxes for a name around a point: right, left, above, below, the corners; then the same further away."""
    for gap in (_GAP, 0.12, 0.22, 0.34):
        left, right = x - gap - long, x + gap
        above, below = y - gap - _HIGH, y + gap
        beside = ((right, y - _HIGH / 2), (left, y - _HIGH / 2), (x - long / 2, above), (x - long / 2, below))
        near = gap / 2
        corners = (
            (x + near, above + near / 2),
            (x - near - long, above + near / 2),
            (x + near, below - near / 2),
            (x - near - long, below - near / 2),
        )
        for x0, y0 in (*beside, *corners):
            yield float(x0), float(y0), float(x0 + long), float(y0 + _HIGH)
