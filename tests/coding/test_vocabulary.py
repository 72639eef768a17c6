"""Vocabularies: globs find what a look at every form finds. And the flags of words, whichever way they are found."""

import re
from types import SimpleNamespace

import numpy as np
import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.coding import patterns, vocabulary, words
from analysis.coding.characters import DIGIT, IDEOGRAPH, LETTER, class_table, fold, unify
from analysis.coding.tokens import fold_types, tokenise, unify_types
from analysis.coding.vocabulary import Vocabulary

FORMS = st.lists(st.text(alphabet="abAé-’", min_size=1, max_size=5), unique=True, max_size=30)
GLOBS = st.text(alphabet="abé*?", min_size=1, max_size=5)


def types(raw):
    """What a vocabulary is made of."""
    folded = sorted({fold(word) for word in raw})
    return SimpleNamespace(
        raw_strings=pa.array(raw, pa.large_string()),
        folded_strings=pa.array(folded, pa.large_string()),
        fold_of=np.array([folded.index(fold(word)) for word in raw], np.int32),
    )


@given(FORMS, st.lists(GLOBS, min_size=1, max_size=5), st.booleans(), st.sampled_from([0, 2, 100]))
@settings(max_examples=400, deadline=None)
def test_globs_find_what_a_look_at_every_form_finds(raw, globs, sensitive, many):
    before, vocabulary._MANY = vocabulary._MANY, many  # above so many forms a glob looks for a text that they hold
    try:
        own = Vocabulary(types(raw))
        for glob in globs:
            written = "".join({"*": ".*", "?": "."}.get(one, re.escape(one)) for one in fold(glob))
            wanted = [at for at, word in enumerate(raw) if re.fullmatch(written, (unify if sensitive else fold)(word))]
            assert own.types_of(glob, sensitive=sensitive).tolist() == wanted, glob
    finally:
        vocabulary._MANY = before


@given(st.lists(st.text(min_size=1, max_size=6).filter(lambda word: "\n" not in word and fold(word)), max_size=20))
@settings(max_examples=300, deadline=None)
def test_all_types_at_once_are_folded_as_each_by_itself(listed):
    raw = pa.array([word for word in listed if word.isprintable()], pa.large_string())
    for made, one in ((fold_types, fold), (unify_types, unify)):
        forms, form_of = made(raw)
        assert [forms.to_pylist()[at] for at in form_of] == [one(word) for word in raw.to_pylist()]
        assert len(set(forms.to_pylist())) == len(forms)


def test_what_is_taken_for_words_without_the_tokeniser_is_so_to_it():
    for pattern, kinds in ((patterns._PLAIN, {LETTER, DIGIT}), (patterns._IDEOGRAPHS, {IDEOGRAPH})):
        codes = [code for code in range(0x110000) if pattern.fullmatch(chr(code))]
        assert set(class_table()[codes].tolist()) == kinds
        assert len(codes) > 10_000


@given(st.text(alphabet="aS's’9-", min_size=1, max_size=7))
@settings(max_examples=500, deadline=None)
def test_words_that_are_spared_the_tokeniser_are_one_token(word):
    if patterns._SURE.fullmatch(word) and not patterns._CLITIC.match(word) and word[0] not in "'’":
        tokens = tokenise([word])
        assert list(zip(tokens.starts, tokens.ends, strict=True)) == [(0, len(word))]


@given(st.lists(st.one_of(st.text(alphabet="aAz.9-é", min_size=1, max_size=5), st.sampled_from([*words._FLAGS]))))
@settings(max_examples=300, deadline=None)
def test_flags_of_a_list_are_those_of_each_word(listed):
    flags = words.flags_of(pa.array(listed, pa.large_string()))
    assert flags.tolist() == [words._FLAGS.get(word, 0) | words._shape(word) for word in listed]
