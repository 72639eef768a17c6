"""What each word of judgement adds to each target of its sentence.

A verb or noun of the codebook counts by the target's role (`target_roles`). Any other word counts its valence times the
nearness of its clause and of its place there, and little where it describes another name. What the target says of
others counts little: in the quotation that it speaks, and behind a verb with which it judges them.
"""

from __future__ import annotations

import numba
import numpy as np

from analysis.coding import target_signs as sign
from analysis.coding.target_clauses import ASIDE, CONTENT, PARTICIPIAL, SUBORDINATE, read_clauses
from analysis.coding.target_roles import (
    DESCRIBES_OTHER,
    Hit,
    is_noun,
    is_passive,
    of_noun,
    of_verb,
    predicated,
    read_target,
)

# Steps that can be left out, to see what each gives (see benchmarks/targets.py).
CLAUSES, ROLES, SPEAKERS, TONE = 1, 2, 4, 8
ALL = CLAUSES | ROLES | SPEAKERS | TONE

# How much of a hit is left. Set by judgement on benchmarks/targets_dev.yml, looked at again on targets_tuning.yml.
SPOKEN = 0.15  # what the target says
QUOTED = 0.6  # a quotation that the target stands outside of
JUDGED = 0.2  # behind a verb with which the target judges others
OPPOSED = 0.3  # what a verb acts on, where it is of the other sign (solved the crisis, lost the support)
COMPARED = -0.6  # before *than*, behind which the target stands
UP, ACROSS = 0.35, 0.35  # from a clause to the one it hangs on; to one that is joined to it or describes another
ASIDES, INSIDE = 0.4, 0.5  # to an aside or a subordinate clause; to one that is reported or has a participle
LINKED = 0.85  # to a clause about *he*, *she* or *they*
BESIDE = 1.1  # in the target's noun phrase
BEFORE, BEHIND, IN_FRONT = 0.5, 0.75, 0.8  # a target that is no subject: hits before and behind it; one that is: before
_ROLE = 1.5  # at least this much of a role makes a verb one that judges, or that leans
_SLIGHT = 0.5  # at most this much of the subject's role makes a verb one that judges others only


@numba.njit(nogil=True, cache=True)
def weigh(words, sentences, targets, hits, quotes, steps):
    """What every hit adds to every target of its sentence, before the whole is scaled.

    Args:
        words: `target_signs.Signs`. sentences: first token and one past the last of those with a target, in order.
        targets: first, beyond, and where the targets of each sentence begin, with the end. hits: first, beyond, the
            five things that a `Hit` says, the first hit of each sentence, one past its last. quotes: the row of each
            token (-1: none), first token and one past the last of the speaker of each row (-1: none). steps: which
            of CLAUSES, ROLES, SPEAKERS are taken (TONE is `targets`' own).

    Returns:
        target, hit, value; of values other than 0.
    """
    starts, ends = sentences
    target_first, target_beyond, target_bounds = targets
    first, beyond, plain, of_object, of_subject, about, owner, hit_low, hit_high = hits
    room = 0
    for k in range(len(starts)):
        room += (target_bounds[k + 1] - target_bounds[k]) * (hit_high[k] - hit_low[k])
    found_target, found_hit, found = np.empty(room, np.int64), np.empty(room, np.int64), np.empty(room)
    n = 0
    for k in range(len(starts)):
        if hit_low[k] == hit_high[k]:
            continue
        start, end = starts[k], ends[k]
        clauses = read_clauses(words, start, end)
        for t in range(target_bounds[k], target_bounds[k + 1]):
            target = read_target(words, clauses, start, end, target_first[t], target_beyond[t])
            # Where a verb of the target begins to judge others; and where one leans to a side, and which.
            judges, leans, leaning = end, end, 0.0
            if target.low > start and words.bits[target.low - 1] & sign.BY:
                judges = start - 1
            for h in range(hit_low[k], hit_high[k]):
                if not target.subject or first[h] < target.head or clauses.of[first[h] - start] != target.clause:
                    continue
                if leaning == 0 and abs(of_subject[h]) >= _ROLE:
                    leans, leaning = first[h], of_subject[h]
                if abs(of_object[h]) >= _ROLE and abs(of_subject[h]) <= _SLIGHT:
                    hit = Hit(first[h], beyond[h], plain[h], of_object[h], of_subject[h], about[h], owner[h])
                    if not is_passive(words, hit, start, end):
                        judges = first[h]
                        break
            for h in range(hit_low[k], hit_high[k]):
                if first[h] < target.beyond and beyond[h] > target.first:
                    continue
                hit = Hit(first[h], beyond[h], plain[h], of_object[h], of_subject[h], about[h], owner[h])
                value = _value(words, clauses, target, hit, start, end, steps)
                if steps & ROLES:
                    others = hit.of_object == 0 and hit.of_subject == 0
                    # Praised Y for doing it: that is Y.
                    inside = clauses.of[hit.first - start] == target.clause
                    others = others or (inside and bool(words.bits[hit.first] & sign.ING))
                    if hit.first > judges and others:
                        value *= JUDGED
                    elif hit.first > leans and hit.of_subject == 0 and value * leaning < 0:
                        value *= OPPOSED
                    if target.compared and hit.first < target.first:
                        value *= COMPARED
                if steps & SPEAKERS:
                    value *= _voice(words, clauses, target, hit, start, quotes)
                if value != 0:
                    found_target[n], found_hit[n], found[n] = t, h, value
                    n += 1
    return found_target[:n].copy(), found_hit[:n].copy(), found[:n].copy()


@numba.njit(nogil=True, cache=True)
def _voice(words, clauses, target, hit, start, quotes):
    """How much is left of a hit for who says it."""
    holder, speaker_first, speaker_beyond = quotes
    row = holder[hit.first]
    if row < 0 or holder[target.first] == row:
        return 1.0
    if speaker_first[row] < target.beyond and speaker_beyond[row] > target.first:
        return SPOKEN
    if target.first > start and words.tags[target.first - 1] == sign.OF:
        return 1.0  # said of X
    return 1.0 if clauses.of[hit.first - start] == clauses.of[target.first - start] else QUOTED


@numba.njit(nogil=True, cache=True)
def _value(words, clauses, target, hit, start, end, steps):
    """What one hit adds to one target."""
    there = clauses.of[hit.first - start]
    near = _nearness(clauses, target, there) if steps & CLAUSES else 1.0
    if not steps & ROLES:
        return near * _strongest(hit)
    share = predicated(clauses, target, hit, there)
    noun = hit.about != 0 or hit.owner != 0
    if (hit.of_object != 0 or hit.of_subject != 0) and not is_noun(words, hit, start, noun):
        return of_verb(words, clauses, target, hit, start, end, near, share)
    if noun:
        return of_noun(words, clauses, target, hit, start, end, near, share)
    return near * hit.plain * _place(words, clauses, target, hit, start, end, share)


@numba.njit(nogil=True, cache=True)
def _strongest(hit):
    """What a hit says where roles are not read: as a word, else of the role of which it says most."""
    value = hit.plain
    if value == 0:
        for other in (hit.of_object, hit.of_subject, hit.about, hit.owner):
            if abs(other) > abs(value):
                value = other
    return value


@numba.njit(nogil=True, cache=True)
def _nearness(clauses, target, there):
    """How much of a hit in the clause ``there`` is left for the target: a share for each step between the two."""
    # Up from the hit to the first clause that also holds the target's, then up from the target's to that one.
    share, at = 1.0, there
    while at >= 0:
        above, share_above = target.clause, 1.0
        while above >= 0 and above != at:
            share_above *= UP
            above = clauses.parent[above]
        if above == at:
            return share * share_above
        if target.low <= clauses.anchor[at] < target.head:
            return share
        share *= _step(clauses, target, at)
        at = clauses.parent[at]
    return share


@numba.njit(nogil=True, cache=True)
def _step(clauses, target, at):
    """The share for the step to a clause from the one it hangs on."""
    kind = clauses.kind[at]
    if target.subject and clauses.parent[at] == target.clause:
        if kind == PARTICIPIAL and clauses.anchor[at] < 0:
            return 0.9
        if kind == CONTENT:
            return SPOKEN if target.says else INSIDE
        if clauses.personal[at]:
            return LINKED
    if kind == ASIDE or kind == SUBORDINATE:
        return ASIDES
    return INSIDE if kind == CONTENT or kind == PARTICIPIAL else ACROSS


@numba.njit(nogil=True, cache=True)
def _place(words, clauses, target, hit, start, end, share):
    """How much of a word is left for where it stands."""
    if target.low <= hit.first < target.first:
        return BESIDE
    # The noun phrase that it stands in may go on to another name.
    for at in range(hit.beyond, min(end, hit.beyond + 5)):
        if words.gaps[at - 1] & sign.PARTS:
            break
        if words.tags[at] == sign.NAME:
            return 1.0 if at == target.first else DESCRIBES_OTHER
        if not sign.MODIFIER[words.tags[at]]:
            break
    if share > 0 or clauses.of[hit.first - start] != target.clause:
        return 1.0
    if target.subject:
        return IN_FRONT
    return BEFORE if hit.first < target.first else BEHIND
