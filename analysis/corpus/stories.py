"""Stories without texts (Media Cloud) and articles from other sources → articles that know what the stories say.

A story and an article are one where their addresses are the same, but for what does not matter in an address, or where
the article's source is a file named by the story's id.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import PurePosixPath
from typing import Any
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


def join_by_url(stubs: Sequence[Mapping[str, Any]], articles: Iterable[Row]) -> tuple[list[Row], list[int]]:
    """The articles with what the stories say, and the places in ``stubs`` of the stories that no article belongs to.

    ``stubs`` have ``id``, ``url`` and other columns; ``articles`` have ``url`` and ``source_file``. An article is
    that of the story whose address its own is, else of the one whose id names its file (``123.html``). Of a story's
    columns, an article takes those that it has not (`FILLED`). Neither input is changed.
    """
    by_address: dict[str, int] = {}
    by_id: dict[str, int] = {}
    for place, stub in enumerate(stubs):
        where = address(stub.get("url"))
        if where:
            by_address.setdefault(where, place)
        if stub.get("id"):
            by_id.setdefault(str(stub["id"]), place)
    joined: list[Row] = []
    found: set[int] = set()
    for article in articles:
        place = by_address.get(address(article.get("url")) or "")
        if place is None:
            place = by_id.get(PurePosixPath(str(article.get("source_file") or "")).stem)
        if place is not None:
            found.add(place)
            said = {name: stubs[place][name] for name in FILLED if stubs[place].get(name)}
            article = said | {name: value for name, value in article.items() if value is not None}
        joined.append(article)
    told = {_same(stubs[place]) for place in found}
    return joined, [place for place, stub in enumerate(stubs) if place not in found and _same(stub) not in told]


def _same(stub: Mapping[str, Any]) -> str:
    """What two rows about one story have in common."""
    return address(stub.get("url")) or f"id {stub.get('id')}"
