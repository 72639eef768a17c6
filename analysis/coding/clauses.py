"""Where what is reported begins and ends, read from the tags of a unit around a cue.

Places are those of the tags. A complement is told by what stands behind the cue once adverbials and somebody addressed
are passed: *that*, a question word, *to*, *as*, a quotation, a clause with a verb of its own, or nothing (then what is
reported stands in front: ``The plan failed, she said``).
"""

from __future__ import annotations

from analysis.coding import cues
from analysis.coding.sources import Span, subject_after
from analysis.coding.units import Unit

_NOUNS = frozenset("NTrjeK#s")
_VERBAL = frozenset("XvVBH")


def complement(unit: Unit, at: int, lemma: str) -> tuple[str, int]:
    """What follows a cue that ends at ``at``, and the place where it begins.

    One of ``quote``, ``that``, ``wh``, ``to``, ``as``, ``clause``, ``thing`` (a bare noun phrase), ``end`` (nothing).
    """
    tags = unit.tags
    thing = at
    if lemma in cues.ADDRESSING:
        at = _past_addressee(unit, at)
        thing = at
    at = past_adverbials(tags, at)
    tag = tags[at : at + 1]
    if tag == "Q" or tags[at : at + 2] in (",Q", ":Q", "wQ", "~Q"):
        return "quote", at + (tag != "Q")
    if tag == "w":
        return "that", at + 1
    if tag == ":":
        return "clause", at + 1
    if tag == "" or tag in ",;.~()":
        return ("end", at) if at == thing or tags[thing : thing + 1] in "pRFt" else ("thing", thing)
    if tag in "Wi":
        return "wh", at
    if tag == "t":
        return "to", at
    if tag == "a":
        return "as", at
    if tag in "cbLVA":
        return "end", at
    if _has_verb(tags, at):
        return "clause", at
    return "thing", thing


def _past_addressee(unit: Unit, at: int) -> int:
    """Behind whoever is told: him, reporters, the paper."""
    tags = unit.tags
    if tags[at : at + 1] in ("h", "H") or tags[at : at + 2] in ("Dw", "DH", "Dt", "DQ", "D,"):
        return at + 1
    found = subject_after(unit, at)
    if found is None:
        return at
    beyond = found[1]
    # Told reporters the plan failed: the addressee ends where the next determiner begins.
    for place in range(at + 1, beyond):
        if tags[place] == "D" and tags[place - 1] not in "pocD":
            return place
    return beyond


def past_adverbials(tags: str, at: int) -> int:
    """Behind days, adverbs and prepositional phrases (on Friday, in a statement, to reporters)."""
    while at < len(tags):
        tag = tags[at]
        if tag in "RFn":
            at += 1
        elif tag in "po" or (tag == "t" and tags[at + 1 : at + 2] in ("N", "T", "D", "h", "r", "#")):
            beyond = _past_phrase(tags, at + 1)
            if beyond == at + 1:
                return at
            at = beyond
        elif tag == "G" and tags[at + 1 : at + 2] == "p":
            at += 1
        elif tag == ",":
            closing = tags.find(",", at + 1, at + 12)
            inside = tags[at + 1 : closing] if closing > 0 else ""
            if not inside or inside[0] not in "pRF" or set(inside) & _VERBAL or "Q" in inside:
                return at
            if tags[closing + 1 : closing + 2] not in ("w", "Q", "t"):
                return at
            at = closing + (tags[closing + 1] != "Q")
        else:
            return at
    return at


def _past_phrase(tags: str, at: int) -> int:
    """Behind the noun phrase of a preposition; a second determiner begins something else."""
    begin = at
    while at < len(tags):
        tag = tags[at]
        if tag == "D" and at > begin and tags[at - 1] in _NOUNS | {"F"}:
            break
        if tag == "H" or not (tag in _NOUNS or tag in "DFoh"):
            break
        at += 1
    return at


def _has_verb(tags: str, at: int) -> bool:
    """Whether a clause with a verb of its own begins at a place: a subject, then something finite."""
    if tags[at] == "H":
        return tags[at + 1 : at + 2] not in ("", ",", ";", ".", "p", "c")
    for place in range(at + 1, len(tags)):
        tag = tags[place]
        if tag == "L" or (tag in "vVBe" and tags[place - 1] == "c"):
            return False
        if tag in "XvVB" or (
            tag == "e" and tags[place - 1] in "NrjKs)F" and tags[place + 1 : place + 2] not in ("p", "y")
        ):
            return True
        if tag in ";:.wQ" or (
            tag == "," and place - at > 1 and tags[place + 1 : place + 2] in ("c", "b", "L", "G", "w")
        ):
            return False
        if tag == "W" and tags[place - 1] != ",":
            return False
    return False


def has_clause(tags: str, low: int, high: int) -> bool:
    """Whether a stretch holds something finite."""
    return any(tag in "XvVBe" or (tag == "H" and place > 0) for place, tag in enumerate(tags[low:high]))


def trimmed(tags: str, span: Span) -> Span | None:
    """A stretch without the conjunctions and marks at its edges; None where nothing is left."""
    low, high = span
    while low < high and tags[low] in ",;:.~)wcb":
        low += 1
    while low < high and tags[high - 1] in ",;:.~(cbw":
        high -= 1
    return (low, high) if low < high else None


def opening(tags: str) -> int:
    """Where the first clause of a unit begins: behind a dateline (``MOSCOW (AP) —``, ``Moscow:``)."""
    at = 0
    while at < len(tags) and at < 8 and tags[at] in "NF,()#o":
        at += 1
    if 0 < at < len(tags) and tags[at] in "~:" and tags[at + 1 : at + 2] != "Q" and tags[:at].count("N"):
        return at + 1
    return 0
