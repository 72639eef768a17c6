"""Media Cloud: stories without texts, and the texts that are found for them in other sources."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.corpus.stories import address, index, story_of, untold, with_story

OLD = """\
stories_id,publish_date,title,url,language,ap_syndicated,themes,media_id,media_name,media_url
101,2024-06-04 10:30:00,Talks fail,https://www.gull.example/talks/,en,False,"Fish, Sea",7,Gull,http://gull.example
102,2024-06-05,Talks resume,http://gull.example/resume?utm_source=x,en,False,,7,Gull,http://gull.example
103,undateable,Talks end,http://gull.example/end,en,True,,7,Gull,http://gull.example
"""
NEW = """\
id,indexed_date,language,media_name,media_url,publish_date,title,url
9f8e,2024-06-06 01:02:03,en,tern.example,tern.example,2024-06-05,Talks resume,https://tern.example/resume
"""
BODY = "They met on Tuesday and parted without a text. He did not come."
PAGE = f"<html><head><title>Nothing</title></head><body><article><p>{BODY}</p><p>{BODY}</p></article></body></html>"
NO_TEXT = "no text for this story; give one with its url or id"


def test_stories_without_texts_are_named(read):
    tables = read({"articles/old.csv": OLD, "articles/new.csv": NEW})
    assert len(tables["articles"]) == 0
    assert tables["rejects"]["reason"].to_list() == [f"line {line}: {NO_TEXT}" for line in (2, 2, 3, 4)]
    assert tables["sources"]["format"].to_list() == ["Media Cloud", "Media Cloud"]


def test_texts_from_other_sources_by_url_and_id(read):
    files = {
        "articles/old.csv": OLD,
        "articles/new.csv": NEW,
        "articles/texts.jsonl": [
            {"url": "http://gull.example/talks#top", "text": BODY},
            {"url": "http://TERN.example/resume/", "text": "Another text of theirs.", "title": "Our own title"},
        ],
        "articles/pages/102.html": PAGE,
    }
    tables = read(files)
    articles = tables["articles"].set_index("source_file")
    texts = articles.loc["articles/texts.jsonl"]
    assert texts["outlet_printed"].to_list() == ["Gull", "tern.example"]
    assert texts["published"].to_list() == [pd.Timestamp("2024-06-04 10:30"), pd.Timestamp("2024-06-05")]
    assert texts["headline"].to_list() == ["Talks fail", "Our own title"]
    page = articles.loc["articles/pages/102.html"]
    assert (page["outlet_printed"], page["published"]) == ("Gull", pd.Timestamp("2024-06-05"))
    assert tables["rejects"]["reason"].to_list() == [f"line 4: {NO_TEXT}"]


def test_rows_that_break_the_format(read):
    broken = OLD + "104,2024,One\n,,,,en,,,,,\n"
    said = read({"articles/old.csv": broken})["rejects"]["reason"].to_list()
    assert said[3:] == ["line 5: 3 fields where the header has 10", "line 6: neither id nor url"]


def test_with_a_text_it_is_no_list_of_stories(read):
    text = OLD.replace("stories_id,", "stories_id,text,").replace("\n10", "\n10").replace("101,", "101,The text here.,")
    tables = read({"articles/old.csv": "\n".join(text.split("\n")[:2])})
    assert tables["articles"]["body"].to_list() == ["The text here."]
    assert tables["sources"]["format"].to_list() == ["CSV"]


@pytest.mark.parametrize(
    "url",
    [
        "http://gull.example/a/b?id=1",
        "https://www.Gull.example:443/a/b/?id=1&utm_medium=x&fbclid=y#z",
        "gull.example/a/b?fbclid=y&id=1",
        "//m.gull.example/a/b?id=1",
        " https://gull.example/a%2Fb?id=1 ",
        "https://user@gull.example/a/b/amp/?id=1",
    ],
)
def test_addresses_that_are_one(url):
    assert address(url) == "gull.example/a/b?id=1"


def test_addresses_that_are_several():
    urls = ["gull.example", "gull.example/a", "gull.example/A", "gull.example/a?id=1", "gull.example/a?id=2", "tern.example/a"]  # fmt: skip  # noqa: E501
    assert len({address(url) for url in urls}) == len(urls)
    assert [address(url) for url in (None, "", "no address", "http://[x")] == [None] * 4


def join_by_url(stubs, articles):
    """The articles with what the stories say, and the places of the stories that no article tells."""
    known = index(stubs)
    found = [story_of(article, article["source_file"], known) for article in articles]
    joined = [
        article if place is None else with_story(article, stubs[place])
        for article, place in zip(articles, found, strict=True)
    ]
    return joined, untold(known, {*found} - {None})


def test_join_by_hand():
    stubs = [
        {"id": "1", "url": "https://gull.example/a", "outlet": "Gull", "headline": "A"},
        {"id": "2", "url": None, "outlet": "Tern"},
        {"id": "3", "url": "https://gull.example/c", "outlet": "Gull"},
        {"id": "4", "url": "http://gull.example/a/", "outlet": "Gull"},  # the first again
    ]
    articles = [
        {"source_file": "x.jsonl", "url": "http://www.gull.example/a", "outlet": None, "headline": "Own", "body": "B"},
        {"source_file": "texts/2.html", "url": None, "body": "C"},
        {"source_file": "texts/9.html", "url": "http://auk.example/a", "body": "D"},
    ]
    joined, left = join_by_url(stubs, articles)
    assert left == [2]
    assert [row.get("outlet") for row in joined] == ["Gull", "Tern", None]
    assert joined[0]["headline"] == "Own"
    assert articles[0]["outlet"] is None  # what was given is as it was
    assert join_by_url([], articles) == (articles, [])
    assert join_by_url(stubs, []) == ([], [0, 1, 2, 3])


@given(st.text())
def test_any_text_may_be_an_address(text):
    once = address(text)
    assert once is None or isinstance(once, str)
