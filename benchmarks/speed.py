"""How fast, and how large? ``python -m benchmarks.speed --articles 100000`` writes speed.md and a plot beside itself.

Each job runs in a process of its own, several times, on one corpus (see `speed_corpus`): the whole process counts, from
its start to its end, and the most memory that it and its children hold at once. Jobs, ours and those of other programs:
see `speed_jobs`. Slow peers are given a part of the corpus and scaled up; the table says so. Peers that are not
installed are left out; quanteda wants ``Rscript`` and the package.

    python -m benchmarks.speed --articles 100000 --growth 10000 100000 1000000
    python -m benchmarks.speed --articles 2000 --runs 1 --quick          # does it work? no numbers to quote
"""

from __future__ import annotations

import argparse
import importlib.metadata
import importlib.util
import json
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import psutil

from analysis.coding.warm import warm
from benchmarks import speed_corpus, speed_jobs

HERE = Path(__file__).resolve().parent
FEW, MANY = 200, 10_000  # patterns


@dataclass(frozen=True)
class Measured:
    """A job on so many articles: its runs' seconds (whole process, and its own work), peak memory, what it found."""

    name: str
    articles: int
    seconds: list[float]
    work: list[float]
    memory: float  # bytes, the most of all runs
    found: dict[str, int]
    scale: float = 1.0  # how many times as much the whole corpus is

    @property
    def median(self) -> float:
        """Seconds for the whole corpus."""
        return statistics.median(self.seconds) * self.scale


def measure(command: Sequence[str], *, runs: int) -> tuple[list[float], list[float], float, dict[str, int]]:
    """Run a command that prints JSON: seconds of the process and of its work, peak memory in bytes, what it printed."""
    seconds, work, most = [], [], [0.0]
    found: dict[str, int] = {}
    for _ in range(runs):
        begun, ended = time.perf_counter(), threading.Event()
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=HERE.parent) as process:
            watching = threading.Thread(target=_watch, args=(process.pid, ended, most))
            watching.start()
            told = process.stdout.read()
            process.wait()
            seconds.append(time.perf_counter() - begun)
            ended.set()
            watching.join()
            if process.returncode:
                raise SystemExit(f"{' '.join(command)}: exit status {process.returncode}")
            found = json.loads(told.splitlines()[-1])
        work.append(found.pop("seconds"))
    return seconds, work, most[0], found


def _watch(process: int, ended: threading.Event, most: list[float]) -> None:
    """Keep in ``most`` the most that a process and its children held at once until it has ``ended``.

    The clock does not wait for this: it looks in a thread of its own. Nor may looking slow what is measured: the system
    takes long to say what a large process holds. But a look that happened to take long must not be the last at a
    process that ends soon after.
    """
    with suppress(psutil.NoSuchProcess):
        watched, pause, begun = psutil.Process(process), 0.0, time.perf_counter()
        while not ended.wait(pause):
            looked = time.perf_counter()
            most[0] = max(most[0], _held(watched))
            now = time.perf_counter()
            pause = max(0.02, min(50 * (now - looked), (now - begun) / 4))


def _held(process: psutil.Process) -> float:
    """Bytes in memory of a process and all its children now; what they share counts once (where the system tells)."""
    total = 0.0
    for one in (process, *process.children(recursive=True)):
        with suppress(psutil.NoSuchProcess, psutil.AccessDenied):
            held = one.memory_full_info()
            total += getattr(held, "pss", 0) or held.rss
    return total


def job(
    name: str, what: str, corpus: Path, articles: int, patterns: Path, *, runs: int, whole: int | None = None
) -> Measured:
    """Measure a job of `speed_jobs`; ``whole``: the articles it is scaled up to."""
    command = [sys.executable, "-m", "benchmarks.speed_jobs", what, str(corpus)]
    command += ["--articles", str(articles), "--patterns", str(patterns)]
    print(f"{name}, {articles:,} articles …", file=sys.stderr, flush=True)
    return Measured(name, articles, *measure(command, runs=runs), scale=(whole or articles) / articles)


def peers(corpus: Path, articles: int, patterns: Path, *, runs: int, part: int) -> tuple[list[Measured], list[str]]:
    """Other programs at the same job; and a line on each that is not here."""
    found, lacking = [], []
    for name, what, size, limit in (
        ("scikit-learn CountVectorizer + re", "sklearn", articles, 3),
        ("spaCy blank + PhraseMatcher", "spacy", min(articles, part), 3),
        ("NLTK word_tokenize + re", "nltk", min(articles, part // 5), 3),
    ):
        if importlib.util.find_spec(what) is None:
            lacking.append(f"{what} is not installed here, and is left out.")
            continue
        found.append(job(name, what, corpus, size, patterns, runs=min(runs, limit), whole=articles))
    if _has_quanteda():
        texts = corpus / f"bodies-{articles}.txt"
        lines = (body.replace("\n", " ") + "\n" for body in speed_jobs.bodies(corpus, articles))
        with texts.open("w", encoding="utf-8") as file:
            file.writelines(lines)
        command = ["Rscript", str(HERE / "speed_quanteda.R"), str(texts), str(patterns)]
        print(f"quanteda, {articles:,} articles …", file=sys.stderr, flush=True)
        found.append(Measured("quanteda, tokens_xptr", articles, *measure(command, runs=runs)))
    else:
        lacking.append("R with quanteda is not installed here, and is left out.")
    return found, lacking


def _has_quanteda() -> bool:
    asked = ["Rscript", "-e", "quit(status = !requireNamespace('quanteda', quietly = TRUE))"]
    return shutil.which("Rscript") is not None and subprocess.run(asked, capture_output=True).returncode == 0


def main(arguments: Sequence[str] | None = None) -> None:
    """Make the corpus, measure, write the table and the plot."""
    asked = _parser().parse_args(arguments)
    if asked.quick:
        asked.coding, asked.part = 0, asked.articles // 4
    with tempfile.TemporaryDirectory() as temporary:
        corpus = asked.corpus or Path(temporary)
        growth = sorted({*(asked.growth or []), asked.articles})
        speed_corpus.write_corpus(corpus, growth[-1])
        sample = speed_jobs.bodies(corpus, min(asked.articles, 3_000))
        few, many = (_pattern_file(corpus, sample, n) for n in (FEW, 500 if asked.quick else MANY))
        warm()
        own, others, lacking = [], [], []
        for articles in growth:
            # What is larger than the comparison shows growth, and takes long: once.
            runs = asked.runs if articles <= asked.articles else 1
            own += _own(corpus, articles, few, many, runs=runs, coding=articles <= asked.coding)
        if not asked.no_peers:
            others, lacking = peers(corpus, asked.articles, few, runs=asked.runs, part=asked.part)
        size = sum(len(body.encode()) for body in speed_jobs.bodies(corpus, asked.articles)) / 1e6
    asked.out.mkdir(parents=True, exist_ok=True)
    text = report(own, others, lacking, asked.articles, size, runs=asked.runs)
    (asked.out / "speed.md").write_text(text, encoding="utf-8")
    print(text)
    from benchmarks.speed_plot import draw

    draw(own, others, asked.out / "speed")


def _own(corpus: Path, articles: int, few: Path, many: Path, *, runs: int, coding: bool) -> list[Measured]:
    """Our jobs on so many articles."""
    n_many = len(many.read_text(encoding="utf-8").splitlines())
    found = [
        job(f"tokens, counts, {FEW} patterns", "samestory", corpus, articles, few, runs=runs),
        job(f"tokens, counts, {n_many:,} patterns", "samestory", corpus, articles, many, runs=runs),
        job("an index written", "index", corpus, articles, few, runs=1),
        job(f"{FEW} patterns asked of the index", "again", corpus, articles, few, runs=runs),
    ]
    if coding:
        found.append(job("samestory code, all tables", "coding", corpus, articles, few, runs=runs))
        found.append(job("samestory code, nothing new", "coded_again", corpus, articles, few, runs=runs))
    return found


def _pattern_file(corpus: Path, sample: list[str], n: int) -> Path:
    path = corpus / f"patterns-{n}.txt"
    path.write_text("\n".join(speed_corpus.patterns(sample, n)), encoding="utf-8")
    return path


def report(
    own: list[Measured], others: list[Measured], lacking: list[str], articles: int, size: float, *, runs: int
) -> str:
    """The tables in Markdown."""
    reference = next(one for one in own if one.articles == articles)
    tokens = reference.found.get("tokens", 0)
    names = ["numpy", "pandas", "pyarrow", "numba", "scikit-learn", "spacy", "nltk"]
    lines = [
        "# Speed and memory",
        "",
        f"Written by `python -m benchmarks.speed`: {articles:,} made articles, {size:,.0f} MB, {tokens:,} tokens, "
        f"{reference.found.get('types', 0):,} types; {os.cpu_count()} cores, {psutil.virtual_memory().total / 1e9:.0f} "
        f"GB, {platform.system()}, Python {platform.python_version()}, {', '.join(_versions(names))}. Whole processes, "
        f"from start to end; median (lowest to highest) of {runs} {'run' if runs == 1 else 'runs'}, one of larger "
        "sizes. *Work* is what is left without loading the libraries. Memory: the most that a process and its children "
        "held at once.",
        "",
        f"## The same job: tokens, counts per article, {FEW} patterns with their places",
        "",
        "| program | articles | seconds | work | articles/s | memory, GB | places | times as long |",
        "|---|---|---|---|---|---|---|---|",
        *(_row(one, reference, ratio=True) for one in (reference, *others)),
        "",
        *(["Peers given fewer articles: seconds are scaled up to all, memory is that of the part.", ""]
          if any(one.scale > 1 for one in others) else []),
        *lacking,
        "",
        "## Growth",
        "",
        "| job | articles | seconds | work | articles/s | memory, GB | places |",
        "|---|---|---|---|---|---|---|",
        *(_row(one, reference, ratio=False) for one in sorted(own, key=lambda one: (_order(own, one), one.articles))),
        "",
        "`samestory code` reads the articles for the first time, codes them and writes every table; *nothing new* is "
        "the same command again. Places differ between programs: those of scikit-learn are of phrases only; each has "
        "its own tokens. "
        "The plot shows the same seconds: ![](speed.svg)",
    ]  # fmt: skip
    return "\n".join(lines) + "\n"


def _order(own: list[Measured], one: Measured) -> int:
    return [other.name for other in own].index(one.name)


def _row(one: Measured, reference: Measured, *, ratio: bool) -> str:
    low, high = min(one.seconds) * one.scale, max(one.seconds) * one.scale
    cells = [
        one.name,
        f"{one.articles:,}",
        f"{one.median:.2f} ({low:.2f} to {high:.2f})",
        f"{statistics.median(one.work) * one.scale:.2f}",
        f"{one.articles * one.scale / one.median:,.0f}",
        f"{one.memory / 1e9:.2f}",
        f"{one.found['mentions']:,}" if "mentions" in one.found else "",
    ]
    if ratio:
        cells.append(f"{one.median / reference.median:.1f}")
    return f"| {' | '.join(cells)} |"


def _versions(names: Sequence[str]) -> list[str]:
    found = []
    for name in names:
        try:
            found.append(f"{name} {importlib.metadata.version(name)}")
        except importlib.metadata.PackageNotFoundError:
            continue
    return found


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--articles", type=int, default=100_000, help="Articles of the comparison with other programs.")
    parser.add_argument("--growth", type=int, nargs="+", help="Numbers of articles of our own jobs, beside that one.")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--coding", type=int, default=1_000_000, help="The most articles that are coded in full.")
    parser.add_argument("--part", type=int, default=10_000, help="The articles that spaCy is given; NLTK a fifth.")
    parser.add_argument("--no-peers", action="store_true")
    parser.add_argument(
        "--quick", action="store_true", help="Fewer patterns, smaller parts, no full coding: does it work?"
    )
    parser.add_argument("--corpus", type=Path, help="A folder for the corpus, kept; default a temporary one.")
    parser.add_argument("--out", type=Path, default=HERE, help="Where speed.md and the plot are written.")
    return parser


if __name__ == "__main__":
    main()
