"""A figure as PDF, SVG and PNG: fonts embedded, the same bytes for the same figure, its id and its words in each."""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from matplotlib.figure import Figure

from analysis.reporting import layout
from analysis.reporting.fonts import small_fonts

DPI = 300


def write_pictures(figure: Figure, stem: Path, record: dict) -> None:
    """Write ``stem``.pdf, .svg and .png, each with caption, alt text and id of the record in its metadata."""
    with layout.style(), _letters_missing(), small_fonts():
        for ending, options in _metadata(record).items():
            figure.savefig(stem.with_suffix(f".{ending}"), dpi=DPI, metadata=options)


def _metadata(record: dict) -> dict[str, dict]:
    """Each format's metadata; no date, no program version, so that bytes do not change."""
    title, alt, name = record["caption"], record["alt"], f"samestory:{record['figure_id']}"
    return {
        "pdf": {"Title": title, "Subject": alt, "Keywords": name, "CreationDate": None, "Creator": None, "Producer": None},
        "svg": {"Title": title, "Description": alt, "Identifier": name, "Date": None, "Creator": None},
        "png": {"Title": title, "Description": alt, "Source": name, "Software": None},
    }


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
