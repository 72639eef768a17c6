"""LexisNexis and Nexis Uni: own small fakes of their layouts, whole, cut, and spoiled."""

from __future__ import annotations

import datetime as dt
import io
import random
import textwrap
from pathlib import Path

import docx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.corpus.readers import nexis
from analysis.corpus.readers.kinds import HEAD

WORDS = ["council", "of", "small", "harbour", "town", "met", "on", "old", "quay", "and", "boats", "nets", "rain", "tar"]
REAL = Path(__file__).parents[2].parent / "shared" / "data" / "exports"
WIDTH = 78


def text(seed: int, words: int = 40) -> str:
    """A sentence of ``words`` words of its own."""
    draw = random.Random(seed)
    return " ".join([f"Item{seed}", *(draw.choice(WORDS) for _ in range(words - 2)), "ends."])


def read(path: Path, data: bytes | str) -> tuple[dict | None, list[dict]]:
    """The statement of a file and its items; what is known of every item is checked on the way."""
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    stated, items = None, []
    for item in nexis.read(path, encoding="utf-8"):
        if "expected" in item:
            assert stated is None, "stated twice"
            stated = item["expected"]
        else:
            assert item["source_index"] == len(items)
            assert ("reason" in item) != ("body" in item)
            items.append(item)
    return stated, items


def missing(stated: dict, items: list[dict]) -> list[str]:
    """The names of what the statement has and no item is numbered as."""
    numbers = {item.get("number") for item in items}
    return [name for n, name in enumerate(stated["names"], start=1) if n not in numbers]


def centred(*lines: str) -> str:
    return "\n".join(line.center(WIDTH + 2).rstrip() for line in lines)


def old(number: int, of: int, *, words: int = 80) -> str:
    """A document of the old layout as plain text, 78 characters wide."""
    body = "\n\n".join(textwrap.fill(text(number * 100 + n, words // 2), WIDTH) for n in range(2))
    return "\n\n".join(
        (
            centred(f"{number} of {of} DOCUMENTS"),
            "",
            centred("The Harbour Mail (Leith)"),
            centred(f"March {number}, 2012 Thursday", "Edition 1;", "Scotland"),
            f"Headline {number} of the harbour town",
            "BYLINE: ANN OTHER",
            f"SECTION: NEWS; Pg. {number}",
            f"LENGTH: {words} words",
            f"\n{body}",
            "LOAD-DATE: March 9, 2012",
            "LANGUAGE: ENGLISH",
            "GRAPHIC: A boat at the quay\nPA",
            "PUBLICATION-TYPE: Newspaper",
            "JOURNAL-CODE: HAR",
            "\n" + centred("Copyright 2012 Harbour Papers Ltd.", "All Rights Reserved"),
            "",
        )
    )


COVER = (
    "\ufeff\n\nDownload Request: Selected Items: 1-{n}\nTime Of Request: Friday, March 20, 2018  16:51:31\n\n"
    "Send To:\n\nA HOUSE\n\n\nTerms: (harbour)\n\n\nSource: The Harbour Mail\nProject ID: None\n\n\n"
)


def old_file(numbers: range | list[int], of: int = 10, *, cover: bool = True) -> str:
    return (COVER.format(n=of) if cover else "") + "".join(old(n, of) for n in numbers)


def paragraphs(number: int, *, name: str = "Headline {n} of the harbour town", words: int = 80) -> list[str]:
    """A document of Nexis Uni, a paragraph an entry."""
    return [
        "",
        name.format(n=number),
        "The Harbour Mail(Leith)",
        f"July {number}, 2019 Monday 9:20 AM GMT",
        "",
        "\nCopyright 2019 Harbour Papers Ltd. All Rights Reserved",
        "\n",
        f"Section:\xa0NEWS; Version:{number}",
        f"Length:\xa0{words} words",
        "Byline:\xa0Ann Other",
        "Highlight:\xa0What the council said",
        "Body",
        "",
        "",
        text(number * 10, words // 2),
        "",
        text(number * 10 + 1, words // 2),
        "Graphic",
        " ",
        "A boat at the quay, PA",
        "Classification",
        "",
        "Language:\xa0ENGLISH",
        "\nPublication-Type:\xa0Newspaper",
        "\nJournal Code:\xa0HAR",
        "\nSubject:\xa0BOATS (89%); FISHING (70%)",
        "\nLoad-Date:\xa0July 4, 2019",
        "",
        "\nEnd of Document",
        "",
    ]


NAMES = ["Nets dry on the quay", "A ferry turns back", "Rain stops the market", "The mayor buys a boat", "Tar is dear"]


def cover(names: list[str], word: str = "Documents") -> list[str]:
    head = [
        "",
        "User Name: Ann",
        "Date and Time: Friday, 5. July 2019 09:31:00 CEST",
        "Job Number: 1",
        f"{word} ({len(names)})",
    ]
    for n, name in enumerate(names, start=1):
        head += [
            f"{n}. {name}; A deck that only the list has",
            "Client/Matter: -None-",
            "Search Terms: boat",
            "Search Type: Natural Language ",
        ]
        head += [
            "Narrowed by: ",
            "",
            "Content Type",
            "Narrowed by",
            "News",
            "Sources: The Harbour Mail(Leith); Content Type: News",
            "",
        ]
    return head


def uni(places: list[int], *, words: int = 80, lists: bool = True) -> list[str]:
    found = [line for n in places for line in paragraphs(n, name=NAMES[n - 1], words=words)]
    return (cover(NAMES) if lists else []) + found


def as_docx(lines: list[str]) -> bytes:
    document = docx.Document()
    for line in lines:
        document.add_paragraph(line)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def as_rtf(lines: list[str]) -> bytes:
    escaped = [line.replace("\n", "\\line ").encode("cp1252", "replace") for line in lines]
    escaped = [b"".join(bytes([c]) if c < 128 else b"\\'%02x" % c for c in line) for line in escaped]
    return b"{\\rtf1\\ansi\\ansicpg1252\n" + b"\n".join(line + b"\\par" for line in escaped) + b"}"


def as_html(documents: list[str], *, count: int, top: str = "") -> str:
    style = ".c0 { text-align: center; }\n.c5 { text-align: left; }\n.c8 { font-weight: bold; color: #000000; }"
    pages = "".join(
        f'<A NAME="DOC_ID_0_{n}"></A><!-- Hide XML section from browser\n<DOC NUMBER={n + 1}>\n<DOCFULL> -->\n'
        f"{document}<!-- Hide XML section from browser\n</DOCFULL>\n</DOC> -->\n"
        for n, document in enumerate(documents)
    )
    head = (
        f'<HTML><HEAD><STYLE TYPE="text/css"><!--\n{style}\n--></STYLE><META TOPIC="null" DOCUMENTS="{count}" /></HEAD>'
    )
    return f"{head}<BODY>{top}{pages}</BODY></HTML>"


def html_page(number: int, of: int) -> str:
    def field(name: str, value: str) -> str:
        spans = f'<SPAN CLASS="c8">{name}: </SPAN><SPAN CLASS="c2">{value}</SPAN>'
        return f'<BR><DIV CLASS="c5"><P CLASS="c6">{spans}</P>\n</DIV>\n'

    def middle(value: str) -> str:
        return f'<BR><DIV CLASS="c0"><P CLASS="c1"><SPAN CLASS="c2">{value}</SPAN></P>\n</DIV>\n'

    return (
        middle(f"{number} of {of} DOCUMENTS")
        + middle("Le Port")
        + middle(f'<SPAN CLASS="c4">{number}</SPAN> April 2013 Tuesday')
        + f'<BR><DIV CLASS="c5"><P CLASS="c6"><SPAN CLASS="c7">Titre {number};<BR>suite du titre</SPAN></P></DIV>'
        + field("AUTEUR", "Jean Port")
        + field("RUBRIQUE", "PORTS; Pg. 3")
        + field("LONGUEUR", "12 mots")
        + field("ENCART", "Le chapeau")
        + '<BR><DIV CLASS="c5"><P CLASS="c9"><SPAN CLASS="c2">Le bateau est \n rentr&eacute; au </SPAN>'
        + '<SPAN CLASS="c4">port</SPAN>.</P>\n'
        + '<P CLASS="c9"><SPAN CLASS="c2">Il pleut sur le quai.</SPAN></P></DIV>\n'
        + field("SUJET", "PORT (90%); PLUIE (88%)")
        + field("DATE-CHARGEMENT", "13 April 2013")
        + field("LANGUE", "FRENCH; FRANCAIS")
        + field("TYPE-PUBLICATION", "Journal")
        + middle("Copyright 2013 Le Port SA<BR>Tous Droits R&eacute;serv&eacute;s")
    )


# --- what a whole file gives


def test_old_text_gives_every_part_and_nothing_else(tmp_path: Path) -> None:
    stated, items = read(tmp_path / "a.txt", old_file(range(1, 11)))
    assert (stated["count"], stated["by"]) == (10, "Selected Items: 1-10")
    assert not missing(stated, items)
    for n, item in enumerate(items, start=1):
        assert item == {
            "source_index": n - 1,
            "number": n,
            "notes": [],
            "headline": f"Headline {n} of the harbour town",
            "outlet": "The Harbour Mail (Leith)",
            "published": dt.datetime(2012, 3, n),
            "byline": "ANN OTHER",
            "section": f"NEWS; Pg. {n}",
            "language": "en",
            "body": f"{text(n * 100)}\n\n{text(n * 100 + 1)}",
        }


@pytest.mark.parametrize("container", [as_docx, as_rtf, lambda lines: "\n".join(lines).encode()])
def test_nexis_uni_gives_every_part_and_nothing_else(tmp_path: Path, container) -> None:
    data = container(uni([1, 2, 3, 4, 5]))
    stated, items = read(tmp_path / "a", data)
    assert (stated["count"], stated["by"]) == (5, "Documents (5)")
    assert not missing(stated, items)
    for n, item in enumerate(items, start=1):
        assert item == {
            "source_index": n - 1,
            "number": n,
            "notes": [],
            "headline": NAMES[n - 1],
            "deck": "What the council said",
            "outlet": "The Harbour Mail(Leith)",
            "published": dt.datetime(2019, 7, n, 9, 20),
            "byline": "Ann Other",
            "section": f"NEWS; Version:{n}",
            "language": "en",
            "body": f"{text(n * 10)}\n\n{text(n * 10 + 1)}",
        }
    assert nexis.sniff(data[:HEAD], tmp_path / "a")


def test_html_gives_every_part_and_nothing_else(tmp_path: Path) -> None:
    data = as_html([html_page(n, 3) for n in (1, 2, 3)], count=3)
    stated, items = read(tmp_path / "a.html", data)
    assert (stated["count"], stated["by"]) == (3, 'DOCUMENTS="3"')
    for n, item in enumerate(items, start=1):
        assert item == {
            "source_index": n - 1,
            "number": n,
            "notes": [],
            "headline": f"Titre {n}; suite du titre",
            "deck": "Le chapeau",
            "outlet": "Le Port",
            "published": dt.datetime(2013, 4, n),
            "byline": "Jean Port",
            "section": "PORTS; Pg. 3",
            "language": "fr",
            "body": "Le bateau est rentré au port.\n\nIl pleut sur le quai.",
        }
    assert nexis.sniff(data.encode()[:HEAD], tmp_path / "a.html")


@pytest.mark.parametrize(
    "behind, bodies, rejects", [("<BODY>", 0, 1), ("Il pleut", 2, 1), ("Titre 3", 2, 1), ("DOCFULL> -->", 2, 1)]
)
def test_html_that_breaks_off(tmp_path: Path, behind: str, bodies: int, rejects: int) -> None:
    whole = as_html([html_page(n, 3) for n in (1, 2, 3)], count=3)
    data = whole[: whole.rindex(behind) + len(behind) + 5]
    assert nexis.sniff(data.encode()[:HEAD], tmp_path / "a.html")
    stated, items = read(tmp_path / "a.html", data)
    assert stated["count"] == 3
    assert sum("body" in item for item in items) == bodies
    assert sum("breaks off" in item.get("reason", "") for item in items) == rejects


def test_html_a_page_that_the_archive_could_not_show_is_a_reject(tmp_path: Path) -> None:
    said = "We are sorry but there is an error in this document and it is not possible to display it."
    sorry = f'<BR><DIV CLASS="c5"><P>{said}</P></DIV>'
    stated, items = read(tmp_path / "a.html", as_html([html_page(1, 3), sorry, html_page(3, 3)], count=3))
    assert ["reason" in item for item in items] == [False, True, False]
    assert items[1]["reason"].startswith("document 2: no article, the archive says: We are sorry")
    assert not missing(stated, items)


def test_html_unknown_bold_labels_are_no_text(tmp_path: Path) -> None:
    page = html_page(1, 1).replace("TYPE-PUBLICATION", "ORIGINE-NOUVELLE")
    _, items = read(tmp_path / "a.html", as_html([page], count=1))
    assert items[0]["body"] == "Le bateau est rentré au port.\n\nIl pleut sur le quai."


OLDER = f"""
                               1 of 1 DOCUMENT


                   Copyright 2001 The Harbour Mail Company
                              The Harbour Mail

                 March 11, 2001, Sunday, Late Edition - Final

SECTION: Section A; Page 8; Column 1; Foreign Desk

LENGTH: 40 words

HEADLINE: BOATS AND NETS: THE QUAY;
A Town Waits

BYLINE:  By ANN OTHER

DATELINE: LEITH, March 10

 BODY:
{textwrap.indent(textwrap.fill("  " + text(1, 20), 70), "  ")}

{textwrap.fill("    " + text(2, 20), 70)}

URL: http://www.example.org

GRAPHIC: Photos: A boat at the quay. (Ann Other)

Map of the harbour.

LOAD-DATE: March 11, 2001
"""
SHOW = """
                               3 of 3 DOCUMENTS


                                  HARBOUR TV

                     SHOW: THE QUAY TONIGHT 10:00 PM EST

                            January 11, 2010 Monday

                           TRANSCRIPT: 011101HT.V84

SECTION: NEWS; Domestic

LENGTH: 23 words

HEADLINE: Boats in the Rain

BYLINE: Ann Other

GUESTS: Bob Builder

HIGHLIGHT:
What the mayor said of the boats.

 BODY:

   ANN OTHER, ANCHOR: Good evening. NOTE: it rains.

   QUESTION: Does it rain?

   BUILDER: It rains on the boats and on the nets, I say.

LOAD-DATE: January 12, 2010

LANGUAGE: ENGLISH

TYPE: Show

                     Copyright 2010 Harbour Network
                              All Rights Reserved
"""
WIRE = """
                               1 of 1 DOCUMENT


                      Harbour Press State & Local Wire

These materials may not be republished without the express written consent of
                                Harbour Press

                         March 10, 2003, Monday, BC cycle

11:20 PM Eastern Time

Ferry turns back in storm

BYLINE: By ANN OTHER, Harbour Press Writer

SECTION: State and Regional

LENGTH: 7 words

DATELINE: LEITH

The ferry turned back in the storm.

LOAD-DATE: March 11, 2003

LANGUAGE: ENGLISH
"""
GERMAN = """
                              Dokument 1 von 1



                              Hafenbote Altona

                           11. Januar 2010 Montag
                                Hauptausgabe

Boote im Regen;
Wie der Hafen wartet

AUTOR: Anna Andere

RUBRIK: LOKALES; S. 3

LÄNGE: 9 Wörter

HIGHLIGHT: Der Kai bleibt leer.

Der Regen fällt auf die Boote und Netze.

UPDATE: 12. Januar 2010

SPRACHE: GERMAN; DEUTSCH

GRAFIK: Ein Boot am Kai

PUBLICATION-TYPE: Zeitung


                        Copyright 2010 Hafenbote GmbH
                           Alle Rechte Vorbehalten
"""


@pytest.mark.parametrize(
    ("printed", "wanted"),
    [
        (
            OLDER,
            {
                "outlet": "The Harbour Mail",
                "headline": "BOATS AND NETS: THE QUAY; A Town Waits",
                "byline": "By ANN OTHER",
                "published": dt.datetime(2001, 3, 11),
                "section": "Section A; Page 8; Column 1; Foreign Desk",
                "body": f"{text(1, 20)}\n\n{text(2, 20)}",
            },
        ),
        (
            SHOW,
            {
                "outlet": "HARBOUR TV",
                "headline": "Boats in the Rain",
                "byline": "Ann Other",
                "published": dt.datetime(2010, 1, 11),
                "section": "NEWS; Domestic",
                "deck": "What the mayor said of the boats.",
                "language": "en",
                "body": "ANN OTHER, ANCHOR: Good evening. NOTE: it rains.\n\nQUESTION: Does it rain?\n\n"
                "BUILDER: It rains on the boats and on the nets, I say.",
            },
        ),
        (
            WIRE,
            {
                "outlet": "Harbour Press State & Local Wire",
                "headline": "Ferry turns back in storm",
                "byline": "By ANN OTHER, Harbour Press Writer",
                "published": dt.datetime(2003, 3, 10, 23, 20),
                "section": "State and Regional",
                "language": "en",
                "body": "The ferry turned back in the storm.",
            },
        ),
        (
            GERMAN,
            {
                "outlet": "Hafenbote Altona",
                "headline": "Boote im Regen; Wie der Hafen wartet",
                "byline": "Anna Andere",
                "published": dt.datetime(2010, 1, 11),
                "section": "LOKALES; S. 3",
                "deck": "Der Kai bleibt leer.",
                "language": "de",
                "body": "Der Regen fällt auf die Boote und Netze.",
            },
        ),
    ],
    ids=["copyright on top", "broadcast", "wire", "German"],
)
def test_other_old_layouts(tmp_path: Path, printed: str, wanted: dict) -> None:
    stated, items = read(tmp_path / "a.txt", printed)
    assert len(items) == 1
    assert {name: value for name, value in items[0].items() if name in wanted} == wanted
    assert not {"deck", "url", "correction"} & (set(items[0]) - set(wanted))
    assert nexis.sniff(printed.encode(), tmp_path / "a.txt")
    assert stated["count"] in (1, 3)


LOCAL = {
    "German": (
        [
            "Dokumente (1)",
            "Rubrik: LOKALES",
            "Länge: 9 Wörter",
            "Autor: Anna Andere",
            "Volltext",
            "Montag 1. Juli 2019",
        ],
        ["Klassifizierung", "Sprache: GERMAN; DEUTSCH", "Ladedatum: 2. Juli 2019", "Ende des Dokuments"],
    ),
    "French": (
        ["Documents (1)", "Rubrique: PORTS", "Longueur: 9 mots", "Auteur: Jean Port", "Corps", "lundi 1 juillet 2019"],
        ["Classification", "Langue: FRENCH; FRANÇAIS", "Date de chargement: 2 juillet 2019", "Fin du document"],
    ),
    "Polish dates": (
        ["Documents (1)", "Section: PORTY", "Length: 9 words", "Byline: Jan Port", "Body", "1 lipca 2019 poniedziałek"],
        ["Classification", "Language: POLISH; POLSKI", "Load-Date: 2 lipca 2019", "End of Document"],
    ),
}


@pytest.mark.parametrize("language", LOCAL)
def test_nexis_uni_in_other_languages(tmp_path: Path, language: str) -> None:
    (count, section, length, byline, body, date), tail = LOCAL[language]
    lines = [
        count,
        "1. Ein Titel",
        "",
        "Ein Titel",
        "Hafenbote",
        date,
        "",
        "Copyright 2019 Hafenbote",
        "",
        section,
        length,
        byline,
    ]
    lines += [body, "", "Der Regen fällt auf die Boote und Netze.", tail[0], "", *tail[1:]]
    stated, items = read(tmp_path / "a.docx", as_docx(lines))
    assert stated["count"] == 1
    assert items[0]["published"] == dt.datetime(2019, 7, 1)
    assert (items[0]["headline"], items[0]["outlet"]) == ("Ein Titel", "Hafenbote")
    assert items[0]["body"] == "Der Regen fällt auf die Boote und Netze."
    assert items[0]["section"] == section.split(": ")[1]
    assert nexis.sniff((tmp_path / "a.docx").read_bytes()[:HEAD], tmp_path / "a.docx")


@pytest.mark.parametrize(
    ("first", "wanted"), [("21/03/2012", dt.datetime(2012, 4, 5)), ("03/21/2012", dt.datetime(2012, 5, 4))]
)
def test_the_order_of_numeric_dates_is_that_of_the_others(tmp_path: Path, first: str, wanted: dt.datetime) -> None:
    whole = old_file([1, 2], 2).replace("March 1, 2012 Thursday", first).replace("March 2, 2012 Thursday", "05/04/2012")
    _, items = read(tmp_path / "a.txt", whole)
    assert items[1]["published"] == wanted


def test_a_list_of_files_of_their_own_is_no_loss(tmp_path: Path) -> None:
    stated, items = read(tmp_path / "Files (5)_doclist.DOCX", as_docx(cover(NAMES)))
    assert stated is None
    assert "list of 5 documents" in items[0]["reason"]


@pytest.mark.parametrize("container", [as_docx, as_rtf])
def test_the_old_layout_in_a_word_processor(tmp_path: Path, container) -> None:
    lines = [" ".join(line.split()) for line in "".join(old(n, 2) for n in (1, 2)).split("\n")]
    stated, items = read(tmp_path / "a", container(lines))
    assert stated["count"] == 2
    assert [item["headline"] for item in items] == [f"Headline {n} of the harbour town" for n in (1, 2)]
    assert [item["outlet"] for item in items] == ["The Harbour Mail (Leith)"] * 2
    assert all("boat at the quay" not in item["body"] and "Copyright" not in item["body"] for item in items)


def test_breaks_that_the_export_did_not_make_are_kept(tmp_path: Path) -> None:
    long = textwrap.fill(text(5, 60), WIDTH)
    table = "Leith 3 boats\nOban 2 boats"
    page = old(1, 1).replace("\n\nLOAD-DATE", f"\n\n{long}\n\n{table}\n\nLOAD-DATE", 1)
    _, items = read(tmp_path / "a.txt", page)
    assert items[0]["body"].endswith(f"\n\n{text(5, 60)}\n\n{table}")


def test_labels_within_a_text_stay_in_it(tmp_path: Path) -> None:
    inside = "SUBJECT: boats, he wrote.\n\nUPDATE: The ferry is back.\n\nNOTE: It rains.\n\n" + textwrap.fill(
        text(8, 90), WIDTH
    )
    _, items = read(tmp_path / "a.txt", old(1, 1).replace("\n\nLOAD-DATE", f"\n\n{inside}\n\nLOAD-DATE", 1))
    for part in ("SUBJECT: boats, he wrote.", "UPDATE: The ferry is back.", "NOTE: It rains.", text(8, 90)):
        assert part in items[0]["body"]
    assert "LOAD-DATE" not in items[0]["body"]


def test_page_lines_and_repeated_titles_are_no_text(tmp_path: Path) -> None:
    lines = paragraphs(1, name="A long headline of the harbour town")
    lines[0:1] = ["Page 2 of 9", "A long headline of the harb....", ""]
    place = (
        lines.index(text(11))
        if text(11) in lines
        else next(n for n, line in enumerate(lines) if line.startswith("Item11"))
    )
    lines[place:place] = ["Page 3 of 9", "A long headline of the harb....", ""]
    _, items = read(tmp_path / "a.docx", as_docx(lines))
    assert items[0]["headline"] == "A long headline of the harbour town"
    assert items[0]["body"] == f"{text(10)}\n\n{text(11)}"


# --- loss


@pytest.mark.parametrize("with_cover", [True, False])
def test_text_cut_behind_the_sixth_names_the_others(tmp_path: Path, with_cover: bool) -> None:
    stated, items = read(tmp_path / "a.txt", old_file(range(1, 7), cover=with_cover))
    assert [item["number"] for item in items] == [1, 2, 3, 4, 5, 6]
    assert all("body" in item for item in items)
    assert missing(stated, items) == [f"document {n} of 10" for n in (7, 8, 9, 10)]


def test_text_cut_within_the_seventh_rejects_it_by_name(tmp_path: Path) -> None:
    whole = old_file(range(1, 11))
    stated, items = read(tmp_path / "a.txt", whole[: whole.index("Item701") - 30])
    assert [item["number"] for item in items if "body" in item] == [1, 2, 3, 4, 5, 6]
    assert items[6]["number"] == 7
    assert items[6]["headline"] == "Headline 7 of the harbour town"
    assert "breaks off" in items[6]["reason"]
    assert "80 words" in items[6]["reason"]
    assert missing(stated, items) == [f"document {n} of 10" for n in (8, 9, 10)]


def test_text_cut_within_the_last_one_rejects_it(tmp_path: Path) -> None:
    whole = old_file(range(1, 4), 3)
    _, items = read(tmp_path / "a.txt", whole[: whole.index("Item301") - 30])
    assert ["body" in item for item in items] == [True, True, False]


@pytest.mark.parametrize("lost", [1, 4, 10])
def test_text_that_lost_one_names_it(tmp_path: Path, lost: int) -> None:
    stated, items = read(tmp_path / "a.txt", old_file([n for n in range(1, 11) if n != lost]))
    assert missing(stated, items) == [f"document {lost} of 10"]


@pytest.mark.parametrize("mark", ["", "4 xf 10 DOCUMENTS"])
def test_a_lost_mark_costs_no_article(tmp_path: Path, mark: str) -> None:
    whole = old_file(range(1, 11))
    stated, items = read(tmp_path / "a.txt", whole.replace("4 of 10 DOCUMENTS", mark))
    assert not missing(stated, items)
    assert [item["headline"] for item in items] == [f"Headline {n} of the harbour town" for n in range(1, 11)]
    assert all(item["outlet"] == "The Harbour Mail (Leith)" for item in items)
    assert items[2]["body"] == f"{text(300)}\n\n{text(301)}"


def test_one_wrong_total_does_not_make_a_loss(tmp_path: Path) -> None:
    stated, items = read(tmp_path / "a.txt", old_file(range(1, 11), cover=False).replace("8 of 10 DOC", "8 of 383 DOC"))
    assert stated["count"] == 10
    assert not missing(stated, items)


@pytest.mark.parametrize(("right", "wrong"), [("4 of 10 DOC", "9 of 10 DOC"), ("7 of 10 DOC", "1 of 10 DOC")])
def test_one_wrong_number_does_not_make_a_loss(tmp_path: Path, right: str, wrong: str) -> None:
    stated, items = read(tmp_path / "a.txt", old_file(range(1, 11), cover=False).replace(right, wrong))
    assert stated["count"] == 10
    assert [item["number"] for item in items] == list(range(1, 11))


def test_a_share_of_a_longer_result_is_whole(tmp_path: Path) -> None:
    stated, items = read(tmp_path / "a.txt", old_file(range(51, 101), 237, cover=False))
    assert stated["count"] == 50
    assert not missing(stated, items)


def test_two_exports_in_one_file_are_counted_each(tmp_path: Path) -> None:
    stated, items = read(tmp_path / "a.txt", old_file([1, 3], 3, cover=False) + old_file([1, 2], 2, cover=False))
    assert stated["count"] == 5
    assert missing(stated, items) == ["document 2 of 3"]


@pytest.mark.parametrize(
    ("places", "gone"), [([1, 2, 3], [4, 5]), ([1, 2, 4, 5], [3]), ([2, 3, 4, 5], [1]), ([], [1, 2, 3, 4, 5])]
)
def test_nexis_uni_names_from_its_list_what_is_missing(tmp_path: Path, places: list[int], gone: list[int]) -> None:
    stated, items = read(tmp_path / "a.docx", as_docx(uni(places)))
    assert len(items) == len(places)
    assert [name.split(";")[0] for name in missing(stated, items)] == [NAMES[n - 1] for n in gone]


def test_nexis_uni_cut_within_a_document_rejects_it(tmp_path: Path) -> None:
    lines = uni([1, 2, 3, 4, 5])
    cut = next(n for n, line in enumerate(lines) if line.startswith("Item41"))
    stated, items = read(tmp_path / "a.docx", as_docx(lines[:cut]))
    assert ["body" in item for item in items] == [True, True, True, False]
    assert items[3]["headline"] == NAMES[3]
    assert "breaks off" in items[3]["reason"]
    assert [name.split(";")[0] for name in missing(stated, items)] == [NAMES[4]]


def test_nexis_uni_says_when_the_missing_one_is_in_doubt(tmp_path: Path) -> None:
    lines = uni([1, 2, 4, 5])
    lines = [line.replace(NAMES[3], "Quite another thing") if ";" not in line else line for line in lines]
    stated, items = read(tmp_path / "a.docx", as_docx(lines))
    (name,) = missing(stated, items)
    assert name.startswith((NAMES[2], NAMES[3]))
    assert name.endswith("(in doubt: headlines of 3 to 4 differ from the list)")


@pytest.mark.parametrize("keeps", [[], [1, 4]])
def test_lost_end_marks_cost_no_article(tmp_path: Path, keeps: list[int]) -> None:
    lines = [
        line for n in range(1, 6) for line in paragraphs(n, name=NAMES[n - 1]) if "End of" not in line or n in keeps
    ]
    stated, items = read(tmp_path / "a.docx", as_docx(cover(NAMES) + lines))
    assert not missing(stated, items)
    assert [item["headline"] for item in items] == NAMES
    assert [item["body"] for item in items] == [f"{text(n * 10)}\n\n{text(n * 10 + 1)}" for n in range(1, 6)]


def test_nexis_uni_lines_that_are_neither_headline_nor_text(tmp_path: Path) -> None:
    lines = paragraphs(1)
    lines[2:2] = ["Correction Appended"]
    lines += [
        "",
        "| About LexisNexis | Privacy Policy | Terms & Conditions | Copyright © 2019 LexisNexis",
        "Printed by Ann",
    ]
    _, items = read(tmp_path / "a.docx", as_docx(lines))
    assert len(items) == 1
    assert items[0]["headline"] == "Headline 1 of the harbour town"
    assert items[0]["body"] == f"{text(10)}\n\n{text(11)}"
    assert items[0]["notes"] == [("body", "behind the article: Printed by Ann")]


def test_fewer_words_than_stated_are_noted(tmp_path: Path) -> None:
    page = old(1, 1).replace("LENGTH: 80 words", "LENGTH: 500 words")
    _, items = read(tmp_path / "a.txt", page)
    assert items[0]["notes"] == [("length", "500 words stated, 80 words are there")]


def test_text_behind_the_end_is_noted(tmp_path: Path) -> None:
    _, items = read(tmp_path / "a.txt", old(1, 1).rstrip() + "\n\nA line that somebody wrote beneath.\n")
    assert items[0]["notes"] == [("body", "behind the article: A line that somebody wrote beneath.")]


@pytest.mark.parametrize("bad", [b"\xff", b"\x00"])
def test_a_broken_byte_costs_one_article(tmp_path: Path, bad: bytes) -> None:
    data = old_file(range(1, 11)).encode()
    place = data.index(b"Item401") + 60
    stated, items = read(tmp_path / "a.txt", data[:place] + bad + data[place + 1 :])
    assert [item["number"] for item in items if "reason" in item] == [4]
    assert "not text" in items[3]["reason"]
    assert not missing(stated, items)


def test_windows_1252_is_read_where_nothing_is_utf_8(tmp_path: Path) -> None:
    _, items = read(tmp_path / "a.txt", GERMAN.encode("cp1252"))
    assert items[0]["body"] == "Der Regen fällt auf die Boote und Netze."


# --- what is and is not an export


@pytest.mark.parametrize(
    "other",
    [
        "A plain article about a length of rope.\n\nIt has two paragraphs.",
        "LENGTH: 3 words\n\nA poem: by me.",
        "<html><body><p>1 of 10 things to do</p></body></html>",
        "headline,body\nA,B\n",
        "",
    ],
)
def test_other_files_are_left_to_others(tmp_path: Path, other: str) -> None:
    path = tmp_path / "a"
    path.write_text(other)
    assert not nexis.sniff(other.encode(), path)
    assert not nexis.sniff(as_docx([other]), path)


def test_a_single_document_without_any_mark_is_known(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    page = old(1, 1).split("\n", 1)[1]
    assert nexis.sniff(page.encode(), path)
    stated, items = read(path, page)
    assert stated is None
    assert (items[0]["headline"], items[0]["outlet"]) == ("Headline 1 of the harbour town", "The Harbour Mail (Leith)")


def test_a_field_behind_a_label_can_be_kept(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text(old(1, 1))
    items = [item for item in nexis.read(path, encoding="utf-8", keep="journal_code") if "body" in item]
    assert items[0]["journal_code"] == "HAR"


SOURCES = [
    old_file(range(1, 4), 3).encode(),
    as_html([html_page(n, 3) for n in (1, 2, 3)], count=3).encode(),
    as_rtf(uni([1, 2, 3])),
    "\n".join(uni([1, 2, 3])).encode(),
    as_docx(uni([1, 2, 3])),
]


@settings(max_examples=120, deadline=None)
@given(st.data())
def test_no_mutation_is_an_error(tmp_path_factory: pytest.TempPathFactory, data: st.DataObject) -> None:
    source = bytearray(data.draw(st.sampled_from(SOURCES)))
    for _ in range(data.draw(st.integers(1, 6))):
        place, what = (
            data.draw(st.integers(0, len(source) - 1)),
            data.draw(st.sampled_from(["flip", "cut", "drop", "twice"])),
        )
        if what == "flip":
            source[place] = data.draw(st.integers(0, 255))
        elif what == "cut" and place > 20:
            del source[place:]
        elif what == "drop":
            del source[place : place + data.draw(st.integers(1, 2000))]
        else:
            source[place:place] = source[place : place + data.draw(st.integers(1, 2000))]
        if not source:
            source = bytearray(b"x")
    path = tmp_path_factory.getbasetemp() / "mutated"
    path.write_bytes(source)
    nexis.sniff(bytes(source[:HEAD]), path)
    try:
        read(path, bytes(source))
    except nexis.Unreadable as error:
        assert str(error)


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=400))
def test_any_text_goes_through(tmp_path_factory: pytest.TempPathFactory, any_text: str) -> None:
    path = tmp_path_factory.getbasetemp() / "any.txt"
    page = old(1, 1).replace("\n\nLOAD-DATE", f"\n\n{any_text}\n\nLOAD-DATE", 1)
    try:
        read(path, page.encode("utf-8", "surrogatepass"))
    except nexis.Unreadable as error:
        assert str(error)


# --- the exports that were given


@pytest.mark.skipif(not REAL.is_dir(), reason="no ../shared/data/exports here")
@pytest.mark.parametrize(
    ("name", "count", "read_"),
    [
        ("nexis_uni/sample.TXT", 10, 10),
        ("nexis_uni/sample.DOCX", 10, 10),
        ("lexisnexis_html/lexisnexis_test_fr.html", 3, 3),
        ("lexisnexis_html/lexisnexis_test_copyright_error.html", 2, 1),
        ("lexisnexis_html/lexisnexis_test_en.html", 146, 2),
    ],
)
def test_exports(name: str, count: int, read_: int) -> None:
    path = REAL / name
    assert nexis.sniff(path.read_bytes()[:HEAD], path)
    found = list(nexis.read(path, encoding="utf-8"))
    articles = [item for item in found if "body" in item]
    assert found[0]["expected"]["count"] == count
    assert len(articles) == read_
    assert all(item.get("outlet") and item.get("published") for item in articles)
    for item in articles:
        for sign in (
            "LOAD-DATE",
            "Load-Date",
            "Copyright",
            "End of Document",
            "Classification",
            "LENGTH:",
            "DOCUMENTS",
        ):
            assert sign not in item["body"]
