"""How long reading takes: many small files, with one process and with two; again unchanged; again with one changed.

    python benchmarks/reading.py --files 10000

The files are made up, each with its own words, as plain pages and as JSON. Times are wall clock of ``analysis.read``,
whose first call pays for starting the processes.
"""

from __future__ import annotations

import argparse
import json
import random
import shutil
import tempfile
import time
from pathlib import Path

from analysis import open_study, read

STUDY = "title: Many small files\narticles: articles\ncodebooks: [generic-frames]\n"
WORDS = ("port", "talks", "council", "budget", "bridge", "harvest", "minister", "market", "strike", "court", "rain")


def article(number: int, words: int) -> tuple[str, str]:
    """A headline and a body of made-up sentences, the same for the same number."""
    draw = random.Random(number)
    sentences = [
        f"The {' and the '.join(draw.choices(WORDS, k=4))} of {draw.choice(WORDS)} {number} were said to be with "
        f"{draw.randrange(10_000)} from the {draw.choice(WORDS)}."
        for _ in range(words // 22)
    ]
    paragraphs = [" ".join(sentences[at : at + 3]) for at in range(0, len(sentences), 3)]
    return f"Number {number} of the {draw.choice(WORDS)} reports", "\n\n".join(paragraphs)


def write_files(folder: Path, files: int, words: int) -> None:
    """Half of them pages, half JSON Lines of one article."""
    for number in range(files):
        headline, body = article(number, words)
        place = folder / f"{number // 1000:03}"
        place.mkdir(parents=True, exist_ok=True)
        if number % 2:
            record = {"outlet": f"Gull {number % 7}", "headline": headline, "published": "2024-06-14", "body": body}
            (place / f"{number}.jsonl").write_text(json.dumps(record), encoding="utf-8")
        else:
            (place / f"{number}.txt").write_text(f"{headline}\n\n{body}\n\nShare this article\n", encoding="utf-8")


def timed(folder: Path, label: str, *, workers: int, anew: bool) -> None:
    """Read, and print how long it took."""
    if anew:
        shutil.rmtree(folder / "tables", ignore_errors=True)
    begun = time.perf_counter()
    tables = read(open_study(folder), workers=workers)
    seconds = time.perf_counter() - begun
    print(f"{label:<34} {seconds:6.1f} s  {len(tables['articles']) / seconds:8.0f} articles/s")


def main() -> None:
    """Make the files, read them, remove them."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--files", type=int, default=10_000)
    parser.add_argument("--words", type=int, default=400)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "study.yml").write_text(STUDY, encoding="utf-8")
        write_files(folder / "articles", asked.files, asked.words)
        read(open_study("demo"))  # what is loaded and compiled once
        for workers in (1, 2):
            timed(folder, f"{asked.files} files, {workers} process(es)", workers=workers, anew=True)
        timed(folder, "unchanged", workers=1, anew=False)
        (folder / "articles" / "000" / "0.txt").write_text("Another\n\nThey met and left again.", encoding="utf-8")
        timed(folder, "one file changed", workers=1, anew=False)
        for table in (folder / "tables").glob("*.parquet"):
            table.unlink()
        timed(folder, "tables gone, all files kept", workers=1, anew=False)


if __name__ == "__main__":
    main()
