"""Validity and corrected prevalence: counts weighted back by hand, and errors planted and found."""

import csv

import numpy as np
import pandas as pd
import pytest
from openpyxl import load_workbook

from analysis.comparison.accuracy import validity
from analysis.comparison.alpha import krippendorff_alpha
from analysis.comparison.differential import differential
from analysis.comparison.prevalence import apparent_counts, corrected_prevalence, rogan_gladen
from analysis.comparison.reliability import agreement, confusion
from analysis.comparison.sampling import draw_sample
from analysis.comparison.sheets import read_sheets
from analysis.reporting.sheets import write_sheets
from analysis.tables import empty, validate
from tests.comparison.made import BOOK, HASH, answers, study


def items(cells):
    """*samples* and one coder's answers from (level, hit, machine, population, alike, answers)."""
    rows, given_codes = [], []
    for level, hit, machine, population, alike, codes in cells:
        drawn = sum(len(other[5]) for other in cells if other[:2] == (level, hit))
        for code in codes:
            item = f"abcdef-{len(rows):03}"
            place = (f"{0:012x}", "body", len(rows), len(rows) + 1, level, hit, machine, drawn, population, alike)
            rows.append(("abcdef", item, BOOK, HASH, "matter", "flood", "sentence", *place))
            given_codes.append((item, "a", {"y": "yes", "n": "no"}[code]))
    columns = empty("samples")
    samples = pd.DataFrame(rows, columns=columns.columns).astype(columns.dtypes.to_dict())
    return validate("samples", samples), _codings(given_codes)


def _codings(rows):
    """The table *codings* from (item, coder, code)."""
    table = pd.DataFrame(rows, columns=["item", "coder", "code"]).assign(sample="abcdef", category="flood")
    return validate("codings", table[list(empty("codings").columns)].astype("str"))


# Outlet A: 100 sentences with a hit, of which 8 of 10 are right; 900 without, of which 1 of 10 is missed.
# Outlet B: 20 with a hit, 5 of 5 right; 480 without, 0 of 20 missed.
CELLS = [
    ("A", True, "yes", 100, 100, "yyyyyyyynn"),
    ("A", False, "no", 900, 900, "ynnnnnnnnn"),
    ("B", True, "yes", 20, 20, "yyyyy"),
    ("B", False, "no", 480, 480, "n" * 20),
]


def test_counts_are_weighted_back_to_the_study():
    row = validity(*items(CELLS)).iloc[0]
    assert row[["tp", "fp", "fn", "tn"]].tolist() == [13, 2, 1, 29]
    assert row[["tp_weighted", "fp_weighted", "fn_weighted", "tn_weighted"]].tolist() == pytest.approx(
        [100, 20, 90, 1290]
    )
    assert row["precision"] == pytest.approx(100 / 120)
    assert row["recall"] == pytest.approx(100 / 190)
    assert row["f1"] == pytest.approx(200 / 310)
    assert row["specificity"] == pytest.approx(1290 / 1310)
    assert row["accuracy"] == pytest.approx(1390 / 1500)
    assert row["prevalence"] == pytest.approx(190 / 1500)
    assert row["apparent"] == pytest.approx(120 / 1500)
    assert (row["n_items"], row["n_coders"], row["n_ties"]) == (45, 1, 0)
    for measure in ("precision", "recall", "f1", "specificity", "accuracy", "prevalence"):
        assert row[f"{measure}_low"] < row[measure] < row[f"{measure}_high"]


def test_each_level_is_judged_by_its_own_items():
    table = validity(*items(CELLS), by_level=True)
    own = table[table["category"].notna()].set_index("level")
    assert own["precision"].to_dict() == {"A": pytest.approx(0.8), "B": 1.0}
    assert own["recall"].to_dict() == {"A": pytest.approx(80 / 170), "B": 1.0}
    assert own.loc["B", "precision_low"] < 0.8  # five right ones prove little


def test_no_miss_among_many_units_leaves_doubt():
    cells = [("A", True, "yes", 100, 100, "y" * 100), ("A", False, "no", 10_000, 10_000, "n" * 100)]
    row = validity(*items(cells)).iloc[0]
    assert (row["recall"], row["precision"]) == (1, 1)
    assert (row["recall_high"], row["precision_high"]) == (1, 1)
    # 1 − .025^(1/100): with none of 100, up to 3.6 % may be missed: 362 of 10,000 units beside the 100 found.
    assert row["recall_low"] == pytest.approx(100 / 462, abs=0.02)
    assert row["precision_low"] == pytest.approx(0.964, abs=0.004)


def test_machine_codes_that_were_not_drawn_count():
    # 10 of the 40 units with a hit are not of this category, and none of them was drawn.
    cells = [("A", True, "yes", 40, 30, "yyyn"), ("A", False, "no", 100, 100, "nnnn")]
    row = validity(*items(cells)).iloc[0]
    assert row["tp_weighted"] + row["fp_weighted"] == 30
    assert np.isnan(row["recall"])
    assert np.isnan(row["recall_low"])
    assert row["precision"] == pytest.approx(0.75)


def test_undefined_is_missing_and_said():
    cells = [("A", False, "no", 100, 100, "nnnnn")]
    row = validity(*items(cells)).iloc[0]
    assert np.isnan(row["precision"])
    assert np.isnan(row["precision_high"])
    assert "never says so" in row["note"]
    assert row["specificity"] == 1
    samples, _ = items(cells)
    assert validity(samples, empty("codings")).empty


def test_a_level_that_is_missing_is_a_level_of_its_own():
    cells = [(None, *cell[1:]) if cell[0] == "B" else cell for cell in CELLS]
    assert validity(*items(cells)).iloc[0]["recall"] == pytest.approx(100 / 190)


def test_classes_of_tone_are_set_against_the_rest():
    valences = [[1.0] * 4 + [-1.0] * 4 + [0.0] * 12]
    tables = study([[{"w"}] * 20], kind="scale", categories=("w",), valences=valences)
    samples = draw_sample(tables, variable="matter", n=20)
    wrong = set(samples.loc[samples["machine"] == "positive", "item"].head(1))
    wrong |= set(samples.loc[samples["machine"] == "neutral", "item"].head(2))
    given_codes = answers(samples, "a", lambda row: "negative" if row.item in wrong else row.machine)
    table = validity(samples, given_codes)
    own = table[table["category"].notna()].set_index("category")
    assert own["precision"].to_dict() == {"negative": 1, "neutral": pytest.approx(10 / 12), "positive": 0.75}
    assert own["recall"].to_dict() == {"negative": pytest.approx(4 / 7), "neutral": 1, "positive": 1}
    order = ["negative", "neutral", "positive"]
    averages = table[table["category"].isna()].set_index("average")
    assert averages["accuracy"].tolist() == pytest.approx([17 / 20] * 2)
    f1 = [8 / 11, 20 / 22, 6 / 7]
    assert averages.loc["macro", "f1"] == pytest.approx(np.mean(f1))
    assert averages["prevalence"].isna().all()
    assert averages.loc["macro", "alpha"] == pytest.approx(
        krippendorff_alpha(
            [list(map(order.index, one)) for one in (samples["machine"], given_codes["code"])], level="ordinal"
        )
    )


def test_confusion_of_the_machine_and_the_agreed_code():
    samples, given_codes = items(CELLS)
    machine = confusion(given_codes, samples).query("coder_a == 'machine'").set_index(["code_a", "code_b"])["n"]
    assert machine.to_dict() == {("yes", "yes"): 13, ("yes", "no"): 2, ("no", "yes"): 1, ("no", "no"): 29}


def test_rogan_gladen_by_hand():
    assert rogan_gladen(0.3, 0.8, 0.9) == pytest.approx(0.2 / 0.7)
    assert rogan_gladen(np.array([0.05, 0.9]), 0.8, 0.9).tolist() == [0, 1]
    assert np.isnan(rogan_gladen(0.3, 0.5, 0.5))


@pytest.fixture(scope="module")
def planted():
    """4,000 sentences, 240 of which are about floods; the machine finds 70 % of them and is right in 90 %."""
    random = np.random.default_rng(11)
    count, positives = 4000, 240
    truth = np.zeros(count, dtype=bool)
    truth[random.choice(count, positives, replace=False)] = True
    machine = np.zeros(count, dtype=bool)
    machine[random.choice(np.flatnonzero(truth), 168, replace=False)] = True  # 70 %
    machine[random.choice(np.flatnonzero(~truth), 19, replace=False)] = True  # 168/187 = 90 %
    said = [[{"flood"} if one else set() for one in machine[start : start + 20]] for start in range(0, count, 20)]
    outlets = [f"Outlet {'ABCDE'[min(4, number // 60 + number % 2)]}" for number in range(len(said))]
    tables = study(said, outlets=outlets)
    where = tables["sentences"][["article_id", "start"]].assign(truth=truth)
    return tables, where.set_index(["article_id", "start"])["truth"].to_dict()


def fill(samples, truth, paths, random):
    """Two coders, of whom each is wrong in 1 % of items, and a third who decides where they differ."""
    by_item = {row.item: truth[row.article_id, row.start] for row in samples.itertuples()}
    made = [{item: one != (random.random() < 0.01) for item, one in by_item.items()} for _ in range(2)]
    with paths[0].open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    anna, judge, bob = (paths[0].with_name(name) for name in ("anna.csv", "agreed.csv", "bob.xlsx"))
    for file, codes in ((anna, made[0]), (judge, by_item)):
        with file.open("w", encoding="cp1252", newline="") as out:
            writer = csv.DictWriter(out, list(rows[0]), delimiter=";")
            writer.writeheader()
            differ = [row for row in rows if file == anna or made[0][row["item"]] != made[1][row["item"]]]
            writer.writerows(row | {"flood": "1" if codes[row["item"]] else "0"} for row in differ)
    book = load_workbook(paths[1])
    for row in book["coding"].iter_rows(min_row=2):
        row[4].value = "yes" if made[1][row[0].value] else "no"
    book.save(bob)
    return [anna, bob, judge]


def test_planted_errors_are_recovered(planted, tmp_path):
    tables, truth = planted
    held = {"precision": 0, "recall": 0, "prevalence": 0, "corrected": 0}
    for seed in range(6):
        samples = draw_sample(tables, variable="matter", n=200, seed=seed)
        paths = write_sheets(samples, tables, tmp_path / str(seed))
        sheets = fill(samples, truth, paths, np.random.default_rng(seed))
        key, codes = read_sheets(sheets)
        row = validity(key, codes).iloc[0]
        assert row["n_coders"] == 2
        assert row["n_items"] == 200
        assert agreement(codes)["alpha"].item() > 0.9
        held["precision"] += row["precision_low"] <= 168 / 187 <= row["precision_high"]
        held["recall"] += row["recall_low"] <= 0.7 <= row["recall_high"]
        held["prevalence"] += row["prevalence_low"] <= 0.06 <= row["prevalence_high"]
        apparent = apparent_counts(tables, variable="matter")
        table = corrected_prevalence(key, codes, apparent, tables["articles"], replicates=1000)
        whole = table[table["level"].isna()].iloc[0]
        assert whole["apparent"] == pytest.approx(187 / 4000)
        assert whole["corrected"] == pytest.approx(row["prevalence"])  # what people would find, weighted back
        held["corrected"] += whole["low"] <= 0.06 <= whole["high"]
    # Of six intervals of 95 % one may miss: two do in 3 of 100.
    assert min(held.values()) >= 5, held


def test_the_correction_by_level(planted):
    tables, truth = planted
    samples = draw_sample(tables, variable="matter", n=400, seed=1)
    codes = answers(samples, "a", lambda row: "yes" if truth[row.article_id, row.start] else "no")
    apparent = apparent_counts(tables, variable="matter")
    assert apparent["total"].sum() == 4000
    assert apparent["n"].sum() == 187
    table = corrected_prevalence(samples, codes, apparent, tables["articles"], replicates=500, seed=2)
    row, found = table.iloc[0], validity(samples, codes).iloc[0]
    expected = (row["apparent"] + found["specificity"] - 1) / (found["recall"] + found["specificity"] - 1)
    assert row["level"] == "Outlet A"
    assert row["corrected"] == pytest.approx(expected)
    assert row["low"] < row["corrected"] < row["high"]
    again = corrected_prevalence(samples, codes, apparent, tables["articles"], replicates=500, seed=2)
    pd.testing.assert_frame_equal(table, again)
    copies = pd.Series(apparent["article_id"].iloc[0], index=apparent["article_id"].unique())
    one = corrected_prevalence(samples, codes, apparent, tables["articles"], groups=copies, replicates=500)
    assert one["n_groups"].eq(1).all()
    assert one["low"].isna().all()


def test_errors_that_differ_by_level_are_told_from_those_that_do_not():
    alike = [(level, True, "yes", 100, 100, "y" * 16 + "n" * 4) for level in "AB"]
    apart = [("A", True, "yes", 100, 100, "y" * 20), ("B", True, "yes", 100, 100, "y" * 12 + "n" * 8)]
    none = [("A", False, "no", 100, 100, "n" * 9), ("B", False, "no", 100, 100, "n" * 9)]
    table = differential(*items(alike + none), permutations=999).set_index("machine")
    assert table.loc["yes", "p"] > 0.9  # the same share in both
    assert np.isnan(table.loc["no", "p"])
    assert table.loc["no", "note"] == "no errors"
    row = differential(*items(apart), permutations=4999).iloc[0]
    assert (row["n_items"], row["n_wrong"], row["most_wrong"], row["share_wrong"]) == (40, 8, "B", 0.4)
    # One error of four in A, three of four in B: of C(8, 4) = 70 deals, 34 are as uneven or more.
    few = [("A", True, "yes", 9, 9, "yyyn"), ("B", True, "yes", 9, 9, "ynnn")]
    assert differential(*items(few))["p"].item() == pytest.approx(34 / 70, abs=0.02)
    # All eight errors in one of two outlets of 20: 2 · C(20, 8)/C(40, 8) = .0033.
    assert row["p"] == pytest.approx(0.0033, abs=0.003)


def test_nothing_found_in_a_level_hides_doubt():
    said = [[{"flood"}] * 5 + [set()] * 5, [{"flood"}] * 4 + [set()] * 6, [set()] * 10, [set()] * 10]
    tables = study(said, outlets=["A", "A", "B", "B"])
    samples = draw_sample(tables, variable="matter", n=40)
    codes = answers(samples, "a", lambda row: row.machine)
    table = corrected_prevalence(samples, codes, apparent_counts(tables, variable="matter"), tables["articles"])
    row = table[table["level"] == "B"].iloc[0]
    assert (row["low"], row["corrected"], row["high"]) == (0, 0, 0)
    assert "hides doubt" in row["note"]


def test_a_machine_that_tells_nothing_corrects_nothing():
    tables = study([[{"flood"}] * 10 + [set()] * 10])
    samples = draw_sample(tables, variable="matter", n=20)
    codes = answers(samples, "a", lambda row: "no" if row.machine == "yes" else "yes")
    table = corrected_prevalence(samples, codes, apparent_counts(tables, variable="matter"), tables["articles"])
    assert table["corrected"].isna().all()
    assert table["apparent"].eq(0.5).all()
    assert table["note"].str.contains("nothing to correct by").all()
