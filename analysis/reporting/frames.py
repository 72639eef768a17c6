"""Draw and say which frames stand together, and how prominently: matrices of pairs, ratios by place."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np
import pandas as pd
from IPython.display import Markdown, display
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle

from analysis.comparison.salience import PLACES
from analysis.reporting import layout
from analysis.reporting.captions import escaped
from analysis.reporting.figures import draw_shares
from analysis.reporting.gallery import save_shown
from analysis.reporting.layout import COLOURS, FAINT, GRID, INK, LINE, MARGIN, PITCH, WIDTH
from analysis.reporting.provenance import slug_of
from analysis.study import Study, UserError

MOST_CATEGORIES = 15  # in a matrix
MOST_ROWS = 8  # categories whose prominence is drawn
FEW_GROUPS = 10  # percentile intervals of fewer groups are too narrow to be pointed at
_SLOPE = 55  # degrees that the heads of columns rise
_RISE, _RUN = np.sin(np.radians(_SLOPE)), np.cos(np.radians(_SLOPE))
_ZERO = 0.28  # inches from the mark of 0 to the lowest ratio of the scale


def save_each_shown(
    variables: pd.DataFrame,
    measure: Callable[..., pd.DataFrame],
    draw: Callable[..., Axes],
    *,
    caption: Callable[[pd.DataFrame], str],
    said: Callable[[pd.DataFrame], str],
    prefix: str,
    study: Study,
    tables: dict[str, pd.DataFrame],
    about: str = "",
    nothing: Callable[[pd.DataFrame], str] = lambda table: "",
) -> pd.DataFrame:
    """Measure, draw, save and show each variable that was found, with a caption and a finding of its own.

    Args:
        variables: codebook, variable, mentions; those without mentions are left out. measure: called with codebook and
            variable. draw: called with the table and a title. prefix: the slug's beginning; the variable ends it.
        about: what ends the title of the figure. nothing: says (Markdown) why a table is not worth drawing; else empty.

    Returns:
        codebook, variable, figure (slug), figure_id (empty where there was nothing to draw).
    """
    several = variables["variable"].duplicated(keep=False)
    rows = []
    for one, shared in zip(variables.itertuples(), several, strict=True):
        if not one.mentions:
            continue
        names = [one.codebook, one.variable] if shared else [one.variable]
        title = one.variable.replace("_", " ").capitalize() + (f" ({one.codebook})" if shared else "")
        display(Markdown(f"### {escaped(title)}"))
        table = measure(codebook=one.codebook, variable=one.variable)
        slug, options = slug_of(prefix, *names), {"study": study, "tables": tables}
        if why := nothing(table):
            display(Markdown(why))
            rows.append((one.codebook, one.variable, slug, ""))
            continue
        words = {"caption": "", "said": ""} if table.empty else {"caption": caption(table), "said": said(table)}
        figure_id = save_shown(table, partial(draw, title=f"{title} {about}".strip()), slug=slug, **words, **options)
        rows.append((one.codebook, one.variable, slug, figure_id))
    return pd.DataFrame(rows, columns=["codebook", "variable", "figure", "figure_id"])


def draw_places(table: pd.DataFrame, *, by: str | list[str], title: str = "") -> Axes:
    """`figures.draw_shares` of a table of `comparison.salience.share_in_place`, the place named in the title."""
    return draw_shares(table, by=by, title=f"{title} in {' and '.join(table.attrs['where'])}")


def draw_cooccurrence(table: pd.DataFrame, *, title: str = "") -> Axes:
    """Which categories stand together: phi and how often, as a matrix.

    Args:
        table: of `comparison.cooccurrence`, of one level. Within one variable: phi above the diagonal, the units with
            both below it, the units with the category on it. Of two variables: phi alone. Of the categories that occur
            the most frequent `MOST_CATEGORIES` are drawn.

    Raises UserError where the table has no rows, lacks a column or has several levels.
    """
    _require(
        table, ["category_a", "category_b", "phi", "n_ab", "n_same", "total", "n_groups"], ["category_a", "category_b"]
    )
    within = table["variable_a"].equals(table["variable_b"].rename("variable_a")) and table["codebook_a"].equals(
        table["codebook_b"].rename("codebook_a")
    )
    first, second = (_frequent(table, sides) for sides in (("ab", "ab") if within else ("a", "b")))
    pairs = table[table["category_a"].isin(first) & table["category_b"].isin(second)]
    limit = layout.round_up(max(np.nanmax([0.1, *pairs["phi"].abs()]), 0.1))
    cells = pairs.set_index(["category_a", "category_b"])
    whole = pd.concat([table.set_index(f"category_{side}")[f"n_{side}"] for side in "ab"]).groupby(level=0).first()
    with layout.style():
        lines = [layout.clip(f"{n} {name}" if within else name, 1.15, 2) for n, name in enumerate(first, 1)]
        left = MARGIN + max(layout.width_of(line) for words in lines for line in words) + 0.08
        heads = list(map(str, range(1, len(second) + 1))) if within else [layout.clip(b, 1.0, 1)[0] for b in second]
        longest = max(map(layout.width_of, heads))
        above, right = (LINE, 0.0) if within else (longest * _RISE + 0.12, layout.width_of(heads[-1]) * _RUN)
        side = min((WIDTH - left - MARGIN - right) / len(second), 0.36)
        tops, height = layout.rows_of(lines, max(min(side, 0.22), LINE + 0.01))
        foot = _foot(table, within=within, limit=limit, drawn=max(len(first), len(second)))
        axes = layout.canvas(above + height, left=left, title=title, foot=foot, ticks=0)
        for number, head in enumerate(heads):
            place = ((number + 0.5) * side, above - 0.05)
            turned = {"rotation": _SLOPE, "ha": "left", "va": "bottom", "rotation_mode": "anchor"}
            axes.text(*place, head, **({"ha": "center", "color": FAINT} if within else turned))
        for i, (a, top, bottom, words) in enumerate(zip(first, tops, [*tops[1:], height], lines, strict=True)):
            layout.name_row(axes, above + (top + bottom) / 2 - (len(words) - 1) * LINE / 2, words)
            for j, b in enumerate(second):
                box = (j * side, above + top, side, bottom - top)
                if within and i >= j:
                    _cell(
                        axes, box, f"{whole[a] if i == j else cells.at[(b, a), 'n_ab']:,}", GRID if i == j else "white"
                    )
                else:
                    _phi(axes, box, cells.loc[(a, b)], limit)
    return axes


def _require(table: pd.DataFrame, columns: list[str], keys: list[str]) -> None:
    """UserError where the table to draw has no rows, lacks a column, or has more than one level."""
    for column in columns:
        if column not in table.columns:
            raise UserError(f"{column!r} is no column of the table to draw; it has {', '.join(table.columns)}")
    if table.empty:
        raise UserError("the table to draw has no rows: nothing was found")
    if table.duplicated(keys).any():
        raise UserError("the table to draw has several levels; choose the rows of one")


def _frequent(table: pd.DataFrame, sides: str) -> list[str]:
    """The categories of one or both sides that occur, in the codebook's order; of many the most frequent."""
    parts = [table[[f"category_{side}", f"n_{side}"]].set_axis(["category", "n"], axis=1) for side in sides]
    counts = pd.concat(parts).drop_duplicates("category").set_index("category")["n"]
    found = counts[counts > 0] if counts.any() else counts
    kept = found.nlargest(MOST_CATEGORIES).index
    return [name for name in counts.index if name in kept]


def _foot(table: pd.DataFrame, *, within: bool, limit: float, drawn: int) -> str:
    """What the numbers of the matrix are."""
    unit, total = table["unit"].iloc[0], table["total"].iloc[0]
    bold = ", bold: its interval leaves out 0" if any(_sure(row) for _, row in table.iterrows()) else ""
    phi = f"100 · phi (0: as chance gives{bold}); darkest: ±{100 * limit:.0f}; blue above, orange below"
    counts = f"upper right: {phi}\nlower left: {unit}s with both; diagonal: with the category; of {total:,} {unit}s"
    said = counts if within else f"{phi}\nin brackets: both are the same words; of {total:,} {unit}s"
    there = len(set(table.loc[table["n_a"] > 0, "category_a"]) | set(table.loc[table["n_b"] > 0, "category_b"]))
    return said + (f"\nthe {drawn} most frequent categories are drawn" if within and there > drawn else "")


def _phi(axes: Axes, box: tuple[float, float, float, float], row: pd.Series, limit: float) -> None:
    """A cell with phi: blue above chance, orange below it, bold where the interval leaves out 0."""
    phi = row["phi"]
    if np.isnan(phi):
        _cell(axes, box, "–", "white")
        return
    strength = min(abs(phi) / limit, 1)
    red, green, blue = (1 - (1 - part) * strength for part in to_rgb(COLOURS[0] if phi > 0 else COLOURS[1]))
    sure = _sure(row)
    words = f"{round(100 * phi):d}".replace("-", "−")
    words = f"({words})" if row["n_ab"] and row["n_same"] == row["n_ab"] else words
    ink = "white" if phi > 0 and strength > 0.6 else INK
    _cell(axes, box, words, (red, green, blue), color=ink, weight="bold" if sure else "normal")


def _sure(row: pd.Series) -> bool:
    """Does the interval of phi leave out 0? One without width, or of few groups, hides doubt and says nothing."""
    apart = row["phi_low"] > 0 or row["phi_high"] < 0
    return bool(apart and row["phi_low"] < row["phi_high"] and row["n_groups"] >= FEW_GROUPS)


def _cell(axes: Axes, box: tuple[float, float, float, float], words: str, face: object, **options: object) -> None:
    """One cell; its number only where there is room."""
    x, y, width, height = box
    axes.add_patch(Rectangle((x, y), width, height, fc=face, ec=GRID if face == "white" else "white", lw=0.6))
    if layout.width_of(words, weight=options.get("weight", "normal")) < width - 0.02:
        layout.write(axes, x + width / 2, y + height / 2, words, ha="center", **options)


def draw_prominence(table: pd.DataFrame, *, title: str = "") -> Axes:
    """Where a category's hits stand: for each place the ratio to what its words would give, with intervals.

    Args:
        table: of `comparison.salience.prominence`, of one level (``by=[]``). The categories with most hits are drawn,
            at most `MOST_ROWS`, in the table's order.

    The scale is logarithmic from the lowest ratio on, with a place of its own for 0. An open mark has no interval.
    Raises UserError where the table has no rows, lacks a column or has several levels.
    """
    _require(table, ["category", "place", "n", "hits", "ratio", "low", "high"], ["category", "place"])
    hits = table.drop_duplicates("category").set_index("category")["hits"]
    kept = hits[hits > 0].nlargest(MOST_ROWS).index
    rows = table[table["category"].isin(kept)]
    foot = "hits over those of an even spread (1: as words stand, 2: twice as often); right: hits there, of all hits"
    if (hits > 0).sum() > len(kept):
        foot += f"\nthe {len(kept)} categories with most hits are drawn, of {(hits > 0).sum()}"
    finite = rows[["ratio", "low", "high"]].to_numpy(float)
    finite = finite[np.isfinite(finite) & (finite > 0)]
    lowest = int(np.clip(np.floor(np.log2(finite).min(initial=-1.0)), -5, -1))
    highest = int(np.clip(np.ceil(np.log2(finite).max(initial=1.0)), 1, 5))
    with layout.style():
        left = MARGIN + max(map(layout.width_of, PLACES)) + 0.08
        counts = [f"{n:,} of {of:,}" for n, of in zip(rows["n"], rows["hits"], strict=True)]
        right = WIDTH - left - MARGIN - max(map(layout.width_of, counts), default=0) - 0.08
        band = LINE + 0.03 + len(PLACES) * PITCH
        height = band * len(kept) + 0.06 * (len(kept) - 1)
        keys = _keys(rows)
        axes = layout.canvas(height, left=left, title=title, keys=keys, foot=foot)

        def x(ratio: float) -> float:
            if ratio <= 0:
                return 0.04
            place = (np.clip(np.log2(ratio), lowest, highest) - lowest) / (highest - lowest)
            return _ZERO + place * (right - _ZERO - 0.04)

        ends = [(0.0, "0"), *((2.0**power, _ratio_name(power)) for power in range(lowest, highest + 1))]
        for ratio, words in ends:
            strong = ratio == 1
            paint = {"color": INK if strong else GRID, "lw": 0.7 if strong else 0.5, "zorder": 0}
            axes.plot([x(ratio)] * 2, [0, height], **paint)
            axes.text(x(ratio), height + 0.02, words, ha="center", va="top", color=FAINT)
        for number, (category, own) in enumerate(rows.groupby("category", sort=False)):
            top = number * (band + 0.06)
            ground = {"fc": "white", "ec": "none", "pad": 0.3}
            name = layout.clip(category, WIDTH - 2 * MARGIN, 1)[0]
            axes.text(-left + MARGIN, top + LINE - 0.02, name, weight="bold", va="bottom", bbox=ground)
            for line, row in enumerate(own.itertuples()):
                middle = top + LINE + 0.03 + (line + 0.5) * PITCH
                layout.name_row(axes, middle, [row.place])
                _mark(axes, middle, row, x)
                layout.write(axes, WIDTH - left - MARGIN, middle, f"{row.n:,} of {row.hits:,}", ha="right", color=FAINT)
    return axes


def _ratio_name(power: int) -> str:
    return {-1: "½", -2: "¼", -3: "⅛"}.get(power, f"1/{2**-power}") if power < 0 else f"{2**power}"


def _keys(rows: pd.DataFrame) -> list[Line2D]:
    keys = []
    if rows["low"].notna().any():
        keys.append(Line2D([], [], color=INK, lw=0.9, marker="|", ms=4, label="95 % interval"))
    if (rows["low"].isna() & rows["ratio"].notna()).any():
        keys.append(Line2D([], [], ls="", marker="o", ms=4, mfc="white", mec=INK, mew=0.7, label="open: no interval"))
    return keys


def _mark(axes: Axes, middle: float, row: tuple, x: Callable[[float], float]) -> None:
    """A ratio with its whisker; open where it has no interval."""
    if np.isnan(row.ratio):
        return
    sure = not np.isnan(row.low)
    if sure:
        ends = [x(row.low), x(row.high)]
        axes.plot(ends, [middle] * 2, color=INK, lw=0.9, solid_capstyle="butt", gid="interval")
        for end in ends:
            axes.plot([end] * 2, [middle - 0.028, middle + 0.028], color=INK, lw=0.9)
    paint = {"mfc": COLOURS[0] if sure else "white", "mec": INK, "mew": 0.4 if sure else 0.7, "ms": 3.8, "zorder": 4}
    axes.plot(x(row.ratio), middle, "o", gid="ratio", **paint)
