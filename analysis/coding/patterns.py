"""Patterns over tokens: parsed once, expanded once against a vocabulary, matched as sequences of type ids.

A pattern is words parted by spaces. ``*`` stands for any characters and ``?`` for one, inside a word; ``…`` (or
``...``) between words lets up to three words stand there. The words of a phrase are neighbours: nothing but spaces,
quotation marks and hyphens may part them, and no phrase, nor a gap, reaches over the end of a sentence. A compound is
found with a hyphen and with a space, whichever the pattern has. ``Kyiv's`` is two tokens, as in the text. Marks between
the words of a pattern stand for themselves (``AT&T``, ``rock & roll``, ``Washington, D.C.``), with spaces or without;
a period behind an abbreviation (``Mr.``) may be written or not.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numba
import numpy as np

from analysis.coding import characters
from analysis.coding.sentences import BOUND, NEIGHBOURS, PARTED
from analysis.coding.tokens import Tokens, tokenise

GAP_WORDS = 3
LONGEST = 15  # words in a pattern: the reach of a match is kept in 64 bits
_GAP = ("…", "...")
_CLITIC = re.compile(r"^(.+)(['’][sS])$")
_WILD = re.compile(r"[*?]")
_CLOSING = re.compile("[\"“”„«»‘]|['’](?![^\\W_])")
_MARKS = frozenset("&/+@,.()–—-")  # what may stand between the words of a pattern, and is then asked for
_NEVER = (
    "can never match; a word holds letters, digits, inner apostrophes and hyphens, periods of acronyms, * and ?; "
    f"between words may stand {' '.join(sorted(_MARKS))}"
)
_TIGHT, _LOOSE, _MARKED = 0, 1, 2  # how a word follows the one before it
_SURE = re.compile(r"[A-Za-z0-9]+(?:-[A-Za-z0-9]+)*|['’][sS]")  # spares most words the tokeniser


@dataclass(frozen=True)
class Hits:
    """Every place where a pattern matches, overlaps and all: first token, one past the last, which pattern."""

    first: np.ndarray
    beyond: np.ndarray
    pattern: np.ndarray


@lru_cache(maxsize=2**16)
def parse(pattern: str) -> tuple[tuple[str, bool | str], ...]:
    """The words of a pattern, each with what stands before it: True for a gap, a mark, or False for neither.

    Raises ValueError (to be read behind the pattern's name) where a word could never match a token.
    """
    words: list[tuple[str, bool | str]] = []
    before: bool | str = False
    for piece in unicodedata.normalize("NFC", pattern).replace("...", " … ").replace("…", " … ").split():
        if piece in _GAP:
            if not words:
                raise ValueError("begins with a gap; a gap stands between words")
            before = True
            continue
        clitic = _CLITIC.match(piece)
        for part in clitic.groups() if clitic else (piece,):
            inner, behind = _words_in(part)
            if inner and inner[0][1]:  # marks before the first word
                if not words:
                    raise ValueError(_NEVER)
                before = before if before is True else (before or "") + inner[0][1]
            if inner:
                words += [(word, mark if place else before) for place, (word, mark) in enumerate(inner)]
                before = behind or False
            elif words and before is not True:
                before = (before or "") + behind or False
            else:
                raise ValueError(_NEVER)
    if before is True:
        raise ValueError("ends with a gap; a gap stands between words")
    if before and before.strip(")"):
        raise ValueError(_NEVER)
    if not words:
        raise ValueError("has no word")
    if len(words) > LONGEST:
        raise ValueError(f"has {len(words)} words; at most {LONGEST} are allowed")
    return tuple(words)


def _words_in(piece: str) -> tuple[list[tuple[str, str]], str]:
    """The words that the tokeniser makes of a piece without spaces, each with the marks before it; and the last marks.

    A period behind the last is dropped: of an abbreviation it is no part of the token. Of marks alone there is no word.
    Quotation marks and an apostrophe behind a plural part no words, and are dropped.
    """
    if not _SURE.fullmatch(piece):
        piece = _CLOSING.sub("", piece)
    letters = _WILD.sub("x", piece)
    if _SURE.fullmatch(letters):
        return [(piece, "")], ""
    tokens = tokenise([letters])
    spans = list(zip(tokens.starts.tolist(), tokens.ends.tolist(), strict=True))
    if not spans and _MARKS.issuperset(piece):
        return [], piece
    edges = [0, *(end for _, end in spans)]
    between = "".join(piece[end:start] for end, (start, _) in zip(edges, spans, strict=False)) + piece[edges[-1] :]
    if not spans or not _MARKS.issuperset(between):
        raise ValueError(_NEVER)
    words = [(piece[start:end], piece[edges[place] : start]) for place, (start, end) in enumerate(spans)]
    return words, piece[edges[-1] :].strip(".")


def normal_form(pattern: str, *, sensitive: bool = False) -> str:
    """What two spellings of one pattern have in common: case (unless sensitive), spaces, hyphens, apostrophes."""
    words = [
        {True: "… ", False: ""}.get(before, f"{before} ") + _key(word, sensitive=sensitive)
        for word, before in parse(pattern)
    ]
    return " ".join(words).replace("-", " ")


def _key(word: str, *, sensitive: bool) -> str:
    """The form under which a word is looked up in a vocabulary."""
    return characters.unify(word) if sensitive else characters.fold(word)


class Vocabulary:
    """The types of some tokens, sorted for lookup by word or glob. Raw types are what is found."""

    def __init__(self, tokens: Tokens) -> None:
        self._tokens = tokens
        self._known: dict[tuple[str, bool], np.ndarray] = {}
        self._heads: dict[bool, set[str]] = {}
        self._sorted: dict[bool, tuple[list[str], np.ndarray, dict[str, np.ndarray] | None]] = {}

    def types_of(self, word: str, *, sensitive: bool = False) -> np.ndarray:
        """int32, the raw types that a word or glob stands for; empty where the vocabulary has none."""
        key = (_key(word, sensitive=sensitive), sensitive)
        if key not in self._known:
            self._known[key] = self._expand(*key)
        return self._known[key]

    def may_begin(self, word: str, *, sensitive: bool = False) -> bool:
        """Whether a pattern that begins with this word can match at all: a quick look, never wrong where it says no.

        Of thousands of patterns a partition of news holds the beginning of a few hundred.
        """
        if _WILD.search(word):
            return True
        if sensitive not in self._heads:
            forms, _ = self._forms(sensitive)
            self._heads[sensitive] = {head for form in forms for head in (form, form.partition("-")[0])}
        return _key(word, sensitive=sensitive).partition("-")[0] in self._heads[sensitive]

    def _forms(self, sensitive: bool) -> tuple[list[str], np.ndarray]:
        """All forms, sorted, with the raw type of each."""
        if sensitive not in self._sorted:
            tokens = self._tokens
            forms = (
                [characters.unify(word) for word in tokens.raw]
                if sensitive
                else [tokens.folded[at] for at in tokens.fold_of.tolist()]
            )
            order = sorted(range(len(forms)), key=forms.__getitem__)
            self._sorted[sensitive] = [forms[at] for at in order], np.array(order, np.int32)
        return self._sorted[sensitive]

    def _expand(self, key: str, sensitive: bool) -> np.ndarray:
        forms, order = self._forms(sensitive)
        wild = _WILD.search(key)
        prefix = key if wild is None else key[: wild.start()]
        low = bisect_left(forms, prefix)
        if wild is None:
            high = bisect_left(forms, key + "\0", lo=low)
            return np.sort(order[low:high])
        high = bisect_left(forms, prefix + "\U0010ffff", lo=low) if prefix else len(forms)
        if key == prefix + "*":
            return np.sort(order[low:high])
        glob = re.compile(
            "".join({"*": ".*", "?": "."}.get(part, re.escape(part)) for part in re.split(r"([*?])", key))
        )
        return np.sort(order[[at for at in range(low, high) if glob.fullmatch(forms[at])]])


def spellings(words: Sequence[tuple[str, bool | str]], vocabulary: Vocabulary, *, sensitive: bool) -> list[list[tuple]]:
    """Every way to write a pattern with spaces or hyphens that the vocabulary has words for.

    Each is a list of (form, gap or mark before it). ``cease-fire talks`` may be written ``cease fire talks``, and
    ``cease fire`` as ``cease-fire``. A bare ``*`` beside a hyphen keeps it: ``Russian-*`` is not any word behind
    ``Russian``.
    """
    parts: list[tuple[str, bool | str]] = []
    for word, gap in words:
        pieces = word.split("-")
        keep = any(piece in ("", "*") for piece in pieces)
        parts.extend(
            [(word, gap)] if keep else ((piece, False if place else gap) for place, piece in enumerate(pieces))
        )
    found: list[list[tuple]] = []

    def go_on(at: int, chosen: list[tuple]) -> None:
        if at == len(parts):
            found.append(chosen)
            return
        joined, gap = parts[at]
        for beyond in range(at + 1, len(parts) + 1):
            if beyond > at + 1:
                part, parted = parts[beyond - 1]
                if parted or part[0] in "'’" or part == "*":
                    return
                joined = f"{joined}-{part}"
            if len(vocabulary.types_of(joined, sensitive=sensitive)):
                go_on(beyond, [*chosen, (joined, gap)])

    go_on(0, [])
    return found


def find(tokens: Tokens, gaps: np.ndarray, patterns: Sequence[tuple[str, bool]], vocabulary: Vocabulary) -> Hits:
    """Every match of every pattern (text, case-sensitive or not).

    Args:
        gaps: what stands behind each token (see `sentences.sentence_bounds`).

    Returns:
        Hits in order of the first token, overlapping ones included.
    """
    elements: dict[tuple[str, bool], int] = {}
    ways: list[tuple[int, list[int], list[bool | str]]] = []
    for number, (pattern, sensitive) in enumerate(patterns):
        words = parse(pattern)
        if not vocabulary.may_begin(words[0][0], sensitive=sensitive):
            continue
        for way in spellings(words, vocabulary, sensitive=sensitive):
            ids = [elements.setdefault((word, sensitive), len(elements)) for word, _ in way]
            ways.append((number, ids, [gap for _, gap in way]))
    if not ways:
        nothing = np.zeros(0, np.int64)
        return Hits(nothing, nothing, nothing)
    sets = [vocabulary.types_of(word, sensitive=sensitive) for word, sensitive in elements]
    set_of = np.repeat(np.arange(len(sets)), [len(types) for types in sets])
    element_bounds, element_of = grouped(np.concatenate(sets), set_of, len(tokens.raw))
    way_bounds, way_of = grouped(np.array([ids[0] for _, ids, _ in ways]), np.arange(len(ways)), len(elements))
    word_bounds = np.cumsum([0, *(len(ids) for _, ids, _ in ways)])
    # How many ways a type begins: their sum over the tokens is the room that the hits can need at most.
    begun = np.diff(way_bounds)[element_of]
    per_type = np.bincount(
        np.repeat(np.arange(len(tokens.raw)), np.diff(element_bounds)), weights=begun, minlength=len(tokens.raw)
    )
    room = int(per_type[tokens.types].sum())
    first, beyond, way = _find(
        tokens.types,
        gaps,
        per_type > 0,
        element_bounds,
        element_of,
        way_bounds,
        way_of,
        word_bounds,
        np.concatenate([ids for _, ids, _ in ways]),
        np.array([_follows(gap) for _, _, gaps_before in ways for gap in gaps_before], np.uint8),
        room,
    )
    kept = _with_their_marks(tokens, first, way, [gaps_before for _, _, gaps_before in ways])
    return Hits(first[kept], beyond[kept], np.array([number for number, _, _ in ways])[way[kept]])


def _follows(before: bool | str) -> int:
    """How a word follows the one before it, as `_find` reads it."""
    return _LOOSE if before is True else _MARKED if before else _TIGHT


def _with_their_marks(
    tokens: Tokens, first: np.ndarray, way: np.ndarray, befores: list[list[bool | str]]
) -> np.ndarray:
    """Whether the marks of each match stand in the text. Such patterns are few, so their matches are read one by one.

    Behind a gap of unknown width a mark is taken on trust.
    """
    kept = np.ones(len(first), np.bool_)
    marked = [any(isinstance(one, str) and one for one in before) and True not in before for before in befores]
    for hit in np.flatnonzero(np.array(marked, np.bool_)[way]):
        for place, mark in enumerate(befores[way[hit]]):
            token = first[hit] + place
            if mark and bytes(tokens.data[tokens.byte_ends[token - 1] : tokens.byte_starts[token]]).split() != [
                mark.encode()
            ]:
                kept[hit] = False
    return kept


def grouped(keys: np.ndarray, values: np.ndarray, n: int) -> tuple[np.ndarray, np.ndarray]:
    """Values grouped by key (0 … n-1): row k is ``values[bounds[k]:bounds[k + 1]]``."""
    order = np.argsort(keys, kind="stable")
    return np.searchsorted(keys[order], np.arange(n + 1)), values[order]


@numba.njit(nogil=True, cache=True)
def _find(types, gaps, begins, element_bounds, element_of, way_bounds, way_of, word_bounds, words, loose, room):
    """Try every way at every token that can begin one."""
    first, beyond, found = np.empty(room, np.int64), np.empty(room, np.int64), np.empty(room, np.int64)
    n = 0
    for token in range(len(types)):
        this = types[token]
        if not begins[this]:
            continue
        for place in range(element_bounds[this], element_bounds[this + 1]):
            element = element_of[place]
            for entry in range(way_bounds[element], way_bounds[element + 1]):
                way = way_of[entry]
                word, last = word_bounds[way], word_bounds[way + 1]
                end = _match(types, gaps, element_bounds, element_of, words, loose, word, last, token)
                if end > 0:
                    first[n], beyond[n], found[n] = token, end, way
                    n += 1
    return first[:n].copy(), beyond[:n].copy(), found[:n].copy()


@numba.njit(nogil=True, cache=True)
def _match(types, gaps, element_bounds, element_of, words, loose, word, last, token):
    """One past the last token of the shortest match of words ``word`` to ``last - 1`` at ``token``; 0 for none.

    ``reached`` holds as bits the tokens (behind ``token``) where the words so far may end.
    """
    reached = np.uint64(1)
    for at in range(word + 1, last):
        here = np.uint64(0)
        for offset in range(63):
            if reached >> np.uint64(offset) == 0:
                break
            if not (reached >> np.uint64(offset)) & np.uint64(1):
                continue
            place = token + offset
            if loose[at] != _LOOSE:
                if gaps[place] <= (PARTED if loose[at] == _MARKED else NEIGHBOURS) and _is(
                    types[place + 1], words[at], element_bounds, element_of
                ):
                    here |= np.uint64(1) << np.uint64(offset + 1)
                continue
            for step in range(1, GAP_WORDS + 2):
                if offset + step > 62 or gaps[place + step - 1] == BOUND:
                    break
                if _is(types[place + step], words[at], element_bounds, element_of):
                    here |= np.uint64(1) << np.uint64(offset + step)
        if here == 0:
            return 0
        reached = here
    offset = 0
    while not (reached >> np.uint64(offset)) & np.uint64(1):
        offset += 1
    return token + offset + 1


@numba.njit(nogil=True, cache=True, inline="always")
def _is(this, element, element_bounds, element_of):
    """Whether a type is one of an element's."""
    for place in range(element_bounds[this], element_bounds[this + 1]):  # noqa: SIM110 - numba has no any()
        if element_of[place] == element:
            return True
    return False
