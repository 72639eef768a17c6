"""Blind coding sheets: what people are asked, without the outlet and without what the machine said.

Three files: ``sheet.csv`` and ``sheet.xlsx`` to be filled, in copies named after their coders, and ``key.csv``, the
table *samples*, which coders do not see.
"""

from __future__ import annotations

import csv
import datetime
import io
import re
import zipfile
from pathlib import Path

import pandas as pd
from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from analysis.cells import escaped
from analysis.comparison.cells import COLUMNS, headed
from analysis.study import UserError
from analysis.tables import TONES, YES_NO

FILES = ("sheet.csv", "sheet.xlsx", "key.csv")
MASK = "[outlet]"
_WIDTHS = {"item": 13, "before": 34, "text": 64, "after": 34, "comment": 34}
_EPOCH = datetime.datetime(2000, 1, 1)
# What XML cannot hold, and the most characters that Excel takes in a cell.
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_MOST = 32_000
_HEAD = PatternFill("solid", fgColor="E7EBF0")


def write_sheets(
    samples: pd.DataFrame, tables: dict[str, pd.DataFrame], folder: Path, *, overwrite: bool = False
) -> list[Path]:
    """Write sheet.csv, sheet.xlsx and key.csv of one sample into ``folder``, and return their paths.

    A sheet has one row an item: item, the sentence before, the text, the sentence after, one column a question (named
    as the category; in XLSX with a drop-down list of the codes allowed), comment. It holds no outlet, date or address
    and no code of the machine; where the text names its own outlet, ``[outlet]`` stands instead. A naming is marked
    in its sentence: ▸Putin◂. The XLSX has a second sheet with instructions, which does not list the codebook's
    patterns. Cells that a spreadsheet would run as a formula are written as text (see `cells`).

    ``tables``: the coded tables that the sample was drawn from (articles, sentences, categories). The same input gives
    the same bytes.

    Raises UserError where one of the files is there already, unless ``overwrite`` is given.
    """
    names = list(dict.fromkeys(samples["sample"]))
    if len(names) != 1:
        raise ValueError(f"one sample a folder; got {', '.join(names) or 'none'}")
    paths = [folder / name for name in FILES]
    there = [path for path in paths if path.exists()]
    if there and not overwrite:
        raise UserError(f"{there[0]}: there is a sheet already, which may hold codings; choose another folder")
    questions = list(dict.fromkeys(samples["category"]))
    table = blind_sheet(samples, tables)
    codes = TONES if set(samples["machine"]) <= set(TONES) else YES_NO
    folder.mkdir(parents=True, exist_ok=True)
    paths[0].write_bytes(_as_csv(table))
    paths[1].write_bytes(_as_xlsx(table, questions, codes, instructions(samples, tables["categories"], codes)))
    paths[2].write_bytes(_as_csv(samples))
    return paths


def blind_sheet(samples: pd.DataFrame, tables: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """The sheet as a table of texts, one row an item, with empty columns for codes and comment."""
    items = samples.drop_duplicates("item")
    articles = tables["articles"].set_index("article_id")
    sentences = tables["sentences"]
    of_article = dict(list(sentences[sentences["article_id"].isin(items["article_id"])].groupby("article_id")))
    rows = []
    for item in items.itertuples(index=False):
        article = articles.loc[item.article_id]
        before, text, after = _in_context(item, article, of_article.get(item.article_id))
        rows.append((item.item, before, text, after))
    sheet = pd.DataFrame(rows, columns=list(COLUMNS[:4])).astype("str")
    for column in [*(headed(category) for category in dict.fromkeys(samples["category"])), COLUMNS[4]]:
        sheet[column] = ""
    return sheet


def instructions(samples: pd.DataFrame, categories: pd.DataFrame, codes: tuple[str, ...]) -> list[tuple[str, str]]:
    """What coders are told, as (heading, text)."""
    first = samples.iloc[0]
    own = categories[(categories["codebook"] == first["codebook"]) & (categories["variable"] == first["variable"])]
    question = own["question"].dropna().iloc[0] if own["question"].notna().any() else ""
    names = list(dict.fromkeys(samples["category"]))
    allowed = ", ".join(codes)
    if codes == YES_NO:
        asked = (
            "For each item and each column of a category: is this category there? Several may be, or none. Go by what "
            "the text says to a reader, not by single words."
        )
    elif first["unit"] == "naming":
        asked = (
            "How does the text speak of the one marked ▸so◂: negative, neutral or positive? Judge what is said of that "
            "one, not whether the news is good or bad, and not what you think of it."
        )
    else:
        asked = "Is the text negative, neutral or positive in tone? Judge its words, not whether you agree with it."
    return [
        ("Variable", str(first["variable"])),
        *([("Question", question)] if question else []),
        ("Items", f"{samples['item'].nunique()} items, each a {first['unit']}, in random order."),
        ("What to code", asked),
        *([("Categories", ", ".join(names))] if codes == YES_NO else []),
        ("Allowed codes", f"{allowed}. Choose from the list in the cell."),
        ("Context", "The sentences before and after are there to understand the text; only the text is coded."),
        ("Names left out", f"{MASK} stands where a text names the outlet that printed it. Do not look it up."),
        (
            "In doubt",
            "Choose what most readers would, and say in the comment what made it hard. Leave a cell empty only where "
            "the text cannot be understood; an empty cell is no answer, and is not a no.",
        ),
        ("Alone", "Code by yourself. Do not talk about items with other coders before all have finished."),
        ("Saving", "Save your copy under your own name or code name: the name of the file is the name of the coder."),
    ]


def _in_context(item, article: pd.Series, sentences: pd.DataFrame | None) -> tuple[str, str, str]:
    """The sentence before, the text with a naming marked, and the sentence after."""
    whole, begin, end, before, after = article[item.where], 0, None, "", ""
    if item.where == "body" and sentences is not None:
        starts, ends = sentences["start"].to_numpy(), sentences["end"].to_numpy()
        row = max(0, int((starts <= item.start).sum()) - 1)
        begin, end = int(starts[row]), max(int(ends[row]), item.end)
        before = whole[starts[row - 1] : ends[row - 1]] if row else ""
        after = whole[starts[row + 1] : ends[row + 1]] if row + 1 < len(starts) else ""
    mask = _mask(article.get("outlet"))
    if item.unit == "naming":
        parts = [whole[begin : item.start], whole[item.start : item.end], whole[item.end : end]]
        # Cut apart before names are masked: the marked name stays.
        left, name, right = (_cleaned(part) for part in parts)
        text = _squeezed(f"{mask(left)}▸{name}◂{mask(right)}")
    else:
        text = mask(_squeezed(whole[begin:end]))
    return mask(_squeezed(before)), text, mask(_squeezed(after))


def _mask(outlet):
    """A function that writes ``[outlet]`` for the outlet's name: as it is, in capitals, with or without `The`."""
    if not isinstance(outlet, str) or not outlet.strip():
        return lambda text: text
    name = " ".join(outlet.split())
    short = re.sub(r"^the ", "", name, flags=re.IGNORECASE)
    site = re.sub(r"^www\.", "", name)
    names = {name, short, f"The {short}", f"the {short}", site}
    if re.fullmatch(r"[\w-]+(\.\w{2,})+", site):  # of an address, its first part in capitals: RT of rt.com
        names.add(site.split(".")[0].upper())
    names |= {one.upper() for one in names}
    either = "|".join(re.escape(one) for one in sorted(names, key=lambda one: (-len(one), one)))
    pattern = re.compile(rf"(?<!\w)(?:{either})(?!\w)")
    return lambda text: pattern.sub(MASK, text)


def _squeezed(text: str) -> str:
    """One line without what a sheet cannot hold."""
    return " ".join(_cleaned(text).split())[:_MOST]


def _cleaned(text: str) -> str:
    return re.sub(r"\s+", " ", _ILLEGAL.sub("", text))


def _as_csv(table: pd.DataFrame) -> bytes:
    """UTF-8 with a byte-order mark, by which Excel knows it."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([escaped(column) for column in table.columns])
    for row in table.itertuples(index=False):
        writer.writerow(["" if pd.isna(cell) else escaped(str(cell)) for cell in row])
    return out.getvalue().encode("utf-8-sig")


def _as_xlsx(table: pd.DataFrame, questions: list[str], codes: tuple[str, ...], told: list[tuple[str, str]]) -> bytes:
    book = Workbook()
    book.properties.creator = "Samestory"
    book.properties.created = _EPOCH
    _fill_coding(book.active, table, [headed(one) for one in questions], codes)
    _fill_instructions(book.create_sheet("instructions"), told)
    out = io.BytesIO()
    book.save(out)
    return _without_clock(out.getvalue())


def _fill_coding(sheet: Worksheet, table: pd.DataFrame, questions: list[str], codes: tuple[str, ...]) -> None:
    """One row an item, the header in sight, a list of codes in each cell that asks for one."""
    sheet.title = "coding"
    for place, column in enumerate(table.columns, start=1):
        letter = get_column_letter(place)
        # A question's column is as wide as its name, within reason.
        sheet.column_dimensions[letter].width = _WIDTHS.get(column, min(28, max(13, len(column) + 3)))
        _put(sheet.cell(1, place), column, bold=True)
        for row, text in enumerate(table[column], start=2):
            _put(sheet.cell(row, place), text, bold=False)
        if column in questions:
            rule = DataValidation(type="list", formula1=f'"{",".join(codes)}"', allow_blank=True)
            rule.error, rule.errorTitle = f"allowed: {', '.join(codes)}", "Not a code"
            rule.showErrorMessage = True
            rule.add(f"{letter}2:{letter}{max(2, len(table) + 1)}")
            sheet.add_data_validation(rule)
    sheet.freeze_panes = "B2"
    sheet.print_title_rows = "1:1"
    sheet.page_setup.orientation, sheet.page_setup.fitToHeight = "landscape", 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True


def _fill_instructions(sheet: Worksheet, told: list[tuple[str, str]]) -> None:
    sheet.column_dimensions["A"].width, sheet.column_dimensions["B"].width = 18, 100
    for row, (heading, text) in enumerate(told, start=1):
        _put(sheet.cell(row, 1), heading, bold=True)
        _put(sheet.cell(row, 2), _squeezed(text), bold=False)


def _put(cell, text: str, *, bold: bool) -> None:
    """A text, never a formula."""
    if text:
        cell.value = text
        cell.data_type = "s"
        cell.quotePrefix = escaped(text) != text
    cell.alignment = Alignment(wrap_text=True, vertical="top")
    if bold:
        cell.font, cell.fill = Font(bold=True), _HEAD


def _without_clock(content: bytes) -> bytes:
    """The same workbook without the time of its making."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            data = old.read(name)
            if name == "docProps/core.xml":
                moment = _EPOCH.strftime("%Y-%m-%dT%H:%M:%SZ").encode()
                data = re.sub(rb"(<dcterms:modified[^>]*>)[^<]*", rb"\g<1>" + moment, data)
            entry = zipfile.ZipInfo(name, date_time=_EPOCH.timetuple()[:6])
            entry.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(entry, data)
    return out.getvalue()
