"""One item of a source → one row of *articles*, and what was cut from its page.

This runs in the processes that read: it takes and gives plain values, and loads no table library.
"""

from __future__ import annotations

import datetime as dt
import re
from functools import lru_cache
from typing import Any

from analysis.corpus.dates import parse_date
from analysis.corpus.decoding import Unreadable, refuse_surrogates
from analysis.corpus.furniture import CREDITS
from analysis.corpus.languages import detect, one_code, other_language
from analysis.corpus.pages import read_page
from analysis.corpus.readers.columns import FIELDS, Item, as_text
from analysis.corpus.records import read_record

Row = dict[str, Any]

_CODE = re.compile(r"[A-Za-z]{2,3}(?:[-_]\w+)*")
_PRINTED_IN = ("en", "de", "fr", "es", "it", "nl", "pt", "pl", "sv", "da")  # languages of the archives' exports
_FILLER = "la"  # what is found to be Latin is lorem ipsum, or names and abbreviations: nothing tells its language
# What `_plain` leaves as it is.
_OWN = {"source_index", "page", "body", "notes", "web", "number", "order", "published", "cuts", "stated"}


def make_article(item: Item, told: Row, *, keep: str | None, language: str, longest: int) -> tuple[Row, list[Row]]:
    """The columns of an article from its source, its page and the manifest, the last winning; and its furniture.

    ``told``: the manifest's columns for the file. ``keep``: a column of the source beside the known ones.
    ``language``: the study's. ``longest``: characters at most. Cuts have line, text and rule; line 0 is a value outside
    the text. Raises Unreadable where the item is longer, has no body, is no text that can be written, or is in another
    language (OtherLanguage).
    """
    item = _plain(item)
    text = item["page"] if "page" in item else item["body"]
    if len(text) > longest:
        raise Unreadable(f"longer than one article may be: {len(text):,} characters; at most {longest:,}")
    if "\x00" in text:
        raise Unreadable(f"no text: a NUL character at {text.index(chr(0))}")
    refuse_surrogates(text)
    row, page = _of_page(item, told) if "page" in item else _of_record(item, told)
    if not page["body"]:
        raise Unreadable("no body: nothing is left beside headline and page furniture")
    row["outlet_printed"] = row.get("outlet")
    if told.get("agency") or item.get("agency"):  # then a credit on the page may be somebody else's
        row["credit"] = item.get("credit")
    cuts = [{"line": line, "text": text, "rule": rule} for line, text, rule in page["furniture"]]
    cuts += [{"line": 0, "text": _written(text), "rule": rule} for rule, text in item.get("cuts", ())]
    for column in ("headline", "deck"):
        if told.get(column) and row.get(column) and told[column] != row[column]:
            line = page.get("lines", {}).get(column, 0)
            cuts.append({"line": line, "text": row[column], "rule": f"overridden-{column}"})
    row = {column: value for column in _columns(keep) if (value := row.get(column)) is not None} | told
    row["language"], unsure = _language(row, told, language)
    notes = [*item["notes"], *([("language", unsure)] if unsure else [])]
    cuts += [{"line": 0, "text": text, "rule": f"unusable-{field}"} for field, text in notes]
    return row, sorted(cuts, key=lambda cut: cut["line"])


@lru_cache(maxsize=16)
def _columns(keep: str | None) -> list[str]:
    """The columns of an article beside the manifest's."""
    return sorted({*FIELDS, "outlet_printed", "section", "correction", *([keep] if keep else [])})


class OtherLanguage(Unreadable):
    """An article in another language than the study's; ``code`` is which."""

    def __init__(self, code: str, language: str) -> None:
        from babel import Locale  # half of what this file takes to load

        names = Locale("en").languages
        super().__init__(f"in {names.get(code, code)}, not in {names.get(language, language)}")
        self.code = code


def _language(row: Row, told: Row, language: str) -> tuple[str, str | None]:
    """The study's language; and what a source says of a text that is too short to tell, where that is another one.

    Raises OtherLanguage where the manifest or the text says another one. What a source says is not enough: pages often
    say what their site says, and databases what most of a paper is in.
    """
    said = language_code(row.get("language"))
    strange = bool(said) and said != one_code(language)
    if told.get("language"):
        if strange:
            raise OtherLanguage(said, language)
        return language, None
    found = other_language(row["body"], language)
    if found and found[0] != _FILLER:
        raise OtherLanguage(found[0], language)
    return language, row["language"] if strange and detect(row["body"]) is None else None


def language_code(printed: str | None) -> str | None:
    """``en`` of "en-GB", "English" and "Englisch"; None of what names no language."""
    if not printed:
        return None
    if _CODE.fullmatch(printed):
        return one_code(printed)
    return _codes().get(printed.strip().casefold())


@lru_cache(maxsize=1)
def _codes() -> dict[str, str]:
    """The names of languages, as exports in several languages print them, in small letters → code."""
    from babel import Locale

    names = [(name, code) for locale in _PRINTED_IN for code, name in Locale(locale).languages.items()]
    return {name.casefold(): one_code(code) for name, code in reversed(names) if _CODE.fullmatch(code)}


def _of_page(item: Item, told: Row) -> tuple[Row, Row]:
    headline = item.get("headline") or told.get("headline")
    page = read_page(item["page"], outlet=told.get("outlet"), headline=headline, byline=told.get("byline"))
    said = {column: item[column] for column in FIELDS if item.get(column) and column not in ("body", "headline")}
    stated = {column: text for column, text in item.get("stated", {}).items() if not page.get(column)}
    return {**page, **stated, **said}, page


def _of_record(item: Item, told: Row) -> tuple[Row, Row]:
    page = read_record(
        item["body"],
        headline=item.get("headline"),
        deck=item.get("deck"),
        byline=told.get("byline") or item.get("byline"),
        web=item.get("web", False),
    )
    row = {**item, "body": page["body"]}
    for column in ("byline", "agency", "disclosure", "correction", "published", "credit"):
        row.setdefault(column, page.get(column))
    return row, page


def _plain(item: Item) -> Item:
    """The item with every column as text on one line (NFC, no NUL) and ``published`` as a datetime without zone."""
    made: Item = {"notes": [(str(field), _written(text)) for field, text in item.get("notes", ())]}
    for name, value in item.items():
        text = None if name in _OWN else as_text(value)
        if text and name == "credit" and text not in CREDITS:
            made["notes"].append(("credit", _written(text)))
        elif text:
            made[name] = text.replace("\x00", "\N{REPLACEMENT CHARACTER}")
    made |= {name: item[name] for name in ("source_index", "page", "body", "web", "cuts") if name in item}
    stated = {column: as_text(value) for column, value in item.get("stated", {}).items()}
    made["stated"] = {
        column: text.replace("\x00", "\N{REPLACEMENT CHARACTER}") for column, text in stated.items() if text
    }
    published = item.get("published")
    if published is not None:
        date = parse_date(published)
        if date is None:
            made["notes"].append(("published", _written(published)))
        else:
            made["published"] = date
    return made


def _written(value: object) -> str:
    """Any value as text that every table and file can hold."""
    text = value.isoformat() if isinstance(value, dt.date) else str(value)
    return text.encode("utf-8", "replace").decode().replace("\x00", "\N{REPLACEMENT CHARACTER}")
