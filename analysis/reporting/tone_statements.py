"""Captions and findings of valence: tones, means, targets, and what depends on length. All computed."""

from __future__ import annotations

import pandas as pd

from analysis.reporting.captions import escaped
from analysis.tables import TONES

FEW = 5
_VOICES = {4: "all voices", 3: "all voices of the body"}


def valence_caption(table: pd.DataFrame) -> str:
    """The caption of a figure of tones, means, targets or lengths: what, over what, of how many, how sure."""
    if table.empty:
        return ""
    said = table.attrs
    by = f", by {' and '.join(said['by'])}" if said["by"] and not {"r", "value"} & set(table.columns) else ""
    measure = said["measure"][0].upper() + said["measure"][1:]
    of = "namings" if said["codebook"] == "targets" else f"{said['of']}s" if "of" in said else "sentences and articles"
    head = f"{measure}{by}, {_voices(said['voice'])}."
    parts = [head, _meaning(table), _counted(table, of), _sure(table)]
    if said["codebook"] == "targets":
        parts.append("Clauses and their words found by rules.")
    else:
        names = "" if said.get("names", True) else " Words inside proper names are left out."
        parts.append(f"Scale {said['variable'].replace('_', ' ')}, codebook {said['codebook']}.{names}")
    return " ".join(part for part in parts if part)


def _voices(voices: list[str]) -> str:
    return _VOICES.get(len(voices), f"voice {' and '.join(voices)}")


def _meaning(table: pd.DataFrame) -> str:
    """What the numbers mean that do not speak for themselves."""
    if "n_without" in table:
        return (
            "Negative: a valence of −.05 or less; positive: .05 or more. Dotted: no word of the scale. "
            "The interval of the positive share is drawn from the right."
        )
    if "r" in table:
        return "Valence of an article: the mean of its sentences."
    zeros = table.attrs.get("zeros", True)
    return "" if "value" in table or zeros else "Only those with a word of the scale."


def _counted(table: pd.DataFrame, of: str) -> str:
    """How many, and how many of them have a word of the scale; nothing is counted twice."""
    said = table.attrs
    if "r" in table:
        rows = table.drop_duplicates("of")
        counts = " and ".join(f"{row.total:,} {row.of}s" for row in rows.itertuples())
        return f"N = {counts}."
    if "n_without" in table:
        levels = table.groupby(said["by"], dropna=False)["total"].max() if said["by"] else table["total"].head(1)
        bare, total = table["n_without"].sum(), levels.sum()
        return f"N = {total:,} {of}, {total - bare:,} of them with a word of the scale."
    if "value" in table:
        rows = table.drop_duplicates("words")
        return f"N = {rows['total'].sum():,} {of}."
    sums = table.groupby("category", sort=False)[["n", "total"]].sum()
    if said["codebook"] != "targets" and len(sums) > 1:
        counts = ", ".join(f"{row.total:,} {row.Index}" for row in sums.itertuples())
        return f"N = {counts}."
    return f"N = {sums['total'].sum():,} {of}, {sums['n'].sum():,} of them with a word of the scale."


def _sure(table: pd.DataFrame) -> str:
    said = table.attrs
    if table["low"].isna().all():
        return f"No level has two {said['unit']}s, so there is no interval."
    return (
        f"Whiskers: 95 % bootstrap intervals over {said['unit']}s ({said['replicates']:,} replicates, "
        f"seed {said['seed']})."
    )


def valence_finding(table: pd.DataFrame) -> str:
    """One hedged sentence on tones or means: what differs most between levels, and between whom. Nothing is tested."""
    if table.empty:
        return "Nothing was found, so nothing can be said."
    if "n_without" in table:
        value, rows = "share", table[table["category"] == TONES[0]]
    else:
        value, rows = "mean", table
    rows = rows.dropna(subset=[value])
    if rows.empty:
        return "Nothing was found, so nothing can be said."
    by, unit = table.attrs["by"], table.attrs["unit"]
    named = rows.assign(level=rows[by].fillna("(none)").astype("str").agg(" · ".join, axis=1) if by else "all")
    # What rests on few groups may lie anywhere: it is drawn, but it is no finding.
    sure = named[named["low"] < named["high"]]
    sure = sure[sure["n_groups"] >= FEW] if (sure["n_groups"] >= FEW).any() else sure
    named = named if sure.empty else sure
    category = _widest(named, value)
    rows = named[named["category"] == category]
    low, high = rows.loc[rows[value].idxmin()], rows.loc[rows[value].idxmax()]
    what = "The negative share" if value == "share" else f"The mean valence of *{escaped(category)}*"
    if len(rows) == 1:
        return f"{what} has a value at one level only: {_level(low, value)}."
    if low[value] == high[value]:
        return f"{what} is the same at {len(rows)} levels: {_level(low, value)}."
    hedge = "no interval" if sure.empty else f"intervals are over {unit}s; no test is made here"
    return f"{what} is lowest in {_level(low, value)}, highest in {_level(high, value)} ({hedge})."


def _widest(rows: pd.DataFrame, value: str) -> str:
    """The category whose levels lie farthest apart, in widths of their intervals (plainly, where there are none)."""
    found = rows.assign(width=rows["high"] - rows["low"]).groupby("category", sort=False)
    spread = found[value].max() - found[value].min()
    return str((spread / found["width"].mean().fillna(1.0)).idxmax())


def _level(row: pd.Series, value: str) -> str:
    shown = (lambda one: f"{100 * one:.0f} %") if value == "share" else signed
    interval = "" if pd.isna(row["low"]) else f", {shown(row['low'])} to {shown(row['high'])}"
    return f"**{escaped(row['level'])}** {shown(row[value])} ({row['total']:,}{interval})"


def signed(value: float) -> str:
    """A number between -1 and 1 with two digits, as journals print it: −.12."""
    words = f"{value:+.2f}"
    return "0" if float(words) == 0 else words.replace("0.", ".", 1).replace("-", "−")


def correlation_finding(effects: pd.DataFrame) -> str:
    """Whether the valence of sentences, and its size, go with their length. Of `length_effects.length_effects`."""
    rows = effects[(effects["of"] == "sentence") & (effects["second"] == "words") & effects["r"].notna()]
    said = {"valence": "valence and length", "|valence|": "its size and length", "hits": "words found and length"}
    found = [
        f"{said[row.first]} r = {signed(row.r)}"
        + ("" if pd.isna(row.low) else f" ({signed(row.low)} to {signed(row.high)})")
        for row in rows.itertuples()
    ]
    return f"Over sentences: {'; '.join(found)}." if found else "Nothing was found, so nothing can be said."


def length_finding(lengths: pd.DataFrame) -> str:
    """How much of the shortest and of the longest has no word of the scale, and how far both spread."""
    rows = lengths.set_index(["category", "words"])["value"]
    if rows.empty:
        return "Nothing was found, so nothing can be said."
    classes = lengths["words"].drop_duplicates().tolist()
    ends = [
        f"of those of {words} words {100 * rows['without a word', words]:.0f} % have no word of the scale, and their "
        f"valence spreads by {rows['spread', words]:.2f}"
        for words in dict.fromkeys([classes[0], classes[-1]])
    ]
    return f"{'; '.join(ends)}.".capitalize()
