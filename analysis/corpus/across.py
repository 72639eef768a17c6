"""What only all articles of a study together tell: texts for stories that are only listed, dates that can be read two
ways, one name for each outlet, and lines that stand in many articles of an outlet.

`survey` goes through all articles and keeps of each a few numbers, not its text; `settled` then tells of one article
what it comes to. So a study may be larger than memory.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np

from analysis.corpus import stories
from analysis.corpus.dates import Order, parse_date, settle
from analysis.corpus.frames import KEY, Entry
from analysis.corpus.outlets import Outlets, normalise, outlet_at
from analysis.corpus.repeated import RULE, find_repeated, without
from analysis.corpus.sources import Source

Row = dict[str, Any]
Name = Callable[[Row], str | None]


class Item(NamedTuple):
    """An article or a reject (an entry of `analysis.corpus.reading`), its source, and what a manifest says of it."""

    source: Source
    entry: Entry
    told: Row


class Survey(NamedTuple):
    """What all articles tell; they are numbered in order, and so are the stories that are only listed.

    ``orders``: source → how it writes numeric dates. ``told``: number of an article → the story it tells. ``listed``:
    the stories; ``left``: the numbers of those that no article tells. ``cuts``: number of an article → places of its
    paragraphs that are furniture. ``stated``: the sources that say what they hold.
    """

    stated: set[str]
    orders: dict[str, Order | None]
    told: dict[int, int]
    listed: list[Row]
    left: set[int]
    cuts: dict[int, list[int]]


def survey(items: Callable[[bool], Iterable[Item]], name: Name) -> Survey:
    """Go through all items: once or twice as `frames.survey` gives them and, where lines return, once with bodies.

    Args:
        items: gives them anew each time it is called; as `frames.unpack` gives them, if the argument is True.
        name: the name of an article's outlet (see `outlet_names`).
    """
    said: dict[str, set[Order | None]] = {}
    sources: list[Source] = []
    listed: list[Row] = []
    names: dict[str, int] = {}
    outlets, keys, bounds = array("i"), bytearray(), array("q", [0])

    def number(row: Row, told: Row) -> int:
        outlet = _outlet(row, told, name)
        return names.setdefault(outlet, len(names)) if outlet else -1

    for item in items(False):
        if sources[-1:] != [item.source]:
            sources.append(item.source)
        said.setdefault(item.source.name, set()).add(item.entry.get("order"))
        if "article" in item.entry:
            outlets.append(number(item.entry["article"], item.told))
            keys += item.entry["keys"]
            bounds.append(len(keys) // KEY)
        elif "stub" in item.entry:
            listed.append(item.entry["stub"])
    known, told = stories.index(listed), {}
    if listed:
        for place, item in enumerate(_articles(items(False))):
            story = stories.story_of(item.entry["article"], item.source.name, known)
            if story is not None:
                told[place] = story
                outlets[place] = number(_with_story(item, listed[story]), item.told)

    def bodies(wanted: set[int]) -> Iterator[tuple[int, str]]:
        for place, item in enumerate(_articles(items(True))):
            if place in wanted:
                yield place, item.entry["article"]["body"].decode()

    cuts = find_repeated(np.asarray(outlets), np.frombuffer(keys, "<u8"), np.asarray(bounds), bodies)
    orders = {source: settle(orders) for source, orders in said.items()}
    stated = {source.name for source in sources if source.stated}
    return Survey(stated, orders, told, listed, set(stories.untold(known, set(told.values()))), cuts)


def settled(items: Iterable[Item], found: Survey, name: Name) -> Iterator[Item]:
    """The items as all of them together tell. A story whose text is among the articles is no item any more."""
    article = story = -1
    for item in items:
        source, entry, said = item
        row = entry.get("article")
        if "stub" in entry:
            story += 1
            if story in found.left:
                yield item
        elif row is None:
            yield item
        else:
            article += 1
            if article in found.told:
                row = _with_story(item, found.listed[found.told[article]])
            row, cuts = _dated(row, entry["cuts"], found.orders[source.name])
            row = {**row, "outlet": _outlet(row, said, name)}
            if article in found.cuts:
                body, lines = without(row["body"].decode(), found.cuts[article])
                row["body"] = body.encode()
                cuts = [*cuts, *({"line": 0, "text": text, "rule": RULE} for text in lines)]
            yield Item(source, {**entry, "article": row, "cuts": cuts}, said)


def outlet_names(table: Outlets) -> Name:
    """A function that gives the one name of an article's outlet; one that prints none is of the outlet that its address
    belongs to."""
    printed_as = lru_cache(maxsize=10_000)(lambda printed: normalise(printed, table))

    def name(row: Row) -> str | None:
        printed, url = row.get("outlet_printed"), row.get("url")
        return printed_as(printed) if printed else outlet_at(url, table) if url else None

    return name


def _outlet(row: Row, told: Row, name: Name) -> str | None:
    """The outlet of an article: what a manifest says stays as it is said."""
    return row.get("outlet") if told.get("outlet") else name(row)


def _articles(items: Iterable[Item]) -> Iterator[Item]:
    return (item for item in items if "article" in item.entry)


def _with_story(item: Item, story: Row) -> Row:
    """The article of an item with what its story says."""
    row = stories.with_story(item.entry["article"], story)
    if row.get("outlet_printed") is None and row.get("outlet") is not None and not item.told.get("outlet"):
        row["outlet_printed"] = row["outlet"]
    return row


def _dated(row: Row, cuts: list[Row], order: Order | None) -> tuple[Row, list[Row]]:
    """An article and its cuts; with its date, where that is a numeric one that can be read two ways and the others of
    its source tell which."""
    if order is not None and row.get("published") is None:
        for cut in cuts:
            if cut["rule"] == "unusable-published" and (date := parse_date(cut["text"], order=order)):
                return {**row, "published": date}, [other for other in cuts if other is not cut]
    return row, cuts
