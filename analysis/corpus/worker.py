"""The process that reads: jobs on its standard input, what files hold on its standard output.

A process of its own, so that a file that hangs a parser, eats the memory or kills the process costs that file and
nothing else. Both ways go JSON, never pickles: what comes from a foreign file stays data.

A job is a line of JSON. An answer is a run of frames (see `analysis.corpus.frames`), each behind eight bytes of
length; the last frame of a job is empty. At which item reading is stands in a small file that both processes share.
"""

from __future__ import annotations

import datetime as dt
import gc
import json
import mmap
import os
import shutil
import struct
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO

from analysis.corpus.frames import WHOLE, Entry, pack
from analysis.corpus.furniture import load_rules
from analysis.corpus.limits import Limits
from analysis.corpus.reading import Job, Steps, read_file

ENTRIES, SECONDS, CHARACTERS = 500, 0.5, 1_000_000  # of a frame: whichever comes first
READY = b"samestory\n"
MARK = struct.Struct("<q?")  # the number of the item, and whether the rules are at work


def main() -> None:
    """Serve jobs until standard input ends. Nothing but frames is written to standard output, whoever prints."""
    out = os.fdopen(os.dup(1), "wb")
    null = os.open(os.devnull, os.O_WRONLY)
    os.dup2(null, 1)
    mark = _mark(Path(sys.argv[2]))
    load_rules()
    gc.set_threshold(50_000)  # trees of pages are many objects that live shortly; looking for waste among them is vain
    out.write(READY)
    out.flush()
    os.dup2(null, 2)
    try:
        for line in sys.stdin.buffer:
            asked = json.loads(line)
            job, limits, folder = Job(*asked["job"]), Limits(*asked["limits"]), Path(asked["folder"])
            bound(limits, asked["seconds"])
            if job.told.get("published"):
                job.told["published"] = dt.datetime.fromisoformat(job.told["published"])
            stuck = {at: (in_rules, reason) for at, in_rules, reason in asked["stuck"]}
            for frame in frames(read_file(job, folder, limits, Steps(stuck, mark))):
                _write(out, frame)
            if folder.exists():
                shutil.rmtree(folder, ignore_errors=True)
            _write(out, b"")
    except BrokenPipeError:  # nobody listens any more
        os._exit(1)


def _mark(place: Path) -> Callable[[int, bool], None]:
    """A function that notes where reading stands in a file that is shared with the process that waits."""
    shared = mmap.mmap(os.open(place, os.O_RDWR), MARK.size)
    return lambda at, in_rules: MARK.pack_into(shared, 0, at, in_rules)


def frames(entries: Iterator[Entry]) -> Iterator[bytes]:
    """Entries as frames, so few at a time that whoever waits sees at least every second that reading goes on.

    Where the part of a file turns out to be none, the only further frame is WHOLE.
    """
    held: list[Entry] = []
    size, begun = 0, time.monotonic()
    for entry in entries:
        if "whole" in entry:
            yield WHOLE
            return
        held.append(entry)
        size += len(entry["article"]["body"]) if "article" in entry else 100
        if len(held) >= ENTRIES or size >= CHARACTERS or time.monotonic() - begun >= SECONDS:
            yield pack(held)
            held, size, begun = [], 0, time.monotonic()
    if held:
        yield pack(held)


def bound(limits: Limits, seconds: float) -> None:
    """Limit the memory of this process, and its CPU time from now on, in case nobody is left to end it."""
    try:
        import resource
    except ImportError:  # not on Windows: there time alone is limited, from outside
        return
    used = resource.getrusage(resource.RUSAGE_SELF)
    spent = int(used.ru_utime + used.ru_stime + seconds + 10)
    for kind, most in ((resource.RLIMIT_DATA, limits.memory), (resource.RLIMIT_CPU, spent)):
        hard = resource.getrlimit(kind)[1]
        if hard == resource.RLIM_INFINITY or most <= hard:
            resource.setrlimit(kind, (most, hard))


def _write(out: BinaryIO, frame: bytes) -> None:
    out.write(len(frame).to_bytes(8, "big"))
    out.write(frame)
    out.flush()


if __name__ == "__main__":
    main()
