"""The scores of sentences, headlines and articles on a scale, made again from the words that were found.

A scale's hits carry weights; a valence is S / √(S² + 15), S the sum of the weights of the hits (Hutto & Gilbert 2014,
VADER), so that every score is made of words that can be shown. The scores of the study's first scale are those in
*sentences*; here they are made for any scale, and with some words left out.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd

from analysis.comparison.means import check_by
from analysis.comparison.selection import ALL, codebook_of, selected
from analysis.study import UserError
from analysis.tables import VOICES, WHERE

OF = ("sentence", "article", "headline")
NO_SCALE = "(no scale)"
_SOFTENS = 15
_COLUMNS = ["article_id", "voice", "speaker", "n_words", "hits", "total", "valence"]


class Scored(NamedTuple):
    """What is averaged or sorted: items with voice, speaker, n_words, hits, total and valence, and what was asked."""

    items: pd.DataFrame
    asked: dict


def scale_of(categories: pd.DataFrame, variable: str = "") -> dict[str, str | None]:
    """codebook and variable of a scale: the one named, else the study's first; both None where it has none.

    Raises UserError where ``variable`` is no scale of the study.
    """
    scales = categories[categories["kind"] == "scale"].drop_duplicates(["codebook", "variable"])
    chosen = scales[scales["variable"] == variable] if variable else scales
    if chosen.empty and variable:
        known = ", ".join(scales["variable"]) or "none (no codebook of the study has a scale, as vader has)"
        raise UserError(f"variable {variable!r} is no scale of the study; allowed: {known}")
    if chosen.empty:
        return {"codebook": None, "variable": None}
    return chosen[["codebook", "variable"]].iloc[0].to_dict()


def normalised(total: np.ndarray) -> np.ndarray:
    """S / √(S² + 15): between -1 and 1, the same sign as S."""
    return total / np.sqrt(total * total + _SOFTENS)


def sentence_valences(
    mentions: pd.DataFrame,
    sentences: pd.DataFrame,
    *,
    variable: str | None,
    codebook: str | None = None,
    names: bool = True,
) -> pd.DataFrame:
    """The sentences with their score on a scale.

    Args:
        variable: of kind scale; None where the study has none: the scores are then NaN.
        names: whether words inside proper names count (`Security` in `Security Council`).

    Returns:
        ``sentences`` with hits (words of the scale), total (the sum of their valences) and valence
        (total / √(total² + 15); 0 without a hit).
    """
    hits = _hits(mentions, variable, codebook, names)
    hits = hits[hits["where"] == "body"].astype({"sentence": "int64"})
    return _scored(sentences, hits, ["article_id", "sentence"], known=variable is not None)


def headline_valences(
    mentions: pd.DataFrame,
    articles: pd.DataFrame,
    *,
    variable: str | None,
    codebook: str | None = None,
    names: bool = True,
) -> pd.DataFrame:
    """Headlines and decks with their score on a scale, each scored like a sentence.

    Returns article_id, where, n_words (parts between spaces), voice (headline), hits, total, valence; one row for each
    headline and each deck that there is.
    """
    parts = [
        articles[["article_id"]].assign(where=part, n_words=articles[part].astype("str").str.count(r"\S+"))
        for part in WHERE[:2]
    ]
    rows = pd.concat(parts, ignore_index=True).dropna(subset=["n_words"])
    rows = rows.astype({"n_words": "int64", "where": "str"}).assign(voice=VOICES[0])
    hits = _hits(mentions, variable, codebook, names)
    return _scored(rows.reset_index(drop=True), hits, ["article_id", "where"], known=variable is not None)


def scored_items(
    mentions: pd.DataFrame,
    sentences: pd.DataFrame,
    articles: pd.DataFrame,
    *,
    variable: str | None,
    codebook: str | None,
    of: str,
    by: str | Sequence[str],
    voice: str | Sequence[str] | None,
    names: bool,
) -> Scored:
    """The sentences or headlines asked for, with their scores; of articles their sentences (see `each_article`).

    Without a voice asked for they are the sentences of the body; by voice, headlines and decks too, each like a
    sentence. Arguments as in `mean_valence`.
    """
    if of not in OF:
        raise UserError(f"of {of!r} is none; allowed: {', '.join(OF)}")
    columns = check_by(by, articles)
    voices = selected("voice", voice, VOICES)
    if voice is None or voice == ALL:
        voices = VOICES[:1] if of == "headline" else VOICES if "voice" in columns else VOICES[1:]
    options = {"variable": variable, "codebook": codebook, "names": names}
    parts = [] if of == "headline" else [sentence_valences(mentions, sentences, **options)]
    if VOICES[0] in voices:
        heads = headline_valences(mentions, articles, **options)
        parts.append(heads[heads["where"] == "headline"] if of == "headline" else heads)
    items = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=_COLUMNS)
    items = items if "speaker" in items else items.assign(speaker=pd.array([None] * len(items), dtype="str"))
    kept = items["voice"].isin(voices) & items["valence"].notna()
    book = NO_SCALE if variable is None else codebook or codebook_of(variable, None, mentions, None)
    asked = {"codebook": book, "variable": variable or NO_SCALE, "by": columns, "voice": list(voices), "of": of}
    return Scored(items.loc[kept, _COLUMNS].reset_index(drop=True), {**asked, "names": names})


def each_article(items: pd.DataFrame, by: Sequence[str]) -> pd.DataFrame:
    """One item an article (and voice or speaker, where in ``by``) with the columns above, below and hits.

    ``above`` is Σ above / Σ below of its sentences and ``below`` 1, so that each article counts alike.
    """
    keys = ["article_id", *(column for column in by if column in ("voice", "speaker"))]
    sums = items.groupby(keys, dropna=False, sort=False)[["above", "below", "hits"]].sum().reset_index()
    sums = sums[sums["below"] > 0].reset_index(drop=True)
    return sums.assign(above=sums["above"] / sums["below"], below=1)


def _hits(mentions: pd.DataFrame, variable: str | None, codebook: str | None, names: bool) -> pd.DataFrame:
    """The hits of a scale."""
    if variable is None:
        return mentions[:0]
    book = codebook_of(variable, codebook, mentions, None) if codebook is None else codebook
    chosen = (mentions["variable"] == variable) & (mentions["codebook"] == book)
    return mentions[chosen if names else chosen & ~mentions["in_name"]]


def _scored(units: pd.DataFrame, hits: pd.DataFrame, keys: list[str], *, known: bool) -> pd.DataFrame:
    """Units with hits, total and valence; ``keys`` name a unit in both tables."""
    found = hits.groupby(keys)["valence"].agg(["size", "sum"])
    own = found.reindex(pd.MultiIndex.from_frame(units[keys]))
    n = own["size"].fillna(0).to_numpy(np.int64)
    total = own["sum"].fillna(0.0).to_numpy(float)
    total = total if known else np.full(len(total), np.nan)
    return units.assign(hits=n, total=total, valence=normalised(total))
