"""Which categories stand together: in a sentence, or in an article.

A story may be told in two frames at once (conflict and its economic price). Two categories that are each frequent meet
by chance too, so that every pair has, beside its count, what chance would give.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import numpy as np
import pandas as pd

from analysis.comparison.hits import columns_of, groups_in, hits_in, levels_in
from analysis.comparison.per_article import check_whole
from analysis.comparison.resampling import generator
from analysis.comparison.selection import selected
from analysis.comparison.weights import batches
from analysis.study import UserError
from analysis.tables import VOICES, WHERE

UNITS = ("sentence", "article")
STATISTICS = ("jaccard", "phi", "lift", "lift_within", "log_odds")
_SIDES = [f"{name}_{side}" for side in "ab" for name in ("codebook", "variable", "category")]
_COUNTS = ["n_a", "n_b", "n_ab", "n_same", "total"]
_BOUNDS = [f"{name}{end}" for name in STATISTICS for end in ("", "_low", "_high")]


def cooccurrence(
    mentions: pd.DataFrame,
    sentences: pd.DataFrame,
    articles: pd.DataFrame,
    *,
    variable: str,
    codebook: str | None = None,
    other: str | None = None,
    other_codebook: str | None = None,
    unit: str = "sentence",
    by: str | Sequence[str] = (),
    voice: str | Sequence[str] | None = None,
    categories: pd.DataFrame | None = None,
    groups: pd.Series | None = None,
    replicates: int = 2000,
    seed: int = 0,
) -> pd.DataFrame:
    """How often two categories stand in one sentence or one article, and how much more often than by chance.

    Args:
        variable, codebook: its categories are paired with each other; with ``other`` (and ``other_codebook``), another
            variable, each of its categories with each of the other's.
        unit: "sentence" (of bodies) or "article" (headline, deck and body).
        by: columns of articles, and ``voice``; none: all together. Split by voice, a category counts in a unit where it
            has a hit in that voice; the units are the same for all voices.
        voice, categories, groups: as in `rates`.

    Returns:
        One row per level and pair, pairs in the order of the codebook: the columns of ``by``, codebook_a, variable_a,
        category_a, codebook_b, variable_b, category_b, unit, and

        * n_a, n_b, n_ab: the units with a, with b, with both; total: N, all units of the level; n_same: of n_ab those
          in which a and b are the same words, which two codebooks may both list: no evidence that two things meet;
        * expected = n_a·n_b/N;
        * jaccard = n_ab/(n_a + n_b − n_ab): of the units with either, those with both;
        * phi = (N·n_ab − n_a·n_b)/√(n_a(N − n_a)·n_b(N − n_b)): the correlation of the two, from −1 to 1, 0 by chance;
        * lift = n_ab/expected: so many times as often as by chance;
        * lift_within = n_ab/Σ n_ai·n_bi/N_i over articles i, for sentences: the same by chance within each article. A
          lift far above it says that the two stand in the same articles, not in the same sentences;
        * log_odds = ln[(n_ab + ½)(N − n_a − n_b + n_ab + ½)/((n_a − n_ab + ½)(n_b − n_ab + ½))]: the log odds ratio,
          which does not depend on how frequent the two are;
        * of each of these five _low and _high: 95 %, percentile bootstrap over copy groups; NaN with fewer than two
          groups that have units, where a or b stands in one group alone, and for a pair that never stands together,
          since then no draw can differ. Draws in which a measure is undefined are left out.
        * n_articles, n_groups of the level; note.

        A measure is NaN where a or b stands in no unit, and all but jaccard and lift where one stands in every unit.

    Limits: long sentences and long articles have room for more; so pairs seldom stand apart in long articles. A
    sentence in two voices counts in both. Percentile intervals are too narrow for few groups. No test is made; of many
    pairs some intervals leave out 0 or 1 by chance.

    Sources: Jaccard 1912; Yule 1912 for phi; Brin, Motwani & Silverstein 1997 for lift (its logarithm is the mutual
    information of Church & Hanks 1990); Mantel & Haenszel 1959 for chance within strata; Haldane 1956 and Anscombe
    1956 for the ½; Efron & Tibshirani 1993, ch. 13; Matthes & Kohring 2008 for frames as clusters of elements.
    """
    check_whole(1, replicates=replicates)
    if unit not in UNITS:
        raise UserError(f"unit is {unit!r}; allowed: {', '.join(UNITS)}")
    columns = columns_of(by)
    voices = selected("voice", voice, VOICES if unit == "article" else VOICES[1:] if voice in (None, "all") else VOICES)
    if unit == "sentence" and "headline" in voices:
        raise UserError(f"voice 'headline' has no sentences; allowed: {', '.join(VOICES[1:])}")
    levels = levels_in(articles, [column for column in columns if column != "voice"])
    within = other is None or (other == variable and other_codebook == codebook)
    asked = {"where": "body" if unit == "sentence" else None, "voice": voices, "categories": categories}
    one = hits_in(mentions, articles, variable=variable, codebook=codebook, **asked)
    two = one if within else hits_in(mentions, articles, variable=other, codebook=other_codebook, **asked)
    names = _names(one.categories, two.categories, within=within)
    row = pd.Index(articles["article_id"]).get_indexer(sentences["article_id"])
    size = (
        np.bincount(row[row >= 0], minlength=len(articles)) if unit == "sentence" else np.ones(len(articles), np.int64)
    )
    group = groups_in(articles, groups)
    parts = []
    for number, part in enumerate(voices if "voice" in columns else [None]):
        sides = [_present(_spoken(hits.table, part), hits.categories, unit) for hits in (one, two)]
        counts = _count(*sides, names, size)
        for level, values in levels.table.iterrows():
            said = dict(values) | ({} if part is None else {"voice": part})
            label = "\x1f".join([variable, other or "", unit, *(str(said[column]) for column in columns)])
            members = np.flatnonzero(levels.codes == level)
            drawn = {"replicates": replicates, "random": generator(seed, label)}
            rows = _rows(names, [values[members] for values in counts], group[members], **drawn)
            parts.append(rows.assign(**said, level=level, part=number))
    made = ["category_a", "category_b", *_COUNTS, "expected", *_BOUNDS, "n_articles", "n_groups", "note"]
    table = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=[*columns, *made, "level", "part"])
    table = table.sort_values(["level", "part"], kind="stable")
    if unit == "article":
        table[["lift_within", "lift_within_low", "lift_within_high"]] = np.nan
    books = {"codebook_a": one.codebook, "variable_a": variable, "codebook_b": two.codebook}
    table = table.assign(**books, variable_b=variable if within else other, unit=unit)
    types = dict.fromkeys([*_SIDES, "unit", "note"], "str")
    types |= dict.fromkeys([*_COUNTS, "n_articles", "n_groups"], "int64") | dict.fromkeys(["expected", *_BOUNDS], float)
    types |= {column: levels.table[column].dtype if column in levels.table else "str" for column in columns}
    names = [*columns, *_SIDES, "unit", *_COUNTS, "expected", *_BOUNDS, "n_articles", "n_groups", "note"]
    table = table[names].astype(types).reset_index(drop=True)
    table.attrs = {
        "measure": "co-occurrence",
        "codebook": one.codebook,
        "variable": variable,
        "other": None if within else other,
        "other_codebook": None if within else two.codebook,
        "counted_in": unit,
        "by": columns,
        "voice": voices,
        "unit": "article" if groups is None else "copy group",
        "replicates": replicates,
        "seed": seed,
    }
    return table


def _names(first: list[str], second: list[str], *, within: bool) -> pd.DataFrame:
    """The pairs of categories, by place and by name; within one variable each pair once."""
    places = itertools.product(range(len(first)), range(len(second)))
    pairs = np.array([pair for pair in places if not within or pair[0] < pair[1]], np.int64).reshape(-1, 2)
    a, b = pairs.T
    named = {"category_a": [first[place] for place in a], "category_b": [second[place] for place in b]}
    return pd.DataFrame({"a": a, "b": b, **{side: pd.array(said, dtype="str") for side, said in named.items()}})


def _spoken(hits: pd.DataFrame, voice: str | None) -> pd.DataFrame:
    return hits if voice is None else hits[hits["voice"] == voice]


def _present(hits: pd.DataFrame, categories: list[str], unit: str) -> pd.DataFrame:
    """Which categories stand in which units: row, sentence, category (by place), and between where their hits lie."""
    # Headline, deck and body are far apart on one line, so that hits in different parts never overlap.
    line = pd.Index(WHERE).get_indexer(hits["where"]).astype(np.int64) << 32
    table = pd.DataFrame(
        {
            "row": hits["row"],
            "sentence": hits["sentence"].astype("int64") if unit == "sentence" else 0,
            "category": pd.Index(categories).get_indexer(hits["category"]),
            "start": line + hits["start"],
            "end": line + hits["end"],
        }
    )
    found = table.groupby(["row", "sentence", "category"])
    ends = {"last": ("start", "max"), "ended": ("end", "min")}
    return found.agg(**ends).reset_index()


def _count(one: pd.DataFrame, two: pd.DataFrame, names: pd.DataFrame, size: np.ndarray) -> list[np.ndarray]:
    """n_a, n_b, n_ab, what chance gives within each article, n_same (articles × pairs), and the articles' units."""
    shape = (len(size), len(names))
    number = np.full((names["a"].max() + 1, names["b"].max() + 1) if len(names) else (0, 0), -1)
    number[names["a"], names["b"]] = np.arange(len(names))
    both = one.merge(two, on=["row", "sentence"], suffixes=("_a", "_b"))
    both = both[(both["category_a"] < number.shape[0]) & (both["category_b"] < number.shape[1])]
    both = both.assign(pair=number[both["category_a"], both["category_b"]])
    both = both[both["pair"] >= 0]
    # All hits of a overlap all hits of b where each begins before the first of the others ends.
    same = both[(both["last_a"] < both["ended_b"]) & (both["last_b"] < both["ended_a"])]
    n_a, n_b = (
        _by_article(table, "category", (len(size), names[side].max() + 1 if len(names) else 0))[:, names[side]]
        for table, side in ((one, "a"), (two, "b"))
    )
    chance = n_a * n_b / np.maximum(size, 1)[:, None]
    return [n_a, n_b, _by_article(both, "pair", shape), chance, _by_article(same, "pair", shape), size]


def _by_article(table: pd.DataFrame, column: str, shape: tuple[int, int]) -> np.ndarray:
    """How many rows each article has for each number in a column; higher numbers are left out."""
    counts = np.zeros(shape)
    kept = table[table[column] < shape[1]]
    np.add.at(counts, (kept["row"].to_numpy(), kept[column].to_numpy()), 1)
    return counts


def _rows(
    names: pd.DataFrame, counts: list[np.ndarray], group: np.ndarray, *, replicates: int, random: np.random.Generator
) -> pd.DataFrame:
    """The pairs of one level with their counts, measures and intervals."""
    *columns, same, size = counts
    sums = np.zeros((len(set(group)), 4 * len(names) + 1))
    np.add.at(sums, pd.factorize(group)[0], np.hstack([*columns, size[:, None]]))
    total = sums.sum(axis=0)
    n_a, n_b, n_ab, _ = np.split(total[:-1], 4)
    values = _measures(total)
    with_units = np.count_nonzero(sums[:, -1])
    low, high = _bounds(sums, replicates, random) if with_units > 1 else np.full((2, *values.shape), np.nan)
    alone = (sums[:, : 2 * len(names)] > 0).sum(axis=0).reshape(2, -1).min(axis=0) == 1
    low[:, alone | (n_ab == 0)] = high[:, alone | (n_ab == 0)] = np.nan
    table = names[["category_a", "category_b"]].assign(
        n_a=n_a, n_b=n_b, n_ab=n_ab, n_same=same.sum(axis=0), total=total[-1]
    )
    table["expected"] = n_a * n_b / total[-1] if total[-1] else np.nan
    for place, name in enumerate(STATISTICS):
        table = table.assign(
            **{name: values[place], f"{name}_low": low[place], f"{name}_high": high[place]},
        )
    note = np.where(alone, "one of the two stands in one article or group alone: no interval", None)
    note = np.where((n_ab == 0) & (n_a > 0) & (n_b > 0), "never together: no interval", note)
    note = np.where((n_a == 0) | (n_b == 0), "one of the two stands nowhere: undefined", note)
    if with_units < 2:
        note = "one article or group: no interval" if with_units else "nothing to count in: undefined"
    return table.assign(n_articles=len(group), n_groups=len(sums), note=note)


def _measures(sums: np.ndarray) -> np.ndarray:
    """The measures from sums of counts: 5 × … × pairs, in the order of `STATISTICS`; undefined is NaN."""
    n_a, n_b, n_ab, chance = np.split(sums[..., :-1], 4, axis=-1)
    n = np.broadcast_to(sums[..., -1:], n_a.shape)
    neither = n - n_a - n_b + n_ab
    here = (n_a > 0) & (n_b > 0)
    # Both stand somewhere, and neither stands everywhere.
    vary = here & (n_a < n) & (n_b < n)
    odds = (n_ab + 0.5) * (neither + 0.5) / ((n_a - n_ab + 0.5) * (n_b - n_ab + 0.5))
    return np.stack(
        [
            _ratio(n_ab, n_a + n_b - n_ab, here),
            _ratio(n * n_ab - n_a * n_b, np.sqrt(n_a * (n - n_a) * n_b * (n - n_b)), vary),
            _ratio(n * n_ab, n_a * n_b, here),
            _ratio(n_ab, chance, chance > 1e-12),
            np.where(vary, np.log(odds), np.nan),
        ]
    )


def _ratio(top: np.ndarray, bottom: np.ndarray, where: np.ndarray) -> np.ndarray:
    return np.divide(top, bottom, out=np.full(top.shape, np.nan), where=where)


def _bounds(sums: np.ndarray, replicates: int, random: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Percentile bounds of each measure and pair, over copy groups drawn with replacement.

    Groups with the same counts are drawn together, so that the order of the articles does not matter.
    """
    rows, times = np.unique(sums, axis=0, return_counts=True)
    groups = int(times.sum())
    values = [
        _measures(random.multinomial(groups, times / groups, size=end - begin) @ rows)
        for _, begin, end in batches(replicates)
    ]
    drawn = np.concatenate(values, axis=1)
    low, high = np.full((2, drawn.shape[0], drawn.shape[2]), np.nan)
    some = ~np.isnan(drawn).all(axis=1)
    if some.any():
        known = drawn.transpose(0, 2, 1)[some]
        low[some], high[some] = np.nanquantile(known, [0.025, 0.975], axis=1)
    return low, high
