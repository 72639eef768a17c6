"""A table that a page's script searches, filters, sorts and leafs through; without the script its first rows stand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

import pandas as pd

from analysis.reporting import site_shell as shell

SIZES = (50, 200, 1000)
SCRIPT = "site_browse.js"


@dataclass(frozen=True)
class Column:
    """A column of the table.

    ``label``: its heading; one without is for links only. ``kind``: left, node, right, number or date, else plain text.
    ``link``: the key of the column with the article whose page the cells lead to. ``few``: its values repeat, and are
    written once. ``filtered``: one of them can be chosen.
    """

    key: str
    label: str = ""
    kind: str = ""
    link: str = ""
    few: bool = False
    filtered: bool = False


def browsed(table: pd.DataFrame, columns: Sequence[Column], *, noun: str, caption: str, sort: str) -> str:
    """Controls, the table's first rows, and all of its rows as data for the script.

    ``sort``: the column by which it is sorted at first (the rows must come so).
    """
    heads = "".join(
        f'<th scope="col" class="{one.kind}" aria-sort="{"ascending" if one.key == sort else "none"}">'
        f'<button type="button">{escape(one.label)}</button></th>'
        for one in columns
        if one.label
    )
    rows = "".join(_row(row, columns) for row in table.head(SIZES[0]).to_dict("records"))
    return f"""<p class="unscripted">Searching and sorting this table needs the page's own script, which does not run
here; its first rows are shown.</p>
{_controls(table, columns, noun, sort)}
<div class="table" tabindex="0" role="region" aria-label="{escape(caption)}">
<table id="listed" class="browsed"><caption class="hidden">{escape(caption)}</caption>
<thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table></div>
{shell.data_block("rows", _data(table, columns, noun, sort))}"""


def _controls(table: pd.DataFrame, columns: Sequence[Column], noun: str, sort: str) -> str:
    """Search, filters, order, and the way through the pages; shown once the script runs."""
    choices = "".join(_filter(table[one.key], one) for one in columns if one.filtered)
    orders = "".join(
        f'<option value="{one.key}"{" selected" if one.key == sort else ""}>{escape(one.label)}</option>'
        for one in columns
        if one.label
    )
    sizes = "".join(f"<option>{size}</option>" for size in SIZES)
    ways = {"first": "First", "back": "Previous", "on": "Next", "last": "Last"}
    buttons = "".join(f'<button type="button" data-go="{go}">{name}</button>' for go, name in ways.items())
    return f"""<form id="browse" class="browse" role="search" aria-label="{escape(noun)}" hidden>
<label class="wide">Search <input type="search" name="q" autocomplete="off" spellcheck="false"></label>
{choices}
<label>Sort by <select name="sort">{orders}</select></label>
<label class="box"><input type="checkbox" name="down"> backwards</label>
<label>Rows <select name="size">{sizes}</select></label>
<button type="reset">Clear</button>
<p id="status" role="status" aria-live="polite"></p>
<div class="ways" role="group" aria-label="Pages of the table">{buttons}</div>
</form>"""


def _filter(values: pd.Series, column: Column) -> str:
    counts = values.dropna().astype("str").value_counts().sort_index()
    options = "".join(
        f'<option value="{escape(value)}">{escape(value)} ({n:,})</option>' for value, n in counts.items() if value
    )
    label = f'<label>{escape(column.label)} <select data-filter="{column.key}">'
    return f'{label}<option value="">all</option>{options}</select></label>'


def _row(row: dict, columns: Sequence[Column]) -> str:
    cells = "".join(
        f'<td class="{one.kind}" data-label="{escape(one.label)}">{_cell(row, one)}</td>'
        for one in columns
        if one.label
    )
    return f"<tr>{cells}</tr>"


def _cell(row: dict, column: Column) -> str:
    value = row[column.key]
    said = f"{value:,}" if column.kind == "number" and not pd.isna(value) else shell.text(value)
    if not column.link or pd.isna(row[column.link]):
        return said
    anchor = f"#{row['anchor']}" if "anchor" in row else ""
    return f'<a href="articles/{escape(row[column.link])}.html{anchor}">{"(none)" if said == "–" else said}</a>'


def _data(table: pd.DataFrame, columns: Sequence[Column], noun: str, sort: str) -> dict:
    said, described = [], []
    for one in columns:
        values = table[one.key]
        own = {name: value for name, value in vars(one).items() if value and name in ("key", "label", "kind", "link")}
        if one.few:
            codes, known = pd.factorize(values.astype("str"), sort=True)
            said.append(codes.tolist())
            own["values"] = list(known)
        else:
            said.append([None if pd.isna(value) else value for value in values.tolist()])
        described.append(own)
    return {"columns": described, "rows": list(zip(*said, strict=True)), "noun": noun, "sort": sort}
