"""LIWC (``.dic``): a legend of numbered categories between two lines of ``%``, then words with their numbers."""

from __future__ import annotations

import re

from analysis.coding.formats.entries import LEFT_OUT, Content, NoDictionary, lines_of

_LEGEND = re.compile(r"^(\d+)[ \t]+(\S.*)$")
_CODE = re.compile(r"\d+")
# A number under a condition: (02 134)125/464 counts 125 behind a word of 02 or 134, else 464; <of>131/125 before "of".
_CONDITION = re.compile(r"(?:\([^()]*\)|<[^<>]*>)\s*\d*(?:/\d+)?")
_SPLIT = re.compile(r"\t|\s{2,}")


def read(text: str) -> Content:
    """The categories and words.

    The legend may nest categories by indentation and name some without a number. A word's line holds the word, then
    its numbers behind tabs or blanks; ``01`` is ``1``. A number that the legend does not have and a number under a
    condition are left out, line by line; the other numbers of the line are kept.
    """
    lines = lines_of(text)
    marks = [place for place, line in enumerate(lines) if line.strip() == "%"]
    if len(marks) < 2:
        raise NoDictionary("a LIWC dictionary has a legend of categories between two lines of %, and this has not")
    content = Content()
    legend = _legend(lines, marks[0] + 1, marks[1], content)
    for place in range(marks[0]):
        if lines[place].strip():
            content.lose(place + 1, LEFT_OUT, lines[place], "stands before the legend")
    for place in range(marks[1] + 1, len(lines)):
        if lines[place].strip() not in ("", "%"):
            _entry(lines[place].strip(), place + 1, legend, content)
    return content


def _legend(lines: list[str], first: int, beyond: int, content: Content) -> dict[int, tuple[str, ...]]:
    """The path of each number."""
    legend: dict[int, tuple[str, ...]] = {}
    stack: list[tuple[int, tuple[str, ...]]] = []
    for place in range(first, beyond):
        line = lines[place]
        if not line.strip():
            continue
        depth = len(line) - len(line.lstrip())
        while stack and stack[-1][0] >= depth:
            stack.pop()
        found = _LEGEND.match(line.strip())
        name = (found[2] if found else line).strip().split("\t")[0].strip()
        path = (*(stack[-1][1] if stack else ()), name)
        stack.append((depth, path))
        content.open(path, place + 1)
        if found and int(found[1]) in legend:
            reason = f"number {found[1]} stands twice in the legend; its words go to the category named first"
            content.lose(place + 1, LEFT_OUT, line, reason)
        elif found:
            legend[int(found[1])] = path
    return legend


def _entry(line: str, number: int, legend: dict[int, tuple[str, ...]], content: Content) -> None:
    word, rest = _parted(line)
    for condition in _CONDITION.findall(rest):
        content.lose(number, LEFT_OUT, f"{word}: {condition}", "a category under a condition of the words around it")
    codes = _CONDITION.sub(" ", rest).split()
    kept: dict[tuple[str, ...], None] = {}
    for code in codes:
        path = legend.get(int(code)) if _CODE.fullmatch(code) and len(code) < 10 else None
        if path is None:
            what = "no number of a category" if not _CODE.fullmatch(code) else "a number that the legend does not have"
            content.lose(number, LEFT_OUT, f"{word}: {code}", what)
        else:
            kept[path] = None
    for path in kept:
        content.add(number, path, word)
    if not codes and not _CONDITION.search(rest):
        content.lose(number, LEFT_OUT, word, "a word without a category")


def _parted(line: str) -> tuple[str, str]:
    """The word or phrase of a line, and its numbers.

    A tab or two blanks end the word. Where there are only single blanks, the numbers at the end are its numbers.
    """
    head, *rest = _SPLIT.split(line, maxsplit=1)
    if rest:
        return head, rest[0]
    condition = _CONDITION.search(line, 1)
    beyond = condition.start() if condition else len(line)
    pieces = line[:beyond].split()
    at = len(pieces)
    while at > 1 and _CODE.fullmatch(pieces[at - 1]):
        at -= 1
    return " ".join(pieces[:at]), " ".join(pieces[at:]) + " " + line[beyond:]
