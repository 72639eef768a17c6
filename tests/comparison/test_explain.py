"""Which patterns gave a score: counts by hand, and leave-one-out beside the measures of `rates` without the hits."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.comparison import explain, rates
from analysis.study import UserError

ARTICLES = pd.DataFrame({"article_id": ["a", "b", "c"], "outlet": ["X", "X", "Y"]}).astype("str")
CATEGORIES = pd.DataFrame(
    {"codebook": "book", "variable": "frame", "kind": "presence", "category": ["quarrel", "money"], "n_patterns": 3}
)
WORDS = pd.DataFrame({"article_id": ["a", "b", "c"], "word": "w", "voice": "own", "n": [100, 100, 50]})


def mentions(*rows, variable="frame"):
    """Hits from article, sentence, category, pattern, match, and valence if any."""
    full = [(*row, np.nan)[:6] for row in rows]
    table = pd.DataFrame(full, columns=["article_id", "sentence", "category", "pattern", "match", "valence"])
    table = table.assign(codebook="book", variable=variable, where="body", voice="own", speaker=None, start=0, end=1)
    text = ["article_id", "category", "pattern", "match", "codebook", "variable", "where", "voice", "speaker"]
    return table.astype({**dict.fromkeys(text, "str"), "sentence": "Int64", "valence": "float64"})


HITS = mentions(
    ("a", 0, "quarrel", "row*", "row"),
    ("a", 0, "quarrel", "row*", "Rows"),
    ("b", 0, "quarrel", "row*", "rows"),
    ("b", 1, "quarrel", "feud", "feud"),
    ("b", 1, "money", "cost", "cost"),
    ("c", 0, "quarrel", "feud", "feud"),
)


def sentences(**counts):
    rows = [(article, number, 10, 0.0, "own") for article, n in counts.items() for number in range(n)]
    return pd.DataFrame(rows, columns=["article_id", "sentence", "n_words", "valence", "voice"]).astype(
        {"article_id": "str", "voice": "str"}
    )


TABLES = {
    "articles": ARTICLES,
    "mentions": HITS,
    "categories": CATEGORIES,
    "word_counts": WORDS,
    "sentences": sentences(a=2, b=2, c=1),
}


def test_contributions_by_hand():
    table = explain.contributions(HITS, ARTICLES, variable="frame", categories=CATEGORIES)
    columns = ["outlet", "category", "pattern", "n", "n_category", "n_articles", "printed"]
    assert table[columns].to_numpy().tolist() == [
        ["X", "quarrel", "row*", 3, 4, 2, "rows 2, row 1"],
        ["X", "quarrel", "feud", 1, 4, 1, "feud 1"],
        ["X", "money", "cost", 1, 1, 1, "cost 1"],
        ["Y", "quarrel", "feud", 1, 1, 1, "feud 1"],
    ]
    assert table["share"].tolist() == [0.75, 0.25, 1, 1]
    assert table[["valence", "share_of_valence"]].isna().all(axis=None)


def test_copies_of_one_text_are_one_group():
    groups = pd.Series({"a": "a", "b": "a"})
    table = explain.contributions(HITS, ARTICLES, variable="frame", by=[], groups=groups).set_index("pattern")
    assert table.loc["row*", ["n_articles", "n_groups"]].tolist() == [2, 1]
    assert table.loc["feud", ["n_articles", "n_groups"]].tolist() == [2, 2]


def test_most_keeps_the_share_of_the_whole_category():
    table = explain.contributions(HITS, ARTICLES, variable="frame", by=[], most=1, categories=CATEGORIES)
    assert table[["pattern", "n", "n_category"]].to_numpy().tolist() == [["row*", 3, 5], ["cost", 1, 1]]


def test_contributions_by_voice_and_of_a_level_without_a_name():
    hits = HITS.assign(voice=pd.array(["own", "direct", "own", "own", "own", "direct"], dtype="str"))
    articles = ARTICLES.assign(outlet=pd.array([None, None, "Y"], dtype="str"))
    table = explain.contributions(hits, articles, variable="frame", by=["outlet", "voice"])
    assert table.loc[table["pattern"] == "row*", "n"].tolist() == [1, 2]
    assert table["n"].sum() == len(HITS)
    assert table["outlet"].isna().tolist() == [False, True, True, True, True]


def test_the_contributions_of_a_scale_are_sums_of_valences():
    hits = mentions(
        ("a", 0, "good", "nice", "nice", 2.0),
        ("a", 0, "good", "nice", "nice", -1.5),
        ("a", 1, "bad", "vile", "vile", -0.5),
        variable="tone",
    )
    table = explain.contributions(hits, ARTICLES, variable="tone", by=[]).set_index("pattern")
    assert table["valence"].to_dict() == {"nice": 0.5, "vile": -0.5}
    assert table["share_of_valence"].to_dict() == {"nice": 3.5 / 4, "vile": 0.5 / 4}
    assert table.index.tolist() == ["nice", "vile"]


def test_leave_one_out_by_hand():
    table = explain.leave_one_out(TABLES, variable="frame")
    assert table.attrs["measure"] == "rate per 1,000 words"
    columns = ["outlet", "category", "pattern", "n", "value", "without", "change"]
    assert table[columns].head(2).to_numpy().tolist() == [
        ["Y", "quarrel", "feud", 1, 20.0, 0.0, -20.0],  # 1 of 50 words
        ["X", "quarrel", "row*", 3, 20.0, 5.0, -15.0],  # 4 and 1 of 200 words
    ]
    assert table[["pairs", "turned", "vanished"]].head(2).to_numpy().tolist() == [[0, 0, 0]] * 2  # 20 is 20
    assert table["change"].abs().is_monotonic_decreasing


def test_a_word_that_decides_the_order_of_two_is_found():
    tables = {**TABLES, "word_counts": WORDS.assign(n=[50, 50, 100])}
    table = explain.leave_one_out(tables, variable="frame").set_index(["pattern", "outlet"])
    assert table.loc[("row*", "X"), ["value", "without"]].tolist() == [40.0, 10.0]
    assert table.loc[("row*", "Y"), ["value", "without", "n"]].tolist() == [10.0, 10.0, 0]
    assert table.loc[("row*", "Y"), ["pairs", "turned", "vanished"]].tolist() == [1, 0, 1]
    tables = {**TABLES, "word_counts": WORDS.assign(n=[50, 50, 60])}
    table = explain.leave_one_out(tables, variable="frame").set_index(["pattern", "outlet"])
    assert table.loc[("row*", "Y"), ["pairs", "turned", "turned_pair"]].tolist() == [1, 1, "X / Y"]


MEASURES = ["share of choices", "share of articles", "share of sentences", "rate per 1,000 words"]
hit = st.tuples(
    st.sampled_from("abc"), st.integers(0, 1), st.sampled_from(["quarrel p", "quarrel q", "money p", "money r"])
)


@settings(max_examples=40, deadline=None)
@given(st.lists(hit, min_size=1, max_size=12), st.sampled_from(MEASURES))
def test_every_score_without_a_pattern_is_the_score_of_the_other_hits(drawn, measure):
    hits = mentions(*((one, at, said.split()[0], said.split()[1], said) for one, at, said in drawn))
    tables = {**TABLES, "mentions": hits, "sentences": sentences(a=2, b=2, c=2)}
    table = explain.leave_one_out(tables, variable="frame", measure=measure)
    assert len(table) == 2 * len(hits[["category", "pattern"]].drop_duplicates())
    values = of_rates(measure, tables)
    for (category, pattern), rows in table.groupby(["category", "pattern"]):
        left = hits[(hits["category"] != category) | (hits["pattern"] != pattern)]
        expected = of_rates(measure, {**tables, "mentions": left}).loc[category]
        assert rows.set_index("outlet")["without"].sort_index().tolist() == pytest.approx(
            expected.tolist(), nan_ok=True
        )
        whole = values.loc[category]
        assert rows.set_index("outlet")["value"].sort_index().tolist() == pytest.approx(whole.tolist(), nan_ok=True)
        a, b = whole - whole.iloc[::-1].to_numpy(), expected - expected.iloc[::-1].to_numpy()
        assert rows["turned"].iloc[0] == int(np.sign(round(a.iloc[0], 9)) * np.sign(round(b.iloc[0], 9)) == -1)


def of_rates(measure, tables):
    """category → outlet → value, from `rates`."""
    of = explain.MEASURES[measure]
    names = {"share of sentences": ["sentences"], "rate per 1,000 words": ["word_counts"]}.get(measure, [])
    given_ = [tables[name] for name in ["mentions", *names, "articles"]]
    table = of(*given_, variable="frame", categories=CATEGORIES, replicates=1)
    value = "rate" if of is rates.rate_per_1000_words else "share"
    return table.set_index(["category", "outlet"])[value].sort_index()


scored = st.tuples(st.sampled_from("abc"), st.integers(0, 1), st.sampled_from("pqr"), st.floats(-4, 4))


@settings(max_examples=40, deadline=None)
@given(st.lists(scored, min_size=1, max_size=12))
def test_the_mean_valence_without_a_pattern_is_that_of_the_other_hits(drawn):
    hits = mentions(*((one, at, "all", said, said, v) for one, at, said, v in drawn), variable="tone")
    categories = CATEGORIES.assign(variable="tone", kind="scale", category="all").head(1)
    tables = {**TABLES, "mentions": hits, "categories": categories, "sentences": sentences(a=2, b=1, c=2)}
    table = explain.leave_one_out(tables, variable="tone")
    assert table.attrs["measure"] == "mean valence"
    for pattern, rows in table.groupby("pattern"):
        found = rows.set_index("outlet")[["value", "without"]]
        for column, left in (("value", hits), ("without", hits[hits["pattern"] != pattern])):
            assert found.at["X", column] == pytest.approx(mean_valence(left, {"a": 2, "b": 1}), abs=1e-12)
            assert found.at["Y", column] == pytest.approx(mean_valence(left, {"c": 2}), abs=1e-12)


def mean_valence(hits, counts):
    scores = []
    for article, n in counts.items():
        for number in range(n):
            total = hits.loc[(hits["article_id"] == article) & (hits["sentence"] == number), "valence"].sum()
            scores.append(total / (total * total + 15) ** 0.5)
    return sum(scores) / len(scores)


def test_by_voice_the_valence_is_of_the_sentences_in_that_voice():
    hits = mentions(("a", 0, "all", "nice", "nice", 2.0), ("a", 1, "all", "nice", "nice", 3.0), variable="tone")
    categories = CATEGORIES.assign(variable="tone", kind="scale", category="all").head(1)
    spoken = sentences(a=3).assign(voice=pd.array(["own", "direct", "direct"], dtype="str"))
    tables = {"articles": ARTICLES, "mentions": hits, "categories": categories, "sentences": spoken}
    table = explain.leave_one_out(tables, variable="tone", by=[], voice="direct")
    assert table["value"].tolist() == pytest.approx([3 / 24**0.5 / 2])
    assert table["without"].tolist() == [0]


def test_a_choice_without_its_only_word_is_undefined():
    tables = {**TABLES, "mentions": HITS[5:], "categories": CATEGORIES.assign(kind="choice")}
    table = explain.leave_one_out(tables, variable="frame")
    assert table.attrs["measure"] == "share of choices"
    y = table[table["outlet"] == "Y"].iloc[0]
    assert y["value"] == 1
    assert np.isnan(y["without"])
    assert np.isnan(y["change"])


def test_no_hit_gives_no_row():
    none = {**TABLES, "mentions": HITS[:0]}
    assert explain.leave_one_out(none, variable="frame").empty
    assert explain.contributions(HITS[:0], ARTICLES, variable="frame", categories=CATEGORIES).empty
    assert "without" in explain.leave_one_out(none, variable="frame").columns


def test_for_each_variable_that_was_found():
    variables = pd.DataFrame({"codebook": "book", "variable": ["frame", "else"], "mentions": [6, 0]})
    table = explain.for_each(variables, lambda **asked: pd.DataFrame([asked] * 3), most=2)
    assert table["variable"].tolist() == ["frame", "frame"]
    assert explain.for_each(variables.tail(1), lambda **asked: None).empty


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"measure": "loudness"}, "measure 'loudness' is none; allowed: share of choices"),
        ({"by": "owner"}, "by 'owner' is no column of articles; allowed: article_id, outlet"),
        ({"measure": "mean valence", "where": "headline"}, "where 'headline' has no sentences; allowed: body"),
    ],
)
def test_what_is_not_there_is_refused_by_name(asked, said):
    with pytest.raises(UserError, match=said):
        explain.leave_one_out(TABLES, variable="frame", **asked)
