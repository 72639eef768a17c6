"""Who says what: constructions one by one, resolution over the article, any string at all, and the hand coding."""

import json

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.coding.codebook import Codebook, Variable, read_codebook
from analysis.coding.quotes import find_quotes
from analysis.coding.sentences import sentence_bounds
from analysis.coding.speech import COLUMNS, find_speech
from analysis.coding.tokens import tokenise
from analysis.study import shipped


def speech_of(*bodies, codebooks=()):
    """The table of some bodies, from the strings on."""
    tokens = tokenise(list(bodies))
    sentences, _ = sentence_bounds(tokens)
    starts = [sentences.loc[sentences["text"] == text, "start"].tolist() for text in range(len(bodies))]
    quotes, _ = find_quotes(list(bodies), starts)
    return find_speech(list(bodies), range(len(bodies)), tokens, sentences, quotes, list(codebooks))


def rows(body, *columns, codebooks=()):
    """Some columns of the table of one body, as lists; missing values as None."""
    found = speech_of(body, codebooks=codebooks)[list(columns)].astype(object)
    return found.where(found.notna(), None).to_numpy().tolist()


@pytest.mark.parametrize(
    ("body", "speaker", "cue"),
    [
        ("“We go,” said Ann Lee, the mayor.", "Ann Lee", "said"),
        ("“We go,” Ann Lee, the mayor of Ely, said on Friday.", "Ann Lee", "said"),
        ("“We go,” his lawyer, Ann Lee, told reporters.", "Ann Lee", "told"),
        ("Ann Lee (D., Ohio) said: “We go.”", "Ann Lee", "said"),
        ("US Trade Secretary Ann Lee, speaking in Ely, added, “We go.”", "Ann Lee", "added"),
        ("As the rain fell, Ann Lee told a crowd in Ely, “We go.”", "Ann Lee", "told"),
        ("“Must we go?” asked Mr. Lee.", "Lee", "asked"),
        ("“We go,” the firm said in a statement.", "firm", "said"),
        ("“We go,” said a spokesman for the firm.", "spokesman for the firm", "said"),
        ("`` We go , '' said Ann Lee , president of Acme .", "Ann Lee", "said"),
        ("Ann Lee: “We go.”", "Ann Lee", None),
        ("“We go,” shrugs Mr. Lee.", "Lee", "shrugs"),
        ("In Ann Lee's words, “we go.”", "Ann Lee", None),
        ("The bill was dismissed by Ann Lee as “absurd.”", "Ann Lee", "dismissed"),
        ("Ann Lee called the bill “absurd.”", "Ann Lee", "called"),
        ("The bill, which Ann Lee described as “absurd,” failed.", "Ann Lee", "described"),
        ("Ann Lee's tweet, “We go,” was read twice.", "Ann Lee", "tweet"),
        ("The paper quoted Ann Lee as saying “we go.”", "Ann Lee", "saying"),
        ("Spain’s Interior Ministry dismissed it as “absurd.”", "Spain’s Interior Ministry", "dismissed"),
        ("City officials, including Lee, denounced it as “absurd.”", "City officials, including Lee", "denounced"),
    ],
)
def test_who_speaks_and_with_what_cue(body, speaker, cue):
    quoted = [row for row in rows(body, "kind", "speaker", "cue") if row[0] != "indirect"]
    assert [row[1:] for row in quoted] == [[speaker, cue]]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("Ann Lee said that it rains.", ["it rains"]),
        ("Ann Lee said it rains.", ["it rains"]),
        ("It rains, Ann Lee said on Friday.", ["It rains"]),
        ("It rains, said Ann Lee.", ["It rains"]),
        ("The rain, Ann Lee said, will stop.", ["The rain", "will stop"]),
        ("According to Ann Lee, it rains.", ["it rains"]),
        ("It rains, according to the firm.", ["It rains"]),
        ("Ann Lee insisted it must rain, adding that she likes it.", ["it must rain", "she likes it"]),
        ("Ann Lee promised to go.", ["to go"]),
        ("Ann Lee demanded the withdrawal of the bill.", ["the withdrawal of the bill"]),
        ("Ann Lee's claim that it rains was wrong.", ["it rains"]),
        ("In a statement, the ministry called the vote a sham.", ["the vote a sham"]),
        ("Ann Lee, who said it would rain, left.", ["it would rain"]),
        ("Ann Lee said it is “high” and insisted that towns “must” act.", ["it is “high”", "towns “must” act"]),
        ("It rains. The claims were high, and Ann Lee left.", []),
        ("Ann Lee reported earnings of $3 million.", []),
    ],
)  # fmt: skip
def test_what_is_reported(body, expected):
    found = speech_of(body)
    found = found[found["kind"] == "indirect"]
    assert found["content"].tolist() == expected
    assert (
        found["speaker"] == ("firm" if "the firm" in body else "ministry" if "ministry" in body else "Ann Lee")
    ).all()


def test_content_holds_neither_speaker_nor_cue():
    found = speech_of("The rain, Ann Lee said, will stop. “We go,” Mr. Lee added, “at once.”")
    for column in ("cue", "speaker"):
        outside = (found[f"{column}_end"] <= found["start"]) | (found[f"{column}_start"] >= found["end"])
        assert outside.all()
    assert found["continued"].tolist() == [False, True, False, False]


def test_kinds():
    body = "“We all go,” she said of the “sham.” Her novel, “The Salt Road,” sold well. Ann Lee said it rains."
    assert rows(body, "kind", "content") == [
        ["direct", "We all go,"],
        ["partial", "sham."],
        ["term", "The Salt Road,"],
        ["indirect", "it rains"],
    ]


def test_names_titles_descriptions_and_pronouns_resolve_to_the_full_name():
    body = (
        "Danish Prime Minister Ann Lee spoke. “We go,” she said. Mr. Park left. “No,” Ms. Lee said. The Danish leader "
        "said it rains. Lee said it pours. Tom Park owns a shop. “I stay,” he said."
    )
    found = speech_of(body)
    assert found["speaker"].tolist() == ["Ann Lee"] * 4 + ["Tom Park"]
    assert found["speaker_printed"].tolist() == ["she", "Ms. Lee", "The Danish leader", "Lee", "he"]
    assert found["person_named"].all()


def test_a_ministry_and_nobody():
    assert rows("Spain's Trade Ministry met. It said it rains.", "speaker", "person_named")[0][1] is False
    assert rows("He said it rains.", "speaker", "speaker_printed", "person_named") == [[None, "He", False]]


def test_sentences_of_quotation_that_follow_keep_the_speaker():
    body = "“We go,” said Ann Lee. “Soon.”\n\n“Very soon.”\n\nTom Park said: “One.\n\n“Two.”"
    found = speech_of(body)
    assert found["speaker"].tolist() == ["Ann Lee"] * 3 + ["Tom Park"] * 2
    assert found["continued"].tolist() == [False, False, False, False, True]
    assert found["cue_start"].nunique() == 2


def test_actors_and_cues_are_data():
    book = Codebook(
        name="mine",
        version="1.0.0",
        variables={"people": Variable(kind="actor", categories={"Ann Lee": ["the mayor"]})},
    )
    verbs = Codebook(
        name="reporting-verbs",
        version="1.0.0",
        variables={"cue": Variable(kind="choice", categories={"odd": ["quoth", "say", "says", "said", "saying"]})},
    )
    body = "“We go,” said the mayor."
    assert rows(body, "speaker", "cue_class", "person_named", codebooks=[book, verbs]) == [["Ann Lee", "odd", True]]
    assert rows(body, "speaker", "cue_class", "cue_lemma") == [["mayor", "neutral", "say"]]


def test_shipped_actors_give_governments_and_sides():
    book = read_codebook(shipped("codebooks") / "actors.yml")
    found = speech_of(
        "Kiev said it rains. The Kremlin says it snows. Kyiv’s foreign minister is away.", codebooks=[book]
    )
    assert found["speaker"].tolist() == ["Ukraine", "Kremlin"]
    sides = {actor: side for one in book.variables.values() for side, actors in one.sides.items() for actor in actors}
    assert [sides[speaker] for speaker in found["speaker"]] == ["Ukraine", "Russia"]


_MIXED = (
    "“ ” \" ' ’ ‘ `` '' , . : ; ( ) — said says adding that Ann Lee Mr. he who which the a mayor claims to of "
    "according and but called as it was by if 's in Friday “No,” ?! \n\n"
)
PIECES = st.sampled_from(_MIXED.split(" "))


BODIES = st.lists(PIECES, max_size=40).map(" ".join) | st.lists(PIECES, max_size=30).map("".join) | st.text(max_size=60)


@given(st.lists(BODIES, min_size=5, max_size=15))
@settings(max_examples=60, deadline=None)
def test_any_text_goes_through_and_spans_never_cross(bodies):
    table = speech_of(*bodies)
    assert list(table.columns) == list(COLUMNS)
    assert set(table["text"]) <= set(range(len(bodies)))
    for text, found in table.groupby("text"):
        body = bodies[text]
        spans = list(zip(found["start"].tolist(), found["end"].tolist(), strict=True))
        assert [body[start:end] for start, end in spans] == found["content"].tolist()
        for one, (start, end) in enumerate(spans):
            assert 0 <= start < end <= len(body)
            assert all(not start < other[0] < end < other[1] for other in spans[one + 1 :])
        assert spans == sorted(spans, key=lambda span: (span[0], -span[1]))
        for name in ("cue", "speaker_printed"):
            stem = name.split("_")[0]
            known = found[found[f"{stem}_start"].notna()]
            cut = [body[start:end] for start, end in zip(known[f"{stem}_start"], known[f"{stem}_end"], strict=True)]
            assert cut == known[name].tolist()


def test_hand_coded_speakers_and_cues(shared):
    """At least 27 of 28 cues and speakers of the hand coding, all spans."""
    pages = json.loads((shared / "gold/pages.json").read_text(encoding="utf-8"))
    coded = pd.DataFrame(json.loads((shared / "gold/quotes.json").read_text(encoding="utf-8")))
    pairs = []
    for file, wanted in coded.groupby("file"):
        page = next(page for page in pages if page["file"] == file)
        text = (shared / "seeds/articles" / file).read_text(encoding="utf-8")
        body = text[text.index(page["first_words"]) : text.rindex(page["last_words"]) + len(page["last_words"])]
        found = speech_of(body).query("kind != 'indirect'")
        assert found["content"].tolist() == wanted["text"].tolist()
        pairs.append(pd.DataFrame({"speaker": wanted["speaker"].to_numpy() == found["speaker"].to_numpy(),
                                   "cue": wanted["cue"].to_numpy() == found["cue"].to_numpy()}))  # fmt: skip
    assert (pd.concat(pairs).sum() >= 27).all()


@pytest.mark.parametrize(
    ("body", "speaker"),
    [
        ("The U.S. Department of Trade notes, “A little is normal.”", "U.S. Department of Trade"),
        ("“We will appeal,” said the Bank of Ely.", "Bank of Ely"),
        ("“We expect growth,” said Ann Lee, president of the Union of Bakers.", "Ann Lee"),
    ],
)
def test_a_body_named_after_something_keeps_its_whole_name(body, speaker):
    assert rows(body, "speaker") == [[speaker]]


def test_signs_at_the_edges_of_a_number_belong_to_the_content():
    assert rows("The firm said that profit rose 12%.", "content") == [["profit rose 12%"]]
    assert rows("The firm said $5 million was lost.", "content") == [["$5 million was lost"]]
