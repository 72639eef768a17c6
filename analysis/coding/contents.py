"""What each report of a unit holds: where its content begins and ends, given the reports beside it."""

from __future__ import annotations

import numpy as np

from analysis.coding.clauses import END, QUOTED, THAT, opening, past_adverbials, trimmed
from analysis.coding.cues import IS_ACCORDING
from analysis.coding.grammar import letters
from analysis.coding.places import all_of, are, compiled, find, rfind, rfind_two, tag_at
from analysis.coding.sources import AFTER, NO_SPAN, PLAIN_SUBJECT, RELATIVE, SHARED, is_aside

# One attribution in a unit. Places are those of its tags, stretches low to high; -1 where there is none.
REPORT = np.dtype(
    [
        ("unit", np.int32),
        ("cue", np.int32),  # its first place, and one past its last
        ("beyond", np.int32),
        ("lemma", np.int32),  # an index into `Forms.lemmas`, and its bits
        ("bits", np.int32),
        ("cue_class", np.int32),  # an index into `Forms.classes`, -1 for none
        ("frame", np.int32),  # what the cue governs (`clauses`)
        ("how", np.int32),  # how its source was found (`sources`)
        ("source", np.int32),
        ("source_end", np.int32),
        ("start", np.int32),  # where what it governs begins
        ("begin", np.int32),  # the first place of source or cue
        ("pieces", np.int32),  # how many stretches it reports: none, one or two
        ("low", np.int32),
        ("high", np.int32),
        ("second_low", np.int32),
        ("second_high", np.int32),
    ]
)

_C, _B, _G, _I, _L, _Q, _R, _W, _THAT = (ord(tag) for tag in "cbGiLQRWw")
_COMMA, _SEMICOLON, _COLON, _STOP, _DASH, _OPEN = (ord(mark) for mark in ",;:.~(")
_FINITE, _FINITE_OR_PARTICIPLE = letters("XvV"), letters("XvVe")
_JOINT, _BEFORE_TAG, _LEAD, _BEHIND_LEAD = letters(",cb~"), letters("Q,~(."), letters("Rcb"), letters(",Rc")
_WHICH, _ONLY_QUOTED, _BEHIND, _APPOSED, _NO_SECOND = (
    letters("Ww"), letters("Q,.cb"), letters(",Q."), letters("DjrN"), letters("GcbW")
)  # fmt: skip
_BEFORE_QUOTE = letters(",:.")


@compiled
def bound(tags, found):
    """Cut what each report of a unit holds where another begins."""
    for number in range(len(found)):
        report = found[number]
        if report.pieces:
            continue
        first, second = NO_SPAN, NO_SPAN
        if report.frame == END:
            first, second = _in_front(tags, number, found)
        else:
            first = report.start, _end(tags, number, found, report.start)
            if report.frame == QUOTED and tag_at(tags, 0) == _I and tag_at(tags, report.begin - 1) == _COMMA:
                first, second = (0, report.begin), first  # If they refuse, she said, “…”
        if first[0] < first[1]:
            add_piece(report, trimmed(tags, *first))
        if second[0] < second[1]:
            add_piece(report, trimmed(tags, *second))


@compiled
def add_piece(report, span):
    """Add a stretch, if it is any, to what a report holds."""
    if span[0] >= 0:
        if report.pieces:
            report.second_low, report.second_high = span
        else:
            report.low, report.high = span
        report.pieces += 1


@compiled
def _end(tags, number, found, start):
    """Where a stretch that begins at a place ends: with the unit, a semicolon, or before another report."""
    report = found[number]
    end = _main_clause(tags, start, _FINITE_OR_PARTICIPLE if report.how == RELATIVE else _FINITE)
    if are(tags, start, _Q, _COMMA) and report.cue > 1 and _in_relative_clause(tags, report.begin):
        end = start + 1  # the pact, which critics call “toothless,” expires
    over = start
    while over < end and not are(tags, over, _Q, _STOP):
        over += 1
    end = min(end, over + 1)
    semicolon = find(tags, _SEMICOLON, start, len(tags))
    if semicolon > 0:
        end = min(end, semicolon)
    alone = True  # whether no report with a subject of its own stands between
    for following in range(number + 1, len(found)):
        other = found[following]
        at = other.cue
        if start < at < end:
            end = min(end, _end_before(tags, other, start, end, alone))
        alone &= other.how == SHARED
    return end


@compiled
def _main_clause(tags, start, finite):
    """Where the main clause goes on behind a comma (the firm, which said it would sell, fell), or the end."""
    for comma in range(start, len(tags)):
        if tags[comma] != _COMMA:
            continue
        verb = comma + 1
        while verb < len(tags) and tags[verb] == _R:
            verb += 1
        if not finite[tag_at(tags, verb)]:
            continue
        opened = rfind(tags, _COMMA, start, comma)
        if find(tags, _C, start, comma) < 0 and not (opened >= start and is_aside(tags, opened + 1, comma)):
            return comma
    return len(tags)


@compiled
def _in_relative_clause(tags, begin):
    """Whether *who* or *which* stands between a place and the first comma behind the last verb before it."""
    low = begin + 1
    while low > 0 and not _FINITE_OR_PARTICIPLE[tags[low - 1]]:
        low -= 1
    comma = find(tags, _COMMA, low, begin + 1)
    return comma >= 0 and find(tags, _W, comma, begin + 1) >= 0


@compiled
def _end_before(tags, other, start, end, alone):
    """Where a stretch that begins at a place ends before another report.

    alone: whether the reports between have no subject of their own.
    """
    begin = other.begin
    if other.how == PLAIN_SUBJECT and tags[begin - 1] == _COMMA and begin > start + 1 and other.source >= 0:
        return begin - 1
    if other.frame == END:
        comma = rfind(tags, _COMMA, start, begin + 1)
        return comma if comma > start and other.how != SHARED else end
    if other.how == SHARED:
        joint = other.cue - 1
        while joint > start and not _JOINT[tags[joint]]:
            joint -= 1
        return joint if joint > start and (alone or is_outer(tags, other)) else end
    if begin > start + 1 and (
        are(tags, begin - 2, _COMMA, _C)
        or are(tags, begin - 2, _COMMA, _B)
        or are(tags, begin - 2, _SEMICOLON, _C)
        or are(tags, begin - 2, _COMMA, _L)
    ):
        return begin - 2
    return end


@compiled
def is_outer(tags, report):
    """Whether a report without subject goes with the main clause (…, adding that; and insisted that), not the last."""
    return tags[report.cue] == _G or report.frame == THAT or report.frame == QUOTED


@compiled
def _in_front(tags, number, found):
    """What stands before a tag (…, she said), and behind it where the sentence goes on."""
    report = found[number]
    first = report.begin
    if first == 0 or not (_BEFORE_TAG[tags[first - 1]] or report.bits & IS_ACCORDING):
        return NO_SPAN, NO_SPAN
    low = opening(tags)
    while _LEAD[tag_at(tags, low)] and _BEHIND_LEAD[tag_at(tags, low + 1)] and low + 2 < first:
        low += 1 + (tags[low + 1] == _COMMA)  # Additionally, …
    for before in range(number):
        other = found[before]
        if other.frame == END:
            low = max(low, other.start)
            continue
        joint = rfind(tags, _SEMICOLON, other.beyond, first - 1)
        joint = max(joint, rfind_two(tags, _COMMA, _C, other.beyond, first - 1))
        joint = max(joint, rfind_two(tags, _COMMA, _B, other.beyond, first - 1))
        low = max(low, joint + 1)
    low = max(low, rfind(tags, _SEMICOLON, low, first) + 1)
    second = _behind(tags, number, found)
    quoted = find(tags, _Q, low, first) >= 0 and all_of(tags, low, first, _ONLY_QUOTED)
    if second[0] >= 0 and quoted and tags[second[0]] != _Q:
        second = NO_SPAN  # “We go,” he said, leaving the room
    # A mess which, he said, would harm them: what stands before is no part of it.
    before = first - 1
    while before >= 0 and tags[before] == _COMMA:
        before -= 1
    return NO_SPAN if _WHICH[tag_at(tags, before)] else (low, first), second


@compiled
def _behind(tags, number, found):
    """The second half of what a tag interrupts."""
    report = found[number]
    at = max(report.start, report.beyond, max(report.source_end, 0))
    if report.how == AFTER:  # an apposition may follow the name: said Ann Lee, the mayor, “…”
        quote = find(tags, _Q, at, len(tags))
        if quote > 0 and _BEFORE_QUOTE[tags[quote - 1]]:
            return quote, _end(tags, number, found, quote)
        if find(tags, _Q, 0, report.begin) >= 0:
            return NO_SPAN
        comma = find(tags, _COMMA, at, len(tags))
        while comma > 0:
            following = find(tags, _COMMA, comma + 1, len(tags))
            if not is_aside(tags, comma + 1, following if following > 0 else len(tags)):
                return comma + 1, _end(tags, number, found, comma + 1)
            comma = following
        return NO_SPAN
    at = past_adverbials(tags, at)
    if not _BEHIND[tag_at(tags, at)] or at + 1 >= len(tags):
        return NO_SPAN
    begin = at if tags[at] == _Q else at + 1
    if report.bits & IS_ACCORDING and _APPOSED[tags[begin]]:
        following = find(tags, _COMMA, begin, len(tags))
        if is_aside(tags, begin, following if following > 0 else len(tags)):
            return NO_SPAN
    for later in range(number + 1, len(found)):
        if found[later].cue >= begin and found[later].begin <= begin + 1:
            return NO_SPAN
    if _NO_SECOND[tags[begin]]:
        return NO_SPAN
    return begin, _end(tags, number, found, begin)
