"""Kernels forked from one process that has imported what notebooks import: each is there at once.

A kernel that is started afresh spends two seconds of computing on imports. On Linux, `nursery` starts one process that
imports them once, and forks a kernel whenever it is asked to. To Jupyter this looks like any kernel: what it starts is
this file, run as a script; it asks the nursery for a kernel and stays for as long as that kernel lives. The nursery
imports and draws one figure (see `warming`): it has read no study and started no thread of its own, so that every
kernel begins alike.
A kernel ends with the script that asked for it, and with the nursery; the nursery ends with the process that began it.
"""

from __future__ import annotations

import json
import os
import signal
import socket
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

FORKS = sys.platform == "linux"  # elsewhere there is no fork, or system libraries do not bear it
_ENVIRONMENT = {
    "MPLBACKEND": "module://matplotlib_inline.backend_inline",  # as ipykernel sets it, before pyplot comes
    "PYDEVD_DISABLE_FILE_VALIDATION": "1",
}


def python(code: str) -> list[str]:
    """The command that runs ``code`` in a process of its own that imports this very package.

    Another copy may be installed beside a checkout that is worked in. And nothing is imported from the folder that the
    command is called in: it may have an analysis/ of its own.
    """
    home = str(Path(__file__).resolve().parents[2])
    first = f"import sys; home = {home!r}; home in sys.path or sys.path.insert(0, home); "
    return [sys.executable, "-P", "-c", first + code]


@contextmanager
def nursery(folder: Path, modules: Sequence[str]) -> Iterator[list[str]]:
    """A process that has imported ``modules``, and the command that starts a kernel from it.

    Args:
        folder: a folder of this user's own, in which kernels are asked for.
    """
    import subprocess

    place = folder / "nursery"
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(place))
        listener.listen()
        said = "from analysis.reporting.nursery import serve; serve(int(sys.argv[1]), sys.argv[2:])"
        command = [*python(said), str(listener.fileno()), *modules]
        environment = {**os.environ, **_ENVIRONMENT}
        process = subprocess.Popen(command, stdin=subprocess.PIPE, pass_fds=[listener.fileno()], env=environment)
    with process:  # which ends once its standard input does
        try:
            yield [sys.executable, "-I", "-S", __file__, str(place)]
        except BaseException:
            process.terminate()  # it may be importing still
            raise


def serve(listener: int, modules: Sequence[str]) -> None:
    """The nursery: a kernel for each call, until standard input ends."""
    import gc
    import select
    from importlib import import_module

    for module in ["ipykernel.kernelapp", *modules]:
        with suppress(Exception):  # the notebook that imports it will say what is wrong with it
            import_module(module)
    if "pandas" in sys.modules:
        # At its import pandas asks whether it is in a kernel: then it prints this many columns, broken into lines.
        sys.modules["pandas"].set_option("display.max_columns", 20)
    if "analysis.reporting.provenance" in sys.modules:  # figures will be drawn
        from analysis.reporting.warming import warm

        with suppress(Exception):  # the notebook that draws will say what is wrong
            warm()
    gc.freeze()  # what is here already is not looked through again by every kernel
    with socket.socket(fileno=listener) as calls:
        while calls in select.select([calls, sys.stdin], [], [])[0]:
            call, _ = calls.accept()
            if os.fork() == 0:
                calls.close()
                _be_kernel(call)
            call.close()
            _bury()
    _bury()


def _bury() -> None:
    """Take note of kernels that have ended, so that the system can forget them."""
    with suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass


def _be_kernel(call: socket.socket) -> None:
    """In the forked process: the kernel that was asked for, for as long as the one who asked is there."""
    from threading import Thread

    from ipykernel.kernelapp import launch_new_instance

    def end() -> None:
        call.recv(1)
        os._exit(1)

    nursery = os.getppid()
    os.setsid()
    with call.makefile("rb") as asked:
        said = json.loads(asked.readline())
    os.environ.clear()
    os.environ.update(said["environment"])
    os.chdir(said["folder"])
    Thread(target=end, daemon=True).start()
    launch_new_instance([*said["arguments"], f"--IPKernelApp.parent_handle={nursery}"])
    os._exit(0)


def _ask(place: str, arguments: Sequence[str]) -> None:
    """Run as a script: ask for a kernel, and stay until it ends (Jupyter interrupts a kernel before it ends it)."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with socket.socket(socket.AF_UNIX) as call:
        call.connect(place)
        said = {"arguments": arguments, "environment": dict(os.environ), "folder": str(Path.cwd())}
        call.sendall(json.dumps(said).encode() + b"\n")
        call.recv(1)


if __name__ == "__main__":
    _ask(sys.argv[1], sys.argv[2:])
