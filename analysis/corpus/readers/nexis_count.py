"""What an export of LexisNexis or Nexis Uni says it holds, and which of it was found.

The cover ("Selected Items: 1-10", "Documents (10)" and the list below it), the head of an HTML file (DOCUMENTS="10")
and the marks themselves ("7 of 10 DOCUMENTS") state a number; what the file holds is numbered by it, so that the
missing ones have a name.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from rapidfuzz import fuzz

from analysis.corpus.headlines import key

CHUNK = 50  # services hand out long results in files of a round number of documents
MOST_NAMED = 100_000  # beyond, documents are counted and not named
MOST_COMPARED = 300_000  # pairs of a name and a headline; longer lists are counted only
GAP = 15.0  # what a place where names are skipped costs, where 100 is a headline that is the same
ALIKE = 60.0  # of 100: below it a headline is not that of the list

_SELECTED = re.compile(
    r"(?:download|print|e-?mail)[ -]?(?:request|anforderung|auftrag)\s*:[^\n:]{0,60}:\s*(?P<list>\d[\d\s,;-]{0,4000})",
    re.IGNORECASE,
)
_DOCUMENTS = re.compile(r"<meta\b[^>]{0,200}\bdocuments\s*=\s*[\"']?(?P<n>\d{1,6})", re.IGNORECASE)


class Stated(NamedTuple):
    """What a file says: how many documents, in which words, what they are called, and for each one found its number.

    ``numbers`` count from 1 within the statement; None for a document that it does not hold.
    """

    count: int
    by: str
    names: list[str]
    numbers: list[int | None]


def by_marks(marks: Sequence[tuple[int, int] | None], *, cover: str, markup: str = "") -> Stated | None:
    """The statement of a file whose documents have ``marks`` (number, of how many), None for one that lost its mark.

    ``cover``: the text above the first document; ``markup``: the head of an HTML file. None where nothing is stated.
    """
    runs = _runs(marks)
    selected = _selected(cover)
    told = _DOCUMENTS.search(markup)
    if len(runs) > 1:
        return _of_runs(runs)
    printed = runs[0] if runs else list(marks)
    numbers = _rising(printed)
    seen = [number for number in numbers if number is not None]
    of = _usual(printed) if seen else 0
    wanted: Sequence[int]
    if selected:
        count, by = len(selected), f"Selected Items: {_short(selected)}"
        wanted = selected if set(seen) <= set(selected) else range(1, count + 1)
    elif told:
        count, by = int(told["n"]), f'DOCUMENTS="{told["n"]}"'
        start = _start(seen, count, of)
        wanted = range(start, start + count)
    elif seen:
        wanted, by = _range(seen, of), f"{seen[0]} of {of} DOCUMENTS"
    else:
        return None
    return Stated(len(wanted), by, _names(wanted, of), _placed(numbers, wanted))


def _runs(marks: Sequence[tuple[int, int] | None]) -> list[list[tuple[int, int] | None]]:
    """Marks cut where the number falls because another export has been put behind the first.

    It has if the first ends with its last number, or the totals differ, or the second begins to count.
    """
    runs: list[list[tuple[int, int] | None]] = [[]]
    before: tuple[int, int] | None = None
    following = [*marks[1:], None]
    for mark, after in zip(marks, following, strict=False):
        if mark and before and mark[0] <= before[0]:
            counts_on = after is not None and after[0] == mark[0] + 1 and mark[0] == 1
            if before[0] == before[1] or before[1] != mark[1] != (after or before)[1] or counts_on:
                runs.append([])
        runs[-1].append(mark)
        before = mark or before
    return runs if any(marks) else []


def _rising(run: Sequence[tuple[int, int] | None]) -> list[int | None]:
    """The numbers of a run; None for those that stand out of the order, which is that of the longest rising series."""
    ends: list[int] = []  # the smallest number that a rising series of each length ends with
    lengths: list[int] = []
    for mark in run:
        place = bisect_left(ends, mark[0]) if mark else -1
        if mark:
            ends[place : place + 1] = [mark[0]]
        lengths.append(place + 1)
    numbers: list[int | None] = [None] * len(run)
    wanted, limit = len(ends), None
    for place in range(len(run) - 1, -1, -1):
        mark = run[place]
        if mark and lengths[place] == wanted and (limit is None or mark[0] < limit):
            numbers[place], limit = mark[0], mark[0]
            wanted -= 1
    return numbers


def _usual(run: Sequence[tuple[int, int] | None]) -> int:
    """The total that most marks of a run name; the first named of those that are as frequent."""
    return Counter(mark[1] for mark in run if mark).most_common(1)[0][0]


def _range(numbers: list[int], of: int) -> range:
    """The numbers that a file of marks should hold: all, or those of its share of a longer result."""
    low, high = numbers[0], numbers[-1]
    first = low if (low - 1) % CHUNK == 0 else 1
    last = high if high > of or (high % CHUNK == 0 and high - first + 1 >= CHUNK) else of
    return range(first, last + 1)


def _start(numbers: list[int], count: int, of: int) -> int:
    """The number of the first of ``count`` documents: the first place from which all that were found fit in."""
    if not numbers:
        return 1
    low, high = numbers[0], numbers[-1]
    for start in (1, of - count + 1, (low - 1) // count * count + 1 if count else 1, (low - 1) // CHUNK * CHUNK + 1):
        if start >= 1 and start <= low and high < start + count:
            return start
    return low


def _of_runs(runs: list[list[tuple[int, int] | None]]) -> Stated:
    """The statement of several exports in one file: the sum of theirs."""
    count, names = 0, []
    numbers: list[int | None] = []
    for run in runs:
        printed, of = _rising(run), _usual(run)
        wanted = _range([number for number in printed if number is not None], of)
        numbers += [number and count + number for number in _placed(printed, wanted)]
        names += _names(wanted, of) if len(names) <= MOST_NAMED else []
        count += len(wanted)
    return Stated(
        count, f"{len(runs)} exports in one file, numbered each", names if len(names) == count else [], numbers
    )


def _names(wanted: Sequence[int], of: int) -> list[str]:
    return [f"document {number} of {of or len(wanted)}" for number in wanted] if len(wanted) <= MOST_NAMED else []


def _placed(printed: list[int | None], wanted: Sequence[int]) -> list[int | None]:
    """The places of printed numbers among those wanted, from 1; None for those that are not."""
    if isinstance(wanted, range):
        places = [number - wanted.start + 1 if number in wanted else None for number in printed]
    else:
        among = {number: n for n, number in enumerate(wanted, start=1)}
        places = [among.get(number) if number is not None else None for number in printed]
    return _filled(places, len(wanted))


def _filled(numbers: list[int | None], count: int) -> list[int | None]:
    """``numbers``, where a document that lost its mark has the number behind that of the one above, if it is free."""
    taken = set(numbers)
    filled: list[int | None] = []
    for number in numbers:
        above = (filled[-1] or 0) if filled else 0
        if number is None and above < count and above + 1 not in taken:
            number = above + 1
        filled.append(number)
        taken.add(number)
    return filled


def _selected(cover: str) -> list[int]:
    """The numbers of "Download Request: Selected Items: 1-10, 12"; none where there is no such line."""
    match = _SELECTED.search(cover)
    numbers: set[int] = set()
    for part in re.split(r"[,;\s]+", match["list"].split("\n\n")[0].strip(" ,;-\n")) if match else []:
        ends = [int(end) for end in part.split("-") if end.isdigit() and len(end) < 7]
        if len(ends) == 2 and ends[0] <= ends[1] < ends[0] + 100_000:
            numbers.update(range(ends[0], ends[1] + 1))
        elif len(ends) == 1:
            numbers.add(ends[0])
    return sorted(numbers - {0})


def _short(numbers: list[int]) -> str:
    return f"{numbers[0]}-{numbers[-1]}" if len(numbers) == numbers[-1] - numbers[0] + 1 else f"{len(numbers)} items"


def by_list(names: list[str], headlines: list[str], *, count: int | None, by: str) -> Stated:
    """The statement of a cover that lists ``names``, for documents with these ``headlines`` in the same order.

    Where all are there they correspond by their order. Else each headline is put at a name, order kept, so that names
    and headlines are most alike; a name that nothing was put at is missing. Where headlines differ from their names
    beside a missing one, its name carries the doubt.
    """
    count = len(names) if count is None else count
    if max(count, len(names)) > MOST_NAMED:
        return Stated(count, by, [], [n if n <= count else None for n in range(1, len(headlines) + 1)])
    names = [*names, *(f"document {number} of {count}" for number in range(len(names) + 1, count + 1))]
    spare = len(names) - len(headlines)
    if spare <= 0 or (spare + 1) * len(headlines) > MOST_COMPARED:
        return Stated(count, by, names, [n if n <= len(names) else None for n in range(1, len(headlines) + 1)])
    likeness = [
        [_alike(name, headline) for name in names[row : row + spare + 1]] for row, headline in enumerate(headlines)
    ]
    skipped = _skipped(likeness)
    numbers = [row + 1 + skip for row, skip in enumerate(skipped)]
    doubtful = {number for row, number in enumerate(numbers) if not likeness[row][skipped[row]]}
    found = set(numbers)
    shown = list(names)
    for first, last in _unsure(len(names), found - doubtful):
        near = [number for number in range(first, last + 1) if number in doubtful]
        for number in range(first, last + 1) if near else ():
            if number not in found:
                low, high = min(number, near[0]), max(number, near[-1])
                shown[number - 1] += f" (in doubt: headlines of {low} to {high} differ from the list)"
    return Stated(count, by, shown, list(numbers))


def _unsure(width: int, certain: set[int]) -> Iterator[tuple[int, int]]:
    """First and last of each run of the numbers 1 to ``width`` that are not certain."""
    first = 1
    for number in range(1, width + 2):
        if number > width or number in certain:
            if first < number:
                yield first, number - 1
            first = number + 1


def _alike(name: str, headline: str) -> float:
    """How alike a name of the list and a headline are, 0 to 100; one may go on where the other ends."""
    one, other = key(name), key(headline)
    if one == other:
        return 100.0
    short = min(len(one), len(other))
    begun = 0.9 * fuzz.ratio(one[:short], other[:short]) if short >= 8 else 0.0
    best = max(fuzz.ratio(one, other), begun)
    return best if best >= ALIKE else 0.0


def _skipped(likeness: list[list[float]]) -> list[int]:
    """For each row how many names are skipped up to it, where ``likeness[row][skip]`` is that with as many skipped.

    The sum of likeness less `GAP` for each place where names are skipped is greatest; what is left at the end costs
    nothing, and of ways that are equally good the one that skips later is taken.
    """
    best = [value - (GAP if skip else 0.0) for skip, value in enumerate(likeness[0])] if likeness else []
    came: list[list[int]] = []
    for row in likeness[1:]:
        line, way, most = [], [], 0
        for skip, value in enumerate(row):
            gapped = skip and best[most] - GAP > best[skip]
            way.append(most if gapped else skip)
            line.append(value + (best[most] - GAP if gapped else best[skip]))
            most = skip if best[skip] > best[most] else most
        best = line
        came.append(way)
    if not best:
        return []
    skips = [max(range(len(best)), key=lambda skip: (best[skip], -skip))]
    for way in reversed(came):
        skips.append(way[skips[-1]])
    return skips[::-1]
