"""The types of some tokens, sorted, so that a word or a glob finds its own without looking at all of them."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from analysis.coding import characters

if TYPE_CHECKING:
    from analysis.coding.index import Merged
    from analysis.coding.tokens import Tokens

_WILD = re.compile(r"[*?]")
_MANY = 100  # forms that are rather looked at one by one; endings that are rather looked for one by one
_LAST = "\U0010ffff"  # sorts behind whatever a word goes on with


def form_of(word: str, *, sensitive: bool) -> str:
    """The form under which a word is looked up in a vocabulary."""
    return characters.unify(word) if sensitive else characters.fold(word)


class Vocabulary:
    """The raw types of some tokens by the forms they are compared in: folded, or as printed for a case-sensitive word.

    Args:
        tokens: whatever has `raw` (the raw types), `folded` (the folded ones) and `fold_of` (raw → folded).
    """

    def __init__(self, tokens: Tokens | Merged) -> None:
        self._tokens = tokens
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

    def _forms(self, sensitive: bool) -> _Forms:
        return self._as_printed if sensitive else self._case_folded

    @cached_property
    def _case_folded(self) -> _Forms:
        return _Forms(self._tokens.folded, self._tokens.fold_of)

    @cached_property
    def _as_printed(self) -> _Forms:
        numbers: dict[str, int] = {}
        form_of_type = [numbers.setdefault(form, len(numbers)) for form in map(characters.unify, self._tokens.raw)]
        return _Forms(list(numbers), np.array(form_of_type, np.int32))


class _Forms:
    """Forms in order, and the types of each."""

    def __init__(self, forms: Sequence[str], form_of_type: np.ndarray) -> None:
        order = sorted(range(len(forms)), key=forms.__getitem__)
        self.forms = [forms[at] for at in order]
        rank = np.empty(len(forms), np.int64)
        rank[order] = np.arange(len(forms))
        ranks = rank[form_of_type] if len(forms) else np.zeros(0, np.int64)
        self.types = np.argsort(ranks, kind="stable").astype(np.int32)
        self.bounds = np.concatenate(([0], np.cumsum(np.bincount(ranks, minlength=len(forms)))))
        self._place = {form: at for at, form in enumerate(self.forms)}
        self._endings_asked = 0

    def has_head(self, head: str) -> bool:
        """Whether a form is this one, or begins with it and a hyphen."""
        if head in self._place:
            return True
        low, high = _run(self.forms, f"{head}-")
        return low < high

    @cached_property
    def joined(self) -> tuple[bytes, np.ndarray]:
        """All forms in one run of bytes, a line break behind each (no form holds one), and where those stand."""
        whole = "\n".join([*self.forms, ""]).encode()
        return whole, np.flatnonzero(np.frombuffer(whole, np.uint8) == ord("\n"))

    @cached_property
    def _backwards(self) -> tuple[list[str], list[int]]:
        """The forms read from their ends, in order, and their places: those with one ending stand together."""
        reverse = [form[::-1] for form in self.forms]
        places = sorted(range(len(reverse)), key=reverse.__getitem__)
        return [reverse[at] for at in places], places

    def types_of(self, key: str) -> np.ndarray:
        """The types of a form or glob, in order."""
        at = self._place.get(key)
        if at is not None:
            return self._between(at, at + 1)
        wild = _WILD.search(key)
        if wild and key != key[: wild.start()] + "*":
            parts = [self._between(at, at + 1) for at in self._matching(key)]
            return np.sort(np.concatenate(parts)) if parts else np.zeros(0, np.int32)
        if wild:
            return np.sort(self._between(*_run(self.forms, key[:-1])))
        return np.zeros(0, np.int32)

    def _between(self, low: int, high: int) -> np.ndarray:
        return self.types[self.bounds[low] : self.bounds[high]]

    def _matching(self, glob: str) -> list[int]:
        """The places of the forms that a glob matches."""
        pieces = re.split(r"([*?])", glob)
        prefix, suffix = pieces[0], pieces[-1]
        if pieces[:2] == ["", "*"] and len(pieces) == 3:
            self._endings_asked += 1
            if self._endings_asked > _MANY:  # so many pay for putting the forms in order
                backwards, places = self._backwards
                return places[slice(*_run(backwards, suffix[::-1]))]
        low, high = _run(self.forms, prefix)
        candidates: Iterable[int] = range(low, high)
        if high - low > _MANY:
            # Those that hold the longest piece behind the first asterisk; the last piece ends them.
            held = max((*pieces[2:-1:2], f"{suffix}\n"), key=len)
            candidates = self._holding(held) if held != "\n" else candidates
        match = re.compile("".join({"*": ".*", "?": "."}.get(piece, re.escape(piece)) for piece in pieces)).fullmatch
        return [at for at in candidates if match(self.forms[at])]

    def _holding(self, text: str) -> list[int]:
        """The places of the forms that hold a text."""
        whole, breaks = self.joined
        found = [match.start() for match in re.finditer(re.escape(text.encode()), whole)]
        return np.unique(np.searchsorted(breaks, found)).tolist()


def _run(forms: list[str], prefix: str) -> tuple[int, int]:
    """Where the forms that begin with a prefix begin and end."""
    if not prefix:
        return 0, len(forms)
    low = bisect_left(forms, prefix)
    return low, bisect_left(forms, prefix + _LAST, lo=low)
