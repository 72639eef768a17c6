"""Which articles figures rest on: one hash over them, and a line for each, so that a change can be named later.

What counts of an article is whatever a figure could depend on: outlet, headline and body (which its id is a hash of),
deck, day, agency, and every other column that it could be compared by. Where it was read from and what it was called
there do not count; nor do a story that was found, since it follows from the texts of all, and the number of words.
No text is kept: of a headline there is a hash, by which an article is found again.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd

from analysis import store, store_places

# Not of the article, or part of its id (headline and body).
_ASIDE = {"source_file", "source_index", "url", "n_words", "headline", "body", "story"}
# Printed with an article, long, and not in its id. Tables without texts hold one hash of these in their place.
PRINTED = ("deck", "byline", "disclosure", "correction")
PRINTED_HASH = "printed"
_SHOWN = 3  # changes of one kind that are named


class Corpus(NamedTuple):
    """Articles as a figure's record knows them.

    Attributes:
        articles: indexed by article_id, in its order: hash, outlet, published, headline (a hash), all texts.
        columns: a hash of each column that counts. sha256: over all articles.
    """

    articles: pd.DataFrame
    columns: dict[str, str]
    sha256: str


def corpus_of(tables: dict[str, pd.DataFrame]) -> Corpus:
    """The articles of coded tables."""
    articles = tables["articles"]
    columns = {name: _values(articles[name]) for name in sorted({*articles.columns} - {*_ASIDE, *PRINTED})}
    columns.setdefault(PRINTED_HASH, printed_hash(articles).to_numpy("uint64"))
    if "story" in articles:
        columns["story"] = np.where(_given(articles, tables), _values(articles["story"]), np.uint64(0))
    whole = sum((_mixed(values, name) for name, values in columns.items()), np.zeros(len(articles), np.uint64))
    names = articles["article_id"].to_numpy()
    lines = pd.DataFrame(
        {
            "hash": _hex(whole),
            "outlet": _texts(articles, "outlet"),
            "published": _texts(articles, "published"),
            "headline": _hex(_values(articles["headline"])) if "headline" in articles else "",
        },
        index=pd.Index(names, name="article_id", dtype="str"),
    ).sort_index()
    order = np.argsort(names.astype("str"), kind="stable")
    each = {name: store.hash_of(values[order].tobytes())[:8] for name, values in columns.items() if values.any()}
    return Corpus(lines, each, store.hash_of("\n".join(lines.index + " " + lines["hash"])))


def printed_hash(articles: pd.DataFrame) -> pd.Series:
    """One number (uint64) for what is printed with each article beside headline and body: `PRINTED`.

    Tables that are shared without texts keep it as the column ``printed`` (`PRINTED_HASH`), so that figures made from
    them have the ids of figures made from the texts.
    """
    columns = (_mixed(_values(articles[name]), name) for name in PRINTED if name in articles)
    return pd.Series(sum(columns, np.zeros(len(articles), np.uint64)), index=articles.index, dtype="uint64")


def _given(articles: pd.DataFrame, tables: dict[str, pd.DataFrame]) -> np.ndarray:
    """Of which articles the source says the story; where nothing tells, of all."""
    if "stories" not in tables:
        return np.ones(len(articles), bool)
    given = tables["stories"].set_index("article_id")["given"]
    return articles["article_id"].map(given).eq(True).to_numpy(bool)


def _values(column: pd.Series) -> np.ndarray:
    """A number for each value; 0 where it is missing, so that a column of nothing is as one that is not there."""
    if column.dtype == "uint64":
        return column.to_numpy()
    plain = column.astype("str") if isinstance(column.dtype, pd.CategoricalDtype) else column
    hashed = pd.util.hash_pandas_object(plain, index=False).to_numpy()
    return np.where(column.isna().to_numpy(), np.uint64(0), hashed)


def _mixed(values: np.ndarray, name: str) -> np.ndarray:
    """Values that are told apart from the same in another column: multiplied by an odd number of the column's own."""
    return values * np.uint64(int(store.hash_of(name)[:16], 16) | 1)


def _hex(values: np.ndarray) -> list[str]:
    return [f"{value:016x}"[:8] for value in values.tolist()]


def _texts(articles: pd.DataFrame, name: str) -> pd.Series:
    """A column as texts, empty where it is missing; of moments the day."""
    if name not in articles:
        return pd.Series([""] * len(articles)).to_numpy()
    column = articles[name]
    said = column.dt.strftime("%Y-%m-%d") if pd.api.types.is_datetime64_any_dtype(column) else column
    return said.astype("str").fillna("").to_numpy()


def file_of(folder: Path, sha256: str) -> Path:
    """Where a folder of figures keeps the lines of a corpus."""
    return folder / "inputs" / f"corpus-{sha256[:12]}.json"


def keep(corpus: Corpus, folder: Path) -> None:
    """Write the lines of a corpus beside figures, where they do not stand there: columns, then a line an article."""
    file = file_of(folder, corpus.sha256)
    if file.is_file():
        return
    rows = ",\n".join(json.dumps(list(row), ensure_ascii=False) for row in corpus.articles.itertuples())
    head = json.dumps({"sha256": corpus.sha256, "columns": corpus.columns}, ensure_ascii=False)
    text = f'{head[:-1]}, "articles": [\n{rows}\n]}}\n'
    store_places.put(str(file), lambda out: out.write(text.encode()))


def read(folder: Path, sha256: str) -> Corpus | None:
    """The lines that stand beside figures; None where they do not."""
    file = file_of(folder, sha256)
    if not file.is_file():
        return None
    said = json.loads(file.read_text(encoding="utf-8"))
    names = ["article_id", "hash", "outlet", "published", "headline"]
    lines = pd.DataFrame(said["articles"], columns=names, dtype="str").set_index("article_id")
    return Corpus(lines, said["columns"], said["sha256"])


def differences(before: Corpus, now: Corpus) -> Iterator[str]:
    """What became of articles, a line each, the first few of a kind: changed, no longer there, new."""
    gone = before.articles.drop(index=now.articles.index, errors="ignore")
    new = now.articles.drop(index=before.articles.index, errors="ignore")
    changed = []
    for keys in (["outlet", "headline"], ["headline", "published"], ["outlet", "published"]):
        for old, other in _paired(gone, new, keys):
            changed.append(f"{_named(before, old)} has changed (now {other})")
            gone, new = gone.drop(index=old), new.drop(index=other)
    yield from _some(changed, "have changed")
    both = before.articles.index.intersection(now.articles.index)
    other = both[(before.articles.loc[both, "hash"] != now.articles.loc[both, "hash"]).to_numpy()]
    what = _columns(before, now) if set(before.articles.index) == set(now.articles.index) else ""
    yield from _some([f"{_named(before, one)} has changed{what}" for one in other], "have changed")
    yield from _some([f"{_named(before, one)} is no longer there" for one in gone.index], "are no longer there")
    yield from _some([f"{_named(now, one)} is new" for one in new.index], "are new")


def _columns(before: Corpus, now: Corpus) -> str:
    """The columns in which the same articles differ."""
    names = sorted({*before.columns, *now.columns})
    other = [name for name in names if before.columns.get(name) != now.columns.get(name)]
    return ": " + ", ".join("/".join(PRINTED) if name == PRINTED_HASH else name for name in other)


def _paired(gone: pd.DataFrame, new: pd.DataFrame, keys: list[str]) -> Iterator[tuple[str, str]]:
    """Articles that are gone and new ones alike in these columns, where each is the only such one."""
    sides = [side[~side.duplicated(keys, keep=False)].reset_index() for side in (gone, new)]
    found = sides[0].merge(sides[1], on=keys)
    yield from found[["article_id_x", "article_id_y"]].itertuples(index=False, name=None)


def _some(lines: list[str], verb: str) -> Iterator[str]:
    yield from lines[:_SHOWN]
    if len(lines) > _SHOWN:
        yield f"{len(lines) - _SHOWN:,} more articles {verb}"


def _named(corpus: Corpus, article: str) -> str:
    row = corpus.articles.loc[article]
    return ", ".join(part for part in (row["outlet"], row["published"], f"article {article}") if part)
