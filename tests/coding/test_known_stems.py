"""Stems that are known beforehand are those of the stemmer."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from nltk.stem.snowball import EnglishStemmer

from analysis.coding.known_stems import _ENDINGS, known_stem
from analysis.coding.stems import stem_of

SUFFIXES = [suffix for step in ("0", "1a", "1b", "2", "3", "4", "5")
            for suffix in getattr(EnglishStemmer, f"_EnglishStemmer__step{step}_suffixes")]  # fmt: skip


@pytest.mark.parametrize("listed", [SUFFIXES, list(EnglishStemmer._EnglishStemmer__special_words)])
def test_what_the_stemmer_looks_for_is_among_the_endings(listed):
    """All but a single l, which goes from a double one alone."""
    assert len(listed) >= 40
    assert [word for word in listed if not word.endswith(_ENDINGS)] in ([], ["l"])


@given(
    st.text(st.sampled_from("aeiouybdlnrstYÉßİ中'’-.0"), max_size=8), st.sampled_from(["", *SUFFIXES]), st.booleans()
)
@settings(max_examples=500, deadline=None)
def test_the_stem_is_that_of_the_stemmer(root, suffix, twice):
    word = root + suffix + (suffix if twice else "")
    assert known_stem(word) == stem_of(word)
