"""What the explorer counts with: a study's coded tables as a few small columns, made once, asked at every change.

An article is a number here, and its words stay on disk. The measures are those of `analysis.comparison`: what is on
the screen is what the report has.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
import pandas as pd

from analysis import store
from analysis.comparison import rates
from analysis.comparison.trends import UNITS, trend
from analysis.comparison.wire import counted, groups_of
from analysis.lazy import Tables
from analysis.reporting.explorer_choices import Choices
from analysis.study import Study, UserError

_TEXTS = ("headline", "deck", "body")
_NAMED = ["codebook", "variable", "category", "where", "voice"]
_OF_MENTIONS = ["article_id", *_NAMED, "start", "end"]
_OF_COPIES = ("copy_groups", "copied", "added_words")
_SMALL = 20_000  # articles; of more, intervals are drawn with fewer replicates until others are asked for
_KEPT = 20  # tables measured last
_DAYS = {"day": 45, "week": 300}  # the longest time that is drawn by day, and by week


@dataclass(frozen=True)
class Counts:
    """A study, ready to be asked. In all its tables ``article_id`` is the number of the article's row in ``articles``.

    Attributes:
        by: the column of articles compared. ids: the article ids, in order.
        articles: the coded table without its texts. mentions: the coded table without words, speakers and patterns.
        copies: copy_groups, copied, added_words.
        variables: codebook, variable, kind, question, category: a row a category.
    """

    study: Study
    tables: Tables
    by: str
    ids: pd.Index
    articles: pd.DataFrame
    mentions: pd.DataFrame
    copies: dict[str, pd.DataFrame]
    variables: pd.DataFrame
    texts: dict[int, dict] = field(default_factory=dict, repr=False)  # of the articles shown last
    _counting: dict[tuple[str, bool], dict[str, pd.DataFrame]] = field(default_factory=dict, repr=False)
    _measured: dict[Choices, pd.DataFrame] = field(default_factory=dict, repr=False)

    @cached_property
    def levels(self) -> list[str]:
        """The levels that articles are compared by, sorted."""
        return sorted(self.articles[self.by].dropna().astype("str").unique())

    @cached_property
    def order(self) -> np.ndarray:
        """A number for each article, drawn by the study's seed: which of them are shown first."""
        return np.random.default_rng(self.study.seed).permutation(len(self.articles))

    @cached_property
    def found(self) -> pd.Series:
        """How often each category was found, by codebook, variable and category."""
        return self.mentions.groupby(_NAMED[:3], observed=True).size()

    @cached_property
    def groups(self) -> pd.Series:
        """article_id → copy group."""
        return groups_of(self.copies["copy_groups"])

    @cached_property
    def words(self) -> pd.DataFrame:
        """How many words of each voice an article has. Counted when it is first asked for: that takes a moment."""
        return _numbered(self.tables.with_word_sums()["word_counts"], self.ids)

    @property
    def replicates(self) -> int:
        """With how many replicates intervals are drawn at first."""
        return 2000 if len(self.articles) <= _SMALL else 200

    @property
    def unit(self) -> str:
        """In which periods a trend of the whole study is drawn at first."""
        dates = self.articles["published"].dropna()
        days = (dates.max() - dates.min()).days if len(dates) else 0
        return next((unit for unit, most in _DAYS.items() if days <= most), "month")


def prepare(study: Study, tables: Tables, *, by: str = "") -> Counts:
    """Read what the explorer counts with; ``by``: a column of articles, empty: what study.yml compares by.

    Raises UserError where there is no such column.
    """
    by = by or study.compare
    (place,) = tables.stored("articles").files
    columns = [name for name in store.columns_in(place) if name not in _TEXTS]
    if by not in columns:
        raise UserError(f"by {by!r} is no column of articles; allowed: {', '.join(columns)}")
    articles = tables.some("articles", columns).reset_index(drop=True)
    ids = pd.Index(articles["article_id"])
    mentions = pd.concat(
        [_numbered(tables.some("mentions", _OF_MENTIONS)[:0], ids)]
        + [_numbered(part, ids) for part in tables.parts("mentions", _OF_MENTIONS)],
        ignore_index=True,
    )
    variables = tables["categories"][["codebook", "variable", "kind", "question", "category"]].drop_duplicates()
    return Counts(
        study=study,
        tables=tables,
        by=by,
        ids=ids,
        articles=_numbered(articles, ids),
        mentions=mentions.astype(dict.fromkeys(_NAMED, "category")),
        copies={name: _numbered(tables[name], ids) for name in _OF_COPIES},
        variables=variables.reset_index(drop=True),
    )


def _numbered(table: pd.DataFrame, ids: pd.Index) -> pd.DataFrame:
    """The table with numbers for article ids."""
    named = [name for name in ("article_id", "copy_group") if name in table.columns]
    return table.assign(**{name: ids.get_indexer(table[name]) for name in named})


def chosen_articles(counts: Counts, choices: Choices, *, words: bool = False) -> dict[str, pd.DataFrame]:
    """The tables as the choice of copies, outlets and period leaves them: articles, mentions and, asked for, words."""
    tables = _counted(counts, choices.copies, words)
    articles = tables["articles"]
    kept = pd.Series(True, index=articles.index)
    if choices.levels:
        kept &= articles[counts.by].astype("str").isin(choices.levels)
    if choices.first is not None:
        kept &= articles["published"] >= choices.first
    if choices.last is not None:
        kept &= articles["published"] < choices.last + pd.Timedelta(days=1)
    return {**tables, "articles": articles[kept]}


def _counted(counts: Counts, way: str, words: bool) -> dict[str, pd.DataFrame]:
    """What counts, one way of the wire table; kept, since one goes to and fro between ways."""
    if (way, words) not in counts._counting:
        whole = {"articles": counts.articles, "mentions": counts.mentions, **counts.copies}
        whole |= {"word_counts": counts.words} if words else {}
        counts._counting[way, words] = counted(whole, way)
    return counts._counting[way, words]


def hits_of(counts: Counts, choices: Choices) -> pd.DataFrame:
    """The mentions that are counted: of the variable, in these voices, articles and copies."""
    tables = chosen_articles(counts, choices)
    hits = _of_variable(tables["mentions"], choices)
    return hits[hits["article_id"].isin(tables["articles"]["article_id"])]


def _of_variable(mentions: pd.DataFrame, choices: Choices) -> pd.DataFrame:
    own = (mentions["codebook"] == choices.codebook) & (mentions["variable"] == choices.variable)
    return mentions[own & mentions["voice"].isin(choices.voices)] if choices.voices else mentions[own]


def shares(counts: Counts, choices: Choices) -> pd.DataFrame:
    """The table of `comparison.rates` under these choices. Raises UserError where they leave no article."""
    return _kept(counts, replace(choices, figure="shares", category="", unit=UNITS[0]))


def over_time(counts: Counts, choices: Choices) -> pd.DataFrame:
    """The same by period (see `comparison.trends`). Raises UserError where no article has a date."""
    return _kept(counts, replace(choices, figure="trend", category=""))


def _kept(counts: Counts, choices: Choices) -> pd.DataFrame:
    """What was measured, for choices to which one comes back, or of which another category is drawn."""
    kept = counts._measured
    if choices not in kept:
        measure, given, options = _asked(counts, choices)
        if choices.figure == "trend":
            kept[choices] = trend(*given, measure=measure, unit=choices.unit, by=counts.by, **options)
        else:
            kept[choices] = measure(*given, by=[counts.by], **options)
        for one in list(kept)[:-_KEPT]:
            del kept[one]
    return kept[choices].copy()


def _asked(counts: Counts, choices: Choices) -> tuple:
    """The measure, the coded tables that it takes, and its options."""
    per_words = choices.measure == "rate per 1,000 words"
    tables = chosen_articles(counts, choices, words=per_words)
    if tables["articles"].empty:
        raise UserError("these choices leave no article: take more outlets, a longer period, or all articles")
    articles = tables["articles"][list(dict.fromkeys(["article_id", "published", counts.by]))]
    mentions = _summed(_of_variable(tables["mentions"], choices), once=choices.measure == "share of articles")
    options = {
        "codebook": choices.codebook,
        "variable": choices.variable,
        "voice": list(choices.voices) or None,
        "categories": counts.variables,
        "groups": counts.groups,
        "replicates": choices.replicates,
        "seed": counts.study.seed,
    }
    if per_words:
        return rates.rate_per_1000_words, (mentions, tables["word_counts"], articles), options
    measure = rates.share_of_articles if choices.measure == "share of articles" else rates.share_of_choices
    return measure, (mentions, articles), options


def _summed(hits: pd.DataFrame, *, once: bool) -> pd.DataFrame:
    """Mentions of a category in one voice and place of an article as one row that weighs as many, or one."""
    names = ["category", "where", "voice"]
    shape = (int(hits["article_id"].max()) + 1 if len(hits) else 1, *(len(hits[name].cat.categories) for name in names))
    codes = [hits["article_id"].to_numpy(), *(hits[name].cat.codes.to_numpy() for name in names)]
    keys, weight = np.unique(np.ravel_multi_index(codes, shape), return_counts=True)
    article, *codes = np.unravel_index(keys, shape)
    columns = {
        name: pd.Categorical.from_codes(own, dtype=hits[name].dtype) for name, own in zip(names, codes, strict=True)
    }
    rows = hits[["codebook", "variable"]].head(len(keys)).reset_index(drop=True)  # all hits are of one variable
    rows = rows.assign(article_id=article, **columns, sentence=0)
    return rows if once else rows.assign(weight=weight)
