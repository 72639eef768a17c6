"""How often a category really occurs: the machine's share, corrected for the errors that people found."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.comparison.accuracy import confusions_of, judged
from analysis.comparison.confusions import MEASURES, against_rest, classes_of
from analysis.comparison.reliability import ADJUDICATOR
from analysis.comparison.resampling import generator
from analysis.comparison.units import coded_units
from analysis.study import UserError
from analysis.tables import TONES

_COLUMNS = ["category", "n", "total", "n_articles", "n_groups", "n_items", "apparent", "corrected", "low", "high"]


def apparent_counts(
    tables: dict[str, pd.DataFrame], *, variable: str, codebook: str | None = None, categories=None
) -> pd.DataFrame:
    """What the machine says of every unit that a validation sample could have been drawn from, by article.

    Returns:
        article_id, category (where tone is asked: its classes), n (units of the article that the machine codes so),
        total (units of the article). Articles without a unit have no row.
    """
    units = coded_units(tables, variable=variable, codebook=codebook, categories=categories, by=None)
    article, ids = pd.factorize(units.frame["article_id"])
    total = np.bincount(article, minlength=len(ids))
    if units.allowed == TONES:
        said = {code: units.codes[:, 0] == code for code in TONES}
    else:
        said = {category: units.codes[:, place] == "yes" for place, category in enumerate(units.questions)}
    parts = [
        pd.DataFrame({"article_id": ids, "category": name, "n": np.bincount(article[there], minlength=len(ids))})
        for name, there in said.items()
    ]
    table = pd.concat([part.assign(total=total) for part in parts], ignore_index=True)
    return table.astype({"article_id": "str", "category": "str", "n": "int64", "total": "int64"})


def corrected_prevalence(
    samples: pd.DataFrame,
    codings: pd.DataFrame,
    apparent: pd.DataFrame,
    articles: pd.DataFrame,
    *,
    by: str = "outlet",
    groups: pd.Series | None = None,
    adjudicator: str = ADJUDICATOR,
    replicates: int = 4000,
    seed: int = 0,
) -> pd.DataFrame:
    """The share of each category in each level, corrected for misclassification.

    corrected = (p + specificity − 1)/(sensitivity + specificity − 1), clipped to [0, 1], with p the machine's share in
    the level and sensitivity (recall) and specificity those of the whole validation sample, weighted back to the study
    (`accuracy.validity`). Where sensitivity + specificity ≤ 1 the machine tells nothing, and it is NaN. Over all
    levels it is the share that people would find, weighted back.

    The interval joins both samples: a replicate draws the level's articles (copy groups) anew for p, and sensitivity
    and specificity from the matrices of `confusions.confused`; 95 % percentiles, moved out to the estimate. Replicates
    without a defined value are left out and counted in ``note``.

    Args:
        samples, codings: the tables, of one sample. apparent: the table of `apparent_counts`.
        by: a column of articles. groups: article_id → group, for copies of one text.

    Returns:
        One row a level and category, and one a category over all levels (level missing): codebook, variable, level,
        category, n (units that the machine codes so), total, n_articles, n_groups, n_items (people's), apparent,
        corrected, low, high, note.

    Limits: takes the machine to be equally good in all levels; look at ``validity(…, by_level=True)`` and
    `differential.differential`. Source: Rogan & Gladen 1978; Lang & Reiczigel 2014 for the doubt about sensitivity and
    specificity.
    """
    if by not in articles.columns:
        raise UserError(f"by {by!r} is no column of articles; allowed: {', '.join(articles.columns)}")
    items = judged(samples, codings, adjudicator=adjudicator)
    names = sorted(set(items["sample"]))
    if len(names) > 1:
        raise UserError(f"prevalence is corrected by one sample; got {', '.join(names)}")
    confusions = confusions_of(items, draws=replicates, seed=seed)
    level = articles.set_index("article_id")[by].astype("str")
    counted = apparent.assign(level=apparent["article_id"].map(level).astype("str"))
    group = counted["article_id"]
    counted["group"] = group if groups is None else group.map(groups).where(group.isin(groups.index), group)
    rows = []
    for category, question, number in classes_of(confusions):
        one = confusions[question]
        counts = [against_rest(matrix, number) for matrix in (one.weighted, one.drawn)]
        known = [(MEASURES["recall"](*each), MEASURES["specificity"](*each)) for each in counts]
        n_items = int((items["category"].eq(question) & items["code"].notna()).sum())
        own = counted[counted["category"] == category]
        for name, part in [*own.groupby("level"), (None, own)]:
            rows.append((name, *_row(part, category, n_items, known, seed, f"{by}\x1f{name}")))
    table = pd.DataFrame(rows, columns=["level", *_COLUMNS, "note"])
    for column in ("variable", "codebook"):
        table.insert(0, column, items[column].iloc[0] if len(items) else None)
    texts = dict.fromkeys(["codebook", "variable", "level", "category", "note"], "str")
    whole = dict.fromkeys(["n", "total", "n_articles", "n_groups", "n_items"], "int64")
    return table.astype(texts | whole | dict.fromkeys(["apparent", "corrected", "low", "high"], "float64"))


def rogan_gladen(p: np.ndarray, sensitivity: np.ndarray, specificity: np.ndarray) -> np.ndarray:
    """(p + specificity − 1)/(sensitivity + specificity − 1) within [0, 1]; NaN where the divisor is not above 0."""
    p, sensitivity, specificity = np.broadcast_arrays(p, sensitivity, specificity)
    divisor = np.asarray(sensitivity + specificity - 1, dtype=float)
    top = np.asarray(p + specificity - 1, dtype=float)
    return np.clip(np.divide(top, divisor, out=np.full(divisor.shape, np.nan), where=divisor > 0), 0, 1)


def _row(part: pd.DataFrame, category: str, n_items: int, known: list, seed: int, name: str) -> list:
    """One level and category, from its articles and sensitivity and specificity (estimated, drawn)."""
    by_group = part.groupby("group", sort=True)[["n", "total"]].sum().to_numpy()
    n, total = by_group.sum(axis=0) if len(by_group) else (0, 0)
    about = [category, int(n), int(total), part["article_id"].nunique(), len(by_group), n_items]
    if not total:
        return [*about, *[np.nan] * 4, "no units here: undefined"]
    point = rogan_gladen(n / total, *known[0])
    draws = len(known[1][0])
    if np.isnan(point):
        return [*about, n / total, *[np.nan] * 3, "sensitivity + specificity ≤ 1, or undefined: nothing to correct by"]
    if len(by_group) < 2:
        return [*about, n / total, float(point), np.nan, np.nan, "one article or copy group: no interval"]
    drawn = rogan_gladen(_shares_drawn(by_group, draws, seed, f"{category}\x1f{name}"), *known[1])
    defined = drawn[~np.isnan(drawn)]
    low, high = np.quantile(defined, (0.025, 0.975)) if len(defined) else (np.nan, np.nan)
    left_out = draws - len(defined)
    note = f"{left_out} of {draws} replicates were undefined and were left out" if left_out else None
    if low == high == point:
        note = "the machine never says so here: the interval has no width and hides doubt"
    return [*about, n / total, float(point), float(min(low, point)), float(max(high, point)), note]


def _shares_drawn(by_group: np.ndarray, draws: int, seed: int, name: str) -> np.ndarray:
    """The machine's share in as many bootstrap samples of groups."""
    rows, counts = np.unique(by_group, axis=0, return_counts=True)
    random = generator(seed, f"apparent\x1f{name}")
    batch = max(1, 4_000_000 // len(rows))
    sums = [
        random.multinomial(len(by_group), counts / len(by_group), size=min(batch, draws - done)) @ rows
        for done in range(0, draws, batch)
    ]
    drawn = np.vstack(sums)
    return np.divide(drawn[:, 0], drawn[:, 1], out=np.full(draws, np.nan), where=drawn[:, 1] > 0)
