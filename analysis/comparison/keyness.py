"""Keyness: which words, phrases and categories stand out in a target against a reference, and how sure it is.

Counts, sizes, article frequencies and dispersion stand beside every score. The scores (see `scores`) take words as
independent draws; the interval and the two p values take articles, or groups of copies, as the sample.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from analysis.comparison.counting import Counted, count_mentions, count_words
from analysis.comparison.dispersion import dispersion
from analysis.comparison.resampling import benjamini_hochberg
from analysis.comparison.scoring import SCORES, Settings, settings_of, with_scores
from analysis.comparison.selection import selected
from analysis.comparison.sides import Compared, each_level, one_against
from analysis.comparison.tests_over_articles import FEW, Inference, check_inference, resampled
from analysis.tables import VOICES


def keyness(
    word_counts: pd.DataFrame,
    articles: pd.DataFrame,
    *,
    target: str,
    reference: str | Sequence[str] | None = None,
    by: str = "outlet",
    voice: str | Sequence[str] | None = None,
    words: Sequence[str] | None = None,
    min_count: int = 5,
    min_articles: int = 1,
    groups: pd.Series | None = None,
    sizes: pd.DataFrame | None = None,
    score: str = "log_ratio",
    replicates: int = 2000,
    permutations: int = 9999,
    seed: int = 0,
    **settings: object,
) -> pd.DataFrame:
    """Which words stand out in one level of ``by`` (an outlet) against others.

    Args:
        word_counts: the coded table, or its parts (`analysis.lazy.Tables.parts`); or one like it, of phrases (from the
            coding room’s ``phrase_counts``).
        target: a level of ``by``, a column of articles. reference: one or more other levels; None: all others.
        voice: whose words count (None or "all": everyone's). words: these alone, in this order; else all that stand at
            least ``min_count`` times in at least ``min_articles`` articles of both sides together.
        groups: article_id → copy group, the unit of resampling; None: articles are. A group that stands in both sides
            is drawn as one by the bootstrap, and enters a test once on each side. A word in one group only has neither.
        sizes: the table whose n add up to the words of each article: *word_counts*, where the first table holds
            phrases (these overlap, so that they add up to something else); None: the first table itself.
        score: the score whose interval is given: one of `tests_over_articles.RESAMPLED`.
        replicates, permutations: of bootstrap and permutation test; 0 leaves the columns empty. seed: of both.
        settings: those of `scoring.Settings`; ``tests`` is by default the number of rows, ``types`` that of the word
            types in the articles compared.

    Returns:
        word, n_target, n_reference, size_target, size_reference (words in all), articles_target, articles_reference
        (article frequencies), dispersion_target, dispersion_reference (dp_norm over articles), every score of
        `scoring.score_counts`, low, high (95 %, of ``score``), p (permutation of articles or groups, of the difference
        of the rates over its standard error, whichever ``score``: see `studentised`), p_adjusted, p_wilcoxon (ranks of
        rates per unit; with fewer than ten units on a side by permutation), p_wilcoxon_adjusted, note.
        Sorted by lrc, then log_likelihood, the target's words first. ``attrs`` say what was compared, and in ``tests``
        how many tests the adjustment is for.

    Raises:
        UserError: an option that is none, with what is allowed.

    Limits: see `scores` and `resampling`. The smallest p is 2/(permutations + 1): to stay below .05 when adjusted for
    thousands of words it takes more permutations than the default. The interval is too narrow where few articles of a
    side have the word (benchmarks/calibration.md). p holds its level also where one side's articles are the longer
    ones. p_wilcoxon does not: a short article lacks a word more often, but has it at a higher rate.
    Benjamini–Hochberg holds the share of false discoveries among those found, not the chance of any.
    Sources: with each score; Lijffijt et al. 2016, Bestgen 2014 and Sönning 2023 for tests over texts; Janssen 1997 and
    Chung & Romano 2013 for dividing by the error.
    """
    compared = one_against(articles, by, target, reference, groups)
    least = {"min_count": min_count, "min_articles": min_articles}
    counted = count_words(word_counts, compared.article_ids, voice=voice, words=words, sizes=sizes, **least)
    inference = Inference(score, replicates, permutations, seed)
    return _table(counted, compared, inference, settings, in_order=words is not None, voice=voice, **least)


def keyness_of_mentions(
    mentions: pd.DataFrame,
    word_counts: pd.DataFrame,
    articles: pd.DataFrame,
    *,
    target: str,
    reference: str | Sequence[str] | None = None,
    by: str = "outlet",
    unit: str = "category",
    variable: str | Sequence[str] | None = None,
    codebook: str | None = None,
    voice: str | Sequence[str] | None = None,
    min_count: int = 1,
    min_articles: int = 1,
    groups: pd.Series | None = None,
    score: str = "log_ratio",
    replicates: int = 2000,
    permutations: int = 9999,
    seed: int = 0,
    **settings: object,
) -> pd.DataFrame:
    """Which categories of the codebooks, or phrases that they find, stand out in one level of ``by`` against others.

    Args:
        unit: what is a row: ``category``, ``pattern``, or ``match``: the word or phrase hit, case folded.
        variable, codebook: these alone; None: all. The other options are those of `keyness`.

    Returns:
        codebook, variable, category (with pattern or match), and the columns of `keyness` from n_target on. Sizes are
        words, as there: a phrase of several words is one mention among them.

    Limits: as `keyness`; prior is a number here. Shares of a variable's own choices are in `rates`.
    """
    compared = one_against(articles, by, target, reference, groups)
    least = {"min_count": min_count, "min_articles": min_articles}
    chosen = {"unit": unit, "variable": variable, "codebook": codebook, "voice": voice}
    counted = count_mentions(mentions, word_counts, compared.article_ids, **chosen, **least)
    inference = Inference(score, replicates, permutations, seed)
    return _table(counted, compared, inference, settings, **chosen, **least)


def keyness_each(
    word_counts: pd.DataFrame,
    articles: pd.DataFrame,
    *,
    reference: str | None = None,
    by: str = "outlet",
    voice: str | Sequence[str] | None = None,
    words: Sequence[str] | None = None,
    min_count: int = 5,
    min_articles: int = 1,
    groups: pd.Series | None = None,
    sizes: pd.DataFrame | None = None,
    score: str = "log_ratio",
    replicates: int = 2000,
    permutations: int = 9999,
    seed: int = 0,
    **settings: object,
) -> pd.DataFrame:
    """`keyness` of every level of ``by`` against all others, or of all others against one (``reference``).

    Returns:
        target (the level), and the columns of `keyness`; levels by name. Intervals, dispersion, p and all scores but
        lrc are those of `keyness`. The adjusted p and lrc are for the tests of the whole table.
    """
    compared = each_level(articles, by, groups, reference)
    least = {"min_count": min_count, "min_articles": min_articles}
    counted = count_words(word_counts, compared.article_ids, voice=voice, words=words, sizes=sizes, **least)
    inference = Inference(score, replicates, permutations, seed)
    return _table(counted, compared, inference, settings, in_order=words is not None, voice=voice, **least)


def _table(
    counted: Counted,
    compared: Compared,
    inference: Inference,
    named: dict[str, object],
    *,
    in_order: bool = False,
    **asked: object,
) -> pd.DataFrame:
    """One row an item, for each contrast."""
    check_inference(inference)
    settings = settings_of(named)
    n_contrasts, n_items = len(compared.contrasts), len(counted.items)
    settings = settings._replace(
        tests=settings.tests or max(1, n_contrasts * n_items), types=settings.types or max(1, counted.types)
    )
    parts = [_described(counted, compared.level, contrast, settings) for contrast in compared.contrasts]
    scored_attrs = parts[0].attrs
    inferred = resampled(counted, compared, inference, settings)
    for number, contrast in enumerate(compared.contrasts):
        part = parts[number].assign(**{name: values[number] for name, values in inferred.items()})
        parts[number] = part.assign(note=_notes(part, counted.sizes, compared, contrast, inference))
    table = pd.concat(parts, ignore_index=True)
    for name in ("p", "p_wilcoxon"):
        table[f"{name}_adjusted"] = benjamini_hochberg(table[name].to_numpy())
    target = np.repeat(np.arange(n_contrasts), n_items)
    if not in_order:
        order = np.lexsort((np.arange(len(table)), -table["log_likelihood"], -table["lrc"], target))
        table, target = table.iloc[order].reset_index(drop=True), target[order]
    last = ["low", "high", "p", "p_adjusted", "p_wilcoxon", "p_wilcoxon_adjusted", "note"]
    table = table[[*(column for column in table.columns if column not in (*last, "left_out", "alone", "few")), *last]]
    if isinstance(compared.asked["target"], list):
        names = np.array(compared.asked["target"], dtype=object)
        table.insert(0, "target", pd.array(names[target], dtype="str"))
    tests = int(table["p"].notna().sum() if inference.permutations else table["p_wilcoxon"].notna().sum())
    table.attrs = {
        "measure": "keyness",
        **compared.asked,
        **asked,
        "voice": selected("voice", asked["voice"], VOICES),
        **inference._asdict(),
        **{name: value for name, value in scored_attrs.items() if name != "tests"},
        "lrc_tests": settings.tests,
        "tests": tests,
        "n_articles": len(compared.article_ids),
        "n_groups": len(np.unique(compared.group)),
    }
    return table


def _described(counted: Counted, level: np.ndarray, contrast: tuple, settings: Settings) -> pd.DataFrame:
    """Items with counts, sizes, article frequencies, dispersion and scores."""
    table = counted.items.copy()
    beside = {}
    for side, levels in zip(("target", "reference"), contrast, strict=True):
        member = np.flatnonzero(np.isin(level, levels))
        counts = counted.counts[:, member].tocsr()
        table[f"n_{side}"] = np.asarray(counts.sum(axis=1), np.int64)
        table[f"size_{side}"] = np.int64(counted.sizes[member].sum())
        beside[f"articles_{side}"] = np.diff(counts.indptr).astype(np.int64)
        beside[f"dispersion_{side}"] = dispersion(counts.T, counted.sizes[member], measures=["dp_norm"])["dp_norm"]
    front = [*counted.items.columns, "n_target", "n_reference", "size_target", "size_reference"]
    table = with_scores(table[front], settings)
    attrs = table.attrs
    frequencies = ["articles_target", "articles_reference", "dispersion_target", "dispersion_reference"]
    table = table.assign(**beside)[[*front, *frequencies, *SCORES, "note"]]
    table.attrs = attrs
    return table


def _notes(
    part: pd.DataFrame, sizes: np.ndarray, compared: Compared, contrast: tuple, inference: Inference
) -> pd.api.extensions.ExtensionArray:
    """The notes of the scores, and what intervals and dispersion need to be read. Rows of one kind are worded once."""
    of_all = []
    for side, levels in zip(("target", "reference"), contrast, strict=True):
        member = np.isin(compared.level, levels) & (sizes > 0)
        if member.sum() == 1:
            of_all.append(f"one article in {side}: no dispersion")
        if inference.replicates and len(np.unique(compared.group[member])) < 2:
            of_all.append(f"one {compared.asked['unit']} in {side}: no interval")
    if part["few"].any() and not inference.permutations:
        of_all.append(f"fewer than {FEW} {compared.asked['unit']}s on a side: p_wilcoxon takes permutations")
    scored, texts = pd.factorize(part["note"])  # −1: none
    left_out, alone = part["left_out"].to_numpy(), part["alone"].to_numpy()
    kind = (scored + 1) * 2 + alone
    _, first, row_of = np.unique(
        kind * (left_out.max(initial=0) + 1) + left_out, return_index=True, return_inverse=True
    )
    notes = []
    for row in first.tolist():
        said = [texts[scored[row]]] if scored[row] >= 0 else []
        if alone[row]:
            said.append(f"in one {compared.asked['unit']}: no interval, no test")
        if left_out[row]:
            said.append(f"{left_out[row]} of {inference.replicates} replicates left out: {inference.score} undefined")
        notes.append("; ".join([*said, *of_all]) or None)
    return pd.array(notes, dtype="str").take(row_of)
