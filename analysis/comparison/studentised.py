"""Differences of ratios over their standard errors: the statistic of the permutation tests.

A bare difference spreads the wider the fewer words a side was dealt. Where one outlet's articles are longer than
another's, most deals have the longer ones on both sides, and the difference observed is judged by the spread of others:
among equal rates up to a third of the tests find something at .05. Over its own standard error the difference spreads
alike in every deal, so that the test holds its level for many groups also where lengths and bursts differ.

With the sums a = Σ n_g and c = Σ d_g over the groups of a side, r = a/c, and the variance of a ratio of sums
v = Σ (n_g − r·d_g)² / c², the statistic is (r₁ − r₂)/√(v₁ + v₂). All it needs are sums of n, d, n², n·d and d².

Where a side has none at all, or nothing else (r is 0 or 1), no error can be told of that side, and its length alone
would decide how extreme it is: all such deals count alike, as more extreme than any other in that direction.

Limits: with few groups on a side (four against forty) and few cases the test is careful rather than exact.
Sources: Janssen 1997 and Chung & Romano 2013 for dividing by the error; Cochran 1977, ch. 6, for the variance.
"""

from __future__ import annotations

import numba
import numpy as np

# What counts as beyond all that can be divided. Finite, so that ties can be told with some slack.
_BEYOND = 1e30
# A sum of squares below this part of its terms is rounding: the groups have one rate.
_ROUNDING = 1e-10


def moments(counts: np.ndarray) -> np.ndarray:
    """n, d, n², n·d, d² of numerators n and denominators d: groups × (ratios + 1) → groups × (3·ratios + 2).

    The last column of ``counts`` is the denominator. The columns are all n, d, all n², all n·d, d².
    """
    n, d = counts[:, :-1], counts[:, -1:]
    return np.hstack([n, d, n * n, n * d, d * d])


@numba.njit(nogil=True, cache=True)
def ratio_variance(a, c, aa, ac, cc):
    """Σ (n − r·d)² / c² from the sums of n, d, n², n·d and d² over groups; 0 for one group."""
    ratio = a / c
    spread = aa - 2 * ratio * ac + ratio * ratio * cc
    return spread / (c * c) if spread > _ROUNDING * aa else 0.0


@numba.njit(nogil=True, cache=True)
def over_error(first, second, variance):
    """The difference of two ratios over its error; beyond all others where a ratio is 0 or 1, or there is no error."""
    difference = first - second
    if difference == 0:
        return 0.0
    low, high = min(first, second), max(first, second)
    if low == 0 or high == 1 or variance <= 0:
        return _BEYOND if difference > 0 else -_BEYOND
    return difference / np.sqrt(variance)


@numba.njit(nogil=True, cache=True)
def of_sums(first, totals, out):
    """The statistic of each row of ``first``, n, d, n², n·d, d² of one side; NaN where a side has no denominator."""
    for row in range(len(first)):
        a, c, aa, ac, cc = first[row]
        b, d = totals[0] - a, totals[1] - c
        if c <= 0 or d <= 0:
            out[row] = np.nan
            continue
        variance = ratio_variance(a, c, aa, ac, cc)
        variance += ratio_variance(b, d, totals[2] - aa, totals[3] - ac, totals[4] - cc)
        out[row] = over_error(a / c, b / d, variance)


@numba.njit(nogil=True, cache=True)
def of_words(n, squares, products, sizes, size_squares, totals, out):
    """The statistic of words × deals.

    ``n``, ``squares`` and ``products``: sums of n, n² and n·d over one side, words × deals; ``sizes`` and
    ``size_squares``: of d and d², by deal. ``totals``: words × (n, d, n², n·d, d²) of both sides.
    """
    words, deals = n.shape
    for word in range(words):
        whole, size, whole_squares, whole_products, whole_sizes = totals[word]
        for deal in range(deals):
            a, c = float(n[word, deal]), float(sizes[deal])
            b, d = whole - a, size - c
            if c <= 0 or d <= 0 or whole <= 0:
                out[word, deal] = np.nan
                continue
            aa, ac, cc = float(squares[word, deal]), float(products[word, deal]), float(size_squares[deal])
            variance = ratio_variance(a, c, aa, ac, cc)
            variance += ratio_variance(b, d, whole_squares - aa, whole_products - ac, whole_sizes - cc)
            out[word, deal] = over_error(a / c, b / d, variance)
