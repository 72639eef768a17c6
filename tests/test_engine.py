"""The engine: the same outcomes in-process, over processes and on Dask; what fails or dies costs itself and no more."""

import os
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import pandas as pd
import pytest
from pydantic import ValidationError

from analysis import engine
from analysis.engine_settings import EACH, PROGRAM, Engine, parse_size
from analysis.study import UserError
from tests.conftest import TOP

HERE, TWO = Engine(), Engine(workers=2)


def square(task):
    return task * task


def tried(folder, task):
    """How often a task was begun, this time counted."""
    with (folder / str(task)).open("a") as file:
        file.write("x")
    return (folder / str(task)).stat().st_size


def stumbling(folder, failures, task):
    """Fails at 3 the first times."""
    if task == 3 and tried(folder, task) <= failures:
        raise ValueError("no\nthree")
    return task


def dying(folder, deaths, task):
    """Kills its own process at 3 the first times."""
    if task == 3 and tried(folder, task) <= deaths:
        os.kill(os.getpid(), signal.SIGKILL)
    return task


def eating(task):
    """Takes 100 MB, at 1 a GB."""
    return len(bytearray(10**9 if task == 1 else 10**8))


def sleeping(folder, task):
    (folder / str(os.getpid())).touch()
    time.sleep(60)


def outcomes(function, tasks, settings):
    """By place; each once."""
    found = [one for one in engine.run(function, tasks, settings) if one is not None]
    assert sorted(one.place for one in found) == list(range(len(tasks)))
    return {one.place: one.reason if one.result is None else one.result for one in found}


@pytest.mark.parametrize("settings", [HERE, TWO], ids=["in-process", "processes"])
def test_every_task_has_its_outcome(settings):
    assert outcomes(square, list(range(7)), settings) == {n: n * n for n in range(7)}
    assert outcomes(square, [], settings) == {}


@pytest.mark.parametrize("settings", [HERE, TWO], ids=["in-process", "processes"])
def test_what_fails_is_tried_again_and_then_named(settings, tmp_path):
    good = outcomes(partial(stumbling, tmp_path, 2), [1, 2, 3, 4], settings)
    assert good == {0: 1, 1: 2, 2: 3, 3: 4}
    assert tried(tmp_path, 3) == 4
    bad = outcomes(partial(stumbling, tmp_path, 99), [1, 2, 3, 4], settings.changed(retries=1))
    assert bad == {0: 1, 1: 2, 2: "ValueError: no three", 3: 4}
    assert tried(tmp_path, 3) == 7


@pytest.mark.parametrize("settings", [HERE, Engine(kind="processes", workers=2)], ids=["in-process", "processes"])
def test_what_comes_is_gathered_in_order(settings, tmp_path):
    asked = []
    tasks = engine.Tasks(lambda place: asked.append(place) or place + 5, 3)
    assert engine.gather(square, tasks, settings, verb="squared") == [25, 36, 49]
    assert asked == [0, 1, 2], "each is put together once, when it is its turn"
    assert engine.gather(square, [], settings, verb="squared") == []
    with pytest.raises(UserError, match=r"^articles could not be read: ValueError: no three$"):
        engine.gather(partial(stumbling, tmp_path, 99), [1, 2, 3], settings, verb="read")


def test_a_single_task_asks_no_process():
    for settings in (TWO, Engine(memory_limit="700MB"), Engine(kind="dask", workers=2)):
        assert engine.gather(own_process, [None], settings, verb="asked") == [os.getpid()]


def own_process(_):
    return os.getpid()


def test_a_process_that_dies_costs_nothing_but_its_task(tmp_path):
    assert outcomes(partial(dying, tmp_path, 1), [1, 2, 3, 4], TWO) == {0: 1, 1: 2, 2: 3, 3: 4}
    bad = outcomes(partial(dying, tmp_path, 99), [1, 2, 3, 4], TWO.changed(retries=1))
    assert bad.pop(2).startswith("the process that had it was ended by the system")
    assert bad == {0: 1, 1: 2, 3: 4}


@pytest.mark.skipif(sys.platform != "linux", reason="other systems do not limit the memory of a process so")
def test_a_process_takes_no_more_memory_than_it_may():
    found = outcomes(eating, [0, 1, 2], Engine(memory_limit="700MB", retries=0))
    assert found == {0: 10**8, 1: "it takes more memory than there is", 2: 10**8}
    assert "ARROW_DEFAULT_MEMORY_POOL" not in os.environ


def test_processes_end_with_the_one_that_started_them(tmp_path):
    """Killed, it can end nothing: they find their pipe closed."""
    script = (
        "from functools import partial; from pathlib import Path; from tests import test_engine as t\n"
        f"list(t.engine.run(partial(t.quick, Path({str(tmp_path)!r})), range(1000), t.TWO))"
    )
    process = subprocess.Popen([sys.executable, "-c", script], cwd=TOP)
    while len(names := [path.name for path in tmp_path.iterdir()]) < 2:
        time.sleep(0.05)
        assert process.poll() is None
    process.kill()
    process.wait()
    end = time.monotonic() + 20
    while any(alive(int(name)) for name in names):
        assert time.monotonic() < end
        time.sleep(0.05)


def quick(folder, task):
    (folder / str(os.getpid())).touch()
    time.sleep(0.1)


def alive(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_processes_are_ended_when_nobody_wants_the_outcomes(tmp_path):
    running = engine.run(partial(sleeping, tmp_path), [1, 2], TWO)
    while len(names := [path.name for path in tmp_path.iterdir()]) < 2:
        assert next(running) is None  # nothing yet, and it says so
    running.close()
    assert not any(alive(int(name)) for name in names)


def where(name):
    """The folder and the package of a process, and an environment variable."""
    return str(Path.cwd()), Path(engine.__file__).parent, os.environ.get(name)


def test_processes_are_where_this_one_is(tmp_path, monkeypatch):
    """Also those that are forked from one that was started when this one was elsewhere; and they take their modules
    from where this one does, though there be an analysis/ in the folder that it is in."""
    (tmp_path / "analysis").mkdir()
    (tmp_path / "analysis" / "__init__.py").write_text("raise SystemExit('the wrong one')")
    for folder, said in ((TOP, None), (tmp_path, "first"), (tmp_path, "second")):
        monkeypatch.chdir(folder)
        if said:
            monkeypatch.setenv("SAMESTORY_TEST", said)
        found = outcomes(where, ["SAMESTORY_TEST"] * 3, TWO)
        assert set(found.values()) == {(str(folder), Path(engine.__file__).parent, said)}


def test_several_threads_may_have_processes():
    """While a process starts, the environment is another one for a moment: no thread sees that of another's."""
    before = dict(os.environ)
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda _: outcomes(where, ["PYTHONSAFEPATH"] * 3, TWO), range(4)))
    assert dict(os.environ) == before
    assert {variable for one in found for *_, variable in one.values()} == {before.get("PYTHONSAFEPATH")}


def test_tasks_are_put_together_when_they_are_due_or_next():
    made, done = [], 0
    tasks = engine.Tasks(lambda place: made.append(place) or place, 12)
    for outcome in engine.run(square, tasks, TWO):
        if outcome is not None:
            assert outcome.result == outcome.place**2
            done += 1
            assert len(made) <= done + 4  # two that are done, perhaps, two at work, and the next
    assert made == list(range(12))


def test_a_first_process_takes_no_modules_from_the_folder_that_it_is_in(tmp_path):
    (tmp_path / "analysis").mkdir()
    (tmp_path / "analysis" / "__init__.py").write_text("raise SystemExit('the wrong one')")
    script = (
        "import os\nfrom analysis import engine\nfrom analysis.engine_settings import Engine\n"
        "if __name__ == '__main__':\n"
        f"    os.chdir({str(tmp_path)!r})\n"
        "    print([one.result for one in engine.run(abs, [-1, -1], Engine(workers=2)) if one])\n"
    )
    (tmp_path / "script").mkdir()
    (tmp_path / "script" / "run.py").write_text(script)
    options = {"capture_output": True, "text": True, "check": False, "env": {**os.environ, "PYTHONPATH": str(TOP)}}
    run = subprocess.run([sys.executable, tmp_path / "script" / "run.py"], **options)
    assert (run.stdout, run.stderr) == ("[1, 1]\n", "")


@pytest.mark.skipif(sys.platform != "linux", reason="processes are forked on Linux alone")
def test_what_processes_are_forked_from_starts_no_thread():
    """A thread does not outlive a fork, nor who waits for it."""
    script = (
        "import os\nimport analysis.coding.together\nbefore = os.listdir('/proc/self/task')\n"
        "import analysis.coding.loaded\nprint(len(os.listdir('/proc/self/task')) - len(before))\n"
    )
    options = {"capture_output": True, "text": True, "check": True, "env": {**os.environ, "PYTHONPATH": str(TOP)}}
    assert subprocess.run([sys.executable, "-c", script], **options).stdout == "0\n"


def test_processes_that_cannot_start_are_named(tmp_path):
    """A script without the guard that `spawn` needs: its processes run it again, and die of it."""
    script = (
        "from analysis import engine\nfrom analysis.engine_settings import Engine\n"
        "for one in engine.run(abs, [1, 2], Engine(workers=2)): pass\n"
    )
    file = tmp_path / "unguarded.py"
    file.write_text(script)
    path = os.pathsep.join([str(TOP), *filter(None, [os.environ.get("PYTHONPATH")])])
    options = {"capture_output": True, "text": True, "check": False}
    run = subprocess.run([sys.executable, file], env={**os.environ, "PYTHONPATH": path}, **options)
    assert "the processes that code do not start; a script" in run.stderr


def test_dask_does_the_same_and_a_dead_worker_costs_nothing(tmp_path):
    distributed = pytest.importorskip("distributed")
    found = outcomes(partial(dying, tmp_path, 1), [1, 2, 3, 4], Engine(kind="dask", workers=2))
    assert found == {0: 1, 1: 2, 2: 3, 3: 4}
    assert tried(tmp_path, 3) == 3
    with distributed.LocalCluster(n_workers=1, threads_per_worker=1, dashboard_address=None) as cluster:
        address = cluster.scheduler_address
        bad = outcomes(partial(stumbling, tmp_path, 99), [1, 2, 3, 4], Engine(address=address, retries=1))
        assert bad == {0: 1, 1: 2, 2: "ValueError: no three", 3: 4}
        assert tried(tmp_path, 3) == 6


def test_a_scheduler_that_is_not_there(monkeypatch):
    pytest.importorskip("distributed")
    monkeypatch.setattr("analysis.engine_dask._CONNECT", 0.5)
    with pytest.raises(UserError, match=r"^tcp://127\.0\.0\.1:9: no Dask scheduler answers there"):
        list(engine.run(square, [1], Engine(address="tcp://127.0.0.1:9")))


def test_dask_is_asked_for_only_where_it_is_wanted(monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    assert outcomes(square, [2], HERE) == {0: 4}
    with pytest.raises(UserError, match=r"pip install 'dask\[distributed\]'"):
        list(engine.run(square, [1], Engine(kind="dask")))


def test_settings():
    assert [Engine(**said).way for said in ({}, {"workers": 2}, {"memory_limit": "2GB"}, {"address": "tcp://a:1"})] == [
        "in-process",
        "processes",
        "processes",
        "dask",
    ]
    assert Engine().limits is None
    assert Engine(partition=7).limits[0] == 7
    assert Engine(memory_limit="1GB").limits[1] == (10**9 - PROGRAM) // EACH
    assert Engine(workers=2, retries=0).changed(workers=None, partition=5) == Engine(workers=2, retries=0, partition=5)
    for wrong in (
        {"kind": "threads"},
        {"workers": 0},
        {"address": "host"},
        {"address": "tcp://a:1", "kind": "processes"},
        {"memory_limit": "2 apples"},
        {"memory_limit": "1MB"},
        {"partition": 0},
        {"worker": 1},
    ):
        with pytest.raises(ValidationError):
            Engine(**wrong)


@pytest.mark.parametrize(
    ("said", "size"), [("2GB", 2 * 10**9), ("1.5 GiB", 3 * 2**29), ("800m", 8 * 10**8), ("123", 123), (7, 7)]
)
def test_sizes(said, size):
    assert parse_size(said) == size


def test_partitions_are_runs_in_order():
    table = pd.DataFrame({"n": range(7)})
    runs = engine.partitions(table, size=3)
    assert [run["n"].tolist() for run in runs] == [[0, 1, 2], [3, 4, 5], [6]]
    assert [len(run) for run in engine.partitions(table[:0])] == [0]
