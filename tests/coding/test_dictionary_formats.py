"""Each dictionary format: what is read, and what is listed as lost by line."""

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.coding.dictionaries import read_dictionary
from analysis.study import UserError

LIWC = "%\n1\tlight\n2\tdark\n%\nlamp*\t1\nfar off\t1\t2\nshade\t2\t7\n"


@pytest.fixture
def read(tmp_path):
    """A dictionary from a text or bytes, under some file name: categories → patterns, and the losses."""

    def read(content, name="list.dic", **options):
        file = tmp_path / name
        file.write_bytes(content if isinstance(content, bytes) else content.encode())
        book, losses = read_dictionary(file, **options)
        assert list(losses.columns) == ["file", "line", "effect", "what", "reason"]
        assert (losses["file"] == str(file)).all() and losses["line"].is_monotonic_increasing
        merged = {}
        for variable in book.variables.values():
            assert not merged.keys() & variable.categories.keys()
            merged |= variable.categories
        return merged, list(losses[["line", "effect", "what"]].itertuples(index=False, name=None))

    return read


def test_liwc(read):
    assert read(LIWC) == (
        {"light": ["lamp*", "far off"], "dark": ["far off", "shade"]},
        [(7, "left out", "shade: 7")],
    )
    crlf = "\ufeff" + LIWC.replace("\n", "\r\n")
    assert read(crlf) == read(LIWC)
    assert read(LIWC, "list.txt") == read(LIWC) == read(LIWC, "list.cat"), "the content decides"
    # Single blanks, a number as a word, a phrase that ends in a number, a word without a category, a mark at the end.
    odd = "%\n01 a b\n2\tc\n%\n911\t1\ncatch 22  2\nlow 01 2\nbare\nhigh\tx\t1\n%\n"
    categories, losses = read(odd)
    assert categories == {"a b": ["911", "low", "high"], "c": ["catch 22", "low"]}
    assert losses == [(8, "left out", "bare"), (9, "left out", "high: x")]


def test_liwc_conditions_are_left_out_and_the_rest_of_the_line_is_kept(read):
    text = "%\n1\ta\n2\tb\n3\tc\n%\nsort\t<of>1/2\t3\nfond\t(1 2)1/2\t(1 2)3\nkeen (1)2 3\n"
    categories, losses = read(text)
    assert categories == {"c": ["sort", "keen"]}
    assert [(line, what) for line, _, what in losses] == [
        *[(2, "a"), (3, "b")],
        *[(6, "sort: <of>1/2"), (7, "fond: (1 2)1/2"), (7, "fond: (1 2)3"), (8, "keen: (1)2")],
    ]


def test_lexicoder(read):
    text = "early\n+WARM\n sun \nHot Sand\n\n hot  sand\n+COLD\nice*\n+WARM\nember\n+NONE\n"
    categories, losses = read(text, "list.lc3")
    assert categories == {"WARM": ["sun", "hot sand", "ember"], "COLD": ["ice*"]}
    assert losses == [
        *[(1, "left out", "early"), (6, "merged", "hot sand"), (9, "merged", "WARM"), (11, "left out", "NONE")]
    ]


def test_yoshikoder(read):
    text = """<?xml version="1.0" encoding="UTF-8"?>
<!-- made by hand -->
<dictionary style="050805" patternengine="regexp">
<pnode name="stray"/>
<cnode name="top"><pnode name="One Way"/><cnode name="low &amp; slow"><pnode name="two*"/><note/></cnode></cnode>
<cnode name="empty"/>
</dictionary>"""
    categories, losses = read(text, "list.ykd")
    assert categories == {"top": ["one way"], "top.low & slow": ["two*"]}
    assert [(line, effect) for line, effect, _ in losses] == [
        *[(3, "changed"), (4, "left out"), (5, "left out"), (6, "left out")]
    ]
    plain = "<dictionary><cnode name='à'><pnode name='x'/></cnode></dictionary>"
    assert read(plain.encode("latin-1"), encoding="latin-1")[0] == {"à": ["x"]}
    assert read(("<?xml version='1.0' encoding='UTF-16'?>" + plain).encode("utf-16"), "u.cat")[0] == {"à": ["x"]}
    scored = "<dictionary><cnode name='a'><pnode name='x' score='2.5'/><pnode name='y' score='?'/></cnode></dictionary>"
    assert read(scored) == ({"a": {"x": 2.5, "y": 1.0}}, [(1, "changed", 'score="?"')])


def test_wordstat(read):
    text = (
        "TOP\r\n\tLEFT\r\n\t\tGRAIN_STORE* (1)\r\n\t\tMILL (1)\r\n\t\t@NEAR [MILL NEAR GRAIN /S3] (1)\r\n"
        "\tRIGHT\r\n\t\tOVEN (1)\r\n\tYEAST (1)\r\nLAST\r\n\tDAY AFTER DAY (1)\r\n\tMILL NEAR WATER (1)\r\nNONE\r\n"
    )
    categories, losses = read(text, "list.cat")
    assert categories == {
        **{"TOP": ["yeast"], "TOP.LEFT": ["grain store*", "mill"], "TOP.RIGHT": ["oven"]},
        "LAST": ["day after day"],
    }
    assert losses == [
        (5, "left out", "@NEAR [MILL NEAR GRAIN /S3]"),
        (11, "left out", "MILL NEAR WATER"),
        (12, "left out", "NONE"),
    ]
    # Without any weight, what has nothing below it is an entry.
    assert read("A\n\tB\n\t\tone\n\ttwo\n", "list.cat")[0] == {"A": ["two"], "A.B": ["one"]}


def test_weights_make_a_scale(read, tmp_path):
    assert read("A\n\tGOOD (2)\n\tFINE (1)\nB\n\tPOOR (0.5)\n", "w.cat")[0] == {
        "A": {"good": 2.0, "fine": 1.0},
        "B": {"poor": 0.5},
    }
    categories, losses = read("A\n\tGOOD (2)\n\tGOOD (3)\n\tGOOD (2)\nB\n\tGOOD (1)\n", "w.cat")
    assert categories == {"A": {"good": 2.0}, "B": {"good": 1.0}}
    assert losses == [(1, "changed", "w"), (3, "left out", "GOOD"), (4, "merged", "GOOD")]
    book, _ = read_dictionary(tmp_path / "w.cat")
    assert {name: variable.kind for name, variable in book.variables.items()} == {"A": "scale", "B": "scale"}


def test_yaml_of_quanteda(read):
    text = "a:\n  b: [No, yes, 007, '2014-02-31']\n  c: one word\n  d:\n  - Two\n  - e: [three]\n  f:\n  g: [~, five]"
    categories, losses = read(text, "list.yml")
    assert categories == {
        **{"a.b": ["no", "yes", "007", "2014-02-31"], "a.c": ["one word"], "a.d": ["two"], "a.d.e": ["three"]},
        "a.g": ["five"],
    }
    assert losses == [(7, "left out", "a.f"), (8, "left out", "~")]
    assert read('{"a": {"b": ["x"]}}', "list.json")[0] == {"a.b": ["x"]}
    assert read("a: [x]\n", "list.txt")[0] == {"a": ["x"]}
    assert read("up: {good: 1.5, fine: 1}\ndown: {poor: -2}\n", "list.yml")[0] == {
        "up": {"good": 1.5, "fine": 1.0},
        "down": {"poor": -2.0},
    }


def test_tables(read):
    long = 'Category;Pattern;Weight\nwarm;"sun; rain";1\nwarm;Sun;1\ncold;ice;1\n;frost;1\n'
    assert read(long, "t.csv") == (
        {"warm": ["sun"], "cold": ["ice"]},
        [(2, "left out", "sun; rain"), (5, "left out", ",frost,1")],
    )
    wide = "word,warm,cold,remark,empty\nsun,1,0,of day,\nice,0,1,,\ntea,1,1,or,\n"
    assert read(wide, "t.csv") == (
        {"warm": ["sun", "tea"], "cold": ["ice", "tea"]},
        [(1, "left out", "column remark")],
    )
    assert read("DicTerm,a,b\nsun*,X,\nice,,X\n", "t.dicx")[0] == {"a": ["sun*"], "b": ["ice"]}
    years = "Word,Count,Good,Bad\nup,12,2009,0\ndown,7,0,2011\nflat,3,-2014,0\n"
    assert read(years, "t.csv") == ({"Good": ["up"], "Bad": ["down"]}, [(1, "left out", "column Count")])
    nrc = "sun\tjoy\t1\nsun\tfear\t0\nice\tjoy\t0\nice\tfear\t1\ntea\tjoy\t1\n"
    assert read("\n" + nrc, "t.txt")[0] == {"joy": ["sun", "tea"], "fear": ["ice"]}


def test_a_table_may_name_variables(tmp_path):
    file = tmp_path / "t.csv"
    file.write_text("category,pattern,weight,variable\na,x,2,one\na,x,3,two\nb,y,1,two\na,z,oops,one\n")
    book, losses = read_dictionary(file)
    assert {name: variable.categories for name, variable in book.variables.items()} == {
        "one": {"a": {"x": 2.0}},
        "two": {"a": {"x": 3.0}, "b": {"y": 1.0}},
    }
    assert losses[["line", "what"]].to_numpy().tolist() == [[5, "z: oops"]]


def test_ratings(read, tmp_path):
    vader = "$:\t-1.5\t0.8\t[-1, -2]\nfine\t0.8\t0.7\t[1, 1]\nawful\t-2.0\t0.5\t[-2, -2]\nso so\t0.0\t1\t[0]\n"
    assert read(vader, "lexicon.txt") == (
        {"positive": {"fine": 0.8}, "negative": {"awful": -2.0}},
        [(1, "left out", "$:"), (4, "left out", "so so")],
    )
    book, _ = read_dictionary(tmp_path / "lexicon.txt")
    assert list(book.variables) == ["sentiment"]
    assert read("word,valence,arousal\nsun,0.9,0.4\nice,0.3,x\nfog,0.2,\n", "t.csv") == (
        {"valence": {"sun": 0.9, "ice": 0.3, "fog": 0.2}},
        [(1, "left out", "column arousal")],
    )


def test_marks_that_no_word_holds(read):
    entries = [
        "etc.",
        "#Vote",
        "about#2",
        "mr. right",
        "'em",
        "etc",
        "rock & roll",
        "b/c",
        ":d",
        "50%",
        "yes, sir",
        "--",
    ]
    categories, losses = read("+a\n" + "\n".join(entries), "list.lc3")
    assert categories == {"a": ["etc.", "vote", "about", "mr. right", "em", "etc", "rock & roll", "b/c", "yes, sir"]}
    changed = [what for _, effect, what in losses if effect == "changed"]
    assert changed == ["#Vote", "about#2", "'em"]
    assert [what for _, effect, what in losses if effect == "left out"] == [":d", "50%", "--"]
    kept = ["a lie", "c'mon", "ain’t", "ain't", "*ly", "24/7", "1st", "u.s.", "he's", "catch-22", "catch 22", "what?"]
    assert read("+a\n" + "\n".join(kept), "list.lc3") == ({"a": kept}, [])


def test_every_entry_is_kept_changed_merged_or_listed(read):
    """Counts add up: no entry goes without a word."""
    entries = ["one", "One", "two.", "two", "§", "three  four", "three_four", "x" * 99, "a " * 20]
    categories, losses = read("+a\n" + "\n".join(entries), "list.lc3")
    gone = [row for row in losses if row[1] in ("left out", "merged")]
    assert len(categories["a"]) + len(gone) == len(entries)
    assert categories["a"] == ["one", "two.", "two", "three four", "x" * 99]


WORDS = st.lists(st.text(alphabet="abcABC*?'-é&. ", min_size=1, max_size=12), min_size=1, max_size=8)


def quanteda_counts(text):
    """An independent reading of .lc3 in quanteda's way: lines rewritten as YAML, values lower-cased and unique."""
    lines = []
    for line in (line.strip() for line in text.split("\n") if line.strip()):
        quoted = "'" + line.removeprefix("+").strip().replace("'", "''") + "'"
        lines.append(f"{quoted}:" if line.startswith("+") else f"- {quoted}")
    return {name: len({value.lower() for value in values}) for name, values in yaml.safe_load("\n".join(lines)).items()}


@settings(max_examples=100, deadline=None)
@given(st.dictionaries(st.text(alphabet="abc", min_size=1, max_size=3), WORDS, min_size=1, max_size=4))
def test_counts_are_those_of_quanteda_less_what_is_listed(tmp_path_factory, listed):
    listed = {name: [word for word in words if word.strip()] or ["some"] for name, words in listed.items()}
    file = tmp_path_factory.mktemp("counts") / "list.lc3"
    text = "".join(f"+{name}\n" + "".join(f" {word} \n" for word in words) for name, words in listed.items())
    file.write_text(text, encoding="utf-8")
    try:
        book, losses = read_dictionary(file)
    except UserError as error:
        assert "holds no pattern" in str(error)
        return
    # But for runs of blanks, what quanteda would count is what stands here or is listed.
    clean = "\n".join(" ".join(line.split()) for line in text.split("\n"))
    owned = dict(owner_of_lines(text))
    expected = quanteda_counts(clean)
    (variable,) = book.variables.values()
    for name, count in expected.items():
        mine = losses[losses["line"].map(owned) == name]
        lost = mine.loc[(mine["effect"] == "left out") & (mine["reason"] != "a category without patterns")]
        gone = {what.lower() for what in lost["what"]}
        kept = len(variable.categories.get(name, []))
        # Two entries may become one where marks were taken off (etc. and etc): both are listed.
        assert kept <= count - len(gone) <= kept + (mine["effect"] == "changed").sum()


def owner_of_lines(text):
    """The category of each line of an .lc3."""
    name = None
    for number, line in enumerate(text.split("\n"), start=1):
        name = line[1:] if line.startswith("+") else name
        yield number, name


def test_encodings(read):
    assert read("+a\ncafé\n".encode("cp1252"), "l.lc3") == ({"a": ["café"]}, [(1, "assumed", "encoding windows-1252")])
    assert read("+a\ncafé\n".encode("utf-16"), "l.lc3") == ({"a": ["café"]}, [])
    words = (
        "żółty źródło ciężki książka życie człowiek dzień więc też już może dług próg łąka łódź ćwiczenie świat " * 9
    )
    polish = "+a\n" + words.replace(" ", "\n")
    for encoding in ("cp1250", "iso-8859-2"):
        categories, losses = read(polish.encode(encoding), "l.lc3")
        assert categories["a"] == list(dict.fromkeys(words.split()))
        assert losses[0][:2] == (1, "assumed")
