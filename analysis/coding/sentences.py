"""Sentence bounds from rules over the tokens and the characters between them.

A sentence ends at ``. ! ? …`` (and their kin in other scripts), with the marks and brackets that close behind it,
where what follows can begin one; at every line break; at the end of the text. A stop is no end before a small letter,
behind a title (``Mr. Putin``), an initial (``J. Smith``) or an abbreviation (``U.S. troops``) unless a word that often
opens a sentence follows (``in the U.S. The``), nor where a speaker follows a quotation (``“Why?” Smith asked``).

The rules ask a word's *type* for its flags, found once each; the loop over tokens compares integers only.
"""

from __future__ import annotations

import numba
import numpy as np
import pandas as pd

from analysis.coding import characters, words
from analysis.coding.characters import APOSTROPHE, HYPHEN, LETTER, NEWLINE, PERIOD, QUOTE, SPACE, STOP
from analysis.coding.gaps import BOUND as BOUND
from analysis.coding.gaps import NEIGHBOURS as NEIGHBOURS
from analysis.coding.gaps import PARTED as PARTED
from analysis.coding.scanning import decode
from analysis.coding.tokens import Tokens
from analysis.coding.words import (
    CALENDAR,
    CAPITAL,
    CLOCK,
    DOTTED,
    INITIAL,
    NEVER_LAST,
    NUMBER,
    NUMBERED,
    OPENER,
    PROPER,
    SHORT,
    SMALL,
    SPEECH,
    TITLE,
    WHOLE,
)

# Words whose period is part of them: it does not part them from the next word (Mr. Putin, U.S. troops).
_KEEPS_PERIOD = DOTTED | TITLE | SHORT | INITIAL | NEVER_LAST | NUMBERED

# What a gap may hold.
_PLAIN, _MARKS, _LINE, _PERIOD, _BANG, _ELLIPSIS, _FULL = range(7)


def sentence_bounds(tokens: Tokens) -> tuple[pd.DataFrame, np.ndarray]:
    """The sentences of each text, and what stands in the gap behind each token.

    Returns:
        A DataFrame with the columns text, sentence (number in the text), start, end (characters in the text, white
        space around it left out), n_words, first_token; and uint8 per token: NEIGHBOURS, PARTED or BOUND.
        A text without a word has no sentence.
    """
    gaps, starts, ends, last = read_bounds(
        tokens.data,
        tokens.offsets,
        tokens.bounds,
        tokens.types,
        tokens.starts,
        tokens.byte_starts,
        tokens.sizes,
        tokens.byte_sizes,
        words.flags_of(tokens.raw_strings),
        characters.class_table(),
    )
    first = np.concatenate((np.zeros(min(1, len(last)), np.int64), last[:-1] + 1))
    texts = np.searchsorted(tokens.bounds, last, side="right") - 1
    table = pd.DataFrame(
        {
            "text": texts,
            "sentence": np.arange(len(last)) - np.searchsorted(texts, texts),
            "start": starts,
            "end": ends,
            "n_words": last - first + 1,
            "first_token": first,
        }
    )
    return table, gaps


@numba.njit(nogil=True, cache=True)
def read_bounds(data, offsets, bounds, types, starts, byte_starts, sizes, byte_sizes, flags, table):
    """The gap behind each token; and of each sentence its first character, one past its last, and its last token."""
    gaps = np.zeros(len(types), np.uint8)
    begin, finish, last = np.empty(len(types), np.int64), np.empty(len(types), np.int64), np.empty(len(types), np.int64)
    n = 0
    for text in range(len(bounds) - 1):
        head, beyond = bounds[text], bounds[text + 1]
        if head == beyond:
            continue
        begin[n] = _after_space(data, offsets[text], byte_starts[head], 0, table)
        for token in range(head, beyond - 1):
            # Most words end with an ASCII letter and a space: nothing of their type need be known.
            until = byte_starts[token + 1]
            if data[until - 1] == 32 and data[until - 2] < 0x80 and table[data[until - 2]] == LETTER:
                continue
            this = types[token]
            dotted = flags[this] & DOTTED
            at = byte_starts[token] + byte_sizes[this]
            if until - at == 1 and data[at] == 32 and not dotted:
                continue
            kind, closed, tight, stop, resume = _read_gap(
                data, at, until, starts[token] + sizes[this], dotted != 0, table
            )
            if kind == _LINE or (
                kind > _LINE
                and _is_end(data, byte_starts, byte_sizes, types, flags, token, head, beyond, kind, closed, tight)
            ):
                gaps[token], finish[n], last[n], begin[n + 1] = BOUND, stop, token, resume
                n += 1
                head = token + 1
            elif kind == _MARKS or (kind > _LINE and not flags[this] & _KEEPS_PERIOD):
                gaps[token] = PARTED
        token = beyond - 1
        this = types[token]
        at = byte_starts[token] + byte_sizes[this]
        gaps[token], last[n] = BOUND, token
        finish[n] = _line_end(data, at, offsets[text + 1], starts[token] + sizes[this], table)
        n += 1
    return gaps, begin[:n].copy(), finish[:n].copy(), last[:n].copy()


@numba.njit(nogil=True, cache=True)
def _after_space(data, at, until, character, table):
    """The first character from byte ``at`` on that is no white space."""
    while at < until:
        code, width = decode(data, at, until)
        if table[code] != SPACE and table[code] != NEWLINE:
            break
        at += width
        character += 1
    return character


@numba.njit(nogil=True, cache=True)
def _line_end(data, at, until, character, table):
    """One past the last character of the line that is no white space."""
    end = character
    while at < until:
        code, width = decode(data, at, until)
        if table[code] == NEWLINE:
            break
        at += width
        character += 1
        if table[code] != SPACE:
            end = character
    return end


@numba.njit(nogil=True, cache=True)
def _read_gap(data, at, until, character, dotted, table):
    """What stands between two tokens.

    Returns the kind; whether a quotation closes behind the stop; whether the next word follows without a space; where
    a sentence that ends here ends and where the next one starts, in characters.
    """
    first, first_character = at, character
    kind = _PERIOD if dotted else _PLAIN
    closed, stop, resume, stops = False, character, character, 0
    spaced = False  # white space has been seen behind the stop
    over = False  # the stop and what closes behind it have been read
    foreign = False  # a mark stands directly behind the stop: no end (`Inc.,`)
    while at < until:
        code, width = decode(data, at, until)
        group = table[code]
        at += width
        character += 1
        if group == NEWLINE:
            end = _line_end(data, first, until, first_character, table)
            return _LINE, False, False, end, _after_lines(data, first, until, first_character, table)
        if group == PERIOD or group == STOP:
            if over and not (group == PERIOD and kind == _ELLIPSIS):
                continue
            if kind >= _PERIOD and spaced and group != PERIOD:
                continue
            stops += 1
            kind, over, spaced, foreign = _stop_kind(code, kind, stops), False, False, False
            stop = resume = character
        elif kind < _PERIOD:
            if group != SPACE and group != QUOTE and group != APOSTROPHE and group != HYPHEN:
                kind = _MARKS
        elif group == SPACE:
            if not spaced or resume == character - 1:
                resume = character
            spaced = True
        elif not spaced and (group == QUOTE or group == APOSTROPHE or code == 41 or code == 93 or code == 125):
            closed |= group == QUOTE or group == APOSTROPHE
            stop = resume = character
        else:
            foreign |= not spaced
            over = True
    if foreign:
        return _MARKS, False, False, stop, resume
    return kind, closed, not spaced, stop, resume


@numba.njit(nogil=True, cache=True)
def _after_lines(data, at, until, character, table):
    """The first character behind the last line break that is no white space."""
    resume = character
    seek = False
    while at < until:
        code, width = decode(data, at, until)
        if table[code] == NEWLINE:
            seek = True
        elif seek and table[code] != SPACE:
            resume, seek = character, False
        at += width
        character += 1
    return character if seek else resume


@numba.njit(nogil=True, cache=True)
def _stop_kind(code, before, stops):
    """The kind that a stop gives a gap in which ``stops`` of them have been read."""
    if code == 46:  # a second period makes an ellipsis; behind ! or ? it changes nothing
        if before == _BANG or before == _FULL:
            return before
        return _ELLIPSIS if stops >= 2 else _PERIOD
    if code == 33 or code == 63:
        return _BANG
    return _ELLIPSIS if code == 0x2026 else _FULL


@numba.njit(nogil=True, cache=True)
def _is_end(data, byte_starts, byte_sizes, types, flags, token, head, beyond, kind, closed, tight):
    """Whether the stop behind ``token`` ends a sentence that began at token ``head``."""
    this, following = flags[types[token]], flags[types[token + 1]]
    if kind == _FULL:  # the stops of scripts that have no capitals
        return True
    if tight:  # no space behind it: an address, or a space lost (`Moscow.The`)
        return this & WHOLE != 0 and following & PROPER != 0
    if following & SMALL:
        return False
    if closed and _speaker_follows(byte_starts, byte_sizes, types, flags, token + 1, beyond):
        return False
    if kind == _BANG:
        return True
    if kind == _ELLIPSIS:
        return following & NUMBER == 0
    if closed:
        return True
    opens = following & OPENER != 0
    if following & INITIAL:  # A or I: a word where a small letter follows, else an initial
        opens = opens and token + 2 < beyond and flags[types[token + 2]] & SMALL != 0
    if this & NUMBER and token == head:  # the number of an item in a list
        return False
    if this & CLOCK:
        return following & (CALENDAR | NUMBER) == 0
    if this & (TITLE | NEVER_LAST) or (this & NUMBERED and following & NUMBER):
        return False
    if this & (SHORT | INITIAL):
        return (
            opens or data[byte_starts[token + 1] + byte_sizes[types[token + 1]]] == 58
        )  # a label opens (`in the U.S. Image: …`)
    return True


@numba.njit(nogil=True, cache=True)
def _speaker_follows(byte_starts, byte_sizes, types, flags, token, beyond):
    """Whether a name and a verb of speech follow (``Smith asked``, ``Ms. Smith said``)."""
    for step in range(6):
        if token + step >= beyond:
            return False
        this = flags[types[token + step]]
        if step and this & SPEECH:
            return True
        if not this & CAPITAL or this & OPENER:
            return False
        end = byte_starts[token + step] + byte_sizes[types[token + step]]
        if token + step + 1 < beyond and byte_starts[token + step + 1] - end > 2:
            return False
    return False
