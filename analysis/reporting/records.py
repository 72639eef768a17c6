"""The record of a figure: found from any of its files, and whether these files belong to it."""

from __future__ import annotations

import json
import re
import zlib
from pathlib import Path

from analysis.reporting import codebook_changes, corpora
from analysis.study import UserError

PICTURES = (".pdf", ".svg", ".png")
FILES = (*PICTURES, ".csv", ".json")
_PARTS = {"figure_id", "slug", "caption", "alt", "validation", "study", "corpus", "codebooks", "parameters", "seed"}
_PARTS |= {"notebook", "table", "code", "packages"}
_ID = re.compile(rb"samestory:([0-9a-f]{10})")


def read_record(figure: Path) -> dict:
    """The record beside a figure, which is named by any of its files.

    Raises UserError where there is none, or where it is no figure's record.
    """
    if figure.suffix.lower() not in FILES:
        raise UserError(f"{figure}: is no figure; allowed: a file ending in {', '.join(FILES)}")
    beside = figure.with_suffix(".json")
    try:
        record = json.loads(beside.read_text(encoding="utf-8"))
    except FileNotFoundError:
        said = f"the figure's id is {embedded_id(figure)}" if figure.is_file() and embedded_id(figure) else "no record"
        raise UserError(f"{figure}: {beside.name} does not stand beside it ({said})") from None
    except ValueError as error:
        raise UserError(f"{beside}: is no JSON: {error}") from None
    lacking = sorted(_PARTS - set(record)) if isinstance(record, dict) else ["figure_id"]
    if lacking:
        raise UserError(f"{beside}: is not the record of a figure: it has no {lacking[0]}")
    return record


def prune_inputs(folder: Path) -> None:
    """Remove lines of articles and hashes of codebooks that no figure of a folder rests on any more. Nothing where a
    record cannot be read, as one of an earlier version of Samestory."""
    used = set()
    for file in folder.glob("*.json"):
        try:
            record = read_record(file)
        except UserError:
            return
        used.add(corpora.file_of(folder, record["corpus"]["sha256"]))
        used |= {codebook_changes.file_of(folder, book["name"], book["hash"]) for book in record["codebooks"]}
    for file in {*folder.glob("inputs/corpus-*.json"), *folder.glob("inputs/codebook-*.json")} - used:
        file.unlink()


def embedded_id(picture: Path) -> str | None:
    """The figure id in a picture's metadata; None where there is none, as in a file that another program saved."""
    data = picture.read_bytes()
    found = _ID.search(data)
    if not found and picture.suffix.lower() == ".pdf":  # metadata may stand in compressed streams
        found = next(filter(None, map(_in_stream, re.findall(rb"stream\r?\n(.*?)endstream", data, re.DOTALL))), None)
    return found.group(1).decode() if found else None


def _in_stream(stream: bytes) -> re.Match[bytes] | None:
    try:
        return _ID.search(zlib.decompressobj().decompress(stream))
    except zlib.error:
        return None
