"""``samestory cite`` and ``samestory verify``."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from analysis import code
from analysis.cli_output import note, put


class Citation(StrEnum):
    """How a citation is written."""

    bibtex = "bibtex"
    csl = "csl"
    latex = "latex"
    markdown = "markdown"


def cite(
    figure: Annotated[Path, typer.Argument(metavar="FIGURE", help="Any of a figure's files.")],
    form: Annotated[Citation, typer.Option("--format", help="csl is CSL-JSON.")] = Citation.bibtex,
    out: Annotated[Path | None, typer.Option(help="A file; default standard output.")] = None,
) -> None:
    """Print how a figure is cited, or the lines that put it into a manuscript, with caption and alt text."""
    from analysis.reporting.citing import cite as citation
    from analysis.reporting.records import read_record

    put(citation(read_record(figure), form, figure=figure), out)


def verify(
    figures: Annotated[list[Path], typer.Argument(metavar="FIGURE...", help="Any file of each figure.")],
    study: Annotated[str | None, typer.Option(help="Where the study is; default the name that the record has.")] = None,
) -> int:
    """Make figures again: identical, or which of corpus, codebook, parameters, code and packages has changed.

    Exit status: 0 all are identical, 1 some are not, 2 there is no record or no study.
    """
    from analysis.reporting.verifying import summary
    from analysis.reporting.verifying import verify as verdicts

    found = verdicts(figures, code=code, study=study, note=lambda said: note(f"making again: {said}"))
    put("".join(f"{line}\n" for one in found for line in summary(one)), None)
    return int(not all(one.identical for one in found))
