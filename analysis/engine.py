"""Map a function over pieces of work: in this process, over processes of this machine, or on a Dask cluster.

The function must be pure and importable, and must leave what it makes where others find it: what travels is small (see
`analysis.parts`). What comes of it does not depend on where, by how many or in which order pieces are done.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple

import pandas as pd

from analysis.engine_settings import PARTITION, Engine
from analysis.study import UserError

HERE = Engine()  # in this process


class Outcome(NamedTuple):
    """What came of a piece of work: its place in the list and the result; or, after the last try, why there is none."""

    place: int
    result: Any = None
    reason: str | None = None


class Progress(NamedTuple):
    """How far something is: things (files, articles) done and in all, and their size, which tells the time left."""

    done: int
    of: int
    size: int
    of_size: int
    things: str = "files"
    verb: str = "read"


def partitions(table: pd.DataFrame, *, size: int = PARTITION) -> list[pd.DataFrame]:
    """The table cut into runs of at most ``size`` rows, in order; one empty run for an empty table."""
    return [table.iloc[at : at + size].reset_index(drop=True) for at in range(0, max(len(table), 1), size)]


def run(function: Callable[[Any], Any], tasks: Sequence[Any], settings: Engine) -> Iterator[Outcome | None]:
    """``function(task)`` for each task; the outcomes as they come, in any order, one for each task.

    None is yielded about once a second while there is nothing else, so that the caller can show that work goes on. A
    task that fails is tried again ``settings.retries`` times. Its failure ends nothing but itself.

    Raises UserError where the processes or the cluster cannot be had.
    """
    if settings.way == "dask":
        from analysis.engine_dask import run_on_dask

        yield from run_on_dask(function, tasks, settings)
    elif settings.way == "processes" and (len(tasks) > 1 or settings.memory_limit):
        from analysis.engine_processes import run_in_processes

        yield from run_in_processes(function, tasks, settings)
    else:
        for place, task in enumerate(tasks):
            yield _run_here(function, place, task, settings.retries)


def prepare(settings: Engine) -> None:
    """Begin to start what `run` will need, where that takes a while and can be had before there are tasks."""
    if settings.way == "processes" and not settings.memory_limit:
        from analysis import engine_processes

        engine_processes.prepare()


class Tasks(Sequence):
    """Pieces of work that are put together when it is their turn: so many calls of ``make``, given their place."""

    def __init__(self, make: Callable[[int], Any], size: int) -> None:
        self._make, self._size = make, size

    def __len__(self) -> int:
        return self._size

    def __getitem__(self, place: int) -> Any:
        if not 0 <= place < self._size:
            raise IndexError(place)
        return self._make(place)


Show = Callable[[Progress], None]  # what shows how far something is


def gather(function: Callable[[Any], Any], tasks: Sequence[Any], settings: Engine, **options: Any) -> list[Any]:
    """What comes of each task, in order. Options are those of `outcomes`."""
    found: list[Any] = [None] * len(tasks)
    for place, result in outcomes(function, tasks, settings, **options):
        found[place] = result
    return found


def outcomes(
    function: Callable[[Any], Any],
    tasks: Sequence[Any],
    settings: Engine,
    *,
    verb: str,
    sizes: Sequence[int] = (),
    progress: Show | None = None,
) -> Iterator[tuple[int, Any]]:
    """The place of each task and what comes of it, as they come. Of a single task no process is asked, and none is held
    to a limit of memory, which is meant for partitions.

    Args:
        verb: what is done with articles, in the past. progress: told now and then, if there are ``sizes``: the articles
            of each task.

    Raises UserError where one fails: ``verb`` says what could not be done.
    """
    settings = settings.model_copy(update={"memory_limit": None, **({"kind": "in-process"} if len(tasks) < 2 else {})})
    done, of = 0, sum(sizes)
    for outcome in run(function, tasks, settings):
        if outcome is not None and outcome.reason is not None:
            raise UserError(f"articles could not be {verb}: {outcome.reason}")
        if progress and of:
            done += sizes[outcome.place] if outcome is not None else 0
            progress(Progress(done, of, done, of, "articles", verb))
        if outcome is not None:
            yield outcome.place, outcome.result


def _run_here(function: Callable[[Any], Any], place: int, task: Any, retries: int) -> Outcome:
    for left in range(retries, -1, -1):
        try:
            return Outcome(place, function(task))
        except Exception as error:  # noqa: BLE001 (whatever fails, the others go on)
            if not left:
                return Outcome(place, reason=reason_of(error))
    raise AssertionError("not reached: the last try returns")


def reason_of(error: BaseException) -> str:
    """An exception in one line."""
    said = " ".join(str(error).split())[:300]
    if isinstance(error, UserError):
        return said
    if isinstance(error, MemoryError):
        return "it takes more memory than there is" + (f" ({said})" if said else "")
    return f"{type(error).__name__}: {said}" if said else type(error).__name__
