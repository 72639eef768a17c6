"""Files wherever they are: in a folder of this machine, or at a place that fsspec knows (s3://, gs://, memory://).

A place is a string. Options of places elsewhere (keys, endpoints) are those of fsspec's own configuration: environment
variables such as ``FSSPEC_S3_ENDPOINT_URL``, or files in ``~/.config/fsspec``. Folders of this machine need no fsspec.
"""

from __future__ import annotations

import io
import os
import tempfile
import time
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pyarrow as pa

from analysis.study import UserError

# What is put there appears whole, or not at all; in any other place it is put beside and then moved.
_OBJECTS = ("s3", "s3a", "gs", "gcs", "az", "abfs", "abfss", "adl", "memory")
_ABANDONED = 86_400  # seconds after which a file that a killed process left half written goes


def join(place: str | Path, *names: str) -> str:
    """The place of something in a place."""
    return "/".join((str(place).rstrip("/"), *names))


def seen_by_others(place: str | Path) -> bool:
    """Whether another process sees what is put there."""
    return not str(place).startswith("memory://")


@contextmanager
def opened(place: str | Path) -> Iterator[Any]:
    """A file to read bytes from, at any position. Raises FileNotFoundError where there is none."""
    local = _local(place)
    if local is not None:
        with pa.OSFile(str(local)) as file:
            yield file
    else:
        with _elsewhere(place) as (files, path), files.open(path, "rb") as file:
            yield file


def get(place: str | Path) -> bytes:
    """What a file holds. Raises FileNotFoundError where there is none."""
    local = _local(place)
    if local is not None:
        return local.read_bytes()
    with _elsewhere(place) as (files, path):
        return files.cat_file(path)


def put(place: str | Path, write: Callable[[Any], Any]) -> int:
    """Call ``write`` with a file to write to. A reader never sees half of it, and two writers of the same bytes do no
    harm. Returns the number of bytes."""
    local = _local(place)
    if local is not None:
        return _replace(local, write)
    content = io.BytesIO()
    write(content)
    with _elsewhere(place) as (files, path):
        try:
            if str(place).split("://")[0] in _OBJECTS:
                files.pipe_file(path, content.getvalue())
            else:
                files.makedirs(path.rsplit("/", 1)[0], exist_ok=True)
                files.pipe_file(f"{path}.{os.getpid()}", content.getvalue())
                files.mv(f"{path}.{os.getpid()}", path)
        except FileNotFoundError as error:
            raise UserError(f"{place}: cannot be written: {_line(error)}") from None
    return content.getbuffer().nbytes


def sizes(root: str | Path) -> dict[str, int]:
    """The files in a place and in all folders below it: path from there → bytes."""
    local = _local(root)
    if local is not None:
        found = {}
        for path in local.rglob("*"):
            with suppress(FileNotFoundError):  # gone since it was listed
                if path.is_file() and not path.name.startswith("."):
                    found[path.relative_to(local).as_posix()] = path.stat().st_size
        return found
    with _elsewhere(root) as (files, path):
        files.invalidate_cache()
        try:
            listed = files.find(path, detail=True)
        except FileNotFoundError:
            return {}
        return {name.removeprefix(path).lstrip("/"): one["size"] for name, one in listed.items()}


def remove(root: str | Path, names: Collection[str]) -> None:
    """Remove files of a place, and what killed processes left beside them."""
    local = _local(root)
    if local is not None:
        for name in names:
            (local / name).unlink(missing_ok=True)
        for path in local.rglob(".*.parquet.*"):
            with suppress(FileNotFoundError):
                if time.time() - path.stat().st_mtime > _ABANDONED:
                    path.unlink()
    elif names:
        with _elsewhere(root) as (files, path):
            files.rm([join(path, name) for name in names])


def _local(place: str | Path) -> Path | None:
    """The path of a place on this machine; None for one elsewhere."""
    kind, mark, path = str(place).partition("://")
    if mark and kind not in ("file", "local"):
        return None
    return Path(path if mark else place)


@contextmanager
def _elsewhere(place: str | Path) -> Iterator[tuple[Any, str]]:
    """fsspec's file system of a place, and the path there. What goes wrong is a line that names the place."""
    try:
        import fsspec
    except ImportError:
        raise UserError(f"{place}: a store elsewhere needs the package fsspec: pip install fsspec") from None
    try:
        yield fsspec.core.url_to_fs(str(place))
    except (UserError, FileNotFoundError, MemoryError, pa.ArrowException):
        raise
    except Exception as error:  # each kind of place has errors of its own
        raise UserError(f"{place}: {_line(error)}") from error


def _line(error: Exception) -> str:
    return f"{type(error).__name__}: {' '.join(str(error).split())}"[:300]


def _replace(path: Path, write: Callable[[Any], Any]) -> int:
    """Write beside, then rename."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    os.close(handle)
    beside = Path(name)
    try:
        with pa.OSFile(name, "wb") as file:
            write(file)
        beside.chmod(0o644)
        size = beside.stat().st_size
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)
    return size
