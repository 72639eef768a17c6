"""Counts of words and of runs of words that do not tell the text they were counted in.

A word keeps its form where at least ``k`` articles have it that are no copies of one another; any other is withheld: in
its place stands a keyed hash, the same wherever the word stands, so that every count, rate and test is what it was. The
key is a hash over all texts of the study. Whoever lacks one of them cannot make it, so that no list of words helps to
guess which word a hash stands for; whoever has them all needs no guess; and the same study gives the same files.

Runs of two words could be put together to longer ones, end to end. So pairs keep their form where ``k`` such articles
have them *and* no more than ``max_words`` words in a row of any article have all their pairs in clear: in a longer run
the rarest pairs are withheld until it is broken. A run of three keeps its form where both its pairs do. A withheld run
is one hash, not the hashes of its words, so that it fits to no other.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping

import numpy as np
import pandas as pd

from analysis.coding.neighbours import neighbours
from analysis.coding.partition import texts_of
from analysis.coding.phrases import phrase_counts
from analysis.coding.tokens import tokenise
from analysis.tables import empty

NODES = 10  # patterns whose neighbours are counted
WINDOW = 5  # words on either side

Withhold = Callable[[str], str]


def withholding(articles: pd.DataFrame) -> Withhold:
    """A function that gives, for some words, what stands in their place: ``#`` and 16 hex digits."""
    whole = hashlib.sha256(b"samestory share")
    for text in texts_of(articles):
        part = (text or "").encode()
        whole.update(f"{len(part)}:".encode() + part)
    key = whole.digest()

    def withhold(words: str) -> str:
        return "#" + hashlib.blake2b(words.encode(), key=key, digest_size=8).hexdigest()

    return withhold


def known_words(counts: pd.DataFrame, groups: pd.Series, *, k: int) -> set[str]:
    """The words that stand in at least ``k`` copy groups. ``counts``: article_id and word. ``groups``: article_id →
    copy group."""
    group = counts["article_id"].map(groups)
    found = pd.DataFrame({"word": counts["word"], "group": group}).drop_duplicates()["word"].value_counts()
    return set(found.index[found >= k])


def withheld(table: pd.DataFrame, known: set[str], withhold: Withhold) -> pd.DataFrame:
    """The table with hashes for words that are not known; rows in an order that says nothing of the text: as articles
    come, then by what stands in the column word."""
    forms = {word: word if word in known else withhold(word) for word in table["word"].unique()}
    order = {article: place for place, article in enumerate(table["article_id"].unique())}
    made = table.assign(word=table["word"].map(forms).astype("str"))
    others = [column for column in table.columns if column not in ("article_id", "word", "n")]
    ordered = made.assign(at=made["article_id"].map(order)).sort_values(["at", "word", *others], kind="stable")
    return ordered.drop(columns="at").reset_index(drop=True)


def shared_phrases(
    articles: pd.DataFrame, quotes: pd.DataFrame, groups: pd.Series, *, k: int, max_words: int, withhold: Withhold
) -> pd.DataFrame:
    """The table *phrase_counts* of a shared study."""
    counts = phrase_counts(articles, quotes=quotes)
    frequent = known_words(counts, groups, k=k)
    pairs = {phrase for phrase in frequent if phrase.count(" ") == 1}
    clear = pairs - _breaking(articles, pairs, counts["word"].value_counts(), max_words=max_words)
    triples = {one for one in frequent if one.count(" ") == 2 and set(_pairs(one)) <= clear}
    return withheld(counts, clear | triples, withhold)


def _pairs(phrase: str) -> list[str]:
    one, two, three = phrase.split(" ")
    return [f"{one} {two}", f"{two} {three}"]


def _breaking(articles: pd.DataFrame, pairs: set[str], n_articles: pd.Series, *, max_words: int) -> set[str]:
    """The pairs that must be withheld so that no more than ``max_words`` words in a row have all their pairs clear."""
    tokens = tokenise(texts_of(articles))
    words = np.array(tokens.folded, dtype=object)[tokens.fold_of[tokens.types]]
    # Sentences do not part what is joined: whoever joins pairs does not see where they end.
    parted = np.zeros(len(words), dtype=bool)
    parted[tokens.bounds[1:][tokens.bounds[1:] > 0] - 1] = True  # the last word of a text
    gone: set[str] = set()
    row: list[str] = []  # the clear pairs that follow one another up to here
    for one, two, end in zip(words[:-1], words[1:], parted[:-1], strict=True):
        pair = f"{one} {two}"
        if end or pair not in pairs or pair in gone:
            row = []
            continue
        row.append(pair)
        if len(row) >= max_words:  # n pairs are n + 1 words
            rarest = min(range(len(row)), key=lambda at: (n_articles[row[at]], row[at]))
            gone.add(row[rarest])
            last = max(at for at, other in enumerate(row) if other == row[rarest])
            row = row[last + 1 :]
    return gone


def frequent_patterns(mentions: pd.DataFrame) -> list[str]:
    """The patterns that hit most often, cues apart, the most frequent first (of equals by name)."""
    counts = mentions.loc[mentions["variable"] != "cue", "pattern"].value_counts(sort=False).sort_index()
    return counts.sort_values(ascending=False, kind="stable").index[:NODES].tolist()


def shared_neighbours(
    tables: dict[str, pd.DataFrame], known: set[str], withhold: Withhold
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The tables *neighbours* and *nodes* of a shared study: of the patterns that hit most often, cues apart."""
    articles = tables["articles"]
    near, nodes = [], []
    for pattern in frequent_patterns(tables["mentions"]):
        words, places = neighbours(articles, pattern, window=WINDOW, quotes=tables["quotes"])
        words = words.assign(position=(words["position"] != 0).astype("int64"))
        keys = ["article_id", "word", "position", "voice", "node_voice"]
        near.append(_of(pattern, words.groupby(keys, as_index=False, sort=False)["n"].sum()))
        # The forms of a node are words as printed; how many there are in each voice is what measures need.
        places = places.groupby(["article_id", "voice"], as_index=False, sort=False)["n"].sum()
        nodes.append(_of(pattern, places.assign(node=pd.array([pattern] * len(places), dtype="str"))))
    if not near:
        return empty("neighbours"), empty("nodes")
    columns = ["pattern", "article_id", "node", "voice", "n"]
    words = [withheld(one, known, withhold) for one in near]
    return pd.concat(words, ignore_index=True), pd.concat(nodes, ignore_index=True)[columns]


def same_words(tables: Mapping[str, pd.DataFrame], withhold: Withhold) -> pd.DataFrame:
    """The table *same_words*: which sentences, headlines and decks of a copy group are the same, case folded."""
    groups = tables["copy_groups"].set_index("article_id")["copy_group"]
    articles = tables["articles"][tables["articles"]["article_id"].map(groups).duplicated(keep=False)]
    bodies = articles.set_index("article_id")["body"]
    sentences = tables["sentences"][tables["sentences"]["article_id"].isin(articles["article_id"])]
    bounds = sentences[["article_id", "start", "end"]].itertuples(index=False, name=None)
    rows = [(article, "body", start, bodies[article][start:end]) for article, start, end in bounds]
    for where in ("headline", "deck"):
        own = articles[["article_id", where]].dropna().itertuples(index=False, name=None)
        rows += [(article, where, 0, text) for article, text in own]
    table = pd.DataFrame(rows, columns=["article_id", "where", "start", "words"])
    hashes = [withhold("same:" + " ".join(words.casefold().split())) for words in table["words"]]
    table = table.assign(words=pd.array(hashes, dtype="str"), group=table["article_id"].map(groups))
    table = table[table.duplicated(["group", "words"], keep=False)].drop(columns="group").reset_index(drop=True)
    return table.astype({"article_id": "str", "where": "str", "start": "int64"})


def _of(pattern: str, table: pd.DataFrame) -> pd.DataFrame:
    table.insert(0, "pattern", pd.array([pattern] * len(table), dtype="str"))
    return table
