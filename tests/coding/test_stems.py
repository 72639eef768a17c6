"""Stems: what Snowball publishes, apostrophes of every kind, and next to NLTK's older rules."""

import re

from hypothesis import given
from hypothesis import strategies as st
from nltk.stem.snowball import SnowballStemmer

from analysis.coding.stems import stem_of
from tests.conftest import TOP


def test_stems_as_published():
    # From the description of Porter 2 at snowballstem.org.
    pairs = {
        "consign": "consign",
        "consigned": "consign",
        "consistency": "consist",
        "knightly": "knight",
        "skies": "sky",
    }
    assert {word: stem_of(word) for word in pairs} == pairs
    assert stem_of("International") != stem_of("interns")


def test_every_apostrophe_is_one():
    assert {stem_of(f"Nation{mark}s") for mark in "'’‘‛"} == {"nation"}


def test_nearly_always_what_nltk_says():
    words = {
        word
        for file in (TOP / "data" / "codebooks").glob("*.yml")
        for word in re.findall(r"\b[a-z]{3,}\b", file.read_text(encoding="utf-8"))
    }
    older = SnowballStemmer("english")
    other = [word for word in words if stem_of(word) != older.stem(word)]
    assert len(words) > 5_000 and len(other) < len(words) / 100


@given(st.text())
def test_any_text_has_a_stem(word):
    assert isinstance(stem_of(word), str)
