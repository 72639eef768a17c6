"""Which notebook is running, and with which parameters: what a figure's record says so that it can be made again."""

from __future__ import annotations

import ast
import json
from collections.abc import Mapping
from functools import cache

from analysis.study import shipped

_NOW: dict[str, object] = {}


def begin(name: str, values: Mapping[str, object]) -> None:
    """Note that this kernel runs a notebook that ships. ``values``: its names, as ``globals()`` has them when its
    parameters are set and nothing else is done."""
    declared = defaults(name)
    parameters = {one: values[one] for one in declared if one in values}
    given = {one: value for one, value in parameters.items() if value != declared[one]}
    _NOW.update({"name": name, "parameters": parameters, "given": given})


def now() -> dict[str, object] | None:
    """What `begin` noted: name, parameters, and of these the ones given other values than the notebook's own; None
    where no notebook that ships is running."""
    return dict(_NOW) or None


@cache
def defaults(name: str) -> dict[str, object]:
    """The parameters of a notebook that ships, the study apart, as its ``parameters`` cell sets them."""
    notebook = json.loads((shipped("notebooks") / f"{name}.ipynb").read_text(encoding="utf-8"))
    cells = (cell for cell in notebook["cells"] if "parameters" in cell["metadata"].get("tags", []))
    tree = ast.parse("\n".join("".join(cell["source"]) for cell in cells))
    set_there = (one for one in tree.body if isinstance(one, ast.AnnAssign) and isinstance(one.target, ast.Name))
    return {one.target.id: ast.literal_eval(one.value) for one in set_there if one.target.id != "study"}
