"""Patterns over tokens: parsed once, and written in every way that a vocabulary has words for (`matching` finds them).

A pattern is words parted by spaces. ``*`` stands for any characters and ``?`` for one, inside a word; ``…`` (or
``...``) between words lets up to three words stand there. The words of a phrase are neighbours: nothing but spaces,
quotation marks and hyphens may part them, and no phrase, nor a gap, reaches over the end of a sentence. A compound is
found with a hyphen and with a space, whichever the pattern has. ``Kyiv's`` is two tokens, as in the text. Marks between
the words of a pattern stand for themselves (``AT&T``, ``rock & roll``, ``Washington, D.C.``), with spaces or without;
a period behind an abbreviation (``Mr.``) may be written or not.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache

from analysis.coding.tokens import tokenise
from analysis.coding.vocabulary import Vocabulary, form_of

LONGEST = 15  # words in a pattern: the reach of a match is kept in 64 bits
_GAP = ("…", "...")
_CLITIC = re.compile(r"^(.+)(['’][sS])$")
_WILD = re.compile(r"[*?]")
_CLOSING = re.compile("[\"“”„«»‘]|['’](?![^\\W_])")
_MARKS = frozenset("&/+@,.()–—-")  # what may stand between the words of a pattern, and is then asked for
_NEVER = (
    "can never match; a word holds letters, digits, inner apostrophes and hyphens, periods of acronyms, * and ?; "
    f"between words may stand {' '.join(sorted(_MARKS))}"
)
# One word beyond doubt; spares most words the tokeniser. Behind a hyphen, or an apostrophe that begins no clitic, it
# goes on.
_SURE = re.compile(r"[A-Za-z0-9]+(?:-[A-Za-z0-9]+|['’](?![sS](?![A-Za-z0-9]))[A-Za-z][A-Za-z0-9]*)*|['’][sS]")
# Hiragana and ideographs are words each; a run of letters and digits of any other script is one word.
_EACH = r"\u3041-\u309f\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af"
_PLAIN = re.compile(rf"[^\W_{_EACH}\U00040000-\U0010ffff]+")
_IDEOGRAPHS = re.compile(rf"(?:(?=[^\W_])[{_EACH}])+")


@lru_cache(maxsize=2**16)
def parse(pattern: str) -> tuple[tuple[str, bool | str], ...]:
    """The words of a pattern, each with what stands before it: True for a gap, a mark, or False for neither.

    Raises ValueError (to be read behind the pattern's name) where a word could never match a token.
    """
    if _SURE.fullmatch(pattern):  # most are one plain word
        return ((pattern, False),)
    words: list[tuple[str, bool | str]] = []
    before: bool | str = False
    for piece in unicodedata.normalize("NFC", pattern).replace("...", " … ").replace("…", " … ").split():
        if piece in _GAP:
            if not words:
                raise ValueError("begins with a gap; a gap stands between words")
            before = True
            continue
        clitic = _CLITIC.match(piece)
        for part in clitic.groups() if clitic else (piece,):
            inner, behind = _words_in(part)
            if inner and inner[0][1]:  # marks before the first word
                if not words:
                    raise ValueError(_NEVER)
                before = before if before is True else (before or "") + inner[0][1]
            if inner:
                words += [(word, mark if place else before) for place, (word, mark) in enumerate(inner)]
                before = behind or False
            elif words and before is not True:
                before = (before or "") + behind or False
            else:
                raise ValueError(_NEVER)
    if before is True:
        raise ValueError("ends with a gap; a gap stands between words")
    if before and before.strip(")"):
        raise ValueError(_NEVER)
    if not words:
        raise ValueError("has no word")
    if len(words) > LONGEST:
        raise ValueError(f"has {len(words)} words; at most {LONGEST} are allowed")
    return tuple(words)


def _words_in(piece: str) -> tuple[list[tuple[str, str]], str]:
    """The words that the tokeniser makes of a piece without spaces, each with the marks before it; and the last marks.

    A period behind the last is dropped: of an abbreviation it is no part of the token. Of marks alone there is no word.
    Quotation marks and an apostrophe behind a plural part no words, and are dropped.
    """
    if not _SURE.fullmatch(piece):
        piece = _CLOSING.sub("", piece)
    letters = _WILD.sub("x", piece)
    if _PLAIN.fullmatch(letters) or _SURE.fullmatch(letters):
        return [(piece, "")], ""
    if _IDEOGRAPHS.fullmatch(piece):
        return [(character, "") for character in piece], ""
    tokens = tokenise([letters])
    spans = list(zip(tokens.starts.tolist(), tokens.ends.tolist(), strict=True))
    if not spans and _MARKS.issuperset(piece):
        return [], piece
    edges = [0, *(end for _, end in spans)]
    between = "".join(piece[end:start] for end, (start, _) in zip(edges, spans, strict=False)) + piece[edges[-1] :]
    if not spans or not _MARKS.issuperset(between):
        raise ValueError(_NEVER)
    words = [(piece[start:end], piece[edges[place] : start]) for place, (start, end) in enumerate(spans)]
    return words, piece[edges[-1] :].strip(".")


def normal_form(pattern: str, *, sensitive: bool = False) -> str:
    """What two spellings of one pattern have in common: case (unless sensitive), spaces, hyphens, apostrophes."""
    words = [
        {True: "… ", False: ""}.get(before, f"{before} ") + form_of(word, sensitive=sensitive)
        for word, before in parse(pattern)
    ]
    return " ".join(words).replace("-", " ")


def spellings(words: Sequence[tuple[str, bool | str]], vocabulary: Vocabulary, *, sensitive: bool) -> list[list[tuple]]:
    """Every way to write a pattern with spaces or hyphens that the vocabulary has words for.

    Each is a list of (form, gap or mark before it). ``cease-fire talks`` may be written ``cease fire talks``, and
    ``cease fire`` as ``cease-fire``. A bare ``*`` beside a hyphen keeps it: ``Russian-*`` is not any word behind
    ``Russian``.
    """
    if len(words) == 1 and "-" not in words[0][0]:  # most: one word, written in one way
        return [list(words)] if len(vocabulary.types_of(words[0][0], sensitive=sensitive)) else []
    parts: list[tuple[str, bool | str]] = []
    for word, gap in words:
        pieces = word.split("-")
        keep = any(piece in ("", "*") for piece in pieces)
        parts.extend(
            [(word, gap)] if keep else ((piece, False if place else gap) for place, piece in enumerate(pieces))
        )
    found: list[list[tuple]] = []

    def go_on(at: int, chosen: list[tuple]) -> None:
        if at == len(parts):
            found.append(chosen)
            return
        joined, gap = parts[at]
        for beyond in range(at + 1, len(parts) + 1):
            if beyond > at + 1:
                part, parted = parts[beyond - 1]
                if parted or part[0] in "'’" or part == "*":
                    return
                joined = f"{joined}-{part}"
            if len(vocabulary.types_of(joined, sensitive=sensitive)):
                go_on(beyond, [*chosen, (joined, gap)])

    go_on(0, [])
    return found
