"""What is asked of a coded study loads no more than it needs; rows of some articles are those of the whole table."""

import subprocess
import sys

import pandas as pd
import pytest
from pandas.testing import assert_frame_equal

from analysis import lazy, store

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


@pytest.mark.parametrize("pattern", ["river", "riv* … bank", "no such words"])
def test_a_concordance_loads_no_compiler_and_checks_no_table(tmp_path, pattern):
    (tmp_path / "study.yml").write_text("title: T\narticles: a\ncodebooks: [b.yml]\n")
    (tmp_path / "b.yml").write_text(CODEBOOK)
    (tmp_path / "a").mkdir()
    body = "The river left its bank, “and the river took the bank”, a keeper said. " * 5
    (tmp_path / "a" / "a.jsonl").write_text(f'{{"outlet": "A", "headline": "River", "body": "{body}"}}\n')
    run = [sys.executable, "-c", ASKED.format(study=str(tmp_path), pattern=pattern)]
    first, again = (subprocess.run(run, capture_output=True, text=True, check=True) for _ in range(2))
    assert again.stdout == first.stdout
    assert first.stderr.splitlines()[-1].split() != []  # which coded the study
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
