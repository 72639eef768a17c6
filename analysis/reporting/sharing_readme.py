"""The README of a study that is shared without its texts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib.metadata import version

import pandas as pd

from analysis.reporting.licences import LICENCES
from analysis.study import Study
from analysis.texts import NOT_HERE


def readme(
    study: Study,
    tables: Mapping[str, pd.DataFrame],
    *,
    name: str,
    licence: str,
    max_words: int,
    k: int,
    notes: Sequence[str],
) -> str:
    """What it is, how it was made, how to run it, what is not in it, and under which licence."""
    articles = tables["articles"]
    dates = articles["published"].dropna()
    span = f", published {dates.min():%Y-%m-%d} to {dates.max():%Y-%m-%d}" if len(dates) else ""
    levels = articles[study.compare].nunique()
    by = f"By {', '.join(study.authors)}. " if study.authors else ""
    books = tables["categories"][["codebook", "version"]].drop_duplicates().itertuples(index=False)
    title, address = LICENCES[licence]
    held = f"{len(articles):,} articles of {levels:,} levels of `{study.compare}`{span}"
    with_books = ", ".join(f"{one.codebook} {one.version}" for one in books)
    command = f"samestory share … --out {name} --licence {licence} --max-words {max_words} --k {k}"
    return f"""# {study.title}

{by}{held}; {articles["n_words"].sum():,} words.
Coded with {with_books}.

The texts belong to their publishers and are not here. Here is what was counted in them: which words of the codebooks
stand where, whose words they are, how often each word stands in each article, who copied whom. From that every figure
can be drawn again.

## Run it

```sh
samestory report {name}
samestory explore {name}
samestory export {name} mentions --format csv
```

The notebooks run as they do on the texts. The parts that show text say that it is not included; so does
`samestory kwic`.

## What is in it

* `study.yml`, `codebooks/`: the study, and the codebooks it was coded with.
* `coded/`: the tables, as Parquet. Samestory's data/README.md says what each column means.
* `ro-crate-metadata.json`: what is here, and what made it, for machines.

## How it was made

`{command}`, with Samestory {version("samestory")}. No more than
{max_words} words of an article stand in a row in any file; that was checked at the end, file by file and column by
column.

{chr(10).join(f"* {one[0].upper()}{one[1:]}." for one in notes)}
* Headlines, texts, bylines, quotations, lines cut from pages and the sentences of validation are not included. Where a
  column says `{NOT_HERE}` there was something. Offsets (`start`, `end`) are those in the texts:
  whoever has these from their publishers finds each word.
* A word that is withheld has the same hash (`#` and 16 hex digits) wherever it stands, so that counts and rates are
  those of the texts. The hash is keyed by all the texts together: no list of words tells which word it is.

## What could still be found out

Which articles they were (outlet, day, length), as in any bibliography. How often the commoner words stand in each
article, in no order. Which codes stand where: a category that is named as its only word says that word. Whoever has a
text can tell whether it is one of these. No order of words beyond {max_words} in a row can be read from any file.

## Licence

The tables and this text are under {title} (`{licence}`): {address}
The texts that they were counted in are not part of it.
"""
