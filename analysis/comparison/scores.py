"""Scores of keyness: how much more often a word stands in a target than in a reference. One function a score.

Each takes four numbers, or arrays that broadcast: ``n_target`` and ``n_reference``, how often the word stands in each
(a and b in the formulas), ``size_target`` and ``size_reference``, how many words each holds (c and d); N = c + d. Each
gives floats of the same shape. What is undefined is NaN: everything where a side holds no words or the word stands in
neither side, and else what the docstring says. Counts are taken as they are; `scoring.score_counts` checks them.

Signed scores are positive where a/c > b/d. Those that test (log_likelihood, g2, chi2, log_odds_z, fisher_p) take every
word as an independent draw. Words of one article are not: use them to rank and to compare with other studies, and
`keyness` for inference.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import betainccinv, betaincinv, xlogy

from analysis.comparison.exact import two_sided

CORRECTIONS = ("none", "yates", "williams", "auto")
# Yates' correction in `auto`: below this smallest expected count.
_FEW_EXPECTED = 5


def log_likelihood(
    n_target: ArrayLike, n_reference: ArrayLike, size_target: ArrayLike, size_reference: ArrayLike
) -> np.ndarray:
    """Signed log-likelihood with two terms: 2[a ln(a/E1) + b ln(b/E2)], E1 = c(a+b)/N, E2 = d(a+b)/N; 0 ln 0 = 0.

    Limits: leaves out the two cells of other words, so that it is slightly below `g2`; grows with the corpus, so that
    it is no effect size. Source: Rayson & Garside 2000.
    """
    a, b, c, d, told = _told(n_target, n_reference, size_target, size_reference)
    with np.errstate(all="ignore"):
        share = (a + b) / (c + d)
        value = 2 * (xlogy(a, a / (c * share)) + xlogy(b, b / (d * share)))
        # Two terms that cancel may leave -1e-16 where the rates are equal.
        return np.where(told, _sign(a, b, c, d) * np.maximum(value, 0) + 0.0, np.nan)[()]


def g2(
    n_target: ArrayLike,
    n_reference: ArrayLike,
    size_target: ArrayLike,
    size_reference: ArrayLike,
    *,
    correction: str = "none",
) -> np.ndarray:
    """Signed log-likelihood ratio over all four cells: 2 Σ O ln(O/E), 0 ln 0 = 0.

    The cells are a, b, c − a and d − b; E is row total · column total / N. ``correction`` as in `chi2`. Undefined
    where the word is all that both sides hold. Limits: see `log_likelihood`. Source: Dunning 1993.
    """
    return _of_cells(
        lambda observed, expected: 2 * xlogy(observed, observed / expected),
        (n_target, n_reference, size_target, size_reference),
        correction,
    )


def chi2(
    n_target: ArrayLike,
    n_reference: ArrayLike,
    size_target: ArrayLike,
    size_reference: ArrayLike,
    *,
    correction: str = "auto",
) -> np.ndarray:
    """Signed Pearson chi-squared over all four cells: Σ (O − E)²/E.

    ``correction``: ``none``; ``yates`` moves each O toward E by .5, or by less where it stands nearer; ``williams``
    divides by q = 1 + (N/(a+b) + N/(N−a−b) − 1)(N/c + N/d − 1)/(6N); ``auto`` is Yates' where the smallest E is below
    5, and none elsewhere. Undefined where the word is all that both sides hold.

    Limits: unreliable for small expected counts; grows with the corpus. Source: Pearson 1900; Yates 1934; Williams
    1976.
    """
    return _of_cells(
        lambda observed, expected: (observed - expected) ** 2 / expected,
        (n_target, n_reference, size_target, size_reference),
        correction,
    )


def log_ratio(
    n_target: ArrayLike, n_reference: ArrayLike, size_target: ArrayLike, size_reference: ArrayLike
) -> np.ndarray:
    """log2((a/c)/(b/d)), a zero count taken as .5: one unit is a doubling.

    Limits: an effect size without regard to chance; rare words lead. With a zero it says more of the sizes than of the
    word. Source: Hardie 2014.
    """
    a, b, c, d, told = _told(n_target, n_reference, size_target, size_reference)
    with np.errstate(all="ignore"):
        value = np.log2(np.where(a == 0, 0.5, a) / c) - np.log2(np.where(b == 0, 0.5, b) / d)
        return np.where(told, value, np.nan)[()]


def log_ratio_walter(
    n_target: ArrayLike, n_reference: ArrayLike, size_target: ArrayLike, size_reference: ArrayLike
) -> np.ndarray:
    """log2((a+.5)/(c+.5)) − log2((b+.5)/(d+.5)): the log ratio with half a word added everywhere.

    Limits: as `log_ratio`, drawn slightly toward 0. Source: Walter 1975.
    """
    a, b, c, d, told = _told(n_target, n_reference, size_target, size_reference)
    with np.errstate(all="ignore"):
        value = np.log2((a + 0.5) / (c + 0.5)) - np.log2((b + 0.5) / (d + 0.5))
        return np.where(told, value, np.nan)[()]


def lrc(
    n_target: ArrayLike,
    n_reference: ArrayLike,
    size_target: ArrayLike,
    size_reference: ArrayLike,
    *,
    tests: int = 1,
    alpha: float = 0.05,
) -> np.ndarray:
    """Conservative log ratio: the bound, toward 0, of an exact interval of the log ratio; 0 where it holds 0.

    Where the target leads, with L = Beta⁻¹(α/2m; a, b+1) the Clopper–Pearson bound of a/(a+b), it is
    max(0, log2((d/c)·L/(1−L))). Where the reference leads, the sides change places and the value is negative.
    ``tests`` is m, the words tested together (Bonferroni's correction); ``alpha`` is α.

    Limits: words count as independent draws. Source: Evert 2022.
    """
    a, b, c, d, told = _told(n_target, n_reference, size_target, size_reference)
    tail = alpha / (2 * tests)
    with np.errstate(all="ignore"):
        sign = _sign(a, b, c, d)
        ahead, behind = np.where(sign > 0, a, b), np.where(sign > 0, b, a)
        own, other = np.where(sign > 0, c, d), np.where(sign > 0, d, c)
        # 1 − L by its own function: the difference would lose its digits where L is close to 1.
        bound = np.log2(other / own * betaincinv(ahead, behind + 1, tail) / betainccinv(behind + 1, ahead, tail))
        value = np.where(sign == 0, 0.0, sign * np.maximum(bound, 0) + 0.0)
        return np.where(told, value, np.nan)[()]


def percent_diff(
    n_target: ArrayLike, n_reference: ArrayLike, size_target: ArrayLike, size_reference: ArrayLike
) -> np.ndarray:
    """100(a/c − b/d)/(b/d): the difference in per cent of the reference's rate. Undefined where b is 0.

    Limits: from −100 up without bound, hence not symmetric. Source: Gabrielatos & Marchi 2011.
    """
    return 100 * (relative_risk(n_target, n_reference, size_target, size_reference) - 1)


def bic(n_target: ArrayLike, n_reference: ArrayLike, size_target: ArrayLike, size_reference: ArrayLike) -> np.ndarray:
    """|log_likelihood| − ln N: the evidence for a difference, with the size of the corpus taken off. It has no sign.

    Above 0 there is some, above 10 very strong evidence. Limits: N is words, which are not independent.
    Source: Wilson 2013.
    """
    whole = np.asarray(size_target, float) + np.asarray(size_reference, float)
    with np.errstate(all="ignore"):
        return np.abs(log_likelihood(n_target, n_reference, size_target, size_reference)) - np.log(whole)


def relative_risk(
    n_target: ArrayLike, n_reference: ArrayLike, size_target: ArrayLike, size_reference: ArrayLike
) -> np.ndarray:
    """(a/c)/(b/d): how many times as often. Undefined where b is 0. Source: Agresti 2013, ch. 2."""
    a, b, c, d, told = _told(n_target, n_reference, size_target, size_reference)
    with np.errstate(all="ignore"):
        return np.where(told & (b > 0), (a / c) / (b / d), np.nan)[()]


def odds_ratio(
    n_target: ArrayLike, n_reference: ArrayLike, size_target: ArrayLike, size_reference: ArrayLike
) -> np.ndarray:
    """(a/(c−a))/(b/(d−b)), nearly `relative_risk` for all but the commonest words.

    Undefined where b is 0, where the word is all that the target holds, or all that the reference holds.
    Source: Agresti 2013, ch. 2.
    """
    a, b, c, d, told = _told(n_target, n_reference, size_target, size_reference)
    with np.errstate(all="ignore"):
        return np.where(told & (b > 0) & (c > a) & (d > b), a / (c - a) * ((d - b) / b), np.nan)[()]


def simple_maths(
    n_target: ArrayLike,
    n_reference: ArrayLike,
    size_target: ArrayLike,
    size_reference: ArrayLike,
    *,
    smoothing: float = 100,
) -> np.ndarray:
    """(10⁶a/c + λ)/(10⁶b/d + λ), with λ = ``smoothing``: above 1 where the target leads.

    A small λ (1) puts rare words first, a large one (1,000) common words. Undefined where λ and b are 0.
    Limits: no sign, no test; depends on λ. Source: Kilgarriff 2009.
    """
    a, b, c, d, told = _told(n_target, n_reference, size_target, size_reference)
    with np.errstate(all="ignore"):
        below = 1e6 * b / d + smoothing
        return np.where(told & (below > 0), (1e6 * a / c + smoothing) / below, np.nan)[()]


def log_odds(
    n_target: ArrayLike,
    n_reference: ArrayLike,
    size_target: ArrayLike,
    size_reference: ArrayLike,
    *,
    prior: ArrayLike,
    prior_size: ArrayLike,
) -> np.ndarray:
    """ln[(a+α)/(c+α0−a−α)] − ln[(b+α)/(d+α0−b−α)]: the difference of log-odds with a Dirichlet prior.

    ``prior`` is α of the word, ``prior_size`` is α0, the sum over all words: a constant and that constant times the
    number of types, or (informative) the counts of a background corpus, perhaps scaled, and their sum.

    Undefined where the word is all that a side and the prior hold, or stands neither in a side nor in the prior.
    Source: Monroe, Colaresi & Quinn 2008, eq. 15.
    """
    a, b, c, d, told = _told(n_target, n_reference, size_target, size_reference)
    alpha, whole = np.asarray(prior, float), np.asarray(prior_size, float)
    with np.errstate(all="ignore"):
        odds_target = (a + alpha) / (c + whole - a - alpha)
        odds_reference = (b + alpha) / (d + whole - b - alpha)
        defined = told & (odds_target > 0) & (odds_reference > 0)
        defined &= np.isfinite(odds_target) & np.isfinite(odds_reference)
        return np.where(defined, np.log(odds_target) - np.log(odds_reference), np.nan)[()]


def log_odds_z(
    n_target: ArrayLike,
    n_reference: ArrayLike,
    size_target: ArrayLike,
    size_reference: ArrayLike,
    *,
    prior: ArrayLike,
    prior_size: ArrayLike,
) -> np.ndarray:
    """log_odds / √(1/(a+α) + 1/(b+α)): `log_odds` in units of its standard error. Undefined as there.

    Limits: words count as independent draws; the variance is that of Monroe's approximation, good for rare words.
    Source: Monroe, Colaresi & Quinn 2008, eqs. 20 and 22.
    """
    a, b = np.asarray(n_target, float), np.asarray(n_reference, float)
    alpha = np.asarray(prior, float)
    value = log_odds(n_target, n_reference, size_target, size_reference, prior=prior, prior_size=prior_size)
    with np.errstate(all="ignore"):
        return value / np.sqrt(1 / (a + alpha) + 1 / (b + alpha))


def fisher_p(
    n_target: ArrayLike, n_reference: ArrayLike, size_target: ArrayLike, size_reference: ArrayLike
) -> np.ndarray:
    """Two-sided p of Fisher's exact test: with all margins fixed, the probability of all tables no likelier than this.

    Below about 1e-300 it is 0. Limits: words count as independent draws, so that p is far too small for words that
    come in bursts. Source: Fisher 1922.
    """
    a, b, c, d, told = _told(n_target, n_reference, size_target, size_reference)
    return np.where(told, two_sided(a, b, c, d), np.nan)[()]


def _told(*counts: ArrayLike) -> tuple[np.ndarray, ...]:
    """a, b, c, d as floats, and whether there is anything to compare."""
    a, b, c, d = (np.asarray(one, dtype=float) for one in counts)
    return a, b, c, d, (c > 0) & (d > 0) & (a + b > 0)


def _sign(a: np.ndarray, b: np.ndarray, c: np.ndarray, d: np.ndarray) -> np.ndarray:
    """The sign of a/c − b/d. By products, since equal rates are then equal to the last bit."""
    return np.sign(a * d - b * c)


def _of_cells(term, counts: tuple[ArrayLike, ...], correction: str) -> np.ndarray:
    """The signed sum of ``term(observed, expected)`` over the four cells, corrected."""
    if correction not in CORRECTIONS:
        raise ValueError(f"correction is {correction!r}; allowed: {', '.join(CORRECTIONS)}")
    a, b, c, d, told = _told(*counts)
    with np.errstate(all="ignore"):
        whole, word = c + d, a + b
        other = whole - word
        expected = [c * word / whole, d * word / whole, c * other / whole, d * other / whole]
        observed = [a, b, c - a, d - b]
        if correction in ("yates", "auto"):
            few = np.minimum(np.minimum(expected[0], expected[1]), np.minimum(expected[2], expected[3]))
            # In a table of two by two every cell stands equally far from what is expected.
            gap = a - expected[0]
            moved = np.where((correction == "yates") | (few < _FEW_EXPECTED), np.clip(gap, -0.5, 0.5), 0.0)
            observed = [cell - sign * moved for cell, sign in zip(observed, (1, -1, -1, 1), strict=True)]
        value = sum(term(np.maximum(cell, 0), mean) for cell, mean in zip(observed, expected, strict=True))
        if correction == "williams":
            value = value / (1 + (whole / word + whole / other - 1) * (whole / c + whole / d - 1) / (6 * whole))
        return np.where(told & (other > 0), _sign(a, b, c, d) * np.maximum(value, 0) + 0.0, np.nan)[()]
