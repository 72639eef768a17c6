"""Drift: what happens to the words of an utterance from one article to another, on sentences written for the tests."""

import functools
import itertools
from collections import Counter

import numpy as np
import pandas as pd
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis import open_study, tables
from analysis.coding.alignment import align_sentences
from analysis.coding.codebook import Codebook, Variable, read_codebook
from analysis.coding.drift import find_drifts, loaded_book
from analysis.coding.partition import code_partition
from analysis.coding.renderings import QUOTED, read_bodies
from analysis.coding.stem_counts import count_stems
from analysis.coding.tokens import tokenise
from analysis.coding.utterances import DIFFERENT, OTHER, SAME, UNKNOWN, relation
from analysis.coding.word_alignment import align_words, find_window, form_of, words_of
from analysis.corpus.articles import read_articles
from analysis.study import shipped

# ------------------------------------------------------------------------------------------------- word by word


@pytest.mark.parametrize(
    ("fragment", "words", "expected"),
    [
        ("safe enough", "The mayor thinks the bridge safe enough for lorries.", "safe enough"),
        # What the fragment has besides what is kept, the window has too, up to punctuation, *and* or *that*.
        ("safe enough", "The mayor thinks the bridge safe today for lorries.", "safe today"),
        ("wholly safe", "It is long and safe for lorries.", "safe"),
        ("wholly safe", "It is long, safe and sound.", "safe"),
        ("the safe bridge", "They crossed their safe old bridge on foot.", "their safe old bridge"),
        ("unsafe bridge", "Nothing is said of it.", ""),
        ("of the", "It is of the essence.", ""),  # function words alone
    ],
)
def test_the_window_of_a_fragment(fragment, words, expected):
    ids = {}
    coded_words = []
    for text in (fragment, words):
        forms = [form_of(word) for word in words_of(text)]
        for at in (0, 1):
            coded_words.append(np.array([ids.setdefault((at, form[at]), len(ids)) for form in forms]))
        coded_words.append(np.array([form[2] for form in forms]))
    printed = words_of(words)
    joints = ("and", "that")
    stops = [
        word[-1] in ".,;" or word in joints or after in joints
        for word, after in zip(printed, [*printed[1:], ""], strict=True)
    ]
    first, beyond = find_window(*coded_words, np.array(stops))
    assert " ".join(printed[first:beyond]).rstrip(".,") == expected


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [
        ("final offer", "final notice", [("kept", "final", "final"), ("replaced", "offer", "notice")]),
        ("We go now.", "“we go, Now”", [("kept", "We go now.", "“we go, Now”")]),
        (
            "a long and costly war",
            "a long war",
            [("kept", "a long", "a long"), ("cut", "and costly", ""), ("kept", "war", "war")],
        ),
        (
            "open the gate",
            "open the old gate",
            [("kept", "open the", "open the"), ("added", "", "old"), ("kept", "gate", "gate")],
        ),
        # An inflection is another word; it is paired with its kin, not with what stands nearer.
        (
            "turning the page",
            "we turn the page",
            [("added", "", "we"), ("replaced", "turning", "turn"), ("kept", "the page", "the page")],
        ),
        # Spelling, hyphens, acronyms and numbers up to twelve are no difference.
        (
            "The U.S. labour centre’s four organised",
            "the US labor center's 4 organized",
            [("kept", "The U.S. labour centre’s four organised", "the US labor center's 4 organized")],
        ),
        ("a cease-fire", "a ceasefire", [("kept", "a cease-fire", "a ceasefire")]),
        (
            "repair it step-by-step, slowly",
            "repair it step by step slowly",
            [("kept", "repair it step-by-step, slowly", "repair it step by step slowly")],
        ),
        # Words of content are paired with words of content.
        (
            "truce in the country",
            "truce in Freedonia",
            [("kept", "truce in", "truce in"), ("cut", "the", ""), ("replaced", "country", "Freedonia")],
        ),
        ("", "", []),
        ("", "all of it", [("added", "", "all of it")]),
        ("— ! —", "", []),
    ],
)
def test_words_aligned(a, b, expected):
    found = align_words(words_of(a), words_of(b))
    assert [(operation, " ".join(one), " ".join(two)) for operation, one, two in found] == expected


WORDS = st.lists(
    st.one_of(
        st.sampled_from(["the", "a", "war", "wars", "peace", "step-by-step", "step", "by", "—"]), st.text(max_size=6)
    ),
    max_size=9,
)


@given(WORDS, WORDS)
@settings(max_examples=200, deadline=None)
def test_runs_rebuild_both_renderings(words_a, words_b):
    runs = align_words(words_a, words_b)
    assert [word for _, a, _ in runs for word in a] == words_a
    assert [word for _, _, b in runs for word in b] == words_b
    assert all(bool(a) == (operation != "added") for operation, a, _ in runs)
    assert all(bool(b) == (operation != "cut") for operation, _, b in runs)
    assert all(first[0] != second[0] for first, second in itertools.pairwise(runs))
    assert align_words(words_a, words_b) == runs


@given(WORDS)
@settings(max_examples=50, deadline=None)
def test_what_is_printed_twice_is_kept(words):
    assert align_words(words, words) == ([("kept", words, words)] if words else [])


def best_worth(a, b):
    """The worth of the best path, by trying every path (see `word_alignment`: what pairing two words is worth)."""

    @functools.cache
    def worth(i, j, after_kept):
        options = []
        if i < len(a) and j < len(b):
            (key_a, stem_a, content_a), (key_b, stem_b, content_b) = form_of(a[i]), form_of(b[j])
            if key_a == key_b:
                options.append((12 if content_a else 5) + 2 * after_kept + worth(i + 1, j + 1, True))
            else:
                kin = content_a and stem_a == stem_b
                options.append((8 if kin else 2 if content_a == content_b else 1) + worth(i + 1, j + 1, False))
        if i < len(a):
            options.append(worth(i + 1, j, False))
        if j < len(b):
            options.append(worth(i, j + 1, False))
        return max(options, default=0)

    return worth(0, 0, False)


PLAIN = st.lists(st.sampled_from(["the", "of", "war", "wars", "peace", "gate"]), max_size=7)


@given(PLAIN, PLAIN)
@settings(max_examples=150, deadline=None)
def test_no_path_is_worth_more(a, b):
    worth, after_kept = 0, False
    for operation, one, two in align_words(a, b):
        if operation in ("cut", "added"):
            after_kept = False
        for left, right in zip(one, two, strict=False):
            (key_a, stem_a, content_a), (key_b, stem_b, content_b) = form_of(left), form_of(right)
            if key_a == key_b:
                assert operation == "kept"
                worth += (12 if content_a else 5) + 2 * after_kept
                after_kept = True
            else:
                assert operation == "replaced"
                worth += 8 if content_a and stem_a == stem_b else 2 if content_a == content_b else 1
                after_kept = False
    assert worth == best_worth(tuple(a), tuple(b))


# ---------------------------------------------------------------------------------------------------- utterances


def alike(articles, sentences):
    """A stand-in for *alignments*: the share of words of four letters or more that two sentences have in common."""
    bodies = articles.set_index("article_id")
    order = {article: at for at, article in enumerate(articles["article_id"])}
    bags = [
        Counter(
            form_of(word)[1] for word in words_of(bodies["body"][row.article_id][row.start : row.end]) if len(word) > 3
        )
        for row in sentences.itertuples()
    ]
    rows = []
    for (one, a), (two, b) in itertools.combinations(zip(sentences.itertuples(), bags, strict=True), 2):
        if order[one.article_id] > order[two.article_id]:
            one, two = two, one
        same_story = bodies["story"][one.article_id] == bodies["story"][two.article_id]
        share = 2 * (a & b).total() / max(a.total() + b.total(), 1)
        if one.article_id != two.article_id and same_story and share > 0.1:
            rows.append((one.article_id, one.sentence, two.article_id, two.sentence, share, share > 0.4, pd.NA))
    columns = list(tables.TABLES["alignments"].columns)
    types = {name: column.kind for name, column in tables.TABLES["alignments"].columns.items()}
    return pd.DataFrame(rows, columns=columns).astype(types)


def coded(*bodies, stories=None, outlets=None):
    """Articles with these bodies, coded, and a stand-in for their alignments."""
    n = len(bodies)
    articles = pd.DataFrame(
        {
            "article_id": [f"{at:012x}" for at in range(n)],
            "outlet": outlets or [f"Outlet {at}" for at in range(n)],
            "headline": pd.array([None] * n, dtype="str"),
            "deck": pd.array([None] * n, dtype="str"),
            "body": list(bodies),
            "story": stories or ["a story"] * n,
        }
    ).astype("str")
    articles["published"] = pd.Series(pd.NaT, index=articles.index, dtype="datetime64[us]")
    made = code_partition(articles, [])
    return {"articles": articles, **made, "alignments": alike(articles, made["sentences"])}


def drifts_of(*bodies, stories=None, loaded=None):
    made = coded(*bodies, stories=stories)
    names = ("articles", "sentences", "quotes", "alignments", "mentions")
    found = find_drifts(*(made[name] for name in names), loaded=loaded)
    assert list(tables.validate("drifts", found).columns) == list(tables.TABLES["drifts"].columns)
    for row in found.itertuples():
        for side in "ab":
            body = made["articles"].set_index("article_id")["body"][getattr(row, f"article_{side}")]
            start, end, words = (getattr(row, f"{name}_{side}") for name in ("start", "end", "words"))
            assert body[start:end] == words
        assert row.article_a < row.article_b
    return found


def only(found):
    """The only row."""
    assert len(found) == 1, found[["words_a", "words_b"]].to_string()
    return next(found.itertuples())


def counts(row):
    return row.kept, row.cut, row.added, row.replaced


def test_words_cut_without_an_ellipsis():
    row = only(
        drifts_of(
            "“The harbour will stay open through the whole winter for every ship,” said Mayor Ada Quill on Monday.",
            "“The harbour will stay open for every ship,” Ada Quill said on Monday, after the council met.",
        )
    )
    assert row.words_a == "The harbour will stay open through the whole winter for every ship"
    assert (row.marks_a, row.marks_b, row.speaker_a, row.cue_a) == ("direct", "direct", "Ada Quill", "say")
    assert counts(row) == (8, 4, 0, 0)  # through the whole winter
    assert row.change == pytest.approx(1 - 2 * 8 / (12 + 8))
    assert not row.loaded
    assert not row.speaker_changed
    assert not row.cue_changed
    assert pd.isna(row.moved)
    assert pd.isna(row.replacements)


def test_a_loaded_word_in_place_of_another():
    row = only(
        drifts_of(
            "Mayor Ada Quill said the strikers were “a stubborn crowd” that would not talk.",
            "Mayor Ada Quill said that the strikers were “a stubborn mob” which would not talk.",
        )
    )
    assert (row.words_a, row.words_b) == ("a stubborn crowd", "a stubborn mob")
    assert counts(row) == (2, 0, 0, 1)
    assert row.replacements == "crowd → mob"
    assert row.change == pytest.approx(1 / 3)
    assert row.loaded
    assert row.loaded_words == "b: mob (riot)"


def test_words_moved_out_of_marks_and_into_them():
    quoted = "Mayor Ada Quill called the harbour plan “reckless” and promised a vote in May."
    plain = "Mayor Ada Quill called the harbour plan reckless and promised a vote in May."
    row = only(drifts_of(quoted, plain))
    assert (row.words_a, row.words_b, row.moved, row.marks_a) == ("reckless", "reckless", "out", "partial")
    assert (counts(row), row.change) == ((1, 0, 0, 0), 0)
    row = only(drifts_of(plain, quoted))
    assert (row.words_a, row.words_b, row.moved, row.marks_b) == ("reckless", "reckless", "into", "partial")
    # In the outlet's own voice nobody says it.
    row = only(drifts_of(quoted, "The harbour plan is reckless. The vote on it comes in May."))
    assert (row.marks_b, row.moved) == ("none", "out")
    assert pd.isna(row.speaker_b)
    assert pd.isna(row.cue_b)


def test_a_word_without_marks_elsewhere_is_no_rendering():
    found = drifts_of(
        "Mayor Ada Quill called the harbour plan “reckless” and promised a vote in May.",
        "A reckless driver was stopped near the old mill on Sunday.",
    )
    assert found.empty


def test_another_speaker():
    said = "“We will not sell the harbour to any foreign company this year,” said "
    row = only(drifts_of(said + "Mayor Ada Quill.", said + "Boris Lund, who leads the port union."))
    assert (row.speaker_a, row.speaker_b) == ("Ada Quill", "Boris Lund")
    assert row.speaker_changed
    assert row.change == 0
    # Two persons may well say the same few words.
    assert drifts_of("“We are glad,” said Ada Quill.", "“We are glad,” said Boris Lund.").empty
    row = only(drifts_of(said + "Mayor Ada Quill.", said + "Quill."))
    assert not row.speaker_changed


@pytest.mark.parametrize(
    ("a", "person_a", "b", "person_b", "expected"),
    [
        ("Ada Quill", True, "Quill", True, (SAME, False)),
        ("Serhiy Kowalenko", True, "Sergei Kovalenko", True, (SAME, False)),
        ("Ada Quill", True, "Boris Quill", True, (DIFFERENT, True)),
        ("Ada Quill", True, "Boris Lund", True, (DIFFERENT, True)),
        ("Harbour Office", False, "Freedonia’s Harbour Office", False, (SAME, False)),
        ("harbour office in Port Ada", False, "Harbour Office", False, (SAME, False)),
        ("Freedonia", False, "Freedonian officials", False, (UNKNOWN, False)),
        ("Freedonia", False, "Sylvania", False, (OTHER, True)),
        ("Ada Quill", True, "Harbour Council", False, (UNKNOWN, True)),
        ("Ada Quill", True, "head of state", False, (UNKNOWN, False)),
        ("Ada Quill", True, "him", False, (UNKNOWN, False)),
        ("Ada Quill", True, None, False, (UNKNOWN, False)),
        ("", False, "’s", False, (UNKNOWN, False)),
    ],
)
def test_speakers_related(a, person_a, b, person_b, expected):
    assert relation(a, person_a, b, person_b) == expected
    assert relation(b, person_b, a, person_a) == expected


def test_a_cue_of_another_class():
    said = "“The bridge is safe for lorries,” Ada Quill "
    row = only(drifts_of(said + "said.", said + "claimed."))
    assert (row.cue_a, row.cue_b) == ("say", "claim")
    assert row.cue_changed
    assert not only(drifts_of(said + "said.", said + "told reporters.")).cue_changed


def test_a_fragment_is_compared_with_the_words_it_is_about():
    row = only(
        drifts_of(
            "“We want a lasting fix for the bridge, and we want it before the first frost,” Ada Quill said.",
            "Ada Quill wants the repair “before the first frost” and told the council so.",
        )
    )
    assert (row.words_a, row.words_b) == ("before the first frost", "before the first frost")
    assert (row.marks_a, row.change) == ("direct", 0)


def test_a_reported_clause_beside_a_direct_quotation():
    row = only(
        drifts_of(
            "“The harbour will never be sold to a foreign company,” Ada Quill said on Monday.",
            "Ada Quill said on Monday that the harbour would never be sold to any foreign company.",
        )
    )
    assert (row.marks_a, row.marks_b, row.moved) == ("direct", "indirect", "out")
    assert counts(row) == (8, 0, 0, 2)
    assert row.replacements == "will → would; a → any"


OPENING = "Ada Quill said the council sought a “final resolution” of the harbour dispute rather than “delaying it”."


def test_half_a_fragment_replaced_and_all_of_it():
    found = drifts_of(
        OPENING,
        "Ada Quill said the council sought a “final reckoning” in the harbour dispute and not “delaying it”.",
        "Ada Quill said the council was looking for a permanent answer to the harbour dispute and not a delay.",
    )
    pairs = {(row.words_a, row.words_b): row for row in found.itertuples()}
    assert counts(pairs["final resolution", "final reckoning"]) == (1, 0, 0, 1)
    # No word is kept: the same words stand around both.
    row = pairs["final resolution", "permanent answer"]
    assert (counts(row), row.change, row.moved, row.marks_b) == ((0, 0, 0, 2), 1, "out", "indirect")
    assert pairs["delaying it", "delaying it"].change == 0
    said = {words: row.utterance for words, row in pairs.items()}
    assert said["final resolution", "final reckoning"] == said["final resolution", "permanent answer"]
    assert said["final resolution", "final reckoning"] != said["delaying it", "delaying it"]


def test_other_words_in_marks_are_other_words():
    found = drifts_of(OPENING, "Ada Quill said the harbour dispute was “a farce” and that she was “losing patience”.")
    assert found[found["marks_b"] == "partial"].empty


def test_function_words_alone_never_agree():
    assert drifts_of(
        "Ada Quill said “it is what it is” on Monday.", "Ada Quill said “we are with all of you” on Monday."
    ).empty


def test_nothing_of_two_stories():
    said = "“The harbour will stay open for every ship,” said Ada Quill."
    assert drifts_of(said, said, stories=["one", "two"]).empty
    made = coded(said, said, stories=["one", "two"])
    pair = coded(said, said)["alignments"]  # even where the sentences are paired
    assert len(pair)
    assert find_drifts(made["articles"], made["sentences"], made["quotes"], pair, made["mentions"]).empty


def test_a_quotation_and_its_tag():
    """A quotation that goes on behind its tag is two fragments of the unbroken one."""
    found = drifts_of(
        "“The harbour,” said Ada Quill, “will stay open for every ship.”",
        "“The harbour will stay open for every ship,” said Ada Quill.",
    )
    assert sorted(found["words_a"]) == ["The harbour", "will stay open for every ship"]
    assert set(found["change"]) == {0}


def test_one_row_for_a_rendering_and_another_article():
    found = drifts_of(
        "Ada Quill called the plan “absurd”. The harbour union agreed that the plan was “absurd”.",
        "Ada Quill called the plan “absurd”. The harbour union agreed that the plan was “absurd”.",
    )
    assert len(found) == 2
    assert sorted(zip(found["sentence_a"], found["sentence_b"], strict=True)) == [(0, 0), (1, 1)]


# ---------------------------------------------------------------------------------------------------- loaded words


BORDER = "Ada Quill said the four districts were “{} by Freedonia in the spring”, and that talks went on."


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [
        ("annexed", "taken over", "a: annexed (taken by wrong)"),
        ("handed over", "liberated", "b: liberated (joined)"),
        ("illegally annexed", "annexed", "a: illegally annexed (wrongly)"),
        ("annexed", "annexed", None),
        ("massacred", "slaughtered", None),  # of one category
        ("seized", "seized", None),
        ("visited", "entered", None),
    ],
)
def test_loaded_words(a, b, expected):
    labels = Codebook(
        name="labels",
        version="1",
        variables={
            "taking": Variable(kind="choice", categories={"wrongly": ["illegally annex*"], "annexed": ["annex*"]})
        },
    )
    made = coded(BORDER.format(a), BORDER.format(b))
    mentions = code_partition(made["articles"], [labels])["mentions"]
    found = find_drifts(made["articles"], made["sentences"], made["quotes"], made["alignments"], mentions)
    quoted = found[found["marks_a"] == "partial"]
    row = only(quoted)
    assert (None if pd.isna(row.loaded_words) else row.loaded_words) == expected
    assert row.loaded == (expected is not None)


def test_spellings_are_no_charge():
    spelling = Codebook(
        name="names",
        version="1",
        variables={"town": Variable(kind="choice", categories={"Odesa": ["Odesa"], "Odessa": ["Odessa"]})},
    )
    bodies = [f"Ada Quill said “the port of {name} must never be closed again”." for name in ("Odesa", "Odessa")]
    made = coded(*bodies)
    mentions = code_partition(made["articles"], [spelling])["mentions"]
    row = only(find_drifts(made["articles"], made["sentences"], made["quotes"], made["alignments"], mentions))
    assert row.replacements == "Odesa → Odessa"
    assert not row.loaded


def test_the_study_may_bring_its_own_loaded_words():
    own = Codebook(
        name="loaded-words", version="1", variables={"own": Variable(kind="presence", categories={"crowds": ["crowd"]})}
    )
    assert loaded_book([own]) is own
    assert loaded_book([]).name == "loaded-words"
    row = only(
        drifts_of(
            "Ada Quill said the strikers were “a stubborn crowd” that would not talk.",
            "Ada Quill said the strikers were “a stubborn mob” which would not talk.",
            loaded=own,
        )
    )
    assert row.loaded_words == "a: crowd (crowds)"


def test_the_shipped_codebook():
    book = read_codebook(shipped("codebooks") / "loaded-words.yml")
    assert {variable.kind for variable in book.variables.values()} == {"presence"}
    assert all(variable.question for variable in book.variables.values())
    assert book.sources


# --------------------------------------------------------------------------------------------------------- the whole


def test_ranked_by_what_a_reader_wants_to_see_first():
    found = drifts_of(
        "Ada Quill said the strikers were “a stubborn crowd” that would not talk. “The bridge will stay closed until "
        "the spring because of the ice,” she said. “Ships may wait outside the harbour wall,” she said.",
        "Ada Quill said the strikers were “a stubborn mob” which would not talk. “The bridge will stay closed,” she "
        "said. “Boats should wait outside the harbour wall,” she said.",
        "“Ships may wait outside the harbour wall,” Ada Quill said.",
    )
    order = [row.words_b for row in found.itertuples()]
    assert order[0] == "a stubborn mob"  # loaded
    assert order.index("Boats should wait outside the harbour wall") < order.index("The bridge will stay closed")
    assert order[-1] == "Ships may wait outside the harbour wall"  # unchanged
    assert found["utterance"].tolist() == pd.factorize(found["utterance"])[0].tolist()
    assert found["utterance"].nunique() == 3


def test_the_order_of_rows_given_does_not_matter():
    made = coded(OPENING, OPENING.replace("resolution", "reckoning"), OPENING.replace("“", "").replace("”", ""))
    names = ("sentences", "quotes", "alignments", "mentions")
    first = find_drifts(made["articles"], *(made[name] for name in names))
    again = find_drifts(made["articles"], *(made[name].iloc[::-1] for name in names))
    pd.testing.assert_frame_equal(first, again)
    assert len(first) > 3


def test_stems_are_counted_by_sentence():
    bodies = ["The ship's crew shipped oil. Oil burns.", "Ships burn."]
    places = [(0, 0, 0), (0, 1, 29), (1, 0, 0)]
    sentences = pd.DataFrame(places, columns=["article", "sentence", "start"])
    counts = count_stems(tokenise(bodies))
    read = read_bodies(bodies, sentences, counts)
    burns = read.stems[-1]
    assert read.weights[burns] == 1 + np.log(4 / 3)
    assert read_bodies(bodies[1:], sentences[2:].assign(article=0), counts).weights[-1] == read.weights[burns]


def test_nothing_to_compare():
    made = coded("One.", "")
    names = ("sentences", "quotes", "alignments", "mentions")
    for articles in (made["articles"], made["articles"].iloc[:0]):
        found = find_drifts(articles, *(made[name] for name in names))
        pd.testing.assert_frame_equal(found, tables.empty("drifts"))


TEXT = st.text(st.sampled_from("ab é“”‘’\"'.,—- \n\u200b7$%中") | st.characters(exclude_categories=["Cs"]), max_size=40)


@given(TEXT, TEXT)
@settings(max_examples=20, deadline=None)
def test_any_text_goes_through(one, two):
    bodies = [
        f"“The harbour will stay open {one} for ships,” Ada Quill said. {two}",
        f"“The harbour {two} will stay open,” Ada Quill said.",
    ]
    drifts_of(*bodies)


def test_the_drift_planted_in_the_demo():
    """Six outlets render one fragment, four in marks and two without; three of them with no word of three others."""
    articles = read_articles(open_study("demo"))["articles"].assign(story="one")
    made = code_partition(articles, [])
    alignments = align_sentences(articles, made["sentences"])
    found = find_drifts(articles, made["sentences"], made["quotes"], alignments, made["mentions"])
    outlet = articles.set_index("article_id")["outlet"]
    planted = yaml.safe_load((shipped("studies") / "demo" / "planted.yml").read_text(encoding="utf-8"))["drift"][
        "words"
    ]
    expected = {(row["outlet"], row["words"], row["marks"]) for row in planted}
    first = found[found["utterance"] == 0]
    assert expected == {
        (outlet[article], words, marks in QUOTED)
        for side in "ab"
        for article, words, marks in zip(
            first[f"article_{side}"], first[f"words_{side}"], first[f"marks_{side}"], strict=True
        )
    }
    assert set(first.loc[first["loaded"], "words_a"]) | set(first.loc[first["loaded"], "words_b"]) > {"final solution"}


# ------------------------------------------------------------------------------------------------ the five real pages


@pytest.fixture(scope="module", params=[alike, align_sentences], ids=["stand-in", "alignments"])
def pages(shared, request):
    """The drifts of the five pages, with the number of the page for each article."""
    study = open_study(shared / "seeds")
    articles = read_articles(study)["articles"].assign(story="one")
    made = code_partition(articles, [])
    near = request.param(articles, made["sentences"])
    found = find_drifts(articles, made["sentences"], made["quotes"], near, made["mentions"])
    number = {row.article_id: row.source_file.split("/")[-1][:3] for row in articles.itertuples()}
    return found.assign(a=found["article_a"].map(number), b=found["article_b"].map(number))


def test_one_page_in_history(pages):
    said = pages[pages["words_a"].str.contains("history") & pages["words_b"].str.contains("history")]
    assert set(zip(said["a"], said["b"], strict=True)) == set(itertools.combinations(("000", "001", "002", "003"), 2))
    assert len(set(said["utterance"])) == 1
    changed = said.set_index(["a", "b"])["replacements"]
    assert "tragic → sad" in changed["000", "002"]
    assert "page → period" in changed["000", "003"]
    assert "turning → turn" in changed["000", "001"]


def test_resolution_and_solution(pages):
    row = only(pages[(pages["a"] == "000") & (pages["b"] == "003") & pages["loaded"]])
    assert (row.words_a, row.words_b, row.replacements) == (
        "final resolution",
        "final solution",
        "resolution → solution",
    )
    assert row.loaded_words.startswith("b: final solution")
    assert pages["loaded"].iloc[0]
    assert "final solution" in set(pages["words_b"].head(3))


@pytest.mark.parametrize("word", ["manipulative", "absurd"])
def test_quoted_by_one_and_plain_in_another(pages, word):
    rows = pages[(pages["a"] == "000") & (pages["b"] == "001") & (pages["words_a"] == word)]
    assert len(rows) == 2
    assert set(rows["words_b"]) == {word}
    assert set(rows["moved"]) == {"out"}
    assert set(rows["change"]) == {0}
