"""Files read in processes of their own, several at a time; what hangs, eats memory or dies is ended and told.

Each process has a thread here that feeds it one file after the other. The caller's thread watches the clock: a process
that has sent nothing for too long is killed, its file gets a reason, and another process goes on with the next file.
"""

from __future__ import annotations

import os
import queue
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from analysis.corpus.frames import encode
from analysis.corpus.limits import Limits
from analysis.corpus.reading import Job, read_file
from analysis.corpus.worker import MARK, READY, frames

# The search path of this process goes along, so that both run the same code.
_START = "import json, sys; sys.path[:] = json.loads(sys.argv[1]); from analysis.corpus.worker import main; main()"
_POLL = 0.2  # seconds between two looks at the clock
_STARTING = 300  # seconds
FILES_EACH, BYTES_EACH = 500, 3_000_000  # what keeps a process busy for more than a second
_ATTEMPTS = 5  # items of one file that may get stuck
_PIPE = 1 << 20  # bytes that wait in a pipe, where the system allows it
_HELD = 16  # answers that wait for the caller, about a megabyte each
_ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")


class Answer(NamedTuple):
    """Some of what a file or a part of one holds (a frame, see `analysis.corpus.frames`), or, without a frame, that it
    is all.

    ``again``: all frames of this file so far are void, since it is read anew, past what it got stuck at. ``reason``:
    why reading ended before the end of the file.
    """

    job: int
    frame: bytes | None = None
    reason: str | None = None
    again: bool = False


def read_jobs(jobs: Sequence[Job], *, workers: int, limits: Limits) -> Iterator[Answer]:
    """What the files of ``jobs`` hold: of each its frames in order and then its end; files in any order.

    Args:
        workers: processes to read with; 0 reads in this one, where nothing can be ended that hangs.
    """
    with tempfile.TemporaryDirectory(prefix="samestory-", ignore_cleanup_errors=True) as scratch:
        if workers == 0:
            yield from _read_here(jobs, limits, Path(scratch))
        else:
            yield from _read_there(jobs, min(workers, _paying(jobs)), limits, Path(scratch))


def _paying(jobs: Sequence[Job]) -> int:
    """How many processes pay at most: each takes a second to start."""
    return min(len(jobs), 1 + len(jobs) // FILES_EACH + sum(map(size_of, jobs)) // BYTES_EACH)


def _read_here(jobs: Sequence[Job], limits: Limits, scratch: Path) -> Iterator[Answer]:
    for place, job in enumerate(jobs):
        for frame in frames(read_file(job, scratch / str(place), limits)):
            yield Answer(place, frame)
        yield Answer(place)


def _read_there(jobs: Sequence[Job], workers: int, limits: Limits, scratch: Path) -> Iterator[Answer]:
    waiting: queue.SimpleQueue[int] = queue.SimpleQueue()
    for place in sorted(range(len(jobs)), key=lambda place: -size_of(jobs[place])):  # no large one at the end
        waiting.put(place)
    answers: queue.Queue[Answer | Exception] = queue.Queue(_HELD)
    servers = [_Server(jobs, waiting, answers, limits, scratch / str(number)) for number in range(workers)]
    left, looked = len(jobs), time.monotonic()
    try:
        while left:
            with suppress(queue.Empty):
                answer = answers.get(timeout=_POLL)
                if isinstance(answer, Exception):
                    raise answer
                yield answer
                left -= answer.frame is None and not answer.again
            now = time.monotonic()
            if now - looked > 10 * _POLL:  # this process stood still: what came in meanwhile is not yet read
                for server in servers:
                    server.deadline += now - looked
            for server in servers:
                server.watch(now)
            looked = now
    finally:
        for server in servers:
            server.stop()


class _Server:
    """A process that reads and the thread that feeds it; ``deadline`` is when the process is killed."""

    def __init__(
        self,
        jobs: Sequence[Job],
        waiting: queue.SimpleQueue[int],
        answers: queue.Queue[Answer | Exception],
        limits: Limits,
        folder: Path,
    ) -> None:
        self.jobs, self.waiting, self.answers, self.limits, self.folder = jobs, waiting, answers, limits, folder
        self.mark = folder.with_suffix(".at")  # where the process notes which item it is at
        self.process: subprocess.Popen[bytes] | None = None
        self.deadline = float("inf")
        self.late = self.stopped = False
        self.thread = threading.Thread(target=self._run, daemon=True)
        self.thread.start()

    def watch(self, now: float) -> None:
        """Kill the process where its time is over."""
        if now > self.deadline and self.process and not self.late:
            self.late = True
            self.process.kill()

    def stop(self) -> None:
        """End process and thread, whatever they do."""
        self.stopped = True
        while self.thread.is_alive():
            if self.process:
                self.process.kill()
            with suppress(queue.Empty):
                self.answers.get_nowait()
            self.thread.join(0.05)

    def _run(self) -> None:
        try:
            while not self.stopped:
                self._serve(self.waiting.get_nowait())
        except queue.Empty:
            pass
        except Exception as error:  # noqa: BLE001 (the caller's thread raises it)
            self.answers.put(error)
        finally:
            self._end()

    def _serve(self, place: int) -> None:
        """Read a file; where the process got stuck, again in a new one that passes over that item."""
        stuck: dict[int, tuple[bool, str]] = {}
        while (reason := self._attempt(place, stuck)) and not self.stopped:
            at, in_rules = MARK.unpack(self.mark.read_bytes())
            if at in stuck or len(stuck) == _ATTEMPTS:
                break
            stuck[at] = in_rules, reason
            self.answers.put(Answer(place, again=True))
        self.answers.put(Answer(place, reason=reason))

    def _attempt(self, place: int, stuck: dict[int, tuple[bool, str]]) -> str | None:
        """Send a job and pass on what comes back; the reason where the process ends before the file does."""
        process = self.process or self._start()
        seconds = self.limits.seconds + self.limits.seconds_each_megabyte * size_of(self.jobs[place]) / 1e6
        asked = {"job": self.jobs[place], "limits": self.limits, "folder": str(self.folder), "seconds": seconds}
        asked["stuck"] = [(at, *how) for at, how in stuck.items()]
        last = time.monotonic() + seconds
        with suppress(OSError):  # the process is gone: reading tells
            process.stdin.write(f"{encode(asked)}\n".encode())
            process.stdin.flush()
        while True:
            self.deadline = min(time.monotonic() + self.limits.seconds, last)
            head = process.stdout.read(8)
            length = int.from_bytes(head, "big")
            frame = process.stdout.read(length)
            self.deadline = float("inf")
            if len(head) < 8 or len(frame) < length:
                return self._why(seconds if time.monotonic() >= last else self.limits.seconds)
            if not frame:
                return None
            self.answers.put(Answer(place, frame))

    def _start(self) -> subprocess.Popen[bytes]:
        self.deadline = time.monotonic() + _STARTING
        with tempfile.TemporaryFile() as errors:
            command = [sys.executable, "-c", _START, encode(sys.path), str(self.mark)]
            self.mark.write_bytes(MARK.pack(0, False))
            pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": errors}
            self.process = subprocess.Popen(command, env={**os.environ, **_ONE_THREAD}, pipesize=_PIPE, **pipes)
            if self.process.stdout.read(len(READY)) != READY and not self.stopped:
                errors.seek(0)
                said = errors.read().decode(errors="replace").strip().splitlines()[-1:] or ["it says nothing"]
                raise RuntimeError(f"the process that reads does not start: {said[0]}")
        return self.process

    def _why(self, seconds: float) -> str:
        """Why the process is gone."""
        status = self._end()
        shutil.rmtree(self.folder, ignore_errors=True)
        if self.late:
            self.late = False
            return f"took longer than {seconds:.0f} s"
        if status == -9:
            return "the process that read it was ended by the system: most likely it took too much memory"
        return f"the process that read it died (status {status})"

    def _end(self) -> int | None:
        """End the process; its exit status."""
        process, self.process = self.process, None
        self.deadline = float("inf")
        if process is None:
            return None
        with suppress(OSError):
            process.stdin.close()
        if self.stopped:
            process.kill()
        try:
            status = process.wait(5)
        except subprocess.TimeoutExpired:
            process.kill()
            status = process.wait()
        process.stdout.close()
        return status


def size_of(job: Job) -> int:
    """Bytes of a job's file, or of its part of it; 0 where it cannot be asked."""
    try:
        return Path(job.path).stat().st_size // (job.part[1] if job.part else 1)
    except (OSError, ValueError):
        return 0
