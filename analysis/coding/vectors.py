"""Vectors of a whole study, one an article, that are looked at some at a time."""

from __future__ import annotations

import mmap
import tempfile
from collections.abc import Iterable
from typing import NamedTuple

import numpy as np
import scipy.sparse as sp


class Vectors(NamedTuple):
    """A row of numbers for each article; they stand in files of which no more is in memory than is looked at."""

    rows: sp.csr_array
    files: list[mmap.mmap]

    @classmethod
    def put_by(cls, parts: Iterable[sp.csr_array], shape: tuple[int, int], *, most: int) -> Vectors:
        """Rows that come part by part, ``shape`` in all, with at most so many numbers other than 0 in a row."""
        sizes, kind = [np.zeros(1, np.int64)], sp.get_index_dtype(maxval=max(shape[0] * most, shape[1]))
        with tempfile.TemporaryFile() as columns, tempfile.TemporaryFile() as values:
            for part in parts:
                sizes.append(np.diff(part.indptr))
                columns.write(part.indices.astype(kind).data)
                values.write(part.data.data)
            bounds = np.cumsum(np.concatenate(sizes)).astype(kind)
            for file in (columns, values):
                file.flush()
            files = [mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) for file in (columns, values) if bounds[-1]]
        read = [np.frombuffer(file, one) for file, one in zip(files, (kind, float), strict=False)]
        columns, values = read or (np.empty(0, kind), np.empty(0))
        vectors = cls(sp.csr_array((values, columns, bounds), shape=shape), files)
        vectors.let_go()
        return vectors

    def let_go(self) -> None:
        """What has been looked at need not stay in memory: the system, which has it still, gives it again."""
        for file in self.files:
            if hasattr(mmap, "MADV_DONTNEED"):  # not on Windows, where it stays until there is need
                file.madvise(mmap.MADV_DONTNEED)
