"""The pages of the demo study's report in a real browser, opened as files: whole, quiet, usable, and for everybody."""

from __future__ import annotations

from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

DESK, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}
LARGEST = 3_000_000  # bytes of a page
# The kinds of pages that axe-core looks at: of eleven notebooks one with figures, one with words in context, one short.
LOOKED_AT = ("index", "articles", "concordance", "article-copied", "article", "01_corpus", "04_voices", "05_copies")


@pytest.fixture(scope="module")
def site(demo_report) -> Path:
    return demo_report / "reports" / "demo"


@pytest.fixture(scope="module")
def pages(site) -> dict[str, Path]:
    """Every kind of page, and every notebook's; of articles one that is copied, and another."""
    articles = sorted((site / "articles").glob("*.html"))
    copied = [file for file in articles if 'id="show-copied"' in file.read_text(encoding="utf-8")]
    assert len(copied) == 3
    other = next(file for file in articles if file not in copied)
    return {file.stem: file for file in sorted(site.glob("*.html"))} | {"article-copied": copied[0], "article": other}


@pytest.fixture
def opened(browser):
    """Opens a file in a page whose console, errors and requests are kept in ``page.heard``."""
    contexts = []

    def open_file(file: Path, *, anchor: str = "", **options):
        contexts.append(browser.new_context(**{"viewport": DESK, **options}))
        page = contexts[-1].new_page()
        page.heard = []
        page.on("console", lambda line: page.heard.append(("console", line.type, line.text)))
        page.on("pageerror", lambda error: page.heard.append(("error", str(error))))
        page.on("request", lambda asked: asked.url.startswith("data:") or page.heard.append(("request", asked.url)))
        page.goto(file.as_uri() + anchor, wait_until="load")
        return page

    yield open_file
    for context in contexts:
        context.close()


@pytest.fixture(scope="module")
def axe():
    return pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe-core is not installed").Axe()


def grave(axe, page, **options) -> list[tuple]:
    """What axe-core calls serious or critical: rule, and the first place."""
    found = axe.run(page, options={"resultTypes": ["violations"], **options}).response["violations"]
    return [(one["id"], one["nodes"][0]["html"]) for one in found if one["impact"] in ("serious", "critical")]


def test_each_page_opens_quietly_asks_for_nothing_and_is_open_to_all(opened, pages, axe, screenshots):
    for name, file in pages.items():
        assert file.stat().st_size < LARGEST, name
        page = opened(file)
        assert page.heard == [("request", file.as_uri())], name
        assert page.title(), name
        assert page.locator("main h1").count() == 1, name
        assert name not in LOOKED_AT or grave(axe, page) == [], name
        page.screenshot(path=screenshots / f"site-{name}.png")
        page.context.close()


def test_pages_are_readable_in_the_dark_and_on_a_telephone(opened, pages, axe, screenshots):
    for name in ("index", "articles", "concordance", "article-copied", "05_copies"):
        page = opened(pages[name], viewport=PHONE, color_scheme="dark")
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"], name
        red, green, blue = page.evaluate("getComputedStyle(document.body).backgroundColor.match(/\\d+/g).map(Number)")
        assert red + green + blue < 150, name
        assert grave(axe, page, runOnly=["color-contrast", "target-size"]) == [], name
        page.screenshot(path=screenshots / f"site-{name}-telephone-dark.png")
        page.emulate_media(media="print")
        assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)", name
        assert not page.locator("header, form").first.is_visible(), name


def said(page, words: str) -> None:
    """Waits until the status of the table says so (the page's own policy forbids waiting for an expression)."""
    from playwright.sync_api import expect

    expect(page.locator("#status")).to_contain_text(words)


def shown(page, column: str) -> list[str]:
    return page.locator(f"#listed tbody td.{column}").all_inner_texts()


def test_the_concordance_is_searched_filtered_sorted_and_leafed_through(opened, pages, screenshots):
    page = opened(pages["concordance"])
    status = page.locator("#status")
    assert status.inner_text() == "1,980 mentions; 1 to 50 are shown."
    assert status.get_attribute("aria-live") == "polite"
    before = shown(page, "node")
    page.get_by_role("button", name="Next").click()
    assert status.inner_text().endswith("; 51 to 100 are shown.")
    assert shown(page, "node") != before
    page.locator("select[data-filter=variable]").select_option("capital")
    assert status.inner_text() == "96 of 1,980 mentions; 1 to 50 are shown."
    assert set(shown(page, "node")) == {"Kyiv", "Kiev"}
    page.get_by_label("Rows").select_option("200")

    page.locator("th.left button").click()
    assert page.locator("th.left").get_attribute("aria-sort") == "ascending"
    nearest = [words.split()[-1].strip("“‘\"'(—–").casefold() for words in shown(page, "left") if words.strip("–")]
    firsts = [word[0] for word in nearest if word[:1].isascii() and word[:1].isalpha()]
    assert len(firsts) > 60
    assert firsts == sorted(firsts)
    page.locator("th.right button").click()
    page.locator("th.right button").click()
    assert page.locator("th.right").get_attribute("aria-sort") == "descending"
    firsts = [words[0].casefold() for words in shown(page, "right") if words[:1].isascii() and words[:1].isalpha()]
    assert len(firsts) > 60
    assert firsts == sorted(firsts, reverse=True)

    page.get_by_label("Search").fill("KIEV turns")
    said(page, "1 of")
    assert shown(page, "node") == ["Kiev"]
    page.get_by_label("Search").fill("nowhere at all")
    said(page, "None of 1,980")
    page.screenshot(path=screenshots / "site-concordance-searched.png")
    page.get_by_role("button", name="Clear").click()
    assert status.inner_text() == "1,980 mentions; 1 to 200 are shown."
    assert [one for one in page.heard if one[0] != "request"] == []


def test_an_address_says_what_is_shown_and_a_row_leads_to_its_words(opened, pages):
    page = opened(pages["concordance"], anchor="#variable=capital&sort=left&q=Kiev+turns")
    assert page.locator("#status").inner_text().startswith("1 of 1,980")
    page.locator("td.node a").click()
    page.wait_for_url("**/articles/*.html#*")
    assert page.locator(":target").inner_text() == "Kiev"
    page.get_by_role("link", name="Articles").click()
    page.get_by_label("Search").fill("kiev turns")
    said(page, "1 of 38")
    page.get_by_role("link", name="Kiev turns down peace offer").click()
    assert page.locator("h1").inner_text() == "Kiev turns down peace offer"


def test_marks_of_an_article_are_put_out_one_by_one(opened, pages):
    page = opened(pages["article-copied"])
    copied = page.locator(".text .copied").first
    line = "one => getComputedStyle(one).borderTopStyle"
    assert copied.evaluate(line) == "solid"
    page.locator("#show-copied").uncheck()
    assert copied.evaluate(line) == "none"
    tags = page.locator(".text .tag:visible")
    several = tags.count()
    page.locator("#show-q-indirect").uncheck()
    assert 0 < tags.count() < several
    page.locator("#show-labels").uncheck()
    assert tags.count() == 0


def test_by_keyboard_alone(opened, pages):
    page = opened(pages["concordance"])
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the content"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.name") == "q"
    page.keyboard.type("Putin")
    said(page, " of 1,980")
    page.locator("th.node button").focus()
    page.keyboard.press("Enter")
    assert page.locator("th.node").get_attribute("aria-sort") == "ascending"


def test_a_link_within_the_page_leaves_what_was_asked_as_it_is(opened, pages):
    page = opened(pages["concordance"])
    page.locator("input[name=q]").fill("Putin")
    said(page, " of 1,980")
    told = page.locator("#status").inner_text()
    page.locator("a.skip").focus()
    page.keyboard.press("Enter")
    page.wait_for_url(lambda address: address.endswith("#q=Putin"))
    page.evaluate("new Promise(done => setTimeout(done, 300))")
    assert page.locator("input[name=q]").input_value() == "Putin"
    assert page.locator("#status").inner_text() == told
    page.goto(pages["concordance"].as_uri() + "#variable=capital")
    said(page, "96 of 1,980")
    assert page.locator("input[name=q]").input_value() == ""


def test_without_scripts_the_first_rows_and_all_findings_stand(opened, pages):
    page = opened(pages["concordance"], java_script_enabled=False)
    assert page.locator("#listed tbody tr").count() == 50
    assert page.locator(".unscripted").is_visible()
    page = opened(pages["index"], java_script_enabled=False)
    assert page.locator(".result").count() > 40
    links = page.locator(".result .basis a[href^='concordance']")
    assert links.first.get_attribute("href") == "concordance.html#variable=capital"


def test_links_lead_somewhere(site, browser):
    context = browser.new_context()
    page = context.new_page()
    wrong = []
    for file in [*site.glob("*.html"), *sorted(site.glob("articles/*.html"))[:5]]:
        page.goto(file.as_uri(), wait_until="domcontentloaded")
        for link in page.evaluate("[...document.links].filter(one => one.protocol === 'file:').map(one => one.href)"):
            target, _, anchor = link.partition("#")
            path = Path(target.removeprefix("file://"))
            ok = path.is_file()
            if ok and anchor and path.suffix == ".html" and path.name != "concordance.html":
                ok = f'id="{anchor}"' in _read(path)
            if not ok:
                wrong.append((file.name, link))
    context.close()
    assert wrong == []


_texts: dict[Path, str] = {}


def _read(file: Path) -> str:
    if file not in _texts:
        _texts[file] = file.read_text(encoding="utf-8")
    return _texts[file]
