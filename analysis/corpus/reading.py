"""One file → what it holds, in order: its parts, their articles, and what could not be read.

`read_file` yields entries, plain dicts that JSON can hold:

* ``{"part": name in an archive or None, "format": name or None}``: what follows comes from there;
* ``{"index": n, "article": row, "cuts": [...], "number": n or None, "order": … or None, "keys": [...]}``: an article,
  with the keys of its lines (`analysis.corpus.line_keys`);
* ``{"index": n, "reason": text, "headline": text or None, "number": …, "language": code or None}``: an item that is
  not read; ``language`` where it is an article in another one than the study's, ``stub`` where it is a story whose
  text may stand in another source (see `analysis.corpus.stories`);
* ``{"expected": {"count": n, "by": text, "names": [...]}}``: what the part says it holds;
* ``{"whole": True}``: this file cannot be read in parts, what came before is void.

Of a part of a file the indices count from the part's beginning; and no part but one of a sound file that is read to
its end is answered, so that whatever is odd is met where the whole file is read.

Whatever a file holds, no exception comes from it: an item that defeats a reader or the page rules is a reject, and its
neighbours are read.
"""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from analysis.corpus import archives
from analysis.corpus.article import OtherLanguage, make_article
from analysis.corpus.decoding import Unreadable
from analysis.corpus.frames import Entry
from analysis.corpus.limits import LIMITS, Limits, megabytes
from analysis.corpus.line_keys import line_keys
from analysis.corpus.readers import Format, find_format, items_of, unknown
from analysis.corpus.readers.columns import Item


class Steps:
    """Counts the items of a file, so that whoever ends a process that got stuck knows at which one that was.

    ``at`` is the item's number in the whole file, ``in_rules`` whether it was read and the rules were at work. What got
    ``stuck`` before, {number: (in_rules, reason)}, is passed over: an item that the rules got stuck at, or whatever
    follows in a part whose reader got stuck. ``mark`` is called with each step.
    """

    def __init__(
        self, stuck: Mapping[int, tuple[bool, str]] | None = None, mark: Callable[[int, bool], None] | None = None
    ) -> None:
        self.stuck, self.mark, self.at = dict(stuck or {}), mark or (lambda at, in_rules: None), 0

    def go(self, *, in_rules: bool) -> str | None:
        """Begin a step; the reason not to, where it got stuck before."""
        before = self.stuck.get(self.at)
        if before and before[0] == in_rules:
            return before[1]
        self.mark(self.at, in_rules)
        return None


class Job(NamedTuple):
    """A file to read, and how.

    ``told``: the manifest's columns for it. ``keep``: a column of the source beside the known ones. ``columns``: the
    map of study.yml. ``language``: the study's. ``part``: (k, n) for the part k, from 0, of n of the file.
    """

    path: str
    told: dict[str, Any]
    encoding: str
    keep: str | None
    columns: dict[str, str] | None
    language: str
    part: tuple[int, int] | None = None


def read_file(job: Job, folder: Path, limits: Limits = LIMITS, steps: Steps | None = None) -> Iterator[Entry]:
    """The entries of a file or an archive; ``folder`` is made where something is to be unpacked."""
    path, steps = Path(job.path), steps or Steps()
    try:
        if job.part:
            yield from _read_range(path, job, limits, steps)
            return
        size = path.stat().st_size
        if size > limits.file:
            raise Unreadable(f"too large: {megabytes(size)}; at most {megabytes(limits.file)} are read")
        kind, format = find_format(path)
        claimed = format is not None and kind in format.kinds
        if kind in ("zip", "gzip") and not claimed:
            folder.mkdir(exist_ok=True)
        if kind == "zip" and not claimed and (format is None or zipfile.is_zipfile(path)):
            yield from _read_zip(path, job, folder, limits, steps)
        elif kind == "gzip" and not claimed:
            yield from _read_gzip(path, job, folder, limits, steps)
        else:
            yield from _read_part(path, job, limits, steps, None, format, kind)
    except Unreadable as error:
        yield from _nothing(None, str(error))
    except OSError as error:
        yield from _nothing(None, f"cannot be opened: {error.strerror or error}")


def _read_range(path: Path, job: Job, limits: Limits, steps: Steps) -> Iterator[Entry]:
    """A part of a file, where its format can be read so."""
    _, format = find_format(path)
    if format is None or not format.parted or path.stat().st_size > limits.file:
        yield {"whole": True}
    else:
        yield from _read_part(path, job, limits, steps, None, format, "")


def _read_zip(path: Path, job: Job, folder: Path, limits: Limits, steps: Steps) -> Iterator[Entry]:
    try:
        for member in archives.unpack_zip(path, folder, limits):
            if member.path is None:
                yield from _nothing(member.name, member.reason or "")
            else:
                yield from _read_inner(member.path, job, limits, steps, member.name)
    except Unreadable as error:
        yield from _nothing(None, str(error), format="ZIP")


def _read_gzip(path: Path, job: Job, folder: Path, limits: Limits, steps: Steps) -> Iterator[Entry]:
    file = archives.unpack_gzip(path, folder, limits)
    if file.path is None:
        yield from _nothing(None, file.reason or "", format="gzip")
        return
    following = 0
    for entry in _read_inner(file.path, job, limits, steps, None):
        following = max(following, entry.get("index", -1) + 1)
        yield entry
    if file.reason:
        yield {"index": following, "reason": file.reason}


def _read_inner(path: Path, job: Job, limits: Limits, steps: Steps, name: str | None) -> Iterator[Entry]:
    """A file that stood in an archive. Archives in archives are not opened."""
    kind, format = find_format(path)
    claimed = format is not None and kind in format.kinds
    if kind in ("zip", "gzip") and not claimed:
        yield from _nothing(name, "an archive in an archive: unpack it, and give the files")
    else:
        yield from _read_part(path, job, limits, steps, name, format, kind)


def _read_part(
    path: Path, job: Job, limits: Limits, steps: Steps, name: str | None, format: Format | None, kind: str
) -> Iterator[Entry]:
    if format is None:
        yield from _nothing(name, unknown(path, kind))
        return
    yield {"part": name, "format": format.name}
    options = {"part": job.part} if job.part else {}
    items = items_of(path, format, encoding=job.encoding, keep=job.keep, columns=job.columns, limits=limits, **options)
    rejects, following = 0, 0
    while rejects < limits.rejects:
        if reason := steps.go(in_rules=False):
            yield {"whole": True} if job.part else {"index": following, "reason": reason}
            steps.at += 1
            return
        item = next(items, None)
        if item is None:
            return
        if job.part and item.get("ends"):
            yield {"whole": True}
            return
        entry = _entry(item, job, limits, steps)
        yield entry
        steps.at += 1
        rejects += "reason" in entry
        following = max(following, entry.get("index", -1) + 1)
    yield {"whole": True} if job.part else given_up(following, rejects)


def given_up(following: int, rejects: int) -> Entry:
    """The last entry of a part of which so much cannot be read that the rest is not tried."""
    return {"index": following, "reason": f"{rejects:,} items cannot be read: the rest is not read"}


def _entry(item: Item, job: Job, limits: Limits, steps: Steps) -> Entry:
    """An item as an entry; an item that defeats the rules is one with a reason."""
    if "expected" in item:
        return {"expected": item["expected"]}
    named = {"index": item["source_index"], "number": item.get("number"), "headline": item.get("headline")}
    reason = item.get("reason") or steps.go(in_rules=True)
    if reason:
        return {**named, "reason": reason, **({"stub": item["stub"]} if "stub" in item else {})}
    try:
        row, cuts = make_article(item, job.told, keep=job.keep, language=job.language, longest=limits.item)
    except OtherLanguage as error:
        return {**named, "reason": str(error), "language": error.code}
    except Unreadable as error:
        return {**named, "reason": str(error)}
    except Exception as error:  # noqa: BLE001 (no article may stop the reading of others)
        said = " ".join(str(error).split())[:100]
        return {**named, "reason": f"the rules fail on it: {type(error).__name__}: {said}"}
    known = {name: item.get(name) for name in ("number", "order")} | {"keys": line_keys(row["body"])}
    return {"index": item["source_index"], **known, "article": row, "cuts": cuts}


def _nothing(name: str | None, reason: str, *, format: str | None = None) -> Iterator[Entry]:
    """A part of which nothing is read."""
    yield {"part": name, "format": format}
    yield {"index": 0, "reason": reason}
