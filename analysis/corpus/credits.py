"""Agencies credited inside a paragraph or a byline, and what with: the whole text, or a part of it.

The dateline of the first paragraph and the mark at the end of the last are part of a sentence, so they are only read,
never cut. What a line of its own credits is a rule of ``furniture.yml``; the end of the last paragraph is held to the
same rules.

Limits: names and phrases in English; the credit is what is printed, so that agency copy without a credit has none.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from analysis.corpus.furniture import LONGEST, load_rules, plain

REACH = 160  # characters at the beginning and at the end of a body that are looked at


class Credit(NamedTuple):
    """The agency as printed, and whether the whole text is its or a part (a value of `analysis.tables.CREDITS`)."""

    agency: str | None
    extent: str | None


def credited(name: str, extent: str) -> Credit:
    """The credit of a name as printed; a full stop behind it is none of its own."""
    return Credit(name[:-1] if name.find(".") == len(name) - 1 else name, extent)


def dateline_credit(paragraph: str) -> Credit | None:
    """``AP`` of "MOSCOW (AP) — …", ``Reuters`` of "KYIV, June 14 (Reuters) - …", ``TASS`` of "MOSCOW. /TASS/."."""
    patterns = _patterns()
    start = plain(paragraph[:REACH])
    bracketed = "(" in start or "[" in start
    match = patterns["dateline"].match(start) if bracketed or "/" in start else None
    match = match or (patterns["undashed"].match(start) if bracketed else None) or patterns["named"].match(start)
    if match is None:
        return None
    said = match.groupdict()
    name, place = said.get("agency") or said["slashed"], said.get("place") or ""
    # "Advanced Placement (AP) — …" explains an abbreviation, "Ann Lee (Labour) — …" gives a party.
    if name == "".join(re.findall(r"\b[A-Z]", place)):
        return None
    known = said.get("slashed") or said.get("date") or place.split(",")[0].isupper() or is_agency(name)
    return Credit(name, "whole") if known else None


def is_dateline(paragraph: str) -> bool:
    """Whether a paragraph begins with a place in capitals and a dash, or with a place and an agency."""
    start = plain(paragraph[:REACH])
    patterns = _patterns()
    return bool(patterns["dateline"].match(start) or patterns["place"].match(start))


def closing_credit(paragraph: str) -> Credit | None:
    """The agency named behind the last sentence: "… he said. (Reuters)", "… he said. With inputs from agencies"."""
    match = _patterns()["last"].search(plain(paragraph[-REACH:]))
    if match is None or not match[1]:
        return None
    rules = load_rules()
    rule = rules.match(match[1], "records")
    if rule is None or not rule.credit:
        alone = credited(match[1], "whole")
        return alone if is_agency(alone.agency) else None
    name = rule.value(match[1])
    # "(Laughter)" may be a line that credits somebody on a page of its own, but not behind a sentence.
    if name is None or (match[1].strip("([])") == name and not is_agency(name)):
        return None
    return credited(name, rule.credit)


def byline_credit(byline: str) -> Credit | None:
    """Whole for "Reuters", "Associated Press staff", "Jane Doe, Associated Press"; part for "Jane Doe and agencies"."""
    seen = plain(byline)
    if len(seen) > LONGEST:
        return None
    for extent in ("whole", "part"):
        match = _patterns()[extent].fullmatch(seen)
        if match:
            return Credit(next(name for name in match.groups() if name), extent)
    return None


def is_agency(name: str) -> bool:
    """Whether ``name`` is that of a known agency, or of several."""
    return _patterns()["agency"].fullmatch(plain(name)) is not None


@lru_cache(maxsize=1)
def _patterns() -> dict[str, re.Pattern[str]]:
    terms = load_rules().terms
    cap, wires, date, sure = terms["cap"], terms["wires"], terms["date"], terms["sure_wires"]
    place = rf"{cap}(?:[ /](?:{terms['link']} )?{cap}){{0,3}}"
    where = (
        rf"(?:(?P<place>{place}(?:, {place}){{0,2}})(?:,? (?P<date>(?i:{date})))?[.,]? ?(?:[—–-]+ )?|(?i:{date}),? )?"
    )
    agency = rf"[(\[](?P<agency>{cap}(?:(?:, | and |[ /-]){cap}){{0,3}})[)\]]"
    sign = rf"[(\[](?P<agency>{sure})[)\]] ?(?=[A-ZÀ-Þ\"'])"
    role = rf"(?:,? (?i:{terms['role']}|(?:\w+ )?(?:writers?|reporters?)))?"
    by = "(?:(?:[Bb]y|BY|[Ff]rom) )?"
    return {
        "dateline": re.compile(
            rf"{where}(?:{agency} ?(?:--?|[—–:])|/ ?(?P<slashed>{cap}(?: {cap})?) ?/(?:[.,]? |[—–-]))"
        ),
        # "NEW DELHI, June 14 (PTI) The minister …"
        "undashed": re.compile(
            rf"(?:(?P<place>[A-Z][A-Z.' /-]+)(?:, {place})?(?:,? (?P<date>(?i:{date})))?|{place},? (?i:{date}))?"
            rf"[.,:]? ?{sign}"
        ),
        # "AFP - The minister …", "MOSCOW | AFP | The minister …"
        "named": re.compile(rf"(?:{place} ?[|/] ?)?(?P<agency>{sure}) ?(?:--?|[—–|:]) ?(?=[A-ZÀ-Þ\"'])"),
        "place": re.compile(rf"[A-Z][A-Z.' -]{{2,30}}(?:, {place})?(?:,? (?i:{date}))? ?(?:--|[—–]|- )"),
        "last": re.compile(r"(?:[.!?…][\"')\]]*|[\"')]) ?((?!\s)(?:[^.!?]|\.(?=\w))*\.?[)\]]?)$"),
        "agency": re.compile(wires),
        "whole": re.compile(
            rf"{by}((?i:{sure})){role}"
            rf"|(?i:{by}(?:from |our )?({terms['unnamed']}|wire reports|agency reports))"
            rf"|.+?(?: ?[,|/–—-] ?(?i:of )?| \(|,? (?i:of|for) )(?:the )?((?i:{sure})){role}\)?"
            rf"|{terms['name']} ((?i:{terms['full_wires']})){role}"
            rf"|{by}({wires}){role}"
        ),
        "part": re.compile(
            rf".+?(?:,| &| and| with|, with| \+|/)(?: (?i:reporting (?:by|from)|inputs? from|files from))? ?"
            rf"((?i:{sure}|{terms['unnamed']})|{wires})"
        ),
    }
