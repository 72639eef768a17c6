"""Lexicoder 3 (``.lc3``): ``+CATEGORY``, and under it one pattern a line."""

from __future__ import annotations

from analysis.coding.formats.entries import LEFT_OUT, Content, NoDictionary, lines_of


def read(text: str) -> Content:
    """The categories and patterns. Blanks around a pattern (Lexicoder's word bounds) are dropped by who cleans it."""
    content = Content()
    path: tuple[str, ...] | None = None
    for number, line in enumerate(lines_of(text), start=1):
        line = line.strip()
        if line.startswith("+"):
            path = (line[1:].strip() or "unnamed",)
            content.open(path, number)
        elif line and path is None:
            content.lose(number, LEFT_OUT, line, "stands before the first +CATEGORY")
        elif line:
            content.add(number, path, line)
    if path is None:
        raise NoDictionary("no line begins with +: a Lexicoder dictionary has +CATEGORY above its patterns")
    return content
