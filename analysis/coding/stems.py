"""Stems of English words: Snowball's English stemmer (Porter 2), from PyStemmer, the compiled code of its authors.

NLTK's has an older state of the rules, in Python: it takes a second to load and many times as long for a word. The
newer rules tell ``international`` from ``interns`` and ``university`` from ``universal``.
"""

from __future__ import annotations

import functools

import Stemmer

_STEMMER = Stemmer.Stemmer("english")
_STEMMER.maxCacheSize = 0  # the cache below is the larger one
_APOSTROPHES = str.maketrans(dict.fromkeys("’‘‛", "'"))


# Of words in an order of their own the cache must hold all: one that is too small by one knows none of them.
@functools.lru_cache(maxsize=1 << 19)
def stem_of(word: str) -> str:
    """The stem of a word, in small letters."""
    return _STEMMER.stemWord(word.lower().translate(_APOSTROPHES))
