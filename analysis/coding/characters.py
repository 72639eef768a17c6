"""The classes of characters: one table over all code points, looked up once a character by the token loop."""

from __future__ import annotations

import functools
import unicodedata

import numpy as np

OTHER, LETTER, MARK, DIGIT, APOSTROPHE, PERIOD, HYPHEN, COMMA, SLASH, SOFT, IDEOGRAPH, SPACE, QUOTE, STOP, NEWLINE = (
    range(15)
)

APOSTROPHES = "'’"
HYPHENS = "-‐‑"  # hyphen-minus, hyphen, non-breaking hyphen; dashes separate words and are not here
QUOTES = '"“”„‟‘‚‛«»‹›「」『』'  # ’ and ' are apostrophes first: inside a gap they count as quotation marks too
STOPS = "!?…。！？؟۔।‼⁇⁈⁉"
SOFTENERS = "\u00ad\u200c\u200d\u2060"  # soft hyphen, the two joiners of Persian and Indic scripts, word joiner
NEWLINES = "\n\r\v\f\x1c\x1d\x1e\x85\u2028\u2029"

# Code points beyond these planes have no assigned letters; looking at 1.1 million of them would take .3 s.
_LAST = 0x3FFFF
# Only separators and controls may be white space.
_BY_CATEGORY = {
    name: kind
    for kind, names in (
        (LETTER, "Lu Ll Lt Lm Lo"),
        (MARK, "Mn Mc Me"),
        (DIGIT, "Nd Nl No"),
        (SPACE, "Zs Zl Zp Cc"),
        (OTHER, "Pc Pd Ps Pe Pi Pf Po Sm Sc Sk So Cf Cs Co Cn"),
    )
    for name in names.split()
}


@functools.cache
def class_table() -> np.ndarray:
    """uint8, one class for each code point up to U+10FFFF, after `unicodedata` of this Python."""
    table = np.zeros(0x110000, dtype=np.uint8)
    # A quarter of a million look-ups without a loop in Python: every process that reads texts begins with this.
    categories = map(unicodedata.category, map(chr, range(_LAST + 1)))
    table[: _LAST + 1] = np.fromiter(map(_BY_CATEGORY.__getitem__, categories), np.uint8, _LAST + 1)
    for code in np.flatnonzero(table == SPACE).tolist():
        table[code] = SPACE if chr(code).isspace() else OTHER
    table[0xE0100:0xE01F0] = MARK  # variation selectors
    # Scripts without spaces between words: each character is a word of its own (Thai and its kin stay one run).
    for first, last in ((0x3041, 0x309F), (0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xF900, 0xFAFF), (0x20000, 0x323AF)):
        letters = table[first : last + 1] == LETTER
        table[first : last + 1][letters] = IDEOGRAPH
    for characters, kind in (
        (APOSTROPHES, APOSTROPHE),
        ("·", APOSTROPHE),  # Catalan l·l: joins letters as an apostrophe does
        (".", PERIOD),
        (HYPHENS, HYPHEN),
        (",", COMMA),
        ("/", SLASH),
        (SOFTENERS, SOFT),
        (QUOTES, QUOTE),
        (STOPS, STOP),
        (NEWLINES, NEWLINE),
    ):
        for character in characters:
            table[ord(character)] = kind
    table.flags.writeable = False
    return table


def fold(word: str) -> str:
    """The type of a token as it is counted: case folded, apostrophes and hyphens unified, soft hyphens dropped.

    ``Zelenskyy``/``ZELENSKYY`` and ``don’t``/``don't`` become one type. The fold is repeated through NFC because
    folding may take a composed letter apart.
    """
    if word.isascii():
        return word.lower()
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", word).casefold().translate(_UNIFIED))


def unify(word: str) -> str:
    """The same without folding case: how a case-sensitive pattern and a token are compared."""
    if word.isascii():
        return word
    return unicodedata.normalize("NFC", word.translate(_UNIFIED))


_UNIFIED = str.maketrans({"’": "'", "ʼ": "'", "‐": "-", "‑": "-", "\u00ad": None, "\u2060": None})
