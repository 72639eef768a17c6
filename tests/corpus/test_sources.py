"""What sources say they hold and what was found: every difference is told, and the missing are named."""

from __future__ import annotations

import zipfile

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.corpus.articles import read_articles
from analysis.corpus.readers import text
from analysis.corpus.sources import MOST, difference, differences, missing_names, new_source, reject, source_row, state
from analysis.tables import validate

HEADLINES = ["Talks fail in the port", "Council votes on its budget", "Rain delays the harvest", "A bridge is closed"]
COUNTS = ["read", "rejected", "duplicates", "undated", "outletless"]


def source(found, count=None, **stated):
    made = new_source("a.txt", "CSV")
    made.found.extend(found)
    if count is not None:
        state(made, {"count": count, **stated})
    return made


def headlines(*names):
    return [(name, None) for name in names]


@pytest.mark.parametrize(
    ("found", "stated", "said"),
    [
        (headlines("A", "B"), {}, None),
        (headlines("A", "B"), {"count": 2}, None),
        (headlines("A", "B"), {"count": 2, "names": ["X", "Y"]}, None),  # lists respell; the number decides
        (headlines("A"), {"count": 3}, "2 of 3"),
        (headlines("A"), {"count": 3, "by": "1 of 3 DOCUMENTS"}, "2 of 3 (1 of 3 DOCUMENTS)"),
        (headlines(*HEADLINES[:2]), {"count": 3, "names": HEADLINES[:3]}, "1 of 3: Rain delays the harvest"),
        ([], {"count": 2, "names": HEADLINES[:2]}, "2 of 2: Talks fail in the port; Council votes on its budget"),
        ([("A", 1), ("B", 4)], {"count": 5}, "3 of 5: number 2; number 3; number 5"),
        ([("A", 1), ("B", None)], {"count": 3}, "1 of 3"),
        ([("A", 1), ("B", 1)], {"count": 3}, "1 of 3"),
        ([("A", 7), ("B", 9)], {"count": 3}, "1 of 3"),
        ([("Z", 1), ("Y", 3)], {"count": 3, "names": ["A", "B", "C"]}, "1 of 3: B"),  # numbers are surer than words
        ([("Z", 1), ("A", 3)], {"count": 3, "names": ["A", "B"]}, "1 of 3: number 2"),
        (headlines("A", "B", "C"), {"count": 1, "by": "list"}, "2 more than the 1 it says it holds (list)"),
        ([], {"count": 30, "names": ["x"] * 30}, f"30 of 30: {'; '.join(['x'] * 20)}; and 10 more"),
        ([], {"count": 4, "names": ["x"]}, "4 of 4: x; and 3 more"),
        ([], {"count": 0}, None),
    ],
)
def test_differences_are_told(found, stated, said):
    assert difference(source(found, **stated)) == said


def test_names_are_matched_as_lists_print_them():
    found = headlines("TALKS FAIL in the port!", "Council votes on its budget after a debate of three hours", None)
    names = ["Talks fail in the port", "Council votes on its budget", "Rain delays the harvest", "A bridge is close d"]
    found.append(("A bridge is closed", None))
    assert missing_names({"count": 5, "names": names}, found) == ["Rain delays the harvest"]


def test_the_same_headline_twice_is_two_articles():
    stated = {"count": 3, "names": ["Talks fail in the port", "Talks fail in the port", "Rain delays the harvest"]}
    found = headlines("Talks fail in the port", "Rain delays the harvest")
    assert missing_names(stated, found) == ["Talks fail in the port"]


@given(
    st.lists(st.tuples(st.none() | st.text(max_size=30), st.none() | st.integers()), max_size=8),
    st.integers(-5, 12) | st.integers(),
    st.lists(st.text(max_size=30), max_size=12),
)
def test_any_statement_can_be_compared(found, count, names):
    made = source(found, count, names=names)
    said = source_row(made)["missing"]
    assert (said is None) == (not 0 <= count <= MOST or count == len(found))
    if said and count > len(found):
        assert len(missing_names(made.stated, found)) <= count - len(found)


def test_the_first_statement_counts():
    made = source([], 3)
    state(made, {"count": 5})
    assert made.stated["count"] == 3


def test_a_line_for_each_source_that_differs():
    rows = [source_row(source([], 2)), source_row(source([], 0)), source_row(source(headlines("A", "B"), 1))]
    lines = list(differences(pd.DataFrame(rows)))
    assert lines == ["a.txt: missing 2 of 2", "a.txt: 1 more than the 1 it says it holds"]


def test_a_source_that_breaks_off_lacks_something_even_where_it_says_no_number():
    made = source(headlines("A"))
    reject(made, "line 3: no body")
    assert difference(made) is None
    reject(made, "the file breaks off: article 2 has no end")
    assert difference(made) == "the file breaks off: article 2 has no end"
    assert list(differences(pd.DataFrame([source_row(made)]))) == ["a.txt: the file breaks off: article 2 has no end"]
    state(made, {"count": 2})
    assert difference(made) == "1 of 2"  # what it says of itself tells more


@pytest.fixture
def stating(monkeypatch):
    """Plain text whose first line is how many articles it holds, and each other line one."""

    def read(path, *, encoding, keep):
        first, *lines = path.read_text("utf-8").split("\n")
        yield {"source_index": 0, "expected": {"count": int(first), "by": "its first line"}}
        for index, line in enumerate(lines):
            said = {"body": line} if line != "BAD" else {"reason": "bad"}
            yield {"source_index": index, "headline": f"On {line[:20]}", "number": index + 1, **said}

    monkeypatch.setattr(text, "read", read)


def test_what_counts_as_found(make_study, stating):
    french = (
        "Le conseil municipal a voté hier soir le budget de la ville, après trois heures de débat. Le maire était "
        "content, et les écoles du quartier nord seront rénovées avant la fin de l'année."
    )
    study = make_study(
        {
            "articles/a.txt": "3\nOne.\nOne.\nTwo.",  # twice in the source: found
            "articles/b.txt": "2\nTwo.\nThree.",  # once in another: found
            "articles/c.txt": "3\nFour.\nBAD\nFive.",  # not read: missing
            "articles/d.txt": f"2\nSix.\n{french}",  # in another language: found
            "articles/e.txt": "1\nSeven.\nEight.",
            "articles/f.jsonl": [{"body": "Nine.", "outlet": "Gull"}, {"body": "Nine."}, {"title": "x"}],
        }
    )
    tables = read_articles(study)
    sources = tables["sources"]
    validate("sources", sources)
    assert sources["format"].to_list() == ["plain text"] * 5 + ["JSON Lines"]
    assert sources["expected"].to_list()[:5] == [3, 2, 3, 2, 1]
    assert pd.isna(sources["expected"].iloc[5])
    assert sources[COUNTS].to_numpy().tolist() == [
        [2, 0, 1, 2, 2],
        [1, 0, 1, 1, 1],
        [2, 1, 0, 2, 2],
        [1, 1, 0, 1, 1],
        [2, 0, 0, 2, 2],
        [2, 1, 0, 2, 1],
    ]
    assert sources["missing"].fillna("").to_list() == [
        "",
        "",
        "1 of 3 (its first line): number 2",
        "",
        "1 more than the 1 it says it holds (its first line)",
        "",
    ]
    assert tables["rejects"]["reason"].to_list().count("in French, not in English") == 1


def test_members_of_archives_are_sources_of_their_own(make_study, stating):
    study = make_study({"articles/b.txt": "1\nOne."})
    with zipfile.ZipFile(study.folder / "articles" / "a.zip", "w") as file:
        for name in ("one.txt", "two.txt"):
            file.writestr(f"part/{name}", f"2\nOne.\nNumber {name}.")
        file.writestr("film.mp4", "x")
    tables = read_articles(study)
    assert tables["sources"]["source_file"].to_list() == [
        "articles/a.zip/part/one.txt",
        "articles/a.zip/part/two.txt",
        "articles/a.zip/film.mp4",
        "articles/b.txt",
    ]
    assert tables["sources"][["read", "rejected", "duplicates"]].to_numpy().tolist() == [
        [2, 0, 0],
        [1, 0, 1],
        [0, 1, 0],
        [0, 0, 1],
    ]
    assert tables["sources"]["missing"].isna().all()
    assert pd.isna(tables["sources"]["format"].iloc[2])
    assert set(tables["articles"]["source_file"]) == {"articles/a.zip/part/one.txt", "articles/a.zip/part/two.txt"}


def test_files_that_only_a_manifest_names_are_sources(read):
    tables = read({"articles/a.txt": "Talks fail\n\nThey met.", "list.csv": "file\nb.txt\n"}, manifest="list.csv")
    assert tables["sources"]["source_file"].to_list() == ["b.txt", "articles/a.txt"]
    assert tables["sources"]["rejected"].to_list() == [1, 0]


def test_stories_that_are_only_listed_find_their_texts(read):
    stories = (
        "id,indexed_date,language,media_name,media_url,publish_date,title,url\n"
        "1,2024-06-15,en,gull.example,https://gull.example,2024-06-14,Talks fail,https://gull.example/talks\n"
        "2,2024-06-15,en,gull.example,https://gull.example,2024-06-14,No text,https://gull.example/none\n"
    )
    texts = [{"body": "They met.", "url": "http://www.gull.example/talks/?utm_source=x"}]
    tables = read({"articles/stories.csv": stories, "articles/texts.jsonl": texts})
    row = tables["articles"].iloc[0]
    assert (row["outlet_printed"], row["headline"], str(row["published"])[:10]) == (
        "gull.example",
        "Talks fail",
        "2024-06-14",
    )
    assert len(tables["rejects"]) == 1
    assert tables["rejects"]["reason"].iloc[0].endswith("no text for this story; give one with its url or id")


def test_outlets_have_one_name_and_keep_the_printed_one(read, tmp_path):
    records = [
        {"body": "One.", "outlet": "theguardian.com"},
        {"body": "Two.", "outlet": "The Guardian (London)"},
        {"body": "Three.", "outlet": "The Gull"},
        {"body": "Four."},
    ]
    articles = read({"articles/a.jsonl": records})["articles"]
    assert articles["outlet"].to_list()[:3] == ["The Guardian", "The Guardian", "The Gull"]
    assert articles["outlet_printed"].to_list()[:3] == [record["outlet"] for record in records[:3]]
    assert articles["outlet"].isna().to_list() == articles["outlet_printed"].isna().to_list() == [False] * 3 + [True]
    files = {"articles/a.jsonl": records, "names.yml": "outlets:\n  Gull: [The Gull]\n"}
    assert read(files, outlets="names.yml")["articles"]["outlet"].to_list()[2] == "Gull"
    files["list.csv"] = "file,outlet\narticles/a.jsonl,theguardian.com\n"
    told = read(files, outlets="names.yml", manifest="list.csv")["articles"]
    assert told["outlet"].to_list() == ["theguardian.com"] * 4  # the manifest's word is the last
    assert told["outlet_printed"].to_list()[1] == "The Guardian (London)"


def test_an_article_without_an_outlet_is_of_the_one_of_its_address(read):
    urls = ["https://www.theguardian.com/world/1", "http://m.gull.example/2", "https://web.archive.org/web/x", "no url"]
    records = [{"body": f"Talks of day {n}.", "url": url} for n, url in enumerate(urls)]
    articles = read({"articles/a.jsonl": records})["articles"]
    assert articles["outlet"].fillna("none").to_list() == ["The Guardian", "m.gull.example", "none", "none"]
    assert articles["outlet_printed"].isna().all()


def test_the_dates_of_a_source_tell_how_its_doubtful_ones_are_read(read):
    rows = "outlet,title,text,date\nA,{0} one,They met.,03/04/2024\nA,{0} two,They left.,{1}\n"
    days = {"a": "14/04/2024", "b": "2024-04-14"}
    told = read({f"articles/{name}.csv": rows.format(name, day) for name, day in days.items()})
    dates = told["articles"].assign(day=told["articles"]["published"].dt.strftime("%Y-%m-%d").astype("object"))
    assert dates[["source_file", "day"]].fillna("none").to_numpy().tolist() == [
        ["articles/a.csv", "2024-04-03"],
        ["articles/a.csv", "2024-04-14"],
        ["articles/b.csv", "none"],  # what another file says tells nothing of this one
        ["articles/b.csv", "2024-04-14"],
    ]
    assert told["furniture"][["text", "rule"]].to_numpy().tolist() == [["03/04/2024", "unusable-published"]]


def test_lines_that_an_outlet_puts_into_many_articles_are_furniture(read):
    ends = ["Read our other reports on www.gull.example every day"] * 4
    records = [
        {"outlet": "The Gull", "title": f"Report {n}", "body": f"Ship {n} left at {n}.\n\nIt is late by {n}.\n\n{end}"}
        for n, end in enumerate(ends)
    ]
    tables = read({"articles/a.jsonl": records})
    assert tables["articles"]["body"].to_list() == [f"Ship {n} left at {n}.\n\nIt is late by {n}." for n in range(4)]
    cut = tables["furniture"]
    assert set(zip(cut["line"], cut["text"], cut["rule"], strict=True)) == {(0, ends[0], "repeated-in-outlet")}
    assert len(cut) == 4
