"""The paragraphs of a body as numbers, by which those that return in other articles are found without the texts."""

from __future__ import annotations

import re
from hashlib import blake2b

from analysis.corpus.headlines import key

WORDS = 60  # of a line that returns in many articles, at most
NOTHING, LONG = 0, 1  # instead of hashes

_LETTER = re.compile(r"[^\W_]")


def line_keys(body: str) -> list[int]:
    """For each paragraph of a body `hashed`, or `LONG` where it has more than `WORDS` words."""
    return [_line_key(paragraph) for paragraph in body.split("\n\n")]


def _line_key(paragraph: str) -> int:
    # So many words have more characters than twice their number.
    if len(paragraph) > 2 * WORDS and len(paragraph.split(maxsplit=WORDS)) > WORDS and _LETTER.search(paragraph):
        return LONG
    return hashed(paragraph)


def hashed(paragraph: str) -> int:
    """64 bits of a paragraph's key (see `headlines.key`), neither of the numbers above; `NOTHING` where it has no
    letters."""
    name = key(paragraph)
    return int.from_bytes(blake2b(name.encode(), digest_size=8).digest(), "big") | 2 if name else NOTHING
