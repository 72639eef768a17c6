"""Noun phrases that speak: where the subject of a cue begins and ends, read from the tags of a unit.

Places are those of the tags; a phrase is (low, high), high one past its last. ``None`` where there is no subject.
"""

from __future__ import annotations

import re

from analysis.coding.units import Unit

Span = tuple[int, int]

_IN_PHRASE = frozenset("NTrjeK#sDoph")
_HEAD = frozenset("NTrjeK#sD")
_BETWEEN = frozenset("XRnF")  # may stand between a subject and its verb
_STOP = frozenset(";:~.Q()")
_NAME = re.compile(r"T*NN+(?=[,po])|T+N+(?=[,po])")


def subject_before(unit: Unit, place: int) -> tuple[Span | None, str]:
    """The subject in front of a verb, and how it was found.

    How: ``plain``; ``relative`` (Smith, who said); ``shared`` (… and said: the subject of the verb before);
    ``infinitive`` (to say); ``none``.
    """
    tags = unit.tags
    at = place - 1
    while at >= 0 and (tags[at] in _BETWEEN or (tags[at] == "p" and at + 1 < place and tags[at + 1] == "F")):
        at -= 1
    if at < 0:
        return None, "none"
    tag = tags[at]
    if tag == "H":
        return (at, at + 1), "plain"
    if tag == "D" and at + 1 == place:  # this said much, others say
        return (at, at + 1), "plain"
    if tag in "Ww":
        return antecedent(unit, at), "relative"
    if tag in "cb":
        return None, "shared"
    if tag == "t":
        return None, "infinitive"
    if tag == ",":
        return over_apposition(unit, at), "plain"
    if tag == ")":
        opening = tags.rfind("(", 0, at)
        return (phrase_before(unit, opening) if opening > 0 else None), "plain"
    if tag == "~":
        opening = tags.rfind("~", 0, at)
        return (phrase_before(unit, opening) if opening > 0 else None), "plain"
    if tag in _IN_PHRASE:
        return phrase_before(unit, at + 1), "plain"
    return None, "none"


def phrase_before(unit: Unit, beyond: int) -> Span | None:
    """The noun phrase that ends in front of a place."""
    tags = unit.tags
    low = beyond
    while low > 0 and (
        (tags[low - 1] in _IN_PHRASE and not (low < beyond and tags[low - 1 : low + 1] == "eD"))
        or (tags[low - 1] == "t" and low < beyond and tags[low] in "DNTh" and tags[low - 2 : low - 1] == "j")
        or (tags[low - 1] == "c" and low < beyond and low > 1 and tags[low - 2] in _HEAD)
    ):
        low -= 1
    relative = _relative_before(unit, low, beyond)
    if relative is not None:
        return antecedent(unit, relative)
    return _trimmed(tags, low, beyond)


def _relative_before(unit: Unit, low: int, beyond: int) -> int | None:
    """The place of *who* or *that* where the phrase is the object of a relative clause (people who know him say)."""
    tags = unit.tags
    at = low - 1
    while at > 0 and tags[at] in "XvVBeRn" and low - at < 4:
        at -= 1
    if at < 1 or tags[at] not in "Ww" or tags[at - 1] not in "rjN":
        return None
    # That with a subject of its own behind it begins no such clause (the plan that Lee said would fail).
    own = at == low - 1 and not (tags[low] in "jeKB" and beyond - low > 1 and tags[low + 1] in "pDNhT")
    return None if own else at


def _trimmed(tags: str, low: int, beyond: int) -> Span | None:
    """The phrase without what only leads up to it: conjunctions, an opening adverbial (In a statement the firm)."""
    while low < beyond and tags[low] in "cRso":
        low += 1
    if low < beyond and tags[low] == "p":
        split = _second_phrase(tags, low + 1, beyond)
        if split is None:
            return None
        low = split
    joint = tags.find("c", low, beyond)
    if joint > 0 and not _joins(tags, low, joint, beyond):
        low = joint + 1
    if low >= beyond or tags[beyond - 1] in "Dpoc":
        return (low, beyond) if low < beyond and tags[low:beyond] == "D" else None
    return low, beyond


def _second_phrase(tags: str, low: int, beyond: int) -> int | None:
    """Where a second noun phrase begins behind the one of an opening preposition."""
    for at in range(beyond - 1, low, -1):
        if tags[at] == "D" and tags[at - 1] not in "pocD#":
            return at
        if tags[at] in "NT" and tags[at - 1] in "jrKe#" and not set(tags[at:beyond]) - set("NT"):
            return at
    return None


def _joins(tags: str, low: int, joint: int, beyond: int) -> bool:
    """Whether *and* joins two like phrases (Smith and Jones), not two clauses."""
    left, right = tags[joint - 1], tags[joint + 1] if joint + 1 < beyond else ""
    if joint - low > 7 or "e" in tags[low:joint]:
        return False
    return (left in "NT" and right in "NTD") or (left in "rjK" and right in "rjKDN") or (left == "N" and right in "rj")


def antecedent(unit: Unit, place: int) -> Span | None:
    """The noun phrase that *who* or *which* at a place stands for."""
    tags = unit.tags
    beyond = place - 1 if place and tags[place - 1] == "," else place
    low = beyond
    while low > 0 and (tags[low - 1] in _IN_PHRASE):
        low -= 1
    while low < beyond and tags[low] in "pocs":
        low += 1
    # A name behind a preposition is nearer than what stands before it: (laid out) by President Putin, who …
    inner = max(tags.rfind("p", low, beyond), tags.rfind("o", low, beyond))
    if inner > low and tags[beyond - 1] == "N" and "r" not in tags[low:inner]:
        low = inner + 1
    return (low, beyond) if low < beyond else None


def over_apposition(unit: Unit, comma: int) -> Span | None:
    """The subject in front of what stands between commas: ``Ann Lee, the mayor, said``; None where there is none."""
    tags = unit.tags
    best: Span | None = None
    right = comma
    for _ in range(6):
        left = max(tags.rfind(",", 0, right), 0)
        if tags[right - 1] == "Q" and right - left > 2 and tags[left + 1] in "DNrjT":
            right -= 1  # the author of “…,” said
        if any(mark in _STOP - {"(", ")", "~"} for mark in tags[left + 1 : right]) or tags[left : left + 1] != ",":
            break
        if not is_aside(tags, left + 1, right):
            break
        found = phrase_before(unit, left)
        if found is None:
            right = left
            continue
        including = tags[left + 1] == "I"
        named = tags[found[1] - 1] == "N" and not set(tags[found[0] : found[1]]) - set("NTrjs#D")
        name = _NAME.match(tags, left + 1)
        if not named and name and "r" in tags[slice(*found)]:
            return found[0], name.end()  # his lawyer, Ann Lee of Boston, said
        if best is None or named:
            best = found
            if including and right == comma:
                best = (found[0], comma)  # officials, including the minister
        if named or found[0] == 0 or tags[found[0] - 1] != ",":
            break
        right = left
    return best


def is_aside(tags: str, low: int, high: int) -> bool:
    """Whether what stands between two commas can stand beside a name, being no clause of its own."""
    inside = tags[low:high]
    if not inside:
        return False
    if inside[0] in "WGeapLIvV":
        return True
    return not set(inside) & set("XVvBHL")


def subject_after(unit: Unit, place: int) -> Span | None:
    """The noun phrase that begins at a place: ``said [Ann Lee], the mayor``."""
    tags = unit.tags
    if tags[place : place + 1] == "H":
        return place, place + 1
    at = place
    while at < len(tags) and tags[at] in _HEAD:
        # Behind a name plain words go on only where they lead to another name or a role (Boston lawyer Ann Lee).
        if at > place and tags[at - 1] == "N" and tags[at] in "jeK#D" and not _goes_on(tags, at):
            break
        at += 1
    if at == place:
        return None
    last = tags[at - 1]
    if tags[at : at + 2] in ("oN", "cN", "cT") and last == "N":
        at += 2
        while tags[at : at + 1] == "N":
            at += 1
    elif last in "rjK" and tags[at : at + 1] in ("o", "p") and tags[at : at + 2] != "pF":
        beyond = at + 1
        while (beyond < len(tags) and tags[beyond] in _HEAD) or tags[beyond : beyond + 1] == "o":
            beyond += 1
        at = beyond if beyond > at + 1 else at
    if set(tags[place:at]) <= set("D#s"):
        return None
    return place, at


def _goes_on(tags: str, at: int) -> bool:
    while at < len(tags) and tags[at] in "je":
        at += 1
    return tags[at : at + 1] in ("N", "r", "T")


def first_subject(unit: Unit, before: int) -> Span | None:
    """The subject of a unit's main clause, in front of a place: its first noun phrase that no preposition leads."""
    tags = unit.tags
    at = 0
    while at < before:
        if tags[at] in "cbRF,:~n":
            at += 1
        elif tags[at] in "pLGaieWA" and "," in tags[at:before]:
            at = tags.index(",", at) + 1
        else:
            break
    if at >= before:
        return None
    if tags[at] == "H":
        return at, at + 1
    low = at
    while at < before and tags[at] in _IN_PHRASE | {"c"} and not (at > low and tags[at : at + 2] == "eD"):
        at += 1
    if at == low:
        return None
    return _trimmed(tags, low, at)
