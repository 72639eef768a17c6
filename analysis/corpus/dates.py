"""Dates as pages and exports print them, in forty languages → naive local clock time.

Names of months (`analysis.corpus.months`), ISO 8601, RFC 2822, ``2024年6月14日`` and numeric dates. A numeric date that
can be read both ways (``03/04/2024``) is not guessed: it is a date only where a weekday beside it, or the order that
the other dates of its source have (`settle`), tells. The same holds for a month whose name two languages give to two
months. Time zones are read over, since what counts is the outlet's own clock. Years are 1700 to 2100, in four digits.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Iterable
from typing import Literal, NamedTuple

from analysis.corpus.months import months_of, names_clock, stands_beside, weekday_of

ACCEPTED = "2024-06-14, 2024-06-14 10:30, 14 June 2024 or June 14, 2024"

Order = Literal["day-first", "month-first"]

_LONGEST = 120  # characters of a value that is a date
_NEAR = 40  # characters between a date and its time of day, at most
_DAY = r"(?P<day>\d{1,2})(?P<ordinal>\.|°|(?:st|nd|rd|th|er|re|è?me|o|a|e|-?(?:го|е|ого)|:e|:a)\b\.?)?"
_YEAR = r"(?P<year>1[7-9]\d\d|20\d\d|2100)"
_OF = r"(?:(?:of|de|di|do)\s+|d['’]\s?)?"
_MONTH = r"(?P<month>[^\W\d_]{2,16})['’׳]?\.?"
_SHAPES = tuple(
    re.compile(rf"{shape}(?!\d)", re.IGNORECASE)
    for shape in (
        rf"(?<!\w){_YEAR}(?P<mark>[-/.])\s?(?P<number>\d{{1,2}})(?P=mark)\s?(?P<day>\d{{1,2}})(?=T|\b)",
        rf"(?<!\w){_YEAR}(?P<number>\d{{2}})(?P<day>\d{{2}})\b",
        rf"(?<!\d){_YEAR}\s?[年년]\s?(?P<number>\d{{1,2}})\s?[月월]\s?(?P<day>\d{{1,2}})\s?[日일]?",
        rf"(?<!\w){_MONTH}[\s-]+{_DAY}(?:[\s,-]+|(?<=\.))(?:(?:at|del?)\s+)?{_YEAR}",
        rf"(?<!\w){_DAY}[\s/-]*{_OF}{_MONTH},?(?:[\s/-]+|(?<=\.))(?:(?:del?|do|of)\s+)?{_YEAR}",
        rf"(?<!\w){_YEAR}(?:\.|,|\.?\s?m\.|\sgada)?[\s-]+{_MONTH}[\s-]+{_DAY}",
        rf"(?<!\w)(?P<first>\d{{1,2}})(?P<mark>[/.-])\s?(?P<second>\d{{1,2}})(?P=mark)\s?{_YEAR}",
    )
)
_TIME = re.compile(
    r"(?<![\d+.:-])(?P<hour>\d{1,2})(?:[:.]|\s?h\s?)(?P<minute>\d{2})"
    r"(?::(?P<second>\d{2})(?:[.,](?P<fraction>\d{1,6})\d*)?)?(?!\d)\s*(?P<half>[ap]\.?\s?m\b\.?)?"
    r"|(?<![\d:.])(?P<bare>\d{1,2})\s*(?:(?P<bare_half>[ap]\.?\s?m\b\.?)|(?:h|hs|hrs|uhr|uur)\b)",
    re.IGNORECASE,
)
# 20240614T123000, Fri Jun 14 12:30:00 UTC 2024 and 下午2时05分, rewritten before anything is looked for.
_COMPACT = re.compile(r"(?<!\w)(\d{8})T(\d{2})(\d{2})(\d{2})?(?![\d:])")
_YEAR_LAST = re.compile(
    rf"\b([^\W\d_]{{3,9}}\s+\d{{1,2}})\s+(\d{{1,2}}:\d{{2}}:\d{{2}}(?:\s+(?:[A-Z]{{2,5}}|[+-]\d{{4}}))?)\s+{_YEAR}(?!\d)"
)
_HAN_TIME = re.compile(
    r"(?P<half>[上下]午|午[前後后]|오[전후])?\s?(?P<hour>\d{1,2})(?:\s?[時时點点시]\s?(?:(?P<minute>\d{1,2})\s?[分분])?|:(?P<colon>\d{2}))"
)
_HAN_DAY = re.compile(
    r"星期[一二三四五六日天]|[周週][一二三四五六日]|[月火水木金土日](?:曜日?)?|[월화수목금토일](?:요일)?"
)
_OFFSET = re.compile(r"\b(?:GMT|UTC)\s?[+\u2212-]\d{1,2}(?::?\d{2})?(?!\d)|[+\u2212-]\d{2}:?\d{2}(?!\d)|\+\d{2}(?!\d)")
_ZONE = re.compile(r"[A-Z]{2,5}|[TZ]|М[СC][КK]")
_WORD = re.compile(r"[^\W\d_]+(?:['’ʼ-][^\W\d_]+)*")
_HAS_YEAR = re.compile(rf"(?<!\d){_YEAR}(?:\d{{4}})?(?!\d)")
_MARKS = re.compile(r"[\s,.;|/()\[\]·•–—:'’-]*")


class _Found(NamedTuple):
    """What a text says.

    ``days``: those it can be; of a numeric date that can be read both ways the one with the day first is the first.
    ``order``: of a numeric date that can be read one way only. ``numeric``: whether an order could tell. ``time``: the
    time of day. ``rest``: what stands around date and time.
    """

    days: tuple[dt.date, ...]
    order: Order | None
    numeric: bool
    time: dt.time
    rest: str


def parse_date(value: object, *, order: Order | None = None, language: str | None = None) -> dt.datetime | None:
    """The date that ``value`` is: a date, a datetime, or text that says a date and nothing else; otherwise None.

    Args:
        order: how the source writes numeric dates that can be read both ways (see `settle`).
        language: of the words, for months that two languages name alike.
    """
    if isinstance(value, dt.datetime):
        return _plain(value)
    if isinstance(value, dt.date):
        return dt.datetime(value.year, value.month, value.day)
    found = _whole(value, language)
    return _one(found, order) if found else None


def find_date(text: str, *, order: Order | None = None, language: str | None = None) -> dt.datetime | None:
    """The first date in ``text``, with the time of day beside it where there is one; None where there is none."""
    found = _search(text, language)
    return _one(found, order) if found else None


def readings(value: object) -> tuple[dt.datetime, ...]:
    """The two dates that a doubtful text can be, the earlier first; none where it is no date or a certain one."""
    found = _whole(value, None)
    if found is None or _one(found, None):
        return ()
    return tuple(sorted(dt.datetime.combine(day, found.time) for day in found.days))


def order_of(value: object) -> Order | None:
    """The order of day and month in a numeric date that can be read one way only; None of all else."""
    found = _whole(value, None)
    return found.order if found else None


def settle(orders: Iterable[Order | None]) -> Order | None:
    """The order in which all numeric dates of one source are written, by those that tell (`order_of`).

    None where none tells, or they differ.
    """
    said = {*orders} - {None}
    return said.pop() if len(said) == 1 else None


def _whole(value: object, language: str | None) -> _Found | None:
    """What a text says that is a date and nothing else."""
    if not isinstance(value, str) or len(value) > _LONGEST:
        return None
    found = _search(value, language)
    return found if found and _says_nothing(found.rest) else None


def _one(found: _Found, order: Order | None) -> dt.datetime | None:
    """The one date, by the weekday beside it or the order of its source where it can be two; None where none tells."""
    days = found.days
    if len(days) > 1:
        named = {weekday_of(word) for word in _WORD.findall(found.rest)} - {None}
        days = tuple(day for day in days if day.weekday() in named) if named else days
    if len(days) > 1 and found.numeric and order:
        days = days[:1] if order == "day-first" else days[1:]
    return dt.datetime.combine(days[0], found.time) if len(days) == 1 else None


def _plain(value: dt.datetime) -> dt.datetime | None:
    if value != value:  # pandas' NaT is a datetime that is not equal to itself
        return None
    return dt.datetime(value.year, value.month, value.day, value.hour, value.minute, value.second, value.microsecond)


def _search(text: str, language: str | None) -> _Found | None:
    """The earliest date in ``text``, and what stands around it and its time."""
    text = _rewritten(text)
    for year in _HAS_YEAR.finditer(text):
        window = max(0, year.start() - _NEAR), year.end() + _NEAR
        found = [
            (match, days)
            for shape in _SHAPES
            for match in shape.finditer(text, *window)
            if (days := _days(match, language))
        ]
        if found:
            return _said(text, *min(found, key=lambda one: one[0].start()))
    return None


def _said(text: str, match: re.Match[str], days: tuple[dt.date, ...]) -> _Found:
    """A match with its order, its time of day, and what stands around both."""
    order: Order | None = None
    numeric = "first" in match.re.groupindex
    if numeric and len(days) == 1 and match["first"] != match["second"]:
        order = "day-first" if days[0].day == int(match["first"]) else "month-first"
    before, after = text[: match.start()], text[match.end() :]
    time, before, after = _time_beside(before, after)
    return _Found(days, order, numeric, time, f"{before} {after}")


def _rewritten(text: str) -> str:
    """Digits of any script as 0 to 9, a time of day behind its date, and that of Han and Hangul as 2:05 pm."""
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text)
        if not text.isascii():
            text = "".join(str(unicodedata.decimal(sign)) if sign.isdecimal() else sign for sign in text)
            text = _HAN_TIME.sub(_western, text)
    text = _COMPACT.sub(lambda match: f"{match[1]} {match[2]}:{match[3]}:{match[4] or '00'}", text)
    return _YEAR_LAST.sub(r"\1 \3 \2", text)


def _western(match: re.Match[str]) -> str:
    half = {"下午": " pm", "午後": " pm", "午后": " pm", "오후": " pm", None: ""}.get(match["half"], " am")
    return f" {match['hour']}:{match['minute'] or match['colon'] or '00':0>2}{half} "


def _days(match: re.Match[str], language: str | None) -> tuple[dt.date, ...]:
    """The days that a match can be."""
    parts = match.groupdict()
    year = int(parts["year"])
    if "first" in parts:
        first, second = int(parts["first"]), int(parts["second"])
        found = [_date(year, second, first), _date(year, first, second)]
    elif "number" in parts:
        found = [_date(year, int(parts["number"]), int(parts["day"]))]
    else:
        # A month that is another one in Croatian: there the day has a point behind it, and in Polish never.
        spoken = language or ("pl" if parts["ordinal"] != "." else None)
        found = [_date(year, month, int(parts["day"])) for month in months_of(parts["month"], spoken)]
    return tuple(dict.fromkeys(day for day in found if day))


def _date(year: int, month: int, day: int) -> dt.date | None:
    try:
        return dt.date(year, month, day)
    except ValueError:
        return None


def _time_beside(before: str, after: str) -> tuple[dt.time, str, str]:
    """The time of day right before a date, else right behind it, and what is left of the text on both sides."""
    for match in reversed(list(_TIME.finditer(before, max(0, len(before) - _NEAR)))):
        time = _time(match)
        if time is not None and _says_nothing(before[match.end() :]):
            return time, f"{before[: match.start()]} {before[match.end() :]}", after
    for match in _TIME.finditer(after, 0, _NEAR):
        time = _time(match)
        if time is not None and _says_nothing(after[: match.start()]):
            return time, before, f"{after[: match.start()]} {after[match.end() :]}"
    return dt.time(), before, after


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


def _says_nothing(rest: str) -> bool:
    """Whether what stands beside a date is weekdays, zones, "at", "Uhr", "года" and marks, and no other statement."""
    rest = _OFFSET.sub(" ", rest)
    rest = rest if rest.isascii() else _HAN_DAY.sub(" ", rest)
    if not _MARKS.fullmatch(_WORD.sub(" ", rest)):
        return False
    words = _WORD.findall(rest)
    strange = [
        word for word in words if not _ZONE.fullmatch(word) and not stands_beside(word) and not names_clock(word)
    ]
    # Of a zone's name (Moscow time, heure de Paris, за київським часом) the words cannot be listed.
    zone = len(strange) <= 3 and all(word[0].isupper() or not word.isascii() for word in strange)
    return not strange or (zone and any(map(names_clock, words)))
