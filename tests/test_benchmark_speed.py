"""The speed benchmark works: a small corpus, the same each time, and a table and a plot of it."""

import hashlib
import sys
import time
from collections import Counter

import pytest

from analysis.coding.tokens import tokenise
from benchmarks import profile, speed, speed_corpus, speed_jobs


def test_the_corpus_is_the_same_each_time_and_like_news(tmp_path):
    for name in ("one", "two"):
        speed_corpus.write_corpus(tmp_path / name, 60)
    bodies = speed_jobs.bodies(tmp_path / "one", 60)
    assert bodies == speed_jobs.bodies(tmp_path / "two", 60)
    assert speed_jobs.bodies(tmp_path / "one", 7) == bodies[:7]
    tokens = tokenise(bodies)
    assert 400 < len(tokens.types) / 60 < 650
    counts = Counter(tokens.folded[at] for at in tokens.fold_of[tokens.types])
    assert counts.most_common(1)[0][0] == "the" and 5_000 < len(counts) < 15_000
    text = " ".join(bodies)
    assert all(mark in text for mark in ("“", ",” ", "\n\n", "’s ", " said that ")) and not text.isascii()
    assert hashlib.sha256("\n".join(speed_corpus.words()).encode()).hexdigest()[:8] == "e932a9e4"


def test_patterns_are_different_and_of_each_kind(tmp_path):
    speed_corpus.write_corpus(tmp_path, 60)
    patterns = speed_corpus.patterns(speed_jobs.bodies(tmp_path, 60), 200)
    assert len(set(patterns)) == 200
    assert sum(" " in pattern for pattern in patterns) == 50
    assert {pattern.find("*") == 0 for pattern in patterns if "*" in pattern} == {True, False}
    speed_jobs.codebook(patterns)  # each can match


def test_the_clock_does_not_wait_for_whoever_looks_at_the_memory(monkeypatch):
    held = speed._held
    monkeypatch.setattr(speed, "_held", lambda process: time.sleep(1) or held(process))
    told = "import json; held = b'x' * 200_000_000; print(); print(json.dumps({'seconds': 1, 'mentions': len(held)}))"
    command = [sys.executable, "-c", f"import time; {told}; time.sleep(1.5)"]
    seconds, work, memory, found = speed.measure(command, runs=2)
    assert work == [1, 1] and found == {"mentions": 200_000_000}
    assert len(seconds) == 2 and all(1.5 < each < 25 for each in seconds)
    assert 200e6 < memory < 400e6
    with pytest.raises(SystemExit, match=r"exit status 3$"):
        speed.measure([sys.executable, "-c", "print(); raise SystemExit(3)"], runs=1)


def test_one_slow_look_at_the_memory_is_not_the_last(monkeypatch):
    looks = iter([(0.2, 1.0)])

    def held(process):
        seconds, size = next(looks, (0, 2.0))
        time.sleep(seconds)
        return size

    monkeypatch.setattr(speed, "_held", held)
    told = "print(json.dumps({'seconds': 1}))"
    command = [sys.executable, "-c", f"import json, time; time.sleep(1.5); {told}"]
    assert speed.measure(command, runs=1)[2] == 2.0


@pytest.mark.slow
def test_the_benchmark_writes_its_table_and_its_plot(tmp_path):
    speed.main(["--articles", "200", "--runs", "1", "--quick", "--corpus", str(tmp_path / "c"), "--out", str(tmp_path)])
    lines = (tmp_path / "speed.md").read_text(encoding="utf-8").splitlines()
    row = next(line for line in lines if line.startswith(f"| tokens, counts, {speed.FEW} patterns | 200 |"))
    assert row.endswith("| 1.0 |")
    assert any(line.startswith("| scikit-learn") for line in lines)
    assert (tmp_path / "speed.png").stat().st_size > 10_000 and (tmp_path / "speed.svg").exists()


def test_some_articles_print_others(tmp_path):
    speed_corpus.write_corpus(tmp_path, 400)
    bodies = speed_jobs.bodies(tmp_path, 400)
    starts = Counter(body[:30] for body in bodies)
    assert 10 < sum(n > 1 for n in starts.values()) < 60
    assert len(set(bodies)) == 400


def test_a_study_of_the_first_articles(tmp_path):
    speed_corpus.write_corpus(tmp_path, 40)
    found = speed_jobs.coding(tmp_path, 25, [])
    assert found["articles"] == 25 and found["quotes"] > 25 and found["word_counts"] > 25 * 100
    assert speed_jobs.coded_again(tmp_path, 25, []) == found


def test_a_profile_counts_samples_by_function(tmp_path):
    (tmp_path / "p.txt").write_text(
        "<module> (jobs.py:1);code (analysis/__init__.py:9);find (analysis/coding/matching.py:3);add (np/a.py:1) 30\n"
        "<module> (jobs.py:1);code (/x/analysis/__init__.py:7) 10\n"
        "<module> (jobs.py:1);sleep (time.py:2) 60\n",
        encoding="utf-8",
    )
    found = profile.read(tmp_path / "p.txt")
    assert found.samples == 100
    assert found.within == {"`__init__` code": 40, "`coding/matching` find": 30}
    assert found.own == {"`__init__` code": 10, "`coding/matching` find": 30}
    lines = profile.report({"before": found, "now": found}, 5).splitlines()
    assert "| `coding/matching` find | 0.1 | 0.1 | 0.1 | 0.1 |" in lines
    assert "| all | 0.5 |  | 0.5 |  |" in lines
