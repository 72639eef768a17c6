"""Plain text: a file is one page."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from analysis.corpus.decoding import decode
from analysis.corpus.readers.columns import Item


def read(path: Path, *, encoding: str, keep: str | None = None) -> Iterator[Item]:
    """The file as one unstructured page. Raises Unreadable where it is empty, binary or not in ``encoding``."""
    yield {"source_index": 0, "page": decode(path.read_bytes(), encoding)}
