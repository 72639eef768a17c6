"""Forms and tags of all types at once, against `grammar` word by word."""

from __future__ import annotations

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.coding import grammar
from analysis.coding.cues import cue_book
from analysis.coding.word_tags import forms_of, tag_codes

KNOWN = sorted({*grammar.LISTED, *cue_book([]).tags, "gladly", "Family", "walked", "Need", "firemen", "Koval", "7th"})
WRITTEN = st.sampled_from([str.lower, str.title, str.upper, lambda word: f"{word}.", lambda word: f"{word}s"])
WORD = st.one_of(
    st.builds(lambda word, change: change(word), st.sampled_from(KNOWN), WRITTEN),
    st.text(st.sampled_from("aB.’'-ÉİſK1lyedmn"), min_size=1, max_size=6),
    st.text(min_size=1, max_size=5).filter(str.isprintable),
)


@given(st.lists(WORD, max_size=40))
def test_as_grammar_says(words: list[str]) -> None:
    raw = pa.array(words, pa.large_string())
    forms = forms_of(raw)
    assert forms.to_pylist() == [grammar.key(word) for word in words]
    cue_tags = cue_book([]).tags
    found = [codes.tobytes().decode() for codes in tag_codes(raw, forms, cue_tags)]
    assert found == ["".join(tags) for tags in grammar.tags_of(words, cue_tags)]


@pytest.mark.parametrize(
    ("word", "tags"), [("koval", "jj"), ("Koval", "NN"), ("7th", "##"), ("The", "DD"), ("Walked", "NN"), ("U.S.", "NN")]
)
def test_plain_words(word: str, tags: str) -> None:
    raw = pa.array(["x", word], pa.large_string())[1:]  # of an array that begins elsewhere
    assert "".join(chr(codes[0]) for codes in tag_codes(raw, forms_of(raw), {})) == tags
