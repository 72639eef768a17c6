"""The layout of LexisNexis since the 1990s: "1 of 10 DOCUMENTS", outlet, date, headline, labels in capitals, the text,
more labels, the copyright. Older files print the copyright on top and the headline behind a label.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from analysis.corpus.readers.nexis_blocks import Block, label_of, tidy, unwrapped
from analysis.corpus.readers.nexis_fields import (
    STRONG,
    TAIL,
    is_appended,
    is_clock,
    is_copyright,
    is_date,
    is_edition,
    mark,
)
from analysis.corpus.readers.nexis_parts import Document, is_notice, put, read_tail, tail_start

LONGEST_TOP = 900  # characters of outlet, date and headline
TOP = 40  # blocks within which the labels above the text stand
_BROKEN_MARK = re.compile(r"\d.{0,40}\b(?:DOCUMENTS?|DOKUMENTEN?)\b|\b(?:DOCUMENTS?|DOKUMENTEN?)\b.{0,40}\d")


class Piece(NamedTuple):
    """The blocks of one document, without its mark, and the numbers of the mark."""

    blocks: list[Block]
    number: int | None = None
    of: int | None = None


def pieces(blocks: list[Block], *, cover: bool) -> list[Piece]:
    """Blocks cut at the marks "7 of 10 DOCUMENTS", and where a mark is lost at the end of one article.

    ``cover``: what stands above the first mark is the cover of the file, where there is a mark.
    """
    places = [(place, found) for place, block in enumerate(blocks) if (found := mark(block.text))]
    first = places[0][0] if places else len(blocks)
    cut = [] if cover and places else [Piece(blocks[:first])]
    ends = [*(place for place, _ in places[1:]), *([len(blocks)] if places else [])]
    cut += [Piece(blocks[place + 1 : end], number, of) for (place, (number, of)), end in zip(places, ends, strict=True)]
    return [part for piece in cut for part in _apart(piece) if part.blocks or part.number]


def _apart(piece: Piece) -> list[Piece]:
    """A piece in which the tail of an article is followed by the head of another, cut there."""
    parts, start, ended = [], 0, None
    for place, block in enumerate(piece.blocks):
        found = label_of(block, capitals=True)
        if found and found.field in STRONG | {"language"}:
            ended = place
        elif found and found.field == "length" and ended is not None:
            end = ended + 1
            for inner in range(end, place):
                inside = label_of(piece.blocks[inner], capitals=True)
                lines = piece.blocks[inner].text.split("\n")
                if (inside and inside.field in TAIL) or (is_notice(piece.blocks[inner]) and all(map(_is_legal, lines))):
                    end = inner + 1
            parts.append(piece.blocks[start:end])
            start, ended = end, None
    parts.append(piece.blocks[start:])
    return [piece._replace(blocks=parts[0]), *(Piece(part) for part in parts[1:])]


def _is_legal(line: str) -> bool:
    return is_copyright(line) or "rights" in line.lower() or not re.search(r"\w", line)


def document(piece: Piece, *, wrapped: bool) -> Document:
    """The parts of one document. ``wrapped``: its lines were broken by the export (plain text)."""
    blocks = piece.blocks
    top, text = _top_and_text(blocks)
    fields: dict[str, str] = {}
    _read_head([block for block in blocks[:top] if not _BROKEN_MARK.fullmatch(block.text.strip())], fields)
    _read_labels(blocks[top:text], fields)
    end = tail_start(blocks, text, capitals=True)
    seen, behind = read_tail(blocks[end:], fields, capitals=True)
    body = body_of(_without_label(blocks, text, end), wrapped=wrapped)
    if not body and fields.get("abstract"):
        body = fields.pop("abstract")
    return Document(piece.number, piece.of, fields, body, seen, behind)


def _without_label(blocks: list[Block], text: int, end: int) -> list[Block]:
    """The blocks of the text, the first without ``BODY:``."""
    kept = blocks[text:end]
    found = label_of(kept[0], capitals=True) if kept else None
    if found and found.field == "body":
        value = kept[0].text.partition(":")[2].lstrip("\n")
        kept = [kept[0]._replace(text=value)] if value.strip() else []
        kept += blocks[text + 1 : end]
    return kept


def body_of(blocks: list[Block], *, wrapped: bool) -> str:
    """The text of blocks: a blank line between paragraphs, the line breaks within them that are not the export's."""
    texts = unwrapped(blocks) if wrapped else [block.text for block in blocks]
    joined = "".join(
        ("\n" if block.joined and not block.gap else "\n\n") + text for block, text in zip(blocks, texts, strict=True)
    )
    return tidy(joined)


def _top_and_text(blocks: list[Block]) -> tuple[int, int]:
    """Where the labels above the text begin, and where the text begins.

    The text begins at ``BODY:``, else behind the labels around LENGTH, else behind the first labels, else, where there
    is no label, behind the headline.
    """
    fields = [found.field if (found := label_of(block, capitals=True)) else None for block in blocks[:TOP]]
    tail = next((place for place, field in enumerate(fields) if field in STRONG), len(fields))
    named = [place for place in range(tail) if fields[place] and fields[place] not in TAIL | {"show", "source"}]
    body = next((place for place in named if fields[place] == "body" and place > 0), None)
    dated = next((place for place in range(tail) if _date_line(blocks[place])), None)
    if body is not None:
        return min(place for place in named if place <= body), body
    if not any(fields[place] == "length" for place in named):
        above = sum(len(block.text) for block in blocks[: named[0]]) if named else 0
        named = named if above <= LONGEST_TOP else []
    if not named:
        top = _below_headline(blocks, dated)
        return top, top
    anchor = next((place for place in named if fields[place] == "length"), named[0])
    text = anchor
    while text < tail and (_is_head(fields[text]) or (text > anchor and blocks[text].joined)):
        text += 1
        if text < tail and fields[text] is None and _goes_on(blocks, fields, text):
            text += 1
    return named[0], text


def _is_head(field: str | None) -> bool:
    return field is not None and field not in TAIL


def _goes_on(blocks: list[Block], fields: list[str | None], place: int) -> bool:
    """Whether an unlabelled block is the value of the label above, which stands alone on its line."""
    above = label_of(blocks[place - 1], capitals=True)
    return above is not None and not above.value and fields[place - 1] in ("deck", "headline", "dateline", "byline")


def _below_headline(blocks: list[Block], dated: int | None) -> int:
    """Where the text begins in a document without labels above it: behind the first line below the date."""
    place = 0 if dated is None else dated + 1
    while place < len(blocks) and (blocks[place].centred or is_notice(blocks[place]) or is_edition(blocks[place].text)):
        place += 1
    if dated is None:
        return 0 if place == 0 else place
    return min(place + 1, len(blocks)) if place + 1 < len(blocks) else place


def _date_line(block: Block) -> bool:
    return any(is_date(line) for line in block.text.split("\n"))


def _read_head(blocks: list[Block], fields: dict[str, str]) -> None:
    """Outlet, date, edition, headline: what stands above the first label."""
    lines = [(line.strip(), block) for block in blocks for line in block.text.split("\n") if line.strip()]
    dated = next((n for n, (line, _) in enumerate(lines) if is_date(line)), None)
    if dated is None:
        dated = next((n for n, (line, _) in enumerate(lines) if n and is_date(line, vague=True)), None)
    above = lines[:dated] if dated is not None else [line for line in lines if line[1].centred] or lines[:1]
    for line, _ in above:
        found = label_of(Block(line), capitals=True)
        if found:
            put(fields, found.field, found.value)
        elif is_copyright(line) or _is_legal(line):
            put(fields, "copyright", line)
        elif "outlet" not in fields:
            fields["outlet"] = " ".join(line.split())
        else:
            put(fields, "notice", line)
    if dated is not None:
        fields["date"] = " ".join(lines[dated][0].split())
    below = lines[dated + 1 :] if dated is not None else [line for line in lines if line not in above]
    _read_below_date(below, lines[dated][1] if dated is not None else None, fields)


def _read_below_date(lines: list[tuple[str, Block]], dated: Block | None, fields: dict[str, str]) -> None:
    """Edition lines, then the headline's block; further blocks are a deck."""
    headed: Block | None = None
    beneath = True  # no gap so far
    for place, (line, block) in enumerate(lines):
        later = block is not lines[-1][1]  # the lines of a block stand together
        beneath = beneath and dated is not None and not block.gap
        if headed is None and is_clock(line):
            put(fields, "clock", line)
        elif block is dated or (headed is None and (block.centred or (beneath and _gap_below(lines[place:])))):
            put(fields, "edition", line)
        elif is_copyright(line):
            put(fields, "copyright", line)
        elif is_appended(line):
            put(fields, "appended", line)
        elif headed is None and later and is_edition(line) and len(line.split()) <= 6:
            put(fields, "edition", line)
        elif headed is None or block is headed:
            headed = block
            put(fields, "headline", line)
        else:
            put(fields, "deck", line)


def _gap_below(lines: list[tuple[str, Block]]) -> bool:
    return any(block.gap for _, block in lines[1:])


def _read_labels(blocks: list[Block], fields: dict[str, str]) -> None:
    """The labels between headline and text."""
    current = ""
    for block in blocks:
        found = label_of(block, capitals=True)
        if found:
            current = found.field
            put(fields, current, found.value)
        elif current:
            put(fields, current, block.text)
        else:
            put(fields, "deck", block.text)
