"""Keyness of words and categories over articles: counts by hand, copies, voices, inference, calibration."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from analysis.comparison import scores, tests_over_articles
from analysis.comparison.keyness import keyness, keyness_each, keyness_of_mentions
from analysis.comparison.scoring import SCORES
from analysis.study import UserError

COLUMNS = [
    "n_target", "n_reference", "size_target", "size_reference", "articles_target", "articles_reference",
    "dispersion_target", "dispersion_reference", *SCORES, "low", "high", "p", "p_adjusted", "p_wilcoxon",
    "p_wilcoxon_adjusted", "note",
]  # fmt: skip
QUICK = {"replicates": 50, "permutations": 99, "min_count": 1}


def counts_table(*rows):
    table = pd.DataFrame(rows, columns=["article_id", "word", "voice", "n"])
    return table.astype({"article_id": "str", "word": "str", "voice": "str"})


@pytest.fixture
def coded():
    """Two outlets with three articles each, a third with one, and an article without an outlet."""
    articles = pd.DataFrame({"article_id": list("1234567x"), "outlet": [*"AAABBBC", None], "year": [1, 2] * 4})
    word_counts = counts_table(
        ("1", "kiev", "own", 2), ("1", "the", "own", 8), ("2", "kiev", "own", 1), ("2", "kiev", "direct", 1),
        ("2", "the", "own", 8), ("3", "the", "own", 10), ("4", "kyiv", "own", 3), ("4", "the", "own", 7),
        ("5", "kyiv", "headline", 1), ("5", "the", "own", 9), ("6", "kiev", "own", 1), ("6", "the", "own", 9),
        ("7", "the", "own", 5), ("x", "kiev", "own", 50),
    )  # fmt: skip
    return word_counts, articles.astype({"article_id": "str", "outlet": "str"})


def outlet_without_difference(seed, articles=60, words=150):
    """Articles whose words come in bursts, and whose sides are dealt at random."""
    random = np.random.default_rng(seed)
    sizes = random.integers(200, 800, size=articles)
    share = 0.5 / np.arange(1, words + 1) / np.sum(1 / np.arange(1, words + 1))
    counts = random.poisson(random.gamma(0.7, 1 / 0.7, (articles, words)) * share * sizes[:, None])
    article, word = np.nonzero(counts)
    ids = np.array([f"{number:03}" for number in range(articles)])
    rows = pd.DataFrame({"article_id": ids[article], "word": [f"w{one}" for one in word], "voice": "own"})
    rows["n"] = counts[article, word]
    rest = pd.DataFrame({"article_id": ids, "word": "rest", "voice": "own", "n": sizes})
    sides = random.permutation(np.arange(articles) % 2)
    return pd.concat([rows, rest], ignore_index=True), pd.DataFrame({"article_id": ids, "side": sides})


def test_counts_sizes_and_frequencies_by_hand(coded):
    table = keyness(*coded, target="A", reference="B", **QUICK).set_index("word")
    assert table.columns.tolist() == COLUMNS
    kiev = table.loc["kiev"]
    assert kiev[COLUMNS[:6]].tolist() == [4, 1, 30, 30, 2, 1]
    # A: 2, 2, 0 of 4 over three parts of 10 words; all of B's in one of three.
    assert kiev["dispersion_target"] == pytest.approx((1 / 6 + 1 / 6 + 1 / 3) / 2 / (2 / 3))
    assert kiev["dispersion_reference"] == pytest.approx(1)
    for name in ("log_likelihood", "g2", "chi2", "log_ratio", "relative_risk", "fisher_p"):
        assert kiev[name] == pytest.approx(getattr(scores, name)(4, 1, 30, 30)), name
    assert kiev["lrc"] == scores.lrc(4, 1, 30, 30, tests=3)
    assert (table.attrs["n_articles"], table.attrs["n_groups"], table.attrs["tests"]) == (6, 6, 3)
    assert kiev["log_odds_z"] == pytest.approx(scores.log_odds_z(4, 1, 30, 30, prior=0.01, prior_size=0.03))


def test_the_reference_is_all_others_or_those_named(coded):
    rest = keyness(*coded, target="A", **QUICK).set_index("word")
    assert rest.loc["the", ["n_reference", "size_reference", "articles_reference"]].tolist() == [30, 35, 4]
    both = keyness(*coded, target="A", reference=["C", "B"], **QUICK)
    pd.testing.assert_frame_equal(rest.reset_index(), both, check_like=True)
    by_year = keyness(*coded, target="1", by="year", **QUICK).set_index("word")
    assert by_year.loc["kiev", ["n_target", "n_reference"]].tolist() == [2, 53]


def test_voices_words_and_thresholds(coded):
    own = keyness(*coded, target="A", voice="own", **QUICK).set_index("word")
    assert own.loc["kiev", ["n_target", "size_target"]].tolist() == [3, 29]
    chosen = keyness(*coded, target="A", words=["THE", "nowhere", "kiev"], **QUICK)
    assert chosen["word"].tolist() == ["the", "nowhere", "kiev"]
    assert chosen.loc[1, "note"] == "in neither; no score is defined"
    assert chosen.loc[1, [*SCORES, "low", "high", "p", "p_adjusted", "p_wilcoxon"]].isna().all()
    options = {**QUICK, "min_count": 5}
    assert sorted(keyness(*coded, target="A", **options)["word"]) == ["kiev", "the"]
    assert keyness(*coded, target="A", **options, min_articles=4)["word"].tolist() == ["the"]


def test_the_targets_words_come_first(coded):
    table = keyness(*coded, target="A", **QUICK)
    assert table["word"].tolist()[0] == "kiev"
    assert table["word"].tolist()[-1] == "kyiv"
    assert table["log_likelihood"].is_monotonic_decreasing


def test_what_one_article_cannot_say(coded):
    table = keyness(*coded, target="C", **QUICK).set_index("word")
    assert table.loc["the", ["low", "high", "dispersion_target"]].isna().all()
    assert "one article in target: no dispersion; one article in target: no interval" in table.loc["the", "note"]
    kept = keyness(*coded, target="A", reference="B", groups=pd.Series("g", index=list("4567")), **QUICK)
    assert kept["note"].str.contains("one copy group in reference: no interval").all()
    assert not kept["note"].str.contains("no dispersion").any()
    # "kyiv" stands in that group alone.
    assert kept.set_index("word").loc["kyiv", ["p", "p_wilcoxon"]].isna().all()
    assert "in one copy group: no interval, no test" in kept.set_index("word").loc["kyiv", "note"]


def test_no_nan_without_a_note(coded):
    for target in "ABC":
        table = keyness(*coded, target=target, **QUICK)
        lacking = table.drop(columns="note").isna().any(axis=1)
        assert table.loc[lacking, "note"].notna().all()


def test_copies_are_one_observation():
    # Ten articles of B with one text, ten of A without the word: over articles clear, over groups two observations.
    ids = [f"{number:02}" for number in range(20)]
    articles = pd.DataFrame({"article_id": ids, "outlet": ["A"] * 10 + ["B"] * 10})
    rows = [(one, "the", "own", 90 + number % 7) for number, one in enumerate(ids)]
    rows += [(one, "regime", "own", 5) for one in ids[10:]] + [("00", "regime", "own", 1)]
    options = {"target": "B", "words": ["regime"], "permutations": 999, "replicates": 200}
    apart = keyness(counts_table(*rows), articles, **options)
    together = keyness(counts_table(*rows), articles, groups=pd.Series("wire", index=ids[10:]), **options)
    assert apart.loc[0, "p"] == 2 / 1000
    assert apart.loc[0, "p_wilcoxon"] < 0.001
    # One group against ten: every eleventh permutation is as extreme, doubled.
    assert together.loc[0, "p"] == pytest.approx(2 / 11, abs=0.06)
    assert together.loc[0, "p_wilcoxon"] == pytest.approx(2 / 11, abs=0.06)
    assert np.isnan(together.loc[0, "low"])
    assert together.loc[0, "log_ratio"] == apart.loc[0, "log_ratio"]
    assert (apart.attrs["unit"], together.attrs["unit"]) == ("article", "copy group")


def test_each_level_is_each_in_turn():
    word_counts, articles = outlet_without_difference(1, articles=24, words=40)
    articles["side"] = [f"s{number % 3}" for number in range(24)]
    options = {"by": "side", "replicates": 300, "permutations": 199, "seed": 7}
    each = keyness_each(word_counts, articles, **options)
    assert each.columns.tolist() == ["target", "word", *COLUMNS]
    whole = len(each)
    assert (each.attrs["tests"], each.attrs["lrc_tests"]) == (whole, whole)
    for target, part in each.groupby("target"):
        alone = keyness(word_counts, articles, target=target, tests=whole, **options)
        kept = [column for column in alone.columns if "adjusted" not in column]
        same = part.drop(columns="target").set_index("word").loc[alone["word"]].reset_index()
        pd.testing.assert_frame_equal(same[kept], alone[kept], check_exact=True)
    assert each["p_adjusted"].to_numpy() == pytest.approx(stats.false_discovery_control(each["p"]))


def test_all_levels_against_one():
    word_counts, articles = outlet_without_difference(1, articles=24, words=40)
    articles["side"] = [f"s{number % 3}" for number in range(24)]
    options = {"by": "side", "reference": "s1", "replicates": 0, "permutations": 99, "seed": 7}
    each = keyness_each(word_counts, articles, **options)
    assert sorted(set(each["target"])) == ["s0", "s2"]
    assert (each.attrs["target"], each.attrs["reference"]) == (["s0", "s2"], "s1")
    counts = ["n_target", "n_reference", "size_target", "size_reference", "log_ratio"]
    for target, part in each.groupby("target"):
        alone = keyness(word_counts, articles, target=target, **options).set_index("word")
        pd.testing.assert_frame_equal(
            part.set_index("word")[counts].sort_index(), alone.loc[part["word"], counts].sort_index()
        )
    with pytest.raises(UserError, match="reference 'x' is no side to compare; allowed: s0, s1, s2"):
        keyness_each(word_counts, articles, by="side", reference="x")


def test_result_depends_on_the_seed_and_not_on_the_order_of_rows_or_the_size_of_parts(monkeypatch):
    word_counts, articles = outlet_without_difference(2, articles=30, words=40)
    options = {"by": "side", "target": "1", "replicates": 300, "permutations": 300}
    first = keyness(word_counts, articles, **options)
    shuffled = keyness(word_counts.sample(frac=1, random_state=1), articles.sample(frac=1, random_state=2), **options)
    pd.testing.assert_frame_equal(first, shuffled, check_exact=True)
    monkeypatch.setattr(tests_over_articles, "_WORDS", 7)
    pd.testing.assert_frame_equal(first, keyness(word_counts, articles, **options), check_exact=True)
    assert (first["p"] != keyness(word_counts, articles, **options, seed=1)["p"]).any()


def test_a_planted_difference_is_found_and_its_interval_holds_it():
    word_counts, articles = outlet_without_difference(3, articles=200)
    # The target writes these words three times as often: two more for each.
    words = [f"w{number}" for number in range(10, 18)]
    target = set(articles.loc[articles["side"] == 1, "article_id"])
    planted = word_counts["word"].isin(words) & word_counts["article_id"].isin(target)
    word_counts.loc[planted, "n"] *= 3
    table = keyness(word_counts, articles, by="side", target="1", replicates=1000, permutations=9999).set_index("word")
    rows = table.loc[words]
    # Eight intervals of 95 %: seven or eight hold it nearly always.
    assert rows["low"].lt(np.log2(3)).mul(rows["high"].gt(np.log2(3))).sum() >= 7
    assert (rows["low"] > 0).all()
    assert (rows["p_adjusted"] < 0.05).all()
    others = table.drop(index=words)
    assert (others["p_adjusted"] < 0.05).mean() < 0.05


def test_tests_over_articles_hold_their_level_and_tests_over_tokens_do_not():
    held = {"p": [], "p_wilcoxon": [], "log_likelihood": []}
    for number in range(40):
        word_counts, articles = outlet_without_difference(100 + number)
        options = {"permutations": 199, "replicates": 0, "min_articles": 15, "seed": number}
        table = keyness(word_counts, articles, by="side", target="1", **options)
        held["p"].append(table["p"] < 0.05)
        held["p_wilcoxon"].append(table["p_wilcoxon"] < 0.05)
        held["log_likelihood"].append(table["log_likelihood"].abs() > stats.chi2.isf(0.05, 1))
    share = {name: np.mean(np.concatenate(found)) for name, found in held.items()}
    assert 0.03 < share["p"] < 0.07
    assert 0.03 < share["p_wilcoxon"] < 0.07
    assert share["log_likelihood"] > 0.15


@pytest.mark.parametrize("score", tests_over_articles.RESAMPLED)
def test_every_signed_score_can_be_resampled(coded, score):
    table = keyness(*coded, target="A", reference="B", score=score, **QUICK).set_index("word")
    row = table.loc["the"]
    assert row["low"] <= row["high"]
    assert 2 / 100 <= row["p"] <= 1
    assert table.attrs["score"] == score


def test_a_corpus_as_prior_reaches_the_bootstrap(coded):
    prior = pd.Series({"the": 70, "kiev": 3, "kyiv": 2})
    options = {**QUICK, "target": "A", "reference": "B", "score": "log_odds_z"}
    table = keyness(*coded, prior=prior, **options).set_index("word")
    wanted = scores.log_odds_z(4, 1, 30, 30, prior=3, prior_size=75)
    assert table.loc["kiev", "log_odds_z"] == pytest.approx(wanted)
    assert table.loc["kiev", "low"] <= wanted <= table.loc["kiev", "high"]


def test_without_replicates_there_is_no_interval_and_no_p(coded):
    table = keyness(*coded, target="A", min_count=1, replicates=0, permutations=0)
    assert table[["low", "high", "p", "p_adjusted"]].isna().all().all()
    # Three articles against four are too few for the normal approximation.
    assert table["p_wilcoxon"].isna().all()
    assert table["note"].str.contains("fewer than 10 articles on a side: p_wilcoxon takes permutations").all()
    more = keyness(*outlet_without_difference(4), by="side", target="1", replicates=0, permutations=0)
    assert (more["p_wilcoxon"] > 0).all()
    assert more.attrs["tests"] == len(more)
    assert more["p_wilcoxon_adjusted"].to_numpy() == pytest.approx(stats.false_discovery_control(more["p_wilcoxon"]))


def test_with_few_articles_the_rank_sum_test_is_exact():
    # 4 against 5 articles of 100 words, ranks tied and untied: scipy deals the ranks out in all 126 ways.
    ids = list("abcdefghi")
    articles = pd.DataFrame({"article_id": ids, "side": ["one"] * 4 + ["two"] * 5})
    counts = [5, 7, 7, 3, 0, 1, 0, 3, 2]
    rows = [(one, "word", "own", n) for one, n in zip(ids, counts, strict=True) if n]
    rows += [(one, "rest", "own", 100 - n) for one, n in zip(ids, counts, strict=True)]
    options = {"by": "side", "target": "one", "words": ["word"], "replicates": 0, "permutations": 20_000}
    table = keyness(counts_table(*rows), articles, **options)
    ranks = stats.rankdata(counts)
    exact = stats.permutation_test(
        (ranks[:4], ranks[4:]), lambda a, b: a.sum(), permutation_type="independent", n_resamples=np.inf
    ).pvalue
    assert table.loc[0, "p_wilcoxon"] == pytest.approx(exact, abs=0.01)


def test_articles_without_words_are_no_observation(coded):
    empty = keyness(coded[0].iloc[:0], coded[1], target="A", words=["kiev"], replicates=20, permutations=20)
    assert empty.loc[0, "note"].startswith("target holds no words; reference holds no words; no score is defined")
    headline = keyness(*coded, target="B", voice="headline", **QUICK)
    assert headline.loc[0, ["n_target", "size_target", "size_reference"]].tolist() == [1, 1, 0]
    assert headline.loc[0, ["p", "p_wilcoxon", "low"]].isna().all()


@pytest.fixture
def mentions():
    rows = [
        ("1", "capital", "Kiev", "Kiev", "Kiev", "own"), ("1", "capital", "Kiev", "Kiev", "KIEV", "own"),
        ("2", "capital", "Kiev", "Kiev", "Kiev", "direct"), ("4", "capital", "Kyiv", "Kyiv", "Kyiv", "own"),
        ("6", "capital", "Kiev", "Kiev", "Kiev", "own"), ("1", "label", "plan", "peace plan*", "peace plans", "own"),
        ("2", "label", "plan", "peace plan*", "peace plan", "own"), ("x", "label", "plan", "plan", "plan", "own"),
    ]  # fmt: skip
    table = pd.DataFrame(rows, columns=["article_id", "variable", "category", "pattern", "match", "voice"])
    return table.assign(codebook="own").astype("str")


def test_categories_patterns_and_phrases(coded, mentions):
    table = keyness_of_mentions(mentions, *coded, target="A", reference="B", **QUICK)
    assert table.columns.tolist() == ["codebook", "variable", "category", *COLUMNS]
    rows = table.set_index("category")
    assert rows.loc["Kiev", COLUMNS[:6]].tolist() == [3, 1, 30, 30, 2, 1]
    assert rows.loc["plan", COLUMNS[:6]].tolist() == [2, 0, 30, 30, 2, 0]
    phrases = keyness_of_mentions(mentions, *coded, target="A", unit="match", variable="label", **QUICK)
    assert sorted(phrases["match"]) == ["peace plan", "peace plans"]
    folded = keyness_of_mentions(mentions, *coded, target="A", unit="match", variable="capital", **QUICK)
    assert folded.set_index("match").loc["kiev", "n_target"] == 3
    own = keyness_of_mentions(mentions, *coded, target="A", voice="own", **QUICK).set_index("category")
    assert own.loc["Kiev", ["n_target", "size_target"]].tolist() == [2, 29]
    assert own.attrs["voice"] == ["own"]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"target": "D"}, "target 'D' is no outlet to compare; allowed: A, B, C"),
        ({"target": "A", "reference": "A"}, "reference 'A' is no outlet to compare; allowed: B, C"),
        ({"target": "A", "by": "paper"}, "by 'paper' is no column of articles; allowed: article_id, outlet, year"),
        ({"target": "A", "score": "fisher_p"}, "score 'fisher_p' is none to resample; allowed: log_likelihood, g2"),
        ({"target": "A", "replicates": -1}, "replicates is -1; allowed: a whole number of at least 0"),
        ({"target": "A", "min_count": 0}, "min_count is 0; allowed: a whole number of at least 1"),
        ({"target": "A", "voice": "loud"}, "voice 'loud' is none; allowed: all, headline"),
        ({"target": "A", "words": ["a", "A"]}, "words: 'a' stands twice"),
        ({"target": "A", "alpha": 2}, "alpha is 2; allowed: a number between 0 and 1"),
    ],
)
def test_wrong_options_are_refused(coded, options, message):
    with pytest.raises(UserError) as raised:
        keyness(*coded, **options)
    assert message in str(raised.value)


def test_wrong_units_and_variables_are_refused(coded, mentions):
    with pytest.raises(UserError, match="unit is 'word'; allowed: category, pattern, match"):
        keyness_of_mentions(mentions, *coded, target="A", unit="word")
    with pytest.raises(UserError, match="variable 'mood' is in no codebook in use"):
        keyness_of_mentions(mentions, *coded, target="A", variable="mood")
    with pytest.raises(UserError, match="codebook 'other' has no mention; allowed: own"):
        keyness_of_mentions(mentions, *coded, target="A", codebook="other")
    with pytest.raises(UserError, match="prior is a corpus, which has words and no categories"):
        keyness_of_mentions(mentions, *coded, target="A", prior=pd.Series({"a": 1}))
    with pytest.raises(UserError, match="table word_counts has no column 'n'"):
        keyness(coded[0].drop(columns="n"), coded[1], target="A")


def test_nothing_to_compare_gives_an_empty_table(coded, mentions):
    assert keyness(*coded, target="A", min_count=1000).empty
    assert keyness(*coded, target="A", words=[]).columns.tolist() == ["word", *COLUMNS]
    none = keyness_of_mentions(mentions.iloc[:0], *coded, target="A")
    assert none.columns.tolist() == ["codebook", "variable", "category", *COLUMNS]
    with pytest.raises(UserError, match="has no reference: articles have no other outlet"):
        keyness(coded[0], coded[1].iloc[:3], target="A")
    with pytest.raises(UserError, match="articles have 1 level; allowed: a column with at least two"):
        keyness_each(coded[0], coded[1].iloc[:3])
