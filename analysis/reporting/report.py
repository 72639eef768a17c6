"""A study's report from one call: notebooks checked, run in parallel, and put together as pages."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Lock

import pandas as pd
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from analysis.reporting import crate
from analysis.reporting.jupyter import nbformat
from analysis.reporting.notebooks import check_parameters, find_notebooks, run_notebooks
from analysis.reporting.provenance import variant
from analysis.reporting.records import prune_inputs
from analysis.reporting.site import write_index, write_notebook, write_texts
from analysis.reporting.site_index import Notebook
from analysis.reporting.this_notebook import defaults
from analysis.study import Study, UserError


def write_report(
    study: Study,
    tables: dict[str, pd.DataFrame],
    *,
    notebooks: Sequence[str] | None = None,
    settings: dict[str, str] | None = None,
    out: Path | None = None,
    kernel: Sequence[str] | None = None,
) -> pd.DataFrame:
    """Run notebooks on a coded study and write pages, figures and the executed notebooks.

    The pages of articles are written while notebooks run, and that of a notebook when it has ended.

    Args:
        notebooks: names; default all. settings: parameters, as strings.
        out: the report's folder, figures in ``out/figures``; default reports/STUDY and figures/STUDY where one stands,
            and with other parameters than the notebooks' own a folder in each of them, such as ``voice-own``: what the
            notebooks' own parameters make is not written over.
        kernel: the command that starts a kernel, where `notebooks.kernels` has given one.

    Returns:
        What `notebooks.run_notebooks` says of each notebook.

    Raises:
        UserError: an unknown notebook or parameter, a value of the wrong type, or ``out`` among the articles.
    """
    chosen = find_notebooks(notebooks)
    values = check_parameters(chosen, settings or {})
    pages = out or Path("reports") / study.name / variant(_given(values))
    figures = pages / "figures" if out else Path("figures") / study.name / variant(_given(values))
    _refuse_sources(study, pages)
    started = crate.now()
    with tempfile.TemporaryDirectory(prefix="samestory-") as scratch:
        executed = Path(scratch)
        written: dict[str, Notebook] = {}
        one_at_a_time = Lock()

        def write(name: str, error: str | None) -> None:
            with one_at_a_time:
                file = executed / f"{name}.ipynb"
                written[name] = write_notebook(study, file, pages, figures=figures, error=error)
                if file.is_file():
                    _keep(file, pages / file.name, study)

        with ThreadPoolExecutor(1) as pool:
            texts = pool.submit(write_texts, study, tables.without_held(), pages)
            status = _run(study, chosen, write, values=values, out=executed, figures=figures, kernel=kernel)
            variables = texts.result()
        prune_inputs(figures)
        index = write_index(study, tables, [written[one.stem] for one in chosen], variables, pages, figures=figures)
    _describe(study, tables, status, pages, figures, started=started, settings=settings or {})
    print(f"{index}; figures in {figures}", file=sys.stderr)
    return status


def _given(values: dict[str, dict]) -> dict[str, object]:
    """The parameters that are other than the notebooks' own."""
    return {name: one for stem, own in values.items() for name, one in own.items() if one != defaults(stem)[name]}


def _describe(
    study: Study,
    tables: dict[str, pd.DataFrame],
    status: pd.DataFrame,
    pages: Path,
    figures: Path,
    *,
    started: str,
    settings: dict[str, str],
) -> None:
    """The whole run as an RO-Crate in the report's folder, its inputs beside it."""
    crate.copy_inputs(study, pages)
    failed = status[status["status"] != "done"]
    crate.write_crate(
        pages,
        study,
        tables,
        command=f"samestory report {study.name}",
        started=started,
        description=f"Notebooks run: {', '.join(status['notebook'])}.",
        settings=settings,
        figures=figures,
        failures=[f"{name}: {error}" for name, error in zip(failed["notebook"], failed["error"], strict=True)],
    )


def _keep(executed: Path, target: Path, study: Study) -> None:
    """The executed notebook, without the times and the paths of this machine that papermill notes in it."""
    notebook = nbformat.read(executed, as_version=4)
    for part in [notebook, *notebook.cells]:
        part.metadata.pop("papermill", None)
        part.metadata.pop("execution", None)
    for cell in notebook.cells:
        if "injected-parameters" in cell.metadata.get("tags", []):
            cell.source = cell.source.replace(str(study.folder), study.name)
            cell["id"] = "injected"  # papermill draws one at random
    nbformat.write(notebook, target)


def _refuse_sources(study: Study, out: Path) -> None:
    """Nothing is written among the articles."""
    for pattern in study.article_patterns:
        source = (study.folder / pattern).resolve()
        if source.is_dir() and source in [out.resolve(), *out.resolve().parents]:
            raise UserError(f"--out {out}: is among the articles ({source}); choose a folder outside")


def _run(study: Study, chosen: Sequence[Path], then: Callable[[str, str | None], None], **options) -> pd.DataFrame:
    """Run the notebooks under a progress bar on standard error. ``then``: what is done when one has ended."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True)) as progress:
        task = progress.add_task("notebooks", total=len(chosen))

        def done(name: str, error: str | None) -> None:
            then(name, error)
            progress.advance(task)

        return run_notebooks(study.folder, chosen, done=done, **options)
