"""PDF: columns in reading order, broken words joined, running heads out; scans, locks and loops are reasons."""

from __future__ import annotations

import pytest

from analysis.corpus.decoding import Unreadable
from analysis.corpus.readers import pdf
from analysis.corpus.readers.layout import Fragment, read_layout


def written(pages, info="", *, extra=(), trailer="") -> bytes:
    """A PDF of pages, each a list of (x, y, size, text) or bytes of drawing operators."""
    objects = ["<</Type/Catalog/Pages 2 0 R>>", "", "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>", f"<<{info}>>"]
    objects += extra
    kids = []
    for page in pages:
        drawn = (
            page
            if isinstance(page, str)
            else "".join(f"BT /F1 {size} Tf 1 0 0 1 {x} {y} Tm ({text}) Tj ET\n" for x, y, size, text in page)
        )
        objects.append(f"<</Length {len(drawn)}>>stream\n{drawn}\nendstream")
        objects.append(
            f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents {len(objects)} 0 R"
            "/Resources<</Font<</F1 3 0 R>>/XObject<</X1 5 0 R>>>>>>"
        )
        kids.append(f"{len(objects)} 0 R")
    objects[1] = f"<</Type/Pages/Kids[{' '.join(kids)}]/Count {len(kids)}>>"
    out, places = b"%PDF-1.4\n", []
    for number, text in enumerate(objects, start=1):
        places.append(len(out))
        out += f"{number} 0 obj\n{text}\nendobj\n".encode("latin-1")
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    end = (
        f"xref\n0 {len(places) + 1}\n0000000000 65535 f \n{table}trailer<</Size {len(places) + 1}/Root 1 0 R/Info 4 0 R"
    )
    return out + f"{end}{trailer}>>\nstartxref\n{len(out)}\n%%EOF\n".encode()


def column(x, top, lines, size=10):
    return [(x, top - 12 * place, size, line) for place, line in enumerate(lines)]


def item_of(tmp_path, data):
    (tmp_path / "a.pdf").write_bytes(data)
    return next(pdf.read(tmp_path / "a.pdf", encoding="utf-8"))


HEAD = [(50, 780, 24, "Talks fail at sea after a long night")]
LEFT = [
    "The harbour was full of boats when",
    "the ministers came back that night",
    "and none of them would speak to us.",
    "Nobody had slept and nobody ate a",
]
MIDDLE = [
    "thing before the sun was up again.",
    "The boats went out without a word",
    "while the crews stood at the rail",
    "and looked back at the empty quay.",
]
RIGHT = [
    "Later a note was read out in which",
    "both sides said that they would go",
    "on as they had done for ten years",
    "and more if that was what it took.",
]


def test_two_columns_under_a_headline(tmp_path):
    item = item_of(tmp_path, written([HEAD + column(50, 740, MIDDLE) + column(310, 740, RIGHT)]))
    assert item["page"].split("\n\n") == [HEAD[0][3], " ".join(MIDDLE), " ".join(RIGHT)]
    assert item["headline"] == HEAD[0][3]


def test_three_columns_and_a_paragraph_that_goes_on(tmp_path):
    page = HEAD + column(40, 740, LEFT, 9) + column(220, 740, MIDDLE, 9) + column(400, 740, RIGHT, 9)
    mixed = [page[0], *(row for rows in zip(page[9:], page[1:5], page[5:9], strict=True) for row in rows)]
    item = item_of(tmp_path, written([mixed]))
    assert item["page"].split("\n\n") == [HEAD[0][3], " ".join(LEFT + MIDDLE), " ".join(RIGHT)]


def test_a_line_over_both_columns_divides_the_page(tmp_path):
    across = [(50, 660, 10, "A line that runs over both of the columns and so divides them into two bands of text.")]
    page = column(50, 740, LEFT) + column(310, 740, RIGHT) + across + column(50, 620, MIDDLE) + column(310, 620, LEFT)
    item = item_of(tmp_path, written([page]))
    text = item["page"].replace("\n\n", " ")
    order = [text.index(lines[0], start) for lines, start in ((LEFT, 0), (RIGHT, 0), (MIDDLE, 0), (LEFT, 300))]
    assert order == sorted(order)


@pytest.mark.parametrize(
    ("lines", "text"),
    [
        (["It fell to the govern-", "ment to act."], "It fell to the government to act."),
        (["The cease-fire held. A cease-", "fire it was."], "The cease-fire held. A cease-fire it was."),
        (["A fire sale, fire; cease, cease-", "fire it was."], "A fire sale, fire; cease, cease-fire it was."),
        (["An Anglo-", "American note."], "An Anglo-American note."),
        (["A ceasefire, and then a cease-", "fire."], "A ceasefire, and then a ceasefire."),
        (["The 2024-", "25 season."], "The 2024-25 season."),
        (["It was - or so they said -", "a good day."], "It was - or so they said - a good day."),
    ],
)
def test_hyphens_at_the_ends_of_lines(lines, text):
    fragments = [Fragment(50, 700 - 12 * place, 300, 10, line) for place, line in enumerate(lines)]
    assert [paragraph.text for paragraph in read_layout([(fragments, 842)])[0]] == [text]


def test_words_in_pieces(tmp_path):
    """A program may place every word, or half a word, for itself; Helvetica's widths tell where they end."""
    pieces = [(50, "The"), (70.0, "har"), (84.5, "bour"), (107.2, "was"), (127.8, "full"), (143.4, "of boats.")]
    item = item_of(tmp_path, written([[(x, 700, 10, text) for x, text in pieces]]))
    assert item["page"] == "The harbour was full of boats."


def test_soft_hyphens_and_ligatures():
    fragments = [Fragment(50, 700, 300, 10, "The o\ufb03cial gov\u00ad"), Fragment(50, 688, 200, 10, "ernment.")]
    assert read_layout([(fragments, 842)])[0][0].text == "The official government."


def test_running_heads_and_page_numbers_go(tmp_path):
    def page(number, lines):
        foot = [(50, 30, 8, f"https://gull.example/talks {number}/3"), (300, 20, 8, str(number))]
        return [(50, 810, 8, "The Gull, 14 June 2024"), *column(50, 740, lines), *foot]

    item = item_of(tmp_path, written([page(1, LEFT), page(2, MIDDLE), page(3, RIGHT)]))
    assert item["page"].split("\n\n") == [" ".join(LEFT + MIDDLE), " ".join(RIGHT)]
    assert item["url"] == "https://gull.example/talks"
    assert ("running-head", "The Gull, 14 June 2024") in item["notes"]


def test_paragraphs_by_room_and_by_indent(tmp_path):
    roomy = column(50, 740, MIDDLE) + column(50, 680, RIGHT)
    assert item_of(tmp_path, written([roomy]))["page"].split("\n\n") == [" ".join(MIDDLE), " ".join(RIGHT)]
    indented = [row for top, lines in ((740, MIDDLE), (692, RIGHT), (644, MIDDLE)) for row in column(50, top, lines)]
    indented = [(x + 12 * (place % 4 == 0), y, size, text) for place, (x, y, size, text) in enumerate(indented)]
    assert item_of(tmp_path, written([indented]))["page"].split("\n\n") == [
        " ".join(p) for p in (MIDDLE, RIGHT, MIDDLE)
    ]


def test_what_the_file_states(tmp_path):
    info = "/Title(Talks fail at sea after a long night | Gull)/Author(Jane Doe)/CreationDate(D:20240614101500Z)"
    item = item_of(tmp_path, written([[(50, 780, 10, HEAD[0][3]), *column(50, 740, LEFT)]], info))
    assert item["headline"] == HEAD[0][3]
    assert item["stated"] == {"headline": "Talks fail at sea after a long night | Gull", "byline": "Jane Doe"}
    assert item["notes"] == [("published", "2024-06-14 (when the file was made)")]


FORM = "<</Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</X1 {} 0 R>>>>/Length 70>>stream\n{}\nendstream"
LOOP = FORM.format(5, "/X1 Do " * 10)
LOCK = f"/Encrypt<</Filter/Standard/V 1/R 2/P -4/O({'o' * 32})/U({'u' * 32})>>/ID[(a)(a)]"


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (written([[], "0 0 9 9 re f"]), "no text in it: the pages are pictures"),
        (b"%PDF-1.4 and nothing more", "not PDF that can be read"),
        (written([[(50, 700, 10, "One.")]] * 401), "401 pages, more than 400"),
        (
            written([[(50, 700, 10, "One.")]], trailer=LOCK),
            "encrypted",
        ),
        (written(["/X1 Do"], extra=[LOOP]), "no text in it|cannot be read|draws without end"),
        (
            written([[(50, 700, 10, "One.")]]).replace(b"/Kids[6 0 R]", b"/Kids[2 0 R]"),
            "not PDF that can be read|no text|cannot",
        ),
    ],
)
def test_reasons(tmp_path, data, reason):
    with pytest.raises(Unreadable, match=reason):
        item_of(tmp_path, data)


def test_forms_that_multiply_are_stopped(tmp_path):
    """Ten forms, each of which draws the next ten times, would draw ten thousand million times."""
    forms = [FORM.format(number + 1, "/X1 Do " * 10) for number in range(5, 15)]
    forms += ["<</Type/XObject/Subtype/Form/BBox[0 0 9 9]/Length 3>>stream\nq Q\nendstream"]
    with pytest.raises(Unreadable, match=r"draws without end|cannot be read|no text"):
        item_of(tmp_path, written(["/X1 Do"], extra=forms))


def test_a_page_without_text_beside_others_is_told(tmp_path):
    item = item_of(tmp_path, written([column(50, 740, LEFT), "0 0 9 9 re f"]))
    assert ("pages-without-text", "2") in item["notes"]


def test_in_a_study(read):
    good = written([HEAD + column(50, 740, MIDDLE) + column(310, 740, RIGHT)])
    tables = read({"articles/a.pdf": good, "articles/b.pdf": good[: len(good) // 3], "articles/c": good + b" "})
    assert tables["articles"]["body"].to_list() == [" ".join(MIDDLE) + "\n\n" + " ".join(RIGHT)]
    assert tables["articles"]["headline"].to_list() == [HEAD[0][3]]
    assert len(tables["rejects"]) == 2  # what is cut off, and what stands there already
