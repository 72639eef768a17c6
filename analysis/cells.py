"""Cells of a CSV table that a spreadsheet would run as a formula (OWASP, CSV injection), and how texts come back."""

from __future__ import annotations

import re

# What makes a spreadsheet take a cell for a formula; the wide forms do so in East Asian settings.
_RUN = "=+\\-@\t\r\n＝＋－＠"
_RISKY = re.compile(f"'*[{_RUN}]")
_ESCAPED = re.compile(f"'+[{_RUN}]")


def escaped(text: str) -> str:
    """``text`` for a cell: an apostrophe before what would be run, and before what looks as if one stood there."""
    return f"'{text}" if _RISKY.match(text) else text


def unescaped(text: str) -> str:
    """The text that `escaped` was given."""
    return text[1:] if _ESCAPED.match(text) else text
