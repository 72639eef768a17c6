"""Two renderings of one utterance → which words were kept, cut, added and replaced, in order.

An alignment of whole words (Needleman & Wunsch 1970) that would rather keep a word of content than a function word,
rather keep words in runs than scattered ones, and pairs what lies between kept words one to one, content with content.
`find_window` looks for the stretch of a longer rendering that a fragment is about (Smith & Waterman 1981).

What counts as the same word: case, punctuation at its edges, hyphens, apostrophes, British or American spelling and
numbers up to twelve written out make no difference; ``an`` is ``a``. An inflection does: ``turning`` → ``turn`` is
replaced.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence
from itertools import chain, groupby, pairwise
from typing import NamedTuple

import numba
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from analysis.coding import grammar
from analysis.coding.characters import fold
from analysis.coding.stems import stem_of, stems_of

OPERATIONS = KEPT, CUT, ADDED, REPLACED = ("kept", "cut", "added", "replaced")
Operation = tuple[str, list[str], list[str]]

# What pairing two words is worth: a kept word of content outweighs two kept function words, and a kept function word
# two pairs of different words.
_SAME, _SAME_FUNCTION, _SAME_STEM, _ALIKE, _UNLIKE, _RUN = 12, 5, 8, 2, 1, 2
_MISS = 4  # what a word left out costs inside a window
_ALONE = (1, 2)  # the codes of words that a alone, and b alone, has

_DASHES = re.compile(r"[\s—―]+|(?<=\s)–(?=\s)")
_HYPHENS = re.compile(r"[-‐‑]")
_ACRONYM = re.compile(r"(?<=[^\W\d_])\.(?=[^\W\d_]|$)")
_BRITISH = (
    (re.compile(r"([iy])s(e|ed|es|er|ers|ing|ation|ations)$"), r"\1z\2"),
    (re.compile(r"(?<=\w\w)our(s|ed|ing|ite|ites|able|ably|ful)?$"), r"or\1"),
    (re.compile(r"(?<=[ea])ll(ed|ing|er|ers)$"), r"l\1"),
    (re.compile(r"(?<=[bt])re(s?)$"), r"er\1"),
    (re.compile(r"(?<=en)ce(s?)$"), r"se\1"),
)
_TO_SPELL = re.compile(r"[iy]s|our|ll|re|ce")  # a word without any of these is spelt in one way
# What one of these may change, for Arrow, whose expressions have no looking back.
_SPELT_TWICE = (
    r"(?:[iy]s(?:e|ed|es|er|ers|ing|ation|ations)|..our(?:s|ed|ing|ite|ites|able|ably|ful)?|[ea]ll(?:ed|ing|er|ers)"
    r"|[bt]res?|ences?)$"
)
_WRITTEN = ("two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
_ONE_WORD = {"an": "a", **{word: str(number) for number, word in enumerate(_WRITTEN, 2)}}
_FUNCTION = frozenset(
    (
        grammar.DETERMINER, grammar.SUBJECT, grammar.OBJECT, grammar.CLITIC, grammar.PREPOSITION, grammar.INCLUDING,
        grammar.OF, grammar.TO, grammar.AS, grammar.AND, grammar.BUT, grammar.THAT, grammar.WH, grammar.IF,
        grammar.SUBORDINATOR, grammar.AUXILIARY, grammar.NOT, grammar.ACCORDING,
    )
)  # fmt: skip


def words_of(text: str) -> list[str]:
    """The words of a text as a reader counts them: parted by spaces and dashes, punctuation left on them."""
    return [text[start:end] for start, end in word_spans(text)]


def word_spans(text: str) -> list[tuple[int, int]]:
    """Where each word of `words_of` begins and ends. What holds no letter and no digit is no word."""
    spans: list[tuple[int, int]] = []
    at = 0
    for gap in [*_DASHES.finditer(text), None]:
        end = gap.start() if gap else len(text)
        if text[at : at + 1].isalnum() or any(map(str.isalnum, text[at:end])):
            spans.append((at, end))
        at = gap.end() if gap else end
    return spans


def align_words(words_a: Sequence[str], words_b: Sequence[str]) -> list[Operation]:
    """What happened to each word from one rendering to the other.

    Args:
        words_a, words_b: words as printed (see `words_of`); any strings.

    Returns:
        Runs of (operation, words of a, words of b) in order. *kept* and *replaced* hold words of both, *cut* only of a,
        *added* only of b: the words of all runs are the words given.
    """
    return [(operation, list(chain(*a)), list(chain(*b))) for operation, a, b in align_units(words_a, words_b)]


def align_units(
    words_a: Sequence[str], words_b: Sequence[str]
) -> list[tuple[str, list[tuple[str, ...]], list[tuple[str, ...]]]]:
    """`align_words` before compounds are taken apart: units are paired one to one in *kept* and *replaced*.

    A unit is a word, or the words that the other rendering writes as one with hyphens (``step by step``).
    """
    ids: dict[str, int] = {}
    return align_read(*read_words([words_a, words_b], ids), ids)


class Words(NamedTuple):
    """Words that are to be aligned, as printed and each as a unit; their keys, stems (numbers) and whether they are
    words of content; and the keys of the parts of the compounds among them."""

    printed: list[str]
    units: list[tuple[str, ...]]
    codes: list[np.ndarray]
    compounds: set[tuple[str, ...]]


def read_words(texts: Sequence[Sequence[str]], ids: dict[str, int]) -> list[Words]:
    """What `align_read` needs of the words of texts, each of which may be aligned with several others.

    Args:
        ids: the numbers of keys and stems so far, which grows.
    """
    which, known = pd.factorize(np.array(list(chain.from_iterable(texts)), object))
    coded = [codes[which] for codes in _coded([form_of(word) for word in known], ids)]
    joined = {word: parts for word in known if (parts := _parts(word))}
    bounds = np.cumsum([0, *map(len, texts)]).tolist()
    return [
        Words(
            list(words),
            list(zip(words, strict=True)),
            [codes[start:stop] for codes in coded],
            {joined[word] for word in joined.keys() & words} if joined else set(),
        )
        for words, (start, stop) in zip(texts, pairwise(bounds), strict=True)
    ]


def _parts(word: str) -> tuple[str, ...]:
    """The keys of the parts of a compound with hyphens; none of another word."""
    parts = _HYPHENS.split(word)
    return tuple(form_of(part)[0] for part in parts) if len(parts) > 1 and all(parts) else ()


def _coded(forms: list[tuple[str, str, bool]], ids: dict[str, int]) -> list[np.ndarray]:
    return [
        np.array([ids.setdefault(key, len(ids)) for key, _, _ in forms], np.int32),
        np.array([ids.setdefault("\0" + stem, len(ids)) for _, stem, _ in forms], np.int32),
        np.array([content for _, _, content in forms], np.bool_),
    ]


def align_read(
    a: Words, b: Words, ids: dict[str, int]
) -> list[tuple[str, list[tuple[str, ...]], list[tuple[str, ...]]]]:
    """`align_units` of words that have been read with the same ``ids``."""
    units = _units(a, b.compounds), _units(b, a.compounds)
    if a.printed and a.printed == b.printed:
        return [(KEPT, *units)]
    coded = []
    for own, side in zip((a, b), units, strict=True):
        coded += own.codes if side is own.units else _coded([form_of("-".join(unit)) for unit in side], ids)
    runs = []
    at = [0, 0]
    for code, steps in groupby(align(*coded).tolist()):
        size = sum(1 for _ in steps)
        taken = []
        for side in (0, 1):
            beyond = at[side] + (0 if code == _ALONE[1 - side] else size)
            taken.append(units[side][at[side] : beyond])
            at[side] = beyond
        runs.append((OPERATIONS[code], *taken))
    return runs


@functools.lru_cache(maxsize=1 << 19)  # the types of a large study, which are asked for story by story
def form_of(word: str) -> tuple[str, str, bool]:
    """What a word is compared by: its key, its stem, and whether it is a word of content.

    The stem is that of Snowball's English stemmer (Porter 2001).
    """
    plain = fold(word)
    inner = plain
    if not plain.isalnum():
        inner = plain.strip("".join({character for character in plain if not character.isalnum()}))
    if not inner:
        return plain, plain, False
    base = inner.removesuffix("'s")
    key = _ACRONYM.sub("", _HYPHENS.sub("", base))
    key = _ONE_WORD.get(key, key)
    if _TO_SPELL.search(key):
        for pattern, american in _BRITISH:
            key = pattern.sub(american, key)
    return key + inner[len(base) :], stem_of(key), grammar.closed_tag(grammar.key(inner)) not in _FUNCTION


class Forms(NamedTuple):
    """What `form_of` gives for each of some words: two arrays of text, and bool."""

    keys: pa.Array
    stems: pa.Array
    content: np.ndarray


def forms_of(words: pa.Array, *, plain: np.ndarray | None = None) -> Forms:
    """`form_of` each word. Most words are plain, and looked at all in one go. ``plain``: `is_plain` of them."""
    plain = is_plain(words) if plain is None else plain
    keys = pc.ascii_lower(words)
    stems = pc.replace_with_mask(keys, pa.array(plain), pa.array(stems_of(keys.filter(plain).to_pylist()), keys.type))
    content = ~pc.is_in(keys, pa.array(sorted(grammar.listed_as(_FUNCTION)), keys.type)).to_numpy(zero_copy_only=False)
    odd = [form_of(word) for word in words.filter(~plain).to_pylist()]
    content[~plain] = [entry[2] for entry in odd]
    keys, stems = (
        pc.replace_with_mask(forms, pa.array(~plain), pa.array([entry[at] for entry in odd], keys.type))
        for at, forms in enumerate((keys, stems))
    )
    return Forms(keys, stems, content)


def is_plain(words: pa.Array) -> np.ndarray:
    """bool, whether the key of each word (see `form_of`) is the word itself in small letters: most are."""
    lower = pc.ascii_lower(words)
    letters = pc.match_substring_regex(lower, "^[a-z]+$")
    spelt_twice = pc.match_substring_regex(lower, _SPELT_TWICE)
    written = pc.is_in(lower, pa.array(list(_ONE_WORD), words.type))
    return pc.and_not(letters, pc.or_(spelt_twice, written)).to_numpy(zero_copy_only=False)


def _units(read: Words, compounds: set[tuple[str, ...]]) -> list[tuple[str, ...]]:
    """Words, those taken together that the other side writes as one with hyphens."""
    if not compounds:
        return read.units
    words, keys = read.printed, [form_of(word)[0] for word in read.printed]
    if {parts[0] for parts in compounds}.isdisjoint(keys):
        return read.units
    sizes = sorted({len(parts) for parts in compounds}, reverse=True)
    units: list[tuple[str, ...]] = []
    at = 0
    while at < len(words):
        size = next((size for size in sizes if tuple(keys[at : at + size]) in compounds), 1)
        units.append(tuple(words[at : at + size]))
        at += size
    return units


@numba.njit(nogil=True, cache=True, inline="always")
def _worth(key_a, stem_a, is_content, key_b, stem_b):
    """What two words are worth as a pair; negative for two different ones."""
    if key_a == key_b:
        return _SAME if is_content else _SAME_FUNCTION
    return _SAME_STEM if is_content and stem_a == stem_b else -_MISS


@numba.njit(nogil=True, cache=True)
def align(keys_a, stems_a, content_a, keys_b, stems_b, content_b):
    """The best path: int8 codes (0 kept, 1 cut, 2 added, 3 replaced), in order; of equal paths the leftmost pairs.

    Read from the end, so that the path can be written from the start. A state more tells whether the word before was
    kept.
    """
    n, m = len(keys_a), len(keys_b)
    steps = np.empty((n + 1, m + 1, 2), np.int8)
    below, here = np.zeros((m + 1, 2), np.int64), np.zeros((m + 1, 2), np.int64)
    for i in range(n, -1, -1):
        for j in range(m, -1, -1):
            for after in range(2):
                best, step = np.int64(-1), 1
                if i < n and j < m:
                    worth = _worth(keys_a[i], stems_a[i], content_a[i], keys_b[j], stems_b[j])
                    if keys_a[i] == keys_b[j]:
                        best, step = below[j + 1, 1] + worth + _RUN * after, 0
                    else:
                        other = _ALIKE if content_a[i] == content_b[j] else _UNLIKE
                        best, step = below[j + 1, 0] + max(worth, other), 3
                if i < n and below[j, 0] > best:
                    best, step = below[j, 0], 1
                if j < m and here[j + 1, 0] > best:
                    best, step = here[j + 1, 0], 2
                here[j, after], steps[i, j, after] = max(best, 0), step
        below, here = here, below
    path = np.empty(n + m, np.int8)
    i, j, after, length = 0, 0, 0, 0
    while i < n or j < m:
        step = steps[i, j, after]
        path[length] = step
        length += 1
        i += step != 2
        j += step != 1
        after = 1 if step == 0 else 0
    return path[:length].copy()


@numba.njit(nogil=True, cache=True)
def find_window(keys_a, stems_a, content_a, keys_b, stems_b, content_b, parted_b):
    """The stretch of b that fragment a is about: (first, one past the last), or (0, 0) where no word of content is.

    The best local alignment, and as many words more on either side as a has unpaired ones there, up to the next
    punctuation (``parted_b``: whether it stands behind a word): ``final resolution`` finds ``final solution``.
    """
    n, m = len(keys_a), len(keys_b)
    score = np.zeros((n + 1, m + 1), np.int64)
    best, end_a, end_b = np.int64(0), 0, 0
    for i in range(1, n + 1):
        for j in range(1, m + 1):
            pair = _worth(keys_a[i - 1], stems_a[i - 1], content_a[i - 1], keys_b[j - 1], stems_b[j - 1])
            value = max(0, score[i - 1, j - 1] + pair, score[i - 1, j] - _MISS, score[i, j - 1] - _MISS)
            score[i, j] = value
            if value > best:
                best, end_a, end_b = value, i, j
    i, j, found = end_a, end_b, False
    while i > 0 and j > 0 and score[i, j] > 0:
        pair = _worth(keys_a[i - 1], stems_a[i - 1], content_a[i - 1], keys_b[j - 1], stems_b[j - 1])
        if score[i, j] == score[i - 1, j - 1] + pair:
            found |= content_a[i - 1] and pair > 0
            i, j = i - 1, j - 1
        elif score[i, j] == score[i - 1, j] - _MISS:
            i -= 1
        else:
            j -= 1
    if not found:
        return 0, 0
    first, beyond = j, end_b
    while i > 0 and first > 0 and not parted_b[first - 1]:
        i, first = i - 1, first - 1
    while end_a < n and beyond < m and not parted_b[beyond - 1]:
        end_a, beyond = end_a + 1, beyond + 1
    # A window that was stretched begins and ends as the fragment does: with a word of content, or without.
    while first < j and content_b[first] != content_a[0]:
        first += 1
    while beyond > end_b and content_b[beyond - 1] != content_a[n - 1]:
        beyond -= 1
    return first, beyond
