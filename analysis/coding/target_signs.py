"""What the rules of `target_clauses` and `target_roles` see of a word: its tag, some bits, the marks behind it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numba
import numpy as np

from analysis.coding import grammar
from analysis.coding.cues import CLAUSAL, CueBook
from analysis.coding.given import lexicon
from analysis.coding.tokens import Tokens

# The tags of `grammar`, as numbers.
NAME, TITLE, ROLE, PLAIN, PAST = (ord(tag) for tag in "NTrje")
DETERMINER, SUBJECT, OBJECT, NUMBER, CLITIC = (ord(tag) for tag in "DHh#s")
PREPOSITION, OF, TO, AS, AND, BUT = (ord(tag) for tag in "potacb")
THAT, WH, IF, SUBORDINATOR = (ord(tag) for tag in "wWiL")
AUXILIARY, NOT, ADVERB, DAY, VERB = (ord(tag) for tag in "XnRFv")
CUE, CUE_BASE, CUE_ING, CUE_NOUN = (ord(tag) for tag in "VBGK")


def _set(tags: str) -> np.ndarray:
    """bool, for look-up by tag."""
    return np.isin(np.arange(128), np.frombuffer(tags.encode("ascii"), np.uint8))


NOUNLIKE = _set("NTrjeK#h")  # a noun phrase may end in one
IN_PHRASE = _set("NTrjeK#D")  # a noun phrase may go on through one
MODIFIER = _set("jrT#e")  # may stand between a word of judgement and the name it describes
CHAINED = _set("XRnF")  # may stand between a subject and its verb
BEFORE_VERB = _set("NHrjWXKn#e")  # a verb behind one is finite
GOVERNS = _set("potaXV")  # what stands behind one is no subject
NOUN_AFTER = _set("Dspo#")  # a word that may be noun or verb is a noun behind one
# What a word is beside its tag (bits).
BE, BY, ING, PARTICIPLE, PERSONAL, RECEIVES, ABOUT, SAYS, POSSESSES, THAN = (1 << bit for bit in range(10))
# What stands between a token and the next (bits).
COMMA, STOP, DASH, OPENS, CLOSES, APOSTROPHE = (1 << bit for bit in range(6))
STRONG = STOP | DASH | OPENS | CLOSES
PARTS = COMMA | STRONG

_WORDS = {
    BE: """be been being is are was were get gets got getting become becomes became seem seems seemed remain remains
        isn't aren't wasn't weren't he's she's it's they're we're""",
    BY: "by",
    THAN: "than",
    PERSONAL: "he she they he's she's they're",
    POSSESSES: "his her its their whose",
    # With these a subject is what the noun behind them is about: drew criticism, won praise, under scrutiny.
    RECEIVES: """face faces faced facing draw draws drew drawn drawing receive receives received receiving win wins won
        winning earn earns earned earning get gets got getting meet met meets attract attracts attracted attracting
        provoke provokes provoked provoking prompt prompts prompted prompting trigger triggers triggered triggering
        spark sparks sparked sparking invite invites invited elicit elicits elicited suffer suffers suffered suffering
        endure endures endured sustain sustains sustained enjoy enjoys enjoyed enjoying under amid amidst encounter
        encounters encountered incur incurs incurred fuel fueled fuelled despite deserve deserves deserved merit merits
        weather weathers weathered score scores scored scoring secure secures secured securing""",
    ABOUT: "of against for over about on upon toward towards with in to at around behind among regarding concerning",
}
_BITS: dict[str, int] = {}
for _bit, _listed in _WORDS.items():
    for _word in _listed.split():
        _BITS[_word] = _BITS.get(_word, 0) | _bit
_PARTICIPLES = lexicon(
    """
    held misled sued left lost won beaten hit hurt shot cut put struck sold told brought caught found sought bound known
    led seen torn thrown drawn worn sworn hung stuck fed made said
    """
)

_KNOWING = lexicon("know see find show learn understand")  # what follows is not only what somebody says


class Signs(NamedTuple):
    """Of each token: its tag and bits, the bits of the gap behind it, and whether a verb of the codebook begins."""

    tags: np.ndarray
    bits: np.ndarray
    gaps: np.ndarray
    verbs: np.ndarray


def read_signs(
    tokens: Tokens, book: CueBook, sentences: tuple[np.ndarray, np.ndarray], verbs_at: Sequence[int]
) -> Signs:
    """The signs of some texts.

    Args:
        book: the cues of speech. sentences: first token and one past the last of those read, in order; elsewhere gaps
            are 0. verbs_at: where a verb of the codebook begins.
    """
    inside, at_start = grammar.tags_of(tokens.raw, book.tags)
    starts, beyonds = sentences
    tags = _codes(inside)[tokens.types]
    tags[starts] = _codes(at_start)[tokens.types[starts]]
    bits = np.array([_bits_of(grammar.key(word), book) for word in tokens.raw], np.int16)[tokens.types]
    verbs = np.zeros(len(tokens.types), np.bool_)
    verbs[verbs_at] = True
    gaps = _read_gaps(tokens.data, tokens.byte_starts, tokens.byte_ends, starts, beyonds)
    return Signs(tags, bits, gaps, verbs)


def _codes(tags: list[str]) -> np.ndarray:
    return np.frombuffer("".join(tags).encode("ascii"), np.uint8)


def _bits_of(form: str, book: CueBook) -> int:
    bits = _BITS.get(form, 0)
    if form.endswith("ing") and len(form) > 4:
        bits |= ING
    if form in _PARTICIPLES or (form.endswith(("ed", "en")) and len(form) > 4):
        bits |= PARTICIPLE
    if form in book.tags and book.lemmas.get(form) in CLAUSAL - _KNOWING:
        bits |= SAYS
    return bits


@numba.njit(nogil=True, cache=True)
def _read_gaps(data, byte_starts, byte_ends, starts, beyonds):
    """The marks behind each token of some sentences but the last; of a long gap the first 64 bytes."""
    gaps = np.zeros(len(byte_starts), np.uint8)
    for sentence in range(len(starts)):
        for token in range(starts[sentence], beyonds[sentence] - 1):
            low, high = byte_ends[token], byte_starts[token + 1]
            found = 0
            for at in range(low, min(high, low + 64)):
                code = data[at]
                if code == 0x2C:  # ,
                    found |= COMMA
                elif code == 0x3A or code == 0x3B:  # : ;
                    found |= STOP
                elif code == 0x28 or code == 0x5B:  # ( [
                    found |= OPENS
                elif code == 0x29 or code == 0x5D:  # ) ]
                    found |= CLOSES
                elif code == 0x2D:  # a hyphen that is a dash: -- or between spaces
                    if at + 1 < high and (data[at + 1] == 0x2D or (at > low and data[at + 1] == 0x20)):
                        found |= DASH
                elif code == 0x27:  # '
                    found |= APOSTROPHE if at == low else 0
                elif code == 0xE2 and at + 2 < high and data[at + 1] == 0x80:
                    last = data[at + 2]
                    if last == 0x93 or last == 0x94:  # – —
                        found |= DASH
                    elif last == 0x99 and at == low:  # ’
                        found |= APOSTROPHE
            gaps[token] = found
    return gaps


@numba.njit(nogil=True, cache=True)
def finite(words, at, start):
    """Whether a word is, as far as its tag and what stands before it tell, the finite verb of a clause."""
    tag, bits = words.tags[at], words.bits[at]
    if tag == AUXILIARY or tag == VERB:
        return not bits & ING
    before = words.tags[at - 1] if at > start else 0
    if before == TO or before == DETERMINER or before == OF:
        return False
    if tag == CUE:
        return before != PREPOSITION
    if bits & ING:
        return False
    if tag == CUE_BASE or words.verbs[at]:
        return BEFORE_VERB[before] or before == ADVERB or before == AND or before == DAY
    return tag == PAST and bool(bits & PARTICIPLE) and BEFORE_VERB[before]
