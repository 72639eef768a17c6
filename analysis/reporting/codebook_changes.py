"""Which words of a codebook have changed since a figure was made.

Beside figures stands a short hash of each pattern of their codebooks, not the patterns: many dictionaries may be used,
and not passed on. So words that have come are named, and of words that were taken out it is said how many.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from analysis import store, store_places
from analysis.coding.codebook import Codebook, Variable, read_codebook
from analysis.study import Study, UserError

_DIGITS = 4  # of the hash of a pattern: one in 65,000 changes of one word is not named
_SHOWN = 5  # words that are named
_EXCEPT = "(except)"


def find_codebook(study: Study, name: str) -> Codebook | None:
    """A study's codebook by name; None where it has none of this name any more, or none of its files can be had."""
    try:
        paths = study.codebook_paths
    except UserError:
        return None
    likely = sorted(paths, key=lambda path: path.stem != name)
    return next((book for book in map(read_codebook, likely) if book.name == name), None)


def file_of(folder: Path, name: str, digest: str) -> Path:
    """Where a folder of figures keeps the hashes of a codebook's patterns."""
    return folder / "inputs" / f"codebook-{name}-{digest}.json"


def keep(study: Study, name: str, digest: str, folder: Path) -> None:
    """Write the hashes of a codebook's patterns beside figures, where they do not stand there."""
    file = file_of(folder, name, digest)
    if file.is_file():
        return
    book = find_codebook(study, name)
    if book is not None and book.hash == digest:
        said = {variable: {"rest": _rest(one), **_words(one)} for variable, one in book.variables.items()}
        text = json.dumps(said, ensure_ascii=False, indent=1) + "\n"
        store_places.put(str(file), lambda out: out.write(text.encode()))


def differences(folder: Path, name: str, digest: str, now: Codebook) -> list[str]:
    """What a codebook says otherwise than when it had this hash, a line for each category; nothing where that is not
    known any more."""
    file = file_of(folder, name, digest)
    if not file.is_file():
        return []
    before = json.loads(file.read_text(encoding="utf-8"))
    gone = [f"{variable} is no longer there" for variable in before if variable not in now.variables]
    new = [f"{variable} is new" for variable in now.variables if variable not in before]
    same = [variable for variable in now.variables if variable in before]
    return [*gone, *new, *(line for name in same for line in _of_variable(name, before[name], now.variables[name]))]


def _of_variable(name: str, before: dict, now: Variable) -> Iterator[str]:
    words, patterns = _words(now)["words"], _patterns(now)
    for category in dict.fromkeys([*before["words"], *words]):
        old, new = (_cut(one.get(category, "")) for one in (before["words"], words))
        come = [pattern for pattern, digest in zip(patterns.get(category, []), new, strict=True) if digest not in old]
        lost = sum(digest not in new for digest in old)
        if come or lost:
            more = f" and {len(come) - _SHOWN} more" if len(come) > _SHOWN else ""
            said = [f"{', '.join(map(repr, come[:_SHOWN]))}{more} came in"] if come else []
            said += [f"{lost} of {len(old)} patterns taken out"] if lost else []
            yield f"{name}, {category}: {'; '.join(said)}"
        elif old != new:
            yield f"{name}, {category}: other order"
    if before["rest"] != _rest(now):
        yield f"{name}: what it says beside its patterns"


def _patterns(variable: Variable) -> dict[str, list[str]]:
    """The patterns of each category as the codebook has them, those of a scale with their weights; exceptions too."""
    found = {
        category: [f"{one}: {weight}" for one, weight in listed.items()] if isinstance(listed, dict) else list(listed)
        for category, listed in variable.categories.items()
    }
    return {**found, _EXCEPT: list(variable.exceptions)} if variable.exceptions else found


def _words(variable: Variable) -> dict[str, dict[str, str]]:
    """The hashes of each category's patterns, one behind the other."""
    listed = _patterns(variable).items()
    return {"words": {name: "".join(store.hash_of(one)[:_DIGITS] for one in patterns) for name, patterns in listed}}


def _rest(variable: Variable) -> str:
    """A hash of all that a variable says beside its patterns: kind, question, sides, modifiers …"""
    said = variable.model_dump(mode="json", exclude={"categories", "exceptions"})
    return store.hash_of(json.dumps(said, sort_keys=True, ensure_ascii=False))[:8]


def _cut(digests: str) -> list[str]:
    return [digests[start : start + _DIGITS] for start in range(0, len(digests), _DIGITS)]
