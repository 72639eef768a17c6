"""WARC and ARC files, packed with gzip or not → their records, one after the other.

Damage costs the record that it hits, not its neighbours: where a length is wrong or bytes are damaged, reading goes on
at the next line that can only begin a record, and in a packed file at the next packed part. One record is held in
memory at a time, up to a bound.
"""

from __future__ import annotations

import re
import sys
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, NamedTuple

from analysis.corpus.limits import LIMITS

LARGEST = 16 << 20  # bytes of a record; a page is smaller
LONGEST_LINE = 1 << 16
MOST_HEADERS = 1_000
MOST_BROKEN = 500  # damaged places in a file; what has more is no archive
GZIP = b"\x1f\x8b\x08"

_PIECE = 1 << 16
_WINDOW = 1 << 20
_BLANK = b"\r\n\t \x00"
_WARC = re.compile(rb"WARC/\d\.\d{1,2}[ \t]*\r?\n")
_LINE = re.compile(rb"^(?:WARC/\d|[a-z][a-z0-9+.-]{1,20}:)[^\n]{0,65000}\n", re.MULTILINE)
_ARC = re.compile(rb"(?P<uri>[a-z][a-z0-9+.-]{1,20}:[^\r\n]*) (?P<ip>\S+) (?P<date>\d{8,20}) (?P<rest>\S[^\r\n]*)\r?\n")


class Record(NamedTuple):
    """A record: its headers by names in lower case, its block, and what is wrong with it (None: nothing).

    ``kind`` is the WARC-Type; a record of an ARC file is a ``response``, its first a ``warcinfo``; "" where the bytes
    belong to no record. Of a block that is too large (``large``) only the beginning is there.
    """

    kind: str
    headers: dict[str, str]
    block: bytes
    wrong: str | None = None
    large: bool = False


class _DamagedError(Exception):
    """Bytes that cannot be unpacked: the reason, and where in the file the damaged part begins."""

    def __init__(self, reason: str, place: int) -> None:
        super().__init__(reason)
        self.place = place


class _Run:
    """Bytes in a row, read piece by piece; ``damage`` is what ends them early, ``told`` whether that has been said."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self.pieces = pieces
        self.held, self.place = bytearray(), 0
        self.damage: _DamagedError | None = None
        self.told = False

    def fill(self) -> bool:
        """Hold one piece more; whether there was one."""
        try:
            piece = next(self.pieces, b"")
        except _DamagedError as error:
            self.damage, piece = error, b""
        if self.place > LONGEST_LINE:
            del self.held[: self.place]
            self.place = 0
        self.held += piece
        return bool(piece)

    def line(self) -> bytes:
        """The next line with its end, or as much of it as a line may have; empty at the end."""
        while True:
            end = self.held.find(b"\n", self.place, self.place + LONGEST_LINE)
            if end >= 0 or len(self.held) - self.place >= LONGEST_LINE or not self.fill():
                break
        return self.take(end + 1 - self.place if end >= 0 else LONGEST_LINE)

    def read(self, length: int) -> bytes:
        """So many bytes, or as many as there are."""
        while len(self.held) - self.place < length and self.fill():
            pass
        return self.take(length)

    def take(self, length: int) -> bytes:
        """So many of the bytes that are held."""
        data = bytes(self.held[self.place : self.place + length])
        self.place += len(data)
        return data

    def peek(self, length: int) -> bytes:
        """So many bytes, or as many as there are, which stay to be read."""
        while len(self.held) - self.place < length and self.fill():
            pass
        return bytes(self.held[self.place : self.place + length])

    def back(self, data: bytes) -> None:
        """Put bytes back, to be read next."""
        self.held[: self.place] = data
        self.place = 0


def records(path: Path) -> Iterator[Record]:
    """The records of a WARC or ARC file in order; damaged ones, and bytes that are no record, with what is wrong."""
    with path.open("rb") as file:
        packed = file.read(len(GZIP)) == GZIP
        start: int | None = 0
        broken, after_damage = 0, False
        while start is not None:
            run = _Run(_unpacked(file, start) if packed else _plain(file))
            for record in _in_run(run):
                # A search for the next part can hit upon bytes that only look like one.
                if after_damage and record.wrong and not record.kind:
                    continue
                after_damage = False
                broken += record.wrong is not None
                yield record
                if broken > MOST_BROKEN:
                    yield Record("", {}, b"", f"more than {MOST_BROKEN} damaged places; the rest is not read")
                    return
            start = _next_part(file, run.damage.place + 1) if run.damage else None
            after_damage = run.damage is not None


def begins_record(line: bytes) -> bool:
    """Whether a line, with its end, can begin a record."""
    return _WARC.match(line) is not None or _ARC.match(line) is not None


def unpacked_head(head: bytes) -> bytes:
    """The first bytes of what is packed in the head of a gzip file; empty where nothing can be unpacked."""
    try:
        return zlib.decompressobj(31).decompress(head, LONGEST_LINE)
    except zlib.error:
        return b""


def _plain(file: BinaryIO) -> Iterator[bytes]:
    file.seek(0)
    while piece := file.read(_PIECE):
        yield piece


def _unpacked(file: BinaryIO, part: int) -> Iterator[bytes]:
    """What the gzip parts from the one at ``part`` on hold, in pieces. Raises _DamagedError."""
    file.seek(part)
    whole = 0
    unpacker = zlib.decompressobj(31)
    data = file.read(_PIECE)
    while data:
        before = unpacker.copy()
        try:
            piece = unpacker.decompress(data, 4 * _PIECE)
        except zlib.error as error:
            yield from _until_damage(before, data)
            said = str(error).rpartition(": ")[2]
            raise _DamagedError(f"the gzip part at byte {part} is damaged ({said})", part) from None
        whole += len(piece)
        if whole > LIMITS.unpacked:
            raise _DamagedError(f"unpacks to more than {LIMITS.unpacked:,} bytes; the rest is not read", 1 << 62)
        if piece:
            yield piece
        data = unpacker.unconsumed_tail
        if unpacker.eof:
            data = unpacker.unused_data.lstrip(b"\x00") or file.read(_PIECE).lstrip(b"\x00")
            part = file.tell() - len(data)
            unpacker = zlib.decompressobj(31)
        elif not data:
            data = file.read(_PIECE)
            if not data and (tail := unpacker.flush()):
                yield tail
            if not data:
                raise _DamagedError(f"the file breaks off within the gzip part at byte {part}", part)


def _until_damage(unpacker: zlib._Decompress, data: bytes) -> Iterator[bytes]:
    """What can be unpacked of data that is damaged further on."""
    for place in range(0, len(data), 16):
        try:
            piece = unpacker.decompress(data[place : place + 16])
        except zlib.error:
            return
        if piece:
            yield piece


def _next_part(file: BinaryIO, place: int) -> int | None:
    """Where the next gzip part begins at or behind a place; None where none does."""
    size = file.seek(0, 2)
    while place < size:
        file.seek(place)
        data = file.read(1 << 20)
        found = data.find(GZIP)
        if found >= 0:
            return place + found
        place += max(1, len(data) - len(GZIP) + 1)
    return None


def _in_run(run: _Run) -> Iterator[Record]:
    """The records of a run, and what damages it at its end."""
    while line := run.line():
        if begins_record(line):
            record = _warc(run) if _WARC.match(line) else _arc(line, run)
            yield record
            if record.wrong:
                _seek(run)
        elif line.strip(_BLANK):
            yield Record("", {}, b"", f"bytes that belong to no record ({line[:40]!r})")
            _seek(run)
        else:
            _pass_blank(run)
    if run.damage and not run.told:
        yield Record("", {}, b"", str(run.damage))


def _pass_blank(run: _Run) -> None:
    while window := run.peek(_WINDOW):
        text = window.lstrip(_BLANK)
        run.take(len(window) - len(text))
        if text:
            return


def _seek(run: _Run, most: int = sys.maxsize) -> int:
    """Go to where the next record begins, or so many bytes on, or to the end; how many bytes were passed over."""
    passed = 0
    while window := run.peek(min(_WINDOW, most - passed)):
        start = _start_within(window)
        if start is not None:
            return passed + len(run.take(start))
        # A line that the window cuts is looked at again, with the next window.
        whole = window.rfind(b"\n") + 1
        passed += len(run.take(whole if whole and len(window) == _WINDOW else len(window)))
    return passed


def _warc(run: _Run) -> Record:
    """The record of which the first line was read."""
    headers: dict[str, str] = {}
    last = ""
    while (line := run.line()).strip():
        text = line.decode("utf-8", "replace").strip()
        name, colon, value = text.partition(":")
        if line[:1] in b" \t" and last:  # a header goes on
            headers[last] = f"{headers[last]} {text}"[:LONGEST_LINE]
        elif colon and len(headers) < MOST_HEADERS:
            last = name.strip().lower()
            headers[last] = value.strip()
    kind = headers.get("warc-type", "").lower() or "record without a type"
    if not line:
        return Record(kind, headers, b"", "the file breaks off within its headers")
    return _with_block(kind, headers, headers.get("content-length", ""), run)


def _arc(line: bytes, run: _Run) -> Record:
    """The record of an ARC file that a line begins: address, IP, date, type, (more,) length."""
    match = _ARC.match(line)
    uri, date, rest = (match[name].decode("utf-8", "replace") for name in ("uri", "date", "rest"))
    kind, *_, length = [*rest.split(), ""] if " " not in rest.strip() else rest.split()
    date = re.sub(r"(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)\d*", r"\1-\2-\3T\4:\5:\6Z", date)
    headers = {"warc-target-uri": uri, "warc-date": date, "content-type": kind}
    return _with_block("warcinfo" if uri.startswith("filedesc:") else "response", headers, length, run)


def _with_block(kind: str, headers: dict[str, str], said: str, run: _Run) -> Record:
    """The record with the block that follows, which should be as long as ``said``, and then the next record begin."""
    if not re.fullmatch(r"\d{1,15}", said):
        return Record(kind, headers, b"", f"its length is {said[:20]!r}, not a number")
    length = int(said)
    if length > LARGEST:
        return _skipped(kind, headers, length, run)
    block = run.read(length)
    following = _following(run)
    if len(block) == length and following == "end" and run.damage and "check" in str(run.damage):
        run.told = True  # all bytes are there, but they are not those that were packed
        return Record(kind, headers, b"", str(run.damage))
    if len(block) == length and following != "other":
        return Record(kind, headers, block)
    start = _start_within(block)
    if start is not None:
        run.back(block[start:])
        return Record(kind, headers, block[:start], f"its length is {length}, but the next record begins at {start}")
    if len(block) == length:
        return Record(kind, headers, block, f"its length is {length}, but it goes on behind that")
    run.told = True
    return Record(kind, headers, block, str(run.damage or f"the file breaks off: {len(block)} of {length} bytes"))


def _following(run: _Run) -> str:
    """What stands next, blank lines aside: another ``record`` (or what closes this one), the ``end``, or ``other``."""
    window = run.peek(2 * LONGEST_LINE)
    text = window.lstrip(_BLANK)
    if not text:
        return "end" if len(window) < 2 * LONGEST_LINE else "record"
    closed = window.startswith(b"\r\n\r\n")  # as a WARC record is; what follows that is no part of it
    return "record" if closed or begins_record(text[: text.find(b"\n") + 1]) else "other"


def _start_within(block: bytes) -> int | None:
    """Where in a block another record begins; None if nowhere."""
    for match in _LINE.finditer(block):
        if begins_record(match[0]):
            return match.start()
    return None


def _skipped(kind: str, headers: dict[str, str], length: int, run: _Run) -> Record:
    """A record that is too large to be held, passed over up to its end or to where another begins."""
    begins = run.peek(LONGEST_LINE)
    passed = _seek(run, length)
    wrong = None
    if passed < length:
        more = run.peek(1)
        run.told = run.told or not more
        wrong = f"its length is {length}, but the next record begins at {passed}"
        wrong = wrong if more else str(run.damage or f"the file breaks off: {passed} of {length} bytes")
    return Record(kind, headers, begins, wrong, large=True)
