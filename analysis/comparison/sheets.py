"""Filled coding sheets and their keys, read as the tables *samples* and *codings*.

A coder is the name of the sheet's file. Sheets come back from spreadsheets in many forms, and all of these are read:
CSV with commas, semicolons or tabs, in UTF-8, UTF-16 or windows-1252; XLSX with the sheet of instructions first; rows
and columns in another order, columns added, rows left out. What a coder wrote that is no code is an error with its
place; what was left out is counted.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from analysis.cells import unescaped
from analysis.comparison.cells import COLUMNS, headed
from analysis.comparison.grids import read_grid
from analysis.study import UserError
from analysis.tables import TABLES, TONES, YES_NO, empty, validate

# Besides the codes themselves, in any case and with spaces around them.
MEANS = {
    "yes": ("y", "1", "true"),
    "no": ("n", "0", "false"),
    "negative": ("neg", "-1"),
    "neutral": ("neu", "0"),
    "positive": ("pos", "1", "+1"),
}
_SHEETS = (".csv", ".xlsx")
_ITEM = re.compile(r"([0-9a-f]{6})-\d+")


class _Sheet(NamedTuple):
    """A filled sheet: its file, its coder, its heading, and its rows with the number of each in the file."""

    file: Path
    coder: str
    heading: list[str]
    rows: list[tuple[int, list[str]]]


def read_validation(folder: Path) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The tables *samples* and *codings* of all samples of a study: ``folder``/\\*/, each with its key.csv.

    ``codings.attrs["notes"]`` lists what was left out. Where there is no such folder both tables are empty.
    """
    keys, codings, notes = [], [], []
    for inside in sorted(path for path in folder.glob("*") if path.is_dir()):
        own = sorted(path for path in inside.iterdir() if path.suffix.lower() in _SHEETS)
        files = [path for path in own if path.name != "key.csv" and not path.name.startswith((".", "~"))]
        if (inside / "key.csv") not in own:
            notes += [f"{inside}: sheets without a key.csv were left out"] if files else []
            continue
        key = read_key(inside / "key.csv")
        for other in keys:
            if twice := set(other["sample"]) & set(key["sample"]):
                raise UserError(f"{inside / 'key.csv'}: sample {min(twice)} stands in two folders; keep one")
        sheets = {file: _read(file) for file in files}
        notes += [f"{file}: no column 'item': left out" for file, sheet in sheets.items() if sheet is None]
        found = _codings([sheet for sheet in sheets.values() if sheet is not None], key)
        keys.append(key)
        codings.append(found)
        notes += found.attrs["notes"]
    return _joined("samples", keys, []), _joined("codings", codings, notes)


def read_sheets(paths: Sequence[str | Path], *, key: str | Path | None = None) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The tables *samples* and *codings* of some filled sheets.

    Args:
        paths: the sheets. key: their key.csv; without one (nor a key.csv beside the first sheet) *samples* is empty and
            a note says so: agreement can be computed, and nothing that needs the machine's codes.

    Returns:
        *samples*, and *codings* with a row for each item of the key (without a key: of the sheet), question and coder;
        ``attrs["notes"]`` lists what was left out or is not there.

    Raises:
        UserError: a file is no sheet, two are of one coder, or a cell holds something that is no code; file, row,
        column, value and what is allowed are named. The codes are those of `MEANS`.
    """
    files = [Path(path) for path in paths]
    for file in files:
        if file.suffix.lower() not in _SHEETS:
            raise UserError(f"{file}: not a coding sheet; allowed: {', '.join(_SHEETS)}")
        if not file.is_file():
            raise UserError(f"{file}: no such file")
    beside = files[0].parent / "key.csv" if files else None
    key = Path(key) if key is not None else beside if beside and beside.is_file() else None
    samples = empty("samples") if key is None else read_key(key)
    sheets = []
    for file in files:
        sheet = _read(file)
        if sheet is None:
            raise UserError(f"{file}: no column 'item'; a coding sheet has one, as samestory sample wrote it")
        sheets.append(sheet)
    codings = _codings(sheets, samples if key is not None else None)
    if key is None:
        codings.attrs["notes"] = [*codings.attrs["notes"], "no key: the machine's codes are not compared"]
    return samples, codings


def read_key(file: Path) -> pd.DataFrame:
    """The table *samples* from a key.csv. Raises UserError where it is none."""
    if not file.is_file():
        raise UserError(f"{file}: no such file")
    grid = read_grid(file)
    heading, rows = (grid[0], grid[1:]) if grid else ([], [])
    missing = [column for column in TABLES["samples"].columns if column not in heading]
    if missing:
        raise UserError(f"{file}: no column {missing[0]!r}; expected the key.csv that samestory sample wrote")
    table = pd.DataFrame([[unescaped(cell) for cell in row] for row in rows], columns=heading).astype("str")
    table["level"] = table["level"].where(table["level"] != "")
    try:
        whole = table.astype(dict.fromkeys(["start", "end", "drawn", "population", "alike"], "int64"))
        whole["hit"] = table["hit"].str.casefold().map({"true": True, "false": False}).astype("bool")
        return validate("samples", whole)
    except ValueError as error:
        raise UserError(f"{file}: {error}") from None


def _read(file: Path) -> _Sheet | None:
    """A sheet, or None where the file has no column ``item``. Empty rows are passed over."""
    grid = read_grid(file)
    heads = [number for number, row in enumerate(grid) if "item" in _plain(row)]
    if not heads:
        return None
    head = heads[0]
    rows = [(number + 1, row) for number, row in enumerate(grid) if number > head and any(cell.strip() for cell in row)]
    return _Sheet(file, file.stem, grid[head], rows)


def _plain(heading: list[str]) -> list[str]:
    return [cell.strip().casefold() for cell in heading]


def _codings(sheets: list[_Sheet], key: pd.DataFrame | None) -> pd.DataFrame:
    """The table *codings* of sheets of any samples. ``key``: *samples*, or None where there is none."""
    notes: list[str] = []
    seen: dict[tuple[str, str], Path] = {}
    parts = []
    for sheet in sheets:
        for sample, rows in _by_sample(sheet, notes).items():
            own = None if key is None else key[key["sample"] == sample]
            if own is not None and own.empty:
                notes.append(f"{sheet.file}: {len(rows)} items of a sample without a key ({sample}) were left out")
                continue
            asked = _asked_without_key(sheet, rows) if own is None else _asked(own)
            table = _coded(sheet, sample, rows, asked, own, notes)
            if table["code"].isna().all():
                continue
            if (sheet.coder, sample) in seen:
                raise UserError(
                    f"{sheet.file}: a second sheet of coder {sheet.coder!r}, beside {seen[sheet.coder, sample]}; "
                    "keep one, or name it after another coder"
                )
            seen[sheet.coder, sample] = sheet.file
            parts.append(table)
    return _joined("codings", parts, notes)


def _by_sample(sheet: _Sheet, notes: list[str]) -> dict[str, dict[str, tuple[int, list[str]]]]:
    """The rows of each sample by item. A row that stands twice must be the same; others are named in ``notes``."""
    place = _plain(sheet.heading).index("item")
    samples: dict[str, dict[str, tuple[int, list[str]]]] = {}
    strange = 0
    for number, row in sheet.rows:
        item = row[place].strip().casefold()
        named = _ITEM.fullmatch(item)
        if not named:
            strange += 1
            continue
        rows = samples.setdefault(named[1], {})
        if item in rows and [cell.strip() for cell in rows[item][1]] != [cell.strip() for cell in row]:
            raise UserError(f"{sheet.file}: item {item} stands in row {rows[item][0]} and in row {number}; keep one")
        rows.setdefault(item, (number, row))
    if strange:
        notes.append(f"{sheet.file}: {strange} rows without the name of an item were left out")
    return samples


def _asked(key: pd.DataFrame) -> dict[str, tuple[str, ...]]:
    """The questions of a sample, and the codes allowed."""
    codes = TONES if set(key["machine"]) <= set(TONES) else YES_NO
    return dict.fromkeys(key["category"], codes)


def _asked_without_key(sheet: _Sheet, rows: dict[str, tuple[int, list[str]]]) -> dict[str, tuple[str, ...]]:
    """The same from the sheet alone: columns of which at least half of what is written in them are codes."""
    asked = {}
    for place, name in enumerate(sheet.heading):
        if not name.strip() or name.strip().casefold() in COLUMNS:
            continue
        codes = TONES if name.strip().casefold() == "tone" else YES_NO
        written = [cell for _, row in rows.values() if (cell := row[place].strip())]
        known = sum(_meant(cell, codes) is not None for cell in written)
        if written and 2 * known >= len(written):
            asked[unescaped(name.strip())] = codes
    return asked


def _coded(
    sheet: _Sheet,
    sample: str,
    rows: dict,
    asked: dict[str, tuple[str, ...]],
    key: pd.DataFrame | None,
    notes: list[str],
) -> pd.DataFrame:
    """The answers of one sheet to the questions of one sample."""
    places = {category: _place(sheet.heading, category) for category in asked}
    lacking = [category for category, place in places.items() if place is None]
    if lacking:
        notes.append(f"{sheet.file}: no column {', '.join(map(repr, lacking))}: not answered")
    items = list(rows) if key is None else list(dict.fromkeys(key["item"]))
    unknown = [item for item in rows if item not in set(items)]
    if unknown:
        notes.append(f"{sheet.file}: {len(unknown)} items that are not in the key were left out ({unknown[0]})")
    absent = [item for item in items if item not in rows]
    if absent and len(absent) < len(items):
        notes.append(f"{sheet.file}: {len(absent)} of {len(items)} items are not there ({absent[0]})")
    found = []
    for item in items:
        number, row = rows.get(item, (0, []))
        for category, codes in asked.items():
            cell = row[places[category]].strip() if row and places[category] is not None else ""
            code = _meant(cell, codes)
            if cell and code is None:
                place = f"{sheet.file} row {number} column {category!r}"
                raise UserError(f"{place}: {cell[:40]!r} is no code; allowed: {_allowed(codes)}")
            found.append((sample, item, category, sheet.coder, code))
    return pd.DataFrame(found, columns=["sample", "item", "category", "coder", "code"]).astype("str")


def _place(heading: list[str], category: str) -> int | None:
    """The column of a category: by its name as written, as escaped, or but for case and spaces where that is one's."""
    wanted = headed(category)
    for read in (str, unescaped):
        named = [place for place, cell in enumerate(heading) if read(cell.strip()) == wanted]
        if named:
            return named[0]
    loose = [place for place, cell in enumerate(_plain(heading)) if unescaped(cell) == wanted.strip().casefold()]
    return loose[0] if len(loose) == 1 else None


def _meant(cell: str, codes: tuple[str, ...]) -> str | None:
    """The code that a cell means, or None."""
    text = unescaped(cell.strip()).strip().casefold().replace("−", "-")
    text = re.sub(r"\.0+$", "", text)  # spreadsheets write 1 as 1.0
    return next((code for code in codes if text == code or text in MEANS[code]), None)


def _allowed(codes: tuple[str, ...]) -> str:
    return ", ".join(f"{code} ({', '.join(MEANS[code])})" for code in codes) + ", or nothing"


def _joined(name: str, parts: list[pd.DataFrame], notes: list[str]) -> pd.DataFrame:
    """Tables under each other, as the contract has them."""
    filled = [part for part in parts if len(part)]
    whole = validate(name, pd.concat(filled, ignore_index=True) if filled else empty(name))
    whole.attrs = {"notes": list(notes)}
    return whole
