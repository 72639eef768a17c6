"""``samestory sample`` and ``samestory agree``: ask people what the machine says, and how far it is right."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from analysis import code, open_study
from analysis.cli_output import Format, note, put, write
from analysis.study import UserError
from analysis.texts import refuse_shared

if TYPE_CHECKING:
    import pandas as pd


class Part(StrEnum):
    """A table of `agree`."""

    agreement = "agreement"
    confusion = "confusion"
    validity = "validity"
    levels = "levels"
    prevalence = "prevalence"


class Shown(StrEnum):
    """How the result is written."""

    text = "text"
    csv = "csv"
    jsonl = "jsonl"


def sample(
    study: Annotated[str, typer.Argument(metavar="STUDY", help="A folder with a study.yml, or a shipped study.")],
    variable: Annotated[str, typer.Option(help="The variable to check.")],
    codebook: Annotated[str | None, typer.Option(help="Its codebook, where several have one of that name.")] = None,
    category: Annotated[list[str] | None, typer.Option(help="Ask for this category only; may be repeated.")] = None,
    n: Annotated[int, typer.Option(min=1, help="Items to draw.")] = 200,
    seed: Annotated[int | None, typer.Option(help="Of the draw; default: the study's.")] = None,
    out: Annotated[
        Path | None, typer.Option(help="A folder; default validation/VARIABLE in the study, where figures find it.")
    ] = None,
) -> None:
    """Draw sentences for people to code, and write a blind coding sheet (CSV, XLSX) and its key."""
    from analysis.comparison.sampling import draw_sample
    from analysis.reporting.sheets import write_sheets

    opened = open_study(study)
    refuse_shared(opened, "sample")
    tables = code(opened)
    asked = {"variable": variable, "codebook": codebook, "categories": category or None, "by": opened.compare}
    drawn = draw_sample(tables, **asked, n=n, seed=opened.seed if seed is None else seed)
    folder = out or opened.validation_folder / variable
    for path in write_sheets(drawn, tables, folder):
        print(path)
    for told in drawn.attrs["notes"]:
        note(told)
    note(
        f"{drawn['item'].nunique()} items; each coder fills a copy of sheet.xlsx or sheet.csv named after the coder, "
        f"without seeing key.csv; then: samestory agree {folder}/NAME.xlsx …, or samestory report {study}"
    )


def agree(
    sheets: Annotated[list[Path], typer.Argument(metavar="SHEET…", help="Filled coding sheets, one a coder.")],
    key: Annotated[Path | None, typer.Option(help="The key.csv; default: the one beside the first sheet.")] = None,
    agreed: Annotated[Path | None, typer.Option(help="A sheet that decides where the coders do not agree.")] = None,
    study: Annotated[
        str | None, typer.Option(help="The study that the sample is of: its prevalence is corrected then.")
    ] = None,
    table: Annotated[Part | None, typer.Option(help="Only this table; needed for csv and jsonl.")] = None,
    seed: Annotated[int, typer.Option(help="Of the intervals.")] = 1,
    form: Annotated[Shown, typer.Option("--format", help="text shows every table.")] = Shown.text,
    out: Annotated[Path | None, typer.Option(help="A file; default standard output.")] = None,
) -> None:
    """Do the coders agree, and is the machine right: alpha, confusion, precision, recall, F1, corrected prevalence."""
    if form is not Shown.text and table is None:
        raise UserError(f"--format {form.value} writes one table; name it with --table: {', '.join(Part)}")
    found, notes = _results(sheets, key, agreed, study, seed)
    if table is not None and table not in found:
        raise UserError(f"--table {table.value}: not computed, since {_lacking(table, found)}")
    wanted = found if table is None else {table: found[table]}
    if form is Shown.text:
        put("\n".join(f"{name.value}\n{as_text(part)}\n" for name, part in wanted.items()), out)
    else:
        write(wanted[table], Format(form.value), out)
    for told in notes:
        note(told)


def _lacking(table: Part, found: dict[Part, pd.DataFrame]) -> str:
    return "it needs --study" if table is Part.prevalence and Part.validity in found else "there is no key (--key)"


def _results(
    sheets: list[Path], key: Path | None, decided: Path | None, study: str | None, seed: int
) -> tuple[dict[Part, pd.DataFrame], list[str]]:
    """Every table that the sheets, the key and the study allow, in order; and what must be known of them."""
    from analysis.comparison.accuracy import validity
    from analysis.comparison.reliability import ADJUDICATOR, agreement, confusion
    from analysis.comparison.sheets import read_sheets

    samples, codings = read_sheets([*sheets, *([decided] if decided else [])], key=key)
    options = {"adjudicator": decided.stem if decided else ADJUDICATOR}
    found = {Part.agreement: agreement(codings, **options, seed=seed)}
    if len(samples):
        found[Part.validity] = validity(samples, codings, **options, seed=seed)
        found[Part.levels] = validity(samples, codings, by_level=True, **options, seed=seed)
    if len(samples) and study:
        found[Part.prevalence] = _prevalence(samples, codings, study, options | {"seed": seed})
    found[Part.confusion] = confusion(codings, samples if len(samples) else None, **options)
    return found, codings.attrs["notes"]


def _prevalence(samples: pd.DataFrame, codings: pd.DataFrame, study: str, options: dict) -> pd.DataFrame:
    from analysis.comparison.prevalence import apparent_counts, corrected_prevalence
    from analysis.comparison.units import TONE
    from analysis.comparison.wire import groups_of

    opened = open_study(study)
    tables = code(opened)
    first = samples.iloc[0]
    questions = list(samples["category"].unique())
    categories = None if questions == [TONE] else questions
    asked = {"variable": first["variable"], "codebook": first["codebook"], "categories": categories}
    grouped = {"by": opened.compare, "groups": groups_of(tables["copy_groups"])}
    return corrected_prevalence(
        samples, codings, apparent_counts(tables, **asked), tables["articles"], **grouped, **options
    )


def as_text(table: pd.DataFrame) -> str:
    """A table for the eye: a value with its interval in one column; what is the same everywhere or empty left out."""
    shown = table.drop(columns=["sample", "codebook", "variable"], errors="ignore")
    shown = shown.drop(columns=[column for column in shown if column.endswith("_weighted")])
    for column in [name for name in shown if f"{name}_low" in shown]:
        low, high = f"{column}_low", f"{column}_high"
        shown[column] = _with_interval(shown[column], shown.pop(low), shown.pop(high))
    if "low" in shown:
        value = "alpha" if "alpha" in shown else "corrected"
        shown[value] = _with_interval(shown[value], shown.pop("low"), shown.pop("high"))
    shown = shown.dropna(axis="columns", how="all")
    return shown.to_string(index=False, na_rep="–", float_format=lambda number: f"{number:.2f}")


def _with_interval(value: pd.Series, low: pd.Series, high: pd.Series) -> pd.Series:
    """``0.85 [0.75, 0.93]``, or a dash where the value is undefined."""
    rows = zip(value, low, high, strict=True)
    return value.astype(object).where(
        value.isna(), [f"{one:.2f} [{bottom:.2f}, {top:.2f}]" for one, bottom, top in rows]
    )
