"""Matrices of pairs and ratios by place: what is drawn is what the table says, and nothing leaves the page."""

import numpy as np
import pandas as pd
import pytest
from matplotlib.patches import Rectangle

from analysis.comparison.salience import PLACES
from analysis.reporting import explained, frames
from analysis.study import UserError
from tests.reporting.test_matrices import inside, texts


def pairs(names, seconds=None, *, n_ab=3, n_same=0, phi=0.25, low=0.1, n_groups=40):
    """A table of co-occurrence: of one variable, or of two."""
    within = seconds is None
    both = [(a, b) for i, a in enumerate(names) for b in (names[i + 1 :] if within else seconds)]
    table = pd.DataFrame(both, columns=["category_a", "category_b"])
    order = {name: 100 + number for number, name in enumerate([*names, *([] if within else seconds)])}
    table["n_a"], table["n_b"] = table["category_a"].map(order), table["category_b"].map(order)
    table = table.assign(
        codebook_a="book", codebook_b="book", variable_a="frame", variable_b="frame" if within else "label",
        unit="sentence", n_ab=n_ab, n_same=n_same, total=900, expected=1.0, jaccard=0.1, phi=phi, phi_low=low,
        phi_high=0.4, lift=3.0, lift_low=1.5, lift_high=4.0, log_odds=1.0, n_articles=50, n_groups=n_groups,
    )  # fmt: skip
    table.attrs = {
        "variable": "frame", "other": None if within else "label", "other_codebook": None, "codebook": "book",
        "voice": ["own", "direct", "indirect"], "counted_in": "sentence", "unit": "copy group", "replicates": 2000,
        "seed": 1, "by": [],
    }  # fmt: skip
    return table


def bold(axes):
    return [text.get_text() for text in axes.texts if text.get_weight() == "bold"]


def test_a_matrix_has_phi_above_counts_below_and_units_on_the_diagonal():
    axes = frames.draw_cooccurrence(pairs(["quarrel", "money", "duty"]), title="Frame")
    said = texts(axes)
    assert said.count("25") == 3
    assert said.count("3") == 3 + 1  # the counts, and the head of the third column
    assert {"100", "101", "102"} <= set(said)
    assert len([patch for patch in axes.patches if isinstance(patch, Rectangle)]) == 9
    assert len(bold(axes)) == 3
    inside(axes)


def test_few_groups_no_width_and_zero_are_not_pointed_at():
    assert bold(frames.draw_cooccurrence(pairs(["a", "b"], n_groups=5))) == []
    assert bold(frames.draw_cooccurrence(pairs(["a", "b"], low=0.4))) == []
    assert bold(frames.draw_cooccurrence(pairs(["a", "b"], low=-0.1))) == []
    assert bold(frames.draw_cooccurrence(pairs(["a", "b"], low=np.nan))) == []


def test_below_chance_has_a_minus_and_undefined_a_dash():
    assert "−25" in texts(frames.draw_cooccurrence(pairs(["a", "b"], phi=-0.25)))
    assert "0" in texts(frames.draw_cooccurrence(pairs(["a", "b"], phi=-0.001)))
    assert "–" in texts(frames.draw_cooccurrence(pairs(["a", "b"], phi=np.nan)))


def test_two_variables_have_heads_and_the_same_words_stand_in_brackets():
    axes = frames.draw_cooccurrence(pairs(["quarrel", "money"], ["ultimatum", "offer"], n_same=3), title="Both")
    assert texts(axes).count("(25)") == 4
    assert {"ultimatum", "offer"} <= set(texts(axes))
    inside(axes)


LONG = [f"A category with a rather long name, number {number}" for number in range(20)]


@pytest.mark.parametrize("n", [2, 5, 9, 15, 20])
def test_matrices_of_all_sizes_stay_on_the_page(n):
    axes = frames.draw_cooccurrence(pairs(LONG[:n], n_ab=12345), title="Which of them stand together in one sentence")
    squares = [patch for patch in axes.patches if isinstance(patch, Rectangle)]
    assert len(squares) == min(n, frames.MOST_CATEGORIES) ** 2
    inside(axes)
    inside(frames.draw_cooccurrence(pairs(LONG[:n], [f"{name} b" for name in LONG[:n]])))


def test_categories_that_stand_nowhere_are_not_drawn():
    table = pairs(["a", "b", "c"])
    table.loc[table["category_b"] == "c", "n_b"] = 0
    axes = frames.draw_cooccurrence(table)
    assert len([patch for patch in axes.patches if isinstance(patch, Rectangle)]) == 4


def test_several_levels_are_refused():
    table = pd.concat([pairs(["a", "b"])] * 2)
    with pytest.raises(UserError, match="several levels"):
        frames.draw_cooccurrence(table)
    with pytest.raises(UserError, match="nothing was found"):
        frames.draw_cooccurrence(table[:0])
    with pytest.raises(UserError, match="'category' is no column"):
        frames.draw_prominence(table)


def places(n, *, ratio=(4.0, 0.5, 1.1), low=0.4, high=5.0):
    rows = [(LONG[i], place, 3 + i, 10 + i, ratio[j], low, high) for i in range(n) for j, place in enumerate(PLACES)]
    table = pd.DataFrame(rows, columns=["category", "place", "n", "hits", "ratio", "low", "high"])
    table.attrs = {"variable": "frame", "codebook": "book", "voice": ["headline", "own", "direct", "indirect"],
                   "unit": "copy group", "replicates": 2000, "seed": 1, "by": [], "without_thirds": 2}  # fmt: skip
    return table


def test_a_ratio_stands_where_the_scale_says():
    axes = frames.draw_prominence(places(1), title="Frame")
    ratios = [line for line in axes.lines if line.get_gid() == "ratio"]
    marks = {text.get_text(): text.get_position()[0] for text in axes.texts}
    assert ratios[0].get_xdata()[0] == pytest.approx(marks["4"])
    assert ratios[1].get_xdata()[0] == pytest.approx(marks["½"])
    assert marks["½"] < ratios[2].get_xdata()[0] < marks["2"]
    assert len([line for line in axes.lines if line.get_gid() == "interval"]) == 3
    assert texts(axes).count("3 of 10") == 3
    inside(axes)


def test_zero_has_a_place_of_its_own_and_no_interval_is_open():
    axes = frames.draw_prominence(places(1, ratio=(0.0, np.nan, 2.0), low=np.nan, high=np.nan))
    ratios = [line for line in axes.lines if line.get_gid() == "ratio"]
    assert len(ratios) == 2, "an undefined ratio is not drawn"
    assert {line.get_mfc() for line in ratios} == {"white"}
    marks = {text.get_text(): text.get_position()[0] for text in axes.texts}
    assert ratios[0].get_xdata()[0] == marks["0"]


@pytest.mark.parametrize("n", [1, 5, 8, 12])
def test_places_of_all_sizes_stay_on_the_page(n):
    axes = frames.draw_prominence(places(n, ratio=(90.0, 0.001, 1.0), low=0.0001, high=200.0), title="Where it stands")
    assert len([line for line in axes.lines if line.get_gid() == "ratio"]) == 3 * min(n, frames.MOST_ROWS)
    inside(axes)


def test_captions_name_denominator_interval_and_what_is_left_out():
    said = explained.cooccurrence_caption(pairs(["a", "b"]))
    assert "N = 900 sentences in 50 articles." in said
    assert "bootstrap over copy groups (2,000 replicates, seed 1)" in said
    assert "frame with label" in explained.cooccurrence_caption(pairs(["a"], ["b"]))
    said = explained.prominence_caption(places(2))
    assert "N = 21 hits. 2 articles with bodies of under three sentences are left out." in said


def test_findings_say_their_numbers():
    table = pairs(["quarrel", "money", "duty"])
    table.loc[1, ["n_ab", "phi", "lift"]] = [7, 0.5, 5.5]
    table.loc[2, "n_ab"] = 0
    assert explained.cooccurrence_finding(table) == (
        "*quarrel* and *duty* go together most: in **7** sentences, 5.5 times as often as by chance (100 and 102 of "
        "900, 1.5 to 4.0; no test is made here). 1 of 3 pairs of those that occur never meet in one sentence."
    )
    same = explained.cooccurrence_finding(pairs(["a", "b"], n_same=3))
    assert same.startswith("No two categories stand in one sentence more often than chance gives.")
    said = explained.prominence_finding(places(2))
    assert f"In headlines *{LONG[0]}* has the highest ratio: 3 of 10 hits, **4.0 times**" in said


def test_what_is_no_pair_is_said():
    table = pairs(["a", "b"])
    assert explained.no_pair(table) == ""
    assert "Fewer than two" in explained.no_pair(table.assign(n_b=0))
    assert "Fewer than two" in explained.no_pair(table[:0])


def influence(**changed):
    row = {"outlet": "A <b>", "codebook": "book", "variable": "frame", "category": "quarrel", "pattern": "row*", "n": 9,
           "value": 4.0, "without": 1.0, "change": -3.0, "pairs": 3, "turned": 1, "vanished": 0}  # fmt: skip
    return pd.DataFrame([row | changed])


def test_the_word_a_result_rests_on():
    said = explained.influence_finding(influence())
    assert said.startswith(
        "*quarrel* at **A &lt;b&gt;** rests most on one pattern, `row*`: 4.00 with it, 1.00 without."
    )
    assert "Without it 1 of 3 pairs of levels change their order." in said
    assert "No two change their order" in explained.influence_finding(influence(turned=0))
    assert explained.influence_finding(influence()[:0]) == explained.influence_finding(pd.DataFrame())
    assert "No pattern" in explained.influence_finding(influence(change=np.nan))


def test_pairs_are_shown_the_most_frequent_first():
    table = pairs(["quarrel", "money", "duty"]).assign(outlet="X")
    table.loc[1, "n_ab"] = 9
    shown = explained.show_pairs(table, by=["outlet"], most=2).data
    assert shown.index("duty") < shown.index("money")
    assert "1 more pairs stand together" in shown
    assert "n same" not in shown
    assert "No two categories" in explained.show_pairs(table.assign(n_ab=0), by=["outlet"]).data
    assert "No two categories" in explained.show_pairs(pd.DataFrame(), by=["outlet"]).data


def test_patterns_in_their_context_are_escaped_and_few(make_articles):
    articles = make_articles("A <row> broke out. The row went on. Another row.", "No row here.")
    starts = [(0, 3), (0, 23), (0, 44), (1, 3)]
    rows = [(articles["article_id"][a], "row*", "row", "body", at, at + 3) for a, at in starts]
    mentions = pd.DataFrame(rows, columns=["article_id", "pattern", "match", "where", "start", "end"])
    mentions = mentions.assign(codebook="book", variable="frame", category="quarrel", voice="own")
    asked = pd.DataFrame({"codebook": ["book"], "variable": "frame", "category": "quarrel", "pattern": "row*", "n": 4})
    shown = explained.show_patterns(asked, mentions, articles, each=2).data
    assert "<summary>frame: quarrel: row* (4)</summary>" in shown
    assert shown.count("<td>row</td>") == 2
    every = explained.show_patterns(asked, mentions, articles, each=9).data
    assert every.count("<td>row</td>") == 4
    assert "&lt;" in every
    assert "<row>" not in every
    assert "No pattern was found" in explained.show_patterns(asked[:0], mentions, articles).data
    assert "No pattern was found" in explained.show_patterns(pd.DataFrame(), mentions, articles).data
