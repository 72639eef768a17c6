"""How the explorer's widgets stand on the page: choices above, two figures side by side, the words below."""

from __future__ import annotations

from typing import Any

import ipywidgets as w

CSS = """<style>
.samestory .widget-inline-hbox, .samestory .widget-inline-vbox { flex-direction: column; align-items: stretch;
  height: auto; width: auto; }
.samestory .widget-inline-hbox > .widget-label { text-align: left; width: auto; height: 20px; line-height: 20px; }
.samestory .choices { flex-flow: row wrap; gap: 4px 14px; align-items: flex-start; }
.samestory .choices > * { flex: 1 1 150px; max-width: 260px; min-width: 140px; }
.samestory .figures { flex-flow: row wrap; gap: 12px; align-items: flex-start; }
.samestory .figures > * { flex: 1 1 340px; max-width: 560px; }
.samestory .figures .widget-html-content { height: auto; }
.samestory img { max-width: 100%; background: white; border-radius: 4px; display: block; }
.samestory .line { flex-flow: row wrap; gap: 4px 8px; align-items: center; }
.samestory .widget-toggle-buttons { flex-direction: row; flex-wrap: wrap; align-items: center; gap: 6px; }
.samestory .reading { flex-flow: row wrap; gap: 12px; align-items: flex-start; }
.samestory .reading > :first-child { flex: 1 1 280px; max-width: 420px; }
.samestory .reading > :last-child { flex: 2 1 420px; }
.samestory .widget-html, .samestory .widget-html-content { height: auto; overflow: visible;
  color: var(--jp-ui-font-color1); line-height: 1.5; white-space: normal; }
.samestory .widget-html-content p { margin: 4px 0; }
.samestory-article { max-width: 46em; max-height: 36em; overflow: auto; padding: 0 8px;
  font-size: var(--jp-content-font-size1); }
.samestory-article h3, .samestory-article h4 { margin: 4px 0; line-height: 1.3; }
.samestory-article mark { background: #ffe08a; color: #1a1a1a; padding: 0 2px; border-radius: 2px; }
.samestory-article mark small { margin-left: 3px; color: #5c4700; font-size: 75%; }
.samestory table { border-collapse: collapse; }
.samestory table:not(.dataTable) :is(td, th) { padding: 2px 10px 2px 0; text-align: left; white-space: nowrap; }
.samestory [role=alert] { border-left: 3px solid #d55e00; padding-left: 8px; }
.samestory .facts { color: var(--jp-ui-font-color2); }
</style>"""


def named(kind: type, name: str, options: Any, value: object) -> w.Widget:
    """A widget of choice with its label."""
    rows = {"rows": 5} if kind is w.SelectMultiple else {"rows": 14} if kind is w.Select else {}
    return kind(options=list(options), value=value, description=name, **rows)


def page(explorer: Any) -> w.VBox:
    """All widgets of an `explorer.Explorer`."""
    one = explorer
    rows = [
        _box("choices", one.variable, one.measure, one.copies, one.category, one.unit, one.replicates),
        _box("choices", one.outlets, one.voices, one.since, one.until),
        one.status,
        _box("figures", one.shares, one.trend),
        _box("line", one.send_shares, one.send_trend, one.sent),
        one.reading,
    ]
    reading = _box("reading", one.article, one.text)
    asking = w.VBox(
        [
            _box("line", one.pattern, one.ask, one.count_collocates),
            one.pattern_said,
            _box("figures", one.pattern_counts, one.collocates),
            one.pattern_places,
        ]
    )
    tabs = w.Tab([one.places, reading, asking], titles=["Words in context", "Articles", "Any pattern"])
    one.tabs = tabs
    made = w.VBox([w.HTML(CSS), *rows, tabs])
    made.add_class("samestory")
    return made


def _box(name: str, *widgets: w.Widget) -> w.Box:
    made = w.HBox(list(widgets))
    made.add_class(name)
    return made
