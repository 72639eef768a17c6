"""Coverage on a hand-made story: three outlets, one fact that one of them leaves out, one link that is doubtful."""

import numpy as np
import pandas as pd
import pytest

from analysis import tables
from analysis.coding.propositions import realign
from analysis.comparison import coverage
from analysis.study import UserError

ARTICLES = pd.DataFrame(
    {
        "article_id": ["a1", "b1", "c1", "d1"],
        "outlet": ["A", "B", "C", "D"],
        "story": ["flood", "flood", "flood", None],
    }
).astype("str")
SENTENCES = pd.DataFrame(
    [("a1", 0), ("a1", 1), ("a1", 2), ("b1", 0), ("b1", 1), ("b1", 2), ("c1", 0), ("c1", 1), ("d1", 0)],
    columns=["article_id", "sentence"],
).astype({"article_id": "str"})


def alignments(*rows, threshold=0.5):
    """Candidate pairs as (article_a, sentence_a, article_b, sentence_b, similarity)."""
    table = pd.DataFrame(rows, columns=["article_a", "sentence_a", "article_b", "sentence_b", "similarity"])
    table = table.astype({"article_a": "str", "article_b": "str", "sentence_a": "int64", "sentence_b": "int64"})
    empty = table.assign(aligned=False, proposition=pd.array([pd.NA] * len(table), "Int64"))
    return tables.validate("alignments", realign(empty.astype({"similarity": "float64"}), threshold=threshold))


# P0 = {a0, b1, c0} in all three; P1 = {a1, b0, b2} in A and B (1:n); a2 and c1 stand alone, and are nearly aligned.
PAIRS = alignments(
    ("a1", 0, "b1", 1, 0.9),
    ("a1", 0, "c1", 0, 0.8),
    ("b1", 1, "c1", 0, 0.3),
    ("a1", 1, "b1", 0, 0.7),
    ("a1", 1, "b1", 2, 0.6),
    ("a1", 1, "c1", 1, 0.4),
    ("a1", 2, "c1", 1, 0.45),
)


@pytest.fixture
def carried():
    return coverage.propositions(PAIRS, SENTENCES, ARTICLES)


def test_propositions_are_the_connected_groups(carried):
    groups = carried.groupby("proposition").apply(
        lambda rows: {f"{article[0]}{n}" for article, n in zip(rows["article_id"], rows["sentence"], strict=True)}
    )
    assert groups.tolist() == [{"a0", "b1", "c0"}, {"a1", "b0", "b2"}, {"a2"}, {"c1"}]


def test_an_article_without_a_story_is_left_out(carried):
    assert "d1" not in set(carried["article_id"])


def test_the_central_sentence_has_the_highest_sum(carried):
    of = carried.set_index(["article_id", "sentence"])["central"]
    assert of["a1", 0] == pytest.approx(1.7)  # .9 + .8
    assert of["b1", 1] == pytest.approx(0.9)  # .3 is below the threshold
    assert of["a1", 2] == 0


def test_matrix(carried):
    matrix = coverage.coverage_matrix(carried)
    assert matrix[["proposition", "level", "n", "k", "n_levels"]].to_numpy().tolist() == [
        [0, "A", 1, 3, 3],
        [0, "B", 1, 3, 3],
        [0, "C", 1, 3, 3],
        [1, "A", 1, 2, 3],
        [1, "B", 2, 2, 3],
        [1, "C", 0, 2, 3],
    ]
    assert set(zip(matrix["article_id"], matrix["sentence"], strict=True)) == {("a1", 0), ("a1", 1)}
    assert len(coverage.coverage_matrix(carried, least=1)["proposition"].unique()) == 4


def test_omission_says_of_how_many_and_how_near(carried):
    (row,) = coverage.omissions(carried, PAIRS).itertuples()
    assert (row.level, row.k, row.n_levels, row.reported_by) == ("C", 2, 3, "A, B")
    assert (row.article_id, row.sentence) == ("a1", 1)
    assert (row.nearest, row.nearest_article, row.nearest_sentence) == (0.4, "c1", 1)


def test_an_omission_without_any_candidate_has_no_nearest():
    pairs = PAIRS[PAIRS["similarity"] != 0.4]  # sentence 1 of C has no candidate in the second proposition
    (row,) = coverage.omissions(coverage.propositions(pairs, SENTENCES, ARTICLES), pairs).itertuples()
    assert np.isnan(row.nearest)
    assert pd.isna(row.nearest_sentence)


def test_share_of_a_story(carried):
    table = coverage.coverage_share(carried).set_index("level")
    assert table["n"].to_dict() == {"A": 2, "B": 2, "C": 1}
    assert table["total"].to_dict() == {"A": 2, "B": 2, "C": 2}
    assert table.at["C", "share"] == 0.5
    assert (table.at["C", "low"], table.at["C", "high"]) == (0, 1)
    assert "one story" in table.at["C", "note"]


def test_a_level_is_asked_only_about_stories_it_covers():
    articles = pd.concat(
        [ARTICLES[:3], pd.DataFrame({"article_id": ["a2", "b2"], "outlet": ["A", "B"], "story": ["trial", "trial"]})]
    ).astype("str")
    more = pd.DataFrame({"article_id": ["a2", "b2"], "sentence": [0, 0]}).astype({"article_id": "str"})
    pairs = realign(pd.concat([PAIRS, alignments(("a2", 0, "b2", 0, 0.9))], ignore_index=True), threshold=0.5)
    carried = coverage.propositions(pairs, pd.concat([SENTENCES, more]), articles)
    table = coverage.coverage_share(carried).set_index("level")
    assert table["total"].to_dict() == {"A": 3, "B": 3, "C": 2}
    assert pd.isna(table.at["A", "note"])
    assert coverage.omissions(carried, pairs)["level"].tolist() == ["C"]


def test_what_two_share(carried):
    table = coverage.shared_propositions(carried)
    assert table.to_numpy().tolist() == [["A", "B", 2, 3, 2 / 3], ["B", "C", 1, 3, 1 / 3], ["A", "C", 1, 4, 1 / 4]]


def test_curve():
    at = {threshold: realign(PAIRS, threshold=threshold) for threshold in (0.42, 0.5, 0.95)}
    table = coverage.threshold_curve(at, SENTENCES, ARTICLES)
    share = table.set_index(["threshold", "level"])["share"]
    # At .42 a2 and c1 are a proposition of A and C: B leaves it out and C has two of three.
    assert share[0.42].round(3).to_dict() == {"A": 1, "B": 0.667, "C": 0.667}
    assert share[0.5].to_dict() == {"A": 1, "B": 1, "C": 0.5}
    assert share[0.95].isna().all()
    assert table.set_index("threshold")["propositions"].groupby("threshold").first().tolist() == [3, 2, 0]


def test_nothing_in_nothing_out():
    empty = alignments()
    carried = coverage.propositions(empty, SENTENCES, ARTICLES)
    assert carried["proposition"].tolist() == list(range(8))
    assert coverage.coverage_matrix(carried).empty
    assert coverage.omissions(carried, empty).empty
    assert coverage.coverage_share(carried).empty
    assert (coverage.shared_propositions(carried)["both"] == 0).all()
    none = coverage.propositions(empty, SENTENCES[:0], ARTICLES)
    assert none.empty
    assert coverage.shared_propositions(none).empty
    assert coverage.threshold_curve({0.5: empty}, SENTENCES[:0], ARTICLES).empty


def test_the_widest_story(carried):
    assert coverage.widest_story(carried) == "flood"
    more = carried.iloc[:1].assign(story="a trial")
    assert coverage.widest_story(pd.concat([more, carried])) == "flood"
    assert coverage.widest_story(carried[:0]) == ""


def test_wrong_use_is_one_line(carried):
    with pytest.raises(UserError, match="by 'owner' is no column"):
        coverage.propositions(PAIRS, SENTENCES, ARTICLES, by="owner")
    with pytest.raises(UserError, match="least is 0"):
        coverage.coverage_matrix(carried, least=0)
