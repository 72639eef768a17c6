"""What stands amid an article without being of it: lines that a rule knows there, and paragraphs that say it again.

Notices of correction are part of what was published: they stay in the body, and are told apart in a column.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from analysis.corpus.cuts import Cut, classify
from analysis.corpus.furniture import load_rules
from analysis.corpus.headlines import key, n_words
from analysis.corpus.lines import Line

REPEATED = 10  # words from which on a paragraph that returns is a slip of the page and no refrain
PULLED, LONGEST_PULLED = 8, 60  # words of a line that repeats a part of a paragraph
QUOTED = 5  # words of such a line from which on it is looked at where it stands in quotation marks
_OPENING = "\"'“”„«»‘‹›"
BEGINNING = 12  # letters
MOST_LINES = 500  # of an article that is looked through for such lines


def cut_amid(lines: list[Line], known: dict[str, str], *, pulled: bool) -> tuple[list[Cut], list[Line]]:
    """The lines amid an article that are furniture wherever they stand, and the article's.

    ``known``: lines known from elsewhere, and their rules. Beside the rules of `furniture.yml` go a paragraph that
    stands there already (``repeated-paragraph``) and, with ``pulled``, a line that repeats a part of a longer one
    (``pull-quote``).
    """
    cuts: list[Cut] = []
    body: list[Line] = []
    for line in lines:
        cut = classify(line, "body", known)
        if cut:
            cuts.append(cut)
        else:
            body.append(line)
    again = repeats(body, pulled=pulled)
    cuts += [Cut(line, again[place]) for place, line in enumerate(body) if place in again]
    return cuts, [line for place, line in enumerate(body) if place not in again]


def repeats(lines: list[Line], *, pulled: bool) -> dict[int, str]:
    """The places of lines that say again what stands elsewhere → the rule."""
    found = dict.fromkeys(_slips(lines), "repeated-paragraph")
    if not pulled or len(lines) > MOST_LINES:
        return found
    names = {place: key(line.text) for place, line in enumerate(lines) if place not in found and _counts(line)}
    kept = [name for name in names.values() if name]
    whole = "\n".join(kept)
    for place, name in names.items():
        if name and n_words(lines[place].text) <= LONGEST_PULLED and whole.count(name) > 1:
            longer = any(name in other and len(other) > len(name) for other in kept)
            if longer:
                found[place] = "pull-quote"
    return found


def _slips(lines: list[Line]) -> Iterator[int]:
    """The places of paragraphs that stand there already. Of most, their beginnings are enough to tell."""
    begin = [_beginning(line.text) for line in lines] if len(lines) > 1 else []
    begun, seen = Counter(begin), set()
    for place, line in enumerate(lines if len(begun) < len(begin) else ()):
        if begun[begin[place]] > 1 and _counts(line):
            whole = key(line.text)
            if whole and whole in seen and n_words(line.text) >= REPEATED:
                yield place
            seen.add(whole)


def _beginning(text: str) -> str:
    """The first letters of a text's key."""
    begin = key(text[: 5 * BEGINNING])[:BEGINNING]
    return begin if len(begin) == BEGINNING else key(text)[:BEGINNING]


def _counts(line: Line) -> bool:
    """Whether a line is long enough to be looked at."""
    return n_words(line.text) >= (QUOTED if line.text[0] in _OPENING else PULLED)


def correction_of(paragraphs: list[str]) -> str | None:
    """The notices of correction among an article's paragraphs, as printed; None where there are none."""
    rules = load_rules()
    found = [text for text in paragraphs if rules.match(text, "kept")]
    return " ".join(found) or None
