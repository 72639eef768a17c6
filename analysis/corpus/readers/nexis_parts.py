"""The parts of one document of LexisNexis or Nexis Uni that both layouts share: its fields, and where its text ends."""

from __future__ import annotations

from typing import NamedTuple

from analysis.corpus.readers.nexis_blocks import Block, label_of
from analysis.corpus.readers.nexis_fields import LONG, STRONG, TAIL, is_copyright, is_page


class Document(NamedTuple):
    """One document as printed. ``number`` and ``of``: those of "7 of 10 DOCUMENTS"; None where there is no such mark.

    ``fields`` are what stood behind labels, by our names (`nexis_fields`), and ``date``, ``outlet``, ``headline``.
    ``body`` is the text, with blank lines between its paragraphs. ``ended`` says whether what stands behind an
    article (load date, end mark) is there; ``behind``: text that stands behind these and belongs to no field.
    """

    number: int | None
    of: int | None
    fields: dict[str, str]
    body: str
    ended: bool
    behind: str = ""


def put(fields: dict[str, str], name: str, value: str) -> None:
    """Add a value to a field: what is printed twice is joined by a space; ``""`` changes nothing."""
    value = " ".join(value.split())
    if value:
        fields[name] = f"{fields[name]} {value}" if name in fields else value


def is_notice(block: Block) -> bool:
    """Whether every line of the block is a copyright notice or goes on with one."""
    return is_copyright(block.text.split("\n")[0]) and len(block.text) < 600


def tail_start(blocks: list[Block], first: int, *, capitals: bool) -> int:
    """The index at which what stands behind the text begins: labels and notices to the end of the document.

    From the end upwards as long as there are labels, copyright notices, centred lines, or paragraphs of a field that
    goes on over several; but not above ``first``. What stands below a label that no text ever has is never text.
    """
    start = len(blocks)
    while start > first:
        above = _above(blocks, start, first, capitals)
        if above is None:
            break
        start = above
    return _down(blocks, min(start, _strong(blocks, first, start, capitals)), capitals)


def _above(blocks: list[Block], start: int, first: int, capitals: bool) -> int | None:
    """The next index upwards that belongs to the tail; None where text stands there."""
    block = blocks[start - 1]
    found = label_of(block, capitals=capitals)
    if found and (found.field in TAIL or (found.field == "other" and start < len(blocks))):
        return start - 1
    if is_notice(block) or is_page(block.text) or (block.centred and start == len(blocks)):
        return start - 1
    length = 0
    for place in range(start - 1, max(first, start - 60) - 1, -1):
        found = label_of(blocks[place], capitals=capitals)
        if found and found.field in LONG:
            return place if length <= LONG[found.field] else None
        if found and found.field in TAIL and all(b.joined for b in blocks[place + 1 : start]):
            return place
        length += len(blocks[place].text)
    return None


def _strong(blocks: list[Block], first: int, start: int, capitals: bool) -> int:
    """The first strong label, from where labels go on upwards; ``start`` where there is none above it."""
    for place in range(first, start):
        found = label_of(blocks[place], capitals=capitals)
        if found and found.field in STRONG:
            while place > first and (above := _above(blocks[: place + 1], place, first, capitals)) is not None:
                place = above
            return place
    return start


def _down(blocks: list[Block], start: int, capitals: bool) -> int:
    """``start``, but below a label that is of the text since nothing but notices follows it."""
    if any(label_of(block, capitals=capitals) for block in blocks[start:]):
        return start
    while start < len(blocks) and not (
        is_notice(blocks[start]) or blocks[start].centred or is_page(blocks[start].text)
    ):
        start += 1
    return start


def read_tail(blocks: list[Block], fields: dict[str, str], *, capitals: bool) -> tuple[bool, str]:
    """Put the fields of a tail into ``fields``. Gives whether there were any, and the text that belongs to none."""
    current, seen = "", False
    lost: list[str] = []
    for block in blocks:
        found = label_of(block, capitals=capitals)
        if found:
            current = found.field if found.field in TAIL or found.field == "other" else f"{found.field} (behind)"
            seen = True
            put(fields, current, found.value)
        elif is_notice(block):
            put(fields, "copyright", block.text)
            current = "copyright" if block.joined else ""
        elif is_page(block.text):
            continue
        elif current in LONG or (current and block.joined):
            put(fields, current, block.text)
        elif block.centred:
            put(fields, "copyright", block.text)
        else:
            lost.append(block.text)
    return seen, "\n\n".join(lost)
