"""Factiva: own small fakes of its layouts, whole, cut and spoiled; and the files of ../shared."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analysis.corpus.decoding import Unreadable
from analysis.corpus.readers import factiva, find_format

REAL = Path(__file__).parents[2].parent / "shared" / "data" / "exports" / "factiva"
ROW = '<tr><td align="right" class="index"><b>{code}</b>&nbsp;</td><td>{value}</td></tr>'
LEAD = "The harbour of Port Ann stays shut."
TEXT = "Nobody knows <b>why</b>.</p><p class='articleParagraph enarticleParagraph'>IN LONDON the mayor was silent."


def number(n):
    return f"GULL00002024060{n}ek64000{n:02}"


def coded(n, **more):
    said = {
        "SE": "News",
        "HD": f"<b class='enHeadline'>Harbour shut, part {n}</b>",
        "BY": "By Ada Moss",
        "CR": "Reuters",
        "WC": "18 words",
        "PD": f"{n} June 2024",
        "ET": "10:30",
        "SN": "Gull Times",
        "SC": "GULL",
        "PG": "4",
        "LA": "English",
        "CY": "(c) 2024 Gull",
        "LP": f"<p class='articleParagraph enarticleParagraph'>{LEAD}</p>",
        "TD": f"<p class='articleParagraph enarticleParagraph'>{TEXT}</p>",
        "NS": "gcat : Political/General News",
        "AN": f"Document {number(n)}",
        **more,
    }
    rows = "".join(ROW.format(code=code, value=value) for code, value in said.items())
    return f'<div class="article enArticle"><table>{rows}</table><br/></div><br/>'


def plain(n):
    meta = ["18 words", f"{n} June 2024", "10:30", "Gull Times", "GULL", "4", "English", "(c) 2024 Gull"]
    divs = "".join(f"<div>{line}</div>" for line in meta)
    return (
        f'<div class="article enArticle"><div>News</div><div id="hd"><span class="enHeadline">Harbour shut, part {n}'
        f'</span></div><div class="author">By Ada Moss</div>{divs}<p class="articleParagraph enarticleParagraph">{LEAD}'
        f"</p><p class='articleParagraph enarticleParagraph'>{TEXT}</p><p>Document {number(n)}</p><br/></div>"
    )


def page(*articles, head="", tail=""):
    return f"<html><head><title>Factiva</title></head><body>{head}{''.join(articles)}{tail}</body></html>"


def xml(*articles, count=2):
    return (
        '<?xml version="1.0" encoding="utf-8"?><PPSResponse><ppsArticleResponse '
        f'xmlns="http://global.factiva.com/pps/2.0"><ppsarticleResultSet count="{count}">{"".join(articles)}'
        f"</ppsarticleResultSet></ppsArticleResponse></PPSResponse>"
    )


def element(n, more=""):
    return (
        f"<ppsarticle><article><accessionNo>{number(n)}</accessionNo><baseLanguage>EN</baseLanguage><byline>Ada Moss"
        f"</byline><headline><paragraph><hlt>Harbour</hlt> shut, part {n}</paragraph></headline><leadParagraph>"
        f"<paragraph>{LEAD}</paragraph></leadParagraph><publicationDate><date>2024-06-0{n}</date><time>10:30:00</time>"
        f"</publicationDate><sectionName>News</sectionName><sourceName>Gull Times</sourceName><tailParagraphs>"
        f"<paragraph>Nobody knows <hlt>why</hlt>.</paragraph><paragraph>IN LONDON the mayor was silent.{more}"
        f"</paragraph></tailParagraphs><wordCount>18</wordCount></article></ppsarticle>"
    )


def rtf(*lines):
    return (
        "{\\rtf1\\ansi{\\info{\\title Factiva RTF Display Format}}" + "".join(f"{line}\\par\n" for line in lines) + "}"
    )


def lines(n):
    return [
        f"Harbour shut, part {n}",
        "By Ada Moss",
        "18 words",
        f"{n} June 2024",
        "10:30",
        "Gull Times",
        "GULL",
        "4",
        "English",
        "(c) 2024 Gull",
        LEAD,
        "Nobody knows why.",
        "IN LONDON the mayor was silent.",
        f"Document {number(n)}",
    ]


def read(tmp_path, text, suffix=".html"):
    path = tmp_path / f"export{suffix}"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    assert find_format(path)[1].module == "factiva"
    return list(factiva.read(path, encoding="utf-8"))


def split(found):
    items = list(found)
    articles = [item for item in items if "body" in item]
    return articles, [item for item in items if "reason" in item], [i["expected"] for i in items if "expected" in i]


def check(article, n):
    assert article["headline"] == f"Harbour shut, part {n}"
    assert article["outlet"] == "Gull Times"
    assert article["published"] == dt.datetime(2024, 6, n, 10, 30)
    assert article["byline"].endswith("Ada Moss")
    assert article["language"] == "en"
    assert article["body"] == f"{LEAD}\n\nNobody knows why.\n\nIN LONDON the mayor was silent."
    assert article["notes"] == []


@pytest.mark.parametrize(
    "text, suffix",
    [
        (page(coded(1), coded(2)), ".html"),
        (page(plain(1), plain(2)), ".html"),
        (xml(element(1), element(2)), ".xml"),
        (rtf(*lines(1), *lines(2)), ".rtf"),
        ("\n".join(lines(1) + lines(2)), ".txt"),
    ],
    ids=["codes", "no codes", "xml", "rtf", "text"],
)
def test_every_layout(tmp_path, text, suffix):
    articles, rejects, _ = split(read(tmp_path, text, suffix))
    assert rejects == []
    for n, article in enumerate(articles, start=1):
        check(article, n)
        assert article["source_index"] == n - 1
    assert len(articles) == 2
    if suffix == ".html":
        assert articles[0]["section"] == "News"


def test_agency_and_other_credits(tmp_path):
    articles, _, _ = split(read(tmp_path, page(coded(1), coded(2, CR="Photo by Tom Reed"))))
    assert articles[0]["agency"] == "Reuters"
    assert "agency" not in articles[1]
    assert articles[1]["notes"] == [("credit", "Photo by Tom Reed")]


def test_codes_in_cells_of_rtf(tmp_path):
    rows = [
        ("HD", "Harbour shut, part 1"),
        ("BY", "Ada Moss"),
        ("WC", "18 Wörter"),
        ("PD", "1 June 2024"),
        ("ET", "10:30"),
    ]
    rows += [
        ("SN", "Gull Times"),
        ("LA", "Englisch"),
        ("LP", LEAD),
        ("TD", "Nobody knows why."),
        ("", "IN LONDON the mayor was silent."),
    ]
    rows += [("AN", f"Dokument {number(1)}")]
    text = "{\\rtf1\\ansi{\\info{\\title Factiva RTF Display Format}}" + "".join(
        f"\\trowd {code}\\cell {value}\\cell\\row\n".replace("ö", "\\'f6") for code, value in rows
    )
    articles, rejects, _ = split(read(tmp_path, text + "}", ".rtf"))
    assert rejects == []
    check(articles[0], 1)


def test_words_announced(tmp_path):
    articles, _, _ = split(read(tmp_path, page(coded(1, WC="1 800 mots"))))
    assert articles[0]["notes"] == [("body", "1800 words announced, 16 found")]


@pytest.mark.parametrize(
    "tail, count",
    [
        ("<table><tr><td>Results Found</td><td>3</td></tr></table>", 3),
        ("<p>12 articles</p>", 12),
        ("<table><tr><td>Results Found</td><td>4,812</td></tr></table>", None),  # of the search, not of the file
        ("<p>no total</p>", None),
    ],
)
def test_totals(tmp_path, tail, count):
    _, _, said = split(read(tmp_path, page(coded(1), coded(2), tail=tail)))
    assert [statement["count"] for statement in said] == ([count] if count else [])


def test_table_of_contents(tmp_path):
    head = "".join(f'<p><a href="#a{n}">Harbour shut, part {n}</a></p>' for n in (1, 2, 3))
    _, _, said = split(read(tmp_path, page(coded(1), coded(2), head=head)))
    assert said[0]["count"] == 3
    assert said[0]["names"][2] == "Harbour shut, part 3"


def test_cut_within_an_article(tmp_path):
    whole = page(coded(1), coded(2))
    articles, rejects, said = split(read(tmp_path, whole[: whole.rindex("LONDON")]))
    check(articles[0], 1)
    assert len(articles) == 1
    assert [reject["reason"] for reject in rejects] == ["the file breaks off: article 2 has no end"]
    assert said[-1]["count"] == 2
    assert said[-1]["names"] == ["Harbour shut, part 1", "Harbour shut, part 2"]


def test_cut_between_articles(tmp_path):
    whole = page(coded(1), coded(2))
    articles, rejects, _ = split(read(tmp_path, whole[: whole.rindex("<div class=")]))
    assert len(articles) == 1
    assert "others may be missing" in rejects[0]["reason"]


@pytest.mark.parametrize(
    "text, suffix", [(rtf(*lines(1), *lines(2)), ".rtf"), ("\n".join(lines(1) + lines(2)), ".txt")]
)
def test_cut_text(tmp_path, text, suffix):
    articles, rejects, _ = split(read(tmp_path, text[: text.rindex("Nobody")], suffix))
    assert len(articles) == 1
    assert rejects[0]["reason"] == "the file breaks off: article 2 has no end"
    assert rejects[0]["headline"] == "Harbour shut, part 2"


def test_cut_xml_is_held_to_its_count(tmp_path):
    whole = xml(element(1), element(2))
    articles, rejects, said = split(read(tmp_path, whole[: whole.rindex("LONDON")], ".xml"))
    assert len(articles) == 1
    assert number(2) in rejects[0]["reason"]
    assert said == [{"count": 2, "by": 'count="2"'}]


def test_xml_entities_are_neither_followed_nor_infectious(tmp_path):
    text = xml(element(1, "&secret;"), element(2))
    text = text.replace("<PPSResponse>", '<!DOCTYPE x [<!ENTITY secret SYSTEM "file:///etc/passwd">]><PPSResponse>', 1)
    articles, rejects, _ = split(read(tmp_path, text, ".xml"))
    assert [article["headline"] for article in articles] == ["Harbour shut, part 2"]
    assert "secret" in rejects[0]["reason"]


def test_one_broken_mark_does_not_put_two_articles_into_one(tmp_path):
    text = page(coded(1), coded(2).replace('class="article', 'klass="article'), coded(3))
    articles, _, _ = split(read(tmp_path, text))
    assert [article["headline"][-1] for article in articles] == ["1", "2", "3"]


def test_a_broken_byte_is_noted_and_spoils_no_neighbour(tmp_path):
    data = page(coded(1), coded(2, HD="<b class='frHeadline'>Hiver à l’été</b>")).encode().replace(b"\xc3\xa0", b"\xff")
    articles, _, _ = split(read(tmp_path, data))
    assert articles[1]["headline"] == "Hiver \ufffd l’été"
    assert articles[1]["notes"] == [("body", "1 character that could not be decoded")]
    check(articles[0], 1)


def test_a_page_saved_without_its_classes(tmp_path):
    bare = re.sub(r" class=(\"[^\"]*\"|'[^']*')", "", page(coded(1), coded(2)))
    items = list(read(tmp_path, bare))
    articles = [item for item in items if "body" in item]
    assert [article["headline"] for article in articles] == ["Harbour shut, part 1", "Harbour shut, part 2"]
    assert articles[1]["body"].split("\n\n") == [LEAD, "Nobody knows why.", "IN LONDON the mayor was silent."]
    cut = list(read(tmp_path, bare[: bare.rindex("IN LONDON")]))
    assert ["body" in item for item in cut if "expected" not in item] == [True, False]


@pytest.mark.parametrize("keep", [4, 7, 11, 13])
def test_text_cut_above_its_first_number(tmp_path, keep):
    (item,) = (item for item in read(tmp_path, "\n".join(lines(1)[: max(keep, 7)]), ".txt") if "expected" not in item)
    assert item["reason"].startswith("the file breaks off: article 1")
    codes = [
        "HD",
        "Harbour shut",
        "WC",
        "18 words",
        "PD",
        "1 June 2024",
        "SN",
        "Gull Times",
        "LP",
        LEAD,
        "TD",
        "Nob",
        "x",
    ]
    (item,) = (item for item in read(tmp_path, "\n\n".join(codes[: max(keep, 6)]), ".txt") if "expected" not in item)
    assert item["reason"].startswith("the file breaks off: article 1")


def test_no_article(tmp_path):
    with pytest.raises(Unreadable, match="without an article"):
        list(factiva.items_of(page().encode(), "utf-8"))


FAKES = [
    page(coded(1), coded(2), coded(3)),
    page(plain(1), plain(2)),
    xml(element(1), element(2)),
    rtf(*lines(1), *lines(2)),
]


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    fake=st.sampled_from(FAKES),
    place=st.floats(0, 1, exclude_max=True),
    put=st.binary(max_size=4),
    taken=st.integers(0, 6),
    cut=st.booleans(),
)
def test_whatever_the_bytes(fake, place, put, taken, cut):
    data = fake.encode()
    at = int(place * len(data))
    spoiled = data[:at] if cut else data[:at] + put + data[at + taken :]
    try:
        items = list(factiva.items_of(spoiled, "utf-8"))
    except Unreadable:
        return
    articles, rejects, said = split(items)
    whole = len(split(factiva.items_of(data, "utf-8"))[0])
    begun = sum(part in spoiled.decode("utf-8", "replace") for part in ("part 1", "part 2", "part 3"))
    if fake.startswith("{"):  # a brace more or less ends the document
        assert len(articles) == whole or rejects
    elif not cut:
        assert len(articles) >= whole - 1
    elif begun > len(articles):
        assert rejects or said


@pytest.mark.skipif(not REAL.exists(), reason="needs ../shared")
@pytest.mark.parametrize("name, count", [("factiva_test.html", 2), ("factiva_test.xml", 3)])
def test_real_files(name, count):
    articles, rejects, said = split(factiva.read(REAL / name, encoding="utf-8"))
    assert (len(articles), rejects) == (count, [])
    assert all(article["outlet"] and article["headline"] and article["published"] for article in articles)
    assert not said or said[0]["count"] == count


@pytest.mark.skipif(not REAL.exists(), reason="needs ../shared")
@pytest.mark.parametrize("name", ["factiva_test.html", "factiva_test.xml"])
@pytest.mark.parametrize("share", [0.2, 0.5, 0.96, 0.98, 0.995])
def test_truncated_real_files_say_so(name, share, tmp_path):
    data = (REAL / name).read_bytes()
    try:
        articles, rejects, said = split(factiva.items_of(data[: int(share * len(data))], "utf-8"))
    except Unreadable as error:
        assert "broken off" in str(error) or "without an article" in str(error)
    else:
        assert rejects or any(statement["count"] > len(articles) for statement in said) or share > 0.98
