"""Ways to spoil a file, for `benchmarks.fuzz`: each takes a random generator and bytes, and gives other bytes."""

from __future__ import annotations

import gzip
import io
import json
import random
import re
import struct
import zipfile
import zlib
from collections.abc import Callable

from benchmarks.fuzz_seeds import zipped

TOKENS = (
    b"\x00",
    b"\xff\xfe",
    b"\xef\xbb\xbf",
    b"\xed\xa0\x80",
    b"\x1b]0;x\x07",
    b"\r",
    b'"',
    b"]]>",
    b"<!--",
    b"<![CDATA[",
    b"<script>window.hit=1</script>",
    b'"><img src=x onerror=alert(1)>',
    b"&#0;&#xD800;&#x110000;&lol;",
    b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd"><!ENTITY b "&b;">]>&a;',
    b'=HYPERLINK("http://a.example","b")',
    b"\\ud800",
    b"\\'",
    b"\\u-99999999999?",
    b"\\bin999999999 ",
    b"{\\object\\objdata ",
    b"Content-Length: -1\r\n",
    b"Transfer-Encoding: chunked\r\n",
    b'Content-Type: multipart/mixed; boundary=""\r\n',
    b"Content-Transfer-Encoding: base64\r\n",
    b"WARC/1.0\r\n",
    b"%PDF-1.4\n",
    b"99999999999999999999",
    b"1 of 99999999 DOCUMENTS\n",
    b"31 February 0000",
    b"1e999",
    b"../../../../etc/passwd",
    b"\xe2\x80\xae",
)
NESTS = (
    b"<div>",
    b"<table><tr><td>",
    b"<b>",
    b"{",
    b"[",
    b'{"a":',
    b"{\\b ",
    b"<<",
    b"(",
    b'"',
    b"> ",
    b"> - ",
    b"<a><p>",
)
NUMBERS = (b"0", b"-1", b"1", b"65536", b"2147483648", b"99999999999999999999", b"1e9", b"")
CHARSETS = (b"utf-16", b"utf-7", b"shift_jis", b"iso-2022-jp", b"x-none", b"idna", b"zlib", b"utf-8", b"latin-1")
ODD = (
    None,
    True,
    0,
    -1,
    1e308,
    float("nan"),
    10**400,
    "",
    " ",
    "\ud800",
    "\x00",
    [],
    {},
    ["a", 1, None],
    {"name": "a"},
)
LENGTHS = (0, 1, 0x7FFFFFFF, 0xFFFFFFFF)

Mutation = Callable[[random.Random, bytes], bytes]


def _span(draw: random.Random, data: bytes, most: int = 2000) -> tuple[int, int]:
    start = draw.randrange(len(data) + 1)
    return start, min(len(data), start + draw.randint(0, min(most, max(1, len(data) // 2))))


def _insert(draw: random.Random, data: bytes, piece: bytes) -> bytes:
    at = draw.randrange(len(data) + 1)
    return data[:at] + piece + data[at:]


def cut_end(draw: random.Random, data: bytes) -> bytes:
    """The file breaks off."""
    return data[: draw.randrange(len(data) + 1)]


def cut_head(draw: random.Random, data: bytes) -> bytes:
    """The file begins in its middle."""
    return data[draw.randrange(len(data) + 1) :]


def cut_out(draw: random.Random, data: bytes) -> bytes:
    """A block is missing."""
    start, end = _span(draw, data)
    return data[:start] + data[end:]


def flip(draw: random.Random, data: bytes) -> bytes:
    """Some bits are wrong."""
    made = bytearray(data)
    for _ in range(draw.choice((1, 1, 2, 8, 64)) if made else 0):
        made[draw.randrange(len(made))] ^= 1 << draw.randrange(8)
    return bytes(made)


def noise(draw: random.Random, data: bytes) -> bytes:
    """A block of random bytes in place of another."""
    start, end = _span(draw, data, 400)
    return data[:start] + draw.randbytes(end - start) + data[end:]


def double(draw: random.Random, data: bytes) -> bytes:
    """A block stands twice, or many times."""
    start, end = _span(draw, data)
    return data[:end] + data[start:end] * draw.choice((1, 1, 2, 50)) + data[end:]


def swap(draw: random.Random, data: bytes) -> bytes:
    """Two neighbouring blocks in the wrong order."""
    start, middle = _span(draw, data)
    end = min(len(data), middle + draw.randint(0, 2000))
    return data[:start] + data[middle:end] + data[start:middle] + data[end:]


def nul(draw: random.Random, data: bytes) -> bytes:
    """NUL bytes."""
    return _insert(draw, data, b"\x00" * draw.choice((1, 1, 10, 5000)))


def long_line(draw: random.Random, data: bytes) -> bytes:
    """A line of up to a million characters."""
    piece = draw.choice(
        (b"x", b" ", b"a ", b"\xc3\xa4", b"-", b"=", b'"', b"<", b"&", b"\\", b"(", b"1", b".", b"\t", b"_")
    )
    return _insert(draw, data, piece * draw.choice((1000, 30_000, 300_000)))


def many_lines(draw: random.Random, data: bytes) -> bytes:
    """Very many short lines."""
    return _insert(draw, data, draw.choice((b"\n", b"\r\n", b"x\n", b",\n", b"{}\n", b"<br>\n", b"\r")) * 20_000)


def nest(draw: random.Random, data: bytes) -> bytes:
    """Deep nesting that never ends."""
    return _insert(draw, data, draw.choice(NESTS) * draw.choice((50, 2000, 50_000)))


def token(draw: random.Random, data: bytes) -> bytes:
    """Pieces of markup, of protocols and of attacks in the wrong place."""
    for _ in range(draw.choice((1, 2, 5))):
        data = _insert(draw, data, draw.choice(TOKENS))
    return data


def number(draw: random.Random, data: bytes) -> bytes:
    """A number that is another one: a length, a count, a date, an offset."""
    found = list(re.finditer(rb"\d+", data))
    if not found:
        return data
    one = draw.choice(found)
    return data[: one.start()] + draw.choice(NUMBERS) + data[one.end() :]


def field(draw: random.Random, data: bytes) -> bytes:
    """Four bytes of the file's own structure, such as a length in a ZIP, gzip or Parquet header."""
    marks = [found.end() for found in re.finditer(rb"PK(?:\x03\x04|\x01\x02|\x05\x06)|\x1f\x8b|PAR1", data)] or [0]
    at = draw.choice(marks) + draw.randrange(44)
    return data[:at] + struct.pack("<I", draw.choice(LENGTHS)) + data[at + 4 :]


def charset(draw: random.Random, data: bytes) -> bytes:
    """A lie about the encoding, or another one than is said."""
    said = list(re.finditer(rb"(?i)(?:charset|encoding)=[\"']?([\w-]+)|ansicpg(\d+)", data))
    if said and draw.random() < 0.6:
        one = draw.choice(said)
        start, end = one.span(1 if one[1] else 2)
        return data[:start] + draw.choice(CHARSETS) + data[end:]
    text = data.decode("utf-8", "replace")
    how = draw.choice(("utf-16", "utf-16-be", "utf-32", "latin-1", "cp1252", "utf-8-sig", "cp1251", "utf-7"))
    return text.encode(how, "replace")


def mixed(draw: random.Random, data: bytes) -> bytes:
    """One half in another encoding than the other."""
    middle = len(data) // 2
    return data[:middle] + charset(draw, data[middle:])


def value(draw: random.Random, data: bytes) -> bytes:
    """A JSON record with a value of another kind; of other files a token."""
    lines = data.split(b"\n")
    at = draw.randrange(len(lines))
    try:
        record = json.loads(lines[at])
        key = draw.choice(sorted(record))
    except (ValueError, TypeError, IndexError, RecursionError):
        return token(draw, data)
    odd = draw.choice(ODD)
    for _ in range(draw.choice((0, 1, 300)) if isinstance(odd, list | dict) else 0):
        odd = [{"name": odd}]
    lines[at] = json.dumps({**record, key: odd}).encode()
    return b"\n".join(lines)


PLAIN: tuple[Mutation, ...] = (
    cut_end, cut_head, cut_out, flip, flip, noise, double, swap, nul, long_line, many_lines, nest, token, token, number,
    number, field, charset, mixed, value,
)  # fmt: skip


def mutate(draw: random.Random, data: bytes) -> bytes:
    """One to three mutations; inside what is packed, half of the time."""
    for _ in range(draw.choice((1, 1, 2, 3))):
        data = _inside(draw, data) if draw.random() < 0.5 else draw.choice(PLAIN)(draw, data)
    return data


def _inside(draw: random.Random, data: bytes) -> bytes:
    """A mutation of a file in a ZIP (DOCX, XLSX) or of what gzip packed; of the bytes where nothing is packed."""
    one = draw.choice(PLAIN)
    try:
        if data[:2] == b"\x1f\x8b":
            return gzip.compress(one(draw, gzip.decompress(data)), 1, mtime=0)
        if data[:2] == b"PK":
            with zipfile.ZipFile(io.BytesIO(data)) as archive:
                members = {name: archive.read(name) for name in archive.namelist()}
            # What holds the text is more often spoiled than the rest.
            names = sorted(members, key=lambda name: len(members[name]), reverse=True)
            name = draw.choice(
                [*names, *names[:1] * 3, *(name for name in names if "document" in name or "sheet1" in name)]
            )
            members[name] = one(draw, members[name])
            return zipped(members)
    except (OSError, EOFError, zlib.error, zipfile.BadZipFile, ValueError, NotImplementedError, RuntimeError, KeyError):
        pass  # spoiled already
    return one(draw, data)
