"""Captions and findings of tests and series: their numbers are those of the tables."""

import pandas as pd

from analysis.reporting import inference


def test_keyness():
    table = pd.DataFrame(
        {
            "word": ["one_", "two", "three"],
            "size_target": 1000,
            "size_reference": 4000,
            "p_adjusted": [0.01, 0.2, None],
            "log_likelihood": [12.0, -5.0, 1.0],
        }
    )
    table.attrs = {"replicates": 2000, "seed": 7, "permutations": 999, "tests": 2}
    caption = inference.keyness_caption(table, target="A*", by="outlet")
    assert "of A* against all other levels of outlet" in caption, "plain text: it is escaped where it is shown"
    assert "N = 1,000 and 4,000 words; 3 items" in caption
    assert "adjusted for 2 tests" in caption
    said = inference.keyness_finding(table)
    assert said.startswith("**1 of 3** items differ")
    assert "The first: *one\\_*." in said
    assert "independent words, 2 would" in said
    assert inference.keyness_caption(table[:0], target="A", by="outlet") == ""
    assert "No item" in inference.keyness_finding(table[:0])


def test_trend():
    table = pd.DataFrame(
        {"category": ["x", "x", "y"], "total": [4, 0, 4], "note": pd.array([None, "no article", None], dtype="str")}
    )
    table.attrs = {"variable": "a_name", "replicates": 100, "seed": 1}
    caption = inference.trend_caption(table, category="x", unit="week")
    assert "choices of a name, by week. N = 4 choices; 1 of 2 points are gaps" in caption
    assert inference.trend_caption(table[:0], category="x", unit="week") == ""


def test_changes():
    day = pd.Timestamp("2024-06-18")
    row = {"outlet": "A", "changed": True, "share_before": 0.0, "share_after": 1.0, "date": day, "p": 0.0312}
    table = pd.DataFrame([row | {"low": day - pd.Timedelta(days=3), "high": day}])
    said = inference.change_finding(table, by="outlet")
    assert said == "Changed: **A** 0 % → 100 % on 18 June 2024 (between 15 June and 18 June, p = 0.031)."
    assert "No change was found at any of 1" in inference.change_finding(table.assign(changed=False), by="outlet")
    assert inference.change_finding(table[:0], by="outlet") == "Nobody makes this choice."


def test_specifications():
    curve = pd.DataFrame({"estimate": [0.5, None, 1.0]})
    curve.attrs = {"effect": "difference"}
    caption = inference.specifications_caption(curve, category="x", levels=["A", "B"])
    assert "as difference a − b, under all" in caption
    assert "N = 3 specifications, 2 with an estimate" in caption
    row = {"defined": 2, "same_sign": 1.0, "median": 0.75, "lowest": 0.5, "highest": 1.0, "chosen": 0.5}
    said = inference.specifications_finding(pd.DataFrame([row]))
    assert said.startswith("**100 %** of 2 specifications have one sign; median 0.75, from 0.50 to 1.00")
    assert "No specification" in inference.specifications_finding(pd.DataFrame([row | {"defined": 0}]))
