"""Headless runs: parameters refused by name and type, failures kept and harmless; and how our notebooks are written."""

import ast
import builtins
import re

import nbformat
import pytest

from analysis.reporting import notebooks
from analysis.study import UserError, shipped

OURS = notebooks.find_notebooks()
PARAMETERS = 'study: str = "demo"  # a study\nwindow: int = 5  # words\nlevels: list[str] = []  # of them'


@pytest.fixture
def write(tmp_path):
    """A notebook of a parameters cell and some more."""

    def make(name, *cells):
        tagged = nbformat.v4.new_code_cell(PARAMETERS, metadata={"tags": ["parameters"]})
        notebook = nbformat.v4.new_notebook(cells=[tagged, *map(nbformat.v4.new_code_cell, cells)])
        notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
        nbformat.write(notebook, tmp_path / name)
        return tmp_path / name

    return make


def test_unknown_and_wrongly_typed_parameters_are_refused_by_name(write):
    one, other = write("01_a.ipynb"), write("02_b.ipynb")
    with pytest.raises(
        UserError, match=r"--set windw: no parameter of 01_a, 02_b; allowed: levels \(list\[str\]\), window \(int\)"
    ):
        notebooks.check_parameters([one, other], {"windw": "3"})
    with pytest.raises(UserError, match=r"--set window=three: expected int"):
        notebooks.check_parameters([one], {"window": "three"})
    assert notebooks.check_parameters([one], {"window": "3", "levels": "A, B"}) == {
        "01_a": {"window": 3, "levels": ["A", "B"]}
    }


def test_a_notebook_that_is_not_there_is_named_with_those_that_are():
    with pytest.raises(
        UserError, match=r"there is no notebook '09_x'; allowed: 01_corpus, 02_wording, 03_frames, 04_voices"
    ):
        notebooks.find_notebooks(["09_x"])
    assert [path.stem for path in notebooks.find_notebooks(["02_wording.ipynb"])] == ["02_wording"]


def test_one_failure_harms_no_other_and_is_kept(write, tmp_path, monkeypatch):
    # A kernel that the user registered under any name must not be taken.
    foreign = tmp_path / "foreign" / "kernels" / "python3"
    foreign.mkdir(parents=True)
    (foreign / "kernel.json").write_text('{"argv": ["/nowhere/python"], "display_name": "x", "language": "python"}')
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path / "foreign"))
    paths = [
        write("01_good.ipynb", "import os\nprint(window, os.environ['SAMESTORY_FIGURES'])"),
        write("02_bad.ipynb", "1 / 0", "print('never')"),
        write("03_leaves.ipynb", "import sys\nsys.exit(0)", "print('never')"),
        write("04_dies.ipynb", "import os\nos._exit(1)"),
    ]
    here = tmp_path.cwd()
    table = notebooks.run_notebooks(
        tmp_path, paths, values={"01_good": {"window": 7}}, out=tmp_path / "out", figures=tmp_path / "figures"
    )
    assert table["notebook"].tolist() == ["01_good", "02_bad", "03_leaves", "04_dies"]
    assert table["status"].tolist() == ["done", "failed", "failed", "failed"]
    assert "ZeroDivisionError: division by zero" in table["error"][1]
    assert "sys.exit(0)" in table["error"][2]
    assert "kernel died" in table["error"][3]
    said = nbformat.read(tmp_path / "out" / "01_good.ipynb", 4).cells[-1].outputs[0].text
    assert said == f"7 {tmp_path / 'figures'}\n"
    failed = nbformat.read(tmp_path / "out" / "02_bad.ipynb", 4)
    assert any(
        "Traceback" in "".join(output.get("traceback", []))
        for cell in failed.cells
        for output in cell.get("outputs", [])
    )
    assert tmp_path.cwd() == here


def cells_of(path):
    return nbformat.read(path, as_version=4).cells


@pytest.mark.parametrize("path", OURS, ids=lambda path: path.stem)
def test_our_notebooks_are_stored_bare_and_built_alike(path):
    notebook = nbformat.read(path, as_version=4)
    nbformat.validate(notebook)
    cells = notebook.cells
    code = [cell for cell in cells if cell.cell_type == "code"]
    assert all(not cell.outputs and cell.execution_count is None for cell in code)
    assert len({cell.id for cell in cells}) == len(cells)
    assert re.match(r"# .+\?\n", cells[0].source), "the first cell asks a question"
    assert "parameters" in cells[1].metadata.tags
    assert all(line.count("  # ") == 1 for line in cells[1].source.splitlines()), "each parameter has a comment"
    for cell in code:
        assert cell.source.count("\n") < 12, cell.id
        tree = ast.parse(cell.source)
        assert not [node for node in ast.walk(tree) if isinstance(node, (ast.FunctionDef, ast.ClassDef, ast.For))], (
            cell.id
        )
    assert "choice changed" in cells[-2].source
    headings = [cell.source.splitlines()[0] for cell in cells[1:] if cell.cell_type == "markdown"]
    assert all(heading.startswith("## ") for heading in headings)


@pytest.mark.parametrize("path", OURS, ids=lambda path: path.stem)
def test_every_parameter_has_a_type(path):
    declared = notebooks.parameters_of(path)
    assert declared
    assert set(declared.values()) <= set(notebooks.TYPES)


@pytest.mark.parametrize("path", [*OURS, shipped("notebooks") / "explore.ipynb"], ids=lambda path: path.stem)
def test_every_notebook_runs_by_hand_too(path):
    """In JupyterLab nobody injects parameters: the study is the one that Lab was opened for, all else has defaults."""
    cells = [cell.source for cell in cells_of(path) if cell.cell_type == "code"]
    (first,) = [source for source in cells if source.startswith("study: str")]
    known = dict.fromkeys(dir(builtins)) | {"display": None, "get_ipython": None}
    exec(first, known)
    assert known["study"] == ""
    for source in cells:
        tree = ast.parse(source)
        for word in ("papermill", "SAMESTORY_STUDY", "SAMESTORY_FIGURES"):
            assert word not in source, path.stem
        names = [node for node in ast.walk(tree) if isinstance(node, ast.Name)]
        own = {one.id for one in names if isinstance(one.ctx, ast.Store)} | {
            name.asname or name.name.split(".")[0]
            for node in ast.walk(tree)
            if isinstance(node, (ast.Import, ast.ImportFrom))
            for name in node.names
        }
        arguments = {one.arg for node in ast.walk(tree) if isinstance(node, ast.arguments) for one in node.args}
        # Each cell finds what it needs in itself and in the cells above it.
        missing = {one.id for one in names if isinstance(one.ctx, ast.Load)} - own - arguments - set(known)
        assert not missing, f"{path.stem}: {source.splitlines()[0]}: {missing}"
        known |= dict.fromkeys(own)


def test_notebooks_ship():
    assert [path.parent for path in OURS] == [shipped("notebooks")] * 11


def test_nothing_is_imported_from_the_folder_of_the_call(write, tmp_path, monkeypatch):
    (tmp_path / "analysis").mkdir()
    (tmp_path / "analysis" / "__init__.py").write_text("raise ImportError('a stranger')")
    (tmp_path / "pandas.py").write_text("raise ImportError('a stranger')")
    monkeypatch.chdir(tmp_path)
    path = write("01_imports.ipynb", "import analysis, pandas\nprint(analysis.__version__)")
    table = notebooks.run_notebooks(tmp_path, [path], values={}, out=tmp_path / "out", figures=tmp_path)
    assert table["error"].isna().all()
