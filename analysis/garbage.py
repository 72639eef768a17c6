"""How often a command's process looks for objects that nobody needs any more."""

from __future__ import annotations

import atexit
import gc


def look_seldom() -> None:
    """Libraries make hundreds of thousands of objects that stay: look through them later than Python would, and not at
    all when the process ends, which takes a tenth of a second or two and frees nothing that would not be free."""
    gc.set_threshold(100_000, 20, 20)
    atexit.unregister(gc.freeze)  # once is enough, however often this is called
    atexit.register(gc.freeze)
