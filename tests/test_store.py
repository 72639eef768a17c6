"""Tables on disk: contracts held, keys respected, broken files made again, formats exact."""

import csv
import io
import json
import os
import random
import threading
import time
from contextlib import contextmanager

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis import store, tables
from analysis import store_places as places
from analysis.cells import unescaped
from analysis.corpus.readers import read_items


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
    assert [path.name for path in tmp_path.iterdir()] == ["word_counts.parquet"]
    assert store.rows(tmp_path, "word_counts", "key") == store.rows(tmp_path, "word_counts") == 1
    assert store.rows(tmp_path, "word_counts", "other") is store.rows(tmp_path, "quotes") is None
    assert (store.key_of(tmp_path, "word_counts"), store.key_of(tmp_path, "quotes")) == ("key", None)


@pytest.mark.parametrize("rows", [0, 3])
def test_encoded_columns_come_back_as_text(tmp_path, counts, rows):
    table = pd.concat([counts] * 3, ignore_index=True).head(rows)
    encoded = table.astype({"article_id": "category", "word": "category", "voice": "category"})
    assert tables.validate("word_counts", encoded, encoded=True) is not None
    with pytest.raises(ValueError, match=r"^table word_counts: "):
        tables.validate("word_counts", encoded)
    place = str(tmp_path / "encoded.parquet")
    assert store.write_table(place, encoded) == (tmp_path / "encoded.parquet").stat().st_size
    pd.testing.assert_frame_equal(store.read_table(place), table)


def test_a_broken_file_counts_as_absent(tmp_path, counts):
    store.save(tmp_path, {"word_counts": counts}, "key")
    (tmp_path / "word_counts.parquet").write_bytes(b"PAR1 cut short")
    assert store.load(tmp_path, ["word_counts"], "key") is None
    assert store.rows(tmp_path, "word_counts") is None


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


def test_rows_of_a_table_are_read_by_the_group(tmp_path, monkeypatch):
    monkeypatch.setattr(store, "_GROUP", 4)
    texts = [None if number % 5 == 0 else f"text {number}" for number in range(11)]
    table = pd.DataFrame({"body": pd.array(texts, dtype="str"), "n": range(11)})
    place = str(tmp_path / "articles.parquet")
    store.write_table(place, table)
    for start in range(12):
        for stop in range(start, 13):
            found = store.read_rows(place, start, stop, ["body"]).to_pandas()
            pd.testing.assert_frame_equal(found, table[["body"]][start:stop].reset_index(drop=True))
    pieces = list(store.batches(place, ["n"], size=3))
    assert [value for piece in pieces for value in piece["n"].to_pylist()] == list(range(11))


def test_of_a_large_table_no_more_than_a_group_is_held_while_it_is_read(tmp_path, monkeypatch):
    monkeypatch.setattr(store, "_GROUP", 10)
    texts = [random.Random(number).randbytes(100_000).hex() for number in range(100)]  # 10 MB, however they are packed
    place = str(tmp_path / "articles.parquet")
    store.write_table(place, pd.DataFrame({"body": pd.array(texts, dtype="str")}))
    before, held = pa.total_allocated_bytes(), []
    for piece in store.batches(place, ["body"], size=5):
        held.append(pa.total_allocated_bytes() - before)
        del piece
    assert len(held) == 20 and max(held) < 7_000_000


def test_hashes_of_texts_tell_contents_apart_and_not_chunks():
    def of(**columns):
        return store.texts_hash(pa.table(columns))

    texts, moments = ["ab", None, "", "é"], pa.array([1, None, 0, 3], pa.timestamp("us"))
    right = of(a=texts, b=moments)
    for start in range(5):
        whole = pa.table({"a": ["x", *texts], "b": pa.concat_arrays([pa.array([9], pa.timestamp("us")), moments])})
        parts = [whole.slice(1, start), whole.slice(1 + start)]
        assert store.texts_hash(pa.concat_tables(parts)) == right
    assert of(a=pa.array(texts, pa.large_string()), b=moments) == right
    assert len({right, of(a=["a", "b", "", "é"], b=moments), of(a=["ab", "", None, "é"], b=moments)}) == 3
    assert of(a=["ab", "c"]) != of(a=["a", "bc"])
    assert of(a=["ab"]) != of(b=["ab"])
    assert of(a=pa.array([0, None])) != of(a=pa.array([None, 0]))


@pytest.mark.parametrize("home", ["{}", "file://{}", "memory://{}"])
def test_places(tmp_path, home):
    if home.startswith("memory"):
        pytest.importorskip("fsspec")
    root = home.format(tmp_path / "deep")
    assert places.sizes(root) == {}
    with pytest.raises(FileNotFoundError):
        places.get(places.join(root, "a"))
    with pytest.raises(FileNotFoundError), places.opened(places.join(root, "a")):
        pass
    assert places.put(places.join(root, "b", "one"), lambda file: file.write(b"123")) == 3
    places.put(places.join(root, "two"), lambda file: file.write(b"12345"))
    places.put(places.join(root, "two"), lambda file: file.write(b"1234"))
    assert places.sizes(root) == {"b/one": 3, "two": 4}
    assert places.get(places.join(root, "b", "one")) == b"123"
    with places.opened(places.join(root, "two")) as file:
        assert file.read() == b"1234"
    with pytest.raises(ArithmeticError):
        places.put(places.join(root, "two"), lambda file: file.write(b"half") / 0)
    assert places.get(places.join(root, "two")) == b"1234"
    places.remove(root, ["b/one"])
    assert places.sizes(root) == {"two": 4}
    assert places.seen_by_others(root) != home.startswith("memory")


def test_what_a_killed_process_left_half_written_goes_in_time(tmp_path):
    old, new = tmp_path / "mentions" / ".a.parquet.xyz", tmp_path / "mentions" / ".b.parquet.xyz"
    old.parent.mkdir()
    for path in (old, new):
        path.write_bytes(b"half")
    os.utime(old, (1, 1))
    assert places.sizes(tmp_path) == {}
    places.remove(tmp_path, [])
    assert new.exists() and not old.exists()


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


RUN = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1"]
RUN += ['=HYPERLINK("http://a.example","b")', "=cmd|' /C x'!A1", "＝1"]


@pytest.mark.parametrize("text", RUN)
def test_a_text_that_a_spreadsheet_would_run_is_a_text_in_csv(text):
    kinds = pd.Categorical([text, "a", "a"])
    table = pd.DataFrame({text: [text, "plain = text", None], "kind": kinds, "n": [-1, 2, 3]})
    (head, *rows) = csv.reader(io.StringIO(store.to_bytes(table, "csv").decode(), newline=""))
    assert head == [f"'{text}", "kind", "n"]
    assert rows == [[f"'{text}", f"'{text}", "-1"], ["plain = text", "a", "2"], ["", "a", "3"]]
    assert json.loads(store.to_bytes(table, "jsonl").splitlines()[0])[text] == text
    assert table[text].iloc[0] == text, "the table given is not changed"


def test_numbers_below_zero_stay_numbers():
    table = pd.DataFrame({"a": [-1.5], "b": pd.array([-2], dtype="Int64"), "c": ["-3"], "d": [None]})
    assert store.to_bytes(table, "csv").decode() == "a,b,c,d\n-1.5,-2,'-3,\n"
    mixed = pd.DataFrame({"a": pd.Series([-1, "-1", None], dtype="object")})
    assert store.to_bytes(mixed, "csv").decode() == 'a\n-1\n\'-1\n""\n'


def test_a_carriage_return_within_a_text_begins_no_row():
    content = store.to_bytes(pd.DataFrame({"a": ["one\r=1+1", "two"], "n": [1, 2]}), "csv").decode()
    assert list(csv.reader(io.StringIO(content, newline=""))) == [["a", "n"], ["one\r=1+1", "1"], ["two", "2"]]


@given(st.lists(st.text(st.sampled_from("'=-+@\t\r\n a1") | st.characters(codec="utf-8")), min_size=1))
def test_every_text_comes_back_from_csv_and_none_would_run(texts):
    table = pd.DataFrame({"text": pd.array(texts, dtype="str"), "n": 1})
    rows = list(csv.DictReader(io.StringIO(store.to_bytes(table, "csv").decode(), newline="")))
    assert [unescaped(row["text"]) for row in rows] == texts
    assert not any(row["text"].startswith(("=", "+", "-", "@", "\t", "\r", "\n")) for row in rows)


def test_our_own_articles_are_read_from_csv_as_they_are_and_others_keep_their_apostrophes(tmp_path):
    table = pd.DataFrame({"article_id": ["a"], "headline": ["@home"], "outlet": ["+Plus"], "body": ["=1+1 is two."]})
    (tmp_path / "ours.csv").write_bytes(store.to_bytes(table, "csv"))
    (ours,) = read_items(tmp_path / "ours.csv", encoding="utf-8")
    assert (ours["headline"], ours["outlet"], ours["body"]) == ("@home", "+Plus", "=1+1 is two.")
    (tmp_path / "theirs.csv").write_text("outlet,headline,body\nGull,'@home' is closed,'-1' was read.\n")
    (theirs,) = read_items(tmp_path / "theirs.csv", encoding="utf-8")
    assert (theirs["headline"], theirs["body"]) == ("'@home' is closed", "'-1' was read.")


def test_tables_that_come_in_pieces_are_whole_or_not_there(tmp_path):
    def pieces():
        for at in range(3):
            yield {"rejects": pd.DataFrame({"source_file": ["a"], "source_index": [at], "reason": ["b"]}).astype(types)}
        yield {"rejects": tables.empty("rejects"), "furniture": tables.empty("furniture")}

    def broken():
        yield next(pieces())
        raise KeyError("half way")

    types = tables.empty("rejects").dtypes.to_dict()
    names = ["rejects", "furniture"]
    with pytest.raises(KeyError):
        store.save_batches(tmp_path, names, broken(), "key")
    assert list(tmp_path.iterdir()) == []
    store.save_batches(tmp_path, names, pieces(), "key")
    found = store.load(tmp_path, names, "key")
    assert found["rejects"]["source_index"].to_list() == [0, 1, 2]
    assert len(found["furniture"]) == 0
    assert store.load(tmp_path, names, "other key") is None


def test_a_piece_is_finished_before_it_is_written_and_what_fails_there_is_raised(tmp_path):
    types = tables.empty("rejects").dtypes.to_dict()
    pieces = [{"rejects": pd.DataFrame({"source_file": ["a"], "source_index": [at]})} for at in range(3)]

    def finish(batch):
        return {"rejects": batch["rejects"].assign(reason="b").astype(types)}

    store.save_batches(tmp_path, ["rejects"], pieces, "key", finish=finish)
    assert store.load(tmp_path, ["rejects"], "key")["rejects"]["reason"].to_list() == ["b"] * 3
    with pytest.raises(ValueError, match="table rejects: no column 'reason'"):
        store.save_batches(tmp_path / "other", ["rejects"], pieces, "key")
    assert list((tmp_path / "other").iterdir()) == []


def test_no_writer_is_closed_while_a_piece_is_written(tmp_path, monkeypatch):
    """Also where the next piece fails to come."""
    types, order, begun = tables.empty("rejects").dtypes.to_dict(), [], threading.Event()
    piece = pd.DataFrame({"source_file": ["a"], "source_index": [0], "reason": ["b"]}).astype(types)
    opened = store._writer

    @contextmanager
    def writer(*arguments):
        with opened(*arguments) as one:
            try:
                yield one
            finally:
                order.append("closed")

    def finish(batch):
        if order:  # the second piece: the first has its writer by now
            begun.set()
            time.sleep(0.3)
        order.append("written")
        return batch

    def pieces():
        yield {"rejects": piece}
        yield {"rejects": piece}
        begun.wait(10)
        raise OSError("no third")

    monkeypatch.setattr(store, "_writer", writer)
    with pytest.raises(OSError, match="no third"):
        store.save_batches(tmp_path, ["rejects"], pieces(), "key", finish=finish)
    assert order == ["written", "written", "closed"]
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("encoded", [True, False])
def test_sums_over_texts_are_those_of_a_grouped_table(tmp_path, encoded):
    random = np.random.default_rng(5)
    rows = {name: random.choice(list(letters), 900) for name, letters in (("article_id", "dbac"), ("voice", "yx"))}
    table = pd.DataFrame({**rows, "n": random.integers(1, 9, 900)}).astype(dict.fromkeys(rows, "str"))
    expected = table.groupby(list(rows), as_index=False, sort=False)["n"].sum()
    place = tmp_path / "table.parquet"
    table.to_parquet(place, use_dictionary=encoded, row_group_size=250)
    pd.testing.assert_frame_equal(store.sums_of(str(place), list(rows), "n"), expected)
    table.head(0).to_parquet(place)
    pd.testing.assert_frame_equal(store.sums_of(str(place), list(rows), "n"), expected.head(0))
