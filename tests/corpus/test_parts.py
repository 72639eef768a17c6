"""Large files read in parts: the same tables as in one piece; and what cannot be read so is read as a whole."""

from __future__ import annotations

import csv
import io
import json
import os

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.corpus import articles, gathering, pool
from analysis.corpus.articles import read_articles, read_batches
from analysis.corpus.decoding import Unreadable
from analysis.corpus.digests import digests_of
from analysis.corpus.kept import Kept
from analysis.corpus.limits import LIMITS
from analysis.corpus.places import source_files
from analysis.corpus.readers import delimited, jsonlines, parquet
from tests.corpus.test_reading import QUICK, STRANGE, counted, same

NO_MANIFEST = articles.Manifest([], {}, [])
RECORDS = [
    {
        "outlet": "Gull" if n % 3 else "Tern",
        "headline": f"Talks {n} fail",
        "body": f"They met in room {n}, “as ever”, and went.\n\nHe did not come, Zoe\u0308 said {n % 7}." * (1 + n % 5),
        "published": f"{1 + n % 28}/06/2024",
    }
    for n in range(60)
]
RECORDS[7] = RECORDS[3]  # a duplicate
RECORDS[20] = {**RECORDS[20], "body": ""}


def as_csv(records):
    made = io.StringIO()
    rows = csv.DictWriter(made, list(records[0]))
    rows.writeheader()
    rows.writerows(records)
    return made.getvalue()


def as_jsonl(records):
    return "\n".join(json.dumps(record, ensure_ascii=False) for record in records) + "\n"


def as_parquet(records, **options):
    made = io.BytesIO()
    pq.write_table(pa.Table.from_pylist(records), made, **options)
    return made.getvalue()


@pytest.fixture
def in_parts(make_study, monkeypatch):
    """Read a file in one piece and in parts, and hold the tables to each other. Returns them, and how often the file
    had to be read as a whole in the end."""

    def read(name, content, part=700, **options):
        study = make_study({f"articles/{name}": content})
        whole = read_articles(study)
        given_up = []

        def spy(*arguments, usual=gathering._read):
            given_up.append(len(usual(*arguments)))
            return {0} if given_up[-1] else set()

        with monkeypatch.context() as patch:
            patch.setattr(gathering, "PART", part)
            patch.setattr(gathering, "_read", spy)
            job = articles._job(study, NO_MANIFEST, study.folder / "articles" / name)
            assert len(gathering.parts_of(job)) > 2
            same(whole, read_articles(study, **options))
        return whole, sum(given_up)

    return read


@pytest.mark.parametrize("workers", [0, 2])
@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.csv", as_csv(RECORDS)),
        ("a.tsv", "\ufeff" + as_csv(RECORDS).replace("\n", "\r\n")),
        ("a.jsonl", as_jsonl(RECORDS).replace("\n", "\n\n\u00a0\n", 3)),
        ("a.ndjson", "\n" + as_jsonl(RECORDS).replace("}\n", "}\n{broken}\n[1]\n", 9)),
        ("a.parquet", as_parquet(RECORDS)),
        ("b.parquet", as_parquet(RECORDS, row_group_size=7)),
    ],
)
def test_parts_are_as_the_whole(in_parts, name, content, workers):
    tables, given_up = in_parts(name, content, workers=workers)
    assert given_up == 0
    assert len(tables["articles"]) == 58
    assert tables["articles"]["source_index"].is_monotonic_increasing
    assert tables["articles"]["published"].notna().all()  # days above 12 tell the order for all parts
    assert len(tables["sources"]) == 1


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.csv", as_csv(RECORDS).replace("went.", 'went. "', 1)),  # a row that is never closed
        ("a.csv", as_csv(RECORDS).replace("“as ever”", r"\"as ever\"")),
        ("a.csv", "sep=,\n" + as_csv(RECORDS)),
        ("a.csv", as_csv(RECORDS).replace("body", '"bo\ndy"')),
        ("a.csv", as_csv(RECORDS).encode() + b"\xff,,,\n"),
        ("a.jsonl", as_jsonl(RECORDS).encode() + b'{"body": "\xff"}\n'),
        ("a.jsonl", as_jsonl(RECORDS).encode("utf-16")),
        ("a.jsonl", as_csv(RECORDS)),
        ("a.csv", as_jsonl(RECORDS) + "\x00"),
        ("a.parquet", as_parquet(RECORDS)[:-900]),
        ("a.parquet", as_parquet([{"text_of_it": "x" * 50 * n} for n in range(60)])),
    ],
)
def test_what_is_odd_is_read_as_a_whole(in_parts, name, content):
    _, given_up = in_parts(name, content, part=400)
    assert given_up == (name != "a.jsonl" or not isinstance(content, str))


def test_rows_of_the_wrong_length_do_not_keep_a_table_from_being_read_in_parts(in_parts):
    lines = as_csv([{**record, "body": "They met."} for record in RECORDS]).split("\n")
    lines[20:20] = ["one,two", "a,b,c,d,e"]
    tables, given_up = in_parts("a.csv", "\n".join(lines), part=300)
    assert given_up == 0
    assert tables["rejects"]["reason"].str.startswith(("line 21: 2 fields", "line 22: 5 fields")).sum() == 2


def test_a_part_that_is_given_up_is_read_as_a_whole(make_study, monkeypatch):
    study = make_study({"articles/a.jsonl": as_jsonl(RECORDS)})
    whole = read_articles(study, limits=LIMITS._replace(rejects=1))
    monkeypatch.setattr(gathering, "PART", 700)
    same(whole, read_articles(study, limits=LIMITS._replace(rejects=1)))
    assert whole["rejects"]["reason"].to_list()[-1] == "1 items cannot be read: the rest is not read"


def test_rejects_are_counted_over_parts(make_study, monkeypatch):
    lines = as_jsonl(RECORDS).replace("\n", "\n{}\n")
    study = make_study({"articles/a.jsonl": lines})
    limits = LIMITS._replace(rejects=21)  # more than in any part
    whole = read_articles(study, limits=limits)
    assert len(whole["articles"]) == 19
    monkeypatch.setattr(gathering, "PART", 700)
    same(whole, read_articles(study, limits=limits))


def test_parts_are_kept_one_by_one(make_study, monkeypatch):
    monkeypatch.setattr(gathering, "PART", 700)
    study = make_study({"articles/a.jsonl": as_jsonl(RECORDS), "articles/b.csv": as_csv(RECORDS) + 'x,"'})
    seen = []

    def stop(progress):
        seen.append(progress)
        if len(seen) == 5:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        digests = digests_of(source_files(study), study.tables_folder / "digests.json")
        read_articles(study, kept=Kept(study.tables_folder / "read.sqlite"), digests=digests, progress=stop)
    first, left = counted(study)
    assert 0 < left < sum(len(gathering.parts_of(articles._job(study, NO_MANIFEST, file))) for file in digests)
    _, again = counted(study)
    assert again == 0
    same(first, read_articles(study))


@given(st.lists(st.text(alphabet='ab",;\n\r \\é\u00a0', max_size=12), max_size=12), st.integers(1, 5), st.booleans())
def test_any_table_in_parts_is_the_whole_or_none(tmp_path_factory, cells, n, quoted):
    path = tmp_path_factory.getbasetemp() / "any.csv"
    rows = [f'{number},"{cell}",c' if quoted else f"{number},{cell},c" for number, cell in enumerate(cells)]
    path.write_text("id,body,x\n" + "\n".join(rows), encoding="utf-8", newline="")
    parts_are_the_whole(delimited.read, path, n)


@given(st.lists(st.text(alphabet='{}"bodyx: \n\r\u2028\u00a0', max_size=30), max_size=12), st.integers(1, 5))
def test_any_lines_in_parts_are_the_whole_or_none(tmp_path_factory, lines, n):
    path = tmp_path_factory.getbasetemp() / "any.jsonl"
    path.write_text('{"body": "One."}\n' + "\n".join([*lines, '{"body": "Two."}']), encoding="utf-8", newline="")
    parts_are_the_whole(jsonlines.read, path, n)


@given(st.integers(1, 40), st.integers(1, 9), st.integers(1, 7))
def test_any_rows_in_parts_are_the_whole(tmp_path_factory, rows, group, n):
    path = tmp_path_factory.getbasetemp() / "any.parquet"
    path.write_bytes(as_parquet([{"body": f"Text {row}"} for row in range(rows)], row_group_size=group))
    assert parts_are_the_whole(parquet.read, path, n) or rows < n  # the first part has none


def parts_are_the_whole(read, path, n):
    """Hold the items of n parts to those of the whole; whether the parts can be read."""
    try:
        parts = [list(read(path, encoding="utf-8", part=(k, n))) for k in range(n)]
    except Unreadable:
        return False
    items = [item for part in parts for item in part]
    numbered = [{**item, "source_index": number} for number, item in enumerate(items)]
    assert numbered == list(read(path, encoding="utf-8"))
    return True


def test_tables_come_a_few_articles_at_a_time(make_study, monkeypatch):
    study = make_study({"articles/a.jsonl": as_jsonl(RECORDS), "articles/b.txt": "Share it"})
    whole = read_articles(study)
    monkeypatch.setattr(articles, "ARTICLES", 7)
    batches = list(read_batches(study))
    assert [len(batch["articles"]) for batch in batches] == [7] * 8 + [2]
    assert [list(batch)[3:] for batch in batches] == [[]] * 8 + [["sources"]]
    same(whole, read_articles(study))
    monkeypatch.setattr(articles, "TEXT", 200)
    assert max(len(batch["articles"]) for batch in read_batches(study)) <= 3
    same(whole, read_articles(study))


def test_what_is_read_is_written_as_it_comes(make_study, monkeypatch):
    from analysis import read

    study = make_study({"articles/a.jsonl": as_jsonl(RECORDS), "articles/b.txt": "Share it"})
    monkeypatch.setattr(articles, "ARTICLES", 20)
    tables = read(study)
    assert tables["articles"]["n_words"].gt(0).all()
    same(read_articles(study), {**tables, "articles": tables["articles"].drop(columns="n_words")})
    groups = pq.ParquetFile(study.tables_folder / "articles.parquet").metadata
    assert [groups.row_group(number).num_rows for number in range(groups.num_row_groups)] == [20, 20, 18]


def test_without_an_article_all_tables_are_there(make_study):
    from analysis import read

    tables = read(make_study({"articles/a.txt": ""}))
    assert {name: len(tables[name]) for name in tables} == {"articles": 0, "rejects": 1, "furniture": 0, "sources": 1}
    assert tables["furniture"].dtypes.to_dict() == {
        "article_id": pd.StringDtype(na_value=float("nan")),
        "line": "int64",
        "text": pd.StringDtype(na_value=float("nan")),
        "rule": pd.StringDtype(na_value=float("nan")),
    }


@pytest.mark.skipif(os.name == "nt", reason="limits of time")
def test_an_article_at_which_the_rules_hang_costs_no_other_of_its_part(make_study, monkeypatch):
    records = [*RECORDS[:30], {**RECORDS[30], "body": "STICK"}, *RECORDS[31:]]
    study = make_study({"articles/a.jsonl": as_jsonl(records)})
    monkeypatch.setattr(pool, "_START", STRANGE)
    monkeypatch.setattr(gathering, "PART", 3000)
    tables = read_articles(study, workers=2, limits=QUICK)
    assert len(tables["articles"]) == 57
    reasons = dict(zip(tables["rejects"]["source_index"], tables["rejects"]["reason"], strict=True))
    assert reasons[30] == "took longer than 3 s"
    assert [*reasons] == [7, 20, 30]
