"""XLSX: the header found, several sheets, dates as dates; nothing computed, nothing unpacked beyond bounds."""

from __future__ import annotations

import datetime as dt
import io
import zipfile

import openpyxl
import pandas as pd
import pytest

BODY = "They met on Tuesday and parted without a text. He did not come."


def book(*sheets: list[list[object]]) -> bytes:
    made = openpyxl.Workbook()
    made.remove(made.active)
    for number, rows in enumerate(sheets, start=1):
        sheet = made.create_sheet(f"Sheet {number}")
        for row in rows:
            sheet.append(row)
    file = io.BytesIO()
    made.save(file)
    return file.getvalue()


def test_rows_under_a_header_that_is_not_the_first_row(read):
    rows = [
        ["My collection"],
        [],
        ["Outlet", "Date", "Title", "Text", None, "Pages"],
        ["Gull", dt.datetime(2024, 6, 4, 10, 30), "Talks fail", BODY, None, 3],
        ["Tern", dt.date(2024, 6, 5), 7, "Another text.", None, None],
        [],
        ["Auk", "6 June 2024", None, None],
    ]
    tables = read({"articles/a.xlsx": book(rows)})
    articles = tables["articles"]
    assert articles["body"].to_list() == [BODY, "Another text."]
    assert articles["published"].to_list() == [pd.Timestamp("2024-06-04 10:30"), pd.Timestamp("2024-06-05")]
    assert articles["headline"].to_list() == ["Talks fail", "7"]
    assert articles["source_index"].to_list() == [0, 1]
    assert tables["rejects"]["reason"].to_list() == ["sheet 'Sheet 1', row 7: no body"]


def test_sheets_follow_each_other_and_those_without_a_header_are_passed_over(read):
    one, two = [["outlet", "body"], ["Gull", "One."]], [["Volltext"], ["Two."]]
    tables = read({"articles/a.xlsx": book(one, [["a note"]], [["body"], ["Three."]], two)})
    assert tables["articles"]["body"].to_list() == ["One.", "Three."]
    assert tables["articles"]["source_index"].to_list() == [0, 1]


def test_formulas_are_not_computed(read):
    rows = [["outlet", "body"], ["Gull", '=HYPERLINK("http://gull.example","One")'], ["Gull", "One."]]
    tables = read({"articles/a.xlsx": book(rows)})
    assert tables["articles"]["body"].to_list() == ["One."]
    assert tables["rejects"]["reason"].to_list() == ["sheet 'Sheet 1', row 2: no body"]


def test_the_map_of_columns(read):
    rows = [["Zeitung", "Volltext", "Überschrift"], ["Gull", BODY, "Talks fail"]]
    tables = read({"articles/a.xlsx": book(rows)}, columns={"outlet": "Zeitung", "body": "Volltext"})
    assert tables["articles"].iloc[0][["outlet", "body"]].to_list() == ["Gull", BODY]
    wrong = read({"articles/a.xlsx": book(rows)}, columns={"outlet": "Zeitung", "body": "Text"})
    assert wrong["rejects"]["reason"].to_list() == [
        "no column as `columns` in study.yml says (body: Text); columns here: Zeitung, Volltext, Überschrift"
    ]


def with_part(name: str, text: str) -> bytes:
    """A workbook with one part another."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(book([["body"], ["One."]]))) as old, zipfile.ZipFile(file, "w", 8) as new:
        for part in old.namelist():
            new.writestr(part, text if part == name else old.read(part))
    return file.getvalue()


SHEET = "xl/worksheets/sheet1.xml"


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (book([["headline"], ["One."]]), "no column 'body' (or text, content, full_text, article_text) in any sheet"),
        (book([]), "no rows in the workbook"),
        (book([["outlet", "body"]]), "no rows under the header"),
        (book([["body", "body"], ["One.", "Two."]]), "column 'body' stands twice in the header"),
        (book([["body"], ["One."]])[:-40], "the ZIP container is broken or cut off"),
        (with_part(SHEET, "<worksheet><sheetData><row>"), "not XLSX that can be read"),
        (with_part(SHEET, '<!DOCTYPE a [<!ENTITY b "lol">]><worksheet>&b;</worksheet>'), "declares entities"),
        (with_part("xl/workbook.xml", "nothing"), "not XLSX that can be read"),
        (with_part(SHEET, "<worksheet>" + " " * 5_000_000 + "</worksheet>"), "as a ZIP bomb does"),
    ],
)
def test_reasons(reason, data, said):
    assert said in reason("a.xlsx", data)


def test_a_cell_far_away_takes_no_time(read):
    cell = '<c r="{}" t="inlineStr"><is><t>{}</t></is></c>'
    rows = "".join(
        f'<row r="{number}">{cell.format(place, text)}</row>'
        for number, place, text in ((1, "A1", "body"), (2, "XFD2", "x"), (1_048_576, "A1048576", "The last."))
    )
    sheet = f'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{rows}</sheetData></worksheet>'  # fmt: skip  # noqa: E501
    tables = read({"articles/a.xlsx": with_part(SHEET, sheet)})
    assert tables["articles"]["body"].to_list() == ["The last."]
    assert tables["sources"]["format"].to_list() == ["XLSX"]
