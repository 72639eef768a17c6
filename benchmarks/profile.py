"""Where does `samestory code` spend its time? ``python -m benchmarks.profile`` writes profile.md.

py-spy (a program of its own: ``pip install py-spy``) looks many times a second at what each process of
``benchmarks.speed_jobs coding`` is doing, that is, reading and coding a study that was never read. A function's seconds
are those in which it, or what it called, was at work.

    python -m benchmarks.profile --articles 10000                         # also writes profile.txt, the samples
    python -m benchmarks.profile --articles 10000 --before old.txt        # beside an earlier profile.txt
"""

from __future__ import annotations

import argparse
import re
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from benchmarks import speed_corpus

HERE = Path(__file__).resolve().parent
RATE = 200  # samples a second
LEAST = 0.02  # functions with a smaller share of every profile are left out
_FRAME = re.compile(r"(?P<function>.+) \((?:.*[/\\])?(?P<room>analysis[/\\].+)\.py(?::\d+)?\)")


class Profile(NamedTuple):
    """Samples in all, and for each function of the package those in which it was at work: it or what it called, and the
    code of its own, compiled or of libraries that are no package's function of ours."""

    samples: int
    within: Counter[str]
    own: Counter[str]


def sample(corpus: Path, articles: int, out: Path) -> None:
    """Run the coding of so many articles under py-spy; its samples in ``out``, a stack and a number a line."""
    if shutil.which("py-spy") is None:
        raise SystemExit("py-spy is not here: pip install py-spy")
    command = ["py-spy", "record", "--format", "raw", "--subprocesses", "--rate", str(RATE), "--output", str(out), "--"]
    command += [sys.executable, "-m", "benchmarks.speed_jobs", "coding", str(corpus), "--articles", str(articles)]
    empty = corpus / "no-patterns.txt"
    empty.touch()
    subprocess.run([*command, "--patterns", str(empty)], check=True, cwd=HERE.parent, stdout=subprocess.DEVNULL)


def read(path: Path) -> Profile:
    """Count the samples of a file that `sample` wrote."""
    samples, within, own = 0, Counter(), Counter()
    for line in path.read_text(encoding="utf-8").splitlines():
        stack, _, number = line.rpartition(" ")
        n = int(number)
        samples += n
        functions = [_named(frame) for frame in stack.split(";")]
        known = [name for name in functions if name]
        within.update(dict.fromkeys(known, n))
        if known:
            own[known[-1]] += n
    return Profile(samples, within, own)


def _named(frame: str) -> str | None:
    """The function and the module of a frame of the package; None for others."""
    found = _FRAME.fullmatch(frame)
    if not found or found["function"].startswith("<"):
        return None
    module = found["room"].replace("\\", "/").split("/", 1)[1].removesuffix("/__init__")
    return f"`{module}` {found['function']}"


def report(profiles: dict[str, Profile], articles: int) -> str:
    """The table in Markdown: a row a function, the largest of the first profile first."""
    shown = {
        name
        for profile in profiles.values()
        for name, n in profile.within.items()
        if n >= LEAST * profile.samples
    }  # fmt: skip
    first = next(iter(profiles.values()))
    rows = sorted(shown, key=lambda name: (-first.within[name], name))
    heads = [f"{label}: {what}" for label in profiles for what in ("seconds", "of its own")]
    lines = [
        "# Where the time goes",
        "",
        f"Written by `python -m benchmarks.profile`: `samestory code` on {articles:,} articles of `benchmarks.speed`, "
        "read for the first time, sampled by py-spy; seconds of all processes together. A function's seconds include "
        "what it called; *of its own* is what was spent in no other function of the package. Functions with at least "
        f"{LEAST:.0%} of a profile.",
        "",
        f"| function | {' | '.join(heads)} |",
        f"|---{'|---' * len(heads)}|",
        f"| all | {' | '.join(f'{profile.samples / RATE:.1f} | ' for profile in profiles.values())} |",
    ]
    for name in rows:
        cells = [f"{count[name] / RATE:.1f}" for one in profiles.values() for count in (one.within, one.own)]
        lines.append(f"| {name} | {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def main(arguments: Sequence[str] | None = None) -> None:
    """Sample, count, write."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--articles", type=int, default=10_000)
    parser.add_argument("--corpus", type=Path, help="A folder for the corpus, kept; default a temporary one.")
    parser.add_argument("--before", type=Path, help="A profile.txt of an earlier state.")
    parser.add_argument("--out", type=Path, default=HERE / "profile.md")
    asked = parser.parse_args(arguments)
    samples = asked.out.with_suffix(".txt")
    with tempfile.TemporaryDirectory() as temporary:
        corpus = asked.corpus or Path(temporary)
        speed_corpus.write_corpus(corpus, asked.articles)
        sample(corpus, asked.articles, samples)
    profiles = {"before": read(asked.before)} if asked.before else {}
    asked.out.write_text(report({**profiles, "now": read(samples)}, asked.articles), encoding="utf-8")


if __name__ == "__main__":
    main()
