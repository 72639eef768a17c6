"""The line below a figure: what people found, for the codebook as it is now, or that nobody has looked."""

import pandas as pd
import pytest

from analysis.reporting.stamps import stamp_of

ANSWERS = ["yes"] * 4 + ["no"] * 4


def samples(machine, *, category="fear", digest="ab", variable="mood", unit="sentence", sample="aaaaaa"):
    """One item a code, each standing for ten."""
    hit = [code not in ("no", "neutral") for code in machine]
    size = {flag: 10 * hit.count(flag) for flag in (True, False)}
    return pd.DataFrame(
        {
            "sample": sample,
            "item": [f"{sample}-{number:03}" for number in range(len(machine))],
            "codebook": "b",
            "codebook_hash": digest,
            "variable": variable,
            "category": category,
            "unit": unit,
            "level": "A",
            "hit": hit,
            "machine": machine,
            "drawn": [hit.count(flag) for flag in hit],
            "population": [size[flag] for flag in hit],
            "alike": [10 * machine.count(code) for code in machine],
        }
    )


def codings(of, *answers):
    """Codes of one coder for each list of answers."""
    parts = [
        of[["sample", "item", "category"]].assign(coder=f"c{place}", code=one) for place, one in enumerate(answers)
    ]
    return pd.concat(parts, ignore_index=True)


@pytest.fixture
def tables():
    categories = [("b", "mood", "fear", "presence"), ("b", "mood", "joy", "presence"), ("b", "who", "Ann", "actor")]
    table = pd.DataFrame(categories, columns=["codebook", "variable", "category", "kind"]).assign(codebook_hash="ab")
    return {"categories": table}


def figure(codebook="b", variable="mood"):
    table = pd.DataFrame()
    table.attrs = {"codebook": codebook, "variable": variable}
    return table


def test_nobody_has_looked(tables):
    assert stamp_of(figure(), tables) == "not validated"
    empty = samples(ANSWERS)[:0]
    assert stamp_of(figure(), {**tables, "samples": empty, "codings": codings(empty, [])}) == "not validated"


def test_no_line_where_no_variable_is_shown(tables):
    assert stamp_of(pd.DataFrame(), tables) == ""
    assert stamp_of(figure("quotes", "speaker"), tables) == ""
    assert stamp_of(figure(variable=["mood"]), tables) == ""


def test_a_sheet_without_codes_is_no_validation(tables):
    drawn = samples(ANSWERS)
    coded = codings(drawn, [None] * 8)
    assert stamp_of(figure(), {**tables, "samples": drawn, "codings": coded}) == "not validated"


def test_precision_and_recall_by_hand(tables):
    drawn = pd.concat([samples(ANSWERS), samples(["no"] * 8, category="joy").assign(hit=[True] * 4 + [False] * 4)])
    drawn[["drawn", "population", "alike"]] = 4, 40, 40
    truth = ["yes", "yes", "yes", "no", "yes", "no", "no", "no", *["no"] * 8]
    coded = codings(drawn, truth, truth)
    said = stamp_of(figure(), {**tables, "samples": drawn, "codings": coded})
    # Of 4 hits 3 are right; 3 true ones are found and 1 is not: each stands for ten.
    assert said == "validated: precision .75, recall .75 (n = 8, 2 coders)"


def test_some_categories_only_and_one_coder(tables):
    drawn = samples(ANSWERS)
    said = stamp_of(figure(), {**tables, "samples": drawn, "codings": codings(drawn, ANSWERS)})
    assert said == "validated for 1 of 2 categories: precision 1.00, recall 1.00 (n = 8, 1 coder)"


def test_another_codebook_than_was_validated(tables):
    drawn = samples(ANSWERS, digest="cd")
    said = stamp_of(figure(), {**tables, "samples": drawn, "codings": codings(drawn, ANSWERS)})
    assert said == "not validated: the codebook has changed since it was"


def test_namings_stand_for_targets(tables):
    machine = ["positive", "negative", "neutral", "neutral"]
    drawn = samples(machine, category="tone", variable="who", unit="naming")
    coded = codings(drawn, ["positive", "negative", "neutral", "negative"])
    said = stamp_of(figure("targets", "actor"), {**tables, "samples": drawn, "codings": coded})
    # Precision 1, 1, 1/2 and recall 1, 1/2, 1 of the three tones.
    assert said == "validated: precision .83, recall .83 (n = 4, 1 coder)"
    assert stamp_of(figure("targets", "actor"), tables) == "not validated"
