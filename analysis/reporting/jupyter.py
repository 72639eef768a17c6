"""Jupyter's libraries, imported without a second of computing that nothing here needs.

Whatever reads notebooks imports jsonschema, which builds a grammar of web addresses (rfc3987_syntax), to check formats
that the schema of notebooks does not have. It goes without where that package is missing, as it seems to be here.
"""

from __future__ import annotations

import sys

_there = sys.modules.setdefault("rfc3987_syntax", None)

import nbformat  # noqa: E402
import papermill  # noqa: E402

if _there is None:
    del sys.modules["rfc3987_syntax"]

__all__ = ["nbformat", "papermill"]
