"""`samestory report` on studies without texts: every notebook runs, and wording figures are those of the texts."""

import shutil

import nbformat
import pytest
from IPython.display import display

from analysis.reporting import provenance, this_notebook
from analysis.reporting.notebooks import find_notebooks
from analysis.texts import SENTENCE
from tests.conftest import TOP, assert_committed, samestory
from tests.reporting.test_crate import issues

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("sharing")]


@pytest.fixture
def wording(tmp_path, monkeypatch):
    """The tables of the figures of 02_wording, made now: its cells run in this process, and draw no pictures."""

    def run(study):
        monkeypatch.setenv("SAMESTORY_FIGURES", str(tmp_path / "figures"))
        monkeypatch.setattr(this_notebook, "_NOW", {})
        monkeypatch.setattr(provenance, "write_pictures", lambda *_: None)
        (file,) = find_notebooks(["02_wording"])
        names = {"display": display}
        for cell in nbformat.read(file, as_version=4).cells:
            if cell.cell_type == "code":
                exec(cell.source, names)
            if "parameters" in cell.metadata.get("tags", []):
                names["study"] = str(study)
        return {path.name: path.read_bytes() for path in (tmp_path / "figures").glob("*.csv")}

    return run


def committed(study):
    """Those that are committed, which are those that are made: so `assert_committed` says here and in test_report."""
    return {path.name: path.read_bytes() for path in (TOP / "figures" / study).glob("wording-*.csv")}


def test_every_notebook_runs_from_the_committed_study(tmp_path):
    run = samestory("report", "ceasefire-2024", cwd=tmp_path)
    assert run.returncode == 0, run.stderr
    pages = tmp_path / "reports/ceasefire-2024"
    for name in ("02_wording", "03_frames", "05_copies", "08_collocates"):
        assert SENTENCE in (pages / f"{name}.html").read_text(encoding="utf-8"), name
    assert issues(pages, tmp_path) == []
    assert_committed(tmp_path / "figures/ceasefire-2024")


def test_wording_figures_of_the_demo_are_those_of_the_texts(wording, tmp_path):
    assert samestory("share", "demo", "--out", tmp_path / "demo").returncode == 0
    texts, tables = committed("demo"), wording(tmp_path / "demo")
    assert len(texts) > 10 and texts == tables


def test_wording_figures_of_the_five_pages_are_those_of_the_texts(wording, shared, tmp_path):
    shutil.copytree(shared / "seeds", tmp_path / "seeds")
    texts, tables = wording(tmp_path / "seeds"), committed("ceasefire-2024")
    assert len(texts) > 10 and texts == tables
