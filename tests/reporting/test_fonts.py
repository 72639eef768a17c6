"""Fonts in PDF files: outlines and widths as matplotlib writes them without us, of frequent letters and of others."""

import io

import matplotlib.pyplot as plt
import pytest
from fontTools.ttLib import TTFont
from matplotlib.backends import _backend_pdf_ps as backend
from pypdf import PdfReader

from analysis.reporting import fonts, layout

PLAIN = {"CreationDate": None, "Creator": None, "Producer": None}


def pdf(words, weight):
    with layout.style():
        figure = plt.figure(figsize=(2, 1))
        figure.text(0.1, 0.5, words, weight=weight)
        figure.savefig(out := io.BytesIO(), format="pdf", metadata=PLAIN)
    return out.getvalue()


@pytest.mark.parametrize("weight", ["normal", "bold"])
@pytest.mark.parametrize(
    "words", ["an offer of 12 ½ %", "ceasefire", "Žižek – “naïve” Œuvre…", "Київ 12", "α ≤ ∞", "ﬁﬂ", ""]
)
def test_page_and_letters_are_those_of_matplotlib_and_smaller(words, weight):
    whole = pdf(words, weight)
    with fonts.small_fonts():
        small = pdf(words, weight)
        assert pdf(words, weight) == small
    assert parts(small) == parts(whole)
    assert len(small) < len(whole) or not words


def parts(written):
    """What draws a page, its text, and of each font the widths and outlines."""
    page = PdfReader(io.BytesIO(written)).pages[0]
    found = [page.get_contents().get_data(), page.extract_text()]
    for font in page["/Resources"].get("/Font", {}).values():
        inner = font["/DescendantFonts"][0] if "/DescendantFonts" in font else font
        file = TTFont(io.BytesIO(inner["/FontDescriptor"]["/FontFile2"].get_data()))
        outlines = {name: file["glyf"][name].getCoordinates(file["glyf"]) for name in file.getGlyphOrder()}
        found.append(
            (font["/BaseFont"], str(inner.get("/W", inner.get("/Widths"))), str(outlines), file["hmtx"].metrics)
        )
    return found


def test_frequent_letters_are_cut_from_a_small_font_and_matplotlib_is_left_as_it_was(monkeypatch):
    asked = []
    cut = backend.get_glyphs_subset
    fonts._often.cache_clear()
    monkeypatch.setattr(
        fonts, "_cut", lambda font, glyphs: asked.append(isinstance(font, io.BytesIO)) or cut(font, glyphs)
    )
    with fonts.small_fonts():
        pdf("first", "normal")
        pdf("second", "normal")
    assert asked[0] is False, "the whole font is read once"
    assert len(asked) > 2
    assert all(asked[1:])
    asked.clear()
    with fonts.small_fonts():
        pdf("Київ", "normal")
    assert False in asked, "other letters are cut from the whole font"
    assert backend.get_glyphs_subset is cut
