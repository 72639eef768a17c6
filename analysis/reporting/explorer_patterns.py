"""Any pattern in the explorer: how often each level has it, where it stands, and which words stand beside it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd

from analysis import store
from analysis.coding import patterns
from analysis.coding.codebook import Codebook, Variable
from analysis.coding.index import Index
from analysis.coding.index_files import kept_indexes
from analysis.coding.kwic import OF_ARTICLES, OF_QUOTES, kwic, texts_read
from analysis.coding.lookup import look_up
from analysis.coding.neighbours import neighbours
from analysis.comparison.collocates import collocates
from analysis.reporting.explorer_counts import Counts
from analysis.reporting.explorer_places import drawn, in_context, texts_of
from analysis.study import UserError
from analysis.tables import WHERE

READ = 2000  # articles that are read at once for collocates; of more only when that is asked for
COLLOCATES = ["word", "n", "n_word", "articles", "log_dice", "mi", "t_score", "log_ratio"]


class Asked(NamedTuple):
    """What was found of a pattern.

    Attributes:
        hits: article_id (a number), where, start, end. articles: the numbers of the articles looked at.
        counts: a row a level: n, articles (with it), of (articles), words, rate (per 1,000 words of headline, deck and
            body).
    """

    pattern: str
    hits: pd.DataFrame
    articles: np.ndarray
    counts: pd.DataFrame


def indexes_of(counts: Counts) -> list[Index]:
    """The study's index, which says where each word stands; made and kept where it is not there yet.

    Raises UserError where the study comes without its texts.
    """
    (place,) = counts.tables.stored("articles").files
    lacking = {"headline", "body"} - set(store.columns_in(place))
    if lacking or not texts_of(counts, [0], ["body"])["body"].notna().all():
        raise UserError("patterns cannot be looked up: the texts are not included in this study")
    articles = counts.tables.some("articles", OF_ARTICLES)
    folder = counts.study.tables_folder / "index"
    return kept_indexes(articles, folder, read=lambda start, stop: store.read_rows(place, start, stop, WHERE))


def ask(pattern: str, articles: pd.DataFrame, indexes: Sequence[Index], counts: Counts) -> Asked:
    """Look a pattern up in some articles. Matches do not overlap, the longest wins, as in a codebook.

    Raises UserError, in one line, where the pattern can never match.
    """
    try:
        patterns.parse(pattern)
    except ValueError as error:
        raise UserError(f"pattern {pattern!r} {error}") from None
    (place,) = counts.tables.stored("articles").files
    read = texts_read(lambda start, stop: store.read_rows(place, start, stop, WHERE))
    firsts = 3 * np.cumsum([0, *(index.n_articles for index in indexes)])
    variable = Variable(kind="presence", categories={"it": [pattern]})
    book = Codebook(name="asked", version="1", variables={"asked": variable})
    found = look_up(indexes, None, [book], texts=lambda number, text: read(firsts[number] + text), threads=2)
    hits = pd.DataFrame(
        {
            "article_id": found["article"].to_numpy(np.int64),
            "where": pd.Categorical.from_codes(found["part"].to_numpy(), WHERE),
            **{name: found[name].to_numpy(np.int64) for name in ("start", "end")},
        }
    )
    numbers = articles["article_id"].to_numpy()
    hits = hits[np.isin(hits["article_id"], numbers)].reset_index(drop=True)
    return Asked(pattern, hits, numbers, _per_level(hits, articles, indexes, counts.by))


def _per_level(hits: pd.DataFrame, articles: pd.DataFrame, indexes: Sequence[Index], by: str) -> pd.DataFrame:
    texts = np.concatenate([np.diff(index.bounds) for index in indexes])
    words = texts.reshape(-1, len(WHERE)).sum(axis=1)
    found = hits["article_id"].value_counts(sort=False)
    each = articles.set_index("article_id")[[by]].astype("str").fillna("(none)")
    each = each.assign(n=found.reindex(each.index).fillna(0).astype("int64"), words=words[each.index])
    each = each.assign(articles=(each["n"] > 0).astype("int64"), of=1)
    table = each.groupby(by, sort=True)[["n", "articles", "of", "words"]].sum().reset_index()
    return table.assign(rate=1000 * table["n"] / table["words"].where(table["words"] > 0))


def places(asked: Asked, counts: Counts) -> pd.DataFrame:
    """Some of the places in their context, with their voice."""
    some = drawn(asked.hits, counts)
    if some.empty:
        return some
    texts = texts_of(counts, some["article_id"].unique()).assign(outlet="")
    quotes = counts.tables.some("quotes", OF_QUOTES)
    quotes = quotes[quotes["article_id"].isin(counts.ids[texts["article_id"]])]
    quotes = quotes.assign(article_id=counts.ids.get_indexer(quotes["article_id"]))
    heard = kwic(texts, asked.pattern, quotes=quotes, window=0)
    keys = ["article_id", "where", "start"]
    voiced = some.assign(where=some["where"].astype("str")).merge(heard[[*keys, "voice"]], on=keys, how="left")
    return in_context(voiced.set_axis(some.index), counts)


def beside(asked: Asked, indexes: Sequence[Index], counts: Counts, *, window: int = 5, most: int = 25) -> pd.DataFrame:
    """The collocates of a pattern in the articles looked at, by log Dice (see `comparison.collocates`).

    Only articles with the pattern are read; how often each word stands in all of them is asked of the index. Sums are
    those of `collocates` with ``by=None``, without its intervals.
    """
    numbers = asked.hits["article_id"].unique()
    if not len(numbers):
        return pd.DataFrame(columns=COLLOCATES)
    near, nodes = neighbours(texts_of(counts, numbers), asked.pattern, window=window)
    articles = near[near["position"] != 0].groupby("word")["article_id"].nunique()
    # All articles as one: the scores ask for sums only.
    near, nodes = (table.assign(article_id=0, voice=None, node_voice=None) for table in (near, nodes))
    words = _words(indexes, asked.articles).assign(article_id=0, voice="own")
    table = collocates(near, nodes, words, pd.DataFrame({"article_id": [0]}), by=None, replicates=0)
    table = table.assign(articles=table["word"].map(articles).fillna(0).astype("int64"))
    table = table.sort_values(["log_dice", "n", "word"], ascending=[False, False, True], kind="stable")
    return table[COLLOCATES].head(most).reset_index(drop=True)


def _words(indexes: Sequence[Index], articles: np.ndarray) -> pd.DataFrame:
    """word, n: how often each word stands in some articles."""
    parts, first = [], 0
    for index in indexes:
        own = np.zeros(index.n_articles, bool)
        own[articles[(articles >= first) & (articles < first + index.n_articles)] - first] = True
        kept = np.repeat(np.repeat(own, index.parts), np.diff(index.bounds))
        of_type = np.bincount(index.types[kept], minlength=len(index.raw))
        totals = np.add.reduceat(np.append(of_type[index.forms.types], 0), index.forms.bounds[:-1])
        parts.append(pd.DataFrame({"word": pd.array(index.forms.strings.to_pylist(), dtype="str"), "n": totals}))
        first += index.n_articles
    table = pd.concat(parts, ignore_index=True).groupby("word", as_index=False, sort=True)["n"].sum()
    return table[table["n"] > 0]
