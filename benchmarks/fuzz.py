"""Does any spoiled file raise, hang or cost a neighbour? ``python -m benchmarks.fuzz`` writes fuzz.md.

Bounded and seeded: input N of a seed is always the same bytes, so that ``--seed 7 --first N --inputs 1 --keep DIR``
gives a file that failed. Each input is a small whole file (`benchmarks.fuzz_seeds`, or the files of a folder given with
``--folder``), spoiled by one to three mutations (`benchmarks.fuzz_mutations`), sometimes under a wrong suffix, and read
as a study reads it: archives opened, format found, reader, page rules. Every hundredth lies beside a good neighbour in
a study and in a ZIP, whose articles must all be read.

Counted are: *raised*: an exception that came out of the reading, which would end a command; *contained*: a reader or a
rule that failed in a way it does not know, which cost the rest of one file and was reported as a reject; *reached out*:
a connection, a command, a pickle, or a file opened that is neither the input nor the program's own (Python's audit
events; C libraries are not heard); *over 10 s*.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import signal
import sys
import tempfile
import time
import traceback
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr
from multiprocessing import get_context
from pathlib import Path
from typing import NamedTuple

from analysis.corpus.articles import read_articles
from analysis.corpus.reading import Job, read_file
from analysis.study import open_study
from benchmarks.fuzz_mutations import mutate
from benchmarks.fuzz_seeds import seeds, zipped

HERE = Path(__file__).resolve().parent
SECONDS = 10
BESIDE = 100  # every so many inputs: beside a neighbour
CONTAINED = ("the reader of ", "the rules fail")
NEIGHBOUR = [
    {
        "outlet": "Neighbour",
        "headline": f"Talks {n}",
        "body": f"They met on day {n} and parted without a text. He left.",
    }
    for n in range(7)
]


class Outcome(NamedTuple):
    """What came of an input; ``failure`` says what went wrong, ``kind`` how."""

    number: int
    format: str
    articles: int = 0
    rejects: int = 0
    seconds: float = 0.0
    kind: str | None = None
    failure: str = ""


class _TooLong(BaseException):
    """Not an Exception: readers must not swallow it."""


def _ring(*_: object) -> None:
    raise _TooLong


@contextmanager
def _at_most(seconds: int) -> Iterator[None]:
    signal.signal(signal.SIGALRM, _ring)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)


_watched: list[str] | None = None  # what was done that no reading does; None while nobody asks
_NEVER = ("socket.connect", "socket.getaddrinfo", "subprocess.Popen", "os.system", "os.exec", "pickle.find_class")


def _watch(event: str, arguments: tuple) -> None:
    """An audit hook: connections, commands, pickles, and files opened that are neither the input nor the program's."""
    if _watched is None or event not in (*_NEVER, "open"):
        return
    opened = str(arguments[0])
    own = (tempfile.gettempdir(), os.devnull, sys.prefix, sys.base_prefix, str(HERE.parent), "/usr/share/zoneinfo")
    if event != "open" or not (opened.startswith(own) or opened.isdigit()):
        _watched.append(f"{event} {opened}")


@contextmanager
def _watching() -> Iterator[list[str]]:
    global _watched
    _watched = []
    try:
        yield _watched
    finally:
        _watched = None


def made(number: int, seed: int, files: dict[str, tuple[str, bytes]]) -> tuple[str, str, bytes]:
    """Input ``number``: the name of its format, its suffix, its bytes."""
    draw = random.Random(f"{seed} {number}")
    names = list(files)
    name = names[number % len(names)]
    suffix, data = files[name]
    if draw.random() < 0.05:
        suffix = draw.choice([*(other for other, _ in files.values()), "", ".bin", ".zip"])
    return name, suffix, mutate(draw, data)


def try_one(number: int, seed: int, files: dict[str, tuple[str, bytes]]) -> Outcome:
    """Read one input, and beside a neighbour where it is its turn."""
    name, suffix, data = made(number, seed, files)
    with tempfile.TemporaryDirectory(prefix="samestory-fuzz-") as scratch:
        folder = Path(scratch)
        (folder / "unpacked").mkdir()
        path = folder / f"input{suffix}"
        path.write_bytes(data)
        begun = time.perf_counter()
        try:
            with (
                _watching() as done,
                _at_most(SECONDS),
                Path(os.devnull).open("w") as nowhere,
                redirect_stderr(nowhere),
            ):
                entries = list(read_file(_job(path), folder / "unpacked"))
                json.dumps(entries, default=str)
        except _TooLong:
            said = traceback.format_exc().strip().splitlines()[-6:]
            return Outcome(number, name, seconds=SECONDS, kind="over 10 s", failure=" / ".join(map(str.strip, said)))
        except Exception:  # noqa: BLE001 (that is what is looked for)
            said = traceback.format_exc().strip().splitlines()[-3:]
            return Outcome(number, name, kind="raised", failure=" / ".join(map(str.strip, said)))
        seconds = time.perf_counter() - begun
        reasons = [entry["reason"] for entry in entries if "reason" in entry]
        outcome = Outcome(number, name, sum("article" in entry for entry in entries), len(reasons), seconds)
        contained = next((reason for reason in reasons if reason.startswith(CONTAINED)), None)
        if done:
            return outcome._replace(kind="reached out", failure=", ".join(done)[:300])
        if contained:
            return outcome._replace(kind="contained", failure=contained)
        if number % BESIDE == 0 and (lost := _lost(folder / "study", suffix, data)):
            return outcome._replace(kind="neighbour lost", failure=lost)
        return outcome


def _lost(folder: Path, suffix: str, data: bytes) -> str:
    """Which good neighbours of the input were not read whole; empty where none was lost."""
    good = "".join(f"{json.dumps(record)}\n" for record in NEIGHBOUR).encode()
    (folder / "articles").mkdir(parents=True)
    (folder / "articles" / f"b{suffix}").write_bytes(data)
    (folder / "articles" / "a.jsonl").write_bytes(good)
    packed = {
        "a.jsonl": good.replace(b"Neighbour", b"Other"),
        f"b{suffix}": data,
        "c.jsonl": good.replace(b"Neighbour", b"Third"),
    }
    (folder / "articles" / "c.zip").write_bytes(zipped(packed))
    (folder / "study.yml").write_text("title: A\narticles: articles\ncodebooks: [generic-frames]\n", encoding="utf-8")
    articles = read_articles(open_study(folder))["articles"]
    found = Counter(articles["outlet"].dropna())
    return ", ".join(f"{name}: {found[name]} of 7" for name in ("Neighbour", "Other", "Third") if found[name] != 7)


def _files(folder: Path | None) -> dict[str, tuple[str, bytes]]:
    if folder is None:
        return seeds()
    paths = [path for path in sorted(folder.rglob("*")) if path.is_file() and path.stat().st_size < 2_000_000]
    return {path.relative_to(folder).as_posix(): ("".join(path.suffixes[-2:]), path.read_bytes()) for path in paths}


def _warm(folder: Path | None) -> None:
    """Read every whole file once, so that no input pays for what is loaded with the first of its format."""
    sys.addaudithook(_watch)
    for suffix, data in _files(folder).values():
        with tempfile.TemporaryDirectory(prefix="samestory-fuzz-") as scratch:
            path = Path(scratch) / f"input{suffix}"
            path.write_bytes(data)
            (path.parent / "unpacked").mkdir()
            list(read_file(_job(path), path.parent / "unpacked"))


def _job(path: Path) -> Job:
    return Job(str(path), {}, "utf-8", None, None, "en")


def _work(task: tuple[range, int, Path | None]) -> list[Outcome]:
    numbers, seed, folder = task
    files = _files(folder)
    return [try_one(number, seed, files) for number in numbers]


def run(first: int, inputs: int, *, seed: int, folder: Path | None, workers: int) -> list[Outcome]:
    """All outcomes, in order."""
    chunks = [range(at, min(at + 50, first + inputs)) for at in range(first, first + inputs, 50)]
    tasks = [(chunk, seed, folder) for chunk in chunks]
    found: list[Outcome] = []
    with get_context("spawn").Pool(workers, _warm, (folder,), maxtasksperchild=40) as pool:
        for outcomes in pool.imap(_work, tasks):
            found += outcomes
            for one in outcomes:
                if one.kind:
                    print(f"{one.number} {one.format}: {one.kind}: {one.failure}", file=sys.stderr)
    return found


def report(found: list[Outcome], *, seed: int) -> str:
    """The table, in Markdown."""
    by: dict[str, list[Outcome]] = defaultdict(list)
    for one in found:
        by[one.format].append(one)
    kinds = ("raised", "contained", "neighbour lost", "reached out", "over 10 s")
    lines = [
        "# Spoiled files",
        "",
        f"Written by `python -m benchmarks.fuzz --inputs {len(found)} --seed {seed}`; fuzz.py says what is counted.",
        "",
        f"| seed file | inputs | articles | rejects | {' | '.join(kinds)} | slowest, s (which) |",
        "|---|---|---|---|---|---|---|---|---|---|",
    ]
    for name, ones in [*by.items(), ("**all**", found)]:
        counts = Counter(one.kind for one in ones)
        numbers = [len(ones), sum(one.articles for one in ones), sum(one.rejects for one in ones)]
        numbers += [counts[kind] for kind in kinds]
        slowest = max(ones, key=lambda one: one.seconds)
        lines.append(f"| {name} | {' | '.join(f'{n:,}' for n in numbers)} | {slowest.seconds:.2f} ({slowest.number}) |")
    return "\n".join(lines) + "\n"


def main() -> int:
    """Run, print and write; 1 where anything raised, hung or cost a neighbour."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--inputs", type=int, default=2000)
    parser.add_argument("--first", type=int, default=0, help="the number of the first input")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--folder", type=Path, help="whole files to spoil, in place of the own ones; writes no fuzz.md")
    parser.add_argument("--keep", type=Path, help="write the inputs there, and do not read them")
    asked = parser.parse_args()
    if asked.keep:
        asked.keep.mkdir(parents=True, exist_ok=True)
        for number in range(asked.first, asked.first + asked.inputs):
            name, suffix, data = made(number, asked.seed, _files(asked.folder))
            (asked.keep / f"{number}{suffix}").write_bytes(data)
            print(f"{number}{suffix}: {name}")
        return 0
    found = run(asked.first, asked.inputs, seed=asked.seed, folder=asked.folder, workers=asked.workers)
    text = report(found, seed=asked.seed)
    print(text)
    if asked.folder is None and asked.first == 0:
        (HERE / "fuzz.md").write_text(text, encoding="utf-8")
    return int(any(one.kind for one in found))


if __name__ == "__main__":
    sys.exit(main())
