"""Tables on disk: contracts held, keys respected, broken files made again, formats exact."""

import io
import json

import pandas as pd
import pytest

from analysis import store, tables


@pytest.fixture
def counts():
    return pd.DataFrame({"article_id": ["a" * 12], "word": ["día/1"], "voice": ["own"], "n": [2]}).astype(
        {"article_id": "str", "word": "str", "voice": "str"}
    )


def test_tables_come_back_under_their_key_only(tmp_path, counts):
    store.save(tmp_path, {"word_counts": counts}, "key")
    pd.testing.assert_frame_equal(store.load(tmp_path, ["word_counts"], "key")["word_counts"], counts)
    assert store.load(tmp_path, ["word_counts"], "other") is None
    assert store.load(tmp_path, ["word_counts", "quotes"], "key") is None
    assert sorted(path.name for path in tmp_path.iterdir()) == ["keys.json", "word_counts.parquet"]


def test_a_broken_file_counts_as_absent(tmp_path, counts):
    store.save(tmp_path, {"word_counts": counts}, "key")
    (tmp_path / "word_counts.parquet").write_bytes(b"PAR1 cut short")
    assert store.load(tmp_path, ["word_counts"], "key") is None
    (tmp_path / "keys.json").write_text("{")
    assert store.load(tmp_path, ["word_counts"], "key") is None


def test_a_table_that_breaks_its_contract_is_not_saved(tmp_path, counts):
    with pytest.raises(ValueError, match="table word_counts: no column 'n'"):
        store.save(tmp_path, {"word_counts": counts.drop(columns="n")}, "key")
    with pytest.raises(ValueError, match="table word_counts"):
        store.save(tmp_path, {"word_counts": counts.assign(voice="loud")}, "key")


@pytest.mark.parametrize("name", tables.TABLES)
def test_an_empty_table_keeps_its_types_through_parquet(tmp_path, name):
    table = tables.empty(name)
    store.save(tmp_path, {name: table}, "key")
    pd.testing.assert_frame_equal(store.load(tmp_path, [name], "key")[name], table)


def test_hashes_tell_contents_apart(tmp_path):
    assert store.hash_of("ab", "c") != store.hash_of("a", "bc")
    file = tmp_path / "f"
    file.write_text("ab")
    assert store.hash_of(file) == store.hash_of("ab") == store.hash_of(b"ab")
    one = pd.DataFrame({"a": [1, 2], "b": ["x", None]})
    assert store.table_hash(one) == store.table_hash(pd.concat([one[:1], one[1:]]))
    assert store.table_hash(one) != store.table_hash(one.rename(columns={"a": "c"}))
    assert store.table_hash(one) != store.table_hash(one.assign(b=["x", "y"]))
    assert store.code_hash("coding") != store.code_hash("corpus")


def test_formats(counts):
    dated = counts.assign(
        at=pd.to_datetime(["2024-06-14"]).astype("datetime64[us]"),
        sentence=pd.array([None], dtype="Int64"),
        share=0.1 + 0.2,
    )
    assert store.to_bytes(dated, "csv").decode() == (
        "article_id,word,voice,n,at,sentence,share\naaaaaaaaaaaa,día/1,own,2,2024-06-14,,0.30000000000000004\n"
    )
    row = json.loads(store.to_bytes(dated.assign(at=dated["at"] + pd.Timedelta(hours=9)), "jsonl"))
    assert row["at"] == "2024-06-14T09:00:00"
    assert row["sentence"] is None
    assert row["word"] == "día/1"
    pd.testing.assert_frame_equal(pd.read_parquet(io.BytesIO(store.to_bytes(dated, "parquet"))), dated)
