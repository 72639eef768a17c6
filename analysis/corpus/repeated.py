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
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from analysis.corpus.headlines import key, n_words
from analysis.corpus.lines import ends_sentence

RULE = "repeated-in-outlet"
ARTICLES, SHARE = 3, 0.2  # in so many articles of an outlet, and in such a share of them
WORDS, FEW_WORDS = 60, 6  # of a line at most; and below which a sentence is no news
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
    """A body's paragraphs and their keys (see `headlines.key`)."""

    paragraphs: list[str]
    keys: list[str]


def cut_repeated(articles: Sequence[Mapping[str, Any]]) -> list[tuple[str, list[str]]]:
    """For each article (with ``outlet`` and ``body``) its body without furniture by evidence, and the lines cut.

    The order of the articles does not matter. A body is never left without a paragraph.
    """
    outlets: dict[str, list[int]] = defaultdict(list)
    for place, article in enumerate(articles):
        if article.get("outlet"):
            outlets[str(article["outlet"])].append(place)
    found: list[tuple[str, list[str]]] = [(article["body"], []) for article in articles]
    for places in outlets.values():
        if len(places) >= ARTICLES:
            for place, cut in zip(places, _cut([articles[place]["body"] for place in places]), strict=True):
                found[place] = cut
    return found


def _cut(texts: list[str]) -> list[tuple[str, list[str]]]:
    """The bodies of one outlet without what they repeat."""
    bodies = []
    for text in texts:
        paragraphs = text.split("\n\n")
        bodies.append(_Body(paragraphs, [key(paragraph) for paragraph in paragraphs]))
    least = max(ARTICLES, SHARE * len(bodies))
    often = _often(bodies, least)
    anywhere = _anywhere(bodies, often, least)
    edges = _at_edges(bodies, often, least, anywhere)
    made = []
    for body, text in zip(bodies, texts, strict=True):
        start, end = _span(body, edges | anywhere)
        cut = [n for n, name in enumerate(body.keys) if not start <= n < end or name in anywhere]
        if not cut or len(cut) == len(body.keys):
            made.append((text, []))
            continue
        gone = set(cut)
        kept = [paragraph for n, paragraph in enumerate(body.paragraphs) if n not in gone]
        made.append(("\n\n".join(kept), [body.paragraphs[n] for n in cut]))
    return made


def _often(bodies: list[_Body], least: float) -> dict[str, int]:
    """Keys of the short lines that stand in so many bodies → in how many."""
    present = Counter(name for body in bodies for name in set(body.keys) if name)
    times: dict[str, int] = defaultdict(int)
    for body in bodies:  # whether a line is short takes long to say: only of lines that return is it asked
        pairs = zip(body.paragraphs, body.keys, strict=True)
        for name in {name for paragraph, name in pairs if present[name] >= least and is_short(paragraph)}:
            times[name] += 1
    return {name: count for name, count in times.items() if count >= least}


def _anywhere(bodies: list[_Body], often: dict[str, int], least: float) -> set[str]:
    """Keys of lines that speak as boilerplate does and return, wherever they stand."""
    beside: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for body in bodies:
        for place, (paragraph, name) in enumerate(zip(body.paragraphs, body.keys, strict=True)):
            if name in often and speaks(paragraph):
                beside[name].add((_next(body, place, -1, often), _next(body, place, 1, often)))
    return {name for name, neighbours in beside.items() if _differ(neighbours, least)}


def _at_edges(bodies: list[_Body], often: dict[str, int], least: float, anywhere: set[str]) -> set[str]:
    """Keys of lines that return at the edges of bodies, found from the outside inward."""
    known: set[str] = set()
    for _ in range(EDGE):
        beside: dict[str, set[str]] = defaultdict(set)
        times: dict[str, int] = defaultdict(int)
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


def _next(body: _Body, place: int, step: int, passed: Mapping[str, int]) -> str:
    """The key of the next paragraph in a direction that does not return itself; "" where there is none."""
    place += step
    while 0 <= place < len(body.keys) and body.keys[place] in passed:
        place += step
    return body.keys[place] if 0 <= place < len(body.keys) else ""


def _differ(neighbours: set[Any], least: float) -> bool:
    """Whether a line's neighbours are different ones: in copies of one text they are the same."""
    return len(neighbours) > least / 2 + 1


def _span(body: _Body, known: set[str]) -> tuple[int, int]:
    """Where the article begins and ends when known lines at its edges are passed over; at most `EDGE` at each."""
    start, end = 0, len(body.keys)
    while start < min(EDGE, end) and (not body.keys[start] or body.keys[start] in known):
        start += 1
    least = max(start, len(body.keys) - EDGE)
    while end > least and (not body.keys[end - 1] or body.keys[end - 1] in known):
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
