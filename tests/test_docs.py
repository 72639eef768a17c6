"""What the documents say is what the code does: tables, columns, keys, commands, files."""

import re

import pytest
import yaml

from analysis.coding.codebook import Codebook, Variable, categories_table, read_codebook
from analysis.study import Study, shipped
from analysis.tables import SHARED, TABLES
from tests.conftest import TOP

DATA = (TOP / "data/README.md").read_text(encoding="utf-8")
README = (TOP / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```yaml\n(.*?)```", DATA, re.DOTALL)


def documented_tables():
    """Table → (what a row is, rows of its columns) as data/README.md has them."""
    found = {}
    for name, row, lines in re.findall(r"### (\w+)\n\nOne row is (.*?)\.\n\n((?:\|.*\n?)+)", DATA):
        cells = [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines.strip().splitlines()[2:]]
        found[name] = (row, cells)
    return found


def test_tables_are_documented_as_they_are():
    documented = documented_tables()
    assert list(documented) == [*TABLES, *SHARED]
    for name, table in {**TABLES, **SHARED}.items():
        row, cells = documented[name]
        assert row == table.row
        assert [(column, meaning) for column, _, meaning in cells] == [
            (column, spec.description) for column, spec in table.columns.items()
        ]


def test_the_study_in_the_documents_is_whole():
    content = yaml.safe_load(BLOCKS[0])
    assert set(content) == set(Study.model_fields) - {"shared"}  # which stands in place of articles
    assert "`shared: coded` in place of `articles`" in DATA
    assert Study.model_validate(content).codebooks == ["ukraine-war", "generic-frames", "reporting-verbs"]


def test_the_codebook_in_the_documents_is_one():
    book = Codebook.model_validate(yaml.safe_load(BLOCKS[1]))
    assert book.variables["capital"].exceptions == ["chicken Kiev"]
    kinds = re.findall(r"^\| (choice|presence|scale|actor) \|", DATA.split("\n## Tables")[0], re.MULTILINE)
    assert kinds == list(Variable.model_fields["kind"].annotation.__args__)


def test_every_shipped_codebook_is_listed_with_its_size():
    for file in sorted(shipped("codebooks").glob("*.yml")):
        book = read_codebook(file)
        row = re.search(rf"^\| `{file.stem}` \| (.*?) \|", DATA, re.MULTILINE)
        assert row, file.stem
        n = int(re.search(r"(\d+) (?:variables|categories)", row.group(1)).group(1))
        assert n == (len(book.variables) if "variables" in row.group(1) else len(categories_table([book])))


@pytest.mark.parametrize("document", ["README.md", "data/README.md", "data/demo/README.md", "CHANGELOG.md"])
def test_files_that_documents_name_are_there(document):
    text = (TOP / document).read_text(encoding="utf-8")
    for link in re.findall(r"\]\(([^)#]+)\)", text):
        if "://" not in link:
            assert (TOP / document).parent.joinpath(link).exists(), link


def test_commands_in_the_readme_exist():
    from analysis.cli import app

    known = {command.name or command.callback.__name__ for command in app.registered_commands}
    known |= {group.typer_instance.info.name for group in app.registered_groups}
    used = set(
        re.findall(r"samestory (\w+)", "\n".join(re.findall(r"```(?:sh|console)?\n(.*?)```", README, re.DOTALL)))
    )
    assert used
    assert used <= known, used - known
    targets = set(re.findall(r"^(\w+):", (TOP / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    assert set(re.findall(r"\bmake (\w+)`", README)) <= targets
