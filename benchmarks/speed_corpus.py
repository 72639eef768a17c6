"""The corpus of `benchmarks.speed`: articles of about 500 words, made by a seed, with the statistics of news.

Word frequencies follow Zipf and Mandelbrot, p(rank) ∝ 1 / (rank + 2.7), over a quarter of a million types: the first
hundred or so are common English words, the others are made of syllables; a part of them are names with capitals, in
accented Latin, Cyrillic, Greek, Arabic and Han, compounds with hyphens, and numbers. Words are joined to sentences and
paragraphs with commas, dashes, brackets, quotations with their speakers before or behind, and reported clauses. Which
words follow each other is chance: there is no grammar in it. One article in twenty is an agency's; others print the
greater part of one of the day, or take a few sentences from it, with some words changed. Source: Mandelbrot 1953.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

TYPES, SEED = 250_000, 20240614
MEAN_LENGTH = 450  # pieces with a space behind them: about 480 tokens
PER_FILE, PER_GROUP = 10_000, 2_500
DAYS, OUTLETS = 60, 10
PER_DAYS = 100_000  # articles in so many days: a larger corpus covers a longer time
# An article in so many is an agency's, prints one, takes some sentences of one; words of these that are changed.
_AGENCY, _PRINTS, _TAKES, _CHANGED = 0.05, 0.10, 0.10, 0.04
_COMMON = """the of to and a in that is for on was with it as he by at be from has have are not his an they were but
its this which had who will their she we or one been after more about would two also when there her over new than last
out up if into could all him some what other first can no so between during people year years week before under three
because only against government state most country talks president minister police city court war plan report part day
time group officials public four since while where should many now party right deal until million national make made
them then these those may such off set back our your my me do did does does say says week month percent"""
_FIRST = """Anna Ivo Marta Olena Piotr Samir Lucía Jürgen Chloé Tomáš Ayşe Dmytro Wei Noor Bjørn Irena Hugo Zoë Farid
Ngozi"""
_LAST = """Koval Brandt Hryn Šimek Ortega Lindqvist Okafor Demir Moreau Tanaka Petrov Vance Halloran Nagy Rossi Bielak
Quist Ferreira Aalto Dunmore"""
_ROLES = ["Mayor", "Prime Minister", "Dr.", "the spokesman", "Gen.", "Mr.", "Ms.", "Judge"]
_VERBS = ["said", "added", "told reporters", "warned", "asked", "replied"]
_ALPHABETS = (
    # share of the made words, consonants, vowels
    (
        0.90,
        "b c d f g h j k l m n p r s t v w z br ch cl dr gr pl pr sh st th tr",
        "a e i o u ai ea ou",
    ),
    (0.03, "b d ç ñ š ž k l m n r s t v", "á é í ó ö ü ø å"),
    (0.04, "б в г д ж з к л м н п р с т", "а е и і о у ї"),
    (0.015, "β γ δ κ λ μ ν π ρ σ τ", "α ε η ι ο ω"),
    (0.01, "ب ت ج د ر س ع ف ق ك ل م ن", "ا و ي"),
    (0.005, "北 东 南 西 金 李 王 山 川 田 本 大 小 海", "京 海 平 口 中 村"),
)
# What stands behind a word: mostly a space. The last two of a group end a sentence.
_INNER = [" ", ", ", "; ", " — ", " (", ") ", ": ", "’s ", " “", "” "]
_INNER_SHARES = [0.905, 0.05, 0.004, 0.005, 0.004, 0.004, 0.003, 0.015, 0.005, 0.005]


@functools.cache
def words() -> list[str]:
    """The types, from the most frequent on."""
    random = np.random.default_rng(SEED)
    common = list(dict.fromkeys(_COMMON.split()))
    alphabets = [(consonants.split(), vowels.split()) for _, consonants, vowels in _ALPHABETS]
    known = dict.fromkeys(common)
    shares = [share for share, _, _ in _ALPHABETS]
    while len(known) < TYPES:
        which = random.choice(len(_ALPHABETS), 20_000, p=shares)
        # Frequent words are short.
        most = 2 if len(known) < 1_000 else 3 if len(known) < 20_000 else 4
        syllables, shape = random.integers(1, most, 20_000, endpoint=True), random.random(20_000)
        drawn = random.integers(0, 1 << 16, (20_000, 9))
        for kind, n, form, draws in zip(
            which.tolist(), syllables.tolist(), shape.tolist(), drawn.tolist(), strict=True
        ):
            consonants, vowels = alphabets[kind]
            word = "".join(
                consonants[draws[at] % len(consonants)] + vowels[draws[at + 1] % len(vowels)]
                for at in range(0, 2 * n, 2)
            )
            if form < 0.5:
                word += consonants[draws[-1] % len(consonants)]
            if form < 0.12 or (kind and form < 0.6):
                word = word.capitalize()
            elif form > 0.96:
                word = f"{word}-{common[draws[-1] % len(common)]}"
            elif form > 0.95:
                word = str(draws[0] % 2030) if draws[1] % 2 else f"{draws[0] % 900 + 1},{draws[1] % 900 + 100}"
            known.setdefault(word)
    return list(known)[:TYPES]


@functools.cache
def _pieces() -> tuple[pa.Array, np.ndarray, dict[str, np.ndarray]]:
    """Every string that texts are joined from: words, words with a capital, what stands behind words; how likely each
    word is, summed up; and where the strings of a kind are."""
    own = words()
    speakers = [f"{first} {last}" for first in _FIRST.split() for last in _LAST.split()]
    speakers += [f"{role} {last}" for role in _ROLES for last in _LAST.split()]
    kinds = {
        "word": own,
        "first": [word[0].upper() + word[1:] for word in own],
        "inner": _INNER,
        "end": [". ", ". ", ". ", ". ", "? ", "! "],
        "closed": [f",” {verb} {who}. " if n % 2 else f",” {who} {verb}. " for n, who in enumerate(speakers)
                   for verb in _VERBS],
        "opened": [f". {who} {verb}: “" for who in speakers for verb in ("said", "told reporters")],
        "reported": [f". {who} said that " for who in speakers],
        "stop": [".” ", "!” "],
    }  # fmt: skip
    places, at = {}, 0
    for name, strings in kinds.items():
        places[name] = np.arange(at, at + len(strings))
        at += len(strings)
    strings = pa.array([string for group in kinds.values() for string in group], pa.large_string())
    share = 1 / (np.arange(1, TYPES + 1) + 2.7)
    return strings, np.cumsum(share / share.sum()), places


class _Taken(NamedTuple):
    """From which article of the group each has taken what it did not write (-1: none), and which share of it."""

    source: np.ndarray
    share: np.ndarray


def _taken(number: int, n: int) -> _Taken:
    """Who took what from whom; ``number`` says which group of articles."""
    random = np.random.default_rng((SEED, number, 2))
    kind = random.choice(4, n, p=[_AGENCY, _PRINTS, _TAKES, 1 - _AGENCY - _PRINTS - _TAKES])
    agencies = np.flatnonzero(kind == 0)
    share = np.where(kind == 1, random.uniform(0.5, 1, n), random.uniform(0.05, 0.25, n))
    if not len(agencies):
        return _Taken(np.full(n, -1), share)
    return _Taken(np.where(np.isin(kind, (1, 2)), random.choice(agencies, n), -1), share)


def bodies(number: int, n: int) -> pa.Array:
    """The bodies of so many articles; ``number`` says which."""
    random = np.random.default_rng((SEED, number))
    strings, shares, places = _pieces()
    lengths = np.maximum(40, random.lognormal(np.log(MEAN_LENGTH) - 0.08, 0.4, n)).astype(np.int64)
    total = int(lengths.sum())
    rank = np.minimum(np.searchsorted(shares, random.random(total)), TYPES - 1)
    word = places["word"][rank]
    behind = random.choice(places["inner"], total, p=_INNER_SHARES)
    # Sentences of 8 to 34 words; those of an article end with it.
    ends = np.cumsum(random.integers(8, 35, total // 8))
    ends = np.union1d(ends[ends < total], np.cumsum(lengths)) - 1
    last = np.isin(ends, np.cumsum(lengths) - 1)
    begins = np.concatenate(([0], ends[:-1] + 1))
    # How a sentence ends decides how the next begins: a quotation is opened behind the sentence before it.
    form = random.choice(5, len(ends), p=[0.72, 0.1, 0.06, 0.06, 0.06])  # plain, “…,” said, X said: “…, that, paragraph
    before = np.concatenate(([0], form[:-1]))
    before[np.concatenate(([True], last[:-1]))] = 0  # no sentence of an article before this one
    draw = functools.partial(random.choice, size=len(ends))
    behind[ends] = draw(places["end"])
    opened = form == 2
    behind[ends] = np.where(opened & ~last, draw(places["opened"]), behind[ends])
    behind[ends] = np.where((form == 3) & ~last, draw(places["reported"]), behind[ends])
    behind[ends] = np.where(before == 2, np.where(opened, behind[ends], draw(places["stop"])), behind[ends])
    behind[ends] = np.where((form == 1) & (before != 2), draw(places["closed"]), behind[ends])
    word[begins[before != 3]] = places["first"][rank[begins[before != 3]]]
    quoted = (form == 1) & (before != 2) & (before != 3)
    ids = np.stack([word, behind], axis=1)
    # A mark before a word and a paragraph's end are pieces of their own.
    extra = pa.array(["“", "\n\n", ""], pa.large_string())
    mark = np.full(total, len(strings) + 2)
    mark[begins[quoted]] = len(strings)
    paragraph = np.full(total, len(strings) + 2)
    paragraph[ends[(form == 4) & ~last]] = len(strings) + 1
    ids = np.column_stack([mark, ids, paragraph])
    plain = ends[(form == 0) & (before == 0)] + 1  # where a text can be cut
    rows, taken, bounds = _joined(lengths, plain, _taken(number, n))
    ids = ids[rows]
    changed = np.flatnonzero(taken & (ids[:, 1] < TYPES) & (random.random(len(ids)) < _CHANGED))
    ids[changed, 1] = places["word"][random.integers(30, 5_000, len(changed))]
    texts = pa.concat_arrays([strings, extra]).take(pa.array(ids.ravel()))
    # Strings that stand behind each other are one text: only where articles begin is new.
    _, offsets, data = texts.buffers()
    begins = np.frombuffer(offsets, np.int64)[4 * bounds]
    return pc.utf8_trim_whitespace(pa.LargeStringArray.from_buffers(n, pa.py_buffer(begins), data))


def _joined(lengths: np.ndarray, plain: np.ndarray, taken: _Taken) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Which pieces each article consists of: those it takes from another, then its own, in all as long as it was.

    Returns the pieces, whether each is taken, and where articles begin and end among them. ``plain``: pieces that begin
    a sentence which does not belong to the one before it.
    """
    starts = np.concatenate(([0], np.cumsum(lengths)))
    runs = []

    def cut(article: int, at: float) -> int:
        """The first plain sentence behind a place of an article; its end where there is none."""
        found = plain[np.searchsorted(plain, starts[article] + int(at)) :][:1]
        return int(min([*found, starts[article + 1]]))

    for article, (source, share) in enumerate(zip(taken.source.tolist(), taken.share.tolist(), strict=True)):
        begin, stop = int(starts[article]), int(starts[article + 1])
        if source < 0:
            runs.append((begin, begin, begin, stop))
            continue
        words = share * min(lengths[article], lengths[source])
        runs.append((int(starts[source]), cut(source, words), cut(article, words), stop))
    whole = np.array(runs).reshape(-1, 2)  # a taken run, then an own one, of each article
    sizes = whole[:, 1] - whole[:, 0]
    behind = np.cumsum(sizes)
    pieces = np.repeat(whole[:, 0] - (behind - sizes), sizes) + np.arange(behind[-1])
    return pieces, np.repeat(np.tile([True, False], len(runs)), sizes), np.concatenate(([0], behind[1::2]))


def _articles(number: int, n: int) -> pa.Table:
    """The *articles* columns that coding reads, for one group of articles."""
    random = np.random.default_rng((SEED, number, 1))
    first = number * PER_GROUP
    heads = random.integers(120, 5_000, (n, 7))
    own = words()
    headlines = [" ".join(own[at] for at in row).capitalize() for row in heads.tolist()]
    source = _taken(number, n).source
    taken = source >= 0
    day = random.integers(0, DAYS, n)
    day[taken] = day[source[taken]] + random.integers(0, 2, taken.sum())
    day += first // PER_DAYS * DAYS
    days = np.datetime64("2024-06-01", "us") + day * np.timedelta64(1, "D")
    headlines = [
        headlines[at] if at >= 0 and place % 2 else own
        for place, (at, own) in enumerate(zip(source, headlines, strict=True))
    ]
    return pa.table({
        "article_id": pa.array([f"{first + at:012x}" for at in range(n)]),
        "outlet": pa.array([f"Outlet {at}" for at in random.integers(0, OUTLETS, n).tolist()]),
        "published": pa.array(days),
        "headline": pa.array(headlines),
        "deck": pa.nulls(n, pa.string()),
        "body": bodies(number, n),
    })  # fmt: skip


def write_corpus(folder: Path, articles: int) -> list[Path]:
    """So many articles as Parquet files of 10,000, in groups of 2,500 (about 7 MB); files that are there are kept."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for begin in range(0, articles, PER_FILE):
        stop = min(begin + PER_FILE, articles)
        path = folder / f"{begin:08}-{stop:08}.parquet"
        paths.append(path)
        if path.exists():
            continue
        beside = path.with_suffix(".part")
        with pq.ParquetWriter(
            beside, _articles(0, 1).schema, compression="zstd", use_dictionary=False, write_statistics=False
        ) as writer:
            for first in range(begin, stop, PER_GROUP):
                writer.write_table(_articles(first // PER_GROUP, min(PER_GROUP, stop - first)))
        beside.rename(path)
    return paths


def patterns(bodies: list[str], n: int) -> list[str]:
    """So many different patterns: of four, one of two or three words that stand in the bodies, and three of one word.

    The first 200 are of any frequency; the others, as the words of long dictionaries, mostly of a low one. One in ten
    ends or begins with an asterisk.
    """
    own, random = words(), np.random.default_rng((SEED, n))
    phrases = iter(_phrases(bodies))
    found: dict[str, str] = {}  # case-folded, so that no two differ in case alone
    while len(found) < n:
        any_frequency = len(found) < 200
        rank = np.exp(random.uniform(np.log(30), np.log(TYPES))) if any_frequency else random.uniform(30, TYPES / 4)
        word = own[int(rank) - 1]
        kind = len(found) % 20
        if kind % 4 == 3:
            asked = next(phrases)
        elif word.isalpha() and len(word) > 5:
            asked = f"{word[:5]}*" if kind == 0 else f"*{word[-5:]}" if kind == 10 else word
        else:
            continue
        found.setdefault(asked.casefold(), asked)
    return list(found.values())


def _phrases(bodies: list[str]) -> Iterator[str]:
    """Two or three neighbouring words of the bodies, letters only, first and last no common word."""
    listed = _COMMON.split()
    common = {*listed, *map(str.capitalize, listed)}
    for number, body in enumerate(bodies):
        pieces = body.split(" ")
        for at in range(number % 5, len(pieces) - 3, 11):
            run = pieces[at : at + 2 + (at + number) % 2]
            if all(word.isalpha() for word in run) and not {run[0], run[-1]} & common:
                yield " ".join(run)
