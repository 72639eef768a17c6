"""A study's sources → the articles, what was cut from their pages, and what could not be read.

Nothing is lost silently: items found = articles + rejects, and each reject has its reason.
"""

from __future__ import annotations

import glob
import hashlib
import os
import re
from pathlib import Path
from typing import Any

import pandas as pd

from analysis.corpus.manifest import absolute, manifest_path, read_manifest
from analysis.corpus.pages import read_page
from analysis.corpus.readers import read_items
from analysis.corpus.readers.columns import Item
from analysis.corpus.records import read_record
from analysis.study import Study, UserError
from analysis.tables import CREDITS, TABLES, empty

_COLUMNS = [column for column in TABLES["articles"].columns if column != "n_words"]
_LANGUAGE = re.compile(r"(?P<code>[A-Za-z]{2,3})(?:[-_]\w+)*")

Row = dict[str, Any]


def read_articles(study: Study) -> dict[str, pd.DataFrame]:
    """Read every source of a study: tables ``articles`` (without n_words), ``rejects`` and ``furniture``.

    Columns and types are those of `analysis.tables.TABLES`; the manifest's other columns are added to ``articles``, as
    text. Rows are in the order of `source_files`. An article of the same outlet, headline and body as an earlier one
    is a reject. In ``furniture``, line 0 is a value outside the text: a field that could not be used, or a headline or
    deck that the manifest overrides.

    Raises UserError where a pattern of ``articles`` finds nothing, the manifest is wrong, or ``compare`` names no
    column.
    """
    files = source_files(study)
    manifest = read_manifest(study, files, _roots(study))
    keep = None if study.compare in manifest.columns else study.compare
    articles: list[Row] = []
    rejects: list[Row] = [_reject(name, 0, reason) for name, reason in manifest.missing]
    furniture: list[Row] = []
    first: dict[str, Row] = {}
    for file in files:
        name, told = source_name(study, file), manifest.rows.get(file, {})
        for item in read_items(file, encoding=study.encoding, keep=keep):
            index = item["source_index"]
            if "reason" in item:
                rejects.append(_reject(name, index, item["reason"]))
                continue
            article, cuts = _article(item, told, study, file)
            article |= {"source_file": name, "source_index": index}
            known = first.setdefault(article["article_id"], article)
            if not article["body"]:
                rejects.append(_reject(name, index, "no body: nothing is left beside headline and page furniture"))
            elif known is not article:
                where = f"{known['source_file']} item {known['source_index']}"
                rejects.append(_reject(name, index, f"duplicate of {where}"))
            else:
                articles.append(article)
                furniture += [{"article_id": article["article_id"], **cut} for cut in cuts]
    columns = [*_COLUMNS, *(column for column in manifest.columns if column not in _COLUMNS)]
    return {
        "articles": _compared(_table("articles", articles, columns), study, articles),
        "rejects": _table("rejects", rejects),
        "furniture": _table("furniture", furniture),
    }


def source_files(study: Study) -> list[Path]:
    """The source files of a study, sorted; UserError where a pattern of ``articles`` finds none.

    A pattern is a file, a folder (with its subfolders) or a glob. ``study.yml``, the manifest, the study's ``tables/``
    and what begins with a dot are no sources.
    """
    own = {study.folder / "study.yml", manifest_path(study)}
    tables = study.folder / "tables"
    found: set[Path] = set()
    for pattern in study.article_patterns:
        files = [file for file in _expand(study.folder, pattern) if file not in own and tables not in file.parents]
        if not files:
            place = study.folder / Path(pattern).expanduser()
            what = "the folder holds no files" if place.is_dir() else "there is no such file, folder or match"
            raise UserError(f"{study.folder / 'study.yml'}: articles: {pattern!r}: {what}")
        found.update(files)
    return sorted(found)


def source_name(study: Study, file: Path) -> str:
    """``file`` relative to the study's folder, with forward slashes."""
    if file.is_relative_to(study.folder):
        return file.relative_to(study.folder).as_posix()
    try:
        return Path(os.path.relpath(file, study.folder)).as_posix()
    except ValueError:  # another drive
        return file.as_posix()


def _expand(folder: Path, pattern: str) -> list[Path]:
    """The files of one pattern, absolute."""
    place = folder / Path(pattern).expanduser()
    if place.is_file():
        return [absolute(place)]
    if place.is_dir():
        return _walk(place, set())
    matches = glob.glob(str(place), recursive=True)  # noqa: PTH207 (the pattern may be absolute)
    files: list[Path] = []
    for match in matches:
        path = Path(match)
        files += _walk(path, set()) if path.is_dir() and "**" not in pattern else [absolute(path)] * path.is_file()
    return files


def _walk(folder: Path, seen: set[Path]) -> list[Path]:
    """The files of a folder and its subfolders, linked ones too but each once, without those that begin with a dot."""
    real = folder.resolve()
    if real in seen:
        return []
    seen.add(real)
    files: list[Path] = []
    with os.scandir(folder) as entries:
        for entry in entries:
            path = Path(entry.path)
            if entry.name.startswith("."):
                continue
            if entry.is_dir():
                files += _walk(path, seen)
            else:
                files.append(absolute(path))
    return files


def _roots(study: Study) -> list[Path]:
    """The folders that hold the articles: those named, those of files named, and the fixed beginnings of globs."""
    roots = []
    for pattern in study.article_patterns:
        place = study.folder / Path(pattern).expanduser()
        while not place.is_dir() and place != place.parent:
            place = place.parent
        roots.append(absolute(place))
    return list(dict.fromkeys(roots))


def _article(item: Item, told: dict[str, Any], study: Study, file: Path) -> tuple[Row, list[Row]]:
    """One article with the columns of its source, its page and the manifest, the last winning; and its furniture."""
    if "page" in item:
        headline = item.get("headline") or told.get("headline")
        page = read_page(item["page"], outlet=told.get("outlet"), headline=headline, byline=told.get("byline"))
        row = page
    else:
        page = read_record(
            item["body"],
            headline=item.get("headline"),
            deck=item.get("deck"),
            byline=told.get("byline") or item.get("byline"),
            web=item.get("web", False),
        )
        row = {**item, "body": page["body"]}
        for column in ("byline", "agency", "disclosure", "published"):
            row.setdefault(column, page[column])
        row.setdefault("credit", page["credit"])
        if row["credit"] not in (None, *CREDITS):
            item = {**item, "notes": [*item.get("notes", ()), ("credit", row["credit"])], "credit": None}
            row["credit"] = page["credit"]
    if told.get("agency") or item.get("agency"):  # then a credit on the page may be somebody else's
        row["credit"] = item.get("credit")
    cuts = [{"line": line, "text": text, "rule": rule} for line, text, rule in page["furniture"]]
    cuts += [{"line": 0, "text": text, "rule": f"unusable-{field}"} for field, text in item.get("notes", ())]
    for column in ("headline", "deck"):
        if told.get(column) and row.get(column) and told[column] != row[column]:
            line = page.get("lines", {}).get(column, 0)
            cuts.append({"line": line, "text": row[column], "rule": f"overridden-{column}"})
    row = {column: row.get(column) for column in {*_COLUMNS, study.compare}} | told
    if row["credit"] not in (None, *CREDITS):
        name, allowed = source_name(study, file), ", ".join(CREDITS)
        raise UserError(f"{study.manifest}: {name}: credit is {row['credit']!r}; allowed: {allowed}")
    row["language"] = _language(row["language"]) or study.language
    named = "\n".join((row["outlet"] or "", row["headline"] or "", row["body"]))
    row["article_id"] = hashlib.sha256(named.encode()).hexdigest()[:12]
    return row, sorted(cuts, key=lambda cut: cut["line"])


def _language(code: str | None) -> str | None:
    """``en`` of "en-GB"; a name that is no code stays as it is."""
    match = _LANGUAGE.fullmatch(code or "")
    return match["code"].lower() if match else code


def _reject(name: str, index: int, reason: str) -> Row:
    return {"source_file": name, "source_index": index, "reason": reason}


def _table(name: str, rows: list[Row], columns: list[str] | None = None) -> pd.DataFrame:
    """Rows as a table with the contract's columns and types; columns beyond the contract are text."""
    types = empty(name).dtypes
    return pd.DataFrame(
        {
            column: pd.Series([row.get(column) for row in rows], dtype=types.get(column, "str"))
            for column in (columns or types.index)
        }
    )


def _compared(table: pd.DataFrame, study: Study, rows: list[Row]) -> pd.DataFrame:
    """The articles with the column that the study compares. Raises UserError where there is no such column."""
    if study.compare in table.columns or study.compare == "n_words":
        return table
    if any(row.get(study.compare) is not None for row in rows):
        return table.assign(**{study.compare: pd.Series([row.get(study.compare) for row in rows], dtype="str")})
    raise UserError(
        f"{study.folder / 'study.yml'}: compare: no column {study.compare!r}; columns here: {', '.join(table.columns)}"
    )
