"""What files hold, kept from one reading to the next, so that reading goes on where it stopped.

An SQLite file holds, under a key, the frames of each file (or part of one) that was read to its end. The key is a hash
over the file's content, how it is read and the code that reads it: what changed is read again, and nothing else. A run
that is killed while it writes leaves the file as it was before; one that is broken all the same is made anew.
"""

from __future__ import annotations

import sqlite3
import struct
import tempfile
import time
from collections.abc import Collection, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import pyarrow as pa

from analysis.corpus.frames import halves

_SCHEMA = "CREATE TABLE IF NOT EXISTS frames (key TEXT, place INTEGER, data BLOB, PRIMARY KEY (key, place))"
_END = -1  # the place of an empty frame that says that all are there
_SECONDS = 1  # between two commits
_ZSTD = pa.Codec("zstd", compression_level=1)
_PAGE = 65_536  # bytes
_SIZES = struct.Struct(">QQQ")  # bytes of the first half of a frame, of that half packed, and of the second half


class Lost(Exception):
    """What was kept is gone: the file was broken, or cannot be written any more. Another one has taken its place."""


class Kept:
    """The frames of files by key.

    Where the file cannot be used (a read-only or full disk, or ``path`` is None) a temporary one serves for this run.
    All methods but `close` raise `Lost` where the file fails.
    """

    def __init__(self, path: Path | None) -> None:
        self.path = path
        self.committed = time.monotonic()
        self._scratch: tempfile.TemporaryDirectory | None = None
        self.connection = self._open()

    def keys(self) -> set[str]:
        """The keys under which all frames are there."""
        return {key for (key,) in self._run("SELECT key FROM frames WHERE place = ?", (_END,))}

    def frames(self, key: str, half: int) -> Iterator[bytes]:
        """The first (0) or second (1) halves of the frames under a key, in order, two at a time in memory: one is
        unpacked while the one before is used."""
        try:
            asked = "SELECT data FROM frames WHERE key = ? AND place > ? ORDER BY place"
            with ThreadPoolExecutor(1) as thread:
                ahead: Future[bytes] | None = None
                for (data,) in self.connection.execute(asked, (key, _END)):
                    before, ahead = ahead, thread.submit(_unpack, data, half)
                    if before:
                        yield before.result()
                if ahead:
                    yield ahead.result()
        # Of what it cannot unpack, Arrow says OSError.
        except (sqlite3.Error, pa.ArrowException, OSError, struct.error) as error:
            raise self._lost(error) from error

    def begin(self, key: str) -> None:
        """Forget what is there under a key."""
        self._run("DELETE FROM frames WHERE key = ?", (key,))

    def add(self, key: str, place: int, frame: bytes) -> None:
        """Keep a frame, the ``place``-th under its key."""
        self._run("INSERT INTO frames VALUES (?, ?, ?)", (key, place, _pack(frame)))

    def end(self, key: str) -> None:
        """Note that all frames under a key are there."""
        self._run("INSERT INTO frames VALUES (?, ?, ?)", (key, _END, b""))
        if time.monotonic() - self.committed > _SECONDS:
            self._commit()

    def close(self, used: Collection[str] | None = None) -> None:
        """Close, and where ``used`` is given keep nothing but those keys."""
        with suppress(Lost):
            if used is not None:
                known = {key for (key,) in self._run("SELECT DISTINCT key FROM frames")}
                for key in known - set(used):
                    self.begin(key)
            self._commit()
        self.connection.close()
        if self._scratch:
            self._scratch.cleanup()

    def _open(self) -> sqlite3.Connection:
        """Open the file, or make it anew where it is broken, or a temporary one."""
        for _ in range(2):
            if self.path is None:
                break
            with suppress(OSError):
                self.path.parent.mkdir(parents=True, exist_ok=True)
            try:
                return _connected(self.path)
            except sqlite3.Error as error:
                self._leave(error)
        self._scratch = tempfile.TemporaryDirectory(prefix="samestory-", ignore_cleanup_errors=True)
        return _connected(Path(self._scratch.name) / "read.sqlite")

    def _run(self, command: str, values: tuple = ()) -> list[tuple]:
        try:
            return self.connection.execute(command, values).fetchall()
        except sqlite3.Error as error:
            raise self._lost(error) from error

    def _commit(self) -> None:
        self.committed = time.monotonic()
        try:
            self.connection.commit()
        except sqlite3.Error as error:
            raise self._lost(error) from error

    def _lost(self, error: Exception) -> Exception:
        """Another file in the place of one that fails. One that is broken, not merely locked or full, goes."""
        with suppress(sqlite3.Error):
            self.connection.close()
        if self._scratch:  # there is no other place
            return OSError(f"what was read cannot be kept in {self._scratch.name}: {error}")
        self._leave(error)
        self.connection = self._open()
        return Lost()

    def _leave(self, error: Exception) -> None:
        if isinstance(error, sqlite3.OperationalError):
            self.path = None
        elif self.path:
            with suppress(OSError):
                self.path.unlink()


def _connected(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, timeout=5)
    try:
        # What a loss of power breaks is made anew; a process that is killed breaks nothing.
        connection.execute("PRAGMA synchronous = OFF")
        connection.execute("PRAGMA auto_vacuum = FULL")
        connection.execute(f"PRAGMA page_size = {_PAGE}")  # a frame is one chain of pages
        connection.execute(_SCHEMA)
    except sqlite3.Error:
        connection.close()
        raise
    return connection


def _pack(frame: bytes) -> bytes:
    first, second = halves(frame)
    packed = _ZSTD.compress(first, asbytes=True)
    return _SIZES.pack(len(first), len(packed), len(second)) + packed + _ZSTD.compress(second, asbytes=True)


def _unpack(data: bytes, half: int) -> bytes:
    first, packed, second = _SIZES.unpack_from(data)
    cut = _SIZES.size + packed
    if half:
        return _ZSTD.decompress(memoryview(data)[cut:], second, asbytes=True)
    return _ZSTD.decompress(memoryview(data)[_SIZES.size : cut], first, asbytes=True)
