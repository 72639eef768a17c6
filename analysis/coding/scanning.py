"""Where words stand in UTF-8 bytes: the rules of tokens, as one loop.

What a token is, `tokens` says in words and tests/coding/reference.py once more in plain Python. All arguments are
numbers and arrays of them, so that numba compiles the loop once and threads can run it side by side.
"""

from __future__ import annotations

import numba
import numpy as np

from analysis.coding import characters
from analysis.coding.characters import (
    APOSTROPHE,
    COMMA,
    DIGIT,
    HYPHEN,
    IDEOGRAPH,
    LETTER,
    MARK,
    PERIOD,
    SLASH,
    SOFT,
)
from analysis.coding.eights import ascii_letters, load


@numba.njit(nogil=True, cache=True, inline="always")
def decode(data, at, end):
    """The code point at byte ``at`` and its width in bytes; text is valid UTF-8 up to ``end``."""
    byte = data[at]
    if byte < 0x80:
        return np.int64(byte), 1
    if byte < 0xE0 and at + 1 < end:
        return (np.int64(byte & 0x1F) << 6) | np.int64(data[at + 1] & 0x3F), 2
    if byte < 0xF0 and at + 2 < end:
        return (np.int64(byte & 0x0F) << 12) | (np.int64(data[at + 1] & 0x3F) << 6) | np.int64(data[at + 2] & 0x3F), 3
    if at + 3 < end:
        return (
            (np.int64(byte & 0x07) << 18)
            | (np.int64(data[at + 1] & 0x3F) << 12)
            | (np.int64(data[at + 2] & 0x3F) << 6)
            | np.int64(data[at + 3] & 0x3F)
        ), 4
    return np.int64(0), 1


@numba.njit(nogil=True, cache=True, inline="always")
def _class_at(data, at, end, table):
    """The class of the character at byte ``at`` and its width; class 0 at the end."""
    if at >= end:
        return np.uint8(0), 0
    code, width = decode(data, at, end)
    return table[code], width


@numba.njit(nogil=True, cache=True, inline="always")
def _is_word(kind):
    return kind == LETTER or kind == DIGIT or kind == MARK


@numba.njit(nogil=True, cache=True)
def _is_clitic(data, at, end, table):
    """Whether the letter at ``at`` is an s (S) with no word character after it."""
    if data[at] != 115 and data[at] != 83:
        return False
    kind, _ = _class_at(data, at + 1, end, table)
    return not _is_word(kind) and kind != IDEOGRAPH


@numba.njit(nogil=True, cache=True)
def _plain_end(data, at, end, table):
    """Byte end of a word of two or more ASCII letters that nothing can go on from; ``at`` where it is no such word.

    Nine words in ten are such: they are spared the rules of `_word_end`, which would end them at the same place.
    """
    stop = at
    while stop + 8 <= end:
        run = ascii_letters(load(data, stop))
        stop += run
        if run < 8:
            break
    else:
        while stop < end and data[stop] < 0x80 and table[data[stop]] == LETTER:
            stop += 1
        if stop == end:
            return stop
    if stop - at < 2 or data[stop] >= 0x80:
        return at
    kind = table[data[stop]]
    return at if kind == APOSTROPHE or kind == HYPHEN or kind == DIGIT else stop


@numba.njit(nogil=True, cache=True)
def _word_end(data, at, end, table):
    """Byte end of the word that begins at ``at``, its characters, and whether a clitic follows it."""
    letters = 0  # letters since the start, the last period or the last hyphen: acronyms have one a period
    plain = True  # nothing but letters and marks since then
    dotted = False  # an inner period has been kept
    before = np.uint8(0)
    count = 0
    while at < end:
        kind, width = _class_at(data, at, end, table)
        if _is_word(kind):
            letters += kind == LETTER
            plain &= kind != DIGIT
            before = kind
            at += width
            count += 1
            continue
        after, after_width = _class_at(data, at + width, end, table)
        if kind == SOFT:
            # Joiners of Persian and Indic scripts, soft hyphens: inside a word only.
            if not _is_word(after):
                break
        elif kind == APOSTROPHE:
            if after != LETTER and not (after == DIGIT and before == DIGIT):
                break
            if _is_clitic(data, at + width, end, table):
                return at, count, True
            letters = 2
        elif kind == HYPHEN:
            if after != LETTER and after != DIGIT:
                break
            letters, plain, dotted = 0, True, False
        elif kind == PERIOD:
            if before == DIGIT and after == DIGIT:
                pass
            elif plain and letters == 1:
                beyond, _ = _class_at(data, at + width + after_width, end, table)
                if after == LETTER and not _is_word(beyond) and beyond != APOSTROPHE:
                    letters, dotted = 0, True
                elif dotted and not _is_word(after):
                    # The last period belongs to the acronym; a hyphen may go on from it (U.S.-led).
                    at += width
                    count += 1
                    beyond, _ = _class_at(data, at + after_width, end, table)
                    if after == HYPHEN and (beyond == LETTER or beyond == DIGIT):
                        letters, plain, dotted = 0, True, False
                        at += after_width
                        count += 1
                        continue
                    return (
                        at,
                        count,
                        after == APOSTROPHE
                        and at + after_width < end
                        and _is_clitic(data, at + after_width, end, table),
                    )
                else:
                    break
            else:
                break
        elif kind == COMMA or kind == SLASH:
            if before != DIGIT or after != DIGIT:
                break
        else:
            break
        before = kind
        at += width
        count += 1
    return at, count, False


def find_words(data: np.ndarray, offsets: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """The tokens of texts that stand in ``data`` one behind the other, text i from ``offsets[i]`` on.

    Returns:
        Each token's first character in its text (int32), first byte in ``data`` (int64) and length in bytes (int32);
        and how many tokens there are up to each text.
    """
    # What is never written is never given a page of memory, so that the room costs nothing.
    room = most_words(offsets)
    starts, byte_starts, lengths = np.empty(room, np.int32), np.empty(room, np.int64), np.empty(room, np.int32)
    bounds = write_words(data, offsets, characters.class_table(), starts, byte_starts, lengths)
    n = bounds[-1]
    return starts[:n], byte_starts[:n], lengths[:n], bounds


def most_words(offsets: np.ndarray) -> int:
    """More tokens than this are not in such texts: two share at least three bytes, or are parted by one."""
    return int(offsets[-1] - offsets[0]) // 2 + 2 * len(offsets)


@numba.njit(nogil=True, cache=True)
def write_words(data, offsets, table, starts, byte_starts, lengths):
    """The same written into arrays with room for `most_words`; how many tokens there are up to each text."""
    bounds = np.zeros(len(offsets), np.int64)
    n = 0
    for text in range(len(offsets) - 1):
        at, end = offsets[text], offsets[text + 1]
        character, clitic = 0, False  # the next one's number in its text; whether a clitic begins here
        while at < end:
            follows = False
            if clitic:
                _, width = decode(data, at, end)
                stop, count = at + width + 1, 2
            else:
                kind, width = _class_at(data, at, end, table)
                if kind == IDEOGRAPH:
                    stop, count = _ideograph_end(data, at, end, table)
                elif _is_word(kind):
                    stop = _plain_end(data, at, end, table)
                    count = stop - at
                    if count == 0:
                        stop, count, follows = _word_end(data, at, end, table)
                else:
                    at, character = at + width, character + 1
                    continue
            starts[n], byte_starts[n], lengths[n] = character, at, stop - at
            n += 1
            at, character, clitic = stop, character + count, follows
        bounds[text + 1] = n
    return bounds


@numba.njit(nogil=True, cache=True)
def _ideograph_end(data, at, end, table):
    """Byte end of an ideograph with the marks that follow it, and its characters."""
    _, width = decode(data, at, end)
    stop, count = at + width, 1
    after, width = _class_at(data, stop, end, table)
    while after == MARK:
        stop, count = stop + width, count + 1
        after, width = _class_at(data, stop, end, table)
    return stop, count
