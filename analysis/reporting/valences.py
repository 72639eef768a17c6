"""Draw valence: shares of tones as divided bars, means, lengths and correlations as dots and whiskers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Patch, Rectangle

from analysis.reporting import layout
from analysis.reporting.dots import require
from analysis.reporting.gallery import save_shown
from analysis.reporting.layout import COLOURS, FAINT, GRID, INK, MARGIN, WIDTH
from analysis.reporting.tone_statements import valence_caption, valence_finding
from analysis.reporting.whiskers import draw_whiskers
from analysis.study import Study
from analysis.tables import TONES

MOST_LEVELS = 30
_FACES = dict(zip(TONES, (COLOURS[4], GRID, COLOURS[0]), strict=True))
_HATCHES = dict(zip(TONES, ("////", "", ""), strict=True))
_BAR = 0.14  # inches
_OF = {"sentence": "sentences", "article": "articles", "headline": "headlines"}


def draw_tones(table: pd.DataFrame, *, by: str | Sequence[str] | None = None, title: str = "") -> Axes:
    """One bar per level, divided in negative, neutral and positive; under its ends the intervals of the outer two.

    Args:
        table: of `comparison.tones.tones`. The dotted part of the neutral has no word of the scale.
        by: the columns of levels; None: as the table says.

    A level without any sentence says so. At most 30 levels are drawn, those with most.
    """
    columns = _levels(table, by)
    require(table, [*columns, "category", "share", "low", "high", "n", "total", "n_without"])
    names = table[columns].itertuples(index=False, name=None) if columns else ["all"] * len(table)
    rows = table.assign(label=[layout.name_of(name) for name in names])
    totals = rows.groupby("label", sort=False)["total"].max()
    kept = totals[totals.index.isin(totals.nlargest(MOST_LEVELS).index)]
    what = _OF[table.attrs.get("of", "sentence")]
    foot = [f"share of {what}, %; inside: how many; in brackets: all"]
    if len(kept) < len(totals):
        foot.append(f"{len(kept)} of {len(totals)} rows are drawn, those with most; all are in the table")
    with layout.style():
        left, lines = layout.left_margin([f"{name} ({total:,})" for name, total in kept.items()])
        tops, height = layout.rows_of(lines, 0.3)
        axes = layout.canvas(height, left=left, title=title, keys=_tone_keys(rows), foot="\n".join(foot))
        width = WIDTH - left - MARGIN - 0.04
        for at, words, side in ((0, "0", "left"), (0.5, "50", "center"), (1, "100 %", "right")):
            axes.plot([at * width] * 2, [0, height], color=GRID, lw=0.5, zorder=0)
            axes.text(at * width, height + 0.02, words, ha=side, va="top", color=FAINT)
        for top, words, (name, total) in zip(tops, lines, kept.items(), strict=True):
            layout.name_row(axes, top + 0.085, words)
            if total:
                _divided(axes, top + 0.085, rows[rows["label"] == name].set_index("category"), width)
            else:
                layout.write(axes, 0.05, top + 0.085, "nothing here", color=FAINT, style="italic")
    return axes


def _divided(axes: Axes, middle: float, own: pd.DataFrame, width: float) -> None:
    """One bar: three parts with their counts, the wordless part dotted, and two whiskers below."""
    at = 0.0
    for tone in TONES:
        part = own.loc[tone]
        wide = part["share"] * width
        paint = {"fc": _FACES[tone], "ec": "white", "lw": 0.5, "hatch": _HATCHES[tone]}
        axes.add_patch(Rectangle((at, middle - _BAR / 2), wide, _BAR, gid=tone, **paint))
        if part["n_without"]:
            bare = part["n_without"] / part["total"] * width
            dotted = {"fc": "none", "ec": "#8c8c8c", "lw": 0, "hatch": "..."}
            axes.add_patch(Rectangle((at + wide - bare, middle - _BAR / 2), bare, _BAR, gid="without", **dotted))
        _count(axes, at, wide, middle, tone, int(part["n"]))
        at += wide
    negative, positive = own.loc[TONES[0]], own.loc[TONES[2]]
    # Where both would touch, the second stands lower.
    apart = not negative["high"] + positive["high"] > 0.97
    _whisker(axes, middle + 0.105, negative, lambda share: share * width, _FACES[TONES[0]])
    _whisker(axes, middle + (0.105 if apart else 0.15), positive, lambda share: (1 - share) * width, _FACES[TONES[2]])


def _count(axes: Axes, at: float, wide: float, middle: float, tone: str, n: int) -> None:
    """The count in the middle of its part, on plain ground; none where it does not fit."""
    words = f"{n:,}"
    room = layout.width_of(words) + 0.06
    if not n or room > wide:
        return
    centre = at + wide / 2
    ground = Rectangle((centre - room / 2, middle - 0.055), room, 0.11, fc=_FACES[tone], ec="none", zorder=2)
    axes.add_patch(ground)
    layout.write(axes, centre, middle, words, ha="center", color="white" if tone == TONES[2] else INK, zorder=3)


def _whisker(axes: Axes, y: float, row: pd.Series, x: Callable[[float], float], colour: str) -> None:
    """The interval of one part in its colour; a ring where it has none."""
    if np.isnan(row["low"]):
        axes.plot(x(row["share"]), y, "o", ms=3, mfc="white", mec=colour, mew=0.8, clip_on=False, zorder=4)
        return
    low, high = x(row["low"]), x(row["high"])
    axes.plot([low, high], [y] * 2, color=colour, lw=1.1, solid_capstyle="butt", clip_on=False, gid="interval")
    for end in (low, high):
        axes.plot([end] * 2, [y - 0.022, y + 0.022], color=colour, lw=1.1, clip_on=False)


def _tone_keys(rows: pd.DataFrame) -> list:
    keys = [Patch(fc=_FACES[tone], ec="white", hatch=_HATCHES[tone], label=tone) for tone in TONES]
    if rows["n_without"].any():
        keys.append(Patch(fc=GRID, ec="#8c8c8c", lw=0, hatch="...", label="no word of the scale"))
    if rows["low"].notna().any():
        keys.append(Line2D([], [], color=INK, lw=0.9, marker="|", ms=4, label="95 % interval"))
    if rows.loc[rows["total"] > 0, "low"].isna().any():
        ring = {"mfc": "white", "mec": INK, "mew": 0.7}
        keys.append(Line2D([], [], ls="", marker="o", ms=3, label="open: no interval", **ring))
    return keys


def draw_means(table: pd.DataFrame, *, by: str | Sequence[str] | None = None, title: str = "") -> Axes:
    """Means with intervals, a panel per category: of `tones.mean_valence` or `targets.target_valence`.

    ``by``: the columns whose levels are the rows; None: as the table says. Of ``voice`` beside others the voices are
    the panels.
    """
    columns = _levels(table, by)
    several = len(table["category"].unique()) > 1
    panel = "category"
    if "voice" in columns and len(columns) > 1 and not several:
        panel, columns = "voice", [column for column in columns if column != "voice"]
    of = table.attrs.get("of", "sentence")
    counted = "namings" if of in ("actor", "side") else "how many" if several else _OF[of]
    score = table.attrs.get("score", "valence")
    foot = f"mean {score}{', −1 to 1' if score == 'valence' else ''}; at the right: {counted}"
    return draw_whiskers(table, value="mean", row=columns, panel=panel, title=title, foot=foot)


def draw_lengths(table: pd.DataFrame, *, title: str = "") -> Axes:
    """Mean, spread and share without a word by class of length (`length_effects.by_length`): a panel each."""
    said = {"mean": "mean valence", "spread": "spread (SD)", "without a word": "without a word, share"}
    rows = table.assign(category=table["category"].map(said))
    what = _OF[table.attrs.get("of", "sentence")]
    foot = f"rows: words in the {what[:-1]}; at the right: {what}"
    return draw_whiskers(rows, value="value", row="words", title=title, foot=foot)


def draw_correlations(table: pd.DataFrame, *, title: str = "") -> Axes:
    """Rank correlations with intervals (`length_effects.length_effects`): a panel per unit."""
    rows = table.assign(of=table["of"] + "s")
    foot = "rank correlation (Spearman); at the right: how many"
    return draw_whiskers(rows, value="r", row="category", panel="of", limits=(-1, 1), title=title, foot=foot)


def save_valence(
    table: pd.DataFrame,
    draw: Callable[..., Axes],
    *,
    slug: str,
    title: str,
    study: Study,
    tables: dict[str, pd.DataFrame],
    said: str | None = None,
) -> str:
    """Draw, save and show a table of tones, means or lengths: figure, caption, finding (``said``, or its own).

    Returns the figure's id; where no word of the scale was found there is no figure, a line says so, and the id is
    empty.
    """
    counted = table if table["n"].sum() else table[:0]
    said = valence_finding(counted) if said is None else said
    caption, shown = valence_caption(counted), partial(draw, title=title)
    return save_shown(counted, shown, slug=slug, caption=caption, said=said, study=study, tables=tables)


def _levels(table: pd.DataFrame, by: str | Sequence[str] | None) -> list[str]:
    by = table.attrs.get("by", "outlet") if by is None else by
    return [by] if isinstance(by, str) else list(by)
