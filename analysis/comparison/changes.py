"""Change-points: whether and when a level changed its choice, such as from "Kiev" to "Kyiv"."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd
from ruptures import Dynp
from ruptures.base import BaseCost
from scipy.special import xlogy

from analysis.comparison.per_article import check_whole, counts_per_article, levels_of
from analysis.comparison.rates import share_of_choices
from analysis.comparison.resampling import benjamini_hochberg, generator
from analysis.study import UserError

_CELLS = 2_000_000  # a matrix of draws holds no more numbers than this at a time
_SLACK = 1e-9  # likelihood ratios that differ by less are equal


def change_points(
    mentions: pd.DataFrame,
    articles: pd.DataFrame,
    *,
    variable: str,
    category: str,
    codebook: str | None = None,
    by: str = "outlet",
    voice: str | Sequence[str] | None = None,
    where: str | Sequence[str] | None = None,
    categories: pd.DataFrame | None = None,
    groups: pd.Series | None = None,
    most: int = 1,
    least: int = 2,
    replicates: int = 2000,
    permutations: int = 9999,
    alpha: float = 0.05,
    seed: int = 0,
) -> pd.DataFrame:
    """Whether and when the share of ``category`` among the choices of ``variable`` changed, for each level of ``by``.

    A series is cut where the binomial log-likelihood ℓ of its segments is largest, by dynamic programming, with
    ℓ = n ln(n/total) + (total − n) ln(1 − n/total). How many changes there are, none to ``most``, is what BIC says:
    2(ℓ_cut − ℓ_uncut)/ĉ − 2·changes·ln(groups), since a change has a date and a share; the groups (not the words) are
    the sample, and ĉ ≥ 1 is their dispersion around one share (Pearson's chi-squared over its degrees of freedom),
    since choices within an article are alike. BIC alone sees changes in one of five steady series of a few articles,
    so that a change counts (``changed``) where the permutation test bears it out.

    Args:
        groups: article_id → copy group. A group counts once, on the day of the level's first article of it.
        most: changes that are looked for. least: choices that a segment has at least.
        replicates: of the bootstrap. permutations: of the test. alpha: a change counts where p is below.
        variable, codebook, voice, where, categories: as in `rates.share_of_choices`.

    Returns:
        One row a change that BIC prefers; a level without one has one row, without a date, its share in share_before.

        * the column of ``by``, codebook, variable, category;
        * changed: BIC prefers it and p < ``alpha``;
        * date: the first day of the new segment on which the level published a choice; after: the last such day of the
          old one. The change lies after ``after``, and not after ``date``;
        * share_before, n_before, total_before, share_after, n_after, total_after: of the segments on both sides;
        * low, high: 95 % bootstrap interval of the day of change over groups, from the day next to ``after`` (2.5 % of
          replicates have an earlier one) to ``date`` (2.5 % have a later one);
        * likelihood_ratio: 2(ℓ_cut − ℓ_uncut) of this change; dispersion: ĉ; gain: likelihood_ratio/ĉ − 2 ln(groups);
        * p: dates are dealt out anew to the groups, and the largest likelihood ratio of one change reaches the observed
          in (exceeding + ties + 1)/(permutations + 1). NaN where the level never varies: no order of its articles could
          show a change, so that it is no test. p_adjusted: Benjamini–Hochberg; ``attrs["tests"]`` tests were made;
        * n_articles, n_groups: of the level, with a choice; note.

        Levels without a choice have no row and stand in ``attrs["without_choice"]``; articles without a date or a level
        are left out and counted in ``attrs["undated"]`` and ``attrs["without_level"]``.

    Limits: a step is dated well, a slow drift is not. With few groups no p is small: with four on either side it is
    .03 at best. Simulated intervals covered the day of change in 98 to 100 %: they are wide where the level was silent.
    ``changed`` is not adjusted for many levels. Interval and p of one change among several hold its neighbours fixed,
    as if they had not been searched for. The search takes days² steps where ``most`` is above 1.

    Sources: Hinkley & Hinkley 1970, Inference about the change-point in a sequence of binomial variables; Yao 1988 for
    BIC; Burnham & Anderson 2002, ch. 2.5, for ĉ; Truong, Oudre & Vayatis 2020 for the search (ruptures); Hušková &
    Kirch 2008 for the bootstrap.
    """
    check_whole(1, most=most, least=least, replicates=replicates, permutations=permutations)
    dated = articles[articles["published"].notna()]
    options = {"codebook": codebook, "voice": voice, "where": where, "categories": categories, "groups": groups}
    tables = {"mentions": mentions, "articles": dated}
    counted = counts_per_article(share_of_choices, tables, variable=variable, **options)
    if category not in counted.categories:
        raise UserError(
            f"category {category!r} is not of {variable!r}; allowed: {', '.join(counted.categories) or 'none'}"
        )
    codes, levels = levels_of(counted.articles, by)
    chosen = counted.n[:, counted.categories.index(category)]
    rows, without = [], []
    for number, level in enumerate(levels):
        own = (codes == number) & (counted.totals > 0)
        if not own.any():
            without.append(str(level))
            continue
        series = _series(counted.articles[own], chosen[own], counted.totals[own])
        drawn = {"replicates": replicates, "permutations": permutations, "seed": seed, "level": str(level)}
        rows += [{by: level, **row} for row in _changes(series, most=most, least=least, **drawn)]
    # A level whose articles are all undated has no choice that could be dated either.
    without += sorted(set(articles[by].dropna().astype(str)) - set(map(str, levels)))
    table = _typed(rows, by, counted.settings["codebook"], variable, category)
    table["changed"] = table["date"].notna() & (table["p"] < alpha)
    table["p_adjusted"] = benjamini_hochberg(table["p"].to_numpy())
    table.attrs = {
        **counted.settings,
        "by": [by],
        "category": category,
        "most": most,
        "least": least,
        "replicates": replicates,
        "permutations": permutations,
        "alpha": alpha,
        "seed": seed,
        "tests": int(table["p"].notna().sum()),
        "without_choice": without,
        "undated": len(articles) - len(dated),
        "without_level": int((codes < 0).sum()),
    }
    return table


class _Series(NamedTuple):
    """The groups of a level in order of their days, and where each day ends among them."""

    n: np.ndarray
    totals: np.ndarray
    days: np.ndarray  # the different days, datetime64[D]
    ends: np.ndarray  # for each day: one past its last group
    n_articles: int

    def between(self, first: int, last: int) -> _Series:
        """The days from ``first`` up to, but not including, ``last``."""
        begin = self.ends[first - 1] if first else 0
        groups = slice(begin, self.ends[last - 1])
        return _Series(
            self.n[groups], self.totals[groups], self.days[first:last], self.ends[first:last] - begin, self.n_articles
        )


class BinomialCost(BaseCost):
    """−2ℓ of a segment of days, each a row of n and total; infinite where it holds too few choices."""

    model = "binomial"
    min_size = 1

    def __init__(self, least: int = 1):
        self.least = least

    def fit(self, signal: np.ndarray) -> BinomialCost:
        self.signal = signal
        self.sums = np.vstack([np.zeros(2), np.cumsum(signal, axis=0)])
        return self

    def error(self, start: int, end: int) -> float:
        n, total = self.sums[end] - self.sums[start]
        return float("inf") if total < self.least else float(-2 * _log_likelihood(n, total))


def _series(articles: pd.DataFrame, n: np.ndarray, totals: np.ndarray) -> _Series:
    """One entry a copy group, on its first day; groups of a day in order of their names."""
    table = pd.DataFrame(
        {
            "group": articles["group"].to_numpy(),
            "day": articles["published"].to_numpy().astype("datetime64[D]"),
            "n": n,
            "total": totals,
        }
    )
    merged = table.groupby("group", sort=True).agg({"day": "min", "n": "sum", "total": "sum"})
    merged = merged.sort_values("day", kind="stable")
    days, counts = np.unique(merged["day"].to_numpy().astype("datetime64[D]"), return_counts=True)
    return _Series(merged["n"].to_numpy(), merged["total"].to_numpy(), days, np.cumsum(counts), len(articles))


def _changes(series: _Series, *, most: int, least: int, level: str, **drawn: int) -> Iterator[dict]:
    """The rows of a level."""
    cuts = _segmentations(series, most, least)
    whole = {
        **_side("before", series.n, series.totals),
        "n_articles": series.n_articles,
        "n_groups": len(series.n),
    }
    if len(cuts) == 1:
        yield {**whole, "note": f"no two days with {least} choices on either side: no change can be seen"}
        return
    dispersion = _dispersion(series)
    penalty = 2 * np.log(len(series.n))
    fits = [2 * _cut_log_likelihood(series, found) / dispersion - penalty * len(found) for found in cuts]
    best = int(np.argmax(fits))
    common = {**whole, "dispersion": dispersion}
    # Where BIC prefers no change, the best one is still tested.
    edges = [0, *(cuts[best] or cuts[1]), len(series.days)]
    for place, cut in enumerate(edges[1:-1]):
        stretch = series.between(edges[place], edges[place + 2])
        at = cut - edges[place]
        ratio = _ratios(*_day_sums(stretch, stretch.n, stretch.totals), least)[at - 1]
        name = f"{level}\x1fchange {place + 1} of {len(cuts[best])}"
        p = _p(stretch, least, drawn["permutations"], generator(drawn["seed"], f"{name}\x1fpermutation"))
        tested = {"likelihood_ratio": ratio, "gain": ratio / dispersion - penalty, "p": p}
        if best == 0:
            alike = "one share throughout: nothing to test"
            yield {**common, **tested, "note": alike if np.isnan(p) else "no change: one share fits better (BIC)"}
            continue
        before, after = stretch.between(0, at), stretch.between(at, len(stretch.days))
        low, high, left_out = _interval(
            stretch, least, drawn["replicates"], generator(drawn["seed"], f"{name}\x1fbootstrap")
        )
        yield {
            **common,
            "date": stretch.days[at],
            "after": stretch.days[at - 1],
            **_side("before", before.n, before.totals),
            **_side("after", after.n, after.totals),
            "low": low,
            "high": high,
            **tested,
            "note": f"{left_out} of {drawn['replicates']} replicates could not be cut and were left out"
            if left_out
            else None,
        }


def _segmentations(series: _Series, most: int, least: int) -> list[list[int]]:
    """The best cuts (places of days) for 0, 1 … changes, as far as segments of ``least`` choices allow."""
    bounds = np.concatenate([[0], series.ends])
    daily = np.column_stack([np.diff(np.concatenate([[0], np.cumsum(of)])[bounds]) for of in (series.n, series.totals)])
    search = Dynp(custom_cost=BinomialCost(least), min_size=1, jump=1).fit(daily)
    found = [[]]
    for changes in range(1, min(most, len(daily) - 1) + 1):
        cuts = search.predict(changes)
        if not np.isfinite(search.cost.sum_of_costs(cuts)):
            break
        found.append(cuts[:-1])
    search.seg.cache_clear()  # ruptures' cache outlives the search
    return found


def _log_likelihood(n: np.ndarray, total: np.ndarray) -> np.ndarray:
    """n ln(n/total) + (total − n) ln(1 − n/total), with 0 ln 0 = 0; 0 where there is no choice."""
    return xlogy(n, n) + xlogy(total - n, total - n) - xlogy(total, total)


def _cut_log_likelihood(series: _Series, cuts: Sequence[int]) -> float:
    parts = [series.between(*edges) for edges in itertools.pairwise([0, *cuts, len(series.days)])]
    return float(sum(_log_likelihood(part.n.sum(), part.totals.sum()) for part in parts))


def _dispersion(series: _Series) -> float:
    """Pearson's chi-squared of the groups around one share over its degrees of freedom, at least 1."""
    share = series.n.sum() / series.totals.sum()
    if not 0 < share < 1:
        return 1.0
    chi = np.sum((series.n - series.totals * share) ** 2 / (series.totals * share * (1 - share)))
    return max(1.0, float(chi) / (len(series.n) - 1))


def _side(side: str, n: np.ndarray, totals: np.ndarray) -> dict:
    return {
        f"share_{side}": n.sum() / totals.sum(),
        f"n_{side}": int(n.sum()),
        f"total_{side}": int(totals.sum()),
    }


def _day_sums(series: _Series, n: np.ndarray, totals: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Choices up to the end of each day; along the last axis."""
    last = series.ends - 1
    return np.cumsum(n, axis=-1)[..., last], np.cumsum(totals, axis=-1)[..., last]


def _ratios(n: np.ndarray, totals: np.ndarray, least: int) -> np.ndarray:
    """The likelihood ratio of a change after each day but the last, from running sums; −inf where none may be."""
    n_before, before, n_all, whole = n[..., :-1], totals[..., :-1], n[..., -1:], totals[..., -1:]
    sizes = np.arange(whole.max() + 1)
    table = xlogy(sizes, sizes)  # x ln x of every count that can occur

    def fit(of: np.ndarray, among: np.ndarray) -> np.ndarray:
        return table[of] + table[among - of] - table[among]

    gained = fit(n_before, before) + fit(n_all - n_before, whole - before) - fit(n_all, whole)
    return np.where((before >= least) & (whole - before >= least), 2 * gained, -np.inf)


def _p(series: _Series, least: int, permutations: int, random: np.random.Generator) -> float:
    """How often groups with dates dealt out anew have a largest ratio as large as observed; NaN where all are alike."""
    if series.n.sum() in (0, series.totals.sum()):
        return float("nan")
    observed = _ratios(*_day_sums(series, series.n, series.totals), least).max()
    extreme = 0
    groups = np.arange(len(series.n))
    for size in _batches(permutations, len(groups)):
        order = random.permuted(np.broadcast_to(groups, (size, len(groups))), axis=1)
        ratios = _ratios(*_day_sums(series, series.n[order], series.totals[order]), least)
        extreme += int(np.sum(ratios.max(axis=1) >= observed - _SLACK))
    return (extreme + 1) / (permutations + 1)


def _interval(
    series: _Series, least: int, replicates: int, random: np.random.Generator
) -> tuple[np.datetime64, np.datetime64, int]:
    """Bounds of the day of change, and the replicates that could not be cut."""
    groups = len(series.n)
    first, last = [], []
    for size in _batches(replicates, groups):
        weights = random.multinomial(groups, np.full(groups, 1 / groups), size=size)
        ratios = _ratios(*_day_sums(series, weights * series.n, weights * series.totals), least)
        best = np.argmax(ratios >= ratios.max(axis=1, keepdims=True) - _SLACK, axis=1)
        cut = np.isfinite(ratios.max(axis=1))
        drawn = np.diff(np.cumsum(weights, axis=1)[:, series.ends - 1], axis=1, prepend=0) > 0
        # The last day drawn up to the cut, and the first one after it: the change lies between.
        place = np.arange(len(series.days))
        old = np.where(drawn & (place <= best[:, None]), place, -1).max(axis=1)[cut]
        new = np.where(drawn & (place > best[:, None]), place, len(place)).min(axis=1)[cut]
        first.append(series.days[old] + 1)
        last.append(series.days[new])
    first, last = np.sort(np.concatenate(first)), np.sort(np.concatenate(last))
    if not len(first):
        return np.datetime64("NaT"), np.datetime64("NaT"), replicates
    low, high = first[int(0.025 * (len(first) - 1))], last[int(np.ceil(0.975 * (len(last) - 1)))]
    return low, high, replicates - len(first)


def _batches(total: int, width: int) -> Iterator[int]:
    most = max(1, _CELLS // width)
    for done in range(0, total, most):
        yield min(most, total - done)


def _typed(rows: list[dict], by: str, codebook: str, variable: str, category: str) -> pd.DataFrame:
    """The rows with the contract's order and types."""
    dates = {"changed": "bool", "date": "datetime64[us]", "after": "datetime64[us]"}
    before, after = (
        {f"share_{side}": "float64", f"n_{side}": "Int64", f"total_{side}": "Int64"} for side in ("before", "after")
    )
    bounds = {"low": "datetime64[us]", "high": "datetime64[us]"}
    scores = dict.fromkeys(["likelihood_ratio", "dispersion", "gain", "p", "p_adjusted"], "float64")
    counts = {"n_articles": "int64", "n_groups": "int64", "note": "str"}
    types = {**dates, **before, **after, **bounds, **scores, **counts}
    table = pd.DataFrame(rows, columns=[by, *types]).assign(changed=False).astype(types)
    for place, (name, value) in enumerate((("codebook", codebook), ("variable", variable), ("category", category)), 1):
        table.insert(place, name, pd.Series([value] * len(table), index=table.index, dtype="str"))
    return table
