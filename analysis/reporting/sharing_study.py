"""study.yml and the codebooks of a study that is shared without its texts."""

from __future__ import annotations

from pathlib import Path

import yaml

from analysis.coding.codebook import Codebook, read_codebook
from analysis.coding.dictionaries import is_dictionary
from analysis.reporting.sharing_check import Runs
from analysis.reporting.sharing_words import Withhold
from analysis.study import Study

FOLDER = "coded"
_KEPT = {"title", "authors", "compare", "reference", "events", "language", "seed"}


def write_study(study: Study, folder: Path, *, runs: Runs, withhold: Withhold) -> list[str]:
    """Write study.yml and copies of the codebooks, which are the scholar's own; return what must be known of them.

    A pattern that is as long as a run and stands in an article (a long name) is withheld in the copy.
    """
    (folder / "codebooks").mkdir(parents=True)
    names: list[str] = []
    notes: list[str] = []
    for path in study.codebook_paths:
        name = path.name if path.name not in names else f"{len(names)}-{path.name}"
        content = path.read_bytes()
        for pattern in sorted(_patterns(read_codebook(path)), key=len, reverse=True):
            if runs.first_in(pattern):
                content = content.replace(pattern.encode(), f"withheld-{withhold(pattern)[1:]}".encode())
                notes.append(f"a pattern of {name} is withheld in its copy, since the same run stands in an article")
        (folder / "codebooks" / name).write_bytes(content)
        names.append(name)
        if is_dictionary(path):
            notes.append(f"{name} was made for another program: ask its owner whether it may be passed on")
    kept = study.model_dump(mode="json", include=_KEPT)
    content = {"title": kept.pop("title"), "shared": FOLDER, "codebooks": [f"codebooks/{name}" for name in names]}
    content |= {name: value for name, value in kept.items() if value not in (None, [])}
    said = yaml.safe_dump(content, sort_keys=False, allow_unicode=True, width=120)
    (folder / "study.yml").write_text(said, encoding="utf-8")
    return notes


def _patterns(book: Codebook) -> set[str]:
    """Every pattern of a codebook, with those outside the envelope of variation."""
    listed = (list(one) for variable in book.variables.values() for one in variable.categories.values())
    return {pattern for one in listed for pattern in one}.union(
        *(variable.exceptions for variable in book.variables.values())
    )
