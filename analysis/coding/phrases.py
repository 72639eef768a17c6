"""Phrases: how often each run of two or three words stands in each article, as *word_counts* has it for words."""

from __future__ import annotations

from collections.abc import Collection

import numpy as np
import pandas as pd

from analysis import tables
from analysis.coding.partition import PARTS, texts_of
from analysis.coding.sentences import BOUND, sentence_bounds
from analysis.coding.tokens import Tokens, tokenise
from analysis.coding.voices import token_voices
from analysis.study import UserError

_COLUMNS = ("article_id", "word", "voice", "n")
_CLITIC = "'s"


def phrase_counts(
    articles: pd.DataFrame,
    *,
    sizes: Collection[int] = (2, 3),
    min_articles: int = 2,
    quotes: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Runs of words in headlines, decks and bodies, case folded: what `comparison.keyness` takes for phrases.

    A run does not reach over the end of a sentence, nor of headline, deck or body, and neither begins nor ends in the
    clitic ’s alone. Other punctuation is no word and parts nothing: *yes, minister* is *yes minister*.

    Args:
        articles: the *articles* table, or some rows of it. sizes: numbers of words in a run, each at least 1.
        min_articles: runs in fewer articles (of those given) are left out; 1: none is.
        quotes: the *quotes* table, for the voices in bodies; without it what stands in a body is ``own``.

    Returns:
        One row a phrase in a voice of an article, in order of articles, phrase and voice: article_id, word (the folded
        types, joined by a space), voice (of the run's first word; ``headline`` in headline and deck), n (at least 1).

    Raises:
        UserError: sizes or min_articles are no whole numbers of at least 1.

    Limits: runs overlap, so that n adds up to more than the words there are: sizes of articles come from *word_counts*
    (``keyness(..., sizes=word_counts)``). A run in a longer one counts in both. Parts of a corpus counted apart have
    each its own min_articles. Source: Biber et al. 1999, ch. 13, for recurrent sequences within sentences.
    """
    wanted = _checked(sizes, min_articles)
    tokens = tokenise(texts_of(articles))
    _, gaps = sentence_bounds(tokens)
    voices = _voices(articles, tokens, quotes)
    # Folded types in order of their names, so that phrases packed into numbers sort word by word.
    rank = np.empty(len(tokens.folded), np.int64)
    rank[sorted(range(len(tokens.folded)), key=tokens.folded.__getitem__)] = np.arange(len(tokens.folded))
    words = rank[tokens.fold_of[tokens.types]]
    names = pd.array(sorted(tokens.folded), dtype="str")
    articles_of = tokens.texts // len(PARTS)
    parts = [_runs(size, words, gaps == BOUND, names, articles_of, min_articles) for size in wanted]
    parts = [(first, phrase, printed) for first, phrase, printed in parts if len(first)]
    if not parts:
        return _table(articles, *(np.zeros(0, np.int64) for _ in range(4)), pd.array([], dtype="str"))
    begins = np.cumsum([0, *(len(printed) for _, _, printed in parts)])
    first = np.concatenate([part[0] for part in parts])
    phrase = np.concatenate([part[1] + begin for part, begin in zip(parts, begins, strict=False)])
    printed = [one for part in parts for one in part[2]]
    order = sorted(range(len(printed)), key=printed.__getitem__)
    place = np.empty(len(printed), np.int64)
    place[order] = np.arange(len(printed))
    printed = pd.array([printed[at] for at in order], dtype="str")
    kinds = len(tables.VOICES)
    key = (articles_of[first] * len(printed) + place[phrase]) * kinds + voices[first]
    keys, n = np.unique(key, return_counts=True)
    article, phrase, voice = keys // kinds // len(printed), keys // kinds % len(printed), keys % kinds
    return _table(articles, article, phrase, voice, n, printed)


def _checked(sizes: Collection[int], min_articles: int) -> list[int]:
    """The sizes in order, each once; a UserError where one of the options is none."""
    given = [sizes] if isinstance(sizes, (int, np.integer)) else list(sizes)
    if not given or not all(_whole(one) for one in given):
        raise UserError(f"sizes are {sizes!r}; allowed: whole numbers of at least 1, such as (2, 3)")
    if not _whole(min_articles):
        raise UserError(f"min_articles is {min_articles!r}; allowed: a whole number of at least 1")
    return sorted({int(one) for one in given})


def _whole(value: object) -> bool:
    return isinstance(value, (int, np.integer)) and not isinstance(value, bool) and value >= 1


def _runs(
    size: int,
    words: np.ndarray,
    bound: np.ndarray,
    names: pd.api.extensions.ExtensionArray,
    articles_of: np.ndarray,
    least: int,
) -> tuple[np.ndarray, np.ndarray, list[str]]:
    """The runs of so many words in enough articles: the first token of each, its phrase by number, and the phrases.

    ``words``, ``bound`` and ``articles_of`` are each token's word, whether a sentence ends behind it, and its article.
    """
    first = np.arange(max(0, len(words) - size + 1))
    # A sentence that ends within the run, before its last word.
    ends = np.concatenate(([0], np.cumsum(bound)))
    first = first[ends[first + size - 1] == ends[first]]
    clitic = np.flatnonzero(np.asarray(names == _CLITIC, dtype=bool))
    first = first[~np.isin(words[first], clitic) & ~np.isin(words[first + size - 1], clitic)]
    # Packed word by word, and numbered anew each time, so that no number outgrows 64 bits.
    phrase, spelled = np.zeros(len(first), np.int64), np.zeros((1, 0), np.int64)
    for at in range(size):
        packed, phrase = np.unique(phrase * len(names) + words[first + at], return_inverse=True)
        spelled = np.column_stack([spelled[packed // max(1, len(names))], packed % max(1, len(names))])
    # Most runs stand in one article: what is too rare is left out before anything is spelled.
    pairs = np.unique(articles_of[first] * max(1, len(spelled)) + phrase)
    enough = np.bincount(pairs % max(1, len(spelled)), minlength=len(spelled)) >= least
    kept = enough[phrase]
    number = np.cumsum(enough) - 1
    columns = [names.take(column).tolist() for column in spelled[enough].T]
    return first[kept], number[phrase[kept]], [" ".join(one) for one in zip(*columns, strict=True)]


def _voices(articles: pd.DataFrame, tokens: Tokens, quotes: pd.DataFrame | None) -> np.ndarray:
    """Each token's place in `tables.VOICES`."""
    if quotes is None:
        quotes = pd.DataFrame({"article_id": pd.array([], dtype="str"), "start": [], "end": [], "kind": []})
    row = pd.Index(articles["article_id"]).get_indexer(quotes["article_id"])
    own = quotes[["start", "end", "kind"]].assign(text=row)[row >= 0]
    # token_voices writes the inner quotation over the outer one: the longer comes first.
    own = own.sort_values(["text", "start", "end"], ascending=[True, True, False], kind="stable")
    return token_voices(tokens, own.reset_index(drop=True))[0]


def _table(
    articles: pd.DataFrame,
    article: np.ndarray,
    phrase: np.ndarray,
    voice: np.ndarray,
    n: np.ndarray,
    printed: pd.api.extensions.ExtensionArray,
) -> pd.DataFrame:
    """The rows with names for numbers."""
    table = {
        "article_id": articles["article_id"].array.take(article),
        "word": printed.take(phrase) if len(printed) else printed,
        "voice": pd.array(list(tables.VOICES), dtype="str").take(voice),
        "n": n.astype(np.int64),
    }
    return pd.DataFrame(table)[list(_COLUMNS)]
