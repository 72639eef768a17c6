"""Collocates: which words stand near a node more often than elsewhere, and how outlets differ in them.

The tables *neighbours* and *nodes* of one node come from the coding room (its ``neighbours``) or from an export.
Everything is counted in one table of contingency: the words of the corpus that are not a node's own, near a node or
elsewhere, this word or another. A word near two nodes counts once, so that the table adds up.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy import sparse

from analysis.comparison import scores
from analysis.comparison.counting import Counted, count_words, summed
from analysis.comparison.resampling import benjamini_hochberg, rate_permutation
from analysis.comparison.scoring import settings_of
from analysis.comparison.selection import selected
from analysis.comparison.sides import Compared, each_level, one_against
from analysis.comparison.tests_over_articles import Inference, check_inference, resampled
from analysis.study import UserError
from analysis.tables import VOICES

COUNTS = ("n", "n_word", "n_node", "n_window", "size")


def collocates(
    neighbours: pd.DataFrame,
    nodes: pd.DataFrame,
    word_counts: pd.DataFrame,
    articles: pd.DataFrame,
    *,
    by: str | None = "outlet",
    positions: Collection[int] | None = None,
    voice: str | Sequence[str] | None = None,
    node_voice: str | Sequence[str] | None = None,
    words: str | Collection[str] | None = None,
    min_count: int = 3,
    min_articles: int = 1,
    groups: pd.Series | None = None,
    replicates: int = 2000,
    seed: int = 0,
) -> pd.DataFrame:
    """The collocates of a node, in each level of a column of articles.

    Args:
        neighbours, nodes: of the articles compared, or of more. word_counts: the coded table of the same articles.
        by: a column of articles; None: all are one level. Articles without a level are left out.
        positions: distances that count, such as [-1] or range(1, 4); None: all. Words at others are then elsewhere.
        voice: whose words are the corpus. node_voice: whose nodes count; words near other nodes are then elsewhere.
        words: these alone; None: all. Rows are words near the node at least ``min_count`` times, in at least
            ``min_articles`` articles of the level.
        groups: article_id → copy group, drawn as one by the bootstrap. replicates: 0 leaves low and high empty.

    Returns:
        level (missing where ``by`` is None), word, n (near a node), n_word (in the corpus), n_node (nodes), n_window
        (words near a node), size (words of the corpus); n_word and size are without the nodes' own words; articles and
        n_groups (with the word near a node), position (the most frequent; of equals the nearest, then the left),
        n_left, n_right; expected and the measures of `score_collocates`; low, high (95 %, of log_ratio, bootstrap over
        groups); note. Levels by name; words by log_dice, then n. ``attrs`` say what was asked. Options that are none,
        and word_counts that hold less than neighbours, are a UserError.

    Limits: the measures rank, the interval alone takes articles as the sample. Sources: with `score_collocates`;
    Lijffijt et al. 2016 for resampling texts.
    """
    inference = Inference("log_ratio", replicates, 0, seed)
    check_inference(inference)
    asked = _asked(positions, voice, node_voice, words, min_count, min_articles)
    if by is not None and (by not in articles.columns or articles[by].isna().all()):
        raise UserError(f"by {by!r} is no column of articles with a level; allowed: {', '.join(articles.columns)}")
    frame = articles.reset_index(drop=True) if by is None else articles[articles[by].notna()].reset_index(drop=True)
    counts = _counted(neighbours, nodes, word_counts, frame["article_id"], asked)
    level, names = (np.zeros(len(frame), int), [None]) if by is None else pd.factorize(frame[by].astype(str), sort=True)
    own = frame["article_id"]
    group = own if groups is None else own.map(groups).where(own.isin(groups.index), own)
    unit = "article" if groups is None else "copy group"
    parts = [_of_level(counts, np.flatnonzero(level == at), group, asked, inference, unit) for at in range(len(names))]
    table = pd.concat(parts, ignore_index=True)
    table.insert(0, "level", pd.array(np.repeat(names, [len(part) for part in parts]), dtype="str"))
    table.attrs = {"measure": "collocates", "by": by, **asked, "unit": unit, "replicates": replicates, "seed": seed}
    return table


def score_collocates(counts: pd.DataFrame) -> pd.DataFrame:
    """The measures of association from counts alone: also for a list of frequencies from elsewhere.

    With O = n, R = n_window, C = n_word, N = size, f = n_node, and E = R·C/N the expected frequency:

    * log_dice: 14 + log2(2O/(f + C)) (Rychlý 2008). It does not depend on N. 14 is a word that is once near every node
      and nowhere else; a word several times near one node can come above.
    * mi: log2(O/E), mi2: log2(O²/E), mi3: log2(O³/E) (Church & Hanks 1990; Daille 1994). Rare words lead in mi.
    * t_score: (O − E)/√O (Church et al. 1991). Frequent words lead.
    * log_likelihood (two terms), g2 (four cells; Dunning 1993) and log_ratio (Hardie 2014), signed: those of `scores`
      for O among R against C − O among N − R. What AntConc, CQPweb and NLTK call log-likelihood is g2.

    E follows Evert 2008 (surface co-occurrence): R is the words that windows hold, and the nodes' own words are in
    neither C nor N. Where windows are whole and do not meet, R = f·span and E = f·C·span/N, as many tools write it.

    NLTK's BigramAssocMeasures are used where they are right, given these margins: dice (f and C), mi_like and student_t
    (R and C). NLTK's BigramCollocationFinder gives them others: its windows reach to the right only and across
    sentences, and it divides n by window − 1 where E should be multiplied by the span, which leaves pmi right but makes
    dice, student_t and likelihood_ratio too low. NLTK's likelihood_ratio has no sign, and nothing there is NaN.

    Args:
        counts: n, n_word, n_node, n_window, size; other columns are kept.

    Returns:
        ``counts`` with expected and the measures. NaN where undefined: log_dice, mi, mi2, mi3 and t_score where n is 0;
        the others without words near nodes, or without words elsewhere, or for a word that is nowhere. Counts that do
        not fit into each other are a UserError.
    """
    # All of NLTK comes with it: the import takes seconds, and only these scores need it.
    from nltk.metrics import BigramAssocMeasures as Nltk

    _require(counts, "counts", COUNTS)
    n, n_word, n_node, n_window, size = (counts[column].to_numpy(float) for column in COUNTS)
    fits = (n >= 0) & (n <= n_word) & (n <= n_window) & (n_word - n <= size - n_window) & (n_node >= 0)
    if not fits.all():
        raise UserError(f"row {int(np.argmin(fits)) + 1} of the counts does not fit; allowed: n of at least 0 and at "
                        "most n_word and n_window, n_word − n at most size − n_window")  # fmt: skip
    with np.errstate(all="ignore"):
        near, margins = np.where(n > 0, n, np.nan), (n_window, n_word)
        found = {
            "expected": np.where(size > 0, n_window * n_word / size, np.nan),
            "log_dice": 14 + np.log2(Nltk.dice(near, (n_node, n_word), size)),
            "t_score": Nltk.student_t(near, margins, size),
        }
        for power, name in enumerate(("mi", "mi2", "mi3"), start=1):
            found[name] = np.log2(size * Nltk.mi_like(near, margins, size, power=power))
    cells = (n, n_word - n, n_window, size - n_window)
    found |= {name: getattr(scores, name)(*cells) for name in ("log_likelihood", "g2", "log_ratio")}
    return counts.assign(**found)


def collocates_between(
    neighbours: pd.DataFrame,
    nodes: pd.DataFrame,
    word_counts: pd.DataFrame,
    articles: pd.DataFrame,
    *,
    target: str | None = None,
    reference: str | Sequence[str] | None = None,
    by: str = "outlet",
    positions: Collection[int] | None = None,
    voice: str | Sequence[str] | None = None,
    node_voice: str | Sequence[str] | None = None,
    words: str | Collection[str] | None = None,
    min_count: int = 3,
    min_articles: int = 1,
    groups: pd.Series | None = None,
    replicates: int = 2000,
    permutations: int = 9999,
    seed: int = 0,
) -> pd.DataFrame:
    """Which words stand near a node in one level of ``by`` (an outlet) more often than in others.

    rate = 1000 · n / size, with n how often the word is near a node and size all words near nodes; log_ratio =
    log2(rate_target / rate_reference), a zero count taken as .5.

    Args:
        target: a level; None: each in turn, against all others. reference: one or more other levels; None: all others.
        groups: article_id → copy group; a group on both sides is drawn as one, and enters a test once on each side.
        replicates, permutations: 0 leaves the columns empty. Other options and the tables are those of `collocates`;
            min_count and min_articles are for both sides together.

    Returns:
        target, word, n_target, n_reference, size_target, size_reference, nodes_target, nodes_reference,
        articles_target, articles_reference (with the word near a node), rate_target, rate_reference, difference (of
        the rates), log_ratio, low, high (95 %, of log_ratio, bootstrap over groups with a node), p (permutation of
        these groups, two-sided, of the difference over its standard error: `resampling.rate_permutation`), p_adjusted
        (Benjamini–Hochberg over the table; ``attrs`` say how many tests), log_ratio_elsewhere, note. Targets by name;
        words by p, then name.

    Limits: what an outlet writes often everywhere it writes often near a node too. log_ratio_elsewhere is the same
    contrast away from the nodes: where both are alike, the node has no part in it. Sources: Hardie 2014; Lijffijt et
    al. 2016 for tests over texts; Janssen 1997 for dividing by the error; Benjamini & Hochberg 1995.
    """
    inference = Inference("log_ratio", replicates, permutations, seed)
    check_inference(inference)
    asked = _asked(positions, voice, node_voice, words, min_count, min_articles)
    if target is None and reference is not None:
        raise UserError(f"reference is {reference!r} without a target; allowed: both, a target alone, or neither")
    if target is None:
        compared = each_level(articles, by, groups)
    else:
        compared = one_against(articles, by, target, reference, groups)
    counts = _counted(neighbours, nodes, word_counts, compared.article_ids, asked)
    place = _chosen(counts, counts.near, asked)
    targets = compared.asked["target"] if target is None else [str(target)]
    table = pd.concat(_contrasted(counts, place, compared, inference), ignore_index=True)
    table.insert(0, "target", pd.array(np.repeat(targets, len(place)), dtype="str"))
    table.insert(table.columns.get_loc("p") + 1, "p_adjusted", benjamini_hochberg(table["p"].to_numpy()))
    table = table.sort_values(["target", "p"], kind="stable", ignore_index=True)
    table.attrs = {"measure": "collocates between levels", **compared.asked, **asked, **inference._asdict()}
    table.attrs["tests"] = int(table["p"].notna().sum())
    return table


def _asked(positions, voice, node_voice, words, min_count: int, min_articles: int) -> dict[str, object]:
    """The options that both take, as plain values for use and record; a UserError where one is none."""
    for name, least in (("min_count", min_count), ("min_articles", min_articles)):
        if isinstance(least, bool) or not isinstance(least, (int, np.integer)) or least < 1:
            raise UserError(f"{name} is {least!r}; allowed: a whole number of at least 1")
    places = None if positions is None else list(positions)
    if places is not None and not (places and all(isinstance(one, (int, np.integer)) and one for one in places)):
        raise UserError(f"positions are {places}; allowed: whole numbers but 0, such as [-1, 1], or None for all")
    voices = {"voice": selected("voice", voice, VOICES), "node_voice": selected("node_voice", node_voice, VOICES)}
    listed = [words] if isinstance(words, str) else None if words is None else list(words)
    return dict(positions=places, words=listed, **voices, min_count=min_count, min_articles=min_articles)


class _Counts(NamedTuple):
    """What is counted in some articles.

    Attributes:
        words: the word types, sorted. near, elsewhere: words × articles, without the nodes' own words.
        nodes: the nodes of each article. rows: what is near: word and article (as numbers), position, n.
    """

    words: pd.Index
    near: sparse.csr_array
    elsewhere: sparse.csr_array
    nodes: np.ndarray
    rows: pd.DataFrame


def _counted(
    neighbours: pd.DataFrame, nodes: pd.DataFrame, word_counts: pd.DataFrame, article_ids: pd.Series, asked: dict
) -> _Counts:
    """Words near nodes and elsewhere, in each article; a UserError where an option is none or the tables do not fit."""
    corpus = count_words(word_counts, article_ids, voice=asked["voice"])
    words = pd.Index(corpus.items["word"])
    rows = _held(neighbours, "neighbours", ["word", "position", "voice", "node_voice", "n"], article_ids)
    rows = _voiced(rows, "voice", "voice", asked)
    rows = rows.assign(word=words.get_indexer(rows["word"]))
    lacking = rows["word"] < 0
    rows = rows[~lacking]
    own = rows["position"] == 0
    near = _voiced(rows[~own], "node_voice", "node_voice", asked)
    near = near if asked["positions"] is None else near[near["position"].isin(asked["positions"])]
    beside, in_nodes = (
        sparse.coo_array((one["n"], (one["word"], one["article"])), shape=corpus.counts.shape, dtype=np.int64).tocsr()
        for one in (near, rows[own])
    )
    elsewhere = sparse.csr_array(corpus.counts - beside - in_nodes)
    if lacking.any() or elsewhere.data.min(initial=0) < 0:
        raise UserError("word_counts lack words that neighbours hold; allowed: tables of the same articles")
    held = _voiced(_held(nodes, "nodes", ["voice", "n"], article_ids), "voice", "node_voice", asked)
    per_article = np.bincount(held["article"], weights=held["n"], minlength=len(article_ids))
    return _Counts(words, beside, elsewhere, per_article.astype(np.int64), near)


def _require(table: pd.DataFrame, name: str, columns: Sequence[str]) -> None:
    missing = [column for column in columns if column not in table.columns]
    if missing:
        raise UserError(f"table {name} has no column {missing[0]!r}; it has {', '.join(map(str, table.columns))}")


def _held(table: pd.DataFrame, name: str, columns: list[str], article_ids: pd.Series) -> pd.DataFrame:
    """The columns asked of a table, with the number of each row's article; rows of other articles are dropped."""
    _require(table, name, ["article_id", *columns])
    article = pd.Index(article_ids).get_indexer(table["article_id"])
    return table[columns].assign(article=article)[article >= 0]


def _voiced(table: pd.DataFrame, column: str, option: str, asked: dict) -> pd.DataFrame:
    """The rows of the voices asked for."""
    every = len(asked[option]) == len(VOICES)
    if not every and table[column].isna().any():
        raise UserError(f"{option} is {asked[option]}, but what was found without quotes has none; allowed: all")
    return table if every else table[table[column].isin(asked[option])]


def _chosen(counts: _Counts, near: sparse.csr_array, asked: dict) -> np.ndarray:
    """The words that are rows: often enough near a node, and asked for as printed or case folded."""
    enough = (near.sum(axis=1) >= asked["min_count"]) & (np.diff(near.indptr) >= asked["min_articles"])
    if asked["words"] is not None:
        enough &= counts.words.isin([form for word in asked["words"] for form in (word, word.casefold())])
    return np.flatnonzero(enough)


def _of_level(
    counts: _Counts, member: np.ndarray, groups: pd.Series, asked: dict, inference: Inference, unit: str
) -> pd.DataFrame:
    """The collocates in some articles. ``groups``: the group of each article of the corpus."""
    group = pd.factorize(groups.iloc[member], sort=True)[0]
    beside, away = counts.near[:, member].tocsr(), counts.elsewhere[:, member].tocsr()
    place = _chosen(counts, beside, asked)
    near, elsewhere = beside[place], away[place]
    table = pd.DataFrame({"word": pd.array(counts.words[place], dtype="str"), "n": near.sum(axis=1)})
    table["n_word"], table["n_node"] = table["n"] + elsewhere.sum(axis=1), counts.nodes[member].sum()
    table["n_window"], table["size"] = beside.sum(), beside.sum() + away.sum()
    table["articles"], table["n_groups"] = np.diff(near.indptr), np.diff(summed(near, group, len(group)).indptr)
    table = table.astype(dict.fromkeys([*COUNTS, "articles", "n_groups"], "int64"))
    table["position"], table["n_left"] = _profile(counts.rows[counts.rows["article"].isin(member)], place)
    table = score_collocates(table.assign(n_right=table["n"] - table["n_left"]))
    # Near and elsewhere are two sides of the same articles, which are drawn together.
    both = sparse.hstack([near, elsewhere], format="csr")
    sizes = np.concatenate([beside.sum(axis=0), away.sum(axis=0)])
    sides = Compared(pd.Series(np.tile(member, 2)), np.repeat([0, 1], len(member)), np.tile(group, 2), [([0], [1])], {})
    low, high, left_out = (values[0] for values in _intervals(both, sizes, sides, inference))
    notes = {
        "no words elsewhere: log_likelihood, g2, log_ratio undefined": table["n_window"] == table["size"],
        "nowhere else: log_ratio takes 0 as .5": (table["n"] == table["n_word"]) & (table["n_window"] < table["size"]),
        "no other word: g2 undefined": (table["n_word"] == table["size"]) & (table["n_window"] < table["size"]),
        f"one {unit} with words near a node, or elsewhere: no interval": np.isnan(low)
        & table["log_ratio"].notna()
        & (inference.replicates > 0),
    }
    table = table.assign(low=low, high=high, note=_worded(notes, left_out, inference.replicates))
    return table.sort_values(["log_dice", "n"], ascending=False, kind="stable")


def _profile(rows: pd.DataFrame, place: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Where words stand: the most frequent position, and how often they stand left of the node."""
    sums = rows.groupby(["word", "position"], as_index=False)["n"].sum()
    order = np.lexsort((sums["position"], sums["position"].abs(), -sums["n"], sums["word"]))
    most = sums.iloc[order].drop_duplicates("word").set_index("word")["position"].reindex(place)
    left = sums[sums["position"] < 0].groupby("word")["n"].sum().reindex(place, fill_value=0)
    return most.to_numpy(np.int64), left.to_numpy(np.int64)


def _intervals(
    counts: sparse.csr_array, sizes: np.ndarray, compared: Compared, inference: Inference
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """low, high, left_out: contrasts × words. Articles that hold nothing here are not drawn."""
    filled = np.unique(compared.group[sizes > 0])
    # An article that holds nothing adds nothing, to whichever group it is put: so no group is empty.
    group = np.minimum(np.searchsorted(filled, compared.group), max(0, len(filled) - 1))
    counted = Counted(pd.DataFrame(index=range(counts.shape[0])), counts, sizes, 1)
    within = compared._replace(group=group)
    found = resampled(counted, within, inference._replace(permutations=0), settings_of({}))
    return found["low"], found["high"], found["left_out"]


def _contrasted(counts: _Counts, place: np.ndarray, compared: Compared, inference: Inference) -> list[pd.DataFrame]:
    """For each contrast the words with what is counted on both sides, what was resampled, and a note."""
    near, elsewhere, unit = counts.near[place], counts.elsewhere[place], compared.asked["unit"]
    sizes = counts.near.sum(axis=0)
    summable = {"n": near, "size": sizes, "nodes": counts.nodes, "articles": near > 0}
    parts = []
    for contrast, *drawn in zip(compared.contrasts, *_intervals(near, sizes, compared, inference), strict=True):
        sides = dict(zip(("target", "reference"), contrast, strict=True))
        members = {side: np.isin(compared.level, levels).astype(np.int64) for side, levels in sides.items()}
        told = {f"{name}_{side}": of @ member for name, of in summable.items() for side, member in members.items()}
        table = pd.DataFrame({"word": pd.array(counts.words[place], dtype="str"), **told})
        notes = {}
        for side, member in members.items():
            n, size = table[f"n_{side}"], told[f"size_{side}"]
            table[f"rate_{side}"] = 1000 * n / (size or np.nan)
            alone = len(np.unique(compared.group[(member * sizes) > 0])) == 1 and inference.replicates > 0
            notes[f"no word near a node in {side}: nothing defined"] = np.full(len(n), size == 0)
            notes[f"0 in {side}: log_ratio takes it as .5"] = (n == 0) & (size > 0)
            notes[f"one {unit} in {side}: no interval"] = np.full(len(n), alone)
        away = [of @ member for of in (elsewhere, counts.elsewhere.sum(axis=0)) for member in members.values()]
        table = table.assign(
            difference=table["rate_target"] - table["rate_reference"],
            log_ratio=scores.log_ratio(*(told[f"{name}_{side}"] for name in ("n", "size") for side in members)),
            low=drawn[0],
            high=drawn[1],
            p=_permuted(near, sizes, compared.group, members["target"], inference),
            log_ratio_elsewhere=scores.log_ratio(*away),
            note=_worded(notes, drawn[2], inference.replicates),
        )
        parts.append(table)
    return parts


def _permuted(
    near: sparse.csr_array, sizes: np.ndarray, group: np.ndarray, in_target: np.ndarray, inference: Inference
) -> np.ndarray:
    """p by permutation over groups with words near a node; one on both sides enters once on each."""
    if not inference.permutations:
        return np.full(near.shape[0], np.nan)
    some = sizes > 0
    units, code = np.unique(2 * group[some] + 1 - in_target[some], return_inverse=True)
    counts = sparse.vstack([near, sparse.csr_array(sizes[None, :])], format="csr")[:, np.flatnonzero(some)]
    options = {"permutations": inference.permutations, "seed": inference.seed}
    return rate_permutation(summed(counts, code, len(units)), units % 2 == 0, **options)


def _worded(notes: dict, left_out: np.ndarray, replicates: int) -> pd.api.extensions.ExtensionArray:
    """The notes that hold, for each row."""
    held = np.array(list(notes.values()), dtype=bool).reshape(len(notes), len(left_out))
    said = [[text for text, holds in zip(notes, row, strict=True) if holds] for row in held.T]
    for row in np.flatnonzero(left_out):
        said[row].append(f"{left_out[row]} of {replicates} replicates left out: log_ratio undefined")
    return pd.array(["; ".join(one) or None for one in said], dtype="str")
