"""Words shown beside numbers: sentences, copies with what is their own, quotations word by word. All text is escaped.

What changed is marked by form as well as by colour (struck, underlined): it survives print and colour-blindness.
"""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

import pandas as pd
from IPython.display import HTML

from analysis.coding.word_alignment import align_words, words_of
from analysis.texts import NOT_HERE, SENTENCE, has_texts


def with_words(
    table: pd.DataFrame,
    tables: dict[str, pd.DataFrame],
    *,
    article: str = "article_id",
    sentence: str = "sentence",
    name: str = "words",
) -> pd.DataFrame:
    """``table`` with a column of the words of a sentence, named by its columns ``article`` and ``sentence``.

    Missing where no sentence is named; `NOT_HERE` where the study comes without its texts.
    """
    bounds = tables["sentences"].set_index(["article_id", "sentence"])[["start", "end"]]
    bodies = tables["articles"].set_index("article_id")["body"]
    keys = pd.MultiIndex.from_arrays([table[article], table[sentence].astype("Int64")])
    found = bounds.reindex(keys)
    words = [
        None if pd.isna(start) else _cut(bodies[one], int(start), int(end))
        for one, start, end in zip(table[article], found["start"], found["end"], strict=True)
    ]
    return table.assign(**{name: pd.array(words, dtype="str")})


def _cut(body: object, start: int, end: int) -> str:
    return " ".join(body[start:end].split()) if isinstance(body, str) and body else NOT_HERE


def show_table(table: pd.DataFrame, *, digits: int = 2) -> HTML:
    """A table with its text in full, numbers rounded, columns named in plain words."""
    named = table.rename(columns=lambda column: str(column).replace("_", " "))
    with pd.option_context("display.max_colwidth", None):
        return HTML(
            named.to_html(
                index=False, escape=True, border=0, na_rep="–", justify="left", float_format=f"{{:.{digits}f}}".format
            )
        )


def show_copies(tables: dict[str, pd.DataFrame], *, by: str = "outlet", most: int = 12) -> HTML:
    """The copies of each group, what is copied in grey, what the outlet added marked: one folded text an article.

    Args:
        tables: the coded tables. most: copies shown, of the largest groups first.
    """
    groups, articles = tables["copy_groups"], tables["articles"]
    if not has_texts(articles):
        return HTML(f"<p>{SENTENCE}</p>")
    size = groups.groupby("copy_group")["article_id"].transform("size")
    shown = groups[(size > 1) & groups["article_id"].isin(tables["copied"]["article_id"])].assign(size=size)
    shown = shown.sort_values(["size", "copy_group"], ascending=[False, True], kind="stable")
    shown = shown.merge(articles[["article_id", "headline", "body", *{by, "n_words"}]], on="article_id")
    parts = [
        f"<details><summary>{escape(_text(row[by]))}: {escape(_text(row['headline']))} "
        f"({row['role']}; {row['outlet_added_words']:,} of {row['n_words']:,} words its own)</summary>"
        f"{_marked(row['body'], tables['copied'].query('article_id == @row.article_id'))}</details>"
        for _, row in shown.head(most).iterrows()
    ]
    left = f"<p>{len(shown) - most:,} more copies are in the table.</p>" if len(shown) > most else ""
    return HTML("".join(parts) + left or "<p>No copy was found.</p>")


def _marked(body: object, copied: pd.DataFrame) -> str:
    """A body in paragraphs; words outside copied stretches are marked as the outlet's own."""
    if not isinstance(body, str) or not body:
        return f"<p>{NOT_HERE}</p>"
    made, at = [], 0
    for start, end in [*copied[["start", "end"]].itertuples(index=False), (len(body), len(body))]:
        made.append(_own(body[at:start]))
        made.append(f'<span class="copied">{escape(body[start:end])}</span>')
        at = end
    return '<p class="text">' + "".join(made).replace("\n\n", "<br><br>") + "</p>"


def _own(text: str) -> str:
    """Marked where there is a word in it, paragraph by paragraph."""
    parts = [
        f"<mark>{escape(part)}</mark>" if any(map(str.isalnum, part)) else escape(part) for part in text.split("\n\n")
    ]
    return "\n\n".join(parts)


def show_drifts(drifts: pd.DataFrame, articles: pd.DataFrame, *, by: str = "outlet", most: int = 20) -> HTML:
    """Drifts as lines, word by word: what the first outlet has is struck where the second lacks it, and underlined
    where only the second has it. In the order given; ``most`` are shown."""
    levels = articles.set_index("article_id")[by]
    rows = "".join(
        f"<tr><td>{escape(_text(levels.get(row.article_a)))} → {escape(_text(levels.get(row.article_b)))}</td>"
        f"<td>{_line(row.words_a, row.words_b)}</td><td>{escape('; '.join(_said(row)))}</td></tr>"
        for row in drifts.head(most).itertuples()
    )
    if not rows:
        return HTML("<p>No quotation stands in two outlets.</p>")
    head = "<tr><th>From, to</th><th>Word by word</th><th>What changed</th></tr>"
    left = f"<p>{len(drifts) - most:,} more are in the table.</p>" if len(drifts) > most else ""
    return HTML(f'<table class="drift"><thead>{head}</thead><tbody>{rows}</tbody></table>{left}')


def _line(words_a: object, words_b: object) -> str:
    if not isinstance(words_a, str) or not isinstance(words_b, str) or NOT_HERE in (words_a, words_b):
        return NOT_HERE
    return " ".join(_step(*step) for step in align_words(words_of(words_a), words_of(words_b)))


def _step(operation: str, gone: list[str], come: list[str]) -> str:
    """One step of an alignment as HTML."""
    if operation == "kept":
        return escape(" ".join(come))
    marked = (f"<{tag}>{escape(' '.join(words))}</{tag}>" for tag, words in (("del", gone), ("ins", come)) if words)
    return " ".join(marked)


def _said(row: tuple) -> Iterator[str]:
    """What changed, in words; loaded words first."""
    if row.loaded:
        yield f"loaded: {row.loaded_words}"
    if isinstance(row.moved, str):
        yield f"moved {'out of' if row.moved == 'out' else 'into'} quotation marks"
    if row.speaker_changed:
        yield f"speaker: {row.speaker_a} → {row.speaker_b}"
    if row.cue_changed:
        yield f"cue: {row.cue_a} → {row.cue_b}"
    yield f"{row.kept} kept, {row.replaced} replaced, {row.cut} cut, {row.added} added"


def _text(value: object) -> str:
    return "(none)" if pd.isna(value) else str(value)
