"""What a page says of itself: JSON-LD (schema.org), ``meta`` elements (Open Graph …), ``time`` and ``lang``."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from analysis.corpus.dates import parse_date
from analysis.corpus.decoding import Unreadable
from analysis.corpus.readers.blocks import PARTS
from analysis.corpus.readers.columns import Item, as_text

META = {
    "outlet": ("og:site_name", "application-name", "publisher", "dc.publisher"),
    "url": ("og:url",),
    "byline": ("author", "article:author", "byl", "parsely-author", "sailthru.author", "dc.creator", "dcterms.creator"),
    "section": ("article:section", "parsely-section", "section"),
    "published": (
        "article:published_time",
        "og:article:published_time",
        "article:published",
        "article.published",
        "datepublished",
        "date",
        "pubdate",
        "publish-date",
        "publish_date",
        "publication_date",
        "parsely-pub-date",
        "sailthru.date",
        "dc.date",
        "dc.date.issued",
        "dcterms.created",
        "dcterms.date",
    ),
    "headline": ("og:title", "twitter:title", "dc.title", "headline"),
    "description": ("og:description", "description"),
}
ARTICLE = re.compile(r"(?:\w*Article|BlogPosting|LiveBlogPosting|Report|Review)$")
MOST_NODES, MOST_SCRIPTS, LONGEST = 20_000, 200, 5_000_000  # of JSON-LD on one page

_OPENS = re.compile(r"<!--|(?://\s*)?<!\[CDATA\[")
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)\b[^<>]*>")
_NO_NAME = re.compile(r"https?:|www\.|@|\A(?:admin|administrator|editor|none|null|undefined|author)\Z", re.IGNORECASE)

Node = dict[str, Any]


def read_meta(tree: HtmlElement) -> dict[str, list[str]]:
    """The contents of the page's ``meta`` elements by name, property or itemprop, in lower case."""
    meta: dict[str, list[str]] = {}
    for element in tree.iter("meta"):
        name = element.get("property") or element.get("name") or element.get("itemprop") or ""
        content = _line(element.get("content"))
        if name and content:
            meta.setdefault(name.strip().lower(), []).append(content)
    return meta


def read_linked(tree: HtmlElement) -> list[Node]:
    """The objects of the page's JSON-LD, those in lists, ``@graph`` and properties too, in order."""
    found: list[Node] = []
    for number, element in enumerate(tree.iter("script")):
        kind = (element.get("type") or "").split(";")[0].strip().lower()
        if kind != "application/ld+json" or number > MOST_SCRIPTS or len(element.text or "") > LONGEST:
            continue
        try:
            value = json.loads(_unwrapped(element.text or ""), strict=False)
        except (ValueError, RecursionError):
            continue
        found += _objects(value)
    return found[:MOST_NODES]


def _unwrapped(text: str) -> str:
    """JSON without the comment or CDATA section around it, and without semicolons behind it."""
    text = text.strip()
    opened = _OPENS.match(text)
    text = text[opened.end() :] if opened else text
    ends = " \t\r\n;"
    return text.rstrip(ends).removesuffix("-->").removesuffix("]]>").rstrip().removesuffix("//").rstrip(ends)


def _objects(value: Any) -> Iterator[Node]:
    """All objects in a JSON value, outer before inner."""
    waiting, left = [value], MOST_NODES
    while waiting and left:
        left -= 1
        here = waiting.pop()
        if isinstance(here, dict):
            yield here
            waiting.extend(part for part in reversed(here.values()) if isinstance(part, dict | list))
        elif isinstance(here, list):
            waiting.extend(part for part in reversed(here[:1000]) if isinstance(part, dict | list))


def article_of(nodes: list[Node]) -> Node:
    """The object that is the page's article: of a type of articles, the one that says most; {} where none is."""
    articles = [node for node in nodes if any(ARTICLE.match(kind) for kind in _kinds(node))]
    fields = ("articleBody", "headline", "datePublished", "author", "publisher", "liveBlogUpdate")
    return max(articles, key=lambda node: sum(bool(node.get(field)) for field in fields), default={})


def stated_body(article: Node) -> str | None:
    """The text of the article that the page states, a paragraph a line; None where it states none."""
    body = article.get("articleBody")
    updates = article.get("liveBlogUpdate")
    if isinstance(updates, list) and updates:
        parts = [update.get("articleBody") for update in updates if isinstance(update, dict)]
        body = "\n".join(
            [*([body] if isinstance(body, str) else []), *(part for part in parts if isinstance(part, str))]
        )
    if isinstance(body, list):
        body = "\n".join(part for part in body if isinstance(part, str))
    return without_tags(body) if isinstance(body, str) and body.strip() else None


def without_tags(text: str) -> str:
    """Text that may hold markup and entities, once or twice escaped → lines of plain text."""
    if re.search(r"&lt;/?[a-z]+[^<>]{0,200}?&gt;", text):
        text = html.unescape(text)
    text = _TAG.sub(lambda match: "\n" if match[2].lower() in PARTS else "", text)
    lines = (" ".join(html.unescape(line).split()) for line in text.splitlines())
    return "\n".join(line for line in lines if line)


def columns_of(tree: HtmlElement, meta: dict[str, list[str]], article: Node) -> Item:
    """Outlet, url, byline, section, published and language as the markup says; what it says nothing for is missing.

    A date that cannot be read is put under ``notes``.
    """
    first = {field: next((meta[name][0] for name in names if name in meta), None) for field, names in META.items()}
    columns: Item = {
        "outlet": first["outlet"] or _name(article.get("publisher")),
        "url": _address(first["url"]) or _address(_link(tree)) or _address(_line(article.get("url"))),
        "byline": _byline(tree, meta, article),
        "section": _section(first["section"], article),
        "language": _line(tree.get("lang") or tree.get("{http://www.w3.org/XML/1998/namespace}lang"))
        or _line(article.get("inLanguage"))
        or next(iter(meta.get("og:locale", ())), None),
    }
    published, unread = _published(tree, meta, article)
    columns["published"] = published
    columns["notes"] = [("published", unread)] if unread and published is None else []
    return {field: value for field, value in columns.items() if value is not None}


def _published(tree: HtmlElement, meta: dict[str, list[str]], article: Node) -> tuple[Any, str | None]:
    """The date of publication, and the first text that should say it and cannot be read."""
    said = [meta[name][0] for name in META["published"] if name in meta]
    said += [text for text in (_line(article.get(name)) for name in ("datePublished", "dateCreated")) if text]
    marked, other = [], []
    for element in tree.iter("time", "span", "abbr", "div", "p"):
        prop = f"{element.get('itemprop') or ''} {element.get('property') or ''}".lower()
        if "datepublished" in prop or (element.tag == "time" and element.get("pubdate") is not None):
            marked.append(_line(element.get("datetime") or element.get("content") or "".join(element.itertext())[:100]))
        elif element.tag == "time":
            other.append(_line(element.get("datetime")))
    said += [text for text in (*marked, *other) if text]
    dates = (parse_date(text) for text in said)
    return next((date for date in dates if date), None), said[0] if said else None


def _byline(tree: HtmlElement, meta: dict[str, list[str]], article: Node) -> str | None:
    for name in META["byline"]:
        names = [text for text in meta.get(name, ()) if not _NO_NAME.search(text)]
        if names:
            return ", ".join(dict.fromkeys(names))
    said = _name(article.get("author"))
    return said if said and not _NO_NAME.search(said) else None


def _section(said: str | None, article: Node) -> str | None:
    value = said or article.get("articleSection")
    value = value[0] if isinstance(value, list) and value else value
    return _line(value) if isinstance(value, str) else None


def _name(value: Any) -> str | None:
    """The name or names of a person or organisation of JSON-LD."""
    if isinstance(value, dict):
        value = value.get("name")
    if isinstance(value, list):
        names = [_name(part) for part in value[:30] if isinstance(part, dict | str)]
        return ", ".join(dict.fromkeys(name for name in names if name)) or None
    return _line(html.unescape(value)) if isinstance(value, str) else None


def _kinds(node: Node) -> list[str]:
    kind = node.get("@type")
    return [part for part in (kind if isinstance(kind, list) else [kind]) if isinstance(part, str)]


def _link(tree: HtmlElement) -> str | None:
    links = (link for link in tree.iter("link") if (link.get("rel") or "").lower() == "canonical")
    return next((link.get("href") for link in links if link.get("href")), None)


def _address(value: str | None) -> str | None:
    """An address that names its host, by HTTP; anything else (a path, a script) is none."""
    text = _line(value)
    try:
        parts = urlsplit(text or "")
    except ValueError:
        return None
    return text if parts.scheme.lower() in ("http", "https") and parts.netloc else None


def _line(value: object) -> str | None:
    try:
        return as_text(value) if isinstance(value, str) else None
    except Unreadable:
        return None
