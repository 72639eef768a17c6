"""Lists → the columns of a table, by way of Arrow: pandas looks at every value again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
import pyarrow as pa

_ARROW = {"str": pa.large_string(), "int64": pa.int64(), "Int64": pa.int64(), "bool": pa.bool_()}


def table_of(columns: Sequence[Sequence], kinds: Mapping[str, str]) -> pd.DataFrame:
    """The table of some columns of Python values (None: missing), with their names and types (see `_ARROW`)."""
    named = zip(kinds.items(), columns, strict=True)
    return pd.DataFrame({name: _column(values, kind) for (name, kind), values in named})


def _column(values: Sequence, kind: str) -> pd.api.extensions.ExtensionArray | np.ndarray:
    array = pa.array(values, _ARROW[kind])
    if kind == "str":
        return pd.array(array, dtype="str")
    if kind == "Int64":
        missing = array.is_null().to_numpy(zero_copy_only=False)
        return pd.arrays.IntegerArray(array.fill_null(0).to_numpy(zero_copy_only=False).copy(), missing)
    return array.to_numpy(zero_copy_only=False).copy()
