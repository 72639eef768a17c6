"""What sort of file it is, by its first bytes: coarse enough to know which readers need be asked.

Only the standard library is used and nothing is parsed, so that a small study waits for no parser that it does not
need.
"""

from __future__ import annotations

import codecs
import re
import zipfile
from pathlib import Path

from analysis.corpus.decoding import marked

HEAD = 65_536  # bytes that are looked at

_MAGIC = (
    (b"PAR1", "parquet"),
    (b"%PDF-", "pdf"),
    (b"{\\rtf", "rtf"),
    (b"WARC/", "warc"),
    (b"filedesc://", "warc"),
    (b"\x1f\x8b", "gzip"),
    (b"PK\x03\x04", "zip"),
    (b"PK\x05\x06", "zip"),  # an empty one
    (b"\xd0\xcf\x11\xe0", "ole"),
)
_OFFICE = (("word/", "docx"), ("xl/", "xlsx"))
# Comments and declarations may stand above the first element. Each turn eats at least four characters.
_ABOVE = re.compile(r"\s*(?:(?:<!--.{0,4000}?-->|<\?[^>]{0,2000}>)\s*){0,20}", re.DOTALL)
_HTML = re.compile(r"<(?:!doctype\s+html|html|head|body|title|meta|frameset)\b", re.IGNORECASE)
_XML = re.compile(r"<(?:!doctype\s|[a-z_][\w.:-]*[\s/>])", re.IGNORECASE)


def kind_of(head: bytes, path: Path) -> str:
    """One of parquet, pdf, rtf, warc, gzip, zip, docx, xlsx, ole, html, xml, text, empty, binary.

    ``head`` is the file's first `HEAD` bytes. ``docx`` and ``xlsx`` are told from other ZIP files by their parts.
    """
    if not head:
        return "empty"
    kind = next((kind for magic, kind in _MAGIC if head.startswith(magic)), None)
    if kind == "zip":
        return _office(path, head) or kind
    if kind:
        return kind
    if b"\x00" in head and marked(head) not in ("utf-16", "utf-32"):
        return "binary"
    text = as_text(head)
    above = _ABOVE.match(text)
    start = above.end() if above else 0
    if _HTML.match(text, start):
        return "html"
    return "xml" if _XML.match(text, start) or text.lstrip().startswith("<?xml") else "text"


def as_text(head: bytes) -> str:
    """The first bytes as text for sniffing, whatever they are: by their byte-order mark, as UTF-8, else as Latin-1.

    Line ends become ``\\n``. A character cut in two at the end is left out.
    """
    mark = marked(head)
    try:
        text = codecs.getincrementaldecoder(mark or "utf-8")("strict").decode(head)
    except UnicodeError:
        text = head.decode(mark or "latin-1", errors="replace")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _office(path: Path, head: bytes) -> str | None:
    """The kind of an Office file by the names of its parts; of one that breaks off, by those in its first bytes."""
    try:
        with zipfile.ZipFile(path) as file:
            names = file.namelist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        return next((kind for folder, kind in _OFFICE if folder.encode() in head), None)
    if "[Content_Types].xml" not in names:
        return None
    return next((kind for folder, kind in _OFFICE if any(name.startswith(folder) for name in names)), None)
