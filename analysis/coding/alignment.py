"""Sentences of different articles that report the same proposition.

Every two sentences of two articles of one story that share any content are a candidate pair; `similarity` says how
surely both report the same (`analysis.coding.similarity`), and `aligned` is that it reaches the threshold. Pairs may be
1:n, a long sentence with several short ones. A pair is worth less where either sentence has a better partner in the
other article, which keeps propositions (`analysis.coding.propositions`) from growing into one.

Stories of up to `WHOLE` sentences keep all candidates. Of larger ones each sentence keeps its `MOST` best by shared
weight, so that memory grows with the number of sentences and not with its square; there, forms that more than `COMMON`
of the sentences have make no candidate.
"""

from __future__ import annotations

import numba
import numpy as np
import pandas as pd

from analysis import tables
from analysis.coding.propositions import of_pairs, propositions
from analysis.coding.similarity import Bags, bags, measures, probability

THRESHOLD = 0.8
WHOLE = 2_000
MOST = 100
COMMON = 0.1


def align_sentences(
    articles: pd.DataFrame,
    sentences: pd.DataFrame,
    *,
    threshold: float = THRESHOLD,
    whole: int = WHOLE,
    most: int = MOST,
) -> pd.DataFrame:
    """The *alignments* table: candidate pairs of sentences, in order of both sentences.

    Args:
        articles: with article_id, body and story; only articles of one story are compared, and an article without a
            story with nobody. Articles of one outlet are compared too. sentences: the *sentences* table of these
            articles (article_id, sentence, start, end; `speaker`, where it is there, is lent to the sentence).
        threshold: similarity from which a pair is aligned. The default is the least at which 19 of 20 aligned pairs are
            right on hand-aligned stories, each scored by weights fitted without it (``benchmarks/alignments.md``). A
            lower one finds more: the best F1 is near .45, with one pair in nine wrong.
        whole: sentences up to which a story keeps all candidates. most: candidates a sentence keeps in a larger one.

    Limits: what no word, name, number or synonym betrays is not found; a sentence that says the opposite in the same
    words is. Similarities of a large story depend on the candidates kept. The lists of words are English; in other
    languages names, numbers and equal words are left.
    """
    story = pd.factorize(articles["story"])[0]
    several = np.bincount(story[story >= 0], minlength=1) > 1
    compared = (story >= 0) & several[story]
    rows = rows_of(articles[compared], sentences)
    if rows.empty:
        return tables.empty("alignments")
    bodies, story = articles["body"][compared].fillna("").tolist(), story[compared]
    sets = bags(bodies, rows, story)
    left, right = candidates(sets, whole=whole, most=most)
    similarity = probability(measures(sets, left, right)).round(4)
    aligned = similarity >= threshold
    group = propositions(left, right, similarity, rows["article"].to_numpy(), threshold=threshold)
    ids = articles["article_id"][compared].array.take(rows["article"].to_numpy())
    number = rows["sentence"].to_numpy()
    table = pd.DataFrame(
        {
            "article_a": ids.take(left),
            "sentence_a": number[left],
            "article_b": ids.take(right),
            "sentence_b": number[right],
            "similarity": similarity,
            "aligned": aligned,
            "proposition": of_pairs(group, left, right, aligned),
        }
    )
    return tables.validate("alignments", table)


def rows_of(articles: pd.DataFrame, sentences: pd.DataFrame) -> pd.DataFrame:
    """The sentences of some articles, in order of both, with ``article``, the place of the article."""
    place = pd.Index(articles["article_id"])
    speaker = sentences["speaker"] if "speaker" in sentences else pd.array([None] * len(sentences), dtype="str")
    kept = sentences[["article_id", "sentence", "start", "end"]].assign(speaker=speaker)
    article = place.get_indexer(kept["article_id"])
    return kept.assign(article=article)[article >= 0].sort_values(["article", "start"], ignore_index=True)


def candidates(sets: Bags, *, whole: int = WHOLE, most: int = MOST) -> tuple[np.ndarray, np.ndarray]:
    """Pairs of rows of one story and two articles that share content: left and right rows, in order."""
    size = len(sets.article)
    values = np.sqrt(sets.shares * sets.weights[sets.columns])
    sentences = np.bincount(sets.story, minlength=1)
    large = sentences > whole
    frequency = np.bincount(sets.columns, minlength=len(sets.weights))
    row = np.repeat(np.arange(size), np.diff(sets.bounds))
    story_of = np.zeros(len(sets.weights), np.int64)
    story_of[sets.columns] = sets.story[row]
    common = large[story_of] & (frequency > COMMON * sentences[story_of])
    heads = np.concatenate(([0], np.cumsum(frequency)))
    order = np.argsort(sets.columns, kind="stable")
    all_of_row = ~large[sets.story]
    inner = sets.bounds, sets.columns, values, sets.article, common, heads, row[order], values[order]
    keys, kept = _sharing(*inner, all_of_row, most)
    if not all_of_row.all():
        keys = np.sort(np.concatenate([keys, np.unique(kept)]))
    return keys // max(size, 1), keys % max(size, 1)


@numba.njit(nogil=True, cache=True)
def _sharing(bounds, columns, values, article, common, heads, members, weights, all_of_row, most):
    """Pairs (row · rows + other row, the lesser first) that share a column that is not common, in two arrays: those of
    rows that keep all, with later ones, in order; and of other rows those with the ``most`` that share most with each.

    heads, members, weights: for each column the rows that have it, in order, and their values.
    """
    size = len(bounds) - 1
    found, kept = np.empty(1024, np.int64), np.empty(1024, np.int64)
    n_found, n_kept = 0, 0
    shared, met = np.zeros(size), np.empty(size, np.int64)
    for row in range(size):
        n = 0
        for back in range(bounds[row + 1] - bounds[row]):
            entry = bounds[row + 1] - 1 - back
            column = columns[entry]
            if common[column]:
                continue
            begin, end = heads[column], heads[column + 1]
            if all_of_row[row]:
                begin += np.searchsorted(members[begin:end], row)
            for place in range(begin, end):
                other = members[place]
                if article[other] != article[row]:
                    if shared[other] == 0.0:
                        met[n] = other
                        n += 1
                    shared[other] += values[entry] * weights[place]
        others = met[:n]
        if all_of_row[row]:
            others.sort()
            found = _with_room(found, n_found + n)
            found[n_found : n_found + n] = row * size + others
            n_found += n
        else:
            kept = _with_room(kept, n_kept + n)
            for other in _strongest(others, shared, most):
                kept[n_kept] = min(row, other) * size + max(row, other)
                n_kept += 1
        shared[others] = 0.0
    return found[:n_found].copy(), kept[:n_kept].copy()


@numba.njit(nogil=True, cache=True)
def _with_room(array, size):
    """The array, or a longer one that begins with it."""
    if size <= len(array):
        return array
    longer = np.empty(max(2 * len(array), size), array.dtype)
    longer[: len(array)] = array
    return longer


@numba.njit(nogil=True, cache=True)
def _strongest(others, shared, most):
    """The ``most`` with the largest weights, of equal ones the earlier."""
    if len(others) <= most:
        return others
    weights = shared[others]
    least = np.partition(weights, len(others) - most)[len(others) - most]
    above, equal = others[weights > least], others[weights == least]
    equal.sort()
    return np.concatenate((above, equal[: most - len(above)]))
