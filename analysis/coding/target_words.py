"""Words of judgement: the hits of the codebook `evaluations`, by what each says of whom, merged with those of a scale.

The codebook's variables are the roles (``object``, ``subject``: of verbs; ``about``, ``owner``: of nouns), ``opinion``
(words that judge whomever their clause is about; they take the place of the scale's weight) and ``topic`` (words of a
scale that in news tell the subject more often than an opinion, with the share that counts: *war*, *security*).
"""

from __future__ import annotations

import functools
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd

from analysis.coding.codebook import Codebook, Variable, read_codebook
from analysis.study import shipped

BOOK = "evaluations"
JUDGING = f"\0{BOOK}"  # no codebook of a user has such a name
ROLES = ("object", "subject", "about", "owner")  # the variables that say something of a role
DENIED = 0.25  # what is left of a blame that a negation turned into praise (is not a racist)


class Words(NamedTuple):
    """Words of judgement, apart and in order: tokens ``first`` to ``beyond - 1``, and what each says, 0 for nothing.

    plain: as a word; of_object, of_subject, about, owner: of whoever has that role; tone: the scale's own valence.
    """

    first: np.ndarray
    beyond: np.ndarray
    plain: np.ndarray
    of_object: np.ndarray
    of_subject: np.ndarray
    about: np.ndarray
    owner: np.ndarray
    tone: np.ndarray


def evaluations(codebooks: Sequence[Codebook]) -> Codebook:
    """The codebook named ``evaluations`` among some, else the shipped one. Raises UserError where it cannot be read."""
    return next((book for book in codebooks if book.name == BOOK), None) or _shipped()


@functools.cache
def _shipped() -> Codebook:
    return read_codebook(shipped("codebooks") / f"{BOOK}.yml")


def judging(codebooks: Sequence[Codebook]) -> list[Codebook]:
    """The codebook `evaluations`, to look for beside a study's own under the name `JUDGING`; none if not needed."""
    kinds = {variable.kind for book in codebooks for variable in book.variables.values()}
    return [renamed(evaluations(codebooks))] if {"scale", "actor"} <= kinds else []


def renamed(book: Codebook) -> Codebook:
    """A codebook of words of judgement under the name that tells its hits from those of a study's codebooks."""
    return Codebook.model_construct(name=JUDGING, language=book.language, variables=book.variables)


def words_of(judged: pd.DataFrame, hits: pd.DataFrame, scale: Variable, book: Codebook) -> Words:
    """The words of judgement of some texts.

    Args:
        judged: the hits of ``book``, as `evaluations` gives it: first, beyond (tokens), variable, pattern, valence.
        hits: of the scale, the same. Hits that overlap are one word: of those of a role the strongest counts.
    """
    place = {name: number for number, name in enumerate(book.variables)}
    codes, names = pd.factorize(judged["variable"])
    variables = np.array([place[name] for name in names], np.int64)[codes]
    said = np.zeros(len(judged))
    for number, variable in enumerate(book.variables.values()):
        rows = variables == number
        said[rows] = _weights(judged["pattern"][rows], variable)
    first = np.concatenate([judged["first"], hits["first"]]).astype(np.int64)
    beyond = np.concatenate([judged["beyond"], hits["beyond"]]).astype(np.int64)
    value = np.concatenate([judged["valence"], hits["valence"]]).astype(np.float64)
    turned = (np.concatenate([said, _weights(hits["pattern"], scale)]) < 0) & (value > 0)
    value = np.where(turned, DENIED * value, value)
    which = np.concatenate([variables, np.full(len(hits), len(place))])  # the last number: the scale

    order = np.lexsort((-beyond, first))
    first, beyond, value, which = first[order], beyond[order], value[order], which[order]
    opens = np.ones(len(first), np.bool_)
    opens[1:] = first[1:] >= np.maximum.accumulate(beyond)[:-1]
    group, n = np.cumsum(opens) - 1, int(opens.sum())

    def rows_of(name: str) -> np.ndarray:
        return np.flatnonzero(which == place.get(name, -1))

    def strongest(name: str, *, nothing: float = 0.0) -> np.ndarray:
        rows = rows_of(name)
        rows = rows[np.argsort(np.abs(value[rows]), kind="stable")]
        result = np.full(n, nothing)
        result[group[rows]] = value[rows]  # the strongest is written last
        return result

    def summed(rows: np.ndarray) -> np.ndarray:
        return np.bincount(group[rows], weights=value[rows], minlength=n).astype(np.float64)

    judged_here = np.bincount(group[rows_of("opinion")], minlength=n) > 0
    tone = summed(np.flatnonzero(which == len(place)))
    plain = np.where(judged_here, summed(rows_of("opinion")), strongest("topic", nothing=1.0) * tone)
    end = np.zeros(n, np.int64)
    np.maximum.at(end, group, beyond)
    return Words(first[opens], end, plain, *map(strongest, ROLES), tone)


def _weights(listed: pd.Series, variable: Variable) -> np.ndarray:
    """float64, what a variable of kind scale has for each of some patterns."""
    weights = {pattern: weight for members in variable.categories.values() for pattern, weight in members.items()}
    places, known = pd.factorize(listed)
    return np.array([weights[pattern] for pattern in known], np.float64)[places]
