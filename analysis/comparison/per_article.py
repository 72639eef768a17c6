"""The counts of one variable in each article, as the measures of `rates` count them: what resampling works on.

A measure of `rates` adds up counts over the articles of a level. Tests draw or deal articles thousands of times, so
they need each article's counts once, as arrays.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd

from analysis.comparison.rates import rate_per_1000_words, share_of_articles, share_of_choices, share_of_sentences
from analysis.comparison.selection import category_names, codebook_of, selected
from analysis.study import UserError
from analysis.tables import VOICES, WHERE

Measure = Callable[..., pd.DataFrame]


class Kind(NamedTuple):
    """What a measure divides by what: its name, its note where there is nothing to divide by, and its factor."""

    name: str
    nothing: str
    scale: int


KINDS: dict[Measure, Kind] = {
    share_of_choices: Kind("share of choices", "no choice", 1),
    share_of_articles: Kind("share of articles", "no articles", 1),
    share_of_sentences: Kind("share of sentences", "no sentences", 1),
    rate_per_1000_words: Kind("rate per 1,000 words", "no words", 1000),
}
MEASURES = {kind.name: measure for measure, kind in KINDS.items()}


class PerArticle(NamedTuple):
    """The counts of a variable's categories in each article.

    Attributes:
        articles: the articles in their order, with ``group``: the copy group, or the article's own id.
        categories: their names; the columns of ``n``.
        n: articles × categories; totals: what each article adds to the denominator.
        kind: of the measure. settings: what was asked, for the figure's record.
    """

    articles: pd.DataFrame
    categories: list[str]
    n: np.ndarray
    totals: np.ndarray
    kind: Kind
    settings: dict


def counts_per_article(
    measure: Measure,
    tables: Mapping[str, pd.DataFrame],
    *,
    variable: str,
    codebook: str | None = None,
    voice: str | Sequence[str] | None = None,
    where: str | Sequence[str] | None = None,
    categories: pd.DataFrame | None = None,
    groups: pd.Series | None = None,
) -> PerArticle:
    """What a measure of `rates` counts, article by article; the sums over a level are the measure's n and total.

    Args:
        measure: share_of_choices, share_of_articles, share_of_sentences or rate_per_1000_words.
        tables: the coded tables by name that the measure takes: articles, mentions, and sentences or word_counts.
        variable, codebook, voice, where, categories, groups: as in `rates`; ``categories`` also from ``tables``.
    """
    kind = kind_of(measure)
    articles, mentions = (_table(tables, name) for name in ("articles", "mentions"))
    categories = tables.get("categories") if categories is None else categories
    voices, places = _selected(measure, voice, where)
    codebook = codebook_of(variable, codebook, mentions, categories)
    own = articles["article_id"].reset_index(drop=True)
    if own.duplicated().any():
        raise ValueError(f"articles: {own[own.duplicated()].iloc[0]} stands twice")
    group = own if groups is None else own.map(groups).where(own.isin(groups.index), own)
    place = pd.Index(own)

    hits = mentions[(mentions["variable"] == variable) & (mentions["codebook"] == codebook)]
    names = category_names(hits, variable, codebook, categories)
    hits = hits[hits["voice"].isin(voices) & hits["where"].isin(places) & hits["article_id"].isin(place)]
    if measure is share_of_sentences:
        hits = hits.drop_duplicates(["article_id", "category", "sentence"])
    if measure is share_of_articles:
        hits = hits.drop_duplicates(["article_id", "category"])
    n = np.zeros((len(own), len(names)), np.int64)
    # As in `rates`, what is counted may weigh more than one.
    weight = hits["weight"].to_numpy() if "weight" in hits.columns else 1
    np.add.at(n, (place.get_indexer(hits["article_id"]), pd.Index(names).get_indexer(hits["category"])), weight)

    if measure is share_of_choices:
        totals = n.sum(axis=1)
    elif measure is share_of_articles:
        totals = np.ones(len(own), np.int64)
    elif measure is share_of_sentences:
        totals = _sums(place, _table(tables, "sentences"))
    else:
        words = _table(tables, "word_counts")
        totals = _sums(place, words[words["voice"].isin([one for one in voices if one in _voices_of(places)])], "n")
    settings = {
        "measure": kind.name,
        "codebook": codebook,
        "variable": variable,
        "voice": voices,
        "where": places,
        "unit": "article" if groups is None else "copy group",
    }
    return PerArticle(articles.reset_index(drop=True).assign(group=group), names, n, totals, kind, settings)


def kind_of(measure: Measure) -> Kind:
    """What a measure divides by what; a UserError where its counts per article are not known."""
    if measure not in KINDS:
        name = getattr(measure, "__name__", repr(measure))
        raise UserError(f"measure {name} is none; allowed: {', '.join(one.__name__ for one in KINDS)}")
    return KINDS[measure]


def levels_of(articles: pd.DataFrame, by: str, *, option: str = "by") -> tuple[np.ndarray, list]:
    """Each article's level as a number (−1: none), and the levels, sorted; a UserError where ``by`` is no column."""
    if by not in articles.columns:
        allowed = ", ".join(column for column in articles.columns if column != "group")
        raise UserError(f"{option} {by!r} is no column of articles; allowed: {allowed}")
    codes, names = pd.factorize(articles[by], sort=True)
    return codes, list(names)


def check_whole(least: int, /, **numbers: object) -> None:
    """A UserError where one of some options is no whole number of at least ``least``."""
    for name, value in numbers.items():
        if isinstance(value, bool) or not isinstance(value, int) or value < least:
            raise UserError(f"{name} is {value!r}; allowed: a whole number of at least {least}")


def _selected(measure: Measure, voice: object, where: object) -> tuple[list[str], list[str]]:
    """The voices and places that count."""
    if measure is not share_of_sentences:
        return selected("voice", voice, VOICES), selected("where", where, WHERE)
    voices = selected("voice", voice, VOICES[1:] if voice in (None, "all") else VOICES)
    if "headline" in voices:
        raise UserError(f"voice 'headline' has no sentences; allowed: {', '.join(VOICES[1:])}")
    if where is not None and selected("where", where, WHERE) != ["body"]:
        raise UserError(f"where {where!r} has no sentences; allowed: body")
    return voices, ["body"]


def _voices_of(places: Sequence[str]) -> tuple[str, ...]:
    """The voices whose words stand in some places: those of headline and deck are counted together."""
    if ("headline" in places) != ("deck" in places):
        one = "headline" if "headline" in places else "deck"
        raise UserError(
            f"where {one!r}: words of headline and deck are counted together; allowed: all, body, or headline with deck"
        )
    return VOICES if len(places) == len(WHERE) else VOICES[1:] if "body" in places else VOICES[:1]


def _table(tables: Mapping[str, pd.DataFrame], name: str) -> pd.DataFrame:
    if name not in tables:
        raise UserError(f"tables: {name!r} is missing; there are {', '.join(tables) or 'none'}")
    return tables[name]


def _sums(place: pd.Index, table: pd.DataFrame, column: str | None = None) -> np.ndarray:
    """Rows of a coded table, or the sum of a column of whole numbers, for each article."""
    row = place.get_indexer(table["article_id"])
    weights = None if column is None else table[column].to_numpy()[row >= 0]
    return np.bincount(row[row >= 0], weights=weights, minlength=len(place)).astype(np.int64)
