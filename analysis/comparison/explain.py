"""Which patterns gave a score: their counts and shares, and the score without each of them.

A share or a rate of a category is a sum over its patterns. Where one word carries most of it, the score is that word's,
and a reader of the codebook's category would be misled. Everything here adds up exactly to the score it explains.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd

from analysis.comparison.hits import Levels, columns_of, groups_in, hits_in, levels_in
from analysis.comparison.per_article import MEASURES, Kind, counts_per_article
from analysis.comparison.rates import share_of_articles, share_of_choices, share_of_sentences
from analysis.comparison.selection import codebook_of, selected
from analysis.study import UserError
from analysis.tables import VOICES

MEAN_VALENCE = "mean valence"
_OF_KIND = {"choice": "share of choices", "scale": MEAN_VALENCE}
_OF_MENTIONS = ("voice", "where", "speaker")
_PRINTED = 3  # printed forms named for each pattern
_KEYS = ["category", "pattern"]


def contributions(
    mentions: pd.DataFrame,
    articles: pd.DataFrame,
    *,
    variable: str,
    codebook: str | None = None,
    by: str | Sequence[str] = "outlet",
    voice: str | Sequence[str] | None = None,
    where: str | Sequence[str] | None = None,
    categories: pd.DataFrame | None = None,
    groups: pd.Series | None = None,
    most: int | None = None,
) -> pd.DataFrame:
    """Which patterns gave the hits of a variable: one row per level, category and pattern that hit.

    Args:
        by: columns of articles, and ``voice``, ``where`` or ``speaker`` of mentions; an empty list: all together.
        variable, codebook, voice, where, categories, groups: as in `rates`.
        most: so many patterns of each level and category, the first; None: all.

    Returns:
        The columns of ``by``, codebook, variable, category, pattern, and

        * n, n_category (hits of the pattern, and of its category at the level), share = n / n_category;
        * n_articles, n_groups (copy groups) in which the pattern stands;
        * valence (the sum of what its hits add) and share_of_valence = Σ|valence| of the pattern / Σ|valence| of all
          hits of the variable at the level: for scales; NaN for other kinds;
        * printed: the words hit, case folded, the three most frequent with their counts.

        Levels in their order; in each the categories as the codebook has them, the most frequent pattern first (of a
        scale the one that adds most to Σ|valence|).

    Limits: a hit is credited to the one pattern that *mentions* names; where two patterns of a category match the same
    words it is the longer one, else the first. Source: what dictionaries hide, Grimmer & Stewart 2013, pp. 274-275.
    """
    hits = hits_in(
        mentions, articles, variable=variable, codebook=codebook, voice=voice, where=where, categories=categories
    )
    columns = columns_of(by)
    of_articles = [column for column in columns if column not in _OF_MENTIONS]
    levels = levels_in(articles, of_articles)
    row = hits.table["row"].to_numpy()
    table = hits.table.drop(columns=[column for column in of_articles if column in hits.table.columns])
    table = table.assign(
        **{name: levels.table[name].array.take(levels.codes[row]) for name in of_articles},
        place=pd.Index(hits.categories).get_indexer(table["category"]),
        group=groups_in(articles, groups)[row],
        form=table["match"].str.casefold(),
        absolute=table["valence"].abs(),
    )
    table["level"] = table.groupby(columns, dropna=False, observed=True).ngroup() if columns else 0
    found = table.groupby(["level", "place", "pattern"])
    first = table.loc[found["row"].idxmin().to_numpy(), [*columns, "category"]].reset_index(drop=True)
    made = found.agg(
        n=("row", "size"),
        n_articles=("row", "nunique"),
        n_groups=("group", "nunique"),
    ).reset_index()
    made = pd.concat([first, made, found[["valence", "absolute"]].sum(min_count=1).reset_index(drop=True)], axis=1)
    made["n_category"] = made.groupby(["level", "place"])["n"].transform("sum")
    over = made.groupby("level")["absolute"].transform("sum")
    made = made.assign(
        codebook=hits.codebook,
        variable=variable,
        share=made["n"] / made["n_category"],
        share_of_valence=made["absolute"] / over.where(over > 0),
        printed=_printed(table),
    )
    made = made.sort_values(
        ["level", "absolute", "place", "n", "pattern"], ascending=[True, False, True, False, True], kind="stable"
    )
    made = made if most is None else made.groupby(["level", "place"]).head(most)
    names = ["n", "n_category", "share", "n_articles", "n_groups", "valence", "share_of_valence", "printed"]
    types = dict.fromkeys(["codebook", "variable", *_KEYS, "printed"], "str")
    types |= dict.fromkeys(["n", "n_category", "n_articles", "n_groups"], "int64")
    types |= dict.fromkeys(["share", "valence", "share_of_valence"], "float64")
    return made[[*columns, "codebook", "variable", *_KEYS, *names]].astype(types).reset_index(drop=True)


def _printed(table: pd.DataFrame) -> list[str]:
    """The most frequent printed forms of each level and pattern, in their order."""
    keys = ["level", "place", "pattern"]
    counted = table.groupby([*keys, "form"]).size().rename("k").reset_index()
    counted = counted.sort_values([*keys, "k", "form"], ascending=[True, True, True, False, True], kind="stable")
    counted = counted.groupby(keys).head(_PRINTED)
    said = (counted["form"] + " " + counted["k"].astype("str")).groupby([counted[key] for key in keys])
    return said.agg(", ".join).tolist()


def for_each(variables: pd.DataFrame, measure: Callable[..., pd.DataFrame], *, most: int | None = None) -> pd.DataFrame:
    """A measure for each variable that was found, the tables under each other; of each the first ``most`` rows.

    Args:
        variables: codebook, variable, mentions; those without mentions are left out. measure: called with codebook and
            variable. Where no variable was found the table has no row and no column.
    """
    found = variables[variables["mentions"] > 0]
    parts = [measure(codebook=one.codebook, variable=one.variable) for one in found.itertuples()]
    kept = [part if most is None else part.head(most) for part in parts]
    return pd.concat(kept, ignore_index=True) if kept else pd.DataFrame()


def leave_one_out(
    tables: Mapping[str, pd.DataFrame],
    *,
    variable: str,
    measure: str | None = None,
    codebook: str | None = None,
    by: str | Sequence[str] = "outlet",
    voice: str | Sequence[str] | None = None,
    where: str | Sequence[str] | None = None,
) -> pd.DataFrame:
    """The score of a category without each of its patterns, at every level: which word carries the result?

    Args:
        tables: the coded tables: articles, mentions, categories; word_counts for rates, sentences for shares of
            sentences and for valence.
        measure: "share of choices", "share of articles", "share of sentences", "rate per 1,000 words", "mean valence"
            (the mean over sentences of S / √(S² + 15), with S the sum of the valences of the variable's hits in the
            sentence). None: shares of choices for a choice, the mean valence for a scale, else the rate.
        by: columns of articles; an empty list: all together.
        variable, codebook, voice, where: as in `rates`. For the mean valence ``voice`` chooses sentences by the voice
            of most of their words, and all hits in them count.

    Returns:
        One row per pattern that hit and level, the largest change first:

        * the columns of ``by``, codebook, variable, category, pattern;
        * n: hits of the pattern at the level (of shares of articles or sentences: the articles or sentences with one);
        * value, without: the score with and without the pattern's hits, both NaN where undefined; change = without −
          value;
        * pairs: pairs of levels whose scores differ; turned: of these, how many stand in reversed order without the
          pattern; vanished: how many no longer differ; turned_pair: of the reversed the two that were farthest apart,
          the higher first. These four are the same in all rows of a pattern.

        ``attrs`` say what was asked.

    Limits: hits are taken away, texts are not coded again. Where a second pattern of the variable would match the same
    words, the score of the changed codebook lies between the two. In a choice the shares of the other categories rise
    in proportion, by total/(total − n). A change is no error: it says on what the score rests.
    Source: leave-one-out influence, Cook 1977; for dictionaries, Chan et al. 2021 and Grimmer & Stewart 2013.
    """
    mentions, articles = tables["mentions"], tables["articles"]
    codebook = codebook_of(variable, codebook, mentions, tables.get("categories"))
    measure = _measure(tables, variable, codebook) if measure is None else measure
    asked = {"variable": variable, "codebook": codebook, "voice": voice, "where": where}
    levels = levels_in(articles, by)
    if measure == MEAN_VALENCE:
        parts = _of_valence(tables, levels, **asked)
    elif measure in MEASURES:
        parts = _of_counts(tables, levels, measure, **asked)
    else:
        raise UserError(f"measure {measure!r} is none; allowed: {', '.join([*MEASURES, MEAN_VALENCE])}")
    value = parts.kind.scale * _ratio(parts.top, parts.bottom)
    without = parts.kind.scale * _ratio(parts.top - parts.top_less, parts.bottom - parts.bottom_less)
    table = _rows(parts, levels, value, without)
    table.insert(len(levels.table.columns), "codebook", pd.array([codebook] * len(table), dtype="str"))
    table.insert(len(levels.table.columns) + 1, "variable", pd.array([variable] * len(table), dtype="str"))
    settings = {"voice": selected("voice", voice, VOICES), "by": list(levels.table.columns)}
    table.attrs = {"measure": measure, "codebook": codebook, "variable": variable, **settings}
    return table


class _Parts(NamedTuple):
    """The numerators and denominators of a score, levels × patterns, and what each pattern adds to them."""

    patterns: pd.DataFrame  # category, pattern: one row each
    n: np.ndarray  # hits
    top: np.ndarray
    bottom: np.ndarray
    top_less: np.ndarray
    bottom_less: np.ndarray
    kind: Kind


def _measure(tables: Mapping[str, pd.DataFrame], variable: str, codebook: str) -> str:
    """The measure that the kind of a variable is made for."""
    known = tables["categories"]
    kind = known.loc[(known["variable"] == variable) & (known["codebook"] == codebook), "kind"]
    return _OF_KIND.get(kind.iloc[0] if len(kind) else "", "rate per 1,000 words")


def _of_counts(tables: Mapping[str, pd.DataFrame], levels: Levels, measure: str, **asked: object) -> _Parts:
    """Of shares and rates: how many hits, articles or sentences of its category a pattern alone gives."""
    of = MEASURES[measure]
    counted = counts_per_article(of, tables, **asked)
    said = counted.settings
    chosen = {**asked, "voice": said["voice"], "where": said["where"]}
    hits = hits_in(tables["mentions"], tables["articles"], categories=tables.get("categories"), **chosen).table
    unit = {share_of_articles: ["row"], share_of_sentences: ["row", "sentence"]}.get(of)
    if unit is not None:
        hits = hits.drop_duplicates([*unit, *_KEYS])
        alone = ~hits.duplicated([*unit, "category"], keep=False)
    patterns, number = _patterns(hits, counted.categories)
    shape = (len(levels.table), len(patterns))
    level = levels.codes[hits["row"].to_numpy()]
    n = _summed(shape, level, number, np.ones(len(hits)))
    less = n if unit is None else _summed(shape, level, number, alone.to_numpy(float))
    by_level = np.zeros((len(levels.table), len(counted.categories)))
    np.add.at(by_level, levels.codes, counted.n)
    totals = np.bincount(levels.codes, weights=counted.totals, minlength=len(levels.table))
    top = by_level[:, pd.Index(counted.categories).get_indexer(patterns["category"])]
    bottom = np.broadcast_to(totals[:, None], shape)
    bottom_less = less if of is share_of_choices else np.zeros(shape)
    return _Parts(patterns, n, top, bottom, less, bottom_less, counted.kind)


def _of_valence(
    tables: Mapping[str, pd.DataFrame], levels: Levels, *, voice: object, where: object, **asked: object
) -> _Parts:
    """Of the mean valence of sentences: how much lower Σ S/√(S² + 15) is without a pattern's share of each S."""
    if where is not None and where != "body":
        raise UserError(f"where {where!r} has no sentences; allowed: body")
    articles, sentences = tables["articles"], tables["sentences"]
    if voice not in (None, "all"):
        sentences = sentences[sentences["voice"].isin(selected("voice", voice, VOICES[1:]))]
    place = pd.Index(articles["article_id"])
    sentences = sentences[sentences["article_id"].isin(place)].reset_index(drop=True)
    hits = hits_in(tables["mentions"], articles, where="body", categories=tables.get("categories"), **asked)
    keys = pd.MultiIndex.from_frame(sentences[["article_id", "sentence"]])
    own = pd.MultiIndex.from_arrays([hits.table["article_id"], hits.table["sentence"].astype("int64")])
    at = keys.get_indexer(own)
    table, at = hits.table[at >= 0], at[at >= 0]
    patterns, number = _patterns(table, hits.categories)
    shape = (len(levels.table), len(patterns))
    level_of = levels.codes[place.get_indexer(sentences["article_id"])]
    weights = table["valence"].to_numpy(float)
    whole = np.bincount(at, weights=weights, minlength=len(sentences))
    # What a pattern adds to a sentence: its hits there together.
    pair, inverse = np.unique(at * max(len(patterns), 1) + number, return_inverse=True)
    added = np.bincount(inverse, weights=weights, minlength=len(pair))
    sentence, pattern = np.divmod(pair, max(len(patterns), 1))
    change = _normed(whole[sentence]) - _normed(whole[sentence] - added)
    level = level_of[sentence]
    n = _summed(shape, level, pattern, np.bincount(inverse, minlength=len(pair)))
    top = np.bincount(level_of, weights=_normed(whole), minlength=shape[0])
    bottom = np.bincount(level_of, minlength=shape[0]).astype(float)
    spread = (np.broadcast_to(column[:, None], shape) for column in (top, bottom))
    less = _summed(shape, level, pattern, change)
    return _Parts(patterns, n, *spread, less, np.zeros(shape), Kind(MEAN_VALENCE, "no sentences", 1))


def _normed(sums: np.ndarray) -> np.ndarray:
    """S / √(S² + 15): how VADER brings a sum of valences between −1 and 1 (Hutto & Gilbert 2014)."""
    return sums / np.sqrt(sums**2 + 15)


def _patterns(hits: pd.DataFrame, categories: list[str]) -> tuple[pd.DataFrame, np.ndarray]:
    """The patterns that hit, in the order of the codebook's categories and by name; and each hit's, by number."""
    place = pd.Index(categories).get_indexer(hits["category"])
    number = hits.assign(place=place).groupby(["place", "pattern"], sort=True).ngroup().to_numpy()
    first = hits[_KEYS].iloc[np.unique(number, return_index=True)[1]].reset_index(drop=True)
    return first, number


def _summed(shape: tuple[int, int], level: np.ndarray, pattern: np.ndarray, weights: np.ndarray) -> np.ndarray:
    flat = np.bincount(level * max(shape[1], 1) + pattern, weights=weights, minlength=shape[0] * shape[1])
    return flat.reshape(shape)


def _ratio(top: np.ndarray, bottom: np.ndarray) -> np.ndarray:
    return np.divide(top, bottom, out=np.full(top.shape, np.nan), where=bottom > 0)


def _rows(parts: _Parts, levels: Levels, value: np.ndarray, without: np.ndarray) -> pd.DataFrame:
    """A row per pattern and level, the largest change first."""
    n_patterns = value.shape[1]
    level, pattern = np.divmod(np.arange(value.size), max(n_patterns, 1))
    order = pd.DataFrame([_turned(value[:, one], without[:, one], levels.labels) for one in range(n_patterns)])
    order = order.reindex(columns=["pairs", "turned", "vanished", "turned_pair"])
    table = pd.concat(
        [
            levels.table.iloc[level].reset_index(drop=True),
            parts.patterns.iloc[pattern].reset_index(drop=True).astype("str"),
            pd.DataFrame({"n": parts.n.ravel().astype(np.int64), "value": value.ravel(), "without": without.ravel()}),
            order.iloc[pattern].reset_index(drop=True),
        ],
        axis=1,
    )
    whole = dict.fromkeys(["pairs", "turned", "vanished"], "int64")
    table = table.assign(change=table["without"] - table["value"]).astype({**whole, "turned_pair": "str"})
    names = ["n", "value", "without", "change", "pairs", "turned", "vanished", "turned_pair"]
    # Rounded, so that changes that are equal but for their last bits stand in the order of levels and patterns.
    table = table.sort_values("change", key=lambda one: -one.abs().round(12), kind="stable", na_position="last")
    return table[[*levels.table.columns, *_KEYS, *names]].reset_index(drop=True)


def _turned(value: np.ndarray, without: np.ndarray, labels: list[str]) -> dict[str, object]:
    """How many pairs of levels stand in another order without a pattern."""
    both = np.flatnonzero(~np.isnan(value) & ~np.isnan(without))
    a, b = np.triu_indices(len(both), 1)
    before, after = (_signed(scores[both[a]] - scores[both[b]]) for scores in (value, without))
    turned = before * after < 0
    said = {"pairs": (before != 0).sum(), "turned": turned.sum(), "vanished": ((before != 0) & (after == 0)).sum()}
    if not turned.any():
        return {**said, "turned_pair": None}
    widest = np.argmax(np.where(turned, np.abs(value[both[a]] - value[both[b]]), -1))
    high, low = (both[a][widest], both[b][widest])[:: int(before[widest])]
    return {**said, "turned_pair": f"{labels[high]} / {labels[low]}"}


def _signed(differences: np.ndarray) -> np.ndarray:
    """−1, 0 or 1; differences in the last bits are none."""
    return np.sign(np.where(np.abs(differences) < 1e-12, 0.0, differences))
