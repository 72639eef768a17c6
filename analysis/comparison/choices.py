"""Choices of the researcher: the headline contrast, and the same measure under each value of one option."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pandas as pd


def choice_changed(
    measure: Callable[..., pd.DataFrame],
    variables: pd.DataFrame,
    *,
    option: str,
    values: Sequence[object],
    value: str = "share",
) -> pd.DataFrame:
    """What a measure gives for each variable under each value of an option.

    Args:
        measure: called with codebook, variable and the option; gives a table of `comparison.rates`.
        variables: codebook, variable, mentions; those without mentions are left out.
        value: the measure's column: share or rate.

    Returns:
        The columns compared by, variable, category, and for each value of the option ``n (VALUE)`` and
        ``share (VALUE)`` (or rate), and ``difference``, the last less the first (NaN where one is undefined).
        Rows that are 0 or undefined under every value are left out.
    """
    parts = []
    for one in variables[variables["mentions"] > 0].itertuples():
        measured = [measure(codebook=one.codebook, variable=one.variable, **{option: choice}) for choice in values]
        keys = [*measured[0].attrs["by"], "variable", "category"]
        table = measured[0][keys]
        for choice, found in zip(values, measured, strict=True):
            named = {"n": f"n ({choice})", value: f"{value} ({choice})"}
            table = table.merge(found[[*keys, *named]].rename(columns=named), on=keys, how="left")
        parts.append(table)
    if not parts:
        return pd.DataFrame(columns=["variable", "category", "difference"]).astype({"difference": "float64"})
    whole = pd.concat(parts, ignore_index=True)
    whole["difference"] = whole[f"{value} ({values[-1]})"] - whole[f"{value} ({values[0]})"]
    return whole[whole[[f"n ({choice})" for choice in values]].sum(axis=1) > 0].reset_index(drop=True)


def headline_contrast(measure: Callable[..., pd.DataFrame], variables: pd.DataFrame) -> dict[str, str]:
    """What a report would lead with: the variable most often found, its category that differs most, and between whom.

    Args:
        measure: called with codebook and variable; gives shares by one column. variables: codebook, variable, mentions.

    Returns:
        codebook, variable, category, level_a (the highest share), level_b (the lowest), for
        `specifications.specification_curve`; empty where no two levels differ.
    """
    for one in variables.sort_values("mentions", ascending=False, kind="stable").itertuples():
        table = measure(codebook=one.codebook, variable=one.variable).dropna(subset=["share"])
        (by,) = table.attrs["by"]
        spread = table.groupby("category")["share"].agg(lambda shares: shares.max() - shares.min())
        if len(spread) and spread.max() > 0:
            rows = table[table["category"] == spread.idxmax()].set_index(by)["share"]
            named = {"codebook": one.codebook, "variable": one.variable, "category": str(spread.idxmax())}
            return {**named, "level_a": str(rows.idxmax()), "level_b": str(rows.idxmin())}
    return {}
