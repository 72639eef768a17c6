"""Words beside numbers: cut at their offsets, marked word by word, and escaped whatever stands in them."""

import pandas as pd
import pytest

from analysis import tables
from analysis.reporting import excerpts

BODY = "First words <b>here</b>. Copied words stand\n\nin two paragraphs. Own end."


@pytest.fixture
def coded():
    ids = pd.array(["a", "b"], dtype="str")
    start = BODY.index("Copied")
    return {
        "articles": pd.DataFrame(
            {
                "article_id": ids,
                "outlet": ["<i>A</i>", "B"],
                "headline": ["A <b>", "Two"],
                "body": [BODY, BODY],
                "n_words": 11,
            }
        ),
        "sentences": pd.DataFrame({"article_id": ids, "sentence": [0, 0], "start": [0, 12], "end": [11, 23]}),
        "copy_groups": pd.DataFrame(
            {"article_id": ids, "copy_group": "a", "role": ["source", "copy"], "outlet_added_words": [11, 6]}
        ),
        "copied": pd.DataFrame({"article_id": ["b"], "start": [start], "end": [BODY.index(" Own")]}),
    }


def test_words_of_a_sentence(coded):
    table = pd.DataFrame({"article_id": ["b", "a", "a"], "sentence": pd.array([0, 0, pd.NA], dtype="Int64")})
    assert excerpts.with_words(table, coded)["words"].tolist()[:2] == ["<b>here</b>", "First words"]
    assert excerpts.with_words(table, coded)["words"].isna().tolist() == [False, False, True]


def test_a_study_without_its_texts_says_so(coded):
    coded["articles"]["body"] = pd.array([None, None], dtype="str")
    table = pd.DataFrame({"article_id": ["a"], "sentence": [0]})
    assert excerpts.with_words(table, coded)["words"].tolist() == [excerpts.NOT_HERE]
    assert excerpts.SENTENCE in excerpts.show_copies(coded).data


def test_tables_are_escaped_and_whole():
    html = excerpts.show_table(pd.DataFrame({"some_column": ["<script>" + "long " * 40], "share": [0.123456]})).data
    assert "<script>" not in html
    assert html.count("long") == 40
    assert "some column" in html
    assert "0.12" in html


def test_copies_mark_what_is_their_own(coded):
    html = excerpts.show_copies(coded).data
    assert html.count("<details>") == 1  # the source owns its words
    assert "6 of 11 words its own" in html
    assert "<mark>First words &lt;b&gt;here&lt;/b&gt;. </mark>" in html
    assert '<span class="copied">Copied words stand<br><br>in two paragraphs.</span>' in html
    assert "<mark> Own end.</mark>" in html
    coded["copied"] = coded["copied"][:0]
    assert "No copy was found" in excerpts.show_copies(coded).data


def drift(words_a, words_b, **more):
    row = dict.fromkeys(tables.TABLES["drifts"].columns)
    numbers = {"kept": 1, "cut": 0, "added": 0, "replaced": 1, "loaded": False, "speaker_changed": False}
    row |= {**numbers, "cue_changed": False, "article_a": "a", "article_b": "b", "words_a": words_a, "words_b": words_b}
    return pd.DataFrame([row | more])


def test_drifts_word_by_word(coded):
    html = excerpts.show_drifts(
        drift("final resolution", "final <solution>", loaded=True, loaded_words="b: x"), coded["articles"]
    ).data
    assert "final <del>resolution</del> <ins>&lt;solution&gt;</ins>" in html
    assert "loaded: b: x" in html
    assert "&lt;i&gt;A&lt;/i&gt; → B" in html


def test_drifts_say_what_else_changed(coded):
    table = drift(
        "x",
        "x",
        moved="out",
        speaker_changed=True,
        speaker_a="One",
        speaker_b="Two",
        cue_changed=True,
        cue_a="say",
        cue_b="claim",
    )
    html = excerpts.show_drifts(table, coded["articles"]).data
    for said in ("moved out of quotation marks", "speaker: One → Two", "cue: say → claim"):
        assert said in html
    assert "No quotation" in excerpts.show_drifts(table[:0], coded["articles"]).data


def test_more_than_are_shown_are_counted(coded):
    table = pd.concat([drift("a b", "a c")] * 3)
    assert "1 more are in the table" in excerpts.show_drifts(table, coded["articles"], most=2).data
