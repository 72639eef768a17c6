"""One line of a page or record against the rules: whether it is furniture, and what it says about the article."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any, NamedTuple

from analysis.corpus.credits import Credit, byline_credit, closing_credit, credited, dateline_credit
from analysis.corpus.dates import find_date
from analysis.corpus.furniture import CREDITS, LONGEST, load_rules, plain
from analysis.corpus.headlines import key, looks_like_site, n_words, without_suffix
from analysis.corpus.lines import Line

_DIGIT = re.compile(r"\d")
_BARS = re.compile(r"\s*[|•·]\s*|\s+[/–—-]\s+")
_CAPITALISED = r"[^\W\d_a-zа-яё][\w'’.-]*"
_PERSON = rf"{_CAPITALISED}(?: {_CAPITALISED}){{1,2}}"
_NAME = re.compile(rf"{_PERSON}(?:(?:, | and | & ){_PERSON})*")


class Cut(NamedTuple):
    """A line of furniture: its rule, how it bounds the head, and what it says for which columns.

    An agency is said under the kind of its credit, whole or part.
    """

    line: Line
    rule: str
    separates: str | None = None
    opens: bool = False
    says: tuple[tuple[str, str], ...] = ()
    zone: str = ""

    @property
    def labelled(self) -> bool:
        """Whether the line says of itself that it is the date of publication."""
        return re.match(r"(?i)(?:first |originally )?(?:publi|posted|issued)", self.line.text) is not None


def is_name(text: str) -> bool:
    """Whether ``text`` looks like the names of persons: two or three words each, with a capital first."""
    return _NAME.fullmatch(text) is not None


def known_lines(outlet: str | None, site: str | None, head: Line | None) -> dict[str, str]:
    """Lines known from elsewhere on the page or from the manifest → the rule that cuts them where they return."""
    known = {key(name): "site-name" for name in (outlet, site) if name}
    if head and n_words(head.text) > 2:
        known[key(head.text)] = known[key(without_suffix(head.text))] = "repeated-headline"
    known.pop("", None)
    return known


def classify(line: Line, zone: str, known: dict[str, str]) -> Cut | None:
    """What a line is in ``zone`` if it is furniture: known from elsewhere, several things in a row, or by a rule."""
    same = _same(line.text, known)
    if same == "repeated-headline" or (same and zone != "body"):
        return Cut(line, same, "strong" if same == "repeated-headline" else None)
    if zone in ("top", "head", "tail") and len(line.text) <= 160:
        several = _several(line.text, frozenset(known))
        if several:
            return Cut(line, several[0], "strong", False, several[1], zone)
    rule = load_rules().match(line.text, zone)
    if rule is None:
        return None
    value = rule.value(line.text) if rule.gives else None
    says = ((rule.credit or rule.gives, value),) if rule.gives and value else ()
    return Cut(line, rule.name, rule.separates, rule.opens, says, zone)


def _same(text: str, known: dict[str, str]) -> str | None:
    """The rule under which ``text`` is known; None if it is not."""
    first = next((char.casefold() for char in text if char.isalnum()), None)
    if first is None or len(text) > LONGEST or not any(name.startswith(first) for name in known):
        return None
    return known.get(key(text)) or known.get(key(without_suffix(text)))


@lru_cache(maxsize=1 << 12)
def _several(text: str, known: frozenset[str]) -> tuple[str, tuple[tuple[str, str], ...]] | None:
    """Rule and columns of a line with date, byline, reading time or site side by side ("Jane Doe | 4 June 2024")."""
    parts = [part for part in _BARS.split(text) if part]
    if len(parts) < 2:
        parts = _around_date(text)
    if not 2 <= len(parts) <= 6:
        return None
    rules = load_rules()
    found = [rules.match(part, "head") for part in parts]
    bounds = [rule for rule in found if rule and rule.separates == "strong"]
    dated = any(rule.name in ("date", "updated", "read-time") for rule in bounds)
    said: list[tuple[str, str]] = []
    updated = False
    for part, rule in zip(parts, found, strict=True):
        updated = updated or (rule is not None and rule.name == "updated")
        if rule and rule.gives == "published":
            # The line says a date and perhaps, in its next part, the time; what stands behind "updated" is neither.
            said += [] if updated else [("published", text[max(text.find(part), 0) :])]
        elif rule and rule.gives:
            value = rule.value(part)
            said += [(rule.credit or rule.gives, value)] if value else []
        elif rule is None and dated and is_name(part) and not looks_like_site(part):
            said.append(("byline", part))
        elif rule is None and not (key(part) in known or (dated and n_words(part) <= 4 and looks_like_site(part))):
            return None
    return (bounds[0].name, tuple(said)) if bounds else None


@lru_cache(maxsize=1)
def _moment() -> re.Pattern[str]:
    return re.compile(f"(?i:(?<!\\w){load_rules().terms['moment']}(?!\\w))")


def _around_date(text: str) -> list[str]:
    """A line cut at the date in it: "By Jane Doe, June 14, 2024" → "By Jane Doe", "June 14, 2024"."""
    moments = _moment().finditer(plain(text)) if _DIGIT.search(text) else ()
    match = next((match for match in moments if find_date(match[0])), None)
    if not match:
        return []
    printed = " ".join(text.split())
    parts = [printed[: match.start()], match[0], printed[match.end() :]]
    return [part for part in (re.sub(r"^[\s,;:()–—-]+|(?:[\s,;:()–—-]|\bon\b)+$", "", part) for part in parts) if part]


def particulars(cuts: list[Cut], *, byline: str | None = None) -> dict[str, Any]:
    """What furniture says: byline, disclosure, published, and ``credits`` in the order in which they count.

    A date with a label counts before one in the head, then above, then below. ``byline``, where a table gives it,
    stands for the page's.
    """
    page: dict[str, Any] = {"byline": byline, "published": None}
    dates: list[tuple[int, int, Any]] = []
    disclosures: list[str] = []
    credits: list[Credit | None] = []
    for cut in sorted(cuts, key=lambda cut: cut.line.number):
        for column, value in cut.says:
            if column == "published":
                rank = 0 if cut.labelled else {"head": 1, "top": 2}.get(cut.zone, 3)
                dates.append((rank, cut.line.number, find_date(value)))
            elif column == "disclosure":
                disclosures.append(value)
            elif column in CREDITS:
                credits.append(credited(value, column))
            elif page[column] is None:
                page[column] = value
    found = sorted((date for date in dates if date[2]), key=lambda date: date[:2])
    page["published"] = found[0][2] if found else None
    page["disclosure"] = " ".join(disclosures) or None
    page["credits"] = [*credits, byline_credit(page["byline"]) if page["byline"] else None]
    return page


def with_body(page: dict[str, Any], paragraphs: list[str]) -> dict[str, Any]:
    """``page`` with its body, and with the agency that furniture, byline or body credit and what with.

    A credit with the whole text counts before one with a part; then furniture before byline, dateline and tail.
    """
    body = [dateline_credit(paragraphs[0]), closing_credit(paragraphs[-1])] if paragraphs else []
    credits = [credit for credit in (*page.pop("credits"), *body) if credit]
    credit = min(credits, key=lambda credit: CREDITS.index(credit.extent), default=Credit(None, None))
    return {**page, "body": "\n\n".join(paragraphs), "agency": credit.agency, "credit": credit.extent}
