"""How surely two sentences of different articles report the same: words, names and numbers shared, in context.

`bags` turns sentences into weighted sets of forms (`analysis.coding.variants`), `measures` takes what a pair shares and
how it stands among the other pairs of its two articles, `probability` puts these together. Weights are TF-IDF within
the story: ln((n + 20) / (df + 1)) for n sentences of the story, df of them with the form; the 20 damps what a few texts
say about rarity. Names (mostly capitalised inside sentences) weigh 1.3 times, numbers twice; the first parts of a name,
those that mostly have another behind them (*Secretary-General*, *Jens* before *Stoltenberg*), count .3, so that one
name is one match. A speaker found elsewhere (the *he* of a tagged quotation) is lent to the sentence, and so are the
names of the sentence before to one that opens with a pronoun.

The coefficients are those of a logistic regression on hand-aligned sentences written for this project: ``python -m
benchmarks.alignments`` fits them and says what each measure is worth, and how well they do on stories left out.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numba
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from analysis.coding.token_sets import token_set_ratio
from analysis.coding.tokens import Tokens, tokenise
from analysis.coding.variants import STOP, lexicon

DAMPING = 20  # sentences that every story is thought to have besides its own
NAME, NUMBER = 1.3, 2.0  # weights of names and numbers
GIVEN = 0.3  # share of a name's first parts
SPEAKER, BEFORE = 0.6, 0.4  # shares of a speaker lent to a sentence, of names lent by the sentence before
OPENING = 4  # words in which a pronoun opens a sentence
PRONOUNS = "he she his her him they their it its"
FAINT = 0.1  # overlaps below this are no support from a third article

MEASURES = ("cosine", "words", "names", "numbers", "fuzzy", "first", "order", "course", "beaten", "third")
COEFFICIENTS = (4.33, 1.12, 0.59, 0.07, 4.0, 1.98, 2.66, 5.06, -5.11, 6.68)
INTERCEPT = -8.02

_WORD, _NAME, _NUMBER = range(3)
_STOP = frozenset(STOP.split())
_PRONOUNS = frozenset(PRONOUNS.split())


@dataclass(frozen=True)
class Bags:
    """Sentences as weighted sets, in compressed rows; rows of an article stand together, in order.

    Attributes:
        bounds: row r holds entries ``bounds[r]`` to ``bounds[r + 1] - 1``.
        columns: of each entry, a form of a story (ascending in a row). shares: how much of it the sentence has.
        weights, kinds: of each column, its weight and whether it is a word, a name or a number.
        article, sentence, story: of each row. texts: the sentences in small letters.
    """

    bounds: np.ndarray
    columns: np.ndarray
    shares: np.ndarray
    weights: np.ndarray
    kinds: np.ndarray
    article: np.ndarray
    sentence: np.ndarray
    story: np.ndarray
    texts: list[str]


def bags(bodies: list[str], sentences: pd.DataFrame, story: np.ndarray) -> Bags:
    """The weighted forms of sentences.

    Args:
        bodies: texts of articles. sentences: with ``article`` (place in bodies), ``sentence``, ``start``, ``end`` and
            ``speaker`` (missing where nobody is said to speak), in order of article and start. story: int, of each
            article.
    """
    article = sentences["article"].to_numpy(np.int64)
    of_row = story[article]
    spoken, speakers = pd.factorize(sentences["speaker"])
    tokens = tokenise([*bodies, *speakers])
    vocabulary, bounds, ids, shares = lexicon(tokens.raw_strings)

    row, inside = _rows(tokens, sentences, len(bodies))
    speaks = np.flatnonzero(spoken >= 0)
    which, lent = _runs(*(tokens.bounds[len(bodies) + step + spoken[speaks]] for step in (0, 1)))
    rows, types = np.concatenate([row, speaks[which]]), tokens.types[np.concatenate([inside, lent])]
    is_name, is_given = _names(tokens, rows, types, of_row, len(row))
    scale = np.where(is_given, GIVEN, 1.0)
    scale[len(row) :] *= SPEAKER
    token, entry = _runs(bounds[types], bounds[types + 1])
    n_own = int(np.searchsorted(token, len(row)))
    entries = _Entries(rows[token], ids[entry], shares[entry] * scale[token], is_name[token])
    own = _best([entries.of(slice(n_own))], len(vocabulary))
    before = _from_before(tokens, row, types[: len(row)], article, own)
    all_entries = _best([own, entries.of(slice(n_own, None)), before], len(vocabulary))
    places = (column.tolist() for column in (article, sentences["start"], sentences["end"]))
    texts = [bodies[number][start:end].casefold() for number, start, end in zip(*places, strict=True)]
    return _weighed(all_entries, vocabulary, sentences, of_row, texts)


class _Entries(NamedTuple):
    """Forms that rows have: how much of each, and whether it is a name there."""

    row: np.ndarray
    form: np.ndarray
    share: np.ndarray
    name: np.ndarray

    def of(self, places: slice | np.ndarray) -> _Entries:
        return _Entries(*(column[places] for column in self))


def _rows(tokens: Tokens, sentences: pd.DataFrame, n_bodies: int) -> tuple[np.ndarray, np.ndarray]:
    """The row of the sentence that a token of a body stands in, and the token, in order; of those in a sentence."""
    count = tokens.bounds[n_bodies]
    place = (tokens.texts[:count] << 32) + tokens.starts[:count]
    article = sentences["article"].to_numpy(np.int64) << 32
    starts, ends = (article + sentences[edge].to_numpy(np.int64) for edge in ("start", "end"))
    ends[:-1] = np.minimum(ends[:-1], starts[1:])
    first, beyond = np.searchsorted(place, starts), np.searchsorted(place, ends)
    return _runs(first, np.maximum(first, beyond))


def _names(
    tokens: Tokens, rows: np.ndarray, types: np.ndarray, story: np.ndarray, n_own: int
) -> tuple[np.ndarray, np.ndarray]:
    """Which tokens are names in their story: a name? a first part?

    A name is a word that most often has a capital where it does not open a sentence; a first part of a name is one
    that has another name right behind it at least every second time. Only the first ``n_own`` tokens, which stand in
    the sentences, say so.
    """
    word = pd.factorize(story[rows] * len(tokens.folded_strings) + tokens.fold_of[types])[0]
    own, types, size = word[:n_own], types[:n_own], word.max(initial=-1) + 1
    capital = np.array([word[:1].isupper() for word in tokens.raw], bool)[types]
    opens = np.append(True, rows[1:n_own] != rows[: n_own - 1])[:n_own]
    seen = np.bincount(own[~opens], minlength=size)
    capitals = np.bincount(own[~opens & capital], minlength=size)
    is_name = capitals * 2 > seen
    of_name = capital & (~opens | is_name[own] | (seen[own] == 0))
    followed = np.append((capital & ~_among(_STOP, tokens)[types])[1:] & ~opens[1:], False)[:n_own]
    count = np.bincount(own[of_name], minlength=size)
    before = np.bincount(own[of_name & followed], minlength=size)
    return is_name[word], (is_name & (2 * before >= count))[word]


def _among(words: frozenset[str], tokens: Tokens) -> np.ndarray:
    """Whether each raw type is one of some words."""
    folded = tokens.folded_strings
    return pc.is_in(folded, pa.array(sorted(words), folded.type)).to_numpy(zero_copy_only=False)[tokens.fold_of]


def _from_before(tokens: Tokens, row: np.ndarray, types: np.ndarray, article: np.ndarray, own: _Entries) -> _Entries:
    """The names of the sentence before, lent to sentences that open with a pronoun."""
    pronouns = np.flatnonzero(_among(_PRONOUNS, tokens)[types])
    place = pronouns - np.searchsorted(row, row[pronouns])
    asks = np.zeros(len(article) + 1, bool)
    asks[row[pronouns[place < OPENING]]] = True
    asks[1:-1] &= article[1:] == article[:-1]
    asks[0] = False
    names = own.of(np.flatnonzero(own.name & asks[own.row + 1]))
    return names._replace(row=names.row + 1, share=BEFORE * names.share)


def _best(parts: list[_Entries], n_forms: int) -> _Entries:
    """One entry a row and form, in order: the largest share, a name if any is one."""
    row, form, share, name = (np.concatenate(columns) for columns in zip(*parts, strict=True))
    key = row * n_forms + form
    order = np.argsort(key, kind="stable")  # which is quick where they are in order for the most part
    key = key[order]
    heads = np.flatnonzero(np.append(True, key[1:] != key[:-1])[: len(key)])
    if not len(heads):
        return _Entries(row, form, share, name)
    best = np.maximum.reduceat(share[order], heads), np.logical_or.reduceat(name[order], heads)
    return _Entries(*np.divmod(key[heads], n_forms), *best)


def _weighed(
    entries: _Entries, vocabulary: pa.Array, sentences: pd.DataFrame, story: np.ndarray, texts: list[str]
) -> Bags:
    """Entries (in order of row and form) as `Bags`."""
    size = max(len(vocabulary), 1)
    keys, columns = np.unique(story[entries.row] * size + entries.form, return_inverse=True)
    frequency = np.bincount(columns, minlength=len(keys))
    opens = (pc.match_substring_regex(vocabulary, pattern) for pattern in ("^#", "^[^#~]"))
    # A group of synonyms is no name, whatever the case of its words.
    is_number, may_name = (of_form.to_numpy(zero_copy_only=False)[keys % size] for of_form in opens)
    is_name = (np.bincount(columns, weights=entries.name, minlength=len(keys)) > 0) & may_name
    n_sentences = np.bincount(story, minlength=1)[keys // size]
    weights = np.log((n_sentences + DAMPING) / (frequency + 1.0))
    return Bags(
        bounds=np.searchsorted(entries.row, np.arange(len(sentences) + 1)),
        columns=columns,
        shares=entries.share,
        weights=weights * np.where(is_name, NAME, 1.0) * np.where(is_number, NUMBER, 1.0),
        kinds=np.where(is_number, _NUMBER, np.where(is_name, _NAME, _WORD)),
        article=sentences["article"].to_numpy(np.int64),
        sentence=sentences["sentence"].to_numpy(np.int64),
        story=story,
        texts=texts,
    )


def _runs(starts: np.ndarray, stops: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """For runs from start to stop: the number of the run and the place, of each member."""
    sizes = stops - starts
    run = np.repeat(np.arange(len(sizes)), sizes)
    return run, np.arange(len(run)) - np.repeat(np.cumsum(sizes) - sizes, sizes) + starts[run]


def measures(sets: Bags, left: np.ndarray, right: np.ndarray) -> pd.DataFrame:
    """What pairs of rows share and how they stand among the pairs given; all candidates of their stories must be there.

    Args:
        left, right: rows; no pair twice, in order of left and right, the article of left before that of right.

    Returns:
        The columns of `MEASURES` and ``overlap``:

        * ``overlap``: weight shared, twice, over the weights of both (Dice). ``cosine``: of the weighted shares.
        * ``words``, ``names``, ``numbers``: ln(1 + weight of those shared). ``fuzzy``: rapidfuzz's token set ratio of
          the sentences as printed, from 0 to 1. ``first``: both open their article.
        * ``order``: overlap of the neighbours in step (both before, or both behind), the larger. ``course``: the mean
          over three steps back and three on of the overlap there, or of a step with a step and one, if that is more.
        * ``beaten``: the largest overlap of either sentence with another of the other article, less the pair's own.
        * ``third``: the smaller overlap of both with one sentence of a third article, where that is largest.
    """
    value = sets.shares * sets.weights[sets.columns]
    row = np.repeat(np.arange(len(sets.article)), np.diff(sets.bounds))
    total = np.bincount(row, weights=value, minlength=len(sets.article))
    norm = np.sqrt(np.bincount(row, weights=value**2, minlength=len(sets.article)))
    shared = _shared(sets.bounds, sets.columns, sets.shares, sets.weights, sets.kinds, left, right)
    overlap = 2 * shared[:, :3].sum(axis=1) / np.maximum(total[left] + total[right], 1e-12)
    cosine = shared[:, 3] / np.maximum(norm[left] * norm[right], 1e-12)
    table = pd.DataFrame({"cosine": cosine, **dict(zip(MEASURES[1:4], np.log1p(shared[:, :3]).T, strict=True))})
    heads = np.searchsorted(left, np.arange(len(sets.article) + 1))
    order, course = _order(heads, right, overlap, sets.article, left)
    by_left, by_right = np.arange(len(left)), np.argsort(right, kind="stable")
    beaten = np.maximum(
        _other(by_left, left, right, sets.article, overlap), _other(by_right, right, left, sets.article, overlap)
    )
    return table.assign(
        fuzzy=token_set_ratio(sets.texts, left, right) / 100,
        first=((sets.sentence[left] == 0) & (sets.sentence[right] == 0)).astype(np.float64),
        order=order,
        course=course,
        beaten=beaten - overlap,
        third=_third(*_neighbours(len(sets.article), left, right, overlap), sets.article, left, right),
        overlap=overlap,
    )


def probability(table: pd.DataFrame) -> np.ndarray:
    """float64, how surely each pair of a table of `measures` reports the same: the logistic of their weighted sum."""
    linear = table[list(MEASURES)].to_numpy() @ np.array(COEFFICIENTS) + INTERCEPT
    return 1 / (1 + np.exp(-linear))


@numba.njit(nogil=True, cache=True)
def _shared(bounds, columns, shares, weights, kinds, left, right):
    """For each pair the weight of words, names and numbers shared (the smaller share counts), and the dot product."""
    found = np.zeros((len(left), 4))
    for pair in range(len(left)):
        one, other = bounds[left[pair]], bounds[right[pair]]
        while one < bounds[left[pair] + 1] and other < bounds[right[pair] + 1]:
            if columns[one] < columns[other]:
                one += 1
            elif columns[one] > columns[other]:
                other += 1
            else:
                weight = weights[columns[one]]
                found[pair, kinds[columns[one]]] += weight * min(shares[one], shares[other])
                found[pair, 3] += weight * shares[one] * weight * shares[other]
                one, other = one + 1, other + 1
    return found


@numba.njit(nogil=True, cache=True)
def _order(heads, right, overlap, article, left):
    """The measures ``order`` and ``course`` of each pair: what stands around both sentences.

    heads: of each row the first pair in which it is left.
    """
    order, course = np.zeros(len(left)), np.zeros(len(left))
    for pair in range(len(left)):
        before = _beside(heads, right, overlap, article, left[pair], right[pair], -1, -1)
        behind = _beside(heads, right, overlap, article, left[pair], right[pair], 1, 1)
        order[pair] = max(before, behind)
        for step in (-3, -2, -1, 1, 2, 3):
            on = step + (1 if step > 0 else -1)
            in_step = before if step == -1 else behind
            if step != -1 and step != 1:
                in_step = _beside(heads, right, overlap, article, left[pair], right[pair], step, step)
            one = _beside(heads, right, overlap, article, left[pair], right[pair], step, on)
            other = _beside(heads, right, overlap, article, left[pair], right[pair], on, step)
            course[pair] += max(in_step, max(one, other)) / 6
    return order, course


@numba.njit(nogil=True, cache=True)
def _beside(heads, right, overlap, article, one, other, ahead, beyond):
    """Overlap of the sentences so many further on in the left and in the right article; 0 where there are none."""
    row, partner = one + ahead, other + beyond
    if row < 0 or row >= len(article) or partner < 0 or partner >= len(article):
        return 0.0
    if article[row] != article[one] or article[partner] != article[other]:
        return 0.0
    low, high = heads[row], heads[row + 1]
    end = high
    while low < high:
        middle = (low + high) // 2
        if right[middle] < partner:
            low = middle + 1
        else:
            high = middle
    return overlap[low] if low < end and right[low] == partner else 0.0


@numba.njit(nogil=True, cache=True)
def _other(order, one, other, article, overlap):
    """The largest overlap of row ``one`` with a row of the other's article that is not ``other``; 0 without any.

    order: pairs in order of ``one`` and the article of ``other``.
    """
    found = np.zeros(len(order))
    begin = 0
    while begin < len(order):
        first = order[begin]
        best, second, top = overlap[first], 0.0, first
        end = begin + 1
        while end < len(order):
            pair = order[end]
            if one[pair] != one[first] or article[other[pair]] != article[other[first]]:
                break
            if overlap[pair] > best:
                best, second, top = overlap[pair], best, pair
            else:
                second = max(second, overlap[pair])
            end += 1
        for place in range(begin, end):
            found[order[place]] = best
        found[top] = second
        begin = end
    return found


def _neighbours(size: int, left: np.ndarray, right: np.ndarray, overlap: np.ndarray) -> tuple[np.ndarray, ...]:
    """Compressed rows of each row's partners in ascending order, and the overlaps; faint ones left out."""
    strong = overlap >= FAINT
    one = np.concatenate([left[strong], right[strong]])
    other = np.concatenate([right[strong], left[strong]])
    order = np.lexsort((other, one))
    values = np.concatenate([overlap[strong], overlap[strong]])
    return np.searchsorted(one[order], np.arange(size + 1)), other[order], values[order]


@numba.njit(nogil=True, cache=True)
def _third(bounds, partners, overlaps, article, left, right):
    """For each pair the largest smaller overlap of both with one row of a third article."""
    found = np.zeros(len(left))
    for pair in range(len(left)):
        one, other = bounds[left[pair]], bounds[right[pair]]
        while one < bounds[left[pair] + 1] and other < bounds[right[pair] + 1]:
            if partners[one] < partners[other]:
                one += 1
            elif partners[one] > partners[other]:
                other += 1
            else:
                # A partner of both stands in neither article: no pair is of one article.
                found[pair] = max(found[pair], min(overlaps[one], overlaps[other]))
                one, other = one + 1, other + 1
    return found
