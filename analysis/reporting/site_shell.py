"""The shell of every page of a report: head, policy, navigation, styles; nothing is fetched from anywhere.

All text of articles, outlets and studies is escaped by those who write the body. A page runs no script but those whose
hash its policy names: they are this package's own files, put into the page, so that it is whole by itself.
"""

from __future__ import annotations

import hashlib
import json
from base64 import b64encode
from collections.abc import Sequence
from functools import cache
from html import escape
from pathlib import Path

import pandas as pd

_HERE = Path(__file__).parent
_POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'"
NAVIGATION = {"index.html": "Findings", "articles.html": "Articles", "concordance.html": "Concordance"}


def page(
    title: str,
    body: str,
    *,
    of: str,
    here: str = "",
    up: str = "",
    links: Sequence[str] = tuple(NAVIGATION),
    script: str | None = None,
    style: str = "",
) -> str:
    """A whole page.

    Args:
        of: the study's title. here: the file, to be marked in the navigation. up: the way to the report's folder.
        links: the pages of the navigation that are there.
        script: the name of a script of this folder that runs at the end of the page. style: rules of this page.
    """
    code = _file(script) if script else ""
    allowed = f"; script-src 'sha256-{b64encode(hashlib.sha256(code.encode()).digest()).decode()}'" if script else ""
    return f"""<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="Content-Security-Policy" content="{_POLICY}{allowed}">
<title>{escape(title if title == of else f"{title} – {of}")}</title>
<style>
{_file("report.css")}{style}</style>
</head>
<body>
<a class="skip" href="#content">Skip to the content</a>
<header><nav aria-label="Report">{_navigation(here, up, links)}</nav></header>
<main id="content">
{body}
</main>
<footer><p>{escape(of)}. Made with Samestory. Each figure carries an id; its .json file says what made it.</p></footer>
{f"<script>{code}</script>" if script else ""}
</body>
</html>
"""


@cache
def _file(name: str) -> str:
    return (_HERE / name).read_text(encoding="utf-8")


def _navigation(here: str, up: str, links: Sequence[str]) -> str:
    marks = {here: ' aria-current="page"'}
    items = (
        f'<li><a href="{up}{file}"{marks.get(file, "")}>{name}</a></li>'
        for file, name in NAVIGATION.items()
        if file in links
    )
    return f"<ul>{''.join(items)}</ul>"


def data_block(name: str, content: object) -> str:
    """Data for a script, as JSON that no text in it can end."""
    said = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    for letter in "<>&\u2028\u2029":
        said = said.replace(letter, f"\\u{ord(letter):04x}")
    return f'<script type="application/json" id="{name}">{said}</script>'


def text(value: object, missing: str = "–") -> str:
    """A value as text for a page, escaped."""
    return missing if pd.isna(value) or value == "" else escape(str(value))


def day(value: object, missing: str = "–") -> str:
    """A date as 14 June 2024."""
    return missing if pd.isna(value) else f"{value.day} {value:%B %Y}"


def facts(rows: dict[str, str]) -> str:
    """Names and facts (HTML) as a list of terms; facts that are empty are left out."""
    listed = "".join(f"<dt>{escape(name)}</dt><dd>{fact}</dd>" for name, fact in rows.items() if fact)
    return f'<dl class="facts">{listed}</dl>'


def table(heads: Sequence[str], rows: Sequence[Sequence[str]], *, label: str) -> str:
    """A table of cells that are HTML already, in a region that can be scrolled by keyboard."""
    head = "".join(f'<th scope="col">{escape(name)}</th>' for name in heads)
    body = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in rows)
    return (
        f'<div class="table" tabindex="0" role="region" aria-label="{escape(label)}">'
        f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
    )
