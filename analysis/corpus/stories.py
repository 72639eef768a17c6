"""Stories without texts (Media Cloud) and articles from other sources → articles that know what the stories say.

A story and an article are one where their addresses are the same, but for what does not matter in an address, or where
the article's source is a file named by the story's id.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from pathlib import PurePosixPath
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit

Row = dict[str, Any]

FILLED = ("outlet", "published", "headline", "byline", "url", "language")
_TRACKING = re.compile(
    r"utm_\w+|fbclid|gclid|dclid|msclkid|yclid|igshid|mc_[ce]id|_ga|_hs\w+|mkt_tok|cmpid|cmp|ocid|ito|icid|xtor|smid|"
    r"ns_\w+|at_\w+|wt_?mc\w*|ref|ref_?src|referrer|source|share|sh|partner|guccounter|feature|amp|outputtype",
    re.IGNORECASE,
)
_HOST = re.compile(r"^(?:www\d?|m|mobile|amp)\.(?=[^.]+\.)")
_PORT = re.compile(r":(?:80|443)$")


def address(url: str | None) -> str | None:
    """A URL for comparison: without scheme, ``www.``, port, closing slash, fragment and tracking parameters, the host
    in lower case, the parameters sorted; None where it is no URL.

    >>> address("HTTPS://www.Gull.example/a/?utm_source=x&b=2&a=1#top")
    'gull.example/a?a=1&b=2'
    """
    try:
        parts = urlsplit((url or "").strip() if "//" in (url or "") else f"//{(url or '').strip()}")
        host = _HOST.sub("", _PORT.sub("", parts.netloc.rpartition("@")[2].casefold()))
        asked = sorted(
            (name, value)
            for name, value in parse_qsl(parts.query, keep_blank_values=True, max_num_fields=200)
            if not _TRACKING.fullmatch(name)
        )
    except ValueError:
        return None
    if "." not in host or " " in host:
        return None
    path = unquote(parts.path).rstrip("/")
    path = re.sub(r"/(?:amp|index\.(?:html?|php))$", "", path)
    return host + path + (f"?{urlencode(asked)}" if asked else "")


class Stories(NamedTuple):
    """Stories (with ``id``, ``url`` and other columns) and where those of an address and of an id stand."""

    rows: Sequence[Mapping[str, Any]]
    by_address: dict[str, int]
    by_id: dict[str, int]


def index(rows: Sequence[Mapping[str, Any]]) -> Stories:
    """Stories to be found; of several with one address or id the first."""
    by_address: dict[str, int] = {}
    by_id: dict[str, int] = {}
    for place, row in enumerate(rows):
        where = address(row.get("url"))
        if where:
            by_address.setdefault(where, place)
        if row.get("id"):
            by_id.setdefault(str(row["id"]), place)
    return Stories(rows, by_address, by_id)


def story_of(article: Row, source_file: str, stories: Stories) -> int | None:
    """The place of the story that an article tells: the one whose address its own is, else the one whose id names its
    file (``123.html``); None if there is none."""
    place = stories.by_address.get(address(article.get("url")) or "")
    return stories.by_id.get(PurePosixPath(source_file).stem) if place is None else place


def with_story(article: Row, story: Mapping[str, Any]) -> Row:
    """An article with those columns of a story that it has not (`FILLED`)."""
    said = {name: story[name] for name in FILLED if story.get(name)}
    return said | {name: value for name, value in article.items() if value is not None}


def untold(stories: Stories, found: Collection[int]) -> list[int]:
    """The places of the stories that none of those found tells."""
    told = {_same(stories.rows[place]) for place in found}
    return [place for place, row in enumerate(stories.rows) if place not in found and _same(row) not in told]


def _same(stub: Mapping[str, Any]) -> str:
    """What two rows about one story have in common."""
    return address(stub.get("url")) or f"id {stub.get('id')}"
