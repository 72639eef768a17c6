"""The page of validation: which samples there are, and for each its figures, its disagreements and what to do next."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pandas as pd
from IPython.display import Markdown, display
from matplotlib.axes import Axes

from analysis.comparison.accuracy import judged, validity
from analysis.comparison.prevalence import apparent_counts, corrected_prevalence
from analysis.comparison.reliability import ADJUDICATOR, agreed, agreement
from analysis.reporting import validation_statements as told
from analysis.reporting.captions import escaped
from analysis.reporting.gallery import save_shown
from analysis.reporting.provenance import slug_of
from analysis.reporting.reliability import draw_agreement, draw_prevalence, draw_validity
from analysis.study import Study, UserError
from analysis.texts import NOT_HERE

_COLUMNS = ["sample", "codebook", "variable", "unit", "items", "answers", "coders", "ties", "current"]


def samples_of(tables: dict[str, pd.DataFrame], variable: str = "") -> pd.DataFrame:
    """The samples of a study, or of one variable: one row each.

    Returns sample, codebook, variable, unit, items, answers (by coders other than the adjudicator), coders (of them),
    ties (answers without a majority), current (the codebook says what it said when the sample was drawn).

    Raises UserError where ``variable`` is in no codebook of the study.
    """
    samples, codings, categories = tables["samples"], tables["codings"], tables["categories"]
    if variable and variable not in set(categories["variable"]):
        known = ", ".join(sorted(set(categories["variable"])))
        raise UserError(f"variable {variable!r} is in no codebook in use; allowed: {known}")
    own = samples[samples["variable"] == variable] if variable else samples
    hashes = categories.drop_duplicates("codebook").set_index("codebook")["codebook_hash"]
    given = codings[codings["code"].notna() & (codings["coder"] != ADJUDICATOR)]
    ties = agreed(codings).groupby("sample")["tie"].sum() if len(codings) else pd.Series(dtype="int64")
    rows = []
    for sample, one in own.groupby("sample", sort=False):
        first, answers = one.iloc[0], given[given["sample"] == sample]
        about = (sample, first["codebook"], first["variable"], first["unit"], one["item"].nunique())
        current = hashes.get(first["codebook"]) == first["codebook_hash"]
        rows.append((*about, len(answers), answers["coder"].nunique(), int(ties.get(sample, 0)), current))
    texts = dict.fromkeys(_COLUMNS[:4], "str") | {"current": "bool"}
    return pd.DataFrame(rows, columns=_COLUMNS).astype(texts | dict.fromkeys(_COLUMNS[4:-1], "int64"))


def save_agreement(
    checked: pd.DataFrame, tables: dict[str, pd.DataFrame], *, study: Study, replicates: int = 2000
) -> pd.DataFrame:
    """Figure, caption and finding of `reliability.agreement` for each sample; gives the numbers of all."""
    measure = partial(_agreement, replicates=replicates, seed=study.seed)
    saying = (told.agreement_caption, told.agreement_finding)
    return _each(checked, tables, measure, draw_agreement, saying, ("validation-agreement", "Agreement"), study)


def save_validity(
    checked: pd.DataFrame, tables: dict[str, pd.DataFrame], *, study: Study, by_level: bool = False
) -> pd.DataFrame:
    """Figure, caption and finding of `accuracy.validity` for each sample; gives the numbers of all."""
    measure = partial(_validity, by_level=by_level, seed=study.seed)
    saying = (told.validity_caption, told.validity_finding)
    plain, levels = ("validation-right", "How right"), ("validation-right-by-level", "How right, by level")
    return _each(checked, tables, measure, draw_validity, saying, levels if by_level else plain, study)


def save_prevalence(
    checked: pd.DataFrame,
    tables: dict[str, pd.DataFrame],
    *,
    study: Study,
    by: str = "outlet",
    groups: pd.Series | None = None,
    replicates: int = 4000,
) -> pd.DataFrame:
    """Figure, caption and finding of `prevalence.corrected_prevalence` for each sample; gives the numbers of all."""
    drawn = {"by": by, "groups": groups, "replicates": replicates, "seed": study.seed}
    saying = (told.prevalence_caption, told.prevalence_finding)
    measure = partial(_prevalence, tables=tables, **drawn)
    return _each(checked, tables, measure, draw_prevalence, saying, ("validation-share", "Shares"), study)


def each_coder(checked: pd.DataFrame, tables: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """`accuracy.validity` with each coder's answers alone as the truth, beside those that people agreed on.

    Returns variable, sample, truth (``agreed``, or the coder), category, average, n_items, precision, recall, f1.
    """
    parts = []
    for one in checked.itertuples():
        samples, codings = _of(tables, one.sample)
        coders = sorted(set(codings.loc[codings["code"].notna(), "coder"]) - {ADJUDICATOR})
        alone = {coder: codings[codings["coder"] == coder] for coder in coders}
        for truth, own in {ADJUDICATOR: codings, **alone}.items():
            # Without draws: the numbers are set beside each other, not their intervals.
            parts.append(validity(samples, own, draws=1).assign(truth=truth))
    columns = ["variable", "sample", "truth", "category", "average", "n_items", "precision", "recall", "f1"]
    if not parts:
        return pd.DataFrame(columns=columns)
    return pd.concat(parts, ignore_index=True)[columns]


def disagreements(checked: pd.DataFrame, tables: dict[str, pd.DataFrame], *, most: int = 20) -> pd.DataFrame:
    """What people and machine, or people among themselves, do not agree on, with its text.

    Returns ``most`` rows of each sample: variable, item, category, machine, people (what they agreed on; missing in a
    tie), coders (who said what), before, text: what the machine got wrong first, then what people were split on; in
    each the order of the items. The text is the sentence of the item, with a naming marked ▸so◂.
    """
    parts = []
    for one in checked.itertuples():
        samples, codings = _of(tables, one.sample)
        items = judged(samples, codings)
        if items.empty:
            continue
        given = codings[codings["code"].notna()]
        said = (given["coder"] + ": " + given["code"]).groupby([given["item"], given["category"]]).agg("; ".join)
        codes = given.groupby(["item", "category"])["code"].agg(["min", "max"])
        split = codes["min"] != codes["max"]
        keys = pd.MultiIndex.from_frame(items[["item", "category"]])
        items = items.assign(people=items["code"], coders=said.reindex(keys).to_numpy())
        wrong = items["people"].notna() & (items["people"] != items["machine"])
        shown = pd.concat([items[wrong], items[~wrong & split.reindex(keys).eq(True).to_numpy()]]).head(most)
        parts.append(shown.assign(text=_texts(shown, tables)))
    columns = ["variable", "item", "category", "machine", "people", "coders", "text"]
    if not parts:
        return pd.DataFrame(columns=columns, dtype="str")
    return pd.concat(parts, ignore_index=True)[columns].astype("str")


def _each(
    checked: pd.DataFrame,
    tables: dict[str, pd.DataFrame],
    measure: Callable[[pd.DataFrame, pd.DataFrame], pd.DataFrame],
    draw: Callable[..., Axes],
    saying: tuple[Callable[..., str], Callable[[pd.DataFrame], str]],
    titled: tuple[str, str],
    study: Study,
) -> pd.DataFrame:
    """Measure, draw, save and show each sample that somebody coded.

    ``saying``: what makes caption and finding. ``titled``: the slug's beginning, and the title's.
    """
    (caption, finding), (prefix, title) = saying, titled
    parts = []
    several = checked["variable"].duplicated(keep=False)
    for one, alone in zip(checked.itertuples(), ~several, strict=True):
        name = one.variable.replace("_", " ")
        display(Markdown(f"### {escaped(name.capitalize())}{'' if alone else f' ({one.sample})'}"))
        if not one.coders:
            display(Markdown("Nobody has coded this sample yet."))
            continue
        table = measure(*_of(tables, one.sample))
        table.attrs = {**table.attrs, "codebook": one.codebook, "variable": one.variable, "sample": one.sample}
        slug = slug_of(prefix, one.variable) if alone else slug_of(prefix, one.variable, one.sample)
        said = {"caption": caption(table, name), "said": finding(table) if len(table) else ""}
        save_shown(table, partial(draw, title=f"{title}: {name}"), slug=slug, study=study, tables=tables, **said)
        parts.append(table)
    if not len(checked):
        display(Markdown("There is no sample."))
    return pd.concat(parts, ignore_index=True) if parts else measure(tables["samples"][:0], tables["codings"][:0])


def _of(tables: dict[str, pd.DataFrame], sample: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The rows of one sample."""
    samples, codings = tables["samples"], tables["codings"]
    return samples[samples["sample"] == sample], codings[codings["sample"] == sample]


def _agreement(samples: pd.DataFrame, codings: pd.DataFrame, **drawn: int) -> pd.DataFrame:
    return agreement(codings, **drawn)


def _validity(samples: pd.DataFrame, codings: pd.DataFrame, **options: object) -> pd.DataFrame:
    return validity(samples, codings, **options)


def _prevalence(
    samples: pd.DataFrame, codings: pd.DataFrame, *, tables: dict[str, pd.DataFrame], **options: object
) -> pd.DataFrame:
    if samples.empty:
        return pd.DataFrame()
    asked = {"variable": samples["variable"].iloc[0], "codebook": samples["codebook"].iloc[0]}
    return corrected_prevalence(samples, codings, apparent_counts(tables, **asked), tables["articles"], **options)


def _texts(items: pd.DataFrame, tables: dict[str, pd.DataFrame]) -> list[str]:
    """The sentence of each item; a naming is marked in its own."""
    articles, sentences = tables["articles"].set_index("article_id"), tables["sentences"]
    return [_text(one, articles, sentences) for one in items.itertuples()]


def _text(item: tuple, articles: pd.DataFrame, sentences: pd.DataFrame) -> str:
    whole = articles[item.where].get(item.article_id)
    if not isinstance(whole, str) or not whole:
        return NOT_HERE
    if item.unit == "sentence":
        return " ".join(whole[item.start : item.end].split())
    begin, end = 0, len(whole)
    if item.where == "body":
        own = sentences[(sentences["article_id"] == item.article_id) & (sentences["start"] <= item.start)]
        begin, end = (int(own["start"].iloc[-1]), int(own["end"].iloc[-1])) if len(own) else (item.start, item.end)
    marked = f"{whole[begin : item.start]}▸{whole[item.start : item.end]}◂{whole[item.end : max(end, item.end)]}"
    return " ".join(marked.split())
