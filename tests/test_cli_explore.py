"""``samestory explore`` opens a copy of the notebooks: what ships is left as it is."""

from analysis.cli_explore import _notebooks
from analysis.study import shipped


def test_lab_runs_a_copy_beside_the_tables_which_is_kept(tmp_path):
    copied = _notebooks(tmp_path) / "notebooks" / "explore.ipynb"
    assert tmp_path in copied.parents
    assert copied.read_bytes() == (shipped("notebooks") / "explore.ipynb").read_bytes()
    assert {one.name for one in copied.parent.iterdir()} == {one.name for one in shipped("notebooks").glob("*.ipynb")}
    copied.write_text("what I wrote", encoding="utf-8")
    _notebooks(tmp_path)
    assert copied.read_text(encoding="utf-8") == "what I wrote"
