"""An executed notebook as HTML: prose open, code folded, outputs as they are, nothing fetched from elsewhere."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import escape
from itertools import count

from analysis.reporting.jupyter import nbformat  # isort: skip (before what imports it in its own way)
from nbconvert.filters import Highlight2HTML, ansi2html, markdown2html, strip_ansi

# Richest first: what of an output is shown.
_SHOWN = ("text/html", "image/png", "text/markdown", "text/plain")
_highlight = Highlight2HTML(pygments_lexer="python3")


def notebook_html(notebook: nbformat.NotebookNode, *, study: str, figures: str = "") -> str:
    """The body of a page. ``study`` stands for the path that a headless run was given.

    ``figures``: the way from the page to the folder of the figures' files; without it they are not linked.
    """
    html = "\n".join(filter(None, (_cell(cell, study, figures) for cell in notebook.cells)))
    numbers = count(1)
    return re.sub('(?<= aria-label="Table)(?=">)', lambda found: f" {next(numbers)}", html)


def title_of(notebook: nbformat.NotebookNode) -> str | None:
    """The first heading of a notebook."""
    for cell in notebook.cells:
        found = re.search(r"^#\s+(.+)$", cell.source, re.MULTILINE) if cell.cell_type == "markdown" else None
        if found:
            return found.group(1).strip()
    return None


def given(notebook: nbformat.NotebookNode) -> list[str]:
    """The parameters that a run changed, as ``name = value``; the study apart."""
    tagged = [cell for cell in notebook.cells if "injected-parameters" in cell.metadata.get("tags", [])]
    lines = [line.strip() for cell in tagged for line in cell.source.splitlines()]
    return [line for line in lines if "=" in line and not line.startswith(("#", "study = "))]


@dataclass(frozen=True)
class Finding:
    """A sentence that a notebook displayed as its finding (HTML), and the figure above it in the same cell."""

    said: str
    slug: str = ""
    picture: str = ""
    alt: str = ""


def findings(notebook: nbformat.NotebookNode) -> list[Finding]:
    """The findings that a notebook displayed, in order."""
    found = []
    for cell in notebook.cells:
        figure = {}
        for output in cell.get("outputs", []):
            if "image/png" in output.get("data", {}):
                said = _said_of_picture(output)
                figure = {"slug": said.get("slug", ""), "alt": said.get("alt", "")}
                figure["picture"] = output["data"]["image/png"].strip()
            elif _is_finding(output):
                found.append(Finding(markdown2html(output["data"]["text/markdown"]), **figure))
                figure = {}
    return found


def _said_of_picture(output: nbformat.NotebookNode) -> dict:
    return output.get("metadata", {}).get("image/png", {})


def _is_finding(output: nbformat.NotebookNode) -> bool:
    """IPython files the metadata of a display under the output's type."""
    return bool(output.get("metadata", {}).get("text/markdown", {}).get("finding"))


def _cell(cell: nbformat.NotebookNode, study: str, figures: str) -> str:
    tags = cell.metadata.get("tags", [])
    if any(tag.startswith("papermill-error-cell") for tag in tags):
        return ""  # papermill's own banners; the page says it in its own words
    if cell.cell_type == "markdown":
        return f'<section class="prose">{_without_anchors(markdown2html(cell.source))}</section>'
    source = cell.source
    if "injected-parameters" in tags:
        source = re.sub(r'^study = ".*"$', f"study = {study!r}", source, flags=re.MULTILINE)
    shown = "".join(_output(output, figures) for output in cell.get("outputs", []))
    label = "Parameters given" if "injected-parameters" in tags else "Parameters" if "parameters" in tags else "Code"
    return f'<details class="code"><summary>{label}</summary>{_highlight(source)}</details>\n{shown}'


def _without_anchors(html: str) -> str:
    """nbconvert puts a pilcrow link behind every heading; read aloud or printed it is noise."""
    return re.sub(r'<a class="anchor-link"[^>]*>.*?</a>', "", html)


def _output(output: nbformat.NotebookNode, figures: str) -> str:
    """One output of a code cell."""
    if output.output_type == "stream":
        kind = "note" if output.name == "stderr" else "text"
        return f'<pre class="{kind}">{escape(strip_ansi(output.text))}</pre>'
    if output.output_type == "error":
        return f'<pre class="traceback">{ansi2html(chr(10).join(output.traceback))}</pre>'
    data = output.get("data", {})
    kind = next((mime for mime in _SHOWN if mime in data), None)
    if kind == "image/png":
        said = _said_of_picture(output)
        image = f'<img src="data:image/png;base64,{data[kind].strip()}" alt="{escape(said.get("alt", ""))}">'
        slug = said.get("slug", "")
        name = f' id="{anchor(slug)}"' if slug else ""
        return f"<figure{name}>{image}{_files(slug, figures)}</figure>"
    if kind == "text/html":
        return f'<div class="table" tabindex="0" role="region" aria-label="Table">{_plain_table(data[kind])}</div>'
    if kind == "text/markdown":
        role = ' class="finding"' if _is_finding(output) else ' class="said"'
        said = re.sub(r'(<h\d) id="[^"]*"', r"\1", _without_anchors(markdown2html(data[kind])))  # one id, one place
        return f"<div{role}>{said}</div>"
    return f'<pre class="text">{escape(data[kind])}</pre>' if kind and data[kind] != "None" else ""


def anchor(slug: str) -> str:
    """The id of a figure on its page."""
    return f"figure-{escape(slug)}"


def _files(slug: str, figures: str) -> str:
    """Links to a figure's files."""
    if not slug or not figures:
        return ""
    kinds = {"pdf": "PDF", "svg": "SVG", "png": "PNG", "csv": "its table (CSV)", "json": "what made it (JSON)"}
    links = " · ".join(f'<a href="{figures}/{escape(slug)}.{ending}">{name}</a>' for ending, name in kinds.items())
    return f'<figcaption class="files"><span class="of">{escape(slug)}:</span> {links}</figcaption>'


def _plain_table(html: str) -> str:
    """pandas' own style block and old attributes left out; the page styles tables."""
    html = re.sub(r"<style scoped>.*?</style>", "", html, flags=re.DOTALL).replace(' border="1"', "")
    return html.replace("<th></th>", "<td></td>")  # a corner heads nothing
