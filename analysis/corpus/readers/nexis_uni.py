"""The layout of Nexis Uni (Lexis Advance): a cover with a list of the documents, then of each the headline, the outlet,
the date, labels, the heading "Body", the text, the heading "Classification", more labels, "End of Document".
"""

from __future__ import annotations

import re
from typing import NamedTuple

from analysis.corpus.headlines import key
from analysis.corpus.readers.lexisnexis import body_of
from analysis.corpus.readers.nexis_blocks import Block, label_of
from analysis.corpus.readers.nexis_fields import TAIL, is_appended, is_copyright, is_date, is_edition, is_end, is_page
from analysis.corpus.readers.nexis_parts import Document, put, read_tail, tail_start

TOP = 60  # paragraphs at most between the date and the text
_COUNT = re.compile(
    r"(?:documents?|dokumente?|documentos?|documenti|documenten)\s*\(\s*(?P<n>\d{1,6})\s*\)", re.IGNORECASE
)
_TYPES = re.compile(r"Content Type|Inhaltstyp|Type de contenu|Tipo de contenido")
_ENTRY = re.compile(r"(?P<n>\d{1,5})\.\s*(?P<name>\S.*)", re.DOTALL)
_COVER = re.compile(
    r"(?:user name|date and time|job number|client/matter|search terms|search type|narrowed by|content type"
    r"|benutzername|datum und uhrzeit|job-?nummer|auftragsnummer|mandant|suchbegriffe?|suchtyp|eingegrenzt|inhaltstyp"
    r"|nom d.utilisateur|date et heure|num[ée]ro de t[âa]che|client|termes de recherche|type de recherche|filtr[ée]"
    r"|affin[ée] par|type de contenu|nombre de usuario|fecha y hora)\b[^.]{0,60}?(?::|$)",
    re.IGNORECASE,
)
_LEGAL = re.compile(r"\|?\s*(?:about|über|[àa] propos de) lexisnexis\s*\|", re.IGNORECASE)
_LINK = re.compile(
    r"(?:link to (?:image|story|original source|pdf|original document|article|full text)|graphique|bild)", re.I
)
_NONE = re.compile(r"no headline (?:in original|available)|kein titel|sans titre|\(?no headline\)?", re.IGNORECASE)


class Cover(NamedTuple):
    """What the list on top of an export says: how many documents (None where it does not), and their names."""

    count: int | None
    by: str
    names: list[str]


def counted(line: str) -> bool:
    """Whether a line is "Documents (10)"."""
    return len(line) < 60 and _COUNT.fullmatch(line) is not None


def read_cover(blocks: list[Block]) -> tuple[Cover, int]:
    """The cover that the blocks begin with, and how many of them it takes (0 where there is none)."""
    count, by, start = None, "", 0
    names: list[str] = []
    end = 0
    for place, block in enumerate(blocks):
        counted = _COUNT.fullmatch(block.text)
        entry = _ENTRY.match(block.text) if count is not None else None
        if counted and count is None and place < TOP:
            count, by, start, end = int(counted["n"]), block.text, place, place + 1
        elif entry and int(entry["n"]) == len(names) + 1 <= (count or 0):
            names.append(" ".join(entry["name"].split()))
            end = place + 1
        elif _is_of_cover(blocks, place, end, listed=count is not None):
            end = place + 1
        elif _ends_cover(block, names, count) or place > max(end, start) + 12:
            break
    return Cover(count, by, names), end


def _is_of_cover(blocks: list[Block], place: int, end: int, *, listed: bool) -> bool:
    """Whether a block is a line of the cover, or of its table of content types and sources."""
    text = blocks[place].text
    if _COVER.match(text) and (listed or place < 20):
        return True
    if place > end + 6:
        return False
    below = blocks[place + 1].text if place + 1 < len(blocks) else ""
    return _TYPES.search(text) is not None or (len(text) < 30 and _TYPES.search(below) is not None)


def _ends_cover(block: Block, names: list[str], count: int | None) -> bool:
    return is_date(block.text) or label_of(block, capitals=False) is not None or is_end(block.text)


def pieces(blocks: list[Block], names: list[str]) -> list[list[Block]]:
    """Blocks of each document, cut at the end marks and, where one is lost, at the head of the next document."""
    cut: list[list[Block]] = [[]]
    for block in blocks:
        cut[-1].append(block)
        if is_end(block.text):
            cut.append([])
    return [part for piece in cut if piece for part in _apart(piece, {key(name) for name in names})]


def _apart(piece: list[Block], names: set[str]) -> list[list[Block]]:
    """A piece that holds several texts, cut above the headline of each but the first."""
    heads = [place for place, block in enumerate(piece) if _is_body(block)]
    starts = [0]
    for body in heads:
        dated = _dated(piece, starts[-1], body)
        if dated is None:
            continue
        start = _head_start(piece, dated, starts[-1], names)
        before = piece[starts[-1] : start]
        if start > starts[-1] and any(_is_body(block) for block in before):
            starts.append(start)
    return [piece[start:end] for start, end in zip(starts, [*starts[1:], len(piece)], strict=True)]


def _is_body(block: Block) -> bool:
    found = label_of(block, capitals=False)
    return found is not None and found.field == "body" and not found.value


def _dated(blocks: list[Block], first: int, body: int) -> int | None:
    """The date line above the heading of the text; None where there is none near enough."""
    for place in range(body - 1, max(first, body - TOP) - 1, -1):
        if is_date(blocks[place].text):
            return place
        if is_end(blocks[place].text) or (_is_body(blocks[place]) and place < body):
            return None
    return None


def _head_start(blocks: list[Block], dated: int, first: int, names: set[str]) -> int:
    """Where the headline begins above a date: at a name of the list, else at the last gap above the outlet."""
    place = max(dated - 1, first)  # the outlet
    if place == first or _stops(blocks[place - 1]):
        return place
    place -= 1
    for above in range(place, max(first, place - 4) - 1, -1):
        if key(blocks[above].text) in names:
            return above
    while place > first and not blocks[place].gap and not _stops(blocks[place - 1]):
        place -= 1
    return place


def _stops(block: Block) -> bool:
    """Whether a block above a headline cannot be of it."""
    found = label_of(block, capitals=False)
    return (
        (found is not None and (found.field in TAIL or found.field == "body"))
        or is_end(block.text)
        or is_copyright(block.text)
        or _COVER.match(block.text) is not None
        or _ENTRY.match(block.text) is not None
        or len(block.text) > 500
    )


def document(piece: list[Block], names: set[str]) -> Document | None:
    """The parts of one document; None where the piece holds nothing but pages and the vendor's own lines."""
    ended = bool(piece) and is_end(piece[-1].text)
    blocks = [block for block in _paged(piece) if not is_end(block.text) and not _LEGAL.match(block.text)]
    if not blocks:
        return None
    fields: dict[str, str] = {}
    body = next((n for n, block in enumerate(blocks) if _is_body(block) and n and _is_head(blocks[:n])), None)
    labelled = [n for n, block in enumerate(blocks[:body] if body else blocks[:TOP]) if _is_label(block)]
    limit = body if body is not None else (labelled[0] if labelled else min(len(blocks), TOP))
    dated = _dated(blocks, 0, limit)
    if dated is None:
        dated = next((n for n in range(min(limit, len(blocks))) if is_date(blocks[n].text, vague=True) and n), None)
    start = 0 if dated is None else _head_start(blocks, dated, 0, names)
    top = _read_title(blocks, start, dated, limit, fields)
    text = _read_labels(blocks, top, body, fields)
    end = tail_start(blocks, text, capitals=False)
    seen, behind = read_tail(blocks[end:], fields, capitals=False)
    kept = [block for block in blocks[text:end] if not _LINK.fullmatch(block.text)]
    article = body_of(_without_titles(kept, fields.get("headline", "")), wrapped=False)
    if not article and fields.get("abstract"):
        article = fields.pop("abstract")
    return Document(None, None, fields, article, ended or seen, behind)


def _paged(blocks: list[Block]) -> list[Block]:
    """Blocks without "Page 3 of 12"; what stands beneath one is marked as ``named``, for it may repeat the title."""
    kept: list[Block] = []
    paged = False
    for block in blocks:
        if is_page(block.text):
            paged = True
        else:
            kept.append(block._replace(named=paged))
            paged = False
    return kept


def _without_titles(blocks: list[Block], headline: str) -> list[Block]:
    """Blocks without those beneath a page number that repeat the headline, whole or its beginning."""
    title = key(headline)
    return [b for b in blocks if not (b.named and key(b.text) and title.startswith(key(b.text.rstrip(" ."))))]


def _is_label(block: Block) -> bool:
    found = label_of(block._replace(named=False), capitals=False)
    return found is not None and found.field not in TAIL and found.field not in ("body", "source", "date", "show")


def _is_head(blocks: list[Block]) -> bool:
    return any(is_date(block.text) or _is_label(block) or is_copyright(block.text) for block in blocks[-TOP:])


def _read_title(blocks: list[Block], start: int, dated: int | None, limit: int, fields: dict[str, str]) -> int:
    """Headline, outlet and date into ``fields``; gives the index behind the date.

    Without a date line, the last of the lines above the first label or notice is taken for the date as printed, where
    there are three of them.
    """
    if dated is None:
        end = next((n for n in range(min(limit, len(blocks))) if is_copyright(blocks[n].text)), limit)
        lines = list(range(start, min(end, start + 6)))
        if end == len(blocks) or len(lines) > 5:
            return start
        dated = lines[-1] if len(lines) >= 3 else None
        title = lines[:-2] if dated is not None else lines[:1]
        outlet = lines[-2] if dated is not None else (lines[1] if len(lines) > 1 else None)
    else:
        outlet = dated - 1 if dated > start else None
        title = list(range(start, dated - 1))
    for n in title:
        if is_appended(blocks[n].text):
            put(fields, "appended", blocks[n].text)
        elif not (blocks[n].named and n + 1 in title and _repeats(blocks[n], blocks[n + 1])):
            put(fields, "headline", blocks[n].text)
    if outlet is not None:
        put(fields, "outlet", blocks[outlet].text)
    if dated is not None:
        put(fields, "date", blocks[dated].text)
    if fields.get("headline") and _NONE.fullmatch(fields["headline"]):
        fields["no-headline"] = fields.pop("headline")
    return max([start - 1, *title, *(n for n in (outlet, dated) if n is not None)]) + 1


def _repeats(title: Block, below: Block) -> bool:
    return key(below.text).startswith(key(title.text.rstrip(" .")))


def _read_labels(blocks: list[Block], top: int, body: int | None, fields: dict[str, str]) -> int:
    """Labels between the date and the text into ``fields``; gives where the text begins."""
    current = ""
    place = top
    while place < (body if body is not None else len(blocks)):
        block = blocks[place]
        found = label_of(block._replace(named=False), capitals=False)
        if found and found.field == "body":
            break
        if found:
            current = found.field
            put(fields, current, found.value)
        elif is_copyright(block.text):
            put(fields, "copyright", block.text)
        elif body is None and not (place < top + 3 and not current and is_edition(block.text)):
            if current not in ("deck", "abstract") or label_of(blocks[place - 1], capitals=False) != (current, ""):
                return place
            put(fields, current, block.text)
        else:
            put(fields, current or "edition", block.text)
        place += 1
    return place + 1 if body is not None else place
