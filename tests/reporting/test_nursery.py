"""Kernels from a nursery: forked with modules imported, one apart from the other, gone with the one who asked."""

import subprocess
import time
from pathlib import Path

import nbformat
import pytest

from analysis.reporting import notebooks
from analysis.reporting.nursery import FORKS, nursery

pytestmark = pytest.mark.skipif(not FORKS, reason="kernels are forked on Linux only")


def write(folder, name, *cells):
    tagged = nbformat.v4.new_code_cell('study: str = ""  # a study', metadata={"tags": ["parameters"]})
    notebook = nbformat.v4.new_notebook(cells=[tagged, *map(nbformat.v4.new_code_cell, cells)])
    notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
    nbformat.write(notebook, folder / name)
    return folder / name


def test_kernels_hold_what_is_imported_and_nothing_of_each_other(tmp_path):
    first = "import sys\nprint('analysis.comparison.rates' in sys.modules)\nfrom analysis.comparison import rates\n"
    cells = [
        first,
        "rates.left = 'here'\nimport os\nos.environ['LEFT'] = 'here'",
        "print(os.getpgid(0) == os.getpid())",
    ]
    paths = [write(tmp_path, "01_one.ipynb", *cells)]
    paths.append(
        write(tmp_path, "02_two.ipynb", first, "import os\nprint(hasattr(rates, 'left'), 'LEFT' in os.environ)")
    )
    out = tmp_path / "out"
    table = notebooks.run_notebooks(tmp_path, paths, values={}, out=out, figures=tmp_path, workers=1)
    assert table["error"].isna().all()
    said = [
        [output.text for cell in nbformat.read(out / path.name, 4).cells for output in cell.get("outputs", [])]
        for path in paths
    ]
    assert said == [["True\n", "True\n"], ["True\n", "False False\n"]]


def test_tables_and_figures_look_as_in_a_kernel_started_afresh(tmp_path, monkeypatch):
    wide = "import pandas as pd\npd.DataFrame({f'column {n}': ['a word'] for n in range(25)})"
    option = "pd.get_option('display.max_columns')"
    drawn = "import matplotlib.pyplot as plt\nfrom IPython.display import display\ndisplay(plt.subplots()[0])"
    path = write(tmp_path, "01_one.ipynb", "from analysis.reporting import figures", wide, option, drawn)
    shown = []
    for forks in (True, False):
        monkeypatch.setattr(notebooks, "FORKS", forks)
        table = notebooks.run_notebooks(tmp_path, [path], values={}, out=tmp_path / "out", figures=tmp_path)
        assert table["error"].isna().all()
        cells = nbformat.read(tmp_path / "out" / path.name, 4).cells
        shown.append([dict(output) for cell in cells for output in cell.get("outputs", [])])
    assert len(shown[0]) >= 3
    assert shown[0] == shown[1]


def test_modules_of_cells_are_named_and_cells_that_are_no_python_passed_over(tmp_path):
    path = write(
        tmp_path, "01_one.ipynb", "%matplotlib inline", "from analysis import code\nimport os", "from os import path"
    )
    assert notebooks.imported([path]) == ["analysis", "analysis.code"]


def ended(process):
    try:
        return (process / "stat").read_text().rsplit(")", 1)[1].split()[0] == "Z"
    except OSError:
        return True


def runs_in(process, folder):
    try:
        return (process / "cwd").readlink() == folder.resolve()
    except OSError:
        return False


def test_a_kernel_ends_with_the_one_who_asked_for_it(tmp_path):
    with nursery(tmp_path, []) as command:
        connection = tmp_path / "connection.json"
        with subprocess.Popen([*command, "-f", str(connection)], cwd=tmp_path) as asking:
            until = time.monotonic() + 60
            while not connection.exists() and time.monotonic() < until:
                time.sleep(0.05)
            own = Path("/proc") / str(asking.pid)
            kernels = [one for one in Path("/proc").glob("[0-9]*") if runs_in(one, tmp_path) and one != own]
            assert len(kernels) == 1
            asking.kill()
        while not ended(kernels[0]) and time.monotonic() < until:
            time.sleep(0.05)
        assert ended(kernels[0])
