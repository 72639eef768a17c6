"""Change-points: by hand, against every possible cut, against scipy's permutation test, and on steady series."""

import itertools

import numpy as np
import pandas as pd
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from analysis import open_study, read
from analysis.coding.codebook import read_codebooks
from analysis.coding.partition import code_partition
from analysis.comparison.changes import BinomialCost, change_points
from analysis.study import UserError, shipped


def study(*rows):
    """Mentions and articles from (outlet, day of June, n of Kyiv, n of Kiev): one article a row."""
    articles, mentions = [], []
    for number, (outlet, day, kyiv, kiev) in enumerate(rows):
        name = f"{number:012x}"
        articles.append((name, outlet, None if day is None else np.datetime64("2024-05-31") + day))
        for category, n in (("Kyiv", kyiv), ("Kiev", kiev)):
            mentions += [(name, "book", "capital", category, "body", 0, "own", None)] * int(n)
    columns = ["article_id", "codebook", "variable", "category", "where", "sentence", "voice", "speaker"]
    types = dict.fromkeys(["article_id", "codebook", "variable", "category", "where", "voice"], "str")
    table = pd.DataFrame(articles, columns=["article_id", "outlet", "published"])
    table = table.astype({"article_id": "str", "outlet": "str", "published": "datetime64[us]"})
    return pd.DataFrame(mentions, columns=columns).astype(types), table


def find(*rows, **options):
    options = {"variable": "capital", "category": "Kyiv", "replicates": 200, "permutations": 199, **options}
    return change_points(*study(*rows), **options)


def day(number):
    return pd.Timestamp("2024-05-31") + pd.Timedelta(days=number)


def log_likelihood(n, total):
    """The binomial one without its constant, from scipy."""
    if total == 0:
        return 0.0
    return float(stats.binom.logpmf(n, total, n / total) - stats.binom.logpmf(n, total, 0.5) - total * np.log(2))


def best_cut(series, least=2):
    """(likelihood ratio, cut) of the best cut of (day, n, total), by trying each."""
    n, total = np.array([one[1] for one in series]), np.array([one[2] for one in series])
    whole = log_likelihood(n.sum(), total.sum())
    tried = [
        (
            2 * (log_likelihood(n[:cut].sum(), total[:cut].sum()) + log_likelihood(n[cut:].sum(), total[cut:].sum()))
            - 2 * whole,
            cut,
        )
        for cut in range(1, len(series))
        if series[cut][0] > series[cut - 1][0] and min(total[:cut].sum(), total[cut:].sum()) >= least
    ]
    return max(tried, default=None, key=lambda pair: (round(pair[0], 9), -pair[1]))


STEP = [("X", 1, 0, 2), ("X", 2, 0, 2), ("X", 5, 0, 2), ("X", 9, 2, 0), ("X", 10, 2, 0), ("X", 12, 2, 0)]


def test_a_step_by_hand():
    table = find(*STEP, *STEP, permutations=999)
    row = table.iloc[0]
    assert (row["date"], row["after"]) == (day(9), day(5))
    assert (row["share_before"], row["n_before"], row["total_before"]) == (0, 0, 12)
    assert (row["share_after"], row["n_after"], row["total_after"]) == (1, 12, 12)
    assert row["likelihood_ratio"] == pytest.approx(2 * 24 * np.log(2))
    # Around one half each of 12 articles of 2 is off by 1: X² = 12 · 1/(2 · ¼).
    assert row["dispersion"] == pytest.approx(24 / 11)
    assert row["gain"] == pytest.approx(2 * 24 * np.log(2) / (24 / 11) - 2 * np.log(12))
    # 2 of 924 orders of six and six are as clear.
    assert row["p"] < 0.015 and bool(row["changed"])
    assert (row["n_articles"], row["n_groups"]) == (12, 12)
    assert pd.isna(row["note"])
    assert day(6) >= row["low"] and row["high"] >= day(9)


def test_columns():
    table = find(*STEP)
    assert list(table.columns) == [
        "outlet", "codebook", "variable", "category", "changed", "date", "after", "share_before", "n_before",
        "total_before", "share_after", "n_after", "total_after", "low", "high", "likelihood_ratio", "dispersion",
        "gain", "p", "p_adjusted", "n_articles", "n_groups", "note",
    ]  # fmt: skip
    assert table["codebook"].tolist() == ["book"] and table["category"].tolist() == ["Kyiv"]
    assert table["date"].dtype == table["low"].dtype == "datetime64[us]"


@settings(max_examples=25, deadline=None)
@given(
    st.lists(st.tuples(st.integers(1, 8), st.integers(0, 3), st.integers(0, 3)), min_size=1, max_size=9),
    st.integers(1, 3),
)
def test_no_cut_is_better(rows, least):
    known = pd.DataFrame({"codebook": "book", "variable": "capital", "category": ["Kyiv", "Kiev"]})
    table = find(*(("X", *row) for row in rows), least=least, permutations=9, replicates=9, categories=known)
    days = sorted({row[0] for row in rows if row[1] + row[2]})
    daily = [
        (at, sum(row[1] for row in rows if row[0] == at), sum(row[1] + row[2] for row in rows if row[0] == at))
        for at in days
    ]
    expected = best_cut(daily, least)
    if expected is None:
        assert table["likelihood_ratio"].isna().all() and table["date"].isna().all()
        return
    row = table.iloc[0]
    assert row["likelihood_ratio"] == pytest.approx(max(expected[0], 0), abs=1e-9)
    if row["gain"] > 1e-9:
        cut = days.index((row["date"] - pd.Timestamp("2024-05-31")).days)
        assert row["after"] == day(days[cut - 1])
        assert row["n_before"] == sum(one[1] for one in daily[:cut])
        assert row["total_after"] == sum(one[2] for one in daily[cut:])
        assert row["low"] <= row["date"] and row["after"] < row["high"]
    else:
        assert pd.isna(row["date"]) and row["total_before"] == sum(one[2] for one in daily)


def test_p_is_that_of_scipy():
    rows = [(1, 0, 3), (2, 2, 2), (3, 1, 2), (5, 3, 1), (6, 2, 0)]
    totals, n = np.array([a + b for _, a, b in rows]), np.array([a for _, a, _ in rows])

    def statistic(order):
        taken = np.asarray(order, dtype=int)
        return best_cut([(row[0], n[one], totals[one]) for row, one in zip(rows, taken, strict=True)])[0]

    # The exact share: every one of the 120 orders.
    observed = statistic(range(5))
    exact = np.mean([statistic(order) >= observed - 1e-9 for order in itertools.permutations(range(5))])
    table = find(*(("X", *row) for row in rows), permutations=9999)
    assert table["p"].iloc[0] == pytest.approx(exact, abs=0.02)
    by_scipy = stats.permutation_test(
        (np.arange(5.0),), statistic, permutation_type="pairings", n_resamples=np.inf, alternative="greater"
    )
    assert exact == pytest.approx(by_scipy.pvalue)


def test_the_cost_is_the_binomial_one():
    cost = BinomialCost(2).fit(np.array([[1, 2], [0, 1], [3, 3]]))
    assert cost.error(0, 2) == pytest.approx(-2 * (np.log(1 / 3) + 2 * np.log(2 / 3)))
    assert cost.error(2, 3) == 0
    assert cost.error(1, 2) == np.inf
    assert cost.error(0, 3) == pytest.approx(-2 * log_likelihood(4, 6))


def test_several_changes():
    rows = [("X", at, *((0, 4) if 10 <= at < 20 else (4, 0))) for at in range(1, 31)]
    table = find(*rows, most=3)
    assert table["date"].tolist() == [day(10), day(20)]
    assert table["after"].tolist() == [day(9), day(19)]
    assert table["share_before"].tolist() == [1, 0] and table["share_after"].tolist() == [0, 1]
    assert table["total_after"].tolist() == [40, 44]
    assert table["changed"].all() and (table["gain"] > 0).all()
    assert (table["low"] <= table["date"]).all() and (table["high"] >= table["date"]).all()
    assert table.attrs["tests"] == 2
    # What is tried is every pair of cuts.
    n, total = np.array([row[2] for row in rows]), np.array([row[2] + row[3] for row in rows])
    bounds = [(0, one, two, 30) for one, two in itertools.combinations(range(1, 30), 2)]
    fits = [sum(log_likelihood(n[i:j].sum(), total[i:j].sum()) for i, j in itertools.pairwise(b)) for b in bounds]
    assert bounds[int(np.argmax(fits))] == (0, 9, 19, 30)


def test_steady_series_change_no_more_often_than_chance_says():
    random = np.random.default_rng(5)
    rows = []
    for number in range(120):
        # Articles that mostly use one spelling throughout: words are far from independent.
        kyiv = random.random(14) < 0.5
        totals = random.integers(1, 6, 14)
        at = random.integers(1, 29, 14)
        rows += [(f"S{number:03d}", d, t * k, t * (1 - k)) for d, t, k in zip(at, totals, kyiv, strict=True)]
    table = find(*rows, permutations=199, replicates=20)
    assert len(table) == 120
    # 6 are expected; 12 or more come about in 2 of 100 cases.
    assert table["changed"].sum() < 12
    assert (table["p"] < 0.2).sum() in range(12, 37)
    assert (table["p_adjusted"] < 0.05).sum() == 0
    # BIC alone is fooled more often, which is why both are asked.
    assert table["date"].notna().sum() > table["changed"].sum()


def test_intervals_cover_the_day_of_a_real_change():
    random = np.random.default_rng(8)
    rows = []
    for number in range(40):
        for at in random.integers(1, 61, 30):
            total = int(random.integers(1, 5))
            n = random.binomial(total, 0.1 if at < 30 else 0.9)
            rows.append((f"S{number:02d}", int(at), n, total - n))
    table = find(*rows)
    assert table["changed"].sum() >= 38
    found = table[table["changed"]]
    assert ((found["low"] <= day(30)) & (found["high"] >= day(30))).mean() >= 0.95
    assert (found["high"] - found["low"]).dt.days.median() < 21


def test_a_copy_group_counts_once_on_its_first_day():
    # The same text on days 1 and 12: as two articles it hides the step.
    rows = [*STEP, ("X", 12, 0, 2)]
    mentions, articles = study(*rows)
    groups = pd.Series({articles["article_id"].iloc[0]: "g", articles["article_id"].iloc[-1]: "g"})
    table = change_points(
        mentions, articles, variable="capital", category="Kyiv", groups=groups, replicates=99, permutations=99
    )
    row = table.iloc[0]
    assert (row["n_articles"], row["n_groups"]) == (7, 6)
    assert (row["share_before"], row["total_before"], row["share_after"]) == (0, 8, 1)
    assert table.attrs["unit"] == "copy group"


def test_what_cannot_change_says_why():
    rows = [
        ("Alike", 1, 3, 0), ("Alike", 4, 3, 0), ("Alike", 6, 1, 0),
        ("Day", 3, 2, 2), ("Day", 3, 0, 9),
        ("Few", 1, 1, 0), ("Few", 9, 0, 1),
        ("None", 4, 0, 0),
        ("Undated", None, 2, 2), ("Day", None, 1, 1), (None, 3, 1, 1),
    ]  # fmt: skip
    table = find(*rows).set_index("outlet")
    assert table.index.tolist() == ["Alike", "Day", "Few"]
    assert table["date"].isna().all() and not table["changed"].any() and table["p"].isna().all()
    assert table["note"].to_dict() == {
        "Alike": "one share throughout: nothing to test",
        "Day": "no two days with 2 choices on either side: no change can be seen",
        "Few": "no two days with 2 choices on either side: no change can be seen",
    }
    assert table.loc["Day", ["share_before", "n_before", "total_before"]].tolist() == [2 / 13, 2, 13]
    assert table["share_after"].isna().all() and table["n_after"].isna().all()
    attrs = table.attrs
    assert attrs["without_choice"] == ["None", "Undated"]
    assert (attrs["undated"], attrs["without_level"], attrs["tests"]) == (2, 1, 0)


def test_nothing_at_all_is_an_empty_table():
    mentions, articles = study(("X", None, 1, 1))
    table = change_points(mentions, articles, variable="capital", category="Kyiv")
    assert table.empty and table.attrs["without_choice"] == ["X"]
    assert table["date"].dtype == "datetime64[us]" and table["changed"].dtype == bool


def test_voice_selects():
    mentions, articles = study(*STEP)
    mentions.loc[mentions["category"] == "Kyiv", "voice"] = "direct"
    table = change_points(mentions, articles, variable="capital", category="Kyiv", voice="direct")
    assert table["note"].tolist() == ["one share throughout: nothing to test"]
    assert table["total_before"].tolist() == [6]


def test_p_adjusted_is_over_all_levels():
    table = find(*STEP, *STEP, *[("Y", at, at % 2, 1 + at % 3) for at in range(1, 12)], permutations=999)
    p = table["p"].tolist()
    assert table["p_adjusted"].tolist() == pytest.approx([min(2 * min(p), max(p)), max(p)])
    assert table.attrs["tests"] == 2


def test_same_input_same_table_in_any_order():
    mentions, articles = study(*STEP, *[("Y", at, at % 2, 1) for at in range(1, 12)])
    options = {"variable": "capital", "category": "Kyiv", "seed": 3, "permutations": 99, "replicates": 99}
    one, two = (change_points(mentions, articles, **options) for _ in range(2))
    pd.testing.assert_frame_equal(one, two, check_exact=True)
    turned = change_points(mentions[::-1], articles[::-1], **options)
    pd.testing.assert_frame_equal(one, turned, check_exact=True)
    alone = change_points(mentions, articles[articles["outlet"] == "X"], **options)
    same = one.columns.drop("p_adjusted")
    pd.testing.assert_frame_equal(one[same].iloc[:1], alone[same], check_exact=True)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"category": "Kyjiw"}, "category 'Kyjiw' is not of 'capital'; allowed: Kiev, Kyiv"),
        ({"variable": "truce"}, "variable 'truce' is in no codebook in use; allowed: capital"),
        ({"by": "land"}, "by 'land' is no column of articles; allowed: article_id, outlet, published"),
        ({"most": 0}, "most is 0; allowed: a whole number of at least 1"),
        ({"least": 1.5}, "least is 1.5; allowed: a whole number of at least 1"),
        ({"permutations": True}, "permutations is True; allowed: a whole number of at least 1"),
    ],
)
def test_what_is_not_allowed_is_said_in_a_line(options, message):
    with pytest.raises(UserError) as error:
        find(*STEP, **options)
    assert message in str(error.value) and "\n" not in str(error.value)


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    """Articles and mentions of the demo, in a folder of the test's own."""
    folder = tmp_path_factory.mktemp("demo")
    source = shipped("studies") / "demo"
    for name in ("articles", "manifest.csv", "study.yml"):
        (folder / name).symlink_to(source / name)
    study = open_study(folder)
    articles = read(study)["articles"]
    return {"articles": articles, "mentions": code_partition(articles, read_codebooks(study))["mentions"]}


@pytest.mark.parametrize("most", [1, 3])
@pytest.mark.parametrize("where", [None, "body"])
def test_the_shift_of_the_demo_is_found(demo, most, where):
    planted = yaml.safe_load((shipped("studies") / "demo" / "planted.yml").read_text(encoding="utf-8"))["shift"]
    table = change_points(
        demo["mentions"],
        demo["articles"],
        variable=planted["variable"],
        category=planted["to"],
        where=where,
        most=most,
    )
    found = table[table["changed"]]
    assert found["outlet"].tolist() == [planted["outlet"]]
    row, date = found.iloc[0], pd.Timestamp(planted["date"])
    assert row["date"] == date and row["low"] <= date <= row["high"]
    assert (row["share_before"], row["share_after"]) == (0, 1)
    assert table["date"].notna().sum() == 1
