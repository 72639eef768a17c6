"""Who says what in one article: quotations and reported clauses, each with its speaker and cue.

What belongs to which cue is read from tags before (`reports`, `holders`); here the phrases that speak become names, in
order of reading. A sentence of nothing but quotation belongs to whoever was quoted before it (in its paragraph first),
or is quoted next in its paragraph. A few words in marks that nobody speaks are a term (a title, a word mentioned).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from analysis.coding.given import lexicon
from analysis.coding.names import Cast
from analysis.coding.units import Lines, Units

# Words that lead up to the title of a work, or to a word that is mentioned.
_LEADS = (
    *("titled", "entitled", "called", "named", "dubbed", "known as", "so-called", "book", "books", "film", "movie"),
    *("song", "album", "show", "series", "novel", "play", "program", "programme", "episode", "musical", "opera"),
    *("painting", "poem", "documentary", "podcast", "magazine", "article", "essay", "memoir", "hit", "nicknamed"),
    *("the word", "the term", "the phrase", "column", "game", "single", "sitcom", "drama", "comedy"),
)
_SMALL = lexicon("a an the of in on at by for with and or to from as is de la le vs v")


Quote = tuple[int, int, str, bool]  # start, end, kind (direct or partial), whether it goes on from the one before


class Voice(NamedTuple):
    """A speaker as resolved and as printed, with the cue; offsets are characters of the body."""

    speaker: str | None
    printed: str | None
    speaker_span: tuple[int, int] | None
    person: bool
    cue: str | None
    cue_class: str | None
    cue_lemma: str | None
    cue_span: tuple[int, int] | None


class Saying(NamedTuple):
    """One row to be: a stretch of the body, its kind, whether it goes on from the row before, and its voice."""

    start: int
    end: int
    kind: str
    continued: bool
    voice: Voice | None


class Spoken(NamedTuple):
    """One report: whose voice it has, the phrase that speaks, its cue, and up to two stretches that it reports.

    owner: the report, by its number among those of some bodies, whose voice it has: itself, but for verbs that share a
    subject. low, high: the phrase (places in `Lines`; -1 for none); named: where in it a name begins that says who it
    is, or -1. The others are characters of the body, -1 for none.
    """

    unit: int
    owner: int
    low: int
    high: int
    named: int
    start: int
    end: int
    second: int
    second_end: int
    printed: int
    printed_end: int
    cue: int
    cue_end: int
    cue_class: str | None
    lemma: str


class Held(NamedTuple):
    """One quotation in a unit: the report it belongs to, or the phrase beside it that speaks (as in `Spoken`).

    cue: the place of a verb that is no known cue. titled: whether it may be the title of a work. term: whether it is a
    word mentioned if nobody says it.
    """

    unit: int
    quote: int
    report: int
    low: int
    high: int
    named: int
    cue: int
    titled: bool
    term: bool


@dataclass(slots=True)
class _Read:
    """A unit with the voices of its reports, and its quotations."""

    paragraph: int
    voices: list[Voice] = field(default_factory=list)
    quotes: list[int] = field(default_factory=list)


def spoken_of(
    lines: Lines, reports: np.ndarray, voiced: np.ndarray, classes: Sequence[str], lemmas: Sequence[str]
) -> list[Spoken]:
    """The reports of some bodies, ready to be read.

    Args:
        reports: of `reports.find_reports`. voiced: the rows of `holders.VOICED` for them. classes, lemmas: what numbers
            in `reports` stand for.
    """
    low, high = voiced["low"], voiced["high"]
    first = lines.bounds[reports["unit"]]
    columns = (
        *(voiced[name] for name in voiced.dtype.names),
        np.where(low >= 0, lines.starts[low], -1),
        np.where(low >= 0, lines.ends[high - 1], -1),
        lines.starts[first + reports["cue"]],
        lines.ends[first + reports["beyond"] - 1],
    )
    named = ([*classes, None][number] for number in reports["cue_class"].tolist())
    return list(
        map(
            Spoken,
            *(column.tolist() for column in columns),
            named,
            map(lemmas.__getitem__, reports["lemma"].tolist()),
        )
    )


def attribute(
    body: str,
    units: Units,
    spoken: Sequence[Spoken],
    first: int,
    held: Sequence[Held],
    quotes: Sequence[Quote],
    cast: Cast,
) -> list[Saying]:
    """Every quotation and reported clause of one body, in order of start, the longer first.

    Args:
        units: of some bodies, with this one. spoken, held: its reports and quotations, in order; first: the number of
            the first of these reports among those of all these bodies. quotes: its quotations, all of them.
    """
    read: dict[int, _Read] = {}
    direct: dict[int, tuple[Voice | None, str]] = {}
    voices: list[Voice] = []
    following = iter(spoken)
    report = next(following, None)
    quotations = iter(held)
    quotation = next(quotations, None)
    while report or quotation:
        number = min(item.unit for item in (report, quotation) if item)
        item = read[number] = _Read(units.paragraphs[number])
        while report and report.unit == number:
            item.voices.append(_voice(body, units, report, voices, first, cast))
            voices.append(item.voices[-1])
            report = next(following, None)
        while quotation and quotation.unit == number:
            item.quotes.append(quotation.quote)
            direct[quotation.quote] = _of_quote(body, units, quotation, quotes[quotation.quote], voices, first, cast)
            quotation = next(quotations, None)
    _carry_on(body, units, read, quotes, direct, cast)
    sayings = []
    for quote, (start, end, _, continued) in enumerate(quotes):
        voice, kind = direct.get(quote, (None, "term"))
        sayings.append(Saying(start, end, kind, continued, voice))
    sayings.extend(_nested(list(_indirect(spoken, voices))))
    return sorted(sayings, key=lambda saying: (saying.start, -saying.end, saying.kind))


def _voice(body: str, units: Units, report: Spoken, voices: Sequence[Voice], first: int, cast: Cast) -> Voice:
    """The voice of a report, those of the reports before it given."""
    cue = body[report.cue : report.cue_end], report.cue_class, report.lemma, (report.cue, report.cue_end)
    if report.owner - first < len(voices):
        return Voice(*voices[report.owner - first][:4], *cue)
    if report.low < 0:
        return Voice(None, None, None, False, *cue)
    return Voice(*_speaker(body, units, report, report.printed, report.printed_end, cast), *cue)


def _speaker(
    body: str, units: Units, said: Spoken | Held, start: int, end: int, cast: Cast
) -> tuple[str | None, str, tuple[int, int], bool]:
    """Resolved name, printed phrase, its characters, whether a person's; keeps the turn."""
    printed = body[start:end]
    # The mayor, Ann Lee: the name in apposition says who it is.
    phrase = units.phrase(said.low if said.named < 0 else said.named, said.high)
    speaker, person = cast.resolve(phrase, said.unit, printed)
    cast.heard(said.unit, speaker, person, phrase)
    return speaker, printed, (start, end), person


def _of_quote(
    body: str, units: Units, held: Held, quote: Quote, voices: Sequence[Voice], first: int, cast: Cast
) -> tuple[Voice | None, str]:
    """The voice of a quotation as far as its own unit tells, and its kind."""
    start, end, kind, _ = quote
    if held.titled and _is_title(body, start, end):
        return None, "term"
    if held.report >= 0:
        return voices[held.report - first], kind
    if held.low < 0:
        return None, "term" if held.term else kind
    printed = units.starts[held.low], units.ends[held.high - 1]
    speaker = _speaker(body, units, held, *printed, cast)
    if held.cue < 0:
        return Voice(*speaker, None, None, None, None), kind
    begin, stop = units.starts[held.cue], units.ends[held.cue]
    return Voice(*speaker, body[begin:stop], None, None, (begin, stop)), kind


def _nested(reported: list[Saying]) -> list[Saying]:
    """Reported clauses that lie in each other or apart: one that would reach out of another ends with it."""
    kept: list[Saying] = []
    ends: list[int] = []
    for saying in sorted(reported, key=lambda saying: (saying.start, -saying.end)):
        while ends and ends[-1] <= saying.start:
            ends.pop()
        end = min([saying.end, *ends[-1:]])
        if kept and (kept[-1].start, kept[-1].end) == (saying.start, end):
            continue
        kept.append(saying._replace(end=end) if end != saying.end else saying)
        ends.append(end)
    return kept


def _is_title(body: str, start: int, end: int) -> bool:
    """Whether words in marks are the title of a work or a word mentioned, by their capitals or the word before."""
    content = body[start:end].strip().rstrip(",")
    # called “…”, titled: “…”, with whatever marks stand before
    before = body[max(0, start - 40) : start].removesuffix("\n").rstrip("\"“‘'`").rstrip().casefold()
    if before.removesuffix("," if before.endswith(",") else ":").endswith(_LEADS):
        return True
    said = content.split()
    if len(said) < 2 or content[-1:] in ".?!":
        return False
    return all(word[:1].isupper() or word[:1].isdigit() or word.lower() in _SMALL for word in said)


def _carry_on(
    body: str,
    units: Units,
    read: dict[int, _Read],
    quotes: Sequence[Quote],
    direct: dict[int, tuple[Voice | None, str]],
    cast: Cast,
) -> None:
    """Give quotations that stand alone the voice of those around them."""
    before: Voice | None = None  # who was quoted last
    paragraph = -1
    for number, item in read.items():
        here = item.quotes
        same = paragraph == item.paragraph
        for quote in here:
            voice, kind = direct[quote]
            if voice is None and kind == "direct":
                voice = _from_context(units, read, number, quotes[quote][3], same, before, direct)
                if voice is None:
                    voice = _from_mention(number, cast)
                direct[quote] = voice, kind
            elif voice is None and kind == "partial":
                voice = _from_context(units, read, number, quotes[quote][3], same, before, direct)
                direct[quote] = (voice, kind) if voice else (None, "term")
            elif voice is None and same and before and _may_go_on(body, *quotes[quote][:2]):
                direct[quote] = before, "partial"
            before = direct[quote][0] or before
            paragraph = item.paragraph
        if item.voices and any(voice.speaker or voice.printed for voice in item.voices):
            before = item.voices[0] if not here else before
            paragraph = item.paragraph


def _may_go_on(body: str, start: int, end: int) -> bool:
    """Whether words in marks without a cue are long enough to be what the last speaker went on to say."""
    return end - start > 20 and not _is_title(body, start, end)


def _from_context(
    units: Units,
    read: dict[int, _Read],
    number: int,
    continued: bool,
    same: bool,
    before: Voice | None,
    direct: dict[int, tuple[Voice | None, str]],
) -> Voice | None:
    """The voice before, if it is of this paragraph or the quotation goes on; else the next of this paragraph."""
    if (continued or same) and before:
        return before
    paragraph = units.paragraphs[number]
    for at in (number + 1, number + 2):
        if at >= len(units.paragraphs) or units.paragraphs[at] != paragraph:
            break
        for quote in read[at].quotes if at in read else ():
            if direct.get(quote, (None, ""))[0]:
                return direct[quote][0]
    return before


def _from_mention(number: int, cast: Cast) -> Voice | None:
    """The first person named shortly before, where nobody has been quoted yet."""
    for at in (number - 1, number - 2, number - 3):
        name = cast.first_person_in(at)
        if name:
            return Voice(name, None, None, True, None, None, None, None)
    return None


def _indirect(spoken: Sequence[Spoken], voices: Sequence[Voice]) -> Iterator[Saying]:
    """The reported clauses of some reports."""
    for report, voice in zip(spoken, voices, strict=True):
        if report.start >= 0:
            yield Saying(report.start, report.end, "indirect", False, voice)
        if report.second >= 0:
            yield Saying(report.second, report.second_end, "indirect", True, voice)
