"""Reports: in one unit, every cue with its source and what it reports.

Order of work: the cues are found and read as verbs or nouns; each gets the noun phrase that speaks (`sources`) and
what stands behind it (`clauses`); then the stretches are cut where another report begins. The rules follow the
constructions that Pareti (2015) distinguishes: cue verb with a clause, cue noun, *according to*, passive, inverted.
"""

from __future__ import annotations

import re

from analysis.coding import clauses, cues, sources
from analysis.coding.contents import Report, bound
from analysis.coding.cues import CueBook
from analysis.coding.given import lexicon
from analysis.coding.sources import Span
from analysis.coding.units import Unit, Words

_NAMED = re.compile(r"[DNTrjeK#sohHp]*?(?:a|D?Q)")  # the plan as …, the plan “…”
_CALLED = re.compile(r"(?:[hH][jReD#K]|[hDNTrjeK#so]+?(?:D[jrKeNRB]|a)|[DNTrjeK#sohH]*?D?Q)")  # the plan a sham
_TWO_VERBS = re.compile(r"(?:H[jevVBX][eV]?|[vVe]|X[XRn]*[eVvBj])[^XH]*(X)[XRn]*[VejRD]")
_ARTICLES = lexicon("the a an his its their our my your every no")  # never a subject by themselves
_BE = lexicon("is are was were be been being am 's 're get gets got")


def reports_in(words: Words, unit: Unit, book: CueBook) -> list[Report]:
    """The reports of one unit, in the order of their cues; the tags of cues that are no verbs here are mended."""
    if not any(tag in unit.tags for tag in "VBGKA"):
        return []
    _mend(words, unit, book)
    found: list[Report] = []
    place = 0
    while place < len(unit.tags):
        tag = unit.tags[place]
        report = None
        if tag == "A" and unit.tags[place + 1 : place + 2] == "t":
            report = _according(words, unit, place, book)
        elif tag in "VBG":
            report = _verb(words, unit, place, book)
        elif tag == "K":
            report = _noun(words, unit, place, book)
        if report:
            found.append(report)
            place = report.cue[1]
        else:
            place += 1
    bound(unit, found)
    return [report for report in found if report.content]


def _mend(words: Words, unit: Unit, book: CueBook) -> None:
    """Give forms that are nouns or adjectives where they stand the tag of such (its claims, the alleged plot)."""
    tags = list(unit.tags)
    for place, tag in enumerate(tags):
        if tag not in "VBG":
            continue
        before = tags[place - 1] if place else ""
        behind = tags[place + 1] if place + 1 < len(tags) else ""
        form = words.form(unit.tokens[place])
        if form not in book.classes and _match(words, unit, place, book) is None:
            # Only the first word of some phrase (fire back), which does not follow.
            noun = tag == "G" or (before and before in "Ds#" and form.endswith("s"))
            noun = noun or (tag == "B" and before and before in "Dsjpo#eN")
            tags[place] = "j" if noun else "v"
        elif tag == "G":
            if before in "Dsoj" and before:
                tags[place] = "K"
        elif form.endswith(("ed", "wn", "en")) and form not in ("seen",):
            if before and before in "Ds#" and behind and behind in "NTrjKe":
                tags[place] = "e"
        elif tag == "B" and before == "D" and words.form(unit.tokens[place - 1]) in _ARTICLES:
            tags[place] = "K"  # the decline, no doubt
        elif cues.noun_like(book.lemmas.get(form, form)):
            if before and (
                before in "Ds#oeKph" or (before == "j" and tag == "B") or (before == "j" and behind not in "wHh")
            ):
                tags[place] = "K"
            elif place == 0 or before == "Q":
                tags[place] = "K" if tag == "B" else tag
    unit.tags = "".join(tags)


def _match(words: Words, unit: Unit, place: int, book: CueBook) -> tuple[int, str | None] | None:
    """One past the last place of the longest cue at a place, and its class."""
    form = words.form(unit.tokens[place])
    for rest, category in book.phrases.get(form, ()):
        beyond = place + 1 + len(rest)
        if beyond > len(unit.tags):
            continue
        if all(
            unit.tokens[place + 1 + step] >= 0 and words.form(unit.tokens[place + 1 + step]) == word
            for step, word in enumerate(rest)
        ):
            # What belongs to the complement is left to it: charged that, insisted on Friday.
            to_verb = rest[0] == "to" and (len(rest) > 1 or book.lemmas.get(form) in cues.INFINITIVE)
            if rest[-1] == "that" or unit.tags[beyond - 1] == "F" or rest == ("as",) or to_verb:
                beyond = place + 1
            return beyond, category
    if form in book.classes:
        return place + 1, book.classes[form]
    return None


def _according(words: Words, unit: Unit, place: int, book: CueBook) -> Report | None:
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


def _verb(words: Words, unit: Unit, place: int, book: CueBook) -> Report | None:
    """A verb that reports, or None where it does something else here."""
    matched = _match(words, unit, place, book)
    if matched is None:
        return None
    beyond, cue_class = matched
    form = words.form(unit.tokens[place])
    lemma = book.lemmas.get(form, form)
    if _is_passive(words, unit, place):
        return _passive(words, unit, place, beyond, lemma, cue_class)
    source, how = sources.subject_before(unit, place)
    if unit.tags[place] == "G":
        source, how = _of_participle(words, unit, place, source, how)
    if source and source[1] - source[0] == 1 and words.form(unit.tokens[source[0]]) in _ARTICLES:
        return None
    frame, start = clauses.complement(unit, beyond, lemma)
    report = Report((place, beyond), lemma, cue_class, frame, how, source, start, source[0] if source else place)
    if unit.tags[place] == "V" and (how == "none" or source is None or unit.tags[place - 1 : place] == ","):
        inverted = _inverted(unit, report)
        if inverted:
            return inverted
    if how == "none" or how == "infinitive" or (source is None and how == "plain"):
        return None
    if how == "relative" and source is None:
        return None
    return report if _governs(words, unit, report, beyond) else None


def _is_passive(words: Words, unit: Unit, place: int) -> bool:
    """Whether a form of *be* stands before a participle (was dismissed), adverbs passed over."""
    if unit.tags[place] != "V":
        return False
    at = place - 1
    while at >= 0 and unit.tags[at] in "Rn":
        at -= 1
    return at >= 0 and unit.tags[at] in "Xs" and unit.tokens[at] >= 0 and words.form(unit.tokens[at]) in _BE


def _passive(words: Words, unit: Unit, place: int, beyond: int, lemma: str, cue_class: str | None) -> Report | None:
    """Was denounced by X as …; was quoted as saying (whose subject speaks)."""
    tags = unit.tags
    if beyond - place > 1 and words.form(unit.tokens[beyond - 1]) in ("saying", "say"):
        source, how = sources.subject_before(unit, place)
        frame, start = clauses.complement(unit, beyond, "say")
        return Report((place, beyond), "say", cue_class, frame, how, source, start, place) if source else None
    for at in range(beyond, len(tags)):
        if tags[at] == "p" and words.form(unit.tokens[at]) == "by":
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


def _of_participle(words: Words, unit: Unit, place: int, source: Span | None, how: str) -> tuple[Span | None, str]:
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


def _is_ing(words: Words, unit: Unit, place: int) -> bool:
    """Whether a word in -ing stands at a place."""
    return unit.tokens[place] >= 0 and words.form(unit.tokens[place]).endswith("ing")


def _governs(words: Words, unit: Unit, report: Report, beyond: int) -> bool:
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
    if frame == "thing" and lemma in cues.CLAUSAL and _is_ing(words, unit, beyond):
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


def _noun(words: Words, unit: Unit, place: int, book: CueBook) -> Report | None:
    """Moscow's claim that …; a warning from the ministry that …; in her words, “…”."""
    tags = unit.tags
    form = words.form(unit.tokens[place])
    cue_class = book.classes.get(form)
    if cue_class is None:
        return None
    source: Span | None = None
    if (place and tags[place - 1] == "s") or (place > 1 and tags[place - 1] in "je" and tags[place - 2] == "s"):
        clitic = tags.rindex("s", 0, place)
        source = sources.phrase_before(unit, clitic)
    at = place + 1
    if tags[at : at + 1] in ("p", "o") and words.form(unit.tokens[at]) in ("by", "from", "of"):
        behind = sources.subject_after(unit, at + 1)
        if behind:
            source, at = source or behind, behind[1]
    if tags[at : at + 1] not in ("w", "t", ":", "Q") and tags[at : at + 2] != ",Q":
        return None
    if (
        source is None
        and tags[place - 1 : place] == "D"
        and words.form(unit.tokens[place - 1]) in ("his", "her", "their", "its")
    ):
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
