"""Fonts in PDF files: the very bytes that matplotlib writes without us, for letters that are frequent and others."""

import io

import matplotlib.pyplot as plt
import pytest
from matplotlib.backends import _backend_pdf_ps as backend

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
def test_the_bytes_are_those_of_matplotlib(words, weight):
    whole = pdf(words, weight)
    with fonts.small_fonts():
        assert pdf(words, weight) == whole


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
