"""An outlet's name as a source prints it → one name for one outlet, by the table ``outlets.yml``.

Exports print one paper in many ways: ``The Guardian (London)``, ``GUARDIAN``, ``theguardian.com``, ``The Guardian -
Final Edition``, ``The Guardian; London (UK)``. A name is joined with a listed outlet only where all that is printed
beside it is an edition, a place listed for this outlet, or another of its names: ``The Guardian (Sydney)`` stays as it
is, since it may be another paper. `analysis.corpus.outlet_names` lists what was joined and what looks alike.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

from analysis.study import UserError, read_yaml

SHIPPED = Path(__file__).parent / "outlets.yml"

DOMAIN = re.compile(r"(?:[^\W_](?:[\w-]*[^\W_])?\.)+(?:[^\W\d_]{2,}|xn--[a-z0-9-]+)")
BESIDE = re.compile(r"\s+[-–—|•]{1,2}\s+|\s*[()\[\];,|]\s*")
_WORD = re.compile(r"[^\W_]+")
_POINTS = str.maketrans({"&": " and ", "'": "", "’": "", ".": ""})
_LETTERS = str.maketrans({"ø": "o", "æ": "ae", "œ": "oe", "ł": "l", "đ": "d", "ı": "i"})
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "å": "aa"})
_SITES = frozenset(
    ("amp", "edition", "eu", "in", "int", "m", "mobile", "news", "uk", "us", "web", "www", "www1", "www2", "www3")
)
# Whose addresses are of other people's articles.
_ELSEWHERE = frozenset(
    (
        *("archive.is", "archive.org", "archive.ph", "archive.today", "bit.ly", "europresse.com", "factiva.com"),
        *("google.com", "lexis.com", "lexisnexis.com", "nexis.com", "nexisuni.com", "proquest.com", "t.co"),
    )
)
ONLINE = frozenset(("online", "web", "website", "digital"))
_NUMBERED = re.compile(r"\d{1,2}(?:st|nd|rd|th)?|ed\d{1,2}")
_ISSUE = re.compile(r"(?:no|nr|n|num|numero|issue|vol|volume) \d{1,6}")
_SMALL = frozenset(
    (
        "a",
        "an",
        "and",
        "at",
        "de",
        "del",
        "della",
        "der",
        "des",
        "di",
        "do",
        "dos",
        "du",
        "e",
        "el",
        "en",
        "et",
        "for",
        "i",
        "in",
        "la",
        "las",
        "le",
        "les",
        "los",
        "of",
        "on",
        "the",
        "to",
        "und",
        "van",
        "von",
        "y",
    )
)


class Outlets(NamedTuple):
    """A table of outlets.

    ``names``: key of a whole name (`key_of`, `_exact`) → its outlet. ``bases``: key of a name without its place → the
    outlets that have it. ``domains``: domain → outlet. ``places``: outlet → keys of what may stand beside its name.
    ``countries``: name of a list of places → their keys. ``editions``: words of editions.
    """

    names: dict[str, str]
    bases: dict[str, tuple[str, ...]]
    domains: dict[str, str]
    places: dict[str, frozenset[str]]
    countries: dict[str, frozenset[str]]
    editions: frozenset[str]


def normalise(printed: str | None, table: Outlets) -> str | None:
    """The one name of the outlet that is ``printed`` as a name, a domain or an address; None where nothing is.

    A name that is not listed keeps its wording and its place: editions in brackets or behind a dash go, ``www.`` and
    the path of an address too, and what is all in capitals (or all in small letters) gets capitals as names have them.
    """
    text = _tidy(printed)
    if not _WORD.search(text):
        return None
    return _listed(text, table) or _unlisted(text, table)


def outlet_at(url: str, table: Outlets) -> str | None:
    """The outlet of an address: the listed one, else its domain; None where it is none or of a place that shows others'
    articles (an archive, a search)."""
    host = _host(_tidy(url)).removeprefix("www.")
    if not host or any(f".{host}".endswith(f".{other}") for other in _ELSEWHERE):
        return None
    return _by_domain(host, table) or host


def read_outlets(own: Path | None = None) -> Outlets:
    """The shipped table, with a study's ``own`` file of the same form, whose statements win.

    Raises UserError, naming file and entry, where a file is no such table or says two things of one name.
    """
    return _extended(_shipped(), own) if own else _shipped()


@lru_cache(maxsize=1)
def _shipped() -> Outlets:
    return _extended(Outlets({}, {}, {}, {}, {}, frozenset()), SHIPPED)


def _extended(table: Outlets, file: Path) -> Outlets:
    """A table with what a file says."""
    content = read_yaml(file)
    unknown = sorted(map(str, set(content) - {"editions", "places", "outlets"}))
    if unknown:
        raise UserError(f"{file}: unknown key {unknown[0]!r}; allowed: editions, places, outlets")
    words = {word for _, texts in _lists({"editions": content.get("editions")}, str(file)) for word in texts}
    editions = table.editions.union(*(key_of(word).split() for word in words))
    countries = dict(table.countries)
    for country, values in _lists(content.get("places"), f"{file}: places"):
        countries[country] = frozenset(map(key_of, [_base(country), *values]))
    bases, places = dict(table.bases), dict(table.places)
    domains: dict[str, str] = {}
    exact: dict[str, str] = {}
    folded: dict[str, set[str]] = {}
    for outlet, values in _lists(content.get("outlets"), f"{file}: outlets"):
        around = set(places.get(outlet, ()))
        for value in (outlet, *values):
            if value in countries:
                around |= countries[value]
                continue
            known: dict[str, str] = {}
            key, around = value, around | _places(value)
            if value.islower() and DOMAIN.fullmatch(value):
                key, known = value.removeprefix("www."), domains
            elif _base(value):
                key, known = _exact(value), exact
                for name in (value, _base(value)):
                    for form in _forms(name):
                        bases[form] = tuple(dict.fromkeys((*bases.get(form, ()), outlet)))
                for form in _forms(value):
                    folded.setdefault(form, set()).add(outlet)
            if known.setdefault(key, outlet) != outlet:
                raise UserError(f"{file}: outlets: {value!r} stands under {known[key]!r} and {outlet!r}")
        places[outlet] = frozenset(around)
    # Without accents two papers can have one name (Hospodářské noviny, Hospodárske noviny): then only accents tell.
    alone = {form: min(outlets) for form, outlets in folded.items() if len(outlets) == 1}
    return Outlets(table.names | alone | exact, bases, table.domains | domains, places, countries, editions)


def _lists(content: object, where: str) -> Iterator[tuple[str, list[str]]]:
    if content is not None and not isinstance(content, dict):
        raise UserError(f"{where}: not a mapping; expected lines of `name: [text, text]`")
    for name, values in (content or {}).items():
        texts = [name, *(values if isinstance(values, list) else [] if values is None else [values])]
        if not all(isinstance(text, str) and key_of(text) for text in texts):
            raise UserError(f"{where}: {name!r}: expected `name: [text, text]`, each of them text (put it in quotes)")
        yield name, texts[1:]


def _base(name: str) -> str:
    """``The Guardian`` of "The Guardian (Nigeria)"; nothing of "(Nigeria)"."""
    return name.partition("(")[0].strip()


def _places(name: str) -> set[str]:
    """The keys of what stands in brackets."""
    return {key for key in map(key_of, re.split(r"[(),;]", name.partition("(")[2])) if key}


def _listed(text: str, table: Outlets) -> str | None:
    """The listed outlet that ``text`` is of; None if there is none, or more than one."""
    ends = [len(text), *(match.start() for match in reversed(list(BESIDE.finditer(text))))]
    for end in ends:
        head, beside = text[:end].strip(), [key for key in map(key_of, BESIDE.split(text[end:])) if key]
        found = _by_domain(head, table)
        if found and all(_fits(key, found, table) for key in beside):
            return found
        placed = not all(_is_edition(key, table) for key in beside)
        for name in (_exact(head), key_of(head), _offline(head)):
            if name in table.names and not placed:
                return table.names[name]
            outlets = [
                outlet for outlet in table.bases.get(name, ()) if all(_fits(key, outlet, table) for key in beside)
            ]
            if placed and len(outlets) == 1:
                return outlets[0]
    return None


def _fits(key: str, outlet: str, table: Outlets) -> bool:
    """Whether what stands beside a name is an edition, a place of the outlet, or another name of it."""
    left = _without_edition(key, table)
    if not left or {key, left} & table.places[outlet] or table.names.get(key) == outlet:
        return True
    return set(left.split()) <= set(key_of(outlet).split())


def _is_edition(key: str, table: Outlets) -> bool:
    """Whether what stands beside a name says an edition or an issue and nothing else."""
    return not _without_edition(key, table)


def _without_edition(key: str, table: Outlets) -> str:
    if _ISSUE.fullmatch(key):
        return ""
    return " ".join(word for word in key.split() if word not in table.editions and not _NUMBERED.fullmatch(word))


def _offline(head: str) -> str:
    """The key of "Bild" of "BILD Online"; empty where no such word ends the name."""
    *words, last = key_of(head).split() or [""]
    return " ".join(words) if last in ONLINE else ""


def _by_domain(text: str, table: Outlets) -> str | None:
    """The listed outlet of a domain, an address, or a name like "Le Monde.fr"."""
    host = _host(text)
    while host and host not in table.domains:
        site, _, rest = host.partition(".")
        host = rest if site in _SITES and "." in rest else ""
    return table.domains.get(host)


def _host(text: str) -> str:
    """The domain that ``text`` is, in small letters; empty if it is none."""
    seen = text.lower()
    if "://" in seen or seen.startswith("www."):
        try:
            seen = urlsplit(seen if "://" in seen else f"//{seen}").hostname or ""
        except ValueError:
            return ""
    seen = seen.replace(" ", "").replace("’", "").replace("'", "").translate(_UMLAUTS)
    seen = "".join(letter for letter in unicodedata.normalize("NFKD", seen) if not unicodedata.combining(letter))
    return seen if DOMAIN.fullmatch(seen) else ""


def _unlisted(text: str, table: Outlets) -> str:
    """A name that is not listed, without editions; a domain in small letters; capitals as names have them."""
    for match in BESIDE.finditer(text):
        beside = [key for key in map(key_of, BESIDE.split(text[match.start() :])) if key]
        cut = _tidy(text[: match.start()])
        if cut and match[0].strip() not in (",", ";") and beside and all(_is_edition(key, table) for key in beside):
            text = cut
            break
    host = _host(text) if " " not in text else ""
    if host:
        return host.removeprefix("www.")
    words = text.split()
    if not (text.isupper() and any(len(word) > 4 for word in words)) and not (text.islower() and len(words) > 1):
        return text
    return " ".join(_capital(word, first=number == 0, shouted=text.isupper()) for number, word in enumerate(words))


def _capital(word: str, *, first: bool, shouted: bool) -> str:
    """``word`` with a capital; small words stay small, and short ones in capitals, which may be initials, stay so."""
    if word.lower() in _SMALL:
        return word.capitalize() if first else word.lower()
    if shouted and len(word.strip("()")) < 4 and word.lower() not in ("new", "sun"):
        return word
    return re.sub(r"[^\W\d_][^\W_]*(?:['’][^\W_]+)*", lambda match: match[0].capitalize().replace("i\u0307", "i"), word)


def _tidy(printed: str | None) -> str:
    text = " ".join(unicodedata.normalize("NFC", printed or "").split())
    return text.strip('"“”„«»*•·:;,|- ')


def key_of(name: str) -> str:
    """What is compared of a name: letters and figures in small, without accents, points and "the"."""
    folded = unicodedata.normalize("NFKD", name.casefold().translate(_LETTERS))
    return _exact("".join(letter for letter in folded if not unicodedata.combining(letter)))


def _exact(name: str) -> str:
    """A key that keeps the accents."""
    words = _WORD.findall(unicodedata.normalize("NFC", name.casefold().translate(_POINTS)))
    return " ".join(words[1:] if len(words) > 1 and words[0] == "the" else words)


def _forms(name: str) -> set[str]:
    """The keys that find a name: with its accents, without them, and with ue for ü."""
    return {_exact(name), key_of(name), key_of(name.lower().translate(_UMLAUTS))}
