"""What only all articles of a study together tell: texts for stories that are only listed, dates that can be read two
ways, one name for each outlet, and lines that stand in many articles of an outlet.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from analysis.corpus.dates import Order, parse_date, settle
from analysis.corpus.outlets import Outlets, normalise, outlet_at
from analysis.corpus.repeated import RULE, cut_repeated
from analysis.corpus.sources import Source
from analysis.corpus.stories import join_by_url


class Item(NamedTuple):
    """An article or a reject (an entry of `analysis.corpus.reading`), its source, and what a manifest says of it."""

    source: Source
    entry: dict[str, Any]
    told: dict[str, Any]


def with_stories(items: Sequence[Item]) -> list[Item]:
    """The items, with what lists of stories say put into the articles they list.

    A story whose text is among the articles is no item of its own any more; the others stay rejects.
    """
    listed = [place for place, item in enumerate(items) if item.entry.get("stub")]
    if not listed:
        return list(items)
    read = [place for place, item in enumerate(items) if "article" in item.entry]
    rows = [{**items[place].entry["article"], "source_file": items[place].source.name} for place in read]
    joined, left = join_by_url([items[place].entry["stub"] for place in listed], rows)
    made = dict(enumerate(items))
    for place, row in zip(read, joined, strict=True):
        row = {name: value for name, value in row.items() if name != "source_file"}
        if row.get("outlet_printed") is None and row.get("outlet") is not None and not items[place].told.get("outlet"):
            row["outlet_printed"] = row["outlet"]
        made[place] = items[place]._replace(entry={**items[place].entry, "article": row})
    texts = {*listed} - {listed[place] for place in left}
    return [item for place, item in made.items() if place not in texts]


def with_dates(items: Sequence[Item]) -> list[Item]:
    """The items, with the numeric dates that can be read two ways where the others of their source tell which."""
    said: dict[str, list[Order | None]] = {}
    for item in items:
        said.setdefault(item.source.name, []).append(item.entry.get("order"))
    order = {name: settle(orders) for name, orders in said.items()}
    return [_dated(item, order[item.source.name]) for item in items]


def _dated(item: Item, order: Order | None) -> Item:
    row = item.entry.get("article")
    if order is None or row is None or row.get("published") is not None:
        return item
    for cut in item.entry["cuts"]:
        if cut["rule"] == "unusable-published" and (date := parse_date(cut["text"], order=order)):
            cuts = [other for other in item.entry["cuts"] if other is not cut]
            return item._replace(entry={**item.entry, "article": {**row, "published": date}, "cuts": cuts})
    return item


def with_outlets(items: Sequence[Item], table: Outlets) -> list[Item]:
    """The items, each article under its outlet's one name; what a manifest says stays as it is said.

    An article that prints no outlet is of the one that its address belongs to.
    """
    name = lru_cache(maxsize=10_000)(lambda printed: normalise(printed, table))
    made = []
    for item in items:
        row = item.entry.get("article")
        if row is not None and not item.told.get("outlet"):
            printed, url = row.get("outlet_printed"), row.get("url")
            outlet = name(printed) if printed else outlet_at(url, table) if url else None
            item = item._replace(entry={**item.entry, "article": {**row, "outlet": outlet}})
        made.append(item)
    return made


def without_repeated(items: Sequence[Item]) -> list[Item]:
    """The items, each article without the lines that its outlet puts into many; they are furniture, as line 0."""
    places = [place for place, item in enumerate(items) if "article" in item.entry]
    made = list(items)
    for place, (body, lines) in zip(
        places, cut_repeated([made[place].entry["article"] for place in places]), strict=True
    ):
        if lines:
            entry = made[place].entry
            cuts = [*entry["cuts"], *({"line": 0, "text": text, "rule": RULE} for text in lines)]
            entry = {**entry, "article": {**entry["article"], "body": body}, "cuts": cuts}
            made[place] = made[place]._replace(entry=entry)
    return made
