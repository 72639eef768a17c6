"""What a number counts and what a date dates: the head noun behind a number, the verb beside a date.

No parser: the words beside are read until something ends the noun phrase (a function word, a mark, a verb behind a
noun). ``87 Ukrainian drones attacked`` → drone; ``the provinces seized by Moscow in 2022`` → seiz. In doubt, nothing.

The words behind a number are read once (`words_behind`), and what each is to these rules is found once a word.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence
from typing import NamedTuple

from analysis.coding.given import lexicon
from analysis.coding.grammar import ADVERB, AUXILIARY, DETERMINER, NUMBER, PREPOSITION, VERB, closed_tag, key
from analysis.coding.stems import stem_of

REACH = 180  # characters looked through on either side
LONGEST_PHRASE, FARTHEST_VERB = 8, 25  # words of a noun phrase; words between a date and its verb

_WORD = r"[^\W\d_]+(?:[-’'.][^\W\d_]+)*[’']?"
_RUN = re.compile(rf"(?:[ \u00a0][“\"‘']?{_WORD}[”\"]?)*")
_TOKEN = re.compile(rf"{_WORD}|[0-9]+(?:[.,:][0-9]+)*[a-z]*|[,;:()–—“”\"«»/]")
_OF = re.compile(
    r" (?:of|worth of)(?= (?!them\b|us\b|which\b|whom\b))"
    r"(?: (?:all|both|the|its|his|her|their|our|these|those|this|that|a|an|my|your)\b)*(?: (?:some|about|over))?"
)
_ALL = re.compile(r"(?: of)?(?: all| both)?(?: (?:the|its|their|his|her|our|this|that|these|those)\b)?")
_NUMERAL = re.compile(
    r" (?:[0-9][0-9.,]*(?: (?:thousand|million|billion))?|one|two|three|four|five|six|seven|eight|nine|ten)\b(?= )"
)
_WORTH = re.compile(r"(?:'s|’s)? (?:in|worth of|of)(?= [^\W\d_])")
_OWNER = re.compile(rf"({_WORD}) (?:of|by|to|with|from)(?: (?:a|an|the|about|around|some|over|nearly|almost))*[ ]*\Z")
_POSSESSIVE = re.compile(r"['’]s?(?= )")
_LEADING = lexicon("most least more other others such fewer less extra further last first next only later own fellow")
_PLURALS = lexicon(
    """people men women children police troops feet teeth mice geese media data criteria phenomena personnel staff
    cattle aircraft spacecraft dead wounded headquarters others bacteria alumni lives wives knives wolves thieves
    crises analyses bases axes series species clergy crew infantry artillery livestock fish sheep deer"""
)
_NOT_PLURAL = re.compile(r"(?:ss|us|is|['’]s)$")
_NOT_PARTICIPLES = lexicon("hundred need feed seed weed deed speed breed creed greed bed red shed sacred naked wicked")
_NOUNS_IN_ING = lexicon(
    "building meeting hearing briefing landing ceiling evening morning wedding being thing king ring string spring "
    "wing earning saving filing finding ruling warning bombing shooting killing crossing painting opening offering"
)
# Nouns of events, which are dated as the verb would be: the annexation of the regions in 2022.
_EVENT = re.compile(
    r"(?!(?:pos|loca|sta|na|popula|ques|sec|administra|organi[sz]a|situa|condi|func|rela|tradi|direc|men|por)tion)"
    r"[a-z]{2,}(?:ation|ition|ction|sion|ption|ution|drawal|seizure|ference|tival)|attacks?|summits?|wars?"
)
_BEFORE_NUMBER = lexicon("by to for from between a an another the up off")  # a verb may stand before these
_STOPS = lexicon("that which who whom whose where when while because although though if unless whereas so than")
_ENDS = _STOPS | lexicon("and or but nor yet")
_MODALS = lexicon("to will would can could may might must shall should do does did didn't won't cannot can't")
_BEFORE_DATE = lexicon(
    """in on at since by until till before after from to through throughout during around about of for between early
    late mid last next this past the end start beginning middle spring summer autumn fall winter morning evening
    afternoon night again back only as later not just on-and-off eve first half month week year day fiscal and"""
)
# Past forms → bases. Forms that are as often nouns (rose, ground, bound) are taken for verbs only where a verb is due.
_PAST = """
    began:begin begun:begin bent:bend bit:bite bled:bleed blew:blow blown:blow bore:bear born:bear bought:buy
    broke:break broken:break brought:bring built:build burnt:burn cost:cost came:come caught:catch chose:choose
    chosen:choose clung:cling cut:cut dealt:deal died:die did:do done:do drawn:draw drew:draw driven:drive drove:drive
    dug:dig fallen:fall fed:feed fell:fall felt:feel fled:flee flew:fly flown:fly forbade:forbid fought:fight
    found:find froze:freeze frozen:freeze gave:give given:give gone:go got:get grew:grow grown:grow heard:hear
    held:hold hid:hide hidden:hide hit:hit hung:hang hurt:hurt kept:keep knew:know known:know laid:lay led:lead
    left:leave lent:lend lost:lose made:make meant:mean met:meet overran:overrun overthrew:overthrow
    overthrown:overthrow paid:pay put:put quit:quit ran:run rang:ring read:read retook:retake risen:rise rose:rise
    said:say sank:sink sat:sit saw:see seen:see sent:send set:set shook:shake shaken:shake shed:shed shone:shine
    shot:shoot shown:show shrank:shrink shut:shut slain:slay slept:sleep slid:slide sold:sell sought:seek spent:spend
    split:split spoke:speak spoken:speak spread:spread sprang:spring stole:steal stolen:steal stood:stand
    struck:strike stuck:stick sunk:sink sworn:swear swept:sweep swore:swear swung:swing taken:take taught:teach
    thought:think threw:throw thrown:throw told:tell took:take tore:tear torn:tear understood:understand upheld:uphold
    went:go withdrawn:withdraw withdrew:withdraw withheld:withhold won:win wore:wear woke:wake wounded:wound
    wrote:write written:write lay:lie dying:die lying:lie
"""
_BASES = dict(pair.split(":") for pair in _PAST.split())
_NOUN_BASES = {"men": "man", "women": "woman", "children": "child", "feet": "foot", "lives": "life", "wives": "wife"}


@functools.lru_cache(maxsize=1 << 16)
def stem(word: str) -> str:
    """The Snowball stem (Porter 2001) of a word; of an irregular verb or plural, the stem of its base."""
    form = re.sub(r"'s$|'$", "", key(word))
    for ending in ("men", "women"):
        if form.endswith(ending) and len(form) > len(ending) + 2:
            form = form[: -len(ending)] + _NOUN_BASES[ending]
    return stem_of(_BASES.get(form) or _NOUN_BASES.get(form) or form)


class Word(NamedTuple):
    """A word behind a number: as printed, its form and tag (see `grammar`), and what it may be.

    noun: a plural by its ending. verb, sure_verb: see `_is_verb`. adverb: by its ending. owner: a genitive. closes: a
    quotation mark closes behind it.
    """

    text: str
    form: str
    tag: str | None
    plural: bool
    verb: bool
    sure_verb: bool
    adverb: bool
    owner: bool
    closes: bool


def words_behind(body: str, at: int, end: int) -> list[str]:
    """The words behind a place that only spaces and quotation marks part, up to ``end``; as printed, marks and all."""
    stop = _RUN.match(body, at, min(end, at + REACH)).end()
    return body[at + 1 : stop].replace("\u00a0", " ").split(" ") if stop > at else []


@functools.lru_cache(maxsize=1 << 17)
def _word(printed: str) -> Word:
    """What one of `words_behind` is."""
    text = printed[1:] if printed[0] in "“\"‘'" else printed
    closes = text[-1] in '”"'
    text = text[:-1] if closes else text
    form = key(text)
    tag, verb = closed_tag(form), _is_verb(form)
    sure_verb = verb and _is_verb(form, strict=True)
    return Word(
        text, form, tag, _is_plural(form), verb, sure_verb, form.endswith("ly"), form.endswith(("'s", "s'")), closes
    )


def counted(words: Sequence[str], *, plural: bool) -> str | None:
    """The stem of the noun that a number counts, by `words_behind` it; None where none is sure.

    ``plural``: the noun must be one (87 drones); else the last noun of the phrase counts (a 10-year arms deal).
    """
    noun = head_noun(words, plural=plural)
    return stem(noun) if noun else None


def head_noun(words: Sequence[str], *, plural: bool) -> str | None:
    """The noun of `counted` as printed."""
    phrase = _phrase(words)
    return _plural_head(phrase) if plural else _last_noun(phrase)


def counted_of(body: str, at: int, end: int) -> str | None:
    """The stem of the noun behind *of* (20 % of the territory, three of the four regions, dozens of drones)."""
    match = _OF.match(body, at, end)
    return _any_head(body, match.end(), end) if match else None


def counted_all(body: str, at: int, end: int) -> str | None:
    """The stem of the noun behind a fraction or *dozens* (half the territory, a third of all voters)."""
    match = _ALL.match(body, at, end)
    return _any_head(body, match.end() if match else at, end)


def _any_head(body: str, at: int, end: int) -> str | None:
    """The stem of the head of a phrase where one noun or many may stand; a numeral before it makes it many."""
    numeral = _NUMERAL.match(body, at, end)
    phrase = _phrase(words_behind(body, numeral.end() if numeral else at, end))
    plural = numeral is not None or any(word.plural for word in phrase)
    noun = (_plural_head(phrase) if plural else None) or _last_noun(phrase)
    return stem(noun) if noun else None


def has_plural(words: Sequence[str]) -> bool:
    """Whether the phrase behind a place has a noun in the plural."""
    return any(word.plural for word in _phrase(words))


def counted_in(body: str, at: int, end: int) -> str | None:
    """The stem of what an amount of money is given in or is worth (3 billion in aid)."""
    match = _WORTH.match(body, at, end)
    phrase = _phrase(words_behind(body, match.end(), end)) if match else []
    return stem(phrase[0].text) if len(phrase) == 1 and phrase[0].text[0].islower() else None


def owner(body: str, start: int, at: int) -> str | None:
    """The stem of the noun that has a number as its measure (a loan of 50 million, a toll of 87)."""
    if " of" not in body[max(start, at - 20) : at]:
        return None
    match = _OWNER.search(body, max(start, at - 60), at)
    if match is None or body[match.end(1) : match.end(1) + 3] != " of":
        return None
    form = key(match[1])
    return stem(form) if closed_tag(form) is None and match[1][0].islower() and form not in ("out", "kind") else None


def verb_before(body: str, start: int, at: int) -> str | None:
    """The stem of a verb right before a number (killing 12, rose by 10 %)."""
    left = body[max(start, at - 60) : at]
    last = left.rstrip()
    last = last[last.rfind(" ") + 1 :]
    if last.isalpha() and key(last) not in _BEFORE_NUMBER:
        form = key(last)  # as most often: the words need not all be told apart
    else:
        tokens = _TOKEN.findall(left)
        while tokens and key(tokens[-1]) in _BEFORE_NUMBER:
            tokens.pop()
        form = key(tokens[-1]) if tokens else ""
    return stem(form) if form and (_is_verb(form, strict=True) or form in _NOUNS_IN_ING) else None


def verb_after(words: Sequence[str]) -> str | None:
    """The stem of the verb that a bare number is the subject of (12 were killed, 30 injured, three died)."""
    for word in map(_word, words[:LONGEST_PHRASE]):
        if word.tag in (ADVERB, AUXILIARY) or word.adverb or word.form in ("others", "more", "other"):
            continue
        return stem(word.form) if word.sure_verb else None
    return None


def _phrase(words: Sequence[str]) -> list[Word]:
    """The words of a noun phrase: up to a function word or the end of a quotation."""
    phrase: list[Word] = []
    for word in map(_word, words):
        if word.tag and not (word.tag == VERB and not phrase and word.form.endswith(("s", "ed"))):
            if not phrase and word.form in _LEADING:
                continue
            # A day or a number ends a phrase too; "wants" may, but "three plans" may not.
            break
        phrase.append(word)
        if len(phrase) == LONGEST_PHRASE or (word.closes and len(phrase) > 1):
            break
    return phrase


def _plural_head(words: Sequence[Word]) -> str | None:
    """The head of a phrase that begins behind a number of more than one."""
    noun = None
    for word in words:
        if word.owner and len(words) > 1:
            continue
        if noun and (word.verb or word.adverb or noun.form in _PLURALS):
            break
        if word.plural:
            if noun and noun.text[0].islower() and word.text[0].isupper():
                break
            noun = word
        elif noun and noun.text[0].islower():
            break
    if noun and noun.form != "others":
        return noun.text
    # Ten Shahed: one word, and the phrase is over.
    alone = len(words) == 1 and not noun and not words[0].verb and not words[0].adverb
    return words[0].text if alone else None


def _last_noun(words: Sequence[Word]) -> str | None:
    """The head of a phrase that is not known to be plural: its last word before a verb or a name begins."""
    noun = None
    for place, word in enumerate(words, start=1):
        if noun and (word.verb or word.adverb or (noun[0].islower() and word.text[0].isupper())):
            break
        if word.owner and place < len(words):
            noun = None
        elif not (word.sure_verb or word.adverb):
            noun = word.text
    return noun


def _is_plural(form: str) -> bool:
    return form in _PLURALS or form.endswith(("men", "women")) or (form[-1:] == "s" and not _NOT_PLURAL.search(form))


def _is_verb(form: str, *, strict: bool = False) -> bool:
    """Whether a form is that of a verb; ``strict``: and hardly that of a noun."""
    if form in _BASES or closed_tag(form) == VERB:
        return not (strict and form.endswith("s"))
    if form.endswith("ed") and len(form) > 3:
        return form not in _NOT_PARTICIPLES and not form.endswith("eed")
    return form.endswith("ing") and len(form) > 5 and form not in _NOUNS_IN_ING


def dated(body: str, start: int, at: int, after: int, end: int) -> str | None:
    """The stem of what the date from ``at`` to ``after`` dates, within the sentence from ``start`` to ``end``.

    A noun that the date stands before (the 2014 annexation, Friday's attack), else the nearest verb to its left in its
    clause, else the first to its right. An event's noun counts as its verb (the annexation of the regions in 2022).
    """
    before = _TOKEN.findall(body, max(start, at - REACH), at)
    possessive = _POSSESSIVE.match(body, after, end)
    if possessive or (before and (closed_tag(key(before[-1])) == DETERMINER or before[-1].endswith(("'s", "’s")))):
        noun = _last_noun(_phrase(words_behind(body, possessive.end() if possessive else after, end)))
        if noun and noun[0].islower():
            return stem(noun)
    verb = _verb_left(before)
    if verb is None:
        verb = _verb_right(_TOKEN.findall(body, after, min(end, after + REACH)))
    return verb or _noun_left(before)


def _verb_left(tokens: list[str]) -> str | None:
    """The nearest verb or event to the left of a date."""
    tokens = tokens[:-1] if tokens[-1:] == ["("] else list(tokens)
    while tokens and key(tokens[-1]) in _BEFORE_DATE and tokens[-1] != "and":
        tokens.pop()
    if not tokens or key(tokens[-1]) in _ENDS:
        return None
    following = ""
    for place in range(len(tokens) - 1, max(-1, len(tokens) - 1 - FARTHEST_VERB), -1):
        form = key(tokens[place])
        if not form[0].isalpha():
            if form[0].isdigit():
                continue
            return None
        if form in _STOPS:
            return None
        last = place == len(tokens) - 1
        if (last or following == "of") and _EVENT.fullmatch(form):
            return stem(form)
        tag = "a name" if place and tokens[place][0].isupper() else closed_tag(form)
        led = key(tokens[place - 1]) if place else ""
        if tag in (None, VERB) and (_is_verb(form, strict=True) or (led in _MODALS and _is_base(form))):
            return stem(form)
        following = form
    return None


def _noun_left(tokens: list[str]) -> str | None:
    """The noun right before a date (the advance in 2022)."""
    tokens = list(tokens)
    while tokens and key(tokens[-1]) in _BEFORE_DATE:
        tokens.pop()
    form = key(tokens[-1]) if tokens else ""
    plain = (
        form[:1].isalpha() and tokens[-1][0].islower() and closed_tag(form) is None and not form.endswith(("ly", "est"))
    )
    return stem(form) if plain and len(tokens) > 1 and not tokens[-2][0].isdigit() else None


def _is_base(form: str) -> bool:
    return closed_tag(form) is None and not form.endswith("s")


def _verb_right(tokens: list[str]) -> str | None:
    """The first verb to the right of a date."""
    tokens = tokens[1:] if tokens[:1] == [","] else tokens
    for place, token in enumerate(tokens[:FARTHEST_VERB]):
        form = key(token)
        if form[0] in ";:" or (form in _STOPS and place):
            return None
        tag = closed_tag(form)
        led = key(tokens[place - 1]) if place else ""
        if not form[0].isalpha() or tag not in (None, VERB) or token[0].isupper():
            continue
        if led in _MODALS and led != "to" and _is_base(form):
            return stem(form)
        if _is_verb(form, strict=True) and not form.endswith("ing"):
            # In 2022 the occupied regions voted: a participle behind a determiner is an adjective.
            following = tokens[place + 1] if place + 1 < len(tokens) else ""
            adjective = closed_tag(led) in (DETERMINER, PREPOSITION, NUMBER) and following[:1].isalpha()
            if not (adjective and closed_tag(key(following)) is None):
                return stem(form)
    return None
