"""What a file of another program says: entries under categories, each with its line, before it becomes a codebook."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

LEFT_OUT, CHANGED, MERGED, ASSUMED = "left out", "changed", "merged", "assumed"


class Entry(NamedTuple):
    """One word or phrase of one category. ``path``: the category behind the names of those that hold it."""

    line: int
    path: tuple[str, ...]
    text: str
    weight: float | None = None
    variable: str | None = None


class Loss(NamedTuple):
    """What a codebook cannot say as the file said it, and what was done: LEFT_OUT, CHANGED, MERGED or ASSUMED."""

    line: int
    effect: str
    what: str
    reason: str


class NoDictionary(ValueError):
    """The file is not what it should be. The message is to be read behind the file's name."""


@dataclass
class Content:
    """All that a file says.

    ``categories``: every category that is named, also without entries, with its first line, in order of the file.
    ``scale``: the weights are what the list is for (ratings), not an attribute that happens to be 1 everywhere.
    """

    categories: dict[tuple[str, ...], int] = field(default_factory=dict)
    entries: list[Entry] = field(default_factory=list)
    losses: list[Loss] = field(default_factory=list)
    scale: bool = False

    def open(self, path: tuple[str, ...], line: int) -> None:
        """Note that a category begins here; one that was there before goes on."""
        if path in self.categories:
            reason = f"named before, in line {self.categories[path]}; the two are read as one category"
            self.lose(line, MERGED, ".".join(path), reason)
        else:
            self.categories[path] = line

    def add(self, line: int, path: tuple[str, ...], text: str, weight: float | None = None) -> None:
        """Note an entry of a category."""
        self.entries.append(Entry(line, path, text, weight))

    def lose(self, line: int, effect: str, what: str, reason: str) -> None:
        """Note what is not carried over as it stands."""
        self.losses.append(Loss(line, effect, shown(what), reason))


def shown(text: str, longest: int = 60) -> str:
    """A text of a file in a message: one line, no longer than fits."""
    line = " ".join("".join(letter if letter.isprintable() else " " for letter in text[: 4 * longest]).split())
    return line if len(line) <= longest and len(text) <= 4 * longest else line[: longest - 1] + "…"


def lines_of(text: str) -> list[str]:
    """The lines of a text, ended by LF, CR LF or CR. Other marks of line ends (U+2028 …) stay inside a line."""
    return text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
