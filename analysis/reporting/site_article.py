"""A page of one article: its text with what was found in it, its copies, and who else reports the story.

Marks differ by form as well as by colour: mentions are boxed, quotations underlined (solid, dashed, dotted by kind),
copied passages have a line above them. Check boxes take each of them away, without a script.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

import pandas as pd

from analysis.coding.kwic import PARTS
from analysis.reporting import site_shell as shell
from analysis.reporting.site_text import Mark, marked, paragraphs

LONGEST = 200_000  # characters of a text that are shown
ROWS = 500  # rows of each table of a page
COLOURS = 6  # of variables, in report.css
NEAREST = 10  # articles of the same story that are named
NO_TEXT = "The text is not included: this study came without the texts of its articles."
_CUT = f"<p class='said'>Only the first {LONGEST:,} characters are shown.</p>"
_AT_FIRST = ("choice", "presence")  # kinds of variables whose mentions are marked at first
_QUOTED = {"direct": "direct", "partial": "partial", "term": "words in marks", "indirect": "reported"}


def article_html(
    article: Mapping[str, object],
    found: Mapping[str, pd.DataFrame],
    others: pd.DataFrame,
    kinds: Mapping[str, str],
    *,
    paged: frozenset[str],
) -> tuple[str, str]:
    """The body of an article's page, and the rules of style that its check boxes need.

    Args:
        article: a row of *articles*. found: mentions, quotes, copied, copy_groups, copies and alignments of it.
        others: outlet, published, headline and story of all articles, indexed by article_id.
        kinds: the kind of each variable. paged: the articles that have a page.
    """
    mentions = found["mentions"].head(5 * ROWS)
    numbers = {name: number for number, name in enumerate(dict.fromkeys(sorted(mentions["variable"])))}
    marks = _mention_marks(mentions, numbers)
    head = (marked(str(article[part]), marks[part]) if has_text(article[part]) else "" for part in ("headline", "deck"))
    headline, deck = head
    body = article["body"] if has_text(article["body"]) else ""
    layers = [*marks["body"], *_quote_marks(found["quotes"]), *_copied_marks(found["copied"])]
    text = paragraphs(body[:LONGEST], layers) if body else f'<p class="absent">{NO_TEXT}</p>'
    parts = [
        f"<h1>{headline or '(no headline)'}</h1>",
        f'<p class="deck">{deck}</p>' if deck else "",
        _facts(article),
        _legend(mentions, numbers, kinds, found) if body else "",
        f'<section class="text" aria-label="Text">{text}{_CUT if len(body) > LONGEST else ""}</section>',
        _copies(article, found, others, paged),
        _story(article, found["alignments"], others, paged),
        _mentions(mentions, linked=bool(body)),
        _quotes(found["quotes"], linked=bool(body)),
    ]
    return "\n".join(filter(None, parts)), _rules(numbers)


def has_text(value: object) -> bool:
    """Whether a part of an article is there (not so in a study that was shared without its texts)."""
    return isinstance(value, str) and bool(value)


def anchor_of(where: str, start: int) -> str:
    """The id of a mention on its article's page."""
    return f"{where[0]}{start}"


def _mention_marks(mentions: pd.DataFrame, numbers: Mapping[str, int]) -> dict[str, list[Mark]]:
    """By part of the article: what is marked as a mention. Of several that begin at one place the first has the id."""
    marks, named = {part: [] for part in PARTS}, set()
    for row in mentions.itertuples():
        place = (row.where, row.start)
        name = "" if place in named else anchor_of(*place)
        named.add(place)
        said = _label(row)
        same = has_text(row.match) and said.casefold() == row.match.casefold()
        label = "" if same else f'<span class="tag">{escape(said)}</span>'
        kind = f"m {_kind(numbers[row.variable])}"
        marks[row.where].append(Mark(row.start, row.end, 2, kind, tag="mark", name=name, label=label))
    return marks


def _kind(number: int) -> str:
    """The classes of a variable: its own, and that of its colour; there are fewer colours than variables."""
    return f"v{number} c{number % COLOURS}"


def _label(row) -> str:
    """The category, or what a word of a scale adds."""
    return f"{row.valence:+.1f}".replace("-", "−") if pd.notna(row.valence) else row.category


def _quote_marks(quotes: pd.DataFrame) -> list[Mark]:
    """Quotations and reports; one that lies in another of the same speaker is not labelled again."""
    marks, around = [], []
    for row in quotes.sort_values(["start", "end"], ascending=[True, False], kind="stable").itertuples():
        around = [one for one in around if one.end > row.start]
        said = has_text(row.speaker) and row.speaker not in [one.speaker for one in around]
        label = f'<span class="tag by">{escape(row.speaker)}</span>' if said else ""
        marks.append(Mark(row.start, row.end, 1, f"q {row.kind}", name=f"q{row.quote}", label=label))
        around.append(row)
    return marks


def _copied_marks(copied: pd.DataFrame) -> list[Mark]:
    label = '<span class="hidden"> (copied up to here) </span>'  # for those who do not see the line
    return [Mark(row.start, row.end, 0, "copied", label=label) for row in copied.itertuples()]


def _facts(article: Mapping[str, object]) -> str:
    """What is known of the article, as far as it is."""
    address = article["url"]
    link = shell.text(address, "")
    if has_text(address) and address.startswith(("https://", "http://")):
        link = f'<a href="{escape(address)}" rel="noreferrer">{link}</a>'
    credit = f" ({escape(str(article['credit']))} of the text)" if has_text(article["credit"]) else ""
    agency = shell.text(article["agency"], "")
    return shell.facts(
        {
            "Outlet": shell.text(article["outlet"]),
            "Published": shell.day(article["published"], "no date"),
            "By": shell.text(article["byline"], ""),
            "Credited": agency and f"{agency}{credit}",
            "Section": shell.text(article["section"], ""),
            "Notice": shell.text(article["disclosure"], ""),
            "Correction": shell.text(article["correction"], ""),
            "Story": shell.text(article["story"], ""),
            "Words": f"{article['n_words']:,}",
            "Address": link,
            "Source": shell.text(article["source_file"], ""),
            "Id": f"<code>{escape(str(article['article_id']))}</code>",
        }
    )


def _legend(
    mentions: pd.DataFrame, numbers: Mapping[str, int], kinds: Mapping[str, str], found: Mapping[str, pd.DataFrame]
) -> str:
    """What is marked and how, with check boxes."""
    boxes = [_box("labels", "labels", checked=True)]
    counts = found["quotes"]["kind"].value_counts()
    boxes += [
        _box(f"q-{kind}", f'<span class="q {kind}">{name}</span> ({counts[kind]:,})', checked=kind != "term")
        for kind, name in _QUOTED.items()
        if kind in counts
    ]
    if len(found["copied"]):
        boxes.append(_box("copied", f'<span class="copied">copied</span> ({len(found["copied"]):,})', checked=True))
    each = mentions["variable"].value_counts()
    boxes += [
        _box(
            f"v{number}",
            f'<mark class="m {_kind(number)}">{escape(name.replace("_", " "))}</mark> ({each[name]:,})',
            checked=kinds.get(name) in _AT_FIRST and name != "cue",
        )
        for name, number in numbers.items()
    ]
    return f'<fieldset class="legend"><legend>Marked in the text</legend>{"".join(boxes)}</fieldset>'


def _box(name: str, label: str, *, checked: bool) -> str:
    state = " checked" if checked else ""
    return f'<label><input type="checkbox" id="show-{name}" autocomplete="off"{state}> {label}</label> '


def _rules(numbers: Mapping[str, int]) -> str:
    """A box without its tick takes away the frame, the ground and the label of its mark in the text."""
    off = "body:has(#show-{0}:not(:checked)) .text {1} {{ all: unset; }}\n"
    gone = "body:has(#show-{0}:not(:checked)) :is(h1, .deck, .text) {1} > .tag {{ display: none; }}\n"
    kinds = {f"v{number}": f"mark.v{number}" for number in numbers.values()}
    kinds |= {"copied": ".copied"} | {f"q-{kind}": f".q.{kind}" for kind in _QUOTED}
    every = "".join(
        off.replace(".text", ":is(h1, .deck, .text)").format(*one) + gone.format(*one) for one in kinds.items()
    )
    return every + "body:has(#show-labels:not(:checked)) main .tag { display: none; }\n"


def _copies(
    article: Mapping[str, object], found: Mapping[str, pd.DataFrame], others: pd.DataFrame, paged: frozenset[str]
) -> str:
    """With whom the article shares runs of words, and what part it has in its copy group."""
    pairs = found["copies"]
    if pairs.empty:
        return ""
    group = found["copy_groups"].iloc[0]
    said = {"source": "The source of its copy group.", "copy": "A copy in its copy group."}.get(group["role"], "")
    if pd.notna(group["outlet_added_words"]) and said:
        said += f" {group['outlet_added_words']:,} of its {article['n_words']:,} words stand in no other of them."
    rows = [
        [
            _title(row.article_b, others, paged),
            f"{100 * row.containment_a:.0f} %",
            f"{100 * row.containment_b:.0f} %",
            f"{row.longest_shared_run:,}",
        ]
        for row in pairs.sort_values("containment_a", ascending=False, kind="stable").head(NEAREST).itertuples()
    ]
    heads = ["article", "of this one’s runs of 5 words, there", "of that one’s, here", "longest run shared, words"]
    return f"<h2>Copies</h2><p>{said}</p>{shell.table(heads, rows, label='Copies')}"


def _story(article: Mapping[str, object], pairs: pd.DataFrame, others: pd.DataFrame, paged: frozenset[str]) -> str:
    """The articles that report the same story, those first that share most of what it reports."""
    aligned = pairs.groupby("article_b").size()
    if not has_text(article["story"]):
        return ""
    same = others[(others["story"] == article["story"]) & (others.index != article["article_id"])]
    same = same.assign(aligned=aligned.reindex(same.index).fillna(0).astype("int64"))
    same = same.sort_values(["aligned", "published"], ascending=[False, True], kind="stable")
    if same.empty:
        return ""
    rows = [
        [_title(row.Index, others, paged), f'<span class="day">{shell.day(row.published)}</span>', f"{row.aligned:,}"]
        for row in same.head(NEAREST).itertuples()
    ]
    left = (
        f"<p class='said'>{len(same) - NEAREST:,} more are on the list of articles.</p>" if len(same) > NEAREST else ""
    )
    heads = ["article", "date", "pairs of sentences that report the same"]
    return f"<h2>The same story</h2>{shell.table(heads, rows, label='The same story')}{left}"


def _title(article_id: str, others: pd.DataFrame, paged: frozenset[str]) -> str:
    row = others.loc[article_id]
    said = f"{shell.text(row['outlet'])}: {shell.text(row['headline'], '(no headline)')}"
    return f'<a href="{escape(article_id)}.html">{said}</a>' if article_id in paged else said


def _mentions(mentions: pd.DataFrame, *, linked: bool) -> str:
    if mentions.empty:
        return ""
    rows = []
    for row in mentions.head(ROWS).itertuples():
        words = shell.text(row.match)
        place = f'<a href="#{anchor_of(row.where, row.start)}">{words}</a>' if linked else words
        cells = (row.variable.replace("_", " "), _label(row), row.where, row.voice, row.speaker)
        rows.append([place, *(shell.text(cell) for cell in cells)])
    heads = ["words", "variable", "category", "where", "voice", "speaker"]
    return _folded("Mentions", len(mentions), shell.table(heads, rows, label="Mentions"))


def _quotes(quotes: pd.DataFrame, *, linked: bool) -> str:
    if quotes.empty:
        return ""
    rows = []
    for row in quotes.head(ROWS).itertuples():
        words = shell.text(row.content)
        cells = (_QUOTED[row.kind], row.speaker, row.cue, row.cue_class)
        rows.append([f'<a href="#q{row.quote}">{words}</a>' if linked else words, *map(shell.text, cells)])
    heads = ["words", "kind", "speaker", "cue", "class of cue"]
    return _folded("Quotations and reports", len(quotes), shell.table(heads, rows, label="Quotations and reports"))


def _folded(title: str, n: int, html: str) -> str:
    left = f"; the first {ROWS:,} are shown" if n > ROWS else ""
    return f"<details open><summary><h2>{title} ({n:,}{left})</h2></summary>{html}</details>"


def grouped(found: Mapping[str, pd.DataFrame], ids: Sequence[str]) -> dict[str, dict[str, pd.DataFrame]]:
    """By article: the rows of each table that are its own (of pairs those that begin with it)."""
    keys = {"copies": "article_a", "alignments": "article_a"}
    split = {
        name: dict(iter(table.groupby(keys.get(name, "article_id"), sort=False)))
        for name, table in found.items()
        if name != "articles"
    }
    return {one: {name: groups.get(one, found[name][:0]) for name, groups in split.items()} for one in ids}
