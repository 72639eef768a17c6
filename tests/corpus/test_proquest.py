"""ProQuest: own small fakes of its layouts, whole, cut and spoiled."""

from __future__ import annotations

import datetime as dt
import textwrap

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analysis.corpus.decoding import Unreadable
from analysis.corpus.readers import find_format, proquest

RULE = "\n____________________________________________________________\n\n"
TEXT = [
    "The council of Port Ann argued about the harbour.",
    "Location: the old hall, where people stood.",
    "Nobody went home.",
]
BODY = "\n\n".join(TEXT)


def head(n):
    return f"""Harbour plan {n} splits the town

Author: Moss, Ada; Reed, Tom

Publication info: Gull Times, Late Edition (East Coast) ; Port Ann, M.A. [Port Ann, M.A]1{n} June 2014: A.{n}.

ProQuest document link

Abstract: They argued.

Links: Check for full text via SFX

"""


def index(n):
    return f"""
Credit: By ADA MOSS

Subject: Harbors; Councils;
Fishing

Company / organization: Name: Council; NAICS: 921120

Title: Harbour plan {n} splits the town

Publication title: Gull Times, Late Edition (East Coast); Port Ann, M.A.

Pages: A.{n}

Publication year: 2014

Publication date: Jun 1{n}, 2014

Section: A

Language of publication: English

ProQuest document ID: 15000{n}

Document URL: http://search.proquest.com/docview/15000{n}?accountid=1

Copyright: Copyright Gull Company Jun 1{n}, 2014

Database: ProQuest Central
"""


def record(n, text=BODY):
    return f"{head(n)}Full text: {text}\n{index(n)}"


def above(n, text=BODY):
    return (
        f"Title: Harbour plan {n} splits the town\n\nAuthor: Moss, Ada; Reed, Tom\n\nPublication title: Gull Times\n\n"
        f"Publication date: Jun 1{n}, 2014\n\nSection: A\n\nLanguage of publication: English\n\nDocument URL: "
        f"http://search.proquest.com/docview/15000{n}?accountid=1\n\nFull text: {text}\n"
    )


def export(*records, numbered=False, contents=0):
    names = "".join(f"{n}. Harbour plan {n} splits the town ..... {n}\n" for n in range(1, contents + 1))
    front = (
        RULE
        + "Report Information from ProQuest\nMay 25 2015 13:05\n"
        + (f"{RULE}Table of contents\n\n{names}" if names else "")
    )
    of = [f"Document {n} of {len(records)}\n\n" if numbered else "" for n in range(1, len(records) + 1)]
    return (
        front
        + "".join(RULE + mark + one for mark, one in zip(of, records, strict=True))
        + (f"{RULE}Contact us at: http://x.example\nDatabase copyright © 2019 ProQuest LLC. All rights reserved.\n")
    )


def markup(*records):
    def block(line):
        label, colon, value = line.partition(": ")
        return f"<p><strong>{label}: </strong>{value}</p>" if colon else f"<p>{line}</p>"

    parts = ("".join(block(line) for line in one.split("\n") if line) for one in records)
    nav = "<nav><a href='/'>Basic search</a></nav><script>var x = 'Full text: <p>';</script>"
    return f"<html><head><title>ProQuest</title></head><body>{nav}{'<hr/>'.join(parts)}</body></html>"


def split(found):
    items = list(found)
    articles = [item for item in items if "body" in item]
    return articles, [item for item in items if "reason" in item], [i["expected"] for i in items if "expected" in i]


def items_of(text):
    return split(proquest.items_of(text if isinstance(text, bytes) else text.encode(), "utf-8"))


def check(article, n, text=tuple(TEXT)):
    assert article["headline"] == f"Harbour plan {n} splits the town"
    assert (article["outlet"], article["byline"], article["section"]) == ("Gull Times", "Moss, Ada; Reed, Tom", "A")
    assert article["published"] == dt.datetime(2014, 6, 10 + n)
    assert article["language"] == "en"
    assert article["url"] == f"http://search.proquest.com/docview/15000{n}?accountid=1"
    assert article["body"].split("\n\n") == list(text)
    assert article["notes"] == []


LAYOUTS = {
    "fields around the text": export(record(1), record(2), record(3)),
    "numbered": export(record(1), record(2), record(3), numbered=True, contents=3),
    "fields above the text": export(above(1), above(2), above(3)),
    "html": markup(record(1), record(2), record(3)),
    "fields above, without lines between": "ProQuest\n" + "\n".join(above(n) for n in (1, 2, 3)),
    "without lines between": "ProQuest\n" + "\n".join(record(n) for n in (1, 2, 3)),
}


@pytest.mark.parametrize("layout", LAYOUTS)
def test_every_layout(layout, tmp_path):
    path = tmp_path / ("export.html" if layout == "html" else "export.txt")
    path.write_text(LAYOUTS[layout], "utf-8")
    assert find_format(path)[1].module == "proquest"
    articles, rejects, said = split(proquest.read(path, encoding="utf-8"))
    assert (len(articles), rejects) == (3, [])
    for n, article in enumerate(articles, start=1):
        check(article, n)
        assert article["source_index"] == n - 1
    assert [statement["count"] for statement in said] == ([3] if layout == "numbered" else [])
    if said:
        assert said[0]["names"][2] == "Harbour plan 3 splits the town"
        assert [article["number"] for article in articles] == [1, 2, 3]


def test_a_line_of_underscores_within_a_text(tmp_path):
    text = f"{TEXT[0]}\n{RULE}{TEXT[2]}"
    articles, rejects, _ = items_of(export(record(1, text), record(2)))
    assert rejects == []
    check(articles[0], 1, (TEXT[0], TEXT[2]))
    check(articles[1], 2)


@pytest.mark.parametrize("said", ["Not available.", "Full text not available.", "", "Texto completo no disponible"])
def test_citations_are_rejects(said):
    articles, rejects, _ = items_of(export(record(1), record(2, said), record(3)))
    assert [article["headline"][13] for article in articles] == ["1", "3"]
    assert rejects == [
        {
            "source_index": 1,
            "reason": "article 2: citation only: the full text is not available",
            "headline": "Harbour plan 2 splits the town",
        }
    ]


def test_abstracts_are_rejects():
    bare = head(2) + index(2)
    articles, rejects, _ = items_of(export(record(1), bare))
    assert len(articles) == 1
    assert rejects[0]["reason"] == "article 2: citation only: an abstract, no full text"


def test_labels_in_other_languages():
    text = (
        "Título: El puerto cerrado\n\nAutor: Moss, Ada\n\nTítulo de publicación: La Gaviota\n\nFecha de publicación: "
        "12 Jun 2014\n\nIdioma de la publicación: Spanish\n\nTexto completo: Nadie sabe nada.\n\nID del documento de "
        "ProQuest: 12\n"
    )
    articles, _, _ = items_of(RULE + text + RULE)
    assert (articles[0]["headline"], articles[0]["outlet"]) == ("El puerto cerrado", "La Gaviota")
    assert (articles[0]["language"], articles[0]["body"]) == ("es", "Nadie sabe nada.")


def test_the_older_layout():
    text = f"""Harbour plan splits the town
Ada Moss. Gull Times. (Late Edition (East Coast)). Port Ann, M.A.: Jun 12, 2004. pg. A.1

Abstract (Summary)
They argued.

Full Text (1,023   words)
Copyright Gull Times Company Jun 12, 2004

{textwrap.fill(" ".join(TEXT), 60)}

Indexing (document details)
Subjects: Harbors, Councils
Author(s): Ada Moss
Publication title: Gull Times. (Late Edition (East Coast)). Port Ann, M.A.: Jun 12, 2004. pg. A.1
ProQuest document ID: 648123
Text Word Count 1023
"""
    articles, rejects, _ = items_of(text)
    assert rejects == []
    assert (articles[0]["headline"], articles[0]["outlet"]) == ("Harbour plan splits the town", "Gull Times")
    assert (articles[0]["byline"], articles[0]["section"]) == ("Ada Moss", "A.1")
    assert articles[0]["published"] == dt.datetime(2004, 6, 12)
    assert " ".join(articles[0]["body"].split()) == " ".join(TEXT)
    assert ("body", "1023 words announced, 19 found") in articles[0]["notes"]


@pytest.mark.parametrize(
    "printed, outlet",
    [
        ("New Gull Times, Late Edition (East Coast); Port Ann, M.A.", "New Gull Times"),
        ("Gull Street Journal, Eastern edition; Port Ann, M.A.", "Gull Street Journal"),
        ("St. Ann Post-Dispatch; St. Ann, M.A.", "St. Ann Post-Dispatch"),
        ("The Gull (Online); Port Ann", "The Gull (Online)"),
        ("Gull, Heron, and Tern; Port Ann", "Gull, Heron, and Tern"),
    ],
)
def test_outlets(printed, outlet):
    text = above(1).replace("Publication title: Gull Times", f"Publication title: {printed}")
    articles, _, _ = items_of(export(text))
    assert articles[0]["outlet"] == outlet


def test_dates_that_cannot_be_read_are_noted():
    articles, _, _ = items_of(
        export(above(1).replace("Jun 11, 2014", "Summer 2014"), above(2).replace("Jun 12, 2014", "2014 Jun 12"))
    )
    assert articles[0]["notes"] == [("published", "Summer 2014")]
    assert articles[1]["published"] == dt.datetime(2014, 6, 12)


@pytest.mark.parametrize("layout", ["fields around the text", "numbered", "html"])
def test_cut_within_an_article(layout):
    whole = LAYOUTS[layout]
    articles, rejects, said = items_of(whole[: whole.rindex("Nobody")])
    assert len(articles) == 2
    assert rejects[0]["reason"] == "the file breaks off: article 3 has no end"
    assert not said or said[0]["count"] == 3


def test_cut_where_fields_stand_above():
    whole = LAYOUTS["fields above the text"]
    articles, rejects, _ = items_of(whole[: whole.rindex("went home")])
    assert len(articles) == 2
    assert rejects[0]["headline"] == "Harbour plan 3 splits the town"


def test_cut_between_articles_is_held_to_the_contents():
    whole = LAYOUTS["numbered"]
    articles, _, said = items_of(whole[: whole.rindex("Document 3 of 3")])
    assert len(articles) == 2
    assert said[0] == {
        "count": 3,
        "by": "Document 1 of 3",
        "names": [f"Harbour plan {n} splits the town" for n in (1, 2, 3)],
    }


def test_no_article():
    with pytest.raises(Unreadable, match="without an article"):
        items_of("ProQuest\n\nNo results were found.\n")


def test_pages_put_one_behind_the_other():
    articles, rejects, _ = items_of(markup(record(1)) + markup(record(2)))
    assert [article["headline"][13] for article in articles] == ["1", "2"]
    assert rejects == []


@pytest.mark.parametrize(
    "ending",
    [
        ["Subject: those who fish at night paid for it all, she said."],
        ["Section: B was closed.", "Section: none of the others has been closed since."],
        ["Title: he never had one.", "Publisher: that he was once, in the years of the herring."],
        ["Credit: it is due to the sailors that anybody came back at all."],
        ["Source: Harbour office"],
    ],
)
def test_lines_like_labels_at_the_end_of_a_text_are_kept(ending):
    articles, rejects, _ = items_of(export(record(1, "\n\n".join([*TEXT, *ending])), record(2)))
    assert rejects == []
    check(articles[0], 1, [*TEXT, *ending])
    check(articles[1], 2)


def test_text_without_a_label_keeps_lines_like_labels():
    text = ["Nobody knows why. " * 20, "Section: a word that the mayor used for the whole quay.", "It rained."]
    fields = "Title: Harbour shut\nPaper: Gull Times\nDate: June 12, 2014\nAuthor: Ada Moss\n\n"
    articles, _, _ = items_of(fields + "\n\n".join(text))
    assert " ".join(articles[0]["body"].split()) == " ".join(" ".join(text).split())


@pytest.mark.parametrize(
    "first, kept",
    [
        ("(Copyright Gull Company 2014)", False),
        ("Copyright Gull Company", False),
        ("© 2014 Gull Company", False),
        ("Copyright law was changed by the council on Monday.", True),
        ("Copyright of 1911 was the cause of it, they say.", True),
    ],
)
def test_rights_above_a_text(first, kept):
    articles, _, _ = items_of(export(record(1, f"{first}\n\n{BODY}")))
    assert articles[0]["body"].split("\n\n") == [first] * kept + TEXT
    assert articles[0]["notes"] == [("copyright", first)] * (not kept)


def test_labels_that_nobody_knows_between_those_of_an_index():
    strange = record(1).replace("Company / organization:", "Standplatz: Kai\n\nCompany / organization:")
    articles, _, _ = items_of(export(strange))
    check(articles[0], 1)


def test_a_line_end_lost_behind_a_rule():
    articles, rejects, _ = items_of(LAYOUTS["fields above the text"].replace("__\n\nTitle: Har", "__Title: Har"))
    assert (len(articles), rejects) == (3, [])


def test_a_forwarded_message_above_the_first_article():
    above = (
        "Look at this.\n\nFrom: ProQuest <a@b.example>\nDate: Fri, Mar 3, 2017\nSubject: Articles\nTo: c@d.example\n\n"
    )
    articles, rejects, _ = items_of(above + record(1))
    assert rejects == []
    check(articles[0], 1)


def test_a_quoted_message_within_a_text_stays():
    text = "It said:\n\nFrom: Ada\nTo: Tom\nSubject: fish\n\nThat was all."
    articles, _, _ = items_of(export(record(1, text)))
    assert articles[0]["body"] == text


BARE = RULE + f"{head(1)}Full text: {BODY}\n" + RULE + head(2)
RULED = export(record(1), record(2), numbered=True).replace("Document 2 of 2\n", f"Document 2 of 2\n{RULE}")


@pytest.mark.parametrize(
    "whole, behind, kept",
    [
        (record(1), "The council of Port", 0),
        (record(1), "Subject: Harbors; Councils;", 1),
        (record(1), "Publication year: 2014", 1),
        (export(record(1), record(2)), "Publication info: Gull Times", 1),
        (LAYOUTS["without lines between"], "Publication info: Gull Times", 2),
        (LAYOUTS["without lines between"], "Document URL: http://search", 3),
        (BARE, "Harbour plan 2 splits", 1),
        (BARE, "Gull Times, Late Ed", 1),
        (RULED, "Moss", 1),
    ],
)
def test_cut_anywhere_keeps_what_is_whole_and_says_the_rest(whole, behind, kept):
    articles, rejects, said = items_of(whole[: whole.rindex(behind) + len(behind)])
    assert rejects or (said and said[0]["count"] > kept)
    assert [article["body"].split("\n\n") for article in articles] == [TEXT] * kept


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    # Where nothing divides two articles but a label, one broken byte can make them one.
    layout=st.sampled_from(sorted(LAYOUTS.keys() - {"fields above, without lines between"})),
    place=st.floats(0, 1, exclude_max=True),
    put=st.binary(max_size=3),
    taken=st.integers(0, 5),
    cut=st.booleans(),
)
def test_whatever_the_bytes(layout, place, put, taken, cut):
    data = LAYOUTS[layout].encode()
    at = int(place * len(data))
    try:
        articles, rejects, _ = items_of(data[:at] if cut else data[:at] + put + data[at + taken :])
    except Unreadable:
        assert cut
        return
    assert len(articles) >= 2 or cut
    assert len(articles) + len(rejects) >= 2 or cut
    if layout == "html" and cut and at < len(data) - 20:
        assert rejects
