"""Unstructured pages of many styles: each part found, nothing lost, nothing of the article cut."""

from __future__ import annotations

from collections import Counter

import pytest

from analysis.corpus.pages import read_page

HEADLINE = "Fishing talks end without a text"
ONE = "Ministers met in the northern port on Tuesday to settle the fishing row, officials said."
TWO = "The talks lasted nine hours and ended without a text, according to two people in the room."
THREE = "He did not."
FOUR = "“We will meet again,” the minister said."
BODY = f"{ONE}\n\n{TWO}\n\n{THREE}\n\n{FOUR}"
DECK = "Nine hours at a table and nothing to sign, as the north’s ministers blame one another."
BARE_DECK = "Ministers leave the northern port after nine hours with nothing signed"

# name → (page, what is found beside headline and body, furniture as "line rule")
PAGES = {
    "nothing but the article": (f"{HEADLINE}\n\n{BODY}", {}, ""),
    "site, section, repeated headline": (
        f"GullPost\nBig Story\n\n{HEADLINE}\n\n{HEADLINE}\nX\n\n{BODY}\nNext Story\nShare it",
        {"outlet": "GullPost"},
        "1 site-name, 2 section, 6 repeated-headline, 7 share, 16 navigation, 17 share",
    ),
    "deck, date, headline again right above the text": (
        f"{HEADLINE}\n\n{DECK}\n\nJune 4th 2024.\n\n{HEADLINE}\n{BODY}\n\n\u00a00",
        {"deck": DECK, "published": "2024-06-04 00:00:00"},
        "5 date, 7 repeated-headline, 16 counter",
    ),
    "byline, date and more in one line": (
        f"{HEADLINE} | The Northern Echo\n\nBy Jane Doe | June 4, 2024 | 5 min read\n\n{BODY}\n\n"
        "© 2024 The Northern Echo.",
        {"outlet": "The Northern Echo", "byline": "Jane Doe", "published": "2024-06-04 00:00:00"},
        "1 site-name, 3 byline, 13 legal",
    ),
    "name over role, credit over caption": (
        f"{HEADLINE}\n\n3 hours ago\n\nShare\n\nJane Doe\nEurope correspondent\n\nGetty Images\n"
        f"Ministers at the port\n\n{BODY}\n\nRelated topics\nEurope\nFishing",
        {"byline": "Jane Doe"},
        "3 date, 5 share, 7 byline, 8 byline, 10 caption, 11 caption, "
        "21 related-stories, 22 related-stories, 23 related-stories",
    ),
    "deck without a stop, topic above, name in place": (
        f"Fishing\n\n{HEADLINE}\n\n{BARE_DECK}\n\nJane Doe in Port North\nTue 4 Jun 2024 18.30 BST\n"
        f"Last modified on Wed 5 Jun 2024 09.01 BST\nShare\n\n{BODY}",
        {"deck": BARE_DECK, "byline": "Jane Doe in Port North", "published": "2024-06-04 18:30:00"},
        "1 kicker, 7 byline, 8 date, 9 updated, 10 share",
    ),
    "deck without a stop and nothing under it": (
        f"Polar Times\nWorld\n{HEADLINE}\n{BARE_DECK}\n{BODY}",
        {"outlet": "Polar Times", "deck": BARE_DECK},
        "1 site-name, 2 section",
    ),
    "an agency's dateline is part of the sentence": (
        f"{HEADLINE}\nBY JANE DOE\nUpdated 10:15 AM EDT, June 4, 2024\nPORT NORTH (AP) — {BODY}\n___\n"
        "Associated Press writer John Roe contributed to this report.",
        {"byline": "JANE DOE", "agency": "AP", "body": f"PORT NORTH (AP) — {BODY}"},
        "2 byline, 3 updated, 11 counter, 12 reporting-credit",
    ),
    "a credit at the end of the last sentence stays": (
        f"{HEADLINE}\n\n{BODY} (Reuters)",
        {"agency": "Reuters", "body": f"{BODY} (Reuters)"},
        "",
    ),
    "a credit on a line of its own goes": (f"{HEADLINE}\n\n{BODY}\n\n— AFP", {"agency": "AFP"}, "11 source-credit"),
    "a source line and a version switch": (
        f"{HEADLINE}\n\n{BODY}\n\n•Source: Gull Weekly\n\nExit mobile version",
        {"agency": "Gull Weekly"},
        "11 source-credit, 13 mobile-version",
    ),
    "notices of machine writing": (
        f"{HEADLINE}\n\nThis article was generated with the help of AI.\n\n{BODY}\n\n[Translated by AI.]",
        {"disclosure": "This article was generated with the help of AI. [Translated by AI.]"},
        "3 disclosure, 13 disclosure",
    ),
    "lines that nobody writes, amid the article": (
        f"{HEADLINE}\n\n{ONE}\n\nAdvertisement\n\n{TWO}\n\nRead more: Snow falls in May\n\nStory continues below\n\n"
        f"{THREE}\n\nShare this article\n\n{FOUR}",
        {},
        "5 advertisement, 9 read-more, 11 advertisement, 15 share",
    ),
    "subheadings and short paragraphs stay": (
        f"{HEADLINE}\n\n{ONE}\n\nWhat comes next\n\n{TWO}\n\nThat is all.\n\nNo\n\n{FOUR}",
        {"body": f"{ONE}\n\nWhat comes next\n\n{TWO}\n\nThat is all.\n\nNo\n\n{FOUR}"},
        "",
    ),
    "a menu above, links and forms below": (
        f"Harbour Daily\n\nHome / World / {HEADLINE}\n\n{HEADLINE}\n\nBy admin\n\nJune 4, 2024\n\n"
        f"0\n\nFacebook\nTwitter\n\n{BODY}\n\nPrevious article\nSnow falls in May\nNext article\nBridge opens"
        "\nLEAVE A REPLY\nPlease enter your name here",
        {"outlet": "Harbour Daily", "byline": "admin", "published": "2024-06-04 00:00:00"},
        "1 site-name, 3 navigation, 7 byline, 9 date, 11 counter, 13 share, 14 share, 24 navigation, "
        "25 related-stories, 26 navigation, 27 related-stories, 28 comments, 29 related-stories",
    ),
    "readers' comments, and their dates": (
        f"{HEADLINE}\n\n{BODY}\n\n2 Comments\n\ngullfan says:\nJune 9, 2024 at 6:30 pm\nGreat article.\nReply",
        {},
        "11 counter, 13 comments, 14 date, 15 comments, 16 comments",
    ),
    "the title with the site's name, then the headline": (
        f"{HEADLINE} - Polar Times\n\n{HEADLINE}\n\n{BODY}",
        {"outlet": "Polar Times"},
        "1 repeated-headline",
    ),
    "a labelled date counts before the page's own": (
        f"Saturday, 8 June 2024\nPolar Times\n{HEADLINE}\nPublished: 4 June 2024, 18:30\nUpdated: 5 June 2024"
        f"\n\n{BODY}",
        {"outlet": "Polar Times", "published": "2024-06-04 18:30:00"},
        "1 date, 2 site-name, 4 date, 5 updated",
    ),
    "a headline of two words": (f"Talks fail\n\n{BODY}", {"headline": "Talks fail"}, ""),
    "a headline that asks": (f"Did the talks fail?\n\n{BODY}", {"headline": "Did the talks fail?"}, ""),
    "a headline with a stop": (f"The talks have failed.\n\n{BODY}", {"headline": "The talks have failed."}, ""),
}
PARTS = ("outlet", "deck", "byline", "agency", "disclosure")


@pytest.mark.parametrize("name", PAGES)
def test_pages(name):
    text, expected, furniture = PAGES[name]
    page = read_page(text)
    assert page["body"] == expected.get("body", BODY)
    assert page["headline"] == expected.get("headline", HEADLINE)
    assert {part: page[part] for part in PARTS} == {part: expected.get(part) for part in PARTS}
    assert str(page["published"]) == expected.get("published", "None")
    assert ", ".join(f"{line} {rule}" for line, _, rule in page["furniture"]) == furniture


@pytest.mark.parametrize("name", PAGES)
def test_no_word_of_a_page_is_lost_or_doubled(name):
    text = PAGES[name][0]
    page = read_page(text)
    cut = [line for _, line, _ in page["furniture"]]
    kept = " ".join([page["headline"] or "", page["deck"] or "", page["body"], *cut])
    assert Counter(kept.split()) == Counter(text.split())


def test_furniture_is_listed_as_printed_by_line():
    page = read_page(f"GullPost\n\n{HEADLINE}\n  Share   it \n\n{BODY}")
    assert page["furniture"] == [(1, "GullPost", "site-name"), (4, "Share   it", "share")]
    assert page["lines"] == {"headline": 3, "deck": 0}


def test_a_known_outlet_is_cut_whatever_it_looks_like():
    text = f"{HEADLINE}\n\nthe day after\nthe day after 5 Min Read\n\n{BODY}\n\nThe Day After"
    page = read_page(text, outlet="The Day After")
    assert page["body"] == BODY
    assert [rule for _, _, rule in page["furniture"]] == ["site-name", "read-time", "site-name"]


def test_a_first_paragraph_above_a_share_button_is_no_deck():
    page = read_page(f"{HEADLINE}\n\n{ONE} {TWO}\n\nShare this article\n\n{TWO}\n\n{THREE}")
    assert page["deck"] is None
    assert page["body"] == f"{ONE} {TWO}\n\n{TWO}\n\n{THREE}"


def test_the_foot_is_looked_for_in_so_many_lines():
    page = read_page(f"{HEADLINE}\n\n{BODY}\n" + "X\n" * 1000)
    assert page["body"].startswith(BODY)
    assert len(page["furniture"]) == 300


def test_the_outlets_name_amid_the_article_stays():
    page = read_page(f"{HEADLINE}\n\n{ONE}\n\nThe Day After\n\n{TWO}", outlet="The Day After")
    assert page["body"] == f"{ONE}\n\nThe Day After\n\n{TWO}"


def test_a_page_without_a_headline_has_none():
    long = f"{ONE} {TWO} {FOUR}"
    for text in (f"{long}\n\n{TWO}", f"PORT NORTH (AP) — {ONE}\n\n{TWO}", f"{ONE}\n\n{TWO}", ONE):
        page = read_page(text)
        assert (page["headline"], page["deck"], page["furniture"]) == (None, None, [])
        assert page["body"] == text


def test_a_known_headline_that_is_not_on_the_page_takes_no_paragraph():
    page = read_page(f"They met again.\n\n{BODY}", headline=HEADLINE)
    assert page["headline"] is None
    assert page["body"] == f"They met again.\n\n{BODY}"


def test_a_known_headline_is_found_below_a_teaser():
    page = read_page(f"{TWO}\n\nFISHING TALKS end without a text\n\n{ONE}", headline=HEADLINE)
    assert page["headline"] == "FISHING TALKS end without a text"
    assert page["body"] == f"{TWO}\n\n{ONE}"


def test_a_page_of_furniture_has_no_body():
    for text in ("Talks fail\n\nShare it\n\nNext Story", "Share it\nX\n0", "Talks fail", ""):
        assert read_page(text)["body"] == ""


def test_wrapped_pages_read_like_unwrapped_ones():
    words = f"{ONE} {TWO} {ONE}".split()
    lines, line = [], ""
    for word in words:
        if len(line) + len(word) >= 64:
            lines.append(line)
            line = word
        else:
            line = f"{line} {word}".strip()
    wrapped = "\n".join([*lines, line])
    page = read_page(f"{HEADLINE}\nBy Jane Doe\n\n{wrapped}\n\n{THREE}")
    assert page["body"] == f"{ONE} {TWO} {ONE}\n\n{THREE}"
    assert (page["headline"], page["byline"]) == (HEADLINE, "Jane Doe")
