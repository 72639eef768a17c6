"""Which articles tell one story: near in time, and alike in names and words.

Articles are compared by the forms of their words (`analysis.coding.variants`: stems, synonyms, names, numbers) as
TF-IDF vectors of the headline, the deck and the first `leads.LEAD` characters of the body, ln(1 + count) times the idf,
a headline's words counted three times, names double. The idf is ln((n + 200) / (df + 1)): the 200 stand for articles on
other things, of which a study of one story has none. Only articles within a window of days are paired, each with the
`NEAREST` most similar ones, a thousand articles at a time: there is never a table of all pairs.

Groups are joined by average link: two groups that are most similar to each other become one as long as the mean
similarity of all pairs between them reaches the threshold. Single link would chain, since one round-up that mentions
two events joins them and weak links from day to day join a month; the mean over all pairs does not follow one bridge.
It needs no table of pairs either: it is the product of the mean vectors of both groups. Groups without a pair in the
window are not compared, so that yearly events stay apart; a story that goes on for weeks and changes its words falls
into its moments.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from pathlib import Path

import numba
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import scipy.sparse as sp
from scipy.sparse.csgraph import connected_components

from analysis.coding.leads import Leads, read_leads
from analysis.coding.variants import stem, vocabulary_of
from analysis.coding.vectors import Vectors

THRESHOLD = 0.15
WINDOW = 3
NEAREST = 30
COPY, COPY_BACK = 0.5, 0.2  # containments of a pair of copies: of one in the other, and back
_BACKGROUND = 200
_NAME = 2.0
_KEPT = 120  # forms of an article that are compared, by weight
_ROWS = 1_000  # articles that are compared at a time
_EDGES = 20_000  # pairs of groups that are compared at a time
_BLOCK = 20_000  # articles whose neighbours in time are held at a time, or groups whose words are
_AT_ONCE = 8  # parts whose counts are added up at a time
_WORDS = 3  # words in the name of a story
_UNDATED = np.iinfo(np.int64).min


def find_stories(
    articles: pd.DataFrame,
    *,
    copies: pd.DataFrame | None = None,
    window: int = WINDOW,
    threshold: float = THRESHOLD,
    leads: Sequence[Leads] | None = None,
) -> pd.Series:
    """The story of each article: article_id → name.

    Args:
        articles: with article_id, published, headline, deck, body and story. A story given there is kept; the other
            articles are grouped among themselves. copies: the *copies* table, where it is known: a pair of which one
            holds half of the other's shingles, and the other a fifth of its, is of one story from the start.
        window: days between two articles up to which they are paired. An article without a date is paired with all.
        threshold: mean similarity (a cosine) from which groups are joined. ``benchmarks/alignments.md`` has the
            default's evidence: hand-made mixtures of stories, and the demo, over a range of thresholds.
        leads: `read_leads` of the articles without a story, part by part, where they are known; then no text is needed.

    Returns:
        Text, in the order of ``articles``. A found story is named after the day of its first article and its most
        telling names and words (``2024-06-14 putin ukraine offer``); an article alone is a story too. Names are unique.
    """
    given = articles["story"].to_numpy(dtype=object, na_value=None)
    open_ = np.array([story is None for story in given], bool)
    rest = articles[open_]
    index = pd.Index(articles["article_id"].array, name="article_id")
    if rest.empty:
        return pd.Series(given, index=index, name="story", dtype="str")
    vectors, words = _vectors([read_leads(rest)] if leads is None else leads)
    undated = rest["published"].isna().to_numpy()
    day = np.where(undated, _UNDATED, rest["published"].to_numpy("datetime64[D]").astype(np.int64))
    group = _join(vectors, _pairs(vectors, day, window, threshold), _copied(rest, copies), threshold)
    given[open_] = _names(vectors, words, rest, group, set(given[~open_]))
    return pd.Series(given, index=index, name="story", dtype="str")


def _vectors(leads: Sequence[Leads]) -> tuple[Vectors, pa.Array]:
    """A normalised TF-IDF row for each article; the word that shows each column. The leads are gone through several
    times, one after the other, so that none need be held."""
    vocabulary, places = vocabulary_of([part.vocabulary for part in leads])
    size, n = len(vocabulary), sum(part.size for part in leads)
    frequency, used, capitals = np.zeros(size, np.int64), np.zeros(size), np.zeros(size)
    for part, place in zip(leads, places, strict=True):
        frequency[place] += part.having
        used[place] += part.used
        capitals[place] += part.capitals
    # A name has a capital more often than not, in bodies: headlines may capitalise every word.
    is_name = (2 * capitals > used) & ~pc.starts_with(vocabulary, "~").to_numpy(zero_copy_only=False)
    weights = np.log((n + _BACKGROUND) / (frequency + 1.0)) * np.where(is_name, _NAME, 1.0)
    rows = (
        _weighed(sp.load_npz(part.rows) if isinstance(part.rows, Path) else part.rows, place, weights)
        for part, place in zip(leads, places, strict=True)
    )
    vectors = Vectors.put_by(rows, (n, size), most=_KEPT)
    return vectors, _shown(leads, places)


def _weighed(rows: sp.csr_array, place: np.ndarray, weights: np.ndarray) -> sp.csr_array:
    """What articles have of forms → vectors; ``place`` of each column among all ``weights``."""
    values = np.log1p(rows.data) * weights[place][rows.indices]
    kept = _largest(rows.indptr, values, _KEPT)
    bounds = np.concatenate(([0], np.cumsum(kept)))[rows.indptr]
    columns = place[rows.indices[kept]].astype(np.int32)
    return _normalised(sp.csr_array((values[kept], columns, bounds), shape=(rows.shape[0], len(weights))))


def _shown(leads: Sequence[Leads], places: list[np.ndarray]) -> pa.Array:
    """For each form the word that has it most often; of equal ones the first in order."""
    words, at = vocabulary_of([part.words for part in leads])
    keys, n = [np.zeros(0, np.int64)], [np.zeros(0, np.int64)]
    for part, place, of_word in zip(leads, places, at, strict=True):
        keys.append(place[part.form] * np.int64(len(words)) + of_word[part.word])
        n.append(part.n)
        if len(keys) > _AT_ONCE:
            keys, n = ([array] for array in _added(keys, n))
    keys, n = _added(keys, n)
    form, word = np.divmod(keys, max(len(words), 1))
    order = np.lexsort((word, -n, form))
    first = order[np.append(True, form[order][1:] != form[order][:-1])[: len(form)]]
    return words.take(pa.array(word[first]))


def _added(keys: list[np.ndarray], n: list[np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
    """Keys, each once, in order; and the sum of what each has of ``n``."""
    keys, place = np.unique(np.concatenate(keys), return_inverse=True)
    return keys, np.bincount(place, weights=np.concatenate(n), minlength=len(keys)).astype(np.int64)


@numba.njit(nogil=True, cache=True)
def _largest(bounds, values, most):
    """Whether each value is one of the largest of its row, the earlier of equal ones first."""
    kept = np.ones(len(values), np.bool_)
    for row in range(len(bounds) - 1):
        own = values[bounds[row] : bounds[row + 1]]
        if len(own) <= most:
            continue
        least = np.partition(own, len(own) - most)[len(own) - most]
        left = most - (own > least).sum()
        for place in range(len(own)):
            if own[place] < least or (own[place] == least and left == 0):
                kept[bounds[row] + place] = False
            elif own[place] == least:
                left -= 1
    return kept


def _normalised(rows: sp.csr_array) -> sp.csr_array:
    """Rows of length 1, in the same order; empty ones stay empty."""
    length = np.sqrt(rows.multiply(rows).sum(axis=1))
    rows.data *= np.repeat(1 / np.where(length > 0, length, 1.0), np.diff(rows.indptr))
    return rows


def _pairs(vectors: Vectors, day: np.ndarray, window: int, threshold: float) -> np.ndarray:
    """Pairs (two columns, the smaller place first) in the window that reach the threshold: of each article the nearest.

    The mean similarity of two groups cannot reach the threshold unless a pair of theirs does.
    """
    order = np.argsort(day, kind="stable")
    day = day[order]
    dated = int(np.searchsorted(day, _UNDATED, side="right"))
    # Which articles each one is compared with: a run of places, since they are in order of days.
    first = np.where(day == _UNDATED, 0, np.maximum(np.searchsorted(day, day - window), dated))
    last = np.where(day == _UNDATED, len(day), np.searchsorted(day, day + window, side="right"))
    found = [np.zeros((0, 2), np.int64)]
    for begin in range(0, len(day), _BLOCK):
        stop = min(begin + _BLOCK, len(day))
        low, high = int(first[begin:stop].min()), int(last[begin:stop].max())
        near = vectors.rows[order[low:high]]
        vectors.let_go()
        inner = [array for one in (near, near.T.tocsr()) for array in (one.indptr, one.indices, one.data)]
        inner += [first[low:high] - low, last[low:high] - low, threshold, NEAREST]

        def nearest(start: int, stop: int = stop - low, inner: list = inner) -> np.ndarray:
            return _nearest(start, min(start + _ROWS, stop), *inner)

        with ThreadPoolExecutor(os.cpu_count()) as pool:
            found += [low + pairs for pairs in pool.map(nearest, range(begin - low, stop - low, _ROWS))]
    pairs = np.sort(order[np.concatenate(found)], axis=1)
    keys = np.unique(pairs[:, 0] * len(day) + pairs[:, 1])
    return np.column_stack([keys // max(len(day), 1), keys % max(len(day), 1)])


@numba.njit(nogil=True, cache=True)
def _nearest(
    start, stop, bounds, columns, values, heads, members, weights, first, last, threshold, most
):  # fmt: skip
    """Pairs of each row from start to stop with the most similar ones (the earlier of equal ones) from its first to
    before its last. heads, members, weights: for each column the rows that have it, in order, and their values."""
    found = np.empty(((stop - start) * most, 2), np.int64)
    n = 0
    alike = np.zeros(len(first))
    near = np.empty(len(first), np.int64)
    for row in range(start, stop):
        low, high = first[row], last[row]
        for entry in range(bounds[row], bounds[row + 1]):
            value, head, tail = values[entry], heads[columns[entry]], heads[columns[entry] + 1]
            for place in range(head + np.searchsorted(members[head:tail], low), tail):
                if members[place] >= high:
                    break
                alike[members[place]] += value * weights[place]
        count = 0
        for other in range(low, high):
            if alike[other] >= threshold and other != row:
                near[count] = other
                count += 1
        chosen = near[:count]
        if count > most:
            chosen = chosen[np.argsort(-alike[chosen], kind="mergesort")[:most]]
        for other in chosen:
            found[n, 0], found[n, 1] = row, other
            n += 1
        alike[low:high] = 0.0
    return found[:n]


def _copied(articles: pd.DataFrame, copies: pd.DataFrame | None) -> np.ndarray:
    """int64, a label for each article, shared by copies of each other."""
    size = len(articles)
    if copies is None or not len(copies):
        return np.arange(size)
    one, other = copies["containment_a"].to_numpy(), copies["containment_b"].to_numpy()
    close = copies[(np.maximum(one, other) >= COPY) & (np.minimum(one, other) >= COPY_BACK)]
    known = pd.Index(articles["article_id"])
    a, b = (known.get_indexer(close[f"article_{side}"]) for side in "ab")
    there = (a >= 0) & (b >= 0)
    edges = (np.ones(there.sum()), (a[there], b[there]))
    return connected_components(sp.coo_array(edges, shape=(size, size)), directed=False)[1].astype(np.int64)


def _join(vectors: Vectors, pairs: np.ndarray, label: np.ndarray, threshold: float) -> np.ndarray:
    """Groups by average link: while any are left, join the groups that are each other's most similar."""
    size = len(label)
    edges = _between(label[pairs], size)
    alike = _mean_similarity(vectors, label, edges)
    while True:
        edges, alike = edges[alike >= threshold], alike[alike >= threshold]
        if not len(edges):
            return label
        one, other = np.concatenate([edges, edges[:, ::-1]]).T
        order = np.lexsort((other, -np.concatenate([alike, alike]), one))
        first = order[np.append(True, one[order][1:] != one[order][:-1])]
        best = np.full(size, -1)
        best[one[first]] = other[first]
        mutual = (best >= 0) & (best[best] == np.arange(size))
        into = np.where(mutual, np.minimum(np.arange(size), best), np.arange(size))
        label, before, old = into[label], edges @ [size, 1], alike
        edges = _between(into[edges], size)
        # What is between two groups that stayed as they were is known.
        new = mutual[edges].any(axis=1)
        alike = old[np.searchsorted(before, edges @ [size, 1]).clip(max=len(old) - 1)]
        alike[new] = _mean_similarity(vectors, label, edges[new])


def _between(edges: np.ndarray, size: int) -> np.ndarray:
    """Different edges between different groups, the smaller number first, in order."""
    edges = np.sort(edges, axis=1)
    keys = np.unique((edges[:, 0] * size + edges[:, 1])[edges[:, 0] != edges[:, 1]])
    return np.column_stack([keys // max(size, 1), keys % max(size, 1)])


def _mean_similarity(vectors: Vectors, label: np.ndarray, edges: np.ndarray) -> np.ndarray:
    """The mean similarity of all pairs between two groups, of each edge: the product of their mean vectors.

    So many edges at a time that mean vectors of some groups are held, not of all.
    """
    order = np.argsort(label, kind="stable")
    alike = [np.zeros(0)]
    for begin in range(0, len(edges), _EDGES):
        groups, place = np.unique(edges[begin : begin + _EDGES], return_inverse=True)
        sums, size = _sums(vectors, label, order, groups)
        means = sp.csr_array(sp.diags_array(1 / size) @ sums)
        blocks = np.array_split(place.reshape(-1, 2), len(place) // 50_000 + 1)
        alike += [means[block[:, 0]].multiply(means[block[:, 1]]).sum(axis=1) for block in blocks]
    return np.concatenate(alike)


def _sums(
    vectors: Vectors, label: np.ndarray, order: np.ndarray, groups: np.ndarray
) -> tuple[sp.csr_array, np.ndarray]:
    """The sum of the vectors of each of some groups, and their sizes; ``order`` sorts ``label``."""
    first, last = (np.searchsorted(label, groups, side, sorter=order) for side in ("left", "right"))
    bounds = np.concatenate(([0], np.cumsum(last - first)))
    inside = order[np.arange(bounds[-1]) + np.repeat(first - bounds[:-1], last - first)]
    # Of the vectors' own kind of whole numbers: for any other scipy copies all columns of all vectors.
    inside, bounds = (places.astype(vectors.rows.indices.dtype) for places in (inside, bounds))
    sums = sp.csr_array((np.ones(len(inside)), inside, bounds), shape=(len(groups), len(label))) @ vectors.rows
    vectors.let_go()
    sums.sort_indices()
    return sums, last - first


def _names(vectors: Vectors, words: pa.Array, articles: pd.DataFrame, group: np.ndarray, taken: set[str]) -> list[str]:
    """The name of each article's group: its first day and most telling words, more of them where that name is taken."""
    groups, days, ids = _firsts(articles, group)
    stems, order = _Stems(words), np.argsort(group, kind="stable")
    named: dict[int, str] = {}
    for begin in range(0, len(groups), _BLOCK):
        own = slice(begin, begin + _BLOCK)
        sums, _ = _sums(vectors, group, order, groups[own])
        rows, forms = _telling(sums.indptr, sums.indices, sums.data.round(9), 8 * _WORDS)
        # A stem is said once, where it tells most.
        first = np.unique(rows * np.int64(len(words)) + stems.of(forms), return_index=True)[1]
        first.sort()
        bounds = np.searchsorted(rows[first], np.arange(len(groups[own]) + 1)).tolist()
        printed = words.take(pa.array(forms[first])).to_pylist()
        for number, day, one, (start, stop) in zip(
            groups[own].tolist(), days[own].tolist(), ids[own].to_pylist(), pairwise(bounds), strict=True
        ):
            said = printed[start:stop]
            name, count = " ".join([day, *said[:_WORDS]]), _WORDS
            while name in taken and count < len(said):
                count += 1
                name = " ".join([day, *said[:count]])
            named[number] = name if name not in taken and said else f"{day} {one}"
            taken.add(named[number])
    return [named[number] for number in group.tolist()]


def _firsts(articles: pd.DataFrame, group: np.ndarray) -> tuple[np.ndarray, np.ndarray, pa.Array]:
    """The groups in order of their first days, then of their least ids; and these days (text) and ids."""
    ids = pa.array(articles["article_id"], pa.large_string())
    by_id = pc.sort_indices(ids).to_numpy()
    rank = np.empty(len(ids), np.int64)
    rank[by_id] = np.arange(len(ids))
    days, day = np.unique(articles["published"].to_numpy("datetime64[D]"), return_inverse=True)  # a missing one is last
    groups, place = np.unique(group, return_inverse=True)
    first, least = np.full((2, len(groups)), len(ids))
    np.minimum.at(first, place, day)
    np.minimum.at(least, place, rank)
    order = np.lexsort((least, first))
    said = np.where(np.isnat(days), "undated", np.datetime_as_string(days)).astype(object)
    return groups[order], said[first[order]], ids.take(pa.array(by_id[least[order]]))


class _Stems:
    """Numbers of stems of words, each found when it is first asked for."""

    def __init__(self, words: pa.Array) -> None:
        self._words, self._known, self._numbers = words, np.full(len(words), -1, np.int64), {}

    def of(self, places: np.ndarray) -> np.ndarray:
        """The numbers of the stems of words at some places."""
        new = np.unique(places[self._known[places] < 0])
        found = (stem(word) for word in self._words.take(pa.array(new)).to_pylist())
        self._known[new] = [self._numbers.setdefault(one, len(self._numbers)) for one in found]
        return self._known[places]


@numba.njit(nogil=True, cache=True)
def _telling(bounds, columns, values, most):
    """Rows and columns of the largest values of each row, the largest first, the earlier of equal ones first."""
    rows, found = np.empty((2, (len(bounds) - 1) * most), np.int64)
    n = 0
    largest = np.empty(most)
    for row in range(len(bounds) - 1):
        count = 0
        for place in range(bounds[row], bounds[row + 1]):
            value = values[place]
            if count == most and value <= largest[most - 1]:
                continue
            at = min(count, most - 1)
            while at and largest[at - 1] < value:
                largest[at], found[n + at] = largest[at - 1], found[n + at - 1]
                at -= 1
            largest[at], found[n + at] = value, columns[place]
            count = min(count + 1, most)
        rows[n : n + count] = row
        n += count
    return rows[:n].copy(), found[:n].copy()
