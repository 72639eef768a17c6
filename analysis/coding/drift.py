"""How an utterance drifts from outlet to outlet: words cut, added, replaced, moved out of quotation marks or into them.

An utterance has one row for each pair of articles that render it. Of renderings that overlap the surest pair stays; a
clause has no row where the quotations inside it have said most of it. What a fragment leaves out at its ends is not
cut, since a fragment claims nothing of it.
"""

from __future__ import annotations

import functools
from collections.abc import Sequence

import numpy as np
import pandas as pd

from analysis import tables
from analysis.coding.codebook import Codebook, read_codebook
from analysis.coding.mentions import find_mentions
from analysis.coding.renderings import QUOTED, Bodies, cut_renderings, find_pairs, read_bodies
from analysis.coding.stem_counts import StemCounts, count_stems
from analysis.coding.tokens import tokenise
from analysis.coding.utterances import SIDES, find_utterances, groups_of
from analysis.coding.word_alignment import ADDED, CUT, KEPT, REPLACED, align_read, read_words, word_spans
from analysis.study import shipped

BOOK = "loaded-words"
Hit = tuple[int, int, str, str, str]  # first character, one past the last, words, variable, category
FLOOR = 0.2  # similarity of sentences from which their renderings are compared
SURE = 0.5
WEIGHTS = ("charge", "news")  # what rows are ranked by, the largest first,
PLACES = tuple(f"{name}_{side}" for side in SIDES for name in ("article", "start", "end"))  # and then
_EDGES = ",;:!?…–—-\"'“”‘’„«»()[]"  # what is taken off words shown as replaced; a period, where it is the only one


def find_drifts(
    articles: pd.DataFrame,
    sentences: pd.DataFrame,
    quotes: pd.DataFrame,
    alignments: pd.DataFrame,
    mentions: pd.DataFrame,
    *,
    loaded: Codebook | None = None,
    floor: float = FLOOR,
    sure: float = SURE,
) -> pd.DataFrame:
    """Every utterance that two articles of one story have, as each has it: the table *drifts*.

    Args:
        articles: article_id, story, body; an article without a story is compared with nobody. sentences, quotes,
            alignments, mentions: the tables of that name.
        loaded: words with a charge; `loaded_book` gives the shipped ones.
        floor: least similarity of two sentences whose renderings are compared. sure: least similarity of a row.

    Returns:
        Ranked. Rows with a loaded word first, those where it was replaced before those where it was cut or added, and
        words in marks before others. The rest by similarity times what changed, where words cut or added count half
        (a quotation cut short is usual), marks that moved and another speaker as much as a quarter of the words,
        another class of cue as a tenth; all of it three quarters where one outlet has the words in marks, and half
        where none has. Renderings that agree in every word are rows too, at the end.
    """
    counts = count_stems(tokenise(articles["body"]))
    coded = (sentences, quotes, alignments, mentions)
    found = find_changes(articles, *coded, counts=counts, loaded=loaded, floor=floor, sure=sure)
    made = found.iloc[rank(found)].reset_index(drop=True).drop(columns=list(WEIGHTS))
    made["utterance"] = pd.factorize(made["utterance"])[0].astype(np.int64)
    return tables.validate("drifts", made)


def find_changes(
    articles: pd.DataFrame,
    sentences: pd.DataFrame,
    quotes: pd.DataFrame,
    alignments: pd.DataFrame,
    mentions: pd.DataFrame,
    *,
    counts: StemCounts,
    loaded: Codebook | None = None,
    floor: float = FLOOR,
    sure: float = SURE,
) -> pd.DataFrame:
    """What `find_drifts` returns, not ranked, of whole stories: those of a study can be compared apart.

    Args as of `find_drifts`; ``counts``: of the stems of all bodies of the study. With the columns `WEIGHTS`, by which
    `rank` puts the rows in order.
    """
    story = articles["story"].fillna(articles["article_id"])
    articles = articles[story.duplicated(keep=False).to_numpy()].reset_index(drop=True)
    place = pd.Series(np.arange(len(articles)), index=articles["article_id"])
    quotes = _placed(quotes, place).sort_values(["article", "quote"], kind="stable", ignore_index=True)
    if quotes.empty:
        return _none()
    sentences = _placed(sentences, place).sort_values(["article", "start"], kind="stable", ignore_index=True)
    alignments = _placed(alignments[(alignments["similarity"] >= floor).to_numpy()], place, "article_a")
    mentions = _placed(mentions[mentions["where"] == "body"], place)
    stories = pd.factorize(articles["story"].fillna(articles["article_id"]))[0]
    task = (articles[["article_id", "body"]], stories, sentences, quotes, alignments, mentions)
    return _of_batch(task, counts=counts, loaded=loaded or loaded_book(), sure=sure)


def rank(found: pd.DataFrame) -> np.ndarray:
    """The order of rows of `find_changes`, of which it needs `WEIGHTS` and `PLACES`: where those are alike, the places
    of both sides decide."""
    keys = [found[name].to_numpy() for name in PLACES[::-1]]
    return np.lexsort([*keys, *(-found[name].to_numpy() for name in WEIGHTS[::-1])])


def _none() -> pd.DataFrame:
    """No row of `find_changes`."""
    return tables.empty("drifts").assign(charge=np.zeros(0, np.int64), news=np.zeros(0))


def _of_batch(task: tuple, *, counts: StemCounts, loaded: Codebook, sure: float) -> pd.DataFrame:
    """The drifts among some articles, whole stories: what `find_drifts` returns, not ranked. Tables hold the rows of
    these articles alone, in order. Batches do not depend on each other."""
    articles, stories, sentences, quotes, alignments, mentions = task
    place = pd.Series(np.arange(len(articles)), index=articles["article_id"])
    sentences, quotes = (_placed(table, place).reset_index(drop=True) for table in (sentences, quotes))
    bodies = read_bodies(articles["body"].tolist(), sentences, counts)
    renderings = cut_renderings(bodies, quotes)
    near = _sentence_pairs(alignments, place, sentences, stories)
    pairs = find_pairs(bodies, renderings, near, groups_of(renderings, quotes, stories))
    kept = find_utterances(bodies, renderings, quotes, pairs, sure=sure)
    if kept.empty:
        return _none()
    table = _described(articles, bodies, quotes, kept)
    changes, row = _changes_of(table)
    table = table.assign(**pd.DataFrame([counts for counts, _, _ in changes]).iloc[row].reset_index(drop=True))
    lost = [[changes[at][1 + side] for at in row.tolist()] for side in (0, 1)]
    table = _with_loaded(table, _hits(articles, bodies, loaded), mentions, lost)
    table = table.assign(news=_news(table))[[*tables.TABLES["drifts"].columns, *WEIGHTS]]
    return table.astype({"kept": "int64", "replacements": "str"})


def loaded_book(codebooks: Sequence[Codebook] = ()) -> Codebook:
    """The codebook named ``loaded-words`` among some codebooks, or the shipped one."""
    return next((book for book in codebooks if book.name == BOOK), None) or _shipped()


@functools.cache
def _shipped() -> Codebook:
    return read_codebook(shipped("codebooks") / f"{BOOK}.yml")


def _placed(table: pd.DataFrame, place: pd.Series, column: str = "article_id") -> pd.DataFrame:
    """The rows of the articles given, with ``article``: the place of each."""
    at = place.index.get_indexer(table[column])
    return table[at >= 0].assign(article=place.to_numpy()[at[at >= 0]])


def _sentence_pairs(alignments, place, sentences, stories) -> pd.DataFrame:
    """The pairs of sentences as rows of ``sentences``, within a story."""
    known = pd.Index(_numbered(sentences["article"], sentences["sentence"]))
    rows = []
    for side in SIDES:
        article = place.index.get_indexer(alignments[f"article_{side}"])
        rows.append(known.get_indexer(_numbered(article, alignments[f"sentence_{side}"])))
    a, b = np.minimum(*rows), np.maximum(*rows)
    of = sentences["article"].to_numpy()
    use = np.flatnonzero(a >= 0)
    use = use[(of[a[use]] != of[b[use]]) & (stories[of[a[use]]] == stories[of[b[use]]])]
    similarity = alignments["similarity"].to_numpy()[use]
    return pd.DataFrame({"first": a[use], "second": b[use], "similarity": similarity})


def _numbered(article: pd.Series | np.ndarray, sentence: pd.Series) -> np.ndarray:
    """One number for an article and a sentence in it."""
    return (np.asarray(article, np.int64) << 32) | sentence.to_numpy(np.int64)


def _described(articles: pd.DataFrame, bodies: Bodies, quotes: pd.DataFrame, kept: pd.DataFrame) -> pd.DataFrame:
    """Article, place, words, marks, speaker and cue of either side, and what follows from them."""
    ids, texts = articles["article_id"].array, articles["body"].tolist()
    columns: dict[str, object] = {}
    for side in SIDES:
        first, last = kept[f"first_{side}"].to_numpy(), kept[f"beyond_{side}"].to_numpy() - 1
        # A stretch of words stands in a row for each article that has it too: its text is cut once.
        stretches, row = np.unique(np.stack([first, last], axis=1), axis=0, return_inverse=True)
        at = bodies.articles[bodies.sentence[stretches[:, 0]]].tolist()
        places = zip(at, bodies.start[stretches[:, 0]].tolist(), bodies.end[stretches[:, 1]].tolist(), strict=True)
        spans = np.array([_printed(texts[one], low, high) for one, low, high in places], np.int64).reshape(-1, 2)
        words = [texts[one][low:high] for one, (low, high) in zip(at, spans.tolist(), strict=True)]
        row = row.ravel()
        at = bodies.articles[bodies.sentence[first]]
        quote = kept[f"quote_{side}"].to_numpy()
        beside = (np.clip(bodies.sentence[first] + step, 0, len(bodies.articles) - 1) for step in (-1, 1))
        around = [np.where(bodies.articles[row] == at, row, bodies.sentence[first]) for row in beside]
        said = {
            name: np.where(quote >= 0, quotes[source].to_numpy(dtype=object, na_value=None)[quote], None)
            for name, source in (("speaker", "speaker"), ("cue", "cue_lemma"), ("class", "cue_class"))
        }
        columns |= {
            f"article_{side}": ids.take(at),
            f"from_{side}": bodies.start[bodies.bounds[around[0]]],
            f"to_{side}": bodies.end[bodies.bounds[around[1] + 1] - 1],
            f"sentence_{side}": bodies.numbers[bodies.sentence[first]],
            f"start_{side}": spans[row, 0],
            f"end_{side}": spans[row, 1],
            f"words_{side}": pd.array(words, dtype="str").take(row),
            f"marks_{side}": pd.array(kept[f"marks_{side}"].to_numpy(object), dtype="str"),
            f"speaker_{side}": pd.array(said["speaker"], dtype="str"),
            f"cue_{side}": pd.array(said["cue"], dtype="str"),
            f"class_{side}": pd.array(said["class"], dtype="str"),
        }
    table = pd.DataFrame(columns)
    quoted = [table[f"marks_{side}"].isin(QUOTED) for side in SIDES]
    moved = np.where(quoted[0] & ~quoted[1], "out", np.where(quoted[1] & ~quoted[0], "into", None))
    classed = table["class_a"].notna() & table["class_b"].notna()
    return table.assign(
        utterance=kept["utterance"].to_numpy(np.int64),
        similarity=np.clip(kept["sure"].to_numpy(), 0, 1),
        moved=pd.array(moved, dtype="str"),
        speaker_changed=kept["speaker_changed"].to_numpy(bool),
        cue_changed=(classed & (table["class_a"] != table["class_b"])).to_numpy(bool),
    )


def _printed(body: str, start: int, end: int) -> tuple[int, int]:
    """The span with signs that belong to its first and last word, and the mark that closes one opened inside."""
    while start > 0 and body[start - 1] in "$£€¥₴₽#@":
        start -= 1
    while end < len(body) and body[end] in "%‰°":
        end += 1
    inside = body[start:end]
    for opening, closing in ("“”", "«»", "‘’", '""'):
        opened = inside.count(opening) % 2 if opening == closing else inside.count(opening) > inside.count(closing)
        at = body.find(closing, end, end + 3)
        if opened and at >= 0 and not any(map(str.isalnum, body[end:at])):
            return start, at + 1
    return start, end


def _changes_of(table: pd.DataFrame) -> tuple[list[tuple], np.ndarray]:
    """`_changes` of each different pair of texts; and which of them each row has."""
    texts = pd.concat([table["words_a"], table["words_b"]])
    codes, known = pd.factorize(texts)
    pairs, row = np.unique(codes[: len(table)] * len(known) + codes[len(table) :], return_inverse=True)
    places = [word_spans(text) for text in known]
    ids: dict[str, int] = {}
    spelt = [[text[low:high] for low, high in spans] for text, spans in zip(known, places, strict=True)]
    words = read_words(spelt, ids)
    of_pairs = (divmod(pair, len(known)) for pair in pairs.tolist())
    return [_changes((places[a], places[b]), align_read(words[a], words[b], ids)) for a, b in of_pairs], row


def _changes(places: tuple[list, list], runs: list[tuple]) -> tuple[dict[str, object], tuple, tuple]:
    """Counts of words kept, cut, added, replaced; change; replacements; and the places of the words of either side
    that the other lacks, with whether others stand there: (first, beyond, replaced).

    Args:
        places: of the words of either side. runs: of `align_read`.
    """
    counts = dict.fromkeys((KEPT, CUT, ADDED, REPLACED), 0)
    lost: tuple[list, list] = ([], [])
    at = [0, 0]
    pairs = []
    for operation, *units in runs:
        counts[operation] += max(map(len, units))
        for side in (0, 1):
            size = sum(map(len, units[side]))
            if operation != KEPT:
                lost[side].extend((*place, operation == REPLACED) for place in places[side][at[side] : at[side] + size])
            at[side] += size
        if operation == REPLACED:
            pairs.append(" → ".join(" ".join(_bare(word) for unit in side for word in unit) for side in units))
    words = 2 * (counts[KEPT] + counts[REPLACED]) + counts[CUT] + counts[ADDED]
    change = 1 - 2 * counts[KEPT] / words if words else 0.0
    counts |= {"replacements": "; ".join(pairs) or None, "change": change}
    return counts, tuple(lost[0]), tuple(lost[1])


def _bare(word: str) -> str:
    """A word without the punctuation around it; acronyms keep theirs."""
    word = word.strip(_EDGES)
    return word.strip("." + _EDGES) if word.count(".") < 2 else word


def _with_loaded(table, words, mentions, lost) -> pd.DataFrame:
    """With ``loaded``, ``loaded_words`` and ``charge``: 2 where a loaded word was replaced, 1 where cut or added.

    A word is loaded on one side where it holds or meets a word that the other lacks (and that no other rendering of the
    two articles keeps), and the other has none of its category: in the rendering, where other words stand in its place;
    where none do, from the sentence before to the one behind. A label of the study's codebooks is loaded where the
    other has another label of the same variable and the book finds a charge in it: ``illegally annexed`` beside
    ``annexed``, but not Kyiv beside Kiev, or plan beside proposal.
    """
    holding = np.flatnonzero(_holding(table, words))
    labels = _labels(mentions[mentions["article_id"].isin(words)])
    columns = [[f"{name}_{side}" for name in ("article", "start", "end", "from", "to")] for side in SIDES]
    places = [table.iloc[holding][names].itertuples(index=False) for names in columns]
    rows = [
        [_Side(*place, lost[side][row], words) for side, place in enumerate(both)]
        for row, *both in zip(holding.tolist(), *places, strict=True)
    ]
    # What one row has lost may stand in another of the same two articles.
    kept = {
        (a.article, b.article, side, hit)
        for a, b in rows
        for side, own in enumerate((a, b))
        for hit in own.hits
        if not own.lost(hit)
    }
    said, charge = np.full(len(table), None, object), np.zeros(len(table), np.int64)
    for at, (a, b) in zip(holding.tolist(), rows, strict=True):
        named: list[tuple[str, Hit, bool]] = []
        for side, (own, other) in enumerate(((a, b), (b, a))):
            for hit in own.hits:
                lost_words = own.lost(hit)
                if not lost_words or (a.article, b.article, side, hit) in kept:
                    continue
                replaced = any(lost_words)
                if not _rival(hit, other.hits if replaced else other.around):
                    named.append((SIDES[side], hit, replaced))
                    continue
                # The same charge on both sides, but the study tells the labels apart.
                rivals = _meet(labels.get(other.article, ()), other.start, other.end)
                named += [
                    (SIDES[side], label, replaced)
                    for label in _meet(labels.get(own.article, ()), *hit[:2])
                    if any(rival[3] == label[3] for rival in rivals) and not _rival(label, rivals)
                ]
        told = dict.fromkeys(f"{side}: {hit[2]} ({hit[4]})" for side, hit, _ in named)
        said[at] = "; ".join(told) or None
        charge[at] = max((1 + replaced for _, _, replaced in named), default=0)
    return table.assign(loaded=charge > 0, loaded_words=pd.array(said, dtype="str"), charge=charge)


def _holding(table: pd.DataFrame, words: dict[str, list[Hit]]) -> np.ndarray:
    """Whether either rendering of each row meets a hit."""
    ids = pd.Index(list(words), dtype="str")
    hits = [(np.int64(number) << 32, hit) for number, hits in enumerate(words.values()) for hit in hits]
    begins, ends = (np.sort(np.array([number + hit[edge] for number, hit in hits], np.int64)) for edge in (0, 1))
    found = np.zeros(len(table), np.bool_)
    for side in SIDES:
        at = ids.get_indexer(table[f"article_{side}"])
        low, high = ((at.astype(np.int64) << 32) + table[f"{edge}_{side}"].to_numpy() for edge in ("start", "end"))
        met = np.searchsorted(begins, high, side="left") - np.searchsorted(ends, low, side="right")
        found |= (at >= 0) & (met > 0)
    return found


class _Side:
    """One rendering of a row: its loaded words, those of the sentences around it, and what the other side lacks."""

    def __init__(self, article, start, end, low, high, gone, words) -> None:
        found = words.get(article, ())
        self.article, self.start, self.end = article, start, end
        self.hits, self.around = _meet(found, start, end), _meet(found, low, high)
        self.gone = [(first + start, beyond + start, replaced) for first, beyond, replaced in gone]

    def lost(self, hit: Hit) -> list[bool]:
        """For each word of a hit that the other side lacks, whether others stand in its place."""
        return [replaced for first, beyond, replaced in self.gone if first < hit[1] and hit[0] < beyond]


def _rival(hit: Hit, others: list[Hit]) -> bool:
    """Whether one of the others is of its category."""
    return any(other[3:] == hit[3:] for other in others)


def _hits(articles: pd.DataFrame, bodies: Bodies, book: Codebook) -> dict[str, list[Hit]]:
    """What a codebook finds in the bodies of articles."""
    ids, texts, tokens = articles["article_id"].tolist(), articles["body"].tolist(), bodies.tokens
    found = find_mentions(tokens, bodies.gaps, [book])
    first, last = found["first"].to_numpy(), found["beyond"].to_numpy() - 1
    hits: dict[str, list[Hit]] = {}
    for text, start, end, variable, category in zip(
        tokens.texts[first].tolist(),
        tokens.starts[first].tolist(),
        tokens.ends[last].tolist(),
        found["variable"],
        found["category"],
        strict=True,
    ):
        hits.setdefault(ids[text], []).append((start, end, texts[text][start:end], variable, category))
    return hits


def _labels(mentions: pd.DataFrame) -> dict[str, list[Hit]]:
    """Mentions by article."""
    labels: dict[str, list[Hit]] = {}
    columns = ("article_id", "start", "end", "match", "variable", "category")
    for article, *hit in zip(*(mentions[name].tolist() for name in columns), strict=True):
        labels.setdefault(article, []).append(tuple(hit))
    return labels


def _meet(hits: Sequence[Hit], start: int, end: int) -> list[Hit]:
    """Those that meet a stretch of characters."""
    return [hit for hit in hits if hit[0] < end and start < hit[1]]


def _news(table: pd.DataFrame) -> pd.Series:
    """How much there is to see in each row, of those of one charge: see `find_drifts`."""
    words = 2 * (table["kept"] + table["replaced"]) + table["cut"] + table["added"]
    changed = (2 * table["replaced"] + (table["cut"] + table["added"]) / 2) / words
    changed += 0.25 * table["moved"].notna() + 0.25 * table["speaker_changed"] + 0.1 * table["cue_changed"]
    trust = 0.5 + 0.25 * sum(table[f"marks_{side}"].isin(QUOTED) for side in SIDES)
    return (trust * table["similarity"] * np.where(table["loaded"], 1, changed)).round(9)
