"""Who says what in one article: quotations and reported clauses, each with its speaker and cue.

A quotation belongs to the innermost report that holds it; else to the nearest cue of its unit; a sentence of nothing
but quotation belongs to whoever was quoted before it (in its paragraph first), or is quoted next in its paragraph. A
few words in marks that nobody speaks are a term (a title, a word mentioned).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from analysis.coding import sources
from analysis.coding.clauses import has_clause
from analysis.coding.contents import Report, is_outer
from analysis.coding.cues import CueBook
from analysis.coding.given import lexicon
from analysis.coding.names import Actors, Cast
from analysis.coding.reports import reports_in
from analysis.coding.sources import Span
from analysis.coding.units import Unit, Words, read_units

_MARKS = "\"“”„‟«»'‘’‚‛」』`"
_TITLED = re.compile(
    r"(?:titled|entitled|called|named|dubbed|known as|so-called|book|books|film|movie|song|album|show|series|novel|"
    r"play|program|programme|episode|musical|opera|painting|poem|documentary|podcast|magazine|article|essay|memoir|hit|"
    r"nicknamed|the word|the term|the phrase|column|game|single|sitcom|drama|comedy)[,:]?\s*[\"“‘'`]*$",
    re.IGNORECASE,
)
_NAMED = re.compile(r",(T*N+)$")
_SMALL = lexicon("a an the of in on at by for with and or to from as is de la le vs v")


@dataclass(frozen=True)
class Voice:
    """A speaker as resolved and as printed, with the cue; offsets are characters of the body."""

    speaker: str | None
    printed: str | None
    speaker_span: tuple[int, int] | None
    person: bool
    cue: str | None
    cue_class: str | None
    cue_lemma: str | None
    cue_span: tuple[int, int] | None


@dataclass(frozen=True)
class Saying:
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
    words: Words,
    sentences: Sequence[tuple[int, int, int, int]],
    quotes: Sequence[tuple[int, int, str, bool]],
    book: CueBook,
    actors: Actors,
) -> list[Saying]:
    """Every quotation and reported clause of one body, in order of start, the longer first.

    Args:
        sentences: start, end, first token, one past the last. quotes: start, end, kind (direct or partial), continued.
    """
    units = read_units(words, sentences, [(start, end) for start, end, _, _ in quotes])
    found = [reports_in(words, unit, book) for unit in units]
    cast = Cast(words, units, actors)
    read = [_Read(unit, reports, []) for unit, reports in zip(units, found, strict=True)]
    direct: dict[int, tuple[Voice | None, str]] = {}
    for number, item in enumerate(read):
        _give_voices(words, item, number, cast)
        for place, quote in item.unit.quotes():
            voice, kind = _of_quote(words, item, number, place, quotes[quote], cast)
            direct[quote] = voice, kind
    _carry_on(words, read, quotes, direct, cast)
    sayings = [
        Saying(start, end, direct.get(quote, (None, "term"))[1], continued, direct.get(quote, (None, "term"))[0])
        for quote, (start, end, _, continued) in enumerate(quotes)
    ]
    reported = [saying for item in read for saying in _indirect(words, item, quotes)]
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
        kept.append(replace(saying, end=end))
        ends.append(end)
    return kept


def _give_voices(words: Words, item: _Read, number: int, cast: Cast) -> None:
    """Resolve the source of each report; a shared subject is that of the report before it, or of the main clause."""
    voices: list[tuple[Report, Voice]] = []  # of the reports with a subject of their own
    for report in item.reports:
        if report.how == "shared":
            own = _shared(item.unit, report, voices)
            if own is None:
                span = sources.first_subject(item.unit, report.cue[0])
                own = _voice(words, item.unit, number, report, span, cast)
                voices.append((report, own))
            voice = replace(own, **_cue_of(words, item.unit, report))
        else:
            voice = _voice(words, item.unit, number, report, report.source, cast)
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


def _cue_of(words: Words, unit: Unit, report: Report) -> dict:
    span = (unit.starts[report.cue[0]], unit.ends[report.cue[1] - 1])
    return {
        "cue": words.body[span[0] : span[1]],
        "cue_class": report.cue_class,
        "cue_lemma": report.lemma,
        "cue_span": span,
    }


def _voice(words: Words, unit: Unit, number: int, report: Report, source: Span | None, cast: Cast) -> Voice:
    cue = _cue_of(words, unit, report)
    if source is None:
        return Voice(None, None, None, False, **cue)
    speaker, printed, span, person = _speaker(words, unit, number, source, cast)
    return Voice(speaker, printed, span, person, **cue)


def _speaker(words: Words, unit: Unit, number: int, source: Span, cast: Cast):
    """Resolved name, printed phrase, its characters, whether a person's; keeps the turn."""
    span = (unit.starts[source[0]], unit.ends[source[1] - 1])
    printed = words.body[span[0] : span[1]]
    phrase = sources.words_of(words, unit, source)
    named = _NAMED.search(unit.tags, *source)
    if named:  # the mayor, Ann Lee: the name in apposition says who it is
        phrase = sources.words_of(words, unit, (named.start(1), source[1]))
    speaker, person = cast.resolve(phrase, number, printed)
    cast.heard(number, speaker, person, phrase)
    return speaker, printed, span, person


def _of_quote(
    words: Words, item: _Read, number: int, place: int, quote: tuple[int, int, str, bool], cast: Cast
) -> tuple[Voice | None, str]:
    """The voice of a quotation as far as its own unit tells, and its kind."""
    start, end, kind, _ = quote
    tags = item.unit.tags
    alone = not set(tags) - set("Q,;:~.")
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
    titled = kind == "partial" or words.body[end - 1] == ","
    if titled and not alone and not beside and _is_title(words.body, start, end):
        return None, "term"
    if holding:
        return item.voices[min(holding)[-1]], kind
    if alone:
        return None, kind
    # “We go.” Lee said it would rain: a sentence that is over belongs to no cue that says something else.
    over = kind == "direct" and words.body[start:end].rstrip()[-1:] in ".?!…"
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
    span, cue = _without_cue(item.unit, place)
    if span is None and kind == "direct":
        span = sources.first_subject(item.unit, place) if tags[place - 1 : place] in (",", ":") else None
    if span is None:
        return None, kind if kind == "direct" else "term"
    voice = Voice(*_speaker(words, item.unit, number, span, cast), None, None, None, None)
    if cue is not None:
        begin, stop = item.unit.starts[cue], item.unit.ends[cue]
        voice = replace(voice, cue=words.body[begin:stop], cue_span=(begin, stop))
    return voice, kind


def _without_cue(unit: Unit, place: int) -> tuple[Span | None, int | None]:
    """Who speaks where no known cue stands: ``Lee: “…”``, ``“…,” shrugs Mr. Lee``; and the place of the verb."""
    tags = unit.tags
    if place > 1 and tags[place - 1] == ":":
        return sources.phrase_before(unit, place - 1), None
    theirs = re.search(r"p([DTNrj]+)s[jKv],?$", tags[:place])
    if theirs:  # in her mother's words, “…”
        return theirs.span(1), None
    behind = place + 1 + (tags[place + 1 : place + 2] == ",")
    if re.match(r"[jevVB](?:T*N|Dr|r)", tags[behind:]):
        return sources.subject_after(unit, behind + 1), behind
    match = re.match(r"(T*N+|H)R*[jevVB](?=$|[,.pRF])", tags[behind:])
    if match:
        verb = behind + match.end() - 1
        return (behind, behind + match.end(1)), verb if tags[verb : verb + 1] in "jevVB" else verb - 1
    return None, None


def _is_title(body: str, start: int, end: int) -> bool:
    """Whether words in marks are the title of a work or a word mentioned, by their capitals or the word before."""
    content = body[start:end].strip().rstrip(",")
    if _TITLED.search(body[max(0, start - 40) : start]):
        return True
    said = content.split()
    if len(said) < 2 or content[-1:] in ".?!":
        return False
    return all(word[:1].isupper() or word[:1].isdigit() or word.lower() in _SMALL for word in said)


def _carry_on(
    words: Words,
    read: list[_Read],
    quotes: Sequence[tuple[int, int, str, bool]],
    direct: dict[int, tuple[Voice | None, str]],
    cast: Cast,
) -> None:
    """Give quotations that stand alone the voice of those around them."""
    before: Voice | None = None  # who was quoted last
    paragraph = -1
    for number, item in enumerate(read):
        here = item.unit.quotes()
        same = paragraph == item.unit.paragraph
        for _, quote in here:
            voice, kind = direct[quote]
            if voice is None and kind == "direct":
                voice = _from_context(read, number, quotes[quote][3], same, before, direct)
                if voice is None:
                    voice = _from_mention(read, number, cast)
                direct[quote] = voice, kind
            elif voice is None and kind == "partial":
                voice = _from_context(read, number, quotes[quote][3], same, before, direct)
                direct[quote] = (voice, kind) if voice else (None, "term")
            elif voice is None and same and before and _may_go_on(words.body, *quotes[quote][:2]):
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
    read: list[_Read],
    number: int,
    continued: bool,
    same: bool,
    before: Voice | None,
    direct: dict[int, tuple[Voice | None, str]],
) -> Voice | None:
    """The voice before, if it is of this paragraph or the quotation goes on; else the next of this paragraph."""
    if (continued or same) and before:
        return before
    paragraph = read[number].unit.paragraph
    for item in read[number + 1 : number + 3]:
        if item.unit.paragraph != paragraph:
            break
        for _, quote in item.unit.quotes():
            if direct.get(quote, (None, ""))[0]:
                return direct[quote][0]
    return before


def _from_mention(read: list[_Read], number: int, cast: Cast) -> Voice | None:
    """The first person named shortly before, where nobody has been quoted yet."""
    for at in range(number - 1, max(number - 4, -1), -1):
        name = cast.first_person_in(at)
        if name:
            return Voice(name, None, None, True, None, None, None, None)
    return None


def _indirect(words: Words, item: _Read, quotes: Sequence[tuple[int, int, str, bool]]) -> list[Saying]:
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
            start, end = _edges(words.body, unit, low, high)
            sayings.append(Saying(start, end, "indirect", halves > 0, voice))
            halves += 1
    return sayings


def _says_something(
    unit: Unit, low: int, high: int, report: Report, quotes: Sequence[tuple[int, int, str, bool]]
) -> bool:
    """Whether a stretch holds more than quotations; beside a whole sentence of quotation nothing more is said."""
    inside = unit.tags[low:high]
    if not set(inside) - set("Q,;:~.cbRDpoa"):
        return False
    if report.frame == "quote" or "Q" in inside:
        whole = any(quotes[-2 - unit.tokens[at]][2] == "direct" for at in range(low, high) if unit.tokens[at] < -1)
        if whole and report.frame in ("quote", "end"):
            return False
    if report.frame == "end":
        if inside[0] == "t":
            return False  # To be sure, …
        split = len(report.content) > 1 or (inside[0] == "H" and high - low > 1)
        return split or has_clause(unit.tags, low, high) or high - low > 3 or report.lemma == "according"
    return True


def _edges(body: str, unit: Unit, low: int, high: int) -> tuple[int, int]:
    """The characters of a stretch, with the marks of quotations at its edges."""
    start, end = unit.starts[low], unit.ends[high - 1]
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
