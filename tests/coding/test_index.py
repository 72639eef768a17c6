"""Indexes and lookup: the same as plain Python on any texts, with one thread or two, from memory or from disk."""

from collections import Counter

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse

from analysis import engine_settings
from analysis.coding import indexing, lookup, matching
from analysis.coding.characters import fold
from analysis.coding.codebook import Codebook, Variable
from analysis.coding.index import merge
from analysis.coding.index_files import index_articles, kept_indexes, read_index, write_index
from analysis.coding.indexing import article_counts, index_runs, index_texts
from analysis.coding.lookup import find_each, look_up
from analysis.coding.partition import code_partition
from analysis.coding.sentences import sentence_bounds
from analysis.coding.tokens import tokenise
from analysis.coding.vocabulary import Vocabulary
from tests.coding import reference

WORDS = st.sampled_from(
    ["ab", "AB", "abc", "b", "a-b", "ab-b-ab", "Ü", "ü", "日本", "U.S.", "ab’s", ",", ".", "“", "\n"]
)
TEXTS = st.lists(st.one_of(st.text(max_size=30), st.lists(WORDS, max_size=12).map(" ".join)), max_size=6)
PATTERNS = st.lists(
    st.lists(st.sampled_from(["ab", "abc", "b", "a*", "*b", "?b", "*", "ü", "*b*"]), min_size=1, max_size=3),
    min_size=1,
    max_size=4,
)


def partitions(texts):
    """The texts cut in two, so that types of two indexes are merged."""
    return [texts[: len(texts) // 2], texts[len(texts) // 2 :]]


@given(TEXTS)
@settings(max_examples=200, deadline=None)
def test_counts_are_those_of_plain_python(texts):
    indexes = [index_texts(part) for part in partitions(texts)]
    merged = merge(indexes)
    wanted = [Counter(fold(text[a:b]) for a, b in reference.tokens(text)) for text in texts]
    assert merged.folded == sorted(set().union(*wanted))
    for threads in (1, 2):
        counts = sparse.vstack(article_counts(indexes, merged, threads=threads), format="csr")
        assert counts.shape == (len(texts), len(merged.folded))
        rows = [zip(counts[[row], :].indices, counts[[row], :].data, strict=True) for row in range(len(texts))]
        assert [{merged.folded[column]: n for column, n in row} for row in rows] == wanted


@given(TEXTS, PATTERNS, st.lists(st.booleans(), min_size=3, max_size=3))
@settings(max_examples=300, deadline=None)
def test_matches_are_those_of_plain_python(texts, patterns, loose):
    written = list(dict.fromkeys(
        " ".join(f"… {word}" if place and loose[place] else word for place, word in enumerate(words))
        for words in patterns
    ))  # fmt: skip
    indexes = [index_texts(part) for part in partitions(texts)]
    for threads in (1, 2):
        hits = find_each(indexes, [(pattern, False) for pattern in written], threads=threads)
        for found, part in zip(hits, partitions(texts), strict=True):
            tokens = tokenise(part)
            words = [tokens.folded[at] for at in tokens.fold_of[tokens.types]]
            gaps = sentence_bounds(tokens)[1]
            assert (np.diff(found.first) >= 0).all()
            for number, pattern in enumerate(written):
                own = found.pattern == number
                pairs = pattern.replace("… ", "…").split(" ")
                plain = [(piece.strip("…"), piece.startswith("…")) for piece in pairs]
                spans = set(zip(found.first[own].tolist(), found.beyond[own].tolist(), strict=True))
                assert spans == reference.matches(words, gaps.tolist(), plain), pattern
            alone = matching.find(tokens, gaps, [(one, False) for one in written], Vocabulary(tokens))
            for one, other in ((alone.first, found.first), (alone.beyond, found.beyond)):
                assert sorted(one.tolist()) == sorted(other.tolist())


@pytest.fixture
def books():
    capital = Variable(
        kind="choice", categories={"Kyiv": ["Kyiv", "AT&T"], "Kiev": ["Kiev*"]}, exceptions=["Kiev … cake"]
    )
    label = Variable(kind="presence", case="sensitive", categories={"US": ["US", "U.S."], "us": ["us"]})
    return [Codebook(name="b", version="1", variables={"capital": capital, "label": label})]


@pytest.fixture
def articles(make_articles):
    return make_articles(
        ("Kiev waits", None, "Kyiv and “Kiev” cake. Kiev’s cake.\n\nUS or U.S. and us, Kievan AT&T and AT, T."),
        (None, "Kyiv", ""),
        ("us", None, "AT&T in Київ: Kiev a b c cake, Kiev a b c d cake"),
    )


@pytest.mark.parametrize("at_once", [1, 20, 1 << 21])
def test_mentions_are_those_that_coding_finds(articles, books, at_once, monkeypatch):
    monkeypatch.setattr(lookup, "_AT_ONCE", at_once)  # tokens: pieces of an article, or the whole
    coded = code_partition(articles, books)["mentions"]
    indexes = [index_articles(articles[:1]), index_articles(articles[1:])]
    parts = ["headline", "deck", "body"]

    def texts(number, text):
        return articles[parts].iloc[number + text // 3 if number else text // 3].iloc[text % 3]

    found = look_up(indexes, merge(indexes), books, texts=texts, threads=2)
    pd.testing.assert_frame_equal(look_up(indexes, None, books, texts=texts), found)  # each by its own types
    named = pd.DataFrame({
        "article_id": articles["article_id"].to_numpy()[found["article"]],
        "where": np.array(parts)[found["part"]],
        **{name: found[name].astype("int64") for name in ("start", "end")},
        **{name: found[name].astype("str") for name in ("codebook", "variable", "category", "pattern")},
    }).astype({"article_id": "str", "where": "str"})  # fmt: skip
    pd.testing.assert_frame_equal(named, coded[named.columns.tolist()])
    assert len(named) > 8
    with pytest.raises(ValueError, match="a pattern holds marks between its words; give texts"):
        look_up(indexes, merge(indexes), books)


@given(TEXTS)
@settings(max_examples=30, deadline=None)
def test_an_index_on_disk_is_the_same(tmp_path_factory, texts):
    made = index_texts(texts, parts=1)
    folder = tmp_path_factory.mktemp("index")
    write_index(made, folder, "one")
    back = read_index(folder, "one")
    for name in ("types", "starts", "gaps", "bounds", "sizes", "counts"):
        one, other = getattr(made, name), getattr(back, name)
        assert one.dtype == other.dtype and np.array_equal(one, other), name
    assert back.raw.equals(made.raw) and back.parts == 1
    assert back.forms.strings.equals(made.forms.strings)
    assert back.forms.bounds.tolist() == made.forms.bounds.tolist()
    assert back.forms.types.tolist() == made.forms.types.tolist()
    assert sorted(path.name for path in folder.iterdir()) == [
        f"one.{kind}.arrow" for kind in ("forms", "tokens", "types")
    ]


def test_indexes_of_a_study_are_kept_until_its_texts_change(articles, tmp_path, monkeypatch):
    monkeypatch.setattr(engine_settings, "PARTITION", 2)
    first = kept_indexes(articles, tmp_path)
    names = sorted(path.name for path in tmp_path.iterdir())
    assert len(names) == 6 and [index.n_articles for index in first] == [2, 1]

    def refuse(*_):
        raise AssertionError("indexed again")

    with monkeypatch.context() as patched:
        patched.setattr(indexing, "index_texts", refuse)
        again = kept_indexes(articles, tmp_path)
    assert np.array_equal(again[0].types, first[0].types)
    kept_indexes(articles.assign(deck=["new", None, None]).astype({"deck": "str"}), tmp_path)
    left = sorted(path.name for path in tmp_path.iterdir())
    assert len(left) == 6 and len(set(left) & set(names)) == 3
    for name in left:  # half a file is made again
        (tmp_path / name).write_bytes(b"ARROW1")
        assert [index.n_articles for index in kept_indexes(articles, tmp_path)] == [2, 1]


def test_nothing_indexed_nothing_found(books):
    merged = merge([])
    assert article_counts([], merged) == []
    assert look_up([], merged, books).empty and look_up([], None, books).empty
    empty = index_texts(pa.array([], pa.large_string()))
    assert look_up([empty], merge([empty]), books).empty


@given(TEXTS, st.integers(1, 60))
@settings(max_examples=200, deadline=None)
def test_texts_in_runs_and_a_few_at_a_time_make_the_same_index(texts, at_once):
    tokens = tokenise(texts)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(indexing, "_AT_ONCE", at_once)  # of bytes
        made = index_runs(iter([*partitions(texts), []]))
    assert made.raw.to_pylist() == tokens.raw
    for column in ("types", "starts", "bounds", "sizes"):
        np.testing.assert_array_equal(getattr(made, column), getattr(tokens, column))
    np.testing.assert_array_equal(made.gaps, sentence_bounds(tokens)[1])
    np.testing.assert_array_equal(made.counts, np.bincount(tokens.types, minlength=len(tokens.raw)))


def test_thousands_of_long_words_are_numbered_as_they_come():
    words = [f"{'long' * 8}{number:07}{'er' * (number % 50)}" for number in range(30_000)]
    made = index_texts([" ".join(words), " ".join(reversed(words))])
    assert made.raw.to_pylist() == words
    assert made.types.tolist() == [*range(30_000), *reversed(range(30_000))]


def test_a_run_without_texts_has_no_words():
    assert index_runs([]).n_articles == 0
