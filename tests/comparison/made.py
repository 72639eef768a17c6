"""A coded study made up for tests of sampling and validation: what the machine says is given, the texts are filler."""

from __future__ import annotations

import pandas as pd

from analysis.tables import empty, validate

BOOK, HASH = "made", "0123456789ab"


def study(said, *, kind="presence", categories=("flood",), outlets=None, texts=None, groups=None, valences=None):
    """Coded tables of articles whose sentences have the categories of ``said``: a list of sets for each article.

    ``texts``: the sentences of each article (filler by default); ``groups``: the copy group of each article;
    ``valences``: of each article's sentences, for kind scale: each is one hit's.
    """
    rows, sentences, mentions = [], [], []
    for number, article in enumerate(said):
        own = texts[number] if texts else [f"Row {number} barge {place} waits." for place in range(len(article))]
        place = 0
        for order, (text, found) in enumerate(zip(own, article, strict=True)):
            weight = valences[number][order] if valences else float("nan")
            score = weight / (weight**2 + 15) ** 0.5
            sentences.append((_id(number), order, place, place + len(text), len(text.split()), score, "own", None))
            for category in sorted(found):
                spot = (place, place + 3, "own", None, False, False, weight)
                mentions.append((_id(number), BOOK, "matter", category, "x", text[:3], "body", order, *spot))
            place += len(text) + 1
        outlet = outlets[number] if outlets else f"Outlet {number}"
        rows.append((_id(number), outlet, " ".join(own), f"Headline {number}"))
    articles = pd.DataFrame(rows, columns=["article_id", "outlet", "body", "headline"]).astype("str")
    group = [_id(groups[number]) if groups else _id(number) for number in range(len(said))]
    return {
        "articles": articles,
        "categories": listed(kind, categories),
        "sentences": _table("sentences", sentences),
        "mentions": _table("mentions", mentions),
        "targets": empty("targets"),
        "copy_groups": pd.DataFrame({"article_id": articles["article_id"], "copy_group": group}).astype("str"),
    }


def listed(kind="presence", categories=("flood",), variable="matter"):
    rows = [(BOOK, "1.0.0", HASH, variable, kind, "Is it there?", one, None, 1) for one in categories]
    return _table("categories", rows)


def targets(rows):
    """The table *targets* from (article, where, sentence, start, end, actor, match, valence)."""
    made = [
        (_id(article), BOOK, "matter", actor, where, sentence, start, end, match, "own", None, valence, None)
        for article, where, sentence, start, end, actor, match, valence in rows
    ]
    return _table("targets", made)


def answers(samples, coder, code):
    """The table *codings* of one coder, from a function of a row of *samples*."""
    rows = [(row.sample, row.item, row.category, coder, code(row)) for row in samples.itertuples(index=False)]
    return _table("codings", rows)


def _id(number):
    return f"{number:012x}"


def _table(name, rows):
    like = empty(name)
    return validate(name, pd.DataFrame(rows, columns=like.columns).astype(like.dtypes.to_dict()))
