"""Which sentences or namings people are asked about, so that the machine's codes can be checked against theirs.

A sample is stratified: by level (outlet) and by whether the machine found anything of the variable in the unit. Half
of it is drawn where it did, since a variable that stands in one sentence of fifty would else be seen four times in
two hundred. How many units of the study each drawn one stands for is kept, so that estimates are weighted back.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from analysis.comparison.resampling import generator
from analysis.comparison.units import TONE as TONE
from analysis.comparison.units import Units, coded_units
from analysis.store import hash_of
from analysis.study import UserError
from analysis.tables import validate


def draw_sample(
    tables: dict[str, pd.DataFrame],
    *,
    variable: str,
    codebook: str | None = None,
    categories: str | Sequence[str] | None = None,
    n: int = 200,
    by: str | None = "outlet",
    seed: int = 0,
) -> pd.DataFrame:
    """A sample of units to be coded by people: the table *samples*, one row an item and question.

    The unit of a variable of kind presence or choice is a sentence of the body, with a yes/no question for each
    category; of kind scale a sentence, with the question ``tone``; of kind actor a naming (a row of *targets*), with
    the same question.

    Strata are the levels of ``by`` × hit: the machine found any of the categories in the unit; where tone is asked, it
    did not take it for neutral. Half of the n items are drawn from units with a hit and half from those without, in
    both equally many from each level; what a stratum lacks is drawn from those that have more. Within a stratum every
    unit is as likely as another, except that of sentences that are the same, word for word, in copies of one text
    (namings: the same name in the same sentence) one is drawn at most. The others stay in ``population``.

    Args:
        tables: coded tables by name. by: a column of articles; None: strata by hit alone.
        categories: those asked for (default: all); of kind actor the actors whose namings are drawn.

    Returns:
        The table *samples*; ``attrs["notes"]`` lists what must be known of the draw. Items are numbered in random
        order. The same tables and seed give the same sample.

    Limits: copies left out count as if coded like the rest of their stratum, which matters only where much of the
    study is drawn. Source: Cochran 1977, Sampling Techniques, ch. 5; Neuendorf 2017, The Content Analysis Guidebook,
    ch. 6.
    """
    units = coded_units(tables, variable=variable, codebook=codebook, categories=categories, by=by)
    return draw_from(units, n=n, seed=seed)


def draw_from(units: Units, *, n: int = 200, seed: int = 0) -> pd.DataFrame:
    """`draw_sample` from units that were coded before."""
    if not isinstance(n, int) or isinstance(n, bool) or n < 1:
        raise UserError(f"n is {n!r}; allowed: a whole number of at least 1, such as 200")
    if units.frame.empty:
        raise UserError(f"variable {units.variable!r}: no {units.unit} to draw from in this study")
    random = generator(seed, f"sample\x1f{units.codebook}\x1f{units.variable}")
    rank = random.permutation(len(units.frame))
    stratum, notes = _strata(units.frame), []
    if not allocation(np.bincount(stratum), _hits(stratum, units.frame), n).all():
        notes.append("n is too small to draw from every level, with and without a hit: drawn from all levels together")
        units = units._replace(frame=units.frame.assign(level=pd.array([None] * len(rank), dtype="str")))
        stratum = _strata(units.frame)
    rows = _drawn(stratum, units.frame, rank, n)
    if len(rows) < n:
        notes.append(f"{len(rows)} items, not {n}: the study has no more different ones")
    if not units.frame["hit"].any():
        notes.append("the machine found nothing of the variable: precision cannot be checked")
    elif units.frame["hit"].all():
        notes.append("the machine found something everywhere: what it misses cannot be checked")
    samples = _table(units, stratum, random.permutation(rows))
    samples.attrs["notes"] = notes
    return samples


def _strata(frame: pd.DataFrame) -> np.ndarray:
    """The number of each unit's stratum: those with a hit first, levels by name."""
    return frame.assign(miss=~frame["hit"]).groupby(["miss", "level"], dropna=False).ngroup().to_numpy()


def _hits(stratum: np.ndarray, frame: pd.DataFrame) -> np.ndarray:
    """Whether the units of each stratum have a hit."""
    return pd.Series(frame["hit"].to_numpy()).groupby(stratum).first().to_numpy()


def _drawn(stratum: np.ndarray, frame: pd.DataFrame, rank: np.ndarray, n: int) -> np.ndarray:
    """The rows drawn, in each stratum those of the lowest ``rank``, without a second of any twins."""
    rows, twin, hit = np.argsort(rank), frame["twin"].to_numpy(), _hits(stratum, frame)
    while True:
        quota = allocation(np.bincount(stratum[rows], minlength=len(hit)), hit, n)
        place = pd.Series(rows).groupby(stratum[rows]).cumcount().to_numpy()
        taken = rows[place < quota[stratum[rows]]]
        again = pd.Series(twin[taken]).duplicated().to_numpy()
        if not again.any():
            return taken
        # A twin that is not drawn makes room for the next of its stratum.
        rows = rows[~np.isin(rows, taken[again])]


def allocation(there: np.ndarray, hit: np.ndarray, n: int) -> np.ndarray:
    """How many of n to draw from each stratum, of as many as are ``there``: half from those with a ``hit``."""
    quota = np.zeros(len(there), dtype=int)
    halves = _dealt([there[hit].sum(), there[~hit].sum()], n)
    for side, half in zip((hit, ~hit), halves, strict=True):
        quota[side] = _dealt(there[side], half)
    return quota


def _dealt(there: Sequence[int], n: int) -> np.ndarray:
    """n dealt out equally, at most as many as are there: what one lacks goes to those that have more."""
    there = np.asarray(there, dtype=int)
    given = np.zeros(len(there), dtype=int)
    left = min(n, int(there.sum()))
    while left:
        open_ = np.flatnonzero(given < there)
        each, rest = divmod(left, len(open_))
        more = np.full(len(open_), each)
        more[:rest] += 1
        more = np.minimum(more, there[open_] - given[open_])
        given[open_] += more
        left -= int(more.sum())
    return given


def _table(units: Units, stratum: np.ndarray, rows: np.ndarray) -> pd.DataFrame:
    """The table *samples* of the rows drawn, in the order of their numbers."""
    frame = units.frame.iloc[rows].reset_index(drop=True)
    strata = stratum[rows]
    drawn, population = (np.bincount(one, minlength=stratum.max() + 1) for one in (strata, stratum))
    places = frame[["article_id", "where", "start", "end", "level", "hit"]].to_csv()
    sample = _name(units.codebook, units.codebook_hash, units.variable, *units.questions, places)
    digits = max(3, len(str(len(rows))))
    parts = []
    for number, question in enumerate(units.questions):
        codes = pd.Series(units.codes[:, number])
        alike = pd.DataFrame({"stratum": stratum, "code": codes}).groupby(["stratum", "code"])["code"].transform("size")
        parts.append(
            frame[["article_id", "where", "start", "end", "level", "hit"]].assign(
                sample=sample,
                item=[f"{sample}-{place:0{digits}}" for place in range(1, len(rows) + 1)],
                codebook=units.codebook,
                codebook_hash=units.codebook_hash,
                variable=units.variable,
                category=question,
                unit=units.unit,
                machine=codes.to_numpy()[rows],
                drawn=drawn[strata],
                population=population[strata],
                alike=alike.to_numpy()[rows],
                place=np.arange(len(rows)),
            )
        )
    whole = pd.concat(parts).sort_values("place", kind="stable").drop(columns="place").reset_index(drop=True)
    texts = ["sample", "item", "codebook", "codebook_hash", "variable", "category", "unit", "machine", "level"]
    numbers = ["start", "end", "drawn", "population", "alike"]
    whole = whole.astype(dict.fromkeys(texts, "str") | dict.fromkeys(numbers, "int64") | {"hit": "bool"})
    return validate("samples", whole)


def _name(*said: str) -> str:
    """Six hex digits, the first a letter: no spreadsheet takes an item's name for a number."""
    digits = hash_of(*said)
    first = "abcdef"[int(digits[0], 16) % 6]
    return first + digits[1:6]
