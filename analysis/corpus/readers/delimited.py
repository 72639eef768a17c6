"""CSV and TSV: a row is one article.

Rows are read strictly, since a lenient reader that meets an odd quotation mark swallows the rows behind it or drops
the mark without a word. Where a row breaks the format it is rejected, and reading goes on at the next line. A row over
several lines that has the wrong number of fields is taken for one whose quotation mark was never closed, as far as one
of those lines is a whole row itself.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from pathlib import Path

from analysis.cells import unescaped
from analysis.corpus.decoding import Unreadable, decode, decode_piece, piecewise
from analysis.corpus.readers.columns import Item, find_columns, need_body, record
from analysis.corpus.readers.kinds import as_text

LONGEST_FIELD = 2_000_000  # characters; an unclosed quotation mark must not swallow a whole archive
SHORT_FIELD = 20_000  # once so many characters were searched in vain for the end of such marks:
MOST_SEARCHED = 100_000_000
_DELIMITERS = ",;\t|"
_SAID = re.compile(r"\s*\"?sep=(?P<mark>[,;\t|])\"?\s*")  # a first line that spreadsheets write
_DOUBLED = re.compile(r"(?<=[^\",;\t|\n])\"\"(?=[^\",;\t|\n])")
_ESCAPED = re.compile(r"(?<=[^\\])\\\"(?=[^,;\t|\n])")

Row = list[str] | str  # fields, or what is wrong


def sniff(head: bytes, path: Path) -> bool:
    """Whether the first line is a header: three columns or more, none twice, the body and another known one."""
    header = next(read_rows(as_text(head).lstrip("\n")[:10_000]), (1, ""))[1]
    names = [] if isinstance(header, str) else [name.strip() for name in header]
    return len(names) > 2 and len({*names}) == len(names) and {"body"} < set(find_columns(names))


def read(
    path: Path,
    *,
    encoding: str,
    keep: str | None = None,
    columns: dict[str, str] | None = None,
    part: tuple[int, int] | None = None,
) -> Iterator[Item]:
    """One item a row under the header. A row with more or fewer fields than the header is an item with a reason.

    ``columns`` is the map of study.yml. Raises Unreadable where the file is empty, binary, not in ``encoding``,
    without rows, or without a body column, and where the map names columns that are not there. ``part``: of the rows.
    """
    names, rows = _open_part(path, encoding, *part) if part else open_table(path, encoding)
    found = need_body(names, columns)
    refuse_twice(names, found)
    ours = "article_id" in names  # a table that Samestory wrote
    index = -1
    for index, (where, fields) in enumerate(rows):
        if isinstance(fields, str):
            yield {"source_index": index, "reason": f"{where}: {fields}"}
        else:
            values = dict(zip(names, map(unescaped, fields) if ours else fields, strict=True))
            yield record(values, index, columns=found, keep=keep, where=where)
    if index < 0 and not (part and part[0]):
        raise Unreadable("no rows under the header")


def open_table(path: Path, encoding: str) -> tuple[list[str], Iterator[tuple[str, Row]]]:
    """The header of a file, and its rows: where each stands, and its fields (as many as the header's) or what is wrong.

    Raises Unreadable where the file is empty or binary, and where the header is broken.
    """
    rows = read_rows(decode(path.read_bytes(), encoding))
    header = next(rows, None)
    if header is None:
        raise Unreadable("empty file: no header")
    if isinstance(header[1], str):
        raise Unreadable(f"the header is broken: {header[1]}")
    names = [name.strip() for name in header[1]]
    return names, ((f"line {number}", _counted(fields, len(names))) for number, fields in rows)


def _open_part(path: Path, encoding: str, k: int, n: int) -> tuple[list[str], Iterator[tuple[str, Row]]]:
    """As `open_table`, with the rows of a part of the file alone.

    Rows begin where an even number of quotation marks stands above. That may be wrong in a broken file; but where all
    parts are sound (no row breaks the format, and the last ends where the next part begins), then reading row by row
    from the top comes by each of their beginnings. Raises Unreadable where this one is not.
    """
    data = piecewise(path.read_bytes(), encoding)
    if b'\\"' in data:
        raise Unreadable("quotation marks are escaped: the whole text tells how")
    begin, end = (_row_at(data, len(data) * at // n) for at in (k, k + 1))
    first = data.find(b"\n") + 1 or len(data)
    if data.count(b'"', 0, first) % 2 or not data[:first].strip() or _SAID.fullmatch(decode_piece(data[: first - 1])):
        raise Unreadable("the header is longer than a line, or below it")
    head = decode_piece(data[:first])
    begin, end = max(begin, first), max(end, first)
    header = next(read_rows(head), (1, ""))[1]
    if isinstance(header, str):
        raise Unreadable(f"the header is broken: {header}")
    names = [name.strip() for name in header]
    above = data.count(b"\n", 0, begin) - 1
    rows = _sound(head + decode_piece(data[begin:end]), len(names))
    return names, ((f"line {number + above}", fields) for number, fields in rows)


def _row_at(data: bytes, place: int) -> int:
    """Where the first row begins that does not begin before ``place``, if no quotation mark is odd."""
    if not place:
        return 0
    at, quoted = place - 1, data.count(b'"', 0, place - 1) % 2
    while end := data.find(b"\n", at) + 1:
        quoted ^= data.count(b'"', at, end) % 2
        at = end
        if not quoted:
            return at
    return len(data)


def _sound(text: str, width: int) -> Iterator[tuple[int, Row]]:
    """The rows of some lines below their header. Raises Unreadable where one breaks the format, or is one of several
    lines with the wrong number of fields: what is made of it depends on the lines below."""
    rows = read_rows(text)
    next(rows)
    for number, fields in rows:
        counted = _counted(fields, width)
        if isinstance(counted, str) and (isinstance(fields, str) or any("\n" in field for field in fields)):
            raise Unreadable(f"line {number}: {counted}")
        yield number, counted


def _counted(fields: Row, width: int) -> Row:
    """The fields, or what is wrong where there are more or fewer than the header has."""
    if isinstance(fields, str) or len(fields) == width:
        return fields
    if len(fields) > width and not any(field.strip() for field in fields[width:]):
        return fields[:width]  # a spreadsheet's empty columns
    return f"{len(fields)} fields where the header has {width}"


def refuse_twice(names: list[str], columns: dict[str, str]) -> None:
    """Unreadable where a column that is needed stands twice in the header."""
    twice = next((name for name in columns.values() if names.count(name) > 1), None)
    if twice:
        raise Unreadable(f"column {twice!r} stands twice in the header")


def read_rows(text: str) -> Iterator[tuple[int, Row]]:
    """(line number from 1, fields) of each row of delimited text that is not blank, or (line number, what is wrong).

    The delimiter is the most frequent of comma, semicolon, tab and bar in the first line, outside of quotation marks;
    a first line ``sep=;`` says it. Quotation marks within fields are doubled, or escaped by a backslash where the text
    has such and none that are doubled. The first row is the header: rows are held to its number of fields.
    """
    lines = text.split("\n")
    said = _SAID.fullmatch(lines[0])
    line = 1 if said else 0
    first = re.sub(r'"[^"]*"', "", lines[line]) if line < len(lines) else ""
    delimiter = said["mark"] if said else max(_DELIMITERS, key=first.count)
    escape = "\\" if '\\"' in text and _ESCAPED.search(text) and not _DOUBLED.search(text) else None
    searched, width = 0, None
    while line < len(lines):
        longest = LONGEST_FIELD if searched < MOST_SEARCHED else SHORT_FIELD
        row, used, seen = _row(lines, line, delimiter, escape, longest)
        searched += seen
        if used > 1 and width and not isinstance(row, str) and isinstance(_counted(row, width), str):
            inner = _row_within(lines, line, line + used, delimiter, escape, width)
            if inner is not None:
                row, used = "a quotation mark that is never closed", inner - line
        if isinstance(row, str) or any(field.strip() for field in row):
            width = len(row) if width is None and not isinstance(row, str) else width
            yield line + 1, row
        line += used


def _row(lines: list[str], first: int, delimiter: str, escape: str | None, longest: int) -> tuple[Row, int, int]:
    """The row that begins at a line, or what is wrong with it; how many lines it takes; how much was read in vain."""
    # csv wants each line with its end: within quotation marks the end belongs to the field.
    fed = (f"{lines[place]}\n" for place in range(first, len(lines)))
    limit = csv.field_size_limit(longest)
    reader = csv.reader(fed, delimiter=delimiter, strict=True, doublequote=not escape, escapechar=escape)
    try:
        row = next(reader)
    except csv.Error as error:
        said = str(error)
        seen = sum(len(lines[place]) for place in range(first, min(first + reader.line_num, len(lines))))
        if "unexpected end" in said or "field limit" in said:
            said = "a quotation mark that is never closed"
        return f"not valid CSV: {said}", 1, seen
    finally:
        csv.field_size_limit(limit)
    return row, reader.line_num, 0


def _row_within(lines: list[str], first: int, end: int, delimiter: str, escape: str | None, width: int) -> int | None:
    """The first line between ``first`` and ``end`` that begins a row of as many fields as the header; None if none."""
    for line in range(first + 1, min(end, first + 1000)):
        row, used, _ = _row(lines, line, delimiter, escape, SHORT_FIELD)
        if not isinstance(row, str) and len(row) == width and (used == 1 or line + used >= end):
            return line
    return None
