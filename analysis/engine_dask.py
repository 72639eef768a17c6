"""Work on a Dask cluster: one that is given by its address, or one started on this machine for the occasion."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from analysis.engine import Outcome, reason_of
from analysis.engine_settings import Engine
from analysis.study import UserError

_TICK = 1.0  # seconds
_CONNECT = 15
_KILLED = "the workers that had it died, one after the other: perhaps it takes too much memory"


def run_on_dask(function: Callable[[Any], Any], tasks: Sequence[Any], settings: Engine) -> Iterator[Outcome | None]:
    """`engine.run` on a Dask cluster. What a worker that dies had goes to another, as Dask's scheduler sees to."""
    with _client(settings) as (client, wait):
        futures = client.map(function, tasks, retries=settings.retries, pure=False)
        places = {future.key: place for place, future in enumerate(futures)}
        pending = set(futures)
        try:
            while pending:
                try:
                    done, pending = wait(pending, timeout=_TICK, return_when="FIRST_COMPLETED")
                except TimeoutError:
                    yield None
                    continue
                for future in done:
                    yield _outcome(places[future.key], future)
        finally:
            client.cancel(list(pending))


def _outcome(place: int, future: Any) -> Outcome:
    if future.status == "finished":
        return Outcome(place, future.result())
    if future.status == "error":
        error = future.exception()
        if type(error).__name__ == "KilledWorker":
            return Outcome(place, reason=_KILLED)
        return Outcome(place, reason=reason_of(error))
    return Outcome(place, reason=f"the Dask scheduler gave it up ({future.status})")


@contextmanager
def _client(settings: Engine) -> Iterator[tuple[Any, Callable]]:
    """A client of the cluster, and Dask's `wait`. A cluster that was started here is ended."""
    try:
        from distributed import Client, LocalCluster, wait
    except ImportError:
        raise UserError("kind dask needs the packages dask and distributed: pip install 'dask[distributed]'") from None
    if settings.address is None:
        options = {"memory_limit": settings.memory_limit or "auto", "dashboard_address": None}
        with LocalCluster(
            n_workers=settings.workers or 2, threads_per_worker=1, silence_logs=logging.ERROR, **options
        ) as cluster:
            with _client(settings.changed(address=cluster.scheduler_address)) as client:
                yield client
            return
    try:
        client = Client(settings.address, timeout=_CONNECT)
    except (OSError, ValueError) as error:
        raise UserError(f"{settings.address}: no Dask scheduler answers there ({reason_of(error)})") from None
    with client:
        yield client, wait
