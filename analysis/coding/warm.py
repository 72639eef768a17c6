"""Compile the token loops into numba's cache: ``python -m analysis.coding.warm``, once, at installation."""

from __future__ import annotations

import pandas as pd

from analysis.coding.codebook import Codebook, Variable
from analysis.coding.partition import code_partition
from analysis.coding.tokens import count_words


def warm() -> None:
    """Run every compiled function once, on the argument types of real use."""
    article = {"article_id": "0" * 12, "headline": "One word", "deck": None, "body": "Two “words” here. And two more."}
    variable = Variable(kind="choice", categories={"one": ["word*"], "two": ["two … more"]})
    articles = pd.DataFrame([article]).astype("str")
    code_partition(articles, [Codebook(name="warm", version="1.0.0", variables={"number": variable})])
    count_words(articles["body"])


if __name__ == "__main__":
    warm()
