"""Captions, findings and advice of validation: agreement, precision and recall, corrected shares. All computed."""

from __future__ import annotations

import pandas as pd

from analysis.reporting.captions import escaped
from analysis.reporting.reliability import ENOUGH, TENTATIVE, average_of, rows_of

COMMAND = "samestory sample STUDY --variable V --n 200"
MISSED, WRONG = 0.7, 0.8  # recall and precision below which the codebook should be mended


def fraction(value: float, digits: int = 2) -> str:
    """A number between 0 and 1 as journals print it: .70."""
    return "undefined" if pd.isna(value) else f"{value:.{digits}f}".removeprefix("0").replace("-0", "−")


def agreement_caption(table: pd.DataFrame, name: str) -> str:
    """The caption of Krippendorff's alpha."""
    if table.empty:
        return ""
    tones = (
        " Tones as mere names, as an order, and at equal distances." if "ordinal" in set(table["measurement"]) else ""
    )
    return (
        f"Krippendorff’s alpha of {table['n_coders'].max()} coders on {name}. N = {table['n_items'].max():,} items "
        f"coded by two or more, of a sample drawn half from what the machine found.{tones} Whiskers: 95 % bootstrap "
        "intervals over items."
    )


def agreement_finding(table: pd.DataFrame) -> str:
    """How far people agree on the question they agree on least."""
    known = table.dropna(subset=["alpha"])
    if known.empty:
        return "Nobody has coded what another coded too, so agreement is not known."
    row = known.loc[known["alpha"].idxmin()]
    what = escaped(row["category"] if len(set(known["category"])) > 1 else row["measurement"])
    interval = "" if pd.isna(row["low"]) else f", {fraction(row['low'])} to {fraction(row['high'])}"
    enough = (
        "enough"
        if row["alpha"] >= ENOUGH
        else "for tentative conclusions"
        if row["alpha"] >= TENTATIVE
        else "not enough"
    )
    return (
        f"Lowest: *{what}*, alpha {fraction(row['alpha'], 3)} ({row['n_items']:,} items{interval}), {enough}; "
        f"{100 * row['agreement']:.0f} % coded alike."
    )


def validity_caption(table: pd.DataFrame, name: str) -> str:
    """The caption of precision, recall and F1."""
    if table.empty:
        return ""
    levels = ", in each level" if table["level"].notna().any() else ""
    averages = {"macro": "the mean of the three tones", "micro": "all answers together"}[average_of(table)]
    several = len(set(table["category"].dropna())) > 1
    shown = f" Shown: {averages}." if levels else " Micro: all answers together; macro: the mean of the rows above."
    shown = shown if levels or several else ""
    counted = table[table["average"] == "micro"]
    return (
        f"Precision, recall and F1 of the machine’s codes of {name}{levels}, against what people agreed on, weighted "
        f"back to the study. N = {counted['n_items'].sum():,} items with an agreed code, "
        f"{table['n_coders'].max()} coders.{shown} Whiskers: 95 % intervals."
    )


def validity_finding(table: pd.DataFrame) -> str:
    """Where the machine is least right: of the category, or level, with the lowest F1."""
    rows = rows_of(table).dropna(subset=["f1"])
    rows = rows[~rows["row"].str.startswith("average: ")]
    if rows.empty:
        return "Precision and recall are not known."
    row = rows.loc[rows["f1"].idxmin()]
    said = [
        f"{what} {fraction(row[what])} ({fraction(row[what + '_low'])} to {fraction(row[what + '_high'])})"
        for what in ("precision", "recall")
        if not pd.isna(row[what])
    ]
    first = "Least right" if len(rows) > 1 else "The machine"
    return f"{first}: *{escaped(row['row'])}*, {', '.join(said)}; F1 {fraction(row['f1'])}."


def prevalence_caption(table: pd.DataFrame, name: str) -> str:
    """The caption of corrected shares."""
    if table.empty:
        return ""
    whole = table[table["level"].isna()]
    return (
        f"Shares of {name}: as the machine codes, and corrected for its errors (Rogan & Gladen), as if it were equally "
        f"right everywhere. N = {whole['total'].max():,} units in {whole['n_articles'].max():,} articles; errors from "
        f"{whole['n_items'].max():,} items that people coded. Whiskers: 95 % intervals over copy groups and items."
    )


def prevalence_finding(table: pd.DataFrame) -> str:
    """What the correction changes most, over all levels."""
    whole = table[table["level"].isna()].dropna(subset=["corrected"])
    if whole.empty:
        return "Nothing can be corrected: the machine's codes tell nothing of people's."
    row = whole.loc[(whole["corrected"] - whole["apparent"]).abs().idxmax()]
    interval = "" if pd.isna(row["low"]) else f" ({100 * row['low']:.0f} to {100 * row['high']:.0f})"
    return (
        f"Changed most: *{escaped(row['category'])}*, {100 * row['apparent']:.1f} % as the machine codes, "
        f"{100 * row['corrected']:.1f} %{interval} corrected."
    )


def next_steps(checked: pd.DataFrame, agreement: pd.DataFrame, right: pd.DataFrame) -> str:
    """What to do next, as a list in Markdown.

    Args:
        checked: of `validation.samples_of`. agreement, right: of `reliability.agreement` and `accuracy.validity`.
    """
    if checked.empty:
        return f"* Nothing of this study has been checked by people. Draw a sample: `{COMMAND}`."
    said = []
    for one in checked.itertuples():
        name = f"**{escaped(one.variable)}** ({one.sample})"
        if not one.coders:
            said.append(
                f"{name}: nobody has coded it. Fill a copy of its sheet and put it beside, named after the coder."
            )
            continue
        if one.coders < 2:
            said.append(f"{name}: one coder. Without a second nobody knows how sure the answers are.")
        if not one.current:
            said.append(f"{name}: the codebook has changed since. Draw a new sample before you report these numbers.")
        if one.ties:
            said.append(f"{name}: answers without a majority: {one.ties:,}. Decide them in a sheet named `agreed`.")
        said += _unsure(name, agreement[agreement["sample"] == one.sample])
        said += _wrong(name, right[(right["sample"] == one.sample) & right["average"].isna()])
    return "\n".join(f"* {line}" for line in said or ["Nothing: people agree, and the machine agrees with them."])


def _unsure(name: str, table: pd.DataFrame) -> list[str]:
    """Questions on which people do not agree."""
    low = table[(table["alpha"] < TENTATIVE) & (table["measurement"] == "nominal")]
    if low.empty:
        return []
    which = ", ".join(f"*{escaped(row.category)}* ({fraction(row.alpha, 3)})" for row in low.itertuples())
    return [f"{name}: alpha below .667 for {which}. Sharpen the question, talk over the disagreements, code anew."]


def _wrong(name: str, table: pd.DataFrame) -> list[str]:
    """Categories that the machine finds too often or too seldom."""
    said = []
    for measure, least, advice in (
        ("precision", WRONG, "below .80: read what is wrongly found; cut patterns or add exceptions"),
        ("recall", MISSED, "below .70: read what is missed; add patterns"),
    ):
        low = table[table[measure] < least]
        if len(low):
            which = ", ".join(
                f"*{escaped(category)}* ({fraction(value)})"
                for category, value in low[["category", measure]].itertuples(index=False)
            )
            said.append(f"{name}: {measure} of {which} {advice}.")
    return said
