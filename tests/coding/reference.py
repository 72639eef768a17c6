"""The token rules once more, in plain Python over whole words: slow, short, written apart from the engine."""

from __future__ import annotations

import re
import unicodedata

_IDEOGRAPHS = ((0x3041, 0x309F), (0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xF900, 0xFAFF), (0x20000, 0x323AF))


def _code(character: str) -> str:
    """One ASCII letter for the class of a character, so that the rules can be one regular expression."""
    number = ord(character)
    category = unicodedata.category(character)
    if number > 0x3FFFF:
        return "m" if 0xE0100 <= number <= 0xE01EF else " "
    if category[0] == "L" and any(low <= number <= high for low, high in _IDEOGRAPHS):
        return "i"
    if character in "'’·":
        return "'"
    if character in "-‐‑":
        return "-"
    if character in ".,/":
        return character
    if character in "\u00ad\u200c\u200d\u2060":
        return "~"
    return {"L": "s" if character in "sS" else "l", "M": "m", "N": "d"}.get(category[0], " ")


# l and s are letters (s may be a clitic), m a mark, d a digit, i an ideograph.
_WORD = "[lsmd]"
_CLITIC = rf"'s(?!{_WORD}|i)"
_ONE = "m*[ls]m*"  # one letter, with marks
_RULES = re.compile(
    rf"""
    (?P<clitic>{_CLITIC})
    | (?P<ideograph>i m*)
    | (?P<word>
        {_WORD}
        (?: {_WORD}
          | ~ (?={_WORD})
          | (?!{_CLITIC}) ' (?=[ls])
          | (?<=d) ' (?=d)
          | - (?=[lsd])
          | (?<=d) [.,/] (?=d)
        )*
      )
    """,
    re.VERBOSE,
)


def tokens(text: str) -> list[tuple[int, int]]:
    """Start and end of each token."""
    codes = "".join(map(_code, text))
    found = []
    at = 0
    clitic_due = False
    while at < len(codes):
        if clitic_due:
            found.append((at, at + 2))
            at, clitic_due = at + 2, False
            continue
        end = _end(codes, at)
        if end is None:
            at += 1
            continue
        found.append((at, end))
        clitic_due = codes[at] != "i" and re.match(_CLITIC, codes[end:]) is not None
        at = end
    return found


def _end(codes: str, at: int) -> int | None:
    """End of the token that begins at ``at``, or None."""
    if codes[at] == "i":
        return at + len(re.match("im*", codes[at:]).group())
    if codes[at] not in "lsmd":
        return None
    end = at
    begin = at  # of the run that may be one letter of an acronym
    dotted = False
    while end < len(codes):
        rest = codes[end:]
        before = codes[end - 1] if end > at else " "
        if rest[0] in "lsmd" or re.match("~[lsmd]", rest):
            end += 1
        elif re.match(_CLITIC, rest):
            return end
        elif re.match("'[ls]", rest) or (before == "d" and re.match("'d", rest)):
            end += 1
        elif re.match("-[lsd]", rest):
            end += 1
            begin, dotted = end, False
        elif before == "d" and re.match("[.,/]d", rest):
            end += 1
        elif rest[0] == "." and re.fullmatch("(m|~)*[ls](m|~)*", codes[begin:end]):
            if re.match(r"\.[ls](?![lsmd'])", rest):
                end += 1
                begin, dotted = end, True
            elif dotted and not re.match(r"\.[lsmd]", rest):
                end += 1
                if not re.match("-[lsd]", codes[end:]):
                    return end
                end += 1
                begin, dotted = end, False
            else:
                return end
        else:
            return end
    return end


def matches(words: list[str], gaps: list[int], pattern: list[tuple[str, bool]]) -> set[tuple[int, int]]:
    """First token and one past the last of every match of a pattern: folded words, True where a gap stands before one.

    ``gaps``: what stands behind each token (0: neighbours follow, 2: a sentence ends). The words of a pattern may be
    joined by hyphens in any way where no gap parts them; each way has its shortest match at a token.
    """
    found = set()
    for ways in _joined(pattern):
        for first in range(len(words)):
            ends = {first} if _fits(ways[0][0], words[first]) else set()
            for glob, loose in ways[1:]:
                ends = {
                    end + step
                    for end in ends
                    for step in range(1, 5 if loose else 2)
                    if end + step < len(words)
                    and all(gap < 2 if loose else gap == 0 for gap in gaps[end : end + step])
                    and _fits(glob, words[end + step])
                }
            if ends:
                found.add((first, min(ends) + 1))
    return found


def _joined(pattern):
    """Every way to join the words of a pattern by hyphens."""
    head, *rest = pattern
    if not rest:
        return [[head]]
    ways = [[head, *way] for way in _joined(rest)]
    if not rest[0][1] and rest[0][0] != "*":
        ways += _joined([(f"{head[0]}-{rest[0][0]}", head[1]), *rest[1:]])
    return ways


def _fits(glob, word):
    written = "".join({"*": ".*", "?": "."}.get(character, re.escape(character)) for character in glob)
    return re.fullmatch(written, word) is not None
