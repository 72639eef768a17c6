"""A study coded in partitions: the same tables from every engine and store; what was coded is not coded again."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

import pandas as pd
import pytest
import yaml

from analysis import CodingFailed, UserError, code, lazy, open_study, parts, read, tables
from analysis import store_places as places
from analysis.coding import compared, copy_tasks, pieces
from analysis.comparison.counting import count_words
from analysis.engine_settings import Engine
from tests.conftest import TOP, called

SMALL = 2  # articles of a partition
N = 8


@pytest.fixture(scope="module")
def sources():
    """Some articles of the demo, as records."""
    articles = read(open_study("demo"))["articles"].head(N)
    wanted = ["outlet", "published", "headline", "deck", "body", "agency"]
    return [
        {name: value for name, value in row.items() if not pd.isna(value)}
        for row in articles.assign(published=articles["published"].dt.strftime("%Y-%m-%dT%H:%M:%S"))[wanted].to_dict(
            "records"
        )
    ]


@pytest.fixture(scope="module")
def template(tmp_path_factory, sources):
    """The folder of a study with these articles, which are read and not coded."""
    folder = made(tmp_path_factory.mktemp("study"), sources)
    read(open_study(folder))
    return folder


@pytest.fixture
def study(tmp_path, template):
    """A folder of its own with the same, to be coded in partitions of two."""
    return Path(shutil.copytree(template, tmp_path / "study"))


@pytest.fixture(scope="module")
def once_coded(tmp_path_factory, template):
    folder = Path(shutil.copytree(template, tmp_path_factory.mktemp("coded") / "study"))
    code(open_study(folder))
    return folder


@pytest.fixture
def coded_study(tmp_path, once_coded):
    """A folder of its own with a study that is coded in partitions of two."""
    return Path(shutil.copytree(once_coded, tmp_path / "study"))


def made(folder, sources, **settings):
    folder.mkdir(exist_ok=True, parents=True)
    (folder / "articles.jsonl").write_text("\n".join(map(json.dumps, sources)), encoding="utf-8")
    content = {"title": "x", "articles": "articles.jsonl", "codebooks": ["actors", "reporting-verbs"]}
    content |= {"engine": {"partition": SMALL}, **settings}
    (folder / "study.yml").write_text(yaml.safe_dump(content))
    return folder


@pytest.fixture(scope="module")
def whole(tmp_path_factory, template, sources):
    """What comes of coding it in one piece, in this process."""
    folder = Path(shutil.copytree(template, tmp_path_factory.mktemp("whole") / "study"))
    coded = code(open_study(made(folder, sources, engine={})))
    assert len(coded.stored("mentions").files) == 1
    return dict(coded)


def same(found, whole):
    assert list(found) == list(whole) == list(tables.TABLES)
    for name, table in whole.items():
        assert found.rows(name) == len(table)
        pd.testing.assert_frame_equal(found[name], table, obj=name)


def markers(folder):
    """The partitions that are coded, and when."""
    return {path.name: path.stat().st_mtime_ns for path in (folder / "tables" / "parts").glob("0*.json")}


@pytest.fixture
def in_bits(monkeypatch):
    """What is said of all articles together is found a few articles at a time: each story in a task of its own."""
    monkeypatch.setattr(pieces, "PARTITION", 3)
    monkeypatch.setattr(compared, "BATCH", 1)
    monkeypatch.setattr(copy_tasks, "_BLOCK", 1)


def test_bits_change_nothing_here(study, whole, in_bits):
    assert len(whole["alignments"]) and len(whole["drifts"])
    same(code(open_study(study)), whole)


def test_partitions_and_processes_change_nothing(study, whole, in_bits):
    found = code(open_study(study), workers=2)
    assert len(found.stored("mentions").files) == 4
    same(found, whole)
    before = markers(study)
    again = code(open_study(study), engine=Engine())
    same(again, whole)
    assert markers(study) == before


def test_dask_with_a_worker_killed_in_the_middle(study, whole, in_bits):
    distributed = pytest.importorskip("distributed")
    with distributed.LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster:
        with distributed.Client(cluster) as client:
            first = client.run(os.getpid)
        killed = threading.Thread(target=kill_in_the_middle, args=(study, next(iter(first.values()))))
        killed.start()
        found = code(open_study(study), engine=Engine(address=cluster.scheduler_address, partition=1))
        killed.join()
        with distributed.Client(cluster) as client:
            client.wait_for_workers(2, timeout=20)
            assert len(set(client.run(os.getpid).values()) & set(first.values())) == 1, "another came for the dead one"
    assert len(found.stored("mentions").files) == N
    same(found, whole)


def kill_in_the_middle(study, pid):
    """Once something is coded, and long before all is."""
    while not markers(study) if (study / "tables" / "parts").is_dir() else True:
        time.sleep(0.01)
    assert len(markers(study)) < N
    os.kill(pid, signal.SIGKILL)


def test_a_killed_run_goes_on_where_it_stopped(study, whole):
    command = [sys.executable, "-m", "analysis.cli", "code", study, "--partition", "1"]
    process = subprocess.Popen(command, cwd=TOP, stderr=subprocess.PIPE)
    while not markers(study):
        assert process.poll() is None, process.stderr.read()
        time.sleep(0.01)
    process.kill()
    process.wait()
    process.stderr.close()
    before = markers(study)
    assert 0 < len(before) < N
    found = code(open_study(study))  # in the smaller partitions that were begun
    same(found, whole)
    assert before.items() <= markers(study).items()
    assert len(markers(study)) == N


def test_a_partition_that_fails_is_named_and_the_others_are_kept(study, whole, monkeypatch):
    from analysis.coding import partition

    right, asked = partition.code_encoded, []
    wrong = whole["articles"]["article_id"].iloc[SMALL + 1]

    def coding(articles, codebooks):
        asked.append(articles["article_id"].iloc[0])
        if wrong in set(articles["article_id"]):
            raise ArithmeticError("it is\nodd")
        return right(articles, codebooks)

    monkeypatch.setattr(partition, "code_encoded", coding)
    with pytest.raises(CodingFailed) as failed:
        code(open_study(study))
    ids = whole["articles"]["article_id"]
    said = f"articles {SMALL + 1} to {2 * SMALL} ({ids[SMALL]} to {ids[2 * SMALL - 1]}): ArithmeticError: it is odd"
    assert failed.value.failures == [said]
    assert "\n" not in str(failed.value)
    assert failed.value.rows["sentences"] < len(whole["sentences"])
    assert len(asked) == 3 + 3, "tried three times"
    assert len(markers(study)) == 3
    monkeypatch.setattr(partition, "code_encoded", right)
    same(code(open_study(study)), whole)


def test_what_changes_is_coded_again_and_nothing_else(coded_study, sources):
    study = coded_study
    before = markers(study)
    made(study, [*sources[:-1], {**sources[-1], "headline": "Another headline"}])
    found = code(open_study(study))
    after = markers(study)
    assert len(after) == len(before) == 4, "what is of no use any more is gone"
    assert len(before.items() & after.items()) == 3
    assert {file.parent.name for file in (study / "tables").rglob("0*.parquet")} == set(tables.CODED)
    assert len(list((study / "tables" / "mentions").iterdir())) == 4
    assert found["articles"]["headline"].iloc[-1] == "Another headline"
    made(study, sources, codebooks=["actors"])
    code(open_study(study))
    assert not markers(study).keys() & after.keys()


def test_files_that_are_cut_off_are_made_again(coded_study, whole):
    study = coded_study
    file = sorted((study / "tables" / "quotes").iterdir())[1]
    file.write_bytes(file.read_bytes()[:-9])
    sorted((study / "tables" / "numbers").iterdir())[2].unlink()
    (study / "tables" / "stories.parquet").write_bytes(b"PAR1")
    before = markers(study)
    same(code(open_study(study)), whole)
    assert len(before.items() & markers(study).items()) == 2
    (study / "tables" / "parts" / "plan.json").write_text("[]")
    same(code(open_study(study)), whole)
    found = code(open_study(study))
    file.write_bytes(bytes(file.stat().st_size))
    with pytest.raises(UserError, match="cannot be read"):
        _ = found["quotes"]


def test_tables_are_loaded_when_they_are_asked_for(coded_study, monkeypatch):
    loaded = []
    right = lazy.store.read_table
    monkeypatch.setattr(
        lazy.store, "read_table", lambda file, **asked: loaded.append(Path(file)) or right(file, **asked)
    )
    found = code(open_study(coded_study))
    loaded.clear()
    assert found.rows("mentions") > 0
    assert "mentions" in found and "mention" not in found and len(found) == len(tables.TABLES)
    assert not loaded
    assert found["quotes"] is found["quotes"]
    assert [file.parent.name for file in loaded] == ["quotes"] * 4
    pieces = list(found.parts("mentions", ["start", "match"]))
    assert len(pieces) == 4
    pd.testing.assert_frame_equal(pd.concat(pieces, ignore_index=True), found["mentions"][["start", "match"]])
    (texts,) = found.parts("articles", ["story", "body"])
    pd.testing.assert_frame_equal(texts, found["articles"][["story", "body"]])
    assert found["articles"]["story"].notna().all()
    assert repr(found).startswith(f"Tables(articles: {N}, rejects: 0")


def test_words_are_added_up_part_by_part(coded_study):
    found = code(open_study(coded_study))
    words = found["word_counts"]
    light = found.with_word_sums()
    expected = words.groupby(["article_id", "voice"], sort=False, as_index=False)["n"].sum()
    pd.testing.assert_frame_equal(light["word_counts"].drop(columns="word"), expected)
    assert light["word_counts"].columns.tolist() == words.columns.tolist()
    assert light["word_counts"].dtypes.to_dict() == words.dtypes.to_dict()
    assert light.rows("word_counts") == len(expected) < len(words) and light["quotes"].equals(found["quotes"])
    pieces = found.parts("word_counts")
    assert sum(len(part) for part in pieces) == sum(len(part) for part in pieces) == len(words)  # as often as one likes
    whole = count_words(words, found["articles"]["article_id"])
    parted = count_words(pieces, found["articles"]["article_id"])
    assert (whole.counts != parted.counts).nnz == 0 and whole.items.equals(parted.items)


def test_the_command_counts_and_names_what_failed(coded_study):
    study = coded_study

    def run(*arguments):
        done = called(*arguments)
        return done.returncode, done.stdout, done.stderr.splitlines()

    status, out, _ = run("code", study)
    assert status == 0
    counts = {name: int(n) for n, name in (line.split() for line in out.splitlines())}
    assert list(counts) == list(tables.TABLES)
    assert counts["articles"] == N and counts["mentions"] > 0
    for option, value, said in (
        ("--memory-limit", "much", "--memory-limit: is no size such as 2GB"),
        ("--memory-limit", "2MB", "memory_limit is 2 MB; at least "),
        ("--scheduler", "here", "--scheduler: String should match"),
    ):
        status, out, noted = run("code", study, option, value)
        assert (status, out, len(noted)) == (2, "", 1)
        assert noted[0].startswith(f"samestory: {said}")
    # A file where a folder should stand: nothing of a partition can be written.
    shutil.rmtree(study / "tables" / "targets")
    (study / "tables" / "targets").write_text("in the way")
    status, out, noted = run("code", study)
    assert status == 1
    assert {line.split()[1] for line in out.splitlines()} == set(tables.CODED)
    said = [line for line in noted if line.startswith("samestory: not coded: articles")]
    assert len(said) == 4 and "articles 1 to 2 (" in said[0]
    assert noted[-1].startswith("what was coded is kept in ")
    status, out, noted = run("export", study, "mentions")
    assert (status, out, len(noted)) == (2, "", 1)
    assert noted[0].startswith("samestory: 4 partitions could not be coded: articles 1 to 2")


def test_partitions_are_cut_by_articles_and_by_text(tmp_path, sources):
    code_in = tmp_path / "cut"
    study = open_study(made(code_in, sources))
    read(study)
    lengths = [sum(len((one.get(part) or "").encode()) for part in ("headline", "deck", "body")) for one in sources]
    for limits in ((3, 10**9), (N, 10**9), (100, max(lengths)), (3, 2 * max(lengths)), (100, 1)):
        cut = parts._cut(study.store_place, "", limits)
        assert [part.start for part in cut] == [0, *(part.stop for part in cut[:-1])]
        assert cut[-1].stop == N
        for part, following in zip(cut, [*cut[1:], None], strict=True):
            size = sum(lengths[part.start : part.stop])
            assert part.stop - part.start == 1 or (part.stop - part.start <= limits[0] and size <= limits[1])
            if following:
                assert part.stop - part.start == limits[0] or size + lengths[part.stop] > limits[1], "none too small"


def test_a_store_elsewhere(tmp_path, sources, whole):
    fsspec = pytest.importorskip("fsspec")
    study = open_study(made(tmp_path / "a", sources, store="memory://coded/here/"))
    assert study.store_place == "memory://coded/here"
    same(code(study), whole)
    assert fsspec.filesystem("memory").exists("/coded/here/mentions")
    assert not list((tmp_path / "a").rglob("*.parquet"))
    with pytest.raises(UserError, match="only this process sees it"):
        code(study, workers=2)
    there = tmp_path / "deep" / "store"
    same(code(open_study(made(tmp_path / "b", sources, store=f"file://{there}"))), whole)
    assert (there / "mentions").is_dir()
    study = open_study(made(tmp_path / "b", sources, store="../deep/store"))
    same(code(study), whole)
    assert Path(study.store_place).resolve() == there
    with pytest.raises(UserError, match="Protocol not known"):
        code(open_study(made(tmp_path / "c", sources, store="nowhere://a")))


def test_a_store_elsewhere_needs_its_packages(tmp_path, sources, monkeypatch):
    monkeypatch.setitem(sys.modules, "fsspec", None)
    with pytest.raises(UserError, match=r"^s3://b/a.*: a store elsewhere needs the package fsspec"):
        places.get("s3://b/a")
    assert places.sizes(tmp_path) == {}


@pytest.fixture
def bucket(monkeypatch):
    """A bucket of an S3 server on this machine."""
    server = pytest.importorskip("moto.server")
    boto3 = pytest.importorskip("boto3")
    pytest.importorskip("s3fs")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    served = server.ThreadedMotoServer(ip_address="127.0.0.1", port=port, verbose=False)
    served.start()
    endpoint = f"http://127.0.0.1:{port}"
    for name, value in {
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_DEFAULT_REGION": "us-east-1",
        "FSSPEC_S3_ENDPOINT_URL": endpoint,
        "NO_PROXY": "127.0.0.1",
    }.items():
        monkeypatch.setenv(name, value)
    import fsspec

    monkeypatch.setitem(fsspec.config.conf, "s3", {"endpoint_url": endpoint})
    boto3.client("s3", endpoint_url=endpoint).create_bucket(Bucket="studies")
    yield "studies"
    fsspec.filesystem("s3").clear_instance_cache()
    served.stop()


def test_a_store_in_s3_with_processes(tmp_path, sources, whole, bucket):
    study = open_study(made(tmp_path / "a", sources, store=f"s3://{bucket}/deep/one"))
    same(code(study, engine=Engine(memory_limit="4GB", partition=SMALL)), whole)  # in a process of its own
    assert not list((tmp_path / "a").rglob("*.parquet"))
    there = places.sizes(f"s3://{bucket}/deep/one")
    assert len([name for name in there if name.startswith("mentions/")]) == 4
    same(code(study), whole)
    assert places.sizes(f"s3://{bucket}/deep/one") == there
    made(tmp_path / "a", sources[:-2], store=f"s3://{bucket}/deep/one")
    code(open_study(tmp_path / "a"))
    assert len(places.sizes(f"s3://{bucket}/deep/one")) == len(there) - 8, "what is of no use any more is gone"
    with pytest.raises(UserError, match=r"^s3://nobucket/a"):
        code(open_study(made(tmp_path / "b", sources, store="s3://nobucket/a")))
