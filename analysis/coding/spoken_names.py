"""What names and phrases say by themselves, in whoever's article: whether a person's, gender, last name, description.

Full names are found by capitalisation (``Ann Lee``); titles, roles and given names tell persons from bodies.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from analysis.coding import grammar
from analysis.coding.given import FEMALE, MALE, NO_PERSON, SURNAMES, lexicon

_INITIALS = re.compile(r"[A-Z]\.?(?:[A-Z]\.?)?")
_NAME_BEHIND = re.compile(r".*[Tr]N+")
_BEFORE_ASIDE = re.compile(r"[^pI]*")
_POSSESSIVES = lexicon("his her their its")
ADDITIONS = lexicon("jr sr ii iii")  # behind a last name


class Name(NamedTuple):
    """What a run of capitals says, whoever's article it is: the name, the forms of its first and last word, gender,
    whether a person's."""

    name: str
    first: str
    last: str
    gender: str | None
    person: bool
    full: bool  # of several words


@lru_cache(maxsize=1 << 14)
def read_name(printed: tuple[str, ...], titles: tuple[str, ...], role: bool) -> Name:
    """A full name, or a name behind titles (their forms). role: whether a word like *spokesman* stands beside it."""
    forms = tuple(map(grammar.key, printed))
    person = is_person(printed, forms, bool(titles), role)
    last = last_name(forms) if person else printed[-1].lower()
    return Name(" ".join(printed), forms[0], last, _gender(forms, titles), person, len(printed) > 1)


class Phrase(NamedTuple):
    """What a phrase that may speak says by itself, whoever's article it is."""

    words: tuple[str, ...]  # as printed, and forms
    forms: tuple[str, ...]
    tags: str
    pronoun: str | None  # a pronoun or possessive that stands alone
    name: str | None  # the name in it; None where there is none
    whole: bool  # a part of a longer name: the whole is the name (the Bank of England)
    first: str | None  # the given name, if there are several
    last: str
    gender: str | None
    person: bool
    body: bool  # names a body (the General Accounting Office)
    head: str  # the last noun before what only modifies it (a spokesman | for the firm)
    alone: bool  # one word with a capital, as likely a person as not
    human: bool  # whether the head is a person's, if no person is named


@lru_cache(maxsize=1 << 14)
def read_phrase(words: tuple[str, ...], tags: str) -> Phrase:
    """A phrase of words as printed, each with its tag."""
    forms = tuple(map(grammar.key, words))
    alone = len(forms) == 1
    pronoun = forms[0] if alone and (tags in ("H", "W") or forms[0] in _POSSESSIVES) else None
    head = ""
    for at, (form, tag) in enumerate(zip(forms, tags, strict=True)):
        if at and tag in "poI":
            break
        if tag in "rjK":
            head = form
    # Obama said: as likely a person as not
    capital = alone and tags == "N" and words[0][1:].islower() and forms[0] not in NO_PERSON
    human = head not in grammar.BODIES and grammar.is_role(head)
    core = name_in(tags)
    name, whole, first, last, gender, person, body = None, False, None, "", None, False, False
    if core:
        low, high = core
        printed, named = words[low:high], forms[low:high]
        titled = low > 0 and tags[low - 1] == "T"
        if len(printed) > 2 and low > 1 and tags[low - 1] == "o" and tags[low - 2] == "T":
            printed, named, titled = printed[1:], named[1:], True
        name, whole = " ".join(printed), low > 0 and tags[low - 1] == "o" and not titled
        first, last = named[0] if len(named) > 1 else None, last_name(named)
        gender = _gender(named, [form for form, tag in zip(forms[:low], tags, strict=False) if tag == "T"])
        body = set(tags[:low]) <= set("DTN") and not is_person(printed, named, titled, False)
        role = low > 0 and tags[low - 1] == "r"
        person = (len(printed) > 1 or titled) and is_person(printed, named, titled, role)
    return Phrase(words, forms, tags, pronoun, name, whole, first, last, gender, person, body, head, capital, human)


def name_in(tags: str) -> tuple[int, int] | None:
    """Where in a phrase the name stands: its last run of capitals, if the phrase is not about something of theirs."""
    if "c" in tags and "c" in _BEFORE_ASIDE.match(tags)[0]:
        return None  # Lee and Park: both speak
    head = len(tags)
    for at, tag in enumerate(tags):
        if tag in "pcI" or (tag == "o" and not (at and tags[at - 1] in "TN" and tags[at + 1 : at + 2] == "N")):
            head = at
            break
    high = head
    clitic = tags.rfind("s", 0, high)
    if clitic >= 0 and not _NAME_BEHIND.fullmatch(tags, clitic + 1, high):
        return None  # Norway's Foreign Ministry: the whole is the name
    low = high
    while low > 0 and tags[low - 1] == "N":
        low -= 1
    return (low, high) if low < high else None


def is_person(printed: Sequence[str], forms: Sequence[str], titled: bool, role: bool) -> bool:
    """Whether a run of capitals names a person, as far as its words and what stands beside it tell."""
    given = forms[0] in MALE or forms[0] in FEMALE
    if len(forms) == 2 and (titled or given) and forms[1] in SURNAMES:
        return True
    if len(forms) > 4 or not NO_PERSON.isdisjoint(forms):
        return False
    letters = "".join(printed)
    if not letters.isalpha() and any(map(str.isdigit, letters)):
        return False
    if titled or given or _INITIALS.fullmatch(printed[0]):
        return True
    if any(len(word) > 1 and word.isupper() and "." not in word for word in printed):
        return False
    return role or len(forms) in (2, 3)


def last_name(forms: Sequence[str]) -> str:
    """The form of the last word of a name that is no addition (Lee Jr.)."""
    return forms[-2] if forms[-1] in ADDITIONS and len(forms) > 1 else forms[-1]


def _gender(forms: Sequence[str], titles: Sequence[str]) -> str | None:
    """m or f where a title or given name tells."""
    for title in titles:
        if title in grammar.MEN:
            return "m"
        if title in grammar.WOMEN:
            return "f"
    first = forms[0]
    if len(forms) > 1 and (first in MALE) != (first in FEMALE):
        return "m" if first in MALE else "f"
    return None
