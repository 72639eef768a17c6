"""One job of `benchmarks.speed`, alone in a process: ``python -m benchmarks.speed_jobs JOB CORPUS --articles N …``.

It prints a line of JSON: what it found, and the seconds of its own work (loading the libraries not counted; whoever
started it measures the whole). Every job is done on the bodies of the first N articles of the corpus.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import time
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from analysis.coding.codebook import Codebook
    from analysis.coding.index import Index

THREADS = 2


def groups(corpus: Path, articles: int) -> list[tuple[Path, int, int]]:
    """The row groups of the first articles: file, group, and how many rows of it."""
    import pyarrow.parquet as pq

    found = []
    for path in sorted(corpus.glob("*.parquet")):
        metadata = pq.read_metadata(path)
        for group in range(metadata.num_row_groups):
            rows = min(articles, metadata.row_group(group).num_rows)
            if rows:
                found.append((path, group, rows))
            articles -= rows
    return found


def read(group: tuple[Path, int, int], columns: list[str] | None = None):
    """A row group as an Arrow table."""
    import pyarrow.parquet as pq

    path, number, rows = group
    return pq.ParquetFile(path).read_row_group(number, columns=columns, use_threads=False).slice(0, rows)


def bodies(corpus: Path, articles: int) -> list[str]:
    """The bodies as Python strings, as the peers take them."""
    return [body for group in groups(corpus, articles) for body in read(group, ["body"])["body"].to_pylist()]


def codebook(patterns: list[str]) -> Codebook:
    """One variable of ten categories."""
    from analysis.coding.codebook import Codebook, Variable

    categories = {f"category {number}": patterns[number::10] for number in range(10)}
    return Codebook(name="speed", version="1", variables={"asked": Variable(kind="choice", categories=categories)})


def indexed(corpus: Path, articles: int) -> list[Index]:
    """An index a thread, each of its share of the files; texts are let go of as soon as they are done."""
    from analysis.coding.indexing import index_runs

    files = groups(corpus, articles)
    cuts = [len(files) * thread // THREADS for thread in range(THREADS + 1)]

    def index_share(share: list[tuple[Path, int, int]]) -> Index:
        return index_runs(read(group, ["body"])["body"] for group in share)

    with ThreadPoolExecutor(THREADS) as pool:
        return list(pool.map(index_share, [files[low:high] for low, high in pairwise(cuts)]))


def samestory(corpus: Path, articles: int, patterns: list[str]) -> dict[str, int]:
    """Tokens, per-article counts, and every mention of every pattern with its place, from texts."""
    from analysis.coding.index import merge
    from analysis.coding.indexing import article_counts
    from analysis.coding.lookup import look_up

    indexes = indexed(corpus, articles)
    merged = merge(indexes)
    counts = article_counts(indexes, merged, threads=THREADS)
    mentions = look_up(indexes, merged, [codebook(patterns)], threads=THREADS)
    tokens = sum(int(one.data.sum()) for one in counts)  # scipy would sort each row first
    return {"tokens": tokens, "types": len(merged.folded_strings), "mentions": len(mentions)}


def index(corpus: Path, articles: int, patterns: list[str]) -> dict[str, int]:
    """The same texts as index files, beside the corpus: what is asked again is asked of them."""
    from analysis.coding.index_files import write_index

    for number, one in enumerate(indexed(corpus, articles)):
        write_index(one, corpus / f"index-{articles}", f"{number:05}")
    size = sum(path.stat().st_size for path in (corpus / f"index-{articles}").iterdir())
    return {"bytes": size}


def again(corpus: Path, articles: int, patterns: list[str]) -> dict[str, int]:
    """New patterns of texts that have been indexed."""
    from analysis.coding.index_files import read_index
    from analysis.coding.lookup import look_up

    folder = corpus / f"index-{articles}"
    indexes = [read_index(folder, path.name.split(".")[0]) for path in sorted(folder.glob("*.tokens.arrow"))]
    return {"mentions": len(look_up(indexes, None, [codebook(patterns)], threads=THREADS))}


def coding(corpus: Path, articles: int, patterns: list[str]) -> dict[str, int]:
    """All that ``samestory code`` does with a study of these articles that was never read: reading, every table of each
    article, and those of all articles together; two processes."""
    from analysis import code, open_study

    study = open_study(study_of(corpus, articles))
    shutil.rmtree(study.tables_folder, ignore_errors=True)
    tables = code(study, workers=THREADS)
    return {name: tables.rows(name) for name in tables}


def coded_again(corpus: Path, articles: int, patterns: list[str]) -> dict[str, int]:
    """``samestory code`` where nothing has changed since `coding`."""
    from analysis import code, open_study

    tables = code(open_study(study_of(corpus, articles)), workers=THREADS)
    return {name: tables.rows(name) for name in tables}


def study_of(corpus: Path, articles: int) -> Path:
    """The folder of a study of the first articles, beside the corpus; made where it is not there."""
    folder = corpus / f"study-{articles}"
    if folder.exists():
        return folder
    import pyarrow.parquet as pq

    (folder / "articles").mkdir(parents=True)
    left = articles
    for path in sorted(corpus.glob("*.parquet")):
        rows = pq.read_metadata(path).num_rows
        if left >= rows:
            os.link(path, folder / "articles" / path.name)
        elif left:
            pq.write_table(pq.read_table(path).slice(0, left), folder / "articles" / path.name, compression="zstd")
        left -= min(left, rows)
    lines = ["title: Speed", "articles: articles", "codebooks: [generic-frames, vader]", "language: en"]
    (folder / "study.yml").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return folder


def sklearn(corpus: Path, articles: int, patterns: list[str]) -> dict[str, int]:
    """scikit-learn: CountVectorizer for tokens and counts, one regular expression for the places of the patterns of
    several words; those of one word and of globs are columns of the counts, without places."""
    from sklearn.feature_extraction.text import CountVectorizer

    texts = bodies(corpus, articles)
    counts = CountVectorizer(token_pattern=r"\w+(?:[-'’]\w+)*").fit_transform(texts)
    phrase = _alternatives(pattern for pattern in patterns if " " in pattern)
    places = [(number, match.span()) for number, text in enumerate(texts) for match in phrase.finditer(text)]
    return {"tokens": int(counts.sum()), "types": counts.shape[1], "mentions": len(places)}


def nltk(corpus: Path, articles: int, patterns: list[str]) -> dict[str, int]:
    """NLTK: word_tokenize (of whole texts, which needs no model of sentences), FreqDist, and one regular expression
    for the places of all patterns."""
    from nltk import FreqDist
    from nltk.tokenize import word_tokenize

    texts = bodies(corpus, articles)
    counts = [FreqDist(map(str.lower, word_tokenize(text, preserve_line=True))) for text in texts]
    asked = _alternatives(patterns)
    places = [(number, match.span()) for number, text in enumerate(texts) for match in asked.finditer(text)]
    return {"tokens": sum(one.N() for one in counts), "mentions": len(places)}


def spacy(corpus: Path, articles: int, patterns: list[str]) -> dict[str, int]:
    """spaCy: the tokeniser alone, counts by lower-case form, PhraseMatcher (which has no globs: asterisks left off)."""
    import spacy as peer
    from spacy.attrs import LOWER
    from spacy.matcher import PhraseMatcher

    blank = peer.blank("en")
    blank.max_length = 10**9
    matcher = PhraseMatcher(blank.vocab, attr="LOWER")
    matcher.add("asked", [blank.make_doc(pattern.strip("*")) for pattern in patterns])
    tokens = mentions = 0
    kept = []
    for document in blank.pipe(bodies(corpus, articles)):
        kept.append(document.count_by(LOWER))
        places = [(document[start].idx, document[stop - 1].idx) for _, start, stop in matcher(document)]
        tokens, mentions = tokens + len(document), mentions + len(places)
    return {"tokens": tokens, "mentions": mentions}


def _alternatives(patterns) -> re.Pattern[str]:
    """One expression for all, the longest first, case ignored."""
    ordered = sorted(patterns, key=len, reverse=True)
    written = "|".join(re.escape(pattern).replace(r"\*", r"\w*").replace(r"\ ", r"\s+") for pattern in ordered)
    return re.compile(rf"\b(?:{written})\b", re.IGNORECASE)


JOBS = {job.__name__: job for job in (samestory, index, again, coding, coded_again, sklearn, nltk, spacy)}


def main() -> None:
    """Do one job."""
    from analysis.memory import look_seldom

    look_seldom()  # as the command does
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("job", choices=JOBS)
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--articles", type=int, required=True)
    parser.add_argument("--patterns", type=Path, required=True, help="A file with a pattern a line.")
    asked = parser.parse_args()
    patterns = asked.patterns.read_text(encoding="utf-8").splitlines()
    begun = time.perf_counter()
    found = JOBS[asked.job](asked.corpus, asked.articles, patterns)
    print(json.dumps({"seconds": time.perf_counter() - begun, **found}))


if __name__ == "__main__":
    main()
