"""The ``samestory`` command.

Exit status: 0 done, 1 done with failures (named), 2 wrong use. Standard output carries data only; progress and notes
go to standard error. An error is one line; ``--debug`` anywhere shows the traceback.
"""

from __future__ import annotations

import os
import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from typer.exceptions import TyperException

from analysis import (
    __version__,
    cli_codebook,
    cli_coding,
    cli_explore,
    cli_figures,
    cli_sharing,
    cli_validation,
    open_study,
)
from analysis.cli_coding import StudyArgument, coded, note_losses
from analysis.cli_output import Format, note, put, write
from analysis.memory import look_seldom
from analysis.study import UserError
from analysis.texts import refuse_shared

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

app = typer.Typer(
    name="samestory",
    help="How do outlets word the same story? Reads articles, applies codebooks, compares outlets.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)


class Lines(StrEnum):
    """How a concordance is written."""

    text = "text"
    csv = "csv"
    jsonl = "jsonl"


def main() -> None:
    """Run the command; every error that the user can mend is one line."""
    look_seldom()
    arguments = [argument for argument in sys.argv[1:] if argument != "--debug"]
    debug = len(arguments) < len(sys.argv) - 1
    try:
        status = app(args=arguments, standalone_mode=False)
    except (UserError, TyperException) as error:
        if debug:
            raise
        message = error.format_message() if isinstance(error, TyperException) else str(error)
        note(f"samestory: {' '.join(message.split())}")
        status = 2
    except KeyboardInterrupt:
        note("samestory: interrupted")
        status = 130
    except BrokenPipeError:  # `samestory export … | head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        status = 0
    except OSError as error:
        if debug:
            raise
        note(f"samestory: {error.filename or 'system'}: {error.strerror or error}")
        status = 2
    sys.exit(status if isinstance(status, int) else 0)


@app.callback(invoke_without_command=True)
def _options(
    version: Annotated[bool, typer.Option("--version", help="Print the version and stop.")] = False,
) -> None:
    if version:
        print(f"samestory {__version__}")
        raise typer.Exit


@app.command(epilog="Example: samestory new my-study --articles ~/articles --codebook ukraine-war")
def new(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="The folder of the new study.")],
    articles: Annotated[str, typer.Option(help="A file, folder or glob of articles.")],
    title: Annotated[str | None, typer.Option(help="What the study asks.")] = None,
    codebook: Annotated[list[str] | None, typer.Option(help="A shipped codebook or a path; may be repeated.")] = None,
) -> None:
    """Write the study.yml of a new study."""
    from analysis.study import write_study

    file = write_study(folder, articles=articles, title=title, codebooks=codebook)
    note(f"wrote {file}; next: samestory read {folder}")


@app.command(epilog="Example: samestory read data/demo")
def read(
    study: StudyArgument,
    allow_missing: Annotated[
        bool, typer.Option("--allow-missing", help="No failure where a source holds less, or more, than it says.")
    ] = False,
    workers: Annotated[int | None, typer.Option(min=1, help="Processes to read with.")] = None,
) -> int:
    """Read the articles: what each source holds, what was read, what was rejected and why."""
    from analysis import read as read_study
    from analysis.cli_progress import progress
    from analysis.cli_reading import printable, read_lines
    from analysis.corpus.outlets import read_outlets
    from analysis.corpus.sources import differences

    opened = open_study(study)
    outlets = read_outlets(opened.outlets_path)
    with progress() as show:
        tables = read_study(opened, workers=workers, progress=show)
    put("".join(f"{line}\n" for line in read_lines(tables, outlets)), None)
    if not tables.rows("articles"):
        raise UserError(f"{opened.folder}: no article could be read")
    lacking = list(differences(tables["sources"]))
    for line in lacking:
        note(f"samestory: {printable(line)}")
    return int(bool(lacking) and not allow_missing)


@app.command(epilog="Example: samestory report data/demo --notebook 02_wording --set voice=own")
def report(
    study: StudyArgument,
    notebook: Annotated[list[str] | None, typer.Option(help="Run only this notebook; may be repeated.")] = None,
    settings: Annotated[
        list[str] | None, typer.Option("--set", metavar="NAME=VALUE", help="A notebook parameter; may be repeated.")
    ] = None,
    out: Annotated[
        Path | None, typer.Option(help="Where to write; default reports/STUDY, with figures in figures/STUDY.")
    ] = None,
) -> int:
    """Run the notebooks and write the report: one page a notebook, and an index."""
    from analysis.reporting.notebooks import find_notebooks, kernels

    given = _pairs(settings or [])
    with kernels(find_notebooks(notebook)) as kernel:  # they import what they need while the study is read
        from analysis.reporting.report import write_report

        opened, tables = coded(study)
        note_losses(opened)
        status = write_report(opened, tables, notebooks=notebook, settings=given, out=out, kernel=kernel)
    for name, error in status.loc[status["status"] != "done", ["notebook", "error"]].itertuples(index=False):
        note(f"samestory: {name} failed: {error}")
    return int((status["status"] != "done").any())


@app.command(epilog="Example: samestory export data/demo mentions --format csv --out mentions.csv")
def export(
    study: StudyArgument,
    table: Annotated[str, typer.Argument(help="articles, mentions, sentences … (see data/README.md).")],
    form: Annotated[Format, typer.Option("--format", help="How to write it.")] = Format.csv,
    out: Annotated[Path | None, typer.Option(help="A file; default standard output.")] = None,
) -> None:
    """Write a table of the study as CSV, JSON Lines or Parquet."""
    from analysis.tables import TABLES

    if table not in TABLES:
        raise UserError(f"there is no table {table!r}; allowed: {', '.join(TABLES)}")
    _, tables = coded(study)
    write(tables[table], form, out)


@app.command(epilog="Example: samestory kwic data/demo 'illegal* annex*' --window 8")
def kwic(
    study: StudyArgument,
    pattern: Annotated[str, typer.Argument(help="A pattern as in a codebook: globs, phrases, … for a gap.")],
    window: Annotated[int, typer.Option(help="Words on either side.")] = 8,
    form: Annotated[Lines, typer.Option("--format", help="text aligns the matches under each other.")] = Lines.text,
    out: Annotated[Path | None, typer.Option(help="A file; default standard output.")] = None,
) -> None:
    """Show every place where a pattern stands, with the words around it."""
    from analysis.coding.index_files import kept_indexes
    from analysis.coding.kwic import OF_ARTICLES, OF_QUOTES, PARTS, as_lines, texts_read
    from analysis.coding.kwic import kwic as concordance
    from analysis.store import read_rows

    opened, tables = coded(study)
    refuse_shared(opened, "kwic")
    articles = tables.some("articles", OF_ARTICLES)
    (place,) = tables.stored("articles").files

    def read(start: int, stop: int) -> pa.Table:
        return read_rows(place, start, stop, PARTS)

    indexes = kept_indexes(articles, opened.tables_folder / "index", read=read)
    asked = {"quotes": lambda ids: tables.of_articles("quotes", ids, OF_QUOTES), "texts": texts_read(read)}
    places = concordance(articles, pattern, window=window, indexes=indexes, **asked)
    if form is Lines.text:
        put("".join(f"{line}\n" for line in as_lines(places)), out)
    else:
        write(places, Format(form), out)
    note(f"{len(places)} places in {places['article_id'].nunique()} of {len(articles)} articles")


@app.command(epilog="Example: samestory keyness data/demo --target 'outlet=Eastern Telegraph' --format csv")
def keyness(
    study: Annotated[
        str | None, typer.Argument(metavar="[STUDY]", help="A study; or give a frequency list with --counts.")
    ] = None,
    target: Annotated[
        str | None, typer.Option(metavar="COLUMN=LEVEL", help="The level compared, such as outlet=Civic Ledger.")
    ] = None,
    reference: Annotated[
        list[str] | None, typer.Option(help="A level to compare with; may be repeated. Default: all others.")
    ] = None,
    counts: Annotated[
        Path | None,
        typer.Option(help="A CSV with word, n_target, n_reference, size_target, size_reference, from elsewhere."),
    ] = None,
    voice: Annotated[str, typer.Option(help="Whose words: all, headline, own, direct or indirect.")] = "all",
    min_count: Annotated[int, typer.Option(min=1, help="Words with fewer mentions are left out.")] = 5,
    tests: Annotated[int | None, typer.Option(help="Words tested (m of LRC); default: the rows.")] = None,
    types: Annotated[int | None, typer.Option(help="Word types of the prior; default: the rows.")] = None,
    prior: Annotated[float, typer.Option(help="The prior of each type for log-odds.")] = 0.01,
    smoothing: Annotated[float, typer.Option(help="λ of simple maths, per million words.")] = 100,
    correction: Annotated[str, typer.Option(help="Of chi-squared: none, yates, williams or auto.")] = "auto",
    form: Annotated[Format, typer.Option("--format", help="How to write it.")] = Format.csv,
    out: Annotated[Path | None, typer.Option(help="A file; default standard output.")] = None,
) -> None:
    """Which words stand out in one outlet against others; or the scores of a frequency list from elsewhere."""
    settings = {"tests": tests, "types": types, "prior": prior, "smoothing": smoothing, "correction": correction}
    if (study is None) == (counts is None):
        raise UserError("keyness: give a study, or a frequency list with --counts, and not both")
    if counts is not None:
        from analysis.comparison.scoring import score_counts

        write(score_counts(_frequencies(counts), **settings), form, out)
        return
    from analysis.comparison.keyness import keyness as key_words
    from analysis.comparison.wire import groups_of

    ((column, level),) = _pairs([target or ""], "--target").items()
    opened, tables = coded(study)
    asked = {"by": column, "target": level, "reference": reference or None, "voice": voice, "min_count": min_count}
    grouped = {"groups": groups_of(tables["copy_groups"]), "seed": opened.seed}
    table = key_words(tables.parts("word_counts"), tables["articles"], **asked, **grouped, **settings)
    write(table, form, out)
    note(f"{len(table)} words; p values are adjusted for {table.attrs['tests']} tests")


def _frequencies(file: Path) -> pd.DataFrame:
    """A frequency list: words as they are printed (``null`` and ``nan`` are words), the rest as numbers."""
    import pandas as pd

    try:
        return pd.read_csv(file, dtype={"word": "str"}, keep_default_na=False, encoding="utf-8-sig")
    except (UnicodeDecodeError, pd.errors.ParserError, pd.errors.EmptyDataError) as error:
        raise UserError(f"{file}: cannot be read as CSV in UTF-8: {error}") from None


app.add_typer(cli_codebook.app)
app.command(epilog="Example: samestory code data/demo --workers 2")(cli_coding.code)
app.command(epilog="Example: samestory sample data/demo --variable frame --n 100")(cli_validation.sample)
app.command(epilog="Example: samestory agree validation/frame/ann.xlsx validation/frame/ben.csv")(cli_validation.agree)
app.command(epilog="Example: samestory cite figures/demo/wording-share-capital.pdf --format latex")(cli_figures.cite)
app.command(epilog="Example: samestory verify figures/demo/*.pdf")(cli_figures.verify)
app.command(epilog="Example: samestory share data/demo --out shared/demo --licence CC0-1.0")(cli_sharing.share)
app.command(epilog="Example: samestory methods data/demo --format latex")(cli_sharing.methods)


app.command(epilog="Example: samestory explore data/demo")(cli_explore.explore)


def _pairs(settings: list[str], option: str = "--set") -> dict[str, str]:
    """``name=value`` strings as a dictionary."""
    for setting in settings:
        if "=" not in setting or not setting.split("=", 1)[0].strip():
            raise UserError(f"{option} {setting!r}: expected name=value")
    return {name.strip(): value for name, value in (setting.split("=", 1) for setting in settings)}


if __name__ == "__main__":
    main()
