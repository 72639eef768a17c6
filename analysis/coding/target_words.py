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
from analysis.coding.mentions import find_mentions
from analysis.coding.sentiment import hit_valences, modifier_books
from analysis.coding.tokens import Tokens
from analysis.study import shipped

BOOK = "evaluations"
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


def words_of(
    tokens: Tokens, gaps: np.ndarray, bounds: pd.DataFrame, hits: pd.DataFrame, scale: Variable, book: Codebook
) -> Words:
    """The words of judgement of some texts.

    Args:
        gaps, bounds: as `sentence_bounds` gives them. hits: of the scale: first, beyond, pattern and valence. book: as
            `evaluations` gives it. Hits that overlap are one word: of those of a role the strongest counts.
    """
    found = find_mentions(tokens, gaps, [book, *modifier_books([book])])
    own, valence = hit_valences(found, tokens, gaps, bounds["first_token"].to_numpy(), [book])
    own_names = own["variable"].to_numpy(dtype=object)
    said = np.zeros(len(own))
    for name, variable in book.variables.items():
        said[own_names == name] = _weights(own.loc[own_names == name, "pattern"], variable)
    first = np.concatenate([own["first"], hits["first"]]).astype(np.int64)
    beyond = np.concatenate([own["beyond"], hits["beyond"]]).astype(np.int64)
    value = np.concatenate([valence, hits["valence"].to_numpy(np.float64)])
    turned = (np.concatenate([said, _weights(hits["pattern"], scale)]) < 0) & (value > 0)
    value = np.where(turned, DENIED * value, value)
    names = np.concatenate([own_names, np.full(len(hits), "", object)])

    order = np.lexsort((-beyond, first))
    first, beyond, value, names = first[order], beyond[order], value[order], names[order]
    opens = np.ones(len(first), np.bool_)
    opens[1:] = first[1:] >= np.maximum.accumulate(beyond)[:-1]
    group, n = np.cumsum(opens) - 1, int(opens.sum())

    def strongest(name: str, *, nothing: float = 0.0) -> np.ndarray:
        rows = np.flatnonzero(names == name)
        rows = rows[np.argsort(np.abs(value[rows]), kind="stable")]
        result = np.full(n, nothing)
        result[group[rows]] = value[rows]  # the strongest is written last
        return result

    def summed(name: str) -> np.ndarray:
        return np.bincount(group[names == name], weights=value[names == name], minlength=n).astype(np.float64)

    judged = np.bincount(group[names == "opinion"], minlength=n) > 0
    tone = summed("")
    plain = np.where(judged, summed("opinion"), strongest("topic", nothing=1.0) * tone)
    end = np.zeros(n, np.int64)
    np.maximum.at(end, group, beyond)
    return Words(first[opens], end, plain, *map(strongest, ROLES), tone)


def _weights(listed: pd.Series, variable: Variable) -> np.ndarray:
    """float64, what a variable of kind scale has for each of some patterns."""
    weights = {pattern: weight for members in variable.categories.values() for pattern, weight in members.items()}
    places, known = pd.factorize(listed)
    return np.array([weights[pattern] for pattern in known], np.float64)[places]
