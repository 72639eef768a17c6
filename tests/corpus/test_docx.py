"""DOCX: paragraphs in order, what is no text left out, bombs and entities refused."""

from __future__ import annotations

import io
import random
import zipfile

import docx as python_docx
import pytest

from analysis.corpus.decoding import Unreadable
from analysis.corpus.limits import LIMITS
from analysis.corpus.readers import docx

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
TYPES = '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'


def made(body: str, **parts: str) -> bytes:
    """A DOCX of a document's body in XML; other parts by name, ``__`` for a slash and ``_`` for a dot."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", TYPES)
        archive.writestr("word/document.xml", f"<w:document {W}><w:body>{body}</w:body></w:document>")
        for name, text in parts.items():
            archive.writestr(name.replace("__", "/").replace("_", "."), text)
    return file.getvalue()


def p(text: str) -> str:
    return f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>"


def written(tmp_path, fill) -> bytes:
    """A DOCX as Word's library for Python writes it."""
    document = python_docx.Document()
    fill(document)
    document.save(tmp_path / "made.docx")
    return (tmp_path / "made.docx").read_bytes()


def fill(document):
    document.core_properties.title, document.core_properties.author = "Talks fail at sea", "Jane Doe"
    document.add_paragraph("Gull", style="Subtitle")
    document.add_heading("Talks fail", level=1)
    document.add_paragraph("They met on Tuesday.").add_run(" He left.").bold = True
    table = document.add_table(rows=1, cols=2)
    table.cell(0, 0).text, table.cell(0, 1).text = "Left cell.", "Right cell."
    document.add_paragraph("A last one.\nWith a break.")
    document.sections[0].header.paragraphs[0].text = "A running head"


def test_paragraphs_tables_and_styles_in_order(tmp_path):
    assert docx.parse(written(tmp_path, fill)).paragraphs == [
        ("Gull", "Subtitle"),
        ("Talks fail", "Heading 1"),
        ("They met on Tuesday. He left.", "Normal"),
        ("Left cell.", "Normal"),
        ("Right cell.", "Normal"),
        ("A last one.\nWith a break.", "Normal"),
    ]


def test_the_same_from_a_path_and_like_the_other_library(tmp_path):
    data = written(tmp_path, fill)
    theirs = [paragraph.text for paragraph in python_docx.Document(io.BytesIO(data)).paragraphs]
    ours = [text for text, _ in docx.parse(tmp_path / "made.docx").paragraphs]
    assert [text for text in ours if "cell" not in text] == theirs


@pytest.mark.parametrize(
    ("body", "texts"),
    [
        ("<w:p><w:r><w:t>a</w:t><w:tab/><w:t>b</w:t><w:br/><w:t>c</w:t><w:noBreakHyphen/></w:r></w:p>", ["a\tb\nc-"]),
        (
            "<w:p><w:ins><w:r><w:t>in</w:t></w:r></w:ins><w:del><w:r><w:delText>out</w:delText></w:r></w:del></w:p>",
            ["in"],
        ),
        ("<w:p><w:r><w:rPr><w:vanish/></w:rPr><w:t>gone</w:t></w:r><w:r><w:t>seen</w:t></w:r></w:p>", ["seen"]),
        ("<w:p><w:hyperlink><w:r><w:t>link</w:t></w:r></w:hyperlink></w:p>", ["link"]),
        ("<w:sdt><w:sdtContent>" + p("boxed") + "</w:sdtContent></w:sdt>", ["boxed"]),
        ("<w:p><w:r><w:instrText>HYPERLINK x</w:instrText><w:t>shown</w:t></w:r></w:p>", ["shown"]),
        (
            '<w:p><w:r><mc:AlternateContent xmlns:mc="m"><mc:Choice><w:txbxContent>'
            + p("in a box")
            + "</w:txbxContent></mc:Choice><mc:Fallback>"
            + p("in a box")
            + "</mc:Fallback></mc:AlternateContent><w:t>beside</w:t></w:r></w:p>",
            ["beside", "in a box"],
        ),
        (p("e\u0301"), ["é"]),
    ],
)
def test_what_is_text(body, texts):
    assert [text for text, _ in docx.parse(made(body)).paragraphs] == texts


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"PK\x03\x04 and then nothing", "the ZIP container is broken or cut off"),
        (made(p("One."))[:120], "the ZIP container is broken or cut off"),  # before its text
        (made("<w:p>"), "is not XML"),
        (made(p("One.")).replace(b"word/document.xml", b"word/nocument.xml"), "has no part word/document.xml"),
    ],
)
def test_broken_files(data, reason):
    with pytest.raises(Unreadable, match=reason):
        docx.parse(data)


def long_document():
    draw = random.Random(5)
    return made("".join(p(f"Paragraph {n}: {draw.randbytes(60).hex()}.") for n in range(200)))


def as_a_stream(data):
    """The same container as programs write that cannot go back: the sizes stand behind the parts."""

    class Pipe(io.RawIOBase):
        data = b""

        def writable(self):
            return True

        def write(self, more):
            self.data += bytes(more)
            return len(more)

    pipe = Pipe()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(pipe, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, old.read(name))
    return pipe.data


@pytest.mark.parametrize("share", [0.5, 0.9, 0.999])
@pytest.mark.parametrize("written_as", [bytes, as_a_stream])
def test_what_is_there_of_a_file_that_breaks_off(share, written_as):
    data = written_as(long_document())
    whole = docx.parse(data)
    assert whole.whole
    cut = docx.parse(data[: int(len(data) * share)])
    assert not cut.whole
    n = len(cut.paragraphs)
    assert 200 * share - 25 < n <= 200
    assert cut.paragraphs[: n - 1] == whole.paragraphs[: n - 1]
    assert whole.paragraphs[n - 1][0].startswith(cut.paragraphs[-1][0])


def test_a_file_that_breaks_off_is_said_in_a_study(read):
    tables = read({"articles/a.docx": long_document()[:-5000]})
    assert len(tables["articles"]) == 1
    assert tables["rejects"]["reason"].to_list() == ["the DOCX file breaks off, so text may be missing"]
    assert tables["sources"]["missing"].to_list() == ["the DOCX file breaks off, so text may be missing"]


def test_a_bomb_that_breaks_off_is_not_unpacked():
    bomb = made(p("a" * 50_000_000))
    (text, _), *_ = docx.parse(bomb[:-50]).paragraphs
    assert len(text) <= LIMITS.ratio * len(bomb)


def test_a_bomb_is_not_unpacked():
    body = p("a" * 5_000_000)
    with pytest.raises(Unreadable, match=r"unpacks to more than [\d.]+ MB, as a ZIP bomb does"):
        docx.parse(made(body))


def test_a_size_that_lies_is_found_out():
    data = made(p("b" * 3_000_000))
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        size = archive.getinfo("word/document.xml").file_size.to_bytes(4, "little")
    assert data.count(size) == 2  # before the part, and in the directory at the end
    with pytest.raises(Unreadable, match=r"is broken|ZIP bomb"):
        docx.parse(data.replace(size, (1000).to_bytes(4, "little")))


def test_entities_are_refused():
    bomb = '<!DOCTYPE a [<!ENTITY b "lol"><!ENTITY c "&b;&b;&b;">]>'
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("word/document.xml", f"{bomb}<w:document {W}><w:body>{p('&c;')}</w:body></w:document>")
    with pytest.raises(Unreadable, match="declares entities"):
        docx.parse(file.getvalue())
    wide = io.BytesIO()
    with zipfile.ZipFile(wide, "w") as archive:
        archive.writestr("word/document.xml", f'<?xml version="1.0" encoding="utf-16"?>{bomb}<a/>'.encode("utf-16"))
    with pytest.raises(Unreadable, match="declares entities"):
        docx.parse(wide.getvalue())


def test_nothing_outside_of_the_container_is_followed():
    relations = (
        '<Relationships xmlns="r"><Relationship Type="x/officeDocument" TargetMode="External" '
        'Target="http://gull.example/d.xml"/></Relationships>'
    )
    assert docx.parse(made(p("Here."), _rels___rels=relations)).paragraphs == [("Here.", "Normal")]


def test_in_a_study(read, tmp_path):
    tables = read({"articles/a.docx": written(tmp_path, fill), "articles/b.docx": made(p(" "))})
    article = tables["articles"].iloc[0]
    assert article["headline"] == "Talks fail"
    assert article["body"].startswith("They met on Tuesday. He left.\n\nLeft cell.")
    assert "running head" not in article["body"]
    assert tables["rejects"]["reason"].to_list() == ["no text in the document (a scan or pictures only?)"]
    said = tables["furniture"].query("rule == 'unusable-published'")["text"].to_list()
    assert all(text.endswith("(when the file was made)") for text in said)
    assert tables["articles"]["published"].isna().all()
