"""Text reuse: containment and runs by hand and with Python sets, candidates against all pairs, groups and roles."""

import random
from difflib import SequenceMatcher
from itertools import combinations

import numpy as np
import pandas as pd
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis import engine, open_study, read, tables
from analysis.coding import reuse, shingles
from analysis.coding.reuse import copy_groups, find_copies, find_passages
from analysis.coding.tokens import tokenise
from analysis.study import PACKAGE, UserError


def table(*bodies, **columns):
    """An *articles* table; columns are lists, missing ones empty."""
    n = len(bodies)
    text = {name: columns.get(name, [None] * n) for name in ("agency", "credit")}
    text["outlet"] = columns.get("outlet", [f"Outlet {number}" for number in range(n)])
    text["article_id"] = columns.get("article_id", [f"{number:012x}" for number in range(n)])
    made = {name: pd.array(values, dtype="str") for name, values in {**text, "body": list(bodies)}.items()}
    published = pd.to_datetime(pd.Series(columns.get("published", [None] * n), dtype="object"), format="ISO8601")
    n_words = np.diff(tokenise(list(bodies)).bounds)
    return pd.DataFrame({**made, "published": published.astype("datetime64[us]"), "n_words": n_words})


def words(body):
    """The folded words of a body, by the engine's rules."""
    tokens = tokenise([body])
    return [tokens.folded[fold] for fold in tokens.fold_of[tokens.types]]


def counted(a, b, size=5):
    """Containments, shared shingles and the longest shared run of two bodies, with sets and difflib."""
    one, other = words(a), words(b)
    sets = [{tuple(text[at : at + size]) for at in range(len(text) - size + 1)} for text in (one, other)]
    shared = len(sets[0] & sets[1])
    match = SequenceMatcher(None, one, other, autojunk=False).find_longest_match()
    return (*(shared / len(own) if own else float("nan") for own in sets), shared, match.size, match.a, match.b)


def prose(order, n, *, types=300):
    """``n`` words of a small vocabulary, with stops and paragraphs."""
    return "".join(
        f"w{int(types * order.random() ** 2)}{order.choice([' ', ' ', ' ', ', ', '. ', chr(10) * 2])}" for _ in range(n)
    )


def reworked(order, body, rate):
    """A body with a share of its words replaced."""
    return " ".join(f"new{order.random()}" if order.random() < rate else word for word in body.split())


@pytest.fixture(scope="module")
def corpus():
    """400 bodies of 20 to 400 words; every fourth is an earlier one: reworked, cut to a brief, or inside another."""
    order = random.Random(7)
    bodies = []
    for number in range(400):
        body = prose(order, order.randint(20, 400))
        if number > 10 and number % 4 == 0:
            body = reworked(order, order.choice(bodies), order.choice([0, 0.03, 0.08]))
            if number % 8 == 0:
                body = " ".join(body.split()[:60])
            elif number % 12 == 0:
                body = prose(order, 150) + body + " " + prose(order, 150)
        bodies.append(body)
    return table(*bodies)


@pytest.fixture(scope="module")
def exact(corpus):
    """All pairs of the corpus compared."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(reuse, "EVERY_PAIR", 10_000)
        return find_copies(corpus)


@pytest.fixture
def large(monkeypatch):
    """Any number of articles goes the way of a large corpus."""
    monkeypatch.setattr(reuse, "EVERY_PAIR", 0)


def test_containment_both_ways_and_the_longest_run():
    copies = find_copies(
        table("One two three four five six seven", "Zero. ONE two three, four\n\nfive six nine ten eleven")
    )
    # Shingles: 3 and 6; one…five and two…six are shared.
    assert copies.iloc[0].to_dict() == {
        "article_a": "000000000000",
        "article_b": "000000000001",
        "containment_a": 2 / 3,
        "containment_b": 2 / 6,
        "shared_shingles": 2,
        "longest_shared_run": 6,
        "start_a": 0,
        "end_a": len("One two three four five six"),
        "start_b": len("Zero. "),
        "end_b": len("Zero. ONE two three, four\n\nfive six"),
    }
    assert len(copies) == 1


def test_a_brief_inside_a_long_report_is_found_and_the_report_is_not_its_copy():
    brief = "The council met on Monday and closed the bridge"
    copies = find_copies(table("Nothing of it here at all today " * 9 + brief + " for good" * 20, brief))
    assert copies["containment_b"].tolist() == [1.0]
    assert copies["containment_a"][0] < 0.3
    assert copies["longest_shared_run"].tolist() == [9]


def test_repeated_shingles_count_once():
    # a b c d e, b c d e a, c d e a b, d e a b c, e a b c d: five different ones of six.
    copies = find_copies(table("a b c d e a b c d e", "a b c d e z"))
    assert copies[["containment_a", "containment_b", "shared_shingles"]].to_numpy().tolist() == [[1 / 5, 1 / 2, 1]]


def test_words_are_folded_and_offsets_index_each_body():
    bodies = ["He said: “Don’t CLOSE the Café — ever”", "don't close the cafe\u0301 ever, he said"]
    found = find_copies(table(*bodies)).iloc[0]
    assert bodies[0][found.start_a : found.end_a] == "Don’t CLOSE the Café — ever"
    assert bodies[1][found.start_b : found.end_b] == "don't close the cafe\u0301 ever"


def test_of_longest_runs_of_one_length_the_first_in_a_then_in_b():
    found = find_copies(table("p q r s t u . k l m n o", "k l m n o 1 p q r s t 2 p q r s t"), shingle=5).iloc[0]
    assert (found.start_a, found.start_b, found.longest_shared_run) == (0, len("k l m n o 1 "), 5)


@pytest.mark.parametrize("size", [1, 2, 5])
def test_every_pair_equals_sets_and_difflib(size):
    order = random.Random(3)
    bodies = [" ".join(order.choices("abcd", k=order.randint(0, 30))) for _ in range(20)]
    articles = table(*bodies)
    copies = find_copies(articles, shingle=size, least=0.01).set_index(["article_a", "article_b"])
    starts = [tokenise([body]).starts for body in bodies]
    expected = {}
    for a, b in combinations(range(20), 2):
        one, other, shared, longest, at_a, at_b = counted(bodies[a], bodies[b], size)
        if shared:
            expected[articles["article_id"][a], articles["article_id"][b]] = (
                *(one, other, shared, longest),
                *(starts[a][at_a], starts[b][at_b]),
            )
    columns = ["containment_a", "containment_b", "shared_shingles", "longest_shared_run", "start_a", "start_b"]
    assert {pair: tuple(row) for pair, row in zip(copies.index, copies[columns].to_numpy(), strict=True)} == expected


def test_pairs_below_least_are_left_out():
    articles = table("a b c d e f g h i j", "a b c d e v w x y z")  # one of six
    assert len(find_copies(articles, least=1 / 6)) == 1
    assert find_copies(articles, least=0.17).empty


@pytest.mark.parametrize(("window", "limit"), [(1, 0), (3, 0.1), (16, 0.2)])
def test_candidates_find_what_all_pairs_hold(corpus, exact, large, monkeypatch, window, limit):
    monkeypatch.setattr(shingles, "choose_window", lambda words: window)
    found = find_copies(corpus)
    both = found.merge(exact, how="outer", indicator=True)
    assert len(exact) > 100
    assert not (both["_merge"] == "left_only").any()
    missed = both[both["_merge"] == "right_only"][["containment_a", "containment_b"]].max(axis=1)
    assert (missed < limit).all()


def test_a_stock_phrase_makes_no_candidates_and_a_rare_one_or_several_do():
    """Of 130 texts all hold one phrase, the last 110 two further ones, and the first ten one that nobody else has."""
    holders = [range(130), range(20, 130), range(20, 130), range(10)]
    assert [len(texts) > shingles.COMMON for texts in holders] == [True, True, True, False]
    keys = [np.uint64((number + 1) << 40 | text) for number, texts in enumerate(holders) for text in texts]
    keys, counts = np.array(sorted(keys, key=lambda key: key & np.uint64(255))), np.full(130, 200)
    found = shingles.candidates(keys.copy(), counts, window=16, least=0.05)
    assert set(map(tuple, found.tolist())) == {*combinations(range(10), 2), *combinations(range(20, 130), 2)}
    # A brief that stands in a hundred long texts may meet each of them but once.
    brief = np.where(np.arange(130) == 15, 20, counts)
    more = shingles.candidates(keys.copy(), brief, window=16, least=0.05)
    assert set(map(tuple, more.tolist())) - set(map(tuple, found.tolist())) == {
        (min(15, other), max(15, other)) for other in range(130) if other != 15
    }
    # Where every shingle is a fingerprint a meeting is what it is, and none is left out.
    assert len(shingles.candidates(keys, counts, window=1, least=0.005)) == 130 * 129 / 2


def test_groups_stay_whole_where_lists_are_too_long(corpus, exact, large, monkeypatch):
    monkeypatch.setattr(shingles, "MEETINGS", 0)
    whole = copy_groups(corpus, exact)
    assert copy_groups(corpus, find_copies(corpus))["copy_group"].tolist() == whole["copy_group"].tolist()
    assert (whole["role"] == "copy").sum() > 50


def test_pairs_of_a_group_that_were_no_candidates_are_compared(large, monkeypatch):
    order = random.Random(1)
    body = prose(order, 300)
    articles = table(*(reworked(order, body, 0.02) for _ in range(8)))
    monkeypatch.setattr(shingles, "MEETINGS", 0)
    assert len(find_copies(articles)) == 28
    monkeypatch.setattr(reuse, "COMPLETED", 7)
    assert 7 <= len(find_copies(articles)) < 28


@pytest.mark.parametrize("window", [2, 8])
def test_every_shared_run_as_long_as_a_window_shares_a_fingerprint(window):
    order = random.Random(window)
    for _ in range(30):
        run = prose(order, window + 4, types=10**6)
        bodies = pd.Series([f"{prose(order, 150)} {run} {prose(order, 150)}" for _ in range(2)], dtype="str")
        keys, _, counts = shingles.fingerprints(tokenise(bodies), 5, window=window, first=0, n_texts=2)
        hashed = [set((keys[(keys & np.uint64(1)) == text] >> np.uint64(1)).tolist()) for text in (0, 1)]
        assert hashed[0] & hashed[1]
        assert len(keys) < 3 / (window + 1) * counts.sum()


def test_all_shingles_of_a_short_text_are_fingerprints():
    bodies = pd.Series([" ".join(map(str, range(n))) for n in (104, 105)], dtype="str")
    keys, _, counts = shingles.fingerprints(tokenise(bodies), 5, window=16, first=0, n_texts=2)
    assert counts.tolist() == [shingles.SHORT, shingles.SHORT + 1]
    short = (keys & np.uint64(1)) == 0
    assert short.sum() == 100
    assert 0 < (~short).sum() < 30


@pytest.mark.parametrize(("meetings", "completed"), [(0, 30), (shingles.MEETINGS, 0)])
def test_more_candidates_than_there_is_room_for_and_repeated_shingles(large, monkeypatch, meetings, completed):
    order = random.Random(4)
    body = prose(order, 60)
    articles = table(*(f"{reworked(order, body, 0.02)} {reworked(order, body, 0.02)}" for _ in range(30)))
    monkeypatch.setattr(shingles, "ROOM", 1)
    monkeypatch.setattr(shingles, "MEETINGS", meetings)
    monkeypatch.setattr(reuse, "COMPLETED", completed)
    found = find_copies(articles)
    assert len(found) == 30 * 29 // 2
    monkeypatch.setattr(reuse, "EVERY_PAIR", 30)
    assert found.equals(find_copies(articles))


def test_shared_runs_go_on_in_neither_direction():
    read = shingles.shingles_of(pd.Series(["a b c d a b", "x a b c y d a b"], dtype="str"), 2)
    assert shingles.shared_runs(read, 0, 1).tolist() == [[0, 1, 3], [4, 1, 2], [3, 5, 3], [0, 6, 2]]


def test_partitions_do_not_matter(corpus, exact, large, monkeypatch):
    monkeypatch.setattr(shingles, "partitions", lambda bodies: engine.partitions(bodies, size=7))
    monkeypatch.setattr(reuse, "partitions", lambda bodies: engine.partitions(bodies, size=11))
    monkeypatch.setattr(shingles, "ROOM", 1)
    assert find_copies(corpus).equals(exact)


def test_order_of_rows_decides_only_which_is_a(corpus, exact, large):
    mixed = corpus.sample(frac=1, random_state=5).reset_index(drop=True)
    row = pd.Series(range(len(mixed)), index=mixed["article_id"])
    found = find_copies(mixed)
    assert (row[found["article_a"]].to_numpy() < row[found["article_b"]].to_numpy()).all()
    assert found.equals(find_copies(mixed))

    def sides(copies):
        return {
            frozenset([(one.article_a, one.containment_a), (one.article_b, one.containment_b)]): one.longest_shared_run
            for one in copies.itertuples()
        }

    assert sides(found) == sides(exact)


def test_articles_with_the_same_words_are_compared_once_and_listed(large, monkeypatch):
    body = "the same eleven words in the same order every single time"
    other = "not " + body
    articles = table(*[body] * 4, other, body.upper(), "one two three", "one two three", "", "")
    pairs = find_copies(articles)
    assert len(pairs) == 15  # of six; those without shingles stand in no pair
    assert set(pairs["longest_shared_run"]) == {11}
    same = pairs[(pairs["article_a"] == "000000000000") & (pairs["article_b"] == "000000000005")]
    assert same[["containment_a", "containment_b"]].to_numpy().tolist() == [[1, 1]]
    last = pairs[pairs["article_b"] == "000000000004"]
    assert (last["containment_a"] == 1).all()
    assert last["start_b"].tolist() == [4] * 4
    monkeypatch.setattr(reuse, "LISTED", 2)
    few = find_copies(articles)
    # The first two with each other and with the one that differs; the other three with the first.
    assert len(few) == 6
    assert copy_groups(articles, few).equals(copy_groups(articles, pairs))
    monkeypatch.setattr(reuse, "LISTED", 100)
    monkeypatch.setattr(reuse, "MOST_LISTED", 1)
    assert len(find_copies(articles)) == 5


def test_many_articles_with_the_same_words_take_no_quadratic_time(large):
    articles = table(*["the same eleven words in the same order every single time"] * 3_000)
    copies = find_copies(articles)
    assert len(copies) == 300 * 299 // 2 + 2_700
    assert set(copy_groups(articles, copies)["copy_group"]) == {"000000000000"}


@pytest.mark.parametrize("bodies", [(), ("",), ("a b c d e f",), ("", ""), ("a b c d", "a b c d"), ("1 2 3 4 5", "")])
@pytest.mark.parametrize("every", [0, 300])
def test_nothing_to_compare(bodies, every, monkeypatch):
    monkeypatch.setattr(reuse, "EVERY_PAIR", every)
    articles = table(*bodies)
    copies = find_copies(articles)
    groups = copy_groups(articles, copies)
    passages = find_passages(articles, copies, groups)
    for name, made in {"copies": copies, "passages": passages}.items():
        assert made.dtypes.equals(tables.empty(name).dtypes)
        assert made.empty
    assert groups.dtypes.equals(tables.empty("copy_groups").dtypes)
    assert groups["copy_group"].tolist() == articles["article_id"].tolist()
    assert groups["role"].tolist() == ["original"] * len(bodies)
    assert groups["outlet_added_words"].tolist() == articles["n_words"].tolist()


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda a: find_copies(a, shingle=0), "shingle is 0; allowed: 1 word or more"),
        (lambda a: find_copies(a, least=0), "least is 0; allowed: above 0, at most 1"),
        (lambda a: copy_groups(a, tables.empty("copies"), threshold=1.5), "threshold is 1.5; allowed: above 0"),
        (lambda a: find_passages(a, tables.empty("copies"), tables.empty("copy_groups"), least_words=0), "least_words"),
    ],
)
def test_what_is_not_allowed(call, message):
    with pytest.raises(UserError, match=message):
        call(table("a"))


TEXT = "the agency text of ten words that all of them print"


@pytest.mark.parametrize(
    ("columns", "source"),
    [
        # The agency's own print, though it is the last.
        ({"outlet": ["A", "Press Wire", "C"], "agency": ["The Press Wire", None, None], "published": [1, 3, 2]}, 1),
        ({"outlet": ["A", "B", "PW"], "agency": ["Other and PW", "X", None], "published": [1, 3, 2]}, 2),
        # An outlet that only credits itself is no agency of the others.
        ({"outlet": ["A", "B", "C"], "agency": [None, None, "C"], "published": [2, 1, 3]}, 1),
        ({"published": [2, 1, 3]}, 1),
        ({"published": [None, 3, 2]}, 2),
        ({"published": ["2024-06-14T09:00", "2024-06-14T08:00", "2024-06-14T10:00"]}, 1),
        # One has no time of day: the day decides, and on it the credit.
        (
            {
                "published": ["2024-06-14T09:00", "2024-06-14T08:00", "2024-06-14"],
                "credit": ["whole", "part", None],
                "agency": ["X", "X", None],
            },
            0,
        ),
        ({"published": [1, 1, 1], "credit": ["part", "whole", None]}, 1),
        ({"published": [1, 1, 2], "credit": ["part", None, "whole"], "more": ["", " and more", ""]}, 1),
        ({"more": ["", "", " with two more words"]}, 2),
        ({"article_id": ["00000000000b", "00000000000a", "00000000000c"]}, 1),
    ],
)
def test_the_source_is_nearest_to_the_first_print(columns, source):
    columns = dict(columns)
    more = columns.pop("more", [""] * 3)
    if "published" in columns:
        columns["published"] = [f"2024-06-1{day}" if isinstance(day, int) else day for day in columns["published"]]
    articles = table(*(TEXT + words for words in more), **columns)
    groups = copy_groups(articles, find_copies(articles))
    assert groups["role"].tolist() == ["source" if row == source else "copy" for row in range(3)]
    assert groups["copy_group"].tolist() == [articles["article_id"][source]] * 3


def test_a_whole_text_of_somebody_who_is_not_here_is_a_copy_alone():
    articles = table(TEXT, "another text with words of its own", credit=["whole", "part"], agency=["X", "X"])
    groups = copy_groups(articles, find_copies(articles))
    assert groups["role"].tolist() == ["copy", "original"]
    assert groups["outlet_added_words"].isna().tolist() == [True, False]
    assert groups["copy_group"].tolist() == articles["article_id"].tolist()
    without = copy_groups(articles.drop(columns="credit"), find_copies(articles))
    assert without["role"].tolist() == ["original", "original"]


def test_words_that_an_outlet_added():
    articles = table(
        f"HERE — {TEXT}",
        f"{TEXT} said nobody. {TEXT}",
        "the agency text of ten words that not like the others",
        published=["2024-06-12", "2024-06-13", "2024-06-14"],
    )
    copies = find_copies(articles)
    groups = copy_groups(articles, copies)
    assert groups["role"].tolist() == ["source", "copy", "copy"]
    # Words of the source are its own; then `said nobody`; then what follows the shared seven.
    assert groups["outlet_added_words"].tolist() == [12, 2, 4]
    credited = copy_groups(articles.assign(credit=pd.array(["whole", None, None], dtype="str")), copies)
    assert credited["role"].tolist() == ["source", "copy", "copy"]
    assert credited["outlet_added_words"].tolist() == [1, 2, 4]


def test_groups_are_connected_pairs_at_the_threshold():
    one, two, three = (" ".join(f"{name}{number}" for number in range(20)) for name in "abc")
    articles = table(f"{one} {two}", f"{two} {three}", f"{three} {one} x y z", " ".join(three.split()[:6]))
    copies = find_copies(articles)
    # 36 and 39 shingles; two share 16; the last has 2, both in two others.
    assert set(copy_groups(articles, copies, threshold=16 / 36)["copy_group"]) == {"000000000002"}
    groups = copy_groups(articles, copies, threshold=0.45)
    assert groups["copy_group"].tolist() == ["000000000000"] + ["000000000002"] * 3
    assert groups["role"].tolist() == ["original", "copy", "source", "copy"]


def test_pairs_of_articles_that_are_not_here_are_passed_over():
    articles = table(TEXT, TEXT, TEXT + " too")
    copies = find_copies(articles)
    fewer = articles.iloc[1:].reset_index(drop=True)
    groups = copy_groups(fewer, copies)
    assert groups["role"].tolist() == ["copy", "source"]
    assert len(find_passages(fewer, copies, groups)) == 1


def shown(articles, passages):
    """The passages as printed in either body."""
    bodies = articles.set_index("article_id")["body"]
    return [
        (bodies[one.article_a][one.start_a : one.end_a], bodies[one.article_b][one.start_b : one.end_b])
        for one in passages.itertuples()
    ]


def test_passages_are_the_longest_first_and_never_overlap():
    # The run of seven takes `e f g`, so that `e f g h i j` is left with `h i j`, which is too short.
    articles = table("1 a b c d e f g h i j", "A b, c d e f G. 2 e f g h i j", "nothing of the kind stands here")
    copies = find_copies(articles)
    groups = copy_groups(articles, copies)
    passages = find_passages(articles, copies, groups)
    assert shown(articles, passages) == [("a b c d e f g", "A b, c d e f G")]
    assert passages["n_words"].tolist() == [7]
    assert shown(articles, find_passages(articles, copies, groups, least_words=3)) == [
        ("a b c d e f g", "A b, c d e f G"),
        ("h i j", "h i j"),
    ]


def test_a_passage_printed_twice_pairs_once_each():
    articles = table(f"{TEXT}. {TEXT}", TEXT.upper())
    copies = find_copies(articles)
    groups = copy_groups(articles, copies)
    assert shown(articles, find_passages(articles, copies, groups)) == [(TEXT, TEXT.upper())]


def test_many_passages_of_repetitive_texts(monkeypatch):
    """More runs than there is room for at first, and tiles that a slow search by hand gives too."""
    order = random.Random(2)
    bodies = [" ".join(order.choices("ab", k=60)) for _ in range(2)]
    articles = table(*bodies)
    copies = find_copies(articles)
    found = find_passages(articles, copies, copy_groups(articles, copies), least_words=2)
    one, other = (body.split() for body in bodies)
    expected = []
    while True:
        best = max(
            (
                (n, -a, -b)
                for a in range(60)
                for b in range(60)
                for n in range(2, 61 - max(a, b))
                if one[a : a + n] == other[b : b + n] and None not in one[a : a + n]
            ),
            default=None,
        )
        if best is None:
            break
        n, a, b = best[0], -best[1], -best[2]
        expected.append((2 * a, 2 * b, n))
        one[a : a + n], other[b : b + n] = [None] * n, [None] * n
    assert list(zip(found["start_a"], found["start_b"], found["n_words"], strict=True)) == sorted(expected)


def test_one_word_over_and_over():
    articles = table("no " * 2_000 + "end", "no " * 1_500 + "stop")
    copies = find_copies(articles)
    assert copies[["containment_a", "shared_shingles", "longest_shared_run"]].to_numpy().tolist() == [[0.5, 1, 1_500]]
    passages = find_passages(articles, copies, copy_groups(articles, copies))
    assert passages[["start_a", "start_b", "n_words"]].to_numpy().tolist() == [[0, 0, 1_500]]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.one_of(st.text(max_size=80), st.text(alphabet="ab ’'.-É\n", max_size=80)), max_size=5))
def test_any_text_goes_through(bodies):
    articles = table(*(body.encode("utf-8", "replace").decode() for body in bodies))
    copies = find_copies(articles, shingle=2, least=0.01)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(reuse, "EVERY_PAIR", 0)
        assert find_copies(articles, shingle=2, least=0.5).equals(
            copies[copies[["containment_a", "containment_b"]].max(axis=1) >= 0.5].reset_index(drop=True)
        )
    groups = copy_groups(articles, copies, threshold=0.01, shingle=2)
    passages = find_passages(articles, copies, groups, least_words=2)
    for one, other in shown(articles, passages):
        assert words(one) == words(other)
    for sides in ("a", "b"):
        for _, own in passages.groupby(["article_a", "article_b"]):
            ordered = own.sort_values(f"start_{sides}")
            assert (ordered[f"start_{sides}"].to_numpy()[1:] >= ordered[f"end_{sides}"].to_numpy()[:-1]).all()
    longest = passages.groupby(["article_a", "article_b"])["n_words"].max()
    assert (longest == copies.set_index(["article_a", "article_b"])["longest_shared_run"]).all()
    assert (groups["outlet_added_words"].to_numpy(int) <= articles["n_words"].to_numpy()).all()


def test_the_planted_agency_copy_of_the_demo_is_the_only_group():
    articles = read(open_study("demo"))["articles"]
    planted = yaml.safe_load((PACKAGE.parent / "data/demo/planted.yml").read_text(encoding="utf-8"))["agency_copy"]
    expected = articles.merge(pd.DataFrame(planted["articles"])[["outlet", "headline"]])["article_id"]
    copies = find_copies(articles)
    groups = copy_groups(articles, copies)
    grouped = groups[groups["copy_group"].duplicated(keep=False)]
    assert len(expected) == 3
    assert set(grouped["article_id"]) == set(expected)
    assert sorted(grouped["role"]) == ["copy", "copy", "source"]
    assert (copies[["containment_a", "containment_b"]].min(axis=1) > 0.7).sum() == 3
    bodies = articles.set_index("article_id")["body"]
    passages = find_passages(articles, copies, groups)
    assert len(passages) > 5
    for one, other in shown(articles, passages):
        assert words(one) == words(other)
    for number in grouped[grouped["role"] == "copy"].itertuples():
        assert number.outlet_added_words < 0.2 * len(words(bodies[number.article_id]))


def test_the_five_pages_share_runs_but_none_is_a_copy(shared):
    articles = read(open_study(shared / "seeds"))["articles"].sort_values("source_file").reset_index(drop=True)
    copies = find_copies(articles, least=0.01)
    most = copies.loc[copies[["containment_a", "containment_b"]].max(axis=1).idxmax()]
    assert [most.article_a, most.article_b] == articles["article_id"].tolist()[:2]
    assert copy_groups(articles, copies)["copy_group"].nunique() == 5
