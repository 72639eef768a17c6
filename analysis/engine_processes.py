"""Work in processes of this machine, each with a pipe of its own.

A process that dies, is killed or takes more memory than it may costs the piece of work that it had, which is tried
again in another process, and nothing else. Processes end with the one that started them, however that one ends.
"""

from __future__ import annotations

import os
import signal
from collections import Counter, deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from multiprocessing import connection, get_context
from typing import Any

from analysis.engine import Outcome, reason_of
from analysis.engine_settings import Engine
from analysis.study import UserError

_TICK = 1.0  # seconds
# Started afresh, since forking a process that holds numba's or Arrow's threads may hang.
_SPAWN = get_context("spawn")
# Arrow's own allocator reserves 1 GB of addresses, which a limit of memory would count as taken.
_POOL = "ARROW_DEFAULT_MEMORY_POOL"
_STARTS = 3  # processes that may end before they are there
_NO_START = (
    "the processes that code do not start; a script that asks for several workers must do so under "
    "`if __name__ == '__main__':`"
)


class _Worker:
    """A process, the pipe to it, whether it has said that it is there, and the place of the task that it has."""

    def __init__(self, function: Callable[[Any], Any], memory: int | None) -> None:
        self.pipe, theirs = _SPAWN.Pipe()
        self.ready, self.task = False, None
        self.process = _SPAWN.Process(target=_serve, args=(theirs, function, memory), daemon=True)
        with _environment({_POOL: "system"} if memory else {}):
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
    workers: list[_Worker] = []
    left, came, not_started = len(tasks), [], 0
    try:
        while left:
            while waiting and len(workers) < min(settings.workers or 1, left):
                workers.append(_Worker(function, settings.memory_limit))
            for worker in workers:
                if waiting and worker.ready and worker.task is None:
                    place = waiting.popleft()
                    worker.give(place, tasks[place])
            yield from came  # not before everybody has something to do
            came = []
            answering = connection.wait([worker.pipe for worker in workers], timeout=_TICK)
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


def _serve(pipe: connection.Connection, function: Callable[[Any], Any], memory: int | None) -> None:
    """Answer tasks until the pipe is closed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the process that started this one ends it
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
