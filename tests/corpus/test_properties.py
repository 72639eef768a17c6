"""Any bytes under any suffix: found = articles + rejects, no exception, the same twice, and no character lost."""

from __future__ import annotations

import json
import tempfile
import unicodedata
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.corpus.articles import read_articles
from analysis.corpus.pages import read_page
from analysis.corpus.readers import SUFFIXES as KNOWN
from analysis.corpus.readers import read_items
from analysis.study import open_study

# Lines that pages are made of, mixed with anything.
LINES = st.sampled_from(
    [
        "",
        "Talks fail",
        "Talks fail again in the northern port",
        "Gull News",
        "GullPost",
        "World",
        "By Jane Doe",
        "Jane Doe | 4 June 2024 | 5 min read",
        "4 June 2024",
        "Share it",
        "X",
        "0",
        "12 comments",
        "gullfan says:",
        "Leave a Reply",
        "Related stories",
        "Read more: Snow falls in May",
        "Advertisement",
        "(Reuters)",
        "[This article was written with AI.]",
        "Talks fail again | Gull News",
        "Talks fail again in the northern port - GullPost",
        "They met on Tuesday and parted without a text, officials said.",
        "PORT NORTH (AP) — They met on Tuesday and parted without a text, officials said.",
        "He did not.",
        "What comes next",
        "a line of some forty characters that goes on and",
        "on, broken at a width, until it comes to its last",
        "words and ends well-",
        "\u200bGetty Images\u00a0",
    ]
)
PAGES = st.lists(st.one_of(LINES, st.text(max_size=30)), max_size=25).map("\n".join)
MARKUP = st.lists(
    st.sampled_from(
        [
            "---\n",
            "title: A\n",
            "# A\n",
            "body,title\n",
            '"',
            "{",
            '{"body": "a"}\n',
            "<p>",
            "<h1>a</h1>",
            "\x00",
            "a,b\n",
        ]
    ),
    max_size=12,
).map("".join)
CONTENT = st.one_of(
    st.binary(max_size=200),
    PAGES.map(lambda text: text.encode("utf-8", "surrogatepass")),
    MARKUP.map(str.encode),
    st.lists(st.dictionaries(st.sampled_from(["body", "title", "date", "source", "x"]), st.one_of(
        st.none(), st.text(max_size=20), st.integers(), st.floats(), st.lists(st.text(max_size=3), max_size=2)
    ), max_size=4), max_size=4).map(lambda records: "\n".join(json.dumps(record) for record in records).encode()),
)  # fmt: skip
SUFFIXES = st.sampled_from([*sorted(KNOWN), ".pdf", ""])


def read(files):
    """The tables of a study of these files, and how many items its readers found."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        (folder / "articles").mkdir()
        for name, content in files.items():
            (folder / "articles" / name).write_bytes(content)
        (folder / "study.yml").write_text("title: x\narticles: articles\ncodebooks: [generic-frames]", "utf-8")
        paths = [folder / "articles" / name for name in files]
        found = sum(len(list(read_items(path, encoding="utf-8"))) for path in paths)
        return read_articles(open_study(folder)), found


@settings(deadline=None, max_examples=150)
@given(st.lists(st.tuples(SUFFIXES, CONTENT), min_size=1, max_size=4))
def test_found_is_articles_and_rejects(files):
    named = {f"{number}{suffix}": content for number, (suffix, content) in enumerate(files)}
    tables, found = read(named)
    assert found == len(tables["articles"]) + len(tables["rejects"]) >= len(files)
    assert set(tables["articles"]["source_file"]) | set(tables["rejects"]["source_file"]) == {
        f"articles/{name}" for name in named
    }
    places = [*zip(tables["articles"]["source_file"], tables["articles"]["source_index"], strict=True)]
    places += [*zip(tables["rejects"]["source_file"], tables["rejects"]["source_index"], strict=True)]
    assert len(set(places)) == len(places)
    assert (tables["articles"]["body"].str.strip() == tables["articles"]["body"]).all()
    assert tables["rejects"]["reason"].str.len().gt(0).all()
    again, _ = read(named)
    for name, table in tables.items():
        assert table.equals(again[name]), name


def characters(text):
    """Characters that are seen: no white space, no zero-width marks, no half surrogates."""
    return Counter(char for char in text if not char.isspace() and char not in "\u200b\u2060\ufeff")


@settings(deadline=None, max_examples=400)
@given(PAGES, st.sampled_from([None, "Gull News", "GullPost"]), st.sampled_from([None, "Talks fail", "Nothing"]))
def test_every_character_of_a_page_is_in_exactly_one_part(text, outlet, headline):
    text = unicodedata.normalize("NFC", text)
    page = read_page(text, outlet=outlet, headline=headline)
    parts = [page["headline"] or "", page["deck"] or "", page["body"], *(line for _, line, _ in page["furniture"])]
    assert sum((characters(part) for part in parts), Counter()) == characters(text)
    numbers = [number for number, _, _ in page["furniture"]]
    assert numbers == sorted(numbers)
    lines = text.split("\n")
    for number, line, _ in page["furniture"]:
        assert line.split()[0] in lines[number - 1]


@settings(deadline=None, max_examples=100)
@given(PAGES)
def test_the_body_keeps_the_order_of_the_page(text):
    text = unicodedata.normalize("NFC", text)
    body = read_page(text)["body"]
    rest = iter(char for char in text if not char.isspace())
    assert all(char in rest for char in body if not char.isspace())


@pytest.mark.parametrize("size", [2_000])
def test_two_thousand_pages_take_seconds(size):
    import time

    body = "\n\n".join(f"They met on day {number} and parted without a text, officials said." for number in range(12))
    pages = [f"GullPost\nTalks fail {number}\n\nBy Jane Doe\n\n{body} {number}\n\nShare it" for number in range(size)]
    start = time.process_time()
    for page in pages:
        read_page(page)
    assert time.process_time() - start < 5
