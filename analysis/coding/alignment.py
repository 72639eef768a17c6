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

import numpy as np
import pandas as pd
import scipy.sparse as sp

from analysis import tables
from analysis.coding.propositions import of_pairs, propositions
from analysis.coding.similarity import Bags, bags, measures, probability

THRESHOLD = 0.8
WHOLE = 2_000
MOST = 100
COMMON = 0.1
_BLOCK = 4_000_000  # pairs of rows that are compared at a time
_BATCH = 50_000  # sentences whose stories are compared at a time


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
    of_row = story[rows["article"].to_numpy()]
    found = [_compare(bodies, rows, story, batch, whole, most) for batch in _batches(of_row)]
    left, right, similarity = (np.concatenate(part) for part in zip(*found, strict=True))
    order = np.lexsort((right, left))
    left, right, similarity = left[order], right[order], similarity[order]
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


def _batches(story: np.ndarray) -> list[np.ndarray]:
    """Rows of whole stories, about _BATCH at a time."""
    batch = np.cumsum(np.bincount(story)) // _BATCH
    return [np.flatnonzero(batch[story] == number) for number in np.unique(batch[story])]


def _compare(
    bodies: list[str], rows: pd.DataFrame, story: np.ndarray, batch: np.ndarray, whole: int, most: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Left and right rows of the candidates among some rows, and their similarities."""
    here = rows.iloc[batch]
    place, articles = pd.factorize(here["article"])
    sets = bags([bodies[number] for number in articles], here.assign(article=place), pd.factorize(story[articles])[0])
    left, right = candidates(sets, whole=whole, most=most)
    return batch[left], batch[right], probability(measures(sets, left, right)).round(4)


def rows_of(articles: pd.DataFrame, sentences: pd.DataFrame) -> pd.DataFrame:
    """The sentences of some articles, in order of both, with ``article``, the place of the article."""
    place = pd.Series(np.arange(len(articles)), index=articles["article_id"].array)
    speaker = sentences["speaker"] if "speaker" in sentences else pd.array([None] * len(sentences), dtype="str")
    kept = sentences[["article_id", "sentence", "start", "end"]].assign(speaker=speaker)
    kept = kept[kept["article_id"].isin(place.index)]
    return kept.assign(article=kept["article_id"].map(place)).sort_values(["article", "start"], ignore_index=True)


def candidates(sets: Bags, *, whole: int = WHOLE, most: int = MOST) -> tuple[np.ndarray, np.ndarray]:
    """Pairs of rows of one story and two articles that share content: left and right rows, in order."""
    size = len(sets.article)
    values = np.sqrt(sets.shares * sets.weights[sets.columns])
    matrix = sp.csr_array((values, sets.columns, sets.bounds), shape=(size, len(sets.weights)))
    sentences = np.bincount(sets.story)
    large = sentences > whole
    frequency = np.bincount(sets.columns, minlength=len(sets.weights))
    story_of = np.zeros(len(sets.weights), np.int64)
    story_of[sets.columns] = np.repeat(sets.story, np.diff(sets.bounds))
    common = large[story_of] & (frequency > COMMON * sentences[story_of])
    telling = (matrix @ sp.diags_array((~common).astype(np.float64))).tocsr()
    telling.eliminate_zeros()
    across = telling.T.tocsr()
    keys = []
    for rows in _blocks(sentences[sets.story]):
        product = (telling[rows] @ across).tocoo()
        one, other, weight = (
            product.coords[0].astype(np.int64) + rows.start,
            product.coords[1].astype(np.int64),
            product.data,
        )
        apart = sets.article[one] != sets.article[other]
        one, other, weight = one[apart], other[apart], weight[apart]
        order = np.lexsort((other, -weight, one))
        rank = np.arange(len(order)) - np.searchsorted(one[order], one[order])
        chosen = order[(rank < most) | ~large[sets.story[one[order]]]]
        keys.append(np.minimum(one, other)[chosen] * size + np.maximum(one, other)[chosen])
    pairs = np.unique(np.concatenate(keys)) if keys else np.zeros(0, np.int64)
    return pairs // size, pairs % size


def _blocks(width: np.ndarray) -> list[slice]:
    """Runs of rows whose comparisons (``width`` each) come to about _BLOCK."""
    block = np.cumsum(width) // _BLOCK
    bounds = np.flatnonzero(np.diff(block)) + 1
    return [slice(start, stop) for start, stop in zip([0, *bounds], [*bounds, len(width)], strict=True)]
