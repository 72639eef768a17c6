"""What each hit of a scale adds, after negation, intensity and contrast; and what a sentence comes to.

The rules are those of VADER (Hutto, C. J., & Gilbert, E. (2014). VADER: A parsimonious rule-based model for sentiment
analysis of social media text. Proceedings of ICWSM, 8, 216-225), over tokens instead of what spaces part:

* From the hit backwards over three words of its sentence (the clitic ’s not counted), nearest first and not over a
  *but*: an intensifier adds its amount to the size of the weight (.95 of it at two words' distance, .9 at three),
  never past 0; a negator multiplies by -.74.
* What stands before the first *but* of a sentence counts half, what stands behind it half as much again.
* The valence of a sentence is S / √(S² + 15), S the sum over its hits: between -1 and 1, and 0 without a hit.

Left out, so that a sentence's valence is made of its hits and of nothing else: capitals (in news they are acronyms
and headlines), exclamation and question marks. A modifier inside a longer hit (`not good` as a pattern of its own)
belongs to that hit. A hit that is itself a modifier (`no`) counts only where it modifies nothing, and one inside a
longer modifier (`no` in `no longer`, `kind` in `kind of`) never.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numba
import numpy as np
import pandas as pd

from analysis.coding import patterns
from analysis.coding.codebook import Codebook, Variable
from analysis.coding.mentions import find_mentions
from analysis.coding.modifiers import REACH, Modifiers
from analysis.coding.sentences import BOUND, sentence_bounds
from analysis.coding.tokens import Tokens, tokenise
from analysis.study import UserError

NEGATION = -0.74
ALPHA = 15.0
BEFORE, BEHIND = 0.5, 1.5  # what a contrast makes of the hits on either side
_NEGATE, _INTENSIFY, _CONTRAST, _NOTHING = range(4)
_KINDS = {"negators": _NEGATE, "intensifiers": _INTENSIFY, "contrast": _CONTRAST, "except": _NOTHING}
_OWN = "\0modifiers"  # no codebook of a user has such a name


def scales(codebooks: Sequence[Codebook]) -> list[tuple[Codebook, str, Variable]]:
    """The variables of kind scale, in order: codebook, name, variable."""
    return [
        (book, name, variable)
        for book in codebooks
        for name, variable in book.variables.items()
        if variable.kind == "scale"
    ]


def modifier_books(codebooks: Sequence[Codebook]) -> list[Codebook]:
    """Codebooks of the modifiers of all scales, for `find_mentions` beside the codebooks; `hit_valences` reads them.

    What a variable excepts takes a modifier's place too, where it is more than that modifier alone. Scales with the
    same modifiers and exceptions have one such codebook.
    """
    return [
        Codebook.model_construct(name=f"{_OWN} {number}", variables={_OWN: _as_variable(listed, exceptions)})
        for number, (listed, exceptions) in enumerate(_modifier_sets(codebooks)[0])
    ]


def _modifier_sets(codebooks: Sequence[Codebook]) -> tuple[list[tuple[Modifiers, list[str]]], list[int]]:
    """The different sets of modifiers with what is excepted beside them; and which of them each scale has, -1: none."""
    sets: list[tuple[Modifiers, list[str]]] = []
    which = []
    for book, _, variable in scales(codebooks):
        listed = book.modifiers_of(variable)
        if listed is not None and (listed, variable.exceptions) not in sets:
            sets.append((listed, variable.exceptions))
        which.append(-1 if listed is None else sets.index((listed, variable.exceptions)))
    return sets, which


def modifiers_said(codebooks: Sequence[Codebook]) -> list[str]:
    """For each scale a line that says which modifiers change its weights, for readers of a codebook or a report."""
    lines = []
    for book, name, variable in scales(codebooks):
        listed = book.modifiers_of(variable)
        whose = "its own" if variable.modifiers is not None else f"those of language {book.language!r}"
        counts = (
            ", ".join(f"{len(members)} {key}" for key, members in listed.lists().items() if members) if listed else ""
        )
        none = "none (its own)" if listed else f"none for language {book.language!r}"
        said = f"{whose}: {counts}" if counts else f"{none}: weights stand as they are"
        lines.append(f"{book.name}.{name}: modifiers: {said}")
    return lines


def _as_variable(listed: Modifiers, exceptions: list[str]) -> Variable:
    """The lists as categories that compete, so that the longest pattern wins."""
    own: set[str] = set()
    if exceptions:
        own = {patterns.normal_form(pattern) for members in listed.lists().values() for pattern in members}
    return Variable.model_construct(
        kind="choice",
        case="insensitive",
        categories={name: members for name, members in listed.lists().items() if members},
        exceptions=[pattern for pattern in exceptions if patterns.normal_form(pattern) not in own],
    )


class _Found(NamedTuple):
    """Modifiers of one set where they stand: tokens ``first`` to ``beyond - 1``, what each is and does.

    whole: what stands in the gap of a pattern (`never … so`) is no part of it.
    """

    first: np.ndarray
    beyond: np.ndarray
    kind: np.ndarray
    amount: np.ndarray
    reach: np.ndarray
    whole: np.ndarray


def hit_valences(
    found: pd.DataFrame, tokens: Tokens, gaps: np.ndarray, first_tokens: np.ndarray, codebooks: Sequence[Codebook]
) -> tuple[pd.DataFrame, np.ndarray]:
    """The hits of the codebooks, without those of modifiers, and the valence of each.

    Args:
        found: as `find_mentions` gives them for ``[*codebooks, *modifier_books(codebooks)]``; its columns of text may
            be categorical, which is faster.
        gaps: what stands behind each token. first_tokens: the first token of each sentence, ascending.

    Returns:
        The rows of `found` that are hits, numbered anew; float64, NaN for kinds other than scale.
    """
    valence = np.full(len(found), np.nan)
    if not scales(codebooks):
        return found, valence
    counted = _counted(tokens)
    sets, which = _modifier_sets(codebooks)
    modifiers = [
        _modifiers_at(found[(found["codebook"] == f"{_OWN} {number}").to_numpy(np.bool_)], listed)
        for number, (listed, _) in enumerate(sets)
    ]
    for (codebook, variable, content), own in zip(scales(codebooks), which, strict=True):
        rows = np.flatnonzero((found["codebook"] == codebook.name) & (found["variable"] == variable))
        hits = found.iloc[rows]
        weight_of = {pattern: weight for listed in content.categories.values() for pattern, weight in listed.items()}
        weights = _looked_up(hits["pattern"], weight_of)
        if own >= 0:
            weights = _modified(hits, weights, modifiers[own], (counted, gaps, first_tokens))
        valence[rows] = weights
    kept = np.flatnonzero(found["variable"] != _OWN)
    return found.iloc[kept].reset_index(drop=True), valence[kept]


def _looked_up(column: pd.Series, values: Mapping[str, float], *, without: float = np.nan) -> np.ndarray:
    """float64, the value of each text of a column; ``without`` for a text that has none."""
    codes, texts = pd.factorize(column)
    return np.array([values.get(text, without) for text in texts], np.float64)[codes]


def _modifiers_at(found: pd.DataFrame, listed: Modifiers) -> _Found:
    """The modifiers of one set, given the matches of its codebook."""
    patterns_listed = [pattern for members in listed.lists().values() for pattern in members]
    gapped = {pattern: 0.0 for pattern in patterns_listed if "…" in pattern or "..." in pattern}
    return _Found(
        found["first"].to_numpy(np.int64),
        found["beyond"].to_numpy(np.int64),
        _looked_up(found["category"], _KINDS).astype(np.int64),
        _looked_up(found["pattern"], listed.intensifiers),
        _looked_up(
            found["pattern"], {negator: listed.reach(negator) for negator in listed.negators}, without=REACH
        ).astype(np.int64),
        _looked_up(found["pattern"], gapped, without=1.0) > 0,
    )


def _modified(
    hits: pd.DataFrame, weights: np.ndarray, at: _Found, line: tuple[np.ndarray, np.ndarray, np.ndarray]
) -> np.ndarray:
    """The weights of the hits of one scale after its modifiers, found ``at`` some tokens of the line."""
    counted, gaps, first_tokens = line
    first, beyond = hits["first"].to_numpy(np.int64), hits["beyond"].to_numpy(np.int64)
    off = _inside_longer(at.first, at.beyond, first, beyond, len(gaps))
    result = _weigh(first, beyond, weights, counted, gaps, at, off)
    contrasts = at.first[(at.kind == _CONTRAST) & ~off]
    if len(contrasts):
        turn = np.full(len(first_tokens), len(gaps), np.int64)
        sentence = np.searchsorted(first_tokens, contrasts, side="right") - 1
        np.minimum.at(turn, sentence, contrasts)
        here = turn[np.searchsorted(first_tokens, first, side="right") - 1]
        result = result * np.where(here == len(gaps), 1.0, np.where(first < here, BEFORE, BEHIND))
    return result


def _counted(tokens: Tokens) -> np.ndarray:
    """Whether each token is a step on the way from a modifier to a hit: all but the clitic ’s."""
    full = np.array([word != "'s" for word in tokens.folded], np.bool_)
    return full[tokens.fold_of[tokens.types]]


def valence_of(total: np.ndarray | pd.Series) -> np.ndarray | pd.Series:
    """Sums of valences → between -1 and 1: S / √(S² + 15), as VADER's compound score."""
    return total / np.sqrt(total * total + ALPHA)


def sentence_valences(hits: pd.DataFrame, sentences: pd.DataFrame, *, codebook: str, variable: str) -> np.ndarray:
    """float64, the valence of each sentence by the hits of one scale.

    Args:
        hits: with codebook, variable, first (token) and valence. sentences: with first_token and n_words, ascending;
            hits outside of them (in headlines, where they are those of bodies) are left out.
    """
    chosen = hits[(hits["codebook"] == codebook) & (hits["variable"] == variable)]
    first, starts = chosen["first"].to_numpy(np.int64), sentences["first_token"].to_numpy(np.int64)
    place = np.searchsorted(starts, first, side="right") - 1
    inside = place >= 0
    inside[inside] = first[inside] < (starts + sentences["n_words"].to_numpy(np.int64))[place[inside]]
    valence = chosen["valence"].to_numpy(np.float64)[inside]
    return valence_of(np.bincount(place[inside], weights=valence, minlength=len(sentences)))


def score(texts: Sequence[str | None] | pd.Series, codebook: Codebook, variable: str | None = None) -> pd.DataFrame:
    """The sentences of some texts and their valence by a scale, the codebook's first where none is named.

    Returns:
        text (its place), sentence (in the text, from 0), start, end, n_words, valence.
    """
    known = [name for _, name, _ in scales([codebook])]
    if not known or (variable is not None and variable not in known):
        asked = f"variable {variable!r}" if variable else "variable"
        raise UserError(
            f"codebook {codebook.name!r} has no {asked} of kind scale; scales: {', '.join(known) or 'none'}"
        )
    tokens = tokenise(texts)
    sentences, gaps = sentence_bounds(tokens)
    found = find_mentions(tokens, gaps, [codebook, *modifier_books([codebook])])
    hits, valence = hit_valences(found, tokens, gaps, sentences["first_token"].to_numpy(), [codebook])
    of_scale = {"codebook": codebook.name, "variable": variable or known[0]}
    valences = sentence_valences(hits.assign(valence=valence), sentences, **of_scale)
    return sentences.drop(columns="first_token").assign(valence=valences)


@numba.njit(nogil=True, cache=True)
def _inside_longer(first, beyond, other_first, other_beyond, n_tokens):
    """Whether each stretch of tokens lies in one of the others (which are apart) that has more tokens."""
    holder = np.full(n_tokens, -1, np.int32)
    for other in range(len(other_first)):
        holder[other_first[other] : other_beyond[other]] = other
    inside = np.zeros(len(first), np.bool_)
    for place in range(len(first)):
        other = holder[first[place]]
        if other >= 0 and other_beyond[other] >= beyond[place]:
            inside[place] = other_beyond[other] - other_first[other] > beyond[place] - first[place]
    return inside


@numba.njit(nogil=True, cache=True)
def _weigh(first, beyond, weights, counted, gaps, at, off):
    """The weight of each hit after the modifiers before it in its sentence."""
    modifier_at = np.full(len(gaps), -1, np.int32)
    furthest = 0
    for place in range(len(at.first)):
        modifier_at[at.first[place] : at.beyond[place]] = place
        furthest = max(furthest, at.reach[place])
    used = np.zeros(len(at.first), np.bool_)
    result = weights.copy()
    for hit in range(len(first)):
        value = weights[hit]
        distance = 0
        for token in range(first[hit] - 1, -1, -1):
            if gaps[token] == BOUND or distance == furthest:
                break
            distance += counted[token]
            place = modifier_at[token]
            if place >= 0 and at.beyond[place] == token + 1 and not off[place] and distance <= at.reach[place]:
                if at.kind[place] == _CONTRAST:
                    break
                if at.kind[place] == _NEGATE:
                    value *= NEGATION
                    used[place] = True
                elif at.kind[place] == _INTENSIFY and value != 0:
                    size = abs(value) + at.amount[place] * (1 - 0.05 * (distance - 1))
                    value = max(size, 0.0) * np.sign(value)
                    used[place] = True
        result[hit] = value
    for hit in range(len(first)):
        place = modifier_at[first[hit]]
        if place >= 0 and at.beyond[place] >= beyond[hit] and not off[place]:
            longer = at.beyond[place] - at.first[place] > beyond[hit] - first[hit]
            if (longer and at.whole[place]) or (not longer and used[place]):
                result[hit] = 0.0
    return result
