"""How right, and how fast, is sentiment by target? ``python -m benchmarks.targets [FILE…]`` writes its tables.

Right: macro-F1 and accuracy of three classes (valence to -.05, between, from .05), of VADER's compound of the whole
sentence, of the whole method, and of what is left when one step is taken away. FILE: lists of text (one sentence),
target (as it stands in the text) and label; else those of targets_dev.yml, targets_tuning.yml and targets_held_out.yml
that are beside this file. With the first the rules were made. The other two were written, as one set, by somebody who
did not know them; after a first scoring of the whole set the rules were mended with the second. Fast: 10,000 articles
of about 500 words put together from these sentences, on one core, with the actors named in them.
"""

from __future__ import annotations

import platform
import random
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import yaml
from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

from analysis.coding.codebook import Codebook, read_codebook
from analysis.coding.in_names import in_names
from analysis.coding.mentions import find_mentions
from analysis.coding.quotes import find_quotes
from analysis.coding.sentences import sentence_bounds
from analysis.coding.sentiment import hit_valences, modifier_books
from analysis.coding.speech import find_speech
from analysis.coding.target_weights import ALL, CLAUSES, ROLES, SPEAKERS, TONE
from analysis.coding.target_words import evaluations
from analysis.coding.targets import DOUBT, target_valences
from analysis.coding.tokens import tokenise
from analysis.coding.voices import token_voices
from analysis.study import shipped

HERE = Path(__file__).resolve().parent
FILES = {  # and what they have to do with the rules
    "targets_dev.yml": "the rules were made with them: this says nothing about other texts",
    "targets_tuning.yml": "the rules were mended with them after a first scoring: this says little about other texts",
    "targets_held_out.yml": "held out: one half of the set of that first scoring, whose single texts played no part",
}
LABELS = ("negative", "neutral", "positive")
BOUND = 0.05
ARTICLES, WORDS, PART = 10_000, 500, 1_000
SEED = 20240614


def texts_in(file: Path) -> pd.DataFrame:
    """text, target, label (and part, where the file has it) of a file."""
    return pd.DataFrame(yaml.safe_load(file.read_text(encoding="utf-8")))


def codebooks_of(names: list[str]) -> list[Codebook]:
    """VADER's list, and the names as actors."""
    categories = {name: [name] for name in dict.fromkeys(names)}
    variables = {"named": {"kind": "actor", "case": "sensitive", "categories": categories}}
    made = Codebook.model_validate({"name": "made", "version": "1.0", "variables": variables})
    return [read_codebook(shipped("codebooks") / "vader.yml"), made]


def prepared(texts: list[str], codebooks: list[Codebook]) -> dict:
    """The arguments of `target_valences` for some bodies."""
    tokens = tokenise([part for text in texts for part in (None, None, text)])
    bounds, gaps = sentence_bounds(tokens)
    starts = [bounds.loc[bounds["text"] == 3 * number + 2, "start"].tolist() for number in range(len(texts))]
    marked, _ = find_quotes(texts, starts)
    quotes = find_speech(texts, range(2, 3 * len(texts), 3), tokens, bounds, marked, codebooks)
    found = find_mentions(tokens, gaps, [*codebooks, *modifier_books(codebooks)])
    hits, valence = hit_valences(found, tokens, gaps, bounds["first_token"].to_numpy(), codebooks)
    inside = in_names(hits, tokens, gaps, bounds.assign(article=bounds["text"] // 3))
    return {
        "hits": hits.assign(valence=valence, in_name=inside),
        "tokens": tokens,
        "gaps": gaps,
        "bounds": bounds,
        "spoken": (token_voices(tokens, quotes)[1], quotes),
        "codebooks": codebooks,
    }


def valences(items: pd.DataFrame, ready: dict, texts: list[str], **options: object) -> np.ndarray:
    """The valence of each item: the mean of the namings that meet an occurrence of its target; NaN for none."""
    found = target_valences(**ready, **options)
    tokens, hits = ready["tokens"], ready["hits"].iloc[found["row"].to_numpy()]
    first, last = hits["first"].to_numpy(), hits["beyond"].to_numpy() - 1
    places = pd.DataFrame({"start": tokens.starts[first], "end": tokens.ends[last], "valence": found["valence"]})
    by_text = dict(iter(places.groupby(tokens.texts[first] // 3)))
    number = {text: place for place, text in enumerate(texts)}

    def one(text: str, target: str) -> float:
        there = by_text.get(number[text], places[:0])
        met = pd.Series(False, index=there.index)
        at = text.find(target)
        while at >= 0:
            met |= (there["start"] < at + len(target)) & (there["end"] > at)
            at = text.find(target, at + 1)
        return float(there.loc[met, "valence"].mean())

    return np.array([one(text, target) for text, target in zip(items["text"], items["target"], strict=True)])


def classes(values: np.ndarray) -> np.ndarray:
    """The class of each valence; what is not found is neutral."""
    return np.where(values >= BOUND, "positive", np.where(values <= -BOUND, "negative", "neutral"))


def scores(wanted: np.ndarray, given: np.ndarray) -> list[float]:
    """Macro-F1, accuracy, and F1 of each class."""
    each = []
    for label in LABELS:
        both = np.sum((wanted == label) & (given == label))
        each.append(2 * both / max(np.sum(wanted == label) + np.sum(given == label), 1))
    return [float(np.mean(each)), float(np.mean(wanted == given)), *map(float, each)]


def without(book: Codebook, *names: str) -> Codebook:
    """A codebook without some variables."""
    return book.model_copy(update={"variables": {key: one for key, one in book.variables.items() if key not in names}})


def ablations() -> dict[str, dict]:
    """What is left out, or added one after the other, with the options of `target_valences` that do it."""
    book = evaluations([])
    none, roles = without(book, *book.variables), ("object", "subject", "about", "owner")
    return {
        "VADER's words in the sentence, those in names left out": {"steps": 0, "doubt": 0.0, "book": none},
        "+ clauses": {"steps": CLAUSES, "doubt": 0.0, "book": none},
        "+ share of topic words": {"steps": CLAUSES, "doubt": 0.0, "book": without(book, *roles, "opinion")},
        "+ words of judgement": {"steps": CLAUSES, "doubt": 0.0, "book": without(book, *roles)},
        "+ roles": {"steps": CLAUSES | ROLES, "doubt": 0.0},
        "+ speakers": {"steps": ALL & ~TONE, "doubt": 0.0},
        "+ the sentence's bad tone": {"doubt": 0.0},
        f"+ doubt of {DOUBT:g}: the whole": {},
        "the whole without clauses": {"steps": ALL & ~CLAUSES},
        "the whole without roles of verbs": {"book": without(book, "object", "subject")},
        "the whole without roles of nouns": {"book": without(book, "about", "owner")},
        "the whole without words of judgement": {"book": without(book, "opinion")},
        "the whole without shares of topic words": {"book": without(book, "topic")},
        "the whole without speakers": {"steps": ALL & ~SPEAKERS},
        "the whole without the sentence's bad tone": {"steps": ALL & ~TONE},
        "the whole with a doubt of 0.5": {"doubt": 0.5},
        "the whole with a doubt of 1": {"doubt": 1.0},
    }


def table_of(items: pd.DataFrame) -> list[str]:
    """The lines of the table for one file."""
    texts = items["text"].drop_duplicates().tolist()
    ready = prepared(texts, codebooks_of(items["target"].tolist()))
    wanted = items["label"].to_numpy(dtype=object)
    analyser = SentimentIntensityAnalyzer()
    compound = np.array([analyser.polarity_scores(text)["compound"] for text in items["text"]])
    rows = {"plain VADER of the whole sentence": scores(wanted, classes(compound))}
    for name, options in ablations().items():
        given = classes(valences(items, ready, texts, **options))
        rows[name] = scores(wanted, given)
    whole = classes(valences(items, ready, texts))
    lines = [
        "| what | macro-F1 | accuracy | F1 negative | F1 neutral | F1 positive |",
        "|---|---|---|---|---|---|",
        *(f"| {name} | {' | '.join(f'{value:.3f}' for value in row)} |" for name, row in rows.items()),
        "",
        "Of the whole: rows as labelled, columns as found.",
        "",
        f"| | {' | '.join(LABELS)} |",
        "|---|---|---|---|",
    ]
    for label in LABELS:
        counts = (str(np.sum((wanted == label) & (whole == other))) for other in LABELS)
        lines.append(f"| {label} | {' | '.join(counts)} |")
    return lines


def speed(items: pd.DataFrame) -> list[str]:
    """Seconds for ARTICLES articles, by what is done."""
    chance, sentences = random.Random(SEED), items["text"].drop_duplicates().tolist()
    bodies = []
    for _ in range(ARTICLES):
        picked: list[str] = []
        while sum(len(sentence.split()) for sentence in picked) < WORDS:
            picked.append(chance.choice(sentences))
        bodies.append(" ".join(picked))
    codebooks = codebooks_of(items["target"].tolist())
    target_valences(**prepared(bodies[:10], codebooks))
    spent, namings = 0.0, 0
    for low in range(0, ARTICLES, PART):
        ready = prepared(bodies[low : low + PART], codebooks)
        found, seconds = timed(lambda ready=ready: target_valences(**ready))
        spent, namings = spent + seconds, namings + len(found)
    return [f"{ARTICLES:,} articles of {WORDS} words, {namings:,} namings: {spent:.1f} s on one core."]


def timed(work: Callable[[], pd.DataFrame]) -> tuple[pd.DataFrame, float]:
    """What some work gives, and how long it takes."""
    begin = time.perf_counter()
    return work(), time.perf_counter() - begin


def main(files: list[Path]) -> None:
    """Measure, print and write targets.md."""
    lines = ["# Sentiment by target", ""]
    lines += [
        f"Written by `python -m benchmarks.targets`: {platform.python_implementation()} {platform.python_version()}.",
        "",
    ]
    for file in files:
        items = texts_in(file)
        held = f"; {FILES[file.name]}" if file.name in FILES else ""
        lines += [f"## {file.name}", "", f"{len(items)} targets in {items['text'].nunique()} sentences{held}.", ""]
        lines += [*table_of(items), ""]
        if "part" in items:
            for part, own in items.groupby("part", sort=False):
                lines += [f"Part {part}: " + _in_short(own), ""]
    lines += ["## Speed", "", *speed(texts_in(HERE / next(iter(FILES))))]
    (HERE / "targets.md").write_text("\n".join(lines) + "\n", encoding="utf-8")
    print("\n".join(lines))


def _in_short(items: pd.DataFrame) -> str:
    """Macro-F1 of plain VADER and of the whole."""
    texts = items["text"].drop_duplicates().tolist()
    analyser = SentimentIntensityAnalyzer()
    compound = np.array([analyser.polarity_scores(text)["compound"] for text in items["text"]])
    found = valences(items, prepared(texts, codebooks_of(items["target"].tolist())), texts)
    wanted = items["label"].to_numpy(dtype=object)
    return f"plain VADER {scores(wanted, classes(compound))[0]:.3f}, whole {scores(wanted, classes(found))[0]:.3f}."


if __name__ == "__main__":
    main([Path(name) for name in sys.argv[1:]] or [HERE / name for name in FILES if (HERE / name).is_file()])
