"""Who is meant: names, titles, descriptions and pronouns of one article, resolved to one name each.

Full names are found by capitalisation (``Ann Lee``), titles and appositions say what they are (``the mayor``), and
given names or titles which pronoun they take. A surname stands for the full name that ends with it; a pronoun for
whoever of fitting gender spoke, or was the subject, last; a description (*the mayor*) for the person introduced so.
Aliases and sides of a codebook of kind *actor* come first where one is given.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, NamedTuple

from analysis.coding import grammar
from analysis.coding.codebook import Codebook
from analysis.coding.given import FEMALE, MALE, NO_PERSON, SURNAMES, lexicon

if TYPE_CHECKING:
    from analysis.coding.units import Unit, Units

_ARTICLE = re.compile(r"^(?:the|a|an) ")
_ANY_ARTICLE = re.compile(r"^(?:the|a|an|The|A|An) (?=\S)")
_INITIALS = re.compile(r"[A-Z]\.?(?:[A-Z]\.?)?")
_NAME_BEHIND = re.compile(r".*[Tr]N+")
_BEFORE_ASIDE = re.compile(r"[^pI]*")
_LEADERS = lexicon("president premier minister chancellor leader prime secretary-general king queen")
_POSSESSIVES = lexicon("his her their its")
_REACH = 12  # units that a pronoun or a description looks back over


@dataclass(slots=True)
class Person:
    """A person of an article: full name, gender (m, f or unknown), words that describe, units of mention."""

    name: str
    gender: str | None = None
    described: set[str] = field(default_factory=set)


@dataclass(slots=True)
class Turn:
    """Who was named or spoke in a unit, for those that pronouns stand for later."""

    unit: int
    name: str
    person: bool
    gender: str | None = None
    plural: bool = False
    human: bool = False  # a person, named or not (a spokeswoman)


@dataclass(frozen=True)
class Actors:
    """Aliases (by `plain`) → actor; the actors that are persons."""

    names: dict[str, str]
    persons: frozenset[str]


def actors_of(codebooks: Sequence[Codebook]) -> Actors:
    """The aliases of all variables of kind actor. A variable named ``people`` holds persons."""
    names: dict[str, str] = {}
    persons: set[str] = set()
    for book in codebooks:
        for title, variable in book.variables.items():
            if variable.kind != "actor":
                continue
            for actor, aliases in variable.categories.items():
                names.setdefault(plain(actor), actor)
                for alias in aliases:
                    names.setdefault(plain(alias), actor)
            if title == "people":
                persons.update(variable.categories)
    return Actors(names, frozenset(persons))


@lru_cache(maxsize=1 << 14)
def plain(name: str) -> str:
    """A name as it is compared: small letters, straight apostrophes, no article, single spaces."""
    folded = " ".join(name.casefold().replace("’", "'").replace("-", " ").split())
    return _ARTICLE.sub("", folded)


# Of capitals: number of the unit; first place of titles, one past the last of names, and first of the full name or the
# name behind a title (-1 where neither is said), as places in `Lines`; whether a role stands beside it.
Run = tuple[int, int, int, int, bool]


class Name(NamedTuple):
    """What a run of capitals says, whoever's article it is: the name, its last word, gender, whether a person's."""

    name: str
    last: str
    gender: str | None
    person: bool
    full: bool  # of several words


@lru_cache(maxsize=1 << 14)
def read_name(printed: tuple[str, ...], titles: tuple[str, ...], role: bool) -> Name:
    """A full name, or a name behind titles (their forms). role: whether a word like *spokesman* stands beside it."""
    person = is_person(printed, bool(titles), role)
    last = _last_name(printed) if person else printed[-1].lower()
    return Name(" ".join(printed), last, _gender(printed, titles), person, len(printed) > 1)


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
        printed = words[low:high]
        titled = low > 0 and tags[low - 1] == "T"
        if len(printed) > 2 and low > 1 and tags[low - 1] == "o" and tags[low - 2] == "T":
            printed, titled = printed[1:], True
        name, whole = " ".join(printed), low > 0 and tags[low - 1] == "o" and not titled
        first, last = grammar.key(printed[0]) if len(printed) > 1 else None, _last_name(printed)
        gender = _gender(printed, [form for form, tag in zip(forms[:low], tags, strict=False) if tag == "T"])
        body = set(tags[:low]) <= set("DTN") and not is_person(printed, titled, False)
        role = low > 0 and tags[low - 1] == "r"
        person = (len(printed) > 1 or titled) and is_person(printed, titled, role)
    return Phrase(words, forms, tags, pronoun, name, whole, first, last, gender, person, body, head, capital, human)


class Cast:
    """The persons of one article, and the order in which they and other speakers came up."""

    def __init__(self, units: Units, runs: Sequence[Run], actors: Actors) -> None:
        self._units = units
        self._runs = runs
        self._actors = actors
        self._by_last: dict[str, list[Person]] = {}
        self._persons: dict[str, Person] = {}
        self._bodies: dict[str, str] = {}
        self._turns: list[Turn] = []
        self._all_described = False
        for _, low, high, begin, role in runs:
            if begin >= 0:  # a name alone says nothing of who it is
                self._meet(low, high, begin, role)

    # ---------------------------------------------------------------- who there is

    @cached_property
    def _named_at(self) -> list[tuple[Run, Person]]:
        """The runs that name a person, with the person; what follows from them is found when it is asked for."""
        found = []
        form, by_last = self._units.form_at, self._by_last
        for run in self._runs if by_last else ():
            _, low, high, _, _ = run
            last = form(high - 1)
            people = by_last.get(last)
            if people and (high - low == 1 or form(low) != last):
                found.append((run, people[0]))
        return found

    @cached_property
    def _mentions(self) -> dict[int, list[str]]:
        """The names of the persons mentioned in each unit."""
        mentions: dict[int, list[str]] = {}
        for run, person in self._named_at:
            mentions.setdefault(run[0], []).append(person.name)
        return mentions

    def _descriptions(self, person: Person) -> set[str]:
        """The words that describe a person anywhere in the article."""
        if not self._all_described:
            self._all_described = True
            for (number, low, high, _, _), named in self._named_at:
                unit = self._units[number]
                self._describe(unit, low - unit.low, high - unit.low, named)
        return person.described

    def _meet(self, low: int, high: int, begin: int, role: bool) -> None:
        """Take up a run of capitals that is a full name, or a surname behind a title."""
        units = self._units
        titles = units.words_at(low, begin) if begin > low and units.tag_at(low) == "T" else ()
        name, last, gender, is_persons, full = read_name(
            units.words_at(begin, high), tuple(map(grammar.key, titles)), role
        )
        if not is_persons:
            if full:
                self._bodies.setdefault(last, name)
            return
        person = self._persons.get(name)
        if person is None:
            if not full and last in self._by_last:
                person = self._by_last[last][0]
            else:
                person = self._persons[name] = Person(name)
                known = self._by_last.setdefault(last, [])
                # A full name takes the place of the surname alone that came before it.
                if full and known and " " not in known[0].name:
                    person.gender, person.described = known[0].gender, known[0].described
                    self._persons.pop(known[0].name, None)
                    known.pop(0)
                known.append(person)
        person.gender = person.gender or gender

    def _describe(self, unit: Unit, low: int, high: int, person: Person) -> None:
        """Keep the title before a name and the head of the apposition behind it."""
        at = low
        while at < high and unit.tags[at] == "T":
            person.described.add(unit.form(at))
            at += 1
        before = low - 1
        while before >= 0 and unit.tags[before] in "TNrj" and low - before < 5:
            person.described.add(unit.form(before))
            before -= 1
        if unit.tags[high : high + 1] == ",":
            for at in range(high + 1, min(high + 9, len(unit.tags))):
                if unit.tags[at] not in "DjrTKN#osc":
                    break
                if unit.tags[at] in "rTj" or (unit.tags[at] == "N" and unit.form(at) in grammar.ROLES):
                    person.described.add(unit.form(at))

    def _known(self, last: str, gender: str | None, first: str | None = None) -> Person | None:
        """The person of a surname; of several the one whose given name or gender fits, else the first."""
        people = self._by_last.get(last)
        if not people:
            return None
        for person in people:
            if first and grammar.key(person.name.split()[0]) == first:
                return person
        fitting = [person for person in people if not gender or person.gender in (None, gender)]
        return (fitting or people)[0]

    # ---------------------------------------------------------------- who is meant

    def resolve(self, phrase: Phrase, unit: int, printed: str) -> tuple[str | None, bool]:
        """The name of who is meant by a printed phrase, and whether it is a person's.

        None for a pronoun that nobody was found for.
        """
        aliases = self._actors.names
        actor = aliases.get(plain(printed)) if aliases else None
        if actor:
            return actor, self._is_person_name(actor)
        if phrase.pronoun:
            found = self._pronoun(phrase.pronoun, unit)
            return (found.name, found.person) if found else (None, False)
        name, person = self._named(phrase, unit, printed)
        actor = aliases.get(plain(name)) if aliases else None
        return (actor, person or self._is_person_name(actor)) if actor else (name, person)

    def _is_person_name(self, name: str) -> bool:
        return name in self._actors.persons or name in self._persons

    def _named(self, phrase: Phrase, unit: int, text: str) -> tuple[str, bool]:
        """The name in a phrase that is no pronoun."""
        if phrase.name:
            if phrase.whole:
                return _bare(text), False
            person = self._known(phrase.last, phrase.gender, phrase.first)
            if person and (phrase.first is None or phrase.first == grammar.key(person.name.split()[0])):
                return person.name, True
            return (_bare(text), False) if phrase.body else (phrase.name, phrase.person)
        described = self._described(phrase, unit)
        if described:
            return described.name, True
        if len(phrase.forms) == 2 and phrase.forms[0] == "the":
            head = next(
                (form for form, tag in zip(phrase.forms[::-1], phrase.tags[::-1], strict=True) if tag in "jrK"), ""
            )
            if head in self._bodies:
                return self._bodies[head], False
        return _bare(text), False

    def _described(self, phrase: Phrase, unit: int) -> Person | None:
        """The person that a description stands for: the Russian leader, the mayor."""
        heads = list(zip(phrase.forms, phrase.tags, strict=True))
        if len(heads) > 4 or heads[0][1] not in "DTN" or (heads[0][1] == "D" and heads[0][0] not in ("the", "this")):
            return None
        if heads[-1][1] not in "rT" or any(tag not in "DTNrj" for _, tag in heads):
            return None
        head = heads[-1][0]
        besides = {form for form, tag in heads[:-1] if tag in "NTj"}
        if heads[0][1] == "N" and len(heads) == 2 and head != "president":
            return None
        for name in self._recent(unit):
            person = self._persons.get(name)
            if person is None:
                continue
            known = self._descriptions(person)
            fits = head in known or (head in ("leader", "head") and known & _LEADERS)
            if fits and (not besides or besides & known):
                return person
        return None

    def _recent(self, unit: int) -> list[str]:
        """Names of persons, the latest mentioned first; those that come later in the article at the end."""
        before = [name for at in reversed(self._mentions) if at <= unit for name in self._mentions[at]]
        return list(dict.fromkeys([*before, *self._persons]))

    def _pronoun(self, form: str, unit: int) -> Turn | None:
        if form in ("he", "she", "his", "her"):
            return self._single("m" if form in ("he", "his") else "f", unit)
        if form in ("they", "their"):
            turns = [turn for turn in self._turns if unit - turn.unit <= 4]
            plural = [turn for turn in turns if turn.plural]
            return plural[-1] if plural else next((turn for turn in reversed(turns) if not turn.human), None)
        if form in ("it", "its"):
            return next((t for t in reversed(self._turns) if not t.human and not t.plural and unit - t.unit <= 4), None)
        return None

    def _single(self, gender: str, unit: int) -> Turn | None:
        """Who he or she is: the last speaker of that gender, or a person named since, if nobody spoke meanwhile."""
        for at in range(unit, max(unit - _REACH, -1), -1):
            spoke = [turn for turn in self._turns if turn.unit == at and turn.human and turn.gender in (None, gender)]
            if spoke:
                return spoke[-1]
            if at == unit:
                continue  # names in what he said are not his
            for name in self._mentions.get(at, []):
                person = self._persons.get(name)
                if person and person.gender in (None, gender):
                    return Turn(at, name, True, gender)
        for name in self._mentions.get(unit, []):
            if name in self._persons and self._persons[name].gender in (None, gender):
                return Turn(unit, name, True, gender)
        return None

    def heard(self, unit: int, name: str | None, person: bool, phrase: Phrase) -> None:
        """Keep who spoke in a unit, for the pronouns that follow."""
        if not name:
            return
        known = self._persons.get(name)
        gender = known.gender if known else None
        if phrase.forms and phrase.forms[0] in ("he", "she"):
            gender = "m" if phrase.forms[0] == "he" else "f"
            if known and known.gender is None:
                known.gender = gender
        head = phrase.head
        plural = not person and head.endswith("s") and phrase.tags[-1] != "N"
        human = person or phrase.alone or (not plural and phrase.human)
        if head in grammar.MEN or head in grammar.WOMEN:
            gender = "m" if head in grammar.MEN else "f"
        self._turns.append(Turn(unit, name, person, gender, plural, human))

    def first_person_in(self, unit: int) -> str | None:
        """The first person mentioned in a unit's own words."""
        return next(iter(self._mentions.get(unit, [])), None)


def _bare(text: str) -> str:
    """A printed phrase without its article."""
    return _ANY_ARTICLE.sub("", text)


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


def is_person(printed: Sequence[str], titled: bool, role: bool) -> bool:
    """Whether a run of capitals names a person, as far as its words and what stands beside it tell."""
    forms = [grammar.key(word) for word in printed]
    if len(forms) == 2 and (titled or forms[0] in MALE or forms[0] in FEMALE) and forms[1] in SURNAMES:
        return True
    if len(forms) > 4 or not NO_PERSON.isdisjoint(forms):
        return False
    if any(map(str.isdigit, "".join(printed))):
        return False
    given = forms[0] in MALE or forms[0] in FEMALE or _INITIALS.fullmatch(printed[0])
    if titled or given:
        return True
    if any(len(word) > 1 and word.isupper() and "." not in word for word in printed):
        return False
    return role or len(forms) in (2, 3)


def _last_name(printed: Sequence[str]) -> str:
    """The form of the last word of a name that is no addition (Lee Jr.)."""
    last = grammar.key(printed[-1])
    return grammar.key(printed[-2]) if last in ("jr", "sr", "ii", "iii") and len(printed) > 1 else last


def _gender(printed: Sequence[str], titles: Sequence[str]) -> str | None:
    """m or f where a title or given name tells."""
    for title in titles:
        if title in grammar.MEN:
            return "m"
        if title in grammar.WOMEN:
            return "f"
    first = grammar.key(printed[0])
    if len(printed) > 1 and (first in MALE) != (first in FEMALE):
        return "m" if first in MALE else "f"
    return None
