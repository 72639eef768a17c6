"""JSON Lines: a line is one article."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from analysis.corpus.decoding import Unreadable, decode
from analysis.corpus.readers.columns import FIELDS, Item, find_columns, record


def read(path: Path, *, encoding: str, keep: str | None = None) -> Iterator[Item]:
    """One item a line that is not empty. A line that is no JSON object is an item with a reason, the others go on.

    Raises Unreadable where the file is empty, binary or not in ``encoding``.
    """
    lines = [
        (n, line) for n, line in enumerate(decode(path.read_bytes(), encoding).split("\n"), start=1) if line.strip()
    ]
    if not lines:
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
        columns = find_columns(values)
        if "body" in columns:
            yield record(values, index, columns=columns, keep=keep, where=where)
        else:
            names = ", ".join(str(name)[:40] for name in list(values)[:20]) or "none"
            wanted = ", ".join(FIELDS["body"][1:])
            yield {"source_index": index, "reason": f"{where}: no key 'body' (or {wanted}); keys here: {names}"}
