"""Do the intervals of a validation hold what they promise? ``python -m benchmarks.validation`` writes its table.

Studies are made up in which it is known, of every sentence, whether the category is there and whether the machine says
so. Samples are drawn from them, coded without an error, and it is counted how often the 95 % intervals of precision,
recall, F1 and prevalence hold the true value: of each category, of the averages over five, and of the prevalence
corrected by level.
"""

from __future__ import annotations

import platform
from pathlib import Path

import numpy as np
import pandas as pd

from analysis.comparison.accuracy import measured, validity
from analysis.comparison.confusions import MEASURES, against_rest, confused
from analysis.comparison.prevalence import corrected_prevalence
from analysis.comparison.sampling import allocation, draw_from
from analysis.comparison.units import Units

HERE = Path(__file__).resolve().parent
SENTENCES, OUTLETS, LENGTH = 5000, 6, 25
PRECISION, RECALL = 0.9, 0.7
PREVALENCES, SIZES = (0.02, 0.05, 0.1, 0.2, 0.5), (100, 200, 400)
# Of five categories, each is so many times as frequent as their mean.
FIVE = (1.5, 1.2, 1.0, 0.8, 0.5)
SAMPLES, OF_FIVE, CORRECTED, SEED = 1000, 100, 200, 20240614
SHOWN = ("precision", "recall", "f1", "prevalence")


# The outlet of each sentence: the largest has six times the sentences of the smallest.
LEVEL = np.repeat(np.arange(OUTLETS), np.diff(np.round(np.cumsum([0, 1, 2, 3, 4, 5, 6]) * SENTENCES / 21).astype(int)))


def made(random: np.random.Generator, prevalence: float) -> tuple[np.ndarray, np.ndarray]:
    """Truth and machine of all sentences, with exactly the planted precision and recall."""
    chance = np.linspace(0.5, 1.5, OUTLETS)[LEVEL]
    truth, machine = np.zeros(SENTENCES, dtype=bool), np.zeros(SENTENCES, dtype=bool)
    truth[random.choice(SENTENCES, round(prevalence * SENTENCES), replace=False, p=chance / chance.sum())] = True
    found = round(RECALL * truth.sum())
    machine[random.choice(np.flatnonzero(truth), found, replace=False)] = True
    machine[random.choice(np.flatnonzero(~truth), round(found * (1 / PRECISION - 1)), replace=False)] = True
    return truth, machine


def true_values(truth: np.ndarray, machine: np.ndarray) -> dict[str, float]:
    """The measures over all sentences."""
    counts = np.array([[np.sum(machine & truth), np.sum(machine & ~truth)], [np.sum(~machine & truth), 0]], float)
    counts[1, 1] = len(truth) - counts.sum()
    return {measure: float(of(*against_rest(counts, 0))) for measure, of in MEASURES.items()}


def of_one(prevalence: float, n: int) -> pd.Series:
    """The share of samples whose interval holds the truth, by measure, and the mean width of recall's."""
    random = np.random.default_rng([SEED, round(100 * prevalence), n])
    held = []
    for number in range(SAMPLES):
        if number % 50 == 0:
            truth, machine = made(random, prevalence)
            expected, stratum = true_values(truth, machine), 2 * LEVEL + machine
            there = np.bincount(stratum, minlength=2 * OUTLETS)
            quota = allocation(there, np.arange(2 * OUTLETS) % 2 == 1, n)
            members = [np.flatnonzero(stratum == one) for one in range(2 * OUTLETS)]
        rows = np.concatenate([random.choice(m, k, replace=False) for m, k in zip(members, quota, strict=True)])
        items = pd.DataFrame(
            {
                "level": LEVEL[rows],
                "hit": machine[rows],
                "machine": np.where(machine[rows], "yes", "no"),
                "code": np.where(truth[rows], "yes", "no"),
                "alike": there[stratum[rows]],
                "population": there[stratum[rows]],
            }
        )
        found = measured(confused(items, draws=2000, seed=number), 0)
        held.append([found[one][1] <= expected[one] <= found[one][2] for one in SHOWN] + [np.ptp(found["recall"][1:])])
    return pd.DataFrame(held, columns=[*SHOWN, "width"]).astype(float).mean()


def study(random: np.random.Generator, prevalences: list[float]) -> tuple[Units, np.ndarray]:
    """Units of several categories, and the truth of each."""
    pairs = [made(random, one) for one in prevalences]
    truth, machine = (np.column_stack(one) for one in zip(*pairs, strict=True))
    frame = pd.DataFrame(
        {
            "article_id": pd.array([f"{number // LENGTH:012x}" for number in range(SENTENCES)], dtype="str"),
            "where": pd.array(["body"] * SENTENCES, dtype="str"),
            "start": np.arange(SENTENCES),
            "end": np.arange(SENTENCES) + 1,
            "level": pd.array([f"outlet {one}" for one in LEVEL], dtype="str"),
            "twin": np.arange(SENTENCES),
            "hit": machine.any(axis=1),
        }
    )
    names = [f"category {number}" for number in range(len(prevalences))]
    codes = np.where(machine, "yes", "no").astype(object)
    return Units(frame, names, ("yes", "no"), codes, "sentence", "made", "0" * 12, "matter"), truth


def coded(samples: pd.DataFrame, truth: np.ndarray, names: list[str]) -> pd.DataFrame:
    """The answers of one coder who is always right."""
    right = truth[samples["start"], samples["category"].map(names.index)]
    table = samples[["sample", "item", "category"]].assign(coder="one", code=np.where(right, "yes", "no"))
    return table.astype("str")


def of_five(prevalence: float, n: int) -> pd.Series:
    """The same of the averages over five categories."""
    random = np.random.default_rng([SEED, 5, round(100 * prevalence), n])
    held = []
    for number in range(OF_FIVE):
        if number % 20 == 0:
            units, truth = study(random, [prevalence * one for one in FIVE])
            each = [true_values(truth[:, place], units.codes[:, place] == "yes") for place in range(len(FIVE))]
            whole = true_values(truth.ravel(), (units.codes == "yes").ravel())
        samples = draw_from(units, n=n, seed=number)
        table = validity(samples, coded(samples, truth, units.questions), draws=2000, seed=number)
        averages = table[table["category"].isna()].set_index("average")
        row = {}
        for measure in SHOWN:
            for average, true in (("micro", whole[measure]), ("macro", np.mean([one[measure] for one in each]))):
                low, high = averages.loc[average, [f"{measure}_low", f"{measure}_high"]]
                row[f"{average} {measure}"] = low <= true <= high
        held.append(row)
    return pd.DataFrame(held).astype(float).mean()


def of_corrected(n: int) -> pd.Series:
    """How often the corrected prevalence of the outlets, and of all, holds what the sentences were drawn from."""
    random, held = np.random.default_rng([SEED, n]), []
    of_outlet = 0.1 * np.linspace(0.5, 1.5, OUTLETS)
    for number in range(CORRECTED):
        # Articles differ: a beta distribution whose correlation within articles is 1/21.
        level = np.arange(SENTENCES // LENGTH) * OUTLETS // (SENTENCES // LENGTH)
        chance = random.beta(20 * of_outlet[level], 20 * (1 - of_outlet[level]))
        truth = random.random(SENTENCES) < np.repeat(chance, LENGTH)
        # The false hits that give a precision of .9 at a prevalence of .1.
        machine = random.random(SENTENCES) < np.where(truth, RECALL, 0.1 * RECALL * (1 / PRECISION - 1) / 0.9)
        units, _ = study(random, [0.1])
        names = pd.array([f"outlet {one}" for one in np.repeat(level, LENGTH)], dtype="str")
        codes = np.where(machine, "yes", "no").astype(object)[:, None]
        units = units._replace(frame=units.frame.assign(level=names, hit=machine), codes=codes)
        samples = draw_from(units, n=n, seed=number)
        ids = units.frame["article_id"].drop_duplicates().reset_index(drop=True)
        articles = pd.DataFrame({"article_id": ids, "outlet": [f"outlet {one}" for one in level]}).astype("str")
        found = np.bincount(np.repeat(np.arange(len(ids)), LENGTH), weights=machine).astype(int)
        apparent = pd.DataFrame({"article_id": ids, "category": units.questions[0], "n": found, "total": LENGTH})
        answers = coded(samples, truth[:, None], units.questions)
        table = corrected_prevalence(samples, answers, apparent, articles, replicates=2000, seed=number)
        expected = np.append(of_outlet, of_outlet[level].mean())
        held.append((table["low"] <= expected) & (expected <= table["high"]))
    table = pd.DataFrame(held).astype(float)
    return pd.Series({"outlets": table.iloc[:, :-1].to_numpy().mean(), "all": table.iloc[:, -1].mean()})


def main() -> None:
    """Measure, print and write validation.md."""
    one = {(prevalence, n): of_one(prevalence, n) for prevalence in PREVALENCES for n in SIZES}
    five = {(prevalence, n): of_five(prevalence, n) for prevalence in PREVALENCES[:3] for n in SIZES[:2]}
    corrected = {n: of_corrected(n) for n in SIZES}
    lines = [
        "# Validation: do the intervals hold the truth?",
        "",
        f"Written by `python -m benchmarks.validation`, Python {platform.python_version()}. Studies of {SENTENCES:,} "
        f"sentences in {OUTLETS} outlets of unequal size; the machine's precision is {PRECISION}, its recall {RECALL}. "
        "Given is the share of samples whose interval of 95 % holds the true value.",
        "",
        "## One category",
        "",
        f"{SAMPLES} samples each. Width: the mean width of the interval of recall.",
        "",
        f"| prevalence | n | {' | '.join(SHOWN)} | width |",
        "|---|---|" + "---|" * (len(SHOWN) + 1),
        *(
            f"| {prevalence} | {n} | " + " | ".join(f"{value:.3f}" for value in row) + " |"
            for (prevalence, n), row in one.items()
        ),
        "",
        "## Averages over five categories",
        "",
        f"{OF_FIVE} samples each; prevalence is the mean of the five.",
        "",
        f"| prevalence | n | {' | '.join(next(iter(five.values())).index)} |",
        "|---|---|" + "---|" * (2 * len(SHOWN)),
        *(
            f"| {prevalence} | {n} | " + " | ".join(f"{value:.2f}" for value in row) + " |"
            for (prevalence, n), row in five.items()
        ),
        "",
        "## Corrected prevalence",
        "",
        f"{CORRECTED} studies each, made anew: articles of {LENGTH} sentences that differ in how often they have the "
        "category; outlets from .05 to .15.",
        "",
        "| n | outlets (mean) | all outlets |",
        "|---|---|---|",
        *(f"| {n} | {row['outlets']:.3f} | {row['all']:.3f} |" for n, row in corrected.items()),
        "",
        _said(pd.DataFrame(one).T[list(SHOWN)], pd.DataFrame(five).T, pd.DataFrame(corrected).T),
    ]
    text = "\n".join(lines) + "\n"
    print(text)
    (HERE / "validation.md").write_text(text, encoding="utf-8")


def _said(one: pd.DataFrame, five: pd.DataFrame, corrected: pd.DataFrame) -> str:
    held = int((one >= 0.93).sum().sum())
    return (
        f"Of one category {held} of {one.size} numbers are .93 and more; the lowest is {one.min().min():.3f} (over "
        f"{SAMPLES} samples, a share of .95 varies by ± .014). Of averages the lowest is {five.min().min():.2f}, of "
        f"corrected prevalences {corrected.min().min():.3f}. Where few errors are seen, intervals hold the truth too "
        "often rather than too seldom, and are wide: where a category is rare, 200 items tell little of recall."
    )


if __name__ == "__main__":
    main()
