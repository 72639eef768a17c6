"""Can a figure be made again from what is here? And if not: what has changed since?"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from analysis.reporting.notebooks import find_notebooks, run_notebooks
from analysis.reporting.records import FILES, read_record
from analysis.reporting.this_notebook import defaults
from analysis.study import Study, open_study

# Parts of a record, in the order in which a change of one explains those behind it.
PARTS = ("corpus", "codebook", "parameters", "code", "packages")


class Change(NamedTuple):
    """Something of a record that is otherwise now: which part, what of it, before and now (both as text)."""

    part: str
    what: str
    before: str
    now: str

    def __str__(self) -> str:
        return f"{self.part}: {self.what}: {self.before} → {self.now}" if self.what else f"{self.part}: {self.now}"


def changes(before: dict, now: dict) -> list[Change]:
    """What of the record of a figure is otherwise in a record made now, in order of `PARTS`.

    What follows from these (the numbers drawn, the caption, the id) is no change of its own.
    """
    return [*_corpus(before, now), *_codebooks(before, now), *_parameters(before, now), *_code(before, now)]


def _corpus(before: dict, now: dict) -> Iterator[Change]:
    one, other = before["corpus"], now["corpus"]
    if one["sha256"] == other["sha256"]:
        return
    if one["articles"] != other["articles"]:
        yield Change("corpus", "articles", f"{one['articles']:,}", f"{other['articles']:,}")
    else:
        yield Change("corpus", "", "", f"as many articles ({one['articles']:,}), of which some read otherwise")


def _codebooks(before: dict, now: dict) -> Iterator[Change]:
    one, other = ({book["name"]: book for book in record["codebooks"]} for record in (before, now))
    for name in [*one, *(name for name in other if name not in one)]:
        if name not in other:
            yield Change("codebook", name, one[name]["version"], "not used")
        elif name not in one:
            yield Change("codebook", name, "not used", other[name]["version"])
        elif one[name]["hash"] != other[name]["hash"]:
            versions = (f"{book['version']} ({book['hash'][:8]})" for book in (one[name], other[name]))
            yield Change("codebook", name, *versions)


def _parameters(before: dict, now: dict) -> Iterator[Change]:
    one, other = (
        {**(record.get("notebook") or {}).get("parameters", {}), **record["parameters"], "seed": record["seed"]}
        for record in (before, now)
    )
    for name in sorted({*one, *other}):
        values = (repr(record[name]) if name in record else "none" for record in (one, other))
        was, is_now = values
        if was != is_now:
            yield Change("parameters", name, was, is_now)


def _code(before: dict, now: dict) -> Iterator[Change]:
    one, other = before["code"], now["code"]
    if one["sha256"] != other["sha256"]:
        was, is_now = (f"Samestory {code['samestory']} ({code['sha256'][:8]})" for code in (one, other))
        yield Change("code", "", "", f"{was} → {is_now}")
    for name in sorted({*before["packages"], *now["packages"]}):
        was, is_now = (record["packages"].get(name, "none") for record in (before, now))
        if was != is_now:
            yield Change("packages", name, was, is_now)


class Verdict(NamedTuple):
    """What became of a figure that was made again: identical or not, and the reasons, a line each."""

    figure: Path
    figure_id: str
    identical: bool
    reasons: list[str]


def verify(figures: Sequence[Path], *, study: str | Path | None = None) -> list[Verdict]:
    """Make figures again and compare: a verdict for each, in their order.

    A figure is identical when its record, and with it the id, comes out the same, and its files hold the same bytes.
    Figures of one notebook with the same parameters are made in one run.

    Args:
        figures: each any of a figure's files. study: where the study is; default its name in the record, looked for
            as `open_study` does.

    Raises UserError where a record or a study is not there.
    """
    records = [read_record(figure) for figure in figures]
    runs: dict[str, list[int]] = {}
    for place, record in enumerate(records):
        made_by = record.get("notebook") or {}
        said = [record["study"]["name"], made_by.get("name"), made_by.get("given")]
        runs.setdefault(json.dumps(said, sort_keys=True), []).append(place)
    verdicts: dict[int, Verdict] = {}
    for key, places in runs.items():
        name, notebook, given = json.loads(key)
        opened = open_study(study or name)
        with tempfile.TemporaryDirectory(prefix="samestory-") as scratch:
            failed = _run(opened, notebook, given or {}, Path(scratch))
            for place in places:
                reasons = failed or _compared(figures[place], records[place], Path(scratch))
                verdicts[place] = Verdict(figures[place], records[place]["figure_id"], not reasons, reasons)
    return [verdicts[place] for place in range(len(figures))]


def _run(study: Study, notebook: str | None, given: dict, scratch: Path) -> list[str]:
    """Run the notebook anew; why it could not be done, else nothing."""
    if not notebook:
        return ["no notebook that ships made it: it cannot be made again from here"]
    (path,) = find_notebooks([notebook])
    unknown = sorted(set(given) - set(defaults(notebook)))
    if unknown:
        return [f"parameters: {notebook} has no {unknown[0]} any more"]
    status = run_notebooks(study.folder, [path], values={notebook: given}, out=scratch, figures=scratch / "figures")
    return [f"{notebook} failed: {error}" for error in status["error"].dropna()]


def _compared(figure: Path, record: dict, scratch: Path) -> list[str]:
    """Why a figure is not the one that was just made; nothing where it is."""
    again = scratch / "figures" / figure.name
    if not again.with_suffix(".json").is_file():
        return [f"{record['notebook']['name']} makes no figure {record['slug']} any more"]
    made = read_record(again)
    reasons = [str(change) for change in changes(record, made)]
    if reasons or made["figure_id"] != record["figure_id"]:
        return reasons or ["the numbers differ, though nothing that the record holds has changed"]
    there = [ending for ending in FILES if figure.with_suffix(ending).is_file()]
    other = [end for end in there if figure.with_suffix(end).read_bytes() != again.with_suffix(end).read_bytes()]
    return [
        f"the file {figure.stem}{ending} holds other bytes than were made: it was changed since" for ending in other
    ]
