"""Bodies → the *quotes* table: quotations and reported clauses with speakers and cues.

Method: rules over word tags (`grammar`), after the constructions of attribution in S. Pareti, *Attribution: A
Computational Approach* (Edinburgh, 2015) and, for direct quotation, the order of trials (cue and name beside the
quotation, then context) of T. O'Keefe et al., "A Sequence Labelling Approach to Quote Attribution" (EMNLP 2012).
No model is trained and none is loaded. Written for English; marks are found in any language.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from analysis.coding import grammar
from analysis.coding.attribution import Saying, Voice, attribute
from analysis.coding.codebook import Codebook
from analysis.coding.cues import cue_book
from analysis.coding.names import actors_of
from analysis.coding.tokens import Tokens
from analysis.coding.units import Words

COLUMNS = {
    "text": "int64",
    "quote": "int64",
    "start": "int64",
    "end": "int64",
    "content": "str",
    "kind": "str",
    "speaker": "str",
    "speaker_printed": "str",
    "cue": "str",
    "cue_class": "str",
    "cue_lemma": "str",
    "person_named": "bool",
    "continued": "bool",
    "cue_start": "Int64",
    "cue_end": "Int64",
    "speaker_start": "Int64",
    "speaker_end": "Int64",
}


def find_speech(
    bodies: Sequence[str],
    texts: Sequence[int],
    tokens: Tokens,
    sentences: pd.DataFrame,
    quotes: pd.DataFrame,
    codebooks: Sequence[Codebook],
) -> pd.DataFrame:
    """Quotations and reported clauses of some bodies, each with its speaker and cue.

    Args:
        bodies: the strings. texts: for each, its number among the texts of `tokens`.
        sentences: of all texts, as `sentence_bounds` gives them.
        quotes: as `find_quotes` gives them (text: which body).
        codebooks: one named ``reporting-verbs`` gives the cues (else the shipped one does); variables of kind *actor*
            give aliases of speakers.

    Returns:
        text (which body), quote, start, end, content (``body[start:end]``), kind (direct, partial, term, indirect),
        speaker (resolved), speaker_printed, cue (as printed), cue_class, cue_lemma, person_named, continued,
        cue_start, cue_end, speaker_start, speaker_end. Spans lie in each other or apart; they never cross. A stretch of
        quotation that follows without a cue of its own has those of the one before; its cue_start says so.

    Raises:
        UserError: the shipped codebook of cues cannot be read.
    """
    book, actors = cue_book(codebooks), actors_of(codebooks)
    tags, first_tags = grammar.tags_of(tokens.raw, book.tags)
    forms = [grammar.key(word) for word in tokens.raw]
    spans = _grouped(quotes["text"].to_numpy(), len(bodies))
    marked = list(zip(*(quotes[name].tolist() for name in ("start", "end", "kind", "continued")), strict=True))
    bounds = _grouped(sentences["text"].to_numpy(), len(tokens.bounds) - 1)
    columns = [sentences[name].to_numpy() for name in ("start", "end", "first_token", "n_words")]
    rows: list[tuple] = []
    for number, (body, text) in enumerate(zip(bodies, texts, strict=True)):
        here = slice(bounds[text], bounds[text + 1])
        if bounds[text] == bounds[text + 1]:
            lines: list[tuple[int, int, int, int]] = []
        else:
            starts, ends, first, size = (column[here] for column in columns)
            first = first - tokens.bounds[text]
            lines = list(zip(starts.tolist(), ends.tolist(), first.tolist(), (first + size).tolist(), strict=True))
        own = slice(tokens.bounds[text], tokens.bounds[text + 1])
        words = Words(
            body, tokens.types[own].tolist(), tokens.starts[own].tolist(), tokens.ends[own].tolist(),
            tags, first_tags, forms,
        )  # fmt: skip
        sayings = attribute(words, lines, marked[spans[number] : spans[number + 1]], book, actors)
        rows.extend(_row(number, place, body, saying) for place, saying in enumerate(sayings))
    return pd.DataFrame(rows, columns=list(COLUMNS)).astype(COLUMNS)


def _grouped(keys: np.ndarray, n: int) -> np.ndarray:
    """Where the rows of each key begin, in a sorted column of keys."""
    return np.searchsorted(keys, np.arange(n + 1))


def _row(number: int, place: int, body: str, saying: Saying) -> tuple:
    content = body[saying.start : saying.end]
    voice = saying.voice
    if voice is None:
        nobody = Voice(None, None, None, False, None, None, None, None)
        return _row(number, place, body, replace(saying, voice=nobody))
    cue = voice.cue_span or (pd.NA, pd.NA)
    speaker = voice.speaker_span or (pd.NA, pd.NA)
    return (
        *(number, place, saying.start, saying.end, content, saying.kind),
        *(voice.speaker, voice.printed, voice.cue, voice.cue_class, voice.cue_lemma),
        *(voice.person, saying.continued, *cue, *speaker),
    )
