"""Each format: columns under their names and aliases, one bad item never the loss of its neighbours."""

from __future__ import annotations

import datetime as dt

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

BODY = "They met on Tuesday and parted without a text.\n\nHe did not come."
FULL = {
    "outlet": "Gull",
    "published": "2024-06-04T10:30:00Z",
    "headline": "Talks fail",
    "deck": "Nine hours, no text",
    "byline": "Jane Doe",
    "agency": "Gull Wire",
    "url": "https://gull.example/1",
    "language": "en-GB",
    "story": "fish",
    "body": BODY,
}


def only(tables):
    assert len(tables["rejects"]) == 0, tables["rejects"]["reason"].to_list()
    assert len(tables["articles"]) == 1
    return tables["articles"].iloc[0]


def test_json_lines(read):
    row = only(read({"articles/a.jsonl": [FULL]}))
    assert row["published"] == pd.Timestamp("2024-06-04 10:30")
    assert row["language"] == "en"
    for column in ("outlet", "headline", "deck", "byline", "agency", "url", "story", "body"):
        assert row[column] == FULL[column]


def test_aliases_in_any_case_and_the_contracts_name_first(read):
    record = {
        "Publication": "Gull",
        "DATE": "4 June 2024",
        "Title": "Talks fail",
        "Standfirst": "Nine hours, no text",
        "authors": ["Jane Doe", "John Roe"],
        "Link": "https://gull.example/1",
        "content": "not this",
        "Body": BODY,
    }
    row = only(read({"articles/a.jsonl": [record]}))
    assert (row["outlet"], row["headline"], row["deck"]) == ("Gull", "Talks fail", "Nine hours, no text")
    assert (row["byline"], row["url"], row["body"]) == ("Jane Doe, John Roe", "https://gull.example/1", BODY)
    assert row["published"] == pd.Timestamp("2024-06-04")


def test_json_lines_go_on_after_a_bad_line(read):
    lines = [
        '{"body": "One."}',
        '{"body": "Two."',
        "",
        '["Three."]',
        '{"body": 4}',
        '{"body": ""}',
        '{"headline": "Six"}',
        '{"body": null}',
        "[" * 100_000,
        '{"body": "Nine.", "n": ' + "9" * 5000 + "}",
        '{"body": "Ten."}',
    ]
    tables = read({"articles/a.jsonl": "\n".join(lines)})
    assert tables["articles"]["body"].to_list() == ["One.", "Ten."]
    assert tables["articles"]["source_index"].to_list() == [0, 9]
    said = tables["rejects"]["reason"].to_list()
    assert said[0] == "line 2: not JSON (Expecting ',' delimiter at character 15)"
    assert said[1] == "line 4: not a JSON object (`{…}`)"
    assert said[2] == "line 5: body is a number, not text"
    assert said[3] == "line 6: no body"
    assert said[4] == "line 7: no key 'body' (or text, content, full_text, article_text); keys here: headline"
    assert said[5] == "line 8: no body"
    assert [reason.split(" (")[0] for reason in said[6:]] == [
        "line 9: not JSON that can be read",
        "line 10: not JSON that can be read",
    ]


def test_what_cannot_be_used_is_noted(read):
    record = {"body": BODY, "date": "Tuesday week", "source": {"id": 1}, "url": {"name": "x"}, "author": ["A", ["B"]]}
    tables = read({"articles/a.jsonl": [record]})
    row = only(tables)
    assert pd.isna(row["published"])
    assert pd.isna(row["outlet"])
    assert (row["url"], row["byline"]) == ("x", "A")
    assert tables["furniture"][["line", "text", "rule"]].to_dict("records") == [
        {"line": 0, "text": "an object", "rule": "unusable-outlet"},
        {"line": 0, "text": "Tuesday week", "rule": "unusable-published"},
    ]


def test_records_lose_only_what_is_unmistakable(read):
    body = (
        "Talks fail\n\nShare this article\n\n4 June 2024\n\nHe did not come.\n\nWorld\n\nWith reporting by Gull Wire"
        "\n\n[This story was written with AI.]\n\n3 comments"
    )
    row = only(read({"articles/a.jsonl": [{"headline": "Talks fail", "body": body}]}))
    assert row["body"] == "4 June 2024\n\nHe did not come.\n\nWorld"
    assert (row["agency"], row["disclosure"]) == ("Gull Wire", "[This story was written with AI.]")
    assert pd.isna(row["published"])


def test_csv(read):
    text = 'Date;Title;Text\n2024-06-04;Talks fail;"They met, ""again"".\n\nHe did not come."\n\n2024-06-05;B;C.\n'
    articles = read({"articles/a.csv": text})["articles"]
    assert articles["body"].to_list() == ['They met, "again".\n\nHe did not come.', "C."]
    assert articles["source_index"].to_list() == [0, 1]


def test_csv_goes_on_after_a_bad_row(read):
    text = (
        'headline,body\nA,One.\nB,Two,three.\nC\nD,"Four.\nE,"Fi"ve."\nF,Six.\nG,\n,\nH,"Eight.\nAnd more."\nI,"Nine.\n'
    )
    tables = read({"articles/a.csv": text})
    assert tables["articles"]["body"].to_list() == ["One.", "Six.", "Eight.\n\nAnd more."]
    said = tables["rejects"]["reason"].to_list()
    assert said[:2] == ["line 3: 3 fields where the header has 2", "line 4: 1 fields where the header has 2"]
    assert said[2].startswith("line 5: not valid CSV")
    assert said[3].startswith("line 6: not valid CSV")
    assert said[4] == "line 8: no body"
    assert said[5] == "line 12: not valid CSV: a quotation mark that is never closed"


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        (
            "a.csv",
            "headline,date\nA,B\n",
            "no column 'body' (or text, content, full_text, article_text); columns here: headline, date",
        ),
        ("a.csv", "headline,body\n", "no rows under the header"),
        ("a.csv", "\n\n", "empty file: no header"),
        ("a.csv", "body,body\nA,B\n", "column 'body' stands twice in the header"),
        ("a.csv", 'body,"x\n', "the header is broken: not valid CSV: a quotation mark that is never closed"),
        ("a.jsonl", "\n\n", "empty file: no line of JSON"),
        ("a.md", "---\ntitle: [A\n---\nText.\n", "front matter is not YAML, line 3"),
        (
            "a.md",
            "---\na: &a [{name: x}]\ntitle: *a\n---\nText.\n",
            "front matter is not YAML, line 3: alias *a: write it out",
        ),
        ("a.md", f"---\ntitle: {'[' * 5000}\n---\nText.\n", "front matter is nested 5000 deep: not read"),
        (
            "a.md",
            f"---\ntitle: {'a ' * 200_000}\n---\nText.\n",
            "front matter is longer than 200,000 characters: not read",
        ),
        ("a.md", "---\ntitle: A\n\nText.\n", "front matter is not closed: no second line of ---"),
        ("a.md", "---\ndate: 2024-02-31\n---\nText.\n", "front matter is not YAML: day is out of range for month"),
        ("a.md", "---\ntitle: A\n---\n", "the file: no body"),
        ("a.html", "<html><body><nav>Home</nav></body></html>", "no body"),
    ],
)
def test_a_file_without_articles_has_its_reason(reason, name, content, said):
    assert reason(name, content).startswith(said)


def test_tab_separated(read):
    assert only(read({"articles/a.tsv": "title\ttext\nA, b\tHe came, and left.\n"}))["headline"] == "A, b"


def write_parquet(tmp_path, table):
    (tmp_path / "articles").mkdir()
    pq.write_table(table, tmp_path / "articles" / "a.parquet")


def test_parquet(read, tmp_path):
    published = pa.array([dt.datetime(2024, 6, 4, 10, 30), None], pa.timestamp("ns", tz="Europe/Kyiv"))
    table = pa.table(
        {"Text": ["One.", None], "date": published, "source": pa.array(["Gull", "Gull"]).dictionary_encode()}
    )
    write_parquet(tmp_path, table)
    tables = read({})
    row = tables["articles"].iloc[0]
    assert (row["body"], row["outlet"], row["published"]) == ("One.", "Gull", pd.Timestamp("2024-06-04 13:30"))
    assert tables["rejects"]["reason"].to_list() == ["row 2: no body"]


@pytest.mark.parametrize(
    ("table", "said"),
    [
        (
            pa.table({"headline": ["A"]}),
            "no column 'body' (or text, content, full_text, article_text); columns here: headline",
        ),
        (pa.table({"body": pa.array([], pa.string())}), "no rows in the file"),
        (pa.table({"body": [1]}), "row 1: body is a number, not text"),
        (pa.table({"body": [b"x"]}), "row 1: body is bytes, not text"),
        (pa.table([["A"], ["B"]], names=["body", "body"]), "column 'body' stands twice in the file"),
    ],
)
def test_parquet_that_holds_no_article(read, tmp_path, table, said):
    write_parquet(tmp_path, table)
    assert read({})["rejects"]["reason"].iloc[0].startswith(said)


def test_markdown_with_front_matter(read):
    text = (
        '---\ntitle: "Talks fail"\ndate: 2024-06-04\nauthor: Jane Doe\npublication: Gull\ndeck: Nine hours\n---\n\n'
        "# Talks fail\n\nThey met on **Tuesday** and parted\nwithout a [text](https://gull.example/text).\n\n"
        "## The morning after\n\nHe did not come; 2 * 3 * 4 is 24 and snake_case_name stays.\n\nShare this article\n"
    )
    row = only(read({"articles/a.md": text}))
    assert (row["headline"], row["deck"], row["byline"], row["outlet"]) == (
        "Talks fail",
        "Nine hours",
        "Jane Doe",
        "Gull",
    )
    assert row["published"] == pd.Timestamp("2024-06-04")
    assert row["body"] == (
        "They met on Tuesday and parted\n\nwithout a text.\n\nThe morning after\n\n"
        "He did not come; 2 * 3 * 4 is 24 and snake_case_name stays."
    )


def test_markdown_without_front_matter_is_a_page(read):
    text = "Gull News\n\n# Talks fail\n\nBy Jane Doe\n\nThey met on Tuesday and parted without a text.\n\nShare it\n"
    row = only(read({"articles/a.md": text}))
    assert (row["outlet"], row["headline"], row["byline"]) == ("Gull News", "Talks fail", "Jane Doe")
    assert row["body"] == "They met on Tuesday and parted without a text."


def test_markdown_that_begins_with_a_rule_is_a_page(read):
    row = only(read({"articles/a.md": "---\n\nTalks fail\n\nThey met on Tuesday and parted.\n\n---\n"}))
    assert row["body"] == "They met on Tuesday and parted."


PARAGRAPHS = [
    "Ministers met in the northern port on Tuesday to settle the fishing row, officials said. They stayed on.",
    "The talks ended without a text, according to two people in the room who asked not to be named in this paper.",
    "“We will meet again,” the minister said as he left the building by the back door, and nobody asked when.",
]
WEB = """<!DOCTYPE html><html lang="en-GB"><head><meta charset="utf-8"><title>Talks fail again | Gull</title>
<meta property="og:title" content="Talks fail again | Gull"><meta property="og:site_name" content="Gull">
<meta property="article:published_time" content="2024-06-04T10:30:00+02:00"><meta name="author" content="Jane Doe">
<link rel="canonical" href="https://gull.example/1"></head><body><nav><a href="/">Home</a></nav><article>
<p class="section">World</p><h1>Talks fail again</h1><p class="standfirst">Nine hours, no text</p>{body}
<p>Share this article</p></article><script>alert("x")</script><footer>© 2024 Gull</footer></body></html>"""


def test_html(read):
    page = WEB.replace("{body}", "".join(f"<p>{paragraph}</p>" for paragraph in PARAGRAPHS))
    row = only(read({"articles/a.html": page}))
    assert row["body"] == "\n\n".join(PARAGRAPHS)
    assert (row["outlet"], row["headline"], row["deck"]) == ("Gull", "Talks fail again", "Nine hours, no text")
    assert (row["byline"], row["url"], row["language"]) == ("Jane Doe", "https://gull.example/1", "en")
    assert row["published"] == pd.Timestamp("2024-06-04 10:30")


def test_a_fragment_of_html(read):
    fragment = "<h1>Talks fail again</h1>" + "".join(f"<p>{paragraph}</p>" for paragraph in PARAGRAPHS)
    row = only(read({"articles/a.html": fragment}))
    assert (row["headline"], row["body"]) == ("Talks fail again", "\n\n".join(PARAGRAPHS))


def test_html_in_the_encoding_it_declares(read):
    page = WEB.replace("{body}", "".join(f"<p>{paragraph}</p>" for paragraph in PARAGRAPHS))
    data = page.replace("utf-8", "windows-1251").replace("©", "").replace("Nine hours", "Девять").encode("cp1251")
    row = only(read({"articles/a.html": data}))
    assert (row["deck"], row["body"]) == ("Девять, no text", "\n\n".join(PARAGRAPHS))


def test_a_title_loses_the_sites_name_where_there_is_no_other_headline(read):
    page = WEB.replace("{body}", "".join(f"<p>{paragraph}</p>" for paragraph in PARAGRAPHS))
    assert (
        only(read({"articles/a.html": page.replace("<h1>Talks fail again</h1>", "")}))["headline"] == "Talks fail again"
    )
