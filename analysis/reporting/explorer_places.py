"""The words behind the explorer's numbers: places in their context, and whole articles with what was found marked.

Of the texts only those are read that are shown. All text is escaped.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import numpy as np
import pandas as pd

from analysis import store
from analysis.coding.kwic import around
from analysis.reporting.excerpts import NOT_HERE
from analysis.reporting.explorer_counts import Counts
from analysis.tables import WHERE

MOST = 24  # places shown at a time
_WINDOW = 10
_KEPT = 200  # articles whose texts are held


def drawn(hits: pd.DataFrame, counts: Counts, *, most: int = MOST) -> pd.DataFrame:
    """At most so many places, of as many articles as can be; in order of level, day, article and text.

    Which articles and which of their places come first is drawn once, by the study's seed: another choice shows the
    same places again, as far as they count there.
    """
    if len(hits) > most:
        found = np.zeros(len(counts.order), dtype=bool)
        found[hits["article_id"]] = True
        # The first place of each of so many articles is taken: no other article matters.
        first = np.zeros(len(found), dtype=bool)
        first[np.flatnonzero(found)[np.argsort(counts.order[found], kind="stable")[:most]]] = True
        hits = hits[first[hits["article_id"]]]
        article = hits["article_id"].to_numpy()
        key = (hits["start"].to_numpy() * 2_654_435_761 + article * 40_503 + counts.study.seed) % 2**32
        turn = hits.assign(key=key).sort_values("key", kind="stable").groupby("article_id").cumcount()
        turns = turn.reindex(hits.index).to_numpy()
        hits = hits.iloc[np.sort(np.lexsort((key, counts.order[article], turns))[:most])]
    of = counts.articles.iloc[hits["article_id"]]
    order = {"level": of[counts.by].astype("str").to_numpy(), "published": of["published"].to_numpy()}
    keys = hits.assign(**order, part=pd.Categorical(hits["where"].astype("str"), WHERE))
    keys = keys.sort_values(["level", "published", "article_id", "part", "start"], kind="stable")
    return hits.loc[keys.index]


def texts_of(counts: Counts, numbers: Sequence[int], columns: Sequence[str] = WHERE) -> pd.DataFrame:
    """Headline, deck and body of some articles, with their numbers as article_id; missing where a study came without
    its texts (its headlines hold a mark for each word)."""
    if counts.study.shared:
        table = pd.DataFrame(index=range(len(numbers)), columns=list(columns))
    else:
        (place,) = counts.tables.stored("articles").files
        table = store.read_some(place, numbers, list(columns)).to_pandas().set_axis(range(len(numbers)))
    return table.astype(dict.fromkeys(columns, "str")).assign(article_id=np.asarray(numbers, np.int64))


def _kept_texts(counts: Counts, numbers: Sequence[int]) -> pd.DataFrame:
    """The same; those shown last are held, since most are shown again."""
    kept = counts.texts
    new = [one for one in map(int, numbers) if one not in kept]
    kept.update(zip(new, texts_of(counts, new).to_dict("records"), strict=True) if new else ())
    table = pd.DataFrame([kept[one] for one in map(int, numbers)])
    for one in list(kept)[: max(len(kept) - _KEPT, 0)]:
        del kept[one]
    return table.astype(dict.fromkeys(WHERE, "str"))


def in_context(hits: pd.DataFrame, counts: Counts, *, window: int = _WINDOW) -> pd.DataFrame:
    """Places as rows to read: the column compared by, day, category (where hits have one), voice, left, match, right.

    Where the study comes without its texts, match says so.
    """
    numbers = hits["article_id"].unique()
    texts = _kept_texts(counts, numbers)
    parts = texts.set_index("article_id")
    of_part = [parts.at[one, where] for one, where in zip(hits["article_id"], hits["where"], strict=True)]
    read = hits[[isinstance(text, str) for text in of_part]]
    own = read.assign(where=read["where"].astype("str"))
    shown = around(own, texts, window=window) if len(own) else own.assign(left="", right="")
    known = (text for text in of_part if isinstance(text, str))
    spans = zip(known, own["start"], own["end"], strict=True)
    words = [" ".join(text[start:end].split()) for text, start, end in spans]
    shown = shown.assign(match=pd.array(words, dtype="str"))[["left", "match", "right"]].reindex(hits.index)
    of = counts.articles.iloc[hits["article_id"]]
    table = {counts.by: of[counts.by].astype("str").fillna("(none)").to_numpy(), "day": days(of["published"])}
    table |= {name: hits[name].astype("str").to_numpy() for name in ("category", "voice") if name in hits.columns}
    table |= {"left": shown["left"].fillna("").to_numpy(), "match": shown["match"].fillna(NOT_HERE).to_numpy()}
    return pd.DataFrame({**table, "right": shown["right"].fillna("").to_numpy()})


def days(published: pd.Series) -> np.ndarray:
    """Days as text; a dash where there is none."""
    return published.dt.strftime("%Y-%m-%d").fillna("–").to_numpy()


def articles_with(hits: pd.DataFrame, counts: Counts, level: str, *, most: int = 100) -> list[tuple[str, int]]:
    """The articles of a level with hits, as (what a list shows, number), by day; at most so many, those with most."""
    of_level = (counts.articles[counts.by].astype("str") == level).to_numpy()
    found = hits.loc[of_level[hits["article_id"]], "article_id"].value_counts(sort=False).sort_index()
    found = found.sort_values(ascending=False, kind="stable").head(most).sort_index()
    lacking = NOT_HERE if counts.study.shared else "(no headline)"
    heads = texts_of(counts, found.index.to_numpy(), ["headline"])["headline"].fillna(lacking)
    table = counts.articles.loc[found.index]
    rows = zip(days(table["published"]), found, heads, found.index, strict=True)
    return sorted((f"{day} · {n}× · {' '.join(head.split())}", int(number)) for day, n, head, number in rows)


def article_html(number: int, hits: pd.DataFrame, counts: Counts) -> str:
    """An article as HTML: headline, deck, body, with the hits of it marked by category."""
    (text,) = _kept_texts(counts, [number]).to_dict("records")
    own = hits[hits["article_id"] == number]
    of = counts.articles.loc[number]
    facts = [str(of[counts.by]), days(counts.articles.loc[[number], "published"])[0]]
    facts += [f"{of['n_words']:,} words", f"{len(own)} mention{'' if len(own) == 1 else 's'}"]
    parts = [f"<p class='facts'>{escape(' · '.join(facts))}</p>"]
    if not isinstance(text["body"], str):
        return f"<article class='samestory-article'>{parts[0]}<p>{NOT_HERE}</p></article>"
    for where, tag in zip(WHERE, ("h3", "h4", "div"), strict=True):
        if isinstance(text[where], str) and text[where]:
            of_part = own[own["where"].astype("str") == where].sort_values("start")
            parts.append(f"<{tag}>{_marked(text[where], of_part)}</{tag}>")
    return f"<article class='samestory-article'>{''.join(parts)}</article>"


def _marked(text: str, hits: pd.DataFrame) -> str:
    """A text with its hits marked; the category and the voice stand in the mark's title and behind the words."""
    made, at = [], 0
    for row in hits.itertuples(index=False):
        if row.start < at:  # two patterns of one place: the first is marked
            continue
        title = f"{row.category}, voice {row.voice}"
        made += [escape(text[at : row.start]), f'<mark title="{escape(title, quote=True)}">']
        made += [escape(text[row.start : row.end]), f"<small>{escape(row.category)}</small></mark>"]
        at = row.end
    return "".join([*made, escape(text[at:])]).replace("\n", "<br>")
