"""Dictionaries of other programs, read as codebooks: LIWC, Lexicoder, Yoshikoder, WordStat, quanteda's YAML, CSV.

What a file is, its content decides; its ending only where the content leaves it open. What a codebook cannot say as
the file said it is listed with its line and what was done. What each format holds is told in `formats`.
"""

from __future__ import annotations

import contextlib
import re
from functools import lru_cache
from pathlib import Path
from typing import Any

import pandas as pd
import yaml

from analysis.coding.codebook import Codebook, Variable, read_codebook
from analysis.coding.formats import csv_table, lexicoder, liwc, nested_yaml, wordstat, yoshikoder
from analysis.coding.formats.building import build
from analysis.coding.formats.encodings import decode
from analysis.coding.formats.entries import ASSUMED, LEFT_OUT, Content, Loss, NoDictionary, lines_of, shown
from analysis.coding.patterns import normal_form
from analysis.study import Study, UserError

KINDS = {
    "liwc": "LIWC (.dic)",
    "lexicoder": "Lexicoder 3 (.lc3)",
    "yoshikoder": "Yoshikoder or Lexicoder 2 (.ykd, .lcd)",
    "wordstat": "WordStat (.cat)",
    "yaml": "quanteda's YAML",
    "csv": "a table (.csv, .tsv, .dicx)",
}
LARGEST = 64 * 2**20  # bytes; the largest word lists of the field have 10 million

_READERS = {
    "liwc": liwc.read,
    "lexicoder": lexicoder.read,
    "wordstat": wordstat.read,
    "yaml": nested_yaml.read,
    "csv": csv_table.read,
}
_BY_ENDING = {
    ".dic": "liwc",
    ".lc3": "lexicoder",
    ".ykd": "yoshikoder",
    ".lcd": "yoshikoder",
    ".cat": "wordstat",
    ".yml": "yaml",
    ".yaml": "yaml",
    ".json": "yaml",
    ".csv": "csv",
    ".tsv": "csv",
    ".dicx": "csv",
}
_YAML = (".yml", ".yaml")
_WEIGHTED = re.compile(r"^\t[^\n]*\(\d+(?:[.,]\d+)?\)[ \t]*$", re.MULTILINE)
_RATED = re.compile(r"^[^\t\n]+\t(?:[^\t\n]+\t)?-?\d+(?:\.\d+)?(?:\t|$)")
_XML = re.compile(r"\s*<(?:\?xml|!doctype\s+dictionary|dictionary|cnode)\b", re.IGNORECASE)
_HTML = re.compile(r"\s*<(?:!doctype\s+html|html)\b", re.IGNORECASE)
_OUR_KEY = re.compile(r"\b(?:variables|version)[\"']?\s*:")


def read_dictionary(
    path: str | Path, *, encoding: str | None = None, kind: str | None = None
) -> tuple[Codebook, pd.DataFrame]:
    """A dictionary as a codebook, and what was lost on the way.

    Args:
        encoding: of the file; by default what a byte-order mark says, else UTF-8 if it is valid, else what the bytes
            show (see `formats.encodings`). kind: one of `KINDS`, to overrule what the content looks like.

    Returns:
        The codebook, named after the file: one variable (in a rated table with several columns one for each), nested
        categories joined with a period. And the losses, in order of lines: file, line, effect (*left out*,
        *changed*, *merged*, *assumed*), what, reason. A codebook of ours is read as it is and loses nothing.

    Raises:
        UserError: in one line, a file that is no dictionary or cannot be read, with the reason.
    """
    path = Path(path)
    if kind is not None and kind not in KINDS:
        raise UserError(f"{path}: kind {kind!r} is not known; allowed: {', '.join(KINDS)}")
    data = _bytes(path)
    if kind is None and not is_dictionary(path, encoding=encoding):
        return read_codebook(path), losses_table(path, [])
    try:
        content, kind = _content(data, path.suffix.lower(), encoding, kind)
        described = f"Read from {path.name}: {KINDS[kind]}."
        book, losses = build(content, name=path.stem, description=described)
    except NoDictionary as error:
        raise UserError(f"{path}: {shown(str(error), 400)}") from None
    return book, losses_table(path, losses)


def is_dictionary(path: Path, *, encoding: str | None = None) -> bool:
    """Whether a file is to be read as another program's dictionary: anything but YAML with a codebook's keys.

    An empty ``.yml`` is an empty codebook.
    """
    data = _bytes(path)
    in_yaml = path.suffix.lower() in _YAML
    try:
        text, _ = ("", None) if _is_xml(data) else decode(data, encoding)
    except NoDictionary:
        return not in_yaml
    if not text.strip():
        return _is_xml(data) or not in_yaml
    return not (_OUR_KEY.search(text) and _is_codebook(text))


@lru_cache(maxsize=16)
def _is_codebook(text: str) -> bool:
    """Whether a text in YAML is a codebook of ours; a study's are asked twice, for their patterns and their losses."""
    try:
        return nested_yaml.is_codebook(nested_yaml.parse(text))
    except NoDictionary:
        return False


def losses_of(study: Study) -> pd.DataFrame:
    """What the dictionaries among a study's codebooks lost, as `read_dictionary` lists it; no rows where none did."""
    tables = [read_dictionary(path)[1] for path in study.codebook_paths if is_dictionary(path)]
    return pd.concat(tables, ignore_index=True) if tables else losses_table(study.folder, [])


def losses_table(path: Path, losses: list[Loss]) -> pd.DataFrame:
    """Losses as a table: file, line, effect, what, reason."""
    rows = [(str(path), *loss) for loss in losses]
    table = pd.DataFrame(rows, columns=["file", "line", "effect", "what", "reason"])
    return table.astype({"file": "str", "line": "int64", "effect": "str", "what": "str", "reason": "str"})


def as_scale(book: Codebook, weights: dict[str, float]) -> tuple[Codebook, pd.DataFrame]:
    """A codebook of counted categories as one scale: each category named becomes a side with one weight.

    ``as_scale(lsd, {"positive": 1, "negative": -1, "neg_positive": -1, "neg_negative": 1})``. Categories not named are
    left out. A scale is one contest, so that a pattern that stands in several of the categories is left out of all.

    Returns:
        The codebook, and the losses: file (the codebook's name), line 0, effect, what, reason.

    Raises:
        UserError: a category that is not there.
    """
    listed = {
        category: list(entries)
        for variable in book.variables.values()
        for category, entries in variable.categories.items()
    }
    for category in weights:
        if category not in listed:
            raise UserError(f"{book.name}: no category {category!r}; there are: {shown(', '.join(listed), 200)}")
    losses = [Loss(0, LEFT_OUT, category, "no weight was given") for category in listed if category not in weights]
    homes: dict[str, dict[str, None]] = {}
    for category in weights:
        for pattern in listed[category]:
            homes.setdefault(normal_form(pattern), {})[category] = None
    categories: dict[str, dict[str, float]] = {}
    for category, weight in weights.items():
        for pattern in listed[category]:
            others = [other for other in homes[normal_form(pattern)] if other != category]
            if others:
                losses.append(Loss(0, LEFT_OUT, shown(pattern), f"stands in {category!r} and in {others[0]!r}"))
            else:
                categories.setdefault(category, {})[pattern] = float(weight)
    if not categories:
        raise UserError(f"{book.name}: no pattern is left for a scale: all stand in several categories")
    scale = Variable(kind="scale", categories=categories)
    changed = book.model_copy(update={"variables": {next(iter(book.variables)): scale}})
    return changed, losses_table(Path(book.name), losses)


def as_json(book: Codebook) -> dict[str, Any]:
    """A codebook as plain dicts and lists: name, version …, variables → kind, categories → patterns (or weights)."""
    return book.model_dump(mode="json", by_alias=True, exclude_defaults=True)


def as_yaml(book: Codebook) -> str:
    """A codebook as the YAML that `codebook.read_codebook` reads back to the same codebook."""
    return yaml.dump(as_json(book), Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=118)


class _Dumper(getattr(yaml, "CSafeDumper", yaml.SafeDumper)):
    """Lists in brackets, line after line, as the shipped codebooks have their patterns; mappings in blocks."""


_Dumper.add_representer(
    list,
    lambda dumper, items: dumper.represent_sequence("tag:yaml.org,2002:seq", items, flow_style=True),
)
_Dumper.add_representer(
    dict,
    lambda dumper, items: dumper.represent_mapping("tag:yaml.org,2002:map", items.items(), flow_style=False),
)


def _bytes(path: Path) -> bytes:
    try:
        if path.is_file() and path.stat().st_size > LARGEST:
            raise UserError(
                f"{path}: {path.stat().st_size / 2**20:.0f} MiB; a dictionary has at most {LARGEST >> 20} MiB"
            )
        return path.read_bytes()
    except OSError as error:
        raise UserError(f"{path}: cannot be read ({error.strerror or error})") from None


def _is_xml(data: bytes) -> bool:
    """Whether a file begins as XML, in whatever encoding."""
    head = data[:400].lstrip(b"\xef\xbb\xbf\xff\xfe").replace(b"\0", b"")
    return _XML.match(head.decode("latin-1")) is not None


def _content(data: bytes, ending: str, encoding: str | None, kind: str | None) -> tuple[Content, str]:
    """What a file says, and of which kind it is."""
    if not data.strip():
        raise NoDictionary("empty")
    if kind == "yoshikoder" or (kind is None and _is_xml(data)):
        return yoshikoder.read(data, encoding=encoding), "yoshikoder"
    text, assumed = decode(data, encoding)
    kind = kind or _kind(text, ending)
    if kind == "yoshikoder":
        raise NoDictionary("no XML: a Yoshikoder or Lexicoder dictionary begins with <?xml or <dictionary>")
    content = _READERS[kind](text)
    if assumed:
        reason = (
            "not UTF-8; this encoding was assumed after its bytes. Give another with --encoding if letters are wrong"
        )
        content.lose(1, ASSUMED, f"encoding {assumed}", reason)
    return content, kind


def _kind(text: str, ending: str) -> str:
    """The kind of a dictionary: after its content, then after its ending."""
    lines = [line for line in lines_of(text[:100_000]) if line.strip()]
    if not lines:
        raise NoDictionary("empty")
    if _HTML.match(text):
        raise NoDictionary("a web page, no dictionary")
    first = lines[0].strip()
    if first == "%" or sum(line.strip() == "%" for line in lines) > 1:
        return "liwc"
    if first.startswith("+") and len(first) > 1 and ending not in _YAML:
        return "lexicoder"
    if _WEIGHTED.search(text) and not lines[0][0].isspace():
        return "wordstat"
    if ending not in _BY_ENDING and (_RATED.match(lines[0]) or csv_table.has_header(lines[0])):
        return "csv"
    if ending in _BY_ENDING:
        return _BY_ENDING[ending]
    with contextlib.suppress(NoDictionary):
        if nested_yaml.is_nested(nested_yaml.parse(text)):
            return "yaml"
    raise NoDictionary(f"no dictionary of a known kind; known are a codebook of ours, {', '.join(KINDS.values())}")
