"""What people found when they checked the machine, in one line, for every figure of a variable."""

from __future__ import annotations

import pandas as pd

from analysis import store
from analysis.comparison.accuracy import validity
from analysis.comparison.units import TONE
from analysis.lazy import once

NOT = "not validated"


def stamp_of(table: pd.DataFrame, tables: dict[str, pd.DataFrame]) -> str:
    """``validated: precision .91, recall .74 (n = 200, 2 coders)``, ``not validated``, or nothing.

    Nothing where the table is not of a codebook's variable (``table.attrs``: codebook, variable). A validation counts
    for the codebook as it was when the sample was drawn: once the codebook says something else, the line says that it
    has changed. A table of *targets* counts as one of the variable of kind actor that was checked. Of several samples
    of a variable the one of most items is named; where it asked for some of the categories only, that is said.
    Precision and recall are weighted back to the study: counts summed over categories that do not exclude each other
    (micro), averages over the classes of tone (macro).
    """
    named = _variable_of(table, tables)
    return once(tables, ("stamp", *map(str, named)), lambda: _stamp_of(*named, tables))


def _stamp_of(codebook: str | None, variable: str | None, tables: dict[str, pd.DataFrame]) -> str:
    own = _of(tables["categories"], codebook, variable)
    if own.empty:
        return ""
    samples = _of(tables.get("samples"), codebook, variable)
    if len(samples):
        codings = tables["codings"][tables["codings"]["code"].notna()]
        samples = samples[samples["sample"].isin(codings["sample"])]
    if samples.empty:
        return NOT
    samples = samples[samples["codebook_hash"] == own["codebook_hash"].iloc[0]]
    if samples.empty:
        return f"{NOT}: the codebook has changed since it was"
    sizes = samples.groupby("sample")["item"].nunique()
    samples = samples[samples["sample"] == sizes.idxmax()]
    found = validity(samples, codings, draws=1)  # one draw: the line has no interval
    tone = set(samples["category"]) == {TONE}
    row = found[found["average"] == ("macro" if tone else "micro")].iloc[0]
    asked, whole = samples["category"].nunique(), own["category"].nunique()
    part = "" if tone or asked == whole else f" for {asked} of {whole} categories"
    coders = f"{row['n_coders']} coder{'' if row['n_coders'] == 1 else 's'}"
    said = f"precision {_two(row['precision'])}, recall {_two(row['recall'])}"
    return f"validated{part}: {said} (n = {sizes.max()}, {coders})"


def checks_of(table: pd.DataFrame, tables: dict[str, pd.DataFrame]) -> dict[str, object] | None:
    """What people have coded of the table's variable: how many codes, and a hash of them; None where there is none."""
    named = _variable_of(table, tables)
    return once(tables, ("checks", *map(str, named)), lambda: _checks_of(*named, tables))


def _checks_of(codebook: str | None, variable: str | None, tables: dict[str, pd.DataFrame]) -> dict[str, object] | None:
    samples = _of(tables.get("samples"), codebook, variable)
    if samples.empty:
        return None
    codings = tables["codings"][tables["codings"]["sample"].isin(samples["sample"])]
    digest = store.hash_of(*(store.table_hash(one.reset_index(drop=True)) for one in (samples, codings)))
    return {"codes": int(codings["code"].notna().sum()), "sha256": digest}


def _variable_of(table: pd.DataFrame, tables: dict[str, pd.DataFrame]) -> tuple[str | None, str | None]:
    """Codebook and variable that a table is of; of a table of *targets* the actor that was checked."""
    if table.attrs.get("codebook") == "targets":
        return _checked_actor(tables)
    return table.attrs.get("codebook"), table.attrs.get("variable")


def _checked_actor(tables: dict[str, pd.DataFrame]) -> tuple[str | None, str | None]:
    """The variable of kind actor with the largest sample; without a sample the first one."""
    samples = (
        tables["samples"][tables["samples"]["unit"] == "naming"] if "samples" in tables else tables["categories"][:0]
    )
    sizes = samples.groupby(["codebook", "variable"]).size()
    if len(sizes):
        return sizes.idxmax()
    actors = tables["categories"].query("kind == 'actor'")[["codebook", "variable"]]
    return tuple(actors.iloc[0]) if len(actors) else (None, None)


def _of(table: pd.DataFrame | None, codebook: str | None, variable: str | None) -> pd.DataFrame:
    if table is None or not isinstance(codebook, str) or not isinstance(variable, str):
        return pd.DataFrame()
    return table[(table["codebook"] == codebook) & (table["variable"] == variable)]


def _two(share: float) -> str:
    """.91, 1.00, or a dash where undefined."""
    return "–" if pd.isna(share) else f"{share:.2f}".removeprefix("0")
