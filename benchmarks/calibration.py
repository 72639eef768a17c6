"""Do the tests hold their level where there is no difference? ``python -m benchmarks.calibration`` writes its table.

One outlet's articles are split at random 200 times, so that no split has a real difference. A test that holds its level
gives p < .05 for about 5 % of words. The outlet is made up: articles of about 500 words from one Zipfian vocabulary,
where words come in bursts as they do in news: the rate of a word varies from article to article by a gamma
distribution (its counts are negative binomial), more for rare words than for function words.

In a third setting 200 pairs of outlets are made up with the same rates of words, one of them with few and long
articles, the other with many and short ones.
"""

from __future__ import annotations

import platform
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd
from scipy import stats

from analysis.comparison.keyness import keyness

HERE = Path(__file__).resolve().parent
ARTICLES, TYPES, MEAN_LENGTH = 240, 12_000, 500
# So many of the articles are long ones, where long ones are set against short ones; and their mean lengths.
LONG, LONG_LENGTH, SHORT_LENGTH = 48, 1000, 350
SPLITS, PERMUTATIONS, REPLICATES, SEED = 200, 999, 500, 20240614
UNEQUAL = f"{LONG} articles of about {LONG_LENGTH:,} words against {ARTICLES - LONG} of about {SHORT_LENGTH}"
# In so many articles a word must stand to be counted: with fewer, p has few different values.
LEAST = 20
OVER_ARTICLES = ("permutation over articles", "Wilcoxon rank-sum over articles")
BANDS = ((5, 10), (10, 20), (20, 50), (50, 120), (120, ARTICLES + 1))
TESTS = {
    "permutation over articles": lambda table: table["p"] < 0.05,
    "Wilcoxon rank-sum over articles": lambda table: table["p_wilcoxon"] < 0.05,
    "bootstrap interval (95 %) without 0": lambda table: (table["low"] > 0) | (table["high"] < 0),
    "log-likelihood over tokens, χ² with 1 df": lambda table: table["log_likelihood"].abs() > stats.chi2.isf(0.05, 1),
    "chi-squared over tokens": lambda table: table["chi2"].abs() > stats.chi2.isf(0.05, 1),
    "Fisher's exact test over tokens": lambda table: table["fisher_p"] < 0.05,
}


def outlet(
    random: np.random.Generator, mean_lengths: float | np.ndarray = MEAN_LENGTH
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """word_counts and articles of one outlet."""
    share = 1 / (np.arange(1, TYPES + 1) + 2.7)
    share /= share.sum()
    # Function words vary little (shape 10), rare words much (down to .1): the square of a coefficient of variation
    # of rates is 1/shape.
    shape = np.maximum(0.1, 10 / np.arange(1, TYPES + 1) ** 0.6)
    lengths = np.maximum(80, random.lognormal(np.log(mean_lengths) - 0.125, 0.5, ARTICLES))
    rates = share * random.gamma(shape, 1 / shape, (ARTICLES, TYPES))
    counts = random.poisson(rates * lengths[:, None])
    article, word = np.nonzero(counts)
    ids = np.array([f"{number:012x}" for number in range(ARTICLES)])
    names = np.array([f"w{number:05}" for number in range(TYPES)])
    word_counts = pd.DataFrame(
        {
            "article_id": pd.array(ids[article], dtype="str"),
            "word": pd.array(names[word], dtype="str"),
            "voice": pd.array(["own"] * len(word), dtype="str"),
            "n": counts[article, word],
        }
    )
    return word_counts, pd.DataFrame({"article_id": pd.array(ids, dtype="str")})


def splits(share: float) -> Iterator[tuple[pd.DataFrame, pd.DataFrame]]:
    """word_counts and articles of one outlet, with a ``side`` for each article, dealt at random."""
    word_counts, articles = outlet(np.random.default_rng(SEED))
    for number in range(SPLITS):
        random = np.random.default_rng([SEED, number, int(100 * share)])
        chosen = random.permutation(ARTICLES) < share * ARTICLES
        yield word_counts, articles.assign(side=np.where(chosen, "one", "other"))


def long_against_short() -> Iterator[tuple[pd.DataFrame, pd.DataFrame]]:
    """word_counts and articles of pairs of outlets: ``one`` with long articles, the other with short ones."""
    long = np.arange(ARTICLES) < LONG
    for number in range(SPLITS):
        random = np.random.default_rng([SEED, number])
        word_counts, articles = outlet(random, np.where(long, LONG_LENGTH, SHORT_LENGTH))
        yield word_counts, articles.assign(side=np.where(long, "one", "other"))


def hits(pairs: Iterator[tuple[pd.DataFrame, pd.DataFrame]]) -> pd.DataFrame:
    """For each pair and word: in how many articles it stands, and which tests say p < .05."""
    found = []
    for number, (word_counts, articles) in enumerate(pairs):
        options = {"permutations": PERMUTATIONS, "replicates": REPLICATES, "seed": number}
        table = keyness(
            word_counts, articles, by="side", target="one", min_count=1, min_articles=BANDS[0][0], **options
        )
        said = {name: test(table) for name, test in TESTS.items()}
        found.append(pd.DataFrame({"articles": table["articles_target"] + table["articles_reference"], **said}))
    return pd.concat(found, ignore_index=True)


def main() -> None:
    """Measure, print and write calibration.md."""
    word_counts, _ = outlet(np.random.default_rng(SEED))
    lines = [
        "# Calibration: tests of keyness where there is no difference",
        "",
        f"Written by `python -m benchmarks.calibration`, Python {platform.python_version()}. {ARTICLES} articles of "
        f"one made-up outlet ({word_counts['n'].sum():,} words, {word_counts['word'].nunique():,} types that come in "
        f"bursts) are split at random {SPLITS} times, and {SPLITS} pairs of outlets with the same rates are made up, "
        f"one of long and one of short articles; {PERMUTATIONS} permutations, {REPLICATES} bootstrap replicates. "
        "The share of words with p < .05 should be .05.",
    ]
    settings = {"Halves": splits(0.5), "One fifth against the rest": splits(0.2), UNEQUAL: long_against_short()}
    held = {name: [] for name in OVER_ARTICLES}
    for title, pairs in settings.items():
        table = hits(pairs)
        counted = table[table["articles"] >= LEAST]
        lines += [
            "",
            f"## {title}",
            "",
            f"Words in at least {LEAST} of the articles ({len(counted) // SPLITS:,}), and by the number of articles:",
            "",
            f"| test | {LEAST} and more | " + " | ".join(f"{low} to {high - 1}" for low, high in BANDS) + " |",
            "|---|---|" + "---|" * len(BANDS),
        ]
        for name in TESTS:
            cells = [counted[name].mean()]
            if name in OVER_ARTICLES:
                held[name].append(0.03 <= cells[0] <= 0.07)
            cells += [table.loc[table["articles"].between(low, high - 1), name].mean() for low, high in BANDS]
            lines.append(f"| {name} | " + " | ".join(f"{cell:.3f}" for cell in cells) + " |")
    lines += [
        "",
        f"Words in at least {LEAST} articles: where articles are dealt at random, both tests over articles lie between "
        f".03 and .07: {_said(all(one for name in OVER_ARTICLES for one in held[name][:2]))}. Where one side's are the "
        f"longer ones, the permutation test does: {_said(held[OVER_ARTICLES[0]][2])}; the Wilcoxon test does: "
        f"{_said(held[OVER_ARTICLES[1]][2])}. A short article lacks a word more often and has it at a higher rate, "
        "which is a difference of ranks at equal rates; where lengths differ, the permutation test is the one to read. "
        "Tests over tokens call too many words different, most of all frequent ones. "
        "The percentile interval is too narrow where few articles of a side have the word: "
        "it shows how large a difference may be, and the tests show whether there is one.",
    ]
    text = "\n".join(lines) + "\n"
    print(text)
    (HERE / "calibration.md").write_text(text, encoding="utf-8")


def _said(holds: bool) -> str:
    return "yes" if holds else "NO"


if __name__ == "__main__":
    main()
