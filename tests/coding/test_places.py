"""Looking along tags, against Python's own methods of strings."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.coding import grammar, places

TAGS = st.text(st.sampled_from("QNc,"), max_size=8)
PLACE = st.integers(0, 9)


def coded(tags: str) -> np.ndarray:
    return grammar.codes(tags)


@settings(deadline=None)  # the first call compiles
@given(TAGS, PLACE, PLACE)
def test_as_strings(tags: str, low: int, high: int) -> None:
    line, comma, joint = coded(tags), ord(","), ord("c")
    assert places.find(line, comma, low, high) == tags.find(",", low, high)
    assert places.rfind(line, comma, low, high) == tags.rfind(",", low, high)
    assert places.rfind_two(line, comma, joint, low, high) == tags.rfind(",c", low, high)
    assert places.are(line, low - 1, comma, joint) == (low > 0 and tags[low - 1 : low + 1] == ",c")
    assert places.tag_at(line, low - 1) == (ord(tags[low - 1]) if 0 < low <= len(tags) else 0)
    some = grammar.letters("Nc")
    assert places.any_of(line, low, high, some) == bool(set(tags[low:high]) & set("Nc"))
    assert places.all_of(line, low, high, some) == (set(tags[low:high]) <= set("Nc"))
