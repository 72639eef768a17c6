"""Europresse (Eureka, Biblio Branchée): HTML of the ``<article>`` layout and of the older one, told by their classes.

An article begins with the name of its publication (``DocPublicationName``) and ends with its document number
("Numéro de document : news·20240614·XX·1"). Certificates, rights and illustrations are no text; lines above a headline
and notes below the text go to the notes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from lxml.html import HtmlElement

from analysis.corpus.decoding import Unreadable
from analysis.corpus.readers import markup
from analysis.corpus.readers.columns import Item
from analysis.corpus.readers.exports import Piece, article, broken_off, decoded, ends_early, pieces
from analysis.corpus.readers.kinds import as_text

_DAYS = (
    "lundi mardi mercredi jeudi vendredi samedi dimanche monday tuesday wednesday thursday friday saturday sunday "
    "montag dienstag mittwoch donnerstag freitag samstag sonntag lunes martes miércoles jueves viernes sábado domingo"
).replace(" ", "|")
_DATE = re.compile(
    rf"(?:^|(?<=[\s,]))(?:(?:{_DAYS})\b|\d{{1,2}}(?:er|st|nd|rd|th)?\.?(?: de)? [^\W\d_]{{3,12}}\.?,?(?: de)? \d{{4}}\b"
    r"|[^\W\d_]{3,12} \d{1,2}, \d{4}\b|\d{4}-\d\d-\d\d|\d{1,2}/\d{1,2}/\d{4})",
    re.IGNORECASE,
)
_PAGE = re.compile(
    r",?\s*\b(?:p|pp|pg|page|pages|S)\b\.?\s*(?P<page>[A-Z]{0,5}\W?\d[\w ,;/-]{0,20})\s*$", re.IGNORECASE
)
_WORDS = re.compile(
    r",?\s*(?<!\d)(?P<n>\d{1,3}(?:[ \u00a0.]\d{3})+|\d{1,6})\s*(?:mots?|words?|palabras|Wörter)\b", re.IGNORECASE
)
_NUMBER = re.compile(r"\b(?:news|web|twit|rad|tel|bio|pub|social|img|ebk|mag)[·•∙.]\d{8}[·•∙.][\w·•∙.-]+")
_RIGHTS = re.compile(r"(?:©|\(c\)\s)|.{0,80}\b(?:tous droits réservés|all rights reserved)\b", re.IGNORECASE)
_NUMBER_LINE = re.compile(r"(?:Numéro de (?:la )?(?:document|publication)|Document number|Número de documento)", re.I)
_LABEL = re.compile(
    r"(?:Note|Illustration|Photo|Graphi\w+|Caption|Légende|Encadré)\W{0,2}s?\W{0,4}:?\s*", re.IGNORECASE
)
_ARTICLE = re.compile(r"<article\b|<table\b[^<>]{0,200}?\btbHeaderImages\b", re.IGNORECASE)
_PUBLICATION = re.compile(r"<(?:span|div|p)\b[^<>]{0,200}?\bDocPublicationName\b", re.IGNORECASE)
_TAG = re.compile(r"<[^<>]*>")
_TOTAL = re.compile(
    r"(?:Nombre de documents?(?:\(s\))?|Number of documents?(?:\(s\))?|Número de documentos?)\s*:\s*(?P<behind>\d{1,6})"
    r"|(?P<before>\d{1,6}) (?:documents?|articles?)(?: (?:sélectionnés?|enregistrés?|selected|saved))?",
    re.IGNORECASE,
)
_CONTENTS = re.compile(r"<a\b[^<>]{0,300}?\bhref\s*=\s*[\"']#[^<>]{0,300}>.{0,1000}?</a\s*>", re.DOTALL | re.IGNORECASE)
_AUTHOR = re.compile(
    r"titreArticleVisu\b[^<>]{0,100}>(?:[^<]|</?(?:span|b|i|em|mark)\b[^<>]{0,200}>){1,2000}"
    r"(?:<br\s*/?>\s*){2}(?P<name>[^<]{2,200})<br\s*/?>\s*<p\b",
    re.IGNORECASE,
)
_ABOVE = re.compile(r"(?:<br\s*/?>\s*){2}(?P<text>[^<]{2,300})<br\s*/?>\s*<span\b[^<>]{0,100}?titreArticleVisu\b", re.I)


def sniff(head: bytes, path: Path) -> bool:
    """Whether the page has the classes of Europresse, or names the maker's schema."""
    text = as_text(head)
    return _PUBLICATION.search(text) is not None or ("cedrom-sni.com" in text and "<html" in text[:2000])


def read(path: Path, *, encoding: str, keep: str | None = None) -> Iterator[Item]:
    """One item an article, and what the page says it holds. Raises Unreadable where no article is in it."""
    yield from items_of(path.read_bytes(), encoding)


def items_of(data: bytes, encoding: str) -> Iterator[Item]:
    """The items of an export's bytes, as `read` gives them."""
    text = decoded(data, encoding)
    above, *found = pieces(text, _ARTICLE, _PUBLICATION)
    cut = ends_early(text)
    if not found:
        raise Unreadable("a page of Europresse without an article" + (", broken off" if cut else ""))
    names: list[str] = []
    for index, piece in enumerate(found):
        item = _item(index, piece)
        names.append(item.get("headline") or "")
        if cut and index == len(found) - 1:
            if _is_whole(piece.text):
                yield item
                yield broken_off(index + 1, f"no end of the page behind article {index + 1}; others may be missing")
            else:
                yield broken_off(index, f"article {index + 1} has no end", item.get("headline"))
        else:
            yield item
    yield from _expected(above.text)
    if cut:
        yield _statement(len(found), f"{len(found)} articles begin in the page", names)


def _is_whole(text: str) -> bool:
    """Whether an article reaches its end: the end of its element, else its document number."""
    if text[:8].lower() == "<article":
        return re.search(r"</article\s*>", text, re.IGNORECASE) is not None
    return _NUMBER.search(text) is not None


def _statement(count: int, by: str, names: list[str]) -> Item:
    said = {"count": count, "by": by} | ({"names": names} if names and all(names) else {})
    return {"source_index": 0, "expected": said}


def _expected(text: str) -> Iterator[Item]:
    """What the page says above its first article: a number of documents, a table of contents, or both."""
    titles = [markup.text_of(markup.tree_of(link)) for link in _CONTENTS.findall(text)]
    titles = [title for title in titles if len(title) > 3]
    try:
        lines = markup.lines_of(markup.tree_of(text))
    except Unreadable:
        lines = []
    for line in lines:
        match = _TOTAL.fullmatch(" ".join(line.split()))
        count = int(match["behind"] or match["before"]) if match else 0
        if count:
            yield _statement(count, " ".join(line.split()), titles if len(titles) == count else [])
            return
    if titles:
        yield _statement(len(titles), f"a table of contents of {len(titles)} articles", titles)


def _item(index: int, piece: Piece) -> Item:
    """One article; with a reason where its markup cannot be read or it has no text."""
    try:
        if not _TAG.sub("", piece.text).strip():  # a hundred thousand of these would take long to parse
            raise Unreadable("no text")
        tree = markup.tree_of(piece.text)
    except Unreadable as error:
        return {"source_index": index, "reason": f"article {index + 1}: {error}"}
    titles = markup.with_class(tree, "titreArticleVisu") or markup.with_class(tree, "titreArticle")
    headline = markup.text_of(titles[0]) if titles else None
    header = _header(tree)
    modern = next(tree.iter("section"), None) is not None or bool(markup.with_class(tree, "docOcurrContainer"))
    fields, notes, body = (_modern if modern else _old)(tree, piece.text, headline)
    links = (link.get("href") or "" for found in markup.with_class(tree, "Doc-UrlRef") for link in found.iter("a"))
    number = _NUMBER.search(piece.text)
    return article(
        index,
        body,
        where=f"article {index + 1}" + (f" ({number[0][:60]})" if number else ""),
        dates=[header["date"]],
        announced=header["words"],
        notes=notes,
        headline=headline,
        outlet=next((_outlet(found) for found in markup.with_class(tree, "DocPublicationName")), None),
        section=header["section"] or header["page"],
        url=next((link for link in links if link.startswith(("http://", "https://"))), None),
        **fields,
    )


def _outlet(element: HtmlElement) -> str:
    """The name of the publication, without the number of its issue: "Magazine, no. 5968"."""
    return re.sub(r",\s*(?:no|n°|nº|nr|vol|issue)\b\.?\s*\d[\w ,.°/-]{0,40}$", "", markup.text_of(element), flags=re.I)


def _header(tree: HtmlElement) -> dict[str, str | None]:
    """Section, date, page and number of words: "Politique, mardi 14 mars 2006, 632 mots, p. 16"."""
    found = [markup.text_of(part) for part in markup.with_class(tree, "DocHeader")]
    text = re.sub(r"\s+,", ",", " ".join(found))
    words = _WORDS.search(text)
    if words:
        text = f"{text[: words.start()]} {text[words.end() :]}".strip()
    page = _PAGE.search(text)
    text = (text[: page.start()] if page else text).strip(" ,")
    date = _DATE.search(text)
    section = text[: date.start()] if date else ""
    return {
        "date": text[date.start() :] if date else text or None,
        "section": section.strip(" ,•-") or None,
        "page": " ".join(page[0].strip(" ,").split()) if page else None,
        "words": words["n"] if words else None,
    }


def _modern(tree: HtmlElement, text: str, headline: str | None) -> tuple[dict[str, str | None], list, list[str]]:
    """Fields, notes and paragraphs of the layout with ``<header>``, ``<section>``, ``<aside>`` and ``<footer>``."""
    places = list(tree.iter("section")) or markup.with_class(tree, "docOcurrContainer")
    body = [line for place in places for line in markup.lines_of(place, without=frozenset(("aside", "footer")))]
    notes, fields = [], {}
    asides = (line for aside in tree.iter("aside") for line in markup.lines_of(aside))
    notes += [("aside", line) for line in asides if _LABEL.sub("", line).strip(" :")]
    for box in markup.with_class(tree, "titreArticle"):
        lines = markup.lines_of(box)
        at = lines.index(headline) if headline in lines else 0
        notes += [("kicker", line) for line in lines[:at]]
        fields["deck"] = " ".join(lines[at + 1 :])
    top = next(tree.iter("header"), None)
    outside = [] if top is None else _beside_title(top)
    title = next((n for n, (_, is_title) in enumerate(outside) if is_title), len(outside))
    notes += [("kicker", line) for line, _ in outside[:title]]
    fields["byline"] = ", ".join(line for line, _ in outside[title + 1 :])
    return fields, notes, _text_only(body)


def _beside_title(top: HtmlElement) -> list[tuple[str, bool]]:
    """(text, whether it is the headline's box) of the blocks of a header, without publication and date."""
    found = []
    for block in top:
        names = {name.casefold() for part in block.iter() for name in (part.get("class") or "").split()}
        text = markup.text_of(block)
        if not text or names & {"docpublicationname", "docheader", "rdp__docpublicationname"}:
            continue
        found.append((text, bool(names & {"titrearticle", "titrearticlevisu"})))
    return found


def _old(tree: HtmlElement, text: str, headline: str | None) -> tuple[dict[str, str | None], list, list[str]]:
    """Fields, notes and paragraphs of the older layout: one table cell, its parts divided by line breaks."""
    author, above = _AUTHOR.search(text), _ABOVE.search(text)
    byline = markup.text_of(markup.tree_of(f"<p>{author['name']}</p>")) if author else None
    kicker = markup.text_of(markup.tree_of(f"<p>{above['text']}</p>")) if above else None
    lines = markup.lines_of(tree)
    start = next((n + 1 for n, line in enumerate(lines) if headline and line == headline), 0)
    lines = lines[start:]
    if byline and lines[:1] == [byline]:
        lines = lines[1:]
    return {"byline": byline}, [("kicker", kicker)] if kicker else [], _text_only(lines)


def _text_only(lines: list[str]) -> list[str]:
    """The lines above rights, document number and certificate, which stand at an article's end."""
    kept = list(lines)
    for place in range(len(lines) - 1, -1, -1):
        line = lines[place]
        if _NUMBER_LINE.match(line) or _NUMBER.fullmatch(line):
            kept = lines[:place]
    if kept and len(kept[-1]) < 300 and _RIGHTS.match(kept[-1]):
        kept = kept[:-1]
    return [" ".join(line.split()) for line in kept]
