"""The explorer's two figures: drawn from choices, shown on the screen, and saved so that they can be made again."""

from __future__ import annotations

import base64
import io
import json
from dataclasses import replace
from html import escape
from pathlib import Path

import matplotlib.pyplot as plt
import pandas as pd
from matplotlib.axes import Axes

from analysis import store
from analysis.comparison.wire import WAYS
from analysis.lazy import Tables
from analysis.reporting import layout
from analysis.reporting.captions import caption_of
from analysis.reporting.explorer_choices import Choices, choices_from
from analysis.reporting.explorer_counts import Counts, over_time, prepare, shares
from analysis.reporting.figures import draw_rates, draw_shares
from analysis.reporting.provenance import alt_text, save_figure, slug_of
from analysis.reporting.series import draw_trend
from analysis.reporting.stamps import stamp_of
from analysis.reporting.this_notebook import EXPLORE, made_with
from analysis.study import Study, UserError
from analysis.tables import VOICES

_OF = {"share of choices": "choices", "share of articles": "articles", "rate per 1,000 words": "words"}


def measured(counts: Counts, choices: Choices) -> pd.DataFrame:
    """The table of the figure that ``choices.figure`` names."""
    return over_time(counts, choices) if choices.figure == "trend" else shares(counts, choices)


def draw(table: pd.DataFrame, counts: Counts, choices: Choices) -> Axes:
    """The figure of a table of `measured`. Raises UserError where nothing was found."""
    if not table["n"].sum():
        raise UserError("nothing was found under these choices")
    name = choices.variable.replace("_", " ").capitalize()
    if choices.figure == "trend":
        events = [(event.date, event.label) for event in counts.study.events]
        title = f"{choices.category}, by {choices.unit}"
        return draw_trend(table, by=counts.by, category=choices.category, events=events, title=title)
    drawer = draw_rates if "rate" in table.columns else draw_shares
    return drawer(table, by=counts.by, title=name)


def caption(table: pd.DataFrame, counts: Counts, choices: Choices) -> str:
    """What the figure shows, of how many, how sure, and what was left out by choice."""
    own = counts.variables[
        (counts.variables["codebook"] == choices.codebook) & (counts.variables["variable"] == choices.variable)
    ]
    question = own["question"].iloc[0]
    said = caption_of(table, question if isinstance(question, str) else "")
    if choices.figure == "trend":
        said = _trend_caption(table[table["category"] == choices.category], table.attrs, choices)
    only = [f"Only {', '.join(choices.levels)}."] if choices.levels else []
    if choices.since or choices.until:
        bounds = [f"{word} {day}" for word, day in (("from", choices.since), ("to", choices.until)) if day]
        only.append(f"Articles published {' '.join(bounds)}.")
    only += [f"Copies: {choices.copies}."] if choices.copies != WAYS[0] else []
    stamp = stamp_of(table, counts.tables)
    only += [f"{stamp[0].upper()}{stamp[1:]}."] if stamp else []
    return " ".join([said, *only])


def _trend_caption(own: pd.DataFrame, said: dict, choices: Choices) -> str:
    gaps = (own["note"] == "no article").sum()
    voices = "all voices" if len(said["voice"]) == len(VOICES) else f"voice {' and '.join(said['voice'])}"
    return (
        f"{choices.measure.capitalize()} of {choices.category} ({choices.variable.replace('_', ' ')}), by {choices.by} "
        f"and {choices.unit}, {voices}. N = {own['total'].sum():,} {_OF[choices.measure]}; {gaps:,} of {len(own):,} "
        f"points are gaps without an article. 95 % bootstrap intervals over copy groups within a {choices.unit} "
        f"({said['replicates']:,} replicates, seed {said['seed']}). Codebook {choices.codebook}."
    )


def as_html(axes: Axes, said: str) -> str:
    """The figure as an image for the screen, with its alternative text; the figure is closed."""
    picture = io.BytesIO()
    with layout.style():
        # It goes to the browser once and is thrown away: packing it tightly costs more than it saves.
        axes.figure.savefig(picture, format="png", dpi=150, pil_kwargs={"compress_level": 1})
    wide = axes.figure.get_size_inches()[0] * 150
    plt.close(axes.figure)
    data = base64.b64encode(picture.getvalue()).decode()
    return f'<img src="data:image/png;base64,{data}" alt="{escape(said, quote=True)}" style="width:{wide:.0f}px">'


def picture(table: pd.DataFrame, counts: Counts, choices: Choices) -> str:
    """The figure for the screen: an image with its alternative text; where there is none, why."""
    try:
        axes = draw(table, counts, choices)
    except UserError as error:
        return f"<p>{escape(str(error))}</p>"
    return as_html(axes, alt_text(caption(table, counts, choices), table))


def slug(choices: Choices) -> str:
    """A name for the files of a figure, of its own for every state of the choices."""
    state = store.hash_of(json.dumps(choices.parameters(), sort_keys=True, ensure_ascii=False))[:8]
    return f"{slug_of('explore', choices.figure, choices.variable)}-{state}"


def make_figure(counts: Counts, choices: Choices, *, folder: Path | None = None, show: bool = True) -> str:
    """Measure, draw and save the figure of these choices, with its record; returns its id.

    ``folder``: default figures/STUDY. Raises UserError where nothing was found.
    """
    parameters = choices.parameters()
    choices = replace(choices, **{name: parameters[name] for name in ("category", "unit")})
    table = measured(counts, choices)
    axes, said = draw(table, counts, choices), caption(table, counts, choices)
    saved = {"study": counts.study, "tables": counts.tables.without_held(), "folder": folder, "show": show}
    with made_with(EXPLORE, parameters):
        return save_figure(axes, slug(choices), table, said, **saved)


def remake(study: Study, tables: Tables, parameters: dict[str, object], *, folder: Path) -> None:
    """Make a figure of the explorer again from what its record keeps.

    Raises UserError where a choice is not in the study any more.
    """
    counts = prepare(study, tables, by=str(parameters.get("by", "")))
    choices = choices_from(parameters, counts.variables, counts.levels, counts.by)
    make_figure(counts, choices, folder=folder, show=False)
