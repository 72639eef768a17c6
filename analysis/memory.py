"""Memory that nobody needs any more: how often a process looks for it, and when it goes back to the system."""

from __future__ import annotations

import atexit
import ctypes
import gc
from contextlib import suppress


def look_seldom() -> None:
    """Libraries make hundreds of thousands of objects that stay: look through them later than Python would, and not at
    all when the process ends, which takes a tenth of a second or two and frees nothing that would not be free."""
    gc.set_threshold(100_000, 20, 20)
    atexit.unregister(gc.freeze)  # once is enough, however often this is called
    atexit.register(gc.freeze)


def give_back() -> None:
    """What was let go of goes back to the system. glibc and Arrow keep it for later, and after a step that took much
    that is most of what the process holds. Elsewhere than with glibc Arrow's alone goes back."""
    import pyarrow as pa  # not needed by whoever looks seldom

    pa.default_memory_pool().release_unused()
    with suppress(AttributeError, OSError, TypeError):
        ctypes.CDLL(None).malloc_trim(0)
