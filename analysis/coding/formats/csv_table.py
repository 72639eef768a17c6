"""Word lists as tables (``.csv``, ``.tsv``, LIWC's ``.dicx``): columns by header, or the usual shapes without one.

Three shapes are read. *Long*: a row is a pattern of a category (``category,pattern[,weight][,variable]``). *Wide*: a
row is a word, and each further column a category, marked by 1, X, yes, the category's own name or a year (Loughran and
McDonald write the year a word came in, and minus the year it went). *Ratings*: a word and one or more columns of
numbers (VADER, AFINN, NRC-VAD): each column is a scale.
"""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Sequence

from analysis.coding.formats.entries import LEFT_OUT, Content, Entry, NoDictionary

_PATTERN = ("pattern", "word", "words", "term", "terms", "entry", "token", "phrase", "ngram", "lemma", "dicterm")
_CATEGORY = ("category", "categories", "cat", "class", "emotion", "affect category", "dimension", "topic", "frame")
_WEIGHT = ("weight", "score", "valence", "rating", "intensity", "association", "condition", "emotion-intensity-score")
_WEIGHT += ("sentiment score", "sentiment", "mean", "value", "polarity")
_VARIABLE = ("variable",)
_MARK = {"1", "1.0", "x", "yes", "true"}
_NO_MARK = {"", "0", "0.0", "no", "false", "-"}
_LONGEST = 1_000_000  # characters of a field: csv's own limit guards against a quotation mark that is never closed

Row = tuple[int, list[str]]


def read(text: str) -> Content:
    """The entries of a table of words."""
    rows = _rows(text)
    header = [cell.strip().lower() for cell in rows[0][1]]
    pattern, category = _column(header, _PATTERN), _column(header, _CATEGORY)
    if pattern is not None and category is not None:
        return _long(rows[1:], pattern, category, _column(header, _WEIGHT), _column(header, _VARIABLE))
    if pattern is not None:
        return _wide(rows[1:], pattern, rows[0][1])
    shape = [_number(cell) is not None for cell in rows[0][1]]
    if len(shape) == 3 and shape == [False, False, True]:  # NRC: word, category, 0 or 1
        first, second = ({row[place] for _, row in rows if len(row) > place} for place in (0, 1))
        word, kind = (0, 1) if len(first) >= len(second) else (1, 0)
        return _long(rows, word, kind, 2, None)
    if len(shape) > 1 and shape[:2] == [False, True]:  # AFINN, VADER: word, rating (and what led to it)
        return _ratings(rows, 0, [(1, "sentiment")], Content(scale=True))
    raise NoDictionary(
        "a table without the columns of a dictionary; expected a header with category,pattern[,weight][,variable], "
        "or with word and one column a category"
    )


def has_header(line: str) -> bool:
    """Whether a first line names the column of patterns, and at least one other."""
    cells = [cell.strip(' "').lower() for cell in line.replace("\t", ",").replace(";", ",").split(",")]
    return len(cells) > 1 and _column(cells, _PATTERN) is not None


def _rows(text: str) -> list[Row]:
    """The rows that hold something, with their line. Tabs part cells that have no quoting; else CSV's rules hold."""
    head = next((line for line in io.StringIO(text) if line.strip()), "")
    delimiter = "\t" if "\t" in head else max(",;|", key=head.count)  # cells between tabs may hold commas (VADER)
    if delimiter not in head:
        raise NoDictionary("no table: its first line has neither tabs nor commas nor semicolons")
    quoting = csv.QUOTE_NONE if delimiter == "\t" else csv.QUOTE_MINIMAL
    csv.field_size_limit(_LONGEST)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, quoting=quoting)
    try:
        rows = [(reader.line_num, row) for row in reader if any(cell.strip() for cell in row)]
    except csv.Error as error:
        raise NoDictionary(f"line {reader.line_num}: not a table ({error})") from None
    if not rows:
        raise NoDictionary("a table without rows")
    return rows


def _column(header: Sequence[str], names: Sequence[str]) -> int | None:
    """The first column under one of some names, the names in order of preference."""
    return next((header.index(name) for name in names if name in header), None)


def _long(rows: list[Row], pattern: int, category: int, weight: int | None, variable: int | None) -> Content:
    """A row a pattern. Weights that are only 0 and 1 say whether a word belongs; other weights are weights."""
    content = Content()
    weights = {_number(row[weight]) for _, row in rows if weight is not None and len(row) > weight}
    marks_only = 0 in weights and weights <= {0, 1, None}
    for line, row in rows:
        if len(row) <= max(pattern, category) or not row[category].strip():
            content.lose(line, LEFT_OUT, ",".join(row), "a row without a category or without a pattern")
            continue
        path = (row[category].strip(),)
        content.categories.setdefault(path, line)
        number = _number(row[weight]) if weight is not None and len(row) > weight else None
        if weight is not None and number is None:
            cell = row[weight] if len(row) > weight else ""
            content.lose(line, LEFT_OUT, f"{row[pattern]}: {cell}", "its weight is no number")
        elif not marks_only or number:
            name = row[variable].strip() if variable is not None and len(row) > variable else ""
            content.entries.append(Entry(line, path, row[pattern], None if marks_only else number, name or None))
    return content


def _wide(rows: list[Row], pattern: int, header: list[str]) -> Content:
    """A column a category, or a column a scale; columns that are neither are named in the losses."""
    content = Content()
    columns = [place for place in range(len(header)) if place != pattern]
    cells = {place: [row[place].strip() if len(row) > place else "" for _, row in rows] for place in columns}
    marked = [place for place in columns if _is_marks(cells[place], header[place])]
    rated = [place for place in columns if place not in marked and _is_ratings(cells[place])]
    for place in columns:
        if place not in (marked or rated) and any(cells[place]):
            reason = "no column of marks (1, X, yes …)" + ("" if marked else " and none of numbers")
            content.lose(1, LEFT_OUT, f"column {header[place]}", reason)
    if not marked:
        content.scale = True
        if not rated:
            raise NoDictionary("no column has marks (0, 1, X) or numbers; expected a word and one column a category")
        return _ratings(rows, pattern, [(place, header[place].strip() or "rating") for place in rated], content)
    for place in marked:
        content.open((header[place].strip() or "unnamed",), 1)
    for at, (line, row) in enumerate(rows):
        if len(row) > pattern:
            for place in marked:
                if _is_marked(cells[place][at], header[place]):
                    content.add(line, (header[place].strip() or "unnamed",), row[pattern])
    return content


def _ratings(rows: list[Row], pattern: int, columns: list[tuple[int, str]], content: Content) -> Content:
    """Scales: categories *positive* and *negative* where a column has both signs, else one named as the column."""
    for place, name in columns:
        numbers = [_number(row[place]) if len(row) > place else None for _, row in rows]
        both = any(number < 0 for number in numbers if number is not None) and any(
            number > 0 for number in numbers if number is not None
        )
        for (line, row), number in zip(rows, numbers, strict=True):
            if number is None:
                cell = row[place] if len(row) > place else ""
                if cell.strip():
                    content.lose(line, LEFT_OUT, f"{row[pattern]}: {cell}", f"no number in column {name}")
            elif both and number == 0:
                content.lose(line, LEFT_OUT, row[pattern], "its weight is 0, which is neither positive nor negative")
            else:
                path = (("positive" if number > 0 else "negative") if both else name,)
                content.categories.setdefault(path, line)
                content.entries.append(Entry(line, path, row[pattern], number, name))
    return content


def _number(cell: str) -> float | None:
    try:
        number = float(cell.strip())
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def _is_year(cell: str) -> bool:
    return len(cell) in (4, 5) and cell.removeprefix("-").isdigit() and 1900 < abs(int(cell)) < 2100


def _is_marked(cell: str, name: str) -> bool:
    return (
        cell.lower() in _MARK
        or (_is_year(cell) and int(cell) > 0)
        or (bool(cell) and cell.lower() == name.strip().lower())
    )


def _is_marks(cells: list[str], name: str) -> bool:
    """Whether a column says of each word that it belongs or not, and of one at least that it does."""
    kinds = set(cells)
    known = all(cell.lower() in _NO_MARK or _is_year(cell) or _is_marked(cell, name) for cell in kinds)
    return known and any(_is_marked(cell, name) for cell in kinds)


def _is_ratings(cells: list[str]) -> bool:
    return any(cells) and all(_number(cell) is not None for cell in cells if cell)
