"""Sources → tables: found = articles + rejects, ids, duplicates, places, and every kind of bad input."""

from __future__ import annotations

import hashlib
import os

import pandas as pd
import pytest

from analysis.corpus.articles import read_articles
from analysis.corpus.places import source_files, source_name
from analysis.corpus.readers import text
from analysis.study import UserError

PAGE = "Talks fail\n\nThey met on Tuesday and parted without a text, officials said.\n\nHe did not come."
BODY = "They met on Tuesday and parted without a text, officials said.\n\nHe did not come."


def names(study):
    return [source_name(study, file) for file in source_files(study)]


def test_a_page_becomes_a_row(read):
    tables = read({"articles/a.txt": f"{PAGE}\n\nShare it\n"}, language="de")
    row = tables["articles"].iloc[0]
    assert (row["headline"], row["body"], row["language"]) == ("Talks fail", BODY, "de")
    assert (row["source_file"], row["source_index"]) == ("articles/a.txt", 0)
    assert row["article_id"] == hashlib.sha256(f"\nTalks fail\n{BODY}".encode()).hexdigest()[:12]
    for missing in ("outlet", "published", "deck", "byline", "agency", "disclosure", "url", "story"):
        assert pd.isna(row[missing]), missing
    assert tables["furniture"].drop(columns="article_id").to_dict("records") == [
        {"line": 7, "text": "Share it", "rule": "share"}
    ]


def test_types_are_the_same_with_and_without_rows(read, make_study):
    full = read({"articles/a.txt": PAGE})["articles"].dtypes
    none = read_articles(make_study({"articles/a.txt": ""}))["articles"].dtypes
    assert full.to_dict() == none.to_dict()
    assert str(full["published"]) == "datetime64[us]"


def test_the_body_is_nfc_with_plain_line_ends(read):
    page = "Talks fail\r\n\r\nZoe\u0308 said no on Tuesday and went home, the aides said.\r\n\r\nShe did.\r\n"
    row = read({"articles/a.txt": page})["articles"].iloc[0]
    assert row["body"] == "Zo\u00eb said no on Tuesday and went home, the aides said.\n\nShe did."


def test_an_article_twice_is_a_reject(read):
    record = {"outlet": "Gull", "title": "Talks fail", "text": "He did not come."}
    other = {**record, "outlet": "Echo"}
    tables = read({"articles/a.jsonl": [record, other, record], "articles/b.jsonl": [record]})
    assert tables["articles"]["outlet"].to_list() == ["Gull", "Echo"]
    assert tables["rejects"].to_dict("records") == [
        {"source_file": "articles/a.jsonl", "source_index": 2, "reason": "duplicate of articles/a.jsonl item 0"},
        {"source_file": "articles/b.jsonl", "source_index": 0, "reason": "duplicate of articles/a.jsonl item 0"},
    ]


def test_the_same_text_on_another_day_is_another_article(read):
    def record(day):
        return {"outlet": "A", "headline": "Weather", "body": "It rains.", **({"published": day} if day else {})}

    days = ["2024-06-14T08:00", "2024-06-15", "2024-06-14T20:00", "2024-06-15", None]
    tables = read({"articles/a.jsonl": [record(day) for day in days]})
    assert tables["articles"]["source_index"].to_list() == [0, 1]
    assert tables["articles"]["article_id"].nunique() == 2
    twins = [f"duplicate of articles/a.jsonl item {n}" for n in (0, 1, 0)]
    assert tables["rejects"]["reason"].to_list() == twins
    # An article keeps its id, whatever its day.
    (alone,) = read({"articles/a.jsonl": [record(None)]})["articles"]["article_id"]
    assert alone == tables["articles"]["article_id"].iloc[0]


def test_what_a_source_says_of_the_language_of_a_text_too_short_to_tell_is_a_doubt(read):
    records = [
        {"headline": "A", "body": "Ministers met.", "language": "fr"},
        {"headline": "B", "body": "Ministers stayed.", "language": "en-GB"},
        {"headline": "C", "body": "Ministers met in the port on Tuesday, and they stayed. " * 4, "language": "fr"},
    ]
    tables = read({"articles/a.jsonl": records})
    assert tables["articles"]["headline"].to_list() == ["A", "B", "C"]
    assert set(tables["articles"]["language"]) == {"en"}
    cut = tables["furniture"].merge(tables["articles"], on="article_id")
    assert cut[["headline", "text", "rule"]].to_numpy().tolist() == [["A", "fr", "unusable-language"]]


def test_what_stood_amid_the_text_and_what_a_file_says_of_itself(read, monkeypatch):
    def items(path, *, encoding, keep):
        amid = [("related-stories", "More on ships")]
        yield {"source_index": 0, "headline": "Talks fail", "body": "They met.", "cuts": amid}
        page = "Ships stay\n\nThey stayed in the port, and nobody said a word of it to the press."
        yield {"source_index": 1, "page": page, "stated": {"byline": "Ann  Other", "headline": "Not this one"}}

    monkeypatch.setattr(text, "read", items)
    tables = read({"articles/a.txt": "x"})
    assert tables["articles"][["headline", "byline"]].fillna("").to_numpy().tolist() == [
        ["Talks fail", ""],
        ["Ships stay", "Ann Other"],
    ]
    assert tables["furniture"][["line", "text", "rule"]].to_numpy().tolist() == [
        [0, "More on ships", "related-stories"]
    ]


def test_a_page_of_furniture_twice_is_empty_twice(read):
    rejects = read({"articles/a.txt": "Share it", "articles/b.txt": "Share it"})["rejects"]
    assert rejects["reason"].str.startswith("no body").all()


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.txt", b"", "empty file"),
        ("a.txt", b" \n\n", "no body"),
        ("a.txt", b"Talks fail", "no body"),
        ("a.txt", b"Share it\nX\n0", "no body"),
        ("a.txt", b"caf\xe9", "not utf-8: byte 0xe9 at 3; save the file as UTF-8, or set `encoding:` in study.yml"),
        ("a.txt", b"%PDF-1.7 text", "not PDF that can be read"),
        ("a.txt", b"\x89PNG text", "binary file, not text (it begins like a PNG file)"),
        ("a.txt", b"PK\x03\x04text", "binary file, not text (it begins like a ZIP or Office file)"),
        ("a.txt", b"text\x00text", "binary file, not text (a NUL byte at 4)"),
        ("a.txt", "a\x00b".encode("utf-16"), "binary file, not text (it holds NUL characters)"),
        ("a.md", b"\xff\xfe\x00\xd8", "not utf-16"),
        ("a.docx", b"x", "not DOCX that can be read"),
        ("a.mp4", b"x", ".mp4 files are not read; readable are "),
        ("README", b"x", "files without a suffix are not read"),
        ("README", b"", "empty file"),
        ("a.parquet", b"PAR1", "not Parquet that can be read"),
        ("a.csv", b"\x00", "binary file"),
        ("a.html", b"\x89PNG..", "binary file"),
    ],
)
def test_a_file_that_cannot_be_read_has_its_reason(reason, name, content, said):
    assert reason(name, content).startswith(said)


def test_encodings(read):
    files = {
        "articles/a.txt": PAGE.replace("officials", "café owners").encode("cp1252"),
        "articles/b.txt": PAGE.replace("officials", "b\u00e9b\u00e9s").encode("utf-8-sig"),
        "articles/c.txt": PAGE.replace("officials", "c\u00f4t\u00e9s").encode("utf-16"),
        "articles/d.txt": PAGE.replace("officials", "d\u00e9s").encode("utf-32"),
    }
    tables = read(files, encoding="windows-1252")
    assert len(tables["rejects"]) == 0
    assert tables["articles"]["headline"].to_list() == ["Talks fail"] * 4
    assert tables["articles"]["body"].str.extract(r"text, (\w+)")[0].to_list() == ["café", "bébés", "côtés", "dés"]


def test_half_a_surrogate_pair_is_a_reject_and_its_neighbours_stay(read):
    lines = '{"body": "One."}\n{"body": "Tw\\ud800o."}\n{"headline": "\\udc00", "body": "Three."}\n{"body": "Four."}'
    tables = read({"articles/a.jsonl": lines})
    assert tables["articles"]["body"].to_list() == ["One.", "Four."]
    assert tables["rejects"]["reason"].str.contains("half a surrogate pair").all()


def test_places_are_files_folders_globs_and_lists(make_study):
    files = dict.fromkeys(
        ["articles/a.txt", "articles/b/c.txt", "articles/.hidden.txt", "articles/.git/x.txt", "more/d.csv", "e[1].txt"],
        "x",
    )
    for articles, expected in (
        ("articles", ["articles/a.txt", "articles/b/c.txt"]),
        ("articles/", ["articles/a.txt", "articles/b/c.txt"]),
        ("articles/*.txt", ["articles/a.txt"]),
        ("articles/**/*.txt", ["articles/a.txt", "articles/b/c.txt"]),
        ("*/b", ["articles/b/c.txt"]),
        (["more", "articles/a.txt", "more/d.csv"], ["articles/a.txt", "more/d.csv"]),
        ("e[1].txt", ["e[1].txt"]),
        (".", ["articles/a.txt", "articles/b/c.txt", "e[1].txt", "more/d.csv"]),
    ):
        assert names(make_study(files, articles=articles)) == expected, articles


def test_the_studys_own_files_are_no_sources(make_study):
    files = {"a.txt": PAGE, "list.csv": "file\na.txt\n", "tables/x/articles.parquet": "x"}
    assert names(make_study(files, articles=".", manifest="list.csv")) == ["a.txt"]


def test_articles_beside_the_study_are_named_from_it(make_study, tmp_path):
    outside = tmp_path / "pages"
    study = make_study({"study/x": "", "pages/a.txt": PAGE})
    (tmp_path / "study" / "study.yml").write_text(
        f"title: x\narticles: ['../pages', '{outside.as_posix()}/a.txt']\ncodebooks: [generic-frames]", "utf-8"
    )
    from analysis.study import open_study

    study = open_study(tmp_path / "study")
    assert names(study) == ["../pages/a.txt"]
    assert read_articles(study)["articles"]["source_file"].to_list() == ["../pages/a.txt"]


def test_linked_folders_are_read_once(make_study, tmp_path):
    study = make_study({"articles/a.txt": PAGE, "store/b.txt": PAGE})
    (tmp_path / "articles" / "linked").symlink_to(tmp_path / "store")
    (tmp_path / "articles" / "loop").symlink_to(tmp_path / "articles")
    assert names(study) == ["articles/a.txt", "articles/linked/b.txt"]


@pytest.mark.parametrize(
    ("articles", "said"),
    [
        ("pages", "articles: 'pages': there is no such file, folder or match"),
        (["articles", "*.html"], "articles: '*.html': there is no such file, folder or match"),
        ("empty", "articles: 'empty': the folder holds no files"),
    ],
)
def test_a_pattern_that_finds_nothing_is_named(make_study, tmp_path, articles, said):
    study = make_study({"articles/a.txt": PAGE}, articles=articles)
    (tmp_path / "empty").mkdir()
    with pytest.raises(UserError) as error:
        read_articles(study)
    assert said in str(error.value)
    assert "\n" not in str(error.value)


def test_a_column_to_compare_that_is_not_there_is_named(make_study):
    study = make_study({"articles/a.txt": PAGE}, compare="country")
    with pytest.raises(UserError, match=r"compare: no column 'country'; columns here: article_id, outlet, .*headline"):
        read_articles(study)


def test_a_column_to_compare_may_come_with_the_records(read):
    records = [{"body": "One.", "country": "Norway"}, {"body": "Two."}]
    articles = read({"articles/a.jsonl": records}, compare="country")["articles"]
    assert articles["country"].to_list()[0] == "Norway"
    assert articles["country"].isna().to_list() == [False, True]


def test_a_study_whose_articles_are_all_rejected_is_read(read):
    tables = read({"articles/a.docx": b"x", "articles/b.txt": b""})
    assert (len(tables["articles"]), len(tables["rejects"]), len(tables["furniture"])) == (0, 2, 0)


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="needs files that cannot be opened")
def test_a_file_that_cannot_be_opened_is_a_reject(make_study, tmp_path):
    study = make_study({"articles/a.txt": PAGE, "articles/b.txt": PAGE})
    (tmp_path / "articles" / "b.txt").chmod(0)
    assert read_articles(study)["rejects"]["reason"].to_list() == ["cannot be opened: Permission denied"]


def test_a_broken_link_is_a_reject(make_study, tmp_path):
    study = make_study({"articles/a.txt": PAGE})
    (tmp_path / "articles" / "b.txt").symlink_to(tmp_path / "gone.txt")
    tables = read_articles(study)
    assert tables["rejects"]["reason"].to_list() == ["cannot be opened: No such file or directory"]


def test_columns_are_called_as_the_study_says(read, make_study):
    files = {"articles/a.csv": "Zeitung;Titel;Volltext\nGull;Talks fail;Sie kamen.\n"}
    columns = {"outlet": "Zeitung", "headline": "Titel", "body": "Volltext"}
    row = read(files, columns=columns)["articles"].iloc[0]
    assert (row["outlet"], row["headline"], row["body"]) == ("Gull", "Talks fail", "Sie kamen.")
    with pytest.raises(UserError, match="no column of ours is called 'Zeitung'; those are outlet, published"):
        make_study(files, columns={"Zeitung": "outlet"})


def test_a_table_of_outlets_that_is_not_there_is_named(make_study):
    with pytest.raises(UserError, match=r"outlets: 'names.yml': there is no such file"):
        read_articles(make_study({"articles/a.txt": PAGE}, outlets="names.yml"))
