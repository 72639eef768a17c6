"""How prominently a category stands: in the headline, in the first third of the body, or in the rest.

What stands at the top is what a reader takes in, and what the writer led with. Two measures: how many articles have the
category there (`share_in_place`), and whether its hits stand there more often than words do (`prominence`).

Places, of each article:

* headline: headline and deck, whose words are counted together;
* first third: the sentences of the body that begin before a third of its words is over. Whole sentences, so that the
  lead is never cut; together they hold a third of the words or somewhat more, which `prominence` takes into account.
  Bodies of fewer than three sentences have no thirds: they are left out where thirds are asked for, and counted.
* rest: the body's other sentences.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from analysis.comparison.hits import columns_of, groups_in, hits_in, levels_in
from analysis.comparison.per_article import check_whole
from analysis.comparison.rates import share_of_articles
from analysis.comparison.resampling import Interval, ratio_interval
from analysis.comparison.selection import selected
from analysis.study import UserError
from analysis.tables import VOICES

PLACES = ("headline", "first third", "rest")
LEAST_SENTENCES = 3
_SAID = dict(zip(PLACES, ("headline or deck", "the first third of bodies", "the rest of bodies"), strict=True))
_KEYS = ["article_id", "sentence"]
_COUNTS, _RATIOS = ["n", "hits", "n_articles", "n_groups"], ["share", "expected", "word_share", "ratio", "low", "high"]
_MADE = ["category", "place", *_COUNTS[:2], *_RATIOS, *_COUNTS[2:], "note"]


def places_of(sentences: pd.DataFrame) -> pd.DataFrame:
    """Which sentences stand in the first third of their body: article_id, sentence, n_words, place.

    A sentence is of the first third where the words before it are fewer than a third of the body's. Bodies of fewer
    than `LEAST_SENTENCES` sentences, or without a word, are left out.
    """
    table = sentences[[*_KEYS, "n_words"]].sort_values(_KEYS, kind="stable", ignore_index=True)
    words = table.groupby("article_id", sort=False)["n_words"]
    before, whole = words.cumsum() - table["n_words"], words.transform("sum")
    place = np.where(3 * before < whole, PLACES[1], PLACES[2])
    kept = (words.transform("size") >= LEAST_SENTENCES) & (whole > 0)
    return table.assign(place=pd.array(place, dtype="str"))[kept].reset_index(drop=True)


def share_in_place(
    mentions: pd.DataFrame,
    sentences: pd.DataFrame,
    word_counts: pd.DataFrame,
    articles: pd.DataFrame,
    *,
    place: str,
    **options: object,
) -> pd.DataFrame:
    """The share of articles that have a category in one place: headline, first third or rest.

    share = n / total, with total the articles that have that place (a headline with a word in it; a body of three
    sentences or more), and n those of them with a hit there.

    Args:
        place: one of `PLACES`. options: those of `rates.share_of_articles`, but ``where``.

    Returns:
        The table of `share_of_articles`. ``attrs["where"]`` names the place, ``attrs["without_place"]`` says how many
        articles have none and are left out.

    Limits: a longer article has a longer first third, and more room in it: see `prominence`. Where headlines were not
    read, none is counted. Source: Semetko & Valkenburg 2000 for frames in headlines and leads; Pan & Kosicki 1993 for
    the inverted pyramid as a device of framing.
    """
    if place not in PLACES:
        raise UserError(f"place is {place!r}; allowed: {', '.join(PLACES)}")
    if "where" in options:
        raise UserError(f"where {options['where']!r}: the place says it; leave it out")
    if place == PLACES[0]:
        words = word_counts.loc[word_counts["voice"] == "headline", "article_id"]
        hits = mentions[mentions["where"] != "body"]
    else:
        placed = places_of(sentences)
        words = placed["article_id"]
        hits = _in_place(mentions, placed, place)
    kept = articles[articles["article_id"].isin(words.unique())]
    # The variable and its categories must be known even where none of their hits stands in this place.
    if options.get("categories") is None:
        names = ["codebook", "variable", "category"]
        options = {**options, "categories": mentions[names].drop_duplicates().sort_values(names)}
    table = share_of_articles(hits, kept, **options)
    table.attrs = {**table.attrs, "where": [_SAID[place]], "without_place": len(articles) - len(kept)}
    return table


def prominence(
    mentions: pd.DataFrame,
    sentences: pd.DataFrame,
    word_counts: pd.DataFrame,
    articles: pd.DataFrame,
    *,
    variable: str,
    codebook: str | None = None,
    by: str | Sequence[str] = "outlet",
    voice: str | Sequence[str] | None = None,
    categories: pd.DataFrame | None = None,
    groups: pd.Series | None = None,
    replicates: int = 2000,
    seed: int = 0,
) -> pd.DataFrame:
    """Whether a category's hits stand in headlines and first thirds more often than words do.

    ratio = n / expected, with n the hits in the place and expected = Σ h_i·w_ip/w_i over articles i: h_i all hits of
    the article, w_ip/w_i the share of its words that stand in the place. Of a category spread evenly over each article
    the ratio is 1 everywhere, in whichever articles it stands and however long these are.

    Args:
        by: columns of articles; none: all together. variable, codebook, voice, categories, groups: as in `rates`.

    Returns:
        One row per level, category and place of `PLACES`: the columns of ``by``, codebook, variable, category, place,

        * n, hits (n of all places), share = n/hits; expected, word_share = expected/hits;
        * ratio, low, high: 95 %, `resampling.ratio_interval` over copy groups; NaN where hits stand in fewer than two
          groups, and where all or none of them stand in the place, since then no draw can differ;
        * n_articles, n_groups (with a hit), note.

        Articles with a body of fewer than three sentences are left out: ``attrs["without_thirds"]`` says how many. An
        article without a headline has no words there, and expects no hit.

    Limits: words are those of all voices, also where ``voice`` selects hits: quotations stand lower in articles than
    the outlet's own words, so compare a voice between levels, not with 1. Headlines have few words: counts are small.
    Sources: the location quotient, Isard 1960; expectation within strata, Mantel & Haenszel 1959.
    """
    check_whole(1, replicates=replicates)
    levels, columns = levels_in(articles, by), columns_of(by)
    hits = hits_in(mentions, articles, variable=variable, codebook=codebook, voice=voice, categories=categories)
    placed = places_of(sentences)
    words = _words(placed, word_counts, articles)
    long = words[:, 1] > 0  # a body with thirds
    n = _hits(hits.table, placed, hits.categories, len(articles)) * long[:, None, None]
    expected = n.sum(axis=2, keepdims=True) * (words / np.maximum(words.sum(axis=1), 1)[:, None])[:, None, :]
    group = groups_in(articles, groups)
    unit = "article" if groups is None else "copy group"
    names = pd.MultiIndex.from_product([hits.categories, PLACES], names=["category", "place"])
    parts = []
    for level, values in levels.table.iterrows():
        members = np.flatnonzero((levels.codes == level) & long)
        number = pd.factorize(group[members])[0]
        top, bottom = np.zeros((2, number.max(initial=-1) + 1, len(names)))
        np.add.at(top, number, n[members].reshape(len(members), len(names)))
        np.add.at(bottom, number, expected[members].reshape(len(members), len(names)))
        label = "\x1f".join([variable, *(str(values[column]) for column in columns)])
        interval = ratio_interval(top, bottom, replicates=replicates, seed=seed, level=label)
        rows = _rows(names, top, bottom, interval, unit)
        with_hit = np.repeat((n[members].sum(axis=2) > 0).sum(axis=0), len(PLACES))
        parts.append(rows.assign(n_articles=with_hit, **dict(values)))
    table = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=[*columns, *_MADE])
    table = table.assign(codebook=hits.codebook, variable=variable)
    counts, ratios = (
        ["n", "hits", "n_articles", "n_groups"],
        ["share", "expected", "word_share", "ratio", "low", "high"],
    )
    types = dict.fromkeys(["codebook", "variable", "category", "place", "note"], "str")
    types |= dict.fromkeys(counts, "int64") | dict.fromkeys(ratios, "float64")
    types |= {column: levels.table[column].dtype for column in columns}
    order = [*columns, "codebook", "variable", *_MADE]
    table = table[order].astype(types)
    table.attrs = {
        "measure": "prominence",
        "codebook": hits.codebook,
        "variable": variable,
        "by": columns,
        "voice": selected("voice", voice, VOICES),
        "unit": unit,
        "without_thirds": int((~long).sum()),
        "replicates": replicates,
        "seed": seed,
    }
    return table


def _rows(names: pd.MultiIndex, top: np.ndarray, bottom: np.ndarray, interval: Interval, unit: str) -> pd.DataFrame:
    """One level: categories × places, from the hits and the expected hits of each copy group."""
    n, expected = top.sum(axis=0), bottom.sum(axis=0)
    by_category = (len(names) // len(PLACES), len(PLACES))
    hits = np.repeat(n.reshape(by_category).sum(axis=1), len(PLACES))
    found = np.repeat((bottom.reshape(len(bottom), *by_category).sum(axis=2) > 0).sum(axis=0), len(PLACES))
    with_words = np.count_nonzero(bottom > 1e-12, axis=0)
    none, few, never = hits == 0, with_words < 2, (n == 0) | (n == hits)
    note = np.where(n == 0, "never there: no interval", np.where(n == hits, "never elsewhere: no interval", None))
    note = np.where(few, f"words there in one {unit}: no interval", note)
    note = np.where(expected <= 1e-12, "no words there: ratio undefined", note)
    note = np.where(none, "no hit: share and ratio undefined", note)
    sure = ~(none | few | never)
    return names.to_frame(index=False).assign(
        n=n,
        hits=hits,
        share=_ratio(n, hits),
        expected=expected,
        word_share=_ratio(expected, hits),
        ratio=_ratio(n, expected),
        low=np.where(sure, interval.low, np.nan),
        high=np.where(sure, interval.high, np.nan),
        n_groups=found,
        note=note,
    )


def _ratio(top: np.ndarray, bottom: np.ndarray) -> np.ndarray:
    return np.divide(top, bottom, out=np.full(len(top), np.nan), where=bottom > 1e-12)


def _in_place(mentions: pd.DataFrame, placed: pd.DataFrame, place: str) -> pd.DataFrame:
    """The hits whose sentence stands in a place of its body."""
    return mentions[(_place_of(mentions, placed) == PLACES.index(place))]


def _place_of(mentions: pd.DataFrame, placed: pd.DataFrame) -> np.ndarray:
    """The place of each hit, by number in `PLACES`; −1 where its body has none."""
    known = pd.MultiIndex.from_frame(placed[_KEYS])
    asked = pd.MultiIndex.from_arrays([mentions["article_id"], mentions["sentence"].fillna(-1).astype("int64")])
    at = known.get_indexer(asked)
    codes = np.append(pd.Index(PLACES).get_indexer(placed["place"]), -1)
    return np.where(mentions["where"] == "body", codes[at], 0)


def _words(placed: pd.DataFrame, word_counts: pd.DataFrame, articles: pd.DataFrame) -> np.ndarray:
    """The words of each article in each place: articles × places."""
    row = pd.Index(articles["article_id"])
    words = np.zeros((len(articles), len(PLACES)))
    heads = word_counts[word_counts["voice"] == "headline"]
    for table, place, n in (
        (heads, np.zeros(len(heads), np.int64), "n"),
        (placed, pd.Index(PLACES).get_indexer(placed["place"]), "n_words"),
    ):
        at = row.get_indexer(table["article_id"])
        np.add.at(words, (at[at >= 0], place[at >= 0]), table[n].to_numpy()[at >= 0])
    return words


def _hits(hits: pd.DataFrame, placed: pd.DataFrame, categories: list[str], articles: int) -> np.ndarray:
    """How many hits each article has of each category in each place."""
    place = _place_of(hits, placed)
    n = np.zeros((articles, len(categories), len(PLACES)))
    number = pd.Index(categories).get_indexer(hits["category"])
    kept = place >= 0
    np.add.at(n, (hits["row"].to_numpy()[kept], number[kept], place[kept]), 1)
    return n
