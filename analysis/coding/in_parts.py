"""Tables of a study that may be larger than memory: put by story by story, in any order, and taken up part by part."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import ClassVar

import pandas as pd

from analysis import tables


class InParts:
    """A table in parts. It can be gone through once: its files go then.

    Args:
        ids: of all articles of the study. Rows put by have places among them, in the columns ``SIDES``.
    """

    NAME: ClassVar[str]
    SIDES = ("article_a", "article_b")

    def __init__(self, ids: pd.Series) -> None:
        self.ids = ids
        self._files = tempfile.TemporaryDirectory(prefix="samestory-")
        self.folder = Path(self._files.name)

    def parts(self) -> Iterator[pd.DataFrame]:
        """The rows in the order of the table, with ids; no part is empty."""
        raise NotImplementedError

    def __iter__(self) -> Iterator[pd.DataFrame]:
        """`parts`; an empty one if there are none."""
        empty = True
        with self._files:
            for part in self.parts():
                empty = False
                yield part
        if empty:
            yield tables.empty(self.NAME)

    def drop(self) -> None:
        """Remove what was put by."""
        self._files.cleanup()

    def whole(self) -> pd.DataFrame:
        """All parts as one table."""
        return pd.concat([tables.plain(part) for part in self], ignore_index=True)
