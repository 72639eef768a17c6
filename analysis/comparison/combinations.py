"""Every combination of the choices that a researcher could make, and what each article counts under it."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from typing import NamedTuple

import numpy as np
import pandas as pd

from analysis.comparison import wire
from analysis.comparison.per_article import MEASURES, Kind, PerArticle, counts_per_article, levels_of
from analysis.study import UserError

# Voices of the body; the headline is a choice of its own.
VOICES = {"all": ["own", "direct", "indirect"], "own": ["own"], "own and indirect": ["own", "indirect"]}
HEADLINE = ("in", "out")
COPIES = ("kept", "grouped", *wire.WAYS[1:])
LENGTHS = (0, 100, 300)
MEASURED = ("share of choices", "share of articles", "rate per 1,000 words")
CHOICES = ["voice", "headline", "copies", "min_words", "variant", "measure"]
_TABLES = ["articles", "mentions", "word_counts", "sentences", "quotes", "copy_groups", "copied", "added_words"]


class Count(NamedTuple):
    """Numerator and denominator of each article in one specification; zeros where it does not count."""

    n: np.ndarray
    totals: np.ndarray
    kind: Kind


def articles_of(
    tables: Mapping[str, pd.DataFrame], by: str, level_a: str, level_b: str
) -> tuple[pd.DataFrame, np.ndarray]:
    """The articles of the two levels with their copy groups, and which are of the first."""
    missing = [name for name in _TABLES if name not in tables]
    if missing:
        raise UserError(f"tables: {missing[0]!r} is missing; needed: {', '.join(_TABLES)}")
    articles = tables["articles"]
    codes, levels = levels_of(articles, by)
    for option, level in (("level_a", level_a), ("level_b", level_b)):
        if level not in levels:
            raise UserError(f"{option} {level!r} is no level of {by}; allowed: {', '.join(map(str, levels))}")
    if level_a == level_b:
        raise UserError(f"level_b {level_b!r} is level_a too; allowed: two levels")
    of_both = np.isin(codes, [levels.index(level_a), levels.index(level_b)])
    own = articles[of_both].reset_index(drop=True)
    groups = wire.groups_of(tables["copy_groups"])
    return own.assign(group=own["article_id"].map(groups).fillna(own["article_id"])), (own[by] == level_a).to_numpy()


def counts_of(
    tables: Mapping[str, pd.DataFrame], articles: pd.DataFrame, options: Mapping
) -> Iterator[tuple[dict, Count]]:
    """Every specification with what its articles count; each table is read once for all that share it."""
    place = pd.Index(articles["article_id"])
    variables = {variant["variable"] for variant in options["variant"].values()}
    mentions, words = tables["mentions"], tables["word_counts"]
    mentions = mentions[mentions["variable"].isin(variables) & mentions["article_id"].isin(place)]
    # Words themselves are not asked for: their sums are.
    words = words[words["article_id"].isin(place)]
    sums = words.groupby(["article_id", "voice"], as_index=False, observed=True)["n"].sum().assign(word="(all)")
    # What is coded is known from all articles, also where these two levels have none of it.
    coded = tables.get("categories", tables["mentions"][["codebook", "variable", "category"]].drop_duplicates())
    small = {**tables, "mentions": mentions, "word_counts": sums, "categories": coded}
    long_enough = {least: articles["n_words"].to_numpy() >= least for least in options["min_words"]}
    for way, named in itertools.groupby(options["copies"], key=lambda one: one if one in wire.WAYS else wire.WAYS[0]):
        named, counted = list(named), wire.counted(small, way)
        own = counted["articles"]
        counted = {**counted, "articles": own[own["article_id"].isin(place)]}
        asked = itertools.product(options["voice"], options["headline"], options["variant"], options["measure"])
        for voice, headline, variant, measure in asked:
            found = _counted(counted, options["variant"][variant], variant, voice, headline, measure)
            n, totals = np.zeros((2, len(place)), np.int64)
            at = place.get_indexer(found.articles["article_id"])
            n[at] = found.n[:, found.categories.index(options["variant"][variant]["category"])]
            totals[at] = found.totals
            for copies, least in itertools.product(named, options["min_words"]):
                kept = long_enough[least]
                values = (voice, headline, copies, least, variant, measure)
                yield dict(zip(CHOICES, values, strict=True)), Count(n * kept, totals * kept, found.kind)


def _counted(
    tables: Mapping[str, pd.DataFrame],
    variant: Mapping[str, str],
    name: str,
    voice: str,
    headline: str,
    measure: str,
) -> PerArticle:
    """The counts of one variant."""
    found = counts_per_article(
        MEASURES[measure],
        tables,
        variable=variant["variable"],
        codebook=variant.get("codebook"),
        voice=[*(["headline"] if headline == "in" else []), *VOICES[voice]],
        where=None if headline == "in" else "body",
    )
    if variant["category"] not in found.categories:
        known = ", ".join(found.categories) or "none"
        raise UserError(f"variant {name!r}: category {variant['category']!r} is not of its variable; allowed: {known}")
    return found
