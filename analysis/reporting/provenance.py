"""Figures that prove where they came from: five files a figure, a record of what made it, an id over the record.

The record holds whatever a change of would change the figure: the articles, the codebooks, the parameters, the seed,
the code and the packages. It holds no time and no path, so that the same inputs give the same bytes. The figure id is
a hash of the record; it is printed in the figure and embedded in its metadata.
"""

from __future__ import annotations

import json
import os
import platform
import re
import unicodedata
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from importlib.metadata import version
from pathlib import Path

import matplotlib.pyplot as plt
import pandas as pd
from IPython.display import display
from matplotlib.axes import Axes

from analysis import store
from analysis.reporting import layout, this_notebook
from analysis.reporting.fonts import small_fonts
from analysis.reporting.stamps import stamp_of
from analysis.study import Study, shipped

PACKAGES = (
    "numpy",
    "pandas",
    "matplotlib",
    "scipy",
    "pyarrow",
    "numba",
    "scikit-learn",
    "rapidfuzz",
    "nltk",
    "pystemmer",
    "ruptures",
)
ROOMS = ("corpus", "coding", "comparison", "reporting")
FIGURES = "SAMESTORY_FIGURES"  # where a headless run wants its figures


def save_figure(
    axes: Axes,
    slug: str,
    table: pd.DataFrame,
    caption: str,
    *,
    study: Study,
    tables: dict[str, pd.DataFrame],
    parameters: dict | None = None,
    folder: Path | None = None,
    show: bool = True,
) -> str:
    """Write a figure as PDF, SVG, PNG, its table as CSV and its record as JSON; show it once; return its id.

    Below the figure stands whether people have checked the codes of its variable (see `stamps.stamp_of`).

    Args:
        slug: the stem of the file names: small letters, digits and hyphens.
        table: the numbers drawn. What was asked for it (``table.attrs``) goes into the record.
        tables: the coded tables, for the hash of the articles and the versions of the codebooks.
        parameters: what else the figure depends on.
        folder: default the folder that a headless run names, else figures/STUDY where the study's project is.

    Raises:
        ValueError: a slug that could not be a file name everywhere.
    """
    if not slug or slug.strip("abcdefghijklmnopqrstuvwxyz0123456789-"):
        raise ValueError(f"slug {slug!r}: allowed are small letters, digits and hyphens")
    record = make_record(slug, caption, table, study=study, tables=tables, parameters=parameters)
    folder = folder or figures_folder(study)
    folder.mkdir(parents=True, exist_ok=True)
    _print_below(axes, record["figure_id"], record["validation"])
    stem = folder / slug
    with layout.style(), _letters_missing(), small_fonts():
        for ending, options in _metadata(record).items():
            axes.figure.savefig(stem.with_suffix(f".{ending}"), dpi=300, metadata=options)
        if show:
            display(axes.figure, metadata={"image/png": {"alt": record["alt"], "slug": slug}})
    stem.with_suffix(".csv").write_bytes(store.to_bytes(table, "csv"))
    said = json.dumps(record, indent=1, ensure_ascii=False) + "\n"
    stem.with_suffix(".json").write_text(said, encoding="utf-8")
    plt.close(axes.figure)
    return record["figure_id"]


def make_record(
    slug: str,
    caption: str,
    table: pd.DataFrame,
    *,
    study: Study,
    tables: dict[str, pd.DataFrame],
    parameters: dict | None = None,
) -> dict:
    """What made a figure, with its id: the first ten hex digits of the SHA-256 of all the rest."""
    books = tables["categories"][["codebook", "version", "codebook_hash"]].drop_duplicates()
    # A table of quotations rests on cues and actors, whichever codebooks hold them.
    used = {table.attrs.get("codebook")} & set(books["codebook"]) or set(books["codebook"])
    record = {
        "slug": slug,
        "caption": caption,
        "alt": alt_text(caption, table),
        "validation": stamp_of(table, tables),
        "study": {"name": study.name, "title": study.title, "authors": list(study.authors)},
        "corpus": {
            "articles": len(tables["articles"]),
            "sha256": store.hash_of(*sorted(tables["articles"]["article_id"])),
        },
        "codebooks": [
            {"name": name, "version": number, "hash": digest}
            for name, number, digest in books.itertuples(index=False, name=None)
            if name in used
        ],
        "parameters": {**_plain(table.attrs), **_plain(parameters or {})},
        "seed": study.seed,
        "notebook": this_notebook.now(),
        "table": store.table_hash(table.reset_index(drop=True)),
        "code": {"samestory": version("samestory"), "sha256": _code_hash()},
        "packages": {"python": platform.python_version(), **_versions()},
    }
    digest = store.hash_of(json.dumps(record, sort_keys=True, ensure_ascii=False))
    return {"figure_id": digest[:10], **record}


@cache
def _versions() -> dict[str, str]:
    return {name: version(name) for name in PACKAGES}


@cache
def _code_hash() -> str:
    """Over the sources of the package and of the notebooks that ship (their cells; outputs are not stored)."""
    cells = (
        cell["source"]
        for notebook in sorted(shipped("notebooks").glob("*.ipynb"))
        for cell in json.loads(notebook.read_text(encoding="utf-8"))["cells"]
    )
    return store.hash_of(store.code_hash(*ROOMS), *("".join(source) for source in cells))


def slug_of(*parts: str) -> str:
    """Names as a slug: accents dropped; where other letters would be lost, a short hash of the whole is added."""
    whole = unicodedata.normalize("NFKD", "-".join(parts))
    lost = any(not letter.isascii() and not unicodedata.combining(letter) for letter in whole)
    words = re.findall(r"[a-z0-9]+", whole.encode("ascii", "ignore").decode().lower())
    return "-".join([*words, store.hash_of(whole)[:6]] if lost else words)


def figures_folder(study: Study) -> Path:
    """Where figures go: as a headless run says, else figures/STUDY in the project that is worked in.

    JupyterLab runs a notebook in its own folder; the figures then stand beside notebooks/, not in it.
    """
    if os.environ.get(FIGURES):
        return Path(os.environ[FIGURES])
    here = Path.cwd()
    return (here.parent if here.name == "notebooks" else here) / "figures" / study.name


def alt_text(caption: str, table: pd.DataFrame) -> str:
    """The caption, and what the figure shows, in words, for those who do not see it; at most 12 numbers of a table."""
    value = next((column for column in ("share", "rate") if column in table.columns), None)
    shown = table.dropna(subset=[value]).query("n > 0") if value else table.head(0)
    if shown.empty or "by" not in table.attrs:
        return f"{caption} Figure of {len(table)} numbers; the table beside it has them all."
    said = []
    for level, category, number in zip(
        shown[table.attrs["by"]].itertuples(index=False, name=None), shown["category"], shown[value], strict=True
    ):
        name = f"{layout.name_of(level)}, {category}" if level else category
        said.append(f"{name} {100 * number:.0f} %" if value == "share" else f"{name} {number:.2g}")
    more = f"; and {len(said) - 12} more in the table" if len(said) > 12 else ""
    return f"{caption} Shown: {'; '.join(said[:12])}{more}."


def _plain(settings: dict) -> dict:
    """Settings as JSON has them."""
    return {name: list(value) if isinstance(value, tuple) else value for name, value in sorted(settings.items())}


def _print_below(axes: Axes, figure_id: str, stamp: str) -> None:
    """On the line that the layout keeps for them, small: whether people have checked the codes, and the id."""
    figure = axes.figure
    edge, height = layout.MARGIN / layout.WIDTH, 0.04 / figure.get_size_inches()[1]
    small = {"va": "bottom", "size": 5, "color": layout.FAINT, "family": "DejaVu Sans"}
    figure.text(1 - edge, height, figure_id, ha="right", **small)
    if stamp:
        figure.text(edge, height, stamp, ha="left", **small)


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


def _metadata(record: dict) -> dict[str, dict]:
    """Each format's metadata: title and id; no date, no program version, so that bytes do not change."""
    title, name = record["caption"], f"samestory:{record['figure_id']}"
    return {
        "pdf": {"Title": title, "Keywords": name, "CreationDate": None, "Creator": None, "Producer": None},
        "svg": {"Title": title, "Identifier": name, "Date": None, "Creator": None},
        "png": {"Title": title, "Source": name, "Software": None},
    }
