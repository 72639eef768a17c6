"""LexisNexis and Nexis Uni: exports of news archives as TXT, HTML, DOCX or RTF, with many documents in a file.

Two layouts stand in four containers: the old one (`lexisnexis`) and that of Nexis Uni (`nexis_uni`). What the file
says it holds is compared with what it holds (`nexis_count`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from analysis.corpus.dates import Order, find_date, order_of, parse_date, settle
from analysis.corpus.decoding import Unreadable, normal
from analysis.corpus.readers import lexisnexis, nexis_uni, office
from analysis.corpus.readers.columns import Item, as_text
from analysis.corpus.readers.docx import DOCUMENT
from analysis.corpus.readers.exports import ends_early
from analysis.corpus.readers.kinds import as_text as head_as_text
from analysis.corpus.readers.nexis_blocks import (
    Block,
    decoded,
    flaw,
    from_html,
    from_lines,
    from_paragraphs,
    rtf_or_docx,
    told_styles,
)
from analysis.corpus.readers.nexis_count import Stated, by_list, by_marks
from analysis.corpus.readers.nexis_fields import is_end, label, language_code, mark, words_stated
from analysis.corpus.readers.nexis_parts import Document

SHORT = 0.6  # of the words that LENGTH states: what has fewer is noted
SLACK = 40  # words that may be missing without a note
LOOKED_AT = 400_000  # bytes of a DOCX or RTF file that are looked at to know it

_HTML = re.compile(r"<(?:html|body|div|p|span|doc)\b", re.IGNORECASE)
_DOC = re.compile(r"<a\s+name\s*=\s*[\"']?DOC_ID|<doc\s+number\s*=", re.IGNORECASE)
_COVER = re.compile(r"<meta\s+topic\s*=[^<>]{0,200}\bdocuments\s*=\s*[\"']?\d", re.IGNORECASE)
_SORRY = re.compile(r"\b(?:we are sorry|error in this document|not possible to display)\b", re.IGNORECASE)


def sniff(head: bytes, path: Path) -> bool:
    """Whether the content is an export of LexisNexis or Nexis Uni, in any of its four containers."""
    if head.startswith(b"PK\x03\x04"):
        return _is_export(_docx_lines(path))
    if head.lstrip()[:5] == b"{\\rtf":
        return _is_export(_rtf_lines(path))
    text = head_as_text(head)
    if _HTML.search(text[:2000]):
        if _COVER.search(text):
            return True  # though it may break off before the first document
        return len(_DOC.findall(text)) > 0 and ("DOCFULL" in text.upper() or "DOCUMENT" in text.upper())
    return _is_export(text.split("\n"))


def _is_export(lines: list[str]) -> bool:
    """Whether lines of text are those of an export: marks or end marks, and labels of the vendor."""
    stripped = [line.strip() for line in lines[:20_000] if line.strip()]
    fields = {found.field for line in stripped if len(line) < 200 and (found := label(line, capitals=False))}
    marks = sum(mark(line) is not None for line in stripped)
    ends = sum(is_end(line) for line in stripped)
    listed = any(nexis_uni.counted(line) for line in stripped[:200])
    vendor = len(
        fields & {"length", "load-date", "publication-type", "journal-code", "body", "classification", "language"}
    )
    return vendor >= 1 + (not marks and not ends and not listed) * 2 if marks or ends or listed else _is_old(stripped)


def _is_old(lines: list[str]) -> bool:
    """Whether lines without any mark are a document of the old layout: LENGTH, and LOAD-DATE or the like behind it."""
    fields = [found.field for line in lines if len(line) < 200 and (found := label(line, capitals=True))]
    return "length" in fields and "load-date" in fields[fields.index("length") :]


def _docx_lines(path: Path) -> list[str]:
    try:
        with office.opened(path, "DOCX", needed=DOCUMENT) as archive, archive.open(DOCUMENT) as part:
            xml = part.read(LOOKED_AT).decode("utf-8", "replace")
    except (Unreadable, LookupError, *office.ZIP_ERRORS):
        return []
    texts = re.findall(r"<w:t(?: [^>]*)?>([^<]*)</w:t>|(</w:p>|<w:br/>)", xml)
    return "".join("\n" if end else text for text, end in texts).split("\n")


def _rtf_lines(path: Path) -> list[str]:
    try:
        with path.open("rb") as file:
            text = file.read(LOOKED_AT).decode("latin-1")
    except OSError:
        return []
    plain = re.sub(r"\\'[0-9a-f]{2}", "?", re.sub(r"\\(?:par|line|row)\b", "\n", text))
    return re.sub(r"\\\*?[a-zA-Z]+-?\d* ?|[{}]", "", plain).replace("\\~", " ").split("\n")


def read(path: Path, *, encoding: str, keep: str | None = None) -> Iterator[Item]:
    """First what the file says it holds, where it does; then an item for each document, or the reason why it is none.

    ``keep`` may name a field that stands behind a label (such as ``load-date`` or ``dateline``). Raises Unreadable
    where the file is empty, a broken container, or holds no document.
    """
    data = path.read_bytes()
    documents, stated, whole = _documents(path, data, encoding)
    if stated and not documents and "doclist" in path.name.casefold():
        said = f"a list of {stated.count} documents without their texts, which are files of their own"
        yield {"source_index": 0, "reason": said}
        return
    if stated:
        found = {number: document for number, document in zip(stated.numbers, documents, strict=False) if number}
        names = [_name(found.get(n), name) for n, name in enumerate(stated.names, start=1)]
        yield {"source_index": 0, "expected": {"count": stated.count, "by": stated.by, "names": names}}
    elif not documents:
        raise Unreadable("no document in this export of LexisNexis or Nexis Uni")
    broken = _broken_off(documents, stated)
    if not whole and broken is None and documents and not documents[-1].ended:
        broken = len(documents) - 1
    order = settle(order_of(document.fields.get("date")) for document in documents)
    for index, document in enumerate(documents):
        number = stated.numbers[index] if stated and index < len(stated.numbers) else None
        item = _item(document, keep, order, broken=index == broken)
        if number:
            item["number"] = number
        if "reason" in item and number and stated:
            item["reason"] = f"document {document.number or number}: {item['reason']}"
        yield {"source_index": index, **item}
    if not whole and broken is None:
        reason = "the file breaks off: it is never closed, so text or documents may be missing"
        yield {"source_index": len(documents), "reason": reason}


def _documents(path: Path, data: bytes, encoding: str) -> tuple[list[Document], Stated | None, bool]:
    """The documents of a file in order, what it says it holds, and whether its container is whole."""
    office = rtf_or_docx(path, data)
    if office is not None:
        blocks, whole = office
        return *_laid_out(blocks, wrapped=False), whole
    text = decoded(data, encoding)
    if _HTML.search(text[:2000]):
        return *_html(text), not ends_early(text)
    blocks = from_lines(text)
    if any(mark(block.text) for block in blocks) or not any(is_end(block.text) for block in blocks):
        return *_laid_out(blocks, wrapped=True), True
    return *_uni(from_paragraphs(text.split("\n"))), True


def _laid_out(blocks: list[Block], *, wrapped: bool) -> tuple[list[Document], Stated | None]:
    """The documents of blocks in either layout."""
    old = any(mark(block.text) for block in blocks) or _is_old([block.text for block in blocks[:500]])
    if not old and not wrapped:
        return _uni(blocks)
    cut = lexisnexis.pieces(blocks, cover=True)
    first = next((place for place, block in enumerate(blocks) if mark(block.text)), 0)
    cover = "\n".join(block.text for block in blocks[:first])
    stated = by_marks([(p.number, p.of) if p.number and p.of else None for p in cut], cover=cover)
    return [lexisnexis.document(piece, wrapped=wrapped) for piece in cut], stated


def _html(text: str) -> tuple[list[Document], Stated | None]:
    """The documents of an HTML export; each is parsed on its own, so that broken markup stays within it."""
    styled = told_styles(text)
    starts = [match.start() for match in _DOC.finditer(styled)]
    starts = [start for n, start in enumerate(starts) if not n or start - starts[n - 1] > 200] or [0]
    cut: list[lexisnexis.Piece] = []
    for start, end in zip(starts, [*starts[1:], len(styled)], strict=True):
        comment = styled.find("-->", start, min(end, start + 400))
        found = lexisnexis.pieces(from_html(styled[comment + 3 if comment >= 0 else start : end]), cover=False)
        whole = [piece for piece in found if piece.blocks or piece.number]
        if len(whole) > 1 and not whole[0].number and sum(len(block.text) for block in whole[0].blocks) < 60:
            whole = whole[1:]  # what is left of the mark's own line
        cut += whole
    top = styled[: starts[0]]
    cover = "\n".join(block.text for block in from_html(top))
    stated = by_marks(
        [(p.number, p.of) if p.number and p.of else None for p in cut], cover=cover, markup=text[:200_000]
    )
    return [lexisnexis.document(piece, wrapped=False) for piece in cut], stated


def _uni(blocks: list[Block]) -> tuple[list[Document], Stated | None]:
    """The documents of blocks in the layout of Nexis Uni, and what the cover lists."""
    cover, end = nexis_uni.read_cover(blocks)
    names = {nexis_uni.key(name) for name in cover.names}
    parts = nexis_uni.pieces(blocks[end:], cover.names)
    documents = [document for part in parts if (document := nexis_uni.document(part, names))]
    if documents and not documents[-1].fields and len(documents[-1].body) < 200 and len(documents) > 1:
        rest = documents.pop().body  # what programs put behind the last end mark
        documents[-1] = documents[-1]._replace(behind=f"{documents[-1].behind}\n{rest}".strip())
    stated = None
    if cover.count is not None or cover.names:
        headlines = [document.fields.get("headline", "") for document in documents]
        stated = by_list(cover.names, headlines, count=cover.count, by=cover.by or "the list on top")
    return documents, stated


def _name(document: Document | None, name: str) -> str:
    """A document's headline if it was found, else its name in the statement."""
    return (document.fields.get("headline") if document else None) or name


def _broken_off(documents: list[Document], stated: Stated | None) -> int | None:
    """The index of the last document where the file breaks off within it; None where there is no sign of that.

    The sign: what stands behind an article is missing though the others have it (or more should follow), and its words
    are fewer than its length says.
    """
    if not documents or documents[-1].ended:
        return None
    last = len(documents) - 1
    number = stated.numbers[last] if stated and last < len(stated.numbers) else None
    more = stated is not None and number is not None and number < stated.count
    others = [document.ended for document in documents[:-1]]
    if sum(others) < len(others) / 2 or not (others or more):
        return None
    words = words_stated(documents[last].fields.get("length", ""))
    have = len(documents[last].body.split())
    if words is None:
        return last if more else None
    return last if have < 0.9 * words else None


def _item(document: Document, keep: str | None, order: Order | None, *, broken: bool) -> Item:
    """A document as an item, or as the reason why it is none."""
    fields = document.fields
    spoiled = flaw((document.body, *fields.values()))
    headline = fields.get("headline")
    known: dict[str, Any] = {"headline": " ".join(headline.split())} if headline and not flaw([headline]) else {}
    if spoiled:
        return {**known, "reason": spoiled}
    if broken:
        words = fields.get("length", "")
        stated = f"of {words}, " if words else ""
        return {**known, "reason": f"the file breaks off within it ({stated}{len(document.body.split())} are there)"}
    if not document.body:
        return {**known, "reason": "no text"}
    if not fields.get("date") and not fields.get("length") and _SORRY.search(document.body[:600]):
        return {"reason": f"no article, the archive says: {' '.join(document.body.split())[:160]}"}
    item: Item = {"notes": []}
    for column, field in (("headline", "headline"), ("outlet", "outlet"), ("section", "section"), ("byline", "byline")):
        if value := as_text(fields.get(field)):
            item[column] = value
    if deck := as_text(fields.get("deck")):
        item["deck"] = deck
    if correction := as_text(fields.get("correction")):
        item["correction"] = correction
    _date(item, fields, order)
    language = language_code(fields.get("language", ""))
    item |= {"language": language} if language else {}
    url = re.search(r"https?://[^\s/]+/[^\s]+", fields.get("url", ""))
    item |= {"url": url[0]} if url else {}
    _notes(item, document)
    kept = {re.sub(r"[\s_-]+", "-", name.casefold()): value for name, value in fields.items()}
    if keep and keep not in item and (value := kept.get(re.sub(r"[\s_-]+", "-", keep.casefold()))):
        item[keep] = as_text(value)
    item["body"] = normal(document.body)
    return item


def _date(item: Item, fields: dict[str, str], order: Order | None) -> None:
    printed = as_text(fields.get("date"))
    date = (parse_date(printed, order=order) or find_date(printed, order=order)) if printed else None
    if date and "clock" in fields:
        date = find_date(f"{date:%Y-%m-%d} {fields['clock']}") or date
    if date:
        item["published"] = date
    elif printed:
        item["notes"].append(("published", printed))


def _notes(item: Item, document: Document) -> None:
    """What does not fit: a placeholder for a headline, fewer words than stated, text behind the end."""
    if "no-headline" in document.fields:
        item["notes"].append(("headline", document.fields["no-headline"]))
    words, have = words_stated(document.fields.get("length", "")), len(document.body.split())
    if words and have < SHORT * words and words - have > SLACK:
        item["notes"].append(("length", f"{document.fields['length']} stated, {have} words are there"))
    if document.behind:
        item["notes"].append(("body", f"behind the article: {document.behind}"))
