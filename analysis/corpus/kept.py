"""What files hold, kept from one reading to the next, so that reading goes on where it stopped.

An SQLite file holds, under a key, the frames of each file that was read to its end. The key is a hash over the file's
content, how it is read and the code that reads it: what changed is read again, and nothing else. A run that is killed
while it writes leaves the file as it was before; one that is broken all the same is made anew.
"""

from __future__ import annotations

import hashlib
import sqlite3
import time
from collections.abc import Collection
from contextlib import suppress
from pathlib import Path

import pyarrow as pa

_SCHEMA = "CREATE TABLE IF NOT EXISTS frames (key TEXT, place INTEGER, data BLOB, PRIMARY KEY (key, place))"
_SECONDS = 1  # between two commits
_ZSTD = pa.Codec("zstd", compression_level=1)
_SIZE = 8  # bytes before the packed ones, with their number when unpacked


def digest(path: Path) -> str:
    """The SHA-256 of a file's content; what cannot be opened has a name for that."""
    try:
        if not path.is_file():
            return "no file"
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        return f"not opened: {error.errno}"


class Kept:
    """The frames of files by key. Where the file cannot be used (a read-only or full disk) nothing is kept."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.committed = time.monotonic()
        self.connection: sqlite3.Connection | None = None
        self._open()

    def get(self, key: str) -> list[bytes] | None:
        """The frames under a key; None where it is not there, or broken."""
        rows = self._run("SELECT data FROM frames WHERE key = ? ORDER BY place", (key,))
        if not rows or rows[-1][0] != b"":  # the last is an empty one
            return None
        try:
            return [_unpack(data) for (data,) in rows[:-1]]
        except (pa.ArrowException, ValueError):
            return None

    def put(self, key: str, frames: list[bytes]) -> None:
        """Keep frames under a key, all or none."""
        self._run("DELETE FROM frames WHERE key = ?", (key,))
        for place, frame in enumerate(frames):
            self._run("INSERT INTO frames VALUES (?, ?, ?)", (key, place, _pack(frame)))
        self._run("INSERT INTO frames VALUES (?, ?, ?)", (key, len(frames), b""))
        if time.monotonic() - self.committed > _SECONDS:
            self._commit()

    def close(self, used: Collection[str] | None = None) -> None:
        """Close, and where ``used`` is given keep nothing but those keys."""
        if used is not None:
            known = {key for (key,) in self._run("SELECT DISTINCT key FROM frames")}
            for key in known - set(used):
                self._run("DELETE FROM frames WHERE key = ?", (key,))
        self._commit()
        if self.connection:
            self.connection.close()

    def _open(self) -> None:
        """Open the file, or make it anew where it is broken."""
        for _ in range(2):
            with suppress(OSError):
                self.path.parent.mkdir(parents=True, exist_ok=True)
            try:
                self.connection = sqlite3.connect(self.path, timeout=5)
                # What a loss of power breaks is made anew; a process that is killed breaks nothing.
                self.connection.execute("PRAGMA synchronous = OFF")
                self.connection.execute("PRAGMA auto_vacuum = FULL")
                self.connection.execute(_SCHEMA)
            except sqlite3.Error as error:
                self._give_up(error)
            else:
                return

    def _run(self, command: str, values: tuple = ()) -> list[tuple]:
        if self.connection is None:
            return []
        try:
            return self.connection.execute(command, values).fetchall()
        except sqlite3.Error as error:
            self._give_up(error)
            return []

    def _commit(self) -> None:
        self.committed = time.monotonic()
        if self.connection:
            try:
                self.connection.commit()
            except sqlite3.Error as error:
                self._give_up(error)

    def _give_up(self, error: sqlite3.Error) -> None:
        """Keep nothing more; a file that is broken, not merely locked or full, goes."""
        if self.connection:
            with suppress(sqlite3.Error):
                self.connection.close()
        self.connection = None
        if not isinstance(error, sqlite3.OperationalError):
            with suppress(OSError):
                self.path.unlink()


def _pack(frame: bytes) -> bytes:
    return len(frame).to_bytes(_SIZE, "big") + _ZSTD.compress(frame, asbytes=True)


def _unpack(data: bytes) -> bytes:
    return _ZSTD.decompress(data[_SIZE:], int.from_bytes(data[:_SIZE], "big"), asbytes=True)
