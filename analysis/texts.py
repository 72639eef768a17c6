"""Whether a study has the texts of its articles: one that was shared without them has tables alone."""

from __future__ import annotations

import pandas as pd

from analysis.study import Study, UserError

NOT_HERE = "(the text is not included)"
SENTENCE = "The texts of the articles are not included in this study, so this part cannot be shown."


def has_texts(articles: pd.DataFrame) -> bool:
    """Whether bodies are there (a table without rows lacks none). ``articles``: the table, with its column body."""
    return articles.empty or bool(articles["body"].notna().any())


def refuse_shared(study: Study, what: str) -> None:
    """Raise a UserError that says that ``what`` needs the texts, where the study came without them."""
    if study.shared:
        raise UserError(f"{what}: the texts of the articles are not included in {study.folder}")
