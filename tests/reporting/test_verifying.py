"""What has changed since a figure was made: the one thing that did, named."""

import json

import pytest

from analysis import code, open_study
from analysis.comparison.rates import share_of_choices
from analysis.reporting import this_notebook
from analysis.reporting.provenance import make_record
from analysis.reporting.report import write_report
from analysis.reporting.verifying import changes, verify
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
STUDY = "title: T\narticles: articles\nmanifest: m.csv\ncodebooks: [capitals.yml]\nseed: 3\n"


@pytest.fixture
def study(tmp_path):
    folder = tmp_path / "tiny"
    (folder / "articles").mkdir(parents=True)
    for name, text in ARTICLES.items():
        (folder / "articles" / name).write_text(text)
    (folder / "m.csv").write_text("file,outlet,headline\na.txt,One,First\nb.txt,Two,Second\n")
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
    (one,) = changes(before, record(study))
    assert one.part == "corpus" and str(one) == "corpus: as many articles (2), of which some read otherwise"
    (study / "articles" / "a.txt").write_text(ARTICLES["a.txt"])

    (study / "capitals.yml").write_text(BOOK.replace("Kiev: [Kiev]", "Kiev: [Kiev, Kief]"))
    (one,) = changes(before, record(study))
    assert (one.part, one.what) == ("codebook", "capitals") and one.before != one.now
    (study / "capitals.yml").write_text(BOOK)

    (study / "study.yml").write_text(STUDY.replace("seed: 3", "seed: 4"))
    assert {one.part for one in changes(before, record(study))} == {"parameters"}
    (study / "study.yml").write_text(STUDY)
    assert [str(one) for one in changes(before, record(study, voice="own"))] == [
        "parameters: voice: ['headline', 'own', 'direct', 'indirect'] → ['own']"
    ]


def test_an_article_more_and_what_the_record_says_of_code_and_packages(study):
    before = record(study)
    (study / "articles" / "c.txt").write_text("Kyiv again, and nobody else.")
    assert [str(one) for one in changes(before, record(study))] == ["corpus: articles: 2 → 3"]
    now = json.loads(json.dumps(before))
    now["code"]["sha256"] = "0" * 64
    now["packages"] = {**now["packages"], "numpy": "0.1"}
    now["codebooks"] = []
    found = changes(before, now)
    assert [(one.part, one.what) for one in found] == [("codebook", "capitals"), ("code", ""), ("packages", "numpy")]
    assert str(found[0]) == "codebook: capitals: 1.0.0 → not used" and str(found[2]).endswith("→ 0.1")


def test_what_no_notebook_made_is_not_made_again(study, tmp_path):
    (tmp_path / "x.json").write_text(json.dumps(record(study)))
    (one,) = verify([tmp_path / "x.svg"], study=study)
    assert not one.identical and one.reasons == ["no notebook that ships made it: it cannot be made again from here"]
    with pytest.raises(UserError, match=r"y.json does not stand beside it \(no record\)"):
        verify([tmp_path / "y.svg"], study=study)


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
def test_a_figure_is_made_again(study, tmp_path):
    opened = open_study(study)
    out = tmp_path / "out"
    status = write_report(opened, code(opened), notebooks=["01_corpus"], settings={"by": "language"}, out=out)
    assert status["error"].isna().all()
    figures = sorted((out / "figures").glob("*.svg"))
    said = json.loads(figures[0].with_suffix(".json").read_text())["notebook"]
    assert said == {"name": "01_corpus", "parameters": {"by": "language"}, "given": {"by": "language"}}
    assert [one.identical for one in verify(figures, study=study)] == [True] * len(figures)
    figures[0].write_text(figures[0].read_text() + "\n")
    (study / "articles" / "b.txt").write_text("Kief waited.")
    one, *others = verify(figures, study=study)
    assert one.reasons[0].startswith("corpus: ") and not any(other.identical for other in others)
