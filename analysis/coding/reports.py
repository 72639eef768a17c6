"""Reports: in one unit, every cue with its source and what it reports.

Order of work: the cues are found and read as verbs or nouns (`cue_places`); each gets the noun phrase that speaks
(`sources`) and what stands behind it (`clauses`); then the stretches are cut where another report begins (`contents`).
The rules follow the constructions that Pareti (2015) distinguishes: cue verb with a clause, cue noun, *according to*,
passive, inverted. They are loops over tags, compiled (`places`); what they ask of words is bits (`cue_places`).
"""

from __future__ import annotations

import numpy as np

from analysis.coding.clauses import (
    AS,
    CLAUSE,
    END,
    LOOSE,
    NO_FRAME,
    PASSIVE,
    QUOTED,
    THAT,
    THING,
    TO,
    WH,
    complement,
)
from analysis.coding.contents import REPORT, add_piece, bound
from analysis.coding.cue_places import ARTICLE, IN_ING, IS_BE, IS_BY, IS_SAYING, LEADS, POSSESSIVE, Cues, Forms
from analysis.coding.cues import (
    ADDRESSES,
    IS_ACCUSING,
    IS_ASK,
    IS_CALLING,
    IS_DENY,
    IS_SAY,
    NAMES,
    NO_TAG,
    QUOTES_ONLY,
    QUOTES_OR_THAT,
    REPORTS_CLAUSE,
    SURE,
    TAKES_INFINITIVE,
    TAKES_THING,
)
from analysis.coding.grammar import letters
from analysis.coding.places import all_of, any_of, are, compiled, find, rfind, tag_at
from analysis.coding.sources import (
    AFTER,
    INFINITIVE,
    NO_SPAN,
    NO_SUBJECT,
    OF_NOUN,
    PLAIN_SUBJECT,
    RELATIVE,
    SHARED,
    is_aside,
    phrase_before,
    subject_after,
    subject_before,
)
from analysis.coding.units import Lines

_SAY, _DEMANDING = 0, 0  # the first lemma, the first class of `Forms`
_A, _D, _G, _H, _K, _P, _Q, _R, _V, _X, _AS, _NOT, _S, _TO, _THAT = (ord(tag) for tag in "ADGHKpQRVXanstw")
_COMMA, _COLON = ord(","), ord(":")
_NAMED, _CALLED, _CALLED_OR_PRONOUN = letters("DNTrjeK#sohHp"), letters("hDNTrjeK#so"), letters("hDNTrjeK#soH")
_PRONOUN, _BEHIND_PRONOUN, _BEHIND_DETERMINER = letters("hH"), letters("jReD#K"), letters("jrKeNRB")
_X_OR_H, _XRN, _VEJD, _BEHIND_H, _EV, _VVE, _BEHIND_X = (
    letters("XH"), letters("XRn"), letters("VejRD"), letters("jevVBX"), letters("eV"), letters("vVe"), letters("eVvBj")
)  # fmt: skip
_WHO, _LEAD, _BEHIND_LEAD = letters("DNTrjeK#sopchFG"), letters("cbRF,"), letters(";~")
_RN, _XS, _OVER, _CONJOINED, _NOUN_END = (
    letters("Rn"),
    letters("Xs"),
    letters(";:."),
    letters(",cLpb~Q"),
    letters("NrjKF"),
)
_BEFORE_INVERTED, _NO_SPEAKER, _BEHIND_SPEAKER = letters("Q,~."), letters("DF#"), letters(",pLRF;.~(:WacGtoej")
_ON, _QUOTE_OR_COLON, _BEFORE_QUOTE, _STOPS = letters(",pFR"), letters("Q:"), letters(",:"), letters(",;.")
_DNJ, _OP, _BEFORE_TO, _BEHIND_TO = letters("DNj"), letters("op"), letters(",;:.XVLHvWcw"), letters("DNT#")
_JE, _BEHIND_NOUN, _MAIN_ENDS = letters("je"), letters("wt:Q"), letters("cLw,W")


def find_reports(lines: Lines, cues: Cues, forms: Forms) -> np.ndarray:
    """The reports of some units, as rows of `contents.REPORT` in order of unit and cue."""
    return _find(lines.tags, lines.kinds, lines.bounds, *cues, forms.bits, forms.lemma_of, forms.lemma_bits)


@compiled
def _find(tags, kinds, bounds, units, places, beyonds, forms, classes, word_bits, lemma_of, lemma_bits):
    reports = np.zeros(len(units), REPORT)
    n, cue = 0, 0
    while cue < len(units):
        unit, first, until = units[cue], n, 0
        own, words = tags[bounds[unit] : bounds[unit + 1]], kinds[bounds[unit] : bounds[unit + 1]]
        while cue < len(units) and units[cue] == unit:
            if places[cue] >= until:  # else inside the cue before
                report = reports[n]
                report.unit, report.cue, report.beyond = unit, places[cue], beyonds[cue]
                report.cue_class, report.lemma = classes[cue], lemma_of[forms[cue]]
                report.bits = lemma_bits[report.lemma]
                report.pieces, report.frame, report.begin = 0, NO_FRAME, places[cue]
                _put_source(report, NO_SPAN, PLAIN_SUBJECT)
                tag = own[places[cue]]
                if tag == _A:
                    found = _according(own, report)
                elif tag == _K:
                    found = _noun(own, words, report, word_bits)
                else:
                    found = _verb(own, words, report, word_bits, lemma_bits)
                if found:
                    until = report.beyond
                    n += 1
            cue += 1
        bound(own, reports[first:n])
        kept = first
        for at in range(first, n):
            if reports[at].pieces:
                reports[kept] = reports[at]
                kept += 1
        n = kept
    return reports[:n]


@compiled
def _put_source(report, span, how):
    report.source, report.source_end = span
    report.how = how


@compiled
def _has(words, place, word_bits, bit):
    """Whether the word at a place is of some kind."""
    return words[place] >= 0 and word_bits[words[place]] & bit != 0


@compiled
def _according(tags, report):
    """According to X, …; …, according to X."""
    place = report.cue
    report.beyond = place + 2
    beyond = place + 2
    while beyond < len(tags) and _WHO[tags[beyond]]:
        beyond += 1
    if beyond == place + 2:
        return False
    _put_source(report, (place + 2, beyond), PLAIN_SUBJECT)
    if all_of(tags, 0, place, _LEAD) or _BEHIND_LEAD[tag_at(tags, place - 1)]:
        comma = find(tags, _COMMA, beyond, len(tags))
        if comma < 0:
            return False
        following = find(tags, _COMMA, comma + 1, len(tags))
        if following > 0 and is_aside(tags, comma + 1, following):
            comma = following  # according to Ann Lee, the mayor, …
        report.frame, report.start = CLAUSE, comma + 1
    else:
        report.frame, report.start = END, beyond
    return True


@compiled
def _verb(tags, words, report, word_bits, lemma_bits):
    """Whether a verb reports here; what it reports is put down."""
    place, beyond = report.cue, report.beyond
    tag = tags[place]
    if tag == _V and _is_passive(tags, words, place, word_bits):
        return _passive(tags, words, report, word_bits, lemma_bits)
    source, how = subject_before(tags, place)
    if tag == _G:
        source, how = _of_participle(tags, place, source, how)
    nobody = source[0] < 0
    if source[1] - source[0] == 1 and _has(words, source[0], word_bits, ARTICLE):
        return False
    voiceless = how == NO_SUBJECT or how == INFINITIVE or (nobody and (how == PLAIN_SUBJECT or how == RELATIVE))
    if voiceless and tag != _V:
        return False
    report.frame, report.start = complement(tags, beyond, report.bits)
    _put_source(report, source, how)
    if not nobody:
        report.begin = source[0]
    may_invert = tag == _V and (how == NO_SUBJECT or nobody or tag_at(tags, place - 1) == _COMMA)
    if may_invert and _inverted(tags, report):
        return True
    return not voiceless and _governs(tags, words, report, word_bits)


@compiled
def _is_passive(tags, words, place, word_bits):
    """Whether a form of *be* stands before a participle (was dismissed), adverbs passed over."""
    at = place - 1
    while at >= 0 and _RN[tags[at]]:
        at -= 1
    return at >= 0 and _XS[tags[at]] and _has(words, at, word_bits, IS_BE)


@compiled
def _passive(tags, words, report, word_bits, lemma_bits):
    """Was denounced by X as …; was quoted as saying (whose subject speaks)."""
    place, beyond = report.cue, report.beyond
    if beyond - place > 1 and _has(words, beyond - 1, word_bits, IS_SAYING):
        source, how = subject_before(tags, place)
        report.lemma, report.bits = _SAY, lemma_bits[_SAY]
        report.frame, report.start = complement(tags, beyond, report.bits)
        _put_source(report, source, how)
        return source[0] >= 0
    for at in range(beyond, len(tags)):
        if tags[at] == _P and _has(words, at, word_bits, IS_BY):
            source = subject_after(tags, at + 1)
            if source[0] < 0:
                return False
            _put_source(report, source, AFTER)
            own = (beyond, at) if at > beyond else (source[1], len(tags))
            report.frame, report.start = PASSIVE, own[0]
            add_piece(report, own)
            return True
        if _OVER[tags[at]]:
            break
    return False


@compiled
def _of_participle(tags, place, source, how):
    """The subject of an -ing form: its own behind *be* or *as*, else that of the clause it hangs on."""
    before = tag_at(tags, place - 1)
    if before == _X:
        return source, how
    if before == _AS:  # quoted Smith as saying
        return phrase_before(tags, place - 1), PLAIN_SUBJECT
    at = place
    while at > 0 and tags[at - 1] == _R:
        at -= 1
    if at == 0:
        comma = find(tags, _COMMA, place, len(tags))
        behind = subject_after(tags, comma + 1) if comma > 0 else NO_SPAN
        return behind, PLAIN_SUBJECT if behind[0] >= 0 else NO_SUBJECT
    if _CONJOINED[tags[at - 1]]:
        return NO_SPAN, SHARED
    near = source[0] >= 0 and source[1] - source[0] <= 4
    if _NOUN_END[tags[at - 1]] and how == PLAIN_SUBJECT and near and tag_at(tags, at - 2) != _COMMA:
        return source, PLAIN_SUBJECT  # with Russia claiming
    return NO_SPAN, NO_SUBJECT


@compiled
def _inverted(tags, report):
    """… , said X: whether the subject stands behind the verb, and what is said before it or behind a colon."""
    place, beyond = report.cue, report.beyond
    quoted = tag_at(tags, place - 1) == _Q or are(tags, place - 2, _Q, _COMMA)
    if not report.bits & REPORTS_CLAUSE and not quoted:
        return False
    if place and not _BEFORE_INVERTED[tags[place - 1]]:
        return False
    source = subject_after(tags, beyond)
    if source[0] < 0 or (source[1] - source[0] == 1 and _NO_SPEAKER[tags[source[0]]]):
        return False
    behind = tag_at(tags, source[1])
    if behind != 0 and not _BEHIND_SPEAKER[behind]:
        return False
    if place == 0 and not any_of(tags, beyond, len(tags), _QUOTE_OR_COLON):
        return False
    own = report.source
    if own >= 0 and (tags[own - 1] == _Q or are(tags, own - 2, _Q, _COMMA)):
        return False  # “…,” Mr. Lee, the lawyer, told reporters
    if own >= 0 and tag_at(tags, place - 1) == _COMMA:
        if behind != 0 and not _ON[behind]:
            return False  # Ann Lee, the mayor, said Smith would go
        if find(tags, _Q, 0, place) < 0 and all_of(tags, 0, own, _LEAD):
            return False
    report.start = source[1]
    if place == 0:
        report.start = beyond
        while not _QUOTE_OR_COLON[tags[report.start]]:
            report.start += 1
    report.frame, report.begin = END if place else QUOTED, place
    _put_source(report, source, AFTER)
    return True


@compiled
def _governs(tags, words, report, word_bits):
    """Whether a cue may take what follows it; sets the frame that counts."""
    lemma, frame, beyond = report.bits, report.frame, report.beyond
    behind = tag_at(tags, beyond)
    goes_on = behind != 0 and not _STOPS[behind]
    naming = lemma & NAMES != 0
    if frame == QUOTED:
        return not lemma & QUOTES_ONLY or _BEFORE_QUOTE[tags[report.start - 1]]
    if frame == THAT:
        return not lemma & QUOTES_ONLY or lemma & QUOTES_OR_THAT != 0
    if lemma & QUOTES_ONLY:
        return frame == END and find(tags, _Q, 0, len(tags)) >= 0
    if frame == TO and lemma & IS_ASK and behind == _NOT:
        return False  # who asked not to be named
    demanding = report.cue_class == _DEMANDING and behind != 0
    if beyond - report.cue > 1 and (frame == CLAUSE or frame == THING) and demanding:
        report.frame, report.start = THING, beyond  # called for an inquiry
        return True
    if frame == WH:
        return lemma & (REPORTS_CLAUSE | ADDRESSES) != 0
    if frame == TO:
        return lemma & TAKES_INFINITIVE != 0
    if frame == END:
        return (lemma & REPORTS_CLAUSE != 0 and not lemma & NO_TAG) or find(tags, _Q, 0, len(tags)) >= 0
    if frame == AS:
        return naming or find(tags, _Q, 0, len(tags)) >= 0
    # A clause or a thing: naming verbs take both as one (called the plan a sham; dismissed it as a ploy).
    if frame == CLAUSE and lemma & REPORTS_CLAUSE and not (naming and (behind == 0 or _DNJ[behind])):
        return True
    if naming and goes_on:
        double = _is_called(tags, beyond) if lemma & IS_CALLING else _is_named(tags, beyond)
        if double or (lemma & IS_ACCUSING and any_of(tags, beyond + 1, beyond + 12, _OP)):
            report.frame, report.start = AS, beyond
            return True
    if frame == THING and lemma & REPORTS_CLAUSE and _has(words, beyond, word_bits, IN_ING):
        report.start = beyond  # reported shooting down two
        return True
    if lemma & TAKES_INFINITIVE:
        to = find(tags, _TO, report.start, report.start + 9)
        if to >= 0 and not any_of(tags, report.start, to, _BEFORE_TO) and not _BEHIND_TO[tag_at(tags, to + 1)]:
            report.frame, report.start = TO, beyond
            return True
    if lemma & SURE and frame == THING:
        return lemma & IS_SAY != 0 and behind != ord("#")
    if lemma & TAKES_THING and goes_on and not (lemma & IS_DENY and behind == _D):
        report.frame, report.start = THING, beyond
        return True
    report.frame = LOOSE  # reports what is quoted in its sentence, and nothing without marks
    return find(tags, _Q, beyond, len(tags)) >= 0


@compiled
def _is_named(tags, at):
    """Whether *as* or a quotation follows a noun phrase that begins at a place: the plan as …, the plan “…”."""
    while at < len(tags) and _NAMED[tags[at]]:
        at += 1
    return tag_at(tags, at) == _Q or tag_at(tags, at) == _AS


@compiled
def _is_called(tags, begin):
    """Whether a noun phrase and what it is called begin at a place: the plan a sham, the plan “a sham”."""
    if _PRONOUN[tags[begin]] and _BEHIND_PRONOUN[tag_at(tags, begin + 1)]:
        return True
    at = begin
    while at < len(tags) and _CALLED[tags[at]]:
        at += 1
        if tag_at(tags, at) == _AS or (tag_at(tags, at) == _D and _BEHIND_DETERMINER[tag_at(tags, at + 1)]):
            return True
    while at < len(tags) and _CALLED_OR_PRONOUN[tags[at]]:
        at += 1
    return tag_at(tags, at) == _Q


@compiled
def _noun(tags, words, report, word_bits):
    """Moscow's claim that …; a warning from the ministry that …; in her words, “…”."""
    place = report.cue
    report.beyond = place + 1
    if report.cue_class < 0:
        return False
    source = NO_SPAN
    before = tag_at(tags, place - 1)
    if before == _S or (_JE[before] and tag_at(tags, place - 2) == _S):
        source = phrase_before(tags, rfind(tags, _S, 0, place))
    at = place + 1
    if _OP[tag_at(tags, at)] and _has(words, at, word_bits, LEADS):
        behind = subject_after(tags, at + 1)
        if behind[0] >= 0:
            source = source if source[0] >= 0 else behind
            at = behind[1]
    tag = tag_at(tags, at)
    if not _BEHIND_NOUN[tag] and not are(tags, at, _COMMA, _Q):
        return False
    if source[0] < 0 and before == _D and _has(words, place - 1, word_bits, POSSESSIVE):
        source = (place - 1, place)
    if source[0] < 0:
        return False
    report.frame = THAT if tag == _THAT else TO if tag == _TO else QUOTED
    report.start = at if tag == _TO or tag == _Q else at + 1
    report.begin = source[0]
    _put_source(report, source, OF_NOUN)
    if report.frame == QUOTED:
        quote = find(tags, _Q, at, len(tags))
        add_piece(report, (quote, quote + 1))
        return quote >= 0
    # Its claim that it won was denied: a second verb without a subject is the main clause's.
    main = _second_verb(tags, report.start)
    if main >= 0 and not any_of(tags, report.start, main, _MAIN_ENDS):
        add_piece(report, (report.start, main))
    return True


@compiled
def _second_verb(tags, start):
    """Where a verb stands that has no subject of its own, behind another verb; -1 for none."""
    for first in range(start, len(tags)):
        at = first + 1
        if tags[first] == _H and _BEHIND_H[tag_at(tags, at)]:
            at += 1
        elif tags[first] == _X:
            while at < len(tags) and _XRN[tags[at]]:
                at += 1
            if not _BEHIND_X[tag_at(tags, at)]:
                continue
            at += 1
        elif not _VVE[tags[first]]:
            continue
        while at < len(tags) and not _X_OR_H[tags[at]]:
            at += 1
        if tag_at(tags, at) != _X:
            continue
        behind = at + 1
        while behind < len(tags) and _XRN[tags[behind]]:
            behind += 1
        if _VEJD[tag_at(tags, behind)] or find(tags, _R, at + 1, behind) >= 0:
            return at
    return -1
