"""The words around a node: what stands beside each place where a pattern matches, and how far from it.

Counted as Evert's group does (UCS, cwb-ccc): a word is a neighbour once, however many nodes it stands near, at its
distance to the nearest; of two nodes as near, to the one before it. So no word has more neighbours than it has tokens,
and windows and the rest of the corpus make one table of contingency. AntConc and CQPweb count such a word once for each
node, and have higher counts where nodes stand close together.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple

import numpy as np
import pandas as pd

from analysis import tables
from analysis.coding import patterns
from analysis.coding.codebook import Codebook, Variable
from analysis.coding.kwic import around
from analysis.coding.mentions import find_mentions
from analysis.coding.partition import PARTS, texts_of
from analysis.coding.sentences import sentence_bounds
from analysis.coding.tokens import Tokens, tokenise
from analysis.coding.voices import token_voices
from analysis.study import UserError

_VOICES = (*tables.VOICES, None)  # the last: not known


def neighbours(
    articles: pd.DataFrame,
    pattern: str,
    *,
    window: int | None = 5,
    across_sentences: bool = False,
    quotes: pd.DataFrame | None = None,
    sensitive: bool = False,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The words around each place of a pattern, and these places: what `comparison.collocates` scores.

    Args:
        articles: the *articles* table, or some rows of it. Headlines, decks and bodies are searched.
        pattern: the node, as in a codebook. Its places are the mentions that a codebook with this one pattern would
            have: they do not overlap, the longest wins. Words in a gap (``…``) belong to the node.
        window: words on either side; None: the whole sentence. Punctuation is no word.
        across_sentences: windows reach over the ends of sentences, never over the end of headline, deck or body.
        quotes: the *quotes* table; without it voices in bodies are missing.
        sensitive: the node's case counts. Neighbours are always case folded.

    Returns:
        Two tables, to be taken together; parts of a corpus may be done apart and put under each other.

        * neighbours, one row a word at a distance in an article: article_id, word (type as in *word_counts*), position
          (in words from the node: −1 is directly before it, 1 directly behind), voice (of the word), node_voice (of
          its node), n. At position 0 are the words of the nodes themselves: they are no neighbours, also of other
          nodes, and the scores take them out of the corpus.
        * nodes, one row a form of the node in an article: article_id, node (its words, case folded, parted by a
          space), voice (of its first word), n.

    Raises:
        UserError: the pattern can never match; the window is no number of words; a sentence across sentences.

    Limits: a sentence has long and short distances alike, so that function words lead. Source: Evert 2008, Corpora
    and Collocations, for surface and textual co-occurrence and for nodes out of the corpus.
    """
    found = _search(articles, pattern, window, across_sentences, sensitive)
    tokens, first, beyond = found.tokens, found.first, found.beyond
    own, own_node = _runs(first, beyond)
    token, node = np.concatenate((found.token, own)), np.concatenate((found.node, own_node))
    voices = _voices(articles, tokens, quotes)
    kinds, kind = np.unique(tokens.fold_of[tokens.types[token]], return_inverse=True)
    names = [tokens.folded[at] for at in kinds.tolist()]
    near = _summed(
        articles,
        {
            "article": _article(tokens, token),
            "word": (names, kind),
            "position": np.concatenate((found.position, np.zeros(len(own), np.int64))),
            "voice": voices[token],
            "node_voice": voices[first[node]],
        },
    )
    forms = [tokens.folded[at] for at in tokens.fold_of[tokens.types[own]].tolist()]
    ends = np.cumsum(beyond - first).tolist()
    printed = [" ".join(forms[begin:end]) for begin, end in zip([0, *ends], ends, strict=False)]
    form, known = pd.factorize(np.array(printed, dtype=object))
    nodes = {"article": _article(tokens, first), "node": (list(known), form), "voice": voices[first]}
    return near, _summed(articles, nodes)


def kwic_with(
    articles: pd.DataFrame,
    pattern: str,
    collocate: str,
    *,
    window: int | None = 5,
    across_sentences: bool = False,
    positions: Collection[int] | None = None,
    quotes: pd.DataFrame | None = None,
    sensitive: bool = False,
    context: int = 8,
) -> pd.DataFrame:
    """The places that a count of *neighbours* counts: the node in its context, where a collocate stands beside it.

    Args:
        collocate: a word, case folded, or a glob (``illegal*``). positions: only these; None: all.
        context: words shown on either side. The other options are those of `neighbours`.

    Returns:
        One row a neighbour, in order of the text: the columns of `kwic.kwic` for its node, then position, collocate (as
        printed), collocate_start, collocate_end (characters in that part). With the same options there are as many
        rows as ``neighbours`` sums up for the word.

    Raises:
        UserError: as `neighbours`; the collocate is not one word; context is negative.
    """
    if len(collocate.split()) != 1:
        raise UserError(f"collocate is {collocate!r}; allowed: one word, with * and ? as in a pattern")
    found = _search(articles, pattern, window, across_sentences, sensitive)
    tokens = found.tokens
    kept = np.isin(tokens.types[found.token], patterns.Vocabulary(tokens).types_of(collocate))
    if positions is not None:
        kept &= np.isin(found.position, list(positions))
    order = np.flatnonzero(kept)[np.argsort(found.token[kept], kind="stable")]
    token, node = found.token[order], found.node[order]
    first, last = found.first[node], found.beyond[node] - 1
    text = np.searchsorted(tokens.bounds, token, side="right") - 1
    voice = _voices(articles, tokens, quotes)[first]
    starts, ends = tokens.starts[token].astype(np.int64), tokens.ends[token].astype(np.int64)
    texts = texts_of(articles)
    printed = [texts[at][start:end] for at, start, end in zip(text, starts, ends, strict=True)]
    places = pd.DataFrame(
        {
            "article_id": articles["article_id"].array.take(text // len(PARTS)),
            "outlet": articles["outlet"].array.take(text // len(PARTS)),
            "where": pd.array(PARTS, dtype="str").take(text % len(PARTS)),
            "start": tokens.starts[first].astype(np.int64),
            "end": tokens.ends[last].astype(np.int64),
            "voice": pd.array(_VOICES, dtype="str").take(voice),
        }
    )
    return around(places, articles, window=context).assign(
        position=found.position[order],
        collocate=pd.array(printed, dtype="str"),
        collocate_start=starts,
        collocate_end=ends,
    )


class _Found(NamedTuple):
    """Nodes as stretches of tokens (first, beyond), and the tokens near them: token, position, number of the node."""

    tokens: Tokens
    first: np.ndarray
    beyond: np.ndarray
    token: np.ndarray
    position: np.ndarray
    node: np.ndarray


def _search(
    articles: pd.DataFrame, pattern: str, window: int | None, across_sentences: bool, sensitive: bool
) -> _Found:
    """The nodes, and each token near one with its place beside the nearest."""
    _check(pattern, window, across_sentences)
    tokens = tokenise(texts_of(articles))
    sentences, gaps = sentence_bounds(tokens)
    variable = Variable(
        kind="presence", case="sensitive" if sensitive else "insensitive", categories={"node": [pattern]}
    )
    mentions = find_mentions(tokens, gaps, [Codebook(name="node", version="1", variables={"node": variable})])
    first, beyond = mentions["first"].to_numpy(np.int64), mentions["beyond"].to_numpy(np.int64)
    bounds = tokens.bounds if across_sentences else np.append(sentences["first_token"], len(tokens.types))
    home = np.searchsorted(bounds, first, side="right")
    reach = len(tokens.types) if window is None else window
    # A node's words reach back to `low` and on to `high`, and no further than the nodes beside it.
    low = np.maximum(first - reach, bounds[home - 1])
    high = np.minimum(beyond + reach, bounds[home])
    low[1:] = np.maximum(low[1:], beyond[:-1])
    high[:-1] = np.minimum(high[:-1], first[1:])
    # What two nodes both reach is halved; a word in the middle goes to the node before it.
    shared = np.flatnonzero(low[1:] < high[:-1])
    middle = np.clip((first[shared + 1] + beyond[shared] + 1) // 2, low[shared + 1], high[shared])
    low[shared + 1], high[shared] = middle, middle
    (before, before_node), (behind, behind_node) = _runs(low, first), _runs(beyond, high)
    position = np.concatenate((before - first[before_node], behind - beyond[behind_node] + 1))
    token, node = np.concatenate((before, behind)), np.concatenate((before_node, behind_node))
    return _Found(tokens, first, beyond, token, position, node)


def _check(pattern: str, window: int | None, across_sentences: bool) -> None:
    whole = isinstance(window, (int, np.integer)) and not isinstance(window, bool)
    if window is not None and (not whole or window < 1):
        raise UserError(f"window is {window!r}; allowed: 1 or more words, or None for the whole sentence")
    if window is None and across_sentences:
        raise UserError("across_sentences is True and window None, the sentence; allowed: a window of 1 or more words")
    try:
        patterns.parse(pattern)
    except ValueError as error:
        raise UserError(f"pattern {pattern!r} {error}") from None


def _runs(begin: np.ndarray, end: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """All numbers from each begin to before its end, and which run each is of."""
    lengths = end - begin
    run = np.repeat(np.arange(len(begin)), lengths)
    return np.arange(len(run)) - np.repeat(np.cumsum(lengths) - lengths - begin, lengths), run


def _article(tokens: Tokens, token: np.ndarray) -> np.ndarray:
    """The row of articles that a token stands in."""
    return (np.searchsorted(tokens.bounds, token, side="right") - 1) // len(PARTS)


def _voices(articles: pd.DataFrame, tokens: Tokens, quotes: pd.DataFrame | None) -> np.ndarray:
    """Each token's place in `_VOICES`; in a body it is not known without *quotes*."""
    if quotes is None:
        part = np.arange(len(tokens.bounds) - 1) % len(PARTS)
        voice = np.where(part == PARTS.index("body"), _VOICES.index(None), _VOICES.index("headline"))
        return np.repeat(voice.astype(np.int8), np.diff(tokens.bounds))
    row = pd.Index(articles["article_id"]).get_indexer(quotes["article_id"])
    own = quotes[["start", "end", "kind"]].assign(text=row)[row >= 0]
    # token_voices writes the inner quotation over the outer one: the longer comes first.
    own = own.sort_values(["text", "start", "end"], ascending=[True, True, False], kind="stable")
    return token_voices(tokens, own.reset_index(drop=True))[0]


def _summed(articles: pd.DataFrame, columns: dict[str, object]) -> pd.DataFrame:
    """One row each combination that occurs, in order, with n. A pair (names, codes) is sorted by its names."""
    codes, names = {}, {}
    for column, values in columns.items():
        if isinstance(values, tuple):
            known, code = values
            order = sorted(range(len(known)), key=known.__getitem__)
            rank = np.empty(len(known), np.int64)
            rank[order] = np.arange(len(known))
            codes[column], names[column] = rank[code], [known[at] for at in order]
        else:
            codes[column] = np.asarray(values, np.int64)
            names[column] = _VOICES if column.endswith("voice") else None
    table = pd.DataFrame(codes).groupby(list(codes), sort=True).size().reset_index(name="n")
    for column, known in names.items():
        if known is not None:
            text = pd.array(list(known), dtype="str")
            table[column] = text.take(table[column].to_numpy()) if len(table) else text[:0]
    table.insert(0, "article_id", articles["article_id"].array.take(table.pop("article").to_numpy()))
    return table.astype({"n": "int64"})
