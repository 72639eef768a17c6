"""Archives → their files, one at a time, within the limits: ZIP, and gzip around one file.

A file of an archive is unpacked into a folder of ours, under a name of which nothing but letters, figures and points is
the archive's, so that no path in an archive leads anywhere. What the archive says of sizes may be a lie, so bytes are
counted as they come.
"""

from __future__ import annotations

import gzip
import re
import stat
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, NamedTuple

from analysis.corpus.decoding import Unreadable
from analysis.corpus.limits import Limits, megabytes

_CHUNK = 1 << 18
_FREE = 1_000_000  # bytes that may be packed as tightly as they like
_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError, KeyError)
_UNSAFE = re.compile(r"[^A-Za-z0-9._-]")
_OUTSIDE = re.compile(r"(?:^|/)\.\.(?:/|$)|^/|^[A-Za-z]:|\x00")


class Member(NamedTuple):
    """A file of an archive: its name there, and where it stands unpacked, or the reason why it does not.

    Both may be there: what could be unpacked of a file that breaks off, and that it does.
    """

    name: str
    path: Path | None
    reason: str | None = None


def unpack_zip(path: Path, folder: Path, limits: Limits) -> Iterator[Member]:
    """The files of a ZIP in its own order; each is there until the next is asked for.

    Folders, and files whose names begin with a dot or ``__MACOSX``, are passed over, as in folders. Raises Unreadable
    where it is no ZIP that can be opened or holds too many files.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            entries = [entry for entry in archive.infolist() if not _passed_over(entry)]
            if len(entries) > limits.members:
                raise Unreadable(f"{len(entries):,} files in the archive; at most {limits.members:,} are read")
            if not entries:
                raise Unreadable("the archive is empty")
            left = limits.unpacked
            names: dict[str, int] = {}
            for entry in entries:
                name = _name(entry.filename)
                names[name] = names.get(name, 0) + 1
                if names[name] > 1:
                    name = f"{name} ({names[name]})"
                member = _unpack(archive, entry, name, folder, limits, left)
                yield member
                if member.path:
                    left -= member.path.stat().st_size
                    member.path.unlink()
    except _BROKEN as error:
        raise Unreadable(f"a ZIP file that is broken or cut off: {_said(error)}") from None


def unpack_gzip(path: Path, folder: Path, limits: Limits) -> Member:
    """The one file in a gzip file; its name is the file's without ``.gz``. What a broken stream holds is kept."""
    suffixes = Path(path.name[:-3] if path.name.lower().endswith(".gz") else path.name).suffixes[-1:]
    target = folder / f"file{''.join(suffixes)}"
    reason = None
    with path.open("rb") as packed, target.open("wb") as out:
        try:
            with gzip.open(packed) as stream:
                _copy(stream, out, limits, packed=path.stat().st_size, left=limits.unpacked)
        except (OSError, *_BROKEN) as error:
            reason = f"a gzip file that is broken or cut off: {_said(error)}"
        except Unreadable as error:
            return Member("", None, str(error))
    return Member("", None if reason and not target.stat().st_size else target, reason)


def _unpack(
    archive: zipfile.ZipFile, entry: zipfile.ZipInfo, name: str, folder: Path, limits: Limits, left: int
) -> Member:
    refused = _refused(entry, limits)
    if refused:
        return Member(name, None, refused)
    target = folder / f"member-{_UNSAFE.sub('_', name.rpartition('/')[2])[-80:]}"  # some readers look at names
    try:
        with archive.open(entry) as stream, target.open("wb") as out:
            _copy(stream, out, limits, packed=entry.compress_size, left=left)
    except Unreadable as error:
        target.unlink(missing_ok=True)
        return Member(name, None, str(error))
    except _BROKEN as error:
        target.unlink(missing_ok=True)
        return Member(name, None, f"broken in the archive: {_said(error)}")
    return Member(name, target)


def _refused(entry: zipfile.ZipInfo, limits: Limits) -> str | None:
    """Why a file of an archive is not even unpacked."""
    if _OUTSIDE.search(entry.filename.replace("\\", "/")):
        return "its name in the archive is a path that leads out of it"
    kind = entry.external_attr >> 16
    if entry.create_system == 3 and stat.S_IFMT(kind) not in (0, stat.S_IFREG):
        return "a link or device in the archive, not a file"
    if entry.flag_bits & 1:
        return "encrypted: unpack it with its password, and give the files"
    if entry.file_size > limits.member:
        return f"{megabytes(entry.file_size)} unpacked; at most {megabytes(limits.member)} are read"
    return None


def _copy(stream: gzip.GzipFile | zipfile.ZipExtFile, out: BinaryIO, limits: Limits, *, packed: int, left: int) -> None:
    """Copy until the end, or raise Unreadable where there is more than there may be."""
    n = 0
    while chunk := stream.read1(_CHUNK):  # not read: it gives nothing where the stream breaks off
        n += len(chunk)
        if n > limits.member:
            raise Unreadable(f"more than {megabytes(limits.member)} unpacked")
        if n > left:
            raise Unreadable(f"the archive holds more than {megabytes(limits.unpacked)}")
        if n > _FREE and n > limits.ratio * max(packed, 1):
            raise Unreadable(f"unpacks to more than {limits.ratio} times its size, as no text does")
        out.write(chunk)


def _passed_over(entry: zipfile.ZipInfo) -> bool:
    parts = entry.filename.replace("\\", "/").split("/")
    hidden = any(part.startswith(".") and part not in (".", "..") for part in parts)
    return entry.is_dir() or hidden or parts[0] == "__MACOSX"


def _name(printed: str) -> str:
    """The name of a member in tables: forward slashes, on one line, not endless."""
    name = " ".join(printed.replace("\\", "/").replace("\x00", " ").split())
    return name.encode("utf-8", "replace").decode()[-300:]


def _said(error: Exception) -> str:
    return " ".join(str(error).split())[:100] or type(error).__name__
