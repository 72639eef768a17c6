"""Which articles tell one story: near in time, and alike in names and words.

Articles are compared by the forms of their words (`analysis.coding.variants`: stems, synonyms, names, numbers) as
TF-IDF vectors of the headline, the deck and the first `LEAD` characters of the body, ln(1 + count) times the idf, a
headline's words counted three times, names double. The idf is ln((n + 200) / (df + 1)): the 200 stand for articles on
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
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from typing import NamedTuple

import numba
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import scipy.sparse as sp
from scipy.sparse.csgraph import connected_components

from analysis.coding.tokens import tokenise
from analysis.coding.variants import lexicon, stem, vocabulary_of

THRESHOLD = 0.15
WINDOW = 3
NEAREST = 30
LEAD = 1_500
COPY, COPY_BACK = 0.5, 0.2  # containments of a pair of copies: of one in the other, and back
_BACKGROUND = 200
_HEADLINE, _NAME = 3.0, 2.0
_KEPT = 120  # forms of an article that are compared, by weight
_ROWS = 1_000  # articles that are compared at a time
_BLOCK = 20_000  # articles whose neighbours in time are held at a time
_WORDS = 3  # words in the name of a story
_UNDATED = np.iinfo(np.int64).min


def find_stories(
    articles: pd.DataFrame,
    *,
    copies: pd.DataFrame | None = None,
    window: int = WINDOW,
    threshold: float = THRESHOLD,
    leads: Iterable[Leads] | None = None,
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
    vectors, words = _vectors([read_leads(rest)] if leads is None else list(leads))
    undated = rest["published"].isna().to_numpy()
    day = np.where(undated, _UNDATED, rest["published"].to_numpy("datetime64[D]").astype(np.int64))
    group = _join(vectors, _pairs(vectors, day, window, threshold), _copied(rest, copies), threshold)
    given[open_] = _names(vectors, words, rest, group, set(given[~open_]))
    return pd.Series(given, index=index, name="story", dtype="str")


class Leads(NamedTuple):
    """What stories need know of some articles: the forms at their beginnings. Of parts of a study these go together.

    Attributes:
        vocabulary: the forms, in order. rows: how much of each form each article has (csr, articles × forms).
        used, capitals: of each form, how many words in bodies have it, and how many of those with a capital.
        form, word, n: which words (places in words) have which form, and how often they are there, plus 1 a spelling.
        words: folded words.
    """

    vocabulary: pa.Array
    rows: sp.csr_array
    used: np.ndarray
    capitals: np.ndarray
    form: np.ndarray
    word: np.ndarray
    n: np.ndarray
    words: pa.Array


def read_leads(articles: pd.DataFrame) -> Leads:
    """What stories need know of some articles (headline, deck, body)."""
    parts = articles[["headline", "deck"]].assign(body=articles["body"].str[:LEAD])
    tokens = tokenise(parts.to_numpy(dtype=object, na_value=None).ravel().tolist())
    part = tokens.texts % 3
    known = lexicon(tokens.raw_strings)
    size, n_types, n_forms = np.diff(known.bounds), len(tokens.raw_strings), len(known.vocabulary)
    # Sums go over words in their order, so that they are the same to the last bit whatever else stands in the part.
    order = pc.sort_indices(tokens.raw_strings).to_numpy()
    rank = np.empty(n_types, np.int64)
    rank[order] = np.arange(n_types)
    shares = sp.csr_array((known.shares, known.ids, known.bounds), shape=(n_types, n_forms))[order]
    times = np.where(part == 0, _HEADLINE, 1.0)
    seen = sp.coo_array((times, (tokens.texts // 3, rank[tokens.types])), shape=(len(articles), n_types))
    rows = sp.csr_array(seen.tocsr() @ shares)
    rows.sort_indices()
    printed = np.bincount(tokens.types[part == 2], minlength=n_types)
    initials = pc.utf8_slice_codeunits(tokens.raw_strings, 0, 1).dictionary_encode()
    capital = np.array([initial.isupper() for initial in initials.dictionary.to_pylist()], bool)[initials.indices]
    used = np.repeat(printed, size)
    entries = pd.DataFrame({"form": known.ids, "word": np.repeat(tokens.fold_of, size), "n": 1 + used})
    entries = entries.groupby(["form", "word"], as_index=False)["n"].sum()
    return Leads(
        known.vocabulary,
        rows,
        np.bincount(known.ids, weights=used, minlength=n_forms),
        np.bincount(known.ids, weights=np.where(np.repeat(capital, size), used, 0), minlength=n_forms),
        *(entries[name].to_numpy(np.int32) for name in entries),
        pa.array(tokens.folded, pa.large_string()),
    )


def _vectors(leads: list[Leads]) -> tuple[sp.csr_array, pa.Array]:
    """A normalised TF-IDF row for each article; the word that shows each column. The list is used up, since what is in
    it and the vectors take most of the memory of a large study."""
    vocabulary, places = vocabulary_of([part.vocabulary for part in leads])
    size, n = len(vocabulary), sum(part.rows.shape[0] for part in leads)
    frequency, used, capitals = np.zeros(size, np.int64), np.zeros(size), np.zeros(size)
    for part, place in zip(leads, places, strict=True):
        frequency[place] += np.bincount(part.rows.indices, minlength=len(place))
        used[place] += part.used
        capitals[place] += part.capitals
    # A name has a capital more often than not, in bodies: headlines may capitalise every word.
    is_name = (2 * capitals > used) & ~pc.starts_with(vocabulary, "~").to_numpy(zero_copy_only=False)
    weights = np.log((n + _BACKGROUND) / (frequency + 1.0)) * np.where(is_name, _NAME, 1.0)
    shown = _shown(leads, places)
    vectors = []
    while leads:
        vectors.append(_weighed(leads.pop(0).rows, places.pop(0), weights))
    return sp.csr_array(sp.vstack(vectors, format="csr")), shown


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
    form = np.concatenate([place[part.form] for part, place in zip(leads, places, strict=True)])
    word = np.concatenate([place[part.word] for part, place in zip(leads, at, strict=True)])
    shown = pd.DataFrame({"form": form, "word": word, "n": np.concatenate([part.n for part in leads])})
    if len(leads) > 1:
        shown = shown.groupby(["form", "word"], as_index=False)["n"].sum()
    order = np.lexsort((shown["word"], -shown["n"], shown["form"]))
    forms = shown["form"].to_numpy()[order]
    first = order[np.append(True, forms[1:] != forms[:-1])[: len(forms)]]
    return words.take(pa.array(shown["word"].to_numpy()[first]))


@numba.njit(nogil=True, cache=True)
def _largest(bounds, values, most):
    """Whether each value is one of the largest of its row, the earlier of equal ones first."""
    kept = np.ones(len(values), np.bool_)
    for row in range(len(bounds) - 1):
        start, stop = bounds[row], bounds[row + 1]
        if stop - start > most:
            kept[start + np.argsort(-values[start:stop], kind="mergesort")[most:]] = False
    return kept


def _normalised(rows: sp.csr_array) -> sp.csr_array:
    """Rows of length 1; empty ones stay empty."""
    length = np.sqrt(rows.multiply(rows).sum(axis=1))
    return sp.csr_array(sp.diags_array(1 / np.where(length > 0, length, 1.0)) @ rows)


def _pairs(vectors: sp.csr_array, day: np.ndarray, window: int, threshold: float) -> np.ndarray:
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
        near = vectors[order[low:high]]
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


def _join(vectors: sp.csr_array, pairs: np.ndarray, label: np.ndarray, threshold: float) -> np.ndarray:
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


def _mean_similarity(vectors: sp.csr_array, label: np.ndarray, edges: np.ndarray) -> np.ndarray:
    """The mean similarity of all pairs between two groups, of each edge: the product of their mean vectors."""
    groups, place = np.unique(edges, return_inverse=True)
    place = place.reshape(edges.shape)
    row = np.searchsorted(groups, label).clip(max=max(len(groups) - 1, 0))
    inside = np.flatnonzero(groups[row] == label) if len(groups) else np.zeros(0, np.int64)
    members = sp.csr_array((np.ones(len(inside)), (row[inside], inside)), shape=(len(groups), len(label)))
    means = sp.csr_array(sp.diags_array(1 / np.maximum(members.sum(axis=1), 1)) @ (members @ vectors))
    means.sort_indices()
    blocks = np.array_split(place, len(place) // 50_000 + 1)
    return np.concatenate([means[block[:, 0]].multiply(means[block[:, 1]]).sum(axis=1) for block in blocks])


def _names(
    vectors: sp.csr_array, words: pa.Array, articles: pd.DataFrame, group: np.ndarray, taken: set[str]
) -> list[str]:
    """The name of each article's group: its first day and most telling words, more of them where that name is taken."""
    ids = articles["article_id"].to_numpy(dtype=object)
    days = articles["published"].dt.strftime("%Y-%m-%d").to_numpy(dtype=object, na_value="undated")
    groups = pd.DataFrame({"group": group, "day": days, "id": ids}).groupby("group").min().sort_values(["day", "id"])
    members = sp.csr_array((np.ones(len(group)), (group, np.arange(len(group)))))
    sums = (members @ vectors).tocsr()[groups.index.to_numpy()]
    sums.sort_indices()
    telling = _largest_first(sums.indptr, sums.data.round(9), 8 * _WORDS)
    size = np.minimum(np.diff(sums.indptr), 8 * _WORDS)
    forms, place = np.unique(sums.indices[telling], return_inverse=True)
    printed = words.take(pa.array(forms)).to_pylist()
    stems = [stem(word) for word in printed]
    named: dict[int, str] = {}
    bounds = np.concatenate(([0], np.cumsum(size))).tolist()
    for row, (start, stop) in zip(groups.itertuples(), pairwise(bounds), strict=True):
        said = list({stems[at]: printed[at] for at in place[start:stop][::-1].tolist()}.values())[::-1]
        name, count = " ".join([row.day, *said[:_WORDS]]), _WORDS
        while name in taken and count < len(said):
            count += 1
            name = " ".join([row.day, *said[:count]])
        named[row.Index] = name if name not in taken and said else f"{row.day} {row.id}"
        taken.add(named[row.Index])
    return [named[number] for number in group.tolist()]


@numba.njit(nogil=True, cache=True)
def _largest_first(bounds, values, most):
    """The places of the largest values of each row, row by row, the largest first, the earlier of equal ones first."""
    found, n = np.empty(len(values), np.int64), 0
    for row in range(len(bounds) - 1):
        start, stop = bounds[row], bounds[row + 1]
        for place in np.argsort(-values[start:stop], kind="mergesort")[:most]:
            found[n] = start + place
            n += 1
    return found[:n].copy()
