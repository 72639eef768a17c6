"""Stems of English words: Snowball (Porter 2), from NLTK."""

from __future__ import annotations

import functools
from collections.abc import Callable


def stem_of(word: str) -> str:
    """The stem of a word, in small letters."""
    return _stemmer()(word)


@functools.cache
def _stemmer() -> Callable[[str], str]:
    # Imported here: loading nltk takes a second or more, and reading a study needs none of it.
    from nltk.stem.snowball import SnowballStemmer

    return SnowballStemmer("english").stem
