"""Samples drawn from made-up studies whose strata are counted by hand."""

import numpy as np
import pandas as pd
import pytest

from analysis.comparison.sampling import draw_from, draw_sample
from analysis.comparison.units import coded_units
from analysis.study import UserError
from analysis.tables import validate
from tests.comparison.made import listed, study, targets

# Outlet A: 10 sentences, 4 with a hit; B: 20 with 2 hits; C: 30 without.
SAID = [[{"flood"}] * 4 + [set()] * 6, [{"flood"}] * 2 + [set()] * 18, [set()] * 30]


@pytest.fixture
def tables():
    return study(SAID, outlets=["A", "B", "C"])


def strata(samples):
    items = samples.drop_duplicates("item")
    return {
        (level, hit): (len(own), own["drawn"].iloc[0], own["population"].iloc[0])
        for (level, hit), own in items.groupby(["level", "hit"], dropna=False)
    }


def test_half_with_a_hit_and_equally_many_of_each_level(tables):
    samples = draw_sample(tables, variable="matter", n=8, seed=1)
    assert strata(samples) == {
        ("A", False): (2, 2, 6),
        ("A", True): (2, 2, 4),
        ("B", False): (1, 1, 18),
        ("B", True): (2, 2, 2),
        ("C", False): (1, 1, 30),
    }


def test_what_a_stratum_lacks_is_drawn_from_others(tables):
    samples = draw_sample(tables, variable="matter", n=30, seed=1)
    # 15 with a hit are wanted and 6 are there; 24 without: 6 of A are all, B and C give 9 each.
    assert {stratum: drawn for stratum, (drawn, *_) in strata(samples).items()} == {
        ("A", True): 4,
        ("B", True): 2,
        ("A", False): 6,
        ("B", False): 9,
        ("C", False): 9,
    }


def test_more_than_there_are_takes_all_and_says_so(tables):
    samples = draw_sample(tables, variable="matter", n=100, seed=1)
    assert samples["item"].nunique() == 60
    assert samples.attrs["notes"] == ["60 items, not 100: the study has no more different ones"]


def test_too_few_for_all_levels_are_drawn_by_hit_alone(tables):
    samples = draw_sample(tables, variable="matter", n=4, seed=1)
    items = samples.drop_duplicates("item")
    assert items["level"].isna().all()
    assert items.groupby("hit")["population"].first().to_dict() == {False: 54, True: 6}
    assert items["hit"].sum() == 2
    assert len(samples.attrs["notes"]) == 1
    assert "too small" in samples.attrs["notes"][0]


def test_a_seed_gives_one_sample_and_another_seed_another(tables):
    one, again, other = (draw_sample(tables, variable="matter", n=10, seed=seed) for seed in (3, 3, 4))
    pd.testing.assert_frame_equal(one, again)
    places = [set(zip(drawn["article_id"], drawn["start"], strict=True)) for drawn in (one, other)]
    assert places[0] != places[1]
    assert one["sample"].iloc[0] != other["sample"].iloc[0]


def test_items_are_numbered_without_regard_to_their_stratum(tables):
    units = coded_units(tables, variable="matter")
    hits = sum(draw_from(units, n=8, seed=seed)["hit"].to_numpy().astype(int) for seed in range(40))
    assert (abs(hits - 20) <= 14).all()  # of each place in the order 20 are expected, with a deviation of 3.2
    samples = draw_sample(tables, variable="matter", n=8, seed=1)
    assert samples["item"].tolist() == [f"{samples['sample'].iloc[0]}-{number:03}" for number in range(1, 9)]
    assert samples["sample"].str.fullmatch("[a-f][0-9a-f]{5}").all()


def test_every_unit_of_a_stratum_is_as_likely_as_another(tables):
    units = coded_units(tables, variable="matter")
    draws = [draw_from(units, n=30, seed=seed) for seed in range(40)]
    seen = pd.concat(draws).query("level == 'B' and not hit")["start"].value_counts()
    # 9 of 18 are drawn 40 times: 20 are expected of each, with a deviation of 3.2.
    assert len(seen) == 18
    assert seen.sum() == 360
    assert seen.between(6, 34).all()


def test_alike_counts_the_units_with_the_same_code_in_the_same_stratum():
    said = [[{"flood"}, {"flood", "fire"}, {"fire"}, {"fire"}, set(), set()], [{"fire"}, set(), set()]]
    tables = study(said, categories=("flood", "fire"), outlets=["A", "B"])
    samples = draw_sample(tables, variable="matter", n=100)
    found = samples.drop_duplicates(["level", "hit", "category", "machine"]).set_index(
        ["level", "hit", "category", "machine"]
    )["alike"]
    assert found.to_dict() == {
        ("A", True, "flood", "yes"): 2,
        ("A", True, "flood", "no"): 2,
        ("A", True, "fire", "yes"): 3,
        ("A", True, "fire", "no"): 1,
        ("A", False, "flood", "no"): 2,
        ("A", False, "fire", "no"): 2,
        ("B", True, "flood", "no"): 1,
        ("B", True, "fire", "yes"): 1,
        ("B", False, "flood", "no"): 2,
        ("B", False, "fire", "no"): 2,
    }
    assert samples.groupby("item")["category"].agg(list).map(tuple).unique().tolist() == [("flood", "fire")]


def test_a_category_asked_for_alone_makes_its_own_strata():
    tables = study([[{"flood"}, {"fire"}, set()]], categories=("flood", "fire"))
    samples = draw_sample(tables, variable="matter", categories="fire", n=3)
    assert samples["category"].unique().tolist() == ["fire"]
    assert samples["hit"].sum() == 1


def test_of_the_same_sentence_in_copies_one_is_drawn_at_most():
    texts = [["The dam broke.", "Nobody was hurt."], ["The  dam broke. ", "It rained."], ["The dam broke.", "Calm."]]
    said = [[{"flood"}, set()]] * 3
    tables = study(said, texts=texts, groups=[0, 0, 2], outlets=["A", "B", "C"])
    for seed in range(5):
        samples = draw_sample(tables, variable="matter", n=6, seed=seed)
        dams = samples[samples["hit"]]
        assert len(dams) == 2  # one of the copies, and that of the article that is none
        assert "000000000002" in set(dams["article_id"])
        assert (dams["population"] == 1).all()
    levels = {draw_sample(tables, variable="matter", n=6, seed=seed).query("hit")["level"].min() for seed in range(12)}
    assert levels == {"A", "B"}


def test_a_scale_asks_for_tone_by_the_valence_of_sentences():
    valences = [[0.1, 0.2, -0.3, 2.0, -0.19]]  # /√(v²+15): .026 .052 -.077 .459 -.049
    said = [[{"good"}] * 5]
    tables = study(said, kind="scale", categories=("good", "bad"), valences=valences)
    samples = draw_sample(tables, variable="matter", n=5).sort_values("start")
    assert samples["category"].unique().tolist() == ["tone"]
    assert samples["machine"].tolist() == ["neutral", "positive", "negative", "positive", "neutral"]
    assert samples["hit"].tolist() == [False, True, True, True, False]


def test_another_scale_is_computed_from_its_own_hits():
    tables = study([[{"good"}, {"good"}, set()]], kind="scale", categories=("good",), valences=[[1.0, -1.0, 0.0]])
    tables["categories"] = pd.concat([listed("scale", ("warm",), variable="first"), tables["categories"]])
    tables["sentences"] = tables["sentences"].assign(valence=[0.0, 0.5, 0.5])  # of the first scale
    samples = draw_sample(tables, variable="matter", n=3).sort_values("start")
    assert samples["machine"].tolist() == ["positive", "negative", "neutral"]
    tables["sentences"] = tables["sentences"].assign(valence=np.nan)
    assert draw_sample(tables, variable="matter", n=3).sort_values("start")["machine"].tolist()[0] == "positive"


@pytest.fixture
def named():
    tables = study(
        [[set(), set()]], kind="actor", categories=("mayor", "guild"), texts=[["Mayor Orrin spoke.", "The guild."]]
    )
    tables["targets"] = targets(
        [
            (0, "headline", None, 0, 8, "mayor", "Headline", -0.5),
            (0, "body", 0, 6, 11, "mayor", "Orrin", 0.3),
            (0, "body", 1, 23, 28, "guild", "guild", 0.01),
        ]
    )
    return tables


def test_namings_are_the_units_of_an_actor(named):
    samples = draw_sample(named, variable="matter", n=3).sort_values(["where", "start"])
    assert samples[["where", "start", "end", "machine", "hit", "unit"]].to_numpy().tolist() == [
        ["body", 6, 11, "positive", True, "naming"],
        ["body", 23, 28, "neutral", False, "naming"],
        ["headline", 0, 8, "negative", True, "naming"],
    ]
    only = draw_sample(named, variable="matter", categories=["guild"], n=3)
    assert only["start"].tolist() == [23]


def test_a_naming_without_a_scale_has_no_tone(named):
    named["targets"]["valence"] = np.nan
    with pytest.raises(UserError, match="no codebook of the study has a scale"):
        draw_sample(named, variable="matter")


def test_what_is_not_there_is_refused_by_name(tables):
    with pytest.raises(UserError, match="variable 'mater' is in no codebook in use; allowed: matter"):
        draw_sample(tables, variable="mater")
    with pytest.raises(UserError, match="category 'fire' is none of variable 'matter'; allowed: flood"):
        draw_sample(tables, variable="matter", categories=["fire"])
    with pytest.raises(UserError, match="by 'paper' is no column of articles"):
        draw_sample(tables, variable="matter", by="paper")
    with pytest.raises(UserError, match="n is 0"):
        draw_sample(tables, variable="matter", n=0)
    scale = study([[{"good"}]], kind="scale", categories=("good",), valences=[[1.0]])
    with pytest.raises(UserError, match="is a scale"):
        draw_sample(scale, variable="matter", categories=["good"])
    with pytest.raises(UserError, match="no sentence to draw from"):
        draw_sample(study([[]]), variable="matter")


def test_nothing_found_and_everything_found_are_said():
    assert "found nothing" in draw_sample(study([[set()] * 3]), variable="matter").attrs["notes"][-1]
    assert "found something" in draw_sample(study([[{"flood"}] * 3]), variable="matter").attrs["notes"][-1]


def test_levels_may_be_missing_and_by_may_be_none(tables):
    tables["articles"]["outlet"] = pd.array(["A", None, "C"], dtype="str")
    samples = validate("samples", draw_sample(tables, variable="matter", n=20))
    assert samples.loc[samples["article_id"] == "000000000001", "level"].isna().all()
    assert samples.loc[samples["level"].isna(), "population"].isin([2, 18]).all()
    alone = draw_sample(tables, variable="matter", by=None, n=20)
    assert alone["level"].isna().all()
    assert not alone.attrs["notes"]


def test_units_are_all_of_the_study(tables):
    units = coded_units(tables, variable="matter")
    assert len(units.frame) == 60
    assert (units.codes == "yes").sum() == 6
