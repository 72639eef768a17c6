"""Blind sheets: what stands in them, what must not, and what a spreadsheet would do with them."""

import csv
import io
import zipfile

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from analysis.cells import escaped, unescaped
from analysis.comparison.sampling import draw_sample
from analysis.comparison.sheets import read_key
from analysis.reporting.sheets import FILES, blind_sheet, instructions, write_sheets
from analysis.study import UserError
from tests.comparison.made import study, targets

TEXTS = [
    ["First row.", "The Quay Herald says the dam\n broke.", "=1+1 is no formula."],
    ["Only the herald of a quay.", "QUAY HERALD readers know.", "Quay Heralds sing."],
]


@pytest.fixture
def tables():
    said = [[set(), {"flood"}, set()], [set(), {"flood"}, set()]]
    outlets = ["The Quay Herald", "The Quay Herald"]
    made = study(said, categories=("flood", "-fire", "text"), texts=TEXTS, outlets=outlets)
    return made | {"articles": made["articles"].assign(published="2024-06-14", url="https://quay.example/1")}


@pytest.fixture
def samples(tables):
    return draw_sample(tables, variable="matter", n=6, seed=2)


def rows_of(sheet):
    return {row["text"]: row for row in sheet.to_dict("records")}


def test_a_row_has_its_sentence_and_those_beside_it(samples, tables):
    rows = rows_of(blind_sheet(samples, tables))
    own = rows["[outlet] says the dam broke."]
    assert own["before"] == "First row."
    assert own["after"] == "=1+1 is no formula."
    assert rows["First row."]["before"] == ""
    assert rows["=1+1 is no formula."]["after"] == ""  # the next sentence is another article's


def test_the_outlets_name_is_masked_and_like_words_are_not(samples, tables):
    texts = set(blind_sheet(samples, tables)["text"])
    assert "[outlet] readers know." in texts
    assert "Only the herald of a quay." in texts
    assert "Quay Heralds sing." in texts


def test_an_address_as_outlet_is_masked_with_its_name_in_capitals():
    texts = [["RT reports.", "The art of rt is rt.com.", "x"]]
    tables = study([[set()] * 3], texts=texts, outlets=["www.rt.com"])
    sheet = blind_sheet(draw_sample(tables, variable="matter", n=3), tables)
    assert {"[outlet] reports.", "The art of rt is [outlet]."} <= set(sheet["text"])


def test_the_sheet_tells_neither_outlet_nor_code(samples, tables, tmp_path):
    paths = write_sheets(samples, tables, tmp_path)
    shown = paths[0].read_text(encoding="utf-8-sig")
    book = load_workbook(paths[1])
    shown += "".join(str(cell.value) for sheet in book for row in sheet for cell in row)
    for secret in ("Quay Herald", "QUAY HERALD", "2024", "quay.example", "yes,yes", samples["article_id"].iloc[0]):
        assert secret not in shown.replace("Quay Heralds", "")
    columns = shown.splitlines()[0].split(",")
    assert columns == ["item", "before", "text", "after", "flood", "'-fire", "text?", "comment"]


def test_a_naming_is_marked_and_not_masked():
    tables = study(
        [[set(), set()]],
        kind="actor",
        categories=("mayor",),
        texts=[["The Herald hit  Orrin’s men.", "Orrin."]],
        outlets=["Orrin"],
    )
    tables["targets"] = targets(
        [(0, "body", 0, 16, 21, "mayor", "Orrin", 0.0), (0, "headline", None, 0, 8, "mayor", "Headline", 0.2)]
    )
    sheet = blind_sheet(draw_sample(tables, variable="matter", n=2), tables)
    rows = rows_of(sheet)
    assert rows["The Herald hit ▸Orrin◂’s men."]["after"] == "[outlet]."
    assert rows["▸Headline◂ 0"]["before"] == ""
    assert sheet.columns.tolist() == ["item", "before", "text", "after", "tone", "comment"]


def test_files_are_the_same_bytes_each_time(samples, tables, tmp_path):
    first = [path.read_bytes() for path in write_sheets(samples, tables, tmp_path / "a")]
    second = [path.read_bytes() for path in write_sheets(samples, tables, tmp_path / "b")]
    assert first == second
    with zipfile.ZipFile(io.BytesIO(first[1])) as book:
        assert {entry.date_time for entry in book.infolist()} == {(2000, 1, 1, 0, 0, 0)}
        assert book.read("docProps/core.xml").count(b"2000-01-01T00:00:00Z") == 2


def test_codes_are_chosen_from_a_list_and_the_header_stays_in_sight(samples, tables, tmp_path):
    book = load_workbook(write_sheets(samples, tables, tmp_path)[1])
    sheet = book["coding"]
    assert book.sheetnames == ["coding", "instructions"]
    assert sheet.freeze_panes == "B2"
    rules = {str(rule.sqref): rule.formula1 for rule in sheet.data_validations.dataValidation}
    assert rules == {f"{letter}2:{letter}7": '"yes,no"' for letter in "EFG"}
    assert sheet["C2"].alignment.wrap_text
    assert sheet.column_dimensions["C"].width > 50


def test_a_formula_is_written_as_text(samples, tables, tmp_path):
    paths = write_sheets(samples, tables, tmp_path)
    with paths[0].open(encoding="utf-8-sig", newline="") as file:
        texts = [row["text"] for row in csv.DictReader(file)]
    assert "'=1+1 is no formula." in texts
    sheet = load_workbook(paths[1])["coding"]
    cell = next(cell for cell in sheet["C"] if str(cell.value).startswith("=1"))
    assert (cell.data_type, cell.quotePrefix) == ("s", True)
    assert {cell.data_type for row in sheet.iter_rows(min_row=1, max_col=4) for cell in row if cell.value} == {"s"}


def test_the_key_is_the_table_samples(samples, tables, tmp_path):
    samples.loc[0, "level"] = "=HYPERLINK(1)"
    samples.loc[1, "level"] = None
    path = write_sheets(samples, tables, tmp_path)[2]
    assert "'=HYPERLINK" in path.read_text(encoding="utf-8-sig")
    pd.testing.assert_frame_equal(read_key(path), samples, check_flags=False)


def test_a_sheet_is_not_overwritten_unless_asked(samples, tables, tmp_path):
    for name in FILES:
        folder = tmp_path / name
        folder.mkdir()
        (folder / name).write_text("filled")
        with pytest.raises(UserError, match="there is a sheet already"):
            write_sheets(samples, tables, folder)
        assert [path.name for path in folder.iterdir()] == [name]
        write_sheets(samples, tables, folder, overwrite=True)
        assert (folder / name).read_bytes() != b"filled"


def test_instructions_say_what_is_asked_and_no_patterns(samples, tables):
    told = dict(instructions(samples, tables["categories"], ("yes", "no")))
    assert told["Variable"] == "matter"
    assert told["Question"] == "Is it there?"
    assert told["Categories"] == "flood, -fire, text"
    assert told["Allowed codes"].startswith("yes, no.")
    assert "doubt" in " ".join(told).casefold()


@settings(max_examples=30, deadline=None)
@given(st.lists(st.text(min_size=1, max_size=30), min_size=1, max_size=4))
def test_any_text_goes_through(tmp_path_factory, texts):
    tables = study([[{"flood"}] * len(texts)], texts=[texts], outlets=["a.*("])
    samples = draw_sample(tables, variable="matter", n=4)
    folder = tmp_path_factory.mktemp("sheets")
    paths = write_sheets(samples, tables, folder)
    sheet = load_workbook(paths[1])["coding"]
    with paths[0].open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == sheet.max_row - 1 == samples["item"].nunique()
    assert [unescaped(row["text"]) for row in rows] == [
        sheet.cell(row, 3).value or "" for row in range(2, len(rows) + 2)
    ]


@given(st.text(st.sampled_from("'=+-@\t\r\n＝a ")))
def test_escaping_is_undone(text):
    assert unescaped(escaped(text)) == text
    assert escaped(text)[:1] not in set("=+-@\t\r\n＝")
