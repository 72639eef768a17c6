"""How the explorer's widgets stand on the page: choices above, two figures side by side, the words below."""

from __future__ import annotations

from typing import Any

import ipywidgets as w
from IPython.utils.capture import capture_output
from itables import init_notebook_mode

CSS = """<style>
.samestory .widget-inline-hbox { flex-direction: column; align-items: stretch; height: auto; width: auto; }
.samestory .widget-inline-hbox > .widget-label { text-align: left; width: auto; height: 20px; line-height: 20px; }
.samestory .widget-dropdown > select { flex: none; height: 28px; }
.samestory .choices { flex-flow: row wrap; gap: 0 18px; align-items: flex-start; }
.samestory .choices > * { flex: 1 1 150px; max-width: 240px; min-width: 140px; }
.samestory .figures { flex-flow: row wrap; gap: 8px 18px; align-items: flex-start; }
.samestory .figures > * { flex: 1 1 340px; max-width: 540px; }
.samestory img { max-width: 100%; background: white; border-radius: 4px; display: block; }
.samestory .line { flex-flow: row wrap; gap: 4px 8px; align-items: flex-end; margin-top: 8px; }
.samestory .jupyter-button { width: auto; }
.samestory .widget-toggle-buttons .widget-toggle-button { margin: 2px 4px 2px 0; }
.samestory .reading { flex-flow: row wrap; gap: 8px 18px; align-items: flex-start; }
.samestory .reading > :first-child { flex: 1 1 280px; max-width: 420px; }
.samestory .reading > :last-child { flex: 2 1 420px; }
.samestory .widget-html, .samestory .widget-html-content { height: auto; overflow: visible;
  color: var(--jp-ui-font-color1); line-height: 1.5; white-space: normal; }
.samestory .widget-html-content p { margin: 4px 0; }
.samestory .widget-html-content table { border-collapse: collapse; font-size: var(--jp-ui-font-size1); }
.samestory .widget-html-content :is(td, th) { padding: 2px 12px 2px 0; text-align: left; white-space: nowrap; }
.samestory .widget-html-content :is(td, th):not(:first-child) { text-align: right; }
.samestory-article { max-width: 46em; max-height: 36em; overflow: auto; padding: 0 8px;
  font-size: var(--jp-content-font-size1); }
.samestory-article :is(h3, h4) { margin: 4px 0; line-height: 1.3; }
.samestory-article mark { background: #ffe08a; color: #1a1a1a; padding: 0 2px; border-radius: 2px; }
.samestory-article mark small { margin-left: 3px; color: #5c4700; font-size: 75%; }
.samestory table.dataTable :is(td, th) { text-align: left; vertical-align: top; }
.samestory table.dataTable .samestory-left { text-align: right; }
.samestory table.dataTable .samestory-match { font-weight: bold; }
.samestory table.dataTable .samestory-short { white-space: nowrap; }
.samestory [role=alert] { border-left: 3px solid #d55e00; padding-left: 8px; }
.samestory .facts { color: var(--jp-ui-font-color2); }
</style>"""


def load_tables() -> None:
    """Bring what tables are searched and sorted with into the page: from the package, without network.

    itables shows its look before its code, which the page has not yet when it is opened: here the code comes first.
    """
    with capture_output() as shown:
        init_notebook_mode(all_interactive=False, connected=False)
    for output in reversed(shown.outputs):
        output.display()


def named(kind: type, name: str, options: Any, value: object) -> w.Widget:
    """A widget of choice with its label."""
    rows = {"rows": 7} if kind is w.SelectMultiple else {"rows": 14} if kind is w.Select else {}
    return kind(options=list(options), value=value, description=name, **rows)


def page(explorer: Any) -> w.VBox:
    """All widgets of an `explorer.Explorer`."""
    one = explorer
    choices = [
        [one.variable, one.measure, one.copies],
        [one.outlets],
        [one.voices],
        [one.since, one.until, one.replicates],
        [one.category, one.unit],
    ]
    left = w.VBox([one.shares, one.reading, one.status, _box("line", one.send_shares, one.send_trend), one.sent])
    rows = [_box("choices", *map(w.VBox, choices)), _box("figures", left, one.trend)]
    reading = _box("reading", one.article, one.text)
    asking = w.VBox(
        [
            _box("line", one.pattern, one.ask, one.count_collocates),
            one.pattern_said,
            _box("figures", one.pattern_counts, one.collocates),
            one.pattern_places,
        ]
    )
    one.tabs.children = [one.places, reading, asking]
    one.tabs.titles = ["Words in context", "Articles", "Any pattern"]
    made = w.VBox([w.HTML(CSS), *rows, one.tabs])
    made.add_class("samestory")
    return made


def _box(name: str, *widgets: w.Widget) -> w.Box:
    made = w.HBox(list(widgets))
    made.add_class(name)
    return made
