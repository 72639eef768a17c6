"""A figure as PDF, SVG and PNG: fonts embedded, the same bytes for the same figure, its id and its words in each.

PNG files have the 300 dots an inch that journals ask for, in the 64 colours that are most frequent: those of what is
drawn, and enough greys for the edges of letters; every other becomes the nearest of them. That is a third of the size.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path

import numpy as np
from matplotlib.figure import Figure
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from analysis.reporting import layout
from analysis.reporting.fonts import small_fonts
from analysis.reporting.small_svg import small_svg

DPI = 300
_COLOURS = 64


def write_pictures(figure: Figure, stem: Path, record: dict) -> None:
    """Write ``stem``.pdf, .svg and .png, each with caption, alt text and id of the record in its metadata.

    No date and no program version stands in them, so that bytes do not change.
    """
    title, alt, name = record["caption"], record["alt"], f"samestory:{record['figure_id']}"
    of_pdf = {"Title": title, "Subject": alt, "Keywords": name, "CreationDate": None, "Creator": None, "Producer": None}
    of_svg = {"Title": title, "Description": alt, "Identifier": name, "Date": None, "Creator": None}
    with layout.style(), _letters_missing(), small_fonts():
        figure.savefig(stem.with_suffix(".pdf"), metadata=of_pdf)
        figure.savefig(svg := BytesIO(), format="svg", metadata=of_svg)
        figure.savefig(drawn := BytesIO(), format="rgba", dpi=DPI)
    stem.with_suffix(".svg").write_text(small_svg(svg.getvalue().decode()), encoding="utf-8", newline="\n")
    words = PngInfo()
    for key, text in {"Title": title, "Description": alt, "Source": name}.items():
        words.add_text(key, text)
    _few_colours(_picture(drawn.getvalue(), width=int(figure.get_figwidth() * DPI))).save(
        stem.with_suffix(".png"), format="png", pnginfo=words, dpi=(DPI, DPI), compress_level=9, optimize=False
    )


def _picture(drawn: bytes, *, width: int) -> Image.Image:
    """Pixels of red, green, blue and opacity, in rows of ``width``, as a picture."""
    return Image.frombytes("RGBA", (width, len(drawn) // (4 * width)), drawn).convert("RGB")


def _few_colours(whole: Image.Image) -> Image.Image:
    """A picture in its most frequent colours; as it is where it has very many, as a photograph has.

    Pillow has the same in ``quantize``, but takes a colour near to one of the palette's for it: white becomes grey.
    """
    counted = whole.getcolors(1 << 14)
    if counted is None:
        return whole
    colours = np.array([colour for _, colour in sorted(counted, key=lambda one: (-one[0], one[1]))], np.int32)
    often = colours[:_COLOURS]
    nearest = ((colours[:, None] - often) ** 2).sum(axis=2).argmin(axis=1)
    number = np.zeros(1 << 24, np.uint8)  # of each colour there can be
    number[_packed(colours)] = nearest
    drawn = Image.fromarray(number[_packed(np.asarray(whole))])
    drawn.putpalette(often.astype(np.uint8).tobytes())
    return drawn


def _packed(colours: np.ndarray) -> np.ndarray:
    """Red, green and blue as one number."""
    red, green, blue = np.moveaxis(colours.astype(np.int32), -1, 0)
    return (red << 16) | (green << 8) | blue


@contextmanager
def _letters_missing() -> Iterator[None]:
    """One line in place of matplotlib's warnings, where no font of this machine has a letter."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        yield
    said = [str(one.message) for one in caught]
    codes = {int(found.group(1)) for found in (re.match(r"Glyph (\d+) .* missing", words) for words in said) if found}
    if codes:
        letters = "".join(map(chr, sorted(codes)))
        print(f"Drawn as boxes, since no font here has them: {letters} (a font such as Noto Sans CJK SC would)")
    for one in caught:
        if not str(one.message).startswith("Glyph"):
            warnings.warn_explicit(one.message, one.category, one.filename, one.lineno)
