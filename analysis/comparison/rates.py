"""Shares of choices, rates per 1,000 words, shares of sentences and of articles: by outlet, by voice, by any column.

Every function takes coded tables and gives one row per level and category, with the count, its denominator, a
bootstrap interval over articles and a note where something must be known to read the row. ``articles`` says what is
compared: mentions of other articles are ignored, and articles without a mention still count.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd

from analysis.comparison.resampling import ratio_interval
from analysis.comparison.selection import ALL, category_names, codebook_of, selected
from analysis.study import UserError
from analysis.tables import VOICES, WHERE

_OF_MENTIONS = ("voice", "where", "speaker")
_OF_RESULT = ("codebook", "variable", "category", "n", "total", "share", "rate", "low", "high", "note")


class _Question(NamedTuple):
    """What is asked: the articles in their order, the hits that count, and the levels to compare."""

    by: list[str]
    of_articles: list[str]  # the columns of `by` that articles have, and those of mentions
    of_mentions: list[str]
    frame: pd.DataFrame  # article_id, group, the columns of articles in `by`
    hits: pd.DataFrame  # row (of the article in frame), category (its number by name), sentence, columns of mentions
    categories: list[str]
    voices: list[str]
    places: list[str]
    settings: dict  # what was asked, for the figure's record


class _Measure(NamedTuple):
    """What is divided by what: `total` gives each article's denominator in a level; None: the level's own hits."""

    value: str  # the column's name
    name: str  # what is measured, of what
    nothing: str  # the note where there is nothing to divide by
    total: Callable[[dict], np.ndarray] | None
    scale: int = 1


def share_of_choices(
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
    replicates: int = 2000,
    seed: int = 0,
) -> pd.DataFrame:
    """Which category is chosen, at the places where the variable leaves a choice.

    share = n / total, with n the mentions of the category and total those of all categories of ``variable``; both
    within one level of ``by``. The shares of a level sum to 1. A level without any choice has share NaN, and a note.

    ``by`` takes columns of articles, and ``voice``, ``where`` or ``speaker`` of mentions. ``voice`` and ``where``
    select mentions (None or "all": every one). ``categories`` (the coded table) adds the categories that nobody
    chose, as rows with n = 0. ``groups`` (article_id → group) names articles that are copies of one text.

    Columns: those of ``by``, codebook, variable, category, n, total, share, low, high (95 %, see
    ``resampling.ratio_interval``), n_articles and n_groups (with at least one choice), note.

    Limits: a share says nothing of how often the matter came up (see ``rate_per_1000_words``), and long articles weigh
    more than short ones. Source: Labov 1972, Sociolinguistic Patterns, for the envelope of variation: only places
    where both forms could stand are counted, which the codebook's ``except`` lists see to.
    """
    asked = _ask(mentions, articles, variable, codebook, by, voice, where, categories, groups)
    return _table(
        asked, _Measure("share", "share of choices", "no choice here: share undefined", None), replicates, seed
    )


def rate_per_1000_words(
    mentions: pd.DataFrame,
    word_counts: pd.DataFrame,
    articles: pd.DataFrame,
    *,
    variable: str,
    codebook: str | None = None,
    by: str | Sequence[str] = "outlet",
    voice: str | Sequence[str] | None = None,
    where: str | Sequence[str] | None = None,
    categories: pd.DataFrame | None = None,
    groups: pd.Series | None = None,
    replicates: int = 2000,
    seed: int = 0,
) -> pd.DataFrame:
    """How often a category is mentioned, per 1,000 words of the same voice and place.

    rate = 1000 · n / total, with n the mentions and total the words, both of the level's articles and of the voices
    selected. Voice ``headline`` holds the words of headline and deck together, so ``where`` may be body, or headline
    with deck. An article without such words still counts as an article.

    Columns as in ``share_of_choices``, with ``rate`` (and its low, high) for share; n_articles and n_groups are those
    of the level. ``by`` may not name ``speaker`` or ``where``, since words are not counted by them.

    Limits: a phrase of several words is one mention. Source: Biber, Conrad & Reppen 1998, Corpus Linguistics, p. 263,
    for normed counts; Lijffijt et al. 2016 for resampling texts.
    """
    asked = _ask(mentions, articles, variable, codebook, by, voice, where, categories, groups)
    for column in asked.of_mentions:
        if column != "voice":
            raise UserError(
                f"by {column!r}: words are not counted by {column}; allowed: columns of articles, and voice"
            )
    within = _words_where(asked.places)
    words = _counted(word_counts, "word_counts", asked.frame, ["voice", "n"])
    words = words[words["voice"].isin([one for one in asked.voices if one in within])]

    def total(level: dict) -> np.ndarray:
        of_level = words[words["voice"] == level["voice"]] if "voice" in level else words
        return np.bincount(of_level["row"], weights=of_level["n"], minlength=len(asked.frame))

    return _table(
        asked,
        _Measure("rate", "rate per 1,000 words", "no words here: rate undefined", total, scale=1000),
        replicates,
        seed,
    )


def share_of_sentences(
    mentions: pd.DataFrame,
    sentences: pd.DataFrame,
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
    """The share of the body's sentences that mention a category at least once.

    share = n / total, with n the sentences with a hit (in the voices selected) and total all sentences of the level's
    articles. Categories do not exclude each other: shares need not sum to 1. Headline and deck have no sentences.

    Columns as in ``share_of_choices``; n_articles and n_groups are those of the level. ``by`` may name ``voice`` or
    ``speaker``: n is split by them, total is not.

    Limits: depends on where sentences end; a long sentence counts as much as a short one. Source: Semetko &
    Valkenburg 2000 for presence of frames; Lijffijt et al. 2016 for resampling texts.
    """
    wanted = selected("voice", voice, VOICES[1:] if voice in (None, ALL) else VOICES)
    if "headline" in wanted:
        raise UserError(f"voice 'headline' has no sentences; allowed: {', '.join(VOICES[1:])}")
    asked = _ask(mentions, articles, variable, codebook, by, wanted, "body", categories, groups)
    hits = asked.hits.drop_duplicates(["row", "category", "sentence", *asked.of_mentions])
    counted = _counted(sentences, "sentences", asked.frame, ["sentence"])
    total = np.bincount(counted["row"], minlength=len(asked.frame)).astype(float)
    measure = _Measure("share", "share of sentences", "no sentences here: share undefined", lambda level: total)
    return _table(asked._replace(hits=hits), measure, replicates, seed)


def share_of_articles(
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
    replicates: int = 2000,
    seed: int = 0,
) -> pd.DataFrame:
    """The share of articles that mention a category at least once.

    share = n / total, with n the articles with a hit (in the voices and places selected) and total all articles of
    the level. Categories do not exclude each other: shares need not sum to 1.

    Columns as in ``share_of_choices``; n_articles and n_groups are those of the level. ``by`` may name ``voice``,
    ``where`` or ``speaker``: n is split by them, total is not.

    Limits: long articles have more room for a hit; compare the rate per 1,000 words. Source: document frequency,
    Spärck Jones 1972; Lijffijt et al. 2016 for resampling texts.
    """
    asked = _ask(mentions, articles, variable, codebook, by, voice, where, categories, groups)
    hits = asked.hits.drop_duplicates(["row", "category", *asked.of_mentions])
    total = np.ones(len(asked.frame))
    measure = _Measure("share", "share of articles", "no articles here: share undefined", lambda level: total)
    return _table(asked._replace(hits=hits), measure, replicates, seed)


def _ask(mentions, articles, variable, codebook, by, voice, where, categories, groups) -> _Question:
    """Hold the options to what is allowed and select what counts."""
    columns = [by] if isinstance(by, str) else list(by)
    of_mentions = [column for column in columns if column in _OF_MENTIONS]
    of_articles = [column for column in columns if column not in _OF_MENTIONS]
    allowed = [column for column in articles.columns if column not in _OF_RESULT]
    for column in of_articles:
        if column not in allowed:
            raise UserError(f"by {column!r} is no column of articles; allowed: {', '.join([*allowed, *_OF_MENTIONS])}")
    voices, places = selected("voice", voice, VOICES), selected("where", where, WHERE)
    codebook = codebook_of(variable, codebook, mentions, categories)
    frame = articles[list(dict.fromkeys(["article_id", *of_articles]))].reset_index(drop=True)
    own = frame["article_id"]
    if own.duplicated().any():
        raise ValueError(f"articles: {own[own.duplicated()].iloc[0]} stands twice")
    frame["group"] = own if groups is None else own.map(groups).where(own.isin(groups.index), own)
    of_variable = mentions[(mentions["variable"] == variable) & (mentions["codebook"] == codebook)]
    names = category_names(of_variable, variable, codebook, categories)
    hits = of_variable[of_variable["voice"].isin(voices) & of_variable["where"].isin(places)]
    # What is counted may weigh more than one: a quotation counts its words (see `voices`).
    hits = hits if "weight" in hits.columns else hits.assign(weight=1)
    hits = _counted(hits, "mentions", frame, list(dict.fromkeys(["category", "sentence", "weight", *of_mentions])))
    hits["category"] = hits["category"].map({name: number for number, name in enumerate(sorted(names))}).astype(int)
    unit = "article" if groups is None else "copy group"
    settings = {
        "codebook": codebook,
        "variable": variable,
        "by": columns,
        "voice": voices,
        "where": places,
        "unit": unit,
    }
    return _Question(columns, of_articles, of_mentions, frame, hits, names, voices, places, settings)


def _counted(table: pd.DataFrame, name: str, frame: pd.DataFrame, columns: list[str]) -> pd.DataFrame:
    """The columns asked of a coded table, with ``row``: the place of its article in ``frame``. Others are dropped."""
    missing = [column for column in ["article_id", *columns] if column not in table.columns]
    if missing:
        raise UserError(f"table {name} has no column {missing[0]!r}; it has {', '.join(table.columns)}")
    row = pd.Index(frame["article_id"]).get_indexer(table["article_id"])
    return table[columns].assign(row=row)[row >= 0].reset_index(drop=True)


def _words_where(places: list[str]) -> tuple[str, ...]:
    """The voices whose words stand in ``places``. Headline and deck are counted together."""
    if ("headline" in places) != ("deck" in places):
        raise UserError(f"where {'headline' if 'headline' in places else 'deck'!r}: words of headline and deck are "
                        "counted together; allowed: all, body, or headline with deck")  # fmt: skip
    return VOICES if "body" in places and "deck" in places else VOICES[1:] if "body" in places else VOICES[:1]


def _coded(table: pd.DataFrame, columns: list[str]) -> tuple[np.ndarray, list[tuple]]:
    """Each row's level as a number, and the levels: sorted, missing values last and as None."""
    if not columns:
        return np.zeros(len(table), dtype=int), [()]
    codes = table.groupby(columns, dropna=False, observed=True).ngroup().to_numpy()
    first = table[columns].iloc[np.unique(codes, return_index=True)[1]]
    return codes, [tuple(None if pd.isna(one) else one for one in row) for row in first.itertuples(index=False)]


def _inner_levels(asked: _Question, observed: list[tuple]) -> list[tuple]:
    """Levels of the columns of mentions: the voices and places asked for, be they seen or not; the speakers seen."""
    if "speaker" in asked.of_mentions:
        return observed
    known = {"voice": asked.voices, "where": asked.places}
    levels = list(itertools.product(*(known[column] for column in asked.of_mentions)))
    if len(asked.of_mentions) < 2:
        return levels
    place = asked.of_mentions.index("where")
    return [level for level in levels if (level[place] != "body") == (level[1 - place] == "headline")]


def _table(asked: _Question, measure: _Measure, replicates: int, seed: int) -> pd.DataFrame:
    """One row per level and category."""
    if not isinstance(replicates, int) or replicates < 1:
        raise UserError(f"replicates is {replicates!r}; allowed: a whole number of at least 1, such as 2000")
    settings = {"measure": measure.name, **asked.settings, "replicates": replicates, "seed": seed}
    outer_codes, outer = _coded(asked.frame, asked.of_articles)
    inner_codes, observed = _coded(asked.hits, asked.of_mentions)
    inner = _inner_levels(asked, observed)
    hit_rows, hit_categories = asked.hits["row"].to_numpy(), asked.hits["category"].to_numpy()
    weights, groups = asked.hits["weight"].to_numpy(), pd.factorize(asked.frame["group"])[0]
    # Level by level: the articles of each in their order, and the hits in them.
    articles, first = _by_number(outer_codes, len(outer))
    within = np.empty(len(articles), dtype=np.int64)
    within[articles] = np.arange(len(articles)) - first[outer_codes[articles]]
    parts = []
    for part in inner:
        numbered = observed.index(part) if part in observed else -1
        per_article = measure.total and measure.total(dict(zip(asked.of_mentions, part, strict=True)))
        of_part = np.flatnonzero(inner_codes == numbered)
        order, begin = _by_number(outer_codes[hit_rows[of_part]], len(outer))
        hits = of_part[order]
        for number, level in enumerate(outer):
            members, seen = articles[first[number] : first[number + 1]], hits[begin[number] : begin[number + 1]]
            if "speaker" in asked.of_mentions and not len(seen):
                continue
            counts = np.zeros((len(members), len(asked.categories)))
            cells = within[hit_rows[seen]] * counts.shape[1] + hit_categories[seen]
            counts += np.bincount(cells, weights=weights[seen], minlength=counts.size).reshape(counts.shape)
            below = counts.sum(axis=1) if per_article is None else per_article[members]
            names = dict(zip([*asked.of_articles, *asked.of_mentions], [*level, *part], strict=True))
            group = np.unique(groups[members], return_inverse=True)[1]
            parts.append((number, _rows(names, counts, below, group, measure, settings)))
    # Outlets stand together, each with all its voices.
    parts.sort(key=lambda pair: pair[0])
    return _typed([rows for _, rows in parts], asked, measure.value, settings)


def _by_number(numbers: np.ndarray, n: int) -> tuple[np.ndarray, np.ndarray]:
    """The places of each number from 0 to before ``n``, behind each other, and where those of each begin."""
    small = numbers.astype(np.min_scalar_type(n))  # numbers of two bytes are sorted without comparing them
    return np.argsort(small, kind="stable"), np.concatenate([[0], np.cumsum(np.bincount(numbers, minlength=n))])


def _rows(
    names: dict, counts: np.ndarray, below: np.ndarray, group: np.ndarray, measure: _Measure, settings: dict
) -> dict[str, list]:
    """The rows of one level, categories by number: column → values."""
    top = np.zeros((group.max(initial=-1) + 1, counts.shape[1]))
    for number, column in enumerate(counts.T):
        top[:, number] = np.bincount(group, weights=column)
    bottom = np.bincount(group, weights=below, minlength=len(top))
    level = "\x1f".join(str(names[column]) for column in settings["by"])
    options = {"replicates": settings["replicates"], "seed": settings["seed"], "level": level}
    interval = ratio_interval(top, bottom, **options)
    # Where a share is of choices, only articles with a choice count as articles.
    counted = below > 0 if measure.total is None else np.ones(len(below), dtype=bool)
    total, n = bottom.sum(), top.sum(axis=0)
    ratio = n / total if total else np.full(len(n), np.nan)
    same = {
        "total": int(total),
        "n_articles": int(counted.sum()),
        "n_groups": int(np.count_nonzero(np.bincount(group[counted]))),
    }
    return {
        **{name: [value] * len(n) for name, value in {**names, **same}.items()},
        "category": list(range(len(n))),
        "n": n.astype(np.int64).tolist(),
        measure.value: (measure.scale * ratio).tolist(),
        "low": (measure.scale * interval.low).tolist(),
        "high": (measure.scale * interval.high).tolist(),
        "note": [_note(measure.nothing, bottom, *bounds, settings) for bounds in zip(*interval, strict=True)],
    }


def _note(nothing: str, bottom: np.ndarray, low: float, high: float, left_out: int, settings: dict) -> str | None:
    """What must be known to read the row, or None."""
    if not bottom.any():
        return nothing
    if np.count_nonzero(bottom) < 2:
        return f"one {settings['unit']}: no interval"
    said = []
    if low == high:
        said.append(f"every {settings['unit']} alike: the interval has no width and hides doubt")
    if left_out:
        said.append(f"{left_out} of {settings['replicates']} replicates had nothing to divide by and were left out")
    return "; ".join(said) or None


def _typed(parts: list[dict[str, list]], asked: _Question, value: str, settings: dict) -> pd.DataFrame:
    """All levels under each other, with the contract's order, names and types, and what was asked in ``attrs``."""
    numbers = ["n", "total", value, "low", "high", "n_articles", "n_groups", "note"]
    columns = [*asked.by, "codebook", "variable", "category", *numbers]
    if not parts or not asked.categories:
        table = pd.DataFrame(columns=columns)
    else:
        by_name = sorted(asked.categories)
        order = [by_name.index(name) for name in asked.categories]
        whole = {name: [part[name][at] for part in parts for at in order] for name in parts[0]}
        table = pd.DataFrame({**whole, "category": [by_name[number] for number in whole["category"]]})
    table["codebook"], table["variable"] = settings["codebook"], settings["variable"]
    types = dict.fromkeys(["codebook", "variable", "category", "note", *asked.of_mentions], "str")
    types |= {column: asked.frame[column].dtype for column in asked.of_articles}
    types |= dict.fromkeys(["n", "total", "n_articles", "n_groups"], "int64")
    types |= dict.fromkeys([value, "low", "high"], "float64")
    table = table[columns].astype(types)
    table.attrs = settings
    return table
