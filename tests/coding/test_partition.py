"""The coded tables of a partition: contracts, sums that must agree, and independence from how articles are parted."""

from functools import partial

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis import engine, tables
from analysis.coding.codebook import Codebook, Variable
from analysis.coding.partition import code_partition
from analysis.coding.tokens import count_words
from analysis.engine_settings import Engine
from analysis.tables import CODED

BOOK = Codebook(
    name="b",
    version="1.0.0",
    variables={"v": Variable(kind="choice", categories={"a": ["a*"], "b": ["b … a", "b"]})},
)
TEXTS = st.text(alphabet=st.sampled_from("ab .“”\n-é"), max_size=20)


def articles_of(parts):
    return (
        pd.DataFrame(parts, columns=["headline", "deck", "body"])
        .assign(article_id=[f"{number:012x}" for number in range(len(parts))])
        .astype("str")
    )


def test_words_of_voices_add_up(make_articles):
    articles = make_articles(("Two words", "One", "He said “no war” twice. War."), (None, None, ""))
    coded = code_partition(articles, [BOOK])
    counts = coded["word_counts"].groupby("voice")["n"].sum().to_dict()
    assert counts == {"headline": 3, "own": 4, "direct": 2}
    assert coded["sentences"]["n_words"].tolist() == [5, 1]
    assert count_words(articles["body"]).tolist() == [6, 0]
    first = coded["word_counts"].query("word == 'war'")
    assert first[["voice", "n"]].to_numpy().tolist() == [["own", 1], ["direct", 1]]


ARTICLES = st.tuples(st.none() | TEXTS, st.none() | TEXTS, TEXTS)


@given(st.lists(ARTICLES, max_size=5) | st.lists(ARTICLES, min_size=8, max_size=16), st.integers(1, 3))
@settings(max_examples=50, deadline=None)
def test_any_partition_gives_the_same_tables(parts, runs):
    """An example takes nearly as long with one article as with twelve: rather more articles than more examples."""
    articles = articles_of(parts)
    size = -(-len(parts) // runs) or 1
    whole = code_partition(articles, [BOOK])
    parted = [code_partition(run, [BOOK]) for run in engine.partitions(articles, size=size)]
    for name in CODED:
        tables.validate(name, whole[name])
        together = pd.concat([part[name] for part in parted], ignore_index=True)
        pd.testing.assert_frame_equal(whole[name], together)
    assert whole["sentences"]["n_words"].sum() == count_words(articles["body"]).sum()
    spoken = whole["word_counts"].query("voice != 'headline'")["n"].sum()
    assert spoken == count_words(articles["body"]).sum()


def test_processes_give_what_one_process_gives(make_articles):
    articles = make_articles(*(f"b x a, number {number}. “a”" for number in range(6)))
    runs = engine.partitions(articles, size=2)
    work = partial(code_partition, codebooks=[BOOK])
    done = [outcome for outcome in engine.run(work, runs, Engine(workers=2)) if outcome]
    assert len(done) == len(runs)
    for outcome in done:
        for name, table in work(runs[outcome.place]).items():
            pd.testing.assert_frame_equal(outcome.result[name], table)
