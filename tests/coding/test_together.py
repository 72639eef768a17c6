"""What is put together from copies: stretches that are not an article's own, and the words left, voice by voice."""

import numpy as np
import pandas as pd
import pytest

from analysis import code, open_study, tables
from analysis.coding import copied, together
from analysis.coding.reuse import THRESHOLD
from analysis.study import UserError


def passages(*rows):
    columns = list(tables.TABLES["passages"].columns)
    return pd.DataFrame(rows, columns=columns).astype({"article_a": "str", "article_b": "str"})


def articles(**credits):
    return pd.DataFrame({"article_id": list(credits), "credit": pd.array(list(credits.values()), dtype="str")}).astype(
        {"article_id": "str"}
    )


def groups(source, *others):
    roles = ["source"] + ["copy"] * len(others)
    table = pd.DataFrame({"article_id": [source, *others], "copy_group": source, "role": roles})
    return table.astype("str")


def test_stretches_are_put_together_and_the_source_owns_its_words():
    shared = passages(("s", 0, 10, "c", 5, 15, 2), ("s", 20, 30, "c", 12, 22, 2), ("c", 40, 50, "d", 0, 10, 2))
    made = copied.copied_stretches(shared, groups("s", "c", "d"), articles(s=None, c=None, d=None))
    assert made.to_numpy().tolist() == [["c", 5, 22], ["c", 40, 50], ["d", 0, 10]]


def test_a_source_that_credits_the_whole_text_owns_nothing_of_it():
    made = copied.copied_stretches(passages(("s", 0, 10, "c", 5, 15, 2)), groups("s", "c"), articles(s="whole", c=None))
    assert made.to_numpy().tolist() == [["c", 5, 15], ["s", 0, 10]]


def test_a_run_inside_another_and_runs_that_touch():
    shared = passages(("s", 0, 9, "c", 0, 30, 4), ("s", 0, 9, "c", 5, 10, 1), ("s", 0, 9, "c", 30, 35, 1))
    made = copied.copied_stretches(shared, groups("s", "c"), articles(s=None, c=None))
    assert made[["start", "end"]].to_numpy().tolist() == [[0, 35]]


def test_no_passages_no_stretches():
    made = copied.copied_stretches(passages(), groups("s"), articles(s=None))
    tables.validate("copied", made)
    assert made.empty


def test_added_words_by_voice():
    body = "Copied words stand here. He said “this is new” to us."
    one = pd.DataFrame(
        {"article_id": ["c", "x"], "headline": ["Head line", None], "deck": [None, None], "body": [body, "Other."]}
    ).astype("str")
    start = body.index("this")
    quotes = pd.DataFrame({"article_id": ["c"], "start": [start], "end": [start + 11], "kind": ["direct"]})
    stretches = pd.DataFrame({"article_id": ["c"], "start": [0], "end": [body.index(" He")]})
    made = copied.added_words(one, quotes.astype({"article_id": "str"}), stretches)
    assert made.to_numpy().tolist() == [["c", "own", 4], ["c", "direct", 3]]
    tables.validate("added_words", made)
    assert copied.added_words(one, quotes, stretches[:0]).empty


@pytest.fixture(scope="module")
def demo():
    return code(open_study("demo"))


def test_at_the_default_nothing_is_made_anew(demo):
    assert together.regroup(demo, threshold=THRESHOLD) is demo


def test_another_threshold_gives_other_groups(demo):
    every = together.regroup(demo, threshold=1.0)
    assert (every["copy_groups"].groupby("copy_group").size() == 1).all()
    assert every["passages"].empty
    assert every["copied"].empty
    assert (demo["copy_groups"].groupby("copy_group").size() > 1).any()


@pytest.mark.parametrize("threshold", [0.01, 1.2, np.nan])
def test_thresholds_that_cannot_be_are_refused(demo, threshold):
    with pytest.raises(UserError, match=r"threshold is .*allowed"):
        together.regroup(demo, threshold=threshold)


def test_added_and_copied_words_make_up_the_body(demo):
    copied = demo["copied"]
    assert len(copied)
    ids = demo["articles"].set_index("article_id")
    for name, n in demo["added_words"].groupby("article_id")["n"].sum().items():
        words = ids.at[name, "n_words"]
        group = demo["copy_groups"].set_index("article_id").loc[name]
        assert 0 <= n < words
        assert group["role"] != "original"
        assert n == group["outlet_added_words"]
