"""Quotation marks → the stretches inside them.

Marks are told apart by where they stand: one with space before and a letter behind opens, one behind a letter or a
stop closes, one between letters is an apostrophe. Every paragraph is read by itself, so that a lost mark does no harm
beyond it. A paragraph left open goes on in the next one if that opens with a mark again (the custom of quoting several
paragraphs); otherwise the missing mark is recorded in *quote_issues*. Marks inside a quotation are part of it.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pandas as pd

from analysis.coding.columns import table_of

# Families whose marks pair with each other; a family's marks nest in, but never close, another's.
_FAMILY = {
    **dict.fromkeys('"“”„‟', "double"),
    **dict.fromkeys("«»‹›", "angle"),
    **dict.fromkeys("'‘’‚‛", "single"),
    **dict.fromkeys("「」", "corner"),
    **dict.fromkeys("『』", "white corner"),
}
_ANY_MARK = re.compile(f"[{''.join(_FAMILY)}]")
# Of single marks those between letters or digits are apostrophes and passed over (half of all marks in news).
_MARK = re.compile(f"[{''.join(_FAMILY)}](?!(?<=[^\\W_]['‘’‚‛])[^\\W_])")
_SINGLE = re.compile("['’‘‛]")
_STOP = re.compile(r"[.!?…](?=\s)")
_OPENS_BY_FORM = set("“„‟«‹‘‚‛「『")
_CLOSES_BY_FORM = set("”»›’」』")
_BEFORE_OPENING = set("([{—–-/¿¡…") | set(_FAMILY)
# Words that begin with an apostrophe.
_ELIDED = re.compile(r"(?:\d\ds?|em|tis|twas|til|cause|bout|n|round|ere)\b", re.IGNORECASE)


@dataclass
class _Open:
    """A quotation being read: where its content starts, its family, whether it goes on from the paragraph before."""

    start: int
    family: str
    continued: bool


def find_quotes(bodies: Sequence[str], sentence_starts: Sequence[Sequence[int]]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The quotations of each body, outermost only, and the marks without fellows.

    Args:
        bodies: any strings. sentence_starts: for each body the sorted first characters of its sentences.

    Returns:
        quotes: text (which body), quote, start, end, content (``body[start:end]``), kind, continued. A quotation over
        several paragraphs has a row for each, `continued` from the second on. Spans never overlap.
        issues: text, start, mark, issue.
    """
    quotes: list[tuple] = []
    issues: list[tuple] = []
    for text, (body, starts) in enumerate(zip(bodies, sentence_starts, strict=True)):
        if _ANY_MARK.search(body) is None:
            continue
        found, lost = _read(_plain_marks(body), starts)
        quotes.extend(
            (text, number, start, end, body[start:end], _kind(body[start:end], body[end : end + 2]), continued)
            for number, (start, end, continued) in enumerate(found)
        )
        issues.extend((text, start, body[start], issue) for start, issue in lost)
    return _table(quotes, _QUOTES), _table(issues, _ISSUES)


_QUOTES = {
    "text": "int64", "quote": "int64", "start": "int64", "end": "int64", "content": "str", "kind": "str",
    "continued": "bool",
}  # fmt: skip
_ISSUES = {"text": "int64", "start": "int64", "mark": "str", "issue": "str"}


def _table(rows: list[tuple], kinds: dict[str, str]) -> pd.DataFrame:
    """The table of some rows, with the types of its columns."""
    return table_of(list(zip(*rows, strict=True)) if rows else [()] * len(kinds), kinds)


def _plain_marks(body: str) -> str:
    """The body, as long as before, with the marks of typewriters and of the Penn Treebank (`` '') made plain.

    Each pair becomes a mark and a space, outside the quotation, so that all offsets stay.
    """
    if "``" in body or "''" in body:
        body = body.replace("``", " “")
        body = re.sub(r"(?:(?<=\s)|^)''(?=\w)", " “", body)
        body = re.sub(r"''" if "“" in body else r"(?<!\d)''", "” ", body)
    return re.sub(r"(?<![\w`])`(?=\w)", "‘", body) if "`" in body else body


def _kind(content: str, behind: str) -> str:
    """``direct`` for whole sentences, ``partial`` for words set into the reporter's own sentence."""
    opening = content.lstrip("[(…. ")[:1]
    stopped = content.rstrip()[-1:] in ",.!?…—-" or behind[1:] in (",", ".")  # British style: the stop outside
    return "direct" if opening.isupper() and stopped and len(content.split()) > 2 else "partial"


def _read(body: str, sentence_starts: Sequence[int]) -> tuple[list[tuple[int, int, bool]], list[tuple[int, str]]]:
    """Spans (start, end, continued) and lost marks (position, issue) of one body."""
    spans: list[tuple[int, int, bool]] = []
    lost: list[tuple[int, str]] = []
    left_open: str | None = None  # the family that the paragraph before left open
    waiting: tuple[int, str] | None = None  # the mark that opened it: an issue unless the next paragraph goes on
    end = 0
    for begin, stop, places in _marked_paragraphs(body):
        if left_open and body[end:begin].strip():  # paragraphs without marks lie between
            lost.append(waiting)
            left_open = waiting = None
        end = stop
        marks = _roles(body, begin, end, places)
        goes_on = left_open is not None and _opens_paragraph(body, begin, marks, left_open)
        if waiting and not goes_on:
            lost.append(waiting)
        left_open, waiting = _read_paragraph(body, begin, end, marks, goes_on, sentence_starts, spans, lost)
    if waiting:
        lost.append(waiting)
    return [_without_space(body, *span) for span in spans if body[span[0] : span[1]].strip()], sorted(lost)


def _without_space(body: str, start: int, end: int, continued: bool) -> tuple[int, int, bool]:
    """A span without the white space at its edges."""
    content = body[start:end]
    return end - len(content.lstrip()), start + len(content.rstrip()), continued


def _marked_paragraphs(body: str) -> Iterator[tuple[int, int, list[int]]]:
    """Start and end of each paragraph that has marks, and where they stand."""
    places = [found.start() for found in _MARK.finditer(body)]
    first = 0
    while first < len(places):
        begin = body.rfind("\n", 0, places[first]) + 1
        end = body.find("\n", places[first])
        end = len(body) if end < 0 else end
        beyond = bisect_left(places, end, first)
        yield begin, end, places[first:beyond]
        first = beyond


def _opens_paragraph(body: str, begin: int, marks: list[tuple[int, str]], family: str) -> bool:
    """Whether the paragraph begins with an opening mark of the family left open."""
    return (
        bool(marks)
        and marks[0][1] == "open"
        and _FAMILY[body[marks[0][0]]] == family
        and not body[begin : marks[0][0]].strip()
    )


def _read_paragraph(
    body: str,
    begin: int,
    end: int,
    marks: list[tuple[int, str]],
    goes_on: bool,
    sentence_starts: Sequence[int],
    spans: list[tuple[int, int, bool]],
    lost: list[tuple[int, str]],
) -> tuple[str | None, tuple[int, str] | None]:
    """Pair the marks of one paragraph; what stays open at its end is returned with its issue."""
    current: _Open | None = None
    depth = 0
    for place, (at, role) in enumerate(marks):
        family = _FAMILY[body[at]]
        if current is not None and family != current.family:
            continue  # another kind of mark inside a quotation is part of it
        if role == "open" and current is None:
            current, depth = _Open(at + 1, family, goes_on and not spans_since(spans, begin)), 1
        elif role == "open" and _nests(body, marks, place, family):
            depth += 1
        elif role == "open":
            stop = _stop_before(body, current.start, at)
            spans.append((current.start, stop, current.continued))
            lost.append((current.start - 1, "opened and not closed: taken to end before the next opening mark"))
            current, depth = _Open(at + 1, family, False), 1
        elif current is not None:
            depth -= 1
            if depth == 0:
                spans.append((current.start, at, current.continued))
                current = None
        elif family != "single":
            start = _assumed_start(body, begin, at, sentence_starts, spans)
            spans.append((start, at, False))
            lost.append((at, "closed and not opened: taken to start with its sentence"))
    if current is None:
        return None, None
    stop = begin + len(body[begin:end].rstrip())
    if stop > current.start:
        spans.append((current.start, stop, current.continued))
    return current.family, (current.start - 1, "opened and not closed: taken to end with its paragraph")


def spans_since(spans: list[tuple[int, int, bool]], begin: int) -> bool:
    """Whether a span has been closed since character ``begin``."""
    return bool(spans) and spans[-1][0] >= begin


def _nests(body: str, marks: list[tuple[int, str]], place: int, family: str) -> bool:
    """Whether an opening mark inside a quotation of its own family opens one within it: two marks must close it."""
    following = [role for at, role in marks[place + 1 : place + 8] if _FAMILY[body[at]] == family]
    return following[:2] == ["close", "close"]


def _stop_before(body: str, start: int, at: int) -> int:
    """Where a quotation that was never closed ends before the next mark opens: behind its last stop, or at the mark."""
    stops = [found.end() for found in _STOP.finditer(body[start:at])]
    return start + stops[-1] if stops else start + len(body[start:at].rstrip())


def _assumed_start(
    body: str, begin: int, at: int, sentence_starts: Sequence[int], spans: list[tuple[int, int, bool]]
) -> int:
    """Where a quotation that was never opened starts: with its sentence, but behind the quotation before it."""
    place = bisect_right(sentence_starts, at) - 1
    start = max(begin, sentence_starts[place] if place >= 0 else begin)
    if spans and spans[-1][1] + 1 > start:
        start = spans[-1][1] + 1
    start = min(start, at)
    return start + len(body[start:at]) - len(body[start:at].lstrip())


def _roles(body: str, begin: int, end: int, places: list[int]) -> list[tuple[int, str]]:
    """The marks of a paragraph that open or close, in order; apostrophes, feet and inches are left out."""
    roles: list[tuple[int, str]] = []
    single_open = False
    double_open = False
    for at in places:
        mark = body[at]
        before = body[at - 1] if at > begin else " "
        behind = body[at + 1] if at + 1 < end else " "
        if _FAMILY[mark] == "single":
            role = _single_role(body, at, mark, before, behind, end, single_open)
            if role:
                single_open = role == "open"
                roles.append((at, role))
            continue
        role = _role(mark, before, behind, double_open)
        if mark == '"' and role == "close" and before.isdigit() and not double_open:
            continue  # inches
        double_open = role == "open"
        roles.append((at, role))
    return roles


def _role(mark: str, before: str, behind: str, is_open: bool) -> str:
    """Whether a mark opens or closes: by its place where that is plain, else by its form, else by turns."""
    may_open = (before.isspace() or before in _BEFORE_OPENING) and not behind.isspace()
    may_close = not before.isspace() and (not behind.isalnum())
    if may_open != may_close:
        return "open" if may_open else "close"
    if mark in _OPENS_BY_FORM and not (is_open and mark == "“" and not may_open):
        return "open"
    if mark in _CLOSES_BY_FORM:
        return "close"
    return "close" if is_open else "open"


def _single_role(body: str, at: int, mark: str, before: str, behind: str, end: int, is_open: bool) -> str | None:
    """The role of a single mark, or None for an apostrophe, a prime or an elision."""
    if before.isalnum() and behind.isalnum():
        return None
    opening_place = (before.isspace() or before in _BEFORE_OPENING) and (
        behind.isalnum() or behind in "[(…$£€" or behind in _FAMILY
    )
    if opening_place:
        if mark == "’" or _ELIDED.match(body, at + 1):
            return None
        return "open" if not is_open and _closes_later(body, at + 1, end) else None
    if is_open and not before.isspace() and mark in "'’‘":
        plural = before in "sS" and behind == " " and at + 2 < end and body[at + 2].islower()
        return None if plural and _closes_later(body, at + 1, end) else "close"
    return None


def _closes_later(body: str, begin: int, end: int) -> bool:
    """Whether a single mark that can close stands between two characters, before another opens."""
    for found in _SINGLE.finditer(body, begin, end):
        at = found.start()
        before = body[at - 1]
        behind = body[at + 1] if at + 1 < end else " "
        if not before.isspace() and not behind.isalnum():
            return True
        if found.group() == "‘" and before.isspace():
            return False
    return False
