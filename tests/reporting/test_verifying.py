"""What has changed since a figure was made: the one thing that did, named."""

import json
import re
import sys
from types import SimpleNamespace

import pytest

from analysis import cli_figures, code, open_study
from analysis.comparison.rates import share_of_choices
from analysis.reporting import notebooks, this_notebook
from analysis.reporting.changes import changes
from analysis.reporting.figures import draw_shares
from analysis.reporting.provenance import make_record, save_figure
from analysis.reporting.report import write_report
from analysis.reporting.this_notebook import EXPLORE, made_with
from analysis.reporting.verifying import summary, verify
from analysis.study import UserError, shipped

ARTICLES = {
    "a.txt": "Kyiv waited. The mayor of Kyiv said that Kiev was the old name.",
    "b.txt": "Kiev waited for the answer. In Kiev nobody spoke of it.",
}
BOOK = """name: capitals
version: 1.0.0
variables:
  capital: {kind: choice, question: Which name?, categories: {Kyiv: [Kyiv], Kiev: [Kiev]}}
"""
MANIFEST = "file,outlet,published,headline\na.txt,One,2024-06-13,First\nb.txt,Two,2024-06-14,Second\n"
STUDY = "title: T\narticles: articles\nmanifest: m.csv\ncodebooks: [capitals.yml]\nseed: 3\n"


@pytest.fixture
def study(tmp_path):
    folder = tmp_path / "tiny"
    (folder / "articles").mkdir(parents=True)
    for name, text in ARTICLES.items():
        (folder / "articles" / name).write_text(text)
    (folder / "m.csv").write_text(MANIFEST)
    (folder / "capitals.yml").write_text(BOOK)
    (folder / "study.yml").write_text(STUDY)
    return folder


def record(folder, *, slug="wording", **asked):
    opened = open_study(folder)
    tables = code(opened)
    options = {"variable": "capital", "seed": opened.seed, "replicates": 10, **asked}
    table = share_of_choices(tables["mentions"], tables["articles"], **options)
    return make_record(slug, "A caption.", table, study=opened, tables=tables)


def test_the_one_thing_that_changed_is_named(study):
    before = record(study)
    assert changes(before, record(study)) == [] and before == record(study)

    (study / "articles" / "a.txt").write_text(ARTICLES["a.txt"].replace("waited", "hoped"))
    assert said(before, record(study)) == ["corpus: as many articles (2), of which some read otherwise"]
    (study / "articles" / "c.txt").write_text("Kyiv again, and nobody else.")
    assert said(before, record(study)) == ["corpus: 2 articles → 3"]
    (study / "articles" / "c.txt").unlink()
    (study / "articles" / "a.txt").write_text(ARTICLES["a.txt"])

    (study / "capitals.yml").write_text(BOOK.replace("Kiev: [Kiev]", "Kiev: [Kiev, Kief]"))
    (one,) = said(before, record(study))
    assert re.fullmatch(r"codebook: capitals: 1\.0\.0 \(\w{8}\) → 1\.0\.0 \(\w{8}\)", one)
    (study / "capitals.yml").write_text(BOOK)

    (study / "study.yml").write_text(STUDY.replace("seed: 3", "seed: 4"))
    assert said(before, record(study)) == ["parameters: seed: 3 → 4"]
    (study / "study.yml").write_text(STUDY)
    assert said(before, record(study, voice="own")) == [
        "parameters: voice: ['headline', 'own', 'direct', 'indirect'] → ['own']"
    ]


def said(before, now):
    return [str(one) for one in changes(before, now)]


def test_what_the_record_says_of_codebooks_people_code_and_packages(study):
    before = record(study)
    now = json.loads(json.dumps(before))
    now["code"]["sha256"] = "0" * 64
    now["packages"] = {**now["packages"], "numpy": "0.1"}
    now["codebooks"] = []
    now["checks"] = {"codes": 1200, "sha256": "ab"}
    now["study"]["events"] = [["2024-06-14", "Offer"]]
    found = changes(before, now)
    assert [one.part for one in found] == ["codebook", "parameters", "validation", "code", "packages"]
    assert [one.what for one in found[:3]] == [
        "capitals 1.0.0 is no longer used",
        "events: [] → [['2024-06-14', 'Offer']]",
        "nobody's codes → 1,200 codes of people",
    ]
    assert found[4].what.startswith("numpy: ") and found[4].what.endswith("→ 0.1")


def test_what_nothing_made_that_could_be_run_again_is_said_to_be_so(study, tmp_path):
    (tmp_path / "x.json").write_text(json.dumps(record(study)))
    (one,) = verify([tmp_path / "x.svg"], code=code, study=study)
    assert not one.identical
    assert one.reasons == ["made by hand: its record names no notebook that could be run again"]
    with pytest.raises(UserError, match=r"y.json does not stand beside it \(no record\)"):
        verify([tmp_path / "y.svg"], code=code, study=study)
    with made_with("99_gone", {}):
        (tmp_path / "z.json").write_text(json.dumps(record(study)))
    with made_with("01_corpus", {"colour": "red"}):
        (tmp_path / "w.json").write_text(json.dumps(record(study)))
    gone, unknown = verify([tmp_path / "z.svg", tmp_path / "w.svg"], code=code, study=study)
    assert gone.reasons[0].startswith("code: there is no notebook '99_gone'")
    assert unknown.reasons == ["parameters: 01_corpus has no colour any more"]


def draw(study, tables, parameters, *, folder):
    """As the explorer does: a figure that follows from its parameters alone."""
    options = {"variable": "capital", "seed": study.seed, "replicates": 10, "voice": parameters["voice"]}
    table = share_of_choices(tables["mentions"], tables["articles"], **options)
    with made_with(EXPLORE, parameters):
        saved = {"study": study, "tables": tables, "folder": folder, "show": False}
        save_figure(draw_shares(table), "explore-capital", table, "Shares.", **saved)


def reasons(study, figure, name, old, new):
    """Why a figure is another one while a file of the study reads otherwise."""
    file = study / name
    before = file.read_text()
    assert old in before
    file.write_text(before.replace(old, new))
    (one,) = verify([figure], code=code, study=study)
    file.write_text(before)
    assert not one.identical
    return one.reasons


def test_figures_of_the_explorer_are_made_again_from_their_parameters(study, tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "analysis.reporting.explorer", SimpleNamespace(remake=draw))
    opened = open_study(study)
    draw(opened, code(opened), {"voice": "own"}, folder=tmp_path)
    figure = tmp_path / "explore-capital.png"
    made_by = json.loads(figure.with_suffix(".json").read_text())["notebook"]
    assert made_by == {"name": "explore", "parameters": {"voice": "own"}, "given": {"voice": "own"}}
    assert this_notebook.now() is None
    (one,) = verify([figure], code=code, study=study)
    assert one.identical and one.reasons == []
    assert summary(one) == [f"{figure}: {one.figure_id}: identical"]

    packages = figure.with_suffix(".json").read_text()
    figure.with_suffix(".json").write_text(packages.replace('"matplotlib": "', '"matplotlib": "0.'))
    (one,) = verify([figure], code=code, study=study)
    assert one.identical and one.reasons[0].startswith("packages: matplotlib: 0.")
    assert summary(one)[0].endswith(": identical, though since then there changed:")
    figure.with_suffix(".json").write_text(packages.replace('"Shares."', '"Other."'))
    (one,) = verify([figure], code=code, study=study)
    assert one.reasons[0].startswith("explore-capital.json was edited: its id would be ")
    figure.with_suffix(".json").write_text(packages)
    drawn = figure.with_suffix(".svg").read_bytes()
    figure.with_suffix(".svg").write_text("<svg/>")
    (one,) = verify([figure], code=code, study=study)
    assert not one.identical and one.reasons == ["other bytes than were made: explore-capital.svg"]

    figure.with_suffix(".svg").write_bytes(drawn)

    assert reasons(study, figure, "capitals.yml", "[Kiev]", "[Kiev, Kief]") == [
        "codebook: capitals: capital, Kiev: 'Kief' came in"
    ]
    assert reasons(study, figure, "study.yml", "seed: 3", "seed: 4") == ["parameters: seed: 3 → 4"]
    (study / "capitals.yml").write_text(BOOK.replace("capital:", "city:"))
    (one,) = verify([figure], code=code, study=study)
    assert len(one.reasons) == 1 and one.reasons[0].startswith("parameters: variable 'capital' is in no codebook")


def test_the_parameters_of_a_notebook_are_noted_once_they_are_given(monkeypatch):
    monkeypatch.setattr(this_notebook, "_NOW", {})
    assert this_notebook.now() is None
    declared = this_notebook.defaults("02_wording")
    assert declared["replicates"] == 2000 and "study" not in declared
    this_notebook.begin("02_wording", {**declared, "study": "x", "window": 3, "other": 1})
    assert this_notebook.now() == {
        "name": "02_wording",
        "parameters": {**declared, "window": 3},
        "given": {"window": 3},
    }


def test_each_notebook_says_which_it_is():
    for path in shipped("notebooks").glob("[0-9][0-9]_*.ipynb"):
        assert f'begin(\\"{path.stem}\\", globals())' in path.read_text(encoding="utf-8"), path.name


@pytest.mark.slow
def test_two_runs_are_identical_and_the_one_thing_that_changed_since_is_named(study, tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(notebooks, "FORKS", False)  # for one notebook at a time a kernel of its own is quicker
    opened, out = open_study(study), tmp_path / "out"
    asked = {"notebooks": ["01_corpus"], "settings": {"by": "language"}, "out": out}
    assert write_report(opened, code(opened), **asked)["error"].isna().all()
    figures = sorted((out / "figures").glob("*.pdf"))
    made_by = json.loads(figures[0].with_suffix(".json").read_text())["notebook"]
    assert made_by == {"name": "01_corpus", "parameters": {"by": "language"}, "given": {"by": "language"}}
    assert cli_figures.verify(figures, study=str(study)) == 0
    assert capsys.readouterr().out.count(": identical\n") == len(figures) > 1

    (one,) = reasons(study, figures[0], "articles/b.txt", "answer", "reply")
    assert re.fullmatch(r"corpus: Two, 2024-06-14, article \w{12} has changed \(now \w{12}\)", one)
