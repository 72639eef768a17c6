"""The headline contrast: of the variable most often found, the category and the levels that differ most."""

from functools import partial

import pandas as pd

from analysis.comparison.choices import headline_contrast
from analysis.comparison.rates import share_of_choices


def study(*rows):
    """Mentions and articles from (outlet, variable, category)."""
    columns = ["article_id", "variable", "category"]
    mentions = pd.DataFrame(rows, columns=columns).astype("str")
    mentions = mentions.assign(codebook="book", where="body", sentence=0, voice="own", speaker=None).astype(
        {"codebook": "str"}
    )
    outlets = sorted(set(mentions["article_id"]))
    return mentions, pd.DataFrame({"article_id": outlets, "outlet": outlets}).astype("str")


def test_headline_contrast():
    rows = [("A", "name", "x")] * 3 + [("B", "name", "x"), ("B", "name", "y")] + [("C", "name", "y")] * 2
    mentions, articles = study(*rows, ("A", "rare", "p"), ("B", "rare", "q"))
    variables = pd.DataFrame({"codebook": "book", "variable": ["rare", "name"], "mentions": [2, 7]})
    measure = partial(share_of_choices, mentions, articles, by=["outlet"], replicates=1)
    found = headline_contrast(measure, variables)
    assert found == {"codebook": "book", "variable": "name", "category": "x", "level_a": "A", "level_b": "C"}


def test_nothing_differs():
    mentions, articles = study(("A", "name", "x"), ("B", "name", "x"))
    measure = partial(share_of_choices, mentions, articles, by=["outlet"], replicates=1)
    variables = pd.DataFrame({"codebook": "book", "variable": ["name"], "mentions": [2]})
    assert headline_contrast(measure, variables) == {}
    assert headline_contrast(measure, variables[:0]) == {}
