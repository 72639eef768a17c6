"""Where cues stand: every tag of a cue in the lines of many bodies, after what it is there, verb or noun.

The two loops of attribution that look at every cue (is it a verb here? does a phrase begin with it?) run over integers:
what a form is to them is found once a form (`cue_forms`), as bits.
"""

from __future__ import annotations

from typing import NamedTuple

import numba
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from analysis.coding import cues
from analysis.coding.cues import CueBook
from analysis.coding.given import lexicon
from analysis.coding.grammar import (
    ACCORDING,
    CUE_BASE,
    CUE_ING,
    CUE_NOUN,
    DAY,
    DETERMINER,
    PARTICIPLE,
    PLAIN,
    TO,
    VERB,
    letters,
)
from analysis.coding.units import Lines, Words

ARTICLES = lexicon("the a an his its their our my your every no")  # never a subject by themselves
# What a form is: a cue by itself, with an -s, a participle by its ending, an article, a noun as often as a verb.
_CUE, _IN_S, _PARTICIPLE, _ARTICLE, _NOUN_LIKE = (1 << bit for bit in range(5))
_B, _G, _K, _A, _D, _T, _E, _F, _PLAIN_VERB, _J = (
    ord(tag) for tag in (CUE_BASE, CUE_ING, CUE_NOUN, ACCORDING, DETERMINER, TO, PARTICIPLE, DAY, VERB, PLAIN)
)
_VERBAL = letters("VBG")
_DETERMINED, _LED, _NOUNS_BEHIND = letters("Ds#"), letters("Dsjpo#eN"), letters("NTrjKe")
_BEHIND_NOUN = letters("powt:Q,")  # what a noun reports begins with one of these (see `reports`)
_LED_ING, _LED_NOUN, _CLAUSE_BEHIND, _QUOTE = letters("Dsoj"), letters("Ds#oeKph"), letters("wHh"), letters("Q")


Cue = tuple[int, int, str | None]  # place, one past the last place, class


class Forms(NamedTuple):
    """What forms are to the search for cues: those that the book of cues names, and articles; all others are one.

    Attributes:
        form_of: int32, raw type → form; one more for no word (-1). bits: uint8, of each form.
        first: int32, the first phrase that begins with each form; one more than forms.
        words, ends: int32, the other words of all phrases (forms), and where those of each phrase end. Of phrases that
            begin with the same form the longest comes first.
        short: bool, whether the cue is only the first word (what follows belongs to the complement: insisted that).
        classes: the class of each phrase.
    """

    form_of: np.ndarray
    bits: np.ndarray
    first: np.ndarray
    words: np.ndarray
    ends: np.ndarray
    short: np.ndarray
    classes: list[str]


def cue_forms(forms: pa.Array, book: CueBook) -> Forms:
    """`Forms` of the form (`grammar.key`) of each raw type."""
    in_phrases = (word for phrases in book.phrases.values() for rest, _ in phrases for word in rest)
    known = list(dict.fromkeys([*book.tags, *book.phrases, *in_phrases, *sorted(ARTICLES)]))
    numbers = {form: number for number, form in enumerate(known)}
    first, words, ends, short, classes = [0], [], [], [], []
    for form in known:
        for rest, category in book.phrases.get(form, ()):
            words.extend(numbers[word] for word in rest)
            ends.append(len(words))
            to_verb = rest[0] == "to" and (len(rest) > 1 or book.lemmas.get(form) in cues.INFINITIVE)
            short.append(rest[-1] == "that" or rest == ("as",) or to_verb)
            classes.append(category)
        first.append(len(ends))
    other = len(known)
    form_of = pc.index_in(forms, value_set=pa.array(known, forms.type)).fill_null(other).to_numpy()
    return Forms(
        np.append(form_of, other).astype(np.int32),
        np.array([*(_bits(form, book) for form in known), 0], np.uint8),
        np.array([*first, first[-1]], np.int32),
        np.array(words, np.int32),
        np.array(ends, np.int32),
        np.array(short, np.bool_),
        classes,
    )


def _bits(form: str, book: CueBook) -> int:
    bits = _ARTICLE if form in ARTICLES else 0
    if form in book.tags:
        bits |= _CUE if form in book.classes else 0
        bits |= _IN_S if form.endswith("s") else 0
        bits |= _PARTICIPLE if form.endswith(("ed", "wn", "en")) and form != "seen" else 0
        bits |= _NOUN_LIKE if cues.noun_like(book.lemmas.get(form, form)) else 0
    return bits


def find_cues(lines: Lines, words: Words, forms: Forms, book: CueBook) -> dict[int, list[Cue]]:
    """The cues of each unit that has any, in order.

    The tags of `lines` are mended on the way: forms that are nouns or adjectives where they stand get the tag of such
    (its claims, the alleged plot).
    """
    units, places, beyonds, kinds, phrases = _find(lines.tags, lines.kinds, lines.bounds, *forms[:-1])
    found: dict[int, list[Cue]] = {}
    columns = (column.tolist() for column in (units, places, beyonds, kinds, phrases))
    for unit, place, beyond, kind, phrase in zip(*columns, strict=True):
        cue_class = book.classes.get(words.forms[kind]) if phrase < 0 else forms.classes[phrase]
        found.setdefault(unit, []).append((place, beyond, cue_class))
    return found


@numba.njit(nogil=True, cache=True)
def _find(tags, kinds, bounds, form_of, bits, first, words, ends, short):
    n = 0
    for place in range(len(tags)):
        n += _VERBAL[tags[place]] or tags[place] == _K or tags[place] == _A
    units, places, beyonds = np.empty(n, np.int64), np.empty(n, np.int64), np.empty(n, np.int64)
    cues, phrases = np.empty(n, np.int64), np.empty(n, np.int64)
    n = 0
    for unit in range(len(bounds) - 1):
        low, high = bounds[unit], bounds[unit + 1]
        for place in range(low, high):
            tag = tags[place]
            beyond, phrase = place + 1, -1
            if tag == _A:
                if place + 1 == high or tags[place + 1] != _T:
                    continue
            elif _VERBAL[tag]:
                beyond, phrase = _longest(tags, kinds, place, high, form_of, first, words, ends, short)
                before = tags[place - 1] if place > low else np.uint8(0)
                behind = tags[place + 1] if place + 1 < high else np.uint8(0)
                form = bits[form_of[kinds[place]]]
                led = bits[form_of[kinds[place - 1]]] if place > low and kinds[place - 1] >= 0 else np.uint8(0)
                tag = tags[place] = _mended(tag, form, before, led, behind, phrase >= 0)
            if tag == _K and not (place + 1 < high and _BEHIND_NOUN[tags[place + 1]]):
                continue
            if tag != _K and tag != _A and not _VERBAL[tag]:
                continue
            units[n], places[n], beyonds[n] = unit, place - low, beyond - low
            cues[n], phrases[n] = kinds[place], phrase
            n += 1
    return units[:n], places[:n], beyonds[:n], cues[:n], phrases[:n]


@numba.njit(nogil=True, cache=True)
def _mended(tag, form, before, led, behind, in_phrase):
    """The tag of a cue after the tags beside it (0 for none); form, led: bits of its form and of the one before."""
    if not form & _CUE and not in_phrase:
        # Only the first word of some phrase (fire back), which does not follow.
        noun = tag == _G or (_DETERMINED[before] and form & _IN_S) or (tag == _B and _LED[before])
        return _J if noun else _PLAIN_VERB
    if tag == _G:
        return _K if _LED_ING[before] else tag
    if form & _PARTICIPLE:
        return _E if _DETERMINED[before] and _NOUNS_BEHIND[behind] else tag
    if tag == _B and before == _D and led & _ARTICLE:
        return _K  # the decline, no doubt
    if form & _NOUN_LIKE:
        plain = before == _J and (tag == _B or (behind != 0 and not _CLAUSE_BEHIND[behind]))
        if _LED_NOUN[before] or plain or (tag == _B and (before == 0 or _QUOTE[before])):
            return _K
    return tag


@numba.njit(nogil=True, cache=True)
def _longest(tags, kinds, place, high, form_of, first, words, ends, short):
    """One past the last place of the longest phrase that begins at a place, and its number; -1 where none does."""
    form = form_of[kinds[place]]
    for phrase in range(first[form], first[form + 1]):
        low = ends[phrase - 1] if phrase else 0
        beyond = place + 1 + ends[phrase] - low
        if beyond > high:
            continue
        at = place + 1
        while at < beyond and kinds[at] >= 0 and form_of[kinds[at]] == words[low + at - place - 1]:
            at += 1
        if at == beyond:
            # What belongs to the complement is left to it: charged that, insisted on Friday.
            return place + 1 if short[phrase] or tags[beyond - 1] == _F else beyond, phrase
    return place + 1, -1
