"""Captions and findings of copies, coverage, drifts and numbers: the numbers in them are those of the tables."""

import pandas as pd

from analysis.reporting import statements


def groups(*rows):
    """copy_groups and the articles' credits from (article, group, role, credit)."""
    table = pd.DataFrame(rows, columns=["article_id", "copy_group", "role", "credit"]).astype("str")
    return {"copy_groups": table[["article_id", "copy_group", "role"]], "articles": table[["article_id", "credit"]]}


def test_copies():
    said = statements.copies_finding(
        groups(
            ("a", "a", "source", None),
            ("b", "a", "copy", None),
            ("c", "a", "copy", "part"),
            ("d", "d", "original", None),
        )
    )
    assert "**2 of 4** articles are copies" in said
    assert "Groups of two or more: 1, with 3 articles" in said
    assert "Copies that credit nobody: 1." in said
    assert "None of 1 articles" in statements.copies_finding(groups(("a", "a", "original", None)))


def matrix(*rows):
    return pd.DataFrame(rows, columns=["story", "proposition", "level", "n", "k", "n_levels"])


def test_matrix():
    table = matrix(("s", 0, "A", 1, 2, 3), ("s", 0, "B", 1, 2, 3), ("s", 1, "A", 1, 3, 3), ("s", 2, "A", 0, 2, 3))
    said = statements.matrix_finding(table)
    assert said == "Of **3** propositions 1 are reported by all 3, 2 by 2 only."
    assert "N = 3 propositions" in statements.coverage_caption(table, least=2, threshold=0.8)
    assert "No proposition" in statements.matrix_finding(table[:0])


def test_coverage():
    carried = pd.DataFrame({"level": ["A", "B_"], "share": [0.75, 0.25], "n": [3, 1], "total": [4, 4]})
    omitted = pd.DataFrame({"nearest": [None, 0.1, 0.6]}, dtype="float64")
    said = statements.coverage_finding(carried, omitted)
    assert "**A** 75 % (3 of 4), least by **B\\_** 25 % (1 of 4)" in said
    assert "3 omissions in all; in 2 of them" in said
    assert "nothing can be left out" in statements.coverage_finding(carried[:0], omitted)


def test_drifts():
    table = pd.DataFrame(
        {
            "words_a": ["a <b> resolution", "x"],
            "words_b": ["a final solution", "x"],
            "change": [0.5, 0.0],
            "moved": pd.array([None, "out"], dtype="str"),
            "loaded": [True, False],
        }
    )
    said = statements.drift_finding(table)
    assert (
        "**1 of 2** pairs of renderings differ in words, 1 stand in quotation marks on one side only, 1 differ" in said
    )
    assert "a &lt;b&gt; resolution" in said
    assert statements.drift_finding(table[:0]) == "No utterance stands in two outlets."


def test_numbers():
    table = pd.DataFrame({"relation": ["agreement", "agreement", "conflict"]})
    assert statements.numbers_finding(table).endswith("2 agreement, 1 conflict.")
    assert "No number" in statements.numbers_finding(table[:0])
