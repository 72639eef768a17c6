"""What each source holds: counts, and whether it is as much as the source itself says.

A source that says how many articles it holds ("1 of 10 DOCUMENTS", a cover list) is held to it. Found is what was
read, what stands there or elsewhere already, and what is in another language; an item that could not be read is a loss.
A source that says nothing is held to its own end: one that breaks off lacks something.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from itertools import islice
from typing import Any, NamedTuple

import pandas as pd
from rapidfuzz import fuzz

from analysis.corpus.headlines import key

NAMED = 20  # missing articles that are named one by one
MOST = 10_000_000  # a source that says it holds more says nothing
COMPARED = 1_000  # names and headlines without an equal that are compared
_COUNTED = re.compile(r"\d+ of \d+")
_BREAKS = re.compile(r"\b(?:breaks|broken|cut) off\b")  # what readers say of a file without its end
LIKE = 85  # of 100: a name in a list and a headline that are so alike are one; lists shorten and respell


class Source(NamedTuple):
    """A source file, or a file in an archive, while it is read: see the table *sources*, and the items found.

    ``found``: (headline, number) of each article found; ``stated``: what it says of itself, empty where nothing;
    ``breaks``: the reasons of rejects by which it breaks off.
    """

    name: str
    format: str | None
    counts: dict[str, int]
    found: list[tuple[str | None, int | None]]
    stated: dict[str, Any]
    breaks: list[str]


def new_source(name: str, format: str | None) -> Source:
    """A source of which nothing is read yet."""
    counts = dict.fromkeys(("read", "rejected", "duplicates", "undated", "outletless"), 0)
    return Source(name, format, counts, [], {}, [])


def state(source: Source, stated: dict[str, Any]) -> None:
    """Note what a source says it holds; its first statement counts."""
    if not source.stated and 0 <= stated["count"] <= MOST:
        source.stated.update(stated)


def reject(source: Source, reason: str) -> None:
    """Note an item that could not be read."""
    source.counts["rejected"] += 1
    if _BREAKS.search(reason):
        source.breaks.append(reason)


def source_row(source: Source) -> dict[str, Any]:
    """A row of the table *sources*."""
    return {
        "source_file": source.name,
        "format": source.format,
        "expected": source.stated.get("count"),
        **source.counts,
        "missing": difference(source),
    }


def difference(source: Source) -> str | None:
    """What a source says and what was found in it, where the two differ, the missing by name; else how it breaks off.

    None where it lacks nothing.
    """
    stated = source.stated
    if not stated or stated["count"] == len(source.found):
        return source.breaks[0] if source.breaks else None
    expected, found = stated["count"], len(source.found)
    by = f" ({stated['by']})" if stated.get("by") else ""
    if found > expected:
        return f"{found - expected} more than the {expected} it says it holds{by}"
    names = missing_names(stated, source.found)
    shown = f": {'; '.join(names)}" if names else ""
    more = f"; and {expected - found - len(names)} more" if 0 < len(names) < expected - found else ""
    return f"{expected - found} of {expected}{by}{shown}{more}"


def missing_names(stated: dict[str, Any], found: list[tuple[str | None, int | None]]) -> list[str]:
    """Names of the articles that a source says it holds and that were not found, `NAMED` at most.

    Where each that was found has its number in the source, the others are missing, by their names in the source's list
    or by number; else they are those in the list that are least like any headline.
    """
    count = stated["count"]
    names = [" ".join(str(name).split())[:200] for name in stated.get("names") or ()]
    most = min(count - len(found), NAMED)
    numbers = {number for _, number in found}
    numbered = len(numbers) == len(found) and all(number in range(1, count + 1) for number in numbers)
    if numbered and (found or len(names) == count):
        absent = islice((number for number in range(1, count + 1) if number not in numbers), most)
        return [names[number - 1] if len(names) == count else f"number {number}" for number in absent]
    return _least_like(names, [headline for headline, _ in found if headline], most)


def _least_like(names: list[str], headlines: list[str], n: int) -> list[str]:
    """The ``n`` names that are least like any headline, each headline used once; in the order of the names."""
    left = Counter(key(headline) for headline in headlines)
    keys = [key(name) for name in names]
    scores: dict[int, float] = {}
    for place, name in enumerate(keys):  # equal ones first, so that a like one does not take their headline
        if left[name] > 0:
            left[name] -= 1
            scores[place] = 101
    others = [name for name, times in left.items() for _ in range(times)]
    for place in [place for place in range(len(keys)) if place not in scores][:COMPARED]:
        alike = [_alike(keys[place], other) for other in others[:COMPARED]]
        scores[place] = max(alike, default=0)
        if scores[place] >= LIKE:
            others.pop(alike.index(scores[place]))
    worst = sorted(scores, key=lambda place: (scores[place], place))[:n]
    return [names[place] for place in sorted(worst)]


def _alike(name: str, headline: str) -> float:
    """How like a name in a list is to a headline; lists cut names off."""
    if min(len(name), len(headline)) >= 20 and (headline.startswith(name) or name.startswith(headline)):
        return 100
    return fuzz.ratio(name, headline)


def differences(sources: pd.DataFrame) -> Iterator[str]:
    """A line for each source in which not just what it says was found."""
    lacking = sources[sources["missing"].notna()]
    for name, missing in lacking[["source_file", "missing"]].itertuples(index=False):
        yield f"{name}: {f'missing {missing}' if _COUNTED.match(missing) else missing}"
