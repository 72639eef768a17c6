"""The explorer: widgets over a study's coded tables. A choice changes shares, trend and words in context together.

What is shown is measured, drawn and read by the files beside this one (``explorer_…``); here are the widgets alone.
"""

from __future__ import annotations

import gc
from html import escape

import ipywidgets as w
import pandas as pd
from itables import to_html_datatable

from analysis.comparison.trends import UNITS
from analysis.comparison.wire import WAYS
from analysis.lazy import Tables
from analysis.reporting import explorer_patterns
from analysis.reporting.explorer_choices import REPLICATES, Choices, check, first_choices, measures_of, top_category
from analysis.reporting.explorer_counts import Counts, chosen_articles, hits_of, prepare
from analysis.reporting.explorer_figures import make_figure, measured, picture, remake, slug
from analysis.reporting.explorer_page import named, page
from analysis.reporting.explorer_places import article_html, articles_with, drawn, in_context
from analysis.reporting.provenance import figures_folder
from analysis.study import Study, UserError
from analysis.tables import VOICES

__all__ = ["Explorer", "explore", "remake"]
_BUTTONS = 12  # levels that have a button each; of more one chooses from a list


def explore(study: Study, tables: Tables, *, by: str = "") -> Explorer:
    """The explorer of a study, whose ``page`` is displayed. ``by``: a column of articles, else what study.yml says.

    Raises UserError where there is no such column, or nothing to explore.
    """
    made = Explorer(prepare(study, tables, by=by))
    gc.collect()
    gc.freeze()  # figures leave garbage: all that is loaded by now need not be searched at every change
    return made


class Explorer:
    """The widgets, each under its name, and what follows when one is changed. ``page`` holds them all."""

    def __init__(self, counts: Counts) -> None:
        self.counts = counts
        self._indexes: list | None = None
        self._asked: explorer_patterns.Asked | None = None
        first = first_choices(
            counts.variables, counts.found, by=counts.by, unit=counts.unit, replicates=counts.replicates
        )
        self._make_widgets(first)
        self.page = page(self)
        self._listen()
        self.update()

    def _make_widgets(self, first: Choices) -> None:
        kinds = self.counts.variables.drop_duplicates(["codebook", "variable"])
        several = kinds["variable"].duplicated(keep=False)
        labels = [
            f"{one.variable.replace('_', ' ')}{f' ({one.codebook})' if twice else ''}"
            for one, twice in zip(kinds.itertuples(), several, strict=True)
        ]
        variables = list(zip(labels, kinds[["codebook", "variable"]].itertuples(index=False, name=None), strict=True))
        self.variable = named(w.Dropdown, "Variable", variables, (first.codebook, first.variable))
        self.measure = named(w.Dropdown, "Measure", measures_of(self._kind()), first.measure)
        self.copies = named(w.Dropdown, "Copies", WAYS, first.copies)
        self.outlets = named(w.SelectMultiple, f"{first.by.capitalize()} (none: all)", self.counts.levels, ())
        self.voices = named(w.SelectMultiple, "Voice (none: all)", VOICES, ())
        self.since, self.until = (w.DatePicker(description=name) for name in ("From", "To"))
        self.category = named(w.Dropdown, "Trend of", self._categories(), first.category)
        self.unit = named(w.Dropdown, "Trend by", UNITS, first.unit)
        self.replicates = named(w.Dropdown, "Replicates", sorted({*REPLICATES, first.replicates}), first.replicates)
        self.status = w.HTML()
        self.shares, self.trend = w.HTML(), w.HTML()
        self.places = w.Output()
        levels = self.counts.levels
        few = len(levels) <= _BUTTONS
        said = "Read the mentions (below) of"
        self.reading = (
            w.ToggleButtons(options=levels, value=None, description=said, style={"button_width": "auto"})
            if few
            else named(w.Dropdown, said, levels, None)
        )
        self.tabs = w.Tab()
        self.article = named(w.Select, "Articles with mentions", [], None)
        self.text = w.HTML("<p>Choose one above.</p>")
        self.pattern = w.Text(description="Pattern", placeholder="illegal* annex*", continuous_update=False)
        self.ask, self.count_collocates = w.Button(description="Look up"), w.Button(description="Count collocates")
        self.pattern_said, self.pattern_counts, self.pattern_places = w.HTML(), w.HTML(), w.Output()
        self.collocates = w.HTML()
        self.send_shares = w.Button(description="Shares to a figure", icon="save")
        self.send_trend = w.Button(description="Trend to a figure", icon="save")
        self.sent = w.HTML()

    def _listen(self) -> None:
        self.variable.observe(self._other_variable, "value")
        for one in (self.measure, self.copies, self.outlets, self.voices, self.since, self.until, self.replicates):
            one.observe(self.update, "value")
        for one in (self.category, self.unit):
            one.observe(self._show_trend, "value")
        self.reading.observe(self._open_level, "value")
        self.article.observe(self._read, "value")
        self.pattern.observe(self._look_up, "value")
        self.ask.on_click(self._look_up)
        self.count_collocates.on_click(self._count_collocates)
        self.send_shares.on_click(lambda _: self._send("shares"))
        self.send_trend.on_click(lambda _: self._send("trend"))

    def choices(self, figure: str = "shares") -> Choices:
        """What is chosen now. Raises UserError where it does not fit together."""
        codebook, variable = self.variable.value
        since, until = ("" if one.value is None else one.value.isoformat() for one in (self.since, self.until))
        asked = {"levels": self.outlets.value, "voices": self.voices.value, "since": since, "until": until}
        asked |= {"copies": self.copies.value, "unit": self.unit.value, "replicates": self.replicates.value}
        made = Choices(
            codebook, variable, self.measure.value, self.counts.by, self.category.value, figure=figure, **asked
        )
        check(made, self.counts.variables, self.counts.levels, self.counts.by)
        return made

    def update(self, *_: object) -> None:
        """Measure, draw and read anew."""
        try:
            choices = self.choices()
            self.shares.value = picture(measured(self.counts, choices), self.counts, choices)
            hits = hits_of(self.counts, choices)
        except UserError as error:
            self.shares.value, self.trend.value = f"<p role='alert'>{escape(str(error))}</p>", ""
            return
        some = drawn(hits, self.counts)
        _show(self.places, in_context(some, self.counts) if len(some) else None)
        n = chosen_articles(self.counts, choices)["articles"].shape[0]
        self.status.value = (
            f"<p><b>{len(hits):,}</b> mentions in <b>{hits['article_id'].nunique():,}</b> of {n:,} articles; "
            f"{len(some):,} stand below in their context{', drawn by seed' if len(some) < len(hits) else ''}.</p>"
        )
        self._show_trend()
        self._list_articles()

    def _show_trend(self, *_: object) -> None:
        try:
            choices = self.choices("trend")
            self.trend.value = picture(measured(self.counts, choices), self.counts, choices)
        except UserError as error:
            self.trend.value = f"<p>{escape(str(error))}</p>"

    def _other_variable(self, *_: object) -> None:
        """The measures and categories of another variable; all is shown anew once, not once a widget."""
        measures = measures_of(self._kind())
        codebook, variable = self.variable.value
        blank = Choices(codebook, variable, measures[0], self.counts.by, category="")
        self.category.unobserve(self._show_trend, "value")
        self.measure.unobserve(self.update, "value")
        self.measure.options = measures
        self.measure.value = measures[0]
        self.category.options = self._categories()
        self.category.value = top_category(blank, self.counts.variables, self.counts.found)
        self.category.observe(self._show_trend, "value")
        self.measure.observe(self.update, "value")
        self.update()

    def _own(self) -> pd.DataFrame:
        table, (codebook, variable) = self.counts.variables, self.variable.value
        return table[(table["codebook"] == codebook) & (table["variable"] == variable)]

    def _kind(self) -> str:
        return str(self._own()["kind"].iloc[0])

    def _categories(self) -> list[str]:
        return self._own()["category"].tolist()

    def _open_level(self, *_: object) -> None:
        self._list_articles()
        self.tabs.selected_index = 1

    def _list_articles(self, *_: object) -> None:
        """The articles of the level that is read, with what the choices leave."""
        if self.reading.value is None:
            return
        self._hits = hits_of(self.counts, self.choices())
        rows = articles_with(self._hits, self.counts, self.reading.value)
        before = self.article.value
        self.article.options = rows
        kept = before if before in [number for _, number in rows] else rows[0][1] if rows else None
        self.article.value = kept
        self._read()

    def _read(self, *_: object) -> None:
        if self.article.value is None:
            self.text.value = f"<p>{escape(str(self.reading.value))} has no mention under these choices.</p>"
        else:
            self.text.value = article_html(self.article.value, self._hits, self.counts)

    def _look_up(self, *_: object) -> None:
        """Counts, places and, where few articles must be read, collocates of the pattern."""
        pattern = self.pattern.value.strip()
        if not pattern:
            return
        self.pattern_said.value = "<p>looking …</p>"
        try:
            if self._indexes is None:
                self._indexes = explorer_patterns.indexes_of(self.counts)
            articles = chosen_articles(self.counts, self.choices())["articles"]
            asked = explorer_patterns.ask(pattern, articles, self._indexes, self.counts)
        except UserError as error:
            self._asked, self.pattern_counts.value, self.collocates.value = None, "", ""
            _show(self.pattern_places, None)
            self.pattern_said.value = f"<p role='alert'>{escape(str(error))}</p>"
            return
        self._asked = asked
        holding = asked.hits["article_id"].nunique()
        self.pattern_said.value = (
            f"<p><b>{len(asked.hits):,}</b> places of <i>{escape(pattern)}</i> in <b>{holding:,}</b> of "
            f"{len(asked.articles):,} articles, in all voices.</p>"
        )
        self.pattern_counts.value = _html(asked.counts.rename(columns={"of": "of articles", "rate": "per 1,000 words"}))
        _show(self.pattern_places, explorer_patterns.places(asked, self.counts) if holding else None)
        if holding <= explorer_patterns.READ:
            self._count_collocates()
        else:
            self.collocates.value = f"<p>{holding:,} articles hold it: to count words beside it takes a while.</p>"

    def _count_collocates(self, *_: object) -> None:
        if self._asked is None:
            return
        table = explorer_patterns.beside(self._asked, self._indexes, self.counts)
        self.collocates.value = _html(table) if len(table) else "<p>No word stands beside it three times.</p>"

    def _send(self, figure: str) -> None:
        """Save the figure with its record, and say where it is and how to cite it."""
        try:
            choices = self.choices(figure)
            figure_id = make_figure(self.counts, choices, show=False)
        except UserError as error:
            self.sent.value = f"<p role='alert'>{escape(str(error))}</p>"
            return
        file = figures_folder(self.counts.study) / f"{slug(choices)}.pdf"
        self.sent.value = (
            f"<p>Figure <code>{figure_id}</code>: {escape(str(file.with_suffix('')))}.{{pdf,svg,png,csv,json}}<br>"
            f"<code>samestory cite {escape(str(file))}</code></p>"
        )


def _show(output: w.Output, table: pd.DataFrame | None) -> None:
    """A table that can be searched and sorted, or that nothing was found."""
    if table is None:
        html = "<p>Nothing was found.</p>"
    else:
        sides = {"left": "samestory-left", "right": "", "match": "samestory-match samestory-short"}
        looks = [
            {"className": sides.get(name, "samestory-short"), "targets": at} for at, name in enumerate(table.columns)
        ]
        options = {"showIndex": False, "paging": False, "columnDefs": looks, "layout": {"topEnd": "search"}}
        html = to_html_datatable(table, connected=False, classes="display compact samestory-kwic", **options)
    output.outputs = ({"output_type": "display_data", "data": {"text/html": html}, "metadata": {}},)


def _html(table: pd.DataFrame) -> str:
    table = table.rename(columns=lambda name: str(name).replace("_", " "))
    forms = dict.fromkeys(table.select_dtypes("integer").columns, "{:,}".format)
    looks = {"index": False, "escape": True, "border": 0, "na_rep": "–", "float_format": "{:.2f}".format}
    return table.to_html(formatters=forms, **looks)
