"""Dates that a text names, as far as it names them: ``2024-06-14``, ``2022-11``, ``2022``, ``--11``, ``--06-14``.

Days of the week are resolved by the day of publication, where that is known: ``Friday`` is the one on or before it,
``next Friday``, or a Friday of which the clause speaks as still to come, the one after it, ``last Friday`` the one
before it. A month keeps no year that the text does not give. ``May``, ``March`` and other names of months count where
the words beside them show a date. Years count where they stand as years (``in 2022``, ``the 2022 elections``).

Limits: decades, times of day, and days that are only relative (``today``, ``this week``) are left out; of
``04/06/2024`` only the year is known; forms of English only.
"""

from __future__ import annotations

import datetime as dt
import re

from analysis.coding.heads import counted, words_behind

MONTHS, WEEKDAYS = (
    tuple(names.split())
    for names in (
        "January February March April May June July August September October November December",
        "Monday Tuesday Wednesday Thursday Friday Saturday Sunday",
    )
)

NEAR = 40  # characters before a date that can show that it is one

Found = list[tuple[int, int, str | None]]  # start, end, date

_SHORT = r"(?:Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)\b\.?"
_MONTH = rf"(?P<month>(?:{'|'.join(MONTHS)})\b|{_SHORT})"
_DAY = r"(?:3[01]|[12][0-9]|0?[1-9])"
_TH = r"(?:st|nd|rd|th)"
_YEAR = r"(?P<year>(?:1[5-9]|20)[0-9]{2})(?![0-9%]|[,.][0-9]|[- ]years?\b)"
_IN_YEAR = rf"(?:,? (?:of )?(?:{_YEAR}))?(?!\w)"
_JOIN = r"(?: ?[-–—/] ?| (?:to|and|or|through|until) )"
_EDGE = r"(?![\d%:/$€£]|[.,]\d|\w)"
_DAY_MONTH = re.compile(rf"(?P<day>{_DAY}){_TH}?(?: of|-)?[ -]{_MONTH}{_IN_YEAR}")
_DAYS_MONTH = re.compile(rf"(?P<day>{_DAY}){_TH}?{_JOIN}(?P<last>{_DAY}){_TH}?(?: of)? {_MONTH}{_IN_YEAR}")
_MONTH_DAY = re.compile(rf"{_MONTH} (?:the )?(?P<day>{_DAY})(?P<th>{_TH})?{_EDGE}{_IN_YEAR}")
_MONTH_DAYS = re.compile(rf"{_MONTH} (?P<day>{_DAY}){_TH}?{_JOIN}(?P<last>{_DAY}){_TH}?{_EDGE}{_IN_YEAR}")
_MONTH_YEAR = re.compile(rf"{_MONTH}(?:,| of)? {_YEAR}(?!\w)")
_MONTH_ALONE = re.compile(rf"(?P<month>{'|'.join(MONTHS)})(?P<belongs>(?=['’]s? ))?(?!\w|-\w)")
_ISO = re.compile(r"(?P<year>(?:1[5-9]|20)[0-9]{2})-(?P<month>[01][0-9])-(?P<day>[0-3][0-9])(?![\w-])")
_NUMERIC = re.compile(r"(?P<a>[0-3]?[0-9])([./])(?P<b>[0-3]?[0-9])\2(?P<year>(?:19|20)[0-9]{2})(?![\w/-])")
_YEARS = re.compile(rf"{_YEAR}(?:[-–/](?P<last>(?:1[5-9]|20)?[0-9]{{2}})(?![\w-]))?(?!\w)")
_WEEKDAY = re.compile(
    rf"(?P<weekday>{'|'.join(WEEKDAYS)})(?!\w|-\w| (?:Times|Telegraph|Mail|Express|Mirror|Post|Night))"
)
_AND_DAY = re.compile(rf",? (?:the )?(?=(?:{'|'.join(MONTHS)}|{_SHORT}) {_DAY}|{_DAY}{_TH}? (?:of )?[A-Z])")

# What shows that the name of a month is one; names that are also those of persons, or other words, need more.
_QUALIFIED = re.compile(
    r"(?:(?<!\w)(?:in|since|by|until|till|before|after|from|to|through|during|of|for|between|and|on|around|about|"
    r"throughout|early|late|mid|last|next|this|that|every|each)[ -]|\A|[,(–—] ?)"
    r"(?:(?:early|late|mid|last|next|this|that|the (?:end|start|beginning|middle) of)[ -])?\Z",
    re.IGNORECASE,
)
_SURE = re.compile(
    r"(?<!\w)(?:in|since|until|during|throughout|early|late|mid|last|next|this|(?:end|start|beginning|middle) of|"
    r"(?:from|between) (?:\w+ (?:to|and) )?)[ -]?\Z",
    re.IGNORECASE,
)
_AMBIGUOUS = ("March", "April", "May", "June", "August")
_MODAL = re.compile(r" (?:be|have|not|also|well|never|soon|still|yet|even|only)\b")
_IN = re.compile(r"(?<!\w)in \Z", re.IGNORECASE)
# What stands before a year: words of time only, words that a number may follow too, and determiners.
_OF_TIME = re.compile(r"(?<!\w)(?:in|since|until|till|during|early|late|mid|year|as of)[ -]\Z", re.IGNORECASE)
_PERHAPS = re.compile(
    r"(?:(?<!\w)(?:by|before|after|from|to|through|of|for|between|and|or|around|circa|fiscal|summer|autumn|winter|spring)"
    r"[ -]|\A|[(,–—] ?)\Z",
    re.IGNORECASE,
)
_DETERMINED = re.compile(r"(?<!\w)(?:the|its|their|his|her|our|a|an|this|\w+['’]s?) \Z", re.IGNORECASE)
_NAMED = re.compile(r"[\w,;)] [A-Z]\w+ \Z")  # Euro 2024
_NO_DAY = re.compile(
    r"(?:(?:Good|Black|Bloody|Super|Easter|Palm|Ash|Holy|Maundy|Cyber|Shrove|Red|Blue)|[Ee]very|[Ee]ach|[Aa]) \Z"
)
_WHICH = re.compile(r"(?<!\w)(last|past|next|coming) \Z", re.IGNORECASE)
_COMING = re.compile(
    r"(?<!\w)(?:will|would|shall|won['’]t|due|scheduled|planned|slated|set (?:to|for)|expected to|upcoming|plans? to|"
    r"(?:is|are|was|were) to|ahead of)(?!\w)[^.;:“”\"]*\Z",
    re.IGNORECASE,
)
_SAID = re.compile(r"(?<!\w)(?:said|says|told|announced|wrote|added|asked|warned|that|after)(?!\w)", re.IGNORECASE)
_SAME_YEAR = re.compile(r",?(?: of)? (?:that|the same) year(?!\w)")
_UNTIL = re.compile(r" (?:to|until|till|through) | ?[-–—] ?")
_JOINED = re.compile(r"(?:,? (?:and|or|to|until|through|till)|,| ?[-–—/])(?: (?:in|on|from|early|late|mid|the))* ?")


def find_dates(body: str, at: int, start: int, end: int, published: dt.date | None) -> tuple[Found, int]:
    """The dates of the expression that begins at ``at`` in the sentence from ``start`` to ``end``, and where it ends.

    ``at`` is the place of a digit (0-9) or of the name of a month or weekday. ([], ``at``) where no date begins there.
    """
    if body[at] in "0123456789":
        return _from_digit(body, at, start, end)
    weekday = _WEEKDAY.match(body, at, end)
    if weekday:
        return _weekday(body, weekday, start, end, published)
    return _from_month(body, at, start, end)


def _from_digit(body: str, at: int, start: int, end: int) -> tuple[Found, int]:
    if body[at : at + 3].isdigit():
        return _from_year(body, at, start, end)
    numeric = _NUMERIC.match(body, at, end)
    if numeric:
        return [(at, numeric.end(), _numeric(numeric))], numeric.end()
    pair = _DAYS_MONTH.match(body, at, end)
    if pair and int(pair["day"]) < int(pair["last"]):
        return [
            (at, pair.end("day"), _day(pair, "day")),
            (pair.start("last"), pair.end(), _day(pair, "last")),
        ], pair.end()
    named = _DAY_MONTH.match(body, at, end)
    if named and not (named["month"] == "May" and _MODAL.match(body, named.end("month"), end)):
        return [(at, named.end(), _day(named, "day"))], named.end()
    return [], at


def _from_year(body: str, at: int, start: int, end: int) -> tuple[Found, int]:
    iso = _ISO.match(body, at, end)
    if iso and _valid(iso["year"], int(iso["month"]), iso["day"]):
        return [(at, iso.end(), iso.group())], iso.end()
    years = _YEARS.match(body, at, end)
    if not years or not _is_year(body, years, start, end):
        return [], at
    found: Found = [(at, years.end("year"), years["year"])]
    if years["last"]:
        last = years["year"][: 4 - len(years["last"])] + years["last"]
        found += [(years.start("last"), years.end("last"), last)] if last > years["year"] else []
    return found, years.end()


def _numeric(match: re.Match[str]) -> str:
    """14/06/2024 and 06/14/2024 are known where one of the two can be no month; 04.06.2024 has the day first."""
    one, other = int(match["a"]), int(match["b"])
    day_first = match[2] == "." or one > 12
    day, month = (one, other) if day_first else (other, one)
    known = (day_first or other > 12 or one == other) and _valid(match["year"], month, str(day))
    return f"{match['year']}-{month:02d}-{day:02d}" if known else match["year"]


def _from_month(body: str, at: int, start: int, end: int) -> tuple[Found, int]:
    pair = _MONTH_DAYS.match(body, at, end)
    if (
        pair
        and int(pair["day"]) < int(pair["last"])
        and (pair["year"] or not counted(words_behind(body, pair.end(), end), plural=True))
    ):
        return [
            (at, pair.end("day"), _day(pair, "day")),
            (pair.start("last"), pair.end(), _day(pair, "last")),
        ], pair.end()
    dated = _MONTH_DAY.match(body, at, end)
    if dated and not _counts(body, dated, start, end):
        return [(at, dated.end(), _day(dated, "day"))], dated.end()
    in_year = _MONTH_YEAR.match(body, at, end)
    if in_year:
        return [(at, in_year.end(), f"{in_year['year']}-{_month(in_year):02d}")], in_year.end()
    alone = _MONTH_ALONE.match(body, at, end)
    if alone is None:
        return [], at
    ambiguous = alone["month"] in _AMBIGUOUS
    shown = (_SURE if ambiguous else _QUALIFIED).search(body[max(start, at - NEAR) : at])
    shown = shown or (alone["belongs"] is not None and not ambiguous)
    if not shown or (alone["month"] == "May" and _MODAL.match(body, alone.end(), end)):
        return [], at
    return [(at, alone.end(), f"--{_month(alone):02d}")], alone.end()


def _counts(body: str, dated: re.Match[str], start: int, end: int) -> bool:
    """Whether what looks like a day counts something (in May 20 people died; on May 20 people voted)."""
    if dated["th"] or dated["year"] or not _IN.search(body, start, dated.start()):
        return False
    return counted(words_behind(body, dated.end("day"), end), plural=True) is not None


def _day(match: re.Match[str], which: str) -> str | None:
    """The date of a day of a month, in the year where it is given; None where the month has no such day."""
    if not _valid(match["year"] or "2000", _month(match), match[which]):
        return None
    return f"{match['year'] or '-'}-{_month(match):02d}-{int(match[which]):02d}"


def _is_year(body: str, years: re.Match[str], start: int, end: int) -> bool:
    """Whether four digits are a year: by the words before them, and by nothing plural that they count."""
    at, year = years.start(), years["year"]
    left = body[max(start, at - NEAR) : at]
    if _OF_TIME.search(left):
        return True
    if _NAMED.search(left):
        return False
    determined = _DETERMINED.search(left) is not None
    if not determined and counted(words_behind(body, years.end(), end), plural=True):
        return False
    return (determined or _PERHAPS.search(left) is not None) and "1800" <= year < "2100"


def _weekday(body: str, match: re.Match[str], start: int, end: int, published: dt.date | None) -> tuple[Found, int]:
    at, after = match.span()
    begin = max(start, at - 160)
    joined = _AND_DAY.match(body, after, end)
    if joined:  # Friday, June 14: one date, of which the day of the month says more
        found, stop = find_dates(body, joined.end(), start, end, None)
        if found:
            return [(at, *found[0][1:]), *found[1:]], stop
    if _NO_DAY.search(body, begin, at):
        return [], at
    if published is None:
        return [(at, after, None)], after
    ago = (published.weekday() - WEEKDAYS.index(match["weekday"])) % 7
    which = _WHICH.search(body, begin, at)
    coming = _COMING.search(body, begin, at)
    if which and which[1].lower() in ("last", "past"):
        ago = ago or 7
    elif which or (ago and coming and not _SAID.search(coming.group())):
        ago -= 7
    try:
        return [(at, after, (published - dt.timedelta(days=ago)).isoformat())], after
    except OverflowError:
        return [(at, after, None)], after


def share_years(body: str, found: Found, end: int) -> Found:
    """The dates of one sentence, months without a year given that of the date they are joined with.

    ``March and November 2022``, ``from March 3 to June 10, 2022``; ``in November of that year`` has that named before.
    """
    done = list(found)
    for place in range(1, len(done)):
        (_, stop, date), (start, end_of, other) = done[place - 1], done[place]
        named = body[start:end_of] in WEEKDAYS and date and other and len(date) == 10 and other < date
        if named and _UNTIL.fullmatch(body, stop, start):  # Friday to Sunday: the Sunday that follows
            done[place] = (start, end_of, (dt.date.fromisoformat(other) + dt.timedelta(days=7)).isoformat())
    for place in range(len(done) - 2, -1, -1):
        (start, stop, date), (behind, _, other) = done[place], done[place + 1]
        dated = date and date.startswith("--") and other and other[0] != "-" and len(other) > 4
        if dated and are_joined(body, stop, behind):
            done[place] = (start, stop, other[:4] + date[1:])
    year = None
    for place, (start, stop, date) in enumerate(done):
        if year and date and date.startswith("--") and _SAME_YEAR.match(body, stop, end):
            done[place] = (start, stop, year + date[1:])
        year = date[:4] if date and date[0] != "-" else year
    return done


def are_joined(body: str, end: int, start: int) -> bool:
    """Whether a date that ends and the next one that starts are named together (in March and in November)."""
    return _JOINED.fullmatch(body, end, start) is not None


def _month(match: re.Match[str]) -> int:
    """1 to 12."""
    return next(number for number, month in enumerate(MONTHS, start=1) if month.startswith(match["month"][:3]))


def _valid(year: str, month: int, day: str) -> bool:
    try:
        dt.date(int(year), month, int(day))
    except ValueError:
        return False
    return True
