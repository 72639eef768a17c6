"""Does a score depend on how long the text is, and on how many words of the list it has?

A sum of weights grows with length, and a softened sum moves away from 0 with it, so that two outlets may differ in
valence because one writes longer sentences. Chan et al. 2021 ask that this be shown: here as rank correlations, and as
mean, spread and coverage by class of length.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import numpy as np
import pandas as pd
from scipy.stats import rankdata

from analysis.comparison.per_article import check_whole
from analysis.comparison.stratified import bounds_of, drawn_sums
from analysis.comparison.valences import each_article, scored_items
from analysis.study import UserError

EDGES = (10, 20, 30, 40)  # words; the last of each class of sentences
MEASURES = ("mean", "spread", "without a word")
_PAIRS = (
    ("valence", "words"),
    ("|valence|", "words"),
    ("valence", "hits"),
    ("|valence|", "hits"),
    ("hits", "words"),
)


def length_effects(
    mentions: pd.DataFrame,
    sentences: pd.DataFrame,
    articles: pd.DataFrame,
    *,
    variable: str | None,
    codebook: str | None = None,
    voice: str | Sequence[str] | None = None,
    names: bool = True,
    groups: pd.Series | None = None,
    replicates: int = 2000,
    seed: int = 0,
) -> pd.DataFrame:
    """Rank correlations (Spearman) of valence and its size with words and with hits, over sentences and articles.

    Arguments as in `tones.mean_valence`. An article has the mean valence of its sentences, and their words and hits.

    Returns one row a unit and pair: of (sentence, article), codebook, variable, category (what with what), first,
    second, n (units with a word of the scale), total (units), r, low, high, n_articles, n_groups, note. r is NaN where
    one of both does not vary.

    Limits: the interval (bootstrap over groups) keeps the ranks of the sample. That hits grow with words is expected;
    that valence does is not. Sources: Chan et al. 2021, third practice; Spearman 1904.
    """
    check_whole(1, replicates=replicates)
    asked = {"variable": variable, "codebook": codebook, "by": (), "voice": voice, "names": names}
    parts = []
    for of in ("sentence", "article"):
        items, said = _units(mentions, sentences, articles, of, asked)
        columns = {"valence": items["valence"], "|valence|": items["valence"].abs(), "words": items["n_words"]}
        ranks = {name: _standard(values.to_numpy(float)) for name, values in {**columns, "hits": items["hits"]}.items()}
        group = _groups(items["article_id"], groups)
        for first, second in _PAIRS:
            x, y = ranks[first], ranks[second]
            moments = _summed([np.ones(len(x)), x, y, x * x, y * y, x * y], group)
            level = f"{of}\x1f{first}\x1f{second}"
            numbers = _bounded(_correlation, moments, level, replicates, seed)
            named = {"of": of, "category": f"{first} and {second}", "first": first, "second": second}
            parts.append({**named, **_counts(items, group), **dict(zip(("r", "low", "high"), numbers, strict=True))})
    table = pd.DataFrame(parts)
    return _finished(
        table, "r", ["of"], said, "rank correlation of valence with words and hits", groups, replicates, seed
    )


def by_length(
    mentions: pd.DataFrame,
    sentences: pd.DataFrame,
    articles: pd.DataFrame,
    *,
    variable: str | None,
    codebook: str | None = None,
    of: str = "sentence",
    edges: Sequence[int] | None = None,
    voice: str | Sequence[str] | None = None,
    names: bool = True,
    groups: pd.Series | None = None,
    replicates: int = 2000,
    seed: int = 0,
) -> pd.DataFrame:
    """Mean and spread of valence, and the share without a word of the scale, by class of length.

    Args:
        of: sentence, or article (the mean of its sentences; its words are those of its sentences).
        edges: the last number of words of each class but the longest; None: 10, 20, 30 and 40 for sentences, the
            quartiles for articles. Other arguments as in `tones.mean_valence`.

    Returns one row a class and measure: words (the class), codebook, variable, category (mean; spread: the standard
    deviation; without a word: a share), n (units with a word of the scale), total (units), value, low, high (95 %,
    bootstrap over groups), n_articles, n_groups, note. Classes without a unit have no row.
    """
    check_whole(1, replicates=replicates)
    if of not in ("sentence", "article"):
        raise UserError(f"of {of!r} is none; allowed: sentence, article")
    asked = {"variable": variable, "codebook": codebook, "by": (), "voice": voice, "names": names}
    items, said = _units(mentions, sentences, articles, of, asked)
    bounds = _edges(items["n_words"], of, edges)
    labels = [f"{low + 1}–{high}" for low, high in zip([0, *bounds], bounds, strict=False)]
    labels = [*labels, f"over {bounds[-1]}"] if bounds else ["all"]
    code = np.searchsorted(np.array(bounds, int), items["n_words"].to_numpy(int), side="left")
    parts = []
    for number, label in enumerate(labels):
        own = items[code == number]
        if own.empty:
            continue
        group, value = _groups(own["article_id"], groups), own["valence"].to_numpy()
        sums = _summed([np.ones(len(own)), value, value**2, (own["hits"] == 0).to_numpy(float)], group)
        for measure, statistic in zip(MEASURES, (_mean, _spread, _bare), strict=True):
            numbers = _bounded(statistic, sums, f"{of}\x1f{label}\x1f{measure}", replicates, seed)
            named = {"words": label, "category": measure, **_counts(own, group)}
            parts.append({**named, **dict(zip(("value", "low", "high"), numbers, strict=True))})
    columns = ["words", "category", "n", "total", "n_articles", "n_groups", "value", "low", "high"]
    table = pd.DataFrame(parts, columns=columns)
    table = _finished(
        table, "value", ["words"], {**said, "of": of}, f"valence of {of}s by length", groups, replicates, seed
    )
    table.attrs["edges"] = bounds
    return table


def _units(
    mentions: pd.DataFrame, sentences: pd.DataFrame, articles: pd.DataFrame, of: str, asked: dict
) -> tuple[pd.DataFrame, dict]:
    """Sentences or articles with article_id, n_words, hits and valence."""
    items, said = scored_items(mentions, sentences, articles, of=of, **asked)
    if of == "article":
        words = items.groupby("article_id")["n_words"].sum()
        items = each_article(items.assign(above=items["valence"], below=1), ()).rename(columns={"above": "valence"})
        items["n_words"] = items["article_id"].map(words)
    return items, said


def _edges(words: pd.Series, of: str, edges: Sequence[int] | None) -> list[int]:
    if edges is None:
        quartiles = [int(edge) for edge in np.unique(np.floor(words.quantile([0.25, 0.5, 0.75])))] if len(words) else []
        return list(EDGES) if of == "sentence" else quartiles
    found = list(edges)
    check_whole(1, **{f"edges[{number}]": edge for number, edge in enumerate(found)})
    if any(low >= high for low, high in itertools.pairwise(found)):
        raise UserError(f"edges {found}: not in order; allowed: whole numbers, each larger than the one before")
    return found


def _standard(values: np.ndarray) -> np.ndarray:
    """Ranks (ties share theirs) with mean 0 and variance 1; 0 where nothing varies."""
    ranks = rankdata(values) - (len(values) + 1) / 2
    size = np.sqrt(np.mean(ranks**2)) if len(ranks) else 0.0
    return ranks / size if size else np.zeros(len(ranks))


def _groups(article_id: pd.Series, groups: pd.Series | None) -> np.ndarray:
    own = article_id if groups is None else article_id.map(groups).fillna(article_id)
    return pd.factorize(own)[0]


def _summed(columns: list[np.ndarray], group: np.ndarray) -> np.ndarray:
    """Sums by group: groups × columns."""
    size = group.max(initial=-1) + 1
    return np.column_stack([np.bincount(group, weights=column, minlength=size) for column in columns])


def _bounded(statistic, sums: np.ndarray, level: str, replicates: int, seed: int) -> tuple[float, float, float]:
    """A statistic of sums with its percentile interval over groups; NaN bounds of fewer than two."""
    value = float(statistic(sums.sum(axis=0, keepdims=True))[0])
    if len(sums) < 2 or np.isnan(value):
        return value, float("nan"), float("nan")
    drawn = drawn_sums(sums, np.zeros(len(sums), np.int64), replicates=replicates, seed=seed, level=level)
    low, high = bounds_of(statistic(drawn)[:, None])
    return value, float(low[0]), float(high[0])


def _divided(above: np.ndarray, below: np.ndarray) -> np.ndarray:
    return np.divide(above, below, out=np.full(len(above), np.nan), where=below > 0)


def _correlation(sums: np.ndarray) -> np.ndarray:
    n, x, y, xx, yy, xy = sums.T
    variances = np.maximum(n * xx - x * x, 0) * np.maximum(n * yy - y * y, 0)
    # A variance of 0 comes out as a rounding error of n².
    return np.clip(_divided(n * xy - x * y, np.sqrt(np.where(variances > 1e-18 * n**4, variances, 0))), -1, 1)


def _mean(sums: np.ndarray) -> np.ndarray:
    return _divided(sums[:, 1], sums[:, 0])


def _spread(sums: np.ndarray) -> np.ndarray:
    return np.sqrt(np.maximum(_divided(sums[:, 2], sums[:, 0]) - _mean(sums) ** 2, 0))


def _bare(sums: np.ndarray) -> np.ndarray:
    return _divided(sums[:, 3], sums[:, 0])


def _counts(items: pd.DataFrame, group: np.ndarray) -> dict[str, int]:
    return {
        "n": int((items["hits"] > 0).sum()),
        "total": len(items),
        "n_articles": items["article_id"].nunique(),
        "n_groups": len(np.unique(group)),
    }


def _finished(
    table: pd.DataFrame, value: str, by: list[str], said: dict, measure: str, groups: object, replicates: int, seed: int
) -> pd.DataFrame:
    """The columns in order, with notes, and what was asked in ``attrs``."""
    unit = "article" if groups is None else "copy group"
    notes = {
        "does not vary: undefined": table[value].isna(),
        f"one {unit}: no interval": table["low"].isna(),
        f"every {unit} alike: the interval has no width and hides doubt": table["low"] == table["high"],
    }
    note = np.select(list(notes.values()), list(notes), "")
    table = table.assign(codebook=said["codebook"], variable=said["variable"], note=pd.array(note, dtype="str"))
    table["note"] = table["note"].mask(table["note"] == "")
    extra = [column for column in ("first", "second") if column in table]
    numbers = ["n", "total", value, "low", "high", "n_articles", "n_groups", "note"]
    table = table[[*by, "codebook", "variable", "category", *extra, *numbers]]
    types = dict.fromkeys([*by, "codebook", "variable", "category", *extra, "note"], "str")
    types |= dict.fromkeys(["n", "total", "n_articles", "n_groups"], "int64")
    table = table.astype({**types, **dict.fromkeys([value, "low", "high"], "float64")})
    table.attrs = {"measure": measure, **said, "by": by, "unit": unit, "replicates": replicates, "seed": seed}
    return table
