"""WordStat (``.cat``): categories nested by tabs, entries with a weight in brackets, rules of proximity."""

from __future__ import annotations

import re

from analysis.coding.formats.entries import LEFT_OUT, Content, NoDictionary, lines_of

_WEIGHTED = re.compile(r"^(.*\S)\s*\(\s*(-?\d+(?:[.,]\d+)?)\s*\)$")
# @RULES by name, and the operators of one: TAX NEAR CUT, TAX AFTER CUT /S3, [TAX AND CUT].
_RULE = re.compile(r"^@|\s/[CSPD]\d|\S\sNEAR\s\S|^\[.+\]")


def read(text: str) -> Content:
    """The categories and entries; the depth of a line is its indentation.

    An entry is a line with a weight. Where no line has one, a line with nothing deeper below it is an entry. Rules
    (``@NEAR …``) are left out, line by line: a rule asks for words in a neighbourhood, which no pattern can say.
    """
    rows = _rows(text)
    content = Content()
    weighted = any(weight is not None for *_, weight in rows)
    if not weighted and not any(depth for _, depth, _, _ in rows):
        raise NoDictionary("no entries under categories: a WordStat dictionary indents them by tabs, with weights (1)")
    stack: list[tuple[int, tuple[str, ...]]] = []  # the open categories: depth, path
    for place, (number, depth, name, weight) in enumerate(rows):
        while stack and stack[-1][0] >= depth:
            stack.pop()
        above = stack[-1][1] if stack else ()
        deeper = place + 1 < len(rows) and rows[place + 1][1] > depth
        is_entry = weight is not None if weighted else not deeper
        if _RULE.search(name) and not (deeper and not is_entry):
            content.lose(number, LEFT_OUT, name, "a WordStat rule (NEAR, BEFORE, AFTER, AND …): not supported")
        elif not is_entry:
            stack.append((depth, (*above, name)))
            content.open((*above, name), number)
        elif above:
            content.add(number, above, name, weight)
        else:
            content.lose(number, LEFT_OUT, name, "an entry outside any category")
    return content


def _rows(text: str) -> list[tuple[int, int, str, float | None]]:
    """Line number, indentation, name and weight of each line that says something."""
    rows = []
    for number, line in enumerate(lines_of(text), start=1):
        bare = line.strip()
        if not bare:
            continue
        found = _WEIGHTED.match(bare)
        name, weight = (found[1], float(found[2].replace(",", "."))) if found else (bare, None)
        depth = len(line) - len(line.lstrip("\t "))
        rows.append((number, depth, name, weight))
    return rows
