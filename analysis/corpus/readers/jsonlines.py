"""JSON Lines: a line is one article."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

from analysis.corpus.decoding import Unreadable, decode, decode_piece, piecewise
from analysis.corpus.readers.columns import FIELDS, Item, find_columns, record
from analysis.corpus.readers.kinds import as_text

_OBJECT = re.compile(r'\{\s*"[^"\\]*"\s*:')


def sniff(head: bytes, path: Path) -> bool:
    """Whether the first line that is not blank is a JSON object, or begins as one and is longer than the head."""
    line, _, rest = as_text(head).lstrip().partition("\n")
    if not line.startswith("{"):
        return False
    try:
        return isinstance(json.loads(line), dict)
    except (ValueError, RecursionError):
        return not rest and _OBJECT.match(line) is not None


def read(
    path: Path,
    *,
    encoding: str,
    keep: str | None = None,
    columns: dict[str, str] | None = None,
    part: tuple[int, int] | None = None,
) -> Iterator[Item]:
    """One item a line that is not empty. A line that is no JSON object is an item with a reason, the others go on.

    ``columns`` is the map of study.yml; it holds for the keys that a line has. Raises Unreadable where the file is
    empty, binary or not in ``encoding``. ``part``: of the lines.
    """
    above, text = _part(path, encoding, *part) if part else (0, decode(path.read_bytes(), encoding))
    lines = [(n, line) for n, line in enumerate(text.split("\n"), start=above + 1) if line.strip()]
    if not lines and not (part and part[0]):
        raise Unreadable("empty file: no line of JSON")
    for index, (number, line) in enumerate(lines):
        where = f"line {number}"
        try:
            values = json.loads(line)
        except json.JSONDecodeError as error:
            yield {"source_index": index, "reason": f"{where}: not JSON ({error.msg} at character {error.pos})"}
            continue
        except (RecursionError, ValueError) as error:  # nested too deep, or a number too long
            yield {"source_index": index, "reason": f"{where}: not JSON that can be read ({str(error)[:80]})"}
            continue
        if not isinstance(values, dict):
            yield {"source_index": index, "reason": f"{where}: not a JSON object (`{{…}}`)"}
            continue
        told = {field: name for field, name in (columns or {}).items() if name in values}
        found = find_columns(values, told)
        if "body" in found:
            yield record(values, index, columns=found, keep=keep, where=where)
        else:
            names = ", ".join(str(name)[:40] for name in list(values)[:20]) or "none"
            wanted = ", ".join(FIELDS["body"][1:])
            yield {"source_index": index, "reason": f"{where}: no key 'body' (or {wanted}); keys here: {names}"}


def _part(path: Path, encoding: str, k: int, n: int) -> tuple[int, str]:
    """How many lines stand above a part, and the part's."""
    data = piecewise(path.read_bytes(), encoding)
    begin, end = (_line_at(data, len(data) * at // n) for at in (k, k + 1))
    return data.count(b"\n", 0, begin), decode_piece(data[begin:end])


def _line_at(data: bytes, place: int) -> int:
    """Where the first line begins that does not begin before ``place``."""
    return data.find(b"\n", place - 1) + 1 or len(data) if place else 0
