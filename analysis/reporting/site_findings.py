"""What a report found, as sentences: each with its figure in small, how many it rests on, in whose voice, how sure.

The sentences are those that the notebooks displayed; what stands below each comes from the record and the table that
the figure was saved with. Nothing is computed anew.
"""

from __future__ import annotations

import io
import json
import re
from base64 import b64decode, b64encode
from collections.abc import Sequence
from dataclasses import dataclass, replace
from html import escape
from pathlib import Path
from urllib.parse import quote

import numpy as np
import pandas as pd
from PIL import Image

from analysis.reporting.pages import Finding, anchor
from analysis.tables import VOICES

SHOWN = 3  # findings of a notebook with their figures; more are folded
_WIDE, _TALL, _FADED = 440, 400, 60  # pixels of a small figure: half as many on a page, sharp on a telephone


@dataclass(frozen=True)
class Result:
    """A finding with the record of its figure (empty where it has none).

    ``small``: its figure made small (PNG in base64), where it is shown with it. ``n``: what was counted. ``apart``: in
    how many categories, of ``categories`` with intervals of two levels or more, the interval of one level ends before
    that of another begins. ``gap``: the widest room between two intervals, over the highest end of any.
    """

    finding: Finding
    record: dict
    n: int = 0
    apart: int = 0
    categories: int = 0
    gap: float = 0.0
    small: str = ""


def results(findings: Sequence[Finding], figures: Path) -> list[Result]:
    """Findings with their records: those first whose intervals lie furthest apart, of equals those that count most.

    A sentence that two figures share is given once, with the first.
    """
    once = {one.said: one for one in reversed(findings)}
    found = [_result_of(once.pop(one.said), figures) for one in findings if one.said in once]
    ordered = sorted(found, key=lambda one: (-round(one.gap, 2), -one.n))
    shown = [
        replace(one, small=thumbnail(one.finding.picture)) if one.finding.picture else one for one in ordered[:SHOWN]
    ]
    return [*shown, *ordered[SHOWN:]]


def _result_of(finding: Finding, figures: Path) -> Result:
    file = figures / f"{finding.slug}.json"
    if not finding.slug or not file.is_file():
        return Result(finding, {})
    record = json.loads(file.read_text(encoding="utf-8"))
    table = pd.read_csv(file.with_suffix(".csv"))
    n = int(table["n"].sum()) if "n" in table else 0
    if not {"category", "low", "high"} <= set(table.columns) or "by" not in record["parameters"]:
        return Result(finding, record, n)
    sure = table.dropna(subset=["low", "high"]).groupby("category")
    ends = sure.agg(low=("low", "max"), high=("high", "min"), levels=("low", "size")).query("levels > 1")
    room = (ends["low"] - ends["high"]) / table["high"].abs().max()
    return Result(finding, record, n, int((room > 0).sum()), len(ends), max(room.max(), 0.0) if len(room) else 0.0)


def findings_html(found: Sequence[Result], *, page: str, concordance: Sequence[str]) -> str:
    """The findings of a notebook: the first with their figures, the rest folded.

    ``page``: its file. ``concordance``: the variables whose mentions the page of the concordance has.
    """
    shown = [_result(one, page, concordance) for one in found[:SHOWN]]
    rest = [_result(one, page, concordance, small=False) for one in found[SHOWN:]]
    more = f"{len(rest)} more finding{'s' if len(rest) > 1 else ''}"
    folded = f'<details class="more"><summary>{more}</summary><ul>{"".join(rest)}</ul></details>' if rest else ""
    return (f'<ul class="results">{"".join(shown)}</ul>' if shown else "") + folded


def _result(one: Result, page: str, concordance: Sequence[str], *, small: bool = True) -> str:
    finding, target = one.finding, f"{page}#{anchor(one.finding.slug)}" if one.finding.slug else page
    picture = ""
    if small and one.small:
        image = f'<img src="data:image/png;base64,{one.small}" alt="{escape(finding.alt)}">'
        picture = f'<a class="thumb" href="{target}">{image}</a>'
    return f'<li class="result">{picture}<div>{finding.said}{_basis(one, target, concordance)}</div></li>'


def _basis(one: Result, target: str, concordance: Sequence[str]) -> str:
    """What a finding rests on: variable, voice, N, interval, validation, figure; and where its words stand."""
    record, asked = one.record, one.record.get("parameters", {})
    if not record:
        return f'<p class="basis"><a href="{target}">In its notebook</a></p>'
    variable = asked.get("variable")
    parts = [
        f"<b>{escape(str(variable).replace('_', ' '))}</b>" if variable else "",
        voice_said(asked.get("voice")),
        escape(sentence(record["caption"], "N = ").rstrip(".")),
        escape(sentence(record["caption"], "Whiskers: ").removeprefix("Whiskers: ").rstrip(".")),
        _apart(one),
        escape(record.get("validation", "")),
    ]
    places = ""
    if variable in concordance:
        places = f' · <a href="concordance.html#variable={quote(str(variable))}">its words in context</a>'
    figure = f'<a href="{target}">Figure <code>{escape(record["figure_id"])}</code></a>'
    return f'<p class="basis">{"; ".join(filter(None, parts))}. {figure}{places}</p>'


def _apart(one: Result) -> str:
    if not one.apart:
        return ""
    of = f" in {one.apart} of {one.categories} categories" if one.categories > 1 else ""
    return f"intervals of two lie apart{of}"


def voice_said(voices: object) -> str:
    """The voices that were counted, in words; empty where a figure has none."""
    chosen = [voices] if isinstance(voices, str) else list(voices or [])
    if not chosen:
        return ""
    return "all voices" if set(chosen) >= set(VOICES) or chosen == ["all"] else f"voice: {escape(', '.join(chosen))}"


def sentence(caption: str, beginning: str) -> str:
    """The sentence of a caption that begins so; empty where none does."""
    found = re.search(rf"{re.escape(beginning)}.*?\.(?=\s|$)", caption)
    return found.group() if found else ""


def thumbnail(picture: str) -> str:
    """A PNG in base64 made small: fewer pixels, few colours, on white; of a tall one the upper part, fading out."""
    with Image.open(io.BytesIO(b64decode(picture))) as image:
        whole = Image.new("RGB", image.size, "white")
        whole.paste(image, mask=image.convert("RGBA").getchannel("A"))
    whole = whole.resize((_WIDE, round(_WIDE * whole.height / whole.width)), Image.Resampling.LANCZOS)
    small = whole.crop((0, 0, _WIDE, min(whole.height, _TALL)))
    if small.height < whole.height:
        rows = np.clip((_TALL - np.arange(_TALL)) / _FADED, 0, 1)
        shown = Image.fromarray(np.tile((255 * rows).astype(np.uint8)[:, None], (1, _WIDE)))
        small = Image.composite(small, Image.new("RGB", small.size, "white"), shown)
    said = io.BytesIO()
    small.quantize(32, dither=Image.Dither.NONE).save(said, "PNG", optimize=True)
    return b64encode(said.getvalue()).decode()
