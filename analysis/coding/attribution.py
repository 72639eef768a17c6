"""Who says what in one article: quotations and reported clauses, each with its speaker and cue.

A quotation belongs to the innermost report that holds it; else to the nearest cue of its unit; a sentence of nothing
but quotation belongs to whoever was quoted before it (in its paragraph first), or is quoted next in its paragraph. A
few words in marks that nobody speaks are a term (a title, a word mentioned).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from analysis.coding import sources
from analysis.coding.clauses import has_clause
from analysis.coding.contents import Report, is_outer
from analysis.coding.cue_places import Cue
from analysis.coding.cues import CueBook
from analysis.coding.given import lexicon
from analysis.coding.names import Actors, Cast, Run
from analysis.coding.reports import reports_in
from analysis.coding.sources import Span
from analysis.coding.units import Unit, Units

_MARKS = "\"“”„‟«»'‘’‚‛」』`"
# Words that lead up to the title of a work, or to a word that is mentioned.
_LEADS = (
    *("titled", "entitled", "called", "named", "dubbed", "known as", "so-called", "book", "books", "film", "movie"),
    *("song", "album", "show", "series", "novel", "play", "program", "programme", "episode", "musical", "opera"),
    *("painting", "poem", "documentary", "podcast", "magazine", "article", "essay", "memoir", "hit", "nicknamed"),
    *("the word", "the term", "the phrase", "column", "game", "single", "sitcom", "drama", "comedy"),
)
_NAMED = re.compile(r",(T*N+)$")
_THEIRS = re.compile(r"p([DTNrj]+)s[jKv],?$")
_SPEAKER_BEHIND = re.compile(r"[jevVB](?:T*N|Dr|r)")
_SPEAKER_BEFORE = re.compile(r"(T*N+|H)R*[jevVB](?=$|[,.pRF])")
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


@dataclass(slots=True)
class _Read:
    """A unit with its reports and their voices."""

    unit: Unit
    reports: list[Report]
    voices: list[Voice]


def attribute(
    units: Units,
    speaking: Iterable[int],
    found: dict[int, list[Cue]],
    runs: Sequence[Run],
    quotes: Sequence[Quote],
    book: CueBook,
    actors: Actors,
) -> list[Saying]:
    """Every quotation and reported clause of one body, in order of start, the longer first.

    Args:
        units, found: of some bodies, with this one; speaking: the numbers of its units that hold a cue or a quotation,
            in order. runs: its runs of capitals. quotes: its quotations.
    """
    cast = Cast(units, runs, actors)
    read: dict[int, _Read] = {}
    direct: dict[int, tuple[Voice | None, str]] = {}
    for number in speaking:
        unit = units[number]
        reports = reports_in(unit, found[number], book) if number in found else []
        if not reports and not unit.quotes:
            continue
        item = read[number] = _Read(unit, reports, [])
        _give_voices(item, number, cast)
        for place, quote in unit.quotes:
            direct[quote] = _of_quote(item, number, place, quotes[quote], cast)
    _carry_on(units, read, quotes, direct, cast)
    sayings = []
    for quote, (start, end, _, continued) in enumerate(quotes):
        voice, kind = direct.get(quote, (None, "term"))
        sayings.append(Saying(start, end, kind, continued, voice))
    reported = [saying for item in read.values() for saying in _indirect(item, quotes)]
    return sorted([*sayings, *_nested(reported)], key=lambda saying: (saying.start, -saying.end, saying.kind))


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


def _give_voices(item: _Read, number: int, cast: Cast) -> None:
    """Resolve the source of each report; a shared subject is that of the report before it, or of the main clause."""
    voices: list[tuple[Report, Voice]] = []  # of the reports with a subject of their own
    for report in item.reports:
        if report.how == "shared":
            own = _shared(item.unit, report, voices)
            if own is None:
                span = sources.first_subject(item.unit, report.cue[0])
                own = _voice(item.unit, number, report, span, cast)
                voices.append((report, own))
            voice = Voice(*own[:4], *_cue_of(item.unit, report))
        else:
            voice = _voice(item.unit, number, report, report.source, cast)
            voices.append((report, voice))
        item.voices.append(voice)


def _shared(unit: Unit, report: Report, before: list[tuple[Report, Voice]]) -> Voice | None:
    """The voice whose subject a verb without one shares: of the main clause, or of the nearest verb."""
    if not before:
        return None
    if is_outer(unit.tags, report):
        for other, voice in reversed(before):
            inside = any(
                low <= other.cue[0] < high for held, _ in before if held is not other for low, high in held.content
            )
            if not inside:
                return voice
    return before[-1][1]


def _cue_of(unit: Unit, report: Report) -> tuple[str, str | None, str, tuple[int, int]]:
    """The last four fields of a voice."""
    span = unit.span(*report.cue)
    return unit.body[span[0] : span[1]], report.cue_class, report.lemma, span


def _voice(unit: Unit, number: int, report: Report, source: Span | None, cast: Cast) -> Voice:
    cue = _cue_of(unit, report)
    if source is None:
        return Voice(None, None, None, False, *cue)
    return Voice(*_speaker(unit, number, source, cast), *cue)


def _speaker(unit: Unit, number: int, source: Span, cast: Cast):
    """Resolved name, printed phrase, its characters, whether a person's; keeps the turn."""
    span = unit.span(*source)
    printed = unit.body[span[0] : span[1]]
    phrase = unit.words_at(*source)
    named = _NAMED.search(unit.tags, *source)
    if named:  # the mayor, Ann Lee: the name in apposition says who it is
        phrase = unit.words_at(named.start(1), source[1])
    speaker, person = cast.resolve(phrase, number, printed)
    cast.heard(number, speaker, person, phrase)
    return speaker, printed, span, person


def _of_quote(item: _Read, number: int, place: int, quote: Quote, cast: Cast) -> tuple[Voice | None, str]:
    """The voice of a quotation as far as its own unit tells, and its kind."""
    start, end, kind, _ = quote
    unit = item.unit
    tags = unit.tags
    alone = not tags.strip("Q,;:~.")
    holding = [
        (report.frame == "loose", high - low, which)
        for which, report in enumerate(item.reports)
        for low, high in report.content
        if low <= place < high
    ]
    beside = any(
        report.cue[1] <= place <= report.cue[1] + 1 or report.begin - 2 <= place < report.begin
        for report in item.reports
        if any(low <= place < high for low, high in report.content)
    )
    titled = kind == "partial" or unit.body[end - 1] == ","
    if titled and not alone and not beside and _is_title(unit.body, start, end):
        return None, "term"
    if holding:
        return item.voices[min(holding)[-1]], kind
    if alone:
        return None, kind
    # “We go.” Lee said it would rain: a sentence that is over belongs to no cue that says something else.
    over = kind == "direct" and unit.body[start:end].rstrip()[-1:] in ".?!…"
    near = [
        (abs(report.cue[0] - place) + (100 if report.cue[0] > place else 0), which)
        for which, report in enumerate(item.reports)
        if (report.source is None or not report.source[0] <= place < report.source[1])
        and not (over and report.begin > place and report.frame != "end")
    ]
    if near:
        return item.voices[min(near)[1]], kind
    if over and item.reports and tags[:place].strip(",") == "":
        return None, kind
    span, cue = _without_cue(unit, place)
    if span is None and kind == "direct":
        span = sources.first_subject(unit, place) if tags[place - 1 : place] in (",", ":") else None
    if span is None:
        return None, kind if kind == "direct" else "term"
    voice = Voice(*_speaker(unit, number, span, cast), None, None, None, None)
    if cue is not None:
        begin, stop = unit.span(cue, cue + 1)
        voice = voice._replace(cue=unit.body[begin:stop], cue_span=(begin, stop))
    return voice, kind


def _without_cue(unit: Unit, place: int) -> tuple[Span | None, int | None]:
    """Who speaks where no known cue stands: ``Lee: “…”``, ``“…,” shrugs Mr. Lee``; and the place of the verb."""
    tags = unit.tags
    if place > 1 and tags[place - 1] == ":":
        return sources.phrase_before(unit, place - 1), None
    theirs = _THEIRS.search(tags, 0, place)
    if theirs:  # in her mother's words, “…”
        return theirs.span(1), None
    behind = place + 1 + (tags[place + 1 : place + 2] == ",")
    if _SPEAKER_BEHIND.match(tags, behind):
        return sources.subject_after(unit, behind + 1), behind
    match = _SPEAKER_BEFORE.match(tags, behind)
    if match:
        verb = match.end() - 1
        return match.span(1), verb if tags[verb : verb + 1] in "jevVB" else verb - 1
    return None, None


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
        here = item.unit.quotes
        same = paragraph == item.unit.paragraph
        for _, quote in here:
            voice, kind = direct[quote]
            if voice is None and kind == "direct":
                voice = _from_context(units, read, number, quotes[quote][3], same, before, direct)
                if voice is None:
                    voice = _from_mention(number, cast)
                direct[quote] = voice, kind
            elif voice is None and kind == "partial":
                voice = _from_context(units, read, number, quotes[quote][3], same, before, direct)
                direct[quote] = (voice, kind) if voice else (None, "term")
            elif voice is None and same and before and _may_go_on(item.unit.body, *quotes[quote][:2]):
                direct[quote] = before, "partial"
            before = direct[quote][0] or before
            paragraph = item.unit.paragraph
        if item.voices and any(voice.speaker or voice.printed for voice in item.voices):
            before = item.voices[0] if not here else before
            paragraph = item.unit.paragraph


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
        for _, quote in read[at].unit.quotes if at in read else ():
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


def _indirect(item: _Read, quotes: Sequence[Quote]) -> list[Saying]:
    """The reported clauses of a unit: content without marks, or with marks inside."""
    sayings: list[Saying] = []
    unit = item.unit
    for report, voice in zip(item.reports, item.voices, strict=True):
        if report.frame in ("loose", "passive") or (voice.printed is None):
            continue
        halves = 0
        for low, high in report.content:
            if not _says_something(unit, low, high, report, quotes):
                continue
            start, end = _edges(unit, low, high)
            sayings.append(Saying(start, end, "indirect", halves > 0, voice))
            halves += 1
    return sayings


def _says_something(unit: Unit, low: int, high: int, report: Report, quotes: Sequence[Quote]) -> bool:
    """Whether a stretch holds more than quotations; beside a whole sentence of quotation nothing more is said."""
    inside = unit.tags[low:high]
    if not inside.strip("Q,;:~.cbRDpoa"):
        return False
    if report.frame == "quote" or "Q" in inside:
        whole = any(quotes[quote][2] == "direct" for place, quote in unit.quotes if low <= place < high)
        if whole and report.frame in ("quote", "end"):
            return False
    if report.frame == "end":
        if inside[0] == "t":
            return False  # To be sure, …
        split = len(report.content) > 1 or (inside[0] == "H" and high - low > 1)
        return split or has_clause(unit.tags, low, high) or high - low > 3 or report.lemma == "according"
    return True


def _edges(unit: Unit, low: int, high: int) -> tuple[int, int]:
    """The characters of a stretch, with the marks of quotations at its edges."""
    body, (start, end) = unit.body, unit.span(low, high)
    while start > unit.start and body[start - 1] in "$£€¥#":
        start -= 1
    while end < len(body) and body[end] in "%‰°":
        end += 1
    if unit.tags[low] == "Q":
        while start > unit.start and body[start - 1] in _MARKS:
            start -= 1
    if unit.tags[high - 1] == "Q":
        while end < len(body) and body[end] in _MARKS:
            end += 1
    return start, end
