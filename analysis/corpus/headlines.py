"""Which line of a page is its headline, and which line above it is the site's name."""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import islice

from analysis.corpus.credits import is_dateline
from analysis.corpus.furniture import LONGEST, Rules, load_rules, plain
from analysis.corpus.lines import Line, ends_sentence

TOP_LINES = 24  # the headline stands among the first so many lines
HEADLINE_WORDS, HEADLINE_CHARACTERS = 32, 250
STOPPED_WORDS = 16  # a headline that ends with a full stop
SITE_WORDS = 4
PARAGRAPH_WORDS = 10  # a longer line with a stop may be a deck, but three of them are an article

_SUFFIX = re.compile(r"\s+(?:[|•·»]|[–—-])\s+(?P<site>[^|•·»]{2,40})$")
_LETTERS = re.compile(r"[\W_]+")
# What `bytes.translate` makes of ASCII, many times faster than an expression does: small letters, nothing else.
_SMALL = bytes(range(256)).lower()
_NO_LETTERS = bytes(code for code in range(128) if not chr(code).isalnum())


@lru_cache(maxsize=1 << 12)
def key(text: str) -> str:
    """``text`` for comparison: letters and digits only, case folded."""
    left = text.encode("utf-8", "surrogatepass").translate(_SMALL, _NO_LETTERS)
    if left.isascii():
        return left.decode()
    name = left.decode("utf-8", "surrogatepass")
    return (name if name.isalnum() else _LETTERS.sub("", name)).casefold()


def n_words(text: str) -> int:
    """Words between spaces."""
    return len(text.split())


def site_suffix(text: str) -> str | None:
    """The site's name behind a headline ("Talks fail | The Courier", "Talks fail - The Courier"); None if none."""
    match = _SUFFIX.search(text)
    if not match or n_words(match["site"]) > SITE_WORDS or ends_sentence(match["site"]):
        return None
    return match["site"]


def without_suffix(text: str) -> str:
    """A headline without the site's name behind it."""
    return _SUFFIX.sub("", text) if site_suffix(text) else text


def looks_like_site(text: str) -> bool:
    """Whether a few words look like the name of a news site: by their last or first word, or by their spelling."""
    words = plain(text).casefold().split()
    if not words or len(words) > SITE_WORDS or ends_sentence(text) or not _capitalised(text):
        return False
    rules = load_rules()
    if len(words) == 1:
        return bool(re.fullmatch(r"[A-Z][a-z]+[A-Z]\w*|[A-Z0-9]{2,12}", text)) or words[0].endswith(rules.site_ends)
    return words[-1] in rules.site_ends or words[-1].endswith((".com", ".org", ".net")) or words[0] in rules.site_begins


def _capitalised(text: str) -> bool:
    small = {"of", "the", "and", "for", "de", "la", "le", "du", "in", "&"}
    return all(word[0].isupper() or not word[0].isalpha() or word in small or "." in word for word in text.split())


def find_headline(lines: list[Line], *, outlet: str | None, headline: str | None) -> int | None:
    """The place of the headline among ``lines``; None where the page has none.

    In this order: the line that says ``headline`` (from a manifest or a Markdown heading); a line that stands twice
    at the top with only labels above it; the first line that is neither furniture nor a site's name, unless it reads
    like a paragraph: more than 32 words, a dateline, or a stop at its end with nothing to tell it from the text below.
    """
    top = lines[:TOP_LINES]
    if headline:
        for place, line in enumerate(top):
            if key(line.text) == key(headline):
                return place
    rules = load_rules()
    twice = _printed_twice(top, rules, outlet)
    if twice is not None:
        return twice
    place = _first_free(top, lines, rules, outlet)
    if place is None or not lines[place].text.endswith((".", "。")):
        return place
    return place if not headline and _stopped_headline(lines, place, rules) else None


def _printed_twice(top: list[Line], rules: Rules, outlet: str | None) -> int | None:
    """The place of a line that returns before the article begins, with only labels above it."""
    short = {place: key(without_suffix(line.text)) for place, line in enumerate(top) if len(line.text) <= LONGEST // 2}
    for place, line in enumerate(top):
        if rules.match(line.text, "top") or key(line.text) == key(outlet or "") or looks_like_site(line.text):
            continue
        words = n_words(line.text)
        again = next((later for later, text in short.items() if later > place and text == short.get(place)), None)
        if words > HEADLINE_WORDS:
            return None
        if words > 2 and again is not None:
            between = [other.text for other in top[place + 1 : again]]
            if sum(n_words(text) > PARAGRAPH_WORDS and ends_sentence(text) for text in between) > 2:
                return None
            return again if site_suffix(line.text) and not site_suffix(top[again].text) else place
        if words > SITE_WORDS or ends_sentence(line.text):
            return None
    return None


def _first_free(top: list[Line], lines: list[Line], rules: Rules, outlet: str | None) -> int | None:
    """The place of the first line that is neither furniture nor a label, if it can be a headline."""
    free = (place for place, line in enumerate(top) if not rules.match(line.text, "top"))
    ahead = list(islice(free, 3))
    while ahead:
        place, *later = ahead
        text = top[place].text
        too_long = n_words(text) > HEADLINE_WORDS or len(text) > HEADLINE_CHARACTERS
        if too_long or is_dateline(text) or (len(lines) == 1 and ends_sentence(text)):
            return None
        if not _is_label(text, [top[other].text for other in later], outlet, lines):
            return place
        ahead = [*later, *islice(free, 1)]
    return None


def _stopped_headline(lines: list[Line], place: int, rules: Rules) -> bool:
    """Whether a first line that ends with a full stop is a headline: by a date or the like below it, or by its size."""
    text, below = lines[place].text, lines[place + 1 : place + 3]
    bounds = (rules.match(line.text, "head") for line in below)
    if any(rule is not None and rule.separates == "strong" for rule in bounds):
        return True
    longer = bool(below) and n_words(below[0].text) >= 2 * n_words(text)
    return (
        longer and 4 <= n_words(text) <= STOPPED_WORDS and not re.search(r"[.!?][\"'”’»]? +[\"'“‘«]?[A-ZÀ-ÞА-Я]", text)
    )


def _is_label(text: str, following: list[str], outlet: str | None, lines: list[Line]) -> bool:
    """Whether a line above is a site's name or a label, and the headline is yet to come."""
    if not following:
        return False
    if outlet and key(text) == key(outlet):
        return True
    if n_words(text) > SITE_WORDS or ends_sentence(text) or not _capitalised(text):
        return False
    fewest = 2 if looks_like_site(text) else 3
    headline_next = (
        len(following) > 1 and fewest <= n_words(following[0]) <= HEADLINE_WORDS and not following[0].endswith(".")
    )
    if not headline_next or re.search(r"['’]s?\b|[?!]", text):
        return False
    signed = any(key(text) in key(line.text) for line in lines[-6:] if re.search(r"©|copyright|\(c\)", line.text, re.I))
    return n_words(text) <= 2 or looks_like_site(text) or signed
