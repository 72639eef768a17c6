"""Europresse: own small fakes of its two layouts, whole, cut and spoiled; and the files of ../shared."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analysis.corpus.decoding import Unreadable
from analysis.corpus.readers import europresse, find_format

REAL = Path(__file__).parents[2].parent / "shared" / "data" / "exports" / "europresse"
TEXT = ["Le port de Sainte-Anne reste fermé.", "Personne ne sait pourquoi."]


def modern(n, header="Politique, {n} June 2024, p. {n}"):
    said = header.format(n=n)
    text = "".join(f"<p>{line}</p>" for line in TEXT)
    return (
        f'<article><header><img src="x.gif"/><div><span class="DocPublicationName">La Mouette   </span></div>'
        f'<div><span class="DocHeader">{said}</span></div><div><p>PORTS</p></div><div class="titreArticle">'
        f'<p class="titreArticleVisu">Le port fermé, partie {n}</p><p>Un chapeau.</p></div><div>Ada Moss</div></header>'
        f"<section><div class='DocText'><div class='docOcurrContainer'>{text}</div></div></section><aside><div><b>"
        f"Note(s) : </b></div><div><b>Illustration(s) :</b><p>Un bateau.</p></div></aside><footer><small>© 2024 "
        f"La Mouette. Tous droits réservés.</small><p>Numéro de document : news·2024060{n}·LM·00{n}</p>"
        f"<div id='divPubliC'>Ce certificat est émis à <b>X</b></div></footer></article>"
    )


def old(n):
    return (
        f'<table><tr><td><table id="tbHeaderImages"><tr><td></td></tr></table><span class="DocPublicationName">La '
        f'Mouette, no. 51{n}</span><br><span class="DocHeader">Politique, </span>'
        f'<span class="DocHeader">{n} June 2024</span><span class="DocHeader">, p. {n}</span><br><br>'
        f'PORTS<br><span class="TitreArticleVisu">Le port <span style="color:red">fermé</span>, partie {n}</span><br>'
        f"<br>Ada Moss<br><p></p>{TEXT[0]}<p></p>{TEXT[1]}<p></p><b><i>© 2024 La Mouette. Tous droits réservés.</i></b>"
        f"<p></p>Numéro de document : news·2024060{n}·LM·00{n}<br><br><table><tr><td>news·2024060{n}·LM·00{n}</td></tr>"
        f"<tr><td>Ce certificat est émis à <b>X</b></td></tr></table></td></tr></table>"
    )


def page(*articles, head=""):
    return f'<html><head><meta charset="utf-8"></head><body>{head}{"".join(articles)}</body></html>'


def split(found):
    items = list(found)
    articles = [item for item in items if "body" in item]
    return articles, [item for item in items if "reason" in item], [i["expected"] for i in items if "expected" in i]


def items_of(text):
    return split(europresse.items_of(text if isinstance(text, bytes) else text.encode(), "utf-8"))


@pytest.mark.parametrize("layout", [modern, old])
def test_both_layouts(layout, tmp_path):
    path = tmp_path / "export.html"
    path.write_text(page(*map(layout, (1, 2))), "utf-8")
    assert find_format(path)[1].module == "europresse"
    articles, rejects, _ = split(europresse.read(path, encoding="utf-8"))
    assert (len(articles), rejects) == (2, [])
    for n, article in enumerate(articles, start=1):
        assert article["headline"] == f"Le port fermé, partie {n}"
        assert (article["outlet"], article["byline"], article["section"]) == ("La Mouette", "Ada Moss", "Politique")
        assert article["published"] == dt.datetime(2024, 6, n)
        assert article["body"] == "\n\n".join(TEXT)
        assert ("kicker", "PORTS") in article["notes"]
        assert article.get("deck") == ("Un chapeau." if layout is modern else None)


@pytest.mark.parametrize(
    "header, section, date",
    [
        ("Samedi 15 juin 2024", None, dt.datetime(2024, 6, 15)),
        ("International, vendredi 14 juin 2024, p. A4", "International", dt.datetime(2024, 6, 14)),
        ("Friday, June 14, 2024, p. A4", "p. A4", dt.datetime(2024, 6, 14)),
        ("Le Monde, samedi 1 juin 2024, 12 mots, p. 3", "Le Monde", dt.datetime(2024, 6, 1)),
        ("A la une, dimanche 18 août 2024, p. 3, 4", "A la une", dt.datetime(2024, 8, 18)),
    ],
)
def test_headers(header, section, date):
    articles, _, _ = items_of(page(modern(1, header)))
    assert articles[0].get("section") == section
    assert articles[0]["published"] == date


def test_words_announced():
    articles, _, _ = items_of(page(modern(1, "Politique, 1 June 2024, 1 632 mots, p. 3")))
    assert ("body", "1632 words announced, 11 found") in articles[0]["notes"]


def test_utf8_that_is_called_latin1():
    data = page(modern(1)).replace("utf-8", "ISO-8859-1").encode()
    articles, _, _ = items_of(data)
    assert articles[0]["headline"] == "Le port fermé, partie 1"


def test_windows1252():
    articles, _, _ = items_of(page(modern(1)).replace("utf-8", "ISO-8859-1").encode("cp1252"))
    assert articles[0]["headline"] == "Le port fermé, partie 1"


@pytest.mark.parametrize(
    "head, count, names",
    [
        ("<p>Nombre de document(s) : 3</p>", 3, None),
        ("<div>3 documents</div>", 3, None),
        ("".join(f'<a href="#{n}">Le port fermé, partie {n}</a>' for n in (1, 2, 3)), 3, "Le port fermé, partie 3"),
    ],
)
def test_totals(head, count, names):
    _, _, said = items_of(page(modern(1), modern(2), head=head))
    assert said[0]["count"] == count
    assert said[0].get("names", [None])[-1] == names


@pytest.mark.parametrize("layout", [modern, old])
def test_cut_within_an_article(layout):
    whole = page(layout(1), layout(2))
    articles, rejects, said = items_of(whole[: whole.rindex("Personne")])
    assert [article["headline"] for article in articles] == ["Le port fermé, partie 1"]
    assert rejects[0]["reason"] == "the file breaks off: article 2 has no end"
    assert said == [
        {
            "count": 2,
            "by": "2 articles begin in the page",
            "names": ["Le port fermé, partie 1", "Le port fermé, partie 2"],
        }
    ]


def test_cut_between_articles():
    whole = page(modern(1), modern(2))
    articles, rejects, _ = items_of(whole[: whole.rindex("<article>")])
    assert len(articles) == 1
    assert "others may be missing" in rejects[0]["reason"]


def test_an_article_without_text_is_a_reject():
    empty = modern(2)
    empty = empty[: empty.index("<section>")] + "<section></section>" + empty[empty.index("<aside>") :]
    articles, rejects, _ = items_of(page(modern(1), empty, modern(3)))
    assert len(articles) == 2
    assert rejects == [
        {
            "source_index": 1,
            "reason": "article 2 (news·20240602·LM·002): no text",
            "headline": "Le port fermé, partie 2",
        }
    ]


def test_markup_nested_beyond_measure_spoils_no_neighbour():
    deep = modern(2).replace("<section>", "<section>" + "<div>" * 2000)
    articles, rejects, _ = items_of(page(modern(1), deep, modern(3)))
    assert [article["headline"][-1] for article in articles] == ["1", "3"]
    assert "nested" in rejects[0]["reason"]


def test_no_article():
    with pytest.raises(Unreadable, match="without an article"):
        items_of(page())


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    layout=st.sampled_from([modern, old]),
    place=st.floats(0, 1, exclude_max=True),
    put=st.binary(max_size=4),
    taken=st.integers(0, 6),
    cut=st.booleans(),
)
def test_whatever_the_bytes(layout, place, put, taken, cut):
    data = page(*map(layout, (1, 2, 3))).encode()
    at = int(place * len(data))
    try:
        articles, rejects, _ = items_of(data[:at] if cut else data[:at] + put + data[at + taken :])
    except Unreadable:
        assert cut
        return
    assert len(articles) >= 2 or cut
    assert rejects or not cut or at > len(data) - 20


@pytest.mark.skipif(not REAL.exists(), reason="needs ../shared")
@pytest.mark.parametrize("name, count", [("europresse_test1.html", 3), ("europresse_test2.html", 4)])
def test_real_files(name, count):
    articles, rejects, _ = split(europresse.read(REAL / name, encoding="utf-8"))
    assert (len(articles), rejects) == (count, [])
    assert all(article["outlet"] and article["headline"] and article["published"] for article in articles)


@pytest.mark.skipif(not REAL.exists(), reason="needs ../shared")
@pytest.mark.parametrize("name", ["europresse_test1.html", "europresse_test2.html"])
@pytest.mark.parametrize("share", [0.2, 0.5, 0.7, 0.98])
def test_truncated_real_files_say_so(name, share):
    data = (REAL / name).read_bytes()
    try:
        _, rejects, _ = items_of(data[: int(share * len(data))])
    except Unreadable as error:
        assert "broken off" in str(error)
    else:
        assert any("breaks off" in reject["reason"] for reject in rejects)
