"""Sentence bounds: the traps of news prose, the offsets, and real sentences with their true bounds."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.coding.sentences import BOUND, NEIGHBOURS, PARTED, sentence_bounds
from analysis.coding.tokens import tokenise
from benchmarks.sentences import f1


def split(text):
    """The sentences of a text."""
    table, _ = sentence_bounds(tokenise([text]))
    return [text[start:end] for start, end in zip(table["start"], table["end"], strict=True)]


# Each line is one text, its sentences parted by a bar.
TRAPS = """
Mr. Hale left.|He was late.
Gen. Ann Roe and Sen. J. R. Poe met in Washington, D.C., on Jan. 5.|It rained.
Troops left the U.S. base.|The U.S. Senate met.
They flew to the U.S.|The trip took a day.
He was born in the U.S.|A spokesman said so.
The firm, Acme Inc., closed.|Acme Corp.|He works there.
It ended at 5 p.m. Friday.|It began at 9 a.m.|Doors open early.
The doors shut at 5 p.m.|Nobody came.
“We will go.|We will win,” she said.
“Will it hold?” Roe asked.|“No!” cried Poe.
“Will it hold?”|The crowd fell silent.
“Why?” he asked.|She shrugged.
He said: “It is over.”|Then he left.
They came (all of them).|They ate.
(They came.)|They ate.
It cost $3.5 million.|No. 5 won, e.g. the red one, vs. No. 6.
He sat.|She ran.|The sun.|An art.|He said no.
Wait ... what?|Well…|He left.
Well… he left.
He sang “Yes!” and left.
Prices rose 5.5 percent.|In 2022 they fell.
He was in Moscow.The rest stayed.
Visit theguardian.com today.
Plan B.|The rest is history.
So do I.|But he does not.
1. Bread is dear.
St. Ives and Mt. Hood are far.|Dr. No is a film.
她走了。他来了。
Что это?|Это дом.
He met Kofi A. Annan.|He met George W. Bush.
The talks (held in Bern, Switz.) failed.
Is it true?!|It is.
He left.”|She stayed.
""".strip().splitlines()


@pytest.mark.parametrize("line", TRAPS)
def test_traps(line):
    sentences = line.split("|")
    if "。" in line:
        sentences = [part + "。" for part in line.split("。") if part]
        assert split("".join(sentences)) == sentences
        return
    if ".The" in line:
        assert split(line) == ["He was in Moscow.", "The rest stayed."]
        return
    assert split(" ".join(sentences)) == sentences


def test_a_line_break_ends_a_sentence_and_space_is_left_out():
    text = "\n  A headline without a stop \n\nFirst. Second\n\n\n* * *\n\n “Third.”  \n"
    assert split(text) == ["A headline without a stop", "First.", "Second", "“Third.”"]


def test_a_text_without_words_has_no_sentence():
    table, gaps = sentence_bounds(tokenise(["", "… !", "One."]))
    assert table[["text", "sentence", "n_words"]].to_numpy().tolist() == [[2, 0, 1]]
    assert gaps.tolist() == [BOUND]


def test_what_parts_words():
    tokens = tokenise(["illegally “annexed” land, sea (air) cease-fire – now. Then"])
    _, gaps = sentence_bounds(tokens)
    printed = [tokens.raw[at] for at in tokens.types]
    assert dict(zip(printed, gaps.tolist(), strict=True)) == {
        "illegally": NEIGHBOURS,
        "annexed": NEIGHBOURS,
        "land": PARTED,
        "sea": PARTED,
        "air": PARTED,
        "cease-fire": PARTED,
        "now": BOUND,
        "Then": BOUND,
    }


@given(st.text(alphabet=st.sampled_from("aA .?!…”“'\"()\n-,1UİДא。"), max_size=30) | st.text(max_size=60))
@settings(max_examples=400, deadline=None)
def test_any_text_is_cut_into_sentences_that_hold_every_token(text):
    tokens = tokenise([text])
    table, gaps = sentence_bounds(tokens)
    assert table["n_words"].sum() == len(tokens.types)
    assert (gaps == BOUND).sum() == len(table)
    assert (table["start"] < table["end"]).all()
    assert (table["start"].to_numpy()[1:] >= table["end"].to_numpy()[:-1]).all()
    for start, end in zip(table["start"], table["end"], strict=True):
        assert text[start:end] == text[start:end].strip() != ""
    for sentence in table.itertuples():
        first, last = sentence.first_token, sentence.first_token + sentence.n_words - 1
        assert sentence.start <= tokens.starts[first]
        assert sentence.end >= tokens.ends[last]


def test_true_bounds_of_news_sentences(shared):
    """F1 of the bounds inside paragraphs, on 765 sentences of 24 Wikinews articles (UD English GUM)."""
    assert f1() >= 0.955
