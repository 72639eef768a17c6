"""Is the machine as good in one outlet as in another? Errors that differ by level look like differences of wording."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.comparison.accuracy import judged
from analysis.comparison.reliability import ADJUDICATOR
from analysis.comparison.resampling import generator

_COLUMNS = ["sample", "category", "machine", "n_levels", "n_items", "n_wrong", "most_wrong", "share_wrong", "p", "note"]


def differential(
    samples: pd.DataFrame,
    codings: pd.DataFrame,
    *,
    adjudicator: str = ADJUDICATOR,
    permutations: int = 9999,
    seed: int = 0,
) -> pd.DataFrame:
    """Whether the machine errs more often in some levels than in others (differential misclassification).

    For each code of the machine, items are wrong where people agreed on another code. The statistic is
    Σ (wrong_l − n_l w)² / (n_l w (1 − w)), over levels l with n_l items, w the share that is wrong; of a code that both
    strata have (``no``), it is summed over hit and no hit. A permutation deals the errors out anew within hit and code;
    p = (at least as large + 1)/(permutations + 1).

    Returns:
        One row a question and code of the machine: sample, category, machine, n_levels, n_items, n_wrong, most_wrong
        (the level with the largest share of errors), share_wrong (its share), p (NaN with fewer than two levels, or
        where no item or every item is wrong), note.

    Limits: few items a level show only large differences: a large p is no proof that there is none, and
    ``validity(…, by_level=True)`` shows how much the intervals leave open. Not weighted: within hit and code, every
    item of a level stands for as many units as another. Source: Bachl & Scharkow 2017; Phipson & Smyth 2010.
    """
    items = judged(samples, codings, adjudicator=adjudicator)
    items = items[items["code"].notna() & items["level"].notna()]
    rows = []
    for (sample, category, machine), own in items.groupby(["sample", "category", "machine"], sort=False):
        level, names = pd.factorize(own["level"], sort=True)
        wrong = (own["code"] != own["machine"]).to_numpy()
        n, errors = np.bincount(level), np.bincount(level, weights=wrong)
        worst = int(np.argmax(errors / n))
        name = f"differential\x1f{sample}\x1f{category}\x1f{machine}"
        p = _p(level, wrong, own["hit"].to_numpy(), permutations, generator(seed, name))
        note = None
        if len(names) < 2:
            note = "one level: nothing to compare"
        elif not 0 < wrong.sum() < len(own):
            note = "no errors" if not wrong.any() else "all are wrong"
        about = [len(names), len(own), int(wrong.sum()), names[worst], errors[worst] / n[worst]]
        rows.append([sample, category, machine, *about, p, note])
    types = dict.fromkeys(["sample", "category", "machine", "most_wrong", "note"], "str")
    types |= dict.fromkeys(["n_levels", "n_items", "n_wrong"], "int64")
    return pd.DataFrame(rows, columns=_COLUMNS).astype(types | {"share_wrong": "float64", "p": "float64"})


def _p(level: np.ndarray, wrong: np.ndarray, hit: np.ndarray, permutations: int, random: np.random.Generator) -> float:
    """p of the differences between levels in the share that is wrong."""
    observed, dealt = 0.0, np.zeros(permutations)
    for stratum in (True, False):
        at, errors = level[hit == stratum], wrong[hit == stratum]
        if not 0 < errors.sum() < len(errors) or len(np.unique(at)) < 2:
            continue
        observed += _statistic(at, errors[None])[0]
        keys = random.random((permutations, len(errors)))
        dealt += _statistic(at, errors[np.argsort(keys, axis=1, kind="stable")])
    if observed == 0 and not dealt.any():
        return float("nan")
    return float((np.sum(dealt >= observed - 1e-10 * max(1.0, observed)) + 1) / (permutations + 1))


def _statistic(level: np.ndarray, wrong: np.ndarray) -> np.ndarray:
    """Σ (wrong_l − n_l w)² / (n_l w (1 − w)) of each row of ``wrong`` (deals × items)."""
    wrong = wrong.astype(float)  # a product of truth values would be a truth value
    members = np.equal.outer(np.unique(level), level).astype(float)
    n, w = members.sum(axis=1), wrong[0].mean()
    return ((wrong @ members.T - n * w) ** 2 / (n * w * (1 - w))).sum(axis=1)
