"""Quotation marks → the stretches inside them.

Marks are told apart by where they stand: one with space before and a letter behind opens, one behind a letter or a
stop closes, one between letters is an apostrophe (`marks`). Every paragraph is read by itself, so that a lost mark does
no harm beyond it. A paragraph left open goes on in the next one if that opens with a mark again (the custom of quoting
several paragraphs); otherwise the missing mark is recorded in *quote_issues*. Marks inside a quotation are part of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain

import numba
import numpy as np
import pandas as pd

from analysis.coding.columns import table_of
from analysis.coding.marks import (
    INCHES,
    LATER,
    MAY_CLOSE,
    MAY_OPEN,
    OPENS,
    PLURAL,
    SINGLE,
    TURNS,
    find_marks,
    plain_marks,
)

_AT_ONCE = 256  # bodies: their code points take four bytes each
_QUOTES = {
    "text": "int64", "quote": "int64", "start": "int64", "end": "int64", "content": "str", "kind": "str",
    "continued": "bool",
}  # fmt: skip
_ISSUES = {"text": "int64", "start": "int64", "mark": "str", "issue": "str"}
_LOST = (
    "closed and not opened: taken to start with its sentence",
    "opened and not closed: taken to end before the next opening mark",
    "opened and not closed: taken to end with its paragraph",
)
_NOT_OPENED, _NOT_CLOSED, _LEFT_OPEN = range(3)
_STOPS = tuple(map(ord, ".!?…"))


def find_quotes(bodies: Sequence[str], sentence_starts: Sequence[Sequence[int]]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The quotations of each body, outermost only, and the marks without fellows.

    Args:
        bodies: any strings. sentence_starts: for each body the sorted first characters of its sentences.

    Returns:
        quotes: text (which body), quote, start, end, content (``body[start:end]``), kind, continued. A quotation over
        several paragraphs has a row for each, `continued` from the second on. Spans never overlap.
        issues: text, start, mark, issue.
    """
    quotes: list[list] = [[] for _ in _QUOTES]
    issues: list[list] = [[] for _ in _ISSUES]
    for first in range(0, len(bodies), _AT_ONCE):
        some = bodies[first : first + _AT_ONCE]
        found, lost = _read(some, sentence_starts[first : first + _AT_ONCE])
        texts, numbers, starts, ends, continued = (column.tolist() for column in found)
        spans = list(zip(texts, starts, ends, strict=True))
        contents = [some[text][start:end] for text, start, end in spans]
        kinds = [
            _kind(content, some[text][end : end + 2]) for content, (text, _, end) in zip(contents, spans, strict=True)
        ]
        _extend(quotes, ([first + text for text in texts], numbers, starts, ends, contents, kinds, continued))
        texts, starts, which = (column.tolist() for column in lost)
        marks = [some[text][start] for text, start in zip(texts, starts, strict=True)]
        _extend(issues, ([first + text for text in texts], starts, marks, [_LOST[issue] for issue in which]))
    return table_of(quotes, _QUOTES), table_of(issues, _ISSUES)


def _extend(columns: list[list], values: Sequence[list]) -> None:
    for column, more in zip(columns, values, strict=True):
        column.extend(more)


def _kind(content: str, behind: str) -> str:
    """``direct`` for whole sentences, ``partial`` for words set into the reporter's own sentence.

    Args:
        content: with no white space at its edges.
    """
    opening = content.lstrip("[(…. ")[:1]
    stopped = content[-1:] in ",.!?…—-" or behind[1:] in (",", ".")  # British style: the stop outside
    return "direct" if opening.isupper() and stopped and len(content.split(None, 2)) > 2 else "partial"


def _read(
    bodies: Sequence[str], sentence_starts: Sequence[Sequence[int]]
) -> tuple[tuple[np.ndarray, ...], tuple[np.ndarray, ...]]:
    """Columns text, number, start, end, continued of the spans; and text, character, issue of the lost marks."""
    text = plain_marks(bodies)
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)
    marks = find_marks(text, codes)
    bases = np.cumsum([1, *(len(body) + 1 for body in bodies)])
    counts = np.cumsum([0, *map(len, sentence_starts)])
    starts = np.fromiter(chain.from_iterable(sentence_starts), np.int64, counts[-1])
    of_body = np.searchsorted(marks.places, bases)
    (body, start, end, continued), lost = _pair(codes, *marks, bases, of_body, starts, counts)
    number = np.arange(len(body)) - np.searchsorted(body, body)
    return (body, number, start, end, continued > 0), tuple(lost[:, np.lexsort(lost[::-1])])


@numba.njit(nogil=True, cache=True)
def _pair(codes, places, families, bits, begins, ends, bases, of_body, sentences, of_sentences):
    """Spans (body, start, end, continued) and lost marks (body, character, issue) of all bodies, and how many."""
    spans, lost = np.empty((4, len(places)), np.int64), np.empty((3, 2 * len(places)), np.int64)
    n_spans = n_lost = 0
    opens, which = np.empty(len(places), np.bool_), np.empty(len(places), np.int64)  # the roles of a paragraph's marks
    for body in range(len(bases) - 1):
        first_span = n_spans
        starts = sentences[of_sentences[body] : of_sentences[body + 1]]
        left_open, waiting = 0, -1  # the family that the paragraph before left open, and the mark that opened it
        mark, beyond, end = of_body[body], of_body[body + 1], bases[body]
        while mark < beyond:
            begin, until = begins[mark], mark
            while until < beyond and begins[until] == begin:
                until += 1
            if left_open and not _is_blank(codes, end, begin):  # paragraphs without marks lie between
                n_lost = _put_lost(lost, n_lost, body, waiting, _LEFT_OPEN)
                left_open, waiting = 0, -1
            end = ends[mark]
            n = _put_roles(bits, families, mark, until, opens, which)
            mark = until
            goes_on = left_open > 0 and n > 0 and opens[0] and families[which[0]] == left_open
            goes_on = goes_on and _is_blank(codes, begin, places[which[0]])
            if waiting >= 0 and not goes_on:
                n_lost = _put_lost(lost, n_lost, body, waiting, _LEFT_OPEN)
            start, family, depth, continued = -1, 0, 0, False  # of the quotation that is open
            for role in range(n):
                at, own = places[which[role]], families[which[role]]
                if start >= 0 and own != family:
                    continue  # another kind of mark inside a quotation is part of it
                if opens[role] and start < 0:
                    since = n_spans > first_span and spans[1, n_spans - 1] >= begin
                    start, family, depth, continued = at + 1, own, 1, goes_on and not since
                elif opens[role] and _nests(families, opens, which, role, n):
                    depth += 1
                elif opens[role]:
                    n_spans = _put_span(spans, n_spans, body, start, _stop_before(codes, start, at), continued)
                    n_lost = _put_lost(lost, n_lost, body, start - 1, _NOT_CLOSED)
                    start, depth, continued = at + 1, 1, False
                elif start >= 0:
                    depth -= 1
                    if depth == 0:
                        n_spans = _put_span(spans, n_spans, body, start, at, continued)
                        start = -1
                elif own != SINGLE:
                    # With its sentence, but behind the quotation before it.
                    sentence = np.searchsorted(starts, at - bases[body], side="right") - 1
                    low = max(begin, starts[sentence] + bases[body]) if sentence >= 0 else begin
                    low = max(low, spans[2, n_spans - 1] + 1) if n_spans > first_span else low
                    n_spans = _put_span(spans, n_spans, body, min(low, at), at, False)
                    n_lost = _put_lost(lost, n_lost, body, at, _NOT_OPENED)
            left_open, waiting = 0, -1
            if start >= 0:
                n_spans = _put_span(spans, n_spans, body, start, end, continued)
                left_open, waiting = family, start - 1
        if waiting >= 0:
            n_lost = _put_lost(lost, n_lost, body, waiting, _LEFT_OPEN)
    for at in range(n_lost):
        lost[1, at] -= bases[lost[0, at]]
    return _without_space(codes, spans[:, :n_spans], bases), lost[:, :n_lost]


@numba.njit(nogil=True, cache=True)
def _put_span(spans, n, body, start, end, continued):
    spans[0, n], spans[1, n], spans[2, n], spans[3, n] = body, start, end, continued
    return n + 1


@numba.njit(nogil=True, cache=True)
def _put_lost(lost, n, body, at, issue):
    lost[0, n], lost[1, n], lost[2, n] = body, at, issue
    return n + 1


@numba.njit(nogil=True, cache=True)
def _put_roles(bits, families, first, beyond, opens, which):
    """The marks of a paragraph that open or close, in order; apostrophes, feet and inches are left out. How many."""
    n = 0
    single_open = double_open = False
    for mark in range(first, beyond):
        bit = bits[mark]
        if families[mark] == SINGLE:
            if bit & MAY_OPEN:
                if single_open or not bit & LATER:
                    continue
            elif not bit & MAY_CLOSE or not single_open or (bit & PLURAL and bit & LATER):
                continue
            single_open = opens[n] = bit & MAY_OPEN > 0
        else:
            opening = not double_open if bit & TURNS else bit & OPENS > 0
            if not opening and not double_open and bit & INCHES:
                continue
            double_open = opens[n] = opening
        which[n] = mark
        n += 1
    return n


@numba.njit(nogil=True, cache=True)
def _nests(families, opens, which, role, n):
    """Whether an opening mark inside a quotation of its own family opens one within it: two marks must close it."""
    closing = 0
    for later in range(role + 1, min(role + 8, n)):
        if families[which[later]] == families[which[role]]:
            closing += 1
            if opens[later] or closing == 2:
                return not opens[later]
    return False


@numba.njit(nogil=True, cache=True)
def _stop_before(codes, start, at):
    """Where a quotation that was never closed ends before the next mark opens: behind its last stop, or at the mark."""
    for end in range(at - 1, start, -1):
        if is_space(codes[end]) and (codes[end - 1] in _STOPS):
            return end
    return at


@numba.njit(nogil=True, cache=True)
def _is_blank(codes, low, high):
    for at in range(low, high):  # noqa: SIM110 - numba has no all() over a generator
        if not is_space(codes[at]):
            return False
    return True


@numba.njit(nogil=True, cache=True)
def _without_space(codes, spans, bases):
    """The spans that hold anything, without white space at their edges; characters of their bodies."""
    n = 0
    for span in range(spans.shape[1]):
        start, end = spans[1, span], spans[2, span]
        while start < end and is_space(codes[start]):
            start += 1
        while start < end and is_space(codes[end - 1]):
            end -= 1
        if start < end:
            base = bases[spans[0, span]]
            spans[0, n], spans[1, n] = spans[0, span], start - base
            spans[2, n], spans[3, n] = end - base, spans[3, span]
            n += 1
    return spans[:, :n]


@numba.njit(nogil=True, cache=True)
def is_space(code):
    """Whether a code point is white space, as `str.isspace` says."""
    if code < 0x85:
        return code == 0x20 or 0x09 <= code <= 0x0D or 0x1C <= code <= 0x1F
    return code in (0x85, 0xA0, 0x1680, 0x2028, 0x2029, 0x202F, 0x205F, 0x3000) or 0x2000 <= code <= 0x200A
