"""How are they spoken of: the mean valence of sentences, articles and headlines, and the shares of tones.

Tables like those of `rates`: one row per level, with counts, a bootstrap interval over articles (copies of one text
together) and a note where something must be known to read the row.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from analysis.comparison.means import mean_table
from analysis.comparison.rates import share_of_choices
from analysis.comparison.valences import OF, each_article, scored_items
from analysis.study import UserError
from analysis.tables import TONES

NEUTRAL = 0.05  # below it a score is neutral, as VADER's authors advise
SCORES = ("valence", "per 100 words", "per hit")
WITH, WITHOUT = "with a word", "without a word"


def mean_valence(
    mentions: pd.DataFrame,
    sentences: pd.DataFrame,
    articles: pd.DataFrame,
    *,
    variable: str | None,
    codebook: str | None = None,
    of: str = "sentence",
    score: str = "valence",
    by: str | Sequence[str] = "outlet",
    voice: str | Sequence[str] | None = None,
    zeros: bool = True,
    names: bool = True,
    groups: pd.Series | None = None,
    replicates: int = 2000,
    seed: int = 0,
) -> pd.DataFrame:
    """The mean score of sentences, of articles (the mean of each article's sentences), or of headlines alone.

    Args:
        variable, codebook: a scale (see `scale_of`); None: the study has none and nothing is counted.
        of: sentence, article or headline.
        score: ``valence`` (S / √(S² + 15)); ``per 100 words`` (100 · ΣS / Σwords, no softening); ``per hit``
            (ΣS / Σhits: how strong the words are, not how many).
        by: columns of articles, and ``voice`` or ``speaker`` of sentences.
        voice: sentences most of whose words are in these voices. None: the body's; by voice also headline and deck.
        zeros: whether sentences without a word of the scale count, as 0. names: see `sentence_valences`.
        groups: article_id → copy group, the unit of resampling.

    Returns:
        The columns of ``by``, codebook, variable, category (sentences, articles or headlines), n (those with a word of
        the scale), total (all), mean, low, high (95 %, `resampling.ratio_interval`), n_articles, n_groups, note. The
        mean of a level without any is NaN, and the note says so.

    Limits: a sentence without a word of the scale is 0 like one whose words cancel out; long sentences have more hits
    and lie further from 0 (see `length_effects`). Sources: Hutto & Gilbert 2014; Chan et al. 2021, Four best practices
    for measuring news sentiment, Computational Communication Research 3(1); Lijffijt et al. 2016 for resampling texts.
    """
    if score not in SCORES:
        raise UserError(f"score {score!r} is none; allowed: {', '.join(SCORES)}")
    asked = {"variable": variable, "codebook": codebook, "of": of, "by": by, "voice": voice, "names": names}
    items, said = scored_items(mentions, sentences, articles, **asked)
    items = items if zeros else items[items["hits"] > 0]
    above, below = {
        "valence": (items["valence"], 1),
        "per 100 words": (100 * items["total"], items["n_words"]),
        "per hit": (items["total"], items["hits"]),
    }[score]
    items = items.assign(above=above, below=below)
    items = each_article(items, said["by"]) if of == "article" else items
    measure = f"mean {'' if score == 'valence' else 'score '}{score} of {of}s"
    return mean_table(
        items.assign(category=f"{of}s"),
        articles,
        categories=[f"{of}s"],
        settings={"measure": measure, **said, "score": score, "zeros": zeros},
        groups=groups,
        replicates=replicates,
        seed=seed,
    )


def mean_by_unit(
    mentions: pd.DataFrame, sentences: pd.DataFrame, articles: pd.DataFrame, **options: object
) -> pd.DataFrame:
    """`mean_valence` of sentences, of articles and of headlines under each other; ``options`` are its, but ``of``."""
    parts = [mean_valence(mentions, sentences, articles, of=of, **options) for of in OF]
    table = pd.concat(parts, ignore_index=True)
    table.attrs = {**parts[0].attrs, "measure": "mean valence of sentences, articles and headlines"}
    return table


def tones(
    mentions: pd.DataFrame,
    sentences: pd.DataFrame,
    articles: pd.DataFrame,
    *,
    variable: str | None,
    codebook: str | None = None,
    of: str = "sentence",
    by: str | Sequence[str] = "outlet",
    voice: str | Sequence[str] | None = None,
    names: bool = True,
    groups: pd.Series | None = None,
    replicates: int = 2000,
    seed: int = 0,
) -> pd.DataFrame:
    """The shares of negative, neutral and positive sentences, articles or headlines: |valence| below .05 is neutral.

    Arguments as in `mean_valence`. The columns of `rates.share_of_choices`, with category one of the three, and
    ``n_without``: how many of n have no word of the scale (neutral for want of words, not by their balance).
    """
    asked = {"variable": variable, "codebook": codebook, "of": of, "by": by, "voice": voice, "names": names}
    items, said = _shared(mentions, sentences, articles, **asked)
    tone = np.select([items["valence"] <= -NEUTRAL, items["valence"] >= NEUTRAL], [TONES[0], TONES[2]], TONES[1])
    items = items.assign(category=pd.array(tone, dtype="str"))
    said = {**said, "measure": f"share of {of}s by tone"}
    table = _shares(items, TONES, articles, said, groups=groups, replicates=replicates, seed=seed)
    bare = _shares(items[items["hits"] == 0], TONES, articles, said, groups=groups, replicates=1, seed=seed)
    keys = [*said["by"], "category"]
    found = table[keys].merge(bare[[*keys, "n"]], on=keys, how="left")["n"]
    return table.assign(n_without=found.fillna(0).to_numpy(np.int64))


def coverage(
    mentions: pd.DataFrame,
    sentences: pd.DataFrame,
    articles: pd.DataFrame,
    *,
    variable: str | None,
    codebook: str | None = None,
    of: str = "sentence",
    by: str | Sequence[str] = "outlet",
    voice: str | Sequence[str] | None = None,
    names: bool = True,
    groups: pd.Series | None = None,
    replicates: int = 2000,
    seed: int = 0,
) -> pd.DataFrame:
    """The share of sentences (articles, headlines) with a word of the scale, and without: what the list can judge.

    Arguments as in `mean_valence`; columns as in `rates.share_of_choices`.
    """
    asked = {"variable": variable, "codebook": codebook, "of": of, "by": by, "voice": voice, "names": names}
    items, said = _shared(mentions, sentences, articles, **asked)
    items = items.assign(category=pd.array(np.where(items["hits"] > 0, WITH, WITHOUT), dtype="str"))
    said = {**said, "measure": f"share of {of}s with a word of the scale"}
    return _shares(items, (WITH, WITHOUT), articles, said, groups=groups, replicates=replicates, seed=seed)


def scores_beside(
    mentions: pd.DataFrame, sentences: pd.DataFrame, articles: pd.DataFrame, **options: object
) -> pd.DataFrame:
    """The same comparison with four scores: does the order of the levels depend on how a score is normalised?

    Args:
        options: of `mean_valence`, but score and zeros.

    Returns:
        The columns of `mean_valence` with category the score (valence; the same of sentences with a word of the scale
        alone; per 100 words; per hit) and ``rank``: 1 is the most negative level, missing where the mean is undefined.
    """
    asked = [
        ("valence", {}),
        ("valence where there is a word", {"zeros": False}),
        ("per 100 words", {"score": "per 100 words"}),
        ("per hit", {"score": "per hit"}),
    ]
    parts = [mean_valence(mentions, sentences, articles, **options, **own).assign(category=name) for name, own in asked]
    table = pd.concat(parts, ignore_index=True)
    table["rank"] = table.groupby("category", sort=False)["mean"].rank(method="min").astype("Int64")
    table.attrs = {**parts[0].attrs, "measure": "mean of several scores"}
    return table


def _shared(
    mentions: pd.DataFrame, sentences: pd.DataFrame, articles: pd.DataFrame, **asked: object
) -> tuple[pd.DataFrame, dict]:
    """What shares are of: article_id, voice, speaker, hits, valence."""
    items, said = scored_items(mentions, sentences, articles, **asked)
    if said["of"] == "article":
        items = each_article(items.assign(above=items["valence"], below=1), said["by"])
        items = items.rename(columns={"above": "valence"})
    return items, said


def _shares(
    items: pd.DataFrame, order: Sequence[str], articles: pd.DataFrame, said: dict, **drawn: object
) -> pd.DataFrame:
    """Shares of items by category, counted by `rates.share_of_choices`."""
    named = {"codebook": said["codebook"], "variable": said["variable"]}
    known = pd.DataFrame({"category": pd.array(order, dtype="str")}).assign(**named)
    # Of whole articles the voice is not one; any will do, since it was chosen before.
    absent = {column: said["voice"][0] for column in ("voice", "speaker") if column not in items}
    rows = items.assign(**absent, **named, where="body", sentence=0)
    voices = {"by": said["by"], "voice": said["voice"]}
    table = share_of_choices(rows, articles, categories=known, **named, **voices, **drawn)
    table.attrs = {**{name: asked for name, asked in table.attrs.items() if name != "where"}, **said}
    return table
