"""The token set ratio beside the library's own."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz import fuzz

from analysis.coding.token_sets import token_set_ratio

PIECES = [
    "a",
    "b",
    "ab",
    "é",
    "日本",
    "𝒳y",
    "“the”",
    "of",
    "x" * 70,
    " ",
    "  ",
    "\t",
    "\xa0",
    "\x85",
    "\u2003",
    "\ud800",
]


@given(st.lists(st.lists(st.sampled_from(PIECES), max_size=12).map("".join) | st.text(max_size=20), max_size=6))
def test_as_rapidfuzz_has_it(texts):
    left, right = (side.ravel() for side in np.indices((len(texts),) * 2))
    expected = [fuzz.token_set_ratio(texts[a], texts[b]) for a, b in zip(left, right, strict=True)]
    assert token_set_ratio(texts, left, right).tolist() == expected


@given(st.lists(st.text(alphabet="abc ", min_size=60, max_size=400), min_size=2, max_size=4))
def test_of_texts_that_are_longer_than_a_machine_word(texts):
    left, right = (side.ravel() for side in np.indices((len(texts),) * 2))
    expected = [fuzz.token_set_ratio(texts[a], texts[b]) for a, b in zip(left, right, strict=True)]
    assert token_set_ratio(texts, left, right).tolist() == expected


def test_by_hand():
    # "river the" is in both. Beside that "rose" is likest: 5 characters more, with the space, of 9 + 14.
    found = token_set_ratio(["the river rose", "the river fell at"], np.array([0]), np.array([1]))
    assert found.tolist() == [fuzz.token_set_ratio("the river rose", "the river fell at")] == [100 - 100 * 5 / (9 + 14)]
