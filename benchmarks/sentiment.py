"""How near to VADER, and how fast, is the valence of sentences? ``python -m benchmarks.sentiment`` writes its table.

Near: correlation and agreement of classes with NLTK's VADER and with the package vaderSentiment, on own-written
sentences by genre (sentiment_own.yml) and on ../shared/data/sentences, where that is beside the checkout. Fast:
100,000 sentences with a large vocabulary, one thread, from text to valence, beside NLTK on a part of them.
"""

from __future__ import annotations

import csv
import platform
import random
import statistics
import tempfile
import time
import zipfile
from importlib import resources
from pathlib import Path
from typing import Any

import nltk
import numpy as np
import yaml
from nltk.sentiment import vader as nltk_vader
from vaderSentiment import vaderSentiment

from analysis.coding.codebook import Codebook, read_codebook
from analysis.coding.sentiment import ALPHA, score, valence_of
from analysis.coding.tokens import tokenise
from analysis.study import shipped

HERE = Path(__file__).resolve().parent
SENTENCES = HERE.parents[1] / "shared" / "data" / "sentences" / "gum_news_sentences.tsv"
NEUTRAL = 0.05  # classes as VADER's authors advise
SIZE, PART, RUNS = 100_000, 2_000, 5
# fmt: off
FUNCTION = [
    "the", "of", "to", "in", "a", "and", "said", "that", "for", "on", "with", "was", "not", "by", "at", "as", "from",
    "has", "but", "very",
]
# fmt: on


def nltk_analyzer() -> Any:
    """NLTK's analyzer, its list taken from the package vaderSentiment: NLTK brings none and would download it."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "sentiment"
        home.mkdir()
        text = resources.files("vaderSentiment").joinpath("vader_lexicon.txt").read_text(encoding="utf-8")
        with zipfile.ZipFile(home / "vader_lexicon.zip", "w") as packed:
            packed.writestr("vader_lexicon/vader_lexicon.txt", text.rstrip("\n"))
        nltk.data.path.insert(0, folder)
        try:
            return nltk_vader.SentimentIntensityAnalyzer()
        finally:
            nltk.data.path.remove(folder)


def analyzers() -> dict[str, Any]:
    """VADER as NLTK has it, and as its authors do."""
    return {"NLTK": nltk_analyzer(), "vaderSentiment": vaderSentiment.SentimentIntensityAnalyzer()}


def own_sentences() -> dict[str, list[str]]:
    """Sentences by genre."""
    return yaml.safe_load((HERE / "sentiment_own.yml").read_text(encoding="utf-8"))


def shared_sentences() -> list[str]:
    """765 sentences of Wikinews; none where the fixture is not there."""
    if not SENTENCES.is_file():
        return []
    with SENTENCES.open(encoding="utf-8") as lines:
        return [row["sentence"] for row in csv.DictReader(lines, delimiter="\t")]


def valences(texts: list[str], codebook: Codebook) -> np.ndarray:
    """The valence of each text as one sentence, also where two are found in it."""
    parts = score(texts, codebook)
    valence = parts["valence"].to_numpy()
    total = valence * np.sqrt(ALPHA / (1 - valence**2))
    return valence_of(np.bincount(parts["text"], weights=total, minlength=len(texts)))


def classes(valence: np.ndarray) -> np.ndarray:
    """-1, 0 or 1."""
    return np.where(np.abs(valence) < NEUTRAL, 0, np.sign(valence))


def nearness(codebook: Codebook) -> list[str]:
    """The table of correlations, and the own sentences where the valences differ most."""
    judges = analyzers()
    own = own_sentences()
    groups = {**own, "all own": [sentence for group in own.values() for sentence in group]}
    if shared_sentences():
        groups["765 sentences of 24 Wikinews articles"] = shared_sentences()
    lines = [
        "| sentences | n | r with NLTK | same class | r with vaderSentiment | same class | NLTK with vaderSentiment |",
        "|---|---|---|---|---|---|---|",
    ]
    theirs = {}
    for name, sentences in groups.items():
        ours = valences(sentences, codebook)
        theirs[name] = {
            judge: np.array([analyzer.polarity_scores(sentence)["compound"] for sentence in sentences])
            for judge, analyzer in judges.items()
        }
        cells = [
            f"{np.corrcoef(ours, other)[0, 1]:.3f} | {np.mean(classes(ours) == classes(other)):.0%}"
            for other in theirs[name].values()
        ]
        both = np.corrcoef(*theirs[name].values())[0, 1]
        lines.append(f"| {name} | {len(sentences)} | {' | '.join(cells)} | {both:.3f} |")
    sentences, ours = groups["all own"], valences(groups["all own"], codebook)
    other = theirs["all own"]["NLTK"]
    lines += ["", "The own sentences that differ most from NLTK:", ""]
    lines += ["| ours | NLTK | vaderSentiment | sentence |", "|---|---|---|---|"]
    for at in np.argsort(-np.abs(ours - other), kind="stable")[:12]:
        second = theirs["all own"]["vaderSentiment"][at]
        lines.append(f"| {ours[at]:+.2f} | {other[at]:+.2f} | {second:+.2f} | {sentences[at]} |")
    return lines


def generated(codebook: Codebook) -> list[str]:
    """Sentences of 12 to 32 words, 8 % of them of the list, in a vocabulary of some 60,000 words."""
    draw = random.Random(20240614)
    scale = [word for listed in codebook.variables["sentiment"].categories.values() for word in listed]
    scale = [word for word in scale if word.isalpha()]
    others = [
        "".join(draw.choice("bdfgklmnprst") + draw.choice("aeiou") for _ in range(draw.randint(1, 4)))
        for _ in range(60_000)
    ]

    def word() -> str:
        chance = draw.random()
        if chance < 0.45:
            return draw.choice(FUNCTION)
        return draw.choice(scale) if chance < 0.53 else others[int(len(others) * draw.random() ** 4)]

    return [" ".join(word() for _ in range(draw.randint(12, 32))).capitalize() + "." for _ in range(SIZE)]


def speed(codebook: Codebook) -> list[str]:
    """The table of seconds."""
    texts = generated(codebook)
    tokens = tokenise(texts)
    score(texts[:100], codebook)
    taken = []
    for _ in range(RUNS):
        begin = time.perf_counter()
        score(texts, codebook)
        taken.append(time.perf_counter() - begin)
    analyzer = nltk_analyzer()
    begin = time.perf_counter()
    for text in texts[:PART]:
        analyzer.polarity_scores(text)
    other = (time.perf_counter() - begin) * SIZE / PART
    middle = statistics.median(taken)
    return [
        f"{SIZE:,} sentences, {len(tokens.types):,} tokens, {len(tokens.raw):,} types, {len(texts):,} texts; one "
        "thread; from text to valence.",
        "",
        "| what | seconds | ratio to the first |",
        "|---|---|---|",
        f"| tokens, sentence bounds, hits, valences | {middle:.2f} ({min(taken):.2f} to {max(taken):.2f}) | 1.0 |",
        f"| NLTK's VADER, from {PART:,} of them | {other:.1f} | {other / middle:.1f} |",
    ]


WHY = """\
Where and why they differ:

* on purpose: capitals, `!` and `?` add nothing: in news they are acronyms and headlines, and a sentence's valence is
  made of its hits and of nothing else. (No sentence here has them.)
* on purpose: `’s` and the typographic apostrophe are read (`Merland’s`, `doesn’t`); VADER knows straight ones only, and
  finds no word with `'s` behind it. Words joined by a dash are words.
* on purpose: `no` turns a word of the list up to three words behind it, and then adds nothing (in vaderSentiment: up to
  two; in NLTK it adds -1.2 and turns nothing). In `no one` and `no longer`, which turn too, it adds nothing either.
* on purpose: nothing works over a `but`; `not only … but also` is no contrast; `hardly` and `scarcely` turn, in VADER
  they soften; `far from` and `instead of` turn; some words of degree are more. In `rarely looked so` nothing turns.
* NLTK gives a word that stands twice in a sentence its first place both times, so that a negator near one of them
  works on both; it drops words of one letter, so that its reach is longer where one stands between.
* numbers used as codes on social media (187) are no words of the list here.
* VADER's special phrases (`the bomb`, `kiss of death`) are not taken over; a codebook can have phrases of its own.
"""


def main() -> None:
    """Measure, print and write sentiment.md."""
    codebook = read_codebook(shipped("codebooks") / "vader.yml")
    lines = [
        "# Valence of sentences",
        "",
        f"Written by `python -m benchmarks.sentiment`, Python {platform.python_version()}.",
        "",
        "## Near to VADER",
        "",
        f"Classes: neutral where the valence is below {NEUTRAL} either way.",
        "",
        *nearness(codebook),
        "",
        *WHY.splitlines(),
        "",
        "## Fast",
        "",
        *speed(codebook),
    ]
    text = "\n".join(lines) + "\n"
    print(text)
    (HERE / "sentiment.md").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
