"""Limits: what is too large or too long is a reject that says so; formats are told by content before suffix."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from analysis.corpus.article import OtherLanguage, language_code, make_article
from analysis.corpus.decoding import Unreadable
from analysis.corpus.furniture import CREDITS
from analysis.corpus.limits import LIMITS
from analysis.corpus.readers import FORMATS, find_format, module_of, read_items
from analysis.corpus.readers.kinds import as_text, kind_of
from analysis.corpus.reading import Job, Steps, read_file
from analysis.tables import CREDITS as CONTRACT

PAGE = "Talks fail\n\nThey met on Tuesday and parted without a text, officials said.\n\nHe did not come."


@pytest.fixture
def entries(tmp_path):
    def made(name, content, limits=LIMITS, steps=None):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return list(read_file(Job(str(path), {}, "utf-8", None, None, "en"), tmp_path, limits, steps))

    return made


def reasons(found):
    return [entry["reason"] for entry in found if "reason" in entry]


def test_files_that_are_too_large(entries):
    limits = LIMITS._replace(whole=1_500_000, file=2_500_000)
    lines = json.dumps({"body": "x" * 985}) + "\n"
    assert reasons(entries("a.jsonl", lines * 1000, limits)) == []
    said = "too large: 2.0 MB; of this format at most 1.5 MB are read"
    assert reasons(entries("b.jsonl", lines * 2000, limits)) == [said]
    assert reasons(entries("c.jsonl", lines * 3000, limits)) == ["too large: 3.0 MB; at most 2.5 MB are read"]


def test_an_article_that_is_too_long_costs_no_other(entries):
    lines = "\n".join(json.dumps({"body": body}) for body in ("One.", "x" * 200, "Three."))
    found = entries("a.jsonl", lines, LIMITS._replace(item=100))
    assert [entry["article"]["body"] for entry in found if "article" in entry] == ["One.", "Three."]
    assert reasons(found) == ["longer than one article may be: 200 characters; at most 100"]


def test_a_file_of_nothing_but_broken_items_is_given_up(entries):
    found = entries("a.jsonl", "{}\n" * 50, LIMITS._replace(rejects=10))
    assert len(reasons(found)) == 11
    assert reasons(found)[-1] == "10 items cannot be read: the rest is not read"


def test_nul_characters_are_rejects_in_bodies_and_marked_elsewhere(entries):
    lines = "\n".join(
        json.dumps(record) for record in ({"body": "One\x00."}, {"body": "Two.", "title": "A\x00B", "date": "n\x00"})
    )
    found = entries("a.jsonl", lines)
    assert reasons(found) == ["no text: a NUL character at 3"]
    assert found[-1]["article"]["headline"] == "A\N{REPLACEMENT CHARACTER}B"
    assert found[-1]["cuts"] == [{"line": 0, "text": "n\N{REPLACEMENT CHARACTER}", "rule": "unusable-published"}]


def test_what_a_file_got_stuck_at_is_passed_over(entries):
    lines = "\n".join(json.dumps({"body": body}) for body in ("One.", "Two.", "Three.", "Four."))
    steps = Steps({1: (True, "slow rules"), 3: (False, "slow reader")})
    found = entries("a.jsonl", lines, steps=steps)
    assert [entry["article"]["body"] for entry in found if "article" in entry] == ["One.", "Three."]
    assert [(entry["index"], entry["reason"]) for entry in found if "reason" in entry] == [
        (1, "slow rules"),
        (3, "slow reader"),
    ]


@pytest.mark.parametrize(
    ("name", "content", "kind", "format"),
    [
        ("a.txt", PAGE, "text", "plain text"),
        ("a.TXT", PAGE, "text", "plain text"),
        ("a.txt", "\ufeff" + PAGE, "text", "plain text"),
        ("a.txt", "", "empty", "plain text"),
        ("a.txt", '{"headline": "x", "body": "y"}\n', "text", "JSON Lines"),
        ("a", '{"body": "' + "y" * 70_000 + '"}', "text", "JSON Lines"),
        ("a.txt", "{this} is no JSON\n", "text", "plain text"),
        ("a.txt", "outlet,headline,body\nGull,x,y\n", "text", "CSV"),
        ("a.txt", "Outlet;Title;Text\nGull;x;y\n", "text", "CSV"),
        ("a.txt", "They met, talked, text in hand\n\nand more.", "text", "plain text"),
        ("a.csv", "x,y\n1,2\n", "text", "CSV"),
        ("a.txt", "---\ntitle: x\n---\nHe left.", "text", "Markdown"),
        ("a.md", PAGE, "text", "Markdown"),
        ("a.dat", "<!DOCTYPE html><p>x</p>", "html", "web page"),
        ("a.txt", "\n<!-- saved -->\n<html><p>x</p>", "html", "web page"),
        ("a.html", "x", "text", "web page"),
        ("a.md", "<p align=center>x</p>", "xml", "Markdown"),
        ("a.txt", b"PAR1...", "parquet", "Parquet"),
        ("a.html", b"\x89PNG\x00", "binary", "web page"),
        ("a.mp4", b"0000", "text", None),
        ("README", PAGE, "text", None),
        ("a.txt", "Zeit\u00fcng".encode("utf-16"), "text", "plain text"),
    ],
)
def test_content_tells_the_format_before_the_suffix(tmp_path, name, content, kind, format):
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    found = find_format(path)
    assert (found[0], found[1] and found[1].name) == (kind, format)


def test_every_format_has_its_module_and_a_sniff_that_never_raises(tmp_path):
    path = tmp_path / "x"
    path.write_bytes(b"")
    heads = (b"", b"\x00" * 100, b"\xff\xfe\x00", b"{", b"PK\x03\x04", b'"' * 5000, "é".encode("utf-16")[:-1], b"<?xml")
    for format in FORMATS:
        assert callable(module_of(format).read)
        if format.sniffed:
            assert not any(module_of(format).sniff(head, path) for head in heads), format.name


def test_heads_are_text_whatever_they_are():
    assert as_text("aé".encode()[:-1]) == "a"
    assert as_text(b"caf\xe9\r\nx") == "café\nx"
    assert as_text("né".encode("utf-16")) == "né"
    assert kind_of(b"<" * 65_536, Path("x")) == "text"
    assert kind_of(b"<!--" * 16_000, Path("x")) == "text"


def test_whatever_a_reader_raises_is_a_reason(tmp_path, monkeypatch):
    from analysis.corpus.readers import text

    def read(path, *, encoding, keep):
        yield {"source_index": 0, "page": PAGE}
        raise RecursionError("too deep\nby far")

    monkeypatch.setattr(text, "read", read)
    path = tmp_path / "a.txt"
    path.write_text(PAGE)
    found = list(read_items(path, encoding="utf-8"))
    reason = "the reader of plain text fails on it: RecursionError: too deep by far"
    assert found[1:] == [{"source_index": 1, "reason": reason, "ends": True}]


def test_credits_are_those_of_the_contract():
    assert CREDITS == CONTRACT


FRENCH = (
    "Le conseil municipal a voté hier soir le budget de la ville, après trois heures de débat. Le maire a promis que "
    "les écoles du quartier nord seraient rénovées avant la fin de l'année, malgré les doutes de l'opposition."
)
ENGLISH = (
    "The town council voted on the budget last night after three hours of debate. The mayor promised that the schools "
    "in the northern district would be renovated before the end of the year, whatever the opposition might say."
)


def article(body, told=None, language="en", **columns):
    item = {"source_index": 0, "body": body, **columns}
    return make_article(item, told or {}, keep=None, language=language, longest=10_000)[0]


def test_articles_in_another_language_are_kept_out():
    assert article(ENGLISH)["language"] == "en"
    assert article(FRENCH, language="fr")["language"] == "fr"
    with pytest.raises(OtherLanguage, match=r"^in French, not in English$") as error:
        article(FRENCH)
    assert error.value.code == "fr"
    with pytest.raises(OtherLanguage, match="in English, not in German"):
        article(ENGLISH, language="de")


def test_filler_is_in_no_language():
    filler = "Lorem ipsum dolor sit amet, consectetur adipiscing elit, sed do eiusmod tempor incididunt ut labore. " * 4
    assert article(filler)["language"] == "en"


def test_what_a_source_says_of_its_language_is_a_doubt_where_the_text_does_not_tell():
    item = {"source_index": 0, "body": ENGLISH, "language": "fr-FR"}
    assert make_article(item, {}, keep=None, language="en", longest=10_000)[0]["language"] == "en"
    item["body"] = "He left."
    row, cuts = make_article(item, {}, keep=None, language="en", longest=10_000)
    assert (row["language"], cuts) == ("en", [{"line": 0, "text": "fr-FR", "rule": "unusable-language"}])
    assert make_article(item, {"language": "en"}, keep=None, language="en", longest=10_000)[0]["language"] == "en"
    item = {"source_index": 0, "body": ENGLISH}
    with pytest.raises(OtherLanguage, match="in French"):  # the manifest's word is the last
        make_article(item, {"language": "French"}, keep=None, language="en", longest=10_000)


@pytest.mark.parametrize(
    ("printed", "code"),
    [
        ("en-GB", "en"),
        ("EN_us", "en"),
        ("English", "en"),
        ("ENGLISCH", "en"),
        ("Deutsch", "de"),
        ("anglais", "en"),
        ("nb", "no"),
        ("the usual one", None),
        ("", None),
        (None, None),
    ],
)
def test_languages_by_code_and_name(printed, code):
    assert language_code(printed) == code


def test_an_item_without_text_is_unreadable():
    with pytest.raises(Unreadable, match="no body"):
        make_article({"source_index": 0, "page": "Share it"}, {}, keep=None, language="en", longest=100)
