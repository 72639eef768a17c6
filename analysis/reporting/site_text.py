"""A text with stretches marked: nested elements that may overlap are cut so that the HTML is well formed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from itertools import pairwise


@dataclass(frozen=True)
class Mark:
    """A stretch of a text and how it is marked.

    ``rank``: what has the lower rank stands outside. ``kind``: the class of its element. ``name``: its id on the page,
    given to the first piece only. ``label``: HTML put behind its last piece, inside the element.
    """

    start: int
    end: int
    rank: int
    kind: str
    tag: str = "span"
    name: str = ""
    label: str = ""


def marked(text: str, marks: Sequence[Mark], *, start: int = 0, end: int | None = None) -> str:
    """The text from ``start`` to before ``end`` as HTML with its marks; a mark that goes on beyond is cut there."""
    end = len(text) if end is None else end
    within = sorted(
        (one for one in marks if one.start < end and one.end > start),
        key=lambda one: (one.rank, one.start, -one.end, one.kind, one.name),
    )
    cuts = sorted({start, end, *(place for one in within for place in (one.start, one.end) if start < place < end)})
    html, open_now = [], []
    for begin, stop in pairwise(cuts):
        here = [one for one in within if one.start <= begin and one.end >= stop]
        same = next((n for n, (a, b) in enumerate(zip(open_now, here, strict=False)) if a is not b), None)
        same = min(len(open_now), len(here)) if same is None else same
        html += [_closing(one, begin) for one in reversed(open_now[same:])]
        html += [_opening(one, begin) for one in here[same:]]
        html.append(escape(text[begin:stop]))
        open_now = here
    return "".join(html + [_closing(one, end) for one in reversed(open_now)])


def paragraphs(text: str, marks: Sequence[Mark]) -> str:
    """A body as paragraphs, which blank lines part."""
    found, start = [], 0
    for part in text.split("\n\n"):
        if part.strip():
            found.append(f"<p>{marked(text, marks, start=start, end=start + len(part))}</p>")
        start += len(part) + 2
    return "\n".join(found)


def _opening(one: Mark, place: int) -> str:
    name = f' id="{one.name}"' if one.name and place == one.start else ""
    return f'<{one.tag} class="{one.kind}"{name}>'


def _closing(one: Mark, place: int) -> str:
    return f"{one.label if place == one.end else ''}</{one.tag}>"
