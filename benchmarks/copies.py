"""When is a text a copy, and how fast are copies found? ``python -m benchmarks.copies`` writes copies.md.

Threshold: pseudo-articles are edited in known ways, others on one topic are written apart but share names, stock
phrases and quotations; the containment of either kind. Right: pairs found in a corpus with copies of known making,
against all pairs counted with Python sets. Speed: `find_copies` on 10,000 and 100,000 articles of about 500 words in a
process of its own each time, beside rensa and datasketch where they can be imported (both estimate the Jaccard index
of whole texts and find no brief inside a long report; they get the shingles ready made). All text is made of
pseudo-words of a Zipf vocabulary: no two languages differ in it, and nothing of it was ever printed.
"""

from __future__ import annotations

import importlib.util
import json
import platform
import subprocess
import sys
import tempfile
import time
from collections import Counter, defaultdict
from itertools import combinations
from pathlib import Path

import numpy as np
import pandas as pd

from analysis.coding import shingles
from analysis.coding.reuse import THRESHOLD, find_copies
from analysis.coding.shingles import hashes_of, shingles_of

HERE = Path(__file__).resolve().parent
SEED = 20240614
VOCABULARY = 200_000
SIZES = (10_000, 100_000)
SUBSET = 3_000
RUNS = 3
TRIALS = 300  # of each kind of edit
TOPICS = 40  # of 25 articles each, written apart
RATES = (0.0, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.4)
THRESHOLDS = (0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.5)


def stream(rng: np.random.Generator, n: int, *, types: int = VOCABULARY) -> np.ndarray:
    """Word numbers of which the one of rank r comes about 1/r as often as the first."""
    return (np.exp(rng.random(n) * np.log(types)) - 1).astype(np.int64)


def vocabulary() -> np.ndarray:
    """Pronounceable words, the short ones first."""
    syllables = [first + second for first in "bdfghklmnprstvz" for second in "aeiou"]
    words = []
    for number in range(len(syllables), len(syllables) + VOCABULARY):
        word = ""
        while number:
            number, syllable = divmod(number, len(syllables))
            word += syllables[syllable]
        words.append(word)
    return np.array(words, dtype=object)


def table(texts: list[np.ndarray]) -> pd.DataFrame:
    """An *articles* table of word numbers, printed in sentences of 20 words and paragraphs of 80."""
    words, bodies = vocabulary(), []
    for text in texts:
        printed = words[text]
        printed[19::20] += "."
        printed[79::80] += "\n\n"
        bodies.append(" ".join(printed.tolist()))
    return pd.DataFrame(
        {
            "article_id": pd.array([f"{number:012x}" for number in range(len(texts))], dtype="str"),
            "outlet": pd.array(["outlet"] * len(texts), dtype="str"),
            "published": pd.Series(pd.NaT, range(len(texts)), dtype="datetime64[us]"),
            "agency": pd.array([None] * len(texts), dtype="str"),
            "body": pd.array(bodies, dtype="str"),
            "n_words": np.array([len(text) for text in texts], dtype=np.int64),
        }
    )


def edited(rng: np.random.Generator, text: np.ndarray, rate: float) -> np.ndarray:
    """The text with that share of its words cut, replaced, or with a new word before them, each as often."""
    fate = np.where(rng.random(len(text)) < rate, rng.integers(1, 4, len(text)), 0)
    new = stream(rng, len(text))
    parts = [np.where(fate == 2, new, text)[:, None], np.where(fate == 3, new, -1)[:, None]]
    both = np.concatenate(parts[::-1], axis=1)
    both[fate == 1] = -1
    return both[both >= 0]


def topic(rng: np.random.Generator, n: int) -> list[np.ndarray]:
    """``n`` articles written apart on one topic.

    They share a vocabulary of 5,000 words, 40 names and stock phrases of 3 to 8 words, of which one stands about every
    20 words, and six quotations of 12 to 30 words, of which each article prints up to four, cut or whole.
    """
    phrases = [stream(rng, rng.integers(3, 9)) for _ in range(40)]
    quotations = [stream(rng, rng.integers(12, 31)) for _ in range(6)]
    texts = []
    for length in np.clip(rng.lognormal(6.0, 0.6, n), 80, 2500).astype(int):
        parts = []
        for number in rng.permutation(6)[: rng.integers(0, min(5, 1 + length // 60))]:
            parts.append(quotations[number][: rng.integers(8, 31)])
        while sum(map(len, parts)) < length:
            parts += [stream(rng, rng.integers(5, 25), types=5_000), phrases[rng.integers(40)]]
        texts.append(np.concatenate([parts[place] for place in rng.permutation(len(parts))]))
    return texts


def containments(texts: list[np.ndarray], pairs: list[tuple[int, int]]) -> np.ndarray:
    """The greater containment of each pair, with Python sets."""
    sets = [{tuple(text[at : at + 5]) for at in range(len(text) - 4)} for text in (text.tolist() for text in texts)]
    return np.array([len(sets[a] & sets[b]) / min(len(sets[a]), len(sets[b])) for a, b in pairs])


def evidence() -> tuple[dict[str, np.ndarray], np.ndarray]:
    """Containments of each kind of copy (name → trials), and of all pairs written apart on one topic."""
    rng = np.random.default_rng(SEED)
    kinds = defaultdict(list)
    for _ in range(TRIALS):
        text = topic(rng, 1)[0]
        paragraphs = np.array_split(text, max(len(text) // 60, 2))
        half = [paragraphs[place] for place in sorted(rng.permutation(len(paragraphs))[: (len(paragraphs) + 1) // 2])]
        moved = [paragraphs[place] for place in rng.permutation(len(paragraphs))]
        around = stream(rng, 1500)
        for rate in RATES:
            kinds[f"words edited: {rate:.0%}"].append((text, edited(rng, text, rate)))
        kinds["half the paragraphs, 10% of words edited"].append((text, edited(rng, np.concatenate(half), 0.1)))
        kinds["paragraphs in another order, 10% edited"].append((text, edited(rng, np.concatenate(moved), 0.1)))
        brief = np.concatenate([around[:700], edited(rng, text[:60], 0.1), around[700:]])
        kinds["brief of 60 words inside 1,560, 10% edited"].append((text[:60], brief))
    copies = {
        kind: containments([text for pair in pairs for text in pair], [(2 * at, 2 * at + 1) for at in range(TRIALS)])
        for kind, pairs in kinds.items()
    }
    apart = [containments(topic(rng, 25), list(combinations(range(25), 2))) for _ in range(TOPICS)]
    return copies, np.concatenate(apart)


def corpus(n: int) -> list[np.ndarray]:
    """Articles of about 500 words; one in ten is a copy of one of the 5,000 before it.

    Copies are whole, cut to 40 to 90 %, a brief of 60 words, or stand inside another text; up to a fifth of their words
    are edited. Of 20,000 stock phrases, the commonest a hundred times as frequent as the rarest, each article has
    about five.
    """
    rng = np.random.default_rng(SEED)
    phrases = [stream(rng, rng.integers(3, 9)) for _ in range(20_000)]
    texts = []
    for length in np.clip(rng.lognormal(6.1, 0.5, n), 60, 3000).astype(int):
        if texts and rng.random() < 0.1:
            text = edited(
                rng, texts[rng.integers(max(0, len(texts) - 5000), len(texts))], rng.choice([0, 0.05, 0.1, 0.2])
            )
            kind = rng.integers(4)
            if kind == 1:
                text = text[: int(len(text) * rng.uniform(0.4, 0.9))]
            elif kind == 2:
                text = text[:60]
            elif kind == 3:
                text = np.concatenate([stream(rng, length // 2), text, stream(rng, length // 2)])
        else:
            text = stream(rng, length)
            for number in (rng.random(rng.poisson(5)) ** 3 * len(phrases)).astype(int):
                at = rng.integers(len(text))
                text[at : at + len(phrases[number])] = phrases[number][: len(text) - at]
        texts.append(text)
    return texts


def every_pair(texts: list[np.ndarray]) -> dict[tuple[int, int], float]:
    """The greater containment of every pair that shares a shingle, counted with Python sets."""
    sets = [{tuple(text[at : at + 5]) for at in range(len(text) - 4)} for text in (text.tolist() for text in texts)]
    holders = defaultdict(list)
    for number, own in enumerate(sets):
        for shingle in own:
            holders[shingle].append(number)
    shared = Counter(pair for numbers in holders.values() for pair in combinations(numbers, 2))
    return {(a, b): n / min(len(sets[a]), len(sets[b])) for (a, b), n in shared.items()}


def clock() -> np.ndarray:
    """Seconds by the clock, and seconds of the processor in all threads."""
    return np.array([time.perf_counter(), time.process_time()])


def ours(articles: pd.DataFrame) -> tuple[np.ndarray, set[tuple[int, int]]]:
    """Seconds (as of `clock`) once tokens exist, and the pairs of rows with a containment of .5."""
    tokenise, spent = shingles.tokenise, []

    def timed(bodies):
        begin = clock()
        tokens = tokenise(bodies)
        spent.append(clock() - begin)
        return tokens

    shingles.tokenise = timed
    begin = clock()
    copies = find_copies(articles)
    seconds = clock() - begin - sum(spent)
    shingles.tokenise = tokenise
    high = copies[copies[["containment_a", "containment_b"]].max(axis=1) >= 0.5]
    return seconds, {(int(a, 16), int(b, 16)) for a, b in zip(high["article_a"], high["article_b"], strict=True)}


def rensa(articles: pd.DataFrame) -> tuple[np.ndarray, set[tuple[int, int]]]:
    """The same with R-MinHash and LSH, over shingles that are there already as 8 bytes each."""
    from rensa import RMinHash, RMinHashLSH

    read = shingles_of(articles["body"], 5)
    sets = [[value.to_bytes(8, "little") for value in hashes_of(read, text).tolist()] for text in range(len(articles))]
    begin = clock()
    hashed = RMinHash.from_token_sets(sets, 128, 42)
    index = RMinHashLSH(0.5, 128, 32)
    index.insert_many(hashed)
    found = index.query_all(hashed)
    pairs = {(text, int(other)) for text, others in enumerate(found) for other in others if other > text}
    return clock() - begin, pairs


def datasketch(articles: pd.DataFrame) -> tuple[np.ndarray, set[tuple[int, int]]]:
    """The same with MinHash and LSH, over shingles that are there already as 64-bit numbers."""
    from datasketch import MinHash, MinHashLSH

    read = shingles_of(articles["body"], 5)
    begin = clock()
    index, hashed = MinHashLSH(threshold=0.5, num_perm=128), []
    for text in range(len(articles)):
        one = MinHash(num_perm=128, hashfunc=lambda value: value)
        one.update_batch((hashes_of(read, text) >> np.uint64(32)).tolist())
        index.insert(text, one)
        hashed.append(one)
    pairs = {(text, other) for text, one in enumerate(hashed) for other in index.query(one) if other > text}
    return clock() - begin, pairs


TOOLS = {"find_copies": ours, "rensa": rensa, "datasketch": datasketch}


def measure(tool: str, file: str) -> None:
    """Print seconds, seconds with reading, and the peak memory of this process (of its own for each call), as JSON."""
    articles = pd.read_parquet(file)
    TOOLS[tool](articles.head(500))  # compiled and imported
    begin = time.perf_counter()
    (seconds, processor), pairs = TOOLS[tool](articles)
    whole = time.perf_counter() - begin
    # Not getrusage: that counts the process which started this one.
    status = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text().splitlines())
    peak = int(status["VmHWM"].split()[0]) / 2**20
    found = {"seconds": seconds, "processor": processor, "whole": whole, "gigabytes": peak, "pairs": len(pairs)}
    print(json.dumps(found))


def timings(tools: list[str]) -> dict[tuple[int, str], list[dict]]:
    """`measure` for each size and tool, `RUNS` times in turn."""
    found = defaultdict(list)
    for size in SIZES:
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "articles.parquet"
            table(corpus(size)).to_parquet(file)
            for _ in range(RUNS):
                for tool in tools:
                    command = [sys.executable, "-m", "benchmarks.copies", tool, str(file)]
                    done = subprocess.run(command, capture_output=True, check=True, text=True)
                    found[size, tool].append(json.loads(done.stdout))
    return found


def threshold_lines() -> list[str]:
    """The first part of the page: containment by edit, and what each threshold finds."""
    copies, apart = evidence()
    names = " | ".join(f"≥ {value:g}" for value in THRESHOLDS)
    lines = [
        "## When is a text a copy?",
        "",
        f"Greater containment of 5-word shingles: {TRIALS} pseudo-articles of 80 to 2,500 words for each kind of edit, "
        f"and {len(apart):,} pairs of articles written apart on one topic, which share names, stock phrases and up to "
        "four quotations. Right: the share of pairs that reach a threshold.",
        "",
        f"| pair | 5 % | median | 95 % | {names} |",
        "|---|---|---|---|" + "---|" * len(THRESHOLDS),
    ]
    for kind, values in {**copies, "written apart on one topic": apart}.items():
        low, middle, high = np.quantile(values, [0.05, 0.5, 0.95])
        shares = " | ".join(f"{(values >= threshold).mean():.4f}" for threshold in THRESHOLDS)
        lines.append(f"| {kind} | {low:.2f} | {middle:.2f} | {high:.2f} | {shares} |")
    least = next(value for value in THRESHOLDS if (apart >= value).mean() <= 1e-4)
    return [
        *lines,
        "",
        "A group is made of connected pairs, so that one false pair joins two groups: the least threshold that at most "
        f"one in 10,000 pairs written apart reaches is {least:g}; the default is {THRESHOLD:g}. The greatest "
        f"containment of texts written apart was {apart.max():.2f}.",
    ]


def rightness_lines(tools: list[str]) -> list[str]:
    """The second part: pairs found against all pairs counted."""
    texts = corpus(SUBSET)
    true = {pair for pair, share in every_pair(texts).items() if share >= 0.5}
    lines = [
        "",
        "## Are they found?",
        "",
        f"{SUBSET:,} articles, {len(true)} pairs with a containment of .5 or more, counted with Python sets. The peers "
        "give what their index returns for a Jaccard index of .5.",
        "",
        "| tool | recall | precision |",
        "|---|---|---|",
    ]
    for tool in tools:
        _, found = TOOLS[tool](table(texts))
        right = len(true & found)
        lines.append(f"| {tool} | {right / len(true):.3f} | {right / len(found):.3f} |")
    for window in (3, 16):
        choose, shingles.choose_window = shingles.choose_window, lambda words, window=window: window
        _, found = ours(table(texts))
        shingles.choose_window = choose
        right = len(true & found)
        lines.append(f"| find_copies with windows of {window} | {right / len(true):.3f} | {right / len(found):.3f} |")
    return lines


def speed_lines(tools: list[str]) -> list[str]:
    """The third part: seconds and memory."""
    lines = [
        "",
        "## How fast?",
        "",
        f"Median of {RUNS} runs (least to most), each in a process of its own, compiled before. Seconds once tokens "
        "exist (peers: once shingles exist), by the clock and of the processor in all threads; the ratio is of the "
        "latter; then seconds by the clock with all reading, and the peak memory of the process. Other work ran on the "
        "same two cores.",
        "",
        "| articles | tool | seconds | of the processor | ratio | with reading | GB | pairs ≥ .5 |",
        "|---|---|---|---|---|---|---|---|",
    ]
    found = timings(tools)
    middle = {key: pd.DataFrame(runs).median() for key, runs in found.items()}
    for (size, tool), runs in found.items():
        own, seconds = middle[size, tool], [run["seconds"] for run in runs]
        ratio = own["processor"] / middle[size, "find_copies"]["processor"]
        lines.append(
            f"| {size:,} | {tool} | {own['seconds']:.1f} ({min(seconds):.1f} to {max(seconds):.1f}) | "
            f"{own['processor']:.1f} | {ratio:.1f} | {own['whole']:.1f} | {own['gigabytes']:.1f} | "
            f"{own['pairs']:,.0f} |"
        )
    return lines


def main() -> None:
    """Measure, print and write copies.md."""
    tools = [tool for tool in TOOLS if tool == "find_copies" or importlib.util.find_spec(tool)]
    lines = [
        "# Copies",
        "",
        f"Written by `python -m benchmarks.copies` (seed {SEED}, Python {platform.python_version()}).",
        "",
        *threshold_lines(),
        *rightness_lines(tools),
        *speed_lines(tools),
    ]
    text = "\n".join(lines) + "\n"
    print(text)
    (HERE / "copies.md").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    measure(*sys.argv[1:]) if len(sys.argv) > 1 else main()
