"""Noun phrases that speak: where the subject of a cue begins and ends, read from the tags of a unit.

Places are those of the tags; a phrase is (low, high), high one past its last. `NO_SPAN` where there is no subject.
"""

from __future__ import annotations

from analysis.coding.grammar import letters
from analysis.coding.places import all_of, any_of, are, compiled, find, rfind, tag_at

NO_SPAN = (-1, -1)
# How a subject was found. `PLAIN_SUBJECT`: in front of its verb; `RELATIVE`: Smith, who said; `SHARED`: … and said (the
# subject of the verb before); `INFINITIVE`: to say; `NO_SUBJECT`; `AFTER`: said Smith; `OF_NOUN`: Smith's claim.
PLAIN_SUBJECT, RELATIVE, SHARED, INFINITIVE, NO_SUBJECT, AFTER, OF_NOUN = range(7)

_D, _E, _F, _H, _I, _J, _N, _P, _Q, _R, _T, _C, _O, _S, _TO = (ord(tag) for tag in "DeFHIjNpQrTcost")
_COMMA, _OPEN, _CLOSE, _DASH = (ord(mark) for mark in ",()~")
_IN_PHRASE, _HEAD = letters("NTrjeK#sDoph"), letters("NTrjeK#sD")
_IN_PHRASE_OR_AND = letters("NTrjeK#sDophc")
_BETWEEN = letters("XRnF")  # may stand between a subject and its verb
_WH, _AND, _BEHIND_TO, _BEFORE_WHO = letters("Ww"), letters("cb"), letters("DNTh"), letters("rjN")
_IN_RELATIVE, _OWN, _BEHIND_OWN = letters("XvVBeRn"), letters("jeKB"), letters("pDNhT")
_LEADING, _DANGLING, _BEFORE_SECOND = letters("cRso"), letters("Dpoc"), letters("pocD#")
_NAMES, _BEFORE_NAME, _LED = letters("NT"), letters("jrKe#"), letters("pocs")
_NTD, _RJK, _RJKDN, _RJ, _RJN = letters("NTD"), letters("rjK"), letters("rjKDN"), letters("rj"), letters("NrT")
_STOP, _APPOSED, _NAMING = letters(";:.Q"), letters("DNrjT"), letters("NTrjs#D")
_ASIDE, _FINITE = letters("WGeapLIvV"), letters("XVvBHL")
_PLAIN, _BEHIND_NAME, _JE, _NOT_ALONE = letters("jeK#D"), letters(",po"), letters("je"), letters("D#s")
_OPENING, _ADVERBIAL = letters("cbRF,:~n"), letters("pLGaieWA")


@compiled
def subject_before(tags, place):
    """The subject in front of a verb (low, high), and how it was found."""
    at = place - 1
    while at >= 0 and (_BETWEEN[tags[at]] or (tags[at] == _P and at + 1 < place and tags[at + 1] == _F)):
        at -= 1
    if at < 0:
        return NO_SPAN, NO_SUBJECT
    tag = tags[at]
    if tag == _H or (tag == _D and at + 1 == place):  # this said much, others say
        return (at, at + 1), PLAIN_SUBJECT
    if _WH[tag]:
        return antecedent(tags, at), RELATIVE
    if _AND[tag]:
        return NO_SPAN, SHARED
    if tag == _TO:
        return NO_SPAN, INFINITIVE
    if tag == _COMMA:
        return over_apposition(tags, at), PLAIN_SUBJECT
    if tag == _CLOSE or tag == _DASH:
        opening = rfind(tags, _OPEN if tag == _CLOSE else _DASH, 0, at)
        return phrase_before(tags, opening) if opening > 0 else NO_SPAN, PLAIN_SUBJECT
    if _IN_PHRASE[tag]:
        return phrase_before(tags, at + 1), PLAIN_SUBJECT
    return NO_SPAN, NO_SUBJECT


@compiled
def phrase_before(tags, beyond):
    """The noun phrase that ends in front of a place."""
    low = beyond
    while low > 0:
        tag, behind = tags[low - 1], tags[low] if low < beyond else 0
        goes_on = (
            (_IN_PHRASE[tag] and not (tag == _E and behind == _D))
            or (tag == _TO and _BEHIND_TO[behind] and tag_at(tags, low - 2) == _J)
            or (tag == _C and behind != 0 and low > 1 and _HEAD[tags[low - 2]])
        )
        if not goes_on:
            break
        low -= 1
    relative = _relative_before(tags, low, beyond)
    return antecedent(tags, relative) if relative >= 0 else _trimmed(tags, low, beyond)


@compiled
def _relative_before(tags, low, beyond):
    """The place of *who* or *that* where the phrase is the object of a relative clause (people who know him say)."""
    at = low - 1
    while at > 0 and _IN_RELATIVE[tags[at]] and low - at < 4:
        at -= 1
    if at < 1 or not _WH[tags[at]] or not _BEFORE_WHO[tags[at - 1]]:
        return -1
    # That with a subject of its own behind it begins no such clause (the plan that Lee said would fail).
    own = at == low - 1 and not (_OWN[tags[low]] and beyond - low > 1 and _BEHIND_OWN[tags[low + 1]])
    return -1 if own else at


@compiled
def _trimmed(tags, low, beyond):
    """The phrase without what only leads up to it: conjunctions, an opening adverbial (In a statement the firm)."""
    while low < beyond and _LEADING[tags[low]]:
        low += 1
    if low < beyond and tags[low] == _P:
        split = _second_phrase(tags, low + 1, beyond)
        if split < 0:
            return NO_SPAN
        low = split
    joint = find(tags, _C, low, beyond)
    if joint > 0 and not _joins(tags, low, joint, beyond):
        low = joint + 1
    if low >= beyond:
        return NO_SPAN
    if _DANGLING[tags[beyond - 1]] and not (beyond - low == 1 and tags[low] == _D):
        return NO_SPAN
    return low, beyond


@compiled
def _second_phrase(tags, low, beyond):
    """Where a second noun phrase begins behind the one of an opening preposition; -1 where none does."""
    for at in range(beyond - 1, low, -1):
        if tags[at] == _D and not _BEFORE_SECOND[tags[at - 1]]:
            return at
        if _NAMES[tags[at]] and _BEFORE_NAME[tags[at - 1]] and all_of(tags, at, beyond, _NAMES):
            return at
    return -1


@compiled
def _joins(tags, low, joint, beyond):
    """Whether *and* joins two like phrases (Smith and Jones), not two clauses."""
    left, right = tags[joint - 1], tags[joint + 1] if joint + 1 < beyond else 0
    if joint - low > 7 or find(tags, _E, low, joint) >= 0:
        return False
    if right == 0:
        return left == _N or left == _T or _RJK[left]
    return (_NAMES[left] and _NTD[right]) or (_RJK[left] and _RJKDN[right]) or (left == _N and _RJ[right])


@compiled
def antecedent(tags, place):
    """The noun phrase that *who* or *which* at a place stands for."""
    beyond = place - 1 if place and tags[place - 1] == _COMMA else place
    low = beyond
    while low > 0 and _IN_PHRASE[tags[low - 1]]:
        low -= 1
    while low < beyond and _LED[tags[low]]:
        low += 1
    # A name behind a preposition is nearer than what stands before it: (laid out) by President Putin, who …
    inner = max(rfind(tags, _P, low, beyond), rfind(tags, _O, low, beyond))
    if inner > low and tags[beyond - 1] == _N and find(tags, _R, low, inner) < 0:
        low = inner + 1
    return (low, beyond) if low < beyond else NO_SPAN


@compiled
def over_apposition(tags, comma):
    """The subject in front of what stands between commas: ``Ann Lee, the mayor, said``."""
    best = NO_SPAN
    right = comma
    for _ in range(6):
        left = max(rfind(tags, _COMMA, 0, right), 0)
        if tags[right - 1] == _Q and right - left > 2 and _APPOSED[tags[left + 1]]:
            right -= 1  # the author of “…,” said
        if any_of(tags, left + 1, right, _STOP) or tags[left] != _COMMA or not is_aside(tags, left + 1, right):
            break
        found = phrase_before(tags, left)
        if found[0] < 0:
            right = left
            continue
        including = tags[left + 1] == _I
        named = tags[found[1] - 1] == _N and all_of(tags, found[0], found[1], _NAMING)
        name_end = _name_end(tags, left + 1)
        if not named and name_end >= 0 and find(tags, _R, found[0], found[1]) >= 0:
            return found[0], name_end  # his lawyer, Ann Lee of Boston, said
        if best[0] < 0 or named:
            best = found
            if including and right == comma:
                best = (found[0], comma)  # officials, including the minister
        if named or found[0] == 0 or tags[found[0] - 1] != _COMMA:
            break
        right = left
    return best


@compiled
def _name_end(tags, place):
    """One past the full name, or the name behind a title, that begins at a place and goes on with a comma or so."""
    name = place
    while name < len(tags) and tags[name] == _T:
        name += 1
    end = name
    while end < len(tags) and tags[end] == _N:
        end += 1
    full = end - name > 1 or (end > name and name > place)
    return end if full and _BEHIND_NAME[tag_at(tags, end)] else -1


@compiled
def is_aside(tags, low, high):
    """Whether what stands between two commas can stand beside a name, being no clause of its own."""
    return low < high and (_ASIDE[tags[low]] or not any_of(tags, low, high, _FINITE))


@compiled
def subject_after(tags, place):
    """The noun phrase that begins at a place: ``said [Ann Lee], the mayor``."""
    if tag_at(tags, place) == _H:
        return place, place + 1
    at = place
    while at < len(tags) and _HEAD[tags[at]]:
        # Behind a name plain words go on only where they lead to another name or a role (Boston lawyer Ann Lee).
        if at > place and tags[at - 1] == _N and _PLAIN[tags[at]] and not _goes_on(tags, at):
            break
        at += 1
    if at == place:
        return NO_SPAN
    last = tags[at - 1]
    if last == _N and (are(tags, at, _O, _N) or are(tags, at, _C, _N) or are(tags, at, _C, _T)):
        at += 2
        while at < len(tags) and tags[at] == _N:
            at += 1
    elif _RJK[last] and at < len(tags) and (tags[at] == _O or tags[at] == _P) and not are(tags, at, _P, _F):
        beyond = at + 1
        while beyond < len(tags) and (_HEAD[tags[beyond]] or tags[beyond] == _O):
            beyond += 1
        at = beyond if beyond > at + 1 else at
    return NO_SPAN if all_of(tags, place, at, _NOT_ALONE) else (place, at)


@compiled
def _goes_on(tags, at):
    while at < len(tags) and _JE[tags[at]]:
        at += 1
    return _RJN[tag_at(tags, at)]


@compiled
def first_subject(tags, before):
    """The subject of a unit's main clause, in front of a place: its first noun phrase that no preposition leads."""
    at = 0
    while at < before:
        comma = find(tags, _COMMA, at, before)
        if _OPENING[tags[at]]:
            at += 1
        elif _ADVERBIAL[tags[at]] and comma >= 0:
            at = comma + 1
        else:
            break
    if at >= before:
        return NO_SPAN
    if tags[at] == _H:
        return at, at + 1
    low = at
    while at < before and _IN_PHRASE_OR_AND[tags[at]] and not (at > low and are(tags, at, _E, _D)):
        at += 1
    return _trimmed(tags, low, at) if at > low else NO_SPAN
