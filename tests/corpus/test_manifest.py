"""The manifest overrides what pages say; what is wrong in it is one line, what it misses is a reject."""

from __future__ import annotations

import pandas as pd
import pytest

from analysis.corpus.articles import read_articles
from analysis.study import UserError

PAGE = "Gull News\n\nTalks fail\n\n4 June 2024\n\nThey met on Tuesday and parted without a text, officials said."
BODY = "They met on Tuesday and parted without a text, officials said."


@pytest.fixture
def with_manifest(read):
    def make(manifest, files=None, **keys):
        files = files or {"articles/a.txt": PAGE}
        return read({**files, "list.csv": manifest}, manifest="list.csv", **keys)

    return make


def test_it_overrides_where_it_says_something(with_manifest):
    row = with_manifest("file,outlet,published,url\na.txt,The Gull,2024-06-05 10:30,https://gull.example/1\n")[
        "articles"
    ].iloc[0]
    assert (row["outlet"], row["published"], row["url"]) == (
        "The Gull",
        pd.Timestamp("2024-06-05 10:30"),
        "https://gull.example/1",
    )
    assert (row["headline"], row["body"]) == ("Talks fail", BODY)


def test_an_empty_cell_says_nothing(with_manifest):
    row = with_manifest("file,outlet,published\na.txt, ,\n")["articles"].iloc[0]
    assert (row["outlet"], row["published"]) == ("Gull News", pd.Timestamp("2024-06-04"))


def test_other_columns_are_added_as_text(with_manifest):
    files = {"articles/a.txt": PAGE, "articles/b.txt": PAGE.replace("Tuesday", "Friday")}
    articles = with_manifest("file,country,rank\na.txt,Norway,07\n", files, compare="country")["articles"]
    assert list(articles.columns)[-2:] == ["country", "rank"]
    assert articles["rank"].to_list()[0] == "07"
    assert articles["country"].isna().to_list() == [False, True]
    assert str(articles["country"].dtype) == "str"


def test_the_words_of_the_page_are_kept_where_it_overrides_them(with_manifest):
    tables = with_manifest("file,headline\na.txt,Talks end\n")
    assert tables["articles"]["headline"].to_list() == ["Talks end"]
    assert (3, "Talks fail", "overridden-headline") in list(
        tables["furniture"][["line", "text", "rule"]].itertuples(index=False, name=None)
    )


def test_a_headline_it_knows_is_found_on_the_page(with_manifest):
    page = f"{BODY}\n\nTALKS FAIL\n\nHe did not come, and nobody else did."
    tables = with_manifest("file,headline\na.txt,Talks fail\n", {"articles/a.txt": page})
    row = tables["articles"].iloc[0]
    assert (row["headline"], row["body"]) == ("Talks fail", f"{BODY}\n\nHe did not come, and nobody else did.")


def test_a_row_holds_for_every_item_of_its_file(with_manifest):
    records = [{"body": "One.", "outlet": "A"}, {"body": "Two."}]
    articles = with_manifest("file,outlet\na.jsonl,Gull\n", {"articles/a.jsonl": records})["articles"]
    assert articles["outlet"].to_list() == ["Gull", "Gull"]


@pytest.mark.parametrize("name", ["deep/a.txt", "articles/deep/a.txt", "./articles/deep/a.txt", r"deep\a.txt"])
def test_files_are_named_from_the_manifest_or_the_articles(with_manifest, name):
    tables = with_manifest(f"file,outlet\n{name},Gull\n", {"articles/deep/a.txt": PAGE})
    assert tables["articles"]["outlet"].to_list() == ["Gull"]
    assert len(tables["rejects"]) == 0


def test_files_are_found_from_a_glob_too(with_manifest):
    manifest = "file;outlet\nx/a.txt;Gull\n"
    tables = with_manifest(manifest, {"pages/x/a.txt": PAGE}, articles="pages/**/*.txt")
    assert tables["articles"]["outlet"].to_list() == ["Gull"]


def test_a_file_that_is_not_there_is_a_reject(with_manifest):
    files = {"articles/a.txt": PAGE, "other/b.txt": PAGE}
    rejects = with_manifest("file,outlet\na.txt,Gull\ngone.txt,Gull\nother/b.txt,Gull\n", files)["rejects"]
    assert rejects.to_dict("records") == [
        {
            "source_file": "gone.txt",
            "source_index": 0,
            "reason": "listed in list.csv, line 3, but there is no such file",
        },
        {
            "source_file": "other/b.txt",
            "source_index": 0,
            "reason": "listed in list.csv, line 4, but it is not among the study's articles",
        },
    ]


def test_a_manifest_without_rows_is_a_manifest(with_manifest):
    tables = with_manifest("file,outlet,country\n")
    assert (len(tables["articles"]), list(tables["articles"].columns)[-1]) == (1, "country")


def test_it_may_have_a_mark_or_the_studys_encoding(with_manifest):
    for data in ("file,outlet\na.txt,Élan\n".encode("utf-8-sig"), "file,outlet\na.txt,Élan\n".encode("cp1252")):
        assert with_manifest(data, encoding="cp1252")["articles"]["outlet"].to_list() == ["Élan"]


@pytest.mark.parametrize(
    ("manifest", "said"),
    [
        ("name,outlet\na.txt,Gull\n", "list.csv: no column 'file'; columns here: name, outlet"),
        ("", "list.csv: empty file"),
        ("file,outlet\na.txt,Gull\na.txt,Gull\n", "list.csv: line 3: file 'a.txt' is listed already, in line 2"),
        ("file\na.txt\narticles/a.txt\n", "list.csv: line 3: file 'articles/a.txt' is listed already, in line 2"),
        ("file,outlet\n,Gull\n", "list.csv: line 2: no file is named"),
        ("file,outlet\na.txt\n", "list.csv: line 2: 1 fields where the header has 2"),
        ('file,outlet\na.txt,"Gull\n', "list.csv: line 2: not valid CSV: a quotation mark that is never closed"),
        ("file,published\na.txt,last week\n", "list.csv: line 2: published is 'last week'; write it as 2024-06-14"),
        ("file,published\na.txt,03/04/2024\n", "list.csv: line 2: published is '03/04/2024'"),
        ("file,body\na.txt,x\n", "list.csv: column 'body' comes from the articles; a manifest cannot set it"),
        ("file,x,x\na.txt,1,2\n", "list.csv: column 'x' stands twice in the header"),
        ("file,\na.txt,1\n", "list.csv: column 2 has no name"),
        (b"file\n\xff\n", "list.csv: not utf-8: byte 0xff at 5"),
        (b"PK\x03\x04", "list.csv: binary file"),
    ],
)
def test_a_wrong_manifest_is_one_line(with_manifest, manifest, said):
    with pytest.raises(UserError) as error:
        with_manifest(manifest)
    assert str(error.value).startswith(said)
    assert "\n" not in str(error.value)


def test_a_manifest_that_is_not_there(make_study):
    with pytest.raises(UserError, match=r"study.yml: manifest 'list.csv': No such file or directory"):
        read_articles(make_study({"articles/a.txt": PAGE}, manifest="list.csv"))


def test_a_name_that_could_be_two_files(make_study):
    files = {"x/a.txt": PAGE, "y/a.txt": PAGE, "list.csv": "file\na.txt\n"}
    with pytest.raises(
        UserError, match=r"line 2: file 'a.txt' could be .*x/a.txt or .*y/a.txt; write more of its path"
    ):
        read_articles(make_study(files, articles=["x", "y"], manifest="list.csv"))
