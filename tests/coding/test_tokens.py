"""Tokens: what is one, where it stands, and that the engine agrees with the plain-Python reference on any string."""

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.coding import characters
from analysis.coding.tokens import count_words, tokenise
from tests.coding import reference

# Short strings of the characters that the rules are about, mixed with anything.
TRICKY = st.text(alphabet=st.sampled_from("aAsSuU’'.-,/ 019”“\u00adéКї\u0301日のـ\u200cß·\n"), max_size=12)
ANY = st.one_of(TRICKY, st.text(max_size=40))


def words(text):
    """The tokens of a text as printed."""
    tokens = tokenise([text])
    return [text[start:end] for start, end in zip(tokens.starts, tokens.ends, strict=True)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Kyiv’s cease-fire", ["Kyiv", "’s", "cease-fire"]),
        ("KYIV'S", ["KYIV", "'S"]),
        ("the U.S. and U.S.-led, U.S.’s", ["the", "U.S.", "and", "U.S.-led", "U.S.", "’s"]),
        ("700,000 people, 3.5 of 9/11", ["700,000", "people", "3.5", "of", "9/11"]),
        ("don’t; O’Neil's", ["don’t", "O’Neil", "'s"]),
        ("Ukrainians’ ‘troops’", ["Ukrainians", "troops"]),
        ("at 5 p.m. J. Smith", ["at", "5", "p.m.", "J", "Smith"]),
        ("Київ — “Москва”", ["Київ", "Москва"]),
        ("日本", ["日", "本"]),
        ("end.The e-mail: a@b.org", ["end", "The", "e-mail", "a", "b", "org"]),
        ("co\u00adoperate", ["co\u00adoperate"]),
        ("-x- 'y' .z.", ["x", "y", "z"]),
        ("", []),
    ],
)
def test_what_a_token_is(text, expected):
    assert words(text) == expected


def test_offsets_are_characters_also_behind_wide_ones():
    text = "😀 “Київ” — naïve’s"
    tokens = tokenise([text])
    assert [text[a:b] for a, b in zip(tokens.starts, tokens.ends, strict=True)] == ["Київ", "naïve", "’s"]
    data = text.encode()
    assert [data[a:b].decode() for a, b in zip(tokens.byte_starts, tokens.byte_ends, strict=True)] == [
        "Київ",
        "naïve",
        "’s",
    ]


def test_types_fold_case_apostrophes_hyphens_and_soft_hyphens():
    tokens = tokenise(["Don’t don't DON'T cease‑fire cease-fire co\u00adop coop"])
    assert [tokens.folded[at] for at in tokens.fold_of[tokens.types]] == ["don't"] * 3 + ["cease-fire"] * 2 + [
        "coop"
    ] * 2
    assert len(tokens.raw) == 7


def test_any_container_of_texts_gives_the_same():
    texts = ["Kyiv, Kyiv", None, "", "Kiev"]
    for container in (texts, pd.Series(texts, dtype="str"), pa.array(texts), pa.chunked_array([texts[:1], texts[1:]])):
        tokens = tokenise(container)
        assert tokens.bounds.tolist() == [0, 2, 2, 2, 3]
        assert [tokens.raw[at] for at in tokens.types] == ["Kyiv", "Kyiv", "Kiev"]
    assert tokenise(pa.array(texts)[2:]).bounds.tolist() == [0, 0, 1]
    assert tokenise([]).bounds.tolist() == [0]
    assert count_words(pd.Series(texts, dtype="str")).tolist() == [2, 0, 0, 1]


def test_a_vocabulary_larger_than_the_first_table_grows():
    text = " ".join(f"w{number}" for number in range(30_000))
    tokens = tokenise([text, text])
    assert len(tokens.raw) == 30_000
    assert np.array_equal(tokens.types[:30_000], tokens.types[30_000:])


@given(st.lists(ANY, max_size=4))
@settings(max_examples=600, deadline=None)
def test_the_engine_agrees_with_the_reference(texts):
    tokens = tokenise(texts)
    for at, text in enumerate(texts):
        span = slice(tokens.bounds[at], tokens.bounds[at + 1])
        found = list(zip(tokens.starts[span].tolist(), tokens.ends[span].tolist(), strict=True))
        assert found == reference.tokens(text)
        assert [tokens.raw[kind] for kind in tokens.types[span]] == [text[a:b] for a, b in found]


@given(st.text(max_size=30))
@settings(deadline=None)
def test_folding_twice_changes_nothing(word):
    assert characters.fold(characters.fold(word)) == characters.fold(word)


def test_counts_agree_with_nltk_on_plain_words():
    """An independent tokeniser and counter, where the two have the same rules: words of ASCII letters and spaces."""
    from nltk import FreqDist
    from nltk.tokenize import WhitespaceTokenizer

    text = "the outlet said the talks failed and the other outlet said nothing of the talks " * 7
    tokens = tokenise([text])
    counts = dict(zip(tokens.folded, np.bincount(tokens.fold_of[tokens.types]).tolist(), strict=True))
    assert counts == dict(FreqDist(WhitespaceTokenizer().tokenize(text)))
