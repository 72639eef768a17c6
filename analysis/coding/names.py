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

from analysis.coding import grammar
from analysis.coding.codebook import Codebook
from analysis.coding.given import lexicon
from analysis.coding.spoken_names import ADDITIONS, Name, Phrase, last_name, read_name
from analysis.coding.units import Unit, Units

_ARTICLE = re.compile(r"^(?:the|a|an) ")
_ANY_ARTICLE = re.compile(r"^(?:the|a|an|The|A|An) (?=\S)")
_LEADERS = lexicon("president premier minister chancellor leader prime secretary-general king queen")
_REACH = 12  # units that a pronoun or a description looks back over


@dataclass(slots=True)
class Person:
    """A person of an article: full name, form of its first word, where that name first stands (a place in `Lines`),
    gender (m, f or unknown), words that describe."""

    name: str
    first: str
    place: int
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


class Cast:
    """The persons of one article, and the order in which they and other speakers came up."""

    def __init__(self, units: Units, runs: Sequence[Run], actors: Actors) -> None:
        self._units = units
        self._runs = runs
        self._actors = actors
        self._by_last: dict[str, list[Person]] = {}
        self._persons: dict[str, Person] = {}
        self._turns: list[Turn] = []
        self._heard: list[tuple[int, str, bool, Phrase]] = []  # turns to be: few articles ask for them
        self._all_described = False
        # Few names of an article are asked for: each is read with all others of its last name, when the first is.
        self._unread: dict[str, list[Run]] = {}
        form = units.form_at
        for run in runs:
            _, _, high, begin, _ = run
            if begin < 0:  # a name alone says nothing of who it is
                continue
            last = form(high - 1)
            if last in ADDITIONS and high - begin > 1:
                last = form(high - 2)
            self._unread.setdefault(last, []).append(run)

    # ---------------------------------------------------------------- who there is

    def _people(self, last: str) -> list[Person]:
        """The persons of a last name (a form), in the order in which their names come up."""
        for _, low, high, begin, role in self._unread.pop(last, ()):
            self._meet(low, high, begin, role)
        return self._by_last.get(last, [])

    def _person(self, name: str) -> Person | None:
        """The person of a full name."""
        if name not in self._persons:
            self._people(last_name([grammar.key(word) for word in name.split(" ")]))
        return self._persons.get(name)

    def _meet_all(self) -> None:
        """Read all names; persons are in the order in which their names come up."""
        for last in [*self._unread]:
            self._people(last)
        self._persons = dict(sorted(self._persons.items(), key=lambda item: item[1].place))

    @cached_property
    def _named_at(self) -> list[tuple[Run, Person]]:
        """The runs that name a person, with the person; what follows from them is found when it is asked for."""
        self._meet_all()
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

    def _read(self, low: int, high: int, begin: int, role: bool) -> Name:
        """What a run of capitals says that is a full name, or a surname behind a title."""
        units = self._units
        titles = units.words_at(low, begin) if begin > low and units.tag_at(low) == "T" else ()
        return read_name(units.words_at(begin, high), tuple(map(grammar.key, titles)), role)

    def _meet(self, low: int, high: int, begin: int, role: bool) -> None:
        """Take up the person that such a run names."""
        name, first, last, gender, is_persons, full = self._read(low, high, begin, role)
        if not is_persons:
            return
        person = self._persons.get(name)
        if person is None:
            if not full and last in self._by_last:
                person = self._by_last[last][0]
            else:
                person = self._persons[name] = Person(name, first, low)
                known = self._by_last.setdefault(last, [])
                # A full name takes the place of the surname alone that came before it.
                if full and known and " " not in known[0].name:
                    person.gender, person.described = known[0].gender, known[0].described
                    self._persons.pop(known[0].name, None)
                    known.pop(0)
                known.append(person)
        person.gender = person.gender or gender

    def _body(self, head: str) -> str | None:
        """The first body of several words whose name ends with one: the commission, of the European Commission."""
        form, last = self._units.form_at, grammar.key(head)
        for _, low, high, begin, role in self._runs:
            if begin >= 0 and form(high - 1) == last:
                name = self._read(low, high, begin, role)
                if name.full and not name.person and name.last == head:
                    return name.name
        return None

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
        people = self._people(last)
        if len(people) < 2:
            return people[0] if people else None
        for person in people:
            if first and person.first == first:
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
        return name in self._actors.persons or self._person(name) is not None

    def _named(self, phrase: Phrase, unit: int, text: str) -> tuple[str, bool]:
        """The name in a phrase that is no pronoun."""
        if phrase.name:
            if phrase.whole:
                return _bare(text), False
            person = self._known(phrase.last, phrase.gender, phrase.first)
            if person and (phrase.first is None or phrase.first == person.first):
                return person.name, True
            return (_bare(text), False) if phrase.body else (phrase.name, phrase.person)
        described = self._described(phrase, unit)
        if described:
            return described.name, True
        if len(phrase.forms) == 2 and phrase.forms[0] == "the":
            head = next(
                (form for form, tag in zip(phrase.forms[::-1], phrase.tags[::-1], strict=True) if tag in "jrK"), ""
            )
            body = self._body(head)
            if body:
                return body, False
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
        self._take_turns()
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
        self._heard.append((unit, name, person, phrase))
        if phrase.forms and phrase.forms[0] in ("he", "she"):
            self._take_turns()  # what it tells of a person holds from here on

    def _take_turns(self) -> None:
        """Make turns of what was heard since the last were made."""
        for unit, name, person, phrase in self._heard:
            known = self._person(name)
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
        self._heard.clear()

    def first_person_in(self, unit: int) -> str | None:
        """The first person mentioned in a unit's own words."""
        return next(iter(self._mentions.get(unit, [])), None)


def _bare(text: str) -> str:
    """A printed phrase without its article."""
    return _ANY_ARTICLE.sub("", text)
