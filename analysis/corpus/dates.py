"""Dates as news pages and exports print them → naive local clock time.

English month names, ISO 8601, RFC 2822, and numeric dates whose order cannot be mistaken (``14/06/2024``). A numeric
date that could be read both ways (``03/04/2024``) is not guessed: it is no date. Time zones are dropped, since what
counts is the outlet's own clock. Years are 1000 to 2999, in four digits.
"""

from __future__ import annotations

import datetime as dt
import re

ACCEPTED = "2024-06-14, 2024-06-14 10:30, 14 June 2024 or June 14, 2024"

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = (
    r"(?P<month>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|"
    r"sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
)
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
_YEAR = r"(?P<year>[12]\d{3})"
_SHAPES = tuple(
    re.compile(rf"(?<!\w){shape}(?!\d)", re.IGNORECASE | re.ASCII)
    for shape in (
        rf"{_YEAR}[-/.](?P<month>\d{{1,2}})[-/.](?P<day>\d{{1,2}})(?=T|\b)",
        rf"{_YEAR}(?P<month>\d{{2}})(?P<day>\d{{2}})\b",
        rf"{_MONTH}\.?\s+{_DAY}\.?\s*,?\s*(?:at\s+)?{_YEAR}",
        rf"{_DAY}\.?[\s-]+(?:of\s+)?{_MONTH}\.?,?[\s-]+{_YEAR}",
        rf"(?P<first>\d{{1,2}})(?P<mark>[/.-])(?P<second>\d{{1,2}})(?P=mark){_YEAR}",
    )
)
_TIME = re.compile(
    r"(?<![\d+.:-])(?P<hour>\d{1,2})(?:[:.](?P<minute>\d{2}))(?::(?P<second>\d{2})(?:[.,](?P<fraction>\d{1,6})\d*)?)?(?![\d])"
    r"\s*(?P<half>[ap]\.?m\b\.?)?"
    r"|(?<![\d:.])(?P<bare>\d{1,2})\s*(?P<bare_half>[ap]\.?m\b\.?)",
    re.IGNORECASE | re.ASCII,
)
_COMPACT = re.compile(r"(?<!\w)(\d{8})T(\d{2})(\d{2})(\d{2})", re.ASCII)
# What may stand beside a date and its time without making it another statement.
_BESIDE = re.compile(
    r"(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\b|\bat\b|\bon\b|\bhrs?\b|\bh\b"
    r"|(?-i:\b[A-Z]{2,5}\b)|\b[TZ]\b|\blocal time\b|[+-]\d{2}:?\d{2}\b|[\s,.;|/()·•–—-])*",
    re.IGNORECASE,
)


def parse_date(value: object) -> dt.datetime | None:
    """The date that ``value`` is: a date, a datetime, or text that says a date and nothing else; otherwise None."""
    if isinstance(value, dt.datetime):
        return _plain(value)
    if isinstance(value, dt.date):
        return dt.datetime(value.year, value.month, value.day)
    if not isinstance(value, str) or len(value) > 80:
        return None
    found = _search(value)
    if found is None:
        return None
    date, rest = found
    return date if _BESIDE.fullmatch(rest) else None


def find_date(text: str) -> dt.datetime | None:
    """The first date in ``text``, with the time of day beside it where there is one; None where there is none."""
    found = _search(text)
    return found[0] if found else None


def _plain(value: dt.datetime) -> dt.datetime | None:
    if value != value:  # pandas' NaT is a datetime that is not equal to itself
        return None
    return dt.datetime(value.year, value.month, value.day, value.hour, value.minute, value.second, value.microsecond)


def _search(text: str) -> tuple[dt.datetime, str] | None:
    """The earliest date in ``text``, and the text without it and its time."""
    text = _COMPACT.sub(r"\1 \2:\3:\4", text)
    matches = [match for match in (shape.search(text) for shape in _SHAPES) if match]
    for match in sorted(matches, key=lambda match: match.start()):
        day = _day(match)
        if day is None:
            continue
        rest = f"{text[: match.start()]} {text[match.end() :]}"
        clock = _TIME.search(rest)
        time = _time(clock) if clock else None
        if clock and time is not None:
            rest = f"{rest[: clock.start()]} {rest[clock.end() :]}"
        return dt.datetime.combine(day, time or dt.time()), rest
    return None


def _day(match: re.Match[str]) -> dt.date | None:
    parts = match.groupdict()
    if "first" in parts:
        first, second = int(parts["first"]), int(parts["second"])
        if first != second and first <= 12 and second <= 12:
            return None  # day and month could change places
        day, month = (first, second) if first > 12 or first == second else (second, first)
    else:
        day = int(parts["day"])
        named = parts["month"].lower()[:3]
        month = _MONTHS.index(named) + 1 if named in _MONTHS else int(parts["month"])
    try:
        return dt.date(int(parts["year"]), month, day)
    except ValueError:
        return None


def _time(match: re.Match[str]) -> dt.time | None:
    hour, half = int(match["hour"] or match["bare"]), (match["half"] or match["bare_half"] or "").lower()
    if half:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if half.startswith("p") else 0)
    fraction = (match["fraction"] or "").ljust(6, "0")
    try:
        return dt.time(hour, int(match["minute"] or 0), int(match["second"] or 0), int(fraction))
    except ValueError:
        return None
