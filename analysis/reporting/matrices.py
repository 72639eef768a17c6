"""Draw what two sides have in common: containment as a heat map, propositions × levels, shares over a threshold."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.lines import Line2D
from matplotlib.patches import Patch, Rectangle

from analysis.reporting import layout
from analysis.reporting.layout import COLOURS, FAINT, GRID, INK, LINE, MARGIN, PITCH, WIDTH

MOST_ARTICLES = 24  # articles in a heat map
MOST_ROWS = 30  # propositions in a matrix
MOST_LINES = 8
_BLUES = LinearSegmentedColormap.from_list("blues", ["white", COLOURS[0]])
_SLOPE = 55  # degrees that the heads of columns rise
_RISE, _RUN = np.sin(np.radians(_SLOPE)), np.cos(np.radians(_SLOPE))
_MARKERS = "os^Dv<>P"
_DASHES = ("-", "--", "-.", ":")


def draw_containment(table: pd.DataFrame, *, title: str = "") -> Axes:
    """A heat map: what share of the row's text stands in the column's, in per cent.

    Args:
        table: row, column (labels, in the order to draw them), containment (0 to 1; a pair that is not there shares
            less than what the table of copies keeps, and is left white). At most `MOST_ARTICLES` labels are drawn.
    """
    names = list(dict.fromkeys([*table["row"], *table["column"]]))
    drawn = names[:MOST_ARTICLES]
    foot = "% of the row's 5-word runs that stand in the column's text"
    if len(names) > len(drawn):
        foot += f"\nthe first {len(drawn)} of {len(names)} articles are drawn"
    with layout.style():
        few = len(drawn) <= 8
        lines = [layout.clip(f"{number} {name}", 1.45, 2 if few else 1) for number, name in enumerate(drawn, 1)]
        left = MARGIN + max(layout.width_of(line) for words in lines for line in words) + 0.08
        width = WIDTH - left - MARGIN
        side = min(width / len(drawn), 0.3)
        tops, height = layout.rows_of(lines, max(side, LINE))
        axes = layout.canvas(height + LINE, left=left, title=title, foot=foot, ticks=0)
        cells = table.set_index(["row", "column"])["containment"]
        step = 1 if side > layout.width_of("00") + 0.03 else 2
        for number in range(0, len(drawn), step):
            layout.write(axes, (number + 0.5) * side, LINE / 2, str(number + 1), ha="center", color=FAINT)
        for number, (top, words) in enumerate(zip(tops, lines, strict=True)):
            below = tops[number + 1] if number + 1 < len(tops) else height
            layout.name_row(axes, LINE + top + (below - top) / 2 - (len(words) - 1) * LINE / 2, words)
            for column, name in enumerate(drawn):
                value = np.nan if column == number else cells.get((drawn[number], name), 0.0)
                _cell(axes, column * side, LINE + top, side, below - top, value)
        return axes


def _cell(axes: Axes, x: float, y: float, width: float, height: float, value: float) -> None:
    """One cell with its number; grey where an article meets itself."""
    colour = GRID if np.isnan(value) else _BLUES(float(value))
    axes.add_patch(Rectangle((x, y), width, height, fc=colour, ec="white", lw=0.8))
    words = "" if np.isnan(value) or value < 0.005 else f"{100 * value:.0f}"
    if words and layout.width_of(words) < width - 0.02:
        layout.write(axes, x + width / 2, y + height / 2, words, ha="center", color="white" if value > 0.6 else INK)


def draw_coverage(table: pd.DataFrame, *, labels: pd.Series | None = None, title: str = "") -> Axes:
    """Propositions × levels: a filled square where a level reports a proposition, an open one where it leaves it out.

    Args:
        table: of `comparison.coverage.coverage_matrix`. labels: proposition → words to show; without them its number.
            At most `MOST_ROWS` propositions are drawn, the most widely reported first.
    """
    rows = table.drop_duplicates("proposition").head(MOST_ROWS)
    levels = sorted(table["level"].unique())
    total = len(table["proposition"].unique())
    foot = "" if len(rows) == total else f"the first {len(rows)} of {total} propositions are drawn"
    keys = [
        Patch(fc=COLOURS[0], ec=COLOURS[0], label="reports it (number of sentences, if several)"),
        Patch(fc="white", ec=INK, lw=0.6, label="leaves it out"),
    ]
    with layout.style():
        side, pitch = 0.17, 0.21
        heads = [layout.clip(level, 1.0, 1)[0] for level in levels]
        above = max(map(layout.width_of, heads)) * _RISE + 0.14
        right = len(levels) * pitch + layout.width_of(heads[-1]) * _RUN + 0.06
        room = max(WIDTH - right - 2 * MARGIN - 0.08, 0.6)
        lines = [layout.clip(_label(row, labels), room, 2) for row in rows.itertuples()]
        left = WIDTH - right - MARGIN if room > 0.6 else room + 0.16
        tops, height = layout.rows_of(lines, side + 0.03)
        axes = layout.canvas(above + height, left=left, title=title, keys=keys, foot=foot, ticks=0)
        for number, head in enumerate(heads):
            place = (number * pitch + side / 2, above - 0.06)
            axes.text(*place, head, rotation=_SLOPE, ha="left", va="bottom", rotation_mode="anchor")
        counts = table.set_index(["proposition", "level"])["n"]
        for row, top, said in zip(rows.itertuples(), tops, lines, strict=True):
            layout.name_row(axes, above + top + side / 2, said)
            for number, level in enumerate(levels):
                n = counts.get((row.proposition, level))
                _square(axes, number * pitch, above + top, side, n)
        return axes


def _label(row: tuple, labels: pd.Series | None) -> str:
    number = f"{row.proposition}"
    return number if labels is None else f"{labels.get(row.proposition, number)}"


def _square(axes: Axes, x: float, y: float, side: float, n: int | None) -> None:
    """Filled where n > 0, open where it is 0, a point where the level has no article in the story."""
    if n is None:
        axes.plot(x + side / 2, y + side / 2, ".", ms=1.5, color=FAINT)
        return
    face, edge = (COLOURS[0], COLOURS[0]) if n else ("white", INK)
    inner = 0.02
    axes.add_patch(Rectangle((x + inner, y + inner), side - 2 * inner, side - 2 * inner, fc=face, ec=edge, lw=0.6))
    if n > 1:
        layout.write(axes, x + side / 2, y + side / 2, str(n), ha="center", color="white")


def draw_curve(table: pd.DataFrame, *, mark: float | None = None, value: str = "share", title: str = "") -> Axes:
    """A line per level over the threshold, in per cent, and a mark at the threshold used.

    Args:
        table: of `comparison.coverage.threshold_curve`: threshold, level, ``value``. mark: the threshold used.
    """
    levels = table["level"].drop_duplicates().tolist()[:MOST_LINES]
    style = {
        level: {"color": COLOURS[i], "marker": _MARKERS[i], "ls": _DASHES[i % 4], "ms": 2.6, "lw": 1.0}
        for i, level in enumerate(levels)
    }
    foot = "similarity from which sentences count as aligned"
    if len(levels) < len(table["level"].unique()):
        foot += f"\nthe first {len(levels)} of {len(table['level'].unique())} levels are drawn"
    with layout.style():
        keys = [Line2D([], [], label=level, **paint) for level, paint in style.items()]
        left, height = 0.42, 1.5
        axes = layout.canvas(height, left=left, title=title, keys=keys, foot=foot)
        width = WIDTH - left - MARGIN - 0.05
        low, high = table["threshold"].min(), table["threshold"].max()
        x = lambda at: (at - low) / max(high - low, 1e-9) * width  # noqa: E731
        for share in (0, 0.25, 0.5, 0.75, 1):
            axes.plot([0, width], [height * (1 - share)] * 2, color=GRID, lw=0.5, zorder=0)
            layout.write(axes, -0.05, height * (1 - share), f"{100 * share:.0f}", ha="right", color=FAINT)
        axes.text(-0.36, height / 2, "% of propositions", rotation=90, va="center", ha="left", color=FAINT)
        for at in table["threshold"].drop_duplicates().iloc[::2]:
            axes.text(x(at), height + 0.05, f"{at:.2f}".rstrip("0"), ha="center", va="top", color=FAINT)
        if mark is not None and low <= mark <= high:
            axes.plot([x(mark)] * 2, [0, height], color=INK, lw=0.8, ls=(0, (1, 1)))
            ground = {"fc": "white", "ec": "none", "pad": 0.5}
            layout.write(axes, x(mark) + 0.03, height - PITCH / 2, "used here", color=INK, bbox=ground)
        for level, paint in style.items():
            own = table[table["level"] == level]
            axes.plot(x(own["threshold"]), height * (1 - own[value]), clip_on=False, **paint)
        return axes
