"""What is asked of a coded study loads no more than it needs; rows of some articles are those of the whole table."""

import subprocess
import sys
from types import SimpleNamespace

import pandas as pd
import pytest
from pandas.testing import assert_frame_equal

from analysis import lazy, store
from tests.conftest import called

ASKED = """
import sys
from analysis.cli import main
sys.argv[1:] = ["kwic", {study!r}, {pattern!r}]
try:
    main()
finally:
    print(*sorted({{"numba", "pandera", "scipy", "sklearn"}} & set(sys.modules)), file=sys.stderr)
"""
CODEBOOK = "name: b\nversion: '1'\nvariables:\n  v:\n    kind: choice\n    categories:\n      one: [river]\n"


@pytest.fixture(scope="module")
def ask(tmp_path_factory):
    """Runs a concordance of a small study in a process of its own; after it one line says what was loaded."""
    folder = tmp_path_factory.mktemp("study")
    (folder / "study.yml").write_text("title: T\narticles: a\ncodebooks: [b.yml]\n")
    (folder / "b.yml").write_text(CODEBOOK)
    (folder / "a").mkdir()
    body = "The river left its bank, “and the river took the bank”, a keeper said. " * 5
    (folder / "a" / "a.jsonl").write_text(f'{{"outlet": "A", "headline": "River", "body": "{body}"}}\n')

    def run(pattern):
        command = [sys.executable, "-c", ASKED.format(study=str(folder), pattern=pattern)]
        return subprocess.run(command, capture_output=True, text=True, check=True)

    return SimpleNamespace(run=run, folder=folder, first=run("river"))


@pytest.mark.parametrize("pattern", ["river", "riv* … bank", "no such words"])
def test_a_concordance_loads_no_compiler_and_checks_no_table(ask, pattern):
    again = ask.run(pattern)
    assert again.stdout == called("kwic", ask.folder, pattern).stdout
    assert ask.first.stderr.splitlines()[-1].split() != []  # which coded the study
    assert ask.first.stdout == called("kwic", ask.folder, "river").stdout != ""
    assert again.stderr.splitlines()[-1].split() == []


@pytest.fixture
def quotes(tmp_path):
    ids = pd.Series([*"aabbbcd"], dtype="category")
    whole = pd.DataFrame({"article_id": ids, "start": range(7), "kind": pd.Categorical([*"xyxyxyx"]), "left": 0})
    files = [str(tmp_path / f"{number}.parquet") for number in range(2)]
    for file, rows in zip(files, (slice(0, 5), slice(5, 7)), strict=True):
        store.write_table(
            file, whole[rows].assign(article_id=lambda part: part["article_id"].astype("str").astype("category"))
        )
    return whole.astype({"article_id": "str", "kind": "str"}), lazy.Tables({"quotes": lazy.Stored("quotes", files, 7)})


@pytest.mark.parametrize("asked", ["", "a", "bd", "dcba", "e", "ce"])
def test_rows_of_some_articles(quotes, asked):
    whole, tables = quotes
    columns = ["kind", "article_id", "start"]
    wanted = whole.loc[whole["article_id"].isin([*asked]), columns].reset_index(drop=True)
    found = tables.of_articles("quotes", pd.Series([*asked], dtype="str"), columns)
    assert_frame_equal(found, wanted, check_dtype=len(wanted) > 0)
    held = lazy.Tables({"quotes": whole}).of_articles("quotes", pd.Series([*asked], dtype="str"), columns)
    assert_frame_equal(held, wanted)
