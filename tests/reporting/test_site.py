"""The parts of a report's pages: marked texts, ranked findings, lists that are bounded, studies without texts."""

import html
import json
import re
import xml.etree.ElementTree as ET
from base64 import b64decode, b64encode
from io import BytesIO

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from analysis import code, open_study
from analysis.lazy import Tables
from analysis.reporting import site_articles, site_browse, site_concordance, site_findings, site_shell
from analysis.reporting.pages import Finding
from analysis.reporting.site_article import NO_TEXT, article_html, grouped
from analysis.reporting.site_text import Mark, marked, paragraphs


def without_tags(said: str) -> str:
    return html.unescape(re.sub(r"<[^>]*>", "", said))


def test_marks_that_overlap_are_cut_and_those_inside_are_nested():
    outer, inner, across = Mark(0, 7, 0, "a"), Mark(2, 4, 1, "b", label="<i>!</i>"), Mark(6, 9, 1, "c", name="x")
    assert marked("abcdefghij", [inner, across, outer]) == (
        '<span class="a">ab<span class="b">cd<i>!</i></span>ef<span class="c" id="x">g</span></span>'
        '<span class="c">hi</span>j'
    )
    assert marked("a<b", [Mark(1, 2, 0, "m", tag="mark")]) == 'a<mark class="m">&lt;</mark>b'
    assert marked("abc", [Mark(0, 3, 0, "a")], start=1, end=2) == '<span class="a">b</span>'
    assert paragraphs("ab\n\ncd", [Mark(1, 5, 0, "m", name="n", label="L")]) == (
        '<p>a<span class="m" id="n">b</span></p>\n<p><span class="m">cL</span>d</p>'
    )


@given(
    st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), max_size=60),
    st.lists(st.tuples(st.integers(0, 60), st.integers(1, 20), st.integers(0, 2)), max_size=8),
)
def test_any_marks_on_any_text_are_well_formed_and_keep_every_letter(text, places):
    marks = [Mark(at, min(at + size, len(text)), rank, "m", name=f"n{n}") for n, (at, size, rank) in enumerate(places)]
    said = marked(text, [one for one in marks if one.start < one.end])
    assert without_tags(said) == text
    ET.fromstring(f"<p>{said.replace(chr(0xFFFE), '').replace(chr(0xFFFF), '')}</p>")
    names = re.findall(r'id="(n\d+)"', said)
    assert sorted(names) == sorted(one.name for one in marks if one.start < one.end)


def write_figure(folder, slug, rows, **parameters):
    table = pd.DataFrame(rows, columns=["outlet", "category", "n", "low", "high"])
    table.to_csv(folder / f"{slug}.csv", index=False)
    record = {
        "figure_id": f"{slug:0<10}"[:10],
        "caption": "Share of choices: capital. N = 1,234 choices in 38 articles. Whiskers: 95 % intervals over groups.",
        "validation": "not validated",
        "parameters": {"by": ["outlet"], "variable": "capital", "voice": ["own"], **parameters},
    }
    (folder / f"{slug}.json").write_text(json.dumps(record), encoding="utf-8")


def test_findings_are_ranked_by_the_room_between_intervals_and_say_what_they_rest_on(tmp_path):
    write_figure(tmp_path, "near", [("A", "x", 90, 0.1, 0.5), ("B", "x", 10, 0.3, 0.8)])
    write_figure(tmp_path, "far", [("A", "x", 3, 0.0, 0.1), ("B", "x", 4, 0.9, 1.0), ("B", "y", 1, np.nan, np.nan)])
    write_figure(tmp_path, "far-more", [("A", "x", 30, 0.0, 0.1), ("B", "x", 40, 0.9, 1.0)])
    said = [Finding("<p>None.</p>"), *(Finding(f"<p>{slug}.</p>", slug) for slug in ("near", "far", "far-more"))]
    found = site_findings.results([*said, Finding("<p>near.</p>", "far")], tmp_path)
    assert [one.finding.slug for one in found] == ["far-more", "far", "near", ""]
    assert [(one.apart, one.categories, one.n) for one in found] == [(1, 1, 70), (1, 1, 8), (0, 1, 100), (0, 0, 0)]
    shown = site_findings.findings_html(found, page="02_x.html", concordance=["capital"])
    first = without_tags(shown.split("</li>")[0])
    for words in (
        "capital; voice: own; N = 1,234 choices in 38 articles; 95 % intervals over groups",
        "intervals of two lie apart; not validated. Figure far-more00",
    ):
        assert words in first
    assert 'href="02_x.html#figure-far-more"' in shown
    assert 'href="concordance.html#variable=capital"' in shown
    assert "1 more finding<" in shown


def test_voices_are_said():
    assert site_findings.voice_said(["headline", "own", "direct", "indirect"]) == "all voices"
    assert site_findings.voice_said(["own", "direct"]) == "voice: own, direct"
    assert site_findings.voice_said("all") == "all voices"
    assert site_findings.voice_said(None) == ""


@pytest.mark.parametrize(("size", "kept"), [((880, 400), (440, 200)), ((440, 2000), (440, 400))])
def test_a_thumbnail_is_small_and_a_tall_one_fades_out(size, kept):
    said = BytesIO()
    Image.new("RGBA", size, "black").save(said, "PNG")
    with Image.open(BytesIO(b64decode(site_findings.thumbnail(b64encode(said.getvalue()).decode())))) as small:
        assert small.size == kept
        assert small.convert("L").getpixel((5, 5)) < 40
        assert (small.convert("L").getpixel((5, small.height - 1)) > 200) == (size[1] > 400)


def test_data_cannot_end_its_script_and_is_read_back():
    attack = "</script><!--<script>&\u2028"
    block = site_shell.data_block("rows", {"words": attack})
    inside = block.removeprefix('<script type="application/json" id="rows">').removesuffix("</script>")
    assert "<" not in inside
    assert json.loads(inside) == {"words": attack}


def test_rows_are_spread_evenly_and_small_variables_keep_all():
    table = pd.DataFrame({"n": range(1000)})
    assert site_articles.evenly(table, 3)["n"].tolist() == [0, 499, 999]
    assert site_articles.evenly(table, 1000) is table
    mentions = pd.DataFrame({"variable": ["a"] * 900 + ["b"] * 5 + ["c"] * 95})
    kept = site_concordance._fairly(mentions, 100)["variable"].value_counts()
    assert kept.to_dict() == {"b": 5, "c": 47, "a": 48}
    assert len(site_concordance._fairly(mentions, 5000)) == 1000


def test_pairs_stand_both_ways():
    pairs = pd.DataFrame({"article_a": ["x"], "article_b": ["y"], "start_a": [1], "start_b": [2], "n_words": [9]})
    both = site_articles.both_ways(pairs)
    assert both[["article_a", "article_b", "start_a", "start_b", "n_words"]].to_numpy().tolist() == [
        ["x", "y", 1, 2, 9],
        ["y", "x", 2, 1, 9],
    ]


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    """Two articles, one of them copied from the other, with a quotation."""
    folder = tmp_path_factory.mktemp("study")
    wire = (
        "Boats left the harbour of Kyiv at dawn with nobody on the pier to see them off. Rain fell on the long sheds "
        "and on two cranes that had stood idle since the spring. By noon the river was empty from bank to bank, and "
        "the men who mend nets beside the old mill had gone home to their dinners and their quarrels."
    )
    bodies = {
        "Gull": f"“Kyiv will wait,” said Jane Doe, the mayor. {wire}",
        "Tern": f"{wire} The invasion of Ukraine went on.",
    }
    rows = [
        {"outlet": name, "headline": f"{name} & Kyiv", "body": body, "published": "2024-06-14", "url": "javascript:x()"}
        for name, body in bodies.items()
    ]
    (folder / "a.jsonl").write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    (folder / "study.yml").write_text("title: T\narticles: a.jsonl\ncodebooks: [ukraine-war]\n", encoding="utf-8")
    return folder


def page_of(tables, number):
    articles = site_articles.known(tables, by="outlet")
    found = site_articles.of_articles(tables, articles)
    ids = articles["article_id"].tolist()
    article = found["articles"].iloc[number].to_dict()
    body, style = article_html(
        article, grouped(found, ids)[ids[number]], articles.set_index("article_id"), {}, paged=frozenset(ids)
    )
    return body, style, articles, found


def test_the_page_of_an_article_has_its_words_marks_quotations_and_copies(study):
    body, style, articles, _ = page_of(code(open_study(study)), 0)
    assert "<h1>Gull &amp; <mark" in body
    assert re.search(r'<span class="q direct" id="q0"><mark [^>]*>Kyiv</mark> will wait,', body)
    assert '<span class="tag by">Jane Doe</span>' in body
    assert f'<a href="{articles["article_id"][1]}.html">Tern: Tern &amp; Kyiv</a>' in body
    assert 'href="javascript' not in body
    assert "#show-v0:not(:checked)" in style
    text = without_tags(re.search(r'<section class="text".*?</section>', body, re.DOTALL).group())
    assert "Kyiv will wait,Jane Doe” said Jane Doe, the mayor. Boats left" in text
    body, _, _, _ = page_of(code(open_study(study)), 1)
    assert re.search(r'<span class="copied">Boats left .*?their quarrels<span class="hidden">', body)
    assert "A copy in its copy group. 6 of its 69 words stand in no other of them." in body


def test_a_study_without_texts_has_pages_that_say_so(study):
    tables = code(open_study(study))
    gone = pd.array([None] * 2, dtype="str")
    bare = {
        **tables,
        "articles": tables["articles"].assign(headline=gone, deck=gone, body=gone, byline=gone),
        "mentions": tables["mentions"].assign(match=pd.array([None] * len(tables["mentions"]), dtype="str")),
    }
    body, _, articles, found = page_of(Tables(bare), 0)
    assert NO_TEXT in body
    assert "harbour" not in body
    assert "<td>capital</td><td>Kyiv</td>" in body
    rows = site_concordance.places(found["mentions"], found["articles"], by="outlet")
    assert len(rows) == len(tables["mentions"])
    counts = {"mentions": len(rows), "articles": 2, "paged": 2}
    page = site_concordance.concordance_html(rows, by="outlet", **counts)
    assert "The texts are not included" in page
    assert "(none)</a>" in site_articles.articles_html(articles, articles, by="outlet")


def test_a_large_study_is_bounded_and_says_so(study):
    tables = code(open_study(study))
    articles = site_articles.known(tables, by="outlet")
    many = pd.concat([articles] * 6_000, ignore_index=True)
    many["article_id"] = pd.array([f"{n:012x}" for n in range(len(many))], dtype="str")
    paged = site_articles.evenly(many, site_articles.MOST)
    page = site_articles.articles_html(many, paged, by="outlet")
    assert "10,000 of 12,000 articles are listed" in page
    assert "1,000 of 12,000 have a page" in page
    assert len(page) < 3_000_000
    said = json.loads(re.search(r'id="rows">(.*?)</script>', page, re.DOTALL).group(1))
    assert len(said["rows"]) == site_articles.LISTED
    assert page.count("<tr>") == 1 + site_browse.SIZES[0]
    found = site_articles.of_articles(tables, articles)
    mentions = pd.concat([found["mentions"]] * 5_000, ignore_index=True)
    rows = site_concordance.places(mentions, found["articles"], by="outlet")
    assert len(rows) == site_concordance.MOST
    counts = {"mentions": len(mentions), "articles": 12_000, "paged": 2}
    page = site_concordance.concordance_html(rows, by="outlet", **counts)
    assert f"6,000 of {len(mentions):,} mentions of the 2 articles of 12,000 that have a page" in page
    assert len(page) < 3_000_000
