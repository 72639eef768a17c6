"""The explorer without a browser: choices set in Python give the tables, figures and words that the report has."""

import datetime
import json

import numpy as np
import pandas as pd
import pytest

from analysis import code, open_study
from analysis.coding.neighbours import neighbours
from analysis.comparison import rates, wire
from analysis.comparison.collocates import collocates
from analysis.comparison.trends import trend
from analysis.reporting import explorer, explorer_choices, explorer_patterns, explorer_places
from analysis.reporting.explorer_counts import chosen_articles, hits_of, over_time, prepare, shares
from analysis.reporting.records import FILES
from analysis.study import UserError


@pytest.fixture(scope="module")
def demo():
    study = open_study("demo")
    return study, code(study)


@pytest.fixture(scope="module")
def counts(demo):
    return prepare(*demo)


@pytest.fixture(scope="module")
def first(counts):
    settings = {"by": counts.by, "unit": counts.unit, "replicates": counts.replicates}
    return explorer_choices.first_choices(counts.variables, counts.found, **settings)


@pytest.fixture
def made(counts):
    return explorer.Explorer(counts)


def options(demo, **other):
    """As notebook 02 measures."""
    study, tables = demo
    groups = wire.groups_of(tables["copy_groups"])
    return {"by": ["outlet"], "categories": tables["categories"], "groups": groups, "seed": study.seed, **other}


def replaced(choices, **other):
    return explorer_choices.Choices(**{**choices.__dict__, **other})


def test_the_first_table_is_that_of_the_report(demo, counts, first):
    assert (first.variable, first.measure, first.replicates) == ("capital", "share of choices", 2000)
    _, tables = demo
    asked = options(demo, codebook="ukraine-war", variable="capital", voice="all")
    expected = rates.share_of_choices(tables["mentions"], tables["articles"], **asked)
    pd.testing.assert_frame_equal(shares(counts, first), expected)
    assert shares(counts, first).attrs == expected.attrs


@pytest.mark.parametrize("way", wire.WAYS)
def test_every_measure_voice_and_way_of_copies_is_that_of_comparison(demo, counts, first, way):
    chosen = wire.counted(dict(demo[1]), way)
    given = {
        "share of choices": (rates.share_of_choices, ["mentions", "articles"]),
        "share of articles": (rates.share_of_articles, ["mentions", "articles"]),
        "rate per 1,000 words": (rates.rate_per_1000_words, ["mentions", "word_counts", "articles"]),
    }
    for name, (measure, names) in given.items():
        choices = replaced(first, measure=name, copies=way, voices=("own", "direct"), replicates=50)
        asked = options(demo, codebook=first.codebook, variable=first.variable, replicates=50, voice=["own", "direct"])
        expected = measure(*(chosen[one] for one in names), **asked)
        pd.testing.assert_frame_equal(shares(counts, choices), expected)


def test_the_trend_is_that_of_the_report(demo, counts, first):
    _, tables = demo
    asked = options(demo, variable=first.variable, by="outlet", unit="day", voice="all")
    expected = trend(tables["mentions"], tables["articles"], **asked)
    pd.testing.assert_frame_equal(over_time(counts, first), expected)


def test_outlets_and_period_are_those_chosen(counts, first):
    choices = replaced(first, levels=("Civic Ledger", "Pulse Digest"), since="2024-06-15", until="2024-06-15")
    articles = chosen_articles(counts, choices)["articles"]
    assert set(articles["outlet"]) <= {"Civic Ledger", "Pulse Digest"}
    assert set(articles["published"].dt.date) == {datetime.date(2024, 6, 15)}
    table = shares(counts, choices)
    assert table["n"].sum() == len(hits_of(counts, choices)) > 0
    with pytest.raises(UserError, match="leave no article"):
        shares(counts, replaced(first, since="1999-01-01", until="1999-01-02"))


@pytest.mark.parametrize(
    ("other", "said"),
    [
        ({"variable": "capitol"}, "variable ukraine-war/capitol is not in the study; allowed: ukraine-war/capital"),
        ({"levels": ["Pulse"]}, "outlets 'Pulse' is none of this study; allowed: Civic Ledger"),
        ({"voices": ["loud"]}, "voices 'loud' is none of this study; allowed: headline"),
        ({"since": "2024-02-31"}, "since '2024-02-31' is no day"),
        ({"since": "2024-06-16", "until": "2024-06-15"}, "the period ends"),
        ({"measure": "mood"}, "measure 'mood' is none"),
        ({"colour": "red"}, "the explorer has no choice 'colour'"),
    ],
)
def test_what_is_no_choice_is_refused_in_a_line(counts, first, other, said):
    with pytest.raises(UserError, match=said) as refused:
        explorer_choices.choices_from({**first.parameters(), **other}, counts.variables, counts.levels, counts.by)
    assert "\n" not in str(refused.value)


def test_one_choice_changes_shares_trend_and_words_together(made):
    def shown():
        return made.shares.value, made.trend.value, made.places.outputs[0]["data"]["text/html"], made.status.value

    before = shown()
    assert all(part.startswith("<img src=") and 'alt="' in part for part in before[:2])
    made.variable.value = ("ukraine-war", "leader_label")
    after = shown()
    assert all(one != other for one, other in zip(before, after, strict=True))
    assert made.category.value in made.category.options and made.measure.value == "share of choices"
    made.voices.value = ("headline",)
    assert all(one != other for one, other in zip(after, shown(), strict=True))
    made.variable.value = ("generic-frames", "frame")
    assert made.measure.options == ("share of articles", "rate per 1,000 words")
    made.since.value = datetime.date(2030, 1, 1)
    assert "leave no article" in made.shares.value and made.trend.value == ""


def test_an_outlet_is_read_in_context(made, counts):
    made.reading.value = "Eastern Telegraph"
    assert len(made.article.options) > 1
    number = made.article.value
    hits = hits_of(counts, made.choices())
    own = hits[hits["article_id"] == number]
    assert made.text.value.count("<mark ") == len(own) and "Eastern Telegraph" in made.text.value
    body = explorer_places.texts_of(counts, [number])["body"].iloc[0]
    assert " ".join(body.split())[:40] in " ".join(made.text.value.replace("<br>", " ").split())
    made.outlets.value = ("Civic Ledger",)
    assert "Eastern Telegraph has no mention" in made.text.value


def test_places_are_cut_from_the_texts_and_match_the_coded_words(demo, counts, first):
    _, tables = demo
    hits = hits_of(counts, first)
    table = explorer_places.in_context(explorer_places.drawn(hits, counts, most=10_000), counts)
    coded = tables["mentions"].query("codebook == @first.codebook and variable == @first.variable")
    assert sorted(table["match"]) == sorted(" ".join(one.split()) for one in coded["match"])
    some = explorer_places.drawn(hits, counts, most=5)
    assert len(some) == 5 == some["article_id"].nunique()
    assert some.equals(explorer_places.drawn(hits, counts, most=5))
    # One choice more shows of the same places those that still count.
    own = explorer_places.drawn(hits[hits["article_id"].isin(some["article_id"])], counts, most=5)
    assert set(own["article_id"]) == set(some["article_id"])


def test_a_pattern_gives_counts_places_and_the_collocates_of_the_report(made, demo, counts):
    _, tables = demo
    made.pattern.value = "Kyiv"
    asked = made._asked
    near, nodes = neighbours(tables["articles"], "Kyiv", quotes=tables["quotes"])
    per_outlet = nodes.merge(tables["articles"][["article_id", "outlet"]]).groupby("outlet")["n"].sum()
    found = asked.counts.set_index("outlet")["n"]
    assert found[found > 0].to_dict() == per_outlet.to_dict()
    whole = collocates(near, nodes, tables["word_counts"], tables["articles"], by=None, replicates=0)
    whole = whole.sort_values(["log_dice", "n", "word"], ascending=[False, False, True], kind="stable")
    ours = explorer_patterns.beside(asked, made._indexes, counts, most=10_000)
    pd.testing.assert_frame_equal(ours, whole[explorer_patterns.COLLOCATES].reset_index(drop=True))
    places = explorer_patterns.places(asked, counts)
    assert len(places) == min(len(asked.hits), explorer_places.MOST) and set(places["match"]) == {"Kyiv"}
    assert set(places["voice"]) <= {"headline", "own", "direct", "indirect"}
    made.outlets.value = ("Civic Ledger",)
    made._look_up()
    assert made._asked.counts["outlet"].tolist() == ["Civic Ledger"]


@pytest.mark.parametrize("pattern", ["* …", "…", "###", "a " * 80])
def test_a_wrong_pattern_is_a_line(made, pattern):
    made.pattern.value = pattern
    assert made.pattern_said.value.startswith("<p role='alert'>pattern ") and "\n" not in made.pattern_said.value
    assert made._asked is None


def test_what_is_on_the_screen_is_sent_to_a_figure_and_made_again(made, demo, tmp_path, monkeypatch):
    monkeypatch.setenv("SAMESTORY_FIGURES", str(tmp_path / "figures"))
    made.voices.value, made.copies.value = ("own",), wire.WAYS[1]
    for button in (made.send_shares, made.send_trend):
        button.click()
        assert "samestory cite" in made.sent.value
    records = sorted((tmp_path / "figures").glob("*.json"))
    assert [path.stem.rsplit("-", 1)[0] for path in records] == ["explore-shares-capital", "explore-trend-capital"]
    for path in records:
        assert all(path.with_suffix(ending).is_file() for ending in FILES)
        record = json.loads(path.read_text(encoding="utf-8"))
        assert record["notebook"]["name"] == "explore" and record["figure_id"]
        parameters = record["notebook"]["parameters"]
        assert parameters["voices"] == ["own"] and parameters["copies"] == wire.WAYS[1]
        explorer.remake(*demo, parameters, folder=tmp_path / "again")
        for ending in FILES:
            again = tmp_path / "again" / f"{path.stem}{ending}"
            assert again.read_bytes() == path.with_suffix(ending).read_bytes(), ending
    with pytest.raises(UserError, match="is not in the study"):
        explorer.remake(*demo, {**parameters, "variable": "gone"}, folder=tmp_path)


def test_words_of_an_article_are_harmless(counts, first):
    hits = hits_of(counts, first).head(1)
    text = "<script>alert(1)</script> & 'Kyiv'"
    marked = explorer_places._marked(text, hits.assign(start=0, end=8, category="<b>"))
    assert "<script" not in marked and "<b>" not in marked and "&lt;script&gt;" in marked


def test_a_study_without_texts_says_so(demo, counts, first, monkeypatch):
    blank = {name: pd.array([None], dtype="str") for name in ("headline", "deck", "body")}
    monkeypatch.setattr(
        explorer_places,
        "_kept_texts",
        lambda counts, numbers, columns=None: pd.concat(
            [pd.DataFrame({**blank, "article_id": [one]}) for one in np.unique(numbers)], ignore_index=True
        ),
    )
    hits = hits_of(counts, first).head(3)
    assert set(explorer_places.in_context(hits, counts)["match"]) == {"(the text is not included)"}
    assert "(the text is not included)" in explorer_places.article_html(int(hits["article_id"].iloc[0]), hits, counts)


def test_the_five_pages_without_texts_are_explored():
    study = open_study("ceasefire-2024")
    made = explorer.explore(study, code(study))
    ((output,),) = [made.places.outputs]
    assert "(the text is not included)" in str(output)
    made.reading.value = "RKS News"
    assert all("(the text is not included)" in label for label, _ in made.article.options)
    assert "(the text is not included)" in made.text.value
    made.pattern.value = "annex*"
    assert "the texts are not included in this study" in made.pattern_said.value


def test_another_column_can_be_compared_by(demo):
    made = explorer.explore(*demo, by="country")
    assert made.choices().by == "country" and "Canada" in made.outlets.options
    with pytest.raises(UserError, match="by 'colour' is no column of articles"):
        explorer.explore(*demo, by="colour")
