"""study.yml: what is read, and that every wrong key or value is named in one line."""

import pytest
import yaml

from analysis.study import UserError, open_study, shipped, write_study

GOOD = {"title": "A question", "articles": "articles", "codebooks": ["generic-frames"]}


@pytest.fixture
def write(tmp_path):
    """Write a study.yml and return its folder."""

    def make(content):
        (tmp_path / "study.yml").write_text(content if isinstance(content, str) else yaml.safe_dump(content), "utf-8")
        return tmp_path

    return make


def refusal(folder):
    with pytest.raises(UserError) as error:
        open_study(folder)
    assert "\n" not in str(error.value)
    return str(error.value)


def test_defaults_and_places(write):
    study = open_study(write(GOOD))
    assert (study.compare, study.language, study.seed, study.manifest) == ("outlet", "en", 1, None)
    assert study.article_patterns == ["articles"]
    assert study.codebook_paths == [shipped("codebooks") / "generic-frames.yml"]
    assert study.tables_folder == study.folder / "tables"
    assert open_study(study.folder / "study.yml").folder == study.folder


def test_a_codebook_of_the_study_comes_before_a_shipped_one(write, tmp_path):
    (tmp_path / "own.yml").write_text("x")
    study = open_study(write({**GOOD, "codebooks": ["own.yml", "policy-frames"]}))
    assert [path.name for path in study.codebook_paths] == ["own.yml", "policy-frames.yml"]


def test_a_shipped_study_opens_by_name(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    assert open_study("demo").folder == (shipped("studies") / "demo").resolve()


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"compere": "outlet"}, "unknown key 'compere'; allowed: title, articles, manifest"),
        ({"seed": -1}, "key 'seed' is -1: Input should be greater than or equal to 0"),
        ({"seed": "x"}, "key 'seed' is 'x'"),
        ({"articles": []}, "key 'articles': must name at least one"),
        ({"codebooks": []}, "key 'codebooks'"),
        ({"title": None}, "key 'title' is None"),
        ({"language": "English"}, "key 'language' is 'English'"),
        ({"encoding": "utf-9"}, "is no encoding that Python knows"),
        ({"engine": {"kind": "threads"}}, "key 'engine.kind' is 'threads'"),
        ({"engine": {"worker": 2}}, "unknown key 'engine.worker'; allowed: kind, workers, address"),
        ({"engine": {"memory_limit": "1MB"}}, "key 'engine': memory_limit is 1 MB; at least "),
        ({"store": ""}, "key 'store' is ''"),
    ],
)
def test_wrong_keys_and_values(write, change, said):
    assert said in refusal(write({**GOOD, **change}))


def test_a_missing_key_broken_yaml_and_an_empty_file(write):
    assert "key 'title' is missing" in refusal(write({"articles": "a", "codebooks": ["generic-frames"]}))
    assert "line 2: not YAML" in refusal(write("title: x\n  articles: : y"))
    assert "line 2: not YAML: key 'title' stands twice" in refusal(write("title: x\ntitle: y"))
    assert "line 2: not YAML: alias *a: write it out" in refusal(write("title: &a x\narticles: *a"))
    assert "nested over 32 levels deep" in refusal(write("[" * 100_000))
    assert "put it in quotes" in refusal(write("title: 2024-02-31"))
    assert "empty" in refusal(write(""))
    assert "not a mapping" in refusal(write("- a\n- b"))


def test_no_study_there(tmp_path):
    assert "no study here; a study is a folder with a study.yml" in refusal(tmp_path)
    assert "no study here" in refusal(tmp_path / "absent")


def test_an_unknown_codebook_is_named_with_those_shipped(write):
    study = open_study(write({**GOOD, "codebooks": ["nope"]}))
    with pytest.raises(UserError, match=r"codebook 'nope' is no file here and is not shipped; shipped: actors,"):
        _ = study.codebook_paths


def test_a_study_that_is_read_only_keeps_its_tables_elsewhere(write, monkeypatch, tmp_path_factory):
    folder = write(GOOD)
    cache = tmp_path_factory.mktemp("cache")
    monkeypatch.setenv("XDG_CACHE_HOME", str(cache))
    folder.chmod(0o555)
    try:
        study = open_study(folder)
        assert study.tables_folder.parent == cache / "samestory"
        assert study.tables_folder == open_study(folder).tables_folder
    finally:
        folder.chmod(0o755)


def test_a_store_may_stand_elsewhere(write, tmp_path):
    assert open_study(write(GOOD)).store_place == str(tmp_path / "tables")
    for said, place in (
        ("s3://bucket/a/", "s3://bucket/a"),
        ("coded", str(tmp_path / "coded")),
        ("/mnt/coded", "/mnt/coded"),
    ):
        study = open_study(write({**GOOD, "store": said, "engine": {"workers": 2, "memory_limit": "2GB"}}))
        assert study.store_place == place
        assert study.tables_folder == tmp_path / "tables"
        assert (study.engine.workers, study.engine.memory_limit) == (2, 2 * 10**9)


def test_a_new_study_is_one_that_opens(tmp_path):
    (tmp_path / "pages").mkdir()
    (tmp_path / "pages" / "a.txt").write_text("text")
    file = write_study(tmp_path / "deep" / "study", articles=str(tmp_path / "pages"), codebooks=["policy-frames"])
    study = open_study(file.parent)
    assert study.articles == "../../pages"
    assert study.codebooks == ["policy-frames"]
    with pytest.raises(UserError, match="there is a study already"):
        write_study(file.parent, articles=str(tmp_path / "pages"))
    with pytest.raises(UserError, match="nothing is there"):
        write_study(tmp_path / "other", articles=str(tmp_path / "absent" / "*.txt"))
    with pytest.raises(UserError, match="is not shipped"):
        write_study(tmp_path / "other", articles=str(tmp_path / "pages"), codebooks=["nope"])
    assert not (tmp_path / "other").exists()
