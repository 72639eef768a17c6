"""Sentiment by target: how the sentence that names an actor speaks of it.

Words of judgement are the hits of the study's first scale and of the codebook `evaluations` (see `target_words`); what
each adds to a target is told by clause, role and speaker (see `target_weights`). Where these say next to nothing
(|S'| below .3) and the scale's words in the sentence are bad on the whole, 8 % of each is added: in a grim sentence
who is named seldom looks well. A good tone says nothing of that kind. The sum S' becomes

    S = S' · S'² / (S'² + d²)        valence = S / √(S² + 15)        d = 0.7, of praise 1.085

The first factor counts little what has little evidence: of a sum of d, a half; of 3 d, nine tenths; what single faint
words give stays inside ±.05, the bounds of the neutral class (blame leaves it from about -.55, praise from about .7:
polite words are common in news). Rules only, written for English news; nothing is trained, and what had to be set (d
too) was set on benchmarks/targets_dev.yml and targets_tuning.yml, where a little more or less changes little.
How right it is on texts of its own and on texts that it was not made with stands in benchmarks/targets.md.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import pandas as pd

from analysis import tables
from analysis.coding import target_weights
from analysis.coding.codebook import Codebook
from analysis.coding.cues import cue_book
from analysis.coding.mentions import find_mentions
from analysis.coding.sentiment import hit_valences, modifier_books, scales, valence_of
from analysis.coding.target_signs import read_signs
from analysis.coding.target_words import BOOK, Words, evaluations, renamed, words_of
from analysis.coding.tokens import Tokens

DOUBT = 0.7  # of a sum of this size half counts, where it is blame
PRAISE = 1.55  # so many times as much where it is praise
TONE, _SILENT = 0.08, 0.3  # of the sentence's bad tone, where the words about the target add up to less than the second
_SHOWN = 0.00005  # what adds less is not named
_BODY, _PARTS = tables.WHERE.index("body"), len(tables.WHERE)


def find_targets(
    mentions: pd.DataFrame,
    hits: pd.DataFrame,
    tokens: Tokens,
    gaps: np.ndarray,
    bounds: pd.DataFrame,
    spoken: tuple[np.ndarray, pd.DataFrame],
    codebooks: Sequence[Codebook],
    *,
    judged: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """The *targets* table: the mentions of variables of kind actor, with `valence` and `evidence`.

    Args:
        mentions: the table *mentions*; hits: of the same rows, as for `target_valences`, which has the other arguments.
    """
    found = target_valences(hits, tokens, gaps, bounds, spoken, codebooks, judged=judged)
    columns = [column for column in tables.TABLES["targets"].columns if column in mentions.columns]
    named = mentions[[*columns, "category"]].iloc[found["row"].to_numpy()]
    named = named.rename(columns={"category": "actor"}).reset_index(drop=True)
    named = named.assign(valence=found["valence"].to_numpy(), evidence=found["evidence"].array)
    return tables.validate("targets", named, encoded=True)


def target_valences(
    hits: pd.DataFrame,
    tokens: Tokens,
    gaps: np.ndarray,
    bounds: pd.DataFrame,
    spoken: tuple[np.ndarray, pd.DataFrame],
    codebooks: Sequence[Codebook],
    *,
    steps: int = target_weights.ALL,
    doubt: float = DOUBT,
    book: Codebook | None = None,
    judged: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """How each naming of an actor is spoken of.

    Args:
        hits: of all codebooks: first, beyond (tokens), codebook, variable, category, valence, in_name. Those in names
            are no words of judgement. gaps, bounds: as `sentence_bounds` gives them. spoken: the row of ``quotes`` that
            holds each token (-1: none), and ``quotes`` as `find_speech` gives them. codebooks: the first variable of
            kind scale is the study's; one named ``evaluations`` takes the place of the shipped one.
        steps, doubt, book: what `benchmarks.targets` leaves out or changes to see what it gives.
        judged: the hits of the words of judgement (`target_words.judging`), with valence; None: they are looked for.

    Returns:
        row (of ``hits``), valence (NaN where no codebook has a scale, 0 without a word of judgement), evidence (``word
        (what it adds to S); …``, in order of the text, of what adds .0001 or more; missing without one).
    """
    is_actor = np.zeros(len(hits), np.bool_)
    for codebook in codebooks:
        for name, variable in codebook.variables.items():
            if variable.kind == "actor":
                is_actor |= ((hits["codebook"] == codebook.name) & (hits["variable"] == name)).to_numpy(np.bool_)
    rows = np.flatnonzero(is_actor)
    known = [scale for scale in scales(codebooks) if scale[0].name != BOOK]
    if not known or not len(rows):
        nothing = pd.array([None] * len(rows), dtype="str")
        return pd.DataFrame({"row": rows, "valence": np.full(len(rows), np.nan), "evidence": nothing})
    own = (hits["codebook"] == known[0][0].name) & (hits["variable"] == known[0][1]) & ~hits["in_name"]
    book = book or evaluations(codebooks)
    judged = _judged(tokens, gaps, bounds, book) if judged is None else judged
    words = words_of(judged, hits[own], known[0][2], book)
    named = hits.iloc[rows]
    target, hit, value = _added(named, words, tokens, bounds, spoken, codebooks, steps)
    total = np.bincount(target, weights=value, minlength=len(rows)).astype(np.float64)
    if steps & target_weights.TONE:
        quiet = np.flatnonzero(np.abs(total) < _SILENT)
        more_target, more_hit = _of_sentences(quiet, named, words, bounds)
        target, hit = np.concatenate([target, more_target]), np.concatenate([hit, more_hit])
        value = np.concatenate([value, TONE * words.tone[more_hit]])
        # A word that also counts for itself is one entry.
        places, once = np.unique(target * len(words.first) + hit, return_inverse=True)
        value = np.bincount(once, weights=value, minlength=len(places)).astype(np.float64)
        target, hit = np.divmod(places, max(len(words.first), 1))
        total = np.bincount(target, weights=value, minlength=len(rows)).astype(np.float64)
    unsure = np.where(total > 0, PRAISE, 1.0) * doubt
    share = total**2 / (total**2 + unsure**2 + (total == 0))
    evidence = _evidence(tokens, words, target, hit, value * share[target], len(rows))
    return pd.DataFrame({"row": rows, "valence": valence_of(total * share), "evidence": evidence})


def _judged(tokens: Tokens, gaps: np.ndarray, bounds: pd.DataFrame, book: Codebook) -> pd.DataFrame:
    """The hits of a codebook of words of judgement, with their valence."""
    books = [renamed(book)]
    found = find_mentions(tokens, gaps, [*books, *modifier_books(books)])
    judged, valence = hit_valences(found, tokens, gaps, bounds["first_token"].to_numpy(), books)
    return judged.assign(valence=valence)


def _added(
    named: pd.DataFrame,
    words: Words,
    tokens: Tokens,
    bounds: pd.DataFrame,
    spoken: tuple[np.ndarray, pd.DataFrame],
    codebooks: Sequence[Codebook],
    steps: int,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Target (row of ``named``), hit (row of ``words``) and what it adds."""
    first_tokens = bounds["first_token"].to_numpy(np.int64)
    first, beyond = named["first"].to_numpy(np.int64), named["beyond"].to_numpy(np.int64)
    sentence = np.searchsorted(first_tokens, first, side="right") - 1
    read = np.unique(sentence)
    order = np.argsort(sentence, kind="stable")
    starts = first_tokens[read]
    ends = starts + bounds["n_words"].to_numpy(np.int64)[read]
    verbs = words.first[(words.of_object != 0) | (words.of_subject != 0)]
    target, hit, value = target_weights.weigh(
        read_signs(tokens, cue_book(codebooks), (starts, ends), verbs),
        (starts, ends),
        (first[order], beyond[order], np.searchsorted(sentence[order], np.append(read, len(first_tokens)))),
        (*words[:-1], np.searchsorted(words.first, starts), np.searchsorted(words.first, ends)),
        (spoken[0], *_speakers(tokens, spoken[1])),
        steps,
    )
    return order[target], hit, value


def _of_sentences(
    quiet: np.ndarray, named: pd.DataFrame, words: Words, bounds: pd.DataFrame
) -> tuple[np.ndarray, np.ndarray]:
    """Target and hit: the words of the scale in the sentences of some targets, where they are bad on the whole."""
    first_tokens = bounds["first_token"].to_numpy(np.int64)
    sentence = np.searchsorted(first_tokens, named["first"].to_numpy(np.int64)[quiet], side="right") - 1
    low = np.searchsorted(words.first, first_tokens[sentence])
    high = np.searchsorted(words.first, first_tokens[sentence] + bounds["n_words"].to_numpy(np.int64)[sentence])
    sums = np.concatenate([[0.0], np.cumsum(words.tone)])
    bad = sums[high] - sums[low] < -_SHOWN
    quiet, low, count = quiet[bad], low[bad], (high - low)[bad]
    within = np.arange(count.sum()) - np.repeat(np.cumsum(count) - count, count)
    hit = np.repeat(low, count) + within
    told = words.tone[hit] != 0
    return np.repeat(quiet, count)[told], hit[told]


def _speakers(tokens: Tokens, quotes: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """First token and one past the last of the speaker of each row of quotations; -1 and -1 where none is printed."""
    begin = quotes["speaker_start"].to_numpy(dtype=np.int64, na_value=-1)
    stop = quotes["speaker_end"].to_numpy(dtype=np.int64, na_value=-1)
    room = int(max(tokens.ends.max(initial=0), stop.max(initial=0))) + 1
    line = tokens.texts * room + tokens.starts
    text = (quotes["text"].to_numpy(np.int64) * _PARTS + _BODY) * room
    printed = begin >= 0
    return (
        np.where(printed, np.searchsorted(line, text + begin), -1),
        np.where(printed, np.searchsorted(line, text + stop), -1),
    )


def _evidence(
    tokens: Tokens, words: Words, target: np.ndarray, hit: np.ndarray, value: np.ndarray, n: int
) -> pd.api.extensions.ExtensionArray:
    """For each target its words and what each adds, as text."""
    shown = np.abs(value) >= _SHOWN
    target, hit, value = target[shown], hit[shown], value[shown]
    order = np.argsort(target, kind="stable")
    target, hit, value = target[order], hit[order], value[order]
    first, beyond = words.first[hit], words.beyond[hit]
    raw = np.array(tokens.raw, dtype=object)
    printed = raw[tokens.types[first]]
    longer = np.flatnonzero(beyond - first > 1)
    printed[longer] = [" ".join(raw[tokens.types[first[row] : beyond[row]]]) for row in longer.tolist()]
    listed = [f"{word} ({amount:+.4f})" for word, amount in zip(printed.tolist(), value.tolist(), strict=True)]
    bounds = np.searchsorted(target, np.arange(n + 1)).tolist()
    joined = ["; ".join(listed[low:high]) or None for low, high in pairwise(bounds)]
    return pd.array(joined, dtype="str")
