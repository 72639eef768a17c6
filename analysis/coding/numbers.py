"""Quantities and dates that articles claim: the table *numbers*; and lists that contradict the count they follow.

One regular expression finds every place where a number or date may begin (a digit, a numeral, the name of a month or of
a day); each such place is then read by `amounts` or `dates_in_text`, within its sentence. Pure: an article is read by
itself, in any order.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Sequence
from itertools import groupby

import numpy as np
import pandas as pd

from analysis import tables
from analysis.coding import heads
from analysis.coding.amounts import find_amounts
from analysis.coding.dates_in_text import MONTHS, WEEKDAYS, are_joined, find_dates, share_years
from analysis.coding.grammar import DETERMINER, OBJECT, VERB, closed_tag, key
from analysis.coding.numerals import ONES, RANKS, TEENS, TENS, either

_OTHERS = """hundred thousand million billion trillion dozen dozens tens scores hundreds thousands millions billions
    trillions half quarter"""
_NUMERALS = sorted({*ONES, *TEENS, *TENS, *RANKS, *_OTHERS.split()})
_SHORT = ("Jan", "Feb", "Mar", "Apr", "Jun", "Jul", "Aug", "Sep", "Sept", "Oct", "Nov", "Dec")
_NAMES = frozenset((*MONTHS, *WEEKDAYS, *_SHORT))
# One alternative for each first letter: most words are passed over by their first letter alone.
_PLACE = re.compile(
    r"\b(?:[0-9]|"
    + "|".join(
        f"[{first}{first.upper()}](?:{either([word[1:] for word in words])})\\b"
        for first, words in groupby(_NUMERALS, key=lambda word: word[0])
    )
    + "|"
    + "|".join(
        f"{first}(?:{either([name[1:] for name in names])})\\b"
        for first, names in groupby(sorted(_NAMES), key=lambda name: name[0])
    )
    + ")"
)

# What is counted before it is listed.
_LISTED = """condition demand reason step point question thing way option goal aim proposal rule principle requirement
    task measure term topic issue item factor choice priority prioritie problem lesson promise request answer claim
    objective stage country countrie region province island city citie town area"""
_HEAD = re.compile(
    rf"\b(?P<count>[2-9]|10|{either([*ONES, 'ten'])}) (?:[a-z-]+ ){{0,3}}(?P<noun>{either(_LISTED.split())})"
    r"(?P<many>s)?(?: [a-z]+){0,3}(?P<mark>: | ?[—–] ?| - )",
    re.IGNORECASE,
)
_WH = r"(?:that|to|who|what|how|whether|why|where|when)"
_MODAL = re.compile(r"\b(?:must|should|would|will|shall|can|could|may|might|(?:needs?|has|have|is|are) to)\b")
_NEXT = re.compile(
    r"(?:,(?: and| or)?|;(?: and| or)?| and| or)(?: (?:then|also|not))? (?P<verb>[a-z]+) (?P<next>[A-Za-z]+)"
)
LONGEST_ITEM = 9  # words of an item of a plain list; longer ones may hold commas of their own

Voices = Callable[[np.ndarray, np.ndarray], Sequence[str]]


def find_numbers(articles: pd.DataFrame, sentences: pd.DataFrame, *, voices: Voices | None = None) -> pd.DataFrame:
    """The numbers and dates that the bodies of some articles claim.

    Args:
        articles: article_id, body and, for days of the week, published.
        sentences: article_id, sentence, start, end, voice, as the table *sentences*; nothing is read outside them.
        voices: the row of the article in ``articles`` and the first character in its body, an int array each → the
            voices (of `analysis.tables.VOICES`) at these places. None: the voice of the sentence.

    Returns:
        The table *numbers*, in order of the articles and of start. A range is two rows; rows never overlap.

    Limits: English; rules, no model. See `amounts` and `dates_in_text` for what counts.
    """
    bodies = articles["body"].fillna("").tolist()
    when = articles["published"] if "published" in articles.columns else [None] * len(articles)
    days = [None if pd.isna(day) else day.date() for day in when]
    rows_of = dict(zip(articles["article_id"], range(len(articles)), strict=True))
    held = sentences[sentences["article_id"].isin(rows_of)]
    owners = held["article_id"].map(rows_of).to_numpy(dtype=np.int64)
    order = np.lexsort((held["start"].to_numpy(), owners))
    starts, ends = held["start"].to_numpy()[order].tolist(), held["end"].to_numpy()[order].tolist()
    bounds = np.searchsorted(owners[order], np.arange(len(articles) + 1)).tolist()
    found: list[tuple] = []
    for row, (body, day) in enumerate(zip(bodies, days, strict=True)):
        low, high = bounds[row], bounds[row + 1]
        found += [
            (row, low + place, *number) for place, number in _in_body(body, starts[low:high], ends[low:high], day)
        ]
    columns = ["row", "place", "start", "end", "kind", "value", "date", "unit", "what", "bound"]
    table = pd.DataFrame(found, columns=columns)
    place = order[table["place"].to_numpy(dtype=np.int64)]
    rows, begins = table["row"].to_numpy(dtype=np.int64), table["start"].to_numpy(dtype=np.int64)
    texts = [bodies[row][start:end] for row, start, end in zip(rows, table["start"], table["end"], strict=True)]
    said = held["voice"].to_numpy(dtype=object)[place] if voices is None else voices(rows, begins)
    table = table.assign(
        article_id=articles["article_id"].array.take(rows),
        sentence=held["sentence"].to_numpy()[place].astype(np.int64),
        text=pd.array(texts, dtype="str"),
        voice=pd.array(list(said), dtype="str"),
        **{
            column: pd.array(table[column].tolist(), dtype="str")
            for column in ("kind", "date", "unit", "what", "bound")
        },
        **{column: table[column].astype("int64") for column in ("start", "end")},
        value=table["value"].astype("float64"),
    )
    return tables.validate("numbers", table[list(tables.TABLES["numbers"].columns)])


def _in_body(body: str, starts: list[int], ends: list[int], published: object) -> list[tuple]:
    """(place of the sentence, (start, end, kind, value, date, unit, what, bound)) of each number of a body."""
    found: list[tuple] = []
    dates: dict[int, list[tuple]] = {}
    at = 0
    while match := _PLACE.search(body, at):
        at = match.start()
        place = bisect_right(starts, at) - 1
        if place < 0 or at >= ends[place]:
            at = match.end()
            continue
        start, end = starts[place], ends[place]
        named, stop = _dates(body, match, start, end, published)
        if named:
            dates.setdefault(place, []).extend(named)
        elif match[0] not in _NAMES:
            amounts, stop = find_amounts(body, at, start, end)
            found += [(place, (*amount[:4], None, *amount[4:])) for amount in amounts]
        at = max(stop, match.end())
    for place, named in dates.items():
        last, what = -1, None
        for start, end, date in share_years(body, named, ends[place]):
            if last < 0 or not are_joined(body, last, start):
                what = heads.dated(body, starts[place], start, end, ends[place])
            last = end
            found.append((place, (start, end, "date", np.nan, date, None, what, "exact")))
    return sorted(found, key=lambda row: row[1][:2])


def _dates(body: str, match: re.Match[str], start: int, end: int, published: object) -> tuple[list[tuple], int]:
    at = match.start()
    before = body[at - 1] if at > start else " "
    if match[0] in _NAMES:
        return find_dates(body, at, start, end, published) if not (before.isalnum() or before in "_-’'") else ([], at)
    if not match[0].isdigit() or before.isalnum() or before in "_$€£./:":
        return [], at
    # mid-2022, pre-war-1939: a hyphen before a year is one of its own prefixes, or part of another number.
    if before in "-–" and not re.search(
        r"(?<!\w)(?:mid|pre|post|early|late|since)[-–]\Z", body[max(start, at - 8) : at]
    ):
        return [], at
    return find_dates(body, at, start, end, published)


def enumeration_conflicts(articles: pd.DataFrame, sentences: pd.DataFrame) -> pd.DataFrame:
    """Lists that are longer or shorter than the count before them: one condition, then two.

    A count up to ten, a noun of things that are listed (condition, demand, reason, step …), a colon or dash, and the
    list, all in one sentence. Items are counted where semicolons or commas part them, or where verbs or question words
    are coordinated (A must leave … *and renounce* …); where that is in doubt, nothing is reported.

    Args:
        articles, sentences: as of `find_numbers`.

    Returns:
        article_id, sentence, start, end (of the count and its noun in the body), text, value, n_listed.
    """
    bodies = dict(zip(articles["article_id"], articles["body"].fillna(""), strict=True))
    rows = []
    for sentence in sentences[sentences["article_id"].isin(bodies)].itertuples():
        body = bodies[sentence.article_id]
        for match in _HEAD.finditer(body, sentence.start, sentence.end):
            count = match["count"].lower()
            value = int(count) if count.isdigit() else {**ONES, "ten": 10}[count]
            listed = _list_behind(body, match, sentence.end)
            n = _n_listed(listed, value)
            if (value > 1) == bool(match["many"]) and n is not None and n != value:
                stop = match.end("many") if match["many"] else match.end("noun")
                text = body[match.start() : stop]
                rows.append((sentence.article_id, sentence.sentence, match.start(), stop, text, float(value), n))
    columns = ["article_id", "sentence", "start", "end", "text", "value", "n_listed"]
    types = dict(zip(columns, ["str", "int64", "int64", "int64", "str", "float64", "int64"], strict=True))
    return pd.DataFrame(rows, columns=columns).astype(types)


def _list_behind(body: str, match: re.Match[str], end: int) -> str:
    """What stands behind the colon, or between the dash and the next one, without marks at its edges."""
    listed = body[match.end() : end]
    if ":" not in match["mark"]:
        listed = re.split(r" ?[—–] ?| - ", listed)[0]
    return listed.strip(" .!?“”\"'’").replace("“", "").replace("”", "")


def _n_listed(listed: str, value: int) -> int | None:
    """The number of items of a list; None where it is not sure."""
    if ";" in listed:
        return len(re.split(r";(?: and| or)?", listed))
    verbs = _n_verbs(listed)
    if verbs is not None:
        return verbs
    wh = re.match(_WH, listed)
    if wh:
        n = 1 + len(re.findall(rf"(?:,|,? and|,? or) {wh[0]}\b", listed))
        return n if n > 1 else None
    items = re.split(r", (?:and |or )?", listed)
    if any(len(item.split()) > LONGEST_ITEM or re.search(r"\b(?:which|who|that|but|said)\b", item) for item in items):
        return None
    joined = [len(re.findall(r" (?:and|or) ", item)) for item in items]
    if re.search(r", (?:and|or) ", listed):
        return len(items)  # A, B and b, and C
    if len(items) > 1:
        # A, B and C; where only commas part the items there may be more, left unsaid.
        return len(items) + 1 if joined == [0] * (len(items) - 1) + [1] else None
    return 2 if joined == [1] and value > 2 else None


def _n_verbs(listed: str) -> int | None:
    """The coordinated verbs of a list of things to do (A must leave the islands and renounce its claim): 2."""
    modal = re.match("to", listed) or _MODAL.search(listed)
    if modal is None:
        return None
    n = 1
    for match in _NEXT.finditer(listed, modal.end()):
        verb, following = key(match["verb"]), key(match["next"])
        plain = closed_tag(verb) in (None, VERB) and not verb.endswith(("s", "ed", "ing", "ly"))
        governs = closed_tag(following) in (DETERMINER, OBJECT) or match["next"][0].isupper()
        n += (plain and governs) or verb == modal[0]
    return n if n > 1 else None
