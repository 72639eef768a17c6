"""A paragraph on methods, ready for a paper: every number in it comes from the study's tables at the time of the call.

The text is made once, with marks for what is cited (``[@key]``), and written as Markdown, LaTeX or plain text. What a
study does not have (a scale, a validation, copies) is not spoken of, or is said to be absent.
"""

from __future__ import annotations

import platform
import re
from collections.abc import Mapping
from importlib.metadata import version
from typing import NamedTuple

import pandas as pd
import yaml

from analysis.coding.reuse import SHINGLE, THRESHOLD
from analysis.comparison.accuracy import validity
from analysis.comparison.reliability import agreement
from analysis.reporting.citing import latex
from analysis.reporting.references import REFERENCES
from analysis.reporting.this_notebook import defaults
from analysis.study import Study, UserError, shipped
from analysis.tables import VOICES

FORMS = ("markdown", "latex", "text")
_CITED = re.compile(r"\[((?:@\w+)(?:; @\w+)*)\]")
_NAMES = {"headline": "headlines and decks", "own": "the outlet's own voice", "direct": "quotation marks",
          "indirect": "reported speech"}  # fmt: skip


class Facts(NamedTuple):
    """The numbers of a study that its methods state."""

    articles: int
    levels: int
    first: pd.Timestamp | None
    last: pd.Timestamp | None
    undated: int
    words: int
    items: int
    rejects: int
    duplicates: int
    furniture: int
    groups: int
    in_groups: int
    units: int
    mentions: int
    quotes: int
    named: int
    voices: dict[str, float]


def facts(study: Study, tables: Mapping[str, pd.DataFrame]) -> Facts:
    """Count what the methods state.

    ``units`` are copy groups, alone or of several; ``in_groups`` articles in the ``groups`` of two or more; ``named``
    quotations with a speaker; ``voices`` shares of all words (of headlines, decks and bodies) by whose words they are.
    """
    articles, groups, quotes = (tables[name] for name in ("articles", "copy_groups", "quotes"))
    dates = articles["published"].dropna()
    sizes = groups.groupby("copy_group").size()
    spoken = tables["word_counts"].groupby("voice")["n"].sum()
    return Facts(
        articles=len(articles),
        levels=articles[study.compare].nunique(),
        first=dates.min() if len(dates) else None,
        last=dates.max() if len(dates) else None,
        undated=len(articles) - len(dates),
        words=int(articles["n_words"].sum()),
        items=len(articles) + len(tables["rejects"]),
        rejects=len(tables["rejects"]),
        duplicates=int(tables["sources"]["duplicates"].sum()),
        furniture=len(tables["furniture"]),
        groups=int((sizes > 1).sum()),
        in_groups=int(sizes[sizes > 1].sum()),
        units=len(sizes),
        mentions=len(tables["mentions"]),
        quotes=len(quotes),
        named=int(quotes["speaker"].notna().sum()),
        voices={voice: float(spoken.get(voice, 0) / spoken.sum()) for voice in VOICES if spoken.sum()},
    )


def methods(study: Study, tables: Mapping[str, pd.DataFrame], form: str = "markdown") -> str:
    """The methods of a study in one of `FORMS`, with its references. Raises UserError for another form."""
    if form not in FORMS:
        raise UserError(f"--format {form!r} is none; allowed: {', '.join(FORMS)}")
    known = facts(study, tables)
    parts = {
        "Articles": _articles(study, known),
        "Coding": _coding(tables, known),
        "Comparison": _comparison(study, known),
        "Validation": _validation(tables),
        "Limits": _limits(tables, known),
        "Software": _software(),
    }
    keys = list(dict.fromkeys(key for text in parts.values() for key in _keys(text)))
    return {"markdown": _markdown, "latex": _latex, "text": _text}[form](parts, sorted(keys))


def _articles(study: Study, known: Facts) -> str:
    span = ""
    if known.first is not None:
        days = sorted({f"{known.first:%Y-%m-%d}", f"{known.last:%Y-%m-%d}"})
        span = f", published {'on' if len(days) == 1 else 'from'} {' to '.join(days)}"
    undated = f" ({_count(known.undated, 'article')} without a date)" if known.undated else ""
    whose = _count(known.levels, "outlet" if study.compare == "outlet" else f"level of {study.compare}")
    duplicates = f" ({known.duplicates:,} of them as duplicates)" if known.duplicates else ""
    rejected = (
        f"{known.rejects:,} were rejected for listed reasons{duplicates}" if known.rejects else "none was rejected"
    )
    told = [
        f"The corpus holds {_count(known.articles, 'article')} of {whose}{span}{undated}; {known.words:,} words.",
        f"Of {_count(known.items, 'item')} found in the sources {rejected}.",
        f"{_count(known.furniture, 'line')} of page furniture were cut by listed rules; no text was changed otherwise.",
        f"Two articles count as copies of one text where at least {100 * THRESHOLD:.0f} % of one's runs of {SHINGLE} "
        "words stand in the other [@broder1997]:",
    ]
    if known.groups:
        told.append(
            f"{_count(known.in_groups, 'article')} stand in {_count(known.groups, 'group')} of copies, which leaves "
            f"{known.units:,} independent texts."
        )
    else:
        told.append(f"none are, so that there are {known.units:,} independent texts.")
    return " ".join(told)


def _coding(tables: Mapping[str, pd.DataFrame], known: Facts) -> str:
    categories = tables["categories"]
    books = categories[["codebook", "version", "codebook_hash"]].drop_duplicates()
    named = [f"{one.codebook} {one.version} (hash {one.codebook_hash})" for one in books.itertuples(index=False)]
    variables = categories[["codebook", "variable"]].drop_duplicates()
    kinds = set(categories["kind"])
    told = [
        f"Words were coded with the {'codebook' if len(books) == 1 else 'codebooks'} {_listed(named)}: "
        f"{_count(len(variables), 'variable')} with {_count(len(categories), 'category', 'categories')} and "
        f"{_count(int(categories['n_patterns'].sum()), 'pattern')}, which hit {_count(known.mentions, 'time')}."
    ]
    if "choice" in kinds:
        told.append(
            "A variable of choice is counted only where there is a choice, which is its envelope of variation "
            "[@labov1972]: the share of a category is its mentions over all mentions of the variable."
        )
    if "presence" in kinds:
        told.append(
            "A variable of presence is given as the share of articles and of sentences that have it, and as mentions "
            "per 1,000 words."
        )
    if "scale" in kinds:
        told.append(
            "On a scale the weights of words, after negation and intensity, are summed in each sentence and normalised "
            "as S / sqrt(S^2 + 15) [@hutto2014]."
        )
    shares = [f"{100 * share:.1f} % in {_NAMES[voice]}" for voice, share in known.voices.items()]
    told.append(
        f"Each word was assigned a voice by rules: {_listed(shares)}. Of {known.quotes:,} quotations and reported "
        f"clauses {known.named:,} have a named speaker."
    )
    return " ".join(told)


def _comparison(study: Study, known: Facts) -> str:
    replicates, permutations = defaults("02_wording")["replicates"], defaults("07_keyness")["permutations"]
    return (
        f"Articles, not words, are the sample [@lijffijt2016]. Intervals are 95 % percentile bootstrap intervals over "
        f"the {known.units:,} independent texts, copies drawn together ({replicates:,} replicates, seed {study.seed}) "
        f"[@efron1993]; with fewer than two texts there is no interval. Differences are tested by permuting the labels "
        f"of independent texts ({permutations:,} permutations, two-sided, (exceeding + 1)/(permutations + 1)) "
        f"[@phipson2010]; p values of several tests are adjusted for their false discovery rate [@benjamini1995]. "
        f"Effects stand beside tests, counts beside shares. Results are given for all articles, for one article per "
        f"group of copies, for originals only, and for the words that outlets added."
    )


def _validation(tables: Mapping[str, pd.DataFrame]) -> str:
    samples, codings = tables["samples"], tables["codings"]
    codings = codings[codings["code"].notna()]
    coded = samples[samples["sample"].isin(codings["sample"])]
    asked = tables["categories"][["codebook", "variable", "kind"]].drop_duplicates()
    if coded.empty:
        return f"None of the {len(asked):,} variables has been validated against human coding."
    found = validity(coded, codings, draws=1)  # one draw: no interval is stated
    agreed = agreement(codings, replicates=1)
    told, done = [], coded[["codebook", "variable"]].drop_duplicates()
    for sample, own in coded.groupby("sample", sort=False):
        tone = bool((own["category"] == "tone").any())
        average = "macro" if tone else "micro"
        row = found[(found["sample"] == sample) & (found["average"] == average)].iloc[0]
        alphas = agreed.loc[agreed["sample"] == sample, "alpha"].dropna()
        between = f", Krippendorff's alpha {_between(alphas)}" if len(alphas) else ""
        first, items = own.iloc[0], own["item"].nunique()
        now = tables["categories"].query("codebook == @first.codebook")["codebook_hash"]
        old = "" if (now == first["codebook_hash"]).any() else " (with an earlier version of the codebook)"
        told.append(
            f"{first['variable']} ({first['codebook']}){old}: precision {_two(row['precision'])}, recall "
            f"{_two(row['recall'])} ({average} averages, weighted back to the study; n = {items:,} items, "
            f"{_count(row['n_coders'], 'coder')}{between})"
        )
    left = len(asked) - len(done)
    rest = f" The other {left:,} of {len(asked):,} variables have not been validated." if left else ""
    return (
        f"Samples drawn by outlet and by whether the machine found something were coded blind "
        f"[@krippendorff2019; @grimmer2013]. {'; '.join(told)}. Shares are also given corrected for these errors "
        f"[@rogan1978].{rest}"
    )


def _limits(tables: Mapping[str, pd.DataFrame], known: Facts) -> str:
    told = [
        "A codebook finds what its patterns name; other words for the same thing are missed, and one word can mean "
        "several things [@grimmer2013].",
        "Voices, speakers and reported clauses are found by rules.",
        "An agency text that stands here once and credits nobody cannot be known as copied.",
    ]
    if known.units < 30:
        told.append(f"With {known.units:,} independent texts intervals are wide and rough.")
    if "scale" in set(tables["categories"]["kind"]):
        told.append(
            "A list of words knows no irony and no context; scores are compared, not taken by themselves [@chan2021]."
        )
    return " ".join(told)


def _software() -> str:
    return (
        f"Computed with Samestory {version('samestory')} [@samestory] on Python {platform.python_version()}, "
        f"pandas {version('pandas')} [@mckinney2010], NumPy {version('numpy')} [@harris2020] and SciPy "
        f"{version('scipy')} [@virtanen2020]. Each figure carries an id over articles, codebooks, parameters and what "
        "it shows; the versions of code and packages stand in its record, by which it can be made again and checked."
    )


def _references() -> dict[str, tuple[str, str]]:
    program = yaml.safe_load(shipped("citation").read_text(encoding="utf-8"))
    names, year = ", ".join(one["name"] for one in program["authors"]), str(program["date-released"])[:4]
    own = (
        f"{names} {year}",
        f"{names} ({year}). {program['title']} (version {version('samestory')}) [Computer software].",
    )
    return {**REFERENCES, "samestory": own}


def _keys(text: str) -> list[str]:
    return [key.strip("@ ") for found in _CITED.findall(text) for key in found.split(";")]


def _cited(text: str) -> str:
    known = _references()
    return _CITED.sub(lambda found: f"({'; '.join(known[key][0] for key in _keys(found[0]))})", text)


def _markdown(parts: dict[str, str], keys: list[str]) -> str:
    known = _references()
    told = "\n\n".join(f"**{name}.** {_cited(text)}" for name, text in parts.items())
    listed = "\n".join(f"* {known[key][1]}" for key in _in_order(keys, known))
    return f"## Methods\n\n{told}\n\n## References\n\n{listed}\n"


def _text(parts: dict[str, str], keys: list[str]) -> str:
    known = _references()
    told = "\n\n".join(_cited(text) for text in parts.values())
    return f"{told}\n\nReferences\n\n" + "\n".join(known[key][1] for key in _in_order(keys, known)) + "\n"


def _latex(parts: dict[str, str], keys: list[str]) -> str:
    known = _references()
    lines = [r"\section*{Methods}"]
    for name, text in parts.items():
        pieces = _CITED.split(text)
        # Every second piece is what a mark of citation held.
        said = [
            latex(one) if at % 2 == 0 else rf"\cite{{{','.join(_keys(f'[{one}]'))}}}" for at, one in enumerate(pieces)
        ]
        lines.append(rf"\paragraph{{{name}}} {''.join(said)}")
    lines += ["", r"\begin{thebibliography}{99}"]
    lines += [rf"\bibitem{{{key}}} {latex(known[key][1])}" for key in _in_order(keys, known)]
    return "\n".join([*lines, r"\end{thebibliography}"]) + "\n"


def _in_order(keys: list[str], known: dict[str, tuple[str, str]]) -> list[str]:
    return sorted(keys, key=lambda key: known[key][1].casefold())


def _count(n: int, one: str, several: str = "") -> str:
    return f"{n:,} {one if n == 1 else several or one + 's'}"


def _listed(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def _between(values: pd.Series) -> str:
    low, high = _two(values.min()), _two(values.max())
    return low if low == high else f"{low} to {high}"


def _two(share: float) -> str:
    return "undefined" if pd.isna(share) else f"{share:.2f}"
