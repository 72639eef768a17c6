"""Where a study's sources are: the patterns of ``articles`` → files, and what they are called in tables."""

from __future__ import annotations

import glob
import os
from pathlib import Path

from analysis.study import Study, UserError


def source_files(study: Study) -> list[Path]:
    """The source files of a study, sorted; UserError where a pattern of ``articles`` finds none.

    A pattern is a file, a folder (with its subfolders) or a glob. ``study.yml``, the manifest, the table of
    outlets, the study's ``tables/`` and what begins with a dot are no sources.
    """
    own = {study.folder / "study.yml", manifest_path(study), study.outlets_path}
    tables = study.folder / "tables"
    found: set[Path] = set()
    for pattern in study.article_patterns:
        files = [file for file in _expand(study.folder, pattern) if file not in own and tables not in file.parents]
        if not files:
            place = study.folder / Path(pattern).expanduser()
            what = "the folder holds no files" if place.is_dir() else "there is no such file, folder or match"
            raise UserError(f"{study.folder / 'study.yml'}: articles: {pattern!r}: {what}")
        found.update(files)
    return sorted(found)


def manifest_path(study: Study) -> Path | None:
    """Where the manifest is; None where the study has none."""
    return absolute(study.folder / study.manifest) if study.manifest else None


def absolute(path: Path) -> Path:
    """``path`` from the root, without ``..``; links are not followed."""
    return Path(os.path.abspath(path))  # noqa: PTH100


def source_name(study: Study, file: Path) -> str:
    """``file`` relative to the study's folder, with forward slashes; always text that can be written."""
    try:
        name = file.relative_to(study.folder) if file.is_relative_to(study.folder) else _beside(file, study.folder)
    except ValueError:  # another drive
        name = file
    return printable(name.as_posix())


def _beside(file: Path, folder: Path) -> Path:
    return Path(os.path.relpath(file, folder))


def printable(name: str) -> str:
    """A file's name as text: bytes that are no character of the system's encoding become the replacement character."""
    return name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def _expand(folder: Path, pattern: str) -> list[Path]:
    """The files of one pattern, absolute."""
    place = folder / Path(pattern).expanduser()
    if place.is_file():
        return [absolute(place)]
    if place.is_dir():
        return _walk(place, set())
    matches = glob.glob(str(place), recursive=True)  # noqa: PTH207 (the pattern may be absolute)
    files: list[Path] = []
    for match in matches:
        path = Path(match)
        files += _walk(path, set()) if path.is_dir() and "**" not in pattern else [absolute(path)] * path.is_file()
    return files


def _walk(folder: Path, seen: set[Path]) -> list[Path]:
    """The files of a folder and its subfolders, linked ones too but each once, without those that begin with a dot."""
    real = folder.resolve()
    if real in seen:
        return []
    seen.add(real)
    files: list[Path] = []
    with os.scandir(folder) as entries:
        for entry in entries:
            path = Path(entry.path)
            if entry.name.startswith("."):
                continue
            if entry.is_dir():
                files += _walk(path, seen)
            else:
                files.append(absolute(path))
    return files


def roots(study: Study) -> list[Path]:
    """The folders that hold the articles: those named, those of files named, and the fixed beginnings of globs."""
    roots = []
    for pattern in study.article_patterns:
        place = study.folder / Path(pattern).expanduser()
        while not place.is_dir() and place != place.parent:
            place = place.parent
        roots.append(absolute(place))
    return list(dict.fromkeys(roots))
