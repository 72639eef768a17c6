"""How right, and how fast, are quotations, speakers and reported clauses? ``python -m benchmarks.quotes`` tells.

Right: precision and recall per construction on attributions.yml, sentences written for this purpose (no newspaper's).
Fast: a seeded corpus of 10,000 articles of about 500 words, put together from those sentences and from the demo study,
on one core. Where ../shared is beside the checkout, the hand-coded quotations there are counted too.
"""

from __future__ import annotations

import json
import platform
import random
import re
import time
from collections.abc import Iterable
from pathlib import Path

import pandas as pd
import yaml

from analysis import open_study, read
from analysis.coding.quotes import find_quotes
from analysis.coding.sentences import sentence_bounds
from analysis.coding.speech import find_speech
from analysis.coding.tokens import count_words, tokenise

HERE = Path(__file__).resolve().parent
SHARED = HERE.parents[1] / "shared"
ARTICLES, WORDS, PART = 10_000, 500, 1_000
SEED = 20240614


def code(bodies: list[str]) -> pd.DataFrame:
    """The quotations and reported clauses of some bodies, from the strings on."""
    tokens = tokenise(bodies)
    sentences, _ = sentence_bounds(tokens)
    starts: list[list[int]] = [[] for _ in bodies]
    for text, group in sentences.groupby("text")["start"]:
        starts[text] = group.tolist()
    quotes, _ = find_quotes(bodies, starts)
    return find_speech(bodies, range(len(bodies)), tokens, sentences, quotes, [])


def own_set() -> list[dict]:
    """The sentences of attributions.yml, each with its construction."""
    listed = yaml.safe_load((HERE / "attributions.yml").read_text(encoding="utf-8"))
    return [{"construction": name, **item} for name, items in listed.items() for item in items]


def counts(item: dict, found: pd.DataFrame) -> dict[str, int]:
    """What is right, found and wanted in one item: quotations, speakers, cues, and words of reported clauses."""
    wanted = pd.DataFrame(item["says"], columns=["kind", "content", "speaker", "cue"])
    quoted = wanted[~wanted["kind"].isin(["indirect", "term"])]
    mine = found[~found["kind"].isin(["indirect", "term"])].drop_duplicates("content").set_index("content")
    hits = [row for row in quoted.itertuples() if row.content in mine.index]
    named = [row for row in hits if row.speaker is not None]
    cued = [row for row in hits if row.cue is not None]
    said = _places(item["text"], wanted.loc[wanted["kind"] == "indirect", "content"])
    heard = {
        at for row in found[found["kind"] == "indirect"].itertuples() for at in _words(item["text"], row.start, row.end)
    }
    sources = wanted[(wanted["kind"] == "indirect") & wanted["speaker"].notna()]
    reported = found[found["kind"] == "indirect"].drop_duplicates("content").set_index("content")
    found_sources = [row for row in sources.itertuples() if row.content in reported.index]
    return {
        "quotes right": len(hits),
        "quotes found": len(mine),
        "quotes wanted": len(quoted),
        "speakers right": sum(same(row.speaker, mine["speaker"][row.content]) for row in named)
        + sum(same(row.speaker, reported["speaker"][row.content]) for row in found_sources),
        "speakers wanted": int(quoted["speaker"].notna().sum()) + len(sources),
        "cues right": sum(row.cue == mine["cue"][row.content] for row in cued),
        "cues wanted": int(quoted["cue"].notna().sum()),
        "words right": len(said & heard),
        "words found": len(heard),
        "words wanted": len(said),
    }


def same(one: object, other: object) -> bool:
    """Whether two names are one, articles, periods and the form of apostrophes aside."""
    return _plain(one) == _plain(other)


def _plain(name: object) -> str:
    return re.sub(r"^(?:the|an?) ", "", str(name).lower().replace("’", "'").replace(".", ""))


def _places(text: str, contents: Iterable[str]) -> set[int]:
    """The words of a text that lie in some contents, by where they start."""
    found: set[int] = set()
    for content in contents:
        start = text.index(content)
        found |= set(_words(text, start, start + len(content)))
    return found


def _words(text: str, start: int, end: int) -> list[int]:
    return [match.start() for match in re.finditer(r"\w+", text) if start <= match.start() < end]


def right() -> pd.DataFrame:
    """Counts per construction, with a row for all."""
    items = own_set()
    found = code([item["text"] for item in items])
    rows = [
        {"construction": item["construction"], "items": 1, **counts(item, found[found["text"] == number])}
        for number, item in enumerate(items)
    ]
    table = pd.DataFrame(rows).groupby("construction", sort=False).sum()
    return pd.concat([table, table.sum().to_frame("all").T])


def gold() -> dict[str, int] | None:
    """Spans, cues and speakers right on the hand coding in ../shared; None where it is not there."""
    if not SHARED.is_dir():
        return None
    pages = json.loads((SHARED / "gold/pages.json").read_text(encoding="utf-8"))
    coded = json.loads((SHARED / "gold/quotes.json").read_text(encoding="utf-8"))
    total = {"coded": len(coded), "spans": 0, "cues": 0, "speakers": 0}
    for page in pages:
        wanted = [quote for quote in coded if quote["file"] == page["file"]]
        text = (SHARED / "seeds/articles" / page["file"]).read_text(encoding="utf-8")
        body = text[text.index(page["first_words"]) : text.rindex(page["last_words"]) + len(page["last_words"])]
        found = code([body])
        found = found[found["kind"] != "indirect"]
        for quote, row in zip(wanted, found.itertuples(), strict=False):
            total["spans"] += quote["text"] == row.content
            total["cues"] += quote["cue"] == row.cue
            total["speakers"] += same(quote["speaker"], row.speaker)
    return total


def corpus() -> list[str]:
    """ARTICLES bodies of about WORDS words, in a seeded order."""
    paragraphs = [item["text"] for item in own_set()]
    for body in read(open_study("demo"))["articles"]["body"]:
        paragraphs += body.split("\n\n")
    sizes = count_words(paragraphs).tolist()
    order = random.Random(SEED)
    bodies = []
    for _ in range(ARTICLES):
        chosen, size = [], 0
        while size < WORDS:
            which = order.randrange(len(paragraphs))
            chosen.append(paragraphs[which])
            size += sizes[which]
        bodies.append("\n\n".join(chosen))
    return bodies


def seconds(bodies: list[str]) -> tuple[float, int]:
    """Seconds to code all bodies, from strings to the table, and the rows found."""
    code(bodies[:20])  # compiled, and the codebook read
    begin = time.perf_counter()
    rows = sum(len(code(bodies[at : at + PART])) for at in range(0, len(bodies), PART))
    return time.perf_counter() - begin, rows


def _ratio(one: float, other: float) -> str:
    return f"{one / other:.2f}" if other else "–"


def report() -> str:
    """The text of quotes.md."""
    table = right()
    bodies = corpus()
    words = int(count_words(bodies).sum())
    spent, rows = seconds(bodies)
    lines = [
        "# Quotations, speakers, reported clauses",
        "",
        "Made by `python -m benchmarks.quotes`. The sentences are in attributions.yml, written for this project;",
        "the rules were mended on them, so these figures say what the rules can do, not how they do on new text.",
        "",
        "Quotations: exact spans (terms left out on both sides). Speakers: resolved, of quotations and reports wanted.",
        "Words: tokens of reported clauses, without cue and speaker. – where there is nothing to divide by.",
        "",
        "| construction | items | quotations P | R | speakers R | cues R | words P | R |",
        "|---|---:|---:|---:|---:|---:|---:|---:|",
    ]
    for name, row in table.iterrows():
        cells = [
            _ratio(row["quotes right"], row["quotes found"]),
            _ratio(row["quotes right"], row["quotes wanted"]),
            _ratio(row["speakers right"], row["speakers wanted"]),
            _ratio(row["cues right"], row["cues wanted"]),
            _ratio(row["words right"], row["words found"]),
            _ratio(row["words right"], row["words wanted"]),
        ]
        lines.append(f"| {name} | {row['items']} | {' | '.join(cells)} |")
    known = gold()
    if known:
        lines += [
            "",
            f"Hand coding in ../shared: {known['spans']} of {known['coded']} spans exact, {known['cues']} cues and "
            f"{known['speakers']} speakers right.",
        ]
    lines += [
        "",
        f"Speed: {ARTICLES:,} articles, {words:,} words, {rows:,} rows in {spent:.1f} s on one core "
        f"({platform.machine()}, Python {platform.python_version()}), tokens and sentence bounds included.",
        "",
    ]
    return "\n".join(lines)


if __name__ == "__main__":
    text = report()
    (HERE / "quotes.md").write_text(text, encoding="utf-8")
    print(text)
