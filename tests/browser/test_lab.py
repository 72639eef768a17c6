"""JupyterLab as ``samestory explore`` opens it: the explorer runs, and one choice changes chart and words together."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from analysis.study import PACKAGE

TOKEN = "of-this-test"
READY = "window.jupyterapp?.shell.currentWidget?.sessionContext?.session?.kernel?.status === 'idle'"
SHOTS = "SAMESTORY_SCREENSHOTS"  # a folder in which pictures of the browser are kept


@pytest.fixture
def lab(browser, tmp_path):
    """The address of a Lab of its own, with a notebook and without anyone's settings; ended by its process id."""
    folders = {name: str(tmp_path / name.lower()) for name in ("XDG_CACHE_HOME", "IPYTHONDIR")}
    folders |= {f"JUPYTER_{name}_DIR": str(tmp_path / name.lower()) for name in ("CONFIG", "DATA", "RUNTIME")}
    folders |= {f"JUPYTERLAB_{name}_DIR": str(tmp_path / name.lower()) for name in ("SETTINGS", "WORKSPACES")}
    environment = {**os.environ, **folders, "JUPYTER_TOKEN": TOKEN, "SAMESTORY_FIGURES": str(tmp_path / "figures")}
    environment["PYTHONPATH"] = os.pathsep.join(filter(None, [str(PACKAGE.parent), os.environ.get("PYTHONPATH")]))
    # The page then says of its kernel whether it is there; what it shows says "idle" before there is one.
    (tmp_path / "config").mkdir()
    exposed = {"LabApp": {"expose_app_in_browser": True}}
    (tmp_path / "config" / "jupyter_lab_config.json").write_text(json.dumps(exposed))
    command = [sys.executable, "-m", "analysis.cli", "explore", "demo", "--no-browser", "--port", "0"]
    with (tmp_path / "log").open("w") as log:
        server = subprocess.Popen(command, env=environment, stdout=log, stderr=subprocess.STDOUT, cwd=tmp_path)
    try:
        said = tmp_path / "runtime" / f"jpserver-{server.pid}.json"
        _wait_for(lambda: (said.is_file() and said.read_text()) or server.poll() is not None, seconds=90)
        assert server.poll() is None, (tmp_path / "log").read_text()[-2000:]
        yield f"http://127.0.0.1:{json.loads(said.read_text())['port']}"
    finally:
        server.terminate()
        server.wait(timeout=30)


def _wait_for(there, *, seconds):
    end = time.monotonic() + seconds
    while not there():
        assert time.monotonic() < end, f"nothing within {seconds} seconds"
        time.sleep(0.1)


@pytest.mark.slow
def test_the_explorer_runs_in_lab_and_one_choice_changes_chart_and_words(browser, lab, tmp_path):
    shots = Path(os.environ.get(SHOTS) or tmp_path)
    shots.mkdir(parents=True, exist_ok=True)
    context = browser.new_context(viewport={"width": 1400, "height": 900})
    page, asked, said = context.new_page(), [], []
    page.set_default_timeout(120_000)
    page.on("request", lambda request: asked.append(request.url))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.goto(f"{lab}/lab/tree/notebooks/explore.ipynb?reset&token={TOKEN}")
    page.wait_for_selector(".jp-Notebook .jp-Cell")
    page.wait_for_function(READY)
    page.evaluate("window.jupyterapp.commands.execute('notebook:run-all-cells')")

    chart, words = page.locator(".samestory img").first, page.locator(".samestory table.dataTable tbody").first
    chart.wait_for()
    words.locator("tr").first.wait_for()
    page.locator(".samestory").evaluate("one => one.scrollIntoView()")
    page.screenshot(path=shots / "explorer.png")
    before = chart.get_attribute("src"), words.inner_text()
    assert "Kyiv" in before[1] and "Kyiv" in chart.get_attribute("alt")

    page.get_by_label("Variable", exact=True).select_option("leader label")
    page.wait_for_function("one => document.querySelector('.samestory img').src !== one", arg=before[0])
    page.wait_for_function(
        "one => document.querySelector('.samestory table.dataTable tbody')?.innerText !== one", arg=before[1]
    )
    words.locator("tr").first.wait_for()
    page.screenshot(path=shots / "explorer-other-variable.png")
    after = chart.get_attribute("src"), words.inner_text()
    assert before[0] != after[0] and before[1] != after[1]

    page.get_by_role("button", name="Eastern Telegraph").click()
    page.wait_for_selector(".samestory-article mark")
    page.screenshot(path=shots / "explorer-article.png")

    errors = page.locator("[data-mime-type$='.error'], [data-mime-type$='.stderr']")
    assert errors.count() == 0, errors.all_inner_texts()
    outside = {url for url in asked if not url.startswith((lab, lab.replace("http", "ws"), "data:", "blob:"))}
    assert outside == set() and said == []
    assert all(shot.stat().st_size > 20_000 for shot in shots.glob("explorer*.png"))
    context.close()
