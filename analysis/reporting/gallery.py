"""Many figures of one kind: one for each variable of a study, each saved, shown, and followed by its finding."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

import pandas as pd
from IPython.display import HTML, Markdown, display
from matplotlib.axes import Axes

from analysis.coding.kwic import around
from analysis.reporting.captions import caption_of, escaped, finding
from analysis.reporting.provenance import save_figure, slug_of
from analysis.reporting.stamps import stamp_of
from analysis.study import Study
from analysis.texts import SENTENCE, has_texts


def variables_of(tables: dict[str, pd.DataFrame], kind: str) -> pd.DataFrame:
    """The variables of one kind: codebook, variable, question, mentions (how many were found), in codebook order."""
    asked = tables["categories"].query("kind == @kind")[["codebook", "variable", "question"]].drop_duplicates()
    found = tables["mentions"].groupby(["codebook", "variable"]).size().rename("mentions").reset_index()
    table = asked.merge(found, on=["codebook", "variable"], how="left")
    return table.assign(mentions=table["mentions"].fillna(0).astype("int64")).reset_index(drop=True)


def save_each(
    variables: pd.DataFrame,
    measure: Callable[..., pd.DataFrame],
    draw: Callable[..., Axes],
    *,
    prefix: str,
    study: Study,
    tables: dict[str, pd.DataFrame],
    places: Callable[..., HTML] | None = None,
) -> pd.DataFrame:
    """Measure, draw, save and show each variable that was found: heading, figure, caption, finding, places.

    Args:
        variables: rows of `variables_of`; those without mentions are left out (name them beside it).
        measure: called with codebook and variable, gives a table of `comparison.rates`.
        draw: called with that table, ``by`` and a title. prefix: the slug's beginning; the variable ends it.
        places: called with codebook and variable, gives the words in their context.

    Returns:
        codebook, variable, figure (slug), figure_id, n (mentions drawn), articles.
    """
    rows = []
    several = variables["variable"].duplicated(keep=False)
    slugged = variables.assign(slug=_slugs(variables, prefix), several=several)
    for one in slugged[slugged["mentions"] > 0].itertuples():
        table = measure(codebook=one.codebook, variable=one.variable)
        name = one.variable.replace("_", " ").capitalize() + (f" ({one.codebook})" if one.several else "")
        display(Markdown(f"### {escaped(name)}"))
        if not table["n"].sum():
            display(Markdown("No mention under the choices made above."))
            continue
        question = one.question if isinstance(one.question, str) else ""
        options = {"slug": one.slug, "title": name, "question": question, "study": study, "tables": tables}
        figure_id = save_one(table, draw, **options)
        if places:
            display(places(codebook=one.codebook, variable=one.variable))
        levels = table.drop_duplicates(table.attrs["by"])
        rows.append((one.codebook, one.variable, one.slug, figure_id, table["n"].sum(), levels["n_articles"].sum()))
    columns = ["codebook", "variable", "figure", "figure_id", "n", "articles"]
    return pd.DataFrame(rows, columns=columns)


def save_one(
    table: pd.DataFrame,
    draw: Callable[..., Axes],
    *,
    slug: str,
    title: str,
    study: Study,
    tables: dict[str, pd.DataFrame],
    question: str = "",
) -> str:
    """Draw, save and show one table of shares or rates: figure, caption, finding.

    Returns the figure's id; where nothing was counted there is no figure, a line says so, and the id is empty.
    """
    counted = table if table["n"].sum() else table[:0]
    said = finding(table, value="rate" if "rate" in table else "share") if len(counted) else ""
    caption = caption_of(table, question) if len(counted) else ""
    shown = partial(draw, by=table.attrs["by"], title=title)
    return save_shown(counted, shown, slug=slug, caption=caption, said=said, study=study, tables=tables)


def save_shown(
    table: pd.DataFrame,
    draw: Callable[[pd.DataFrame], Axes],
    *,
    slug: str,
    caption: str,
    said: str,
    study: Study,
    tables: dict[str, pd.DataFrame],
) -> str:
    """Draw, save and show any table, with a caption and a finding (Markdown) of its own.

    Returns the figure's id; of an empty table there is no figure, a line says so, and the id is empty.
    """
    if table.empty:
        display(Markdown("Nothing was found under the choices made above."))
        return ""
    stamp = stamp_of(table, tables)
    caption = f"{caption} {stamp[0].upper()}{stamp[1:]}." if stamp else caption
    figure_id = save_figure(draw(table), slug, table, caption, study=study, tables=tables)
    display(Markdown(f"*{escaped(caption)}* Figure `{figure_id}`."))
    display(Markdown(said, metadata={"finding": True}))
    return figure_id


def _slugs(variables: pd.DataFrame, prefix: str) -> list[str]:
    """A slug for each variable; variables of one name in several codebooks are told apart by the codebook's."""
    plain = [slug_of(prefix, name) for name in variables["variable"]]
    full = [slug_of(prefix, *names) for names in variables[["codebook", "variable"]].itertuples(index=False)]
    return [long if plain.count(short) > 1 else short for short, long in zip(plain, full, strict=True)]


def show_places(
    mentions: pd.DataFrame,
    articles: pd.DataFrame,
    *,
    codebook: str,
    variable: str,
    by: Sequence[str],
    window: int = 8,
    each: int = 3,
    seed: int = 0,
) -> HTML:
    """Where the words stand: a folded table of mentions in their context, at most ``each`` per level and category.

    Drawn by seed where there are more. All text is escaped. Without the texts there is a sentence that says so.
    """
    chosen = mentions[(mentions["codebook"] == codebook) & (mentions["variable"] == variable)]
    if not has_texts(articles):
        return HTML(f"<p>Where the words stand: {len(chosen):,} places. {SENTENCE}</p>")
    known = [column for column in by if column in articles.columns]
    joined = chosen.merge(articles[["article_id", *known]], on="article_id", suffixes=("", "_of_article"))
    keys = [*[column for column in by if column in joined.columns], "category"]
    drawn = joined.sample(frac=1, random_state=seed).groupby(keys, dropna=False, sort=False).head(each).sort_index()
    drawn = drawn.sort_values(keys, kind="stable")
    shown = around(drawn[mentions.columns], articles, window=window).assign(**{key: drawn[key] for key in keys})
    columns = list(dict.fromkeys([*keys, "where", "voice", "left", "match", "right"]))
    body = shown[columns].to_html(index=False, escape=True, border=0, na_rep="–", classes="kwic", justify="left")
    return HTML(
        f"<details><summary>Where the words stand: {len(shown):,} of {len(chosen):,} places</summary>{body}</details>"
    )
