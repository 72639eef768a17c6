"""Work in processes of this machine, each with a pipe of its own.

A process that dies, is killed or takes more memory than it may costs the piece of work that it had, which is tried
again in another process, and nothing else. Processes end with the one that started them, however that one ends.
"""

from __future__ import annotations

import gc
import os
import signal
import sys
import threading
from collections import Counter, deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from multiprocessing import connection, get_context
from typing import Any

from analysis.engine import Outcome, reason_of
from analysis.engine_settings import Engine
from analysis.study import UserError

_TICK = 1.0  # seconds
_OBJECTS = 50_000  # made between two collections of garbage: at Python's 700 these take a twentieth of the time
# Started afresh, since forking this process, which may hold numba's or Arrow's threads, may hang.
_AFRESH = get_context("spawn")
# On Linux forked from a process that has done nothing but import what all of them need, which takes seconds.
_FORKED = get_context("forkserver") if sys.platform == "linux" else _AFRESH
_IMPORTED = ["analysis.coding.loaded"]
# Arrow's own allocator reserves 1 GB of addresses, which a limit of memory would count as taken.
_POOL = "ARROW_DEFAULT_MEMORY_POOL"
_STARTS = 3  # processes that may end before they are there
_STARTING = threading.Lock()  # the environment is changed while a process starts, which several threads may want
_NO_START = (
    "the processes that code do not start; a script that asks for several workers must do so under "
    "`if __name__ == '__main__':`"
)


class _Worker:
    """A process, the pipe to it, whether it has said that it is there, and the place of the task that it has."""

    def __init__(self, function: Callable[[Any], Any], memory: int | None) -> None:
        begun = _AFRESH if memory else _FORKED  # Arrow's allocator is chosen where it is imported
        self.pipe, theirs = begun.Pipe()
        self.ready, self.task = False, None
        with _STARTING:
            environment = {**os.environ, **({_POOL: "system"} if memory else {})}
            self.process = begun.Process(target=_serve, args=(theirs, function, environment, memory), daemon=True)
            with _environment(environment if memory else _paths()):
                self.process.start()
        theirs.close()

    def give(self, place: int, task: Any) -> None:
        self.task = place
        with suppress(OSError):  # the process is gone: the answer, which does not come, tells
            self.pipe.send(task)

    def end(self) -> int | None:
        """End the process; its exit status."""
        self.pipe.close()
        self.process.kill()
        self.process.join()
        return self.process.exitcode


def run_in_processes(
    function: Callable[[Any], Any], tasks: Sequence[Any], settings: Engine
) -> Iterator[Outcome | None]:
    """`engine.run` over processes."""
    waiting, failed = deque(range(len(tasks))), Counter[int]()
    ahead: dict[int, Any] = {}  # the task that is next, put together while everybody has something to do
    workers: list[_Worker] = []
    left, came, not_started = len(tasks), [], 0
    if not settings.memory_limit:
        prepare()
    try:
        while left:
            while waiting and len(workers) < min(settings.workers or 1, left):
                workers.append(_Worker(function, settings.memory_limit))
            for worker in workers:
                if waiting and worker.ready and worker.task is None:
                    place = waiting.popleft()
                    worker.give(place, ahead.pop(place) if place in ahead else tasks[place])
            yield from came  # not before everybody has something to do
            came = []
            answering = connection.wait([worker.pipe for worker in workers], timeout=0)
            if not answering and waiting and not ahead:
                ahead[waiting[0]] = tasks[waiting[0]]
            answering = answering or connection.wait([worker.pipe for worker in workers], timeout=_TICK)
            if not answering:
                yield None
            for worker in [worker for worker in workers if worker.pipe in answering]:
                place, worker.task = worker.task, None
                try:
                    result, reason = worker.pipe.recv()
                except (EOFError, OSError):
                    workers.remove(worker)
                    result, reason = None, _why(worker.end())
                if place is None:  # it was about to start
                    worker.ready, not_started = reason is None, not_started + (reason is not None)
                    if not_started > _STARTS:
                        raise UserError(_NO_START)
                elif reason is not None and failed[place] < settings.retries:
                    failed[place] += 1
                    waiting.append(place)
                else:
                    came.append(Outcome(place, result, reason))
            left -= len(came)
        yield from came
    finally:
        for worker in workers:
            worker.end()


def prepare() -> None:
    """Begin to start what processes are forked from, which takes a while, before the first is wanted."""
    if _FORKED is not _AFRESH:
        from multiprocessing import forkserver

        _FORKED.set_forkserver_preload(_IMPORTED)
        with _STARTING, _environment(_paths()):
            forkserver.ensure_running()


def _paths() -> dict[str, str]:
    """Modules come from where they come from in this process, not from the folder that it is in."""
    return {"PYTHONPATH": os.pathsep.join(filter(None, sys.path)), "PYTHONSAFEPATH": "1"}


@contextmanager
def _environment(changes: dict[str, str]) -> Iterator[None]:
    """Other environment variables for the processes that are started meanwhile."""
    before = {name: os.environ.get(name) for name in changes}
    os.environ.update(changes)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


def _why(status: int | None) -> str:
    if status == -signal.SIGKILL:
        return "the process that had it was ended by the system: most likely it took too much memory"
    return f"the process that had it died (status {status})"


def _serve(
    pipe: connection.Connection, function: Callable[[Any], Any], environment: dict[str, str], memory: int | None
) -> None:
    """Answer tasks until the pipe is closed."""
    os.environ.clear()  # that of the process from which this one was forked may be an older one
    os.environ.update(environment)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the process that started this one ends it
    gc.set_threshold(_OBJECTS)
    if memory:
        bound(memory)
    with suppress(EOFError, OSError):
        pipe.send((None, None))  # it is there
        while True:
            task = pipe.recv()
            try:
                answer = function(task), None
            except Exception as error:  # noqa: BLE001 (whatever fails, the process goes on)
                answer = None, reason_of(error)
            pipe.send(answer)


def bound(memory: int) -> None:
    """Limit the memory of this process."""
    try:
        import resource
    except ImportError:  # not on Windows: there the size of partitions alone bounds it
        return
    hard = resource.getrlimit(resource.RLIMIT_DATA)[1]
    if hard == resource.RLIM_INFINITY or memory <= hard:
        resource.setrlimit(resource.RLIMIT_DATA, (memory, hard))
