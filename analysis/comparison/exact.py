"""Fisher's exact test for many tables at once."""

from __future__ import annotations

import math

import numba
import numpy as np

# Two tables are equally likely where their probabilities differ by less than this share.
_TIE = 1e-7
# ln n! − its Stirling approximation for n = 0 … 15 (0 is never asked).
_STIRLING = np.array(
    [0.0, *(math.lgamma(n + 1) - ((n + 0.5) * math.log(n) - n + 0.5 * math.log(2 * math.pi)) for n in range(1, 16))]
)


def two_sided(
    n_target: np.ndarray, n_reference: np.ndarray, size_target: np.ndarray, size_reference: np.ndarray
) -> np.ndarray:
    """Two-sided p of whole counts: the sum over all tables with these margins that are no likelier than this one.

    The probability of a table comes from three binomial ones by Loader's saddle-point expansion, which keeps about 13
    digits however large the corpus is (logarithms of factorials keep 7 at 50 million words). Tails are summed term by
    term until a term no longer counts.

    Source: Fisher 1922; Loader 2000, Fast and Accurate Computation of Binomial Probabilities.
    """
    counts = np.broadcast_arrays(n_target, n_reference, size_target, size_reference)
    p = np.full(counts[0].shape, np.nan)
    whole = np.all([np.isfinite(one) for one in counts], axis=0) & (counts[2] >= counts[0]) & (counts[3] >= counts[1])
    whole = whole & (counts[0] >= 0) & (counts[1] >= 0)
    p[whole] = _two_sided(*(one[whole].astype(np.int64) for one in counts), _STIRLING)
    return p


@numba.njit(nogil=True, cache=True)
def _two_sided(a, b, c, d, stirling):
    p = np.empty(len(a))
    for row in range(len(a)):
        p[row] = _one(a[row], a[row] + b[row], c[row], d[row], stirling)
    return p


@numba.njit(nogil=True, cache=True)
def _one(a, word, c, d, stirling):
    """p of one table: ``word`` tokens, ``a`` of them among c, the rest among d."""
    low, high = max(0, word - d), min(word, c)
    here = _log_probability(a, word, c, d, stirling)
    mode = min(high, max(low, ((word + 1) * (c + 1)) // (c + d + 2)))
    if here >= _log_probability(mode, word, c, d, stirling) - _TIE:
        return 1.0
    step = 1 if a > mode else -1
    p = _tail(a, step, here, low, high, word, c, d)
    # The nearest table beyond the mode that is no likelier; probabilities fall away from the mode.
    near, far = mode, (low if step > 0 else high)
    if _log_probability(far, word, c, d, stirling) > here + _TIE:
        return min(1.0, p)
    while abs(far - near) > 1:
        middle = (near + far) // 2
        if _log_probability(middle, word, c, d, stirling) > here + _TIE:
            near = middle
        else:
            far = middle
    return min(1.0, p + _tail(far, -step, _log_probability(far, word, c, d, stirling), low, high, word, c, d))


@numba.njit(nogil=True, cache=True)
def _tail(at, step, log_first, low, high, word, c, d):
    """The probabilities from ``at`` outward, by the ratio of neighbours."""
    term = total = 1.0
    x = at
    while low <= x + step <= high:
        if step > 0:
            term *= (c - x) / (x + 1) * ((word - x) / (d - word + x + 1))
        else:
            term *= x / (c - x + 1) * ((d - word + x) / (word - x + 1))
        total += term
        x += step
        if term < 1e-17 * total:
            break
    return math.exp(log_first) * total


@numba.njit(nogil=True, cache=True)
def _log_probability(x, word, c, d, stirling):
    """ln of the probability that x of ``word`` tokens fall among c of c + d (hypergeometric)."""
    if word == 0 or word == c + d:
        return 0.0
    p = word / (c + d)
    return (
        _log_binomial(x, c, p, stirling)
        + _log_binomial(word - x, d, p, stirling)
        - _log_binomial(word, c + d, p, stirling)
    )


@numba.njit(nogil=True, cache=True)
def _log_binomial(x, n, p, stirling):
    """ln of the binomial probability of x among n."""
    if x == 0:
        return n * math.log1p(-p)
    if x == n:
        return n * math.log(p)
    lost = _stirling_error(n, stirling) - _stirling_error(x, stirling) - _stirling_error(n - x, stirling)
    far = _deviance(x, n * p) + _deviance(n - x, n * (1 - p))
    return lost - far + 0.5 * math.log(n / (2 * math.pi * x * (n - x)))


@numba.njit(nogil=True, cache=True)
def _stirling_error(n, stirling):
    if n < 16:
        return stirling[n]
    square = float(n) * n
    return (1 / 12 - (1 / 360 - (1 / 1260 - (1 / 1680 - 1 / 1188 / square) / square) / square) / square) / n


@numba.njit(nogil=True, cache=True)
def _deviance(x, mean):
    """x ln(x/mean) + mean − x, without loss of digits where both are close."""
    if abs(x - mean) < 0.1 * (x + mean):
        v = (x - mean) / (x + mean)
        total, term, power = (x - mean) * v, 2 * x * v, 1
        while True:
            term *= v * v
            power += 2
            more = total + term / power
            if more == total:
                return total
            total = more
    return x * math.log(x / mean) + mean - x
