"""What may be asked of coded tables: values, variables and categories, each refused by name where it is not there."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from analysis.study import UserError

ALL = "all"


def selected(option: str, value: str | Sequence[str] | None, allowed: Sequence[str]) -> list[str]:
    """The values asked for, in the order of ``allowed``; None and "all" mean every one. Others are a UserError."""
    if value is None or (isinstance(value, str) and value == ALL):
        return list(allowed)
    wanted = [value] if isinstance(value, str) else list(value)
    for one in wanted:
        if one not in allowed:
            raise UserError(f"{option} {one!r} is none; allowed: {ALL}, {', '.join(allowed)}")
    if not wanted:
        raise UserError(f"{option} is an empty list; allowed: {ALL}, {', '.join(allowed)}")
    return [one for one in allowed if one in wanted]


def between_levels(table: pd.DataFrame, articles: pd.DataFrame, *, by: str = "outlet") -> pd.DataFrame:
    """The rows of a table of pairs (article_a, article_b) whose articles are of two different levels."""
    if by not in articles.columns:
        raise UserError(f"by {by!r} is no column of articles; allowed: {', '.join(articles.columns)}")
    level = articles.set_index("article_id")[by]
    one, other = (table[f"article_{side}"].map(level) for side in "ab")
    return table[(one != other) & one.notna() & other.notna()].reset_index(drop=True)


def codebook_of(variable: str, codebook: str | None, mentions: pd.DataFrame, categories: pd.DataFrame | None) -> str:
    """The codebook that holds ``variable``; a UserError where there is none, or more than one."""
    if codebook is not None and categories is not None:
        own = categories[(categories["codebook"] == codebook) & (categories["variable"] == variable)]
        if len(own):  # known without a look at every mention
            return codebook
    known = [table[["codebook", "variable"]].drop_duplicates() for table in (mentions, categories) if table is not None]
    known = pd.concat(known).drop_duplicates()
    if codebook is not None and codebook not in set(known["codebook"]):
        raise UserError(f"codebook {codebook!r} is not in use; allowed: {_listed(known['codebook'])}")
    within = known if codebook is None else known[known["codebook"] == codebook]
    holders = sorted(within.loc[within["variable"] == variable, "codebook"])
    if not holders:
        raise UserError(f"variable {variable!r} is in no codebook in use; allowed: {_listed(within['variable'])}")
    if len(holders) > 1:
        raise UserError(f"variable {variable!r} is in several codebooks; name one as codebook: {', '.join(holders)}")
    return holders[0]


def _listed(names: pd.Series) -> str:
    return ", ".join(sorted(set(names))) or "none (nothing was coded)"


def category_names(hits: pd.DataFrame, variable: str, codebook: str, categories: pd.DataFrame | None) -> list[str]:
    """The codebook's categories in its order, else those that occur, by name."""
    found = sorted(hits["category"].unique())
    if categories is None:
        return found
    own = categories[(categories["variable"] == variable) & (categories["codebook"] == codebook)]
    return list(dict.fromkeys([*own["category"], *found]))
