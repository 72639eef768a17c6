"""Compile the loops into numba's cache: ``python -m analysis.coding.warm``, once, at installation."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.coding.codebook import Codebook, Variable
from analysis.coding.index import merge
from analysis.coding.index_files import index_articles
from analysis.coding.indexing import article_counts
from analysis.coding.lookup import look_up
from analysis.coding.mentions import longest_compiled
from analysis.coding.partition import code_partition
from analysis.coding.shingles import candidates, fingerprints
from analysis.coding.together import code_together
from analysis.coding.tokens import count_words, tokenise


def example() -> tuple[pd.DataFrame, list[Codebook]]:
    """Two articles and a codebook that have something of everything."""
    body = "Two “new words” are not very good here, the mayor said. And two more of Good Town follow them."
    articles = pd.DataFrame({"headline": "One word", "deck": None, "body": [body, f"{body} That is all."]}).astype(
        "str"
    )
    articles = articles.assign(
        article_id=pd.array(["0" * 12, "1" * 12], dtype="str"),
        outlet=pd.array(["A", "B"], dtype="str"),
        published=pd.array([pd.Timestamp("2024-06-14")] * 2, dtype="datetime64[us]"),
        n_words=count_words(articles["body"]),
        **{column: pd.array([None, None], dtype="str") for column in ("agency", "credit", "story")},
    )
    variable = Variable(kind="choice", categories={"one": ["word*"], "two": ["two … more"]})
    scale = Variable(kind="scale", categories={"good": {"good": 1.9}})
    actor = Variable(kind="actor", categories={"the mayor": ["mayor"]})
    variables = {"number": variable, "tone": scale, "who": actor}
    return articles, [Codebook(name="warm", version="1.0.0", variables=variables)]


def warm() -> None:
    """Run every compiled function once, on the argument types of real use."""
    articles, codebooks = example()
    code_together(articles, code_partition(articles, codebooks), codebooks)
    keys, _, counts = fingerprints(tokenise(articles["body"]), 5, window=1, first=0, n_texts=len(articles))
    candidates(keys, counts, window=1, least=0.05)  # of which small studies have no need
    indexes = [index_articles(articles)]
    merged = merge(indexes)
    article_counts(indexes, merged)
    look_up(indexes, merged, codebooks)
    longest_compiled()(*(np.arange(3) for _ in range(3)))  # of few hits it is not asked


if __name__ == "__main__":
    warm()
