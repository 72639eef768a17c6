"""Stems of the words of a large vocabulary: each is worked out once."""

from __future__ import annotations

import functools

from analysis.coding.stems import stem_of

# Whatever any step of Snowball's English stemmer takes off, replaces or asks for ends in one of these; a word that ends
# in none of them is its own stem.
_ENDINGS = (
    "'", "s", "y", "e", "ed", "ing", "ll", "li", "ogi", "enci", "anci", "abli", "iviti", "aliti", "biliti", "iciti",
    "iti", "ational", "tional", "ical", "al", "ful", "ation", "ion", "izer", "ator", "er", "alism", "ism", "ement",
    "ment", "ent", "ant", "ic",
)  # fmt: skip


def known_stem(word: str) -> str:
    """`stem_of`, without asking the stemmer for a word that it leaves alone or was asked for before."""
    word = word.lower()
    if word.endswith(_ENDINGS) or not word.isalnum():
        return _stem(word)
    return word


# Of words in an order of their own the cache must hold all: one that is too small by one knows none of them.
@functools.lru_cache(maxsize=1 << 19)
def _stem(word: str) -> str:
    return stem_of(word)
