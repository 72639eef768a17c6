"""Agencies credited inside a paragraph: the dateline of the first, the mark at the end of the last.

Both are part of a sentence, so they are only read, never cut.
"""

from __future__ import annotations

import re
from functools import lru_cache

from analysis.corpus.furniture import load_rules, plain


def dateline_agency(paragraph: str) -> str | None:
    """``AP`` of "MOSCOW (AP) — …", ``Reuters`` of "KYIV, June 14 (Reuters) - …", ``TASS`` of "MOSCOW. /TASS/."."""
    match = _patterns()["dateline"].match(plain(paragraph[:160]))
    return match["agency"] or match["slashed"] if match else None


def is_dateline(paragraph: str) -> bool:
    """Whether a paragraph begins with a place in capitals and a dash, or with a place and an agency."""
    start = plain(paragraph[:160])
    patterns = _patterns()
    return bool(patterns["dateline"].match(start) or patterns["place"].match(start))


def closing_agency(paragraph: str) -> str | None:
    """The agency named behind the last sentence: "… he said. (Reuters)", "… he said. — AP"."""
    match = _patterns()["closing"].search(plain(paragraph[-160:]))
    return match["bracketed"] or match["dashed"] or match["reported"] if match else None


def is_agency(name: str) -> bool:
    """Whether ``name`` is that of a known agency, or of several."""
    return _patterns()["agency"].fullmatch(plain(name)) is not None


@lru_cache(maxsize=1)
def _patterns() -> dict[str, re.Pattern[str]]:
    terms = load_rules().terms
    cap, wires, date = terms["cap"], terms["wires"], terms["date"]
    place = rf"{cap}(?:[ /]{cap}){{0,3}}"
    where = rf"(?:{place}(?:, {place}){{0,2}}(?:,? (?i:{date}))?[.,]? ?)?"
    return {
        "dateline": re.compile(
            rf"{where}(?:\((?P<agency>{cap}(?:[ /-]{cap}){{0,3}})\) ?(?:--?|[—–:])"
            rf"|/(?P<slashed>{cap}(?: {cap})?)/[.,]? )"
        ),
        "place": re.compile(rf"[A-Z][A-Z.' -]{{2,30}}(?:, {place})?(?:,? (?i:{date}))? ?(?:--|[—–]|- )"),
        "closing": re.compile(
            rf"[.!?\"')] ?(?:[\[(](?P<bracketed>{wires})[\])]\.?|(?:--?|[—–]) ?(?P<dashed>{wires})\.?"
            rf"|[\[(]?(?i:with (?:additional )?(?:reporting|inputs?|files) (?:by|from)) (?:the )?"
            rf"(?P<reported>{wires})\.?[\])]?)$"
        ),
        "agency": re.compile(wires),
    }
