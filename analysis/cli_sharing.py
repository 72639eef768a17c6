"""``samestory share`` and ``samestory methods``."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from analysis.cli_coding import StudyArgument, coded
from analysis.cli_output import note, put


class Form(StrEnum):
    """How the paragraph on methods is written."""

    markdown = "markdown"
    latex = "latex"
    text = "text"


def share(
    study: StudyArgument,
    out: Annotated[Path, typer.Option(help="A new folder: the study without its texts.")],
    licence: Annotated[str, typer.Option(metavar="ID", help="An SPDX name, as ODbL-1.0.")] = "CC-BY-4.0",
    max_words: Annotated[int, typer.Option(help="Words of an article that may stand in a row.")] = 5,
    k: Annotated[int, typer.Option("--k", help="Articles that must have a word for it to keep its form.")] = 3,
) -> None:
    """Write the study without its texts: coded tables, codebooks, README, for others to run and check."""
    from analysis.reporting import crate
    from analysis.reporting.sharing import share as share_study

    started = crate.now()
    opened, tables = coded(study)
    options = {"licence": licence, "max_words": max_words, "k": k}
    made = share_study(opened, tables, out, **options, started=started)
    print(made.folder)
    for line in made.notes:
        note(line)
    note(f"no file of it holds more than {max_words} words of an article in a row; try samestory report {made.folder}")


def methods(
    study: StudyArgument,
    form: Annotated[Form, typer.Option("--format", help="How to write it.")] = Form.markdown,
    out: Annotated[Path | None, typer.Option(help="A file; default standard output.")] = None,
) -> None:
    """Write how the study was done, with its numbers, for a paper."""
    from analysis.reporting.methods import methods as told

    opened, tables = coded(study)
    put(told(opened, tables, form.value), out)
