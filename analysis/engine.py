"""Map a function over partitions of a table: in this process, or over processes.

The function must be pure and importable (processes pickle its name). Results come back in the order of the
partitions, whichever ran where, so that tables do not depend on the number of workers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from typing import Any

import pandas as pd

PARTITION = 10_000  # articles; the token arrays of one partition take about 150 MB


def partitions(table: pd.DataFrame, *, size: int = PARTITION) -> list[pd.DataFrame]:
    """The table cut into runs of at most ``size`` rows, in order; one empty run for an empty table."""
    return [table.iloc[at : at + size].reset_index(drop=True) for at in range(0, max(len(table), 1), size)]


def map_partitions(
    function: Callable[..., Any], runs: Sequence[pd.DataFrame], *arguments: Any, workers: int = 1
) -> Iterator[Any]:
    """``function(run, *arguments)`` for each run, in order.

    Args:
        workers: processes to use; 1, or a single run, stays in this process. Started afresh (`spawn`), since forking
            a process that holds numba's or Arrow's threads may hang.
    """
    if workers <= 1 or len(runs) <= 1:
        for run in runs:
            yield function(run, *arguments)
        return
    with ProcessPoolExecutor(min(workers, len(runs)), mp_context=get_context("spawn")) as pool:
        waiting = [pool.submit(function, run, *arguments) for run in runs]
        for result in waiting:
            yield result.result()
