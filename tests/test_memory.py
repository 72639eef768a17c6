"""Memory goes back to the system when it is given back, and a command looks for garbage seldom."""

import subprocess
import sys

import pytest

GIVEN = """
import psutil
from analysis.memory import give_back

held = psutil.Process().memory_info
blocks = [b"x" * (10_000 + number % 2) for number in range(20_000)]  # small: glibc asks for many at once
last = b"x" * 10_002  # behind them: what is freed before it stays with the process
full = held().rss
del blocks
before = held().rss
give_back()
print(full, before, held().rss)
"""
SELDOM = """
import atexit, gc
from analysis.memory import look_seldom

look_seldom()
look_seldom()
print(gc.get_threshold()[0], gc.get_freeze_count())
atexit._run_exitfuncs()
print(gc.get_freeze_count() > 1_000)
"""


def printed(code):
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()


@pytest.mark.skipif(sys.platform != "linux", reason="glibc alone gives back on demand")
def test_what_was_let_go_of_goes_back():
    full, before, after = map(int, printed(GIVEN))
    assert before > full - 20e6  # kept, though it is free
    assert after < full - 150e6


def test_a_command_looks_seldom_for_garbage_and_not_at_its_end():
    assert printed(SELDOM) == ["100000", "0", "True"]
