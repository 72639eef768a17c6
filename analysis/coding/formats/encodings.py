"""Bytes → text: which encoding a dictionary is in, where it can be told."""

from __future__ import annotations

import re
from itertools import pairwise

import charset_normalizer

from analysis.coding.formats.entries import NoDictionary
from analysis.corpus.decoding import marked

ENOUGH = 100  # non-ASCII bytes: with fewer, statistics of bytes cannot tell one encoding from another
_BINARY = {b"PK\x03\x04": "a zip archive or Office file; save the sheet as CSV", b"%PDF": "a PDF", b"PAR1": "Parquet"}
# What word lists come in; of rarer encodings most differ in a few letters only, and would be met by chance.
_USUAL = (
    *("cp1252", "cp1250", "iso8859_2", "iso8859_15", "cp1251", "koi8_r", "iso8859_5", "cp1253", "cp1254", "cp1255"),
    *("cp1256", "cp1257", "cp932", "euc_jp", "gb18030", "big5", "cp949", "mac_roman"),
)
_ODD = re.compile(r"\ufffd|[\uff61-\uff9f]|[^\W\d_][^\w\s\x00-\x7f’‘‐‑·–—…]+[^\W\d_]|[²³¹¼½¾ºª][^\W\d_]|[\x80-\x9f]")
_WORD = re.compile(rb"[A-Za-z\x80-\xff]+")
_ASK = "give its encoding (--encoding windows-1252, iso-8859-2, shift_jis …) or save it as UTF-8"


def decode(data: bytes, encoding: str | None = None) -> tuple[str, str | None]:
    """The text of a file, and the encoding that had to be assumed (None where it was given or is certain).

    A byte-order mark is believed first, then ``encoding``, then UTF-8 if the bytes are valid UTF-8. Else the bytes
    must tell: with `ENOUGH` of them outside ASCII `charset_normalizer` is asked; with fewer, Windows-1252 is assumed
    if each stands in a word with ASCII letters (café, don’t), as in a Western list with a few accents.

    Raises:
        NoDictionary: a binary file, bytes that the encoding does not have, or an encoding that cannot be told.
    """
    for head, what in _BINARY.items():
        if data.startswith(head):
            raise NoDictionary(f"this is {what}")
    mark = marked(data)
    if mark or encoding:
        return _decoded(data, mark or encoding), None
    if b"\0" in data:
        raise NoDictionary(f"holds NUL bytes: a binary file, or text in UTF-16 without a byte-order mark; {_ASK}")
    try:
        return data.decode("utf-8"), None
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        where = f"not UTF-8 (byte 0x{data[error.start]:02X} in line {line})"
    guess = _guess(data)
    if guess is None:
        raise NoDictionary(f"{where}, and what it holds cannot tell which encoding it is in; {_ASK}")
    return _decoded(data, guess), guess


def _decoded(data: bytes, encoding: str) -> str:
    try:
        text = data.decode(encoding)
    except LookupError:
        raise NoDictionary(f"encoding {encoding!r} is none that Python knows, such as utf-8 or windows-1252") from None
    except UnicodeError as error:
        place = f" at byte {error.start}" if isinstance(error, UnicodeDecodeError) else ""
        raise NoDictionary(f"not {encoding}{place}; {_ASK}") from None
    text = text.removeprefix("\ufeff")
    if "\0" in text:
        raise NoDictionary(f"holds NUL characters when read as {encoding}; {_ASK}")
    return text


def _guess(data: bytes) -> str | None:
    """The encoding that the bytes speak for, or None where they leave it open."""
    if sum(byte > 127 for byte in data) < ENOUGH:
        words = [word for word in _WORD.findall(data) if max(word) > 127]
        western = all(min(word) < 128 for word in words) and _is_plausible(data.decode("cp1252", "replace"))
        return "windows-1252" if western else None
    for match in charset_normalizer.from_bytes(data, cp_isolation=list(_USUAL)):
        if _is_plausible(str(match)):
            # Kin of Windows-1252 come back under other names for the same text; the usual name says more.
            same = data.decode("cp1252", "replace") == str(match)
            return "windows-1252" if same else match.encoding
    return None


def _is_plausible(text: str) -> bool:
    """Whether words look like words: no sign inside one, no capital behind a small letter, no half-width kana."""
    return _ODD.search(text) is None and not any(
        small.islower() and big.isupper() for small, big in pairwise(text) if max(small, big) > "\x7f"
    )
