"""What a word of judgement says of a target by its role: subject or object of a verb, what a noun is about, its owner.

A verb gives what the codebook says of that role: *X praised Y* speaks of Y as *praised* does of its object; a passive
gives its subject what the active gives its object; *by X* is its agent. A noun gives what it says of whom it is about
(*criticism of X*, *X drew criticism*) or whom it belongs to (*X's failure*).
"""

from __future__ import annotations

from typing import NamedTuple

import numba

from analysis.coding import target_signs as sign
from analysis.coding.target_clauses import ASIDE, CONTENT, PARTICIPIAL, RELATIVE
from analysis.coding.target_signs import finite

# How much of a hit is left. Set by judgement on benchmarks/targets_dev.yml, looked at again on targets_tuning.yml.
ELSEWHERE = 0.15  # a verb whose subject and object are others
FURTHER = 0.3  # a verb in the target's clause, somewhere before it
BY_CHANCE = 0.25  # a noun that is not about the target, nor its
DESCRIBES_OTHER = 0.2  # a word that describes another name
OF_ITS_OWN = 0.8  # a verb with the target's plan, party … as object or subject
BELONGS = 0.9  # his failure, in a clause of which the target is the subject
LIKELY = 0.6  # a failure, in such a clause
DOING = 0.9  # a verb in -ing behind a target that is no subject (blamed X for ignoring it)


class Target(NamedTuple):
    """A naming: tokens first to beyond - 1; low: where its noun phrase begins; head: one past the name it is part of.

    owns: a possessive. clause: the one it stands in (that of what it is put behind, in apposition). subject: nothing
    governs it there. says: as the subject of a verb of saying. compared: stands behind *than*.
    """

    first: int
    beyond: int
    low: int
    head: int
    owns: bool
    clause: int
    subject: bool
    says: bool
    compared: bool


class Hit(NamedTuple):
    """A word of judgement: tokens first to beyond - 1, and what it says as a word and of each role (0: nothing)."""

    first: int
    beyond: int
    plain: float
    of_object: float
    of_subject: float
    about: float
    owner: float


@numba.njit(nogil=True, cache=True)
def read_target(words, clauses, start, end, first, beyond):
    """The `Target` that a naming is in its sentence."""
    low, head = _phrase_start(words, first, start), beyond
    while head < end and not words.gaps[head - 1] & sign.PARTS and words.tags[head] == sign.NAME:
        head += 1
    owns = (head < end and words.tags[head] == sign.CLITIC) or bool(words.gaps[head - 1] & sign.APOSTROPHE)
    clause = clauses.of[first - start]
    compared = low > start and bool(words.bits[low - 1] & sign.THAN) and not words.gaps[low - 1] & sign.PARTS
    opens = low == start or clauses.of[low - 1 - start] != clause
    if opens and clauses.kind[clause] == ASIDE and clauses.anchor[clause] >= 0:
        # In apposition it is what it is put behind (the senator, Ann Lee, said).
        low = _phrase_start(words, clauses.anchor[clause], start)
        clause = clauses.parent[clause]
    subject = _is_subject(words, clauses, low, start, clause)
    verb = clauses.verb[clause]
    says = subject and verb >= 0 and bool(words.bits[verb] & sign.SAYS)
    return Target(first, beyond, low, head, owns, clause, subject, says, compared)


@numba.njit(nogil=True, cache=True)
def _phrase_start(words, at, start):
    """Where the noun phrase around a name begins."""
    while at > start and not words.gaps[at - 1] & sign.PARTS and sign.IN_PHRASE[words.tags[at - 1]]:
        at -= 1
        if words.tags[at] == sign.DETERMINER:
            break
    return at


@numba.njit(nogil=True, cache=True)
def _is_subject(words, clauses, low, start, clause):
    """Whether nothing in front of a noun phrase, in its clause, governs it."""
    while True:
        at = low - 1
        if at < start or clauses.of[at - start] != clause or words.gaps[at] & sign.PARTS:
            return True
        tag = words.tags[at]
        if sign.GOVERNS[tag] or words.verbs[at]:
            return False
        if tag == sign.CLITIC and at > start:
            low = _phrase_start(words, at, start)
        elif tag == sign.AND and at > start:
            if words.tags[at - 1] != sign.NAME:
                return False
            low = _phrase_start(words, at - 1, start)  # a list of names is what its first one is
        else:
            break
    for place in range(at, start - 1, -1):
        if clauses.of[place - start] == clause and finite(words, place, start):
            return False
    return True


@numba.njit(nogil=True, cache=True)
def reaches(words, at, first, over_of):
    """Whether the noun phrase that begins at a place holds the token ``first``."""
    while at < first:
        tag, gap = words.tags[at], words.gaps[at]
        inside = sign.NOUNLIKE[tag] or tag == sign.DETERMINER or tag == sign.CLITIC or tag == sign.AND
        inside = inside or tag == sign.ADVERB or (tag == sign.OF and over_of)
        if not inside or gap & sign.STRONG:
            return False
        if words.verbs[at] and tag != sign.NAME and not words.bits[at] & sign.PARTICIPLE:
            return False
        if gap & sign.COMMA and not (tag == sign.NAME or tag == sign.PLAIN or tag == sign.ROLE):
            return False
        at += 1
    return at == first


@numba.njit(nogil=True, cache=True)
def is_passive(words, hit, start, end):
    """Whether a verb is passive: a participle behind a form of *be*, before *by*, or behind a comma (…, accused of)."""
    first, beyond = hit.first, hit.beyond
    if not words.bits[first] & sign.PARTICIPLE or words.bits[first] & sign.ING:
        return False
    at = first - 1
    while at >= start and not words.gaps[at] & sign.STRONG:
        if words.bits[at] & sign.BE:
            return True
        if words.tags[at] != sign.ADVERB and words.tags[at] != sign.NOT:
            if words.tags[at] == sign.AUXILIARY:
                return False
            break
        at -= 1
    if beyond >= end:
        return False
    if words.bits[beyond] & sign.BY and not words.gaps[beyond - 1] & sign.PARTS:
        return True
    tag = words.tags[beyond]
    behind = tag == sign.PREPOSITION or tag == sign.OF or tag == sign.TO
    return behind and at == first - 1 and at >= start and bool(words.gaps[at] & sign.COMMA)


@numba.njit(nogil=True, cache=True)
def is_noun(words, hit, start, known):
    """Whether a verb of the codebook is a noun where it stands. known: the codebook has it as one too."""
    at = hit.first
    if words.bits[at] & (sign.ING | sign.PARTICIPLE) or at == start or words.gaps[at - 1] & sign.PARTS:
        return False
    before, behind = words.tags[at - 1], words.tags[hit.beyond] if hit.beyond < len(words.tags) else 0
    if sign.NOUN_AFTER[before]:
        return True
    # A plain word may be an adjective, or the subject; then an object follows (critics attack the …).
    object_follows = behind == sign.NAME or behind == sign.TITLE or behind == sign.DETERMINER or behind == sign.OBJECT
    return known and ((before == sign.PLAIN and not object_follows) or bool(words.bits[at - 1] & sign.RECEIVES))


@numba.njit(nogil=True, cache=True)
def predicated(clauses, target, hit, there):
    """How surely the subject of what is said in the clause of a hit is the target; 0: it is not."""
    if there == target.clause and target.subject and hit.first >= target.head:
        return 1.0
    if target.low <= clauses.anchor[there] < target.head:
        return 1.0
    if target.subject and clauses.parent[there] == target.clause:
        if clauses.kind[there] == PARTICIPIAL and clauses.anchor[there] < 0:
            return 0.9
        if clauses.personal[there] and clauses.kind[there] != CONTENT:
            return 0.85
    return 0.0


@numba.njit(nogil=True, cache=True)
def of_verb(words, clauses, target, hit, start, end, near, share):
    """What a verb says of the target. near: nearness of its clause. share: as `predicated` gives it."""
    there = clauses.of[hit.first - start]
    any_role = hit.of_object if hit.of_object != 0 else hit.of_subject
    through = OF_ITS_OWN if target.owns else 1.0
    before = words.tags[hit.first - 1] if hit.first > start else 0
    participle = bool(words.bits[hit.first] & sign.PARTICIPLE)
    joined = hit.beyond < end and not words.gaps[hit.beyond - 1] & sign.PARTS
    if words.bits[hit.first] & sign.ING and not target.owns and _does(words, target, hit):
        return DOING * hit.of_subject
    if participle and joined and (before == sign.DETERMINER or before == sign.PLAIN):
        # It describes a noun: the disgraced senator.
        if hit.beyond <= target.first and reaches(words, hit.beyond, target.first, False):
            return any_role
        if sign.NOUNLIKE[words.tags[hit.beyond]]:
            return DESCRIBES_OTHER * near * any_role
    if is_passive(words, hit, start, end) or (clauses.kind[there] == PARTICIPIAL and participle):
        at = hit.beyond
        while at < end and at < hit.beyond + 8 and not words.bits[at] & sign.BY:
            at += 1
        if at < target.first and words.bits[at] & sign.BY and reaches(words, at + 1, target.first, False):
            return hit.of_subject
        if share > 0:
            return share * through * (hit.of_object if hit.of_object != 0 else 0.5 * hit.of_subject)
    else:
        behind = hit.beyond <= target.first and clauses.of[target.first - start] == there
        if behind and reaches(words, hit.beyond, target.first, True):
            return through * hit.of_object
        if share > 0 and there != target.clause and clauses.kind[there] == RELATIVE:
            # Whom Lee accused: a subject of its own stands between the pronoun and the verb.
            at = hit.first
            while at > start and not words.gaps[at - 1] & sign.PARTS and sign.CHAINED[words.tags[at - 1]]:
                at -= 1
            if at > start and sign.NOUNLIKE[words.tags[at - 1]] and clauses.of[at - 1 - start] == there:
                return hit.of_object
        if share > 0:
            return share * through * hit.of_subject
    if there == target.clause and hit.beyond <= target.first and hit.of_object != 0:
        return hit.of_object if target.compared else FURTHER * hit.of_object
    return ELSEWHERE * near * any_role


@numba.njit(nogil=True, cache=True)
def _does(words, target, hit):
    """Whether the target does what a verb in *-ing* behind it says: X trailing Y, blamed X for ignoring Y."""
    at = hit.first - 1
    while at > target.head and words.tags[at] == sign.ADVERB:
        at -= 1
    if at == target.head and (words.tags[at] == sign.PREPOSITION or words.tags[at] == sign.OF):
        at -= 1
    bare = at == hit.first - 1
    if at != target.head - 1 or (target.subject and bare):
        return False
    parted = False
    for place in range(target.head, hit.first + 1):
        parted = parted or bool(words.gaps[place - 1] & sign.PARTS)
    return not parted


@numba.njit(nogil=True, cache=True)
def of_noun(words, clauses, target, hit, start, end, near, share):
    """What a noun says of the target. near: nearness of its clause. share: as `predicated` gives it."""
    any_role = hit.about if hit.about != 0 else hit.owner
    # Criticism of X, calls for X to resign; the failure of X.
    for at in range(hit.beyond, min(hit.beyond + 4, target.first, end)):
        if words.gaps[at - 1] & sign.PARTS:
            break
        if words.bits[at] & (sign.ABOUT | sign.BY) and reaches(words, at + 1, target.first, True):
            if words.bits[at] & sign.BY or (words.tags[at] == sign.OF and hit.about == 0):
                return hit.owner
            return hit.about if hit.about != 0 else 0.5 * hit.owner
    # X's failure, X's many critics.
    if target.owns and target.head <= hit.first < target.head + 5:
        at = hit.first - 1
        while at > target.head and (sign.MODIFIER[words.tags[at]] or words.tags[at] == sign.ADVERB):
            at -= 1
        if at <= target.head:
            return hit.owner
    there = clauses.of[hit.first - start]
    if there == target.clause and target.subject:
        share = max(share, 1.0)
    if share > 0:
        received, possessed, at = False, False, hit.first - 1
        while at >= start and hit.first - at < 6 and clauses.of[at - start] == there:
            received = received or bool(words.bits[at] & sign.RECEIVES)
            possessed = possessed or bool(words.bits[at] & sign.POSSESSES)
            at -= 1
        if possessed and hit.owner != 0:
            return share * BELONGS * hit.owner
        if received and hit.about != 0:
            return share * hit.about
        if hit.owner != 0 and (hit.about == 0 or not target.says):
            return share * LIKELY * hit.owner
    return BY_CHANCE * near * any_role
