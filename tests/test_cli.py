"""The command line: data on standard output, errors in one line on standard error, exit status as promised."""

import csv
import io
import json
import subprocess
import sys

import pandas as pd
import pytest
import yaml

from tests.conftest import called, refused, samestory

CODEBOOK = {
    "name": "own",
    "version": "1.0.0",
    "variables": {"capital": {"kind": "choice", "categories": {"Kyiv": ["Kyiv"], "Kiev": ["Kiev"]}}},
}


LACKING = "\n\n".join(
    f"""{n} of 3 DOCUMENTS


The Gull


June {n}, 2024 Friday


Talks number {n} fail in the port


BYLINE: Ann Other

SECTION: NEWS; Pg. {n}

LENGTH: 20 words


They met in the port on day {n} and parted without a text, as officials said in the evening.


LOAD-DATE: June {n}, 2024

LANGUAGE: ENGLISH

PUBLICATION-TYPE: Newspaper

Copyright 2024 The Gull
All Rights Reserved
"""
    for n in (1, 2)
)


@pytest.fixture
def study(tmp_path):
    """A study of two articles by two outlets, with a codebook of its own."""
    folder = tmp_path / "small"
    folder.mkdir()
    rows = [
        {
            "outlet": "A",
            "headline": "On Kyiv",
            "published": "2024-06-14",
            "body": "In Kyiv, he said “Kiev” twice.\n\nYes.",
        },
        {"outlet": "B", "headline": "On Kiev", "published": "2024-06-15", "body": "Kiev, Київ and naïve Kiev’s end."},
    ]
    (folder / "articles.jsonl").write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    (folder / "own.yml").write_text(yaml.safe_dump(CODEBOOK), encoding="utf-8")
    settings = {"title": "Which name?", "articles": "articles.jsonl", "codebooks": ["own.yml"]}
    (folder / "study.yml").write_text(yaml.safe_dump(settings), encoding="utf-8")
    return folder


def change(study, **settings):
    """Write other settings into study.yml."""
    content = yaml.safe_load((study / "study.yml").read_text())
    (study / "study.yml").write_text(yaml.safe_dump({**content, **settings}))


def test_export_writes_each_format(study, tmp_path):
    run = samestory("export", study, "mentions", "--format", "csv")
    assert run.returncode == 0, run.stderr
    rows = list(csv.DictReader(io.StringIO(run.stdout)))
    assert [(row["where"], row["category"], row["voice"]) for row in rows] == [
        ("headline", "Kyiv", "headline"),
        ("body", "Kyiv", "own"),
        ("body", "Kiev", "direct"),
        ("headline", "Kiev", "headline"),
        ("body", "Kiev", "own"),
        ("body", "Kiev", "own"),
    ]
    lines = called("export", study, "articles", "--format", "jsonl").stdout.splitlines()
    articles = [json.loads(line) for line in lines]
    assert [article["published"] for article in articles] == ["2024-06-14", "2024-06-15"]
    assert articles[0]["deck"] is None
    assert articles[1]["body"] == "Kiev, Київ and naïve Kiev’s end."
    out = tmp_path / "deep" / "mentions.parquet"
    assert called("export", study, "mentions", "--format", "parquet", "--out", out).stdout == ""
    assert len(pd.read_parquet(out)) == 6


def test_kwic_shows_the_words_around(study):
    run = samestory("kwic", study, "kiev", "--window", "1")
    assert run.returncode == 0, run.stderr
    assert [line.split("  ")[0] for line in run.stdout.splitlines()] == ["A", "B", "B", "B"]
    assert "said “ [Kiev] ” twice" in run.stdout
    assert "4 places in 2 of 2 articles" in run.stderr
    row = json.loads(called("kwic", study, "naïve kiev's", "--format", "jsonl").stdout)
    assert (row["match"], row["voice"]) == ("naïve Kiev’s", "own")


def test_read_and_code_say_what_they_did(study):
    run = samestory("read", study)
    assert run.stdout.startswith("2 items found = 2 articles + 0 rejects")
    run = samestory("code", study)
    assert dict(reversed(line.split()) for line in run.stdout.splitlines())["mentions"] == "6"
    assert len(list((study / "tables" / "mentions").glob("*.parquet"))) == 1


def test_nothing_is_coded_again_unless_something_changed(study):
    called("code", study)
    (file,) = (study / "tables" / "mentions").iterdir()
    before = file.stat().st_mtime_ns
    called("code", study)
    assert file.stat().st_mtime_ns == before
    book = {**CODEBOOK, "variables": {"capital": {"kind": "choice", "categories": {"Kiev": ["Kiev"]}}}}
    (study / "own.yml").write_text(yaml.safe_dump(book))
    read_before = (study / "tables" / "articles.parquet").stat().st_mtime_ns
    assert len(called("export", study, "mentions").stdout.splitlines()) == 1 + 4
    assert (study / "tables" / "articles.parquet").stat().st_mtime_ns == read_before
    assert not file.exists()


def test_bad_items_are_rejects_with_reasons_and_the_others_are_kept(study):
    folder = study / "pages"
    folder.mkdir()
    good = (
        "A headline that is long enough to be one\n\nThe first paragraph of this page has words enough to be a body. "
        "It has two sentences.\n\nThe second paragraph goes on, as second paragraphs do, and then it ends.\n"
    )
    (folder / "good.txt").write_text(good, encoding="utf-8")
    (folder / "twin.txt").write_text(good, encoding="utf-8")
    (folder / "empty.txt").write_text("")
    (folder / "binary.txt").write_bytes(b"\x89PNG\r\n\x1a\n\x00\x00\x01")
    (folder / "latin.txt").write_bytes("Un titre assez long\n\nDéjà vu.".encode("latin-1"))
    (folder / "film.mp4").write_bytes(b"0000")
    change(study, articles=["articles.jsonl", "pages"])
    run = called("read", study)
    assert run.returncode == 0, run.stderr
    assert run.stdout.startswith("8 items found = 3 articles + 5 rejects")
    for file, reason in [
        ("empty.txt", "empty"),
        ("binary.txt", "binary"),
        ("latin.txt", "UTF-8"),
        ("film.mp4", ".mp4 files are not read; readable are "),
        ("twin.txt", "duplicate of pages/good.txt"),
    ]:
        line = next(line for line in run.stdout.splitlines() if f"reject  pages/{file}" in line)
        assert reason.lower() in line.lower(), line
    run = called("export", study, "mentions")
    assert run.returncode == 0
    assert "5 of 8 items rejected; samestory read" in run.stderr


def test_read_prints_what_each_source_holds(study):
    (study / "more.csv").write_text("outlet,title,text\nA,On Kyiv,Nothing.\n,x,Something.\nA,x\n", encoding="utf-8")
    change(study, articles=["articles.jsonl", "more.csv"])
    lines = [line.split() for line in samestory("read", study, "--workers", "2").stdout.splitlines()]
    assert lines[1] == ["source", "format", "expected", "read", "rejected", "duplicates", "undated", "outletless"]
    assert lines[2] == ["articles.jsonl", "JSON", "Lines", "–", "2", "0", "0", "0", "0"]
    assert lines[3] == ["more.csv", "CSV", "–", "2", "1", "0", "2", "1"]
    assert lines[4] == ["total", "of", "2", "–", "4", "1", "0", "2", "1"]


def test_a_source_that_holds_less_than_it_says_is_a_failure(study):
    """A list of e-mail exports that says three, of which one is cut off."""
    change(study, articles=["articles.jsonl", "export.txt"])
    (study / "export.txt").write_text(LACKING, encoding="utf-8")
    run = samestory("read", study)
    assert run.returncode == 1, run.stdout
    assert [line for line in run.stderr.splitlines() if line.startswith("samestory: export.txt: missing 1 of 3")]
    assert "export.txt" in run.stdout
    run = called("read", study, "--allow-missing")
    assert run.returncode == 0
    assert "samestory: export.txt: missing 1 of 3" in run.stderr
    run = called("code", study)
    assert run.returncode == 0
    assert "1 sources do not hold just what they say; samestory read" in run.stderr


def test_read_lists_what_was_doubtful(study):
    records = [
        {"outlet": "theguardian.com", "body": "In Kyiv.", "published": "03/04/2024"},
        {"outlet": "Daily Bugle", "body": "In Kiev.", "published": "soon", "language": "fr"},
        {"outlet": "Daily Bugel", "body": "At Kyiv."},
    ]
    (study / "articles.jsonl").write_text("\n".join(map(json.dumps, records)), encoding="utf-8")
    lines = [line.strip() for line in called("read", study).stdout.splitlines() if line.startswith("  doubt ")]
    assert [line.removeprefix("doubt").strip() for line in lines] == [
        "outlet 'theguardian.com' (1) is taken for The Guardian",
        "outlet Daily Bugel is not taken for Daily Bugle, which looks alike",
        "outlet Daily Bugle is not taken for Daily Bugel, which looks alike",
        "published '03/04/2024' can be 2024-03-04 or 2024-04-03: articles.jsonl, item 0",
        "published 'soon' is not used: articles.jsonl, item 1",
        "language 'fr' the text is too short to tell: articles.jsonl, item 1",
    ]


def test_what_files_are_called_cannot_command_the_terminal(study):
    records = [{"outlet": "\x1b[2J\x1b]0;x\x07Gull", "body": "In Kyiv."}, {"\x1b[31m": 1}]
    (study / "articles.jsonl").write_text("\n".join(map(json.dumps, records)), encoding="utf-8")
    run = called("read", study)
    assert "\N{REPLACEMENT CHARACTER}[2J" in run.stdout
    assert "\x1b" not in run.stdout + run.stderr


def test_a_study_without_articles(study):
    (study / "articles.jsonl").write_text("")
    change(study, articles="articles.jsonl")
    assert "no article could be read" in refused("export", study, "mentions")
    change(study, articles="absent/*.txt")
    assert "absent/*.txt" in refused("read", study)


def test_wrong_use_is_one_line(study, tmp_path):
    assert "no study here" in refused("code", tmp_path / "nowhere", run=samestory)
    assert "there is no table 'mention'; allowed: articles" in refused("export", study, "mention")
    assert "No such option" in refused("export", study, "mentions", "--formt", "csv")
    assert "csv" in refused("export", study, "mentions", "--format", "xml")
    assert "can never match" in refused("kwic", study, "a; b")
    assert "window is -2" in refused("kwic", study, "kiev", "--window", "-2")
    change(study, compare="country")
    assert "'country'" in refused("code", study)
    change(study, compare="outlet", compere="x")
    assert "unknown key 'compere'" in refused("code", study)


def test_a_wrong_codebook_is_one_line(study):
    for categories, said in ({"a": []}, "is empty"), ({"a": ["x", "x"]}, "stands twice"):
        book = {**CODEBOOK, "variables": {"v": {"kind": "choice", "categories": categories}}}
        (study / "own.yml").write_text(yaml.safe_dump(book))
        assert said in refused("code", study)


def test_debug_shows_the_traceback(study):
    run = samestory("export", study, "mention", "--debug")
    assert run.returncode != 0
    assert "Traceback" in run.stderr


def test_new_makes_a_study_that_runs(tmp_path, study):
    folder = tmp_path / "made"
    run = samestory("new", folder, "--articles", study / "articles.jsonl", "--codebook", "generic-frames")
    assert run.returncode == 0, run.stderr
    assert called("read", folder).stdout.startswith("2 items found = 2 articles")
    assert "there is a study already" in refused("new", folder, "--articles", study / "articles.jsonl")


@pytest.mark.parametrize("command", ["new", "read", "code", "report", "export", "kwic", "explore"])
def test_every_command_has_help_with_an_example(command):
    run = called(command, "--help")
    assert run.returncode == 0
    assert f"Example: samestory {command}" in " ".join(run.stdout.split())


def test_a_closed_pipe_is_no_error(study):
    command = f"'{sys.executable}' -m analysis.cli export '{study}' word_counts | head -1"
    run = subprocess.run(["bash", "-o", "pipefail", "-c", command], capture_output=True, text=True, check=False)
    assert run.stderr == ""
    assert run.stdout.startswith("article_id")


def test_keyness_scores_a_frequency_list(tmp_path):
    """Values of Rayson and Garside's measure and of Evert's, as published (see tests/comparison/test_scores.py)."""
    rows = "word,n_target,n_reference,size_target,size_reference\nnull,52,57,50000,75000\nnan,148,54,43002,108539\n"
    (tmp_path / "counts.csv").write_text(rows, encoding="utf-8")
    run = samestory(
        "keyness", "--counts", tmp_path / "counts.csv", "--format", "jsonl", "--tests", "1", "--types", "9437"
    )
    assert run.returncode == 0, run.stderr
    first, second = (json.loads(line) for line in run.stdout.splitlines())
    assert (first["word"], second["word"]) == ("null", "nan")
    assert round(first["log_likelihood"], 4) == 2.6517
    assert round(first["percent_diff"], 3) == 36.842
    assert round(second["lrc"], 4) == 2.3316
    assert round(second["log_odds_z"], 4) == 12.1759
    scores = (
        "log_likelihood g2 chi2 log_ratio log_ratio_walter lrc percent_diff bic relative_risk odds_ratio simple_maths"
    )
    assert {*scores.split(), "log_odds", "log_odds_z"} <= set(first)


def test_keyness_of_a_study(study):
    run = called("keyness", study, "--target", "outlet=A", "--min-count", "1")
    assert run.returncode == 0, run.stderr
    header = run.stdout.splitlines()[0].split(",")
    assert header[:3] == ["word", "n_target", "n_reference"]
    assert "p_adjusted" in header
    assert "adjusted for" in run.stderr


def test_keyness_used_wrongly(study, tmp_path):
    refused("keyness")
    refused("keyness", study, "--target", "outlet")
    refused("keyness", study, "--target", "outlet=Nobody")
    (tmp_path / "bad.csv").write_text("word,n_target\nx,1\n", encoding="utf-8")
    refused("keyness", "--counts", tmp_path / "bad.csv")
