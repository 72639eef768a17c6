"""`samestory report` on studies without texts: every notebook runs, and wording figures are those of the texts."""

import shutil

import pytest

from analysis.texts import SENTENCE
from tests.conftest import assert_committed, samestory
from tests.reporting.test_crate import issues

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("sharing")]


def wording(study, out, *options):
    run = samestory("report", study, "--notebook", "02_wording", *options, "--out", out)
    assert run.returncode == 0, run.stderr
    return {path.name: path.read_bytes() for path in (out / "figures").glob("*.csv")}


def test_every_notebook_runs_from_the_committed_study(tmp_path):
    run = samestory("report", "ceasefire-2024", cwd=tmp_path)
    assert run.returncode == 0, run.stderr
    pages = tmp_path / "reports/ceasefire-2024"
    for name in ("02_wording", "03_frames", "05_copies", "08_collocates"):
        assert SENTENCE in (pages / f"{name}.html").read_text(encoding="utf-8"), name
    assert issues(pages, tmp_path) == []
    assert_committed(tmp_path / "figures/ceasefire-2024")


def test_wording_figures_of_the_demo_are_those_of_the_texts(tmp_path):
    assert samestory("share", "demo", "--out", tmp_path / "demo").returncode == 0
    few = ("--set", "replicates=200")
    texts, tables = (wording(one, tmp_path / f"{at}", *few) for at, one in enumerate(("demo", tmp_path / "demo")))
    assert len(texts) > 10 and texts == tables


def test_wording_figures_of_the_five_pages_are_those_of_the_texts(shared, tmp_path):
    shutil.copytree(shared / "seeds", tmp_path / "seeds")
    texts, tables = (wording(one, tmp_path / f"{at}") for at, one in enumerate((tmp_path / "seeds", "ceasefire-2024")))
    assert len(texts) > 10 and texts == tables
