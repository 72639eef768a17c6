"""Sentences and namings with what the machine said of each: all that a validation sample can be drawn from."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd

from analysis.comparison.selection import codebook_of
from analysis.study import UserError
from analysis.tables import TONES, YES_NO

# Below this a valence is neutral, as the authors of VADER advise.
NEUTRAL = 0.05
TONE = "tone"
_TONES = np.array(TONES, dtype=object)
_YES_NO = np.array(YES_NO[::-1], dtype=object)


class Units(NamedTuple):
    """What may be drawn: ``frame`` has one row a unit (article_id, where, start, end, level, twin, hit).

    ``codes`` are the machine's, units × ``questions``, each one of ``allowed``. ``twin`` is the same number for units
    that are word for word the same in copies of one text.
    """

    frame: pd.DataFrame
    questions: list[str]
    allowed: tuple[str, ...]
    codes: np.ndarray
    unit: str
    codebook: str
    codebook_hash: str
    variable: str


def coded_units(
    tables: dict[str, pd.DataFrame],
    *,
    variable: str,
    codebook: str | None = None,
    categories: str | Sequence[str] | None = None,
    by: str | None = "outlet",
) -> Units:
    """Every unit of the study that `draw_sample` draws from, with the machine's codes. Arguments as there.

    Tone is the class of a valence v: negative for v ≤ -.05, positive for v ≥ .05, else neutral. Of namings v is
    ``targets.valence``; of sentences S / √(S² + 15), with S the sum of the valences of the variable's hits in it.

    Raises UserError where the variable is not there, or nothing gives a naming its valence.
    """
    articles, listed = tables["articles"], tables["categories"]
    if by is not None and by not in articles.columns:
        raise UserError(f"by {by!r} is no column of articles; allowed: {', '.join(articles.columns)}")
    codebook = codebook_of(variable, codebook, tables["mentions"], listed)
    own = listed[(listed["codebook"] == codebook) & (listed["variable"] == variable)]
    kind = own["kind"].iloc[0]
    wanted = _wanted(categories, own, variable, kind)
    if kind == "actor":
        frame, classes = _namings(tables["targets"], codebook, variable, wanted)
        questions, codes = [TONE], classes[:, None]
    else:
        frame = tables["sentences"][["article_id", "sentence", "start", "end"]].reset_index(drop=True)
        frame = frame.assign(where=pd.array(["body"] * len(frame), dtype="str"))
        hits = tables["mentions"]
        hits = hits[(hits["codebook"] == codebook) & (hits["variable"] == variable) & (hits["where"] == "body")]
        if kind == "scale":
            first = listed.loc[listed["kind"] == "scale", ["codebook", "variable"]].iloc[0].tolist()
            own_valence = tables["sentences"]["valence"] if first == [codebook, variable] else None
            questions, codes = [TONE], _classes(_valences(hits, frame, own_valence))[:, None]
        else:
            questions, codes = wanted, _found(hits, frame, wanted)
    allowed = TONES if kind in ("actor", "scale") else YES_NO
    nothing = "neutral" if allowed == TONES else "no"
    frame = frame.assign(hit=(codes != nothing).any(axis=1), twin=_twins(frame, tables))
    level = pd.Series(None, index=articles["article_id"], dtype="str")
    if by is not None:
        level = articles.set_index("article_id")[by].astype("str")
    frame["level"] = frame["article_id"].map(level).astype("str")
    unit = "naming" if kind == "actor" else "sentence"
    return Units(frame, questions, allowed, codes, unit, codebook, str(own["codebook_hash"].iloc[0]), variable)


def _wanted(categories, own: pd.DataFrame, variable: str, kind: str) -> list[str]:
    """The categories asked for, in the codebook's order."""
    known = own["category"].tolist()
    if categories is None:
        return known
    wanted = [categories] if isinstance(categories, str) else list(categories)
    if kind == "scale" and wanted:
        raise UserError(f"variable {variable!r} is a scale: its one question is {TONE}; name no category")
    for one in wanted:
        if one not in known:
            raise UserError(f"category {one!r} is none of variable {variable!r}; allowed: {', '.join(known)}")
    return [one for one in known if one in wanted] or known


def _namings(targets: pd.DataFrame, codebook: str, variable: str, actors: list[str]) -> tuple[pd.DataFrame, np.ndarray]:
    """The namings of some actors, and the machine's tone of each."""
    own = targets[(targets["codebook"] == codebook) & (targets["variable"] == variable)]
    own = own[own["actor"].isin(actors)].reset_index(drop=True)
    if own["valence"].isna().any():
        raise UserError(f"variable {variable!r}: namings have no tone, since no codebook of the study has a scale")
    frame = own[["article_id", "where", "sentence", "start", "end"]]
    return frame, _classes(own["valence"].to_numpy(float))


def _found(hits: pd.DataFrame, frame: pd.DataFrame, categories: list[str]) -> np.ndarray:
    """yes or no for each sentence and category."""
    row, known = _rows_of(hits, frame)
    column = pd.Index(categories).get_indexer(hits["category"])
    there = known & (column >= 0)
    found = np.zeros((len(frame), len(categories)), dtype=np.int8)
    found[row[there], column[there]] = 1
    return _YES_NO[found]


def _valences(hits: pd.DataFrame, frame: pd.DataFrame, own: pd.Series | None) -> np.ndarray:
    """The valence of each sentence on one scale: as coded, else from its hits."""
    if own is not None and own.notna().all():
        return own.to_numpy(float)
    row, known = _rows_of(hits, frame)
    weights = hits["valence"].fillna(0).to_numpy(float)
    total = np.bincount(row[known], weights=weights[known], minlength=len(frame))
    return total / np.sqrt(total**2 + 15)


def _rows_of(hits: pd.DataFrame, frame: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """The row in ``frame`` of each hit's sentence, and whether it has one."""
    index = pd.MultiIndex.from_arrays([frame["article_id"], frame["sentence"].astype("int64")])
    places = pd.MultiIndex.from_arrays([hits["article_id"], hits["sentence"].fillna(-1).astype("int64")])
    row = index.get_indexer(places)
    return row, row >= 0


def _classes(valences: np.ndarray) -> np.ndarray:
    return _TONES[1 + (valences >= NEUTRAL).astype(int) - (valences <= -NEUTRAL)]


def _twins(frame: pd.DataFrame, tables: dict[str, pd.DataFrame]) -> np.ndarray:
    """A number for each unit, the same for those whose words are the same in articles of one copy group."""
    group = frame["article_id"]
    if "copy_groups" in tables:
        own = tables["copy_groups"].set_index("article_id")["copy_group"]
        group = group.map(own).where(group.isin(own.index), group)
    # A naming is known by its sentence and its place there; one in a headline by the whole of it.
    sentence = tables["sentences"].set_index(["article_id", "sentence"])[["start", "end"]]
    places = pd.MultiIndex.from_arrays([frame["article_id"], frame["sentence"].fillna(-1).astype("int64")])
    around = sentence.reindex(places).set_axis(frame.index)
    begin = around["start"].fillna(0).astype("int64")
    end = around["end"].fillna(np.iinfo(np.int64).max).astype("int64")
    words = pd.DataFrame({"group": group, "text": _words(frame, begin, end, tables), "offset": frame["start"] - begin})
    return words.groupby(["group", "text", "offset"], sort=False).ngroup().to_numpy()


def _words(frame: pd.DataFrame, begin: pd.Series, end: pd.Series, tables: dict[str, pd.DataFrame]) -> list[str]:
    """The words of the sentence, or of the headline, of each unit; of a study without its texts a name for them."""
    if "same_words" in tables:
        columns = ["article_id", "where", "start", "words"]
        same = {row[:3]: row[3] for row in tables["same_words"][columns].itertuples(index=False, name=None)}
        keys = zip(frame["article_id"], frame["where"], begin, strict=True)
        return [same.get(key, str(key)) for key in keys]
    parts = {where: tables["articles"].set_index("article_id")[where].to_dict() for where in frame["where"].unique()}
    return [
        " ".join(parts[where][article][first:last].casefold().split())
        for article, where, first, last in zip(frame["article_id"], frame["where"], begin, end, strict=True)
    ]
