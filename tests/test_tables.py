"""Contracts of tables: the quick look that `validate` takes says nothing that pandera would not."""

import numpy as np
import pandas as pd
import pandera.errors
import pytest

from analysis import tables

GOOD = {
    "str": ["a", "b"],
    "int64": [1, 3],
    "Int64": [0, None],
    "float64": [0.0, 1.0],
    "bool": [True, False],
    "datetime64[us]": ["2024-06-14", None],
}


def good(name):
    """Two rows that keep the contract of a table."""
    table = tables.empty(name)
    values = {column: GOOD[str(kind)] for column, kind in table.dtypes.items()}
    for column, spec in tables.TABLES[name].columns.items():
        allowed = spec.one_of
        values[column] = list(allowed[:2]) if allowed else values[column]
    if name == "articles":
        values["article_id"] = ["0" * 12, "1" * 12]
    return pd.DataFrame(values).astype(table.dtypes.to_dict())


def breaks(table, column):
    """The table with one fault at a time in a column: a missing value, one out of bounds, another type, twice one."""
    for value in (None, "\0 no such", -1, 7.5, np.inf, "2024-06-14"):
        try:
            yield table.assign(**{column: pd.Series([table[column][0], value], dtype=table[column].dtype)})
        except (ValueError, TypeError, OverflowError):
            continue
    yield table.assign(**{column: table[column].astype(object)})
    yield table.assign(**{column: table[column].iloc[[0, 0]].array})
    yield table.assign(**{column: pd.array(["1", "2"], dtype="str")})
    yield table.assign(**{column: [1, 2]})
    yield table.assign(**{column: pd.Categorical(table[column])})


@pytest.mark.parametrize("name", tables.TABLES)
def test_validate_says_what_pandera_says(name):
    whole, schema = good(name), tables.TABLES[name].schema
    pd.testing.assert_frame_equal(schema.validate(whole), whole)
    pd.testing.assert_frame_equal(tables.validate(name, whole), whole)
    pd.testing.assert_frame_equal(tables.validate(name, whole.iloc[:, ::-1]), whole)
    for column in whole:
        alone = schema.select_columns([column])  # pandera holds each column to its own contract, and the rest are good
        for table in breaks(whole, column):
            try:
                alone.validate(table[[column]])
            except pandera.errors.SchemaError:
                with pytest.raises(ValueError, match=f"^table {name}: "):
                    tables.validate(name, table)
            else:
                pd.testing.assert_frame_equal(tables.validate(name, table), table)


def test_a_fault_is_named_in_one_line():
    table = good("sentences").assign(start=[0, -1])
    with pytest.raises(ValueError, match=r"^table sentences: .*start.*-1[^\n]*$"):
        tables.validate("sentences", table)
    with pytest.raises(ValueError, match="no column 'start'"):
        tables.validate("sentences", table.drop(columns="start"))


def test_a_fault_in_an_encoded_column_is_named_too():
    encoded = {"voice": "category"}
    with pytest.raises(ValueError, match=r"^table sentences: .*voice.*loud[^\n]*$"):
        tables.validate("sentences", good("sentences").assign(voice="loud").astype(encoded), encoded=True)
    missing = good("sentences").assign(voice=pd.array([None, "own"], dtype="str")).astype(encoded)
    with pytest.raises(ValueError, match=r"^table sentences: .*voice"):
        tables.validate("sentences", missing, encoded=True)


def test_the_quick_look_is_enough_for_tables_that_keep_their_contract(monkeypatch):
    def never(*_, **__):
        raise AssertionError("pandera was asked")

    monkeypatch.setattr(tables.Table, "schema", property(never))
    for name in tables.TABLES:
        tables.validate(name, good(name))
