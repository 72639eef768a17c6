"""Office files (DOCX, XLSX): ZIP containers of XML parts, unpacked within bounds and parsed without entities.

A container states the size of each part before it is unpacked, and may lie; so parts are unpacked with a limit. Office
parts never have a document type, so that one is refused, and with it every entity. Relationships that point outside of
the container are not followed.

A ZIP container lists its parts at its end, so that one which is cut off cannot be opened. Each part also has a header
before it (APPNOTE.TXT 4.3.7), by which those that are there, and the beginning of the last, are found all the same.
"""

from __future__ import annotations

import io
import posixpath
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from lxml import etree

from analysis.corpus.decoding import Unreadable
from analysis.corpus.limits import LIMITS, megabytes
from analysis.corpus.readers.columns import as_text

LARGEST_PART = 128_000_000  # bytes of a part when unpacked; it is held in memory, and its tree takes some more
FREE = 1_000_000  # a part up to this size may be packed as tightly as it likes

ZIP_ERRORS = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError, OSError)
_LOCAL = re.compile(rb"PK\x03\x04")
_DOCTYPE = re.compile(rb"<!\s*(?:DOCTYPE|ENTITY)", re.IGNORECASE)


class Salvaged(zipfile.ZipFile):
    """What was there of a container that breaks off; of its last part maybe the beginning alone."""


@contextmanager
def opened(source: Path | bytes, what: str, *, needed: str | None = None) -> Iterator[zipfile.ZipFile]:
    """The container, its bounds checked; Unreadable where it is no ZIP file, broken, or out of bounds.

    ``what`` names the format in reasons, such as "DOCX". ``needed``: a part; a container that breaks off within or
    behind it is given as `Salvaged`.
    """
    try:
        archive = zipfile.ZipFile(io.BytesIO(source) if isinstance(source, bytes) else source)
    except FileNotFoundError:
        raise
    except ZIP_ERRORS as error:
        archive = _salvaged(source, needed) if needed else None
        if archive is None:
            raise Unreadable(f"not {what} that can be read: the ZIP container is broken or cut off ({error})") from None
    with archive:
        parts = archive.infolist()
        if len(parts) > LIMITS.members:
            raise Unreadable(f"not read: {len(parts):,} parts in the {what} container, more than {LIMITS.members:,}")
        whole = sum(part.file_size for part in parts)
        if whole > LIMITS.unpacked:
            raise Unreadable(f"not read: {megabytes(whole)} when unpacked, more than {megabytes(LIMITS.unpacked)}")
        yield archive


def _salvaged(source: Path | bytes, needed: str) -> Salvaged | None:
    """The parts of a container that breaks off, as a new one; None where the part that is needed is not reached."""
    data = source if isinstance(source, bytes) else source.read_bytes()
    if len(data) > LARGEST_PART:
        return None
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        parts = dict(_local_parts(data))
        for name, content in parts.items():
            archive.writestr(name, content)
    return Salvaged(made) if needed in parts else None


def _local_parts(data: bytes) -> Iterator[tuple[str, bytes]]:
    """Name and content of the parts by the headers before them, as far as they go."""
    at, whole = 0, LIMITS.unpacked
    while (found := _LOCAL.match(data, at)) and len(data) >= at + 30:
        flags, method, packed, of_name, of_extra = struct.unpack_from("<6xHH8xI4xHH", data, at)
        begin = at + 30 + of_name + of_extra
        streamed = flags & 8 and not packed  # then the size stands behind the part, and its packing tells where it ends
        block = memoryview(data)[begin : None if streamed else begin + packed]
        if method not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) or (streamed and method == zipfile.ZIP_STORED):
            return
        if method == zipfile.ZIP_STORED:
            content, at = bytes(block), begin + packed
        else:
            most = min(LARGEST_PART, max(FREE, len(block) * LIMITS.ratio), whole)
            unpacker = zlib.decompressobj(-zlib.MAX_WBITS)
            try:
                content = unpacker.decompress(block, most)
            except zlib.error:
                return
            at = len(data) - len(unpacker.unused_data) if streamed else begin + packed
            if streamed:
                at += 16 if data.startswith(b"PK\x07\x08", at) else 12
        whole -= len(content)
        if whole <= 0 or found is None:
            return
        yield data[found.end() + 26 : begin - of_extra].decode("utf-8", "replace"), content


def part(archive: zipfile.ZipFile, name: str) -> bytes | None:
    """A part of the container; None where it is not there. Unreadable where it is broken or unpacks beyond bounds."""
    try:
        info = archive.getinfo(name)
    except KeyError:
        return None
    most = min(LARGEST_PART, max(FREE, info.compress_size * LIMITS.ratio))
    try:
        with archive.open(info) as file:
            data = file.read(most + 1)
    except ZIP_ERRORS as error:
        raise Unreadable(f"the part {name[:60]} is broken ({' '.join(str(error).split())[:80]})") from None
    if len(data) > most:
        raise Unreadable(f"not read: the part {name[:60]} unpacks to more than {megabytes(most)}, as a ZIP bomb does")
    return data


def refuse_doctype(data: bytes, name: str) -> None:
    """Unreadable where an XML part declares a document type or an entity, in whatever Unicode encoding."""
    if _DOCTYPE.search(data) or (b"\x00" in data[:64] and _DOCTYPE.search(data.replace(b"\x00", b""))):
        raise Unreadable(f"not read: the part {name[:60]} declares entities, which Office files never do")


def xml(archive: zipfile.ZipFile, name: str) -> etree._Element | None:
    """The root of an XML part; None where it is not there. Unreadable where it is no XML."""
    data = part(archive, name)
    if data is None:
        return None
    refuse_doctype(data, name)
    cut = isinstance(archive, Salvaged)
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False, load_dtd=False, recover=cut)
    try:
        return etree.fromstring(data, parser)
    except (etree.LxmlError, ValueError) as error:
        raise Unreadable(f"the part {name[:60]} is not XML ({' '.join(str(error).split())[:80]})") from None


def local(element: etree._Element) -> str:
    """The element's name without its namespace, which differs between the editions of the format; "" for comments."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def main_part(archive: zipfile.ZipFile, otherwise: str) -> str:
    """The name of the part that the container says is its document; ``otherwise`` where it does not say."""
    try:
        root = xml(archive, "_rels/.rels")
    except Unreadable:
        return otherwise
    for relation in root.iter("{*}Relationship") if root is not None else ():
        if relation.get("Type", "").endswith("/officeDocument") and relation.get("TargetMode") != "External":
            return posixpath.normpath(relation.get("Target", otherwise).lstrip("/"))
    return otherwise


def properties(archive: zipfile.ZipFile) -> dict[str, str]:
    """Title, author and date of creation, as ``title``, ``creator`` and ``created``; those that the container has."""
    try:
        root = xml(archive, "docProps/core.xml")
    except Unreadable:
        return {}
    texts = ((local(element), as_text(element.text)) for element in (root if root is not None else ()))
    return {name: text for name, text in texts if text and name in ("title", "creator", "created")}
