"""Stems of English words: Snowball's English stemmer (Porter 2), from PyStemmer, the compiled code of its authors.

NLTK's has an older state of the rules, in Python: it takes a second to load and many times as long for a word. The
newer rules tell ``international`` from ``interns`` and ``university`` from ``universal``.
"""

from __future__ import annotations

import functools

import Stemmer

# Whatever any step takes off, replaces or asks for ends in one of these; a word of a to z that ends in none of them is
# its own stem.
ENDINGS = (
    "'", "s", "y", "e", "ed", "ing", "ll", "li", "iti", "ogi", "enci", "anci", "abli", "al", "ful", "ion", "ator", "er",
    "ism", "ent", "ant", "ic", "ogist",
)  # fmt: skip
_STEMMER = Stemmer.Stemmer("english")
_STEMMER.maxCacheSize = 0  # the cache below is the larger one
_APOSTROPHES = str.maketrans(dict.fromkeys("’‘‛", "'"))


# Of words in an order of their own the cache must hold all: one that is too small by one knows none of them.
@functools.lru_cache(maxsize=1 << 19)
def stem_of(word: str) -> str:
    """The stem of a word, in small letters."""
    return _STEMMER.stemWord(word.lower().translate(_APOSTROPHES))


def stems_of(words: list[str]) -> list[str]:
    """The stems of words of small letters, all in one go."""
    return _STEMMER.stemWords(words)
