"""Does a run of an article's words survive in a folder of files?

Every file is read as whoever receives it could read it: text of any kind as it is, with HTML and JSON escapes undone;
the text in the metadata of pictures and PDF, and what a PDF draws; tables value by value, down each column of text, and
across rows; archives (XLSX and ZIP) file by file. A file of a kind that cannot be read so is refused. Words are runs
of letters and digits, case folded, so that neither a hyphen nor a line's end hides a run.
"""

from __future__ import annotations

import html
import io
import json
import re
import unicodedata
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd

_WORD = re.compile(r"[^\W_]+")
_TEXTS = (".md", ".txt", ".yml", ".yaml", ".json", ".jsonl", ".csv", ".tsv", ".svg", ".html", ".xml", ".tex", ".bib",
          ".ipynb", ".cff", ".css", ".rels", ".vml", "", ".dic", ".lc3", ".lcd", ".ykd", ".cat")  # fmt: skip
_ARCHIVES = (".xlsx", ".zip", ".docx")
_ODD = 0x9E3779B97F4A7C15  # any odd number with its bits well spread


class Found(NamedTuple):
    """A run of words that stands in an article and in a file: the file, the place in it (a column), the words."""

    file: str
    place: str
    words: str


class Runs:
    """All runs of a length in some texts, for asking whether other texts hold one of them."""

    def __init__(self, texts: Iterable[str], *, length: int) -> None:
        self.length = length
        self._ids: dict[str, int] = {}
        parts = [self._numbered(text, new=True) for text in texts]
        keys = [self._keys(part) for part in parts]
        self._known = np.unique(np.concatenate([np.empty(0, np.uint64), *keys]))

    def first_in(self, text: str) -> str | None:
        """The first run of ``text`` that is one of them; None where there is none."""
        words = self._numbered(text)
        at = self._hits(words)
        return " ".join(_words(text)[at[0] : at[0] + self.length]) if len(at) else None

    def in_cells(self, cells: pd.Series, *, each: bool = True) -> str | None:
        """The first run in values read one after the other, and (``each``) in each by itself."""
        codes, values = pd.factorize(cells.astype(object), use_na_sentinel=True)
        told = [str(value) for value in values]
        if each:
            for value in told:
                if found := self.first_in(value):
                    return found
        arrays = [self._numbered(value) for value in told]
        sizes = np.array([len(one) for one in arrays], np.int64)
        codes = codes[codes >= 0]
        if not len(codes):
            return None
        begins = np.cumsum(sizes) - sizes
        flat = np.concatenate(arrays)
        lengths = sizes[codes]
        inside = np.arange(lengths.sum()) - np.repeat(np.cumsum(lengths) - lengths, lengths)
        stream = flat[np.repeat(begins[codes], lengths) + inside]
        at = self._hits(stream)
        names = {number: word for word, number in self._ids.items()} if len(at) else {}
        return " ".join(names[one] for one in stream[at[0] : at[0] + self.length].tolist()) if len(at) else None

    def _numbered(self, text: str, *, new: bool = False) -> np.ndarray:
        """The words of a text as numbers; 0 for one that is in no article."""
        ids = self._ids
        words = _words(text)
        if new:
            return np.array([ids.setdefault(word, len(ids) + 1) for word in words], np.int64)
        return np.array([ids.get(word, 0) for word in words], np.int64)

    def _keys(self, words: np.ndarray) -> np.ndarray:
        """A number for each run, in order of where it begins."""
        n = len(words) - self.length + 1
        if n < 1:
            return np.empty(0, np.uint64)
        key = np.zeros(n, np.uint64)
        with np.errstate(over="ignore"):
            for at in range(self.length):
                key = (key + words[at : at + n].astype(np.uint64)) * np.uint64(_ODD)
                key ^= key >> np.uint64(29)
        return key

    def _hits(self, words: np.ndarray) -> np.ndarray:
        """Where a known run begins."""
        if len(words) < self.length:
            return np.empty(0, np.int64)
        keys = self._keys(words)
        at = np.searchsorted(self._known, keys)
        return np.flatnonzero(self._known[np.minimum(at, len(self._known) - 1)] == keys) if len(self._known) else at[:0]


def texts_in(articles: pd.DataFrame, columns: Iterable[str]) -> list[str]:
    """The different texts that columns of *articles* hold."""
    return [text for column in columns if column in articles for text in articles[column].dropna().astype(str).unique()]


def surviving(folder: Path, runs: Runs) -> list[Found]:
    """The runs that stand in the files of a folder, at most one a place; names of files are looked at too."""
    found = []
    for file in sorted(path for path in folder.rglob("*") if path.is_file()):
        name = file.relative_to(folder).as_posix()
        found += [Found(name, "name", words) for words in [runs.first_in(name)] if words]
        found += [Found(name, place, words) for place, words in _in_bytes(file.name, file.read_bytes(), runs)]
    return found


def _in_bytes(name: str, content: bytes, runs: Runs) -> Iterator[tuple[str, str]]:
    ending = Path(name).suffix.lower()
    if ending == ".parquet":
        yield from _in_table(content, runs)
    elif ending in _ARCHIVES:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for member in archive.namelist():
                yield from (
                    (f"{member}: {place}", said) for place, said in _in_bytes(member, archive.read(member), runs)
                )
    elif ending == ".png":
        yield from _said(runs, _png(content))
    elif ending == ".pdf":
        yield from _said(runs, _pdf(content))
    elif ending in _TEXTS:
        yield from _said(runs, _read(ending, _decoded(content)))
    else:
        yield "whole file", f"(a file of the kind {ending!r} cannot be looked into)"


def _decoded(content: bytes) -> str:
    marked = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    return content.decode("utf-16" if marked else "utf-8", "replace")


def _said(runs: Runs, texts: Iterator[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    for place, text in texts:
        if found := runs.first_in(text):
            yield place, found


def _in_table(content: bytes, runs: Runs) -> Iterator[tuple[str, str]]:
    """Each column down, its footer, and rows across."""
    import pyarrow.parquet as pq

    opened = pq.ParquetFile(io.BytesIO(content))
    for key, value in (opened.metadata.metadata or {}).items():
        if found := runs.first_in(value.decode("utf-8", "replace")):
            yield f"metadata {key.decode()}", found
    table = pd.read_parquet(io.BytesIO(content))
    texts = [column for column in table if not pd.api.types.is_numeric_dtype(table[column])]
    for column in texts:
        if found := runs.in_cells(table[column]):
            yield f"column {column}", found
    if len(texts) > 1:
        across = pd.Series(table[texts].astype(object).to_numpy().ravel())
        if found := runs.in_cells(across, each=False):
            yield "rows read across", found


def _read(ending: str, text: str) -> Iterator[tuple[str, str]]:
    """A text as it is; and without its marks and escapes, where it may have such."""
    yield "text", text
    if ending in (".html", ".svg", ".xml", ".ipynb", ".md"):
        yield "text without marks", html.unescape(re.sub(r"<[^>]*>", " ", text))
    if ending in (".json", ".ipynb"):
        try:
            yield "values", "\n".join(_strings(json.loads(text)))
        except ValueError:
            return
    if ending == ".csv":
        rows = pd.read_csv(io.StringIO(text), dtype="str", header=None, keep_default_na=False, on_bad_lines="skip")
        for column in rows:
            yield f"column {rows[column].iloc[0] if len(rows) else column}", "\n".join(rows[column].astype(str))


def _strings(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for one in value.values():
            yield from _strings(one)
    elif isinstance(value, list):
        for one in value:
            yield from _strings(one)


def _png(content: bytes) -> Iterator[tuple[str, str]]:
    """The chunks of text in a PNG."""
    at = 8
    while at + 8 <= len(content):
        size, kind = int.from_bytes(content[at : at + 4], "big"), content[at + 4 : at + 8]
        chunk = content[at + 8 : at + 8 + size]
        if kind in (b"tEXt", b"iTXt", b"zTXt"):
            packed = re.search(rb"\x78[\x01\x5e\x9c\xda]", chunk) if kind != b"tEXt" else None
            more = _unpacked(chunk[packed.start() :]) if packed else b""
            yield "metadata", (chunk + b" " + more).decode("utf-8", "replace")
        at += size + 12


def _pdf(content: bytes) -> Iterator[tuple[str, str]]:
    """What stands in a PDF plainly or in packed streams, and what its pages say."""
    from pypdf import PdfReader

    plain = [_unpacked(stream) for stream in re.findall(rb"stream\r?\n(.*?)endstream", content, re.DOTALL)]
    yield "metadata", b"\n".join([content, *plain]).decode("latin-1")
    opened = PdfReader(io.BytesIO(content))
    yield "metadata", " \n".join(str(value) for value in (opened.metadata or {}).values())
    yield "pages", "\n".join(page.extract_text() for page in opened.pages)


def _unpacked(stream: bytes) -> bytes:
    try:
        return zlib.decompressobj().decompress(stream)
    except zlib.error:
        return b""


def _words(text: str) -> list[str]:
    return _WORD.findall(unicodedata.normalize("NFKC", text).casefold())
