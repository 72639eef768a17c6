"""Furniture by evidence: lines that stand in many articles of one outlet, where no rule knows them.

A line is such furniture where it

* stands in at least three and a fifth of the outlet's articles;
* is short, and no sentence of news: it does not end one, or it has few words, or it speaks as boilerplate does (an
  address, a link, "our", "you", "subscribe", "copyright" …);
* stands at the edge of the body each time, nothing but other such lines outside of it (or, where it speaks as
  boilerplate does, anywhere);
* stands next to another paragraph each time: in copies of one text the neighbours are the same, too.

So a sentence of background that an outlet puts into every report stays, and so does agency copy that it printed often.

Limits: articles without an outlet are not compared; a line that an outlet words a little differently each time is not
found.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable
from typing import Any, NamedTuple

import numpy as np

from analysis.corpus.headlines import n_words
from analysis.corpus.line_keys import LONG, NOTHING, WORDS, hashed
from analysis.corpus.lines import ends_sentence

RULE = "repeated-in-outlet"
ARTICLES, SHARE = 3, 0.2  # in so many articles of an outlet, and in such a share of them
FEW_WORDS = 6  # below which a sentence is no news
EDGE = 6  # paragraphs at each end of a body at most

_SPEAKS = re.compile(
    r"https?:|www\.|\w@\w|(?:^|\s)@\w|©|\(c\)|\b(?:subscri\w+|newsletters?|sign up|click here|follow us|our|us|your?|"
    r"download|copyright|all rights|reserved|donat\w+|contact|e-?mail|telegram|whatsapp|facebook|instagram|twitter|"
    r"youtube|app store|google play|cookies|advertis\w+|sponsor\w*|read more|read also|published by|powered by|website|"
    r"editorial|disclaimer|support|tips?)\b",
    re.IGNORECASE,
)
_QUOTED = re.compile(r"[\"“”„«»]|\b(?:said|says|told)\b")


class _Body(NamedTuple):
    """Of a body's paragraphs: their keys, and the places of those that return, are short and speak as boilerplate."""

    keys: list[int]
    short: set[int]
    speaking: set[int]


def find_repeated(
    outlets: np.ndarray, keys: np.ndarray, bounds: np.ndarray, bodies: Callable[[set[int]], Iterable[tuple[int, str]]]
) -> dict[int, list[int]]:
    """The articles with furniture by evidence, by number, and the places of those paragraphs in each.

    The order of the articles does not matter. A body is never left without a paragraph.

    Args:
        outlets: int, a number for the outlet of each article; below 0 for none.
        keys: uint64, the `line_keys` of all articles. bounds: int64, where those of each begin, and the end of all.
        bodies: called with numbers of articles, gives them with their bodies, in any order. Only those are asked for
            that hold a line which returns.
    """
    doubtful: dict[int, tuple[set[int], list[int]]] = {}
    sizes: dict[int, int] = {}
    order = np.argsort(outlets, kind="stable")
    for group in np.split(order, np.flatnonzero(np.diff(outlets[order])) + 1):
        if len(group) >= ARTICLES and outlets[group[0]] >= 0:
            outlet = int(outlets[group[0]])
            sizes[outlet] = len(group)
            doubtful[outlet] = _doubtful(group, keys, bounds, max(ARTICLES, SHARE * len(group)))
    returning = {number: names for names, numbers in doubtful.values() for number in numbers}
    seen = {number: _body(body, returning[number]) for number, body in bodies(set(returning))} if returning else {}
    found = {}
    for outlet, (_, numbers) in doubtful.items():
        cuts = _cut([seen[number] for number in numbers], max(ARTICLES, SHARE * sizes[outlet]))
        found |= {number: cut for number, cut in zip(numbers, cuts, strict=True) if cut}
    return found


def _doubtful(group: np.ndarray, keys: np.ndarray, bounds: np.ndarray, least: float) -> tuple[set[int], list[int]]:
    """The keys of short lines that stand in so many articles of an outlet; and the articles that hold one, or that
    begin or end with a paragraph without letters."""
    lengths = bounds[group + 1] - bounds[group]
    places = np.repeat(bounds[group] - np.r_[0, np.cumsum(lengths)[:-1]], lengths) + np.arange(lengths.sum())
    names, articles = keys[places], np.repeat(group, lengths)
    order = np.lexsort((articles, names))
    again = (np.diff(names[order]) == 0) & (np.diff(articles[order]) == 0)  # in the same article
    name, times = np.unique(names[order][~np.r_[again, False]], return_counts=True)
    often = name[(times >= least) & (name != NOTHING) & (name != LONG)]
    holding = articles[np.isin(names, often)]
    bare = group[(keys[bounds[group]] == NOTHING) | (keys[bounds[group + 1] - 1] == NOTHING)]
    return set(often.tolist()), np.union1d(holding, bare).tolist()


def _body(text: str, returning: set[int]) -> _Body:
    paragraphs = text.split("\n\n")
    keys = [hashed(paragraph) for paragraph in paragraphs]
    short = {place for place, name in enumerate(keys) if name in returning and is_short(paragraphs[place])}
    speaking = {place for place, name in enumerate(keys) if name in returning and speaks(paragraphs[place])}
    return _Body(keys, short, speaking)


def without(body: str, places: Collection[int]) -> tuple[str, list[str]]:
    """A body without some of its paragraphs, and those."""
    paragraphs = body.split("\n\n")
    kept = [paragraph for place, paragraph in enumerate(paragraphs) if place not in places]
    return "\n\n".join(kept), [paragraphs[place] for place in places]


def _cut(bodies: list[_Body], least: float) -> list[list[int]]:
    """What to cut of the bodies of one outlet that repeat something."""
    often = _often(bodies, least)
    anywhere = _anywhere(bodies, often, least)
    edges = _at_edges(bodies, often, least, anywhere)
    made = []
    for body in bodies:
        start, end = _span(body, edges | anywhere)
        cut = [place for place, name in enumerate(body.keys) if not start <= place < end or name in anywhere]
        made.append([] if len(cut) == len(body.keys) else cut)
    return made


def _often(bodies: list[_Body], least: float) -> set[int]:
    """Keys of the short lines that stand in so many bodies."""
    times = Counter(name for body in bodies for name in {body.keys[place] for place in body.short})
    return {name for name, count in times.items() if count >= least}


def _anywhere(bodies: list[_Body], often: set[int], least: float) -> set[int]:
    """Keys of lines that speak as boilerplate does and return, wherever they stand."""
    beside: dict[int, set[tuple[int, int]]] = defaultdict(set)
    for body in bodies:
        for place in body.speaking:
            if body.keys[place] in often:
                beside[body.keys[place]].add((_next(body, place, -1, often), _next(body, place, 1, often)))
    return {name for name, neighbours in beside.items() if _differ(neighbours, least)}


def _at_edges(bodies: list[_Body], often: set[int], least: float, anywhere: set[int]) -> set[int]:
    """Keys of lines that return at the edges of bodies, found from the outside inward."""
    known: set[int] = set()
    for _ in range(EDGE):
        beside: dict[int, set[int]] = defaultdict(set)
        times: dict[int, int] = defaultdict(int)
        for body in bodies:
            start, end = _span(body, known | anywhere)
            outer = {body.keys[start]: 1, body.keys[end - 1]: -1} if end - start > 1 else {}
            for name, inward in outer.items():
                if name in often:
                    times[name] += 1
                    beside[name].add(_next(body, start if inward > 0 else end - 1, inward, often))
        new = {name for name, count in times.items() if count >= least and _differ(beside[name], least)}
        if not new:
            break
        known |= new
    return known


def _next(body: _Body, place: int, step: int, passed: set[int]) -> int:
    """The key of the next paragraph in a direction that does not return itself; `NOTHING` where there is none."""
    place += step
    while 0 <= place < len(body.keys) and body.keys[place] in passed:
        place += step
    return body.keys[place] if 0 <= place < len(body.keys) else NOTHING


def _differ(neighbours: set[Any], least: float) -> bool:
    """Whether a line's neighbours are different ones: in copies of one text they are the same."""
    return len(neighbours) > least / 2 + 1


def _span(body: _Body, known: set[int]) -> tuple[int, int]:
    """Where the article begins and ends when known lines at its edges are passed over; at most `EDGE` at each."""
    start, end = 0, len(body.keys)
    while start < min(EDGE, end) and (body.keys[start] == NOTHING or body.keys[start] in known):
        start += 1
    least = max(start, len(body.keys) - EDGE)
    while end > least and (body.keys[end - 1] == NOTHING or body.keys[end - 1] in known):
        end -= 1
    return start, end


def speaks(line: str) -> bool:
    """Whether a line speaks as boilerplate does, and not as a report."""
    return _SPEAKS.search(line) is not None and _QUOTED.search(line) is None


def is_short(line: str) -> bool:
    """Whether a line can be furniture by its looks: boilerplate, no end of a sentence, or only a few words."""
    words = n_words(line)
    if words > WORDS or _QUOTED.search(line):
        return False
    return speaks(line) or (words <= 12 and not ends_sentence(line)) or words < FEW_WORDS
