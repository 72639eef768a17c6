"""Languages: what a text is in, what is too short to tell, and what stays in a study."""

from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from analysis.corpus.articles import read_articles
from analysis.corpus.languages import detect, one_code, other_language
from analysis.study import open_study

TEXTS = yaml.safe_load((Path(__file__).parents[2] / "benchmarks" / "languages.yml").read_text("utf-8"))
NAMES = (
    "Vyacheslav Nikonov, Dmytro Kuleba, Oleksii Reznikov, Yevhenii Prigozhin and Sergei Shoigu were named by the "
    "Izvestia reporter Vsevolod Chaplygin, as were Zaporizhzhia, Dnipropetrovsk, Nizhny Novgorod and Khmelnytskyi."
)


@pytest.mark.parametrize("code", TEXTS)
def test_twenty_languages_are_told(code):
    found, probability = detect(TEXTS[code])
    assert found == code
    assert probability > 0.99


@pytest.mark.parametrize("code", TEXTS)
def test_what_is_in_another_language_is_said_and_what_is_not_stays(code):
    assert other_language(TEXTS[code], code) is None
    for study in ("en", "pt", "ru"):
        if study != code:
            assert other_language(TEXTS[code], study) == detect(TEXTS[code])


def test_short_texts_do_not_tell():
    assert detect("") is None
    assert detect("Der Rat der kleinen Hafenstadt hat am Dienstag beschlossen.") is None
    assert other_language("Der Rat der kleinen Hafenstadt hat am Dienstag beschlossen.", "en") is None
    assert detect(TEXTS["zh"][:20]) is None
    assert detect(TEXTS["zh"][:60])[0] == "zh"


def test_what_is_no_prose_does_not_tell():
    assert detect("14 2024 3,5 % 120 - 44 / 17:30 " * 40) is None
    assert detect("https://example.org/a-long-path/of-words/that-are-english.html " * 10) is None
    assert detect("@someone #topic " * 40) is None


def test_placeholder_text_is_in_no_language():
    filler = "Lorem ipsum dolor sit amet, consectetur adipiscing elit, sed do eiusmod tempor incididunt. "
    assert detect(filler * 9) is None


def test_mixed_texts_stay_in_a_study_of_either_language():
    for mixed in (TEXTS["fr"] + "\n\n" + TEXTS["en"], TEXTS["en"] + "\n\n" + TEXTS["fr"]):
        assert other_language(mixed, "en") is None
        assert other_language(mixed, "fr") is None


def test_a_foreign_quotation_or_many_foreign_names_change_nothing():
    quoted = TEXTS["en"] + " «" + TEXTS["ru"][:200] + "», he added. " + TEXTS["en"]
    assert other_language(quoted, "en") is None
    assert detect(NAMES)[0] == "en"
    assert other_language(NAMES, "en") is None


def test_capitals_are_read_as_words():
    assert other_language(TEXTS["en"].upper(), "en") is None
    assert detect(TEXTS["de"].upper())[0] == "de"


def test_forms_of_one_language_are_one():
    assert one_code("nb") == one_code("nn-NO") == one_code("no") == "no"
    assert one_code("en-GB") == one_code("EN_us") == "en"
    assert one_code("hr") == one_code("sr")
    assert other_language(TEXTS["no"], "nb") is None
    assert other_language(TEXTS["no"], "nn") is None


def test_the_demo_stays_whole():
    articles = read_articles(open_study("demo"))["articles"]
    assert [other_language(body, "en") for body in articles["body"]] == [None] * len(articles)


def test_the_five_pages_stay(shared):
    for file in sorted((shared / "seeds" / "articles").glob("*.txt")):
        assert other_language(file.read_text("utf-8"), "en") is None, file.name


@given(st.text(max_size=2000), st.sampled_from(["en", "de", "nb", "zh"]))
def test_any_text_goes_through(text, language):
    found = other_language(text, language)
    assert found is None or (found[0] != one_code(language) and 0.9 <= found[1] <= 1)
    assert other_language(text, language) == found
