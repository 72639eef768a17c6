"""How far reading and coding are: on standard error, with the rate and the time left."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from analysis.cli_output import note

if TYPE_CHECKING:
    from analysis.engine import Progress

_PATIENCE, _BETWEEN = 1.5, 10  # seconds until progress is shown, and between two lines where there is no terminal


@contextmanager
def progress() -> Iterator[Callable[[Progress], None]]:
    """A function that shows how far work is, its rate and the time left, once it takes longer than a moment.

    A bar on a terminal; elsewhere a line every ten seconds. Another verb begins anew.
    """
    verb, begun, bar, task, told = "", 0.0, None, None, 0.0

    def show(at: Progress) -> None:
        nonlocal verb, begun, bar, task, told
        now = time.monotonic()
        if at.verb != verb:
            if bar:
                bar.stop()
            verb, begun, bar, told = at.verb, now, None, now
        if now - begun < _PATIENCE:
            return
        line = _line(at, now - begun)
        if sys.stderr.isatty():
            if bar is None:
                bar = _bar()
                task = bar.add_task(at.verb, total=max(at.of_size, 1), said="")
                bar.start()
            bar.update(task, completed=at.size, said=line)
        elif now - told >= _BETWEEN:
            told = now
            left = (at.of_size - at.size) * (now - begun) / at.size if at.size else None
            note(line if left is None else f"{line}, {left:,.0f} s left")

    try:
        yield show
    finally:
        if bar:
            bar.stop()


def _line(at: Progress, seconds: float) -> str:
    rate = at.done / seconds
    return f"{at.verb} {at.done:,} of {at.of:,} {at.things}, {rate:,.{1 if rate < 100 else 0}f} {at.things}/s"


def _bar() -> Any:
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.fields[said]}"), BarColumn(), TimeRemainingColumn())
    return Progress(*columns, console=Console(stderr=True), transient=True)
