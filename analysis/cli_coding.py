"""``samestory code``, and the coded tables for the other commands."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer
from pydantic import ValidationError

from analysis import CodingFailed, open_study
from analysis.cli_output import note
from analysis.study import Study, UserError

if TYPE_CHECKING:
    from analysis.engine_settings import Engine
    from analysis.lazy import Tables

StudyArgument = Annotated[
    str, typer.Argument(metavar="STUDY", help="A folder with a study.yml, or the name of a shipped study (demo).")
]


def code(
    study: StudyArgument,
    workers: Annotated[int | None, typer.Option(min=1, help="Processes to read and code with.")] = None,
    scheduler: Annotated[
        str | None,
        typer.Option(metavar="ADDRESS", help="Code on the Dask cluster with this scheduler: tcp://HOST:8786."),
    ] = None,
    memory_limit: Annotated[
        str | None, typer.Option(metavar="SIZE", help="What each worker may take, such as 2GB.")
    ] = None,
    partition: Annotated[int | None, typer.Option(min=1, help="Articles coded in one piece; default 10000.")] = None,
) -> int:
    """Code the articles with the study's codebooks; what has not changed, or was coded before a stop, is not coded
    again."""
    opened = open_study(study)
    asked = {"workers": workers, "address": scheduler, "memory_limit": memory_limit, "partition": partition}
    try:
        tables = _tables(opened, study, _engine(opened, asked))
    except CodingFailed as failed:
        for name, n in failed.rows.items():
            print(f"{n:>9}  {name}")
        for line in failed.failures:
            note(f"samestory: not coded: {line}")
        note(f"what was coded is kept in {opened.store_place}; samestory code {study} goes on from there")
        return 1
    for name in tables:
        print(f"{tables.rows(name):>9}  {name}")
    note_losses(opened)
    note(f"tables are in {opened.shared_folder or opened.store_place}")
    return 0


def coded(study: str) -> tuple[Study, Tables]:
    """The study and its coded tables; what was read, and what was not, is noted."""
    opened = open_study(study)
    return opened, _tables(opened, study, opened.engine)


def _engine(study: Study, asked: dict[str, object]) -> Engine:
    """The study's engine with what the command line says otherwise."""
    if asked["address"]:
        asked = {**asked, "kind": "dask"}
    try:
        return study.engine.changed(**asked)
    except ValidationError as error:
        first = error.errors()[0]
        key = str(first["loc"][-1]) if first["loc"] else ""
        option = f"--{'scheduler' if key == 'address' else key.replace('_', '-')}: " if key else ""
        raise UserError(option + first["msg"].removeprefix("Value error, ")) from None


def _tables(opened: Study, study: str, engine: Engine) -> Tables:
    from analysis import code as code_study
    from analysis.cli_progress import progress

    with progress() as show:
        tables = code_study(opened, engine=engine, progress=show)
    rejects, lacking = tables.rows("rejects"), tables["sources"]["missing"].notna().sum()
    if rejects:
        note(f"{rejects} of {tables.rows('articles') + rejects} items rejected; samestory read {study} says why")
    if lacking:
        note(f"{lacking} sources do not hold just what they say; samestory read {study} names what is missing")
    return tables


def note_losses(study: Study) -> None:
    """What dictionaries of other programs among the codebooks could not bring along, one line a file."""
    from analysis.coding.dictionaries import losses_of

    for file, lost in losses_of(study).groupby("file", sort=False)["effect"]:
        effects = ", ".join(f"{n} {effect}" for effect, n in lost.value_counts(sort=False).items())
        note(f"{file}: {effects}; samestory codebook check {file} says what")
