"""Quantities and dates that articles claim: the table *numbers*; and lists that contradict the count they follow.

One regular expression tells of every word (of its type, once) where in it a number or date may begin (a digit, a
numeral, the name of a month or of a day); each such place is then read by `amounts` or `dates_in_text`, within its
sentence. Pure: an article is read by itself, in any order.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from itertools import groupby

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from analysis import tables
from analysis.coding import heads
from analysis.coding.amounts import find_amounts
from analysis.coding.dates_in_text import MONTHS, WEEKDAYS, are_joined, find_dates, share_years
from analysis.coding.grammar import DETERMINER, OBJECT, VERB, closed_tag, key
from analysis.coding.numerals import ONES, RANKS, TEENS, TENS, either
from analysis.coding.tokens import Tokens, tokenise

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

# The same for Arrow, which looks through a vocabulary faster but takes letters beyond ASCII for no part of a word: of
# what it finds, `_PLACE` must find too; what it passes over holds no place.
_MAY_HOLD_PLACE = _PLACE.pattern

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

_BODY = tables.WHERE.index("body")

Voices = Callable[[np.ndarray, np.ndarray], Sequence[str]]


def find_numbers(
    articles: pd.DataFrame, sentences: pd.DataFrame, *, voices: Voices | None = None, tokens: Tokens | None = None
) -> pd.DataFrame:
    """The numbers and dates that the bodies of some articles claim.

    Args:
        articles: article_id, body and, for days of the week, published.
        sentences: article_id, sentence, start, end, voice, as the table *sentences*; nothing is read outside them.
        voices: the row of the article in ``articles`` and the first character in its body, an int array each → the
            voices (of `analysis.tables.VOICES`) at these places. None: the voice of the sentence.
        tokens: of headline, deck and body of each article in turn; None: the bodies are parted into words here.

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
    owners, starts, ends = owners[order], held["start"].to_numpy()[order], held["end"].to_numpy()[order]
    rows, at = _places(tokens or tokenise([part for body in bodies for part in (None, None, body)]))
    # The sentence of each place: all bodies are put on one number line.
    room = max((len(body) for body in bodies), default=0) + 1
    places = np.searchsorted(owners * room + starts, rows * room + at, side="right") - 1
    inside = places >= 0
    inside[inside] = (owners[places[inside]] == rows[inside]) & (at[inside] < ends[places[inside]])
    rows, at, places = rows[inside], at[inside], places[inside]
    bounds = np.searchsorted(rows, np.arange(len(articles) + 1)).tolist()
    spots = list(zip(at.tolist(), places.tolist(), starts[places].tolist(), ends[places].tolist(), strict=True))
    found: list[tuple] = []
    for row, (body, day) in enumerate(zip(bodies, days, strict=True)):
        found += [(row, *number) for number in _in_body(body, spots[bounds[row] : bounds[row + 1]], day)]
    columns = ["row", "place", "start", "end", "kind", "value", "date", "unit", "what", "bound"]
    table = pd.DataFrame(found, columns=columns)
    place = order[table["place"].to_numpy(dtype=np.int64)]
    rows, begins = table["row"].to_numpy(dtype=np.int64), table["start"].to_numpy(dtype=np.int64)
    texts = [bodies[row][start:end] for row, start, end in zip(rows, table["start"], table["end"], strict=True)]
    said = held["voice"].array.take(place) if voices is None else voices(rows, begins)
    table = table.assign(
        article_id=articles["article_id"].array.take(rows),
        sentence=held["sentence"].to_numpy()[place].astype(np.int64),
        text=pd.array(texts, dtype="str"),
        voice=pd.array(said, dtype="str"),
        **{
            column: pd.array(table[column].tolist(), dtype="str")
            for column in ("kind", "date", "unit", "what", "bound")
        },
        **{column: table[column].astype("int64") for column in ("start", "end")},
        value=table["value"].astype("float64"),
    )
    return tables.validate("numbers", table[list(tables.TABLES["numbers"].columns)])


def _places(tokens: Tokens) -> tuple[np.ndarray, np.ndarray]:
    """Article and character in its body of every place where `_PLACE` may match, in order.

    Each type is looked at once: what stands around a token can only forbid a match.
    """
    raw = tokens.raw_strings
    may = pc.match_substring_regex(raw, _MAY_HOLD_PLACE).to_numpy(zero_copy_only=False)
    holding = np.flatnonzero(may)
    within = [[match.start() for match in _PLACE.finditer(word)] for word in raw.take(pa.array(holding)).to_pylist()]
    sizes = np.zeros(len(raw), np.int64)
    sizes[holding] = [len(offsets) for offsets in within]
    offsets = np.array([offset for offsets in within for offset in offsets], np.int64)
    token = np.flatnonzero((sizes > 0)[tokens.types])
    text = np.searchsorted(tokens.bounds, token, side="right") - 1
    in_body = text % len(tables.WHERE) == _BODY
    token, text = token[in_body], text[in_body]
    kinds = tokens.types[token]
    first = np.repeat((np.cumsum(sizes) - sizes)[kinds], sizes[kinds])
    token, text = np.repeat(token, sizes[kinds]), np.repeat(text, sizes[kinds])
    number = np.arange(len(token)) - np.searchsorted(token, token)  # of the place in its token
    return text // len(tables.WHERE), tokens.starts[token] + offsets[first + number]


def _in_body(body: str, spots: list[tuple[int, int, int, int]], published: object) -> list[tuple]:
    """(sentence, start, end, kind, value, date, unit, what, bound) of each number of a body, in order.

    ``spots``: places where one may begin, in order, with number, start and end of the sentence.
    """
    found: list[tuple] = []
    dates: dict[tuple[int, int, int], list[tuple]] = {}
    past = 0  # what has been read
    for at, *sentence in spots:
        match = _PLACE.match(body, at) if at >= past else None
        if match is None:
            continue
        place, start, end = sentence
        named, stop = _dates(body, match, start, end, published)
        if named:
            dates.setdefault((place, start, end), []).extend(named)
        elif match[0] not in _NAMES:
            amounts, stop = find_amounts(body, at, start, end)
            found += [(place, *amount[:4], None, *amount[4:]) for amount in amounts]
        past = max(stop, match.end())
    for (place, start, end), named in dates.items():
        last, what = -1, None
        for begin, stop, date in share_years(body, named, end):
            if last < 0 or not are_joined(body, last, begin):
                what = heads.dated(body, start, begin, stop, end)
            last = stop
            found.append((place, begin, stop, "date", np.nan, date, None, what, "exact"))
    return sorted(found, key=lambda row: row[1:3])


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
