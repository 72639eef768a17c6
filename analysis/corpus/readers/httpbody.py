"""An HTTP response as an archive holds it → its status, headers and body, unpacked within bounds."""

from __future__ import annotations

import importlib
import re
import zlib
from typing import NamedTuple

from analysis.corpus.decoding import Unreadable

LARGEST = 64 << 20  # bytes of a body when unpacked
MOST_HEADERS = 1_000
_STATUS = re.compile(rb"HTTP/\d(?:\.\d)? +(\d{3})[^\n]*\n?")
_HEADERS_END = re.compile(rb"\r?\n\r?\n")
_SIZE = re.compile(rb"\s*([0-9a-fA-F]{1,8})[ \t]*(?:;[^\n]{0,500})?\r?\n")


class Response(NamedTuple):
    """Status, headers by names in lower case, the body as sent, and the body without chunks and packing."""

    status: int
    headers: dict[str, str]
    sent: bytes
    unchunked: bytes
    body: bytes


def is_http(block: bytes) -> bool:
    """Whether a block begins as an HTTP response does."""
    return _STATUS.match(block) is not None


def read_head(block: bytes) -> tuple[int, dict[str, str]]:
    """The status of the response in a block, and its headers."""
    match = _STATUS.match(block)
    end = _HEADERS_END.search(block)
    headers: dict[str, str] = {}
    for line in block[: end.start() if end else len(block)].split(b"\n")[1:MOST_HEADERS]:
        name, _, value = line.decode("latin-1").partition(":")
        headers.setdefault(name.strip().lower(), value.strip())
    return int(match[1]) if match else 0, headers


def read_response(block: bytes) -> Response:
    """The response in a block. Raises Unreadable where its body breaks off or cannot be unpacked."""
    status, headers = read_head(block)
    end = _HEADERS_END.search(block)
    sent = block[end.end() :] if end else b""
    whole = sent
    if "chunked" in headers.get("transfer-encoding", "").lower():
        whole = _unchunked(sent)
    body = whole
    for coding in reversed(re.findall(r"[\w-]+", headers.get("content-encoding", "").lower())):
        body = _unpacked(body, coding)
    _refuse_short(headers, whole, body)
    return Response(status, headers, sent, whole, body)


def is_whole(block: bytes) -> bool:
    """Whether a block holds a response up to the end that the response itself states."""
    if not is_http(block):
        return False
    headers, end = read_head(block)[1], _HEADERS_END.search(block)
    sent = block[end.end() :] if end else b""
    if "chunked" in headers.get("transfer-encoding", "").lower():
        return re.search(rb"\r?\n0+\r?\n\r?\n\s*\Z", sent[-100:]) is not None
    said = headers.get("content-length", "")
    return re.fullmatch(r"\d{1,12}", said) is not None and len(sent) >= int(said)


def _refuse_short(headers: dict[str, str], whole: bytes, body: bytes) -> None:
    """Unreadable where less is there than the server said. A byte or two are a matter of line ends, not of text."""
    said = headers.get("content-length", "")
    if body is not whole or "transfer-encoding" in headers or not re.fullmatch(r"\d{1,12}", said):
        return
    if len(whole) + 2 < int(said):
        raise Unreadable(f"the page breaks off: {len(whole)} of {said} bytes are there")


def _unchunked(data: bytes) -> bytes:
    """The data without its chunks' sizes. Archives may say so of data that has none: then it is left as it is."""
    parts: list[bytes] = []
    place = 0
    while size := _SIZE.match(data, place):
        length = int(size[1], 16)
        if not length:
            return b"".join(parts)
        part = data[size.end() : size.end() + length]
        parts.append(part)
        if len(part) < length:
            raise Unreadable("the page breaks off within a chunk")
        place = size.end() + length
    if not parts:
        return data
    if not data[place:].strip():  # only the last chunk, which is empty, is missing
        return b"".join(parts)
    raise Unreadable("the page's chunks are damaged")


def _unpacked(data: bytes, coding: str) -> bytes:
    """The data without one coding. Archives may say so of data that is unpacked already: then it is left as it is."""
    if coding in ("gzip", "x-gzip"):
        return _inflated(data, 31) if data.startswith(b"\x1f\x8b") else data
    if coding == "deflate":
        return _deflated(data)
    if coding == "br":
        return _brotli(data)
    if coding in ("identity", "utf-8", "none", "binary"):
        return data
    raise Unreadable(f"the page is packed as {coding[:20]!r}, which is not read")


def _inflated(data: bytes, width: int) -> bytes:
    parts: list[bytes] = []
    try:
        while data.startswith(b"\x1f\x8b") or not parts:
            unpacker = zlib.decompressobj(width)
            parts.append(unpacker.decompress(data, LARGEST + 1))
            if sum(map(len, parts)) > LARGEST:
                raise Unreadable(f"the page unpacks to more than {LARGEST:,} bytes")
            if not unpacker.eof:
                raise Unreadable("the page breaks off: its packed text has no end")
            data = unpacker.unused_data
    except zlib.error as error:
        raise Unreadable(f"the page's packed text is damaged ({str(error).rpartition(': ')[2]})") from None
    return b"".join(parts)


def _deflated(data: bytes) -> bytes:
    """Deflate comes with a zlib header or, from some servers, without one; or the data is unpacked already."""
    for width in (15, -15):
        try:
            if zlib.decompressobj(width).decompress(data, 1000):
                return _inflated(data, width)
        except zlib.error:
            continue
    return data


def _brotli(data: bytes) -> bytes:
    """Brotli is unpacked where a package for it is installed; it is no part of Python."""
    if data.lstrip()[:1] == b"<":
        return data
    try:
        brotli = importlib.import_module("brotli")
    except ImportError:
        raise Unreadable("the page is packed with Brotli; `pip install brotli` to read it") from None
    unpacker, parts = brotli.Decompressor(), []
    try:
        for place in range(0, len(data), 1 << 10):
            parts.append(unpacker.process(data[place : place + (1 << 10)]))
            if sum(map(len, parts)) > LARGEST:
                raise Unreadable(f"the page unpacks to more than {LARGEST:,} bytes")
    except brotli.error as error:
        raise Unreadable(f"the page's packed text is damaged ({str(error)[:60]})") from None
    return b"".join(parts)
