"""Trends on tiny studies: periods by hand, gaps that show as gaps, and each period as the measure alone has it."""

import numpy as np
import pandas as pd
import pytest

from analysis.comparison.rates import rate_per_1000_words, share_of_choices, share_of_sentences
from analysis.comparison.trends import period_of, trend
from analysis.study import UserError


def study(*rows):
    """Mentions and articles from (outlet, day, n of Kyiv, n of Kiev): one article a row."""
    articles, mentions = [], []
    for number, (outlet, day, kyiv, kiev) in enumerate(rows):
        name = f"{number:012x}"
        articles.append((name, outlet, day))
        for category, n in (("Kyiv", kyiv), ("Kiev", kiev)):
            mentions += [(name, "book", "capital", category, "body", 0, "own", None)] * n
    columns = ["article_id", "codebook", "variable", "category", "where", "sentence", "voice", "speaker"]
    types = dict.fromkeys(["article_id", "codebook", "variable", "category", "where", "voice"], "str")
    table = pd.DataFrame(articles, columns=["article_id", "outlet", "published"])
    table["published"] = pd.to_datetime(table["published"], format="ISO8601").astype("datetime64[us]")
    return (
        pd.DataFrame(mentions, columns=columns).astype(types),
        table.astype({"article_id": "str", "outlet": "str"}),
    )


def words(articles, n):
    return pd.DataFrame({"article_id": articles["article_id"], "word": "w", "voice": "own", "n": n})


def only(table, **which):
    for column, value in which.items():
        table = table[table[column] == value]
    assert len(table) == 1
    return table.iloc[0]


THREE = study(
    ("X", "2024-06-14 23:59", 1, 3),
    ("X", "2024-06-14", 1, 0),
    ("X", "2024-06-16", 2, 0),
    ("Y", "2024-06-15 08:00", 0, 2),
    ("Y", None, 9, 9),
)


def test_days_by_hand():
    table = trend(*THREE, variable="capital", replicates=200)
    assert list(table.columns) == ["outlet", "period", "codebook", "variable", "category", "n", "total", "share", "low",
                                   "high", "n_articles", "n_groups", "note"]  # fmt: skip
    first = only(table, outlet="X", period=pd.Timestamp("2024-06-14"), category="Kyiv")
    assert (first["n"], first["total"], first["share"], first["n_articles"]) == (2, 5, 0.4, 2)
    # Drawn: the first article twice ¼, the other twice 1, both 2/5.
    assert (first["low"], first["high"]) == (0.25, 1)
    alone = only(table, outlet="Y", period=pd.Timestamp("2024-06-15"), category="Kyiv")
    assert alone["share"] == 0 and alone["note"] == "one article: no interval"
    assert table.attrs["undated"] == 1 and table.attrs["periods"] == 3 and table.attrs["by"] == ["outlet"]


def test_a_gap_is_no_zero():
    table = trend(*THREE, variable="capital")
    assert len(table) == 2 * 3 * 2  # levels, days of the whole study, categories
    gap = only(table, outlet="Y", period=pd.Timestamp("2024-06-14"), category="Kyiv")
    assert np.isnan(gap["share"]) and np.isnan(gap["low"]) and gap["note"] == "no article"
    assert (gap["n"], gap["total"], gap["n_articles"], gap["n_groups"]) == (0, 0, 0, 0)
    assert table.loc[table["outlet"] == "X", "period"].is_monotonic_increasing
    # An article without the matter is no gap.
    mentions, articles = THREE
    silent = trend(mentions[mentions["article_id"] != f"{3:012x}"], articles, variable="capital")
    row = only(silent, outlet="Y", period=pd.Timestamp("2024-06-15"), category="Kyiv")
    assert np.isnan(row["share"]) and row["note"] == "no choice here: share undefined"


def test_a_level_without_a_date_is_all_gaps():
    mentions, articles = study(("X", "2024-06-14", 1, 0), ("X", "2024-06-15", 1, 0), ("Z", None, 1, 0))
    table = trend(mentions, articles, variable="capital")
    assert (table.loc[table["outlet"] == "Z", "note"] == "no article").all()
    assert (table["outlet"] == "Z").sum() == 2


def test_periods_begin_on_monday_and_on_the_first():
    when = pd.Series(
        pd.to_datetime(["2024-12-30 05:00", "2025-01-05 23:59", "2025-01-06", "2024-02-29"], format="ISO8601")
    )
    assert period_of(when, "week").dt.strftime("%F").tolist() == [
        "2024-12-30",
        "2024-12-30",
        "2025-01-06",
        "2024-02-26",
    ]
    assert (period_of(when, "week").dt.day_of_week == 0).all()
    assert period_of(when, "month").dt.strftime("%F").tolist() == [
        "2024-12-01",
        "2025-01-01",
        "2025-01-01",
        "2024-02-01",
    ]
    assert period_of(when, "day").dt.strftime("%F").tolist() == ["2024-12-30", "2025-01-05", "2025-01-06", "2024-02-29"]


@pytest.mark.parametrize(
    ("unit", "expected"),
    [
        ("week", ["2024-12-23", "2024-12-30", "2025-01-06", "2025-01-13", "2025-01-20"]),
        ("month", ["2024-12-01", "2025-01-01"]),
    ],
)
def test_every_week_and_month_of_the_study_is_there(unit, expected):
    mentions, articles = study(("X", "2024-12-29", 1, 0), ("X", "2025-01-20", 0, 1))
    table = trend(mentions, articles, variable="capital", unit=unit)
    assert table["period"].drop_duplicates().dt.strftime("%F").tolist() == expected
    assert table["period"].dtype == "datetime64[us]"


def test_a_period_is_what_the_measure_gives_for_its_articles():
    random = np.random.default_rng(3)
    mentions, articles = study(
        *(
            (outlet, f"2024-06-{day:02d}", *random.integers(0, 3, 2))
            for outlet in "XY"
            for day in range(1, 29)
            for _ in range(2)
        )
    )
    groups = pd.Series(articles["article_id"].to_numpy(), index=articles["article_id"])
    groups.iloc[1] = groups.iloc[0]
    table = trend(mentions, articles, variable="capital", unit="week", groups=groups, replicates=50)
    weeks = period_of(articles["published"], "week")
    for week in weeks.unique():
        alone = share_of_choices(mentions, articles[weeks == week], variable="capital", groups=groups, replicates=50)
        own = table[table["period"] == week].reset_index(drop=True)
        same = ["outlet", "category", "n", "total", "share", "n_articles", "n_groups"]
        pd.testing.assert_frame_equal(own[same], alone[same])


def test_rates_and_sentences_take_their_tables():
    mentions, articles = THREE
    table = trend(
        mentions, words(articles, [100, 300, 50, 10, 10]), articles, measure=rate_per_1000_words, variable="capital"
    )
    row = only(table, outlet="X", period=pd.Timestamp("2024-06-14"), category="Kyiv")
    assert (row["n"], row["total"], row["rate"]) == (2, 400, 5)
    assert np.isnan(only(table, outlet="X", period=pd.Timestamp("2024-06-15"), category="Kyiv")["rate"])
    sentences = pd.DataFrame({"article_id": articles["article_id"].repeat(2), "sentence": [0, 1] * 5})
    shares = trend(mentions, sentences, articles, measure=share_of_sentences, variable="capital")
    assert only(shares, outlet="X", period=pd.Timestamp("2024-06-16"), category="Kyiv")["share"] == 0.5


def test_the_whole_study_and_several_columns():
    mentions, articles = THREE
    whole = trend(mentions, articles, variable="capital", by=[])
    assert whole["period"].tolist() == sorted(whole["period"]) and len(whole) == 3 * 2
    assert whole["total"].tolist() == [5, 5, 2, 2, 2, 2]
    split = trend(mentions, articles, variable="capital", by=["outlet", "voice"], voice=["own", "direct"])
    assert len(split) == 2 * 2 * 3 * 2
    assert only(split, outlet="X", voice="own", period=pd.Timestamp("2024-06-16"), category="Kyiv")["n"] == 2


def test_articles_without_a_level_are_a_level():
    mentions, articles = THREE
    table = trend(
        mentions, articles.assign(outlet=articles["outlet"].where(articles["outlet"] == "X")), variable="capital"
    )
    unnamed = table[table["outlet"].isna()]
    assert unnamed["n"].tolist() == [0, 0, 2, 0, 0, 0]  # Kiev, Kyiv a day
    assert unnamed["note"].tolist()[:2] == ["no article", "no article"]


def test_same_input_same_table_and_nothing_changed():
    mentions, articles = THREE
    before = articles.copy()
    one, two = (trend(mentions, articles, variable="capital", seed=4) for _ in range(2))
    pd.testing.assert_frame_equal(one, two, check_exact=True)
    assert one.attrs == two.attrs
    pd.testing.assert_frame_equal(articles, before)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"unit": "year"}, "unit 'year' is none; allowed: day, week, month"),
        ({"by": "period"}, "by 'period': the trend's own column; allowed: other columns of articles"),
        ({"by": ["outlet", "speaker"]}, "by 'speaker': only speakers that occur have rows"),
        ({"by": "land"}, "by 'land' is no column of articles; allowed:"),
        (
            {"measure": rate_per_1000_words},
            "measure rate_per_1000_words takes 3 tables (mentions, word_counts, articles); got 2",
        ),
    ],
)
def test_what_is_not_allowed_is_said_in_a_line(options, message):
    with pytest.raises(UserError) as error:
        trend(*THREE, variable="capital", **options)
    assert message in str(error.value) and "\n" not in str(error.value)


def test_a_trend_needs_dates():
    mentions, articles = study(("X", None, 1, 0))
    with pytest.raises(UserError, match="none has a date"):
        trend(mentions, articles, variable="capital")
