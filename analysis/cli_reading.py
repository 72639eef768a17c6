"""What ``samestory read`` prints: the table of sources, outlets, rejects and doubts."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

    from analysis.corpus.outlets import Outlets
    from analysis.lazy import Tables

ROWS = 40  # sources, and doubts of a kind, at most; the others are counted
_NUMBERS = ("expected", "read", "rejected", "duplicates", "undated", "outletless")
_WIDEST = 60


def read_lines(tables: Tables, outlets: Outlets) -> Iterator[str]:
    """What was found, source by source; the outlets; each reject with its reason; how much each rule cut; doubts.

    No text of an article is loaded.
    """
    articles = tables.some("articles", ["article_id", "outlet", "outlet_printed", "source_file", "source_index"])
    rejects, furniture = tables["rejects"], tables.some("furniture", ["article_id", "text", "rule"])
    yield (
        f"{len(articles) + len(rejects)} items found = {len(articles)} articles + {len(rejects)} rejects; "
        f"{len(furniture)} lines of page furniture cut"
    )
    yield from source_lines(tables["sources"])
    for outlet, n in articles["outlet"].fillna("(no outlet)").value_counts().items():
        yield f"  {n:>6}  {printable(outlet)}"
    for file, item, reason in rejects[["source_file", "source_index", "reason"]].itertuples(index=False):
        yield f"  reject  {printable(file)}, item {item}: {printable(reason)}"
    rules = ", ".join(f"{rule} {n:,}" for rule, n in furniture["rule"].value_counts().items())
    if rules:
        yield f"  cut     {printable(rules)}"
    for doubts in (outlet_doubts(articles, outlets), value_doubts(articles, furniture)):
        yield from (f"  doubt   {printable(line)}" for line in doubts[:ROWS])
        if len(doubts) > ROWS:
            yield f"  doubt   … and {len(doubts) - ROWS:,} more"


def outlet_doubts(articles: pd.DataFrame, outlets: Outlets) -> list[str]:
    """Names under which outlets were joined, and names that look alike and were left apart."""
    from analysis.corpus.outlet_names import outlet_names

    names = outlet_names(articles, outlets)
    joined = names[names["joined"]]
    taken = [
        f"outlet {printed!r} ({n:,}) is taken for {outlet}"
        for printed, n, outlet in joined[["outlet_printed", "articles", "outlet"]].itertuples(index=False)
    ]
    alike = names.dropna(subset=["alike"]).drop_duplicates("outlet")
    apart = [
        f"outlet {outlet} is not taken for {others}, which looks alike"
        for outlet, others in alike[["outlet", "alike"]].itertuples(index=False)
    ]
    return taken + apart


def value_doubts(articles: pd.DataFrame, furniture: pd.DataFrame) -> list[str]:
    """Dates and languages that were printed and could not be used, article by article."""
    from analysis.corpus.dates import readings

    rows = furniture[furniture["rule"].isin(("unusable-published", "unusable-language"))]
    rows = rows.merge(articles[["article_id", "source_file", "source_index"]], on="article_id", how="left")
    lines = []
    for file, item, rule, text in rows[["source_file", "source_index", "rule", "text"]].itertuples(index=False):
        field = rule.removeprefix("unusable-")
        days = " or ".join(f"{day:%Y-%m-%d}" for day in readings(text)) if field == "published" else ""
        why = f"can be {days}" if days else "the text is too short to tell" if field == "language" else "is not used"
        lines.append(f"{field} {text[:80]!r} {why}: {file}, item {item}")
    return lines


def source_lines(sources: pd.DataFrame, *, rows: int = ROWS) -> Iterator[str]:
    """The table of sources as aligned lines, with a total; of a long one the rows that lack or reject something first.

    What a source does not say of itself is a dash.
    """
    shown = sources
    if len(sources) > rows:
        worst = sources.assign(lacks=sources["missing"].notna(), bad=sources["rejected"] > 0)
        worst = worst.sort_values(["lacks", "bad"], ascending=False, kind="stable").head(rows)
        shown = sources.loc[sorted(worst.index)]
    cells = [["source", "format", *_NUMBERS]]
    cells += [
        [_short(row.source_file), row.format if isinstance(row.format, str) else "–", *map(_number, row[2:])]
        for row in shown[["source_file", "format", *_NUMBERS]].itertuples(index=False)
    ]
    if len(sources) > len(shown):
        cells.append([f"… and {len(sources) - len(shown):,} more", "", *[""] * len(_NUMBERS)])
    if len(sources) > 1:
        said = sources["expected"].notna().any()
        totals = [sources[name].sum() if said or name != "expected" else None for name in _NUMBERS]
        cells.append([f"total of {len(sources):,}", "", *map(_number, totals)])
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    for row in cells:
        words = [text.ljust(widths[place]) for place, text in enumerate(row[:2])]
        numbers = [text.rjust(widths[place]) for place, text in enumerate(row[2:], start=2)]
        yield "  ".join(["", *words, *numbers]).rstrip()


def printable(text: str) -> str:
    """Text of foreign files on one line, without the characters by which a terminal is told to do things."""
    return "".join("\N{REPLACEMENT CHARACTER}" if unicodedata.category(mark) in ("Cc", "Cf") else mark for mark in text)


def _short(name: str) -> str:
    name = printable(name)
    return name if len(name) <= _WIDEST else f"…{name[1 - _WIDEST :]}"


def _number(value: Any) -> str:
    import pandas as pd

    return "–" if pd.isna(value) else f"{int(value):,}"
