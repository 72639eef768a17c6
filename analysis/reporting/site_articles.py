"""Which articles a report shows, what it shows of them, and their list."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import pandas as pd

from analysis.lazy import Tables
from analysis.reporting import site_browse
from analysis.reporting.site_browse import Column

MOST = 1_000  # pages of articles
LISTED = 10_000  # articles on the list
_KNOWN = ("article_id", "outlet", "published", "headline", "n_words", "story")
_SHOWN = ("deck", "byline", "agency", "credit", "disclosure", "section", "correction", "url", "source_file", "body")


def known(tables: Tables, *, by: str) -> pd.DataFrame:
    """The articles without their texts, in order of the level compared and of dates: outlets stand together."""
    found = tables.some("articles", list(dict.fromkeys([*_KNOWN, by])))
    return found.sort_values(list(dict.fromkeys([by, "published", "article_id"])), kind="stable", ignore_index=True)


def evenly(table: pd.DataFrame, most: int) -> pd.DataFrame:
    """At most ``most`` rows of a table, spread evenly over its order."""
    if len(table) <= most:
        return table
    return table.iloc[np.linspace(0, len(table) - 1, most).astype(int)].reset_index(drop=True)


def of_articles(tables: Tables, articles: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """What pages show of some articles (rows of `known`): of each table the rows of these, partition by partition.

    copies and alignments have each pair twice, as article_a → article_b and back.
    """
    wanted = set(articles["article_id"])

    def own(part: pd.DataFrame) -> pd.Series:
        return part["article_id"].isin(wanted)

    def either(part: pd.DataFrame) -> pd.Series:
        return part["article_a"].isin(wanted) | part["article_b"].isin(wanted)

    texts = _rows(tables, "articles", ["article_id", *_SHOWN], own)
    found = {name: _rows(tables, name, None, own) for name in ("mentions", "quotes", "copied", "copy_groups")}
    aligned = _rows(
        tables, "alignments", ["article_a", "article_b", "aligned"], lambda part: part["aligned"] & either(part)
    )
    copies = _rows(tables, "copies", None, either)
    return {
        **found,
        "articles": articles.merge(texts, on="article_id", how="left"),
        "copies": both_ways(copies),
        "alignments": both_ways(aligned),
    }


def _rows(
    tables: Tables, name: str, columns: Sequence[str] | None, keep: Callable[[pd.DataFrame], pd.Series]
) -> pd.DataFrame:
    parts = [part[keep(part)] for part in tables.parts(name, columns)]
    return pd.concat(parts, ignore_index=True) if parts else tables.some(name, columns)


def both_ways(pairs: pd.DataFrame) -> pd.DataFrame:
    """A table of pairs with columns ``…_a`` and ``…_b``, and each pair the other way round as well."""
    sides = {"_a": "_b", "_b": "_a"}
    swapped = pairs.rename(columns=lambda name: name[:-2] + sides.get(name[-2:], name[-2:]))
    return pd.concat([pairs, swapped], ignore_index=True)


def articles_html(articles: pd.DataFrame, paged: pd.DataFrame, *, by: str) -> str:
    """The list of articles, with links to those that have a page.

    ``articles``: of `known`. ``paged``: those of them with pages.
    """
    shown = evenly(articles, LISTED)
    has_page = shown["article_id"].isin(paged["article_id"])
    rows = shown.assign(
        published=shown["published"].dt.strftime("%Y-%m-%d"), page=shown["article_id"].where(has_page), level=shown[by]
    )
    columns = [
        Column("outlet", "outlet", few=True, filtered=True),
        *([Column("level", by.replace("_", " "), few=True, filtered=True)] if by != "outlet" else []),
        Column("published", "date", kind="date", few=True),
        Column("headline", "headline", link="page"),
        Column("n_words", "words", kind="number"),
        Column("story", "story", few=True),
        Column("page"),
    ]
    sort = "outlet" if by == "outlet" else "level"
    listed = site_browse.browsed(rows, columns, noun="articles", caption="Articles of the study", sort=sort)
    return f"<h1>Articles</h1>{_note(len(articles), len(shown), len(paged))}{listed}"


def _note(all_of_them: int, shown: int, paged: int) -> str:
    """What is left out, if anything is."""
    parts = []
    if shown < all_of_them:
        parts.append(f"{shown:,} of {all_of_them:,} articles are listed, spread evenly over outlets and dates.")
    if paged < all_of_them:
        parts.append(f"{paged:,} of {all_of_them:,} have a page of their own here, spread in the same way.")
    parts += ["All of them: <code>samestory export STUDY articles</code>."] if parts else []
    return f'<p class="said">{" ".join(parts)}</p>' if parts else ""
