"""Figures: five files, the same bytes for the same inputs, another id for anything else; the id in every format."""

import json
import re
import struct
import warnings
import zlib
from xml.etree import ElementTree

import matplotlib.pyplot as plt
import pandas as pd
import pytest
from pypdf import PdfReader

from analysis import store
from analysis.comparison.rates import share_of_choices
from analysis.reporting import provenance
from analysis.reporting.figures import draw_shares
from analysis.reporting.provenance import alt_text, figure_id, figures_folder, rounded, save_figure, slug_of, variant
from analysis.reporting.records import embedded_id
from analysis.reporting.this_notebook import EXPLORE, made_with
from analysis.study import Study

STUDY = Study(title="Which name?", articles="a", codebooks=["b"], seed=7)


@pytest.fixture
def tables():
    ids = [f"{number:012x}" for number in range(4)]
    articles = pd.DataFrame({"article_id": ids, "outlet": ["A $x$", "A $x$", "B <b>", "B <b>"]}).astype("str")
    rows = [(ids[0], "Kyiv"), (ids[1], "Kiev"), (ids[2], "Kiev"), (ids[3], "Kiev")]
    mentions = pd.DataFrame(rows, columns=["article_id", "category"]).assign(
        codebook="b", variable="capital", where="body", voice="own", speaker=None, sentence=0
    )
    categories = pd.DataFrame(
        {
            "codebook": "b",
            "version": "1.0.0",
            "codebook_hash": "ab",
            "variable": "capital",
            "category": ["Kyiv", "Kiev"],
        }
    )
    return {"articles": articles, "mentions": mentions.astype({"speaker": "str"}), "categories": categories}


@pytest.fixture
def save(tables, tmp_path):
    """Draw and save the shares into a folder; returns the id and the folder."""

    def make(
        folder="one", *, seed=7, tables=tables, caption="Shares. N = 4 choices.", parameters=None, slug="wording-share"
    ):
        table = share_of_choices(tables["mentions"], tables["articles"], variable="capital", seed=seed, replicates=50)
        ax = draw_shares(table, by="outlet", title="Capital")
        where = tmp_path / folder
        options = {"study": STUDY, "tables": tables, "parameters": parameters, "folder": where, "show": False}
        return save_figure(ax, slug, table, caption, **options), where

    return make


def test_five_files_with_the_same_stem(save):
    figure_id, folder = save()
    assert sorted(path.suffix for path in folder.glob("*.*")) == [".csv", ".json", ".pdf", ".png", ".svg"]
    assert [path.name[:7] for path in (folder / "inputs").iterdir()] == ["corpus-"]
    record = json.loads((folder / "wording-share.json").read_text())
    assert record["figure_id"] == figure_id
    assert re.fullmatch("[0-9a-f]{10}", figure_id)
    assert record["corpus"]["articles"] == 4
    assert record["codebooks"] == [{"name": "b", "version": "1.0.0", "hash": "ab"}]
    assert record["parameters"]["variable"] == "capital"
    assert record["parameters"]["replicates"] == 50
    assert {"python", "matplotlib", "pandas", "numpy"} <= set(record["packages"])
    said = json.dumps(record)
    assert str(folder) not in said
    assert not re.search(r"20\d\d-\d\d-\d\dT", said), "no time in a record"
    assert len(pd.read_csv(folder / "wording-share.csv")) == 4
    assert plt.get_fignums() == []


def test_the_same_inputs_give_the_same_bytes(save):
    (first, one), (second, two) = save("one"), save("two")
    assert first == second
    for path in one.glob("**/*.*"):
        assert path.read_bytes() == (two / path.relative_to(one)).read_bytes(), path.name


def test_anything_else_gives_another_id(save, tables):
    ids = {
        save()[0],
        save(seed=8)[0],
        save(caption="Other.")[0],
        save(parameters={"voice": "own"})[0],
        save(tables={**tables, "articles": tables["articles"].replace("A $x$", "C")})[0],
        save(tables={**tables, "articles": tables["articles"].assign(country=["A", "A", "A", "B"])})[0],
        save(slug="other")[0],
        save(tables={**tables, "categories": tables["categories"].assign(codebook_hash="cd")})[0],
    }
    assert len(ids) == 8


def test_code_and_packages_stand_beside_the_id(save, monkeypatch):
    before = save("one")[0]
    monkeypatch.setattr(provenance, "_code_hash", lambda: "0" * 64)
    monkeypatch.setattr(provenance, "_versions", lambda: {"numpy": "0.1"})
    after, folder = save("two")
    record = json.loads((folder / "wording-share.json").read_text())
    assert record["code"]["sha256"] == "0" * 64 and record["packages"]["numpy"] == "0.1"
    assert after == before == figure_id(record)


def test_of_the_notebook_the_given_parameters_are_part_of_the_id(save):
    plain = save()[0]
    with made_with("02_wording", {"window": 3}):
        given = save()[0]
    with made_with("02_wording", {}):
        ids = {plain, given, save()[0]}
    assert len(ids) == 3 and save()[0] == plain


def test_the_last_digits_depend_on_the_processor_and_do_not_count():
    table = pd.DataFrame({"share": [0.1 + 0.2, 1 / 3], "n": [1, 2], "name": ["a", None]})
    other = table.assign(share=[0.3, 1 / 3 * (1 + 1e-15)])
    assert rounded(table)["share"].tolist() == rounded(other)["share"].tolist() == [0.3, 0.333333333333]
    assert store.table_hash(rounded(table)) == store.table_hash(rounded(other))


def test_id_caption_and_alt_text_stand_in_every_format(save):
    caption = 'Shares "of" Kyiv & Київ, 50 % <b>. N = 4 choices.'
    figure_id, folder = save(caption=caption)
    record = json.loads((folder / "wording-share.json").read_text())
    name = f"samestory:{figure_id}"

    pdf = PdfReader(folder / "wording-share.pdf")
    assert (pdf.metadata.title, pdf.metadata.subject, pdf.metadata["/Keywords"]) == (caption, record["alt"], name)
    assert figure_id in pdf.pages[0].extract_text(), "printed, and found by a search"
    assert b"/FontFile2" in (folder / "wording-share.pdf").read_bytes(), "fonts are embedded"

    svg = ElementTree.parse(folder / "wording-share.svg").getroot()
    said = {one.tag.split("}")[1]: one.text for one in svg.iter() if "dc/elements" in one.tag}
    assert (said["title"], said["description"], said["identifier"]) == (caption, record["alt"], name)

    chunks = dict(text_chunks((folder / "wording-share.png").read_bytes()))
    assert (chunks["Title"], chunks["Description"], chunks["Source"]) == (caption, record["alt"], name)
    for ending in (".pdf", ".svg", ".png"):
        assert embedded_id(folder / f"wording-share{ending}") == figure_id


def text_chunks(data):
    """The texts of a PNG, chunk by chunk: tEXt in Latin letters, iTXt in any."""
    assert data[:8] == b"\x89PNG\r\n\x1a\n"
    place = 8
    while place < len(data):
        size, kind = struct.unpack(">I4s", data[place : place + 8])
        content = data[place + 8 : place + 8 + size]
        assert struct.unpack(">I", data[place + 8 + size : place + 12 + size])[0] == zlib.crc32(kind + content)
        key, _, rest = content.partition(b"\0")
        if kind == b"tEXt":
            yield key.decode("latin-1"), rest.decode("latin-1")
        if kind == b"iTXt":
            assert rest[:2] == b"\0\0", "not compressed"
            yield key.decode("latin-1"), rest[2:].split(b"\0", 2)[2].decode("utf-8")
        place += 12 + size


def test_a_slug_that_is_no_file_name(save):
    with pytest.raises(ValueError, match=r"slug '\.\./x': allowed are small letters, digits and hyphens"):
        save(slug="../x")


def test_where_figures_go(monkeypatch, tmp_path):
    for name in ("SAMESTORY_FIGURES", "SAMESTORY_PROJECT"):
        monkeypatch.delenv(name, raising=False)
    (tmp_path / "notebooks").mkdir()
    monkeypatch.chdir(tmp_path / "notebooks")
    assert figures_folder(STUDY) == tmp_path / "figures" / STUDY.name
    monkeypatch.chdir(tmp_path)
    assert figures_folder(STUDY) == tmp_path / "figures" / STUDY.name
    with made_with("02_wording", {"voice": "own"}):
        assert figures_folder(STUDY) == tmp_path / "figures" / STUDY.name / "voice-own"
    with made_with(EXPLORE, {"voice": "own"}):
        assert figures_folder(STUDY) == tmp_path / "figures" / STUDY.name
    monkeypatch.setenv("SAMESTORY_PROJECT", str(tmp_path / "project"))  # notebooks that are run from a copy
    assert figures_folder(STUDY) == tmp_path / "project" / "figures" / STUDY.name
    with made_with("02_wording", {"voice": "own"}):
        assert figures_folder(STUDY) == tmp_path / "project" / "figures" / STUDY.name / "voice-own"
    monkeypatch.setenv("SAMESTORY_FIGURES", str(tmp_path / "elsewhere"))
    assert figures_folder(STUDY) == tmp_path / "elsewhere"


def test_other_parameters_have_a_folder_of_their_own():
    assert variant({}) == ""
    assert variant({"voice": "own", "min_count": 3}) == "min-count-3-voice-own"
    assert re.fullmatch("threshold-0-3-[0-9a-f]{6}", variant({"threshold": 0.3}))
    given = [{"story": "a b"}, {"story": "a-b"}, {"story": "ж" * 99}, {"story": "b" * 99}, {"story": ["a", "b"]}]
    assert len({variant(one) for one in given}) == 5
    assert all(re.fullmatch("[a-z0-9-]{1,47}", variant(one)) for one in given)


def test_names_become_slugs_that_tell_them_apart():
    assert slug_of("wording-share", "cease_fire.spelling") == "wording-share-cease-fire-spelling"
    assert slug_of("Été", "Kyiv <b>") == "ete-kyiv-b"
    assert slug_of("x", "столица") != slug_of("x", "столиця")
    assert re.fullmatch("x-[0-9a-f]{6}", slug_of("x", "столица"))


def test_the_alt_text_says_what_the_figure_shows(tables):
    table = share_of_choices(tables["mentions"], tables["articles"], variable="capital", replicates=50)
    said = alt_text("Shares.", table)
    assert said == "Shares. Shown: A $x$, Kiev 50 %; A $x$, Kyiv 50 %; B <b>, Kiev 100 %."
    days = table.assign(period=pd.Timestamp("2024-06-14"))
    assert "A $x$ · 2024-06-14, Kiev 50 %" in alt_text("Shares.", days)
    many = pd.concat([table] * 9)
    many.attrs = table.attrs
    assert alt_text("Shares.", many).endswith("; and 15 more in the table.")
    assert alt_text("Words.", pd.DataFrame({"n_words": [1, 2]})).startswith("Words. Figure of 2 numbers")


def test_letters_that_no_font_has_are_named_in_one_line(tables, tmp_path, capsys):
    unassigned = "\U0010fffd"  # for private use: no font draws it
    articles = tables["articles"].assign(outlet=[unassigned, "A", "A", "A"])
    table = share_of_choices(tables["mentions"], articles, variable="capital", replicates=50)
    options = {"study": STUDY, "tables": tables, "folder": tmp_path, "show": False}
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        save_figure(draw_shares(table), "x", table, "Shares.", **options)
    assert capsys.readouterr().out.startswith(f"Drawn as boxes, since no font here has them: {unassigned}")
