"""Whose words: the voice and the speaker of each token, and the reporter's own labels inside reported clauses."""

from __future__ import annotations

import re

import numba
import numpy as np
import pandas as pd

from analysis import tables
from analysis.coding import grammar
from analysis.coding.cues import CueBook
from analysis.coding.given import lexicon
from analysis.coding.sentences import BOUND, NEIGHBOURS
from analysis.coding.tokens import Tokens

HEADLINE, OWN, DIRECT, INDIRECT = (tables.VOICES.index(voice) for voice in ("headline", "own", "direct", "indirect"))
_BODY = tables.WHERE.index("body")
_PARTS = len(tables.WHERE)
_BEFORE = 12  # tokens that a noun phrase is followed back over


def token_voices(tokens: Tokens, quotes: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """Voice and quotation of each token.

    Args:
        tokens: of headline, deck and body of each article in turn. quotes: as `speech.find_speech` gives them.

    Returns:
        int8, the index in `tables.VOICES`; int64, the row of `quotes` that holds the token, -1 for none. Of rows inside
        each other the innermost counts; what stands in quotation marks is direct also inside a reported clause.
    """
    part = np.arange(len(tokens.bounds) - 1) % _PARTS
    counts = np.diff(tokens.bounds)
    voices = np.repeat(np.where(part == _BODY, OWN, HEADLINE).astype(np.int8), counts)
    holder = np.full(len(tokens.types), -1, np.int64)
    if not len(quotes):
        return voices, holder
    # One number line over all bodies, on which starts and ends of rows are looked up.
    room = int(max(tokens.ends.max(initial=0), quotes["end"].max())) + 1
    line = tokens.texts * room + tokens.starts
    text = (quotes["text"].to_numpy() * _PARTS + _BODY) * room
    first = np.searchsorted(line, text + quotes["start"].to_numpy())
    beyond = np.searchsorted(line, text + quotes["end"].to_numpy())
    indirect = (quotes["kind"] == "indirect").to_numpy(np.bool_)
    # Rows come the longer first, so that the inner one is written over the outer; marks over clauses.
    for rows, voice in ((np.flatnonzero(indirect), INDIRECT), (np.flatnonzero(~indirect), DIRECT)):
        _write(voices, holder, rows, first, beyond, voice)
    return voices, holder


@numba.njit(nogil=True, cache=True)
def _write(voices, holder, rows, first, beyond, voice):
    """Give the tokens of some rows of quotations their voice and row, one row after the other."""
    for row in rows:
        voices[first[row] : beyond[row]] = voice
        holder[first[row] : beyond[row]] = row


def speakers_of(holder: np.ndarray, quotes: pd.DataFrame) -> pd.api.extensions.ExtensionArray:
    """The speaker of each row of quotations that a token (or whatever) lies in; missing for -1."""
    return quotes["speaker"].array.take(np.asarray(holder, np.int64), allow_fill=True)


def sentence_voices(
    sentences: pd.DataFrame, voices: np.ndarray, holder: np.ndarray, quotes: pd.DataFrame
) -> tuple[np.ndarray, np.ndarray]:
    """For each sentence the voice of most of its words, and the row of quotations that holds most words of that voice.

    Args:
        sentences: with first_token and n_words. Of equal voices the first of `tables.VOICES` counts; -1: nobody's row.
    """
    first, size = sentences["first_token"].to_numpy(), sentences["n_words"].to_numpy()
    return _most(voices, holder, first, first + size, len(tables.VOICES), len(quotes))


@numba.njit(nogil=True, cache=True)
def _most(voices, holder, first, beyond, n_voices, n_rows):
    most, rows = np.zeros(len(first), np.int64), np.full(len(first), -1, np.int64)
    of_row = np.zeros(n_rows, np.int64)
    for sentence in range(len(first)):
        own, held = voices[first[sentence] : beyond[sentence]], holder[first[sentence] : beyond[sentence]]
        counts = np.zeros(n_voices, np.int64)
        for voice in own:
            counts[voice] += 1
        most[sentence] = counts.argmax()
        for at in range(len(own)):
            row = held[at]
            if row >= 0 and own[at] == most[sentence]:
                of_row[row] += 1
                best = rows[sentence]
                # Of rows that hold as many the first counts.
                if best < 0 or of_row[row] > of_row[best] or (of_row[row] == of_row[best] and row < best):
                    rows[sentence] = row
        for row in held:
            if row >= 0:
                of_row[row] = 0
    return most, rows


def embedded(
    tokens: Tokens, gaps: np.ndarray, voices: np.ndarray, first: np.ndarray, beyond: np.ndarray, book: CueBook
) -> np.ndarray:
    """Whether each stretch of tokens is a reporter's label inside a reported clause.

    It is where it holds a participle before the noun of a definite phrase (*the occupied towns*), or behind it (*the
    four regions annexed in 2022*), or in its relative clause (*the town that the army took*): a referring expression,
    whose words are the reporter's even where the statement is the speaker's (B. Partee, "The Syntax and Semantics of
    Quotation", 1973). A rule over word classes: it cannot tell where the speaker used the same words.
    """
    found = np.zeros(len(first), np.bool_)
    inside = np.flatnonzero(voices[first] == INDIRECT)
    if not len(inside):
        return found
    for place in inside.tolist():
        for at in range(int(first[place]), int(beyond[place])):
            if grammar.tag_of(tokens.raw[tokens.types[at]], book.tags) in ("e", "V", "B"):
                found[place] = _is_label(tokens, gaps, voices, book, at)
                break
    return found


_DEFINITE = lexicon("the this these those his her its their our all both")
_MODIFIED = re.compile(r"d[#jNTReKVs]*$")
_BEHIND = re.compile(r"(?:[pocVBGvtaw]|[Xt][Rn]*j)d[#jNTrKeRs]*[jNrKe]R*$")
_RELATIVE = re.compile(
    r"(?:d[#jNTrKeRs]*[jNrKe]|N)(?:p[dDjN]+)?(?:[wW][dDTNrjH#]*|H|(?<=[jrK])N{1,3}|(?<=[jrK])d[jr]+)R*X*R*X*R*$"
)


def _is_label(tokens: Tokens, gaps: np.ndarray, voices: np.ndarray, book: CueBook, at: int) -> bool:
    """Whether the participle at a token belongs to a definite noun phrase of its clause."""
    low = at
    while low > 0 and at - low < _BEFORE and gaps[low - 1] != BOUND and voices[low - 1] == INDIRECT:
        low -= 1
    before = "".join(_definite_or_tag(tokens.raw[kind], book) for kind in tokens.types[low:at].tolist())
    ends = gaps[at] == BOUND or at + 1 >= len(tokens.types)
    behind = "" if ends else grammar.tag_of(tokens.raw[tokens.types[at + 1]], book.tags)
    if behind in ("j", "N", "r", "K", "T", "#", "e") and _MODIFIED.search(before):
        return gaps[at] == NEIGHBOURS
    if behind not in ("D", "N", "T", "H", "h", "#", "j") and _BEHIND.search(before):
        return True
    return _RELATIVE.search(before) is not None


def _definite_or_tag(word: str, book: CueBook) -> str:
    """``d`` for a word that makes a phrase definite (the, 's), else its tag."""
    tag = grammar.tag_of(word, book.tags)
    return "d" if tag == grammar.CLITIC or grammar.key(word) in _DEFINITE else tag
