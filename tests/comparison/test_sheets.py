"""Sheets as coders send them back: every odd form is read alike, and what is no code is named with its place."""

import csv

import pandas as pd
import pytest
from openpyxl import load_workbook

from analysis.comparison.sampling import draw_sample
from analysis.comparison.sheets import read_sheets, read_validation
from analysis.reporting.sheets import write_sheets
from analysis.study import UserError
from tests.comparison.made import study, targets

SAID = [[{"flood"}, set(), set(), {"fire"}]]


@pytest.fixture
def folder(tmp_path):
    tables = study(SAID, categories=("flood", "fire"))
    home = tmp_path / "validation" / "matter"
    write_sheets(draw_sample(tables, variable="matter", n=4, seed=1), tables, home)
    return home


@pytest.fixture
def tones(tmp_path):
    tables = study([[set()] * 3], kind="actor", categories=("mayor",))
    place = [(0, "body", number, 19 * number, 19 * number + 3, "mayor", "Row", 0.1) for number in range(3)]
    tables["targets"] = targets(place)
    home = tmp_path / "tones"
    write_sheets(draw_sample(tables, variable="matter", n=3), tables, home)
    return home


def blank(folder):
    with (folder / "sheet.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def fill(folder, name, codes, *, encoding="utf-8-sig", delimiter=",", first="", change=lambda rows: rows):
    """Write a filled copy: ``codes`` has for each question its code in each row."""
    rows = blank(folder)
    for category, given in codes.items():
        for row, code in zip(rows, given, strict=True):
            row[category] = code
    rows = change(rows)
    with (folder / name).open("w", encoding=encoding, newline="") as file:
        file.write(first)
        writer = csv.DictWriter(file, list(rows[0]), delimiter=delimiter)
        writer.writeheader()
        writer.writerows(rows)
    return folder / name


def codes(codings, category):
    own = codings[codings["category"] == category].sort_values("item")
    return [None if pd.isna(code) else code for code in own["code"]]


ANSWERS = {"flood": ["yes", "no", "no", "yes"], "fire": ["no", "no", "", "yes"]}


def test_a_filled_copy_is_read_with_its_key(folder):
    samples, codings = read_sheets([fill(folder, "anna.csv", ANSWERS)])
    assert samples["item"].nunique() == 4
    assert codings["coder"].unique().tolist() == ["anna"]
    assert codes(codings, "flood") == ["yes", "no", "no", "yes"]
    assert codes(codings, "fire") == ["no", "no", None, "yes"]
    assert codings.attrs["notes"] == []


@pytest.mark.parametrize(
    "form",
    [
        {"delimiter": ";"},
        {"delimiter": "\t", "encoding": "utf-16"},
        {"encoding": "cp1252"},
        {"delimiter": ";", "encoding": "utf-8", "first": "sep=;\n"},
        {"change": lambda rows: rows[::-1]},
        {"change": lambda rows: [dict(reversed(row.items())) for row in rows]},
        {
            "change": lambda rows: [
                {" ITEM " if key == "item" else key: value for key, value in row.items()} for row in rows
            ]
        },
        {
            "change": lambda rows: [
                {key.upper() if key == "fire" else key: value for key, value in row.items()} for row in rows
            ]
        },
        {"change": lambda rows: [*rows, dict.fromkeys(rows[0], "")]},
    ],
    ids=["semicolons", "tabs", "windows", "sep", "rows", "columns", "item", "case", "empty"],
)
def test_what_spreadsheets_do_to_a_sheet_is_undone(folder, form):
    def with_accent(rows):  # a letter that no two encodings write alike
        return form.get("change", lambda same: same)([row | {"comment": "café"} for row in rows])

    file = fill(folder, "anna.csv", ANSWERS, **form | {"change": with_accent})
    _, codings = read_sheets([file])
    assert codes(codings, "flood") == ["yes", "no", "no", "yes"]
    assert codes(codings, "fire") == ["no", "no", None, "yes"]
    assert codings.attrs["notes"] == []


def test_an_xlsx_is_read_like_a_csv(folder):
    book = load_workbook(folder / "sheet.xlsx")
    book.move_sheet("instructions", -1)
    for row, code in enumerate([True, 0, 1.0, "Yes "], start=2):
        book["coding"].cell(row, 5).value = code
    book.save(folder / "bob.xlsx")
    _, codings = read_sheets([folder / "bob.xlsx"])
    assert codes(codings, "flood") == ["yes", "no", "yes", "yes"]
    assert codes(codings, "fire") == [None] * 4


def test_codes_may_be_written_in_a_few_other_ways(folder, tones):
    _, codings = read_sheets([fill(folder, "anna.csv", {"flood": ["Y", "FALSE", " 1 ", "N"]})])
    assert codes(codings, "flood") == ["yes", "no", "yes", "no"]
    _, codings = read_sheets([fill(tones, "anna.csv", {"tone": ["-1", "Neu", "+1"]})])
    assert codes(codings, "tone") == ["negative", "neutral", "positive"]
    _, codings = read_sheets([fill(tones, "anna.csv", {"tone": ["−1", "0.0", "'+1"]})])
    assert codes(codings, "tone") == ["negative", "neutral", "positive"]


def test_what_is_no_code_is_named_with_its_place(folder, tones):
    file = fill(folder, "anna.csv", {"flood": ["yes", "no", "maybe", ""]})
    with pytest.raises(UserError) as error:
        read_sheets([file])
    assert str(error.value) == (
        f"{file} row 4 column 'flood': 'maybe' is no code; allowed: yes (y, 1, true), no (n, 0, false), or nothing"
    )
    file = fill(tones, "anna.csv", {"tone": ["yes", "", ""]})
    with pytest.raises(UserError, match="row 2 column 'tone': 'yes' is no code; allowed: negative"):
        read_sheets([file])


def test_what_is_left_out_is_counted(folder):
    sample = blank(folder)[0]["item"][:6]

    def change(rows):
        strange = dict.fromkeys(rows[0], "yes")
        return [rows[0], rows[0], strange | {"item": f"{sample}-999"}, strange | {"item": "total"}, *rows[2:]]

    file = fill(folder, "anna.csv", ANSWERS, change=change)
    _, codings = read_sheets([file])
    assert codes(codings, "flood") == ["yes", None, "no", "yes"]
    assert codings.attrs["notes"] == [
        f"{file}: 1 rows without the name of an item were left out",
        f"{file}: 1 items that are not in the key were left out ({sample}-999)",
        f"{file}: 1 of 4 items are not there ({sample}-002)",
    ]


def test_a_question_left_out_and_a_column_added(folder):
    def change(rows):
        return [{"mood": "grand"} | {key: value for key, value in row.items() if key != "fire"} for row in rows]

    _, codings = read_sheets([fill(folder, "anna.csv", {"flood": ANSWERS["flood"]}, change=change)])
    assert codes(codings, "flood") == ANSWERS["flood"]
    assert codes(codings, "fire") == [None] * 4
    assert codings.attrs["notes"][0].endswith("no column 'fire': not answered")


def test_an_item_that_stands_twice_must_be_coded_once(folder):
    file = fill(folder, "anna.csv", ANSWERS, change=lambda rows: [*rows, rows[0] | {"flood": "no"}])
    with pytest.raises(UserError, match="-001 stands in row 2 and in row 6; keep one"):
        read_sheets([file])


def test_two_sheets_of_one_coder_are_refused_and_blank_ones_passed_over(folder):
    files = [fill(folder, "anna.csv", ANSWERS), folder / "sheet.xlsx"]
    _, codings = read_sheets(files)
    assert codings["coder"].unique().tolist() == ["anna"]
    book = load_workbook(folder / "sheet.xlsx")
    book["coding"]["E2"].value = "no"
    book.save(folder / "anna.xlsx")
    with pytest.raises(UserError, match=r"a second sheet of coder 'anna', beside .*anna\.csv"):
        read_sheets([files[0], folder / "anna.xlsx"])


def test_without_a_key_agreement_is_what_is_left(folder, tmp_path):
    one = fill(folder, "anna.csv", ANSWERS, change=lambda rows: [row | {"mood": "fine"} for row in rows])
    other = one.rename(tmp_path / "anna.csv")
    samples, codings = read_sheets([other])
    assert samples.empty
    assert codes(codings, "flood") == ANSWERS["flood"]
    assert set(codings["category"]) == {"flood", "fire"}
    assert codings.attrs["notes"] == ["no key: the machine's codes are not compared"]
    _, with_key = read_sheets([other], key=folder / "key.csv")
    assert codes(with_key, "flood") == ANSWERS["flood"]


def test_without_a_key_a_slip_is_still_an_error(folder, tmp_path):
    file = fill(folder, "anna.csv", {"flood": ["yes", "no", "yess", "no"]}).rename(tmp_path / "anna.csv")
    with pytest.raises(UserError, match="row 4 column 'flood': 'yess' is no code"):
        read_sheets([file])


def test_a_sheet_of_another_sample_is_left_out_and_counted(folder, tones):
    file = fill(tones, "anna.csv", {"tone": ["0", "0", "1"]})
    _, codings = read_sheets([file], key=folder / "key.csv")
    assert codings.empty
    assert "3 items of a sample without a key" in codings.attrs["notes"][0]


def test_the_folder_of_a_study_is_read_whole(folder):
    fill(folder, "anna.csv", ANSWERS)
    fill(folder, "bob.csv", {"flood": ["no"] * 4})
    (folder / "~$bob.xlsx").write_bytes(b"lock")
    (folder / "notes.csv").write_text("what,why\n1,2\n")
    samples, codings = read_validation(folder.parent)
    assert len(samples) == 8
    assert codings.groupby("coder").size().to_dict() == {"anna": 8, "bob": 8}
    assert [note.split("/")[-1] for note in codings.attrs["notes"]] == ["notes.csv: no column 'item': left out"]


def test_folders_without_a_key_and_samples_in_two_folders(folder):
    fill(folder, "anna.csv", ANSWERS)
    other = folder.parent / "other"
    other.mkdir()
    (other / "anna.csv").write_bytes((folder / "anna.csv").read_bytes())
    _, codings = read_validation(folder.parent)
    assert len(codings) == 8
    assert codings.attrs["notes"][0].endswith("other: sheets without a key.csv were left out")
    (other / "key.csv").write_bytes((folder / "key.csv").read_bytes())
    with pytest.raises(UserError, match="stands in two folders; keep one"):
        read_validation(folder.parent)


def test_no_folder_gives_empty_tables(tmp_path):
    samples, codings = read_validation(tmp_path / "validation")
    assert samples.empty
    assert codings.empty


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.txt", b"item", "not a coding sheet; allowed: .csv, .xlsx"),
        ("a.xlsx", b"item", "not an XLSX workbook"),
        ("a.csv", b"\x00\x01", "not a CSV file"),
        ("a.csv", b"", "no column 'item'"),
        ("a.csv", b"what,why\n", "no column 'item'"),
    ],
)
def test_files_that_are_no_sheets_are_refused(tmp_path, name, content, said):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(UserError, match=said):
        read_sheets([tmp_path / name])
    with pytest.raises(UserError, match="no such file"):
        read_sheets([tmp_path / "none.csv"])


def test_a_key_that_is_none_is_refused(folder, tmp_path):
    file = fill(folder, "anna.csv", ANSWERS)
    with pytest.raises(UserError, match="no column 'sample'; expected the key"):
        read_sheets([file], key=file)
    broken = tmp_path / "key.csv"
    broken.write_bytes((folder / "key.csv").read_bytes().replace(b"sentence", b"sentience"))
    with pytest.raises(UserError, match="table samples"):
        read_sheets([file], key=broken)
