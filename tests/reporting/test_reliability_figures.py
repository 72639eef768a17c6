"""Agreement, precision and recall, corrected shares: drawn, told, and on a page also where nobody has coded."""

import re

import numpy as np
import pandas as pd
import pytest

from analysis.comparison.accuracy import validity
from analysis.comparison.reliability import agreement
from analysis.reporting import gallery, validation
from analysis.reporting import validation_statements as told
from analysis.reporting.reliability import draw_agreement, draw_prevalence, draw_validity
from analysis.study import UserError, open_study
from analysis.tables import TABLES, empty, validate
from tests.reporting.test_matrices import inside, texts

BODY = "Roe said no. Poe won a prize. It rained."
ARTICLES = pd.DataFrame(
    {"article_id": ["a" * 12, "b" * 12], "outlet": ["Left", "Right"], "body": BODY, "headline": "x"}
)
ARTICLES = ARTICLES.astype("str")
SENTENCES = pd.DataFrame(
    [(article, number, start, end) for article in ARTICLES["article_id"] for number, (start, end) in enumerate(
        [(0, 12), (13, 29), (30, 40)])],
    columns=["article_id", "sentence", "start", "end"],
)  # fmt: skip


def sample(answers, *, name="abc123", variable="frame", category="conflict", unit="sentence", codebook_hash="1"):
    """Rows of *samples* and *codings*: each answer is (hit, machine, ann, bob)."""
    places = SENTENCES.iloc[[number % len(SENTENCES) for number in range(len(answers))]]
    keys, codes = [], []
    for number, (place, (hit, machine, *people)) in enumerate(zip(places.itertuples(), answers, strict=True)):
        item = f"{name}-{number:03}"
        level = "Left" if place.article_id.startswith("a") else "Right"
        key = (name, item, "book", codebook_hash, variable, category, unit, place.article_id, "body")
        end = place.end if unit == "sentence" else place.start + 3
        keys.append((*key, place.start, end, level, hit, machine, len(answers), 100, 100))
        codes += [(name, item, category, coder, code) for coder, code in zip(("ann", "bob"), people, strict=False)]
    keys = pd.DataFrame(keys, columns=list(TABLES["samples"].columns))
    codes = pd.DataFrame(codes, columns=list(TABLES["codings"].columns)).astype("str")
    texts_ = [column for column in keys if keys[column].dtype == object]
    return validate("samples", keys.astype(dict.fromkeys(texts_, "str"))), validate("codings", codes)


def tables(*pairs):
    """Coded tables with these samples."""
    samples = pd.concat([empty("samples"), *(pair[0] for pair in pairs)], ignore_index=True)
    codings = pd.concat([empty("codings"), *(pair[1] for pair in pairs)], ignore_index=True)
    categories = pd.DataFrame(
        {"codebook": "book", "codebook_hash": "1", "version": "1", "variable": ["frame", "mood"], "kind": "presence"}
    ).assign(category=["conflict", "x"])
    return {
        "articles": ARTICLES,
        "sentences": SENTENCES,
        "categories": categories,
        "samples": samples,
        "codings": codings,
    }


YES = (True, "yes", "yes", "yes")
NO = (False, "no", "no", "no")
MISSED = (False, "no", "yes", "yes")
FALSE = (True, "yes", "no", "no")
SPLIT = (False, "no", "no", "yes")
CODED = sample([YES, YES, YES, NO, NO, NO, NO, MISSED, FALSE, SPLIT])
UNCODED = sample([(True, "yes"), (False, "no")], name="dddddd", variable="mood")


def lines(axes, name):
    return [line for line in axes.lines if line.get_gid() == name]


def test_alpha_is_drawn_between_chance_and_perfect():
    table = agreement(CODED[1], replicates=50)
    axes = draw_agreement(table, title="Agreement")
    inside(axes)
    (value,) = lines(axes, "value")
    tentative, enough = lines(axes, "guide")
    inch = (enough.get_xdata()[0] - tentative.get_xdata()[0]) / (0.8 - 0.667)
    assert (value.get_xdata()[0] - tentative.get_xdata()[0]) / inch + 0.667 == pytest.approx(table["alpha"][0])
    assert {"conflict", "10"} <= set(texts(axes))
    worse = table.assign(alpha=-0.4, low=-0.6)
    inside(draw_agreement(worse))
    assert (
        lines(draw_agreement(worse), "value")[0].get_xdata()[0]
        < lines(draw_agreement(worse), "guide")[0].get_xdata()[0]
    )
    tone = pd.concat([table.assign(category="tone", measurement=one) for one in ("nominal", "ordinal", "interval")])
    assert {"nominal", "ordinal", "interval"} <= set(texts(draw_agreement(tone)))


def test_precision_and_recall_are_drawn_with_what_they_divide_by():
    table = validity(*CODED)
    axes = draw_validity(table, title="How right")
    inside(axes)
    assert {"Precision", "Recall", "F1", "conflict"} <= set(texts(axes))
    assert texts(axes).count("4") == 2  # three found and one false; three found and one missed
    assert texts(axes).count("5") == 1
    assert not [words for words in texts(axes) if words.startswith("average")]  # of one category there is no average
    several = pd.concat([table[:1], table.assign(category=table["category"].replace("conflict", "z"))])
    assert {"average: micro", "average: macro"} <= set(texts(draw_validity(several)))


def test_by_level_one_row_a_level():
    table = validity(*CODED, by_level=True)
    axes = draw_validity(table)
    assert [words for words in texts(axes) if words in ("Left", "Right")] == ["Left", "Right"]
    inside(axes)


def test_tones_are_averaged_over_the_classes():
    of_tone = sample(
        [(True, "negative", "negative"), (False, "neutral", "neutral"), (True, "positive", "neutral")], category="tone"
    )
    table = validity(*of_tone, by_level=True)
    caption = told.validity_caption(table, "mood")
    assert "Shown: the mean of the three tones." in caption
    plain = validity(*of_tone)
    assert {"negative", "neutral", "positive", "average: macro"} <= set(texts(draw_validity(plain)))


def corrected(*rows):
    columns = ["level", "category", "apparent", "corrected", "low", "high", "total", "n_articles", "n_items"]
    return pd.DataFrame(rows, columns=columns).astype({"level": "str"})


SHARES = corrected(
    ("Left", "conflict", 0.1, 0.2, 0.1, 0.3, 40, 4, 10),
    ("Right", "conflict", 0.2, np.nan, np.nan, np.nan, 60, 6, 10),
    (None, "conflict", 0.15, 0.25, 0.1, 0.4, 100, 10, 10),
)


def test_corrected_shares_stand_beside_those_of_the_machine():
    axes = draw_prevalence(SHARES, title="Shares")
    inside(axes)
    assert {"Left", "Right", "all together", "40", "60", "100"} <= set(texts(axes))
    values = lines(axes, "value")
    assert [line.get_marker() for line in values] == ["o", "s", "s", "o", "s"]  # one is undefined
    assert "–" in texts(axes)
    said = [text.get_text() for text in axes.figure.legends[0].get_texts()]
    assert said == ["corrected", "as the machine codes", "95 % interval"]
    assert told.prevalence_finding(SHARES) == (
        "Changed most: *conflict*, 15.0 % as the machine codes, 25.0 % (10 to 40) corrected."
    )
    assert "N = 100 units in 10 articles; errors from 10 items" in told.prevalence_caption(SHARES, "frame")
    assert "Nothing can be corrected" in told.prevalence_finding(SHARES.assign(corrected=np.nan))


def test_what_is_said_of_agreement_and_validity():
    table = agreement(CODED[1], replicates=50)
    said = told.agreement_finding(table)
    assert re.fullmatch(r"Lowest: \*nominal\*, alpha \.\d\d\d \(10 items, .+\), .+; 90 % coded alike\.", said)
    assert "not enough" in told.agreement_finding(table.assign(alpha=0.5))
    assert "for tentative conclusions" in told.agreement_finding(table.assign(alpha=0.7))
    assert "not known" in told.agreement_finding(table.assign(alpha=np.nan))
    assert "2 coders on frame. N = 10 items" in told.agreement_caption(table, "frame")
    right = validity(*CODED)
    assert re.match(
        r"The machine: \*conflict\*, precision \.\d\d \(.+\), recall \.\d\d \(.+\); F1", told.validity_finding(right)
    )
    assert "N = 9 items with an agreed code, 2 coders." in told.validity_caption(right, "frame")
    assert told.fraction(0.704) == ".70"
    assert told.fraction(1.0) == "1.00"
    assert told.fraction(-0.25) == "−.25"
    assert told.fraction(np.nan) == "undefined"


def test_samples_are_listed_with_who_coded_them():
    made = tables(CODED, UNCODED, sample([YES], name="eeeeee", codebook_hash="old"))
    table = validation.samples_of(made).set_index("sample")
    assert table["items"].to_dict() == {"abc123": 10, "dddddd": 2, "eeeeee": 1}
    assert table["coders"].tolist() == [2, 0, 2]
    assert table["answers"].tolist() == [20, 0, 2]
    assert table["ties"].tolist() == [1, 0, 0]
    assert table["current"].tolist() == [True, True, False]
    assert validation.samples_of(made, "mood")["sample"].tolist() == ["dddddd"]
    with pytest.raises(UserError, match="variable 'x' is in no codebook in use; allowed: frame, mood"):
        validation.samples_of(made, "x")


def test_disagreements_come_with_their_text_the_machines_errors_first():
    made = tables(CODED)
    table = validation.disagreements(validation.samples_of(made), made)
    assert table["item"].tolist() == ["abc123-007", "abc123-008", "abc123-009"]
    assert table["machine"].tolist() == ["no", "yes", "no"]
    assert table["people"].fillna("-").tolist() == ["yes", "no", "-"]
    assert table["coders"].tolist()[2] == "ann: no; bob: yes"
    assert table["text"].tolist() == ["Poe won a prize.", "It rained.", "Roe said no."]
    assert len(validation.disagreements(validation.samples_of(made), made, most=1)) == 1
    naming = tables(sample([(True, "negative", "positive")], category="tone", unit="naming"))
    (text,) = validation.disagreements(validation.samples_of(naming), naming)["text"]
    assert text == "▸Roe◂ said no."
    bare = {**made, "articles": ARTICLES.assign(body="")}
    assert set(validation.disagreements(validation.samples_of(bare), bare)["text"]) == {"(the text is not included)"}


def test_next_steps():
    made = tables(CODED, UNCODED, sample([YES, FALSE], name="eeeeee", codebook_hash="old"))
    checked = validation.samples_of(made)
    asked = [agreement(made["codings"], replicates=20), validity(made["samples"], made["codings"], draws=50)]
    said = told.next_steps(checked, *asked)
    assert "**frame** (abc123): answers without a majority: 1. Decide them in a sheet named `agreed`." in said
    assert "**mood** (dddddd): nobody has coded it." in said
    assert "**frame** (eeeeee): the codebook has changed since." in said
    assert "**frame** (eeeeee): precision of *conflict* (.50) below .80" in said
    one = tables(sample([(True, "yes", "yes")]))
    said = told.next_steps(validation.samples_of(one), asked[0][:0], validity(one["samples"], one["codings"], draws=50))
    assert "one coder" in said
    perfect = tables(sample([YES, YES, NO, NO]))
    asked = [agreement(perfect["codings"], replicates=20), validity(perfect["samples"], perfect["codings"], draws=50)]
    assert told.next_steps(validation.samples_of(perfect), *asked).startswith("* Nothing: people agree")
    assert told.COMMAND in told.next_steps(checked[:0], asked[0], asked[1])


def test_one_coder_alone_as_the_truth():
    made = tables(CODED)
    table = validation.each_coder(validation.samples_of(made), made).query("average == 'micro'").set_index("truth")
    assert table["n_items"].to_dict() == {"agreed": 9, "ann": 10, "bob": 10}
    assert table.loc["ann", "recall"] > table.loc["bob", "recall"]
    assert validation.each_coder(validation.samples_of(made)[:0], made).empty


@pytest.fixture
def shown(monkeypatch, tmp_path):
    """What a page shows, as text; figures go to a folder of the test."""
    said = []
    monkeypatch.setenv("SAMESTORY_FIGURES", str(tmp_path))
    for module in (gallery, validation):
        monkeypatch.setattr(module, "display", lambda *parts, **_: said.extend(part.data for part in parts))
    monkeypatch.setattr("analysis.reporting.provenance.display", lambda *parts, **_: said.append("(figure)"))
    return said


def test_a_page_of_a_coded_and_an_uncoded_sample(shown, tmp_path):
    made = {**tables(CODED, UNCODED), "mentions": pd.DataFrame(columns=["codebook", "variable"], dtype="str")}
    checked, study = validation.samples_of(made), open_study("demo")
    table = validation.save_agreement(checked, made, study=study, replicates=50)
    assert shown[:2] == ["### Frame", "(figure)"]
    assert shown[-2:] == ["### Mood", "Nobody has coded this sample yet."]
    assert (tmp_path / "validation-agreement-frame.png").is_file()
    assert len(table) == 1
    right = validation.save_validity(checked, made, study=study)
    assert right["sample"].unique().tolist() == ["abc123"]
    assert (tmp_path / "validation-right-frame.csv").is_file()


def test_a_page_without_a_sample(shown, tmp_path):
    made, study = tables(), open_study("demo")
    checked = validation.samples_of(made)
    assert checked.empty
    for save in (validation.save_agreement, validation.save_validity, validation.save_prevalence):
        assert save(checked, made, study=study).empty
    assert shown == ["There is no sample."] * 3
    assert list(tmp_path.iterdir()) == []
    assert validation.disagreements(checked, made).empty
