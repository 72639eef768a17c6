"""Who says what in one article: quotations and reported clauses, each with its speaker and cue.

What belongs to which cue is read from tags before (`reports`, `holders`); here the phrases that speak become names, in
order of reading. A sentence of nothing but quotation belongs to whoever was quoted before it (in its paragraph first),
or is quoted next in its paragraph. A few words in marks that nobody speaks are a term (a title, a word mentioned).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from operator import itemgetter
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
_TERM = (None, "term")  # no voice, and the kind
_UNIT = itemgetter(0)


Quote = tuple[int, int, str, bool]  # start, end, kind (direct or partial), whether it goes on from the one before


class Voice(NamedTuple):
    """A speaker as resolved and as printed, with the cue; offsets are characters of the body."""

    speaker: str | None
    speaker_printed: str | None
    speaker_start: int | None
    speaker_end: int | None
    person_named: bool
    cue: str | None
    cue_class: str | None
    cue_lemma: str | None
    cue_start: int | None
    cue_end: int | None


_UNSAID = (None, None, None, None, False)  # what a voice says of a speaker where there is none
_NO_CUE = (None, None, None, None, None)  # and of a cue
NOBODY = Voice(*_UNSAID, *_NO_CUE)


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


# One quotation in a unit, a row of `holders.HELD`: unit, quote, the report it belongs to (-1: none), or the phrase
# beside it that speaks (low, high, named: as in `Spoken`); the place of a verb that is no known cue; whether it may be
# the title of a work; whether it is a word mentioned if nobody says it. Plain integers: every quotation has them.
Held = tuple[int, int, int, int, int, int, int, int, int]


@dataclass(slots=True)
class _Read:
    """A unit with the voice of its first report, whether any of its reports has a speaker, and its quotations."""

    paragraph: int
    first: Voice | None = None
    spoke: bool = False
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
    number, item = -1, None
    for said in sorted([*spoken, *held], key=_UNIT):  # of a unit the reports stay first
        if said[0] != number:
            number = said[0]
            item = read[number] = _Read(units.paragraphs[number])
        if isinstance(said, Spoken):
            voice = _voice(body, units, said, voices, first, cast)
            voices.append(voice)
            item.first = item.first or voice
            item.spoke = item.spoke or voice.speaker_printed is not None
        else:
            quote = said[1]
            item.quotes.append(quote)
            direct[quote] = _of_quote(body, units, said, quotes[quote], voices, first, cast)
    if held:
        _carry_on(body, units, read, quotes, direct, cast)
    sayings = []
    for quote, (start, end, _, continued) in enumerate(quotes):
        voice, kind = direct.get(quote, _TERM)
        sayings.append(Saying(start, end, kind, continued, voice))
    reported = _indirect(spoken, voices)
    if not reported:
        return sayings
    sayings.extend(_nested(reported))
    return sorted(sayings, key=lambda saying: (saying.start, -saying.end, saying.kind))


def _voice(body: str, units: Units, report: Spoken, voices: Sequence[Voice], first: int, cast: Cast) -> Voice:
    """The voice of a report, those of the reports before it given."""
    unit, owner, low, high, named, _, _, _, _, start, end, cue, cue_end, cue_class, lemma = report
    if owner - first < len(voices):
        speaker = voices[owner - first][:5]
    elif low < 0:
        speaker = _UNSAID
    else:
        speaker = _speaker(body, units, unit, low if named < 0 else named, high, start, end, cast)
    return Voice(*speaker, body[cue:cue_end], cue_class, lemma, cue, cue_end)


def _speaker(
    body: str, units: Units, unit: int, low: int, high: int, start: int, end: int, cast: Cast
) -> tuple[str | None, str, int, int, bool]:
    """Resolved name, printed phrase, its characters, whether a person's; keeps the turn.

    Args:
        low, high: the phrase in its unit, or the name in apposition in it that says who it is (The mayor, Ann Lee).
    """
    printed = body[start:end]
    phrase = units.phrase(low, high)
    speaker, person = cast.resolve(phrase, unit, printed)
    cast.heard(unit, speaker, person, phrase)
    return speaker, printed, start, end, person


def _of_quote(
    body: str, units: Units, held: Held, quote: Quote, voices: Sequence[Voice], first: int, cast: Cast
) -> tuple[Voice | None, str]:
    """The voice of a quotation as far as its own unit tells, and its kind."""
    start, end, kind, _ = quote
    unit, _, report, low, high, named, cue, titled, term = held
    if titled and _is_title(body, start, end):
        return _TERM
    if report >= 0:
        return voices[report - first], kind
    if low < 0:
        return _TERM if term else (None, kind)
    begin, stop = units.starts[low], units.ends[high - 1]
    speaker = _speaker(body, units, unit, low if named < 0 else named, high, begin, stop, cast)
    if cue < 0:
        return Voice(*speaker, *_NO_CUE), kind
    begin, stop = units.starts[cue], units.ends[cue]
    return Voice(*speaker, body[begin:stop], None, None, begin, stop), kind


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
    # called “…”, titled: “…”, with whatever marks stand before
    before = body[max(0, start - 40) : start].removesuffix("\n").rstrip("\"“‘'`").rstrip().casefold()
    if before.removesuffix("," if before.endswith(",") else ":").endswith(_LEADS):
        return True
    content = body[start:end].strip().rstrip(",")
    if content[-1:] in ".?!":
        return False
    said = content.split()
    for word in said:
        if not (word[0].isupper() or word[0].isdigit() or word.lower() in _SMALL):
            return False
    return len(said) > 1


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
                direct[quote] = (voice, kind) if voice else _TERM
            elif voice is None and same and before and _may_go_on(body, *quotes[quote][:2]):
                direct[quote] = before, "partial"
            before = direct[quote][0] or before
            paragraph = item.paragraph
        if item.spoke:
            before = item.first if not here else before
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
            return Voice(name, None, None, None, True, *_NO_CUE)
    return None


def _indirect(spoken: Sequence[Spoken], voices: Sequence[Voice]) -> list[Saying]:
    """The reported clauses of some reports."""
    found = []
    for report, voice in zip(spoken, voices, strict=True):
        if report.start >= 0:
            found.append(Saying(report.start, report.end, "indirect", False, voice))
        if report.second >= 0:
            found.append(Saying(report.second, report.second_end, "indirect", True, voice))
    return found
