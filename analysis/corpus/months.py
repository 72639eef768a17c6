"""Words of dates in the languages of the exports: months, weekdays and what stands beside them, by CLDR (babel).

Names are compared without case, accents and points, in all forms that CLDR has (``juin``; ``июнь``, ``июня``,
``июн.``); a few more that newsrooms print are listed here. English needs no table: the others take half a second to
load, when the first word that is not English is asked.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_LOCALES = (
    *("ar", "ar_LB", "ar_MA", "bg", "ca", "cs", "da", "de", "de_AT", "el", "en_GB", "es", "et", "eu", "fi", "fr", "gl"),
    *("he", "hr", "hu", "id", "is", "it", "lt", "lv", "mk", "nb", "nl", "nn", "pl", "pt", "ro", "ru", "sk", "sl", "sq"),
    *("sr", "sr_Latn", "sv", "tr", "uk"),
)
_ENGLISH = (
    *("jan january", "feb february", "mar march", "apr april", "may", "jun june", "jul july", "aug august"),
    *("sep sept september", "oct october", "nov november", "dec december"),
)
_ENGLISH_DAYS = (
    *("mon monday", "tue tues tuesday", "wed weds wednesday", "thu thur thurs thursday", "fri friday", "sat saturday"),
    "sun sunday",
)
_MONTHS = {name: number for number, names in enumerate(_ENGLISH, start=1) for name in names.split()}
_DAYS = {name: number for number, names in enumerate(_ENGLISH_DAYS) for name in names.split()}
# Beyond CLDR: spellings that change letters, and short forms of newsrooms.
_MORE = {
    "de": {"jaen": 1, "jaenner": 1, "feber": 2, "maerz": 3, "mrz": 3},
    "el": {"μαρ": 3, "μαι": 5, "αυγ": 8},
    "es": {"setiembre": 9, "set": 9},
    "fr": {"fev": 2, "juill": 7},
    "it": {"sett": 9},
    "nl": {"maa": 3, "mrt": 3},
    "ru": {"фев": 2, "сен": 9, "ноя": 11},
    "uk": {"кві": 4, "тра": 5, "чер": 6, "жов": 10, "гру": 12},
}
# Words beside a date and its time that say nothing else, by language.
_BESIDE = (
    "at on of the hr hrs h t z local",
    "le la les l à a de heures",
    "am um den der dem vom uhr",
    "el los las del horas hs",
    "il lo alle ore di",
    "às as dia da feira",
    "om uur u",
    "dnia o godz godzina godzinie r roku",
    "в во на по г год года ч часов",
    "о об у за р рік року",
    "kl klo klokken klockan d",
    "dne v ve hod hodin",
    "saat günü tarihinde",
    "στις ώρα",
    "יום ב",
    "يوم الساعة",
)
# Words that end or begin the name of a time zone: Moscow time, heure de Paris, за київським часом.
_CLOCKS = (
    *("time", "zeit", "ortszeit", "heure", "hora", "ora", "tijd", "tid", "czas", "czasu", "cas", "casu", "время"),
    *("времени", "час", "часом", "saati", "aikaa", "aika"),
)
_ARTICLE = re.compile(r"(?:de |d['’])(?=\w)")  # Catalan's months carry their "of"
_FOLDED = str.maketrans({"ı": "i", "ł": "l", "ø": "o", "đ": "d", "æ": "ae", "œ": "oe", "ʼ": ""})


def months_of(word: str, language: str | None = None) -> tuple[int, ...]:
    """The months (1 to 12) that ``word`` names, in ``language`` where it is known; none if it is no month's name.

    Two where languages differ: ``listopada`` is November in Polish and October in Croatian.
    """
    key = _key(word)
    if key in _MONTHS:
        return (_MONTHS[key],)
    found = _tables()[0].get(key) or _tables()[0].get(key.removeprefix("ב"), {})
    spoken = [month for month, languages in found.items() if language in languages]
    return tuple(sorted(spoken or found))


def weekday_of(word: str) -> int | None:
    """The weekday (Monday 0) that ``word`` names; None if it is none, or two in two languages."""
    key = _key(word)
    if key in _DAYS:
        return _DAYS[key]
    found = _tables()[1].get(key, set())
    return min(found) if len(found) == 1 else None


def stands_beside(word: str) -> bool:
    """Whether ``word`` may stand beside a date without saying something else: a weekday, "at", "Uhr", "года"."""
    key = _key(word)
    return key in _beside() or key in _DAYS or key in _tables()[1]


def names_clock(word: str) -> bool:
    """Whether ``word`` says whose time it is, with a place beside it: "time", "heure", "часом"."""
    return _key(word) in _CLOCKS


@lru_cache(maxsize=1)
def _beside() -> frozenset[str]:
    return frozenset(_key(word) for words in _BESIDE for word in words.split())


@lru_cache(maxsize=1)
def _tables() -> tuple[dict[str, dict[int, set[str]]], dict[str, set[int]]]:
    """Key of a month's name → month → languages; key of a weekday's name, and of its words → weekdays."""
    from babel import Locale

    months: dict[str, dict[int, set[str]]] = {}
    days: dict[str, set[int]] = {}
    for locale in _LOCALES:
        language, names = locale.partition("_")[0], Locale.parse(locale)
        language = "no" if language in ("nb", "nn") else language
        for form in ("format", "stand-alone"):
            for width in ("wide", "abbreviated"):
                for month, name in names.months[form][width].items():
                    months.setdefault(_key(_ARTICLE.sub("", name)), {}).setdefault(month, set()).add(language)
                for day, name in names.days[form][width].items():
                    for part in {_key(name), *map(_key, re.split(r"[\s-]", name))}:
                        days.setdefault(part, set()).add(day)
    for language, more in _MORE.items():
        for name, month in more.items():
            months.setdefault(_key(name), {}).setdefault(month, set()).add(language)
    return months, days


def _key(word: str) -> str:
    """Small letters without accents, points and marks."""
    if word.isascii():
        return word.lower().strip(".")
    folded = unicodedata.normalize("NFKD", word.casefold().translate(_FOLDED))
    return "".join(letter for letter in folded if letter.isalpha() or letter in " -")
