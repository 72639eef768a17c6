"""The forms of many words at once are those of each."""

from itertools import pairwise

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.coding.variants import GROUPS, IRREGULAR, SPELLINGS, STATES, STOP, WEAK, forms, lexicon

LISTED = " ".join((STOP, WEAK, IRREGULAR, GROUPS, STATES, SPELLINGS)).replace("|", " ").replace(":", " ").split()


def one_by_one(words):
    vocabulary = sorted({name for word in words for name, _ in forms(word)})
    return vocabulary, [forms(word) for word in words]


def at_once(words):
    known = lexicon(pa.array(words, pa.large_string()))
    names = known.vocabulary.to_pylist()
    entries = [(names[at], share) for at, share in zip(known.ids.tolist(), known.shares.tolist(), strict=True)]
    bounds = known.bounds.tolist()
    return names, [tuple(entries[start:stop]) for start, stop in pairwise(bounds)]


@pytest.mark.parametrize("written", [str.lower, str.capitalize, str.upper])
def test_words_of_the_lists(written):
    words = list(dict.fromkeys(map(written, [*LISTED, "us", "zorb", "zorbs", "zorbing", "labour", "ten-year", "U.S."])))
    assert at_once(words) == one_by_one(words)


def test_no_words():
    assert at_once([]) == ([], [])
    assert at_once(["the", "of"]) == ([], [(), ()])


@given(st.lists(st.from_regex(r"\w[\w'’.-]{0,9}", fullmatch=True), max_size=8))
@settings(max_examples=100, deadline=None)
def test_any_words(words):
    words = [word for word in words if word.strip("_")]
    assert at_once(words) == one_by_one(words)
