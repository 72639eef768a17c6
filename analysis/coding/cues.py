"""Cues: the verbs, nouns and phrases that report speech, from a codebook, and what may follow each.

The codebook says which words are cues and of which class (neutral, doubtful, demanding …). What a verb may govern (a
clause without *that*, an infinitive, a thing demanded) is grammar and stands here, by lemma.
"""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import dataclass, field

from analysis.coding import grammar
from analysis.coding.codebook import Codebook, read_codebook
from analysis.coding.given import lexicon
from analysis.study import shipped

BOOK = "reporting-verbs"
_IRREGULAR = {
    **dict.fromkeys(("said", "says", "saying"), "say"),
    **dict.fromkeys(("told", "tells", "telling"), "tell"),
    **dict.fromkeys(("wrote", "written", "writing"), "write"),
    **dict.fromkeys(("thought", "thinking"), "think"),
    **dict.fromkeys(("felt",), "feel"),
    **dict.fromkeys(("swore", "sworn"), "swear"),
    **dict.fromkeys(("knew", "known"), "know"),
    **dict.fromkeys(("found",), "find"),
    **dict.fromkeys(("held",), "hold"),
    **dict.fromkeys(("made",), "make"),
    **dict.fromkeys(("spoke", "spoken"), "speak"),
    **dict.fromkeys(("began", "begun"), "begin"),
    **dict.fromkeys(("learnt",), "learn"),
    **dict.fromkeys(("understood",), "understand"),
    **dict.fromkeys(("foresaw", "foreseen"), "foresee"),
    **dict.fromkeys(("foretold",), "foretell"),
    **dict.fromkeys(("retold",), "retell"),
    **dict.fromkeys(("forbade", "forbidden"), "forbid"),
    **dict.fromkeys(("pled",), "plead"),
    **dict.fromkeys(("misled",), "mislead"),
    **dict.fromkeys(("went", "gone", "goes", "going"), "go"),
    **dict.fromkeys(("put", "puts", "putting"), "put"),
    **dict.fromkeys(("read", "reads", "reading"), "read"),
    **dict.fromkeys(("wept",), "weep"),
    **dict.fromkeys(("besought",), "beseech"),
}
# A clause may follow these, or stand before them with a comma (The plan failed, she said).
CLAUSAL = lexicon(
    """
    say add tell note explain insist argue claim warn predict believe think maintain contend assert allege suggest
    admit concede acknowledge estimate hope fear agree complain recall reckon conclude joke quip swear vow pledge
    promise state declare report announce confirm deny stress emphasise emphasize reveal disclose indicate remark
    observe reply respond answer write assure inform remind advise caution guess assume suspect imagine wish
    figure expect forecast project feel worry know understand see doubt show reiterate repeat affirm aver attest
    testify signal hint speculate muse counter retort boast brag lament point tweet post clarify demand insist
    urge propose recommend tell mean realise realize find determine calculate rule decide hold presume suppose
    concur shout cry whisper mutter exclaim gush grumble gripe fume warn threaten comment ask wonder continue read
    go chime weigh sum volunteer charge plead elaborate protest object disagree conceive anticipate envision
    foresee theorize theorise opine interject marvel fret confide confess profess posit postulate surmise imply
    insinuate rumor rumour gather learn order stipulate caution counsel notify brief alert chortle sigh snap bark
    laugh scoff sneer yell scream beam chuckle groan make contest
    """
)
# These do not stand behind what they report (a charge that he denies).
_NO_TAG = lexicon("deny doubt dispute contest decide hold find make determine order rule charge")
# These take a clause without that even where no verb in it can be seen.
_SURE = lexicon("say think believe insist argue contend reckon")
# Somebody addressed may stand between verb and clause.
_ADDRESSING = lexicon(
    """
    tell inform assure remind notify advise warn brief reassure caution promise ask urge order instruct beg
    implore invite request encourage direct command forbid alert counsel
    """
)
# An infinitive is what is said: promised to go, urged them to go.
INFINITIVE = lexicon(
    """
    promise pledge vow offer threaten agree refuse decline ask urge order demand expect hope claim swear volunteer
    consent undertake resolve request instruct direct command encourage invite advise warn implore beg plead
    appeal call forbid tell commit petition lobby propose recommend wish profess purport want beseech entreat
    exhort caution remind press push counsel challenge dare fear prefer
    """
)
# A thing demanded, denied or foreseen is what is said: demanded the withdrawal of troops.
_THING = lexicon(
    """
    demand deny urge request propose recommend predict foresee forecast advocate stipulate reiterate allege
    anticipate promise pledge vow expect estimate
    """
)
# Verbs that put a name or a judgement on something: called it absurd, dismissed it as absurd, accused him of lying.
NAMING = lexicon(
    """
    call label term dub name describe brand denounce dismiss condemn criticise criticize characterise characterize
    hail praise accuse blame portray depict decry deride mock reject refer regard view see slam blast castigate
    ridicule consider deem declare pronounce fault chide rebuke lambast lambaste tout cite deplore welcome laud
    liken compare interpret commend applaud credit frame ruled scold justify defend congratulate thank tag pan
    """
)
_QUOTE_ONLY = lexicon("read go continue make laugh smile put begin see name list point weigh sum hold")
# Base and -s forms that are nouns as often as verbs: verbs only where a subject stands before them.
_NOUN_LIKE = lexicon(
    """
    state claim report demand call offer comment remark answer reply question query order request appeal note show
    signal stress reason estimate forecast project hope fear doubt wish worry guess threat pledge vow promise
    counter detail list name label voice post tweet broadcast quote suspect dispute protest boast thank cheer
    salute release herald decree petition lobby counsel caution rumor rumour hint slam blame taunt insult smear
    rebuke reprimand regret cry shout laugh joke advocate rule charge object document brand snap challenge direct
    command term flag tribute mention plead praise welcome favor concern warning finding ruling briefing saying
    posting testimony statement talk feel brief reading writing offering hoping contest
    """
)


@dataclass(frozen=True)
class CueBook:
    """Cues ready for use: the class, lemma and tag of each form, and the phrases that begin with each word."""

    classes: dict[str, str]
    tags: dict[str, str]
    lemmas: dict[str, str]
    phrases: dict[str, list[tuple[tuple[str, ...], str]]] = field(default_factory=dict)


def cue_book(codebooks: Sequence[Codebook]) -> CueBook:
    """The cues of the codebook named ``reporting-verbs`` among some codebooks, or of the shipped one.

    Raises UserError where the shipped file is needed and cannot be read.
    """
    named = [book for book in codebooks if book.name == BOOK]
    return _made(_said(named[0])) if named else _shipped()


@functools.cache
def _shipped() -> CueBook:
    return _made(_said(read_codebook(shipped("codebooks") / f"{BOOK}.yml")))


def _said(book: Codebook) -> tuple[tuple[str, str], ...]:
    """Pattern and class, for every pattern of every variable of a codebook of cues."""
    return tuple(
        (pattern, category)
        for variable in book.variables.values()
        for category, listed in variable.categories.items()
        for pattern in listed
    )


@functools.lru_cache(maxsize=8)
def _made(said: tuple[tuple[str, str], ...]) -> CueBook:
    classes: dict[str, str] = {}
    phrases: dict[str, list[tuple[tuple[str, ...], str]]] = {}
    for pattern, category in said:
        words = tuple(grammar.key(word) for word in pattern.split())
        if any(mark in pattern for mark in "*?…"):
            continue  # cues are found by form; a gap in one would be a rule of its own
        if len(words) > 1 and (words[0] in ("he", "she", "they") or words[-1] in ("read", "reads")):
            words = words[1:]  # he continued, statement read: the verb is the cue, its subject is looked for
        if len(words) == 1:
            classes.setdefault(words[0], category)
            continue
        phrases.setdefault(words[0], []).append((words[1:], category))
    for listed in phrases.values():
        listed.sort(key=lambda phrase: -len(phrase[0]))
    forms = {*classes, *phrases}
    lemmas = {form: _lemma(form, forms) for form in forms}
    tags = {form: _tag(form, lemmas[form], forms) for form in forms}
    # The first word of a phrase is no noun cue by itself (paid tribute to).
    tags = {form: grammar.CUE if tag == grammar.CUE_NOUN and form not in classes else tag for form, tag in tags.items()}
    return CueBook(classes, {form: tag for form, tag in tags.items() if tag}, lemmas, phrases)


def _lemma(form: str, forms: set[str]) -> str:
    """The form in the dictionary, as far as endings and the other forms in the book tell it."""
    if form in _IRREGULAR:
        return _IRREGULAR[form]
    for ending, stems in (
        ("ying", ("y", "ie")),
        ("ing", ("", "e")),
        ("ied", ("y",)),
        ("ed", ("", "e")),
        ("ies", ("y",)),
        ("es", ("", "e")),
        ("s", ("",)),
    ):
        if not form.endswith(ending) or len(form) - len(ending) < 2:
            continue
        stem = form[: -len(ending)]
        options = [stem + end for end in stems]
        if len(stem) > 2 and stem[-1] == stem[-2] and ending in ("ing", "ed"):
            options.insert(0, stem[:-1])
        known = [option for option in options if option in forms or option in CLAUSAL or option in NAMING]
        if known:
            return known[0]
    return form


def _tag(form: str, lemma: str, forms: set[str]) -> str | None:
    """How a form behaves: finite, base, -ing, or noun. None where a phrase begins with no verb (in his view)."""
    if grammar.closed_tag(form) not in (None, grammar.VERB) or form.endswith("ly"):
        return None
    if form.endswith("ing") and (lemma != form or len(form) > 6):
        return grammar.CUE_ING
    if _is_verb(lemma, forms):
        return grammar.CUE_BASE if form == lemma else grammar.CUE
    return grammar.CUE if form.endswith("ed") or form in _IRREGULAR else grammar.CUE_NOUN


def _is_verb(lemma: str, forms: set[str]) -> bool:
    """Whether the book has an -ing or -ed form of a lemma: nouns have none."""
    if lemma in CLAUSAL or lemma in NAMING or lemma in INFINITIVE:
        return True
    stems = (lemma, lemma[:-1] if lemma[-1] in "ey" else lemma, lemma + lemma[-1])
    return any(stem + ending in forms for stem in stems for ending in ("ing", "ed")) or lemma in _IRREGULAR.values()


def noun_like(lemma: str) -> bool:
    """Whether a verb's base and -s forms are nouns too (claim, reports)."""
    return lemma in _NOUN_LIKE


# What a lemma may govern, as bits for loops over tags.
(
    REPORTS_CLAUSE, NO_TAG, SURE, ADDRESSES, TAKES_INFINITIVE, TAKES_THING, NAMES,
    QUOTES_ONLY,  # reports speech only beside quotation marks (the statement read: “…”)
    QUOTES_OR_THAT, IS_CALLING, IS_ACCUSING, IS_ASK, IS_SAY, IS_DENY, IS_ACCORDING,
) = (1 << bit for bit in range(15))  # fmt: skip
_BITS = {
    REPORTS_CLAUSE: CLAUSAL,
    NO_TAG: _NO_TAG,
    SURE: _SURE,
    ADDRESSES: _ADDRESSING,
    TAKES_INFINITIVE: INFINITIVE,
    TAKES_THING: _THING,
    NAMES: NAMING,
    QUOTES_ONLY: _QUOTE_ONLY,
    QUOTES_OR_THAT: lexicon("find see hold"),
    IS_CALLING: lexicon("call label term dub brand deem"),
    IS_ACCUSING: lexicon("accuse blame"),
    IS_ASK: lexicon("ask"),
    IS_SAY: lexicon("say"),
    IS_DENY: lexicon("deny"),
    IS_ACCORDING: lexicon("according"),
}


def lemma_bits(lemma: str) -> int:
    """The bits of a lemma."""
    return sum(bit for bit, listed in _BITS.items() if lemma in listed)
