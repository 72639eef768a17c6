"""HTML: a page is one article. trafilatura finds the main text; what the markup says fills the columns.

Nothing is fetched and nothing on the page is run.
"""

from __future__ import annotations

import codecs
import logging
import re
import warnings
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import trafilatura
from lxml import etree
from lxml.html import HtmlElement

from analysis.corpus.dates import parse_date
from analysis.corpus.decoding import Unreadable, decode
from analysis.corpus.headlines import key, n_words, site_suffix, without_suffix
from analysis.corpus.readers.columns import Item, as_text

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
_CHARSET = re.compile(rb"<(?:meta|\?xml)\b[^>]{0,200}?(?:charset|encoding)\s*=\s*[\"']?\s*([\w.:-]+)", re.IGNORECASE)
_DECK = re.compile(
    r"(?:^|[\s_-])(?:deck|dek|standfirst|sub-?title|sub-?headline|sub-?heading)(?:$|[\s_-])", re.IGNORECASE
)
_META = {
    "outlet": ("og:site_name", "application-name"),
    "url": ("og:url",),
    "byline": ("author", "article:author", "byl", "parsely-author", "dc.creator"),
    "published": (
        "article:published_time",
        "og:article:published_time",
        "datepublished",
        "date",
        "pubdate",
        "publish-date",
        "publication_date",
        "parsely-pub-date",
        "dc.date",
        "dc.date.issued",
        "article.published",
    ),
    "headline": ("og:title", "twitter:title", "dc.title"),
    "description": ("og:description", "description"),
}


def read(path: Path, *, encoding: str, keep: str | None = None) -> Iterator[Item]:
    """The page as one record of its main text, or one item with the reason why it has none.

    Columns come from ``meta`` elements (Open Graph and the like), ``h1``, ``time`` and ``lang``. Raises Unreadable
    where the file is empty, binary, or not in the encoding it declares (else ``encoding``).
    """
    data = path.read_bytes()
    text = decode(data, _declared(data) or encoding)
    for name in ("trafilatura", "htmldate", "courlan"):
        logging.getLogger(name).setLevel(logging.CRITICAL)  # they log what becomes a reason here
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of date parsers, on odd time zones
            item = _extract(text)
    except PARSER_ERRORS as error:
        raise Unreadable(f"the HTML parser fails on it: {type(error).__name__}: {str(error)[:80]}") from None
    yield {"source_index": 0, **item}


def _declared(data: bytes) -> str | None:
    """The encoding that the page declares in its first 2,048 bytes, as browsers understand it; None if unknown."""
    match = _CHARSET.search(data[:2048])
    if not match:
        return None
    try:
        name = codecs.lookup(match[1].decode("ascii")).name
        "".encode(name)
    except LookupError:
        return None
    if name.startswith(("utf-16", "utf-32")):
        return "utf-8"  # the declaration itself was read in an ASCII encoding
    return "cp1252" if name in ("iso8859-1", "ascii") else name


def _extract(text: str) -> Item:
    tree = trafilatura.load_html(text)
    if tree is None and "<" in text:  # a fragment: the part of a page that was saved
        tree = trafilatura.load_html(f"<html><body>{text}</body></html>")
    if tree is None:
        return {"reason": "not HTML, or HTML without content"}
    meta = _meta(tree)
    columns = _columns(tree, meta)
    found = trafilatura.bare_extraction(
        tree,
        include_comments=False,
        include_tables=False,
        with_metadata=True,
        date_extraction_params={"extensive_search": False, "original_date": True},
    )
    if found is None or not (found.text or "").strip():
        return {"reason": "no main text found on the page"}
    guessed = {"headline": found.title, "outlet": found.sitename, "byline": found.author, "url": found.url}
    for field, value in guessed.items():
        columns.setdefault(field, as_text(value))
    if columns.get("headline") and columns.get("outlet"):
        columns["headline"] = _without_site(columns["headline"], columns["outlet"])
    columns.setdefault("published", parse_date(found.date))
    item = {field: value for field, value in columns.items() if value is not None}
    return {**item, "body": found.text, "web": True, "notes": []}


def _meta(tree: HtmlElement) -> dict[str, list[str]]:
    """The contents of the page's ``meta`` elements by name, property or itemprop, in lower case."""
    meta: dict[str, list[str]] = {}
    for element in tree.iter("meta"):
        name = element.get("property") or element.get("name") or element.get("itemprop") or ""
        content = as_text(element.get("content"))
        if name and content:
            meta.setdefault(name.strip().lower(), []).append(content)
    return meta


def _columns(tree: HtmlElement, meta: dict[str, list[str]]) -> Item:
    """What the markup says for the columns; a column it says nothing for is not there."""
    first = {field: next((meta[name][0] for name in names if name in meta), None) for field, names in _META.items()}
    columns: Item = {field: first[field] for field in ("outlet", "url") if first[field]}
    if first["byline"] and not first["byline"].startswith(("http:", "https:")):
        columns["byline"] = first["byline"]
    if "url" not in columns:
        link = next((link.get("href") for link in tree.iter("link") if link.get("rel") == "canonical"), None)
        columns.update({"url": as_text(link)} if as_text(link) else {})
    times = (element.get("datetime") for element in tree.iter("time"))
    dates = (parse_date(text) for text in (*(meta[name][0] for name in _META["published"] if name in meta), *times))
    published = next((date for date in dates if date), None)
    columns.update({"published": published} if published else {})
    headline = _headline(tree, first["headline"], first["outlet"])
    columns.update({"headline": headline} if headline else {})
    deck = _deck(tree, first["description"])
    columns.update({"deck": deck} if deck else {})
    if tree.get("lang"):
        columns["language"] = tree.get("lang")
    return columns


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
    for top in tree.iter("h1"):
        near = [parent for parent in islice(top.iterancestors(), 3) if parent.tag not in ("body", "html")]
        for parent in near:
            for element in parent.iter("p", "h2", "h3", "div", "span"):
                text = (
                    _text(element)
                    if _DECK.search(f"{element.get('class', '')} {element.get('itemprop', '')}")
                    else None
                )
                if text and 3 <= n_words(text) <= 60:
                    return text
        for beside in top.itersiblings("p", "h2", "h3", "div"):
            text = _text(beside)
            if description and text and key(text) == key(description) and near and near[0].tag == "header":
                return text
    return None
