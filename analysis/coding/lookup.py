"""Codebooks over indexes: what `mentions` finds in texts, found without reading them. One question after another."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pandas as pd

from analysis.coding.codebook import Codebook
from analysis.coding.index import Index, Merged
from analysis.coding.matching import Compiled, Hits, compile_patterns, find_compiled
from analysis.coding.mentions import asked_of, entries_of, named, winners
from analysis.coding.vocabulary import Vocabulary

Texts = Callable[[int, int], str]  # (number of an index, text in it) → the text


def look_up(
    indexes: Sequence[Index], merged: Merged, codebooks: Sequence[Codebook], *, texts: Texts | None = None,
    threads: int = 1,
) -> pd.DataFrame:  # fmt: skip
    """Every mention of every category, as `mentions.find_mentions` finds them.

    Args:
        indexes: of the partitions of a corpus. merged: their types (see `index.merge`).
        texts: gives a text; needed where a pattern holds marks (``AT&T``), and asked for few texts only.
        threads: of which each takes one index after the other.

    Returns:
        article (its number over all indexes), part (of the article's texts), start, end (characters), codebook,
        variable, category, pattern (categoricals); in order of article, part and start.

    Raises:
        ValueError: a pattern holds marks, and no texts are given.
    """
    entries = entries_of(codebooks)
    hits = find_each(indexes, merged, asked_of(entries), texts=texts, threads=threads)
    with ThreadPoolExecutor(threads) as pool:
        won = list(pool.map(lambda one: winners(one, entries), hits))
    table = placed(indexes, [(first, beyond) for first, beyond, _ in won])
    entry = np.concatenate([np.zeros(0, np.int64), *(part[2] for part in won)])
    return table.assign(**named(entries, entry))


def find_each(
    indexes: Sequence[Index], merged: Merged, patterns: Sequence[tuple[str, bool]], *, texts: Texts | None = None,
    threads: int = 1,
) -> list[Hits]:  # fmt: skip
    """Every match of every pattern (text, case-sensitive or not), overlapping ones included, for each index."""
    compiled = compile_patterns(patterns, Vocabulary(merged), merged.counts)
    with ThreadPoolExecutor(threads) as pool:
        return list(pool.map(lambda place: _find(place, indexes[place], merged, compiled, texts), range(len(indexes))))


def _find(place: int, index: Index, merged: Merged, compiled: Compiled, texts: Texts | None) -> Hits:
    def between(token: int) -> bytes:
        """The bytes before a token, back to the one before it."""
        if texts is None:
            raise ValueError("a pattern holds marks between its words; give texts to look for them")
        text = int(np.searchsorted(index.bounds, token, side="right")) - 1
        end = index.starts[token - 1] + index.sizes[index.types[token - 1]]
        return texts(place, text)[end : index.starts[token]].encode("utf-8", "surrogatepass")

    return find_compiled(index.types, index.gaps, compiled, between=between, numbers=merged.numbers[place])


def placed(indexes: Sequence[Index], spans: Sequence[tuple[np.ndarray, np.ndarray]]) -> pd.DataFrame:
    """Runs of tokens (first, one past the last) of each index as article, part, start and end."""
    columns: list[list[np.ndarray]] = [[], [], [], []]
    before = 0
    for index, (first, beyond) in zip(indexes, spans, strict=True):
        text = np.searchsorted(index.bounds, first, side="right") - 1
        last = beyond - 1
        end = index.starts[last] + index.sizes[index.types[last]]
        for column, values in zip(
            columns, (before + text // index.parts, text % index.parts, index.starts[first], end), strict=True
        ):
            column.append(values.astype(np.int32))
        before += index.n_articles
    names = ("article", "part", "start", "end")
    return pd.DataFrame(
        {name: np.concatenate([np.zeros(0, np.int32), *parts]) for name, parts in zip(names, columns, strict=True)}
    )
