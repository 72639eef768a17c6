"""Entries (see `analysis.corpus.reading`) as bytes, some hundreds at a time: what goes between processes, and is kept.

A frame has two halves, of which the first tells by itself what all articles together are asked for (`survey`), and the
second what the tables hold (`unpack`); so nothing is parsed twice, and those who need not the texts do not touch them.

The first half is its length and that of its JSON, eight bytes each; the entries as a JSON list, of articles what
`SURVEYED` says and how many keys they have; and those keys, eight bytes each, little end first. The second half is the
length of its JSON; the entries as a JSON list without keys and without the bodies; and the bodies in UTF-8, one behind
the other.
"""

from __future__ import annotations

import datetime as dt
import json
import struct
from collections.abc import Iterable, Iterator
from typing import Any

Entry = dict[str, Any]

# What of an article's row tells its outlet, and whether it tells a story that is only listed.
SURVEYED = ("outlet", "outlet_printed", "url")
KEY = 8  # bytes
_LENGTHS = struct.Struct(">QQ")
_LENGTH = struct.Struct(">Q")
# The only frame of a part of a file that cannot be read in parts.
WHOLE = b"whole"


def pack(entries: Iterable[Entry]) -> bytes:
    """Entries as a frame."""
    heads, rows, bodies = [], [], []
    keys: list[int] = []
    for entry in entries:
        if "article" in entry:
            row = dict(entry["article"])
            body = row.pop("body").encode()
            bodies.append(body)
            keys += entry["keys"]
            surveyed = {name: row[name] for name in SURVEYED if name in row}
            order, n_keys = entry["order"], len(entry["keys"])
            heads.append({"index": entry["index"], "order": order, "article": surveyed, "keys": n_keys})
            entry = {name: value for name, value in entry.items() if name not in ("keys", "order")}
            entry = {**entry, "article": row, "bytes": len(body)}
        else:
            heads.append(entry)
        rows.append(entry)
    head, held = encode(heads).encode(), encode(rows).encode()
    lengths = _LENGTHS.pack(_LENGTHS.size + len(head) + KEY * len(keys), len(head))
    return b"".join([lengths, head, struct.pack(f"<{len(keys)}Q", *keys), _LENGTH.pack(len(held)), held, *bodies])


def halves(frame: bytes) -> tuple[bytes, bytes]:
    """The two halves of a frame."""
    end, _ = _LENGTHS.unpack_from(frame)
    return frame[:end], frame[end:]


def survey(half: bytes) -> Iterator[Entry]:
    """The entries of the first half of a frame: articles with as much of their rows as `SURVEYED`, without cuts, their
    keys as the bytes that they are."""
    _, length = _LENGTHS.unpack_from(half)
    at = _LENGTHS.size + length
    for entry in json.loads(half[_LENGTHS.size : at]):
        if "article" in entry:
            end = at + KEY * entry["keys"]
            entry["keys"], at = half[at:end], end
        elif "stub" in entry:
            _date(entry["stub"])
        yield entry


def unpack(half: bytes) -> Iterator[Entry]:
    """The entries of the second half of a frame, without order and keys, the bodies as the UTF-8 they are."""
    at = _LENGTH.size + _LENGTH.unpack_from(half)[0]
    for entry in json.loads(half[_LENGTH.size : at]):
        if "article" in entry:
            end = at + entry.pop("bytes")
            _date(entry["article"])
            entry["article"]["body"], at = half[at:end], end
        elif "stub" in entry:
            _date(entry["stub"])
        yield entry


def _date(row: Entry) -> None:
    """Make a date of what JSON holds of it."""
    if row.get("published"):
        row["published"] = dt.datetime.fromisoformat(row["published"])


def encode(value: Any) -> str:
    """JSON in ASCII, so that half a surrogate pair, wherever it stands, breaks nothing; dates in ISO 8601."""
    return json.dumps(value, default=lambda other: other.isoformat() if isinstance(other, dt.date) else str(other))
