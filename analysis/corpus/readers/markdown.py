"""Markdown: with front matter a record, without it a page whose headline may be marked.

Of Markdown's own marks only those of headings, links, images and emphasis are taken off, since they are no part of the
published text; everything else is left as it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import accumulate
from pathlib import Path
from typing import Any

import yaml

from analysis.corpus.decoding import decode
from analysis.corpus.readers.columns import Item, find_columns, record
from analysis.corpus.readers.kinds import as_text

LONGEST_FRONT, DEEPEST = 200_000, 100  # characters, and brackets within brackets, of front matter
_FRONT = re.compile(r"\A\s*---[ \t]*\n(?P<yaml>.*?)^(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL | re.MULTILINE)
_KEY = re.compile(r"^[\w\"'][\w\"' -]*:(?:\s|$)", re.MULTILINE)
_OPENED = re.compile(rf"\A\s*---[ \t]*\n(?={_KEY.pattern})", re.MULTILINE)
_HEADING = re.compile(r"^ {0,3}#{1,6}[ \t]+(?P<text>.*?)(?:[ \t]+#+)?[ \t]*$", re.MULTILINE)
_TITLE = re.compile(r"^ {0,3}#[ \t]+(?P<text>\S.*?)(?:[ \t]+#+)?[ \t]*$", re.MULTILINE)
_IMAGE = re.compile(r"!\[[^\]\n]*\]\([^()\s]*(?:\s+\"[^\"\n]*\")?\)")
_LINK = re.compile(r"\[(?P<text>[^\[\]\n]+)\]\((?:<[^<>\n]*>|[^()\s]*(?:\([^()\s]*\)[^()\s]*)?)(?:\s+\"[^\"\n]*\")?\)")
# What PyYAML raises on values that contradict their tags, beside its own errors: a date that is none, `!!int ""` …
_YAML_ERRORS = (yaml.YAMLError, ValueError, LookupError, AttributeError, TypeError, OverflowError, RecursionError)
_STRONG = re.compile(r"(?<![\w*_\\])(?P<mark>\*{1,3}|_{1,3})(?=[^\s*_])(?P<text>[^\n*_]*?[^\s*_\\])(?P=mark)(?![\w*_])")


def sniff(head: bytes, path: Path) -> bool:
    """Whether it begins with front matter that is closed."""
    front = _FRONT.match(as_text(head))
    return front is not None and _KEY.search(front["yaml"]) is not None


def read(path: Path, *, encoding: str, keep: str | None = None) -> Iterator[Item]:
    """The file as one item. Raises Unreadable where it is empty, binary or not in ``encoding``."""
    text = decode(path.read_bytes(), encoding)
    front = _FRONT.match(text)
    if front and (_KEY.search(front["yaml"]) or not front["yaml"].strip()):
        yield _structured(text[front.end() :], front["yaml"], keep)
    elif _OPENED.match(text):
        yield {"source_index": 0, "reason": "front matter is not closed: no second line of ---"}
    else:
        yield _page(text)


class _Plain(yaml.SafeLoader):
    """Safe YAML without aliases, of which a few lines make a value without end."""

    def compose_node(self, parent: Any, index: Any) -> Any:
        if self.check_event(yaml.AliasEvent):
            event = self.peek_event()
            raise yaml.composer.ComposerError(None, None, f"alias *{event.anchor}: write it out", event.start_mark)
        return super().compose_node(parent, index)


def _structured(text: str, front: str, keep: str | None) -> Item:
    depth = max(accumulate((mark in "[{") - (mark in "]}") for mark in front), default=0)
    if depth > DEEPEST or len(front) > LONGEST_FRONT:
        said = f"nested {depth} deep" if depth > DEEPEST else f"longer than {LONGEST_FRONT:,} characters"
        return {"source_index": 0, "reason": f"front matter is {said}: not read"}
    try:
        values: Any = yaml.load(front, _Plain)
    except _YAML_ERRORS as error:
        mark = getattr(error, "problem_mark", None)
        line = f", line {mark.line + 2}" if mark else ""
        said = getattr(error, "problem", None) or str(error)
        return {"source_index": 0, "reason": f"front matter is not YAML{line}: {' '.join(said.split())[:100]}"}
    if values is None:
        values = {}
    if not isinstance(values, dict):
        return {"source_index": 0, "reason": "front matter is not lines of `key: value`"}
    values = {str(name): value for name, value in values.items()}
    columns = {field: name for field, name in find_columns(values).items() if field != "body"}
    title = _TITLE.match(text.lstrip("\n"))
    if "headline" not in columns and title:
        values["headline"], columns["headline"] = unmark(title["text"]), "headline"
    body = unmark(text)
    return record({**values, "body": body}, 0, columns={**columns, "body": "body"}, keep=keep, where="the file")


def _page(text: str) -> Item:
    title = _TITLE.search(text)
    item: Item = {"source_index": 0, "page": unmark(text)}
    if title:
        item["headline"] = unmark(title["text"])
    return item


def unmark(text: str) -> str:
    """``text`` without the marks of headings, links, images and emphasis; its lines stay where they are."""
    text = _HEADING.sub(lambda match: match["text"], text)
    if "](" in text:
        text = _LINK.sub(lambda match: match["text"], _IMAGE.sub("", text))
    for _ in range(2):  # **_both_**
        text = _STRONG.sub(lambda match: match["text"], text)
    return text
