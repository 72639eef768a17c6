"""Keyness drawn: what is drawn is what the table says, names do not touch, and nothing leaves the page."""

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest

from analysis.reporting import dots, layout
from analysis.reporting.dots import draw_effects, draw_scatter
from analysis.study import UserError
from tests.reporting.test_matrices import inside, texts


@pytest.fixture(autouse=True)
def _closed():
    yield
    plt.close("all")


def table(*effects, **columns):
    """A table of keyness with these effects, named a, b, c …; intervals of ±1."""
    effects = np.array(effects, float)
    n = len(effects)
    data = {
        "word": [chr(97 + number % 26) * (1 + number // 26) for number in range(n)],
        "n_target": np.arange(n) + 10,
        "n_reference": np.arange(n) + 1010,
        "size_target": 50_000,
        "size_reference": 50_000,
        "dispersion_target": 0.5,
        "dispersion_reference": 0.25,
        "log_ratio": effects,
        "low": effects - 1,
        "high": effects + 1,
        "p_adjusted": 0.01,
    }
    return pd.DataFrame({**data, **columns})


def drawn(axes, name):
    """(x, y) of the points with this gid, from the top."""
    lines = [line for line in axes.lines if line.get_gid() == name]
    return sorted((tuple(point) for line in lines for point in line.get_xydata()), key=lambda point: point[1])


def rows(axes, known):
    """The names of the rows, from the top."""
    return [text.get_text() for text in axes.texts if text.get_text() in set(known)]


def test_effects_and_intervals_stand_where_the_table_says():
    axes = draw_effects(table(2, 1, -1))
    (x2, _), (x1, _), (minus, _) = drawn(axes, "effect")
    zero = (x1 + minus) / 2
    assert x2 - zero == pytest.approx(2 * (x1 - zero))
    ends = [line.get_xdata() for line in axes.lines if line.get_gid() == "interval"]
    assert np.allclose((np.array(ends) - zero) / (x1 - zero), [[1, 3], [0, 2], [-2, 0]])
    assert [line.get_marker() for line in axes.lines if line.get_gid() == "effect"] == ["o", "o", "s"]
    assert any(line.get_color() == layout.INK and np.allclose(line.get_xdata(), zero) for line in axes.lines)


def test_counts_and_dispersion_beside():
    axes = draw_effects(table(2, -1, dispersion_target=[0.5, np.nan]))
    assert {"10", "1,010", "11", "1,011"} <= set(texts(axes))
    bars = [patch.get_width() / dots._BARS for patch in axes.patches if patch.get_gid() == "dispersion"]
    assert bars == pytest.approx([0.5, 0.25, 0.25])  # none where it is undefined


def test_an_open_mark_has_no_interval():
    axes = draw_effects(table(2, 1, -1, low=[1, np.nan, -2], high=[3, np.nan, 0]))
    faces = [line.get_markerfacecolor() for line in axes.lines if line.get_gid() == "effect"]
    assert [face == "white" for face in faces] == [False, True, False]
    assert sum(line.get_gid() == "interval" for line in axes.lines) == 2


def test_the_interval_of_another_score_is_not_drawn():
    given = table(2, -1, log_odds=[1.0, -1.0])
    given.attrs["score"] = "log_ratio"
    assert len([line for line in draw_effects(given).lines if line.get_gid() == "interval"]) == 2
    other = draw_effects(given, value="log_odds")
    assert not [line for line in other.lines if line.get_gid() == "interval"]


def test_the_strongest_of_each_side_in_the_order_given():
    given = table(1, 3, 2, np.nan, -1, -3, -2)
    assert rows(draw_effects(given, most=2), given["word"]) == ["b", "c", "f", "g"]
    assert any("4 of 7 rows" in text.get_text() for text in draw_effects(given, most=2).figure.texts)
    by_lrc = given.assign(lrc=[1, 0, 0, np.nan, -1, 0, 0], log_likelihood=[9, 1, 5, np.nan, -9, -5, -1])
    assert rows(draw_effects(by_lrc, most=2), given["word"]) == ["a", "c", "e", "f"]


def test_the_sides_are_named():
    given = table(1, -1)
    given.attrs |= {"target": "Left Post", "reference": ["Right Post"]}
    said = [text.get_text() for text in draw_effects(given).figure.legends[0].get_texts()]
    assert said[:2] == ["more in Left Post", "more in Right Post"]


LONG = "Somebody said something rather long about what happened there "


@pytest.mark.parametrize("n", [1, 3, 60])
@pytest.mark.parametrize("words", ["w", LONG])
def test_effects_of_all_sizes_stay_on_the_page(n, words):
    given = table(*np.linspace(6, -6, n) if n > 1 else [2.0])
    given["word"] = [f"{words}{number}" for number in range(n)]
    given["n_reference"] += 12_000_000
    given.attrs |= {"target": LONG * 2, "reference": [LONG * 2]}
    inside(draw_effects(given, title=LONG * 2))
    inside(draw_scatter(given, title=LONG * 2))


def random_table(n, seed=0):
    random = np.random.default_rng(seed)
    counts = random.lognormal(3, 1.5, n).astype(int) + 1
    given = table(*random.normal(0, 2, n), n_target=counts, n_reference=counts, p_adjusted=random.uniform(0, 0.1, n))
    return given.assign(word=[f"word {number}" for number in range(n)])


def boxes(axes):
    axes.figure.canvas.draw()
    return [text.get_window_extent() for text in axes.texts if text.get_gid() == "name"]


@pytest.mark.parametrize("n", [2, 40, 400, 3000])
def test_names_touch_neither_each_other_nor_points_nor_the_edge(n):
    axes = draw_scatter(random_table(n), most=40)
    inside(axes)
    found = boxes(axes)
    assert found
    for number, box in enumerate(found):
        assert not any(box.overlaps(other) for other in found[:number])
        points = axes.transData.transform(drawn(axes, "points"))
        assert not ((points > box.min) & (points < box.max)).all(axis=1).any()
    said = "\n".join(text.get_text() for text in axes.figure.texts)
    missing = min(n, 40) - len(found)
    assert (f"{missing} of the {min(n, 40)} most telling" in said) == bool(missing)


def test_points_stand_at_log_frequency_and_effect_dark_where_sure():
    given = table(1, 2, -1, n_target=[1, 10, 100], n_reference=[0, 0, 0], p_adjusted=[0.01, 0.05, np.nan])
    axes = draw_scatter(given)
    points = np.array(sorted(drawn(axes, "points")))
    assert np.diff(points[:, 0])[0] == pytest.approx(np.diff(points[:, 0])[1])  # tenfold each
    assert np.diff(points[:, 1])[1] == pytest.approx(-3 * np.diff(points[:, 1])[0])  # downwards
    dark, light = [line for line in axes.lines if line.get_gid() == "points"]
    assert len(dark.get_xdata()) == 1 and len(light.get_xdata()) == 2
    assert light.get_markerfacecolor() == "white" != dark.get_markerfacecolor()
    assert {"10", "100", "1,000"} <= set(texts(axes))  # 1 in 100,000 is 10 per million


def test_the_sure_are_named_first():
    given = table(9, 1, -2, p_adjusted=[0.5, 0.01, 0.5])
    axes = draw_scatter(given, most=1)
    assert [text.get_text() for text in axes.texts if text.get_gid() == "name"] == ["b"]


@pytest.mark.parametrize("draw", [draw_effects, draw_scatter])
def test_what_cannot_be_drawn_is_said(draw):
    with pytest.raises(UserError, match="no rows"):
        draw(table())
    with pytest.raises(UserError, match="'phrase' is no column"):
        draw(table(1), label="phrase")
    with pytest.raises(UserError, match="several targets"):
        draw(table(1, 2, target=["A", "B"]))
    option = {draw_effects: "value", draw_scatter: "y"}[draw]
    with pytest.raises(UserError, match="no two sides"):
        draw(table(1, odds_ratio=2.0), **{option: "odds_ratio"})
    with pytest.raises(UserError):
        draw(table(np.nan))
