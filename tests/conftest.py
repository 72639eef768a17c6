"""What all tests share: small tables made by hand, and ../shared where it is there."""

from __future__ import annotations

import gc
import io
import json
import os
import subprocess
import sys
import warnings
from contextlib import chdir, redirect_stderr, redirect_stdout
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import settings

# How long an example takes says more of the machine's other work than of the code.
settings.register_profile("samestory", deadline=None)
settings.load_profile("ci" if settings.get_current_profile_name() == "ci" else "samestory")

TOP = Path(__file__).resolve().parents[1]
SHARED = TOP.parent / "shared"
# Files whose tests share the report of the demo study, which takes minutes.
OF_THE_REPORT = ("tests/reporting/test_report.py", "tests/browser/test_site.py")


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder beside the checkout with real pages and hand coding; tests that need it are skipped without it."""
    if not SHARED.is_dir():
        pytest.skip("../shared is not beside the checkout; data/demo tests the same code")
    return SHARED


@pytest.fixture(scope="session")
def demo(tmp_path_factory) -> Path:
    """The demo study with tables of the tests' own."""
    from analysis import code, open_study
    from analysis.study import shipped

    folder = tmp_path_factory.mktemp("report") / "demo"
    folder.mkdir()
    for name in ("articles", "manifest.csv", "study.yml", "validation"):
        (folder / name).symlink_to(shipped("studies") / "demo" / name)
    code(open_study(folder))
    return folder


@pytest.fixture(scope="session")
def demo_report(demo, tmp_path_factory) -> Path:
    """The folder in which a whole report of the demo study was made, once: for the files of `OF_THE_REPORT`."""
    work = tmp_path_factory.mktemp("made")
    if "PYTEST_XDIST_WORKER" in os.environ:  # the folder of all processes: a second one that made the report fails here
        (tmp_path_factory.getbasetemp().parent / "a-report-was-made").mkdir()
    run = samestory("report", demo, cwd=work)
    assert run.returncode == 0, run.stderr
    assert run.stdout == ""
    return work


@pytest.fixture
def make_articles():
    """Articles from bodies, or from (headline, deck, body): a table as the corpus room gives it."""

    def make(*texts: str | tuple[str | None, str | None, str], outlets: list[str] | None = None) -> pd.DataFrame:
        parts = [text if isinstance(text, tuple) else (None, None, text) for text in texts]
        return pd.DataFrame(
            {
                "article_id": pd.array([f"{number:012x}" for number in range(len(parts))], dtype="str"),
                "published": pd.array([pd.NaT] * len(parts), dtype="datetime64[us]"),
                "outlet": pd.array(outlets or [f"Outlet {number}" for number in range(len(parts))], dtype="str"),
                "headline": pd.array([part[0] for part in parts], dtype="str"),
                "deck": pd.array([part[1] for part in parts], dtype="str"),
                "body": pd.array([part[2] for part in parts], dtype="str"),
            }
        )

    return make


def pytest_make_parametrize_id(val, argname):
    """Packed bytes hold the second at which they were packed: in a test's name they would differ between processes."""
    return argname if isinstance(val, bytes) else None


def pytest_collection_modifyitems(items):
    """What takes longest first, so that no process is left with it at the end."""
    items.sort(key=lambda item: item.get_closest_marker("slow") is None)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    """A file's tests go to one process, since they share what it makes; so do the files that share a report.

    pytest-xdist 3.8 has a marker for this, which pytest 9.2 loses: each process then made reports of its own.
    """
    from xdist.scheduler import LoadFileScheduling

    class ByFile(LoadFileScheduling):
        def _split_scope(self, nodeid: str) -> str:
            file = super()._split_scope(nodeid)
            return OF_THE_REPORT[0] if file in OF_THE_REPORT else file

    config.option.loadscopereorder = False
    return ByFile(config, log)


def pytest_terminal_summary(terminalreporter):
    """One line for all browser tests that were skipped: how many, why, and how to have them run."""
    skipped = [one for one in terminalreporter.stats.get("skipped", []) if one.nodeid.startswith("tests/browser/")]
    if skipped:
        reasons = sorted({one.longrepr[2].removeprefix("Skipped: ") for one in skipped})
        terminalreporter.write_line(f"{len(skipped)} browser tests were skipped: {'; '.join(reasons)}")


def samestory(*arguments, cwd=None):
    """Run the command in a process of its own."""
    command = [sys.executable, "-m", "analysis.cli", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, encoding="utf-8", cwd=cwd, check=False)


# Python shows no warnings of these kinds unless it is asked to.
UNSEEN = (DeprecationWarning, PendingDeprecationWarning, ImportWarning, ResourceWarning)


def called(*arguments, cwd=None):
    """What `samestory` gives, from this process: without the second that each process takes to import things.

    Each command runs in a process of its own in some test too: that asks for `samestory`.
    """
    from analysis import cli

    out, err = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8", write_through=True) for _ in range(2))
    words = ["samestory", *map(str, arguments)]
    often = gc.get_threshold()
    with pytest.MonkeyPatch.context() as patch, chdir(cwd or "."), redirect_stdout(out), redirect_stderr(err):
        patch.setattr(sys, "argv", words)
        with warnings.catch_warnings(record=True) as heard, pytest.raises(SystemExit) as done:
            warnings.simplefilter("default")
            for kind in UNSEEN:
                warnings.simplefilter("ignore", kind)
            cli.main()
        for one in heard:
            err.write(warnings.formatwarning(one.message, one.category, one.filename, one.lineno))
    gc.set_threshold(*often)
    said = (one.buffer.getvalue().decode() for one in (out, err))
    return subprocess.CompletedProcess(words, done.value.code, *said)


def refused(*arguments, status=2, run=called):
    """The one line with which a call is refused."""
    run = run(*arguments)
    assert run.returncode == status, run.stderr
    assert "Traceback" not in run.stderr
    lines = run.stderr.strip().splitlines()
    assert len(lines) == 1, run.stderr
    assert run.stdout == ""
    return lines[0]


def assert_committed(now: Path) -> None:
    """The figures in a folder are, byte for byte, those of its name that are committed."""
    kept = TOP / "figures" / now.name
    files = [*now.glob("*.*"), *now.glob("inputs/*"), *kept.glob("*.*"), *kept.glob("inputs/*")]
    names = {str(path.relative_to(now if now in path.parents else kept)) for path in files}
    other = sorted(name for name in names if _content(now / name) != _content(kept / name))
    more = f" and {len(other) - 10} more" if len(other) > 10 else ""
    assert not other, (
        f"{len(other)} of {len(names)} files of figures/{now.name} are not those that are made now: "
        f"{', '.join(other[:10])}{more}. Where the change is meant: make figures, look at them, commit them"
    )


def _content(file: Path) -> object:
    """The bytes of a file of a figure; of a record what it says, without code and packages. None: it is not there."""
    if not file.is_file():
        return None
    if file.suffix != ".json" or file.parent.name == "inputs":
        return file.read_bytes()
    return {part: value for part, value in json.loads(file.read_text()).items() if part not in ("code", "packages")}
