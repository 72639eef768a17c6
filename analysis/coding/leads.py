"""What finding stories needs know of articles: the forms of words at their beginnings, counted part by part."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import scipy.sparse as sp

from analysis.coding.tokens import tokenise
from analysis.coding.variants import lexicon

LEAD = 1_500  # characters of the body
_HEADLINE = 3.0  # times that a headline's words count


class Leads(NamedTuple):
    """What stories need know of some articles: the forms at their beginnings. Of parts of a study these go together.

    Attributes:
        vocabulary: the forms. rows: how much of each form each article has (csr, articles × forms), or the file that
            `Leads.shelved` put them in. size: articles. having: how many of them have each form.
        used, capitals: of each form, how many words in bodies have it, and how many of those with a capital.
        form, word, n: which words (places in words) have which form, and how often they are there, plus 1 a spelling.
        words: folded words.
    """

    vocabulary: pa.Array
    rows: sp.csr_array | Path
    size: int
    having: np.ndarray
    used: np.ndarray
    capitals: np.ndarray
    form: np.ndarray
    word: np.ndarray
    n: np.ndarray
    words: pa.Array

    def shelved(self, file: Path) -> Leads:
        """The same with its rows, most of what it holds, in a file."""
        sp.save_npz(file, self.rows, compressed=False)
        return self._replace(rows=file)


def read_leads(articles: pd.DataFrame) -> Leads:
    """What stories need know of some articles (headline, deck, body)."""
    parts = articles[["headline", "deck"]].assign(body=articles["body"].str[:LEAD])
    tokens = tokenise(parts.to_numpy(dtype=object, na_value=None).ravel().tolist())
    part = tokens.texts % 3
    known = lexicon(tokens.raw_strings)
    size, n_types, n_forms = np.diff(known.bounds), len(tokens.raw_strings), len(known.vocabulary)
    # Sums go over words in their order, so that they are the same to the last bit whatever else stands in the part.
    order = pc.sort_indices(tokens.raw_strings).to_numpy()
    rank = np.empty(n_types, np.int64)
    rank[order] = np.arange(n_types)
    shares = sp.csr_array((known.shares, known.ids, known.bounds), shape=(n_types, n_forms))[order]
    times = np.where(part == 0, _HEADLINE, 1.0)
    seen = sp.coo_array((times, (tokens.texts // 3, rank[tokens.types])), shape=(len(articles), n_types))
    rows = sp.csr_array(seen.tocsr() @ shares)
    rows.sort_indices()
    rows.indices, rows.indptr = rows.indices.astype(np.int32), rows.indptr.astype(np.int32)
    printed = np.bincount(tokens.types[part == 2], minlength=n_types)
    initials = pc.utf8_slice_codeunits(tokens.raw_strings, 0, 1).dictionary_encode()
    capital = np.array([initial.isupper() for initial in initials.dictionary.to_pylist()], bool)[initials.indices]
    used = np.repeat(printed, size)
    entries = pd.DataFrame({"form": known.ids, "word": np.repeat(tokens.fold_of, size), "n": 1 + used})
    entries = entries.groupby(["form", "word"], as_index=False)["n"].sum()
    return Leads(
        known.vocabulary,
        rows,
        len(articles),
        np.bincount(rows.indices, minlength=n_forms),
        np.bincount(known.ids, weights=used, minlength=n_forms),
        np.bincount(known.ids, weights=np.where(np.repeat(capital, size), used, 0), minlength=n_forms),
        *(entries[name].to_numpy(np.int32) for name in entries),
        pa.array(tokens.folded, pa.large_string()),
    )
