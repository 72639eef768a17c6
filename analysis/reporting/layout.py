"""The page a figure is drawn on: one journal column, measured text, colours that survive grey.

Figures are laid out in inches from measured text, so that no label is cut off, nothing overlaps, and the same table
gives the same picture on every machine (matplotlib's own font is used, whatever fonts a machine has).
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.font_manager import FontProperties, get_font_names
from matplotlib.legend_handler import HandlerLine2D
from matplotlib.lines import Line2D
from matplotlib.text import Text
from matplotlib.textpath import text_to_path

WIDTH = 3.5  # inches: one journal column
MARGIN = 0.08
FONT = "DejaVu Sans"
SIZE = 7  # points: the smallest size that journals accept
LINE = 0.12  # inches from line to line
PITCH = 0.165  # inches from row to row

_BLACK, _ORANGE, _SKY, _GREEN, _YELLOW, _BLUE, _VERMILION, _PURPLE = mpl.color_sequences["okabe_ito"]
# In this order neighbours also differ in grey.
COLOURS = (_BLUE, _ORANGE, _GREEN, _YELLOW, _VERMILION, _SKY, _PURPLE, _BLACK)
HATCHES = ("", "////", "....", "xxxx", "\\\\\\\\", "----", "++++", "")
BAR = _SKY
INK, FAINT, GRID = "#1a1a1a", "#595959", "#d9d9d9"

STYLE = {
    # The first comes with matplotlib; the others are asked only for letters that it lacks, where a machine has them.
    "font.family": [FONT, *sorted({"Noto Sans CJK SC", "Noto Sans", "Arial Unicode MS"} & set(get_font_names()))],
    "font.size": SIZE,
    "text.parse_math": False,  # an outlet may have a $ in its name
    "text.color": INK,
    "figure.facecolor": "white",
    "figure.dpi": 150,
    "savefig.facecolor": "white",
    "hatch.linewidth": 0.6,
    "pdf.fonttype": 42,  # fonts embedded, text can be searched
    "svg.fonttype": "path",  # letters as outlines: the same picture where the font is missing
    "svg.hashsalt": "samestory",
    "path.simplify": False,
}


@contextmanager
def style() -> Iterator[None]:
    """matplotlib as Samestory draws: its defaults and ours, whatever the user's matplotlibrc says."""
    with plt.style.context(["default", STYLE]), warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Glyph")  # save_figure names the letters once
        yield


@cache
def width_of(text: str, size: float = SIZE, weight: str = "normal") -> float:
    """The width of a line of text in inches."""
    if not text.strip():
        return 0.0
    font = FontProperties(family=STYLE["font.family"], weight=weight, size=size)
    # The advance of the letters; the extent of their outlines costs fifty times as much.
    return text_to_path.get_text_width_height_descent(text, font, False)[0] / 72


def wrap(text: str, width: float, size: float = SIZE, weight: str = "normal") -> list[str]:
    """Lines no wider than ``width`` inches. A word that is too long is broken."""
    lines, line = [], ""
    for word in " ".join(str(text).split()).split(" "):
        longer = f"{line} {word}".strip()
        if width_of(longer, size, weight) <= width:
            line = longer
            continue
        if line:
            lines.append(line)
        while width_of(word, size, weight) > width and len(word) > 1:
            cut = max(1, sum(width_of(word[: end + 1] + "-", size, weight) <= width for end in range(len(word))))
            lines.append(word[:cut] + "-")
            word = word[cut:]
        line = word
    return [*lines, line]


def clip(text: str, width: float, lines: int) -> list[str]:
    """At most so many lines no wider than ``width`` inches; what does not fit is left out behind an ellipsis."""
    whole = wrap(text, width)
    if len(whole) <= lines:
        return whole
    last = " ".join(whole[lines - 1 :])
    while last and width_of(last + "…") > width:
        last = last[:-1]
    return [*whole[: lines - 1], last.rstrip(" ,;:—–-") + "…"]


_WITHHELD = re.compile(
    r"(#[0-9a-f]{4})[0-9a-f]{12}\b"
)  # a word of a study without texts, see `reporting.sharing_words`


def name_of(level: object) -> str:
    """A level as a label: its parts joined by a point, ``(none)`` where a part is missing, days without hours, the hash
    of a word that is withheld by its beginning."""
    parts = level if isinstance(level, tuple) else (level,)
    return " · ".join(_part(part) for part in parts)


def _part(part: object) -> str:
    if part is None or (not isinstance(part, str) and pd.isna(part)):
        return "(none)"
    if isinstance(part, pd.Timestamp):
        return f"{part:%Y-%m-%d}" if part == part.normalize() else f"{part:%Y-%m-%d %H:%M}"
    return _WITHHELD.sub(r"\1…", " ".join(str(part).split())) or "(none)"


def left_margin(labels: list[str], widest: float = 1.2) -> tuple[float, list[list[str]]]:
    """Room for the row labels in inches, and the labels in lines."""
    lines = [wrap(label, widest) for label in labels]
    return MARGIN + max((width_of(line) for label in lines for line in label), default=0) + 0.08, lines


def rows_of(lines: list[list[str]], pitch: float = PITCH) -> tuple[list[float], float]:
    """The top of each row in inches, and the height of all; labels of several lines make a row higher."""
    heights = [max(pitch, len(label) * LINE + 0.045) for label in lines]
    return [float(top) for top in np.cumsum([0, *heights[:-1]])], float(sum(heights))


def canvas(
    height: float, *, left: float, title: str = "", keys: Sequence[Artist] = (), foot: str = "", ticks: float = LINE
) -> Axes:
    """Empty axes of one column's width, in inches: x from 0, y downwards from 0 to ``height``.

    The title and the keys stand above the data; ``ticks`` inches below it are left free, then comes ``foot`` (a line
    per paragraph, wrapped), and the lowest line is kept for the figure id.
    """
    inner = WIDTH - 2 * MARGIN
    heading = wrap(title, inner, SIZE + 1, "bold") if title else []
    said = [line for paragraph in foot.splitlines() for line in wrap(paragraph, inner)]
    across = _keys_across(keys, inner)
    for_title = len(heading) * 0.15 + (0.05 if heading else 0)
    for_keys = -(-len(keys) // across) * (LINE + 0.02) + 0.05 if keys else 0
    below = ticks + 0.04 + len(said) * LINE + 0.13
    full = MARGIN + for_title + for_keys + height + below
    figure = plt.figure(figsize=(WIDTH, full))
    width = WIDTH - left - MARGIN
    axes = figure.add_axes((left / WIDTH, below / full, width / WIDTH, height / full))
    axes.set(xlim=(0, width), ylim=(height, 0), xticks=[], yticks=[])
    axes.spines[:].set_visible(False)
    edge = {"x": MARGIN / WIDTH, "ha": "left", "va": "top"}
    if heading:
        bold = {"size": SIZE + 1, "weight": "bold", "linespacing": 1.15}
        figure.suptitle("\n".join(heading), y=1 - MARGIN / full, **edge, **bold)
    if keys:
        corner = (MARGIN / WIDTH, 1 - (MARGIN + for_title) / full)
        close = {"borderpad": 0, "borderaxespad": 0, "columnspacing": 1.2, "labelspacing": 0.3, "handlelength": 1.6}
        capped = [key for key in keys if isinstance(key, Line2D) and key.get_marker() == "|"]
        ends = {key: HandlerLine2D(numpoints=2, marker_pad=0) for key in capped}
        figure.legend(
            handles=keys,
            handler_map=ends,
            loc="upper left",
            bbox_to_anchor=corner,
            ncols=across,
            frameon=False,
            **close,
        )
    for number, line in enumerate(said):
        figure.text(y=(below - ticks - 0.04 - number * LINE) / full, s=line, color=FAINT, **edge)
    return axes


def _keys_across(keys: Sequence[Artist], width: float) -> int:
    """How many keys stand side by side."""
    widest = max((width_of(key.get_label()) for key in keys), default=0) + 0.4
    return max(1, min(len(keys), int(width // widest)))


def write(axes: Axes, x: float, y: float, words: str, **options: object) -> Text:
    """Text in the axes, centred on the bar at ``y``."""
    return axes.text(x, y, words, **{"va": "center_baseline", **options})


def name_row(axes: Axes, y: float, words: list[str]) -> None:
    """The label of a row, left of the data, its first line level with the bar at ``y``."""
    gap = 0.06 * axes.get_xlim()[1] / (axes.get_position().width * WIDTH)
    for number, line in enumerate(words):
        write(axes, -gap, y + number * LINE, line, ha="right")


def scale_marks(
    axes: Axes, marks: Sequence[tuple[float, str]], top: float, bottom: float, *, origin: float = 0.0
) -> None:
    """Faint lines from ``top`` to ``bottom`` at each mark, its text below; the outer texts stay inside."""
    for number, (at, words) in enumerate(marks):
        axes.plot([origin + at] * 2, [top, bottom], color=GRID, lw=0.5, zorder=0, clip_on=False)
        side = "left" if number == 0 else "right" if number == len(marks) - 1 and len(words) > 2 else "center"
        axes.text(origin + at, bottom + 0.02, words, ha=side, va="top", color=FAINT)


def round_up(value: float) -> float:
    """The next of 1, 2, 3, 4, 5, 6, 8, 10 times a power of ten: where a scale ends."""
    if not value > 0:
        return 1.0
    power = 10.0 ** np.floor(np.log10(value))
    return float(next(step * power for step in (1, 2, 3, 4, 5, 6, 8, 10) if step * power >= value * (1 - 1e-9)))
