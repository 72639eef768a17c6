"""Texts → tokens: integer arrays over one vocabulary, with exact character offsets.

A token is a run of Unicode letters, marks and digits. Inside it are kept, where letters or digits stand on both
sides: apostrophes (``don’t``), hyphens (``cease-fire``), and between digits ``, . /`` (``700,000``, ``9/11``). Single
letters with periods are one token with its last period (``U.S.``, ``U.S.-led``). The clitic ``’s`` is a token of its
own, so that ``Kyiv’s`` counts as ``Kyiv``. Han and Hiragana characters are tokens one by one; Thai and other scripts
without spaces stay one run. Web and mail addresses fall apart into their words.

The loop runs over the UTF-8 bytes of Arrow string buffers (numba, no Python string a token); folding is done once a
type, not once a token.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numba
import numpy as np
import pandas as pd
import pyarrow as pa

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


@dataclass(frozen=True)
class Tokens:
    """The tokens of a sequence of texts, in order.

    Attributes:
        types: int32, a token's raw type (an index into `raw`).
        starts: int32, its first character in its text. byte_starts: int64, its first byte in `data`.
        sizes, byte_sizes: int32, characters and bytes of each raw type (tokens of a type are of one length).
        bounds: int64, text i holds tokens ``bounds[i]`` to ``bounds[i + 1] - 1``.
        data, offsets: the UTF-8 bytes of all texts and where each text begins in them.
        raw: the raw types as printed. folded: the types as counted. fold_of: raw type → folded type.
    """

    types: np.ndarray
    starts: np.ndarray
    byte_starts: np.ndarray
    sizes: np.ndarray
    byte_sizes: np.ndarray
    bounds: np.ndarray
    data: np.ndarray
    offsets: np.ndarray
    raw: list[str]
    folded: list[str]
    fold_of: np.ndarray

    @cached_property
    def ends(self) -> np.ndarray:
        """int32, one past each token's last character."""
        return self.starts + self.sizes[self.types]

    @cached_property
    def byte_ends(self) -> np.ndarray:
        """int64, one past each token's last byte."""
        return self.byte_starts + self.byte_sizes[self.types]

    @cached_property
    def texts(self) -> np.ndarray:
        """int64, the text of each token."""
        return np.repeat(np.arange(len(self.bounds) - 1), np.diff(self.bounds))


def tokenise(texts: Sequence[str | None] | pd.Series | pa.Array) -> Tokens:
    """The tokens of each text; a missing text has none. Any string is allowed.

    Args:
        texts: strings (NFC, if types that look alike are to be counted as one: the fold also normalises).

    Raises:
        ValueError: a partition over 2 GiB (split it: offsets of a text are int32).
    """
    data, offsets = _bytes_of(texts)
    if len(offsets) > 1 and np.diff(offsets).max() >= 2**31:
        raise ValueError("a text over 2 GiB cannot be tokenised; split it")
    types, starts, byte_starts, bounds, first, length = _scan(data, offsets, characters.class_table())
    content = memoryview(data)
    raw = [str(content[at : at + size], "utf-8") for at, size in zip(first.tolist(), length.tolist(), strict=True)]
    fold_of, folded = pd.factorize(np.array([characters.fold(word) for word in raw], dtype=object))
    sizes = np.array([len(word) for word in raw], dtype=np.int32)
    return Tokens(
        types=types,
        starts=starts,
        byte_starts=byte_starts,
        sizes=sizes,
        byte_sizes=length.astype(np.int32),
        bounds=bounds,
        data=data,
        offsets=offsets,
        raw=raw,
        folded=list(folded),
        fold_of=fold_of.astype(np.int32),
    )


def count_words(texts: Sequence[str | None] | pd.Series) -> np.ndarray:
    """int64, the number of tokens of each text."""
    return np.diff(tokenise(texts).bounds)


def _bytes_of(texts: Sequence[str | None] | pd.Series | pa.Array) -> tuple[np.ndarray, np.ndarray]:
    """UTF-8 bytes (uint8) and offsets (int64, one more than texts), without a copy where Arrow holds them so."""
    if isinstance(texts, pd.Series):
        array = pa.array(texts, type=pa.large_string(), from_pandas=True)
    elif isinstance(texts, (pa.Array, pa.ChunkedArray)):
        array = texts.cast(pa.large_string())
    else:
        # A lone surrogate cannot be UTF-8; it is kept as the three bytes it would have, and is no letter.
        array = pa.array(
            [None if text is None else text.encode("utf-8", "surrogatepass") for text in texts], type=pa.large_binary()
        )
    if isinstance(array, pa.ChunkedArray):
        array = array.combine_chunks()
    if array.null_count:
        array = array.fill_null(b"" if pa.types.is_large_binary(array.type) else "")
    _, offset_buffer, data_buffer = array.buffers()
    if not len(array):
        return np.zeros(0, np.uint8), np.zeros(1, np.int64)
    offsets = np.frombuffer(offset_buffer, np.int64)[array.offset : array.offset + len(array) + 1]
    data = np.frombuffer(data_buffer, np.uint8) if data_buffer is not None else np.zeros(0, np.uint8)
    return data, offsets


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


@numba.njit(nogil=True, cache=True, inline="always")
def _hash(data, start, stop):
    """FNV-1a, 64 bits."""
    value = np.uint64(14695981039346656037)
    for at in range(start, stop):
        value = (value ^ np.uint64(data[at])) * np.uint64(1099511628211)
    return value ^ (value >> np.uint64(29))


@numba.njit(nogil=True, cache=True, inline="always")
def _same(data, one, other, length):
    for step in range(length):  # noqa: SIM110 - numba has no all() over a generator
        if data[one + step] != data[other + step]:
            return False
    return True


@numba.njit(nogil=True, cache=True)
def _find(slots, hashes, first, length, data, at, stop, value):
    """The type of the bytes from ``at`` to ``stop``; where it is new, minus the free slot, minus one."""
    mask = len(slots) - 1
    slot = np.int64(value & np.uint64(mask))
    while True:
        known = slots[slot] - 1
        if known < 0:
            return -slot - 1
        if hashes[known] == value and length[known] == stop - at and _same(data, first[known], at, stop - at):
            return np.int64(known)
        slot = (slot + 1) & mask


@numba.njit(nogil=True, cache=True)
def _grown(slots, hashes):
    """A table of types twice as large: slot → type + 1, 0 where empty."""
    larger = np.zeros(2 * len(slots), np.int32)
    mask = np.uint64(len(larger) - 1)
    for slot in slots:
        if slot:
            at = hashes[slot - 1] & mask
            while larger[at]:
                at = (at + np.uint64(1)) & mask
            larger[at] = slot
    return larger


def _scan(data: np.ndarray, offsets: np.ndarray, table: np.ndarray) -> tuple[np.ndarray, ...]:
    """One pass over all bytes: types by open addressing, first characters and bytes of tokens, bounds of texts."""
    n_texts = len(offsets) - 1
    # Two tokens share at least three bytes, or are parted by one: there are never more than half the bytes and two.
    # What is never written is never given a page of memory, so that the room costs nothing.
    room = int(offsets[-1] - offsets[0]) // 2 + 2 * n_texts + 2
    types, starts, byte_starts = np.empty(room, np.int32), np.empty(room, np.int32), np.empty(room, np.int64)
    bounds = np.zeros(n_texts + 1, np.int64)
    slots = np.zeros(1 << 14, np.int32)
    hashes, first, length = np.empty(1 << 13, np.uint64), np.empty(1 << 13, np.int64), np.empty(1 << 13, np.int64)
    state = np.array([0, offsets[0], 0, 0, 0, 0], np.int64)
    # The loop stops where the table of types is full: arrays that grow inside a numba loop make it four times slower.
    while not _scan_on(data, offsets, table, slots, hashes, first, length, types, starts, byte_starts, bounds, state):
        slots = _grown(slots, hashes)
        hashes, first, length = (np.concatenate((grown, np.empty_like(grown))) for grown in (hashes, first, length))
    n, n_types = state[4], state[5]
    return types[:n], starts[:n], byte_starts[:n], bounds, first[:n_types], length[:n_types]


@numba.njit(nogil=True, cache=True)
def _scan_on(data, offsets, table, slots, hashes, first, length, types, starts, byte_starts, bounds, state):
    """Go on from ``state`` (text, byte, character, clitic due, tokens, types); False where the table is full."""
    text, at, character, clitic, n, n_types = state[0], state[1], state[2], state[3] == 1, state[4], state[5]
    while text < len(offsets) - 1:
        end = offsets[text + 1]
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
            value = _hash(data, at, stop)
            known = _find(slots, hashes, first, length, data, at, stop, value)
            if known < 0:
                if n_types == len(hashes):
                    state[0], state[1], state[2], state[3] = text, at, character, np.int64(clitic)
                    state[4], state[5] = n, n_types
                    return False
                slots[-known - 1], hashes[n_types], first[n_types], length[n_types] = n_types + 1, value, at, stop - at
                known = n_types
                n_types += 1
            types[n], starts[n], byte_starts[n] = known, character, at
            n += 1
            at, character, clitic = stop, character + count, follows
        text, character, clitic = text + 1, 0, False
        bounds[text] = n
    state[4], state[5] = n, n_types
    return True


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
