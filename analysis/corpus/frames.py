"""Entries (see `analysis.corpus.reading`) as bytes, some hundreds at a time: what goes between processes, and is kept.

A frame is the length of its first part in eight bytes, that part, the entries as a JSON list without the bodies of the
articles, and the bodies in UTF-8, one behind the other. So those who need not the texts do not touch them.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Iterator
from typing import Any

Entry = dict[str, Any]

_LENGTH = 8
# The only frame of a part of a file that cannot be read in parts.
WHOLE = b"whole"


def pack(entries: Iterable[Entry]) -> bytes:
    """Entries as a frame."""
    heads, bodies = [], []
    for entry in entries:
        if "article" in entry:
            body = entry["article"]["body"].encode()
            bodies.append(body)
            row = {name: value for name, value in entry["article"].items() if name != "body"}
            entry = {**entry, "article": row, "bytes": len(body)}
        heads.append(entry)
    head = encode(heads).encode()
    return b"".join([len(head).to_bytes(_LENGTH, "big"), head, *bodies])


def unpack(frame: bytes, *, bodies: bool = True) -> Iterator[Entry]:
    """The entries of a frame; without ``bodies``, articles have none."""
    at = _LENGTH + int.from_bytes(frame[:_LENGTH], "big")
    for entry in json.loads(frame[_LENGTH:at]):
        for said in (entry.get("article"), entry.get("stub")):
            if said and said.get("published"):
                said["published"] = dt.datetime.fromisoformat(said["published"])
        if "article" in entry:
            size = entry.pop("bytes")
            if bodies:
                entry["article"]["body"] = frame[at : at + size].decode()
            at += size
        yield entry


def encode(value: Any) -> str:
    """JSON in ASCII, so that half a surrogate pair, wherever it stands, breaks nothing; dates in ISO 8601."""
    return json.dumps(value, default=lambda other: other.isoformat() if isinstance(other, dt.date) else str(other))
