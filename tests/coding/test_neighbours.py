"""Neighbours: distances on tiny texts, and a slow search in plain Python beside ours on any text."""

import itertools
from collections import Counter

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.coding.codebook import Codebook, Variable
from analysis.coding.mentions import find_mentions
from analysis.coding.neighbours import kwic_with, neighbours
from analysis.coding.partition import code_partition, texts_of
from analysis.coding.sentences import BOUND, sentence_bounds
from analysis.coding.tokens import tokenise
from analysis.study import UserError
from analysis.tables import WHERE


@pytest.fixture
def coded(make_articles):
    """Articles and their coded tables; when they were published does not matter here."""

    def make(*texts):
        articles = make_articles(*texts)
        return articles, code_partition(articles.assign(published=pd.Series(dtype="datetime64[us]")), [])

    return make


def found(table):
    """{(word, position): n} of all articles, without the node's own words."""
    near = table[table["position"] != 0]
    return near.groupby(["word", "position"])["n"].sum().to_dict()


def near(make_articles, text, pattern, **options):
    return found(neighbours(make_articles(text), pattern, **options)[0])


def test_columns_and_types(make_articles):
    words, nodes = neighbours(make_articles("a node b"), "Node")
    assert words.dtypes.astype(str).to_dict() == {
        "article_id": "str", "word": "str", "position": "int64", "voice": "str", "node_voice": "str", "n": "int64",
    }  # fmt: skip
    assert nodes.dtypes.astype(str).to_dict() == {"article_id": "str", "node": "str", "voice": "str", "n": "int64"}
    for empty in (neighbours(make_articles("a"), "node"), neighbours(make_articles("a")[:0], "node")):
        assert [list(table.columns) for table in empty] == [list(words.columns), list(nodes.columns)]
        assert [len(table) for table in empty] == [0, 0]
    absent = neighbours(make_articles("a"), "node")
    assert [table.dtypes.tolist() for table in absent] == [words.dtypes.tolist(), nodes.dtypes.tolist()]


def test_positions_by_hand(make_articles):
    words, nodes = neighbours(make_articles("One two, THREE node four (five) six."), "node", window=2)
    assert words[["word", "position", "n"]].to_numpy().tolist() == [
        ["five", 2, 1], ["four", 1, 1], ["node", 0, 1], ["three", -1, 1], ["two", -2, 1],
    ]  # fmt: skip
    assert nodes[["node", "n"]].to_numpy().tolist() == [["node", 1]]


def test_a_word_twice_at_one_distance_is_one_row(make_articles):
    words, nodes = neighbours(make_articles("big node. Big node.", "big node"), "node", window=1)
    assert words[words["position"] != 0][["article_id", "word", "position", "n"]].to_numpy().tolist() == [
        ["000000000000", "big", -1, 2], ["000000000001", "big", -1, 1],
    ]  # fmt: skip
    assert nodes["n"].tolist() == [2, 1]


def test_windows_end_at_the_ends_of_text_and_sentence(make_articles):
    assert near(make_articles, "node", "node") == {}
    assert near(make_articles, "a node", "node") == {("a", -1): 1}
    text = "One two. Three node four. Five six."
    assert near(make_articles, text, "node", window=3) == {("three", -1): 1, ("four", 1): 1}
    assert near(make_articles, text, "node", window=3, across_sentences=True) == {
        ("one", -3): 1, ("two", -2): 1, ("three", -1): 1, ("four", 1): 1, ("five", 2): 1, ("six", 3): 1,
    }  # fmt: skip


def test_windows_never_reach_into_another_part_or_article(make_articles):
    articles = make_articles(("head one", "deck node", "body two"), "three")
    words, _ = neighbours(articles, "node", window=9, across_sentences=True)
    assert found(words) == {("deck", -1): 1}
    assert set(words["article_id"]) == {"000000000000"}


def test_the_whole_sentence(make_articles):
    text = "Out. A b c d e f g node h i j k l m. Out."
    sentence = near(make_articles, text, "node", window=None)
    left, right = zip("abcdefg", range(-7, 0), strict=True), zip("hijklm", range(1, 7), strict=True)
    assert sentence == dict.fromkeys([*left, *right], 1)


def test_a_word_near_two_nodes_counts_once_at_the_nearest_and_in_the_middle_behind_the_first(make_articles):
    # Counted for each node, b and c would be four: (b, 2), (b, -3) …
    assert near(make_articles, "node a b c d node", "node", window=3) == {
        ("a", 1): 1, ("b", 2): 1, ("c", -2): 1, ("d", -1): 1,
    }  # fmt: skip
    assert near(make_articles, "node a b c node", "node", window=3) == {("a", 1): 1, ("b", 2): 1, ("c", -1): 1}
    # A word that only the farther node reaches, since a sentence ends before the nearer one, is that one's.
    assert near(make_articles, "Node a b. Node c", "node", window=5) == {("a", 1): 1, ("b", 2): 1, ("c", 1): 1}


def test_words_of_nodes_are_no_neighbours_of_other_nodes(make_articles):
    words, nodes = neighbours(make_articles("node node a annexed annexation"), "node", window=2)
    assert found(words) == {("a", 1): 1, ("annexed", 2): 1}
    words, nodes = neighbours(make_articles("annexed land, annexation"), "annex*", window=2)
    assert found(words) == {("land", 1): 1}
    assert nodes[["node", "n"]].to_numpy().tolist() == [["annexation", 1], ["annexed", 1]]
    # Outside the phrase the same word is a neighbour.
    assert near(make_articles, "land illegally annexed illegally", "illegally annexed") == {
        ("land", -1): 1, ("illegally", 1): 1,
    }  # fmt: skip


def test_phrases_are_one_node_counted_from_their_edges(make_articles):
    words, nodes = neighbours(make_articles("The cease-fire talks ended; cease fire talks now"), "cease fire talks")
    assert found(words) == {("the", -1): 1, ("ended", 1): 1, ("now", 1): 1}
    assert nodes["node"].tolist() == ["cease fire talks", "cease-fire talks"]
    words, nodes = neighbours(make_articles("he took the old town back"), "took … town", window=1)
    assert found(words) == {("he", -1): 1, ("back", 1): 1}
    assert nodes["node"].tolist() == ["took the old town"]
    assert words.loc[words["position"] == 0, "word"].tolist() == ["old", "the", "took", "town"]


def test_places_are_the_mentions_of_a_codebook(make_articles):
    # Overlapping matches: three as the concordance lists them, two as a codebook counts them.
    assert neighbours(make_articles("so so so so"), "so so")[1]["n"].tolist() == [2]


def test_case(make_articles):
    assert near(make_articles, "a may b. C May d.", "May", window=1, sensitive=True) == {("c", -1): 1, ("d", 1): 1}


QUOTED = ("“Node now”, he said", None, "She said: “The old node fell.” A node stood.")


def test_voices_of_words_and_nodes(coded):
    articles, tables = coded(QUOTED)
    quotes = tables["quotes"]
    words, nodes = neighbours(articles, "node", window=4, quotes=quotes)
    near = words[words["position"] != 0].set_index(["word", "position"])
    assert near[["voice", "node_voice"]].apply(tuple, axis=1).to_dict() == {
        ("now", 1): ("headline", "headline"),
        ("he", 2): ("headline", "headline"), ("said", 3): ("headline", "headline"),
        ("old", -1): ("direct", "direct"), ("the", -2): ("direct", "direct"), ("said", -3): ("own", "direct"),
        ("she", -4): ("own", "direct"), ("fell", 1): ("direct", "direct"),
        ("a", -1): ("own", "own"), ("stood", 1): ("own", "own"),
    }  # fmt: skip
    assert nodes[["voice", "n"]].to_numpy().tolist() == [["headline", 1], ["own", 1], ["direct", 1]]
    shuffled = neighbours(articles, "node", window=4, quotes=quotes.iloc[::-1])
    assert words.equals(shuffled[0]) and nodes.equals(shuffled[1])


def test_without_quotes_the_voice_in_a_body_is_missing(make_articles):
    words, nodes = neighbours(make_articles(QUOTED), "node")
    assert words["voice"].dropna().unique().tolist() == ["headline"]
    assert words["node_voice"].isna().tolist() == words["voice"].isna().tolist()
    assert nodes["voice"].isna().tolist() == [False, True]


def test_words_are_those_of_word_counts(coded):
    articles, tables = coded(QUOTED, "A NODE, don’t you see: Straße node’s Ǆ ΐ")
    words, _ = neighbours(articles, "node", window=None, quotes=tables["quotes"])
    sums = words.groupby(["article_id", "word", "voice"])["n"].sum()
    counted = tables["word_counts"].set_index(["article_id", "word", "voice"])["n"]
    assert (sums <= counted.reindex(sums.index)).all()
    assert sums.loc["000000000001"].sum() == counted.loc["000000000001"].sum()


def test_concordance_of_a_collocate(coded):
    articles, tables = coded(("x", None, "Big bad node. The node, BIG and big."), "no node", "Node: big")
    places = kwic_with(articles, "node", "Big", context=1, quotes=tables["quotes"])
    assert places[["left", "match", "right", "position", "collocate", "voice"]].to_numpy().tolist() == [
        ["bad", "node", ". The", -2, "Big", "own"], ["The", "node", ", BIG", 1, "BIG", "own"],
        ["The", "node", ", BIG", 3, "big", "own"], ["", "Node", ": big", 1, "big", "own"],
    ]  # fmt: skip
    bodies = articles.set_index("article_id")["body"]
    cut = [bodies[row.article_id][row.collocate_start : row.collocate_end] for row in places.itertuples()]
    assert cut == places["collocate"].tolist()
    assert kwic_with(articles, "node", "big", positions=[1])["position"].tolist() == [1, 1]
    assert kwic_with(articles, "node", "b?g", window=1)["position"].tolist() == [1, 1]
    assert kwic_with(articles, "node", "absent").empty


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"pattern": "a; b"}, "pattern 'a; b' can never match"),
        ({"pattern": ""}, "pattern '' has no word"),
        ({"window": 0}, "window is 0; allowed: 1 or more words, or None"),
        ({"window": 2.5}, "window is 2.5; allowed"),
        ({"window": True}, "window is True; allowed"),
        ({"window": None, "across_sentences": True}, "across_sentences is True and window None"),
    ],
)
def test_what_cannot_be_asked(make_articles, options, message):
    with pytest.raises(UserError, match=message) as raised:
        neighbours(make_articles("a b"), **{"pattern": "a", **options})
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize("collocate", ["", "two words", " "])
def test_a_collocate_is_one_word(make_articles, collocate):
    with pytest.raises(UserError, match="allowed: one word"):
        kwic_with(make_articles("a b"), "a", collocate)


def slowly(articles, pattern, window, across_sentences):
    """{(article, word, position): n}, by asking of every word how far every node is."""
    variable = Variable(kind="presence", categories={"node": [pattern]})
    book = Codebook(name="b", version="1", variables={"v": variable})
    counts = Counter()
    for number, text in enumerate(texts_of(articles)):
        tokens = tokenise([text])
        gaps = sentence_bounds(tokens)[1]
        words = [tokens.folded[at] for at in tokens.fold_of[tokens.types].tolist()]
        sentence = list(itertools.accumulate((gap == BOUND for gap in gaps.tolist()), initial=0))
        places = find_mentions(tokens, gaps, [book])
        nodes = list(zip(places["first"], places["beyond"] - 1, strict=True))
        inside = {at for first, last in nodes for at in range(first, last + 1)}
        for at, word in enumerate(words):
            if at in inside:
                counts[number // 3, word, 0] += 1
                continue
            reached = []
            for first, last in nodes:
                position = at - last if at > last else at - first
                if across_sentences or sentence[first] == sentence[at]:
                    reached.append((abs(position), -position, position))
            if reached and (window is None or min(reached)[0] <= window):
                counts[number // 3, word, min(reached)[2]] += 1
    return dict(counts)


PIECES = st.sampled_from(
    ["node", "Node ", "a ", "b ", "big ", ". ", ".\n\n", "“", "” ", "-", "’s ", ", ", "U.S. ", "日", "ß "]
)
TEXTS = st.one_of(st.lists(PIECES, max_size=30).map("".join), st.text(max_size=40))


@settings(max_examples=60, deadline=None)
@given(
    texts=st.lists(st.tuples(TEXTS, TEXTS, TEXTS), min_size=1, max_size=2),
    pattern=st.sampled_from(["node", "a", "node a", "n* … b", "?"]),
    window=st.sampled_from([1, 2, 5, None]),
    across=st.booleans(),
)
def test_any_text_as_in_plain_python(texts, pattern, window, across):
    parts = dict(zip(WHERE, zip(*texts, strict=True), strict=True))
    identity = {"article_id": [f"{at:012x}" for at in range(len(texts))], "outlet": "O"}
    articles = pd.DataFrame({**identity, **parts}).astype("str")
    across = across and window is not None
    options = {"window": window, "across_sentences": across}
    words, nodes = neighbours(articles, pattern, **options)
    summed = Counter()  # rows are split by voice: headline, and missing in bodies
    for row in words.itertuples():
        summed[int(row.article_id, 16), row.word, row.position] += row.n
    assert dict(summed) == slowly(articles, pattern, window, across)
    # Parts of a corpus may be done apart.
    apart = [neighbours(articles.iloc[[at]], pattern, **options) for at in range(len(articles))]
    for whole, pieces in zip((words, nodes), zip(*apart, strict=True), strict=True):
        pd.testing.assert_frame_equal(pd.concat(pieces, ignore_index=True), whole)
    # The concordance has a row for each.
    counts = words[words["position"] != 0].groupby("word")["n"].sum()
    for word in counts.index[-1:]:
        if not set(word) & set("*?"):
            assert len(kwic_with(articles, pattern, word, **options)) == counts[word]
