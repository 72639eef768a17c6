"""Numerals: ``700,000``, ``1.5 million``, ``2bn``, ``twenty-one``, ``two-thirds``, ``half a million``, ``dozens``.

Counts without a number are bounds from below: *dozens* is at least 24, *hundreds* at least 200, *tens of thousands* at
least 20,000; *a dozen* or *half a million* is about so much. Limits: forms of English; decimal points, not commas.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import groupby
from typing import NamedTuple


class Numeral(NamedTuple):
    """Where a numeral stands, its value, the bound it has of itself (least, about; else None), and its form.

    form: digits, word, part (a fraction of something), vague (dozens).
    """

    start: int
    end: int
    value: float
    bound: str | None
    form: str


def _counted_from(first: int, step: int, words: str) -> dict[str, int]:
    return {word: first + step * place for place, word in enumerate(words.split())}


ONES = _counted_from(1, 1, "one two three four five six seven eight nine")
TEENS = _counted_from(10, 1, "ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen")
TENS = _counted_from(20, 10, "twenty thirty forty fifty sixty seventy eighty ninety")
RANKS = _counted_from(1, 1, "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth")
_SMALL = {**ONES, **TEENS, **TENS}
_SCALES = {"dozen": 12.0, "hundred": 1e2, "thousand": 1e3, "lakh": 1e5, "million": 1e6, "crore": 1e7, "billion": 1e9}
_SCALES |= {"trillion": 1e12, "k": 1e3, "m": 1e6, "mn": 1e6, "mln": 1e6, "b": 1e9, "bn": 1e9, "bln": 1e9, "tn": 1e12}
_SCALES |= {"tens": 10, "scores": 20, "trn": 1e12}
_PARTS = {"half": 2, "third": 3, "quarter": 4, "fourth": 4, "fifth": 5, "sixth": 6, "eighth": 8, "tenth": 10}
_MARKS = {"½": 1 / 2, "¼": 1 / 4, "¾": 3 / 4, "⅓": 1 / 3, "⅔": 2 / 3}


def either(words: Iterable[str]) -> str:
    """The words as alternatives of a pattern, the longest first.

    Words that begin alike share their beginning, so that it is read once: a pattern of hundreds of words is tried at
    many places, and at most of them the first letter tells that none stands there.
    """
    return "|".join(
        re.escape(first).replace(r"\ ", " ")
        + (f"(?:{either(rests)})" if (rests := [word[1:] for word in alike]) != [""] else "")
        for first, alike in groupby(sorted(set(words), reverse=True), key=lambda word: word[:1])
    )


_BIG = "thousand|million|billion|trillion"
_TWO = rf"(?:{either(TENS)})(?:[- ](?:{either(ONES)}))?|{either(TEENS)}|{either(ONES)}"
_THREE = rf"(?:(?:{_TWO})[- ]hundred(?:(?: and)?[ -](?:{_TWO}))?(?!s)|{_TWO})"
_WORDS = rf"(?i:{_THREE}(?:[- ](?:{_BIG})(?:,?(?: and)? {_THREE}(?![- ](?:{_BIG})))?)?)"
_DIGITS = (
    r"[0-9]{1,3}(?:,[0-9]{2,3})*,[0-9]{3}(?![0-9])(?:\.[0-9]+)?|[0-9]{1,3}(?:[\u00a0\u202f\u2009 ][0-9]{3})+(?![0-9])|"
    r"[0-9]+(?:\.[0-9]+)?"
)
_NUMBER = re.compile(
    rf"(?:(?P<digits>{_DIGITS})(?P<mark>[½¼¾⅓⅔])?|(?P<words>{_WORDS})(?![\w’']))(?P<half>[- ]and[- ]a[- ]half)?"
    rf"(?:[- \u00a0](?P<scale>dozen|hundred|{_BIG}|lakh|crore)(?!s?\w)|"
    r"[ \u00a0]?(?P<short>mln|bln|trn|mn|bn|tn|[kmbKMB])(?!\w))?"
)
_VAGUE = re.compile(
    r"(?i:(?P<many>dozens|hundreds|thousands|millions|billions|trillions|(?:tens|scores)(?= of ))"
    r"(?: of (?P<of>thousands|millions|billions|trillions))?)(?!\w)"
)
_SCALE = re.compile(rf"(?i:dozen|hundred|{_BIG})(?!\w)")
_FEW = re.compile(r"(?<!\w)(?P<few>an?|several|a few|many) \Z", re.IGNORECASE)
_HALF_OF_UNIT = re.compile(r"(?i:half an?)(?= (?:hour|day|year|mile|century)(?!\w))")
_HALF = re.compile(rf"(?i:half(?:[- ]an?)?)[- ](?P<scale>dozen|{_BIG})(?!\w)")
_PART = re.compile(
    rf"(?i:(?P<over>{either(ONES)})(?P<glue>[- ]))?(?P<part>(?i:{either(_PARTS)}|halve))(?P<many>s)?(?![\w-])"
)
_OF_A = re.compile(rf" of an? (?P<scale>{_BIG})(?!\w)", re.IGNORECASE)
_OF_A_UNIT = re.compile(r" of an?(?= (?:percentage point|percent|per cent|mile|kilomet|century|second|hour|day|year))")
_A = re.compile(r"(?<!\w)an? \Z", re.IGNORECASE)
_OF = re.compile(r" of\b| (?:the|its|their|his|her|our|this|that|these|those|all)\b| majority\b")
_BETWEEN_DIGITS = str.maketrans(dict.fromkeys(", \u00a0\u202f\u2009"))
MOST_DIGITS = 15  # a float holds no more, and nothing is counted so


def read_numeral(body: str, at: int, start: int, end: int) -> Numeral | None:
    """The numeral that begins at ``at`` (of its own first word or digit), in the sentence from ``start`` to ``end``.

    Short scales (``40m``, ``5k``) are read as such; whether the m is a metre is for the reader of units to say.
    """
    if body[at] in "0123456789":
        return _plain(body, at, end)
    return _part(body, at, start, end) or _plain(body, at, end) or _vague(body, at, start, end)


def _plain(body: str, at: int, end: int) -> Numeral | None:
    match = _NUMBER.match(body, at, end)
    if match is None:
        return None
    digits = match["digits"]
    if digits:
        plain = digits.translate(_BETWEEN_DIGITS)
        if len(plain) > MOST_DIGITS:
            return None
        value = float(plain) + _MARKS.get(match["mark"], 0)
    else:
        value = _worth(match["words"])
    value += 0.5 if match["half"] else 0
    scale = (match["scale"] or match["short"] or "").lower()
    bound = "about" if scale == "dozen" else None
    return Numeral(at, match.end(), round(value * _SCALES.get(scale, 1), 6), bound, "digits" if digits else "word")


def _worth(words: str) -> float:
    total = current = 0.0
    for word in re.split(r"[-, ]+", words.lower()):
        if word == "hundred":
            current = max(current, 1) * 100
        elif word in _SCALES:
            total, current = total + max(current, 1) * _SCALES[word], 0.0
        else:
            current += _SMALL.get(word, 0)
    return total + current


def _part(body: str, at: int, start: int, end: int) -> Numeral | None:
    """A fraction: two-thirds, a third of, half the; and half a million."""
    half = _HALF.match(body, at, end)
    if half:
        return Numeral(at, half.end(), _SCALES[half["scale"].lower()] / 2, "about", "word")
    half = _HALF_OF_UNIT.match(body, at, end)
    if half:
        return Numeral(at, half.end(), 0.5, None, "word")
    match = _PART.match(body, at, end)
    if match is None:
        return None
    name, over = match["part"].lower(), ONES[match["over"].lower()] if match["over"] else 1
    parts = _PARTS.get(name, 2)
    behind = _OF.match(body, match.end(), end)
    if over >= parts or (over > 1) != bool(match["many"]):
        return None
    if match["over"]:
        return (
            Numeral(at, match.end(), over / parts, None, "part") if over > 1 or behind or match["glue"] == "-" else None
        )
    lead = _A.search(body, start, at)
    of_a = _OF_A.match(body, match.end(), end)
    of_a_unit = _OF_A_UNIT.match(body, match.end(), end)
    if lead and of_a_unit:
        return Numeral(lead.start(), of_a_unit.end(), 1 / parts, None, "word")
    if lead and of_a:
        return Numeral(lead.start(), of_a.end(), _SCALES[of_a["scale"].lower()] / parts, "about", "word")
    if not behind or not (lead or name == "half") or (name != "half" and body[match.end() : match.end() + 3] != " of"):
        return None
    return Numeral(lead.start() if lead else at, match.end(), 1 / parts, None, "part")


def _vague(body: str, at: int, start: int, end: int) -> Numeral | None:
    """Dozens, tens of thousands, several hundred, a million."""
    match = _VAGUE.match(body, at, end)
    if match:
        many, of = match["many"].lower(), (match["of"] or "").lower()
        value = 2 * _SCALES.get(many, _SCALES.get(many[:-1], 1)) * _SCALES.get(of[:-1], 1)
        return Numeral(at, match.end(), value, "least", "vague")
    match = _SCALE.match(body, at, end)
    few = _FEW.search(body, max(start, at - 12), at) if match else None
    if match is None or few is None:
        return None
    value = _SCALES[match[0].lower()]
    if few["few"].lower() in ("a", "an"):
        return Numeral(few.start(), match.end(), value, "about", "word")
    return Numeral(few.start(), match.end(), 2 * value, "least", "vague")
