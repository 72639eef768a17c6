"""Collocates: measures by hand, beside NLTK and plain Python, and what resampling must not do."""

import itertools
import math
import re
from collections import Counter

import nltk.collocations
import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from nltk.metrics import BigramAssocMeasures
from scipy import sparse

from analysis.coding.neighbours import neighbours
from analysis.comparison.collocates import collocates, collocates_between, score_collocates
from analysis.comparison.resampling import benjamini_hochberg, score_permutation
from analysis.study import UserError

QUICK = {"min_count": 1, "replicates": 20}


def table(text, **more):
    """Articles of one sentence each from {id: text}, with word_counts; every word is the outlet's own."""
    articles = pd.DataFrame({"article_id": list(text), "body": list(text.values()), **more}).astype("str")
    articles = articles.assign(headline=None, deck=None).astype({"headline": "str", "deck": "str"})
    if "outlet" not in articles:
        articles["outlet"] = "X"
    counted = Counter((one, word) for one, body in text.items() for word in re.findall(r"\w+", body.casefold()))
    rows = [[one, word, "own", n] for (one, word), n in sorted(counted.items())]
    words = pd.DataFrame(rows, columns=["article_id", "word", "voice", "n"])
    return articles, words.astype({"article_id": "str", "word": "str", "voice": "str", "n": "int64"})


def given_tables(text, pattern="node", window=2, **more):
    """neighbours, nodes, word_counts, articles."""
    articles, words = table(text, **more)
    return (*neighbours(articles, pattern, window=window), words, articles)


def counts(**columns):
    return pd.DataFrame({name: np.atleast_1d(value) for name, value in columns.items()})


def test_measures_by_hand():
    row = score_collocates(counts(n=8, n_word=20, n_node=10, n_window=100, size=1000)).iloc[0]
    assert row["expected"] == 2
    assert (row["mi"], row["mi2"], row["mi3"]) == pytest.approx((2, 5, 8), abs=1e-12)
    assert row["t_score"] == pytest.approx(6 / math.sqrt(8), abs=1e-12)
    assert row["log_dice"] == pytest.approx(14 + math.log2(16 / 30), abs=1e-12)
    assert row["log_ratio"] == pytest.approx(math.log2(6), abs=1e-12)  # 8 in 100 against 12 in 900
    observed, expected = [8, 12, 92, 888], [2, 18, 98, 882]
    cells = [2 * o * math.log(o / e) for o, e in zip(observed, expected, strict=True)]
    assert row["g2"] == pytest.approx(sum(cells), abs=1e-10)
    assert row["log_likelihood"] == pytest.approx(cells[0] + cells[1], abs=1e-10)


def test_log_dice_of_a_word_that_is_always_and_only_there_is_14():
    row = score_collocates(counts(n=[7, 3], n_word=[7, 3], n_node=[7, 1], n_window=[70, 10], size=[500, 99]))
    assert row["log_dice"].tolist() == pytest.approx([14, 14 + math.log2(1.5)])  # three times near one node


def test_signed_where_a_word_keeps_away():
    row = score_collocates(counts(n=1, n_word=40, n_node=10, n_window=100, size=1000)).iloc[0]
    assert row["g2"] < 0 and row["log_likelihood"] < 0 and row["log_ratio"] < 0 and row["t_score"] < 0


def test_what_is_undefined_is_nan():
    scored = score_collocates(counts(
        n=[0, 0, 5, 4, 0], n_word=[9, 0, 5, 4, 0], n_node=[3, 3, 2, 2, 0],
        n_window=[20, 20, 30, 4, 0], size=[200, 200, 30, 40, 0],
    ))  # fmt: skip
    undefined = {"log_dice", "mi", "mi2", "mi3", "t_score"}
    lacking = [set(scored.columns[scored.isna().iloc[at]]) for at in range(5)]
    cells = {"log_likelihood", "g2", "log_ratio"}
    assert lacking == [undefined, undefined | cells, cells, set(), undefined | cells | {"expected"}]
    assert scored["expected"].tolist()[:4] == [0.9, 0, 5, 0.4]


@pytest.mark.parametrize(
    "wrong", [{"n": 6}, {"n": -1}, {"n_window": 4}, {"size": 20}, {"n_node": -1}, {"n": float("nan")}]
)
def test_counts_that_do_not_fit(wrong):
    right = {"n": 5, "n_word": 5, "n_node": 2, "n_window": 21, "size": 90}
    with pytest.raises(UserError, match="row 2 of the counts does not fit"):
        score_collocates(pd.DataFrame([right, {**right, **wrong}]))


@settings(max_examples=100, deadline=None)
@given(n=st.integers(1, 50), more=st.tuples(*[st.integers(0, 500)] * 3), nodes=st.integers(1, 200))
def test_as_nltk_given_these_margins(n, more, nodes):
    word, window = n + more[0], n + more[1]
    size = word + window - n + more[2]
    assume(0 < window < size and word < size)
    row = score_collocates(counts(n=n, n_word=word, n_node=nodes, n_window=window, size=size)).iloc[0]
    margins = n, (window, word), size
    assert row["mi"] == pytest.approx(BigramAssocMeasures.pmi(*margins), abs=1e-9)
    assert row["mi3"] == pytest.approx(math.log2(BigramAssocMeasures.mi_like(*margins) * size), abs=1e-9)
    assert row["t_score"] == pytest.approx(BigramAssocMeasures.student_t(*margins), abs=1e-9)
    assert abs(row["g2"]) == pytest.approx(BigramAssocMeasures.likelihood_ratio(*margins), abs=1e-6)
    assert row["log_dice"] == pytest.approx(14 + math.log2(BigramAssocMeasures.dice(n, (nodes, word), size)), abs=1e-9)


def test_where_nltk_is_not_right():
    """Its finder divides n by the span: pmi is that of E·span, the others are those of a rarer pair."""
    text = ("node a b " * 20 + "c d a b " * 30).split()
    finder = nltk.collocations.BigramCollocationFinder.from_words(text, window_size=3)
    n, span, f1, f2, size = 20, 2, text.count("node"), text.count("b"), len(text)
    assert finder.ngram_fd["node", "b"] == n and finder.ngram_fd["b", "a"] != finder.ngram_fd["a", "b"]  # one way
    pmi = finder.score_ngram(BigramAssocMeasures.pmi, "node", "b")
    assert pmi == pytest.approx(math.log2(n / (f1 * span * f2 / size)))
    assert finder.score_ngram(BigramAssocMeasures.dice, "node", "b") == 2 * (n / span) / (f1 + f2)
    right = score_collocates(counts(n=n, n_word=f2, n_node=f1, n_window=span * f1, size=size)).iloc[0]
    for name, theirs in {"t_score": "student_t", "g2": "likelihood_ratio"}.items():
        assert finder.score_ngram(getattr(BigramAssocMeasures, theirs), "node", "b") < right[name]


TEXTS = {"a1": "a a node b c d e a", "a2": "b node node b f a", "b1": "a b c", "b2": "x a node"}


def test_collocates_by_hand():
    result = collocates(*given_tables(TEXTS, outlet=["X", "X", "Y", "Y"]), **QUICK)
    assert list(result.columns) == [
        "level", "word", "n", "n_word", "n_node", "n_window", "size", "articles", "n_groups", "position", "n_left",
        "n_right", "expected", "log_dice", "t_score", "mi", "mi2", "mi3", "log_likelihood", "g2", "log_ratio", "low",
        "high", "note",
    ]  # fmt: skip
    of_x = result[result["level"] == "X"].set_index("word")
    # Near: a a | b c and b | b f; of eleven words that are no node, four are elsewhere.
    assert (of_x["n_window"].unique(), of_x["size"].unique(), of_x["n_node"].unique()) == ([7], [11], [3])
    assert of_x[["n", "n_word", "articles", "position", "n_left", "n_right"]].to_dict("index") == {
        "a": {"n": 2, "n_word": 4, "articles": 1, "position": -1, "n_left": 2, "n_right": 0},
        "b": {"n": 3, "n_word": 3, "articles": 2, "position": 1, "n_left": 1, "n_right": 2},
        "c": {"n": 1, "n_word": 1, "articles": 1, "position": 2, "n_left": 0, "n_right": 1},
        "f": {"n": 1, "n_word": 1, "articles": 1, "position": 2, "n_left": 0, "n_right": 1},
    }
    assert of_x.loc["a", "expected"] == pytest.approx(7 * 4 / 11)
    assert of_x.loc["a", "log_dice"] == pytest.approx(14 + math.log2(4 / 7))
    assert of_x.loc["b", "note"] == "nowhere else: log_ratio takes 0 as .5"
    assert of_x.index.tolist() == ["b", "a", "c", "f"]  # by log_dice, then by name
    assert result[result["level"] == "Y"][["word", "n", "n_word", "size"]].to_numpy().tolist() == [
        ["x", 1, 1, 5], ["a", 1, 2, 5],
    ]  # fmt: skip
    assert result.loc[result["level"] == "Y", "note"].str.contains("one article with words near a node").all()


def test_options_select():
    tables = given_tables(TEXTS)
    whole = collocates(*tables, by=None, **QUICK)
    assert whole["level"].isna().all() and whole.set_index("word").loc["a", ["n_node", "size"]].tolist() == [4, 16]
    only = collocates(*tables, positions=[1], by=None, **QUICK).set_index("word")
    assert only["n"].to_dict() == {"b": 2} and only.loc["b", ["n_window", "size"]].tolist() == [2, 16]
    assert collocates(*tables, by=None, min_count=3, replicates=20)["word"].tolist() == ["b", "a"]
    assert collocates(*tables, by=None, min_articles=2, **QUICK)["word"].tolist() == ["b", "a"]
    assert collocates(*tables, by=None, words=["B", "zzz"], **QUICK)["word"].tolist() == ["b"]
    assert collocates(*tables, by=None, words="b", **QUICK)["word"].tolist() == ["b"]
    assert collocates(*tables, by=None, replicates=0)["low"].isna().all()
    some = tables[3].assign(outlet=["X", None, None, "Y"]).astype({"outlet": "str"})
    assert collocates(*tables[:3], some, **QUICK)["level"].unique().tolist() == ["X", "Y"]


def test_voices_of_words_and_of_nodes():
    near, nodes, words, articles = given_tables({"a1": "a b node c d node e"}, window=1)
    # As if `c d node e` were quoted.
    said = near["word"].isin(["c", "d", "e"])
    near = near.assign(voice=np.where(said, "direct", "own"), node_voice="own")
    near.loc[near["word"].isin(["d", "e"]), "node_voice"] = "direct"
    nodes = pd.DataFrame({"article_id": "a1", "node": "node", "voice": ["own", "direct"], "n": 1})
    words["voice"] = np.where(words["word"].isin(["c", "d", "e"]), "direct", "own")
    tables = near, nodes, words, articles

    def of(**options):
        result = collocates(*tables, **options, **QUICK)
        sizes = result[["n_node", "n_window", "size"]].drop_duplicates().to_numpy().tolist()
        return sorted(result["word"]), *sizes

    assert of() == (["b", "c", "d", "e"], [2, 4, 5])
    assert of(voice="own") == (["b"], [2, 1, 2])
    assert of(voice="direct") == (["c", "d", "e"], [2, 3, 3])
    assert of(node_voice="own") == (["b", "c"], [1, 2, 5])
    assert of(voice="direct", node_voice=["own"]) == (["c"], [1, 1, 3])


@settings(max_examples=40, deadline=None)
@given(
    texts=st.lists(
        st.lists(st.sampled_from(["node", "big node", "a", "b", "c", "big"]), max_size=14), min_size=1, max_size=5
    ),
    window=st.integers(1, 4),
)
def test_counts_as_in_plain_python(texts, window):
    text = {f"a{number}": " ".join(words) for number, words in enumerate(texts)}
    result = collocates(*given_tables(text, "node", window), by=None, min_count=1, replicates=0)
    near, everywhere, positions, nodes = Counter(), Counter(), Counter(), 0
    for words in (" ".join(words).split() for words in texts):
        places = [at for at, word in enumerate(words) if word == "node"]
        nodes += len(places)
        for at, word in enumerate(words):
            if word == "node":
                continue
            everywhere[word] += 1
            distance = min((abs(at - place) for place in places), default=99)
            if distance <= window:
                near[word] += 1
                # Of two nodes as near, the one before the word.
                positions[word, distance if at - distance in places else -distance] += 1
    assert dict(zip(result["word"], result["n"], strict=True)) == dict(near)
    for row in result.itertuples():
        assert (row.n_word, row.n_node) == (everywhere[row.word], nodes)
        assert (row.n_window, row.size) == (near.total(), everywhere.total())
        assert row.expected == pytest.approx(row.n_window * row.n_word / row.size)
        own = {at: n for (word, at), n in positions.items() if word == row.word}
        assert row.position == min(own, key=lambda at: (-own[at], abs(at), at))
        assert (row.n_left, row.n_right) == (sum(n for at, n in own.items() if at < 0), row.n - row.n_left)
        assert pd.isna(row.log_ratio) == (row.n_window == row.size)


def spread(rng, sizes, rates, outlets):
    """Articles in which each node has one word beside it; words by chance with these rates."""
    text = {}
    for number, (size, rate) in enumerate(zip(sizes, rates, strict=True)):
        words = rng.choice(["w", "v", "o"], p=[rate, 0.3, 0.7 - rate], size=size)
        text[f"a{number:03d}"] = " ".join(f"node {word} . . o v" for word in words)
    return given_tables(text, window=1, outlet=outlets)


def test_intervals_are_percentiles_over_articles():
    rng = np.random.default_rng(5)
    tables = spread(rng, [6] * 30, [0.4] * 30, ["X"] * 30)
    row = collocates(*tables, words=["w"], replicates=4000).iloc[0]
    near, _, words, _ = tables
    one = near[near["position"] != 0].assign(w=lambda table: table["n"] * (table["word"] == "w"))
    one = one.groupby("article_id")[["w", "n"]].sum()
    whole = words[words["word"] != "node"].groupby("article_id")["n"].sum()
    away = (whole - one["n"]).to_numpy()
    drawn = rng.integers(30, size=(4000, 30))
    inside, beside = one["w"].to_numpy()[drawn].sum(1), one["n"].to_numpy()[drawn].sum(1)
    values = np.log2(inside / beside) - np.log2(0.5 / away[drawn].sum(1))  # w stands nowhere else
    assert [row["low"], row["high"]] == pytest.approx(np.quantile(values, [0.025, 0.975]).tolist(), abs=0.05)
    assert row["low"] < row["log_ratio"] < row["high"]


def test_copies_are_drawn_as_one():
    rng = np.random.default_rng(6)
    tables = spread(rng, [2, 9, 3, 8, 4, 7] * 2, [0.7, 0.1] * 6, ["X"] * 12)
    groups = pd.Series([f"g{number // 2}" for number in range(12)], index=tables[3]["article_id"])
    row, copies = (collocates(*tables, words=["w"], groups=one).iloc[0] for one in (None, groups))
    assert copies["n_groups"] < row["n_groups"] == row["articles"] == copies["articles"]
    assert (row["low"], row["high"]) != (copies["low"], copies["high"])
    alone = pd.Series("g", index=tables[3]["article_id"])
    one = collocates(*tables, words=["w"], groups=alone).iloc[0]
    assert np.isnan(one["low"]) and "one copy group with words near a node" in one["note"]


BETWEEN = {
    "x1": "node w . a b", "x2": "node w and node a c", "x3": "node w",
    "y1": "node a w", "y2": "node b and node b", "y3": "node c node a", "z1": "no w here",
}  # fmt: skip
OUTLETS = ["X"] * 3 + ["Y"] * 3 + ["Z"]


def test_between_by_hand():
    tables = given_tables(BETWEEN, window=1, outlet=OUTLETS)
    result = collocates_between(*tables, target="X", reference="Y", min_count=1, replicates=50, permutations=99)
    assert list(result.columns) == [
        "target", "word", "n_target", "n_reference", "size_target", "size_reference", "nodes_target",
        "nodes_reference", "articles_target", "articles_reference", "rate_target", "rate_reference", "difference",
        "log_ratio", "low", "high", "p", "p_adjusted", "log_ratio_elsewhere", "note",
    ]  # fmt: skip
    rows = result.set_index("word")
    # Near: w | w and a | w and a | b and b | c a.
    assert rows.loc["w", ["n_target", "n_reference"]].tolist() == [3, 0]
    assert rows.loc["w", ["size_target", "size_reference", "nodes_target", "nodes_reference"]].tolist() == [5, 6, 4, 5]
    assert rows.loc["a", ["n_target", "n_reference", "articles_target", "articles_reference"]].tolist() == [1, 2, 1, 2]
    assert rows.loc["a", ["rate_target", "rate_reference"]].tolist() == pytest.approx([200, 1000 / 3])
    assert rows.loc["a", "difference"] == pytest.approx(200 - 1000 / 3)
    assert rows.loc["a", "log_ratio"] == pytest.approx(math.log2(0.2 / (1 / 3)))
    assert rows.loc["w", "log_ratio"] == pytest.approx(math.log2(0.6 / (0.5 / 6)))
    assert "0 in reference: log_ratio takes it as .5" in rows.loc["w", "note"]
    # Elsewhere: a b c among X's three, w in Y's one.
    assert rows.loc["a", "log_ratio_elsewhere"] == pytest.approx(math.log2((1 / 3) / (0.5 / 1)))
    assert result["p_adjusted"].tolist() == benjamini_hochberg(result["p"].to_numpy()).tolist()
    assert result.attrs["tests"] == len(result) == 5
    assert result["p"].is_monotonic_increasing


def test_each_level_and_a_level_without_a_node():
    tables = given_tables(BETWEEN, window=1, outlet=OUTLETS)
    result = collocates_between(*tables, min_count=2, replicates=20, permutations=99)
    assert result.groupby("target").size().to_dict() == {"X": 4, "Y": 4, "Z": 4}
    of_z = result[result["target"] == "Z"]
    assert of_z[["rate_target", "log_ratio", "low", "p", "p_adjusted"]].isna().all(axis=None)
    assert (of_z["note"] == "no word near a node in target: nothing defined").all()
    assert result.attrs["tests"] == 8
    x = collocates_between(*tables, target="X", min_count=2, replicates=20, permutations=99)
    both = x.merge(result[result["target"] == "X"], on="word")
    assert both["log_ratio_x"].tolist() == both["log_ratio_y"].tolist()
    assert both["p_x"].tolist() == both["p_y"].tolist()


def test_permutation_p_is_that_of_all_permutations():
    rng = np.random.default_rng(3)
    tables = spread(rng, [3, 4, 5, 3, 4, 6, 5], [0.5] * 3 + [0.15] * 4, ["X"] * 3 + ["Y"] * 4)
    result = collocates_between(*tables, words=["w"], replicates=0, permutations=20_000).iloc[0]
    near = tables[0][tables[0]["position"] != 0].assign(w=lambda table: table["n"] * (table["word"] == "w"))
    w, size = near.groupby("article_id")[["w", "n"]].sum().to_numpy(float).T

    def apart(chosen):
        rates, error = [], 0.0
        for side in (chosen, np.setdiff1d(range(7), chosen)):
            rates.append(w[side].sum() / size[side].sum())
            error += np.sum((w[side] - rates[-1] * size[side]) ** 2) / size[side].sum() ** 2
        assert min(rates) > 0 and error > 0
        return (rates[0] - rates[1]) / math.sqrt(error)

    values = np.array([apart(list(chosen)) for chosen in itertools.combinations(range(7), 3)])
    observed = apart([0, 1, 2])
    p = 2 * min(np.mean(values >= observed - 1e-9), np.mean(values <= observed + 1e-9))
    assert result["p"] == pytest.approx(min(1, p), abs=0.015)


def test_longer_articles_are_no_difference():
    """Equal rates, four long articles against forty short ones: a bare difference rejects too often."""
    rng = np.random.default_rng(1)
    sizes, words = np.repeat([90, 30], [4, 40]), [f"w{number:02d}" for number in range(60)]
    hits = rng.poisson(np.outer(np.full(60, 0.004), sizes))
    ids = [f"a{number:02d}" for number in range(44)]
    rows = [[ids[at], word, n] for word, row in zip(words, hits, strict=True) for at, n in enumerate(row) if n]
    rest = np.maximum(sizes * 3 - hits.sum(axis=0), 0)
    rows += [[one, "rest", n] for one, n in zip(ids, rest, strict=True)]
    near = pd.DataFrame(rows, columns=["article_id", "word", "n"]).assign(position=1, voice="own", node_voice="own")
    nodes = pd.DataFrame({"article_id": ids, "node": "node", "voice": "own", "n": 1})
    articles = pd.DataFrame({"article_id": ids, "outlet": ["X"] * 4 + ["Y"] * 40})
    options = {"target": "X", "words": words, "replicates": 0, "permutations": 999}
    p = collocates_between(near, nodes, near, articles, **options)["p"]
    bare = []
    for row in hits[hits.sum(axis=1) >= 3]:
        counts = sparse.csr_array(np.vstack([row, sizes * 3]))
        bare += score_permutation(lambda a, b, c, d: a / c - b / d, counts, sizes > 30, permutations=999).tolist()
    assert len(p) == len(bare) > 40
    assert np.mean(np.array(bare) < 0.05) > 0.15
    assert np.mean(p < 0.05) < 0.1


def test_the_same_whatever_the_order_of_rows():
    tables = given_tables(BETWEEN, window=1, outlet=OUTLETS)
    shuffled = [one.sample(frac=1, random_state=3).reset_index(drop=True) for one in tables]
    for measure in (collocates, collocates_between):
        once, again, other = (measure(*given, min_count=1, replicates=99) for given in (tables, tables, shuffled))
        pd.testing.assert_frame_equal(once, again)
        pd.testing.assert_frame_equal(once, other)


def test_a_level_keeps_its_interval_whichever_others_stand_beside_it():
    tables = given_tables(BETWEEN, window=1, outlet=OUTLETS)
    alone = collocates(*tables[:3], tables[3][tables[3]["outlet"] == "X"], min_count=1)
    pd.testing.assert_frame_equal(alone, collocates(*tables, min_count=1).query("level == 'X'"))


def test_nothing_near_a_node():
    tables = given_tables({"a": "one two", "b": "three node"}, "zebra", outlet=["X", "Y"])
    for measure in (collocates, collocates_between):
        result = measure(*tables, min_count=1)
        assert result.empty
        full = measure(*given_tables(BETWEEN, window=1, outlet=OUTLETS), min_count=1, replicates=9)
        assert list(result.columns) == list(full.columns)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"by": "outlets"}, "by 'outlets' is no column of articles"),
        ({"positions": [0, 1]}, r"positions are \[0, 1\]; allowed: whole numbers but 0"),
        ({"positions": []}, r"positions are \[\]; allowed"),
        ({"voice": "they"}, "voice 'they' is none; allowed: all, headline"),
        ({"node_voice": "own"}, "node_voice is .*own.*, but what was found without quotes has none"),
        ({"min_count": 0}, "min_count is 0; allowed: a whole number of at least 1"),
        ({"min_articles": 1.5}, "min_articles is 1.5; allowed"),
        ({"replicates": -1}, "replicates is -1; allowed"),
    ],
)
@pytest.mark.parametrize("measure", [collocates, collocates_between])
def test_what_cannot_be_asked(measure, options, message):
    with pytest.raises(UserError, match=message) as raised:
        measure(*given_tables(TEXTS, outlet=["X", "X", "Y", "Y"]), **options)
    assert "\n" not in str(raised.value)


def test_tables_that_do_not_fit():
    near, nodes, words, articles = given_tables(TEXTS, outlet=["X", "X", "Y", "Y"])
    for wrong in (words[words["word"] != "b"], words.assign(n=words["n"].where(words["word"] != "b", 1)), words[:0]):
        with pytest.raises(UserError, match="word_counts lack words that neighbours hold"):
            collocates(near, nodes, wrong, articles)
    with pytest.raises(UserError, match="table counts has no column 'n_node'; it has n, n_word"):
        score_collocates(counts(n=1, n_word=1))
    with pytest.raises(UserError, match="table nodes has no column 'voice'"):
        collocates(near, nodes.drop(columns="voice"), words, articles)
    with pytest.raises(UserError, match="reference is 'Y' without a target"):
        collocates_between(near, nodes, words, articles, reference="Y")
    with pytest.raises(UserError, match="target 'Q' is no outlet to compare; allowed: X, Y"):
        collocates_between(near, nodes, words, articles, target="Q")
