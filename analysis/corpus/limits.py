"""How large a source may be and how long it may take: every limit in one place.

What is beyond a limit is a reject that says so; nothing hangs, and nothing fills the memory or the disk.
"""

from __future__ import annotations

from typing import NamedTuple


class Limits(NamedTuple):
    """Limits of one file; each is the most that is allowed."""

    file: int = 2_000_000_000  # bytes of a file that is read piece by piece (Parquet, WARC, archives)
    whole: int = 500_000_000  # bytes of a file that is read at once (all others)
    item: int = 20_000_000  # characters of one article
    memory: int = 4_000_000_000  # bytes that the process which reads may take
    seconds: float = 60  # without an article more
    seconds_each_megabyte: float = 100  # for the whole file, beside `seconds`
    members: int = 50_000  # files in an archive
    unpacked: int = 4_000_000_000  # bytes of all files of an archive
    member: int = 500_000_000  # bytes of one file of an archive, or of a part of a DOCX or XLSX file
    rejects: int = 100_000  # items of one file that cannot be read
    ratio: int = 200  # unpacked to packed, counted from the first megabyte


LIMITS = Limits()


def megabytes(n: int) -> str:
    """A number of bytes, as "2,000 MB" or "1.5 MB"."""
    return f"{n / 1_000_000:,.{0 if n >= 10_000_000 else 1}f} MB"
