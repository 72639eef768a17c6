"""Dictionaries of other programs as codebooks: what is read, what is listed as lost, what is refused and why."""

import pickle
import time

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis import open_study
from analysis.coding.codebook import Codebook, Variable, categories_table, read_codebook
from analysis.coding.dictionaries import KINDS, as_json, as_scale, as_yaml, losses_of, read_dictionary
from analysis.study import UserError, write_study

LIWC = "%\n1\tlight\n2\tdark\n%\nlamp*\t1\nfar off\t1\t2\nshade\t2\t7\n"


@pytest.fixture
def refused(tmp_path):
    """The message with which a file is refused: one line that names it."""

    def refused(content, name="list.dic", **options):
        file = tmp_path / name
        file.write_bytes(content if isinstance(content, bytes) else content.encode())
        with pytest.raises(UserError) as error:
            read_dictionary(file, **options)
        message = str(error.value)
        assert "\n" not in message and message.startswith(f"{file}: ") and len(message) < 600
        return message.removeprefix(f"{file}: ")

    return refused


# The files of quanteda's tests stand beside the checkout. By file: categories → patterns, and the lines with losses.
MORE, HAD = ["more", "lamb", "little"], ["had", "mary"]
TWO = {"A CATEGORY": MORE, "ANOTHER CATEGORY": HAD}
UNDERSCORED = {"A_CATEGORY": MORE, "ANOTHER_CATEGORY": HAD}
DOUBLED = {"A_CATEGORY": MORE, "ANOTHER_CATEGORY": ["little", *HAD]}
LATIN = {"LATIN": ["b", "c", "d"]}
LIWC_PLAIN = {"family": ["kin"], "affect": ["likeab*", "liked"], "posemo": ["likeab*", "liked"], "time": ["like"]}
SHARED = {
    "mary.cat": (TWO, []),
    "mary.dic": (UNDERSCORED, []),
    "mary.lc3": (TWO, []),
    "mary.lcd": ({"A category": MORE, "Another category": HAD}, []),
    "mary.ykd": (TWO, []),
    "mary.yml": (TWO, []),
    "mary_doubleterm.dic": (DOUBLED, []),
    "mary_missingcat.dic": (DOUBLED, [9]),
    "mary_multipletabs.dic": (DOUBLED, []),
    "mary_zeropadding.dic": (DOUBLED, [9]),
    "actually_ykd.cat": ({"New dictionary.A category": MORE, "New dictionary.Another category": HAD}, []),
    "yoshi.ykd": (
        {
            "New dictionary.A category": ["lamb", "little"],
            "New dictionary.A category.A subcategory": ["more"],
            "New dictionary.Another category": HAD,
        },
        [],
    ),
    "iso-8859-1.cat": ({**LATIN, "NON-LATIN": ["bh", "ch", "dh"]}, []),
    "liwc_extracodes.dic": (
        {
            **{"verb": ["liked"], "past": ["liked"], "whatever": ["kin"], "cogmech": ["kinda"], "tentat": ["kinda"]},
            **{"whatever2": ["light"], **LIWC_PLAIN},
        },
        [6, 7, 11, 12, 13, 17, 20, 20, 23, 23],
    ),
    "liwc_hierarchical.dic": (
        {
            **{"verb": ["liked"], "misc.whatever": ["kin"], "misc.family": ["kin"], "past": ["liked"]},
            **{"misc.affect": ["likeab*", "liked"], "misc.posemo": ["likeab*", "liked"], "past.cogmech": ["kinda"]},
            **{"past.insight.tentat": ["kinda"], "else.whatever2": ["light"], "else.time": ["like"]},
        },
        [6, 7, 13, 14, 19, 20, 23, 23, 26, 26, 28],
    ),
}
ENCODED = {
    "euc-jp.cat": ("euc-jp", "あいう"),
    "shift-jis.cat": ("shift_jis", "あいう"),
    "iso-8859-2.cat": ("iso-8859-2", "čďě"),
    "iso-8859-14.cat": ("iso-8859-14", "ḃċḋ"),
    "windows-1252.cat": ("windows-1252", "šžÿ"),
}


@pytest.mark.parametrize("name", SHARED)
def test_files_of_quanteda(shared, name):
    expected, lines = SHARED[name]
    book, losses = read_dictionary(shared / "data/dictionaries" / name)
    (variable,) = book.variables.values()
    assert variable.kind == "presence"
    assert variable.categories == expected
    assert losses["line"].tolist() == lines
    assert set(losses["effect"]) <= {"left out"}


@pytest.mark.parametrize("name", ENCODED)
def test_encodings_are_given_or_asked_for(shared, name):
    file = shared / "data/dictionaries" / name
    encoding, letters = ENCODED[name]
    book, losses = read_dictionary(file, encoding=encoding)
    (variable,) = book.variables.values()
    assert variable.categories["NON-LATIN"] == list(letters)
    assert losses.empty
    with pytest.raises(UserError, match=r"not UTF-8 \(byte 0x.. in line 6\).*give its encoding"):
        read_dictionary(file)


def test_no_file_of_the_folder_is_forgotten(shared):
    names = {path.name for path in (shared / "data/dictionaries").iterdir()}
    assert names == {*SHARED, *ENCODED}


BOMB = '<?xml version="1.0"?><!DOCTYPE d [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]>'


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("l.dic", "", "empty"),
        ("l.dic", " \n\t\n", "empty"),
        ("l.dic", "%\n1\ta\nlamp\t1\n", "between two lines of %"),
        ("l.dic", "52890\nabandon/DGS\n", "between two lines of %"),
        ("l.dic", "%\n1\ta\n%\n", "holds no pattern"),
        ("l.lc3", "more\nlamb\n", "no line begins with +"),
        ("l.lc3", "+a\n:-)\n", "holds no pattern that can be carried over; the first: ':-)': can never match"),
        ("l.cat", "more\nlamb\n", "indents them by tabs"),
        ("l.ykd", "<dictionary><cnode name='a'><pnode", "line 1: not whole as XML"),
        ("l.ykd", "<?xml version='1.0'?><rss><item/></rss>", "its root is <rss>"),
        ("l.ykd", BOMB + "<dictionary><cnode name='&b;'><pnode name='x'/></cnode></dictionary>", "entities"),
        ("l.ykd", "more", "no XML"),
        ("l.html", "<!DOCTYPE html><p>more</p>", "a web page"),
        ("l.yml", "- more\n- lamb\n", "no mapping of categories"),
        ("l.yml", "a: [more\n", "not YAML"),
        ("l.yml", "a: [x]\na: [y]\n", "line 2: key 'a' stands twice"),
        ("l.yml", "a: &x [x, y]\nb: [*x, *x]\nc: *x\n", "aliases are not allowed"),
        ("l.yml", "title: t\narticles: x\ncodebooks: [vader]\n", "this is a study.yml"),
        ("l.json", "{" + ", ".join(f'"w{n}": ["fear", "joy"]' for n in range(200)) + "}", "maps words to categories"),
        ("l.csv", "name,age\nann,3\n", "a table without the columns of a dictionary"),
        ("l.csv", "more\nlamb\n", "no table"),
        ("l.csv", "word,remark\nsun,of day\n", "no column has marks"),
        ("l.csv", 'category,pattern\na,"' + "x" * 1_100_000, "not a table"),
        ("l.txt", "Once there was a lamb. It went: everywhere.\n", "no dictionary of a known kind"),
        ("l.xlsx", b"PK\x03\x04\x14\0\x06\0", "a zip archive or Office file"),
        ("l.cat", b"\x89PNG\r\n\x1a\n\0\0\0", "NUL bytes"),
    ],
    ids=lambda value: None if isinstance(value, bytes) or len(value) > 25 else value,
)
def test_refusals(refused, name, content, reason):
    assert reason in refused(content, name)


def test_encodings_that_cannot_be_told_or_do_not_fit(refused):
    assert "encoding" in refused("+a\nzłość\n".encode("cp1250"), "l.lc3")
    assert "not ascii at byte 6" in refused("+a\ncafé\n".encode(), "l.lc3", encoding="ascii")
    assert "'utf-99' is none that Python knows" in refused(LIWC, encoding="utf-99")
    assert "NUL" in refused(b"+a\nx\0y\n", "l.lc3")


def test_refusals_of_options_and_paths(refused, tmp_path):
    assert "kind 'spss' is not known; allowed: liwc, lexicoder" in refused(LIWC, kind="spss")
    assert "no line begins with +" in refused(LIWC, kind="lexicoder")
    for path in (tmp_path, tmp_path / "none.dic"):
        with pytest.raises(UserError, match="cannot be read"):
            read_dictionary(path)


@pytest.mark.parametrize("ending", ["dic", "lc3", "ykd", "cat", "yml", "csv", "txt"])
@pytest.mark.parametrize("piece", ["x", "(", "[", "a ", "+", "\t", "%\n", "<", '"', "a:\n", "<a>", "é"])
def test_large_and_odd_files_end_soon(tmp_path, ending, piece):
    file = tmp_path / f"large.{ending}"
    file.write_text(piece * (500_000 // len(piece)), encoding="utf-8")
    begun = time.process_time()
    with pytest.raises(UserError) as error:
        read_dictionary(file)
    assert len(str(error.value)) < 600
    assert time.process_time() - begun < 10


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(list(KINDS)), st.one_of(st.text(), st.binary(), st.from_regex(r"(?s)%\n.{0,40}%\n.{0,60}")))
def test_any_content_is_read_or_refused(tmp_path_factory, kind, content):
    file = tmp_path_factory.mktemp("any") / "any.txt"
    file.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8", "surrogatepass"))
    try:
        book, losses = read_dictionary(file, kind=kind)
    except UserError as error:
        assert "\n" not in str(error)
    else:
        assert isinstance(book, Codebook) and not losses.isna().any(axis=None)


NAMES = st.text(st.characters(codec="utf-8"), min_size=1, max_size=12)
LETTERS = st.text(st.characters(categories=["Ll", "Lu"], max_codepoint=0x24F), min_size=1, max_size=8)


@settings(max_examples=100, deadline=None)
@given(
    st.dictionaries(NAMES, st.lists(LETTERS, min_size=1, unique_by=str.casefold), min_size=1, max_size=4),
    st.one_of(st.none(), st.floats(allow_nan=False, allow_infinity=False)),
    st.one_of(st.none(), st.text(st.characters(codec="utf-8"), max_size=30)),
)
def test_a_codebook_comes_back_from_its_yaml(tmp_path_factory, listed, weight, notes):
    file = tmp_path_factory.mktemp("back") / "book.yml"
    one = dict([next(iter(listed.items()))])  # in a scale, a pattern has one category
    if weight is None:
        variable = Variable(kind="presence", categories=listed)
    else:
        categories = {name: dict.fromkeys(patterns, weight) for name, patterns in one.items()}
        variable = Variable(kind="scale", categories=categories)
    book = Codebook(name="book", version="1.0.0", notes=notes, variables={"v": variable})
    file.write_text(as_yaml(book), encoding="utf-8", newline="")
    again = read_codebook(file)
    assert again == book and again.hash == book.hash
    assert Codebook.model_validate(as_json(book)) == book
    assert as_yaml(again) == as_yaml(book)


def test_words_of_yaml_stay_words(tmp_path):
    (tmp_path / "list.lc3").write_text("+yes\nno\non\nnull\n1e5\n007\n~\ntrue\n+null\nx\n", encoding="utf-8")
    book, _ = read_dictionary(tmp_path / "list.lc3")
    file = tmp_path / "back.yml"
    file.write_text(as_yaml(book), encoding="utf-8")
    words = ["no", "on", "null", "1e5", "007", "true"]
    assert read_codebook(file).variables["list"].categories == {"yes": words, "null": ["x"]}


def test_a_study_names_a_dictionary(tmp_path):
    (tmp_path / "a.txt").write_text("The lamp was far off. Lamps shone in the shade.\n", encoding="utf-8")
    (tmp_path / "light list.dic").write_text(LIWC, encoding="utf-8")
    home = tmp_path / "study"
    home.mkdir()
    write_study(home, articles=str(tmp_path / "a.txt"), codebooks=[str(tmp_path / "light list.dic"), "generic-frames"])
    study = open_study(home)
    book = read_codebook(study.codebook_paths[0])
    assert book.name == "light-list" and list(book.variables) == ["light-list"]
    assert categories_table([book])[["category", "n_patterns"]].to_numpy().tolist() == [["light", 2], ["dark", 2]]
    assert pickle.loads(pickle.dumps(book)) == book
    losses = losses_of(study)
    assert losses[["line", "what"]].to_numpy().tolist() == [[7, "shade: 7"]]
    assert "1 left out" in book.notes


def test_a_codebook_of_ours_is_read_as_it_is(tmp_path):
    ours = {"name": "b", "version": "1.0.0", "variables": {"v": {"kind": "choice", "categories": {"a": ["X"]}}}}
    for name in ("book.yml", "book.txt", "book.json"):
        (tmp_path / name).write_text(yaml.safe_dump(ours), encoding="utf-8")
        book, losses = read_dictionary(tmp_path / name)
        assert book.variables["v"].categories == {"a": ["X"]} and losses.empty
        assert read_codebook(tmp_path / name) == book


def test_opposed_categories_as_a_scale(tmp_path):
    file = tmp_path / "tone.lc3"
    file.write_text("+up\ngood\nfair\n+down\nbad\nFair\n+neg_up\nnot good\n+other\nx\n", encoding="utf-8")
    book, _ = read_dictionary(file)
    scale, losses = as_scale(book, {"up": 1, "down": -1, "neg_up": -1})
    (variable,) = scale.variables.values()
    assert variable.kind == "scale"
    assert variable.categories == {"up": {"good": 1.0}, "down": {"bad": -1.0}, "neg_up": {"not good": -1.0}}
    assert losses["what"].tolist() == ["other", "fair", "fair"]
    with pytest.raises(UserError, match="no category 'side'; there are: up, down, neg_up, other"):
        as_scale(book, {"side": 1})


def test_fifteen_thousand_patterns_are_read_in_a_second(tmp_path):
    file = tmp_path / "large.lc3"
    letters = "abcdefghijklmnopqrstuvwxy"
    words = [a + b + c for a in letters for b in letters for c in letters][:15_000]
    file.write_text("".join(f"+c{n}\n" + "\n".join(words[n::30]) + "\n" for n in range(30)), encoding="utf-8")
    begun = time.process_time()
    book, losses = read_dictionary(file)
    assert time.process_time() - begun < 3  # .4 s on an idle machine
    (variable,) = book.variables.values()
    assert losses.empty and sum(map(len, variable.categories.values())) == 15_000
