"""One claim of a number or a date: its interval, and what it is to another claim.

See `quantities` for the relations. Sources of the factors: the international yard and pound (1959), a mean Gregorian
month and year.
"""

from __future__ import annotations

import math
import re
from typing import NamedTuple

import pandas as pd

ABOUT = 0.10  # how far from a value that is only about so much another may lie
ROUNDED = 0.05  # a printed figure is rounded by this share of it at most
CONVERTED = 0.02  # what a conversion of units may cost
SMALL = 10  # equal counts below it may be chance where other things are counted

# Stems that news uses for one another.
SYNONYMS = """
drone uav|missil rocket|region provinc territori area oblast district|bodi remain corps|villag settlement hamlet
agreement deal pact accord|condit demand term requir|attack strike raid assault|child kid|ship vessel boat
plane aircraft jet|kill die dead death|injur wound hurt|begin start launch open|leav withdraw quit retreat|invad invas
annex incorpor seiz occupi acquir take absorb|troop soldier|state countri nation
"""
_GROUP = {stem: number for number, line in enumerate(re.split(r"[|\n]", SYNONYMS.strip())) for stem in line.split()}
# Of persons, who are counted in many ways, only equal numbers are taken for the same.
_OF_PERSONS = """peopl person resid inhabit man woman child civilian citizen soldier troop victim member offic passeng
    refuge prison worker voter hostag migrant adult girl boy local kill injur wound dead die hurt"""
PERSONS = frozenset(_OF_PERSONS.split())
# unit: the unit that it is compared in, and how many of that it is.
_BASES = {
    **dict.fromkeys(("km", "m", "cm", "mm", "mi", "ft", "in", "yd", "nmi"), "m"),
    **dict.fromkeys(("km2", "m2", "mi2", "ft2", "ha", "ac"), "m2"),
    **dict.fromkeys(("t", "kg", "g", "oz", "lb"), "kg"),
    **dict.fromkeys(("l", "gal"), "l"),
    **dict.fromkeys(("km/h", "mi/h"), "km/h"),
    **dict.fromkeys(("kW", "MW", "GW"), "kW"),
    **dict.fromkeys(("kWh", "MWh", "GWh"), "kWh"),
    **dict.fromkeys(
        ("second", "minute", "hour", "day", "week", "fortnight", "month", "year", "decade", "century"), "day"
    ),
    **dict.fromkeys(("°C", "°F"), "°C"),
}
_DAY = {"second": 1 / 86400, "minute": 1 / 1440, "hour": 1 / 24, "week": 7, "fortnight": 14, "month": 30.436875}
_DAY |= {"year": 365.2425, "decade": 3652.425, "century": 36524.25}
_FACTOR = {"km": 1e3, "cm": 1e-2, "mm": 1e-3, "mi": 1609.344, "ft": 0.3048, "in": 0.0254, "yd": 0.9144, "nmi": 1852.0}
_FACTOR |= {"km2": 1e6, "mi2": 2589988.11, "ft2": 0.09290304, "ha": 1e4, "ac": 4046.8564, "t": 1e3, "g": 1e-3}
_FACTOR |= {"oz": 0.028349523, "lb": 0.45359237, "gal": 3.785411784, "mi/h": 1.609344, "MW": 1e3, "GW": 1e6}
_FACTOR |= {"MWh": 1e3, "GWh": 1e6, "°F": 5 / 9, **_DAY}
_CURRENCIES = "USD AUD CAD HKD EUR GBP CHF RUB UAH JPY CNY INR ILS TRY PLN SEK NOK SAR IRR NGN cent pound"
_MONEY = frozenset(_CURRENCIES.split())


class Claim(NamedTuple):
    """A claim: where it stands, what it says, its interval and rounding in the unit it is compared in."""

    article: str
    sentence: int
    text: str
    kind: str
    value: float
    date: str | None
    unit: str | None
    what: str | None
    bound: str
    base: str
    low: float
    high: float
    rounding: float


def read_claims(numbers: pd.DataFrame) -> list[Claim]:
    """The claims of the table *numbers*, in its order; the two ends of a range are one, with the bound ``range``."""
    claims: list[Claim] = []
    last = None
    for row in numbers.itertuples():
        date, unit, what = (None if pd.isna(value) else value for value in (row.date, row.unit, row.what))
        claim = _claim(row, date, unit, what)
        if last is not None and _is_range(last, row):
            below = claims.pop()
            text = f"{below.text}–{claim.text}"
            claim = claim._replace(text=text, value=(below.value + claim.value) / 2, bound="range", low=below.low)
        claims.append(claim)
        last = row
    return claims


def _is_range(lower: object, upper: object) -> bool:
    """Whether two rows are the ends of one range: side by side, of the same thing, at least … and at most …."""
    same = all(
        getattr(lower, name) == getattr(upper, name)
        or (pd.isna(getattr(lower, name)) and pd.isna(getattr(upper, name)))
        for name in ("article_id", "sentence", "kind", "unit", "what")
    )
    near = 0 <= upper.start - lower.end <= 6
    return same and near and (lower.bound, upper.bound) == ("least", "most") and lower.value < upper.value


def _claim(row: object, date: str | None, unit: str | None, what: str | None) -> Claim:
    base, low, high = unit or "", row.value, row.value
    rounding = 0.0 if row.kind == "date" else _rounding(row.text, row.value, unit)
    if row.bound == "about":
        low, high = sorted((row.value * (1 - ABOUT), row.value * (1 + ABOUT)))
    low = -math.inf if row.bound == "most" else low
    high = math.inf if row.bound == "least" else high
    if unit in _BASES:
        base, factor, shift = _BASES[unit], _FACTOR.get(unit, 1.0), 32 if unit == "°F" else 0
        low, high, rounding = (low - shift) * factor, (high - shift) * factor, rounding * factor
    elif unit is None and row.kind == "quantity" and 0 < row.value < 1:
        base, low, high, rounding = "%", 100 * low, 100 * high, 1.0  # a third: 33 %
    return Claim(
        row.article_id,
        row.sentence,
        row.text,
        row.kind,
        row.value,
        date,
        unit,
        what,
        row.bound,
        base,
        low,
        high,
        rounding,
    )


def _rounding(text: str, value: float, unit: str | None) -> float:
    """Half of the last printed digit, and no more than a twentieth of the value.

    Zeros at the end are rounded where they are three or more; counts with fewer are exact (87 drones are not 90).
    """
    digits = re.search(r"[0-9][0-9.,\u00a0]*[0-9]|[0-9]", text)
    figures = re.sub(r"[^0-9.]", "", digits[0]) if digits else f"{abs(value):.0f}"
    whole, _, decimals = figures.partition(".")
    zeros = len(whole) - len(whole.rstrip("0"))
    scale = abs(value) / float(figures) if digits and float(figures) else 1.0
    step = 10.0 ** -len(decimals) if decimals else 10.0 ** (zeros if zeros > 2 else 0)
    if scale * step <= 1 and not unit and not decimals:
        return 0.0
    return min(scale * step / 2, ROUNDED * abs(value))


def meet(one: Claim, other: Claim, *, alone: bool) -> tuple[int, str, str] | None:
    """What two claims are to each other: strength of the match, relation, note. None where they are of two things.

    ``alone``: neither has a claim of its kind beside it, so that they may be of one thing though one does not say what.
    """
    if one.kind != other.kind:
        return None
    same = _same_thing(one, other, alone)
    if one.kind == "date":
        return _dates(one, other, same)
    if one.base != other.base:
        money = one.base in _MONEY and other.base in _MONEY
        return (15, "incomparable", f"{one.base} and {other.base}") if money and same >= SYNONYM else None
    # What is printed to fewer digits agrees with what rounds to it; figures of one precision must be equal.
    slack = max(one.rounding, other.rounding) if not math.isclose(one.rounding, other.rounding) else 0.0
    if one.unit != other.unit:
        slack = max(slack, CONVERTED * min(abs(end) for claim in (one, other) for end in (claim.low, claim.high)))
    tight = one.bound in ("exact", "about", "range") and other.bound in ("exact", "about", "range")
    if max(one.low, other.low) <= min(one.high, other.high) + slack * (1 + 1e-9):
        note = _agreed(one, other)
        if same >= SYNONYM:
            return 40 + same, "agreement", note
        persons = one.what in PERSONS and other.what in PERSONS
        likely = one.unit or abs(one.value) >= SMALL or persons or None in (one.what, other.what)
        return (20 + 5 * persons, "agreement", note) if tight and likely and one.kind != "rank" else None
    persons = {one.what, other.what} <= PERSONS
    if same == STEM or (same == SYNONYM and not persons) or (same == PERHAPS and one.kind != "rank"):
        # Two things of one number are one thing less surely than one thing of two numbers; but for persons.
        return 30 if same == STEM and not persons else 5 + same, "conflict", f"{one.text} against {other.text}"
    return None


STEM, SYNONYM, PERHAPS, OTHER = 3, 2, 1, 0


def _same_thing(one: Claim, other: Claim, alone: bool) -> int:
    """How surely two claims are of one thing: the same stem, a synonym, perhaps (one does not say), or not."""
    if one.what is None or other.what is None:
        return PERHAPS if alone else OTHER
    if one.what == other.what:
        return STEM
    known = _GROUP.get(one.what)
    return SYNONYM if known is not None and known == _GROUP.get(other.what) else OTHER


def _dates(one: Claim, other: Claim, same: int) -> tuple[int, str, str] | None:
    """Dates agree where no part that both name differs and one names all that the other does."""
    if one.date is None or other.date is None:
        return (30, "agreement", "") if one.text == other.text else None
    parts = list(zip(_parts(one.date), _parts(other.date), strict=True))
    if any(left and right and left != right for left, right in parts):
        return (5 + same, "conflict", f"{one.date} against {other.date}") if same >= SYNONYM else None
    day = all(left and left == right for left, right in parts[1:])
    less = all(right or not left for left, right in parts)
    more = all(left or not right for left, right in parts)
    if not (less or more):
        note = f"{one.date} and {other.date}: neither confirms nor excludes the other"
        return (15 + same, "incomparable", note) if same >= PERHAPS else None
    if same == OTHER and not (day or (less and more)):
        return None  # began in February 2022, annexed in 2022
    note = (
        "" if less and more else f"{other.date if less else one.date} says more than {one.date if less else other.date}"
    )
    return 30 + 5 * (less and more) + same, "agreement", note


def _parts(date: str) -> tuple[str, str, str]:
    """Year, month and day; empty where the date does not say."""
    year, month, day = (*re.split("-", date.replace("--", "*-", 1)), "", "")[:3]
    return ("" if year == "*" else year), month, day


def _agreed(one: Claim, other: Claim) -> str:
    """Why two claims agree, where they are not the same."""
    if one.unit != other.unit:
        return f"{one.unit or 'a part'} and {other.unit or 'a part'}, converted"
    if one.value == other.value and one.bound == other.bound:
        return ""
    bounds = [claim.bound for claim in (one, other) if claim.bound != "exact"]
    return f"within: {' and '.join(bounds)}" if bounds else "rounded"


def printed(claim: Claim) -> str:
    """A value in one form, however it is printed."""
    if claim.kind == "date":
        return claim.date or claim.text
    unit = f" {claim.unit}" if claim.unit else ""
    if claim.bound == "range":
        return claim.text
    word = {"about": "about ", "least": "at least ", "most": "at most "}.get(claim.bound, "")
    return f"{word}{claim.value:,.12g}{unit}"
