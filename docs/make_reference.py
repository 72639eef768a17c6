"""Write docs/reference.md from the command line's own help, the notebooks' parameters and the docstrings.

``python docs/make_reference.py`` writes the file beside this one; a test says when it is stale.
"""

from __future__ import annotations

import ast
import importlib
import inspect
import json
import re
import textwrap
from collections.abc import Iterator
from pathlib import Path
from types import FunctionType

import typer

from analysis.cli import app
from analysis.study import shipped

BEGIN = """# Reference

Written by `make reference` from the help of the commands, the notebooks and the docstrings. Tables, columns,
`study.yml` and the form of codebooks are described in [data/README.md](../data/README.md), formulas in
[methods.md](methods.md).
"""
STATUS = """Every command takes `--help`. Standard output carries data only; progress and notes go to standard error.
An error is one line, and `--debug` anywhere shows its traceback. Exit status: 0 done, 1 done with failures (named), 2
wrong use.
"""
NOTEBOOKS = """A parameter is set with `samestory report STUDY --notebook NAME --set parameter=value`, or in its cell in
JupyterLab. All of them have `study` and `by` besides.
"""
FUNCTIONS = """The functions that the notebooks call, and a few more: they take coded tables and return tables; `draw_…`
take those and return axes. `tables` is what `code` returns. Groups are made by `groups_of`, so that copies of one text
are drawn as one.
"""
# What no notebook calls, and whoever writes one may want.
ALSO = (
    ("analysis.coding.kwic", "kwic"),
    ("analysis.coding.neighbours", "neighbours"),
    ("analysis.comparison.keyness", "keyness"),
    ("analysis.comparison.scoring", "score_counts"),
    ("analysis.comparison.dispersion", "dispersion"),
    ("analysis.comparison.prevalence", "corrected_prevalence"),
    ("analysis.comparison.accuracy", "validity"),
    ("analysis.comparison.reliability", "agreement"),
    ("analysis.comparison.alpha", "krippendorff_alpha"),
)
WIDEST = 100
_SHOWN = ("analysis.coding.", "analysis.comparison.")


def reference() -> str:
    """The whole page."""
    parts = [BEGIN, "## Commands\n", STATUS, *_commands(), "## Notebooks\n", NOTEBOOKS, *_notebooks()]
    parts += ["## Functions\n", FUNCTIONS, *_functions()]
    return "\n".join(parts)


def _commands() -> Iterator[str]:
    group = typer.main.get_command(app)
    for name, command in group.commands.items():
        for path, one in [(name, command), *((f"{name} {sub}", of) for sub, of in _inside(command).items())]:
            yield _command(f"samestory {path}", one)


def _inside(command: object) -> dict:
    return getattr(command, "commands", {})


def _command(path: str, command: object) -> str:
    """A command: what it does, its arguments and options, an example."""
    text, _, example = " ".join(command.help.split()).partition(" Example: ")
    example = example or (command.epilog or "").removeprefix("Example: ")
    with command.make_context(path, [], resilient_parsing=True) as context:
        usage = " ".join(command.get_usage(context).removeprefix("Usage:").split())
        records = [param.get_help_record(context) for param in command.params if not param.is_eager]
    rows = [f"| `{_cell(name)}` | {_cell(said)} |\n" for name, said in filter(None, records) if name != "-h, --help"]
    listed = "".join(["| | |\n|---|---|\n", *rows, "\n"]) if rows else ""
    shown = f"```sh\n{example}\n```\n" if example else ""
    return f"### {path}\n\n{text}\n\n    {usage}\n\n{listed}{shown}"


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


def _notebooks() -> Iterator[str]:
    for file in sorted(shipped("notebooks").glob("*.ipynb")):
        cells = json.loads(file.read_text(encoding="utf-8"))["cells"]
        title, lines = "".join(cells[0]["source"]).splitlines()[0].lstrip("# "), []
        for cell in cells:
            if "parameters" in cell["metadata"].get("tags", []):
                found = re.findall(r"^(\w+): ([\w\[\]]+) = (.+?)  # (.+)$", "".join(cell["source"]), re.MULTILINE)
                lines = [
                    f"* `{name}` ({kind}, `{value}`): {said}\n"
                    for name, kind, value, said in found
                    if name not in ("study", "by")
                ]
        yield f"### {file.stem}\n\n{title}\n\n{''.join(lines)}"


def _functions() -> Iterator[str]:
    verbs = importlib.import_module("analysis")
    listed = {("analysis", name) for name in ("open_study", "read", "code")} | {*_called(), *ALSO}
    for module in sorted({module for module, _ in listed}, key=lambda name: (name.count("."), name)):
        about = (importlib.import_module(module).__doc__ or "").strip().splitlines()[0]
        yield f"### {module}\n\n{about if module != verbs.__name__ else 'The verbs.'}\n"
        for name in sorted(name for of, name in listed if of == module):
            function = getattr(importlib.import_module(module), name)
            yield f"#### {name}\n\n```text\n{name}{_signature(function)}\n\n{inspect.getdoc(function)}\n```\n"


def _signature(function: FunctionType) -> str:
    """The parameters with their defaults, without types: the docstring says what they are."""
    bare = [one.replace(annotation=one.empty) for one in inspect.signature(function).parameters.values()]
    said = re.sub(r"<function (\S+) at 0x[0-9a-f]+>", r"\1", str(inspect.Signature(bare)))
    return "\n".join(textwrap.wrap(said, WIDEST, subsequent_indent="    ", break_on_hyphens=False))


def _called() -> set[tuple[str, str]]:
    """Module and name of the functions of coding, comparison and drawing that notebooks call."""
    found = set()
    for file in sorted(shipped("notebooks").glob("*.ipynb")):
        cells = json.loads(file.read_text(encoding="utf-8"))["cells"]
        tree = ast.parse("\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"))
        modules = {}
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("analysis."):
                modules |= {one.name: f"{node.module}.{one.name}" for one in node.names}
        attributes = [node for node in ast.walk(tree) if isinstance(node, ast.Attribute)]
        named = {f"{modules[one.value.id]}.{one.attr}" for one in attributes if _name(one.value) in modules}
        for path in {*modules.values(), *named}:
            module, _, name = path.rpartition(".")
            if _wanted(module, name):
                found.add((module, name))
    return found


def _name(node: ast.AST) -> str | None:
    return node.id if isinstance(node, ast.Name) else None


def _wanted(module: str, name: str) -> bool:
    of_room = f"{module}.".startswith(_SHOWN) or name.startswith(("draw_", "save_"))
    if not of_room or module in ("analysis.coding", "analysis.comparison", "analysis.reporting"):
        return False
    return inspect.isfunction(getattr(importlib.import_module(module), name, None))


if __name__ == "__main__":
    Path(__file__).with_name("reference.md").write_text(reference(), encoding="utf-8")
