"""Krippendorff's alpha from coincidences, with an interval over units."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd

from analysis.comparison.resampling import generator
from analysis.study import UserError

LEVELS = ("nominal", "ordinal", "interval", "ratio")
# A batch of replicates never holds more numbers than this (32 MB).
_CELLS = 4_000_000


class Alpha(NamedTuple):
    """Alpha, its interval, the units with two codes or more, and the replicates in which it was undefined."""

    alpha: float
    low: float
    high: float
    n_units: int
    left_out: int


def krippendorff_alpha(codes, *, level: str = "nominal") -> float:
    """Krippendorff's alpha: how far coders agree beyond what chance would give. 1 is perfect, 0 is chance.

    alpha = 1 − D_o/D_e, with D_o = Σ o_ck δ²_ck / n and D_e = Σ n_c n_k δ²_ck / (n (n − 1)), where each unit coded by
    m ≥ 2 coders adds 1/(m − 1) to the coincidence o_ck for each ordered pair of its codes, n_c = Σ_k o_ck, n = Σ n_c,
    and δ² is, by level of measurement, nominal: c ≠ k; ordinal: (n_c/2 + Σ n_g between + n_k/2)²; interval: (c − k)²;
    ratio: ((c − k)/(c + k))².

    Args:
        codes: coders × units, as Krippendorff prints them; NaN or None where a coder gave none. Numbers, or for nominal
            anything that can be compared. Units with fewer than two codes do not count.

    Returns:
        NaN where no unit has two codes, and where all codes are the same: nothing could have been told apart.

    Limits: depends on how the categories are distributed; in a sample enriched with hits it is that of the sample.
    Source: Krippendorff 2019, Content Analysis (4th ed.), ch. 12; 2011, Computing Krippendorff's Alpha-Reliability.
    """
    values, matrix = _matrix(codes, level)
    coincidences = _coincidences(matrix, len(values)).sum(axis=0)
    return float(_alpha(coincidences[None], values, level)[0])


def alpha_interval(
    codes, *, level: str = "nominal", replicates: int = 2000, confidence: float = 0.95, seed: int = 0, name: str = ""
) -> Alpha:
    """Alpha with a bootstrap interval over units.

    A replicate draws as many units with replacement as there are (of those with two codes or more) and computes alpha
    anew; bounds are the percentiles. Replicates in which all codes are the same have no alpha, and are left out and
    counted. Where coders never disagree, so that no replicate could, the lower bound is
    1 − (1 − .025^(1/units)) max δ²/D_e: the share of disagreement that goes unseen with probability .025.

    Units are drawn, rather than pairs of codes as Hayes & Krippendorff 2007 do: pairs of one unit are not independent,
    and drawing them gives intervals that are too narrow with more than two coders. Source: Zapf et al. 2016.

    Limits: too narrow for few units, and where a category is rare. Arguments as in `krippendorff_alpha`; ``name`` of
    what is compared makes its draws its own.
    """
    values, matrix = _matrix(codes, level)
    of_units = _coincidences(matrix, len(values))
    units = len(of_units)
    alpha = float(_alpha(of_units.sum(axis=0)[None], values, level)[0])
    if units < 2 or np.isnan(alpha):
        return Alpha(alpha, float("nan"), float("nan"), units, 0)
    tail = (1 - confidence) / 2
    if np.isclose(alpha, 1.0, rtol=0, atol=1e-12):
        return Alpha(alpha, _unseen(of_units.sum(axis=0), values, level, units, tail), 1.0, units, 0)
    # Units with the same codes are drawn together.
    kinds, counts = np.unique(of_units.reshape(units, -1), axis=0, return_counts=True)
    random, found = generator(seed, f"alpha\x1f{level}\x1f{name}"), []
    batch = max(1, _CELLS // (kinds.shape[1] + len(kinds)))
    for done in range(0, replicates, batch):
        drawn = random.multinomial(units, counts / units, size=min(batch, replicates - done))
        found.append(_alpha((drawn @ kinds).reshape(-1, len(values), len(values)), values, level))
    alphas = np.concatenate(found)
    defined = alphas[~np.isnan(alphas)]
    low, high = np.quantile(defined, [tail, 1 - tail]) if len(defined) else (np.nan, np.nan)
    return Alpha(alpha, float(low), float(high), units, int(len(alphas) - len(defined)))


def _matrix(codes, level: str) -> tuple[np.ndarray, np.ndarray]:
    """The different codes in their order, and units × coders of their numbers, -1 where there is none."""
    if level not in LEVELS:
        raise UserError(f"level {level!r} is none; allowed: {', '.join(LEVELS)}")
    table = np.asarray(codes, dtype=object).T
    numbers, values = pd.factorize(table.ravel(), sort=True)
    if level != "nominal":
        values = values.astype(float)
    return np.asarray(values), numbers.reshape(table.shape)


def _coincidences(matrix: np.ndarray, n_values: int) -> np.ndarray:
    """units × codes × codes of the units with two codes or more."""
    counts = np.zeros((len(matrix), n_values))
    unit, coder = np.nonzero(matrix >= 0)
    np.add.at(counts, (unit, matrix[unit, coder]), 1)
    m = counts.sum(axis=1)
    counts, m = counts[m >= 2], m[m >= 2]
    pairs = counts[:, :, None] * counts[:, None, :] - counts[:, :, None] * np.eye(n_values)
    return pairs / (m - 1)[:, None, None]


def _alpha(coincidences: np.ndarray, values: np.ndarray, level: str) -> np.ndarray:
    """Alpha of each matrix of coincidences (… × codes × codes)."""
    marginals = coincidences.sum(axis=2)
    n = marginals.sum(axis=1)
    distance = _distance(values, marginals, level)
    observed = (coincidences * distance).sum(axis=(1, 2))
    expected = (marginals[:, :, None] * marginals[:, None, :] * distance).sum(axis=(1, 2))
    ratio = np.divide((n - 1) * observed, expected, out=np.full(len(n), np.nan), where=expected > 0)
    return 1 - ratio


def _distance(values: np.ndarray, marginals: np.ndarray, level: str) -> np.ndarray:
    """δ² of each pair of codes: one matrix, or one for each row of ``marginals``."""
    if level == "nominal":
        return 1 - np.eye(len(values))[None]
    if level == "ordinal":
        below = np.cumsum(marginals, axis=1) - marginals / 2
        return (below[:, :, None] - below[:, None, :]) ** 2
    difference = values[:, None] - values[None, :]
    if level == "interval":
        return difference[None] ** 2
    total = values[:, None] + values[None, :]
    return np.divide(difference, total, out=np.zeros_like(difference), where=total != 0)[None] ** 2


def _unseen(coincidences: np.ndarray, values: np.ndarray, level: str, units: int, tail: float) -> float:
    """The lower bound of alpha where no unit of ``units`` was disagreed on."""
    marginals = coincidences.sum(axis=1)
    n = marginals.sum()
    distance = _distance(values, marginals[None], level)[0]
    expected = (marginals[:, None] * marginals[None, :] * distance).sum() / (n * (n - 1))
    present = marginals > 0
    worst = distance[np.ix_(present, present)].max()
    return float(1 - (1 - tail ** (1 / units)) * worst / expected)
