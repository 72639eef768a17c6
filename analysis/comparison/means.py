"""Means by level: Σ above / Σ below of items such as sentences or namings, with intervals over groups of articles.

What `rates` does for shares, for values that may be negative: one row per level and category, with counts, a bootstrap
interval and a note where something must be known to read the row.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import numpy as np
import pandas as pd

from analysis.comparison.per_article import check_whole
from analysis.comparison.resampling import Interval, ratio_interval
from analysis.study import UserError

OF_ITEMS = ("voice", "speaker")  # what levels may be of beside columns of articles
_NUMBERS = ("n", "total", "mean", "low", "high", "n_articles", "n_groups", "note")
_OF_RESULT = ("codebook", "variable", "category", *_NUMBERS)


def check_by(by: str | Sequence[str], articles: pd.DataFrame) -> list[str]:
    """``by`` as a list; a UserError where it is neither a column of articles nor voice or speaker."""
    columns = [by] if isinstance(by, str) else list(by)
    allowed = [*(column for column in articles.columns if column not in _OF_RESULT), *OF_ITEMS]
    for column in columns:
        if column not in allowed:
            raise UserError(f"by {column!r} is no column of articles; allowed: {', '.join(allowed)}")
    return columns


def mean_table(
    items: pd.DataFrame,
    articles: pd.DataFrame,
    *,
    categories: Sequence[str],
    settings: dict,
    groups: pd.Series | None = None,
    replicates: int = 2000,
    seed: int = 0,
) -> pd.DataFrame:
    """The mean of each category in each level: Σ above / Σ below.

    Args:
        items: article_id, category, above, below, hits, and those columns of ``by`` that articles do not have. Items of
            other articles do not count, and neither do those without a value.
        articles: what is compared; an article without an item still stands for its level.
        categories: their names, in the order of the result.
        settings: what was asked; goes into ``attrs``. codebook, variable, ``by`` (see `check_by`), and ``voice``: the
            levels of voice, be they seen or not.
        groups: article_id → copy group, the unit of resampling; None: the article.

    Returns:
        The columns of ``by``, codebook, variable, category, n (items with a hit), total (items), mean, low, high
        (95 %), n_articles and n_groups (with an item), note. Levels are sorted, missing ones last.

    An interval needs two groups with an item. Source: Lijffijt et al. 2016 for texts as the unit of resampling.
    """
    check_whole(1, replicates=replicates)
    by = settings["by"]
    of_items = [column for column in by if column in OF_ITEMS]
    of_articles = [column for column in by if column not in of_items]
    frame = articles[list(dict.fromkeys(["article_id", *of_articles]))].reset_index(drop=True)
    own = frame["article_id"]
    if own.duplicated().any():
        raise ValueError(f"articles: {own[own.duplicated()].iloc[0]} stands twice")
    group = own if groups is None else own.map(groups).where(own.isin(groups.index), own)
    settings = {
        **settings,
        "unit": "article" if groups is None else "copy group",
        "replicates": replicates,
        "seed": seed,
    }
    row = pd.Index(own).get_indexer(items["article_id"])
    items = items.assign(row=row)[(row >= 0) & items["above"].notna() & items["category"].isin(categories)]
    outer_codes, outer = _coded(frame, of_articles)
    inner_codes, seen = _coded(items, of_items)
    inner = [(voice,) for voice in settings["voice"]] if of_items == ["voice"] else seen
    keys = pd.DataFrame({"outer": outer_codes[items["row"]], "inner": inner_codes, "category": items["category"]})
    members = dict(keys.groupby(["outer", "inner", "category"]).indices)
    columns = items[["row", "above", "below", "hits"]].to_numpy(float)
    rows = []
    for (number, level), part in itertools.product(enumerate(outer), inner):
        group_of = pd.factorize(group.where(outer_codes == number))[0]  # groups of this level from 0, others -1
        found = seen.index(part) if part in seen else -1
        names = dict(zip([*of_articles, *of_items], [*level, *part], strict=True))
        if "speaker" in of_items and not any((number, found, one) in members for one in categories):
            continue
        for category in categories:
            chosen = columns[members.get((number, found, category), [])]
            rows.append({**names, "category": category, **_mean(chosen, group_of, (*level, *part, category), settings)})
    table = pd.DataFrame(rows, columns=[*by, "category", *_NUMBERS])
    table["codebook"], table["variable"] = settings["codebook"], settings["variable"]
    types = dict.fromkeys(["codebook", "variable", "category", "note", *of_items], "str")
    types |= {column: frame[column].dtype for column in of_articles}
    types |= dict.fromkeys(["n", "total", "n_articles", "n_groups"], "int64")
    types |= dict.fromkeys(["mean", "low", "high"], "float64")
    table = table[[*by, "codebook", "variable", "category", *_NUMBERS]].astype(types)
    table.attrs = settings
    return table


def _coded(table: pd.DataFrame, columns: list[str]) -> tuple[np.ndarray, list[tuple]]:
    """Each row's level as a number, and the levels: sorted, missing values last and as None."""
    if not columns:
        return np.zeros(len(table), dtype=int), [()]
    codes = table.groupby(columns, dropna=False, observed=True).ngroup().to_numpy()
    first = table[columns].iloc[np.unique(codes, return_index=True)[1]]
    return codes, [tuple(None if pd.isna(one) else one for one in row) for row in first.itertuples(index=False)]


def _mean(chosen: np.ndarray, group_of: np.ndarray, level: tuple, settings: dict) -> dict:
    """The numbers of one row; ``chosen`` has row, above, below and hits of its items."""
    row, above, below, hits = chosen.T
    group, size = group_of[row.astype(int)], group_of.max(initial=-1) + 1
    top, bottom = (np.bincount(group, weights=values, minlength=size) for values in (above, below))
    drawn = {"replicates": settings["replicates"], "seed": settings["seed"], "level": "\x1f".join(map(str, level))}
    interval = Interval(*(values[0] for values in ratio_interval(top, bottom, **drawn)))
    return {
        "n": int((hits > 0).sum()),
        "total": len(chosen),
        "mean": above.sum() / below.sum() if below.sum() else np.nan,
        "low": interval.low,
        "high": interval.high,
        "n_articles": len(np.unique(row)),
        "n_groups": len(np.unique(group)),
        "note": _note(bottom, interval, settings),
    }


def _note(bottom: np.ndarray, interval: Interval, settings: dict) -> str | None:
    """What must be known to read the row, or None."""
    if not bottom.any():
        return "nothing here: mean undefined"
    if np.count_nonzero(bottom) < 2:
        return f"one {settings['unit']}: no interval"
    said = []
    if interval.low == interval.high:
        said.append(f"every {settings['unit']} alike: the interval has no width and hides doubt")
    if interval.left_out:
        share = f"{interval.left_out} of {settings['replicates']} replicates"
        said.append(f"{share} had nothing to divide by and were left out")
    return "; ".join(said) or None
