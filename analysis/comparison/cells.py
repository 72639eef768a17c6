"""What a coding sheet looks like to those who write and who read it: its columns, and cells that must not be run."""

from __future__ import annotations

import re

# A sheet's columns beside its questions, which stand before the comment.
COLUMNS = ("item", "before", "text", "after", "comment")

# What makes a spreadsheet take a cell for a formula; the wide forms do so in East Asian settings.
_RUN = "=+\\-@\t\r\n＝＋－＠"
_RISKY = re.compile(f"'*[{_RUN}]")
_ESCAPED = re.compile(f"'+[{_RUN}]")


def escaped(text: str) -> str:
    """``text`` for a cell of a CSV file: an apostrophe before what would be run (OWASP, CSV injection)."""
    return f"'{text}" if _RISKY.match(text) else text


def unescaped(text: str) -> str:
    """The text that `escaped` was given."""
    return text[1:] if _ESCAPED.match(text) else text


def headed(category: str) -> str:
    """The heading of a category's column: its name, with a question mark where that is the name of another column."""
    return f"{category}?" if category in COLUMNS else category
