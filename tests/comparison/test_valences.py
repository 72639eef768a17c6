"""Valence by sentence, article, headline, voice and target: counted by hand on four articles; and what length does."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.comparison.length_effects import by_length, length_effects
from analysis.comparison.targets import target_valence
from analysis.comparison.tones import coverage, mean_by_unit, mean_valence, scores_beside, tones
from analysis.comparison.valences import headline_valences, normalised, scale_of, sentence_valences
from analysis.comparison.wire import wire_table
from analysis.study import UserError
from analysis.tables import empty

ARTICLES = pd.DataFrame(
    {
        "article_id": list("abcd"),
        "outlet": ["A", "A", "B", "B"],
        "headline": ["A bad day", "Rain", None, "Good news at last"],
        "deck": [None, "It was a bad week", None, None],
        "credit": [None, None, None, "whole"],
    }
).astype("str")

# Sentences: article, number, words, voice.
SENTENCES = pd.DataFrame(
    [
        ("a", 0, 5, "own"),
        ("a", 1, 10, "direct"),
        ("b", 0, 20, "own"),
        ("c", 0, 4, "own"),
        ("c", 1, 6, "own"),
        ("c", 2, 12, "indirect"),
    ],
    columns=["article_id", "sentence", "n_words", "voice"],
).assign(speaker=pd.array([None] * 6, dtype="str"))
SENTENCES = SENTENCES.assign(start=SENTENCES["sentence"] * 100, end=SENTENCES["sentence"] * 100 + 90)
SENTENCES = SENTENCES.astype({"article_id": "str", "voice": "str"})


def hit(article, sentence, valence, *, where="body", variable="mood", in_name=False):
    voice = "headline" if where != "body" else "own"
    return (article, "book", variable, where, sentence, valence, in_name, voice)


# a: −2 and +1 in the first sentence (one of them in a name), +3 in the quoted one; c: +1 −1, and 0.1 in the second.
MENTIONS = pd.DataFrame(
    [
        hit("a", 0, -2.0),
        hit("a", 0, 1.0, in_name=True),
        hit("a", 1, 3.0),
        hit("c", 0, 1.0),
        hit("c", 0, -1.0),
        hit("c", 1, 0.1),
        hit("a", pd.NA, -2.0, where="headline"),
        hit("b", pd.NA, -2.0, where="deck"),
        hit("d", pd.NA, 2.0, where="headline"),
        hit("a", 0, 9.0, variable="other"),
    ],
    columns=["article_id", "codebook", "variable", "where", "sentence", "valence", "in_name", "voice"],
).astype({"article_id": "str", "codebook": "str", "variable": "str", "where": "str", "voice": "str"})
MENTIONS = MENTIONS.assign(
    sentence=MENTIONS["sentence"].astype("Int64"), category="x", start=range(0, 100, 10), end=range(5, 105, 10)
).astype({"category": "str"})
COUNTED = (MENTIONS, SENTENCES, ARTICLES)
MOOD = {"variable": "mood", "codebook": "book"}


def v(total):
    return total / (total * total + 15) ** 0.5


def values(table, *columns):
    return [tuple(row) for row in table[list(columns)].itertuples(index=False)]


def test_sentences_are_scored_from_their_hits():
    table = sentence_valences(MENTIONS, SENTENCES, **MOOD)
    assert table["hits"].tolist() == [2, 1, 0, 2, 1, 0]
    assert table["total"].tolist() == [-1, 3, 0, 0, 0.1, 0]
    assert table["valence"].tolist() == pytest.approx([v(-1), v(3), 0, 0, v(0.1), 0])
    bare = sentence_valences(MENTIONS, SENTENCES, **MOOD, names=False)
    assert bare["total"].tolist() == [-2, 3, 0, 0, 0.1, 0]
    assert bare["hits"].tolist() == [1, 1, 0, 2, 1, 0]
    assert sentence_valences(MENTIONS, SENTENCES, variable=None)["valence"].isna().all()
    assert sentence_valences(MENTIONS, SENTENCES, variable="other", codebook="book")["total"].tolist() == [9] + [0] * 5


@settings(max_examples=50, deadline=None)
@given(st.lists(st.floats(-40, 40), max_size=6))
def test_a_valence_stays_between_minus_one_and_one_with_the_sign_of_the_sum(weights):
    total = np.array([sum(weights)])
    assert abs(normalised(total)[0]) < 1
    assert np.sign(normalised(total)[0]) == np.sign(total[0]) or abs(total[0]) < 1e-300


def test_headlines_and_decks_are_scored_each_for_itself():
    table = headline_valences(MENTIONS, ARTICLES, **MOOD)
    assert values(table, "article_id", "where", "n_words", "hits") == [
        ("a", "headline", 3, 1),
        ("b", "headline", 1, 0),
        ("d", "headline", 4, 1),
        ("b", "deck", 5, 1),
    ]
    assert table["valence"].tolist() == pytest.approx([v(-2), 0, v(2), v(-2)])


def test_means_of_sentences_articles_and_headlines():
    table = mean_valence(*COUNTED, **MOOD, replicates=20)
    assert values(table, "outlet", "n", "total", "n_articles") == [("A", 2, 3, 2), ("B", 2, 3, 1)]
    assert table["mean"].tolist() == pytest.approx([(v(-1) + v(3)) / 3, v(0.1) / 3])
    assert table["note"][1] == "one article: no interval"
    assert table["low"].isna().tolist() == [False, True]
    assert table.attrs["measure"] == "mean valence of sentences"
    articles = mean_valence(*COUNTED, **MOOD, of="article", replicates=20)
    # a is the mean of two sentences, b has one: articles weigh alike. d has no sentence and no mean.
    assert articles["mean"].tolist() == pytest.approx([(v(-1) + v(3)) / 4, v(0.1) / 3])
    assert values(articles, "category", "n", "total") == [("articles", 1, 2), ("articles", 1, 1)]
    headlines = mean_valence(*COUNTED, **MOOD, of="headline", replicates=20)
    assert headlines["mean"].tolist() == pytest.approx([v(-2) / 2, v(2)])
    assert headlines["total"].tolist() == [2, 1]
    units = mean_by_unit(*COUNTED, **MOOD, replicates=20)
    assert units["category"].tolist() == ["sentences"] * 2 + ["articles"] * 2 + ["headlines"] * 2
    assert units["mean"].tolist() == [*table["mean"], *articles["mean"], *headlines["mean"]]


def test_by_voice_headlines_and_decks_are_a_voice_and_every_voice_has_a_row():
    table = mean_valence(*COUNTED, **MOOD, by=["outlet", "voice"], replicates=20)
    found = {(row.outlet, row.voice): (row.mean, row.total) for row in table.itertuples()}
    assert len(found) == 8
    assert found["A", "headline"] == (pytest.approx((v(-2) + 0 + v(-2)) / 3), 3)
    assert found["A", "own"] == (pytest.approx(v(-1) / 2), 2)
    assert found["B", "direct"] == (pytest.approx(np.nan, nan_ok=True), 0)
    assert "mean undefined" in table.set_index(["outlet", "voice"])["note"]["B", "direct"]
    own = mean_valence(*COUNTED, **MOOD, voice="own", replicates=20)
    assert own["total"].tolist() == [2, 2]


def test_scores_of_other_kinds_and_without_empty_sentences():
    def mean(**options):
        return mean_valence(*COUNTED, **MOOD, replicates=5, **options)["mean"].tolist()

    assert mean(score="per 100 words") == pytest.approx([100 * 2 / 35, 100 * 0.1 / 22])
    assert mean(score="per hit") == pytest.approx([2 / 3, 0.1 / 3])
    assert mean(zeros=False) == pytest.approx([(v(-1) + v(3)) / 2, v(0.1) / 2])
    beside = scores_beside(*COUNTED, **MOOD, replicates=5).set_index(["category", "outlet"])
    assert beside["rank"].tolist() == [2, 1] * 4
    assert beside["mean"]["per hit", "A"] == pytest.approx(2 / 3)
    with pytest.raises(UserError, match="score 'loud' is none; allowed: valence, per 100 words, per hit"):
        mean(score="loud")


def test_tones_and_coverage():
    table = tones(*COUNTED, **MOOD, replicates=20)
    assert values(table, "outlet", "category", "n", "n_without") == [
        ("A", "negative", 1, 0),
        ("A", "neutral", 1, 1),
        ("A", "positive", 1, 0),
        ("B", "negative", 0, 0),
        ("B", "neutral", 3, 1),  # one cancels out, one is .026, one has no word
        ("B", "positive", 0, 0),
    ]
    assert table["total"].tolist() == [3] * 6
    assert v(0.2) > 0.05 > v(0.19)
    seen = coverage(*COUNTED, **MOOD, replicates=20)
    assert values(seen, "outlet", "category", "n") == [
        ("A", "with a word", 2),
        ("A", "without a word", 1),
        ("B", "with a word", 2),
        ("B", "without a word", 1),
    ]
    articles = tones(*COUNTED, **MOOD, of="article", replicates=20).query("outlet == 'A'")
    assert values(articles, "category", "n", "total", "n_without") == [
        ("negative", 0, 2, 0),
        ("neutral", 1, 2, 1),
        ("positive", 1, 2, 0),
    ]
    voices = tones(*COUNTED, **MOOD, by=["outlet", "voice"], replicates=5)
    assert len(voices) == 2 * 4 * 3
    assert voices.attrs["measure"] == "share of sentences by tone"


def test_a_study_without_a_scale_has_nothing_and_says_so():
    categories = pd.DataFrame({"codebook": ["book"], "variable": ["frame"], "kind": ["presence"]})
    none = scale_of(categories)
    assert none == {"codebook": None, "variable": None}
    assert mean_valence(*COUNTED, **none, replicates=5)["mean"].isna().all()
    assert tones(*COUNTED, **none, replicates=5)["n"].sum() == 0
    assert by_length(*COUNTED, **none, replicates=5).empty
    assert length_effects(*COUNTED, **none, replicates=5)["r"].isna().all()
    with pytest.raises(UserError, match=r"variable 'mood' is no scale of the study; allowed: none"):
        scale_of(categories, "mood")
    scales = pd.DataFrame({"codebook": "book", "variable": ["mood", "mood", "other"], "kind": "scale"})
    assert scale_of(scales) == {"codebook": "book", "variable": "mood"}
    assert scale_of(scales, "other") == {"codebook": "book", "variable": "other"}


def test_copies_are_one_group_and_wrong_columns_are_named():
    groups = pd.Series({"a": "a", "b": "a"})
    table = mean_valence(*COUNTED, **MOOD, groups=groups, replicates=20)
    assert table["n_groups"].tolist() == [1, 1]
    assert table["note"][0] == "one copy group: no interval"
    with pytest.raises(UserError, match="by 'town' is no column of articles; allowed: article_id, outlet"):
        mean_valence(*COUNTED, **MOOD, by="town")
    with pytest.raises(UserError, match="of 'word' is none; allowed: sentence, article, headline"):
        mean_valence(*COUNTED, **MOOD, of="word")
    with pytest.raises(ValueError, match="articles: a stands twice"):
        mean_valence(MENTIONS, SENTENCES, pd.concat([ARTICLES, ARTICLES[:1]]), **MOOD)


def test_an_interval_does_not_depend_on_the_other_levels_nor_on_the_order_of_articles():
    many = [f"{number:02}" for number in range(40)]
    rng = np.random.default_rng(0)
    articles = pd.DataFrame({"article_id": many, "outlet": ["A", "B"] * 20, "headline": None, "deck": None})
    sentences = pd.DataFrame({"article_id": np.repeat(many, 5), "sentence": [0, 1, 2, 3, 4] * 40, "n_words": 9})
    sentences = sentences.assign(voice="own", speaker=None)
    hits = sentences.assign(codebook="book", variable="mood", where="body", in_name=False, valence=rng.normal(size=200))
    table = mean_valence(hits, sentences, articles, **MOOD)
    alone = mean_valence(hits, sentences, articles[articles["outlet"] == "B"][::-1], **MOOD)
    assert alone.loc[0, ["mean", "low", "high"]].tolist() == table.loc[1, ["mean", "low", "high"]].tolist()
    means = hits["valence"] / np.sqrt(hits["valence"] ** 2 + 15)
    of_b = means.groupby(sentences["article_id"]).mean()[many[1::2]]
    # Equal sizes: the bootstrap's error is that of the mean of 20 article means.
    width = (table["high"] - table["low"])[1]
    assert width == pytest.approx(2 * 1.96 * of_b.std(ddof=0) / np.sqrt(20), rel=0.1)


TARGETS = pd.DataFrame(
    [
        ("a", "people", "Roe", "body", 0, 0, 3, "own", -0.5, "bad (-2)"),
        ("a", "people", "Roe", "body", 1, 9, 12, "direct", 0.5, "good (2)"),
        ("a", "powers", "Roe", "body", 1, 9, 12, "direct", 0.5, "good (2)"),  # the same name in a second variable
        ("c", "people", "Roe", "body", 0, 0, 3, "own", 0.0, None),
        ("c", "powers", "North", "body", 5, 0, 5, "own", 0.25, "x"),  # its sentence is not given
        ("d", "powers", "North", "headline", pd.NA, 0, 5, "headline", 0.75, "fine (3)"),
        ("d", "powers", "South", "headline", pd.NA, 6, 9, "headline", np.nan, None),
    ],
    columns=["article_id", "variable", "actor", "where", "sentence", "start", "end", "voice", "valence", "evidence"],
)
TARGETS = TARGETS.assign(speaker=pd.array([None] * 7, dtype="str"), sentence=TARGETS["sentence"].astype("Int64"))
TARGETS = TARGETS.astype(dict.fromkeys(["article_id", "variable", "actor", "where", "voice", "evidence"], "str"))
ACTORS = pd.DataFrame({"kind": "actor", "category": ["Roe", "North"], "side": [None, "Northerners"]}).astype("str")


def test_targets_by_outlet_and_voice():
    table = target_valence(TARGETS, SENTENCES, ARTICLES, categories=ACTORS, replicates=20)
    assert values(table, "outlet", "category", "n", "total") == [
        ("A", "Roe", 2, 2),
        ("A", "North", 0, 0),
        ("B", "Roe", 0, 1),
        ("B", "North", 1, 1),
    ]
    assert table["mean"].tolist() == pytest.approx([0, np.nan, 0, 0.75], nan_ok=True)
    assert table["side"].tolist()[1] == "Northerners"
    own = target_valence(TARGETS, SENTENCES, ARTICLES, by="voice", voice=["own", "direct"], replicates=20)
    assert values(own, "voice", "category", "total") == [("own", "Roe", 2), ("direct", "Roe", 1)]
    assert own["mean"].tolist() == [-0.25, 0.5]
    some = target_valence(TARGETS, SENTENCES, ARTICLES, zeros=False, most=1, replicates=20)
    assert values(some, "outlet", "category", "total") == [("A", "Roe", 2), ("B", "Roe", 0)]


def test_targets_by_side():
    table = target_valence(TARGETS, SENTENCES, ARTICLES, of="side", categories=ACTORS, by=[], replicates=20)
    assert values(table, "category", "total", "mean") == [("(no side)", 3, 0.0), ("Northerners", 1, 0.75)]
    with pytest.raises(UserError, match=r"of 'side': sides come from a codebook of kind actor"):
        target_valence(TARGETS, SENTENCES, ARTICLES, of="side")
    assert target_valence(TARGETS[:0], SENTENCES, ARTICLES, replicates=5).empty


def test_means_in_the_wire_table():
    groups = pd.DataFrame(
        {
            "article_id": list("abcd"),
            "copy_group": list("aacd"),
            "role": ["source", "copy", "original", "copy"],
            "outlet_added_words": pd.array([40, 20, 22, None], dtype="Int64"),
        }
    ).astype({"article_id": "str", "copy_group": "str", "role": "str"})
    copied = pd.DataFrame({"article_id": ["a"], "start": [100], "end": [200]}).astype({"article_id": "str"})
    tables = {"articles": ARTICLES, "mentions": MENTIONS, "sentences": SENTENCES, "targets": TARGETS}
    tables |= {"copy_groups": groups, "copied": copied}
    tables |= {name: empty(name) for name in ("word_counts", "quotes", "added_words")}
    table = wire_table(mean_valence, tables, value="mean", **MOOD, replicates=5).set_index("outlet")
    assert table.loc["A", "mean (all articles)"] == pytest.approx((v(-1) + v(3)) / 3)
    assert table.loc["A", "mean (one per copy group)"] == pytest.approx((v(-1) + v(3)) / 2)
    # The second sentence of a is copied.
    assert table.loc["A", "mean (outlet-added text only)"] == pytest.approx(v(-1) / 2)
    named = wire_table(target_valence, tables, value="mean", replicates=5).set_index(["outlet", "category"])
    assert named.loc[("A", "Roe"), "mean (all articles)"] == 0
    assert named.loc[("A", "Roe"), "mean (outlet-added text only)"] == -0.5
    assert named.loc[("B", "North"), "n (originals only)"] == 0


def test_correlations_with_length_and_hits_are_those_of_scipy():
    from scipy.stats import spearmanr

    rng = np.random.default_rng(1)
    sentences = pd.DataFrame(
        {"article_id": np.repeat([f"{n:02}" for n in range(30)], 4), "sentence": [0, 1, 2, 3] * 30}
    )
    sentences = sentences.assign(n_words=rng.integers(3, 40, 120), voice="own", speaker=None)
    chosen = rng.integers(0, 120, 200)
    hits = sentences.iloc[chosen].assign(codebook="book", variable="mood", where="body", in_name=False)
    hits["valence"] = rng.normal(size=200)
    articles = pd.DataFrame({"article_id": sentences["article_id"].unique(), "headline": None, "deck": None})
    table = length_effects(hits, sentences, articles, **MOOD, replicates=200).set_index(["of", "category"])
    scored = sentence_valences(hits, sentences, **MOOD)
    for category, x, y in (
        ("valence and words", scored["valence"], scored["n_words"]),
        ("|valence| and hits", scored["valence"].abs(), scored["hits"]),
        ("hits and words", scored["hits"], scored["n_words"]),
    ):
        row = table.loc[("sentence", category)]
        assert row["r"] == pytest.approx(spearmanr(x, y).statistic)
        assert row["low"] < row["r"] < row["high"]
    assert table.loc[("sentence", "|valence| and hits"), "low"] > 0.3
    assert table["total"].tolist() == [120] * 5 + [30] * 5
    again = length_effects(hits, sentences, articles, **MOOD, replicates=200)
    assert again["low"].tolist() == table["low"].tolist()
    alike = length_effects(
        hits, sentences, articles, **MOOD, groups=pd.Series("g", articles["article_id"]), replicates=5
    )
    assert alike["note"].tolist() == ["one copy group: no interval"] * 10
    flat = length_effects(hits, sentences.assign(n_words=7), articles, **MOOD, replicates=5)
    assert flat.loc[0, "note"] == "does not vary: undefined"


def test_by_class_of_length():
    table = by_length(*COUNTED, **MOOD, edges=[5, 10], replicates=20)
    assert values(table, "words", "category", "n", "total")[::3] == [
        ("1–5", "mean", 2, 2),
        ("6–10", "mean", 2, 2),
        ("over 10", "mean", 0, 2),
    ]
    of_words = table.set_index(["words", "category"])["value"]
    first, second = v(-1), 0.0
    assert of_words["1–5", "mean"] == pytest.approx((first + second) / 2)
    assert of_words["1–5", "spread"] == pytest.approx(abs(first - second) / 2)
    assert of_words["over 10", "without a word"] == 1
    articles = by_length(*COUNTED, **MOOD, of="article", replicates=20)
    assert articles.groupby("words")["total"].first().sum() == 3
    for edges, said in (([10, 5], "not in order"), ([0, 5], "edges\\[0\\] is 0")):
        with pytest.raises(UserError, match=said):
            by_length(*COUNTED, **MOOD, edges=edges)
