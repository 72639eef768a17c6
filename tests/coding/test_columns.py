from __future__ import annotations

import pandas as pd
import pytest

from analysis.coding.columns import table_of

KINDS = {"said": "str", "at": "int64", "end": "Int64", "own": "bool"}


@pytest.mark.parametrize(
    "columns", [[("a", None, "ü"), (1, 2, 3), (4, None, 6), (True, False, True)], [(), (), (), ()]]
)
def test_as_pandas_makes_them(columns: list[tuple]) -> None:
    table = table_of(columns, KINDS)
    pairs = zip(KINDS.items(), columns, strict=True)
    expected = pd.DataFrame({name: pd.array(values, dtype=kind) for (name, kind), values in pairs})
    pd.testing.assert_frame_equal(table, expected)
    table.loc[len(table)] = ["b", 1, 2, False]  # it may be written to
