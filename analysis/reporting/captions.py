"""Sentences computed from result tables: captions that name n and denominator, findings that hedge."""

from __future__ import annotations

import pandas as pd

_OF = {
    "share of choices": "choices",
    "share of articles": "articles",
    "share of sentences": "sentences of bodies",
    "rate per 1,000 words": "words",
    "share of words of others": "words",
    "share of reporting verbs": "reporting verbs",
}
_CHOICES = ("share of choices", "share of words of others", "share of reporting verbs")


def caption_of(table: pd.DataFrame, question: str = "") -> str:
    """The caption of a figure of shares or rates: what was counted, over what, of how many, how sure.

    ``table`` is a result of `comparison.rates`; what was asked for it stands in its ``attrs``.
    """
    said = table.attrs
    total, articles = _counted(table)
    measure = said["measure"][0].upper() + said["measure"][1:]
    unit = {"article": "articles", "copy group": "copy groups"}[said["unit"]]
    sure = (
        f"Whiskers: 95 % bootstrap intervals over {unit} ({said['replicates']:,} replicates, seed {said['seed']})."
        if table["low"].notna().any()
        else "No level has two articles, so there is no interval."
    )
    parts = [
        question,
        f"{measure}: {said['variable'].replace('_', ' ')}, by {' and '.join(said['by'])}{_voice(said['voice'])}"
        f"{'' if said['measure'] == 'share of sentences' else _where(said['where'])}.",
        f"N = {total:,} {_OF[said['measure']]}{_in(said['measure'], articles)}.",
        sure,
        "Speakers and verbs found by rules." if said["codebook"] == "quotes" else f"Codebook {said['codebook']}.",
    ]
    return " ".join(part for part in parts if part)


def _counted(table: pd.DataFrame) -> tuple[int, int | None]:
    """The denominator over all levels, and the articles behind it; nothing is counted twice.

    Split by voice, place or speaker, one article stands in several levels: choices and words add up over them,
    articles and sentences do not, and of the articles with a choice the number is not known (None).
    """
    said = table.attrs
    levels = table.drop_duplicates(said["by"]) if said["by"] else table.head(1)
    outer = [column for column in said["by"] if column not in ("voice", "where", "speaker", "side")]
    if outer == said["by"]:
        return levels["total"].sum(), levels["n_articles"].sum()
    once = levels.drop_duplicates(outer) if outer else levels.head(1)
    whole = levels if said["measure"] in (*_CHOICES, "rate per 1,000 words") else once
    return whole["total"].sum(), None if said["measure"] in _CHOICES else once["n_articles"].sum()


def _in(measure: str, articles: int | None) -> str:
    return "" if measure == "share of articles" or articles is None else f" in {articles:,} articles"


def _voice(voices: list[str]) -> str:
    if len(voices) == 4:
        return ", all voices"
    if voices == ["own", "direct", "indirect"]:
        return ", all voices of the body"
    return f", voice {' and '.join(voices)}"


def _where(places: list[str]) -> str:
    return "" if len(places) == 3 else f", in {' and '.join(places)}"


def finding(table: pd.DataFrame, *, value: str = "share") -> str:
    """One hedged sentence on a table of shares or rates: the category that differs most, and between whom.

    It describes what was counted and tests nothing. Markdown; a table with fewer than two levels says only its numbers.
    """
    by, unit = table.attrs["by"], table.attrs["unit"]
    named = table.assign(level=table[by].fillna("(none)").astype("str").agg(" · ".join, axis=1))
    defined = named.dropna(subset=[value])
    if defined.empty:
        return "Nothing was found, so nothing can be said."
    named = defined[~defined["category"].str.startswith("(")]  # (others), (nobody named): a remainder is no finding
    spread = (defined if named.empty else named).groupby("category")[value].agg(lambda one: one.max() - one.min())
    category = spread.idxmax()
    rows = defined[defined["category"] == category]
    high, low = rows.loc[rows[value].idxmax()], rows.loc[rows[value].idxmin()]
    name, at_high = escaped(category), f"**{escaped(high['level'])}** {_number(high, value, unit)}"
    if len(rows) == 1:
        return f"*{name}* has a value at one level only: {at_high}."
    if high[value] == low[value]:
        value_at = _number(high, value, unit)
        return f"No difference between the {len(rows)} levels; *{name}* at the first of them: {value_at}."
    alone = rows["low"].isna().all()
    hedge = "one article each, so no interval" if alone else f"intervals are over {unit}s; no test is made here"
    return f"*{name}* differs most: {at_high}, **{escaped(low['level'])}** {_number(low, value, unit)} ({hedge})."


def _number(row: pd.Series, value: str, unit: str) -> str:
    """A value with its interval and its counts; ``unit`` is what was resampled."""
    scale, sign, digits = (100, " %", 0) if value == "share" else (1, " per 1,000 words", 2)
    interval = "" if pd.isna(row["low"]) else f", {scale * row['low']:.{digits}f} to {scale * row['high']:.{digits}f}"
    if row["low"] == row["high"]:
        interval = f", every {unit} alike"
    return f"{scale * row[value]:.{digits}f}{sign} ({row['n']:,} of {row['total']:,}{interval})"


def escaped(text: str) -> str:
    """Text from an article or a manifest on one line, harmless in Markdown and in HTML: no mark, no link, no block."""
    marks = {"<": "&lt;", ">": "&gt;", "&": "&amp;"} | {mark: f"\\{mark}" for mark in "\\`*_[]()#|$~"}
    words = " ".join(str(text).split())
    return "".join(marks.get(character, character) for character in words).replace("://", "\\://")
