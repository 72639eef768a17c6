"""What is looked at in the explorer: every choice that its figures depend on, held to what the study has."""

from __future__ import annotations

import datetime
from dataclasses import asdict, dataclass, fields, replace

import pandas as pd

from analysis.comparison.trends import UNITS
from analysis.comparison.wire import WAYS
from analysis.study import UserError
from analysis.tables import VOICES

MEASURES = ("share of choices", "share of articles", "rate per 1,000 words")
REPLICATES = (200, 2000)
FIGURES = ("shares", "trend")


@dataclass(frozen=True)
class Choices:
    """The choices, as plain values: texts, a number, lists of texts.

    ``levels``: those of ``by`` that are compared; none: all. ``voices``: none: all. ``since``, ``until``: days, both
    within, as 2024-06-14; empty: no bound, and articles without a date count. ``copies``: a way of the wire table.
    ``category``, ``unit``: of the trend. ``figure``: which of the two figures a record is of.
    """

    codebook: str
    variable: str
    measure: str
    by: str
    category: str
    levels: tuple[str, ...] = ()
    voices: tuple[str, ...] = ()
    since: str = ""
    until: str = ""
    copies: str = WAYS[0]
    unit: str = "day"
    replicates: int = 2000
    figure: str = FIGURES[0]

    def parameters(self) -> dict[str, object]:
        """As a record keeps them. What the figure of shares does not show is left out of its record."""
        kept = {name: list(value) if isinstance(value, tuple) else value for name, value in asdict(self).items()}
        return kept if self.figure == "trend" else {**kept, "category": "", "unit": UNITS[0]}

    @property
    def first(self) -> pd.Timestamp | None:
        """The first day, if one was named."""
        return pd.Timestamp(self.since) if self.since else None

    @property
    def last(self) -> pd.Timestamp | None:
        """The last day, if one was named."""
        return pd.Timestamp(self.until) if self.until else None


def choices_from(parameters: dict[str, object], variables: pd.DataFrame, levels: list[str], by: str) -> Choices:
    """The choices that a record keeps.

    Args:
        variables: codebook, variable, kind, category, a row a category. levels: those of the study's column ``by``.

    Raises UserError, in one line, where something is no choice, or is not in the study any more.
    """
    names = [field.name for field in fields(Choices)]
    for name in parameters:
        if name not in names:
            raise UserError(f"the explorer has no choice {name!r}; allowed: {', '.join(names)}")
    try:
        told = {name: tuple(value) if isinstance(value, list) else value for name, value in parameters.items()}
        choices = Choices(**{"by": by, **told})
    except TypeError as error:
        raise UserError(f"choices of the explorer: {error}") from None
    check(choices, variables, levels, by)
    return choices


def check(choices: Choices, variables: pd.DataFrame, levels: list[str], by: str) -> None:
    """Raises UserError where a choice is not allowed: what it is, and what is allowed."""
    own = variables[(variables["codebook"] == choices.codebook) & (variables["variable"] == choices.variable)]
    if own.empty:
        known = ", ".join((variables["codebook"] + "/" + variables["variable"]).unique())
        raise UserError(f"variable {choices.codebook}/{choices.variable} is not in the study; allowed: {known}")
    categories = own["category"].tolist()
    if choices.figure == "trend" or choices.category:
        _one("category", choices.category, categories)
    _one("by", choices.by, [by])
    _one("measure", choices.measure, measures_of(str(own["kind"].iloc[0])))
    _one("copies", choices.copies, WAYS)
    _one("unit", choices.unit, UNITS)
    _one("figure", choices.figure, FIGURES)
    for name, given, allowed in (("outlets", choices.levels, levels), ("voices", choices.voices, VOICES)):
        for one in given:
            _one(name, one, allowed)
    if not isinstance(choices.replicates, int) or choices.replicates < 1:
        raise UserError(f"replicates is {choices.replicates!r}; allowed: a whole number of at least 1")
    days = [_day(name, day) for name, day in (("since", choices.since), ("until", choices.until)) if day]
    if days != sorted(days):
        raise UserError(f"the period ends ({choices.until}) before it begins ({choices.since})")


def _one(name: str, value: object, allowed: list[str] | tuple[str, ...]) -> None:
    if value not in allowed:
        raise UserError(f"{name} {value!r} is none of this study; allowed: {', '.join(allowed)}")


def _day(name: str, value: str) -> datetime.date:
    try:
        return datetime.date.fromisoformat(value)
    except ValueError:
        raise UserError(f"{name} {value!r} is no day; allowed: a day such as 2024-06-14") from None


def measures_of(kind: str) -> tuple[str, ...]:
    """The measures of a variable's kind, the report's own first. Only where categories compete are there choices."""
    return MEASURES if kind == "choice" else MEASURES[1:]


def first_choices(variables: pd.DataFrame, found: pd.Series, *, by: str, unit: str, replicates: int) -> Choices:
    """What the explorer shows first: the variable of choices most often found, else the variable most often found.

    ``found``: mentions by codebook, variable and category. Raises UserError where no codebook has a variable.
    """
    if variables.empty:
        raise UserError("the study's codebooks have no variable to explore")
    whole = found.groupby(level=["codebook", "variable"]).sum()
    known = variables.drop_duplicates(["codebook", "variable"])
    at = pd.MultiIndex.from_frame(known[["codebook", "variable"]])
    known = known.assign(n=whole.reindex(at).fillna(0).to_numpy())
    # Reporting verbs are choices too, but nobody asks for them first.
    known = known.assign(last=(known["kind"] != "choice") | (known["variable"] == "cue"), none=known["n"] == 0)
    one = known.sort_values(["none", "last", "n"], ascending=[True, True, False], kind="stable").iloc[0]
    settings = {"by": by, "unit": unit, "replicates": replicates}
    blank = Choices(one["codebook"], one["variable"], measures_of(one["kind"])[0], category="", **settings)
    return replace(blank, category=top_category(blank, variables, found))


def top_category(choices: Choices, variables: pd.DataFrame, found: pd.Series) -> str:
    """The category of a variable that was found most often; of equals the codebook's first."""
    own = variables[(variables["codebook"] == choices.codebook) & (variables["variable"] == choices.variable)]
    counts = {name: found.get((choices.codebook, choices.variable, name), 0) for name in own["category"]}
    return max(counts, key=counts.get)
