"""``samestory codebook``: what is in a codebook or dictionary, what cannot be carried over, and the same as YAML."""

import json

import pytest
import yaml

from tests.conftest import called, refused, samestory

LIWC = "%\n1\tupset\n2\tcalm\n%\nangr*\t1\nquiet\t2\nat ease\t2 7\n:-)\t2\n"
LEXICODER = "+bad\nawful\nno good\n+good\nfine\n"


@pytest.fixture
def dictionary(tmp_path):
    file = tmp_path / "mood.dic"
    file.write_text(LIWC, encoding="utf-8")
    return file


def test_check_counts_and_lists_what_is_lost(dictionary):
    run = samestory("codebook", "check", dictionary)
    assert run.returncode == 1, run.stderr
    lines = run.stdout.splitlines()
    assert lines[0] == "mood: presence, 2 categories, 3 patterns"
    assert [line.split() for line in lines[1:3]] == [["1", "upset"], ["2", "calm"]]
    assert [line.split(": ")[0] for line in lines[3:]] == [f"{dictionary}:7", f"{dictionary}:8"]
    assert called("codebook", "check", "actors").returncode == 0


def test_show_prints_data_and_notes_the_rest(dictionary):
    run = samestory("codebook", "show", dictionary, "--format", "json")
    assert run.returncode == 0, run.stderr
    shown = json.loads(run.stdout)
    assert shown["variables"]["mood"]["categories"] == {"upset": ["angr*"], "calm": ["quiet", "at ease"]}
    assert len(run.stderr.splitlines()) == 2


def test_convert_writes_a_codebook_that_reads_the_same(tmp_path, dictionary):
    out = tmp_path / "mood.yml"
    samestory("codebook", "convert", dictionary, "--out", out)
    again = called("codebook", "show", out, "--format", "json")
    assert again.stderr == ""
    assert json.loads(again.stdout)["variables"] == yaml.safe_load(out.read_text(encoding="utf-8"))["variables"]
    assert called("codebook", "check", out).returncode == 0


def test_convert_makes_a_scale(tmp_path):
    file = tmp_path / "tone.lc3"
    file.write_text(LEXICODER, encoding="utf-8")
    run = called("codebook", "convert", file, "--scale", "bad=-1", "--scale", "good=1", "--format", "json")
    (variable,) = json.loads(run.stdout)["variables"].values()
    assert variable["kind"] == "scale"
    assert variable["categories"] == {"bad": {"awful": -1.0, "no good": -1.0}, "good": {"fine": 1.0}}


def test_used_wrongly(tmp_path, dictionary):
    assert "no such file, and no codebook of that name is shipped" in refused("codebook", "check", "nothing")
    assert "expected category=weight" in refused("codebook", "convert", dictionary, "--scale", "bad")
    assert "no category 'bad'" in refused("codebook", "convert", dictionary, "--scale", "bad=1")
    assert "allowed: liwc" in refused("codebook", "show", dictionary, "--kind", "atlas")
    page = tmp_path / "page.dic"
    page.write_text("<html><body>Not found</body></html>", encoding="utf-8")
    assert str(page) in refused("codebook", "check", page)


@pytest.mark.parametrize("command", ["check", "show", "convert"])
def test_every_command_has_help_with_an_example(command):
    run = called("codebook", command, "--help")
    assert run.returncode == 0
    assert f"Example: samestory codebook {command}" in " ".join(run.stdout.split())
