"""Specification curve: one contrast under every combination of the choices that a researcher could have made."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
import pandas as pd

from analysis.comparison.combinations import (
    CHOICES,
    COPIES,
    HEADLINE,
    LENGTHS,
    MEASURED,
    VOICES,
    Count,
    articles_of,
    counts_of,
)
from analysis.comparison.per_article import Kind, check_whole
from analysis.comparison.resampling import generator
from analysis.comparison.stratified import bounds_of, drawn_sums
from analysis.comparison.weights import dealt, in_threads
from analysis.study import UserError

EFFECTS = ("coefficient", "difference")
_DEFAULT = {"voice": "all", "headline": "in", "copies": "grouped", "min_words": 0, "measure": MEASURED[0]}


def specification_curve(
    tables: Mapping[str, pd.DataFrame],
    *,
    variable: str,
    category: str,
    level_a: str,
    level_b: str,
    by: str = "outlet",
    codebook: str | None = None,
    variants: Mapping[str, Mapping[str, str]] | None = None,
    voices: Sequence[str] = tuple(VOICES),
    headline: Sequence[str] = HEADLINE,
    copies: Sequence[str] = COPIES,
    min_words: Sequence[int] = LENGTHS,
    measures: Sequence[str] = MEASURED,
    effect: str = "coefficient",
    chosen: Mapping[str, object] | None = None,
    replicates: int = 1000,
    permutations: int = 999,
    seed: int = 0,
) -> pd.DataFrame:
    """How far two levels are apart in one category, under all combinations of choices.

    Args:
        tables: the coded tables of a study.
        variable, category, codebook: what is contrasted. variants: other codings of the same question, by name: a
            mapping with variable, category and, where several have it, codebook.
        level_a, level_b: of ``by``, a column of articles.
        voices: all, own, own and indirect: of the body. headline: in or out (with the deck).
        copies: kept (articles are drawn), grouped (copy groups are drawn), or a way of `wire.counted`: one per copy
            group, originals only, outlet-added text only (groups are drawn).
        min_words: shorter bodies are left out. measures: names of `per_article.MEASURES`.
        effect: coefficient, (value_a − value_b)/(value_a + value_b), from −1 to 1, which has one scale for shares and
            rates; or difference, value_a − value_b, where all measures are shares, or all rates.
        chosen: the choices of the report, by column; others are the first of: all, in, grouped, 0, the variable given,
            share of choices, that are among the options.

    Returns:
        One row a specification, smallest estimate first, those without one last: voice, headline, copies, min_words,
        variant, measure; value_a, value_b, estimate, low, high (95 %, bootstrap), n, total, n_articles, n_groups (of
        both levels, with a denominator), chosen, note. A specification that leaves a level with nothing has NaN;
        ``attrs["empty"]`` counts these. ``attrs`` have p_median and p_same_sign for `joint_summary`.

    Limits: every combination weighs alike, whether a methodologist would defend it or not, and many share most of their
    data, so that their number is no sample size. Intervals hold for each specification alone. A coefficient of 1 says
    that level_b never has the category, however rarely level_a has it.

    Sources: Simonsohn, Simmons & Nelson 2020, Specification curve analysis; Hofland & Johansson 1982 for the difference
    coefficient.
    """
    check_whole(1, replicates=replicates, permutations=permutations)
    given = {"voices": voices, "headline": headline, "copies": copies, "min_words": min_words, "measures": measures}
    options = _options(variable, category, codebook, variants, **given)
    marked = _chosen(options, chosen)
    if effect not in EFFECTS:
        raise UserError(f"effect {effect!r} is none; allowed: {', '.join(EFFECTS)}")
    if effect == "difference" and len({name.startswith("rate") for name in options["measure"]}) > 1:
        raise UserError("effect 'difference': shares and rates have no common scale; allowed: coefficient, or one kind")
    articles, in_a = articles_of(tables, by, level_a, level_b)
    counted = list(counts_of(tables, articles, options))
    rows = []
    for specification, count in counted:
        unit = articles["article_id" if specification["copies"] == "kept" else "group"].to_numpy()
        # One stream for all, so that specifications that count the same have the same interval.
        row = _row(count, in_a, unit, effect, replicates=replicates, seed=seed, level=f"{level_a}\x1f{level_b}")
        note = _note((level_a, level_b), row.pop("units"), row["estimate"], count.kind)
        rows.append({**specification, **row, "chosen": specification == marked, "note": note})
    groups, counts = articles["group"].to_numpy(), [count for _, count in counted]
    joint = _joint_p(counts, in_a, groups, effect, permutations=permutations, seed=seed)
    table = _typed(rows)
    table.attrs = {
        "variable": variable,
        "category": category,
        "level_a": level_a,
        "level_b": level_b,
        "by": [by],
        "effect": effect,
        "options": {name: list(values) for name, values in options.items()},
        "chosen": marked,
        "replicates": replicates,
        "permutations": permutations,
        "seed": seed,
        "specifications": len(table),
        "empty": int(table["estimate"].isna().sum()),
        **joint,
    }
    return table


def joint_summary(curve: pd.DataFrame) -> pd.DataFrame:
    """What the specifications of a curve say together, in one row.

    Returns:
        specifications, defined (with an estimate), same_sign (the share of these on the side of 0 where most are),
        interval_without_0 (the share with an interval that leaves 0 out on that side), median, lowest, highest, chosen
        (the report's estimate), p_median, p_same_sign: how often the levels of copy groups, dealt out anew, give a
        median as far from 0 (two-sided), and as many on one side. NaN where nothing is defined.

    Limits: 0 is on no side. The two p values deal out the bare estimates, not divided by their errors as those of
    `contrasts` are, and come out too small where the articles of one level are much longer. See `specification_curve`.
    Source: Simonsohn, Simmons & Nelson 2020.
    """
    known = curve[curve["estimate"].notna()]
    up, down = (known["estimate"] > 0).mean(), (known["estimate"] < 0).mean()
    clear = known["low"] > 0 if up >= down else known["high"] < 0
    chosen = curve.loc[curve["chosen"], "estimate"]
    return pd.DataFrame(
        {
            "specifications": [len(curve)],
            "defined": [len(known)],
            "same_sign": [max(up, down)],
            "interval_without_0": [clear.mean()],
            "median": [known["estimate"].median()],
            "lowest": [known["estimate"].min()],
            "highest": [known["estimate"].max()],
            "chosen": [chosen.iloc[0] if len(chosen) else np.nan],
            "p_median": [curve.attrs.get("p_median", np.nan)],
            "p_same_sign": [curve.attrs.get("p_same_sign", np.nan)],
        }
    )


def _options(variable: str, category: str, codebook: str | None, variants: Mapping | None, **given) -> dict[str, list]:
    """The values of each choice by column; variants as a mapping from their names."""
    own = {"variable": variable, "category": category, **({"codebook": codebook} if codebook else {})}
    coded = {f"{variable}: {category}": own, **(variants or {})}
    for name, variant in coded.items():
        if not {"variable", "category"} <= set(variant) <= {"variable", "category", "codebook"}:
            raise UserError(f"variant {name!r} has {', '.join(variant)}; needed: variable, category; allowed: codebook")
    lengths = [given["min_words"]] if isinstance(given["min_words"], int) else list(given["min_words"])
    for least in lengths:
        check_whole(0, min_words=least)
    return {
        "voice": _among("voices", given["voices"], tuple(VOICES)),
        "headline": _among("headline", given["headline"], HEADLINE),
        "copies": _among("copies", given["copies"], COPIES),
        "min_words": _among("min_words", lengths, lengths or LENGTHS),
        "variant": coded,
        "measure": _among("measures", given["measures"], MEASURED),
    }


def _among(option: str, values: Sequence, allowed: Sequence) -> list:
    """The values of an option, in the order of ``allowed``."""
    wanted = [values] if isinstance(values, str) else list(values)
    wrong = [one for one in wanted if one not in allowed]
    if wrong or not wanted:
        named = f"{wrong[0]!r} is none" if wrong else "is an empty list"
        raise UserError(f"{option} {named}; allowed: {', '.join(map(str, allowed))}")
    return [one for one in dict.fromkeys(allowed) if one in wanted]


def _chosen(options: Mapping[str, Iterable], chosen: Mapping[str, object] | None) -> dict[str, object]:
    """The specification of the report."""
    marked = {}
    for name, values in options.items():
        default = _DEFAULT.get(name)
        marked[name] = default if default in values else next(iter(values))
    for name, value in (chosen or {}).items():
        if name not in options:
            raise UserError(f"chosen: {name!r} is no choice; allowed: {', '.join(options)}")
        if value not in options[name]:
            raise UserError(f"chosen: {name} {value!r} is not among the options: {', '.join(map(str, options[name]))}")
        marked[name] = value
    return marked


def _row(
    count: Count, in_a: np.ndarray, unit: np.ndarray, effect: str, *, replicates: int, seed: int, level: str
) -> dict:
    """Values, estimate and interval of one specification; ``units``: how many have a denominator on each side."""
    used = count.totals > 0
    number = pd.factorize(unit[used], sort=True)[0]
    rows = np.zeros((number.max(initial=-1) + 1, 4))
    for side, place in ((in_a, 0), (~in_a, 2)):
        of_side = number[side[used]]
        np.add.at(rows, (of_side, place), count.n[used & side])
        np.add.at(rows, (of_side, place + 1), count.totals[used & side])
    scale = count.kind.scale
    value_a, value_b, estimate = (float(one) for one in _effect(rows.sum(axis=0), effect, scale))
    units = [np.count_nonzero(rows[:, place]) for place in (1, 3)]
    strata = (rows[:, 1] > 0) + 2 * (rows[:, 3] > 0)
    replicates = replicates if min(units) > 1 else 0
    sums = drawn_sums(rows, strata, replicates=replicates, seed=seed, level=level)
    low, high = bounds_of(_effect(sums, effect, scale)[2][:, None])
    return {
        "value_a": value_a,
        "value_b": value_b,
        "estimate": estimate,
        "low": low[0],
        "high": high[0],
        "n": int(count.n[used].sum()),
        "total": int(count.totals.sum()),
        "n_articles": int(used.sum()),
        "n_groups": len(rows),
        "units": units,
    }


def _effect(sums: np.ndarray, effect: str, scale: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """value_a, value_b and the estimate from n_a, total_a, n_b, total_b (last axis); undefined is NaN."""
    with np.errstate(invalid="ignore", divide="ignore"):
        a, b = scale * sums[..., 0] / sums[..., 1], scale * sums[..., 2] / sums[..., 3]
        return a, b, a - b if effect == "difference" else (a - b) / (a + b)


def _note(levels: tuple[str, str], n_units: list[int], estimate: float, kind: Kind) -> str | None:
    nothing = [f"{level}: {kind.nothing}" for level, n in zip(levels, n_units, strict=True) if n == 0]
    if nothing:
        return "; ".join(nothing)
    if np.isnan(estimate):
        return "neither has it: no coefficient"
    one = [level for level, n in zip(levels, n_units, strict=True) if n == 1]
    return f"one unit of {' and of '.join(one)}: no interval" if one else None


def _joint_p(
    counts: Sequence[Count], in_a: np.ndarray, groups: np.ndarray, effect: str, *, permutations: int, seed: int
) -> dict[str, float]:
    """How often the levels of copy groups, dealt out anew, give a median as far out, and as many of one sign.

    All specifications see the same deal. A group that stands in both levels enters once on each side.
    """
    unit, numbers = np.unique(pd.factorize(groups, sort=True)[0] * 2 + ~in_a, return_inverse=True)
    n, totals = (np.zeros((len(unit), len(counts))) for _ in range(2))
    np.add.at(n, numbers, np.column_stack([count.n * count.kind.scale for count in counts]))
    np.add.at(totals, numbers, np.column_stack([count.totals for count in counts]))
    of_a = unit % 2 == 0

    def estimates(labels: np.ndarray) -> np.ndarray:
        sides = (labels @ n, labels @ totals, (1 - labels) @ n, (1 - labels) @ totals)
        return _effect(np.stack(sides, axis=-1), effect, 1)[2]

    observed = estimates(of_a[None, :].astype(float))
    # What chance would give is asked of the specifications that give something.
    defined = ~np.isnan(observed[0])
    if not defined.any():
        return {"p_median": float("nan"), "p_same_sign": float("nan")}

    def work(batch: tuple[int, int, int]) -> np.ndarray:
        number, begin, end = batch
        random = generator(seed, f"joint permutation {number}")
        labels = dealt(random, len(unit), int(of_a.sum()), end - begin).T.astype(float)
        return _joint(estimates(labels)[:, defined])

    (median, same), found = _joint(observed[:, defined])[0], np.vstack(in_threads(work, permutations))
    found = found[~np.isnan(found).any(axis=1)]
    slack = 1e-12
    tail = min(np.sum(found[:, 0] >= median - slack), np.sum(found[:, 0] <= median + slack))
    return {
        "p_median": min(1.0, 2 * (int(tail) + 1) / (len(found) + 1)),
        "p_same_sign": (int(np.sum(found[:, 1] >= same - slack)) + 1) / (len(found) + 1),
    }


def _joint(estimates: np.ndarray) -> np.ndarray:
    """Median and share of one sign of each row's estimates, NaN aside."""
    table = pd.DataFrame(estimates)
    known = table.notna().sum(axis=1)
    same = np.maximum((table > 0).sum(axis=1), (table < 0).sum(axis=1)) / known
    return np.column_stack([table.median(axis=1), same])


def _typed(rows: list[dict]) -> pd.DataFrame:
    """The rows in order of their estimates, with the contract's order and types."""
    types = {**dict.fromkeys(CHOICES, "str"), "min_words": "int64"}
    types |= dict.fromkeys(["value_a", "value_b", "estimate", "low", "high"], "float64")
    types |= dict.fromkeys(["n", "total", "n_articles", "n_groups"], "int64")
    types |= {"chosen": "bool", "note": "str"}
    table = pd.DataFrame(rows)[list(types)].astype(types)
    return table.sort_values("estimate", kind="stable").reset_index(drop=True)
