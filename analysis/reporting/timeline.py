"""What stands along a scale of time: events with their labels, and dates. ``series`` draws with these."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from analysis.reporting import layout
from analysis.reporting.layout import FAINT, GRID, LINE

_STEPS = [(f"{days}D", days) for days in (1, 2, 3, 7, 14)]
_STEPS += [(f"{months}MS", 30 * months) for months in (1, 2, 3, 6, 12, 24, 60, 120)]


def event_rows(
    events: list[tuple[float, str]], width: float
) -> tuple[list[tuple[float, float, float, list[str]]], float]:
    """(x, left of the label, its top, its lines) for each event, and the room that the labels take.

    From the last to the first, each above those that it would touch, so that no line crosses another's label.
    """
    placed: list[tuple[float, float, float, float, float, list[str]]] = []
    for at, words in reversed(events):
        lines = layout.clip(layout.name_of(words), min(1.5, width), 2)
        long = max(map(layout.width_of, lines))
        left = float(np.clip(at - 0.02, 0, width - long))
        bottom = 0.0
        high = len(lines) * LINE + 0.02
        for other, begin, end, _, top, _ in placed:
            if (begin < left + long + 0.06 and left < end + 0.06) or left - 0.02 < other < left + long + 0.02:
                bottom = max(bottom, top)
        placed.append((at, left, left + long, bottom, bottom + high, lines))
    above = max((top for *_, top, _ in placed), default=0.0)
    return [(at, left, above - top, lines) for at, left, _, _, top, lines in placed], above + (0.04 if placed else 0)


def draw_events(axes: Axes, placed: list[tuple[float, float, float, list[str]]], height: float) -> None:
    """A dashed line from each label down to ``height``."""
    for at, left, top, lines in placed:
        below = top + len(lines) * LINE
        axes.plot([at] * 2, [below, height - LINE], color=FAINT, lw=0.6, ls=(0, (3, 2)), zorder=1, gid="event")
        ground = {"fc": "white", "ec": "none", "pad": 0.4}
        for number, line in enumerate(lines):
            axes.text(left, top + number * LINE, line, va="top", bbox=ground, zorder=6)


def draw_dates(
    axes: Axes, first: pd.Timestamp, last: pd.Timestamp, x, above: float, height: float, width: float
) -> None:
    """Marks of days or months, as close as their labels allow; the year below the first, and where it changes."""
    days = max((last - first).days, 1)
    widest = layout.width_of("30 Sep") + 0.12
    step, length = next((one for one in _STEPS if x(last) - x(first) >= widest * days / one[1] - 1e-9), _STEPS[-1])
    ticks = pd.date_range(first.normalize(), last, freq=step)
    if not len(ticks):
        ticks, length = pd.DatetimeIndex([first]), 1
    year = None
    for tick in ticks:
        if tick < first or tick > last:
            continue
        at = x(tick)
        axes.plot([at] * 2, [above, height - LINE], color=GRID, lw=0.4, zorder=0)
        words = f"{tick.day} {tick:%b}" if length < 30 else f"{tick:%b}" if length < 360 else f"{tick.year}"
        for number, line in enumerate([words] if tick.year == year or length >= 360 else [words, f"{tick.year}"]):
            half = layout.width_of(line) / 2
            side = np.clip(at, half, width - half)
            axes.text(side, height - 0.02 + number * LINE, line, ha="center", va="top", color=FAINT, gid="date")
        year = tick.year
