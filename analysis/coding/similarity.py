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

import numba
import numpy as np
import pandas as pd
from rapidfuzz import fuzz, process

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

    row = _rows(tokens, sentences, len(bodies))
    inside = np.flatnonzero(row >= 0)
    row, types = row[inside], tokens.types[inside]
    keys, is_name, is_given = _names(tokens, row, types, of_row)

    def entries(rows: np.ndarray, types: np.ndarray, share: float) -> pd.DataFrame:
        """The forms of some tokens in some rows."""
        key = of_row[rows] * len(tokens.folded) + tokens.fold_of[types]
        known = np.searchsorted(keys, key).clip(max=max(len(keys) - 1, 0))
        known = np.where(keys[known] == key, known, -1) if len(keys) else np.full(len(key), -1)
        name, given = np.append(is_name, False)[known], np.append(is_given, False)[known]
        token, entry = _runs(bounds[types], bounds[types + 1])
        scale = share * np.where(given, GIVEN, 1.0)
        return pd.DataFrame(
            {"row": rows[token], "form": ids[entry], "share": shares[entry] * scale[token], "name": name[token]}
        )

    own = _best(entries(row, types, 1.0))
    speaks = np.flatnonzero(spoken >= 0)
    which, at = _runs(*(tokens.bounds[len(bodies) + step + spoken[speaks]] for step in (0, 1)))
    lent = entries(speaks[which], tokens.types[at], SPEAKER)
    all_entries = _best(pd.concat([own, lent, _from_before(tokens, row, types, article, own)], ignore_index=True))
    places = zip(article, sentences["start"], sentences["end"], strict=True)
    texts = [bodies[number][start:end].casefold() for number, start, end in places]
    return _weighed(all_entries, vocabulary.to_pylist(), sentences, of_row, texts)


def _rows(tokens: Tokens, sentences: pd.DataFrame, n_bodies: int) -> np.ndarray:
    """int64, the row of the sentence that each token of a body stands in; −1 outside of sentences."""
    count = tokens.bounds[n_bodies]
    if not len(sentences):
        return np.full(count, -1, np.int64)
    text, start = tokens.texts[:count], tokens.starts[:count].astype(np.int64)
    article = sentences["article"].to_numpy(np.int64)
    row = np.searchsorted((article << 32) + sentences["start"].to_numpy(np.int64), (text << 32) + start, "right") - 1
    inside = (row >= 0) & (article[row] == text) & (start < sentences["end"].to_numpy(np.int64)[row])
    return np.where(inside, row, -1)


def _names(tokens: Tokens, row: np.ndarray, types: np.ndarray, story: np.ndarray) -> tuple[np.ndarray, ...]:
    """Which words are names in which story: keys (story · folded types + folded type), a name?, a first part?

    A name is a word that most often has a capital where it does not open a sentence; a first part of a name is one
    that has another name right behind it at least every second time.
    """
    raw_capital = np.array([word[:1].isupper() for word in tokens.raw], bool)
    raw_stops = np.array([tokens.folded[fold] in _STOP for fold in tokens.fold_of], bool)
    keys, word = np.unique(story[row] * len(tokens.folded) + tokens.fold_of[types], return_inverse=True)
    capital = raw_capital[types]
    opens = np.append(True, row[1:] != row[:-1])[: len(row)]
    seen = np.bincount(word[~opens], minlength=len(keys))
    capitals = np.bincount(word[~opens & capital], minlength=len(keys))
    is_name = capitals * 2 > seen
    of_name = capital & (~opens | is_name[word] | (seen[word] == 0))
    followed = np.append((capital & ~raw_stops[types])[1:] & ~opens[1:], False)[: len(row)]
    count = np.bincount(word[of_name], minlength=len(keys))
    before = np.bincount(word[of_name & followed], minlength=len(keys))
    return keys, is_name, is_name & (2 * before >= count)


def _from_before(
    tokens: Tokens, row: np.ndarray, types: np.ndarray, article: np.ndarray, own: pd.DataFrame
) -> pd.DataFrame:
    """The names of the sentence before, lent to sentences that open with a pronoun."""
    place = np.arange(len(row)) - np.searchsorted(row, row)
    pronoun = np.array([tokens.folded[fold] in _PRONOUNS for fold in tokens.fold_of], bool)
    asks = np.zeros(len(article) + 1, bool)
    asks[row[pronoun[types] & (place < OPENING)]] = True
    asks[1:-1] &= article[1:] == article[:-1]
    asks[0] = False
    names = own[own["name"] & asks[own["row"] + 1]]
    return names.assign(row=names["row"] + 1, share=BEFORE * names["share"])


def _best(entries: pd.DataFrame) -> pd.DataFrame:
    """One entry a row and form: the largest share, a name if any is one."""
    return entries.groupby(["row", "form"], as_index=False).agg({"share": "max", "name": "max"})


def _weighed(
    entries: pd.DataFrame, vocabulary: list[str], sentences: pd.DataFrame, story: np.ndarray, texts: list[str]
) -> Bags:
    """Entries (in order of row and form) as `Bags`."""
    row, form = entries["row"].to_numpy(np.int64), entries["form"].to_numpy(np.int64)
    size = max(len(vocabulary), 1)
    keys, columns = np.unique(story[row] * size + form, return_inverse=True)
    frequency = np.bincount(columns, minlength=len(keys))
    is_number = np.array([word.startswith("#") for word in vocabulary] or [False])[keys % size]
    # A group of synonyms is no name, whatever the case of its words.
    may_name = np.array([word[0] not in "#~" for word in vocabulary] or [False])[keys % size]
    is_name = (np.bincount(columns, weights=entries["name"], minlength=len(keys)) > 0) & may_name
    n_sentences = np.bincount(story, minlength=1)[keys // size]
    weights = np.log((n_sentences + DAMPING) / (frequency + 1.0))
    return Bags(
        bounds=np.searchsorted(row, np.arange(len(sentences) + 1)),
        columns=columns,
        shares=entries["share"].to_numpy(),
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
    texts = ([sets.texts[place] for place in side] for side in (left, right))
    heads = np.searchsorted(left, np.arange(len(sets.article) + 1))
    order, course = _order(heads, right, overlap, sets.article, left)
    by_left, by_right = np.arange(len(left)), np.argsort(right, kind="stable")
    beaten = np.maximum(
        _other(by_left, left, right, sets.article, overlap), _other(by_right, right, left, sets.article, overlap)
    )
    return table.assign(
        fuzzy=process.cpdist(*texts, scorer=fuzz.token_set_ratio, dtype=np.float64, workers=-1) / 100,
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
