"""A table file as people's spreadsheets save it → rows of texts."""

from __future__ import annotations

import codecs
import csv
import datetime
import io
import zipfile
from pathlib import Path

from analysis.study import UserError

_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))


def read_grid(file: Path) -> list[list[str]]:
    """All cells of a CSV or XLSX file as texts, rows of one length; of a workbook the first sheet with a column `item`.

    CSV: a byte-order mark says the encoding, else it is UTF-8 or, where that cannot be, windows-1252. Cells are parted
    by a comma, a semicolon or a tab, whichever the heading has most of.

    Raises UserError where the file is neither.
    """
    rows = _of_workbook(file) if file.suffix.lower() == ".xlsx" else _of_text(file)
    width = max(map(len, rows), default=0)
    return [row + [""] * (width - len(row)) for row in rows]


def _of_text(file: Path) -> list[list[str]]:
    data = file.read_bytes()
    text = _decoded(data)
    if "\x00" in text:
        raise UserError(f"{file}: not a CSV file (it holds NUL characters); save the sheet as CSV or XLSX")
    first, _, rest = text.partition("\n")
    if first.strip().casefold().startswith("sep="):  # a line by which Excel is told what parts cells
        text = rest
        first = rest.partition("\n")[0]
    parting = max(",;\t", key=first.count)
    # A field as long as the file is allowed: a stray quotation mark is seen below, as a row too few.
    csv.field_size_limit(max(csv.field_size_limit(), len(text) + 1))
    try:
        return list(csv.reader(io.StringIO(text, newline=""), delimiter=parting))
    except csv.Error as error:
        raise UserError(f"{file}: not a CSV file ({error})") from None


def _decoded(data: bytes) -> str:
    marked = next((name for mark, name in _MARKS if data.startswith(mark)), None)
    try:
        return data.decode(marked or "utf-8")
    except UnicodeDecodeError:
        return data.decode(marked or "cp1252", errors="replace")


def _of_workbook(file: Path) -> list[list[str]]:
    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        book = load_workbook(file, read_only=False, data_only=True)
    except (zipfile.BadZipFile, InvalidFileException, KeyError, ValueError, OSError) as error:
        raise UserError(f"{file}: not an XLSX workbook ({error})") from None
    sheets = [[[_text(cell) for cell in row] for row in sheet.iter_rows(values_only=True)] for sheet in book.worksheets]
    with_items = [
        rows for rows in sheets if any("item" in (cell.strip().casefold() for cell in row) for row in rows[:10])
    ]
    return next(iter([*with_items, *sheets]), [])


def _text(cell: object) -> str:
    """A cell as it would stand in a CSV file."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return str(cell).casefold()
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return cell.isoformat() if isinstance(cell, (datetime.date, datetime.time)) else str(cell)
