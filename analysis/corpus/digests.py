"""The digests of source files, kept beside what was read: a file is not read again to see that it has not changed.

A file is taken for unchanged where its size, its times and its number on the disk are those of the file that was read.
The time of the last change, which no program sets, must lie some seconds before the reading: what is written twice
within a tick of the clock is read again.
"""

from __future__ import annotations

import hashlib
import json
import os
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

from analysis import store_places

_SETTLED = 5 * 10**9  # nanoseconds after which a change shows in a file's times, on any disk
_THREADS = 2


def digests_of(files: Sequence[Path], kept: Path) -> dict[Path, str]:
    """The SHA-256 of each file's content; what cannot be opened has a name for that.

    Args:
        kept: a file with the digests of earlier runs, written where one is new. It may be lost, and may be broken.
    """
    known = _known(kept)
    found: dict[str, list] = {}

    def digest(file: Path) -> str:
        name, stamp = os.fspath(file), _stamp(file)
        if stamp and name in known and known[name][:-1] == stamp:
            found[name] = known[name]
            return known[name][-1]
        now, made = time.time_ns(), _digest(file)
        if stamp and now - max(stamp[1:3]) > _SETTLED and _stamp(file) == stamp:
            found[name] = [*stamp, made]
        return made

    with ThreadPoolExecutor(_THREADS) as pool:
        digests = dict(zip(files, pool.map(digest, files), strict=True))
    if found != known:
        said = json.dumps(found, sort_keys=True).encode()
        with suppress(OSError):  # what cannot be kept is found again
            store_places.put(kept, lambda file: file.write(said))
    return digests


def _digest(file: Path) -> str:
    try:
        if not file.is_file():
            return "no file"
        with file.open("rb") as content:
            return hashlib.file_digest(content, "sha256").hexdigest()
    except OSError as error:
        return f"not opened: {error.errno}"


def _stamp(file: Path) -> list[int] | None:
    """Size, times and number of a file; None where there is none."""
    with suppress(OSError):
        seen = file.stat()
        return [seen.st_size, seen.st_mtime_ns, seen.st_ctime_ns, seen.st_ino, seen.st_dev]
    return None


def _known(kept: Path) -> dict[str, list]:
    with suppress(OSError, ValueError):
        known = json.loads(kept.read_bytes())
        if isinstance(known, dict) and all(isinstance(one, list) and len(one) == 6 for one in known.values()):
            return known
    return {}
