"""Trends and specification curves drawn: gaps are gaps, what is drawn is what the table says, all on the page."""

import itertools

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest

from analysis.reporting import series
from analysis.reporting.series import draw_specifications, draw_trend
from analysis.study import UserError
from tests.reporting.test_matrices import inside, texts


@pytest.fixture(autouse=True)
def _closed():
    yield
    plt.close("all")


START = pd.Timestamp("2024-06-10")


def trend(levels, **columns):
    """A trend from level → one share a day (None: no article), out of 4 each."""
    rows = [
        (level, START + pd.Timedelta(days=day), "v", "c", share)
        for level, shares in levels.items()
        for day, share in enumerate(shares)
    ]
    table = pd.DataFrame(rows, columns=["outlet", "period", "variable", "category", "share"])
    table["share"] = table["share"].astype(float)
    known = table["share"].notna()
    table["total"] = 4 * known
    table["n"] = (4 * table["share"]).fillna(0).astype(int)
    table["low"], table["high"] = (table["share"] - 0.1).clip(0), (table["share"] + 0.1).clip(upper=1)
    table["note"] = pd.array(np.where(known, None, "no article"), dtype="str")
    return table.assign(**columns)


def lines(axes, name):
    return [line for line in axes.lines if line.get_gid() == name]


def strokes(axes, name):
    return [tuple(map(tuple, path)) for one in axes.collections if one.get_gid() == name for path in one.get_segments()]


def heights(y):
    """Shares from the places of a panel whose lowest is 0 and highest 1."""
    return (np.nanmax(y) - y) / series._PANEL


def foot(axes):
    return "\n".join(text.get_text() for text in axes.figure.texts)


def keys(axes):
    return [text.get_text() for legend in axes.figure.legends for text in legend.get_texts()]


def test_the_line_is_broken_where_nothing_is_known():
    axes = draw_trend(trend({"A": [0, 1, None, 0.5, 0]}), category="c")
    (line,) = lines(axes, "trend")
    assert np.allclose(heights(line.get_ydata()), [0, 1, np.nan, 0.5, 0], equal_nan=True)
    assert np.allclose(np.diff(line.get_xdata()), np.diff(line.get_xdata())[0])
    ((tick, _),) = strokes(axes, "gap")
    assert tick[0] == pytest.approx(line.get_xdata()[2])
    assert len(strokes(axes, "interval")) == 4
    assert texts(axes).count("4") == 4  # the denominators
    assert "no article" in keys(axes)


def test_articles_with_nothing_to_count_are_no_missing_articles():
    given = trend({"A": [0, None, None]})
    given.loc[1, "note"] = "no choice"
    axes = draw_trend(given, category="c")
    assert len(strokes(axes, "gap")) == 1
    (cross,) = lines(axes, "nothing")
    assert len(cross.get_xdata()) == 1
    assert "nothing to count in" in keys(axes)


def test_a_ring_has_no_interval():
    given = trend({"A": [0, 1]})
    given.loc[1, ["low", "high"]] = np.nan
    full, ring = lines(draw_trend(given, category="c"), "value")
    assert (len(full.get_xdata()), len(ring.get_xdata())) == (1, 1)
    assert ring.get_markerfacecolor() == "white"


def test_a_panel_per_level_and_at_most_eight():
    axes = draw_trend(trend({f"Outlet {number}": [0, 1] for number in range(11)}), category="c")
    assert len(lines(axes, "trend")) == series.MOST_LEVELS
    assert "8 of 11 levels" in foot(axes)
    inside(axes)


def test_events_stand_on_their_day_and_others_are_counted():
    events = [("2024-06-11 18:00", "It begins"), ("2025-01-01", "Later"), (pd.Timestamp("2024-06-12"), "It ends")]
    axes = draw_trend(trend({"A": [0, 1, 0]}), category="c", events=events)
    (line,) = lines(axes, "trend")
    assert [one.get_xdata()[0] for one in lines(axes, "event")] == pytest.approx(line.get_xdata()[[2, 1]])
    assert {"It begins", "It ends"} <= set(texts(axes))
    assert "Later" not in texts(axes) and "1 of 3 events" in foot(axes)


def test_labels_of_events_do_not_touch():
    events = [(START + pd.Timedelta(days=day), f"Event {day} with a rather long label to it") for day in range(6)]
    axes = draw_trend(trend({"A": [0.5] * 6}), category="c", events=events)
    inside(axes)
    found = [text.get_window_extent() for text in axes.texts if text.get_zorder() == 6]
    assert len(found) >= 6
    apart = [(a, b) for a, b in itertools.combinations(found, 2) if a.x0 < b.x1 and b.x0 < a.x1]
    assert all(max(a.y0, b.y0) >= min(a.y1, b.y1) - 6 for a, b in apart)  # lines of one label stand close


def test_changes_that_count_are_marked_with_their_interval():
    day = [START + pd.Timedelta(days=number) for number in range(4)]
    changes = pd.DataFrame(
        {
            "outlet": ["A", "B", "C"],
            "date": [day[2], day[1], day[1]],
            "low": [day[1], day[1], day[1]],
            "high": [day[3], day[1], day[1]],
            "changed": [True, False, True],
        }
    )
    axes = draw_trend(trend({"A": [0, 0, 1, 1], "B": [0, 1, 1, 0]}), category="c", changes=changes)
    x = lines(axes, "trend")[0].get_xdata()
    (change,) = lines(axes, "change")
    assert change.get_xdata()[0] == pytest.approx(x[2])
    (shade,) = [patch for patch in axes.patches if patch.get_gid() == "change interval"]
    assert (shade.get_x(), shade.get_x() + shade.get_width()) == pytest.approx((x[1], x[3]))


def test_weeks_are_drawn_at_their_middle():
    given = trend({"A": [0, 1]}).assign(period=[START, START + pd.Timedelta(days=7)])
    given.attrs["unit of time"] = "week"
    axes = draw_trend(given, category="c", events=[("2024-06-17", "Monday")])
    x = lines(axes, "trend")[0].get_xdata()
    assert lines(axes, "event")[0].get_xdata()[0] == pytest.approx(x.mean())


def test_rates_have_their_own_scale():
    given = trend({"A": [0, 0.5]}).rename(columns={"share": "rate"}).assign(rate=[0, 7], low=[0, 6], high=[0, 8])
    axes = draw_trend(given, category="c")
    assert "8" in texts(axes)
    assert heights(lines(axes, "trend")[0].get_ydata()) == pytest.approx([0, 7 / 8])


@pytest.mark.parametrize("n", [1, 2, 30, 400, 3000])
def test_trends_of_all_lengths_stay_on_the_page(n):
    name = "An outlet with a name that is a good deal longer than its panel can be in one column"
    given = trend({name: list(np.linspace(0, 1, n)), "B": [None, *[0.5] * (n - 1)]})
    given["total"] *= 1000
    events = [(START + pd.Timedelta(days=day), "Something of some length that happened") for day in (0, n // 2, n - 1)]
    axes = draw_trend(given, category="c", events=events, title="How it went " * 8)
    inside(axes)
    dates = [text.get_window_extent() for text in axes.texts if text.get_gid() == "date"]
    assert dates and not any(a.overlaps(b) and abs(a.y0 - b.y0) < 1 for a, b in itertools.combinations(dates, 2))
    assert len(strokes(axes, "total")) == (2 * n - 1 if n >= 30 else 0)


def test_what_is_no_trend_is_said():
    given = trend({"A": [0, 1]})
    with pytest.raises(UserError, match="no rows"):
        draw_trend(given.iloc[:0], category="c")
    with pytest.raises(UserError, match="'d' is not in the table to draw; it has c"):
        draw_trend(given, category="d")
    with pytest.raises(UserError, match="several rows"):
        draw_trend(pd.concat([given, given.assign(variable="w")]), category="c")
    with pytest.raises(UserError, match="'country' is no column"):
        draw_trend(given, by="country", category="c")
    draw_trend(pd.concat([given, given.assign(variable="w")]), category="c", variable="w")


def curve(n, chosen=None):
    """A curve of n specifications with estimates from −1 to 1."""
    estimate = np.linspace(-1, 1, n) if n > 1 else np.array([0.5])
    place = np.arange(n)
    return pd.DataFrame(
        {
            "voice": np.where(place % 2, "own", "all"),
            "headline": "in",
            "copies": np.where(place % 3, "grouped", "kept"),
            "min_words": np.where(place % 4, 100, 0),
            "variant": "v: c",
            "measure": "share of choices",
            "estimate": estimate,
            "low": estimate - 0.1,
            "high": estimate + 0.1,
            "chosen": place == (n // 2 if chosen is None else chosen),
        }
    )


def test_estimates_rise_and_the_chosen_is_marked():
    axes = draw_specifications(curve(11, chosen=3).sample(frac=1, random_state=1))
    (x, y), (chosen_x, chosen_y) = (lines(axes, name)[0].get_data() for name in ("estimate", "chosen"))
    assert len(x) == 10 and (np.diff(x) > 0).all() and np.allclose(np.diff(np.insert(y, 3, chosen_y)), y[1] - y[0])
    assert x[2] < chosen_x[0] < x[3]
    assert len(strokes(axes, "interval")) == 11


def test_a_stroke_where_a_specification_has_the_choice():
    given = curve(12)
    axes = draw_specifications(given)
    counts = [sum(given[name] == option) for name, option in [
        ("voice", "all"), ("voice", "own"), ("copies", "kept"), ("copies", "grouped"), ("min_words", 0),
        ("min_words", 100)]]  # fmt: skip
    groups = [one.get_segments() for one in axes.collections if one.get_gid() == "choice"]
    assert [len(group) for group in groups] == counts
    every = np.sort([*(line[0][0] for line in strokes(axes, "interval"))])
    assert [line[0][0] for line in groups[2]] == pytest.approx(every[::3])
    assert "headline in" in foot(axes)
    assert "headline" not in texts(axes)


def test_options_stand_in_the_order_of_the_table():
    given = curve(12)
    given.attrs["options"] = {"voice": ["own", "all", "never"]}
    said = texts(draw_specifications(given))
    assert said.index("own") < said.index("all")
    assert "never" not in said


@pytest.mark.parametrize("chosen", [0, 1, 701, 998, 999])
def test_many_are_thinned_but_never_the_chosen(chosen):
    axes = draw_specifications(curve(1000, chosen=chosen))
    drawn = len(lines(axes, "estimate")[0].get_xdata()) + 1
    assert series.MOST_SPECIFICATIONS - 1 <= drawn <= series.MOST_SPECIFICATIONS
    assert len(lines(axes, "chosen")[0].get_xdata()) == 1
    assert f"{drawn} of 1,000 specifications are drawn" in foot(axes)


def test_those_without_an_estimate_are_counted_and_those_without_interval_open():
    given = curve(9, chosen=0)
    given.loc[8, ["estimate", "low", "high"]] = np.nan
    given.loc[7, ["low", "high"]] = np.nan
    axes = draw_specifications(given)
    assert "1 of 9 specifications have no estimate" in foot(axes)
    full, ring = lines(axes, "estimate")
    assert (len(full.get_xdata()), len(ring.get_xdata())) == (6, 1)
    assert ring.get_markerfacecolor() == "white"
    with pytest.raises(UserError, match="no specification"):
        draw_specifications(given.loc[[8]])
    with pytest.raises(UserError, match="no rows"):
        draw_specifications(given.iloc[:0])


@pytest.mark.parametrize("n", [1, 2, 40, 500])
def test_curves_of_all_sizes_stay_on_the_page(n):
    given = curve(n)
    given["variant"] = [f"a variable with a rather long name: category {number % 3}" for number in range(n)]
    given.attrs |= {"category": "c", "level_a": "An outlet with a long name", "level_b": "Another with a longer name"}
    inside(draw_specifications(given, title="What each choice does " * 5))
