"""Aligned pairs put by and taken up again are the table that would be made of all of them at once."""

import tempfile

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis import store, tables
from analysis.coding import aligned
from analysis.coding.aligned import Aligned
from analysis.coding.in_parts import InParts

IDS = pd.Series([f"{(number * 37) % 401:03}" for number in range(12)], dtype="str")
MANY = pd.Series([f"{(number * 37) % 401:03}" for number in range(150)], dtype="str")
TYPES = tables.empty("alignments").dtypes.to_dict()


def of_stories(seed, stories, ids=IDS):
    """Pairs of the articles of each story, in order, some with a proposition; and the batches in which they come."""
    random = np.random.default_rng(seed)
    story = random.integers(0, stories, len(ids))
    made = []
    for one in range(stories):
        own = np.flatnonzero(story == one)
        a, b = (own[np.array(side, int)] for side in np.triu_indices(len(own), 1))
        a, b = np.repeat(a, 3), np.repeat(b, 3)
        pairs = tables.empty("alignments").reindex(range(len(a)))
        pairs["article_a"], pairs["article_b"] = a, b
        pairs["sentence_a"], pairs["sentence_b"] = random.integers(0, 3, (2, len(a)))
        numbers = pd.Series(random.integers(0, 4, len(a)), dtype="Int64")
        pairs["proposition"] = numbers.mask(random.random(len(a)) < 0.3)
        others = [name for name in pairs if name not in (*aligned.SMALL, "proposition")]
        for name in others:
            values = pd.Series(random.integers(0, 2, len(a)))
            pairs[name] = values.astype("str" if TYPES[name] == "str" else TYPES[name])
        pairs = pairs.sort_values(["article_a", "sentence_a"], kind="stable").reset_index(drop=True)
        made.append(pairs.astype(dict.fromkeys(aligned.SMALL, "int32")))
    return made


def put_by(made, ids=IDS):
    table = Aligned(ids)
    for pairs in made:
        table.add(pairs)
    return table


def at_once(made, ids=IDS):
    """The same by hand: all rows in order, and numbers given as they come up."""
    rows, known = [], {}
    for story, pairs in enumerate(made):
        rows += [(story, row) for row in pairs.to_dict("records")]
    rows.sort(key=lambda one: (one[1]["article_a"], one[1]["sentence_a"]))
    for story, row in rows:
        if pd.notna(row["proposition"]):
            row["proposition"] = known.setdefault((story, row["proposition"]), len(known))
        for name in InParts.SIDES:
            row[name] = ids[row[name]]
    return pd.DataFrame([row for _, row in rows], columns=list(TYPES)).astype(TYPES)


@given(seed=st.integers(0, 10_000), stories=st.integers(1, 5), block=st.integers(1, 13), order=st.randoms())
@settings(max_examples=60, deadline=None)
def test_as_of_all_at_once_in_whichever_order_they_come(seed, stories, block, order):
    made = of_stories(seed, stories)
    expected = at_once(made)
    order.shuffle(made)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(aligned, "_BLOCK", block)
        table = put_by(made)
        assert len(list(table.folder.iterdir())) == sum(len(pairs) > 0 for pairs in made)
        whole = table.whole()
    assert not table.folder.exists()
    pd.testing.assert_frame_equal(whole, expected)


def test_written_part_by_part_as_whole(tmp_path, monkeypatch):
    """Parts of few articles and of many: the kind of a dictionary's numbers must not tell."""
    made = of_stories(3, 2, MANY)
    monkeypatch.setattr(aligned, "_BLOCK", 130)
    parts = list(put_by(made, MANY))
    kinds = [part["article_a"].cat.codes.dtype for part in parts]
    assert kinds == [np.int16, np.int8]
    store.save(tmp_path, {"alignments": put_by(made, MANY)}, "key")
    found = store.load(tmp_path, ["alignments"], "key")["alignments"]
    pd.testing.assert_frame_equal(found, at_once(made, MANY))


def test_no_pair_at_all_is_an_empty_table(tmp_path):
    none = [pairs[:0] for pairs in of_stories(1, 2)]
    store.save(tmp_path, {"alignments": put_by(none)}, "key")
    found = store.load(tmp_path, ["alignments"], "key")["alignments"]
    pd.testing.assert_frame_equal(found, tables.empty("alignments"))


def test_what_fails_leaves_nothing_behind(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    table = put_by(of_stories(1, 1))
    with pytest.raises(ValueError, match="no column"):
        store.save(tmp_path / "store", {"rejects": table}, "key")
    assert [path.name for path in tmp_path.iterdir()] == ["store"]
    assert list((tmp_path / "store").iterdir()) == []
