"""Phrases: runs of words on tiny texts, beside plain Python on any text, and as keyness takes them."""

from collections import Counter

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analysis.coding.characters import fold
from analysis.coding.partition import code_partition, texts_of
from analysis.coding.phrases import phrase_counts
from analysis.coding.sentences import sentence_bounds
from analysis.coding.tokens import tokenise
from analysis.comparison.keyness import keyness, keyness_each
from analysis.study import UserError
from tests.coding import reference

WORDS = st.sampled_from(["the", "Peace", "plan", "’s", "town’s", "Kyiv", ". ", "? ", ", ", "\n", "“", "”", " ", "U.S."])
TEXTS = st.one_of(st.text(max_size=40), st.lists(WORDS, max_size=20).map(" ".join))


def counted(articles, **options):
    """{(article, phrase, voice): n}."""
    table = phrase_counts(articles, **{"min_articles": 1, **options})
    assert not table.duplicated(["article_id", "word", "voice"]).any()
    return dict(
        zip(zip(table["article_id"].str[-1], table["word"], table["voice"], strict=True), table["n"], strict=True)
    )


def in_plain_python(articles, sizes):
    """The same from the slow tokeniser and the characters at which sentences begin and end; voices left out."""
    texts = texts_of(articles)
    bounds = sentence_bounds(tokenise(texts))[0]
    found = Counter()
    for text, start, end in bounds[["text", "start", "end"]].itertuples(index=False):
        words = [fold(texts[text][a:b]) for a, b in reference.tokens(texts[text]) if start <= a and b <= end]
        for size in sizes:
            for at in range(len(words) - size + 1):
                run = words[at : at + size]
                if "'s" not in (run[0], run[-1]):
                    found[articles["article_id"].iloc[text // 3], " ".join(run)] += 1
    return found


def test_by_hand(make_articles):
    articles = make_articles(("Peace Plan", None, "The peace plan, again. The peace plan"))
    assert counted(articles) == {
        ("0", "peace plan", "headline"): 1, ("0", "the peace", "own"): 2, ("0", "peace plan", "own"): 2,
        ("0", "plan again", "own"): 1, ("0", "the peace plan", "own"): 2, ("0", "peace plan again", "own"): 1,
    }  # fmt: skip
    table = phrase_counts(articles, min_articles=1)
    assert table.dtypes.astype(str).to_dict() == {"article_id": "str", "word": "str", "voice": "str", "n": "int64"}
    assert table["word"].tolist() == sorted(table["word"])


def test_runs_end_with_sentence_part_and_article(make_articles):
    articles = make_articles(("one two", "three", "four five. Six\nseven eight"), "nine ten")
    assert sorted(key[1] for key in counted(articles)) == ["four five", "nine ten", "one two", "seven eight"]


def test_the_clitic_neither_begins_nor_ends_a_run(make_articles):
    found = counted(make_articles("Kyiv’s old town"), sizes=(1, 2, 3))
    assert {key[1] for key in found} == {"kyiv", "old", "town", "old town", "kyiv 's old"}


def test_min_articles_counts_articles_whoever_speaks(make_articles):
    articles = make_articles(("peace plan", None, "peace plan now"), "a peace plan", "plan now")
    assert set(phrase_counts(articles)["word"]) == {"peace plan", "plan now"}
    assert set(phrase_counts(articles, min_articles=3)["word"]) == set()


def test_voices_are_those_of_the_first_word(make_articles):
    articles = make_articles(("Old town", None, "She said: “The old town fell.” An old town stood."))
    quotes = code_partition(articles.assign(published=pd.Series(dtype="datetime64[us]")), [])["quotes"]
    found = counted(articles, quotes=quotes)
    assert [found.get(("0", "old town", voice)) for voice in ("headline", "direct", "own")] == [1, 1, 1]
    assert found["0", "the old town", "direct"] == 1
    assert counted(articles)["0", "old town", "own"] == 2
    # Quotes of other articles do not matter, nor their order.
    more = pd.concat([quotes.assign(article_id="else"), quotes])[::-1]
    assert counted(articles, quotes=more) == found


@settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(TEXTS, st.none() | TEXTS, TEXTS), min_size=1, max_size=4), st.integers(1, 2))
def test_any_text_as_in_plain_python(make_articles, texts, least):
    articles = make_articles(*texts)
    for part in ("headline", "deck", "body"):
        articles[part] = articles[part].astype(object)
    sizes = (1, 2, 3, 4)
    table = phrase_counts(articles, sizes=sizes, min_articles=least)
    plain = in_plain_python(articles, sizes)
    articles_of = Counter(phrase for _, phrase in plain)
    wanted = {key: n for key, n in plain.items() if articles_of[key[1]] >= least}
    assert table.groupby(["article_id", "word"])["n"].sum().to_dict() == wanted
    # Single words but the clitic are those that the coded table counts.
    if least == 1:
        single = table[~table["word"].str.contains(" ")]["n"].sum()
        tokens = tokenise(texts_of(articles))
        assert single == sum(tokens.folded[at] != "'s" for at in tokens.fold_of[tokens.types])


def test_the_order_of_articles_does_not_matter(make_articles):
    articles = make_articles("b a c", "a c b", "c b a. B a")
    turned = phrase_counts(articles[::-1])
    back = turned.sort_values(["article_id", "word", "voice"], ignore_index=True)
    pd.testing.assert_frame_equal(phrase_counts(articles), back)


def test_nothing_to_count(make_articles):
    whole = phrase_counts(make_articles("a b"), min_articles=1)
    for articles in (make_articles(""), make_articles("one"), make_articles("a b")[:0], make_articles("a b")):
        table = phrase_counts(articles, min_articles=2)
        assert table.empty and table.dtypes.equals(whole.dtypes)


def test_wrong_options_are_refused(make_articles):
    for sizes in ((), (0,), (True,), ("2",), (2.0,)):
        with pytest.raises(UserError, match=r"sizes are .*; allowed: whole numbers of at least 1"):
            phrase_counts(make_articles("a b"), sizes=sizes)
    with pytest.raises(UserError, match="min_articles is 0; allowed: a whole number of at least 1"):
        phrase_counts(make_articles("a b"), min_articles=0)


def test_keyness_of_phrases_takes_words_as_sizes(make_articles):
    texts = ["the peace plan holds", "a peace plan", "the war plan fails now", "no peace plan"]
    articles = make_articles(*texts, outlets=["A", "A", "B", "B"])
    words = code_partition(articles.assign(published=pd.Series(dtype="datetime64[us]")), [])["word_counts"]
    phrases = phrase_counts(articles, min_articles=1)
    options = {"min_count": 2, "replicates": 20, "permutations": 20}
    table = keyness(phrases, articles, target="A", sizes=words, **options).set_index("word")
    row = table.loc["peace plan", ["n_target", "n_reference", "size_target", "size_reference"]]
    assert row.tolist() == [2, 1, 7, 8]
    assert table.loc["peace plan", "log_ratio"] == pytest.approx(np.log2(2 / 7 / (1 / 8)))
    # Without it sizes would be runs: of four words five, of three words three.
    bare = keyness(phrases, articles, target="A", **options).set_index("word")
    assert bare.loc["peace plan", "size_target"] == 5 + 3
    each = keyness_each(phrases, articles, sizes=words, **options).set_index(["target", "word"])
    assert each.loc[("B", "peace plan"), "size_target"] == 8
    chosen = keyness(phrases, articles, target="A", sizes=words, words=["Peace Plan"], **options)
    assert chosen.loc[0, "n_target"] == 2
    with pytest.raises(UserError, match="sizes has fewer words than are counted in article 000000000000; allowed"):
        keyness(phrases, articles, target="A", sizes=words[5:], **options)
    with pytest.raises(UserError, match="table sizes has no column 'n'"):
        keyness(phrases, articles, target="A", sizes=words.drop(columns="n"), **options)
