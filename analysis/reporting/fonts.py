"""Fonts in PDF files, cut to the letters of a figure: as matplotlib's own, in a quarter of the time and a third of the
size.

For each figure matplotlib has fontTools read a whole font of 6,000 glyphs, to keep some fifty. Here the font is cut
once to the letters and signs of European languages in Latin script, and each figure's glyphs are cut out of that. A
figure that has another letter goes matplotlib's own way. What a page does not need is left out of either: programs that
fit letters to the pixels of a screen, and tables that only a program needs that sets text.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from functools import cache
from io import BytesIO
from typing import TYPE_CHECKING
from unittest.mock import patch

from matplotlib.backends import _backend_pdf_ps as backend
from matplotlib.font_manager import get_font

if TYPE_CHECKING:
    from fontTools.ttLib import TTFont

_OFTEN = [*range(0x20, 0x180), *range(0x2010, 0x2040), *range(0xFB00, 0xFB05)]  # Latin letters, punctuation, ligatures
_TABLES = {"fpgm", "prep", "cvt ", "gasp", "GDEF", "GPOS", "GSUB", "MATH"}
_cut = backend.get_glyphs_subset


class _File(BytesIO):
    """A font in memory, with what matplotlib asks of a font's path."""

    face_index = 0


@contextmanager
def small_fonts() -> Iterator[None]:
    """In this context matplotlib embeds fonts in PDF files as said above."""
    with patch.object(backend, "get_glyphs_subset", _glyphs):
        yield


@contextmanager
def _glyphs(font: str, glyphs: Collection[int]) -> Iterator[object]:
    """What matplotlib's ``get_glyphs_subset`` gives: the cut font, and the new number of each glyph."""
    wanted = set(glyphs)
    content, numbers = _often(font)
    if not wanted <= numbers.keys():  # also where a version of matplotlib asks for letters, and not for numbers
        with _cut(font, glyphs) as found:
            yield found._replace(font=_bare(found.font))
        return
    with _cut(_File(content), {numbers[glyph] for glyph in wanted}) as found:
        found = found._replace(font=_bare(found.font))
        yield found._replace(glyph_index_map={glyph: found.glyph_index_map[numbers[glyph]] for glyph in wanted})


def _bare(font: TTFont) -> TTFont:
    """A font of outlines and widths alone. It is one that was just cut, and nobody else's: it is changed in place."""
    for table in _TABLES & {*font.keys()}:
        del font[table]
    outlines = font["glyf"]
    for name in outlines.keys():  # noqa: SIM118 (no mapping)
        outlines[name].removeHinting()
    return font


@cache
def _often(font: str) -> tuple[bytes, dict[int, int]]:
    """A font cut to what figures mostly need, and its number of each glyph of the whole font."""
    whole = get_font(font)
    glyphs = {whole.get_char_index(code) for code in _OFTEN}
    with _cut(font, glyphs) as found:
        # What a ligature brought along, and was not asked for, lost its letter: it is none of these.
        numbers = {glyph: found.glyph_index_map[glyph] for glyph in glyphs}
        return backend.font_as_file(found.font).getvalue(), numbers
