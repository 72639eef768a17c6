"""Figures that prove where they came from: five files a figure, a record of what made it, an id over the record.

The record holds whatever a change of would change the figure: the articles, the codebooks, the parameters, the seed,
the code and the packages. It holds no time and no path, so that the same inputs give the same bytes.

The figure id is a hash of what was asked and what came out: `IDENTITY`. It is printed in the figure and embedded in its
metadata. Code and packages stand in the record beside it. Were they part of it, a word in some docstring or a new
release of a package would give every published figure another id, though not one number changed; where they do change
a result, the table changes, and with it the id. What they change in the drawing alone is found by `samestory verify`,
which compares the pictures byte by byte.
"""

from __future__ import annotations

import json
import os
import platform
import re
import unicodedata
from functools import cache
from importlib.metadata import version
from pathlib import Path

import matplotlib.pyplot as plt
import pandas as pd
from IPython.display import display
from matplotlib.axes import Axes

from analysis import store
from analysis.lazy import once
from analysis.reporting import codebook_changes, corpora, layout, this_notebook
from analysis.reporting.pictures import write_pictures
from analysis.reporting.stamps import checks_of, stamp_of
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
# The parts of a record that its id is a hash of; of the notebook its name and the parameters that it was given.
IDENTITY = ("slug", "caption", "corpus", "codebooks", "parameters", "seed", "notebook", "table")
_PLACES = 12  # significant digits: the last ones depend on the processor
_LONGEST = 40  # letters of a folder named by parameters
ROOMS = ("corpus", "coding", "comparison", "reporting")


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
    corpus, table = _corpus_of(tables), rounded(table)
    record = make_record(slug, caption, table, study=study, tables=tables, parameters=parameters, corpus=corpus)
    folder = folder or figures_folder(study)
    folder.mkdir(parents=True, exist_ok=True)
    _print_below(axes, record["figure_id"], record["validation"])
    stem = folder / slug
    write_pictures(axes.figure, stem, record)
    if show:
        with layout.style():
            display(axes.figure, metadata={"image/png": {"alt": record["alt"], "slug": slug}})
    stem.with_suffix(".csv").write_bytes(store.to_bytes(table, "csv"))
    said = json.dumps(record, indent=1, ensure_ascii=False) + "\n"
    stem.with_suffix(".json").write_text(said, encoding="utf-8")
    corpora.keep(corpus, folder)
    for book in record["codebooks"]:
        codebook_changes.keep(study, book["name"], book["hash"], folder)
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
    corpus: corpora.Corpus | None = None,
) -> dict:
    """What made a figure, with its id (see `figure_id`). ``corpus``: of the tables, where it is known already."""
    corpus = corpus or _corpus_of(tables)
    books = tables["categories"][["codebook", "version", "codebook_hash"]].drop_duplicates()
    # A table of quotations rests on cues and actors, whichever codebooks hold them.
    used = {table.attrs.get("codebook")} & set(books["codebook"]) or set(books["codebook"])
    record = {
        "slug": slug,
        "caption": caption,
        "alt": alt_text(caption, table),
        "validation": stamp_of(table, tables),
        "study": {
            "name": study.name,
            "title": study.title,
            "authors": list(study.authors),
            "events": [[str(event.date), event.label] for event in study.events],
        },
        "checks": checks_of(table, tables),
        "corpus": {"articles": len(corpus.articles), "sha256": corpus.sha256},
        "codebooks": [
            {"name": name, "version": number, "hash": digest}
            for name, number, digest in books.itertuples(index=False, name=None)
            if name in used
        ],
        "parameters": {**_plain(table.attrs), **_plain(parameters or {})},
        "seed": study.seed,
        "notebook": this_notebook.now(),
        "table": store.table_hash(rounded(table).reset_index(drop=True)),
        "code": {"samestory": version("samestory"), "sha256": _code_hash()},
        "packages": {"python": platform.python_version(), **_versions()},
    }
    return {"figure_id": figure_id(record), **record}


def _corpus_of(tables: dict[str, pd.DataFrame]) -> corpora.Corpus:
    return once(tables, "corpus", lambda: corpora.corpus_of(tables))


def figure_id(record: dict) -> str:
    """The first ten hex digits of the SHA-256 of the parts of a record that are its `IDENTITY`."""
    said = {part: record[part] for part in IDENTITY}
    made_by = record["notebook"] or {}
    said["notebook"] = [made_by.get("name"), made_by.get("given")]
    return store.hash_of(json.dumps(said, sort_keys=True, ensure_ascii=False))[:10]


def rounded(table: pd.DataFrame) -> pd.DataFrame:
    """A table with its numbers to `_PLACES` significant digits, so that another processor gives the same bytes."""
    fractions = table.select_dtypes("float").columns
    return table.assign(**{name: table[name].map(_significant) for name in fractions})


def _significant(number: float) -> float:
    return float(f"{number:.{_PLACES}g}")


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
    """Where figures go: as a headless run says, else figures/STUDY in the project that is worked in, and in it the
    folder of `variant` where a notebook was given other parameters than its own.

    JupyterLab runs a notebook in its own folder; the figures then stand beside notebooks/, not in it. ``samestory
    explore`` runs copies, and says where one works.
    """
    if os.environ.get(this_notebook.FIGURES):
        return Path(os.environ[this_notebook.FIGURES])
    here, made_by = Path(os.environ.get(this_notebook.PROJECT) or Path.cwd()), this_notebook.now() or {}
    given = {} if made_by.get("name") == this_notebook.EXPLORE else made_by.get("given", {})
    return (here.parent if here.name == "notebooks" else here) / "figures" / study.name / variant(given)


def variant(given: dict[str, object]) -> str:
    """The folder of what was made with given parameters, such as ``voice-own``; empty where none was given."""
    parts = [str(part) for name, value in sorted(given.items()) for part in (name, value)]
    slug = slug_of(*parts)
    if len(slug) <= _LONGEST and all(re.fullmatch("[a-z0-9_]+", part) for part in parts):
        return slug
    whole = json.dumps(given, sort_keys=True, default=str)
    return f"{slug[:_LONGEST].rstrip('-')}-{store.hash_of(whole)[:6]}"


def alt_text(caption: str, table: pd.DataFrame) -> str:
    """The caption, and what the figure shows, in words, for those who do not see it; at most 12 numbers of a table."""
    value = next((column for column in ("share", "rate") if column in table.columns), None)
    shown = table.dropna(subset=[value]).query("n > 0") if value else table.head(0)
    if shown.empty or "by" not in table.attrs:
        return f"{caption} Figure of {len(table)} numbers; the table beside it has them all."
    said = []
    keys = [*table.attrs["by"], *(["period"] if "period" in shown and "period" not in table.attrs["by"] else [])]
    for level, category, number in zip(
        shown[keys].itertuples(index=False, name=None), shown["category"], shown[value], strict=True
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
