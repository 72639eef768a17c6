"""What each report of a unit holds: where its content begins and ends, given the reports beside it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from analysis.coding import clauses, sources
from analysis.coding.sources import Span
from analysis.coding.units import Unit

_MAIN, _MAIN_OF_RELATIVE = re.compile(r",R*[XvV]"), re.compile(r",R*[XvVe]")  # a verb behind a comma
_RELATIVE = re.compile(r",[^XvVe]*[W]?[DNTrjs#]*$")


@dataclass(slots=True)
class Report:
    """One attribution in a unit. Spans are places in its tags.

    how: of the source (plain, relative, shared, infinitive, none, after, possessive). frame: what the cue governs.
    content: the stretches reported. begin: the first place of source or cue.
    """

    cue: Span
    lemma: str
    cue_class: str | None
    frame: str
    how: str
    source: Span | None
    start: int
    begin: int
    content: list[Span] = field(default_factory=list)


def bound(unit: Unit, found: list[Report]) -> None:
    """Cut what each report holds where another begins."""
    tags = unit.tags
    for number, report in enumerate(found):
        if report.content:
            continue
        if report.frame == "end":
            report.content = _in_front(tags, number, found)
        else:
            end = _end(tags, number, found, report.start)
            report.content = [(report.start, end)]
            if report.frame == "quote" and tags[:1] == "i" and tags[report.begin - 1 : report.begin] == ",":
                report.content.insert(0, (0, report.begin))  # If they refuse, she said, “…”
        pieces = [clauses.trimmed(tags, span) for span in report.content if span[0] < span[1]]
        report.content = [span for span in pieces if span]


def _end(tags: str, number: int, found: list[Report], start: int) -> int:
    """Where a stretch that begins at a place ends: with the unit, a semicolon, or before another report."""
    end = len(tags)
    report = found[number]
    for main in (_MAIN_OF_RELATIVE if report.how == "relative" else _MAIN).finditer(tags, start):
        at = main.start()
        opened = tags.rfind(",", start, at)
        if "c" not in tags[start:at] and not (opened >= start and sources.is_aside(tags, opened + 1, at)):
            end = at  # the main clause goes on: the firm, which said it would sell, fell
            break
    aside = report.cue[0] > 1 and _RELATIVE.search(tags, 0, report.begin + 1)
    if aside and "W" in aside.group() and tags[start : start + 1] == "Q" and tags[start + 1 : start + 2] == ",":
        end = start + 1  # the pact, which critics call “toothless,” expires
    over = tags.find("Q.", start)
    if over >= 0:
        end = min(end, over + 1)
    semicolon = tags.find(";", start)
    if semicolon > 0:
        end = min(end, semicolon)
    for other in found[number + 1 :]:
        at = other.cue[0]
        if at <= start or at >= end:
            continue
        if other.how == "plain" and tags[other.begin - 1] == "," and other.begin > start + 1 and other.source:
            end = min(end, other.begin - 1)
        elif other.frame == "end":
            comma = tags.rfind(",", start, other.begin + 1)
            if comma > start and other.how != "shared":
                end = min(end, comma)
        elif other.how == "shared":
            joint = max(tags.rfind(mark, start, at) for mark in ",cb~")
            nearest = not any(between.how != "shared" and between.cue[0] < at for between in found[number + 1 :])
            if joint > start and (nearest or is_outer(tags, other)):
                end = min(end, joint)
        elif tags[max(other.begin - 2, 0) : other.begin] in (",c", ",b", ";c", ",L") and other.begin > start + 1:
            end = min(end, other.begin - 2)
    return end


def is_outer(tags: str, report: Report) -> bool:
    """Whether a report without subject goes with the main clause (…, adding that; and insisted that), not the last."""
    return tags[report.cue[0]] == "G" or report.frame in ("that", "quote")


def _in_front(tags: str, number: int, found: list[Report]) -> list[Span]:
    """What stands before a tag (…, she said), and behind it where the sentence goes on."""
    report = found[number]
    first = report.begin
    edge = tags[first - 1 : first]
    if first == 0 or (edge not in ("Q", ",", "~", "(", ".") and report.lemma != "according"):
        return []
    low = clauses.opening(tags)
    while tags[low : low + 1] in ("R", "c", "b") and tags[low + 1 : low + 2] in (",", "R", "c") and low + 2 < first:
        low += 1 + (tags[low + 1] == ",")  # Additionally, …
    for other in found[:number]:
        if other.frame == "end":
            low = max(low, other.start)
            continue
        for joint in (";", ",c", ",b"):
            at = tags.rfind(joint, other.cue[1], first - 1)
            low = max(low, at + 1 if at > 0 else low)
    semicolon = tags.rfind(";", low, first)
    low = max(low, semicolon + 1)
    # A mess which, he said, would harm them: what stands before is no part of it.
    pieces = [] if tags[:first].rstrip(",")[-1:] in ("W", "w") else [(low, first)]
    second = _behind(tags, number, found)
    if second and "Q" in tags[low:first] and not set(tags[low:first]) - set("Q,.cb") and tags[second[0]] != "Q":
        second = None  # “We go,” he said, leaving the room
    if second:
        pieces.append(second)
    return pieces


def _behind(tags: str, number: int, found: list[Report]) -> Span | None:
    """The second half of what a tag interrupts."""
    report = found[number]
    at = max(report.start, report.cue[1], report.source[1] if report.source else 0)
    if report.how == "after":  # an apposition may follow the name: said Ann Lee, the mayor, “…”
        quote = tags.find("Q", at)
        if quote > 0 and tags[quote - 1] in ",:.":
            return quote, _end(tags, number, found, quote)
        if "Q" in tags[: report.begin]:
            return None
        comma = tags.find(",", at)
        while comma > 0:
            following = tags.find(",", comma + 1)
            if not sources.is_aside(tags, comma + 1, following if following > 0 else len(tags)):
                return comma + 1, _end(tags, number, found, comma + 1)
            comma = following
        return None
    at = clauses.past_adverbials(tags, at)
    if tags[at : at + 1] not in (",", "Q", ".") or at + 1 >= len(tags):
        return None
    begin = at if tags[at] == "Q" else at + 1
    if report.lemma == "according" and tags[begin] in "DjrN":
        following = tags.find(",", begin)
        if sources.is_aside(tags, begin, following if following > 0 else len(tags)):
            return None
    if any(other.cue[0] >= begin and other.begin <= begin + 1 for other in found[number + 1 :]):
        return None
    if tags[begin] in "GcbWL" and tags[begin] != "L":
        return None
    return begin, _end(tags, number, found, begin)
