"""One notebook, run with papermill in a kernel of its own."""

from __future__ import annotations

from pathlib import Path

from analysis.reporting.jupyter import nbformat, papermill  # isort: skip (before what imports these in its own way)
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
from papermill.engines import NBClientEngine, NotebookExecutionManager, papermill_engines
from papermill.exceptions import PapermillException, PapermillExecutionError
from traitlets.config import Config

_ENGINE = "samestory"


class _Once(NBClientEngine):
    """papermill's own engine, but the notebook is written when it ends, however it ends, and not twice a cell."""

    @classmethod
    def execute_managed_notebook(cls, nb_man: NotebookExecutionManager, kernel_name: str, **options: object) -> None:
        nb_man.save = lambda **_: None
        try:
            super().execute_managed_notebook(nb_man, kernel_name, **options)
        finally:
            del nb_man.save


papermill_engines.register(_ENGINE, _Once)


def run_one(source: Path, target: Path, parameters: dict, *, kernel: str) -> str | None:
    """Execute one notebook; the reason in one line where it failed.

    papermill's option ``cwd`` is not used: it changes the folder of the whole process, and notebooks run in threads.
    """
    try:
        papermill.execute_notebook(
            str(source),
            str(target),
            parameters=parameters,
            kernel_name=kernel,
            engine_name=_ENGINE,
            progress_bar=False,
            log_output=False,
            config=Config({"KernelManager": {"transport_encryption": "auto"}}),  # else each kernel warns of plain TCP
        )
    except PapermillExecutionError as error:
        return f"cell {error.exec_count}: {error.ename}: {' '.join(str(error.evalue).split())[:300]}"
    except DeadKernelError:
        return "the kernel died (out of memory, or ended from outside)"
    except (PapermillException, CellExecutionError, CellTimeoutError, RuntimeError, OSError) as error:
        return f"{type(error).__name__}: {' '.join(str(error).split())[:300]}"
    return _left_early(target)


def _left_early(notebook: Path) -> str | None:
    """papermill takes ``sys.exit(0)`` in a cell for success; to us the rest of the notebook is missing."""
    for cell in nbformat.read(notebook, as_version=4).cells:
        for output in cell.get("outputs", []):
            if output.get("ename") == "SystemExit":
                return f"cell {cell.execution_count}: left with sys.exit({output.get('evalue', '')})"
    return None
