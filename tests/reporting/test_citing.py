"""Citations of figures: each form can be read back by what it is for."""

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from analysis.reporting.citing import cite, key_of, latex
from analysis.reporting.records import embedded_id, read_record
from analysis.study import UserError

RECORD = {
    "figure_id": "0123456789",
    "slug": "wording-share",
    "caption": "Which name_? Shares & {counts}, 50 % of $x$. N = 4 choices. Whiskers: 95 %.",
    "alt": "Shares [all]: Kyiv 50 %; Київ 3 %.",
    "validation": "not validated",
    "study": {"name": "demo", "title": "How do they name it?", "authors": ["Ann Example", "Newsroom & Co."]},
    "corpus": {"articles": 1234, "sha256": "ab"},
    "codebooks": [{"name": "ukraine-war", "version": "1.0.0", "hash": "cd"}],
    "code": {"samestory": "0.1.0", "sha256": "ef"},
}
FIGURE = Path("figures/demo/wording-share.png")


def test_bibtex_has_the_figure_and_the_program():
    text = cite(RECORD, "bibtex", figure=FIGURE)
    assert re.findall(r"^@misc\{(.+),$", text, re.MULTILINE) == [key_of(RECORD), "samestory"]
    assert "author = {{Ann Example} and {Newsroom \\& Co.}}," in text
    assert "title = {{How do they name it?: Which name\\_? Shares \\& \\{counts\\}, 50 \\% of \\$x\\$}}," in text
    assert (
        "Figure 0123456789, made with Samestory 0.1.0; 1,234 articles; codebooks ukraine-war 1.0.0; not validated"
        in text
    )
    assert text.replace("\\{", "").replace("\\}", "").count("{") == text.replace("\\{", "").replace("\\}", "").count(
        "}"
    )


def test_csl_is_json_without_empty_fields():
    figure, program = json.loads(cite({**RECORD, "study": {"title": "T"}}, "csl", figure=FIGURE))
    assert figure["id"] == key_of(RECORD) and figure["type"] == "figure" and "author" not in figure
    assert program["version"] == "0.1.0" and program["issued"]["date-parts"][0][0] >= 2026


def test_markdown_keeps_its_marks():
    text = cite(RECORD, "markdown", figure=FIGURE)
    assert text.startswith(
        "![Shares \\[all\\]: Kyiv 50 %; Київ 3 %.](figures/demo/wording-share.svg)\n\n*Which name\\_?"
    )
    assert text.endswith("Figure 0123456789, Samestory 0.1.0.*\n")


def test_latex_escapes_what_is_a_command():
    assert latex("a_b\\{%}~^<>|\n#") == (
        r"a\_b\textbackslash{}\{\%\}\textasciitilde{}\textasciicircum{}\textless{}\textgreater{}\textbar{} \#"
    )
    text = cite(RECORD, "latex", figure=FIGURE)
    assert "{figures/demo/wording-share.pdf}" in text and rf"\cite{{{key_of(RECORD)}}}" in text


@pytest.mark.skipif(shutil.which("xelatex") is None, reason="xelatex is not here")
def test_latex_compiles(tmp_path):
    import matplotlib.pyplot as plt

    plt.figure(figsize=(2, 1)).savefig(tmp_path / "wording-share.pdf")
    body = cite(RECORD, "latex", figure=Path("wording-share.pdf"))
    whole = f"\\documentclass{{article}}\n\\usepackage{{graphicx}}\n\\begin{{document}}\n{body}\\end{{document}}\n"
    (tmp_path / "paper.tex").write_text(whole, encoding="utf-8")
    asked = ["xelatex", "-interaction=nonstopmode", "-halt-on-error", "paper.tex"]
    done = subprocess.run(asked, cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout[-2000:]


def test_another_form_is_refused():
    with pytest.raises(UserError, match="--format 'apa' is none; allowed: bibtex, csl, latex, markdown"):
        cite(RECORD, "apa", figure=FIGURE)


def test_a_record_is_found_from_any_file_and_its_lack_is_named(tmp_path):
    (tmp_path / "a.json").write_text(json.dumps(RECORD))
    for ending in (".pdf", ".svg", ".png", ".csv", ".json"):
        assert read_record(tmp_path / f"a{ending}")["figure_id"] == "0123456789"
    (tmp_path / "b.svg").write_text("<svg>samestory:aaaaaaaaaa</svg>")
    with pytest.raises(UserError, match=r"b.json does not stand beside it \(the figure's id is aaaaaaaaaa\)"):
        read_record(tmp_path / "b.svg")
    assert embedded_id(tmp_path / "b.svg") == "aaaaaaaaaa"
    (tmp_path / "c.json").write_text("{")
    with pytest.raises(UserError, match=r"c.json: is no JSON"):
        read_record(tmp_path / "c.json")
    (tmp_path / "d.json").write_text("[]")
    with pytest.raises(UserError, match="is not the record of a figure"):
        read_record(tmp_path / "d.json")
    with pytest.raises(UserError, match=r"is no figure; allowed: a file ending in \.pdf"):
        read_record(tmp_path / "notes.txt")
