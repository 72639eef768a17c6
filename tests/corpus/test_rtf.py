"""RTF: its text, in its encodings; what is no text passed over; nothing nested or broken is fatal."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from striprtf.striprtf import rtf_to_text

from analysis.corpus.decoding import Unreadable
from analysis.corpus.readers.rtf import DEEPEST, parse, sniff, text_of

FONTS = rb"{\fonttbl{\f0\fnil\fcharset0 Arial;}{\f1\fcharset204 Arial Cyr;}{\f2\fcharset128 Gothic;}}"


def rtf(body: bytes, head: bytes = rb"\ansi\ansicpg1252\deff0") -> bytes:
    return rb"{\rtf1" + head + FONTS + body + b"}"


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (rb"\pard One \b two\b0  three\par Four\line five", "One two three\nFour\nfive"),
        (rb"It\rquote s \ldblquote na\'efve\rdblquote\~\endash", "It’s “naïve”\u00a0–"),
        (rb"a\u8217?b \uc2\u8364\'80\'80c \uc0\u8364d", "a’b €c €d"),
        (rb"\u-10179?\u-8704?", "😀"),
        (rb"\u-10179? alone", "\ufffd alone"),
        (rb"{\f1 \'cf\'f0\'e8} {\f2 \'93\'fa}", "При 日"),
        (rb"one{\*\unknown two}{\pict\pngblip 89504e}{\object\objemb{\*\objdata 0105}{\result x}}three", "onethree"),
        (rb"{\header head}{\footer foot}{\footnote note}{\v hidden}seen", "seen"),
        (b"a{\\pict\\bin7 }}}{\\par}b", "ab"),
        (rb'{\field{\*\fldinst HYPERLINK "http://gull.example"}{\fldrslt the link}}', "the link"),
        (rb"{\upr{plain ?}{\*\ud{plain \u1234?}}}", "plain Ӓ"),
        (rb"{\shp{\*\shpinst{\sp{\sn a}{\sv b}}{\shptxt boxed}}{\shprslt boxed}}", "boxed"),
        (rb"\trowd\cell one\cell two\row", "\tone\ttwo\n"),
        (b"broken\r\n line and a \\\nbreak \\{\\}\\\\", "broken line and a \nbreak {}\\"),
        (rb"co\-operate", "cooperate"),
        (rb"{\info{\title T}{\author A}}text", "text"),
    ],
)
def test_the_text(body, text):
    assert text_of(rtf(body)) == text


def test_what_the_file_says_of_itself():
    parsed = parse(rtf(rb"{\info{\title Talks fail}{\author Jane Doe}{\creatim\yr2024\mo6\dy4\hr9\min30}}Text."))
    assert parsed.info == {"title": "Talks fail", "author": "Jane Doe", "created": "2024-06-04"}
    assert parsed.whole


@pytest.mark.parametrize(
    ("head", "text"),
    [
        (rb"\ansi\ansicpg1251\deff0", "П"),
        (rb"\mac", "œ"),
        (rb"\ansi\ansicpg99999", "Ï"),
        (rb"\ansi\ansicpg037", "Ï"),  # no code page that leaves ASCII as it is
    ],
)
def test_the_code_page_of_the_document(head, text):
    assert text_of(b"{\\rtf1" + head + b" \\'cf}") == text


def test_like_another_parser_on_what_that_can_read():
    body = rb"\pard Talks \i failed\i0  on Tuesday\'2e\par \u8220?No text\u8221?\rquote\par{\b Nobody} came"
    assert text_of(rtf(body)).strip() == rtf_to_text(rtf(body).decode("latin-1")).strip()


@pytest.mark.parametrize("cut", [60, 130, 160])
def test_a_file_that_breaks_off_says_so(cut):
    whole = rtf(b"One.\\par " * 20)
    assert parse(whole).whole
    assert not parse(whole[:cut] if cut < 160 else whole[:-1]).whole
    assert not parse(whole.replace(b"One.", b"One.}", 1)).whole  # it closes too early


def test_bombs_of_groups():
    assert text_of(rtf(b"{" * 1000 + b"a" + b"}" * 1000)) == "a"
    with pytest.raises(Unreadable, match=f"nested more than {DEEPEST} deep"):
        parse(rtf(b"{" * 100_000))
    assert not parse(rtf(b"a\\bin9999999999 b")).whole


def test_no_rtf():
    assert not sniff(b"Plain text", None)
    with pytest.raises(Unreadable, match="not RTF"):
        text_of(b"Plain text")


def test_in_a_study(read):
    info = rb"{\info{\title Talks fail at sea}{\author Jane Doe}}"
    body = rb"Talks fail at sea\par They met on Tuesday.\par He left.\par"
    tables = read({"articles/a.rtf": rtf(info + body), "articles/b.rtf": rtf(rb"One. Two.\par Three.")[:-1]})
    assert tables["articles"]["body"].to_list() == ["They met on Tuesday.\n\nHe left.", "One. Two.\n\nThree."]
    assert tables["articles"]["headline"].to_list()[0] == "Talks fail at sea"
    assert tables["rejects"]["reason"].to_list() == [
        "the RTF file breaks off: a group is never closed, so text may be missing"
    ]
    assert tables["sources"]["format"].to_list() == ["RTF", "RTF"]


TOKENS = [b"{", b"}", b"\\par ", b"\\'e", b"\\'e9", b"\\u-1 ", b"\\uc9 ", b"\\bin3 ", b"\\", b"x", b"\\*", b"\\pict"]
TOKENS += [b"\\upr", b"\\f1 ", b"\\ud", b"\\fcharset128 ", b"\xff", b"\x00"]


@settings(max_examples=200, deadline=None)
@given(st.lists(st.sampled_from(TOKENS)))
def test_anything_goes_through(parts):
    text_of(b"{\\rtf1 " + b"".join(parts)).encode("utf-8")


@given(st.text(max_size=200))
def test_any_text_comes_back(text):
    kept = "".join(c for c in text if c.isalnum() or c in " .,;")
    written = "".join(
        c if c.isascii() else "".join(f"\\u{int.from_bytes(pair, 'little', signed=True)}?" for pair in pairs(c))
        for c in kept
    )
    assert text_of(b"{\\rtf1 " + written.encode() + b"}") == unicodedata.normalize("NFC", kept)


def pairs(character):
    data = character.encode("utf-16-le")
    return [data[:2], data[2:]] if len(data) == 4 else [data]
