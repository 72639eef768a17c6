"""Amounts that a text names: counts, fractions, money, measures, periods, ages and ranks, with bounds and units.

A range is two amounts, the lower a bound from below and the upper one from above (``12 to 15 people``: at least 12, at
most 15), but for what went from one to the other (``from 5 to 7 percent``: 5, then 7).

Not amounts: times of day, scores and votes (3-1), telephone numbers, what numbers are names of (Article 5, Boeing 737,
G7, F-16, 24/7, the Group of Seven), *one* as a pronoun (one of them, no one, one day), ranks in names and set phrases
(36th Brigade, Third World, first lady). Limits: forms of English; no arithmetic (twice as many, three more than).
"""

from __future__ import annotations

import re
from typing import NamedTuple

from analysis.coding import heads
from analysis.coding.given import lexicon
from analysis.coding.grammar import closed_tag, is_role, key
from analysis.coding.heads import words_behind
from analysis.coding.measures import MONEY, PERIODS, SIGN_AHEAD, SIGNS, UNIT, sign_before, unit_of
from analysis.coding.numerals import ONES, RANKS, TEENS, TENS, Numeral, either, read_numeral


class Amount(NamedTuple):
    """One amount, with the columns of the table *numbers*."""

    start: int
    end: int
    kind: str
    value: float
    unit: str | None
    what: str | None
    bound: str


_NUMERAL_WORD = rf"[0-9]{{1,4}}|{either({**ONES, **TEENS, **TENS})}"
_OUT_OF = re.compile(rf"(?: in(?: every)?| out of(?: every)?) (?P<whole>{_NUMERAL_WORD})(?![\w,.%:/-])", re.IGNORECASE)
_RANK = re.compile(
    rf"(?:(?P<ten>{either(TENS)})-)?(?:(?P<word>{either(RANKS)})|(?P<digits>[0-9]{{1,4}})(?:st|nd|rd|th))(?!\w)",
    re.IGNORECASE,
)
_OWNED = re.compile(r"(?<!\w)(?:the|its|his|her|their|our|my|this|that|an?|another|\w+['’]s?) \Z", re.IGNORECASE)
_OWNED_ENDS = (
    "the",
    "its",
    "his",
    "her",
    "their",
    "our",
    "my",
    "this",
    "that",
    "a",
    "an",
    "another",
    "'",
    "’",
    "'s",
    "’s",
)
_PLACED = re.compile(r"(?<!\w)(?P<verb>finished|came|ranks|ranked|ranking|placed|stands) \Z")
_SUPERLATIVE = re.compile(r"[- ](?:\w{3,}est|most|least|worst|best)\b")
_TO = re.compile(r"(?P<dash> ?[-–—] ?)|(?: to | or | and )")
_BOUND = re.compile(
    r"(?<!\w)(?:(?P<least>(?:no (?:fewer|less)|not (?:less|fewer)|more|greater|better|older|longer|higher) than|"
    r"over|above|at least|upwards? of|in excess of|exceed(?:s|ed|ing)?|minimum(?: of)?|surpass(?:ed|ing))|"
    r"(?P<most>up to|as (?:many|much) as|(?:no|not) (?:more|later) than|(?:fewer|less|younger|shorter|lower) "
    r"than|under|below|at (?:the )?most|maximum(?: of)?|within|not exceeding)|"
    r"(?P<about>about|around|some|nearly|almost|roughly|approximately|approx\.?|circa|estimated|close to|virtually|"
    r"nearing|approaching|practically|[~≈]))(?: (?:a|an|another|only|the (?:first|last)|a total of))?\s?\Z",
    re.IGNORECASE,
)
_AFTER = re.compile(
    r"(?P<least>\+(?!\w)|[- ](?:or (?:more|above|older|longer)|plus)\b)|(?P<about>[- ](?:or so|odd)\b)|"
    r"(?P<most> (?:or (?:fewer|less|under|below|younger)|at most)\b)"
)
# What begins with a digit and is no number of anything.
_TRAP = re.compile(
    r"[0-9]{1,2}(?::[0-9]{2})+(?: ?(?:[ap]\.?m\b\.?|[AP]M\b))?|[0-9]{1,2}(?:\.[0-9]{2})? ?(?:[ap]\.?m\b\.?|[AP]M\b)|"
    r"[0-9]{1,2} o['’]clock|[0-9]{4} ?(?:GMT|UTC|[A-Z]{1,2}ST|hours local)\b|[0-9]+(?:/[0-9]+)+|[0-9]+(?:\.[0-9]+){2,}|"
    r"[0-9]+(?:-[0-9]+){2,}|[0-9]{3}[-. )]{1,2}[0-9]{3}[-. ][0-9]{4}(?![0-9])|[0-9]{3}-[0-9]{4}(?![0-9])|0[0-9]+|"
    r"[0-9]+,[0-9]{1,2}(?![0-9,])|[0-9]+['’]s\b|[0-9][0-9.]*-[A-Z](?![a-z])\w*"
)
_TELEPHONE = re.compile(r"[0-9][0-9 ()-]{5,}[0-9]")
_REST = re.compile(r"[\w.,:/'’-]*\w")
# What a number behind it is a name or an address of, not a count.
_LABEL = re.compile(
    r"(?:(?<!\w)(?:article|chapter|section|page|paragraph|resolution|flight|room|route|channel|unit|gate|number|nos?\.|phase|"
    r"level|stage|grade|category|type|model|version|season|episode|volume|vol\.|platform|building|apartment|suite|track|"
    r"directive|protocol|clause|rule|figure|fig\.|table|annex|amendment|title|item|exhibit|terminal|runway|highway|division|"
    r"brigade|battalion|regiment|district|sector|zone|precinct|ward|pool|top|group of|big|formula) |[#№@+]|"
    r"(?-i:Boeing|Airbus|Apollo|Euro|Expo|Agenda|Windows|Falcon|Leopard|Challenger|Mirage|Area|World War) )\Z",
    re.IGNORECASE,
)
_LABELS = frozenset(re.findall(r"[a-z]{2,}\.?", _LABEL.pattern.lower())) | {"no", "no.", "nos", "nos."}
_BOUND_ENDS = frozenset(re.findall(r"[a-z]{2,}\.?", _BOUND.pattern.lower())) | {
    "a",
    "exceeds",
    "exceeded",
    "upward",
    "upwards",
}
_BOUND_ENDS |= {"surpassed", "surpassing", "topped", "topping", "exceeding"}
_AGES = ("aged", "age", "ages", "and", "to", "or")
_NAME = re.compile(r"(?<!\w)(?P<name>[A-Z][\w-]*) \Z")
_NO_ONE = re.compile(
    r"(?<!\w)(?:no|any|every|each|some|this|that|which|the|another|not|such|other|last) \Z", re.IGNORECASE
)
_NOT_COUNTED = lexicon(
    "day another hand thing way time point side such final last more too moment place sense of or and"
)
_NO_COMPOUND = lexicon("fold way something ish sided wheel off time timer upmanship half one to and in on by")
_NO_RANK = lexicon(
    "centuri world parti hand class degre natur thought half quarter ladi deputi vice secretari aid name respond "
    "instanc row minist glanc impress sight floor grade gear languag date cousin amend step thing place base"
)
_OLD = re.compile(r"(?P<mark>[- ])(?P<unit>year|month|week|day)s?(?P=mark)olds?\b")
_AGED = re.compile(r"(?<!\w)(?:aged|ages?)(?: [0-9]{1,2},?)?(?:(?<=[0-9,]) (?:and|to|or))? \Z", re.IGNORECASE)
_APPOSED = re.compile(r"(?<!\w)(?P<who>\w[\w’'-]+), \Z")
_WHERE = lexicon(
    "north south east west northeast northwest southeast southwest away long wide deep high tall apart inland thick "
    "offshore upstream downstream"
)
_FROM = re.compile(r"(?<!\w)from (?:about |around |some |nearly )?\Z", re.IGNORECASE)
_CHANGED = re.compile(
    r"(?<!\w)(?:rose|risen|rise|fell|fallen|fall|climbed|dropped|increased|decreased|grew|grown|jumped|gained|lost|cut|"
    r"raised|soared|slipped|surged|tumbled|lowered) (?:about |around |some |nearly )?\Z"
)
_BETWEEN = re.compile(r"(?<!\w)between (?:about |around |some |nearly )?\Z", re.IGNORECASE)
_MINUS = re.compile(r"(?:−|\bminus |(?<=[\s(])-)\Z")
_COMPOUND = re.compile(r"-(?P<noun>[a-z]{3,})(?!\w)")
_STARTS = re.compile(r"[\s“\"‘'(\[—–:-]*\Z")
_OUT_OF_ROUND = (3, 4, 5, 10, 100, 1000)  # 3 in 10 farms
NEAR = 40  # characters before an amount that bear on it
LIKELY_MONEY = 1e5  # pounds; fewer may be weights


def find_amounts(body: str, at: int, start: int, end: int) -> tuple[list[Amount], int]:
    """The amounts of the expression that begins at ``at`` in the sentence from ``start`` to ``end``, and where it ends.

    ``at`` is the place of a digit (0-9) or of the first letter of a numeral. Where no amount begins there, the list is
    empty and the place is one past what was read.
    """
    rank = _RANK.match(body, at, end)
    if rank:
        found = _rank(body, rank, start, end)
        if found or rank["digits"]:
            return ([found] if found else []), rank.end()
    numeral = read_numeral(body, at, start, end)
    past = _passed_over(body, at, start, end, numeral)
    if numeral is None or past:
        return [], max(past, at + 1)
    other, joint = _second(body, numeral, start, end)
    if other is None:
        amount = _amount(body, numeral, start, end)
        return ([amount] if amount else []), amount.end if amount else numeral.end
    return _range(body, numeral, other, joint, start, end)


def _passed_over(body: str, at: int, start: int, end: int, numeral: Numeral | None) -> int:
    """Where something ends that looks like a number and is none; 0 where it is a number."""
    before = body[at - 1] if at > start else " "
    digit = body[at] in "0123456789"
    if digit:
        trap = _TRAP.match(body, at, end) or (_TELEPHONE.match(body, at, end) if before == "+" else None)
        if trap:
            return trap.end()
        attached = (
            before.isalnum() or before in "_./:@#" or (before in "-–'’" and at - 1 > start and body[at - 2].isalnum())
        )
        if attached or numeral is None:
            return _REST.match(body, at, end).end()
        behind = body[numeral.end : numeral.end + 1]
        if (behind.isalnum() or behind == "_") and not UNIT.match(body, numeral.end, end):
            return _REST.match(body, at, end).end()
    elif before.isalnum() or before in "-_'’/" or numeral is None:
        return at + 1 if numeral is None else numeral.end
    left = body[max(start, at - NEAR) : at]
    label = _LABEL.search(left) if _last_word(left) in _LABELS or before in "#№@+" else None
    if label and not (label[0].islower() and heads.counted(words_behind(body, numeral.end, end), plural=True)):
        return numeral.end
    # Inside a sentence a numeral with a capital is part of a name (the Big Three).
    if not digit and body[at].isupper() and not _STARTS.match(left if len(left) < NEAR else "x"):
        return numeral.end
    if digit and body[numeral.end + 1 : numeral.end + 2].isupper() and _NAME.search(left):
        noun = heads.head_noun(words_behind(body, numeral.end, end), plural=True)
        if noun and noun[0].isupper() and noun[-1] != "s":
            return numeral.end  # Internet Explorer 6 Countdown
    if numeral.value == 1 and numeral.form == "word" and _is_pronoun(body, numeral, left, end):
        return numeral.end
    return 0


def _last_word(left: str) -> str:
    """The last word in small letters: what tells soonest that a pattern need not be tried."""
    left = left.rstrip(" \u00a0")
    return left[left.rfind(" ") + 1 :].lower()


def _is_owned(left: str) -> bool:
    """Whether a determiner or a genitive stands right before an amount."""
    return left[-1:] == " " and left[:-1].lower().endswith(_OWNED_ENDS) and _OWNED.search(left) is not None


def _is_pronoun(body: str, one: Numeral, left: str, end: int) -> bool:
    """Whether *one* counts nothing: one of them, no one, one day, the one."""
    if UNIT.match(body, one.end, end) and not re.match(r"[- ]day\b", body[one.end : one.end + 5]):
        return False
    following = re.match(r"[- ]([a-z]+)", body[one.end : min(end, one.end + 30)])
    word = following[1] if following else ""
    if word == "or" or _OUT_OF.match(body, one.end, end):
        return False
    return bool(_NO_ONE.search(left)) or not word or word in _NOT_COUNTED or closed_tag(word) is not None


def _second(body: str, first: Numeral, start: int, end: int) -> tuple[Numeral | None, str]:
    """The other end of a range that begins with a numeral, and how the two are joined (range, from, ratio)."""
    ratio = _OUT_OF.match(body, first.end, end)
    if ratio and first.value < 1000 and first.form != "part":
        whole = read_numeral(body, ratio.start("whole"), start, end)
        wordy = (
            first.form == "word" or " out " in ratio[0] or first.value == 1 or (whole and whole.value in _OUT_OF_ROUND)
        )
        timed = whole and (UNIT.match(body, whole.end, end) or whole.end != ratio.end())
        if whole and wordy and not timed and first.value < whole.value and whole.value >= 3:
            return whole, "ratio"
    unit = UNIT.match(body, first.end, end)
    joint = _TO.match(body, unit.end() if unit else first.end, end)
    if joint is None:
        return None, ""
    money = sign_before(body, start, first.start)
    edge = money.start() if money else first.start
    left = body[max(start, edge - NEAR) : edge]
    between = _BETWEEN.search(left) is not None
    if left.endswith(" by ") or (joint[0] == " and ") != between:
        return None, ""
    sign = SIGN_AHEAD.match(body, joint.end(), end)
    if sign and unit:
        return None, ""  # rose 2.3% to $85
    at = sign.end() if sign else joint.end()
    if at >= end or not (body[at] in "0123456789" or body[at].islower()) or _TRAP.match(body, at, end):
        return None, ""
    second = read_numeral(body, at, start, end)
    if second is None or second.form in ("part", "vague"):
        return None, ""
    if joint["dash"] and not (unit or sign or money):
        return second, "score"
    return second, "from" if _FROM.search(left) or _CHANGED.search(left) else "range"


def _range(body: str, first: Numeral, other: Numeral, joint: str, start: int, end: int) -> tuple[list[Amount], int]:
    """The two ends of a range, or the one value of a ratio."""
    if joint == "ratio":
        words = words_behind(body, other.end, end)
        what = heads.counted(words, plural=True) or heads.counted_of(body, other.end, end)
        bound = _bound(body, first, _led(body, start, first.start), end, None)
        return [Amount(first.start, other.end, "quantity", first.value / other.value, None, what, bound)], other.end
    amount = _amount(body, other, start, end, first=first)
    value = first.value
    if _scale_of(body, first) == 1:  # 3-5 million: the lower end has the scale of the upper one
        scaled = round(value * _scale_of(body, other), 6)
        value = scaled if amount and scaled < amount.value else value
    scored = joint == "score" and not (
        amount and (amount.unit or heads.has_plural(words_behind(body, amount.end, end)))
    )
    if amount is None or scored or value >= amount.value or not (amount.unit or amount.what):
        # Three to one, 3-1: a score, a vote, or two numbers that only stand side by side.
        alone = None if joint == "score" else _amount(body, first, start, end)
        stop = max(other.end, amount.end if amount else 0) if joint == "score" else first.end
        return ([alone] if alone else []), alone.end if alone else stop
    unit = UNIT.match(body, first.end, end)
    sign = sign_before(body, start, first.start)
    bounds = ("exact", "exact") if joint == "from" else ("least", "most")
    lower = amount._replace(
        start=sign.start() if sign else first.start, end=unit.end() if unit else first.end, value=value, bound=bounds[0]
    )
    return [lower, amount._replace(bound=bounds[1])], amount.end


def _scale_of(body: str, numeral: Numeral) -> float:
    """What a numeral's scale multiplies by: 1e6 in ``5 million``."""
    text = body[numeral.start : numeral.end]
    digits = re.match(r"[0-9][0-9.,]*[0-9]|[0-9]", text)
    if digits is None or not re.search("[a-zA-Z]", text) or not float(digits[0].replace(",", "")):
        return 1.0
    return round(numeral.value / float(digits[0].replace(",", "")), 6)


def _amount(body: str, numeral: Numeral, start: int, end: int, *, first: Numeral | None = None) -> Amount | None:
    """A numeral with its unit, what it counts, and its bound. ``first``: the lower end of the range that it ends."""
    begin, stop, value = numeral.start, numeral.end, numeral.value
    edge = first.start if first else begin
    sign = sign_before(body, start, edge)
    own = sign_before(body, start, begin) if first else sign
    edge, begin = (sign.start() if sign else edge), (own.start() if own else begin)
    left = body[max(start, edge - NEAR) : edge]
    led = _led(body, start, edge)
    old = _OLD.match(body, stop, end)
    if old:
        what = heads.counted(words_behind(body, old.end(), end), plural=False) or "age"
        return Amount(begin, old.end(), "period", value, old["unit"], what, _bound(body, numeral, led, end, "year"))
    who = _APPOSED.search(left) if body[stop : stop + 1] in (",", ")", ".") else None
    aged = (left[-5:-1].strip(" ") in _AGES and _AGED.search(left)) or (
        who and (who["who"][0].isupper() or is_role(who["who"]))
    )
    if aged and 0 < value < 120 and value == int(value) and not sign:
        return Amount(begin, stop, "period", value, "year", "age", _bound(body, numeral, led, end, "year"))
    if (
        not sign
        and body[stop - 1] == "m"
        and numeral.form == "digits"
        and not heads.has_plural(words_behind(body, stop, end))
    ):
        value, stop = round(value / 1e6, 6), len(body[:stop].rstrip("m").rstrip())  # 40m away: metres
    named = UNIT.match(body, stop, end)
    unit = SIGNS[(own or sign)["sign"]] if own or sign else None
    if named and not (unit and named["long"] is None):
        unit, stop = unit or unit_of(named), named.end()
        unit = "GBP" if unit == "pound" and value >= LIKELY_MONEY else unit
    minus = _MINUS.search(body, max(start, begin - 6), begin) if unit else None
    if minus:
        begin, value = minus.start(), -value
    behind = _AFTER.match(body, stop, end)
    compound = None if unit or behind else _COMPOUND.match(body, stop, end)
    if compound and (compound["noun"] in _NO_COMPOUND or compound["noun"].endswith("ed") or value == 1):
        return None
    # A 20 minute walk is a 20-minute walk; the World Cup 2018 day five is neither.
    single = named is not None and unit in PERIODS and abs(value) != 1 and not named[0].endswith("s")
    if single and named[0][0] != "-" and 1800 <= value < 2100:
        return None
    hyphen = named is not None and (named[0][0] == "-" or single)
    places = (
        start,
        led.start() if led else edge,
        compound.end() if compound else behind.end() if behind else stop,
        end,
    )
    what = _what(body, numeral, unit, hyphen, compound["noun"] if compound else None, places)
    if unit is None and what is None:
        name = _NAME.search(left) if left[-1:] == " " else None
        called = name and closed_tag(key(name["name"])) is None and start < edge - len(name[0])
        the = body[numeral.start : numeral.end].isdigit() and _is_owned(left)
        # The two said; Boeing 737, the 737: nothing is counted.
        if called or the or (numeral.form == "word" and value < 13):
            return None
    kind = "period" if unit in PERIODS else "quantity"
    return Amount(begin, stop, kind, value, unit, what, _bound(body, numeral, led, end, unit))


def _what(
    body: str, numeral: Numeral, unit: str | None, hyphen: bool, compound: str | None, places: tuple[int, int, int, int]
) -> str | None:
    """What an amount is an amount of. ``places``: where the sentence and the amount begin, where they end."""
    start, edge, stop, end = places
    if compound and compound != "strong":
        return heads.stem(compound)
    words = words_behind(body, stop, end)
    if compound or hyphen:
        return heads.counted(words, plural=False)
    what = heads.counted_of(body, stop, end)
    if unit in MONEY:
        what = what or heads.counted_in(body, stop, end) or heads.counted(words, plural=False)
    elif unit in ("%", "pp"):
        what = what or heads.counted(words, plural=False)
    elif unit and unit not in PERIODS:
        what = what or _unless(heads.counted(words, plural=False), _WHERE)  # 155mm shells
    elif unit is None and numeral.form in ("part", "vague"):
        what = heads.counted_all(body, stop, end)
    elif unit is None:
        what = heads.counted(words, plural=numeral.value != 1) or what
    what = what or heads.owner(body, start, edge) or heads.verb_before(body, start, edge)
    if what or _is_owned(body[max(start, edge - NEAR) : edge]):
        return what
    return heads.verb_after(words)


def _unless(what: str | None, others: frozenset[str]) -> str | None:
    return None if what in others else what


def _led(body: str, start: int, at: int) -> re.Match[str] | None:
    """The words of a bound right before an amount."""
    if body[at - 1 : at] not in ("~", "≈") and _last_word(body[max(start, at - 20) : at]) not in _BOUND_ENDS:
        return None
    return _BOUND.search(body, max(start, at - NEAR), at)


def _bound(body: str, numeral: Numeral, led: re.Match[str] | None, end: int, unit: str | None) -> str:
    """exact, about, least or most: by the words right before an amount, or right behind its numeral."""
    # Over two days is during them.
    if led and not (unit in PERIODS and led[0].lower().startswith(("over", "above"))):
        return led.lastgroup
    behind = _AFTER.match(body, numeral.end, end)
    return (behind.lastgroup if behind else None) or numeral.bound or "exact"


def _rank(body: str, match: re.Match[str], start: int, end: int) -> Amount | None:
    """An ordinal that ranks something: the third attack, Europe's second-largest city, came third."""
    at, stop = match.span()
    left = body[max(start, at - NEAR) : at]
    value = int(match["digits"]) if match["digits"] else RANKS[match["word"].lower()]
    value += TENS[match["ten"].lower()] if match["ten"] else 0
    placed = _PLACED.search(left)
    if placed:
        return Amount(at, stop, "rank", float(value), None, heads.stem(placed["verb"]), "exact")
    if not _is_owned(left) or (at > start and body[at - 1] in "-–"):
        return None
    if value == 1 and re.search(r"(?i)(?<!\w)an? \Z", left):
        return None  # a first sketch: nothing is ranked
    superlative = _SUPERLATIVE.match(body, stop, end)
    if body[stop : stop + 1] == "-" and not superlative:
        return None
    words = words_behind(body, superlative.end() if superlative else stop, end)
    noun = heads.head_noun(words, plural=False)
    following = body[stop + 1 : stop + 40].split(" ")[0]
    if noun is None or noun[0].isupper() or heads.stem(noun) in _NO_RANK or heads.stem(following) in _NO_RANK:
        return None
    return Amount(at, stop, "rank", float(value), None, heads.stem(noun), "exact")
