"""Which printed names of outlets were taken for one outlet, and which look alike and were left apart."""

from __future__ import annotations

import pandas as pd
from rapidfuzz import fuzz, process

from analysis.corpus.outlets import BESIDE, DOMAIN, ONLINE, Outlets, key_of

ALIKE = 90  # of 100: rapidfuzz's ratio of two names from which they look alike
MOST = 3000  # names: of more, only those equal but for places, editions and domains are compared


def outlet_names(articles: pd.DataFrame, table: Outlets) -> pd.DataFrame:
    """How each printed name was taken, to be looked through.

    Args:
        articles: columns outlet and outlet_printed.

    Returns:
        A row for each pair of them, ordered by outlet and printed name: outlet, outlet_printed, articles (how many),
        joined (the printed name is another one), alike (names that look the same and were left apart: of these
        articles, or of listed outlets that have the name where no place is printed; joined by "; ", or missing).
    """
    pairs = articles.dropna(subset=["outlet"]).groupby(["outlet", "outlet_printed"], dropna=False).size()
    rows = pairs.rename("articles").reset_index()
    apart = _alike(sorted(set(rows["outlet"])))
    alike = []
    for outlet, printed in zip(rows["outlet"], rows["outlet_printed"], strict=True):
        others = set(apart.get(outlet, ()))
        if isinstance(printed, str) and key_of(printed) in table.bases:
            others |= set(table.bases[key_of(printed)])
        alike.append("; ".join(sorted(others - {outlet})) or None)
    rows["joined"] = (rows["outlet_printed"] != rows["outlet"]) & rows["outlet_printed"].notna()
    return rows.assign(alike=pd.Series(alike, dtype="str"))


def _alike(outlets: list[str]) -> dict[str, set[str]]:
    """Outlet → those of the others whose name is equal but for place, edition, domain and spelling."""
    stems = [_stem(outlet) for outlet in outlets]
    found: dict[str, set[str]] = {}
    if len(outlets) > MOST:
        groups: dict[str, list[str]] = {}
        for outlet, stem in zip(outlets, stems, strict=True):
            groups.setdefault(stem, []).append(outlet)
        return {outlet: set(group) for group in groups.values() for outlet in group}
    ratios = process.cdist(stems, stems, scorer=fuzz.ratio, score_cutoff=ALIKE)
    for row, column in zip(*ratios.nonzero(), strict=True):
        if row != column and (stems[row] == stems[column] or min(len(stems[row]), len(stems[column])) >= 6):
            found.setdefault(outlets[row], set()).add(outlets[column])
    return found


def _stem(outlet: str) -> str:
    """``guardian`` of "The Guardian", "The Guardian (Nigeria)" and "guardian.ng"."""
    if DOMAIN.fullmatch(outlet):
        return key_of(outlet.split(".")[0]).removeprefix("the")
    words = key_of(BESIDE.split(outlet)[0] or outlet).split()
    return "".join(word for word in words if word not in ONLINE)
