"""Stems are those of NLTK's Snowball stemmer."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from nltk.stem.snowball import EnglishStemmer

from analysis.coding.stems import ENDINGS, stem_of

SUFFIXES = [suffix for step in ("0", "1a", "1b", "2", "3", "4", "5")
            for suffix in getattr(EnglishStemmer, f"_EnglishStemmer__step{step}_suffixes")]  # fmt: skip
SPECIAL = list(EnglishStemmer._EnglishStemmer__special_words)
ROOTS = ("", "y", "ay", "yy", "ab", "bab", "abb", "babl", "gener", "communi", "arsen", "ration", "sensit", "orgl")


@pytest.mark.parametrize("listed", [SUFFIXES, SPECIAL])
def test_what_the_stemmer_looks_for_is_among_the_endings(listed):
    """All but a single l, which goes from a double one alone."""
    assert len(listed) >= 40
    assert [word for word in listed if not word.endswith(ENDINGS)] in ([], ["l"])


@pytest.mark.parametrize(
    "word, stem", [("drones", "drone"), ("running", "run"), ("Skies", "sky"), ("a", "a"), ("", "")]
)
def test_some_stems(word, stem):
    assert stem_of(word) == stem


def test_stems_of_every_pair_of_endings_and_of_special_words_are_those_of_nltk():
    words = [*SPECIAL, *(root + one + other for root in ROOTS for one in ("", *SUFFIXES) for other in ("", *SUFFIXES))]
    stem = EnglishStemmer().stem
    assert [(word, stem_of(word)) for word in words if stem_of(word) != stem(word)] == []


@given(
    st.text(st.sampled_from("aeiouybdlnrstwxYÉßİ中'’‘-.0"), max_size=8), st.sampled_from(["", *SUFFIXES]), st.booleans()
)
@settings(max_examples=500, deadline=None)
def test_any_stem_is_that_of_nltk(root, suffix, twice):
    word = root + suffix + (suffix if twice else "")
    assert stem_of(word) == EnglishStemmer().stem(word)
