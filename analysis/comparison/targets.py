"""How is an actor spoken of: the mean valence of the clauses that name it, by outlet and by voice."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from analysis.comparison.means import check_by, mean_table
from analysis.comparison.per_article import check_whole
from analysis.comparison.selection import selected
from analysis.study import UserError
from analysis.tables import VOICES

NO_SIDE = "(no side)"
_OF = ("actor", "side")


def target_valence(
    targets: pd.DataFrame,
    sentences: pd.DataFrame,
    articles: pd.DataFrame,
    *,
    of: str = "actor",
    by: str | Sequence[str] = "outlet",
    voice: str | Sequence[str] | None = None,
    categories: pd.DataFrame | None = None,
    most: int = 8,
    zeros: bool = True,
    groups: pd.Series | None = None,
    replicates: int = 2000,
    seed: int = 0,
) -> pd.DataFrame:
    """How actors, or sides, are spoken of: the mean valence of the clauses that name them.

    Args:
        sentences: namings in the body count where their sentence is among these.
        of: actor, or side, as ``categories`` (the coded table) says. by: columns of articles, and voice or speaker.
        most: so many actors (or sides) with the most namings are kept.
        zeros: whether namings without a word of the scale beside them count, as 0.

    Returns:
        The columns of `mean_valence`; category is the actor or side, n its namings with a word of the scale, total all.
        The actor named most often comes first; ``side`` is beside it where the codebook says it.

    Limits: the words of the clause are taken to be about whom it names; irony, and who does what to whom, are not
    read. An actor named twice in a clause counts twice.
    """
    if of not in _OF:
        raise UserError(f"of {of!r} is none; allowed: {', '.join(_OF)}")
    columns = check_by(by, articles)
    voices = selected("voice", voice, VOICES)
    sides = _sides(categories)
    if of == "side" and sides.empty:
        raise UserError("of 'side': sides come from a codebook of kind actor; add one (actors) to the codebooks")
    named = targets[targets["voice"].isin(voices) & targets["valence"].notna()]
    # The sentences given decide what counts: those of copied passages may have been left out (see `wire`).
    here = pd.MultiIndex.from_frame(sentences[["article_id", "sentence"]].astype({"sentence": "int64"}))
    place = pd.MultiIndex.from_arrays([named["article_id"], named["sentence"].fillna(-1).astype("int64")])
    named = named[(named["where"] != "body") | place.isin(here)]
    # One name may stand for an actor in several variables.
    named = named.drop_duplicates(["article_id", "where", "start", "end", "actor"])
    category = named["actor"] if of == "actor" else named["actor"].map(sides).astype("str").fillna(NO_SIDE)
    hits = named["evidence"].notna().astype("int64")
    items = named.assign(category=category, above=named["valence"], below=1, hits=hits)
    items = items if zeros else items[items["hits"] > 0]
    kept = _most(items["category"], most)
    settings = {"measure": "mean valence of namings", "codebook": "targets", "variable": of, "by": columns}
    settings |= {"voice": voices, "of": of, "score": "valence", "zeros": zeros, "most": most}
    items = items[items["category"].isin(kept)]
    drawn = {"groups": groups, "replicates": replicates, "seed": seed}
    table = mean_table(items, articles, categories=kept, settings=settings, **drawn)
    if of == "actor" and len(sides):
        table["side"] = table["category"].map(sides).astype("str")
    return table


def _sides(categories: pd.DataFrame | None) -> pd.Series:
    """actor → side, of those that have one."""
    if categories is None:
        return pd.Series(dtype="str")
    actors = categories[(categories["kind"] == "actor") & categories["side"].notna()]
    return actors.drop_duplicates("category").set_index("category")["side"]


def _most(names: pd.Series, most: int) -> list[str]:
    """The names that stand most often, the most first; ties in order of the name."""
    check_whole(1, most=most)
    counts = names.value_counts().rename_axis("name").reset_index(name="n")
    return counts.sort_values(["n", "name"], ascending=[False, True])["name"].head(most).tolist()
