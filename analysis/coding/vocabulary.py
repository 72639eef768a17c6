"""The types of some tokens, sorted, so that a word or a glob finds its own without looking at all of them."""

from __future__ import annotations

import re
from bisect import bisect_left
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from analysis.coding import characters
from analysis.coding.tokens import unify_types

if TYPE_CHECKING:
    from analysis.coding.index import Index, Merged
    from analysis.coding.tokens import Tokens

_WILD = re.compile(r"[*?]")
_MANY = 50  # forms that are rather looked at one by one; endings that are rather looked for one by one
_LAST = b"\xff"  # sorts behind whatever a word goes on with


def form_of(word: str, *, sensitive: bool) -> str:
    """The form under which a word is looked up in a vocabulary."""
    return characters.unify(word) if sensitive else characters.fold(word)


class Vocabulary:
    """The raw types of some tokens by the forms they are compared in: folded, or as printed for a case-sensitive word.

    Args:
        tokens: whatever has `raw_strings` (the raw types), and, where ``folded`` is not given, `folded_strings` (the
        folded ones) and `fold_of` (raw → folded). folded: the raw types by their folded forms.
    """

    def __init__(self, tokens: Tokens | Merged | Index, *, folded: Forms | None = None) -> None:
        self._tokens, self._folded = tokens, folded
        self._known: dict[tuple[str, bool], np.ndarray] = {}

    def types_of(self, word: str, *, sensitive: bool = False) -> np.ndarray:
        """int32, the raw types that a word or glob stands for; empty where the vocabulary has none."""
        key = (word, sensitive)
        if key not in self._known:
            self._known[key] = self._forms(sensitive).types_of(form_of(word, sensitive=sensitive))
        return self._known[key]

    def may_begin(self, word: str, *, sensitive: bool = False) -> bool:
        """Whether a pattern that begins with this word can match at all: a quick look, never wrong where it says no.

        Of thousands of patterns a partition of news holds the beginning of a few hundred.
        """
        if _WILD.search(word):
            return True
        return self._forms(sensitive).has_head(form_of(word, sensitive=sensitive).partition("-")[0])

    def _forms(self, sensitive: bool) -> Forms:
        return self._as_printed if sensitive else self._case_folded

    @cached_property
    def _case_folded(self) -> Forms:
        return self._folded or forms_of(self._tokens.folded_strings, self._tokens.fold_of)

    @cached_property
    def _as_printed(self) -> Forms:
        return forms_of(*unify_types(self._tokens.raw_strings))


class _Sorted:
    """Arrow strings in order, as a sequence of their bytes: to be searched without making strings of all of them."""

    def __init__(self, strings: pa.Array) -> None:
        _, offsets, data = strings.buffers()
        self._data = memoryview(data or b"")
        self._offsets = memoryview(offsets or bytes(8)).cast("q")[strings.offset :]
        self._n = len(strings)

    def __len__(self) -> int:
        return self._n

    def __getitem__(self, at: int) -> bytes:
        return bytes(self._data[self._offsets[at] : self._offsets[at + 1]])

    def run(self, prefix: bytes) -> tuple[int, int]:
        """Where those that begin with a prefix begin and end."""
        if not prefix:
            return 0, self._n
        low = bisect_left(self, prefix)
        return low, bisect_left(self, prefix + _LAST, lo=low)


def forms_of(strings: pa.Array, form_of_type: np.ndarray) -> Forms:
    """Forms, each once, and which of them each type has, put in order."""
    order = pc.array_sort_indices(strings)
    rank = np.empty(len(strings), np.int32)
    rank[order.to_numpy()] = np.arange(len(strings), dtype=np.int32)
    ranks = rank[form_of_type]
    bounds = np.concatenate(([0], np.cumsum(np.bincount(ranks, minlength=len(strings)))))
    return Forms(strings.take(order), bounds, np.argsort(ranks, kind="stable").astype(np.int32))


class Forms:
    """Forms in order, and the types of each.

    Args:
        strings: Arrow strings, in order. bounds, types: form i is that of ``types[bounds[i]:bounds[i + 1]]``.
    """

    def __init__(self, strings: pa.Array, bounds: np.ndarray, types: np.ndarray) -> None:
        self.strings, self.bounds, self.types = strings, bounds, types
        self._sorted = _Sorted(strings)
        self._endings_asked = 0

    def has_head(self, head: str) -> bool:
        """Whether a form is this one, or begins with it and a hyphen."""
        key = head.encode()
        at = bisect_left(self._sorted, key)
        if at < len(self._sorted) and self._sorted[at] == key:
            return True
        low, high = self._sorted.run(key + b"-")
        return low < high

    @cached_property
    def _backwards(self) -> tuple[_Sorted, np.ndarray]:
        """The forms read from their ends, in order, and their places: those with one ending stand together."""
        reverse = pc.utf8_reverse(self.strings)
        order = pc.array_sort_indices(reverse)
        return _Sorted(reverse.take(order)), order.to_numpy()

    def types_of(self, key: str) -> np.ndarray:
        """The types of a form or glob, in order."""
        wild = _WILD.search(key)
        if not wild:
            own = key.encode()
            at = bisect_left(self._sorted, own)
            known = at < len(self._sorted) and self._sorted[at] == own
            return self._between(at, at + known)
        if wild.start() == len(key) - 1 and key[-1] == "*":
            return np.sort(self._between(*self._sorted.run(key[:-1].encode())))
        parts = [self._between(at, at + 1) for at in self._matching(key).tolist()]
        return np.sort(np.concatenate(parts)) if parts else np.zeros(0, np.int32)

    def _between(self, low: int, high: int) -> np.ndarray:
        return self.types[self.bounds[low] : self.bounds[high]]

    def _matching(self, glob: str) -> np.ndarray:
        """The places of the forms that a glob matches."""
        pieces = re.split(r"([*?])", glob)
        prefix, suffix = pieces[0], pieces[-1]
        if pieces[:2] == ["", "*"] and len(pieces) == 3:
            return self._ending_in(suffix)
        low, high = self._sorted.run(prefix.encode())
        forms, places = self.strings.slice(low, high - low), np.arange(low, high)
        if high - low > _MANY:
            # Those that hold the longest piece behind the first wildcard, or end in the last.
            held = max(pieces[2:-1:2], key=len, default="")
            found = pc.ends_with(forms, suffix) if len(suffix) >= len(held) else pc.match_substring(forms, held)
            forms, places = forms.filter(found), places[found.to_numpy(zero_copy_only=False)]
        match = re.compile("".join({"*": ".*", "?": "."}.get(piece, re.escape(piece)) for piece in pieces)).fullmatch
        return places[[match(form) is not None for form in forms.to_pylist()]] if len(places) else places

    def _ending_in(self, suffix: str) -> np.ndarray:
        """The places of the forms that end in a text."""
        self._endings_asked += 1
        if self._endings_asked <= _MANY:
            return pc.indices_nonzero(pc.ends_with(self.strings, suffix)).to_numpy()
        backwards, places = self._backwards  # so many pay for putting the forms in order
        low, high = backwards.run(suffix[::-1].encode())
        return places[low:high]
