"""Contrasts: how far apart two levels are, how sure that is, and whether it holds within stories.

An outlet that writes more of one story than of another differs from others by its choice of stories. Within a story
that choice is held fixed, and what is left is wording.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from typing import NamedTuple

import numpy as np
import pandas as pd

from analysis.comparison.per_article import Measure, PerArticle, check_whole, counts_per_article, levels_of
from analysis.comparison.rates import share_of_choices
from analysis.comparison.resampling import benjamini_hochberg
from analysis.comparison.stratified import Units, bounds_of, drawn_sums, permutation_p, standardised
from analysis.study import UserError

_SHORT = ["level_a", "level_b", "category", "n_stories", "total_a", "total_b"]
_SHORT += ["difference", "low", "high", "p", "p_adjusted", "note"]


def contrasts(
    measure: Measure,
    tables: Mapping[str, pd.DataFrame],
    *,
    by: str = "outlet",
    reference: str | None = None,
    within: str | None = None,
    groups: pd.Series | None = None,
    replicates: int = 2000,
    permutations: int = 9999,
    seed: int = 0,
    **options: object,
) -> pd.DataFrame:
    """The difference of a share or rate between each two levels, or between each level and ``reference``.

    difference = value_a − value_b, with value = n / total (times 1,000 for rates). Within stories the values are
    standardised: value_a = Σ w_s·value_as / Σ w_s over the stories s in which both have a denominator t, with
    w_s = t_as·t_bs/(t_as + t_bs) (Mantel & Haenszel), and likewise value_b.

    Args:
        measure: share_of_choices, share_of_articles, share_of_sentences or rate_per_1000_words of `rates`.
        tables: the coded tables that it takes, by name; *categories* adds those that nobody chose.
        by: a column of articles. reference: a level; it is then level_b of every row.
        within: None, or "story" (or another column of articles, such as a topic): compare within each alone.
        groups: article_id → copy group; what bootstrap and permutation draw and deal. None: the article.
        options: of the measure: variable, codebook, voice, where, categories.

    Returns:
        One row a pair of levels and category.

        * level_a, level_b, codebook, variable, category;
        * n_a, total_a, n_b, total_b (within stories: of those in which both have a denominator), value_a, value_b,
          difference, low, high (95 %, bootstrap over the groups: as many of each level, and of those in both, as there
          are; within stories over the stories);
        * p: two-sided, of `resampling.permutation_test`: groups are dealt out again to both levels (within stories: in
          each story), and the statistic is the difference over its standard error over groups (see `studentised`). A
          group that stands in both levels enters once on each side, which makes p larger, not smaller.
          p_adjusted: Benjamini–Hochberg over the rows; ``attrs["tests"]`` tests were made;
        * cohens_h = 2 asin √value_a − 2 asin √value_b (shares only); ratio = value_a/value_b with ratio_low, ratio_high
          of the same bootstrap; both NaN where undefined;
        * n_articles, n_groups (of both levels, in what is compared: with a denominator), n_strata (the stories in which
          both have one; missing where not within any), note.

        Pairs that share no story have no row. Articles without a level, or without a story, are left out and counted in
        ``attrs["without_level"]`` and ``attrs["without_stratum"]``.

    Limits: with few groups the test is of exchangeability, and no p is small; with many it is of equal values, also
    where one level's articles are longer or vary more.
    The categories of a choice of two are one test seen twice. Percentile intervals are too narrow for few groups.

    Sources: Bestgen 2014 and Lijffijt et al. 2016 for texts as the unit; Mantel & Haenszel 1959, Sato 1989 and
    Greenland & Robins 1985 for the weighted difference; Efron & Tibshirani 1993, ch. 8, for two samples; Cohen
    1988, ch. 6, for h; Janssen 1997 and Chung & Romano 2013 for dividing by the error; Benjamini & Hochberg 1995.
    """
    check_whole(1, replicates=replicates)
    check_whole(0, permutations=permutations)
    if within == by:
        raise UserError(f"by {by!r}: contrasts are within it; allowed: any other column of articles")
    counted = counts_per_article(measure, tables, groups=groups, **options)
    codes, levels = levels_of(counted.articles, by)
    strata = np.zeros(len(codes), np.int64)
    if within is not None:
        strata = levels_of(counted.articles, within, option="within")[0]
    drawn = {"replicates": replicates, "permutations": permutations, "seed": seed}
    parts = [
        _rows(both, counted, levels[a], levels[b], within, drawn)
        for a, b in _pairs(levels, reference)
        if (both := _compared(counted, codes, strata, a, b, within)) is not None
    ]
    table = _typed(parts, counted, by)
    table["p_adjusted"] = benjamini_hochberg(table["p"].to_numpy())
    table.attrs = {
        **counted.settings,
        "by": [by],
        "reference": reference,
        "within": within,
        **drawn,
        "tests": int(table["p"].notna().sum()),
        "without_level": int((codes < 0).sum()),
        "without_stratum": int((strata < 0).sum()),
    }
    return table


def contrasts_within_stories(
    mentions: pd.DataFrame,
    articles: pd.DataFrame,
    *,
    measure: Measure = share_of_choices,
    **options: object,
) -> pd.DataFrame:
    """`contrasts` within stories in short, of a share of mentions; the widest differences first.

    Args:
        options: of `contrasts`, but ``within``; and of the measure.

    Returns:
        level_a, level_b, category, n_stories (in which both have a denominator), total_a, total_b, difference, low,
        high, p, p_adjusted, note.
    """
    table = contrasts(measure, {"mentions": mentions, "articles": articles}, within="story", **options)
    table = table.sort_values("difference", key=lambda one: -one.abs(), kind="stable").reset_index(drop=True)
    return table.rename(columns={"n_strata": "n_stories"})[_SHORT]


class _Both(NamedTuple):
    """What two levels are compared on: their articles, and what these add up to."""

    members: np.ndarray  # places of the articles
    in_a: np.ndarray
    units: Units
    group: np.ndarray  # the copy group of each unit, by number


def _pairs(levels: list, reference: str | None) -> Iterator[tuple[int, int]]:
    """The places of level_a and level_b."""
    if reference is None:
        return itertools.combinations(range(len(levels)), 2)
    if reference not in levels:
        raise UserError(f"reference {reference!r} is no level; allowed: {', '.join(map(str, levels)) or 'none'}")
    place = levels.index(reference)
    return ((one, place) for one in range(len(levels)) if one != place)


def _compared(
    counted: PerArticle, codes: np.ndarray, strata: np.ndarray, a: int, b: int, within: str | None
) -> _Both | None:
    """The articles of two levels with a denominator, in the strata that both share; None where they share none."""
    members = np.flatnonzero(((codes == a) | (codes == b)) & (strata >= 0) & (counted.totals > 0))
    if within is not None:
        shared = np.intersect1d(*(strata[members[codes[members] == side]] for side in (a, b)))
        members = members[np.isin(strata[members], shared)]
        if not len(members):
            return None
    in_a = codes[members] == a
    sums = (
        pd.DataFrame(np.column_stack([counted.n[members], counted.totals[members]]))
        .groupby([strata[members], ~in_a, counted.articles["group"].to_numpy()[members]], sort=True)
        .sum()
    )
    stratum, second, group = (sums.index.get_level_values(place) for place in range(3))
    units = Units(sums.to_numpy(dtype=float), np.unique(stratum, return_inverse=True)[1], ~second.to_numpy(dtype=bool))
    return _Both(members, in_a, units, pd.factorize(group, sort=True)[0])


def _rows(
    both: _Both, counted: PerArticle, level_a: object, level_b: object, within: str | None, drawn: dict
) -> pd.DataFrame:
    """The rows of a pair, one a category."""
    seed, level = drawn["seed"], f"{level_a}\x1f{level_b}"
    scale, kinds = counted.kind.scale, len(counted.categories)
    rows = _by_group(both) if within is None else _by_stratum(both.units)
    n_defined = [np.count_nonzero(rows[:, place]) for place in (kinds, -1)]
    value_a, value_b = _values(rows.sum(axis=0)[None, :], kinds)
    replicates = drawn["replicates"] if min(n_defined) > 1 else 0
    # Groups of one level, of the other and of both are drawn apart, so that levels keep their sizes.
    strata = (rows[:, kinds] > 0) + 2 * (rows[:, -1] > 0)
    drawn_a, drawn_b = _values(drawn_sums(rows, strata, replicates=replicates, seed=seed, level=level), kinds)
    low, high = bounds_of(drawn_a - drawn_b)
    ratio = _ratios(value_a, value_b)[0]
    ratio_low, ratio_high = bounds_of(_ratios(drawn_a, drawn_b))
    value_a, value_b = value_a[0], value_b[0]
    p = permutation_p(both.units, permutations=drawn["permutations"], seed=seed, level=level)
    table = pd.DataFrame(
        {
            "level_a": level_a,
            "level_b": level_b,
            "category": counted.categories,
            "n_a": counted.n[both.members[both.in_a]].sum(axis=0),
            "total_a": counted.totals[both.members[both.in_a]].sum(),
            "n_b": counted.n[both.members[~both.in_a]].sum(axis=0),
            "total_b": counted.totals[both.members[~both.in_a]].sum(),
            "value_a": scale * value_a,
            "value_b": scale * value_b,
            "difference": scale * (value_a - value_b),
            "low": scale * low,
            "high": scale * high,
            "p": p,
            "cohens_h": cohens_h(value_a, value_b) if scale == 1 else np.nan,
            "ratio": np.where(np.isinf(ratio), np.nan, ratio),
            "ratio_low": np.where(np.isfinite(ratio), ratio_low, np.nan),
            "ratio_high": np.where(np.isfinite(ratio), ratio_high, np.nan),
            "n_articles": len(both.members),
            "n_groups": both.group.max(initial=-1) + 1,
            "n_strata": pd.NA if within is None else len(rows),
        }
    )
    said = _note((str(level_a), str(level_b)), n_defined, counted, within)
    alike = f"every {within or counted.settings['unit']} alike: the interval has no width and hides doubt"
    return table.assign(note=np.where(table["low"] == table["high"], alike, said))


def _by_group(both: _Both) -> np.ndarray:
    """Numerators and denominator of side a, then of side b: one row a copy group."""
    width = both.units.rows.shape[1]
    table = np.zeros((both.group.max(initial=-1) + 1, 2 * width))
    np.add.at(table[:, :width], both.group[both.units.in_a], both.units.rows[both.units.in_a])
    np.add.at(table[:, width:], both.group[~both.units.in_a], both.units.rows[~both.units.in_a])
    return table


def _by_stratum(units: Units) -> np.ndarray:
    """The same of the weighted parts: one row a stratum."""
    parts_a, parts_b, weight = standardised(units)
    return np.column_stack([parts_a, weight, parts_b, weight])


def _values(sums: np.ndarray, kinds: int) -> tuple[np.ndarray, np.ndarray]:
    """The values of side a and of side b from their sums; NaN where there is nothing to divide by."""
    return tuple(
        np.divide(side[:, :-1], side[:, -1:], out=np.full(side[:, :-1].shape, np.nan), where=side[:, -1:] > 0)
        for side in (sums[:, : kinds + 1], sums[:, kinds + 1 :])
    )


def _ratios(above: np.ndarray, below: np.ndarray) -> np.ndarray:
    """above/below; infinite where only ``below`` is 0, NaN where both are."""
    with np.errstate(invalid="ignore", divide="ignore"):
        return above / below


def _note(levels: tuple[str, str], n_defined: list[int], counted: PerArticle, within: str | None) -> str | None:
    """Why a pair has no value, or no interval; None where it has both."""
    nothing = [f"{level}: {counted.kind.nothing}" for level, n in zip(levels, n_defined, strict=True) if n == 0]
    if nothing or min(n_defined) > 1:
        return "; ".join(nothing) or None
    if within is not None:
        return f"one {within}: no interval"
    one = " and of ".join(level for level, n in zip(levels, n_defined, strict=True) if n == 1)
    return f"one {counted.settings['unit']} of {one}: no interval"


def cohens_h(share_a: np.ndarray, share_b: np.ndarray) -> np.ndarray:
    """2 asin √share_a − 2 asin √share_b, from −π to π; .2 is called small, .5 medium, .8 large. Source: Cohen 1988."""
    return 2 * (np.arcsin(np.sqrt(share_a)) - np.arcsin(np.sqrt(share_b)))


def _typed(parts: list[pd.DataFrame], counted: PerArticle, by: str) -> pd.DataFrame:
    """All pairs under each other, with the contract's order and types."""
    levels = dict.fromkeys(["level_a", "level_b"], counted.articles[by].dtype)
    names = dict.fromkeys(["codebook", "variable", "category"], "str")
    counts = dict.fromkeys(["n_a", "total_a", "n_b", "total_b"], "int64")
    values = ["value_a", "value_b", "difference", "low", "high", "p", "p_adjusted"]
    effects = ["cohens_h", "ratio", "ratio_low", "ratio_high"]
    types = {**levels, **names, **counts, **dict.fromkeys([*values, *effects], "float64")}
    types |= {"n_articles": "int64", "n_groups": "int64", "n_strata": "Int64", "note": "str"}
    table = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=list(types))
    same = {column: counted.settings[column] for column in ("codebook", "variable")}
    return table.assign(**same, p_adjusted=np.nan)[list(types)].astype(types)
