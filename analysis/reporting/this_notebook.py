"""What is making figures now, and with which parameters: what a figure's record says so that it can be made again.

A notebook that ships says so in its first lines (`begin`). What makes figures without running a notebook from its top,
as the explorer does, says with what each is made (`made_with`).
"""

from __future__ import annotations

import ast
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache

from analysis.study import shipped

FIGURES = "SAMESTORY_FIGURES"  # where a headless run wants its figures
EXPLORE = "explore"  # figures that the explorer sends out
PROJECT = "SAMESTORY_PROJECT"  # where one works, when notebooks are run from copies that stand elsewhere

_NOW: dict[str, object] = {}


def begin(name: str, values: Mapping[str, object]) -> None:
    """Note that this kernel runs a notebook that ships. ``values``: its names, as ``globals()`` has them when its
    parameters are set and nothing else is done."""
    declared = defaults(name)
    parameters = {one: values[one] for one in declared if one in values}
    given = {one: value for one, value in parameters.items() if value != declared[one]}
    _NOW.update({"name": name, "parameters": parameters, "given": given})


@contextmanager
def made_with(name: str, parameters: Mapping[str, object]) -> Iterator[None]:
    """In this context figures are made by something else than a notebook that runs: `EXPLORE`.

    Args:
        parameters: all that it takes to make the figure again, as JSON has it: texts, numbers, truths, lists of these.
    """
    before = dict(_NOW)
    _NOW.update({"name": name, "parameters": dict(parameters), "given": dict(parameters)})
    try:
        yield
    finally:
        _NOW.clear()
        _NOW.update(before)


def now() -> dict[str, object] | None:
    """What makes figures now: name, parameters, and of these the ones given other values than the notebook's own; None
    where nothing has said so."""
    return dict(_NOW) or None


@cache
def defaults(name: str) -> dict[str, object]:
    """The parameters of a notebook that ships, the study apart, as its ``parameters`` cell sets them."""
    notebook = json.loads((shipped("notebooks") / f"{name}.ipynb").read_text(encoding="utf-8"))
    cells = (cell for cell in notebook["cells"] if "parameters" in cell["metadata"].get("tags", []))
    tree = ast.parse("\n".join("".join(cell["source"]) for cell in cells))
    set_there = (one for one in tree.body if isinstance(one, ast.AnnAssign) and isinstance(one.target, ast.Name))
    return {one.target.id: ast.literal_eval(one.value) for one in set_there if one.target.id != "study"}
