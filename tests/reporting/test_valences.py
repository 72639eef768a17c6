"""Tones and means drawn and told: what is drawn is what the table says, and nothing leaves the page."""

import itertools

import numpy as np
import pandas as pd
import pytest
from matplotlib.patches import Rectangle

from analysis.reporting import layout, whiskers
from analysis.reporting.tone_statements import correlation_finding, length_finding, valence_caption, valence_finding
from analysis.reporting.valences import draw_correlations, draw_lengths, draw_means, draw_tones
from analysis.reporting.whiskers import draw_whiskers
from analysis.study import UserError
from analysis.tables import TONES
from tests.reporting.test_matrices import inside, texts

LONG = "An outlet with a rather long name, of the kind that does not fit"
ASKED = {"codebook": "book", "variable": "mood", "voice": ["own", "direct", "indirect"], "unit": "copy group"}
ASKED |= {"replicates": 50, "seed": 1, "by": ["outlet"], "of": "sentence", "score": "valence"}


def tones(*levels, without=1, by="outlet"):
    """A table of tones; each level is (name, negative, neutral, positive)."""
    rows = []
    for name, *counts in levels:
        total = sum(counts)
        for tone, n in zip(TONES, counts, strict=True):
            share = n / total if total else np.nan
            bare = min(n, without) if tone == "neutral" else 0
            rows.append((name, tone, n, total, share, share - 0.05, share + 0.05, 4, 4, bare))
    columns = [by, "category", "n", "total", "share", "low", "high", "n_articles", "n_groups", "n_without"]
    table = pd.DataFrame(rows, columns=columns)
    table.attrs = {**ASKED, "measure": "share of sentences by tone"}
    return table


def means(*rows, by=("outlet",), **asked):
    """A table of means from (level …, category, mean, half the interval)."""
    columns = [*by, "category", "mean", "half"]
    table = pd.DataFrame(rows, columns=columns)
    table = table.assign(low=table["mean"] - table["half"], high=table["mean"] + table["half"], n=7, total=1234)
    table = table.assign(n_articles=9, n_groups=8)
    table.attrs = {**ASKED, "measure": "mean valence of sentences", "by": list(by), **asked}
    return table


def bars(axes, name):
    return [patch for patch in axes.patches if isinstance(patch, Rectangle) and patch.get_gid() == name]


def lines(axes, name):
    return [line for line in axes.lines if line.get_gid() == name]


def test_the_parts_of_a_bar_are_the_shares_and_the_dotted_part_has_no_word():
    axes = draw_tones(tones(("A", 10, 60, 30), without=40))
    widths = {tone: bars(axes, tone)[0].get_width() for tone in TONES}
    whole = sum(widths.values())
    assert [widths[tone] / whole for tone in TONES] == pytest.approx([0.1, 0.6, 0.3])
    (dotted,) = bars(axes, "without")
    assert dotted.get_width() / whole == pytest.approx(0.4)
    assert dotted.get_x() + dotted.get_width() == pytest.approx(bars(axes, "positive")[0].get_x())
    assert {"10", "60", "30"} <= set(texts(axes))
    negative, positive = (line.get_xdata() / whole for line in lines(axes, "interval"))
    assert negative == pytest.approx([0.05, 0.15])
    assert positive == pytest.approx([1 - 0.25, 1 - 0.35])  # from the right


def test_intervals_that_would_touch_stand_below_each_other():
    apart, near = draw_tones(tones(("A", 20, 60, 20))), draw_tones(tones(("A", 49, 2, 49)))
    heights = [[line.get_ydata()[0] for line in lines(axes, "interval")] for axes in (apart, near)]
    assert heights[0][0] == heights[0][1]
    assert heights[1][0] < heights[1][1]


def test_a_level_without_sentences_says_so_and_one_without_interval_has_a_ring():
    table = tones(("A", 1, 1, 1), ("B", 0, 0, 0)).assign(low=np.nan, high=np.nan)
    axes = draw_tones(table)
    assert "nothing here" in texts(axes)
    assert "B (0)" in texts(axes)
    assert not lines(axes, "interval")
    said = [text.get_text() for text in axes.figure.legends[0].get_texts()]
    assert said[-1] == "open: no interval"


@pytest.mark.parametrize("n", [1, 6, 40])
def test_tones_of_all_sizes_stay_on_the_page(n):
    axes = draw_tones(tones(*((f"{LONG} {number}", 1000, 20_000, 3) for number in range(n))), title=LONG)
    inside(axes)
    assert len(bars(axes, "negative")) == min(n, 30)


def test_means_stand_where_the_table_says_on_one_scale():
    axes = draw_means(means(("A", "x", 0.2, 0.1), ("B", "x", -0.4, 0.2), ("A", "y", 0.0, 0.05), ("B", "y", np.nan, 0)))
    dots = [line.get_xdata()[0] for line in lines(axes, "value")]
    ends = np.array([line.get_xdata() for line in lines(axes, "interval")])
    zeros = sorted({float(line.get_xdata()[0]) for line in axes.lines if line.get_color() == layout.INK and len(
        line.get_xdata()) == 2 and line.get_zorder() == 0})  # fmt: skip
    assert len(zeros) == 2  # two panels
    inch = (dots[0] - zeros[0]) / 0.2
    assert dots[1] == pytest.approx(zeros[0] - 0.4 * inch)
    assert dots[2] == pytest.approx(zeros[1])
    assert np.allclose((ends[:2] - zeros[0]) / inch, [[0.1, 0.3], [-0.6, -0.2]])
    assert "–" in texts(axes)
    assert texts(axes).count("1,234") == 4


def test_voices_beside_outlets_are_panels():
    rows = [(outlet, voice, "sentences", 0.1, 0.1) for outlet in "AB" for voice in ("own", "direct")]
    axes = draw_means(means(*rows, by=("outlet", "voice")))
    assert {"own", "direct", "A", "B"} <= set(texts(axes))
    assert "A · own" not in texts(axes)
    both = draw_means(means(*rows, *[("A", "own", "articles", 0.1, 0.1)], by=("outlet", "voice")))
    assert "A · own" in texts(both)


@pytest.mark.parametrize(("levels", "panels"), [(1, 1), (6, 3), (6, 8), (40, 2), (3, 20)])
def test_means_of_all_sizes_stay_on_the_page(levels, panels):
    rows = [(f"{LONG} {a}", f"Somebody {b}", 0.9 - a / 20, 0.3) for a in range(levels) for b in range(panels)]
    axes = draw_means(means(*rows), title=LONG)
    inside(axes)
    assert len(lines(axes, "value")) == min(levels, whiskers.MOST_ROWS) * min(panels, whiskers.MOST_PANELS)
    said = "\n".join(text.get_text() for text in axes.figure.texts)
    assert ("all are in the table" in said) == (levels > whiskers.MOST_ROWS or panels > whiskers.MOST_PANELS)


@pytest.mark.parametrize("values", [[0.0], [1e-9], [-3.7, 41.0], [0.999, -0.999], [np.nan, 0.1], [np.nan]])
def test_numbers_of_a_scale_do_not_touch(values):
    axes = draw_means(means(*[("A", f"{number}", value, 0.0) for number, value in enumerate(values)]))
    axes.figure.canvas.draw()
    low = max(text.get_position()[1] for text in axes.texts)
    marks = [text for text in axes.texts if text.get_position()[1] == low and text.get_va() == "top"]
    boxes = sorted((text.get_window_extent() for text in marks), key=lambda box: box.x0)
    assert boxes
    assert all(one.x1 < other.x0 for one, other in itertools.pairwise(boxes))
    inside(axes)


def test_two_series_differ_in_marker_and_a_guide_is_drawn():
    table = pd.DataFrame(
        {
            "level": ["A", "A", "B", "B"],
            "category": "x",
            "which": ["true", "seen"] * 2,
            "value": [0.2, 0.1, 0.4, 0.2],
            "low": [0.1, np.nan, 0.3, np.nan],
            "high": [0.3, np.nan, 0.5, np.nan],
            "total": 10,
        }
    )
    options = {"value": "value", "row": "level", "series": "which"}
    axes = draw_whiskers(table, **options, percent=True, guides=(0.25,))
    assert [line.get_marker() for line in lines(axes, "value")] == ["o", "s", "o", "s"]
    assert [line.get_markerfacecolor() == "white" for line in lines(axes, "value")] == [False, True] * 2
    y = [line.get_ydata()[0] for line in lines(axes, "value")]
    assert y[0] < y[1] < y[2] < y[3]
    said = [text.get_text() for text in axes.figure.legends[0].get_texts()]
    assert said == ["true", "seen", "95 % interval"]  # that the second is open, its own key shows
    assert len(lines(axes, "guide")) == 1
    assert "50" in texts(axes)
    with pytest.raises(UserError, match="'total' is no column of the table to draw"):
        draw_whiskers(table.drop(columns="total"), **options)
    with pytest.raises(UserError, match="has no rows"):
        draw_whiskers(table[:0], **options)


def test_lengths_and_correlations():
    table = pd.DataFrame(
        [(words, category, 0.2, 0.1, 0.3, 5, 9, 4) for words in ("1–10", "over 10") for category in (
            "mean", "spread", "without a word")],
        columns=["words", "category", "value", "low", "high", "n", "total", "n_groups"],
    )  # fmt: skip
    table.attrs = {**ASKED, "by": ["words"], "measure": "valence of sentences by length"}
    axes = draw_lengths(table)
    assert {"1–10", "over 10", "mean valence", "spread (SD)"} <= set(texts(axes))
    inside(axes)
    assert valence_caption(table).startswith(
        "Valence of sentences by length, all voices of the body. N = 18 sentences."
    )
    assert length_finding(table) == (
        "Of those of 1–10 words 20 % have no word of the scale, and their valence spreads by 0.20; of those of over 10 "
        "words 20 % have no word of the scale, and their valence spreads by 0.20."
    )
    assert "Nothing" in length_finding(table[:0])
    found = pd.DataFrame(
        [("sentence", "valence", "words", -0.012, -0.1, 0.08), ("sentence", "|valence|", "words", 0.4, np.nan, np.nan)],
        columns=["of", "first", "second", "r", "low", "high"],
    ).assign(category=lambda rows: rows["first"] + " and " + rows["second"], total=9, n=5, n_articles=3)
    found.attrs = {**ASKED, "by": ["of"], "measure": "rank correlation"}
    inside(draw_correlations(found))
    assert correlation_finding(found) == (
        "Over sentences: valence and length r = −.01 (−.10 to +.08); its size and length r = +.40."
    )
    assert "Nothing" in correlation_finding(found.assign(r=np.nan))
    assert "N = 9 sentences." in valence_caption(found)


def test_captions_count_nothing_twice():
    said = valence_caption(tones(("A", 1, 3, 1), ("B_", 2, 2, 2), without=2))
    assert "N = 11 sentences, 7 of them with a word of the scale." in said
    assert "by outlet, all voices of the body" in said
    assert "over copy groups (50 replicates, seed 1). Scale mood, codebook book." in said
    units = means(("A", "sentences", 0.1, 0.1), ("B", "sentences", 0.1, 0.1), ("A", "articles", 0.1, 0.1))
    assert "N = 2,468 sentences, 1,234 articles." in valence_caption(units)
    named = means(("A", "Roe", 0.1, 0.1), ("A", "Poe", 0.1, 0.1), codebook="targets", of="actor", voice=["own"])
    said = valence_caption(named)
    assert "voice own." in said
    assert "N = 2,468 namings, 14 of them with a word of the scale." in said
    assert "found by rules" in said
    assert "there is no interval" in valence_caption(means(("A", "x", 0.1, np.nan)))
    assert "Words inside proper names are left out." in valence_caption(means(("A", "x", 0.1, 0.1), names=False))
    assert valence_caption(named[:0]) == ""


def test_findings_name_the_widest_difference_by_its_intervals():
    table = means(("A", "x", -0.2, 0.02), ("B_", "x", 0.05, 0.02), ("A", "y", -0.5, 0.5), ("B_", "y", 0.5, 0.5))
    assert valence_finding(table) == (
        "The mean valence of *x* is lowest in **A** −.20 (1,234, −.22 to −.18), highest in **B\\_** +.05 "
        "(1,234, +.03 to +.07) (intervals are over copy groups; no test is made here)."
    )
    few = table.assign(n_groups=[2, 2, 8, 8])
    assert "*y*" in valence_finding(few)
    assert "one level only: **A** −.20" in valence_finding(table[:1])
    assert "no interval" in valence_finding(means(("A", "x", -0.2, np.nan), ("B", "x", 0, np.nan)))
    assert "same at 2 levels" in valence_finding(means(("A", "x", 0.0, 0.1), ("B", "x", 0.0, 0.1)))
    assert "The negative share is lowest in **A** 20 %" in valence_finding(tones(("A", 1, 3, 1), ("B", 4, 1, 0)))
    assert (
        valence_finding(table[:0])
        == valence_finding(table.assign(mean=np.nan))
        == ("Nothing was found, so nothing can be said.")
    )
