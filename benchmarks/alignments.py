"""How well are sentences aligned and stories found? ``python -m benchmarks.alignments`` writes alignments.md.

Hand-aligned: alignments_own.yml (stories written for this, by letters of facts) and alignments_demo.yml (the demo
study, moment by moment). Every story is scored by weights fitted on the others; the coefficients fitted on all are
those that `analysis.coding.similarity` ships. Average precision is over all pairs of sentences of two articles of a
story (a pair that is no candidate has similarity 0), unsure pairs left out.
"""

from __future__ import annotations

import platform
import re
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import yaml
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import average_precision_score
from sklearn.metrics.cluster import pair_confusion_matrix
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from analysis import open_study, read, tables
from analysis.coding import stories as grouping
from analysis.coding import variants
from analysis.coding.alignment import THRESHOLD, align_sentences, candidates, rows_of
from analysis.coding.codebook import read_codebook
from analysis.coding.partition import code_partition
from analysis.coding.propositions import CUT, propositions
from analysis.coding.similarity import COEFFICIENTS, INTERCEPT, MEASURES, bags, measures
from analysis.coding.stories import find_stories

HERE = Path(__file__).resolve().parent
CODEBOOKS = HERE.parent / "data" / "codebooks"
PAIR = ["article_a", "sentence_a", "article_b", "sentence_b"]


@dataclass(frozen=True)
class Story:
    """A hand-aligned story: its articles and sentences; pairs aligned and unsure; the pairs of articles coded."""

    name: str
    articles: pd.DataFrame
    sentences: pd.DataFrame
    aligned: set[tuple]
    unsure: set[tuple]
    coded: set[tuple[str, str]]


def coded_sentences(articles: pd.DataFrame, codebooks: Iterable[str] = ("reporting-verbs",)) -> pd.DataFrame:
    """The *sentences* table of some articles."""
    return code_partition(articles, [read_codebook(CODEBOOKS / f"{name}.yml") for name in codebooks])["sentences"]


def made_articles(**columns: object) -> pd.DataFrame:
    """The *articles* table of some columns, the others missing."""
    size = len(next(iter(columns.values())))
    whole = tables.empty("articles").reindex(range(size)).assign(**columns)
    return whole.astype({name: "str" for name in ("article_id", "body", "story") if name in columns})


def facts(letters: str) -> tuple[set[str], set[str]]:
    """The facts that a line states, and those that it states or touches on."""
    found = re.findall(r"(\w)(\??)", letters)
    return {letter for letter, doubt in found if not doubt}, {letter for letter, _ in found}


def own_stories() -> list[Story]:
    """The stories of alignments_own.yml."""
    listed = yaml.safe_load((HERE / "alignments_own.yml").read_text(encoding="utf-8"))["stories"]
    lines = {
        f"{story['story']}/{outlet}": [line.split("|", 1) for line in text.strip().splitlines()]
        for story in listed
        for outlet, text in story["articles"].items()
    }
    every = made_articles(
        article_id=list(lines),
        body=["\n\n".join(text.strip() for _, text in report) for report in lines.values()],
        story=[name.split("/")[0] for name in lines],
    )
    sentences = coded_sentences(every)
    counts = sentences["article_id"].value_counts()
    wrong = [name for name, report in lines.items() if counts[name] != len(report)]
    if wrong:
        raise ValueError(f"alignments_own.yml: a line of {wrong[0]!r} is not one sentence")
    stories = []
    for name, articles in every.groupby("story", sort=False):
        ids = articles["article_id"].tolist()
        coded = {(one, other) for place, one in enumerate(ids) for other in ids[place + 1 :]}
        aligned, unsure = set(), set()
        for one, other in coded:
            for i, (left, _) in enumerate(lines[one]):
                for j, (right, _) in enumerate(lines[other]):
                    (sure, any_left), (sure_too, any_right) = facts(left), facts(right)
                    if sure & sure_too:
                        aligned.add((one, i, other, j))
                    elif any_left & any_right:
                        unsure.add((one, i, other, j))
        here = sentences[sentences["article_id"].isin(ids)].reset_index(drop=True)
        stories.append(Story(name, articles.reset_index(drop=True), here, aligned, unsure, coded))
    return stories


def gold(path: Path, articles: pd.DataFrame, *, moment: int | None = None) -> tuple[set[tuple], set[tuple], set[tuple]]:
    """Aligned and unsure pairs and the pairs of articles coded whole, of a file of hand alignments, in table order."""
    ids = {(row.source_file, row.source_index): row.article_id for row in articles.itertuples()}
    place = {article_id: number for number, article_id in enumerate(articles["article_id"])}
    aligned, unsure, coded = set(), set(), set()
    for pair in yaml.safe_load(path.read_text(encoding="utf-8"))["pairs"]:
        if not pair["complete"] or moment not in (None, pair.get("moment")):
            continue
        one, other = (ids[pair[side]["source_file"], pair[side]["source_index"]] for side in "ab")
        turned = place[one] > place[other]
        coded.add((other, one) if turned else (one, other))
        for name, found in (("aligned", aligned), ("unsure", unsure)):
            found |= {(other, j, one, i) if turned else (one, i, other, j) for i, j in pair.get(name) or []}
    return aligned, unsure, coded


def demo_stories() -> list[Story]:
    """The demo study, each moment a story."""
    articles = read(open_study("demo"))["articles"]
    sentences = coded_sentences(articles, ("reporting-verbs", "actors"))
    listed = yaml.safe_load((HERE / "alignments_demo.yml").read_text(encoding="utf-8"))["articles"]
    moments = {(article["source_file"], article["source_index"]): article["moment"] for article in listed}
    of_article = articles.apply(lambda row: moments[row["source_file"], row["source_index"]], axis=1)
    stories = []
    for moment in sorted(set(moments.values())):
        here = articles[of_article == moment].assign(story=f"moment {moment}").reset_index(drop=True)
        there = sentences[sentences["article_id"].isin(here["article_id"])].reset_index(drop=True)
        pairs = gold(HERE / "alignments_demo.yml", articles, moment=moment)
        stories.append(Story(f"demo, moment {moment}", here, there, *pairs))
    return stories


def judged(story: Story, pairs: pd.DataFrame) -> pd.DataFrame:
    """All pairs of sentences of coded articles but the unsure, with ``true`` and the columns of ``pairs`` (or NaN)."""
    counts = story.sentences.groupby("article_id", sort=False).size()
    every = pd.DataFrame(
        [(a, i, b, j) for a, b in sorted(story.coded) for i in range(counts[a]) for j in range(counts[b])],
        columns=PAIR,
    )
    keys = list(every.itertuples(index=False, name=None))
    every["true"] = [key in story.aligned for key in keys]
    every = every[[key not in story.unsure for key in keys]]
    return every.merge(pairs, on=PAIR, how="left").assign(story=story.name)


def precision_and_f1(true: np.ndarray, similarity: np.ndarray, threshold: float) -> tuple[float, float]:
    """Average precision, and F1 at a threshold; missing similarities are 0."""
    similarity = np.nan_to_num(similarity)
    return average_precision_score(true, similarity), f1(true, similarity >= threshold)


def f1(true: np.ndarray, found: np.ndarray) -> float:
    """2 · both / (true + found)."""
    return 2 * (true & found).sum() / (true.sum() + found.sum())


def table_of(stories: list[Story]) -> pd.DataFrame:
    """The measures of all judged pairs of some stories."""
    judgements = []
    for story in stories:
        rows = rows_of(story.articles, story.sentences)
        sets = bags(story.articles["body"].tolist(), rows, np.zeros(len(story.articles), np.int64))
        left, right = candidates(sets)
        ids = story.articles["article_id"].to_numpy()
        pairs = measures(sets, left, right).assign(
            article_a=ids[sets.article[left]],
            sentence_a=sets.sentence[left],
            article_b=ids[sets.article[right]],
            sentence_b=sets.sentence[right],
        )
        judgements.append(judged(story, pairs))
    return pd.concat(judgements, ignore_index=True)


def fit(table: pd.DataFrame, columns: list[str]) -> tuple[np.ndarray, float]:
    """Coefficients and intercept of a logistic regression (standardised measures, ridge of 1) on the candidates."""
    model = make_pipeline(StandardScaler(), LogisticRegression(C=1.0, max_iter=5000))
    known = table.dropna(subset=columns)
    model.fit(known[columns].to_numpy(), known["true"].to_numpy())
    scale, line = model[0], model[1]
    weights = line.coef_[0] / scale.scale_
    return weights, float(line.intercept_[0] - weights @ scale.mean_)


def left_out(table: pd.DataFrame, columns: list[str]) -> np.ndarray:
    """The probability of each pair by weights fitted on all other stories; 0 where it is no candidate."""
    found = np.zeros(len(table))
    for story in table["story"].unique():
        own = (table["story"] == story).to_numpy()
        weights, intercept = fit(table[~own], columns)
        found[own] = 1 / (1 + np.exp(-(table.loc[own, columns].to_numpy() @ weights + intercept)))
    return np.nan_to_num(found)


def together(table: pd.DataFrame, similarity: np.ndarray, threshold: float) -> np.ndarray:
    """bool, the pairs whose sentences are in one proposition."""
    ends = [pd.MultiIndex.from_frame(table[["story", *PAIR[at : at + 2]]]) for at in (0, 2)]
    both = ends[0].append(ends[1].set_names(ends[0].names))
    numbers, sentences = pd.factorize(both)
    one, other = np.split(numbers, 2)
    article = pd.factorize(sentences.droplevel(2))[0]
    number = propositions(one, other, similarity, article, threshold=threshold)
    return (number[one] == number[other]) & (number[one] >= 0)


def is_demo(table: pd.DataFrame) -> np.ndarray:
    """bool, the pairs of the demo."""
    return table["story"].str.startswith("demo").to_numpy()


def by_kind(table: pd.DataFrame, similarity: np.ndarray) -> str:
    """Cells: average precision of own stories, of the demo, of all; best F1 of all."""
    true, demo = table["true"].to_numpy(), is_demo(table)
    parts = [average_precision_score(true[part], similarity[part]) for part in (~demo, demo, demo | ~demo)]
    best = max(f1(true, similarity >= step) for step in np.unique(similarity[true]))
    return " | ".join(f"{value:.3f}" for value in (*parts, best))


def section_measures(stories: list[Story], table: pd.DataFrame) -> list[str]:
    """What each measure is worth, and what else was tried."""
    columns = list(MEASURES)
    lines = ["| weights fitted without the story | own AP | demo AP | AP | best F1 |", "|---|---:|---:|---:|---:|"]
    lines.append(f"| **all measures** | {by_kind(table, left_out(table, columns))} |")
    for column in columns:
        lines.append(f"| without {column} | {by_kind(table, left_out(table, [c for c in columns if c != column]))} |")
    shares = variants.STEM, variants.GROUP
    try:
        variants.STEM, variants.GROUP = 1.0, 0.0
        variants._forms.cache_clear()
        lines.append(f"| all measures, without synonyms | {by_kind(*_refitted(stories, columns))} |")
    finally:
        variants.STEM, variants.GROUP = shares
        variants._forms.cache_clear()
    mute = [Story(**{**vars(story), "sentences": story.sentences.drop(columns="speaker")}) for story in stories]
    lines.append(f"| all measures, without speakers | {by_kind(*_refitted(mute, columns))} |")
    for column, name in (
        ("cosine", "cosine alone"),
        ("overlap", "overlap (Dice) alone"),
        ("fuzzy", "rapidfuzz (fuzzy) alone"),
    ):
        lines.append(f"| {name} | {by_kind(table, table[column].fillna(0).to_numpy())} |")
    return lines


def _refitted(stories: list[Story], columns: list[str]) -> tuple[pd.DataFrame, np.ndarray]:
    table = table_of(stories)
    return table, left_out(table, columns)


def section_thresholds(table: pd.DataFrame, similarity: np.ndarray) -> list[str]:
    """Precision, recall and F1 of pairs and of propositions over thresholds."""
    true, demo = table["true"].to_numpy(), is_demo(table)
    lines = ["| threshold | pairs P | R | F1 | propositions P | R | F1 | own F1 | demo F1 |", "|---:|" + "---:|" * 8]
    for step in np.arange(0.3, 0.96, 0.05).round(2):
        found = similarity >= step
        joined = together(table, similarity, float(step))
        cells = []
        for kind in (found, joined):
            cells += [(true & kind).sum() / kind.sum(), (true & kind).sum() / true.sum(), f1(true, kind)]
        cells += [f1(true[part], joined[part]) for part in (~demo, demo)]
        mark = "**" if step == THRESHOLD else ""
        lines.append(f"| {mark}{step:.2f}{mark} | " + " | ".join(f"{cell:.3f}" for cell in cells) + " |")
    return lines


def section_calibration(table: pd.DataFrame, similarity: np.ndarray) -> list[str]:
    """How many pairs of a similarity are true."""
    bounds = [0, 0.1, 0.3, 0.5, 0.7, 0.8, 0.9, 1.0001]
    of_bin = pd.cut(similarity, bounds, right=False)
    true = table["true"].groupby(of_bin, observed=True)
    lines = ["| similarity | pairs | mean similarity | share true |", "|---|---:|---:|---:|"]
    for place, (count, share) in enumerate(zip(true.size(), true.mean(), strict=True)):
        mean = pd.Series(similarity).groupby(of_bin, observed=True).mean().iloc[place]
        lines.append(
            f"| {bounds[place]:.1f} to {min(bounds[place + 1], 1):.1f} | {count:,} | {mean:.3f} | {share:.3f} |"
        )
    return lines


def section_speed(stories: list[Story]) -> list[str]:
    """Seconds for made-up studies: the longer own stories again and again."""
    longer = [story for story in stories if len(story.sentences) > 40]
    lines = ["| articles | stories | sentences | candidates | seconds |", "|---:|---:|---:|---:|---:|"]
    for n_stories, per_story in ((200, 5), (1, 300)):
        articles, sentences = [], []
        for number in range(n_stories * per_story):
            story = longer[number // per_story % len(longer)]
            source = story.articles["article_id"].iloc[number % len(story.articles)]
            own = story.articles[story.articles["article_id"] == source]
            articles.append(own.assign(article_id=f"{number:012x}", story=str(number // per_story)))
            kept = story.sentences[story.sentences["article_id"] == source]
            sentences.append(kept.assign(article_id=f"{number:012x}"))
        study, rows = pd.concat(articles, ignore_index=True), pd.concat(sentences, ignore_index=True)
        begin = time.perf_counter()
        pairs = align_sentences(study, rows)
        seconds = time.perf_counter() - begin
        lines.append(f"| {len(study):,} | {n_stories} | {len(rows):,} | {len(pairs):,} | {seconds:.1f} |")
    return lines


def mixtures(stories: list[Story]) -> dict[str, tuple[pd.DataFrame, np.ndarray]]:
    """Studies with their true stories: all articles on one day; one article of each, on one day and over months."""
    every = pd.concat([story.articles for story in stories], ignore_index=True)
    alone = every.drop_duplicates("story").reset_index(drop=True)
    day = pd.Timestamp("2024-03-01").as_unit("us")
    months = day + pd.to_timedelta(np.arange(len(alone)) * 5, "D")
    return {
        "own stories, one day": (every.assign(published=day), every["story"].to_numpy()),
        "one article of each, one day": (alone.assign(published=day), alone["story"].to_numpy()),
        "one article of each, months": (alone.assign(published=months.as_unit("us")), alone["story"].to_numpy()),
    }


def section_stories(stories: list[Story]) -> list[str]:
    """Stories found in mixtures, over thresholds: how many, and precision and recall of pairs of articles."""
    lines = ["| threshold |", "|---:|"]
    demo = [story.articles for story in stories if story.name.startswith("demo")]
    moments = pd.concat(demo, ignore_index=True)
    studies = mixtures([story for story in stories if not story.name.startswith("demo")])
    studies["demo, by moments"] = (moments, moments["story"].to_numpy())
    for name, (articles, true) in studies.items():
        lines[0] += f" {name} ({len(articles)} articles, {len(set(true))} stories): found | P | R |"
        lines[1] += "---:|---:|---:|"
    for step in (0.05, 0.08, 0.1, 0.12, 0.15, 0.18, 0.2, 0.25, 0.3):
        mark = "**" if step == grouping.THRESHOLD else ""
        line = f"| {mark}{step:.2f}{mark} |"
        for articles, true in studies.values():
            blank = pd.array([None] * len(articles), dtype="str")
            found = find_stories(articles.assign(story=blank), threshold=step)
            (_, wrong), (missed, right) = pair_confusion_matrix(true, found)
            precision = f"{right / (right + wrong):.2f}" if right + wrong else "–"
            recall = f"{right / (right + missed):.2f}" if right + missed else "–"
            line += f" {found.nunique()} | {precision} | {recall} |"
        lines.append(line)
    return lines


def main() -> None:
    """Fit, measure, print and write alignments.md."""
    stories = [*own_stories(), *demo_stories()]
    table = table_of(stories)
    similarity = left_out(table, list(MEASURES))
    weights, intercept = fit(table, list(MEASURES))
    demo = [story for story in stories if story.name.startswith("demo")]
    texts = "\n".join(
        [
            "# Alignment and stories",
            "",
            f"Written by `python -m benchmarks.alignments`, {platform.machine()}, Python {platform.python_version()}. "
            f"{len(stories) - len(demo)} stories of alignments_own.yml, {len(demo)} moments of the demo: "
            f"{len(table):,} pairs of sentences, {table['true'].sum()} of them aligned by hand.",
            "",
            "## Measures",
            "",
            "Weights fitted on all (shipped where they are equal): "
            + ", ".join(f"{name} {weight:.2f}" for name, weight in zip(MEASURES, weights, strict=True))
            + f"; intercept {intercept:.2f}. Shipped: {', '.join(map(str, COEFFICIENTS))}; {INTERCEPT}.",
            "",
            *section_measures(stories, table),
            "",
            "## Threshold",
            "",
            "Pairs: aligned by similarity. Propositions: pairs in one group, by average link inside connected groups, "
            f"down to {CUT} of the threshold. The default, {THRESHOLD}, is the least at which 19 of 20 aligned pairs "
            "are right. It was settled after the real pages had been scored once, at several thresholds, which spoke "
            "for a high one; by F1 of pairs here it would be about .45.",
            "",
            *section_thresholds(table, similarity),
            "",
            "How far similarity is a probability:",
            "",
            *section_calibration(table, similarity),
            "",
            "## Speed",
            "",
            *section_speed(stories),
            "",
            "## Stories",
            "",
            f"Pairs of articles in one story, over the threshold of similarity; {grouping.THRESHOLD} is the default. "
            "The demo tells one event in six moments: one story or six are both right.",
            "",
            *section_stories(stories),
            "",
        ]
    )
    print(texts)
    (HERE / "alignments.md").write_text(texts, encoding="utf-8")


if __name__ == "__main__":
    main()
