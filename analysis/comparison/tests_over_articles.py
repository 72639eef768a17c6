"""Inference over articles: intervals and tests of many words, with articles or copy groups as the sample."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy import sparse

from analysis.comparison import scores
from analysis.comparison.counting import Counted, summed
from analysis.comparison.rank_sum import rank_sum_p, ranks_of
from analysis.comparison.resampling import Score, rate_permutation, score_intervals, score_permutation
from analysis.comparison.scoring import SCORES, Settings, score_options
from analysis.comparison.sides import Compared
from analysis.study import UserError

# Scores with a sign, or above and below a middle: those that have an interval.
RESAMPLED = tuple(name for name in SCORES if name not in ("bic", "fisher_p"))
# With fewer articles on a side the ranks are permuted; the normal approximation would give far too small p.
FEW = 10
# Values of replicates held at a time (200 MB), and words whose permutations are.
_VALUES, _WORDS = 25_000_000, 5000


class Inference(NamedTuple):
    """Which score has an interval, how often is resampled, and from which seed."""

    score: str
    replicates: int
    permutations: int
    seed: int


def check_inference(inference: Inference) -> None:
    """A UserError where an option is none."""
    if inference.score not in RESAMPLED:
        raise UserError(f"score {inference.score!r} is none to resample; allowed: {', '.join(RESAMPLED)}")
    for name in ("replicates", "permutations"):
        value = getattr(inference, name)
        if isinstance(value, bool) or not isinstance(value, (int, np.integer)) or value < 0:
            raise UserError(f"{name} is {value!r}; allowed: a whole number of at least 0, such as 2000")


def resampled(counted: Counted, compared: Compared, inference: Inference, settings: Settings) -> dict[str, np.ndarray]:
    """low, high, left_out, p, p_wilcoxon, ``alone`` (the item stands in one group only) and ``few`` (a side has fewer
    than `FEW` groups), each contrasts × items.

    p is that of the difference of the rates over its standard error (`resampling.rate_permutation`), whichever score
    the interval is for. An item alone has neither interval nor test: the lengths of the articles that happen to go with
    it would decide. Items are taken in parts, so that memory is bounded; each part has the same draws, so that the
    result is that of all together.
    """
    n_items, contrasts = len(counted.items), compared.contrasts
    whole = sparse.vstack([counted.counts, sparse.csr_array(counted.sizes[None, :])], format="csr")
    n_groups = int(compared.group.max(initial=-1)) + 1
    levels = [
        summed(whole, np.where(compared.level == one, compared.group, -1), n_groups)
        for one in range(int(compared.level.max(initial=-1)) + 1 if inference.replicates else 0)
    ]
    units = [_units(whole, compared, contrast) for contrast in contrasts]
    found = {name: np.full((len(contrasts), n_items), np.nan) for name in ("low", "high", "p", "p_wilcoxon")}
    found["left_out"] = np.zeros((len(contrasts), n_items), np.int64)
    step = int(np.clip(_VALUES // (len(contrasts) * max(1, inference.replicates)), 1, _WORDS))
    for begin in range(0, n_items, step):
        some = slice(begin, min(begin + step, n_items))
        rows = [*range(some.start, some.stop), n_items]
        if inference.replicates:
            score = _score_of(inference.score, settings, counted.items, some)
            options = {"replicates": inference.replicates, "seed": inference.seed}
            intervals = score_intervals(score, [counts[rows] for counts in levels], contrasts, **options)
            for number, interval in enumerate(intervals):
                for name in ("low", "high", "left_out"):
                    found[name][number, some] = getattr(interval, name)
        for number, (counts, in_target) in enumerate(units):
            own = counts[rows]
            found["p_wilcoxon"][number, some] = _rank_sum(own, in_target, inference)
            if inference.permutations:
                options = {"permutations": inference.permutations, "seed": inference.seed}
                found["p"][number, some] = rate_permutation(own, in_target, **options)
    in_groups = np.diff(summed(counted.counts, compared.group, n_groups).indptr)
    for name in ("low", "high", "p", "p_wilcoxon"):
        found[name][:, in_groups < 2] = np.nan
    found["left_out"][:, in_groups < 2] = 0
    found["alone"] = np.tile(in_groups == 1, (len(contrasts), 1))
    found["few"] = np.array([np.full(n_items, few_units(in_target)) for _, in_target in units])
    return found


def few_units(in_target: np.ndarray) -> bool:
    """Whether a side has too few articles for the normal approximation of the rank-sum test."""
    return min(in_target.sum(), (~in_target).sum()) < FEW


def _rank_sum(counts: sparse.csr_array, in_target: np.ndarray, inference: Inference) -> np.ndarray:
    """p of the rank-sum test: by the normal approximation, or with few articles on a side by permutation of the ranks.

    Without permutations the latter is NaN.
    """
    sizes = counts[[-1], :]
    ranks = ranks_of(counts[:-1], sizes.toarray()[0])
    asymptotic = rank_sum_p(ranks, in_target)
    if not few_units(in_target):
        return asymptotic
    if not inference.permutations or not len(in_target):
        return np.full(len(asymptotic), np.nan)
    # With the number of articles on a side fixed, the sum of ranks is as good as that of what is above the lowest.
    options = {"permutations": inference.permutations, "seed": inference.seed}
    above = sparse.vstack([ranks.above, sizes], format="csr")
    p = score_permutation(lambda a, b, c, d: a.astype(float), above, in_target, **options)
    return np.where(np.isnan(asymptotic), np.nan, p)


def _units(whole: sparse.csr_array, compared: Compared, contrast: tuple) -> tuple[sparse.csr_array, np.ndarray]:
    """Counts by copy group and side, the sizes as last row, and which of them are the target's; empty ones are none."""
    in_target, in_reference = (np.isin(compared.level, side) for side in contrast)
    both = np.where(in_target | in_reference, 2 * compared.group + in_reference, -1)
    names = np.unique(both[both >= 0])
    code = np.where(both >= 0, np.searchsorted(names, both), -1)
    counts = summed(whole, code, len(names))
    filled = np.flatnonzero(counts[[-1], :].toarray()[0])
    return counts[:, filled].tocsr(), names[filled] % 2 == 0


def _score_of(name: str, settings: Settings, items: pd.DataFrame, some: slice) -> Score:
    """The score of some items as a function of counts and sizes alone."""
    words = items["word"].iloc[some] if "word" in items.columns else None
    options = dict(score_options(settings, words, rows=len(items)).get(name, {}))
    if np.ndim(options.get("prior", 0)):
        options["prior"] = options["prior"][:, None]
    return lambda *counts: getattr(scores, name)(*counts, **options)
