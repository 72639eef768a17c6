"""Bytes → text: byte-order marks, the study's encoding, and what is no text at all."""

from __future__ import annotations

import codecs
import unicodedata

# Longer marks first: UTF-32's begins with UTF-16's.
_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_MAGIC = (
    (b"%PDF-", "PDF"),
    (b"PK\x03\x04", "ZIP or Office"),
    (b"\xd0\xcf\x11\xe0", "old Office"),
    (b"{\\rtf", "RTF"),
    (b"\x89PNG", "PNG"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"GIF87a", "GIF"),
    (b"GIF89a", "GIF"),
    (b"\x1f\x8b", "gzip"),
    (b"7z\xbc\xaf", "7-Zip"),
    (b"Rar!\x1a", "RAR"),
    (b"\xfd7zXZ", "xz"),
)


class Unreadable(Exception):
    """A source, or an item of one, that is no article. The message is the reason, for the table of rejects."""


def marked(data: bytes) -> str | None:
    """The encoding that a byte-order mark at the beginning says; None without one."""
    return next((name for mark, name in _MARKS if data.startswith(mark)), None)


def decode(data: bytes, encoding: str) -> str:
    """Text of ``data``: by its byte-order mark where it has one, else by ``encoding``; line ends become ``\\n``.

    The text is normalised to NFC. Raises Unreadable for an empty file, a binary one, and bytes that the encoding
    does not know (naming the first).
    """
    if not data:
        raise Unreadable("empty file")
    by_mark = marked(data)
    if not by_mark:
        _refuse_binary(data, encoding)
    try:
        text = data.decode(by_mark or encoding)
    except UnicodeDecodeError as error:
        byte = error.object[error.start : error.start + 1].hex()
        raise Unreadable(
            f"not {by_mark or encoding}: byte 0x{byte} at {error.start}; "
            "save the file as UTF-8, or set `encoding:` in study.yml (such as windows-1252)"
        ) from None
    except UnicodeError as error:
        raise Unreadable(f"not {by_mark or encoding}: {error}") from None
    if "\x00" in text:
        raise Unreadable("binary file, not text (it holds NUL characters)")
    refuse_surrogates(text)
    return normal(text)


def piecewise(data: bytes, encoding: str) -> bytes:
    """A file's bytes, of which each run of whole lines can be decoded by itself (`decode_piece`): without its
    byte-order mark, line ends as ``\\n``. Raises Unreadable where that may not give what `decode` gives.
    """
    if marked(data) not in (None, "utf-8-sig") or codecs.lookup(encoding).name != "utf-8":
        raise Unreadable("not UTF-8: it is decoded as a whole")
    if not marked(data):
        _refuse_binary(data, encoding)
    data = data.removeprefix(codecs.BOM_UTF8)
    if b"\x00" in data:
        raise Unreadable("binary file, not text (it holds NUL characters)")
    return data.replace(b"\r\n", b"\n").replace(b"\r", b"\n") if b"\r" in data else data


def decode_piece(data: bytes) -> str:
    """Text of some lines of a file, NFC. Raises Unreadable where it is no UTF-8."""
    try:
        return normal(data.decode())
    except UnicodeDecodeError as error:
        raise Unreadable(f"not UTF-8: {error.reason}") from None


def known_encoding(name: str | None) -> str | None:
    """Python's name of an encoding of text, Latin-1 and ASCII widened to Windows-1252; None if unknown."""
    try:
        found = codecs.lookup((name or "").strip().strip("\"'"))
    except (LookupError, ValueError):
        return None
    if not found._is_text_encoding or found.name in ("idna", "punycode", "unicode_escape", "raw_unicode_escape"):
        return None
    return "cp1252" if found.name in ("iso8859-1", "ascii") else found.name


def _refuse_binary(data: bytes, encoding: str) -> None:
    kind = next((name for magic, name in _MAGIC if data.startswith(magic)), None)
    if kind:
        raise Unreadable(f"binary file, not text (it begins like a {kind} file)")
    wide = codecs.lookup(encoding).name.startswith(("utf-16", "utf-32"))
    if not wide and b"\x00" in data:
        raise Unreadable(f"binary file, not text (a NUL byte at {data.index(0)})")


def refuse_surrogates(text: str) -> None:
    """Raise Unreadable where ``text`` holds half a surrogate pair, which no encoding can write."""
    if text.isascii():
        return
    try:
        text.encode("utf-8")
    except UnicodeEncodeError as error:
        raise Unreadable(f"not Unicode: half a surrogate pair at character {error.start}") from None


def normal(text: str) -> str:
    """``text`` in NFC, with ``\\n`` as its only line end."""
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return text if text.isascii() or unicodedata.is_normalized("NFC", text) else unicodedata.normalize("NFC", text)
