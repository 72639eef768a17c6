"""The paragraph on methods: each number of it recomputed here in another way, and every form readable."""

import re
import shutil
import subprocess

import pandas as pd
import pytest

from analysis import code, open_study
from analysis.comparison.accuracy import validity
from analysis.reporting import references
from analysis.reporting.methods import facts, methods
from analysis.study import UserError


@pytest.fixture(scope="module")
def demo():
    study = open_study("demo")
    return study, code(study)


@pytest.fixture(scope="module")
def told(demo):
    return methods(*demo, "text")


def test_numbers_of_the_articles(demo, told):
    articles = demo[1]["articles"]
    days = articles["published"].dt.date
    assert f"holds {len(articles)} articles of {len(set(articles['outlet']))} outlets" in told
    assert f"from {days.min()} to {days.max()}" in told
    assert f"{sum(articles['n_words']):,} words" in told
    assert f"{len(demo[1]['furniture'])} lines of page furniture" in told


def test_copies_are_one_observation(demo, told):
    groups = demo[1]["copy_groups"]["copy_group"].tolist()
    several = {group for group in groups if groups.count(group) > 1}
    assert f"{sum(groups.count(group) for group in several)} articles stand in {len(several)} group" in told
    assert f"leaves {len(set(groups))} independent texts" in told
    assert facts(*demo).units == len(set(groups)) == len(groups) - sum(groups.count(one) - 1 for one in several)


def test_every_codebook_with_version_and_hash(demo, told):
    for _, row in demo[1]["categories"].drop_duplicates("codebook").iterrows():
        assert f"{row['codebook']} {row['version']} (hash {row['codebook_hash']})" in told
    assert f"which hit {len(demo[1]['mentions']):,} times" in told


def test_voices_are_shares_of_all_words(demo, told):
    words = demo[1]["word_counts"]
    own = words.loc[words["voice"] == "own", "n"].sum() / words["n"].sum()
    assert f"{100 * own:.1f} % in the outlet's own voice" in told
    assert sum(facts(*demo).voices.values()) == pytest.approx(1)
    quotes = demo[1]["quotes"]
    assert f"Of {len(quotes)} quotations and reported clauses {quotes['speaker'].count()} have" in told


def test_validation_as_measured(demo, told):
    tables = demo[1]
    found = validity(tables["samples"], tables["codings"], draws=1)
    row = found[(found["variable"] == "frame") & (found["average"] == "micro")].iloc[0]
    assert f"frame (generic-frames): precision {row['precision']:.2f}, recall {row['recall']:.2f}" in told
    assert "n = 120 items, 2 coders, Krippendorff's alpha" in told
    n = len(tables["categories"].drop_duplicates(["codebook", "variable"]))
    assert f"The other {n - 2} of {n} variables have not been validated." in told


def test_what_a_study_does_not_have_is_not_spoken_of(demo):
    study, tables = demo
    made = {name: tables[name] for name in tables}
    categories = tables["categories"].query("kind == 'choice'")
    made |= {"categories": categories, "samples": tables["samples"][:0], "codings": tables["codings"][:0]}
    text = methods(study, made, "text")
    n = len(categories.drop_duplicates(["codebook", "variable"]))
    assert f"None of the {n} variables has been validated" in text
    assert "scale" not in text and "Hutto" not in text and "Chan" not in text and "Krippendorff" not in text


def test_an_article_less_changes_the_numbers(demo):
    study, tables = demo
    made = {name: tables[name] for name in tables}
    made["articles"] = tables["articles"].iloc[1:].assign(published=pd.NaT)
    text = methods(study, made, "text")
    assert f"holds {len(tables['articles']) - 1} articles" in text
    assert f"({len(tables['articles']) - 1} articles without a date)" in text and "published" not in text


def test_every_reference_is_cited_and_every_citation_listed(demo):
    text = methods(*demo, "markdown")
    body, listed = text.split("## References")
    for cited, whole in references.REFERENCES.values():
        assert (cited in body) == (whole in listed), cited
    assert "[@" not in text
    years = {re.search(r"\d{4}$", cited)[0] for cited, _ in references.REFERENCES.values()}
    assert all(any(f"({year})" in whole for _, whole in references.REFERENCES.values()) for year in years)


def test_latex_escapes_and_compiles(demo, tmp_path):
    text = methods(*demo, "latex")
    keys = set(",".join(re.findall(r"\\cite\{([^}]*)\}", text)).split(","))
    assert keys == set(re.findall(r"\\bibitem\{([^}]*)\}", text))
    assert not re.search(r"(?<!\\)%", text)
    if not shutil.which("pdflatex"):
        pytest.skip("no pdflatex here; the LaTeX is checked for its marks only")
    page = f"\\documentclass{{article}}\n\\begin{{document}}\n{text}\\end{{document}}\n"
    (tmp_path / "page.tex").write_text(page, encoding="utf-8")
    command = ["pdflatex", "-halt-on-error", "-interaction=nonstopmode", "page.tex"]
    assert subprocess.run(command, cwd=tmp_path, capture_output=True, check=False).returncode == 0


def test_another_form_is_refused(demo):
    with pytest.raises(UserError, match=r"--format 'word' is none; allowed: markdown, latex, text"):
        methods(*demo, "word")
