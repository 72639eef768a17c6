"""Wilcoxon's rank-sum test of the rates of many words at once."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from scipy import sparse, special


class Ranks(NamedTuple):
    """Ranks of the rates of each word.

    Attributes:
        above: words × articles, twice what an article's rank is above that of articles without the word: whole numbers.
        zeros: of each word, how many articles lack it. ties: Σ(t³ − t) over sets of t articles with one rate.
    """

    above: sparse.csr_array
    zeros: np.ndarray
    ties: np.ndarray


def ranks_of(counts: sparse.csr_array, sizes: np.ndarray) -> Ranks:
    """The articles ranked by count/size, for each word; ties share their mean rank.

    ``counts`` is words × articles, ``sizes`` the words of each article, above 0.
    """
    words, n = counts.shape
    present = counts.tocoo()
    rate = present.data / np.asarray(sizes, float)[present.col]
    order = np.lexsort((rate, present.row))
    word, article, rate = present.row[order], present.col[order], rate[order]
    having = np.bincount(word, minlength=words)
    zeros = n - having
    # Each set of ties: where it begins among the rates of its word, and how many it holds.
    begins = np.flatnonzero(np.r_[True, (np.diff(word) != 0) | (np.diff(rate) != 0)][: len(word)])
    held = np.diff(np.r_[begins, len(word)])
    of_set = word[begins]
    before = begins - (np.cumsum(having) - having)[of_set]
    # The rank of a set is zeros + before + (held + 1)/2, that of articles without the word (zeros + 1)/2.
    above = np.repeat(zeros[of_set] + 2 * before + held, held)
    ties = np.bincount(of_set, weights=held.astype(float) ** 3 - held, minlength=words)
    ties = ties + zeros.astype(float) ** 3 - zeros
    return Ranks(sparse.csr_array((above, (word, article)), shape=(words, n)), zeros, ties)


def rank_sum_p(ranks: Ranks, in_target: np.ndarray) -> np.ndarray:
    """Two-sided p that a word's rate is alike in two sets of articles (or copy groups), by the ranks of the rates.

    With R the sum of the target's ranks, n1 + n2 = n articles and U = R − n1(n1+1)/2: z = (|U − n1·n2/2| − ½)/σ,
    σ² = n1·n2/12 · (n + 1 − Σ(t³ − t)/(n(n−1))), t the sizes of sets of ties, of which the articles without the word
    are one. ``in_target`` says which articles are the target.

    Returns:
        p of each word; 1 where all rates are alike; NaN where the word stands nowhere or a side has no article.

    Limits: the normal approximation fails for fewer than about ten articles on a side (`tests_over_articles` then
    permutes the ranks). A word in few articles has nearly all its ranks tied, so that p is rarely small. The test asks
    whether articles of one side tend to have more of the word, not how much more. Sources: Wilcoxon 1945; Mann &
    Whitney 1947; Lijffijt et al. 2016; Sönning 2023.
    """
    chosen = np.asarray(in_target, dtype=bool)
    n, first = len(chosen), int(chosen.sum())
    ranks_sum = (ranks.above @ chosen.astype(np.int64)) / 2 + first * (ranks.zeros + 1) / 2
    with np.errstate(invalid="ignore", divide="ignore"):
        variance = first * (n - first) / 12 * (n + 1 - ranks.ties / (n * (n - 1)))
        far = np.abs(ranks_sum - first * (n + 1) / 2) - 0.5
        p = np.where(variance > 1e-9, np.minimum(1, special.erfc(far / np.sqrt(2 * variance))), 1.0)
    return np.where((ranks.zeros < n) & (0 < first < n), p, np.nan)
