"""Quotations and reported clauses → renderings, and the pairs of them that may be one utterance.

A rendering is a stretch of words that lies in one sentence. All bodies become one row of arrays first, so that what
follows compares whole numbers. No pair is looked at but of renderings in two sentences that *alignments* pairs, and of
renderings by one speaker in one story that share rare words: the study is never compared with itself as a whole.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from analysis.coding.given import lexicon
from analysis.coding.grammar import AND, DETERMINER, LISTED, OF, PREPOSITION, THAT, TO, closed_tag, key
from analysis.coding.sentences import NEIGHBOURS, sentence_bounds
from analysis.coding.stem_counts import StemCounts, is_clitic, with_clitic
from analysis.coding.tokens import Tokens, tokenise
from analysis.coding.word_alignment import forms_of

QUOTED = ("direct", "partial", "term")
WHOLE, A_IN_B, B_IN_A = 0, 1, 2  # how two renderings are compared: whole, or one is to be found in the other
CROWD = 60  # a word that more renderings of one speaker in one story have says little of any two of them
SHARED = 0.33  # of the weight of the lighter rendering: a pair with less in common is not looked at twice
_CHUNK = 1 << 18  # stems of renderings looked at together

# What a word is to the words beside it; other words are 0.
DETERMINES, GOVERNS, CONTRASTS, JOINS, OPENS = 1, 2, 3, 4, 5
_CLASSES = {DETERMINER: DETERMINES, PREPOSITION: GOVERNS, OF: GOVERNS, TO: GOVERNS, AND: JOINS, THAT: OPENS}
_CONTRAST = lexicon("not rather instead than but no without unlike versus never")


@dataclass(frozen=True)
class Bodies:
    """The words of all bodies, in one row of arrays, and the sentences they stand in.

    Attributes:
        start, end: characters in the body. parted: punctuation stands behind the word. keys, stems: of `form_of`, as
        numbers. content: whether it is a word of content. slots: its class as a neighbour of others. sentence: its row
        among all sentences; bounds: the first word of each sentence, one more than sentences.
        articles: the article of each sentence; numbers: its number there. weights: of each stem, 1 + ln((1 + sentences)
        / (1 + sentences that have it)).
        tokens, gaps: what was read, and what stands behind each token.
    """

    start: np.ndarray
    end: np.ndarray
    parted: np.ndarray
    keys: np.ndarray
    stems: np.ndarray
    content: np.ndarray
    slots: np.ndarray
    sentence: np.ndarray
    bounds: np.ndarray
    articles: np.ndarray
    numbers: np.ndarray
    weights: np.ndarray
    tokens: Tokens
    gaps: np.ndarray


def read_bodies(bodies: Sequence[str], sentences: pd.DataFrame, counts: StemCounts) -> Bodies:
    """The words of bodies.

    Args:
        sentences: article (its place among the bodies), sentence, start; in order. counts: of the stems of these bodies
            or more.
    """
    tokens = tokenise(bodies)
    _, gaps = sentence_bounds(tokens)
    words = _words(tokens, sentences)
    keys, stems, content = forms_of(words.known)
    keys, stems = keys.dictionary_encode(), stems.dictionary_encode()
    slots = _slots(words.printed)
    known = counts.of(stems.dictionary.to_pylist())
    return Bodies(
        start=tokens.starts[words.first].astype(np.int64),
        end=tokens.ends[words.last].astype(np.int64),
        parted=gaps[words.last] != NEIGHBOURS,
        keys=keys.indices.to_numpy().astype(np.int64)[words.form],
        stems=stems.indices.to_numpy().astype(np.int64)[words.form],
        content=content[words.form],
        slots=slots[words.form],
        sentence=words.sentence,
        bounds=np.searchsorted(words.sentence, np.arange(len(sentences) + 1)),
        articles=sentences["article"].to_numpy(np.int64),
        numbers=sentences["sentence"].to_numpy(np.int64),
        weights=1 + np.log((1 + counts.sentences) / (1 + known)),
        tokens=tokens,
        gaps=gaps,
    )


class _Words(NamedTuple):
    """Words in sentences: first and last token, sentence (row), and form; of each form how it is ``printed``, and
    ``known`` with its clitic."""

    first: np.ndarray
    last: np.ndarray
    sentence: np.ndarray
    form: np.ndarray
    known: pa.Array
    printed: pa.Array


def _words(tokens: Tokens, sentences: pd.DataFrame) -> _Words:
    """Tokens as words: a clitic belongs to the word before it. What stands in no sentence given is left out."""
    starts, ends, texts = tokens.starts.astype(np.int64), tokens.ends, tokens.texts
    joined = is_clitic(tokens.raw_strings)[tokens.types]
    joined[1:] &= (starts[1:] == ends[:-1]) & (texts[1:] == texts[:-1])
    joined[:1] = False
    first = np.flatnonzero(~joined)
    last = np.append(first[1:], len(starts)) - 1
    codes = tokens.types[first].astype(np.int64) * 2 + (last > first)
    seen = np.zeros(2 * len(tokens.raw_strings), np.bool_)
    seen[codes] = True
    forms, form = np.flatnonzero(seen), np.cumsum(seen)[codes] - 1
    printed = tokens.raw_strings.take(pa.array(forms // 2))
    known = pc.if_else(pa.array(forms % 2 == 1), with_clitic(printed), printed)
    places = sentences["article"].to_numpy(np.int64), sentences["start"].to_numpy(np.int64)
    sentence = np.searchsorted(_place(*places), _place(texts[first], starts[first]), side="right") - 1
    # A word that stands in no sentence given belongs to none: nothing is reported of it.
    inside = sentence >= 0
    inside[inside] = places[0][sentence[inside]] == texts[first][inside]
    return _Words(first[inside], last[inside], sentence[inside], form[inside], known, printed)


def _place(article: np.ndarray, start: np.ndarray) -> np.ndarray:
    """One number for a place in a body, in order of bodies."""
    return (article << 32) | start


def _slots(words: pa.Array) -> np.ndarray:
    """uint8, the class that each word has as a neighbour of others. Most words are in no list that has one."""
    small = pc.ascii_lower(words)
    asked = pc.or_(pc.is_in(small, pa.array(sorted(LISTED | _CONTRAST), small.type)), pc.match_substring(small, "."))
    asked = pc.or_(asked, pc.invert(pc.string_is_ascii(small))).to_numpy(zero_copy_only=False)
    slots = np.zeros(len(words), np.uint8)
    slots[asked] = [_slot(word) for word in words.filter(asked).to_pylist()]
    return slots


def _slot(word: str) -> int:
    form = key(word)
    return CONTRASTS if form in _CONTRAST else _CLASSES.get(closed_tag(form), 0)


def cut_renderings(bodies: Bodies, quotes: pd.DataFrame) -> pd.DataFrame:
    """The renderings of quotations and reported clauses: each part that lies in one sentence.

    Args:
        quotes: article (place among the bodies), start, end, kind, continued, in the order of the table *quotes*.

    Returns:
        quote (row of ``quotes``), first, beyond (words), sentence (row), article, marks (kind of the quotation) and
        fragment: words taken out of what was said, which claim nothing of what stood around them. Quotations without a
        word of content have no row, nor clauses with fewer than two. In order of sentence.
    """
    article, marks = quotes["article"].to_numpy(np.int64), quotes["kind"].to_numpy(object)
    place = _place(bodies.articles[bodies.sentence], bodies.start)
    first = np.searchsorted(place, _place(article, quotes["start"].to_numpy(np.int64)))
    beyond = np.searchsorted(place, _place(article, quotes["end"].to_numpy(np.int64)))
    fragment = np.isin(marks, ("partial", "term")) | _interrupted(bodies, first, beyond, marks, quotes["continued"])
    row, word = ranges(first, beyond)
    opens = np.ones(len(row), np.bool_)
    opens[1:] = (row[1:] != row[:-1]) | (bodies.sentence[word[1:]] != bodies.sentence[word[:-1]])
    closes = np.roll(opens, -1)  # the last word of all closes too, since the first opens
    row, first, beyond = row[opens], word[opens], word[closes] + 1
    said = np.concatenate([[0], np.cumsum(bodies.content)])
    enough = said[beyond] - said[first] > (marks[row] == "indirect")
    table = pd.DataFrame(
        {
            "quote": row,
            "first": first,
            "beyond": beyond,
            "sentence": bodies.sentence[first],
            "article": article[row],
            "marks": marks[row],
            "fragment": fragment[row],
        }
    )[enough]
    return table.sort_values(["sentence", "first", "beyond", "quote"], kind="stable", ignore_index=True)


def _interrupted(bodies, first, beyond, marks, continued) -> np.ndarray:
    """Quotations and clauses that go on in the same sentence behind their tag, both parts of each."""
    parts = np.zeros(len(first), np.bool_)
    for kind in ("direct", "indirect"):
        rows = np.flatnonzero((marks == kind) & (beyond > first))
        before, after = rows[:-1], rows[1:]
        goes_on = continued.to_numpy(bool)[after] & (
            bodies.sentence[beyond[before] - 1] == bodies.sentence[first[after]]
        )
        parts[before[goes_on]] = parts[after[goes_on]] = True
    return parts


def ranges(first: np.ndarray, beyond: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """All whole numbers of each range, with the row of the range, in order."""
    sizes = np.maximum(beyond - first, 0)
    row = np.repeat(np.arange(len(sizes)), sizes)
    return row, np.arange(len(row)) - np.repeat(np.cumsum(sizes) - sizes, sizes) + first[row]


def holders(bodies: Bodies, renderings: pd.DataFrame, kinds: tuple[str, ...]) -> np.ndarray:
    """For each word the rendering of some kinds that holds it, the inner one of two; -1 for none."""
    holder = np.full(len(bodies.start), -1, np.int64)
    rows = np.flatnonzero(np.isin(renderings["marks"].to_numpy(object), kinds))
    size = (renderings["beyond"] - renderings["first"]).to_numpy()[rows]
    rows = rows[np.argsort(-size, kind="stable")]
    row, word = ranges(renderings["first"].to_numpy()[rows], renderings["beyond"].to_numpy()[rows])
    holder[word] = rows[row]
    return holder


def find_pairs(
    bodies: Bodies, renderings: pd.DataFrame, alignments: pd.DataFrame, groups: list[np.ndarray]
) -> pd.DataFrame:
    """Pairs worth comparing.

    Args:
        renderings: of `cut_renderings`. alignments: first, second (rows of sentences, the article that comes first
            first), similarity. groups: for each rendering a number, -1 for none; those of one number that share rare
            words are compared too.

    Returns:
        a, b: renderings, -1 for a sentence in whose words without marks the other is to be found; first_a, beyond_a,
        first_b, beyond_b: words; how: WHOLE, or which is to be found in which; plain: only in words without marks;
        close: the similarity of the sentences, 0 where it is not known.
    """
    n = len(bodies.articles)
    pairs = alignments["first"].to_numpy(np.int64) * n + alignments["second"].to_numpy(np.int64)
    known, at = np.unique(pairs, return_inverse=True)
    close = np.zeros(len(known))
    np.maximum.at(close, at, alignments["similarity"].to_numpy(np.float64))
    bounds = np.searchsorted(renderings["sentence"].to_numpy(), np.arange(n + 1))
    both = np.concatenate([_beside(known, n, bounds), *(_sharing_words(bodies, renderings, one) for one in groups)])
    both = np.unique(both, axis=0) if len(both) else both
    table = pd.concat(
        [
            _two(renderings, both),
            _plain(bodies, renderings, known, n, bounds, first=True),
            _plain(bodies, renderings, known, n, bounds, first=False),
        ],
        ignore_index=True,
    )
    sentence = bodies.sentence[table["first_a"]] * n + bodies.sentence[table["first_b"]]
    place = np.minimum(np.searchsorted(known, sentence), max(len(known) - 1, 0))
    table["close"] = np.where(known[place] == sentence, close[place], 0.0) if len(known) else 0.0
    return table


def _beside(known: np.ndarray, n: int, bounds: np.ndarray) -> np.ndarray:
    """Every rendering of the one with every rendering of the other, for each pair of sentences."""
    first, second = known // n, known % n
    row, a = ranges(bounds[first], bounds[first + 1])
    again, b = ranges(bounds[second[row]], bounds[second[row] + 1])
    return np.stack([a[again], b], axis=1)


def _sharing_words(bodies: Bodies, renderings: pd.DataFrame, groups: np.ndarray) -> np.ndarray:
    """Renderings of one group, in two articles, that share words few others of the group have."""
    row, word = ranges(renderings["first"].to_numpy(), renderings["beyond"].to_numpy())
    use = bodies.content[word] & (groups[row] >= 0)
    stems = np.int64(len(bodies.weights))
    had = np.sort(row[use] * stems + bodies.stems[word[use]])
    had = had[np.append(True, had[1:] != had[:-1])[: len(had)]]
    row, stem = had // stems, had % stems
    weight = np.bincount(row, bodies.weights[stem], minlength=len(renderings))
    order = np.lexsort((row, stem, groups[row]))
    row, stem, group = row[order], stem[order], groups[row[order]]
    # Chunks end with a group, so that all that two renderings share is seen at once.
    ends = np.append(np.flatnonzero(np.diff(group)) + 1, len(group)) if len(group) else np.zeros(0, np.int64)
    cuts = [0, *(int(part[-1]) for part in np.split(ends, np.flatnonzero(np.diff(ends // _CHUNK)) + 1) if len(part))]
    articles = renderings["article"].to_numpy()
    found = [np.zeros((0, 2), np.int64)]
    for begin, stop in pairwise(cuts):
        found.append(_sharing(row[begin:stop], stem[begin:stop], group[begin:stop], articles, weight, bodies.weights))
    return np.concatenate(found)


def _sharing(row, stem, group, articles, weight, weights) -> np.ndarray:
    opens = np.flatnonzero(np.append(True, (np.diff(stem) != 0) | (np.diff(group) != 0)))
    sizes = np.diff(np.append(opens, len(row)))
    opens, sizes = opens[(sizes > 1) & (sizes <= CROWD)], sizes[(sizes > 1) & (sizes <= CROWD)]
    which, one = ranges(opens, opens + sizes)
    again, other = ranges(one + 1, (opens + sizes)[which])
    a, b = row[one[again]], row[other]
    apart = articles[a] != articles[b]
    a, b, share = a[apart], b[apart], weights[stem[other[apart]]]
    pairs, at = np.unique(a * np.int64(len(weight)) + b, return_inverse=True)
    a, b = pairs // len(weight), pairs % len(weight)
    enough = np.bincount(at, share, minlength=len(pairs)) >= SHARED * np.minimum(weight[a], weight[b])
    return np.stack([a[enough], b[enough]], axis=1)


def _two(renderings: pd.DataFrame, both: np.ndarray) -> pd.DataFrame:
    """The table of `find_pairs` for pairs of renderings."""
    a, b = both[:, 0].astype(np.int64), both[:, 1].astype(np.int64)
    first, beyond = renderings["first"].to_numpy(), renderings["beyond"].to_numpy()
    fragment = renderings["fragment"].to_numpy()
    quoted = np.isin(renderings["marks"].to_numpy(object), QUOTED)
    size = beyond - first
    # Two fragments of nearly one size are taken to be the same words; else the shorter is a part of the longer.
    taken = np.isin(renderings["marks"].to_numpy(object), ("partial", "term"))
    alike = taken[a] & taken[b] & (2 * np.maximum(size[a], size[b]) <= 3 * np.minimum(size[a], size[b]) + 1)
    a_in_b = fragment[a] & (size[a] <= size[b]) & ~alike
    b_in_a = fragment[b] & (size[b] <= size[a]) & ~alike & ~a_in_b
    return pd.DataFrame(
        {
            "a": a,
            "b": b,
            "first_a": first[a],
            "beyond_a": beyond[a],
            "first_b": first[b],
            "beyond_b": beyond[b],
            "how": np.where(a_in_b, A_IN_B, np.where(b_in_a, B_IN_A, WHOLE)),
            # A fragment and the words in marks inside a clause are a pair of their own.
            "plain": (a_in_b & quoted[a] & ~quoted[b]) | (b_in_a & quoted[b] & ~quoted[a]),
        }
    )


def _plain(bodies, renderings, known, n, bounds, *, first: bool) -> pd.DataFrame:
    """The table of `find_pairs` for quotations whose words may stand without marks in a sentence."""
    own, other = (known // n, known % n) if first else (known % n, known // n)
    row, rendering = ranges(bounds[own], bounds[own + 1])
    quoted = np.isin(renderings["marks"].to_numpy(object)[rendering], QUOTED)
    row, rendering = row[quoted], rendering[quoted]
    stop = bodies.bounds[other[row] + 1]
    sides = (rendering, renderings["first"].to_numpy()[rendering], renderings["beyond"].to_numpy()[rendering])
    sentence = (np.full(len(row), -1), bodies.bounds[other[row]], stop)
    a, b = (sides, sentence) if first else (sentence, sides)
    table = {"a": a[0], "b": b[0], "first_a": a[1], "beyond_a": a[2], "first_b": b[1], "beyond_b": b[2]}
    return pd.DataFrame({**table, "how": A_IN_B if first else B_IN_A, "plain": True})[sentence[1] < stop]
