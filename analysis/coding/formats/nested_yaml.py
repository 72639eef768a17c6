"""quanteda's YAML: a mapping of categories to lists of patterns, or to further categories. JSON is YAML, too.

The file is read event by event and no value is constructed, so that ``no`` and ``2024-02-31`` stay words, an alias
cannot grow, and brackets in brackets are counted before libyaml's composer, which is recursive, would run out of stack.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

import yaml

from analysis.coding.formats.entries import LEFT_OUT, Content, NoDictionary

DEEPEST = 50  # mappings and lists inside one another

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_NUMBER = re.compile(r"[-+]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][-+]?\d+)?")
_NOTHING = ("", "~", "null", "Null", "NULL")
# A file that has these keys is meant to be a codebook of ours, whatever else is wrong with it.
_OURS = ({"variables"}, {"name", "version"})


class Node(NamedTuple):
    """A part of the file: a word (``plain``: not quoted), a list, or pairs of key and value."""

    line: int
    word: str | None = None
    plain: bool = False
    items: list[Node] | None = None
    pairs: list[tuple[Node, Node]] | None = None


def parse(text: str) -> Node:
    """The one document of a YAML text.

    Raises:
        NoDictionary: not YAML, several documents, an alias, or nesting deeper than `DEEPEST`.
    """
    events = yaml.parse(text, _LOADER)
    try:
        next(events)
        if isinstance(next(events), yaml.StreamEndEvent):
            return Node(1)
        node = _node(next(events), events, 1)
        next(events)
        if not isinstance(event := next(events), yaml.StreamEndEvent):
            raise NoDictionary(f"line {event.start_mark.line + 1}: a second document begins; expected one")
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = f"line {mark.line + 1}: " if mark else ""
        raise NoDictionary(f"{line}not YAML: {getattr(error, 'problem', None) or 'unreadable'}") from None
    return node


def _node(event: yaml.Event, events: Iterator[yaml.Event], depth: int) -> Node:
    line = event.start_mark.line + 1
    if depth > DEEPEST:
        raise NoDictionary(f"line {line}: nested deeper than {DEEPEST} levels")
    if isinstance(event, yaml.ScalarEvent):
        return Node(line, word=event.value, plain=event.implicit[0])
    if isinstance(event, yaml.SequenceStartEvent):
        items = []
        while not isinstance(event := next(events), yaml.SequenceEndEvent):
            items.append(_node(event, events, depth + 1))
        return Node(line, items=items)
    if isinstance(event, yaml.MappingStartEvent):
        pairs = []
        while not isinstance(event := next(events), yaml.MappingEndEvent):
            key = _node(event, events, depth + 1)
            pairs.append((key, _node(next(events), events, depth + 1)))
        return Node(line, pairs=pairs)
    raise NoDictionary(f"line {line}: an alias (*{event.anchor}); aliases are not allowed, write it out")


def is_codebook(node: Node) -> bool:
    """Whether the keys at the top are those of a codebook rather than of categories."""
    keys = {key.word for key, _ in node.pairs or []}
    return any(needed <= keys for needed in _OURS)


def is_nested(node: Node) -> bool:
    """Whether it is a mapping that holds lists or further mappings, as prose with a colon does not."""
    return any(value.word is None for _, value in node.pairs or [])


def read(text: str) -> Content:
    """The categories and patterns. A mapping of words to numbers is a category with weights."""
    node = parse(text)
    if node.pairs is None:
        raise NoDictionary("no mapping of categories to patterns; expected lines of `category: [pattern, pattern]`")
    if {"articles", "codebooks"} <= {key.word for key, _ in node.pairs}:
        raise NoDictionary("this is a study.yml; a dictionary maps categories to patterns")
    content = Content()
    _read(node, (), content)
    words = {entry.text for entry in content.entries}
    if len(content.categories) > 10 * max(len(words), 10):
        raise NoDictionary("maps words to categories; a dictionary maps categories to words")
    return content


def _read(node: Node, path: tuple[str, ...], content: Content) -> None:
    """What stands under a category (or, under none, in the file): patterns, further categories, or lists of these."""
    if node.items is not None:
        for item in node.items:
            _read(item, path, content)
    elif node.pairs is not None and path and node.pairs and all(_is_weight(value) for _, value in node.pairs):
        for key, value in node.pairs:
            content.add(key.line, path, key.word or "", float(value.word))
    elif node.pairs is not None:
        _mapping(node, path, content)
    elif not (node.plain and node.word in _NOTHING):
        content.add(node.line, path, node.word)
    elif node.word:  # an unquoted null or ~ is a word no more than an empty place is
        content.lose(node.line, LEFT_OUT, node.word, "YAML's word for nothing; put it in quotes to mean the word")


def _mapping(node: Node, path: tuple[str, ...], content: Content) -> None:
    keys: set[str] = set()
    for key, value in node.pairs:
        if key.word is None or key.word in keys:
            problem = "a key is no text" if key.word is None else f"key {key.word!r} stands twice"
            raise NoDictionary(f"line {key.line}: {problem}")
        keys.add(key.word)
        inner = (*path, key.word.strip() or "unnamed")
        content.open(inner, key.line)
        _read(value, inner, content)


def _is_weight(node: Node) -> bool:
    return node.word is not None and node.plain and _NUMBER.fullmatch(node.word) is not None
