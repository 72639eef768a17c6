"""HTML: a page is one article. Markup and metadata fill the columns; `maintext` chooses what the article is.

Nothing is fetched and nothing on the page is run.
"""

from __future__ import annotations

import logging
import re
import warnings
from collections.abc import Iterator
from copy import deepcopy
from itertools import islice
from pathlib import Path

import trafilatura
from lxml import etree
from lxml.html import HtmlElement

from analysis.corpus.dates import parse_date
from analysis.corpus.decoding import Unreadable
from analysis.corpus.headlines import key, n_words, site_suffix, without_suffix
from analysis.corpus.readers import blocks as page_blocks
from analysis.corpus.readers import maintext, metadata
from analysis.corpus.readers.columns import Item, as_text
from analysis.corpus.readers.pagetree import page_text, tree_of

# What lxml, trafilatura and htmldate raise on pages that defeat them: their own errors, and slips on odd input.
PARSER_ERRORS = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    RecursionError,
    TypeError,
    ValueError,
    etree.LxmlError,
)
LARGE, MOST_ELEMENTS = 4_000_000, 15_000  # of a page beyond which trafilatura, which is not linear, is not asked
FEW = 40  # words: a page that shows no more is searched where it hides something, too
SHORT = 150  # words: a page that shows no more is so where what it hides calls itself the article
LINE = 10  # words: less is no article
MOST_TITLES = 20  # elements h1, and elements beside one, that are looked at for a deck
PARAGRAPH = 20  # words of what stands below no deck
_CALLED = re.compile(r"\b(?:article|story|post|entry)\b")
_DECK = re.compile(
    r"(?:^|[\s_-])(?:deck|dek|standfirst|sub-?title|sub-?headline|sub-?heading)(?:$|[\s_-])", re.IGNORECASE
)


def read(path: Path, *, encoding: str, keep: str | None = None) -> Iterator[Item]:
    """The page as one record of its main text, or one item with the reason why it has none.

    Columns come from JSON-LD, ``meta`` elements (Open Graph and the like), ``h1``, ``time`` and ``lang``. Raises
    Unreadable where the file is empty, binary, or not in the encoding it declares (else ``encoding``).
    """
    yield {"source_index": 0, **item_of(path.read_bytes(), encoding=encoding)}


def item_of(data: bytes, *, encoding: str, charset: str | None = None) -> Item:
    """A page as an item without its ``source_index`` (see `read`).

    ``charset`` is what a server said of its encoding, which holds against what the page says itself. ``cuts`` of the
    item: what stands amid the text without being of it, as rule and text.
    """
    text, remark = page_text(data, encoding=encoding, charset=charset)
    try:
        item = _extract(text)
    except PARSER_ERRORS as error:
        raise Unreadable(f"the HTML parser fails on it: {type(error).__name__}: {str(error)[:80]}") from None
    if remark and "body" in item:
        item["notes"].append(("encoding", remark))
    return item


def _extract(text: str) -> Item:
    tree = tree_of(text)
    if tree is None:
        return {"reason": "not HTML, or HTML without content"}
    meta, linked = metadata.read_meta(tree), metadata.read_linked(tree)
    article = metadata.article_of(linked)
    columns = metadata.columns_of(tree, meta, article)
    titled = next((meta[name][0] for name in metadata.META["headline"] if name in meta), None)
    titled = titled or as_text(article.get("headline"))
    columns["headline"] = _headline(tree, titled, columns.get("outlet"))
    columns["deck"] = _deck(tree, next((meta[name][0] for name in metadata.META["description"] if name in meta), None))
    small = len(text) <= LARGE and sum(1 for _ in islice(tree.iter(), MOST_ELEMENTS + 1)) <= MOST_ELEMENTS
    wanted = ("headline", "outlet", "byline", "url", "published")
    found = _trafilatura(tree, columns=not all(columns.get(field) for field in wanted)) if small else {}
    for field in ("headline", "outlet", "byline", "url"):
        if not columns.get(field):
            columns[field] = as_text(found.get(field))
    if columns.get("headline") and columns.get("outlet"):
        columns["headline"] = _without_site(columns["headline"], columns["outlet"])
    if not columns.get("published") and not columns["notes"]:
        columns["published"] = parse_date(found.get("published"))
    body = main_text(tree, theirs=found.get("body"), said=metadata.stated_body(article), headline=columns["headline"])
    if not body.paragraphs:
        return {"reason": "no main text found on the page"}
    titles = {key(columns[field] or "") for field in ("headline", "deck")}
    if columns["deck"] and all(key(paragraph) in titles for paragraph in body.paragraphs):
        columns["deck"] = None  # all that the page says is no deck
    item = {field: value for field, value in columns.items() if value is not None}
    return {**item, "body": "\n\n".join(body.paragraphs), "web": True, "cuts": body.cuts}


def main_text(tree: HtmlElement, *, theirs: str | None, said: str | None, headline: str | None) -> maintext.Text:
    """The article's paragraphs. Of a page that shows little, what it hides, if that is much more and calls itself the
    article's text, or if next to nothing is shown; and of one that has no paragraphs, whatever lines of text it has."""
    shown = page_blocks.read_blocks(tree)
    text = maintext.choose(shown, tree, theirs=theirs, said=said, headline=headline)
    if _words(text) >= SHORT:
        return text
    every = page_blocks.read_blocks(tree, hidden=True)
    if _words(text) < FEW:
        hidden = maintext.choose(every, tree, theirs=theirs, said=said, headline=headline)
        if _words(hidden) > 3 * _words(text):
            return hidden
    elif not _says_article(shown, set(text.paragraphs)):
        marked = [block for block in every if _says_article([block], {block.text})]
        hidden = maintext.choose(marked, tree, theirs=None, said=None, headline=headline)
        if _words(hidden) > 2 * _words(text):
            return hidden
    if _words(text) >= FEW:
        return text
    if _words(text) >= LINE:
        return text
    found = (maintext.densest(shown), maintext.densest(every), maintext.all_lines(shown), maintext.all_lines(every))
    return next((other for other in found if _words(other) >= LINE), text)


def _says_article(blocks: list[page_blocks.Block], texts: set[str]) -> bool:
    """Whether one of the blocks of these texts stands in an element that calls itself an article."""
    elements = {block.element for block in blocks if block.text in texts}
    around = {parent for element in elements for parent in element.iterancestors()} | elements
    around = {element for element in around if element.tag not in ("html", "body")}
    return any(
        element.tag == "article" or page_blocks.is_body(element) or _CALLED.search(page_blocks.names_of(element))
        for element in around
    )


def _words(text: maintext.Text) -> int:
    return sum(page_blocks.count_words(paragraph) for paragraph in text.paragraphs)


def _trafilatura(tree: HtmlElement, *, columns: bool) -> dict[str, str | None]:
    """What trafilatura finds: body and, with ``columns``, headline, outlet, byline, url, published; nothing where the
    page defeats it."""
    for name in ("trafilatura", "htmldate", "courlan"):
        logging.getLogger(name).setLevel(logging.CRITICAL)  # they log what is tried otherwise here
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of date parsers, on odd time zones
            found = trafilatura.bare_extraction(
                deepcopy(tree),
                include_comments=False,
                include_tables=False,
                with_metadata=columns,
                date_extraction_params={"extensive_search": False, "original_date": True},
            )
    except PARSER_ERRORS:
        return {}
    if found is None:
        return {}
    named = {"headline": found.title, "outlet": found.sitename, "byline": found.author, "url": found.url}
    return {**named, "published": found.date, "body": found.text}


def _text(element: HtmlElement) -> str | None:
    return as_text("".join(element.itertext()))


def _headline(tree: HtmlElement, titled: str | None, outlet: str | None) -> str | None:
    """The headline as printed: the only ``h1`` (in an article, if there are several), else what the metadata says."""
    tops = list(tree.iter("h1"))
    inside = [top for top in tops if any(parent.tag in ("article", "main") for parent in top.iterancestors())]
    for group in (tops, inside):
        texts = [text for text in (_text(top) for top in group) if text]
        if len(texts) == 1 and n_words(texts[0]) > 1 and key(texts[0]) != key(outlet or ""):
            return texts[0]
    return _without_site(titled, outlet) if titled else None


def _without_site(headline: str, outlet: str | None) -> str:
    """A title without the site's name behind it: after a bar always, after a dash where it is the outlet's name."""
    site = site_suffix(headline)
    return without_suffix(headline) if site and ("|" in headline or key(site) == key(outlet or "")) else headline


def _deck(tree: HtmlElement, description: str | None) -> str | None:
    """The deck: near the headline, an element marked as such, or one that says what the page's description says."""
    for top in islice(tree.iter("h1"), MOST_TITLES):
        near = [parent for parent in islice(top.iterancestors(), 3) if parent.tag not in ("body", "html")]
        for parent in near:
            for element in parent.iter("p", "h2", "h3", "div", "span"):
                text = _text(element) or ""
                if _DECK.search(f"{element.get('class', '')} {element.get('itemprop', '')}"):
                    if 3 <= n_words(text) <= 60:
                        return text
                elif element.tag == "p" and n_words(text) >= PARAGRAPH:
                    break  # what is called so below the first paragraph is a subheading
        for beside in islice(top.itersiblings("p", "h2", "h3", "div"), MOST_TITLES):
            text = _text(beside)
            if description and text and key(text) == key(description) and near and near[0].tag == "header":
                return text
    return None
