"""What a coding sheet looks like to those who write and who read it: its columns, and cells that must not be run."""

from __future__ import annotations

# A sheet's columns beside its questions, which stand before the comment.
COLUMNS = ("item", "before", "text", "after", "comment")


def headed(category: str) -> str:
    """The heading of a category's column: its name, with a question mark where that is the name of another column."""
    return f"{category}?" if category in COLUMNS else category
