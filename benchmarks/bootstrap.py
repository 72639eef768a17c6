"""How fast are intervals and tests over articles? ``python -m benchmarks.bootstrap`` writes its table.

A seeded corpus of counts: articles of about 500 words, words of Zipfian frequency that come in bursts (a word's rate
varies from article to article by a gamma distribution). Two sets of 500 words: the most frequent of all, which stand in
most articles and cost most, and words of ranks 100 to 5,000, which are those that keyness is asked of.
"""

from __future__ import annotations

import os
import platform
import resource
import statistics
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from scipy import sparse

from analysis.comparison import scores
from analysis.comparison.counting import summed
from analysis.comparison.rank_sum import rank_sum_p, ranks_of
from analysis.comparison.resampling import rate_permutation, score_intervals

HERE = Path(__file__).resolve().parent
ARTICLES, OUTLETS, WORDS, REPLICATES = 100_000, 10, 500, 1000
TYPES, MEAN_LENGTH, BURST = 246_000, 500, 1.0
RUNS, SEED = 5, 20240614


def counts_of(ranks: np.ndarray, articles: int) -> sparse.csr_array:
    """Words × articles, and the articles' lengths as last row."""
    random = np.random.default_rng(SEED)
    share = 1 / (np.arange(1, TYPES + 1) + 2.7)
    share = (share / share.sum())[ranks - 1]
    lengths = np.maximum(50, random.lognormal(np.log(MEAN_LENGTH) - 0.125, 0.5, articles)).astype(np.int64)
    rows = [sparse.csr_array(random.poisson(random.gamma(1 / BURST, BURST, articles) * lengths * one)) for one in share]
    return sparse.vstack([*rows, sparse.csr_array(lengths[None, :])], format="csr")


def by_outlet(counts: sparse.csr_array) -> list[sparse.csr_array]:
    """The counts of each outlet: all articles, those of others empty."""
    outlet = np.random.default_rng(SEED + 1).integers(OUTLETS, size=ARTICLES)
    return [summed(counts, np.where(outlet == one, np.arange(ARTICLES), -1), ARTICLES) for one in range(OUTLETS)]


def seconds(work: Callable[[], object], *, runs: int = RUNS) -> list[tuple[float, float]]:
    """By the clock and of the processor, of each run after one that does not count."""
    work()
    found = []
    for _ in range(runs):
        begin = time.perf_counter(), time.process_time()
        work()
        found.append((time.perf_counter() - begin[0], time.process_time() - begin[1]))
    return found


def naive(levels: list[sparse.csr_array], replicates: int) -> float:
    """Seconds for REPLICATES replicates of the plain way, from a few: draw articles, pick their columns, add up."""
    random = np.random.default_rng(SEED)
    columns = [level.tocsc() for level in levels]
    begin = time.perf_counter()
    for _ in range(replicates):
        drawn = random.integers(ARTICLES, size=ARTICLES)
        sums = [level[:, drawn].sum(axis=1) for level in columns]
        whole = sum(sums)
        for own in sums:
            rest = whole - own
            scores.log_ratio(own[:-1], rest[:-1], own[-1], rest[-1])
    return (time.perf_counter() - begin) * REPLICATES / replicates


def by_scipy(levels: list[sparse.csr_array], replicates: int) -> float:
    """Seconds for REPLICATES replicates of sparse @ dense in scipy, from a few; weights and scores not counted."""
    weights = np.random.default_rng(SEED).poisson(1, (ARTICLES, replicates)).astype(np.float32)
    given = [level.astype(np.float32) for level in levels]
    begin = time.perf_counter()
    for level in given:
        level @ weights
    return (time.perf_counter() - begin) * REPLICATES / replicates


def main() -> None:
    """Measure, print and write bootstrap.md."""
    places = list(range(OUTLETS))
    contrasts = [([one], [other for other in places if other != one]) for one in places]
    lines = [
        "# Intervals and tests over articles",
        "",
        f"Written by `python -m benchmarks.bootstrap`, Python {platform.python_version()}, "
        f"{os.cpu_count()} cores. Seconds, median (lowest to highest) of {RUNS} runs in one process, after one that "
        "compiles; and of processor time, which does not depend on what else the machine does.",
        "",
        f"{REPLICATES:,} bootstrap replicates of the log ratio of {WORDS} words for {OUTLETS} outlets, each against "
        f"the rest, on {ARTICLES:,} articles of about {MEAN_LENGTH} words: weights, sums, scores and quantiles.",
        "",
        "| words | different ones an article | seconds | processor | scipy's sparse product alone | plain resampling |",
        "|---|---|---|---|---|---|",
    ]
    sets = {
        "the 500 most frequent": np.arange(1, WORDS + 1),
        "500 of ranks 100 to 5,000": np.linspace(100, 5000, WORDS).astype(int),
    }
    for name, ranks in sets.items():
        levels = by_outlet(counts_of(ranks, ARTICLES))
        found = seconds(
            lambda given=levels: score_intervals(scores.log_ratio, given, contrasts, replicates=REPLICATES, seed=SEED)
        )
        each = sum(level.nnz for level in levels) / ARTICLES - 1
        others = f"{by_scipy(levels, 64):.0f} | {naive(levels, 3):.0f}"
        lines.append(f"| {name} | {each:.0f} | {_said(found)} | {others} |")
    articles, words, permutations = 10_000, 5_000, 9_999
    counts = counts_of(np.arange(1, words + 1), articles)
    in_target = np.arange(articles) % 2 == 0
    tests = {
        f"{permutations:,} permutations, difference of rates over its error": seconds(
            lambda: rate_permutation(counts, in_target, permutations=permutations, seed=SEED), runs=3
        ),
        "rank-sum test": seconds(
            lambda: rank_sum_p(ranks_of(counts[:-1], counts[[-1], :].toarray()[0]), in_target), runs=3
        ),
    }
    lines += [
        "",
        f"The {words:,} most frequent words on {articles:,} articles, one half against the other:",
        "",
        "| test | seconds | processor |",
        "|---|---|---|",
        *(f"| {name} | {_said(found)} |" for name, found in tests.items()),
        "",
        f"Most memory of the process: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6:.1f} GB.",
    ]
    text = "\n".join(lines) + "\n"
    print(text)
    (HERE / "bootstrap.md").write_text(text, encoding="utf-8")


def _said(found: list[tuple[float, float]]) -> str:
    clock, processor = zip(*found, strict=True)
    return f"{statistics.median(clock):.2f} ({min(clock):.2f} to {max(clock):.2f}) | {statistics.median(processor):.2f}"


if __name__ == "__main__":
    main()
