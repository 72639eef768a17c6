"""Stems of English words: Snowball's English stemmer (Porter 2, https://snowballstem.org), as NLTK 3.9 has it.

Written out here because NLTK takes more than a second to load and stems a large vocabulary slowly; the tests hold it to
NLTK's. Two regions of a word are known by where they begin: R1 behind the first consonant that follows a vowel, R2 in
the same manner inside R1. A step takes off or replaces the first of its endings that a word has, if that lies in its
region. A ``y`` that is a consonant is written ``Y`` meanwhile.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable

# Whatever any step takes off, replaces or asks for ends in one of these; a word that ends in none is its own stem.
ENDINGS = (
    "'", "s", "y", "e", "ed", "ing", "ll", "li", "ogi", "enci", "anci", "abli", "iviti", "aliti", "biliti", "iciti",
    "iti", "ational", "tional", "ical", "al", "ful", "ation", "ion", "izer", "ator", "er", "alism", "ism", "ement",
    "ment", "ent", "ant", "ic",
)  # fmt: skip
_SPECIAL = {
    "skis": "ski", "skies": "sky", "dying": "die", "lying": "lie", "tying": "tie", "idly": "idl", "gently": "gentl",
    "ugly": "ugli", "early": "earli", "only": "onli", "singly": "singl",
    **dict.fromkeys(("innings", "inning"), "inning"), **dict.fromkeys(("outings", "outing"), "outing"),
    **dict.fromkeys(("cannings", "canning"), "canning"), **dict.fromkeys(("herrings", "herring"), "herring"),
    **dict.fromkeys(("earrings", "earring"), "earring"),
    **{f"{verb}{ending}": verb for verb in ("proceed", "exceed", "succeed") for ending in ("", "s", "ed", "ing")},
    **{word: word for word in ("sky", "news", "howe", "atlas", "cosmos", "bias", "andes")},
}  # fmt: skip
_APOSTROPHES = str.maketrans(dict.fromkeys("’‘‛", "'"))
_CONSONANT_Y = re.compile(r"(\A|[aeiouy])y")
_REGION = re.compile(r"[aeiouy][^aeiouy]")
_VOWEL = re.compile("[aeiouy]")
_PREFIXES = ("gener", "commun", "arsen")  # behind which R1 begins
_SHORT = re.compile(r"(?:\A|.*[^aeiouy])[aeiouy][^aeiouywxY]\Z|\A[aeiouy][^aeiouy]\Z", re.DOTALL)
_DOUBLE = ("bb", "dd", "ff", "gg", "mm", "nn", "pp", "rr", "tt")
_STEP_0 = ("'s'", "'s", "'")
_STEP_1A = ("sses", "ied", "ies", "us", "ss", "s")
_STEP_1B = ("eedly", "ingly", "edly", "eed", "ing", "ed")
_STEP_2 = {
    "ization": "ize", "ational": "ate", "fulness": "ful", "ousness": "ous", "iveness": "ive", "tional": "tion",
    "biliti": "ble", "lessli": "less", "entli": "ent", "ation": "ate", "alism": "al", "aliti": "al", "ousli": "ous",
    "iviti": "ive", "fulli": "ful", "enci": "ence", "anci": "ance", "abli": "able", "izer": "ize", "ator": "ate",
    "alli": "al", "bli": "ble", "ogi": "og", "li": "",
}  # fmt: skip
_STEP_3 = {
    "ational": "ate", "tional": "tion", "alize": "al", "icate": "ic", "iciti": "ic", "ative": "", "ical": "ic",
    "ness": "", "ful": "",
}  # fmt: skip
_STEP_4 = (
    "ement", "ance", "ence", "able", "ible", "ment", "ant", "ent", "ism", "ate", "iti", "ous", "ive", "ize", "ion",
    "al", "er", "ic",
)  # fmt: skip
# Endings that are cut or changed letter by letter, so that a region stays where it begins; of the others R2 is empty
# where it began within them, or (NLTK's reading) the last letter of what replaces them.
_LETTERWISE = frozenset(("tional", "enci", "anci", "abli", "entli", "fulness", "ogi", "fulli", "lessli", "li", "alize"))
_LAST_LETTER = frozenset(("ational", "ation", "ator", "iveness", "iviti"))
_ENDINGS_2, _ENDINGS_3 = tuple(_STEP_2), tuple(_STEP_3)
_NOWHERE = 1 << 30  # where a region begins that is empty


# Of words in an order of their own the cache must hold all: one that is too small by one knows none of them.
@functools.lru_cache(maxsize=1 << 19)
def stem_of(word: str) -> str:
    """The stem of a word, in small letters."""
    word = word.lower()
    if len(word) <= 2 or (not word.endswith(ENDINGS) and word.isalnum()):
        return word
    if word in _SPECIAL:
        return _SPECIAL[word]
    word = word.translate(_APOSTROPHES).removeprefix("'")
    if "y" in word:
        word = _CONSONANT_Y.sub(r"\1Y", word)
    r1, r2 = _regions(word)
    word = _without_s(word[: -len(_ending(word, _STEP_0))] if word.endswith(_STEP_0) else word)
    word, r1, r2 = _step_1b(word, r1, r2)
    if len(word) > 2 and word[-1] in "yY" and word[-2] not in "aeiouy":
        word = f"{word[:-1]}i"
    word, r2 = _step_2(word, r1, r2)
    word, r2 = _step_3(word, r1, r2)
    return _step_5(_step_4(word, r2), r1, r2).replace("Y", "y")


def _regions(word: str) -> tuple[int, int]:
    """Where R1 and R2 begin."""
    if word.startswith(_PREFIXES):
        r1 = 6 if word[0] == "c" else 5
    else:
        found = _REGION.search(word)
        r1 = found.end() if found else _NOWHERE
    found = _REGION.search(word, r1)
    return r1, found.end() if found else _NOWHERE


def _ending(word: str, endings: Iterable[str]) -> str:
    """The first of some endings, of which a word has one."""
    return next(filter(word.endswith, endings))


def _without_s(word: str) -> str:
    """Step 1a: plurals."""
    if not word.endswith(_STEP_1A):
        return word
    ending = _ending(word, _STEP_1A)
    if ending == "sses":
        return word[:-2]
    if ending in ("ied", "ies"):
        return word[:-2] if len(word) > 4 else word[:-1]
    return word[:-1] if ending == "s" and _VOWEL.search(word, 0, len(word) - 2) else word


def _step_1b(word: str, r1: int, r2: int) -> tuple[str, int, int]:
    """Past forms and forms in -ing."""
    if not word.endswith(_STEP_1B):
        return word, r1, r2
    ending = _ending(word, _STEP_1B)
    cut = len(word) - len(ending)
    if ending in ("eed", "eedly"):
        return (f"{word[:cut]}ee", r1, r2 if r2 <= cut else _NOWHERE) if r1 <= cut else (word, r1, r2)
    if not _VOWEL.search(word, 0, cut):
        return word, r1, r2
    word = word[:cut]
    if word.endswith(("at", "bl", "iz")):
        r1 = min(r1, cut)
        return f"{word}e", r1, min(r2, cut) if cut > 4 or cut - r1 >= 2 else r2
    if word.endswith(_DOUBLE):
        return word[:-1], r1, r2
    if r1 >= cut and _SHORT.match(word):
        return f"{word}e", _NOWHERE, _NOWHERE
    return word, r1, r2


def _step_2(word: str, r1: int, r2: int) -> tuple[str, int]:
    """Double endings; the word and where R2 begins in it."""
    if not word.endswith(_ENDINGS_2):
        return word, r2
    ending = _ending(word, _STEP_2)
    cut = len(word) - len(ending)
    wrong = (ending == "ogi" and word[cut - 1 : cut] != "l") or (ending == "li" and word[cut - 1] not in "cdeghkmnrt")
    return (word, r2) if r1 > cut or wrong else _replaced(word, ending, _STEP_2[ending], r2)


def _step_3(word: str, r1: int, r2: int) -> tuple[str, int]:
    """Endings of adjectives and their nouns; the word and where R2 begins in it."""
    if not word.endswith(_ENDINGS_3):
        return word, r2
    ending = _ending(word, _STEP_3)
    cut = len(word) - len(ending)
    if r1 > cut or (ending == "ative" and r2 > cut):
        return word, r2
    return _replaced(word, ending, _STEP_3[ending], r2 if ending != "ational" or r2 <= cut else _NOWHERE)


def _replaced(word: str, ending: str, other: str, r2: int) -> tuple[str, int]:
    """The word with another ending, and where R2 begins in it."""
    cut = len(word) - len(ending)
    word = word[:cut] + other
    if r2 > cut and ending not in _LETTERWISE:
        r2 = len(word) - 1 if ending in _LAST_LETTER and r2 != _NOWHERE else _NOWHERE
    return word, r2


def _step_4(word: str, r2: int) -> str:
    """Single endings."""
    if not word.endswith(_STEP_4):
        return word
    ending = _ending(word, _STEP_4)
    cut = len(word) - len(ending)
    return word if r2 > cut or (ending == "ion" and word[cut - 1] not in "st") else word[:cut]


def _step_5(word: str, r1: int, r2: int) -> str:
    """A last e or l."""
    last = len(word) - 1
    if word.endswith("l"):
        return word[:-1] if r2 <= last and word[-2] == "l" else word
    if not word.endswith("e") or r1 > last:
        return word
    short = len(word) < 4 or not (word[-2] in "aeiouywxY" or word[-3] not in "aeiouy" or word[-4] in "aeiouy")
    return word if r2 > last and short else word[:-1]
