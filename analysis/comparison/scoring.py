"""Every score of keyness for a list of counts: from this study's tables, or from a frequency list made elsewhere."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd

from analysis.comparison import scores
from analysis.study import UserError

COUNTS = ("n_target", "n_reference", "size_target", "size_reference")
SCORES = (
    "log_likelihood",
    "g2",
    "chi2",
    "log_ratio",
    "log_ratio_walter",
    "lrc",
    "percent_diff",
    "bic",
    "relative_risk",
    "odds_ratio",
    "simple_maths",
    "log_odds",
    "log_odds_z",
    "fisher_p",
)
# Beyond this a float no longer holds every whole number.
_LARGEST = 2**53


class Settings(NamedTuple):
    """What the scores depend on besides the counts.

    Attributes:
        correction: of chi2; g2_correction: of g2; each none, yates, williams or auto (see `scores.chi2`).
        tests, alpha: of lrc: the words tested together (None: the rows that can be scored) and the level.
        smoothing: λ of simple_maths.
        prior: of log_odds: α of every word, or a background corpus as word → count.
        types: where α is a constant, how many word types share it, so that α0 = α · types (None: the rows).
        prior_size: where the prior is a corpus, the α0 that its counts are scaled to (None: as they are).
    """

    correction: str = "auto"
    g2_correction: str = "none"
    tests: int | None = None
    alpha: float = 0.05
    smoothing: float = 100
    prior: float | pd.Series = 0.01
    types: int | None = None
    prior_size: float | None = None


def score_counts(
    counts: pd.DataFrame, *, size_target: int | None = None, size_reference: int | None = None, **settings: object
) -> pd.DataFrame:
    """Every score for each row of a frequency list.

    Args:
        counts: word, n_target, n_reference and, where they are not given, size_target and size_reference: the words in
            all of each side. Other columns are dropped.
        size_target, size_reference: one size for all rows, in place of the column.
        settings: those of `Settings`.

    Returns:
        word, the four counts, log_likelihood, g2, chi2, log_ratio (Hardie), log_ratio_walter, lrc, percent_diff, bic,
        relative_risk, odds_ratio, simple_maths, log_odds, log_odds_z, fisher_p (each as in `scores`), and note: what
        must be known to read the row; every NaN has its reason there. ``attrs`` say with which settings.

    Raises:
        UserError: a column is not there, or a count is no whole number, below 0, or above its size; with row (from 1),
            word and column.

    Limits: see `scores`: the tests among them take words as independent draws.
    """
    given = {"size_target": size_target, "size_reference": size_reference}
    held = _held(counts, {column: size for column, size in given.items() if size is not None})
    return with_scores(held, settings_of(settings))


def settings_of(named: dict[str, object]) -> Settings:
    """The settings by name; a UserError says which is wrong, and what is allowed."""
    unknown = sorted(set(named) - set(Settings._fields))
    if unknown:
        raise UserError(f"{unknown[0]} is no setting of a score; allowed: {', '.join(Settings._fields)}")
    asked = Settings(**named)
    for name in ("correction", "g2_correction"):
        if getattr(asked, name) not in scores.CORRECTIONS:
            raise UserError(f"{name} is {getattr(asked, name)!r}; allowed: {', '.join(scores.CORRECTIONS)}")
    for name, least, most, meaning in (
        ("tests", 1, np.inf, "a number of at least 1"),
        ("types", 1, np.inf, "a number of at least 1"),
        ("alpha", np.nextafter(0, 1), np.nextafter(1, 0), "a number between 0 and 1"),
        ("smoothing", 0, np.finfo(float).max, "a number of at least 0"),
        ("prior_size", np.nextafter(0, 1), np.finfo(float).max, "a number above 0"),
    ):
        _in_range(name, getattr(asked, name), least, most, meaning)
    if not isinstance(asked.prior, pd.Series):
        above_0 = "a number above 0, or counts of a corpus by word"
        _in_range("prior", asked.prior, np.nextafter(0, 1), np.finfo(float).max, above_0)
    elif asked.prior.index.duplicated().any():
        raise UserError(f"prior: the word {asked.prior.index[asked.prior.index.duplicated()][0]!r} stands twice")
    elif not (asked.prior >= 0).all() or not asked.prior.sum() > 0:
        raise UserError("prior: a count is below 0 or missing, or all are 0; allowed: counts of a corpus by word")
    return asked


def _in_range(name: str, value: object, least: float, most: float, meaning: str) -> None:
    if value is None and name in ("tests", "types", "prior_size"):
        return
    if isinstance(value, bool) or not isinstance(value, (int, float, np.number)) or not least <= value <= most:
        raise UserError(f"{name} is {value!r}; allowed: {meaning}")


def with_scores(counts: pd.DataFrame, settings: Settings) -> pd.DataFrame:
    """The scores beside counts that are known to be right: the columns of `score_counts`, and those of ``counts``."""
    a, b, c, d = (counts[column].to_numpy(float) for column in COUNTS)
    defined = (a + b > 0) & (c > 0) & (d > 0)
    settings = settings._replace(tests=int(defined.sum()) if settings.tests is None else settings.tests)
    options = score_options(settings, counts["word"] if "word" in counts.columns else None, rows=len(counts))
    found = {name: getattr(scores, name)(a, b, c, d, **options.get(name, {})) for name in SCORES}
    table = counts.reset_index(drop=True).assign(**found)
    alpha = np.broadcast_to(options["log_odds"]["prior"], a.shape)
    table["note"] = _notes(table, alpha)
    constant = not isinstance(settings.prior, pd.Series)
    table.attrs = {
        **settings._asdict(),
        "prior": settings.prior if constant else "a corpus",
        "prior_size": options["log_odds"]["prior_size"],
        "types": (settings.types or len(counts)) if constant else None,
    }
    return table


def score_options(settings: Settings, words: pd.Series | None, *, rows: int) -> dict[str, dict[str, object]]:
    """Score → its keyword arguments. The prior is one number, or one of each of ``words``; α0 is their sum."""
    if not isinstance(settings.prior, pd.Series):
        alpha, whole = float(settings.prior), float(settings.prior * (settings.types or max(rows, 1)))
    elif words is None:
        raise UserError("prior is a corpus, which has words and no categories; allowed: a number above 0")
    else:
        counted = float(settings.prior.sum())
        whole = counted if settings.prior_size is None else float(settings.prior_size)
        alpha = words.map(settings.prior).fillna(0).to_numpy(float) * (whole / counted)
    prior = {"prior": alpha, "prior_size": whole}
    return {
        "g2": {"correction": settings.g2_correction},
        "chi2": {"correction": settings.correction},
        "lrc": {"tests": max(settings.tests or 1, 1), "alpha": settings.alpha},
        "simple_maths": {"smoothing": settings.smoothing},
        "log_odds": prior,
        "log_odds_z": prior,
    }


def _notes(table: pd.DataFrame, alpha: np.ndarray) -> pd.api.extensions.ExtensionArray:
    """What must be known to read each row; None where nothing. Rows of one kind are worded once."""
    a, b, c, d = (table[column].to_numpy(float) for column in COUNTS)
    undefined = {name: np.isnan(table[name].to_numpy()) for name in SCORES}
    nothing = (a + b == 0) | (c == 0) | (d == 0)
    kinds = {
        "target holds no words": c == 0,
        "reference holds no words": d == 0,
        "in neither": (a + b == 0) & (c > 0) & (d > 0),
        "0 in target: log_ratio takes it as .5": (a == 0) & ~nothing,
        "0 in reference: log_ratio takes it as .5": (b == 0) & ~nothing,
        "no other word in target": (a == c) & ~nothing,
        "no other word in reference": (b == d) & ~nothing,
        "not in the prior": (alpha == 0) & ~nothing & undefined["log_odds"],
    }
    # The facts of a row as the bits of one number.
    facts = {**kinds, **undefined}
    number = np.zeros(len(table), np.int64)
    for bit, holds in enumerate(facts.values()):
        number |= holds.astype(np.int64) << bit
    row_of, numbers = pd.factorize(number)
    texts = []
    for row in numbers.tolist():
        true = [name for bit, name in enumerate(facts) if row >> bit & 1]
        said = [name for name in true if name in kinds]
        lacking = [name for name in true if name in undefined]
        if len(lacking) == len(SCORES):
            said.append("no score is defined")
        elif lacking:
            said.append(f"undefined: {', '.join(lacking)}")
        texts.append("; ".join(said) or None)
    return pd.array(texts, dtype="str").take(row_of)


def _held(counts: pd.DataFrame, sizes: dict[str, int]) -> pd.DataFrame:
    """word and the four counts as whole numbers, or a UserError with row, word and column."""
    for column in sizes:
        if column in counts.columns:
            raise UserError(f"{column} is given and also a column of the counts; allowed: one of both")
    wanted = ["word", *(column for column in COUNTS if column not in sizes)]
    missing = [column for column in wanted if column not in counts.columns]
    if missing:
        raise UserError(f"the counts have no column {missing[0]!r}; they have {', '.join(map(str, counts.columns))}")
    held = counts[wanted].reset_index(drop=True).assign(**sizes)
    if held["word"].isna().any():
        raise UserError(f"row {int(np.argmax(held['word'].isna())) + 1}: word is missing")
    for column in COUNTS:
        numbers = pd.to_numeric(held[column], errors="coerce").to_numpy(float, na_value=np.nan)
        with np.errstate(invalid="ignore"):
            wrong = ~((numbers >= 0) & (numbers <= _LARGEST) & (numbers == np.floor(numbers)))
        _refuse(held, column, wrong, "a whole number of at least 0")
        held[column] = numbers.astype(np.int64)
    for side in ("target", "reference"):
        above = (held[f"n_{side}"] > held[f"size_{side}"]).to_numpy()
        _refuse(held, f"n_{side}", above, f"at most size_{side}", f"size_{side}")
    return held[["word", *COUNTS]].astype({"word": "str"})


def _refuse(held: pd.DataFrame, column: str, wrong: np.ndarray, allowed: str, beside: str | None = None) -> None:
    if wrong.any():
        row = held.iloc[int(np.argmax(wrong))]
        value = "missing" if pd.isna(row[column]) else f"{row[column]}"
        size = f", {row[beside]}" if beside else ""
        place = f"row {row.name + 1}, word {row['word']!r}, column {column}"
        raise UserError(f"{place}: {value}; allowed: {allowed}{size}")
