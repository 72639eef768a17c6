"""Who speaks in whose pages, in marks or only reported, and with which verb the outlet lets them.

The tables here are shares like those of `rates`, over quotations instead of mentions: each function turns *quotes*
into rows that `rates.share_of_choices` counts, so that denominators, intervals and notes are the same.
"""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from analysis.comparison.rates import share_of_choices
from analysis.study import UserError

NOBODY = "(nobody named)"
NO_SIDE = "(no side)"
OTHERS = "(others)"
_OF = ("speaker", "side")


def who_speaks(
    quotes: pd.DataFrame,
    articles: pd.DataFrame,
    *,
    of: str = "speaker",
    categories: pd.DataFrame | None = None,
    by: str | Sequence[str] = "outlet",
    voice: str | Sequence[str] | None = None,
    most: int = 8,
    groups: pd.Series | None = None,
    replicates: int = 2000,
    seed: int = 0,
) -> pd.DataFrame:
    """The share of the words of others that each speaker, or each side, has.

    share = words of the speaker's quotations / words of all quotations, within a level of ``by``. Quoted terms that
    nobody speaks (kind *term*) are left out; quotations without a named speaker are a category of their own.

    Args:
        of: speaker or side. Sides come from ``categories`` (the coded table: what codebooks of kind actor say).
        voice: direct (in marks), indirect (reported), or both (None).
        most: so many speakers with the most words are kept over all levels; the rest are "(others)".

    Returns:
        The columns of `rates.share_of_choices`; n and total count words, n_articles those with a quotation.

    Limits: who has no words here may still be spoken about; a speaker's name is resolved by rules. Source: Koopmans &
    Statham 2010, The Making of a European Public Sphere, for claims by speaker; Lijffijt et al. 2016 for resampling.
    """
    if of not in _OF:
        raise UserError(f"of {of!r} is none; allowed: {', '.join(_OF)}")
    said = _spoken(quotes)
    names = _named(said, of, categories)
    kept = _most(names, said["n_words"], most)
    rows = _as_mentions(said, of, names.where(names.isin(kept), OTHERS), weight=said["n_words"])
    options = {"by": by, "voice": voice, "groups": groups, "replicates": replicates, "seed": seed}
    table = share_of_choices(rows, articles, variable=of, categories=_order(of, [*kept, OTHERS], rows), **options)
    table.attrs = {**table.attrs, "measure": "share of words of others"}
    return table


def how_quoted(
    quotes: pd.DataFrame,
    articles: pd.DataFrame,
    *,
    of: str = "speaker",
    categories: pd.DataFrame | None = None,
    by: str | Sequence[str] = (),
    most: int = 8,
    groups: pd.Series | None = None,
    replicates: int = 2000,
    seed: int = 0,
) -> pd.DataFrame:
    """Who is let speak in marks, and who is only reported: the share of a speaker's words that are quoted directly.

    share = words of the speaker in quotation marks / all words of the speaker, per speaker (or side) and level of
    ``by``; categories are direct and indirect. Columns as in `who_speaks`, with ``speaker`` (or ``side``) among those
    of ``by``. Limits as there.
    """
    said = _spoken(quotes)
    names = _named(said, of, categories)
    kept = _most(names, said["n_words"], most)
    rows = _as_mentions(said, "quoted", _voice(said), weight=said["n_words"], speaker=names)
    options = {"by": by, "groups": groups, "replicates": replicates, "seed": seed}
    return _per_speaker(
        rows, kept, articles, "quoted", ["direct", "indirect"], of, "share of words of others", **options
    )


def cue_classes(
    quotes: pd.DataFrame,
    articles: pd.DataFrame,
    *,
    of: str = "side",
    categories: pd.DataFrame | None = None,
    by: str | Sequence[str] = "outlet",
    voice: str | Sequence[str] | None = None,
    most: int = 8,
    groups: pd.Series | None = None,
    replicates: int = 2000,
    seed: int = 0,
) -> pd.DataFrame:
    """Does A "say" and B "claim"? The share of each class among a side's reporting verbs.

    share = reporting verbs of the class / reporting verbs, per level of ``by`` and side (or speaker). Each place of a
    verb counts once, however many quotations it introduces. Columns as in `who_speaks`.

    Limits: classes are the codebook's, not validated unless the study says so. Source: Caldas-Coulthard 1994, On
    Reporting Reporting; Bednarek 2006, Evaluation in Media Discourse.
    """
    said = _spoken(quotes)
    # The clause and the words in marks inside it are introduced by one verb; so are quotations that follow without one.
    said = said[said["cue_class"].notna()].drop_duplicates(["article_id", "cue_start"]).reset_index(drop=True)
    names = _named(said, of, categories)
    kept = _most(names, pd.Series(1, index=said.index), most)
    rows = _as_mentions(said, "cue", said["cue_class"], speaker=names)
    options = {"by": by, "voice": voice, "groups": groups, "replicates": replicates, "seed": seed}
    classes = sorted(said["cue_class"].unique())
    return _per_speaker(rows, kept, articles, "cue", classes, of, "share of reporting verbs", **options)


def _spoken(quotes: pd.DataFrame) -> pd.DataFrame:
    """Quotations that somebody speaks. Words in marks inside a reported clause count once, as quoted (see *quotes*)."""
    return quotes[quotes["kind"] != "term"].reset_index(drop=True)


def _named(said: pd.DataFrame, of: str, categories: pd.DataFrame | None) -> pd.Series:
    """The speaker or the side of each quotation."""
    if of == "speaker":
        return said["speaker"].fillna(NOBODY)
    if categories is None or "side" not in categories.columns:
        raise UserError(
            "of 'side': sides come from a codebook of kind actor; add one (actors) to the study's codebooks"
        )
    actors = categories[(categories["kind"] == "actor") & categories["side"].notna()].drop_duplicates("category")
    side = said["speaker"].map(actors.set_index("category")["side"]).astype("str")
    return side.where(said["speaker"].isna() | side.notna(), NO_SIDE).fillna(NOBODY)


def _most(names: pd.Series, weights: pd.Series, most: int) -> list[str]:
    """The names with the most words, the most first; ties in order of the name."""
    if most < 1:
        raise UserError(f"most is {most}; allowed: 1 or more")
    sums = weights.groupby(names).sum().reset_index()
    sums.columns = ["name", "weight"]
    return sums.sort_values(["weight", "name"], ascending=[False, True])["name"].head(most).tolist()


def _voice(said: pd.DataFrame) -> pd.Series:
    return said["kind"].eq("indirect").map({True: "indirect", False: "direct"}).astype("str")


def _as_mentions(
    said: pd.DataFrame,
    variable: str,
    category: pd.Series,
    *,
    weight: pd.Series | None = None,
    speaker: pd.Series | None = None,
) -> pd.DataFrame:
    """Quotations as the rows that `rates` counts."""
    rows = pd.DataFrame({"article_id": said["article_id"], "category": category.astype("str"), "voice": _voice(said)})
    rows["codebook"], rows["variable"], rows["where"], rows["sentence"] = "quotes", variable, "body", 0
    rows["weight"] = 1 if weight is None else weight
    rows["speaker"] = said["speaker"] if speaker is None else speaker
    return rows


def _order(variable: str, names: Sequence[str], rows: pd.DataFrame) -> pd.DataFrame:
    """The categories in the order to show them; "(others)" only where there are some, nobody where nothing is."""
    used = [name for name in names if name != OTHERS or (rows["category"] == OTHERS).any()] or [NOBODY]
    return pd.DataFrame({"codebook": "quotes", "variable": variable, "category": pd.array(used, dtype="str")})


def _per_speaker(
    rows: pd.DataFrame,
    kept: Sequence[str],
    articles: pd.DataFrame,
    variable: str,
    categories: Sequence[str],
    of: str,
    measure: str,
    *,
    by: str | Sequence[str],
    **options: object,
) -> pd.DataFrame:
    """Shares within each speaker (or side) kept, under the name of what they are shares of."""
    table = share_of_choices(
        rows[rows["speaker"].isin(kept)],
        articles,
        variable=variable,
        categories=_order(variable, categories, rows),
        by=[*([by] if isinstance(by, str) else by), "speaker"],
        **options,
    )
    renamed = table.rename(columns={"speaker": of})
    columns = [of if column == "speaker" else column for column in table.attrs["by"]]
    renamed.attrs = {**table.attrs, "measure": measure, "by": columns}
    return renamed
