"""The crate of a run: valid for a validator that asks no network, and true of what is in its folder."""

import hashlib
import importlib.resources
import io
import json
import socket

import pytest

from analysis import code, open_study
from analysis.reporting import crate
from analysis.study import Study

CONTEXT = "https://w3id.org/ro/crate/1.1/context"


def issues(folder, scratch):
    """What a crate breaks of what the profile requires. The context comes from the package rocrate."""
    import requests
    import urllib3
    from requests_cache import CachedSession
    from rocrate_validator import models, services

    context = (importlib.resources.files("rocrate") / "data/ro-crate.jsonld").read_bytes()
    with CachedSession(cache_name=str(scratch / "cache"), backend="sqlite") as session:
        body = urllib3.HTTPResponse(
            io.BytesIO(context),
            headers={"Content-Type": "application/ld+json"},
            status=200,
            preload_content=False,
            request_url=CONTEXT,
        )
        asked = requests.Request("GET", CONTEXT).prepare()
        session.cache.save_response(requests.adapters.HTTPAdapter().build_response(asked, body))
    settings = services.ValidationSettings(
        rocrate_uri=str(folder),
        profile_identifier="process-run-crate",
        requirement_severity=models.Severity.REQUIRED,
        offline=True,
        cache_path=scratch / "cache",
    )
    found = services.validate(settings)
    assert found.context.requirement_severity == models.Severity.REQUIRED
    return [f"{one.message} {one.violatingEntity}" for one in found.get_issues()]


@pytest.fixture
def no_network(monkeypatch):
    def refuse(*arguments):
        raise AssertionError(f"a connection was opened: {arguments[1:]}")

    monkeypatch.setattr(socket.socket, "connect", refuse)


@pytest.fixture(scope="module")
def demo():
    study = open_study("demo")
    return study, code(study)


@pytest.fixture
def folder(demo, tmp_path):
    """A report's folder, small, with its crate."""
    study, tables = demo
    home = tmp_path / "report"
    (home / "figures").mkdir(parents=True)
    (home / "articles").mkdir()
    (home / "index.html").write_text("<h1>Report</h1>")
    (home / "articles" / "0.html").write_text("<p>A page</p>")
    (home / "figures" / "share.json").write_text('{"figure_id": "0123456789", "caption": "Shares."}')
    crate.copy_inputs(study, home)
    asked = {"command": "samestory report demo", "description": "Notebooks run: 02_wording."}
    crate.write_crate(home, study, tables, **asked, started=crate.now(), settings={"voice": "own"})
    return home


def graph(folder):
    return {one["@id"]: one for one in json.loads((folder / crate.FILE).read_text(encoding="utf-8"))["@graph"]}


def test_the_validator_finds_nothing_that_is_required(folder, tmp_path, no_network):
    assert issues(folder, tmp_path) == []


def test_the_validator_would_find_what_is_missing(folder, tmp_path, no_network):
    said = json.loads((folder / crate.FILE).read_text(encoding="utf-8"))
    for one in said["@graph"]:
        one.pop("instrument", None)
    (folder / crate.FILE).write_text(json.dumps(said), encoding="utf-8")
    assert any("instrument" in one for one in issues(folder, tmp_path))


def test_files_are_named_with_their_hashes(folder):
    known = graph(folder)
    page = folder / "index.html"
    assert known["index.html"]["sha256"] == hashlib.sha256(page.read_bytes()).hexdigest()
    assert known["articles/"]["description"] == "1 files"
    results, inputs = ([one["@id"] for one in known["#run"][key]] for key in ("result", "object"))
    assert results == ["articles/", "figures/share.json", "index.html"]
    assert "inputs/study.yml" in inputs and "#articles" in inputs and "#setting-voice" in inputs
    assert known["#run"]["startTime"] <= known["#run"]["endTime"]


def test_articles_stand_by_hash_and_without_words(demo, folder):
    articles = demo[1]["articles"]
    known = graph(folder)
    assert {f"#article-{one}" for one in articles["article_id"]} <= set(known)
    said = (folder / crate.FILE).read_text(encoding="utf-8")
    assert not [one for one in articles["headline"].dropna() if one in said]


def test_many_articles_are_counted_not_listed(demo, tmp_path, monkeypatch):
    monkeypatch.setattr(crate, "ARTICLES", 2)
    study, tables = demo
    asked = {"command": "samestory report demo", "description": "Nothing.", "failures": ["02_wording: cell 3: no"]}
    crate.write_crate(tmp_path, study, tables, **asked, started=crate.now())
    known = graph(tmp_path)
    assert len(known["#articles"]["hasPart"]) == 2
    assert f"{len(tables['articles']):,} articles" in known["#articles"]["description"]
    assert known["#run"]["error"] == "02_wording: cell 3: no"
    assert known["#run"]["actionStatus"].endswith("FailedActionStatus")


def test_authors_are_agents(demo, tmp_path):
    study = Study.model_validate({**demo[0].model_dump(), "authors": ["Ada Example"]})
    study._folder = demo[0].folder
    crate.write_crate(tmp_path, study, demo[1], command="x", description="y", started=crate.now())
    assert graph(tmp_path)["#author-1"]["name"] == "Ada Example"
    assert graph(tmp_path)["#run"]["agent"] == {"@id": "#author-1"}


def test_a_reproduced_build_has_its_own_moment(monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "0")
    assert crate.now() == "1970-01-01T00:00:00+00:00"
