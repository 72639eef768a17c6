"""Is the machine right? Precision, recall and their like against what people agreed on, weighted back to the study."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from analysis.comparison.alpha import krippendorff_alpha
from analysis.comparison.confusions import MEASURES, Confusion, against_rest, classes_of, confused, over
from analysis.comparison.reliability import ADJUDICATOR, agreed
from analysis.tables import TONES

_TAILS = (0.025, 0.975)
_UNDEFINED = (float("nan"),) * 3
_COUNTS = ("tp", "fp", "fn", "tn")
_UNIT = ["sample", "item", "category"]
_NAMES = ["sample", "codebook", "variable", "category", "average", "level"]
_NUMBERS = ["n_coders", "n_items", "n_ties", *_COUNTS]
_WEIGHTED = [f"{count}_weighted" for count in _COUNTS]
COLUMNS = [
    *_NAMES,
    *_NUMBERS,
    *_WEIGHTED,
    "apparent",
    *(name + end for name in MEASURES for end in ("", "_low", "_high")),
    "alpha",
    "note",
]


def validity(
    samples: pd.DataFrame,
    codings: pd.DataFrame,
    *,
    by_level: bool = False,
    adjudicator: str = ADJUDICATOR,
    draws: int = 4000,
    seed: int = 0,
) -> pd.DataFrame:
    """How well the machine's codes meet those that people agreed on (`reliability.agreed`).

    precision = tp/(tp + fp), recall = tp/(tp + fn), f1 = 2tp/(2tp + fp + fn), specificity = tn/(tn + fp), accuracy =
    (tp + tn)/units and prevalence = (tp + fn)/units, all from counts weighted back to the units of the study (see
    `confusions.confused`); ``apparent`` is the machine's own share, (tp + fp)/units. Of tone each class is set against
    the other two. Bounds are the 2.5 % and 97.5 % quantiles over drawn matrices, moved out to the estimate where they
    would not hold it, so that they have a width where no error was seen.

    Args:
        samples, codings: the tables. by_level: within each level that was compared (outlet); else over all of them.

    Returns:
        One row a category (for tone: a class), then for each variable the averages ``micro`` (counts summed) and
        ``macro`` (measures averaged over the categories where they are defined), with ``category`` missing: sample,
        codebook, variable, category, average, level (missing over all), n_coders (but the adjudicator), n_items (with
        an agreed code), n_ties (left out), tp, fp, fn, tn (items as drawn), the same ``_weighted``, apparent, each
        measure with _low and _high, alpha (Krippendorff's, of machine and people over the items as drawn; nominal, for
        the averages of tone ordinal), note. Measures that divide by nothing are NaN.

    Limits: what people agree on is taken as true. Items without agreement are left out, which are the harder ones.
    Micro and macro take the categories' errors as independent. Sources: Grimmer, Roberts & Stewart 2022, Text as Data,
    ch. 20; van Atteveldt, Trilling & Arcila Calderón 2022, ch. 8; Brown, Cai & DasGupta 2001.
    """
    items = judged(samples, codings, adjudicator=adjudicator)
    coders = codings[codings["code"].notna() & (codings["coder"] != adjudicator)]
    rows = []
    for sample, own in items.groupby("sample", sort=False):
        n_coders = coders.loc[coders["sample"] == sample, "coder"].nunique()
        for level, part in _parts(own, by_level):
            rows += _of_sample(str(sample), part, level, n_coders, draws, seed)
    table = pd.DataFrame(rows, columns=COLUMNS)
    types = dict.fromkeys([*_NAMES, "note"], "str") | dict.fromkeys(_NUMBERS, "int64")
    floats = [column for column in COLUMNS if column not in types]
    return table.astype(types | dict.fromkeys(floats, "float64"))


def judged(samples: pd.DataFrame, codings: pd.DataFrame, *, adjudicator: str = ADJUDICATOR) -> pd.DataFrame:
    """*samples* with ``code`` (what people agreed on, missing where they did not) and ``tie``: samples coded by any."""
    people = agreed(codings, adjudicator=adjudicator)
    own = samples[samples["sample"].isin(people["sample"])]
    table = own.merge(people[[*_UNIT, "code", "tie"]], on=_UNIT, how="left")
    table["tie"] = table["tie"].eq(True)
    return table


def confusions_of(items: pd.DataFrame, *, level: str | None = None, draws: int, seed: int) -> dict[str, Confusion]:
    """The weighted confusion of each question of one sample. ``items``: rows of `judged`."""
    sample = items["sample"].iloc[0] if len(items) else ""
    return {
        str(category): confused(own, draws=draws, seed=seed, name=f"{sample}\x1f{category}\x1f{level}")
        for category, own in items.groupby("category", sort=False)
    }


def measured(confusion: Confusion, number: int) -> dict[str, tuple[float, float, float]]:
    """Each measure of one code against the others: the estimate, low and high."""
    points, drawn = (against_rest(matrix, number) for matrix in (confusion.weighted, confusion.drawn))
    return {measure: _bounds(of(*points), of(*drawn)) for measure, of in MEASURES.items()}


def _parts(items: pd.DataFrame, by_level: bool) -> list[tuple[str | None, pd.DataFrame]]:
    if not by_level:
        return [(None, items)]
    return [(str(level), part) for level, part in items.groupby("level")]


def _of_sample(sample: str, items: pd.DataFrame, level: str | None, n_coders: int, draws: int, seed: int) -> list[list]:
    """The rows of one sample, or of one level of it."""
    confusions = confusions_of(items, level=level, draws=draws, seed=seed)
    names = [sample, items["codebook"].iloc[0], items["variable"].iloc[0]]
    single, rows = [], []
    for name, question, number in classes_of(confusions):
        one, own = confusions[question], items[items["category"] == question]
        counts = [against_rest(matrix, number) for matrix in (one.raw, one.weighted, one.drawn)]
        single.append((counts, {measure: (of(*counts[1]), of(*counts[2])) for measure, of in MEASURES.items()}))
        known = own[own["code"].notna()]
        alpha = _alpha(known["machine"] == one.codes[number], known["code"] == one.codes[number])
        about = [n_coders, len(known), int(own["tie"].sum())]
        rows.append(_row([*names, name, None, level], about, counts, measured(one, number), alpha))
    tones = next(iter(confusions.values())).codes == TONES
    known = items[items["code"].notna()]
    sides = [known[side].map(TONES.index) if tones else known[side] for side in ("machine", "code")]
    alpha = _alpha(*sides, level="ordinal" if tones else "nominal")
    about = [n_coders, int(known["item"].nunique()), int(items["tie"].sum())]
    summed = _summed(items, confusions, [counts for counts, _ in single], level, draws, seed)
    micro = {measure: _bounds(of(*summed[1]), of(*summed[2])) for measure, of in MEASURES.items()}
    macro = {measure: _mean_bounds([pairs[measure] for _, pairs in single]) for measure in MEASURES}
    for average, bounds in (("micro", micro), ("macro", macro)):
        if tones:  # each unit has one tone: what share is right, and nothing that a class alone could say
            bounds |= {"accuracy": micro["recall"], "specificity": _UNDEFINED, "prevalence": _UNDEFINED}
        rows.append(_row([*names, None, average, level], about, summed, bounds, alpha))
    return rows


def _summed(items, confusions: dict, single: list, level: str | None, draws: int, seed: int) -> list[np.ndarray]:
    """tp, fp, fn, tn over all categories: of items, of units, of drawn matrices."""
    if len(confusions) == 1:
        return [sum(counts[place] for counts in single) for place in range(3)]
    # Categories are strata of one question: the doubt about each, added up, would be more than that about all.
    strata = items.assign(level=items["category"] + "\x1f" + items["level"].fillna("\x1f"))
    one = confused(strata, draws=draws, seed=seed, name=f"{items['sample'].iloc[0]}\x1f{level}")
    return [against_rest(matrix, 0) for matrix in (one.raw, one.weighted, one.drawn)]


def _row(names: list, about: list[int], counts: list, bounds: dict, alpha: float) -> list:
    note = None
    if not about[1]:
        note = "no item has an agreed code"
    elif np.isnan(counts[1]).any():
        note = "of some of the machine's codes no item was coded: undefined"
    elif np.isnan(bounds["precision"][0]):
        note = "the machine never says so: precision undefined"
    elif np.isnan(bounds["recall"][0]):
        note = "people never say so: recall undefined"
    tp, fp, _, _ = counts[1]
    apparent = np.nan if np.isnan(bounds["prevalence"][0]) else float(over(tp + fp, counts[1].sum()))
    flat = [number for triple in bounds.values() for number in triple]
    return [*names, *about, *map(int, counts[0]), *map(float, counts[1]), apparent, *flat, alpha, note]


def _bounds(point: np.ndarray, drawn: np.ndarray) -> tuple[float, float, float]:
    """The estimate and its interval, moved out to the estimate; NaN where that is undefined."""
    known = drawn[~np.isnan(drawn)]
    if np.isnan(point) or not len(known):
        return _UNDEFINED
    low, high = np.quantile(known, _TAILS)
    return float(point), float(min(low, point)), float(max(high, point))


def _mean_bounds(measured: Sequence[tuple[np.ndarray, np.ndarray]]) -> tuple[float, float, float]:
    """The average over the categories where a measure is defined, and its interval.

    Half an item of doubt in each cell leans every category the same way, which an average does not level out. The
    interval spans the draws as they are and the draws moved so that their median is the estimate.
    """
    defined = [(point, drawn) for point, drawn in measured if not np.isnan(point)]
    if not defined:
        return _UNDEFINED
    points, drawn = zip(*defined, strict=True)
    point, low, high = _bounds(np.mean(points), np.mean(drawn, axis=0))
    lean = np.nanmedian(np.mean(drawn, axis=0)) - point
    return point, float(max(0, min(low, low - lean))), float(min(1, max(high, high - lean)))


def _alpha(machine: pd.Series, people: pd.Series, level: str = "nominal") -> float:
    return krippendorff_alpha(np.array([machine.to_numpy(object), people.to_numpy(object)], dtype=object), level=level)
