"""Where cues stand: every tag of a cue in the lines of many bodies, after what it is there, verb or noun.

Loops run over integers: what a form is to the rules is found once a form (`cue_forms`), as bits.
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
from analysis.coding.units import Lines

ARTICLES = lexicon("the a an his its their our my your every no")  # never a subject by themselves
# What a form is: a cue by itself, with an -s, a participle by its ending, an article, a noun as often as a verb; and
# what the rules of reports ask of words that are no cues (POSSESSIVE: his; LEADS: by, from, of; IN_ING: any such word).
_CUE, _IN_S, _PARTICIPLE, ARTICLE, _NOUN_LIKE, IS_BE, IS_SAYING, IS_BY, LEADS, POSSESSIVE, IN_ING = (
    1 << bit for bit in range(11)
)
_ASKED = {
    ARTICLE: sorted(ARTICLES),
    IS_BE: ["is", "are", "was", "were", "be", "been", "being", "am", "'s", "'re", "get", "gets", "got"],
    IS_SAYING: ["saying", "say"],
    IS_BY: ["by"],
    LEADS: ["by", "from", "of"],
    POSSESSIVE: ["his", "her", "their", "its"],
}
_ACCORDING, DEMANDING = "according", "demanding"
_B, _G, _K, _A, _D, _T, _E, _F, _PLAIN_VERB, _J = (
    ord(tag) for tag in (CUE_BASE, CUE_ING, CUE_NOUN, ACCORDING, DETERMINER, TO, PARTICIPLE, DAY, VERB, PLAIN)
)
_VERBAL = letters("VBG")
_DETERMINED, _LED, _NOUNS_BEHIND = letters("Ds#"), letters("Dsjpo#eN"), letters("NTrjKe")
_BEHIND_NOUN = letters("powt:Q,")  # what a noun reports begins with one of these (see `reports`)
_LED_ING, _LED_NOUN, _CLAUSE_BEHIND, _QUOTE = letters("Dsoj"), letters("Ds#oeKph"), letters("wHh"), letters("Q")


class Forms(NamedTuple):
    """What forms are to the search for cues: those that the book of cues names, and articles; all others are one.

    Attributes:
        form_of: int32, raw type → form; one more for no word (-1). bits: int32, of the form of each raw type; likewise.
        first: int32, the first phrase that begins with each form; one more than forms.
        words, ends: int32, the other words of all phrases (forms), and where those of each phrase end. Of phrases that
            begin with the same form the longest comes first.
        short: bool, whether the cue is only the first word (what follows belongs to the complement: insisted that).
        phrase_classes, form_classes: int32, the class of each phrase, and of each form by itself; -1 for none.
        lemma_of: int32, the lemma of each form. lemma_bits: int32, of each lemma (`cues.lemma_bits`).
        lemmas, classes: what these numbers stand for; the first lemma is *say*, the first class *demanding*.
    """

    form_of: np.ndarray
    bits: np.ndarray
    first: np.ndarray
    words: np.ndarray
    ends: np.ndarray
    short: np.ndarray
    phrase_classes: np.ndarray
    form_classes: np.ndarray
    lemma_of: np.ndarray
    lemma_bits: np.ndarray
    lemmas: list[str]
    classes: list[str]


def cue_forms(forms: pa.Array, book: CueBook) -> Forms:
    """`Forms` of the form (`grammar.key`) of each raw type."""
    of_phrases = [phrase for phrases in book.phrases.values() for phrase in phrases]
    asked = (word for words in (*_ASKED.values(), *(rest for rest, _ in of_phrases)) for word in words)
    known = list(dict.fromkeys([*book.tags, *book.phrases, _ACCORDING, *asked]))
    numbers = {form: number for number, form in enumerate(known)}
    listed = [DEMANDING, "neutral", *book.classes.values(), *(category for _, category in of_phrases)]
    classes = {name: number for number, name in enumerate(dict.fromkeys(listed))}
    own = {_ACCORDING: "neutral", **book.classes}
    lemma_of = [form if form == _ACCORDING else book.lemmas.get(form, form) for form in known]
    lemmas = {lemma: number for number, lemma in enumerate(dict.fromkeys(["say", *lemma_of]))}
    first, words, ends, short, phrase_classes = [0], [], [], [], []
    for form in known:
        for rest, category in book.phrases.get(form, ()):
            words.extend(numbers[word] for word in rest)
            ends.append(len(words))
            to_verb = rest[0] == "to" and (len(rest) > 1 or book.lemmas.get(form) in cues.INFINITIVE)
            short.append(rest[-1] == "that" or rest == ("as",) or to_verb)
            phrase_classes.append(classes[category])
        first.append(len(ends))
    other = len(known)
    form_of = pc.index_in(forms, value_set=pa.array(known, forms.type)).fill_null(other).to_numpy()
    bits = np.array([*(_bits(form, book) for form in known), 0], np.int32)[form_of]
    bits |= np.where(pc.ends_with(forms, "ing").to_numpy(zero_copy_only=False), np.int32(IN_ING), np.int32(0))
    arrays = (
        np.append(form_of, other), np.append(bits, 0), [*first, first[-1]], words, ends,
        phrase_classes, [*(classes.get(own.get(form), -1) for form in known), -1],
        [*map(lemmas.__getitem__, lemma_of), -1], [*map(cues.lemma_bits, lemmas)],
    )  # fmt: skip
    numbered = [np.array(array, np.int32) for array in arrays]
    return Forms(*numbered[:5], np.array(short, np.bool_), *numbered[5:], list(lemmas), list(classes))


def _bits(form: str, book: CueBook) -> int:
    bits = sum(bit for bit, listed in _ASKED.items() if form in listed)
    if form in book.tags:
        bits |= _CUE if form in book.classes else 0
        bits |= _IN_S if form.endswith("s") else 0
        bits |= _PARTICIPLE if form.endswith(("ed", "wn", "en")) and form != "seen" else 0
        bits |= _NOUN_LIKE if cues.noun_like(book.lemmas.get(form, form)) else 0
    return bits


class Cues(NamedTuple):
    """Cues in order, as arrays: unit, place in it, one past the last place, form (of `Forms`), class (-1 for none)."""

    units: np.ndarray
    places: np.ndarray
    beyonds: np.ndarray
    forms: np.ndarray
    classes: np.ndarray


def find_cues(lines: Lines, forms: Forms) -> Cues:
    """The cues of some units.

    The tags of `lines` are mended on the way: forms that are nouns or adjectives where they stand get the tag of such
    (its claims, the alleged plot).
    """
    return Cues(*_find(lines.tags, lines.kinds, lines.bounds, *forms[:8]))


@numba.njit(nogil=True, cache=True)
def _find(tags, kinds, bounds, form_of, bits, first, words, ends, short, phrase_classes, form_classes):
    n = 0
    for place in range(len(tags)):
        n += _VERBAL[tags[place]] or tags[place] == _K or tags[place] == _A
    units, places, beyonds, forms, classes = np.empty((5, n), np.int32)
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
                led = bits[kinds[place - 1]] if place > low and kinds[place - 1] >= 0 else np.int32(0)
                tag = tags[place] = _mended(tag, bits[kinds[place]], before, led, behind, phrase >= 0)
            if tag == _K and not (place + 1 < high and _BEHIND_NOUN[tags[place + 1]]):
                continue
            if tag != _K and tag != _A and not _VERBAL[tag]:
                continue
            form = form_of[kinds[place]]
            units[n], places[n], beyonds[n], forms[n] = unit, place - low, beyond - low, form
            classes[n] = phrase_classes[phrase] if phrase >= 0 and tag != _K else form_classes[form]
            n += 1
    return units[:n], places[:n], beyonds[:n], forms[:n], classes[:n]


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
    if tag == _B and before == _D and led & ARTICLE:
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
