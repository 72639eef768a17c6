"""``samestory sample`` and ``samestory agree``, end to end: a planted error rate is found again by two coders."""

import csv
import io
import json
import shutil

import numpy as np
import pytest
import yaml
from openpyxl import load_workbook

from analysis import code, open_study
from analysis.comparison.rates import share_of_articles
from analysis.reporting.figures import draw_shares
from analysis.reporting.gallery import save_shown
from tests.conftest import called, refused, samestory

PRECISION, RECALL, PREVALENCE = 0.9, 0.7, 0.12
N_ARTICLES, N_SENTENCES, N_ITEMS = 120, 30, 400
OUTLETS = ("Upper Post", "Lower Post")
# What a reader takes for the alarm of the people, with and without the codebook's word, and the word without alarm.
ALARM, UNSEEN, FALSE, NONE = (
    "The alarm grew in street",
    "Fear grew in street",
    "An alarm clock rang in street",
    "It rained in street",
)
BOOK = {
    "name": "fears",
    "version": "1.0.0",
    "variables": {"fear": {"kind": "presence", "question": "Is fear told of?", "categories": {"alarm": ["alarm"]}}},
}


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    """3,600 sentences of which the codebook finds 70 % of the true ones, and is right in 90 % of what it finds."""
    folder = tmp_path_factory.mktemp("planted")
    random = np.random.default_rng(11)
    true = random.random((N_ARTICLES, N_SENTENCES)) < PREVALENCE
    found = random.random(true.shape) < RECALL
    wrong = random.random(true.shape) < PREVALENCE * RECALL * (1 / PRECISION - 1) / (1 - PREVALENCE)
    kinds = np.where(true, np.where(found, ALARM, UNSEEN), np.where(wrong, FALSE, NONE))
    rows = [
        {
            "outlet": OUTLETS[number % 2],
            "headline": f"Street by street, part {number}",
            "published": "2024-05-01",
            "body": " ".join(f"{kind} {number * N_SENTENCES + place}." for place, kind in enumerate(sentences)),
        }
        for number, sentences in enumerate(kinds)
    ]
    (folder / "articles.jsonl").write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    (folder / "fears.yml").write_text(yaml.safe_dump(BOOK), encoding="utf-8")
    settings = {"title": "Fear", "articles": "articles.jsonl", "codebooks": ["fears.yml"], "seed": 5}
    (folder / "study.yml").write_text(yaml.safe_dump(settings), encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def sampled(study):
    """The study with its sample, coded by two people (one in CSV, one in XLSX) who differ in five items."""
    run = samestory("sample", study, "--variable", "fear", "--n", N_ITEMS)
    assert run.returncode == 0, run.stderr
    folder = study / "validation" / "fear"
    assert run.stdout.split() == [str(folder / name) for name in ("sheet.csv", "sheet.xlsx", "key.csv")]
    with (folder / "sheet.csv").open(encoding="utf-8-sig") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        row["alarm"] = judged(row["text"])
    with (folder / "ann.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), delimiter=";")
        writer.writeheader()
        writer.writerows(rows)
    book = load_workbook(folder / "sheet.xlsx")
    sheet = book["coding"]
    heading = [cell.value for cell in sheet[1]]
    for number, row in enumerate(sheet.iter_rows(min_row=2)):
        code = judged(row[heading.index("text")].value)
        row[heading.index("alarm")].value = {"yes": "no", "no": "yes"}[code] if number % 80 == 3 else code
    book.save(folder / "ben.xlsx")
    shutil.copy(folder / "ann.csv", study / "agreed.csv")
    return folder


def judged(text):
    """What a reader says of a sentence."""
    return "yes" if text.startswith((ALARM, UNSEEN)) else "no"


def agree(*arguments):
    run = called("agree", *arguments)
    assert run.returncode == 0, run.stderr
    return list(csv.DictReader(io.StringIO(run.stdout)))


def holds(row, name, value):
    return float(row[f"{name}_low"]) <= value <= float(row[f"{name}_high"])


def test_the_sheet_is_blind(sampled):
    text = (sampled / "sheet.csv").read_text(encoding="utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert len(rows) == N_ITEMS
    assert set(rows[0]) == {"item", "before", "text", "after", "alarm", "comment"}
    assert not any(row["alarm"] for row in rows)
    assert not [outlet for outlet in OUTLETS if outlet in text]
    hits = [row["text"].startswith((ALARM, FALSE)) for row in rows]
    assert sum(hits) == N_ITEMS // 2
    assert 60 < sum(hits[: N_ITEMS // 2]) < 140, "the order tells nothing"


def test_a_planted_error_rate_is_found_again(study, sampled):
    coders = [sampled / "ann.csv", sampled / "ben.xlsx"]
    rows = agree(*coders, "--agreed", study / "agreed.csv", "--table", "validity", "--format", "csv")
    row = next(row for row in rows if row["category"] == "alarm")
    assert (row["n_items"], row["n_coders"], row["n_ties"]) == (str(N_ITEMS), "2", "0")
    assert holds(row, "precision", PRECISION)
    assert holds(row, "recall", RECALL)
    assert holds(row, "prevalence", PREVALENCE)
    assert float(row["precision_high"]) - float(row["precision_low"]) < 0.12
    assert float(row["recall_high"]) - float(row["recall_low"]) < 0.3


def test_the_prevalence_is_corrected(study, sampled):
    coders = [sampled / "ann.csv", sampled / "ben.xlsx"]
    asked = ["--agreed", study / "agreed.csv", "--study", study, "--table", "prevalence", "--format", "csv"]
    rows = agree(*coders, *asked)
    assert [row["level"] for row in rows] == [*sorted(OUTLETS), ""]
    for row in rows:
        assert float(row["low"]) <= PREVALENCE <= float(row["high"])
        assert float(row["low"]) < float(row["corrected"]) < float(row["high"])
    assert float(rows[-1]["apparent"]) < 0.11, "the machine finds too few"


def test_coders_are_compared(sampled):
    coders = [sampled / "ann.csv", sampled / "ben.xlsx"]
    (row,) = agree(*coders, "--table", "agreement", "--format", "csv")
    assert float(row["agreement"]) == pytest.approx(1 - 5 / N_ITEMS)
    assert float(row["low"]) < float(row["alpha"]) < float(row["high"]) < 1
    alone = samestory("agree", sampled / "ann.csv")
    assert alone.returncode == 0
    assert "nobody to agree with" in alone.stdout


def test_without_ties_decided_they_are_left_out_and_counted(sampled):
    rows = agree(sampled / "ann.csv", sampled / "ben.xlsx", "--table", "validity", "--format", "csv")
    assert (rows[0]["n_items"], rows[0]["n_ties"]) == (str(N_ITEMS - 5), "5")


def test_figures_carry_what_was_found(study, sampled, tmp_path, monkeypatch):
    """The figures of the demo that are committed carry it too, and those come out of a whole report."""

    def drawn(folder):
        opened = open_study(folder)
        tables = code(opened)
        table = share_of_articles(tables["mentions"], tables["articles"], variable="fear", seed=5, replicates=20)
        monkeypatch.setenv("SAMESTORY_FIGURES", str(tmp_path / "figures" / folder.name))
        said = {"caption": "Shares.", "said": "A finding."}
        save_shown(table, draw_shares, slug="frames-articles-fear", study=opened, tables=tables, **said)
        file = tmp_path / "figures" / folder.name / "frames-articles-fear.json"
        return json.loads(file.read_text(encoding="utf-8"))

    record = drawn(study)
    assert record["validation"].startswith("validated: precision .")
    assert record["validation"].endswith(f"(n = {N_ITEMS}, 2 coders)")
    assert "Validated: precision" in record["caption"]
    book = yaml.safe_load((study / "fears.yml").read_text())
    book["variables"]["fear"]["categories"]["alarm"].append("dread")
    other = tmp_path / "other"
    shutil.copytree(study, other)
    (other / "fears.yml").write_text(yaml.safe_dump(book))
    assert drawn(other)["validation"] == "not validated: the codebook has changed since it was"


def test_used_wrongly(study, sampled, tmp_path):
    assert "holds codings" in refused("sample", study, "--variable", "fear").replace("may hold", "holds")
    assert "allowed" in refused("sample", study, "--variable", "nothing")
    assert "name it with --table" in refused("agree", sampled / "ann.csv", "--format", "csv")
    lone = tmp_path / "ann.csv"
    shutil.copy(sampled / "ann.csv", lone)
    assert "there is no key" in refused("agree", lone, "--table", "validity")
    assert "it needs --study" in refused("agree", sampled / "ann.csv", "--table", "prevalence")
    broken = (sampled / "ann.csv").read_text(encoding="utf-8").replace(";yes;", ";perhaps;", 1)
    lone.write_text(broken, encoding="utf-8")
    said = refused("agree", lone)
    assert "'perhaps'" in said
    assert "allowed: yes" in said
