"""Alignment: measures against hand counts and a slow twin, what makes pairs likelier, and hand-aligned stories."""

import math
from collections import defaultdict
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rapidfuzz import fuzz

from analysis import open_study, read, tables
from analysis.coding import alignment
from analysis.coding.alignment import THRESHOLD, align_sentences, candidates, rows_of
from analysis.coding.propositions import realign
from analysis.coding.similarity import COEFFICIENTS, INTERCEPT, MEASURES, bags, measures
from analysis.coding.variants import forms
from benchmarks.alignments import (
    PAIR,
    Story,
    coded_sentences,
    demo_stories,
    gold,
    judged,
    own_stories,
    precision_and_f1,
)


def study(*reports, story="s", before=""):
    """Articles and sentences of reports, each a list of sentences; ``before`` stands before each body's first."""
    articles, sentences = [], []
    for number, report in enumerate(reports):
        name, body = f"{number:012x}", before
        for place, text in enumerate(report):
            sentences.append((name, place, len(body), len(body) + len(text)))
            body += text + " "
        articles.append((name, body, story))
    return (
        pd.DataFrame(articles, columns=["article_id", "body", "story"]).astype("str"),
        pd.DataFrame(sentences, columns=["article_id", "sentence", "start", "end"]).astype({"article_id": "str"}),
    )


def table_of(*reports, **options):
    """The alignments of reports, by sentence of each report: {(report, sentence, report, sentence): similarity}."""
    pairs = align_sentences(*study(*reports), **options)
    return {(int(row[0], 16), row[1], int(row[2], 16), row[3]): row[4] for row in pairs.itertuples(index=False)}


def measured(*reports):
    """Sets, rows of pairs and measures of reports of one story."""
    articles, sentences = study(*reports)
    sets = bags(articles["body"].tolist(), rows_of(articles, sentences), np.zeros(len(reports), np.int64))
    left, right = candidates(sets)
    return sets, left, right, measures(sets, left, right)


RIVER = ["The river burst its banks near Tarnow on Monday.", "Nobody had cleaned the ditches.", "Cows stood on roofs."]


def test_measures_by_hand():
    """Two sentences of three words, two of them shared: a shared word weighs ln(22/3), a lone one ln(22/2)."""
    *_, table = measured(["Purple gnomes yodelled."], ["Purple gnomes snored."])
    shared, lone = math.log(22 / 3), math.log(22 / 2)
    row = table.iloc[0]
    assert row["overlap"] == pytest.approx(2 * shared / (2 * shared + lone))
    assert row["cosine"] == pytest.approx(2 * shared**2 / (2 * shared**2 + lone**2))
    assert row["words"] == pytest.approx(math.log(1 + 2 * shared))
    assert row["beaten"] == pytest.approx(-row["overlap"])
    assert row[["names", "numbers", "order", "course", "third"]].tolist() == [0] * 5
    assert row["first"] == 1
    linear = sum(row[name] * weight for name, weight in zip(MEASURES, COEFFICIENTS, strict=True)) + INTERCEPT
    found = table_of(["Purple gnomes yodelled."], ["Purple gnomes snored."])
    assert found == {(0, 0, 1, 0): pytest.approx(1 / (1 + math.exp(-linear)), abs=5e-5)}


def test_names_and_numbers_are_measured_apart():
    """A name weighs 1.3 times, a number twice; in one sentence each, df 2 of 2."""
    *_, table = measured(["We saw Wurzel eat 41 plums."], ["The plums, 41, were for Wurzel."])
    weight = math.log(22 / 3)
    assert table.loc[0, "names"] == pytest.approx(math.log(1 + 1.3 * weight))
    assert table.loc[0, "numbers"] == pytest.approx(math.log(1 + 2 * weight))
    assert table.loc[0, "words"] == pytest.approx(math.log(1 + weight))


def test_first_parts_of_a_name_count_less():
    """Given name and surname: .3 and 1 of the weight of a name."""
    *_, table = measured(["They met Otto Wurzel."], ["So Otto Wurzel stayed."])
    assert table.loc[0, "names"] == pytest.approx(math.log(1 + 1.3 * 1.3 * math.log(22 / 3)))


def slow_measures(sets, left, right):
    """The measures of pairs once more, by sets and loops."""
    bag = [
        dict(zip(sets.columns[a:b].tolist(), sets.shares[a:b].tolist(), strict=True)) for a, b in pairwise(sets.bounds)
    ]
    weight, kind, article = sets.weights, sets.kinds, sets.article
    total = [sum(weight[form] * share for form, share in one.items()) for one in bag]
    overlap = {}
    for i, j in zip(left.tolist(), right.tolist(), strict=True):
        common = sum(weight[form] * min(bag[i][form], bag[j][form]) for form in bag[i].keys() & bag[j].keys())
        overlap[i, j] = overlap[j, i] = 2 * common / (total[i] + total[j])
    rows = []
    for i, j in zip(left.tolist(), right.tolist(), strict=True):
        shared = [0.0, 0.0, 0.0]
        for form in bag[i].keys() & bag[j].keys():
            shared[kind[form]] += weight[form] * min(bag[i][form], bag[j][form])
        dot = sum((weight[form]) ** 2 * bag[i][form] * bag[j][form] for form in bag[i].keys() & bag[j].keys())
        length = [math.sqrt(sum((weight[form] * share) ** 2 for form, share in bag[row].items())) for row in (i, j)]

        def at(a, b, i=i, j=j):
            inside = 0 <= i + a < len(article) and 0 <= j + b < len(article)
            same = inside and article[i + a] == article[i] and article[j + b] == article[j]
            return overlap.get((i + a, j + b), 0.0) if same else 0.0

        others = [overlap.get((i, k), 0.0) for k in range(len(article)) if article[k] == article[j] and k != j]
        others += [overlap.get((k, j), 0.0) for k in range(len(article)) if article[k] == article[i] and k != i]
        thirds = [min(overlap.get((i, k), 0.0), overlap.get((k, j), 0.0)) for k in range(len(article))]
        rows.append(
            {
                "cosine": dot / (length[0] * length[1]),
                **{name: math.log(1 + value) for name, value in zip(MEASURES[1:4], shared, strict=True)},
                "fuzzy": fuzz.token_set_ratio(sets.texts[i], sets.texts[j]) / 100,
                "first": float(sets.sentence[i] == 0 and sets.sentence[j] == 0),
                "order": max(at(-1, -1), at(1, 1)),
                "course": sum(
                    max(at(step, step), at(step, step + turn), at(step + turn, step))
                    for step, turn in ((-3, -1), (-2, -1), (-1, -1), (1, 1), (2, 1), (3, 1))
                )
                / 6,
                "beaten": max(others, default=0.0) - overlap[i, j],
                "third": max((value for value in thirds if value >= 0.1), default=0.0),
                "overlap": overlap[i, j],
            }
        )
    return pd.DataFrame(rows)


WORDS = "Wurzel Otto 7 12 plums gnomes river red Kiev truce walks he its the sank of"
reports = st.lists(
    st.lists(st.lists(st.sampled_from(WORDS.split()), min_size=1, max_size=6).map(" ".join), min_size=1, max_size=5),
    min_size=2,
    max_size=4,
)


@given(reports)
@settings(max_examples=40, deadline=None)
def test_measures_equal_the_slow_ones(texts):
    sets, left, right, table = measured(*texts)
    assert (sets.article[left] < sets.article[right]).all()
    if len(left):
        pd.testing.assert_frame_equal(table, slow_measures(sets, left, right)[list(table.columns)])
    sizes = np.diff(sets.bounds)
    every = {
        (i, j)
        for i in range(len(sizes))
        for j in range(len(sizes))
        if sets.article[i] < sets.article[j]
        and set(sets.columns[slice(*sets.bounds[i : i + 2])]) & set(sets.columns[slice(*sets.bounds[j : j + 2])])
    }
    assert set(zip(left.tolist(), right.tolist(), strict=True)) == every


def test_identical_sentences_are_aligned_and_strangers_are_no_candidates():
    found = table_of(RIVER, ["A choir sang in Porto.", RIVER[0], "Who slept?"])
    assert set(found) == {(0, 0, 1, 1)}
    assert found[0, 0, 1, 1] >= THRESHOLD


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Six ferries sank off Bergen, killing 40 sailors.", "Forty seamen died when 6 vessels went down near Bergen."),
        ("The U.S. withdrew its troops from Kiev.", "American soldiers have been pulled out of Kyiv."),
        ("Colombo rejected the cease-fire on Friday.", "The truce was turned down by Colombo."),
        ("Defence minister Ola Brekke resigned over the labour deal.", "Brekke quit as defense secretary over labor."),
    ],
)
def test_rewordings_beat_near_misses(one, other):
    """The rewording of a sentence is likelier than other words about the same place or person."""
    miss = "Bergen and Colombo, Kiev and Brekke were quiet."
    found = table_of([one, RIVER[1]], [other, RIVER[2]], [miss, "So it was."])
    assert found[0, 0, 1, 0] > 2 * found.get((0, 0, 2, 0), 0.0)


@pytest.mark.parametrize(
    "words",
    [
        "Kyiv Kiev",
        "cease-fire ceasefire truce",
        "U.S. US American",
        "six 6",
        "700,000 700000",
        "defence defense",
        "organise organize organised",
        "withdrew withdraw withdrawal pullout",
        "Zelensky Zelenskyy",
        "travelled traveled",
    ],
)
def test_variants_have_a_form_in_common(words):
    shared = set.intersection(*({form for form, _ in forms(word)} for word in words.split()))
    assert shared


def test_case_tells_names_from_words():
    assert forms("Polish") == (("@poland", 1.0),)
    assert forms("polish") != forms("Polish")
    assert forms("US") == (("@us", 1.0),)
    assert forms("us") == ()


def test_a_better_partner_takes_a_pair_down():
    """The same near miss is less likely where one of its sentences has its double in the other article."""
    near = "The river burst its banks near Olsztyn in May."
    alone = table_of(RIVER, [near, "It was late."])
    beside = table_of(RIVER, [near, "It was late.", RIVER[0]])
    assert beside[0, 0, 1, 0] < alone[0, 0, 1, 0]
    assert beside[0, 0, 1, 2] > beside[0, 0, 1, 0]


def test_neighbours_and_third_reports_support_a_pair():
    rough = ["Cattle climbed onto roofs.", "Water from the river came to Tarnow."]
    alone = table_of(["Unheard of.", RIVER[0]], ["It was late.", rough[1]])
    between = table_of(["Cows stood on roofs.", RIVER[0]], [rough[0], rough[1]])
    assert between[0, 1, 1, 1] > alone[0, 1, 1, 1]
    link = "The river came to Tarnow when it burst its banks."
    third = table_of(["Unheard of.", RIVER[0]], ["It was late.", rough[1]], [link])
    assert third[0, 1, 1, 1] > alone[0, 1, 1, 1]


def test_speakers_and_pronouns_are_lent_names():
    articles, sentences = study(["He will not come back."], ["Wurzel is coming back."])
    said = sentences.assign(speaker=pd.array(["Wurzel", None], dtype="str"))
    plain, lent = (align_sentences(articles, table)["similarity"][0] for table in (sentences, said))
    assert lent > plain
    before = [["We met Wurzel.", "He lost a boot."], ["Rain fell.", "Old Wurzel lost a boot."]]
    after = [["We met Wurzel.", "Who lost a boot?"], before[1]]
    assert table_of(*before)[0, 1, 1, 1] > table_of(*after)[0, 1, 1, 1]


def test_only_articles_of_one_story_are_compared():
    articles, sentences = study(RIVER, RIVER, RIVER, RIVER, RIVER)
    articles["story"] = pd.array(["one", "two", "one", None, None], dtype="str")
    found = align_sentences(articles, sentences)
    assert set(zip(found["article_a"], found["article_b"], strict=True)) == {(f"{0:012x}", f"{2:012x}")}


@given(reports, st.floats(0, 1))
@settings(max_examples=25, deadline=None)
def test_threshold_and_groups(texts, threshold):
    found = align_sentences(*study(*texts), threshold=threshold)
    assert found["aligned"].tolist() == (found["similarity"] >= threshold).tolist()
    assert found.loc[found["proposition"].notna(), "aligned"].all()
    if threshold > 0:
        pd.testing.assert_frame_equal(realign(found, threshold=threshold), found)


@given(reports)
@settings(max_examples=20, deadline=None)
def test_turning_the_articles_turns_the_columns(texts):
    articles, sentences = study(*texts)
    there = align_sentences(articles, sentences)
    back = align_sentences(articles[::-1].reset_index(drop=True), sentences)
    turned = back.rename(
        columns={f"{name}_{a}": f"{name}_{b}" for name in ("article", "sentence") for a, b in ("ab", "ba")}
    )
    columns = [*PAIR, "similarity", "aligned"]
    pd.testing.assert_frame_equal(
        there[columns], turned[columns].sort_values(PAIR, ignore_index=True), check_dtype=True, check_exact=True
    )


def test_rows_are_in_order_and_inputs_stay():
    articles, sentences = study(RIVER, RIVER[::-1], RIVER[1:])
    kept = articles.copy(), sentences.copy()
    found = align_sentences(articles, sentences.sample(frac=1, random_state=1))
    assert found[PAIR].equals(found[PAIR].sort_values(PAIR, ignore_index=True))
    pd.testing.assert_frame_equal(articles, kept[0])
    pd.testing.assert_frame_equal(sentences, kept[1])
    pd.testing.assert_frame_equal(found, align_sentences(articles, sentences))


def test_what_stands_before_the_sentences_is_nothing_to_them():
    shifted = study(RIVER, RIVER[::-1], before="Wurzel 7 «\u2028» 🦔 ")
    pd.testing.assert_frame_equal(align_sentences(*shifted), align_sentences(*study(RIVER, RIVER[::-1])))


def test_stories_are_apart_from_each_other():
    """Another story changes nothing."""
    articles, sentences = study(RIVER, RIVER[::-1], RIVER[:2], RIVER[1:])
    articles["story"] = ["one", "two", "one", "two"]
    both = align_sentences(articles, sentences)
    one = align_sentences(articles[articles["story"] == "one"], sentences)
    inside = both[both["article_a"].isin(one["article_a"])].reset_index(drop=True)
    columns = [*PAIR, "similarity", "aligned"]
    pd.testing.assert_frame_equal(inside[columns], one[columns])


def test_large_stories_keep_the_best(monkeypatch):
    reports = [[f"Gnome {number} met Wurzel in Tarnow.", "Plums fell."] for number in range(12)]
    every = align_sentences(*study(*reports))
    monkeypatch.setattr(alignment, "COMMON", 1.0)
    few = align_sentences(*study(*reports), whole=5, most=2)
    degree = defaultdict(int)
    for row in few.itertuples():
        degree[row.article_a, row.sentence_a] += 1
        degree[row.article_b, row.sentence_b] += 1
    assert len(degree) == 24
    assert min(degree.values()) >= 2
    assert len(few) <= 2 * 24 < len(every)
    assert set(few[PAIR].itertuples(index=False, name=None)) <= set(every[PAIR].itertuples(index=False, name=None))


@given(st.lists(st.text(max_size=40), min_size=2, max_size=4))
@settings(max_examples=40, deadline=None)
def test_any_text_goes_through(texts):
    found = align_sentences(*study(*([text] for text in texts)))
    assert found["similarity"].between(0, 1).all()
    pd.testing.assert_frame_equal(found, tables.validate("alignments", found))


def test_nothing_gives_an_empty_table():
    articles, sentences = study(RIVER, RIVER)
    nothing = tables.empty("alignments")
    pd.testing.assert_frame_equal(align_sentences(articles[:0], sentences), nothing)
    pd.testing.assert_frame_equal(align_sentences(articles[:1], sentences), nothing)
    pd.testing.assert_frame_equal(align_sentences(articles, sentences[:0]), nothing)
    blank = align_sentences(*study(["…"], ["— !"]))
    pd.testing.assert_frame_equal(blank, nothing)
    missing = articles.assign(body=pd.array([None, None], dtype="str"))
    pd.testing.assert_frame_equal(align_sentences(missing, sentences), nothing)


def scored(stories):
    """Average precision and F1 at the default threshold over stories."""
    table = pd.concat([judged(story, align_sentences(story.articles, story.sentences)) for story in stories])
    return precision_and_f1(table["true"].to_numpy(), table["similarity"].to_numpy(), THRESHOLD)


def test_hand_aligned_demo():
    """Floors under what the shipped weights reach where they were fitted; benchmarks/alignments.md has the rest."""
    precision, f1 = scored(demo_stories())
    assert precision >= 0.78
    assert f1 >= 0.66


def test_hand_aligned_own_stories():
    precision, f1 = scored(own_stories())
    assert precision >= 0.93
    assert f1 >= 0.80


def test_hand_aligned_pages(shared, request, tmp_path):
    """The five real pages; the hand alignment keeps numbers, no words.

    No weight was fitted on them, but they are no clean test any more: they had been scored, at several thresholds, when
    the measure was finished and the default threshold settled.
    """
    for name in ("articles", "articles.csv", "study.yml"):
        (tmp_path / name).symlink_to(shared / "seeds" / name)
    articles = read(open_study(tmp_path))["articles"].assign(story="speech")
    sentences = coded_sentences(articles, ("reporting-verbs", "actors"))
    pages = Story("pages", articles, sentences, *gold(request.path.with_name("seed_alignments.yml"), articles))
    precision, f1 = scored([pages])
    assert precision >= 0.85
    assert f1 >= 0.75
