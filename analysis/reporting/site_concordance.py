"""The concordance: mentions of all variables in their context, to be searched and sorted."""

from __future__ import annotations

import pandas as pd

from analysis.coding.kwic import around
from analysis.reporting import site_browse
from analysis.reporting.site_article import anchor_of, has_text
from analysis.reporting.site_browse import Column

MOST = 6_000  # rows of the page
WINDOW = 10  # words on either side


def places(mentions: pd.DataFrame, articles: pd.DataFrame, *, by: str, most: int = MOST) -> pd.DataFrame:
    """At most ``most`` mentions in their context, sorted by variable, category, level and date.

    Of more, each variable keeps as many as its fair part allows, spread evenly over levels and dates; small ones keep
    all. Where the texts are not included, left and right are missing.
    """
    known = articles[list(dict.fromkeys(["article_id", "outlet", by, "published"]))]
    joined = mentions.merge(known.assign(row=range(len(known))), on="article_id", suffixes=("", "_of_article"))
    order = ["variable", "category", "row", "where", "start"]
    joined = joined.sort_values(order, key=_parts_in_order, kind="stable", ignore_index=True)
    chosen = _fairly(joined, most)
    whole = {part: articles.loc[articles[part].map(has_text), "article_id"] for part in ("headline", "deck", "body")}
    there = pd.Series(False, index=chosen.index)
    for part, ids in whole.items():
        there |= (chosen["where"] == part) & chosen["article_id"].isin(ids)
    seen = around(chosen[there], articles, window=WINDOW)
    rows = chosen.assign(left=None, right=None, match=chosen["match"].where(chosen["match"].map(has_text)))
    rows.loc[seen.index, ["left", "match", "right"]] = seen[["left", "match", "right"]]
    return rows.assign(
        published=rows["published"].dt.strftime("%Y-%m-%d"),
        anchor=[anchor_of(*place) for place in zip(rows["where"], rows["start"], strict=True)],
    )


def _parts_in_order(column: pd.Series) -> pd.Series:
    return column.map({"headline": 0, "deck": 1, "body": 2}) if column.name == "where" else column


def _fairly(mentions: pd.DataFrame, most: int) -> pd.DataFrame:
    """At most ``most`` rows: small variables whole, of the others equally many, spread evenly."""
    left, kept = most, []
    sizes = mentions.groupby("variable").size().sort_values(kind="stable")
    for number, (variable, size) in enumerate(sizes.items()):
        allowed = min(size, left // (len(sizes) - number))
        rows = mentions.index[mentions["variable"] == variable]
        kept += [rows[place * size // allowed] for place in range(allowed)]
        left -= allowed
    return mentions.loc[sorted(kept)].reset_index(drop=True)


def concordance_html(rows: pd.DataFrame, *, mentions: int, articles: int, paged: int, by: str) -> str:
    """The page's body. ``rows``: of `places`. mentions: of these ``paged`` articles; articles: of the study."""
    columns = [
        *([Column(by, by.replace("_", " "), few=True, filtered=True)] if by != "outlet" else []),
        Column("outlet", "outlet", few=True, filtered=True),
        Column("published", "date", kind="date", few=True),
        Column("variable", "variable", few=True, filtered=True),
        Column("category", "category", few=True, filtered=True),
        Column("voice", "voice", few=True, filtered=True),
        Column("speaker", "speaker", few=True),
        Column("left", "left", kind="left"),
        Column("match", "words found", kind="node", link="article_id"),
        Column("right", "right", kind="right"),
        Column("article_id", few=True),
        Column("anchor"),
    ]
    said = [f"Every mention of every variable, with up to {WINDOW} words on either side."]
    if rows["left"].isna().all() and len(rows):
        said = ["The texts are not included in this study: mentions are listed without the words around them."]
    if len(rows) < mentions or paged < articles:
        of = f" of the {paged:,} articles of {articles:,} that have a page" if paged < articles else ""
        said.append(
            f"Shown are {len(rows):,} of {mentions:,} mentions{of}; variables with few mentions keep all. All of them: "
            "<code>samestory export STUDY mentions</code>, and <code>samestory kwic STUDY PATTERN</code>."
        )
    said.append("Sorted by what stands left, the word next to the match counts first, then the one before it.")
    caption = "Mentions in their context"
    listed = site_browse.browsed(rows, columns, noun="mentions", caption=caption, sort="variable")
    return f'<h1>Concordance</h1><p class="said">{" ".join(said)}</p>{listed}'
