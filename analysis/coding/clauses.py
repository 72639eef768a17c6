"""Where what is reported begins and ends, read from the tags of a unit around a cue.

Places are those of the tags. A complement is told by what stands behind the cue once adverbials and somebody addressed
are passed: *that*, a question word, *to*, *as*, a quotation, a clause with a verb of its own, or nothing (then what is
reported stands in front: ``The plan failed, she said``).
"""

from __future__ import annotations

from analysis.coding.cues import ADDRESSES
from analysis.coding.grammar import letters
from analysis.coding.places import any_of, compiled, find, tag_at
from analysis.coding.sources import NO_SPAN, subject_after

# What a cue governs. `THING`: a bare noun phrase; `END`: nothing; `LOOSE`: only what is quoted in its sentence;
# `PASSIVE`: was denounced by X as …; `NO_FRAME`: not yet read.
QUOTED, THAT, WH, TO, AS, CLAUSE, THING, END, LOOSE, PASSIVE, NO_FRAME = range(11)

_D, _E, _F, _G, _L, _N, _P, _Q, _T, _W, _C, _H_SUBJECT, _H_OBJECT = (ord(tag) for tag in "DeFGLNpQTWcHh")
_THAT, _TO, _AS, _COMMA, _COLON, _DASH, _OPEN, _CLOSE = (ord(tag) for tag in "wta,:~()")
_NOUNS, _NOUNS_OR_DAY, _VERBAL = letters("NTrjeK#s"), letters("NTrjeK#sF"), letters("XvVBH")
_OVER, _ADVERBIAL, _QUESTION, _NOT_HERE = letters(",;.~()"), letters("pRFt"), letters("Wi"), letters("cbLVA")
_BEHIND_ADDRESSEE, _BEFORE_SECOND = letters("wHtQ,"), letters("pocD")
_ADVERB, _LEADING, _BEHIND_TO = letters("RFn"), letters("po"), letters("NTDhr#")
_IN_COMMAS, _BEHIND_COMMAS, _IN_PHRASE = letters("pRF"), letters("wQt"), letters("DFohNTrjeK#s")
_NO_VERB, _AFTER_AND, _FINITE, _FINITE_OR_PARTICIPLE = (
    letters(",;.pc"),
    letters("vVBe"),
    letters("XvVB"),
    letters("XvVBe"),
)
_BEFORE_PARTICIPLE, _BEHIND_PARTICIPLE = letters("NrjKs)F"), letters("py")
_ENDS, _NEXT_CLAUSE, _EDGE_LOW, _EDGE_HIGH = (
    letters(";:.wQ"),
    letters("cbLGw"),
    letters(",;:.~)wcb"),
    letters(",;:.~(cbw"),
)
_DATELINE, _BEHIND_DATELINE = letters("NF,()#o"), letters("~:")


@compiled
def complement(tags, at, lemma):
    """What follows a cue that ends at ``at`` (`QUOTED` … `END`), and the place where it begins.

    lemma: its bits (`cues.lemma_bits`).
    """
    thing = at
    if lemma & ADDRESSES:
        at = _past_addressee(tags, at)
        thing = at
    at = past_adverbials(tags, at)
    tag = tag_at(tags, at)
    if tag == _Q:
        return QUOTED, at
    if tag_at(tags, at + 1) == _Q and (tag == _COMMA or tag == _COLON or tag == _THAT or tag == _DASH):
        return QUOTED, at + 1
    if tag == _THAT:
        return THAT, at + 1
    if tag == _COLON:
        return CLAUSE, at + 1
    if tag == 0 or _OVER[tag]:
        return (END, at) if at == thing or _ADVERBIAL[tag_at(tags, thing)] else (THING, thing)
    if _QUESTION[tag]:
        return WH, at
    if tag == _TO:
        return TO, at
    if tag == _AS:
        return AS, at
    if _NOT_HERE[tag]:
        return END, at
    return (CLAUSE, at) if _has_verb(tags, at) else (THING, thing)


@compiled
def _past_addressee(tags, at):
    """Behind whoever is told: him, reporters, the paper."""
    tag = tag_at(tags, at)
    if tag == _H_OBJECT or tag == _H_SUBJECT or (tag == _D and _BEHIND_ADDRESSEE[tag_at(tags, at + 1)]):
        return at + 1
    found = subject_after(tags, at)
    if found[0] < 0:
        return at
    # Told reporters the plan failed: the addressee ends where the next determiner begins.
    for place in range(at + 1, found[1]):
        if tags[place] == _D and not _BEFORE_SECOND[tags[place - 1]]:
            return place
    return found[1]


@compiled
def past_adverbials(tags, at):
    """Behind days, adverbs and prepositional phrases (on Friday, in a statement, to reporters)."""
    while at < len(tags):
        tag = tags[at]
        if _ADVERB[tag]:
            at += 1
        elif _LEADING[tag] or (tag == _TO and _BEHIND_TO[tag_at(tags, at + 1)]):
            beyond = _past_phrase(tags, at + 1)
            if beyond == at + 1:
                return at
            at = beyond
        elif tag == _G and tag_at(tags, at + 1) == _P:
            at += 1
        elif tag == _COMMA:
            closing = find(tags, _COMMA, at + 1, at + 12)
            if closing <= at + 1 or not _IN_COMMAS[tags[at + 1]]:
                return at
            if any_of(tags, at + 1, closing, _VERBAL) or find(tags, _Q, at + 1, closing) >= 0:
                return at
            if not _BEHIND_COMMAS[tag_at(tags, closing + 1)]:
                return at
            at = closing + (tags[closing + 1] != _Q)
        else:
            return at
    return at


@compiled
def _past_phrase(tags, at):
    """Behind the noun phrase of a preposition; a second determiner begins something else."""
    begin = at
    while at < len(tags) and _IN_PHRASE[tags[at]]:
        if tags[at] == _D and at > begin and _NOUNS_OR_DAY[tags[at - 1]]:
            break
        at += 1
    return at


@compiled
def _has_verb(tags, at):
    """Whether a clause with a verb of its own begins at a place: a subject, then something finite."""
    if tags[at] == _H_SUBJECT:
        behind = tag_at(tags, at + 1)
        return behind != 0 and not _NO_VERB[behind]
    for place in range(at + 1, len(tags)):
        tag, before, behind = tags[place], tags[place - 1], tag_at(tags, place + 1)
        if tag == _L or (_AFTER_AND[tag] and before == _C):
            return False
        if _FINITE[tag] or (tag == _E and _BEFORE_PARTICIPLE[before] and not _BEHIND_PARTICIPLE[behind]):
            return True
        if _ENDS[tag] or (tag == _COMMA and place - at > 1 and _NEXT_CLAUSE[behind]):
            return False
        if tag == _W and before != _COMMA:
            return False
    return False


@compiled
def has_clause(tags, low, high):
    """Whether a stretch holds something finite."""
    return any_of(tags, low, high, _FINITE_OR_PARTICIPLE) or find(tags, _H_SUBJECT, low + 1, high) >= 0


@compiled
def trimmed(tags, low, high):
    """A stretch without the conjunctions and marks at its edges; `NO_SPAN` where nothing is left."""
    while low < high and _EDGE_LOW[tags[low]]:
        low += 1
    while low < high and _EDGE_HIGH[tags[high - 1]]:
        high -= 1
    return (low, high) if low < high else NO_SPAN


@compiled
def opening(tags):
    """Where the first clause of a unit begins: behind a dateline (``MOSCOW (AP) —``, ``Moscow:``)."""
    at = 0
    while at < len(tags) and at < 8 and _DATELINE[tags[at]]:
        at += 1
    dated = 0 < at < len(tags) and _BEHIND_DATELINE[tags[at]] and tag_at(tags, at + 1) != _Q
    return at + 1 if dated and find(tags, _N, 0, at) >= 0 else 0
