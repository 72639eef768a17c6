"""Do coders agree? Alpha, percent agreement, who disagrees with whom on what, and the code that they agree on."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pandas as pd

from analysis.comparison.alpha import Alpha, alpha_interval
from analysis.tables import TONES

ADJUDICATOR = "agreed"
MACHINE = "machine"
_ASKED = ["sample", "category"]
_UNIT = ["sample", "item", "category"]
# Tones in their order and at equal distances; answers of yes and no are the same at every level of measurement.
_NUMBERS = dict(zip(TONES, (-1, 0, 1), strict=True))


def agreement(
    codings: pd.DataFrame, *, adjudicator: str = ADJUDICATOR, replicates: int = 2000, seed: int = 0
) -> pd.DataFrame:
    """How far the coders of each question agree.

    ``codings``: the table of that name, from coders who worked alone; the ``adjudicator``, who saw their codes, is left
    out.

    Returns:
        One row a question, and of tone one for each level of measurement: sample, category, measurement (nominal;
        ordinal and interval where tones are asked), n_coders, n_items (with two codes or more), agreement (the share of
        items that a pair of coders codes alike, mean over pairs), alpha, low, high (95 %, see `alpha.alpha_interval`),
        note.

    Limits: in a sample drawn half from hits, alpha is that of the sample, not of the study. A high agreement with a low
    alpha means that one code is rare. Krippendorff 2019 asks for alpha ≥ .8, and ≥ .667 for tentative conclusions.
    """
    rows = []
    for (sample, category), own in _alone(codings, adjudicator).groupby(_ASKED, sort=False):
        matrix = _coders_by_items(own)
        tones = set(own["code"]) - set(TONES) == set()
        for measurement in ("nominal", "ordinal", "interval") if tones else ("nominal",):
            values = matrix.map(_NUMBERS.get, na_action="ignore").astype(float) if tones else matrix
            name = f"{sample}\x1f{category}"
            found = alpha_interval(values, level=measurement, replicates=replicates, seed=seed, name=name)
            share = pairwise_agreement(own)["agreement"].mean()
            coders = len(matrix)
            note = _note(found, coders, replicates)
            rows.append((sample, category, measurement, coders, found.n_units, share, *found[:3], note))
    columns = [*_ASKED, "measurement", "n_coders", "n_items", "agreement", "alpha", "low", "high", "note"]
    numbers = dict.fromkeys(columns[5:8], "float64") | dict.fromkeys(["n_coders", "n_items"], "int64")
    texts = dict.fromkeys([*_ASKED, "measurement", "note"], "str")
    return pd.DataFrame(rows, columns=columns).astype(numbers | {"high": "float64"} | texts)


def pairwise_agreement(codings: pd.DataFrame, *, adjudicator: str = ADJUDICATOR) -> pd.DataFrame:
    """Percent agreement of each pair of coders.

    Returns:
        One row a question and pair that has coded an item in common: sample, category, coder_a, coder_b, n_items (that
        both coded), agreement (the share coded alike).
    """
    rows = []
    for (sample, category), own in _alone(codings, adjudicator).groupby(_ASKED, sort=False):
        matrix = _coders_by_items(own)
        for one, other in combinations(matrix.index, 2):
            both = matrix.loc[one].notna() & matrix.loc[other].notna()
            if both.any():
                alike = (matrix.loc[one] == matrix.loc[other])[both].mean()
                rows.append((sample, category, one, other, int(both.sum()), float(alike)))
    columns = [*_ASKED, "coder_a", "coder_b", "n_items", "agreement"]
    types = dict.fromkeys([*_ASKED, "coder_a", "coder_b"], "str") | {"n_items": "int64", "agreement": "float64"}
    return pd.DataFrame(rows, columns=columns).astype(types)


def agreed(codings: pd.DataFrame, *, adjudicator: str = ADJUDICATOR) -> pd.DataFrame:
    """The code of each item and question that most coders gave.

    Where the coder ``adjudicator`` gave a code, that is it. Else it is the code given most often; of a tie there is
    none.

    Returns:
        One row an item and question that anybody coded: sample, item, category, code (missing in a tie), n_codes (of
        coders other than the adjudicator), n_alike (those that gave the most frequent code), tie, adjudicated.
    """
    given = codings[codings["code"].notna()]
    decided = given[given["coder"] == adjudicator].set_index(_UNIT)["code"]
    counts = _alone(codings, adjudicator).groupby([*_UNIT, "code"], sort=False).size().rename("n").reset_index()
    counts = counts.sort_values("n", ascending=False, kind="stable")
    most = counts.groupby(_UNIT, sort=False)["n"].transform("max") == counts["n"]
    first = counts[most].groupby(_UNIT, sort=False).agg(code=("code", "first"), n_alike=("n", "first"), n=("n", "size"))
    first["n_codes"] = counts.groupby(_UNIT, sort=False)["n"].sum()
    units = given[_UNIT].drop_duplicates()
    table = units.merge(first.reset_index(), on=_UNIT, how="left")
    ruling = pd.Series(decided.reindex(pd.MultiIndex.from_frame(units)).to_numpy(), dtype="str")
    table["adjudicated"] = ruling.notna().to_numpy()
    table["tie"] = (table["n"].fillna(1) > 1) & ~table["adjudicated"]
    table["code"] = table["code"].astype("str").where(~table["tie"]).where(ruling.isna(), ruling)
    table[["n_codes", "n_alike"]] = table[["n_codes", "n_alike"]].fillna(0).astype("int64")
    return table[[*_UNIT, "code", "n_codes", "n_alike", "tie", "adjudicated"]]


def confusion(
    codings: pd.DataFrame, samples: pd.DataFrame | None = None, *, adjudicator: str = ADJUDICATOR
) -> pd.DataFrame:
    """Which codes of one coder meet which of another: of each pair of coders, and of the machine and the agreed code.

    Args:
        samples: the table of that name; without it there are no rows of the machine.

    Returns:
        sample, category, coder_a, coder_b, code_a, code_b, n (items), with a row for each pair of codes that occur in
        the question. The machine is coder_a ``machine``, with coder_b ``agreed``. Counts are of the sample as drawn.
    """
    alone = _alone(codings, adjudicator)[[*_UNIT, "coder", "code"]]
    parts = [
        (one, other, alone[alone["coder"] == one], alone[alone["coder"] == other])
        for one, other in combinations(sorted(alone["coder"].unique()), 2)
    ]
    if samples is not None:
        people = agreed(codings, adjudicator=adjudicator)
        machine = samples[[*_UNIT, "machine"]].rename(columns={"machine": "code"})
        parts.append((MACHINE, ADJUDICATOR, machine, people[people["code"].notna()]))
    found = []
    for one, other, first, second in parts:
        both = first[[*_UNIT, "code"]].merge(second[[*_UNIT, "code"]], on=_UNIT, suffixes=("_a", "_b"))
        for (sample, category), own in both.groupby(_ASKED, sort=False):
            codes = sorted({*own["code_a"], *own["code_b"]})
            table = pd.crosstab(own["code_a"], own["code_b"]).reindex(index=codes, columns=codes, fill_value=0)
            found += [(sample, category, one, other, a, b, int(table.loc[a, b])) for a in codes for b in codes]
    columns = [*_ASKED, "coder_a", "coder_b", "code_a", "code_b", "n"]
    return pd.DataFrame(found, columns=columns).astype(dict.fromkeys(columns[:-1], "str") | {"n": "int64"})


def _alone(codings: pd.DataFrame, adjudicator: str) -> pd.DataFrame:
    """The codes that coders gave by themselves."""
    return codings[codings["code"].notna() & (codings["coder"] != adjudicator)]


def _coders_by_items(codings: pd.DataFrame) -> pd.DataFrame:
    """The codes of one question, coders × items."""
    return codings.pivot_table("code", "coder", "item", aggfunc="first").astype(object)


def _note(found: Alpha, coders: int, replicates: int) -> str | None:
    if coders < 2:
        return "one coder: nobody to agree with"
    if not found.n_units:
        return "no item coded by two"
    if np.isnan(found.alpha):
        return "all codes are the same: alpha undefined"
    if found.alpha == 1:
        return "no disagreement seen: the lower bound is what could have gone unseen"
    return (
        f"{found.left_out} of {replicates} replicates had one code only and were left out" if found.left_out else None
    )
