"""What was merely copied: who shares whose text, in which groups, and what each level added of its own."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.comparison.resampling import ratio_interval
from analysis.study import UserError


def containment_matrix(
    copies: pd.DataFrame, articles: pd.DataFrame, copy_groups: pd.DataFrame, *, by: str = "outlet", least: float = 0.1
) -> pd.DataFrame:
    """Containment as a matrix in long form, for the articles that share at least ``least`` with another.

    Returns:
        row, column (labels: level and day, numbered where two are alike), containment (share of the row's shingles
        that the column has), article_row, article_column. Largest groups first, in each the source first. Pairs that
        *copies* does not keep are left out.
    """
    _known(by, articles)
    strong = copies[copies[["containment_a", "containment_b"]].max(axis=1) >= least]
    met = articles[articles["article_id"].isin([*strong["article_a"], *strong["article_b"]])]
    met = met.merge(copy_groups[["article_id", "copy_group", "role"]], on="article_id")
    size = met.groupby("copy_group")["article_id"].transform("size")
    order = np.lexsort((met["published"].fillna(pd.Timestamp.max), met["role"] != "source", met["copy_group"], -size))
    met = met.iloc[order].reset_index(drop=True)
    labels = _labels(met, by)
    rank = pd.Series(np.arange(len(met)), index=met["article_id"])
    sides = [
        pd.DataFrame(
            {
                "article_row": copies[f"article_{here}"],
                "article_column": copies[f"article_{there}"],
                "containment": copies[f"containment_{here}"],
            }
        )
        for here, there in ("ab", "ba")
    ]
    table = pd.concat(sides, ignore_index=True)
    table = table[table["article_row"].isin(rank.index) & table["article_column"].isin(rank.index)]
    at_row, at_column = (table[f"article_{side}"].map(rank) for side in ("row", "column"))
    table = table.assign(row=at_row.map(labels).astype("str"), column=at_column.map(labels).astype("str"))
    order = np.lexsort((at_column, at_row))
    return table.iloc[order][["row", "column", "containment", "article_row", "article_column"]].reset_index(drop=True)


def _labels(met: pd.DataFrame, by: str) -> pd.Series:
    """Level and day of each article; the second of two alike gets a 2."""
    day = met["published"].dt.strftime("%d %b").fillna("no date")
    plain = met[by].fillna("(none)").astype("str") + ", " + day.str.lstrip("0")
    again = plain.groupby(plain).cumcount() + 1
    return plain.where(again == 1, plain + " (" + again.astype("str") + ")")


def groups_table(copy_groups: pd.DataFrame, articles: pd.DataFrame, *, by: str = "outlet") -> pd.DataFrame:
    """The groups of two or more: one row an article, groups of most articles first, in each the source first.

    Returns:
        copy_group, role, the level, published, agency, credit, n_words, outlet_added_words, headline, article_id.
    """
    _known(by, articles)
    shown = ["article_id", *dict.fromkeys([by, "published", "agency", "credit", "n_words", "headline"])]
    table = copy_groups.merge(articles[shown], on="article_id")
    size = table.groupby("copy_group")["article_id"].transform("size")
    table, size = table[size > 1], size[size > 1]
    keys = (table["article_id"], table["published"].fillna(pd.Timestamp.max), table["role"] != "source")
    order = np.lexsort((*keys, table["copy_group"], -size))
    columns = ["copy_group", "role", by, "published", "agency", "credit", "n_words", "outlet_added_words"]
    return table.iloc[order][[*columns, "headline", "article_id"]].reset_index(drop=True)


def own_words(
    copy_groups: pd.DataFrame,
    articles: pd.DataFrame,
    *,
    by: str = "outlet",
    replicates: int = 2000,
    seed: int = 0,
) -> pd.DataFrame:
    """The share of each level's words that are its own: neither shared with a copy's group nor credited as a whole.

    share = outlet_added_words / n_words, summed over the level's articles. An article whose text is credited as a whole
    and whose source is not here counts with no word of its own, since what was added cannot be known.

    Returns:
        The level, variable ("copying"), category ("own words"), n, total (words), share, low, high (bootstrap over copy
        groups), n_articles, n_copies, n_uncredited (copies that credit nobody), n_groups (copy groups), note.
    """
    _known(by, articles)
    table = articles[["article_id", by, "n_words", "credit"]].merge(copy_groups, on="article_id")
    table["own"] = table["outlet_added_words"].fillna(0).astype("int64")
    rows = []
    for level, part in table.groupby(by, sort=True, dropna=False):
        options = {"replicates": replicates, "seed": seed, "level": str(level)}
        sums = part.groupby("copy_group", sort=False)[["own", "n_words"]].sum()
        interval = ratio_interval(sums["own"].to_numpy(), sums["n_words"].to_numpy(), **options)
        n, total = int(part["own"].sum()), int(part["n_words"].sum())
        copied = part["role"] == "copy"
        lacking = int((copied & part["credit"].isna()).sum())
        unknown = int(part["outlet_added_words"].isna().sum())
        note = f"{unknown} credited as a whole, source not here" if unknown else None
        share = n / total if total else np.nan
        counts = (len(part), int(copied.sum()), lacking, len(sums))
        rows.append((level, "copying", "own words", n, total, share, interval.low[0], interval.high[0], *counts, note))
    columns = [by, "variable", "category", "n", "total", "share", "low", "high"]
    columns += ["n_articles", "n_copies", "n_uncredited", "n_groups", "note"]
    types = {by: articles[by].dtype, "variable": "str", "category": "str", "note": "str"} | dict.fromkeys(
        ["share", "low", "high"], "float64"
    )
    types |= dict.fromkeys(["n", "total", "n_articles", "n_copies", "n_uncredited", "n_groups"], "int64")
    made = pd.DataFrame(rows, columns=columns).astype(types)
    made.attrs = {
        "measure": "share of own words",
        "by": [by],
        "unit": "copy group",
        "replicates": replicates,
        "seed": seed,
    }
    return made


def groups_over(copies: pd.DataFrame, copy_groups_at: dict[float, pd.DataFrame]) -> pd.DataFrame:
    """What becomes of the groups at other thresholds.

    Args:
        copy_groups_at: threshold → the table *copy_groups* at it.

    Returns:
        threshold, pairs (at or above it), groups (of two or more), articles (in them), largest (articles of the
        largest), copies (articles of that role).
    """
    strongest = copies[["containment_a", "containment_b"]].max(axis=1)
    rows = []
    for threshold, groups in copy_groups_at.items():
        sizes = groups.groupby("copy_group").size()
        several = sizes[sizes > 1]
        counts = (
            int((strongest >= threshold).sum()),
            len(several),
            int(several.sum()),
            int(several.max()) if len(several) else 0,
        )
        rows.append((threshold, *counts, int((groups["role"] == "copy").sum())))
    return pd.DataFrame(rows, columns=["threshold", "pairs", "groups", "articles", "largest", "copies"])


def _known(by: str, articles: pd.DataFrame) -> None:
    if by not in articles.columns:
        raise UserError(f"by {by!r} is no column of articles; allowed: {', '.join(articles.columns)}")
