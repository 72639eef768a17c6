"""The first page of a report: what was found, what the study holds, and the way to everything else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from html import escape

import pandas as pd

from analysis.lazy import Tables
from analysis.reporting import site_shell as shell
from analysis.reporting.site_findings import Result, findings_html
from analysis.study import Study

_LEVELS = 30  # levels named among the facts
_REASONS = 10  # reasons of rejects named


@dataclass(frozen=True)
class Notebook:
    """An executed notebook as the index shows it. ``error``: the reason in one line where it failed."""

    name: str
    title: str
    given: str = ""
    results: Sequence[Result] = field(default=())
    error: str | None = None
    earlier: bool = False

    @property
    def page(self) -> str:
        """The file of its page."""
        return f"{self.name}.html"


def index_html(
    study: Study, tables: Tables, articles: pd.DataFrame, notebooks: Sequence[Notebook], concordance: Sequence[str]
) -> str:
    """The page's body. ``articles``: of `site_articles.known`. ``concordance``: the variables on its page."""
    failed = "".join(f"<p>{escape(one.page)}: {escape(one.error)}</p>" for one in notebooks if one.error)
    alarm = f'<div class="failed" role="alert">This report is not whole.{failed}</div>' if failed else ""
    return f"""<h1>{escape(study.title)}</h1>{alarm}
<p class="lead">{_held(articles, tables, study)}</p>
<section><h2 id="findings">What was found</h2>
<p class="said">Of each notebook first the findings whose intervals lie furthest apart, of equals those that count most.
They describe what was counted; where a test was made, the sentence says so.</p>
{"".join(_found(one, concordance) for one in notebooks if one.results)}</section>
<section><h2 id="study">What the study holds</h2>
{_facts(study, articles, tables)}{_rejects(tables)}
{_codebooks(tables)}</section>
<section><h2 id="notebooks">Notebooks</h2>{_notebooks(notebooks)}</section>
<section><h2 id="texts">The texts</h2><ul>
<li><a href="articles.html">Articles</a>: {len(articles):,}, each with what was found in it</li>
<li><a href="concordance.html">Concordance</a>: mentions in their context, to be searched and sorted</li>
</ul></section>"""


def _held(articles: pd.DataFrame, tables: Tables, study: Study) -> str:
    """The study in a sentence."""
    levels = articles[study.compare].nunique()
    by = study.compare.replace("_", " ")
    return (
        f"{len(articles):,} articles, {_span(articles)}, compared by {escape(by)} ({levels:,}); "
        f"{tables.rows('rejects'):,} items could not be read."
    )


def _span(articles: pd.DataFrame) -> str:
    dates = articles["published"].dropna()
    return f"{shell.day(dates.min())} to {shell.day(dates.max())}" if len(dates) else "no dates"


def _found(one: Notebook, concordance: Sequence[str]) -> str:
    head = f'<h3><a href="{escape(one.page)}">{escape(one.title)}</a></h3>'
    return f"<section>{head}{given(one)}{findings_html(one.results, page=one.page, concordance=concordance)}</section>"


def _facts(study: Study, articles: pd.DataFrame, tables: Tables) -> str:
    undated = int(articles["published"].isna().sum())
    levels = articles[study.compare].dropna().astype("str").value_counts()
    named = ", ".join(f"{name} ({n:,})" for name, n in levels.head(_LEVELS).items()) or "–"
    more = f" and {len(levels) - _LEVELS:,} more" if len(levels) > _LEVELS else ""
    return shell.facts(
        {
            "Articles": f"{len(articles):,} read, {tables.rows('rejects'):,} rejected; "
            f"{articles['n_words'].sum():,} words",
            "Published": _span(articles) + (f"; {undated:,} without a date" if undated else ""),
            f"Compared by {study.compare}": escape(named) + more,
        }
    )


def _rejects(tables: Tables) -> str:
    """Why items were rejected, the most frequent reasons first."""
    if not tables.rows("rejects"):
        return ""
    reasons = tables["rejects"]["reason"].value_counts()
    rows = [[escape(reason), f"{n:,}"] for reason, n in reasons.head(_REASONS).items()]
    left = f" (the {_REASONS} most frequent of {len(reasons):,} reasons)" if len(reasons) > _REASONS else ""
    listed = shell.table(["reason", "items"], rows, label="Rejected")
    return f"<details><summary>Why {tables.rows('rejects'):,} items were rejected{left}</summary>{listed}</details>"


def _codebooks(tables: Tables) -> str:
    """Which codebooks, in which version."""
    used = (
        tables["categories"]
        .groupby(["codebook", "version", "codebook_hash"], sort=False)
        .agg(variables=("variable", "nunique"), patterns=("n_patterns", "sum"))
        .reset_index()
    )
    rows = [
        [*map(shell.text, row[:2]), f"<code>{escape(row[2])}</code>", *(f"{number:,}" for number in row[3:])]
        for row in used.itertuples(index=False, name=None)
    ]
    heads = ["codebook", "version", "hash", "variables", "patterns"]
    return f"<h3>Codebooks</h3>{shell.table(heads, rows, label='Codebooks')}"


def _notebooks(notebooks: Sequence[Notebook]) -> str:
    rows = [
        [
            f'<a href="{escape(one.page)}">{escape(one.title)}</a>',
            "failed" if one.error else "from an earlier run" if one.earlier else "done",
            f"{len(one.results):,}",
            f"<code>{escape(one.given)}</code>" if one.given else "–",
        ]
        for one in notebooks
    ]
    return shell.table(["notebook", "state", "findings", "run with"], rows, label="Notebooks of this report")


def failure(one: Notebook) -> str:
    """What a page says whose notebook failed."""
    if not one.error:
        return ""
    return f'<p class="failed" role="alert">This page is not whole. The notebook failed: {escape(one.error)}</p>'


def given(one: Notebook) -> str:
    """The parameters that were changed for this run, so that no page is taken for the default."""
    return f'<p class="given">Run with <code>{escape(one.given)}</code></p>' if one.given else ""
