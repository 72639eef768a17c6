"""Matrices and curves: what is drawn is what the table says, and nothing leaves the page."""

import pandas as pd
import pytest
from matplotlib.colors import to_hex
from matplotlib.patches import Rectangle

from analysis.reporting import layout, matrices
from analysis.reporting.layout import COLOURS


def texts(axes):
    return [text.get_text() for text in axes.texts]


def squares(axes):
    return [patch for patch in axes.patches if isinstance(patch, Rectangle)]


def inside(axes):
    """Every text of the figure lies on the page."""
    figure = axes.figure
    figure.canvas.draw()
    width, height = figure.get_size_inches() * figure.dpi
    for text in [*axes.texts, *figure.texts]:
        box = text.get_window_extent()
        if text.get_text():
            assert box.x0 >= -1 and box.x1 <= width + 1 and box.y0 >= -1 and box.y1 <= height + 1, text


def containment(n):
    names = [f"An outlet with a rather long name {number}, 14 Jun" for number in range(n)]
    pairs = [(a, b, 0.25 if a < b else 0.75) for a in names for b in names if a != b]
    return pd.DataFrame(pairs, columns=["row", "column", "containment"])


def test_a_cell_shows_its_per_cent_and_the_diagonal_none():
    axes = matrices.draw_containment(containment(3), title="Whose text")
    assert texts(axes).count("25") == 3
    assert texts(axes).count("75") == 3
    assert len(squares(axes)) == 9
    inside(axes)


@pytest.mark.parametrize("n", [2, 8, 9, 24, 40])
def test_heat_maps_of_all_sizes_stay_on_the_page(n):
    axes = matrices.draw_containment(containment(n), title="Whose text stands in whose")
    assert len(squares(axes)) == min(n, matrices.MOST_ARTICLES) ** 2
    inside(axes)


def coverage(n, levels=("Left", "Middle of the road outlet", "Right")):
    rows = [("s", p, level, (p + i) % 3, 2, 3) for p in range(n) for i, level in enumerate(levels)]
    return pd.DataFrame(rows, columns=["story", "proposition", "level", "n", "k", "n_levels"])


def test_a_square_is_filled_where_it_is_reported():
    axes = matrices.draw_coverage(coverage(1))
    faces = [to_hex(square.get_facecolor()) for square in squares(axes)]
    assert faces == [to_hex("white"), to_hex(COLOURS[0]), to_hex(COLOURS[0])]
    assert texts(axes).count("2") == 1  # two sentences; one sentence has no number


def test_no_article_in_the_story_is_neither_filled_nor_open():
    table = coverage(2).drop(index=4)
    assert len(squares(matrices.draw_coverage(table))) == 5


@pytest.mark.parametrize(
    ("n", "levels"), [(1, ("A",)), (40, ("A", "B")), (5, tuple(f"Outlet number {i}" for i in range(9)))]
)
def test_coverage_of_all_sizes_stays_on_the_page(n, levels):
    words = pd.Series(dict.fromkeys(range(n), "Somebody said something rather long about what happened there"))
    axes = matrices.draw_coverage(coverage(n, levels), labels=words, title="What each reports")
    inside(axes)


def test_a_curve_per_level_and_the_mark():
    rows = [(at, level, 1 - at) for at in (0.3, 0.5, 0.7) for level in ("A", "B")]
    table = pd.DataFrame(rows, columns=["threshold", "level", "share"])
    axes = matrices.draw_curve(table, mark=0.5)
    assert "used here" in texts(axes)
    lines = [line for line in axes.lines if line.get_marker() in ("o", "s")]
    assert [line.get_ydata().round(3).tolist() for line in lines] == [[0.45, 0.75, 1.05]] * 2  # from the top, 1.5 high
    inside(axes)


def test_clip_keeps_what_fits():
    with layout.style():
        assert layout.clip("short", 2, 1) == ["short"]
        (line,) = layout.clip("a long line that cannot fit here", 0.8, 1)
        assert line.endswith("…")
        assert layout.width_of(line) <= 0.8
        assert "a long line that".startswith(line[:-1])
