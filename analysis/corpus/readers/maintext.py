"""Which of a page's blocks are the article: three candidates, and what they agree on.

* the own one: the container of the page's good paragraphs, found by going down from the root as long as one child
  holds nearly all of them; of its blocks, those that neither markup nor links set apart;
* trafilatura's: the blocks that stand in the text it takes;
* the stated one: the body that the page itself gives in its JSON-LD (``articleBody``), where that is whole.

A candidate is a set of places in the list of blocks, so that what is given out is the page's own text, in its order.

Limits: of a page with several articles one is taken; an article in several parts of a page that have nothing in common
may lose the shorter.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from lxml.html import HtmlElement

from analysis.corpus.readers.blocks import HEADINGS, Block, count_words, is_body, names_of

NEARLY_ALL = 0.8  # of the good text, for going down
MARKED = 0.5  # for going down into what says of itself that it is the article, or what all else stands apart from
MOST_TRIES = 20  # levels of a page on which it is asked whether all else stands apart
GAP = 3  # lines that are no text, between an article and a text that is not of it
AGREE = 0.6  # F1 of words above which two candidates are of one article
WHOLE = 0.75  # of the stated body that must be found on the page, and of the page's that must be stated
SOME = 5  # words of a line that is text where there are no paragraphs
FEW = 25  # words below which nothing has been found
MOST_SEARCHED = 2_000_000_000  # characters; of a larger page only whole lines are compared
LINKED = 0.8  # share of linked words from which on a block is a link to elsewhere

_LETTERS = re.compile(r"[\W_]+")
_STOP = re.compile(r"[.!?…:;。！？।؟۔][\"'”’»›)\]]*$")
_LISTS = ("li", "dd", "dt")
_CELLS = ("td", "th")
_PARAGRAPHS = ("p", "li", "ul", "ol", "dl", "blockquote", "pre")

Scores = dict[HtmlElement, float]


class Text(NamedTuple):
    """The paragraphs of an article, which candidates gave them (own, theirs, agreed, said …), and what stands between
    them on the page without being of it, as rule and text."""

    paragraphs: list[str]
    how: str
    cuts: list[tuple[str, str]]


def letters(text: str) -> str:
    """``text`` for comparison: letters and digits only, case folded."""
    return _LETTERS.sub("", text).casefold()


def choose(
    blocks: list[Block], tree: HtmlElement, *, theirs: str | None, said: str | None, headline: str | None
) -> Text:
    """The article's paragraphs. ``theirs``: trafilatura's text; ``said``: the body that the page states."""
    own, sure = own_places(blocks, tree, headline)
    taken = places_of(theirs, blocks) if theirs else set()
    stated = _stated(said, blocks, own, taken)
    if stated is not None:
        return stated
    kept, how = (own, "own") if sure else _agreed(blocks, own, taken, headline)
    if theirs and _size(blocks, kept) < min(FEW, count_words(theirs)):
        return Text(_lines(theirs), "theirs alone", [])
    return _text(blocks, kept, how)


def densest(blocks: list[Block]) -> Text:
    """What is left when nothing else is: all blocks of some words that are neither links nor set apart; where none is,
    those that are set apart by what may be a chance word."""
    lines = [place for place, block in enumerate(blocks) if block.words >= SOME and block.linked < 0.5]
    free = [place for place in lines if not blocks[place].apart]
    return _text(blocks, set(free or [place for place in lines if not blocks[place].firm]), "densest")


def all_lines(blocks: list[Block]) -> Text:
    """Every block of some words, whatever it is: of a page where all are links or set apart."""
    return _text(blocks, {place for place, block in enumerate(blocks) if block.words >= SOME}, "all lines")


def own_places(blocks: list[Block], tree: HtmlElement, headline: str | None) -> tuple[set[int], bool]:
    """The places of the own candidate; and whether it is surely one article of several on the page."""
    scores: Scores = {}
    for block in blocks:
        if block.good and not block.apart:
            worth = min(block.words, 150) * (1 - block.linked)
            for element in (block.element, *block.element.iterancestors()):
                scores[element] = scores.get(element, 0.0) + worth
    if not scores:
        return set(), False
    container, sure = _container(tree, scores, headline, blocks)
    inside = set(container.iter())
    head = letters(headline or "")
    found = [
        (place, block)
        for place, block in enumerate(blocks)
        if block.element in inside and not block.apart and not _is_links(block) and letters(block.text) != head
    ]
    return _from_first_to_last(_without_link_lists(found)), sure


def _container(
    tree: HtmlElement, scores: Scores, headline: str | None, blocks: list[Block]
) -> tuple[HtmlElement, bool]:
    """The element that holds nearly all good paragraphs; and whether articles beside it were passed over."""
    way = _way_to_body(tree, scores)
    here, sure, tries = tree, False, MOST_TRIES
    while True:
        children = [child for child in here if child in scores and child.tag not in _PARAGRAPHS]
        if not children:
            return here, sure
        article = _one_of_several(children, scores, headline)
        if article is not None:
            here, sure = article, True
            continue
        best = max(children, key=lambda child: scores[child])
        share = scores[best] / scores[here]
        marked = best in way or best.tag in ("td", "article", "main")
        if share < MARKED:
            return here, sure
        if not marked and share < NEARLY_ALL:
            if not tries or not _stands_alone(best, here, blocks, headline):
                return here, sure
            tries -= 1
        here = best


def _stands_alone(best: HtmlElement, here: HtmlElement, blocks: list[Block], headline: str | None) -> bool:
    """Whether all other text in ``here`` is of something else than the article in ``best``: it stands above the
    headline, or lines that are no text stand between; and it is in no element made like ``best``."""
    branches = [_branch(block.element, here) for block in blocks]
    inside = [place for place, branch in enumerate(branches) if branch is best and _is_text(blocks[place])]
    others = [
        (place, branch)
        for place, branch in enumerate(branches)
        if branch is not best and branch is not None and _is_text(blocks[place])
    ]
    if not inside:
        return False
    first, last = inside[0], inside[-1]
    head = letters(headline or "")
    title = next(
        (place for place in range(last + 1, len(blocks)) if head and letters(blocks[place].text) == head), None
    )
    if title is not None and any(place > title for place, _ in others):
        return False
    places = [place for place, _ in others]
    made = {(branch.tag, names_of(branch)) for _, branch in others if branch is not here}
    if any(branch is here for _, branch in others) or (best.tag, names_of(best)) in made:
        return False
    if any(first < place < last for place in places):
        return False
    above = max((place for place in places if place < first), default=None)
    if above is not None and _below_headline(blocks, above, first, headline):
        return False
    below = min((place for place in places if place > last), default=None)
    return below is None or sum(_is_no_text(block) for block in blocks[last + 1 : below]) >= GAP


def _branch(element: HtmlElement, here: HtmlElement) -> HtmlElement | None:
    """The child of ``here`` that an element stands in, ``here`` for itself; None where it stands outside."""
    below = element
    for parent in (element, *element.iterancestors()):
        if parent is here:
            return below
        below = parent
    return None


def _is_text(block: Block) -> bool:
    return block.good and not block.apart


def _is_no_text(block: Block) -> bool:
    return bool(block.apart) or block.linked >= 0.5 or (not block.good and not _is_sentence(block))


def _way_to_body(tree: HtmlElement, scores: Scores) -> set[HtmlElement]:
    """What says of itself that it is the body and holds most of the text, with all that it stands in; where several
    of one name hold it together, what they all stand in."""
    named = {element for element in scores if is_body(element)}
    outer = [element for element in named if not any(parent in named for parent in element.iterancestors())]
    best = max(outer, key=lambda element: (scores[element], names_of(element)), default=None)
    if best is None:
        return set()
    peers = [element for element in outer if element.tag == best.tag and names_of(element) == names_of(best)]
    if sum(scores[element] for element in peers) < MARKED * scores.get(tree, 0.0):
        return set()
    return set.intersection(*({element, *element.iterancestors()} for element in peers))


def _one_of_several(children: list[HtmlElement], scores: Scores, headline: str | None) -> HtmlElement | None:
    """Of several ``article`` one below the other, each with an ``h1`` of its own, the one of the headline, else the
    first; None where there are not several."""
    tops = {child: [letters("".join(top.itertext())) for top in child.iter("h1")] for child in children}
    titled = [child for child in children if tops[child] and next(child.iter("article"), None) is not None]
    if len({tops[child][0] for child in titled}) < 2:
        return None
    named = (child for child in titled if headline and letters(headline) in tops[child])
    child = next(named, titled[0])
    return child if scores[child] >= FEW else None


def _from_first_to_last(found: list[tuple[int, Block]]) -> set[int]:
    """From the first good paragraph to the last. Short sentences may stand above the first and below the last, and
    the points of a list go on below."""
    good = [number for number, (_, block) in enumerate(found) if block.good]
    if not good:
        return set()
    first, last = good[0], good[-1]
    while first and _is_sentence(found[first - 1][1]):
        first -= 1
    while last + 1 < len(found):
        block = found[last + 1][1]
        point = block.tag in _LISTS and found[last][1].tag in _LISTS and block.linked < 0.5
        if not (point or _is_sentence(block)):
            break
        last += 1
    return {place for place, _ in found[first : last + 1]}


def _is_sentence(block: Block) -> bool:
    return block.tag not in HEADINGS and _STOP.search(block.text) is not None


def _is_links(block: Block) -> bool:
    """Whether a block is a link to elsewhere: nearly all of it, and not a sentence of the text."""
    if block.linked < LINKED:
        return False
    sentence = block.tag not in _LISTS and block.words >= 12 and _STOP.search(block.text) is not None
    return not sentence or any(parent.tag == "a" for parent in (block.element, *block.element.iterancestors()))


def _without_link_lists(found: list[tuple[int, Block]]) -> list[tuple[int, Block]]:
    """Without lists of which links are most."""
    sums: dict[HtmlElement, list[int]] = {}
    for _, block in found:
        if block.tag in _LISTS and (parent := block.element.getparent()) is not None:
            links, words = sums.setdefault(parent, [0, 0])
            sums[parent] = [links + block.links, words + block.words]
    linked = {parent for parent, (links, words) in sums.items() if links > 0.6 * words}
    return [
        (place, block) for place, block in found if block.tag not in _LISTS or block.element.getparent() not in linked
    ]


def places_of(text: str, blocks: list[Block]) -> set[int]:
    """The places of the blocks that stand in ``text``, each as a whole line or, if longer, as part of one."""
    whole = letters(text)
    lines = {letters(line) for line in text.split("\n")}
    searched = len(blocks) * len(whole) <= MOST_SEARCHED
    found: set[int] = set()
    seen: dict[str, int] = {}
    for place, block in enumerate(blocks):
        name = letters(block.text)
        if not name or not (name in lines or (len(name) >= 12 and searched and name in whole)):
            continue
        # What stands twice on the page and once in the text is the one that nothing sets apart, else the first.
        other = seen.get(name)
        if other is not None and whole.count(name) < 2:
            if block.apart or not (blocks[other].apart or blocks[other].linked > block.linked):
                continue
            found.discard(other)
        seen[name] = place
        found.add(place)
    return found


def _stated(said: str | None, blocks: list[Block], own: set[int], taken: set[int]) -> Text | None:
    """The body as the page states it, where that is whole; None where it is not."""
    stated = count_words(said) if said else 0
    if not said or stated < 2 * FEW:
        return None
    places = {place for place in places_of(said, blocks) if not (blocks[place].apart and blocks[place].firm)}
    if _size(blocks, places) < WHOLE * stated:
        # The page shows less than it states: what it states is the article.
        shown = max(_size(blocks, own), _size(blocks, taken))
        return Text(_lines(said), "said alone", []) if stated > 1.5 * shown else None
    if _size(blocks, places) < WHOLE * _size(blocks, own & taken or own or taken):
        return None
    first, last = min(places), max(places)
    between = {place for place in own if first < place < last and (blocks[place].good or place in taken)}
    between |= {place for place in own if first < place < last and blocks[place].tag in (*HEADINGS, *_LISTS)}
    return _text(blocks, places | between, "said")


def _agreed(blocks: list[Block], own: set[int], taken: set[int], headline: str | None) -> tuple[set[int], str]:
    """What the own candidate and trafilatura's come to, and how.

    Where they are of one article: what both have; of what one has alone, what stands between, and outside of that the
    good paragraphs that are made like those of both.
    """
    free = {place for place in taken if not blocks[place].apart}
    if not own or not taken:
        return (own, "own") if own else ({place for place in taken if not blocks[place].firm}, "theirs")
    both = own & taken
    if 2 * _size(blocks, both) < AGREE * (_size(blocks, own) + _size(blocks, taken)):
        worth = [sum(blocks[place].words for place in places if blocks[place].good) for places in (own, free)]
        return (own, "own") if worth[0] >= worth[1] else (free, "theirs")
    first, last = min(both), max(both)
    usual = {_signature(blocks[place]) for place in both if blocks[place].good}
    kept = set(both)
    cells = _cells(blocks, own - taken, both)
    for place in own - taken:
        block = blocks[place]
        if first < place < last:
            made_so = (
                block.tag in (*HEADINGS, *_LISTS, "blockquote") or block.element in cells or _signature(block) in usual
            )
            alike = made_so or (block.good and block.linked < 0.2)
        else:
            lead = place < first and _below_headline(blocks, place, first, headline)
            alike = block.good and (lead or _signature(block) in usual)
        if alike or (block.tag in _LISTS and place > last):
            kept.add(place)
    for place in free - own:
        block = blocks[place]
        if first < place < last:
            alike = not _is_links(block)
        else:
            above = place < first and _below_headline(blocks, place, first, headline)
            point = above and block.tag in _LISTS and block.words > SOME
            alike = (block.good or point) and block.linked < 0.3 and (above or _signature(block) in usual)
        if alike:
            kept.add(place)
    return kept | _points_below(blocks, max(kept), free), "agreed"


def _cells(blocks: list[Block], places: set[int], text: set[int]) -> set[HtmlElement]:
    """The cells at the places of tables that hold none of the text, which are no tables for layout."""
    layout = {table for place in text for table in blocks[place].element.iterancestors("table")}
    cells = {blocks[place].element for place in places if blocks[place].tag in _CELLS}
    return {cell for cell in cells if not any(table in layout for table in cell.iterancestors("table"))}


def _points_below(blocks: list[Block], last: int, free: set[int]) -> set[int]:
    """The points of a list that trafilatura takes, right below the last paragraph or a subheading under it."""
    found: list[int] = []
    for place in range(last + 1, len(blocks)):
        block = blocks[place]
        wanted = block.tag in _LISTS or (block.tag in HEADINGS and not found)
        if place not in free or not wanted or block.linked >= 0.5:
            break
        found.append(place)
    return set(found) if any(blocks[place].tag in _LISTS for place in found) else set()


def _signature(block: Block) -> tuple[object, ...]:
    """What the paragraphs of one text have in common: names and classes of their element and of the one around it;
    without any class, that element itself."""
    parent = block.element.getparent()
    name, around = block.element.get("class") or "", parent.get("class") or "" if parent is not None else ""
    if parent is None or not (name or around):
        return (block.tag, parent)
    return (block.tag, name, str(parent.tag), around)


def _below_headline(blocks: list[Block], place: int, first: int, headline: str | None) -> bool:
    """Whether the headline, if it stands above the article's text at all, stands above ``place`` too."""
    head = letters(headline or "")
    tops = [number for number, block in enumerate(blocks[:first]) if head and letters(block.text) == head]
    return not tops or tops[-1] < place


def _text(blocks: list[Block], kept: set[int], how: str) -> Text:
    """The blocks at the places, and what is left out between them."""
    between = range(min(kept), max(kept)) if kept else ()
    cuts = [
        (block.apart or ("read-more" if _is_links(block) else "no-main-text"), block.text)
        for block in (blocks[place] for place in between if place not in kept)
    ]
    return Text([blocks[place].text for place in sorted(kept)], how, cuts)


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.split("\n") if line.strip()]


def _size(blocks: list[Block], places: set[int]) -> int:
    return sum(blocks[place].words for place in places)
