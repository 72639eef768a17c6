"""Citations of figures: each form can be read back by what it is for."""

import json
import re
import shutil
import subprocess
from html import unescape
from pathlib import Path
from urllib.parse import unquote

import matplotlib.pyplot as plt
import mistune
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
    "parameters": {},
    "seed": 1,
    "notebook": None,
    "table": "gh",
    "code": {"samestory": "0.1.0", "sha256": "ef"},
    "packages": {},
}
FIGURE = Path("figures/demo/wording-share.png")


HARD = 'A {b}} "c" \\d 50 % & #1 $x_i^2$ ~ <e> | [f] *g* `h` − ≤ Œuvre naïve – “i” …'


def entries(text):
    """BibTeX as BibTeX reads it: entries of fields in braces, in which braces are counted, whatever stands before."""
    found, place = [], 0
    while (start := text.find("@", place)) >= 0:
        kind, key = re.match(r"@(\w+)\{([^\s,{}\"#%']+),\n", text[start:]).groups()
        place, fields = text.index("\n", start) + 1, {}
        while text[place] != "}":
            name = re.match(r"  (\w+) = \{", text[place:])
            place, begin, depth = place + name.end(), place + name.end(), 1
            while depth:
                depth += {"{": 1, "}": -1}.get(text[place], 0)
                place += 1
            fields[name.group(1)] = text[begin : place - 1]
            assert text[place : place + 2] == ",\n"
            place += 2
        found.append((kind, key, fields))
    return found


def test_bibtex_has_the_figure_and_the_program():
    (kind, key, figure), program = entries(cite(RECORD, "bibtex", figure=FIGURE))
    assert (kind, key) == ("misc", key_of(RECORD)) and program[:2] == ("misc", "samestory")
    assert figure["author"] == r"{Ann Example} and {Newsroom \& Co.}"
    assert figure["title"] == (
        r"{How do they name it?: Which name\_? Shares \& \textbraceleft{}counts\textbraceright{}, 50 \% of \$x\$}"
    )
    assert figure["howpublished"] == (
        "Figure 0123456789, made with Samestory 0.1.0; 1,234 articles; codebooks ukraine-war 1.0.0; not validated"
    )
    assert figure["abstract"] == latex(RECORD["caption"])
    assert program[2]["year"] >= "2026" and program[2]["note"] == "Version 0.1.0"


@pytest.mark.parametrize("hard", [HARD, "}", "{", "\\", "%", '"', "a\nb"])
def test_any_caption_leaves_bibtex_and_latex_whole(hard):
    record = {**RECORD, "caption": hard, "alt": hard, "study": {"title": hard, "authors": [hard]}}
    assert len(entries(cite(record, "bibtex", figure=FIGURE))) == 2
    text = cite(record, "latex", figure=FIGURE)
    assert text.count("{") == text.count("}") and text.count("\n") == 6
    assert not re.findall(r"(?<!\\)[%#]", text)
    inside = re.search(r"caption\{(.*) Figure", text).group(1)
    assert not re.findall(r"(?<!\\)[&_]|[\"|<>]", inside)
    json.loads(cite(record, "csl", figure=FIGURE))


def test_csl_is_json_of_known_fields_without_empty_ones():
    figure, program = json.loads(cite({**RECORD, "study": {"title": "T"}}, "csl", figure=FIGURE))
    assert figure["id"] == key_of(RECORD) and figure["type"] == "figure" and "author" not in figure
    assert figure["abstract"] == RECORD["caption"], "as it is: a style escapes what it must"
    assert program["version"] == "0.1.0" and program["issued"]["date-parts"][0][0] >= 2026
    known = {"id", "type", "title", "author", "note", "abstract", "issued", "version"}
    assert {*figure, *program} <= known


def test_markdown_reads_back_as_the_words(tmp_path):
    record = {**RECORD, "caption": f"1. {HARD} &amp; ![x](y) www.x.org", "alt": HARD}
    text = cite(record, "markdown", figure=Path("my figures (1)/wording-share.png"))
    html = mistune.html(text)
    image = re.search(r'<p><img src="([^"]*)" alt="([^"]*)" /></p>', html)
    assert unquote(image.group(1)) == "my figures (1)/wording-share.svg" and " " not in image.group(1)
    assert unescape(image.group(2)) == HARD
    said = re.search(r"<p><em>(.*)</em></p>", html).group(1)
    assert unescape(said) == f"{record['caption']} Figure 0123456789, Samestory 0.1.0."


def test_latex_escapes_what_is_a_command():
    assert latex('a_b\\{%}~^<>|\n#"') == (
        r"a\_b\textbackslash{}\textbraceleft{}\%\textbraceright{}\textasciitilde{}\textasciicircum{}"
        r"\textless{}\textgreater{}\textbar{} \#''"
    )
    assert latex("−1 ≤ κ") == r"$-$1 $\leq$ $\kappa$" and latex("−1", signs=False) == "−1"
    text = cite(RECORD, "latex", figure=FIGURE)
    assert r"alt={Shares [all]: Kyiv 50 \%; Київ 3 \%.}]{figures/demo/wording-share.pdf}" in text
    assert rf"Figure 0123456789 \cite{{{key_of(RECORD)}}}." in text and "xelatex" not in text
    cyrillic = cite({**RECORD, "caption": "Київ."}, "latex", figure=FIGURE)
    assert cyrillic.startswith("% Compile with xelatex or lualatex")


ENGINE = next(filter(shutil.which, ("tectonic", "lualatex", "xelatex", "pdflatex")), None)


@pytest.mark.skipif(ENGINE is None, reason="no LaTeX here (tectonic, lualatex, xelatex or pdflatex)")
def test_latex_compiles(tmp_path):
    plt.figure(figsize=(2, 1)).savefig(tmp_path / "wording-share.pdf")
    hard = {**RECORD, "caption": HARD, "alt": f"{HARD} Київ"}
    body = cite(hard, "latex", figure=Path("wording-share.pdf"))
    whole = f"\\documentclass{{article}}\n\\usepackage{{graphicx}}\n\\begin{{document}}\n{body}\\end{{document}}\n"
    (tmp_path / "paper.tex").write_text(whole, encoding="utf-8")
    options = [] if ENGINE == "tectonic" else ["-interaction=nonstopmode", "-halt-on-error"]
    done = subprocess.run([ENGINE, *options, "paper.tex"], cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    assert (tmp_path / "paper.pdf").stat().st_size > 5_000


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
    with pytest.raises(UserError, match="is not the record of a figure: it has no figure_id"):
        read_record(tmp_path / "d.json")
    with pytest.raises(UserError, match=r"is no figure; allowed: a file ending in \.pdf"):
        read_record(tmp_path / "notes.txt")
