"""The text of a structured record → body, and what was cut from its two ends.

A record's text is trusted: but for paragraphs that stand twice, only its first and last lines are looked at, and only
lines that cannot be anything but furniture are cut (share and comment lines, the repeated headline, a notice of machine
writing, a source credit). The main text of a web page stands between a record and a page: its markup has told what is
what, but lines above, below and amid the article often come along, so that the rules of a page hold there.
"""

from __future__ import annotations

from typing import Any

from analysis.corpus.cuts import Cut, classify, particulars, with_body
from analysis.corpus.headlines import key, n_words, without_suffix
from analysis.corpus.lines import Line, ends_sentence, read_lines
from analysis.corpus.pages import read_tail
from analysis.corpus.residue import correction_of, cut_amid, repeats

AMID = 12  # letters of a headline or deck from which on it is cut amid the text, too
LABELS = 4  # lines at most above the headline in a web page's main text


def read_record(
    text: str, *, headline: str | None = None, deck: str | None = None, byline: str | None = None, web: bool = False
) -> dict[str, Any]:
    """The parts of a record's text: body, byline, agency, credit, disclosure, correction, published, and ``furniture``
    as of `read_page`.

    ``headline``, ``deck`` and ``byline`` are known from the record's other columns; lines that repeat the first two
    go, and the last may credit an agency. Lines are numbered
    from 1 within the text. ``web`` is for the main text of a web page.
    """
    lines = read_lines(text)
    known = _known(headline, deck if web else None)
    top = "head" if web else "records"
    cuts = _labels(lines, known) if web else []
    start, end = len(cuts), len(lines)
    while start < end and (cut := classify(lines[start], top, known)):
        cuts.append(cut)
        start += 1
    if web:
        foot, end = read_tail(lines, start, known)
        cuts += foot
        amid, body = cut_amid(
            lines[start:end], {name: rule for name, rule in known.items() if len(name) > AMID}, pulled=True
        )
    else:
        while end > start and (cut := classify(lines[end - 1], "records", {})):
            cuts.append(cut)
            end -= 1
        again = repeats(lines[start:end], pulled=False)
        amid = [Cut(lines[start + place], rule) for place, rule in again.items()]
        body = [line for place, line in enumerate(lines[start:end]) if place not in again]
    page = particulars([*cuts, *amid], byline=byline)
    page["furniture"] = sorted((cut.line.number, cut.line.text, cut.rule) for cut in [*cuts, *amid])
    paragraphs = [line.text for line in body]
    return {**with_body(page, paragraphs), "correction": correction_of(paragraphs)}


def _known(headline: str | None, deck: str | None) -> dict[str, str]:
    known = {key(deck): "repeated-deck"} if deck else {}
    if headline:
        known[key(headline)] = known[key(without_suffix(headline))] = "repeated-headline"
    known.pop("", None)
    return known


def _labels(lines: list[Line], known: dict[str, str]) -> list[Cut]:
    """The lines above a repeated headline, where they are all short: section, site, topic."""
    for place, line in enumerate(lines[: LABELS + 1]):
        if known.get(key(line.text)) == "repeated-headline":
            return [classify(above, "top", known) or Cut(above, "kicker") for above in lines[:place]]
        if n_words(line.text) > 8 or ends_sentence(line.text):
            return []
    return []
