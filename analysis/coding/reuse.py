"""Text that articles share: pairs with exact containment, shared passages, copy groups, and what each outlet added.

Containment of A in B: the different shingles (runs of 5 words) that both have, over those of A (Broder 1997). It is
asked both ways, since a brief may stand wholly inside a long report that it is only a small part of. Words are the
folded types of `analysis.coding.tokens`: case, kinds of apostrophes and hyphens, punctuation and paragraphs do not
count. What is rewritten word by word shares no shingles and is not found here.
"""

from __future__ import annotations

import heapq
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from analysis import tables
from analysis.coding import shingles
from analysis.coding.characters import fold
from analysis.coding.shingles import Shingles, shingles_of
from analysis.coding.tokens import tokenise
from analysis.engine import partitions
from analysis.study import UserError

SHINGLE = 5  # words
LEAST = 0.05  # containment; pairs below share stock phrases
# Containment from which a text is a copy, by `python -m benchmarks.copies` (its table: benchmarks/copies.md): of 12,000
# pairs of pseudo-articles written apart on one topic, which share names, phrases and quotations, one in 10,000 reaches
# .3; of copies with 15 % of their words edited nearly all do, with 20 % seven in eight, with 25 % one in four.
THRESHOLD = 0.3
EVERY_PAIR = 300  # articles of a study in which every pair is compared
COMPLETED = 300  # articles of a group of copies in which every pair is compared
LISTED = 300  # articles with the same words in the same order which are all listed in pairs
MOST_LISTED = 10_000_000  # pairs; where there would be more, fewer articles with the same words are listed in all

_SPANS = [f"{what}_{side}" for side in "ab" for what in ("start", "end")]
_PRINT = ["article_id", "outlet", "published", "agency", "whole", "n_words"]
_SEPARATOR = re.compile(r"[,;/&|]|\band\b", re.IGNORECASE)


class Prints(NamedTuple):
    """What `shingles.fingerprints` gives for some articles: keys, digests and counts; of parts of a study these go
    together, if the window is the same."""

    keys: np.ndarray
    digests: np.ndarray
    counts: np.ndarray


def find_copies(
    articles: pd.DataFrame,
    *,
    shingle: int = SHINGLE,
    least: float = LEAST,
    prints: Iterable[Prints] | None = None,
    window: int | None = None,
    compare: Callable[[np.ndarray, int], np.ndarray] | None = None,
) -> pd.DataFrame:
    """Every pair of articles worth looking at, with exact containment both ways and the longest shared run.

    Up to `EVERY_PAIR` articles every pair is compared; in larger corpora those that share fingerprints (see
    `analysis.coding.shingles.candidates`), and every pair inside groups of up to `COMPLETED` copies. Articles that hold
    the same words in the same order are compared once; where they are more than `LISTED`, the rest are paired with the
    first of them alone. So groups stay whole, but of very large ones not every pair is listed.

    Args:
        articles: article_id and body of the *articles* table. shingle: words in a shingle. least: pairs whose
            greater containment is smaller are left out.
        prints, window, compare: fingerprints of all articles, part by part, where they are known, their window, and
            what does `compare_pairs` for pairs of rows; then ``articles`` need hold no texts.

    Returns:
        The *copies* table, in order of article_a and article_b in ``articles``. Articles of fewer words than a shingle
        have no containment and stand in no pair. Of longest runs of one length the earliest in a, then in b, is given.

    Raises:
        UserError: shingle is below 1, or least is not above 0 and at most 1.
    """
    if shingle < 1:
        raise UserError(f"shingle is {shingle}; allowed: 1 word or more")
    _check_share("least", least)
    if prints is None:
        window = shingles.choose_window(int(articles["body"].str.len().sum()) // 6)  # characters a word, about
        prints = _read_prints(articles["body"], shingle, window)
    compare = compare or partial(compare_pairs, articles["body"])
    candidates, first = _candidates(prints, window, least)
    found = _Compared(candidates, compare(candidates, shingle)).reaching(least)
    left_out = _left_out(found.reaching(THRESHOLD).pairs, candidates, len(articles))
    further = _Compared(left_out, compare(left_out, shingle)).reaching(least)
    known = _Compared(*(np.concatenate(both) for both in zip(found, further, strict=True)))
    pairs = _with_twins(known.pairs, first)
    place = pd.Index(known.pairs @ [len(articles), 1]).get_indexer(pairs @ [len(articles), 1])
    common = np.empty((len(pairs), 8), np.int64)
    common[place >= 0] = known.common[place[place >= 0]]
    common[place < 0] = compare(pairs[place < 0], shingle)
    different_a, different_b, shared, words = common.T[:4]
    table = {
        "a": pairs[:, 0],
        "b": pairs[:, 1],
        "containment_a": shared / different_a,
        "containment_b": shared / different_b,
        "shared_shingles": shared,
        "longest_shared_run": words,
        **dict(zip(_SPANS, common.T[4:], strict=True)),
    }
    return _finish("copies", articles, pd.DataFrame(table))


class _Compared(NamedTuple):
    """Pairs of rows, and what `compare_pairs` says of them."""

    pairs: np.ndarray
    common: np.ndarray

    def reaching(self, least: float) -> _Compared:
        """Those whose greater containment reaches ``least``."""
        enough = self.common[:, 2] / self.common[:, :2].min(axis=1) >= least
        return _Compared(self.pairs[enough], self.common[enough])


def compare_pairs(bodies: pd.Series, pairs: np.ndarray, size: int) -> np.ndarray:
    """The exact comparison of pairs of texts.

    Args:
        pairs: int64, shape (pairs, 2), places in ``bodies``; those with one first text best kept together. size: words
            in a shingle, of which each text has one or more.

    Returns:
        int64, shape (pairs, 8): the different shingles of the first, of the second, and in both; the words of the
        longest run that they share; first character and end of that in the first and in the second (0: no run).
    """
    used, local = np.unique(pairs, return_inverse=True)
    local = local.reshape(pairs.shape)
    read = shingles_of(bodies.iloc[used], size)
    different = shingles.count_different(read)
    shared, words, at_a, at_b = shingles.compare(read, local).T
    places = _places(read, local, at_a, at_b, words)
    spans = np.column_stack([places[name] for name in _SPANS])
    return np.column_stack([different[local], shared, words, np.where(words[:, None] > 0, spans, 0)])


def find_passages(
    articles: pd.DataFrame, copies: pd.DataFrame, groups: pd.DataFrame, *, least_words: int = SHINGLE
) -> pd.DataFrame:
    """The runs of words that pairs of articles of one copy group share: greedy string tiling (Wise 1993).

    The longest run is taken first (of equal ones the earliest in a, then in b), then the longest among words not yet
    taken in either article, and so on. A run may go on over the end of a paragraph.

    Args:
        articles, copies, groups: the *articles*, *copies* and *copy_groups* tables. Pairs that *copies* does not list
            are passed over. least_words: shorter runs are left out.

    Returns:
        The *passages* table, in order of the pairs in ``copies``, then of start_a.

    Raises:
        UserError: least_words is below 1.
    """
    if least_words < 1:
        raise UserError(f"least_words is {least_words}; allowed: 1 word or more")
    group = groups.set_index("article_id")["copy_group"]
    inside = group.reindex(copies["article_a"]).to_numpy() == group.reindex(copies["article_b"]).to_numpy()
    used, pairs = np.unique(rows_of(articles, copies[inside]), return_inverse=True)
    read = shingles_of(articles["body"].iloc[used], least_words)
    pairs = pairs.reshape(-1, 2)
    tiles = [_tiles(shingles.shared_runs(read, a, b), np.diff(read.bounds)[[a, b]], least_words) for a, b in pairs]
    pair = np.repeat(np.arange(len(pairs)), [len(found) for found in tiles])
    at_a, at_b, words = np.concatenate([np.empty((0, 3), np.int64), *tiles]).T
    found = pd.DataFrame({"a": used[pairs[pair, 0]], "b": used[pairs[pair, 1]], "n_words": words})
    found = found.assign(**_places(read, pairs[pair], at_a, at_b, words))
    return _finish("passages", articles, found)


def copy_groups(
    articles: pd.DataFrame, copies: pd.DataFrame, *, threshold: float = THRESHOLD, shingle: int = SHINGLE
) -> pd.DataFrame:
    """Each article's copy group, its role in it, and how many of its words stand in no other article of the group.

    A group holds the articles that are connected by pairs of which one is contained in the other by ``threshold``. So a
    round-up that prints two briefs makes one group of all three. In a group of two or more one article is the
    ``source``, that is nearest to the first print among those here: (1) that of the agency which others of the group
    credit; (2) the one published first (by day, where the time of one of them is midnight, that is not known; undated
    last); (3) the one that credits the whole text to an agency; (4) the longest; (5) the least article_id. An article
    alone is ``original``, or a ``copy`` where it credits the whole text to somebody whose own is not here.

    Args:
        articles: article_id, outlet, published, body, agency, n_words, and credit where known, of the *articles* table.
        copies: the *copies* table. shingle: words in a row that must be shared for a word to count as not added.

    Returns:
        The *copy_groups* table, one row an article, in their order.

    Raises:
        UserError: threshold is not above 0 and at most 1.
    """
    _check_share("threshold", threshold)
    groups = _members(rows_of(articles, copies[reaches(copies, threshold)]), len(articles))
    grouped = np.concatenate([np.empty(0, np.int64), *groups])
    read = shingles_of(articles["body"].iloc[grouped], shingle)
    whole, n_words = _whole(articles), articles["n_words"].to_numpy()
    prints = list(articles.assign(whole=whole)[_PRINT].iloc[grouped].itertuples(index=False))
    sources, role, added = np.arange(len(articles)), np.where(whole, "copy", "original").astype(object), n_words.copy()
    begin = 0
    for rows in groups:
        end = begin + len(rows)
        source = rows[_source(prints[begin:end])]
        sources[rows], role[rows] = source, "copy"
        role[source] = "source"
        added[rows] = _own_words(read, np.arange(begin, end))
        if not whole[source]:
            added[source] = n_words[source]
        begin = end
    ids = articles["article_id"].array
    alone = ~np.isin(np.arange(len(articles)), grouped)
    table = {
        "article_id": ids,
        "copy_group": ids.take(sources),
        "role": pd.array(role, dtype="str"),
        "outlet_added_words": pd.Series(added, dtype="Int64").mask(whole & alone).array,
    }
    return tables.validate("copy_groups", pd.DataFrame(table))


def reaches(copies: pd.DataFrame, threshold: float) -> np.ndarray:
    """Whether of each pair one is contained in the other by ``threshold``."""
    return (copies[["containment_a", "containment_b"]].max(axis=1) >= threshold).to_numpy(np.bool_)


def _check_share(name: str, value: float) -> None:
    if not 0 < value <= 1:
        raise UserError(f"{name} is {value}; allowed: above 0, at most 1")


def _read_prints(bodies: pd.Series, size: int, window: int) -> Iterator[Prints]:
    at = 0
    for run in partitions(bodies.to_frame("body")):
        yield Prints(*shingles.fingerprints(tokenise(run["body"]), size, window=window, first=at, n_texts=len(bodies)))
        at += len(run)


def _candidates(prints: Iterable[Prints], window: int, least: float) -> tuple[np.ndarray, np.ndarray]:
    """Rows of pairs to be compared, no two of whose articles hold the same words; and the first row with each's words.

    A row with fewer words than a shingle has itself as first row.
    """
    columns = Prints([], [], [])
    for part in prints:
        for column, array in zip(columns, part, strict=True):
            column.append(array)
    keys, digests, counts = (_end_to_end(column) for column in columns)
    rows = np.arange(len(counts))
    same = pd.Series(rows).groupby([np.where(counts > 0, digests, rows.astype(np.uint64)), counts])
    first = same.transform("first").to_numpy(dtype=np.int64)
    counts = np.where(first == rows, counts, 0)
    if len(counts) <= EVERY_PAIR:
        compared = np.flatnonzero(counts)
        return compared[np.column_stack(np.triu_indices(len(compared), 1))], first
    return shingles.candidates(keys, counts, window=window, least=least), first


def _end_to_end(arrays: list[np.ndarray]) -> np.ndarray:
    """`np.concatenate`, which holds all of them twice. The list is used up."""
    whole, at = np.empty(sum(len(array) for array in arrays), arrays[0].dtype), 0
    for place, array in enumerate(arrays):
        whole[at : at + len(array)] = array
        at, arrays[place] = at + len(array), array[:0].copy()
    return whole


def _left_out(pairs: np.ndarray, candidates: np.ndarray, n: int) -> np.ndarray:
    """Pairs inside groups of three to `COMPLETED` of ``n`` texts, connected by ``pairs``, that were no candidates."""
    groups = [rows for rows in _members(pairs, n) if 2 < len(rows) <= COMPLETED]
    inside = [rows[np.column_stack(np.triu_indices(len(rows), 1))] for rows in groups]
    inside = np.concatenate([np.empty((0, 2), np.int64), *inside])
    return inside[~pd.Index(inside @ [n, 1]).isin(candidates @ [n, 1])]


def _with_twins(pairs: np.ndarray, first: np.ndarray) -> np.ndarray:
    """The pairs of all articles, from those of the first articles with the same words, in order.

    Of those with the same words up to `LISTED` are paired with each other and with all others that the first is
    paired with; the rest are paired with the first alone.
    """
    order = np.argsort(first, kind="stable")
    begin = np.searchsorted(first[order], np.arange(len(first)))
    size = np.bincount(first, minlength=len(first))
    several = np.flatnonzero(size > 1)
    pairs = np.concatenate([pairs, np.column_stack([several, several])])
    limit = LISTED
    while (n := np.minimum(size, limit)[pairs].prod(axis=1)).sum() > MOST_LISTED and limit > 1:
        limit //= 2
    listed = np.minimum(size, limit)
    pair = np.repeat(np.arange(len(pairs)), n)
    place = np.arange(n.sum()) - np.repeat(np.cumsum(n) - n, n)
    a, b = pairs[pair].T
    made = np.column_stack([order[begin[a] + place // listed[b]], order[begin[b] + place % listed[b]]])
    made = made[(a != b) | (made[:, 0] < made[:, 1])]
    rank = np.arange(len(first)) - begin[first[order]]
    rest = order[rank >= limit]
    made = np.sort(np.concatenate([made, np.column_stack([first[rest], rest])]), axis=1)
    return made[np.lexsort((made[:, 1], made[:, 0]))]


def _places(read: Shingles, pairs: np.ndarray, at_a: np.ndarray, at_b: np.ndarray, words: np.ndarray) -> dict:
    """Characters of runs that begin at some word of either text."""
    first_a, first_b = read.bounds[pairs[:, 0]] + at_a, read.bounds[pairs[:, 1]] + at_b
    return {
        f"{what}_{side}": array[at].astype(np.int64)
        for side, first in (("a", first_a), ("b", first_b))
        for what, array, at in (("start", read.starts, first), ("end", read.ends, first + words - 1))
    }


def _finish(name: str, articles: pd.DataFrame, table: pd.DataFrame) -> pd.DataFrame:
    """The table after its contract: the row numbers in ``a`` and ``b`` become ids."""
    ids = {f"article_{side}": articles["article_id"].array.take(table[side].to_numpy()) for side in "ab"}
    return tables.validate(name, table.assign(**ids)[list(tables.TABLES[name].columns)].reset_index(drop=True))


def rows_of(articles: pd.DataFrame, copies: pd.DataFrame) -> np.ndarray:
    """int, shape (pairs, 2): the rows of those pairs of which both are in ``articles``."""
    index = pd.Index(articles["article_id"])
    rows = np.column_stack([index.get_indexer(copies[f"article_{side}"]) for side in "ab"])
    return rows[(rows >= 0).all(axis=1)]


def connected(pairs: np.ndarray, n: int) -> np.ndarray:
    """A label for each of ``n`` things, shared by those that pairs connect."""
    links = coo_array((np.ones(len(pairs), bool), (pairs[:, 0], pairs[:, 1])), shape=(n, n))
    return connected_components(links, directed=False)[1]


def _members(pairs: np.ndarray, n: int) -> list[np.ndarray]:
    """The groups of two or more of ``n`` things that pairs connect, each in order."""
    labels = connected(pairs, n)
    size = np.bincount(labels, minlength=1)
    inside = np.flatnonzero(size[labels] > 1)
    inside = inside[np.argsort(labels[inside], kind="stable")]
    return np.split(inside, np.flatnonzero(np.diff(labels[inside])) + 1) if len(inside) else []


def _tiles(runs: np.ndarray, lengths: np.ndarray, least: int) -> np.ndarray:
    """Runs that overlap in neither text, the longest first: int64, shape (tiles, 3), as of `shared_runs`, in order."""
    waiting = [(-words, a, b) for a, b, words in runs.tolist()]
    heapq.heapify(waiting)
    taken_a, taken_b = bytearray(int(lengths[0])), bytearray(int(lengths[1]))
    free, found = re.compile(rb"\0{%d,}" % least), []
    while waiting:
        words, a, b = heapq.heappop(waiting)
        words = -words
        taken = int.from_bytes(taken_a[a : a + words]) | int.from_bytes(taken_b[b : b + words])
        if not taken:
            found.append((a, b, words))
            taken_a[a : a + words] = taken_b[b : b + words] = b"\1" * words
            continue
        for piece in free.finditer(taken.to_bytes(words)):
            heapq.heappush(waiting, (piece.start() - piece.end(), a + piece.start(), b + piece.start()))
    return np.array(sorted(found), np.int64).reshape(-1, 3)


def _own_words(read: Shingles, texts: np.ndarray) -> np.ndarray:
    """Words of each text that no shingle covers which another of the texts has too."""
    own = [shingles.hashes_of(read, text) for text in texts]
    text = np.repeat(np.arange(len(texts)), [len(hashes) for hashes in own])
    _, which = np.unique(np.concatenate(own), return_inverse=True)
    holders = np.bincount(np.unique(which * len(texts) + text) // len(texts))
    lengths = read.bounds[texts + 1] - read.bounds[texts]
    ends = np.cumsum(lengths)
    at = np.concatenate([np.arange(len(hashes)) + end - n for hashes, end, n in zip(own, ends, lengths, strict=True)])
    shared = at[holders[which] > 1]
    change = np.bincount(shared, minlength=ends[-1] + 1) - np.bincount(shared + read.size, minlength=ends[-1] + 1)
    uncovered = np.cumsum(change)[:-1] == 0
    return np.bincount(np.repeat(np.arange(len(texts)), lengths)[uncovered], minlength=len(texts))


def _whole(articles: pd.DataFrame) -> np.ndarray:
    """Whether each article credits the whole text to somebody."""
    if "credit" not in articles.columns:
        return np.zeros(len(articles), bool)
    return (articles["credit"] == "whole").fillna(False).to_numpy(bool)


def _source(group: list) -> int:
    """The place in ``group`` (rows of *articles*, with ``whole``) of the one nearest to the first print."""
    credited = [_names(article.agency) for article in group]
    credits = Counter(name for names in credited for name in names)
    dated = [article.published for article in group if not pd.isna(article.published)]
    by_day = any(time == time.normalize() for time in dated)

    def distance(place: int) -> tuple:
        article = group[place]
        agency = any(credits[name] > (name in credited[place]) for name in _names(article.outlet))
        undated = pd.isna(article.published)
        time = pd.Timestamp(0) if undated else article.published.normalize() if by_day else article.published
        return not agency, undated, time, not article.whole, -article.n_words, article.article_id

    return min(range(len(group)), key=distance)


def _names(printed: str | float | None) -> frozenset[str]:
    """The names in a credit or of an outlet, folded, without an article: "The Associated Press and AFP" are two."""
    if not isinstance(printed, str):
        return frozenset()
    names = (" ".join(fold(name).split()).removeprefix("the ") for name in _SEPARATOR.split(printed))
    return frozenset(name for name in names if name)
