"""Copying on four hand-made articles: an agency text, its copy, a credited reprint, and one of its own."""

import numpy as np
import pandas as pd
import pytest

from analysis.comparison import copying
from analysis.study import UserError

DAY = pd.Timestamp("2024-06-14")
ARTICLES = pd.DataFrame(
    {
        "article_id": ["s", "c", "w", "o"],
        "outlet": ["Wire", "Copyist", "Reprint", "Copyist"],
        "published": pd.Series([DAY, DAY + pd.Timedelta(days=1), pd.NaT, DAY + pd.Timedelta(days=1)]),
        "agency": [None, None, "Newsline", None],
        "credit": [None, None, "whole", None],
        "headline": ["One", "Two", "Three", "Four"],
        "n_words": [100, 80, 50, 120],
    }
).astype(dict.fromkeys(["article_id", "outlet", "agency", "credit", "headline"], "str"))
GROUPS = pd.DataFrame(
    {
        "article_id": ["s", "c", "w", "o"],
        "copy_group": ["s", "s", "w", "o"],
        "role": ["source", "copy", "copy", "original"],
        "outlet_added_words": pd.array([100, 20, None, 120], dtype="Int64"),
    }
).astype({"article_id": "str", "copy_group": "str", "role": "str"})
COPIES = pd.DataFrame(
    {
        "article_a": ["s", "s"],
        "article_b": ["c", "o"],
        "containment_a": [0.6, 0.05],
        "containment_b": [0.75, 0.12],
    }
).astype({"article_a": "str", "article_b": "str"})


def test_matrix_has_both_directions_and_the_source_first():
    table = copying.containment_matrix(COPIES, ARTICLES, GROUPS)
    cells = {(row.row, row.column): row.containment for row in table.itertuples()}
    assert cells == {
        ("Wire, 14 Jun", "Copyist, 15 Jun"): 0.6,
        ("Copyist, 15 Jun", "Wire, 14 Jun"): 0.75,
        ("Wire, 14 Jun", "Copyist, 15 Jun (2)"): 0.05,
        ("Copyist, 15 Jun (2)", "Wire, 14 Jun"): 0.12,
    }
    assert table["row"].iloc[0] == "Wire, 14 Jun"


def test_matrix_leaves_out_what_shares_little():
    table = copying.containment_matrix(COPIES, ARTICLES, GROUPS, least=0.5)
    assert set(table["article_row"]) == {"s", "c"}
    assert copying.containment_matrix(COPIES, ARTICLES, GROUPS, least=0.9).empty


def test_groups_list_their_source_first():
    table = copying.groups_table(GROUPS, ARTICLES)
    assert table[["article_id", "role", "outlet"]].to_numpy().tolist() == [
        ["s", "source", "Wire"],
        ["c", "copy", "Copyist"],
    ]
    assert copying.groups_table(GROUPS[2:], ARTICLES).empty


def test_own_words():
    table = copying.own_words(GROUPS, ARTICLES).set_index("outlet")
    row = table.loc["Copyist"]
    assert (row["n"], row["total"], row["share"]) == (140, 200, 0.7)
    assert (row["n_articles"], row["n_copies"], row["n_uncredited"], row["n_groups"]) == (2, 1, 1, 2)
    assert (row["low"], row["high"]) == (0.25, 1)  # 20 of 80 twice, or 120 of 120 twice
    reprint = table.loc["Reprint"]
    assert (reprint["n"], reprint["share"]) == (0, 0)
    assert np.isnan(reprint["low"])
    assert "source not here" in reprint["note"]


def test_groups_over_thresholds():
    alone = GROUPS.assign(copy_group=GROUPS["article_id"], role=["original", "original", "copy", "original"])
    table = copying.groups_over(COPIES, {0.5: GROUPS, 0.9: alone})
    assert table.to_numpy().tolist() == [[0.5, 1, 1, 2, 2, 2], [0.9, 0, 0, 0, 0, 1]]


def test_wrong_column_is_named():
    with pytest.raises(UserError, match="by 'owner' is no column"):
        copying.own_words(GROUPS, ARTICLES, by="owner")
