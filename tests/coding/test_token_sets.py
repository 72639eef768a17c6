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


def test_more_pairs_than_are_spelled_out_at_a_time(monkeypatch):
    monkeypatch.setattr("analysis.coding.token_sets._AT_ONCE", 2)
    texts = ["the river rose", "the river fell at dawn", ""]
    left, right = np.array([0, 0, 1, 2, 1]), np.array([1, 0, 0, 1, 2])
    expected = [fuzz.token_set_ratio(texts[a], texts[b]) for a, b in zip(left, right, strict=True)]
    assert token_set_ratio(texts, left, right).tolist() == expected
