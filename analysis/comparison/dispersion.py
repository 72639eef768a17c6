"""Dispersion: is a word spread over the corpus, or heaped in a few of its parts?"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from scipy import sparse

from analysis.comparison.counting import count_words, summed
from analysis.study import UserError

MEASURES = ("range", "variation", "juilland_d", "rosengren_s", "dp", "dp_norm", "kl_divergence")


def dispersion(
    counts: sparse.sparray | ArrayLike, sizes: ArrayLike, *, measures: Sequence[str] = MEASURES
) -> pd.DataFrame:
    """How evenly each word is spread over the parts of a corpus.

    With v the frequency of the word in each of n parts, f = Σv, and s each part's share of all words:

    * range: parts that have the word.
    * variation: the coefficient of variation of v, σ(v)/mean(v), with the population's σ; 0 is even.
    * juilland_d: 1 − σ(r)/mean(r)/√(n−1), with r = v/size the word's rate in each part; 1 is even, 0 is one part.
    * rosengren_s: (Σ√(s·v))²/f, corrected for sizes; 1 is even, the least is the smallest share.
    * dp: ½Σ|v/f − s|; 0 is even. dp_norm: dp/(1 − min s); 1 is all in the smallest part.
    * kl_divergence: Σ (v/f)·log2((v/f)/s), in bits; 0 is even.

    Args:
        counts: parts × words. sizes: the words of each part. Parts without words are no parts.
        measures: those of `MEASURES` that are asked for.

    Returns:
        One row a word, in order: n (f), n_parts, a column a measure, note. A word that stands nowhere has range 0 and
        NaN elsewhere; a corpus of one part has no juilland_d and no dp_norm.

    Limits: all but range depend on how the corpus is cut; among many short parts a rare word can only look heaped, so
    compare words of like frequency. Sources: Juilland & Chang-Rodríguez 1964; Rosengren 1971; Gries 2008 and 2020;
    Lijffijt & Gries 2012 for dp_norm.
    """
    matrix = sparse.coo_array(counts)
    matrix.sum_duplicates()
    lengths = np.asarray(sizes, dtype=float)
    if matrix.shape[0] != len(lengths):
        raise ValueError(f"counts have {matrix.shape[0]} parts, sizes {len(lengths)}: one size a part")
    seen = matrix.data != 0
    part, word, v = matrix.row[seen], matrix.col[seen], matrix.data[seen].astype(float)
    if (lengths[part] < v).any():
        raise ValueError("a part holds a word more often than it has words")
    n_words, n_parts = matrix.shape[1], int(np.sum(lengths > 0))

    def total(values: np.ndarray) -> np.ndarray:
        return np.bincount(word, weights=values, minlength=n_words)

    def variation(values: np.ndarray) -> np.ndarray:
        """σ/mean of a value of each part, 0 where the word is not."""
        mean = total(values) / n_parts
        squares = total((values - mean[word]) ** 2) + (n_parts - total(np.ones(len(values)))) * mean**2
        return np.sqrt(squares / n_parts) / mean

    with np.errstate(invalid="ignore", divide="ignore"):
        share = lengths[part] / lengths.sum()
        f = total(v)
        of_word = v / f[word]
        least = np.min(lengths[lengths > 0], initial=np.inf) / lengths.sum()

        def dp() -> np.ndarray:
            # Parts without the word add their shares: 1 less those of the parts that have it.
            return np.maximum(0, (total(np.abs(of_word - share) - share) + 1) / 2)

        formulas: dict[str, Callable[[], np.ndarray | float]] = {
            "range": lambda: total(np.ones(len(v))).astype(np.int64),
            "variation": lambda: variation(v),
            "juilland_d": lambda: 1 - variation(v / lengths[part]) / np.sqrt(n_parts - 1) if n_parts > 1 else np.nan,
            "rosengren_s": lambda: total(np.sqrt(share * v)) ** 2 / f,
            "dp": dp,
            "dp_norm": lambda: dp() / (1 - least) if n_parts > 1 else np.nan,
            "kl_divergence": lambda: np.maximum(0, total(of_word * np.log2(of_word / share))),
        }
        found = {name: formulas[name]() for name in measures}
    table = pd.DataFrame({"n": f.astype(np.int64), "n_parts": np.int64(n_parts), **found}, index=range(n_words))
    table.loc[f == 0, [name for name in measures if name != "range"]] = np.nan
    one = "one part: juilland_d and dp_norm undefined" if n_parts == 1 else None
    table["note"] = pd.array(np.where(f == 0, "stands nowhere", one), dtype="str")
    return table


def dispersion_of_words(
    word_counts: pd.DataFrame,
    articles: pd.DataFrame,
    *,
    by: str | None = None,
    parts: str = "article_id",
    voice: str | Sequence[str] | None = None,
    words: Sequence[str] | None = None,
    min_count: int = 5,
) -> pd.DataFrame:
    """`dispersion` of each word of the corpus, over articles or over any column of articles.

    Args:
        by: a column of articles, such as outlet: each of its levels is a corpus of its own. None: all are one.
        parts: the column of articles that cuts a corpus into parts: article_id, outlet, story ….
        voice: whose words count. words: these, in this order; else those with at least ``min_count`` in all.

    Returns:
        level (missing where ``by`` is None), word, n, articles (article frequency), n_parts and the columns of
        `dispersion`; levels by name, words by frequency. Articles without a level or a part are left out.
    """
    for option, column in (("by", by), ("parts", parts)):
        if column is not None and column not in articles.columns:
            raise UserError(f"{option} {column!r} is no column of articles; allowed: {', '.join(articles.columns)}")
    frame = articles.dropna(subset=[column for column in (by, parts) if column is not None])
    frame = frame.sort_values("article_id", ignore_index=True)
    counted = count_words(word_counts, frame["article_id"], voice=voice, words=words, min_count=min_count)
    level, names = pd.factorize(frame[by], sort=True) if by else (np.zeros(len(frame), int), [None])
    tables = []
    for number, name in enumerate(names):
        code, known = pd.factorize(frame[parts].where(level == number), sort=True)
        sizes = np.bincount(code[code >= 0], weights=counted.sizes[code >= 0], minlength=len(known))
        table = dispersion(summed(counted.counts, code, len(known)).T, sizes)
        member = np.flatnonzero(level == number)
        table.insert(1, "articles", np.diff(counted.counts[:, member].tocsr().indptr).astype(np.int64))
        table = pd.concat([counted.items, table], axis=1)
        table.insert(0, "level", pd.array([None if name is None else str(name)] * len(table), dtype="str"))
        tables.append(table if words is not None else table.sort_values(["n", "word"], ascending=[False, True]))
    return pd.concat(tables, ignore_index=True)
