"""Concordances: words in their context (key word in context), for reading what a count counts."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis import tables
from analysis.coding import patterns
from analysis.coding.partition import PARTS, texts_of
from analysis.coding.sentences import sentence_bounds
from analysis.coding.tokens import Tokens, tokenise
from analysis.study import UserError

COLUMNS = ["article_id", "outlet", "where", "start", "end", "voice", "left", "match", "right"]


def kwic(
    articles: pd.DataFrame,
    pattern: str,
    *,
    window: int = 8,
    quotes: pd.DataFrame | None = None,
    sensitive: bool = False,
) -> pd.DataFrame:
    """Every place where a pattern stands, with the words around it.

    Args:
        articles: the *articles* table. pattern: as in a codebook. window: tokens on either side.
        quotes: the *quotes* table; without it voice is missing for places in bodies.

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
    tokens = tokenise(texts_of(articles))
    _, gaps = sentence_bounds(tokens)
    hits = patterns.find(tokens, gaps, [(pattern, sensitive)], patterns.Vocabulary(tokens))
    places = pd.DataFrame({"first": hits.first, "beyond": hits.beyond}).groupby("first", as_index=False)["beyond"].max()
    first, beyond = places["first"].to_numpy(), places["beyond"].to_numpy()
    text = np.searchsorted(tokens.bounds, first, side="right") - 1
    table = pd.DataFrame(
        {
            "article_id": articles["article_id"].array.take(text // 3),
            "outlet": articles["outlet"].array.take(text // 3),
            "where": pd.array(PARTS, dtype="str").take(text % 3),
            "start": tokens.starts[first].astype(np.int64),
            "end": tokens.ends[beyond - 1].astype(np.int64),
        }
    )
    table["voice"] = _voice(table, quotes)
    return _with_context(table, articles, tokens, text, window)[COLUMNS]


def around(mentions: pd.DataFrame, articles: pd.DataFrame, *, window: int = 8) -> pd.DataFrame:
    """Mentions with the words around them: the columns left and right added, rows as they came.

    Raises UserError for a negative window.
    """
    _check_window(window)
    used = articles[articles["article_id"].isin(mentions["article_id"])].reset_index(drop=True)
    tokens = tokenise(texts_of(used))
    row = pd.Series(range(len(used)), index=used["article_id"]).reindex(mentions["article_id"]).to_numpy()
    part = pd.Series(range(len(PARTS)), index=list(PARTS)).reindex(mentions["where"]).to_numpy()
    return _with_context(mentions, used, tokens, row * 3 + part, window)


def _check_window(window: int) -> None:
    if window < 0:
        raise UserError(f"window is {window}; allowed: 0 or more words")


def _voice(table: pd.DataFrame, quotes: pd.DataFrame | None) -> pd.Series:
    """headline for headline and deck; in a body direct, indirect or own; missing there without *quotes*."""
    voice = pd.Series("own", index=table.index, dtype="str")
    if quotes is None:
        return voice.where(table["where"] != "body").mask(table["where"] != "body", "headline")
    spans = quotes[["article_id", "start", "end", "kind"]].rename(columns={"start": "opened", "end": "closed"})
    pairs = table.reset_index()[["index", "article_id", "start"]].merge(spans, on="article_id")
    pairs = pairs[(pairs["start"] >= pairs["opened"]) & (pairs["start"] < pairs["closed"])]
    reported = pairs["kind"] == "indirect"
    voice[pairs.loc[reported, "index"].unique()] = "indirect"
    voice[pairs.loc[~reported, "index"].unique()] = "direct"  # marks inside a reported clause
    return voice.mask(table["where"] != "body", tables.VOICES[0])


def _with_context(
    table: pd.DataFrame, articles: pd.DataFrame, tokens: Tokens, text: np.ndarray, window: int
) -> pd.DataFrame:
    """``table`` with left, match and right cut from the texts, ``window`` tokens on either side."""
    texts = texts_of(articles)
    left, match, right = [], [], []
    for which, start, end in zip(text.tolist(), table["start"].tolist(), table["end"].tolist(), strict=True):
        words = slice(tokens.bounds[which], tokens.bounds[which + 1])
        starts, ends = tokens.starts[words], tokens.ends[words]
        before = np.searchsorted(starts, start) - window
        behind = np.searchsorted(ends, end, side="right") + window - 1
        begin = int(starts[max(before, 0)]) if window else start
        stop = int(ends[min(behind, len(ends) - 1)]) if window else end
        left.append(" ".join(texts[which][begin:start].split()))
        match.append(texts[which][start:end])
        right.append(" ".join(texts[which][end:stop].split()))
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
