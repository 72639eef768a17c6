"""A study's report as pages: the findings, the notebooks, the articles, the concordance; open them as files.

Nothing is fetched: styles are inlined, pictures embedded, and the one script (which searches and sorts tables) stands
in the page that it serves. All text of articles, outlets and studies is escaped; what a notebook displays as HTML is
passed on, and must have escaped what it shows (pandas does). Growth is bounded: see `MOST` and `LISTED` of
`site_articles`, and `MOST` of `site_concordance`; each page says what it leaves out.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import quote

import pandas as pd

from analysis.lazy import Tables
from analysis.reporting import pages, site_articles, site_concordance, site_index
from analysis.reporting import site_shell as shell
from analysis.reporting.jupyter import nbformat
from analysis.reporting.site_article import article_html, grouped
from analysis.reporting.site_browse import SCRIPT
from analysis.reporting.site_findings import results
from analysis.study import Study


def write_site(
    study: Study, executed: Path, status: pd.DataFrame, tables: dict[str, pd.DataFrame], out: Path, *, figures: Path
) -> Path:
    """Write the pages into ``out`` (those of articles into ``out/articles``); return the index.

    Args:
        executed: the folder of the executed notebooks. status: from `notebooks.run_notebooks`.
        tables: the coded tables. figures: the folder of the figures, which pages link to.
    """
    errors = [None if row.status == "done" else str(row.error) for row in status.itertuples()]
    notebooks = [
        write_notebook(study, executed / f"{name}.ipynb", out, figures=figures, error=error)
        for name, error in zip(status["notebook"], errors, strict=True)
    ]
    return write_index(study, tables, notebooks, write_texts(study, tables, out), out, figures=figures)


def write_notebook(
    study: Study, executed: Path, out: Path, *, figures: Path, error: str | None = None
) -> site_index.Notebook:
    """Write the page of an executed notebook; what the index shows of it. ``error``: why it failed, if it did."""
    out.mkdir(parents=True, exist_ok=True)
    way = quote(Path(os.path.relpath(figures.resolve(), out.resolve())).as_posix())
    notebook = _read(executed)
    one = _notebook(executed.stem, notebook, figures, error=error)
    body = f"{site_index.failure(one)}{site_index.given(one)}"
    body += pages.notebook_html(notebook, study=study.name, figures=way)
    _write(out / one.page, one.title, body, study)
    return one


def write_index(
    study: Study,
    tables: dict[str, pd.DataFrame],
    notebooks: Sequence[site_index.Notebook],
    variables: Sequence[str],
    out: Path,
    *,
    figures: Path,
) -> Path:
    """Write the first page; return its file. ``notebooks``: from `write_notebook`; those of an earlier run are added.
    ``variables``: from `write_texts`."""
    tables = _shown(study, tables)
    notebooks = [*_earlier(out, known={one.name for one in notebooks}, figures=figures), *notebooks]
    articles = site_articles.known(tables, by=study.compare)
    index = out / "index.html"
    body = site_index.index_html(study, tables, articles, sorted(notebooks, key=lambda one: one.name), variables)
    _write(index, study.title, body, study)
    return index


def _shown(study: Study, tables: dict[str, pd.DataFrame]) -> Tables:
    """The tables as pages show them."""
    tables = tables if isinstance(tables, Tables) else Tables(tables)
    if not study.shared:
        return tables
    # Headlines there are marks, one for each word, and have no words to be shown.
    articles = tables["articles"].assign(headline=None, deck=None).astype({"headline": "str", "deck": "str"})
    return Tables({**{name: tables.stored(name) for name in tables}, "articles": articles})


def _write(file: Path, title: str, body: str, study: Study, **options: str | None) -> None:
    here = file.name if not options.get("up") else ""
    file.write_text(shell.page(title, body, of=study.title, here=here, **options), encoding="utf-8")


def _read(file: Path) -> nbformat.NotebookNode:
    """An executed notebook; an empty one where its kernel never came up."""
    return nbformat.read(file, as_version=4) if file.is_file() else nbformat.v4.new_notebook()


def _earlier(out: Path, *, known: set[str], figures: Path) -> list[site_index.Notebook]:
    """Notebooks that were not run now, whose pages an earlier run left here."""
    files = [file for file in sorted(out.glob("[0-9][0-9]_*.ipynb")) if file.stem not in known]
    there = [file for file in files if file.with_suffix(".html").is_file()]
    return [_notebook(file.stem, _read(file), figures, earlier=True) for file in there]


def _notebook(name: str, notebook: nbformat.NotebookNode, figures: Path, **said: object) -> site_index.Notebook:
    return site_index.Notebook(
        name=name,
        title=pages.title_of(notebook) or name,
        given="; ".join(pages.given(notebook)),
        results=results(pages.findings(notebook), figures),
        **said,
    )


def write_texts(study: Study, tables: dict[str, pd.DataFrame], out: Path) -> list[str]:
    """Write the list of articles, a page of each (or of as many as there may be), and the concordance; return the
    variables that this has."""
    out.mkdir(parents=True, exist_ok=True)
    tables = _shown(study, tables)
    articles = site_articles.known(tables, by=study.compare)
    chosen = site_articles.evenly(articles, site_articles.MOST)
    _write(
        out / "articles.html",
        "Articles",
        site_articles.articles_html(articles, chosen, by=study.compare),
        study,
        script=SCRIPT,
    )
    found = site_articles.of_articles(tables, chosen)
    rows = site_concordance.places(found["mentions"], found["articles"], by=study.compare)
    counts = {"mentions": len(found["mentions"]), "articles": len(articles), "paged": len(chosen)}
    body = site_concordance.concordance_html(rows, by=study.compare, **counts)
    _write(out / "concordance.html", "Concordance", body, study, script=SCRIPT)
    _write_articles(study, tables, articles, found, out / "articles")
    return sorted(set(rows["variable"]))


def _write_articles(
    study: Study, tables: Tables, articles: pd.DataFrame, found: dict[str, pd.DataFrame], folder: Path
) -> None:
    """A page an article; pages of articles that are no longer in the study go."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    kinds = dict(tables["categories"][["variable", "kind"]].itertuples(index=False, name=None))
    others = articles.set_index("article_id")
    ids = found["articles"]["article_id"].tolist()
    own = grouped(found, ids)
    for article in found["articles"].to_dict("records"):
        name = article["article_id"]
        body, style = article_html(article, own[name], others, kinds, paged=frozenset(ids))
        headline = article["headline"] if isinstance(article["headline"], str) else name
        _write(folder / f"{name}.html", headline, body, study, up="../", style=style)
