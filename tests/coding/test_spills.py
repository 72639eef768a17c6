"""Rows put by in files come back batch by batch, all of them, in their order."""

import numpy as np
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.coding.spills import spill


def parts_of(batches):
    """A table a part, whose rows are numbered through, with the batch of each row."""
    at = 0
    for part in batches:
        rows = np.arange(at, at + len(part))
        text = pd.array([f"row {row}" if row % 3 else None for row in rows], dtype="str")
        yield pd.DataFrame({"row": rows, "text": text}), np.array(part, np.int64)
        at += len(part)


@settings(max_examples=40)
@given(st.lists(st.lists(st.integers(-1, 4), max_size=12), min_size=1, max_size=4))
def test_every_row_comes_back_once_in_order(tmp_path_factory, batches):
    put_by = spill(parts_of(batches), tmp_path_factory.mktemp("spill"), "rows")
    whole = pd.concat([table for table, _ in parts_of(batches)], ignore_index=True)
    batch = np.concatenate([np.array(part, np.int64) for part in batches])
    for number in range(-1, 6):
        expected = whole[batch == number].reset_index(drop=True) if number >= 0 else whole.iloc[:0]
        pd.testing.assert_frame_equal(put_by.read(number), expected)


def test_files_hold_what_is_in_a_batch_and_nothing_else(tmp_path):
    put_by = spill(parts_of([[0, -1, 1], [-1, -1]]), tmp_path, "rows")
    assert [there.tolist() for there in put_by.there] == [[0, 1], []]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["rows-0.arrow", "rows-1.arrow"]
