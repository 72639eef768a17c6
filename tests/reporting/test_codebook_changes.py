"""Which words of a codebook have changed, without keeping the words."""

import pytest

from analysis.coding.codebook import read_codebook
from analysis.reporting import codebook_changes
from analysis.study import open_study

BOOK = """name: names
version: 1.0.0
variables:
  capital:
    kind: choice
    categories: {Kyiv: [Kyiv, Kyyiv], Kiev: [Kiev]}
    except: [chicken Kiev]
  mood: {kind: scale, categories: {good: {good: 1.5, fine: 1}}}
"""


@pytest.fixture
def changed(tmp_path):
    """What is said of the codebook with some of its text replaced."""
    (tmp_path / "names.yml").write_text(BOOK)
    (tmp_path / "study.yml").write_text("title: T\narticles: a\ncodebooks: [names.yml]\n")
    study = open_study(tmp_path)
    book = read_codebook(tmp_path / "names.yml")
    figures = tmp_path / "figures"
    codebook_changes.keep(study, "names", book.hash, figures)
    (file,) = (figures / "inputs").iterdir()
    assert "Kyyiv" not in file.read_text() and "chicken" not in file.read_text()

    def say(*replaced):
        text = BOOK
        for old, new in replaced:
            assert old in text
            text = text.replace(old, new)
        (tmp_path / "names.yml").write_text(text)
        now = codebook_changes.find_codebook(study, "names")
        return codebook_changes.differences(figures, "names", book.hash, now)

    return say


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("Kiev: [Kiev]", "Kiev: [Kiev, Kief]", "capital, Kiev: 'Kief' came in"),
        ("[Kyiv, Kyyiv]", "[Kyiv]", "capital, Kyiv: 1 of 2 patterns taken out"),
        ("[Kyiv, Kyyiv]", "[Kyiv, Kyjiv]", "capital, Kyiv: 'Kyjiv' came in; 1 of 2 patterns taken out"),
        ("[chicken Kiev]", "[chicken Kiev, Dynamo Kiev]", "capital, (except): 'Dynamo Kiev' came in"),
        ("fine: 1}", "fine: 2}", "mood, good: 'fine: 2.0' came in; 1 of 2 patterns taken out"),
        ("[Kyiv, Kyyiv]", "[Kyyiv, Kyiv]", "capital, Kyiv: other order"),
        ("kind: choice", "kind: presence", "capital: what it says beside its patterns"),
        ("  capital:", "  town:", "capital is no longer there"),
    ],
)
def test_the_change_is_named(changed, old, new, said):
    assert changed((old, new))[0] == said
    assert changed() == []


def test_what_is_not_known_is_not_said(tmp_path, changed):
    now = codebook_changes.find_codebook(open_study(tmp_path), "names")
    assert codebook_changes.differences(tmp_path / "elsewhere", "names", now.hash, now) == []
    assert codebook_changes.find_codebook(open_study(tmp_path), "other") is None
