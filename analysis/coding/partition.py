"""Articles → coded tables, for any set of articles, in any order, anywhere: the pure function that the engine maps."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import numpy as np
import pandas as pd

from analysis import tables
from analysis.coding.codebook import Codebook
from analysis.coding.cues import cue_book
from analysis.coding.in_names import in_names
from analysis.coding.mentions import find_mentions
from analysis.coding.numbers import find_numbers
from analysis.coding.quotes import find_quotes
from analysis.coding.sentences import sentence_bounds
from analysis.coding.sentiment import hit_valences, modifier_books, scales, sentence_valences
from analysis.coding.speech import find_speech
from analysis.coding.targets import find_targets
from analysis.coding.tokens import Tokens, tokenise
from analysis.coding.voices import embedded, sentence_voices, speakers_of, token_voices

PARTS = tables.WHERE  # headline, deck, body: text 3i + k of a partition is part k of article i
_BODY = PARTS.index("body")


def code_partition(articles: pd.DataFrame, codebooks: Sequence[Codebook]) -> dict[str, pd.DataFrame]:
    """The coded tables of some articles.

    Args:
        articles: the *articles* table, or some rows of it. codebooks: of these, one named ``reporting-verbs`` gives the
            cues of speech (else the shipped one does) and variables of kind *actor* the aliases of speakers.

    Returns:
        mentions, word_counts, sentences, quotes, quote_issues, numbers and targets, after the contracts of
        `analysis.tables`, in order of the articles given.
    """
    tokens = tokenise(texts_of(articles))
    bounds, gaps = sentence_bounds(tokens)
    sentences = bounds[bounds["text"] % 3 == _BODY].assign(article=lambda table: table["text"] // 3)
    bodies = articles["body"].fillna("").tolist()
    bounds_of = np.searchsorted(sentences["article"], np.arange(1, len(articles)))
    starts = np.split(sentences["start"].to_numpy(), bounds_of)[: len(articles)]
    marked, issues = find_quotes(bodies, [part.tolist() for part in starts])
    quotes = find_speech(
        bodies, [3 * number + _BODY for number in range(len(bodies))], tokens, bounds, marked, codebooks
    )
    voices, holder = token_voices(tokens, quotes)
    quotes = quotes.assign(n_words=np.bincount(holder[holder >= 0], minlength=len(quotes)).astype(np.int64))
    most, rows = sentence_voices(sentences, voices, holder, quotes)
    hits = _hits(tokens, gaps, bounds, sentences, codebooks)
    sentences = sentences.assign(
        valence=_sentence_valences(hits, sentences, codebooks),
        voice=_named(tables.VOICES, most),
        speaker=speakers_of(rows, quotes),
    )
    finished = _finish("sentences", articles, sentences)
    numbers = find_numbers(articles, finished, voices=partial(_voices_at, tokens, voices))
    mentions = _mentions(articles, tokens, gaps, sentences, (voices, holder, quotes), hits, codebooks)
    return {
        "mentions": mentions,
        "word_counts": _word_counts(articles, tokens, voices),
        "sentences": finished,
        "quotes": _finish("quotes", articles, quotes.rename(columns={"text": "article"})),
        "quote_issues": _finish("quote_issues", articles, issues.rename(columns={"text": "article"})),
        "numbers": numbers,
        "targets": find_targets(mentions, hits, tokens, gaps, bounds, (holder, quotes), codebooks),
    }


def _voices_at(
    tokens: Tokens, voices: np.ndarray, article: np.ndarray, start: np.ndarray
) -> pd.api.extensions.ExtensionArray:
    """The voice of the first token that begins at or behind a character of the body of an article (its row)."""
    room = int(max(tokens.ends.max(initial=0), start.max(initial=0))) + 1
    line = tokens.texts * room + tokens.starts
    at = np.searchsorted(line, (article * len(PARTS) + _BODY) * room + start)
    return _named(tables.VOICES, voices[np.minimum(at, len(voices) - 1)])


def texts_of(articles: pd.DataFrame) -> list[str | None]:
    """Headline, deck and body of each article, in one list."""
    parts = articles[list(PARTS)].to_numpy(dtype=object, na_value=None)
    return parts.ravel().tolist()


def _finish(name: str, articles: pd.DataFrame, table: pd.DataFrame) -> pd.DataFrame:
    """The table after its contract: the row number in ``article`` becomes the id."""
    ids = articles["article_id"].array.take(table["article"].to_numpy())
    table = table.assign(article_id=ids)
    return tables.validate(name, table[list(tables.TABLES[name].columns)].reset_index(drop=True))


def _hits(
    tokens: Tokens, gaps: np.ndarray, bounds: pd.DataFrame, sentences: pd.DataFrame, codebooks: Sequence[Codebook]
) -> pd.DataFrame:
    """What `find_mentions` gives for the codebooks, with text, valence and in_name."""
    found = find_mentions(tokens, gaps, [*codebooks, *modifier_books(codebooks)])
    hits, valence = hit_valences(found, tokens, gaps, bounds["first_token"].to_numpy(), codebooks)
    text = np.searchsorted(tokens.bounds, hits["first"].to_numpy(), side="right") - 1
    return hits.assign(text=text, valence=valence, in_name=in_names(hits, tokens, gaps, sentences))


def _sentence_valences(
    hits: pd.DataFrame, sentences: pd.DataFrame, codebooks: Sequence[Codebook]
) -> np.ndarray | float:
    """The valence of each sentence of a body by the first scale of the codebooks; NaN where there is none."""
    known = scales(codebooks)
    if not known:
        return np.nan
    return sentence_valences(hits, sentences, codebook=known[0][0].name, variable=known[0][1])


def _mentions(
    articles: pd.DataFrame,
    tokens: Tokens,
    gaps: np.ndarray,
    sentences: pd.DataFrame,
    spoken: tuple[np.ndarray, np.ndarray, pd.DataFrame],
    hits: pd.DataFrame,
    codebooks: Sequence[Codebook],
) -> pd.DataFrame:
    """The *mentions* table: offsets, part, sentence, voice and speaker of each hit."""
    voices, holder, quotes = spoken
    first, last = hits["first"].to_numpy(), hits["beyond"].to_numpy() - 1
    text = hits["text"].to_numpy()
    start, end = tokens.starts[first].astype(np.int64), tokens.ends[last].astype(np.int64)
    in_body = text % 3 == _BODY
    place = np.searchsorted(sentences["first_token"].to_numpy(), first, side="right") - 1
    sentence = pd.array(sentences["sentence"].to_numpy()[place] if len(sentences) else place, dtype="Int64")
    sentence[~in_body] = pd.NA
    texts = texts_of(articles)
    printed = [texts[which][begin:stop] for which, begin, stop in zip(text, start, end, strict=True)]
    table = hits.assign(
        article=text // 3,
        match=pd.array(printed, dtype="str"),
        where=_named(PARTS, text % 3),
        sentence=sentence,
        start=start,
        end=end,
        voice=_named(tables.VOICES, voices[first]),
        speaker=speakers_of(holder[first], quotes),
        embedded=embedded(tokens, gaps, voices, first, last + 1, cue_book(codebooks)),
    )
    return _finish("mentions", articles, table)


def _word_counts(articles: pd.DataFrame, tokens: Tokens, voices: np.ndarray) -> pd.DataFrame:
    """The *word_counts* table, in order of article, word and voice."""
    n_words, n_voices = max(len(tokens.folded), 1), len(tables.VOICES)
    rank = np.empty(n_words, np.int64)
    rank[sorted(range(len(tokens.folded)), key=tokens.folded.__getitem__)] = np.arange(len(tokens.folded))
    words = rank[tokens.fold_of[tokens.types]] if len(tokens.types) else np.zeros(0, np.int64)
    keys, counts = np.unique(((tokens.texts // 3) * n_words + words) * n_voices + voices, return_counts=True)
    table = pd.DataFrame(
        {
            "article": keys // (n_words * n_voices),
            "word": _named(sorted(tokens.folded), keys // n_voices % n_words),
            "voice": _named(tables.VOICES, keys % n_voices),
            "n": counts.astype(np.int64),
        }
    )
    return _finish("word_counts", articles, table)


def _named(names: Sequence[str], places: np.ndarray) -> pd.api.extensions.ExtensionArray:
    """The names at some places, as a text column."""
    return pd.array(list(names), dtype="str").take(places) if len(names) else pd.array([], dtype="str")
