"""The way of the data is one way: a room imports from rooms to its left, and from the files above them."""

import ast

import pytest

from analysis.study import PACKAGE

ROOMS = ("corpus", "coding", "comparison", "reporting")
ABOVE = {"study", "tables", "engine", "store", "lazy", "cells", "texts"}
ABOVE |= {"engine_settings", "engine_processes", "engine_dask", "store_places", "memory"}
# Who may import what is heavy or draws.
ONLY = {
    "matplotlib": {"reporting"},
    "papermill": {"reporting/jupyter.py", "reporting/running.py"},
    "typer": {
        "cli.py",
        "cli_codebook.py",
        "cli_coding.py",
        "cli_explore.py",
        "cli_figures.py",
        "cli_sharing.py",
        "cli_validation.py",
    },
    "distributed": {"engine_dask.py"},
    "fsspec": {"store_places.py"},
}
FILES = sorted(PACKAGE.rglob("*.py"))


def imports(file):
    """Dotted names that a file imports, at the top or inside functions."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{file.name}: relative import"
            yield from (f"{node.module}.{name.name}" for name in node.names)


@pytest.mark.parametrize("file", FILES, ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_imports_go_left_or_up(file):
    place = file.relative_to(PACKAGE)
    room = place.parts[0] if len(place.parts) > 1 else None
    for name in imports(file):
        top = name.split(".")
        if top[0] == "analysis" and len(top) > 1 and room:
            if top[1] in ROOMS:
                assert ROOMS.index(top[1]) <= ROOMS.index(room), f"{place} imports {name}: to its right"
            else:
                assert top[1] in ABOVE, f"{place} imports {name}: not one of {sorted(ABOVE)}"
        if place.stem in ABOVE and not room:
            assert top[0] != "analysis" or top[1] in ABOVE, f"{place} imports {name}: a room"
        for heavy, allowed in ONLY.items():
            if top[0] == heavy:
                assert room in allowed or place.as_posix() in allowed, f"{place} imports {heavy}"


def test_comparison_does_not_open_articles():
    for file in (PACKAGE / "comparison").glob("*.py"):
        assert not [name for name in imports(file) if name.startswith(("analysis.corpus", "analysis.coding"))], (
            file.name
        )


def test_every_room_is_here():
    assert {path.name for path in PACKAGE.iterdir() if (path / "__init__.py").is_file()} == set(ROOMS)
