"""What a file said → a codebook: patterns cleaned, refused or mended, categories joined, the kind decided."""

from __future__ import annotations

import math
import re
import unicodedata
from collections import defaultdict

from analysis.coding import patterns
from analysis.coding.codebook import Codebook, Variable, spelling
from analysis.coding.formats.entries import CHANGED, LEFT_OUT, MERGED, Content, Entry, Loss, NoDictionary, shown

_SENSE = re.compile(r"(?<=\w)#\d+$")  # ABOUT#1: a sense of a word in the General Inquirer
_EDGES = re.compile(r"^[\"“”‘’'#@(\[-]*([^\W_][\w'’*? -]*[\w*?])[\"“”‘’'.,;:!)\]-]*$")
_QUOTED = re.compile(r"['‘’]?\w['‘’]?")  # rock 'n' roll
_LETTERS = re.compile(r"[^\W\d_]{2}")
_SLUG = re.compile(r"[^\w.-]+")

Listed = dict[str, dict[str, dict[str, float]]]  # variable → category → pattern → weight


def build(content: Content, *, name: str, description: str) -> tuple[Codebook, list[Loss]]:
    """The codebook of a file's content, and all that it does not carry over, in order of lines.

    Patterns are lower-cased, blanks and underscores made single spaces, and stand once in a category. Names of nested
    categories are joined with a period; a category without patterns is left out. Without weights, or with no weight
    but 1, each category is counted for itself (kind *presence*); else the kind is *scale*. In a scale a pattern can
    have one weight only: where categories share patterns, each becomes a variable of its own.

    Raises:
        NoDictionary: not one pattern is left.
    """
    losses = list(content.losses)
    scale = content.scale or any(entry.weight not in (None, 1) for entry in content.entries)
    listed = _listed(content, _slug(name), scale, losses)
    losses += _without_patterns(content, listed)
    if not listed:
        first = next((f"; the first: {loss.what!r}: {loss.reason}" for loss in losses if loss.effect == LEFT_OUT), "")
        raise NoDictionary(f"holds no pattern that can be carried over{first}")
    variables = {}
    for variable, categories in listed.items():
        if not scale:
            only = {category: list(weights) for category, weights in categories.items()}
            variables[variable] = Variable(kind="presence", categories=only)
        elif _contested(categories):
            reason = "categories share patterns, of which a scale can hold one: each category is a variable of its own"
            losses.append(Loss(1, CHANGED, variable, reason))
            for category, weights in categories.items():
                variables[_free(_slug(category), variables)] = Variable(kind="scale", categories={category: weights})
        else:
            variables[_free(variable, variables)] = Variable(kind="scale", categories=categories)
    losses = sorted(dict.fromkeys(losses), key=lambda loss: loss.line)
    book = Codebook(
        name=_slug(name), version="1.0.0", description=description, notes=_notes(losses), variables=variables
    )
    return book, losses


def clean(text: str) -> str:
    """A pattern as codebooks write it: NFC, small letters, single spaces; an underscore joins words of a phrase."""
    return " ".join(unicodedata.normalize("NFC", text.lower()).replace("_", " ").split())


def mend(pattern: str) -> tuple[str, str]:
    """A pattern with what the text's words never hold at their edges taken off, and the reason to give.

    ``etc.`` is read as ``etc``, ``#vote`` as ``vote``, ``about#1`` (a sense) as ``about``: words are found without
    these marks. Marks inside (``b/c``), and what has no two letters in a row (``:d``), are not mended.
    """
    bare = _SENSE.sub("", pattern)
    if bare != pattern:
        return bare, f"senses of a word are not told apart; read as {shown(bare)!r}"
    pieces = [_EDGES.fullmatch(piece) for piece in pattern.split(" ")] if len(pattern) < 1000 else [None]
    if not all(pieces) or not any(_LETTERS.search(piece[1]) for piece in pieces):
        return pattern, ""
    if any(
        piece[0] != piece[1] and not _LETTERS.search(piece[1]) and not _QUOTED.fullmatch(piece[0]) for piece in pieces
    ):
        return pattern, ""
    parted = any(piece[0][-1] in ",;:!" for piece in pieces[:-1])  # words of a phrase are neighbours
    mended = " ".join(piece[1] for piece in pieces)
    return (pattern, "") if parted else (mended, f"marks beside a word are no part of it; read as {shown(mended)!r}")


def _listed(content: Content, name: str, scale: bool, losses: list[Loss]) -> Listed:
    """The patterns by variable and category, both in the order in which the file names them."""
    found: Listed = defaultdict(lambda: {".".join(path): {} for path in content.categories})
    lines: dict[tuple[str, str, str], tuple[int, float]] = {}
    known: dict[str, tuple[str | None, Loss | None]] = {}
    for entry in content.entries:
        if entry.text not in known:
            known[entry.text] = _pattern(entry)
        pattern, loss = known[entry.text]
        if loss:
            losses.append(loss._replace(line=entry.line))
        weight = 1.0 if entry.weight is None else entry.weight
        if pattern is None:
            continue
        if not math.isfinite(weight):
            losses.append(Loss(entry.line, LEFT_OUT, shown(entry.text), f"its weight is {weight}"))
            continue
        variable, category = _slug(entry.variable or name), ".".join(entry.path)
        key = (variable, category, spelling(pattern))
        if key in lines:
            losses.append(_again(entry, pattern, category, weight if scale else 1.0, *lines[key]))
        else:
            lines[key] = (entry.line, weight if scale else 1.0)
            found[variable][category][pattern] = weight
    full = {
        variable: {category: words for category, words in categories.items() if words}
        for variable, categories in found.items()
    }
    return {variable: categories for variable, categories in full.items() if categories}


def _pattern(entry: Entry) -> tuple[str | None, Loss | None]:
    """The pattern of an entry, None where there is none, and what was lost on the way."""
    pattern = clean(entry.text)
    try:
        patterns.parse(pattern)
        return pattern, None
    except ValueError as error:
        reason = str(error)
    mended, said = mend(pattern)
    try:
        patterns.parse(mended)
        return mended, Loss(entry.line, CHANGED, shown(entry.text), said)
    except ValueError:
        return None, Loss(entry.line, LEFT_OUT, shown(entry.text), reason)


def _again(entry: Entry, pattern: str, category: str, weight: float, line: int, before: float) -> Loss:
    """What is said of a pattern that its category has already."""
    where = f"stands in {category!r} before, in line {line}"
    if weight != before:
        return Loss(
            entry.line, LEFT_OUT, shown(entry.text), f"{where}, with weight {before:g}: this {weight:g} is not used"
        )
    return Loss(entry.line, MERGED, shown(entry.text), where + ("" if pattern == entry.text else f", as {pattern!r}"))


def _without_patterns(content: Content, listed: Listed) -> list[Loss]:
    """Categories that end up empty, but for those that only hold other categories."""
    kept = {category for categories in listed.values() for category in categories}
    holders = {path[:depth] for path in content.categories for depth in range(1, len(path))}
    return [
        Loss(line, LEFT_OUT, shown(".".join(path)), "a category without patterns")
        for path, line in content.categories.items()
        if ".".join(path) not in kept and path not in holders
    ]


def _contested(categories: dict[str, dict[str, float]]) -> bool:
    """Whether a pattern stands in two categories, however it is spelled."""
    home: dict[str, str] = {}
    for category, weights in categories.items():
        for pattern in weights:
            if home.setdefault(patterns.normal_form(pattern), category) != category:
                return True
    return False


def _slug(name: str) -> str:
    """A name as codebooks and variables have it: letters, digits, period, hyphen, underscore."""
    return _SLUG.sub("-", name).strip("-") or "dictionary"


def _free(name: str, taken: dict) -> str:
    """The name, with a number behind it where it is taken."""
    number = 2
    while (free := name if number == 2 and name not in taken else f"{name}-{number}") in taken:
        number += 1
    return free


def _notes(losses: list[Loss]) -> str | None:
    """How much was not carried over, for the codebook's own notes."""
    counts = {effect: sum(loss.effect == effect for loss in losses) for effect in (LEFT_OUT, CHANGED, MERGED)}
    said = ", ".join(f"{count} {effect}" for effect, count in counts.items() if count)
    return f"Entries of the file that are not here as they stood there: {said}." if said else None
