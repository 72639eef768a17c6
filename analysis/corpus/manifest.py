"""The manifest: a CSV that says, file by file, what pages do not say or say wrongly."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any, NamedTuple

from analysis.corpus.dates import ACCEPTED, parse_date
from analysis.corpus.decoding import Unreadable, decode
from analysis.corpus.places import absolute, manifest_path
from analysis.corpus.readers.columns import as_text
from analysis.corpus.readers.delimited import read_rows
from analysis.study import Study, UserError
from analysis.tables import TABLES

FIXED = ("article_id", "body", "source_file", "source_index", "n_words")  # what no manifest can say

Rows = list[tuple[int, dict[str, str]]]


class Manifest(NamedTuple):
    """What a manifest says.

    ``columns``: those it has beside ``file``. ``rows``: article file → column → value, without the empty ones.
    ``missing``: each file it names that is not among the articles, and the reason.
    """

    columns: list[str]
    rows: dict[Path, dict[str, Any]]
    missing: list[tuple[str, str]]


def read_manifest(study: Study, files: list[Path], roots: list[Path]) -> Manifest:
    """The manifest of a study, its rows matched with ``files``; an empty one where the study has none.

    ``file`` is relative to the manifest's folder, to one of ``roots`` (the folders that hold the articles) or to the
    study's folder. Raises UserError where the manifest cannot be read, has no ``file`` column or one that no manifest
    can have, a row that breaks the format, a file twice, or a date that is none.
    """
    path = manifest_path(study)
    if path is None:
        return Manifest([], {}, [])
    columns, rows = _read(path, study)
    places = list(dict.fromkeys([path.parent, *roots, study.folder]))
    known = set(files)
    found: dict[Path, dict[str, Any]] = {}
    missing: list[tuple[str, str]] = []
    lines: dict[Path, int] = {}
    for number, row in rows:
        where = f"{study.manifest}: line {number}"
        name = row["file"]
        values = _values(row, where)
        file = _match(name, places, known, where)
        if file is None:
            there = any(os.path.exists(place / name) for place in places)  # noqa: PTH110 (false for impossible names)
            reason = "it is not among the study's articles" if there else "there is no such file"
            missing.append((name, f"listed in {study.manifest}, line {number}, but {reason}"))
            continue
        if file in lines:
            raise UserError(f"{where}: file {name!r} is listed already, in line {lines[file]}")
        found[file], lines[file] = values, number
    return Manifest([column for column in columns if column != "file"], found, missing)


def _read(path: Path, study: Study) -> tuple[list[str], Rows]:
    """Columns and rows (with line numbers) of the manifest."""
    try:
        rows = read_rows(_text(path, study.encoding))
    except OSError as error:
        raise UserError(
            f"{study.folder / 'study.yml'}: manifest {study.manifest!r}: {error.strerror or error}"
        ) from None
    except Unreadable as error:
        raise UserError(f"{study.manifest}: {error}") from None
    header = next(rows, (1, []))[1]
    if isinstance(header, str):
        raise UserError(f"{study.manifest}: line 1: {header}")
    columns = _columns([" ".join(name.split()) for name in header], study.manifest)
    read: Rows = []
    names: dict[str, int] = {}
    for number, fields in rows:
        where = f"{study.manifest}: line {number}"
        if isinstance(fields, str) or len(fields) != len(columns):
            count = f"{len(fields)} fields where the header has {len(columns)}"
            raise UserError(f"{where}: {fields if isinstance(fields, str) else count}")
        row = dict(zip(columns, fields, strict=True))
        row["file"] = row["file"].strip().replace("\\", "/")
        if not row["file"]:
            raise UserError(f"{where}: no file is named")
        if row["file"] in names:
            raise UserError(f"{where}: file {row['file']!r} is listed already, in line {names[row['file']]}")
        names[row["file"]] = number
        read.append((number, row))
    return columns, read


def _text(path: Path, encoding: str) -> str:
    """The manifest's text: UTF-8, or the study's encoding where it is not."""
    data = path.read_bytes()
    try:
        return decode(data, "utf-8")
    except Unreadable:
        return decode(data, encoding)


def _columns(header: list[str], where: str | None) -> list[str]:
    """The column names, the contract's in lower case."""
    contract = {*TABLES["articles"].columns, "file"}
    columns = [name.lower() if name.lower() in contract else name for name in header]
    if "file" not in columns:
        raise UserError(f"{where}: no column 'file'; columns here: {', '.join(columns) or 'none'}")
    for name in columns:
        if not name:
            raise UserError(f"{where}: column {columns.index(name) + 1} has no name")
        if columns.count(name) > 1:
            raise UserError(f"{where}: column {name!r} stands twice in the header")
        if name in FIXED:
            raise UserError(f"{where}: column {name!r} comes from the articles; a manifest cannot set it")
    return columns


def _values(row: dict[str, str], where: str) -> dict[str, Any]:
    """The values of a row that are not empty, ``published`` as a datetime."""
    values: dict[str, Any] = {name: as_text(value) for name, value in row.items() if name != "file"}
    values = {name: value for name, value in values.items() if value}
    if "published" in values:
        date = parse_date(values["published"])
        if date is None:
            raise UserError(f"{where}: published is {values['published']!r}; write it as {ACCEPTED}")
        values["published"] = date
    return values


def _match(name: str, places: list[Path], known: set[Path], where: str) -> Path | None:
    """The article file that a row names; None if there is none."""
    found = list(dict.fromkeys(path for place in places if (path := absolute(place / name)) in known))
    if len(found) > 1:
        raise UserError(f"{where}: file {name!r} could be {found[0]} or {found[1]}; write more of its path")
    return found[0] if found else None
