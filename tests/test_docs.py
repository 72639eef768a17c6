"""What the documents say is what the code does: tables, columns, keys, commands, files."""

import ast
import doctest
import importlib
import importlib.util
import re
import shlex
from collections.abc import Iterator

import pandas as pd
import pytest
import typer
import yaml
from typer.exceptions import TyperException

from analysis.cli import app
from analysis.coding.codebook import Codebook, Variable, categories_table, read_codebook
from analysis.reporting.notebooks import check_parameters, find_notebooks
from analysis.reporting.records import embedded_id
from analysis.study import Study, shipped
from analysis.tables import SHARED, TABLES
from tests.conftest import TOP

DATA = (TOP / "data/README.md").read_text(encoding="utf-8")
FILES = [
    *(TOP / name for name in ("README.md", "SECURITY.md", "CHANGELOG.md", "data/README.md", "data/demo/README.md")),
    TOP / "data/demo/validation/README.md",
    TOP / "data/ceasefire-2024/README.md",
    *sorted((TOP / "docs").glob("*.md")),
]
PAGES = {file.relative_to(TOP).as_posix(): file.read_text(encoding="utf-8") for file in FILES}
COMMANDS = typer.main.get_command(app)
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


pages = pytest.mark.parametrize("page", PAGES)


def fenced(page: str, *languages: str) -> list[str]:
    """The code blocks of a page in some languages."""
    return re.findall(rf"^```(?:{'|'.join(languages)})\n(.*?)^```", PAGES[page], re.DOTALL | re.MULTILINE)


def inline(page: str) -> list[str]:
    """What stands in backticks in a page's prose, on one line."""
    prose = re.sub(r"^```.*?^```", "", PAGES[page], flags=re.DOTALL | re.MULTILINE)
    return [" ".join(code.split()) for code in re.findall(r"`([^`]+)`", prose)]


def commands(page: str) -> Iterator[list[str]]:
    """The arguments of every samestory command in a page's blocks for the shell."""
    for line in "\n".join(fenced(page, "sh", "console")).replace("\\\n", " ").splitlines():
        words = shlex.shlex(line.removeprefix("$ "), posix=True, punctuation_chars="&|;<>")
        words.commenters, words.whitespace_split = "#", True
        run: list[str] = []
        for word in [*words, ";"] if not line.startswith("samestory:") else ():
            if word.strip("&|;<>"):
                run.append(word)
                continue
            called = [place for place, one in enumerate(run) if one.rpartition("/")[2] == "samestory"]
            if called and all("=" in one for one in run[: called[0]]):
                yield run[called[0] + 1 :]
            run = []


def parse(arguments: list[str]) -> dict:
    """The options of a command line as the command itself reads them."""
    command, rest = COMMANDS, arguments
    while hasattr(command, "commands"):
        assert rest and rest[0] in command.commands, f"there is no samestory {' '.join(arguments)}"
        command, rest = command.commands[rest[0]], rest[1:]
    with command.make_context(command.name, list(rest)) as context:
        return context.params


def anchors(text: str) -> set[str]:
    """The places of a page that links can lead to, as they are named where Markdown is shown."""
    titles = re.findall(r"^#+ (.+)$", re.sub(r"^```.*?^```", "", text, flags=re.DOTALL | re.MULTILINE), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


@pages
def test_links_lead_somewhere(page):
    here = TOP / page
    for link in re.findall(r"\]\(([^)\s]+)\)", PAGES[page]):
        if "://" in link:
            continue
        path, _, place = link.partition("#")
        file = here.parent / path if path else here
        assert file.exists(), link
        assert not place or place in anchors(file.read_text(encoding="utf-8")), link


def test_every_page_is_reached_from_the_index():
    linked = set(re.findall(r"\]\((\w+\.md)", PAGES["docs/README.md"]))
    assert linked == {file.name for file in (TOP / "docs").glob("*.md")} - {"README.md"}


@pages
def test_commands_are_those_of_the_program(page):
    for arguments in commands(page):
        try:
            params = parse(arguments)
        except TyperException as error:
            pytest.fail(f"samestory {' '.join(arguments)}: {error.format_message()}")
        if params.get("settings"):
            settings = dict(one.split("=", 1) for one in params["settings"])
            assert check_parameters(find_notebooks(params["notebook"]), settings)


@pages
def test_commands_in_the_prose_exist(page):
    for code in inline(page):
        words = code.split()
        if words[0] != "samestory" or len(words) == 1 or words[1].startswith("-"):
            continue
        command = COMMANDS
        for word in words[1:]:
            if hasattr(command, "commands"):
                names = word.split("|")
                assert set(names) <= set(command.commands), code
                command = command.commands[names[0]]
            elif word.startswith("--"):
                assert word in {name for param in command.params for name in param.opts}, code


def test_commands_are_found():
    said = [" ".join(one) for one in commands("README.md")]
    assert "report data/demo" in said  # behind the path of the environment, before &&
    assert ["verify", "figures/demo/wording-share-capital.pdf"] in list(commands("docs/cite.md"))
    with pytest.raises(TyperException, match="No such option"):
        parse(["report", "data/demo", "--notebok", "x"])


@pytest.mark.parametrize("page", [page for page in PAGES if fenced(page, "console")])
def test_consoles_say_what_the_program_says(page):
    from tests.conftest import samestory

    for block in fenced(page, "console"):
        line, _, said = block.partition("\n")
        result = samestory(*shlex.split(line)[2:])
        shown = re.escape((result.stdout + result.stderr).strip())
        assert re.fullmatch(re.escape(said.strip()).replace("…", ".*"), re.sub(r"\\(.)", r"\1", shown)), shown


def test_defaults_in_the_pages_are_those_of_the_program():
    options = {param.opts[0]: param.default for param in COMMANDS.commands["share"].params}
    rows = re.findall(r"^\| `(--[\w-]+) (\S+)` \|", PAGES["docs/share.md"], re.MULTILINE)
    assert len(rows) == 3
    assert [(name, str(options[name])) for name, _ in rows] == rows


@pages
def test_columns_are_those_of_the_tables(page):
    """A column is written with its table: *mentions*.`voice`."""
    tables = {**TABLES, **SHARED}
    for table, column in re.findall(r"\*(\w+)\*\.`(\w+)`", PAGES[page]):
        assert column in tables[table].columns, f"{table}.{column}"


def test_every_score_of_keyness_has_its_formula():
    from analysis.comparison.scoring import score_counts

    counts = {"word": ["a"], "n_target": [2], "n_reference": [1], "size_target": [9], "size_reference": [9]}
    scores = set(score_counts(pd.DataFrame(counts)).columns) - {*counts, "note"}
    section = PAGES["docs/methods.md"].partition("\n## Keyness\n")[2].partition("\n## ")[0]
    rows = re.findall(r"^\| (`.*?) \|", section, re.MULTILINE)
    assert {name for row in rows for name in re.findall(r"`(\w+)`", row)} == scores


def test_columns_are_found():
    found = re.findall(r"\*(\w+)\*\.`(\w+)`", PAGES["docs/methods.md"])
    assert ("mentions", "voice") in found
    assert len(found) > 10


@pages
def test_names_in_the_code_are_there(page):
    for code in inline(page):
        if re.fullmatch(r"(analysis|benchmarks|tests)(\.\w+)+", code):
            module, _, name = code.rpartition(".")
            assert _is_module(code) or hasattr(importlib.import_module(module), name), code
        elif re.fullmatch(r"(analysis|benchmarks|data|docs|notebooks|tests)/[\w./-]+", code):
            assert (TOP / code).exists(), code
        elif re.fullmatch(r"\d\d_\w+", code):
            assert (TOP / "notebooks" / f"{code}.ipynb").exists(), code
    for module in re.findall(r"python -m ((?:benchmarks|analysis)\.\w+)", PAGES[page]):
        assert _is_module(module), module


def _is_module(name: str) -> bool:
    try:
        return importlib.util.find_spec(name) is not None
    except ModuleNotFoundError:  # its parent is a module, no package
        return False


@pytest.mark.parametrize("page", [page for page in PAGES if fenced(page, "python")])
def test_python_in_the_pages_runs(page):
    examples = [block for block in fenced(page, "python") if ">>>" in block]
    test = doctest.DocTestParser().get_doctest("\n".join(examples), {}, page, page, 0)
    result = doctest.DocTestRunner(verbose=False).run(test)
    assert result.failed == 0
    for block in fenced(page, "python"):
        if block in examples:
            continue
        for node in ast.walk(ast.parse(block)):
            if isinstance(node, ast.ImportFrom):
                assert all(hasattr(importlib.import_module(node.module), one.name) for one in node.names)


@pages
def test_targets_of_make_exist(page):
    targets = set(re.findall(r"^(\w+):", (TOP / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    said = [*inline(page), *"\n".join(fenced(page, "sh")).splitlines()]
    assert {name for code in said for name in re.findall(r"^make (\w+)", code)} <= targets


def test_the_reference_is_current():
    spec = importlib.util.spec_from_file_location("make_reference", TOP / "docs/make_reference.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    assert module.reference() == PAGES["docs/reference.md"], "docs/reference.md is stale: run `make reference`"


def test_the_picture_in_the_readme_is_a_figure():
    picture = TOP / "docs/wording-share-capital.png"
    assert f"docs/{picture.name}" in PAGES["README.md"]
    assert re.fullmatch("[0-9a-f]{10}", embedded_id(picture))
    drawn = TOP / "figures/ceasefire-2024" / picture.name
    if not drawn.exists():
        pytest.skip("figures/ceasefire-2024 is not here; samestory report ceasefire-2024 draws it")
    assert picture.read_bytes() == drawn.read_bytes(), "docs/wording-share-capital.png is stale: run `make figures`"
