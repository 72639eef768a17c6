"""From how many letters is the detected language right? ``python -m benchmarks.languages`` writes its table.

Stretches of the reports in benchmarks/languages.yml (twenty languages, own texts) and of the demo study's bodies
(English with many Slavic names): how many are given their language, and how sure the model is where it errs. Speed: the
demo's bodies as articles of an English and of a German study, one process.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Iterator
from pathlib import Path

import yaml

from analysis import open_study, read
from analysis.corpus import languages
from analysis.corpus.languages import one_code, other_language

HERE = Path(__file__).resolve().parent
LENGTHS = (20, 40, 60, 80, 100, 150, 200, 300)
DENSE = ("zh", "ja")  # a third of the characters say as much
RUNS = 7


def stretches(texts: dict[str, list[str]], length: int) -> Iterator[tuple[str, str]]:
    """Language and stretch, each a third of its length further on."""
    for code, own in texts.items():
        size = length // 3 if code in DENSE else length
        for text in own:
            for start in range(0, len(text) - size, max(size // 3, 7)):
                yield code, text[start : start + size]


def right(texts: dict[str, list[str]], length: int) -> tuple[int, int, float]:
    """Stretches; those given their language; the highest probability that a wrong one was given."""
    number = good = 0
    worst = 0.0
    for code, text in stretches(texts, length):
        found, probability = languages._model().classify(text)
        number += 1
        good += one_code(found) == code
        worst = max(worst, probability) if one_code(found) != code else worst
    return number, good, worst


def milliseconds(bodies: list[str], language: str) -> float:
    """Median time per article."""
    times = []
    for _ in range(RUNS):
        begin = time.process_time()
        for body in bodies:
            other_language(body, language)
        times.append((time.process_time() - begin) / len(bodies) * 1000)
    return statistics.median(times)


def main() -> None:
    """Write languages.md beside this file."""
    texts = {code: [text] for code, text in yaml.safe_load((HERE / "languages.yml").read_text("utf-8")).items()}
    bodies = read(open_study("demo"))["articles"]["body"].tolist()
    lines = [
        "# Languages",
        "",
        "Written by `python -m benchmarks.languages`: stretches of own texts in twenty languages, and of the demo's",
        "English bodies. A third of the characters where the script is Han or kana.",
        "",
        "| characters | twenty languages | right | surest error | demo, English | right | surest error |",
        "|---|---|---|---|---|---|---|",
    ]
    for length in LENGTHS:
        cells: list[str] = []
        for number, good, worst in (right(texts, length), right({"en": bodies}, length)):
            cells += [f"{number:,}", f"{100 * good / number:.2f} %", f"{worst:.2f}" if good < number else "none"]
        lines.append(f"| {length} | {' | '.join(cells)} |")
    for language in ("en", "de"):
        lines += [
            "",
            f"One of the demo's articles in a study in `{language}`: {milliseconds(bodies, language):.2f} ms.",
        ]
    (HERE / "languages.md").write_text("\n".join([*lines, ""]), encoding="utf-8")


if __name__ == "__main__":
    main()
