"""What is compared with what: the articles of a target, those of its reference, and the copy groups they are in."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd

from analysis.study import UserError


class Compared(NamedTuple):
    """The articles compared.

    Attributes:
        article_ids: their ids.
        level, group: the level and the copy group of each, as numbers.
        contrasts: for each, the levels that are the target, and those that are the reference.
        asked: by, target, reference and unit (article or copy group), for the record.
    """

    article_ids: pd.Series
    level: np.ndarray
    group: np.ndarray
    contrasts: list[tuple[list[int], list[int]]]
    asked: dict


def _frame(articles: pd.DataFrame, by: str, groups: pd.Series | None) -> pd.DataFrame:
    """article_id, level, group of the articles that have a level."""
    if by not in articles.columns:
        raise UserError(f"by {by!r} is no column of articles; allowed: {', '.join(articles.columns)}")
    if articles["article_id"].duplicated().any():
        twice = articles.loc[articles["article_id"].duplicated(), "article_id"].iloc[0]
        raise ValueError(f"articles: {twice} stands twice")
    # By id, so that sums have the same last bits in whichever order the articles come.
    frame = articles.loc[articles[by].notna(), ["article_id", by]].sort_values("article_id", ignore_index=True)
    own, level = frame["article_id"], frame[by].astype("str")
    group = own if groups is None else own.map(groups).where(own.isin(groups.index), own)
    return pd.DataFrame({"article_id": own, "level": level, "group": group})


def one_against(
    articles: pd.DataFrame, by: str, target: str, reference: str | Sequence[str] | None, groups: pd.Series | None
) -> Compared:
    """One level of ``by`` against some others (None: all), with UserError where one of them is none.

    A group that stands in several levels keeps its number, so that it can be drawn as one.
    """
    frame = _frame(articles, by, groups)
    known = sorted(set(frame["level"]))
    others = [one for one in known if one != str(target)]
    wanted = others if reference is None else [reference] if isinstance(reference, str) else list(reference)
    wanted = [str(one) for one in wanted]
    for option, values, allowed in (("target", [str(target)], known), ("reference", wanted, others)):
        for value in values:
            if value not in allowed:
                raise UserError(f"{option} {value!r} is no {by} to compare; allowed: {', '.join(allowed) or 'none'}")
    if not wanted:
        raise UserError(f"target {target!r} has no reference: articles have no other {by}; allowed: at least two")
    frame = frame[frame["level"].isin([str(target), *wanted])].reset_index(drop=True)
    level = (frame["level"] != str(target)).to_numpy().astype(np.int64)
    asked = {"by": [by], "target": str(target), "reference": wanted, "unit": _unit(groups)}
    return Compared(frame["article_id"], level, _numbers(frame["group"]), [([0], [1])], asked)


def each_level(articles: pd.DataFrame, by: str, groups: pd.Series | None, reference: str | None = None) -> Compared:
    """Every level of ``by`` against all others, or all others against one (``reference``)."""
    frame = _frame(articles, by, groups)
    level, names = pd.factorize(frame["level"], sort=True)
    if len(names) < 2:
        raise UserError(f"by {by!r}: articles have {len(names)} level; allowed: a column with at least two")
    if reference is not None and reference not in names:
        raise UserError(f"reference {reference!r} is no {by} to compare; allowed: {', '.join(names)}")
    targets = [place for place, name in enumerate(names) if name != reference]
    rest = [place for place, name in enumerate(names) if reference is None or name == reference]
    contrasts = [([one], [other for other in rest if other != one]) for one in targets]
    asked = {"by": [by], "target": [names[one] for one in targets], "unit": _unit(groups)}
    asked["reference"] = "all others" if reference is None else reference
    return Compared(frame["article_id"], level, _numbers(frame["group"]), contrasts, asked)


def _unit(groups: pd.Series | None) -> str:
    return "article" if groups is None else "copy group"


def _numbers(group: pd.Series) -> np.ndarray:
    """Groups by name, so that the order of the articles does not matter."""
    return pd.factorize(group, sort=True)[0]
