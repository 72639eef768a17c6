"""WARC and ARC: a page that was fetched is one article.

Read are the responses, resources and conversions that are HTML or plain text. Pictures, style sheets, redirects, error
pages and the like are no articles; how many were passed over, and of what sort, is told in one item a file. Nothing is
fetched. The day on which a page was fetched is not the day on which it was published: where the page has no date of
its own, it goes to the notes.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from analysis.corpus.decoding import Unreadable, decode, known_encoding
from analysis.corpus.readers import archived, httpbody, kinds
from analysis.corpus.readers.archived import Record
from analysis.corpus.readers.columns import Item, as_text

_PAGES = ("text/html", "application/xhtml+xml")
_TEXTS = ("text/plain",)
_UNSAID = ("", "unk", "no-type", "application/octet-stream")
_NO_PAGES = ("metadata", "dns", "whois", "ntp", "urn", "warc", "filedesc", "screenshot")  # schemes of crawlers
_ASIDE = ("warcinfo", "request", "metadata", "continuation")  # about pages, and none themselves
_CAPTURED = ("response", "resource", "conversion")


def sniff(head: bytes, path: Path) -> bool:
    """Whether it begins with a record, packed or not."""
    text = archived.unpacked_head(head) if head.startswith(archived.GZIP) else head
    return archived.begins_record(text.lstrip(b"\r\n \t").partition(b"\n")[0] + b"\n")


def read(path: Path, *, encoding: str, keep: str | None = None) -> Iterator[Item]:
    """One item a page, in the order of the file; a damaged record is an item with a reason, its neighbours are read.

    ``encoding`` is that of pages which do not declare one. Raises Unreadable where the file holds no page.
    """
    index = 0
    passed: Counter[str] = Counter()
    for record in archived.records(path):
        item = _item(record, encoding, passed)
        if item is not None:
            yield {"source_index": index, **item}
            index += 1
    if passed:
        sorts = ", ".join(
            f"{count} {sort}" for sort, count in sorted(passed.items(), key=lambda row: (-row[1], row[0]))
        )
        yield {"source_index": index, "reason": f"records that are no pages were passed over: {sorts[:400]}"}
    elif not index:
        raise Unreadable("no page in it, only records about pages (requests, metadata)")


def _item(record: Record, encoding: str, passed: Counter[str]) -> Item | None:
    """The item of a record; None where it is none, and then counted where it might have been taken for one."""
    if record.kind in _ASIDE and not record.wrong:
        return None
    if record.kind and record.kind not in (*_CAPTURED, *_ASIDE) and not record.wrong:
        passed["revisit of an earlier capture" if record.kind == "revisit" else record.kind[:40]] += 1
        return None
    uri = as_text(record.headers.get("warc-target-uri", "").strip("<> ")) or ""
    where = f"{record.kind or 'record'} {uri[:100]}".strip()
    try:
        item = _page(record, uri, encoding, passed)
    except Unreadable as error:
        return {"reason": f"{where}: {error}"}
    if item is None:
        return None
    if "reason" in item:
        return {"reason": f"{where}: {item['reason']}"}
    fetched = as_text(record.headers.get("warc-date"))
    item.setdefault("url", uri)
    if "published" not in item and fetched and not any(field == "published" for field, _ in item.get("notes", ())):
        item["notes"] = [*item.get("notes", ()), ("published", f"{fetched} (when the page was fetched)")]
    return item


def _page(record: Record, uri: str, encoding: str, passed: Counter[str]) -> Item | None:
    """The page in a record, None where it holds none. Raises Unreadable where it is damaged."""
    sort = record.headers.get("content-type", "")
    status = 200
    http = httpbody.is_http(record.block) and record.kind != "conversion"
    if http:
        status, headers = httpbody.read_head(record.block)
        sort = headers.get("content-type", "")
    sort, _, rest = sort.partition(";")
    sort = sort.strip().lower()
    aside = _no_page(record, uri, sort, status)
    if aside and not (record.wrong and not record.block):
        passed[aside] += 1
        return None
    if record.wrong and not httpbody.is_whole(record.block):
        raise Unreadable(record.wrong)
    if record.large:
        raise Unreadable(f"more than {archived.LARGEST:,} bytes, which no page has")
    cut = as_text(record.headers.get("warc-truncated"))
    if cut:
        raise Unreadable(f"the crawler cut the page off ({cut[:40]})")
    response = httpbody.read_response(record.block) if http else None
    _refuse_changed(record, response)
    body = response.body if response else record.block
    if not body.strip():
        raise Unreadable("no text in it")
    charset = re.search(r"charset\s*=\s*[\"']?([\w.:-]+)", rest, re.IGNORECASE)
    if sort in _UNSAID:
        kind = kinds.kind_of(body[: kinds.HEAD], Path())
        if kind not in ("html", "text"):
            passed["of unknown sort"] += 1
            return None
        sort = _PAGES[0] if kind == "html" else _TEXTS[0]
    if sort in _TEXTS:
        return {"page": decode(body, known_encoding(charset[1] if charset else None) or encoding), "notes": []}
    from analysis.corpus.readers import webpage  # its parser takes a quarter of a second to load

    return webpage.item_of(body, encoding=encoding, charset=charset[1] if charset else None)


def _no_page(record: Record, uri: str, sort: str, status: int) -> str | None:
    """Why a capture is no page, in words to be counted; None where it is one, or may be."""
    if not record.kind or record.kind in _ASIDE:
        return None
    scheme = uri.partition(":")[0].lower()
    if scheme in _NO_PAGES:
        return f"of the crawler's own ({scheme}:)"
    if not 200 <= status < 300:
        return f"with status {status}"
    if sort in _TEXTS and uri.split("?")[0].endswith("/robots.txt"):
        return "robots.txt"
    return None if sort in (*_PAGES, *_TEXTS, *_UNSAID) else sort[:40]


def _refuse_changed(record: Record, response: httpbody.Response | None) -> None:
    """Unreadable where no digest of the record is that of its bytes.

    One that fits is enough: that of the block covers headers too, which tools rewrite, and that of the payload is taken
    by some before and by others after chunks and packing are undone.
    """
    payloads = [response.sent, response.unchunked, response.body] if response else [record.block]
    stated = (("warc-block-digest", [record.block]), ("warc-payload-digest", payloads))
    fits: list[bool] = []
    for header, forms in stated:
        name, _, value = record.headers.get(header, "").partition(":")
        name = name.strip().lower().replace("-", "")
        if name in ("sha1", "sha256", "sha512", "md5") and value.strip():
            digests = (hashlib.new(name, form, usedforsecurity=False).digest() for form in forms)
            fits.append(any(_same(digest, value.strip()) for digest in digests))
    if fits and not any(fits):
        raise Unreadable("its bytes are not those that were stored (the digest is another)")


def _same(digest: bytes, value: str) -> bool:
    """Whether a digest is the one that is written in base 16, 32 or 64, of either alphabet."""
    written = value.rstrip("=")
    return (
        digest.hex() == written.lower()
        or base64.b32encode(digest).decode().rstrip("=") == written.upper()
        or base64.b64encode(digest).decode().rstrip("=") == written.replace("-", "+").replace("_", "/")
    )
