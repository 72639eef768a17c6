"""Looking along the tags of a unit: what stands at a place, where a tag comes first or last, what a stretch is made of.

The rules of attribution (`sources`, `clauses`, `contents`, `reports`) are compiled loops over codes of tags (uint8,
`grammar.letters` makes tables of them). Places count from the unit's first; 0 stands for no tag, as before the first
and behind the last.
"""

from __future__ import annotations

import numba

compiled = numba.njit(nogil=True, cache=True)


@compiled
def tag_at(tags, place):
    """The tag at a place; 0 outside."""
    return tags[place] if 0 <= place < len(tags) else 0


@compiled
def are(tags, place, first, second):
    """Whether two tags stand at a place and behind it."""
    return 0 <= place < len(tags) - 1 and tags[place] == first and tags[place + 1] == second


@compiled
def find(tags, tag, low, high):
    """The first place of a tag from a place up to another; -1 where there is none."""
    for place in range(low, min(high, len(tags))):
        if tags[place] == tag:
            return place
    return -1


@compiled
def rfind(tags, tag, low, high):
    """The last place of a tag from a place up to another; -1 where there is none."""
    for place in range(min(high, len(tags)) - 1, low - 1, -1):
        if tags[place] == tag:
            return place
    return -1


@compiled
def rfind_two(tags, first, second, low, high):
    """The last place of two tags in a row from a place up to another; -1 where there is none."""
    for place in range(min(high, len(tags)) - 2, low - 1, -1):
        if tags[place] == first and tags[place + 1] == second:
            return place
    return -1


@compiled
def any_of(tags, low, high, table):
    """Whether a stretch holds one of some tags."""
    for place in range(low, min(high, len(tags))):  # noqa: SIM110 - numba has no any() over a generator
        if table[tags[place]]:
            return True
    return False


@compiled
def all_of(tags, low, high, table):
    """Whether a stretch holds nothing but some tags."""
    for place in range(low, min(high, len(tags))):  # noqa: SIM110 - numba has no all() over a generator
        if not table[tags[place]]:
            return False
    return True
