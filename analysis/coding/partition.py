"""Articles → coded tables, for any set of articles, in any order, anywhere: the pure function that the engine maps."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import numba
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

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
from analysis.coding.target_words import JUDGING, judging
from analysis.coding.targets import find_targets
from analysis.coding.tokens import Tokens, tokenise
from analysis.coding.voices import embedded, sentence_voices, speakers_of, token_voices

PARTS = tables.WHERE  # headline, deck, body: text 3i + k of a partition is part k of article i
_BODY = PARTS.index("body")
_OF_CODEBOOKS = ("codebook", "variable", "category", "pattern")


def code_partition(articles: pd.DataFrame, codebooks: Sequence[Codebook]) -> dict[str, pd.DataFrame]:
    """The coded tables of some articles.

    Args:
        articles: the *articles* table, or some rows of it. codebooks: of these, one named ``reporting-verbs`` gives the
            cues of speech (else the shipped one does) and variables of kind *actor* the aliases of speakers.

    Returns:
        mentions, word_counts, sentences, quotes, quote_issues, numbers and targets, after the contracts of
        `analysis.tables`, in order of the articles given.
    """
    return {name: tables.plain(table) for name, table in code_encoded(articles, codebooks).items()}


def code_encoded(articles: pd.DataFrame, codebooks: Sequence[Codebook]) -> dict[str, pd.DataFrame]:
    """The same tables for a store: what stands in many rows (ids, words, voices, names of a codebook) is categorical,
    which takes a third of the memory and is written as it is."""
    # The largest tables come late, and what they do not need is given up before: the peak is what a partition costs.
    tokens = tokenise(texts_of(articles))
    bounds, gaps = sentence_bounds(tokens)
    sentences = bounds[bounds["text"] % 3 == _BODY].assign(article=lambda table: table["text"] // 3)
    quotes, issues = _quotes(articles, tokens, bounds, sentences, codebooks)
    voices, holder = token_voices(tokens, quotes)
    quotes = quotes.assign(n_words=np.bincount(holder[holder >= 0], minlength=len(quotes)).astype(np.int64))
    most, rows = sentence_voices(sentences, voices, holder, quotes)
    hits, judged = _hits(tokens, gaps, bounds, sentences, codebooks)
    sentences = sentences.assign(
        valence=_sentence_valences(hits, sentences, codebooks),
        voice=_named(tables.VOICES, most),
        speaker=speakers_of(rows, quotes),
    )
    coded = {"sentences": _finish("sentences", articles, sentences)}
    voices_at = partial(_voices_at, tokens, voices)
    coded["numbers"] = find_numbers(articles, coded["sentences"], voices=voices_at, tokens=tokens)
    mentions = _mentions(articles, tokens, gaps, sentences, (voices, holder, quotes), hits, codebooks)
    coded["mentions"] = mentions
    coded["targets"] = find_targets(mentions, hits, tokens, gaps, bounds, (holder, quotes), codebooks, judged=judged)
    del hits, judged, bounds, gaps, sentences, holder
    coded["word_counts"] = _word_counts(articles, tokens, voices)
    coded["quotes"] = _finish("quotes", articles, quotes.rename(columns={"text": "article"}))
    coded["quote_issues"] = _finish("quote_issues", articles, issues.rename(columns={"text": "article"}))
    return {name: coded[name] for name in tables.CODED}


def _quotes(
    articles: pd.DataFrame,
    tokens: Tokens,
    bounds: pd.DataFrame,
    sentences: pd.DataFrame,
    codebooks: Sequence[Codebook],
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Quotations and reported clauses as `find_speech` gives them, and what `find_quotes` finds amiss."""
    bodies = articles["body"].fillna("").tolist()
    bounds_of = np.searchsorted(sentences["article"], np.arange(1, len(articles)))
    starts = np.split(sentences["start"].to_numpy(), bounds_of)[: len(articles)]
    marked, issues = find_quotes(bodies, [part.tolist() for part in starts])
    texts = [len(PARTS) * number + _BODY for number in range(len(bodies))]
    return find_speech(bodies, texts, tokens, bounds, marked, codebooks), issues


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
    table = table.assign(article_id=_named(articles["article_id"], table["article"].to_numpy()))
    return tables.validate(name, table[list(tables.TABLES[name].columns)].reset_index(drop=True), encoded=True)


def _hits(
    tokens: Tokens, gaps: np.ndarray, bounds: pd.DataFrame, sentences: pd.DataFrame, codebooks: Sequence[Codebook]
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """What `find_mentions` gives for the codebooks, with text, valence and in_name; and its words of judgement.

    Columns of text are categorical: of many rows few are different.
    """
    asked = [*codebooks, *judging(codebooks)]
    found = find_mentions(tokens, gaps, [*asked, *modifier_books(asked)])
    found = found.astype(dict.fromkeys(_OF_CODEBOOKS, "category"))
    hits, valence = hit_valences(found, tokens, gaps, bounds["first_token"].to_numpy(), asked)
    hits = hits.assign(valence=valence)
    judges = (hits["codebook"] == JUDGING).to_numpy(np.bool_)
    hits, judged = hits[~judges].reset_index(drop=True), hits[judges].reset_index(drop=True)
    text = np.searchsorted(tokens.bounds, hits["first"].to_numpy(), side="right") - 1
    return hits.assign(text=text, in_name=in_names(hits, tokens, gaps, sentences)), judged


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
    table = pd.DataFrame(
        {
            "article": text // 3,
            **{name: _named(hits[name].cat.categories, hits[name].cat.codes.to_numpy()) for name in _OF_CODEBOOKS},
            "match": _printed(tokens, tokens.byte_starts[first], tokens.byte_ends[last]),
            "where": _named(PARTS, text % 3),
            "sentence": sentence,
            "start": start,
            "end": end,
            "voice": _named(tables.VOICES, voices[first]),
            "speaker": speakers_of(holder[first], quotes),
            "embedded": embedded(tokens, gaps, voices, first, last + 1, cue_book(codebooks)),
            "in_name": hits["in_name"],
            "valence": hits["valence"],
        }
    )
    return _finish("mentions", articles, table)


def _printed(tokens: Tokens, starts: np.ndarray, ends: np.ndarray) -> pd.api.extensions.ExtensionArray:
    """The texts between some bytes, as a text column."""
    sizes = (ends - starts).astype(np.int64)
    offsets = np.concatenate((np.zeros(1, np.int64), np.cumsum(sizes)))
    inside = np.repeat(starts - offsets[:-1], sizes) + np.arange(offsets[-1])
    texts = pa.LargeStringArray.from_buffers(len(sizes), pa.py_buffer(offsets), pa.py_buffer(tokens.data[inside]))
    return pd.array(texts, dtype="str")


def _word_counts(articles: pd.DataFrame, tokens: Tokens, voices: np.ndarray) -> pd.DataFrame:
    """The *word_counts* table, in order of article, word and voice."""
    folded = pa.array(tokens.folded, pa.large_string())
    order = pc.array_sort_indices(folded)  # by code points, as Python sorts
    rank = np.empty(len(order), np.int64)
    rank[order] = np.arange(len(order))
    n_voices = len(tables.VOICES)
    keys = (rank[tokens.fold_of] * n_voices).astype(np.int32)[tokens.types] + voices
    article, keys, counts = _counted(tokens.bounds[:: len(PARTS)], keys, len(order) * n_voices)
    table = pd.DataFrame(
        {
            "article": article,
            "word": _named(folded.take(order), keys // n_voices),
            "voice": _named(tables.VOICES, keys % n_voices),
            "n": counts,
        }
    )
    return _finish("word_counts", articles, table)


@numba.njit(nogil=True, cache=True)
def _counted(bounds, keys, n):
    """How often each key (0 … n-1) stands in each run of keys: run, key and count, in order of run and key."""
    run_of, found, counts = np.empty(len(keys), np.int32), np.empty(len(keys), np.int32), np.empty(len(keys), np.int64)
    seen = np.zeros(n, np.int64)
    size = 0
    for run in range(len(bounds) - 1):
        begin = size
        for key in keys[bounds[run] : bounds[run + 1]]:
            if seen[key] == 0:
                found[size] = key
                size += 1
            seen[key] += 1
        found[begin:size].sort()
        for place in range(begin, size):
            run_of[place], counts[place] = run, seen[found[place]]
            seen[found[place]] = 0
    return run_of[:size].copy(), found[:size].copy(), counts[:size].copy()


def _named(names: Sequence[str] | pa.Array, places: np.ndarray) -> pd.Categorical:
    """The names (each another) at some places: of many rows few are different."""
    return pd.Categorical.from_codes(places, pd.Index(pd.array(names, dtype="str")))
