"""Concordances: words in their context (key word in context), for reading what a count counts."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache

import numpy as np
import pandas as pd
import pyarrow as pa

from analysis import tables
from analysis.coding import patterns
from analysis.coding.index import Index
from analysis.coding.index_files import index_articles
from analysis.coding.lookup import find_each, placed
from analysis.coding.tokens import Tokens, tokenise
from analysis.study import UserError

PARTS = tables.WHERE
COLUMNS = ["article_id", "outlet", "where", "start", "end", "voice", "left", "match", "right"]
# What `kwic` reads where it is given indexes and texts (the deck names an index).
OF_ARTICLES, OF_QUOTES = ("article_id", "outlet", "deck"), ("article_id", "start", "end", "kind")
_AT_ONCE = 2_500  # articles whose texts are read together


def kwic(
    articles: pd.DataFrame,
    pattern: str,
    *,
    window: int = 8,
    quotes: pd.DataFrame | Callable[[pd.Series], pd.DataFrame] | None = None,
    sensitive: bool = False,
    indexes: Sequence[Index] | None = None,
    texts: Callable[[int], str] | None = None,
) -> pd.DataFrame:
    """Every place where a pattern stands, with the words around it.

    Args:
        articles: the *articles* table. pattern: as in a codebook. window: tokens on either side.
        quotes: the *quotes* table, or what gives its rows of some articles (their ids, each once), with `OF_QUOTES`;
            without it voice is missing for places in bodies.
        indexes: of the articles, in their order (see `index_files.kept_indexes`): with them only the articles that are
            shown are read. texts: gives text ``3 * i + k``, part k of article i (see `texts_read`): with it and indexes
            articles need no more columns than `OF_ARTICLES`.

    Returns:
        article_id, outlet, where, start, end (characters in that part), voice, left, match, right. Overlapping matches
        of one pattern are all listed once a starting place, the longest.

    Raises:
        UserError: the pattern can never match, or the window is negative.
    """
    _check_window(window)
    try:
        patterns.parse(pattern)
    except ValueError as error:
        raise UserError(f"pattern {pattern!r} {error}") from None
    indexes = [index_articles(articles)] if indexes is None else indexes
    texts = texts or _texts(articles)
    firsts = np.cumsum([0, *(index.n_articles for index in indexes)])
    hits = find_each(
        indexes, [(pattern, sensitive)], texts=lambda number, text: texts(3 * firsts[number] + text), threads=2
    )
    spans = [_longest(one.first, one.beyond) for one in hits]
    found = placed(indexes, spans)
    table = pd.DataFrame(
        {
            "article_id": articles["article_id"].array.take(found["article"]),
            "outlet": articles["outlet"].array.take(found["article"]),
            "where": pd.array(PARTS, dtype="str").take(found["part"]),
            "start": found["start"].astype(np.int64),
            "end": found["end"].astype(np.int64),
        }
    )
    if callable(quotes):
        quotes = quotes(table.loc[table["where"] == "body", "article_id"].drop_duplicates())
    table["voice"] = _voice(table, quotes)
    of = np.searchsorted(firsts, found["article"], side="right") - 1
    text = 3 * found["article"].to_numpy().astype(np.int64) + found["part"].to_numpy()
    words = [(indexes[one], place - 3 * firsts[one]) for one, place in zip(of.tolist(), text.tolist(), strict=True)]
    return _with_context(table, words, map(texts, text.tolist()), window)[COLUMNS]


def _longest(first: np.ndarray, beyond: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Of the matches that begin at a token the longest."""
    last = np.append(first[1:] != first[:-1], True)[: len(first)]
    order = np.lexsort((beyond, first))
    return first[last], beyond[order][last]


def _texts(articles: pd.DataFrame) -> Callable[[int], str]:
    """Gives text ``3 * i + k``, part k of article i, without making strings of the others."""
    columns = [articles[part].array for part in PARTS]

    def text_at(place: int) -> str:
        text = columns[place % len(PARTS)][place // len(PARTS)]
        return text if isinstance(text, str) else ""

    return text_at


def texts_read(read: Callable[[int, int], pa.Table]) -> Callable[[int], str]:
    """The same from a file: ``read`` gives headline, deck and body of the articles from one row to before another."""

    @lru_cache(maxsize=4)
    def some(number: int) -> pa.Table:
        return read(number * _AT_ONCE, (number + 1) * _AT_ONCE)

    def text_at(place: int) -> str:
        article, part = divmod(place, len(PARTS))
        return some(article // _AT_ONCE)[PARTS[part]][article % _AT_ONCE].as_py() or ""

    return text_at


def around(mentions: pd.DataFrame, articles: pd.DataFrame, *, window: int = 8) -> pd.DataFrame:
    """Mentions with the words around them: the columns left and right added, rows as they came.

    Raises UserError for a negative window.
    """
    from analysis.coding.partition import texts_of  # all of coding, which a look into an index does without

    _check_window(window)
    used = articles[articles["article_id"].isin(mentions["article_id"])].reset_index(drop=True)
    tokens = tokenise(texts_of(used))
    row = pd.Series(range(len(used)), index=used["article_id"]).reindex(mentions["article_id"]).to_numpy()
    part = pd.Series(range(len(PARTS)), index=list(PARTS)).reindex(mentions["where"]).to_numpy()
    places = (row * 3 + part).tolist()
    return _with_context(mentions, [(tokens, place) for place in places], map(_texts(used), places), window)


def _check_window(window: int) -> None:
    if window < 0:
        raise UserError(f"window is {window}; allowed: 0 or more words")


def _voice(table: pd.DataFrame, quotes: pd.DataFrame | None) -> pd.Series:
    """headline for headline and deck; in a body direct, indirect or own; missing there without *quotes*."""
    voice = pd.Series("own", index=table.index, dtype="str")
    if quotes is None:
        return voice.where(table["where"] != "body").mask(table["where"] != "body", "headline")
    spans = quotes[list(OF_QUOTES)].rename(columns={"start": "opened", "end": "closed"})
    pairs = table.reset_index()[["index", "article_id", "start"]].merge(spans, on="article_id")
    pairs = pairs[(pairs["start"] >= pairs["opened"]) & (pairs["start"] < pairs["closed"])]
    reported = pairs["kind"] == "indirect"
    voice[pairs.loc[reported, "index"].unique()] = "indirect"
    voice[pairs.loc[~reported, "index"].unique()] = "direct"  # marks inside a reported clause
    return voice.mask(table["where"] != "body", tables.VOICES[0])


def _with_context(
    table: pd.DataFrame, words: Iterable[tuple[Tokens | Index, int]], texts: Iterable[str], window: int
) -> pd.DataFrame:
    """``table`` with left, match and right cut from the text of each row, ``window`` tokens on either side.

    ``words``: for each row the tokens or the index, and the text in it.
    """
    left, match, right = [], [], []
    spans = zip(table["start"].tolist(), table["end"].tolist(), strict=True)
    for (tokens, which), text, (start, end) in zip(words, texts, spans, strict=True):
        own = slice(tokens.bounds[which], tokens.bounds[which + 1])
        starts = tokens.starts[own]
        ends = starts + tokens.sizes[tokens.types[own]]
        before = np.searchsorted(starts, start) - window
        behind = np.searchsorted(ends, end, side="right") + window - 1
        begin = int(starts[max(before, 0)]) if window else start
        stop = int(ends[min(behind, len(ends) - 1)]) if window else end
        left.append(" ".join(text[begin:start].split()))
        match.append(text[start:end])
        right.append(" ".join(text[end:stop].split()))
    return table.assign(
        left=pd.array(left, dtype="str"), match=pd.array(match, dtype="str"), right=pd.array(right, dtype="str")
    )


def as_lines(places: pd.DataFrame, *, width: int = 100) -> list[str]:
    """A concordance as lines of text, matches under each other: outlet, voice, left, match, right."""
    if places.empty:
        return []
    outlets = places["outlet"].fillna("-").str.slice(0, 24)
    voices = places["voice"].fillna("-")
    side = max((width - int(places["match"].str.len().max())) // 2, 20)
    columns = [outlets, voices, places["left"].str.slice(-side), places["match"], places["right"].str.slice(0, side)]
    outlet_width, voice_width = outlets.str.len().max(), voices.str.len().max()
    return [
        f"{outlet:<{outlet_width}}  {voice:<{voice_width}}  {left.rjust(side)} [{match}] {right}".rstrip()
        for outlet, voice, left, match, right in zip(*columns, strict=True)
    ]
