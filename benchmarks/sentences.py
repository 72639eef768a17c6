"""How fast, and how right, are tokens and sentence bounds? ``python -m benchmarks.sentences`` writes its table.

Speed: the demo study's bodies, shuffled and repeated to about 60 MB, one thread, medians of several runs with their
spread; NLTK's TweetTokenizer and a one-line regular expression on a part of the same text, in the same call. Right:
F1 of the bounds inside paragraphs on ../shared/data/sentences, where that is beside the checkout.
"""

from __future__ import annotations

import csv
import platform
import random
import re
import statistics
import time
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
from nltk.tokenize import TweetTokenizer

from analysis import open_study, read
from analysis.coding.sentences import sentence_bounds
from analysis.coding.tokens import tokenise

HERE = Path(__file__).resolve().parent
SENTENCES = HERE.parents[1] / "shared" / "data" / "sentences" / "gum_news_sentences.tsv"
MEGABYTES = 60
RUNS = 7


def corpus() -> pa.Array:
    """Texts of about MEGABYTES in all: demo bodies in a seeded order."""
    bodies = read(open_study("demo"))["articles"]["body"].tolist()
    order = random.Random(20240614)
    size, texts = 0, []
    while size < MEGABYTES * 1_000_000:
        texts.append(order.choice(bodies))
        size += len(texts[-1].encode())
    return pa.array(texts, type=pa.large_string())


def rates(work: Callable[[], object], megabytes: float, *, runs: int = RUNS) -> list[float]:
    """Megabytes per second of each run, after one that does not count."""
    work()
    found = []
    for _ in range(runs):
        begin = time.perf_counter()
        work()
        found.append(megabytes / (time.perf_counter() - begin))
    return found


def f1() -> float | None:
    """F1 of sentence ends inside paragraphs; None where the fixture is not there."""
    if not SENTENCES.is_file():
        return None
    paragraphs: dict[tuple[str, str], list[str]] = {}
    with SENTENCES.open(encoding="utf-8") as lines:
        for row in csv.DictReader(lines, delimiter="\t"):
            paragraphs.setdefault((row["doc"], row["par"]), []).append(row["sentence"])
    texts = [" ".join(sentences) for sentences in paragraphs.values()]
    table, _ = sentence_bounds(tokenise(texts))
    true = {
        (place, len(" ".join(sentences[:number])))
        for place, sentences in enumerate(paragraphs.values())
        for number in range(1, len(sentences))
    }
    found = {(text, end) for text, end in zip(table["text"], table["end"], strict=True) if end < len(texts[text])}
    return 2 * len(true & found) / (len(true) + len(found))


def main() -> None:
    """Measure, print and write sentences.md."""
    texts = corpus()
    megabytes = sum(len(text.encode()) for text in texts.to_pylist()) / 1e6
    tokens = tokenise(texts)
    part = texts.slice(0, len(texts) // 60).to_pylist()
    part_size = sum(len(text.encode()) for text in part) / 1e6
    word = re.compile(r"\w+(?:[-'’]\w+)*")
    tweet = TweetTokenizer()
    measured = {
        "tokens and sentence bounds": rates(lambda: sentence_bounds(tokenise(texts)), megabytes),
        "tokens alone": rates(lambda: tokenise(texts), megabytes),
        "sentence bounds, given tokens": rates(lambda: sentence_bounds(tokens), megabytes),
        "re.findall of words": rates(lambda: [word.findall(text) for text in part], part_size, runs=3),
        "NLTK TweetTokenizer": rates(lambda: [tweet.tokenize(text) for text in part], part_size, runs=3),
    }
    lines = [
        "# Tokens and sentence bounds",
        "",
        f"Written by `python -m benchmarks.sentences`: {megabytes:.0f} MB of demo bodies, one thread, Python "
        f"{platform.python_version()}. MB/s, median (lowest to highest) of the runs.",
        "",
        "| what | MB/s | ratio to the first |",
        "|---|---|---|",
    ]
    first = statistics.median(next(iter(measured.values())))
    for what, found in measured.items():
        middle = statistics.median(found)
        lines.append(f"| {what} | {middle:.1f} ({min(found):.1f} to {max(found):.1f}) | {middle / first:.2f} |")
    score = f1()
    if score is not None:
        lines += ["", f"F1 of sentence bounds inside paragraphs, 765 sentences of 24 Wikinews articles: {score:.4f}."]
    text = "\n".join(lines) + "\n"
    print(text)
    (HERE / "sentences.md").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
