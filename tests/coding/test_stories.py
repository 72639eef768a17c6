"""Stories: average link against scipy's, windows, bridges, names, and mixtures of hand-made stories."""

import numpy as np
import pandas as pd
import scipy.sparse as sp
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.cluster.hierarchy import fcluster, linkage
from scipy.spatial.distance import pdist

from analysis import open_study, read
from analysis.coding import stories
from analysis.coding.leads import read_leads
from analysis.coding.stories import find_stories
from analysis.coding.vectors import Vectors
from benchmarks.alignments import mixtures, own_stories

FERRY = "A ferry sank off Bergen in heavy fog, and divers from Norway searched the wreck for sailors."
STRIKE = "Bakers in Lisbon went on strike, so that Portugal woke up without bread and queued for flour."


def table(bodies, days=None, given=None):
    """Articles of some bodies; days are dates or None, all on one day by default."""
    size = len(bodies)
    return pd.DataFrame(
        {
            "article_id": pd.array([f"{number:012x}" for number in range(size)], dtype="str"),
            "published": pd.to_datetime(pd.Series(days or ["2024-03-01"] * size)).astype("datetime64[us]"),
            "headline": pd.array([None] * size, dtype="str"),
            "deck": pd.array([None] * size, dtype="str"),
            "body": pd.array(bodies, dtype="str"),
            "story": pd.array(given or [None] * size, dtype="str"),
        }
    )


def groups(found):
    """The stories as sets of places."""
    return {frozenset(int(name, 16) for name in rows.index) for _, rows in found.groupby(found)}


def partition(labels):
    """Places by label."""
    return {frozenset(np.flatnonzero(labels == label).tolist()) for label in np.unique(labels)}


def put_by(rows):
    """As vectors in files; they come in two parts."""
    rows = sp.csr_array(rows)
    return Vectors.put_by([rows[:1], rows[1:]], rows.shape, most=rows.shape[1])


def test_vectors_come_back_from_their_files_and_as_often_as_they_are_let_go():
    rows = np.random.default_rng(3).random((50, 7)).round()
    for one in (rows, np.zeros((3, 2)), np.zeros((1, 0))):
        vectors = put_by(one)
        for _ in range(2):
            assert vectors.rows.toarray().tolist() == one.tolist()
            vectors.let_go()
    assert [len(file) for file in put_by(rows).files] == [4 * int(rows.sum()), 8 * int(rows.sum())]


def test_reports_of_one_event_are_a_story():
    found = find_stories(table([FERRY, STRIKE, FERRY.replace("sank", "went down"), STRIKE.replace("woke", "rose")]))
    assert groups(found) == {frozenset({0, 2}), frozenset({1, 3})}
    assert found.index.name == "article_id"
    assert found.name == "story"
    assert found.dtype == "str"


@given(st.integers(0, 10_000), st.integers(2, 24), st.floats(0.1, 0.9))
@settings(max_examples=60, deadline=None)
def test_groups_are_those_of_average_link(seed, size, threshold):
    """All on one day, with all pairs at hand: as scipy cuts its tree of average distances."""
    rows = np.random.default_rng(seed).random((size, 6)) ** 3
    rows /= np.linalg.norm(rows, axis=1)[:, None]
    vectors = put_by(rows)
    pairs = stories._pairs(vectors, np.zeros(size, np.int64), 3, threshold)
    ours = stories._join(vectors, pairs, np.arange(size), threshold)
    tree = linkage(pdist(rows, "cosine"), "average")
    assert partition(ours) == partition(fcluster(tree, 1 - threshold, "distance"))


def test_pairs_are_the_nearest_in_the_window(monkeypatch):
    """Undated articles (a missing day) are paired with all, dated ones with the dated ones of their window."""
    random = np.random.default_rng(7)
    rows = random.random((60, 5))
    rows /= np.linalg.norm(rows, axis=1)[:, None]
    days = [None if number in (3, 30) else day for number, day in enumerate(random.integers(0, 20, 60).tolist())]
    monkeypatch.setattr(stories, "_ROWS", 7)
    monkeypatch.setattr(stories, "NEAREST", 4)
    wanted = set()
    for one in range(60):
        alike = {}
        for other in range(60):
            near = days[one] is None or (days[other] is not None and abs(days[one] - days[other]) <= 2)
            if near and other != one and rows[one] @ rows[other] >= 0.5:
                alike[other] = rows[one] @ rows[other]
        wanted |= {tuple(sorted((one, other))) for other in sorted(alike, key=alike.get)[-4:]}
    numbers = np.array([stories._UNDATED if day is None else day for day in days])
    found = stories._pairs(put_by(rows), numbers, 2, 0.5)
    assert set(map(tuple, found.tolist())) == wanted


def test_stories_of_the_manifest_are_kept():
    found = find_stories(table([FERRY, FERRY, FERRY, STRIKE], given=["wreck", None, None, "wreck"]))
    assert found.iloc[[0, 3]].tolist() == ["wreck", "wreck"]
    assert found.iloc[1] == found.iloc[2] != "wreck"


def test_the_same_words_later_are_another_story():
    days = ["2024-03-01", "2024-03-04", "2024-03-08"]
    assert groups(find_stories(table([FERRY] * 3, days))) == {frozenset({0, 1}), frozenset({2})}
    assert groups(find_stories(table([FERRY] * 3, days), window=4)) == {frozenset({0, 1, 2})}


def test_a_week_of_reports_holds_together():
    """Each within the window of the next."""
    days = [f"2024-03-{day:02}" for day in range(1, 20, 2)]
    assert len(groups(find_stories(table([FERRY] * 10, days)))) == 1


def test_undated_articles_go_by_words():
    found = find_stories(table([FERRY, STRIKE, FERRY], ["2024-03-01", "2024-06-01", None]))
    assert groups(found) == {frozenset({0, 2}), frozenset({1})}
    assert find_stories(table([FERRY], [None])).iloc[0].startswith("undated ")


def test_pairs_are_those_of_the_whole_table_of_similarities(monkeypatch):
    """Against a dense table, with articles without a date, and a few articles at a time."""
    monkeypatch.setattr(stories, "_ROWS", 7)
    monkeypatch.setattr(stories, "NEAREST", 4)
    random = np.random.default_rng(5)
    rows = stories._normalised(sp.csr_array(np.round(random.random((60, 9)) * (random.random((60, 9)) < 0.5), 1)))
    day = np.where(random.random(60) < 0.1, stories._UNDATED, random.integers(0, 20, 60))
    alike, undated = (rows @ rows.T).toarray(), day == stories._UNDATED
    near = np.abs(np.subtract.outer(day, day)) <= 3
    near &= ~undated[None, :]
    near[undated] = True
    order = np.lexsort((np.arange(60), day))  # of equally similar ones the first by day
    expected = set()
    for one in range(60):
        others = [other for other in order if other != one and near[one, other] and alike[one, other] >= 0.4]
        nearest = sorted(others, key=lambda other, one=one: -alike[one, other])[:4]
        expected |= {(min(one, other), max(one, other)) for other in nearest}
    assert set(map(tuple, stories._pairs(put_by(rows), day, 3, 0.4).tolist())) == expected
    assert len(expected) > 60


def test_a_round_up_joins_no_stories():
    """It is alike enough to both to join them by single link; the mean over all pairs keeps them apart."""
    wreck = [FERRY.replace("heavy", word) for word in ("heavy", "thick", "dense", "sudden", "freezing", "yellow")]
    bread = [STRIKE.replace("flour", word) for word in ("flour", "rolls", "cakes", "pastry", "yeast", "buns")]
    articles = table([*wreck, *bread, f"{FERRY} {STRIKE}"])
    vectors = stories._vectors([read_leads(articles)])[0].rows
    assert (vectors @ vectors.T).toarray()[12].min() > stories.THRESHOLD
    found = {group - {12} for group in groups(find_stories(articles))} - {frozenset()}
    assert found == {frozenset(range(6)), frozenset(range(6, 12))}


def test_copies_are_of_one_story():
    """Also where a window lies between them; a long text that holds a short one is no copy back."""
    articles = table([FERRY, FERRY, STRIKE], ["2024-03-01", "2024-05-01", "2024-05-01"])
    rows = [("000000000000", "000000000001", 0.9, 0.4), ("000000000001", "000000000002", 0.9, 0.1)]
    copies = pd.DataFrame(rows, columns=["article_a", "article_b", "containment_a", "containment_b"])
    assert groups(find_stories(articles, copies=copies)) == {frozenset({0, 1}), frozenset({2})}
    assert len(groups(find_stories(articles, copies=copies[:0]))) == 3
    strange = copies.assign(article_b="ffffffffffff")
    assert len(groups(find_stories(articles, copies=strange))) == 3


def test_names_say_when_and_what():
    found = find_stories(table([FERRY, FERRY, STRIKE, "…"], ["2024-03-02", "2024-03-01", "2024-03-01", "2024-03-01"]))
    assert found.iloc[0] == found.iloc[1]
    assert found.iloc[0].startswith("2024-03-01 ")
    assert {"bergen", "norway"} <= set(found.iloc[0].split())
    assert {"lisbon", "bread"} <= set(found.iloc[2].split())
    assert found.iloc[3] == "2024-03-01 000000000003"


def test_a_name_says_a_word_once_where_it_tells_most():
    """*Truce* stands for its group, which tells most, and for itself, which tells less."""
    name = find_stories(table(["Truce truce truce near the mill."])).iloc[0]
    assert name.split()[1] == "truce" and name.split().count("truce") == 1


def test_names_are_unique():
    """Three stories of the same words and day, apart by threshold, and one so called by the manifest."""
    name = find_stories(table([FERRY])).iloc[0]
    found = find_stories(table([FERRY] * 4, given=[None, None, None, name]), threshold=1.1)
    assert found.nunique() == 4
    assert found.iloc[3] == name


def test_order_does_not_matter():
    bodies = [FERRY, STRIKE, f"{FERRY} {STRIKE}", FERRY[:50], STRIKE[:60], "Rain fell on Bergen."]
    articles = table(bodies)
    there = find_stories(articles)
    back = find_stories(articles[::-1].reset_index(drop=True))
    pd.testing.assert_series_equal(there, back[::-1])
    pd.testing.assert_series_equal(there, find_stories(articles))


@given(st.lists(st.one_of(st.none(), st.text(max_size=30)), max_size=5))
@settings(max_examples=50, deadline=None)
def test_any_text_goes_through(bodies):
    found = find_stories(table(bodies))
    assert len(found) == len(bodies)
    assert found.notna().all()


def test_nothing_gives_nothing():
    assert find_stories(table([])).empty
    everything = table([FERRY, STRIKE], given=["one", "two"])
    assert find_stories(everything).tolist() == ["one", "two"]


def test_hand_made_mixtures_come_apart():
    """24 stories told on one day, and one article of each, on one day and over months."""
    studies = mixtures(own_stories())
    for articles, true in studies.values():
        found = find_stories(articles.assign(story=pd.array([None] * len(articles), dtype="str")))
        assert partition(found.to_numpy(dtype=object)) == partition(true)


def test_demo_keeps_moments_together():
    """The five moments are days of one event: no moment before the look-backs is torn."""
    articles = read(open_study("demo"))["articles"]
    found = find_stories(articles.assign(story=pd.array([None] * len(articles), dtype="str")))
    offers = found[(articles["published"] < "2024-06-15").to_numpy()]
    assert len(set(offers)) == 1
    assert found.nunique() <= 8


def test_pages_about_one_speech_are_one_story(shared, tmp_path):
    for name in ("articles", "articles.csv", "study.yml"):
        (tmp_path / name).symlink_to(shared / "seeds" / name)
    articles = read(open_study(tmp_path))["articles"]
    assert len(set(find_stories(articles))) == 1


def test_leads_read_apart_give_the_same_to_the_last_bit():
    bodies = [FERRY, STRIKE, FERRY.replace("sank", "went down"), "Kyiv’s Kiev, U.S. and us; ten-year US runs. " * 3]
    articles = table(bodies)
    whole, words = stories._vectors([read_leads(articles)])
    for cut in (1, 2, 3):
        parts = [articles[:cut], articles[cut:].reset_index(drop=True)]
        vectors, shown = stories._vectors([read_leads(part) for part in parts])
        assert shown.equals(words)
        assert (vectors.rows != whole.rows).nnz == 0
