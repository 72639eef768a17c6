"""Bodies → the *quotes* table: quotations and reported clauses with speakers and cues.

Method: rules over word tags (`grammar`), after the constructions of attribution in S. Pareti, *Attribution: A
Computational Approach* (Edinburgh, 2015) and, for direct quotation, the order of trials (cue and name beside the
quotation, then context) of T. O'Keefe et al., "A Sequence Labelling Approach to Quote Attribution" (EMNLP 2012).
No model is trained and none is loaded. Written for English; marks are found in any language.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd

from analysis.coding.attribution import NOBODY, Quote, Saying, Voice, attribute, spoken_of
from analysis.coding.codebook import Codebook
from analysis.coding.columns import table_of
from analysis.coding.cue_places import Forms, cue_forms, find_cues
from analysis.coding.cues import cue_book
from analysis.coding.holders import find_holders
from analysis.coding.names import Actors, Cast, actors_of
from analysis.coding.reports import find_reports
from analysis.coding.tokens import Tokens
from analysis.coding.units import Units, Words, name_runs, read_lines
from analysis.coding.word_tags import forms_of, tag_codes

_AT_ONCE = 64  # bodies: their tags and reports stay in a processor's cache, their lists do not live long
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
    forms = forms_of(tokens.raw_strings)
    words = Words(tokens.raw, forms.to_pylist())
    known = _Known(words, tag_codes(tokens.raw_strings, forms, book.tags), cue_forms(forms, book))
    spans = np.searchsorted(quotes["text"].to_numpy(), np.arange(len(bodies) + 1))
    of_texts = np.asarray(texts, np.int64)
    sentence_rows = np.searchsorted(sentences["text"].to_numpy(), np.stack([of_texts, of_texts + 1]))
    lines = tuple(sentences[name].to_numpy() for name in ("start", "end", "first_token", "n_words"))
    opened, closed = (quotes[name].to_numpy() for name in ("start", "end"))
    direct = (quotes["kind"] == "direct").to_numpy(np.bool_)
    marked = list(zip(*(quotes[name].tolist() for name in ("start", "end", "kind", "continued")), strict=True))
    counts: list[int] = []
    columns: dict[str, list] = {name: [] for name in COLUMNS}
    for low in range(0, len(bodies), _AT_ONCE):
        high = min(low + _AT_ONCE, len(bodies))
        here = slice(spans[low], spans[high])
        sayings = _sayings(
            bodies[low:high], tokens, (*sentence_rows[:, low:high], *lines),
            (spans[low : high + 1] - spans[low], opened[here], closed[here]), direct[here], marked[here], known, actors,
        )  # fmt: skip
        counts.extend(map(len, sayings))
        for name, values in _columns(bodies[low:high], sayings):
            columns[name].extend(values)
    ends = np.cumsum(counts, dtype=np.int64)
    columns["text"] = np.repeat(np.arange(len(bodies)), counts)
    columns["quote"] = np.arange(ends[-1] if counts else 0) - np.repeat(ends - counts, counts)
    return table_of(list(columns.values()), COLUMNS)


class _Known(NamedTuple):
    """What is found once a raw type: words, tags inside a sentence and at its start, forms of cues."""

    words: Words
    tags: tuple[np.ndarray, np.ndarray]
    forms: Forms


def _sayings(
    bodies: Sequence[str],
    tokens: Tokens,
    sentences: tuple[np.ndarray, ...],
    quotes: tuple[np.ndarray, np.ndarray, np.ndarray],
    direct: np.ndarray,
    marked: Sequence[Quote],
    known: _Known,
    actors: Actors,
) -> list[list[Saying]]:
    """What is said in some bodies: of each the rows of the table.

    Args:
        sentences, quotes: as `read_lines` wants them. direct: which quotations are whole sentences. marked: the
            quotations.
    """
    lines = read_lines(bodies, tokens, known.tags, sentences, quotes)
    cues = find_cues(lines, known.forms)  # mends the tags that units have
    reports = find_reports(lines, cues, known.forms)
    voiced, held = find_holders(lines, reports, quotes, direct)
    units, runs = Units(lines, known.words), name_runs(lines)
    spoken = spoken_of(lines, reports, voiced, known.forms.classes, known.forms.lemmas)
    quotations = held.tolist()
    capitals = list(zip(*(column.tolist() for column in runs), strict=True))
    of_spoken, of_held, of_runs = (
        np.searchsorted(column, lines.units).tolist() for column in (reports["unit"], held["unit"], runs[0])
    )
    spans = quotes[0].tolist()
    sayings = []
    for number, body in enumerate(bodies):
        here = (slice(of[number], of[number + 1]) for of in (of_spoken, of_held, of_runs, spans))
        said, quoted, capital, own = here
        cast = Cast(units, capitals[capital], actors)
        sayings.append(attribute(body, units, spoken[said], said.start, quotations[quoted], marked[own], cast))
    return sayings


def _columns(bodies: Sequence[str], sayings: Sequence[Sequence[Saying]]) -> Iterator[tuple[str, Sequence]]:
    """Columns of the table, by name, for what is said in some bodies."""
    said = [saying for own in sayings for saying in own]
    yield "content", [body[start:end] for body, own in zip(bodies, sayings, strict=True) for start, end, *_ in own]
    yield from zip(Saying._fields[:-1], zip(*said, strict=True), strict=False)
    yield from zip(Voice._fields, zip(*[saying.voice or NOBODY for saying in said], strict=True), strict=False)
