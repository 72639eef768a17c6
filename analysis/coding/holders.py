"""Whose words: which report each quotation belongs to, and what each report says without marks, read from tags.

A quotation belongs to the innermost report that holds it; else to the nearest cue of its unit. Names are no matter
here: a source is a stretch of a unit, read later (`attribution`).
"""

from __future__ import annotations

import numpy as np

from analysis.coding.clauses import END, LOOSE, PASSIVE, QUOTED, has_clause
from analysis.coding.contents import is_outer
from analysis.coding.cues import IS_ACCORDING
from analysis.coding.grammar import letters
from analysis.coding.places import all_of, compiled, find, tag_at
from analysis.coding.sources import NO_SPAN, SHARED, first_subject, phrase_before, subject_after
from analysis.coding.units import Lines

# Of each report: the row of the one whose voice it has (itself, but for verbs that share a subject); the phrase that
# speaks and, of a name in apposition in it, the first place (places in `Lines`, -1 for none); the stretches of the body
# that it reports beside quotations (-1 for none).
VOICED = np.dtype(
    [(name, np.int32) for name in ("unit", "owner", "low", "high", "named", "start", "end", "second", "second_end")]
)
# Of each quotation: its unit and number in its body; the report it belongs to (-1: none in its unit); where none does
# the phrase that speaks, as above, and the place of its verb; whether it may be a title; whether it is one or a word
# mentioned if nobody says it.
HELD = np.dtype(
    [(name, np.int32) for name in ("unit", "quote", "report", "low", "high", "named", "cue", "titled", "term")]
)

_H, _N, _Q, _R, _S, _T, _TO, _P, _D, _ROLE = (ord(tag) for tag in "HNQRsTtpDr")
_COMMA, _COLON = ord(","), ord(":")
_EMPTY, _ALONE, _JUST_COMMAS = letters("Q,;:~.cbRDpoa"), letters("Q,;:~."), letters(",")
_THEIR, _THEIRS, _VERB, _BEHIND_VERB = letters("DTNrj"), letters("jKv"), letters("jevVB"), letters(",.pRF")
_MARKS, _MONEY, _SHARES, _STOPS = (
    np.array([ord(mark) for mark in marks], np.uint32) for marks in ("\"“”„‟«»'‘’‚‛」』`", "$£€¥#", "%‰°", ".?!…")
)


def find_holders(
    lines: Lines, reports: np.ndarray, quotes: tuple[np.ndarray, ...], direct: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Rows of `VOICED`, one for each report, and of `HELD`, one for each quotation in a unit; in order of units.

    Args:
        reports: of these units (`reports.find_reports`). quotes: as `units.read_lines` had them. direct: which of them
            are whole sentences.
    """
    body_of = np.repeat(np.arange(len(lines.units) - 1), np.diff(lines.units))
    return _find(*lines[:6], body_of, lines.bases, lines.codes, reports, *quotes, direct)


@compiled
def _find(tags, kinds, starts, ends, bounds, begins, body_of, bases, codes, reports, q_rows, opened, closed, direct):
    voiced, held = np.empty(len(reports), VOICED), np.empty((tags == _Q).sum(), HELD)
    n, low = 0, 0
    for unit in range(len(bounds) - 1):
        first, beyond = bounds[unit], bounds[unit + 1]
        high = low
        while high < len(reports) and reports[high].unit == unit:
            high += 1
        quoted = find(tags, _Q, first, beyond)
        if high == low and quoted < 0:
            continue
        own, words, found = tags[first:beyond], kinds[first:beyond], reports[low:high]
        body = body_of[unit]
        text, q_first = codes[bases[body] : bases[body + 1]], q_rows[body]
        _give_owners(own, found, voiced[low:high], unit, low, first)
        for which in range(len(found)):
            voice = voiced[low + which]
            if voiced[voice.owner].low >= 0 and found[which].frame != LOOSE and found[which].frame != PASSIVE:
                _put_clauses(
                    own, words, found[which], voice, q_first, direct, text, starts[first:], ends[first:], begins[unit]
                )
        low = high
        if quoted < 0:
            continue
        for place in range(quoted - first, len(own)):
            if own[place] == _Q:
                quote = held[n]
                quote.unit, quote.quote = unit, -2 - words[place]
                row = q_first + quote.quote
                _hold(own, found, place, direct[row], text[closed[row] - 1], quote)
                if quote.report >= 0:
                    quote.report += high - len(found)
                elif quote.low >= 0:
                    quote.named = _put_named(own, quote.low, quote.high, first)
                    quote.low += first
                    quote.high += first
                    quote.cue += first if quote.cue >= 0 else 0
                n += 1
    return voiced, held[:n]


@compiled
def _give_owners(tags, found, voiced, unit, row, first):
    """Find the source of each report; a shared subject is that of the report before it, or of the main clause."""
    last = -1  # of the reports with a subject of their own
    for which in range(len(found)):
        report, voice = found[which], voiced[which]
        voice.unit, voice.owner, voice.start, voice.second = unit, row + which, -1, -1
        source = report.source, report.source_end
        if report.how == SHARED and last >= 0:
            voice.owner = row + _sharing(tags, found, voiced, which, last, row)
            voice.low, voice.high, voice.named = -1, -1, -1
            continue
        if report.how == SHARED:
            low, high = first_subject(tags, report.cue)
        else:
            low, high = source
        last = which
        voice.low, voice.high, voice.named = low, high, -1
        if low >= 0:
            voice.named = _put_named(tags, low, high, first)
            voice.low += first
            voice.high += first


@compiled
def _put_named(tags, low, high, first):
    """Where the name begins that says who a phrase is (the mayor, [Ann Lee]), counted from `Lines`; -1 for none."""
    at = high
    while at > low and tags[at - 1] == _N:
        at -= 1
    if at == high:
        return -1
    while at > low and tags[at - 1] == _T:
        at -= 1
    return at + first if at > low and tags[at - 1] == _COMMA else -1


@compiled
def _sharing(tags, found, voiced, which, last, row):
    """The report whose subject a verb without one shares: of the main clause, or of the nearest verb."""
    if is_outer(tags, found[which]):
        for other in range(last, -1, -1):
            if voiced[other].owner != row + other:
                continue
            inside = False
            for holding in range(last + 1):
                if holding != other and voiced[holding].owner == row + holding:
                    inside |= _holds(found[holding], found[other].cue)[0] >= 0
            if not inside:
                return other
    return last


@compiled
def _holds(report, place):
    """The stretch of a report that holds a place."""
    if report.pieces > 0 and report.low <= place < report.high:
        return report.low, report.high
    if report.pieces > 1 and report.second_low <= place < report.second_high:
        return report.second_low, report.second_high
    return np.int32(-1), np.int32(-1)


@compiled
def _hold(tags, found, place, direct, last, quote):
    """Fill in what the unit of a quotation tells of its speaker.

    direct: whether it is a whole sentence. last: the code of its last character.
    """
    alone = all_of(tags, 0, len(tags), _ALONE)
    quote.report, quote.low, quote.high, quote.named, quote.cue = -1, -1, -1, -1, -1
    quote.term = not alone and not direct
    beside, best = False, (1 << 30)
    for which in range(len(found)):
        report = found[which]
        low, high = _holds(report, place)
        if low < 0:
            continue
        beside |= report.beyond <= place <= report.beyond + 1 or report.begin - 2 <= place < report.begin
        size = (high - low) + (1 << 20) * (report.frame == LOOSE)
        if size < best:
            best, quote.report = size, which
    quote.titled = (not direct or last == _COMMA) and not alone and not beside
    if quote.report >= 0 or alone:
        return
    # “We go.” Lee said it would rain: a sentence that is over belongs to no cue that says something else.
    over = direct and _is_one_of(last, _STOPS)
    for which in range(len(found)):
        report = found[which]
        if report.source <= place < report.source_end or (over and report.begin > place and report.frame != END):
            continue
        size = abs(report.cue - place) + (100 if report.cue > place else 0)
        if size < best:
            best, quote.report = size, which
    if quote.report >= 0 or (over and len(found) and all_of(tags, 0, place, _JUST_COMMAS)):
        return
    span, cue = _without_cue(tags, place)
    before = tag_at(tags, place - 1)
    if span[0] < 0 and direct and (before == _COMMA or before == _COLON):
        span = first_subject(tags, place)
    quote.low, quote.high = span
    quote.cue = cue


@compiled
def _without_cue(tags, place):
    """Who speaks where no known cue stands: ``Lee: “…”``, ``“…,” shrugs Mr. Lee``; and the place of the verb."""
    if place > 1 and tags[place - 1] == _COLON:
        return phrase_before(tags, place - 1), -1
    theirs = _theirs(tags, place)
    if theirs[0] >= 0:  # in her mother's words, “…”
        return theirs, -1
    behind = place + 1 + (tag_at(tags, place + 1) == _COMMA)
    if _VERB[tag_at(tags, behind)]:
        name = behind + 1
        while tag_at(tags, name) == _T:
            name += 1
        named = tag_at(tags, name) == _N or (name == behind + 1 and tag_at(tags, name) == _ROLE)
        if named or (tag_at(tags, behind + 1) == _D and tag_at(tags, behind + 2) == _ROLE):
            return subject_after(tags, behind + 1), behind
    at = behind
    if tag_at(tags, at) == _H:
        at += 1
    else:
        while tag_at(tags, at) == _T:
            at += 1
        name = at
        while tag_at(tags, at) == _N:
            at += 1
        if at == name:
            return NO_SPAN, -1
    verb = at
    while tag_at(tags, verb) == _R:
        verb += 1
    ends = tag_at(tags, verb + 1) == 0 or _BEHIND_VERB[tag_at(tags, verb + 1)]
    return ((behind, at), verb) if _VERB[tag_at(tags, verb)] and ends else (NO_SPAN, -1)


@compiled
def _theirs(tags, place):
    """The phrase of a possessive behind a preposition, in front of a quotation."""
    at = place - 1 - (tag_at(tags, place - 1) == _COMMA)
    if not _THEIRS[tag_at(tags, at)] or tag_at(tags, at - 1) != _S:
        return NO_SPAN
    low = at - 1
    while low > 0 and _THEIR[tags[low - 1]]:
        low -= 1
    return (low, at - 1) if low < at - 1 and tag_at(tags, low - 1) == _P else NO_SPAN


@compiled
def _put_clauses(tags, words, report, voice, q_first, direct, text, starts, ends, begin):
    """Fill in the reported clauses of a report: content without marks, or with marks inside."""
    for piece in range(report.pieces):
        low, high = (report.second_low, report.second_high) if piece else (report.low, report.high)
        if _says_something(tags, words, low, high, report, q_first, direct):
            start, end = _edges(tags, low, high, text, starts[low], ends[high - 1], begin)
            if voice.start < 0:
                voice.start, voice.end = start, end
            else:
                voice.second, voice.second_end = start, end


@compiled
def _says_something(tags, words, low, high, report, q_first, direct):
    """Whether a stretch holds more than quotations; beside a whole sentence of quotation nothing more is said."""
    if all_of(tags, low, high, _EMPTY):
        return False
    if report.frame == QUOTED or report.frame == END:
        for place in range(low, high):
            if tags[place] == _Q and direct[q_first - 2 - words[place]]:
                return False
    if report.frame == END:
        if tags[low] == _TO:
            return False  # To be sure, …
        split = report.pieces > 1 or (tags[low] == _H and high - low > 1)
        return split or has_clause(tags, low, high) or high - low > 3 or report.bits & IS_ACCORDING != 0
    return True


@compiled
def _edges(tags, low, high, text, start, end, begin):
    """The characters of a stretch, with the marks of quotations at its edges."""
    while start > begin and _is_one_of(text[start - 1], _MONEY):
        start -= 1
    while end < len(text) and _is_one_of(text[end], _SHARES):
        end += 1
    if tags[low] == _Q:
        while start > begin and _is_one_of(text[start - 1], _MARKS):
            start -= 1
    if tags[high - 1] == _Q:
        while end < len(text) and _is_one_of(text[end], _MARKS):
            end += 1
    return start, end


@compiled
def _is_one_of(code, codes):
    for other in codes:  # noqa: SIM110 - numba has no any() over a generator
        if code == other:
            return True
    return False
