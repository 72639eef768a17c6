"""Sentences and tables on frames and on the patterns behind a score: captions, findings, words in their context."""

from __future__ import annotations

from html import escape

import pandas as pd
from IPython.display import HTML

from analysis.coding.kwic import around
from analysis.comparison.salience import PLACES
from analysis.reporting.captions import escaped
from analysis.reporting.excerpts import show_table
from analysis.texts import SENTENCE, has_texts

_PLACES = ["outlet", "where", "voice", "left", "match", "right"]


def cooccurrence_caption(table: pd.DataFrame) -> str:
    """The caption of a matrix of pairs: what was paired, in what, of how many, how sure."""
    said, units = table.attrs, f"{table['total'].iloc[0]:,} {table['unit'].iloc[0]}s"
    if said["counted_in"] == "sentence":
        units += f" in {table['n_articles'].iloc[0]:,} articles"
    named = said["variable"].replace("_", " ")
    paired = f"{named} with {said['other'].replace('_', ' ')}" if said["other"] else f"pairs of {named}"
    books = said["codebook"] if said["other_codebook"] in (None, said["codebook"]) else (
        f"{said['codebook']} and {said['other_codebook']}"
    )  # fmt: skip
    return (
        f"Which categories stand together in one {table['unit'].iloc[0]}: {paired}{_voice(said['voice'])}. Phi is 0 "
        f"where they meet as often as chance gives, 1 where neither stands without the other. N = {units}. "
        f"{_intervals(table, 'phi_low')} Codebook {books}."
    )


def cooccurrence_finding(table: pd.DataFrame) -> str:
    """The pair most above chance, and how many pairs never meet. Markdown."""
    here = table[(table["n_a"] > 0) & (table["n_b"] > 0)]
    met = here[(here["n_ab"] > here["n_same"]) & (here["lift"] > 1)]
    unit, never = table["unit"].iloc[0], (here["n_ab"] == 0).sum()
    rest = f"{never:,} of {len(here):,} pairs of those that occur never meet in one {unit}."
    if met.empty:
        return f"No two categories stand in one {unit} more often than chance gives. {rest}"
    most = met.loc[met["phi"].fillna(-1).idxmax()]
    wide = "" if pd.isna(most["lift_low"]) else f", {most['lift_low']:.1f} to {most['lift_high']:.1f}"
    a, b = (escaped(most[f"category_{side}"]) for side in "ab")
    return (
        f"*{a}* and *{b}* go together most: in **{most['n_ab']:,}** {unit}s, {most['lift']:.1f} times as often as by "
        f"chance ({most['n_a']:,} and {most['n_b']:,} of {most['total']:,}{wide}; no test is made here). {rest}"
    )


def no_pair(table: pd.DataFrame) -> str:
    """Why there is no matrix to draw: fewer than two categories occur. Empty where there is one."""
    if ((table["n_a"] > 0) & (table["n_b"] > 0)).any():
        return ""
    return "Fewer than two of its categories occur, so there is no pair."


def prominence_caption(table: pd.DataFrame) -> str:
    """The caption of the ratios by place."""
    said = table.attrs
    left_out = said["without_thirds"]
    short = f" {left_out:,} articles with bodies of under three sentences are left out." if left_out else ""
    hits = table.drop_duplicates("category")["hits"].sum()
    return (
        f"Where the words of {said['variable'].replace('_', ' ')} stand{_voice(said['voice'])}: hits in headline and "
        f"deck, in the first third of the body, and in the rest, over those expected if each article's hits were "
        f"spread as its words are (ratio 1). N = {hits:,} hits.{short} {_intervals(table, 'low')} Codebook "
        f"{said['codebook']}."
    )


def prominence_finding(table: pd.DataFrame) -> str:
    """Which category leads: the highest ratio in headlines, and in first thirds. Markdown."""
    parts = []
    for place, name in zip(PLACES[:2], ("headlines", "first thirds"), strict=True):
        rows = table[(table["place"] == place) & (table["n"] > 0)].dropna(subset=["ratio"])
        if rows.empty:
            parts.append(f"No hit stands in {name}.")
            continue
        top = rows.loc[rows["ratio"].idxmax()]
        sure = "no interval" if pd.isna(top["low"]) else f"{top['low']:.1f} to {top['high']:.1f}"
        parts.append(
            f"In {name} *{escaped(top['category'])}* has the highest ratio: {top['n']:,} of {top['hits']:,} hits, "
            f"**{top['ratio']:.1f} times** as many as an even spread gives ({sure})."
        )
    return " ".join(parts)


def influence_finding(table: pd.DataFrame, *, by: str = "outlet") -> str:
    """On which one pattern a result rests most, and whether levels change their order without it. Markdown.

    Args:
        table: of `comparison.explain.leave_one_out`, or several under each other.
    """
    if table.empty or not table["change"].abs().max() > 0:
        return "No pattern was found on which a result rests."
    top = table.loc[table["change"].abs().idxmax()]
    level = f" at **{escaped(top[by])}**" if by in table.columns else ""
    patterns = table.drop_duplicates(["codebook", "variable", "category", "pattern"])
    turning = (patterns["turned"] > 0).sum()
    order = (
        f"Without it {top['turned']:,} of {top['pairs']:,} pairs of levels change their order."
        if top["turned"]
        else "No two change their order without it."
    )
    return (
        f"*{escaped(top['category'])}*{level} rests most on one pattern, `{_code(top['pattern'])}`: {top['value']:.2f} "
        f"with it, {top['without']:.2f} without. {order} Of {len(patterns):,} patterns that hit, {turning:,} decide "
        "the order of two by themselves."
    )


def false_friends_finding(warnings: pd.DataFrame) -> str:
    """How many warnings of each kind there are. Markdown."""
    if warnings.empty:
        return (
            "No warning: no pattern dominates its category, stands mostly inside names, or in one text or level alone."
        )
    counts = warnings["warning"].value_counts().sort_index()
    said = ", ".join(f"{n:,} *{escaped(name)}*" for name, n in counts.items())
    return f"**{len(warnings):,}** warnings: {said}. Read these words in their context before citing their category."


def show_pairs(table: pd.DataFrame, *, by: list[str], most: int = 25) -> HTML:
    """The pairs that stand together at a level, the most frequent first, with counts, what chance gives, intervals."""
    if table.empty or not table["n_ab"].any():
        return HTML("<p>No two categories stand together.</p>")
    rows = table[table["n_ab"] > 0].sort_values(["n_ab", "phi"], ascending=False, kind="stable", na_position="last")
    several = ["variable_a"] if len(set(rows["variable_a"])) > 1 else []
    columns = [*by, *several, "category_a", "category_b", "unit", "n_a", "n_b", "n_ab", "total", "expected"]
    columns += ["n_same"] if rows["n_same"].any() else []
    columns += ["jaccard", "phi", "phi_low", "phi_high", "lift", "lift_low", "lift_high", "log_odds"]
    left = f"<p>{len(rows) - most:,} more pairs stand together.</p>" if len(rows) > most else ""
    return HTML(show_table(rows[columns].head(most)).data + left)


def show_patterns(
    patterns: pd.DataFrame,
    mentions: pd.DataFrame,
    articles: pd.DataFrame,
    *,
    window: int = 8,
    each: int = 3,
    seed: int = 0,
) -> HTML:
    """Patterns in their context: one folded table per category, at most ``each`` places per pattern, drawn by seed.

    Args:
        patterns: of `comparison.explain.contributions` (``by=[]``) or `comparison.false_friends`: codebook, variable,
            category, pattern and n; any other rows with these columns. All text is escaped.
    """
    keys = ["codebook", "variable", "category", "pattern"]
    if patterns.empty:
        return HTML("<p>No pattern was found.</p>")
    if not has_texts(articles):
        return HTML(f"<p>{SENTENCE}</p>")
    asked = patterns[[*keys, "n"]].drop_duplicates(keys).reset_index(drop=True)
    number = pd.MultiIndex.from_frame(asked[keys]).get_indexer(pd.MultiIndex.from_frame(mentions[keys]))
    known = (number >= 0) & mentions["article_id"].isin(articles["article_id"]).to_numpy()
    drawn = mentions[known].assign(asked=number[known]).sample(frac=1, random_state=seed)
    drawn = drawn.groupby("asked", sort=False).head(each).sort_index().sort_values("asked", kind="stable")
    outlets = drawn["article_id"].map(articles.set_index("article_id")["outlet"])
    shown = around(drawn, articles, window=window).assign(outlet=outlets)[["pattern", *_PLACES, "asked"]]
    parts = []
    for (_, variable, category), rows in asked.groupby(keys[:3], sort=False):
        said = ", ".join(f"{row.pattern} ({row.n:,})" for row in rows.itertuples())
        table = shown[shown["asked"].isin(rows.index)].drop(columns="asked")
        body = table.to_html(index=False, escape=True, border=0, na_rep="–", classes="kwic", justify="left")
        head = f"{escape(variable.replace('_', ' '))}: {escape(category)}: {escape(said)}"
        parts.append(f"<details><summary>{head}</summary>{body}</details>")
    return HTML("".join(parts))


def _code(text: str) -> str:
    """Text inside the code marks of Markdown."""
    return text.replace("`", "'").replace("<", "&lt;")


def _voice(voices: list[str]) -> str:
    if len(voices) == 4:
        return ", all voices"
    return ", all voices of the body" if voices == ["own", "direct", "indirect"] else f", voice {' and '.join(voices)}"


def _intervals(table: pd.DataFrame, low: str) -> str:
    said = table.attrs
    if not table[low].notna().any():
        return "There are too few articles for intervals."
    units = {"article": "articles", "copy group": "copy groups"}[said["unit"]]
    return f"Intervals: 95 %, bootstrap over {units} ({said['replicates']:,} replicates, seed {said['seed']})."
