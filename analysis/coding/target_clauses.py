"""Clauses of a sentence, from tags, commas and conjunctions, for the question whom a word of judgement is about.

A clause may go on behind what is put into it: ``Ann Lee, who lied, won`` is one clause around a relative one. Each has
a kind, the clause it hangs on, and the word it is said of where it follows one (relative clauses, appositions). There
is no parser: a clause begins at punctuation, a conjunction, a relative pronoun or a verb of saying, most of them only
where a verb of its own follows. It is wrong often enough that no figure should rest on a single sentence.
"""

from __future__ import annotations

from typing import NamedTuple

import numba
import numpy as np

from analysis.coding import target_signs as sign
from analysis.coding.target_signs import finite

MAIN, RELATIVE, ASIDE, PARTICIPIAL, SUBORDINATE, CONTENT, JOINED = range(7)
_APPOSED = 16  # tokens in which the comma that closes an apposition must stand
_NEAR = 12  # tokens in which a clause must show its verb


class Clauses(NamedTuple):
    """The clauses of a sentence: ``of`` each of its tokens, and of each clause what follows.

    parent: the clause it hangs on, -1 for none. anchor: the token it is said of, -1 where there is none. verb: its
    first finite verb, -1 before one is read. personal: whether *he*, *she* or *they* is its subject.
    """

    of: np.ndarray
    kind: np.ndarray
    parent: np.ndarray
    anchor: np.ndarray
    verb: np.ndarray
    personal: np.ndarray


@numba.njit(nogil=True, cache=True)
def read_clauses(words, start, end):
    """The `Clauses` of tokens ``start`` to ``end - 1``; words: `target_signs.Signs`."""
    size = end - start
    clauses = Clauses(
        np.zeros(size, np.int64),
        np.zeros(size + 1, np.int64),
        np.full(size + 1, -1, np.int64),
        np.full(size + 1, -1, np.int64),
        np.full(size + 1, -1, np.int64),
        np.zeros(size + 1, np.bool_),
    )
    n, now = 1, 0
    for at in range(start, end):
        gap = words.gaps[at - 1] if at > start else 0
        if gap & sign.STRONG:
            now, kind, anchor = _at_stop(words, clauses, at, start, end, now)
        elif gap & sign.COMMA:
            now, kind, anchor = _at_comma(words, clauses, at, start, end, now)
        else:
            kind, anchor = _inside(words, clauses, at, start, end, now)
        if kind >= 0:
            clauses.kind[n], clauses.parent[n], clauses.anchor[n] = kind, now, anchor
            now = n
            n += 1
        clauses.of[at - start] = now
        if clauses.verb[now] < 0:
            clauses.personal[now] |= bool(words.bits[at] & sign.PERSONAL)
            if finite(words, at, start):
                clauses.verb[now] = at
    return clauses


@numba.njit(nogil=True, cache=True)
def _at_stop(words, clauses, at, start, end, now):
    """Behind brackets, dashes, colons: the clause that goes on, and kind and anchor of one that begins (-1: none)."""
    gap = words.gaps[at - 1]
    if gap & sign.CLOSES and clauses.kind[now] == ASIDE:
        now = clauses.parent[now]
    if gap & sign.OPENS:
        return now, ASIDE, at - 1
    if gap & sign.STOP:
        return now, JOINED, -1
    if gap & sign.DASH:
        if clauses.kind[now] == ASIDE:
            return clauses.parent[now], -1, -1
        if clauses.verb[now] < 0 or not has_verb(words, at, start, end):
            return now, ASIDE, at - 1
        return now, JOINED, -1
    return now, -1, -1


@numba.njit(nogil=True, cache=True)
def _at_comma(words, clauses, at, start, end, now):
    """The same behind a comma."""
    tag, bits, before = words.tags[at], words.bits[at], words.tags[at - 1]
    kind, parent, resumed = clauses.kind[now], clauses.parent[now], False
    inserted = kind == RELATIVE or kind == ASIDE or kind == PARTICIPIAL
    if parent >= 0 and (inserted or clauses.verb[parent] < 0):
        now = parent
        resumed = clauses.verb[now] < 0
    follows = has_verb(words, at, start, end)
    awaits = clauses.verb[now] < 0
    if tag == sign.WH or (tag == sign.PREPOSITION and at + 1 < end and words.tags[at + 1] == sign.WH):
        return now, RELATIVE, at - 1
    if tag == sign.AND or tag == sign.BUT:
        if has_verb(words, at + 1, start, end):
            return now, JOINED, -1
        if at + 1 < end and finite(words, at + 1, start):
            # Said that it failed, and left: the subject is that of the verb of saying.
            while clauses.kind[now] == CONTENT:
                now = clauses.parent[now]
        return now, -1, -1
    if tag == sign.SUBORDINATOR or tag == sign.IF:
        return now, SUBORDINATE, -1
    if bits & sign.ING and tag != sign.NAME and tag != sign.ROLE:
        return now, PARTICIPIAL, -1
    if bits & sign.PARTICIPLE and tag != sign.NAME and not follows and not resumed and sign.NOUNLIKE[before]:
        if awaits or tag == sign.PAST or words.verbs[at]:
            return now, PARTICIPIAL, at - 1 if awaits else -1
        return now, -1, -1
    if tag == sign.SUBJECT:
        return now, JOINED, -1
    if not awaits:
        if follows:
            return now, ASIDE if _is_tag(words, at, start, end) else JOINED, -1
        if sign.NOUNLIKE[before] and (tag == sign.DETERMINER or tag == sign.ROLE or tag == sign.NUMBER):
            return now, ASIDE, at - 1
    elif sign.NOUNLIKE[before] and (sign.NOUNLIKE[tag] or tag == sign.DETERMINER):
        # Behind an opening adverbial (In Rome on Monday, Ann Lee …) the clause goes on.
        first = words.tags[start]
        led = first == sign.PREPOSITION or first == sign.ADVERB or first == sign.CUE_ING or first == sign.AS
        if not (led and now == 0) and _closes(words, at, end):
            return now, ASIDE, at - 1
    return now, -1, -1


@numba.njit(nogil=True, cache=True)
def _inside(words, clauses, at, start, end, now):
    """Kind and anchor of a clause that begins without a mark before it (-1: none does)."""
    tag = words.tags[at]
    if at == start:
        begins = tag == sign.SUBORDINATOR or tag == sign.IF
        begins = begins or (tag == sign.AS and has_verb(words, at + 1, start, end))
        return SUBORDINATE if begins else -1, -1
    before = words.tags[at - 1]
    if tag == sign.WH:
        if sign.NOUNLIKE[before] or words.bits[at] & sign.POSSESSES:
            return RELATIVE, at - 1
        return CONTENT, -1
    if tag == sign.THAT:
        if has_verb(words, at + 1, start, end):
            return CONTENT, -1
        if at + 1 < end and sign.NOUNLIKE[before] and finite(words, at + 1, start):
            return RELATIVE, at - 1
    elif tag == sign.SUBORDINATOR or tag == sign.IF or tag == sign.AS:
        gerund = tag == sign.SUBORDINATOR and at + 1 < end and bool(words.bits[at + 1] & sign.ING)
        if gerund or has_verb(words, at + 1, start, end):
            return SUBORDINATE, -1
    elif tag == sign.BUT or tag == sign.AND:
        if (clauses.verb[now] >= 0 or tag == sign.BUT) and has_verb(words, at + 1, start, end):
            return JOINED, -1
    elif words.bits[at - 1] & sign.SAYS and clauses.verb[now] >= 0 and has_verb(words, at, start, end):
        return CONTENT, -1
    return -1, -1


@numba.njit(nogil=True, cache=True)
def has_verb(words, at, start, end):
    """Whether a subject begins at a place and a finite verb follows it before any mark or other clause."""
    if at >= end or (sign.GOVERNS[words.tags[at]] and words.tags[at] != sign.OF) or words.tags[at] == sign.VERB:
        return False
    if words.tags[at] == sign.SUBJECT:
        return True
    for place in range(at + 1, min(end, at + _NEAR)):
        tag = words.tags[place]
        if words.gaps[place - 1] & sign.PARTS or tag == sign.TO:
            return False
        if tag == sign.WH or tag == sign.SUBORDINATOR or tag == sign.THAT or tag == sign.BUT:
            return False
        if finite(words, place, start):
            return words.tags[place - 1] != sign.AND
    return False


@numba.njit(nogil=True, cache=True)
def _is_tag(words, at, start, end):
    """Whether what begins at a place only tells who says it (``, officials say,``)."""
    for place in range(at + 1, min(end, at + _NEAR // 2 + 2)):
        if finite(words, place, start):
            return bool(words.bits[place] & sign.SAYS) and (place + 1 >= end or bool(words.gaps[place] & sign.PARTS))
    return False


@numba.njit(nogil=True, cache=True)
def _closes(words, at, end):
    """Whether a comma closes what begins at a place."""
    for place in range(at, min(end - 1, at + _APPOSED)):
        if words.gaps[place] & sign.PARTS:
            return not words.gaps[place] & sign.STRONG
    return False
