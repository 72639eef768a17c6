"""CSV as programs write it: the map of columns, delimiters, and marks never closed, which must not swallow rows."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.corpus.readers.columns import find_columns
from analysis.corpus.readers.delimited import read_rows

GERMAN = "Zeitung;Datum;Volltext;Auflage\nMöwe;04.06.2024;Sie trafen sich. Er kam nicht.;1,5\n"


def bodies(tables):
    return tables["articles"]["body"].to_list()


def test_the_map_names_columns(read):
    tables = read({"articles/a.csv": GERMAN}, columns={"outlet": "Zeitung", "body": "Volltext"})
    assert tables["articles"].iloc[0][["outlet", "body"]].to_list() == ["Möwe", "Sie trafen sich. Er kam nicht."]


def test_the_map_wins_over_the_usual_names(read):
    text = "source,outlet,text,abstract\nWire,Gull,The whole text.,Short.\n"
    tables = read({"articles/a.csv": text}, columns={"outlet": "source", "body": "abstract"})
    assert tables["articles"].iloc[0][["outlet", "body"]].to_list() == ["Wire", "Short."]


def test_wrong_names_are_refused_with_those_that_are_there(reason):
    said = reason("a.csv", GERMAN, columns={"outlet": "Blatt", "body": "Volltext"})
    assert said == (
        "no column as `columns` in study.yml says (outlet: Blatt); columns here: Zeitung, Datum, Volltext, Auflage"
    )


def test_files_that_have_none_of_the_maps_names_are_read_as_ever(read):
    files = {"articles/a.csv": GERMAN, "articles/b.csv": "outlet,body\nGull,One text.\n"}
    tables = read(files, columns={"outlet": "Zeitung", "body": "Volltext"})
    assert tables["articles"]["outlet"].to_list() == ["Möwe", "Gull"]


def test_the_map_holds_for_json_lines_too(read):
    records = [{"Zeitung": "Gull", "Volltext": "One."}, {"outlet": "Tern", "body": "Two."}]
    tables = read({"articles/a.jsonl": records}, columns={"outlet": "Zeitung", "body": "Volltext"})
    assert tables["articles"]["outlet"].to_list() == ["Gull", "Tern"]


def test_names_in_any_case():
    assert find_columns([" Zeitung ", "VOLLTEXT"], {"outlet": "zeitung", "body": "Volltext"}) == {
        "outlet": " Zeitung ",
        "body": "VOLLTEXT",
    }


@pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
@pytest.mark.parametrize("before", ["", "\ufeff", "sep={}\n"])
def test_delimiters(read, mark, before):
    header, row = (
        mark.join(["outlet", '"a, b; c | d, e"', "body"]),
        mark.join(["Gull", "x", '"One; two, three | four"']),
    )
    tables = read({"articles/a.csv": f"{before.format(mark)}{header}\n{row}\n"})
    assert bodies(tables) == ["One; two, three | four"]


def rows(text):
    return [row for _, row in read_rows(text)]


def test_marks_escaped_by_a_backslash():
    assert rows('a,b\n"He said \\"no\\", twice",x\n') == [["a", "b"], ['He said "no", twice', "x"]]
    assert rows('a,b\n"He said ""no"" C:\\",x\n') == [["a", "b"], ['He said "no" C:\\', "x"]]


NEVER = "not valid CSV: a quotation mark that is never closed"


@pytest.mark.parametrize(
    ("lines", "kept"),
    [
        (['x,"broken,y', "d,e,f", "g,h,i"], ["d,e,f", "g,h,i"]),
        (['x,"broken,y', 'd,"e",f', "g,h,i"], ['d,"e",f', "g,h,i"]),
        (['"broken,x,y', "d,e,f", '"g",h,i'], ["d,e,f", '"g",h,i']),
        (['x,y,"broken', "d,e,f", 'g,h,"i"', "j,k,l"], ["d,e,f", 'g,h,"i"', "j,k,l"]),
        (['x,"broken,y', "d,e,f", 'g,h",i,j', "j,k,l"], ["d,e,f", "j,k,l"]),
        (['x,"bro\nken" too,y', "d,e,f"], ["d,e,f"]),
        (["x,y", "d,e,f", "x,y,z,z", "g,h,i"], ["d,e,f", "g,h,i"]),
    ],
)
def test_a_broken_row_swallows_no_neighbour(lines, kept):
    found = rows("\n".join(["a,b,c", *lines]) + "\n")
    assert [row for row in found[1:] if isinstance(row, list) and len(row) == 3] == [rows(line)[0] for line in kept]
    assert len(found) > 1 + len(kept)  # and the broken one is told


def test_a_spreadsheets_empty_columns_are_no_fault(read):
    assert bodies(read({"articles/a.csv": "outlet,body\nGull,One.,,\nTern,Two.,x\n"})) == ["One."]


def test_marks_that_are_never_closed_take_no_time():
    found = rows("a,b\n" + '"x,y and more of it\n' * 100_000)
    assert len(found) == 100_001


@given(st.lists(st.lists(st.text(st.characters(exclude_characters="\r\x00", exclude_categories=["Cs"]), min_size=1), min_size=3, max_size=3), min_size=1))  # fmt: skip  # noqa: E501
def test_what_is_written_is_read(table):
    """Whatever fields hold: quoted as the format wants, they come back; blank rows aside."""
    quoted = [
        "outlet,headline,body",
        *(",".join('"' + field.replace('"', '""') + '"' for field in row) for row in table),
    ]
    text = "\n".join(quoted) + "\n"
    wanted = [row for row in table if any(field.strip() for field in row)]
    if not any("\\" in field for row in table for field in row):
        assert rows(text)[1:] == wanted


def test_names_within_names_without_end_cost_no_other_record(read):
    deep = "x"
    for _ in range(400):
        deep = [{"name": deep}]
    tables = read(
        {"articles/a.jsonl": [{"title": deep, "body": "One."}, {"title": [{"name": "A"}, "B"], "body": "Two."}]}
    )
    assert bodies(tables) == ["One.", "Two."]
    assert tables["articles"]["headline"].fillna("").to_list() == ["", "A, B"]
