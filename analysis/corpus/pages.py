"""An unstructured page (a web page saved as text) → headline, deck, body, particulars and furniture.

A page is read from both ends. From the foot upward, lines that a rule knows are cut until a line of the article is
met. From the top down, the headline is found, then the deck, the date, the byline and whatever else stands above the
first paragraph. Between the two everything is body, but for lines that nobody writes in an article ("Advertisement").
Each line of the page ends up in exactly one of headline, deck, body and furniture, unchanged. In doubt it is body.
"""

from __future__ import annotations

import re
from typing import Any

from analysis.corpus.credits import is_dateline
from analysis.corpus.cuts import Cut, classify, is_name, known_lines, particulars, with_body
from analysis.corpus.furniture import CREDITS
from analysis.corpus.headlines import find_headline, key, looks_like_site, n_words, site_suffix, without_suffix
from analysis.corpus.lines import Line, ends_sentence, read_lines
from analysis.corpus.residue import correction_of, cut_amid

DECK_LINES, DECK_WORDS = 2, 60
LABEL_WORDS = 3  # so many capitalised words between headline and date are a name or a label, not a deck
LINK_WORDS = 25
TAIL_LINES = 300  # the foot of a page is looked for in so many lines at most

_BESIDE_NAMES = ("byline", "date", "updated", "read-time")  # what stands under a writer's name
_SAYS = re.compile(r"[^.!?]{2,40} (?:says|said|wrote|commented)(?: on [^.!?]{4,40})?:")
_BULLET = re.compile(r"[•*▪‣◦–—-]\s*")
_CLOSED = re.compile(r"[.…:;。][\"'”’»)\]]*$")


def read_page(
    text: str, *, outlet: str | None = None, headline: str | None = None, byline: str | None = None
) -> dict[str, Any]:
    """The parts of a page: outlet, headline, deck, body, byline, agency, credit, disclosure, correction (text or None),
    published (datetime or None), ``furniture`` (rows of line number, text, rule) and ``lines`` (the line numbers of
    headline and deck).

    ``outlet`` and ``headline``, where a manifest knows them, help to find them on the page; a ``byline`` that it knows
    stands for the page's. ``body`` is the paragraphs joined by a blank line; it is empty where nothing is left.
    """
    lines = read_lines(text)
    place = find_headline(lines, outlet=outlet, headline=headline)
    head = lines[place] if place is not None else None
    start = 0 if place is None else place + 1
    above, early = _read_top(lines[: place or 0], head, outlet)
    site = _site(above, head, lines)
    known = known_lines(outlet, site, head)
    foot, end = read_tail(lines, start, known)
    below, deck, start = _read_head(lines, start, end, known)
    amid, body = cut_amid(lines[start:end], known, pulled=False)
    cuts = [*above, *below, *amid, *foot]
    page = particulars(cuts, byline=byline)
    page["outlet"] = site
    page["deck"] = "\n".join(line.text for line in deck) or None
    page["lines"] = {"headline": head.number if head else 0, "deck": deck[0].number if deck else 0}
    page["furniture"] = [(cut.line.number, cut.line.text, cut.rule) for cut in cuts]
    page["headline"] = _headline(head, page, outlet)
    page["furniture"].sort(key=lambda row: row[0])
    paragraphs = [line.text for line in [*early, *body]]
    return {**with_body(page, paragraphs), "correction": correction_of(paragraphs)}


def _headline(head: Line | None, page: dict[str, Any], outlet: str | None) -> str | None:
    """The headline, without the site's name behind it; that name is furniture, and the outlet where none is known."""
    if head is None:
        return None
    site = site_suffix(head.text)
    own = {key(name) for name in (outlet, page["outlet"]) if name}
    if not site or not (key(site) in own or ("|" in head.text and looks_like_site(site))):
        return head.text
    bare = without_suffix(head.text)
    page["furniture"].append((head.number, head.text[len(bare) :].strip(), "site-name"))
    page["outlet"] = page["outlet"] or site
    return bare


def _site(above: list[Cut], head: Line | None, lines: list[Line]) -> str | None:
    """The site's name above the headline, or behind the headline where it is printed a first time; None if none."""
    named = next((place for place, cut in enumerate(above) if cut.rule == "site-name"), None)
    if named is None:
        titles = (site_suffix(cut.line.text) for cut in above if cut.rule == "repeated-headline")
        return next((title for title in titles if title), None)
    site = above[named].line.text
    if looks_like_site(site) or not _is_topic(site, head, lines):
        return site
    above[named] = above[named]._replace(rule="kicker")
    return None


def _is_topic(site: str, head: Line | None, lines: list[Line]) -> bool:
    """Whether the words of a supposed site's name are words of the article: then they name its topic."""
    words = set(re.findall(r"\w+", " ".join(line.text for line in lines if line.text != site)))
    titled = set(re.findall(r"\w+", head.text if head else ""))
    return all(word.lower() in words or word in titled for word in re.findall(r"\w+", site))


def _read_top(lines: list[Line], head: Line | None, outlet: str | None) -> tuple[list[Cut], list[Line]]:
    """The lines above the headline: what is furniture, and paragraphs, which are body."""
    cuts: list[Cut] = []
    early: list[Line] = []
    known = known_lines(outlet, None, head)
    named = False
    for line in lines:
        cut = classify(line, "top", known)
        short = not ends_sentence(line.text)
        if cut:
            cuts.append(cut)
        elif short and n_words(line.text) <= 4 and not named:
            cuts.append(Cut(line, "site-name"))
        elif short and n_words(line.text) <= 8:
            cuts.append(Cut(line, "kicker"))
        else:
            early.append(line)
        named = named or any(cut.rule == "site-name" for cut in cuts)
    return cuts, early


def read_tail(lines: list[Line], start: int, known: dict[str, str]) -> tuple[list[Cut], int]:
    """The furniture at the foot of the page, and where the article ends."""
    cuts: list[Cut] = []
    end = len(lines)
    start = max(start, end - TAIL_LINES)
    while end > start:
        cut = classify(lines[end - 1], "tail", known)
        if cut:
            cuts.append(cut)
            end -= 1
            continue
        said = _comments_from(lines, start, end, known)
        links = said or _links_from(lines, start, end, known) or _label_between(lines, start, end, known, bool(cuts))
        if links is None:
            break
        rule = "comments" if said else "related-stories"
        cuts += [classify(line, "tail", known) or Cut(line, rule) for line in lines[links:end]]
        end = links
    return _of_this_article(cuts), end


def _of_this_article(cuts: list[Cut]) -> list[Cut]:
    """The furniture of the foot; dates and names below the first list of links or comments are of other texts."""
    opened = min((cut.line.number for cut in cuts if cut.opens or cut.rule == "comments"), default=None)
    if opened is None:
        return cuts
    kept = (*CREDITS, "disclosure")
    return [
        cut
        if cut.line.number < opened or cut.labelled
        else cut._replace(says=tuple(said for said in cut.says if said[0] in kept))
        for cut in cuts
    ]


def _links_from(lines: list[Line], start: int, end: int, known: dict[str, str]) -> int | None:
    """Where a list of links begins that reaches to ``end``: a line that opens one, then no sentence; None if none."""
    for place in range(end - 1, max(start, end - 30), -1):
        text = lines[place].text
        cut = classify(lines[place], "tail", known)
        if cut and cut.opens:
            return place if _has_paragraph(lines[start:place]) else None
        if not cut and (n_words(text) > LINK_WORDS or _CLOSED.search(text)):
            return None
    return None


def _comments_from(lines: list[Line], start: int, end: int, known: dict[str, str]) -> int | None:
    """Where readers' comments begin: a count of comments, right above "fishfan says:"; None if there are none."""
    for place in range(start, end - 1):
        if not _SAYS.fullmatch(lines[place + 1].text):
            continue
        cut = classify(lines[place], "tail", known)
        if cut and cut.rule in ("comments", "counter") and _has_paragraph(lines[start:place]):
            return place
    return None


def _label_between(lines: list[Line], start: int, end: int, known: dict[str, str], below: bool) -> int | None:
    """The place of a short label with furniture right above and below it; None if there is none."""
    text = lines[end - 1].text
    between = below and end - 2 >= start and n_words(text) <= 8 and not ends_sentence(text)
    if between and classify(lines[end - 2], "tail", known) and _has_paragraph(lines[start : end - 2]):
        return end - 1
    return None


def _has_paragraph(lines: list[Line]) -> bool:
    return any(ends_sentence(line.text) or n_words(line.text) > LINK_WORDS for line in lines)


def _read_head(lines: list[Line], start: int, end: int, known: dict[str, str]) -> tuple[list[Cut], list[Line], int]:
    """What stands between headline and body: furniture, deck, and the place of the first paragraph."""
    cuts: list[Cut] = []
    deck: list[Line] = []
    place, bounded = start, False
    while place < end:
        cut = classify(lines[place], "head", known)
        if cut:
            cuts.append(cut)
            bounded = bounded or cut.separates == "strong"
            place += 1
            continue
        bound = _next_bound(lines, place, end, known, bounded) if start else None
        if bound is not None and not deck:
            _sort_between(lines[place:bound], cuts, deck, known, lines[bound])
            place = bound
        elif _is_caption(lines[place], cuts):
            cuts.append(Cut(lines[place], "caption"))
            place += 1
        elif start and not deck and _is_bare_deck(lines, place, end):
            deck.append(lines[place])
            place += 1
        else:
            break
    return cuts, deck, place


def _is_caption(line: Line, cuts: list[Cut]) -> bool:
    """Whether a line without a stop stands right under a photographer's or agency's credit."""
    above = max(cuts, key=lambda cut: cut.line.number, default=None)
    below = above is not None and above.rule == "caption" and line.number == above.line.number + 1
    return below and not ends_sentence(line.text) and n_words(line.text) <= LINK_WORDS


def _next_bound(lines: list[Line], place: int, end: int, known: dict[str, str], bounded: bool) -> int | None:
    """The next line that ends the head, with a deck at most between here and there and text after it; None if none."""
    texts = 0
    for later in range(place, min(end, place + 8)):
        text = lines[later].text
        cut = classify(lines[later], "head", known)
        if not cut:
            texts += 1
            if texts > DECK_LINES or n_words(text) > DECK_WORDS or is_dateline(text):
                return None
        elif cut.separates == "strong" or (
            cut.separates and not bounded and texts == 1 and _is_short(lines[place].text)
        ):
            rest = (line for line in lines[later + 1 : end] if not classify(line, "head", known))
            return later if next(rest, None) else None
    return None


def _is_short(text: str) -> bool:
    """Whether a line is short enough for a deck that only a share button or the like tells from a first paragraph."""
    return n_words(text) <= DECK_WORDS / 2 and not re.search(r"[.!?][\"'”’»)]* +\S", text)


def _sort_between(between: list[Line], cuts: list[Cut], deck: list[Line], known: dict[str, str], bound: Line) -> None:
    """Put the lines between headline and a date or the like where they belong: furniture, byline, label or deck."""
    near = classify(bound, "head", known)
    for line in between:
        cut = classify(line, "head", known)
        label = n_words(line.text) <= LABEL_WORDS and not ends_sentence(line.text) and line.text[0].isupper()
        if cut:
            cuts.append(cut)
        elif looks_like_site(line.text):
            cuts.append(Cut(line, "site-name"))
        elif label and is_name(line.text) and near and near.rule in _BESIDE_NAMES:
            cuts.append(Cut(line, "byline", "strong", False, (("byline", line.text),), "head"))
        elif label and all(not word[0].islower() for word in line.text.split()):
            cuts.append(Cut(line, "kicker"))
        else:
            deck.append(line)


def _is_bare_deck(lines: list[Line], place: int, end: int) -> bool:
    """Whether a line is a deck by its looks: a sentence without its stop, right before a paragraph that has one."""
    text = lines[place].text
    if place + 1 >= end or not 4 <= n_words(text) <= 40 or _BULLET.match(text) or is_dateline(text):
        return False
    following = lines[place + 1].text
    return not re.search(r"[.!?…:;,。！？—–-][\"'”’»)\]]*$|[\"”»]$", text) and ends_sentence(following)
