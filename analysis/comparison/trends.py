"""Shares and rates over time: one value a level, period and category, with the gaps shown as gaps."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence

import pandas as pd

from analysis.comparison.rates import share_of_choices
from analysis.study import UserError

UNITS = ("day", "week", "month")
NO_ARTICLE = "no article"
_REFUSED = {
    "period": "the trend's own column",
    "speaker": "only speakers that occur have rows, so that gaps would not show",
}
_STEPS = {"day": "D", "week": "7D", "month": "MS"}


def trend(
    *tables: pd.DataFrame,
    measure: Callable[..., pd.DataFrame] = share_of_choices,
    unit: str = "day",
    by: str | Sequence[str] = "outlet",
    **options: object,
) -> pd.DataFrame:
    """A measure of `rates` by day, week or month of publication.

    Args:
        tables: those that the measure takes, in its order: mentions, articles for shares of choices or of articles;
            mentions, word_counts, articles for rates; mentions, sentences, articles for shares of sentences.
        measure: of `rates`.
        unit: day, week (from Monday) or month.
        by: columns of articles (or voice and the like, where the measure takes them); none ([]) is the whole study.
        options: of the measure: variable, codebook, voice, where, categories, groups, replicates, seed.

    Returns:
        The columns compared by, period (a Timestamp: its first day), and the measure's: codebook, variable, category,
        n, total, share (or rate), low, high, n_articles, n_groups, note. Every period from the first to the last of
        these articles is a row for every level and category. Where a level has no article the value is NaN and the note
        says "no article": that is a gap, not a zero. Articles without a date are left out; ``attrs`` say how many.

    Limits: a period holds few articles, so that intervals are wide or, with one article, undefined; neighbouring
    periods share no data, and no smoothing is done. Intervals hold for each period alone, not for the whole curve.
    A day is that of the outlet's own clock. Sources: as the measure's; gaps: Cleveland 1994, The Elements of
    Graphing Data, for not joining what was not observed.
    """
    if unit not in UNITS:
        raise UserError(f"unit {unit!r} is none; allowed: {', '.join(UNITS)}")
    columns = [by] if isinstance(by, str) else list(by)
    for column, why in _REFUSED.items():
        if column in columns:
            raise UserError(f"by {column!r}: {why}; allowed: other columns of articles, voice, where")
    takes = [
        name for name, one in inspect.signature(measure).parameters.items() if one.kind is one.POSITIONAL_OR_KEYWORD
    ]
    if len(tables) != len(takes):
        raise UserError(f"measure {measure.__name__} takes {len(takes)} tables ({', '.join(takes)}); got {len(tables)}")
    named = dict(zip(takes, tables, strict=True))
    articles = named["articles"]
    dated = articles[articles["published"].notna()]
    if dated.empty:
        raise UserError("articles: none has a date (published); a trend needs dates")
    dated = dated.assign(period=period_of(dated["published"], unit))
    found = measure(**{**named, "articles": dated}, by=[*columns, "period"], **options)
    periods = pd.date_range(dated["period"].min(), dated["period"].max(), freq=_STEPS[unit], unit="us")
    outer = articles[[column for column in columns if column in articles.columns]]
    table = _with_gaps(found, columns, outer, periods)
    table.attrs = {
        **found.attrs,
        "by": columns,
        "unit of time": unit,
        "periods": len(periods),
        "undated": len(articles) - len(dated),
    }
    return table


def period_of(published: pd.Series, unit: str) -> pd.Series:
    """The first day of the day, week (Monday) or month that each time falls into."""
    day = published.dt.normalize()
    if unit == "week":
        return day - pd.to_timedelta(day.dt.day_of_week, unit="D")
    return day - pd.to_timedelta(day.dt.day - 1, unit="D") if unit == "month" else day


def _with_gaps(found: pd.DataFrame, columns: list[str], outer: pd.DataFrame, periods: pd.DatetimeIndex) -> pd.DataFrame:
    """Every level in every period, in the order of levels, periods and categories; ``outer``: articles' own levels."""
    keys = ["codebook", "variable", "category"]
    of_articles = _distinct(outer).sort_values(list(outer.columns)) if len(outer.columns) else _distinct(outer)
    levels = of_articles.merge(_distinct(found[[one for one in columns if one not in outer.columns]]), how="cross")
    grid = levels.merge(pd.DataFrame({"period": periods}), how="cross").merge(_distinct(found[keys]), how="cross")
    marked = found.assign(period=found["period"].astype(grid["period"].dtype), observed=True)
    table = grid.merge(marked, on=[*columns, "period", *keys], how="left")
    gap = table["observed"].isna()
    counts = ["n", "total", "n_articles", "n_groups"]
    table[counts] = table[counts].fillna(0).astype("int64")
    table["note"] = table["note"].mask(gap, NO_ARTICLE).astype("str")
    return table[found.columns]


def _distinct(table: pd.DataFrame) -> pd.DataFrame:
    """Its different rows; of a table without columns, one."""
    return table.drop_duplicates() if len(table.columns) else pd.DataFrame(index=[0])
