"""Drifts put by and taken up again are the table that would be ranked of all of them at once."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis import store, tables
from analysis.coding import drifted
from analysis.coding.drift import WEIGHTS
from analysis.coding.drifted import Drifted

IDS = pd.Series([f"{(number * 37) % 401:03}" for number in range(9)], dtype="str")
TYPES = tables.empty("drifts").dtypes.to_dict()
WHOLE = ("start_a", "end_a", "start_b", "end_b")


def of_batches(seed, sizes):
    """Rows of batches as `find_changes` gives them, with many that are ranked alike; texts tell which is which."""
    random = np.random.default_rng(seed)
    made = []
    for batch, size in enumerate(sizes):
        rows = tables.empty("drifts").reindex(range(size))
        for name in rows:
            values = pd.Series(random.integers(0, 2, size))
            rows[name] = values.astype("str" if TYPES[name] == "str" else TYPES[name])
        for name in ("marks_a", "marks_b"):
            rows[name] = pd.array(["direct"] * size, dtype="str")
        rows["moved"] = pd.array([None] * size, dtype="str")
        rows["utterance"] = np.sort(random.integers(0, 3, size))
        rows["words_a"] = pd.array([f"batch {batch} row {row}" for row in range(size)], dtype="str")
        sides = {name: random.integers(0, len(IDS), size) for name in Drifted.SIDES}
        places = {name: random.integers(0, 3, size) for name in WHOLE}
        weights = {name: random.integers(0, 3, size) for name in WEIGHTS}
        made.append(rows.assign(**sides, **places, **weights))
    return made


def at_once(made):
    """The same by hand: all rows sorted, and utterances numbered as they come up."""
    rows = [(batch, row) for batch, table in enumerate(made) for row in table.to_dict("records")]
    for _, row in rows:
        row |= {name: IDS[row[name]] for name in Drifted.SIDES}
    sides = [f"{name}_{side}" for side in "ab" for name in ("article", "start", "end")]
    rows.sort(key=lambda one: (-one[1]["charge"], -one[1]["news"], *(one[1][name] for name in sides)))
    known = {}
    for batch, row in rows:
        row["utterance"] = known.setdefault((batch, row["utterance"]), len(known))
    return pd.DataFrame([row for _, row in rows], columns=list(TYPES)).astype(TYPES)


def put_by(made, order=()):
    table = Drifted(IDS)
    for batch in order or range(len(made)):
        table.add(batch, made[batch])
    return table


@given(
    seed=st.integers(0, 10_000),
    sizes=st.lists(st.integers(0, 8), min_size=1, max_size=5),
    block=st.integers(1, 30),
    random=st.randoms(),
)
@settings(max_examples=60, deadline=None)
def test_as_of_all_at_once_in_whichever_order_they_come(seed, sizes, block, random):
    made = of_batches(seed, sizes)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(drifted, "_BLOCK", block)
        table = put_by(made, random.sample(range(len(made)), len(made)))
        parts = list(table)
    assert not table.folder.exists()
    assert all(len(part) == block for part in parts[:-1])
    assert len(parts[-1]) <= block
    pd.testing.assert_frame_equal(pd.concat(parts, ignore_index=True), at_once(made))


def test_written_part_by_part_as_whole(tmp_path, monkeypatch):
    made = of_batches(5, [20, 0, 30])
    monkeypatch.setattr(drifted, "_BLOCK", 7)
    store.save(tmp_path, {"drifts": put_by(made)}, "key")
    pd.testing.assert_frame_equal(store.load(tmp_path, ["drifts"], "key")["drifts"], at_once(made))


def test_none_at_all_is_an_empty_table(tmp_path):
    store.save(tmp_path, {"drifts": put_by(of_batches(1, [0, 0]))}, "key")
    pd.testing.assert_frame_equal(store.load(tmp_path, ["drifts"], "key")["drifts"], tables.empty("drifts"))
