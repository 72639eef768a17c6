"""Can a figure be made again from what is here? And if not: what has changed since?"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Mapping, Sequence
from functools import cache, partial
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from analysis.reporting.changes import Where, changes
from analysis.reporting.codebook_changes import find_codebook
from analysis.reporting.notebooks import find_notebooks, run_notebooks
from analysis.reporting.provenance import IDENTITY, figure_id
from analysis.reporting.records import PICTURES, read_record
from analysis.reporting.this_notebook import EXPLORE, defaults
from analysis.study import Study, UserError, open_study


class Verdict(NamedTuple):
    """What became of a figure that was made again.

    Attributes:
        identical: its pictures, its table and its record are the same, byte by byte; of the record, code and packages
            (and the study's name, title and authors) do not count.
        reasons: why it is not, a line each; of an identical one what has changed without effect.
    """

    figure: Path
    figure_id: str
    identical: bool
    reasons: list[str]


def verify(
    figures: Sequence[Path],
    *,
    code: Callable[[Study], Mapping[str, pd.DataFrame]],
    study: str | Path | None = None,
    note: Callable[[str], None] = lambda said: None,
) -> list[Verdict]:
    """Make figures again and compare: a verdict for each, in their order.

    Figures of one notebook with the same parameters are made in one run, in a folder that is removed afterwards.

    Args:
        figures: each any of a figure's files. code: gives the coded tables of a study, as `analysis.code` does.
        study: where the study is; default its name in the record, looked for as `open_study` does.
        note: called with a line before each run.

    Raises UserError where a record or a study is not there.
    """
    records = [read_record(figure) for figure in figures]
    runs: dict[str, list[int]] = {}
    for place, record in enumerate(records):
        made_by = record["notebook"] or {}
        said = [record["study"]["name"], made_by.get("name"), made_by.get("given")]
        runs.setdefault(json.dumps(said, sort_keys=True), []).append(place)
    opened = {name: _opened(name, study) for name in sorted({record["study"]["name"] for record in records})}
    verdicts: dict[int, Verdict] = {}
    for key, places in runs.items():
        name, notebook, given = json.loads(key)
        note(f"{notebook or 'by hand'}: {len(places)} figure{'' if len(places) == 1 else 's'}")
        with tempfile.TemporaryDirectory(prefix="samestory-") as scratch:
            made = Path(scratch) / "figures"
            failed = _make(opened[name], code, notebook, given or {}, made)
            codebook = cache(partial(find_codebook, opened[name]))
            for place in places:
                one = figures[place], records[place]
                identical, reasons = (False, failed) if failed else _compared(*one, made, codebook)
                verdicts[place] = Verdict(figures[place], records[place]["figure_id"], identical, reasons)
    return [verdicts[place] for place in range(len(figures))]


def _opened(name: str, given: str | Path | None) -> Study:
    try:
        return open_study(given or name)
    except UserError as error:
        raise UserError(f"{error}" if given else f"{error}; --study says where it is") from None


def _make(study: Study, code: Callable, made_by: str | None, given: dict, folder: Path) -> list[str]:
    """Make a notebook's or the explorer's figures anew; why it could not be done, else nothing."""
    if not made_by:
        return ["made by hand: its record names no notebook that could be run again"]
    if made_by == EXPLORE:
        from analysis.reporting.explorer import remake

        try:
            remake(study, code(study), given, folder=folder)
        except UserError as error:
            return [f"parameters: {error}"]
        return []
    try:
        (path,) = find_notebooks([made_by])
    except UserError as error:
        return [f"code: {error}"]
    unknown = sorted(set(given) - set(defaults(made_by)))
    if unknown:
        return [f"parameters: {made_by} has no {unknown[0]} any more"]
    status = run_notebooks(study.folder, [path], values={made_by: given}, out=folder.parent, figures=folder)
    return [f"{made_by} failed: {error}" for error in status["error"].dropna()]


def _compared(figure: Path, record: dict, made: Path, codebook: Callable) -> tuple[bool, list[str]]:
    """Whether a figure is the one that was just made; and why not, or what has changed without effect."""
    if figure_id(record) != record["figure_id"]:
        return False, [f"{figure.stem}.json was edited: its id would be {figure_id(record)}"]
    again = made / f"{record['slug']}.json"
    if not again.is_file():
        return False, [f"{record['notebook']['name']} makes no figure {record['slug']} any more"]
    now = read_record(again)
    found = changes(record, now, where=Where(figure.parent, made, codebook))
    reasons = [str(change) for change in found]
    same = all(record[part] == now[part] for part in ("alt", "validation", *IDENTITY) if part != "notebook")
    there = [ending for ending in (*PICTURES, ".csv") if figure.with_suffix(ending).is_file()]
    other = [end for end in there if figure.with_suffix(end).read_bytes() != again.with_suffix(end).read_bytes()]
    if same and now["figure_id"] == record["figure_id"] and not other:
        return True, reasons
    if record["table"] != now["table"] and not {change.part for change in found} - {"code", "packages"}:
        reasons.append("the numbers differ")
    files = ", ".join(f"{figure.stem}{ending}" for ending in other)
    if not reasons:
        reasons = [f"other bytes than were made: {files}" if files else "the caption reads otherwise"]
    elif files and now["figure_id"] == record["figure_id"]:
        reasons.append(f"other bytes than were made: {files}")
    return False, reasons


def summary(verdict: Verdict) -> list[str]:
    """A verdict in lines: the figure, its id, identical or not; then the reasons."""
    said = "identical" if verdict.identical else "not identical"
    since = ", though since then there changed" if verdict.identical and verdict.reasons else ""
    colon = ":" if verdict.reasons else ""
    return [f"{verdict.figure}: {verdict.figure_id}: {said}{since}{colon}", *(f"  {why}" for why in verdict.reasons)]
