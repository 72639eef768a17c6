"""A study without its texts: nothing of them can be read, and everything that is counted stays as it was."""

import itertools
import re
import shutil

import pandas as pd
import pytest
import yaml

from analysis import code, open_study, read
from analysis.coding.codebook import read_codebooks
from analysis.comparison.keyness import keyness
from analysis.comparison.prevalence import apparent_counts, corrected_prevalence
from analysis.comparison.quantities import compare_numbers
from analysis.comparison.rates import share_of_choices
from analysis.comparison.tones import mean_valence
from analysis.comparison.valences import scale_of
from analysis.comparison.wire import groups_of
from analysis.reporting import sharing, sharing_check, sharing_places, sharing_words, without_texts
from analysis.reporting.gallery import show_places
from analysis.reporting.sharing_columns import DECISIONS, decision
from analysis.study import UserError
from analysis.tables import SHARED, TABLES, empty
from analysis.texts import NOT_HERE, SENTENCE, has_texts
from tests.conftest import refused

WORDS = 5


@pytest.fixture(scope="module")
def demo():
    study = open_study("demo")
    return study, code(study)


@pytest.fixture(scope="module")
def shared_demo(demo, tmp_path_factory):
    """The demo without its texts, and where it is."""
    out = tmp_path_factory.mktemp("shared") / "demo"
    sharing.share(*demo, out, licence="cc0-1.0")
    return open_study(out), code(open_study(out)), out


def windows(text, length=WORDS + 1):
    """Every run of so many words of a text, by a way of its own."""
    words = re.sub(r"[\W_]+", " ", text.casefold()).split()
    return {" ".join(words[at : at + length]) for at in range(len(words) - length + 1)}


def everything(folder):
    """All that the files of a folder say, file by file, tables as CSV across and down."""
    for file in sorted(path for path in folder.rglob("*") if path.is_file()):
        if file.suffix == ".parquet":
            table = pd.read_parquet(file)
            yield file.name, table.to_csv()
            for column in table:
                yield f"{file.name}, {column}", " ".join(map(str, table[column]))
        else:
            yield file.name, file.read_text(encoding="utf-8")


def all_windows(articles):
    texts = articles[["headline", "deck", "body"]].to_numpy().ravel()
    return set().union(*(windows(text) for text in texts if isinstance(text, str)))


def test_no_run_of_six_words_survives(demo, shared_demo):
    known = all_windows(demo[1]["articles"])
    for place, said in everything(shared_demo[2]):
        assert not windows(said) & known, place


def test_every_column_of_text_is_decided_on():
    for name in (*TABLES, *SHARED):
        for column, kind in empty(name).dtypes.items():
            if isinstance(kind, pd.StringDtype):
                assert decision(name, column) in DECISIONS, (name, column)
            else:
                assert kind.kind in "ifbM", (name, column)  # numbers and moments hold no words
    assert decision("articles", "remarks") == "short"  # a column that a manifest brought


def test_a_new_column_of_text_needs_a_decision(monkeypatch):
    columns = {**TABLES["quotes"].columns, "remark": TABLES["quotes"].columns["content"]}
    monkeypatch.setitem(TABLES, "quotes", type(TABLES["quotes"])("a quotation", columns))
    with pytest.raises(KeyError):
        decision("quotes", "remark")


def test_counts_places_and_order_are_those_of_the_texts(demo, shared_demo):
    before, after = demo[1], shared_demo[1]
    assert list(after) == [*TABLES, *SHARED]
    for name in TABLES:
        assert before.rows(name) == after.rows(name), name
        assert list(before[name].columns) == list(after[name].columns)
    assert before["articles"]["article_id"].tolist() == after["articles"]["article_id"].tolist()
    same = ["article_id", "codebook", "variable", "where", "start", "end", "category", "sentence", "voice", "speaker"]
    in_order = [one["mentions"][same].sort_values(same, ignore_index=True) for one in (before, after)]
    pd.testing.assert_frame_equal(*in_order)
    per_voice = [one["word_counts"].groupby(["article_id", "voice"])["n"].sum() for one in (before, after)]
    pd.testing.assert_series_equal(*per_voice)
    assert after["articles"]["body"].isna().all() and after["articles"]["body"].dtype == "str"
    for column in ("headline", "deck"):
        parts = [one["articles"][column].str.split().str.len() for one in (before, after)]
        pd.testing.assert_series_equal(*parts)
        assert set("".join(after["articles"][column].dropna())) <= {"…", " "}
    assert after["articles"]["disclosure"].notna().sum() == before["articles"]["disclosure"].notna().sum() > 0
    assert set(after["quotes"]["content"]) == {NOT_HERE}


@pytest.mark.parametrize("variable", ["capital", "annexation", "leader_label"])
def test_wording_is_identical_to_the_last_digit(demo, shared_demo, variable):
    tables = []
    for study, coded in (demo, shared_demo[:2]):
        grouped = {"groups": groups_of(coded["copy_groups"]), "seed": study.seed, "categories": coded["categories"]}
        tables.append(share_of_choices(coded["mentions"], coded["articles"], variable=variable, by="outlet", **grouped))
    assert tables[0]["low"].notna().any()
    pd.testing.assert_frame_equal(*tables, check_exact=True)


def test_keyness_and_numbers_are_identical(demo, shared_demo):
    results = []
    for study, coded in (demo, shared_demo[:2]):
        asked = {"by": "outlet", "target": "The Harbour Courier", "groups": groups_of(coded["copy_groups"])}
        found = keyness(coded["word_counts"], coded["articles"], **asked, seed=study.seed, replicates=50)
        results.append(found[~found["word"].str.startswith("#")].reset_index(drop=True))
    assert len(results[0]) > 20
    common = results[0][results[0]["word"].isin(results[1]["word"])].reset_index(drop=True)
    pd.testing.assert_frame_equal(common, results[1], check_exact=True)
    relations = [compare_numbers(one["numbers"], one["alignments"]) for one in (demo[1], shared_demo[1])]
    columns = ["article_a", "sentence_a", "article_b", "sentence_b", "value_a", "value_b", "relation", "note"]
    pd.testing.assert_frame_equal(*(one[columns[:-1]] for one in relations))


def test_tone_and_corrected_shares_are_identical(demo, shared_demo):
    results = []
    for study, coded in (demo, shared_demo[:2]):
        scale, by = scale_of(coded["categories"]), ["outlet", "voice"]
        grouped = {"groups": groups_of(coded["copy_groups"]), "seed": study.seed, "replicates": 50}
        found = mean_valence(coded["mentions"], coded["sentences"], coded["articles"], by=by, **scale, **grouped)
        samples, codings = (
            coded[name].query("sample == @coded['samples']['sample'].iloc[0]") for name in ("samples", "codings")
        )
        asked = {"variable": samples["variable"].iloc[0], "codebook": samples["codebook"].iloc[0]}
        counts = apparent_counts(coded, **asked)
        results.append(
            (found, corrected_prevalence(samples, codings, counts, coded["articles"], by="outlet", **grouped))
        )
    for one, other in zip(*results, strict=True):
        pd.testing.assert_frame_equal(one, other, check_exact=True)


def test_only_words_of_enough_articles_keep_their_form(demo, shared_demo):
    before, after = demo[1]["word_counts"], shared_demo[1]["word_counts"]
    groups = demo[1]["copy_groups"].set_index("article_id")["copy_group"]
    for word, own in before.groupby("word"):
        told = own["article_id"].map(groups).nunique() >= 3
        assert told == bool((after["word"] == word).any()), word
    # One hash a word: as many different words, and the same counts, whatever they are called.
    assert before["word"].nunique() == after["word"].nunique()
    counts = [sorted(one.groupby("word")["n"].sum()) for one in (before, after)]
    assert counts[0] == counts[1]


def test_rows_of_words_do_not_tell_their_order(shared_demo):
    for name in ("word_counts", "phrase_counts"):
        for _, own in shared_demo[1][name].groupby("article_id"):
            assert own["word"].is_monotonic_increasing


def test_pairs_cannot_be_joined_to_longer_runs(demo, shared_demo):
    """An attacker who knows which pairs an article has, and walks along its text as long as pairs go on."""
    clear = set(shared_demo[1]["phrase_counts"]["word"])

    def longest(pairs):
        most = 0
        for text in demo[1]["articles"][["headline", "deck", "body"]].to_numpy().ravel():
            words = re.findall(r"[^\W_]+(?:['’.,-][^\W_]+)*", text.casefold()) if isinstance(text, str) else []
            run = 1
            for one, two in itertools.pairwise(words):
                run = run + 1 if f"{one} {two}" in pairs else 1
                most = max(most, run)
        return most

    groups = demo[1]["copy_groups"].set_index("article_id")["copy_group"]
    frequent = sharing_words.known_words(without_texts.phrases(demo[1]), groups, k=3)
    assert longest(frequent) > WORDS  # what would happen if being frequent were enough
    assert 3 <= longest(clear) <= WORDS
    triples = [one for one in clear if one.count(" ") == 2]
    assert triples and all(set(sharing_words._pairs(one)) <= clear for one in triples)


def test_placed_words_cannot_be_joined_to_longer_runs(demo, shared_demo):
    articles = demo[1]["articles"]
    assert sharing_places.longest_run(demo[1], articles) > WORDS
    assert sharing_places.longest_run(shared_demo[1], articles) <= WORDS


def test_the_same_study_gives_the_same_tables(demo, shared_demo, tmp_path):
    sharing.share(*demo, tmp_path / "demo", licence="CC0-1.0")
    for file in sorted((tmp_path / "demo" / "coded").iterdir()):
        assert file.read_bytes() == (shared_demo[2] / "coded" / file.name).read_bytes(), file.name


def test_a_list_of_words_does_not_open_hashes(demo):
    """The key needs every text: with one letter of one text changed, each hash is another."""
    articles = demo[1]["articles"]
    other = articles.assign(body=articles["body"].where(articles.index != 7, articles["body"] + "."))
    assert sharing_words.withholding(articles)("kyiv") == sharing_words.withholding(articles.copy())("kyiv")
    assert sharing_words.withholding(articles)("kyiv") != sharing_words.withholding(other)("kyiv")


def test_it_opens_as_a_study_and_says_what_is_missing(shared_demo):
    study, tables, out = shared_demo
    assert study.shared == "coded" and study.article_patterns == []
    assert list(read(study)) == ["articles", "rejects", "furniture", "sources"]
    assert not has_texts(tables["articles"])
    assert not (out / "tables").exists()
    places = show_places(
        tables["mentions"], tables["articles"], codebook="ukraine-war", variable="capital", by=["outlet"]
    )
    assert SENTENCE in places.data
    assert "texts of the articles are not included" in refused("kwic", out, "Kyiv")
    assert "texts of the articles are not included" in refused("sample", out, "--variable", "capital")


def test_the_validation_is_kept_without_its_sentences(demo, shared_demo):
    for name in ("samples", "codings"):
        pd.testing.assert_frame_equal(demo[1][name], shared_demo[1][name])
    assert len(shared_demo[1]["codings"]) > 0
    assert not list(shared_demo[2].rglob("*.xlsx")) and not (shared_demo[2] / "validation").exists()


def test_readme_licence_and_codebooks(demo, shared_demo):
    out = shared_demo[2]
    said = (out / "README.md").read_text(encoding="utf-8")
    assert "CC0-1.0" in said and "creativecommons.org/publicdomain/zero" in said
    assert f"{len(demo[1]['articles'])} articles" in said and "samestory report demo" in said
    for path in demo[0].codebook_paths:
        assert (out / "codebooks" / path.name).read_bytes() == path.read_bytes()
    assert len(read_codebooks(shared_demo[0])) == len(demo[0].codebook_paths)
    content = yaml.safe_load((out / "study.yml").read_text(encoding="utf-8"))
    assert content["seed"] == demo[0].seed and content["shared"] == "coded" and "articles" not in content


def test_without_texts_the_same_questions_are_answered(demo, shared_demo):
    whole, tables = demo[1], shared_demo[1]
    node = without_texts.nodes_of(whole)[0]
    assert without_texts.nodes_of(tables)[0] == node
    near, nodes = without_texts.neighbours(tables, node, window=5)
    near_before, nodes_before = without_texts.neighbours(whole, node, window=5)
    assert near["n"].sum() == near_before["n"].sum() and nodes["n"].sum() == nodes_before["n"].sum()
    with pytest.raises(UserError, match="window 5 and nodes"):
        without_texts.neighbours(tables, node, window=4)
    with pytest.raises(UserError, match="texts are not included"):
        without_texts.regroup(tables, threshold=0.5)
    assert without_texts.phrases(tables)["n"].sum() == without_texts.phrases(whole)["n"].sum()


def test_wrong_use_is_one_line(demo, shared_demo, tmp_path):
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "file").write_text("x")
    for options, said in (
        ({"licence": "GPL-3.0"}, "--licence 'GPL-3.0' is not known; allowed: CC0-1.0, CC-BY-4.0"),
        ({"max_words": 0}, "--max-words 0: allowed: 1 or more"),
        ({"k": 1}, "--k 1: allowed: 2 or more"),
        ({"out": tmp_path / "full"}, "there is something already"),
    ):
        asked = {"out": tmp_path / "new", **options}
        with pytest.raises(UserError, match=re.escape(said)):
            sharing.share(*demo, **asked)
    with pytest.raises(UserError, match="cannot be shared again"):
        sharing.share(*shared_demo[:2], tmp_path / "new")
    assert not (tmp_path / "new").exists()


def test_a_run_in_a_codebook_stops_it_and_is_named(demo, tmp_path):
    body = demo[1]["articles"]["body"].iloc[0]
    words = " ".join(re.findall(r"[^\W_]+", body)[10:16])
    home = tmp_path / "study"
    home.mkdir()
    for name in ("articles", "manifest.csv"):
        (home / name).symlink_to(demo[0].folder / name)
    book = demo[0].codebook_paths[1].read_text(encoding="utf-8") + f"# {words}\n"
    (home / "own.yml").write_text(book, encoding="utf-8")
    (home / "study.yml").write_text("title: T\narticles: articles\nmanifest: manifest.csv\ncodebooks: [own.yml]\n")
    with pytest.raises(UserError, match=r"codebooks/own.yml, text: .*" + re.escape(words.casefold())):
        sharing.share(open_study(home), demo[1], tmp_path / "out")
    assert not (tmp_path / "out").exists() and [one.name for one in tmp_path.iterdir()] == ["study"]


def test_a_long_pattern_that_stands_in_an_article_is_withheld(demo, tmp_path):
    words = " ".join(re.findall(r"[^\W_]+", demo[1]["articles"]["body"].iloc[0])[10:16])
    own = {"kind": "presence", "categories": {"one": [words], "two": ["something else"]}}
    book = {"name": "own", "version": "1", "language": "en", "variables": {"v": own}}
    (tmp_path / "own.yml").write_text(yaml.safe_dump(book), encoding="utf-8")
    study = demo[0].model_copy(update={"codebooks": [str(tmp_path / "own.yml")]})
    study._folder = demo[0].folder
    made = sharing.share(study, demo[1], tmp_path / "out")
    copy = (tmp_path / "out" / "codebooks" / "own.yml").read_text(encoding="utf-8")
    assert words not in copy and "withheld-" in copy and "something else" in copy
    assert any("a pattern of own.yml is withheld" in note for note in made.notes)


# What the check sees ------------------------------------------------------------------------------------------------

SECRET = "the minister of small harbours closed every single gate last night"


@pytest.fixture
def runs():
    return sharing_check.Runs([SECRET, "Unrelated words stand here."], length=6)


def hidden(folder, runs):
    return [(one.file, one.place) for one in sharing_check.surviving(folder, runs)]


@pytest.mark.parametrize(
    ("name", "content", "place"),
    [
        ("a.md", "x **The Minister** of\nsmall-harbours: closed it", "text"),
        ("a.svg", "<svg><text>The minister</text><text>of small harbours closed</text></svg>", "text without marks"),
        ("a.json", '{"a": "the minister of small", "b": ["h\\u0061rbours closed it"]}', "values"),
        ("a.csv", "word,n\nthe,1\nminister,1\nof,1\nsmall,1\nharbours,1\nclosed,1\n", "column word"),
    ],
)
def test_runs_in_files_of_text(tmp_path, runs, name, content, place):
    (tmp_path / name).write_text(content, encoding="utf-8")
    assert (name, place) in hidden(tmp_path, runs)


def test_runs_in_tables_down_and_across(tmp_path, runs):
    words = SECRET.split()[:6]
    pd.DataFrame({"word": pd.array(words, dtype="str"), "n": range(6)}).to_parquet(tmp_path / "down.parquet")
    across = {f"c{at}": pd.array([word], dtype="str") for at, word in enumerate(words)}
    pd.DataFrame(across).to_parquet(tmp_path / "across.parquet")
    pd.DataFrame({"a": ["x", SECRET]}).to_parquet(tmp_path / "cell.parquet")
    found = hidden(tmp_path, runs)
    assert {("down.parquet", "column word"), ("across.parquet", "rows read across")} < set(found)
    assert ("cell.parquet", "column a") in found


def test_runs_in_pictures_and_sheets(tmp_path, runs):
    import matplotlib.pyplot as plt
    from openpyxl import Workbook

    figure, axes = plt.subplots()
    axes.text(0.1, 0.5, SECRET)
    with plt.rc_context({"pdf.fonttype": 42}):
        figure.savefig(tmp_path / "drawn.pdf")
    axes.texts[0].remove()
    figure.savefig(tmp_path / "titled.pdf", metadata={"Title": SECRET})
    figure.savefig(tmp_path / "titled.png", metadata={"Title": SECRET})
    book = Workbook()
    book.active.append([SECRET])
    book.save(tmp_path / "sheet.xlsx")
    found = {file for file, _ in hidden(tmp_path, runs)}
    assert found == {"drawn.pdf", "titled.pdf", "titled.png", "sheet.xlsx"}


def test_what_is_short_or_other_is_not_found(tmp_path, runs):
    (tmp_path / "a.md").write_text("the minister of small harbours opened every single gate last Monday")
    pd.DataFrame({"a": ["the minister of", "harbours closed every single gate"]}).to_parquet(tmp_path / "a.parquet")
    assert hidden(tmp_path, runs) == []


def test_a_file_that_cannot_be_looked_into_is_named(tmp_path, runs):
    (tmp_path / "a.bin").write_bytes(b"\0")
    assert hidden(tmp_path, runs) == [("a.bin", "whole file")]


def test_addresses_and_files_lose_what_repeats_a_headline(demo):
    study, tables = demo
    made = {name: tables[name] for name in tables}
    articles = tables["articles"]
    slug = "-".join(re.findall(r"[^\W_]+", articles["headline"].iloc[0].casefold()))
    assert slug.count("-") >= WORDS
    url = articles["url"].astype("object").where(articles.index != 0, f"https://example.org/2024/{slug}?x=1")
    made["articles"] = articles.assign(url=url.astype("str"), remark="a remark of the scholar that is rather long")
    runs = sharing_check.Runs(articles["headline"].dropna(), length=WORDS + 1)
    shared, _ = sharing.without_texts(study, made, runs=runs, withhold=sharing_words.withholding(articles), k=3)
    assert shared["articles"]["url"].iloc[0] == "https://example.org/"
    assert shared["articles"]["remark"].str.fullmatch("#[0-9a-f]{16}").all()


# The five real pages ------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def pages(shared, tmp_path_factory):
    folder = tmp_path_factory.mktemp("pages") / "seeds"
    shutil.copytree(shared / "seeds", folder)
    study = open_study(folder)
    return study, code(study)


def test_the_shared_form_of_the_five_pages_holds_no_run_of_six_words(pages, shared):
    """What is committed as data/ceasefire-2024, against the pages as they are, furniture and all."""
    folder = open_study("ceasefire-2024").folder
    raw = (path.read_text(encoding="utf-8") for path in (shared / "seeds" / "articles").iterdir())
    known = set().union(*map(windows, raw)) | all_windows(pages[1]["articles"])
    assert len(known) > 2000
    for place, said in everything(folder):
        assert not windows(said) & known, place


def test_what_is_committed_is_what_the_five_pages_give(pages, tmp_path):
    sharing.share(*pages, tmp_path / "ceasefire-2024", licence="CC0-1.0")
    committed = open_study("ceasefire-2024")
    for file in sorted((tmp_path / "ceasefire-2024" / "coded").iterdir()):
        now, then = pd.read_parquet(file), pd.read_parquet(committed.shared_folder / file.name)
        pd.testing.assert_frame_equal(now, then, check_exact=True)
    assert sum(path.stat().st_size for path in committed.folder.rglob("*") if path.is_file()) < 2_000_000


def test_the_committed_study_opens_anywhere():
    study = open_study("ceasefire-2024")
    tables = code(study)
    assert tables.rows("articles") == 5
    found = tables["mentions"].query("variable == 'capital'")["category"].value_counts()
    assert found.to_dict() == {"Kyiv": 24, "Kiev": 6}
    assert "CC0-1.0" in (study.folder / "README.md").read_text(encoding="utf-8")
