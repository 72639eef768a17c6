"""Machine × people, weighted back to the study: what a stratified sample says of all units, and how sure that is.

A cell is a stratum (level, hit) with one code of the machine. How many units of the study it holds is known, since the
machine coded them all; only what people would say of them is estimated, from the cell's items.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import pandas as pd

from analysis.comparison.resampling import generator
from analysis.tables import TONES, YES_NO

# What is computed from tp, fp, fn and tn.
MEASURES: dict[str, Callable[..., np.ndarray]] = {
    "precision": lambda tp, fp, fn, tn: over(tp, tp + fp),
    "recall": lambda tp, fp, fn, tn: over(tp, tp + fn),
    "f1": lambda tp, fp, fn, tn: over(2 * tp, 2 * tp + fp + fn),
    "specificity": lambda tp, fp, fn, tn: over(tn, tn + fp),
    "accuracy": lambda tp, fp, fn, tn: over(tp + tn, tp + fp + fn + tn),
    "prevalence": lambda tp, fp, fn, tn: over(tp + fn, tp + fp + fn + tn),
}
# Jeffreys' prior is half an item of each code. Of a code that nobody gave it is a whole one, which puts the upper bound
# of its share where Clopper and Pearson's is, as Brown, Cai & DasGupta 2001 advise: at 1 − .025^(1/n).
_PRIOR, _OF_NONE = 0.5, 1.0


class Confusion(NamedTuple):
    """Machine × people of one question, rows and columns in the order of ``codes``.

    ``raw`` counts items, ``weighted`` units of the study (NaN in a row of whose units no item was coded), ``drawn``
    holds as many matrices as were drawn, each as ``weighted`` might also have been.
    """

    codes: tuple[str, ...]
    raw: np.ndarray
    weighted: np.ndarray
    drawn: np.ndarray


def codes_of(machine: pd.Series) -> tuple[str, ...]:
    """The codes that a question allows, from those that the machine gave."""
    return TONES if set(machine) <= set(TONES) else YES_NO


def confused(items: pd.DataFrame, *, draws: int = 4000, seed: int = 0, name: str = "") -> Confusion:
    """The weighted confusion of one question.

    With A_c units in cell c (``alike``), n_c of its items coded by people, x_ch of them as h, a group g of the cells of
    one hit and machine code over all levels, and the weights w = A_c/n_c of its items:
    p_gh = Σ_c A_c (x_ch/n_c) / Σ_c A_c, over cells with a coded item, and weighted = Σ_g A_g p_gh. A drawn matrix takes
    p_g from Dirichlet(n_eff p_g + ½), with + 1 for a code that no item of g has. n_eff is (Σw)²/Σw², or where that is
    less Σ_h p_gh (1 − p_gh) over the variance of p_g that the cells' own shares give (each with one item of p_g added).

    ``items``: rows of *samples* of one question, with ``code``: what people say, missing where they do not.

    Limits: items are taken as independent, also two of one article; no correction for a finite study, so that the
    draws are too wide rather than too narrow where much of the study was drawn. Sources: Cochran 1977, ch. 5A
    (post-stratification); Kish 1965 (effective size); Brown, Cai & DasGupta 2001 (Jeffreys' interval); Gelman et al.
    2013, ch. 3 (Dirichlet).
    """
    codes = codes_of(items["machine"])
    machine, people = (pd.Index(codes).get_indexer(items[side]) for side in ("machine", "code"))
    known, shape = people >= 0, (len(codes), len(codes))
    raw = np.zeros(shape, dtype=np.int64)
    np.add.at(raw, (machine[known], people[known]), 1)
    stratum = 2 * pd.factorize(items["level"], use_na_sentinel=False)[0] + items["hit"].to_numpy(dtype=int)
    alike = _alike(stratum, machine, items, codes)
    x = np.zeros((len(alike), *shape))  # of stratum and machine's code: the codes of people
    np.add.at(x, (stratum[known], machine[known], people[known]), 1)
    weighted, drawn = np.zeros(shape), np.zeros((draws, *shape))
    for hit in (0, 1):
        for row, said in enumerate(codes):
            cells = np.flatnonzero((np.arange(len(alike)) % 2 == hit) & (alike[:, row] > 0))
            size, own = alike[cells, row], x[cells, row]
            n = own.sum(axis=1)
            some = n > 0
            if not len(cells):
                continue
            if not some.any():
                weighted[row], drawn[:, row] = np.nan, np.nan
                continue
            share, effective = _pooled(size[some] / size[some].sum(), own[some])
            random = generator(seed, f"confusion\x1f{name}\x1f{hit}\x1f{said}")
            weighted[row] += size.sum() * share
            drawn[:, row] += size.sum() * random.dirichlet(
                effective * share + np.where(share > 0, _PRIOR, _OF_NONE), size=draws
            )
    return Confusion(codes, raw, weighted, drawn)


def _pooled(part: np.ndarray, counts: np.ndarray) -> tuple[np.ndarray, float]:
    """The weighted shares of people's codes over cells, and how many items drawn at random would know them as well.

    ``part``: each cell's part of the group's units; ``counts``: cells × codes.
    """
    n = counts.sum(axis=1)
    share = part @ (counts / n[:, None])
    kish = 1 / (part**2 / n).sum()
    # One item's worth of the pooled shares keeps a cell without an error from seeming to be without doubt.
    of_cell = (counts + share) / (n + 1)[:, None]
    variance = (part**2 / n * (of_cell * (1 - of_cell)).sum(axis=1)).sum()
    spread = (share * (1 - share)).sum()
    return share, min(kish, spread / variance) if spread > 1e-12 else kish


def _alike(stratum: np.ndarray, machine: np.ndarray, items: pd.DataFrame, codes: tuple[str, ...]) -> np.ndarray:
    """How many units of the study each stratum has of each code of the machine: strata × codes.

    A code that no item drawn has is known from the rest of its stratum: the machine gives two codes at most in one,
    since units without a hit are neutral where tone is asked, and those with one are not.
    """
    alike = np.zeros((stratum.max(initial=-1) // 2 * 2 + 2, len(codes)))
    alike[stratum, machine] = items["alike"]
    population = np.zeros(len(alike))
    population[stratum] = items["population"]
    for number in np.flatnonzero(population > alike.sum(axis=1)):
        hit = bool(number % 2)
        allowed = [row for row, code in enumerate(codes) if not alike[number, row] and not (hit and code == TONES[1])]
        alike[number, allowed[0]] = population[number] - alike[number].sum()
    return alike


def classes_of(confusions: dict[str, Confusion]) -> list[tuple[str, str, int]]:
    """(class, its question, the row of its code): the categories, or where tone is asked the three tones."""
    return [
        (code if one.codes == TONES else category, category, number)
        for category, one in confusions.items()
        for number, code in enumerate(one.codes)
        if one.codes == TONES or number == 0
    ]


def against_rest(matrix: np.ndarray, number: int) -> np.ndarray:
    """tp, fp, fn, tn of one code against the others, from machine × people (or many of them): 4 × …"""
    tp = matrix[..., number, number]
    fp = matrix[..., number, :].sum(axis=-1) - tp
    fn = matrix[..., :, number].sum(axis=-1) - tp
    return np.stack([tp, fp, fn, matrix.sum(axis=(-2, -1)) - tp - fp - fn])


def over(top: np.ndarray, bottom: np.ndarray) -> np.ndarray:
    """top / bottom, NaN where there is nothing to divide by."""
    top, bottom = np.asarray(top, float), np.asarray(bottom, float)
    return np.divide(top, bottom, out=np.full(bottom.shape, np.nan), where=bottom > 0)
