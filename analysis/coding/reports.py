"""Reports: in one unit, every cue with its source and what it reports.

Order of work: the cues are found and read as verbs or nouns (`cue_places`, for all bodies at once); each gets the noun
phrase that speaks (`sources`) and what stands behind it (`clauses`); then the stretches are cut where another report
begins. The rules follow the constructions that Pareti (2015) distinguishes: cue verb with a clause, cue noun,
*according to*, passive, inverted.

These rules stay in Python, over strings of tags: they are mended often, and a unit costs them 15 µs. What is asked of
every word (its tag, its form, whether a cue begins) is answered in arrays before. A rule that is to look at more units
must give its cues a tag in `cue_places`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from analysis.coding import clauses, cues, sources
from analysis.coding.contents import Report, bound
from analysis.coding.cue_places import ARTICLES, Cue
from analysis.coding.cues import CueBook
from analysis.coding.given import lexicon
from analysis.coding.sources import Span
from analysis.coding.units import Unit

_NAMED = re.compile(r"[DNTrjeK#sohHp]*?(?:a|D?Q)")  # the plan as …, the plan “…”
_CALLED = re.compile(r"(?:[hH][jReD#K]|[hDNTrjeK#so]+?(?:D[jrKeNRB]|a)|[DNTrjeK#sohH]*?D?Q)")  # the plan a sham
_TWO_VERBS = re.compile(r"(?:H[jevVBX][eV]?|[vVe]|X[XRn]*[eVvBj])[^XH]*(X)[XRn]*[VejRD]")
_BE = lexicon("is are was were be been being am 's 're get gets got")


def reports_in(unit: Unit, found: Sequence[Cue], book: CueBook) -> list[Report]:
    """The reports of one unit, in the order of their cues (`cue_places.find_cues`)."""
    reports: list[Report] = []
    until = 0
    for cue in found:
        place = cue[0]
        if place < until:
            continue  # inside the cue before
        tag = unit.tags[place]
        if tag == "A":
            report = _according(unit, place, book)
        elif tag == "K":
            report = _noun(unit, place, book)
        else:
            report = _verb(unit, cue, book)
        if report:
            reports.append(report)
            until = report.cue[1]
    bound(unit, reports)
    return [report for report in reports if report.content]


def _according(unit: Unit, place: int, book: CueBook) -> Report | None:
    """According to X, …; …, according to X."""
    tags = unit.tags
    beyond = place + 2
    while beyond < len(tags) and tags[beyond] in "DNTrjeK#sopchFG":
        beyond += 1
    source = (place + 2, beyond)
    if beyond == place + 2:
        return None
    lead = not tags[:place].strip("cbRF,") or (place and tags[place - 1] in ";~")
    report = Report(
        (place, place + 2), "according", book.classes.get("according", "neutral"), "", "plain", source, 0, place
    )
    if lead:
        comma = tags.find(",", beyond)
        if comma < 0:
            return None
        following = tags.find(",", comma + 1)
        if following > 0 and sources.is_aside(tags, comma + 1, following):
            comma = following  # according to Ann Lee, the mayor, …
        report.frame, report.start = "clause", comma + 1
    else:
        report.frame, report.start = "end", beyond
    return report


def _verb(unit: Unit, cue: Cue, book: CueBook) -> Report | None:
    """A verb that reports, or None where it does something else here."""
    place, beyond, cue_class = cue
    tag = unit.tags[place]
    form = unit.form(place)
    lemma = book.lemmas.get(form, form)
    if tag == "V" and _is_passive(unit, place):
        return _passive(unit, place, beyond, lemma, cue_class)
    source, how = sources.subject_before(unit, place)
    if tag == "G":
        source, how = _of_participle(unit, place, source, how)
    if source and source[1] - source[0] == 1 and unit.form(source[0]) in ARTICLES:
        return None
    nobody = how in ("none", "infinitive") or (source is None and how in ("plain", "relative"))
    if nobody and tag != "V":
        return None
    frame, start = clauses.complement(unit, beyond, lemma)
    report = Report((place, beyond), lemma, cue_class, frame, how, source, start, source[0] if source else place)
    if tag == "V" and (how == "none" or source is None or unit.tags[place - 1 : place] == ","):
        inverted = _inverted(unit, report)
        if inverted:
            return inverted
    return report if not nobody and _governs(unit, report, beyond) else None


def _is_passive(unit: Unit, place: int) -> bool:
    """Whether a form of *be* stands before a participle (was dismissed), adverbs passed over."""
    at = place - 1
    while at >= 0 and unit.tags[at] in "Rn":
        at -= 1
    return at >= 0 and unit.tags[at] in "Xs" and unit.form(at) in _BE


def _passive(unit: Unit, place: int, beyond: int, lemma: str, cue_class: str | None) -> Report | None:
    """Was denounced by X as …; was quoted as saying (whose subject speaks)."""
    tags = unit.tags
    if beyond - place > 1 and unit.form(beyond - 1) in ("saying", "say"):
        source, how = sources.subject_before(unit, place)
        frame, start = clauses.complement(unit, beyond, "say")
        return Report((place, beyond), "say", cue_class, frame, how, source, start, place) if source else None
    for at in range(beyond, len(tags)):
        if tags[at] == "p" and unit.form(at) == "by":
            source = sources.subject_after(unit, at + 1)
            if source is None:
                return None
            own = (beyond, at) if at > beyond else (source[1], len(tags))
            report = Report((place, beyond), lemma, cue_class, "passive", "after", source, own[0], place)
            report.content = [own]
            return report
        if tags[at] in ";:.":
            break
    return None


def _of_participle(unit: Unit, place: int, source: Span | None, how: str) -> tuple[Span | None, str]:
    """The subject of an -ing form: its own behind *be* or *as*, else that of the clause it hangs on."""
    tags = unit.tags
    before = tags[place - 1 : place]
    if before == "X":
        return source, how
    if before == "a":  # quoted Smith as saying
        return sources.phrase_before(unit, place - 1), "plain"
    at = place
    while at > 0 and tags[at - 1] == "R":
        at -= 1
    if at == 0:
        comma = tags.find(",", place)
        behind = sources.subject_after(unit, comma + 1) if comma > 0 else None
        return behind, "plain" if behind else "none"
    if tags[at - 1] in ",cLpb~Q":
        return None, "shared"
    if (
        tags[at - 1] in "NrjKF"
        and how == "plain"
        and source
        and source[1] - source[0] <= 4
        and tags[at - 2 : at - 1] != ","
    ):
        return source, "plain"  # with Russia claiming
    return None, "none"


def _inverted(unit: Unit, report: Report) -> Report | None:
    """… , said X: the subject behind the verb, where what is said stands before it or follows a colon."""
    tags = unit.tags
    place, beyond = report.cue
    if report.lemma not in cues.CLAUSAL and not tags[:place].endswith(("Q", "Q,")):
        return None
    if place and tags[place - 1] not in "Q,~.":
        return None
    source = sources.subject_after(unit, beyond)
    if source is None or (source[1] - source[0] == 1 and tags[source[0]] in "DF#"):
        return None
    behind = tags[source[1] : source[1] + 1]
    if behind not in ("", ",", "p", "L", "R", "F", ";", ".", "~", "(", ":", "W", "a", "c", "G", "t", "o", "e", "j"):
        return None
    if place == 0 and "Q" not in tags[beyond:] and ":" not in tags[beyond:]:
        return None
    frame = "end" if place else "quote"
    if report.source and (tags[report.source[0] - 1] == "Q" or tags[: report.source[0]].endswith("Q,")):
        return None  # “…,” Mr. Lee, the lawyer, told reporters
    if place and tags[place - 1] == "," and report.source and behind not in ("", ",", "p", "F", "R"):
        return None  # Ann Lee, the mayor, said Smith would go
    if (
        place
        and tags[place - 1] == ","
        and report.source
        and "Q" not in tags[:place]
        and _opens_unit(tags, report.source)
    ):
        return None
    start = source[1]
    if place == 0:
        start = next(at for at in range(beyond, len(tags)) if tags[at] in "Q:")
    return Report(report.cue, report.lemma, report.cue_class, frame, "after", source, start, place)


def _opens_unit(tags: str, source: Span) -> bool:
    """Whether nothing but conjunctions and adverbials stands before a subject."""
    return not tags[: source[0]].strip("cbRF,")


def _is_ing(unit: Unit, place: int) -> bool:
    """Whether a word in -ing stands at a place."""
    return unit.form(place).endswith("ing")


def _governs(unit: Unit, report: Report, beyond: int) -> bool:
    """Whether a cue may take what follows it; sets the frame that counts."""
    lemma, frame, tags = report.lemma, report.frame, unit.tags
    behind = tags[beyond : beyond + 1]
    naming = lemma in cues.NAMING
    if frame == "quote":
        return not cues.quote_only(lemma) or tags[report.start - 1] in ",:"
    if frame == "that":
        return not cues.quote_only(lemma) or lemma in ("find", "see", "hold")
    if cues.quote_only(lemma):
        return frame == "end" and "Q" in tags
    if frame == "to" and lemma == "ask" and behind == "n":
        return False  # who asked not to be named
    if beyond - report.cue[0] > 1 and frame in ("clause", "thing") and report.cue_class == "demanding" and behind:
        report.frame, report.start = "thing", beyond  # called for an inquiry
        return True
    if frame == "wh":
        return lemma in cues.CLAUSAL or lemma in cues.ADDRESSING
    if frame == "to":
        return lemma in cues.INFINITIVE
    if frame == "end":
        return (lemma in cues.CLAUSAL and lemma not in cues.NO_TAG) or "Q" in tags
    if frame == "as":
        return naming or "Q" in tags
    # A clause or a thing: naming verbs take both as one (called the plan a sham; dismissed it as a ploy).
    if frame == "clause" and lemma in cues.CLAUSAL and not (naming and behind in "DNj"):
        report.frame = "clause"
        return True
    if naming and behind and behind not in ",;.":
        double = _CALLED if lemma in ("call", "label", "term", "dub", "brand", "deem") else _NAMED
        if double.match(tags, beyond) or (
            lemma in ("accuse", "blame") and set(tags[beyond + 1 : beyond + 12]) & set("op")
        ):
            report.frame, report.start = "as", beyond
            return True
    if frame == "thing" and lemma in cues.CLAUSAL and _is_ing(unit, beyond):
        report.frame, report.start = "thing", beyond  # reported shooting down two
        return True
    if lemma in cues.INFINITIVE and "t" in tags[report.start : report.start + 9] and frame in ("clause", "thing"):
        to = tags.index("t", report.start)
        if not set(tags[report.start : to]) & set(",;:.XVLHvWcw") and tags[to + 1 : to + 2] not in ("D", "N", "T", "#"):
            report.frame, report.start = "to", beyond
            return True
    if lemma in cues.SURE and frame == "thing":
        return lemma == "say" and behind not in ("#",)
    if lemma in cues.THING and behind and behind not in ",;." and not (lemma == "deny" and behind == "D"):
        report.frame, report.start = "thing", beyond
        return True
    report.frame = "loose"  # reports what is quoted in its sentence, and nothing without marks
    return "Q" in tags[beyond:]


def _noun(unit: Unit, place: int, book: CueBook) -> Report | None:
    """Moscow's claim that …; a warning from the ministry that …; in her words, “…”."""
    tags = unit.tags
    form = unit.form(place)
    cue_class = book.classes.get(form)
    if cue_class is None:
        return None
    source: Span | None = None
    if (place and tags[place - 1] == "s") or (place > 1 and tags[place - 1] in "je" and tags[place - 2] == "s"):
        clitic = tags.rindex("s", 0, place)
        source = sources.phrase_before(unit, clitic)
    at = place + 1
    if tags[at : at + 1] in ("p", "o") and unit.form(at) in ("by", "from", "of"):
        behind = sources.subject_after(unit, at + 1)
        if behind:
            source, at = source or behind, behind[1]
    if tags[at : at + 1] not in ("w", "t", ":", "Q") and tags[at : at + 2] != ",Q":
        return None
    if source is None and tags[place - 1 : place] == "D" and unit.form(place - 1) in ("his", "her", "their", "its"):
        source = (place - 1, place)
    if source is None:
        return None
    lemma = book.lemmas.get(form, form)
    frame = "that" if tags[at] == "w" else "to" if tags[at] == "t" else "quote"
    start = at if tags[at] in "tQ" else at + 1
    report = Report((place, place + 1), lemma, cue_class, frame, "possessive", source, start, source[0])
    if frame == "quote":
        quote = tags.find("Q", at)
        report.content = [(quote, quote + 1)]
    else:
        # Its claim that it won was denied: a second verb without a subject is the main clause's.
        main = _TWO_VERBS.search(tags, start)
        if main and not set(tags[start : main.start(1)]) & set("cLw,W"):
            report.content = [(start, main.start(1))]
    return report if not report.content or report.content[0][0] >= 0 else None
