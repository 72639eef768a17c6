"""``samestory explore``: JupyterLab at the explorer, with the study set, this interpreter as kernel, no network."""

from __future__ import annotations

import json
import os
import shutil
import sys
from pathlib import Path
from typing import Annotated

import typer

from analysis import open_study, store
from analysis.cli_coding import StudyArgument
from analysis.cli_output import note
from analysis.reporting.this_notebook import PROJECT
from analysis.study import shipped

# Lab asks whether it may look for news at jupyter.org: nothing of ours asks a network.
_NO_NEWS = {"disabledExtensions": {"@jupyterlab/apputils-extension:announcements": True}}


def explore(
    study: StudyArgument,
    browser: Annotated[
        bool, typer.Option("--browser/--no-browser", help="Open a browser, or print the address.")
    ] = True,
    port: Annotated[int | None, typer.Option(min=0, max=65535, help="Default 8888, or the next free one.")] = None,
) -> None:
    """Open JupyterLab at the explorer, with the study set. The other notebooks stand beside it."""
    opened = open_study(study)
    settings = _settings()
    root = _notebooks(opened.tables_folder)
    os.environ["SAMESTORY_STUDY"] = str(opened.folder)
    os.environ[PROJECT] = str(Path.cwd())  # figures belong where one works, not beside the copy of a notebook
    for name in ("JUPYTER_PATH", "JUPYTER_CONFIG_PATH"):
        os.environ[name] = os.pathsep.join(filter(None, [str(settings), os.environ.get(name)]))
    os.environ.pop("MPLBACKEND", None)  # a backend set outside would keep figures out of the notebooks
    note(f"JupyterLab opens with SAMESTORY_STUDY={opened.folder}; stop it with Ctrl-C")
    lab = [sys.executable, "-m", "jupyterlab", f"--ServerApp.root_dir={root}", "--LabApp.extension_manager=readonly"]
    lab.append("--LabApp.default_url=/lab/tree/notebooks/explore.ipynb")
    lab += [] if browser else ["--no-browser"]
    lab += [] if port is None else [f"--port={port}"]
    if hasattr(os, "geteuid") and os.geteuid() == 0:  # in a container one is root; Jupyter refuses that unasked
        lab.append("--allow-root")
    os.execv(sys.executable, lab)


def _settings() -> Path:
    """A folder that makes this interpreter Lab's kernel, whatever kernels are registered, and switches off its news."""
    folder = _cache() / f"jupyter-{store.hash_of(sys.executable)[:12]}"
    argv = [sys.executable, "-P", "-m", "ipykernel_launcher", "-f", "{connection_file}"]
    kernel = {
        "argv": argv,
        "display_name": "Python 3 (Samestory)",
        "language": "python",
        "metadata": {"debugger": True},
    }
    for place, said in (("kernels/python3/kernel.json", kernel), ("labconfig/page_config.json", _NO_NEWS)):
        (folder / place).parent.mkdir(parents=True, exist_ok=True)
        (folder / place).write_text(json.dumps(said), encoding="utf-8")
    return folder


def _notebooks(tables: Path) -> Path:
    """A folder with a copy of the notebooks in ``notebooks``, beside the study's tables, once a version.

    Lab writes what cells show into the notebooks that it runs: neither a package nor a checkout is to be changed by
    that, and what was shown of one study is not shown of another.
    """
    files = sorted(shipped("notebooks").glob("*.ipynb"))
    root = tables / f"explore-{store.hash_of(*files)[:8]}"
    copied = root / "notebooks"
    copied.mkdir(parents=True, exist_ok=True)
    for file in files:
        if not (copied / file.name).exists():
            shutil.copyfile(file, copied / file.name)
    return root


def _cache() -> Path:
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "samestory"
