"""CSV and TSV: a row is one article.

Rows are read strictly, since a lenient reader that meets an odd quotation mark swallows the rows behind it or drops
the mark without a word. Where a row breaks the format it is rejected, and reading goes on at the next line.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

from analysis.corpus.decoding import Unreadable, decode
from analysis.corpus.readers.columns import Item, need_body, record

LONGEST_FIELD = 2_000_000  # characters; an unclosed quotation mark must not swallow a whole archive
_DELIMITERS = ",;\t|"


def read(path: Path, *, encoding: str, keep: str | None = None) -> Iterator[Item]:
    """One item a row under the header. A row with more or fewer fields than the header is an item with a reason.

    Raises Unreadable where the file is empty, binary, not in ``encoding``, without rows, or without a body column.
    """
    rows = read_rows(decode(path.read_bytes(), encoding))
    header = next(rows, None)
    if header is None:
        raise Unreadable("empty file: no header")
    if isinstance(header[1], str):
        raise Unreadable(f"the header is broken: {header[1]}")
    names = [name.strip() for name in header[1]]
    columns = need_body(names)
    twice = next((name for name in columns.values() if names.count(name) > 1), None)
    if twice:
        raise Unreadable(f"column {twice!r} stands twice in the header")
    index = -1
    for index, (number, fields) in enumerate(rows):
        where = f"line {number}"
        if isinstance(fields, str):
            yield {"source_index": index, "reason": f"{where}: {fields}"}
        elif len(fields) != len(names):
            yield {"source_index": index, "reason": f"{where}: {len(fields)} fields where the header has {len(names)}"}
        else:
            values = dict(zip(names, fields, strict=True))
            yield record(values, index, columns=columns, keep=keep, where=where)
    if index < 0:
        raise Unreadable("no rows under the header")


def read_rows(text: str) -> Iterator[tuple[int, list[str] | str]]:
    """(line number from 1, fields) of each row of delimited text that is not blank, or (line number, what is wrong).

    The delimiter is the most frequent of comma, semicolon, tab and bar in the first line.
    """
    lines = text.split("\n")
    delimiter = max(_DELIMITERS, key=lines[0].count)
    line = 0
    while line < len(lines):
        row, used = _row(lines, line, delimiter)
        if isinstance(row, str) or any(field.strip() for field in row):
            yield line + 1, row
        line += used


def _row(lines: list[str], first: int, delimiter: str) -> tuple[list[str] | str, int]:
    """The row that begins at a line, or what is wrong with it; and how many lines it takes."""
    # csv wants each line with its end: within quotation marks the end belongs to the field.
    fed = (f"{lines[place]}\n" for place in range(first, len(lines)))
    limit = csv.field_size_limit(LONGEST_FIELD)
    reader = csv.reader(fed, delimiter=delimiter, strict=True)
    try:
        row = next(reader)
    except csv.Error as error:
        said = str(error)
        if "unexpected end" in said or "field limit" in said:
            said = "a quotation mark that is never closed"
        return f"not valid CSV: {said}", 1
    finally:
        csv.field_size_limit(limit)
    return row, reader.line_num
