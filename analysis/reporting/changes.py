"""What of a figure's record is otherwise in one made now: each change named, and nothing that follows from it.

What follows from a change (the numbers drawn, the caption, the stamp, the id) is no change of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

from analysis.coding.codebook import Codebook
from analysis.reporting import codebook_changes, corpora


class Change(NamedTuple):
    """A change: of which part (corpus, codebook, parameters, validation, code or packages), and what, in words."""

    part: str
    what: str

    def __str__(self) -> str:
        return f"{self.part}: {self.what}"


class Where(NamedTuple):
    """Where details are: the folders of the figure and of the one made now, and the study's codebooks by name."""

    before: Path
    now: Path
    codebook: Callable[[str], Codebook | None]


def changes(before: dict, now: dict, *, where: Where | None = None) -> list[Change]:
    """The changes from one record of a figure to the other, in the order in which one explains those behind it.

    ``where``: with it articles are named one by one, and words of codebooks.
    """
    return [
        *_corpus(before, now, where),
        *_codebooks(before, now, where),
        *_parameters(before, now),
        *_checks(before, now),
        *_code(before, now),
    ]


def _corpus(before: dict, now: dict, where: Where | None) -> Iterator[Change]:
    one, other = before["corpus"], now["corpus"]
    if one["sha256"] == other["sha256"]:
        return
    known = [corpora.read(where.before, one["sha256"]), corpora.read(where.now, other["sha256"])] if where else [None]
    if None not in known:
        yield from (Change("corpus", line) for line in corpora.differences(*known))
    elif one["articles"] != other["articles"]:
        yield Change("corpus", f"{one['articles']:,} articles → {other['articles']:,}")
    else:
        yield Change("corpus", f"as many articles ({one['articles']:,}), of which some read otherwise")


def _codebooks(before: dict, now: dict, where: Where | None) -> Iterator[Change]:
    one, other = ({book["name"]: book for book in record["codebooks"]} for record in (before, now))
    for name in [*one, *(name for name in other if name not in one)]:
        if name not in other:
            yield Change("codebook", f"{name} {one[name]['version']} is no longer used")
        elif name not in one:
            yield Change("codebook", f"{name} {other[name]['version']} was not used before")
        elif one[name] != other[name]:
            yield from _codebook(name, one[name], other[name], where)


def _codebook(name: str, before: dict, now: dict, where: Where | None) -> Iterator[Change]:
    book = where.codebook(name) if where and before["hash"] != now["hash"] else None
    lines = codebook_changes.differences(where.before, name, before["hash"], book) if where and book else []
    yield from (Change("codebook", f"{name}: {line}") for line in lines)
    if before["version"] != now["version"] or not lines:
        versions = (f"{one['version']} ({one['hash'][:8]})" for one in (before, now))
        yield Change("codebook", f"{name}: {' → '.join(versions)}")


def _parameters(before: dict, now: dict) -> Iterator[Change]:
    """Of the notebook, of the table that is drawn, and of study.yml; one that stands in several is named once."""
    one, other = (
        {
            **(record["notebook"] or {}).get("parameters", {}),
            **record["parameters"],
            "seed": record["seed"],
            "events": record["study"].get("events", []),
        }
        for record in (before, now)
    )
    for name in sorted({*one, *other}):
        values = [repr(record[name]) if name in record else "none" for record in (one, other)]
        if values[0] != values[1]:
            yield Change("parameters", f"{name}: {values[0]} → {values[1]}")


def _checks(before: dict, now: dict) -> Iterator[Change]:
    one, other = before.get("checks"), now.get("checks")
    if one != other:
        said = [f"{record['codes']:,} codes of people" if record else "nobody's codes" for record in (one, other)]
        yield Change("validation", f"{said[0]} → {said[1]}" if said[0] != said[1] else f"{said[0]}, some otherwise")


def _code(before: dict, now: dict) -> Iterator[Change]:
    one, other = before["code"], now["code"]
    if one != other:
        was, is_now = (f"Samestory {code['samestory']} ({code['sha256'][:8]})" for code in (one, other))
        yield Change("code", f"{was} → {is_now}")
    for name in sorted({*before["packages"], *now["packages"]}):
        was, is_now = (record["packages"].get(name, "none") for record in (before, now))
        if was != is_now:
            yield Change("packages", f"{name}: {was} → {is_now}")
