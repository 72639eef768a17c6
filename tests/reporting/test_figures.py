"""Drawing: bars are as long as the numbers, every count is there, nothing is cut off, collides or is too small."""

import itertools

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.colors import to_rgb

from analysis.reporting import layout
from analysis.reporting.figures import draw_calendar, draw_counts, draw_rates, draw_shares, draw_spread
from analysis.study import UserError

NAMES = ["The Harbour Courier", "B", "Le $ Quotidien $ de la Capitale", "<script>alert(1)</script>", "Київ сьогодні"]
MONSTER = "Kommanditgesellschaftsverlagsaktiengesellschaft & Co. KG " * 2


@pytest.fixture(autouse=True)
def close():
    yield
    plt.close("all")


def shares(counts, *, measure="share of choices", totals=None, intervals=True):
    """A table of shares from outlet → category → n; ``totals`` where categories do not exclude each other."""
    rows = []
    for outlet, found in counts.items():
        total = sum(found.values()) if totals is None else totals
        for category, n in found.items():
            share = n / total if total else np.nan
            bounds = (max(share - 0.2, 0), min(share + 0.2, 1)) if intervals and total else (np.nan, np.nan)
            rows.append((outlet, "book", "variable", category, n, total, share, *bounds, 3, 3))
    columns = [
        "outlet",
        "codebook",
        "variable",
        "category",
        "n",
        "total",
        "share",
        "low",
        "high",
        "n_articles",
        "n_groups",
    ]
    table = pd.DataFrame(rows, columns=columns)
    table.attrs = {"measure": measure, "unit": "article", "by": ["outlet"]}
    return table


def bars(axes):
    """(left, width) of each bar, without the plain grounds of numbers and the backgrounds."""
    return [(bar.get_x(), bar.get_width()) for container in axes.containers for bar in container]


def texts(axes):
    """Every text of the figure with its box in inches."""
    figure = axes.figure
    figure.canvas.draw()  # legends are laid out when drawn
    renderer = figure.canvas.get_renderer()
    found = [*axes.texts, *figure.texts]  # the title among them
    found += [text for legend in figure.legends for text in legend.get_texts()]
    return [(text, text.get_window_extent(renderer).transformed(figure.dpi_scale_trans.inverted())) for text in found]


def words(axes):
    return [text.get_text() for text, _ in texts(axes)]


def hold_to_the_page(axes):
    """One column wide, nothing cut off, no text over another, none below 7 points."""
    width, height = axes.figure.get_size_inches()
    assert width == 3.5
    boxes = [(text, box) for text, box in texts(axes) if text.get_text().strip()]
    for text, box in boxes:
        assert box.x0 >= -0.01, text.get_text()
        assert box.x1 <= width + 0.01, text.get_text()
        assert box.y0 >= -0.01, text.get_text()
        assert box.y1 <= height + 0.01, text.get_text()
        assert text.get_fontsize() >= 7
    for (one, first), (other, second) in itertools.combinations(boxes, 2):
        across = min(first.x1, second.x1) - max(first.x0, second.x0)
        down = min(first.y1, second.y1) - max(first.y0, second.y0)
        # A box has room for descenders that lines need not use: a sliver is no collision.
        assert across <= 0.01 or down <= 0.035, f"{one.get_text()!r} lies over {other.get_text()!r}"
    data = axes.get_position()
    for legend in axes.figure.legends:
        key = legend.get_window_extent(axes.figure.canvas.get_renderer()).transformed(
            axes.figure.transFigure.inverted()
        )
        assert key.y0 >= data.y1 - 1e-6, "the legend covers data"


def test_two_categories_are_one_divided_bar_with_its_counts():
    axes = draw_shares(shares({"A": {"Kyiv": 3, "Kiev": 1}, "B": {"Kyiv": 0, "Kiev": 5}}), title="Which name?")
    assert bars(axes) == [(0, 0.75), (0.75, 0.25), (0, 0), (0, 1)]
    said = words(axes)
    assert {"3", "1", "5", "A (4)", "B (5)", "Kyiv", "Kiev", "95 % interval of Kyiv", "Which name?"} <= set(said)
    assert "0" in said, "the scale"
    hold_to_the_page(axes)


def test_more_categories_are_panels_on_one_scale():
    counts = {"A": {"x": 2, "y": 1, "z": 1, "never": 0}, "B": {"x": 0, "y": 0, "z": 4, "never": 0}}
    axes = draw_shares(shares(counts), title="Which label?")
    widths = [width for _, width in bars(axes)]
    assert widths == [0.5, 0, 0.25, 0, 0.25, 1]
    lefts = sorted({left for left, _ in bars(axes)})
    assert len(lefts) == 3, "a panel each; the category that nobody uses has none"
    assert "never" not in words(axes)
    hold_to_the_page(axes)


def test_presence_that_happens_to_add_up_is_not_divided():
    table = shares({"A": {"x": 2, "y": 2}}, measure="share of articles", totals=4)
    axes = draw_shares(table)
    assert [width for _, width in bars(axes)] == [0.5, 0.5]
    assert len({left for left, _ in bars(axes)}) == 2
    assert any("articles with it" in line for line in words(axes))


def test_no_interval_is_marked_and_no_choice_is_said():
    table = shares(
        {"A": {"Kyiv": 3, "Kiev": 1}, "B": {"Kyiv": 0, "Kiev": 0}, "C": {"Kyiv": 1, "Kiev": 0}}, intervals=False
    )
    axes = draw_shares(table)
    rings = [line for line in axes.lines if line.get_marker() == "o"]
    assert [line.get_xdata()[0] for line in rings] == [0.75, 1]
    said = words(axes)
    assert "no choice" in said
    assert "one article: no interval" in said
    assert "95 % interval of Kyiv" not in said
    panels = draw_shares(shares({"A": {"x": 1, "y": 1, "z": 1}, "B": {"x": 0, "y": 0, "z": 0}}))
    assert words(panels).count("–") == 3


def test_whiskers_stand_at_the_bounds():
    table = shares({"A": {"Kyiv": 3, "Kiev": 1}}).assign(low=0.5, high=0.9)
    axes = draw_shares(table)
    spans = [tuple(line.get_xdata()) for line in axes.lines if line.get_color() == layout.INK and line.get_lw() == 0.9]
    assert (0.5, 0.9) in spans


def test_rates_have_their_own_scale():
    table = shares({"A": {"x": 2}, "B": {"x": 7}}, measure="rate per 1,000 words", totals=1000).rename(
        columns={"share": "rate"}
    )
    table = table.assign(rate=[2.0, 7.0], low=[1.0, 5.0], high=[3.0, 11.5])
    axes = draw_rates(table)
    assert [width for _, width in bars(axes)] == [2, 7]
    assert "20" in words(axes)
    assert "A (1,000)" in words(axes)
    hold_to_the_page(axes)
    nothing = draw_rates(table.assign(rate=np.nan, low=np.nan, high=np.nan, n=0))
    assert bars(nothing) == []


def test_counts_calendar_and_spread():
    counts = pd.DataFrame({"outlet": NAMES, "n": [1200, 3, 0, 7, 1]})
    axes = draw_counts(counts, title="Articles", label="articles read")
    assert [width for _, width in bars(axes)] == counts["n"].tolist()
    assert "1,200" in words(axes)
    hold_to_the_page(axes)
    days = pd.to_datetime(["2024-06-14", "2024-06-15", "2024-06-14", "2024-06-20", "2024-06-15"])
    calendar = draw_calendar(pd.DataFrame({"outlet": NAMES, "day": days, "n": 2}), title="By day")
    assert len(bars(calendar)) == 5
    assert "2024-06-20" in words(calendar)
    hold_to_the_page(calendar)
    lengths = pd.DataFrame({"outlet": NAMES * 3, "n_words": range(100, 1600, 100)})
    spread = draw_spread(lengths, value="n_words", title="Length", label="words")
    rings = [line for line in spread.lines if line.get_marker() == "o"]
    assert sorted(at for line in rings for at in line.get_xdata()) == lengths["n_words"].tolist()
    hold_to_the_page(spread)


def test_missing_names_and_many_days_are_drawn():
    table = pd.DataFrame({"outlet": [None, "A"] * 100, "day": pd.date_range("2024-01-01", periods=200), "n": 1})
    axes = draw_calendar(table.astype({"outlet": "str"}))
    assert "(none)" in words(axes)
    hold_to_the_page(axes)


def test_what_is_too_much_is_left_to_the_table_and_said():
    many = draw_shares(shares({"A": {f"category {n}": n for n in range(1, 31)}}))
    assert any("24 of 30 categories are drawn" in line for line in words(many))
    assert "category 1" not in words(many)
    hold_to_the_page(many)
    tall = draw_shares(shares({f"outlet {n}": {"x": n, "y": 1} for n in range(1, 41)}))
    assert any("30 of 40 rows are drawn" in line for line in words(tall))
    hold_to_the_page(tall)


def test_long_names_are_wrapped_and_mark_up_is_text():
    axes = draw_shares(shares({name: {"a $x$": 1, "<b>": 2} for name in [*NAMES, MONSTER]}), title=MONSTER)
    hold_to_the_page(axes)
    panels = draw_shares(shares({name: {MONSTER: 1, "y": 2, "z": 3} for name in NAMES}), title="x")
    hold_to_the_page(panels)


counts_of = st.dictionaries(
    st.sampled_from([*NAMES, MONSTER]),
    st.fixed_dictionaries({name: st.integers(0, 5000) for name in ("Kyiv", "illegally annexed")})
    | st.fixed_dictionaries(
        {name: st.integers(0, 90) for name in ("x", "controlled or held", "incorporated", "y", "z")}
    ),
    min_size=1,
)


@settings(max_examples=40, deadline=None)
@given(counts_of)
def test_any_table_fits_the_page(counts):
    names = list(next(iter(counts.values())))
    table = shares({outlet: {name: found.get(name, 0) for name in names} for outlet, found in counts.items()})
    axes = draw_shares(table, title="What is the status of the territory called?")
    hold_to_the_page(axes)
    plt.close(axes.figure)


def test_the_users_settings_do_not_reach_the_figure(tmp_path):
    table = shares({"A": {"Kyiv": 3, "Kiev": 1}})

    def drawn(name):
        axes = draw_shares(table)
        with layout.style():
            axes.figure.savefig(tmp_path / name, dpi=100, metadata={"Software": None})
        return (tmp_path / name).read_bytes()

    plain = drawn("a.png")
    with plt.rc_context({"font.size": 20, "font.family": "serif", "axes.facecolor": "red", "figure.dpi": 30}):
        assert drawn("b.png") == plain


def test_neighbouring_colours_differ_in_grey_or_by_hatch():
    grey = [np.dot(to_rgb(colour), (0.2126, 0.7152, 0.0722)) for colour in layout.COLOURS]
    for number in range(len(grey) - 1):
        assert abs(grey[number] - grey[number + 1]) > 0.05
        assert layout.HATCHES[number] != layout.HATCHES[number + 1]


def test_wrong_calls_name_what_is_there():
    table = shares({"A": {"Kyiv": 3}})
    with pytest.raises(UserError, match="'paper' is no column of the table to draw; it has outlet, codebook"):
        draw_shares(table, by="paper")
    with pytest.raises(UserError, match="'rate' is no column"):
        draw_rates(table)
    with pytest.raises(UserError, match="no rows: nothing was found"):
        draw_shares(table[:0])


def test_scales_end_on_round_numbers():
    assert [layout.round_up(value) for value in (0, np.nan, 0.07, 1, 1.01, 6.5, 9, 11, 4100)] == [
        1, 1, 0.08, 1, 2, 8, 10, 20, 5000,
    ]  # fmt: skip
    assert layout.name_of((None, pd.Timestamp("2024-06-14"), " a\n b ")) == "(none) · 2024-06-14 · a b"
    assert layout.name_of(pd.Timestamp("2024-06-14 10:30")) == "2024-06-14 10:30"
    lines = layout.wrap(MONSTER, 1.0)
    assert all(layout.width_of(line) <= 1.0 for line in lines)
    assert "".join(lines).replace("-", "").replace(" ", "") == MONSTER.replace(" ", "")


def test_a_withheld_word_is_named_by_the_beginning_of_its_hash():
    assert layout.name_of("#506184a4f3def8bc #78306300d153bdee") == "#5061… #7830…"
    assert layout.name_of("#1 of #506184a4f3def8bcff") == "#1 of #506184a4f3def8bcff"
