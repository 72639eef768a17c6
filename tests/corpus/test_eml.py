"""E-mail: exports in every dress that MIME has, messages that are articles themselves, and spoiled ones."""

from __future__ import annotations

import base64
import datetime as dt
import quopri
from email.message import EmailMessage

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analysis.corpus.decoding import Unreadable
from analysis.corpus.readers import eml, find_format
from tests.corpus.test_factiva import coded, page
from tests.corpus.test_proquest import LAYOUTS, check, export, markup, record

DATE = "Fri, 20 Jun 2014 10:00:00 -0400"
HEAD = f"From: ProQuest <noreply@proquest.example>\nTo: a@b.example\nSubject: Articles\nDate: {DATE}\n"


def message(text=None, html=None, **headers):
    made = EmailMessage()
    said = {
        "From": "ProQuest <noreply@proquest.example>",
        "Subject": "Articles",
        "Date": DATE,
    }
    for name, value in {**said, **headers}.items():
        made[name] = value
    if text is not None:
        made.set_content(text)
    if html is not None:
        (made.add_alternative if text is not None else made.set_content)(html, subtype="html")
    return made


def split(found):
    items = list(found)
    articles = [item for item in items if "body" in item]
    return articles, [item for item in items if "reason" in item], [i["expected"] for i in items if "expected" in i]


def items_of(data):
    return split(eml.items_of(data.encode() if isinstance(data, str) else bytes(data), "utf-8"))


@pytest.mark.parametrize(
    "made",
    [
        message(LAYOUTS["numbered"]),
        message(html=LAYOUTS["html"]),
        message(LAYOUTS["fields around the text"], LAYOUTS["html"]),
        message("See the page.", LAYOUTS["html"]),
        message(LAYOUTS["fields above the text"], "<html><body><p>See the text.</p></body></html>"),
    ],
    ids=["text", "html", "both", "only html says it", "only text says it"],
)
def test_articles_once_each(made, tmp_path):
    path = tmp_path / "a.eml"
    path.write_bytes(bytes(made))
    assert find_format(path)[1].module == "eml"
    articles, rejects, _ = split(eml.read(path, encoding="utf-8"))
    assert (len(articles), rejects) == (3, [])
    for n, article in enumerate(articles, start=1):
        check(article, n)
        assert article["source_index"] == n - 1


BODY = record(1, "Zoé came.\n\nNobody knows why, and “nobody” asks.")


@pytest.mark.parametrize(
    "headers, body",
    [
        (
            "Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: quoted-printable",
            quopri.encodestring(BODY.encode()),
        ),
        (
            "Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: base64",
            base64.encodebytes(BODY.encode()),
        ),
        ("Content-Type: text/plain; charset=us-ascii\nContent-Transfer-Encoding: 8bit", BODY.encode()),
        ("Content-Type: text/plain; charset=iso-8859-1\nContent-Transfer-Encoding: 8bit", BODY.encode()),
        ("Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit", BODY.encode("cp1252")),
        ("Content-Type: text/plain; charset=no-such-set\nContent-Transfer-Encoding: 8bit", BODY.encode()),
        ("Content-Type: text/plain; charset=utf-7\nContent-Transfer-Encoding: 7bit", BODY.encode("utf-7")),
        ("Content-Type: text/plain", base64.encodebytes(BODY.encode())),
        ("Content-Type: text/plain", quopri.encodestring(BODY.encode())),
        ("X-Nothing: more", BODY.encode()),
    ],
)
def test_encodings_right_and_wrong(headers, body):
    articles, rejects, _ = items_of(HEAD.encode() + headers.encode() + b"\n\n" + body)
    assert rejects == []
    check(articles[0], 1, ("Zoé came.", "Nobody knows why, and “nobody” asks."))


def test_navigation_and_scripts_are_no_text():
    articles, _, _ = items_of(bytes(message(html=markup(record(1)))))
    check(articles[0], 1)


def test_forwarded_messages():
    outer = message("Look at this.", Subject="Fwd: Articles")
    outer.make_mixed()
    outer.attach(message(export(record(1))))
    outer.get_payload()[-1].add_header("Content-Disposition", "inline")
    wrapped = EmailMessage()
    wrapped["From"], wrapped["Subject"] = "Tom Reed <tom@x.example>", "Fwd: x"
    wrapped.set_content("See below.")
    wrapped.add_attachment(message(export(record(1), record(2))))
    articles, rejects, _ = items_of(wrapped)
    assert (len(articles), rejects) == (2, [])
    check(articles[1], 2)


def test_attachments_are_read_by_their_content():
    made = message("The articles are attached.")
    made.add_attachment(
        export(record(1), record(2)).encode(), maintype="application", subtype="octet-stream", filename="a.bin"
    )
    made.add_attachment(page(coded(1)).encode(), maintype="text", subtype="html", filename="b.html")
    made.add_attachment(b"\x89PNG", maintype="image", subtype="png", filename="c.png")
    made.add_attachment(b"PK\x03\x04", maintype="application", subtype="zip", filename="../../d.zip")
    articles, rejects, _ = items_of(made)
    assert [article["outlet"] for article in articles] == ["Gull Times"] * 3
    assert [reject["reason"] for reject in rejects] == ["attachment d.zip: not read; save it as a file of its own"]


def test_other_vendors_in_a_message():
    articles, _, _ = items_of(message(html=page(coded(1), coded(2)), From="Factiva <x@y.example>"))
    assert [article["headline"] for article in articles] == ["Harbour shut, part 1", "Harbour shut, part 2"]


def test_quoted_lines_of_a_forwarded_message():
    quoted = "".join(f"> {line}\n" if line else ">\n" for line in export(record(1), record(2)).split("\n"))
    articles, rejects, _ = items_of(
        message(f"See below.\n\n> From: ProQuest <a@b.example>\n{quoted}", From="Tom <t@x.y>")
    )
    assert (len(articles), rejects) == (2, [])
    check(articles[1], 2)


def test_what_the_parts_say_they_hold_is_one_statement():
    made = message("Two files.")
    for records in ([record(1), record(2)], [record(3)]):
        made.add_attachment(export(*records, numbered=True), filename="a.txt")
    made.add_attachment(b"\x89PNG", maintype="application", subtype="octet-stream", filename="logo.png")
    articles, rejects, said = items_of(made)
    assert (len(articles), rejects, [one["count"] for one in said]) == (3, [], [3])


@pytest.mark.parametrize("missing", [1, 2, 3])
def test_base64_broken_amid_a_group(missing):
    head = HEAD + "MIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: base64\n\n"
    data = base64.encodebytes(export(record(1), record(2), record(3)).encode()).strip(b"=\n")
    at = len(data) * 2 // 3
    while len(data[:at].replace(b"\n", b"")) % 4 != 4 - missing:
        at -= 1
    articles, rejects, _ = items_of(head.encode() + data[:at])
    check(articles[0], 1)
    assert "breaks off" in rejects[-1]["reason"]


def test_a_message_cut_above_its_first_article():
    whole = bytes(message(export(record(1))))
    for at in range(40, whole.index(b"Full text"), 23):
        try:
            articles, rejects, _ = items_of(whole[:at])
        except Unreadable:
            continue
        assert articles == [] and rejects


def test_a_message_that_is_an_article():
    text = "The harbour stays shut.\n\nNobody knows why."
    made = message(text, **{"Subject": "Fwd: Zoé’s harbour", "From": "The Gull <news@gull.example>"})
    articles, rejects, _ = items_of(made)
    assert rejects == []
    assert (articles[0]["headline"], articles[0]["outlet"]) == ("Zoé’s harbour", "The Gull")
    assert articles[0]["published"].date() == dt.date(2014, 6, 20)
    assert articles[0]["body"].strip() == text


def test_fields_above_the_text_of_any_archive():
    fields = "Title: Harbour shut\nAuthor: Ada Moss\nNewspaper: Gull Times\nDate: June 12, 2014\n\n"
    text = fields + "Nobody knows why. " * 15
    articles, rejects, _ = items_of(message(text, Subject="Your article", From="Archive <x@y.example>"))
    assert rejects == []
    said = {column: articles[0][column] for column in ("headline", "byline", "outlet", "published")}
    date = dt.datetime(2014, 6, 12)
    assert said == {"headline": "Harbour shut", "byline": "Ada Moss", "outlet": "Gull Times", "published": date}
    assert articles[0]["body"].split() == ("Nobody knows why. " * 15).split()


def test_a_box_of_messages(tmp_path):
    path = tmp_path / "all.mbox"
    one = bytes(message(export(record(1), record(2))))
    empty = HEAD.encode() + b"\n\n"
    path.write_bytes(b"".join(b"From x@y Fri Jun 20 10:00:00 2014\n" + each + b"\n" for each in (one, empty, one)))
    assert find_format(path)[1].module == "eml"
    articles, rejects, _ = split(eml.read(path, encoding="utf-8"))
    assert [article["source_index"] for article in articles] == [0, 1, 3, 4]
    assert rejects == [{"source_index": 2, "reason": "message 2: a message without text"}]


def test_cut_messages_say_so():
    whole = bytes(message(LAYOUTS["numbered"], LAYOUTS["html"]))
    for share in (0.3, 0.5, 0.7, 0.9):
        articles, rejects, said = items_of(whole[: int(share * len(whole))])
        assert rejects or said[0]["count"] > len(articles)


def test_citations_in_messages():
    articles, rejects, _ = items_of(message(export(record(1), record(2, "Not available."))))
    assert len(articles) == 1
    assert rejects[0]["reason"] == "article 2: citation only: the full text is not available"


@pytest.mark.parametrize(
    "data",
    [
        HEAD,
        HEAD
        + "Content-Type: multipart/mixed; boundary=x\n\n"
        + "--x\nContent-Type: multipart/mixed; boundary=x\n\n" * 500,
        HEAD + "Content-Type: multipart/alternative\n\n",
    ],
)
def test_messages_without_text(data):
    try:
        articles, _, _ = items_of(data)
    except Unreadable:
        return
    assert articles == [] or len(data) > 10_000


def test_a_page_that_begins_like_a_message_is_none(tmp_path):
    path = tmp_path / "a.txt"
    path.write_text("From: Port Ann\nDate: 12 June 2024\n\nThe harbour stays shut.", "utf-8")
    assert find_format(path)[1].module == "text"


FAKES = [
    bytes(message(LAYOUTS["numbered"], LAYOUTS["html"])),
    bytes(message(LAYOUTS["fields around the text"])),
    HEAD.encode() + b"Content-Transfer-Encoding: quoted-printable\n\n" + quopri.encodestring(LAYOUTS["html"].encode()),
]


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    fake=st.sampled_from(FAKES),
    place=st.floats(0, 1, exclude_max=True),
    put=st.binary(max_size=4),
    taken=st.integers(0, 6),
    cut=st.booleans(),
)
def test_whatever_the_bytes(fake, place, put, taken, cut):
    at = int(place * len(fake))
    try:
        articles, rejects, _ = items_of(fake[:at] if cut else fake[:at] + put + fake[at + taken :])
    except Unreadable:
        return
    assert articles or rejects
    assert all(article["body"].strip() for article in articles)
