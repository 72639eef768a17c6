"""How often each word, or each category of a codebook, stands in each article: the sparse matrix that tests work on."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy import sparse

from analysis.comparison.selection import codebook_of, selected
from analysis.study import UserError
from analysis.tables import VOICES

UNITS = {
    "category": ["codebook", "variable", "category"],
    "pattern": ["codebook", "variable", "category", "pattern"],
    "match": ["codebook", "variable", "category", "match"],
}


class Counted(NamedTuple):
    """Counts of items in articles.

    Attributes:
        items: one row an item; its columns name it (word; or codebook, variable, category …), in sorted order.
        counts: items × articles, whole numbers.
        sizes: the words of each article, in the voices asked for.
        types: how many different words stand in these articles.
    """

    items: pd.DataFrame
    counts: sparse.csr_array
    sizes: np.ndarray
    types: int


def count_words(
    word_counts: pd.DataFrame | Iterable[pd.DataFrame],
    article_ids: pd.Series,
    *,
    voice: str | Sequence[str] | None = None,
    words: Sequence[str] | None = None,
    min_count: int = 1,
    min_articles: int = 1,
    sizes: pd.DataFrame | Iterable[pd.DataFrame] | None = None,
) -> Counted:
    """Words in articles: all that stand at least so often and in so many of them; or ``words``, in their order.

    Words are types of *word_counts*, that is case folded; of ``words`` each is looked up as given, else folded. One
    that stands nowhere has zeros. ``sizes`` is a table whose n add up to the size of each article, such as
    *word_counts* where the first table holds phrases; None: the first table.

    Either table may be given in parts (`analysis.lazy.Tables.parts`): what is held is then the matrix and one part.
    """
    counts, names = _counts_of(word_counts, article_ids, selected("voice", voice, VOICES))
    sizes = counts.sum(axis=0) if sizes is None else _sizes_of(sizes, article_ids, voice, counts)
    if words is None:
        kept = _enough(counts, min_count, min_articles)
    else:
        known = pd.Index(names)
        wanted = pd.Index([_looked_up(str(word), known) for word in words], dtype="str")
        if wanted.has_duplicates:
            raise UserError(f"words: {wanted[wanted.duplicated()][0]!r} stands twice")
        kept = known.get_indexer(wanted)
        # An empty row at the end stands for the words that are nowhere.
        counts = sparse.vstack([counts, sparse.csr_array((1, len(article_ids)), dtype=np.int64)], format="csr")
        names = wanted.take(np.arange(len(wanted)))
        return Counted(_items({"word": names}), counts[kept], sizes, counts.shape[0] - 1)
    return Counted(_items({"word": names[kept]}), counts[kept], sizes, len(names))


def count_mentions(
    mentions: pd.DataFrame,
    word_counts: pd.DataFrame,
    article_ids: pd.Series,
    *,
    unit: str = "category",
    variable: str | Sequence[str] | None = None,
    codebook: str | None = None,
    voice: str | Sequence[str] | None = None,
    min_count: int = 1,
    min_articles: int = 1,
) -> Counted:
    """Codebook hits in articles: by category, by the pattern that hit, or by the words hit (case folded).

    ``variable`` selects variables (None: all of ``codebook``, or of every codebook). Sizes are words of the same
    voices, so that a phrase of several words is one hit among them.
    """
    if unit not in UNITS:
        raise UserError(f"unit is {unit!r}; allowed: {', '.join(UNITS)}")
    voices = selected("voice", voice, VOICES)
    names = [variable] if isinstance(variable, str) else None if variable is None else list(variable)
    if names is not None:
        books = {name: codebook_of(name, codebook, mentions, None) for name in names}
        asked = mentions["variable"].map(books) == mentions["codebook"]
    elif codebook is not None and codebook not in set(mentions["codebook"]):
        known = ", ".join(sorted(set(mentions["codebook"]))) or "none (nothing was coded)"
        raise UserError(f"codebook {codebook!r} has no mention; allowed: {known}")
    else:
        asked = np.full(len(mentions), True) if codebook is None else mentions["codebook"] == codebook
    hits = _of_articles(mentions[asked], "mentions", [*UNITS[unit], "voice"], article_ids)
    hits = hits[hits["voice"].isin(voices)]
    if unit == "match":
        hits = hits.assign(match=hits["match"].str.casefold())
    item = hits.groupby(UNITS[unit], sort=True).ngroup().to_numpy()
    items = hits.assign(item=item).drop_duplicates("item").sort_values("item")[UNITS[unit]].reset_index(drop=True)
    counts = _matrix(item, hits["row"].to_numpy(), np.ones(len(hits)), (len(items), len(article_ids)))
    kept = _enough(counts, min_count, min_articles)
    words = count_words(word_counts, article_ids, voice=voice, words=())
    return Counted(items.iloc[kept].reset_index(drop=True), counts[kept], words.sizes, words.types)


def summed(counts: sparse.csr_array, codes: np.ndarray, groups: int) -> sparse.csr_array:
    """Items × articles added up to items × groups. ``codes`` is each article's group, −1 where it does not count."""
    member = np.flatnonzero(codes >= 0)
    ones = np.ones(len(member), np.int64)
    into = sparse.csr_array((ones, (member, codes[member])), shape=(len(codes), groups))
    return sparse.csr_array(counts @ into)


def _looked_up(word: str, known: pd.Index) -> str:
    """The type of a word. A type as it stands in the table is taken so: to fold it again may change it."""
    return word if word in known else unicodedata.normalize("NFC", unicodedata.normalize("NFC", word).casefold())


def _counts_of(
    table: pd.DataFrame | Iterable[pd.DataFrame], article_ids: pd.Series, voices: list[str]
) -> tuple[sparse.csr_array, pd.Index]:
    """Words × articles, and the words in their order."""
    words, items, rows, n = [], [], [], []
    for part in _parts(table):
        held = _of_articles(part, "word_counts", ["word", "voice", "n"], article_ids)
        held = held[held["voice"].isin(voices)]
        item, own = pd.factorize(held["word"])
        words.append(pd.Series(own, dtype="str"))
        items.append(item)
        rows.append(held["row"].to_numpy(np.int32))
        n.append(held["n"].to_numpy(np.int64))
    code, names = pd.factorize(pd.concat(words, ignore_index=True), sort=True)
    begins = np.cumsum([0, *(len(own) for own in words)])
    items = [code[begin:].astype(np.int32)[item] for begin, item in zip(begins, items, strict=False)]
    shape = (len(names), len(article_ids))
    return _matrix(np.concatenate(items), np.concatenate(rows), np.concatenate(n), shape), names


def _parts(table: pd.DataFrame | Iterable[pd.DataFrame]) -> Iterable[pd.DataFrame]:
    return [table] if isinstance(table, pd.DataFrame) else table


def _sizes_of(
    table: pd.DataFrame | Iterable[pd.DataFrame],
    article_ids: pd.Series,
    voice: str | Sequence[str] | None,
    counts: sparse.csr_array,
) -> np.ndarray:
    """The sizes of articles from another table; a UserError where an article holds more of an item than it has."""
    sizes, voices = np.zeros(len(article_ids), np.int64), selected("voice", voice, VOICES)
    for part in _parts(table):
        rows = _of_articles(part, "sizes", ["voice", "n"], article_ids)
        rows = rows[rows["voice"].isin(voices)]
        sizes += np.bincount(rows["row"], weights=rows["n"], minlength=len(article_ids)).astype(np.int64)
    short = counts.indices[counts.data > sizes[counts.indices]]
    if len(short):
        raise UserError(f"sizes has fewer words than are counted in article {article_ids.iloc[short.min()]}; allowed: "
                        "a table of the same articles, such as word_counts")  # fmt: skip
    return sizes


def _of_articles(table: pd.DataFrame, name: str, columns: list[str], article_ids: pd.Series) -> pd.DataFrame:
    """The columns asked of a coded table, with ``row``: the place of its article. Other articles are dropped."""
    missing = [column for column in ["article_id", *columns] if column not in table.columns]
    if missing:
        raise UserError(f"table {name} has no column {missing[0]!r}; it has {', '.join(table.columns)}")
    row = pd.Index(article_ids).get_indexer(table["article_id"])
    return table[columns].assign(row=row)[row >= 0].reset_index(drop=True)


def _matrix(item: np.ndarray, article: np.ndarray, n: np.ndarray, shape: tuple) -> sparse.csr_array:
    """Items × articles; an item that stands in several voices of an article is added up."""
    made = sparse.coo_array((np.asarray(n, np.int64), (item, article)), shape=shape).tocsr()
    made.sum_duplicates()
    return made


def _enough(counts: sparse.csr_array, min_count: int, min_articles: int) -> np.ndarray:
    """The items that stand often enough, in enough articles."""
    for name, least in (("min_count", min_count), ("min_articles", min_articles)):
        if isinstance(least, bool) or not isinstance(least, (int, np.integer)) or least < 1:
            raise UserError(f"{name} is {least!r}; allowed: a whole number of at least 1")
    return np.flatnonzero((counts.sum(axis=1) >= min_count) & (np.diff(counts.indptr) >= min_articles))


def _items(columns: dict[str, object]) -> pd.DataFrame:
    return pd.DataFrame({name: pd.array(values, dtype="str") for name, values in columns.items()})
