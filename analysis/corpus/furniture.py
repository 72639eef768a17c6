"""What on a news page is not the article: the rules of ``furniture.yml``, and which of them fits a line.

A rule is data (name, zones, patterns), so that a new outlet's furniture is a line in a YAML file. The patterns of all
rules of a zone are compiled into one regular expression once; a line is matched from end to end, so that a sentence
that merely mentions "share this article" is no furniture.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import yaml

# `analysis.tables.CREDITS`, without the second that pandas takes to load: processes that read start often.
CREDITS = ("whole", "part")
ZONES = ("top", "head", "body", "tail")
LONG, LONGEST = 160, 400  # longer lines are paragraphs: for most rules, and for all
LONGEST_KEPT = 1_500  # of rules whose lines stay in the body

_KEYS = {"name", "zones", "long", "records", "keeps", "separates", "opens", "gives", "credit", "begins"}
_KEYS |= {"patterns", "cased"}
_TERM = re.compile(r"\{([a-z_]+)\}")
_STRAIGHT = dict.fromkeys("‘’‚‛", "'") | dict.fromkeys("“”„‟", '"')


@dataclass(frozen=True)
class Rule:
    """One rule: its name, where it holds, what it says of the lines around it and of the article, and its patterns."""

    name: str
    zones: tuple[str, ...]
    long: bool
    records: bool
    keeps: bool
    separates: str | None
    opens: bool
    gives: str | None
    credit: str | None
    begins: str | None
    patterns: tuple[str, ...]

    def value(self, line: str) -> str | None:
        """What the line gives to the rule's column, as printed; None where the pattern that fits names no value."""
        seen, printed = plain(line), " ".join(line.split())
        for pattern in self.patterns:
            match = re.fullmatch(pattern, seen)
            if match and match.groupdict().get("value"):
                return printed[match.start("value") : match.end("value")].strip()
            if match:
                return None
        return None


@dataclass(frozen=True)
class Rules:
    """All rules, terms, and words of sites' names."""

    rules: tuple[Rule, ...]
    terms: dict[str, str]
    site_ends: tuple[str, ...]
    site_begins: tuple[str, ...]

    def match(self, line: str, zone: str) -> Rule | None:
        """The first rule of ``zone`` (top, head, body, tail, records, or kept: those whose lines stay in the body) that
        fits the whole ``line``; None if none."""
        if not 0 < len(line) <= (LONGEST_KEPT if zone == "kept" else LONGEST):
            return None
        begins = _begins(zone)
        number = _match(line, zone) if begins is None or begins.match(line) else None
        return None if number is None else self.rules[number]


@lru_cache(maxsize=1 << 14)  # lines of furniture return on every page of an outlet
def _match(line: str, zone: str) -> int | None:
    found = _matcher(zone, len(line) > LONG).fullmatch(plain(line))
    return int(found.lastgroup[1:]) if found and found.lastgroup else None


def plain(line: str) -> str:
    """``line`` as the patterns see it: straight quotation marks, each run of white space as one space."""
    seen = " ".join(line.split())
    if not seen.isascii():
        for curly, straight in _STRAIGHT.items():
            seen = seen.replace(curly, straight)
    return seen


@lru_cache(maxsize=1)
def load_rules() -> Rules:
    """The shipped rules, read once. Raises ValueError where the file breaks its own format."""
    content = yaml.safe_load(Path(__file__).with_name("furniture.yml").read_text(encoding="utf-8"))
    terms = _terms(content["terms"])
    rules = tuple(_rule(entry, _sources(entry, terms)) for entry in content["rules"])
    site = content["site"]
    return Rules(rules, terms, tuple(site["ends"]), tuple(site["begins"]))


def _holds(rule: Rule, zone: str) -> bool:
    if rule.keeps or zone == "kept":
        return rule.keeps and zone == "kept"
    return rule.records if zone == "records" else zone in rule.zones


def _terms(given: dict[str, str]) -> dict[str, str]:
    """Each term with the terms in it replaced."""
    done: dict[str, str] = {}

    def resolve(name: str) -> str:
        if name not in given:
            raise ValueError(f"furniture.yml: unknown term {{{name}}}")
        if name not in done:
            done[name] = _TERM.sub(lambda match: resolve(match[1]), given[name])
        return done[name]

    for name in given:
        resolve(name)
    return done


def _sources(entry: dict[str, Any], terms: dict[str, str]) -> list[str]:
    """The patterns of a rule as regular expressions."""
    wrong = sorted(set(entry) - _KEYS) or sorted(set(entry.get("zones", ["none"])) - set(ZONES))
    wrong = wrong or sorted({entry.get("credit", "whole")} - set(CREDITS))
    if wrong or not (entry.get("patterns") or entry.get("cased")):
        raise ValueError(f"furniture.yml: rule {entry.get('name')!r}: {wrong or 'no patterns'}")
    loose = [f"(?i:{pattern})" for pattern in entry.get("patterns", ())]
    filled = _terms({**terms, **{f"pattern {n}": p for n, p in enumerate([*loose, *entry.get("cased", ())])}})
    return [pattern for name, pattern in filled.items() if name.startswith("pattern ")]


def _rule(entry: dict[str, Any], sources: list[str]) -> Rule:
    return Rule(
        name=entry["name"],
        zones=tuple(entry["zones"]),
        long=entry.get("long", False),
        records=entry.get("records", False),
        keeps=entry.get("keeps", False),
        separates=entry.get("separates"),
        opens=entry.get("opens", False),
        gives=entry.get("gives"),
        credit=entry.get("credit", "whole") if entry.get("gives") == "agency" else None,
        begins=entry.get("begins"),
        patterns=tuple(sources),
    )


@cache
def _begins(zone: str) -> re.Pattern[str] | None:
    """What a line of a zone begins with if any of its rules is to fit; None where not all rules tell."""
    begins = [rule.begins for rule in load_rules().rules if _holds(rule, zone)]
    return re.compile("|".join(map(str, begins)), re.IGNORECASE) if begins and None not in begins else None


@cache
def _matcher(zone: str, long: bool) -> re.Pattern[str]:
    """All patterns of the rules of a zone as one regular expression; its last group says which rule fits.

    Compiled when a line of the zone is first seen: a large one takes a fifth of a second, and records need few.
    """
    kept = [
        f"(?P<r{number}>{'|'.join(rule.patterns).replace('(?P<value>', '(?:')})"
        for number, rule in enumerate(load_rules().rules)
        if _holds(rule, zone) and rule.long >= long
    ]
    return re.compile("|".join(kept))
