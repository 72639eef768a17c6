"""The specification curve on a tiny study: every combination once, its numbers by hand and as `contrasts` has them."""

import itertools

import numpy as np
import pandas as pd
import pytest

from analysis.comparison import wire
from analysis.comparison.combinations import CHOICES, COPIES
from analysis.comparison.contrasts import contrasts
from analysis.comparison.per_article import MEASURES
from analysis.comparison.specifications import joint_summary, specification_curve
from analysis.study import UserError


def study(*rows):
    """Tables from (outlet, copy group, words of the body, [(category, voice), …]): one article a row."""
    articles, mentions, groups, words = [], [], [], []
    for number, (outlet, group, n_words, hits) in enumerate(rows):
        name = f"{number:012x}"
        articles.append((name, outlet, n_words, None))
        groups.append((name, f"{group:012x}", "copy" if group != number else "original", 0 if group != number else 9))
        words += [(name, "w", "own", n_words - 10), (name, "w", "direct", 10), (name, "w", "headline", 5)]
        for place, (category, voice) in enumerate(hits):
            where = "headline" if voice == "headline" else "body"
            variable = "war" if category in ("war", "operation") else "capital"
            mentions.append((name, "book", variable, category, where, place, voice, None, 20 * place, 20 * place + 4))
    columns = [
        "article_id",
        "codebook",
        "variable",
        "category",
        "where",
        "sentence",
        "voice",
        "speaker",
        "start",
        "end",
    ]
    types = dict.fromkeys(["article_id", "codebook", "variable", "category", "where", "voice"], "str")
    spans = pd.DataFrame(
        {"article_id": pd.Series(dtype="str"), "start": pd.Series(dtype=int), "end": pd.Series(dtype=int)}
    )
    return {
        "articles": pd.DataFrame(articles, columns=["article_id", "outlet", "n_words", "credit"]).astype(
            {"article_id": "str", "outlet": "str", "credit": "str"}
        ),
        "mentions": pd.DataFrame(mentions, columns=columns).astype(types),
        "word_counts": pd.DataFrame(words, columns=["article_id", "word", "voice", "n"]),
        "sentences": spans.copy(),
        "quotes": spans.copy(),
        "copy_groups": pd.DataFrame(groups, columns=["article_id", "copy_group", "role", "outlet_added_words"]),
        "copied": spans.copy(),
        "added_words": pd.DataFrame(
            {"article_id": pd.Series(dtype="str"), "voice": pd.Series(dtype="str"), "n": pd.Series(dtype=int)}
        ),
        "categories": pd.DataFrame(
            [
                ("book", "capital", "Kyiv"),
                ("book", "capital", "Kiev"),
                ("book", "war", "war"),
                ("book", "war", "operation"),
            ],
            columns=["codebook", "variable", "category"],
        ),
    }


KYIV, KIEV, SAID, HEADLINE = ("Kyiv", "own"), ("Kiev", "own"), ("Kiev", "direct"), ("Kiev", "headline")
ROWS = [
    ("A", 0, 90, [KYIV, KYIV, SAID]),
    ("A", 1, 200, [KYIV, KIEV, HEADLINE, ("war", "own")]),
    ("A", 2, 400, [KYIV, KYIV, KYIV]),
    ("A", 5, 400, [KYIV, KIEV]),  # a copy of B's first
    ("B", 4, 350, [KIEV, KIEV, ("operation", "own")]),
    ("B", 5, 400, [KYIV, KIEV]),
    ("B", 6, 95, [KIEV, SAID]),
    ("C", 7, 400, [KYIV]),
]
TABLES = study(*ROWS)


def find(tables=TABLES, **options):
    options = {
        "variable": "capital", "category": "Kyiv", "level_a": "A", "level_b": "B", "replicates": 100,
        "permutations": 99, **options,
    }  # fmt: skip
    return specification_curve(tables, **options)


def only(table, **which):
    for column, value in which.items():
        table = table[table[column] == value]
    assert len(table) == 1
    return table.iloc[0]


@pytest.fixture(scope="module")
def curve():
    return find()


CHOSEN = {"voice": "all", "headline": "in", "copies": "grouped", "min_words": 0, "variant": "capital: Kyiv",
          "measure": "share of choices"}  # fmt: skip


def test_every_combination_is_a_row(curve):
    assert list(curve.columns) == [*CHOICES, "value_a", "value_b", "estimate", "low", "high", "n", "total",
                                   "n_articles", "n_groups", "chosen", "note"]  # fmt: skip
    assert len(curve) == 3 * 2 * 5 * 3 * 1 * 3 == curve.attrs["specifications"]
    assert not curve.duplicated(CHOICES).any()
    measures = ["share of choices", "share of articles", "rate per 1,000 words"]
    voices = ["all", "own", "own and indirect"]
    expected = set(itertools.product(voices, ["in", "out"], COPIES, [0, 100, 300], ["capital: Kyiv"], measures))
    assert set(curve[CHOICES].itertuples(index=False, name=None)) == expected


def test_sorted_with_the_chosen_one_marked(curve):
    defined = curve["estimate"].dropna()
    assert defined.is_monotonic_increasing
    assert curve["estimate"].isna().tolist() == sorted(curve["estimate"].isna())  # those without one last
    assert curve.attrs["chosen"] == CHOSEN
    assert curve.loc[curve["chosen"], CHOICES].to_dict("records") == [CHOSEN]


@pytest.mark.parametrize(
    ("changed", "a", "b"),
    [
        ({}, (7, 11), (1, 6)),
        ({"voice": "own"}, (7, 10), (1, 5)),
        ({"headline": "out"}, (7, 10), (1, 6)),
        ({"voice": "own", "headline": "out"}, (7, 9), (1, 5)),
        ({"copies": "kept"}, (7, 11), (1, 6)),
        ({"copies": "one per copy group"}, (6, 9), (1, 6)),
        ({"min_words": 100}, (5, 8), (1, 4)),
        ({"min_words": 300}, (4, 5), (1, 4)),
        ({"measure": "share of articles"}, (4, 4), (1, 3)),
        ({"measure": "rate per 1,000 words"}, (7, 1110), (1, 860)),
        ({"measure": "rate per 1,000 words", "voice": "own", "headline": "out"}, (7, 1050), (1, 815)),
    ],
)
def test_values_by_hand(curve, changed, a, b):
    row = only(curve, **{**CHOSEN, **changed})
    scale = 1000 if "rate" in changed.get("measure", "") else 1
    assert row["value_a"] == pytest.approx(scale * a[0] / a[1])
    assert row["value_b"] == pytest.approx(scale * b[0] / b[1])
    assert (row["n"], row["total"]) == (a[0] + b[0], a[1] + b[1])
    share_a, share_b = a[0] / a[1], b[0] / b[1]
    assert row["estimate"] == pytest.approx((share_a - share_b) / (share_a + share_b))


def test_ways_with_copies(curve):
    grouped, kept = (only(curve, **{**CHOSEN, "copies": one}) for one in ("grouped", "kept"))
    assert grouped["estimate"] == kept["estimate"]
    assert (kept["n_groups"], grouped["n_groups"]) == (7, 6)
    originals = only(curve, **{**CHOSEN, "copies": "originals only"})
    assert (originals["n"], originals["total"], originals["n_articles"]) == (7, 15, 6)


def test_where_nothing_is_left_there_is_no_number(curve):
    alone = study(("A", 0, 400, [KYIV]), ("A", 1, 400, [KYIV]), ("B", 2, 90, [KIEV]), ("B", 3, 90, [KYIV]))
    table = find(alone, voices=["all"], copies=["kept"], headline=["in"], measures=["share of choices"])
    assert table["min_words"].tolist() == [0, 100, 300]
    short = table[table["min_words"] > 0]
    assert short[["value_b", "estimate", "low", "high"]].isna().all(axis=None)
    assert (short["note"] == "B: no choice").all() and (short["value_a"] == 1).all()
    assert table.attrs["empty"] == 2
    assert curve.attrs["empty"] == curve["estimate"].isna().sum()
    neither = find(alone, category="Kiev", level_a="B", level_b="A", copies=["kept"], min_words=[0])
    assert neither["estimate"].tolist() == [1] * len(neither)  # A never has it
    none = study(("A", 0, 400, [KYIV]), ("A", 1, 400, [KYIV]), ("B", 2, 90, [KYIV]))
    table = find(none, category="Kiev", copies=["kept"], min_words=[0])
    assert (table["note"] == "neither has it: no coefficient").all() and table["estimate"].isna().all()
    one = find(none, copies=["kept"], min_words=[0], measures=["share of choices"])
    assert (one["note"] == "one unit of B: no interval").all() and one["low"].isna().all()


def test_differences_are_those_of_contrasts():
    options = {"measures": ["share of choices", "share of articles"], "copies": ["grouped", "originals only"]}
    table = find(effect="difference", **options, replicates=400)
    for row in table.query("voice == 'own' and headline == 'out' and min_words == 0").itertuples():
        tables = TABLES if row.copies == "grouped" else wire.counted(TABLES, row.copies)
        same = contrasts(MEASURES[row.measure], tables, variable="capital", voice="own", where="body",
                         groups=wire.groups_of(TABLES["copy_groups"]), replicates=400, permutations=1)  # fmt: skip
        expected = only(same, level_a="A", level_b="B", category="Kyiv")
        assert row.estimate == pytest.approx(expected["difference"])
        assert (row.low, row.high) == pytest.approx((expected["low"], expected["high"]), abs=0.05)
        assert row.n_groups == expected["n_groups"] and row.n_articles == expected["n_articles"]


def test_specifications_that_count_the_same_have_the_same_interval(curve):
    same = curve.query("copies == 'grouped' and min_words == 0 and measure == 'share of choices' and headline == 'in'")
    same = same.set_index("voice")[["estimate", "low", "high", "n", "total"]]
    assert same.loc["own"].equals(same.loc["own and indirect"].rename("own"))
    assert same.at["own", "estimate"] != same.at["all", "estimate"]


def test_variants_of_the_codebook():
    variants = {
        "the war": {"variable": "war", "category": "war"},
        "with a book": {"variable": "capital", "category": "Kiev", "codebook": "book"},
    }
    narrow = {"voices": ["all"], "headline": ["in"], "copies": ["kept"], "min_words": [0, 0]}
    table = find(variants=variants, **narrow, measures="share of choices", chosen={"variant": "the war"})
    assert len(table) == 3
    assert set(table["variant"]) == {"capital: Kyiv", "the war", "with a book"}
    assert only(table, variant="the war")[["value_a", "value_b", "estimate"]].tolist() == [1, 0, 1]
    assert only(table, variant="with a book")["value_a"] == pytest.approx(4 / 11)
    assert table.loc[table["chosen"], "variant"].tolist() == ["the war"]


def test_options_narrow_the_curve():
    table = find(voices=["own"], headline=["out"], copies=["kept"], min_words=[0, 50], measures=["share of articles"])
    assert len(table) == 2
    # Where the report's usual choice is no option, the first is marked.
    assert table.loc[table["chosen"], "min_words"].tolist() == [0]
    chosen = find(chosen={"voice": "own", "min_words": 300}, copies=["grouped"])
    assert chosen.loc[chosen["chosen"], ["voice", "min_words"]].to_numpy().tolist() == [["own", 300]]


def test_what_all_say_together(curve):
    row = joint_summary(curve).iloc[0]
    known = curve["estimate"].dropna()
    assert (row["specifications"], row["defined"]) == (270, len(known))
    assert row["same_sign"] == (known > 0).mean() == 1
    assert (row["lowest"], row["median"], row["highest"]) == (known.min(), known.median(), known.max())
    assert row["chosen"] == only(curve, **CHOSEN)["estimate"]
    assert row["interval_without_0"] == (curve.loc[known.index, "low"] > 0).mean()
    assert 0 < row["p_median"] <= 1 and 0 < row["p_same_sign"] <= 1
    turned = joint_summary(find(level_a="B", level_b="A")).iloc[0]
    assert turned["same_sign"] == 1 and turned["median"] == pytest.approx(-row["median"])


def test_a_summary_of_nothing_is_undefined():
    none = study(("A", 0, 400, [KYIV]), ("B", 1, 90, [KYIV]))
    row = joint_summary(find(none, category="Kiev")).iloc[0]
    assert row["defined"] == 0
    assert row[["same_sign", "median", "lowest", "highest", "chosen", "p_median", "p_same_sign"]].isna().all()


def test_the_joint_test_tells_a_difference_from_none():
    random = np.random.default_rng(0)
    narrow = {"voices": ["all"], "headline": ["in"], "copies": ["grouped"], "min_words": [0], "permutations": 499}

    def p(shares):
        rows = [
            (outlet, place, 400, [KYIV if random.random() < share else KIEV for _ in range(4)])
            for place, (outlet, share) in enumerate(zip("AB" * 20, shares * 20, strict=True))
        ]
        return find(study(*rows), **narrow).attrs["p_median"]

    assert p([0.8, 0.2]) < 0.01
    assert np.mean([p([0.5, 0.5]) < 0.05 for _ in range(20)]) <= 0.2


def test_the_joint_test_of_one_specification_is_that_of_contrasts():
    one = {
        "voices": ["all"],
        "headline": ["in"],
        "copies": ["grouped"],
        "min_words": [0],
        "measures": ["share of choices"],
    }
    p = find(**one, effect="difference", permutations=9999).attrs["p_median"]
    tested = contrasts(MEASURES["share of choices"], TABLES, variable="capital", permutations=9999,
                       groups=wire.groups_of(TABLES["copy_groups"]))  # fmt: skip
    assert p == pytest.approx(only(tested, level_a="A", level_b="B", category="Kyiv")["p"], abs=0.03)


def test_same_input_same_table_and_nothing_changed(curve):
    before = {name: table.copy() for name, table in TABLES.items()}
    again = find()
    pd.testing.assert_frame_equal(curve, again, check_exact=True)
    assert curve.attrs == again.attrs
    for name, table in TABLES.items():
        pd.testing.assert_frame_equal(table, before[name])
    turned = find({**TABLES, **{name: TABLES[name][::-1] for name in ("articles", "mentions", "copy_groups")}})
    pd.testing.assert_frame_equal(curve, turned, check_exact=True)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"level_a": "Z"}, "level_a 'Z' is no level of outlet; allowed: A, B, C"),
        ({"level_b": "A"}, "level_b 'A' is level_a too; allowed: two levels"),
        ({"by": "land"}, "by 'land' is no column of articles"),
        ({"category": "Kyjiw"}, "category 'Kyjiw' is not of its variable; allowed: Kyiv, Kiev"),
        ({"variable": "truce"}, "variable 'truce' is in no codebook in use; allowed: capital, war"),
        ({"voices": ["loud"]}, "voices 'loud' is none; allowed: all, own, own and indirect"),
        ({"copies": ["some"]}, "copies 'some' is none; allowed: kept, grouped, one per copy group"),
        ({"measures": ["share of sentences"]}, "measures 'share of sentences' is none; allowed: share of choices"),
        ({"min_words": [-1]}, "min_words is -1; allowed: a whole number of at least 0"),
        ({"min_words": []}, "min_words is an empty list"),
        ({"effect": "odds"}, "effect 'odds' is none; allowed: coefficient, difference"),
        ({"effect": "difference"}, "effect 'difference': shares and rates have no common scale; allowed: coefficient"),
        ({"chosen": {"colour": 1}}, "chosen: 'colour' is no choice; allowed: voice, headline"),
        ({"chosen": {"min_words": 7}}, "chosen: min_words 7 is not among the options: 0, 100, 300"),
        ({"variants": {"x": {"variable": "war"}}}, "variant 'x' has variable; needed: variable, category"),
        ({"replicates": 0}, "replicates is 0; allowed: a whole number of at least 1"),
        ({"permutations": 0}, "permutations is 0; allowed: a whole number of at least 1"),
    ],
)
def test_what_is_not_allowed_is_said_in_a_line(options, message):
    with pytest.raises(UserError) as error:
        find(**options)
    assert message in str(error.value) and "\n" not in str(error.value)


def test_a_table_that_is_missing():
    with pytest.raises(UserError, match="tables: 'copied' is missing; needed: articles, mentions"):
        find({name: table for name, table in TABLES.items() if name != "copied"})
