"""``samestory codebook``: check, show and convert codebooks and the dictionaries of other programs."""

from __future__ import annotations

import json
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from analysis.cli_output import note, put
from analysis.study import UserError, shipped

if TYPE_CHECKING:
    import pandas as pd

    from analysis.coding.codebook import Codebook

app = typer.Typer(
    name="codebook",
    help="Check, show or convert a codebook or a dictionary (LIWC, Lexicoder, Yoshikoder, WordStat, quanteda, CSV).",
    no_args_is_help=True,
    rich_markup_mode=None,
)


class Written(StrEnum):
    """How a codebook is written."""

    yaml = "yaml"
    json = "json"


FileArgument = Annotated[
    str, typer.Argument(metavar="FILE", help="A codebook or dictionary, or the name of a shipped codebook.")
]
EncodingOption = Annotated[
    str | None, typer.Option(help="Of the file, such as shift-jis; default: as its bytes say, and that is noted.")
]
KindOption = Annotated[
    str | None, typer.Option(help="liwc, lexicoder, yoshikoder, wordstat, yaml or csv; default: as its content says.")
]
FormatOption = Annotated[Written, typer.Option("--format", help="How to write it.")]


@app.command(epilog="Example: samestory codebook check my-list.dic")
def check(file: FileArgument, encoding: EncodingOption = None, kind: KindOption = None) -> int:
    """What is in it, and what of it cannot be carried over, by line; exit status 1 where something cannot."""
    book, losses = _read(file, encoding, kind)
    for name, variable in book.variables.items():
        patterns = sum(len(listed) for listed in variable.categories.values())
        print(f"{name}: {variable.kind}, {len(variable.categories)} categories, {patterns:,} patterns")
        for category, listed in variable.categories.items():
            print(f"  {len(listed):>6}  {category}")
    for line in _told(losses):
        print(line)
    return int(len(losses) > 0)


@app.command(epilog="Example: samestory codebook show vader --format json")
def show(
    file: FileArgument, form: FormatOption = Written.yaml, encoding: EncodingOption = None, kind: KindOption = None
) -> None:
    """Print it as a codebook: variables, categories, patterns. What cannot be carried over is noted."""
    _write(file, form, encoding, kind, None, None)


@app.command(epilog="Example: samestory codebook convert lsd.lc3 --scale positive=1 --scale negative=-1 --out lsd.yml")
def convert(
    file: FileArgument,
    form: FormatOption = Written.yaml,
    encoding: EncodingOption = None,
    kind: KindOption = None,
    scale: Annotated[
        list[str] | None,
        typer.Option(metavar="CATEGORY=WEIGHT", help="Make these categories one scale; may be repeated."),
    ] = None,
    out: Annotated[Path | None, typer.Option(help="A file; default standard output.")] = None,
) -> None:
    """Write it as a codebook that a study can name. What cannot be carried over is noted."""
    _write(file, form, encoding, kind, scale, out)


def _read(file: str, encoding: str | None, kind: str | None) -> tuple[Codebook, pd.DataFrame]:
    from analysis.coding.dictionaries import read_dictionary

    path = Path(file)
    if not path.is_file():
        path = shipped("codebooks") / f"{file}.yml"
    if not path.is_file():
        known = ", ".join(sorted(other.stem for other in path.parent.glob("*.yml")))
        raise UserError(f"{file}: no such file, and no codebook of that name is shipped; shipped: {known}")
    return read_dictionary(path, encoding=encoding, kind=kind)


def _write(
    file: str, form: Written, encoding: str | None, kind: str | None, scale: list[str] | None, out: Path | None
) -> None:
    from analysis.coding.dictionaries import as_json, as_scale, as_yaml

    book, losses = _read(file, encoding, kind)
    lost = _told(losses)
    if scale:
        book, dropped = as_scale(book, _weights(scale))
        lost += _told(dropped)
    text = as_yaml(book) if form is Written.yaml else json.dumps(as_json(book), ensure_ascii=False, indent=1) + "\n"
    put(text, out)
    for line in lost:
        note(line)


def _weights(scale: list[str]) -> dict[str, float]:
    weights = {}
    for one in scale:
        category, _, weight = one.rpartition("=")
        try:
            weights[category] = float(weight)
        except ValueError:
            category = ""
        if not category:
            raise UserError(f"--scale {one!r}: expected category=weight, such as positive=1")
    return weights


def _told(losses: pd.DataFrame) -> list[str]:
    """One line a loss: where, what, what was done, why."""
    return [
        f"{one.file}:{one.line}: {one.what}: {one.effect}: {one.reason}"
        if one.line
        else f"{one.file}: {one.what}: {one.effect}: {one.reason}"
        for one in losses.itertuples(index=False)
    ]
