"""The files of a study → what they hold, in a store (`analysis.corpus.kept`): read now where it is not there yet.

Large files of formats that allow it are read in parts, by several processes at once. A file that cannot be read in
parts, for what it holds, is read as a whole.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from analysis.corpus.frames import WHOLE, Entry, pack, survey, unpack
from analysis.corpus.kept import Kept
from analysis.corpus.limits import Limits
from analysis.corpus.pool import read_jobs, size_of
from analysis.corpus.reading import Job, given_up
from analysis.engine import Progress

PARTED = (".parquet", ".csv", ".tsv", ".jsonl", ".ndjson")
# Bytes of a part, and parts at most: each of them passes over those above it.
PART, PARTS = 8_000_000, 24


class Gathered(NamedTuple):
    """``keys``: of each file those of its parts in order, under which its frames are. ``lasting``: the keys that are
    worth keeping: not those of files that got stuck, since another time or machine may do better."""

    keys: list[list[str]]
    lasting: set[str]


def gather(
    jobs: Sequence[Job],
    key_of: Callable[[Job], str],
    store: Kept,
    *,
    workers: int,
    limits: Limits,
    progress: Callable[[Progress], None] | None,
) -> Gathered:
    """Read what is not in the store. Raises `kept.Lost`."""
    there, broken = store.keys(), set()
    plan = [{key_of(job): job} for job in jobs]
    for file, job in enumerate(jobs):
        if there.isdisjoint(plan[file]) and len(parts := parts_of(job)) > 1:
            plan[file] = {key_of(part): part for part in parts}
    while waiting := _waiting(plan, there):
        for file in _read(waiting, store, broken, workers, limits, progress):
            plan[file] = {key_of(jobs[file]): jobs[file]}
        there = store.keys()
    return Gathered([list(parts) for parts in plan], {key for parts in plan for key in parts} - broken)


def _waiting(plan: Sequence[dict[str, Job]], there: set[str]) -> dict[str, tuple[int, Job]]:
    """The files and parts that are not there: key → number of the file, and the job. Files that are alike are one."""
    found: dict[str, tuple[int, Job]] = {}
    for file, parts in enumerate(plan):
        for key, part in parts.items():
            if key not in there:
                found.setdefault(key, (file, part))
    return found


def parts_of(job: Job) -> list[Job]:
    """The parts in which a file is read: by its size and name alone, since this process opens no foreign file."""
    n = min(size_of(job) // PART, PARTS) if Path(job.path).suffix.lower() in PARTED else 1
    return [job._replace(part=(k, n)) for k in range(n)] if n > 1 else [job]


def _read(
    waiting: dict[str, tuple[int, Job]],
    store: Kept,
    broken: set[str],
    workers: int,
    limits: Limits,
    progress: Callable[[Progress], None] | None,
) -> set[int]:
    """Read files and parts of them into the store; the files that cannot be read in parts."""
    keys, files = list(waiting), [file for file, _ in waiting.values()]
    jobs = [job for _, job in waiting.values()]
    left, sizes = Counter(files), [size_of(job) for job in jobs]
    total = sum(sizes)
    indivisible: set[int] = set()
    frames = [0] * len(jobs)
    done = size = 0
    for key in keys:
        store.begin(key)
    for answer in read_jobs(jobs, workers=workers, limits=limits):
        place, key, file = answer.job, keys[answer.job], files[answer.job]
        if answer.frame is not None:
            if answer.frame == WHOLE:
                indivisible.add(file)
            else:
                store.add(key, frames[place], answer.frame)
                frames[place] += 1
            continue
        if answer.again:
            store.begin(key)
            frames[place] = 0
            broken.add(key)
            continue
        if answer.reason and jobs[place].part:
            indivisible.add(file)
        elif answer.reason:
            store.add(key, frames[place], pack([{"reason": answer.reason}]))
            broken.add(key)
        if file not in indivisible:
            store.end(key)
        left[file] -= 1
        done, size = done + (not left[file]), size + sizes[place]
        if progress:
            progress(Progress(done, len(left), size, total))
    return indivisible


def entries(keys: Sequence[str], store: Kept, limits: Limits, *, bodies: bool) -> Iterator[Entry]:
    """What a file holds, in order, its parts as one: with ``bodies`` as `frames.unpack` gives it, without as
    `frames.survey`. Raises `kept.Lost`."""
    above = following = rejects = 0
    for number, key in enumerate(keys):
        for half in store.frames(key, int(bodies)):
            for entry in unpack(half) if bodies else survey(half):
                if "part" in entry:
                    if number:
                        continue
                    above = following = 0
                elif "index" in entry:
                    entry["index"] += above
                    following = max(following, entry["index"] + 1)
                elif "reason" in entry:  # the process that read it ended
                    entry["index"] = following
                yield entry
                rejects += "reason" in entry
                if len(keys) > 1 and rejects == limits.rejects:
                    yield given_up(following, rejects)
                    return
        above = following
