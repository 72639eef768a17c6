"""Who reports what of a story: propositions × outlets, omissions with a denominator, and how sure they are.

A proposition is a group of sentences that report the same (``proposition`` of the table *alignments*); a sentence that
is aligned with none is a proposition of its own. Levels are outlets, or any other column of articles. An omission is
only as sure as the alignment: every omission says how near the level's nearest sentence comes, and `threshold_curve`
says what becomes of the numbers at other thresholds.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.comparison.resampling import ratio_interval
from analysis.study import UserError

_SENTENCE = ["article_id", "sentence"]


def propositions(
    alignments: pd.DataFrame, sentences: pd.DataFrame, articles: pd.DataFrame, *, by: str = "outlet"
) -> pd.DataFrame:
    """The proposition of each sentence of the articles that belong to a story and a level.

    ``by``: a column of articles.

    Returns:
        story, proposition (numbered from 0 in the order of their first sentences, over the whole study; a sentence
        aligned with none has one of its own), level, article_id, sentence, central (the sentence's summed similarity to
        the others of its proposition; 0 where it is alone). Articles without a story or a level are left out.
    """
    if by not in articles.columns:
        raise UserError(f"by {by!r} is no column of articles; allowed: {', '.join(articles.columns)}")
    told = articles[["article_id", "story"]].assign(level=articles[by].astype("str")).dropna()
    order = pd.Series(np.arange(len(told)), index=told["article_id"])
    table = sentences.loc[sentences["article_id"].isin(told["article_id"]), _SENTENCE].merge(told, on="article_id")
    table = table.iloc[np.lexsort((table["sentence"], table["article_id"].map(order)))].reset_index(drop=True)
    pairs = alignments[alignments["proposition"].notna()]
    sides = [
        pairs[[f"article_{side}", f"sentence_{side}", "proposition", "similarity"]].set_axis(
            [*_SENTENCE, "proposition", "central"], axis=1
        )
        for side in "ab"
    ]
    given = pd.concat(sides).groupby(_SENTENCE).agg({"proposition": "first", "central": "sum"}).reset_index()
    table = table.merge(given, on=_SENTENCE, how="left")
    alone = table["proposition"].isna().to_numpy()
    number = np.where(alone, -1 - np.arange(len(table)), table["proposition"].fillna(0).to_numpy(np.int64))
    table["proposition"] = pd.factorize(number)[0].astype(np.int64)
    table["central"] = table["central"].fillna(0.0).astype("float64")
    return table[["story", "proposition", "level", *_SENTENCE, "central"]]


def widest_story(carried: pd.DataFrame) -> str:
    """The story that most levels report, of several the one with most articles, then the first; "" where there is none.

    ``carried``: the table of `propositions`.
    """
    counts = carried.groupby("story", sort=True)[["level", "article_id"]].nunique()
    order = counts.sort_values(["level", "article_id"], ascending=False, kind="stable").index
    return str(order[0]) if len(order) else ""


def coverage_matrix(carried: pd.DataFrame, *, least: int = 2) -> pd.DataFrame:
    """Propositions × levels: how many sentences of each level report each proposition.

    Args:
        carried: the table of `propositions`. least: levels that must report a proposition for it to be a row.

    Returns:
        One row a proposition and level that has an article in the story: story, proposition, level, n (sentences, 0
        where it is left out), k (levels that report the proposition), n_levels (levels with an article in the story),
        article_id and sentence of the proposition's most central sentence. The most widely reported propositions come
        first, then those that come first in their articles.
    """
    rows, shape = _reported(carried, least=least), ["story", "proposition", "level"]
    counts = carried.groupby(shape, sort=False).size().rename("n").reset_index()
    levels = carried[["story", "level"]].drop_duplicates()
    table = rows.merge(levels, on="story").merge(counts, on=shape, how="left")
    table["n"] = table["n"].fillna(0).astype("int64")
    place = pd.Series(np.arange(len(levels["level"].unique())), index=sorted(levels["level"].unique()))
    table = table.iloc[np.lexsort((table["level"].map(place), table["proposition"], -table["k"], table["rank"]))]
    return table[[*shape, "n", "k", "n_levels", *_SENTENCE]].reset_index(drop=True)


def omissions(carried: pd.DataFrame, alignments: pd.DataFrame, *, least: int = 2) -> pd.DataFrame:
    """What a level leaves out of a story that others report.

    Args:
        carried: the table of `propositions`. least: how many other levels must report it.

    Returns:
        One row a proposition and level that leaves it out although it has an article in the story: story, proposition,
        level, k (levels that report it), n_levels (levels with an article in the story), reported_by (their names),
        article_id and sentence (as the others have it: the proposition's most central sentence), nearest (the highest
        similarity of any sentence of the level to any of the proposition's, NaN where none is a candidate), and
        nearest_article, nearest_sentence. The most widely reported come first; of these the ones farthest from any
        sentence of the level, which are surest.

    Limits: a level that reports a fact in words too far from the others' counts as leaving it out: look at ``nearest``.
    """
    matrix = coverage_matrix(carried, least=least)
    missing = matrix[matrix["n"] == 0].drop(columns="n")
    names = carried.groupby("proposition")["level"].agg(lambda one: ", ".join(sorted(set(one)))).rename("reported_by")
    missing = missing.merge(names.reset_index(), on="proposition", how="left")
    near = _nearest(carried, alignments)
    missing = missing.merge(near, on=["proposition", "level"], how="left")
    order = np.lexsort((missing["level"], missing["proposition"], missing["nearest"].fillna(-1), -missing["k"]))
    columns = ["story", "proposition", "level", "k", "n_levels", "reported_by", *_SENTENCE]
    missing["nearest_sentence"] = missing["nearest_sentence"].astype("Int64")
    return missing.iloc[order][[*columns, "nearest", "nearest_article", "nearest_sentence"]].reset_index(drop=True)


def coverage_share(carried: pd.DataFrame, *, least: int = 2, replicates: int = 2000, seed: int = 0) -> pd.DataFrame:
    """The share of what is reported of a story that each level carries.

    share = n / total, with n the propositions that the level reports and total those that at least ``least`` levels
    report, both over the stories in which the level has an article.

    Returns:
        level, variable ("coverage"), category ("reported"), n, total, share, low, high, n_articles, n_groups, note; the
        question asked in ``attrs``. The interval is a bootstrap over stories where the level has two or more, else over
        the propositions of the one story, and the note says so: propositions of one article are not independent, so
        that such an interval is too narrow.

    Limits: depends on where propositions are cut; levels with short articles carry less (compare ``n_words``).
    """
    matrix = coverage_matrix(carried, least=least)
    rows = []
    for level, own in matrix.groupby("level", sort=True):
        several = len(own["story"].unique()) > 1
        units = pd.factorize(own["story"] if several else own["proposition"])[0]
        top = np.bincount(units, weights=own["n"] > 0)
        bottom = np.bincount(units)
        interval = ratio_interval(top, bottom, replicates=replicates, seed=seed, level=str(level))
        written = carried.loc[carried["level"] == level, "article_id"].nunique()
        note = None if several else "one story: the interval is over its propositions and too narrow"
        rows.append(
            (level, int(top.sum()), int(bottom.sum()), interval.low[0], interval.high[0], written, len(bottom), note)
        )
    table = pd.DataFrame(rows, columns=["level", "n", "total", "low", "high", "n_articles", "n_groups", "note"])
    table["share"] = table["n"] / table["total"]
    table["variable"], table["category"] = "coverage", "reported"
    table = table[
        ["level", "variable", "category", "n", "total", "share", "low", "high", "n_articles", "n_groups", "note"]
    ]
    table = table.astype(
        {
            "level": "str",
            "variable": "str",
            "category": "str",
            "share": "float64",
            "low": "float64",
            "high": "float64",
            "note": "str",
        }
    )
    settings = {"by": ["level"], "unit": "proposition", "replicates": replicates, "seed": seed, "least": least}
    table.attrs = {"measure": "share of propositions", **settings}
    return table


def shared_propositions(carried: pd.DataFrame) -> pd.DataFrame:
    """How much two levels report of the same: for each pair of levels with articles in one story.

    Returns:
        level_a, level_b (by name), both (propositions that both report), either (that one of them reports), share
        (both / either, Jaccard's index); the most alike first.
    """
    has = carried[["story", "proposition", "level"]].drop_duplicates()
    pairs = has.merge(has, on=["story", "proposition"], suffixes=("_a", "_b")).query("level_a < level_b")
    both = pairs.groupby(["level_a", "level_b"]).size().rename("both").reset_index()
    met = has[["story", "level"]].drop_duplicates()
    met = met.merge(met, on="story", suffixes=("_a", "_b")).query("level_a < level_b")
    held = has.groupby(["story", "level"]).size().rename("held").reset_index()
    for side in "ab":
        met = met.merge(
            held.rename(columns={"level": f"level_{side}", "held": f"held_{side}"}), on=["story", f"level_{side}"]
        )
    table = met.groupby(["level_a", "level_b"])[["held_a", "held_b"]].sum().reset_index().merge(both, how="left")
    table["both"] = table["both"].fillna(0).astype("int64")
    table["either"] = table["held_a"] + table["held_b"] - table["both"]
    table["share"] = table["both"] / table["either"]
    order = np.lexsort((table["level_b"], table["level_a"], -table["share"]))
    return table.iloc[order][["level_a", "level_b", "both", "either", "share"]].reset_index(drop=True)


def threshold_curve(
    alignments_at: dict[float, pd.DataFrame],
    sentences: pd.DataFrame,
    articles: pd.DataFrame,
    *,
    by: str = "outlet",
    least: int = 2,
) -> pd.DataFrame:
    """What becomes of coverage at other thresholds of similarity.

    Args:
        alignments_at: threshold → the table *alignments* at it.

    Returns:
        One row a threshold and level: threshold, level, n, total, share (as in `coverage_share`), omissions (total
        less n), propositions (of the whole study, at this threshold, reported by at least ``least`` levels). At a
        threshold where nothing is aligned, total is 0 and share NaN.
    """
    parts = []
    for threshold, alignments in alignments_at.items():
        carried = propositions(alignments, sentences, articles, by=by)
        matrix = coverage_matrix(carried, least=least)
        table = matrix.groupby("level").agg(n=("n", lambda one: int((one > 0).sum())), total=("n", "size"))
        table = table.reindex(sorted(carried["level"].unique()), fill_value=0).rename_axis("level").reset_index()
        parts.append(table.assign(threshold=float(threshold), propositions=len(matrix["proposition"].unique())))
    whole = pd.concat(parts, ignore_index=True)
    whole["share"] = (whole["n"] / whole["total"].where(whole["total"] > 0)).astype("float64")
    whole["omissions"] = whole["total"] - whole["n"]
    return whole[["threshold", "level", "n", "total", "share", "omissions", "propositions"]]


def _reported(carried: pd.DataFrame, *, least: int) -> pd.DataFrame:
    """The propositions that enough levels report: k, n_levels, their most central sentence, the rank of their story."""
    if least < 1:
        raise UserError(f"least is {least}; allowed: 1 or more")
    k = carried.groupby("proposition")["level"].nunique().rename("k")
    levels = carried.groupby("story", sort=False)["level"].nunique().rename("n_levels")
    first = carried.sort_values(["proposition", "central"], ascending=[True, False], kind="stable")
    rows = first.drop_duplicates("proposition")[["story", "proposition", *_SENTENCE]]
    rows = rows.merge(k.reset_index(), on="proposition").merge(levels.reset_index(), on="story")
    rows["rank"] = pd.factorize(rows["story"])[0]
    return rows[rows["k"] >= least].reset_index(drop=True)


def _nearest(carried: pd.DataFrame, alignments: pd.DataFrame) -> pd.DataFrame:
    """For each proposition and level: the highest similarity of a sentence of the level to one of the proposition."""
    number = carried.set_index(_SENTENCE)["proposition"]
    level_of = carried.drop_duplicates("article_id").set_index("article_id")["level"]
    parts = []
    for here, there in ("ab", "ba"):
        at = pd.MultiIndex.from_frame(alignments[[f"article_{here}", f"sentence_{here}"]])
        parts.append(
            pd.DataFrame(
                {
                    "proposition": number.reindex(at).to_numpy(),
                    "level": alignments[f"article_{there}"].map(level_of),
                    "nearest": alignments["similarity"],
                    "nearest_article": alignments[f"article_{there}"],
                    "nearest_sentence": alignments[f"sentence_{there}"],
                }
            )
        )
    whole = pd.concat(parts).dropna(subset=["proposition", "level"]).astype({"proposition": "int64", "level": "str"})
    return whole.sort_values("nearest", ascending=False, kind="stable").drop_duplicates(["proposition", "level"])
