"""The report from the command line: whole, self-contained, the same twice, and honest about failures."""

import json
import re
import shutil
from types import SimpleNamespace

import nbformat
import pandas as pd
import pytest

from analysis import code, open_study
from analysis.reporting import pages
from analysis.reporting.gallery import show_places, variables_of
from analysis.reporting.report import write_report
from analysis.reporting.site import write_site
from analysis.study import UserError
from tests.conftest import assert_committed, called, samestory

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def made(demo_report):
    """One whole report: its folder of work."""
    return demo_report


@pytest.fixture(scope="module")
def again(demo, tmp_path_factory):
    """A report of one notebook in a folder that was named: its folder of work."""
    work = tmp_path_factory.mktemp("again")
    run = samestory("report", demo, "--notebook", "08_collocates", "--out", work / "out", cwd=work)
    assert run.returncode == 0, run.stderr
    return work


@pytest.fixture(scope="module")
def later(demo, again, tmp_path_factory):
    """That report after another run, in which one notebook has a parameter of its own and another one fails."""
    work = tmp_path_factory.mktemp("later")
    shutil.copytree(again / "out", work / "out")
    asked = ("--notebook", "01_corpus", "--notebook", "02_wording", "--set", "by=country", "--set", "voice=loud")
    run = samestory("report", demo, *asked, "--out", work / "out", cwd=work)
    return SimpleNamespace(run=run, out=work / "out", work=work)


def test_every_page_is_there_and_needs_nothing_else(made):
    assert sorted(path.name for path in (made / "reports/demo").glob("*.html")) == [
        "01_corpus.html",
        "02_wording.html",
        "03_frames.html",
        "04_voices.html",
        "05_copies.html",
        "06_same_story.html",
        "07_keyness.html",
        "08_collocates.html",
        "09_trends.html",
        "10_sentiment.html",
        "11_validation.html",
        "articles.html",
        "concordance.html",
        "index.html",
    ]
    assert len(list((made / "reports/demo/articles").glob("*.html"))) == 38
    for page in (made / "reports/demo").rglob("*.html"):
        html = page.read_text(encoding="utf-8")
        fetched = re.sub(r'<a href="[^"]*" rel="noreferrer">', "", html)  # an article's own address may be followed
        assert not re.search(r"""(?:src|href)=["']?(?:https?:)?//""", fetched), page.name
        assert ("<script" in html) == (page.stem in ("articles", "concordance")), page.name
        assert str(made) not in html, "a path of this machine"
        assert len(re.findall(r"<h1[ >]", html)) == 1
        assert all(re.search(r'alt="[^"]{20,}"', image) for image in re.findall(r"<img[^>]*>", html))
        assert page.stat().st_size < 3_000_000
    index = (made / "reports/demo/index.html").read_text(encoding="utf-8")
    assert "38 read, 0 rejected" in index
    assert "differs most" in index, "findings stand on the index"
    assert 'href="02_wording.html"' in index


def test_every_choice_variable_that_occurs_has_a_figure(made, demo):
    tables = code(open_study(demo))
    found = variables_of(tables, "choice").query("mentions > 0")["variable"]
    for variable in found:
        stem = made / "figures/demo" / f"wording-share-{variable.replace('_', '-')}"
        for ending in ("pdf", "svg", "png", "csv", "json"):
            assert stem.with_suffix(f".{ending}").is_file(), stem
    record = json.loads((made / "figures/demo/wording-share-capital.json").read_text())
    assert "N = 96 choices in 38 articles" in record["caption"]
    shares = pd.read_csv(made / "figures/demo/wording-share-capital.csv").set_index(["outlet", "category"])
    assert shares.loc[("Eastern Telegraph", "Kiev"), "share"] == 1
    assert shares.loc[("Civic Ledger", "Kyiv"), "n"] == 15


def test_the_committed_figures_are_those_that_are_made(made):
    assert_committed(made / "figures/demo")


def test_twice_the_same_and_one_notebook_with_one_parameter(made, again, demo, tmp_path):
    """All figures are the same twice where those that are made are the committed ones: see above."""
    figures = sorted((again / "out/figures").glob("*.*"))
    assert len(figures) == 5
    for path in figures:
        assert path.read_bytes() == (made / "figures/demo" / path.name).read_bytes(), path.name
    assert not (again / "reports").exists()
    run = samestory("report", demo, "--notebook", "03_frames", "--set", "voice=own", cwd=tmp_path)
    assert run.returncode == 0, run.stderr
    record = json.loads((tmp_path / "figures/demo/voice-own/frames-articles-frame.json").read_text())
    assert record["parameters"]["voice"] == ["own"]
    # What the notebook's own parameters make is not written over.
    assert [path.name for path in (tmp_path / "figures/demo").iterdir()] == ["voice-own"]
    assert sorted(path.name for path in (tmp_path / "reports/demo/voice-own").glob("*.html")) == [
        "03_frames.html",
        "articles.html",
        "concordance.html",
        "index.html",
    ]
    assert [path.name for path in (tmp_path / "reports/demo").iterdir()] == ["voice-own"]


def test_wrong_parameters_are_refused_before_anything_runs(demo, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    study = open_study(demo)
    for options, said in [
        ({"settings": {"window": "x"}}, "--set window=x: expected int"),
        ({"notebooks": ["2"]}, "there is no notebook '2'; allowed: 01_corpus"),
        ({"out": demo / "articles" / "x"}, "is among the articles"),
    ]:
        with pytest.raises(UserError, match=re.escape(said)):
            write_report(study, {}, **options)
    for arguments, said in [
        (
            ["--set", "windw=3"],
            "--set windw: no parameter of 01_corpus, 02_wording, 03_frames, 04_voices, 05_copies, "
            "06_same_story, 07_keyness, 08_collocates, 09_trends, 10_sentiment, 11_validation; allowed: by (str)",
        ),
        (["--set", "window"], "expected name=value"),
    ]:
        run = called("report", demo, *arguments, cwd=tmp_path)
        assert run.returncode == 2, said
        assert said in run.stderr
        assert len(run.stderr.strip().splitlines()) == 1
    assert list(tmp_path.iterdir()) == []


def test_a_failed_notebook_leaves_its_traceback_and_the_others(later):
    assert later.run.returncode == 1
    assert "02_wording failed: cell" in later.run.stderr
    assert "voice 'loud' is none; allowed: all, headline, own, direct, indirect" in later.run.stderr
    page = (later.out / "02_wording.html").read_text(encoding="utf-8")
    assert "This page is not whole" in page
    assert 'class="traceback"' in page
    assert "papermill-error" not in page
    assert "This page is not whole" not in (later.out / "01_corpus.html").read_text(encoding="utf-8")


def test_nothing_of_an_article_reaches_a_page_as_markup(demo, tmp_path):
    hostile = "<script>alert(1)</script>"
    tables = code(open_study(demo))
    articles = tables["articles"].assign(outlet=hostile, headline=hostile, body=tables["articles"]["body"] + hostile)
    shown = show_places(tables["mentions"], articles, codebook="ukraine-war", variable="capital", by=["outlet"]).data
    assert "<script>" not in shown
    assert "&lt;script&gt;" in shown
    study = open_study(demo).model_copy(update={"title": hostile})
    study._folder = demo
    status = pd.DataFrame([("01_x", "failed", 1.0, hostile)], columns=["notebook", "status", "seconds", "error"])
    index = write_site(
        study, tmp_path, status, {**tables, "articles": articles}, tmp_path / "site", figures=tmp_path / "figures"
    )
    pages_made = list(index.parent.rglob("*.html"))
    assert len(pages_made) == 42
    for page in pages_made:
        assert hostile not in page.read_text(encoding="utf-8")


def test_outputs_are_escaped_and_the_path_of_the_study_is_hidden():
    cell = nbformat.v4.new_code_cell('study = "/home/someone/study"', metadata={"tags": ["injected-parameters"]})
    cell.outputs = [nbformat.v4.new_output("stream", text="<b>not bold</b>")]
    html = pages.notebook_html(nbformat.v4.new_notebook(cells=[cell]), study="demo")
    assert "&lt;b&gt;not bold&lt;/b&gt;" in html
    assert "/home/someone" not in html


def test_pages_of_an_earlier_run_stay_on_the_index_and_changed_parameters_are_said(demo, again, later):
    index = (later.out / "index.html").read_text(encoding="utf-8")
    assert index.rindex('href="01_corpus.html"') < index.rindex('href="08_collocates.html"')
    assert index.count("from an earlier run") == 1
    assert "<code>by = &quot;country&quot;</code>" in index
    page = (later.out / "01_corpus.html").read_text(encoding="utf-8")
    assert "Run with <code>by = &quot;country&quot;</code>" in page
    assert "Run with" not in (later.out / "08_collocates.html").read_text(encoding="utf-8")
    kept = sorted(path.stem for path in later.out.glob("*.ipynb"))
    assert kept == ["01_corpus", "02_wording", "08_collocates"]
    for name in kept:
        said = (later.out / f"{name}.ipynb").read_text(encoding="utf-8")
        assert str(later.work) not in said
        assert str(again) not in said
        assert str(demo) not in said
        assert "start_time" not in said


def test_variables_of_one_name_have_figures_of_their_own():
    from analysis.reporting.gallery import _slugs

    variables = pd.DataFrame({"codebook": ["one", "two", "two"], "variable": ["capital", "capital", "war_label"]})
    assert _slugs(variables, "share") == ["share-one-capital", "share-two-capital", "share-war-label"]


def test_a_study_in_which_nothing_is_found_has_a_report(tmp_path):
    article = {"outlet": "A", "headline": "On a mat", "body": "The cat sat on the mat. It was warm."}
    (tmp_path / "articles.jsonl").write_text(json.dumps(article), encoding="utf-8")
    settings = "title: Nothing\narticles: articles.jsonl\ncodebooks: [generic-frames]\n"
    (tmp_path / "study.yml").write_text(settings, encoding="utf-8")
    run = samestory("report", tmp_path, "--out", tmp_path / "out", cwd=tmp_path)
    assert run.returncode == 0, run.stderr
    assert "Nothing was found" in (tmp_path / "out/04_voices.html").read_text(encoding="utf-8")
