"""Run the notebooks headlessly: parameters checked before a kernel starts, in parallel, a failure harming no other.

papermill only warns about a parameter that a notebook does not have, so that ``windw=3`` would run with the default.
Here names and types are checked against the notebook's ``parameters`` cell first.

What is slow to import is imported by the functions that need it, so that `kernels` can be had at once.
"""

from __future__ import annotations

import ast
import json
import os
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path

import pandas as pd
from pydantic import TypeAdapter, ValidationError

from analysis.reporting.nursery import FORKS, nursery, python
from analysis.reporting.this_notebook import FIGURES
from analysis.study import PACKAGE, UserError, shipped

KERNEL = "samestory"
_LONGEST_PATH = 90  # bytes of the path of a folder in which a socket can be named
TYPES: dict[str, type] = {
    "str": str,
    "int": int,
    "float": float,
    "bool": bool,
    "list": list[str],
    "list[str]": list[str],
    "list[int]": list[int],
    "list[float]": list[float],
}
COLUMNS = ["notebook", "status", "seconds", "error"]
# What is imported only once it is needed, and every notebook needs (but not matplotlib_inline: it looks for its kernel
# when it is imported).
_LATER = [
    "analysis.lazy",
    "analysis.coding.dictionaries",
    "analysis.comparison.sheets",
    "analysis.corpus.kept",
    "analysis.corpus.manifest",
    "analysis.corpus.places",
    "analysis.parts",
    "matplotlib.backends.backend_pdf",
    "matplotlib.backends.backend_svg",
    "fontTools.subset",
    "nltk",
    "openpyxl",
]
# Those that take longest are begun first, so that none of them is left for the end, when it would run alone.
_LONGEST = ("02_wording", "04_voices", "11_validation", "03_frames", "10_sentiment", "06_same_story", "07_keyness")
_QUIETLY = ["--InteractiveShellApp.ignore_cwd=True", "--Application.log_level=50"]


def find_notebooks(names: Sequence[str] | None = None) -> list[Path]:
    """The numbered notebooks that ship, or those named (with or without ``.ipynb``), in order.

    Raises UserError for a name that is none, with those that are.
    """
    there = {path.stem: path for path in sorted(shipped("notebooks").glob("[0-9][0-9]_*.ipynb"))}
    if not names:
        return list(there.values())
    wanted = [name.removesuffix(".ipynb") for name in names]
    for name in wanted:
        if name not in there:
            raise UserError(f"there is no notebook {name!r}; allowed: {', '.join(there)}")
    return [path for stem, path in there.items() if stem in wanted]


def parameters_of(notebook: Path) -> dict[str, str]:
    """Each parameter of a notebook with its type, as its ``parameters`` cell declares it; ``study`` is left out."""
    from analysis.reporting.jupyter import papermill

    found = papermill.inspect_notebook(str(notebook))
    return {name: one["inferred_type_name"] for name, one in found.items() if name != "study"}


def check_parameters(notebooks: Sequence[Path], settings: dict[str, str]) -> dict[str, dict]:
    """The settings each notebook takes, with their types: notebook name → parameter → value.

    Raises:
        UserError: a name that none of the notebooks has, or a value of the wrong type; with what is allowed.
    """
    declared = {path.stem: parameters_of(path) for path in notebooks}
    for name in settings:
        if not any(name in own for own in declared.values()):
            known = sorted({f"{one} ({kind})" for own in declared.values() for one, kind in own.items()})
            raise UserError(
                f"--set {name}: no parameter of {', '.join(declared)}; allowed: {', '.join(known) or 'none'}"
            )
    return {
        stem: {name: _typed(name, value, own[name]) for name, value in settings.items() if name in own}
        for stem, own in declared.items()
    }


def _typed(name: str, value: str, kind: str) -> object:
    """A value from the command line as the type that the notebook declares."""
    wanted = TYPES.get(kind.replace(" ", "").lower(), str)
    given = [part.strip() for part in value.split(",") if part.strip()] if str(wanted).startswith("list") else value
    try:
        return TypeAdapter(wanted).validate_python(given)
    except ValidationError:
        raise UserError(f"--set {name}={value}: expected {kind}") from None


def run_notebooks(
    study: Path,
    notebooks: Sequence[Path],
    *,
    values: dict[str, dict],
    out: Path,
    figures: Path,
    workers: int | None = None,
    kernel: Sequence[str] | None = None,
    done: Callable[[str, str | None], None] = lambda name, error: None,
) -> pd.DataFrame:
    """Execute notebooks and keep the executed ones, also those that failed, in ``out``.

    Args:
        study: the study's folder. values: parameters by notebook (see `check_parameters`).
        figures: where the notebooks' figures go. workers: kernels at a time, default one a core.
        kernel: the command that starts one, from `kernels`; default one of their own.
        done: called with each notebook's name, and its error if it has one, as it ends; in threads.

    Returns:
        notebook, status (done or failed), seconds, error (one line; missing where done), in order of the notebooks.
    """
    if kernel is None:
        with kernels(notebooks) as own:
            asked = {"values": values, "out": out, "figures": figures, "workers": workers, "done": done}
            return run_notebooks(study, notebooks, kernel=own, **asked)
    from analysis.reporting.running import run_one

    out.mkdir(parents=True, exist_ok=True)
    study, figures = study.resolve(), figures.resolve()

    def run(path: Path) -> tuple:
        begin = time.perf_counter()
        parameters = {"study": str(study), **values.get(path.stem, {})}
        error = run_one(path, out / path.name, parameters, kernel=KERNEL)
        seconds = round(time.perf_counter() - begin, 1)
        done(path.stem, error)
        return path.stem, "failed" if error else "done", seconds, error

    with _environment(figures, kernel), ThreadPoolExecutor(workers or os.cpu_count()) as pool:
        begun = {path: pool.submit(run, path) for path in sorted(notebooks, key=_turn)}
        rows = [begun[path].result() for path in notebooks]
    return pd.DataFrame(rows, columns=COLUMNS).astype({"notebook": "str", "status": "str", "error": "str"})


def _turn(notebook: Path) -> int:
    return _LONGEST.index(notebook.stem) if notebook.stem in _LONGEST else len(_LONGEST)


@contextmanager
def _environment(figures: Path, command: Sequence[str]) -> Iterator[None]:
    """A kernel that is this very interpreter, whatever kernels the machine or the user has registered."""
    with tempfile.TemporaryDirectory(prefix="samestory-") as folder:
        changes = {
            FIGURES: str(figures),
            "JUPYTER_PATH": os.pathsep.join(filter(None, [folder, os.environ.get("JUPYTER_PATH")])),
            "MPLBACKEND": None,  # a backend set outside would keep figures out of the notebook
            "PYDEVD_DISABLE_FILE_VALIDATION": "1",
        }
        before = {name: os.environ.get(name) for name in changes}
        _set(changes)
        try:
            kernel = Path(folder) / "kernels" / KERNEL
            kernel.mkdir(parents=True)
            spec = {
                "argv": [*command, "-f", "{connection_file}", *_QUIETLY],
                "display_name": "Python 3",
                "language": "python",
                "metadata": {"supported_encryption": ["curve"]},
            }
            (kernel / "kernel.json").write_text(json.dumps(spec), encoding="utf-8")
            yield
        finally:
            _set(before)


@contextmanager
def kernels(notebooks: Sequence[Path]) -> Iterator[list[str]]:
    """The command that starts a kernel: where that can be from a nursery that has imported what notebooks import.

    The command is known at once; the nursery goes on importing meanwhile.
    """
    with tempfile.TemporaryDirectory(prefix="samestory-") as folder:
        if not FORKS or len(os.fsencode(folder)) > _LONGEST_PATH:
            yield python("from ipykernel.kernelapp import launch_new_instance; launch_new_instance()")
            return
        with nursery(Path(folder), [*imported(notebooks), *_LATER]) as command:
            yield command


def imported(notebooks: Sequence[Path]) -> list[str]:
    """The modules of this package that cells of notebooks import, by name."""
    cells = (
        "".join(cell["source"])
        for path in notebooks
        for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]
        if cell["cell_type"] == "code"
    )
    found = set()
    for source in cells:
        with suppress(SyntaxError):  # a magic of IPython, or an error that its kernel will name
            for node in ast.walk(ast.parse(source)):
                if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == PACKAGE.name:
                    found |= {node.module, *(f"{node.module}.{one.name}" for one in node.names)}
    return sorted(found)


def _set(variables: dict[str, str | None]) -> None:
    for name, value in variables.items():
        if value is None:
            os.environ.pop(name, None)
        else:
            os.environ[name] = value
