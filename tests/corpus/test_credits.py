"""Who is credited with a text, and with how much of it: datelines, bylines, lines of their own, ends of paragraphs."""

from __future__ import annotations

import pandas as pd
import pytest

from analysis.corpus.credits import byline_credit, closing_credit, dateline_credit
from analysis.corpus.pages import read_page
from analysis.corpus.records import read_record
from analysis.study import UserError

HEADLINE = "Fishing talks end without a text"
ONE = "Ministers met in the northern port on Tuesday to settle the fishing row, officials said."
TWO = "The talks lasted nine hours and ended without a text, according to two people in the room."
BODY = f"{ONE}\n\n{TWO}"

DATELINES = {
    "PORT NORTH (AP) — ": "AP",
    "PORT NORTH (AP) -- ": "AP",
    "PORT NORTH (AP) - ": "AP",
    "PORT NORTH (AP): ": "AP",
    "PORT NORTH, Gulland (AP) — ": "AP",
    "Port North (AFP) – ": "AFP",
    "PORT NORTH, June 4 (Reuters) - ": "Reuters",
    "PORT NORTH, June 4, 2024 (AFP) - ": "AFP",
    "PORT NORTH, 4 June (Xinhua) -- ": "Xinhua",
    "PORT NORTH/EAST BAY, June 4 (Reuters) - ": "Reuters",
    "June 4 (Reuters) - ": "Reuters",
    "PORT NORTH, June 4. /TASS/. ": "TASS",
    "PORT NORTH. /TASS/. ": "TASS",
    "PORT NORTH — (Reuters) — ": "Reuters",
    "PORT NORTH [AFP] — ": "AFP",
    "Port North, Jun 4 (PTI) ": "PTI",
    "PORT NORTH (AP) ": "AP",
    "PORT NORTH, June 4 (ANI): ": "ANI",
    "(AP) — ": "AP",
    "(Reuters) - ": "Reuters",
    "(Reuters) ": "Reuters",
    "AFP - ": "AFP",
    "Reuters — ": "Reuters",
    "Port North | AFP | ": "AFP",
    "RIO DEL MAR (AP) — ": "AP",
    "Rio del Mar (AFP) — ": "AFP",
    "PORT NORTH (AP/AFP) — ": "AP/AFP",
    "PORT NORTH (Gull Wire) — ": "Gull Wire",
    "PORT NORTH (GW) — ": "GW",
}
NO_DATELINES = [
    ONE,
    "(AP) courses are taught at every school of the island, and few pupils take them.",
    "Advanced Placement (AP) courses are taught at every school of the island.",
    "Advanced Placement (AP) — a set of courses for the keen — is taught at every school.",
    "Ann Lee (Labour) — who lost her seat — came back on Monday.",
    "Reuters reported that ministers had met in the northern port.",
    "Reuters — a news agency — reported that ministers had met.",
    "The Associated Press said it would open a bureau in the port.",
    "PORT NORTH — Ministers met on Tuesday.",
    "PORT NORTH: Ministers met on Tuesday.",
    "The ministry (which has three staff) — and no more — met.",
    "In 2022 (Reuters wrote then) the port was closed.",
    "",
]
BYLINES = {
    "Reuters": ("Reuters", "whole"),
    "By Reuters": ("Reuters", "whole"),
    "Associated Press": ("Associated Press", "whole"),
    "The Associated Press": ("The Associated Press", "whole"),
    "THE ASSOCIATED PRESS": ("THE ASSOCIATED PRESS", "whole"),
    "By Agencies": ("Agencies", "whole"),
    "Agencies": ("Agencies", "whole"),
    "our agencies": ("agencies", "whole"),
    "news agencies": ("news agencies", "whole"),
    "PTI": ("PTI", "whole"),
    "AP and Reuters": ("AP and Reuters", "whole"),
    "Reuters Staff": ("Reuters", "whole"),
    "Continental Press": ("Continental Press", "whole"),
    "Jane Doe, Associated Press": ("Associated Press", "whole"),
    "Jane Doe, The Associated Press": ("The Associated Press", "whole"),
    "By Jane Doe, AP Diplomatic Writer": ("AP", "whole"),
    "Jane Doe | Reuters": ("Reuters", "whole"),
    "Jane Doe - Reuters": ("Reuters", "whole"),
    "Jane Doe – AFP": ("AFP", "whole"),
    "Jane Doe/AP": ("AP", "whole"),
    "Jane Doe (Reuters)": ("Reuters", "whole"),
    "Jane Doe of the Associated Press": ("Associated Press", "whole"),
    "Jane Doe for Reuters": ("Reuters", "whole"),
    "Jane Doe and John Roe, Associated Press": ("Associated Press", "whole"),
    "JANE DOE Associated Press": ("Associated Press", "whole"),
    "Jane Doe and agencies": ("agencies", "part"),
    "Staff and agencies": ("agencies", "part"),
    "Jane Doe with AFP": ("AFP", "part"),
    "Jane Doe, with reporting by Reuters": ("Reuters", "part"),
    "Gull staff and news agencies": ("news agencies", "part"),
    "Our Correspondent and PTI": ("PTI", "part"),
}
NO_BYLINES = [
    "Jane Doe",
    "Jane Apple",
    "The Northern Echo",
    "Staff",
    "Ann Reuter",
    "Jane Doe, Europe editor",
    "admin",
    "",
]
# Lines of their own and ends of paragraphs.
LINES = {
    "(AP)": ("AP", "whole"),
    "[AFP]": ("AFP", "whole"),
    "— Reuters": ("Reuters", "whole"),
    "– Reuters": ("Reuters", "whole"),
    "-- Reuters": ("Reuters", "whole"),
    "—AFP": ("AFP", "whole"),
    "(Reuters)": ("Reuters", "whole"),
    "(AFP/Reuters)": ("AFP/Reuters", "whole"),
    "Source: Newsweek": ("Newsweek", "whole"),
    "(Source: Reuters)": ("Reuters", "whole"),
    "•Source: Gull Weekly": ("Gull Weekly", "whole"),
    "Source : Agencies": ("Agencies", "whole"),
    "Via Reuters": ("Reuters", "whole"),
    "From wire reports": ("wire reports", "whole"),
    "This story was originally published by The Gull Weekly.": ("Gull Weekly", "whole"),
    "This article first appeared in the Gull Weekly": ("Gull Weekly", "whole"),
    "This article is republished from The Gull Weekly under a Creative Commons license. Read the original article.": (
        "Gull Weekly",
        "whole",
    ),
    "This story was originally published by Grist on June 4, 2024.": ("Grist", "whole"),
    "Republished from Gull Weekly": ("Gull Weekly", "whole"),
    "Republished with permission from Gull Weekly.": ("Gull Weekly", "whole"),
    "(This story has not been edited by Gull staff and is published from a syndicated feed.)": (
        "syndicated feed",
        "whole",
    ),
    "© 2024 AFP": ("AFP", "whole"),
    "Copyright 2024 The Associated Press. All rights reserved.": ("The Associated Press", "whole"),
    "With input from agencies": ("agencies", "part"),
    "with inputs from agencies": ("agencies", "part"),
    "(With inputs from agencies)": ("agencies", "part"),
    "[With inputs from PTI]": ("PTI", "part"),
    "(With AP inputs)": ("AP", "part"),
    "With agency inputs": ("agency", "part"),
    "(Inputs from ANI)": ("ANI", "part"),
    "With reporting by Continental Press": ("Continental Press", "part"),
    "With reporting by Reuters, AFP, and TASS": ("Reuters, AFP, and TASS", "part"),
    "With additional reporting by the Associated Press.": ("Associated Press", "part"),
    "Additional reporting by AFP": ("AFP", "part"),
    "Additional reporting by Jane Doe and Reuters": ("Reuters", "part"),
    "Reuters contributed to this report.": ("Reuters", "part"),
    "The Associated Press contributed to this report.": ("The Associated Press", "part"),
    "The Associated Press and Reuters contributed to this story.": ("The Associated Press and Reuters", "part"),
    "Agencies contributed to this report": ("Agencies", "part"),
    "News agencies contributed to this report.": ("News agencies", "part"),
    "Jane Doe and Reuters contributed to this report.": ("Reuters", "part"),
    "Associated Press writer Jane Doe in Port North contributed to this report.": ("Associated Press", "part"),
    "Based on reports by AP and Reuters": ("AP and Reuters", "part"),
    "(Based on reporting by Reuters.)": ("Reuters", "part"),
    "Compiled from agency reports": ("agency", "part"),
    "With AFP": ("AFP", "part"),
}
NO_ENDS = [
    TWO,
    "They left. (Laughter)",
    "They left. Nobody spoke to Reuters.",
    "He had told the story to Reuters, he said, and to the AP.",
    "Pupils may take Advanced Placement (AP).",
    "The minister spoke to the agency (Reuters).",
    "She was elected with 40 percent. Jane Doe (Labour)",
    "The first to say so was Reuters.",
    "They came with material from Port North.",
    "It said: “Nobody was hurt.” The source: a boy.",
    "Reuters contributed to this report by asking first, he said.",
    "",
]


@pytest.mark.parametrize("start", DATELINES)
def test_datelines(start):
    assert dateline_credit(start + ONE) == (DATELINES[start], "whole")


@pytest.mark.parametrize("paragraph", NO_DATELINES)
def test_what_only_looks_like_a_dateline(paragraph):
    assert dateline_credit(paragraph) is None


@pytest.mark.parametrize("byline", BYLINES)
def test_bylines(byline):
    assert byline_credit(byline) == BYLINES[byline]


@pytest.mark.parametrize("byline", NO_BYLINES)
def test_writers_who_are_no_agency(byline):
    assert byline_credit(byline) is None


@pytest.mark.parametrize("line", LINES)
def test_a_credit_on_a_line_of_its_own_is_cut_and_said(line):
    page = read_page(f"{HEADLINE}\n\n{BODY}\n\n{line}")
    record = read_record(f"{BODY}\n{line}")
    for read in (page, record):
        assert (read["agency"], read["credit"]) == LINES[line]
        assert read["body"] == BODY
        assert [text for _, text, _ in read["furniture"]] == [line]


@pytest.mark.parametrize("line", [line for line in LINES if line[0] not in "•©C" and len(line) <= 100])
def test_a_credit_behind_the_last_sentence_is_said_and_stays(line):
    page = read_page(f"{HEADLINE}\n\n{BODY} {line}")
    assert (page["agency"], page["credit"]) == LINES[line]
    assert page["body"] == f"{BODY} {line}"


@pytest.mark.parametrize("paragraph", NO_ENDS)
def test_ends_that_credit_nobody(paragraph):
    assert closing_credit(paragraph) is None
    assert read_page(f"{HEADLINE}\n\n{ONE}\n\n{paragraph}")["credit"] is None


@pytest.mark.parametrize(
    ("page", "agency", "credit"),
    [
        (f"{HEADLINE}\nBy Jane Doe | Reuters\n\n{BODY}", "Reuters", "whole"),
        (f"{HEADLINE}\nJane Doe, Associated Press\n\n{BODY}", "Associated Press", "whole"),
        (f"{HEADLINE}\nBy The Associated Press\n\n{BODY}", "The Associated Press", "whole"),
        (f"{HEADLINE}\nBy Agencies\n\n{BODY}", "Agencies", "whole"),
        (f"{HEADLINE}\nBy JANE DOE\nAssociated Press\n\n{BODY}", "Associated Press", "whole"),
        (f"{HEADLINE}\nJane Doe with agencies\n\n{BODY}", "agencies", "part"),
        (f"{HEADLINE}\nStaff and agencies\n\n{BODY}", "agencies", "part"),
        (f"{HEADLINE}\nReuters\nJune 4, 2024\n\n{BODY}", "Reuters", "whole"),
        (f"{HEADLINE}\nBy Jane Doe\n\n{BODY}", None, None),
        # The whole counts before a part, wherever each stands.
        (f"{HEADLINE}\n\nPORT NORTH (AP) — {BODY}\n\nWith inputs from agencies", "AP", "whole"),
        (f"{HEADLINE}\nBy Jane Doe and agencies\n\n{BODY} (Reuters)", "Reuters", "whole"),
        (f"{HEADLINE}\nBy Jane Doe\n\n{BODY}\n\nWith reporting by AFP", "AFP", "part"),
        # In the sentence it is no credit.
        (f"{HEADLINE}\n\n{ONE}\n\nReuters reported that they had met.\n\n{TWO}", None, None),
        (f"{HEADLINE}\n\n{ONE} (AP) courses were not on the table, Reuters said. {TWO}", None, None),
    ],
)
def test_pages(page, agency, credit):
    read = read_page(page)
    assert (read["agency"], read["credit"]) == (agency, credit)


def test_tables_name_agencies_and_may_say_the_credit(read):
    text = f"{ONE} (AP)"
    rows = [
        {"title": "a", "text": f"a {text}"},
        {"title": "b", "text": f"b {text}", "agency": "Gull Wire"},
        {"title": "c", "text": f"c {text}", "byline": "Reuters"},
        {"title": "d", "text": f"d {ONE}"},
        {"title": "e", "text": f"e {ONE}", "author": "Jane Doe and agencies"},
    ]
    table = read({"articles/a.jsonl": rows})["articles"].set_index("headline")[["agency", "credit"]]
    said = {name: tuple(None if pd.isna(value) else value for value in row) for name, *row in table.itertuples()}
    assert said == {
        "a": ("AP", "whole"),
        "b": ("Gull Wire", None),
        "c": ("Reuters", "whole"),
        "d": (None, None),
        "e": ("agencies", "part"),
    }


def test_a_credit_of_a_table_is_used_or_listed(read):
    rows = [
        {"title": "a", "text": f"a {ONE}", "agency": "Gull Wire", "credit": "whole"},
        {"title": "b", "text": f"b {ONE}", "agency": "Gull Wire", "credit": "most"},
        {"title": "c", "text": f"c {ONE} (AP)", "credit": "part"},
    ]
    tables = read({"articles/a.jsonl": rows})
    assert tables["articles"]["credit"].fillna("none").to_list() == ["whole", "none", "part"]
    assert tables["furniture"][["line", "text", "rule"]].to_numpy().tolist() == [[0, "most", "unusable-credit"]]


@pytest.mark.parametrize(
    ("header", "values", "expected"),
    [
        ("byline", "Reuters", ("Reuters", "whole")),
        ("byline", "Jane Doe", ("AP", "whole")),
        ("agency", "Gull Wire", ("Gull Wire", None)),
        ("agency,credit", "Gull Wire,part", ("Gull Wire", "part")),
        ("credit", "part", ("AP", "part")),
        ("agency", "", ("AP", "whole")),
    ],
)
def test_what_a_manifest_says_counts(read, header, values, expected):
    files = {
        "articles/a.txt": f"{HEADLINE}\n\nPORT NORTH (AP) — {BODY}",
        "manifest.csv": f"file,{header}\na.txt,{values}\n",
    }
    row = read(files, manifest="manifest.csv")["articles"].iloc[0]
    assert (row["agency"], None if pd.isna(row["credit"]) else row["credit"]) == expected


def test_a_credit_that_is_none_is_named(read):
    files = {"articles/a.txt": f"{HEADLINE}\n\n{BODY}", "manifest.csv": "file,credit\na.txt,most\n"}
    with pytest.raises(UserError, match=r"manifest.csv: articles/a.txt: credit is 'most'; allowed: whole, part"):
        read(files, manifest="manifest.csv")
