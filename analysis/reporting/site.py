"""Executed notebooks → a report to read: one self-contained page a notebook, and an index.

Nothing is fetched: styles are inlined, pictures embedded, no script is used. All text of articles, outlets and studies
is escaped; what a notebook displays as HTML is passed on, and must have escaped what it shows (pandas does).
"""

from __future__ import annotations

from html import escape
from pathlib import Path

import nbformat
import pandas as pd
from nbformat import NotebookNode

from analysis.reporting import pages
from analysis.study import Study

_STYLE = Path(__file__).with_name("report.css")
_POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'"


def write_site(study: Study, executed: Path, status: pd.DataFrame, tables: dict[str, pd.DataFrame], out: Path) -> Path:
    """Write a page for each notebook and ``index.html`` into ``out``; return the index.

    Args:
        executed: the folder of the executed notebooks. status: from `notebooks.run_notebooks`.
        tables: the coded tables, for the facts on the index.
    """
    out.mkdir(parents=True, exist_ok=True)
    cards = {}
    for row in status.itertuples():
        notebook = _read(executed / f"{row.notebook}.ipynb")
        title = pages.title_of(notebook) or row.notebook
        body = f"{_failure(row)}{_given(notebook)}{pages.notebook_html(notebook, study=study.name)}"
        (out / f"{row.notebook}.html").write_text(_page(title, study, body), encoding="utf-8")
        cards[row.notebook] = _card(row, title, notebook)
    cards |= _earlier(out, known=set(cards))
    index = out / "index.html"
    body = f"<h1>{escape(study.title)}</h1>{_facts(study, tables)}{_in_order(cards)}{_codebooks(tables)}"
    index.write_text(_page(None, study, body), encoding="utf-8")
    return index


def _read(file: Path) -> NotebookNode:
    """An executed notebook; an empty one where its kernel never came up."""
    return nbformat.read(file, as_version=4) if file.is_file() else nbformat.v4.new_notebook()


def _earlier(out: Path, *, known: set[str]) -> dict[str, str]:
    """Cards of notebooks that were not run now, whose pages an earlier run left here."""
    files = [file for file in sorted(out.glob("[0-9][0-9]_*.ipynb")) if file.stem not in known]
    there = [file for file in files if file.with_suffix(".html").is_file()]
    return {
        file.stem: f'<section class="card"><h2><a href="{escape(file.stem)}.html">'
        f"{escape(pages.title_of(_read(file)) or file.stem)}</a></h2><p>From an earlier run.</p></section>"
        for file in there
    }


def _in_order(cards: dict[str, str]) -> str:
    return "".join(card for _, card in sorted(cards.items()))


def _given(notebook: NotebookNode) -> str:
    """The parameters that were changed for this run, so that no page is taken for the default."""
    changed = pages.given(notebook)
    return f'<p class="given">Run with <code>{escape("; ".join(changed))}</code></p>' if changed else ""


def _page(title: str | None, study: Study, body: str) -> str:
    """The shell of every page. The policy lets the browser load nothing and run nothing."""
    crumbs = "" if title is None else f'<a href="index.html">{escape(study.title)}</a>'
    return f"""<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="Content-Security-Policy" content="{_POLICY}">
<title>{escape(f"{title} – {study.title}" if title else study.title)}</title>
<style>
{_STYLE.read_text(encoding="utf-8")}</style>
</head>
<body>
<a class="skip" href="#content">Skip to the content</a>
<header><nav aria-label="Report">{crumbs}</nav></header>
<main id="content">
{body}
</main>
<footer><p>Made with Samestory. Each figure carries an id; its .json file says what made it.</p></footer>
</body>
</html>
"""


def _facts(study: Study, tables: dict[str, pd.DataFrame]) -> str:
    """What the study holds, in a short list."""
    articles, rejects = tables["articles"], tables["rejects"]
    dates = articles["published"].dropna()
    span = f"{dates.min():%d %B %Y} to {dates.max():%d %B %Y}" if len(dates) else "no dates"
    undated = len(articles) - len(dates)
    levels = articles[study.compare].dropna().astype("str")
    facts = {
        "Articles": f"{len(articles):,} read, {len(rejects):,} rejected; {articles['n_words'].sum():,} words",
        "Published": span + (f"; {undated:,} without a date" if undated else ""),
        f"Compared by {study.compare}": ", ".join(f"{name} ({n:,})" for name, n in levels.value_counts().items())
        or "–",
    }
    rows = "".join(f"<dt>{escape(name)}</dt><dd>{escape(fact)}</dd>" for name, fact in facts.items())
    return f'<dl class="facts">{rows}</dl>'


def _failure(row) -> str:
    if row.status == "done":
        return ""
    return f'<p class="failed" role="alert">This page is not whole. The notebook failed: {escape(str(row.error))}</p>'


def _card(row, title: str, notebook: NotebookNode) -> str:
    """A notebook on the index: its question, its first figure, what it found."""
    picture = pages.first_picture(notebook)
    image = f'<img src="data:image/png;base64,{picture[0].strip()}" alt="{escape(picture[1])}">' if picture else ""
    said = "".join(f"<li>{finding}</li>" for finding in pages.findings(notebook))
    more = f"<ul>{said}</ul>" if said else ""
    link = f'<a href="{escape(row.notebook)}.html">{escape(title)}</a>'
    return f'<section class="card"><h2>{link}</h2>{_failure(row)}{_given(notebook)}{image}{more}</section>'


def _codebooks(tables: dict[str, pd.DataFrame]) -> str:
    """Which codebooks, in which version."""
    used = (
        tables["categories"]
        .groupby(["codebook", "version", "codebook_hash"], sort=False)
        .agg(variables=("variable", "nunique"), patterns=("n_patterns", "sum"))
    )
    listed = used.reset_index().to_html(index=False, border=0, escape=True, justify="left")
    region = '<div class="table" tabindex="0" role="region" aria-label="Codebooks">'
    return f"<section><h2>Codebooks</h2>{region}{listed}</div></section>"
