"""Aligned pairs of sentences → propositions: groups of sentences that report the same.

Sentences connected by aligned pairs are one group only if they are alike on the whole: a sentence that reports two
facts is aligned with both, and would else make one proposition of a whole story. Inside each connected group sentences
are put together by average linkage (Sokal & Michener 1958).
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.cluster.hierarchy import fcluster, linkage
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components
from scipy.spatial.distance import squareform

from analysis.study import UserError

CUT = 0.6  # of the threshold: the mean similarity from which two groups are one; see benchmarks/alignments.md
LARGEST = 3_000  # sentences of a connected group; beyond, its weakest pairs are let go
_STEP = 0.05


def propositions(
    left: np.ndarray, right: np.ndarray, similarity: np.ndarray, article: np.ndarray, *, threshold: float
) -> np.ndarray:
    """The proposition of each sentence, numbered in order of their first sentences; -1 for one aligned with none.

    Args:
        left, right, similarity: candidate pairs as rows of sentences, each pair once. article: of each sentence.
        threshold: similarity from which a pair is aligned.

    Two groups are one where the mean similarity of their pairs reaches CUT · threshold; pairs that are no candidates
    count 0, and two sentences of one article neither for nor against. Sentences left alone have no proposition.
    """
    label = _connected(left, right, similarity, len(article), threshold)
    size = np.bincount(label, minlength=1)
    cut = CUT * threshold
    inside = np.flatnonzero(label[left] == label[right])
    group = label[left[inside]]
    # Where any two are alike enough, all means of them are: such a group is one, as nearly all are.
    enough = np.bincount(group[similarity[inside] >= cut], minlength=len(size)) + _of_one_article(label, article)
    whole = enough == size * (size - 1) // 2
    fresh = np.where((whole & (size > 1))[label], label, -1).astype(np.int64)
    number = len(size)
    place = np.empty(len(article), np.int64)
    for members, pairs in zip(_of_each(~whole, label), _of_each(~whole, group), strict=True):
        place[members], pairs = np.arange(len(members)), inside[pairs]
        parts = _parts(place[left[pairs]], place[right[pairs]], similarity[pairs], article[members], cut)
        several = np.bincount(parts)[parts] > 1
        fresh[members[several]] = number + parts[several]
        number += len(members)
    grouped = fresh >= 0
    fresh[grouped] = pd.factorize(fresh[grouped])[0]
    return fresh


def _of_one_article(label: np.ndarray, article: np.ndarray) -> np.ndarray:
    """How many pairs of sentences of one article each group has."""
    both, count = np.unique(np.stack([label, article]), axis=1, return_counts=True)
    return np.bincount(both[0], count * (count - 1) // 2, minlength=label.max(initial=0) + 1).astype(np.int64)


def _of_each(asked: np.ndarray, group: np.ndarray) -> list[np.ndarray]:
    """The places that hold each group asked for, in order."""
    places = np.flatnonzero(asked[group])
    places = places[np.argsort(group[places], kind="stable")]
    sizes = np.bincount(group[places], minlength=len(asked))[asked]
    return np.split(places, np.cumsum(sizes)[:-1]) if len(sizes) else []


def _connected(left: np.ndarray, right: np.ndarray, similarity: np.ndarray, size: int, threshold: float) -> np.ndarray:
    """The connected group of each sentence; one that is too large is connected again by its surer pairs alone."""
    held = similarity >= threshold
    while True:
        links = coo_array((np.ones(held.sum(), np.int8), (left[held], right[held])), shape=(size, size))
        label = connected_components(links, directed=False)[1]
        large = held & (np.bincount(label, minlength=1)[label[left]] > LARGEST) if len(left) else held
        if not large.any():
            return label
        weakest = np.full(label.max() + 1, np.inf)
        np.minimum.at(weakest, label[left[large]], similarity[large])
        held &= ~(large & (similarity < weakest[label[left]] + _STEP))


def _parts(left: np.ndarray, right: np.ndarray, similarity: np.ndarray, article: np.ndarray, cut: float) -> np.ndarray:
    """The part of each sentence of one connected group."""
    alike = np.zeros((len(article),) * 2)
    alike[left, right] = alike[right, left] = similarity
    alike[article[:, None] == article[None, :]] = cut
    np.fill_diagonal(alike, 1.0)
    return fcluster(linkage(squareform(1 - alike, checks=False), "average"), 1 - cut + 1e-9, "distance") - 1


def realign(alignments: pd.DataFrame, *, threshold: float) -> pd.DataFrame:
    """The *alignments* table at another threshold: ``aligned`` and ``proposition`` made anew.

    ``proposition`` is missing where a pair is not aligned, and where its sentences fall to two propositions. A
    UserError where the threshold is no similarity.
    """
    if not 0 < threshold <= 1:
        raise UserError(f"threshold is {threshold}; allowed: above 0 and up to 1")
    sides = [
        alignments[[f"article_{side}", f"sentence_{side}"]].set_axis(["article", "sentence"], axis=1) for side in "ab"
    ]
    both = pd.concat(sides, ignore_index=True)
    rows = both.groupby(["article", "sentence"], sort=False).ngroup().to_numpy()
    left, right = rows[: len(alignments)], rows[len(alignments) :]
    article = pd.factorize(both["article"])[0][np.unique(rows, return_index=True)[1]]
    similarity = alignments["similarity"].to_numpy()
    number = propositions(left, right, similarity, article, threshold=threshold)
    aligned = similarity >= threshold
    return alignments.assign(aligned=aligned, proposition=of_pairs(number, left, right, aligned))


def of_pairs(
    number: np.ndarray, left: np.ndarray, right: np.ndarray, aligned: np.ndarray
) -> pd.api.extensions.ExtensionArray:
    """The column ``proposition`` of pairs, from the numbers of their sentences."""
    column = pd.array(number[left], dtype="Int64")
    column[~(aligned & (number[left] == number[right]) & (number[left] >= 0))] = pd.NA
    return column
