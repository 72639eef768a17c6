"""XLSX: a row of a sheet is one article.

Each sheet with a header is read. Formulas are not evaluated: a cell is what the program that saved the file computed.
Links to other workbooks are not followed.
"""

from __future__ import annotations

import logging
import warnings
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import ParseError

import openpyxl
from lxml import etree
from openpyxl.utils.exceptions import InvalidFileException

from analysis.corpus.decoding import Unreadable
from analysis.corpus.readers import office
from analysis.corpus.readers.columns import FIELDS, Item, find_columns, record, shown
from analysis.corpus.readers.delimited import refuse_twice

HEADER_ROWS = 30  # rows among which the header is looked for
MOST_COLUMNS = 500
MOST_SHEETS = 200

_ERRORS = (
    ArithmeticError,
    AttributeError,
    EOFError,
    InvalidFileException,
    LookupError,
    NotImplementedError,
    ParseError,
    RecursionError,
    RuntimeError,
    TypeError,
    ValueError,
    etree.LxmlError,
    zipfile.BadZipFile,
)


def sniff(head: bytes, path: Path) -> bool:
    """Whether the file is a ZIP container with a workbook in it."""
    if not head.startswith(b"PK\x03\x04"):
        return False
    try:
        with zipfile.ZipFile(path) as archive:
            return any(name.startswith("xl/workbook") for name in archive.namelist())
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        return False


def read(
    path: Path, *, encoding: str, keep: str | None = None, columns: dict[str, str] | None = None
) -> Iterator[Item]:
    """One item a row under the header of each sheet that has one: the first row that names a body.

    ``columns`` is the map of study.yml. ``encoding`` is not used. Raises Unreadable where the file is no XLSX, broken,
    out of bounds (see `office`), or no sheet has such a header or a row under it.
    """
    with office.opened(path, "XLSX") as archive:
        for name in archive.namelist():
            if name.endswith((".xml", ".rels")):
                office.refuse_doctype(office.part(archive, name) or b"", name)
    logging.getLogger("openpyxl").setLevel(logging.CRITICAL)
    index = 0
    seen: list[list[str]] = []
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of styles and extensions that it does not know
            book = openpyxl.load_workbook(path, read_only=True, data_only=True, keep_links=False)
            for sheet in book.worksheets[:MOST_SHEETS]:
                for item in _read_sheet(sheet, keep, columns, seen):
                    yield {"source_index": index, **item}
                    index += 1
    except _ERRORS as error:
        raise Unreadable(f"not XLSX that can be read: {type(error).__name__}: {_line(error)}") from None
    if not index:
        raise Unreadable(_nothing(seen))


def _line(error: BaseException) -> str:
    return " ".join(str(error).split())[:100]


def _nothing(seen: list[list[str]]) -> str:
    """Why a workbook without items has none; ``seen`` are the first rows of its sheets."""
    if not seen:
        return "no rows in the workbook"
    if any("body" in find_columns(names) for names in seen):
        return "no rows under the header"
    return f"no column 'body' (or {', '.join(FIELDS['body'][1:])}) in any sheet; columns here: {shown(seen[0])}"


def _read_sheet(sheet: Any, keep: str | None, told: dict[str, str] | None, seen: list[list[str]]) -> Iterator[Item]:
    """The items of a sheet, without their ``source_index``; its first row that is not empty is added to ``seen``."""
    sheet.reset_dimensions()  # what the file says of them may be wrong
    header = _find_header(sheet, told, seen)
    if header is None:
        return
    number, names, columns = header
    refuse_twice(names, columns)
    rows = sheet.iter_rows(min_row=number + 1, max_col=len(names), values_only=True)
    for place, row in enumerate(rows, start=number + 1):
        if row.count(None) < len(row):
            values = {name: value for name, value in zip(names, row, strict=False) if name}
            item = record(values, 0, columns=columns, keep=keep, where=f"sheet {sheet.title!r}, row {place}")
            yield {name: value for name, value in item.items() if name != "source_index"}


def _find_header(
    sheet: Any, told: dict[str, str] | None, seen: list[list[str]]
) -> tuple[int, list[str], dict[str, str]] | None:
    """The number of the row that is the header, its names up to the last, and our columns among them; None if none is.

    Raises Unreadable where the map names columns that no row has, but others that one has.
    """
    wrong: Unreadable | None = None
    rows = sheet.iter_rows(max_row=HEADER_ROWS, max_col=MOST_COLUMNS, values_only=True)
    first = True
    for number, row in enumerate(rows, start=1):
        names = [" ".join(str(value).split()) if value is not None else "" for value in row]
        given = [name for name in names if name]
        if not given:
            continue
        if first:
            seen.append(given)
            first = False
        try:
            columns = find_columns(given, told)
        except Unreadable as error:
            wrong = wrong or error
            continue
        if "body" in columns:
            while not names[-1]:
                names.pop()
            return number, names, columns
    if wrong:
        raise wrong
    return None
